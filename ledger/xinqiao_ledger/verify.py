"""Verify a bundle offline, with the standard library and `cryptography` only.

A key counts only if the trust file names it; a key that came inside the bundle proves nothing. The checks:

1.  Form: every byte is what the writer would write, and the closing digest holds.
2.  The trusted log signed the checkpoint.
3.  Every entry stands in the tree under the checkpoint's root.
4.  Each department's journal is gapless from its first event of this job to the head, both in its receipt.
    Of a period: its entries are contiguous, between marks that let nothing of it stand outside; NOT CHECKED
    while nothing bounds its end (`period`).
5.  The trusted operator signed the order, and every department in it, by its trusted key, a job receipt.
6.  Order before data: the order is logged first; each department allowed it, reserved exactly its ε and δ,
    logged the intent, released under rising step numbers at most T times, and closed with an outcome. It may
    have missed steps in between. The operator logged each step once; in a good one as many departments
    released as its roster had, at least t + 2; no release answers a step that is not logged.
7.  All members answered the same statement in each step: no camps.
8.  The model card is the one that was published and that every receipt names, as is its model; it says what
    the order says, and each department recorded a completed job.
9.  Enough trusted witnesses cosigned the checkpoint, and no entry is dated after they did.
10. The anchor agrees with the checkpoint. Offline that is all it can show; it reads PASS only where a block
    that the auditor brought, or a node that he trusts, has it, on a chain that the operator does not keep.
11. Time: the dates of the entries fit the log's order (`checks.clocks`).

Of an event, 4 to 8 and 11 do not apply; of a period, 5 to 8. Without a trust file 2, 5 and 9 read NOT
CHECKED, of a period 11 too. So do 4 and 5 while a department of the order signed no receipt, and whatever
depends on who keeps a thing: witnesses and chains that the operator keeps are no independent evidence.
"""

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import TypeAlias

from xinqiao_governance.errors import UsageInvalid, XinqiaoError
from xinqiao_ledger.bundle import Bundle, EventBundle, JobBundle, PeriodBundle
from xinqiao_ledger.checks import clocks, head, job, period
from xinqiao_ledger.checks.case import Case, Confirm, NotChecked
from xinqiao_ledger.report import Finding, Keys, Report, Status, Subject
from xinqiao_ledger.signing import fingerprint
from xinqiao_ledger.trust import Trust

_NUMBERS = range(1, 12)
_Check: TypeAlias = Callable[[], None]


def verify(data: bytes, trust: Trust | None = None, confirm: Confirm | None = None) -> Report:
    """Run every check on the bundle's bytes and report what holds, what fails and what was not checked.

    `confirm` asks a chain for the anchor; without it nothing but the bundle is looked at.

    Raises:
        UsageInvalid: from `confirm`: it was given something that it cannot ask.
    """
    return examine(data, trust, confirm)[1]


def examine(
    data: bytes, trust: Trust | None = None, confirm: Confirm | None = None
) -> tuple[Bundle | None, Report]:
    """Do as `verify`; return the parsed bundle, too. None where its form is broken."""
    file = sha256(data).hexdigest()
    try:
        bundle = Bundle.decode(data)  # 1
    except XinqiaoError as error:
        rest = (Finding(number, Status.NOT_CHECKED, "audit_form_broken") for number in _NUMBERS[1:])
        return None, Report((Finding(1, Status.FAIL, error.code, error.fields), *rest), Subject(file))
    checks = _checks(bundle, trust, confirm)
    applies = partial(_does_not_apply, bundle)
    rest_of = [_find(number, checks.get(number, applies)) for number in _NUMBERS[1:]]
    keys = (
        Keys() if trust else Keys(_fingerprints(bundle), tuple(line.name for line in bundle.checkpoint.lines))
    )
    head = bundle.checkpoint.checkpoint
    subject = Subject(file, bundle.scope(), head.origin, len(bundle.entries), head.size)
    return bundle, Report((Finding(1, Status.PASS), *rest_of), subject, keys, scope_name(bundle))


def scope_name(bundle: Bundle) -> str:
    """Return what the bundle is about: "job", "event" or "period"."""
    return {JobBundle: "job", EventBundle: "event", PeriodBundle: "period"}[type(bundle)]


def _checks(bundle: Bundle, trust: Trust | None, confirm: Confirm | None) -> Mapping[int, _Check]:
    """Return the checks that apply, by number."""
    case = Case(bundle, trust, confirm)
    found: dict[int, _Check] = {
        2: partial(head.check_log_signature, case),
        3: partial(head.check_entries, case),
        9: partial(head.check_witnesses, case),
        10: partial(head.check_anchor, case),
    }
    if isinstance(bundle, PeriodBundle):
        found |= {4: partial(period.check_whole, case, bundle), 11: partial(clocks.check_clocks, case)}
    if isinstance(bundle, JobBundle):
        found |= _checks_of_job(job.JobCase(bundle, trust, confirm))
    return found


def _checks_of_job(case: job.JobCase) -> Mapping[int, _Check]:
    return {
        4: partial(job.check_journals, case),
        5: partial(job.check_signatures, case),
        6: partial(job.check_order_before_data, case),
        7: partial(job.check_statements, case),
        8: partial(job.check_model, case),
        11: partial(clocks.check_clocks, case),
    }


def _find(number: int, check: _Check) -> Finding:
    try:
        check()
    except UsageInvalid:  # whoever asks made a mistake, not the evidence
        raise
    except XinqiaoError as error:
        return Finding(number, Status.FAIL, error.code, error.fields)
    except NotChecked as reason:
        return Finding(number, Status.NOT_CHECKED, reason.code, reason.fields)
    return Finding(number, Status.PASS)


def _does_not_apply(bundle: Bundle) -> None:
    raise NotChecked(f"audit_not_of_{scope_name(bundle)}")


def _fingerprints(bundle: Bundle) -> tuple[tuple[str, bytes], ...]:
    """Return the fingerprints of the keys that the bundle holds, to be compared."""
    if not isinstance(bundle, JobBundle):
        writers = sorted({event.node for event in bundle.entries.values()})
        return tuple(("writer", bytes.fromhex(node)) for node in writers)
    departments = [("department", fingerprint(receipt.key)) for receipt in bundle.receipts]
    return (("operator", fingerprint(bundle.order.key)), *departments)
