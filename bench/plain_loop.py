"""The yardstick of `make bench`: the same training with nothing around it.

All departments' rows in one design; the job's own gradients, clipping, optimiser and steps; no masks, noise
shares, rounding, log or Flower. It shows what the mathematics alone costs, so what is beyond it is the price
of privacy and proof. `python plain_loop.py ROWS.npz` prints one JSON object.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meter import Meter, cpu_s, peak_mib
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.model_spec import ModelSpec
from xinqiao_models.families import person_sums
from xinqiao_models.features import Design
from xinqiao_models.people import People
from xinqiao_models.sums import SumPlan
from xinqiao_models.training import Training


def train(people: People, spec: ModelSpec, plan: SumPlan) -> NDArray[np.float64]:
    """Return the parameters after the plan's answers, shape (spec.parameters,)."""
    sums, training = person_sums(people, spec), Training(spec, plan)
    for _ in range(plan.answers):
        training.take(sums.clipped_sum(training.parameters, plan.clip))
    return training.model


def save(path: Path, people: People, spec: ModelSpec, plan: SumPlan) -> None:
    """Write what a run needs."""
    np.savez(
        path,
        allow_pickle=False,
        positions=people.design.positions,
        scales=people.design.scales,
        targets=people.targets,
        starts=people.starts,
        spec=np.frombuffer(dumps(spec.to_json()), dtype=np.uint8),
        plan=np.frombuffer(dumps(plan.to_json()), dtype=np.uint8),
    )


def load(path: Path) -> tuple[People, ModelSpec, SumPlan]:
    """Read what `save` wrote."""
    with np.load(path, allow_pickle=False) as file:
        spec = ModelSpec.from_json(loads(file["spec"].tobytes()))
        plan = SumPlan.from_json(loads(file["plan"].tobytes()))
        design = Design(file["positions"], file["scales"], spec.inputs)
        return People(design, file["targets"], file["starts"]), spec, plan


def run(path: Path) -> Mapping[str, Any]:
    """Train once and return the costs and the parameters."""
    people, spec, plan = load(path)
    meter = Meter()
    parameters = train(people, spec, plan)
    training = meter.read()
    return {
        "training": asdict(training),
        "whole_cpu_s": cpu_s(),
        "peak_mib": peak_mib(),
        "steps": plan.answers,
        "parameters": parameters.tolist(),
    }


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
