"""What a column is, proposed from its header and its cells; a person decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from xinqiao_governance.catalogue import Tier

UNKNOWN = "unknown"
"""The word for no proposal."""


@dataclass(frozen=True)
class Proposal:
    """What the classifier makes of one column.

    Attributes:
        semantic: one of `SEMANTICS`, or "unknown": no proposal.
        state: whether a person has to look ("review").
        confidence: in thousandths.
        reason: the code of a message, `fields` fill its gaps; never a cell.
    """

    column: str
    semantic: str
    tier: Tier
    state: Literal["auto", "review"]
    confidence: int
    reason: str
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def classify(table: Sequence[tuple[str, Sequence[str | None]]]) -> tuple[Proposal, ...]:
    """Return a proposal for each column, header and cells, in the order of `table`."""
    return tuple(
        Proposal(column, UNKNOWN, Tier.CORE, "review", 0, "grade_reason_none") for column, _ in table
    )
