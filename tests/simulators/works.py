"""An enterprise of real processes: the commands that people type, on the loopback, over TLS.

Whoever is killed is started again by `Works.tend`, a moment later, as a service manager does. The tables are
small and synthetic. What every process says is kept in a file of its own.

Every wait has a bound, so that a test that hangs says for what. They are for slow machines, and their sum is
far beyond half an hour. What keeps `make test-heavy` under it is the bound of the whole run in the Makefile.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from simulators.enterprise import CONTRACT, MODEL, PURPOSE, dataset, table
from simulators.processes import DIES_WITH_US
from xinqiao_app.commands.cards import DepartmentCard
from xinqiao_app.directory import remember
from xinqiao_app.enterprise import Table, found_enterprise
from xinqiao_clients.flower import public_pem
from xinqiao_clients.home import Home
from xinqiao_governance.canonical import dumps
from xinqiao_governance.messages import say
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_ledger.report import Report, Status
from xinqiao_ledger.trust import Trust, TrustedKey
from xinqiao_ledger.verify import verify
from xinqiao_platform.centre import Centre
from xinqiao_platform.checkpoint import Course, JobFolder
from xinqiao_platform.ordering import write_order

COST = Spend(50_000, 500)
CAP = Spend(5_000_000, 50_000)
STEP_S = 6
STOP_S = 30.0
JOB_S = 600.0
_RESTART_S = 0.5
_LOOK_S = 0.05
_ENGLISH = {"LANG": "C.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}


@dataclass
class Service:
    """One command as a process of its own session. `starts` counts how often it was started."""

    name: str
    command: Sequence[str]
    log: Path
    stdin: bytes | None = None  # handed over at the start; the pipe then stays open
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0
    started_at: float = 0.0
    ended_at: float | None = None

    def start(self) -> None:
        """Start it; what it says is added to its file."""
        self.let_go()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*DIES_WITH_US, sys.executable, "-m", "xinqiao_app", *self.command],
                stdin=subprocess.DEVNULL if self.stdin is None else subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=os.environ | _ENGLISH,
                start_new_session=True,
            )
        self.starts += 1
        self.started_at = time.monotonic()
        self.ended_at = None
        if self.process.stdin is not None:
            with suppress(BrokenPipeError):
                self.process.stdin.write(self.stdin or b"")
                self.process.stdin.flush()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def running(self) -> bool:
        """Say whether it runs; note when it was first seen that it does not."""
        if self.process is None:
            return False
        if self.process.poll() is None:
            return True
        self.ended_at = self.ended_at or time.monotonic()
        return False

    def tend(self) -> None:
        """Start it again if it has been down for a moment."""
        if not self.running() and time.monotonic() >= (self.ended_at or 0.0) + _RESTART_S:
            self.start()

    def send(self, number: signal.Signals) -> None:
        """Send the process alone a signal."""
        if self.process is not None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """Kill it as nothing can be refused, and see it dead."""
        self.send(signal.SIGKILL)
        self.wait(STOP_S)

    def wait(self, bound_s: float) -> int:
        """Wait for its end and return its exit code; longer than `bound_s` is a failed test."""
        assert self.process is not None
        try:
            status = self.process.wait(bound_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} waited beyond {bound_s:g} s:\n{self.said()[-2000:]}") from None
        self.running()
        return status

    def let_go(self) -> None:
        """Close our end of its pipe."""
        if self.process is not None and self.process.stdin is not None:
            with suppress(BrokenPipeError):
                self.process.stdin.close()

    def end(self) -> None:
        """End it politely, then not."""
        if self.process is None:
            return
        self.let_go()
        if self.process.poll() is None:
            for number in (signal.SIGCONT, signal.SIGTERM):
                self.process.send_signal(number)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        """Return all it ever said."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


@dataclass
class Run:
    """One order's `xinqiao job run`, started again until it has ended for good."""

    service: Service
    order: Signed[Order]
    file: Path
    out: Path
    folder: JobFolder
    again: Callable[[str], bool]
    lost: list[int] = field(default_factory=list)  # exit codes after which it was started again

    def ended(self) -> bool:
        """Say whether the job is over; a process that was killed, or lost the SuperLink, runs again."""
        if self.service.running():
            return False
        assert self.service.process is not None
        status = self.service.process.returncode
        if status == -signal.SIGKILL or (status and self.again(self.reason)):
            starts = self.service.starts
            self.service.tend()
            self.lost += [status] * (self.service.starts - starts)
            return False
        return True

    def course(self) -> Course | None:
        """Return how far the job came."""
        return self.folder.course()

    @property
    def reason(self) -> str:
        """The last sentence that it said."""
        return (self.service.said().strip().splitlines() or [""])[-1]


