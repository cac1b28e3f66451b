"""Amplification by sampling: the bound against exact laws, other accountants and what it must never do."""

import math
import random
from dataclasses import replace

import dp_accounting
import numpy as np
import pytest
from dp_accounting import pld, rdp

from xinqiao_governance.model_spec import MICRO
from xinqiao_models import accounting
from xinqiao_models.accounting import Releases, concentrated, epsilon, variance_for
from xinqiao_models.amplification import _orders, amplified_epsilon
from xinqiao_models.reference import prv_epsilon

DELTA = 1e-5
DRAWN = Releases(
    sensitivity=808.0, variance=4_040**2, shares=7, dimension=64, answers=1_000, sampling_micro=20_000
)
CASES = [(0.01, 0.8, 1_000), (0.01, 2.0, 1_000), (0.1, 20.0, 1_000), (0.1, 5.0, 2_000), (0.5, 40.0, 400)]


def event(rate: float, multiplier: float, answers: int) -> dp_accounting.DpEvent:
    one = dp_accounting.PoissonSampledDpEvent(rate, dp_accounting.GaussianDpEvent(multiplier))
    return dp_accounting.SelfComposedDpEvent(one, answers)


def ours(rate: float, multiplier: float, answers: int) -> float:
    return amplified_epsilon(1 / (2 * multiplier**2), rate, answers, DELTA)


@pytest.mark.parametrize(("rate", "multiplier", "answers"), CASES)
def test_at_the_same_orders_it_is_the_sampled_gaussians(rate: float, multiplier: float, answers: int) -> None:
    """At whole orders the Gaussian's moments are what bounds of its divergences give: nothing is lost."""
    accountant = rdp.RdpAccountant(orders=_orders())
    accountant.compose(event(rate, multiplier, answers))
    assert ours(rate, multiplier, answers) == pytest.approx(accountant.get_epsilon(DELTA), rel=1e-6)


@pytest.mark.parametrize(("rate", "multiplier", "answers"), CASES)
def test_is_above_the_tight_accountant_and_near_it(rate: float, multiplier: float, answers: int) -> None:
    accountant = pld.PLDAccountant()
    accountant.compose(event(rate, multiplier, answers))
    tight = accountant.get_epsilon(DELTA)
    assert tight < ours(rate, multiplier, answers) < 1.2 * tight


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "multiplier", "answers"), CASES[:3])
def test_is_above_opacus_prv_and_near_it(rate: float, multiplier: float, answers: int) -> None:
    prv = prv_epsilon(multiplier, answers, DELTA, sampling_rate=rate)
    assert prv is not None
    assert prv < ours(rate, multiplier, answers) < 1.2 * prv


def law(variance: int, reach: int) -> np.ndarray:
    """The discrete Gaussian on -reach … reach."""
    weights = np.array([math.exp(-(k**2) / (2 * variance)) for k in range(-reach, reach + 1)])
    return weights / weights.sum()


@pytest.mark.parametrize("rate", [0.01, 0.3, 0.9])
@pytest.mark.parametrize("moved", [1, 3, 8])
def test_covers_the_sampled_discrete_gaussian_both_ways(rate: float, moved: int) -> None:
    """One answer: E[(with/without)^α] and E[(without/with)^α] by summing the law itself."""
    reach, variance = 60, 20
    noise = law(variance, reach)
    without, here = noise[moved:-moved], noise[: -2 * moved]  # at the same places, far inside the reach
    drawn = (1 - rate) * without + rate * here
    rho = moved**2 / (2 * variance)
    for order in (2, 3, 5, 8):
        bound = math.fsum(
            math.comb(order, k) * rate**k * (1 - rate) ** (order - k) * math.exp(k * (k - 1) * rho)
            for k in range(order + 1)
        )
        assert math.fsum(drawn**order * without ** (1 - order)) <= bound * (1 + 1e-9)
        assert math.fsum(without**order * drawn ** (1 - order)) <= bound * (1 + 1e-9)


@pytest.mark.parametrize("rate", [0.05, 0.5])
def test_covers_one_answer_at_its_delta_both_ways(rate: float) -> None:
    noise, delta = law(20, 60), 1e-4
    without, here = noise[3:-3], noise[:-6]
    drawn = (1 - rate) * without + rate * here
    stated = amplified_epsilon(9 / 40, rate, 1, delta)
    for first, second in ((drawn, without), (without, drawn)):
        assert math.fsum(np.maximum(first - math.exp(stated) * second, 0.0)) <= delta


