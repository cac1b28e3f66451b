"""The log: events of all nodes in one RFC 6962 tree, kept in SQLite, under signed checkpoints.

The rows are the truth, the tree is an index over committed rows. A batch is one durable transaction
(group commit). What an earlier checkpoint promised is checked at every start.
"""

import threading
from collections.abc import Sequence
from pathlib import Path

from xinqiao_governance.errors import ProofError, StoreDamaged
from xinqiao_governance.signed import Signed
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, sign
from xinqiao_ledger.event import GENESIS, Event
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
                    indices = [self._place(event, leaf) for event, leaf in zip(events, leaves, strict=True)]
            except _Fork as fork:
                self._keep_evidence(fork.event)
                raise ProofError("journal_forked", node=fork.event.node, seq=fork.event.seq) from fork
            self._catch_up()
            return indices

    def receipt(self, indices: Sequence[int]) -> Signed[LogReceipt]:
        """Return the log's signed word that it holds these entries.

        Raises:
            ProofError: there is no such entry.
        """
        leaves = [self._leaf_at(index) for index in indices]
        hashes = tuple((index, leaf_hash(leaf)) for index, leaf in zip(indices, leaves, strict=True))
        return self._key.seal(LogReceipt(self.origin, hashes))

    def entries(self, start: int, end: int) -> list[bytes]:
        """Return the leaves [start, end); fewer where the log ends before."""
        rows = self._database.run(
            "SELECT leaf FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx", start, end
        )
        return [_blob(leaf) for (leaf,) in rows]

    def entries_of_job(self, job: str) -> dict[int, bytes]:
        """Return the leaves that name the order digest `job` (hex), by index."""
        return _by_index(self._database.run("SELECT idx, leaf FROM entries WHERE job = ?", job))

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

    def _place(self, event: Event, leaf: bytes) -> int:
        """Add one event inside the transaction, or find it there."""
        query = "SELECT seq, idx, leaf FROM entries WHERE node = ? AND seq BETWEEN ? AND ?"
        rows = self._database.run(query, event.node, event.seq - 1, event.seq)
        known = {seq: (int(index), _blob(blob)) for seq, index, blob in rows}
        if event.seq in known:
            index, kept = known[event.seq]
            if kept != leaf:
                raise _Fork(event)
            return index
        before = known.get(event.seq - 1)
        if event.prev != (leaf_hash(before[1]).hex() if before else GENESIS):
            raise ProofError("journal_gap", node=event.node, seq=event.seq)
        return self._insert(event, leaf)

    def _insert(self, event: Event, leaf: bytes) -> int:
        next_index = "SELECT coalesce(max(idx) + 1, 0), ?, ?, ?, ? FROM entries RETURNING idx"
        row = (event.node, event.seq, event.job or "", leaf)
        return int(self._database.run("INSERT INTO entries " + next_index, *row)[0][0])

    def _keep_evidence(self, event: Event) -> None:
        self._database.run("INSERT OR IGNORE INTO forks VALUES (?, ?, ?)", event.leaf, event.node, event.seq)

    def _catch_up(self) -> None:
        """Take committed rows into the tree; a process beside this one may have added some."""
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

    def _leaf_at(self, index: int) -> bytes:
        leaves = self.entries(index, index + 1)
        if not leaves:
            raise ProofError("proof_out_of_range", size=self.size)
        return leaves[0]


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
