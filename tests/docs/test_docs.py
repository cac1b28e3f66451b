"""The pages say what the code does: commands parse, links and paths resolve, figures come from the source."""

import json
import re
import shlex
import sqlite3
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from xinqiao_app.cli import build_parser
from xinqiao_app.public_data import career_spec, load_people, split
from xinqiao_clients.book import Book
from xinqiao_clients.chunks import CHUNK_ROWS
from xinqiao_clients.home import Home, Settings
from xinqiao_governance.messages import MESSAGES
from xinqiao_governance.order import Spend
from xinqiao_governance.wire import (
    KEY_BYTES,
    SIGNATURE_BYTES,
    WORD_BYTES,
    AnswerFrame,
    MaskedVector,
    SealedFrame,
)
from xinqiao_ledger.event import Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_models.defaults import plan_for

ROOT = Path(__file__).parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = sorted([*READMES, ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
NOTES = sorted((ROOT / "docs" / "decisions").glob("*.md"))

_FENCE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ANY_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:e-\d+)?")
_HEADING = re.compile(r"^(#+) ", re.MULTILINE)
_TARGET = re.compile(r"^([a-z][\w-]*):", re.MULTILINE)
_OURS = re.compile(r"(?:bench|clients|docs|governance|ledger|models|platform|tests)/[\w./-]*")
_MACHINE = re.compile(r"/(?:work|tmp|home|root|opt|mnt|srv|Users)/|[A-Z]:\\\\")
_REGISTRY = re.compile(r"pypi\.|index-url|simple/|registry\.|npmjs|mirrors?\.", re.IGNORECASE)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _lines(path: Path) -> list[str]:
    """Every line of the page's console blocks."""
    return [line for block in _FENCE.findall(_text(path)) for line in block.splitlines() if line]


def _inline(path: Path) -> list[str]:
    """Every piece of inline code."""
    return _CODE.findall(_ANY_FENCE.sub("", _text(path)))


def _section(page: str, heading: str) -> str:
    """The text under a heading of docs/DATA_MODEL.md, up to the next of any level."""
    text = _text(ROOT / "docs" / page)
    return re.split(r"^#+ ", text.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def _first_cells(section: str) -> list[str]:
    """The code in the first cell of each row of a section's tables."""
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return [code for cell in rows for code in _CODE.findall(cell)]


def _commands(line: str) -> Iterator[list[str]]:
    words = shlex.split(line)
    if words and words[0].rpartition("/")[2] == "xinqiao":
        yield words[1:]


# ---- commands --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", READMES, ids=_name)
def test_every_command_of_a_readme_is_one_that_exists(page: Path) -> None:
    targets = set(_TARGET.findall(_text(ROOT / "Makefile")))
    lines = _lines(page)
    assert len(lines) >= 8
    for line in lines:
        words = shlex.split(line)
        if words[0] == "make":
            assert set(words[1:]) <= targets, line
        else:
            (arguments,) = _commands(line)
            build_parser("en").parse_args(arguments)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_named_in_passing_has_a_help_text(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    targets = set(_TARGET.findall(_text(ROOT / "Makefile")))
    for code in _inline(page):
        words = code.split()
        if words[0] == "make" and len(words) == 2:
            assert words[1] in targets, code
        if words[0] == "xinqiao":
            _require_help([word for word in words[1:] if word[0].isalpha()], code)
    capsys.readouterr()


def _require_help(command: list[str], code: str) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser("zh").parse_args([*command, "--help"])
    assert ended.value.code == 0, code


# ---- both languages ----------------------------------------------------------------------------------


def test_both_readmes_have_the_same_parts_commands_and_figures() -> None:
    english, chinese = (_text(page) for page in READMES)
    assert _HEADING.findall(english) == _HEADING.findall(chinese)
    assert _lines(READMES[0]) == _lines(READMES[1])
    assert Counter(_inline(READMES[0])) == Counter(_inline(READMES[1]))
    assert Counter(_NUMBER.findall(english)) == Counter(_NUMBER.findall(chinese))
    assert english.count("\n|") == chinese.count("\n|")


# ---- links and paths -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_resolve(page: Path) -> None:
    for link in _LINK.findall(_text(page)):
        assert "://" not in link, f"{link}: pages are read offline"
        assert (page.parent / link.partition("#")[0]).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_files_and_tests_that_a_page_names_exist(page: Path) -> None:
    for code in _inline(page):
        path, _, test = code.partition("::")
        if not _OURS.fullmatch(path):
            continue
        assert (ROOT / path).exists(), code
        assert not test or f"def {test}(" in _text(ROOT / path), code


@pytest.mark.parametrize("page", [*PAGES, ROOT / "docs" / "flow.svg"], ids=_name)
def test_no_machine_and_no_registry_is_named(page: Path) -> None:
    assert not _MACHINE.findall(_text(page))
    assert not _REGISTRY.findall(_text(page))


def test_the_picture_stands_alone_and_speaks_both_languages() -> None:
    picture = ElementTree.parse(ROOT / "docs" / "flow.svg").getroot()
    words = "".join(picture.itertext())
    assert re.search(r"[一-鿿]", words)
    assert re.search(r"[A-Za-z]{4}", words)
    tags = {element.tag.rpartition("}")[2] for element in picture.iter()}
    assert not tags & {"script", "image", "use", "foreignObject"}


# ---- lists that must be whole --------------------------------------------------------------------------


def test_the_data_model_names_every_table_of_the_book(tmp_path: Path) -> None:
    Book(tmp_path / "book.sqlite", bytes(32), lambda: 0).close()
    assert sorted(_first_cells(_section("DATA_MODEL.md", "The book"))) == _tables(tmp_path / "book.sqlite")


def test_the_data_model_names_every_table_of_the_log(tmp_path: Path) -> None:
    Log(tmp_path / "log.sqlite", SigningKey.generate(), "test.log/1").close()
    named = set(_first_cells(_section("DATA_MODEL.md", "The centre's folder")))
    assert set(_tables(tmp_path / "log.sqlite")) <= named


def test_the_data_model_names_every_file_of_a_home(tmp_path: Path) -> None:
    settings = Settings("dept", bytes(32), bytes(32), "test.log/1", 4)
    home = Home.create(tmp_path / "home", settings, "a passphrase for a test")
    home.close()
    made = {path.name.removesuffix("-wal").removesuffix("-shm") for path in (tmp_path / "home").iterdir()}
    assert made <= set(_first_cells(_section("DATA_MODEL.md", "A department's home")))


def test_the_data_model_names_every_kind_of_event() -> None:
    section = _section("DATA_MODEL.md", "Events")
    assert set(_first_cells(section)) == {kind.value for kind in Kind}


def test_the_architecture_lists_every_check_of_the_verifier() -> None:
    rows = re.findall(r"^\| (\d+) \|", _text(ROOT / "docs" / "ARCHITECTURE.md"), re.MULTILINE)
    assert {f"audit_check_{row}" for row in rows} == {code for code in MESSAGES if "audit_check_" in code}


@pytest.mark.parametrize("note", NOTES, ids=_name)
def test_a_decision_note_has_its_parts(note: Path) -> None:
    headings = re.findall(r"^## (.+)$", _text(note), re.MULTILINE)
    assert headings == ["Context", "Options", "Choice", "Consequence"]
    assert "\nStatus: " in _text(note)


def test_decision_notes_are_numbered_without_a_gap() -> None:
    numbers = [int(note.name[:3]) for note in NOTES]
    assert numbers == list(range(len(NOTES)))


def _tables(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [name for (name,) in rows]


# ---- figures that must be true -----------------------------------------------------------------------------


def test_head_counts_are_those_of_the_public_source() -> None:
    training, held_out = split(load_people())
    for page in READMES:
        figures = _NUMBER.findall(_text(page))
        for count in (len(training), len(held_out), len(training) + len(held_out)):
            assert f"{count:,}" in figures


def test_steps_parameters_and_bytes_are_those_of_the_demos_order() -> None:
    spec = career_spec()
    answers = plan_for(spec, spend=Spend(1_000_000, 10_000), members=8, people=30_000).answers
    answer = AnswerFrame(MaskedVector(bytes(32), bytes(WORD_BYTES * spec.dimension))).encode()
    frame = SealedFrame(bytes(KEY_BYTES), bytes(SIGNATURE_BYTES), answer).encode()
    for page in READMES:
        figures = _NUMBER.findall(_text(page))
        for figure in (spec.dimension, answers, round(answers * len(frame) / 1_000)):
            assert str(figure) in figures


@pytest.mark.slow
def test_privacy_is_that_of_the_demos_order() -> None:
    from xinqiao_app.demo import SPEND

    assert (SPEND.epsilon_micro, SPEND.delta_nano) == (1_000_000, 10_000)
    for page in READMES:
        assert "ε = 1" in _text(page)
        assert "δ = 1e-5" in _text(page)


@pytest.mark.slow
def test_the_pooled_yardstick_is_what_the_public_data_give() -> None:
    from xinqiao_app.yardsticks import Part, fit_logistic
    from xinqiao_models.metrics import auc

    spec = career_spec()
    training, held_out = (Part.of(people, spec) for people in split(load_people()))
    figure = auc(held_out.labels, fit_logistic(training)(held_out))
    for page in READMES:
        assert f"{figure:.3f}" in _text(page)


def test_figures_are_those_of_the_last_demo() -> None:
    path = ROOT / "var" / "demo" / "summary.json"
    if not path.exists():
        pytest.skip("`make demo` has not been run here")
    summary = json.loads(_text(path))
    left = [sum(kinds.values()) for kinds in summary["left"].values()]
    fixed = [
        summary["auc"][name] for name in ("pooled_non_private", "pooled_boosting", "best_single_department")
    ]
    for page in READMES:
        figures = _NUMBER.findall(_text(page))
        assert all(f"{auc:.3f}" in figures for auc in fixed)
        assert str(round(max(left) / 1_000)) in figures
        assert f"{summary['people']:,}" in figures
        # Fresh noise in every run: the page must be near, not equal.
        federated = float(
            re.findall(r"^\| (?:the federated model|联合训练的模型) \| (.+) \|$", _text(page), re.M)[0]
        )
        assert abs(federated - summary["auc"]["federated"]) < 0.003


def test_limits_in_the_pages_are_those_of_the_code() -> None:
    policy = _text(ROOT / "clients" / "xinqiao_clients" / "policy" / "default.cedar")
    (of_sums, _of_statistics) = re.findall(r"context\.people < (\d+)", policy)
    assert f"minimum group of {of_sums}" in _text(ROOT / "docs" / "THREATS.md")
    assert f"{CHUNK_ROWS:,} rows" in _text(ROOT / "docs" / "DATA_MODEL.md")
