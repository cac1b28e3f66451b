"""`make bench-peers-tune`: the peers' settings, by a grid on the training part alone; writes settings.json.

Ours runs with its defaults, which no table of this benchmark chose. For the peers every combination below is
tried on a fifth of the training people that it does not train on, then the twelve best with five draws of
the noise, then twice the rounds as long as that gains: the same FedAvg and DP-SGD as `local_dp`, written in
NumPy, because Opacus itself would take a day. The best mean AUC wins; among those within 0.0005 of it the
fewest steps, which is the fastest for the peers. The search is not charged: the peers' ε is for the training
alone, as ours is.
"""

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from local_dp import Settings, noise_for
from numpy.typing import NDArray

from xinqiao_app.demo import SPEND
from xinqiao_app.public_data import DEPARTMENTS, People, career_spec, load_people, split
from xinqiao_governance.model_spec import MICRO
from xinqiao_models.features import design, targets
from xinqiao_models.metrics import auc
from xinqiao_models.sums import NANO

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "results"
ROUNDS, BATCHES = (5, 15, 40), (1, 5, 20, 50)
RATES = {"sgd": (0.25, 0.5, 1.0, 2.0), "adam": (0.01, 0.02, 0.05, 0.1)}
CLIPS = (0.5, 1.0, 2.0)
FINALISTS, DRAWS = 12, 5
_CLOSE = 0.0005

Array = NDArray[np.float64]


def arrays(people: People) -> tuple[Array, Array, NDArray[np.intp]]:
    """Return inputs, wanted (0 or 1) and the place of each person's department."""
    places = {department.id: place for place, department in enumerate(DEPARTMENTS)}
    columns, spec = people.columns(), career_spec()
    home = np.array([places[name] for name in people.department])
    return design(columns, spec).dense(), targets(columns, spec)[:, 0], home


def federated(
    inputs: Array, wanted: Array, home: NDArray[np.intp], settings: Settings, random: np.random.Generator
) -> Array:
    """Return the model after FedAvg over the departments' local epochs, shape (inputs,)."""
    departments = [(inputs[home == place], wanted[home == place]) for place in np.unique(home)]
    sizes = np.array([len(own) for _, own in departments], dtype=np.float64)
    weights = np.zeros(inputs.shape[1])
    for _ in range(settings.rounds):
        local = [epoch(weights, *own, settings, random) for own in departments]
        weights = np.average(local, axis=0, weights=sizes)
    return weights


def epoch(
    weights: Array, inputs: Array, wanted: Array, settings: Settings, random: np.random.Generator
) -> Array:
    """Return the weights after one local epoch of DP-SGD: Poisson batches, clipping, Gaussian noise."""
    weights, step = weights.copy(), _Step(settings)
    expected = len(inputs) // settings.batches
    for _ in range(settings.batches):
        drawn = random.random(len(inputs)) < 1 / settings.batches
        x = inputs[drawn]
        off = 1 / (1 + np.exp(-(x @ weights))) - wanted[drawn]
        norms = np.abs(off) * np.sqrt((x * x).sum(axis=1))
        total = x.T @ (off * np.minimum(1.0, settings.clip / (norms + 1e-6)))
        noise = random.normal(0, settings.noise_multiplier * settings.clip, len(weights))
        weights -= step((total + noise) / expected)
    return weights


class _Step:
    """The optimiser's step for a gradient: plain, or Adam's with torch's defaults."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._first: Array | float = 0.0
        self._second: Array | float = 0.0
        self._count = 0

    def __call__(self, gradient: Array) -> Array:
        if self._settings.optimiser == "sgd":
            return self._settings.rate * gradient
        self._count += 1
        self._first = 0.9 * self._first + 0.1 * gradient
        self._second = 0.999 * self._second + 0.001 * gradient**2
        first, second = self._first / (1 - 0.9**self._count), self._second / (1 - 0.999**self._count)
        return self._settings.rate * first / (np.sqrt(second) + 1e-8)


def grid() -> Iterator[Settings]:
    """Yield every combination, each with the noise that its ε asks for."""
    for rounds, batches in itertools.product(ROUNDS, BATCHES):
        noise = noise_of(rounds, batches)
        for optimiser, clip in itertools.product(RATES, CLIPS):
            for rate in RATES[optimiser]:
                yield Settings(rounds, batches, optimiser, rate, clip, noise)


def chosen(tried: list[tuple[float, Settings]]) -> Settings:
    """Return the best, or the one with the fewest steps among those within a hair of it."""
    best = max(score for score, _ in tried)
    close = [(score, settings) for score, settings in tried if score >= best - _CLOSE]
    return min(close, key=lambda one: (one[1].rounds * one[1].batches, -one[0]))[1]


def prolong(
    best: Settings, score: Callable[[Settings], float]
) -> tuple[Settings, list[tuple[float, Settings]]]:
    """Return the best, and what was tried, going on past the grid: twice the rounds while that gains."""
    tried = [(score(best), best)]
    while best.rounds >= max(ROUNDS):
        noise = noise_of(2 * best.rounds, best.batches)
        rates = (best.rate / 2, best.rate)
        longer = [replace(best, rounds=2 * best.rounds, noise_multiplier=noise, rate=rate) for rate in rates]
        found = [(score(settings), settings) for settings in longer]
        gained = max(found, key=lambda one: one[0])
        if gained[0] <= max(tried, key=lambda one: one[0])[0] + _CLOSE:
            return best, tried + found
        best, tried = gained[1], tried + found
    return best, tried


def noise_of(rounds: int, batches: int) -> float:
    """Return the noise that the job's ε asks for."""
    return noise_for(SPEND.epsilon_micro / MICRO, SPEND.delta_nano / NANO, rounds, batches)


def main() -> int:
    fitted, checked = split(split(load_people())[0])
    training = arrays(fitted)
    theirs, truth, _ = arrays(checked)

    def score(settings: Settings, draws: int) -> float:
        models = (federated(*training, settings, np.random.default_rng(draw)) for draw in range(draws))
        return float(np.mean([auc(truth, theirs @ model) for model in models]))

    tried = [(score(settings, 1), settings) for settings in grid()]
    tried.sort(key=lambda one: -one[0])
    finalists = [(score(settings, DRAWS), settings) for _, settings in tried[:FINALISTS]]
    best, prolonged = prolong(chosen(finalists), lambda settings: score(settings, DRAWS))
    best.write(HERE)
    tables = {"screened": tried, "finalists": finalists, "prolonged": prolonged}
    rows = {
        name: [{"auc": round(found, 4), **asdict(one)} for found, one in table]
        for name, table in tables.items()
    }
    (RESULTS / "peers_tuning.json").write_text(json.dumps(rows, indent=1) + "\n")
    print(best)
    return 0


if __name__ == "__main__":
    sys.exit(main())
