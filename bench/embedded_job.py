"""One whole job as the demo runs it, measured: gate, order, Flower in process, masks, books, log.

`python embedded_job.py FOLDER` reads the departments' passphrases as JSON from its standard input and prints
one JSON object. FOLDER holds an enterprise that was founded before; the run spends its budget.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from meter import Cost, Meter, cpu_s, peak_mib
from xinqiao_app.carry import embedded
from xinqiao_app.enterprise import LEGAL_BASIS, PURPOSE, Enterprise, Site
from xinqiao_app.public_data import career_spec
from xinqiao_clients.home import Home
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Channel
from xinqiao_platform.departments import Departments
from xinqiao_platform.jobs import Job, JobResult
from xinqiao_platform.ordering import write_order

_TIMEOUT_S = 60.0


class MeasuredJob:
    """The centre's side of one job: trains, and keeps what that cost."""

    def __init__(self, enterprise: Enterprise, order: Signed[Order]) -> None:
        self._enterprise = enterprise
        self._order = order
        self._first_step_over = Meter()
        self.result: JobResult | None = None
        self.training = self.after_first_step = Cost(0.0, 0.0)

    def __call__(self, channel: Channel) -> None:
        """Have every department decide, then train; only the training is measured."""
        nodes = tuple(self._enterprise.people)
        centre = self._enterprise.centre
        job = Job(centre, Departments(centre, channel, nodes, timeout_s=_TIMEOUT_S), self._order, self)
        refused = job.propose()
        if refused:
            raise SystemExit(f"refused: {refused}")
        meter = Meter()
        self.result = job.train()
        self.training = meter.read()

    def decided(self, node: bytes, reason: str) -> None:
        """Nothing to show."""

    def stepped(self, step: int, answers: int, *, members: int, void: bool) -> None:
        """Note where the first step, which reads the data and builds the noise table, is over."""
        if step == 1:
            self._first_step_over = Meter()
        if step == answers:
            self.after_first_step = self._first_step_over.read()


def run(folder: Path, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Run the job once and return the costs and the published parameters.

    `told` holds `passphrases` by department, `people` (nominal head-counts by fingerprint in hex), `spend`
    and `answers` (T).
    """
    enterprise = _open(folder, told["passphrases"], told["people"])
    try:
        order = write_order(
            enterprise.centre,
            model=career_spec(),
            people=enterprise.people,
            spend=Spend(**told["spend"]),
            purpose=PURPOSE,
            legal_basis=LEGAL_BASIS,
            answers=told["answers"],
        )
        enterprise.approve(order)
        job = MeasuredJob(enterprise, order)
        embedded(enterprise, job)
    finally:
        enterprise.close()
    if job.result is None:
        raise SystemExit("the job ended without a model")
    return {
        "training": asdict(job.training),
        "after_first_step": asdict(job.after_first_step),
        "whole_cpu_s": cpu_s(),
        "peak_mib": peak_mib(),
        "steps": job.result.steps,
        "void_steps": job.result.void_steps,
        "parameters": job.result.model.parameters.tolist(),
    }


def _open(folder: Path, passphrases: Mapping[str, str], people: Mapping[str, int]) -> Enterprise:
    sites = tuple(
        Site(name, Home.open(folder / "departments" / name, passphrase), passphrase)
        for name, passphrase in passphrases.items()
    )
    by_node = {bytes.fromhex(node): count for node, count in people.items()}
    return Enterprise(Centre(folder / "centre"), sites, by_node)


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), json.load(sys.stdin))))
