"""`xinqiao policy` on real files and a real home: checked, tried, explained, changed by two, granted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.cards import give_centre_card
from simulators.enterprise import dataset
from simulators.stewards import add_steward, by
from xinqiao_app.cli import main
from xinqiao_clients.policy_files import default_policy
from xinqiao_governance.canonical import dumps
from xinqiao_governance.messages import LANGUAGES, Language

PLACES = {"zh": "zh_CN.UTF-8", "en": "C"}
REQUEST = {
    "role": "cadre",
    "output": "local_result",
    "tier": "sensitive",
    "purpose": "career_development",
    "legal_basis": "union_duty",
    "declared": True,
    "approved": False,
    "own": False,
    "inside": True,
    "people": 1,
    "home": "care",
    "now": 100,
}
CONTRACT = """
dataset: staff
person: id
columns:
  id: {type: text, missing: forbidden}
  age: {type: number}
  grade: {type: text, missing: allowed}
  pay: {type: number}
"""
STRICTER = default_policy().text + (
    '\n@id("mine")\n@reason("not_own")\nforbid (principal == Role::"cadre", action, resource);\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    Path("request.json").write_text(json.dumps(REQUEST))
    Path("mine.cedar").write_text(STRICTER)
    return tmp_path


@pytest.fixture
def home(folder: Path) -> list[str]:
    """The options of a home with a table in it."""
    give_centre_card(Path("centre.json"))
    Path("passphrase").write_text("correct horse battery staple\n")
    Path("catalogue.json").write_bytes(dumps(dataset().to_json()))
    Path("contract.yaml").write_text(CONTRACT)
    Path("staff.csv").write_text("id,age,grade,pay\np1,30,A,100\np2,40,B,90\n")
    options = ["--home", "home", "--passphrase-file", "passphrase"]
    card = ["--name", "north", "--centre", "centre.json"]
    assert main(["node", "init", *options, *card]) == 0
    data = ["--data", "staff.csv", "--catalogue", "catalogue.json", "--contract", "contract.yaml"]
    assert main(["node", "import", *options, *data, "--epsilon-cap", "1", "--delta-cap", "0.00001"]) == 0
    return options


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, object]:
    capsys.readouterr()
    assert main(["policy", *arguments, "--json"]) == code
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_own_table_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "test")["differing"] == []


def test_what_differs_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "test", "--policy", "mine.cedar", code=1)
    assert {(row["expected"], row["said"]) for row in found["differing"]} >= {("allowed", "not_own")}
    assert main(["policy", "test", "--policy", "mine.cedar"]) == 1
    assert "the table says allowed, the policy not_own" in capsys.readouterr().out


def test_rows_of_ones_own_are_tried_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = {"v": 1, "requests": {"r": REQUEST}, "rows": [{"from": "r", "expect": "grant_missing"}]}
    Path("rows.json").write_text(json.dumps(table))
    assert said(capsys, "test", "--rows", "rows.json")["rows"] == said(capsys, "test")["rows"] + 1
    table["rows"][0]["expect"] = "allowed"
    Path("rows.json").write_text(json.dumps(table))
    assert len(said(capsys, "test", "--rows", "rows.json", code=1)["differing"]) == 1
    for rows in ([{"from": "nobody", "expect": "allowed"}], [{"from": "r"}], [7], 7):
        Path("rows.json").write_text(json.dumps({**table, "rows": rows}))
        assert main(["policy", "test", "--rows", "rows.json"]) == 2


def test_check_says_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "check", "mine.cedar")["valid"] is True
    Path("bad.cedar").write_text(STRICTER.replace('Action::"raw_export"', 'Action::"raw_view"', 1))
    assert main(["policy", "check", "bad.cedar"]) == 2
    assert "forbid-raw-export" in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_explain_says_why_and_what_would_have_to_change(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    assert main(["policy", "explain", "request.json"]) == 1
    told = capsys.readouterr().out
    assert {"zh": "有一份此刻有效的授权", "en": "with a grant that is valid now"}[language] in told
    assert main(["policy", "explain", "request.json", "--set", "grant=101"]) == 0
    assert main(["policy", "explain", "request.json", "--set", "output=raw_export"]) == 1
    assert {"zh": "没有任何改变", "en": "No change would allow"}[language] in capsys.readouterr().out


def test_explain_in_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "explain", "request.json", code=1)
    assert (found["allowed"], found["reason"], found["never"]) == (False, "grant_missing", False)
    assert [{"field": "grant", "value": 101}] in found["ways"]


@pytest.mark.parametrize(
    "fact", ["tier=secret", "people=many", "purpose=SENTINEL", "sudo=1", "inside=1", "x"]
)
def test_explain_says_which_field_it_cannot_read(
    folder: Path, capsys: pytest.CaptureFixture[str], fact: str
) -> None:
    assert main(["policy", "explain", "request.json", "--set", fact]) in (1, 2)
    assert capsys.readouterr().err.strip()


def test_two_stewards_change_the_policy(home: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "show", *home)["policy"] == default_policy().text
    for name in ("Li", "Wang"):
        add_steward(name)
    assert main(["policy", "show", *home, "--proposed"]) == 2
    digest = str(said(capsys, "propose", *home, "mine.cedar", *by("Li"))["proposed"])
    waiting = said(capsys, "show", *home, "--proposed")
    assert (waiting["digest"], waiting["policy"], waiting["proposer"]) == (digest, STRICTER, "Li")
    assert main(["policy", "show", *home, "--proposed"]) == 0
    changed = capsys.readouterr().out.splitlines()
    assert changed[:2] == [f"--- {waiting['in_use']}", f"+++ {digest}"]
    added = {line[1:] for line in changed[2:] if line[:1] == "+"}
    assert set(STRICTER.splitlines()) - set(default_policy().text.splitlines()) <= added
    assert len(changed) < len(STRICTER.splitlines())
    assert main(["policy", "approve", *home, digest, *by("Li")]) == 2
    assert main(["policy", "approve", *home, digest, "--steward", "Wang"]) == 1  # not by that passphrase
    assert said(capsys, "approve", *home, digest, *by("Wang")) == {"adopted": digest}
    assert said(capsys, "show", *home)["policy"] == STRICTER
    assert main(["node", "journal", *home]) == 0
    assert "took a step to change the policy" in capsys.readouterr().out


def test_grants_on_the_command_line(home: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["explain", *home, "request.json"]
    assert said(capsys, *asked, code=1)["reason"] == "grant_missing"
    what = ["--role", "cadre", "--output", "local_result", "--tier", "sensitive"]
    grant = ["grant", *home, *what, "--purpose", "career_development", "--until", "2199-01-01"]
    digest = str(said(capsys, *grant)["digest"])
    assert said(capsys, *asked)["allowed"] is True
    assert [row["digest"] for row in said(capsys, "grants", *home)] == [digest]
    assert said(capsys, "revoke", *home, digest[:12])["digest"] == digest
    assert said(capsys, *asked, code=1)["reason"] == "grant_missing"
    assert main(["policy", "grants", *home]) == 0
    assert main(["policy", *grant[:-1], "2001-01-01"]) == 2
    assert main(["policy", *["raw_export" if part == "local_result" else part for part in grant]]) == 2


@pytest.mark.parametrize("command", [["policy", "grants"], ["node", "doctor"]])
def test_no_open_home_is_written_to_a_core_file(home: list[str], tmp_path: Path, command: list[str]) -> None:
    """In a process of its own: what is taken away there stays away."""
    script = (
        "import resource, sys; from xinqiao_app.cli import main\n"
        "limits = resource.getrlimit(resource.RLIMIT_CORE)\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (limits[1], limits[1]))\n"
        "assert main(sys.argv[1:]) in (0, 1)\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    asked = [sys.executable, "-c", script, *command, *home]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "(0, 0)"


def test_a_policy_is_checked_before_a_home_is_opened(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bad.cedar").write_text("permit")
    assert main(["policy", "propose", "bad.cedar", "--home", "nowhere"]) != 0
    assert "nowhere" not in capsys.readouterr().err
