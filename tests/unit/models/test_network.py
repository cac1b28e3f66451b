"""A network's clipped sums against one person at a time; and that nothing of a row depends on the others."""

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators import rows
from xinqiao_governance.errors import DataInvalid, ProtocolViolated
from xinqiao_governance.model_spec import Family, ModelSpec, ThresholdLabel
from xinqiao_models import network
from xinqiao_models.families import outputs
from xinqiao_models.features import Design
from xinqiao_models.network import NETWORK_ROW_LIMIT, NetworkGradients, start_weights
from xinqiao_models.people import People

LAST_ADDITION = 2.0**-36
"""What the docstring states: an entry of the second layer's sum is rounded by at most this."""


def model_of(label: str = "yes", *, crosses: bool = True) -> ModelSpec:
    return rows.spec(label, Family.NETWORK, crosses=crosses)


def sums(everyone: People, theta: NDArray[np.float64], clip: float, model: ModelSpec) -> NDArray[np.float64]:
    return NetworkGradients(everyone, model).clipped_sum(theta, clip)


def length(vector: NDArray[np.float64]) -> float:
    return math.sqrt(math.fsum(float(x) ** 2 for x in vector))


def second_layer(model: ModelSpec) -> slice:
    first = model.inputs * model.hidden
    return slice(first, first + model.hidden * model.label.outputs)


# ---- against the slow way ---------------------------------------------------------------------------


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("crosses", [False, True])
@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("clip", [0.1, 1.0, 100.0])
def test_agrees_with_one_person_at_a_time(label: str, crosses: bool, panel: bool, clip: float) -> None:
    model = model_of(label, crosses=crosses)
    everyone, theta = rows.people(model, 150, panel=panel), rows.parameters(model)
    expected = np.array(rows.loop(everyone, theta, model, clip))
    assert length(sums(everyone, theta, clip, model) - expected) <= 1e-5 * length(expected)


def test_outputs_are_those_of_the_layers() -> None:
    model = model_of("class")
    made, theta = rows.people(model, 40).design, rows.parameters(model)
    first, second, bias = np.split(theta, np.cumsum([model.inputs * 4, 4 * 3]))
    expected = np.tanh(made.dense() @ first.reshape(-1, 4)) @ second.reshape(4, 3) + bias
    assert outputs(made, theta, model) == pytest.approx(expected, abs=1e-5)


