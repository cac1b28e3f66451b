"""docs/COMPLIANCE.md: both languages have the same rows, each for counsel to check, and name what exists."""

import re
from collections import Counter
from pathlib import Path

import pytest

from xinqiao_app.cli import build_parser
from xinqiao_governance.messages import MESSAGES

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = PAGES = ("COMPLIANCE.md", "COMPLIANCE.zh-CN.md")
COUNSEL = {ENGLISH: "; to be checked by counsel", CHINESE: "；待法务核对"}
STATUS = {"built": "具备", "partly": "部分具备", "planned": "计划中", "yours": "由单位承担"}
LAWS = {
    "个保法": "PIPL",
    "数安法": "DSL",
    "网安法": "CSL",
    "网数条例": "NDR",
    "审计办法": "CAM",
    "密码法": "CRL",
}
FOLDERS = ("bench/", "clients/", "docs/", "governance/", "ledger/", "models/", "platform/", "tests/")

_CODE = re.compile(r"`([^`]+)`")
_ARTICLES = re.compile(r"\*\*(GB/T \d+-\d+|[A-Z]{3,4}|[一-鿿]{3,4}?(?=第))(.*?)\*\*")
_NUMBER = re.compile(r"\d+(?:\.\d+)*|(?<=annex )[A-Z]|(?<=附录)[A-Z]")

Article = tuple[str, tuple[str, ...]]


def text(page: str) -> str:
    return (ROOT / "docs" / page).read_text("utf-8")


def rows(page: str) -> list[list[str]]:
    """The cells of each row about an article."""
    lines = [line for line in text(page).splitlines() if line.startswith("| **")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def named(*beginnings: str) -> list[str]:
    """What both pages name in code that begins so, each once."""
    return sorted(
        {code for page in PAGES for code in _CODE.findall(text(page)) if code.startswith(beginnings)}
    )


def article(row: list[str]) -> Article:
    """The law and its articles, in words of neither language."""
    found = _ARTICLES.match(row[0])
    assert found, row[0]
    return LAWS.get(found[1], found[1]), tuple(_NUMBER.findall(found[2]))


def test_both_pages_have_the_same_articles_in_the_same_order() -> None:
    articles = [[article(row) for row in rows(page)] for page in PAGES]
    assert articles[0] == articles[1]
    assert len(set(articles[0])) == len(articles[0]) >= 60
    assert all(numbers for _, numbers in articles[0])


def test_both_pages_say_the_same_of_each_article_by_status_and_by_what_they_name() -> None:
    for english, chinese in zip(*map(rows, PAGES), strict=True):
        status = english[-1].removesuffix(COUNSEL[ENGLISH])
        assert chinese[-1] == STATUS[status] + COUNSEL[CHINESE], english[0]
        names = [Counter(_CODE.findall(" ".join(row))) for row in (english, chinese)]
        assert names[0] == names[1], english[0]
        assert _CODE.search(english[3]), "a row without anything to look at"


@pytest.mark.parametrize("page", PAGES)
def test_every_row_is_for_counsel_to_check(page: str) -> None:
    for row in rows(page):
        assert len(row) == 5, row[0]
        assert row[-1].endswith(COUNSEL[page]), row[0]
    assert text(page).split("\n\n")[2].startswith("**")


@pytest.mark.parametrize("page", PAGES)
def test_what_must_be_covered_is(page: str) -> None:
    named: dict[str, set[str]] = {}
    for law, numbers in map(article, rows(page)):
        named.setdefault(law, set()).update(numbers)
    needed = [*range(4, 11), *range(13, 18), 19, 21, 23, 24, *range(28, 33), *range(38, 41), *range(44, 53)]
    assert {str(number) for number in (*needed, 54, 55, 56, 57, 69)} <= named["PIPL"]
    assert {"21", "22", "27", "29", "30", "32", "36"} <= named["DSL"]


@pytest.mark.parametrize("code", named("xinqiao "))
def test_every_command_and_option_exists(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = code.split()[1:]
    with pytest.raises(SystemExit) as ended:
        build_parser("en").parse_args([*(word for word in words if word[0].isalpha()), "--help"])
    assert ended.value.code == 0
    described = capsys.readouterr().out
    assert all(word in described for word in words if word.startswith("--"))


@pytest.mark.parametrize("code", named(*FOLDERS))
def test_every_file_and_test_exists(code: str) -> None:
    path, _, test = code.partition("::")
    assert (ROOT / path).is_file()
    assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8")


def test_no_message_calls_our_tier_by_the_states_word() -> None:
    of_the_grade = {"catalogue_grade_core", "national_grade_kept"}
    named = {code for code, (chinese, _) in MESSAGES.items() if "核心数据" in chinese}
    assert named == of_the_grade
