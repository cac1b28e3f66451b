"""Check a whole log from its rows alone, and build everything again that it keeps beside them.

1. Rows stand under indices from 0 on without a gap; each holds a canonical event, named rightly beside it.
2. Every node's events are numbered from 1 without a gap, each with the hash of the one before.
3. The tree over the rows has, at its size, the root of every checkpoint that is kept, cosigned or not, and
   the log signed it. Where 1 or 2 does not hold, the checkpoints are not looked at.

Two events of a node under one number are shown beside: they tell against the node, and the log holds.
Nothing is written, and nothing but the database is needed. A long log is read by several processes.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import Field, NodeUnavailable, StoreDamaged, XinqiaoError
from xinqiao_governance.messages import Language, say
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.database import Database, Row, Value, open_database
from xinqiao_ledger.event import GENESIS, Header, header
from xinqiao_ledger.log import row_of
from xinqiao_ledger.signing import grouped
from xinqiao_ledger.suite import SHA256_ED25519, SUITES, Suite, suite_of
from xinqiao_ledger.tree import Tree, leaf_hash

_SPAN = 25_000
_NO_LOG = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR")  # the last: our tables are not there
_LISTED = 100


@dataclass(frozen=True)
class Damage:
    """Something that does not hold; `code` names a sentence for people."""

    code: str
    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """What a log came to: its size, its root (32 bytes), how many checkpoints it keeps, and what is wrong.

    Of many damages the first hundred are listed and all are counted. `forks` are no damage of the log.
    `checked_against` is the log's public key that the checkpoints' signatures were checked with, if any was.
    """

    size: int
    root: bytes
    checkpoints: int
    damages: tuple[Damage, ...]
    count: int
    forks: tuple[Damage, ...] = ()
    checked_against: bytes | None = None

    def lines(self, language: Language) -> list[str]:
        """Return the whole for a person, line by line."""
        facts = {"size": self.size, "checkpoints": self.checkpoints}
        forks = [f"  {say(item.code, language, **item.fields)}" for item in self.forks]
        shown = [say("fsck_forks", language, count=len(forks)), *forks] if forks else []
        signatures = self._signatures(language)
        if not self.count:
            return [say("fsck_holds", language, root=self.root.hex(), **facts), signatures, *shown]
        listed = [f"  {say(item.code, language, **item.fields)}" for item in self.damages]
        more = self.count - len(listed)
        rest = [f"  {say('fsck_more', language, count=more)}"] if more else []
        said = [say("fsck_damaged", language, count=self.count, **facts), *listed, *rest, signatures, *shown]
        return [*said, say("fsck_advice", language)]

    def _signatures(self, language: Language) -> str:
        if self.checked_against is None:
            return say("fsck_unsigned", language)
        return say("fsck_signed", language, key=grouped(self.checked_against))

    def to_json(self, language: Language) -> dict[str, Json]:
        """Return the whole as plain data, its sentences in `language`."""

        def plain(items: Iterable[Damage]) -> list[Json]:
            return [
                {"code": item.code, "sentence": say(item.code, language, **item.fields), **item.fields}
                for item in items
            ]

        return {
            "holds": not self.count,
            "size": self.size,
            "root": self.root.hex(),
            "checkpoints": self.checkpoints,
            "signatures_checked": self.checked_against is not None,
            "log_key": None if self.checked_against is None else self.checked_against.hex(),
            "count": self.count,
            "damages": plain(self.damages),
            "forks": plain(self.forks),
        }


def fsck(
    where: Path | str,
    *,
    origin: str | None = None,
    log_key: bytes | None = None,
    suite: Suite = SHA256_ED25519,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _size: None,
) -> Checked:
    """Check the log in a file or at a PostgreSQL URL.

    Without `log_key` and `origin` nothing is said about who signed its checkpoints. `suite` is the log's; a
    `log_key` declares its own. `progress` is told how many rows of how many are read. What is added meanwhile
    is not looked at.

    Raises:
        NodeUnavailable, StoreDamaged: there is no such database, or it cannot be read; `fsck_unreadable` for
            a file that is no whole log.
    """
    suite = suite if log_key is None else suite_of(log_key)
    with _no_log(where), closing(open_database(where, "")) as database:
        notes = database.run("SELECT size, note FROM checkpoints ORDER BY size")  # before the size: it grows
        cosigned = database.run("SELECT size, note FROM cosigned ORDER BY size")
        size = int(database.run("SELECT coalesce(max(idx) + 1, 0) FROM entry WHERE idx >= 0")[0][0])
        damages: list[Damage] = []
        tree, heads = Tree(hasher=suite.hasher), _Heads()
        for span in _spans(where, size, suite, workers):
            damages += span.damages
            damages += heads.join(span)
            tree.extend(span.hashes)
            progress(len(tree), size)
        whole = not damages
        if whole:
            damages += _check_notes("fsck_checkpoint_differs", notes, tree, origin, log_key)
            damages += _check_notes("fsck_cosigned_differs", cosigned, tree, origin, log_key)
        damages += _outside(database)
        forks = _forks(database)
    checked_against = log_key if whole and (notes or cosigned) else None
    listed = tuple(damages[:_LISTED])
    return Checked(size, tree.root(), len(notes), listed, len(damages), forks, checked_against)


@contextmanager
def _no_log(where: Path | str) -> Iterator[None]:
    """Say of an SQLite file that was cut or overwritten, or that never held a log, what it is."""
    try:
        yield
    except (NodeUnavailable, StoreDamaged) as error:
        reason = str(error.fields.get("reason", ""))
        if not reason.startswith(_NO_LOG):
            raise
        raise StoreDamaged("fsck_unreadable", path=str(where), reason=reason) from error
    except BrokenProcessPool as error:
        raise NodeUnavailable("fsck_reader_lost") from error


def first_fault(rows: Iterable[Row], suite: Suite) -> int | None:
    """Return the index of the first of a log's rows that holds no event as it is stored, or one that does
    not follow its node's event before; None if all hold. `rows` are all, in order.
    """
    heads = _Heads()
    for row in rows:
        span = _Span()
        _take(span, row, suite)
        if span.damages or heads.join(span):
            return int(row[0])
    return None


class _Link(NamedTuple):
    """An event as a link in the chain of its node's."""

    node: str
    seq: int
    prev: str
    hash: bytes


