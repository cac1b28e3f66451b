"""Great Expectations behind its one door: it agrees with a plain loop, and no cell comes out."""

import logging
import math
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xinqiao_clients import contracts
from xinqiao_clients.contract_plan import Plan
from xinqiao_clients.contracts import CheckResult, ContractReport
from xinqiao_governance.contract import ColumnRule, Contract
from xinqiao_governance.errors import DataInvalid

pytestmark = pytest.mark.slow  # the library takes seconds to load

TODAY = 20_700
SENTINEL = "泄漏SENTINEL"
UNIQUE = 7_204_411.5

CONTRACT = Contract(
    dataset_id="staff",
    person="id",
    columns=(
        ColumnRule("id", "text", unique=True),
        ColumnRule("age", "integer", missing_allowed=True, minimum=16, maximum=99),
        ColumnRule("pay", "number", minimum=0),
        ColumnRule("gender", "text", missing_allowed=True, values=("F", "M")),
        ColumnRule("code", "text", pattern="[a-z]|[0-9]{2}"),
    ),
    min_rows=3,
)


def check(contract: Contract, frame: pd.DataFrame, today: int = TODAY) -> ContractReport:
    return contracts.check(contract, frame, today)


def good_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "age": [16.0, 99.0, np.nan, 40.0],
            "pay": [0.0, 1.5, 2.0, 3.0],
            "gender": ["F", None, "M", "F"],
            "code": ["a", "12", "z", "00"],
        }
    )


def bad_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [SENTINEL, SENTINEL, None, "d"],
            "age": [16.5, UNIQUE, np.nan, 15.0],
            "pay": [-UNIQUE, np.nan, 2.0, 3.0],
            "gender": [SENTINEL, None, "M", "f"],
            "code": ["a" + SENTINEL, "123", "a\\n", None],
        }
    )


def slow_report(contract: Contract, frame: pd.DataFrame) -> dict[tuple[str, ...], int]:
    """The same checks, one cell at a time."""
    counts: dict[tuple[str, ...], int] = {("rows",): int(len(frame) < contract.min_rows)}
    for rule in contract.columns:
        cells = [None if pd.isna(cell) else cell for cell in frame[rule.name]]
        held: list[Any] = [cell for cell in cells if cell is not None]
        low, high = rule.minimum or -math.inf, rule.maximum or math.inf
        if rule.minimum is not None:
            low = rule.minimum
        if not rule.missing_allowed:
            counts["missing", rule.name] = len(cells) - len(held)
        if rule.type == "integer":
            counts["integer", rule.name] = sum(cell != int(cell) for cell in held)
        if rule.minimum is not None or rule.maximum is not None:
            counts["range", rule.name] = sum(not low <= cell <= high for cell in held)
        if rule.values is not None:
            counts["values", rule.name] = sum(cell not in rule.values for cell in held)
        if rule.unique:
            counts["unique", rule.name] = sum(held.count(cell) > 1 for cell in held)
        if rule.pattern is not None:
            counts["pattern", rule.name] = sum(re.fullmatch(rule.pattern, cell) is None for cell in held)
    return counts


@pytest.mark.parametrize(
    "frame", [good_frame(), bad_frame(), bad_frame().iloc[:1], good_frame().astype({"id": object})]
)
def test_it_agrees_with_a_plain_loop(frame: pd.DataFrame) -> None:
    report = check(CONTRACT, frame)
    expected = slow_report(CONTRACT, frame)
    assert {(result.id, *result.columns): result.unexpected for result in report.checks} == expected
    assert report.passed == (not any(expected.values()))
    assert all(result.passed == (result.unexpected == 0) for result in report.checks)
    assert all(result.rows == len(frame) for result in report.checks)
    assert set(report.failed) == {result for result in report.checks if not result.passed}


def test_the_good_frame_passes_every_check_and_the_bad_one_only_the_row_count() -> None:
    assert check(CONTRACT, good_frame()).passed
    assert [result.name for result in check(CONTRACT, bad_frame()).checks if result.passed] == ["rows"]


def test_an_empty_frame_fails_on_its_rows() -> None:
    assert [result.name for result in check(CONTRACT, good_frame().iloc[:0]).failed] == ["rows"]


def test_no_cell_comes_out_by_any_way(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        report = check(CONTRACT, bad_frame())
    out, err = capfd.readouterr()
    everything = "\n".join([repr(report), caplog.text, out, err, *(str(each.message) for each in warned)])
    for secret in ("SENTINEL", "泄漏", "7204411", "16.5"):
        assert secret not in everything
    assert out == err == ""
    assert not list(tmp_path.iterdir())


def test_even_the_librarys_own_results_hold_no_cell() -> None:
    plan = Plan.of(CONTRACT, bad_frame(), TODAY)
    everything = str(contracts._run(plan.checks, plan.table))
    assert "SENTINEL" not in everything
    assert "7204411" not in everything


def test_the_library_sees_no_text_at_all() -> None:
    assert {dtype.kind for dtype in Plan.of(CONTRACT, bad_frame(), TODAY).table.dtypes} <= {"f", "i"}


@pytest.mark.parametrize("dtype", [object, None])
def test_what_can_be_of_no_type_of_the_contract_is_an_error_without_the_cell(dtype: type | None) -> None:
    contract = Contract("staff", "id", (ColumnRule("id", "text"), ColumnRule("pay", "number", minimum=0)))
    cells = [SENTINEL, 1.0] if dtype else [True, False]
    frame = pd.DataFrame({"id": ["a", "b"], "pay": pd.Series(cells, dtype=dtype)})
    with pytest.raises(DataInvalid) as caught:
        check(contract, frame)
    assert (caught.value.code, caught.value.fields) == ("column_type_wrong", {"column": "pay"})
    assert caught.value.__context__ is None


def test_text_in_a_column_of_numbers_fails_its_type() -> None:
    report = check(CONTRACT, good_frame().assign(age=["17", SENTINEL, None, "1_000"]))
    assert [(each.name, each.unexpected) for each in report.failed] == [("age:type", 2)]


def test_a_missing_column_is_an_error() -> None:
    with pytest.raises(DataInvalid, match="csv_column_missing"):
        check(CONTRACT, good_frame().drop(columns="pay"))


def test_a_column_named_like_an_inner_one_changes_nothing() -> None:
    contract = Contract(
        "staff", "column_1", (ColumnRule("column_1", "text"), ColumnRule("column_0_fraction", "integer"))
    )
    frame = pd.DataFrame({"column_1": ["a"], "column_0_fraction": [1.5]})
    assert [result.name for result in check(contract, frame).failed] == ["column_0_fraction:integer"]


def test_a_report_of_numbers_is_all_there_is() -> None:
    fields = {name for kind in (CheckResult, ContractReport) for name in kind.__dataclass_fields__}
    assert fields == {"id", "columns", "passed", "unexpected", "allowed", "rows", "checks"}
