"""Fill a log again that was put back from an older copy: whole, under every known head, or not at all.

Rows go back to the very indices that the log's receipts name. Departments give theirs; the centre's own come
from the copy beside the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import StoreDamaged
from xinqiao_governance.messages import Language, say
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint
from xinqiao_ledger.database import Database, open_database
from xinqiao_ledger.event import Event
from xinqiao_ledger.high_water import HighWater
from xinqiao_ledger.log import SCHEMA, stored
from xinqiao_ledger.suite import tree_hash
from xinqiao_ledger.tree import HASH_BYTES, Tree
from xinqiao_platform.centre import JournalCopy, log_place
from xinqiao_platform.journals import Journals

_SHOWN = 10


@dataclass(frozen=True)
class Refilled:
    """What became of a refill. With `missing` indices, or a head of size `differs`, nothing was written."""

    size: int
    filled: int
    missing: tuple[int, ...] = ()
    differs: int | None = None

    @property
    def whole(self) -> bool:
        """Whether the log has all that it ever said."""
        return not self.missing and self.differs is None

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {
            "whole": self.whole,
            "size": self.size,
            "filled": self.filled,
            "missing": list(self.missing),
            "differs": self.differs,
        }

    def line(self, language: Language) -> str:
        """Return a line for a person."""
        if self.missing:
            shown = ", ".join(map(str, self.missing[:_SHOWN])) + (" …" if len(self.missing) > _SHOWN else "")
            return say("refill_missing", language, count=len(self.missing), indices=shown)
        if self.differs is not None:
            return say("refill_differs", language, size=self.differs)
        return say("refill_done", language, filled=self.filled, size=self.size)


def refill(centre: Path, journals: Journals, anchored: Checkpoint | None = None) -> Refilled:
    """Put the entries back that the log of the centre at `centre` lacks; if it is whole, it may go on.

    `anchored` is the chain's latest head. Nobody else may use the log meanwhile.

    Raises:
        StoreDamaged: a file is damaged or the disk fails.
        NodeUnavailable: the database cannot be reached.
    """
    water = HighWater(centre)
    head, told = water.head(), water.behind()
    notes = [*journals.notes, *([head] if head else [])]
    heads = [note.checkpoint for note in notes] + ([anchored] if anchored else [])
    known = _known_events(centre, journals)
    database = open_database(log_place(centre), SCHEMA)
    try:
        with database.transaction():
            refilled = _fill(database, known, journals, heads, told.size if told else 0)
            if refilled.whole:
                _keep_notes(database, notes)
    finally:
        database.close()
    if refilled.whole:
        water.lift()
    return refilled


def _known_events(centre: Path, journals: Journals) -> dict[int, Event]:
    """Return every event whose index is known: by a receipt, or from the centre's own copy."""
    own = JournalCopy(centre).read()
    signed = journals.places.items()
    return own | {n: journals.events[item] for n, item in signed if item in journals.events}


def _fill(
    database: Database,
    known: Mapping[int, Event],
    journals: Journals,
    heads: Sequence[Checkpoint],
    least: int,
) -> Refilled:
    """Add what is missing, inside a transaction, or nothing."""
    present = {int(index): _hash(item) for index, item in database.run("SELECT idx, hash FROM entry")}
    ends = [least, *(head.size for head in heads)]
    ends += [index + 1 for source in (present, known, journals.places) for index in source]
    size = max(ends)
    missing = tuple(index for index in range(size) if index not in present and index not in known)
    if missing:
        return Refilled(size, 0, missing)
    suite = journals.log.suite
    hashes = (present[n] if n in present else tree_hash(known[n], suite) for n in range(size))
    tree = Tree(hashes, hasher=suite.hasher)
    for head in heads:
        if tree.root(head.size) != head.root:
            return Refilled(size, 0, differs=head.size)
    added = [stored(index, known[index], suite) for index in range(size) if index not in present]
    database.add("entry", added)
    return Refilled(size, len(added))


def _keep_notes(database: Database, notes: Sequence[SignedCheckpoint]) -> None:
    for note in notes:
        row = (note.checkpoint.size, str(note))
        database.run("INSERT INTO checkpoints VALUES (?, ?) ON CONFLICT DO NOTHING", *row)


def _hash(value: object) -> bytes:
    if not isinstance(value, bytes) or len(value) != HASH_BYTES:
        raise StoreDamaged("log_entry_damaged")
    return value
