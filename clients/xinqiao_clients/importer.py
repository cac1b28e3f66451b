"""From a department's file to its encrypted store: read, check, write.

The checks that a promise rests on (whose row it is, one home department, finite numbers) are done here, in a
few lines of our own; the contract's further checks run after them. Errors name columns, rows and counts,
never what a cell holds. Rows are counted as a spreadsheet does: the header is row 1.
"""

import csv
import io
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from xinqiao_clients import contracts
from xinqiao_clients.chunks import ColumnData
from xinqiao_clients.contract_text import parse_contract
from xinqiao_clients.intake import folded
from xinqiao_clients.store import Store, Version
from xinqiao_governance.catalogue import Dataset
from xinqiao_governance.contract import ColumnRule, Contract, HomeDepartment
from xinqiao_governance.errors import DataInvalid

_FIRST_ROW = 2
# float() alone would also take "nan", "inf", "1_000" and full-width digits.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def read_contract(path: Path) -> tuple[Contract, str]:
    """Read a contract from a YAML file; return it and the file's text.

    Raises:
        DataInvalid: the file is missing, not YAML, repeats a key, or is no contract.
    """
    text = decode(_read_bytes(path), path)
    return parse_contract(text, path=str(path)), text


def read_csv(path: Path, contract: Contract) -> pd.DataFrame:
    """Read a CSV file (UTF-8 or GB18030, comma, header) with the columns that `contract` names.

    Returns one row a record: float64 for numbers and integers, else text; an empty cell is missing.

    Raises:
        DataInvalid: no such file, no table, a column unknown, missing or twice, a cell that is no number.
    """
    header, records = _records(path)
    _check_header(header, contract)
    place = {name: position for position, name in enumerate(header)}
    return pd.DataFrame(
        {
            rule.name: _series(rule, [record[place[rule.name]] for record in records])
            for rule in contract.columns
        }
    )


def import_frame(frame: pd.DataFrame, *, dataset: Dataset, contract: Contract, store: Store) -> Version:
    """Check `frame` against catalogue and contract, then write it as a new version, for `Home.adopt`.

    Raises:
        DataInvalid: a check fails; nothing was written.
        StoreDamaged: the store cannot be written; nothing of it stays.
    """
    check_frame(frame, dataset=dataset, contract=contract)
    return write_checked(frame, dataset=dataset, contract=contract, store=store)


def check_frame(frame: pd.DataFrame, *, dataset: Dataset, contract: Contract) -> None:
    """Check `frame` against catalogue and contract.

    Raises:
        DataInvalid: a check fails.
    """
    _check_agreement(dataset, contract)
    _check_columns(frame, contract)
    _check_people(frame[contract.person])
    if contract.department is not None:
        _check_department(frame, contract.person, contract.department)
    report = contracts.check(contract, frame)
    if not report.passed:
        raise DataInvalid("contract_failed", checks=", ".join(check.name for check in report.failed))


def write_checked(frame: pd.DataFrame, *, dataset: Dataset, contract: Contract, store: Store) -> Version:
    """Write as a new version what `check_frame` found good, be it as rows of a larger table.

    Raises:
        StoreDamaged: the store cannot be written; nothing of it stays.
    """
    return store.write(dataset, {rule.name: _data(rule, frame[rule.name]) for rule in contract.columns})


def frame_of(contract: Contract, columns: Mapping[str, ColumnData]) -> pd.DataFrame:
    """Return columns of the store as the frame that an import checks."""
    types = {rule.name: "str" if rule.type == "text" else "float64" for rule in contract.columns}
    return pd.DataFrame({name: pd.Series(list(columns[name]), dtype=type_) for name, type_ in types.items()})


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataInvalid("io_failed", path=str(path), reason=error.strerror or "?") from error


def decode(data: bytes, path: Path) -> str:
    """Return a table's text, UTF-8 or GB18030; DataInvalid where it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        text = _decoded(data, encoding)
        if text is not None:
            return text
    raise DataInvalid("csv_encoding_unknown", path=str(path))


def _decoded(data: bytes, encoding: str) -> str | None:
    """Return None for bytes of another encoding; the error itself would hold them all."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _records(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the records, all of the header's length."""
    rows = _parsed(path)
    if not rows:
        raise DataInvalid("csv_not_a_table", path=str(path), row=1)
    header, *records = rows
    for row, record in enumerate(records, start=_FIRST_ROW):
        if len(record) != len(header):
            raise DataInvalid("csv_not_a_table", path=str(path), row=row)
    return header, records


def _parsed(path: Path) -> list[list[str]]:
    text = decode(_read_bytes(path), path)
    rows: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(record)  # one by one, so that an error knows its row
    except csv.Error as error:
        raise DataInvalid("csv_not_a_table", path=str(path), row=len(rows) + 1) from error
    while rows and not rows[-1]:
        rows.pop()
    return rows


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


def _series(rule: ColumnRule, cells: Sequence[str]) -> "pd.Series[Any]":
    if rule.type == "text":
        return pd.Series([cell or None for cell in cells], dtype="str")
    numbers = [_number(cell, rule.name, row) for row, cell in enumerate(cells, start=_FIRST_ROW)]
    return pd.Series(numbers, dtype=np.float64)


def _number(cell: str, column: str, row: int) -> float:
    digits = cell.strip()
    if not digits:
        return math.nan
    value = float(digits) if _NUMBER.fullmatch(digits) else math.inf
    if math.isinf(value):
        raise DataInvalid("csv_number_invalid", column=column, row=row)
    return value


def _check_agreement(dataset: Dataset, contract: Contract) -> None:
    """Catalogue and contract must speak of the same table."""
    if (dataset.dataset_id, dataset.person) != (contract.dataset_id, contract.person):
        raise DataInvalid("contract_catalogue_differ", dataset=dataset.dataset_id, column=contract.person)
    kinds = {column.name: column.kind == "number" for column in dataset.columns}
    types = {rule.name: rule.type != "text" for rule in contract.columns}
    for name in sorted(kinds.keys() | types.keys()):
        if kinds.get(name) != types.get(name):
            raise DataInvalid("contract_catalogue_differ", dataset=dataset.dataset_id, column=name)


def _check_columns(frame: pd.DataFrame, contract: Contract) -> None:
    _check_header([str(name) for name in frame.columns], contract)
    for rule in contract.columns:
        fits = _is_text if rule.type == "text" else _is_finite
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
    if rule.type == "text":
        return np.array([cell if isinstance(cell, str) else None for cell in series], dtype=np.object_)
    return _numbers(series)


def _numbers(series: "pd.Series[Any]") -> NDArray[np.float64]:
    return series.to_numpy(dtype=np.float64, na_value=np.nan)
