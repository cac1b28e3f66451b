"""The bridge over an outage of the log: how long core data is still read while the journal waits for it.

Rows of a core table are read only if the log has the intent, or can be expected to get it. In a job the
intent has the log's receipt before the first row is read. Where no line to the log is open (a proposal, local
use) the journal on this disk stands in, but not without end: for a weekend and a day, or a thousand events.
"""

from dataclasses import dataclass

from xinqiao_governance.catalogue import Tier

BRIDGE_S = 3 * 86_400
BRIDGE_EVENTS = 1_000


@dataclass(frozen=True)
class Waiting:
    """The part of a journal that the log has not receipted.

    Attributes:
        events: how many events it has.
        since: when the oldest of them was written, Unix seconds; None where there is none.
        now: the time it is, which is never before that of the journal's last event.
    """

    events: int
    since: int | None
    now: int

    @property
    def until(self) -> int | None:
        """When the bridge ends unless the log takes the oldest event; None where nothing waits."""
        return None if self.since is None else self.since + BRIDGE_S

    @property
    def in_bounds(self) -> bool:
        """Say whether so much may wait, and for so long."""
        return self.events <= BRIDGE_EVENTS and (self.until is None or self.now <= self.until)


def in_reach(tier: Tier, waiting: Waiting) -> bool:
    """Say whether a table of this tier may be read while so much of the journal waits for the log."""
    return tier is not Tier.CORE or waiting.in_bounds


def may_read(tier: Tier, *, logged: bool) -> bool:
    """Say whether a job may read a table of this tier, by whether the log receipted its intent."""
    return tier is not Tier.CORE or logged
