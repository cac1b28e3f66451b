"""The yardstick of `make bench`: the same training with nothing around it.

All departments' rows in one array; the job's own gradients, clipping, optimiser and steps; no masks, noise
shares, rounding, log or Flower. It shows what the mathematics alone costs, so what is beyond it is the price
of privacy and proof. `python plain_loop.py ROWS.npz` prints one JSON object.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meter import Meter, cpu_s, peak_mib
from xinqiao_models.gradients import PersonGradients
from xinqiao_models.optimiser import advance, average, start


@dataclass(frozen=True)
class Rows:
    """Design (rows, d) and labels (rows,) of 0 and 1, float32; `starts` is the first row of each person."""

    design: NDArray[np.float32]
    labels: NDArray[np.float32]
    starts: NDArray[np.intp]


@dataclass(frozen=True)
class Settings:
    """What the order and its hyper-parameters say: T, C, the rate, and the nominal head-count."""

    answers: int
    clip: float
    learning_rate: float
    people: int


def train(rows: Rows, settings: Settings) -> NDArray[np.float64]:
    """Return the parameters after T steps of full-batch Adam with tail averaging, shape (d,)."""
    people = PersonGradients(rows.design, rows.labels, rows.starts)
    state = start(rows.design.shape[1], settings.answers)
    for _ in range(settings.answers):
        mean = people.clipped_sum(state.parameters, settings.clip) / settings.people
        state = advance(state, mean, settings.learning_rate)
    return average(state)


def save(path: Path, rows: Rows, settings: Settings) -> None:
    """Write what a run needs."""
    np.savez(path, allow_pickle=False, **{**asdict(rows), **asdict(settings)})


def load(path: Path) -> tuple[Rows, Settings]:
    """Read what `save` wrote."""
    with np.load(path, allow_pickle=False) as file:
        rows = Rows(file["design"], file["labels"], file["starts"])
        settings = Settings(
            int(file["answers"]), float(file["clip"]), float(file["learning_rate"]), int(file["people"])
        )
    return rows, settings


def run(path: Path) -> Mapping[str, Any]:
    """Train once and return the costs and the parameters."""
    rows, settings = load(path)
    meter = Meter()
    parameters = train(rows, settings)
    training = meter.read()
    return {
        "training": asdict(training),
        "whole_cpu_s": cpu_s(),
        "peak_mib": peak_mib(),
        "steps": settings.answers,
        "parameters": parameters.tolist(),
    }


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
