"""The sampler of integer noise: its law, its stated distance, and that nothing can seed it."""

import os
import random
import time
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from scipy.stats import chi2

from xinqiao_governance.errors import ProtocolViolated
from xinqiao_models import noise
from xinqiao_models.noise import MAX_DISTANCE, MAX_VARIANCE, DiscreteGaussian

FALSE_ALARM = 1e-7
SMALL = (1, 2, 3, 7, 25, 400)


def exact_half_law(variance: int, support: int) -> list[mpmath.mpf]:
    """P(|k| = 0 … support - 1) under the definition, at 80 digits."""
    reach = support + 40 + int(20 * variance**0.5)
    weights = [mpmath.exp(-mpmath.mpf(k * k) / (2 * variance)) * (2 if k else 1) for k in range(reach)]
    total = mpmath.fsum(weights)
    return [weight / total for weight in weights[:support]]


def table_law(sampler: DiscreteGaussian) -> list[Fraction]:
    """P(|k| = j) that the thresholds give, exactly."""
    table = sampler._table
    pairs = zip(table.high.tolist(), table.low.tolist(), strict=True)
    bounds = [0, *((high << 64) + low for high, low in pairs), 1 << 128]
    return [Fraction(b - a, 1 << 128) for a, b in pairwise(bounds)]


@pytest.mark.parametrize("variance", SMALL)
def test_stated_distance_covers_an_independent_computation(variance: int) -> None:
    sampler = DiscreteGaussian(variance)
    law = table_law(sampler)
    with mpmath.workdps(80):
        exact = exact_half_law(variance, len(law))
        apart = mpmath.fsum(
            abs(mpmath.mpf(a.numerator) / a.denominator - b) for a, b in zip(law, exact, strict=True)
        )
        distance = (apart + 1 - mpmath.fsum(exact)) / 2
        stated = mpmath.mpf(sampler.distance.numerator) / sampler.distance.denominator
        assert 0 < distance <= stated


@pytest.mark.parametrize("variance", [1, 9, 250])
def test_weights_are_low_by_no_more_than_their_bound(variance: int) -> None:
    sums = noise._cumulative(variance)
    with mpmath.workdps(90):
        unit = mpmath.mpf(2) ** 192
        for k in range(1, len(sums)):
            exact = mpmath.exp(-mpmath.mpf(k * k) / (2 * variance)) * unit
            low_by = exact - (sums[k] - sums[k - 1]) // 2
            assert 0 <= low_by <= mpmath.mpf(3 * k * (k + 1)) / 2


def test_every_table_is_within_the_distance_that_accounting_relies_on() -> None:
    for variance in [*range(1, 300), 10**4 + 1, 16_000**2]:
        assert noise._table.__wrapped__(variance).distance <= MAX_DISTANCE


@pytest.mark.parametrize("variance", [1, 9, 10_000])
def test_draws_follow_the_exact_law(variance: int) -> None:
    draws = DiscreteGaussian(variance).draw(400_000)
    width = max(1, int(variance**0.5) // 3)
    cells = 10 if width > 1 else 3
    with mpmath.workdps(30):
        law = np.array([float(p) for p in exact_half_law(variance, cells * width)])
    inside = law.reshape(cells, width).sum(axis=1)
    expected = np.append(inside, 1 - inside.sum()) * len(draws)
    observed = np.bincount(np.minimum(np.abs(draws) // width, cells), minlength=cells + 1)
    assert expected.min() > 5
    assert float(((observed - expected) ** 2 / expected).sum()) < chi2.isf(FALSE_ALARM, cells)


def test_signs_are_even() -> None:
    draws = DiscreteGaussian(100).draw(100_000)
    positive, negative = int((draws > 0).sum()), int((draws < 0).sum())
    assert abs(positive - negative) < 5.5 * (positive + negative) ** 0.5


def test_a_tie_is_settled_by_the_lower_half() -> None:
    table = DiscreteGaussian(25)._table
    for index, (high, low) in enumerate(zip(table.high, table.low, strict=True)):
        assert noise._settle(table, high, low) == index + 1
        assert noise._settle(table, high, low - np.uint64(1)) == index


def test_a_word_that_ties_draws_more_bits() -> None:
    table = DiscreteGaussian(25)._table
    seen = noise._magnitudes(table, np.repeat(table.high[:1], 2_000))
    assert set(seen.tolist()) == {0, 1}


def test_draws_differ_between_calls() -> None:
    sampler = DiscreteGaussian(10**6)
    assert not np.array_equal(np.abs(sampler.draw(64)), np.abs(sampler.draw(64)))


def test_nothing_seeds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for _ in range(2):
        np.random.seed(7)
        random.seed(7)
        monkeypatch.setenv("PYTHONHASHSEED", "7")
        noise._table.cache_clear()
        seen.append(DiscreteGaussian(10**6).draw(64))
    assert not np.array_equal(np.sign(seen[0]), np.sign(seen[1]))
    assert not np.array_equal(np.abs(seen[0]), np.abs(seen[1]))


def test_a_fork_shares_no_randomness() -> None:
    sampler = DiscreteGaussian(10**6)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, sampler.draw(64).tobytes())
        os._exit(0)
    mine = sampler.draw(64)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        theirs = np.frombuffer(pipe.read(), dtype=np.int64)
    os.waitpid(child, 0)
    assert len(theirs) == 64
    assert not np.array_equal(np.abs(mine), np.abs(theirs))


@pytest.mark.parametrize("variance", [0, -1, MAX_VARIANCE + 1])
def test_a_variance_out_of_range_is_refused(variance: int) -> None:
    with pytest.raises(ProtocolViolated) as refused:
        DiscreteGaussian(variance)
    assert refused.value.code == "noise_variance_out_of_range"


def test_shapes() -> None:
    sampler = DiscreteGaussian(4)
    assert sampler.draw(0).shape == (0,)
    assert sampler.draw(13).shape == (13,)
    assert sampler.draw(13).dtype == np.int64


@pytest.mark.slow
def test_speed() -> None:
    noise._table.cache_clear()
    before = time.process_time()
    sampler = DiscreteGaussian(16_000**2)
    built = time.process_time()
    sampler.draw(10**6)
    assert built - before < 0.6
    assert time.process_time() - built < 0.5
