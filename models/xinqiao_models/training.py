"""The centre's side of a model: what it asks with next, and what it makes of the sums that open.

Everything here is post-processing of noised sums and costs no privacy.
"""

import math
import struct

import numpy as np

from xinqiao_governance.errors import StoreDamaged
from xinqiao_governance.model_spec import Family, ModelSpec
from xinqiao_models.defaults import learning_rate, ridge
from xinqiao_models.families import first_parameters
from xinqiao_models.moments import least_squares
from xinqiao_models.optimiser import AdamState, Vector, advance, average, skip, start
from xinqiao_models.sums import SumPlan

_LENGTH = struct.Struct("<Q")


class Training:
    """A model in training. Vectors have shape (spec.parameters,) unless said otherwise."""

    def __init__(self, spec: ModelSpec, plan: SumPlan) -> None:
        self._spec = spec
        self._plan = plan
        self._rate = learning_rate(spec, plan)
        self._ridge = ridge(spec, plan)
        self._state: AdamState = start(first_parameters(spec), plan.answers)
        self._solved: Vector | None = None

    @property
    def parameters(self) -> Vector:
        """What departments are asked with next."""
        return self._state.parameters

    @property
    def steps(self) -> int:
        """Good steps so far."""
        return self._state.steps

    @property
    def void_steps(self) -> int:
        """Steps so far that missed a member."""
        return self._state.used - self._state.steps

    @property
    def model(self) -> Vector:
        """The parameters of the model if the job ended now."""
        return average(self._state) if self._solved is None else self._solved

    def take(self, opened: Vector | None) -> None:
        """Take a step's opened sum over people, shape (spec.dimension,); None for a void step."""
        if opened is None:
            self._state = skip(self._state)
        elif self._spec.family.from_one_sum:
            self._solved = self._result(opened)
            self._state = advance(self._state, np.zeros_like(self.parameters), self._rate)
        else:
            slope = opened / self._plan.drawn + self._ridge * self.parameters
            self._state = advance(self._state, slope, self._rate)

    def _result(self, opened: Vector) -> Vector:
        """Return what the only sum gives: a histogram is the sum itself."""
        if self._spec.family is Family.HISTOGRAM:
            return opened
        deviation = math.sqrt(self._plan.variance) / self._plan.scale
        return least_squares(opened, self._spec, deviation)

    def to_bytes(self) -> bytes:
        """Return the state as bytes, for a checkpoint."""
        state = self._state.to_bytes()
        solved = b"" if self._solved is None else self._solved.astype("<f8").tobytes()
        return _LENGTH.pack(len(state)) + state + solved

    def restore(self, data: bytes) -> None:
        """Go on from a checkpoint of the same order.

        Raises:
            StoreDamaged: not the bytes of such a state.
        """
        shape = self.parameters.shape
        if len(data) < _LENGTH.size:
            raise StoreDamaged("optimiser_state_invalid")
        (length,) = _LENGTH.unpack_from(data)
        end = _LENGTH.size + length
        if len(data) < end:
            raise StoreDamaged("optimiser_state_invalid")
        state = AdamState.from_bytes(data[_LENGTH.size : end])
        if (state.parameters.shape, state.planned) != (shape, self._plan.answers):
            raise StoreDamaged("optimiser_state_invalid")
        self._state, self._solved = state, _solved(data[end:], shape)


def _solved(data: bytes, shape: tuple[int, ...]) -> Vector | None:
    if not data:
        return None
    if len(data) % 8 or not np.isfinite(solved := np.frombuffer(data, "<f8").astype(np.float64)).all():
        raise StoreDamaged("optimiser_state_invalid")
    if solved.shape != shape:
        raise StoreDamaged("optimiser_state_invalid")
    return solved
