"""Privacy amplification by Poisson samples: the ε of T sums over people who were each drawn with chance q.

Setting. In each sum a person x is drawn with chance q, independently of everybody and of every other sum, and
nobody but x's own node knows it. Let μ be the law of the noised sum without x and ν the law with x, whoever
else is drawn: ν is μ moved by an integer vector, and D_k(ν‖μ) ≤ k·ρ (`accounting.concentrated`, one answer).

1. D_α of the sums on tables with and without x is at most that of the pair (1-q)·μ + q·ν and μ for the worst
   draw of the others, in either direction: Rényi divergence is jointly quasi-convex (van Erven, Harremoës
   2014, Theorem 13). So this holds even against whoever knows all other draws.
2. With x against without: the binomial theorem, Mironov, Talwar, Zhang 2019, section 3.3, for whole α:
   E_μ[(1-q + q·ν/μ)^α] = Σ_k C(α,k)·(1-q)^(α-k)·q^k·E_μ[(ν/μ)^k], and E_μ[(ν/μ)^k] = exp((k-1)·D_k(ν‖μ)) is
   at most exp(k(k-1)·ρ). No coefficient is negative, so bounds of the D_k are all that it takes, not the
   Gaussian itself; it reads E[exp(K(K-1)·ρ)] for K of the binomial law of α and q.
3. Without x against with: at most as much, Mironov, Talwar, Zhang 2019, Theorem 5, because a mirror exchanges
   μ and ν (noise shares are symmetric). Their proof is for densities; the one for sums over integers stands
   in docs/decisions/022. The factor 3 of Zhu, Wang 2019, Theorem 5, for laws without a mirror is not needed.
4. Divergences of one order add up over adaptive sums (Mironov 2017, Proposition 1), each drawn afresh.
5. To ε at δ: Canonne, Kamath, Steinke 2020, Proposition 12. Any order proves its ε, so a list of them does.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Vector = NDArray[np.float64]

_SLACK = 1e-9  # relative; the binomial law's logarithms, below 4·10^4, are good to 10^-11
_EACH_ORDER = 64
_HIGHEST_ORDER = 2_048
_GROWTH = 1.12
_HIGHEST_RHO = 1e280  # its moments of all answers are still finite


def amplified_epsilon(rho: float, rate: float, answers: int, delta: float) -> float:
    """Return a proven ε at `delta` of `answers` sums, each ρ-zCDP for who is drawn; 0 < `rate` < 1.

    Never too low, and infinite where floats end. It rises with ρ, the rate and the answers.
    """
    if not rho < _HIGHEST_RHO:
        return math.inf
    terms = _terms()
    exponents = rho * terms.pairs
    # log of pmf · (exp(exponent) - 1), which is the exponent itself where the power is past all floats
    logs = _log_binomial(rate) + exponents + np.log(-np.expm1(-exponents))
    moments = np.logaddexp(0.0, _log_sums(logs, terms.starts)) * (1 + _SLACK)
    above = terms.orders - 1
    conversion = (-np.log(delta) - np.log(terms.orders)) / above + np.log(above / terms.orders)
    return max(0.0, float((answers * moments / above + conversion).min()) * (1 + _SLACK))


@dataclass(frozen=True, eq=False)
class _Terms:
    """The terms k = 2 … α of every order α, one order after another; `starts` is the first of each.

    pairs: k(k-1); choices: the logarithm of C(α, k).
    """

    orders: Vector
    starts: NDArray[np.intp]
    order: Vector
    k: Vector
    pairs: Vector
    choices: Vector


@lru_cache(maxsize=1)
def _terms() -> _Terms:
    orders = np.array(_orders())
    counts = orders - 1
    starts = np.cumsum(counts) - counts
    order = np.repeat(orders, counts).astype(np.float64)
    k = (np.arange(counts.sum()) - np.repeat(starts, counts) + 2).astype(np.float64)
    choices = gammaln(order + 1) - gammaln(k + 1) - gammaln(order - k + 1)
    return _Terms(orders.astype(np.float64), starts, order, k, k * (k - 1), choices)


def _orders() -> list[int]:
    """Return every small order, then fewer and fewer: a large one is best only where ε is small."""
    orders = list(range(2, _EACH_ORDER))
    while orders[-1] < _HIGHEST_ORDER:
        orders.append(int(orders[-1] * _GROWTH) + 1)
    return orders


@lru_cache(maxsize=8)
def _log_binomial(rate: float) -> Vector:
    """Return the logarithm of the chance that k of α are drawn, for every term."""
    terms = _terms()
    log_law: Vector = terms.choices + terms.k * np.log(rate) + (terms.order - terms.k) * np.log1p(-rate)
    return log_law


def _log_sums(logs: Vector, starts: NDArray[np.intp]) -> Vector:
    """Return the logarithm of the sum of powers of each order's terms."""
    highest = np.maximum.reduceat(logs, starts)
    counts = np.diff(starts, append=len(logs))
    sums: Vector = highest + np.log(np.add.reduceat(np.exp(logs - np.repeat(highest, counts)), starts))
    return sums
