"""`make bench`: what the embedded job costs beyond a plain loop, in one run.

The demo's enterprise is founded once. Then embedded job and plain loop alternate, each run a process of its
own, so that a busy machine meets both alike; medians are compared. Both train on the same people for the
same steps. It prints a table and writes it, with every run, to bench/results/.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from machine import RESULTS, machine, machine_line, spread, write
from plain_loop import save
from processes import copy_of, measured
from xinqiao_app.demo import SPEND
from xinqiao_app.enterprise import Enterprise
from xinqiao_app.public_data import People, career_spec, load_people, split
from xinqiao_governance.model_spec import MICRO
from xinqiao_models import people as rows
from xinqiao_models.defaults import plan_for
from xinqiao_models.families import outputs
from xinqiao_models.features import design, targets
from xinqiao_models.metrics import auc

HERE = Path(__file__).resolve().parent
LEAST_RUNS = 3
_TIMEOUT_S = 600

Run = Mapping[str, Any]
"""What a measured process printed, with its wall seconds and its AUC."""

_SHOWN: tuple[tuple[str, int, Callable[[Run], float]], ...] = (
    ("CPU of the training, s", 2, lambda run: run["training"]["cpu_s"]),
    ("wall of the training, s", 2, lambda run: run["training"]["wall_s"]),
    ("CPU of the whole process, s", 2, lambda run: run["whole_cpu_s"]),
    ("wall of the whole process, s", 2, lambda run: run["whole_wall_s"]),
    ("peak memory, MiB", 0, lambda run: run["peak_mib"]),
    ("AUC on held-out people", 4, lambda run: run["auc"]),
)
"""The table's lines: title, decimals, where the figure stands."""


@dataclass(frozen=True)
class Founded:
    """A founded enterprise on disk, and what a run of either kind is told."""

    folder: Path
    rows: Path
    told: str
    departments: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="CPU of the embedded job against a plain loop")
    parser.add_argument("--runs", type=int, default=LEAST_RUNS, help="runs of each kind (at least 3)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for latest.json and latest.md")
    options = parser.parse_args(arguments)
    training, held_out = split(load_people())
    figures = measure(training, held_out, max(LEAST_RUNS, options.runs))
    write(options.out, "latest", figures, table_of(figures))
    return 0


def measure(training: People, held_out: People, runs: int, answers: int | None = None) -> dict[str, Any]:
    """Return every figure of `runs` runs of each kind; `answers` is T, by default the demo's."""
    with tempfile.TemporaryDirectory(prefix="xinqiao-bench-") as name:
        founded, steps = _found(Path(name), training, answers)
        told = machine()
        pairs = [(_embedded(founded), _plain(founded)) for _ in range(runs)]
    embedded, plain = ([_scored(run, held_out) for run in side] for side in zip(*pairs, strict=True))
    return {
        "machine": told,
        "job": {
            "departments": founded.departments,
            "people": len(training),
            "dimension": career_spec().dimension,
            "steps": steps,
            "epsilon": SPEND.epsilon_micro / MICRO,
        },
        "beyond_plain_loop": beyond(embedded, plain, founded.departments * steps),
        "embedded": embedded,
        "plain": plain,
    }


def beyond(embedded: Sequence[Run], plain: Sequence[Run], answers: int) -> dict[str, float]:
    """Compare medians; `answers` is departments times steps. CPU in seconds, an answer in milliseconds."""
    ours, theirs = _cpu_s(embedded, "training"), _cpu_s(plain, "training")
    later = _cpu_s(embedded, "after_first_step")
    return {
        "embedded_cpu_s": ours,
        "plain_cpu_s": theirs,
        "ratio": ours / theirs,
        "cpu_ms_per_node_step": 1000 * (ours - theirs) / answers,
        "cpu_ms_per_node_step_after_first": 1000 * (later - theirs) / answers,
    }


def table_of(figures: Mapping[str, Any]) -> str:
    """Return the figures as a short page of Markdown."""
    job, told, beyond_ = figures["job"], figures["machine"], figures["beyond_plain_loop"]
    embedded, plain = figures["embedded"], figures["plain"]
    rows = [
        (title, *(spread([read(run) for run in runs], digits) for runs in (embedded, plain)))
        for title, digits, read in _SHOWN
    ]
    lines = [
        f"{job['departments']} departments, {job['people']} people, {job['dimension']} parameters, "
        f"{job['steps']} steps, ε = {job['epsilon']:g}; {len(embedded)} runs each, median (least – most)",
        "",
        "| | embedded job | plain loop |",
        "|---|---|---|",
        *(f"| {name} | {ours} | {theirs} |" for name, ours, theirs in rows),
        "",
        f"Ratio of CPU: **{beyond_['ratio']:.2f}**. Beyond the plain loop, a node and step: "
        f"**{beyond_['cpu_ms_per_node_step']:.2f} ms** CPU "
        f"({beyond_['cpu_ms_per_node_step_after_first']:.2f} ms after the first step).",
        "",
        machine_line(told),
    ]
    return "\n".join(lines) + "\n"


def _found(root: Path, training: People, answers: int | None) -> tuple[Founded, int]:
    """Found the enterprise, write the plain loop's rows, and return what runs need, with T."""
    enterprise = Enterprise.found(root / "enterprise", training)
    enterprise.close()
    plan = plan_for(
        career_spec(),
        spend=SPEND,
        members=len(enterprise.sites),
        people=sum(enterprise.people.values()),
        answers=answers,
    )
    save(root / "rows.npz", _pooled(training), career_spec(), plan)
    told = {
        "passphrases": {site.id: site.passphrase for site in enterprise.sites},
        "people": {node.hex(): count for node, count in enterprise.people.items()},
        "spend": SPEND.to_json(),
        "answers": plan.answers,
    }
    founded = Founded(root / "enterprise", root / "rows.npz", json.dumps(told), len(enterprise.sites))
    return founded, plan.answers


def _pooled(training: People) -> rows.People:
    columns, spec = training.columns(), career_spec()
    ids = np.array(training.ids)
    order = np.argsort(ids, kind="stable")
    pooled = design(columns, spec).rows(order)
    return rows.People(pooled, targets(columns, spec)[order], rows.starts_of(ids[order]))


def _embedded(founded: Founded) -> Run:
    """Run a job on a copy of the enterprise: each run has the whole budget and the same books."""
    with copy_of(founded.folder) as folder:
        return _run("embedded_job.py", folder, founded.told)


def _plain(founded: Founded) -> Run:
    return _run("plain_loop.py", founded.rows, "")


def _run(script: str, path: Path, told: str) -> Run:
    start = time.perf_counter()
    run = measured([str(HERE / script), str(path)], told, timeout_s=_TIMEOUT_S)
    return {**run, "whole_wall_s": time.perf_counter() - start}


def _scored(run: Run, held_out: People) -> Run:
    columns, spec = held_out.columns(), career_spec()
    said = outputs(design(columns, spec), np.array(run["parameters"]), spec)
    rest = {name: value for name, value in run.items() if name != "parameters"}
    return {**rest, "auc": auc(targets(columns, spec)[:, 0], said[:, 0])}


def _cpu_s(runs: Sequence[Run], part: str) -> float:
    return float(median(run[part]["cpu_s"] for run in runs))


if __name__ == "__main__":
    sys.exit(main())
