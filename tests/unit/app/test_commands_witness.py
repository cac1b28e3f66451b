"""`xinqiao witness` and `xinqiao audit witness`: cards, the centre's list, and how far each cosigned."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from simulators.cards import give_centre_card, give_department_card
from simulators.witnesses import liar, serving
from xinqiao_app.cli import main
from xinqiao_app.commands.cards import CentreCard, WitnessCard, read_card, write_card
from xinqiao_app.directory import remember
from xinqiao_app.witness_status import witness_status
from xinqiao_governance.errors import WireInvalid
from xinqiao_ledger.add_checkpoint import SIZE_TYPE
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.checkpoint import cosign as cosign_line
from xinqiao_ledger.event import Kind
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.trust import Trust
from xinqiao_ledger.witness_home import open_witness, read_settings
from xinqiao_platform.centre import Centre
from xinqiao_platform.cosigning import cosign
from xinqiao_platform.tls import authority_pem
from xinqiao_platform.witnesses import Witnesses

HOME, NAME = "w", "union.example/w"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A centre with its card, and a witness of it with its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    with closing(Centre(Path("centre"))) as centre:
        card = CentreCard(
            centre.operator.public, centre.log.public, centre.log.origin, authority_pem(centre.operator)
        )
        write_card(card, centre.operator, Path("centre.json"))
    assert main(["witness", "create", "--home", HOME, "--name", NAME, "--centre", "centre.json"]) == 0
    assert main(["witness", "card", "--home", HOME, "--out", "w.json"]) == 0
    return tmp_path


@pytest.fixture
def centre(folder: Path) -> Iterator[Centre]:
    with closing(Centre(folder / "centre")) as centre:
        yield centre


def audit(*arguments: str) -> int:
    return main(["audit", "witness", arguments[0], "--centre", "centre", *arguments[1:]])


def add(url: str = "http://127.0.0.1:9", card: str = "w.json") -> int:
    return audit("add", "--card", card, "--url", url)


def grow(centre: Centre, count: int) -> None:
    for number in range(count):
        centre.record(kind=Kind.ORDER, action="propose", job=f"{number:064}")


def status_of(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = audit("status", "--json")
    return code, json.loads(capsys.readouterr().out)


# ---- the witness's own commands ---------------------------------------------------------------------


def test_a_witness_takes_log_and_origin_from_the_centres_card(folder: Path, centre: Centre) -> None:
    settings = read_settings(folder / HOME)
    assert (settings.log_key, settings.log_origin) == (centre.log.public, centre.log.origin)
    with closing(open_witness(folder / HOME)) as witness:
        assert (witness.name, witness.size) == (NAME, 0)


def test_its_card_names_it_and_who_keeps_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create = ["witness", "create", "--home", "v", "--name", "v", "--centre", "centre.json"]
    assert main([*create, "--who", "省总工会", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert main(["witness", "card", "--home", "v", "--out", "v.json"]) == 0
    card = read_card(Path("v.json"), WitnessCard)
    assert (card.name, card.who, card.fingerprint.hex()) == ("v", "省总工会", made["fingerprint"])
    assert made["operator"] == read_card(Path("centre.json"), CentreCard).fingerprint.hex()
    assert bytes.fromhex(made["fingerprint"]).hex(" ", 2) in capsys.readouterr().err


def test_a_witness_card_is_read_strictly(folder: Path) -> None:
    whole = read_card(folder / "w.json", WitnessCard).to_json()
    assert WitnessCard.from_json(whole).to_json() == whole
    for change in ({"name": "two words"}, {"key": "00"}, {"who": 1}, {"more": ""}):
        with pytest.raises(WireInvalid):
            WitnessCard.from_json({**whole, **change})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("create", "--home", HOME, "--name", "n", "--centre", "centre.json"), "something at w already"),
        (("create", "--home", "x", "--name", "a b", "--centre", "centre.json"), "must not be empty"),
        (("create", "--home", "x", "--name", "n", "--centre", "w.json"), "w.json"),
        (("card", "--home", "none"), "no witness at none"),
        (("serve", "--home", "none"), "no witness at none"),
        (("serve", "--home", HOME, "--host", "192.0.2.1"), "Cannot listen at 192.0.2.1"),
        (("serve", "--home", HOME, "--port", "70000"), "port"),
    ],
)
def test_what_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    capsys.readouterr()
    assert main(["witness", *arguments]) == 2
    complaint = capsys.readouterr().err
    assert sentence in complaint
    assert complaint.count("\n") == 1


# ---- the trust file ---------------------------------------------------------------------------------


def test_a_trust_file_names_witnesses_that_are_no_departments(folder: Path) -> None:
    give_department_card(folder / "north.json", "north")
    command = ["audit", "trust", "--centre", "centre.json", "--department", "north.json", "operator"]
    assert main([*command, "--witness", "w.json", "independent", "--out", "trust.json"]) == 0
    trust = Trust.decode((folder / "trust.json").read_bytes())
    assert [(one.name, one.kept_by) for one in trust.witnesses] == [
        ("north", "operator"),
        (NAME, "independent"),
    ]
    assert [one.name for one in trust.departments] == ["north"]
    assert trust.witness_threshold == 2
    assert trust.witnesses[1].key == read_card(folder / "w.json", WitnessCard).key
    assert main([*command, "--witness", "w.json", "nobody"]) == 2
    assert main([*command, "--witness", "w.json", "operator", "--witness", "w.json", "operator"]) == 2


# ---- the centre's list ------------------------------------------------------------------------------


def test_the_list_grows_and_shrinks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add("https://union.example/w") == 0
    assert read_card(folder / "w.json", WitnessCard).fingerprint.hex(" ", 2) in capsys.readouterr().out
    assert [one.url for one in Witnesses.load(folder / "centre").outside] == ["https://union.example/w"]
    assert audit("need", "3") == 0
    assert audit("remove", NAME) == 0
    assert Witnesses.load(folder / "centre") == Witnesses(needed=3)
    assert audit("remove", NAME) == 2
    assert "no outside witness" in capsys.readouterr().err


def test_nobody_is_added_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A department with a second name would count twice."""
    assert add() == 0
    assert add() == 2
    remember(folder / "centre", [give_department_card(folder / "north.json", "north")])
    key = SigningKey.generate()
    write_card(WitnessCard("north", key.public, "who"), key, folder / "other.json")
    assert add(card="other.json") == 2
    assert "known already" in capsys.readouterr().err
    assert len(Witnesses.load(folder / "centre").outside) == 1


