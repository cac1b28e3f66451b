"""The continuous references against other roads to the same numbers."""

import math
import sys

import mpmath
import pytest
from dp_accounting import GaussianDpEvent, SelfComposedDpEvent, pld

from xinqiao_models.accounting import Releases, epsilon
from xinqiao_models.reference import gaussian_epsilon, prv_epsilon


@pytest.mark.parametrize(("noise_multiplier", "answers"), [(57.0, 200), (4.0, 1), (0.8, 1), (20.0, 1000)])
@pytest.mark.parametrize("delta", [1e-8, 1e-5])
def test_gaussian_epsilon_solves_the_exact_equation(
    noise_multiplier: float, answers: int, delta: float
) -> None:
    stated = gaussian_epsilon(noise_multiplier, answers, delta)
    with mpmath.workdps(50):
        mu = mpmath.sqrt(answers) / mpmath.mpf(noise_multiplier)

        def delta_at(e: mpmath.mpf) -> mpmath.mpf:
            return mpmath.ncdf(mu / 2 - e / mu) - mpmath.exp(e) * mpmath.ncdf(-mu / 2 - e / mu)

        assert delta_at(mpmath.mpf(stated) * (1 + mpmath.mpf(10) ** -8)) < delta
        assert delta_at(mpmath.mpf(stated) * (1 - mpmath.mpf(10) ** -8)) > delta


def test_gaussian_epsilon_agrees_with_privacy_loss_distributions() -> None:
    accountant = pld.PLDAccountant()
    accountant.compose(SelfComposedDpEvent(GaussianDpEvent(57.0), 200))
    assert gaussian_epsilon(57.0, 200, 1e-5) == pytest.approx(accountant.get_epsilon(1e-5), rel=1e-3)


def test_the_proven_figure_is_above_the_reference() -> None:
    releases = Releases(sensitivity=100.0, variance=5_700**2, shares=7, dimension=64, answers=200)
    reference = gaussian_epsilon(57.0, 200, 1e-5)
    assert reference < epsilon(releases, 1e-5) < 1.1 * reference


@pytest.mark.slow
def test_opacus_prv_is_near_the_exact_curve_and_below_ours() -> None:
    releases = Releases(sensitivity=100.0, variance=5_700**2, shares=7, dimension=64, answers=200)
    prv = prv_epsilon(57.0, 200, 1e-5)
    assert prv is not None
    assert prv == pytest.approx(gaussian_epsilon(57.0, 200, 1e-5), rel=0.02)
    assert math.isfinite(prv)
    assert prv < epsilon(releases, 1e-5) < 1.1 * prv


def test_without_opacus_there_is_no_prv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opacus", None)
    monkeypatch.setitem(sys.modules, "opacus.accountants", None)
    assert prv_epsilon(57.0, 200, 1e-5) is None
