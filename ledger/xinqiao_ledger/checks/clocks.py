"""Check 11, the time rule: what the dates of events may be, seen from the log's order.

No clock is believed. But the log's order cannot be moved any more, and in it:

- a journal's clock does not run backwards, by more than SKEW_S;
- nothing of a job is dated before its order was written, less SKEW_S;
- nothing that was logged before an event of the operator is dated more than SKEW_S after it;
- no release of a step that the operator logged as good is dated more than LATE_S before an event of the
  operator that was logged first: it came with the answer that counted.

Whatever else a department writes (charges and releases whose answer was lost or counted for nothing, imports,
confirmations, approvals, local use, the end of a job) it tells with its next answer, however late that is.
Nothing was opened with it, and its own journal's order alone bounds the date. So does a new epoch's log learn
of the past: the good steps of the old log are not in it.
"""

from collections.abc import Iterable, Sequence

from xinqiao_governance.errors import ProofError
from xinqiao_ledger.bundle import JobBundle
from xinqiao_ledger.checks.case import Case
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.period import LATE_S, SKEW_S


def check_clocks(case: Case) -> None:  # 11
    """Require the dates of the entries to fit the log's order."""
    entries = sorted(case.bundle.entries.items())
    _check_forwards(entries)
    if isinstance(case.bundle, JobBundle):
        _check_after_order(entries, case.bundle)
    _check_not_ahead(entries, case.operator)
    _check_not_late(entries, case.operator)


_Entries = Sequence[tuple[int, Event]]


def _check_forwards(entries: _Entries) -> None:
    latest: dict[str, int] = {}
    for index, event in entries:
        if event.time < latest.get(event.node, 0) - SKEW_S:
            raise ProofError("audit_time_backwards", index=index, node=event.node)
        latest[event.node] = max(event.time, latest.get(event.node, 0))


def _check_after_order(entries: _Entries, bundle: JobBundle) -> None:
    written = bundle.order.body.created
    for index, event in entries:
        if event.job == bundle.job and event.time < written - SKEW_S:
            raise ProofError("audit_time_before_order", index=index, node=event.node)


def _check_not_ahead(entries: Iterable[tuple[int, Event]], operator: str) -> None:
    """From the end: the earliest date that the operator has written so far bounds what stands before."""
    mark: int | None = None
    for index, event in reversed(list(entries)):
        if mark is not None and event.time > mark + SKEW_S:
            raise ProofError("audit_time_ahead", index=index, node=event.node)
        if event.node == operator:
            mark = event.time if mark is None else min(mark, event.time)


def _check_not_late(entries: _Entries, operator: str) -> None:
    mark = 0
    good = {
        (event.job, event.step)
        for _, event in entries
        if event.kind is Kind.STEP and event.node == operator and event.reason == "good"
    }
    for index, event in entries:
        if event.node == operator:
            mark = max(mark, event.time)
        elif event.kind is not Kind.RELEASE or (event.job, event.step) not in good:
            continue
        elif event.time < mark - LATE_S:
            raise ProofError("audit_time_late", index=index, node=event.node)
