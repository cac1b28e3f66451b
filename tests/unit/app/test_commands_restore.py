"""What steward and operator read after a log was restored: alarms, refills, epochs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.enterprise import PASSPHRASE
from simulators.restores import Tampered, cut
from xinqiao_app.cli import main
from xinqiao_governance.canonical import loads
from xinqiao_governance.messages import LANGUAGES, say
from xinqiao_ledger.epoch import EpochPointer
from xinqiao_platform.centre import LOG_ORIGIN
from xinqiao_platform.refill import Refilled


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tampered]:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("LANG", "C.UTF-8")
    (tmp_path / "passphrase").touch(mode=0o600)
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    world = Tampered(tmp_path / "world")
    world.settle()
    yield world
    world.close()


def home(world: Tampered, site: int = 0) -> list[str]:
    path = world.sites[site].home.path
    return ["--home", str(path), "--passphrase-file", str(path.parent.parent / "passphrase")]


def lose(world: Tampered) -> None:
    size = world.centre.log.size
    world.write(0)
    world.receipt()
    world.tamper(cut(size))


def test_the_steward_sees_an_alarm_and_acknowledges_it(
    world: Tampered, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["node", "alarm", *home(world)]) == 0
    assert capsys.readouterr().out.strip() == say("alarm_none", "en")
    lose(world)
    world.grow(3)
    world.reconcile()
    assert main(["node", "alarm", *home(world)]) == 0
    shown = capsys.readouterr().out
    assert say("journal_not_in_log", "en") in shown
    assert say("alarm_evidence", "en") in shown
    assert main(["node", "alarm", *home(world), "--json"]) == 0
    (alarm,) = json.loads(capsys.readouterr().out)
    assert (alarm["code"], alarm["acknowledged"]) == ("journal_not_in_log", None)
    assert set(alarm["receipt"]) == set(alarm["said"]) == {"body", "key", "signature"}
    assert main(["node", "status", "--home", home(world)[1]]) == 0
    assert say("journal_not_in_log", "en") in capsys.readouterr().out
    assert main(["node", "alarm", *home(world), "--acknowledge", str(alarm["id"])]) == 0
    assert say("alarm_acknowledged", "en") in capsys.readouterr().out
    assert main(["node", "alarm", *home(world), "--acknowledge", str(alarm["id"])]) == 2


def test_status_says_how_far_the_log_was_reconciled(
    world: Tampered, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["node", "status", "--home", home(world)[1], "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["reconciled"]["seq"] == len(world.sites[0].home.book.events())
    assert (plain["overdue"], plain["alarms"]) == (False, [])


def test_an_epoch_is_opened_shown_and_accepted(
    world: Tampered, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pointer, centre = tmp_path / "pointer.json", ["--centre", str(world.folder)]
    opening = ["audit", "epoch", *centre, "--reason", "disk lost", "--out", str(pointer)]
    assert main(opening) == 2
    assert "Another command of this centre" in capsys.readouterr().err
    world.centre.close()
    assert main(opening) == 2  # the log is whole
    assert say("epoch_not_needed", "en") in capsys.readouterr().err
    world.restart()
    world.centre.log.checkpoint()
    size = world.centre.log.size
    world.tamper(cut(size - 1), head=False)
    world.centre.close()
    capsys.readouterr()
    (world.folder / "chain.json").write_text("{}")
    assert main(opening) == 0
    shown = capsys.readouterr().out
    assert f"{LOG_ORIGIN}/2" in shown
    assert say("epoch_chain", "en") in shown
    world.restart()
    assert EpochPointer.decode(pointer.read_bytes()).operator.body.known_size == size
    showing = ["node", "epoch", *home(world), "--pointer", str(pointer)]
    assert main(showing) == 0
    assert say("epoch_how_to_accept", "en") in capsys.readouterr().out
    assert main([*showing, "--json", "--accept"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["accepted"], plain["origin"], plain["admits_less"]) == (True, f"{LOG_ORIGIN}/2", False)
    assert loads((world.sites[0].home.path / "node.json").read_bytes())["log_origin"] == f"{LOG_ORIGIN}/2"


def test_a_refill_says_what_is_missing_and_whose_it_may_be() -> None:
    for language in LANGUAGES:
        lines = [
            Refilled(9, 3).line(language),
            Refilled(90, 0, ((30, 30), *((n, n + 1) for n in range(40, 80, 4))), 21).line(language),
            Refilled(9, 0, differs=7).line(language),
            Refilled(9, 0, contradicts=7).line(language),
        ]
        assert len(set(lines)) == 4
        assert "30, 40-41" in lines[1]
        assert "21" in lines[1]
        assert all("xinqiao audit epoch" in line for line in lines[2:])
        assert "…" in lines[1]
