"""Noise shares against full noise in each department: the gaps to the model without privacy, and their ratio.

The local arm has the same gradients and optimiser, and for itself the tighter accounting: continuous noise of
the least σ (Balle, Wang 2018) in each department, no rounding. It is measured twice: with rate, clipping norm
and T chosen for each ε and number of departments on the tuning sets ("tuned"), and by the product's rule for
the noise that it carries ("rule"), which knows a set's dimension and head-count. Ratios are to the better
one. Ours are the product's defaults throughout.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, variance
from typing import Any

import numpy as np

from results_file import Findings, Row, picture, shown, skip_reason, spread, where
from sets import (
    ANSWERS,
    CLIP_SHARES,
    FOLDS,
    LOCAL_DEPARTMENTS,
    LOCAL_EPSILONS,
    LOCAL_RUNS,
    LOCAL_SETS,
    PROTOCOL_RUNS,
    RATES,
    TUNING,
    TUNING_NEIGHBOURS,
    TUNING_RUNS,
)
from trials import (
    Arm,
    Loaded,
    Trial,
    analytic_multiplier,
    columns_of,
    continuous_arm,
    load,
    protocol,
    shares_arm,
    together,
    trial,
)
from xinqiao_app.svg import Axis
from xinqiao_governance.model_spec import ModelSpec
from xinqiao_models.defaults import learning_rate
from xinqiao_models.features import block_scales
from xinqiao_models.gradients import Vector
from xinqiao_models.sums import SumPlan

GOAL, LEAST_GAP = 1.8, 0.3
CHECKED: dict[str, Any] = {"set": "gss_wages", "departments": 8, "epsilon": 1.0}
"""Where the protocol itself runs beside the array code that stands for it."""


@dataclass(frozen=True)
class Settings:
    """What is chosen for the local arm: Adam's rate, C as a share of a row's norm, T."""

    rate: float
    clip_share: float
    answers: int


Cell = tuple[int, float]
"""Departments and ε."""
GRID = tuple(Settings(*choice) for choice in itertools.product(RATES, CLIP_SHARES, ANSWERS))


def measure(sets: Sequence[Loaded], found: Findings) -> None:
    """Tune, then train both arms on the same splits; last, the protocol where array code stands for it."""
    measured = [loaded for loaded in sets if loaded.name in LOCAL_SETS]
    tuned = _tuned(found)
    for loaded, run in itertools.product(measured, range(LOCAL_RUNS)):
        if not found.has(set=loaded.name, run=run, arm="local"):
            for row in compare(loaded, run, tuned):
                found.add(row)
    conclude(found)
    _measure_protocol(measured, found)
    conclude(found)


def compare(loaded: Loaded, run: int, tuned: Mapping[Cell, Settings]) -> Iterator[Row]:
    """Train both arms in every cell on the split of one run, and yield their losses."""
    cuts = {departments: trial(loaded, run, departments) for departments, _ in tuned}
    any_cut = next(iter(cuts.values()))  # the same rows; only the departments differ
    plans = {cell: cuts[cell[0]].plan(cell[1]) for cell in tuned}
    ours = [shares_arm(cuts[cell[0]], plan) for cell, plan in plans.items()]
    answers = next(iter(plans.values())).answers
    models = dict(zip(tuned, together(any_cut, ours, answers), strict=True))
    theirs = local_models(any_cut, [(cell, settings) for cell, settings in tuned.items()])
    for (cell, settings), alone in zip(tuned.items(), theirs, strict=True):
        named = {"set": loaded.name, "departments": cell[0], "epsilon": cell[1], "run": run}
        yield {**named, "arm": "shares", "lost": any_cut.lost(models[cell])}
        yield {**named, "arm": "local", "lost": any_cut.lost(alone), **asdict(settings)}
    yield from by_rule(loaded, run, list(tuned))


def by_rule(loaded: Loaded, run: int, cells: Sequence[Cell]) -> Iterator[Row]:
    """Train the local arm by the product's rule in every cell, and yield its losses."""
    cuts = [trial(loaded, run, departments) for departments, _ in cells]
    plans = [cut.plan(epsilon) for cut, (_, epsilon) in zip(cuts, cells, strict=True)]
    chosen = [_by_rule(cuts[0].spec, plan, cell) for plan, cell in zip(plans, cells, strict=True)]
    arms = [_local_arm(cuts[0], cell, settings) for cell, settings in zip(cells, chosen, strict=True)]
    models = together(cuts[0], arms, plans[0].answers)
    for (departments, epsilon), settings, model in zip(cells, chosen, models, strict=True):
        named = {"set": loaded.name, "departments": departments, "epsilon": epsilon, "run": run}
        yield {**named, "arm": "local_rule", "lost": cuts[0].lost(model), **asdict(settings)}


