"""A network with one hidden layer on public-bin features, and the sum over people of its clipped gradients.

Outputs of row x are W₂·[a, 1] with a = tanh(W₁·x). The gradient of a row is the pair of outer products δ ⊗ x
and r ⊗ [a, 1], with r the residual and δ = (r·W₂) · (1 - a²); its norm needs neither product (Goodfellow
2015). As in `gradients`, a person's part must not depend on other people, and "at most C" must hold for what
the machine computes. So weights, activations and residuals are rounded to grids on which a row's matrix
products are exact in any order, and the clipped δ and r to grids on which sums over rows are. The second
layer's sum is made of two exact sums; their addition rounds each entry by at most 2^-36. Because the sums
are exact in any order, rows are taken in blocks that fit a processor's cache, each with whole people in it.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid, ProtocolViolated
from xinqiao_governance.model_spec import ModelSpec
from xinqiao_models.features import Design
from xinqiao_models.gradients import (
    PARAMETER_BITS,
    WEIGHT_BITS,
    Matrix,
    SharedColumns,
    Vector,
    check_parameters,
    clip_factors,
    grid_norm,
    person_bounds,
    room,
    to_grid,
)
from xinqiao_models.losses import require_targets, residuals, row_weights
from xinqiao_models.people import People

NETWORK_ROW_LIMIT = 1 << 17
"""Most rows of a department: with more of them the sums over rows would not be exact."""

Sums = tuple[Matrix, Matrix, Vector]

_HAIR = 1e-6
# A row's products: activations by weights, and residuals by weights, need 20 + 24 + 8 bits.
_ACTIVATION_BITS = 20
_SECOND_BITS = 24
_SECOND_LIMIT = 1 << 8
# Sums of 2^17 rows: δ is at most 2^8, so 17 + 8 + 27 bits; activations by the high part of r 17 + 20 + 16,
# by its low part, below 2^-16, at most 17 + 20 + 30 - 16.
_DELTA_BITS = 27
_HIGH_BITS = 16
_LAST_ADDITION = 2.0**-36
_DENSE_INPUTS = 32
"""Up to so many columns a matrix takes little more room than the positions of its ones."""
_BLOCK_ENTRIES = 1 << 15
"""Rows times hidden units of a block: its handful of matrices then fit a core's own cache."""


@dataclass(frozen=True, eq=False)
class Weights:
    """A network's weights: `first` (inputs, hidden), `second` (hidden, outputs), `bias` (outputs,)."""

    first: Matrix
    second: Matrix
    bias: Vector

    @classmethod
    def of(cls, parameters: Vector, spec: ModelSpec) -> "Weights":
        """Read flat parameters, shape (spec.parameters,): first, second and bias, each row by row."""
        hidden, outputs = spec.hidden, spec.label.outputs
        end = spec.inputs * hidden
        first, rest = parameters[:end], parameters[end:]
        second, bias = rest[: hidden * outputs], rest[hidden * outputs :]
        return cls(first.reshape(spec.inputs, hidden), second.reshape(hidden, outputs), bias)

    def on_grid(self) -> "Weights":
        """Return the weights as a department computes with them.

        Raises:
            ProtocolViolated: the second layer is beyond what its grid holds.
        """
        sizes = np.abs(self.second)
        largest = max((sizes.sum(axis=0) + np.abs(self.bias)).max(), sizes.sum(axis=1).max())
        if largest > _SECOND_LIMIT:
            raise ProtocolViolated("parameters_invalid", limit=_SECOND_LIMIT)
        return Weights(
            to_grid(self.first, PARAMETER_BITS),
            to_grid(self.second, _SECOND_BITS),
            to_grid(self.bias, _SECOND_BITS),
        )

    def activations(self, rows: "Design | _Dense") -> Matrix:
        """Return the hidden layer of each row, shape (rows, hidden), on its grid.

        The hyperbolic tangent of single floats is five times as fast, and off by less than the grid's step;
        the grid's multiples up to 1 are exact in them.
        """
        single = rows.times(self.first).astype(np.float32)
        np.tanh(single, out=single)
        _round(single, _ACTIVATION_BITS)
        return single.astype(np.float64)


