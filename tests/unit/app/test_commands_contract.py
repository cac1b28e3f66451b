"""`xinqiao contract`: drafts and checks on the command line, in both languages, and no cell in any output."""

import json
from pathlib import Path

import pytest

from simulators.workbooks import workbook
from xinqiao_app.cli import main
from xinqiao_clients.contracts import CheckResult, ContractReport
from xinqiao_governance.messages import LANGUAGES

pytestmark = pytest.mark.slow  # the library takes seconds to load

PLACES = {"zh": "zh_CN.UTF-8", "en": "C"}
SENTINEL = "SENTINEL-71"
CONTRACT = """
dataset: staff
person: id
columns:
  id: {type: text, unique: true}
  <b>: {type: integer, min: 0, max: 9}
  "on": {type: date, newest: within 9 days}
  t: {type: text, pattern: "[a-z]*", missing: allowed}
"""
GOOD = "id,<b>,on,t\np1,1,2020-01-01,a\n"
BAD = f"id,<b>,on,t\np1,{SENTINEL},2020-01-01,{SENTINEL}\np1,71717,2020-02-30,=SENTINEL()\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    Path("c.yaml").write_text(CONTRACT)
    Path("bad.csv").write_text(BAD)
    Path("good.csv").write_text(GOOD)
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_broken_contract_is_told_in_numbers(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    assert main(["contract", "check", "bad.csv", "--contract", "c.yaml", "--html", "page.html"]) == 1
    out, err = capsys.readouterr()
    assert "✗ <b>" in out
    assert ("2 行中有 1 处不符" if language == "zh" else "1 of 2 rows fail") in out
    page = Path("page.html").read_text("utf-8")
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    for outside in ("http:", "https:", "<script", "src="):
        assert outside not in page
    for text in (out, err, page):
        assert "SENTINEL" not in text
        assert "71717" not in text
        assert "02-30" not in text


def test_json_has_a_number_for_each_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "check", "bad.csv", "--contract", "c.yaml", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["passed"]
    assert {"check", "columns", "passed", "failing", "allowed", "rows"} == set(found["checks"][0])
    failed = {
        (each["check"], *each["columns"]): each["failing"] for each in found["checks"] if not each["passed"]
    }
    assert failed == {
        ("unique", "id"): 2,
        ("type", "<b>"): 1,
        ("range", "<b>"): 1,
        ("type", "on"): 1,
        ("newest", "on"): 1,
        ("pattern", "t"): 2,
    }


@pytest.mark.parametrize(
    ("file", "contract"),
    [
        ("nowhere.csv", CONTRACT),
        ("good.csv", CONTRACT + "  nowhere: {type: text}\n"),
        ("good.csv", CONTRACT + "rulez: []\n"),
        ("good.csv", CONTRACT.replace("[a-z]*", "(?=SENTINEL)")),
        ("good.csv", "a: &a [1]\nb: *a\n"),
    ],
)
def test_what_cannot_be_checked_is_no_failure_and_no_pass(
    file: str, contract: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("c.yaml").write_text(contract)
    assert main(["contract", "check", file, "--contract", "c.yaml", "--html", "page.html"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "SENTINEL" not in err
    assert not Path("page.html").exists()


def test_an_unknown_key_is_named_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("c.yaml").write_text(CONTRACT.replace("newest:", "newset:"))
    for place in PLACES.values():
        monkeypatch.setenv("LC_ALL", place)
        assert main(["contract", "check", "good.csv", "--contract", "c.yaml"]) == 2
        assert "columns.on.newset" in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_from_a_workbook_is_kept_by_it(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    rows = [("工号", "状态", "工资"), *((f"A{n:03}", "在职", 3_000 + 7 * n) for n in range(40))]
    workbook(Path("人员.xlsx"), rows)
    assert main(["contract", "draft", "人员.xlsx", "--sheet", "Sheet", "--out", "d.yaml"]) == 0
    assert "d.yaml" in capsys.readouterr().out
    draft = Path("d.yaml").read_text("utf-8")
    assert ("取整" if language == "zh" else "rounded") in draft
    assert "dataset: dataset\n" in draft
    assert main(["contract", "check", "人员.xlsx", "--contract", "d.yaml"]) == 0
    assert main(["contract", "draft", "人员.xlsx", "--out", "d.yaml"]) != 0  # what a person edited is kept
    assert Path("d.yaml").read_text("utf-8") == draft


@pytest.mark.parametrize("command", ["draft", "check"])
def test_nothing_of_another_kind_is_written_over(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--contract", "c.yaml", "--html"] if command == "check" else ["--out"]
    foreign = Path("foreign")
    foreign.write_text("somebody's own\n")
    Path("link").symlink_to(foreign)
    for out in ("foreign", "link"):
        capsys.readouterr()
        assert main(["contract", command, "good.csv", *more, out]) == 2
        assert f"something else at {out}" in capsys.readouterr().err
    assert foreign.read_text() == "somebody's own\n"
    assert Path("link").is_symlink()


def test_a_page_is_written_over_by_the_next(tmp_path: Path) -> None:
    for file in ("bad.csv", "good.csv"):
        main(["contract", "check", file, "--contract", "c.yaml", "--html", "page.html"])
    assert not list(tmp_path.glob(".tmp-*"))


def test_draft_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "draft", "good.csv", "--person", "id", "--out", "d.yaml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "contract": "d.yaml",
        "passed": True,
        "columns": 4,
        "rules": 0,
    }


def test_a_check_that_could_not_be_run_reads_as_failed() -> None:
    from xinqiao_app.contract_page import render

    broken = CheckResult("range", ("pay",), False, None, 0, 3)
    page = render(ContractReport(False, (broken,)))
    assert 'class="FAIL"' in page
    assert "counts as failed" in page


def test_no_contract_is_drafted_over_a_total(capsys: pytest.CaptureFixture[str]) -> None:
    Path("total.csv").write_text("工号,姓名,应发\n1,SENTINEL,9\n合计,,9\n", "utf-8")
    assert main(["contract", "draft", "total.csv", "--person", "工号", "--out", "new.yaml"]) == 1
    out, err = capsys.readouterr()
    assert "Row 3 looks like a total" in err
    assert "SENTINEL" not in out + err
    assert not Path("new.yaml").exists()


def test_a_header_that_a_terminal_obeys_is_told_by_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.csv").write_text("id,b\u202e\x1b[2J\np1,1\n", "utf-8")
    for command in (["check", "bad.csv", "--contract", "c.yaml"], ["draft", "bad.csv", "--out", "d.yaml"]):
        assert main(["contract", *command]) in (1, 2)
        out, err = capsys.readouterr()
        assert "column 2" in err
        assert not {"\u202e", "\x1b"} & set(out + err)
    assert main(["contract", "draft", "good.csv", "--out", "d.yaml", "--person", "x\u202e"]) == 2
    assert "\u202e" not in capsys.readouterr().err
