"""One agent a home: a second is refused, everything else works beside it, and a killed one blocks nobody."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from simulators.cards import give_centre_card, give_department_card
from simulators.enterprise import dataset
from xinqiao_app.cli import main
from xinqiao_clients.home import Home, one_agent
from xinqiao_clients.status import status
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import LANGUAGES, say
from xinqiao_ledger.files import locked

PLACES = {"zh": "zh_CN.UTF-8", "en": "C"}
NOBODY = "127.0.0.1:9"  # the agent waits for a SuperLink that never comes
CONTRACT = """
dataset: staff
person: id
rows: {min: 2}
columns:
  id: {type: text, missing: forbidden}
  age: {type: number, missing: forbidden}
  grade: {type: text, missing: allowed}
  pay: {type: number, missing: forbidden}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    give_centre_card(Path("centre.json"))
    Path("passphrase").write_text("correct horse battery staple\n")
    Path("catalogue.json").write_bytes(dumps(dataset().to_json()))
    Path("contract.yaml").write_text(CONTRACT)
    Path("staff.csv").write_text("id,age,grade,pay\np1,30,A,100\np2,40,B,90\n")
    assert node("init", "--name", "north", "--centre", "centre.json") == 0
    return tmp_path / "home"


def node(command: str, *more: str) -> int:
    return main(["node", command, "--home", "home", "--passphrase-file", "passphrase", *more])


@contextmanager
def agent() -> Iterator["subprocess.Popen[str]"]:
    """Start an agent in a process of its own and wait until it runs; it does not outlive the block."""
    command = [sys.executable, "-m", "xinqiao_app", "node", "run", "--home", "home"]
    with subprocess.Popen(
        [*command, "--passphrase-file", "passphrase", "--superlink", NOBODY],
        env=os.environ | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            assert "is running; Ctrl-C ends it" in process.stderr.readline()
            yield process
        finally:
            process.kill()


@pytest.mark.slow
def test_a_second_agent_is_refused_until_the_first_is_gone(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with agent() as first:
        for language in LANGUAGES:
            monkeypatch.setenv("LC_ALL", PLACES[language])
            capsys.readouterr()
            assert node("run", "--passphrase-file", "none", "--superlink", NOBODY) == 2  # before it is asked
            assert capsys.readouterr().err.strip().endswith(say("agent_running", language, path="home"))
        first.send_signal(signal.SIGKILL)
        assert first.wait(10) == -signal.SIGKILL
    with agent() as second:
        assert second.poll() is None


@pytest.mark.slow
def test_the_steward_works_beside_a_running_agent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = give_department_card(Path("south.json"), "south")
    files = ("--data", "staff.csv", "--catalogue", "catalogue.json", "--contract", "contract.yaml")
    adopt = Home.adopt

    def while_others_wait(*arguments: Any, **more: Any) -> int:
        with pytest.raises(BlockingIOError), locked(home / "import.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
            pass
        return adopt(*arguments, **more)

    monkeypatch.setattr(Home, "adopt", while_others_wait)
    with agent() as running:
        assert node("identity", "--out", "card.json") == 0
        assert node("confirm", "south.json", "--fingerprint", card.fingerprint.hex()) == 0
        assert node("import", *files, "--epsilon-cap", "2", "--delta-cap", "2e-5") == 0
        assert main(["node", "status", "--home", "home"]) == 0
        assert running.poll() is None
    assert (status(home).peers, status(home).events) == (("south",), 2)
    (adopted,) = (home / "store" / "staff").iterdir()
    (home / "store" / "staff" / "left by a kill").mkdir()
    with agent():  # finishes the sweep of an import that was killed
        assert list((home / "store" / "staff").iterdir()) == [adopted]


def test_one_agent_at_a_time_in_one_process_too(home: Path) -> None:
    with one_agent(home), pytest.raises(UsageInvalid, match="agent_running"), one_agent(home):
        pass
    with one_agent(home):
        pass


def test_an_agent_needs_a_home(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["node", "run", "--home", "none", "--superlink", NOBODY]) == 2
    assert "no data node at none" in capsys.readouterr().err
    assert not Path("none").exists()
