"""What pairs of columns win over single columns, as a share of the way from logistic regression to boosting.

Both ends of the way are pooled, without privacy: the converged logistic model on single bins, and boosted
trees on the raw columns, whose settings are chosen by cross-validation inside the training part. The private
models are trained by array code of the protocol's law on three sets, and on gss_wages by the real protocol,
too. The other two sets were named before any result: the per-person sets of `sets` with the most rows that
packages carry.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from joining import part_of
from results_file import Findings, Row, picture, shown, spread, where
from sets import COLLUSION
from trials import Loaded, Trial, columns_of, home_sums, opened, protocol, trial
from xinqiao_app.svg import Axis
from xinqiao_app.yardsticks import POOLED_BOOSTING, cross_validated, fit_boosting
from xinqiao_governance.model_spec import pairs
from xinqiao_models import local
from xinqiao_models.gradients import Vector
from xinqiao_models.metrics import auc
from xinqiao_models.training import Training

SETS = ("gss_wages", "labsup", "CPS1988")
ARMS = {"arrays": SETS, "protocol": SETS[:1]}
"""Which sets are measured by array code of the protocol's law, which by the real protocol."""
EPSILONS, RUNS, DEPARTMENTS = (4.0, 8.0, 1.0), 5, 8
MODELS = ("linear", "pairs")


def measure(sets: Sequence[Loaded], found: Findings) -> None:
    """Train both models at every ε in every run; each run is a new split, new noise and new keys."""
    chosen = [loaded for loaded in sets if loaded.name in SETS]
    for loaded in chosen:
        for run in range(RUNS):
            if not found.has(arm="none", set=loaded.name, run=run):
                found.add({"arm": "none", "set": loaded.name, "run": run, **without_privacy(loaded, run)})
        arms = [arm for arm, names in ARMS.items() if loaded.name in names]
        for arm, epsilon, run in itertools.product(arms, EPSILONS, range(RUNS)):
            cell = {"arm": arm, "set": loaded.name, "run": run, "epsilon": epsilon}
            if not found.has(**cell):
                found.add({**cell, **both(loaded, run, epsilon, arm)})
    conclude(found)


def without_privacy(loaded: Loaded, run: int) -> dict[str, float]:
    """Return the AUC of both ends of the way: the people of all departments in one place."""
    cut = trial(loaded, run, DEPARTMENTS)
    return {"logistic_auc": cut.converged, "boosting_auc": boosting(cut)}


def both(loaded: Loaded, run: int, epsilon: float, arm: str) -> dict[str, float]:
    """Return the AUC of both private models on the same split and departments."""
    paired = replace(loaded, spec=replace(loaded.spec, crosses=pairs(loaded.spec.features)), optima={})
    cuts = {"linear": trial(loaded, run, DEPARTMENTS), "pairs": trial(paired, run, DEPARTMENTS)}
    train = {"arrays": arrays, "protocol": lambda cut, epsilon: protocol(cut, epsilon).parameters}[arm]
    return {name: cut.auc(train(cut, epsilon)) for name, cut in cuts.items()}


def arrays(cut: Trial, epsilon: float) -> Vector:
    """Return what the product's training makes of the sums that the protocol would open."""
    plan, by_home = cut.plan(epsilon), home_sums(cut)
    training = Training(cut.spec, plan)
    for _ in range(plan.answers):
        training.take(opened(by_home(training.parameters, plan.clip), plan))
    return training.model


def boosting(cut: Trial) -> float:
    """Return the AUC of boosted trees on the raw columns of all departments, settings by cross-validation."""
    with local.one_thread("demo"):
        train, test = part_of(cut, held_out=False), part_of(cut, held_out=True)
        best = max(
            POOLED_BOOSTING,
            key=lambda one: cross_validated(train, lambda part: fit_boosting(part, one, cut.spec)),
        )
        return auc(test.labels, fit_boosting(train, best, cut.spec)(test))


def conclude(found: Findings) -> None:
    """Write by set, arm and ε both models' AUC, and the share of the way that pairs have gone."""
    told = {name: cells for name in SETS if (cells := summary_of(found.rows, name))}
    head = (
        f"The way from pooled logistic regression to pooled boosting, both without privacy; private models: "
        f"K = {DEPARTMENTS}, t = {COLLUSION}. AUC, mean ± sd (runs, one a fold, {RUNS} planned); share of "
        "the way = (private pairs - logistic) / (boosting - logistic), of the means over the same runs."
    )
    columns = ("set", "rows", "private sums by", "ε", "logistic", "boosting", "private single bins")
    titles = " | ".join((*columns, "private pairs", "share of the way"))
    table = [head, "", f"| {titles} |", "|" + "---|" * 9]
    for name, cells in told.items():
        table += [f"| {name} | {found.sets[name].rows} | {_line(cell)} |" for cell in cells]
    missing = [name for name in SETS if name not in told]
    table += ["", f"not measured: {', '.join(missing)}"] * bool(missing)
    found.finish(told, table, _picture(told) if told else None)


def summary_of(rows: Sequence[Row], name: str) -> list[dict[str, Any]]:
    """Return what one set's runs say, by arm and ε; both ends are those of the same runs."""
    ends = {row["run"]: row for row in where(rows, set=name, arm="none")}
    cells = []
    for arm, epsilon in itertools.product(ARMS, sorted(EPSILONS)):
        if private := where(rows, set=name, arm=arm, epsilon=epsilon):
            runs = [{**row, **ends[row["run"]]} for row in private]
            means = {key: spread(columns_of(runs, key)) for key in ("logistic_auc", "boosting_auc", *MODELS)}
            start, end = means["logistic_auc"]["mean"], means["boosting_auc"]["mean"]
            shares = {
                key: round((means[key]["mean"] - start) / (end - start), 2) for key in MODELS if end > start
            }
            cells.append({"by": arm, "epsilon": epsilon, **means, "share_of_the_way": shares})
    return cells


def _line(cell: Mapping[str, Any]) -> str:
    names = ("logistic_auc", "boosting_auc", *MODELS)
    figures = " | ".join(shown(cell[name], 4) for name in names)
    head = f"{cell['by']} | {cell['epsilon']:g}"
    return f"{head} | {figures} | {cell['share_of_the_way'].get('pairs', 'no way: boosting is no better')}"


def _picture(told: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    drawn = [
        (
            f"{name}, {'pairs' if model == 'pairs' else 'single bins'}",
            [
                (one["epsilon"], one["share_of_the_way"][model])
                for one in cells
                if one["by"] == "arrays" and one["share_of_the_way"]
            ],
            model == "linear",
        )
        for name, cells in told.items()
        for model in MODELS
    ]
    values = [value for _, points, _ in drawn for _, value in points]
    return picture(
        "Share of the way from logistic regression to boosting",
        "by ε, one line a set and model",
        Axis("ε", 0, 10),
        Axis("share of the way", min(0.0, 1.2 * min(values)), max(1.0, 1.1 * max(values))),
        drawn,
    )
