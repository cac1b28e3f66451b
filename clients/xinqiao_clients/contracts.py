"""The one front door of Great Expectations: a contract and a table go in, numbers come out.

The library's results quote cells (samples of unexpected values, texts of exceptions). Here only an allow-list
passes: which check, on which column, passed or not, how many cells fail, how many rows there were.
"""

import os
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from xinqiao_governance.contract import ColumnRule, Contract
from xinqiao_governance.errors import DataInvalid

# Even inside the library no sample of cells is drawn; `_result` then copies nothing but counts.
_NUMBERS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
_lock = threading.Lock()  # the library keeps process-wide state


@dataclass(frozen=True)
class CheckResult:
    """One check: `id` is a word such as "missing", `unexpected` the cells (or rows) that fail it."""

    id: str
    column: str | None
    passed: bool
    unexpected: int
    rows: int

    @property
    def name(self) -> str:
        """Column and check in one word, for messages."""
        return _name(self.id, self.column)


@dataclass(frozen=True)
class ContractReport:
    """What the steward sees. The centre hears `passed` only."""

    passed: bool
    checks: tuple[CheckResult, ...]

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)


@dataclass(frozen=True)
class _Check:
    """One expectation, named by its class; `column` is the department's own name."""

    id: str
    column: str | None
    expectation: str
    arguments: dict[str, Any]


def check(contract: Contract, frame: pd.DataFrame) -> ContractReport:
    """Run every promise of `contract` on `frame`; columns that it does not name are not looked at.

    Raises:
        DataInvalid: a column is missing, or a check cannot run on what its column holds.
    """
    checks, table = _plan(contract, frame)
    with _lock:
        outcomes = _run(checks, table)
    if outcomes is None:
        raise DataInvalid("contract_check_broken", check="*")
    results = tuple(
        _result(each, outcome, len(frame)) for each, outcome in zip(checks, outcomes, strict=True)
    )
    return ContractReport(all(result.passed for result in results), results)


def _plan(contract: Contract, frame: pd.DataFrame) -> tuple[list[_Check], pd.DataFrame]:
    """Return the checks and the table to run them on; its columns are numbered, so no name can collide."""
    checks = [_Check("rows", None, "ExpectTableRowCountToBeBetween", {"min_value": contract.min_rows})]
    table: dict[str, pd.Series[Any]] = {}
    for place, rule in enumerate(contract.columns):
        if rule.name not in frame.columns:
            raise DataInvalid("csv_column_missing", column=rule.name)
        target = f"column_{place}"
        table[target] = frame[rule.name]
        checks += _column_checks(rule, target)
        if rule.type == "integer":
            if not is_numeric_dtype(frame[rule.name]):
                raise DataInvalid("column_type_wrong", column=rule.name)
            fraction = f"{target}_fraction"
            table[fraction] = frame[rule.name] % 1
            wanted = {"column": fraction, "value_set": [0]}
            checks.append(_Check("integer", rule.name, "ExpectColumnValuesToBeInSet", wanted))
    return checks, pd.DataFrame(table)


def _column_checks(rule: ColumnRule, target: str) -> Iterator[_Check]:
    def one(id_: str, expectation: str, **arguments: Any) -> _Check:
        return _Check(id_, rule.name, expectation, {"column": target, **arguments})

    if not rule.missing_allowed:
        yield one("missing", "ExpectColumnValuesToNotBeNull")
    if rule.minimum is not None or rule.maximum is not None:
        yield one("range", "ExpectColumnValuesToBeBetween", min_value=rule.minimum, max_value=rule.maximum)
    if rule.values is not None:
        yield one("values", "ExpectColumnValuesToBeInSet", value_set=list(rule.values))
    if rule.unique:
        yield one("unique", "ExpectColumnValuesToBeUnique")
    if rule.pattern is not None:
        yield one("pattern", "ExpectColumnValuesToMatchRegex", regex=rf"\A(?:{rule.pattern})\Z")


def _run(checks: list[_Check], table: pd.DataFrame) -> list[Any] | None:
    """Return the library's own result for each check, or None if it failed as a whole."""
    gx = _library()
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.exceptions.exceptions import GreatExpectationsError

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    wanted = [
        getattr(gx.expectations, each.expectation)(**each.arguments, meta={"place": place})
        for place, each in enumerate(checks)
    ]
    suite = gx.ExpectationSuite(name="contract", expectations=wanted)
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": table})
    try:
        outcome = batch.validate(suite, result_format=_NUMBERS_ONLY)
    except GreatExpectationsError:  # its text may quote a cell: it goes no further
        return None
    results: list[Any] = list(outcome.results)  # in an order of the library's own
    return sorted(results, key=lambda result: result.expectation_config.meta["place"])


def _library() -> ModuleType:
    """Load the library (seconds, the first time), its analytics off."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"  # read once, at import
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"module 'sre_\w+' is deprecated", DeprecationWarning)
        import great_expectations
    return great_expectations


def _result(each: _Check, outcome: Any, rows: int) -> CheckResult:
    """Copy the allowed numbers; a check that raised inside the library has none."""
    numbers = outcome.result
    if each.column is None:
        unexpected = int(not outcome.success) if "observed_value" in numbers else None
    else:
        unexpected = numbers.get("unexpected_count")
    if unexpected is None:
        raise DataInvalid("contract_check_broken", check=_name(each.id, each.column))
    passed = bool(outcome.success) and unexpected == 0
    return CheckResult(each.id, each.column, passed, int(unexpected), rows)


def _name(check_id: str, column: str | None) -> str:
    return check_id if column is None else f"{column}:{check_id}"
