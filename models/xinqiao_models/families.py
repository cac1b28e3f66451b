"""The model families by one name each: what a department sums, where training starts, what a model says."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.model_spec import MICRO, ClassLabel, Family, ModelSpec, NumberLabel
from xinqiao_models.features import Design
from xinqiao_models.gradients import LinearGradients, Matrix, Vector
from xinqiao_models.histogram import Histogram
from xinqiao_models.losses import predictions
from xinqiao_models.moments import Moments
from xinqiao_models.network import NetworkGradients, network_outputs, start_weights
from xinqiao_models.people import People
from xinqiao_models.sampling import draw_people
from xinqiao_models.sums import SumPlan


class PersonSums(Protocol):
    """A sum over people in which each person's part has a bounded norm, whoever else is in it."""

    def __len__(self) -> int:
        """Return the number of people."""
        ...

    def some(self, chosen: NDArray[np.bool_]) -> "PersonSums":
        """Return the sum over some people only, `chosen` of shape (people,)."""
        ...

    def clipped_sum(self, parameters: Vector, clip: float) -> Vector:
        """Return the sum at `parameters`, shape (spec.dimension,), each person's part of L2 norm ≤ `clip`."""
        ...


def person_sums(people: People, spec: ModelSpec) -> PersonSums:
    """Return what a department sums for a model of `spec`."""
    match spec.family:
        case Family.NETWORK:
            return NetworkGradients(people, spec)
        case Family.MOMENTS:
            return Moments(people, spec)
        case Family.HISTOGRAM:
            return Histogram(people, spec)
        case Family.LINEAR:
            return LinearGradients(people, spec.label)


def sampled_sum(sums: PersonSums, parameters: Vector, plan: SumPlan) -> Vector:
    """Return the sum of one answer, shape (plan.dimension,): over everybody, or over who is drawn for it."""
    if plan.sampling_micro < MICRO:
        sums = sums.some(draw_people(len(sums), plan.sampling_micro))
    return sums.clipped_sum(parameters, plan.clip)


def first_parameters(spec: ModelSpec) -> Vector:
    """Return the public parameters before the first answer, shape (spec.parameters,)."""
    return start_weights(spec) if spec.family is Family.NETWORK else np.zeros(spec.parameters)


def outputs(design: Design, parameters: Vector, spec: ModelSpec) -> Matrix:
    """Return a model's outputs, shape (rows, outputs): log odds, or the number's place between its bounds."""
    if spec.family is Family.NETWORK:
        return network_outputs(design, parameters, spec)
    return design.times(parameters.reshape(spec.label.outputs, -1).T)


def predict(design: Design, parameters: Vector, spec: ModelSpec) -> Matrix:
    """Return what a model says, shape (rows, outputs): probabilities, or a place between -1 and 1.

    Least squares fits probabilities themselves; they are cut to 0 … 1.
    """
    said = outputs(design, parameters, spec)
    if isinstance(spec.label, NumberLabel):
        return np.clip(said, -1.0, 1.0)
    if spec.family is Family.MOMENTS:
        return _shares(said) if isinstance(spec.label, ClassLabel) else np.clip(said, 0.0, 1.0)
    return predictions(said, spec.label)


def _shares(said: Matrix) -> Matrix:
    """Cut to above zero and scale each row to a sum of one."""
    positive: Matrix = np.maximum(said, 1e-6)
    shares: Matrix = positive / positive.sum(axis=1, keepdims=True)
    return shares
