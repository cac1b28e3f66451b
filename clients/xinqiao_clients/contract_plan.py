"""From a contract and a table to what the library runs: checks, and the columns that they run on.

The library sees no text. A cell of text goes in as the number of its distinct value; what the library has no
check for goes in as a column of 1 (holds) and 0 (does not). Columns are numbered, so no name can collide.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import floor
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from xinqiao_clients.cells import Coded, Flags, Numbers, agreeing, births_of, days_of, matching, numbers_of
from xinqiao_governance.contract import ColumnRule, Contract
from xinqiao_governance.contract_rules import (
    AtMost,
    Before,
    BirthAgrees,
    RequiredWhen,
    TableRule,
    Total,
    UniqueTogether,
)
from xinqiao_governance.errors import DataInvalid

_FLOAT_ERROR = 1e-9  # of a sum of decimal fractions, relative
_SHARE_ERROR = 1e-9


@dataclass(frozen=True)
class Planned:
    """One check: an expectation of the library, on what `columns` (the department's own names) hold.

    `allowed` failing cells are no failure; `own` is a verdict of ours that must hold besides the library's.
    """

    id: str
    columns: tuple[str, ...]
    expectation: str
    arguments: dict[str, Any]
    allowed: int = 0
    own: bool = True


@dataclass(frozen=True)
class _Column:
    """What a column holds: text as codes, and as numbers what is a number or a day (NaN where it is none)."""

    present: Flags
    coded: Coded | None
    numbers: Numbers | None

    @property
    def keys(self) -> Numbers:
        """What is the same for two rows if their cells mean the same; NaN where nothing can be read."""
        if self.numbers is not None:
            return self.numbers
        codes: Numbers = np.where(self.present, np.nan if self.coded is None else self.coded.codes, np.nan)
        return codes


@dataclass
class Plan:
    """The checks and the columns of the table that they run on."""

    contract: Contract
    frame: pd.DataFrame
    today: int
    checks: list[Planned] = field(default_factory=list)
    _table: dict[str, NDArray[Any]] = field(default_factory=dict)
    _read: dict[str, _Column] = field(default_factory=dict)

    @classmethod
    def of(cls, contract: Contract, frame: pd.DataFrame, today: int) -> "Plan":
        """Plan every promise of `contract`; `today` is the day of the check, in days since 1970-01-01.

        Raises:
            DataInvalid: a column is missing or of no type that it can have; a pattern is refused.
        """
        plan = cls(contract, frame, today)
        bounds = {"min_value": contract.min_rows, "max_value": contract.max_rows}
        plan.checks.append(Planned("rows", (), "ExpectTableRowCountToBeBetween", bounds))
        for rule in contract.columns:
            plan._read[rule.name] = _read(rule, frame)
            plan._add_column(rule)
        for table_rule in contract.rules:
            plan._flag(table_rule.id, table_rule.columns, plan._holds(table_rule))
        return plan

    @property
    def table(self) -> pd.DataFrame:
        """The numbers that the library sees."""
        return pd.DataFrame(self._table)

    def _add_column(self, rule: ColumnRule) -> None:
        column = self._read[rule.name]
        if not rule.missing_allowed or rule.missing_share < 1:
            share = rule.missing_share if rule.missing_allowed else 0.0
            present = np.where(column.present, 1.0, np.nan)
            self._native("missing", rule, "ExpectColumnValuesToNotBeNull", present, {}, self._most(share))
        if column.numbers is not None:
            self._add_numbers(rule, column, column.numbers)
        if rule.type == "text" and column.coded is not None:
            self._add_text(rule, column.coded)
        if rule.unique:
            self._add_unique(rule, column)

    def _add_numbers(self, rule: ColumnRule, column: _Column, numbers: Numbers) -> None:
        if column.coded is not None or np.isnan(numbers[column.present]).any():
            self._flag("type", (rule.name,), ~(column.present & np.isnan(numbers)))
        if rule.type == "integer":
            self._flag("integer", (rule.name,), ~(numbers % 1 > 0))
        if rule.minimum is not None or rule.maximum is not None or rule.no_future:
            bounds = {"min_value": rule.minimum, "max_value": self.today if rule.no_future else rule.maximum}
            self._native("range", rule, "ExpectColumnValuesToBeBetween", numbers, bounds)
        if rule.newest_days is not None:
            self._add_newest(rule, numbers, rule.newest_days)

    def _add_newest(self, rule: ColumnRule, days: Numbers, within: int) -> None:
        past = np.where(days <= self.today, days, np.nan)
        least = self.today - within
        fresh = bool((past >= least).any())
        bounds = {"min_value": least, "max_value": self.today}
        self._native("newest", rule, "ExpectColumnMaxToBeBetween", past, bounds, own=fresh)

    def _add_text(self, rule: ColumnRule, coded: Coded) -> None:
        cells = coded.distinct
        if rule.values is not None:
            allowed = set(rule.values)
            codes = [code for code, cell in enumerate(cells) if cell in allowed]
            keys = np.where(coded.present, coded.codes, np.nan)
            self._native("values", rule, "ExpectColumnValuesToBeInSet", keys, {"value_set": codes or [-1]})
        if rule.pattern is not None:
            matches = matching(rule.pattern, cells)
            if matches is None:
                raise DataInvalid("contract_pattern_refused", column=rule.name)
            self._flag_cells("pattern", rule, coded, matches)
        if rule.min_length is not None or rule.max_length is not None:
            lengths = np.fromiter(map(len, cells), np.int64, len(cells))
            most = np.inf if rule.max_length is None else rule.max_length
            self._flag_cells("length", rule, coded, (lengths >= (rule.min_length or 0)) & (lengths <= most))
        if rule.check is not None:
            self._flag_cells("check", rule, coded, agreeing(rule.check, cells))

    def _add_unique(self, rule: ColumnRule, column: _Column) -> None:
        if rule.distinct_share == 1:
            return self._native("unique", rule, "ExpectColumnValuesToBeUnique", column.keys, {})
        known = ~np.isnan(column.keys)
        again = pd.Series(column.keys).duplicated().to_numpy() & known
        allowed = floor((1 - rule.distinct_share) * int(known.sum()) + _SHARE_ERROR)
        return self._flag("unique", (rule.name,), ~again, allowed)

    def _holds(self, rule: TableRule) -> Flags:
        columns = [self._read[name] for name in rule.columns]
        numbers = [np.asarray(column.numbers) for column in columns if column.numbers is not None]
        match rule:
            case AtMost():
                return ~(numbers[0] > numbers[1])  # a comparison with NaN is never true
            case Before():
                return ~(numbers[0] >= numbers[1])
            case Total():
                return _adds_up(numbers[0], numbers[1:], rule.within)
            case BirthAgrees():
                return _birth_agrees(columns[0], columns[1])
            case RequiredWhen():
                return columns[0].present | ~_is_one_of(columns[1], rule.values)
            case UniqueTogether():
                return _differ([column.keys for column in columns])

    def _most(self, share: float) -> int:
        return floor(share * len(self.frame) + _SHARE_ERROR)

    def _flag_cells(self, id_: str, rule: ColumnRule, coded: Coded, holds: Flags) -> None:
        self._flag(id_, (rule.name,), coded.spread(holds, True))

    def _flag(self, id_: str, columns: tuple[str, ...], holds: Flags, allowed: int = 0) -> None:
        arguments = {"column": self._put(holds.astype(np.int8)), "value_set": [1]}
        self._add(Planned(id_, columns, "ExpectColumnValuesToBeInSet", arguments, allowed))

    def _native(
        self,
        id_: str,
        rule: ColumnRule,
        expectation: str,
        cells: NDArray[Any],
        arguments: dict[str, Any],
        allowed: int = 0,
        own: bool = True,
    ) -> None:
        wanted = {"column": self._put(cells), **arguments}
        self._add(Planned(id_, (rule.name,), expectation, wanted, allowed, own))

    def _add(self, check: Planned) -> None:
        if check.allowed:  # as the library divides, so that both draw the line at the same cell
            rows = len(self.frame)
            check.arguments["mostly"] = (float(rows) - float(check.allowed)) / float(rows)
        self.checks.append(check)

    def _put(self, cells: NDArray[Any]) -> str:
        name = f"column_{len(self._table)}"
        self._table[name] = cells
        return name


def _read(rule: ColumnRule, frame: pd.DataFrame) -> _Column:
    if rule.name not in frame.columns:
        raise DataInvalid("csv_column_missing", column=rule.name)
    cells = frame[rule.name]
    if is_numeric_dtype(cells) and not is_bool_dtype(cells) and rule.is_number:
        numbers = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        present = ~np.isnan(numbers)
        return _Column(present, None, np.where(np.isinf(numbers), np.nan, numbers))
    if not _is_text(cells):
        raise DataInvalid("column_type_wrong", column=rule.name)
    coded = Coded.of(cells)
    if rule.type == "text":
        return _Column(coded.present, coded, None)
    read = days_of if rule.type == "date" else numbers_of
    return _Column(coded.present, coded, coded.spread(read(coded.distinct), np.nan))


def _is_text(cells: "pd.Series[Any]") -> bool:
    """Say whether there is nothing but text in a column, or nothing at all."""
    if isinstance(cells.dtype, pd.StringDtype):
        return True
    held: Iterable[object] = cells[cells.notna()]
    return cells.dtype == object and all(isinstance(cell, str) for cell in held)


def _adds_up(total: Numbers, parts: list[Numbers], within: float) -> Flags:
    with np.errstate(over="ignore", invalid="ignore"):  # of two infinities: no number, which fails
        added = np.sum(parts, axis=0)
        close: Flags = np.abs(total - added) <= within + _FLOAT_ERROR * np.maximum(1.0, np.abs(total))
    known: Flags = np.logical_and.reduce([~np.isnan(each) for each in (total, *parts)])
    return ~known | close


def _birth_agrees(birth: _Column, identity: _Column) -> Flags:
    if identity.coded is None:
        return ~identity.present
    own = identity.coded.spread(births_of(identity.coded.distinct), np.nan)
    holds: Flags = ~(birth.present & identity.present) | (own == birth.numbers)
    return holds


def _differ(keys: list[Numbers]) -> Flags:
    table = pd.DataFrame(dict(enumerate(keys)))
    known = table.notna().all(axis=1).to_numpy()
    holds = np.ones(len(table), dtype=np.bool_)
    holds[known] = ~table[known].duplicated(keep=False).to_numpy()
    return holds


def _is_one_of(column: _Column, values: tuple[str, ...]) -> Flags:
    if column.coded is None:
        return np.zeros(len(column.present), dtype=np.bool_)
    wanted = set(values)
    found = np.array([cell in wanted for cell in column.coded.distinct], dtype=np.bool_)
    holds: Flags = column.coded.spread(found, False)
    return holds
