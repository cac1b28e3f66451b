"""Choices for a job from public figures alone: model shape, nominal head-count, ε. Never from the data."""

import math

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.model_spec import MICRO, Family, ModelSpec
from xinqiao_governance.order import Spend, require_sampling
from xinqiao_models.features import block_scales, block_widths
from xinqiao_models.histogram import HISTOGRAM_CLIP_MICRO
from xinqiao_models.moments import moments_clip_micro
from xinqiao_models.sums import SumPlan, make_plan

_ANSWERS = 200
_CLIP_SHARE = 0.55
_CALM_NOISE, _CALM_RATE = 0.03, 0.05
_HIGHEST_RATE, _LOWEST_RATE = 0.1, 0.02
_RICH_SHARE = 0.3
_SINGLE_STRENGTH, _CROSS_STRENGTH = 10.0, 100.0
_CURVATURE = 0.2  # of the loss, a person: p·(1 - p) where neither answer is rare


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


def ridge(spec: ModelSpec, plan: SumPlan) -> NDArray[np.float64]:
    """Return how strongly each parameter of a model with crosses is pulled to zero, shape (spec.parameters,).

    What is added to the mean gradient is this times the parameter; it is zero for the constant, and for
    models without crosses. A cell that sways log odds by ±1/√a is best estimated with a ridge of a people's
    worth: 100 for crosses (±0.1), 10 for single bins. Where the noise of all answers' mean, of deviation ν in
    a cell's sum, rivals the curvature h = 0.2 · people / cells of an average cell, it grows to a·(1 + ν²/h),
    the posterior mean under a normal prior, to first order. Chosen on public tables (docs/decisions/024).
    """
    if not spec.crosses or spec.family is not Family.LINEAR:
        return np.zeros(spec.parameters)
    scales, widths = block_scales(spec), block_widths(spec)
    strength = np.array(
        [0.0] + [_SINGLE_STRENGTH] * len(spec.features) + [_CROSS_STRENGTH] * len(spec.crosses)
    )
    drawn_share = plan.drawn / plan.people
    noise = (plan.noise_multiplier * plan.clip / drawn_share) ** 2 / plan.answers
    pull = strength * (scales**2 + noise * widths / (_CURVATURE * plan.people)) / plan.people
    return np.tile(np.repeat(pull, widths), spec.label.outputs)


def _clip_micro(spec: ModelSpec) -> int:
    """Clip by the row's norm: with C = 0.55 · |x| whoever is predicted wrong by more than 0.55 is clipped.

    The share was chosen on public tables that no benchmark uses (docs/decisions/015).
    """
    if spec.family is Family.MOMENTS:
        return moments_clip_micro(spec)
    if spec.family is Family.HISTOGRAM:
        return HISTOGRAM_CLIP_MICRO
    return round(_CLIP_SHARE * float(np.linalg.norm(block_scales(spec))) * MICRO)
