"""The centre's optimiser: Adam on noised mean gradients, then the average over the tail of the steps.

Everything here is post-processing of opened sums; it sees no person's data and costs no privacy. Adam:
Kingma, Ba 2015, Algorithm 1.
"""

import struct
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import StoreDamaged

Vector = NDArray[np.float64]

_FIRST_DECAY = 0.9
_SECOND_DECAY = 0.999
_FLOOR = 1e-8
_HEADER = struct.Struct("<8sQQQQQ")
_MAGIC = b"xqadam01"


@dataclass(frozen=True, eq=False)
class AdamState:
    """All that the next step needs; vectors have shape (d,).

    `planned` is T, the answers bought; `used` counts answers spent, void ones too; `steps` counts good ones.
    `tail` sums the parameters after the `tail_steps` good steps of the last half of the answers.
    """

    parameters: Vector
    first: Vector
    second: Vector
    tail: Vector
    planned: int
    used: int = 0
    steps: int = 0
    tail_steps: int = 0

    def to_bytes(self) -> bytes:
        """Return the one byte string of this state: counts and float64 vectors, little-endian."""
        header = _HEADER.pack(
            _MAGIC, len(self.parameters), self.planned, self.used, self.steps, self.tail_steps
        )
        vectors = np.concatenate([self.parameters, self.first, self.second, self.tail])
        return header + vectors.astype("<f8").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "AdamState":
        """Read a state back.

        Raises:
            StoreDamaged: not the bytes of a state, or its counts contradict each other.
        """
        if len(data) < _HEADER.size:
            raise StoreDamaged("optimiser_state_invalid")
        magic, dimension, planned, used, steps, tail_steps = _HEADER.unpack_from(data)
        counted = tail_steps <= steps <= used <= planned
        if magic != _MAGIC or not counted or len(data) != _HEADER.size + 32 * dimension:
            raise StoreDamaged("optimiser_state_invalid")
        vectors = np.frombuffer(data, dtype="<f8", offset=_HEADER.size).astype(np.float64)
        if not np.isfinite(vectors).all():
            raise StoreDamaged("optimiser_state_invalid")
        parameters, first, second, tail = vectors.reshape(4, dimension)
        return cls(parameters, first, second, tail, planned, used, steps, tail_steps)


def start(parameters: Vector, answers: int) -> AdamState:
    """Return the state before the first step from `parameters`, shape (d,), `answers` planned."""
    zeros = np.zeros_like(parameters)
    return AdamState(parameters, zeros, zeros, zeros, planned=answers)


def advance(state: AdamState, mean_gradient: Vector, learning_rate: float) -> AdamState:
    """Return the state after one good step; `mean_gradient` is the opened sum over the nominal head-count."""
    steps = state.steps + 1
    first = _FIRST_DECAY * state.first + (1 - _FIRST_DECAY) * mean_gradient
    second = _SECOND_DECAY * state.second + (1 - _SECOND_DECAY) * mean_gradient**2
    direction = first / (1 - _FIRST_DECAY**steps)
    size = np.sqrt(second / (1 - _SECOND_DECAY**steps))
    moved = state.parameters - learning_rate * direction / (size + _FLOOR)
    after = replace(state, parameters=moved, first=first, second=second, used=state.used + 1, steps=steps)
    return _with_tail(after)


def skip(state: AdamState) -> AdamState:
    """Return the state after a void step: an answer is used up, nothing else changes."""
    return replace(state, used=state.used + 1)


def average(state: AdamState) -> Vector:
    """Return the model, shape (d,): the mean over the tail, or the current parameters before the tail."""
    return state.tail / state.tail_steps if state.tail_steps else state.parameters


def _with_tail(state: AdamState) -> AdamState:
    if 2 * state.used <= state.planned:
        return state
    return replace(state, tail=state.tail + state.parameters, tail_steps=state.tail_steps + 1)
