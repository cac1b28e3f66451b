"""Departments that vanish at random steps and come back: a channel that does not reach them meanwhile.

Nothing here is known to centre or nodes. A vanished department does not answer, and the wait for it (up to
the step's time limit in a real job) is left out. When it vanishes comes from system randomness: a
rehearsal's seed sets the split and nothing else.
"""

import random
from collections.abc import Mapping, Sequence

from xinqiao_platform.channel import Ask, Channel

_LONGEST_PARTS = 10


class Outages:
    """Who is away at which of `answers` steps; step 0 is all that comes before the first."""

    def __init__(self, away: int, answers: int) -> None:
        self._count = away
        self._answers = answers
        self._spans: dict[str, range] = {}
        self.step = 0

    def begin(self) -> None:
        """Note that the first step is next."""
        self.step = 1

    def stepped(self, step: int) -> None:
        """Note that a step is over; after the last one everybody is back."""
        self.step = step + 1

    def choose(self, addresses: Sequence[str]) -> None:
        """Choose who will vanish, when, and for how long: a tenth of the steps at most."""
        draw = random.SystemRandom()
        longest = max(1, self._answers // _LONGEST_PARTS)
        for address in draw.sample(sorted(addresses), self._count):
            first = draw.randint(1, self._answers)
            self._spans[address] = range(first, min(first + draw.randint(1, longest), self._answers + 1))

    def reaches(self, address: str) -> bool:
        """Say whether an address can be reached now."""
        return self.step not in self._spans.get(address, ())


class LossyChannel:
    """A `Channel` over another that reaches only who is not away."""

    def __init__(self, channel: Channel, outages: Outages) -> None:
        self._channel = channel
        self._outages = outages
        outages.choose(channel.members())

    def members(self) -> Sequence[str]:
        """Return the addresses that can be reached now."""
        return [address for address in self._channel.members() if self._outages.reaches(address)]

    def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
        """Ask those that can be reached; the others are absent from the result."""
        reached = {address: ask for address, ask in asks.items() if self._outages.reaches(address)}
        return self._channel.ask(reached, timeout_s=timeout_s)


def how_many(fraction: float, departments: int) -> int:
    """Return how many departments vanish: a share of them, at least one; none for a share of 0."""
    return max(1, round(fraction * departments)) if fraction else 0
