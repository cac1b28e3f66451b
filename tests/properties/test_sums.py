"""Properties of private sums over arbitrary rosters, totals and plans."""

import math
from dataclasses import replace

import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao_governance import canonical
from xinqiao_governance.errors import ProtocolViolated
from xinqiao_governance.model_spec import MICRO
from xinqiao_models.accounting import Releases, epsilon
from xinqiao_models.masks import MaskMaker
from xinqiao_models.sums import SumPlan, check_plan, make_plan, masked_share, open_sum, proven_epsilon

TERMS = st.fixed_dictionaries(
    {
        "dimension": st.integers(1, 300),
        "clip_micro": st.integers(50_000, 5_000_000),
        "epsilon_micro": st.integers(50_000, 20_000_000),
        "delta_nano": st.integers(10, 10_000_000),
        "answers": st.integers(1, 2_000),
        "collusion": st.integers(1, 3),
        "members": st.integers(5, 60),
        "people": st.integers(100, 50_000),
        "homes": st.integers(1, 3),
        "sampling_micro": st.integers(1, MICRO) | st.just(MICRO),
    }
)


def made(terms: dict[str, int]) -> SumPlan | None:
    """The plan, or None where sum or noise would not fit; any other refusal fails the test."""
    try:
        return make_plan(**terms)
    except ProtocolViolated as refused:
        if refused.code not in {"plan_would_wrap", "plan_noise_out_of_range"}:
            raise
        return None


@settings(max_examples=60, deadline=None)
@given(TERMS)
def test_what_is_made_is_accepted_and_only_at_its_epsilon(terms: dict[str, int]) -> None:
    plan = made(terms)
    if plan is None:
        return
    asked = {"epsilon_micro": terms["epsilon_micro"], "delta_nano": terms["delta_nano"]}
    check_plan(plan, **asked)
    assert proven_epsilon(plan, terms["delta_nano"]) <= terms["epsilon_micro"] / 1e6
    assert SumPlan.from_json(canonical.loads(canonical.dumps(plan.to_json()))) == plan


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, MICRO - 1),
    st.integers(1, 5_000),
    st.floats(0.3, 200.0),
    st.sampled_from(["sampling_micro", "answers", "variance"]),
)
def test_epsilon_rises_with_rate_answers_and_less_noise(
    rate: int, answers: int, multiplier: float, what: str
) -> None:
    variance = max(2, round((808 * multiplier) ** 2))
    better = Releases(808.0, variance, 7, 64, answers, rate)
    worse = {"sampling_micro": min(MICRO, rate * 3), "answers": answers * 2, "variance": variance // 2}
    assert epsilon(better, 1e-5) <= epsilon(replace(better, **{what: worse[what]}), 1e-5)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.binary(min_size=4, max_size=4), min_size=2, max_size=7), st.integers(1, 50), st.binary())
def test_masks_cancel_for_any_ids(ids: set[bytes], dimension: int, statement: bytes) -> None:
    digest = canonical.digest("test", statement)
    keys = {own: X25519PrivateKey.generate() for own in ids}
    total = np.zeros(dimension, dtype=np.uint32)
    for own, key in keys.items():
        peers = {peer: k.public_key().public_bytes_raw() for peer, k in keys.items() if peer != own}
        total = total + MaskMaker(key, own).mask(peers, digest, dimension)
    assert not total.any()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-5_000, 5_000), min_size=3, max_size=8), st.integers(1, 40))
def test_opened_sums_are_the_totals_within_noise_and_rounding(values: list[float], dimension: int) -> None:
    plan = make_plan(
        dimension=dimension,
        clip_micro=1_000_000,
        epsilon_micro=5_000_000,
        delta_nano=10_000,
        answers=10,
        collusion=1,
        members=8,
        people=50_000,
    )
    mask = np.zeros(dimension, dtype=np.uint32)
    shares = [masked_share(np.full(dimension, value), plan, len(values), mask) for value in values]
    error = np.abs(open_sum(shares, plan) - math.fsum(values)) * plan.scale
    assert error.max() <= 9 * math.sqrt(plan.share_variance(len(values)) * len(values)) + len(values)
