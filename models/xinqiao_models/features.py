"""From a department's columns to a model's inputs and targets, by public bins alone.

Every feature has one bin a row, every cross one cell, and there is a leading one. So a row of the design is a
handful of positions, not a vector: one position in each *block*. The entry at a position is the block's
scale, a power of two, the same for all rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import (
    MICRO,
    CategoryFeature,
    ClassLabel,
    Cross,
    Family,
    Feature,
    ModelSpec,
    NumberLabel,
    NumericFeature,
)

Column = NDArray[np.float64] | NDArray[np.object_]
"""A number column (NaN is missing) or a text column (None is missing), one entry a row."""

CROSS_SCALE = 0.5
"""Entries of a cross: below one, so that single bins are learned first and clipping leaves them room."""


@dataclass(frozen=True, eq=False)
class Design:
    """Rows of a design matrix of 0 and powers of two, with `inputs` columns.

    `positions`, shape (rows, blocks), holds each row's column in each block; `scales`, shape (blocks,), each
    block's entry.
    """

    positions: NDArray[np.intp]
    scales: NDArray[np.float64]
    inputs: int

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def row_norm(self) -> float:
        """L2 norm of a row: the same for every row."""
        return float(np.sqrt((self.scales**2).sum()))

    def rows(self, chosen: NDArray[np.generic]) -> "Design":
        """Return some rows, by index or by mask."""
        return Design(self.positions[chosen], self.scales, self.inputs)

    def times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return design @ weights: shape (rows, k) for weights of shape (inputs, k)."""
        product: NDArray[np.float64] = self._sparse @ np.ascontiguousarray(weights)
        return product

    def transposed_times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return design.T @ weights: shape (inputs, k) for weights of shape (rows, k)."""
        product: NDArray[np.float64] = self._transposed @ np.ascontiguousarray(weights)
        return product

    @cached_property
    def _sparse(self) -> csr_array:
        rows, blocks = self.positions.shape
        entries = np.tile(self.scales, rows)
        ends = np.arange(rows + 1) * blocks
        return csr_array((entries, self.positions.ravel(), ends), shape=(rows, self.inputs))

    @cached_property
    def _transposed(self) -> csc_array:
        return self._sparse.T

    def dense(self) -> NDArray[np.float64]:
        """Return the matrix itself, shape (rows, inputs)."""
        matrix: NDArray[np.float64] = self._sparse.toarray()
        return matrix


def block_scales(spec: ModelSpec) -> NDArray[np.float64]:
    """Return the entry of each block of the design, shape (blocks,): constant, features, crosses."""
    return np.array([1.0] * (1 + len(spec.features)) + [CROSS_SCALE] * len(spec.crosses))


def block_widths(spec: ModelSpec) -> NDArray[np.intp]:
    """Return the number of columns of each block of the design, shape (blocks,)."""
    features = [feature.width for feature in spec.features]
    return np.array([1, *features, *(spec.cross_width(cross) for cross in spec.crosses)], dtype=np.intp)


def design(columns: Mapping[str, Column], spec: ModelSpec) -> Design:
    """Return the design of `columns` (by semantic): a one, each feature's bin, each cross's cell.

    Of a histogram, each row's cell alone.
    """
    if spec.family is Family.HISTOGRAM:
        cells = bins(columns[spec.label.semantic], spec.grid)
        return Design(cells[:, None], block_scales(spec), spec.inputs)
    rows = len(columns[spec.features[0].semantic])
    binned = {feature.semantic: bins(columns[feature.semantic], feature) for feature in spec.features}
    positions, start = [np.zeros(rows, dtype=np.intp)], 1
    for index, width in _blocks(binned, spec):
        positions.append(start + index)
        start += width
    return Design(np.stack(positions, axis=1), block_scales(spec), start)


def bins(column: Column, feature: Feature) -> NDArray[np.intp]:
    """Return each row's bin, shape (rows,), in 0 … feature.width - 1; the last is "missing" or "other"."""
    if isinstance(feature, NumericFeature):
        numbers = column.astype(np.float64)
        edges = np.asarray(feature.edges_micro, dtype=np.float64) / MICRO
        index = np.searchsorted(edges, numbers, side="right")
        return np.where(np.isnan(numbers), feature.width - 1, index)
    return _places(column, feature.values)


def targets(columns: Mapping[str, Column], spec: ModelSpec) -> NDArray[np.float64]:
    """Return what the outputs should be, shape (rows, outputs).

    Yes/no: 0 or 1. Classes: a 1 in the class's column. Number: its place between the bounds, -1 … 1. A
    histogram predicts nothing: zeros.

    Raises:
        DataInvalid: a label is missing, or of no class; it must not count as "no".
    """
    column, label = columns[spec.label.semantic], spec.label
    if spec.family is Family.HISTOGRAM:
        return np.zeros((len(column), 1))
    if isinstance(label, ClassLabel):
        place = _places(column, label.values)
        _require_labels(place == len(label.values))
        return np.eye(len(label.values))[place]
    numbers = column.astype(np.float64)
    _require_labels(np.isnan(numbers))
    if isinstance(label, NumberLabel):
        low, high = label.low_micro / MICRO, label.high_micro / MICRO
        return (2 * (np.clip(numbers, low, high) - low) / (high - low) - 1)[:, None]
    return (numbers > label.above_micro / MICRO).astype(np.float64)[:, None]


def _blocks(
    binned: Mapping[str, NDArray[np.intp]], spec: ModelSpec
) -> Iterator[tuple[NDArray[np.intp], int]]:
    """Yield the index within its block and the width of each feature and each cross."""
    for feature in spec.features:
        yield binned[feature.semantic], feature.width
    for cross in spec.crosses:
        yield _cells(binned, spec, cross), spec.cross_width(cross)


def _cells(binned: Mapping[str, NDArray[np.intp]], spec: ModelSpec, cross: Cross) -> NDArray[np.intp]:
    first, second = spec.feature(cross.first), spec.feature(cross.second)
    across = second.groups(cross.groups)
    left = _merged(binned[cross.first], first, cross.groups)
    return left * across + _merged(binned[cross.second], second, cross.groups)


def _merged(index: NDArray[np.intp], feature: Feature, most: int) -> NDArray[np.intp]:
    """Merge a number's intervals evenly into at most `most` groups; "missing" becomes the last."""
    if isinstance(feature, CategoryFeature):
        return index
    intervals, groups = feature.width - 1, feature.groups(most)
    merged: NDArray[np.intp] = np.append(np.arange(intervals) * (groups - 1) // intervals, groups - 1)
    return merged[index]


def _require_labels(missing: NDArray[np.bool_]) -> None:
    count = int(missing.sum())
    if count:
        raise DataInvalid("label_missing", count=count)


def _places(column: Column, values: tuple[str, ...]) -> NDArray[np.intp]:
    """Return each text's place in `values`, and their number for a text that is not among them."""
    place, none = {value: index for index, value in enumerate(values)}, len(values)
    return np.array([place.get(value, none) for value in column.tolist()], dtype=np.intp)