def network_outputs(design: Design, parameters: Vector, spec: ModelSpec) -> Matrix:
    """Return the outputs of each row, shape (rows, outputs)."""
    weights = Weights.of(parameters, spec)
    product: Matrix = weights.activations(design) @ weights.second
    return product + weights.bias


def start_weights(spec: ModelSpec) -> Vector:
    """Return the public parameters that training starts from, shape (spec.parameters,).

    Zeros would keep all hidden units alike. The first layer is spread evenly over ±1/√blocks by the digest of
    each place; the second starts at zero, so the first step's outputs are zero, too.
    """
    count = spec.inputs * spec.hidden
    stream = hashlib.shake_256(f"xinqiao/start-weights/v1/{count}".encode()).digest(4 * count)
    spread = np.frombuffer(stream, dtype="<u4") / 2.0**31 - 1
    blocks = 1 + len(spec.features) + len(spec.crosses)
    rest = np.zeros(spec.parameters - count)
    return np.concatenate([spread / np.sqrt(blocks), rest])


class NetworkGradients:
    """A department's people, prepared once for many steps of a network.

    Raises:
        DataInvalid: more than `NETWORK_ROW_LIMIT` rows, or targets that are none of the model's label.
    """

    def __init__(self, people: People, spec: ModelSpec) -> None:
        if len(people.targets) > NETWORK_ROW_LIMIT:
            raise DataInvalid("gradient_rows_too_many", limit=NETWORK_ROW_LIMIT)
        require_targets(people.targets, spec.label)
        self._people = people
        self._spec = spec
        self._blocks = [Block(some, spec) for some in _apart(people, _BLOCK_ENTRIES // spec.hidden)]

    def __len__(self) -> int:
        return len(self._people)

    def some(self, chosen: NDArray[np.bool_]) -> "NetworkGradients":
        """Return the sum over some people only, `chosen` of shape (people,)."""
        return NetworkGradients(self._people.some(chosen), self._spec)

    def clipped_sum(self, parameters: Vector, clip: float) -> Vector:
        """Return the sum over people of their gradients at `parameters`, each of L2 norm ≤ `clip`.

        Raises:
            ProtocolViolated: parameters of another shape or beyond the grids, or a clip not above zero.
        """
        check_parameters(parameters, self._spec.parameters)
        weights = Weights.of(parameters, self._spec).on_grid()
        sums = (block.sums(weights, clip) for block in self._blocks)
        first, second, bias = reduce(_added, sums)
        outputs = self._spec.label.outputs
        rounded = second[:, :outputs] + second[:, outputs:]
        return np.concatenate([first.ravel(), rounded.ravel(), bias])


class _Dense:
    """A design of few columns as a matrix: its products are as exact as the sparse ones, and faster."""

    def __init__(self, design: Design) -> None:
        self._matrix = design.dense()

    def times(self, weights: Matrix) -> Matrix:
        """Return design @ weights."""
        product: Matrix = self._matrix @ weights
        return product

    def transposed_times(self, weights: Matrix) -> Matrix:
        """Return design.T @ weights."""
        product: Matrix = self._matrix.T @ weights
        return product


class Block:
    """Some of a department's people, small enough for a cache, and the exact sums over them."""

    def __init__(self, people: People, spec: ModelSpec) -> None:
        self._people = people
        self.rows: Design | _Dense = _Dense(people.design) if spec.inputs <= _DENSE_INPUTS else people.design
        self._label = spec.label
        self._loss_weights = row_weights(people.targets, spec.label)[:, None]
        self._several = SharedColumns(people)
        self._room = _moved(people, spec)

    def sums(self, weights: Weights, clip: float) -> Sums:
        """Return the clipped sums of the first layer, of the second in high and low bits, and of the bias.

        Shapes (inputs, hidden), (hidden, 2 · outputs), (outputs,).

        Raises:
            ProtocolViolated: a clip that is not above zero.
        """
        bounds = person_bounds(clip, self._room, hair=_HAIR)
        active, delta, off = self.backward(weights)
        factors = clip_factors(self._norms(active, delta, off), bounds)
        by_row = (self._people.to_rows(factors) if len(self._several.people) else factors)[:, None]
        delta *= by_row
        off *= by_row
        _round(delta, _DELTA_BITS)
        _round(off, WEIGHT_BITS)
        first = self.rows.transposed_times(delta)
        return first, _second_sums(active, off), off.sum(axis=0)

    def backward(self, weights: Weights) -> tuple[Matrix, Matrix, Matrix]:
        """Return each row's activations a and δ, shape (rows, hidden), and residual r, shape (rows, outputs).

        a and r are multiples of 2^-20, so that no product with the weights rounds.
        """
        active = weights.activations(self.rows)
        said = active @ weights.second + weights.bias
        off = residuals(said, self._people.targets, self._label, self._loss_weights)
        off = to_grid(off, _ACTIVATION_BITS)
        delta = off @ weights.second.T
        slope = np.square(active)
        delta *= np.subtract(1.0, slope, out=slope)
        return active, delta, off

    def _norms(self, active: Matrix, delta: Matrix, off: Matrix) -> Vector:
        """Return the L2 norm of each person's gradient, shape (people,): in closed form for a single row."""
        inner = _row_squares(delta) * self._people.design.row_norm**2
        outer = _row_squares(off) * (_row_squares(active) + 1)
        squares, several = inner + outer, self._several
        if len(several.people):
            squares = squares[self._people.starts]
            squares[several.people] = several.squares(delta) + self._second_squares(active, off)
        norms: Vector = np.sqrt(squares)
        return norms

    def _second_squares(self, active: Matrix, off: Matrix) -> Vector:
        """Return the squared norm of Σ off ⊗ [active, 1] of who has several rows, shape (several,)."""
        several = self._several
        squares = np.zeros(len(several.people))
        inputs = np.column_stack([active[several.rows], np.ones(len(several.rows))])
        for column in off[several.rows].T:
            squares += _row_squares(several.sums(inputs * column[:, None]))
        return squares


def _added(sums: Sums, more: Sums) -> Sums:
    return sums[0] + more[0], sums[1] + more[1], sums[2] + more[2]


def _apart(people: People, rows: int) -> Iterator[People]:
    """Yield people by blocks of at most `rows` rows, or of one person who has more; nobody is one block."""
    ends = people.starts + people.rows_of
    first = 0
    while True:
        begin = int(people.starts[first]) if len(people) else 0
        last = max(first + 1, int(np.searchsorted(ends, begin + rows, side="right")))
        end = int(ends[last - 1]) if len(people) else 0
        chosen = np.arange(begin, end)
        yield People(people.design.rows(chosen), people.targets[begin:end], people.starts[first:last] - begin)
        first = last
        if first >= len(people):
            return


def _moved(people: People, spec: ModelSpec) -> Vector:
    """Return what grids, and the last addition, can move each person's part by, shape (people,)."""
    hidden, outputs = spec.hidden, spec.label.outputs
    first = grid_norm(_DELTA_BITS, hidden) * people.design.row_norm
    second = grid_norm(WEIGHT_BITS, outputs * (hidden + 1))
    # A sum with the person and one without are each rounded by the last addition.
    return room(people, first + second) + 2 * _LAST_ADDITION * math.sqrt(outputs * hidden)


def _round(values: NDArray[Any], bits: int) -> None:
    """Round floats to the nearest multiples of 2^-bits, in place."""
    values *= 2.0**bits
    np.rint(values, out=values)
    values *= 2.0**-bits


def _row_squares(matrix: Matrix) -> Vector:
    """Return each row's squared norm, shape (rows,), added along the row: no other row sets the order."""
    squares: Vector = np.vecdot(matrix, matrix)
    return squares


def _second_sums(active: Matrix, off: Matrix) -> Matrix:
    """Return activeᵀ @ off, shape (hidden, 2 · outputs): high and low bits of `off` apart, each exactly."""
    high = to_grid(off, _HIGH_BITS)
    both: Matrix = active.T @ np.hstack([high, off - high])
    return both
