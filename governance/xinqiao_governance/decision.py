"""A decision is final: allowed with obligations, or refused with one reason code that names a sentence."""

from dataclasses import dataclass

from xinqiao_governance.canonical import Json


@dataclass(frozen=True)
class Obligations:
    """What whoever acts on a permission has to keep.

    Attributes:
        minimum_group: the result is over at least so many people; 0 where it is not about a group.
        mask: identifiers are shown masked.
    """

    minimum_group: int = 0
    mask: bool = False

    def __or__(self, other: "Obligations") -> "Obligations":
        """Return the stricter of both in each part."""
        return Obligations(max(self.minimum_group, other.minimum_group), self.mask or other.mask)

    def to_json(self) -> dict[str, Json]:
        """Return those that there are."""
        group: dict[str, Json] = {"minimum_group": self.minimum_group} if self.minimum_group else {}
        return {**group, "mask": True} if self.mask else group


@dataclass(frozen=True)
class Decision:
    """What a gate says to an order. `reason` is "allowed" or the code of a sentence in `messages`."""

    allowed: bool
    reason: str
    obligations: Obligations = Obligations()

    @classmethod
    def allow(cls, obligations: Obligations = Obligations()) -> "Decision":  # it is frozen
        """Say yes, and on which obligations."""
        return cls(True, "allowed", obligations)

    @classmethod
    def refuse(cls, reason: str) -> "Decision":
        """Say no, and why."""
        return cls(False, reason)
