"""Adam against the paper's loop, the tail average, and a state that survives as bytes."""

import math

import numpy as np
import pytest

from xinqiao_governance.errors import StoreDamaged
from xinqiao_models.optimiser import AdamState, advance, average, skip, start

RATE = 0.3


def gradients(count: int, dimension: int = 3) -> np.ndarray:
    return np.random.default_rng(2).normal(size=(count, dimension))


def paper_loop(rows: np.ndarray, answers: int) -> tuple[list[list[float]], list[float]]:
    """Kingma, Ba 2015, Algorithm 1, one number at a time; and the mean over the last half of the answers."""
    dimension = rows.shape[1]
    theta, first, second = [0.0] * dimension, [0.0] * dimension, [0.0] * dimension
    path = []
    for t, row in enumerate(rows.tolist(), start=1):
        first = [0.9 * m + 0.1 * g for m, g in zip(first, row, strict=True)]
        second = [0.999 * v + 0.001 * g * g for v, g in zip(second, row, strict=True)]
        corrected = [(m / (1 - 0.9**t), v / (1 - 0.999**t)) for m, v in zip(first, second, strict=True)]
        theta = [x - RATE * m / (math.sqrt(v) + 1e-8) for x, (m, v) in zip(theta, corrected, strict=True)]
        path.append(theta)
    tail = path[answers // 2 :]
    return path, [math.fsum(column) / len(tail) for column in zip(*tail, strict=True)]


@pytest.mark.parametrize("answers", [1, 2, 7, 20])
def test_follows_the_paper_and_averages_the_last_half(answers: int) -> None:
    path, mean = paper_loop(gradients(answers), answers)
    state = start(np.zeros(3), answers)
    for row, expected in zip(gradients(answers), path, strict=True):
        state = advance(state, row, RATE)
        assert state.parameters == pytest.approx(expected, rel=1e-12, abs=1e-14)
    assert average(state) == pytest.approx(mean, rel=1e-12, abs=1e-14)


def test_a_void_step_uses_an_answer_and_moves_nothing() -> None:
    before = advance(start(np.zeros(3), 4), gradients(1)[0], RATE)
    after = skip(before)
    assert (after.used, after.steps) == (2, 1)
    assert np.array_equal(after.parameters, before.parameters)
    assert average(advance(after, gradients(1)[0], RATE)).tolist() != before.parameters.tolist()


def test_before_the_tail_the_model_is_the_current_parameters() -> None:
    state = advance(start(np.zeros(3), 10), gradients(1)[0], RATE)
    assert np.array_equal(average(state), state.parameters)


def test_a_state_resumes_from_its_bytes_exactly() -> None:
    rows = gradients(9)
    state = start(np.zeros(3), 9)
    for row in rows[:5]:
        state = advance(state, row, RATE)
    resumed = AdamState.from_bytes(skip(state).to_bytes())
    state = skip(state)
    for row in rows[5:8]:
        state, resumed = advance(state, row, RATE), advance(resumed, row, RATE)
    assert state.to_bytes() == resumed.to_bytes()
    assert np.array_equal(average(state), average(resumed))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: b"X" + data[1:],
        lambda data: data[:24] + (99).to_bytes(8, "little") + data[32:],
        lambda data: data[:-8] + b"\xff" * 8,
    ],
)
def test_damaged_bytes_are_refused(spoil: object) -> None:
    data = advance(start(np.zeros(3), 4), gradients(1)[0], RATE).to_bytes()
    with pytest.raises(StoreDamaged) as refused:
        AdamState.from_bytes(spoil(data))  # type: ignore[operator]
    assert refused.value.code == "optimiser_state_invalid"


def test_it_starts_where_it_is_told() -> None:
    here = np.array([1.0, -2.0, 0.5])
    state = start(here, 4)
    assert np.array_equal(state.parameters, here)
    assert np.array_equal(average(state), here)
    assert advance(state, np.ones(3), RATE).parameters == pytest.approx(here - RATE, rel=1e-6)
