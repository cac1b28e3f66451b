"""A linear model's clipped sums against one person at a time; and that the bound holds exactly."""

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators import rows
from xinqiao_governance.errors import DataInvalid, ProtocolViolated
from xinqiao_governance.model_spec import Label, ThresholdLabel
from xinqiao_models.features import Design
from xinqiao_models.gradients import PARAMETER_BITS, PARAMETER_LIMIT, LinearGradients, to_grid
from xinqiao_models.people import ROW_LIMIT, People

YES = ThresholdLabel("outcome", 0)


def length(vector: NDArray[np.float64]) -> float:
    return math.sqrt(math.fsum(float(x) ** 2 for x in vector))


def one_column(count: int, targets: NDArray[np.float64], *, blocks: int = 1) -> People:
    """One person of `count` rows that all touch the same columns."""
    positions = np.tile(np.arange(blocks, dtype=np.intp), (count, 1))
    return People(Design(positions, np.ones(blocks), blocks), targets.reshape(count, 1), np.array([0]))


def sums(
    everyone: People, theta: NDArray[np.float64], clip: float, label: Label = YES
) -> NDArray[np.float64]:
    return LinearGradients(everyone, label).clipped_sum(theta, clip)


# ---- against the slow way ---------------------------------------------------------------------------


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("crosses", [False, True])
@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("clip", [0.1, 1.0, 100.0])
def test_agrees_with_one_person_at_a_time(label: str, crosses: bool, panel: bool, clip: float) -> None:
    model = rows.spec(label, crosses=crosses)
    everyone, theta = rows.people(model, 200, panel=panel), rows.parameters(model)
    expected = rows.loop(everyone, theta, model, clip)
    made = sums(everyone, theta, clip, model.label)
    assert made == pytest.approx(np.array(expected), rel=1e-5, abs=1e-5)


