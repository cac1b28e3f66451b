"""How many AUC points privacy costs: the real protocol against the same model converged without privacy.

Beside it stands array code of the same law, which is cheap enough for more runs on the same splits.
"""

import itertools
from collections.abc import Sequence

from results_file import Findings, Row, picture, shown, spread, where
from sets import ARRAY_RUNS, COLLUSION, LOST_DEPARTMENTS, LOST_EPSILONS, LOST_RUNS
from trials import Loaded, columns_of, protocol, shares, trial
from xinqiao_app.svg import Axis

GOALS = {1.0: (0.7, 1.6), 2.0: (0.4, 0.8), 4.0: (0.25, 0.4)}
"""ε -> points lost, mean over the sets and worst set."""
ARMS = {"protocol": "the real protocol", "arrays": "array code of the same law"}
RUNS = {"protocol": LOST_RUNS, "arrays": ARRAY_RUNS}

ByEpsilon = dict[float, dict[str, float]]


def measure(sets: Sequence[Loaded], found: Findings, arms: Sequence[str] = tuple(ARMS)) -> None:
    """Train every set at every ε in every run; each run is a new split, new noise and new keys."""
    for arm in arms:
        for run, loaded in itertools.product(range(RUNS[arm]), sets):
            cut = trial(loaded, run, LOST_DEPARTMENTS)
            for epsilon in LOST_EPSILONS:
                cell = {"arm": arm, "set": loaded.name, "run": run, "epsilon": epsilon}
                if found.has(**cell):
                    continue
                model = (
                    shares(cut, cut.plan(epsilon)) if arm == "arrays" else protocol(cut, epsilon).parameters
                )
                auc = {"auc": cut.auc(model), "converged_auc": cut.converged}
                found.add({**cell, **auc, "lost": cut.lost(model)})
        conclude(sets, found)


def conclude(sets: Sequence[Loaded], found: Findings) -> None:
    """Write the means by set, and over the sets mean and worst."""
    arms = {arm: where(found.rows, arm=arm) for arm in ARMS}
    by_set = {
        arm: {loaded.name: _by_epsilon(where(rows, set=loaded.name)) for loaded in sets}
        for arm, rows in arms.items()
        if rows
    }
    over = {arm: _over_sets(lost) for arm, lost in by_set.items()}
    table = [line for arm, lost in by_set.items() for line in _table(arm, sets, arms[arm], lost, over[arm])]
    summary = {"by_set": by_set, "over_sets": over, "goals": GOALS}
    found.finish(summary, table, _picture(by_set.get("protocol", by_set["arrays"])))


def _by_epsilon(rows: Sequence[Row]) -> ByEpsilon:
    return {epsilon: spread(columns_of(where(rows, epsilon=epsilon), "lost")) for epsilon in LOST_EPSILONS}


def _over_sets(lost: dict[str, ByEpsilon]) -> ByEpsilon:
    means = {epsilon: [one[epsilon]["mean"] for one in lost.values()] for epsilon in LOST_EPSILONS}
    return {
        epsilon: {"mean": round(sum(one) / len(one), 4), "worst": max(one)} for epsilon, one in means.items()
    }


def _table(
    arm: str, sets: Sequence[Loaded], rows: Sequence[Row], lost: dict[str, ByEpsilon], over: ByEpsilon
) -> list[str]:
    cells = {name: [f"**{over[e][name]:.2f}**" for e in LOST_EPSILONS] for name in ("mean", "worst")}
    goals = [f"{average} / {worst}" for average, worst in GOALS.values()]
    return [
        f"AUC points lost to the converged pooled model without privacy: K = {LOST_DEPARTMENTS}, "
        f"t = {COLLUSION}, {ARMS[arm]}, mean ± sd over runs (folds)",
        "",
        "| set | rows | unit | parameters | runs | AUC without privacy | "
        + " | ".join(f"ε = {epsilon:g}" for epsilon in LOST_EPSILONS)
        + " |",
        "|---|---|---|---|---|---|" + "---|" * len(LOST_EPSILONS),
        *(_line(loaded, where(rows, set=loaded.name), lost[loaded.name]) for loaded in sets),
        f"| **mean of sets** | | | | | | {' | '.join(cells['mean'])} |",
        f"| **worst set** | | | | | | {' | '.join(cells['worst'])} |",
        f"| goal, mean / worst | | | | | | {' | '.join(goals)} |",
        "",
    ]


def _line(loaded: Loaded, rows: Sequence[Row], lost: ByEpsilon) -> str:
    reference = spread(columns_of(where(rows, epsilon=LOST_EPSILONS[0]), "converged_auc"))
    cells = " | ".join(shown(lost[epsilon]) for epsilon in LOST_EPSILONS)
    head = f"{loaded.name} | {len(loaded)} | {loaded.unit} | {loaded.spec.parameters} | {reference['runs']}"
    return f"| {head} | {shown(reference, 4)} | {cells} |"


def _picture(by_set: dict[str, ByEpsilon]) -> str:
    drawn = [
        (name, [(epsilon, lost[epsilon]["mean"]) for epsilon in LOST_EPSILONS], False)
        for name, lost in by_set.items()
    ]
    values = [value for _, points, _ in drawn for _, value in points]
    return picture(
        "AUC points lost to privacy",
        "by ε, one line a set, eight departments",
        Axis("ε", 0, 5),
        Axis("AUC points lost", min(0.0, 1.2 * min(values)), 1.1 * max(0.1, *values)),
        drawn,
    )
