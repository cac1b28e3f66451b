"""The log: events of all nodes in one RFC 6962 tree, kept in a database, under signed checkpoints.

The rows are the truth, the tree is an index over committed rows. What threads bring at one time is one
durable transaction (group commit), and one process at a time is inside one: indices have no gap and no
second owner.
What an earlier checkpoint promised is checked at every start; `fsck` checks all the rest.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NoReturn, TypeAlias

from xinqiao_governance.errors import ProofError, StoreDamaged, WireInvalid, XinqiaoError
from xinqiao_governance.signed import Signed
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, sign
from xinqiao_ledger.database import Database, Row, Value, open_database
from xinqiao_ledger.event import GENESIS, Event, Header, Kind
from xinqiao_ledger.high_water import Behind, HighWater, require_origin
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.sqlite import Sqlite
from xinqiao_ledger.suite import NoteKey, Suite, suite_of, tree_hash
from xinqiao_ledger.tree import HASH_BYTES, Tree, leaf_hash

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
  idx INTEGER PRIMARY KEY, node BLOB NOT NULL, seq INTEGER NOT NULL, job BLOB NOT NULL, kind TEXT NOT NULL,
  time INTEGER NOT NULL, hash BLOB NOT NULL, leaf BLOB NOT NULL, UNIQUE (node, seq)
);
CREATE INDEX IF NOT EXISTS entry_by_job ON entry (job);
CREATE INDEX IF NOT EXISTS entry_by_time ON entry (time);
CREATE TABLE IF NOT EXISTS forks (leaf BLOB PRIMARY KEY, node TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cosigned (size INTEGER PRIMARY KEY, note TEXT NOT NULL);
"""
_READ_ROWS = 50_000
_FORKS = 100


