"""A contract proposed from a table: what all of it holds now, in words that give nobody away.

What stands in the draft was read from people's rows, so it is coarse on purpose:

- A range is rounded outwards to one significant digit of its width, and a bound is never the extreme itself:
  it moves one step further where the two would be equal. Only 0 may be both; it stands for every smallest
  value below one step, so it does not say that somebody has it. Days are rounded to whole years.
- Values are listed only where they are few, short words, each held by at least `FEWEST` people.
- A column with fewer people than that gets no bound at all. Shares are rounded up to a twentieth.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import combinations, permutations
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xinqiao_clients.cells import Coded, Flags, Numbers, agreeing, births_of, days_of, numbers_of, text_cells
from xinqiao_clients.contract_text import load_yaml
from xinqiao_clients.drafts import IDENTIFIERS
from xinqiao_clients.loading import propose
from xinqiao_clients.sources import Table
from xinqiao_governance.catalogue import require_dataset_id
from xinqiao_governance.contract import ColumnType, DigitCheck
from xinqiao_governance.days import FIRST_YEAR, LAST_YEAR
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say
from xinqiao_governance.parse import require_clear

FEWEST = 10
"""People that must stand behind whatever a draft says of cells."""
_ENOUGH = 20  # rows that must agree before a check digit or a rule is no chance
_MOST_VALUES = 12
_LONGEST_VALUE = 20
_LONG_NUMBER = 8  # digits; whole numbers of one such length are names of things, not amounts
_MOST_RULES = 20
_MOST_SUMMED = 15
_SAMPLE = 500
_CENT = 0.01
_COUNTED = ("record_no", "order_no", "event_time", "event_date")


@dataclass(frozen=True)
class DraftColumn:
    """What is proposed for a column: keys of the contract, and codes of what the reader should look at."""

    name: str
    keys: Mapping[str, object]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """A proposed contract; `text` is what goes into the file."""

    dataset_id: str
    person: str
    min_rows: int
    columns: tuple[DraftColumn, ...]
    rules: tuple[Mapping[str, object], ...]

    def text(self, language: Language) -> str:
        """Return the YAML, with comments in `language`."""
        return "\n".join(self._lines(language)) + "\n"

    def _lines(self, language: Language) -> Iterator[str]:
        yield _comment("draft_head", language, "")
        yield f"dataset: {_flow(self.dataset_id)}"
        yield f"person: {_flow(self.person)}"
        yield f"rows: {_flow({'min': self.min_rows})}"
        yield "columns:"
        for column in self.columns:
            yield f"  {_flow(column.name)}:"
            yield from (_comment(note, language, "    ") for note in column.notes)
            yield from (f"    {key}: {_flow(value)}" for key, value in column.keys.items())
        if self.rules:
            yield "rules:"
            yield _comment("draft_rules", language, "  ")
            yield from (f"  - {_flow(rule)}" for rule in self.rules)


@dataclass(frozen=True)
class _Read:
    """A column as it was read: its type, its cells as codes, and as numbers or days if it has such a type."""

    name: str
    type: ColumnType
    coded: Coded
    numbers: Numbers
    check: DigitCheck | None

    @property
    def is_number(self) -> bool:
        return self.type in ("number", "integer")


def draft(table: Table, dataset_id: str, person: str | None, today: int) -> Draft:
    """Propose a contract that `table` keeps on the day `today` (days since 1970-01-01).

    Raises:
        DataInvalid: the table's header does not name every column, or digits were lost; no dataset's name.
        UsageInvalid: there is no column `person`, or none that could be it.
    """
    require_dataset_id(dataset_id)
    table.require_names()
    require_clear(table.header)
    table.require_whole()
    coded = {name: Coded.of(text_cells(name, table.column(name))) for name in table.header}
    person = _given(coded, person) if person is not None else _person(table, coded)
    columns = [_read(name, cells, name == person) for name, cells in coded.items()]
    people = coded[person].codes
    drafted = tuple(_column(column, people, column.name == person, today) for column in columns)
    rules = list(_rules(columns, people, coded[person]))[:_MOST_RULES]
    return Draft(dataset_id, person, _fewer(table.rows), drafted, tuple(rules))


# ---- reading -----------------------------------------------------------------------------------------


def _given(coded: Mapping[str, Coded], column: str) -> str:
    if column not in _whole(coded):
        raise UsageInvalid("draft_person_invalid", column=column)
    return column


def _person(table: Table, coded: Mapping[str, Coded]) -> str:
    """Return the column that says whose row it is: a person's number, else one that differs in every row.

    Rows that are merely counted are nobody: each would pass for another person, and what one employee has in
    ten rows for what ten have.
    """
    whole = _whole(coded)
    own = [name for name in whole if len(coded[name].distinct) == len(coded[name].codes)]
    for name in own:
        if agreeing("identity_number", coded[name].distinct).all():
            return name
    meant = {each.column: each.semantic for each in propose(table)}
    for semantic in IDENTIFIERS:
        theirs = [name for name in whole if meant[name] == semantic]
        if len(theirs) == 1:
            return theirs[0]
    for name in own:
        if meant[name] not in _COUNTED:
            return name
    raise UsageInvalid("draft_person_needed")


def _whole(coded: Mapping[str, Coded]) -> list[str]:
    return [name for name, cells in coded.items() if cells.present.all() and len(cells.codes)]


def _read(name: str, coded: Coded, is_person: bool) -> _Read:
    cells = coded.distinct
    check = next((check for check in get_args(DigitCheck) if _all_agree(check, cells)), None)
    kind, found = _typed(cells) if cells and check is None and not is_person else ("text", None)
    if found is None:
        return _Read(name, "text", coded, np.full(len(coded.codes), np.nan), check)
    return _Read(name, kind, coded, coded.spread(found, np.nan), None)


def _all_agree(check: DigitCheck, cells: Sequence[str]) -> bool:
    return len(cells) >= _ENOUGH and bool(agreeing(check, cells).all())


def _typed(cells: Sequence[str]) -> tuple[ColumnType, Numbers | None]:
    days = days_of(cells)
    if not np.isnan(days).any():
        return "date", days
    numbers = numbers_of(cells)
    if np.isnan(numbers).any() or _names_things(cells):
        return "text", None
    return ("number" if (numbers % 1 != 0).any() else "integer"), numbers


def _names_things(cells: Sequence[str]) -> bool:
    """Say whether these are numbers that nobody adds up: with leading zeros, or long and of one length."""
    zeros = any(len(cell) > 1 and cell[0] == "0" and cell.isdigit() for cell in cells)
    lengths = {len(cell) for cell in cells}
    return zeros or (len(lengths) == 1 and min(lengths) >= _LONG_NUMBER and all(map(str.isdigit, cells)))


# ---- columns -----------------------------------------------------------------------------------------


def _column(column: _Read, people: NDArray[np.int64], is_person: bool, today: int) -> DraftColumn:
    held = int(column.coded.present.sum())
    keys: dict[str, object] = {"type": column.type, "missing": _missing(held, len(people))}
    notes = ["draft_person"] if is_person else []
    behind = len(np.unique(people[column.coded.present]))
    if not held:
        notes.append("draft_empty")
    elif behind < FEWEST:
        notes.append("draft_few")
    else:
        for key, value, note in _promises(column, people, today):
            keys[key] = value
            notes.append(note)
    if column.type == "date":
        notes.append("draft_newest")
    return DraftColumn(column.name, keys, tuple(dict.fromkeys(notes)))


def _promises(column: _Read, people: NDArray[np.int64], today: int) -> Iterator[tuple[str, object, str]]:
    """Yield key, value and what to look at."""
    if column.is_number:
        low, high = (Decimal(repr(float(edge(column.numbers)))) for edge in (np.nanmin, np.nanmax))
        for key, bound in zip(("min", "max"), outwards(low, high), strict=True):
            if abs(bound) <= sys.float_info.max:
                yield key, bound, "draft_range"
    elif column.type == "date":
        for key, year in _years(column.numbers, today).items():
            yield key, year, "draft_range"
    elif column.check is not None:
        yield "check", column.check, "draft_check"
    else:
        values = _values(column.coded, people)
        if values:
            yield "values", values, "draft_values"
    if column.type == "text" and _all_differ(column.coded):
        yield "unique", True, "draft_unique"


def outwards(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Return a range around `low` and `high`, rounded to one digit of its width; see the module."""
    width = high - low or max(abs(low), abs(high)) or Decimal(1)
    step = Decimal(1).scaleb(width.adjusted())
    least = (low / step).to_integral_value(ROUND_FLOOR) * step
    most = (high / step).to_integral_value(ROUND_CEILING) * step
    return least - step * (least == low != 0), most + step * (most == high != 0)


