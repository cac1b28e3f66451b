"""`xinqiao audit trust`: what the auditor believes, and by whose word."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simulators.cards import centre_card, department_card, give_centre_card, give_department_card
from xinqiao_app.cli import main
from xinqiao_app.commands.cards import CentreCard, DepartmentCard, read_card
from xinqiao_governance.errors import WireInvalid
from xinqiao_ledger.event import Kind
from xinqiao_ledger.trust import Trust
from xinqiao_platform.centre import Centre

CONTRACT = "0x32300DE67DEbA1A1d76d9d3DF5D61AEf7f805a23"


def key() -> bytes:
    return Ed25519PrivateKey.generate().public_key().public_bytes_raw()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    give_centre_card(Path("centre.json"))
    for name in ("north", "south", "工会"):
        give_department_card(Path(f"{name}.json"), name)
    return tmp_path


def trust(*more: str) -> int:
    departments = ("--department", "north.json", "operator", "--department", "south.json", "independent")
    return main(["audit", "trust", "--centre", "centre.json", *departments, "--out", "trust.json", *more])


def test_a_trust_file_holds_what_the_auditor_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert trust("--department", "工会.json", "operator", "--chain", "7", CONTRACT, "independent") == 0
    written = Trust.decode((folder / "trust.json").read_bytes())
    centre = read_card(folder / "centre.json", CentreCard)
    assert (written.operator, written.log_key, written.origin) == (
        centre.operator,
        centre.log_key,
        centre.log_origin,
    )
    assert [(w.name, w.kept_by) for w in written.witnesses] == [
        ("north", "operator"),
        ("south", "independent"),
        ("工会", "operator"),
    ]
    assert written.witness_threshold == 2
    assert written.chain is not None
    assert (written.chain.chain_id, written.chain.contract, written.chain.kept_by) == (
        7,
        CONTRACT,
        "independent",
    )
    assert centre.fingerprint.hex(" ", 2) in capsys.readouterr().err


def test_without_a_chain_none_is_trusted(folder: Path) -> None:
    assert trust("--witnesses-needed", "1") == 0
    written = Trust.decode((folder / "trust.json").read_bytes())
    assert written.chain is None
    assert written.witness_threshold == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--department", "工会.json", "nobody"), "KEPT_BY must be one of: operator, independent"),
        (("--department", "north.json", "operator"), "trust file is not valid: field key"),
        (("--witnesses-needed", "3"), "field witness_threshold"),
        (("--witnesses-needed", "0"), "whole number above zero"),
        (("--chain", "seven", CONTRACT, "operator"), "whole number above zero"),
        (("--chain", "7", CONTRACT, "me"), "KEPT_BY must be one of"),
        (("--department", "none.json", "operator"), "none.json"),
        (("--department", "centre.json", "operator"), "In centre.json the field name"),
    ],
)
def test_what_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], sentence: str
) -> None:
    assert trust(*more) == 2
    complaint = capsys.readouterr().err
    assert sentence in complaint
    assert complaint.count("\n") == 1
    assert not (folder / "trust.json").exists()


def test_verifying_what_is_not_there_or_no_bundle(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify", "none.bundle"]) == 2
    assert "none.bundle" in capsys.readouterr().err
    (folder / "noise.bundle").write_bytes(b"\xff" * 100)
    assert main(["audit", "verify", "noise.bundle", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "FAIL"
    assert main(["audit", "verify", "noise.bundle", "--trust", "noise.bundle"]) == 2
    assert "trust file" in capsys.readouterr().err


@pytest.mark.parametrize("card", [CentreCard, DepartmentCard])
def test_a_card_is_read_strictly(card: type[CentreCard] | type[DepartmentCard]) -> None:
    whole = centre_card("o").to_json() if card is CentreCard else department_card("n").to_json()
    assert card.from_json(whole).to_json() == whole
    for name in whole:
        with pytest.raises(WireInvalid):
            card.from_json({**whole, name: 1})
        with pytest.raises(WireInvalid):
            card.from_json({other: value for other, value in whole.items() if other != name})
    with pytest.raises(WireInvalid):
        card.from_json({**whole, "more": "x"})


@pytest.mark.parametrize("field", ["log_key", "log_origin", "key", "signature"])
def test_a_centre_card_that_another_changed_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], field: str
) -> None:
    """The fingerprint that people compare is the operator's: it must vouch for the log's key, too."""
    give_centre_card(folder / "other.json", "xinqiao.log/other")
    card, other = (json.loads((folder / name).read_text()) for name in ("centre.json", "other.json"))
    inside = card["body"] if field in card["body"] else card
    inside[field] = (other["body"] if field in other["body"] else other)[field]
    (folder / "centre.json").write_text(json.dumps(card))
    assert trust() == 2
    assert "not signed by the key that it names" in capsys.readouterr().err


def test_a_department_card_with_anothers_transport_key_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card, other = (json.loads((folder / f"{name}.json").read_text()) for name in ("north", "工会"))
    card["body"]["transport"] = other["body"]["transport"]
    (folder / "north.json").write_text(json.dumps(card))
    assert trust("--department", "north.json", "operator") == 2
    assert "not signed by the key that it names" in capsys.readouterr().err


def test_a_whole_log_is_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Centre(folder / "centre")) as centre:
        for number in range(3):
            centre.record(kind=Kind.ORDER, action="propose", job=f"{number:064}")
        centre.log.checkpoint()
        root = centre.log.root().hex()
    log = folder / "centre" / "log.sqlite"
    assert main(["audit", "fsck", str(log)]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"The log holds. Entries: 3; checkpoints: 1; root: {root}\n")
    assert "Who signed the checkpoints was not checked" in told.out
    assert told.err == ""

    assert trust() == 0
    assert main(["audit", "fsck", str(log), "--trust", "trust.json"]) == 1  # another centre's
    assert "The checkpoint at size 3" in capsys.readouterr().out

    with closing(sqlite3.connect(log)) as database, database:
        database.execute("DELETE FROM entry WHERE idx = 1")
    assert main(["audit", "fsck", str(log), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["holds"], found["count"]) == (False, 2)
    assert [damage["code"] for damage in found["damages"]] == ["fsck_entries_lost", "journal_gap"]

    assert main(["audit", "fsck", str(folder / "none.sqlite")]) == 2
    assert "none.sqlite" in capsys.readouterr().err
    assert not (folder / "none.sqlite").exists()