def _by_rule(spec: ModelSpec, plan: SumPlan, cell: Cell) -> Settings:
    departments, epsilon = cell
    deviation = plan.clip * analytic_multiplier(epsilon, plan.answers) * math.sqrt(departments)
    carried = replace(plan, variance=round((deviation * plan.scale) ** 2))
    return Settings(
        learning_rate(spec, carried), plan.clip / float(np.linalg.norm(block_scales(spec))), plan.answers
    )


def local_models(cut: Trial, asked: Sequence[tuple[Cell, Settings]]) -> list[Vector]:
    """Train on sums to which each department added all the noise that ε takes by itself."""
    models: dict[int, Vector] = {}
    for answers in ANSWERS:
        chosen = [place for place, (_, settings) in enumerate(asked) if settings.answers == answers]
        arms = [_local_arm(cut, *asked[place]) for place in chosen]
        models |= zip(chosen, together(cut, arms, answers) if arms else [], strict=True)
    return [models[place] for place in range(len(asked))]


def _local_arm(cut: Trial, cell: Cell, settings: Settings) -> Arm:
    departments, epsilon = cell
    clip = settings.clip_share * cut.people.design.row_norm
    deviation = clip * analytic_multiplier(epsilon, settings.answers) * math.sqrt(departments)
    return continuous_arm(cut, clip=clip, rate=settings.rate, deviation=deviation)


def _tuned(found: Findings) -> dict[Cell, Settings]:
    """Return what to use in each cell: what loses least in the cells nearest in noise, on the tuning sets."""
    cells = list(itertools.product(LOCAL_DEPARTMENTS, LOCAL_EPSILONS))
    tuning = [load(real, Path()) for real in TUNING]
    for departments, epsilon in cells:
        named = {"arm": "tuning", "departments": departments, "epsilon": epsilon}
        if not found.has(**named):
            cuts = [trial(loaded, run, departments) for loaded in tuning for run in range(TUNING_RUNS)]
            found.add({**named, "grid_lost": tried(cuts, (departments, epsilon))})
    rows = where(found.rows, arm="tuning")
    return choose({(row["departments"], row["epsilon"]): row["grid_lost"] for row in rows})


def tried(cuts: Sequence[Trial], cell: Cell) -> list[float]:
    """Return the mean loss over `cuts` of everything on the grid."""
    asked = [(cell, settings) for settings in GRID]
    lost = [[cut.lost(model) for model in local_models(cut, asked)] for cut in cuts]
    return [round(float(one), 4) for one in np.mean(lost, axis=0)]


def choose(lost: Mapping[Cell, Sequence[float]]) -> dict[Cell, Settings]:
    """Return, for each cell, the settings with the least loss in it and its neighbours in noise together."""
    noise = {cell: math.log(math.sqrt(cell[0]) * analytic_multiplier(cell[1], 1)) for cell in lost}

    def best(cell: Cell) -> Settings:
        near = sorted(lost, key=lambda other: abs(noise[other] - noise[cell]))[:TUNING_NEIGHBOURS]
        return GRID[int(np.mean([lost[other] for other in near], axis=0).argmin())]

    return {cell: best(cell) for cell in lost}


def _measure_protocol(sets: Sequence[Loaded], found: Findings) -> None:
    for loaded, run in itertools.product(sets, range(PROTOCOL_RUNS)):
        if loaded.name == CHECKED["set"] and not found.has(arm="protocol", run=run):
            cut = trial(loaded, run, CHECKED["departments"])
            lost = cut.lost(protocol(cut, CHECKED["epsilon"]).parameters)
            found.add({**CHECKED, "run": run, "arm": "protocol", "lost": lost})


def agreement(rows: Sequence[Row]) -> dict[str, float] | None:
    """Compare protocol and array code on the same splits: their difference in points, and its standard error.

    Array code has several runs of each split; their deviation around the split's mean is the noise of both.
    """
    real, arrays = (where(rows, **CHECKED, arm=arm) for arm in ("protocol", "shares"))
    by_split = [
        columns_of([row for row in arrays if row["run"] % FOLDS == split], "lost") for split in range(FOLDS)
    ]
    if len(real) < FOLDS or min(map(len, by_split)) < 2:
        return None
    apart = [float(row["lost"]) - mean(by_split[row["run"] % FOLDS]) for row in real]
    noise = mean(variance(lost) for lost in by_split)
    error = math.sqrt(noise * (1 / len(real) + 1 / len(arrays)))
    return {
        "difference": round(mean(apart), 4),
        "standard_error": round(error, 4),
        "protocol_runs": len(real),
    }


