"""Processes that write into one log, killed again and again: what the log promised, it keeps.

Several processes append and take checkpoints side by side. They die by SIGKILL at a drawn place (between two
statements or rows, around a commit, around a signature, before and after the answer) or at a drawn time; on
PostgreSQL the server's own processes, too, and the whole server. After each death everything that was ever
acknowledged is looked for, while the others go on. A seed, printed at the start, draws who dies where; the
machine's own timing is not in it. XINQIAO_LOG_KILLS says how many kills on each database (100),
XINQIAO_LOG_KILLS_SEED repeats a draw.
"""

import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulators import postgres
from simulators.kills import TESTS
from simulators.ledger import ORIGIN
from simulators.log_writer import JOURNALS, PLACES, Journal, Told, opened, patiently, told
from simulators.processes import DIES_WITH_US
from xinqiao_ledger.checkpoint import Checkpoint
from xinqiao_ledger.database import Row, open_database
from xinqiao_ledger.fsck import fsck
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.tree import Tree, leaf_hash

pytestmark = pytest.mark.heavy

KILLS = int(os.environ.get("XINQIAO_LOG_KILLS", "100"))
SEED = int(os.environ.get("XINQIAO_LOG_KILLS_SEED") or secrets.randbits(32))
KILLS_A_LOG = 10  # then a new one: the first statements of a log are places to die at, too
WRITERS = 3
MOST_TIMES = 40  # that a writer passes its place before it dies there
LONGEST_S = 1.5  # between two deaths
BACKENDS, SERVERS = 0.3, 0.05  # how often one is tried before the next death on PostgreSQL
_AGAIN = 20
_LOOK_S = 0.01