def test_the_mirror_lemma_holds_for_any_pair() -> None:
    """Σ μ^α·m^(1-α) ≤ Σ m^α·μ^(1-α) for m = (1-q)·μ + q·ν, if a mirror exchanges μ and ν."""
    draw = random.Random(5)
    for _ in range(300):
        half = [draw.lognormvariate(0, 3) for _ in range(6)]
        mu = np.array(half) / sum(half)
        mixed = (rate := draw.random()) * mu[::-1] + (1 - rate) * mu
        order = 1 + draw.expovariate(0.2)
        removed, added = (mu**order * mixed ** (1 - order)).sum(), (mixed**order * mu ** (1 - order)).sum()
        assert removed <= added * (1 + 1e-12)


def test_is_far_below_the_bound_for_laws_without_a_mirror() -> None:
    """Zhu, Wang 2019, Theorem 5, has a factor 3 from the third moment on."""
    rate, rho, order = 0.1, 0.02, 8
    own = [
        math.comb(order, k) * rate**k * (1 - rate) ** (order - k) * math.exp(k * (k - 1) * rho)
        for k in range(order + 1)
    ]
    general = sum(own[:3]) + 3 * sum(own[3:])
    assert sum(own) < general


# ---- what an order states ----------------------------------------------------------------------------


def test_everybody_in_every_step_is_what_it_was() -> None:
    full = replace(DRAWN, sampling_micro=MICRO)
    assert epsilon(full, DELTA) == epsilon(Releases(808.0, 4_040**2, 7, 64, 1_000), DELTA)


@pytest.mark.parametrize("answers", [1, 10, 1_000])
@pytest.mark.parametrize("multiplier", [0.7, 5, 50])
def test_being_drawn_less_often_never_costs_more(answers: int, multiplier: float) -> None:
    rates = [1, 100, 10_000, 300_000, 900_000, 999_999, MICRO]
    drawn = [
        epsilon(
            replace(DRAWN, answers=answers, variance=round((808 * multiplier) ** 2), sampling_micro=rate),
            DELTA,
        )
        for rate in rates
    ]
    assert drawn == sorted(drawn)


def test_figures_never_improve_when_a_release_gets_worse() -> None:
    base = epsilon(DRAWN, DELTA)
    assert epsilon(replace(DRAWN, answers=1_001), DELTA) > base
    assert epsilon(replace(DRAWN, sensitivity=809.0), DELTA) > base
    assert epsilon(replace(DRAWN, variance=DRAWN.variance - 10**4), DELTA) > base
    assert epsilon(replace(DRAWN, sampling_micro=DRAWN.sampling_micro + 1), DELTA) > base
    assert epsilon(replace(DRAWN, dimension=1 << 24, shares=4_000, variance=4_000), DELTA) > base
    assert epsilon(DRAWN, DELTA / 2) > base


def test_the_summing_term_is_in_it() -> None:
    tiny = Releases(1.0, 12, 6, 4, 10, sampling_micro=100_000)
    rho = concentrated(replace(tiny, answers=1))
    assert rho > 1 / 24
    assert epsilon(tiny, DELTA) == amplified_epsilon(rho, 0.1, 10, DELTA)


@pytest.mark.parametrize("target", [0.1, 1.0, 8.0])
def test_variance_is_the_least_that_proves_epsilon(target: float) -> None:
    variance = variance_for(target, DELTA, DRAWN)
    assert epsilon(replace(DRAWN, variance=variance), DELTA) <= target
    assert epsilon(replace(DRAWN, variance=variance - 1 - variance // 10**7), DELTA) > target
    assert variance < variance_for(target, DELTA, replace(DRAWN, sampling_micro=MICRO)) / 100


@pytest.mark.parametrize("rho", [1e304, math.inf, math.nan])
def test_where_floats_end_nothing_is_proven(rho: float) -> None:
    assert amplified_epsilon(rho, 0.1, 1, DELTA) == math.inf
    assert accounting._epsilon_of(rho, DELTA) > 1e300


@pytest.mark.parametrize("variance", [1, 10**6, 1 << 62])
@pytest.mark.parametrize("rate", [1, 500_000, 999_999])
def test_no_order_makes_it_anything_but_a_number(variance: int, rate: int) -> None:
    for sensitivity, answers in ((1e-6, 1), (1e12, 1 << 32)):
        stated = epsilon(Releases(sensitivity, variance, 1, 1, answers, rate), 1e-9)
        assert 0.0 <= stated < math.inf
