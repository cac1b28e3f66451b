"""The demo's edges: folders that are not its own, scoring that fails, refusals that do not come."""

import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from simulators.enterprise import PASSPHRASE, found
from xinqiao_app import carry, demo
from xinqiao_app.cli import main
from xinqiao_app.enterprise import Site
from xinqiao_app.progress import Progress
from xinqiao_governance.errors import JobFailed, NodeUnavailable, UsageInvalid
from xinqiao_ledger.report import Finding, Report, Status
from xinqiao_platform.jobs import JobResult

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


def test_the_folder_is_named_once_and_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "." is another folder as soon as an earlier run has moved."""
    given: list[Path] = []

    def run_demo(out: Path, *_: object) -> int:
        given.append(out)
        return 0

    monkeypatch.setattr(demo, "run_demo", run_demo)
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--out", "."]) == 0
    assert given == [tmp_path.resolve()]


def test_a_port_is_for_real_processes_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "run_demo", lambda *_: 0)
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["demo", "--port", "9092"]) == 2
    assert capsys.readouterr().err == "--port is for --deployed only.\n"


class TestYardsticks:
    def test_the_last_complaint_is_passed_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        failed = subprocess.CompletedProcess([], 3, b"", b"warning\nThe disk is full.\n")
        monkeypatch.setattr(demo.subprocess, "run", lambda *_, **__: failed)
        with pytest.raises(JobFailed, match="yardsticks_failed") as caught:
            demo._yardsticks(RESULT, tmp_path)
        assert caught.value.fields == {"status": 3}
        assert capfd.readouterr().err == "The disk is full.\n"
        with np.load(tmp_path / "snapshots.npz") as written:
            assert written["steps"].tolist() == [1, 2]

    def test_scoring_that_never_ends_fails_in_words(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def never(*_: object, **__: object) -> Any:
            raise subprocess.TimeoutExpired("yardsticks", 1)

        monkeypatch.setattr(demo.subprocess, "run", never)
        with pytest.raises(JobFailed, match="yardsticks_failed"):
            demo._yardsticks(RESULT, tmp_path)

    def test_snapshots_appear_whole_or_not_at_all(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def half(*_: object, **__: object) -> None:
            raise MemoryError

        monkeypatch.setattr(demo.np, "savez", half)
        with pytest.raises(MemoryError):
            demo._yardsticks(RESULT, tmp_path)
        assert not list(tmp_path.iterdir())


REFUSED = {request: {"hr": code, "it": code} for request, code in demo.EXPECTED.items()}
PROVEN = Report(tuple(Finding(number, Status.PASS) for number in range(1, 11)))


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

    def test_who_allows_a_request_is_shown_as_allowing_it(self, tmp_path: Path) -> None:
        simulated = found(tmp_path)
        try:
            order = simulated.order(approve=False)
            simulated.sites[0].home.approve(order, "steward")
            sites = [Site(site.home.settings.name, site.home, PASSPHRASE) for site in simulated.sites]
            people = dict.fromkeys(order.body.nodes, 1_000)
            enterprise = cast(Any, SimpleNamespace(centre=simulated.centre, sites=sites, people=people))
            talk = demo._Conversation(enterprise, cast(Any, None), tmp_path, Progress("en", io.StringIO()))
            reasons = talk._refused(simulated.channel(), order)
        finally:
            simulated.close()
        assert reasons.pop("dept-0") == "allowed"
        assert set(reasons) == {"dept-1", "dept-2", "dept-3"}
        assert "allowed" not in reasons.values()


def test_an_agent_that_dies_at_once_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = subprocess.Popen

    def dead(_command: list[str], **settings: Any) -> "subprocess.Popen[bytes]":
        agent = started([sys.executable, "-c", ""], **settings)
        agent.wait()
        return agent

    monkeypatch.setattr(carry.subprocess, "Popen", dead)
    site = cast(Site, SimpleNamespace(id="hr", home=SimpleNamespace(path=tmp_path), passphrase="words"))
    with (
        pytest.raises(NodeUnavailable, match="agent_ended") as caught,
        carry._agent(site, "127.0.0.1:1"),
    ):
        pytest.fail("it is not running")
    assert caught.value.fields["department"] == "hr"
