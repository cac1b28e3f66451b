"""`xinqiao node classify`: sentences for people, codes for programs, columns that stand below each other."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simulators.workbooks import HEADER, ROWS, workbook
from unit.app.test_commands_node import PLACES
from xinqiao_app.cli import main
from xinqiao_app.commands.audit_log import width_of
from xinqiao_app.commands.columns import table
from xinqiao_governance.messages import LANGUAGES, MESSAGES, Language

FIELDS = ["column", "semantic", "tier", "state", "confidence", "reason", "reason_code"]


@pytest.fixture
def sheet(tmp_path: Path) -> str:
    return str(workbook(tmp_path / "staff.xlsx"))


def said(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    capsys.readouterr()
    assert main(["node", "classify", *command]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reason_is_a_sentence_in_the_readers_language_and_a_code(
    sheet: str, language: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    found: list[dict[str, Any]] = json.loads(said(capsys, sheet, "--json"))
    assert [proposal["column"] for proposal in found] == list(HEADER)
    for proposal in found:
        assert list(proposal) == FIELDS
        assert proposal["reason"] == MESSAGES[proposal["reason_code"]][LANGUAGES.index(language)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [30, 60, 100])
def test_columns_stand_below_each_other_on_any_terminal(
    sheet: str,
    language: Language,
    columns: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    monkeypatch.setenv("COLUMNS", str(columns))
    *lines, blank, _summary = said(capsys, sheet).splitlines()
    assert blank == ""
    cells = [line for line in lines if not line.startswith(" ")]
    assert len(cells) == 1 + len(HEADER)
    assert max(map(width_of, cells)) <= columns
    ends = {width_of(line[: line.rindex("%")]) for line in cells[1:]}
    assert len(ends) == 1
    for row in ROWS:
        assert row[1] not in "".join(lines)  # no cell, only headers


def test_without_a_header_columns_are_named_by_places_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    path = tmp_path / "people.csv"
    names = [f"{a}{b}" for a in "王李张刘" for b in ("伟", "芳", "秀英", "建国")]
    path.write_text("\n".join(f"{name},{3000 + 7 * n}" for n, name in enumerate(names)), "utf-8")
    assert main(["node", "classify", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert [proposal["column"] for proposal in json.loads(out)] == ["column_1", "column_2"]
    assert "named by their places" in err
    assert names[0] not in out + err
    assert main(["node", "classify", str(path), "--no-header"]) == 0
    out, err = capsys.readouterr()
    assert (names[0] in out, err) == (False, "")
    assert main(["node", "classify", str(path), "--header", "--json"]) == 0
    out, err = capsys.readouterr()
    assert ([proposal["column"] for proposal in json.loads(out)], err) == ([names[0], "3000"], "")
    path.write_text("甲,乙\n" + "\n".join("第一批说明,二车间" for _ in names), "utf-8")
    assert main(["node", "classify", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert [proposal["column"] for proposal in json.loads(out)] == ["甲", "乙"]
    assert "Nothing tells" in err
    path.write_text(",\n工号,姓名\n1,王芳\n", "utf-8")
    assert main(["node", "classify", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert [proposal["column"] for proposal in json.loads(out)] == ["", ""]
    assert "The first row is empty" in err


def test_a_column_that_cannot_be_read_is_core_and_the_rest_is_proposed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "staff.parquet"
    pq.write_table(pa.table({"年度": ["2024", "2025"] * 9, "单价": [["SENTINEL"], ["b"]] * 9}), path)
    year, price = json.loads(said(capsys, str(path), "--json"))
    assert year["semantic"] == "event_date"
    assert (price["semantic"], price["tier"], price["state"]) == ("unknown", "core", "review")
    assert price["reason_code"] == "classify_unreadable"


def test_a_sheet_is_named_and_a_part_of_another_kind_is_refused(
    sheet: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["node", "classify", sheet, "--sheet", "1", "--json"]) == 0
    capsys.readouterr()
    assert main(["node", "classify", sheet, "--table", "x"]) == 2
    assert "--sheet is for Excel" in capsys.readouterr().err


def test_a_title_is_refused_and_a_total_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    path = tmp_path / "sheet.csv"
    path.write_text("SENTINEL,,\n工号,姓名,应发\n1,王芳,9\n", "utf-8")
    assert main(["node", "classify", str(path)]) == 1
    out, err = capsys.readouterr()
    assert (out, "looks like a title" in err, "SENTINEL" in err) == ("", True, False)
    assert main(["node", "classify", str(path), "--no-header"]) == 0
    path.write_text("工号,姓名,应发\n1,王芳,9\n合计,,9\n", "utf-8")
    capsys.readouterr()
    assert main(["node", "classify", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert (len(json.loads(out)), "Row 3 looks like a total" in err) == (3, True)


def test_no_header_obeys_the_terminal() -> None:
    (line,) = table([["a\x1b[2Jb", "reason"]], 80)
    assert line == "a[2Jb  reason"


def test_a_reason_too_long_for_the_line_has_its_own() -> None:
    assert table([["心桥", "x", "because"], ["y", "zz", "so"]], 10) == [
        "心桥  x",
        "    because",
        "y     zz",
        "    so",
    ]
