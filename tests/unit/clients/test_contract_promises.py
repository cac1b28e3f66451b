"""Every kind of promise: what keeps it, what breaks it, how many cells fail; and no cell comes out."""

import json
import logging
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xinqiao_clients import contracts
from xinqiao_clients.contract_plan import Plan, Planned
from xinqiao_clients.contract_text import MAX_TEXT, load_yaml, parse_contract
from xinqiao_clients.contracts import ContractReport, check
from xinqiao_governance.contract import Contract
from xinqiao_governance.days import days_of
from xinqiao_governance.errors import DataInvalid

pytestmark = pytest.mark.slow  # the library takes seconds to load

TODAY = days_of(2026, 11, 22)
SENTINEL = "泄漏SENTINEL"
IDS = ("11010119900307002X", "110101199003070038", "110101199003070046")


def contract_of(columns: dict[str, Any], *rules: dict[str, Any], **more: Any) -> Contract:
    return Contract.from_mapping(
        {"dataset": "d", "person": "id", "columns": {"id": {"type": "text"}, **columns}, "rules": list(rules)}
        | more
    )


def frame_of(**columns: list[Any]) -> pd.DataFrame:
    rows = len(next(iter(columns.values())))
    texts = {name: pd.Series(cells, dtype="str") for name, cells in columns.items()}
    return pd.DataFrame({"id": pd.Series([f"p{row}" for row in range(rows)], dtype="str"), **texts})


def failing(report: ContractReport) -> dict[str, int | None]:
    assert report.passed == (not report.failed)
    return {each.name: each.unexpected for each in report.failed}


DATE = {"type": "date"}
NUMBER = {"type": "number"}
TEXT = {"type": "text"}
MAYBE = {"missing": "allowed"}

# columns of the contract, its rules, the table, what fails
PROMISES: dict[str, tuple[dict[str, Any], list[dict[str, Any]], dict[str, list[Any]], dict[str, int]]] = {
    "date": (
        {"d": DATE},
        [],
        {"d": ["2023-01-31", "2023/1/31", "2023年1月31日", "2023-02-30", "=TODAY()", "31/01/2023", "nan"]},
        {"d:type": 4},
    ),
    "date range": (
        {"d": {**DATE, "min": "2000-01-01", "max": "2020.12.31"}},
        [],
        {"d": ["2000-01-01", "1999-12-31", "2020-12-31 23:59", "2021-01-01"]},
        {"d:range": 2},
    ),
    "no future": ({"d": {**DATE, "max": "today"}}, [], {"d": ["2026-11-22", "2026-11-23"]}, {"d:range": 1}),
    "newest": (
        {"d": {**DATE, "newest": "within 7 days"}},
        [],
        {"d": ["2026-11-14", "2027-01-01"]},  # what lies ahead makes nothing fresh
        {"d:newest": 1},
    ),
    "numbers": (
        {"n": NUMBER},
        [],
        {"n": ["1", " 2.5 ", "nan", "inf", "1e999", "1_000", "=1+1", "１", SENTINEL]},
        {"n:type": 7},
    ),
    "identity number": (
        {"c": {**TEXT, "check": "identity_number"}},
        [],
        {"c": [*IDS, IDS[0].lower(), "110101900307002", IDS[0][:-1] + "1", "110101199002300001", SENTINEL]},
        {"c:check": 3},
    ),
    "bank card": (
        {"c": {**TEXT, "check": "bank_card"}},
        [],
        {"c": ["4532015112830366", "6222021234567890128", "4532015112830367", "0", SENTINEL]},
        {"c:check": 3},
    ),
    "credit code": (
        {"c": {**TEXT, "check": "credit_code"}},
        [],
        {"c": ["91350211M000100Y46", "91350211M000100Y44", "泄91350211M000100Y4", SENTINEL]},
        {"c:check": 3},
    ),
    "length": (
        {"t": {**TEXT, "length": {"min": 2, "max": 3}}},
        [],
        {"t": ["张三", "abc", "a", SENTINEL]},
        {"t:length": 2},
    ),
    "pattern": (
        {"t": {**TEXT, "pattern": "[一-龥]{2}"}},
        [],
        {"t": ["张三", "张三\n", SENTINEL]},
        {"t:pattern": 2},
    ),
    "values": ({"t": {**TEXT, "values": ["F"]}}, [], {"t": ["F", SENTINEL, "f"]}, {"t:values": 2}),
    "unique": ({"t": {**TEXT, "unique": True}}, [], {"t": [SENTINEL, SENTINEL, "a"]}, {"t:unique": 2}),
    "nearly unique": (
        {"t": {**TEXT, "unique": {"share": 0.75}}},
        [],
        {"t": [SENTINEL, SENTINEL, SENTINEL, "a"]},
        {"t:unique": 2},
    ),
    "missing share": (
        {"t": {**TEXT, "missing": {"share": 0.5}}},
        [],
        {"t": [SENTINEL, None, None, None]},
        {"t:missing": 3},
    ),
    "at most": (
        {"a": NUMBER | MAYBE, "b": NUMBER},
        [{"at_most": ["a", "b"]}],
        {"a": ["1", "2", "3", None], "b": ["1", "1.5", "4", "0"]},
        {"a, b:at_most": 1},
    ),
    "before": (
        {"a": DATE, "b": DATE | MAYBE},
        [{"before": ["a", "b"]}],
        {"a": ["2020-01-01", "2020-01-01", "2020-01-01"], "b": ["2020年1月2日", "2020-01-01", None]},
        {"a, b:before": 1},
    ),
    "total": (
        {"t": NUMBER, "x": NUMBER, "y": NUMBER | MAYBE},
        [{"total": "t", "parts": ["x", "y"], "within": 0.01}],
        {"t": ["0.3", "5", "5.02", "9"], "x": ["0.1", "2", "2", "1"], "y": ["0.2", "3", "3", None]},
        {"t, x, y:total": 1},
    ),
    "huge total": (
        {"t": NUMBER, "x": NUMBER, "y": NUMBER},
        [{"total": "t", "parts": ["x", "y"]}],
        {"t": ["1"], "x": ["1.7e308"], "y": ["1.7e308"]},
        {"t, x, y:total": 1},
    ),
    "birth": (
        {"b": DATE, "c": TEXT},
        [{"birth": "b", "identity_number": "c"}],
        {"b": ["1990-03-07", "1990-03-08", "1990-03-07"], "c": [IDS[0], IDS[1], SENTINEL]},
        {"b, c:birth": 2},
    ),
    "required": (
        {"r": TEXT | MAYBE, "s": TEXT | MAYBE},
        [{"required": "r", "when": {"column": "s", "is": [SENTINEL]}}],
        {"r": [None, None, "x", None], "s": [SENTINEL, "left", SENTINEL, None]},
        {"r, s:required": 1},
    ),
    "unique together": (
        {"a": TEXT | MAYBE, "b": NUMBER},
        [{"unique": ["a", "b"]}],
        {"a": [SENTINEL, SENTINEL, SENTINEL, None, None], "b": ["1", "1.0", "2", "1", "1"]},
        {"a, b:unique_together": 2},
    ),
}


