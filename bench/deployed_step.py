"""`make bench-deployed`: a step of the deployed job: SuperLink with TLS, one agent process a department.

The people are synthetic and few, so the figures show what carrying, masks, books and log cost, not gradients.
For each number of parameters it founds an enterprise, trains one job and prints a table; every step's seconds
are written to bench/results/ with it.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np
import pandas as pd

from machine import RESULTS, machine
from meter import Meter, peak_mib
from xinqiao_app.carry import agent
from xinqiao_app.deployed import run_server_app, start_superlink
from xinqiao_app.enterprise import Enterprise, Table, found_enterprise
from xinqiao_app.superlink_run import admit
from xinqiao_clients.flower import public_pem, trusting
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.model_spec import MICRO, ModelSpec, NumericFeature, ThresholdLabel
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_platform.channel import Channel
from xinqiao_platform.departments import Departments
from xinqiao_platform.flower import server_app
from xinqiao_platform.jobs import Job
from xinqiao_platform.ordering import write_order
from xinqiao_platform.tls import authority_pem

DEPARTMENTS, PEOPLE, ANSWERS = 8, 200, 60
SIZES = ((20, 49), (98, 100))  # features and edges: about 1,000 and 10,000 parameters
SPEND = Spend(1_000_000, 10_000)
PURPOSE = "career_development"
_TIMEOUT_S = 60.0
_GATHER_S = 60.0
_LOOK_S = 0.1


def spec_of(features: int, edges: int) -> ModelSpec:
    """A linear model of so many numeric features, each with so many public edges in (0, 1)."""
    cuts = tuple(MICRO * cut // (edges + 1) for cut in range(1, edges + 1))
    numeric = tuple(NumericFeature(f"f{number}", cuts) for number in range(features))
    return ModelSpec("synthetic", numeric, ThresholdLabel("pay", MICRO // 2))


def table_of(department: str, spec: ModelSpec, seed: int) -> Table:
    """A department's synthetic table; the seed makes the people, never the noise."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({name: random.uniform(0.0, 1.0, PEOPLE) for name in spec.semantics}, dtype="float64")
    frame.insert(0, "id", [f"{department}-{number}" for number in range(PEOPLE)])
    columns = [
        Column(name, name, "number", Tier.SENSITIVE, bins=bins, confirmed_by="steward")
        for name, bins in zip(spec.semantics, [*spec.features, None], strict=True)
    ]
    dataset = Dataset(
        dataset_id="staff",
        title="synthetic staff",
        columns=(Column("id", "person", "identifier", Tier.CORE, confirmed_by="steward"), *columns),
        person="id",
        purposes=(PURPOSE,),
        owner=department,
    )
    rules = "".join(f"  {name}: {{type: number}}\n" for name in spec.semantics)
    contract = f"dataset: staff\nperson: id\ncolumns:\n  id: {{type: text, unique: true}}\n{rules}"
    return Table(department, frame, dataset, contract, PEOPLE, checked=True)


class TimedJob:
    """The centre's side of one job; `step_s` are the wall seconds of each step."""

    def __init__(self, enterprise: Enterprise, order: Signed[Order]) -> None:
        self._enterprise = enterprise
        self._order = order
        self._since = 0.0
        self.step_s: list[float] = []
        self.void_steps = 0
        self.centre_cpu_s = 0.0

    def __call__(self, channel: Channel) -> None:
        """Wait for every department, have each decide, then train."""
        _gather(channel)
        centre, nodes = self._enterprise.centre, tuple(self._enterprise.people)
        job = Job(centre, Departments(centre, channel, nodes, timeout_s=_TIMEOUT_S), self._order, self)
        refused = job.propose()
        if refused:
            raise SystemExit(f"refused: {refused}")
        meter, self._since = Meter(), time.perf_counter()
        self.void_steps = job.train().void_steps
        self.centre_cpu_s = meter.read().cpu_s

    def decided(self, node: bytes, reason: str) -> None:
        """Nothing to show."""

    def stepped(self, step: int, answers: int, *, members: int, void: bool) -> None:
        """Note how long the step took."""
        self.step_s.append(time.perf_counter() - self._since)
        self._since = time.perf_counter()


def _gather(channel: Channel, patience_s: float = _GATHER_S) -> None:
    """Wait until every department is online."""
    deadline = time.monotonic() + patience_s
    while (online := len(channel.members())) < DEPARTMENTS:
        if time.monotonic() > deadline:
            raise SystemExit(f"only {online} of {DEPARTMENTS} departments came online; see their agent.log")
        time.sleep(_LOOK_S)


