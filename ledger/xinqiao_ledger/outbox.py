"""The outbox takes the log's newest signed head to the chain in its own time: nothing else waits for it.

What is due is always the newest head; older ones are not sent. Before a transaction is sent, it stands in the
outbox's own file, so that a crash neither loses nor doubles an anchor. At each opening of the chain, both
sides are compared: what the chain has and the outbox does not know, and what the outbox knows and the chain
has lost. Whatever cannot come of honest work is kept as an alarm, as is a fee above what may be paid.
"""

import fcntl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import Field, NodeUnavailable, ProofError, StoreDamaged, UsageInvalid
from xinqiao_governance.parse import is_label, mapping
from xinqiao_ledger.anchor import Anchor, AnchorRecord, Draft
from xinqiao_ledger.chain import PATIENCE_S, open_anchor
from xinqiao_ledger.chain_config import ChainConfig
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.event import Kind
from xinqiao_ledger.files import io_errors, locked
from xinqiao_ledger.log import Log
from xinqiao_ledger.sqlite import Sqlite

_FILE = "anchors.sqlite"
_DAY_S = 86_400
_LOOK_S = 0.05
_MOST_SIZE = (1 << 63) - 1
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS chain (
        one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, compared INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS anchored (
        chain TEXT NOT NULL, size INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY (chain, size));
    CREATE TABLE IF NOT EXISTS sending (
        chain TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
        nonce INTEGER NOT NULL, tx_hash TEXT NOT NULL, raw BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS sent (time INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS signed (note TEXT PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS alarms (
        number INTEGER PRIMARY KEY, time INTEGER NOT NULL, code TEXT NOT NULL, fields BLOB NOT NULL,
        UNIQUE (code, fields));
    CREATE TABLE IF NOT EXISTS acknowledged (
        number INTEGER PRIMARY KEY, time INTEGER NOT NULL, code TEXT NOT NULL, fields BLOB NOT NULL,
        by_whom TEXT NOT NULL)
"""


@dataclass(frozen=True)
class Schedule:
    """When a head is due: the log grew by so many `entries`, by one of these `kinds`, or by any in `every_s`.

    There are `least_s` between two anchors, and never more than `a_day` in 24 hours, whatever happens.
    A job that asks for its head at once, and a head that the chain lost, need not wait for `least_s`, but are
    held to `a_day`.
    """

    every_s: int = 3600
    entries: int = 10_000
    kinds: frozenset[Kind] = frozenset({Kind.PUBLISH})
    least_s: int = 600
    a_day: int = 144

    def allows(self, sent: Sequence[int], now: int) -> bool:
        """Say whether another anchor may be sent today; `sent` are the times of earlier ones."""
        return sum(now - _DAY_S < time <= now for time in sent) < self.a_day

    def is_due(self, sent: Sequence[int], now: int, grown: int, has_kind: Callable[[], bool]) -> bool:
        """Say whether a head is due, the log having grown by so many entries; `has_kind` is asked last."""
        age = now - max((time for time in sent if time <= now), default=0)
        if not grown or age < self.least_s or not self.allows(sent, now):
            return False
        return age >= self.every_s or grown >= self.entries or has_kind()


@dataclass(frozen=True)
class Alarm:
    """What needs a person: its number, when it was first seen, and a code with its fields in `messages`.

    `acknowledged` names who looked into it; seen again after that, it is an alarm of its own.
    """

    number: int
    time: int
    code: str
    fields: dict[str, Field]
    acknowledged: str | None


class Outbox:
    """The anchors of `log`, their state in the file `path`; `open_chain` opens the chain for some seconds.

    Processes may share the file: one at a time speaks to the chain. Not for several threads.

    Raises:
        StoreDamaged, NodeUnavailable: the file cannot be used.
    """

    def __init__(
        self,
        path: Path,
        log: Log,
        open_chain: Callable[[float], Anchor],
        *,
        schedule: Schedule | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._log = log
        self._open_chain = open_chain
        self._schedule = schedule or Schedule()
        self._clock = clock
        self._database = Sqlite(path, _SCHEMA)

    def look(self, *, patience_s: float = PATIENCE_S) -> AnchorRecord | None:
        """Anchor the newest head if one is due, or the chain lost one; return None if nothing was sent.

        What a killed process began is finished first. The chain is looked at each `every_s`, due or not.

        Raises:
            NodeUnavailable: the chain does not answer; what was due stays due.
            ProofError: an alarm was raised, and nothing is sent before it is seen to.
        """
        quiet = self.draft() is None and self._now() - self._compared() < self._schedule.every_s
        if quiet and not self._is_due():
            return None
        with self._chain(patience_s) as anchor:
            lost = self._reconcile(anchor) and self.waiting() > 0
            again = lost and self._schedule.allows(self._sent(), self._now())
            return self._send(anchor, *self._signed_head()) if again or self._is_due() else None

    def publish(self, size: int, root: bytes, *, patience_s: float = PATIENCE_S) -> AnchorRecord:
        """Anchor this very head of the log now; if it stands on the chain already, nothing is sent.

        Raises:
            NodeUnavailable: the chain does not answer in time, holds a larger head already, or has taken as
                many anchors today as the schedule allows.
            ProofError: an alarm was raised.
            UsageInvalid: the writer's account cannot pay.
        """
        with self._chain(patience_s) as anchor:
            self._reconcile(anchor)
            return self._publish(anchor, size, root)

    def publish_newest(self, *, patience_s: float = PATIENCE_S) -> AnchorRecord | None:
        """Anchor the newest head now; None while the log is empty. Raises as `publish`.

        It is signed only once the chain was found to hold no head that the log lacks.
        """
        with self._chain(patience_s) as anchor:
            self._reconcile(anchor)
            return self._publish(anchor, *self._signed_head()) if self._log.current_size() else None

    def reconcile(self, *, patience_s: float = PATIENCE_S) -> None:
        """Compare outbox, log and chain, and send nothing new.

        Raises:
            NodeUnavailable: the chain does not answer.
            ProofError: an alarm was raised that forbids to send.
        """
        with self._chain(patience_s) as anchor:
            self._reconcile(anchor)

    def latest(self) -> AnchorRecord | None:
        """Return the newest head that is known to stand on the chain."""
        return next(self._records(), None)

    def draft(self) -> Draft | None:
        """Return what was signed and perhaps sent, and is not known to stand on the chain."""
        query = "SELECT size, root, nonce, tx_hash, raw FROM sending WHERE chain = ?"
        rows = self._database.run(query, self._name())
        if not rows:
            return None
        size, root, nonce, tx_hash, raw = rows[0]
        return Draft(int(size), _blob(root), int(nonce), str(tx_hash), _blob(raw))

    def waiting(self) -> int:
        """Return how many entries of the log no anchor covers."""
        return max(0, self._log.current_size() - self._covered())

    def alarms(self) -> list[Alarm]:
        """Return every alarm there ever was, oldest first."""
        rows = self._database.run(
            "SELECT number, time, code, fields, by_whom FROM acknowledged"
            " UNION ALL SELECT number, time, code, fields, NULL FROM alarms ORDER BY number"
        )
        return [
            Alarm(int(number), int(time), str(code), _fields(_blob(fields)), None if by is None else str(by))
            for number, time, code, fields, by in rows
        ]

    def acknowledge(self, number: int, by: str) -> None:
        """Note who looked into an alarm; it is kept.

        Raises:
            UsageInvalid: there is no such alarm that waits, or no printable name.
        """
        if not is_label(by) or not by.strip():
            raise UsageInvalid("anchor_alarm_nameless")
        move = "INSERT INTO acknowledged SELECT number, time, code, fields, ? FROM alarms WHERE number = ?"
        with self._database.transaction():
            if not self._database.run("SELECT 1 FROM alarms WHERE number = ?", number):
                raise UsageInvalid("alarm_unknown", id=number)
            self._database.run(move, by, number)
            self._database.run("DELETE FROM alarms WHERE number = ?", number)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    # ---- the chain ---------------------------------------------------------------------------------

    @contextmanager
    def _chain(self, patience_s: float) -> Iterator[Anchor]:
        """Open the chain as the only process of this centre that speaks to it."""
        with self._alone(patience_s):
            anchor = self._open_chain(patience_s)
            try:
                name = f"{anchor.chain_id} {anchor.contract}"
                self._database.run("INSERT OR REPLACE INTO chain VALUES (1, ?, ?)", name, self._now())
                self._log.current_size()
                yield anchor
            except NodeUnavailable as error:
                if error.code == "anchor_fee_capped":
                    self._alarm(error.code, error.fields)
                raise
            finally:
                anchor.close()

    @contextmanager
    def _alone(self, patience_s: float) -> Iterator[None]:
        lock, deadline = self._path.with_suffix(".lock"), time.monotonic() + patience_s
        while True:
            with io_errors(lock), suppress(BlockingIOError), locked(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
                yield
                return
            if time.monotonic() > deadline:
                raise NodeUnavailable("anchor_in_use", path=str(self._path.parent))
            time.sleep(_LOOK_S)

    def _publish(self, anchor: Anchor, size: int, root: bytes) -> AnchorRecord:
        latest = self.latest()
        if latest is not None and latest.size == size:
            return latest
        if latest is not None and latest.size > size:
            raise NodeUnavailable("anchor_head_passed", size=size)
        if not self._schedule.allows(self._sent(), self._now()):
            raise NodeUnavailable("anchor_day_used", count=self._schedule.a_day)
        return self._send(anchor, size, root)

    def _send(self, anchor: Anchor, size: int, root: bytes) -> AnchorRecord:
        draft = anchor.draft(size, root)
        note = self._log.signed_at(size)
        with self._database.transaction():
            if note is not None:
                self._database.run("INSERT OR IGNORE INTO signed VALUES (?)", note)
            self._keep_draft(draft)
            self._database.add("sent", [(self._now(),)])
            self._database.run("DELETE FROM sent WHERE time <= ?", self._now() - _DAY_S)
        record = self._deliver(anchor, draft)
        if record is None:
            raise NodeUnavailable("anchor_overtaken", contract=anchor.contract)
        return record

    def _deliver(self, anchor: Anchor, draft: Draft) -> AnchorRecord | None:
        """Bring a draft to its end; it stays in the file where nobody knows yet how that was."""
        try:
            record = anchor.deliver(draft)
        except ProofError:
            self._forget_draft()
            raise
        with self._database.transaction():
            self._forget_draft()
            if record is not None:
                self._keep(record)
        return record

    def _freed(self, anchor: Anchor, draft: Draft) -> Draft:
        """Return what to send of a draft that waits: itself, or one that pays what the chain asks by now.

        Whichever of the two is mined, the chain holds the same head once, and it is adopted below. Where no
        more may or can be paid, that is an alarm, and the draft goes again: the price may fall to it.
        """
        try:
            dearer = anchor.dearer(draft)
        except NodeUnavailable as error:
            if error.code != "anchor_fee_capped":
                raise
            self._alarm(error.code, error.fields)
            return draft
        except UsageInvalid as error:  # without the sum, which changes with the price: one alarm is enough
            self._alarm("anchor_unpaid", {"address": error.fields["address"]})
            return draft
        if dearer is None:
            return draft
        self._keep_draft(dearer)
        return dearer

    # ---- both sides compared -----------------------------------------------------------------------

    def _reconcile(self, anchor: Anchor) -> bool:
        """Compare both sides, and bring a draft that waits to its end; say whether the chain lost an anchor.

        The draft comes second: it may wait until no time is left, and a price must not hide a rollback.
        """
        try:
            anchor.require_contract()
        except ProofError as error:
            self._alarm(error.code, error.fields)
            raise
        lost = self._compare(anchor)
        draft = self.draft()
        if draft is not None:
            with suppress(ProofError):  # refused: the heads show by what
                self._deliver(anchor, self._freed(anchor, draft))
            lost = self._compare(anchor) or lost  # what the draft anchored must be the log's, too
        return lost

    def _compare(self, anchor: Anchor) -> bool:
        lost = self._check_known(anchor)
        self._check_heads(anchor)
        return lost

    def _check_known(self, anchor: Anchor) -> bool:
        """Renew the records from the newest down to one whose block still stands: forks change none below it.

        What the chain has no more is forgotten with an alarm. Say whether there was any.
        """
        lost = False
        for record in self._records():
            found = _standing(anchor, record)
            if found is None:
                lost = True
                self._lose(record)
                continue
            if found != record:
                self._keep(found)
            if found.block_hash == record.block_hash:
                break
        return lost

    def _lose(self, record: AnchorRecord) -> None:
        self._alarm("anchor_lost", {"size": record.size})
        query = "DELETE FROM anchored WHERE chain = ? AND size = ?"
        self._database.run(query, self._name(), record.size)

    def _check_heads(self, anchor: Anchor) -> None:
        """Every head that the chain has beyond the known ones must be the log's; the newest is adopted."""
        heads = anchor.heads_from(self._covered())
        for size, root in heads:
            if size > self._log.size or self._log.root(size) != root:
                self._alarm("anchor_foreign_head", {"size": size})
                self._require_holds_signed()
                raise ProofError("anchor_foreign_head", size=size)
        newest = anchor.latest() if heads and heads[-1][0] > self._covered() else None
        if newest is not None:
            self._keep(newest)

    def _require_holds_signed(self) -> None:
        """Hold the log against what it signed for the heads that went out: unlike a node, that cannot lie."""
        for (note,) in self._database.run("SELECT note FROM signed"):
            signed = SignedCheckpoint.parse(str(note))
            if signed.checkpoint.origin != self._log.origin:
                continue  # of an earlier epoch
            with suppress(ProofError):
                signed.verify_log(self._log.note_public)
                self._log.require_holds(signed.checkpoint, "anchor")

    # ---- the file ----------------------------------------------------------------------------------

    def _is_due(self) -> bool:
        covered = self._covered()

        def has_kind() -> bool:
            return self._log.has_kind_since(self._schedule.kinds, covered)

        grown = self._log.current_size() - covered
        return self._schedule.is_due(self._sent(), self._now(), max(0, grown), has_kind)

    def _signed_head(self) -> tuple[int, bytes]:
        head = SignedCheckpoint.parse(self._log.checkpoint()).checkpoint
        return head.size, head.root

    def _covered(self) -> int:
        latest = self.latest()
        return latest.size if latest else 0

    def _sent(self) -> list[int]:
        return [int(time) for (time,) in self._database.run("SELECT time FROM sent")]

    def _records(self) -> Iterator[AnchorRecord]:
        """Read the records one by one, newest first."""
        query = "SELECT record FROM anchored WHERE chain = ? AND size <= ? ORDER BY size DESC LIMIT 1"
        most = _MOST_SIZE
        while rows := self._database.run(query, self._name(), most):
            record = AnchorRecord.from_json(loads(_blob(rows[0][0])))
            yield record
            most = record.size - 1

    def _keep(self, record: AnchorRecord) -> None:
        row = (self._name(), record.size, dumps(record.to_json()))
        self._database.run("INSERT OR REPLACE INTO anchored VALUES (?, ?, ?)", *row)

    def _keep_draft(self, draft: Draft) -> None:
        row = (self._name(), draft.size, draft.root, draft.nonce, draft.tx_hash, draft.raw)
        self._database.run("INSERT OR REPLACE INTO sending VALUES (?, ?, ?, ?, ?, ?)", *row)

    def _forget_draft(self) -> None:
        self._database.run("DELETE FROM sending WHERE chain = ?", self._name())

    def _alarm(self, code: str, fields: dict[str, Field]) -> None:
        rows = "(SELECT number FROM alarms UNION ALL SELECT number FROM acknowledged)"
        number = f"(SELECT 1 + COALESCE(MAX(number), 0) FROM {rows})"  # noqa: S608  # nothing from outside
        query = f"INSERT OR IGNORE INTO alarms (number, time, code, fields) VALUES ({number}, ?, ?, ?)"  # noqa: S608
        self._database.run(query, self._now(), code, dumps(fields))

    def _name(self) -> str:
        """Return the chain and contract that were opened last: what belongs to another is left alone."""
        rows = self._database.run("SELECT name FROM chain")
        return str(rows[0][0]) if rows else ""

    def _compared(self) -> int:
        """Return when the chain was opened last, 0 if it never was."""
        rows = self._database.run("SELECT compared FROM chain")
        return int(rows[0][0]) if rows else 0

    def _now(self) -> int:
        return int(self._clock())


def open_outbox(centre: Path, log: Log) -> Outbox:
    """Open the outbox of the centre in this folder.

    Raises:
        UsageInvalid, StoreDamaged: the chain's settings cannot be used.
    """
    ChainConfig.read(centre)  # said now, and not at a job's end
    return Outbox(centre / _FILE, log, lambda patience_s: open_anchor(centre, patience_s=patience_s))


def anchored_at(centre: Path, size: int) -> AnchorRecord | None:
    """Return where the head of this size stands on the chain that was opened last, as the outbox knows it."""
    if not (centre / _FILE).exists():
        return None
    with closing(Sqlite(centre / _FILE, _SCHEMA)) as database:
        query = "SELECT record FROM anchored JOIN chain ON chain.name = anchored.chain WHERE size = ?"
        rows = database.run(query, size)
    return AnchorRecord.from_json(loads(_blob(rows[0][0]))) if rows else None


def _standing(anchor: Anchor, record: AnchorRecord) -> AnchorRecord | None:
    """Return where a head that was anchored stands now, in whichever block; None if the chain lost it.

    After a fork another transaction of ours may hold it. A node may have forgotten an old transaction and its
    event; the contract has not forgotten the head.
    """
    head = (record.size, record.root)
    with suppress(ProofError):  # after a fork the same transaction may have failed
        found = anchor.find(record.tx_hash)
        if found is not None and (found.size, found.root) == head:
            return found
    if head not in anchor.heads_from(record.size):
        return None
    with suppress(ProofError):
        found = anchor.at(record.size)
        if found is not None and (found.size, found.root) == head:
            return found
    return record


def _fields(data: bytes) -> dict[str, Field]:
    told = mapping(loads(data))
    return {name: value for name, value in told.items() if isinstance(value, str | int)}


def _blob(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise StoreDamaged("anchor_outbox_damaged")
    return value
