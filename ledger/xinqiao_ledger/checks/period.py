"""Check 4 of a period: a contiguous piece of the log, so wide that nothing dated in it can stand outside."""

from collections import defaultdict

from xinqiao_governance.errors import ProofError
from xinqiao_ledger.bundle import PeriodBundle
from xinqiao_ledger.checks.case import Case, NotChecked, check_chain
from xinqiao_ledger.checks.head import cosigned_at
from xinqiao_ledger.event import Event
from xinqiao_ledger.period import LATE_S, SKEW_S


def check_whole(case: Case, bundle: PeriodBundle) -> None:  # 4
    """Require the entries to be contiguous, each journal gapless, and marks of the operator at both ends."""
    indices = sorted(bundle.entries)
    if indices != list(range(indices[0], indices[-1] + 1)):
        raise ProofError("audit_period_gap")
    journals: defaultdict[str, list[Event]] = defaultdict(list)
    for event in bundle.events:
        journals[event.node].append(event)
    for journal in journals.values():
        check_chain(journal)
    _check_bounds(case, bundle)


def _check_bounds(case: Case, bundle: PeriodBundle) -> None:
    """The log's beginning bounds a period as a mark does; its head only if witnesses saw it late enough.

    Else the operator could show an old head, and with it nothing of what was logged since.
    """
    first, last = min(bundle.entries), max(bundle.entries)
    if first and not _is_mark(case, bundle.entries[first], at_most=bundle.since - SKEW_S - 1):
        raise ProofError("audit_period_start", index=first)
    over = bundle.until + LATE_S
    if _is_mark(case, bundle.entries[last], at_least=over):
        return
    if last < bundle.checkpoint.checkpoint.size - 1:
        raise ProofError("audit_period_end", index=last)
    if cosigned_at(case) < over:
        raise NotChecked("audit_period_open")


def _is_mark(case: Case, event: Event, *, at_most: int | None = None, at_least: int = 0) -> bool:
    inside = at_least <= event.time and (at_most is None or event.time <= at_most)
    return inside and event.node == case.operator
