"""Defaults: from the model's shape, the nominal head-count and ε, and from nothing else."""

import inspect
import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from simulators import rows
from xinqiao_governance.model_spec import MICRO, Family, ModelSpec
from xinqiao_governance.order import Spend
from xinqiao_models import defaults
from xinqiao_models.defaults import learning_rate, plan_for, ridge
from xinqiao_models.features import design
from xinqiao_models.sums import SumPlan


def plan(model: ModelSpec, *, people: int = 30_000, epsilon: float = 1.0, **more: int) -> SumPlan:
    return plan_for(model, spend=Spend(round(epsilon * MICRO), 10_000), members=8, people=people, **more)


def test_no_choice_can_see_the_data() -> None:
    """What comes in is the model, the plan and public figures: no array, no table, no department."""
    taken = {
        name: str(parameter.annotation)
        for function in (plan_for, learning_rate, ridge)
        for name, parameter in inspect.signature(function).parameters.items()
    }
    assert taken.keys() == {
        "spec",
        "spend",
        "members",
        "people",
        "collusion",
        "answers",
        "plan",
        "sampling_micro",
    }
    assert all("NDArray" not in kind and "People" not in kind for kind in taken.values())
    imported = {name for name, value in vars(defaults).items() if inspect.isfunction(value)}
    assert imported == {
        "plan_for",
        "learning_rate",
        "ridge",
        "block_scales",
        "block_widths",
        "moments_clip_micro",
        "make_plan",
        "require_sampling",
        "_clip_micro",
    }


def test_the_same_figures_give_the_same_choice() -> None:
    for family in rows.PREDICTING:
        model = rows.spec("class", family)
        assert plan(model) == plan(rows.spec("class", family))
        assert learning_rate(model, plan(model)) == learning_rate(model, plan(model))


@pytest.mark.parametrize("family", [Family.LINEAR, Family.NETWORK])
@pytest.mark.parametrize("crosses", [False, True])
def test_the_clip_is_a_share_of_every_rows_norm(family: Family, crosses: bool) -> None:
    model = rows.spec("yes", family, crosses=crosses)
    norm = design(rows.columns(10, "yes"), model).row_norm
    assert plan(model).clip == pytest.approx(0.55 * norm, abs=1e-6)


def test_answers_are_two_hundred_unless_ordered_and_one_for_moments() -> None:
    assert plan(rows.spec()).answers == 200
    assert plan(rows.spec(), answers=50).answers == 50
    assert plan(rows.spec("yes", Family.MOMENTS)).answers == 1
    assert plan(rows.spec("yes", Family.MOMENTS), answers=50).answers == 1


def test_the_plans_vector_is_the_models() -> None:
    for label in rows.LABELS:
        for family in rows.PREDICTING:
            model = rows.spec(label, family)
            assert plan(model).dimension == model.dimension


def test_the_rate_falls_as_the_noise_grows_between_its_limits() -> None:
    model = rows.spec(crosses=False)
    chosen = [learning_rate(model, plan(model, people=n, epsilon=e)) for n, e in
              ((1_000_000, 4.0), (30_000, 2.0), (10_000, 1.0), (3_000, 0.5), (400, 0.1))]  # fmt: skip
    assert chosen == sorted(chosen, reverse=True)
    assert (chosen[0], chosen[-1]) == (0.1, 0.02)
    assert len(set(chosen)) > 3


def test_the_rate_is_its_formula() -> None:
    model = rows.spec(crosses=False)
    public = plan(model, people=10_000)
    noise = (
        math.sqrt(public.dimension)
        * math.sqrt(public.variance)
        / (public.scale * public.clip * public.people)
    )
    assert 0.02 < learning_rate(model, public) < 0.1
    assert learning_rate(model, public) == pytest.approx(0.05 * math.sqrt(0.03 / noise))


@pytest.mark.parametrize("model", [rows.spec(), rows.spec("yes", Family.NETWORK, crosses=False)])
def test_rich_models_learn_more_slowly(model: ModelSpec) -> None:
    plain = replace(model, crosses=(), family=Family.LINEAR, hidden=0)
    public = plan(plain, people=10**6, epsilon=8.0)
    assert learning_rate(model, public) == pytest.approx(0.3 * learning_rate(plain, public))


@pytest.mark.parametrize("family", rows.PREDICTING)
def test_only_a_linear_model_with_crosses_is_pulled_to_zero(family: Family) -> None:
    for crosses in (False, True):
        model = rows.spec("class", family, crosses=crosses)
        pull = ridge(model, plan(model))
        assert pull.shape == (model.parameters,)
        assert pull.any() == (crosses and family is Family.LINEAR)


def test_the_ridge_is_its_formula_block_by_block_and_leaves_the_constant_free() -> None:
    model = rows.spec("class")
    public = plan(model, people=20_000)
    noise = public.variance / public.scale**2 / public.answers
    blocks = [
        (1, 0.0, 1.0),
        (5, 10.0, 1.0),
        (4, 10.0, 1.0),
        (4, 10.0, 1.0),
        (16, 100.0, 0.5),
        (9, 100.0, 0.5),
    ]
    expected = [
        strength / 20_000 * (scale**2 + noise / (0.2 * 20_000 / width))
        for _ in range(3)
        for width, strength, scale in blocks
        for _ in range(width)
    ]
    assert ridge(model, public) == pytest.approx(expected)


def test_more_noise_and_fewer_people_pull_more() -> None:
    model = rows.spec()
    chosen = [ridge(model, plan(model, people=n, epsilon=e))[1:] for n, e in
              ((1_000_000, 8.0), (30_000, 4.0), (30_000, 1.0), (3_000, 0.5))]  # fmt: skip
    assert all((less < more).all() for less, more in itertools.pairwise(chosen))


def test_more_people_never_make_it_noisier_for_one_of_them() -> None:
    model = rows.spec()
    assert plan(model, people=1_000).variance == plan(model, people=100_000).variance
    assert np.isclose(plan(model, epsilon=0.5).noise_multiplier / plan(model).noise_multiplier, 2, rtol=0.1)