@dataclass
class Works:
    """A centre's folder, departments' folders, and the processes over them. `names` are the departments."""

    root: Path
    names: tuple[str, ...]
    passphrases: dict[str, str]
    nodes: dict[str, bytes]
    keys: dict[str, bytes]
    port: int
    cap: Spend
    agents: dict[str, Service] = field(default_factory=dict)
    superlink: Service = field(init=False)
    runs: list[Service] = field(default_factory=list)

    @property
    def centre(self) -> Path:
        return self.root / "centre"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def services(self) -> list[Service]:
        return [self.superlink, *self.agents.values()]

    def home_path(self, name: str) -> Path:
        return self.root / "departments" / name

    @contextmanager
    def home(self, name: str) -> Iterator[Home]:
        """Open a department's home, as a steward's command beside the agent does."""
        home = Home.open(self.home_path(name), self.passphrases[name])
        try:
            yield home
        finally:
            home.close()

    def order(self, *, answers: int, spend: Spend = COST) -> tuple[Signed[Order], Path]:
        """Write an order for all departments, approved by every steward; return it and its file."""
        centre = Centre(self.centre)
        try:
            signed = write_order(
                centre,
                model=MODEL,
                people=dict.fromkeys(self.nodes.values(), 1_000),
                spend=spend,
                purpose=PURPOSE,
                legal_basis="staff_consent",
                answers=answers,
            )
        finally:
            centre.close()
        for name in self.names:
            with self.home(name) as home:
                home.approve(signed, "steward")
        file = self.root / f"order-{len(list(self.root.glob('order-*.json'))) + 1}.json"
        file.write_bytes(dumps(signed.to_json()))
        return signed, file

    def run(self, signed: Signed[Order], file: Path) -> Run:
        """Start `xinqiao job run` of an order."""
        out = file.with_suffix(".results")
        command = ["job", "run", str(file), "--centre", str(self.centre)]
        command += ["--superlink", self.address, "--out", str(out), "--step-seconds", str(STEP_S)]
        service = Service(file.stem, command, file.with_suffix(".log"))
        service.start()
        self.runs.append(service)
        folder = JobFolder(self.centre, signed.body.digest)
        return Run(service, signed, file, out, folder, self._worth_another_try)

    def under_way(self, *, answers: int) -> Run:
        """Start a job, and return when its second step was asked."""
        run = self.run(*self.order(answers=answers))

        def second_step() -> bool:
            assert run.service.running(), run.service.said()
            course = run.course()
            return course is not None and course.step >= 2

        self.wait_for(second_step, JOB_S, "the second step")
        return run

    def result(self, run: Run) -> Report:
        """Let a job end with a model, and return what its evidence is worth: nothing in it may fail."""
        self.wait_for(run.ended, JOB_S, "the job")
        assert run.service.process is not None
        assert run.service.process.returncode == 0, run.service.said()
        return self.judged(run)

    def judged(self, run: Run) -> Report:
        """Check the evidence of a job that is done: nothing fails, and only signatures may be missing."""
        assert "Traceback" not in run.service.said()
        report = verify((run.out / "evidence.bundle").read_bytes(), self.trust())
        assert [finding for finding in report.findings if finding.status is Status.FAIL] == []
        unproven = {f.code for f in report.findings[:8] if f.status is Status.NOT_CHECKED}
        assert unproven <= {"audit_receipts_missing"}
        return report

    def call(self, *command: str, bound_s: float = 120.0) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [*DIES_WITH_US, sys.executable, "-m", "xinqiao_app", *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=os.environ | _ENGLISH,
            timeout=bound_s,
            check=False,
        )

    def stop_job(self, run: Run) -> "subprocess.CompletedProcess[str]":
        """`xinqiao job stop` of an order."""
        return self.call(
            *("job", "stop", str(run.file), "--centre", str(self.centre), "--superlink", self.address)
        )

    def leave(self, name: str, run: Run) -> "subprocess.CompletedProcess[str]":
        """`xinqiao node leave` by a department's steward."""
        home = ["--home", str(self.home_path(name)), "--passphrase-file", str(self._secret(name))]
        return self.call("node", "leave", str(run.file), *home)

    def tend(self, *, but: Sequence[Service] = ()) -> None:
        """Start again whatever is down, but those that someone else looks after."""
        for service in self.services:
            if service not in but:
                service.tend()

    def wait_for(self, seen: Callable[[], bool], bound_s: float, what: str) -> None:
        """Tend the services until something is seen; longer than `bound_s` is a failed test."""
        deadline = time.monotonic() + bound_s
        while not seen():
            assert time.monotonic() < deadline, f"{what}: waited beyond {bound_s:g} s"
            self.tend()
            time.sleep(_LOOK_S)

    def wait_until_up(self) -> None:
        """Wait until every agent has said that it runs, and the SuperLink answers."""

        def up() -> bool:
            said = [
                say("node_running", "en", name=name) in agent.said() for name, agent in self.agents.items()
            ]
            return self.address in self.superlink.said() and all(said)

        self.wait_for(up, 120.0, "the services")

    def joins(self) -> int:
        """Count by the SuperLink's log how often it took an agent in; one that joins at once is silent."""
        log = self.root / "superlink" / "superlink.log"
        return log.read_text("utf-8", "replace").count("[Fleet.ActivateNode] Activated")

    def inner_superlink(self) -> int | None:
        """Return the pid of the SuperLink itself, below the command that keeps it."""
        try:
            children = Path(f"/proc/{self.superlink.pid}/task/{self.superlink.pid}/children").read_text()
        except FileNotFoundError:
            return None
        return int(children.split()[0]) if children.split() else None

    def trust(self) -> Trust:
        """What an auditor who met everybody would write."""
        centre = Centre(self.centre)
        try:
            departments = tuple(TrustedKey(name, key) for name, key in self.keys.items())
            return Trust(
                origin=centre.log.origin,
                log_key=centre.log_key.public,
                operator=centre.operator.public,
                departments=departments,
                witnesses=(),
                witness_threshold=0,
                chain=None,
            )
        finally:
            centre.close()

    def end(self) -> None:
        """End every process: jobs, then agents, then the SuperLink."""
        for service in [*self.runs, *self.agents.values(), self.superlink]:
            service.end()

    def left_over(self) -> list[str]:
        """Return the command lines of processes that still name this folder."""
        found = []
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and int(process.name) != os.getpid():
                with suppress(OSError):
                    line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                    if str(self.root) in line:
                        found.append(line)
        return found

    def _secret(self, name: str) -> Path:
        return self.root / f"{name}.passphrase"

    def _worth_another_try(self, sentence: str) -> bool:
        """Say whether `job run` ended because it could not be carried: the same order goes on later."""
        return sentence in {
            say("superlink_unreachable", "en", address=self.address),
            say("superlink_task_taken", "en", address=self.address),
            say("conversation_lost", "en"),
        }