@dataclass
class Writers:
    """The processes that write into one log, and what became of them."""

    where: Path | str
    folder: Path
    draw: random.Random
    killed: Counter[str]
    processes: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start a writer that is to die at a drawn place."""
        place, times = self.draw.choice(PLACES), self.draw.randint(1, MOST_TIMES)
        script = (sys.executable, "-m", "simulators.log_writer")
        fate = (name, str(self.draw.getrandbits(32)), place, str(times))
        paths = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
        with (self.folder / f"{name}.said").open("ab") as said:
            self.processes[name] = subprocess.Popen(
                [*DIES_WITH_US, *script, str(self.where), str(self.folder), *fate],
                env=os.environ | {"PYTHONPATH": paths},
                stdout=said,
                stderr=said,
            )
        self.places[name] = place

    def next_death(self) -> None:
        """Wait until a writer dies at its place; kill one that does not come there in time. Start it anew."""
        deadline = time.monotonic() + self.draw.uniform(0, LONGEST_S)
        victim = self.draw.choice(sorted(self.processes))
        while not self.dead():
            if time.monotonic() >= deadline:
                self.processes[victim].kill()
                self.processes[victim].wait()
                self.places[victim] = "at any time"
            time.sleep(_LOOK_S)
        for name in self.dead():
            code, said = self.processes[name].returncode, (self.folder / f"{name}.said").read_text()
            assert code == -signal.SIGKILL, f"{name} ended with {code}: {said}"
            self.killed[self.places[name]] += 1
            self.require_promises()
            self.start(name)

    def dead(self) -> list[str]:
        """Return who died."""
        return [name for name, process in self.processes.items() if process.poll() is not None]

    def end(self) -> None:
        """Kill whoever is left."""
        for process in self.processes.values():
            process.kill()
            process.wait()

    # ---- what must hold, at any time ---------------------------------------------------------------

    def require_promises(self) -> int:
        """Look for all that was ever promised, in the rows themselves; return how many events that are."""
        promised = {name: told(self.folder / f"{name}.told") for name in self.journals()}
        notes, signed = self.noted("notes"), self.noted("signed")
        with closing(patiently(lambda: opened(self.where, self.folder, self.key))) as log:
            rows = patiently(lambda: self.rows("SELECT idx, leaf FROM entry ORDER BY idx"))
            assert [index for index, _ in rows] == list(range(len(rows)))
            leaves = [leaf for _, leaf in rows if isinstance(leaf, bytes)]
            for name, entries in promised.items():
                self.require_kept(name, entries, leaves)
            self.require_one_root(signed, Tree(map(leaf_hash, leaves)))
            kept = {note for (note,) in patiently(lambda: self.rows("SELECT note FROM checkpoints"))}
            assert set(notes) <= kept
            found = patiently(lambda: fsck(self.where, origin=ORIGIN, log_key=self.key.public))
            assert found.count == 0, found.damages
            self.require_idempotent(log, promised)
        return sum(map(len, promised.values()))

    def require_kept(self, name: str, entries: Sequence[Told], leaves: Sequence[bytes]) -> None:
        """Each event stands once, where its department was told; of what was sent at once all or nothing."""
        journal = Journal(name)
        own = [leaf for leaf in leaves if f'"node":"{journal.node}"'.encode() in leaf]
        assert own == journal.leaves(0, len(own))
        assert len(own) in {0, *map(int, self.noted(f"{name}.sent"))}
        for number, index, hashed in entries:
            assert leaves[index] == own[number - 1]
            assert hashed == leaf_hash(own[number - 1])

    def require_one_root(self, signed: list[str], tree: Tree) -> None:
        """Every checkpoint that a key was asked to sign, returned or not, is of this one history."""
        for body in signed:
            said = Checkpoint.parse(body)
            assert said.root == tree.root(said.size)

    def require_idempotent(self, log: Log, promised: dict[str, list[Told]]) -> None:
        """The last events of each node, sent again, have the indices they had."""
        for name, entries in promised.items():
            last = {number: index for number, index, _ in entries[-_AGAIN:]}
            numbers = range(min(last, default=1), max(last, default=0) + 1)
            leaves = Journal(name).leaves(numbers.start - 1, numbers.stop - 1)
            assert patiently(lambda: log.append(leaves)) == [last[number] for number in numbers]  # noqa: B023

    @property
    def key(self) -> SigningKey:
        return SigningKey.load(self.folder / "log.key")

    def journals(self) -> list[str]:
        return [f"{name}-{number}" for name in self.processes for number in range(JOURNALS)]

    def rows(self, query: str) -> list[Row]:
        with closing(open_database(self.where, "")) as database:
            return database.run(query)

    def noted(self, name: str) -> list[str]:
        """Return the texts of a file that writers add to."""
        path = self.folder / name
        return path.read_text().split("\0")[:-1] if path.exists() else []


@contextmanager
def writers(where: Path | str, folder: Path, draw: random.Random, killed: Counter[str]) -> Iterator[Writers]:
    """Run writers on a new log, and end whatever is left of them."""
    folder.mkdir()
    SigningKey.create(folder / "log.key")
    running = Writers(where, folder, draw, killed)
    try:
        for number in range(WRITERS):
            running.start(f"writer{number}")
        yield running
    finally:
        running.end()


def strike(server: postgres.Server, url: str, draw: random.Random, killed: Counter[str]) -> None:
    """Kill the server under the writers or one of its processes, if the draw says so."""
    drawn = draw.random()
    if drawn < SERVERS:
        server.kill()
        server.start()
        killed["the server"] += 1
    elif drawn < SERVERS + BACKENDS:
        killed["a process of the server"] += server.kill_a_process(url, draw)


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> Iterator[postgres.Server | None]:
    if request.param == "sqlite":
        yield None
        return
    with postgres.running() as started:
        yield started


def test_what_the_log_promised_it_keeps_however_its_writers_die(
    server: postgres.Server | None, tmp_path: Path
) -> None:
    print(f"seed {SEED}, {KILLS} kills on {'PostgreSQL' if server else 'SQLite'}", flush=True)
    draw, killed, told_in_all = random.Random(SEED), Counter[str](), 0
    for number in range(KILLS):
        if killed.total() >= KILLS:
            break
        where = postgres.new_database(server.url) if server else tmp_path / f"{number}.sqlite"
        with writers(where, tmp_path / str(number), draw, killed) as running:
            until = min(KILLS, killed.total() + KILLS_A_LOG)
            while killed.total() < until:
                if server is not None:
                    strike(server, str(where), draw, killed)
                running.next_death()
        told_in_all += running.require_promises()
    print(f"killed {dict(killed)}; {told_in_all} events were acknowledged, and are there", flush=True)
