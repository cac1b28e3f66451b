"""The proven (ε, δ) of T adaptive releases of an integer vector sum under summed discrete Gaussian noise.

Sensitivities, noise and variances are in the integer units of the sum. Unit of privacy: whatever one unit of
sensitivity stands for (a person). Every figure is rounded to the safe side: a stated ε is never too low.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from xinqiao_governance.model_spec import MICRO
from xinqiao_models.amplification import amplified_epsilon
from xinqiao_models.noise import MAX_DISTANCE

_SLACK = 1e-12  # relative; far above the rounding of the few dozen float operations behind a figure
_LOWEST_EXPONENT = -700.0  # exp stays a positive float, so a bound never underflows to zero
_GOLDEN = (math.sqrt(5) - 1) / 2
_SEARCH_STEPS = 80
_LOG_ORDERS = (-14.0, 21.0)  # natural logarithms of α - 1 between which the best Rényi order is sought


@dataclass(frozen=True)
class Releases:
    """`answers` adaptive releases of a vector of `dimension` integers, each plus the sum of `shares` noises.

    `sensitivity` is an upper bound of the L2 change by one unit; every share is a discrete Gaussian of
    variance ceil(variance / shares), so that the sum carries at least `variance`. In every answer a unit is
    drawn with the chance `sampling_micro`, in millionths, and nobody learns whether it was.
    """

    sensitivity: float
    variance: int
    shares: int
    dimension: int
    answers: int
    sampling_micro: int = MICRO


def concentrated(releases: Releases) -> float:
    """Return ρ: the releases together are ρ-zCDP, their Rényi divergence of order α at most ρ·α, all α > 1.

    That is for units that are in every answer, and so for any that are drawn.

    One release: Kairouz, Liu, Steinke 2021, Proposition 14 (share deviation ≥ 1/2),
    D_α ≤ (α/2)·(Δ₂/σ + τ·√d)² with τ = 10·Σ_{j=1}^{k-1} exp(-2π²·v·j/(j+1)), v the variance of a share and
    σ² = k·v. For one share τ = 0 and it is Canonne, Kamath, Steinke 2020, Theorem 4. Adaptive composition
    adds (Bun, Steinke 2016, Lemma 2.3). With σ² held, fewer shares give a smaller τ: the bound covers them.
    """
    scaled = releases.sensitivity / math.sqrt(releases.variance)
    summing = _summing(releases) * math.sqrt(releases.dimension)
    return releases.answers * (scaled + summing) ** 2 / 2 * (1 + _SLACK)


def epsilon(releases: Releases, delta: float) -> float:
    """Return a proven ε at `delta` (0 < delta < 1) for noise of the exact law; never too low.

    Where units are drawn, the smaller of two proven figures: with amplification at whole orders, and without.
    """
    full = _epsilon_of(concentrated(releases), delta)
    if releases.sampling_micro >= MICRO:
        return full
    one = concentrated(replace(releases, answers=1))
    return min(full, amplified_epsilon(one, releases.sampling_micro / MICRO, releases.answers, delta))


def _epsilon_of(rho: float, delta: float) -> float:
    """Return the ε of ρ-zCDP at `delta`.

    Canonne, Kamath, Steinke 2020, Proposition 12: for every α > 1,
    ε = ρ·α + (ln(1/δ) + (α-1)·ln(1-1/α) - ln α)/(α-1). Any α proves its ε, so the search need not be exact.
    """
    low, high = _LOG_ORDERS
    for _ in range(_SEARCH_STEPS):
        width = _GOLDEN * (high - low)
        if _epsilon_at(high - width, rho, delta) < _epsilon_at(low + width, rho, delta):
            high = low + width
        else:
            low = high - width
    found = _epsilon_at((low + high) / 2, rho, delta) * (1 + _SLACK)
    return max(0.0, found) if math.isfinite(found) else math.inf


@lru_cache(maxsize=64)
def variance_for(epsilon_limit: float, delta: float, releases: Releases) -> int:
    """Return the least total variance, in squared integer units, that proves ε ≤ `epsilon_limit`.

    What `releases` has for a variance does not count.
    """

    def enough(variance: int) -> bool:
        return epsilon(replace(releases, variance=variance), delta) <= epsilon_limit

    high = 1
    while not enough(high):
        high *= 2
    low = high // 2  # not enough, or zero
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def sampler_delta(epsilon_stated: float, *, roster: int, dimension: int, answers: int) -> float:
    """Return what must be added to δ because tables, not the exact law, are sampled; never too low.

    Lemma: if M is (ε, δ)-DP and M' is within total variation η of M on every input, M' is
    (ε, δ + (1 + e^ε)·η)-DP, since P'(S) ≤ P(S) + η ≤ e^ε·Q(S) + δ + η ≤ e^ε·(Q'(S) + η) + δ + η. All draws of
    all answers are independent, so η is at most their number times the distance of one (coupling, one draw
    at a time).
    """
    draws = answers * roster * dimension
    return (1 + math.exp(epsilon_stated)) * draws * float(MAX_DISTANCE) * (1 + _SLACK)


def _summing(releases: Releases) -> float:
    share = -(-releases.variance // releases.shares)
    exponents = (-2 * math.pi**2 * share * j / (j + 1) for j in range(1, releases.shares))
    return 10 * math.fsum(math.exp(max(exponent, _LOWEST_EXPONENT)) for exponent in exponents)


def _epsilon_at(log_order: float, rho: float, delta: float) -> float:
    """Return the ε that the order α = 1 + e^log_order proves, in a form that is stable near α = 1."""
    above = math.exp(log_order)  # α - 1
    order = 1 + above
    conversion = (-math.log(delta) - math.log(order)) / above + math.log(above / order)
    return rho * order + conversion
