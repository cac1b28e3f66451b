"""One private sum: the plan every member checks, the masked share it sends, and the opening at the centre.

A member rounds its vector to integers, adds its share of the noise and its mask, all mod 2^32. Only the sum
over the whole roster opens, and it carries the plan's variance even against `collusion` members who pool what
they know.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import ProtocolViolated
from xinqiao_governance.model_spec import MICRO
from xinqiao_governance.parse import fields_of, integer
from xinqiao_models import accounting
from xinqiao_models.noise import MAX_VARIANCE, DiscreteGaussian

NANO = 1_000_000_000
ROUNDING_PARTS = 100  # rounding adds at most one part in 100 to the sensitivity
_RESERVE_PARTS = 1_000  # one part in 1,000 of δ is kept for the sampler's distance
_HALF_MODULUS = 1 << 31
_TAIL_DEVIATIONS = 12
_TAIL_PEOPLE = 48
_EPSILON_LIMIT = 100
_FLOAT_SLACK = 1e-8
_LIMITS = {
    "dimension": (1, 1 << 24),
    "clip_micro": (1, 1 << 40),
    "scale": (1, 1 << 31),
    "variance": (1, 1 << 62),
    "answers": (0, 1 << 32),
    "collusion": (0, 1 << 12),
    "homes": (1, 1 << 12),
    "members": (1, 1 << 12),
    "people": (1, 1 << 40),
    "sampling_micro": (1, MICRO),
}


@dataclass(frozen=True)
class SumPlan:
    """What is public about `answers` private sums. "Integer units" are units of 1/scale of the vector.

    dimension: entries of the vector; clip_micro: the L2 bound C of one person in one department, in
    millionths; scale: integer units per 1.0; variance: σ² of the opened sum, in squared integer units;
    collusion: t; homes: departments a person may be in; members: departments ordered; people: nominal
    head-count of all; sampling_micro: the sampling rate q, in millionths, the chance with which each
    department draws each of its people for a sum, by itself and telling nobody whom.
    """

    dimension: int
    clip_micro: int
    scale: int
    variance: int
    answers: int
    collusion: int
    homes: int
    members: int
    people: int
    sampling_micro: int

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise ProtocolViolated("plan_field_invalid", field=name, low=low, high=high)

    @property
    def clip(self) -> float:
        """C, in units of the vector."""
        return self.clip_micro / MICRO

    @property
    def drawn(self) -> float:
        """People whom a sum is expected to hold: q times the nominal head-count."""
        return self.people * self.sampling_micro / MICRO

    @property
    def sensitivity(self) -> float:
        """L2 change of the rounded sum by one person, in integer units, never too low: homes · (C·s + √d).

        A department rounds its *sum*, which moves each entry by less than 1 beyond the person's own part. The
        float product sum·scale is below 2^31, so it moves each by at most 2^-21 more; that is under 1e-8 of
        C·scale as soon as rounding is under 1 %.
        """
        exact = self.homes * (self.clip_micro * self.scale / MICRO + math.sqrt(self.dimension))
        return exact * (1 + _FLOAT_SLACK)

    @property
    def noise_multiplier(self) -> float:
        """σ / (scale·C): the deviation of the opened sum in units of the clipping norm."""
        return math.sqrt(self.variance) / (self.scale * self.clip)

    @property
    def smallest_roster(self) -> int:
        """Fewest members whose sum may open: t + 2."""
        return self.collusion + 2

    def share_variance(self, roster_size: int) -> int:
        """Return one member's variance, in squared integer units: ceil(variance / (roster_size - t)).

        Raises:
            ProtocolViolated: a roster the plan does not allow.
        """
        if not self.smallest_roster <= roster_size <= self.members:
            raise ProtocolViolated(
                "roster_size_invalid", members=roster_size, low=self.smallest_roster, high=self.members
            )
        return -(-self.variance // (roster_size - self.collusion))

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Json) -> "SumPlan":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown or of the wrong type.
            ProtocolViolated: a field is out of range.
        """
        names = [field.name for field in fields(cls)]
        body = fields_of(value, *names)
        return cls(**{name: integer(body, name) for name in names})


