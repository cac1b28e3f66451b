"""From an unknown file to a confirmed, published table on the command line, and every way not to."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from simulators.cards import give_centre_card
from simulators.stewards import add_steward, by
from simulators.workbooks import workbook
from unit.app.test_commands_node import PLACES, init, node, one_sentence
from xinqiao_app.cli import main
from xinqiao_clients.home import Home
from xinqiao_clients.status import status
from xinqiao_governance.messages import LANGUAGES, Language

HEADER = ("工号", "姓名", "部门", "年龄", "工资")
ROWS = (
    ("007", "SENTINEL-A", "north", "30", "100"),
    ("008", "SENTINEL-B", "north", "40", "90.5"),
    ("008", "SENTINEL-B", "north", "41", ""),
)
KINDS = {"工号": "identifier", "部门": "text", "年龄": "number", "工资": "number"}
CAPS = ("--epsilon-cap", "2", "--delta-cap", "2e-5")
UNKNOWN = ("--dataset", "staff", "--person", "工号")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a home, a centre's card and a passphrase."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    give_centre_card(Path("centre.json"))
    Path("passphrase").write_text("correct horse battery staple\n")
    assert init() == 0
    return tmp_path


def sheet(rows: tuple[tuple[str, ...], ...] = ROWS, header: tuple[str, ...] = HEADER) -> str:
    workbook(Path("staff.xlsx"), (header, *rows))
    return "staff.xlsx"


def load(data: str = "", *more: str) -> int:
    return node("import", "--data", data or sheet(), *UNKNOWN, *CAPS, *more)


def load_unnamed() -> int:
    data = sheet(ROWS, ("甲", "乙", "丙", "丁", "戊"))
    return node("import", "--data", data, "--dataset", "staff", *CAPS)


def shown(capsys: pytest.CaptureFixture[str], command: str, *more: str) -> Any:
    capsys.readouterr()
    assert node(command, *more, "--json") == 0
    return json.loads(capsys.readouterr().out)


def columns(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (dataset,) = shown(capsys, "catalogue")["datasets"]
    return {column["column"]: column for column in dataset["columns"]}


def confirm_all(*more: str) -> None:
    for name in HEADER:
        semantic = {"工号": "employee_no", "姓名": "person_name", "年龄": "age", "工资": "pay"}.get(
            name, "team"
        )
        assert node("confirm", "--dataset", "staff", "--column", name, "--semantic", semantic, *more) == 0


# ---- import


@pytest.mark.slow
def test_an_unknown_sheet_is_imported_with_every_column_waiting(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = shown(capsys, "import", "--data", sheet(), *UNKNOWN, *CAPS)
    assert (said["dataset"], said["number"], said["rows"]) == ("staff", 1, 3)
    found = columns(capsys)
    assert {column["tier"] for column in found.values()} == {"core"}
    assert {column["waits"] for column in found.values()} == {"confirm"}
    assert [found[name]["kind"] for name in KINDS] == [*KINDS.values()]
    assert {column["national_grade"] for column in found.values()} == {"一般数据"}
    assert status(folder / "home").unconfirmed == 5
    capsys.readouterr()
    assert node("catalogue") == 0
    assert "SENTINEL" not in capsys.readouterr().out


def a_database() -> str:
    with closing(sqlite3.connect("staff.db")) as db:
        db.execute("CREATE TABLE staff(工号 TEXT, 姓名 TEXT, 部门 TEXT, 年龄 INTEGER, 工资 REAL)")
        db.executemany("INSERT INTO staff VALUES (?, ?, ?, ?, NULLIF(?, ''))", ROWS)
        db.commit()
    return "sqlite:///staff.db"


def a_parquet() -> str:
    import pandas as pd

    frame = pd.DataFrame(ROWS, columns=list(HEADER)).astype({"年龄": int})
    frame.to_parquet("staff.parquet")
    return "staff.parquet"


def a_csv() -> str:
    Path("staff.csv").write_text("\n".join(",".join(row) for row in (HEADER, *ROWS)), encoding="gb18030")
    return "staff.csv"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "more"),
    [
        (a_database, ("--table", "staff")),
        (a_database, ("--table", "SELECT * FROM staff")),
        (a_parquet, ()),
        (a_csv, ()),
    ],
    ids=["table", "select", "parquet", "csv"],
)
def test_every_source_gives_the_same_table(
    folder: Path, capsys: pytest.CaptureFixture[str], source: Callable[[], str], more: tuple[str, ...]
) -> None:
    assert load(source(), *more) == 0
    found = columns(capsys)
    assert [found[name]["kind"] for name in KINDS] == [*KINDS.values()]


@pytest.mark.slow
def test_a_table_without_a_header_is_named_by_places(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = sheet(ROWS[1:], ROWS[0])
    more = ("--dataset", "staff", "--person", "column_1", "--no-header", *CAPS)
    assert node("import", "--data", data, *more) == 0
    assert [*columns(capsys)] == [f"column_{place}" for place in range(1, 6)]
    assert shown(capsys, "catalogue")["datasets"][0]["rows"] == 3


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (lambda: node("import", "--data", sheet(), *CAPS), "--dataset"),
        (lambda: load_unnamed(), "--person"),
        (lambda: node("import", "--data", sheet(), *UNKNOWN), "--epsilon-cap"),
        (lambda: node("import", "--data", sheet(), *UNKNOWN, "--epsilon-cap", "1"), "both"),
        (lambda: load("", "--table", "x"), "--sheet is for Excel"),
        (lambda: load("staff.csv", "--sheet", "x"), "no sheets or tables"),
        (lambda: load("", "--sheet", "x"), "no sheet x"),
        (lambda: load(sheet(ROWS, ("工号", "", "c", "d", "e"))), "Column 2 has no name"),
        (lambda: load(sheet((HEADER, *ROWS), ("SENTINEL", "", "", "", ""))), "looks like a title"),
        (lambda: load(sheet((*ROWS, ("合计", "", "", "", "9")))), "Row 5 looks like a total"),
        (lambda: load(sheet(ROWS, ("工号", "b", "b", "d", "e"))), "same name as column 2"),
        (lambda: load(sheet(ROWS, ("工号", "SENTINEL\u202eb", "c", "d", "e"))), "name of column 2"),
        (lambda: load(sheet((("", "SENTINEL", "", "", ""),))), "no person id"),
        (lambda: load("postgresql://u:SENTINEL@127.0.0.1:1/db", "--table", "t"), "cannot be reached"),
        (lambda: load("", "--every", "0"), "whole number"),
        (lambda: load("", "--every", "9" * 18), "87600 hours"),
        (lambda: load("", "--person", "工号\u202e"), "letters that nobody sees"),
        (lambda: load(sheet(ROWS, ("SENTINEL", "王伟", "north", "31", "7"))), "looks like data"),
        (
            lambda: load(sheet((("x", "y", "a", "b", "c"),) * 3, ("SENTINEL", "乙", "丙", "丁", "戊"))),
            "Nothing",
        ),
    ],
)
def test_what_is_refused_is_one_sentence_without_a_cell(
    folder: Path, capsys: pytest.CaptureFixture[str], command: Callable[[], int], sentence: str
) -> None:
    capsys.readouterr()
    assert command() in (1, 2)
    said = one_sentence(capsys)
    assert sentence in said
    assert "SENTINEL" not in said
    assert status(folder / "home").events == 0


@pytest.mark.slow
def test_the_digits_that_excel_lost_are_not_imported(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook(Path("staff.xlsx"), [("工号", "pay"), (110101199001011234, 1)])
    capsys.readouterr()
    assert load("staff.xlsx") == 1
    assert "more than 15 digits" in one_sentence(capsys)


@pytest.mark.slow
def test_importing_again_keeps_what_was_decided_and_asks_for_what_is_new(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    confirm_all("--tier", "core")
    assert node("import", "--data", sheet((*ROWS, ("009", "x", "north", "20", "1"))), *UNKNOWN) == 0
    assert status(folder / "home").unconfirmed == 0
    wider = tuple((*row, "new") for row in ROWS)
    assert node("import", "--data", sheet(wider, (*HEADER, "备注")), *UNKNOWN) == 0
    assert [name for name, column in columns(capsys).items() if column["waits"]] == ["备注"]
    capsys.readouterr()
    assert node("import", "--data", sheet(), *UNKNOWN) == 1  # the contract in use promises the new column
    assert "备注 is missing" in one_sentence(capsys)
    assert shown(capsys, "catalogue")["datasets"][0]["number"] == 3


@pytest.mark.slow
def test_a_drafted_contract_with_dates_is_one_that_an_import_takes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"E{n:03},20{n % 20:02}-0{n % 9 + 1}-1{n % 10},{20 + n % 40}" for n in range(40)]
    Path("staff.csv").write_text("\n".join(["工号,入职日期,年龄", *rows]) + "\n", "utf-8")
    draft = (
        "contract",
        "draft",
        "staff.csv",
        "--person",
        "工号",
        "--dataset",
        "staff",
        "--out",
        "staff.yaml",
    )
    assert main([*draft]) == 0
    assert "type: date" in Path("staff.yaml").read_text("utf-8")
    assert node("import", "--data", "staff.csv", "--contract", "staff.yaml", *UNKNOWN, *CAPS) == 0
    assert columns(capsys)["入职日期"]["kind"] == "text"


@pytest.mark.slow
def test_a_catalogue_by_hand_is_confirmed_by_whoever_brings_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    with closing_home() as home:
        given = home.adopted.catalogue.to_json()
    confirm = {"confirmed_by": "the director", "tier": "core"}
    named = [{**column, **confirm, "semantic": f"s{n}"} for n, column in enumerate(given["columns"])]  # type: ignore
    Path("catalogue.json").write_text(json.dumps({**given, "columns": named}))
    add_steward("li")
    more = ("--catalogue", "catalogue.json", *by("li"))
    assert node("import", "--data", sheet(), *more) == 0
    assert {tuple(column["confirmed_by"]) for column in columns(capsys).values()} == {("li",)}
    lowered = [{**column, "tier": "public"} for column in named]
    Path("catalogue.json").write_text(json.dumps({**given, "columns": lowered}))
    assert node("import", "--data", sheet(), *more) == 0
    assert {column["tier"] for column in columns(capsys).values()} == {"core"}
    assert {column["waits"] for column in columns(capsys).values()} == {"second_person"}
    capsys.readouterr()
    assert node("import", "--data", sheet(), *more, "--person", "工号") == 2
    assert "The catalogue states" in one_sentence(capsys)


def closing_home() -> "closing[Home]":
    return closing(Home.open(Path("home"), "correct horse battery staple"))


# ---- confirm


@pytest.mark.slow
def test_lowering_on_the_command_line_takes_two(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load() == 0
    for name in ("li", "wang"):
        add_steward(name)
    capsys.readouterr()
    word = ("--dataset", "staff", "--column", "工资", "--semantic", "pay")
    lower = (*word, "--tier", "sensitive")
    assert node("confirm", *lower, *by("li")) == 0
    assert "another person must confirm" in capsys.readouterr().out
    assert columns(capsys)["工资"]["tier"] == "core"
    assert node("confirm", *lower, *by("li")) == 1
    assert "two different people" in capsys.readouterr().err
    assert node("confirm", *lower, "--steward", "wang") == 1  # not by the first steward's passphrase
    assert status(folder / "home").requests == 1
    said = shown(capsys, "confirm", *lower, *by("wang"))
    (column,) = said["columns"]
    assert (column["tier"], column["confirmed_by"]) == ("sensitive", ["li", "wang"])
    assert node("confirm", *word, "--national-grade", "important", *by("li")) == 0
    assert columns(capsys)["工资"]["national_grade"] == "重要数据"


def numbered(numbers: range) -> str:
    rows = tuple((f"{1000 + place}", str(number)) for place, number in enumerate(numbers))
    return sheet(rows, ("工号", "X7"))


@pytest.mark.slow
def test_a_lowered_column_that_holds_other_data_waits_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows what X7 is, and the classifier proposes the same of both: two people saw scores."""
    assert load(numbered(range(40, 100))) == 0
    lower = ("--dataset", "staff", "--column", "X7", "--semantic", "training_score")
    for name in ("li", "wang"):
        add_steward(name)
        assert node("confirm", *lower, *by(name)) == 0
    assert node("import", "--data", numbered(range(45, 99)), *UNKNOWN) == 0
    assert columns(capsys)["X7"]["confirmed_by"] == ["li", "wang"]
    assert node("import", "--data", numbered(range(4000, 9400, 90)), *UNKNOWN) == 0
    found = columns(capsys)["X7"]
    assert (found["tier"], found["waits"], found["confirmed_by"]) == ("core", "confirm", [])


