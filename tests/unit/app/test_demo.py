"""The demo's edges: folders that are not its own, scoring that fails, refusals that do not come."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import numpy as np
import pytest

from simulators.enterprise import PASSPHRASE, Enterprise, found
from xinqiao_app import carry, demo
from xinqiao_app.cli import main
from xinqiao_app.enterprise import Site
from xinqiao_app.progress import Progress
from xinqiao_governance.errors import JobFailed, NodeUnavailable, UsageInvalid
from xinqiao_governance.messages import say
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_ledger.report import Finding, Report, Status, Subject
from xinqiao_platform.jobs import JobResult

T = TypeVar("T")
RESULT = cast(JobResult, SimpleNamespace(snapshots=((1, np.zeros(3)), (2, np.ones(3)))))


class TestMakeRoom:
    def test_an_earlier_run_moves_aside_and_the_one_before_goes(self, tmp_path: Path) -> None:
        out = tmp_path / "out"
        for number in range(3):
            demo._make_room(out)
            (out / "run").write_text(str(number))
        assert (out / "run").read_text() == "2"
        assert (tmp_path / "out.previous" / "run").read_text() == "1"

    def test_a_user_s_own_previous_is_left_alone(self, tmp_path: Path) -> None:
        out, own = tmp_path / "out", tmp_path / "out.previous"
        demo._make_room(out)
        own.mkdir()
        (own / "thesis").write_text("years of work")
        with pytest.raises(UsageInvalid, match="demo_folder_taken") as caught:
            demo._make_room(out)
        assert caught.value.fields == {"path": str(own)}
        assert (own / "thesis").exists()
        assert out.exists()

    def test_a_foreign_folder_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "thesis").write_text("years of work")
        with pytest.raises(UsageInvalid, match="demo_folder_taken"):
            demo._make_room(tmp_path)


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder that no demo made, so that none runs in it either; sentences are in English."""
    (tmp_path / "var" / "demo").mkdir(parents=True)
    (tmp_path / "var" / "demo" / "thesis").write_text("years of work")
    monkeypatch.chdir(tmp_path / "var" / "demo")
    monkeypatch.setenv("LC_ALL", "C")
    return tmp_path / "var" / "demo"


