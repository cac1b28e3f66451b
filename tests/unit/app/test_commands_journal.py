"""`xinqiao node journal` and `xinqiao node forget`, and the name that a command acts under."""

import json
from pathlib import Path

import pytest

from simulators.cards import give_centre_card, give_department_card
from simulators.enterprise import PASSPHRASE
from xinqiao_app.cli import main

NAME, OTHER = "李梅", "王芳"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that three people open, each by a passphrase of their own; two events say so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    give_centre_card(Path("centre.json"))
    Path("passphrase").write_text(PASSPHRASE)
    assert node("init", "--name", "north", "--centre", "centre.json") == 0
    for name in (NAME, OTHER):
        Path(name).write_text(f"{PASSPHRASE} of {name}")
        new = ("--new-passphrase-file", name, "--home", "home", "--passphrase-file", "passphrase")
        assert main(["keys", "add-steward", name, *new]) == 0
    return tmp_path


def node(command: str, *more: str, file: str = "passphrase") -> int:
    return main(["node", command, "--home", "home", "--passphrase-file", file, *more])


def confirm(name: str) -> None:
    """`node confirm` of a new department, by a person with a passphrase of their own."""
    fingerprint = give_department_card(Path("card.json"), "south").fingerprint.hex()
    assert (
        node("confirm", "card.json", "--fingerprint", fingerprint, "--steward", name, file=file_of(name)) == 0
    )


def file_of(name: str) -> str:
    return "passphrase" if name == "steward" else name


def journal(capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert node("journal", "--json", *(more or ("--since", "3"))) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_a_command_acts_under_the_name_that_is_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    confirm(NAME)
    confirm("steward")
    assert [event["name"] for event in journal(capsys)] == [NAME, "steward"]
    assert [event["seq"] for event in journal(capsys, "--since", "4")] == [4]
    assert [event["logged"] for event in journal(capsys, "--limit", "1")] == [False]


def test_nobody_acts_under_a_name_that_is_not_the_passphrases(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, file in ((NAME, OTHER), (NAME, "passphrase"), ("王五", "passphrase")):
        assert node("forget", "--name", "steward", "--steward", name, file=file) == 1
    assert journal(capsys) == []


def test_without_a_name_the_passphrase_says_who_acts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert node("forget", "--name", "steward", file=OTHER) == 0
    assert [event["name"] for event in journal(capsys)] == [OTHER]


def test_people_read_a_page_and_where_the_next_begins(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (NAME, OTHER):
        confirm(name)
    capsys.readouterr()
    assert node("journal", "--since", "3", "--limit", "1") == 0
    line, more = capsys.readouterr().out.splitlines()
    assert line.endswith(f"{NAME}: confirmed a department; waits for the log")
    assert more == "There is more: --since 4"
    assert node("journal", "--since", "4") == 0
    assert OTHER in capsys.readouterr().out
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert node("journal", "--since", "5") == 0
    assert capsys.readouterr().out == "没有更多日志事件。\n"


def test_a_forgotten_name_opens_no_more(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    confirm(NAME)
    capsys.readouterr()
    assert node("forget", "--name", NAME, "--steward", OTHER, "--json", file=OTHER) == 0
    assert json.loads(capsys.readouterr().out) == {
        "forgotten": True,
        "old_pages_erased": True,
        "still_a_steward": True,
    }
    assert [(event["name"], event["erased"]) for event in journal(capsys)] == [(None, True), (OTHER, False)]
    assert node("forget", "--name", OTHER) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "The key is destroyed: the name in old events cannot be opened any more."
    assert said[1].startswith("This person still is a steward: ")
    data = b"".join(path.read_bytes() for path in (folder / "home").rglob("*") if path.is_file())
    assert NAME.encode() not in data
    assert OTHER.encode() not in data


def test_a_name_that_nobody_has_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert node("forget", "--name", NAME) == 2
    assert capsys.readouterr().err.endswith("The book holds no key under this name.\n")
    assert node("forget", "--name", " ") == 2
    assert capsys.readouterr().err.endswith("A person's name has 1 to 200 printable characters.\n")
    assert journal(capsys) == []