@dataclass
class _Span:
    """What the rows of a span of indices came to."""

    hashes: list[bytes] = field(default_factory=list)
    first: dict[str, _Link] = field(default_factory=dict)  # of each node
    last: dict[str, _Link] = field(default_factory=dict)
    damages: list[Damage] = field(default_factory=list)


def _spans(where: Path | str, size: int, suite: Suite, workers: int) -> Iterator[_Span]:
    jobs = [(where, start, min(start + _SPAN, size), suite.name) for start in range(0, size, _SPAN)]
    if workers < 2 or len(jobs) < 2:
        yield from map(_read_span, jobs)
        return
    # Not forked: a fork takes along locks that other threads hold.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_read_span, jobs)


def _read_span(job: tuple[Path | str, int, int, str]) -> _Span:
    where, start, end, suite = job
    span, expected = _Span(), start
    with closing(open_database(where, "")) as database:
        for row in read_rows(database, start, end):
            index = int(row[0])
            span.damages += [_lost(expected, index)] if index != expected else []
            _take(span, row, SUITES[suite])
            expected = index + 1
    span.damages += [_lost(expected, end)] if expected != end else []
    return span


def read_rows(database: Database, start: int, end: int) -> Sequence[Row]:
    """Return the rows of the entries [start, end) as `stored` gives them, those that there are."""
    query = "SELECT idx, node, seq, job, kind, time, hash, leaf FROM entry WHERE idx >= ? AND idx < ?"
    return database.run(f"{query} ORDER BY idx", start, end)


def _take(span: _Span, row: Row, suite: Suite) -> None:
    """Check one row by itself, and against the node's event before it in the span."""
    index, leaf = int(row[0]), row[7]
    named = _header(leaf)
    if named is None or not isinstance(leaf, bytes):
        span.damages.append(Damage("fsck_entry_differs", {"index": index}))
        return
    link = _Link(named.node, named.seq, named.prev, leaf_hash(leaf))
    in_tree = link.hash if suite is SHA256_ED25519 else leaf_hash(leaf, suite.hasher)
    if row_of(index, named, in_tree, leaf) != row:
        span.damages.append(Damage("fsck_entry_differs", {"index": index}))
    span.hashes.append(in_tree)
    if link.node in span.last:
        span.damages += _gap(span.last[link.node], link)
    else:
        span.first[link.node] = link
    span.last[link.node] = link


def _header(leaf: Value) -> Header | None:
    try:
        return header(leaf) if isinstance(leaf, bytes) else None
    except XinqiaoError:
        return None


class _Heads:
    """The last event of each node, span after span."""

    def __init__(self) -> None:
        self._last: dict[str, _Link] = {}

    def join(self, span: _Span) -> list[Damage]:
        """Take in a span; return what does not follow what was before it."""
        damages = [damage for node, link in span.first.items() for damage in _gap(self._last.get(node), link)]
        self._last |= span.last
        return damages


def _gap(before: _Link | None, link: _Link) -> Sequence[Damage]:
    seq, prev = (before.seq, before.hash.hex()) if before else (0, GENESIS)
    if link.seq == seq + 1 and link.prev == prev:
        return ()
    return [Damage("journal_gap", {"node": link.node, "seq": link.seq})]


def _lost(first: int, end: int) -> Damage:
    return Damage("fsck_entries_lost", {"first": first, "last": end - 1})


def _check_notes(
    code: str, notes: Sequence[Row], tree: Tree, origin: str | None, log_key: bytes | None
) -> Iterable[Damage]:
    for size, note in notes:
        try:
            signed = SignedCheckpoint.parse(str(note))
            said = signed.checkpoint
            if log_key is not None:
                signed.verify_log(log_key)
            holds = said.size == size and origin in (None, said.origin)
            if holds and said.size > len(tree):
                yield Damage("fsck_end_lost", {"size": said.size, "found": len(tree)})
                continue
            holds = holds and said.root == tree.root(said.size)
        except XinqiaoError:
            holds = False
        if not holds:
            yield Damage(code, {"size": int(size)})


def _outside(database: Database) -> list[Damage]:
    """Return the rows before the first; what stands behind the last was added meanwhile."""
    rows = database.run("SELECT idx FROM entry WHERE idx < 0 ORDER BY idx")
    return [Damage("fsck_entry_outside", {"index": int(index)}) for (index,) in rows]


def _forks(database: Database) -> tuple[Damage, ...]:
    rows = database.run("SELECT node, seq FROM forks ORDER BY node, seq")
    return tuple(Damage("journal_forked", {"node": str(node), "seq": int(seq)}) for node, seq in rows)