# ---- a person moves the sum by their own part, within the bound ---------------------------------------


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("clip", [0.01, 2.0])
@pytest.mark.parametrize("scale", [0.5, 20.0])
def test_a_person_moves_the_sum_by_their_own_part_and_within_the_bound(
    label: str, panel: bool, clip: float, scale: float
) -> None:
    """Exactly, but for the last addition of the second layer's two sums."""
    model = model_of(label)
    everyone, theta = rows.people(model, 513, panel=panel), rows.parameters(model, scale)
    whole, second = sums(everyone, theta, clip, model), second_layer(model)
    for person in (0, len(everyone) // 2, len(everyone) - 1):
        own = sums(rows.only(everyone, [person]), theta, clip, model)
        others = [other for other in range(len(everyone)) if other != person]
        moved = whole - sums(rows.only(everyone, others), theta, clip, model)
        assert np.array_equal(np.delete(moved, second), np.delete(own, second))
        assert np.abs(moved[second] - own[second]).max() <= 2 * LAST_ADDITION
        assert max(length(moved), length(own)) <= clip


@pytest.mark.parametrize("label", list(rows.LABELS))
def test_a_person_moves_a_wide_network_of_few_inputs_by_their_own_part(label: str) -> None:
    """The design is a matrix here, and people fill more than one block."""
    model = replace(model_of(label, crosses=False), hidden=64)
    everyone, theta = rows.people(model, 600, panel=True), rows.parameters(model)
    whole, second = sums(everyone, theta, 2.0, model), second_layer(model)
    for person in (0, len(everyone) // 2, len(everyone) - 1):
        own = sums(rows.only(everyone, [person]), theta, 2.0, model)
        others = [other for other in range(len(everyone)) if other != person]
        moved = whole - sums(rows.only(everyone, others), theta, 2.0, model)
        assert np.array_equal(np.delete(moved, second), np.delete(own, second))
        assert np.abs(moved[second] - own[second]).max() <= 2 * LAST_ADDITION
        assert max(length(moved), length(own)) <= 2.0


@pytest.mark.parametrize("width", [1, 2, 7, 16, 33, 64, 100, 1_000])
def test_the_square_of_a_row_does_not_depend_on_the_rows_around_it(width: int) -> None:
    matrix = np.random.default_rng(width).normal(size=(67, width))
    squares = network._row_squares(matrix)
    for first, last in ((0, 1), (3, 5), (5, 22), (66, 67)):
        assert np.array_equal(network._row_squares(matrix[first:last].copy()), squares[first:last])


@pytest.mark.parametrize("label", list(rows.LABELS))
def test_the_order_of_people_does_not_matter(label: str) -> None:
    """Bit for bit in the first layer, whose sums would differ in order if they were float sums."""
    model = model_of(label)
    everyone, theta = rows.people(model, 3_000), rows.parameters(model, 3.0)
    turned = np.random.default_rng(8).permutation(3_000)
    shuffled = People(everyone.design.rows(turned), everyone.targets[turned], everyone.starts)
    one, other = (sums(each, theta, 0.7, model) for each in (everyone, shuffled))
    assert np.array_equal(np.delete(one, second_layer(model)), np.delete(other, second_layer(model)))
    assert np.abs(one - other).max() <= LAST_ADDITION


def hostile(model: ModelSpec) -> NDArray[np.float64]:
    """The largest second layer that is allowed: the longest gradients, with every bit of the grids in use."""
    theta = rows.parameters(model, 0.05)
    second = theta[second_layer(model)]
    second *= 256 * (1 - 1e-9) / np.abs(second.reshape(model.hidden, -1)).sum(axis=0).max()
    theta[second_layer(model)] = second
    theta[second_layer(model).stop :] = 0.0
    return theta


@pytest.mark.slow
@pytest.mark.parametrize("clip", [1e-2, 1.0])
def test_as_many_rows_as_are_allowed_that_cancel_move_nobody_else(clip: float) -> None:
    """One person's rows push as hard as they can, first all one way, then all the other; a stranger joins."""
    model = ModelSpec("m", rows.FEATURES, ThresholdLabel("outcome", 0), family=Family.NETWORK, hidden=8)
    theta, count = hostile(model), NETWORK_ROW_LIMIT
    made = rows.people(model, 1).design
    yes = (np.arange(count) * 2 >= count).astype(float)[:, None]
    both = People(made.rows(np.zeros(count, dtype=np.intp)), yes, np.array([0, 1]))
    whole, stranger, crowd = (sums(each, theta, clip, model) for each in (both, *_apart(both)))
    assert np.abs(whole - crowd - stranger).max() <= 2 * LAST_ADDITION
    assert max(length(whole - crowd), length(whole - stranger), length(stranger), length(crowd)) <= clip


def _apart(both: People) -> tuple[People, People]:
    return rows.only(both, [0]), rows.only(both, [1])


@pytest.mark.slow
def test_the_sums_of_as_many_people_as_are_allowed_are_exact() -> None:
    """Against whole numbers: the same person again and again, so the sum is a product."""
    model = ModelSpec("m", rows.FEATURES, ThresholdLabel("outcome", 0), family=Family.NETWORK, hidden=3)
    theta, count = hostile(model), NETWORK_ROW_LIMIT
    one = rows.people(model, 1)
    many = People(
        one.design.rows(np.zeros(count, dtype=np.intp)),
        np.repeat(one.targets, count, axis=0),
        np.arange(count),
    )
    own, whole = sums(one, theta, 900.0, model), sums(many, theta, 900.0, model)
    second = second_layer(model)
    assert np.array_equal(np.delete(whole, second), count * np.delete(own, second))
    assert np.abs(whole - count * own).max() <= LAST_ADDITION


@pytest.mark.parametrize("label", list(rows.LABELS))
def test_products_of_a_row_are_exact_at_the_limit_of_the_second_layer(label: str) -> None:
    """Forward and back, against whole numbers."""
    model = model_of(label)
    weights = network.Weights.of(hostile(model), model).on_grid()
    active, delta, off = network.Block(rows.people(model, 30), model).backward(weights)
    second, units, backs = whole(weights.second, 24), whole(active, 20), whole(off, 20)
    assert whole(active @ weights.second, 44) == product(units, second)
    returned = np.array(product(backs, list(zip(*second, strict=True))), dtype=float) / 2.0**44
    assert np.array_equal(delta, returned * (1 - active**2))


@pytest.mark.parametrize("crosses", [False, True])
def test_products_with_the_design_are_exact(crosses: bool) -> None:
    """Sparse, or as a matrix where there are few columns; against whole numbers."""
    model = model_of(crosses=crosses)
    assert (model.inputs <= network._DENSE_INPUTS) is not crosses
    everyone = rows.people(model, 60)
    design = network.Block(everyone, model).rows
    theta = rows.parameters(model)
    theta[: second_layer(model).start] *= 300
    first = network.Weights.of(theta, model).on_grid().first
    delta = network.to_grid(np.random.default_rng(6).normal(0, 50, (60, 4)), 27)
    halves = whole(everyone.design.dense(), 1)
    assert whole(design.times(first), 32) == product(halves, whole(first, 31))
    assert whole(design.transposed_times(delta), 28) == product(
        list(zip(*halves, strict=True)), whole(delta, 27)
    )


def whole(values: NDArray[np.float64], bits: int) -> list[list[int]]:
    """Values as multiples of 2^-bits; anything between two multiples is a failed test."""
    scaled = np.ldexp(values, bits)
    assert np.array_equal(scaled, np.rint(scaled))
    return [[int(value) for value in row] for row in scaled]


def product(left: list[list[int]], right: Sequence[Sequence[int]]) -> list[list[int]]:
    columns = list(zip(*right, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left]


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("entries", [1, 12, 4 * 20])
def test_blocks_do_not_show(label: str, entries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bit for bit but for the last addition, however few rows a block holds; people are never cut."""
    model = model_of(label)
    everyone, theta = rows.people(model, 150, panel=True), rows.parameters(model)
    whole = sums(everyone, theta, 0.7, model)
    monkeypatch.setattr(network, "_BLOCK_ENTRIES", entries)
    assert np.array_equal(whole, sums(everyone, theta, 0.7, model))


@pytest.mark.slow
@pytest.mark.parametrize("outputs_", [1, 3])
def test_the_second_layers_sum_rounds_once(outputs_: int) -> None:
    """As many rows as are allowed, nearly all at one, so that a float sum would round at every row."""
    random = np.random.default_rng(5)
    active = np.rint(random.uniform(0.9, 1.0, (NETWORK_ROW_LIMIT, 2)) * 2**20) / 2**20
    off = np.rint(random.uniform(0.9, 1.0, (NETWORK_ROW_LIMIT, outputs_)) * 2**30) / 2**30
    exact = product(whole(active.T, 20), whole(off, 30))
    made = np.add(*np.hsplit(network._second_sums(active, off), 2))
    for one, other in zip(made.ravel().tolist(), [value for row in exact for value in row], strict=True):
        assert abs(Fraction(one) - Fraction(other, 2**50)) <= LAST_ADDITION


def test_a_clipped_person_ends_a_hair_inside_the_bound() -> None:
    model = model_of()
    own = length(sums(rows.people(model, 1), rows.parameters(model, 5.0), 0.05, model))
    assert 0.05 * (1 - 3e-6) < own < 0.05 * (1 - 0.9e-6)


def test_the_bound_shrinks_by_what_a_persons_rows_can_move() -> None:
    model = model_of()
    one, theta = rows.people(model, 1), rows.parameters(model)

    def bound(count: int) -> float:
        copies = np.zeros(count, dtype=np.intp)
        return length(
            sums(People(one.design.rows(copies), one.targets[copies], np.array([0])), theta, 1e-3, model)
        )

    # Two steps of 2^-27 for each of four entries of δ, along a row of norm √4.5; the rest is far less.
    moved = 2 * 2.0**-27 * 2 * math.sqrt(4.5)
    for count in (100, 1_000, 10_000):
        assert bound(count) == pytest.approx(1e-3 * (1 - 1e-6) - count * moved, abs=0.1 * count * moved)


def test_nobody_adds_nothing() -> None:
    model = model_of()
    nobody = rows.only(rows.people(model, 5), [])
    assert sums(nobody, rows.parameters(model), 1.0, model).tolist() == [0.0] * model.parameters


# ---- hostile inputs -----------------------------------------------------------------------------------


def spoilt(place: int | slice, value: float) -> NDArray[np.float64]:
    theta = rows.parameters(model_of())
    theta[place] = value
    return theta


@pytest.mark.parametrize(
    "theta",
    [
        spoilt(0, np.nan),
        spoilt(-1, np.inf),
        spoilt(0, 2.0**20),
        spoilt(-1, 257.0),
        spoilt(second_layer(model_of()), 65.0),
        np.zeros(model_of().parameters + 1),
        np.zeros((1, model_of().parameters)),
    ],
)
def test_hostile_parameters_are_refused(theta: NDArray[np.float64]) -> None:
    model = model_of()
    with pytest.raises(ProtocolViolated) as refused:
        sums(rows.people(model, 20), theta, 1.0, model)
    assert refused.value.code == "parameters_invalid"


def test_the_second_layer_is_bounded_across_outputs_too() -> None:
    """Residuals go back through all outputs of a unit: their weights' sum must fit the grid."""
    model = model_of("class")
    theta = np.zeros(model.parameters)
    first = second_layer(model).start
    theta[first : first + 3] = 100.0  # one unit, three outputs
    with pytest.raises(ProtocolViolated):
        sums(rows.people(model, 20), theta, 1.0, model)


@pytest.mark.parametrize("clip", [0.0, -1.0, np.nan, np.inf])
def test_a_clip_that_bounds_nothing_is_refused(clip: float) -> None:
    model = model_of()
    with pytest.raises(ProtocolViolated) as refused:
        sums(rows.people(model, 20), rows.parameters(model), clip, model)
    assert refused.value.code == "gradient_clip_invalid"


def test_more_rows_than_stay_exact_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "NETWORK_ROW_LIMIT", 19)
    with pytest.raises(DataInvalid) as refused:
        NetworkGradients(rows.people(model_of(), 20), model_of())
    assert refused.value.code == "gradient_rows_too_many"


def test_targets_of_another_label_are_refused() -> None:
    with pytest.raises(DataInvalid):
        NetworkGradients(rows.people(model_of("class"), 20), model_of("yes"))


# ---- where training starts ------------------------------------------------------------------------------


def test_start_weights_are_public_spread_and_end_in_zeros() -> None:
    model = model_of("class")
    first = start_weights(model)
    assert np.array_equal(first, start_weights(model_of("class")))
    spread, rest = np.split(first, [model.inputs * model.hidden])
    assert not rest.any()
    assert np.abs(spread).max() <= 1 / math.sqrt(1 + 3 + 2)
    assert np.unique(spread).size == spread.size  # no two units alike
    assert abs(spread.mean()) < 0.1
    assert 0.9 < spread.std() * math.sqrt(6) * math.sqrt(3) < 1.1


def test_the_first_step_already_moves_the_second_layer() -> None:
    model = model_of()
    moved = sums(rows.people(model, 200), start_weights(model), 1.0, model)
    assert np.abs(moved[second_layer(model)]).min() > 0


def test_a_row_of_no_columns_but_the_constant_is_a_design_too() -> None:
    model = ModelSpec("m", rows.FEATURES[:1], ThresholdLabel("outcome", 0), family=Family.NETWORK, hidden=1)
    made = Design(np.array([[0, 1]], dtype=np.intp), np.ones(2), model.inputs)
    one = People(made, np.ones((1, 1)), np.array([0]))
    assert np.isfinite(sums(one, start_weights(model), 1.0, model)).all()
