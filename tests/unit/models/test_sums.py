"""Plans that hold their promises, plans that a department refuses, and sums that open."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from scipy.stats import binom

from xinqiao_governance.errors import ProtocolViolated, WireInvalid
from xinqiao_governance.model_spec import MICRO
from xinqiao_models import sums
from xinqiao_models.masks import MaskMaker
from xinqiao_models.noise import MAX_VARIANCE
from xinqiao_models.sums import SumPlan, check_plan, make_plan, masked_share, open_sum, proven_epsilon

EPSILON = 1_000_000
DELTA = 10_000


def plan_for(**changes: int) -> SumPlan:
    terms = {
        "dimension": 64,
        "clip_micro": 1_000_000,
        "epsilon_micro": EPSILON,
        "delta_nano": DELTA,
        "answers": 200,
        "collusion": 1,
        "members": 8,
        "people": 30_000,
    }
    return make_plan(**{**terms, **changes})


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(ProtocolViolated) as refused:
        action()
    return refused.value.code


def checked(plan: SumPlan, epsilon_micro: int = EPSILON, delta_nano: int = DELTA) -> Callable[[], object]:
    return lambda: check_plan(plan, epsilon_micro=epsilon_micro, delta_nano=delta_nano)


def test_a_made_plan_passes_the_check_and_wastes_nothing() -> None:
    plan = plan_for()
    check_plan(plan, epsilon_micro=EPSILON, delta_nano=DELTA)
    assert 0.999_999 < proven_epsilon(plan, DELTA) <= 1.0
    assert plan.dimension**0.5 / (plan.scale * plan.clip) == 0.01  # what rounding adds
    assert plan.scale == 800
    assert plan.noise_multiplier == pytest.approx(57.78, abs=0.01)


@pytest.mark.parametrize("dimension", [1, 7, 63, 64, 65, 1000])
@pytest.mark.parametrize("clip_micro", [1, 300_000, 999_999, 7_000_000])
def test_the_scale_is_the_least_that_keeps_rounding_within_one_per_cent(
    dimension: int, clip_micro: int
) -> None:
    scale = sums._least_scale(dimension, clip_micro)
    allowed, needed = (clip_micro * scale) ** 2, dimension * 10**16
    assert allowed >= needed
    assert (clip_micro * (scale - 1)) ** 2 < needed


def test_sensitivity_is_the_rounded_sum_of_every_home() -> None:
    plan = plan_for(homes=3)
    assert plan.sensitivity >= 3 * (800 + 8)
    assert plan.sensitivity == pytest.approx(3 * (800 + 8), rel=1e-7)
    assert plan.variance == pytest.approx(9 * plan_for().variance, rel=1e-6)


@pytest.mark.parametrize("roster", [3, 5, 8])
def test_honest_shares_of_every_roster_carry_the_variance(roster: int) -> None:
    plan = plan_for()
    share = plan.share_variance(roster)
    assert share * (roster - plan.collusion) >= plan.variance
    assert (share - 1) * (roster - plan.collusion) < plan.variance
    assert sums.share(plan, roster).variance == share


@pytest.mark.parametrize("roster", [0, 2, 9])
def test_a_roster_that_the_plan_does_not_allow_is_refused(roster: int) -> None:
    assert refusal(lambda: plan_for().share_variance(roster)) == "roster_size_invalid"


def test_a_centre_cannot_shave_the_noise() -> None:
    plan = plan_for()
    check_plan(plan, epsilon_micro=EPSILON, delta_nano=DELTA)
    short = replace(plan, variance=plan.variance * 999 // 1000)
    assert refusal(checked(short)) == "plan_epsilon_exceeded"
    assert refusal(checked(replace(plan, answers=201))) == "plan_epsilon_exceeded"
    assert refusal(checked(replace(plan, homes=2))) == "plan_epsilon_exceeded"
    assert refusal(checked(replace(plan, scale=801))) == "plan_epsilon_exceeded"
    assert refusal(checked(plan, delta_nano=DELTA // 2)) == "plan_epsilon_exceeded"


def test_a_plan_for_drawn_people_is_checked_for_its_rate() -> None:
    plan = plan_for(sampling_micro=50_000)
    check_plan(plan, epsilon_micro=EPSILON, delta_nano=DELTA)
    assert 0.999_999 < proven_epsilon(plan, DELTA) <= 1.0
    assert plan.drawn == 1_500
    assert plan.variance < plan_for().variance / 300
    assert refusal(checked(replace(plan, sampling_micro=50_001))) == "plan_epsilon_exceeded"
    assert refusal(checked(replace(plan, sampling_micro=MICRO))) == "plan_epsilon_exceeded"
    check_plan(replace(plan, sampling_micro=49_999), epsilon_micro=EPSILON, delta_nano=DELTA)


def test_who_is_in_several_departments_is_drawn_in_each_of_them() -> None:
    two, one = plan_for(sampling_micro=50_000, homes=2), plan_for(sampling_micro=100_000)
    assert two.sensitivity == pytest.approx(2 * one.sensitivity)
    assert two.variance == pytest.approx(4 * one.variance, rel=1e-6)
    assert plan_for(sampling_micro=600_000, homes=2).variance == plan_for(homes=2).variance


def test_room_in_the_sum_is_for_whom_chance_may_draw() -> None:
    """With few drawn, far more people fit; with everybody, twice the nominal number of them does, as ever."""
    assert plan_for(people=2_000_000, sampling_micro=10_000).drawn == 20_000
    most = ((1 << 31) - 12 * (math.isqrt(plan_for().variance) + 1) - 8) // (2 * 800)
    for people, code in ((most, None), (most + 1, "plan_would_wrap")):
        plan = replace(plan_for(), people=people)
        assert code is None or refusal(checked(plan)) == code
        for rate in (1, 1_000, 999_999):
            expected = -(-2 * people * rate // MICRO)
            with_chance = min(2 * people, expected + 12 * (math.isqrt(expected) + 1) + 48)
            assert binom.sf(with_chance, 2 * people, rate / MICRO) < 1e-30


def test_each_promise_has_its_own_code() -> None:
    plan = plan_for()
    assert refusal(checked(replace(plan, collusion=0))) == "plan_collusion_too_low"
    assert refusal(checked(replace(plan, members=2))) == "plan_members_too_few"
    assert refusal(checked(replace(plan, collusion=7))) == "plan_members_too_few"
    assert refusal(checked(replace(plan, answers=0))) == "plan_without_answers"
    assert refusal(checked(replace(plan, scale=799))) == "plan_rounding_too_coarse"
    assert refusal(checked(replace(plan, people=1_400_000))) == "plan_would_wrap"
    assert refusal(checked(replace(plan, variance=2 * MAX_VARIANCE + 2))) == "plan_noise_out_of_range"


@pytest.mark.parametrize(
    ("epsilon_micro", "delta_nano"),
    [(0, DELTA), (-1, DELTA), (100_000_001, DELTA), (EPSILON, 0), (EPSILON, 10**9)],
)
def test_privacy_out_of_range_is_refused(epsilon_micro: int, delta_nano: int) -> None:
    assert refusal(checked(plan_for(), epsilon_micro, delta_nano)) == "plan_privacy_invalid"
    assert (
        refusal(lambda: plan_for(epsilon_micro=epsilon_micro, delta_nano=delta_nano))
        == "plan_privacy_invalid"
    )


def test_the_samplers_part_of_delta_is_a_thousandth() -> None:
    heavy = replace(plan_for(), dimension=1 << 24, members=1 << 12, answers=1 << 32)
    assert refusal(lambda: sums._check_reserve(heavy, EPSILON, 1)) == "plan_sampler_reserve_exceeded"
    sums._check_reserve(plan_for(), EPSILON, 1)
    assert refusal(lambda: plan_for(epsilon_micro=60_000_000)) == "plan_sampler_reserve_exceeded"


@pytest.mark.parametrize("name", list(sums._LIMITS))
def test_absurd_figures_are_refused_before_anything_is_computed(name: str) -> None:
    low, high = sums._LIMITS[name]
    for value in (low - 1, high + 1):
        assert refusal(lambda value=value: replace(plan_for(), **{name: value})) == "plan_field_invalid"


def test_no_scale_for_too_many_people_is_a_clear_error() -> None:
    assert refusal(lambda: plan_for(people=2_000_000)) == "plan_would_wrap"
    assert refusal(lambda: plan_for(members=2)) == "plan_members_too_few"
    assert refusal(lambda: plan_for(answers=0)) == "plan_without_answers"


def test_json_is_strict() -> None:
    plan = plan_for()
    assert SumPlan.from_json(plan.to_json()) == plan
    for spoiled in ({**plan.to_json(), "extra": 1}, {**plan.to_json(), "scale": True}, {"scale": 1}):
        with pytest.raises(WireInvalid):
            SumPlan.from_json(spoiled)


class Round:
    """A roster whose members send masked shares of given totals."""

    def __init__(self, plan: SumPlan, size: int) -> None:
        self.plan = plan
        self.keys = {bytes([i]) * 32: X25519PrivateKey.generate() for i in range(size)}

    def vector(self, own: bytes, total: np.ndarray, digest: bytes) -> np.ndarray:
        peers = {o: k.public_key().public_bytes_raw() for o, k in self.keys.items() if o != own}
        mask = MaskMaker(self.keys[own], own).mask(peers, digest, self.plan.dimension)
        return masked_share(total, self.plan, len(self.keys), mask)

    def vectors(self, totals: list[np.ndarray], digest: bytes = bytes(32)) -> list[np.ndarray]:
        return [self.vector(own, total, digest) for own, total in zip(self.keys, totals, strict=True)]


@pytest.mark.parametrize("size", [3, 8])
def test_the_sum_opens_to_the_total_and_the_plans_noise(size: int) -> None:
    plan = plan_for(dimension=200)
    rng = np.random.default_rng(5)
    totals = [rng.normal(0, 300, plan.dimension) for _ in range(size)]
    noise = (open_sum(Round(plan, size).vectors(totals), plan) - sum(totals)) * plan.scale
    carried = plan.share_variance(size) * size
    assert abs(noise.var() / carried - 1) < 6 * (2 / plan.dimension) ** 0.5
    assert noise.var() > plan.variance * (1 - 6 * (2 / plan.dimension) ** 0.5)


def test_noise_is_fresh_in_every_share() -> None:
    plan = plan_for()
    mask = np.zeros(plan.dimension, dtype=np.uint32)
    shares = [masked_share(np.zeros(plan.dimension), plan, 8, mask) for _ in range(2)]
    assert not np.array_equal(*shares)


def test_negative_totals_open_signed() -> None:
    plan = plan_for()
    totals = [np.full(plan.dimension, -9_000.0)] * 3
    opened = open_sum(Round(plan, 3).vectors(totals), plan)
    assert np.abs(opened + 27_000).max() < 12 * plan.noise_multiplier


def test_with_a_member_missing_nothing_opens() -> None:
    plan = plan_for(dimension=300)
    vectors = Round(plan, 5).vectors([np.zeros(plan.dimension)] * 5)
    opened = open_sum(vectors[1:], plan) * plan.scale
    assert opened.std() == pytest.approx(2**32 / 12**0.5, rel=0.25)


def test_members_told_different_statements_open_nothing() -> None:
    plan = plan_for(dimension=300)
    members = Round(plan, 4)
    zeros = np.zeros(plan.dimension)
    digests = [bytes(32), bytes(32), bytes(32), bytes([1]) * 32]
    vectors = [members.vector(own, zeros, d) for own, d in zip(members.keys, digests, strict=True)]
    assert (open_sum(vectors, plan) * plan.scale).std() == pytest.approx(2**32 / 12**0.5, rel=0.25)


def test_vectors_of_another_shape_or_type_are_refused() -> None:
    plan = plan_for()
    mask = np.zeros(plan.dimension, dtype=np.uint32)
    good = np.zeros(plan.dimension)
    for total in (good[1:], good.astype(np.float32), np.full(plan.dimension, np.nan)):
        assert refusal(lambda total=total: masked_share(total, plan, 8, mask)) == "sum_vector_invalid"
    assert refusal(lambda: masked_share(good, plan, 8, mask[1:])) == "sum_vector_invalid"
    assert refusal(lambda: masked_share(good, plan, 8, mask.astype(np.int64))) == "sum_vector_invalid"
    assert refusal(lambda: open_sum([mask, mask, mask[1:]], plan)) == "sum_vector_invalid"
    assert refusal(lambda: open_sum([mask, mask], plan)) == "roster_size_invalid"
    assert refusal(lambda: open_sum([mask] * 9, plan)) == "roster_size_invalid"
