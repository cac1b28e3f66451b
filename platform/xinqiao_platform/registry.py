"""The card of a published model: what it learned from, what it cost, what it may not be used for."""

import math

from xinqiao_governance.canonical import Json
from xinqiao_governance.card import ordered_facts, ordered_privacy
from xinqiao_governance.model_spec import MICRO, Family
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_models.histogram import PARTS, quantile_bins, rank_deviation
from xinqiao_models.model import Model

_LIMITS = (
    "The parameters are noised: do not read a single bin's weight as a fact about its people.",
    "Trained on the members' own people; it may not fit others.",
    "Not for appraisal, discipline or dismissal.",
    "A department that lies about its data can bend the model; the noise does not prevent that.",
)


def model_card(
    signed: Signed[Order],
    model: Model,
    *,
    joined: int,
    stayed: int,
    steps: int,
    void_steps: int,
    tiers: dict[str, str],
) -> dict[str, Json]:
    """Return the card: what the model learned from, what it cost, what it may not be used for.

    Of the departments ordered `joined` allowed it and `stayed` were there to the end. `tiers` gives the
    strictest tier that any that joined published for each semantic.
    """
    order = signed.body
    return {
        **ordered_facts(order),
        "departments_joined": joined,
        "departments_stayed": stayed,
        "model_digest": model.digest.hex(),
        "data": {"semantics": list(order.model.semantics), "tiers": dict(tiers)},
        "privacy": {
            **ordered_privacy(order),
            "steps": steps,
            "void_steps": void_steps,
            "charged_in_full": True,
        },
        **_quantiles(order, model),
        "limits": list(_LIMITS),
    }


def _quantiles(order: Order, model: Model) -> dict[str, Json]:
    """Return what the card of a histogram adds: bins for a catalogue, and how far noise moves their ranks."""
    if order.model.family is not Family.HISTOGRAM:
        return {}
    found = quantile_bins(model.parameters, order.model, PARTS)
    off = rank_deviation(model.parameters, math.sqrt(order.variance) / order.scale)
    return {
        "quantiles": {
            "bins": None if found is None else found.to_json(),
            "rank_deviation_micro": round(min(1.0, off) * MICRO),
        }
    }
