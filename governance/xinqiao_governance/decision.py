"""A decision is final: allowed, or refused with one reason code that names a sentence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
    """What a gate says to an order. `reason` is "allowed" or the code of a sentence in `messages`."""

    allowed: bool
    reason: str

    @classmethod
    def allow(cls) -> "Decision":
        """Say yes."""
        return cls(True, "allowed")

    @classmethod
    def refuse(cls, reason: str) -> "Decision":
        """Say no, and why."""
        return cls(False, reason)
