"""The steward's commands on real homes: what works, and what every kind of bad table or file comes to."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from simulators.cards import give_centre_card, give_department_card
from simulators.enterprise import MODEL, dataset
from xinqiao_app.cli import main
from xinqiao_app.commands.cards import CentreCard, DepartmentCard, read_card
from xinqiao_clients.status import status
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.messages import LANGUAGES, Language
from xinqiao_governance.parse import mapping

PLACES = {"zh": "zh_CN.UTF-8", "en": "C"}
CONTRACT = """
dataset: staff
person: id
department: {column: dept, equals: north}
rows: {min: 3}
columns:
  id: {type: text, missing: forbidden}
  dept: {type: text, missing: forbidden}
  age: {type: number, missing: forbidden, min: 16, max: 70}
  grade: {type: text, missing: allowed}
  pay: {type: number, missing: forbidden, min: 0}
"""
GOOD = "id,dept,age,grade,pay\np1,north,30,A,100\np2,north,40,B,90\np3,north,50,,120\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a centre's card, a passphrase, a catalogue, a contract and a good table."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    give_centre_card(Path("centre.json"))
    Path("passphrase").write_text("correct horse battery staple\n")
    catalogue = dataset().to_json()
    department = {
        **catalogue["columns"][2],
        "name": "dept",
        "semantic": "department",
        "bins": None,
    }
    Path("catalogue.json").write_bytes(dumps({**catalogue, "columns": [*catalogue["columns"], department]}))
    Path("contract.yaml").write_text(CONTRACT)
    Path("staff.csv").write_text(GOOD)
    return tmp_path


def node(command: str, *more: str) -> int:
    return main(["node", command, "--home", "home", "--passphrase-file", "passphrase", *more])


def init(*more: str) -> int:
    return node("init", "--name", "north", "--centre", "centre.json", *more)


def load(data: str = "staff.csv", epsilon: str = "2", delta: str = "2e-5") -> int:
    tables = ("--data", data, "--catalogue", "catalogue.json", "--contract", "contract.yaml")
    return node("import", *tables, "--epsilon-cap", epsilon, "--delta-cap", delta)


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1, complaint
    assert "Traceback" not in complaint
    return complaint


class TestInit:
    def test_a_home_is_made_and_named(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert init() == 0
        shown = capsys.readouterr().out
        centre = read_card(Path("centre.json"), CentreCard)
        assert centre.fingerprint.hex(" ", 2) in shown
        assert node("identity", "--out", "card.json") == 0
        card = read_card(Path("card.json"), DepartmentCard)
        assert card.name == "north"
        assert card.fingerprint.hex(" ", 2) in shown
        assert (folder / "home").stat().st_mode & 0o777 == 0o700

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            (("--name", "north wing"), "no space"),
            (("--name", "a+b"), "plus sign"),
            (("--name", ""), "must not be empty"),
            (("--minimum-members", "2"), "below 3"),
            (("--minimum-members", "0"), "whole number"),
            (("--centre", "none.json"), "none.json"),
            (("--centre", "catalogue.json"), "field body"),
            (("--centre", "staff.csv"), "not a valid JSON"),
            (("--passphrase-file", "none"), "none"),
            (("--passphrase-file", "empty"), "must not be empty"),
            (("--passphrase-file", "noise"), "not UTF-8"),
        ],
    )
    def test_what_is_refused_leaves_nothing(
        self, folder: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], sentence: str
    ) -> None:
        Path("empty").touch()
        Path("noise").write_bytes(b"\xff\xff")
        before = sorted(folder.iterdir())
        assert init(*more) == 2
        assert sentence in one_sentence(capsys)
        assert sorted(folder.iterdir()) == before

    def test_nothing_is_overwritten(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert init() == 0
        identity = (folder / "home" / "identity").read_bytes()
        capsys.readouterr()
        assert init() == 2
        assert "data node at home already" in one_sentence(capsys)
        assert (folder / "home" / "identity").read_bytes() == identity

    def test_a_passphrase_comes_through_a_pipe(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("口令 one\r\n"))
        assert main(["node", "init", "--home", "home", "--name", "north", "--centre", "centre.json"]) == 0
        Path("passphrase").write_text("口令 one", "utf-8")
        capsys.readouterr()
        assert node("identity") == 0
        Path("passphrase").write_text("another", "utf-8")
        assert node("identity") == 1
        assert "does not open" in capsys.readouterr().err

    @pytest.mark.parametrize(("second", "ends"), [("one", 0), ("two", 2)])
    def test_a_typed_passphrase_is_typed_twice(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, second: str, ends: int
    ) -> None:
        class Keyboard(io.StringIO):
            def isatty(self) -> bool:
                return True

        typed = iter(["one", second])
        monkeypatch.setattr("sys.stdin", Keyboard())
        monkeypatch.setattr("xinqiao_app.commands.opening.getpass", lambda _prompt: next(typed))
        assert main(["node", "init", "--home", "home", "--name", "north", "--centre", "centre.json"]) == ends
        assert (folder / "home").exists() == (ends == 0)


BAD_TABLES = {
    "no such file": (None, "none.csv"),
    "a picture": ("\x00\x01\x02PNG", "zero bytes"),
    "an empty file": ("", "nothing in the table"),
    "a short row": (GOOD + "p4,north\n", "Row 5"),
    "an unknown column": (GOOD.replace("grade", "mood"), "grade is missing"),
    "a column too many": ("id,dept,age,grade,pay,mood\np1,north,30,A,100,7\n", "mood is not in the contract"),
    "no number": (GOOD.replace("100", "much"), "pay has no number in row 2"),
    "nan": (GOOD.replace("100", "NaN"), "pay has no number in row 2"),
    "a missing number": (GOOD.replace("100", ""), "do not keep the contract"),
    "out of range": (GOOD.replace("30,A", "300,A"), "do not keep the contract"),
    "too few rows": ("id,dept,age,grade,pay\np1,north,30,A,100\n", "do not keep the contract"),
    "a person with no id": (GOOD.replace("p2,", ","), "1 rows have no person id"),
    "a person in two departments": (GOOD + "p1,south,30,A,100\n", "1 people stand in two departments"),
    "another department's people": (GOOD + "p4,south,30,A,100\n", "1 rows belong to another department"),
}


class TestImport:
    @pytest.mark.slow
    def test_a_good_table(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert init() == 0
        assert load() == 0
        assert "3 rows, 5 columns, version 1" in capsys.readouterr().out
        seen = status(folder / "home")
        assert (seen.cap.epsilon_micro, seen.cap.delta_nano, seen.events) == (2_000_000, 20_000, 1)

    @pytest.mark.slow
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_bad_table_is_one_sentence_and_leaves_nothing(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        language: Language,
    ) -> None:
        assert init() == 0
        before = sorted(path for path in (folder / "home").rglob("*"))
        monkeypatch.setenv("LC_ALL", PLACES[language])
        capsys.readouterr()
        for name, (text, sentence) in BAD_TABLES.items():
            if text is not None:
                Path("bad.csv").write_text(text)
            assert load("none.csv" if text is None else "bad.csv") == 1, name
            said = one_sentence(capsys)
            assert language == "zh" or sentence in said, name
            assert not any(secret in said for secret in ("p1", "p4", "much", "south")), name
            assert sorted(path for path in (folder / "home").rglob("*")) == before, name
        seen = status(folder / "home")
        assert (seen.cap.epsilon_micro, seen.events) == (0, 0)

    @pytest.mark.parametrize(
        ("change", "ends"),
        [
            (lambda: load(epsilon="0"), 2),
            (lambda: load(epsilon="-1"), 2),
            (lambda: load(delta="nan"), 2),
            (lambda: Path("contract.yaml").write_text("a: [") and load(), 1),
            (lambda: Path("contract.yaml").write_text("rows: 3") and load(), 1),
            (lambda: Path("contract.yaml").write_bytes(b"\xff\xff") and load(), 1),
            (lambda: Path("catalogue.json").write_text("{}") and load(), 2),
            (lambda: Path("passphrase").write_text("wrong") and load(), 1),
        ],
        ids=[
            "epsilon 0",
            "epsilon -1",
            "delta nan",
            "no yaml",
            "no contract",
            "no text",
            "no catalogue",
            "wrong",
        ],
    )
    def test_bad_companions(
        self, folder: Path, capsys: pytest.CaptureFixture[str], change: Callable[[], int], ends: int
    ) -> None:
        assert init() == 0
        capsys.readouterr()
        assert change() == ends
        one_sentence(capsys)
        assert status(folder / "home").events == 0

    def test_a_home_is_looked_for_before_anything_is_read(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert load() == 2
        assert "no data node at home" in one_sentence(capsys)


class TestConfirm:
    def card(self, name: str = "south") -> DepartmentCard:
        return give_department_card(Path("south.json"), name)

    def test_the_typed_fingerprint_decides(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert init() == 0
        card = self.card()
        capsys.readouterr()
        assert node("confirm", "south.json", "--fingerprint", "00" * 32) == 2
        assert "does not match" in one_sentence(capsys)
        assert status(folder / "home").peers == ()
        typed = f" {card.fingerprint.hex(' ', 2).upper()} "  # as it is shown
        assert node("confirm", "south.json", "--fingerprint", typed) == 0
        assert status(folder / "home").peers == ("south",)

    def test_a_department_does_not_confirm_itself(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert init() == 0
        assert node("identity", "--out", "own.json") == 0
        own = read_card(Path("own.json"), DepartmentCard)
        capsys.readouterr()
        assert node("confirm", "own.json", "--fingerprint", own.fingerprint.hex()) == 2
        assert "own card" in one_sentence(capsys)
        assert status(folder / "home").peers == ()


class TestApprove:
    def test_only_an_order_of_the_operator_it_obeys(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("model.json").write_bytes(dumps(MODEL.to_json()))
        for centre in ("ours", "theirs"):
            assert main(["job", "init", "--centre", centre, "--out", f"{centre}.json"]) == 0
        assert init("--centre", "ours.json") == 0
        peers = []
        for name in ("a", "b", "c"):
            give_department_card(Path(f"{name}.json"), name)
            peers += ["--department", f"{name}.json", "300"]
        for centre in ("ours", "theirs"):
            order = [
                "job",
                "order",
                "--legal-basis",
                "staff_consent",
                "--centre",
                centre,
                "--model",
                "model.json",
                "--epsilon",
                "1",
            ]
            more = ["--purpose", "career_development", "--answers", "4", "--out", f"{centre}.order"]
            assert main([*order, *more, *peers]) == 0
        capsys.readouterr()
        assert node("approve", "theirs.order") == 1
        assert "signer is not the one" in one_sentence(capsys)
        assert node("approve", "catalogue.json") == 2
        one_sentence(capsys)
        assert status(folder / "home").events == 0
        assert node("approve", "ours.order") == 0
        assert status(folder / "home").events == 1


def test_an_agent_without_the_operators_certificate_speaks_to_nobody(folder: Path) -> None:
    """In a process of its own: the guard at the door cannot be taken back."""
    assert init() == 0
    settings = folder / "home" / "node.json"
    settings.write_bytes(dumps(mapping(loads(settings.read_bytes())) | {"authority": ""}))
    command = [sys.executable, "-m", "xinqiao_app", "node", "run", "--home", "home"]
    done = subprocess.run(
        [*command, "--superlink", "203.0.113.7:9092", "--passphrase-file", "passphrase"],
        env=os.environ | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "no certificate of the centre's SuperLink" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_status_in_both_languages(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: Language
) -> None:
    assert init() == 0
    monkeypatch.setenv("LC_ALL", PLACES[language])
    capsys.readouterr()
    assert main(["node", "status", "--home", "home"]) == 0
    assert ("隐私预算" in capsys.readouterr().out) == (language == "zh")
    assert main(["node", "status", "--home", "home", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "north"
    assert main(["node", "status", "--home", "nowhere"]) == 2
    one_sentence(capsys)


@pytest.mark.parametrize("command", ["run", "supernode"])
def test_an_address_that_is_none_is_said_before_anything_starts(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert init() == 0
    capsys.readouterr()
    assert node(command, "--superlink", "superlink.example") == 2
    assert "host:port" in one_sentence(capsys)
    assert not Path("home", "supernode").exists()
