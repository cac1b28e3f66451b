"""Training at the centre: good steps and void ones, and the one answer of moments."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from simulators import rows
from xinqiao_governance.errors import StoreDamaged
from xinqiao_governance.model_spec import MICRO, Family, ModelSpec
from xinqiao_governance.order import Spend
from xinqiao_models.defaults import learning_rate, plan_for, ridge
from xinqiao_models.families import first_parameters, person_sums, predict
from xinqiao_models.metrics import auc
from xinqiao_models.moments import least_squares
from xinqiao_models.optimiser import advance, average, skip, start
from xinqiao_models.sums import SumPlan
from xinqiao_models.training import Training


def plan_of(model: ModelSpec, *, answers: int | None = 8, people: int = 2_000) -> SumPlan:
    return plan_for(model, spend=Spend(4 * MICRO, 10_000), members=4, people=people, answers=answers)


@pytest.mark.parametrize("family", [Family.LINEAR, Family.NETWORK])
def test_steps_are_the_optimisers_on_the_mean_of_nominal_people(family: Family) -> None:
    model = rows.spec("class", family)
    plan = plan_of(model)
    training, state = Training(model, plan), start(first_parameters(model), plan.answers)
    sums = np.random.default_rng(1).normal(0, 100, (8, model.dimension))
    for step, opened in enumerate(sums):
        assert np.array_equal(training.parameters, state.parameters)
        void = step in (2, 5)
        training.take(None if void else opened)
        slope = opened / plan.people + ridge(model, plan) * state.parameters
        state = skip(state) if void else advance(state, slope, learning_rate(model, plan))
    assert (training.steps, training.void_steps) == (6, 2)
    assert np.array_equal(training.model, average(state))


def test_where_people_are_drawn_the_mean_is_over_the_expected_ones() -> None:
    model = rows.spec()
    spend = Spend(4 * MICRO, 10_000)
    plan = plan_for(model, spend=spend, members=4, people=2_000, answers=8, sampling_micro=50_000)
    training, opened = Training(model, plan), np.linspace(-5, 5, model.dimension)
    training.take(opened)
    rate = learning_rate(model, plan)
    known = advance(start(first_parameters(model), plan.answers), opened / 100, rate)
    assert np.array_equal(training.parameters, known.parameters)
    full = plan_of(model)
    assert np.isclose(rate, learning_rate(model, full) * math.sqrt(_noise(full) / _noise(plan)))


def _noise(plan: SumPlan) -> float:
    """Deviation of the noise of the mean."""
    return plan.noise_multiplier / plan.drawn


def test_a_void_step_moves_nothing() -> None:
    training = Training(rows.spec(), plan_of(rows.spec()))
    training.take(np.ones(rows.spec().dimension))
    before = training.parameters.copy(), training.model.copy()
    training.take(None)
    assert np.array_equal(training.parameters, before[0])
    assert np.array_equal(training.model, before[1])
    assert (training.steps, training.void_steps) == (1, 1)


def test_before_the_first_answer_the_model_is_where_training_starts() -> None:
    for family in rows.PREDICTING:
        model = rows.spec("yes", family)
        training = Training(model, plan_of(model))
        assert (training.steps, training.void_steps) == (0, 0)
        assert np.array_equal(training.model, first_parameters(model))


def test_moments_are_solved_from_their_one_answer_and_ask_with_zeros() -> None:
    model = rows.spec("yes", Family.MOMENTS)
    plan = plan_of(model)
    assert plan.answers == 1
    opened = person_sums(rows.people(model, 300), model).clipped_sum(np.zeros(model.parameters), plan.clip)
    training = Training(model, plan)
    training.take(opened)
    assert (training.steps, training.void_steps) == (1, 0)
    assert not training.parameters.any()
    deviation = math.sqrt(plan.variance) / plan.scale
    assert np.array_equal(training.model, least_squares(opened, model, deviation))
    assert training.model.any()


def test_a_void_answer_of_moments_leaves_no_model_but_zeros() -> None:
    model = rows.spec("yes", Family.MOMENTS)
    training = Training(model, plan_of(model))
    training.take(None)
    assert (training.steps, training.void_steps) == (0, 1)
    assert not training.model.any()


@pytest.mark.parametrize("family", rows.PREDICTING)
def test_every_family_learns_without_noise(family: Family) -> None:
    model = rows.spec("yes", family)
    everyone, unseen = (rows.people(model, 2_000, seed=seed) for seed in (1, 2))
    plan = plan_of(model, answers=60)
    training, sums = Training(model, plan), person_sums(everyone, model)
    for _ in range(plan.answers):
        training.take(sums.clipped_sum(training.parameters, plan.clip))
    said = predict(unseen.design, training.model, model)[:, 0]
    assert auc(unseen.targets[:, 0], said) > 0.66


@pytest.mark.parametrize("family", rows.PREDICTING)
@pytest.mark.parametrize("taken", [0, 1, 5])
def test_training_goes_on_from_its_bytes_exactly(family: Family, taken: int) -> None:
    model = rows.spec("class", family)
    plan = plan_of(model)
    sums = np.random.default_rng(1).normal(0, 100, (plan.answers, model.dimension))
    first, taken = Training(model, plan), min(taken, plan.answers)
    for step in range(taken):
        first.take(None if step == 3 else sums[step])
    resumed = Training(model, plan)
    resumed.restore(first.to_bytes())
    for step in range(taken, plan.answers):
        first.take(sums[step])
        resumed.take(sums[step])
    assert resumed.to_bytes() == first.to_bytes()
    assert np.array_equal(resumed.model, first.model)
    assert (resumed.steps, resumed.void_steps) == (first.steps, first.void_steps)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"\0" * 8,
        lambda data: data + b"\xff" * 8,
        lambda data: (2**63).to_bytes(8, "little") + data[8:],
    ],
)
@pytest.mark.parametrize("family", rows.PREDICTING)
def test_a_damaged_checkpoint_is_refused(family: Family, spoil: Callable[[bytes], bytes]) -> None:
    training = Training(rows.spec("yes", family), plan_of(rows.spec("yes", family)))
    training.take(np.ones(rows.spec("yes", family).dimension))
    before = training.to_bytes()
    with pytest.raises(StoreDamaged):
        training.restore(spoil(before))
    assert training.to_bytes() == before


def test_a_checkpoint_of_another_model_or_plan_is_refused() -> None:
    training = Training(rows.spec(), plan_of(rows.spec()))
    for other, answers in ((rows.spec("class"), 8), (rows.spec(), 9)):
        with pytest.raises(StoreDamaged):
            training.restore(Training(other, plan_of(other, answers=answers)).to_bytes())
