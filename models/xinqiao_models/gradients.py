"""The sum over people of a linear model's clipped gradients, each exactly bounded although floats round.

Unit: a person. The loss gradients of all of a person's rows are added, scaled to an L2 norm of at most C, and
summed over people. Because the result feeds a proof, "at most C" must hold for what the machine computes,
whoever else is in the table. So parameters and row weights are cut to power-of-two grids, on which sums with
a design of powers of two are exact in float64 in any order: a person's part depends on that person's rows
alone, and the department's sum moves by that part exactly. The norm clipped to is C less a hair, which covers
the rounding of factors and of a single row's norm, and less what the grid and the sums over many rows move.
"""

import math

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import ProtocolViolated
from xinqiao_governance.model_spec import Label
from xinqiao_models.losses import require_targets, residuals, row_weights
from xinqiao_models.people import People

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

PARAMETER_LIMIT = 1 << 20
"""Largest L1 norm of parameters that a department computes with: outputs stay exact."""

PARAMETER_BITS = 31
"""Parameters are multiples of 2^-31, halved by crosses, so outputs up to 2^20 need no more than 52 bits."""

WEIGHT_BITS = 30
"""Row weights are multiples of 2^-30 and at most 1, so a sum of 2^22 of them needs no more than 52 bits."""

_HAIR = 1e-6


class LinearGradients:
    """A department's people, prepared once for many steps of a linear model.

    Parameters are flat, shape (outputs · inputs,), output by output.

    Raises:
        DataInvalid: targets that are none of this label.
    """

    def __init__(self, people: People, label: Label) -> None:
        require_targets(people.targets, label)
        self._people = people
        self._label = label
        self._weights = row_weights(people.targets, label)[:, None]
        self._several = SharedColumns(people)
        self._room = room(people, grid_norm(WEIGHT_BITS, label.outputs) * people.design.row_norm)

    def __len__(self) -> int:
        return len(self._people)

    def some(self, chosen: NDArray[np.bool_]) -> "LinearGradients":
        """Return the sum over some people only, `chosen` of shape (people,)."""
        return LinearGradients(self._people.some(chosen), self._label)

    def clipped_sum(self, parameters: Vector, clip: float) -> Vector:
        """Return the sum over people of their gradients at `parameters`, each of L2 norm ≤ `clip`.

        Parameters are rounded to multiples of 2^-31 first.

        Raises:
            ProtocolViolated: parameters of another shape, not finite or beyond `PARAMETER_LIMIT`, or a clip
                that is not above zero.
        """
        design, outputs = self._people.design, self._label.outputs
        check_parameters(parameters, outputs * design.inputs)
        bounds = person_bounds(clip, self._room, hair=_HAIR)
        said = design.times(to_grid(parameters, PARAMETER_BITS).reshape(outputs, -1).T)
        off = residuals(said, self._people.targets, self._label, self._weights)
        factors = clip_factors(self._norms(off), bounds)
        cut = cut_to_grid(off * self._people.to_rows(factors)[:, None], WEIGHT_BITS)
        total: Vector = design.transposed_times(cut).T.ravel()
        return total

    def _norms(self, off: Matrix) -> Vector:
        """Return the L2 norm of each person's gradient, shape (people,): in closed form for a single row."""
        first = off[self._people.starts]
        norms: Vector = np.sqrt(row_squares(first)) * self._people.design.row_norm
        norms[self._several.people] = np.sqrt(self._several.squares(off))
        return norms


