"""Whether a table's first row names its columns or is somebody's data.

A name is published, shown and logged, and a cell is not: so a row counts as names only where something shows
that it is. A word that headers use shows it, or a word over figures; a cell of the kind of those below it
shows the contrary.
"""

import re
from collections.abc import Container, Iterable, Sequence
from itertools import islice
from statistics import median
from typing import Literal

from xinqiao_governance.classify.cells import EMPTY, Evidence, is_post, kind_of, plain
from xinqiao_governance.classify.headers import is_meaningless, read_header
from xinqiao_governance.classify.vocabulary import AMBIGUOUS, CLOSED

FirstRow = Literal["names", "data", "unclear"]

_SAMPLE = 200
_ALIKE = 0.5
_WHOLLY_KNOWN = 950
_FIGURES = frozenset(("integer", "decimal", "measured", "percent", "date", "timestamp", "time", "seconds"))
# Nobody calls a column so, whatever stands below.
_NEVER_NAMES = frozenset(
    [
        "id_card",
        "mobile",
        "email",
        "bank_card",
        "plate_number",
        "ip_address",
        "mac",
        "long_number",
        "id_like",
        "landline",
        "scientific_id",
        "scientific_mobile",
        "masked_mobile",
        "masked_id_card",
        "masked_person_name",
        "masked_bank_card",
        "joined",
        "url",
        "decimal",
    ]
)
_NAMES = frozenset(("name", "latin_name"))
_LIKE_ITSELF = frozenset(("code", "structured"))
_UNITS = frozenset(("unit", "organisation"))
_DEPARTMENTS = frozenset(
    ("department", "team", "work_place", "venue")
)  # 工会 names a column and is one of them
_PLAINLY_KNOWN, _SENTENCE, _LEAST_SERIES = 720, 8, 3
_LAST_NUMBER = re.compile(r"(|.{0,40}\D)(\d{1,9})(\D{0,40})")
_Column = Sequence[str | None]


def first_row(header: Sequence[str], columns: Sequence[_Column]) -> FirstRow:
    """Say what the row above `columns` is; "unclear" where nothing shows that it names anything.

    A table without rows below has nothing to compare with: its first row is taken for names.
    """
    cells = [list(islice((plain(cell) for cell in column if cell), _SAMPLE)) for column in columns]
    if not any(cells) or not any(header):
        return "names"
    series = _in_series(header, cells)
    again = tuple(header) in islice(zip(*columns, strict=True), _SAMPLE)  # as printed pages have it
    pairs = enumerate(zip(map(plain, header), cells, strict=True))
    told = [_told(name, below, again) for place, (name, below) in pairs if name and place not in series]
    weight = sum(told) + bool(series)
    if weight < 0:
        return "data"
    return "names" if weight > 0 else "unclear"


def _told(name: str, below: Sequence[str], again: bool) -> int:
    """Weigh one cell of the first row against those below it: above 0 for a name, below 0 for a cell.

    `again` says that the whole row stands among those below once more.
    """
    kind = kind_of(name, Evidence())
    if kind in _NEVER_NAMES or (kind in _NAMES and _share_of(_NAMES, below) >= _ALIKE):
        return -3
    if name in below and not again:
        return -3
    if _are_words_of_one_list(name, below):
        return -2
    hint = read_header(name)
    known = hint.certainty
    if known >= _WHOLLY_KNOWN or (len(name) > 1 and not name.isdigit() and is_meaningless(name.lower())):
        alike = hint.semantic in _DEPARTMENTS and _share_of(_UNITS, below) >= _ALIKE
        return 1 if alike else 2
    if kind in _FIGURES and _share_of(_FIGURES, below) >= _ALIKE:
        return -2
    if kind in _LIKE_ITSELF and _share_of({kind}, below) >= _ALIKE:
        return -2
    if len(name) >= _SENTENCE and below and 2 * len(name) >= median(map(len, below)):
        return 0  # as long as those below: a question over answers, or the first of the answers
    return int(known >= _PLAINLY_KNOWN or _stands_over_figures(name, kind, below))


def _share_of(kinds: Container[str], below: Sequence[str]) -> float:
    return _share(kind_of(cell, Evidence()) in kinds for cell in below)


def _are_words_of_one_list(name: str, below: Sequence[str]) -> bool:
    lists = [words for words in CLOSED.values() if name.lower() in words]
    if any(_share(cell.lower() in words for cell in below) >= _ALIKE for words in lists):
        return True
    return is_post(name) and _share(map(is_post, below)) >= _ALIKE


def _share(found: Iterable[bool]) -> float:
    """Return the part that is true; 0 of nothing."""
    every = list(found)
    return sum(every) / len(every) if every else 0.0


def _stands_over_figures(name: str, kind: str, below: Sequence[str]) -> bool:
    """Say whether a word stands over numbers or dates; a word for "nothing" is a cell of theirs."""
    low = name.lower()
    if low in EMPTY or low in AMBIGUOUS or kind in _FIGURES:
        return False
    return _share_of(_FIGURES | _NEVER_NAMES, below) >= _ALIKE


def _in_series(header: Sequence[str], cells: Sequence[Sequence[str]]) -> frozenset[int]:
    """Return the places of names that count up by one, as months, years and days of a sheet do.

    Two figures that do so may be anybody's, where neither a word stands beside the number nor those below are
    far from it.
    """
    found: set[int] = set()
    run = [0]
    for place in range(1, len(header) + 1):
        if place < len(header) and _follows(plain(header[place - 1]), plain(header[place])):
            run.append(place)
            continue
        if len(run) >= _LEAST_SERIES or (
            len(run) > 1 and _stands_apart(plain(header[run[0]]), cells[run[0]])
        ):
            found |= set(run)
        run = [place]
    return frozenset(found)


def _follows(one: str, other: str) -> bool:
    before, after = _LAST_NUMBER.fullmatch(one), _LAST_NUMBER.fullmatch(other)
    if before is None or after is None or (before[1], before[3]) != (after[1], after[3]):
        return False
    return int(after[2]) - int(before[2]) == 1


def _stands_apart(name: str, below: Sequence[str]) -> bool:
    """Say whether a name with a number is of another kind or size than the cells below it."""
    own, others = Evidence(), Evidence()
    kind, kinds = kind_of(name, own), {kind_of(cell, others) for cell in below}
    if kind not in kinds:
        return True
    return bool(own.numbers) and not min(others.numbers) <= own.numbers[0] <= max(others.numbers)
