"""`make bench-compute`: the embedded job against the plain loop where the mathematics is the work.

Eight departments of 50,000 synthetic people each (random values in the demo's own columns; nobody's data)
train a network of one hidden layer on three of the demo's features. The embedded job is the whole one: gate,
burn, noise shares, masks, door, books, log, Flower in process. The plain loop runs the same departments'
clipped sums, the same optimiser and steps, and nothing else. Runs take turns, each a process of its own; CPU
of the training is compared, one-off reading of the data included. One more run of each, with a clock around
its parts, says where it went.
"""

import argparse
import importlib
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import reduce
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from machine import RESULTS, machine, machine_line, spread, write
from meter import Meter, cpu_s, peak_mib
from processes import copy_of, measured
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.model_spec import CategoryFeature, Family, ModelSpec, NumericFeature

if TYPE_CHECKING:
    import pandas as pd

DEPARTMENTS, PEOPLE, HIDDEN, ANSWERS, RUNS = 8, 50_000, 32, 50, 3
_TIMEOUT_S = 3_600
_PARTS = {
    "read and decrypt the store": ("xinqiao_clients.store", "Store.read"),
    "design": ("xinqiao_clients.people", "design"),
    "prepare the sums": ("xinqiao_models.network", "NetworkGradients.__init__"),
    "clipped sums": ("xinqiao_models.network", "NetworkGradients.clipped_sum"),
    "noise shares": ("xinqiao_models.noise", "DiscreteGaussian.draw"),
    "masks": ("xinqiao_models.masks", "MaskMaker.mask"),
    "optimiser": ("xinqiao_models.training", "Training.take"),
}
"""Lines of "where it went": a function or method; its time includes what it calls."""

Figures = dict[str, Any]


def network(hidden: int) -> ModelSpec:
    """Return a network on three of the demo's features: 16 inputs.

    With 400,000 people the modulus of 2^32 leaves room for some 700 parameters, so inputs are kept few.
    """
    from xinqiao_app.public_data import career_spec

    spec = career_spec()
    few = tuple(spec.feature(name) for name in ("education", "gender", "marital_status"))
    return replace(spec, features=few, family=Family.NETWORK, hidden=hidden)


