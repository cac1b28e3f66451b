"""Excel workbooks (.xlsx): one visible sheet, as a clerk sees it. The one front door of openpyxl.

What a clerk does not see, or sees otherwise than a program, is refused in plain words: hidden rows and
columns, merged cells, formulas that were never computed. Nothing in the file is run or fetched.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from xinqiao_clients.sources.files import read_file
from xinqiao_clients.sources.table import Cells, Table
from xinqiao_governance.errors import DataInvalid

_MAX_UNPACKED = 1 << 29
_MAX_PARTS = 10_000
_MAX_ROWS = 1_048_576  # a sheet's own limit
_OLD_OR_SEALED = b"\xd0\xcf\x11\xe0"  # OLE: the old .xls, or a workbook under a password
_FOREIGN = re.compile(
    r"xl/(externalLinks/|macrosheets/|embeddings/|activeX/|connections\.xml)|.*vbaProject\.bin|.*\.(exe|dll)",
    re.IGNORECASE,
)
_CELLS = re.compile("[A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7}")
_TRUE = ("1", "true")
_ZEROS = re.compile("0{2,}")

# What the libraries raise on a broken workbook; their texts may quote it and are never shown.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    expat.ExpatError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read_excel_table(path: Path, sheet: str | None) -> Table:
    """Read one sheet of a workbook, by name or number; without `sheet`, the only one that is visible.

    Raises:
        DataInvalid: no workbook, one with macros, outside links or too much in it; no such sheet, or a hidden
            one; merged cells, hidden rows or columns; a formula without its value.
    """
    data = read_file(path)
    if data.startswith(_OLD_OR_SEALED):
        raise DataInvalid("excel_old_or_sealed", path=str(path))
    try:
        return _read(data, str(path), sheet)
    except _BROKEN:
        raise DataInvalid("excel_invalid", path=str(path)) from None


def _read(data: bytes, path: str, sheet: str | None) -> Table:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _require_harmless(archive, path)
    workbook = _open(data, computed=False)
    chosen = _chosen(workbook, sheet)
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(chosen._worksheet_path) as part:
        _require_plain(part)
    cells, formulas = _cells(chosen)
    if formulas:
        _compute(cells, formulas, _open(data, computed=True)[chosen.title])
    return cells.table()


def _require_harmless(archive: zipfile.ZipFile, path: str) -> None:
    """Look at names and sizes only; the library below never unpacks more than the sizes say."""
    parts = archive.infolist()
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise DataInvalid("excel_too_large", path=path, count=_MAX_UNPACKED >> 20)
    if any(_FOREIGN.match(part.filename) for part in parts):
        raise DataInvalid("excel_foreign_parts", path=path)


def _open(data: bytes, *, computed: bool) -> Any:
    import openpyxl

    with warnings.catch_warnings():  # about decorations that the library does not know
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=computed, keep_links=False, rich_text=False
        )


def _chosen(workbook: Any, sheet: str | None) -> Any:
    sheets = workbook.worksheets
    if sheet is None:
        visible = [found for found in sheets if found.sheet_state == "visible"]
        if len(visible) != 1:
            raise DataInvalid("excel_sheet_choose", count=len(visible))
        return visible[0]
    named = [found for found in sheets if found.title == sheet]
    if not named and sheet.isascii() and sheet.isdigit():
        named = sheets[int(sheet) - 1 :][:1] if int(sheet) else []
    if not named:
        raise DataInvalid("excel_sheet_missing", sheet=sheet)
    if named[0].sheet_state != "visible":
        raise DataInvalid("excel_sheet_hidden", sheet=sheet)
    return named[0]


def _require_plain(part: Any) -> None:
    """Refuse what the streaming reader would not tell of: merged cells, hidden rows or columns, disorder."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = _Plain().element
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.ParseFile(part)


def _no_doctype(*_: object) -> None:
    raise ValueError("no sheet has one")


class _Plain:
    """Looks at each element of a sheet, in order; rows and columns count from 1."""

    def __init__(self) -> None:
        self._row = self._column = 0

    def element(self, name: str, attributes: Mapping[str, str]) -> None:
        """Look at the start of an element."""
        match name.rpartition(" ")[2]:
            case "c":
                self._column = self._next(self._column, _column_of(attributes.get("r", "")))
            case "row":
                self._row, self._column = self._next(self._row, int(attributes.get("r", 0))), 0
                _require_seen(attributes, "ht")
            case "col":
                _require_seen(attributes, "width")
            case "sheetFormatPr" if attributes.get("zeroHeight", "").strip() in _TRUE:
                raise DataInvalid("excel_hidden")
            case "mergeCell":
                cells = attributes.get("ref", "")
                raise DataInvalid("excel_merged", cells=cells if _CELLS.fullmatch(cells) else "?")

    def _next(self, last: int, stated: int) -> int:
        """Return the place of a row or cell; one that says no place stands behind the last."""
        if 0 < stated <= last:
            raise DataInvalid("excel_disordered", row=self._row)
        return stated or last + 1


def _column_of(reference: str) -> int:
    """Return the number of the column in a reference such as AB12; 0 where there is none."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _require_seen(attributes: Mapping[str, str], size: str) -> None:
    """Refuse a row or column that is hidden, or so small that nobody sees it."""
    if attributes.get("hidden", "").strip() in _TRUE or float(attributes.get(size, 1)) == 0:
        raise DataInvalid("excel_hidden")


def _cells(sheet: Any) -> tuple[Cells, list[tuple[int, int]]]:
    """Return the cells, and where formulas stand among them."""
    cells, formulas = Cells(), []
    sheet.reset_dimensions()  # a file may claim any
    for row, found in enumerate(sheet.iter_rows()):
        if row >= _MAX_ROWS:
            raise DataInvalid("source_too_large", count=_MAX_ROWS)
        formulas += [(row, place) for place, cell in enumerate(found) if cell.data_type == "f"]
        cells.add([None if cell.data_type == "f" else _value(cell) for cell in found])
    return cells, formulas


def _compute(cells: Cells, formulas: list[tuple[int, int]], sheet: Any) -> None:
    """Put in what Excel itself last computed."""
    sheet.reset_dimensions()
    wanted: dict[int, list[int]] = {}
    for row, place in formulas:
        wanted.setdefault(row, []).append(place)
    for row, found in enumerate(sheet.iter_rows()):
        for place in wanted.get(row, ()):
            value = _value(found[place])
            if value is None and found[place].data_type != "str":  # a text may well be computed to be empty
                raise DataInvalid("excel_formula", place=place + 1, row=row + 1)
            cells.set(row, place, value)


def _value(cell: Any) -> object:
    """Return a cell's value; a number that is shown with leading zeros has them."""
    value: object = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        zeros = _ZEROS.fullmatch(cell.number_format)
        if zeros and value >= 0 and value == int(value):
            return str(int(value)).zfill(len(zeros[0]))
    return value
