"""The model registry: each published model with its card, by the order's digest. Digests name the bytes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.canonical import Json, digest, dumps
from xinqiao_governance.card import ordered_facts, ordered_privacy
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.model_spec import ModelSpec
from xinqiao_governance.order import Order
from xinqiao_governance.parse import fields_of, hex_bytes, integer
from xinqiao_governance.signed import Signed

_FLOAT_BYTES = 8
_LIMITS = (
    "The parameters are noised: do not read a single bin's weight as a fact about its people.",
    "Trained on the members' own people; it may not fit others.",
    "Not for appraisal, discipline or dismissal.",
    "A department that lies about its data can bend the model; the noise does not prevent that.",
)


@dataclass(frozen=True)
class Model:
    """A trained model: its public specification and its parameters, shape (spec.parameters,), float64."""

    spec: ModelSpec
    parameters: NDArray[np.float64]

    def encode(self) -> bytes:
        """Return the canonical file: the parameters stand in it as hexadecimal little-endian float64."""
        raw = self.parameters.astype("<f8").tobytes()
        return dumps({"v": 1, "spec": self.spec.to_json(), "parameters_f64le": raw.hex()})

    @classmethod
    def from_json(cls, value: Json) -> "Model":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "v", "spec", "parameters_f64le")
        if integer(body, "v") != 1:
            raise WireInvalid("wire_field_invalid", field="v")
        spec = ModelSpec.from_json(body["spec"])
        raw = hex_bytes(body, "parameters_f64le", length=_FLOAT_BYTES * spec.parameters)
        parameters = np.frombuffer(raw, dtype="<f8").astype(np.float64)
        if not np.isfinite(parameters).all():
            raise WireInvalid("wire_field_invalid", field="parameters_f64le")
        return cls(spec, parameters)

    @property
    def digest(self) -> bytes:
        """Digest of the canonical file: 32 bytes."""
        return digest("model", self.encode())


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
        "v": 1,
        **ordered_facts(order),
        "departments_joined": joined,
        "departments_stayed": stayed,
        "model_digest": model.digest.hex(),
        "data": {"semantics": list(order.model.semantics), "tiers": dict(tiers)},
        "privacy": {
            **ordered_privacy(order),
            "steps": steps,
            "void_steps": void_steps,
            "accounting": "zCDP of summed discrete Gaussians (Kairouz et al. 2021; Canonne et al. 2020)",
            "charged_in_full": True,
        },
        "limits": list(_LIMITS),
    }
