"""Sixty departments of which a tenth vanish at random steps and come back: the real protocol."""

import itertools
from collections.abc import Sequence

from results_file import Findings, picture, shown, skip_reason, spread, where
from sets import DROP_DEPARTMENTS, DROP_EPSILON, DROP_RUNS, DROP_SET, DROP_SHARE
from trials import Loaded, columns_of, protocol, trial
from xinqiao_app.svg import Axis

GOALS = {0.0: 0.770, DROP_SHARE: 0.768}


def measure(sets: Sequence[Loaded], found: Findings) -> None:
    """Train with everybody there, and with departments that vanish."""
    for loaded in sets:
        if loaded.name != DROP_SET:
            continue
        for run, drop in itertools.product(range(DROP_RUNS), GOALS):
            if found.has(run=run, drop=drop):
                continue
            cut = trial(loaded, run, DROP_DEPARTMENTS)
            trained = protocol(cut, DROP_EPSILON, drop)
            counts = {"steps": trained.steps, "void_steps": trained.void_steps, "bytes": trained.bytes_out}
            auc = {"auc": cut.auc(trained.parameters), "converged_auc": cut.converged}
            found.add({"run": run, "drop": drop, **auc, **counts})
    if found.rows:
        conclude(found)
    else:
        reason = skip_reason(DROP_SET, found.skipped.get(DROP_SET, "not loaded"))
        found.finish({}, [f"not measured: {DROP_SET} ({reason})"], None)


def conclude(found: Findings) -> None:
    """Write AUC and void steps, each way."""
    summary = {
        drop: {name: spread(columns_of(where(found.rows, drop=drop), name)) for name in ("auc", "void_steps")}
        for drop in GOALS
        if found.has(drop=drop)
    }
    table = [
        f"{DROP_SET}, {DROP_DEPARTMENTS} departments, ε = {DROP_EPSILON:g}, the real protocol; "
        f"AUC without privacy {found.rows[0]['converged_auc']:.4f}; {DROP_RUNS} runs were planned",
        "",
        "| share of departments that vanish | AUC (runs) | goal | void steps of 200 (runs) |",
        "|---|---|---|---|",
        *(
            f"| {drop:g} | {shown(one['auc'], 4)} | {GOALS[drop]} | {shown(one['void_steps'], 1)} |"
            for drop, one in summary.items()
        ),
    ]
    drawn = [
        (
            f"{drop:g} vanish",
            [(float(row["run"]), float(row["auc"])) for row in where(found.rows, drop=drop)],
            False,
        )
        for drop in summary
    ]
    values = [value for _, points, _ in drawn for _, value in points]
    axes = (
        Axis("run", -0.5, DROP_RUNS - 0.5),
        Axis("AUC", min(values) - 0.002, max(values) + 0.002, "{:.3f}".format),
    )
    found.finish(
        summary, table, picture("Departments that vanish", f"AUC of each run, {DROP_SET}", *axes, drawn)
    )
