"""Plots as inline SVG without scripts: lines, bars, dumbbells. Colours come from the page's style sheet.

Every plot is 360 units wide, so that its 11-unit text stays readable on a telephone, and carries a title and
a description for readers who do not see it. Series are told apart by dash and mark as well as by colour.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xinqiao_ledger.markup import Markup, element, join

WIDTH = 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 348.0, 10.0, 212.0
_ROW_HEIGHT = 36
_ROWS_LEFT, _ROWS_RIGHT = 16.0, 290.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Axis:
    """A linear axis from `low` to `high` with ticks inside and how to print them."""

    label: str
    low: float
    high: float
    text: Callable[[float], str] = "{:g}".format

    def place(self, value: float, start: float, end: float) -> float:
        """Return where `value` lies between the coordinates `start` and `end`."""
        return start + (end - start) * (value - self.low) / (self.high - self.low)

    def holds(self, value: float) -> bool:
        """Is `value` on the axis?"""
        return self.low <= value <= self.high

    @property
    def ticks(self) -> list[float]:
        """Round numbers on the axis."""
        return ticks(self.low, self.high)


@dataclass(frozen=True)
class Series:
    """A named line through points; `style` is a class of the style sheet, `marked` draws each point."""

    name: str
    points: Sequence[Point]
    style: str
    marked: bool = False


@dataclass(frozen=True)
class Bar:
    """One row of a bar plot: segments (value, style) end to end, and what to print at the end."""

    name: str
    segments: Sequence[tuple[float, str]]
    text: str


@dataclass(frozen=True)
class Pair:
    """One row of a dumbbell plot: two values to compare."""

    name: str
    first: float
    second: float
    text: str


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers in [low, high], a step of 1, 2 or 5 times a power of ten apart."""
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def lines(title: str, description: str, x: Axis, y: Axis, series: Sequence[Series]) -> Markup:
    """Return a line plot; points off the axes are left out."""
    frame = (_grid(x, y), _axis_labels(x, y))
    return _figure(title, description, 256, *frame, [_line(one, x, y) for one in series])


def bars(title: str, description: str, rows: Sequence[Bar], axis: Axis) -> Markup:
    """Return horizontal bars, the row's name above each."""
    drawn = [_bar(row, axis, index * _ROW_HEIGHT) for index, row in enumerate(rows)]
    height = len(rows) * _ROW_HEIGHT
    return _figure(title, description, height + 40, _row_grid(axis, height), drawn)


def dumbbells(title: str, description: str, rows: Sequence[Pair], axis: Axis) -> Markup:
    """Return two marks a row, joined: a ring for the first value, a disc for the second."""
    drawn = [_dumbbell(row, axis, index * _ROW_HEIGHT) for index, row in enumerate(rows)]
    height = len(rows) * _ROW_HEIGHT
    return _figure(title, description, height + 40, _row_grid(axis, height), drawn)


def legend(entries: Sequence[tuple[str, str, str]]) -> Markup:
    """Return a legend of (shape, style, text); shapes are line, ring, disc and box."""
    return element("ul", [_entry(*entry) for entry in entries], class_="legend")


def _figure(title: str, description: str, height: float, *parts: Markup | Sequence[Markup]) -> Markup:
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *parts,
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        aria_label=f"{title}: {description}",
    )


def _grid(x: Axis, y: Axis) -> Markup:
    rows = [_grid_row(y.place(tick, _BOTTOM, _TOP), y.text(tick)) for tick in y.ticks]
    columns = [_grid_column(x.place(tick, _LEFT, _RIGHT), _BOTTOM, x.text(tick)) for tick in x.ticks]
    return join([rows, columns])


def _grid_row(y: float, text: str) -> Markup:
    return join([_rule(_LEFT, y, _RIGHT, y), _text(_LEFT - 5, y + 4, text, "end")])


def _grid_column(x: float, bottom: float, text: str) -> Markup:
    return join([_rule(x, _TOP, x, bottom), _text(x, bottom + 15, text, "middle")])


def _axis_labels(x: Axis, y: Axis) -> Markup:
    middle_x, middle_y = (_LEFT + _RIGHT) / 2, (_TOP + _BOTTOM) / 2
    upright = element(
        "text", y.label, transform=f"translate(11 {middle_y:g}) rotate(-90)", text_anchor="middle"
    )
    return join([_text(middle_x, _BOTTOM + 34, x.label, "middle"), upright])


def _line(series: Series, x: Axis, y: Axis) -> Markup:
    places = [
        (x.place(a, _LEFT, _RIGHT), y.place(b, _BOTTOM, _TOP))
        for a, b in series.points
        if x.holds(a) and y.holds(b)
    ]
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
    marks = [_circle(a, b, 3.0, f"disc {series.style}") for a, b in places] if series.marked else []
    return join([element("polyline", points=path, class_=f"line {series.style}"), marks])


def _row_grid(axis: Axis, height: float) -> Markup:
    columns = [
        _grid_column(axis.place(tick, _ROWS_LEFT, _ROWS_RIGHT), height, axis.text(tick))
        for tick in axis.ticks
    ]
    return join([columns, _text((_ROWS_LEFT + _ROWS_RIGHT) / 2, height + 33, axis.label, "middle")])


def _bar(row: Bar, axis: Axis, top: float) -> Markup:
    pieces = []
    start = 0.0
    for value, style in row.segments:
        left, right = (axis.place(end, _ROWS_LEFT, _ROWS_RIGHT) for end in (start, start + value))
        pieces.append(
            element(
                "rect",
                x=f"{left:.1f}",
                y=top + 19,
                width=f"{right - left:.1f}",
                height=10,
                class_=f"box {style}",
            )
        )
        start += value
    return join([_row_name(row.name, top), pieces, _text(_ROWS_RIGHT + 6, top + 28, row.text, "start")])


def _dumbbell(row: Pair, axis: Axis, top: float) -> Markup:
    first, second = (axis.place(value, _ROWS_LEFT, _ROWS_RIGHT) for value in (row.first, row.second))
    middle = top + 24
    return join(
        [
            _row_name(row.name, top),
            element("line", x1=f"{first:.1f}", x2=f"{second:.1f}", y1=middle, y2=middle, class_="bridge"),
            _circle(first, middle, 4.5, "ring second"),
            _circle(second, middle, 4.5, "disc first"),
            _text(_ROWS_RIGHT + 6, middle + 4, row.text, "start"),
        ]
    )


def _row_name(name: str, top: float) -> Markup:
    return element("text", name, x=_ROWS_LEFT, y=top + 14, class_="name")


def _rule(x1: float, y1: float, x2: float, y2: float) -> Markup:
    return element("line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", class_="grid")


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return element("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)


def _circle(x: float, y: float, radius: float, style: str) -> Markup:
    return element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=radius, class_=style)


def _entry(shape: str, style: str, text: str) -> Markup:
    marks = {
        "line": element("polyline", points="0,6 24,6", class_=f"line {style}"),
        "ring": _circle(12, 6, 4.5, f"ring {style}"),
        "disc": _circle(12, 6, 4.5, f"disc {style}"),
        "box": element("rect", x=2, y=1, width=20, height=10, class_=f"box {style}"),
    }
    swatch = element("svg", marks[shape], viewBox="0 0 24 12", width=24, height=12, aria_hidden="true")
    return element("li", swatch, " ", text)
