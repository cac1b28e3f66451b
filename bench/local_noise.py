"""Noise shares against full noise in each department: the gaps to the model without privacy, and their ratio.

The local arm has the same gradients and optimiser, and for itself the tighter accounting: continuous noise of
the least σ (Balle, Wang 2018) in each department, no rounding. Its rate, clipping norm and T are chosen for
each ε and number of departments on the tuning sets; ours are the product's defaults throughout.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, variance
from typing import Any

from results_file import Findings, Row, picture, shown, spread, where
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
    TUNING_FINALISTS,
    TUNING_RUNS,
)
from trials import Loaded, Trial, analytic_multiplier, columns_of, load, noised, protocol, shares, trial
from xinqiao_app.svg import Axis
from xinqiao_models.gradients import Vector

GOAL, LEAST_GAP = 1.8, 0.3
CHECKED: dict[str, Any] = {"set": "gss_wages", "departments": 8, "epsilon": 1.0}
"""Where the protocol itself runs beside the array code that stands for it."""


@dataclass(frozen=True)
class Settings:
    """What is chosen for the local arm: Adam's rate, C as a share of a row's norm, T."""

    rate: float
    clip_share: float
    answers: int


GRID = tuple(Settings(*choice) for choice in itertools.product(RATES, CLIP_SHARES, ANSWERS))


def measure(sets: Sequence[Loaded], found: Findings) -> None:
    """Tune, then train both arms on the same splits; last, the protocol where array code stands for it."""
    tuning = [load(real, Path()) for real in TUNING]
    measured = [loaded for loaded in sets if loaded.name in LOCAL_SETS]
    for departments, epsilon in itertools.product(LOCAL_DEPARTMENTS, LOCAL_EPSILONS):
        settings = _settings(found, tuning, departments, epsilon)
        for loaded, run in itertools.product(measured, range(LOCAL_RUNS)):
            cell = {"set": loaded.name, "departments": departments, "epsilon": epsilon, "run": run}
            if not found.has(**cell, arm="local"):
                cut = trial(loaded, run, departments)
                ours, theirs = shares(cut, cut.plan(epsilon)), alone(cut, settings, departments, epsilon)
                found.add({**cell, "arm": "shares", "lost": cut.lost(ours)})
                found.add({**cell, "arm": "local", "lost": cut.lost(theirs), **asdict(settings)})
        conclude(measured, found)
    _measure_protocol(measured, found)
    conclude(measured, found)


def _settings(found: Findings, tuning: Sequence[Loaded], departments: int, epsilon: float) -> Settings:
    """Return what an interrupted measurement chose, or choose."""
    before = where(found.rows, departments=departments, epsilon=epsilon, arm="local")
    if before:
        return _settings_of(before[0])
    return tune([trial(loaded, 0, departments) for loaded in tuning], departments, epsilon)


def alone(cut: Trial, settings: Settings, departments: int, epsilon: float) -> Vector:
    """Train on sums to which each department added all the noise that ε takes by itself."""
    clip = settings.clip_share * cut.people.design.row_norm
    deviation = clip * analytic_multiplier(epsilon, settings.answers) * math.sqrt(departments)
    return noised(cut, clip=clip, deviation=deviation, answers=settings.answers, rate=settings.rate)


def tune(cuts: Sequence[Trial], departments: int, epsilon: float) -> Settings:
    """Return the settings with the least mean loss over the tuning sets: all tried once, the best again."""

    def lost(settings: Settings) -> float:
        return mean(cut.lost(alone(cut, settings, departments, epsilon)) for cut in cuts)

    first = {settings: lost(settings) for settings in GRID}
    finalists = sorted(GRID, key=first.__getitem__)[:TUNING_FINALISTS]
    again = {settings: mean(lost(settings) for _ in range(TUNING_RUNS)) for settings in finalists}
    return min(again, key=again.__getitem__)


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


def conclude(sets: Sequence[Loaded], found: Findings) -> None:
    """Write the gaps, their ratios, and whether array code and protocol agree."""
    cells = list(_cells(sets, found.rows))
    agreed = agreement(found.rows)
    judged = [cell for cell in cells if cell["local"]["mean"] > LEAST_GAP]
    summary = {
        "cells": cells,
        "agreement": agreed,
        "goal": GOAL,
        "judged": len(judged),
        "met": sum(cell["ratio"] >= GOAL for cell in judged),
        "least_ratio": min((cell["ratio"] for cell in judged), default=None),
    }
    table = [
        "AUC points lost: noise shares (product's defaults, integer noise, t = 1) against full noise in each "
        "department (continuous, analytic σ, rate × C × T tuned for each cell on the tuning sets)",
        "",
        "| set | K | ε | noise shares | local noise | ratio | local: rate, C / norm, T |",
        "|---|---|---|---|---|---|---|",
        *map(_line, cells),
        "",
        f"Where the local gap exceeds {LEAST_GAP} points: {summary['met']} of {len(judged)} cells reach "
        f"{GOAL} ×, the least is {summary['least_ratio']} ×. Ratios in brackets are not judged.",
        "",
        f"Real protocol less array code on the same splits, in points ({CHECKED}): {agreed}",
    ]
    found.finish(summary, table, _picture(cells))


def _cells(sets: Sequence[Loaded], rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    for loaded, departments, epsilon in itertools.product(sets, LOCAL_DEPARTMENTS, LOCAL_EPSILONS):
        cell = {"set": loaded.name, "departments": departments, "epsilon": epsilon}
        ours, local = (where(rows, **cell, arm=arm) for arm in ("shares", "local"))
        if ours and local:
            gaps = {"shares": spread(columns_of(ours, "lost")), "local": spread(columns_of(local, "lost"))}
            ratio = round(gaps["local"]["mean"] / gaps["shares"]["mean"], 2)
            yield {**cell, **gaps, "ratio": ratio, "settings": asdict(_settings_of(local[0]))}


def _settings_of(row: Row) -> Settings:
    return Settings(row["rate"], row["clip_share"], row["answers"])


def _line(cell: dict[str, Any]) -> str:
    judged = cell["local"]["mean"] > LEAST_GAP
    ratio = f"**{cell['ratio']:.2f}**" if judged else f"({cell['ratio']:.2f})"
    settings = ", ".join(f"{value:g}" for value in cell["settings"].values())
    gaps = f"{shown(cell['shares'])} | {shown(cell['local'])}"
    return f"| {cell['set']} | {cell['departments']} | {cell['epsilon']:g} | {gaps} | {ratio} | {settings} |"


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
    return [(math.log2(cell["epsilon"]), cell[arm]["mean"]) for cell in cells]
