"""Does joining pay: on a department's own held-out people, its best own model against shared and local layer.

The own model is logistic or boosted trees, without privacy, chosen by cross-validation on the department's
own training people. Settings of trees and layer were compared inside the demo's training part
(`xinqiao_models.local`), which has people of every fold here: see `results_file.SEEN`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from results_file import Findings, Row, picture, shown, skip_reason, spread, where
from sets import JOIN_EPSILON, JOIN_RUNS, JOIN_SET
from trials import POINTS, Loaded, Rows, Trial, columns_of, protocol, trial
from xinqiao_app.public_data import DEPARTMENTS
from xinqiao_app.svg import Axis
from xinqiao_app.yardsticks import Part, Scorer, at_home
from xinqiao_models import local
from xinqiao_models.features import design, targets
from xinqiao_models.gradients import Vector
from xinqiao_models.metrics import auc

MOST_LOST = 0.3
"""Points that no department may lose."""


def measure(sets: Sequence[Loaded], found: Findings) -> None:
    """Train by the protocol; then let every department fit what it can at home."""
    for loaded in sets:
        if loaded.name == JOIN_SET:
            for run in range(JOIN_RUNS):
                if not found.has(run=run):
                    cut = trial(loaded, run, len(DEPARTMENTS))
                    model = protocol(cut, JOIN_EPSILON).parameters
                    for row in departments_of(cut, model, [entry.id for entry in DEPARTMENTS]):
                        found.add({"run": run, **row})
    if found.rows:
        conclude(found)
    else:
        reason = skip_reason(JOIN_SET, found.skipped.get(JOIN_SET, "not loaded"))
        found.finish({}, [f"not measured: {JOIN_SET} ({reason})"], None)


def departments_of(cut: Trial, model: Vector, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield each department's figures on its own held-out people."""
    train, test = part_of(cut, held_out=False), part_of(cut, held_out=True)

    def shared(part: Part) -> Vector:
        return np.asarray(part.design @ model)

    homes = zip(names, cut.parts.homes, cut.held_out_homes, strict=True)
    with local.one_thread("demo"):
        for department, home, away in homes:
            made, people = at_home(train.rows(home), shared, cut.spec), test.rows(away)
            layer, alone = _auc(made.with_layer, people), _auc(made.alone, people)
            yield {
                "department": department,
                "training_people": len(home),
                "people": len(away),
                "alone": alone,
                "shared": _auc(shared, people),
                "layer": layer,
                "gain": POINTS * (layer - alone),
            }


def part_of(cut: Trial, *, held_out: bool) -> Part:
    """Return the rows of a trial that are trained on, or held out, as yardsticks take them."""
    columns = cut.held_out if held_out else cut.training
    labels = targets(columns, cut.spec)[:, 0]
    rows: Rows = np.arange(len(labels))
    home = np.full(len(labels), "", dtype=np.object_)
    return Part(design(columns, cut.spec).dense(), local.raw_inputs(columns, cut.spec), labels, home, rows)


def _auc(scorer: Scorer, part: Part) -> float:
    return auc(part.labels, scorer(part))


def conclude(found: Findings) -> None:
    """Write each department's mean over the runs, the mean gain, the worst and who gains."""
    by_department = {entry.id: _means(where(found.rows, department=entry.id)) for entry in DEPARTMENTS}
    gains = [one["gain"]["mean"] for one in by_department.values()]
    overall = spread([_mean_gain(found.rows, run) for run in sorted({row["run"] for row in found.rows})])
    summary = {
        "by_department": by_department,
        "mean_gain": overall,
        "worst_department": min(gains),
        "worst_single": min(columns_of(found.rows, "gain")),
        "departments_that_gain": sum(gain > 0 for gain in gains),
    }
    table = [
        f"{JOIN_SET}, ε = {JOIN_EPSILON:g}: AUC on a department's own held-out people, mean of "
        f"{overall['runs']} runs of {JOIN_RUNS}",
        "",
        "| department | training people | held out | own best model | shared model | shared + local layer "
        "| gain, points: mean ± sd (runs) |",
        "|---|---|---|---|---|---|---|",
        *(_line(name, one) for name, one in by_department.items()),
        "",
        f"Mean gain {shown(overall)} points, sd over runs; worst department "
        f"{summary['worst_department']:+.2f}, worst single result {summary['worst_single']:+.2f}; "
        f"{summary['departments_that_gain']} of {len(gains)} gain on average. Goal: mean above 0, none below "
        f"-{MOST_LOST}.",
    ]
    drawn = [
        (name, [(float(row["run"]), row["gain"]) for row in where(found.rows, department=name)], False)
        for name in by_department
    ]
    values = columns_of(found.rows, "gain")
    axes = Axis("run", -0.5, JOIN_RUNS - 0.5), Axis("gain, AUC points", min(values) - 0.1, max(values) + 0.1)
    found.finish(summary, table, picture("Gain by joining", "of each department in each run", *axes, drawn))


def _means(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    names = ("training_people", "people", "alone", "shared", "layer", "gain")
    return {name: spread(columns_of(rows, name)) for name in names}


def _mean_gain(rows: Sequence[Row], run: int) -> float:
    return float(np.mean(columns_of(where(rows, run=run), "gain")))


def _line(name: str, one: dict[str, dict[str, Any]]) -> str:
    people = f"{one['training_people']['mean']:.0f} | {one['people']['mean']:.0f}"
    aucs = " | ".join(f"{one[key]['mean']:.4f}" for key in ("alone", "shared", "layer"))
    return f"| {name} | {people} | {aucs} | {shown(one['gain'])} |"
