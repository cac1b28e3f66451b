"""How well a model does on rows that nobody imported."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.model_spec import MICRO, ClassLabel, ModelSpec, NumberLabel, ThresholdLabel
from xinqiao_models.families import predict
from xinqiao_models.features import Column, design
from xinqiao_models.gradients import Vector
from xinqiao_models.metrics import auc

Places = NDArray[np.intp]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """AUC (for classes the mean of one against the rest), accuracy, macro-F1; R² for a number.

    What does not apply, or cannot be told from the test rows, is None.
    """

    auc: float | None
    accuracy: float | None
    macro_f1: float | None
    r2: float | None = None
    of_number: bool = False


def score(columns: Mapping[str, Column], parameters: Vector, spec: ModelSpec) -> Scores:
    """Score a model on test rows, `columns` by semantic, the label's included and nowhere missing."""
    said = predict(design(columns, spec), parameters, spec)
    truth = columns[spec.label.semantic]
    if isinstance(spec.label, NumberLabel):
        r2 = _r2(truth.astype(np.float64), _numbers(said[:, 0], spec.label))
        return Scores(None, None, None, r2, of_number=True)
    probabilities, true = _classes(said, truth, spec.label)
    guessed = probabilities.argmax(axis=1)
    return Scores(_mean_auc(probabilities, true), float((guessed == true).mean()), _macro_f1(guessed, true))


def _numbers(places: Vector, label: NumberLabel) -> Vector:
    """Return numbers in the label's own unit from places between its bounds, -1 … 1."""
    low, high = label.low_micro / MICRO, label.high_micro / MICRO
    return low + (places + 1) / 2 * (high - low)


def _r2(truth: Vector, said: Vector) -> float | None:
    spread = float(((truth - truth.mean()) ** 2).sum())
    return 1 - float(((truth - said) ** 2).sum()) / spread if spread else None


def _classes(said: Matrix, truth: Column, label: ThresholdLabel | ClassLabel) -> tuple[Matrix, Places]:
    """Return a probability for each class, shape (rows, classes), and each row's class.

    A class that training never saw has the number after the last: it counts as wrong.
    """
    if isinstance(label, ThresholdLabel):
        above = truth.astype(np.float64) > label.above_micro / MICRO
        return np.hstack([1 - said, said]), above.astype(np.intp)
    place = {value: number for number, value in enumerate(label.values)}
    return said, np.array([place.get(value, len(place)) for value in truth], dtype=np.intp)


def _mean_auc(probabilities: Matrix, true: Places) -> float | None:
    """Average over the classes that some rows have and some have not; two classes have one AUC."""
    classes = range(probabilities.shape[1])
    told = [number for number in classes if 0 < int((true == number).sum()) < len(true)]
    each = [auc((true == number).astype(np.float64), probabilities[:, number]) for number in told]
    return float(np.mean(each)) if each else None


def _macro_f1(guessed: Places, true: Places) -> float:
    """Return the mean F1 over the classes that occur, in truth or in guesses."""
    each = []
    for number in np.union1d(guessed, true):
        hits = int(((guessed == number) & (true == number)).sum())
        each.append(2 * hits / (int((guessed == number).sum()) + int((true == number).sum())))
    return float(np.mean(each))