def synthetic(department: str, count: int, seed: int) -> "pd.DataFrame":
    """Return `count` made-up people in the demo's columns; incomes lean on age and prestige."""
    import pandas as pd

    from xinqiao_app.public_data import (
        DEPARTMENT_COLUMN,
        INCOME_COLUMN,
        PERSON_COLUMN,
        SEMANTICS,
        career_spec,
    )

    random, features = np.random.default_rng(seed), {each.semantic: each for each in career_spec().features}
    cells: dict[str, Any] = {
        PERSON_COLUMN: [f"s{seed}-{row:06}" for row in range(count)],
        DEPARTMENT_COLUMN: department,
    }
    for name, semantic in SEMANTICS.items():
        match features.get(semantic):
            case NumericFeature(edges_micro=edges):
                cells[name] = random.integers(edges[0] // 10**6, edges[-1] // 10**6 + 1, count).astype(float)
            case CategoryFeature(values=values):
                cells[name] = random.choice(np.array(values, dtype=object), count)
    lean = (cells["age"] - 45) / 20 + (cells["prestg10"] - 45) / 15
    cells[INCOME_COLUMN] = np.exp(random.normal(9.9 + 0.4 * lean, 0.8))
    return pd.DataFrame(cells)


def found(root: Path, people: int, spec: ModelSpec, answers: int) -> str:
    """Found the departments under `root`, write the plain loop's rows, and return what runs are told."""
    from plain_loop import save
    from xinqiao_app.demo import SPEND
    from xinqiao_app.enterprise import CAP, Table, catalogue, contract_text, found_enterprise
    from xinqiao_app.public_data import DEPARTMENTS as NAMED
    from xinqiao_app.public_data import People
    from xinqiao_models import people as rows
    from xinqiao_models.defaults import plan_for
    from xinqiao_models.features import design, targets

    names = [department.id for department in NAMED]
    frames = [synthetic(name, people, seed) for seed, name in enumerate(names)]
    tables = [
        Table(name, frame, catalogue(name), contract_text(name), people, checked=True)
        for name, frame in zip(names, frames, strict=True)
    ]
    enterprise = found_enterprise(root / "enterprise", tables, cap=CAP, minimum_members=4)
    enterprise.close()
    head_count = sum(enterprise.people.values())
    plan = plan_for(spec, spend=SPEND, members=len(names), people=head_count, answers=answers)
    for place, frame in enumerate(frames):
        columns = People(frame).columns()
        made = rows.People(design(columns, spec), targets(columns, spec), np.arange(people))
        save(root / f"rows-{place}.npz", made, spec, plan)
    return json.dumps(
        {
            "passphrases": {site.id: site.passphrase for site in enterprise.sites},
            "people": {node.hex(): count for node, count in enterprise.people.items()},
            "spend": SPEND.to_json(),
            "answers": answers,
            "model": dumps(spec.to_json()).decode(),
        }
    )


def embedded(folder: Path, told: Mapping[str, Any]) -> Figures:
    """Run the embedded job once and return its costs."""
    from embedded_job import MeasuredJob
    from xinqiao_app import carry
    from xinqiao_app.enterprise import LEGAL_BASIS, PURPOSE, Enterprise, Site
    from xinqiao_clients.home import Home
    from xinqiao_governance.order import Spend
    from xinqiao_platform.centre import Centre
    from xinqiao_platform.ordering import write_order

    sites = tuple(
        Site(name, Home.open(folder / "departments" / name, passphrase), passphrase)
        for name, passphrase in told["passphrases"].items()
    )
    people = {bytes.fromhex(node): count for node, count in told["people"].items()}
    enterprise = Enterprise(Centre(folder / "centre"), sites, people)
    try:
        order = write_order(
            enterprise.centre,
            model=ModelSpec.from_json(loads(told["model"].encode())),
            people=people,
            spend=Spend(**told["spend"]),
            purpose=PURPOSE,
            legal_basis=LEGAL_BASIS,
            answers=told["answers"],
        )
        enterprise.approve(order)
        job = MeasuredJob(enterprise, order)
        carry.embedded(enterprise, job)
    finally:
        enterprise.close()
    if job.result is None or job.result.void_steps:
        raise SystemExit("the job ended without a model, or with void steps")
    return {"training": asdict(job.training), "after_first_step": asdict(job.after_first_step)}


def plain(folder: Path) -> Figures:
    """Train once on all departments' rows with nothing around it and return the costs."""
    from plain_loop import load
    from xinqiao_models.families import person_sums
    from xinqiao_models.training import Training

    loaded = [load(path) for path in sorted(folder.glob("rows-*.npz"))]
    _, spec, plan = loaded[0]
    meter = Meter()
    departments, training = [person_sums(people, spec) for people, _, _ in loaded], Training(spec, plan)
    for _ in range(plan.answers):
        parts = [each.clipped_sum(training.parameters, plan.clip) for each in departments]
        training.take(np.add.reduce(parts))
    return {"training": asdict(meter.read())}


class Clocks:
    """CPU seconds spent in each of `_PARTS`, in whatever thread."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._lock = threading.Lock()
        for name, (module, place) in _PARTS.items():
            *owners, called = place.split(".")
            holder = reduce(getattr, owners, importlib.import_module(module))
            setattr(holder, called, self._timed(name, getattr(holder, called)))

    def _timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            start = time.thread_time()
            try:
                return work(*given, **named)
            finally:
                with self._lock:
                    self.spent[name] = self.spent.get(name, 0.0) + time.thread_time() - start

        return timed


def measure(people: int, hidden: int, answers: int, runs: int) -> Figures:
    """Return every figure of `runs` runs of each kind, and one of each with clocks."""
    spec, told_of = network(hidden), machine()
    with tempfile.TemporaryDirectory(prefix="xinqiao-bench-") as name:
        root = Path(name)
        told = found(root, people, spec, answers)
        pairs = [(_embedded(root, told), _process("plain", root, "")) for _ in range(runs)]
        timed = _embedded(root, told, "--timed"), _process("plain", root, "", "--timed")
    ours, theirs = ([dict(run) for run in side] for side in zip(*pairs, strict=True))
    middle = {
        key: median(run["training"]["cpu_s"] for run in side)
        for key, side in (("embedded", ours), ("plain", theirs))
    }
    later = median(run["after_first_step"]["cpu_s"] for run in ours)
    node_steps = DEPARTMENTS * answers
    return {
        "machine": told_of,
        "job": {
            "departments": DEPARTMENTS,
            "people_each": people,
            "hidden": hidden,
            "parameters": spec.parameters,
            "steps": answers,
        },
        "ratio": middle["embedded"] / middle["plain"],
        "first_step_cpu_s": middle["embedded"] - later,
        "beyond_ms_per_node_step": 1000 * (middle["embedded"] - middle["plain"]) / node_steps,
        "embedded": ours,
        "plain": theirs,
        "where": {"embedded": timed[0]["where"], "plain": timed[1]["where"]},
    }


def table_of(figures: Figures) -> str:
    """Return the figures as a short page of Markdown."""
    job, runs = figures["job"], (figures["embedded"], figures["plain"])

    def cells(*keys: str, digits: int = 2) -> str:
        return " | ".join(spread([_at(run, keys) for run in side], digits) for side in runs)

    lines = [
        f"{job['departments']} departments of {job['people_each']:,} synthetic people, a network of "
        f"{job['hidden']} hidden units, {job['parameters']:,} parameters, {job['steps']} steps; "
        f"{len(runs[0])} runs each, in turn, median (least – most)",
        "",
        "| | embedded job | plain loop |",
        "|---|---|---|",
        f"| CPU of the training, s | {cells('training', 'cpu_s')} |",
        f"| wall of the training, s | {cells('training', 'wall_s')} |",
        f"| peak memory of the process, MiB | {cells('peak_mib', digits=0)} |",
        "",
        f"Ratio of CPU: **{figures['ratio']:.2f}**; beyond the plain loop, a node and step: "
        f"{figures['beyond_ms_per_node_step']:.1f} ms. Up to the end of the first step, which reads the "
        f"data: {figures['first_step_cpu_s']:.1f} s of CPU.",
        "",
        "| where it went (CPU seconds of one more run each) | embedded | plain |",
        "|---|---|---|",
    ]
    for name in _PARTS:
        spent = [figures["where"][side].get(name) for side in ("embedded", "plain")]
        if any(value is not None for value in spent):
            lines.append(f"| {name} | " + " | ".join("" if v is None else f"{v:.2f}" for v in spent) + " |")
    return "\n".join([*lines, "", machine_line(figures["machine"])]) + "\n"


def _at(run: Mapping[str, Any], keys: Sequence[str]) -> float:
    value: Any = run
    for key in keys:
        value = value[key]
    return float(value)


def _embedded(root: Path, told: str, *flags: str) -> Figures:
    with copy_of(root / "enterprise") as folder:
        return _process("embedded", folder, told, *flags)


def _process(kind: str, folder: Path, told: str, *flags: str) -> Figures:
    return measured([__file__, "--run", kind, str(folder), *flags], told, timeout_s=_TIMEOUT_S)


def _run(kind: str, folder: Path, *, timed: bool) -> Figures:
    clocks = Clocks() if timed else None
    figures = embedded(folder, json.load(sys.stdin)) if kind == "embedded" else plain(folder)
    rest = {"whole_cpu_s": cpu_s(), "peak_mib": peak_mib()}
    return {**figures, **rest, **({} if clocks is None else {"where": clocks.spent})}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; or, with --run, be one measured process."""
    parser = argparse.ArgumentParser(description="The embedded job against the plain loop, compute-bound")
    parser.add_argument("--people", type=int, default=PEOPLE, help="of each department")
    parser.add_argument("--hidden", type=int, default=HIDDEN)
    parser.add_argument("--answers", type=int, default=ANSWERS, help="steps")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for compute_bound.json and .md")
    parser.add_argument("--run", nargs=2, metavar=("KIND", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--timed", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.run:
        kind, folder = options.run
        print(json.dumps(_run(kind, Path(folder), timed=options.timed)))
        return 0
    figures = measure(options.people, options.hidden, options.answers, options.runs)
    write(options.out, "compute_bound", figures, table_of(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
