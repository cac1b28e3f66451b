"""A department's catalogue as it leaves: signed, so that the centre knows whose it is, and all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import published_from_json
from xinqiao_governance.parse import hex_bytes, integer, versioned_fields
from xinqiao_governance.signed import Signable


@dataclass(frozen=True)
class Publication(Signable):
    """What `Dataset.published` lets leave, by the node of fingerprint `node` (32 bytes), at `time` (Unix)."""

    DOMAIN: ClassVar[str] = "published-catalogue"
    node: bytes
    time: int
    catalogue: Mapping[str, Json]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"v": 1, "node": self.node.hex(), "time": self.time, "catalogue": dict(self.catalogue)}

    @classmethod
    def from_json(cls, value: Json) -> "Publication":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = versioned_fields(value, 1, "v", "node", "time", "catalogue")
        return cls(
            node=hex_bytes(body, "node", length=32),
            time=integer(body, "time", at_least=0),
            catalogue=published_from_json(body["catalogue"]),
        )
