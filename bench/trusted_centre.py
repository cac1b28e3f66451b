"""Noise shares against a trusted centre: the same noise added once, and less where less is guarded against.

Every arm has the product's optimiser and settings, and differs from the arm above it in one thing.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from results_file import Findings, picture, shown, spread, where
from sets import TRUSTED_DEPARTMENTS, TRUSTED_EPSILON, TRUSTED_RUNS, TRUSTED_SETS
from trials import (
    Arm,
    Loaded,
    Trial,
    analytic_multiplier,
    carried_deviation,
    columns_of,
    continuous_arm,
    shares_arm,
    together,
    trial,
)
from xinqiao_app.svg import Axis
from xinqiao_models.defaults import learning_rate
from xinqiao_models.sums import SumPlan

ARMS: Mapping[str, str] = {
    "shares": "noise shares: t = 1, integer noise, its σ for rounded sums",
    "carried": "trusted centre, continuous noise as the sum of shares carries it, nothing rounded",
    "t0": "trusted centre, t = 0: the noise that integer accounting proves",
    "analytic": "trusted centre, t = 0, continuous noise of the least σ (Balle, Wang 2018)",
}


def measure(sets: Sequence[Loaded], found: Findings) -> None:
    """Train every arm on the same splits."""
    measured = [loaded for loaded in sets if loaded.name in TRUSTED_SETS]
    for loaded, run in itertools.product(measured, range(TRUSTED_RUNS)):
        if found.has(set=loaded.name, run=run, arm="analytic"):
            continue
        cut = trial(loaded, run, TRUSTED_DEPARTMENTS)
        plan = cut.plan(TRUSTED_EPSILON)
        noise = deviations(plan)
        models = together(cut, [_arm(cut, plan, arm, noise[arm]) for arm in ARMS], plan.answers)
        for arm, model in zip(ARMS, models, strict=True):
            multiplier = noise[arm] / plan.clip
            found.add(
                {
                    "set": loaded.name,
                    "run": run,
                    "arm": arm,
                    "multiplier": multiplier,
                    "lost": cut.lost(model),
                }
            )
    conclude(measured, found)


def _arm(cut: Trial, plan: SumPlan, arm: str, deviation: float) -> Arm:
    if arm == "shares":
        return shares_arm(cut, plan)
    return continuous_arm(cut, clip=plan.clip, rate=learning_rate(cut.spec, plan), deviation=deviation)


def deviations(plan: SumPlan) -> dict[str, float]:
    """Return, by arm, the deviation of the noise in an opened sum, in units of the vector."""
    analytic = plan.clip * analytic_multiplier(TRUSTED_EPSILON, plan.answers)
    proven = math.sqrt(plan.variance) / plan.scale
    carried = carried_deviation(plan)
    return {"shares": carried, "carried": carried, "t0": proven, "analytic": analytic}


def conclude(sets: Sequence[Loaded], found: Findings) -> None:
    """Write each arm's loss and its distance to the noise shares' on the same splits."""
    summary: dict[str, dict[str, Any]] = {}
    table: list[str] = []
    for loaded in sets:
        rows = where(found.rows, set=loaded.name)
        ours = columns_of(where(rows, arm="shares"), "lost")
        table += [
            "",
            f"{loaded.name}, K = {TRUSTED_DEPARTMENTS}, ε = {TRUSTED_EPSILON:g}, {len(ours)} runs",
            "",
        ]
        table += ["| arm | σ / C | points lost | shares lose more by |", "|---|---|---|---|"]
        summary[loaded.name] = {}
        for arm, told in ARMS.items():
            runs = where(rows, arm=arm)
            lost = columns_of(runs, "lost")
            more = spread([own - other for own, other in zip(ours, lost, strict=True)])
            multiplier = spread(columns_of(runs, "multiplier"))
            summary[loaded.name][arm] = {
                "lost": spread(lost),
                "shares_lose_more": more,
                "multiplier": multiplier,
            }
            error = more["sd"] / math.sqrt(more["runs"])
            by = "" if arm == "shares" else f"{more['mean']:+.3f} (standard error {error:.3f})"
            table.append(f"| {told} | {multiplier['mean']:.1f} | {shown(spread(lost), 3)} | {by} |")
    drawn = [
        (name, [(place, arms[arm]["lost"]["mean"]) for place, arm in enumerate(ARMS, start=1)], False)
        for name, arms in summary.items()
    ]
    highest = max(value for _, points, _ in drawn for _, value in points)
    described = "; ".join(f"{place} {told}" for place, told in enumerate(ARMS.values(), start=1))
    axes = Axis("arm (1 noise shares … 4 least noise)", 0.5, 4.5), Axis("AUC points lost", 0, 1.2 * highest)
    found.finish(summary, table[1:], picture("Against a trusted centre", described, *axes, drawn))
