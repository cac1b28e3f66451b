"""`make bench`: what the embedded job costs beyond a plain loop, in one run.

The demo's enterprise is founded once. Then embedded job and plain loop alternate, each run a process of its
own, so that a busy machine meets both alike; medians are compared. Both train on the same people for the
same steps. It prints a table and writes it, with every run, to bench/results/.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from plain_loop import save
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
RESULTS = HERE / "results"
LEAST_RUNS = 3
_TIMEOUT_S = 600
_LIBRARIES = ("numpy", "flwr", "cryptography", "pycryptodome", "pandas")

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
    table = table_of(figures)
    print(table)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "latest.json").write_text(json.dumps(figures, indent=1) + "\n")
    (options.out / "latest.md").write_text(table)
    return 0


def measure(training: People, held_out: People, runs: int, answers: int | None = None) -> dict[str, Any]:
    """Return every figure of `runs` runs of each kind; `answers` is T, by default the demo's."""
    with tempfile.TemporaryDirectory(prefix="xinqiao-bench-") as name:
        founded, steps = _found(Path(name), training, answers)
        load = os.getloadavg()[0]
        pairs = [(_embedded(founded), _plain(founded)) for _ in range(runs)]
    embedded, plain = ([_scored(run, held_out) for run in side] for side in zip(*pairs, strict=True))
    return {
        "machine": machine(load),
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


def machine(load: float) -> dict[str, Any]:
    """Return what the figures depend on; `load` is the one-minute load before the first run."""
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu_model(),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
        "load": round(load, 2),
    }


def table_of(figures: Mapping[str, Any]) -> str:
    """Return the figures as a short page of Markdown."""
    job, told, beyond_ = figures["job"], figures["machine"], figures["beyond_plain_loop"]
    embedded, plain = figures["embedded"], figures["plain"]
    rows = [
        (title, *(_cell([read(run) for run in runs], digits) for runs in (embedded, plain)))
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
        f"{told['cores']} cores, {told['cpu']}; Python {told['python']}, numpy {told['numpy']}, "
        f"flwr {told['flwr']}; load {told['load']} before the first run.",
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
    folder = founded.folder.with_name("run")
    shutil.copytree(founded.folder, folder)
    try:
        return _process("embedded_job.py", folder, founded.told)
    finally:
        shutil.rmtree(folder)


def _plain(founded: Founded) -> Run:
    return _process("plain_loop.py", founded.rows, "")


def _process(script: str, path: Path, told: str) -> Run:
    """Run a script with one thread of linear algebra, as `xinqiao` does, and return what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(HERE / script), str(path)],
        input=told,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=_TIMEOUT_S,
        env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
    )
    return {**json.loads(done.stdout), "whole_wall_s": time.perf_counter() - start}


def _scored(run: Run, held_out: People) -> Run:
    columns, spec = held_out.columns(), career_spec()
    said = outputs(design(columns, spec), np.array(run["parameters"]), spec)
    rest = {name: value for name, value in run.items() if name != "parameters"}
    return {**rest, "auc": auc(targets(columns, spec)[:, 0], said[:, 0])}


def _cpu_s(runs: Sequence[Run], part: str) -> float:
    return float(median(run[part]["cpu_s"] for run in runs))


def _cell(values: Sequence[float], digits: int) -> str:
    middle, least, most = (f"{value:.{digits}f}" for value in (median(values), min(values), max(values)))
    return f"{middle} ({least} – {most})"


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main())
