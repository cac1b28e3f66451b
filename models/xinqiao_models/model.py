"""A trained model as a file: what the centre publishes, and what a department's receipt names by digest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.canonical import Json, digest, dumps
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.model_spec import ModelSpec
from xinqiao_governance.parse import hex_bytes, versioned_fields

_FLOAT_BYTES = 8


@dataclass(frozen=True)
class Model:
    """A trained model: its public specification and its parameters, shape (spec.parameters,), float64."""

    spec: ModelSpec
    parameters: NDArray[np.float64]

    def encode(self) -> bytes:
        """Return the canonical file: the parameters stand in it as hexadecimal little-endian float64."""
        raw = self.parameters.astype("<f8").tobytes()
        return dumps({"v": 2, "spec": self.spec.to_json(), "parameters_f64le": raw.hex()})

    @classmethod
    def from_json(cls, value: Json) -> "Model":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = versioned_fields(value, 2, "v", "spec", "parameters_f64le")
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
