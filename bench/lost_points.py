"""How many AUC points privacy costs: the real protocol against the same model converged without privacy.

Beside it stands array code of the same law, which is cheap enough for more runs on the same splits.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from results_file import About, Findings, Row, picture, shown, spread, where
from sets import ARRAY_RUNS, COLLUSION, LOST_DEPARTMENTS, LOST_EPSILONS, LOST_RUNS
from trials import Loaded, columns_of, protocol, shares, trial
from xinqiao_app.svg import Axis

GOALS = {1.0: (0.7, 1.6), 2.0: (0.4, 0.8), 4.0: (0.25, 0.4)}
"""ε -> points lost, mean over the sets and worst set."""
ARMS = {"protocol": "the real protocol", "arrays": "array code of the same law"}
RUNS = {"protocol": LOST_RUNS, "arrays": ARRAY_RUNS}
_OVER = {"mean": "mean of sets", "worst": "worst set"}

ByEpsilon = dict[float, dict[str, Any]]


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
        conclude(found)


def conclude(found: Findings) -> None:
    """Write the means by set; over the sets mean and worst, judged once every set has all its runs."""
    told = {arm: rows for arm in ARMS if (rows := where(found.rows, arm=arm))}
    by_set = {
        arm: {name: _by_epsilon(own) for name in found.sets if (own := where(rows, set=name))}
        for arm, rows in told.items()
    }
    missing = {arm: _missing(arm, by_set[arm], found) for arm in told}
    over = {arm: _over_sets(lost) for arm, lost in by_set.items()}
    table = [
        line
        for arm, lost in by_set.items()
        for line in (*_table(arm, told[arm], lost, found), *_verdict(over[arm], missing[arm], found))
    ]
    summary = {"by_set": by_set, "over_sets": over, "missing_runs": missing, "goals": GOALS}
    found.finish(summary, table, _picture(max(by_set.values(), key=len)) if by_set else None)


def _by_epsilon(rows: Sequence[Row]) -> ByEpsilon:
    lost = {epsilon: columns_of(where(rows, epsilon=epsilon), "lost") for epsilon in LOST_EPSILONS}
    return {epsilon: spread(one) for epsilon, one in lost.items() if one}


def _missing(arm: str, lost: Mapping[str, ByEpsilon], found: Findings) -> dict[str, str]:
    """Return what each set lacks that is not complete, sets that could not be loaded among them."""
    lacks = {}
    for name in dict.fromkeys((*found.sets, *found.skipped)):
        runs = {epsilon: lost.get(name, {}).get(epsilon, {"runs": 0})["runs"] for epsilon in LOST_EPSILONS}
        if min(runs.values()) < RUNS[arm]:
            has = ", ".join(f"{count} at ε = {epsilon:g}" for epsilon, count in runs.items())
            lacks[name] = f"{has} of {RUNS[arm]}"
    return lacks


def _over_sets(lost: Mapping[str, ByEpsilon]) -> ByEpsilon:
    means = {
        epsilon: [one[epsilon]["mean"] for one in lost.values() if epsilon in one]
        for epsilon in LOST_EPSILONS
    }
    return {
        epsilon: {"mean": round(sum(one) / len(one), 4), "worst": max(one), "sets": len(one)}
        for epsilon, one in means.items()
        if one
    }


def _table(arm: str, rows: Sequence[Row], lost: Mapping[str, ByEpsilon], found: Findings) -> Iterator[str]:
    yield (
        f"AUC points lost to the converged pooled model without privacy: K = {LOST_DEPARTMENTS}, "
        f"t = {COLLUSION}, {ARMS[arm]}, mean ± sd (runs). AUC without privacy: over splits "
        "(how many)"
    )
    yield ""
    epsilons = " | ".join(f"ε = {epsilon:g}" for epsilon in LOST_EPSILONS)
    yield f"| set | rows | unit | parameters | AUC without privacy | {epsilons} |"
    yield "|---|---|---|---|---|" + "---|" * len(LOST_EPSILONS)
    for name, one in lost.items():
        yield _line(name, found.sets[name], where(rows, set=name), one)


def _line(name: str, about: About, rows: Sequence[Row], lost: ByEpsilon) -> str:
    reference = spread(sorted(set(columns_of(rows, "converged_auc"))))
    cells = " | ".join(shown(lost[epsilon]) if epsilon in lost else "none" for epsilon in LOST_EPSILONS)
    head = f"{name} | {about.rows} | {about.unit} | {about.parameters}"
    return f"| {head} | {shown(reference, 4)} | {cells} |"


def _verdict(over: ByEpsilon, missing: Mapping[str, str], found: Findings) -> Iterator[str]:
    """Yield the goals beside mean and worst; while runs are missing, which, and means called provisional."""
    told = {name: " | ".join(_cell(over, epsilon, name) for epsilon in LOST_EPSILONS) for name in _OVER}
    first = "provisional " if missing else ""
    for name, cells in told.items():
        yield f"| {first}{_OVER[name]} | | | | | {cells} |"
    if missing:
        sets = len(dict.fromkeys((*found.sets, *found.skipped)))
        lacks = "; ".join(f"{name} ({has})" for name, has in missing.items())
        yield ""
        yield f"partial: {sets - len(missing)} of {sets} sets complete; missing runs: {lacks}. Not judged."
    else:
        goals = " | ".join(f"{average} / {worst}" for average, worst in GOALS.values())
        yield f"| goal, mean / worst | | | | | {goals} |"
    yield ""


def _cell(over: ByEpsilon, epsilon: float, name: str) -> str:
    return f"{over[epsilon][name]:.2f}" if epsilon in over else "none"


def _picture(by_set: Mapping[str, ByEpsilon]) -> str:
    drawn = [
        (name, [(epsilon, one["mean"]) for epsilon, one in lost.items()], False)
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
