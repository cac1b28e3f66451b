"""Integer noise of a department's share: a discrete Gaussian from system randomness, its error proven.

P(k) is proportional to exp(-k² / (2·variance)) over all integers (Canonne, Kamath, Steinke 2020, Def. 1).
The law of |k| stands in a cumulative table of 128-bit thresholds. A draw is looked up by 64 random bits;
only when these equal the leading half of a threshold do 64 more decide, so the common path stays one 64-bit
search and the law is still held to 2^-128. A large variance is the sum of two draws from small tables, so no
variance takes long or fills the memory. Nothing here takes a seed.
"""

import math
import os
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import ProtocolViolated

MAX_VARIANCE = 1 << 40
"""Largest variance of one share, in squared integer units: a standard deviation of 2^20.

Its tables hold 40,000 thresholds, built in a twentieth of a second; `sums.check_plan` refuses more.
"""

MAX_DISTANCE = Fraction(1, 1 << 96)
"""No draw is further than this from the exact law (total variation); `accounting` relies on it."""

_POINT = 192  # binary places of the fixed-point weights
_GUARD = 64  # further places while an exponential is summed
_CUT = 96  # the table ends where w_k falls below 2^-96: past 11.5 standard deviations
_THRESHOLD = 128  # bits of a threshold
_BUCKET = 16  # leading bits of a draw, by which most are looked up without a search
_ONE_TABLE = 1 << 20  # a variance below this has a table of its own: at most 12,000 thresholds
_FINE_PART = 5  # the fine part's least variance, in strides²
_SPLIT_DISTANCE = Fraction(1, 1 << 112)  # of two parts' sum to one discrete Gaussian; see `_split`


@dataclass(frozen=True, eq=False)
class _Table:
    """Thresholds c_j = floor(2^128 · P(|k| ≤ j)) in two halves, shape (support - 1,) each, ascending.

    `below` counts the thresholds below each bucket of draws, shape (2^16,); `parted` marks the buckets that
    hold one.
    """

    high: NDArray[np.uint64]
    low: NDArray[np.uint64]
    below: NDArray[np.int64]
    parted: NDArray[np.bool_]
    distance: Fraction


class DiscreteGaussian:
    """A sampler of the discrete Gaussian with an integer variance, in squared integer units.

    `distance` is a rigorous upper bound on the total-variation distance between one draw and the exact law.
    """

    def __init__(self, variance: int) -> None:
        """Prepare the tables, or take them from a small cache.

        Raises:
            ProtocolViolated: the variance is below 1 or above `MAX_VARIANCE`.
        """
        if not 1 <= variance <= MAX_VARIANCE:
            raise ProtocolViolated("noise_variance_out_of_range", limit=MAX_VARIANCE)
        self.variance = variance
        self._terms = [(stride, _table(part)) for stride, part in _parts(variance)]

    @property
    def distance(self) -> Fraction:
        """Upper bound on the total-variation distance of one draw to the exact law."""
        tables = sum((table.distance for _, table in self._terms), Fraction(0))
        return tables + _SPLIT_DISTANCE * (len(self._terms) - 1)

    def draw(self, count: int) -> NDArray[np.int64]:
        """Return `count` independent draws, shape (count,), in integer units, from system randomness."""
        drawn = np.zeros(count, dtype=np.int64)
        for stride, table in self._terms:
            drawn += stride * _signed(table, count)
        return drawn


def _parts(variance: int) -> list[tuple[int, int]]:
    """Return the (stride, variance) whose independent draws, times their strides, add up to one draw."""
    return [(1, variance)] if variance < _ONE_TABLE else _split(variance)


def _split(variance: int) -> list[tuple[int, int]]:
    """Return two small parts of a variance of at least 900.

    Let a and b be discrete Gaussians of variances u and v, and V = u + m²·v. Completing the square,
    P(a + m·b = k) ∝ exp(-k²/(2V)) · Σ_b exp(-(b - c)²/(2s²)) with s² = u·v/V and c = m·v·k/V. By Poisson
    summation the sum over b is s·√(2π) · (1 + 2·Σ_{j≥1} exp(-2π²s²j²)·cos(2πjc)). For s² ≥ 4 that is the same
    for every k within a factor 1 ± η, η < 2^-112.9, so the total variation to the law of variance V is at
    most η/(1-η) < 2^-112 (compare Peikert 2010, Theorem 3.1). Here m is about V^(1/4) and 5m² ≤ u < 6m², so
    s² > 5v/(v+6) ≥ 4, because v ≥ 24.
    """
    stride = math.isqrt(math.isqrt(variance))
    coarse = variance // stride**2 - _FINE_PART
    return [(1, variance - stride**2 * coarse), (stride, coarse)]


