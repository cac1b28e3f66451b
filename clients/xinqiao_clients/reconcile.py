"""A department compares its journal and the log's receipts with the log, and gives its journal again.

Only who holds receipts can tell that a log lost its tail before a checkpoint covered it. What is proven wrong
here is wrong under the log's and the operator's own signatures: an alarm keeps both. What may only be late,
or changed by whoever carries it, is refused and raises none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from xinqiao_clients.book import Book
from xinqiao_clients.home import Home
from xinqiao_clients.step import signed_by
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import ProofError, ProtocolViolated
from xinqiao_governance.parse import mapping
from xinqiao_governance.signed import Signable, Signed
from xinqiao_governance.wire import (
    RECONCILED_AT_ONCE,
    JournalPart,
    JournalRequest,
    Reconciled,
    Reconciliation,
)
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.tree import Hash, verify_consistency, verify_subset

T = TypeVar("T", bound=Signable)

PART = 1_000
"""Events of a journal that are given again at one time."""


def reconcile(home: Home, signed: Signed[Reconciliation]) -> Reconciled:
    """Find this department's next events in the log, under a checkpoint that extends what it saw before.

    Raises:
        ProtocolViolated: not signed by the operator, not for this department, or not for where it stands.
        ProofError: the checkpoint is not the log's; or the code of the alarm that this raised.
    """
    said = signed.body
    _require_signed(home, signed, said.node)
    checkpoint = _checkpoint(home, said.checkpoint)
    position, seen = home.book.reconciled(), home.witness.head
    after_seq = position.seq if position else 0
    if (said.after_seq, said.seen_size) != (after_seq, seen.size):
        raise ProtocolViolated("reconcile_out_of_step")
    try:
        _check_size(home, said, checkpoint)
        _check_history(said, seen, checkpoint, home.log_suite.hasher)
        _check_events(home.book, said, checkpoint, home.log_suite.hasher)
    except Contradiction as found:
        with home.book.transaction() as book:
            book.raise_alarm(
                checkpoint.origin,
                found.code,
                found.seq,
                found.receipt,
                dumps(signed.to_json()),
                home.witness.note,
            )
        raise ProofError(found.code) from found
    # First what the department holds to: killed in between, it finds the same events again from there.
    home.witness.follow(said.checkpoint, seen.size, said.consistency)
    last = after_seq + len(said.indices)
    with home.book.transaction() as book:
        book.reconcile_to(last, checkpoint.size)
    return Reconciled(last)


def journal_part(home: Home, signed: Signed[JournalRequest]) -> JournalPart:
    """Return the log's words on the journal's events after a number; the events ride beside.

    Raises:
        ProtocolViolated: not signed by the operator, or not for this department.
    """
    _require_signed(home, signed, signed.body.node)
    after, last = signed.body.after_seq, home.book.count_events()
    receipts = home.book.receipts(after, min(after + PART, last))
    parsed = tuple(mapping(loads(receipt)) for _, receipt in receipts)
    return JournalPart(after, last, parsed, home.witness.note or "")


def receipted_size(receipt: bytes | None) -> int:
    """Return how many entries the log has at least, by its newest receipt."""
    return 0 if receipt is None else max(index for index, _ in _entries(receipt)) + 1


class Contradiction(Exception):
    """What was signed now contradicts what was signed before; `seq` is the first event that it is about."""

    def __init__(self, code: str, seq: int = 0, receipt: bytes | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.seq = seq
        self.receipt = receipt


@dataclass(frozen=True)
class _Receipted:
    """Where a receipt puts an event."""

    index: int
    receipt: bytes


def _require_signed(home: Home, signed: Signed[T], node: bytes) -> None:
    signed_by(signed, home.settings.operator, "reconcile_unsigned")
    if node != home.identity.fingerprint:
        raise ProtocolViolated("reconcile_unsigned")


def _checkpoint(home: Home, note: str) -> Checkpoint:
    """Return the checkpoint of a note that this department's log signed."""
    signed = SignedCheckpoint.parse(note)
    signed.verify_log(home.settings.note_key)
    if signed.checkpoint.origin != home.settings.log_origin:
        raise ProofError("witness_origin_differs", origin=home.settings.log_origin)
    return signed.checkpoint


def _check_size(home: Home, said: Reconciliation, checkpoint: Checkpoint) -> None:
    """Refuse a log that is smaller than what it said.

    Where the operator says himself that he knew better, it is a contradiction; else the ask may be late.
    """
    receipt = home.book.last_receipt()
    receipted = receipted_size(receipt)
    if checkpoint.size < min(said.known_size, receipted):
        raise Contradiction("receipt_broken", receipt=receipt)
    if checkpoint.size < said.known_size:
        raise Contradiction("history_rewritten")
    if checkpoint.size < max(home.witness.size, receipted):
        raise ProtocolViolated("reconcile_outdated")


def _check_history(said: Reconciliation, seen: Checkpoint, new: Checkpoint, hasher: Hash) -> None:
    try:
        verify_consistency(seen.size, seen.root, new.size, new.root, said.consistency, hasher)
    except ProofError as error:
        raise Contradiction("history_rewritten") from error


def _check_events(book: Book, said: Reconciliation, checkpoint: Checkpoint, hasher: Hash) -> None:
    """Compare where the operator says that the next events stand with the receipts, and with the tree."""
    first = said.after_seq + 1
    places = dict(enumerate(said.indices, first))
    whole = len(places) < RECONCILED_AT_ONCE
    for seq, known in _receipted(book, said.after_seq).items():
        if seq not in places and whole and known.index < checkpoint.size:
            raise Contradiction("journal_not_in_log", seq, known.receipt)
        if seq in places and places[seq] != known.index:
            raise Contradiction("receipt_broken", seq, known.receipt)
    if list(said.indices) != sorted(set(said.indices)):  # two events cannot share a place
        raise Contradiction("journal_not_in_log", first, _receipt_of(book, first))
    leaves = book.leaves(said.after_seq, RECONCILED_AT_ONCE)
    if places.keys() - leaves.keys():
        raise Contradiction("journal_behind_log", max(leaves, default=said.after_seq) + 1)
    try:
        if places or said.proof:
            verify_subset(
                {index: leaves[seq] for seq, index in places.items()},
                checkpoint.size,
                checkpoint.root,
                said.proof,
                hasher,
            )
    except ProofError as error:
        raise Contradiction("journal_not_in_log", first, _receipt_of(book, first)) from error


def _receipted(book: Book, after_seq: int) -> Mapping[int, _Receipted]:
    """Return where the receipts put the next events, by sequence number."""
    found = {}
    for last, receipt in book.receipts(after_seq, after_seq + RECONCILED_AT_ONCE):
        entries = _entries(receipt)
        for seq, (index, _) in enumerate(entries, last - len(entries) + 1):
            if after_seq < seq <= after_seq + RECONCILED_AT_ONCE:
                found[seq] = _Receipted(index, receipt)
    return found


def _receipt_of(book: Book, seq: int) -> bytes | None:
    found = book.receipts(seq - 1, seq)
    return found[0][1] if found else None


def _entries(receipt: bytes) -> tuple[tuple[int, bytes], ...]:
    return Signed.parse(loads(receipt), LogReceipt).body.entries