class SharedColumns:
    """The people who have several rows, and the design's columns that each of them touches.

    A person's gradient has one entry for each column touched; rows that share a column add up in it.
    """

    def __init__(self, people: People) -> None:
        self.people = np.flatnonzero(people.rows_of > 1)
        """Who has several rows: indices of people, shape (several,)."""
        self.rows = np.flatnonzero(people.to_rows(people.rows_of > 1))
        """Their rows, person by person: indices of rows, shape (several rows,)."""
        counts = people.rows_of[self.people]
        self._firsts = np.cumsum(counts) - counts
        self._scales = people.design.scales
        owner = np.repeat(np.arange(len(self.people)), counts)
        touched = owner[:, None] * people.design.inputs + people.design.positions[self.rows]
        entries, place = np.unique(touched, return_inverse=True)
        self._place = place.ravel()
        self._owner = entries // people.design.inputs

    def squares(self, weights: Matrix) -> Vector:
        """Return each such person's squared norm of Σ row ⊗ weights[row], shape (several,).

        `weights`, shape (rows, k), has an entry for every row of every person.
        """
        total = np.zeros(len(self.people))
        for column in weights[self.rows].T:
            entries = np.bincount(self._place, (column[:, None] * self._scales).ravel(), len(self._owner))
            total += np.bincount(self._owner, entries**2, len(self.people))
        return total

    def sums(self, of_rows: Matrix) -> Matrix:
        """Add up what is given of their rows, shape (several rows, k), by person: shape (several, k)."""
        sums: Matrix = np.add.reduceat(of_rows, self._firsts, axis=0)
        return sums


def row_squares(matrix: Matrix) -> Vector:
    """Return each row's squared norm, shape (rows,), added column by column: no other row sets the order."""
    total = np.zeros(len(matrix))
    for column in matrix.T:
        total += column**2
    return total


def grid_norm(bits: int, entries: int) -> float:
    """Return how far a grid of 2^-bits, and rounding, can move a row of `entries`: two steps in each entry.

    One step is for the grid. The other is for the norm of a person with n rows, added up in floats: it is off
    by less than n·2^-53 times the largest entry for each row (Higham 2002, section 4.2), which the limits on
    rows keep below a step.
    """
    return math.ldexp(math.sqrt(entries), 1 - bits)


def room(people: People, moved: float) -> Vector:
    """Return what grids can move each person's gradient by, shape (people,), if a row's moves by `moved`."""
    return moved * people.rows_of.astype(np.float64)


def person_bounds(clip: float, moved: Vector, *, hair: float) -> Vector:
    """Return the norm that each person is clipped to, shape (people,), from that person's rows alone.

    Raises:
        ProtocolViolated: a clip that is not above zero.
    """
    if not 0 < clip < np.inf:
        raise ProtocolViolated("gradient_clip_invalid")
    bounds: Vector = np.maximum(clip * (1 - hair) - moved, 0.0)
    return bounds


def clip_factors(norms: Vector, bounds: Vector) -> Vector:
    """Return what each person's gradient is multiplied by, at most 1, shape (people,)."""
    factors: Vector = bounds / np.maximum(np.maximum(norms, bounds), np.finfo(np.float64).tiny)
    return factors


def to_grid(values: NDArray[np.float64], bits: int) -> NDArray[np.float64]:
    """Round to the nearest multiples of 2^-bits."""
    rounded: NDArray[np.float64] = np.rint(values * 2.0**bits) * 2.0**-bits
    return rounded


def cut_to_grid(values: NDArray[np.float64], bits: int) -> NDArray[np.float64]:
    """Cut towards zero to multiples of 2^-bits."""
    cut: NDArray[np.float64] = np.trunc(values * 2.0**bits) * 2.0**-bits
    return cut


def check_parameters(parameters: Vector, dimension: int) -> None:
    """Refuse parameters that the grids do not hold.

    Raises:
        ProtocolViolated: another shape, not finite, or an L1 norm beyond `PARAMETER_LIMIT`.
    """
    sizes = np.abs(parameters)
    bounded = bool((sizes <= PARAMETER_LIMIT).all()) and sizes.sum() <= PARAMETER_LIMIT
    if parameters.shape != (dimension,) or not bounded:
        raise ProtocolViolated("parameters_invalid", limit=PARAMETER_LIMIT)
