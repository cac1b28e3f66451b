"""A table from a CSV file, plain or gzipped, as text cells that are read as numbers where they all are."""

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xinqiao_clients.sources.files import decode
from xinqiao_governance.errors import DataInvalid

Texts = NDArray[np.object_]
Numbers = NDArray[np.float64]

_FIRST_ROW = 2  # as a spreadsheet counts: the header is row 1
_NO_NUMBER = frozenset({"NA", "N/A", "NaN", "nan", "NULL", "null", "None"})
"""How public tables write a number that is missing; among texts these words stay themselves."""
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of text cells by name, each of shape (rows,); None is missing."""

    columns: Mapping[str, Texts]
    _read: dict[str, tuple[NDArray[np.bool_], Numbers]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def texts(self, name: str) -> Texts:
        """Return a column as it stands.

        Raises:
            DataInvalid: there is none.
        """
        if name not in self.columns:
            raise DataInvalid("csv_column_missing", column=name)
        return self.columns[name]

    def numbers(self, name: str) -> Numbers:
        """Return a column of numbers, float64, NaN where missing.

        Raises:
            DataInvalid: there is none, or a cell is no finite number.
        """
        missing, numbers = self._parsed(name)
        wrong = np.flatnonzero(~missing & ~np.isfinite(numbers))
        if len(wrong):
            raise DataInvalid("csv_number_invalid", column=name, row=int(wrong[0]) + _FIRST_ROW)
        return numbers

    def is_numeric(self, name: str) -> bool:
        """Say whether every cell of a column that is not missing is a finite number, and there are some."""
        missing, numbers = self._parsed(name)
        return not bool(missing.all()) and bool(np.isfinite(numbers[~missing]).all())

    def rows(self, chosen: NDArray[np.generic]) -> "Table":
        """Return some rows, by index or by mask."""
        return Table({name: cells[chosen] for name, cells in self.columns.items()})

    def _parsed(self, name: str) -> tuple[NDArray[np.bool_], Numbers]:
        """Return which cells are missing, and every cell as a number: NaN where it is none."""
        if name not in self._read:
            self._read[name] = _parsed(self.texts(name))
        return self._read[name]


def read_table(path: Path) -> Table:
    """Read a CSV file (UTF-8 or GB18030, comma, header), gzipped or not.

    Raises:
        DataInvalid: no such file, no table, no row in it, or a column name that stands twice.
    """
    header, *records = _records(path)
    if not records:
        raise DataInvalid("rehearse_table_empty", path=str(path))
    for row, record in enumerate(records, start=_FIRST_ROW):
        if len(record) != len(header):
            raise DataInvalid("csv_not_a_table", path=str(path), row=row)
    for name, times in Counter(header).items():
        if times > 1:
            raise DataInvalid("csv_column_twice", column=name)
    columns = zip(*records, strict=True)
    return Table({name: _cells(column) for name, column in zip(header, columns, strict=True)})


def _records(path: Path) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(decode(_bytes(path), path), newline=""), strict=True):
            rows.append(record)  # one by one, so that an error knows its row
    except csv.Error as error:
        raise DataInvalid("csv_not_a_table", path=str(path), row=len(rows) + 1) from error
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise DataInvalid("rehearse_table_empty", path=str(path))
    return rows


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataInvalid("rehearse_gzip_damaged", path=str(path)) from error
    except OSError as error:
        raise DataInvalid("io_failed", path=str(path), reason=error.strerror or "?") from error


def _cells(column: tuple[str, ...]) -> Texts:
    cells = np.empty(len(column), dtype=np.object_)
    cells[:] = [cell or None for cell in column]
    return cells


def _parsed(cells: Texts) -> tuple[NDArray[np.bool_], Numbers]:
    missing = np.array([cell is None or cell.strip() in _NO_NUMBER for cell in cells])
    numbers = pd.to_numeric(pd.Series(cells, dtype=object).where(~missing), errors="coerce")
    return missing, numbers.to_numpy(dtype=np.float64, na_value=np.nan)