@pytest.mark.parametrize("kind", PROMISES)
def test_each_promise_counts_what_breaks_it_and_tells_no_cell(
    kind: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    columns, rules, cells, expected = PROMISES[kind]
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        report = check(contract_of(columns, *rules), frame_of(**cells), TODAY)
    assert failing(report) == expected
    said = [repr(report), json.dumps(report.to_json()), caplog.text, *capfd.readouterr()]
    left = [path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()]
    everything = "\n".join([*said, *left, *(str(each.message) for each in warned)])
    for cell in (cell for column in cells.values() for cell in column if cell and len(cell) > 6):
        assert cell not in everything


@pytest.mark.parametrize("kind", PROMISES)
def test_a_table_of_nothing_but_what_holds_passes(kind: str) -> None:
    """Rows that the other test does not count are good ones: an empty table breaks only its rows."""
    columns, rules, cells, _ = PROMISES[kind]
    empty = frame_of(**cells).iloc[:0]
    assert {
        name for name in failing(check(contract_of(columns, *rules), empty, TODAY)) if ":newest" not in name
    } == {"rows"}


def test_rows_have_a_floor_and_a_ceiling() -> None:
    contract = contract_of({}, rows={"min": 2, "max": 3})
    frames = [pd.DataFrame({"id": [f"p{row}" for row in range(rows)]}) for rows in range(1, 5)]
    assert [check(contract, frame, TODAY).passed for frame in frames] == [False, True, True, False]


@pytest.mark.parametrize(("missing", "passed"), [(5, True), (6, False)])
def test_a_share_ends_at_its_cell(missing: int, passed: bool) -> None:
    contract = contract_of({"t": {"type": "text", "missing": {"share": 0.05}}})
    report = check(contract, frame_of(t=[None] * missing + ["x"] * (100 - missing)), TODAY)
    assert report.passed == passed
    assert [each.allowed for each in report.checks if each.id == "missing" and each.columns == ("t",)] == [5]


def test_infinities_in_a_frame_of_numbers_fail_their_type() -> None:
    frame = frame_of(t=["a", "b", "c"]).assign(n=[1.0, np.inf, np.nan])
    contract = contract_of({"t": TEXT, "n": NUMBER | MAYBE})
    assert failing(check(contract, frame, TODAY)) == {"n:type": 1}


def test_freshness_ends_with_its_day() -> None:
    contract = contract_of({"d": {"type": "date", "newest": "within 7 days"}})
    frame = frame_of(d=["2020-01-01", "2026-11-15", "2027-01-01"])  # a plan for next year does no harm
    assert check(contract, frame, TODAY).passed
    assert failing(check(contract, frame, TODAY + 1)) == {"d:newest": 1}
    assert not check(contract, frame_of(d=[None]).iloc[:0], TODAY).passed


# ---- a check that errors has failed -----------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        Planned("range", ("n",), "ExpectColumnValuesToBeBetween", {"column": "nowhere", "min_value": 1}),
        Planned("range", ("n",), "ExpectColumnValuesToBeBetween", {"column": "n", "min_value": SENTINEL}),
        Planned("range", ("n",), "ExpectNothingOfTheKind", {"column": "n"}),
    ],
)
def test_what_the_library_cannot_run_has_failed_and_its_words_stay_inside(
    broken: Planned, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    good = Planned("missing", ("n",), "ExpectColumnValuesToNotBeNull", {"column": "n"})
    table = pd.DataFrame({"n": pd.Series([SENTINEL, 1.0], dtype=object)})
    with caplog.at_level(logging.DEBUG):
        outcomes = contracts._run([good, broken], table)
    result = contracts._result(broken, outcomes[1], 2)
    assert (result.passed, result.unexpected) == (False, None)
    assert "SENTINEL" not in "".join([repr(result), caplog.text, *capfd.readouterr()])


def test_the_librarys_success_alone_is_not_enough() -> None:
    """A verdict of ours beside the library's, where it gives no count."""
    plan = Plan.of(contract_of({"d": {"type": "date", "newest": "within 1 day"}}), frame_of(d=[None]), TODAY)
    newest = next(each for each in plan.checks if each.id == "newest")
    assert not newest.own


# ---- hostile contracts ------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*b", "([a-z]+)*!"])
def test_a_pattern_that_would_backtrack_for_ever_takes_no_time(pattern: str) -> None:
    contract = contract_of({"t": {"type": "text", "pattern": pattern}})
    assert failing(check(contract, frame_of(t=["a" * 5_000 + "?"]), TODAY)) == {"t:pattern": 1}


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?=a)b", "a{1001}", "((a{100}){100}){100}"])
def test_a_pattern_whose_time_has_no_bound_is_refused(pattern: str) -> None:
    contract = contract_of({"t": {"type": "text", "pattern": pattern}})
    with pytest.raises(DataInvalid) as caught:
        check(contract, frame_of(t=[SENTINEL]), TODAY)
    assert (caught.value.code, caught.value.fields) == ("contract_pattern_refused", {"column": "t"})
    assert caught.value.__context__ is None


