"""A department's rows grouped by person, checked once; every private sum adds them up person by person."""

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid
from xinqiao_models.features import Design

_Scalar = TypeVar("_Scalar", bound=np.generic)

ROW_LIMIT = 1 << 22
"""Most rows of a department."""


@dataclass(frozen=True, eq=False)
class People:
    """Rows of people: `design`, `targets` of shape (rows, outputs), each in -1 … 1, and `starts`.

    A row's positions ascend, so no column has two of a row's entries, which would lengthen the row.

    `starts`, shape (people,), is the first row of each person, ascending from 0; rows of a person are side by
    side (`starts_of`).

    Raises:
        DataInvalid: other entries or shapes, or more than `ROW_LIMIT` rows.
    """

    design: Design
    targets: NDArray[np.float64]
    starts: NDArray[np.intp]
    rows_of: NDArray[np.intp] = field(init=False)

    def __post_init__(self) -> None:
        _check(self.design, self.targets, self.starts)
        object.__setattr__(self, "rows_of", np.diff(self.starts, append=len(self.targets)))

    def __len__(self) -> int:
        return len(self.starts)

    def some(self, chosen: NDArray[np.bool_]) -> "People":
        """Return the chosen people, shape (people,), with all of their rows; there may be none."""
        rows, counts = np.flatnonzero(self.to_rows(chosen)), self.rows_of[chosen]
        return People(self.design.rows(rows), self.targets[rows], np.cumsum(counts) - counts)

    def to_rows(self, per_person: NDArray[_Scalar]) -> NDArray[_Scalar]:
        """Repeat what is known of each person, shape (people,), for each of their rows: shape (rows,)."""
        return np.repeat(per_person, self.rows_of)


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


def _check(design: Design, targets: NDArray[np.float64], starts: NDArray[np.intp]) -> None:
    shaped = targets.ndim == 2 and len(targets) == len(design) and starts.ndim == 1
    if not shaped or not _bounded(targets) or not _inside(design) or not _ascending(starts, len(targets)):
        raise DataInvalid("gradient_rows_invalid")
    if len(targets) > ROW_LIMIT:
        raise DataInvalid("gradient_rows_too_many", limit=ROW_LIMIT)


def _bounded(targets: NDArray[np.float64]) -> bool:
    return bool((np.abs(targets) <= 1).all())  # false for NaN


def _inside(design: Design) -> bool:
    """One position a block, ascending within the columns, and scales of 1/2 or 1."""
    positions, scales = design.positions, design.scales
    if positions.ndim != 2 or scales.shape != positions.shape[1:]:
        return False
    ranged = bool(((positions >= 0) & (positions < design.inputs)).all())
    return ranged and bool((np.diff(positions, axis=1) > 0).all() and np.isin(scales, (0.5, 1.0)).all())


def _ascending(starts: NDArray[np.intp], rows: int) -> bool:
    bounds = np.append(starts, rows)
    return bounds[0] == 0 and bool((np.diff(bounds) > 0).all())
