"""From a department's columns to the design matrix: one-hot public bins, one bin for what is missing."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import MICRO, CategoryFeature, Feature, ModelSpec, NumericFeature

Column = NDArray[np.float64] | NDArray[np.object_]
"""A number column (NaN is missing) or a text column (None is missing), one entry a row."""


def design(columns: Mapping[str, Column], spec: ModelSpec) -> NDArray[np.float32]:
    """Return the design matrix, shape (rows, spec.dimension): a column of ones, then each feature's bins.

    `columns` is keyed by semantic. Every row has exactly one 1 in each feature's block.
    """
    rows = len(columns[spec.label.semantic])
    matrix = np.zeros((rows, spec.dimension), dtype=np.float32)
    matrix[:, 0] = 1.0
    start = 1
    for feature in spec.features:
        matrix[np.arange(rows), start + bins(columns[feature.semantic], feature)] = 1.0
        start += feature.width
    return matrix


def bins(column: Column, feature: Feature) -> NDArray[np.intp]:
    """Return each row's bin, shape (rows,), in 0 … feature.width - 1; the last is "missing" or "other"."""
    if isinstance(feature, NumericFeature):
        numbers = column.astype(np.float64)
        edges = np.asarray(feature.edges_micro, dtype=np.float64) / MICRO
        index = np.searchsorted(edges, numbers, side="right")
        return np.where(np.isnan(numbers), feature.width - 1, index)
    return _categories(column, feature)


def labels(columns: Mapping[str, Column], spec: ModelSpec) -> NDArray[np.float32]:
    """Return the 0/1 label of each row, shape (rows,).

    Raises:
        DataInvalid: a label is missing; it must not count as "no".
    """
    numbers = columns[spec.label.semantic].astype(np.float64)
    missing = int(np.isnan(numbers).sum())
    if missing:
        raise DataInvalid("label_missing", count=missing)
    return (numbers > spec.label.above_micro / MICRO).astype(np.float32)


def _categories(column: Column, feature: CategoryFeature) -> NDArray[np.intp]:
    place = {value: index for index, value in enumerate(feature.values)}
    other = feature.width - 1
    return np.fromiter((place.get(value, other) for value in column), dtype=np.intp, count=len(column))
