"""What became of a job, as the log has it: also of one that has no result to be proven."""

from dataclasses import dataclass
from typing import Literal

from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.suite import tree_hash
from xinqiao_platform.centre import Centre

State = Literal["published", "stopped", "failed", "refused", "open"]
_WELL = ("completed", "ended")
_STOPPED = "stopped"


@dataclass(frozen=True)
class Said:
    """A department's word on a job: its fingerprint, a reason code, the id of the event (hex)."""

    node: str
    reason: str
    event: str


@dataclass(frozen=True)
class Fate:
    """How a job ended: who refused it, who closed it without a result, and after how many steps.

    `first` and `last` are the dates of its earliest and latest event.
    """

    state: State
    refused: tuple[Said, ...]
    ended: tuple[Said, ...]
    steps: int
    first: int
    last: int


def fate_of(centre: Centre, job: str) -> Fate:
    """Return what the log says became of the job whose order has the digest `job` (hex); it names some event.

    Raises:
        StoreDamaged: an entry is not the one that stands in the tree.
    """
    events = [Event.decode(leaf) for _, leaf in sorted(centre.log.entries_of_job(job).items())]
    refused = [event for event in events if event.kind is Kind.DECISION and event.decision == "refuse"]
    ended = [event for event in events if event.kind is Kind.OUTCOME and event.reason not in _WELL]
    times = [event.time for event in events]
    return Fate(
        state=_state(events, refused, ended),
        refused=tuple(_said(centre, event) for event in refused),
        ended=tuple(_said(centre, event) for event in ended),
        steps=max((event.step or 0 for event in events if event.kind is Kind.STEP), default=0),
        first=min(times),
        last=max(times),
    )


def _state(events: list[Event], refused: list[Event], ended: list[Event]) -> State:
    if any(event.kind is Kind.PUBLISH for event in events):
        return "published"
    if ended:
        return "stopped" if any(event.reason == _STOPPED for event in ended) else "failed"
    return "refused" if refused and not any(event.kind is Kind.STEP for event in events) else "open"


def _said(centre: Centre, event: Event) -> Said:
    return Said(event.node, event.reason or "", tree_hash(event, centre.log.suite).hex())
