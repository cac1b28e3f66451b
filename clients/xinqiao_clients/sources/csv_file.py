"""CSV, read strictly: every row is as long as the header, every quote is closed."""

import csv
import io
from pathlib import Path

from xinqiao_clients.sources.files import decode, read_file
from xinqiao_clients.sources.table import FIRST_ROW, Table
from xinqiao_governance.errors import DataInvalid


def read_csv_table(path: Path) -> Table:
    """Read a CSV file (UTF-8 or GB18030, comma, header).

    Raises:
        DataInvalid: no such file, or no table.
    """
    rows = _parsed(path)
    if not rows:
        raise DataInvalid("csv_not_a_table", path=str(path), row=1)
    header, *records = rows
    for row, record in enumerate(records, start=FIRST_ROW):
        if len(record) != len(header):
            raise DataInvalid("csv_not_a_table", path=str(path), row=row)
    return Table.of_rows(header, records)


def _parsed(path: Path) -> list[list[str]]:
    text = decode(read_file(path), path)
    rows: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(record)  # one by one, so that an error knows its row
    except csv.Error as error:
        raise DataInvalid("csv_not_a_table", path=str(path), row=len(rows) + 1) from error
    while rows and not rows[-1]:
        rows.pop()
    return rows
