"""`make bench-contracts`: 12 columns, 14 checks, beside the same checks in bare pandas, in one run.

The people are synthetic; a few cells of every kind are wrong, and both sides must count the same. "numbers"
is a frame as an import has it, with numbers as numbers; "text" is one of text alone, as `xinqiao contract
check` reads it. Loading Great Expectations, once a process, stands apart.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from machine import RESULTS, machine, machine_line, write
from meter import Cost, Meter, peak_mib
from xinqiao_clients.cells import agreeing
from xinqiao_clients.contracts import check
from xinqiao_governance.contract import Contract

ROWS = (100_000, 1_000_000)
TODAY = 20_700
_RANGED = ("x0", "x1", "x2", "x3")
_FORM = "[A-Z]{2}-[0-9]{4}"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])

CONTRACT = Contract.from_mapping(
    {
        "dataset": "synthetic",
        "person": "id",
        "columns": {
            "id": {"type": "text", "unique": True},
            "card": {"type": "text", "missing": "allowed", "check": "identity_number"},
            "hired": {"type": "date", "missing": "allowed", "max": "today"},
            "grade": {"type": "text", "missing": "allowed", "values": ["A", "B", "C"]},
            "post": {"type": "text", "missing": "allowed", "pattern": _FORM},
            **{name: {"type": "number", "missing": "allowed", "min": 0, "max": 1} for name in _RANGED},
            "low": {"type": "number", "missing": "allowed"},
            "high": {"type": "number", "missing": "allowed"},
            "years": {"type": "integer", "missing": "allowed"},
        },
        "rules": [{"at_most": ["low", "high"]}],
    }
)


def synthetic(rows: int) -> pd.DataFrame:
    """Return a frame of synthetic people; about one cell in a thousand breaks its promise."""
    random = np.random.default_rng(rows)
    wrong = random.random(rows) < 0.001
    low = random.uniform(0, 100, rows).round(2)
    texts = {
        "id": [f"p{number // (1 + wrong[number]):07}" for number in range(rows)],
        "card": _identity_numbers(random, rows, wrong),
        "hired": np.where(
            wrong, "2023-02-30", random.integers(10_000, 20_600, rows).astype("M8[D]").astype(str)
        ),
        "grade": np.where(wrong, "D", random.choice(["A", "B", "C"], rows)),
        "post": np.where(wrong, "XY-12", np.char.mod("XY-%04d", random.integers(0, 10_000, rows))),
    }
    return pd.DataFrame(
        {
            **{name: pd.Series(cells, dtype="str") for name, cells in texts.items()},
            **{name: (random.random(rows) + wrong).round(4) for name in _RANGED},
            "low": low,
            "high": np.where(wrong, low - 1, low + 5).round(2),
            "years": random.integers(0, 40, rows) + wrong * 0.5,
        }
    )


def in_pandas(frame: pd.DataFrame) -> list[int]:
    """Return what the same checks count, written for this table by hand."""
    hired = pd.to_datetime(frame["hired"], format="%Y-%m-%d", errors="coerce")
    held = {name: frame[name].notna() for name in ("card", "hired", "grade", "post")}
    counts = [
        len(frame) < 1,
        frame["id"].isna(),
        frame["id"].duplicated(keep=False),
        held["card"] & ~agreeing("identity_number", frame["card"].tolist()),
        held["hired"] & hired.isna(),
        hired > pd.Timestamp(TODAY, unit="D"),
        held["grade"] & ~frame["grade"].isin(["A", "B", "C"]),
        held["post"] & ~frame["post"].str.fullmatch(_FORM),
        *(~frame[name].between(0, 1) & frame[name].notna() for name in _RANGED),
        frame["years"] % 1 > 0,
        frame["low"] > frame["high"],
    ]
    return [int(np.sum(count)) for count in counts]


def measure(rows: int, runs: int) -> dict[str, Any]:
    """Return CPU and wall seconds of each way, and how often the two sides counted the same."""
    frame = synthetic(rows)
    as_text = frame.astype("str")
    found = [each.unexpected for each in check(CONTRACT, frame, TODAY).checks]
    if found != in_pandas(frame):
        raise SystemExit("the two sides count differently")
    ways: dict[str, Callable[[], object]] = {
        "numbers": lambda: check(CONTRACT, frame, TODAY),
        "text": lambda: check(CONTRACT, as_text, TODAY),
        "pandas": lambda: in_pandas(frame),
    }
    costs = {name: [_cost(way) for _ in range(runs)] for name, way in ways.items()}
    return {
        "rows": rows,
        "columns": len(CONTRACT.columns),
        "checks": len(found),
        "failing": sum(filter(None, found)),
        "cpu_s": {name: round(median(cost.cpu_s for cost in each), 3) for name, each in costs.items()},
        "wall_s": {name: round(median(cost.wall_s for cost in each), 3) for name, each in costs.items()},
        "peak_mib": round(peak_mib()),
    }


def table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    lines = [
        f"Loading the library and a first check: {figures['first_check_cpu_s']} CPU s, once a process.",
        "",
        "| rows, columns, checks | frame of numbers | frame of text | bare pandas |",
        "|---|---|---|---|",
    ]
    for row in figures["sizes"]:
        each = (
            f"{row['cpu_s'][way]} CPU s ({row['wall_s'][way]} s)" for way in ("numbers", "text", "pandas")
        )
        lines.append(f"| {row['rows']:,}, {row['columns']}, {row['checks']} | {' | '.join(each)} |")
    return "\n".join([*lines, "", machine_line(figures["machine"])]) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=list(ROWS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    told = machine("great-expectations", "pyarrow")
    first = _cost(lambda: check(CONTRACT, synthetic(10), TODAY))
    sizes = [measure(rows, options.runs) for rows in options.rows]
    figures = {"machine": told, "first_check_cpu_s": round(first.cpu_s, 2), "sizes": sizes}
    write(options.out, "contracts", figures, table(figures))


def _identity_numbers(random: np.random.Generator, rows: int, wrong: np.ndarray) -> list[str]:
    born = random.integers(-3_000, 12_000, rows).astype("M8[D]").astype(str)
    bodies = [
        f"110101{day.replace('-', '')}{order:03}"
        for day, order in zip(born, random.integers(0, 1_000, rows), strict=True)
    ]
    digits = np.array(bodies, dtype="U17").view(np.uint32).reshape(rows, 17).astype(np.int64) - ord("0")
    places = (digits @ _WEIGHTS + wrong) % 11
    return [body + "10X98765432"[place] for body, place in zip(bodies, places, strict=True)]


def _cost(work: Callable[[], object]) -> Cost:
    meter = Meter()
    work()
    return meter.read()


if __name__ == "__main__":
    main()
