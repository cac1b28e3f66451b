"""`xinqiao node doctor` as a steward types it: both languages, narrow lines, exit codes, and no value."""

import json
import shutil
import unicodedata
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulators.enterprise import CAP, PASSPHRASE, table
from unit.clients.test_adopting import SETTINGS
from xinqiao_app.cli import main
from xinqiao_app.commands.node_doctor import wrapped
from xinqiao_clients.backup import back_up
from xinqiao_clients.home import Home
from xinqiao_clients.refreshing import remember
from xinqiao_clients.register import Register, change
from xinqiao_clients.sources import Source, read_table
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.messages import LANGUAGES, Language

PLACES = {"zh": "zh_CN.UTF-8", "en": "C"}
COLUMNS = ("SENTINEL号", "年龄SENTINEL", "SENTINEL 岗位", "工资SENTINEL")
VALUES = ("SENTINEL-p1", "绝密SENTINEL", "SENTINEL-url", "SENTINEL-steward")
CONTRACT = "dataset: staff\nperson: SENTINEL号\ncolumns:\n  SENTINEL号: {type: text}\n"


def sentinels() -> Dataset:
    meanings = ("person", "age", "grade", "pay")
    columns = [
        Column(name, meaning, "text", Tier.CORE) for name, meaning in zip(COLUMNS, meanings, strict=True)
    ]
    columns[0] = replace(columns[0], kind="identifier")
    return Dataset("staff", "SENTINEL title", tuple(columns), COLUMNS[0], ("career_development",), "north")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home full of made-up values that must not be seen, with much to find: see what is not confirmed."""
    root = tmp_path_factory.mktemp("template")
    with closing(Home.create(root / "home", SETTINGS, PASSPHRASE, steward=VALUES[3])) as home:
        cells = np.array([VALUES[1]] * 60, dtype=object)
        rows = dict.fromkeys(COLUMNS, cells) | {COLUMNS[0]: table(1)["id"]}
        rows[COLUMNS[0]][0] = VALUES[0]
        home.adopt(sentinels(), CONTRACT, home.store.write(sentinels(), rows), CAP, VALUES[3], stated=False)
        (root / "SENTINEL-url.csv").write_text(f"{COLUMNS[0]}\n{VALUES[0]}\n")
        source = Source(str(root / "SENTINEL-url.csv"))
        remember(home, source, 24, read_table(source), home.adopted, no_header=False)
        back_up(home, root / "backup", root / "keys.copy", VALUES[3])
    return root


@pytest.fixture
def folder(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(template / "home", tmp_path / "home")
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    return tmp_path


def doctor(*more: str) -> int:
    return main(["node", "doctor", "--home", "home", *more])


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def unbroken(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_steward_reads_what_is_unsafe_and_what_to_type(
    language: Language, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    Path("home").chmod(0o755)
    assert doctor() == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == {"zh": "dept：不安全 2 项，待办 2 项。", "en": "dept: 2 unsafe, 2 to do."}[language]
    assert lines[2].startswith(
        {"zh": "✗ 不安全  本机其他用户能进入", "en": "✗ Unsafe  Other users of"}[language]
    )
    assert "    chmod -R go= home" in lines
    assert "    xinqiao keys add-steward --home home NAME" in lines
    assert "    xinqiao node doctor --home home --passphrase-file FILE" in lines
    assert all(width(line) <= 76 for line in lines if not line.startswith("    "))
    sentences = [line for line in lines if not line.startswith("    ")]
    assert {"zh": "检查", "en": "Not looked at"}[language] in "\n".join(sentences)
    assert doctor("--passphrase-file", "passphrase") == 1
    assert {"zh": "没有检查", "en": "Not looked at"}[language] not in capsys.readouterr().out


def test_what_is_mended_is_found_no_more(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("home").chmod(0o755)
    with closing(Home.open(Path("home"), PASSPHRASE)) as home:
        change(home, VALUES[3], "backup_destroyed", lambda _: Register())
    assert doctor() == 1
    Path("home").chmod(0o700)
    assert doctor() == 0
    capsys.readouterr()


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_value_and_without_a_passphrase_no_column_is_shown(
    language: Language,
    more: list[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    for damage in (None, "refresh", "identity"):
        if damage:
            Path("home", damage).write_bytes(b"{}")
        doctor(*more)
        shown = "".join(capsys.readouterr())
        assert "SENTINEL" not in shown
        doctor("--passphrase-file", "passphrase", *more)
        shown = "".join(capsys.readouterr())
        assert not [value for value in VALUES if value in shown]
        if damage != "identity":
            assert all(unbroken(column) in unbroken(shown) for column in COLUMNS)


def test_plain_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor("--json", "--passphrase-file", "passphrase") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["name"], found["unsafe"], found["unseen"]) == ("dept", 1, [])
    first = found["findings"][0]
    assert (first["code"], first["severity"]) == ("backup_beside_keys", "unsafe")
    assert first["commands"][0] == "xinqiao keys backup --home home --out DIR --keys FILE"
    severities = [finding["severity"] for finding in found["findings"]]
    assert severities == sorted(severities, key=["unsafe", "to_do", "fine"].index)


@pytest.mark.parametrize(
    ("harm", "arguments"),
    [
        (lambda: shutil.rmtree("home"), []),
        (lambda: Path("home/node.json").write_text("{}"), []),
        (lambda: Path("passphrase").write_text("wrong"), ["--passphrase-file", "passphrase"]),
        (lambda: Path("passphrase").unlink(), ["--passphrase-file", "passphrase"]),
        (lambda: None, ["--no-such"]),
        (lambda: None, ["--home", "x" * 300]),
    ],
    ids=["no home", "settings", "wrong passphrase", "no passphrase", "usage", "system"],
)
def test_where_nobody_could_look_it_ends_with_two(
    harm: object, arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(harm)
    harm()
    assert doctor(*arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_book_is_told_with_its_reason(
    language: Language, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    Path("home/book.sqlite").write_bytes(b"no database " * 100)
    assert doctor() == 1
    shown = unbroken(capsys.readouterr().out)
    why = {"zh": "账本 book.sqlite 无法写入或已损坏。", "en": "The book book.sqlite cannot be written"}
    assert unbroken(why[language]) in shown
    assert {"zh": "各列的确认", "en": "confirmedcolumns"}[language] in shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "  three"]),
        ("甲乙丙丁戊己。庚", ["甲乙丙丁", "  戊己。", "  庚"]),
        ("  indented words", ["  indented", "  words"]),
        ("averyveryverylongword x", ["averyveryverylongword", "  x"]),
        ("", [""]),
    ],
)
def test_lines_break_at_spaces_and_beside_chinese(text: str, lines: list[str]) -> None:
    assert list(wrapped(text, "  ", 9)) == lines
