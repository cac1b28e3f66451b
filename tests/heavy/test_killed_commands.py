"""The operator's own commands against a real SuperLink: killed, interrupted, stopped, lost and left."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.exact import require_exact
from simulators.works import Run, Works, works
from xinqiao_governance.messages import say
from xinqiao_ledger.event import Kind
from xinqiao_ledger.files import replace_file
from xinqiao_ledger.report import Verdict

pytestmark = pytest.mark.heavy
DEPARTMENTS, SHORT, LONG = 4, 10, 200
SOON_S = 90.0
INTERRUPTED = 130


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    with works(Path(tmp_path_factory.mktemp("works")), DEPARTMENTS) as running:
        running.wait_until_up()
        yield running
    require_exact(running, delivered=False)
    assert all("Traceback" not in service.said() for service in running.services)
    assert running.left_over() == []


def outcomes(running: Works, run: Run) -> list[tuple[str, list[str | None], bool]]:
    """Each department's (state of the job, reasons of its outcomes, whether it still has the job's key)."""
    found = []
    for name in running.names:
        with running.home(name) as home:
            job = home.book.job(run.order.body.digest)
            assert job is not None
            events = [event for event in home.book.events() if event.job == run.order.body.digest.hex()]
            reasons = [event.reason for event in events if event.kind is Kind.OUTCOME]
            found.append((job.state, reasons, job.sealed_key is not None))
    return found


def again(running: Works, run: Run) -> tuple[int, str]:
    """Run the same order a second time; return exit code and last sentence."""
    run.service.start()
    status = run.service.wait(SOON_S)
    assert "Traceback" not in run.service.said()
    return status, run.reason


FAILED_BEFORE = say("job_failed_before", "en", reason="stopped")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupted_job_tells_every_department_and_keeps_its_reason(
    running: Works, number: signal.Signals
) -> None:
    run = running.under_way(answers=LONG)
    refused = running.stop_job(run)  # its process is alive
    assert (refused.returncode, refused.stderr.strip()) == (2, say("job_running", "en"))
    run.service.send(number)
    assert run.service.wait(SOON_S) == INTERRUPTED
    assert run.reason == say("interrupted", "en")
    assert "Traceback" not in run.service.said()
    assert outcomes(running, run) == [("failed", ["stopped"], False)] * DEPARTMENTS
    assert again(running, run) == (1, FAILED_BEFORE)
    assert outcomes(running, run) == [("failed", ["stopped"], False)] * DEPARTMENTS


def test_a_killed_job_is_stopped_by_command_and_told_to_who_was_away_later(running: Works) -> None:
    run = running.under_way(answers=LONG)
    run.service.kill()
    away = running.agents[running.names[0]]
    away.kill()
    stopped = running.stop_job(run)
    assert stopped.returncode == 0, stopped.stderr
    assert stopped.stdout.strip() == say("job_stop_told", "en", count=DEPARTMENTS - 1)
    joins = running.joins()  # the others are on line, as the count has just shown
    running.wait_for(lambda: running.joins() > joins, SOON_S, "the agent")
    stopped = running.stop_job(run)
    assert (stopped.returncode, stopped.stdout.strip()) == (
        0,
        say("job_stop_told", "en", count=DEPARTMENTS),
    ), stopped.stderr
    assert outcomes(running, run) == [("failed", ["stopped"], False)] * DEPARTMENTS
    assert again(running, run) == (1, FAILED_BEFORE)


def test_a_killed_job_goes_on_from_its_last_step(running: Works) -> None:
    run = running.under_way(answers=SHORT)
    run.service.kill()
    assert running.result(run).verdict is Verdict.PASS
    assert run.lost == [-signal.SIGKILL]
    card = json.loads((run.out / "card.json").read_bytes())["privacy"]
    assert card["steps"] + card["void_steps"] == SHORT
    assert card["void_steps"] <= 1


@pytest.mark.parametrize("keeper", [True, False], ids=["its command", "itself"])
def test_a_job_goes_on_after_its_superlink_was_killed(running: Works, keeper: bool) -> None:
    """The command that keeps it notices if only the SuperLink dies.

    The SuperLink forgets all, being in memory: the agents join anew, and the job goes on from its checkpoint.
    """
    run = running.under_way(answers=SHORT)
    inner = running.inner_superlink()
    assert inner is not None
    if keeper:
        running.superlink.kill()
    else:
        os.kill(inner, signal.SIGKILL)
        assert running.superlink.wait(SOON_S) == 1
        log = running.root / "superlink" / "superlink.log"
        assert running.superlink.said().strip().endswith(say("superlink_ended", "en", path=str(log)))
    assert run.service.wait(SOON_S) == 1
    assert run.reason == say("superlink_unreachable", "en", address=running.address)
    assert running.result(run).verdict is Verdict.PASS
    assert run.lost == [1]


def test_a_steward_leaves_a_running_job_and_the_others_go_on(running: Works) -> None:
    run, leaving = running.under_way(answers=SHORT), running.names[0]
    left = running.leave(leaving, run)
    assert left.returncode == 0, left.stderr
    assert left.stdout.strip() == say("node_left_job", "en", order=run.order.body.digest.hex()[:16])
    twice = running.leave(leaving, run)
    assert (twice.returncode, twice.stderr.strip()) == (2, say("job_not_open", "en"))
    assert running.result(run).verdict is Verdict.NOT_PROVEN  # nobody can sign for the one that left
    card = json.loads((run.out / "card.json").read_bytes())["privacy"]
    assert card["steps"] + card["void_steps"] == SHORT
    assert card["void_steps"] <= 1
    first, *others = outcomes(running, run)
    assert first == ("failed", ["left"], False)
    assert others == [("closed", ["completed"], False)] * (DEPARTMENTS - 1)


def test_a_damaged_checkpoint_is_named_and_the_job_can_be_stopped(running: Works) -> None:
    run = running.under_way(answers=LONG)
    run.service.kill()
    path = running.centre / "jobs" / run.order.body.digest.hex() / "course"
    replace_file(path, path.read_bytes()[:-1] + b"?")
    assert again(running, run) == (1, say("checkpoint_damaged", "en", path=str(path)))
    assert running.stop_job(run).stdout.strip() == say("job_stop_told", "en", count=DEPARTMENTS)
    assert outcomes(running, run) == [("failed", ["stopped"], False)] * DEPARTMENTS
