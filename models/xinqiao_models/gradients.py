"""The sum over people of their clipped gradients, each exactly bounded although floats round.

Unit: a person. The logistic loss gradients of all of a person's rows are added, scaled to an L2 norm of at
most C, and summed over people. Because the result feeds a proof, "at most C" must hold for what the machine
computes. Row weights are cut to a power-of-two grid, on which sums of a 0/1 design are exact in float64 in
any order: a person changes the department's sum by that person's own vector and by nothing else. The norm
clipped to is C less a hair, which covers the rounding of norms and factors, and less what the grid moves.
"""

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid, ProtocolViolated
from xinqiao_models.logistic import residuals

PARAMETER_LIMIT = 1_000_000
"""Largest size of a parameter that a department computes with: no logit overflows."""

_SHRINK = 1e-6
_FLOAT_BITS = 52


class PersonGradients:
    """A department's rows, prepared once for many steps."""

    def __init__(
        self, design: NDArray[np.float32], labels: NDArray[np.float32], starts: NDArray[np.intp]
    ) -> None:
        """Check and keep the rows: design (rows, d) of 0 and 1, labels (rows,) of 0 and 1.

        `starts`, shape (people,), is the first row of each person, ascending from 0; rows of a person are
        side by side (`starts_of`).

        Raises:
            DataInvalid: other entries or shapes.
        """
        _check_rows(design, labels, starts)
        self._design = design.astype(np.float64)
        self._labels = labels.astype(np.float64)
        self._starts = starts
        self._rows_of = np.diff(starts, append=len(labels))
        self._row_norms = np.sqrt(
            self._design.sum(axis=1)
        )  # entries are 0 or 1, so they are their own squares
        self._one_row_each = len(starts) == len(labels)
        self._grid_bits = _FLOAT_BITS - len(labels).bit_length()

    def clipped_sum(self, parameters: NDArray[np.float64], clip: float) -> NDArray[np.float64]:
        """Return the sum over people of their gradients at `parameters`, each of L2 norm ≤ `clip`; (d,).

        Raises:
            ProtocolViolated: parameters of another shape, not finite or beyond `PARAMETER_LIMIT`, or a clip
                that the grid cannot resolve.
        """
        _check_parameters(parameters, self._design.shape[1])
        target = self._target(clip)
        row_weights = residuals(self._design, self._labels, parameters)
        norms = self._norms(row_weights)
        factors = target / np.maximum(norms, target)
        weights = _on_grid(row_weights * np.repeat(factors, self._rows_of), self._grid_bits)
        total: NDArray[np.float64] = weights @ self._design
        return total

    def _norms(self, row_weights: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._one_row_each:
            closed: NDArray[np.float64] = np.abs(row_weights) * self._row_norms
            return closed
        gradients = np.add.reduceat(row_weights[:, None] * self._design, self._starts, axis=0)
        norms: NDArray[np.float64] = np.linalg.norm(gradients, axis=1)
        return norms

    def _target(self, clip: float) -> float:
        """Return the norm to clip to: C less a hair, less what cutting a person's weights to the grid moves.

        A cut moves a row by under one grid step times its norm; rounding moved the norm itself by less. Both
        together are under two steps times the largest sum of row norms that one person has.
        """
        reach = self._row_norms if self._one_row_each else np.add.reduceat(self._row_norms, self._starts)
        target = clip * (1 - _SHRINK) - 2 * float(np.max(reach, initial=0.0)) * 2.0**-self._grid_bits
        if not 0 < target < np.inf:
            raise ProtocolViolated("gradient_clip_invalid")
        return target


def clipped_sum(
    design: NDArray[np.float32],
    labels: NDArray[np.float32],
    starts: NDArray[np.intp],
    parameters: NDArray[np.float64],
    clip: float,
) -> NDArray[np.float64]:
    """Return `PersonGradients(design, labels, starts).clipped_sum(parameters, clip)`, for a single step."""
    return PersonGradients(design, labels, starts).clipped_sum(parameters, clip)


def starts_of(people: NDArray[np.generic]) -> NDArray[np.intp]:
    """Return the first row of each person, from one id a row, shape (rows,), equal ids side by side.

    Raises:
        DataInvalid: a person's rows are apart (they would count, and be clipped, as two people).
    """
    changes = np.flatnonzero(people[1:] != people[:-1]) + 1
    starts = np.concatenate([np.zeros(min(1, len(people)), dtype=np.intp), changes.astype(np.intp)])
    if len(set(people[starts].tolist())) != len(starts):
        raise DataInvalid("gradient_rows_invalid")
    return starts


def _on_grid(weights: NDArray[np.float64], bits: int) -> NDArray[np.float64]:
    """Cut towards zero to multiples of 2^-bits; weights are at most 1, so sums stay below 2^53 steps."""
    return np.ldexp(np.trunc(np.ldexp(weights, bits)), -bits)


def _check_rows(design: NDArray[np.float32], labels: NDArray[np.float32], starts: NDArray[np.intp]) -> None:
    shaped = design.ndim == 2 and labels.shape == (len(design),) and starts.ndim == 1
    if not shaped or not _binary(design) or not _binary(labels) or not _ascending(starts, len(labels)):
        raise DataInvalid("gradient_rows_invalid")


def _binary(values: NDArray[np.float32]) -> bool:
    return bool(((values == 0) | (values == 1)).all())


def _ascending(starts: NDArray[np.intp], rows: int) -> bool:
    bounds = np.append(starts, rows)
    return bounds[0] == 0 and bool((np.diff(bounds) > 0).all())


def _check_parameters(parameters: NDArray[np.float64], dimension: int) -> None:
    if parameters.shape != (dimension,) or not (np.abs(parameters) <= PARAMETER_LIMIT).all():
        raise ProtocolViolated("parameters_invalid", limit=PARAMETER_LIMIT)
