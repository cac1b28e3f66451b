"""Flower's own SuperNode beside two light agents: one deployed job of real processes, up to its evidence."""

import io
import os
import signal
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulators.processes import found_departments, ordered, trust_in
from simulators.waits import wait_until
from xinqiao_app.carry import agent
from xinqiao_app.cli import chosen_language
from xinqiao_app.deployed import start_superlink
from xinqiao_app.operate import run_order
from xinqiao_app.progress import Progress
from xinqiao_app.superlink_run import admit
from xinqiao_clients.flower import public_pem, trusting
from xinqiao_governance.canonical import loads
from xinqiao_governance.messages import say
from xinqiao_ledger.report import Status
from xinqiao_ledger.verify import verify
from xinqiao_platform.tls import authority_pem

pytestmark = [pytest.mark.flow, pytest.mark.slow]
NAMES, ANSWERS = ("north", "south", "east"), 4
BOUND_S = 60.0


def processes_that_name(folder: Path) -> dict[int, str]:
    """Return the command lines of processes that name `folder`, by pid."""
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                command = (process / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue  # it ended while we looked
            if str(folder) in command:
                found[int(process.name)] = command
    return found


@pytest.mark.heavy
def test_a_department_with_a_stock_supernode_takes_part_in_every_step(tmp_path: Path) -> None:
    enterprise = found_departments(tmp_path, NAMES)
    order = ordered(enterprise, ANSWERS)
    operator = enterprise.centre.operator
    supernode = enterprise.sites[-1]
    shown = io.StringIO()
    try:
        with ExitStack() as running:
            superlink = running.enter_context(start_superlink(tmp_path / "superlink", operator))
            keys = [public_pem(site.home.transport_key) for site in enterprise.sites]
            admit(superlink.address, trusting(authority_pem(operator)), keys)
            for site in enterprise.sites[:-1]:
                running.enter_context(agent(site, superlink.address))
            running.enter_context(agent(supernode, superlink.address, "supernode"))
            anchor = run_order(
                tmp_path / "centre", order, superlink.address, tmp_path / "out", Progress("en", shown)
            )
            started = list(processes_that_name(supernode.home.path).values())
            stock = [command for command in started if "flower_supernode" in command]
            assert stock, started
            assert all("--isolation process" in command for command in stock)
            assert not (supernode.home.path / "supernode" / "keys").exists()
        card = loads((tmp_path / "out" / "card.json").read_bytes())
        privacy = card["privacy"]
        assert (privacy["steps"], privacy["void_steps"]) == (ANSWERS, 0), shown.getvalue()
        assert card["departments_stayed"] == len(NAMES)
        report = verify((tmp_path / "out" / "evidence.bundle").read_bytes(), trust_in(enterprise, anchor))
        assert [finding for finding in report.findings if finding.status is Status.FAIL] == []
        assert report.verdict == "PASS"
    finally:
        enterprise.close()
    assert processes_that_name(tmp_path) == {}


def test_a_department_whose_supernode_is_kept_no_more_ends_and_says_why(tmp_path: Path) -> None:
    enterprise = found_departments(tmp_path, NAMES[:1])
    (site,) = enterprise.sites
    said = site.home.path / "agent.log"
    try:
        with agent(site, "127.0.0.1:9", "supernode") as command:
            wait_until(lambda: say("node_running", chosen_language(), name=site.id) in said.read_text())
            started = processes_that_name(site.home.path)
            (keeper,) = (pid for pid, line in started.items() if "xinqiao_app.keeper:main" in line)
            os.kill(keeper, signal.SIGKILL)
            assert command.wait(BOUND_S) == 1
        log = site.home.path / "supernode" / "supernode.log"
        assert said.read_text().endswith(say("supernode_ended", chosen_language(), path=str(log)) + "\n")
    finally:
        enterprise.close()
    assert processes_that_name(tmp_path) == {}