@pytest.mark.slow
def test_all_confirms_only_what_is_sure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load() == 0
    capsys.readouterr()
    assert node("confirm", "--dataset", "staff", "--all") == 0
    said = capsys.readouterr().out
    assert "Traceback" not in said
    assert {column["waits"] for column in columns(capsys).values()} <= {"confirm", None}


@pytest.mark.parametrize(
    "more",
    [
        (),
        ("--dataset", "staff"),
        ("--column", "工号"),
        ("--dataset", "staff", "--column", "工号", "--all"),
        ("--dataset", "staff", "--all", "--tier", "public"),
        ("--dataset", "staff", "--all", "--bins", "1,2"),
        ("card.json",),
        ("--fingerprint", "00"),
        ("card.json", "--fingerprint", "00", "--all"),
    ],
)
def test_an_unclear_confirmation_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    capsys.readouterr()
    assert node("confirm", *more) == 2
    assert "--fingerprint" in one_sentence(capsys)


@pytest.mark.slow
def test_bins_are_stated_on_the_line_or_in_a_file_and_published(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    confirm_all()
    column = ("--dataset", "staff", "--column")
    assert columns(capsys)["年龄"]["bins"]["edges_micro"][0] == 20_000_000  # the vocabulary's
    assert node("confirm", *column, "年龄", "--bins", "20，30.5、60") == 0
    assert "20, 30.5, 60" in capsys.readouterr().out
    assert node("confirm", *column, "部门", "--bins", "甲,乙") == 0
    said = capsys.readouterr().out
    assert "甲, 乙" in said
    assert "any other spelling" in said
    histogram = {"kind": "numeric", "semantic": "pay", "edges_micro": [5_000_000]}
    Path("bins.json").write_text(json.dumps(histogram), "utf-8")
    assert node("confirm", *column, "工资", "--bins-file", "bins.json") == 0
    assert node("confirm", *column, "年龄", "--bins-file", "bins.json") == 1
    assert "do not fit" in one_sentence(capsys)
    assert node("catalogue", "--publish", "--out", "published.json") == 0
    assert node("identity", "--out", "card.json") == 0
    capsys.readouterr()
    assert main(["job", "catalogue", "published.json", "--department", "card.json"]) == 0
    told = capsys.readouterr().out
    assert [text in told for text in ("20, 30.5, 60", "甲, 乙", "edges: 5")] == [True] * 3
    assert node("confirm", *column, "工资", "--bins", "none") == 0
    assert columns(capsys)["工资"]["bins"] is None


@pytest.mark.parametrize(
    "bins", [("--bins", "shared"), ("--bins", "a,b"), ("--bins", "30,20"), ("--bins-file", "none.json")]
)
def test_bins_that_are_none_are_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], bins: tuple[str, str]
) -> None:
    assert load() == 0
    capsys.readouterr()
    word = ("--dataset", "staff", "--column", "工资", "--semantic", "pay")
    assert node("confirm", *word, *bins) in (1, 2)
    assert one_sentence(capsys)
    assert columns(capsys)["工资"]["waits"] == "confirm"


