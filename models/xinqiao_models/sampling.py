"""Who is in one sum: each person drawn by itself with the ordered chance, from system randomness.

A Poisson sample: the proof of its ε (`amplification`) needs that draws are independent of each other and of
all that was ever sent, and that nobody but the node learns them: nothing here takes a seed or keeps a draw.
"""

import os

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.model_spec import MICRO

_END = (1 << 32) // MICRO * MICRO
"""32-bit words below it have each remainder by a million equally often."""


def draw_people(people: int, sampling_micro: int) -> NDArray[np.bool_]:
    """Return who is drawn, shape (people,): each with a chance of exactly `sampling_micro` in a million."""
    drawn: NDArray[np.bool_] = _below_a_million(people) < sampling_micro
    return drawn


def _below_a_million(count: int) -> NDArray[np.uint32]:
    """Return independent numbers, each of 0 … 999,999 with the same chance: words past `_END` are redrawn."""
    words = _words(count)
    while len(again := np.flatnonzero(words >= _END)):
        words[again] = _words(len(again))
    return words % np.uint32(MICRO)


def _words(count: int) -> NDArray[np.uint32]:
    return np.frombuffer(os.urandom(4 * count), dtype="<u4").astype(np.uint32)
