"""The department's book: one SQLite file that holds what must never be lost or told twice.

Journal (hash-linked events), budget (caps and spends by period), the adopted version of the table, policy
and grants, jobs, burned steps, confirmed peers, subjects' keys, and the tally of what left. Whatever belongs
together is written in one transaction, on disk before the call returns (WAL, synchronous=FULL), so a kill at
any point leaves the old state or the new one. Several processes may hold the same book: writers queue on
`BEGIN IMMEDIATE`.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xinqiao_clients.bridge import BRIDGE_EVENTS, Waiting
from xinqiao_clients.subjects import Actor
from xinqiao_governance.budget import LIFETIME, Account, Limit, present_year
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import ProtocolViolated, StoreDamaged, VersionOther
from xinqiao_governance.order import Spend
from xinqiao_governance.parse import mapping
from xinqiao_ledger.event import GENESIS, Event, Kind

_SCHEMA = """
CREATE TABLE IF NOT EXISTS journal(seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL,
  receipted INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS journal_pending ON journal(seq) WHERE receipted = 0;
CREATE TABLE IF NOT EXISTS log_receipt(id INTEGER PRIMARY KEY, receipt BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS adopted(id INTEGER PRIMARY KEY CHECK (id = 1), sealed BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS cap(dataset TEXT, period TEXT, epsilon_micro INTEGER NOT NULL,
  delta_nano INTEGER NOT NULL, PRIMARY KEY(dataset, period)) STRICT;
CREATE TABLE IF NOT EXISTS spend(request BLOB PRIMARY KEY, dataset TEXT NOT NULL, period TEXT NOT NULL,
  epsilon_micro INTEGER NOT NULL, delta_nano INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS job(digest BLOB PRIMARY KEY, signed_order BLOB NOT NULL, state TEXT NOT NULL,
  version BLOB NOT NULL, sealed_key BLOB, receipt BLOB) STRICT;
CREATE TABLE IF NOT EXISTS approval(digest BLOB PRIMARY KEY, actor TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS burn(job BLOB, step INTEGER, statement BLOB NOT NULL, vector BLOB,
  PRIMARY KEY(job, step)) STRICT;
CREATE TABLE IF NOT EXISTS peer(node BLOB PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS verified(version BLOB PRIMARY KEY, contract BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tally(kind TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
"""

# What the first form of a book lacks. Its spends have no year and count in every one.
_PERIODS = (
    "ALTER TABLE spend ADD COLUMN year INTEGER",
    "CREATE TABLE open_period(dataset TEXT PRIMARY KEY, period TEXT NOT NULL) STRICT",
    "CREATE TABLE year_cap(dataset TEXT PRIMARY KEY, epsilon_micro INTEGER NOT NULL, "
    "delta_nano INTEGER NOT NULL) STRICT",
    "CREATE TABLE intake(dataset TEXT, period TEXT, sealed BLOB NOT NULL, "
    "PRIMARY KEY(dataset, period)) STRICT",
    "PRAGMA user_version = 1",
)
# What the second form lacks. Pseudonyms of before stay under the home's one key.
_SUBJECTS = (
    "CREATE TABLE subject(tag BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
    "PRAGMA user_version = 2",
)
# Where each event stands by the log's receipts, how far the log was found to hold it, what contradicted that.
_RECONCILING = (
    "ALTER TABLE log_receipt ADD COLUMN last_seq INTEGER",
    "UPDATE log_receipt SET last_seq = ends.seq FROM (SELECT id, SUM(json_array_length("
    "CAST(receipt AS TEXT), '$.body.entries')) OVER (ORDER BY id) AS seq FROM log_receipt) AS ends "
    "WHERE ends.id = log_receipt.id",
    "CREATE INDEX log_receipt_by_seq ON log_receipt(last_seq)",
    "CREATE TABLE reconciled(id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, "
    "size INTEGER NOT NULL, time INTEGER NOT NULL) STRICT",
    "CREATE TABLE alarm(id INTEGER PRIMARY KEY, origin TEXT NOT NULL, code TEXT NOT NULL, "
    "seq INTEGER NOT NULL, time INTEGER NOT NULL, receipt BLOB, seen TEXT, said BLOB NOT NULL, "
    "acknowledged INTEGER, actor TEXT) STRICT",
    "CREATE UNIQUE INDEX alarm_waiting ON alarm(origin, code, seq) WHERE acknowledged IS NULL",
    "CREATE TABLE left_log(origin TEXT PRIMARY KEY, pointer BLOB NOT NULL, note TEXT NOT NULL) STRICT",
    "CREATE TABLE left_receipt(origin TEXT, last_seq INTEGER, receipt BLOB NOT NULL, "
    "PRIMARY KEY(origin, last_seq)) STRICT",
    "PRAGMA user_version = 3",
)
# How many columns wait for a person's word: what a steward is told without a passphrase.
_GRADING = (
    "CREATE TABLE grading(id INTEGER PRIMARY KEY CHECK (id = 1), unconfirmed INTEGER NOT NULL, "
    "requests INTEGER NOT NULL) STRICT",
    "PRAGMA user_version = 4",
)
# The policy in use and one that waits, both sealed; grants. A book of before has adopted no policy.
_ADOPTING = """instr(leaf, CAST('"action":"adopt_policy"' AS BLOB)) > 0"""  # as events are written
_POLICY = (
    "CREATE TABLE policy(id INTEGER PRIMARY KEY CHECK (id = 1), sealed BLOB NOT NULL) STRICT",
    "CREATE TABLE policy_proposal(id INTEGER PRIMARY KEY CHECK (id = 1), digest BLOB NOT NULL, "
    "sealed BLOB NOT NULL) STRICT",
    f"CREATE INDEX journal_adopting ON journal(seq) WHERE {_ADOPTING}",
    "CREATE TABLE access_grant(digest BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
    "ALTER TABLE approval ADD COLUMN sealed BLOB",  # one of before is given again
    "PRAGMA user_version = 5",
)
# The register of backups, readable, with the proof of who wrote it. A home of before has it in a file.
_REGISTERING = (  # every action that changes which backups there are begins so
    """instr(leaf, CAST('"action":"backup' AS BLOB)) > 0 AND instr(leaf, CAST('"kind":"keys"' AS BLOB)) > 0"""
)
_BACKUPS = (
    "CREATE TABLE backup_register(id INTEGER PRIMARY KEY CHECK (id = 1), entries BLOB NOT NULL, "
    "proof BLOB NOT NULL) STRICT",
    f"CREATE INDEX journal_registering ON journal(seq) WHERE {_REGISTERING}",
    "PRAGMA user_version = 6",
)
# Which keys of the store there were, by name, sealed: it tells an older key file, or an older book, by it.
_EPOCHS = (
    "CREATE TABLE key_epochs(id INTEGER PRIMARY KEY CHECK (id = 1), sealed BLOB NOT NULL) STRICT",
    "PRAGMA user_version = 7",
)
# The events that change what is adopted: an import, a deletion, a grade. Each has the table's digest.
_ADOPTIONS = (
    """instr(leaf, CAST('"dataset_digest":"' AS BLOB)) > 0 """
    """AND (instr(leaf, CAST('"kind":"import"' AS BLOB)) > 0 """
    """OR instr(leaf, CAST('"kind":"erase"' AS BLOB)) > 0 """
    """OR instr(leaf, CAST('"kind":"confirm"' AS BLOB)) > 0)"""
)
_BOUND = (
    f"CREATE INDEX journal_table ON journal(seq) WHERE {_ADOPTIONS}",
    "PRAGMA user_version = 8",
)
_FORMS = [_PERIODS, _SUBJECTS, _RECONCILING, _GRADING, _POLICY, _BACKUPS, _EPOCHS, _BOUND]

# Without these a file is not a book: it was lost, and an empty one in its place would be a fresh budget.
_PRESENT = """
SELECT 1 FROM journal LIMIT 1; SELECT 1 FROM cap LIMIT 1; SELECT 1 FROM spend LIMIT 1;
SELECT 1 FROM adopted LIMIT 1;
"""
_LATER_PRESENT = """
SELECT year FROM spend LIMIT 1; SELECT 1 FROM open_period LIMIT 1; SELECT 1 FROM year_cap LIMIT 1;
SELECT 1 FROM intake LIMIT 1; SELECT 1 FROM subject LIMIT 1; SELECT last_seq FROM log_receipt LIMIT 1;
SELECT 1 FROM reconciled LIMIT 1; SELECT 1 FROM alarm LIMIT 1;
SELECT 1 FROM left_log LIMIT 1; SELECT 1 FROM left_receipt LIMIT 1; SELECT 1 FROM grading LIMIT 1;
SELECT 1 FROM policy LIMIT 1; SELECT 1 FROM policy_proposal LIMIT 1; SELECT 1 FROM access_grant LIMIT 1;
SELECT 1 FROM backup_register LIMIT 1; SELECT 1 FROM key_epochs LIMIT 1;
"""

_PAGE = BRIDGE_EVENTS + 10  # what may wait and a job's first events, so that its intent is told at once
_SELECT_POLICY = (
    "SELECT sealed, COALESCE((SELECT MAX(seq) FROM journal INDEXED BY journal_adopting "  # noqa: S608  # our own
    f"WHERE {_ADOPTING}), 0) FROM policy"
)
_SELECT_REGISTERED = (
    "SELECT COALESCE(MAX(seq), 0) FROM journal INDEXED BY journal_registering "  # noqa: S608  # our own
    f"WHERE {_REGISTERING}"
)
_SELECT_ADOPTED_IN = f"SELECT COALESCE(MAX(seq), 0) FROM journal INDEXED BY journal_table WHERE {_ADOPTIONS}"  # noqa: S608  # our own
_SELECT_ADOPTED = f"SELECT sealed, ({_SELECT_ADOPTED_IN}) FROM adopted"  # noqa: S608  # our own
_SELECT_JOB = "SELECT digest, signed_order, state, version, sealed_key, receipt FROM job"


@dataclass(frozen=True)
class Job:
    """A job as the book knows it.

    `state` is open, closed, failed or refused; `version` is the digest of the data that it was decided for.
    """

    digest: bytes
    signed_order: bytes
    state: str
    version: bytes
    sealed_key: bytes | None
    receipt: bytes | None


@dataclass(frozen=True)
class Burn:
    """A burned step: the statement it was burned for, and the vector once it was made."""

    step: int
    statement: bytes
    vector: bytes | None


@dataclass(frozen=True)
class Position:
    """The journal was found in the log up to event `seq`, in a log of `size` entries, at `time`."""

    seq: int
    size: int
    time: int


@dataclass(frozen=True)
class Alarm:
    """A contradiction between this department and the log.

    `seq` is the first event that it is about, `receipt` the log's word on that event, where there is one,
    `seen` the newest checkpoint that the department held to, as it was signed, and `said` what was signed
    against them. `acknowledged` is when the steward did, by `actor`.
    """

    id: int
    code: str
    seq: int
    time: int
    receipt: bytes | None
    seen: str | None
    said: bytes
    acknowledged: int | None
    actor: str | None


@dataclass(frozen=True)
class Proposal:
    """A policy that waits for another steward: its digest, and itself sealed with the proposer's name."""

    digest: bytes
    sealed: bytes


@dataclass(frozen=True)
class RegisterRow:
    """The register of backups as it stands: readable, with the proof that these keys wrote it.

    Both are None where there is none. `changed_in` is the last event that changed which backups there are
    (0: none did).
    """

    entries: bytes | None
    proof: bytes | None
    changed_in: int


@dataclass(frozen=True)
class Ground:
    """What of the book a decision stands on, to be compared with what it is when the decision is used.

    `adopted` and `policy` are the rows as they stand, sealed.
    """

    adopted: tuple[bytes, int] | None
    policy: tuple[bytes, int] | None
    alarmed: bool


_SELECT_ALARM = "SELECT id, code, seq, time, receipt, seen, said, acknowledged, actor FROM alarm"


class Book:
    """The durable record of one department: `node` is its fingerprint (32 bytes), `clock` unix seconds.

    With `create=False` the file must be there: what was lost is never taken for a book without spends. With
    `read_only` nothing in it changes, whatever is called; one of an earlier form is StoreDamaged
    (`book_former`) then.
    """

    def __init__(
        self,
        path: Path,
        node: bytes,
        clock: Callable[[], int],
        *,
        create: bool = True,
        read_only: bool = False,
    ) -> None:
        self._node = node
        self._clock = clock
        self._lock = threading.RLock()
        self._errors = _StorageErrors(path)
        with self._errors:
            mode = "ro" if read_only else "rwc" if create else "rw"
            self._db = _connect(path, "FULL", mode)
            self._db.executescript(_SCHEMA if create else _PRESENT)
            _bring_up(self._db, path, read_only=read_only)
            self._db.executescript(_LATER_PRESENT)
            # For the tally: it survives a killed process, but costs no disk flush a message.
            self._relaxed_db = _connect(path, "NORMAL", mode)
        self._receipts: list[tuple[bytes, int]] = []  # they go with the next transaction

    def close(self) -> None:
        """Close the file. A log receipt that still waits is lost: its events are sent again."""
        self._db.close()
        self._relaxed_db.close()

    @contextmanager
    def transaction(self) -> Iterator["Transaction"]:
        """Open a writing transaction: all of it is on disk when the block ends, or none of it.

        Raises:
            StoreDamaged: the file cannot be written (disk full, damaged).
        """
        with self._lock, self._errors:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                receipts = self._write_receipts()
                yield Transaction(self._db, self._node, self._clock())
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk has rolled back already
                    self._db.execute("ROLLBACK")
                raise
            del self._receipts[:receipts]

    def scrub(self) -> bool:
        """Let go of the write-ahead log's old pages: what was destroyed stands in no file after this.

        False where another process kept them for half a minute; the next scrub, or its end, lets them go.
        """
        ((busy, _, _),) = self._all("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    def pending(self, limit: int = _PAGE) -> list[Event]:
        """Return the oldest events that the log has not receipted."""
        return [Event.decode(leaf) for leaf in self.pending_leaves(limit).values()]

    def pending_leaves(self, limit: int = _PAGE) -> dict[int, bytes]:
        """Return the canonical bytes of those events by sequence number, ascending."""
        self._flush()
        query = "SELECT seq, leaf FROM journal WHERE receipted = 0 ORDER BY seq LIMIT ?"
        return dict(self._all(query, (limit,)))

    def events(self, first: int = 1) -> list[Event]:
        """Return the journal from sequence number `first`."""
        return [event for event, _ in self.journal(first)]

    def journal(self, first: int = 1, limit: int = -1) -> list[tuple[Event, bool]]:
        """Return the journal from sequence number `first`, and of each event whether the log receipted it."""
        self._flush()
        query = "SELECT leaf, receipted FROM journal WHERE seq >= ? ORDER BY seq LIMIT ?"
        return [(Event.decode(leaf), bool(taken)) for leaf, taken in self._all(query, (first, limit))]

    def last_event(self, kind: Kind | None = None) -> Event | None:
        """Return the last event of the journal; with `kind`, the last one of that kind."""
        rows = self._all(
            "SELECT leaf FROM journal WHERE instr(leaf, CAST(? AS BLOB)) ORDER BY seq DESC LIMIT 1",
            ("" if kind is None else f'"kind":"{kind.value}"',),
        )
        return Event.decode(rows[0][0]) if rows else None

    def count_events(self) -> int:
        """Return how many events the journal holds."""
        return int(self._all("SELECT COUNT(*) FROM journal")[0][0])

    def time(self) -> int:
        """Return the clock's time, or the newest event's if that is later: a clock set back opens nothing."""
        with self._snapshot() as db:
            return _time(_last_event(db), self._clock())

    def waiting(self) -> Waiting:
        """Return how much of the journal the log has not receipted, at one moment."""
        self._flush()
        with self._snapshot() as db:
            return _waiting(db, self._clock())

    def subjects(self) -> dict[bytes, bytes]:
        """Return the sealed key of each subject by tag."""
        return dict(self._all("SELECT tag, sealed FROM subject"))

    def job(self, digest: bytes) -> Job | None:
        """Return the job of this order, if it was ever proposed."""
        with self._lock, self._errors:
            return _job(self._db, digest)

    def is_open(self, job: bytes) -> bool:
        """Say whether this job is open now."""
        return bool(self._all("SELECT 1 FROM job WHERE digest = ? AND state = 'open'", (job,)))

    def jobs(self) -> list[Job]:
        """Return every job ever proposed, in no order."""
        return [Job(*row) for row in self._all(_SELECT_JOB)]

    def burn(self, job: bytes, step: int) -> Burn | None:
        """Return the burn of this step, if there is one."""
        rows = self._all("SELECT step, statement, vector FROM burn WHERE job = ? AND step = ?", (job, step))
        return Burn(*rows[0]) if rows else None

    def approval(self, digest: bytes) -> bytes | None:
        """Return the sealed approval of this order; None without one, or with one that was never sealed."""
        rows = self._all("SELECT sealed FROM approval WHERE digest = ?", (digest,))
        return rows[0][0] if rows else None

    def peers(self) -> dict[bytes, str]:
        """Return the confirmed departments: fingerprint → name."""
        return {row[0]: row[1] for row in self._all("SELECT node, name FROM peer")}

    def adopted(self) -> tuple[bytes, int] | None:
        """Return the sealed description of the version that jobs use, and which event changed it last.

        None before the first import.
        """
        with self._lock, self._errors:
            return _adopted(self._db)

    def table_digest(self, seq: int) -> str | None:
        """Return the digest of the table that an event tells of; None without such an event."""
        with self._lock, self._errors:
            return _table_digest(self._db, seq)

    def grading(self) -> tuple[int, int]:
        """Return how many columns nobody confirmed, and how many lowerings wait for a second person."""
        rows = self._all("SELECT unconfirmed, requests FROM grading")
        return rows[0] if rows else (0, 0)

    def policy(self) -> tuple[bytes, int] | None:
        """Return the sealed policy in use, and which event adopted it (0: none did); None without one."""
        with self._lock, self._errors:
            return _policy(self._db)

    def proposed_policy(self) -> Proposal | None:
        """Return the policy that waits for approval."""
        with self._lock, self._errors:
            return _proposed_policy(self._db)

    def register(self) -> RegisterRow:
        """Return the register of backups, at one moment with the event that changed it last."""
        with self._snapshot() as db:
            return _register(db)

    def key_epochs(self) -> bytes | None:
        """Return the sealed names of the keys that the store ever had; None where nobody noted any."""
        with self._lock, self._errors:
            return _key_epochs(self._db)

    def ground(self) -> Ground:
        """Return what decisions stand on, at one moment."""
        with self._snapshot() as db:
            return _ground(db)

    def grants(self) -> dict[bytes, bytes]:
        """Return every grant that was not revoked, sealed, by digest."""
        with self._lock, self._errors:
            return _grants(self._db)

    def is_granted(self, digest: bytes) -> bool:
        """Say whether the journal's last word on this grant is that it was given."""
        rows = self._all(
            "SELECT leaf FROM journal WHERE instr(leaf, CAST(? AS BLOB)) ORDER BY seq DESC",
            (f'"output_digest":"{digest.hex()}"',),
        )
        kinds = (Event.decode(row[0]).kind for row in rows)
        return next((kind for kind in kinds if kind in (Kind.GRANT, Kind.REVOKE)), None) is Kind.GRANT

    def verified(self, version: bytes, contract: bytes) -> bool:
        """Say whether an earlier program found this version of the data to hold this contract."""
        return bool(
            self._all("SELECT 1 FROM verified WHERE version = ? AND contract = ?", (version, contract))
        )

    def cap(self, dataset: str, period: str) -> Spend | None:
        """Return the cap of a dataset's period; None means that nothing may be spent."""
        with self._lock, self._errors:
            return _cap(self._db, dataset, period)

    def capped_dataset(self) -> str | None:
        """Return the dataset that has a budget; None before the first import."""
        with self._lock, self._errors:
            return _capped_dataset(self._db)

    def spent(self, dataset: str, period: str) -> Spend:
        """Return what all reservations of a dataset's period add up to (basic composition)."""
        with self._lock, self._errors:
            return _spent(self._db, dataset, period)

    def open_period(self, dataset: str) -> str:
        """Return the period whose people jobs use now."""
        with self._lock, self._errors:
            return _open_period(self._db, dataset)

    def year_cap(self, dataset: str) -> Spend | None:
        """Return the cap on what all periods of a dataset spend in a year, if there is one."""
        with self._lock, self._errors:
            return _year_cap(self._db, dataset)

    def charged(self, request: bytes) -> bool:
        """Say whether this request was charged."""
        return bool(self._all("SELECT 1 FROM spend WHERE request = ?", (request,)))

    def accounts(self) -> tuple[Account, ...]:
        """Return the budget of every period of the capped dataset, at one moment, by name."""
        with self._snapshot() as db:
            dataset = _capped_dataset(db) or ""
            found = (_account(db, dataset, period, self._clock()) for period in _periods(db, dataset))
            return tuple(account for account in found if account is not None)

    def tally(self) -> dict[str, int]:
        """Return bytes that left, by kind."""
        return {row[0]: row[1] for row in self._all("SELECT kind, bytes FROM tally ORDER BY kind")}

    def add_tally(self, sizes: Mapping[str, int]) -> None:
        """Add bytes by kind to what left, all in one statement."""
        with self._lock, self._errors:
            self._relaxed_db.execute(
                "INSERT INTO tally SELECT key, value FROM json_each(?) WHERE true "
                "ON CONFLICT(kind) DO UPDATE SET bytes = bytes + excluded.bytes",
                (dumps(sizes).decode(),),
            )

    def receipted(self, receipt: bytes, last_seq: int) -> None:
        """Keep a log receipt, with the next transaction: events up to `last_seq` are in the log.

        If this is lost they are sent again.
        """
        with self._lock:
            self._receipts.append((receipt, last_seq))

    def leaves(self, after_seq: int, limit: int = 1_000) -> dict[int, bytes]:
        """Return the canonical bytes of the events after a number, at most `limit`, by sequence number."""
        query = "SELECT seq, leaf FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"
        return dict(self._all(query, (after_seq, limit)))

    def receipts(self, after_seq: int, last_seq: int) -> list[tuple[int, bytes]]:
        """Return the log's receipts on the events from `after_seq` + 1 to `last_seq`, by last event."""
        self._flush()
        query = (
            "SELECT last_seq, receipt FROM log_receipt WHERE last_seq > ? AND last_seq <= "
            "COALESCE((SELECT MIN(last_seq) FROM log_receipt WHERE last_seq >= ?), ?) ORDER BY last_seq"
        )
        return self._all(query, (after_seq, last_seq, last_seq))

    def last_receipt(self) -> bytes | None:
        """Return the log's newest receipt."""
        self._flush()
        rows = self._all("SELECT receipt FROM log_receipt ORDER BY last_seq DESC LIMIT 1")
        return rows[0][0] if rows else None

    def left_receipt(self, origin: str) -> bytes | None:
        """Return the newest receipt of a log that was left; None where there is none, or it was not left."""
        query = "SELECT receipt FROM left_receipt WHERE origin = ? ORDER BY last_seq DESC LIMIT 1"
        rows = self._all(query, (origin,))
        return rows[0][0] if rows else None

    def reconciled(self) -> Position | None:
        """Return how far the journal was last found in the log; None before the first time."""
        rows = self._all("SELECT seq, size, time FROM reconciled")
        return Position(*rows[0]) if rows else None

    def alarms(self) -> list[Alarm]:
        """Return every contradiction between this department and the log, oldest first."""
        return [Alarm(*row) for row in self._all(f"{_SELECT_ALARM} ORDER BY id")]

    def alarmed(self) -> bool:
        """Say whether an alarm waits to be acknowledged."""
        with self._lock, self._errors:
            return _alarmed(self._db)

    def _write_receipts(self) -> int:
        """Write the receipts that wait, inside a transaction; return how many."""
        for receipt, last_seq in self._receipts:
            self._db.execute("INSERT INTO log_receipt(receipt, last_seq) VALUES (?, ?)", (receipt, last_seq))
            self._db.execute("UPDATE journal SET receipted = 1 WHERE seq <= ? AND receipted = 0", (last_seq,))
        return len(self._receipts)

    def _flush(self) -> None:
        """Write the receipts that wait, where no transaction took them along."""
        with self._lock:
            if self._receipts and not self._db.in_transaction:
                with self.transaction():
                    pass

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """Read several things as they stood at one moment."""
        with self._lock, self._errors:
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                self._db.execute("ROLLBACK")

    def _all(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock, self._errors:
            return self._db.execute(sql, parameters).fetchall()


class Transaction:
    """What may be written together. Only `Book.transaction` makes one."""

    def __init__(self, db: sqlite3.Connection, node: bytes, now: int) -> None:
        self._db = db
        self._node = node
        self._now = now

    def record(self, *, by: Actor | None = None, **fields: Any) -> Event:
        """Append an event to the journal: sequence, previous hash, node and time are filled in here.

        `by` fills in who acted. The time is the clock's, or that of the event before if that is later: a
        clock that is set back turns no journal back.
        """
        last = _last_event(self._db)
        node, seq = self._node.hex(), last.seq + 1 if last else 1
        prev, time = last.hash.hex() if last else GENESIS, _time(last, self._now)
        who = by.marks(node, seq, time) if by else {}
        event = Event(node=node, seq=seq, prev=prev, time=time, **who, **fields)
        self._db.execute("INSERT INTO journal VALUES (?, ?, 0)", (seq, event.encode()))
        return event

    def register(self) -> RegisterRow:
        """Return the register of backups."""
        return _register(self._db)

    def put_register(self, entries: bytes, proof: bytes) -> None:
        """Keep the register of backups, with the proof of who wrote it."""
        self._db.execute("INSERT OR REPLACE INTO backup_register VALUES (1, ?, ?)", (entries, proof))

    def key_epochs(self) -> bytes | None:
        """Return the sealed names of the keys that the store ever had."""
        return _key_epochs(self._db)

    def put_key_epochs(self, sealed: bytes) -> None:
        """Keep the sealed names of the keys that the store ever had."""
        self._db.execute("INSERT OR REPLACE INTO key_epochs VALUES (1, ?)", (sealed,))

    def waiting(self) -> Waiting:
        """Return how much of the journal the log has not receipted, what this block wrote included."""
        return _waiting(self._db, self._now)

    def is_receipted(self, seq: int) -> bool:
        """Say whether the log receipted this event."""
        row = self._db.execute("SELECT 1 FROM journal WHERE seq = ? AND receipted = 1", (seq,)).fetchone()
        return row is not None

    def subject(self, tag: bytes) -> bytes | None:
        """Return the sealed key of a subject, if there is one."""
        row = self._db.execute("SELECT sealed FROM subject WHERE tag = ?", (tag,)).fetchone()
        return row[0] if row else None

    def put_subject(self, tag: bytes, sealed: bytes) -> None:
        """Keep the sealed key of a new subject."""
        self._db.execute("INSERT INTO subject VALUES (?, ?)", (tag, sealed))

    def remove_subject(self, tag: bytes) -> None:
        """Destroy the key of a subject; `Book.scrub` then lets go of the old pages."""
        self._db.execute("DELETE FROM subject WHERE tag = ?", (tag,))

    def first_event(self, job: bytes) -> int:
        """Return the sequence number of the first event that names a job.

        Raises:
            StoreDamaged: there is none.
        """
        row = self._db.execute(
            "SELECT MIN(seq) FROM journal WHERE instr(leaf, CAST(? AS BLOB))", (f'"job":"{job.hex()}"',)
        ).fetchone()
        if row[0] is None:
            raise StoreDamaged("book_unusable", path="journal")
        return int(row[0])

    def last_event(self, job: bytes, kind: Kind | None = None) -> Event:
        """Return the last event that names a job; with `kind`, the last one of that kind.

        Raises:
            StoreDamaged: there is none.
        """
        row = self._db.execute(
            "SELECT leaf FROM journal WHERE instr(leaf, CAST(? AS BLOB)) AND instr(leaf, CAST(? AS BLOB)) "
            "ORDER BY seq DESC LIMIT 1",
            (f'"job":"{job.hex()}"', "" if kind is None else f'"kind":"{kind.value}"'),
        ).fetchone()
        if row is None:
            raise StoreDamaged("book_unusable", path="journal")
        return Event.decode(row[0])

    def job(self, digest: bytes) -> Job | None:
        """Return the job of this order as it stands now; nobody else changes it before the block ends."""
        return _job(self._db, digest)

    def cap(self, dataset: str, period: str) -> Spend | None:
        """Return the cap that stands now."""
        return _cap(self._db, dataset, period)

    def capped_dataset(self) -> str | None:
        """Return the dataset that has a budget now."""
        return _capped_dataset(self._db)

    def adopted(self) -> tuple[bytes, int] | None:
        """Return the sealed description of the version that jobs use now, and which event changed it."""
        return _adopted(self._db)

    def adopted_in(self) -> int:
        """Return the last event that changed what is adopted; what is adopted by it is sealed to it."""
        return int(self._db.execute(_SELECT_ADOPTED_IN).fetchone()[0])

    def table_digest(self, seq: int) -> str | None:
        """Return the digest of the table that an event tells of; None without such an event."""
        return _table_digest(self._db, seq)

    def ground(self) -> Ground:
        """Return what decisions stand on now; nobody else changes it before the block ends."""
        return _ground(self._db)

    def propose_policy(self, digest: bytes, sealed: bytes) -> None:
        """Keep a policy for another steward to approve, in the place of any that waits."""
        self._db.execute("INSERT OR REPLACE INTO policy_proposal VALUES (1, ?, ?)", (digest, sealed))

    def proposed_policy(self) -> Proposal | None:
        """Return the policy that waits for approval."""
        return _proposed_policy(self._db)

    def use_policy(self, sealed: bytes) -> None:
        """Put a policy in use; none waits any more."""
        self._db.execute("INSERT OR REPLACE INTO policy VALUES (1, ?)", (sealed,))
        self._db.execute("DELETE FROM policy_proposal")

    def grants(self) -> dict[bytes, bytes]:
        """Return every grant that was not revoked, sealed, by digest."""
        return _grants(self._db)

    def put_grant(self, digest: bytes, sealed: bytes) -> None:
        """Keep a grant, in the place of a row of this digest that may not open."""
        self._db.execute("INSERT OR REPLACE INTO access_grant VALUES (?, ?)", (digest, sealed))

    def remove_grant(self, digest: bytes) -> None:
        """Let go of a grant."""
        self._db.execute("DELETE FROM access_grant WHERE digest = ?", (digest,))

    def adopt(self, sealed: bytes) -> None:
        """Put another version in its place."""
        self._db.execute("INSERT OR REPLACE INTO adopted VALUES (1, ?)", (sealed,))

    def count_grading(self, unconfirmed: int, requests: int) -> None:
        """Note how many columns nobody confirmed, and how many lowerings wait for a second person."""
        self._db.execute("INSERT OR REPLACE INTO grading VALUES (1, ?, ?)", (unconfirmed, requests))

    def account(self, dataset: str, period: str) -> Account | None:
        """Return the budget of a dataset's period; None means that nothing may be spent."""
        return _account(self._db, dataset, period, self._now)

    def open_period(self, dataset: str) -> str:
        """Return the period whose people jobs use now."""
        return _open_period(self._db, dataset)

    def year_cap(self, dataset: str) -> Spend | None:
        """Return the cap on what all periods of a dataset spend in a year, if there is one."""
        return _year_cap(self._db, dataset)

    def periods(self, dataset: str) -> tuple[str, ...]:
        """Return the periods of a dataset that have a cap."""
        return _periods(self._db, dataset)

    def intakes(self, dataset: str) -> dict[str, bytes]:
        """Return the sealed tags of the people of each period that knows all of its own."""
        rows = self._db.execute("SELECT period, sealed FROM intake WHERE dataset = ?", (dataset,))
        return dict(rows)

    def reserve(self, request: bytes, dataset: str, period: str, spend: Spend) -> bool:
        """Charge `spend` to the dataset's period, once per request.

        False where a cap does not cover it, where the period is not the open one, or where the request was
        charged before for something else.
        """
        charge = (dataset, period, spend.epsilon_micro, spend.delta_nano)
        before = self._db.execute(
            "SELECT dataset, period, epsilon_micro, delta_nano FROM spend WHERE request = ?", (request,)
        ).fetchone()
        if before is not None:
            return bool(before == charge)
        account = self.account(dataset, period)
        if account is None or not account.covers(spend):
            return False
        self._db.execute("INSERT INTO spend VALUES (?, ?, ?, ?, ?, ?)", (request, *charge, account.year))
        return True

    def enter_period(self, dataset: str, period: str) -> None:
        """Make a period the one whose people jobs use and whose budget they are charged to."""
        self._db.execute("INSERT OR REPLACE INTO open_period VALUES (?, ?)", (dataset, period))

    def set_year_cap(self, dataset: str, cap: Spend) -> None:
        """Set the cap on what all periods of a dataset spend in a year."""
        self._db.execute(
            "INSERT OR REPLACE INTO year_cap VALUES (?, ?, ?)", (dataset, cap.epsilon_micro, cap.delta_nano)
        )

    def put_intake(self, dataset: str, period: str, sealed: bytes) -> None:
        """Keep the sealed tags of all people whom a period ever held."""
        self._db.execute("INSERT OR REPLACE INTO intake VALUES (?, ?, ?)", (dataset, period, sealed))

    def set_cap(self, dataset: str, period: str, cap: Spend) -> None:
        """Set the cap of a dataset's period."""
        self._db.execute(
            "INSERT INTO cap VALUES (?, ?, ?, ?) ON CONFLICT(dataset, period) DO UPDATE SET "
            "epsilon_micro = excluded.epsilon_micro, delta_nano = excluded.delta_nano",
            (dataset, period, cap.epsilon_micro, cap.delta_nano),
        )

    def put_job(
        self, digest: bytes, signed_order: bytes, state: str, version: bytes, sealed_key: bytes | None = None
    ) -> None:
        """Write a job's state: an open job keeps its sealed key and last vector, any other destroys both.

        The order is kept as it was signed this time: an earlier copy may carry a signature that was refused.
        """
        self._db.execute(
            "INSERT INTO job VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT(digest) DO UPDATE SET "
            "signed_order = excluded.signed_order, state = excluded.state, "
            "version = excluded.version, sealed_key = excluded.sealed_key",
            (digest, signed_order, state, version, sealed_key),
        )
        if state != "open":
            self._db.execute("UPDATE burn SET vector = NULL WHERE job = ?", (digest,))

    def put_receipt(self, digest: bytes, receipt: bytes) -> None:
        """Keep the job receipt that was signed."""
        self._db.execute("UPDATE job SET receipt = ? WHERE digest = ?", (receipt, digest))

    def approve(self, digest: bytes, actor: str, sealed: bytes) -> None:
        """Note the steward's approval of an order, in the place of a row that may not open."""
        self._db.execute("INSERT OR REPLACE INTO approval VALUES (?, ?, ?)", (digest, actor, sealed))

    def confirm_peer(self, node: bytes, name: str) -> None:
        """Note that the steward confirmed a department's fingerprint."""
        self._db.execute("INSERT OR REPLACE INTO peer VALUES (?, ?)", (node, name))

    def is_open(self, job: bytes) -> bool:
        """Say whether this job is open; nobody else changes that before the block ends."""
        row = self._db.execute("SELECT 1 FROM job WHERE digest = ? AND state = 'open'", (job,)).fetchone()
        return row is not None

    def answers(self, job: bytes) -> tuple[int, int]:
        """Return how many steps of a job were burned, and the highest number among them (0 if none)."""
        row: tuple[int, int] = self._db.execute(
            "SELECT COUNT(*), COALESCE(MAX(step), 0) FROM burn WHERE job = ?", (job,)
        ).fetchone()
        return row

    def burn(self, job: bytes, step: int, statement: bytes) -> None:
        """Burn a step for a statement; the bytes of the one before, which alone has any, are let go."""
        self._db.execute(
            "UPDATE burn SET vector = NULL "
            "WHERE job = ? AND step = (SELECT MAX(step) FROM burn WHERE job = ?)",
            (job, job),
        )
        self._db.execute("INSERT INTO burn VALUES (?, ?, ?, NULL)", (job, step, statement))

    def keep_vector(self, job: bytes, step: int, vector: bytes) -> None:
        """Keep the one vector of the step burned last, to send the same bytes again after a crash.

        Raises:
            ProtocolViolated: a later step was burned meanwhile.
        """
        kept = self._db.execute(
            "UPDATE burn SET vector = ? "
            "WHERE job = ? AND step = ? AND step = (SELECT MAX(step) FROM burn WHERE job = ?)",
            (vector, job, step, job),
        )
        if kept.rowcount != 1:
            raise ProtocolViolated("step_burned")

    def reconcile_to(self, seq: int, size: int) -> None:
        """Note that the journal stands in the log up to `seq`, under a checkpoint of `size` entries."""
        row = (1, seq, size, self._now)
        self._db.execute("INSERT OR REPLACE INTO reconciled VALUES (?, ?, ?, ?)", row)

    def raise_alarm(
        self,
        origin: str,
        code: str,
        seq: int,
        receipt: bytes | None,
        said: bytes,
        seen: str | None = None,
    ) -> None:
        """Keep a contradiction of a log, with its evidence: the newest checkpoint `seen`, what was `said`.

        One alarm of a kind waits at a time, and the very words that were acknowledged, told again, are no new
        one: whoever carries messages could repeat them for ever.
        """
        self._db.execute(
            "INSERT INTO alarm(origin, code, seq, time, receipt, seen, said) "
            "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM alarm "
            "WHERE origin = ?1 AND code = ?2 AND seq = ?3 "
            "AND (acknowledged IS NULL OR said = ?7))",
            (origin, code, seq, self._now, receipt, seen, said),
        )

    def leave_log(self, origin: str, pointer: bytes, note: str) -> bool:
        """Send the journal again from its start, to another log; False if this one was left before.

        `note` is the newest checkpoint of the old log that the department held to, or empty.
        What the old log signed stays: it is the evidence of what that log promised.
        """
        if self._db.execute("SELECT 1 FROM left_log WHERE origin = ?", (origin,)).fetchone():
            return False
        self._db.execute("INSERT INTO left_log VALUES (?, ?, ?)", (origin, pointer, note))
        self._db.execute("INSERT INTO left_receipt SELECT ?, last_seq, receipt FROM log_receipt", (origin,))
        for table in ("log_receipt", "reconciled"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608  # names of our own
        self._db.execute("UPDATE journal SET receipted = 0")
        return True

    def acknowledge(self, alarm: int, actor: str) -> bool:
        """Note that the steward looked into an alarm; False where there is none that waits for it."""
        done = self._db.execute(
            "UPDATE alarm SET acknowledged = ?, actor = ? WHERE id = ? AND acknowledged IS NULL",
            (self._now, actor, alarm),
        )
        return done.rowcount == 1


def event_json(leaves: Iterable[bytes]) -> tuple[Mapping[str, Json], ...]:
    """Return events (canonical bytes) as they stand on the wire; the door checks that they are events."""
    return tuple(mapping(loads(leaf)) for leaf in leaves)


def _job(db: sqlite3.Connection, digest: bytes) -> Job | None:
    row = db.execute(f"{_SELECT_JOB} WHERE digest = ?", (digest,)).fetchone()
    return Job(*row) if row else None


def _last_event(db: sqlite3.Connection) -> Event | None:
    row = db.execute("SELECT leaf FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return Event.decode(row[0]) if row else None


def _time(last: Event | None, clock: int) -> int:
    return clock if last is None else max(clock, last.time)


def _waiting(db: sqlite3.Connection, clock: int) -> Waiting:
    count: int = db.execute("SELECT COUNT(*) FROM journal WHERE receipted = 0").fetchone()[0]
    oldest = db.execute("SELECT leaf FROM journal WHERE receipted = 0 ORDER BY seq LIMIT 1").fetchone()
    since = Event.decode(oldest[0]).time if oldest else None
    return Waiting(count, since, _time(_last_event(db), clock))


def _cap(db: sqlite3.Connection, dataset: str, period: str) -> Spend | None:
    row = db.execute(
        "SELECT epsilon_micro, delta_nano FROM cap WHERE dataset = ? AND period = ?", (dataset, period)
    ).fetchone()
    return Spend(*row) if row else None


def _capped_dataset(db: sqlite3.Connection) -> str | None:
    row = db.execute("SELECT dataset FROM cap ORDER BY dataset LIMIT 1").fetchone()
    return row[0] if row else None


def _proposed_policy(db: sqlite3.Connection) -> Proposal | None:
    row = db.execute("SELECT digest, sealed FROM policy_proposal").fetchone()
    return Proposal(*row) if row else None


def _grants(db: sqlite3.Connection) -> dict[bytes, bytes]:
    return dict(db.execute("SELECT digest, sealed FROM access_grant ORDER BY digest"))


def _adopted(db: sqlite3.Connection) -> tuple[bytes, int] | None:
    row = db.execute(_SELECT_ADOPTED).fetchone()
    return (row[0], row[1]) if row else None


def _table_digest(db: sqlite3.Connection, seq: int) -> str | None:
    row = db.execute("SELECT leaf FROM journal WHERE seq = ?", (seq,)).fetchone()
    return Event.decode(row[0]).dataset_digest if row else None


def _policy(db: sqlite3.Connection) -> tuple[bytes, int] | None:
    row = db.execute(_SELECT_POLICY).fetchone()
    return None if row is None else (row[0], row[1])


def _register(db: sqlite3.Connection) -> RegisterRow:
    row = db.execute("SELECT entries, proof FROM backup_register").fetchone()
    # What is no bytes, as where somebody made the table anew, is none that these keys sealed.
    entries, proof = (part if isinstance(part, bytes | None) else b"" for part in row or (None, None))
    return RegisterRow(entries, proof, db.execute(_SELECT_REGISTERED).fetchone()[0])


def _key_epochs(db: sqlite3.Connection) -> bytes | None:
    row = db.execute("SELECT sealed FROM key_epochs").fetchone()
    return row[0] if row else None


def _alarmed(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM alarm WHERE acknowledged IS NULL LIMIT 1").fetchone() is not None


def _ground(db: sqlite3.Connection) -> Ground:
    return Ground(_adopted(db), _policy(db), _alarmed(db))


def _spent(db: sqlite3.Connection, dataset: str, period: str) -> Spend:
    row = db.execute(
        "SELECT COALESCE(SUM(epsilon_micro), 0), COALESCE(SUM(delta_nano), 0) FROM spend "
        "WHERE dataset = ? AND period = ?",
        (dataset, period),
    ).fetchone()
    return Spend(*row)


def _open_period(db: sqlite3.Connection, dataset: str) -> str:
    row = db.execute("SELECT period FROM open_period WHERE dataset = ?", (dataset,)).fetchone()
    return str(row[0]) if row else LIFETIME


def _periods(db: sqlite3.Connection, dataset: str) -> tuple[str, ...]:
    rows = db.execute("SELECT period FROM cap WHERE dataset = ? ORDER BY period", (dataset,))
    return tuple(row[0] for row in rows)


def _year_cap(db: sqlite3.Connection, dataset: str) -> Spend | None:
    row = db.execute(
        "SELECT epsilon_micro, delta_nano FROM year_cap WHERE dataset = ?", (dataset,)
    ).fetchone()
    return Spend(*row) if row else None


def _spent_in(db: sqlite3.Connection, dataset: str, year: int) -> Spend:
    """Return what all periods of a dataset spent in a year; a spend of the first form counts in each."""
    row = db.execute(
        "SELECT COALESCE(SUM(epsilon_micro), 0), COALESCE(SUM(delta_nano), 0) FROM spend "
        "WHERE dataset = ? AND COALESCE(year, ?) = ?",
        (dataset, year, year),
    ).fetchone()
    return Spend(*row)


def _account(db: sqlite3.Connection, dataset: str, period: str, now: int) -> Account | None:
    cap, year_cap = _cap(db, dataset, period), _year_cap(db, dataset)
    if cap is None:
        return None
    year = present_year(now, db.execute("SELECT MAX(year) FROM spend").fetchone()[0])
    return Account(
        period=period,
        open=period == _open_period(db, dataset),
        lifetime=Limit(cap, _spent(db, dataset, period)),
        year=year,
        yearly=None if year_cap is None else Limit(year_cap, _spent_in(db, dataset, year)),
    )


def _bring_up(db: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    """Bring a book of an earlier form to the present one, whole or not at all; refuse a later one."""
    if _form(db) < len(_FORMS):
        if read_only:
            raise StoreDamaged("book_former")
        with db:  # commits, or rolls back whatever ends it
            db.execute("BEGIN IMMEDIATE")
            for statements in _FORMS[_form(db) :]:  # another process may have been faster
                for statement in statements:
                    db.execute(statement)
    if _form(db) != len(_FORMS):
        raise VersionOther("version_other_file", path=str(path))


def _form(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _connect(path: Path, synchronous: str, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    db = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
    if mode == "ro":
        return db
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA synchronous = {synchronous}")
    db.execute("PRAGMA secure_delete = ON")  # a destroyed key is overwritten, not only unlinked
    return db


class _StorageErrors:
    """Turns SQLite's errors inside a block into ours. Not a generator: every statement passes here."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, sqlite3.DatabaseError):
            return
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:  # not every error has one
            raise StoreDamaged("disk_full") from error
        raise StoreDamaged("book_unusable", path=self._path.name) from error
