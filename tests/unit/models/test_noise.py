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


def table_law(table: noise._Table) -> list[Fraction]:
    """P(|k| = j) that the thresholds give, exactly."""
    pairs = zip(table.high.tolist(), table.low.tolist(), strict=True)
    bounds = [0, *((high << 64) + low for high, low in pairs), 1 << 128]
    return [Fraction(b - a, 1 << 128) for a, b in pairwise(bounds)]


@pytest.mark.parametrize("variance", SMALL)
def test_stated_distance_covers_an_independent_computation(variance: int) -> None:
    sampler = DiscreteGaussian(variance)
    law = table_law(noise._table(variance))
    with mpmath.workdps(80):
        exact = exact_half_law(variance, len(law))
        apart = mpmath.fsum(
            abs(mpmath.mpf(a.numerator) / a.denominator - b) for a, b in zip(law, exact, strict=True)
        )
        distance = (apart + 1 - mpmath.fsum(exact)) / 2
        stated = mpmath.mpf(sampler.distance.numerator) / sampler.distance.denominator
        assert 0 < distance <= stated


def two_sided(law: list[Fraction], stride: int) -> dict[int, mpmath.mpf]:
    """P(k) at 80 digits of what is drawn as a magnitude and a sign, times the stride."""
    exact = [mpmath.mpf(p.numerator) / p.denominator for p in law]
    return {stride * k: exact[abs(k)] / (2 if k else 1) for k in range(1 - len(law), len(law))}


@pytest.mark.parametrize("variance", [900, 1_000, 1_337])
def test_two_small_tables_draw_one_larger_variance(variance: int) -> None:
    """The slow way: convolve what the two tables draw, and compare with the definition, at 80 digits."""
    tables = [(stride, noise._table(part)) for stride, part in noise._split(variance)]
    bound = sum(table.distance for _, table in tables) + noise._SPLIT_DISTANCE
    with mpmath.workdps(80):
        fine, coarse = (two_sided(table_law(table), stride) for stride, table in tables)
        drawn: dict[int, mpmath.mpf] = {}
        for a, p in fine.items():
            for b, q in coarse.items():
                drawn[a + b] = drawn.get(a + b, mpmath.mpf(0)) + p * q
        exact = two_sided_exact(variance, max(drawn))
        distance = (
            mpmath.fsum(abs(drawn[k] - exact[k]) for k in drawn) + 1 - mpmath.fsum(exact.values())
        ) / 2
        assert 0 < distance <= mpmath.mpf(bound.numerator) / bound.denominator


def test_the_stated_distance_counts_both_tables_and_the_split() -> None:
    tables = [noise._table(part).distance for _, part in noise._split(noise._ONE_TABLE)]
    assert DiscreteGaussian(noise._ONE_TABLE).distance == sum(tables) + noise._SPLIT_DISTANCE


def two_sided_exact(variance: int, reach: int) -> dict[int, mpmath.mpf]:
    half = exact_half_law(variance, reach + 1)
    return {k: half[abs(k)] / (2 if k else 1) for k in range(-reach, reach + 1)}


@pytest.mark.parametrize(
    "variance", [noise._ONE_TABLE, noise._ONE_TABLE + 1, 16_000**2, 10**11, MAX_VARIANCE]
)
def test_the_terms_of_a_large_variance_meet_the_proof_s_conditions(variance: int) -> None:
    (one, fine), (stride, coarse) = noise._split(variance)
    assert one == 1
    assert fine + stride**2 * coarse == variance
    assert Fraction(fine * coarse, variance) >= 4  # s² of the proof
    with mpmath.workdps(80):
        eta = 2 * mpmath.nsum(lambda j: mpmath.exp(-2 * mpmath.pi**2 * 4 * j * j), [1, mpmath.inf])
        stated = mpmath.mpf(noise._SPLIT_DISTANCE.numerator) / noise._SPLIT_DISTANCE.denominator
        assert eta / (1 - eta) <= stated


def test_a_small_variance_keeps_a_table_of_its_own() -> None:
    assert noise._parts(noise._ONE_TABLE - 1) == [(1, noise._ONE_TABLE - 1)]


def test_the_two_parts_of_a_draw_are_independent_of_each_other() -> None:
    """One word for both would tie the fine part to the coarse one and change the variance."""
    sampler = DiscreteGaussian(MAX_VARIANCE)
    draws = sampler.draw(200_000)
    (_, _), (stride, _) = noise._split(MAX_VARIANCE)
    assert abs(draws.astype(float).var() / MAX_VARIANCE - 1) < 6 * (2 / len(draws)) ** 0.5
    assert len(np.unique(draws % stride)) == stride  # every remainder comes up


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
    for variance in [*range(1, 300), 10**4 + 1, noise._ONE_TABLE - 1, 16_000**2, MAX_VARIANCE]:
        assert DiscreteGaussian(variance).distance <= MAX_DISTANCE


@pytest.mark.parametrize("variance", [1, 9, 10_000, noise._ONE_TABLE])
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
    table = noise._table(25)
    for index, (high, low) in enumerate(zip(table.high, table.low, strict=True)):
        assert noise._settle(table, high, low) == index + 1
        assert noise._settle(table, high, low - np.uint64(1)) == index


def test_a_word_that_ties_draws_more_bits() -> None:
    table = noise._table(25)
    seen = noise._magnitudes(table, np.repeat(table.high[:1], 2_000))
    assert set(seen.tolist()) == {0, 1}


@pytest.mark.parametrize("variance", [1, 25, 10**6 - 1])
def test_the_lookup_by_buckets_finds_what_a_search_finds(variance: int) -> None:
    table = noise._table(variance)
    starts = np.arange(1 << 16, dtype=np.uint64) << np.uint64(48)
    edges = np.concatenate([starts, table.high])
    one = np.uint64(1)
    words = np.concatenate([edges + one, edges - one, starts, np.frombuffer(os.urandom(80_000), dtype="<u8")])
    words = words[~np.isin(words, table.high)]  # a tie draws more bits
    assert np.array_equal(noise._magnitudes(table, words), np.searchsorted(table.high, words, side="left"))


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


@pytest.mark.parametrize("variance", [noise._ONE_TABLE - 1, 16_000**2, MAX_VARIANCE])
def test_no_order_can_ask_for_a_table_that_costs_much(variance: int) -> None:
    """It is built after the step was burned: what the gate lets through must be cheap."""
    noise._table.cache_clear()
    before = time.process_time()
    terms = DiscreteGaussian(variance)._terms
    assert time.process_time() - before < 0.5
    assert sum(table.high.nbytes + table.low.nbytes for _, table in terms) < 1 << 20


def test_drawing_is_fast() -> None:
    sampler = DiscreteGaussian(16_000**2)
    before = time.process_time()
    sampler.draw(10**6)
    assert time.process_time() - before < 1
