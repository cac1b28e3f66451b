"""How the operator writes an order: public figures in, a signed order with a proven plan out."""

import secrets
from collections.abc import Mapping

from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.model_spec import MICRO, ModelSpec
from xinqiao_governance.order import Department, Order, Output, Spend
from xinqiao_governance.signed import Signed
from xinqiao_models.defaults import plan_for
from xinqiao_platform.centre import Centre

VALID_S = 24 * 3600


def write_order(
    centre: Centre,
    *,
    model: ModelSpec,
    people: Mapping[bytes, int],
    spend: Spend,
    purpose: str,
    legal_basis: str,
    collusion: int = 1,
    output: Output = Output.MASKED_SUM,
    answers: int | None = None,
    sampling_micro: int = MICRO,
    valid_s: int = VALID_S,
) -> Signed[Order]:
    """Return a signed order for the departments `people` (fingerprint → nominal head-count).

    Clipping norm, scale and, unless `answers` gives it, T follow from head-count, dimension and ε alone; the
    noise is the least that proves ε and δ against `collusion` members who pool what they know. In each step a
    department draws each of its people with the chance `sampling_micro`, in millionths; by default all.

    Raises:
        WireInvalid, ProtocolViolated: no such order can be: ε, δ or sampling rate out of range, too few
            departments, or no scale that keeps rounding within 1 % inside the modulus.
    """
    total = sum(people.values())
    if spend.epsilon_micro < 1:
        raise WireInvalid("order_privacy_invalid")
    if total < 1:
        raise WireInvalid("order_departments_invalid")
    plan = plan_for(
        model,
        spend=spend,
        members=len(people),
        people=total,
        collusion=collusion,
        answers=answers,
        sampling_micro=sampling_micro,
    )
    now = centre.clock()
    order = Order(
        purpose=purpose,
        output=output,
        legal_basis=legal_basis,
        model=model,
        departments=tuple(Department(node, count) for node, count in sorted(people.items())),
        epsilon_micro=spend.epsilon_micro,
        delta_nano=spend.delta_nano,
        collusion=collusion,
        homes=plan.homes,
        answers=plan.answers,
        clip_micro=plan.clip_micro,
        scale=plan.scale,
        variance=plan.variance,
        sampling_micro=plan.sampling_micro,
        created=now,
        expires=now + valid_s,
        nonce=secrets.token_bytes(16),
    )
    return centre.operator.seal(order)


def nominal(people: int) -> int:
    """Return a head-count as it may stand in an order: rounded to two significant digits, at least 10."""
    step = int(10 ** max(1, len(str(people)) - 2))
    return max(step, round(people / step) * step)