def _years(days: Numbers, today: int) -> dict[str, str]:
    """Return bounds on whole years around the days; "today" where none lies ahead."""
    first, last = (np.datetime64(int(edge(days)), "D") for edge in (np.nanmin, np.nanmax))
    before = int(str(first)[:4]) - (str(first)[5:] == "01-01")
    after = int(str(last)[:4]) + (str(last)[5:] == "12-31")
    bounds = {"min": f"{before}-01-01"} if before >= FIRST_YEAR else {}
    if np.nanmax(days) <= today:
        return bounds | {"max": "today"}
    return bounds | ({"max": f"{after}-12-31"} if after <= LAST_YEAR else {})


def _missing(held: int, rows: int) -> object:
    share = 1 - held / rows if rows else 0.0
    twentieths = int(share * 20) + 1
    if held == rows:
        return "forbidden"
    return {"share": Decimal(twentieths * 5).scaleb(-2)} if twentieths <= 10 else "allowed"


def _values(coded: Coded, people: NDArray[np.int64]) -> list[str]:
    """Return a small closed vocabulary, or nothing: a rare value would name whoever holds it."""
    words = coded.distinct
    if not 2 <= len(words) <= _MOST_VALUES or not all(map(_is_word, words)):
        return []
    pairs = pd.DataFrame({"value": coded.codes, "person": people})[coded.present].drop_duplicates()
    counts = pairs["value"].value_counts()
    return sorted(words) if int(counts.min()) >= FEWEST else []


