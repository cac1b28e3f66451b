"""Synthetic rows for the model families, and one person's gradient the slow way: no arrays, no sharing.

Nothing here is private, so fixed seeds are fine.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.model_spec import (
    MICRO,
    CategoryFeature,
    ClassLabel,
    Cross,
    Family,
    Label,
    ModelSpec,
    NumberLabel,
    NumericFeature,
    ThresholdLabel,
)
from xinqiao_models.features import Column, design, targets
from xinqiao_models.people import People, starts_of

LABELS: dict[str, Label] = {
    "yes": ThresholdLabel("outcome", 500_000, (250_000, MICRO)),
    "class": ClassLabel("outcome", ("low", "middle", "high"), (MICRO, 500_000, 200_000)),
    "number": NumberLabel("outcome", -MICRO, 2 * MICRO),
}
PREDICTING = [family for family in Family if family is not Family.HISTOGRAM]
FEATURES = (
    NumericFeature("age", (30 * MICRO, 40 * MICRO, 50 * MICRO)),
    CategoryFeature("grade", ("A", "B", "C")),
    NumericFeature("years", (2 * MICRO, 5 * MICRO)),
)
CROSSES = (Cross("age", "grade", 3), Cross("age", "years", 2))


def spec(label: str = "yes", family: Family = Family.LINEAR, *, crosses: bool = True) -> ModelSpec:
    """A model of three features, with crosses unless told otherwise; a network has four hidden units."""
    hidden = 4 if family is Family.NETWORK else 0
    return ModelSpec("synthetic", FEATURES, LABELS[label], CROSSES if crosses else (), family, hidden)


def columns(rows: int, label: str, seed: int = 3) -> dict[str, Column]:
    """Columns by semantic; a tenth of each feature is missing, some numbers lie beyond the label's bounds."""
    random = np.random.default_rng(seed)
    age, years = random.uniform(20, 60, rows), random.uniform(0, 8, rows)
    grade = random.choice(np.array(["A", "B", "C", "other", None], dtype=object), rows)
    outcome: Column = random.normal((age - 40) / 20, 1.0, rows)
    if label == "class":
        outcome = np.array(["low", "middle", "high"], dtype=object)[np.digitize(outcome, [-0.5, 0.5])]
    for numbers in (age, years):
        numbers[random.random(rows) < 0.1] = np.nan
    return {"age": age, "grade": grade, "years": years, "outcome": outcome}


def people(model: ModelSpec, rows: int, *, panel: bool = False, seed: int = 3) -> People:
    """Random people; in a panel each has one to five rows."""
    label = next(name for name, known in LABELS.items() if type(known) is type(model.label))
    table, random = columns(rows, label, seed), np.random.default_rng(seed + 1)
    ids = np.repeat(np.arange(rows), random.integers(1, 6, rows))[:rows] if panel else np.arange(rows)
    return People(design(table, model), targets(table, model), starts_of(ids))


def only(everyone: People, chosen: Sequence[int]) -> People:
    """Some people, by their place, with all of their rows."""
    ids = np.repeat(np.arange(len(everyone)), everyone.rows_of)
    kept = np.isin(ids, chosen)
    return People(everyone.design.rows(kept), everyone.targets[kept], starts_of(ids[kept]))


def parameters(model: ModelSpec, scale: float = 1.0, seed: int = 4) -> NDArray[np.float64]:
    """Random parameters."""
    return np.random.default_rng(seed).normal(0, scale, model.parameters)


def loop(everyone: People, theta: NDArray[np.float64], model: ModelSpec, clip: float) -> list[float]:
    """The sum over people of their clipped gradients, one person, one row and one number at a time."""
    rows, wanted = everyone.design.dense().tolist(), everyone.targets.tolist()
    total = [0.0] * model.parameters
    ends = [*everyone.starts[1:].tolist(), len(rows)]
    for first, last in zip(everyone.starts.tolist(), ends, strict=True):
        gradient = [0.0] * model.parameters
        for x, t in zip(rows[first:last], wanted[first:last], strict=True):
            gradient = [
                a + b for a, b in zip(gradient, row_gradient(x, t, theta.tolist(), model), strict=True)
            ]
        length = math.sqrt(math.fsum(entry * entry for entry in gradient))
        factor = min(1.0, clip / length) if length else 1.0
        total = [a + factor * b for a, b in zip(total, gradient, strict=True)]
    return total


def row_gradient(x: list[float], t: list[float], theta: list[float], model: ModelSpec) -> list[float]:
    """The gradient of one row's loss by the flat parameters."""
    if model.family is Family.NETWORK:
        return _network_gradient(x, t, theta, model)
    said = [_dot(x, theta[k * len(x) : (k + 1) * len(x)]) for k in range(len(t))]
    return [off * entry for off in _residuals(said, t, model.label) for entry in x]


def _network_gradient(x: list[float], t: list[float], theta: list[float], model: ModelSpec) -> list[float]:
    hidden, outputs = range(model.hidden), range(len(t))
    first = [[theta[j * model.hidden + h] for j in range(len(x))] for h in hidden]
    rest = theta[len(x) * model.hidden :]
    second = [[rest[h * len(t) + k] for h in hidden] for k in outputs]
    bias = rest[model.hidden * len(t) :]
    active = [math.tanh(_dot(x, weights)) for weights in first]
    said = [_dot(active, weights) + b for weights, b in zip(second, bias, strict=True)]
    off = _residuals(said, t, model.label)
    delta = [math.fsum(off[k] * second[k][h] for k in outputs) * (1 - active[h] ** 2) for h in hidden]
    return [
        *(entry * back for entry in x for back in delta),
        *(unit * back for unit in active for back in off),
        *off,
    ]


def _residuals(said: list[float], t: list[float], label: Label) -> list[float]:
    if isinstance(label, NumberLabel):
        return [max(-1.0, min(1.0, said[0] - t[0]))]
    if isinstance(label, ClassLabel):
        powers = [math.exp(value) for value in said]
        weight = label.weights_micro[t.index(1.0)] / MICRO
        return [weight * (power / math.fsum(powers) - one) for power, one in zip(powers, t, strict=True)]
    return [label.weights_micro[int(t[0])] / MICRO * (1 / (1 + math.exp(-said[0])) - t[0])]


def _dot(left: list[float], right: list[float]) -> float:
    return math.fsum(a * b for a, b in zip(left, right, strict=True))
