"""A model from one private sum: the products of inputs and targets, and least squares on them at the centre.

Unit: a person. The vector holds, for the rows x with targets t of a person, the upper triangle of the mean
of x xᵀ and, output by output, the mean of t·x. All rows have the same norm and targets one of at most 1, so
every person's part has a public bound and nobody needs clipping. Whatever the centre does with the opened sum
costs no privacy. Noised sufficient statistics: Vu, Slavkovic 2009; Foulds et al. 2016.
"""

import math

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import ProtocolViolated
from xinqiao_governance.model_spec import MICRO, ModelSpec
from xinqiao_models.features import block_scales
from xinqiao_models.gradients import WEIGHT_BITS, Matrix, Vector, cut_to_grid, person_bounds
from xinqiao_models.losses import require_targets
from xinqiao_models.people import People

_HAIR = 1e-6
_FLOOR = 1e-9


def moments_clip_micro(spec: ModelSpec) -> int:
    """Return the least bound C, in millionths, at which nobody is clipped: see `row_bound`."""
    return math.ceil(row_bound(block_scales(spec)) * (1 + 2 * _HAIR) * MICRO)


def row_bound(scales: Vector) -> float:
    """Return the largest norm of a row's moments, from the entries of its blocks.

    The triangle of x xᵀ has the squared norm (|x|⁴ + Σ xᵢ⁴) / 2, and |t ⊗ x| ≤ |x| because |t| ≤ 1.
    """
    square = float((scales**2).sum())
    return math.sqrt((square**2 + float((scales**4).sum())) / 2 + square)


class Moments:
    """A department's people; the sum does not depend on parameters, so one answer is all that it takes.

    Raises:
        DataInvalid: targets that are none of the model's label.
    """

    def __init__(self, people: People, spec: ModelSpec) -> None:
        require_targets(people.targets, spec.label)
        self._people = people
        self._spec = spec

    def __len__(self) -> int:
        return len(self._people)

    def some(self, chosen: NDArray[np.bool_]) -> "Moments":
        """Return the sum over some people only, `chosen` of shape (people,)."""
        return Moments(self._people.some(chosen), self._spec)

    def clipped_sum(self, parameters: Vector, clip: float) -> Vector:
        """Return the sum over people of their mean moments, each of L2 norm ≤ `clip`.

        Weights are cut towards zero, so whatever the grid moves makes a part shorter; every sum is exact.

        Raises:
            ProtocolViolated: parameters that are not all zero, or a clip that is not above zero.
        """
        if parameters.shape != (self._spec.parameters,) or parameters.any():
            raise ProtocolViolated("parameters_invalid", limit=0)
        share = person_bounds(clip, np.zeros(len(self._people)), hair=_HAIR)
        share /= row_bound(self._people.design.scales)
        weights = np.minimum(1.0, share) / self._people.rows_of
        rows = cut_to_grid(self._people.to_rows(weights)[:, None], WEIGHT_BITS)
        linear = cut_to_grid(rows * self._people.targets, WEIGHT_BITS)
        design = self._people.design
        return np.concatenate([self._triangle(rows[:, 0]), design.transposed_times(linear).T.ravel()])

    def _triangle(self, weights: Vector) -> Vector:
        """Return the upper triangle of Σ weight · x xᵀ, row by row."""
        design, total = self._people.design, np.zeros(self._people.design.inputs**2)
        for left, scale in enumerate(design.scales):
            for right in range(left, len(design.scales)):
                cell = design.positions[:, left] * design.inputs + design.positions[:, right]
                total += np.bincount(cell, weights * (scale * design.scales[right]), len(total))
        return total.reshape(design.inputs, -1)[np.triu_indices(design.inputs)]


def least_squares(moments: Vector, spec: ModelSpec, deviation: float) -> Vector:
    """Return the ridge regression of an opened sum, flat as a linear model's, shape (spec.parameters,).

    `deviation` is the noise's in units of the sum. The penalty is about the largest eigenvalue of a symmetric
    matrix of such noise, 2·√inputs deviations (Wigner 1958), below which no direction is to be believed. A
    feature's bins add up to the constant, so some directions are always empty and the penalty never zero.
    """
    inputs, outputs = spec.inputs, spec.label.outputs
    upper = np.zeros((inputs, inputs))
    upper[np.triu_indices(inputs)] = moments[: -inputs * outputs]
    products = upper + np.triu(upper, 1).T
    values, vectors = np.linalg.eigh(products)
    least = max(_FLOOR * float(values[-1]), np.finfo(np.float64).tiny)
    kept: Matrix = np.maximum(values, 0.0) + max(2 * math.sqrt(inputs) * deviation, least)
    right: NDArray[np.float64] = moments[-inputs * outputs :].reshape(outputs, inputs).T
    solved: Matrix = vectors @ ((vectors.T @ right) / kept[:, None])
    return solved.T.ravel()
