"""Tables on a terminal: cells of a width, in which a Chinese letter takes two columns."""

import unicodedata
from collections.abc import Sequence

_GAP = 2


def printable(text: str) -> str:
    """Return what no terminal obeys."""
    return "".join(letter for letter in text if letter.isprintable())


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def fitted(text: str, columns: int) -> str:
    """Return `text` in exactly so many columns, cut or filled with spaces."""
    shown = printable(text)
    if width(shown) > columns:
        while width(shown) > columns - 1:
            shown = shown[:-1]
        shown += "…"
    return shown + " " * (columns - width(shown))


def table(rows: Sequence[Sequence[str]], most: int) -> list[str]:
    """Return rows of equally many cells as lines in which the cells stand below each other.

    The last cell has a line of its own, indented, where the lines would be wider than `most` columns; of the
    others the widest is cut as far as it takes.
    """
    widths = [max(width(printable(cell)) for cell in column) for column in zip(*rows, strict=True)]
    *fixed, last = widths
    folded = sum(fixed) + _GAP * len(fixed) + last > most
    while folded and sum(fixed) + _GAP * (len(fixed) - 1) > most and max(fixed) > _GAP:
        fixed[fixed.index(max(fixed))] -= 1
    lines = []
    for *cells, end in rows:
        line = (" " * _GAP).join(fitted(cell, columns) for cell, columns in zip(cells, fixed, strict=True))
        if folded:
            lines += [line.rstrip(), " " * 2 * _GAP + printable(end)]
        else:
            lines.append(f"{line}{' ' * _GAP}{printable(end)}".rstrip())
    return lines