def test_columns_that_are_not_there_are_an_error() -> None:
    with pytest.raises(DataInvalid, match="csv_column_missing"):
        check(contract_of({"t": TEXT, "nowhere": TEXT}), frame_of(t=["a"]), TODAY)


def bomb() -> str:
    lines = ['a0: &a0 ["lol"]'] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (bomb(), "contract_not_yaml"),
        ("a: &a [*a]", "contract_not_yaml"),
        ("[" * 5_000, "contract_not_yaml"),
        ("[" * 101 + "]" * 101, "contract_not_yaml"),
        ("- " * 101, "contract_not_yaml"),
        ("a: " + ":".join(["1"] * 130_000), "contract_not_yaml"),
        ("a: " + ":".join(["1"] * 190) + ".5", "contract_not_yaml"),
        ("a: " + "9" * 5_000, "contract_not_yaml"),
        ("a: !!python/object/apply:os.system [SENTINEL]", "contract_not_yaml"),
        ('a: !!bool "SENTINEL"', "contract_not_yaml"),
        ('a: !!int ""', "contract_not_yaml"),
        ('a: !!float ""', "contract_not_yaml"),
        ('a: !!timestamp "SENTINEL"', "contract_not_yaml"),
        ("a: !!null SENTINEL", "contract_not_yaml"),
        ("张三SENTINEL: 1", "contract_key_unknown"),
        ("# " + "x" * 300_000, "contract_too_long"),
    ],
)
def test_hostile_yaml_is_refused(text: str, code: str) -> None:
    with pytest.raises(DataInvalid) as caught:
        parse_contract(text, path="c.yaml")
    assert caught.value.code == code
    assert "SENTINEL" not in str(caught.value)


@pytest.mark.parametrize("part", ["[", "{a: ", "- ", "? ", "{? ", "[\n", "!!seq ["])
def test_deep_yaml_is_refused_whatever_the_recursion_limit(part: str) -> None:
    """A library may raise the limit so far that memory or stack are gone before it is met."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        begin = time.process_time()
        with pytest.raises(DataInvalid, match="contract_not_yaml"):
            parse_contract(part * (MAX_TEXT // len(part)))
        assert time.process_time() - begin < 5
    finally:
        sys.setrecursionlimit(limit)


def test_brackets_in_words_are_no_depth_and_a_hundred_levels_are_read() -> None:
    words = f"a: '{'[' * 2_000}'  # {'[' * 2_000}"
    assert load_yaml(words) == {"a": "[" * 2_000}
    assert load_yaml("[" * 100 + "]" * 100) is not None


def test_a_day_in_yaml_stays_as_it_is_written() -> None:
    head = "dataset: d\nperson: id\ncolumns:\n  id: {type: text}\n"
    contract = parse_contract(head + "  d: {type: date, min: 2020-01-31, newest: within 3 days}\n")
    assert contract.rule("d").minimum == days_of(2020, 1, 31)
    with pytest.raises(DataInvalid, match="contract_field_invalid"):
        parse_contract(head + "  d: {type: date, min: 2023-02-30}\n")
