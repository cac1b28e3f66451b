"""What stands above and below a table in an office's sheet: a title, a total, who drew it up."""

import re

from xinqiao_clients.sources.table import FIRST_ROW, Table
from xinqiao_governance.errors import DataInvalid

_LAST = 5  # rows at the end in which a foot may stand
_TITLE_COLUMNS = 3  # of two columns, the second may well lack its name
_TOTAL = re.compile(r"(?:合\s*计|总\s*计|小\s*计|(?:grand |sub)?total)[:：]?", re.IGNORECASE)
_NOTE = re.compile(r"(?:备\s*注|注|说明|制表人?|填表人?|审核人?|(?:制|填)表日期|notes?)[:：]", re.IGNORECASE)


def require_no_title(table: Table) -> None:
    """Refuse a first row that fills a single cell over rows that fill more: names stand further down.

    Raises:
        DataInvalid: it is so.
    """
    named = sum(bool(name.strip()) for name in table.header)
    if named != 1 or len(table.header) < _TITLE_COLUMNS or not table.rows:
        return
    if sum(column[0] is not None for column in table.columns) > 1:
        raise DataInvalid("source_title_row")


def foot_row(table: Table) -> int | None:
    """Return the number of the first row of a foot, as a spreadsheet counts; None where there is none.

    A total begins with a word for it; a note does, too, and fills less than half of its row.
    """
    for place in range(max(0, table.rows - _LAST), table.rows):
        filled = [cell.strip() for cell in (column[place] for column in table.columns) if cell]
        first = filled[0] if filled else ""
        is_note = _NOTE.match(first) and 2 * len(filled) < len(table.columns)
        if len(table.columns) > 1 and (_TOTAL.fullmatch(first) or is_note):
            return place + FIRST_ROW
    return None


def require_no_foot(table: Table) -> None:
    """Refuse a table whose last rows are no records: a total would become a person.

    Raises:
        DataInvalid: it is so.
    """
    row = foot_row(table)
    if row is not None:
        raise DataInvalid("source_foot_row", row=row)
