"""Centre and departments in network namespaces of their own: what it costs when a cable is cut."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulators.namespaces import Network, missing, network, started
from simulators.processes import found_departments, ordered
from xinqiao_app.commands.cards import DepartmentCard
from xinqiao_app.directory import remember
from xinqiao_app.enterprise import Enterprise
from xinqiao_clients.flower import public_pem
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.messages import say

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.heavy]
PORT, BOUND_S = 9092, 400.0  # a port is free in a new namespace
NAMES = ("north", "south", "east", "west")
STEP = re.compile(rf"\d+/\d+  ({say('demo_good', 'en')}|{say('demo_void', 'en')})  (\d+)$", re.MULTILINE)


@pytest.fixture(scope="module", autouse=True)
def _namespaces() -> None:
    if lacking := missing():
        pytest.skip(lacking)


@dataclass
class Site:
    """A running deployment: the centre's SuperLink and every agent, each in its namespace."""

    root: Path
    net: Network
    agents: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def said(self, who: str) -> str:
        """What a process has printed so far."""
        path = self.root / f"{who}.out"
        return path.read_text("utf-8") if path.exists() else ""

    def good(self) -> int | None:
        """How many members the last step that `job run` has shown had, if it was a good one."""
        shown = STEP.findall(self.said("job"))
        return int(shown[-1][1]) if shown and shown[-1][0] == say("demo_good", "en") else None

    @contextmanager
    def job(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run the order from the centre's namespace."""
        command = self.net.command(self.net.centre, "job", "run", str(self.root / "order.json"))
        command += ["--centre", str(self.root / "centre"), "--out", str(self.root / "out")]
        with started([*command, "--superlink", f"127.0.0.1:{PORT}"], self.root / "job.out") as process:
            yield process


def wait_until(process: "subprocess.Popen[bytes]", seen: Callable[[], bool], what: str) -> None:
    """Wait until a running process has shown something; its end, or the bound's, is a failed test."""
    deadline, ended = time.monotonic() + BOUND_S, False
    while not seen():
        assert not ended, f"{what}: the process has ended with {process.returncode}"
        assert time.monotonic() < deadline, what
        ended = process.poll() is not None  # what it said last is looked at once more
        time.sleep(0.05)


@contextmanager
def deployed(root: Path, answers: int) -> Iterator[Site]:
    enterprise = found_departments(root, NAMES)
    (root / "order.json").write_bytes(dumps(ordered(enterprise, answers).to_json()))
    remember(root / "centre", cards_of(enterprise))
    enterprise.close()
    with ExitStack() as running:
        net = running.enter_context(network(len(NAMES)))
        site = Site(root, net)
        names = [word for number in range(len(NAMES)) for word in ("--name", net.address(number))]
        command = net.command(net.centre, "job", "superlink", "--centre", str(root / "centre"), *names)
        command += ["--port", str(PORT), "--network", "--dir", str(root / "link")]
        running.enter_context(started(command, root / "superlink.out"))
        for number, member in enumerate(enterprise.sites):
            command = net.command(net.departments[number], "node", "run", "--home", str(member.home.path))
            command += ["--superlink", f"{net.address(number)}:{PORT}"]
            out = root / f"{member.id}.out"
            agent = running.enter_context(started(command, out, secret=member.passphrase))
            site.agents.append(agent)
        yield site
    assert not [name for name in (net.centre, *net.departments) if (Path("/run/netns") / name).exists()]


def cards_of(enterprise: Enterprise) -> list[DepartmentCard]:
    return [
        DepartmentCard(site.id, site.home.identity.public, public_pem(site.home.transport_key))
        for site in enterprise.sites
    ]


def test_a_cable_that_is_cut_for_some_steps_costs_these_steps_only(tmp_path: Path) -> None:
    last = len(NAMES) - 1
    with deployed(tmp_path, answers=40) as site:
        for number in range(len(NAMES)):  # no default route, no other department
            assert [route.split()[0] for route in site.net.routes(number)] == [f"10.77.{number}.0/30"]
        with site.job() as job:
            wait_until(job, lambda: site.good() == len(NAMES), "the first steps")
            before = len(site.said(NAMES[last]))
            site.net.cable(last, "down")
            wait_until(job, lambda: site.good() == last, "a good step without the department")
            site.net.cable(last, "up")
            wait_until(job, lambda: site.good() == len(NAMES), "a good step with the department again")
            assert job.wait(BOUND_S) == 0, site.said("job")
        privacy = loads((tmp_path / "out" / "card.json").read_bytes())["privacy"]
        assert privacy["steps"] + privacy["void_steps"] == 40
        assert 1 <= privacy["void_steps"] <= 2
        since = site.said(NAMES[last])[before:]
        assert (since.count("cannot be reached"), since.count("Connected to the SuperLink")) == (1, 1), since
        assert json.loads((tmp_path / "out" / "card.json").read_bytes())["departments_stayed"] == len(NAMES)


def test_a_centre_that_is_cut_off_for_good_ends_its_job_and_agents_keep_waiting(tmp_path: Path) -> None:
    with deployed(tmp_path, answers=40) as site:
        with site.job() as job:
            wait_until(job, lambda: site.good() == len(NAMES), "the first steps")
            for number in range(len(NAMES)):
                site.net.cable(number, "down")
            assert job.wait(BOUND_S) == 1
        assert "departments are left" in site.said("job")
        assert "Traceback" not in site.said("job")
        for name, agent in zip(NAMES, site.agents, strict=True):
            wait_until(agent, lambda name=name: "trying again until it can" in site.said(name), name)
            assert agent.poll() is None
            agent.send_signal(signal.SIGTERM)
        for name, agent in zip(NAMES, site.agents, strict=True):
            assert agent.wait(60) == 0
            assert "Traceback" not in site.said(name)
