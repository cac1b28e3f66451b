"""The proven ε against slow versions, golden vectors and two other accountants."""

import json
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import dp_accounting
import mpmath
import pytest
from dp_accounting import pld, rdp

from xinqiao_models import accounting
from xinqiao_models.accounting import Releases, concentrated, epsilon, sampler_delta, variance_for
from xinqiao_models.noise import MAX_DISTANCE

VECTORS = Path(__file__).parents[2] / "vectors" / "accounting_epsilon.json"
CAREER = Releases(sensitivity=808.0, variance=2_136_806_826, shares=7, dimension=64, answers=200)
DELTA = 1e-5


def multiplier(releases: Releases) -> float:
    return math.sqrt(releases.variance) / releases.sensitivity


def event_of(releases: Releases) -> dp_accounting.DpEvent:
    return dp_accounting.SelfComposedDpEvent(
        dp_accounting.GaussianDpEvent(multiplier(releases)), releases.answers
    )


@pytest.mark.parametrize("case", json.loads(VECTORS.read_text()), ids=lambda case: case["name"])
def test_golden_vectors_from_a_slow_search_at_high_precision(case: dict[str, object]) -> None:
    releases = Releases(**case["releases"])  # type: ignore[arg-type]
    exact = mpmath.mpf(case["epsilon"])
    ours = epsilon(releases, float(case["delta"]))  # type: ignore[arg-type]
    assert exact <= ours <= exact * (1 + mpmath.mpf(10) ** -8)


@pytest.mark.parametrize("answers", [1, 20, 200])
@pytest.mark.parametrize("delta", [1e-9, 1e-5, 1e-2])
def test_agrees_with_the_renyi_accountant(answers: int, delta: float) -> None:
    releases = replace(CAREER, answers=answers)
    accountant = rdp.RdpAccountant(orders=[1 + 10 ** (i / 200) for i in range(-400, 800)])
    accountant.compose(event_of(releases))
    assert epsilon(releases, delta) == pytest.approx(accountant.get_epsilon(delta), rel=2e-3)


@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
def test_is_above_the_tight_accountant_and_near_it(scale: float) -> None:
    releases = replace(CAREER, variance=int(CAREER.variance * scale))
    accountant = pld.PLDAccountant()
    accountant.compose(event_of(releases))
    tight = accountant.get_epsilon(DELTA)
    assert tight <= epsilon(releases, DELTA) <= 1.11 * tight


def test_proven_noise_costs_less_than_eight_per_cent_more_than_the_tight_curve() -> None:
    accountant = pld.PLDAccountant()
    accountant.compose(event_of(replace(CAREER, variance=int(CAREER.variance / 1.08**2))))
    assert accountant.get_epsilon(DELTA) <= 1.0


def test_is_above_the_discrete_gaussian_computed_from_its_law() -> None:
    """One share in one dimension: the hockey-stick divergence, summed over all integers."""
    releases = Releases(sensitivity=3.0, variance=50, shares=1, dimension=1, answers=1)
    stated = epsilon(releases, DELTA)

    def mass(k: int) -> float:
        return math.exp(-(k**2) / 100)

    norm = math.fsum(mass(k) for k in range(-200, 201))
    excess = (mass(k) - math.exp(stated) * mass(k + 3) for k in range(-200, 201))
    assert math.fsum(max(0.0, part) for part in excess) / norm <= DELTA


def test_summing_term_is_the_published_one() -> None:
    releases = Releases(sensitivity=1.0, variance=3, shares=3, dimension=4, answers=1)
    tau = 10 * (math.exp(-2 * math.pi**2 * 1 / 2) + math.exp(-2 * math.pi**2 * 2 / 3))
    assert concentrated(releases) == pytest.approx((1 / math.sqrt(3) + 2 * tau) ** 2 / 2, rel=1e-9)


def test_summing_term_covers_the_exact_divergence_of_a_sum() -> None:
    """Rényi divergence of two summed discrete Gaussians of variance 1 and its shift by 1, by convolution."""
    single = {k: math.exp(-(k**2) / 2) for k in range(-40, 41)}
    law = [math.fsum(single[a] * single[k - a] for a in single if k - a in single) for k in range(-60, 61)]
    norm = math.fsum(law)
    law = [value / norm for value in law]
    releases = Releases(sensitivity=1.0, variance=2, shares=2, dimension=1, answers=1)
    for order in (2, 4, 8):
        pairs = pairwise(law[40:-40])  # 20 deviations hold all of it that a float can
        terms = (math.exp(order * math.log(p) + (1 - order) * math.log(q)) for p, q in pairs)
        divergence = math.log(math.fsum(terms)) / (order - 1)
        assert divergence <= concentrated(releases) * order


@pytest.mark.parametrize("shares", [1, 2, 5])
def test_fewer_shares_of_the_same_total_are_covered(shares: int) -> None:
    small = Releases(sensitivity=1.0, variance=12, shares=6, dimension=9, answers=3)
    assert concentrated(replace(small, shares=shares)) <= concentrated(small)


def test_figures_never_improve_when_a_release_gets_worse() -> None:
    base = epsilon(CAREER, DELTA)
    assert epsilon(replace(CAREER, answers=201), DELTA) > base
    assert epsilon(replace(CAREER, sensitivity=809.0), DELTA) > base
    assert epsilon(replace(CAREER, variance=CAREER.variance - 10**6), DELTA) > base
    assert epsilon(CAREER, DELTA / 2) > base


def test_epsilon_is_never_negative() -> None:
    assert epsilon(replace(CAREER, answers=1, variance=10**18), 0.9) >= 0.0


@pytest.mark.parametrize("target", [0.1, 1.0, 8.0])
def test_variance_is_the_least_that_proves_epsilon(target: float) -> None:
    variance = variance_for(target, DELTA, CAREER)
    assert epsilon(replace(CAREER, variance=variance), DELTA) <= target
    assert epsilon(replace(CAREER, variance=variance - 1 - variance // 10**9), DELTA) > target


def test_sampler_delta_is_the_lemma() -> None:
    exact = (1 + math.exp(1.0)) * 200 * 8 * 64 * float(MAX_DISTANCE)
    stated = sampler_delta(1.0, roster=8, dimension=64, answers=200)
    assert exact <= stated <= exact * (1 + 1e-9)


def test_the_order_searched_is_the_best() -> None:
    rho = concentrated(CAREER)
    brute = min(accounting._epsilon_at(-14 + i / 1000, rho, DELTA) for i in range(35_000))
    assert epsilon(CAREER, DELTA) <= brute * (1 + 1e-9)
