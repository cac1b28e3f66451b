"""From a department's file to its encrypted store: read, check, write.

The checks that a promise rests on (whose row it is, one home department, finite numbers) are done here, in a
few lines of our own; the contract's further checks run after them. Errors name columns, rows and counts,
never what a cell holds. Rows are counted as a spreadsheet does: the header is row 1.
"""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from xinqiao_clients import contracts
from xinqiao_clients.cells import NUMBER, text_cells
from xinqiao_clients.chunks import ColumnData
from xinqiao_clients.contract_text import new_contract
from xinqiao_clients.intake import folded
from xinqiao_clients.sources import Cell, Table
from xinqiao_clients.sources.csv_file import read_csv_table
from xinqiao_clients.sources.files import decode, read_file
from xinqiao_clients.sources.table import FIRST_ROW
from xinqiao_clients.store import Store, Version
from xinqiao_governance.catalogue import Dataset
from xinqiao_governance.contract import ColumnRule, Contract, HomeDepartment
from xinqiao_governance.errors import DataInvalid


def read_contract(path: Path) -> tuple[Contract, str]:
    """Read a contract from a YAML file; return it and the file's text.

    Raises:
        DataInvalid: the file is missing, not YAML, repeats a key, or is no contract; a name is unclear.
    """
    text = decode(read_file(path), path)
    return new_contract(text, path=str(path)), text


def read_csv(path: Path, contract: Contract) -> pd.DataFrame:
    """Read a CSV file (UTF-8 or GB18030, comma, header) with the columns that `contract` names.

    Returns one row a record: float64 for numbers and integers, else text; an empty cell is missing.

    Raises:
        DataInvalid: no such file, no table, a column unknown, missing or twice, a cell that is no number.
    """
    return frame_of(read_csv_table(path), contract)


def frame_of(table: Table, contract: Contract) -> pd.DataFrame:
    """Return the columns that `contract` names, as `read_csv` does, whatever `table` was read from.

    Raises:
        DataInvalid: a column is unknown, missing or twice; a cell is no number; digits of a number are lost.
    """
    _check_header(table.header, contract)
    table.require_whole()
    return pd.DataFrame({rule.name: _series(rule, table.column(rule.name)) for rule in contract.columns})


def text_frame(table: Table, contract: Contract) -> pd.DataFrame:
    """Return the columns that `contract` names as text, so that a check can count what is no number.

    Raises:
        DataInvalid: a column is unknown, missing or twice; digits of a number are lost; a cell is no text.
    """
    _check_header(table.header, contract)
    table.require_whole()
    names = [rule.name for rule in contract.columns]
    return pd.DataFrame({name: text_cells(name, table.column(name)) for name in names})


def import_frame(
    frame: pd.DataFrame, *, dataset: Dataset, contract: Contract, store: Store, today: int
) -> Version:
    """Check `frame` against catalogue and contract, then write it as a new version, for `Home.adopt`.

    `today` is the day of the check, in days since 1970-01-01.

    Raises:
        DataInvalid: a check fails; nothing was written.
        StoreDamaged: the store cannot be written; nothing of it stays.
    """
    check_frame(frame, dataset=dataset, contract=contract, today=today)
    return write_checked(frame, dataset=dataset, contract=contract, store=store)


def check_frame(frame: pd.DataFrame, *, dataset: Dataset, contract: Contract, today: int) -> None:
    """Check `frame` against catalogue and contract, on the day `today` (days since 1970-01-01).

    Raises:
        DataInvalid: a check fails.
    """
    _check_agreement(dataset, contract)
    _check_columns(frame, contract)
    _check_people(frame[contract.person])
    if contract.department is not None:
        _check_department(frame, contract.person, contract.department)
    report = contracts.check(contract, frame, today)
    for check in report.failed:
        if check.unexpected is None:
            raise DataInvalid("contract_check_broken", check=check.name)
    if not report.passed:
        raise DataInvalid("contract_failed", checks=", ".join(check.name for check in report.failed))


def write_checked(frame: pd.DataFrame, *, dataset: Dataset, contract: Contract, store: Store) -> Version:
    """Write as a new version what `check_frame` found good, be it as rows of a larger table.

    Raises:
        StoreDamaged: the store cannot be written; nothing of it stays.
    """
    return store.write(dataset, {rule.name: _data(rule, frame[rule.name]) for rule in contract.columns})


def stored_frame(columns: Mapping[str, ColumnData], contract: Contract) -> pd.DataFrame:
    """Return columns of the store as the frame that an import checks."""
    types = {rule.name: "float64" if rule.is_number else "str" for rule in contract.columns}
    return pd.DataFrame({name: pd.Series(list(columns[name]), dtype=type_) for name, type_ in types.items()})


