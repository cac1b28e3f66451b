"""The shape of a column: what its cells look like as a whole, so coarsely that it is of no one person.

A decision that goes below what the classifier proposes rests on what people saw. The classifier may propose
the same of quite other data ("unknown" above all); the shape tells that the data is no longer what they saw.
It stays in the department, sealed with the grades.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

Shape = Mapping[str, int]
"""Steps on scales, by name; `magnitude` where half are numbers or more, nothing where all is empty."""

_SEEN = 2000  # cells, drawn evenly: a shape is of the whole, and costs the same for a million rows
_STEPS = 4  # of a share
_ONE = 1  # how many steps a scale may move while the data is still alike: chance moves what lies at an edge
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGITS = re.compile(r"\d", re.ASCII)
_LETTERS = re.compile(r"[A-Za-z]")
_FEW, _MANY = 0.05, 0.5  # distinct texts among those seen


def shape_of(cells: Sequence[str | None]) -> Shape:
    """Return the shape of a column's cells; an empty one if nothing is written where it looks."""
    step = max(1, math.ceil(len(cells) / _SEEN))
    texts = [text for cell in cells[::step] if cell is not None and (text := cell.strip())]
    if not texts:
        return {}
    numbers = [abs(float(text.replace(",", ""))) for text in texts if _NUMBER.fullmatch(text)]
    shape = {
        "numbers": _share(bool(_NUMBER.fullmatch(text)) for text in texts),
        "digits": _share(bool(_DIGITS.search(text)) for text in texts),
        "letters": _share(bool(_LETTERS.search(text)) for text in texts),
        "han": _share(bool(_HAN.search(text)) for text in texts),
        "length": round(2 * math.log2(median(map(len, texts)))),
        "distinct": _distinct(len(set(texts)) / len(texts)),
    }
    if shape["numbers"] >= _STEPS // 2:
        shape["magnitude"] = _magnitude(median(numbers))
    return shape


def is_alike(one: Shape, other: Shape) -> bool:
    """Say whether two shapes can be of the same kind of data: no scale moved by more than a step."""
    shared = one.keys() & other.keys()
    return bool(one) == bool(other) and all(abs(one[name] - other[name]) <= _ONE for name in shared)


def _share(flags: Iterable[bool]) -> int:
    found = list(flags)
    return round(_STEPS * sum(found) / len(found))


def _distinct(share: float) -> int:
    """Few, many or most of the texts are distinct: categories, and what names one person, are two apart."""
    return 0 if share < _FEW else 1 if share < _MANY else 2


def _magnitude(value: float) -> int:
    """Half powers of ten: 3 and 10 are one step apart, scores and wages three."""
    return round(2 * math.log10(value)) if 0 < value < math.inf else -1
