"""A process that writes its nodes' journals into a log until it dies by SIGKILL, at a place drawn before.

    python -m simulators.log_writer WHERE FOLDER NAME SEED PLACE TIMES

What happened goes into FOLDER at once: `NAME-*.sent` (each batch, by the number of its last event) and
`NAME-*.told` (number, index and leaf hash of each event that the log acknowledged), `signed` (each checkpoint
that was about to be signed) and `notes` (those returned).
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias, TypeVar

from simulators.ledger import ORIGIN
from xinqiao_governance.errors import NodeUnavailable
from xinqiao_ledger import log as logs
from xinqiao_ledger.database import Database, Row, Value, open_database
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.high_water import HighWater
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey

T = TypeVar("T")
PLACES = (
    "before a statement",
    "after a statement",
    "between rows",
    "before the transaction",
    "before the commit",
    "after the commit",
    "before signing",
    "after signing",
    "before the answer",
    "after the answer",
)
JOURNALS = 3
"""Nodes of one process, each with a thread of its own."""
PATIENCE_S = 60.0
_AGAIN = 6
_SIZES = (1, 1, 1, 2, 5, 20)
_CHECKPOINTS = 0.2


def where_of(text: str) -> Path | str:
    """Return the file or the URL that a command line names."""
    return text if "://" in text else Path(text)


class Journal:
    """A node's events, the same in every process: what a department keeps and sends again after a crash."""

    def __init__(self, name: str) -> None:
        self.node = sha256(name.encode()).hexdigest()
        self._leaves: list[bytes] = []
        self._last = GENESIS

    def leaves(self, start: int, end: int) -> list[bytes]:
        """Return the leaves of the events with numbers `start` + 1 to `end`."""
        while len(self._leaves) < end:
            number = len(self._leaves) + 1
            event = Event(
                kind=Kind.CONFIRM,
                node=self.node,
                seq=number,
                prev=self._last,
                time=1_800_000_000 + number,
                actor=self.node[:16],
                role="steward",
                action="synthetic",
            )
            self._leaves.append(event.leaf)
            self._last = event.hash.hex()
        return self._leaves[start:end]


def patiently(work: Callable[[], T]) -> T:
    """Do it again while the database is away: a server that was killed comes back."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return work()
        except NodeUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class Death:
    """Kills this process when it is at `place` for the given time."""

    def __init__(self, place: str, times: int) -> None:
        self._place, self._left = place, times

    def at(self, place: str) -> None:
        """Pass a place, or die there."""
        if place == self._place:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """A database in which a process dies at one of its statements, rows, commits."""

    def __init__(self, database: Database, death: Death) -> None:
        self._database, self._death = database, death

    def run(self, sql: str, *values: Value) -> list[Row]:
        self._death.at("before a statement")
        rows = self._database.run(sql, *values)
        self._death.at("after a statement")
        return rows

    def add(self, table: str, rows: Sequence[Sequence[Value]]) -> None:
        self._database.add(table, MortalRows(rows, self._death))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._death.at("before the transaction")
        with self._database.transaction():
            yield
            self._death.at("before the commit")
        self._death.at("after the commit")

    def close(self) -> None:
        self._database.close()


class MortalRows(list[Sequence[Value]]):
    """Rows between which a process dies."""

    def __init__(self, rows: Sequence[Sequence[Value]], death: Death) -> None:
        super().__init__(rows)
        self._death = death

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in super().__iter__():
            yield row
            self._death.at("between rows")


class MortalKey(SigningKey):
    """A key that says which checkpoint it is to sign, and at which a process dies."""

    death: Death
    signed: Path

    def sign(self, message: bytes) -> bytes:
        if not message.startswith(ORIGIN.encode()):
            return super().sign(message)  # a receipt
        append(self.signed, message.decode() + "\0")
        self.death.at("before signing")
        signature = super().sign(message)
        self.death.at("after signing")
        return signature


def append(path: Path, text: str) -> None:
    """Add to a file in one write: a kill leaves all of it or nothing."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, text.encode())
    finally:
        os.close(handle)


Told: TypeAlias = tuple[int, int, bytes]
"""Number, index and leaf hash of an event that a log promised to keep."""


def told(path: Path) -> list[Told]:
    """Return what a log promised."""
    if not path.exists():
        return []
    lines = map(str.split, path.read_text().splitlines())
    return [(int(number), int(index), bytes.fromhex(hashed)) for number, index, hashed in lines]


def opened(where: Path | str, folder: Path, key: SigningKey) -> Log:
    """Open the log as the centre does, with its newest head beside it."""
    return Log(where, key, ORIGIN, high_water=HighWater(folder))


def write(log: Log, folder: Path, name: str, draw: random.Random, death: Death) -> None:
    """Send a node's events, the last that were acknowledged among them once more."""
    path, journal = folder / f"{name}.told", Journal(name)
    sent = max((number for number, _, _ in told(path)), default=0)
    sent = max(0, sent - draw.randrange(_AGAIN))
    while True:
        leaves = journal.leaves(sent, sent + draw.choice(_SIZES))
        append(folder / f"{name}.sent", f"{sent + len(leaves)}\0")
        receipt = log.receipt(patiently(lambda: log.append(leaves)))  # noqa: B023  # done before the next
        death.at("before the answer")
        entries = enumerate(receipt.body.entries, start=sent + 1)
        append(path, "".join(f"{number} {index} {hashed.hex()}\n" for number, (index, hashed) in entries))
        death.at("after the answer")
        sent += len(leaves)
        if draw.random() < _CHECKPOINTS:
            append(folder / "notes", patiently(log.checkpoint) + "\0")


def main(where: str, folder: Path, name: str, seed: int, death: Death) -> None:
    """Write from several threads until death comes."""
    MortalKey.death, MortalKey.signed = death, folder / "signed"
    logs.open_database = lambda place, schema: Mortal(open_database(place, schema), death)
    log = patiently(lambda: opened(where_of(where), folder, MortalKey.load(folder / "log.key")))
    with ThreadPoolExecutor(JOURNALS) as threads:
        names = [f"{name}-{number}" for number in range(JOURNALS)]
        work = [
            threads.submit(write, log, folder, each, random.Random(f"{seed} {each}"), death) for each in names
        ]
        for failed in wait(work, return_when=FIRST_EXCEPTION).done:
            traceback.print_exception(failed.exception())
        sys.stderr.flush()
        os._exit(1)  # the other threads would go on for ever


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), Death(sys.argv[5], int(sys.argv[6])))
