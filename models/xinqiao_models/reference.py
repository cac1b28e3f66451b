"""Continuous references, shown beside the proven ε and never instead of it. The one front door of Opacus.

Both describe T answers with real-valued Gaussian noise of σ = noise_multiplier · sensitivity; no
machine draws such noise.
"""

import math
import warnings

_SEARCH_STEPS = 200
_EPSILON_LIMIT = 1_000.0


def gaussian_epsilon(noise_multiplier: float, answers: int, delta: float) -> float:
    """Return the exact ε at `delta` of `answers` full-batch Gaussian releases (Balle, Wang 2018, Theorem 8).

    T adaptive releases equal one with μ = √T / noise_multiplier (Dong, Roth, Su 2019, Corollary 2). Rounded
    up to the search's resolution.
    """
    mu = math.sqrt(answers) / noise_multiplier
    low, high = 0.0, _EPSILON_LIMIT
    for _ in range(_SEARCH_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _delta_at(middle, mu) > delta else (low, middle)
    return high


def prv_epsilon(
    noise_multiplier: float, answers: int, delta: float, *, sampling_rate: float = 1.0
) -> float | None:
    """Return the upper estimate of Opacus' PRV accountant for Poisson samples; None without Opacus."""
    try:
        from opacus.accountants import PRVAccountant
    except ModuleNotFoundError:
        return None
    accountant = PRVAccountant()
    accountant.history = [(noise_multiplier, sampling_rate, answers)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # at sampling rate 1 its grid meets log(0) and its orders end
        return float(accountant.get_epsilon(delta=delta))


def _delta_at(epsilon: float, mu: float) -> float:
    return _normal_cdf(mu / 2 - epsilon / mu) - _exp_times_cdf(epsilon, -mu / 2 - epsilon / mu)


def _normal_cdf(value: float) -> float:
    return math.erfc(-value / math.sqrt(2)) / 2


def _exp_times_cdf(exponent: float, value: float) -> float:
    """Return exp(exponent)·Φ(value); where Φ underflows, the product is far below any δ."""
    cdf = _normal_cdf(value)
    return math.exp(exponent + math.log(cdf)) if cdf > 0 else 0.0
