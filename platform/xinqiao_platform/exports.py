"""Evidence for whoever asks later: the bundle of a job, an event or a period, from what the centre keeps.

A bundle stands under a head of the log that witnesses cosigned and the log kept: the newest that is anchored,
else the newest.
"""

from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.wire import JobReceipt
from xinqiao_ledger import bundle
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.bundle import job_entries
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.ids import the_only
from xinqiao_ledger.outbox import anchored_at
from xinqiao_ledger.period import LATE_S
from xinqiao_platform.centre import Centre
from xinqiao_platform.checkpoint import JobFolder

_HEADS = 100


def export_job(centre: Centre, job: str) -> bytes:
    """Return the bundle of the finished job whose order has the digest `job` (hex).

    Raises:
        UsageInvalid: it has no result, or no head that covers it was cosigned yet.
    """
    folder = JobFolder(centre.path, bytes.fromhex(job))
    order, receipts, card = folder.order(), folder.receipts(), folder.card()
    if order is None or card is None:
        raise UsageInvalid("export_no_result", job=job[:16])
    checkpoint, anchor = _head(centre, _end_of(centre, job, [receipt.body for receipt in receipts]))
    return bundle.export(
        centre.log, checkpoint=checkpoint, order=order, receipts=receipts, card=card, anchor=anchor
    )


def export_event(centre: Centre, index: int) -> bytes:
    """Return the bundle of the entry at `index`.

    Raises:
        UsageInvalid: no head that covers it was cosigned yet.
    """
    checkpoint, anchor = _head(centre, index + 1)
    return bundle.export_event(centre.log, index, checkpoint=checkpoint, anchor=anchor)


def export_period(centre: Centre, since: int, until: int) -> bytes:
    """Return the bundle of what is dated in [`since`, `until`), Unix seconds.

    Where no event of the operator bounds it yet, it ends with the last entry of the newest cosigned head,
    anchored or not: that head's cosignatures may bound it, an older one's less so.

    Raises:
        UsageInvalid: that is no period, or no head was cosigned yet.
    """
    if not 0 <= since < until:
        raise UsageInvalid("export_period_empty")
    operator, log = centre.operator.fingerprint.hex(), centre.log
    mark = log.first_from(operator, until + LATE_S, log.size)
    checkpoint, anchor = _head(centre, _newest(centre) if mark is None else mark + 1)
    return bundle.export_period(log, since, until, operator=operator, checkpoint=checkpoint, anchor=anchor)


def find_job(centre: Centre, prefix: str) -> str:
    """Return the one job whose digest (hex) begins with `prefix`.

    Raises:
        UsageInvalid: no hex, none, or several.
    """
    return the_only(centre.log.jobs, prefix)


def find_event(centre: Centre, prefix: str) -> int:
    """Return the index of the one entry whose leaf hash (hex) begins with `prefix`; see `find_job`."""
    return int(the_only(lambda first, last: list(map(str, centre.log.indices_of_hash(first, last))), prefix))


def _end_of(centre: Centre, job: str, receipts: list[JobReceipt]) -> int:
    return max(job_entries(centre.log, job, receipts), default=-1) + 1


def _head(centre: Centre, at_least: int) -> tuple[str, AnchorRecord | None]:
    notes = centre.log.cosigned_notes(at_least, limit=_HEADS)  # newest first
    if not notes:
        raise UsageInvalid("export_not_cosigned", size=at_least)
    anchors = ((note, _anchor(centre, note)) for note in notes)
    return next((found for found in anchors if found[1] is not None), (notes[0], None))


def _anchor(centre: Centre, note: str) -> AnchorRecord | None:
    """Return where a head was anchored, if it was this very one."""
    head = SignedCheckpoint.parse(note).checkpoint
    record = anchored_at(centre.path, head.size)
    return record if record is not None and record.root == head.root else None


def _newest(centre: Centre) -> int:
    """Return the size of the newest head that was cosigned; 1 if there is none."""
    return max(map(_size, centre.log.cosigned_notes(limit=1)), default=1)


def _size(note: str) -> int:
    return SignedCheckpoint.parse(note).checkpoint.size