# ---- catalogue


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_reads_in_both_languages(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: Language
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    capsys.readouterr()
    assert node("catalogue") == 0
    assert ("还没有" in capsys.readouterr().out) == (language == "zh")
    assert load("", "--every", "24") == 0
    lower = ("--column", "工资", "--semantic", "pay", "--tier", "public")
    assert node("confirm", "--dataset", "staff", *lower) == 0
    capsys.readouterr()
    assert node("catalogue") == 0
    said = capsys.readouterr().out
    assert ("未确认" in said) == (language == "zh")
    assert "24" in said
    assert main(["node", "status", "--home", "home"]) == 0
    assert ("等待第二人" in capsys.readouterr().out) == (language == "zh")


@pytest.mark.slow
def test_what_is_published_is_signed_and_tells_nothing_of_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    confirm_all("--tier", "core")
    assert node("catalogue", "--publish", "--out", "published.json") == 0
    text = Path("published.json").read_text("utf-8")
    assert not [own for own in (*HEADER, "SENTINEL", "staff", "steward", "north", "rows") if own in text]
    assert node("identity", "--out", "card.json") == 0
    capsys.readouterr()
    seen = ("job", "catalogue", "published.json", "--department", "card.json")
    assert main([*seen, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["catalogue"]["columns"]
    assert [column["semantic"] for column in found] == ["age", "employee_no", "pay", "person_name", "team"]
    assert main([*seen]) == 0
    assert "The signature holds" in capsys.readouterr().out
    Path("published.json").write_text(text.replace('"tier":"core"', '"tier":"public"'))
    assert main([*seen]) == 1
    assert "signature" in one_sentence(capsys)


# ---- refresh


def refresh(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    return dict(shown(capsys, "refresh", *more))


@pytest.mark.slow
def test_a_source_is_read_again_when_it_is_due(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load("", "--every", "24") == 0
    assert refresh(capsys)["state"] == "not_due"
    assert refresh(capsys, "--now")["state"] == "unchanged"
    sheet((*ROWS, ("009", "x", "north", "20", "1")))
    assert refresh(capsys, "--now") | {"due": 0} == {"state": "imported", "number": 2, "due": 0}
    assert refresh(capsys, "--now")["state"] == "unchanged"
    assert refresh(capsys, "--stop")["state"] == "stopped"
    assert refresh(capsys, "--stop")["state"] == "none"
    capsys.readouterr()
    assert node("refresh") == 2
    assert "No source is read" in one_sentence(capsys)


@pytest.mark.slow
def test_a_source_that_is_gone_or_changed_leaves_the_old_version_in_use(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load("", "--every", "1") == 0
    for spoil, sentence in (
        (lambda: Path("staff.xlsx").unlink(), "staff.xlsx"),
        (lambda: sheet(ROWS, (*HEADER[:-1], "SENTINEL")), "other columns"),
        (lambda: Path("staff.xlsx").write_bytes(b"SENTINEL"), "intact Excel"),
        (lambda: sheet((("", "SENTINEL", "", "", ""),)), "no person id"),
    ):
        spoil()  # type: ignore[no-untyped-call]
        capsys.readouterr()
        assert node("refresh", "--now") == 1
        said = one_sentence(capsys)
        assert sentence in said
        assert "SENTINEL" not in said
        found = shown(capsys, "catalogue")
        assert found["datasets"][0]["number"] == 1
        assert found["schedule"]["failed"]
    sheet()
    assert refresh(capsys, "--now")["state"] == "unchanged"
    assert shown(capsys, "catalogue")["schedule"]["failed"] is None


@pytest.mark.slow
def test_what_is_imported_by_hand_overtakes_the_schedule(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load("", "--every", "1") == 0
    sheet((*ROWS, ("009", "x", "north", "20", "1")))
    assert load("") == 0
    sheet((*ROWS, ("009", "x", "north", "20", "1"), ("010", "y", "north", "20", "1")))
    capsys.readouterr()
    for more in ((), ("--now",)):
        assert node("refresh", *more) == 2
        assert "Somebody imported by hand" in one_sentence(capsys)
    assert shown(capsys, "catalogue")["schedule"]["overtaken"]
    assert node("catalogue") == 0
    assert "read no more" in capsys.readouterr().out
    assert load("", "--every", "1") == 0
    assert refresh(capsys, "--now")["state"] == "unchanged"
    assert not shown(capsys, "catalogue")["schedule"]["overtaken"]


@pytest.mark.slow
def test_no_password_is_kept_in_the_clear(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"{a_database()}?SENTINEL=1"
    assert load(url, "--table", "staff", "--every", "1") == 0
    files = [path for path in (folder / "home").rglob("*") if path.is_file()]
    assert folder / "home" / "refresh" in files
    assert not [path for path in files if b"SENTINEL" in path.read_bytes()]
    assert "SENTINEL" not in json.dumps(shown(capsys, "catalogue"))
    assert refresh(capsys, "--now")["state"] == "unchanged"
