"""What a model card says because the order says it: written by the centre, recomputed by every verifier."""

import math

from xinqiao_governance.canonical import Json
from xinqiao_governance.model_spec import MICRO
from xinqiao_governance.order import Order

CARD_VERSION = 2
_ACCOUNTING = "zCDP of summed discrete Gaussians (Kairouz et al. 2021; Canonne et al. 2020)"
_AMPLIFICATION = "Poisson samples at whole Rényi orders (Mironov, Talwar, Zhang 2019)"
_EVERYBODY = "everybody was in every step"
_DRAWN = "in every step each department drew each of its people with this chance and told nobody whom"


def ordered_facts(order: Order) -> dict[str, Json]:
    """Return the fields of a card that follow from its order, and the version of its form."""
    return {
        "v": CARD_VERSION,
        "model": order.model.name,
        "family": order.model.family.value,
        "crosses": len(order.model.crosses),
        "parameters": order.model.parameters,
        "order": order.digest.hex(),
        "purpose": order.purpose,
        "legal_basis": order.legal_basis,
        "departments": len(order.departments),
        "people_nominal": order.people,
    }


def ordered_privacy(order: Order) -> dict[str, Json]:
    """Return the fields of a card's `privacy` that follow from its order.

    The noise multiplier is the deviation of an opened sum over the clipping norm; it and the sampling rate
    are in millionths.
    """
    full = order.sampling_micro == MICRO
    deviation = math.sqrt(order.variance) / (order.scale * (order.clip_micro / MICRO))
    return {
        "unit": order.unit,
        "epsilon_micro": order.epsilon_micro,
        "delta_nano": order.delta_nano,
        "collusion_tolerance": order.collusion,
        "homes": order.homes,
        "answers": order.answers,
        "sampling_micro": order.sampling_micro,
        "clip_micro": order.clip_micro,
        "noise_multiplier_micro": round(deviation * MICRO),
        "sampling": _EVERYBODY if full else _DRAWN,
        "accounting": _ACCOUNTING if full else f"{_ACCOUNTING}; {_AMPLIFICATION}",
    }
