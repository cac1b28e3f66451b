"""Random one-byte changes of a bundle, as they are and under a closing digest made right again."""

import random
from dataclasses import replace
from hashlib import sha256

from xinqiao_governance.canonical import dumps
from xinqiao_ledger.bundle import Bundle, PeriodBundle
from xinqiao_ledger.report import Report, Status, Verdict
from xinqiao_ledger.trust import Trust
from xinqiao_ledger.verify import verify

UNPROVEN = ("tx_hash", "block_number", "block_hash", "block_time", "proof")
"""Fields of an anchor that nobody can check offline; check 10 reads NOT CHECKED for that."""


def one_changed(data: bytes, dice: random.Random) -> bytes:
    """The bundle with one byte changed, wherever it falls."""
    made = bytearray(data)
    made[dice.randrange(len(made))] ^= dice.randrange(1, 256)
    return bytes(made)


def closed_again(data: bytes, dice: random.Random) -> bytes:
    """The bundle with one byte changed before its last line, which is right for the changed bytes."""
    body = one_changed(data[: data.rindex(b'["end"')], dice)
    return body + dumps(["end", sha256(body).hexdigest()]) + b"\n"


def caught_at_once(data: bytes, trust: Trust) -> bool:
    """Whether check 1 fails."""
    return verify(data, trust).findings[0].status is Status.FAIL


def caught(original: bytes, data: bytes, trust: Trust) -> bool:
    """Whether a named check fails, or nothing is changed but what check 10 says that it did not check.

    A period that is another one, and said to be that one, is no lie: see `of_another_period`.
    """
    report = verify(data, trust)
    if report.verdict is Verdict.FAIL:
        return any(finding.status is Status.FAIL and finding.code for finding in report.findings)
    before, after = Bundle.decode(original), Bundle.decode(data)
    if (
        isinstance(before, PeriodBundle)
        and isinstance(after, PeriodBundle)
        and before.scope() != after.scope()
    ):
        return of_another_period(before, after, report)
    assert before.anchor is not None
    assert after.anchor is not None
    unproven = {name: getattr(before.anchor, name) for name in UNPROVEN}
    contract = before.anchor.contract
    same_place = after.anchor.contract.lower() == contract.lower()  # an address has no case
    restored = replace(after, anchor=replace(after.anchor, **unproven, contract=contract))
    return report.findings[9].status is Status.NOT_CHECKED and same_place and restored == before


def of_another_period(before: PeriodBundle, after: PeriodBundle, report: Report) -> bool:
    """Whether all but the period is the same, the report names the new one, and proves none that ends later.

    For bundles that begin with the log: everything before `until` is in them, whatever `since` says.
    """
    proven = report.verdict is Verdict.PASS
    named = report.subject.scope == after.scope()
    unchanged = replace(after, since=before.since, until=before.until) == before
    return named and unchanged and not (proven and after.until > before.until)
