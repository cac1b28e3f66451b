"""A grant: leave for one role to have one output of one tier of a dataset, for one purpose, until it ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from xinqiao_governance.canonical import Json, digest, dumps
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.errors import UsageInvalid, WireInvalid
from xinqiao_governance.order import Output
from xinqiao_governance.parse import fields_of, integer, text
from xinqiao_governance.policy import ROLES
from xinqiao_governance.purposes import known_purposes


@dataclass(frozen=True)
class Grant:
    """It is valid before the second `expires`, and expired in it. `given_by` is the giver's pseudonym."""

    OUTPUTS: ClassVar = (Output.LOCAL_RESULT, Output.RAW_VIEW)

    role: str
    output: Output
    purpose: str
    tier: Tier
    dataset: str
    expires: int
    given_by: str

    @property
    def digest(self) -> bytes:
        """Digest of the canonical form: 32 bytes."""
        return digest("grant", dumps(self.to_json()))

    def require_meant(self, now: int) -> None:
        """Refuse a grant that could never be used.

        Raises:
            UsageInvalid: an unknown role or purpose, an output that needs no grant, an end in the past.
        """
        if self.role not in ROLES:
            raise UsageInvalid("grant_role_invalid", known=", ".join(ROLES))
        if self.output not in self.OUTPUTS:
            raise UsageInvalid("grant_output_invalid")
        if self.purpose not in known_purposes():
            raise UsageInvalid("grant_purpose_invalid", known=", ".join(known_purposes()))
        if self.expires <= now:
            raise UsageInvalid("grant_past")

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "role": self.role,
            "output": self.output.value,
            "purpose": self.purpose,
            "tier": self.tier.value,
            "dataset": self.dataset,
            "expires": self.expires,
            "given_by": self.given_by,
        }

    @classmethod
    def from_json(cls, value: Json) -> "Grant":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "role", "output", "purpose", "tier", "dataset", "expires", "given_by")
        try:
            output, tier = Output(text(body, "output")), Tier(text(body, "tier"))
        except ValueError as error:
            raise WireInvalid("wire_field_invalid", field="output") from error
        return cls(
            role=text(body, "role"),
            output=output,
            purpose=text(body, "purpose"),
            tier=tier,
            dataset=text(body, "dataset"),
            expires=integer(body, "expires"),
            given_by=text(body, "given_by"),
        )


def latest(grants: Iterable[Grant], asked: Mapping[str, Json], dataset: str) -> int | None:
    """Return when the last grant for just this request ends; None without one. Policy compares it to now."""
    wanted = (*(asked.get(name) for name in ("role", "output", "purpose", "tier")), dataset)
    ends = [g.expires for g in grants if (g.role, g.output, g.purpose, g.tier, g.dataset) == wanted]
    return max(ends, default=None)
