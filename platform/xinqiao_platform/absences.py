"""The roster's rule: who missed a step, how long they stay out, and when they may come back.

A member that misses a step leaves the roster. After its k-th miss it is left out of the next 2^(k-1) steps,
so in T steps one member makes at most 1 + log2(T + 1) of them void, however it flaps. Who was slow once and
who was gone are treated alike: the centre cannot tell them apart.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.parse import fields_of, integer, mapping

_FOR_EVER = 1 << 62


@dataclass
class Absences:
    """Members by fingerprint: `misses` counts steps that each missed; `away` says from which step on each may
    be back.
    """

    misses: dict[bytes, int] = field(default_factory=dict)
    away: dict[bytes, int] = field(default_factory=dict)

    def miss(self, node: bytes, step: int) -> None:
        """Count a member out that missed `step`."""
        before = self.misses.get(node, 0)
        self.misses[node] = before + 1
        self.away[node] = step + 1 + (1 << min(before, 40))

    def leave(self, node: bytes) -> None:
        """Count a member out that said it will not come back."""
        self.away[node] = _FOR_EVER

    def due(self, step: int) -> Collection[bytes]:
        """Return who may take part again from `step` on."""
        return [node for node, since in sorted(self.away.items()) if since <= step]

    def hoped_for(self) -> Collection[bytes]:
        """Return all that are away and have not left for good."""
        return self.due(_FOR_EVER - 1)

    def back(self, node: bytes) -> None:
        """Take a member in again; its misses are not forgotten."""
        self.away.pop(node, None)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"misses": _hexed(self.misses), "away": _hexed(self.away)}

    @classmethod
    def from_json(cls, value: Json) -> "Absences":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "misses", "away")
        return cls(_counts(body["misses"]), _counts(body["away"]))


def _hexed(counts: Mapping[bytes, int]) -> dict[str, Json]:
    return {node.hex(): count for node, count in counts.items()}


def _counts(value: Json) -> dict[bytes, int]:
    body = mapping(value)
    try:
        return {bytes.fromhex(node): integer(body, node, at_least=1) for node in body}
    except ValueError as error:
        raise WireInvalid("wire_field_invalid", field="node") from error