def _signed(table: _Table, count: int) -> NDArray[np.int64]:
    words = np.frombuffer(os.urandom(8 * count), dtype="<u8")
    signs = np.unpackbits(np.frombuffer(os.urandom((count + 7) // 8), dtype=np.uint8), count=count)
    magnitudes = _magnitudes(table, words)
    return np.where(signs == 1, -magnitudes, magnitudes)


def _magnitudes(table: _Table, words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Count the thresholds below each of `words`; a bucket that holds none gives all its words one count."""
    buckets = (words >> np.uint64(64 - _BUCKET)).astype(np.intp)
    found = table.below[buckets]
    searched = np.flatnonzero(table.parted[buckets])
    found[searched] = places = np.searchsorted(table.high, words[searched], side="left")
    tied = table.high.take(places, mode="clip") == words[searched]
    for place in searched[tied]:
        found[place] = _settle(table, words[place], np.frombuffer(os.urandom(8), dtype="<u8")[0])
    return found


def _settle(table: _Table, word: np.uint64, more: np.uint64) -> int:
    """Count the thresholds at or below the 128-bit number word · 2^64 + more, where `word` alone ties."""
    first, last = (int(np.searchsorted(table.high, word, side=side)) for side in ("left", "right"))
    return first + int(np.searchsorted(table.low[first:last], more, side="right"))


@lru_cache(maxsize=8)
def _table(variance: int) -> _Table:
    sums = _cumulative(variance)
    support, total = len(sums), sums.pop()
    raw = b"".join([((below << _THRESHOLD) // total).to_bytes(16, "little") for below in sums])
    halves = np.frombuffer(raw, dtype="<u8").reshape(-1, 2)
    low, high = (np.ascontiguousarray(halves[:, column]) for column in (0, 1))
    starts = np.arange(1 << _BUCKET, dtype=np.uint64) << np.uint64(64 - _BUCKET)
    below = np.searchsorted(high, starts, side="left").astype(np.int64)
    parted = np.diff(below, append=len(high)) > 0
    return _Table(high, low, below, parted, _distance(variance, support, total))


def _cumulative(variance: int) -> list[int]:
    """Return the sums over |i| ≤ k of w_i = exp(-i²/(2·variance)), in units of 2^-192, never too high.

    With r_k = w_{k+1} / w_k: w_{k+1} = w_k · r_k and r_{k+1} = r_k · exp(-1/variance). The two exponentials
    are at most 2 units low, and every product is rounded down by less than 1, so r_k is at most 3k + 2 units
    low and w_k at most 3k(k+1)/2.
    """
    total = 1 << _POINT
    weight = ratio = _exp_minus(2 * variance)
    step = _exp_minus(variance)
    cut = 1 << (_POINT - _CUT)
    sums = [total]
    while weight >= cut:
        total += 2 * weight
        sums.append(total)
        ratio = ratio * step >> _POINT
        weight = weight * ratio >> _POINT
    return sums


def _exp_minus(divisor: int) -> int:
    """Return exp(-1/divisor) in units of 2^-192, low by at most 2 units (alternating series, divisor ≥ 1)."""
    term, total, order = 1 << (_POINT + _GUARD), 0, 0
    while term:
        total += term if order % 2 == 0 else -term
        order += 1
        term //= divisor * order
    return (total - order) >> _GUARD  # each of the `order` terms is off by less than one guard unit


def _distance(variance: int, support: int, total: int) -> Fraction:
    """Bound the total-variation distance of the table's law to the exact one: the sum of three errors.

    `total` is the sum of the table's two-sided weights, in units of 2^-192; it is never too high.
    Thresholds: each is less than 2^-128 low, so each probability is off by less than 2^-128.
    Weights: normalised v and u ≤ v differ by at most |v - u| / |u|; the sum over both signs of 3k(k+1)/2 for
    k < support is (support³ - support).
    Tail: beyond the table the weights fall faster than a geometric series of ratio r_support.
    """
    thresholds = Fraction(support, 2 << _THRESHOLD)
    weights = Fraction(support**3 - support, total)
    weight, ratio = _upper_at(variance, support)
    tail = 2 * weight / (1 - ratio) / Fraction(total, 1 << _POINT)
    return thresholds + weights + tail


def _upper_at(variance: int, k: int) -> tuple[Fraction, Fraction]:
    """Bound w_k and w_{k+1} / w_k from above, by exp(-x) ≤ 2^-floor(x / ln 2) and exp(-x) ≤ 1 / (1 + x)."""
    exponent = Fraction(k * k, 2 * variance)
    halvings = int(exponent * Fraction(1_442_695, 1_000_000))  # 1 / ln 2, rounded down
    return Fraction(1, 1 << halvings), 1 / (1 + Fraction(2 * k + 1, 2 * variance))
