"""Fill a log again that was put back from an older copy: whole, under every known head, or not at all.

Rows go back to the very indices that the log's receipts name. Departments give theirs; the centre's own come
from the copy beside the database. Where what stands contradicts what the log signed, nothing is covered up:
then a new epoch is the only way on.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import StoreDamaged
from xinqiao_governance.messages import Language, say
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint
from xinqiao_ledger.database import Database, Row, open_database
from xinqiao_ledger.event import Event
from xinqiao_ledger.fsck import first_fault, read_rows
from xinqiao_ledger.high_water import Behind, HighWater
from xinqiao_ledger.log import SCHEMA, stored
from xinqiao_ledger.suite import Suite, tree_hash
from xinqiao_ledger.tree import HASH_BYTES, Tree
from xinqiao_platform.centre import JournalCopy, log_place, one_command
from xinqiao_platform.journals import Journals

_SHOWN = 10
_LISTED = 100
_READ_ROWS = 10_000


@dataclass(frozen=True)
class Refilled:
    """What became of a refill; nothing was written unless it is whole.

    `lacking` entries are missing, the first hundred spans (first and last index) of them in `missing`. At
    the index `contradicts` stands, or would stand, another event than the log signed in a receipt, or one
    that does not follow its node's event before. `differs` is the size of a head that has another root.
    """

    size: int
    filled: int
    missing: tuple[tuple[int, int], ...] = ()
    lacking: int = 0
    contradicts: int | None = None
    differs: int | None = None

    @property
    def whole(self) -> bool:
        """Whether the log has all that it ever said."""
        return not self.lacking and self.possible

    @property
    def possible(self) -> bool:
        """Whether it could become whole, by what departments may yet give."""
        return self.contradicts is None and self.differs is None

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {
            "whole": self.whole,
            "size": self.size,
            "filled": self.filled,
            "missing": [list(span) for span in self.missing],
            "lacking": self.lacking,
            "contradicts": self.contradicts,
            "differs": self.differs,
        }

    def line(self, language: Language) -> str:
        """Return a line for a person."""
        if self.contradicts is not None:
            return say("refill_contradicts", language, index=self.contradicts)
        if self.lacking:
            spans = [str(first) if first == last else f"{first}-{last}" for first, last in self.missing]
            shown = ", ".join(spans[:_SHOWN]) + (" …" if len(spans) > _SHOWN else "")
            return say("refill_missing", language, count=self.lacking, indices=shown)
        if self.differs is not None:
            return say("refill_differs", language, size=self.differs)
        return say("refill_done", language, filled=self.filled, size=self.size)


def refill(centre: Path, journals: Journals, anchored: Checkpoint | None = None) -> Refilled:
    """Put the entries back that the log of the centre at `centre` lacks; if it is whole, it may go on.

    `anchored` is the chain's latest head. Where the log can never be whole again it is marked as behind.

    Raises:
        StoreDamaged: a file is damaged or the disk fails.
        NodeUnavailable: the database cannot be reached.
        UsageInvalid: another process has the centre open.
    """
    with one_command(centre):
        return _refill(centre, journals, anchored)


def _refill(centre: Path, journals: Journals, anchored: Checkpoint | None) -> Refilled:
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
    elif not refilled.possible:
        water.fall_behind(Behind("audit refill", refilled.size))
    return refilled


def _known_events(centre: Path, journals: Journals) -> dict[int, Event]:
    """Return every event whose index is known: by a receipt, or from the centre's own copy."""
    places = journals.places
    own = {n: event for n, event in JournalCopy(centre).read().items() if n not in places}  # nobody signed it
    return own | {n: journals.events[item] for n, item in places.items() if item in journals.events}


def _fill(
    database: Database,
    known: Mapping[int, Event],
    journals: Journals,
    heads: Sequence[Checkpoint],
    least: int,
) -> Refilled:
    """Add what is missing, inside a transaction, or nothing."""
    suite = journals.log.suite
    present = {int(index): _hash(item) for index, item in database.run("SELECT idx, hash FROM entry")}
    standing = {n: tree_hash(event, suite) for n, event in known.items()} | present
    ends = [least, *(head.size for head in heads)]
    size = max([*ends, *(index + 1 for source in (standing, journals.places) for index in source)])
    broken = [n for n, item in journals.places.items() if standing.get(n, item) != item] + [*journals.twice]
    broken += [n for n in present if n < 0]
    if broken:
        return Refilled(size, 0, contradicts=min(broken))
    if lacking := size - len(standing):
        return Refilled(size, 0, _gaps(standing, size), lacking)
    tree = Tree((standing[n] for n in range(size)), hasher=suite.hasher)
    for head in heads:
        if tree.root(head.size) != head.root:
            return Refilled(size, 0, differs=head.size)
    fault = first_fault(_rows(database, known, size, suite), suite)
    if fault is not None:
        return Refilled(size, 0, contradicts=fault)
    added = [stored(index, known[index], suite) for index in range(size) if index not in present]
    database.add("entry", added)
    return Refilled(size, len(added))


def _gaps(standing: Collection[int], size: int) -> tuple[tuple[int, int], ...]:
    """Return the first spans of indices below `size` that nothing stands at; `size` is only what was told."""
    ends = [-1, *sorted(standing), size]
    gaps = ((before + 1, after - 1) for before, after in pairwise(ends) if after - before > 1)
    return tuple(islice(gaps, _LISTED))


def _rows(database: Database, known: Mapping[int, Event], size: int, suite: Suite) -> Iterator[Row]:
    """Return every row as it stands, or would stand."""
    for start in range(0, size, _READ_ROWS):
        end = min(start + _READ_ROWS, size)
        rows = {int(row[0]): row for row in read_rows(database, start, end)}
        yield from (rows[n] if n in rows else stored(n, known[n], suite) for n in range(start, end))


def _keep_notes(database: Database, notes: Sequence[SignedCheckpoint]) -> None:
    for note in notes:
        row = (note.checkpoint.size, str(note))
        database.run("INSERT INTO checkpoints VALUES (?, ?) ON CONFLICT DO NOTHING", *row)


def _hash(value: object) -> bytes:
    if not isinstance(value, bytes) or len(value) != HASH_BYTES:
        raise StoreDamaged("log_entry_damaged")
    return value
