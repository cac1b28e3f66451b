"""How the centre asks departments, whatever carries the messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Ask:
    """One question to one department.

    `wire` is a canonical wire type; `parameters` is the model as one flat float64 array, shape (dim,).
    """

    wire: bytes
    parameters: NDArray[np.float64] | None = None


class Channel(Protocol):
    """Asks departments and gathers what they answered in time."""

    def members(self) -> Sequence[str]:
        """Return the addresses that can be reached now: opaque text, sorted.

        Raises:
            NodeUnavailable: whatever carries the messages cannot be reached itself.
        """
        ...

    def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
        """Ask each address and return the wires that came back within `timeout_s` seconds, by address.

        A department that failed, refused to answer or was late is absent from the result.

        Raises:
            NodeUnavailable: whatever carries the messages cannot be reached itself.
        """
        ...