def _check_header(header: Sequence[str], contract: Contract) -> None:
    """Missing names first: only a line that holds all of the contract's names is surely a header.

    Without that order, a file that lost its header would have its first person quoted as unknown columns.
    """
    wanted = [rule.name for rule in contract.columns]
    for name in wanted:
        if name not in header:
            raise DataInvalid("csv_column_missing", column=name)
    for name in header:
        if header.count(name) > 1:
            raise DataInvalid("csv_column_twice", column=name)
        if name not in wanted:
            raise DataInvalid("csv_column_unknown", column=name)


def _series(rule: ColumnRule, cells: Sequence[Cell]) -> "pd.Series[Any]":
    if not rule.is_number:
        return text_cells(rule.name, cells)
    numbers = [_number(cell, rule.name, row) for row, cell in enumerate(cells, start=FIRST_ROW)]
    return pd.Series(numbers, dtype=np.float64)


def _number(cell: Cell, column: str, row: int) -> float:
    digits = (cell or "").strip()
    if not digits:
        return math.nan
    value = float(digits) if NUMBER.fullmatch(digits) else math.inf
    if math.isinf(value):
        raise DataInvalid("csv_number_invalid", column=column, row=row)
    return value


def _check_agreement(dataset: Dataset, contract: Contract) -> None:
    """Catalogue and contract must speak of the same table."""
    if (dataset.dataset_id, dataset.person) != (contract.dataset_id, contract.person):
        raise DataInvalid("contract_catalogue_differ", dataset=dataset.dataset_id, column=contract.person)
    kinds = {column.name: column.kind == "number" for column in dataset.columns}
    types = {rule.name: rule.is_number for rule in contract.columns}
    for name in sorted(kinds.keys() | types.keys()):
        if kinds.get(name) != types.get(name):
            raise DataInvalid("contract_catalogue_differ", dataset=dataset.dataset_id, column=name)


def _check_columns(frame: pd.DataFrame, contract: Contract) -> None:
    _check_header([str(name) for name in frame.columns], contract)
    for rule in contract.columns:
        fits = _is_finite if rule.is_number else _is_text
        if not fits(frame[rule.name]):
            raise DataInvalid("column_type_wrong", column=rule.name)


def _is_text(series: "pd.Series[Any]") -> bool:
    return all(isinstance(cell, str) for cell in series[series.notna()])


def _is_finite(series: "pd.Series[Any]") -> bool:
    if not is_numeric_dtype(series) or is_bool_dtype(series):
        return False
    return not bool(np.isinf(_numbers(series)).any())


def _check_people(ids: "pd.Series[Any]") -> None:
    """Every row says whose it is, and one person is not written in two ways.

    A person whose id is written once with a stray space, full-width digits, an invisible character or in
    another letter case would count as two people and get twice the influence that the privacy guarantee
    allows.
    """
    missing = sum(not id_.strip() for id_ in ids.fillna(""))
    if missing:
        raise DataInvalid("person_id_missing", count=missing)
    people = [str(id_) for id_ in ids.unique()]
    unclear = sum(_is_unclear(id_) for id_ in people) or len(people) - len({folded(id_) for id_ in people})
    if unclear:
        raise DataInvalid("person_id_unclear", count=unclear)


def _is_unclear(id_: str) -> bool:
    """Say whether `id_` has stray spaces, compatibility forms, or control or invisible characters."""
    invisible = any(unicodedata.category(letter) in ("Cc", "Cf") for letter in id_)
    return invisible or id_ != unicodedata.normalize("NFKC", id_).strip()


def _check_department(frame: pd.DataFrame, person: str, home: HomeDepartment) -> None:
    departments = frame.groupby(person)[home.column].nunique(dropna=False)
    in_two = int((departments > 1).sum())
    if in_two:
        raise DataInvalid("person_in_two_departments", count=in_two)
    foreign = int((frame[home.column].fillna("") != home.equals).sum())
    if foreign:
        raise DataInvalid("department_foreign", column=home.column, count=foreign)


def _data(rule: ColumnRule, series: "pd.Series[Any]") -> ColumnData:
    if not rule.is_number:
        return np.array([cell if isinstance(cell, str) else None for cell in series], dtype=np.object_)
    return _numbers(series)


def _numbers(series: "pd.Series[Any]") -> NDArray[np.float64]:
    return series.to_numpy(dtype=np.float64, na_value=np.nan)
