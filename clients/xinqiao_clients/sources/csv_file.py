"""CSV, read strictly: every row is as long as the header, every quote is closed."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from xinqiao_clients.sources.files import decode, read_file
from xinqiao_clients.sources.table import FIRST_ROW, Table
from xinqiao_governance.errors import DataInvalid

_DELIMITERS = (",", "\t", ";")
_SAMPLE = 20  # records that show which delimiter it is


def read_csv_table(path: Path) -> Table:
    """Read a CSV file (UTF-8, GB18030, or UTF-16 with its mark; comma, tab or semicolon; header).

    Raises:
        DataInvalid: no such file, an empty one, or no table.
    """
    rows = _parsed(path)
    if not rows:
        raise DataInvalid("source_empty")
    header, *records = rows
    for row, record in enumerate(records, start=FIRST_ROW):
        if len(record) != len(header):
            code = "source_title_row" if row == FIRST_ROW and len(header) < 2 else "csv_not_a_table"
            raise DataInvalid(code, path=str(path), row=row)
    return Table.of_rows(header, records)


def _parsed(path: Path) -> list[list[str]]:
    text = decode(read_file(path), path)
    if "\0" in text:
        raise DataInvalid("csv_zero_letters", path=str(path))
    rows: list[list[str]] = []
    try:
        for record in _records(text, _delimiter(text)):
            rows.append(record)  # one by one, so that an error knows its row
    except csv.Error as error:
        raise DataInvalid("csv_not_a_table", path=str(path), row=len(rows) + 1) from error
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text: str) -> str:
    """Return what cuts the first records into equally many cells, or else the first into most."""
    widths = {delimiter: _widths(text, delimiter) for delimiter in _DELIMITERS}
    for delimiter, found in widths.items():
        if found and min(found) == max(found) > 1:
            return delimiter
    return max(_DELIMITERS, key=lambda delimiter: widths[delimiter][:1])


def _widths(text: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for record in islice(_records(text, delimiter), _SAMPLE):
            widths += [len(record)] if record else []
    except csv.Error:  # it is reported with its row, by who reads all
        pass
    return widths
