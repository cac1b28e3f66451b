"""How far a job has come, for whoever looks from another terminal: at every step, and at each kind of end."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.enterprise import DirectChannel, Enterprise, found, run_job
from xinqiao_app.cli import main
from xinqiao_app.commands.job_status import course, lines
from xinqiao_app.progress import short
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import StoreDamaged
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import AnswerFrame, Refusal, StepAsk
from xinqiao_governance.wire import AskFrame as Frame
from xinqiao_platform.channel import Ask
from xinqiao_platform.departments import Departments
from xinqiao_platform.job_status import JobStatus, status_of
from xinqiao_platform.jobs import Job

ANSWERS = 4
VICTIM = "1"


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    folder = Path(tmp_path_factory.mktemp("enterprise"))
    enterprise = found(folder, 4, cap=Spend(1_000_000_000, 10_000_000))
    yield enterprise
    enterprise.close()


def seen_while_it_runs(
    enterprise: Enterprise, order: Signed[Order], answer: bytes | None = b""
) -> list[JobStatus]:
    """Run a job and return its status before each step; `answer` is what the victim says to its second."""
    seen: list[JobStatus] = []

    def look(address: str, ask: Ask) -> Ask | None:
        if address == VICTIM and isinstance(Frame.decode(ask.wire).ask, StepAsk):
            seen.append(status_of(enterprise.centre.path, order.body))
        return ask

    def say(address: str, frame: bytes) -> bytes | None:
        second = address == VICTIM and len(seen) == 2 and b'"masked_vector"' in frame[:200]
        return answer if second and answer != b"" else frame

    run_job(enterprise, order, enterprise.channel(change_ask=look, change=say))
    return seen


def test_before_while_and_after(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=ANSWERS)
    path = enterprise.centre.path
    assert status_of(path, order.body) == JobStatus(order.body.digest, ANSWERS)
    seen = seen_while_it_runs(enterprise, order)
    assert [(status.state, status.step, status.good, status.void) for status in seen] == [
        ("training", step, step - 1, 0) for step in range(1, ANSWERS + 1)
    ]
    last = status_of(path, order.body)
    assert (last.state, last.step, last.good, last.void, last.joined) == ("published", ANSWERS, ANSWERS, 0, 4)
    assert last.over


def test_who_is_away_is_named_with_the_step_of_its_return(enterprise: Enterprise) -> None:
    order, victim = enterprise.order(answers=ANSWERS), enterprise.sites[0].id
    seen_while_it_runs(enterprise, order, answer=None)
    status = status_of(enterprise.centre.path, order.body)
    assert (status.good, status.void, status.away) == (ANSWERS - 1, 1, {})  # it came back in time
    away = JobStatus(order.body.digest, ANSWERS, "training", 2, 1, 1, 4, {victim: 4})
    assert lines(away, {}, "en") == [
        "Training: step 2 of 4; 1 good, 1 void; 4 departments joined.",
        f"  {short(victim)} is away and may be back from step 4 on.",
    ]
    assert lines(away, {victim: "人事 (00…)"}, "zh")[1] == "  人事 (00…) 缺席，最早第 4 步可回来。"


def test_who_left_is_not_said_to_come_back(enterprise: Enterprise) -> None:
    order, victim = enterprise.order(answers=ANSWERS), enterprise.sites[0].id
    seen_while_it_runs(enterprise, order, AnswerFrame(Refusal("job_left")).encode())
    status = status_of(enterprise.centre.path, order.body)
    assert (status.away, status.left) == ({}, (victim,))
    assert lines(status, {}, "en")[1:] == [f"  {short(victim)} left for good."]


def test_a_stopped_job_says_so(enterprise: Enterprise) -> None:
    order, channel = enterprise.order(answers=ANSWERS), enterprise.channel()
    Job(enterprise.centre, _met(enterprise, order, channel), order, _Nobody()).propose()
    Job(enterprise.centre, _met(enterprise, order, channel), order, _Nobody()).stop()
    status = status_of(enterprise.centre.path, order.body)
    assert (status.state, status.failed, status.over) == ("failed", "stopped", True)
    assert lines(status, {}, "en") == [
        f"The job ended at step 0 of {ANSWERS} without a model: The operator stopped the job."
    ]


def test_a_changed_checkpoint_is_said(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=ANSWERS)
    run_job(enterprise, order)
    (enterprise.centre.path / "jobs" / order.body.digest.hex() / "course").write_bytes(b"x" * 90)
    with pytest.raises(StoreDamaged):
        status_of(enterprise.centre.path, order.body)


def test_watching_shows_each_change_and_ends_with_the_job(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=ANSWERS)
    watched = course(enterprise.centre.path, order.body, watch=True)
    assert next(watched).state == "not_run"
    run_job(enterprise, order)
    assert [status.state for status in watched] == ["published"]


def test_the_command_shows_it(
    enterprise: Enterprise,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    order, path = enterprise.order(answers=ANSWERS), tmp_path / "order.json"
    path.write_bytes(dumps(order.to_json()))
    command = ["job", "status", str(path), "--centre", str(enterprise.centre.path)]
    assert main(command) == 0
    assert capsys.readouterr().out == "This order has not been run at this centre.\n"
    run_job(enterprise, order)
    assert main([*command, "--watch", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["state"], shown["good"], shown["joined"]) == ("published", ANSWERS, 4)
    assert main(["job", "status", str(path), "--centre", str(tmp_path)]) == 2
    assert "no centre" in capsys.readouterr().err


def _met(enterprise: Enterprise, order: Signed[Order], channel: DirectChannel) -> Departments:
    return Departments(enterprise.centre, channel, order.body.nodes, timeout_s=1.0)


class _Nobody:
    """A watcher that looks away."""

    def decided(self, node: bytes, reason: str) -> None: ...

    def stepped(self, step: int, answers: int, *, members: int, void: bool) -> None: ...
