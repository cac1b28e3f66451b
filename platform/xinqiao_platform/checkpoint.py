"""What a job needs to go on after its process was killed, and for its evidence: one folder an order.

    joined   who may take part: their signed job keys, and the tiers they published; written once
    course   the step that was asked last, how it ended, who is away, and the training's state
    card     the model card, once there is one: from here on the result is fixed
    order    the order as it was signed
    receipts the job receipts, as departments sign them once the result is fixed
    anchor   where the head of the log was anchored that covers the job
    lock     held by the process that runs the job

The last three are for evidence that is asked for later (`exports`).

`course` is written before a statement goes out and again before the step is logged. So a statement that is
not in `course` was never sent, and a step whose end is not in it is not in the log. Files are replaced whole;
a kill leaves the old one or the new one. Before a statement goes out `course` is flushed to the disk: after a
power cut, too, no step number is asked under a second statement. How a step ended is not flushed: an older
`course` may be found, and the log, which is flushed, tells. Nothing here is secret, and nothing here is
trusted by a department: it checks each statement and counts its own answers.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_governance.order import Order
from xinqiao_governance.parse import fields_of, hex_bytes, integer, mapping, objects, text
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import JobKey, JobReceipt
from xinqiao_ledger.files import io_errors, sync_folder
from xinqiao_platform.absences import Absences

GOOD, VOID = "good", "void"
_DIGEST_BYTES = 32

_ORDER = re.compile(r"[0-9a-f]{64}")

T = TypeVar("T")


@dataclass(frozen=True)
class Joined:
    """Those that allowed the order, by fingerprint, and the strictest tier they published by semantic."""

    keys: Mapping[bytes, Signed[JobKey]]
    tiers: Mapping[str, str]

    def encode(self) -> bytes:
        """Return the file's content."""
        keys: list[Json] = [key.to_json() for key in self.keys.values()]
        return dumps({"keys": keys, "tiers": self.tiers})

    @classmethod
    def decode(cls, data: bytes) -> "Joined":
        """Parse the file's content; WireInvalid where it is not one."""
        body = fields_of(loads(data), "keys", "tiers")
        keys = [Signed.parse(item, JobKey) for item in objects(body, "keys")]
        tiers = mapping(body["tiers"])
        return cls({key.body.node: key for key in keys}, {name: text(tiers, name) for name in tiers})


@dataclass(frozen=True)
class Course:
    """How far a job came.

    `step` was asked last (0: none) under the statement of digest `statement` to `members` departments;
    `outcome` says how it ended, empty while it is open. `training` is the state after it, or before it while
    it is open. `failed` is the reason why the job ended without a model, else empty.
    """

    training: bytes
    step: int = 0
    statement: bytes = bytes(_DIGEST_BYTES)
    members: int = 0
    outcome: str = ""
    failed: str = ""
    absences: Absences = field(default_factory=Absences)

    def encode(self) -> bytes:
        """Return the file's content: one line of canonical JSON, and the training's bytes."""
        head: dict[str, Json] = {
            "step": self.step,
            "statement": self.statement.hex(),
            "members": self.members,
            "outcome": self.outcome,
            "failed": self.failed,
            "absences": self.absences.to_json(),
        }
        return dumps(head) + b"\n" + self.training

    @classmethod
    def decode(cls, data: bytes) -> "Course":
        """Parse the file's content; WireInvalid where it is not one."""
        head, _, training = data.partition(b"\n")
        body = fields_of(loads(head), "step", "statement", "members", "outcome", "failed", "absences")
        return cls(
            training=training,
            step=integer(body, "step", at_least=0),
            statement=hex_bytes(body, "statement", length=_DIGEST_BYTES),
            members=integer(body, "members", at_least=0),
            outcome=text(body, "outcome"),
            failed=text(body, "failed"),
            absences=Absences.from_json(body["absences"]),
        )