def measure(features: int, edges: int, answers: int) -> dict[str, Any]:
    """Run one job; return its figures."""
    spec = spec_of(features, edges)
    with tempfile.TemporaryDirectory(prefix="xinqiao-bench-") as name:
        root = Path(name)
        tables = [table_of(f"dept-{number}", spec, number) for number in range(DEPARTMENTS)]
        enterprise = found_enterprise(root, tables, cap=SPEND, minimum_members=4)
        order = write_order(
            enterprise.centre,
            model=spec,
            people=dict.fromkeys(enterprise.people, 1_000),
            spend=SPEND,
            purpose=PURPOSE,
            legal_basis="staff_consent",
            answers=answers,
        )
        enterprise.approve(order)
        try:
            job = TimedJob(enterprise, order)
            costs = _carry(root, enterprise, job)
            sent = [site.home.book.tally() for site in enterprise.sites]
        finally:
            enterprise.close()
    later = job.step_s[1:]  # the first reads the data and builds the noise table
    return {
        "parameters": spec.dimension,
        "steps": len(job.step_s),
        "void_steps": job.void_steps,
        "step_median_s": median(later),
        "step_p95_s": quantiles(later, n=20)[-1],
        "first_step_s": job.step_s[0],
        "agent_peak_mib": max(peak for peak, _ in costs["agents"]),
        "agent_cpu_s_per_step": median(cpu for _, cpu in costs["agents"]) / len(job.step_s),
        "superlink_cpu_s_per_step": costs["superlink_cpu_s"] / len(job.step_s),
        "centre_cpu_s_per_step": job.centre_cpu_s / len(job.step_s),
        "bytes_up_per_department_and_step": max(sum(tally.values()) for tally in sent) / len(job.step_s),
        "masked_vector_bytes": max(tally["masked_vector"] for tally in sent) / len(job.step_s),
        "step_s": [round(seconds, 4) for seconds in job.step_s],
    }


def _carry(root: Path, enterprise: Enterprise, job: TimedJob) -> dict[str, Any]:
    """Carry the job over real processes; return what they cost, from their start to the end of the job."""
    operator = enterprise.centre.operator
    trust = trusting(authority_pem(operator))
    with ExitStack() as running:
        superlink = running.enter_context(start_superlink(root / "superlink", operator))
        admit(superlink.address, trust, [public_pem(site.home.transport_key) for site in enterprise.sites])
        agents = [running.enter_context(agent(site, superlink.address)) for site in enterprise.sites]
        run_server_app(server_app(job), superlink.address, trust)
        return {
            "agents": [(peak_mib(process.pid), _cpu_s(process.pid)) for process in agents],
            "superlink_cpu_s": _cpu_s(superlink.pid),
        }


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds of a running process, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def page_of(told: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]) -> str:
    """Return the figures as a short page of Markdown."""
    lines = [
        f"{DEPARTMENTS} departments of {PEOPLE} synthetic people each, every role a process of its own; "
        "medians over all steps but the first.",
        "",
        "| parameters | steps (void) | step, s | 95th percentile, s | first step, s | agent peak, MiB "
        "| bytes up, department and step | CPU s a step: SuperLink, centre, one agent |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {row['parameters']:,} | {row['steps']} ({row['void_steps']}) | {row['step_median_s']:.2f} "
            f"| {row['step_p95_s']:.2f} | {row['first_step_s']:.1f} | {row['agent_peak_mib']:.0f} "
            f"| {row['bytes_up_per_department_and_step']:,.0f} | {row['superlink_cpu_s_per_step']:.2f}, "
            f"{row['centre_cpu_s_per_step']:.2f}, {row['agent_cpu_s_per_step']:.2f} |"
            for row in figures
        ),
        "",
        "Bytes up are what the door let out, journal events among them, over all answers of the job. CPU of "
        "agents and SuperLink includes their start.",
        "",
        f"{told['cores']} cores, {told['cpu']}; Python {told['python']}, numpy {told['numpy']}, "
        f"flwr {told['flwr']}; load {told['load']} before the run.",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="a step of the deployed job")
    parser.add_argument("--answers", type=int, default=ANSWERS, help="steps of each job")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for deployed.json and deployed.md")
    options = parser.parse_args(arguments)
    told = machine()
    figures = [measure(features, edges, options.answers) for features, edges in SIZES]
    page = page_of(told, figures)
    print(page)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "deployed.json").write_text(
        json.dumps({"machine": told, "runs": figures}, indent=1) + "\n"
    )
    (options.out / "deployed.md").write_text(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