def make_plan(
    *,
    dimension: int,
    clip_micro: int,
    epsilon_micro: int,
    delta_nano: int,
    answers: int,
    collusion: int,
    members: int,
    people: int,
    homes: int = 1,
    sampling_micro: int = MICRO,
) -> SumPlan:
    """Return the plan with the least scale that keeps rounding within 1 % and the least noise that proves ε.

    Raises:
        ProtocolViolated: what `check_plan` raises: no scale satisfies both rounding and modulus, too few
            members, or privacy parameters out of range.
    """
    _check_privacy(epsilon_micro, delta_nano)
    draft = SumPlan(
        dimension=dimension,
        clip_micro=clip_micro,
        scale=_least_scale(dimension, clip_micro),
        variance=1,
        answers=answers,
        collusion=collusion,
        homes=homes,
        members=members,
        people=people,
        sampling_micro=sampling_micro,
    )
    _check_members(draft)
    variance = accounting.variance_for(epsilon_micro / MICRO, _delta_of_noise(delta_nano), _releases(draft))
    plan = replace(draft, variance=variance)
    check_plan(plan, epsilon_micro=epsilon_micro, delta_nano=delta_nano)
    return plan


def check_plan(plan: SumPlan, *, epsilon_micro: int, delta_nano: int) -> None:
    """Check, at a department, a plan that a centre sent: every promise that its figures make must hold.

    1. ε and δ are in range. 2. t ≥ 1, at least t + 2 members, at least one answer. 3. Rounding adds at most
    1 %. 4. The sum stays inside the modulus. 5. The sampler reaches the noise of every allowed roster. 6. The
    proven ε is at most the order's. 7. The sampler's distance fits into its part of δ.

    Raises:
        ProtocolViolated: with a code for each.
    """
    _check_privacy(epsilon_micro, delta_nano)
    _check_members(plan)
    _check_rounding(plan)
    _check_modulus(plan)
    _check_sampler(plan)
    _check_epsilon(plan, epsilon_micro, delta_nano)
    _check_reserve(plan, epsilon_micro, delta_nano)


def proven_epsilon(plan: SumPlan, delta_nano: int) -> float:
    """Return the plan's proven ε over all its answers at δ, all roundings upwards."""
    return accounting.epsilon(_releases(plan), _delta_of_noise(delta_nano))


def share(plan: SumPlan, roster_size: int) -> DiscreteGaussian:
    """Return the sampler of one member's noise share; see `SumPlan.share_variance` for errors."""
    return DiscreteGaussian(plan.share_variance(roster_size))


