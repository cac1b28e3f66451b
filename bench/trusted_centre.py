"""Noise shares against a trusted centre: the same noise added once, and less where less is guarded against.

Every arm has the product's optimiser and settings. The first is array code of the product's law, rounding
included; the others add continuous noise to sums in single precision, and each has less of it than the last.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from results_file import Findings, Row, picture, shown, skip_reason, spread, where
from sets import TRUSTED_DEPARTMENTS, TRUSTED_EPSILON, TRUSTED_RUNS, TRUSTED_SETS
from trials import (
    Loaded,
    Trial,
    analytic_multiplier,
    carried_deviation,
    columns_of,
    continuous_arm,
    shares,
    together,
    trial,
)
from xinqiao_app.svg import Axis
from xinqiao_models.defaults import learning_rate
from xinqiao_models.gradients import Vector
from xinqiao_models.sums import SumPlan

ARMS: Mapping[str, str] = {
    "shares": "noise shares: t = 1, rounded sums, integer noise",
    "carried": "trusted centre, continuous noise as the sum of shares carries it, nothing rounded",
    "t0": "trusted centre, t = 0: the noise that integer accounting proves",
    "analytic": "trusted centre, t = 0, continuous noise of the least σ (Balle, Wang 2018)",
}
GOAL = 0.1
"""Points that noise shares may lose beyond the same noise added once."""


def measure(sets: Sequence[Loaded], found: Findings) -> None:
    """Train every arm on the same splits."""
    measured = [loaded for loaded in sets if loaded.name in TRUSTED_SETS]
    for run, loaded in itertools.product(range(TRUSTED_RUNS), measured):
        if found.has(set=loaded.name, run=run, arm="analytic"):
            continue
        cut = trial(loaded, run, TRUSTED_DEPARTMENTS)
        plan = cut.plan(TRUSTED_EPSILON)
        noise = deviations(plan)
        for arm, model in models(cut, plan, noise).items():
            cell = {"set": loaded.name, "run": run, "arm": arm}
            found.add({**cell, "multiplier": noise[arm] / plan.clip, "lost": cut.lost(model)})
    conclude(found)


def models(cut: Trial, plan: SumPlan, noise: Mapping[str, float]) -> dict[str, Vector]:
    """Return the model of every arm."""
    rate = learning_rate(cut.spec, plan)
    central = [arm for arm in ARMS if arm != "shares"]
    arms = [continuous_arm(cut, clip=plan.clip, rate=rate, deviation=noise[arm]) for arm in central]
    trained = together(cut, arms, plan.answers)
    return {"shares": shares(cut, plan), **dict(zip(central, trained, strict=True))}


def deviations(plan: SumPlan) -> dict[str, float]:
    """Return, by arm, the deviation of the noise in an opened sum, in units of the vector."""
    analytic = plan.clip * analytic_multiplier(TRUSTED_EPSILON, plan.answers)
    proven = math.sqrt(plan.variance) / plan.scale
    carried = carried_deviation(plan)
    return {"shares": carried, "carried": carried, "t0": proven, "analytic": analytic}


def conclude(found: Findings) -> None:
    """Write each arm's loss and its distance to the noise shares' on the same splits."""
    measured = [name for name in TRUSTED_SETS if found.has(set=name)]
    missing = [name for name in TRUSTED_SETS if name not in measured and name in found.skipped]
    table = [f"not measured: {name} ({skip_reason(name, found.skipped[name])})" for name in missing]
    summary = {name: compare(where(found.rows, set=name)) for name in measured}
    for name, arms in summary.items():
        table += ["", *_table(name, arms)]
    described = "; ".join(f"{place} {told}" for place, told in enumerate(ARMS.values(), start=1))
    found.finish(summary, table, _picture(summary, described) if summary else None)


def compare(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return each arm's loss and multiplier, and by how much more the noise shares lose."""
    ours = columns_of(where(rows, arm="shares"), "lost")
    by_arm = {}
    for arm in ARMS:
        runs = where(rows, arm=arm)
        lost = columns_of(runs, "lost")
        more = spread([own - other for own, other in zip(ours, lost, strict=True)])
        multiplier = spread(columns_of(runs, "multiplier"))
        by_arm[arm] = {"lost": spread(lost), "shares_lose_more": more, "multiplier": multiplier}
    return by_arm


def _table(name: str, arms: Mapping[str, Mapping[str, Any]]) -> list[str]:
    head = f"{name}, K = {TRUSTED_DEPARTMENTS}, ε = {TRUSTED_EPSILON:g}, mean ± sd (runs of {TRUSTED_RUNS})"
    lines = [head, "", "| arm | σ / C | points lost | shares lose more by |", "|---|---|---|---|"]
    for arm, told in ARMS.items():
        multiplier, lost = arms[arm]["multiplier"]["mean"], shown(arms[arm]["lost"], 3)
        by = "" if arm == "shares" else _distance(arms[arm]["shares_lose_more"])
        lines.append(f"| {told} | {multiplier:.1f} | {lost} | {by} |")
    more = arms["carried"]["shares_lose_more"]
    verdict = "met" if more["mean"] <= GOAL else "**missed**"
    goal = f"Goal: noise shares lose at most {GOAL} points more than the same noise added once"
    if more["runs"] < TRUSTED_RUNS:
        verdict = f"partial, not judged ({more['runs']} of {TRUSTED_RUNS} runs); so far"
    return [*lines, "", f"{goal}: {verdict}, {_distance(more)}."]


def _distance(more: Mapping[str, Any]) -> str:
    error = "1 run" if more["sd"] is None else f"standard error {more['sd'] / math.sqrt(more['runs']):.3f}"
    return f"{more['mean']:+.3f} ({error})"


def _picture(summary: Mapping[str, Mapping[str, Any]], described: str) -> str:
    drawn = [
        (name, [(place, arms[arm]["lost"]["mean"]) for place, arm in enumerate(ARMS, start=1)], False)
        for name, arms in summary.items()
    ]
    highest = max(value for _, points, _ in drawn for _, value in points)
    axes = Axis("arm (1 noise shares … 4 least noise)", 0.5, 4.5), Axis("AUC points lost", 0, 1.2 * highest)
    return picture("Against a trusted centre", described, *axes, drawn)
