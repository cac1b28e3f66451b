"""A table as it came: a header and columns of text cells, whatever held it before."""

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from itertools import zip_longest
from uuid import UUID

from xinqiao_governance.errors import DataInvalid

Cell = str | None
"""One cell: its text, or None where it is empty."""

FIRST_ROW = 2
"""The number of the first row of data, as a spreadsheet counts: the header is row 1."""
MAX_CELLS = 50_000_000
_MAX_LETTERS = 1 << 29  # one long text, told once and repeated in every row, takes little room in a file
_MAX_COLUMNS = 1_000
_EXACT_DIGITS = 15  # what a spreadsheet keeps of a number; a float64 keeps hardly more
_INEXACT = 10**_EXACT_DIGITS


@dataclass(frozen=True)
class Table:
    """A header, and a column of cells for each of its names; all columns have the same length.

    `inexact` are the places of columns that hold whole numbers of more digits than the source keeps: what it
    gives for them is not what was once typed. `unreadable` gives, for the places of columns that hold what is
    no text (a picture, a list), the first row of such a cell; those cells are empty here.
    """

    header: tuple[str, ...]
    columns: tuple[tuple[Cell, ...], ...]
    inexact: frozenset[int] = frozenset()
    unreadable: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> "Table":
        """Return the table of `rows`, each as long as the header; an empty text is an empty cell.

        Raises:
            DataInvalid: too many columns, or too many cells.
        """
        kept = list(rows)
        require_size(len(header), len(kept))
        columns = zip(*kept, strict=True) if kept else [()] * len(header)
        return cls(
            tuple(_one_line(name or "") for name in header),
            tuple(tuple(cell or None for cell in column) for column in columns),
        )

    @property
    def rows(self) -> int:
        """How many rows of data there are."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def digest(self) -> bytes:
        """SHA-256 over all of it: 32 bytes. It tells a changed table from the same one read again."""
        found = sha256()
        for name, column in zip(self.header, self.columns, strict=True):
            for cell in (name, *column):
                data = b"" if cell is None else cell.encode("utf-8", "surrogatepass")
                found.update(b"%d:%s," % (-1 if cell is None else len(data), data))
            found.update(b"\n")
        return found.digest()

    def column(self, name: str) -> tuple[Cell, ...]:
        """Return the cells below `name`, which stands in the header."""
        return self.columns[self.header.index(name)]

    def without_header(self) -> "Table":
        """Return the table for a source whose first row is data: its columns are named by their places."""
        columns = zip(self.header, self.columns, strict=True)
        return Table(
            tuple(f"column_{place}" for place in range(1, len(self.header) + 1)),
            tuple((first or None, *cells) for first, cells in columns),
            self.inexact,
            self.unreadable,
        )

    def require_names(self) -> None:
        """Refuse a header that does not name every column, each differently.

        The error gives places, never the texts: a file without a header would have its first person quoted.

        Raises:
            DataInvalid: an empty name, or one that repeats.
        """
        seen: dict[str, int] = {}
        for place, name in enumerate(self.header, start=1):
            if not name.strip():
                raise DataInvalid("source_header_empty", place=place)
            looks = " ".join(name.split())  # as people tell names apart
            if looks in seen:
                raise DataInvalid("source_header_twice", place=place, first=seen[looks])
            seen[looks] = place

    def require_whole(self) -> None:
        """Refuse a table that does not hold what its source held.

        Raises:
            DataInvalid: a column's numbers lost their last digits, so that two people's ids may have become
                one; or it has cells that are no text, number, date or truth value.
        """
        for place in sorted(self.inexact):
            raise DataInvalid("source_digits_lost", place=place + 1, digits=_EXACT_DIGITS)
        for place, row in sorted(self.unreadable.items()):
            raise DataInvalid("source_cell_kind", place=place + 1, row=row)


class Cells:
    """Collects rows of values as text, and notes where digits are lost."""

    def __init__(self) -> None:
        self._rows: list[list[Cell]] = []
        self._inexact: set[int] = set()
        self._unreadable: dict[int, int] = {}
        self._letters = 0

    def add(self, row: Sequence[object]) -> None:
        """Add a row.

        Raises:
            DataInvalid: there are too many.
        """
        cells = [self._text(value, place) for place, value in enumerate(row)]
        self._rows.append(cells)
        self._letters += sum(len(cell) for cell in cells if cell)
        if self._letters > _MAX_LETTERS:
            raise DataInvalid("source_too_large", count=_MAX_LETTERS)
        if len(self._rows) * max(1, len(row)) > MAX_CELLS:
            require_size(len(row), len(self._rows))

    def set(self, row: int, place: int, value: object) -> None:
        """Put another value in the place of one that was added; both count from 0."""
        self._rows[row][place] = self._text(value, place)

    def table(self) -> Table:
        """Return the table whose header is the first row.

        Short rows are filled up; empty rows at the end and columns without name and cell are left away.

        Raises:
            DataInvalid: there is no row, or there are too many columns.
        """
        while self._rows and not any(self._rows[-1]):
            self._rows.pop()
        if not self._rows:
            raise DataInvalid("source_empty")
        columns = [tuple(column) for column in zip_longest(*self._rows)]
        while columns and not any(columns[-1]):
            columns.pop()
        require_size(len(columns), len(self._rows) - 1)
        header = tuple(_one_line(column[0] or "") for column in columns)
        cells = tuple(column[1:] for column in columns)
        return Table(header, cells, frozenset(self._inexact), self._unreadable)

    def _text(self, value: object, place: int) -> Cell:
        try:
            text = text_of(value)
        except TypeError:
            self._unreadable.setdefault(place, len(self._rows) + 1)
            return None
        if isinstance(value, int | float) and not math.isnan(value) and abs(value) >= _INEXACT:
            self._inexact.add(place)
            return text if math.isinf(value) else f"{value:.5E}"  # as a spreadsheet shows it
        return text or None


_HAN = re.compile("[\u4e00-\u9fff]")


def _one_line(name: str) -> str:
    """Return a name that was wrapped in its cell on one line; no space stood between Chinese letters."""
    lines = [line.strip(" \t") for line in re.split(r"[\r\n]+", name)]
    whole = lines[0]
    for line in lines[1:]:
        between = "" if not (whole and line) or (_HAN.match(whole[-1]) and _HAN.match(line[0])) else " "
        whole += between + line
    return whole if len(lines) > 1 else name


def text_of(value: object) -> Cell:
    """Return a value as a person writes it, None for nothing.

    Raises:
        TypeError: it is of another kind; the error says nothing of the value.
    """
    match value:
        case None | str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | Decimal() | UUID():
            return str(value)
        case float():
            return _decimal(value)
        case datetime.datetime():
            midnight = value.time() == datetime.time() and value.tzinfo is None
            return value.date().isoformat() if midnight else value.isoformat(sep=" ")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case datetime.timedelta():
            return str(value)
        case _:
            raise TypeError("no cell")


def require_size(columns: int, rows: int) -> None:
    """Refuse what would fill the memory.

    Raises:
        DataInvalid: too many columns or cells.
    """
    if columns > _MAX_COLUMNS:
        raise DataInvalid("source_too_wide", count=_MAX_COLUMNS)
    if columns * rows > MAX_CELLS:
        raise DataInvalid("source_too_large", count=MAX_CELLS)


def _decimal(value: float) -> Cell:
    """Return a float as text: a whole number without its point, else the digits that a spreadsheet keeps."""
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < _INEXACT:
        return str(int(value))
    return format(value, f".{_EXACT_DIGITS}g")
