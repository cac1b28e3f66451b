"""What stands above and below a table in an office's sheet: a title, a total, who drew it up."""

import re

from xinqiao_clients.sources.table import FIRST_ROW, Table
from xinqiao_governance.errors import DataInvalid

_LAST = 5  # rows at the end in which a foot may stand
_TITLE_COLUMNS = 3  # of two columns, the second may well lack its name
_COUNTED = r"(?:\s*[(（][^)）]{0,20}[)）])?\s*[:：]?"  # 合计（2人）：
_TOTAL = re.compile(
    rf"(?:(?:本页|人数|金额|总|全\w{{1,3}})?\s*(?:合\s*计|总\s*计|小\s*计)|(?:grand |sub)?total){_COUNTED}",
    re.IGNORECASE,
)
_LAST_WORDS = re.compile(
    rf"平\s*均[值数分]?{_COUNTED}|累\s*计{_COUNTED}|以下空白|average{_COUNTED}", re.IGNORECASE
)
_NOTE = re.compile(
    r"(?:备\s*注|注|说明|总?人数|合\s*计|总\s*计|(?:制|填)表(?:人|日期|单位)?|[填编]报(?:人|单位|日期)?|"
    r"(?:审核|复核|审批|批准|经办|负责|主管|单位负责|部门负责)人?(?:签字|签名|签章)?|notes?)\s*[:：]",
    re.IGNORECASE,
)


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

    The first cell of a total is a word for it, between groups of rows as well; a note at the end begins with
    one, and fills less than half of its row or has a note in each cell.
    """
    if len(table.columns) < 2:
        return None
    totals = {cell for cell in set(table.columns[0]) if cell and _TOTAL.fullmatch(cell.strip())}
    for place, cell in enumerate(table.columns[0]):
        if cell is None or cell in totals or place >= table.rows - _LAST:
            filled = [cell.strip() for cell in (column[place] for column in table.columns) if cell]
            if filled and (
                _TOTAL.fullmatch(filled[0]) or (place >= table.rows - _LAST and _ends(filled, table))
            ):
                return place + FIRST_ROW
    return None


def _ends(filled: list[str], table: Table) -> bool:
    """Say whether a row at the end is no record, by its cells that are filled."""
    if _LAST_WORDS.fullmatch(filled[0]):
        return True
    noted = [bool(_NOTE.match(cell)) for cell in filled]
    return noted[0] and (all(noted) or 2 * len(filled) < len(table.columns))


def require_no_foot(table: Table) -> None:
    """Refuse a table whose last rows are no records: a total would become a person.

    Raises:
        DataInvalid: it is so.
    """
    row = foot_row(table)
    if row is not None:
        raise DataInvalid("source_foot_row", row=row)
