"""The one front door of Great Expectations: a contract and a table go in, numbers come out.

The library's results quote cells (samples of unexpected values, texts of exceptions). Here only an allow-list
passes: which check, on which columns, passed or not, how many cells fail, how many rows there were. A check
that the library could not run has failed.
"""

import os
import threading
import warnings
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pandas as pd

from xinqiao_clients.contract_plan import Plan, Planned
from xinqiao_governance.canonical import Json
from xinqiao_governance.contract import Contract

# Even inside the library no sample of cells is drawn; `_result` then copies nothing but counts.
_NUMBERS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
_lock = threading.Lock()  # the library keeps process-wide state


@dataclass(frozen=True)
class CheckResult:
    """One check: `id` is a word such as "missing", `unexpected` the cells (or rows) that fail it.

    `unexpected` is None where the check could not be run; up to `allowed` failing cells are no failure.
    """

    id: str
    columns: tuple[str, ...]
    passed: bool
    unexpected: int | None
    allowed: int
    rows: int

    @property
    def name(self) -> str:
        """Columns and check in one word, for messages."""
        return ":".join([*([", ".join(self.columns)] if self.columns else []), self.id])

    def to_json(self) -> dict[str, Json]:
        """Return plain data, for the steward."""
        return {
            "check": self.id,
            "columns": list(self.columns),
            "passed": self.passed,
            "failing": self.unexpected,
            "allowed": self.allowed,
            "rows": self.rows,
        }


@dataclass(frozen=True)
class ContractReport:
    """What the steward sees. The centre hears `passed` only."""

    passed: bool
    checks: tuple[CheckResult, ...]

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)

    def to_json(self) -> dict[str, Json]:
        """Return plain data, for the steward."""
        return {"passed": self.passed, "checks": [check.to_json() for check in self.checks]}


def check(contract: Contract, frame: pd.DataFrame, today: int) -> ContractReport:
    """Run every promise of `contract` on `frame`; columns that it does not name are not looked at.

    Numbers stand there as numbers or as text, all else as text; `today` is the day of the check, in days
    since 1970-01-01.

    Raises:
        DataInvalid: a column is missing or of no type that it can have; a pattern is refused.
    """
    plan = Plan.of(contract, frame, today)
    with _lock:
        outcomes = _run(plan.checks, plan.table)
    results = tuple(
        _result(each, outcome, len(frame)) for each, outcome in zip(plan.checks, outcomes, strict=True)
    )
    return ContractReport(all(result.passed for result in results), results)


def _run(checks: list[Planned], table: pd.DataFrame) -> list[Any]:
    """Return the library's own result for each check; None for one that it did not come to."""
    gx = _library()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    outcomes: list[Any] = [None] * len(checks)
    try:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        wanted = [
            getattr(gx.expectations, each.expectation)(**each.arguments, meta={"place": place})
            for place, each in enumerate(checks)
        ]
        suite = gx.ExpectationSuite(name="contract", expectations=wanted)
        asset = context.data_sources.add_pandas("memory").add_dataframe_asset("table")
        batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": table})
        results = batch.validate(suite, result_format=_NUMBERS_ONLY).results
    except Exception:  # noqa: BLE001  # whatever it is, its text may quote a cell: nothing of it goes further
        return outcomes
    for result in results:  # in an order of the library's own
        outcomes[result.expectation_config.meta["place"]] = result
    return outcomes


def _library() -> ModuleType:
    """Load the library (seconds, the first time), its analytics off."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"  # read once, at import
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"module 'sre_\w+' is deprecated", DeprecationWarning)
        import great_expectations
    return great_expectations


def _result(each: Planned, outcome: Any, rows: int) -> CheckResult:
    """Copy the allowed numbers; a check that raised inside the library has none, and so has not passed."""
    unexpected = None if outcome is None else _unexpected(each, outcome)
    passed = unexpected is not None and bool(outcome.success) and each.own and unexpected <= each.allowed
    return CheckResult(each.id, each.columns, passed, unexpected, each.allowed, rows)


def _unexpected(each: Planned, outcome: Any) -> int | None:
    """Return how many cells fail; for a check of a whole table or column, whether it does."""
    if each.id in ("rows", "newest"):
        return int(not outcome.success) if "observed_value" in outcome.result else None
    count = outcome.result.get("unexpected_count")
    return None if count is None else int(count)
