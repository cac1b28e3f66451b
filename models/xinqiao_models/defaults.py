"""Choices for a job from public figures alone: model shape, nominal head-count, ε. Never from the data."""

import math

import numpy as np

from xinqiao_governance.model_spec import MICRO, Family, ModelSpec
from xinqiao_governance.order import Spend, require_sampling
from xinqiao_models.features import block_scales
from xinqiao_models.histogram import HISTOGRAM_CLIP_MICRO
from xinqiao_models.moments import moments_clip_micro
from xinqiao_models.sums import SumPlan, make_plan

_ANSWERS = 200
_CLIP_SHARE = 0.55
_CALM_NOISE, _CALM_RATE = 0.03, 0.05
_HIGHEST_RATE, _LOWEST_RATE = 0.1, 0.02
_RICH_SHARE = 0.3


def plan_for(
    spec: ModelSpec,
    *,
    spend: Spend,
    members: int,
    people: int,
    collusion: int = 1,
    answers: int | None = None,
    sampling_micro: int = MICRO,
) -> SumPlan:
    """Return the plan of a job: T, C and scale by default, and the least noise that proves ε and δ.

    Raises:
        ProtocolViolated: see `sums.make_plan`.
        WireInvalid: a sampling rate that does not fit the model.
    """
    require_sampling(sampling_micro, spec)
    return make_plan(
        dimension=spec.dimension,
        clip_micro=_clip_micro(spec),
        epsilon_micro=spend.epsilon_micro,
        delta_nano=spend.delta_nano,
        answers=1 if spec.family.from_one_sum else answers or _ANSWERS,
        collusion=collusion,
        members=members,
        people=people,
        sampling_micro=sampling_micro,
    )


def learning_rate(spec: ModelSpec, plan: SumPlan) -> float:
    """Return Adam's rate.

    Adam moves every parameter by about the rate, whatever is signal and whatever is noise; so the rate falls
    as the noise of the mean gradient, √d · σ over the people of a sum in units of C, grows. Models with
    crosses or a hidden layer have many parameters that few people touch, and are kept from following these
    few by a smaller one.
    """
    noise = math.sqrt(plan.dimension) * plan.noise_multiplier / plan.drawn
    rate = min(_HIGHEST_RATE, max(_LOWEST_RATE, _CALM_RATE * math.sqrt(_CALM_NOISE / noise)))
    return rate * (_RICH_SHARE if spec.crosses or spec.family is Family.NETWORK else 1.0)


def _clip_micro(spec: ModelSpec) -> int:
    """Clip by the row's norm: with C = 0.55 · |x| whoever is predicted wrong by more than 0.55 is clipped.

    The share was chosen on public tables that no benchmark uses (docs/decisions/015).
    """
    if spec.family is Family.MOMENTS:
        return moments_clip_micro(spec)
    if spec.family is Family.HISTOGRAM:
        return HISTOGRAM_CLIP_MICRO
    return round(_CLIP_SHARE * float(np.linalg.norm(block_scales(spec))) * MICRO)