# ---- a person moves the sum by their own part, within the bound ---------------------------------------


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("clip", [0.001, 0.5, 2.0])
@pytest.mark.parametrize("seed", range(2))
def test_a_person_moves_the_sum_by_their_own_part_exactly_and_within_the_bound(
    label: str, panel: bool, clip: float, seed: int
) -> None:
    """Bit for bit: no rounding in others' parts, also where the row count passes a power of two."""
    model = rows.spec(label)
    everyone, theta = rows.people(model, 513, panel=panel, seed=seed), rows.parameters(model, 2.0)
    whole = sums(everyone, theta, clip, model.label)
    for person in (0, len(everyone) // 2, len(everyone) - 1):
        own = sums(rows.only(everyone, [person]), theta, clip, model.label)
        others = [other for other in range(len(everyone)) if other != person]
        rest = sums(rows.only(everyone, others), theta, clip, model.label)
        assert np.array_equal(whole - rest, own)
        assert length(own) <= clip


@pytest.mark.parametrize("label", list(rows.LABELS))
def test_parts_are_exact_with_parameters_at_their_limit(label: str) -> None:
    """The largest outputs that are allowed, with every bit of the grid in use."""
    model = rows.spec(label)
    everyone = rows.people(model, 300, panel=True)
    theta = rows.parameters(model)
    theta *= PARAMETER_LIMIT * (1 - 1e-12) / np.abs(theta).sum()
    whole = sums(everyone, theta, 1.0, model.label)
    halves = [sums(rows.only(everyone, range(k, len(everyone), 2)), theta, 1.0, model.label) for k in (0, 1)]
    assert np.array_equal(halves[0] + halves[1], whole)


@pytest.mark.parametrize("label", list(rows.LABELS))
def test_the_order_of_people_does_not_matter_to_a_bit(label: str) -> None:
    model = rows.spec(label)
    everyone, theta = rows.people(model, 2_000), rows.parameters(model)
    turned = np.random.default_rng(8).permutation(2_000)
    shuffled = People(everyone.design.rows(turned), everyone.targets[turned], everyone.starts)
    assert np.array_equal(sums(everyone, theta, 0.7, model.label), sums(shuffled, theta, 0.7, model.label))


def test_outputs_are_exact_on_the_grid_in_any_order() -> None:
    """At the limit of parameters, against whole numbers."""
    model, random = rows.spec(), np.random.default_rng(6)
    made = rows.people(model, 50).design
    theta = random.normal(size=model.inputs)
    grid = to_grid(theta * PARAMETER_LIMIT / np.abs(theta).sum(), PARAMETER_BITS)
    whole = [int(entry * 2**PARAMETER_BITS) for entry in grid]
    twice = (2 * made.dense()).astype(int).tolist()
    for said, row in zip(made.times(grid[:, None])[:, 0], twice, strict=True):
        assert int(said * 2 ** (PARAMETER_BITS + 1)) == sum(a * b for a, b in zip(row, whole, strict=True))


def test_two_rows_of_one_person_are_clipped_together() -> None:
    together = one_column(2, np.ones(2), blocks=3)
    apart = People(together.design, together.targets, np.array([0, 1]))
    assert length(sums(together, np.zeros(3), 0.5)) == pytest.approx(0.5, rel=1e-5)
    assert length(sums(apart, np.zeros(3), 0.5)) == pytest.approx(1.0, rel=1e-5)


def test_a_person_with_very_many_rows_stays_within_the_bound() -> None:
    person = one_column(200_000, np.ones(200_000), blocks=2)
    for clip in (1e-6, 1e-3, 1.0):
        assert length(sums(person, np.zeros(2), clip)) <= clip


@pytest.mark.parametrize("theta", np.linspace(0.3, 1.2, 10))
def test_cutting_to_the_grid_never_lifts_a_person_above_the_bound(theta: float) -> None:
    """Rows that pull both ways: cutting the smaller side by more lengthens the difference."""
    person = one_column(20_000, (np.arange(20_000) % 5 < 2).astype(float))
    total = sums(person, np.array([theta]), 1e-3)
    assert 0 < abs(total[0]) <= 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("theta", [0.1, 0.7306, 1.1])
@pytest.mark.parametrize("clip", [1e-3, 0.05, 1.0])
def test_as_many_rows_as_are_allowed_that_cancel_stay_within_the_bound(theta: float, clip: float) -> None:
    """All that push, then all that pull: float sums on the way are as large, and as wrong, as can be."""
    pull = 1 / (1 + math.exp(-theta))  # the share of "yes" that makes the rows cancel
    yes = (np.arange(ROW_LIMIT) < pull * ROW_LIMIT - 9).astype(float)
    total = sums(one_column(ROW_LIMIT, yes), np.array([theta]), clip)
    assert abs(total[0]) <= clip


def test_a_clipped_person_ends_a_hair_inside_the_bound() -> None:
    bound = length(sums(one_column(1, np.ones(1), blocks=4), np.zeros(4), 0.5))
    assert 0.5 * (1 - 1.1e-6) < bound < 0.5 * (1 - 0.9e-6)


def test_the_bound_shrinks_by_what_a_persons_rows_can_move() -> None:
    bounds = [length(sums(one_column(n, np.ones(n)), np.zeros(1), 1e-4)) for n in (1, 100, 10_000)]
    assert all(more < less for less, more in pairwise(bounds))


def test_a_person_without_gradient_or_room_adds_nothing() -> None:
    assert sums(one_column(20_000, np.ones(20_000)), np.array([100.0]), 1e-6).tolist() == [0.0]


def test_parameters_are_rounded_to_the_grid_on_which_outputs_are_exact() -> None:
    model = rows.spec()
    everyone = rows.people(model, 3_000)
    theta = np.rint(rows.parameters(model) * 1e3) / 1024
    assert np.array_equal(sums(everyone, theta + 1e-10, 1.0), sums(everyone, theta, 1.0))


def test_nobody_adds_nothing() -> None:
    model = rows.spec("class")
    nobody = rows.only(rows.people(model, 5), [])
    assert sums(nobody, np.ones(model.parameters), 1.0, model.label).tolist() == [0.0] * model.parameters


# ---- hostile inputs -----------------------------------------------------------------------------------

MODEL = rows.spec(crosses=False)


@pytest.mark.parametrize(
    "theta",
    [
        np.full(MODEL.inputs, np.nan),
        np.full(MODEL.inputs, np.inf),
        np.full(MODEL.inputs, -np.inf),
        np.full(MODEL.inputs, 1e308),
        np.full(MODEL.inputs, 2.0**17),
        np.full(MODEL.inputs, -(2.0**17)),
        np.zeros(MODEL.inputs + 1),
        np.zeros((1, MODEL.inputs)),
        np.zeros(0),
    ],
)
def test_hostile_parameters_are_refused(theta: NDArray[np.float64]) -> None:
    with pytest.raises(ProtocolViolated) as refused:
        sums(rows.people(MODEL, 20), theta, 1.0)
    assert refused.value.code == "parameters_invalid"


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_extreme_parameters_give_finite_sums(label: str, sign: float) -> None:
    model = rows.spec(label, crosses=False)
    theta = np.full(model.parameters, sign * PARAMETER_LIMIT / model.parameters)
    assert np.isfinite(sums(rows.people(model, 20, panel=True), theta, 1.0, model.label)).all()


@pytest.mark.parametrize("clip", [0.0, -1.0, np.nan, np.inf])
def test_a_clip_that_bounds_nothing_is_refused(clip: float) -> None:
    with pytest.raises(ProtocolViolated) as refused:
        sums(rows.people(MODEL, 20), np.zeros(MODEL.inputs), clip)
    assert refused.value.code == "gradient_clip_invalid"


@pytest.mark.parametrize("value", [0.5, -1.0])
def test_a_yes_or_no_that_is_neither_is_refused(value: float) -> None:
    everyone = rows.people(MODEL, 20)
    everyone.targets[1] = value
    with pytest.raises(DataInvalid) as refused:
        LinearGradients(everyone, MODEL.label)
    assert refused.value.code == "gradient_rows_invalid"