class Log:
    """An append-only log named `origin`, signed with `key`, in a file or at a PostgreSQL URL.

    Checkpoints are signed with `note_key`, which is `key` itself unless it is given; it declares the log's
    suite, and with it the hash of the tree. Threads may share a log, and several processes may open it. With
    `high_water` it is held against what is kept beside it: a log that lacks what it once said can be read,
    and signs and takes nothing.

    Raises:
        StoreDamaged: the entries no longer match the last checkpoint that was signed.
    """

    def __init__(
        self,
        where: Path | str,
        key: SigningKey,
        origin: str,
        note_key: NoteKey | None = None,
        high_water: HighWater | None = None,
    ) -> None:
        self.origin = origin
        self._key = key
        self._note_key = note_key or key
        self.suite = suite_of(self._note_key.public)
        self._high_water = high_water
        self._lock = threading.RLock()
        self._tree = Tree(hasher=self.suite.hasher)
        self._heads: dict[str, _Head] = {}
        self._waiting: list[_Batch] = []
        self._leader: _Batch | None = None  # whose caller commits now, or is about to
        self._gate = threading.Lock()  # for these two, never held while anything is written
        self._database = open_database(where, SCHEMA)
        try:
            _take_over_first_form(self._database, self.suite)
            self._catch_up()
            with self._database.transaction():  # else a checkpoint could come that is larger than the tree
                self._catch_up()
                self.entries(0, 1)  # under another suite its hash would be another
                self._check_last_checkpoint()
                self._compare_head()
        except BaseException:
            self.close()
            raise

    @property
    def public(self) -> bytes:
        """The key of the log's receipts: 32 bytes."""
        return self._key.public

    @property
    def note_public(self) -> bytes:
        """The key of the log's checkpoints: 32 bytes, or 64 under SM2."""
        return self._note_key.public

    @property
    def size(self) -> int:
        """Number of entries."""
        with self._lock:
            return len(self._tree)

    def current_size(self) -> int:
        """Return the number of entries with those that other processes added since."""
        with self._lock:
            self._catch_up()
            return len(self._tree)

    def append(self, leaves: Sequence[bytes]) -> list[int]:
        """Add events (canonical bytes), all or none; they are on disk when their indices are returned.

        An event that is there already, to the byte, keeps its index: sending again is safe.

        Raises:
            WireInvalid: a leaf is not a canonical event.
            ProofError: a node's sequence has a gap, its previous hash is wrong, or it wrote two different
                events under one number (kept in `forks`). Nothing of these leaves is added.
        """
        batch = _Batch([Event.decode(leaf) for leaf in leaves])
        try:
            self._wait_for_turn(batch)
            if not batch.over:  # else whoever was before committed it, too
                self._commit()
        finally:
            self._pass_on(batch)
        if batch.error is not None:
            raise batch.error
        return batch.indices

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
        query = "SELECT idx, leaf FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx"
        return list(self._read(query, start, end).values())

    def entries_of_job(self, job: str, kind: Kind | None = None) -> dict[int, bytes]:
        """Return the leaves that name the order digest `job` (hex), by index; all, or those of one kind."""
        query, values = "SELECT idx, leaf FROM entry WHERE job = ?", [bytes.fromhex(job)]
        if kind is None:
            return self._read(query, *values)
        return self._read(f"{query} AND kind = ?", *values, kind.value)

    def entries_of_node(self, node: str, first: int, last: int) -> dict[int, bytes]:
        """Return the leaves of the node (hex) with sequence numbers `first` to `last`, by index."""
        query = "SELECT idx, leaf FROM entry WHERE node = ? AND seq BETWEEN ? AND ?"
        return self._read(query, bytes.fromhex(node), first, last)

    def has_kind_since(self, kinds: Iterable[Kind], index: int) -> bool:
        """Say whether an event of one of these kinds stands at `index` or behind it."""
        query = "SELECT 1 FROM entry WHERE idx >= ? AND kind = ? LIMIT 1"
        return any(self._database.run(query, index, kind.value) for kind in kinds)

    def last_before(self, node: str, time: int, size: int) -> int | None:
        """Return the index of the node's (hex) last event dated before `time`, of the first `size`."""
        query = "SELECT coalesce(max(idx), -1) FROM entry WHERE node = ? AND time < ? AND idx < ?"
        return _index(self._database.run(query, bytes.fromhex(node), time, size))

    def first_from(self, node: str, time: int, size: int) -> int | None:
        """Return the index of the node's (hex) first event dated `time` or later, of the first `size`."""
        query = "SELECT coalesce(min(idx), -1) FROM entry WHERE node = ? AND time >= ? AND idx < ?"
        return _index(self._database.run(query, bytes.fromhex(node), time, size))

    def indices_of_hash(self, first: bytes, last: bytes) -> list[int]:
        """Return the indices of entries whose leaf hash lies between `first` and `last`, both included."""
        rows = self._database.run("SELECT idx FROM entry WHERE hash BETWEEN ? AND ?", first, last)
        return [int(index) for (index,) in rows]

    def jobs(self, first: bytes, last: bytes) -> list[str]:
        """Return the jobs (hex) that entries name between `first` and `last`, both included."""
        rows = self._database.run("SELECT DISTINCT job FROM entry WHERE job BETWEEN ? AND ?", first, last)
        return [_blob(job).hex() for (job,) in rows]

    def head(self, node: str) -> tuple[int, bytes] | None:
        """Return the last sequence number and leaf hash of a node (hex); None if it never wrote."""
        query = "SELECT seq, leaf FROM entry WHERE node = ? ORDER BY seq DESC LIMIT 1"
        rows = self._database.run(query, bytes.fromhex(node))
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
        """Sign the present size and root; the note is stored before it is returned.

        Raises:
            StoreDamaged: the log is shorter than it was, or another root was signed for this size.
        """
        with self._lock, self._database.transaction():
            self._follow()
            self._compare_head()
            self.require_current()
            present = Checkpoint(self.origin, len(self._tree), self._tree.root())
            signed = self._last_signed()
            if signed is not None and signed.checkpoint.size >= present.size:
                self._require_extends(signed.checkpoint)
                note = str(signed)
            else:
                note = sign(present, self._note_key)
                self._database.add("checkpoints", [(present.size, note)])
            if self._high_water is not None:
                self._high_water.rise(note)
            return note

    def signed_at(self, size: int) -> str | None:
        """Return the checkpoint that was signed over the first `size` entries; None if none was."""
        with self._lock:
            rows = self._database.run("SELECT note FROM checkpoints WHERE size = ?", size)
        return str(rows[0][0]) if rows else None

    def keep_cosigned(self, note: str) -> None:
        """Keep a checkpoint of this log with the cosignatures that came for it, beside those it has.

        Of one signer's lines under one size the last is kept. Whose they are the caller has checked: a log
        knows no witness.

        Raises:
            WireInvalid: the note is malformed, or more signatures than a note may have came together.
            ProofError: another log's, or not signed by this one.
            StoreDamaged: the log signed it, but it is not what stands in the tree.
        """
        came = SignedCheckpoint.parse(note)
        if came.checkpoint.origin != self.origin:
            raise ProofError("checkpoint_unsigned", name=self.origin)
        came.verify_log(self._note_key.public)
        with self._lock, self._database.transaction():
            self._follow()
            self._require_extends(came.checkpoint)
            size = came.checkpoint.size
            rows = self._database.run("SELECT size, note FROM cosigned WHERE size = ?", size)
            kept = self._standing(rows[0]) if rows else came
            self._database.run("DELETE FROM cosigned WHERE size = ?", size)
            self._database.add("cosigned", [(size, str(came.beside(kept)))])

    def cosigned(self, at_least: int = 0) -> str | None:
        """Return the newest kept note over at least so many entries; None if there is none.

        The newest, because witnesses go forward only: what an older head lacks it will never get. Errors as
        `cosigned_notes`.
        """
        return next(iter(self.cosigned_notes(at_least, limit=1)), None)

    def cosigned_notes(self, at_least: int = 0, *, limit: int = 1 << 62) -> list[str]:
        """Return the kept notes over at least so many entries, newest first.

        Raises:
            StoreDamaged: one of them is not what this log signed and still stands for.
        """
        query = "SELECT size, note FROM cosigned WHERE size >= ? ORDER BY size DESC LIMIT ?"
        with self._lock:
            rows = self._database.run(query, at_least, limit)
            if rows and int(rows[0][0]) > len(self._tree):
                self._catch_up()
            return [str(self._standing(row)) for row in rows]

    def require_current(self) -> None:
        """Refuse to go on where something told that the log lacks what it once said.

        Raises:
            StoreDamaged: `log_behind`.
        """
        if self._high_water is not None:
            self._high_water.require_current()

    def require_holds(self, known: Checkpoint | LogReceipt, told_by: str) -> None:
        """Hold the log against what it said before: a head that it signed or anchored, or a receipt.

        The caller has proven that the log said so. What it lacks puts it behind, for good.

        Raises:
            StoreDamaged: `log_behind`.
        """
        with self._lock:
            with self._database.transaction():
                self._follow()
            if not self._holds(known):
                self.fall_behind(told_by, _size_of(known))

    def fall_behind(self, told_by: str, size: int) -> NoReturn:
        """Take and sign nothing from now on: somebody showed that the log once had `size` entries.

        Raises:
            StoreDamaged: `log_behind`.
        """
        if self._high_water is not None:
            self._high_water.fall_behind(Behind(told_by, size))
        raise StoreDamaged("log_behind", told_by=told_by, size=size)

    def close(self) -> None:
        """Close the store."""
        self._database.close()

    # ---- writing -----------------------------------------------------------------------------------

    def _wait_for_turn(self, batch: "_Batch") -> None:
        """Return once the batch was committed beside another, or its caller is the one to commit.

        Not by waiting for a lock: who is quick would take it again before those who sleep, and commit alone.
        """
        with self._gate:
            self._waiting.append(batch)
            if self._leader is None:
                self._leader = batch
                return
        batch.turn.wait()

    def _pass_on(self, batch: "_Batch") -> None:
        """Leave, wake who is next, and have the first that waits commit if this one was to."""
        with self._gate:
            batch.left = True
            if not batch.over and batch in self._waiting:  # it failed, or was interrupted while it waited
                self._waiting.remove(batch)
            if self._leader is batch:
                self._leader = self._waiting[0] if self._waiting else None
                if self._leader is not None:
                    self._leader.turn.set()
            if batch.wakes is not None:
                batch.wakes.turn.set()

    def _commit(self) -> None:
        """Commit everything that waits as one transaction; what fails, fails for this caller alone.

        The others try again, each for itself: a batch must not be refused for what came beside it.
        """
        with self._lock:
            with self._gate:
                batches, self._waiting = self._waiting, []
            self._commit_all(batches)

    def _commit_all(self, batches: "Sequence[_Batch]") -> None:
        try:
            with self._database.transaction():
                placed = self._place(batches)
            self._tree.extend(tree_hash(event, self.suite) for event in placed.events)
            self._heads |= placed.heads
            for batch in batches:
                batch.over = True
        except BaseException as error:
            if not isinstance(error, Exception):
                self._start_over()  # interrupted anywhere: what is in memory may be half of it
            raise
        finally:
            self._hand_back(batches)

    def _hand_back(self, batches: "Sequence[_Batch]") -> None:
        """Wake the callers whose batch is over, each by the one before; the others wait again.

        Woken at once they would fight for the interpreter, and with the one who commits.
        """
        with self._gate:
            present = [batch for batch in batches if not batch.left]
            self._waiting[:0] = [batch for batch in present if not batch.over]
            over = [batch for batch in present if batch.over]
            for batch, after in pairwise(over):
                batch.wakes = after
            if over:
                over[0].turn.set()

    def _place(self, batches: "Sequence[_Batch]") -> "_Placed":
        """Add the batches' events inside the transaction, or find them there."""
        self._follow()
        placed = _Placed(len(self._tree))
        for batch in batches:
            try:
                batch.indices, batch.error = self._place_one(batch.events, placed), None
            except _Fork as fork:
                self._keep_fork(fork.event)
                batch.error = ProofError("journal_forked", node=fork.event.node, seq=fork.event.seq)
            except ProofError as error:
                batch.error = error
        self._database.add(
            "entry", [stored(placed.first + n, event, self.suite) for n, event in enumerate(placed.events)]
        )
        return placed

    def _keep_fork(self, event: Event) -> None:
        """Keep the first fork under each number, a hundred of a node's: more prove no more, and take room."""
        kept = self._database.run("SELECT seq FROM forks WHERE node = ?", event.node)
        if len(kept) < _FORKS and (event.seq,) not in kept:
            self._database.add("forks", [(event.leaf, event.node, event.seq)])

    def _place_one(self, events: Sequence[Event], placed: "_Placed") -> list[int]:
        """Return the events' indices and take the new ones into `placed`, or raise and take none."""
        heads: dict[str, _Head] = {}
        added: list[Event] = []
        indices = []
        for event in events:
            seq, last = heads.get(event.node) or placed.heads.get(event.node) or self._head(event.node)
            if event.seq <= seq:
                indices.append(self._known(event, placed, added))
                continue
            if (event.seq, event.prev) != (seq + 1, last.hex() if seq else GENESIS):
                raise ProofError("journal_gap", node=event.node, seq=event.seq)
            indices.append(placed.first + len(placed.events) + len(added))
            added.append(event)
            heads[event.node] = (event.seq, event.hash)
        placed.take(added, heads)
        return indices

    def _known(self, event: Event, placed: "_Placed", added: Sequence[Event]) -> int:
        """Return the index of an event that was added before: in this batch, beside it, or earlier."""
        query = "SELECT idx, leaf FROM entry WHERE node = ? AND seq = ?"
        found = _by_index(self._database.run(query, bytes.fromhex(event.node), event.seq))
        beside = enumerate([*placed.events, *added], start=placed.first)
        found |= {n: other.leaf for n, other in beside if (other.node, other.seq) == (event.node, event.seq)}
        for index, leaf in found.items():
            if leaf != event.leaf:
                raise _Fork(event)
            return index
        raise StoreDamaged("log_entry_damaged")  # there are later ones

    def _head(self, node: str) -> "_Head":
        if node not in self._heads:
            self._heads[node] = self.head(node) or (0, b"")
        return self._heads[node]

    # ---- reading -----------------------------------------------------------------------------------

    def _read(self, query: str, *values: Value) -> dict[int, bytes]:
        """Return leaves by index, each of which is the one that stands in the tree."""
        with self._lock:
            leaves = _by_index(self._database.run(query, *values))
            if leaves and max(leaves) >= len(self._tree):
                self._catch_up()
            for index, leaf in leaves.items():
                if leaf_hash(leaf, self.suite.hasher) != self._tree.leaf(index):
                    raise StoreDamaged("log_entry_damaged")
            return leaves

    def _follow(self) -> None:
        """Take in what another process added since, inside a transaction: nobody adds before it ends."""
        self.require_current()
        size = int(self._database.run("SELECT coalesce(max(idx) + 1, 0) FROM entry")[0][0])
        if size < len(self._tree):
            raise StoreDamaged("log_rolled_back", size=size, signed_size=len(self._tree))
        if size > len(self._tree):
            self._catch_up()

    def _catch_up(self) -> None:
        """Take committed rows into the tree by the hashes that stand beside them; heads are read again."""
        self._heads.clear()
        query = "SELECT idx, hash FROM entry WHERE idx >= ? ORDER BY idx LIMIT ?"
        while rows := self._database.run(query, len(self._tree), _READ_ROWS):
            if [index for index, _ in rows] != list(range(len(self._tree), len(self._tree) + len(rows))):
                raise StoreDamaged("log_entry_damaged")
            self._tree.extend([_hash(item) for _, item in rows])

    def _start_over(self) -> None:
        self._tree, self._heads = Tree(hasher=self.suite.hasher), {}
        self._catch_up()

    def _check_last_checkpoint(self) -> None:
        signed = self._last_signed()
        if signed is not None:
            signed.verify_log(self._note_key.public)
            self._require_extends(signed.checkpoint)

    def _compare_head(self) -> None:
        """Mark the log as behind where its database lacks the newest checkpoint that left the process."""
        water = self._high_water
        head = water.head() if water is not None else None
        if water is None or head is None:
            return
        require_origin(head.checkpoint, self.origin)
        head.verify_log(self._note_key.public)
        if not self._holds(head.checkpoint):
            water.fall_behind(Behind("log.head", head.checkpoint.size))

    def _holds(self, known: Checkpoint | LogReceipt) -> bool:
        if _size_of(known) > len(self._tree):
            return False
        if isinstance(known, Checkpoint):
            return known.root == self._tree.root(known.size)
        return all(self._tree.leaf(index) == item for index, item in known.entries)

    def _last_signed(self) -> SignedCheckpoint | None:
        rows = self._database.run("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
        return SignedCheckpoint.parse(str(rows[0][0])) if rows else None

    def _standing(self, row: Row) -> SignedCheckpoint:
        """Return a kept note by its row (size, note) as what it says it is."""
        try:
            signed = SignedCheckpoint.parse(str(row[1]))
            signed.verify_log(self._note_key.public)
        except (WireInvalid, ProofError) as error:
            raise StoreDamaged("log_entry_damaged") from error
        if signed.checkpoint.size != row[0]:
            raise StoreDamaged("log_entry_damaged")
        self._require_extends(signed.checkpoint)
        return signed

    def _require_extends(self, known: Checkpoint) -> None:
        """Refuse to go on from a history that is not the one that was signed for."""
        if known.origin != self.origin or known.size > self.size or known.root != self.root(known.size):
            raise StoreDamaged("log_rolled_back", size=self.size, signed_size=known.size)


_Head: TypeAlias = tuple[int, bytes]
"""A node's last sequence number and leaf hash; 0 and nothing before its first event."""


@dataclass(eq=False)
class _Batch:
    """What one caller brings, and what became of it."""

    events: Sequence[Event]
    indices: list[int] = field(default_factory=list)
    error: XinqiaoError | None = None
    over: bool = False
    left: bool = False  # its caller is gone
    turn: "_Turn" = field(default_factory=lambda: _Turn())
    """Set when the caller is to look: its batch is over, or it commits."""
    wakes: "_Batch | None" = None
    """Whose turn it sets when it leaves."""


class _Turn:
    """What one thread waits for, once: a bare lock, for much less than a threading.Event."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def wait(self) -> None:
        """Return once it is set."""
        self._lock.acquire()

    def set(self) -> None:
        """Let the waiting thread go; the caller holds the gate."""
        if self._lock.locked():
            self._lock.release()


@dataclass
class _Placed:
    """The new events of a transaction, from index `first` on, and the heads after them."""

    first: int
    events: list[Event] = field(default_factory=list)
    heads: dict[str, _Head] = field(default_factory=dict)

    def take(self, added: Sequence[Event], heads: Mapping[str, _Head]) -> None:
        """Take in what one batch adds."""
        self.events += added
        self.heads |= heads


class _Fork(Exception):
    """A node's second event under one number."""

    def __init__(self, event: Event) -> None:
        super().__init__(event)
        self.event = event


def stored(index: int, event: Event, suite: Suite) -> Row:
    """Return an event as it is stored: its bytes, and beside them what is asked for."""
    return row_of(index, event.header, tree_hash(event, suite), event.leaf)


def row_of(index: int, header: Header, hashed: bytes, leaf: bytes) -> Row:
    """Return the row of a leaf that has this header, and this hash in the tree."""
    node, job = bytes.fromhex(header.node), bytes.fromhex(header.job or "")
    return (index, node, header.seq, job, header.kind, header.time, hashed, leaf)


def _take_over_first_form(database: Database, suite: Suite) -> None:
    """Move the entries of a file that an earlier version wrote, which kept leaves alone."""
    if not isinstance(database, Sqlite) or not database.has_table("entries"):
        return
    with database.transaction():
        if not database.has_table("entries"):  # another process was faster
            return
        rows = database.run("SELECT idx, leaf FROM entries ORDER BY idx")
        database.add("entry", [stored(int(index), Event.decode(_blob(leaf)), suite) for index, leaf in rows])
        database.run("DROP TABLE entries")


def _size_of(known: Checkpoint | LogReceipt) -> int:
    """Return how many entries a log has at least that said this."""
    if isinstance(known, Checkpoint):
        return known.size
    return max((index + 1 for index, _ in known.entries), default=0)


def _blob(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise StoreDamaged("log_entry_damaged")
    return value


def _hash(value: Value) -> bytes:
    if not isinstance(value, bytes) or len(value) != HASH_BYTES:
        raise StoreDamaged("log_entry_damaged")
    return value


def _index(rows: Sequence[Row]) -> int | None:
    """Return the one number of the one row; None where it stands for nothing found."""
    found = int(rows[0][0])
    return None if found < 0 else found


def _by_index(rows: Sequence[Row]) -> dict[int, bytes]:
    return {int(index): _blob(leaf) for index, leaf in rows}
