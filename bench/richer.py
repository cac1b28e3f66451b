"""What pairs of columns win over single columns, as a share of the way from logistic regression to boosting.

Both ends of the way are pooled, without privacy: the converged logistic model on single bins, and boosted
trees on the raw columns, whose settings are chosen by cross-validation inside the training part. The private
models are trained by the real protocol on gss_wages, and by array code of the same law on the other two sets,
which were named before any result: the per-person sets of `sets` with the most rows that packages carry.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from results_file import Findings, Row, picture, spread, where
from sets import COLLUSION
from trials import Loaded, Trial, columns_of, home_sums, opened, protocol, trial
from xinqiao_app.svg import Axis
from xinqiao_app.yardsticks import POOLED_BOOSTING, Part, cross_validated, fit_boosting
from xinqiao_governance.model_spec import pairs
from xinqiao_models import local
from xinqiao_models.features import design, targets
from xinqiao_models.gradients import Vector
from xinqiao_models.metrics import auc
from xinqiao_models.training import Training

PROTOCOL_SET = "gss_wages"
SETS = (PROTOCOL_SET, "labsup", "CPS1988")
EPSILONS, RUNS, DEPARTMENTS = (1.0, 4.0, 8.0), 5, 8
MODELS = ("linear", "pairs")


def measure(sets: Sequence[Loaded], found: Findings) -> None:
    """Train both models at every ε in every run; each run is a new split, new noise and new keys."""
    chosen = [loaded for loaded in sets if loaded.name in SETS]
    for loaded, run in itertools.product(chosen, range(RUNS)):
        single = trial(loaded, run, DEPARTMENTS)
        cuts = {"linear": single, "pairs": trial(_paired(loaded), run, DEPARTMENTS)}
        for name, cut in cuts.items():
            for epsilon in EPSILONS:
                cell = {"set": loaded.name, "run": run, "model": name, "epsilon": epsilon}
                if not found.has(**cell):
                    found.add(
                        {**cell, "parameters": cut.spec.parameters, "auc": cut.auc(_private(cut, epsilon))}
                    )
        if not found.has(set=loaded.name, run=run, model="boosting"):
            ends = {"logistic": single.converged, "boosting": _boosting(single)}
            for name, value in ends.items():
                found.add({"set": loaded.name, "run": run, "model": name, "auc": value})
    conclude(chosen, found)


def conclude(sets: Sequence[Loaded], found: Findings) -> None:
    """Write by set and ε both models' AUC, and the share of the way that each has gone."""
    summary = {loaded.name: by_set(where(found.rows, set=loaded.name)) for loaded in sets}
    lines = [line for loaded in sets for line in _lines(loaded, summary[loaded.name])]
    head = (
        f"The way from pooled logistic regression to pooled boosting, K = {DEPARTMENTS}, t = {COLLUSION}, "
        f"{RUNS} runs (folds): AUC, mean ± sd; share of the way = (private model - logistic) / (boosting - "
        f"logistic), from the means. {PROTOCOL_SET}: the real protocol; others: array code of the same law."
    )
    columns = (
        "| set | rows | logistic | boosting | ε | private, single bins | private, pairs | share of the way |"
    )
    found.finish(summary, [head, "", columns, "|---|---|---|---|---|---|---|---|", *lines], _picture(summary))


def by_set(rows: Sequence[Row]) -> dict[str, Any]:
    """Return what one set's runs say; a share of the way is that of the means."""
    ends = {name: spread(columns_of(where(rows, model=name), "auc")) for name in ("logistic", "boosting")}
    private = {
        f"{epsilon:g}": {
            name: spread(columns_of(where(rows, model=name, epsilon=epsilon), "auc")) for name in MODELS
        }
        for epsilon in EPSILONS
    }
    start, way = ends["logistic"]["mean"], ends["boosting"]["mean"] - ends["logistic"]["mean"]
    shares = {
        epsilon: {name: round((one["mean"] - start) / way, 2) for name, one in models.items()}
        for epsilon, models in private.items()
    }
    return {"ends": ends, "private": private, "share_of_the_way": shares}


def _paired(loaded: Loaded) -> Loaded:
    spec = replace(loaded.spec, crosses=pairs(loaded.spec.features))
    return replace(loaded, spec=spec, optima={})


def _private(cut: Trial, epsilon: float) -> Vector:
    """Return the parameters that private training ends with, shape (spec.parameters,)."""
    if cut.loaded.name == PROTOCOL_SET:
        return protocol(cut, epsilon).parameters
    plan, by_home = cut.plan(epsilon), home_sums(cut)
    training = Training(cut.spec, plan)
    for _ in range(plan.answers):
        training.take(opened(by_home(training.parameters, plan.clip), plan))
    return training.model


def _boosting(cut: Trial) -> float:
    """Return the AUC of boosted trees on the raw columns of all departments, settings by cross-validation."""
    with local.one_thread("demo"):
        train, test = _part(cut, held_out=False), _part(cut, held_out=True)
        best = max(
            POOLED_BOOSTING,
            key=lambda one: cross_validated(train, lambda part: fit_boosting(part, one, cut.spec)),
        )
        return auc(test.labels, fit_boosting(train, best, cut.spec)(test))


def _part(cut: Trial, *, held_out: bool) -> Part:
    columns = cut.held_out if held_out else cut.training
    labels = targets(columns, cut.spec)[:, 0]
    nowhere = np.full(len(labels), "", dtype=object)
    rows = np.arange(len(labels))
    return Part(design(columns, cut.spec).dense(), local.raw_inputs(columns, cut.spec), labels, nowhere, rows)


def _lines(loaded: Loaded, told: Mapping[str, Any]) -> list[str]:
    ends = [_cell(told["ends"][name]) for name in ("logistic", "boosting")]
    lines = []
    for epsilon, models in told["private"].items():
        shares = told["share_of_the_way"][epsilon]
        cells = [*ends, epsilon, *(_cell(models[name]) for name in MODELS), f"{shares['pairs']:.2f}"]
        lines.append(f"| {loaded.name} | {len(loaded)} | {' | '.join(cells)} |")
    return lines


def _cell(values: Mapping[str, float]) -> str:
    return f"{values['mean']:.4f} ± {values['sd']:.4f}"


def _picture(summary: Mapping[str, Any]) -> str:
    drawn = [
        (
            f"{name}, {'pairs' if model == 'pairs' else 'single bins'}",
            [(epsilon, told["share_of_the_way"][f"{epsilon:g}"][model]) for epsilon in EPSILONS],
            model == "linear",
        )
        for name, told in summary.items()
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