def _is_word(cell: str) -> bool:
    """Say whether a cell is a short word, and no formula."""
    return len(cell) <= _LONGEST_VALUE and cell.isprintable() and cell[0] not in "=+-@"


def _all_differ(coded: Coded) -> bool:
    held = int(coded.present.sum())
    return held >= _ENOUGH and len(coded.distinct) == held


def _fewer(rows: int) -> int:
    return max(1, int(outwards(Decimal(rows), Decimal(2 * rows))[0]))


# ---- rules across columns ----------------------------------------------------------------------------


def _rules(columns: Sequence[_Read], people: NDArray[np.int64], person: Coded) -> Iterator[dict[str, object]]:
    """Yield rules that every row keeps and that at least `_ENOUGH` rows could have broken."""
    yield from _births(columns)
    yield from _orders(columns)
    yield from _totals([column for column in columns if column.is_number])
    yield from _requirements(columns, people)
    if not _all_differ(person):
        yield from _unique_pairs(columns, person)


def _births(columns: Sequence[_Read]) -> Iterator[dict[str, object]]:
    for identity in (column for column in columns if column.check == "identity_number"):
        births = identity.coded.spread(births_of(identity.coded.distinct), np.nan)
        for column in columns:
            if column.type == "date" and _holds(births == column.numbers, births, column.numbers):
                yield {"birth": column.name, "identity_number": identity.name}