def test_a_card_that_another_changed_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = json.loads((folder / "w.json").read_text())
    card["body"]["key"] = SigningKey.generate().public.hex()
    (folder / "w.json").write_text(json.dumps(card))
    assert add() == 2
    assert "not signed by the key that it names" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["union.example", "ftp://union.example", "http://a:b@union.example"])
def test_a_bad_url_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], url: str) -> None:
    assert add(url) == 2
    assert "http://" in capsys.readouterr().err


def test_no_centre_is_made_by_looking(folder: Path) -> None:
    assert main(["audit", "witness", "status", "--centre", "elsewhere"]) == 2
    assert not (folder / "elsewhere").exists()


# ---- status -----------------------------------------------------------------------------------------


def test_status_says_how_far_each_cosigned(
    folder: Path, centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    remember(folder / "centre", [give_department_card(folder / "north.json", "north")])
    with closing(open_witness(folder / HOME)) as witness, serving(witness) as url:
        assert add(url) == 0
        grow(centre, 3)
        cosign(centre)
        grow(centre, 2)
        code, found = status_of(capsys)
        rows = {row["name"]: row for row in found["witnesses"]}  # type: ignore[attr-defined]
        assert code == 0
        assert (found["size"], found["head"]) == (5, {"size": 3, "found": 1})
        assert found["policy"] == {"needed": 1, "of": 2, "met": True}
        assert found["alarms"] == []
        assert (rows[NAME]["size"], rows[NAME]["behind"], rows[NAME]["reachable"]) == (3, 2, True)
        assert rows[NAME]["kind"] == "outside"
        assert (rows["north"]["size"], rows["north"]["reachable"]) == (0, None)
        assert witness.size == 3
        assert centre.log.size == 5
    code, found = status_of(capsys)
    rows = {row["name"]: row for row in found["witnesses"]}  # type: ignore[attr-defined]
    assert (code, rows[NAME]["size"], rows[NAME]["reachable"]) == (0, 3, False)
    assert audit("status") == 0
    said = capsys.readouterr().out
    assert f"{NAME} [{rows[NAME]['fingerprint'][:16]}]: cosigned 3 entries" in said
    assert "north" in said
    assert "did not answer" in said


def test_a_kept_line_that_does_not_verify_counts_for_nobody(folder: Path, centre: Centre) -> None:
    """Whoever writes the database can write lines there; the witness's own key cannot be forged."""
    assert add() == 0
    grow(centre, 1)
    note = centre.log.checkpoint()
    head = SignedCheckpoint.parse(note).checkpoint
    centre.log.keep_cosigned(note + cosign_line(head, NAME, SigningKey.generate(), 1_800_000_000))
    assert witness_status(centre, timeout_s=1.0).head == (1, 0)


def test_a_witness_that_knows_more_than_the_log_is_an_alarm(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as stack:
        witness = stack.enter_context(closing(open_witness(folder / HOME)))
        add(stack.enter_context(serving(witness)))
        before = (folder / "centre" / "log.sqlite").read_bytes()
        with closing(Centre(folder / "centre")) as centre:
            grow(centre, 4)
            cosign(centre)
        for name in ("log.sqlite-wal", "log.sqlite-shm"):
            (folder / "centre" / name).unlink(missing_ok=True)
        (folder / "centre" / "log.sqlite").write_bytes(before)
        code, found = status_of(capsys)
        assert (code, found["alarms"]) == (1, [NAME])
        assert audit("status") == 1
        assert f"ALARM: witness {NAME} cosigned 4 entries" in capsys.readouterr().out


def test_a_refusing_witness_is_no_alarm(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with liar((409, SIZE_TYPE, b"77\n")) as (url, _):
        assert add(url) == 0
        code, found = status_of(capsys)
    assert (code, found["alarms"]) == (0, [])


def test_a_head_that_lacks_cosignatures_exits_with_1(
    folder: Path, centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_witness(folder / HOME)) as witness, serving(witness) as url:
        assert add(url) == 0
        grow(centre, 1)
        cosign(centre)
        assert audit("status") == 0
        assert audit("need", "40") == 0
        assert "40 cosignatures are wanted and the centre knows 1 witnesses" in capsys.readouterr().err
        assert audit("status") == 1
        told = capsys.readouterr().out
    assert "no head can meet that" in told
    assert "The newest head has too few cosignatures" in told
    assert status_of(capsys)[1]["policy"] == {"needed": 40, "of": 1, "met": False}


def test_a_centre_that_knows_no_witness_says_so(
    folder: Path, centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit("status") == 0  # nothing is there to be cosigned
    grow(centre, 1)
    assert audit("status") == 1
    told = capsys.readouterr().out
    assert told.count("The centre knows no witness") == 2
    assert "of 0" not in told


def test_a_new_witness_cosigns_the_head_of_an_idle_log(
    folder: Path, centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is signed for it, so nothing of the log that was not compared with the chain is shown."""
    grow(centre, 3)
    cosign(centre)
    grow(centre, 1)
    with closing(open_witness(folder / HOME)) as witness, serving(witness) as url:
        assert add(url) == 0
        assert witness.size == 3
    assert f"Witness {NAME} cosigned up to 3 entries." in capsys.readouterr().out
    assert witness_status(centre, timeout_s=1.0).head == (3, 1)
    assert centre.log.signed_at(4) is None


def test_a_new_witness_that_cannot_cosign_yet_is_asked_later(
    folder: Path, centre: Centre, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add() == 0
    assert "The log has kept no head yet that it could cosign." in capsys.readouterr().out
    assert audit("remove", NAME) == 0
    grow(centre, 1)
    cosign(centre)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert add() == 0
    told = capsys.readouterr().out
    assert f"见证人 {NAME} 没有回答。" in told
    assert "下一次 xinqiao audit round 会再请它联署" in told


def test_a_new_witness_that_knows_another_history_is_an_alarm(
    folder: Path, centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    grow(centre, 1)
    cosign(centre)
    with liar((409, SIZE_TYPE, b"77\n")) as (url, _):
        assert add(url) == 1
    told = capsys.readouterr()
    assert f"ALARM: witness {NAME} cosigned 77 entries" in told.err
    # It is added all the same.
    assert read_card(folder / "w.json", WitnessCard).fingerprint.hex(" ", 2) in told.out
    assert len(Witnesses.load(folder / "centre").outside) == 1


def test_everything_is_said_in_chinese_too(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert add() == 0
    assert audit("status") == 0
    assert "从未联署" in capsys.readouterr().out


def test_a_foreign_centres_card_makes_another_logs_witness(folder: Path, centre: Centre) -> None:
    give_centre_card(folder / "foreign.json", "xinqiao.log/other")
    assert main(["witness", "create", "--home", "f", "--name", "f", "--centre", "foreign.json"]) == 0
    assert main(["witness", "card", "--home", "f", "--out", "f.json"]) == 0
    with closing(open_witness(folder / "f")) as witness, serving(witness) as url:
        assert add(url, "f.json") == 0
        head = cosign(centre)
    assert head.words["f"].code == "witness_refused"