def conclude(found: Findings) -> None:
    """Write the gaps, their ratios, and whether array code and protocol agree."""
    cells = list(_cells(found.rows))
    agreed = agreement(found.rows)
    judged = [cell for cell in cells if cell["local_gap"] > LEAST_GAP]
    summary = {
        "grid": [asdict(settings) for settings in GRID],
        "cells": cells,
        "agreement": agreed,
        "goal": GOAL,
        "judged": len(judged),
        "met": sum(cell["ratio"] >= GOAL for cell in judged),
        "least_ratio": min((cell["ratio"] for cell in judged), default=None),
    }
    table = [
        "AUC points lost: noise shares (product's defaults, integer noise, t = 1; rounding left out) "
        "against full noise in each department (continuous, analytic σ; rate × C × T tuned for each cell "
        "on the tuning sets, or by the product's rule from dimension, head-count and its own noise). "
        "Mean ± sd (runs); the ratio is to the better one.",
        "",
        "| set | K | ε | noise shares | local, tuned | local, by rule | ratio | tuned: rate, C, T |",
        "|---|---|---|---|---|---|---|---|",
        *map(_line, cells),
        "",
        *(f"not measured: {name} ({skip_reason(name, code)})\n" for name, code in _missing(found)),
        f"Where the local gap exceeds {LEAST_GAP} points: {summary['met']} of {len(judged)} cells reach "
        f"{GOAL} ×, the least is {summary['least_ratio']} ×. Ratios in brackets are not judged.",
        "",
        f"Real protocol less array code on the same splits, in points ({CHECKED}): {agreed}",
    ]
    found.finish(summary, table, _picture(cells) if cells else None)


def _missing(found: Findings) -> list[tuple[str, str]]:
    return [
        (name, code) for name, code in found.skipped.items() if name in LOCAL_SETS and not found.has(set=name)
    ]


def _cells(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    names = dict.fromkeys(row["set"] for row in where(rows, arm="shares"))
    for name, departments, epsilon in itertools.product(names, LOCAL_DEPARTMENTS, LOCAL_EPSILONS):
        cell = {"set": name, "departments": departments, "epsilon": epsilon}
        arms = {arm: where(rows, **cell, arm=arm) for arm in ("shares", "local", "local_rule")}
        if all(arms.values()):
            gaps = {arm: spread(columns_of(runs, "lost")) for arm, runs in arms.items()}
            better = min(gaps["local"]["mean"], gaps["local_rule"]["mean"])
            ratio = round(better / gaps["shares"]["mean"], 2)
            settings = asdict(_settings_of(arms["local"][0]))
            yield {**cell, **gaps, "local_gap": better, "ratio": ratio, "settings": settings}


def _settings_of(row: Row) -> Settings:
    return Settings(row["rate"], row["clip_share"], row["answers"])


def _line(cell: dict[str, Any]) -> str:
    judged = cell["local_gap"] > LEAST_GAP
    ratio = f"**{cell['ratio']:.2f}**" if judged else f"({cell['ratio']:.2f})"
    settings = ", ".join(f"{value:g}" for value in cell["settings"].values())
    gaps = " | ".join(shown(cell[arm]) for arm in ("shares", "local", "local_rule"))
    named = f"{cell['set']} | {cell['departments']} | {cell['epsilon']:g}"
    return f"| {named} | {gaps} | {ratio} | {settings} |"


def _picture(cells: Sequence[dict[str, Any]]) -> str:
    fewest, most = LOCAL_DEPARTMENTS[0], LOCAL_DEPARTMENTS[-1]
    shapes = dict.fromkeys((cell["set"], count) for cell in cells for count in (fewest, most))
    drawn = [
        (
            f"{name}, K = {count}, {label}",
            _points(where(cells, set=name, departments=count), arm),
            arm == "local",
        )
        for name, count in shapes
        for arm, label in (("shares", "noise shares"), ("local", "full noise in each"))
    ]
    highest = max(value for _, points, _ in drawn for _, value in points)
    return picture(
        "Noise shares against full noise in each department",
        "AUC points lost by ε; dashes: full noise in each department",
        Axis("log2 ε", -2.2, 1.2),
        Axis("AUC points lost", 0, 1.1 * highest),
        [one for one in drawn if one[1]],
    )


def _points(cells: Sequence[Row], arm: str) -> list[tuple[float, float]]:
    return [
        (math.log2(cell["epsilon"]), cell["local_gap"] if arm == "local" else cell[arm]["mean"])
        for cell in cells
    ]
