"""What the journal says of grading: who confirmed, who asked for less, what fell back to unconfirmed.

Events go to the log, so they name meanings and tiers, never the department's own columns, and of meanings
those that a person stated: what the classifier makes of the data stays at home.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.book import Transaction
from xinqiao_clients.subjects import Actor
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.grading import Grade, Statement
from xinqiao_ledger.event import Kind

CONFIRM_COLUMN = "confirm_column"
REQUEST_LOWERING = "request_lowering"
LOWER_COLUMN = "lower_column"
REGRADE_COLUMN = "regrade_column"
CHANGE_BINS = "change_bins"
DECLINE_LOWERING = "decline_lowering"
ACTIONS = (
    CONFIRM_COLUMN,
    REQUEST_LOWERING,
    LOWER_COLUMN,
    REGRADE_COLUMN,
    CHANGE_BINS,
    DECLINE_LOWERING,
)
_TWO = 2


def record_grades(
    book: Transaction, before: Sequence[Grade], after: Adopted, by: Actor, service: Actor, *, imported: bool
) -> None:
    """Record how each column's standing changed; what an import confirms is told by its own event.

    By hand no standing changes without an event: what is adopted is sealed to the last one.
    """
    known = {grade.column: grade for grade in before}
    facts = {
        "dataset": after.catalogue.dataset_id,
        "dataset_digest": after.version.digest.hex(),
    }
    for grade in after.grades:
        old = known.get(grade.column)
        for action, said in _changes(old, grade, imported=imported):
            who = service if action == REGRADE_COLUMN else by
            book.record(kind=Kind.CONFIRM, by=who, action=action, **_what(said), **facts)


def _changes(old: Grade | None, new: Grade, *, imported: bool) -> list[tuple[str, Statement]]:
    found = []
    names = old.confirmed_by if old else ()
    if old is not None and names and not new.confirmed_by:
        found.append((REGRADE_COLUMN, replace(old.said, tier=Tier.CORE)))
    if new.request is not None and (old is None or old.request != new.request):
        found.append((REQUEST_LOWERING, new.request.said))
    if new.confirmed_by and (old is None or (new.confirmed_by, new.said) != (names, old.said)):
        if len(new.confirmed_by) == _TWO:
            found.append((LOWER_COLUMN, new.said))
        elif not imported:
            found.append((CONFIRM_COLUMN, new.said))
        if old is not None and new.said.bins != old.said.bins:
            found.append((CHANGE_BINS, new.said))
    if not found and not imported and old is not None and old.request is not None and new.request is None:
        found.append((DECLINE_LOWERING, old.request.said))
    return found


def _what(said: Statement) -> dict[str, Any]:
    return {"columns": (said.semantic,), "tier": said.tier.value}
