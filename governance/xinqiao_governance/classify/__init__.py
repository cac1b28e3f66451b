"""The classifier: what each column of an unknown table means and how sensitive it is, from header and cells.

It proposes; a steward confirms. What it does not know it calls `unknown`, which counts as core.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.classify.cells import read_cells
from xinqiao_governance.classify.decide import UNKNOWN, Verdict, decide
from xinqiao_governance.classify.first_row import FirstRow, first_row
from xinqiao_governance.classify.headers import read_header
from xinqiao_governance.classify.release import Column, hold_back
from xinqiao_governance.classify.shape import Shape, shape_of

__all__ = ["UNKNOWN", "FirstRow", "Proposal", "classify", "first_row"]


@dataclass(frozen=True)
class Proposal:
    """What one column seems to be: `confidence` in thousandths, `reason` a message code.

    `shape` is what its cells look like; empty where that is not known, or all of them are.
    """

    column: str
    semantic: str
    tier: Tier
    state: Literal["auto", "review"]
    confidence: int
    reason: str
    shape: Shape = field(default_factory=dict)

    @classmethod
    def unreadable(cls, column: str) -> "Proposal":
        """Return what is proposed of cells that cannot be read (pictures, lists), whatever their header."""
        return cls(column, UNKNOWN, Tier.CORE, "review", 0, "classify_unreadable")


def classify(table: Iterable[tuple[str, Sequence[str | None]]]) -> tuple[Proposal, ...]:
    """Return a proposal for each (header, cells), in order. No proposal holds anything of a cell.

    A header may be empty; whether a table's first row is one, says `first_row`.
    """
    columns = list(table)
    verdicts = hold_back([_column(header, cells) for header, cells in columns])
    return tuple(
        _proposal(header, cells, verdict) for (header, cells), verdict in zip(columns, verdicts, strict=True)
    )


def _column(header: str, cells: Sequence[str | None]) -> Column:
    hint, evidence = read_header(header), read_cells(cells)
    return Column(hint, evidence, decide(hint, evidence))


def _proposal(header: str, cells: Sequence[str | None], verdict: Verdict) -> Proposal:
    return Proposal(
        column=header,
        semantic=verdict.semantic,
        tier=verdict.tier,
        state=verdict.state,
        confidence=verdict.confidence,
        reason=verdict.reason,
        shape=shape_of(cells),
    )