def masked_share(
    total: NDArray[np.float64], plan: SumPlan, roster_size: int, mask: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return what a member may send: round(total·scale) + noise + mask mod 2^32, shape (dimension,).

    `total` is the department's sum over its people, shape (dimension,), each person's part bounded by C.

    Raises:
        ProtocolViolated: another shape or type, a number that is not finite, or a roster not allowed.
    """
    _check_vector(total, plan, np.dtype(np.float64))
    _check_vector(mask, plan, np.dtype(np.uint32))
    units = np.rint(total * plan.scale).astype(np.int64)
    noised = units + share(plan, roster_size).draw(plan.dimension)
    return _modulo(noised) + mask


def open_sum(vectors: Sequence[NDArray[np.uint32]], plan: SumPlan) -> NDArray[np.float64]:
    """Return the noised sum in units of the vector, shape (dimension,), from every roster member's vector.

    The sum mod 2^32 is read as signed. With a member missing the masks stay and the result is uniform noise.

    Raises:
        ProtocolViolated: a number of vectors that the plan allows no roster of, or a wrong shape or type.
    """
    plan.share_variance(len(vectors))
    for vector in vectors:
        _check_vector(vector, plan, np.dtype(np.uint32))
    opened = reduce(np.add, vectors)
    signed: NDArray[np.float64] = opened.view(np.int32).astype(np.float64)
    return signed / plan.scale


def _releases(plan: SumPlan) -> accounting.Releases:
    """Return what is accounted for.

    Whoever is in m departments is drawn in each by itself: in any with a chance of at most m·q, and then
    moves the sum by at most what m departments do.
    """
    return accounting.Releases(
        sensitivity=plan.sensitivity,
        variance=plan.variance,
        shares=plan.members - plan.collusion,
        dimension=plan.dimension,
        answers=plan.answers,
        sampling_micro=min(MICRO, plan.homes * plan.sampling_micro),
    )


def _modulo(integers: NDArray[np.int64]) -> NDArray[np.uint32]:
    return (integers & np.int64(0xFFFF_FFFF)).astype(np.uint32)


def _least_scale(dimension: int, clip_micro: int) -> int:
    """Return the least integer s with √dimension ≤ C·s / 100, in exact arithmetic."""
    least = math.isqrt(dimension * (ROUNDING_PARTS * MICRO) ** 2 // clip_micro**2)
    return least if _rounding_holds(dimension, clip_micro, least) else least + 1


def _rounding_holds(dimension: int, clip_micro: int, scale: int) -> bool:
    return dimension * (ROUNDING_PARTS * MICRO) ** 2 <= (clip_micro * scale) ** 2


def _delta_of_noise(delta_nano: int) -> float:
    return delta_nano * (_RESERVE_PARTS - 1) / (NANO * _RESERVE_PARTS)


def _check_privacy(epsilon_micro: int, delta_nano: int) -> None:
    if not 0 < epsilon_micro <= _EPSILON_LIMIT * MICRO or not 0 < delta_nano < NANO:
        raise ProtocolViolated("plan_privacy_invalid", limit=_EPSILON_LIMIT)


def _check_members(plan: SumPlan) -> None:
    if plan.collusion < 1:
        raise ProtocolViolated("plan_collusion_too_low")
    if plan.members < plan.smallest_roster:
        raise ProtocolViolated("plan_members_too_few", members=plan.members, minimum=plan.smallest_roster)
    if plan.answers < 1:
        raise ProtocolViolated("plan_without_answers")


def _check_rounding(plan: SumPlan) -> None:
    if not _rounding_holds(plan.dimension, plan.clip_micro, plan.scale):
        minimum = _least_scale(plan.dimension, plan.clip_micro)
        raise ProtocolViolated("plan_rounding_too_coarse", scale=plan.scale, minimum=minimum)


def _check_modulus(plan: SumPlan) -> None:
    """Leave room for twice the nominal people, or for all of them whom chance may draw.

    Where m are expected, m + 12·√m + 48 are exceeded less than once in 10^30 (Bernstein's inequality). Each
    member rounds by at most 1.
    """
    everybody = 2 * plan.people
    expected = -(-everybody * plan.sampling_micro // MICRO)
    drawn = min(everybody, expected + _TAIL_DEVIATIONS * (math.isqrt(expected) + 1) + _TAIL_PEOPLE)
    people = -(-drawn * plan.clip_micro * plan.scale // MICRO)
    noise = _TAIL_DEVIATIONS * (math.isqrt(plan.variance) + 1)
    needed = people + plan.members + noise
    if needed >= _HALF_MODULUS:
        raise ProtocolViolated("plan_would_wrap", needed=needed, limit=_HALF_MODULUS)


def _check_sampler(plan: SumPlan) -> None:
    largest = plan.share_variance(plan.smallest_roster)
    if largest > MAX_VARIANCE:
        raise ProtocolViolated("plan_noise_out_of_range", variance=largest, limit=MAX_VARIANCE)


def _check_epsilon(plan: SumPlan, epsilon_micro: int, delta_nano: int) -> None:
    proven = proven_epsilon(plan, delta_nano)
    if proven > epsilon_micro / MICRO:
        raise ProtocolViolated(
            "plan_epsilon_exceeded", proven=math.ceil(proven * MICRO), ordered=epsilon_micro
        )


def _check_reserve(plan: SumPlan, epsilon_micro: int, delta_nano: int) -> None:
    spent = accounting.sampler_delta(
        epsilon_micro / MICRO, roster=plan.members, dimension=plan.dimension, answers=plan.answers
    )
    if spent > delta_nano / (NANO * _RESERVE_PARTS):
        raise ProtocolViolated("plan_sampler_reserve_exceeded")


def _check_vector(vector: NDArray[np.generic], plan: SumPlan, dtype: np.dtype[np.generic]) -> None:
    if vector.shape != (plan.dimension,) or vector.dtype != dtype or not np.isfinite(vector).all():
        raise ProtocolViolated("sum_vector_invalid")
