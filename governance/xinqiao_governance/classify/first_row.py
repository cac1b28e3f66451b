"""Whether a table's first row names its columns or is somebody's data.

A name is published, shown and logged, and a cell is not: so a row counts as names only where something shows
that it is. A word that headers use shows it, or a word over figures; a cell of the kind of those below it
shows the contrary.
"""

import re
from collections.abc import Container, Iterable, Sequence
from itertools import islice
from typing import Literal

from xinqiao_governance.classify.cells import EMPTY, Evidence, kind_of, plain
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
_LIKE_ITSELF = frozenset(("name", "latin_name", "code", "structured"))
_LAST_NUMBER = re.compile(r"(.*?)(\d+)(\D*)")
_Column = Sequence[str | None]


def first_row(header: Sequence[str], columns: Sequence[_Column]) -> FirstRow:
    """Say what the row above `columns` is; "unclear" where nothing shows that it names anything.

    A table without rows below has nothing to compare with: its first row is taken for names.
    """
    cells = [list(islice((plain(cell) for cell in column if cell), _SAMPLE)) for column in columns]
    if not any(cells) or not any(header):
        return "names"
    series = _in_series(header)
    pairs = enumerate(zip(map(plain, header), cells, strict=True))
    told = [1 if place in series else _told(name, below) for place, (name, below) in pairs if name]
    if sum(told) < 0:
        return "data"
    return "names" if any(weight > 0 for weight in told) else "unclear"


def _told(name: str, below: Sequence[str]) -> int:
    """Weigh one cell of the first row against those below it: above 0 for a name, below 0 for a cell."""
    kind = kind_of(name, Evidence())
    if kind in _NEVER_NAMES:
        return -3
    if _are_words_of_one_list(name, below):
        return -2
    known = read_header(name).certainty
    if known >= _WHOLLY_KNOWN or (len(name) > 1 and not name.isdigit() and is_meaningless(name.lower())):
        return 2
    if name in below or (kind in _FIGURES and _share_of(_FIGURES, below) >= _ALIKE):
        return -2
    if kind in _LIKE_ITSELF and _share_of({kind}, below) >= _ALIKE:
        return -2
    return int(bool(known) or _stands_over_figures(name, kind, below))


def _share_of(kinds: Container[str], below: Sequence[str]) -> float:
    return _share(kind_of(cell, Evidence()) in kinds for cell in below)


def _are_words_of_one_list(name: str, below: Sequence[str]) -> bool:
    lists = [words for words in CLOSED.values() if name.lower() in words]
    return any(_share(cell.lower() in words for cell in below) >= _ALIKE for words in lists)


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


def _in_series(header: Sequence[str]) -> frozenset[int]:
    """Return the places of names that count up by one, as months, years and days of a sheet do."""
    found: set[int] = set()
    for place in range(1, len(header)):
        before, after = (_LAST_NUMBER.fullmatch(plain(text)) for text in header[place - 1 : place + 1])
        if before is None or after is None or (before[1], before[3]) != (after[1], after[3]):
            continue
        if int(after[2]) - int(before[2]) == 1:
            found |= {place - 1, place}
    return frozenset(found)