def test_the_folder_is_named_once_and_for_all(foreign: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ "." is another folder as soon as an earlier run has moved."""
    assert main(["demo", "--out", "."]) == 2
    assert str(foreign.resolve()) in capsys.readouterr().err


def test_a_port_is_for_real_processes_only(
    foreign: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(foreign.parent.parent)
    assert main(["demo", "--port", "9092"]) == 2
    assert capsys.readouterr().err == "--port is for --deployed only.\n"


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def running(pid: int) -> bool:
    try:
        return b"yardsticks" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(seen: Callable[[], T], bound_s: float = 60.0) -> T:
    """Return what is seen as soon as it is anything."""
    deadline = time.monotonic() + bound_s
    while not (found := seen()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


class TestYardsticks:
    def test_the_last_complaint_is_passed_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """A real scoring process: it complains of a setting first, and then cannot read its input."""
        monkeypatch.setenv("LC_ALL", "C")
        monkeypatch.setenv("PYTHONWARNINGS", "no-such-action")
        spoiled = cast(JobResult, SimpleNamespace(snapshots=((1, np.zeros(3)), (2, np.full(3, np.nan)))))
        with pytest.raises(JobFailed, match="yardsticks_failed") as caught:
            demo._yardsticks(spoiled, tmp_path)
        assert caught.value.fields == {"status": 1}
        assert capfd.readouterr().err == say("snapshots_invalid", "en") + "\n"
        with np.load(tmp_path / "snapshots.npz") as written:
            assert written["steps"].tolist() == [1, 2]

    def test_scoring_that_never_ends_is_ended_and_fails_in_words(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """A real process that says something and then hangs."""
        run, hang = (
            subprocess.run,
            "import sys, time; print('stuck', file=sys.stderr, flush=True); time.sleep(100)",
        )
        monkeypatch.setattr(demo.subprocess, "run", lambda _, **how: run([sys.executable, "-c", hang], **how))
        monkeypatch.setattr(demo, "_YARDSTICKS_S", 8.0)
        start = time.monotonic()
        with pytest.raises(JobFailed, match="yardsticks_failed") as caught:
            demo._yardsticks(RESULT, tmp_path)
        assert time.monotonic() - start < 30.0
        assert caught.value.fields == {"status": "timeout"}
        assert capfd.readouterr().err == "stuck\n"

    def test_a_demo_that_is_killed_leaves_no_scoring_behind(self, tmp_path: Path) -> None:
        """Real processes: the scoring's input never comes, so it would wait for ever."""
        os.mkfifo(tmp_path / "snapshots")
        start = "import sys, pathlib; from xinqiao_app import demo; demo._scored(pathlib.Path(sys.argv[1]))"
        with subprocess.Popen([sys.executable, "-c", start, str(tmp_path / "snapshots")]) as killed:
            (scoring,) = until(lambda: [child for child in children(killed.pid) if running(child)])
            killed.kill()
        until(lambda: not running(scoring))

    def test_snapshots_appear_whole_or_not_at_all(self, tmp_path: Path) -> None:
        class Unsavable:
            def __reduce__(self) -> str:
                raise MemoryError

        half = cast(JobResult, SimpleNamespace(snapshots=((1, Unsavable()),)))  # the steps are saved first
        with pytest.raises(MemoryError):
            demo._yardsticks(half, tmp_path)
        assert not list(tmp_path.iterdir())


REFUSED = {request: {"hr": code, "it": code} for request, code in demo.EXPECTED.items()}
PROVEN = Report(tuple(Finding(number, Status.PASS) for number in range(1, 12)), Subject("00" * 32))


def conversation(simulated: Enterprise, out: Path, order: Signed[Order]) -> demo._Conversation:
    """The demo's conversation among simulated departments, with `order` as its main order."""
    sites = [Site(site.home.settings.name, site.home, PASSPHRASE) for site in simulated.sites]
    people = dict.fromkeys(order.body.nodes, 1_000)
    enterprise = cast(Any, SimpleNamespace(centre=simulated.centre, sites=sites, people=people))
    return demo._Conversation(enterprise, demo.Requests(order, {}), out, Progress("en", io.StringIO()))


class TestNotRefused:
    def test_all_refused_as_they_must(self) -> None:
        assert demo.not_refused(REFUSED) == []

    @pytest.mark.parametrize("reason", ["allowed", "no_answer", "budget_exceeded"])
    def test_any_other_answer_counts(self, reason: str) -> None:
        refused = REFUSED | {"raw_income": {"hr": "raw_export_forbidden", "it": reason}}
        assert demo.not_refused(refused) == [("it", "raw_income")]

    def test_the_exit_code_says_so_and_a_sentence_too(self) -> None:
        shown = io.StringIO()
        assert demo._exit_code(PROVEN, REFUSED, Progress("en", shown)) == 0
        assert shown.getvalue() == ""
        refused = REFUSED | {"appraisal": {"hr": "allowed", "it": "purpose_forbidden"}}
        assert demo._exit_code(PROVEN, refused, Progress("en", shown)) == 1
        assert "hr did not refuse the request appraisal" in shown.getvalue()

    def test_one_department_that_refuses_the_main_order_ends_the_demo_by_name(self, tmp_path: Path) -> None:
        simulated = found(tmp_path)
        try:
            order = simulated.order(approve=False)
            for site in simulated.sites[:2] + simulated.sites[3:]:
                site.home.approve(order, "steward")
            talk = conversation(simulated, tmp_path, order)
            with pytest.raises(JobFailed, match="job_refused") as caught:
                talk._main_job(simulated.channel())
        finally:
            simulated.close()
        assert caught.value.fields == {"department": "dept-2", "reason": "approval_missing"}
        assert not (tmp_path / "model.json").exists()

    def test_who_allows_a_request_is_shown_as_allowing_it(self, tmp_path: Path) -> None:
        simulated = found(tmp_path)
        try:
            order = simulated.order(approve=False)
            simulated.sites[0].home.approve(order, "steward")
            talk = conversation(simulated, tmp_path, order)
            reasons = talk._refused(simulated.channel(), order)
        finally:
            simulated.close()
        assert reasons.pop("dept-0") == "allowed"
        assert set(reasons) == {"dept-1", "dept-2", "dept-3"}
        assert "allowed" not in reasons.values()


@pytest.mark.slow
def test_an_agent_that_dies_at_once_is_one_sentence(tmp_path: Path) -> None:
    """A real agent finds no home there and ends; so long a passphrase stays in the pipe until it does."""
    passphrase = "words" * 100_000
    site = cast(Site, SimpleNamespace(id="hr", home=SimpleNamespace(path=tmp_path), passphrase=passphrase))
    with (
        pytest.raises(NodeUnavailable, match="agent_ended") as caught,
        carry.agent(site, "127.0.0.1:1"),
    ):
        pytest.fail("it is not running")
    assert caught.value.fields["department"] == "hr"