class JobFolder:
    """The folder of one order's job below the centre's `path`.

    Every reader returns None where nothing was kept yet. All raise StoreDamaged: a file was changed, or the
    disk is full or broken.
    """

    def __init__(self, path: Path, order: bytes) -> None:
        self._path = path / "jobs" / order.hex()
        self._made = False  # the folder, by this object

    def joined(self) -> Joined | None:
        """Return who joined."""
        data = self._read("joined")
        return None if data is None else self._parsed("joined", lambda: Joined.decode(data))

    def keep_joined(self, joined: Joined) -> None:
        """Keep who joined."""
        self._write("joined", joined.encode(), flush=True)

    def course(self) -> Course | None:
        """Return how far the job came."""
        data = self._read("course")
        return None if data is None else self._parsed("course", lambda: Course.decode(data))

    def keep_course(self, course: Course) -> None:
        """Keep how far the job came."""
        self._write("course", course.encode(), flush=bool(course.failed) or not course.outcome)

    def card(self) -> Mapping[str, Json] | None:
        """Return the model card."""
        data = self._read("card")
        return None if data is None else self._parsed("card", lambda: mapping(loads(data)))

    def keep_card(self, card: Mapping[str, Json]) -> None:
        """Keep the model card."""
        self._write("card", dumps(card), flush=True)

    def order(self) -> Signed[Order] | None:
        """Return the signed order."""
        data = self._read("order")
        return None if data is None else self._parsed("order", lambda: Signed.parse(loads(data), Order))

    def keep_order(self, order: Signed[Order]) -> None:
        """Keep the signed order."""
        self._write("order", dumps(order.to_json()), flush=True)

    def receipts(self) -> tuple[Signed[JobReceipt], ...]:
        """Return the job receipts that were kept, by department."""
        data = self._read("receipts")
        return () if data is None else self._parsed("receipts", lambda: _receipts(data))

    def keep_receipts(self, receipts: Iterable[Signed[JobReceipt]]) -> None:
        """Keep job receipts beside the kept ones: a department that is away now may have signed before."""
        kept = {receipt.body.node: receipt for receipt in (*self.receipts(), *receipts)}
        self._write("receipts", dumps([kept[node].to_json() for node in sorted(kept)]), flush=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process from running the same job; the system lets go when this one dies.

        Raises:
            UsageInvalid: another process runs it.
        """
        with io_errors(self._path):
            self._path.mkdir(parents=True, exist_ok=True)
            lock = (self._path / "lock").open("ab")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UsageInvalid("job_running") from error
            yield

    def _read(self, name: str) -> bytes | None:
        path = self._path / name
        with io_errors(self._path):
            data = path.read_bytes() if path.exists() else None
        if data is None:
            return None
        seal, content = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        if hashlib.sha256(content).digest() != seal:
            raise StoreDamaged("checkpoint_damaged", path=str(path))
        return content

    def _write(self, name: str, content: bytes, *, flush: bool) -> None:
        with io_errors(self._path):
            if not self._made:
                self._path.mkdir(parents=True, exist_ok=True)
                for folder in self._path.parents[:2]:
                    sync_folder(folder)  # or the power cut may take the whole folder
                self._made = True
            draft = self._path / f"{name}.new"
            with draft.open("wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
                if flush:
                    file.flush()
                    os.fsync(file.fileno())
            draft.replace(self._path / name)
            if flush:
                sync_folder(self._path)  # or the power cut may bring the file's old content back

    def _parsed(self, name: str, parse: Callable[[], T]) -> T:
        try:
            return parse()
        except WireInvalid as error:
            raise StoreDamaged("checkpoint_damaged", path=str(self._path / name)) from error


def kept_jobs(path: Path) -> list[JobFolder]:
    """Return the folders of all jobs below the centre's `path`."""
    jobs = path / "jobs"
    with io_errors(jobs):
        names = sorted(folder.name for folder in jobs.iterdir()) if jobs.is_dir() else []
    return [JobFolder(path, bytes.fromhex(name)) for name in names if _ORDER.fullmatch(name)]


def _receipts(data: bytes) -> tuple[Signed[JobReceipt], ...]:
    return tuple(Signed.parse(item, JobReceipt) for item in objects({"receipts": loads(data)}, "receipts"))