def _orders(columns: Sequence[_Read]) -> Iterator[dict[str, object]]:
    """Two ranges that do not meet would be in order by chance: only those that overlap tell anything."""
    for low, high in permutations(columns, 2):
        dates = low.type == high.type == "date"
        if not (dates or (low.is_number and high.is_number)):
            continue
        if not _holds(low.numbers <= high.numbers, low.numbers, high.numbers):
            continue
        if np.nanmax(low.numbers) > np.nanmin(high.numbers):
            strictly = dates and _holds(low.numbers < high.numbers, low.numbers, high.numbers)
            yield {"before" if strictly else "at_most": [low.name, high.name]}


def _totals(columns: Sequence[_Read]) -> Iterator[dict[str, object]]:
    """Try small sums on a sample first; a column that is one number throughout adds nothing."""
    moving = [column for column in columns if len(column.coded.distinct) > 1]
    for total in moving[:_MOST_SUMMED]:
        others = [column for column in moving[:_MOST_SUMMED] if column is not total]
        for size in (2, 3, 4):
            for parts in combinations(others, size):
                if _adds_up(total, parts, slice(_SAMPLE)) and _adds_up(total, parts, slice(None)):
                    yield {"total": total.name, "parts": [part.name for part in parts], "within": _CENT}


def _adds_up(total: _Read, parts: Sequence[_Read], rows: slice) -> bool:
    each = [part.numbers[rows] for part in parts]
    with np.errstate(over="ignore", invalid="ignore"):
        close = np.abs(total.numbers[rows] - np.sum(each, axis=0)) <= _CENT
    return _holds(close, total.numbers[rows], *each)


def _requirements(columns: Sequence[_Read], people: NDArray[np.int64]) -> Iterator[dict[str, object]]:
    """Yield what is never missing where another column has some of its values, and missing elsewhere."""
    for when in columns:
        values = _values(when.coded, people) if when.type == "text" else []
        for column in columns if values else ():
            present = column.coded.present
            if column is when or present.all() or not present.any():
                continue
            always = [value for value in values if present[_rows_of(when.coded, value)].all()]
            elsewhere = [value for value in values if not present[_rows_of(when.coded, value)].any()]
            if always and elsewhere and len(always) + len(elsewhere) == len(values):
                yield {"required": column.name, "when": {"column": when.name, "is": always}}


def _rows_of(coded: Coded, value: str) -> Flags:
    rows: Flags = coded.codes == list(coded.distinct).index(value)
    return rows


def _unique_pairs(columns: Sequence[_Read], person: Coded) -> Iterator[dict[str, object]]:
    """Yield the first column that, with the person's, stands in one row only."""
    name = next(column.name for column in columns if column.coded is person)
    if len(person.codes) < _ENOUGH:
        return
    for column in columns:
        keys = pd.DataFrame({"person": person.codes, "other": column.coded.codes})
        if column.coded is not person and column.coded.present.all() and not keys.duplicated().any():
            yield {"unique": [name, column.name]}
            return


def _holds(flags: Flags, *numbers: Numbers) -> bool:
    """Say whether `flags` hold wherever all numbers are known, and that is often enough."""
    known = np.logical_and.reduce([~np.isnan(each) for each in numbers])
    return int(known.sum()) >= _ENOUGH and bool(flags[known].all())


# ---- YAML --------------------------------------------------------------------------------------------


def _comment(code: str, language: Language, indent: str) -> str:
    return "\n".join(f"{indent}# {line}" for line in say(code, language).splitlines())


def _flow(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _scalar(value)
        case Decimal():
            return format(value, "f")
        case Mapping():
            return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case _:
            return str(value)


def _scalar(text: str) -> str:
    """Return `text` bare where YAML reads it as itself, else quoted, with every unusual letter escaped."""
    if text.replace("-", "").isidentifier() and load_yaml(text) == text:
        return text
    plain = "".join(
        letter if letter.isprintable() and letter not in '"\\' else f"\\U{ord(letter):08x}" for letter in text
    )
    return f'"{plain}"'
