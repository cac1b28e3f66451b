"""A table on a terminal: cells that stand below each other, whatever letters they are written in."""

from collections.abc import Sequence

from xinqiao_app.commands.audit_log import fitted, printable, width_of

_GAP = 2


def table(rows: Sequence[Sequence[str]], most: int) -> list[str]:
    """Return rows of equally many cells as lines in which the cells stand below each other.

    The last cell has a line of its own, indented, where the lines would be wider than `most` columns; of the
    others the widest is cut as far as it takes.
    """
    widths = [max(width_of(printable(cell)) for cell in column) for column in zip(*rows, strict=True)]
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
