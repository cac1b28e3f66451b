"""The log: events of all nodes in one RFC 6962 tree, kept in SQLite, under signed checkpoints.

The rows are the truth, the tree is an index over committed rows. A batch is one durable transaction
(group commit). What an earlier checkpoint promised is checked at every start.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from xinqiao_governance.errors import ProofError, StoreDamaged
from xinqiao_governance.signed import Signed
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, sign
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.sqlite import Database, Value
from xinqiao_ledger.tree import Tree, leaf_hash

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
  idx INTEGER PRIMARY KEY, node TEXT NOT NULL, seq INTEGER NOT NULL, job TEXT NOT NULL, leaf BLOB NOT NULL,
  UNIQUE (node, seq)
);
CREATE INDEX IF NOT EXISTS entries_by_job ON entries (job);
CREATE TABLE IF NOT EXISTS forks (leaf BLOB PRIMARY KEY, node TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL);
"""
_READ_ROWS = 10_000


class Log:
    """An append-only log named `origin`, signed with `key`. Threads may share it.

    Raises:
        StoreDamaged: the entries no longer match the last checkpoint that was signed.
    """

    def __init__(self, path: Path, key: SigningKey, origin: str) -> None:
        self.origin = origin
        self._key = key
        self._lock = threading.RLock()
        self._tree = Tree()
        self._heads: dict[str, _Head] = {}
        self._seen = 0  # SQLite's data version, while which the heads are right
        self._database = Database(path, _SCHEMA)
        try:
            self._catch_up()
            self._check_last_checkpoint()
        except BaseException:
            self.close()
            raise

    @property
    def public(self) -> bytes:
        """The log's public key: 32 bytes."""
        return self._key.public

    @property
    def size(self) -> int:
        """Number of entries."""
        with self._lock:
            return len(self._tree)

    def append(self, leaves: Sequence[bytes]) -> list[int]:
        """Add events (canonical bytes) as one durable transaction and return their indices.

        An event that is there already, to the byte, keeps its index: sending again is safe.

        Raises:
            WireInvalid: a leaf is not a canonical event.
            ProofError: a node's sequence has a gap, its previous hash is wrong, or it wrote two different
                events under one number (kept in `forks`). Nothing of the batch is added.
        """
        events = [Event.decode(leaf) for leaf in leaves]
        with self._lock:
            try:
                with self._database.transaction():
                    placed = self._place(events)
            except _Fork as fork:
                self._keep_evidence(fork.event)
                raise ProofError("journal_forked", node=fork.event.node, seq=fork.event.seq) from fork
            self._heads |= placed.heads
            self._catch_up(placed.added)
            return placed.indices

    def receipt(self, indices: Sequence[int]) -> Signed[LogReceipt]:
        """Return the log's signed word that it holds these entries.

        Raises:
            ProofError: there is no such entry.
        """
        with self._lock:
            hashes = tuple((index, self._tree.leaf(index)) for index in indices)
        return self._key.seal(LogReceipt(self.origin, hashes))

    def entries(self, start: int, end: int) -> list[bytes]:
        """Return the leaves [start, end); fewer where the log ends before."""
        rows = self._database.run(
            "SELECT leaf FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx", start, end
        )
        return [_blob(leaf) for (leaf,) in rows]

    def entries_of_job(self, job: str, kind: Kind | None = None) -> dict[int, bytes]:
        """Return the leaves that name the order digest `job` (hex), by index; all, or those of one kind."""
        # In a string quotes are escaped, so what is found is the field.
        query = "SELECT idx, leaf FROM entries WHERE job = ? AND instr(leaf, CAST(? AS BLOB))"
        return _by_index(self._database.run(query, job, "" if kind is None else f'"kind":"{kind.value}"'))

    def entries_of_node(self, node: str, first: int, last: int) -> dict[int, bytes]:
        """Return the leaves of the node (hex) with sequence numbers `first` to `last`, by index."""
        query = "SELECT idx, leaf FROM entries WHERE node = ? AND seq BETWEEN ? AND ?"
        return _by_index(self._database.run(query, node, first, last))

    def head(self, node: str) -> tuple[int, bytes] | None:
        """Return the last sequence number and leaf hash of a node (hex); None if it never wrote."""
        query = "SELECT seq, leaf FROM entries WHERE node = ? ORDER BY seq DESC LIMIT 1"
        rows = self._database.run(query, node)
        return (int(rows[0][0]), leaf_hash(_blob(rows[0][1]))) if rows else None

    def forks(self) -> list[bytes]:
        """Return the events that contradict an entry: a node signed for two histories."""
        return [_blob(leaf) for (leaf,) in self._database.run("SELECT leaf FROM forks ORDER BY node, seq")]

    def root(self, size: int | None = None) -> bytes:
        """Root over the first `size` entries (all, if none is given): 32 bytes; ProofError past the end."""
        with self._lock:
            return self._tree.root(size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Inclusion path of an entry in the tree of `size`; ProofError past the end."""
        with self._lock:
            return self._tree.inclusion(index, size)

    def consistency(self, old: int, size: int) -> list[bytes]:
        """Proof that the tree of `size` extends the one of `old`; ProofError past the end."""
        with self._lock:
            return self._tree.consistency(old, size)

    def prove_subset(self, indices: Sequence[int], size: int) -> list[bytes]:
        """One proof for many entries in the tree of `size`; ProofError past the end."""
        with self._lock:
            return self._tree.prove_subset(indices, size)

    def checkpoint(self) -> str:
        """Sign the present size and root; the note is stored before it is returned."""
        with self._lock:
            note = sign(Checkpoint(self.origin, len(self._tree), self._tree.root()), self._key)
            self._database.run("INSERT OR IGNORE INTO checkpoints VALUES (?, ?)", len(self._tree), note)
            return note

    def close(self) -> None:
        """Close the store."""
        self._database.close()

    def _place(self, events: Sequence[Event]) -> "_Placed":
        """Add events inside the transaction, or find them there."""
        self._notice_others()
        next_index = int(self._database.run("SELECT coalesce(max(idx) + 1, 0) FROM entries")[0][0])
        placed = _Placed()
        for event in events:
            seq, last = placed.heads.get(event.node) or self._head(event.node)
            if event.seq <= seq:
                placed.indices.append(self._known(event, placed))
                continue
            if (event.seq, event.prev) != (seq + 1, last.hex() if seq else GENESIS):
                raise ProofError("journal_gap", node=event.node, seq=event.seq)
            placed.add(next_index + len(placed.added), event)
        for node in placed.heads:
            self._heads.pop(node, None)  # whoever interrupts the commit leaves no head that is behind
        rows = [(index, e.node, e.seq, e.job or "", e.leaf) for index, e in placed.added.items()]
        self._database.run_many("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", rows)
        return placed

    def _notice_others(self) -> None:
        """Forget the heads if another process wrote since; nobody writes before the transaction ends."""
        version = int(self._database.run("PRAGMA data_version")[0][0])
        if version != self._seen:
            self._heads.clear()
            self._seen = version

    def _head(self, node: str) -> "_Head":
        if node not in self._heads:
            self._heads[node] = self.head(node) or (0, b"")
        return self._heads[node]

    def _known(self, event: Event, placed: "_Placed") -> int:
        """Return the index of an event that was added before, in this batch or an earlier one."""
        rows = self._database.run(
            "SELECT idx, leaf FROM entries WHERE node = ? AND seq = ?", event.node, event.seq
        )
        new = placed.added.items()
        known = {index: e.leaf for index, e in new if (e.node, e.seq) == (event.node, event.seq)}
        for index, kept in {**_by_index(rows), **known}.items():
            if kept != event.leaf:
                raise _Fork(event)
            return index
        raise StoreDamaged("log_entry_damaged")  # there are later ones

    def _keep_evidence(self, event: Event) -> None:
        self._database.run("INSERT OR IGNORE INTO forks VALUES (?, ?, ?)", event.leaf, event.node, event.seq)

    def _catch_up(self, added: Mapping[int, Event] | None = None) -> None:
        """Take committed rows into the tree: those just `added`, and what a process beside this one added."""
        for place, event in (added or {}).items():
            if place == len(self._tree):
                self._tree.append(event.hash)
        query = "SELECT idx, leaf FROM entries WHERE idx >= ? ORDER BY idx LIMIT ?"
        while rows := self._database.run(query, len(self._tree), _READ_ROWS):
            for index, leaf in rows:
                if index != len(self._tree):
                    raise StoreDamaged("log_entry_damaged")
                self._tree.append(leaf_hash(_blob(leaf)))

    def _check_last_checkpoint(self) -> None:
        rows = self._database.run("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
        if not rows:
            return
        signed = SignedCheckpoint.parse(str(rows[0][0]))
        signed.verify_log(self._key.public)
        known = signed.checkpoint
        if known.origin != self.origin or known.size > self.size or known.root != self.root(known.size):
            raise StoreDamaged("log_rolled_back", size=self.size, signed_size=known.size)


_Head: TypeAlias = tuple[int, bytes]
"""A node's last sequence number and leaf hash; 0 and nothing before its first event."""


@dataclass
class _Placed:
    """A batch in its transaction: indices in the batch's order, what was new by index, the heads after it."""

    indices: list[int] = field(default_factory=list)
    added: dict[int, Event] = field(default_factory=dict)
    heads: dict[str, _Head] = field(default_factory=dict)

    def add(self, index: int, event: Event) -> None:
        """Note a new event."""
        self.indices.append(index)
        self.added[index] = event
        self.heads[event.node] = (event.seq, event.hash)


class _Fork(Exception):
    """Leaves the transaction, so that the evidence is kept and the batch is not."""

    def __init__(self, event: Event) -> None:
        super().__init__(event)
        self.event = event


def _blob(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise StoreDamaged("log_entry_damaged")
    return value


def _by_index(rows: Sequence[tuple[Value, ...]]) -> dict[int, bytes]:
    return {int(index): _blob(leaf) for index, leaf in rows}
