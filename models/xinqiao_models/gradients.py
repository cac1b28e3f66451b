"""The sum over people of their clipped gradients, each exactly bounded although floats round.

Unit: a person. The logistic loss gradients of all of a person's rows are added, scaled to an L2 norm of at
most C, and summed over people. Because the result feeds a proof, "at most C" must hold for what the machine
computes, whoever else is in the table. So parameters and row weights are cut to power-of-two grids, on which
sums with a 0/1 design are exact in float64 in any order: a person's part depends on that person's rows alone,
and the department's sum moves by that part exactly. The norm clipped to is C less a hair, which covers the
rounding of norms and factors, and less what the grid moves.
"""

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid, ProtocolViolated
from xinqiao_models.logistic import residuals

PARAMETER_LIMIT = 1 << 20
"""Largest L1 norm of parameters that a department computes with: logits stay exact."""

ROW_LIMIT = 1 << 22
"""Most rows of a department: sums of weights stay exact."""

_PARAMETER_BITS = 32
_WEIGHT_BITS = 30
_HAIR = 1e-6


class PersonGradients:
    """A department's rows, prepared once for many steps."""

    def __init__(
        self, design: NDArray[np.float32], labels: NDArray[np.float32], starts: NDArray[np.intp]
    ) -> None:
        """Check and keep the rows: design (rows, d) of 0 and 1, labels (rows,) of 0 and 1.

        `starts`, shape (people,), is the first row of each person, ascending from 0; rows of a person are
        side by side (`starts_of`).

        Raises:
            DataInvalid: other entries or shapes, or more than `ROW_LIMIT` rows.
        """
        _check_rows(design, labels, starts)
        self._design = design.astype(np.float64)
        self._labels = labels.astype(np.float64)
        self._starts = starts
        self._rows_of = np.diff(starts, append=len(labels))
        self._several = np.flatnonzero(self._rows_of > 1)
        # Entries are 0 or 1: their own squares.
        self._row_norms: NDArray[np.float64] = np.sqrt(self._design.sum(axis=1))
        # Cutting to the grid moves a row by less than one grid step times its norm, and rounding moves a norm
        # by less than that: together under two steps times the sum of the person's row norms.
        self._moved = 2.0 ** (1 - _WEIGHT_BITS) * np.add.reduceat(self._row_norms, starts)

    def clipped_sum(self, parameters: NDArray[np.float64], clip: float) -> NDArray[np.float64]:
        """Return the sum over people of their gradients at `parameters`, each of L2 norm ≤ `clip`; (d,).

        Parameters are rounded to multiples of 2^-32 first.

        Raises:
            ProtocolViolated: parameters of another shape, not finite or beyond `PARAMETER_LIMIT`, or a clip
                that is not above zero.
        """
        _check_parameters(parameters, self._design.shape[1])
        targets = self._targets(clip)
        exact = np.ldexp(np.rint(np.ldexp(parameters, _PARAMETER_BITS)), -_PARAMETER_BITS)
        row_weights = residuals(self._design, self._labels, exact)
        largest = np.maximum(self._norms(row_weights), targets)
        factors = targets / np.maximum(largest, np.finfo(np.float64).tiny)
        weights = _on_grid(row_weights * np.repeat(factors, self._rows_of))
        total: NDArray[np.float64] = weights @ self._design
        return total

    def _norms(self, row_weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the L2 norm of each person's gradient, shape (people,): in closed form for a single row."""
        norms: NDArray[np.float64] = np.abs(row_weights[self._starts]) * self._row_norms[self._starts]
        if len(self._several):
            gradients = np.add.reduceat(row_weights[:, None] * self._design, self._starts, axis=0)
            norms[self._several] = np.linalg.norm(gradients[self._several], axis=1)
        return norms

    def _targets(self, clip: float) -> NDArray[np.float64]:
        """Return the norm that each person is clipped to, shape (people,), from that person's rows alone."""
        if not 0 < clip < np.inf:
            raise ProtocolViolated("gradient_clip_invalid")
        targets: NDArray[np.float64] = np.maximum(clip * (1 - _HAIR) - self._moved, 0.0)
        return targets


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


def _on_grid(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut towards zero to multiples of 2^-30; weights are at most 1, so no sum needs more than 52 bits."""
    cut: NDArray[np.float64] = np.ldexp(np.trunc(np.ldexp(weights, _WEIGHT_BITS)), -_WEIGHT_BITS)
    return cut


def _check_rows(design: NDArray[np.float32], labels: NDArray[np.float32], starts: NDArray[np.intp]) -> None:
    shaped = design.ndim == 2 and labels.shape == (len(design),) and starts.ndim == 1
    if not shaped or not _binary(design) or not _binary(labels) or not _ascending(starts, len(labels)):
        raise DataInvalid("gradient_rows_invalid")
    if len(labels) > ROW_LIMIT:
        raise DataInvalid("gradient_rows_too_many", limit=ROW_LIMIT)


def _binary(values: NDArray[np.float32]) -> bool:
    return bool(((values == 0) | (values == 1)).all())


def _ascending(starts: NDArray[np.intp], rows: int) -> bool:
    bounds = np.append(starts, rows)
    return bounds[0] == 0 and bool((np.diff(bounds) > 0).all())


def _check_parameters(parameters: NDArray[np.float64], dimension: int) -> None:
    sizes = np.abs(parameters)
    bounded = bool((sizes <= PARAMETER_LIMIT).all()) and sizes.sum() <= PARAMETER_LIMIT
    if parameters.shape != (dimension,) or not bounded:
        raise ProtocolViolated("parameters_invalid", limit=PARAMETER_LIMIT)