@contextmanager
def works(root: Path, departments: int, *, cap: Spend = CAP, people: int = 60) -> Iterator[Works]:
    """Found a centre and departments under `root`, run their services, and end them with the block."""
    found = _found(root, departments, cap, people)
    link = ["job", "superlink", "--centre", str(found.centre), "--port", str(found.port)]
    link += ["--dir", str(root / "superlink")]
    found.superlink = Service("superlink", link, root / "superlink.out")
    for name in found.names:
        command = ["node", "run", "--home", str(found.home_path(name)), "--superlink", found.address]
        command += ["--passphrase-file", str(found._secret(name)), "--until-eof"]
        found.agents[name] = Service(name, command, root / f"{name}.out", stdin=b"")
    try:
        found.tend()
        yield found
    finally:
        found.end()


def _found(root: Path, departments: int, cap: Spend, people: int) -> Works:
    names = tuple(f"dept-{number}" for number in range(departments))
    tables = [
        Table(name, pd.DataFrame(table(number, people)), dataset(name), CONTRACT, people, checked=True)
        for number, name in enumerate(names)
    ]
    enterprise = found_enterprise(root, tables, cap=cap, minimum_members=3)
    sites = enterprise.sites
    cards = [
        DepartmentCard(site.id, site.home.identity.public, public_pem(site.home.transport_key))
        for site in sites
    ]
    remember(root / "centre", cards)
    made = Works(
        root=root,
        names=names,
        passphrases={site.id: site.passphrase for site in sites},
        nodes={site.id: site.node for site in sites},
        keys={site.id: site.home.identity.public for site in sites},
        port=_free_port(),
        cap=cap,
    )
    for name, passphrase in made.passphrases.items():
        made._secret(name).write_text(passphrase)
        made._secret(name).chmod(0o600)
    enterprise.close()
    return made


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
