"""How a number is spread: one private sum over the cells of a public grid, and quantiles out of it.

Unit: a person. The vector holds, for each cell and for "missing", the mean over a person's rows of a one in
the row's cell; its norm is at most 1, so nobody needs clipping. What is made of the opened sum costs no
privacy: consistency of noised counts as in Hay, Rastogi, Miklau, Suciu 2010.
"""

import math

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import ProtocolViolated
from xinqiao_governance.model_spec import MICRO, ModelSpec, NumberLabel, NumericFeature
from xinqiao_models.gradients import WEIGHT_BITS, Vector, cut_to_grid, person_bounds
from xinqiao_models.people import People

_HAIR = 1e-6
PARTS = 10
"""Into how many bins of about as many people each the card of a histogram cuts its number."""
HISTOGRAM_CLIP_MICRO = math.ceil((1 + 2 * _HAIR) * MICRO)
"""The least bound C, in millionths, at which nobody is clipped."""


class Histogram:
    """A department's people; the sum does not depend on parameters, so one answer is all that it takes."""

    def __init__(self, people: People, spec: ModelSpec) -> None:
        self._people = people
        self._spec = spec

    def __len__(self) -> int:
        return len(self._people)

    def some(self, chosen: NDArray[np.bool_]) -> "Histogram":
        """Return the sum over some people only, `chosen` of shape (people,)."""
        return Histogram(self._people.some(chosen), self._spec)

    def clipped_sum(self, parameters: Vector, clip: float) -> Vector:
        """Return the sum over people of their mean cells, shape (cells + 1,), each of L2 norm ≤ `clip`.

        Weights are cut towards zero to multiples of 2^-30; every sum of them is exact.

        Raises:
            ProtocolViolated: parameters that are not all zero, or a clip that is not above zero.
        """
        if parameters.shape != (self._spec.parameters,) or parameters.any():
            raise ProtocolViolated("parameters_invalid", limit=0)
        bounds = person_bounds(clip, np.zeros(len(self._people)), hair=_HAIR)
        weights = cut_to_grid(np.minimum(1.0, bounds) / self._people.rows_of, WEIGHT_BITS)
        total: Vector = self._people.design.transposed_times(self._people.to_rows(weights)[:, None])[:, 0]
        return total


def quantile_bins(counts: Vector, spec: ModelSpec, parts: int) -> NumericFeature | None:
    """Return bins that hold about as many people each, `parts` or fewer; None where noise left no people.

    `counts`, shape (cells + 1,), is an opened sum. Cumulated counts are made monotone by the mean of the
    least such curve above and the largest below; within a cell people are taken to be spread evenly.
    """
    if not isinstance(spec.label, NumberLabel):
        return None
    raw = np.concatenate([[0.0], np.cumsum(counts[:-1])])
    rising = np.maximum.accumulate(raw) + np.minimum.accumulate(raw[::-1])[::-1]
    below = np.maximum(rising / 2, 0.0)
    wanted = below[-1] * np.arange(1, parts) / parts
    bounds = (spec.label.low_micro, *spec.grid.edges_micro, spec.label.high_micro)
    found = np.rint(np.interp(wanted, below, bounds)).astype(np.int64).tolist() if below[-1] > 0 else []
    edges = sorted({edge for edge in found if bounds[0] < edge < bounds[-1]})
    return NumericFeature(spec.label.semantic, tuple(edges)) if edges else None


def rank_deviation(counts: Vector, deviation: float) -> float:
    """Return how far noise moves a quantile's rank at most, in standard deviations: a share of the people.

    `deviation` is the noise's of one cell. The rank of the p-quantile, k of c cells below it, carries
    k·(1-p)² + (c-k)·p² times its square, which is at most c.
    """
    people = float(counts[:-1].sum())
    return deviation * math.sqrt(len(counts) - 1) / people if people > 0 else math.inf
