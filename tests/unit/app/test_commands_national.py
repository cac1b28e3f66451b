"""Founding an enterprise whose log is under SM3 and SM2, command by command."""

from pathlib import Path

import pytest

from xinqiao_app.cli import main
from xinqiao_app.commands.cards import CentreCard, DepartmentCard, read_card
from xinqiao_ledger.trust import Trust


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    Path("passphrase").write_text("a passphrase of these tests alone\n")
    return tmp_path


def test_cards_and_trust_file_carry_the_sm2_keys(folder: Path) -> None:
    init = ["job", "init", "--centre", "centre", "--suite", "sm3-sm2", "--out", "centre.json"]
    assert main(init) == 0
    centre = read_card(Path("centre.json"), CentreCard)
    assert main(init) == 0  # again: the same
    assert read_card(Path("centre.json"), CentreCard) == centre
    home = ["--home", "home", "--passphrase-file", "passphrase"]
    assert main(["node", "init", *home, "--name", "north", "--centre", "centre.json"]) == 0
    assert main(["node", "identity", *home, "--out", "north.json"]) == 0
    north = read_card(Path("north.json"), DepartmentCard)
    assert main(["audit", "trust", "--centre", "centre.json", "--out", "trust.json", "--department",
                 "north.json", "independent"]) == 0  # fmt: skip
    trust = Trust.decode(Path("trust.json").read_bytes())
    assert (trust.log_key, len(trust.log_key)) == (centre.log_sm2, 64)
    assert [(witness.key, len(witness.key)) for witness in trust.witnesses] == [(north.witness_sm2, 64)]
    assert main(["audit", "fsck", "centre/log.sqlite", "--trust", "trust.json"]) == 0
    assert main(["audit", "fsck", "centre/log.sqlite", "--suite", "sm3-sm2"]) == 0


def test_a_centre_that_has_a_log_keeps_its_suite(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["job", "init", "--centre", "centre", "--out", "centre.json"]) == 0
    capsys.readouterr()
    assert main(["job", "init", "--centre", "centre", "--suite", "sm3-sm2"]) == 2
    assert "found a new centre" in capsys.readouterr().err
    assert not (folder / "centre" / "log-sm2.key").exists()
    assert main(["job", "init", "--centre", "centre", "--suite", "sm4"]) == 2
