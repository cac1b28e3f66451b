"""Moments against explicit sums of products, their bound, and least squares against numpy's own."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators import rows
from xinqiao_governance.errors import DataInvalid, ProtocolViolated
from xinqiao_governance.model_spec import MICRO, Family, ModelSpec, ThresholdLabel
from xinqiao_models.features import Design, block_scales
from xinqiao_models.moments import Moments, least_squares, moments_clip_micro, row_bound
from xinqiao_models.people import ROW_LIMIT, People


def model_of(label: str = "yes", *, crosses: bool = True) -> ModelSpec:
    return rows.spec(label, Family.MOMENTS, crosses=crosses)


def sums(everyone: People, model: ModelSpec, clip: float | None = None) -> NDArray[np.float64]:
    bound = moments_clip_micro(model) / MICRO if clip is None else clip
    return Moments(everyone, model).clipped_sum(np.zeros(model.parameters), bound)


def length(vector: NDArray[np.float64]) -> float:
    return math.sqrt(math.fsum(float(x) ** 2 for x in vector))


def means(everyone: People) -> list[NDArray[np.float64]]:
    """Each person's mean of x xᵀ's upper triangle and of t ⊗ x, from the dense matrix."""
    dense, triangle = everyone.design.dense(), np.triu_indices(everyone.design.inputs)
    found = []
    for first, count in zip(everyone.starts, everyone.rows_of, strict=True):
        x, t = dense[first : first + count], everyone.targets[first : first + count]
        found.append(np.concatenate([(x.T @ x)[triangle], (t.T @ x).ravel()]) / count)
    return found


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("crosses", [False, True])
def test_the_sum_is_that_of_explicit_products(label: str, panel: bool, crosses: bool) -> None:
    model = model_of(label, crosses=crosses)
    everyone = rows.people(model, 200, panel=panel)
    made = sums(everyone, model)
    assert made.shape == (model.dimension,)
    assert made == pytest.approx(sum(means(everyone)), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("panel", [False, True])
def test_at_the_default_bound_nobody_is_clipped_and_nobody_exceeds_it(label: str, panel: bool) -> None:
    model = model_of(label)
    everyone, bound = rows.people(model, 50, panel=panel), row_bound(block_scales(model))
    for place, mean in enumerate(means(everyone)):
        own = sums(rows.only(everyone, [place]), model)
        assert length(own) <= min(bound, moments_clip_micro(model) / MICRO)
        assert own == pytest.approx(mean, abs=1e-8)


def test_the_bound_is_reached_by_a_target_of_one_and_no_looser() -> None:
    model = model_of("number")
    one = rows.people(model, 1)
    one.targets[:] = 1.0
    assert length(sums(one, model)) == pytest.approx(row_bound(block_scales(model)), rel=1e-6)


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("clip", [1e-3, 1.0, 3.0])
def test_a_smaller_bound_is_kept_and_shortens_everybody_alike(label: str, clip: float) -> None:
    model = model_of(label)
    everyone = rows.people(model, 60, panel=True)
    share = clip * (1 - 1e-6) / row_bound(block_scales(model))
    for place, mean in enumerate(means(everyone)):
        own = sums(rows.only(everyone, [place]), model, clip)
        assert length(own) <= clip
        assert own == pytest.approx(share * mean, abs=1e-7)


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("clip", [0.01, None])
def test_a_person_moves_the_sum_by_their_own_part_exactly(label: str, clip: float | None) -> None:
    model = model_of(label)
    everyone = rows.people(model, 513, panel=True)
    whole = sums(everyone, model, clip)
    for person in (0, len(everyone) // 2, len(everyone) - 1):
        own = sums(rows.only(everyone, [person]), model, clip)
        others = [other for other in range(len(everyone)) if other != person]
        assert np.array_equal(whole - sums(rows.only(everyone, others), model, clip), own)


@pytest.mark.slow
def test_as_many_rows_as_are_allowed_stay_exact_and_within_the_bound() -> None:
    model = ModelSpec("m", rows.FEATURES[:1], ThresholdLabel("outcome", 0), family=Family.MOMENTS)
    positions = np.tile(np.array([0, 2], dtype=np.intp), (ROW_LIMIT, 1))
    made = Design(positions, np.ones(2), model.inputs)
    yes = np.ones((ROW_LIMIT, 1))
    assert length(sums(People(made, yes, np.array([0])), model)) <= row_bound(block_scales(model))
    crowd = sums(People(made, yes, np.arange(ROW_LIMIT)), model)
    assert set(crowd.tolist()) == {0.0, float(ROW_LIMIT)}


def test_nobody_adds_nothing() -> None:
    model = model_of("class")
    assert sums(rows.only(rows.people(model, 5), []), model).tolist() == [0.0] * model.dimension


@pytest.mark.parametrize("theta", [1e-9, np.nan, np.inf])
def test_parameters_other_than_zero_are_refused(theta: float) -> None:
    """They would be ignored: a statement that names them says what is not so."""
    model = model_of()
    parameters = np.zeros(model.parameters)
    parameters[3] = theta
    for spoilt in (parameters, np.zeros(model.parameters + 1)):
        with pytest.raises(ProtocolViolated) as refused:
            Moments(rows.people(model, 5), model).clipped_sum(spoilt, 1.0)
        assert refused.value.code == "parameters_invalid"


@pytest.mark.parametrize("clip", [0.0, -1.0, np.nan, np.inf])
def test_a_clip_that_bounds_nothing_is_refused(clip: float) -> None:
    with pytest.raises(ProtocolViolated) as refused:
        sums(rows.people(model_of(), 5), model_of(), clip)
    assert refused.value.code == "gradient_clip_invalid"


def test_targets_of_another_label_are_refused() -> None:
    with pytest.raises(DataInvalid):
        Moments(rows.people(model_of("class"), 5), model_of("yes"))


# ---- least squares --------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("deviation", [0.01, 1.0, 50.0])
def test_least_squares_is_ridge_regression(label: str, deviation: float) -> None:
    model = model_of(label)
    everyone = rows.people(model, 500)
    x, penalty = everyone.design.dense(), 2 * math.sqrt(model.inputs) * deviation
    expected = np.linalg.solve(x.T @ x + penalty * np.eye(model.inputs), x.T @ everyone.targets)
    made = least_squares(sums(everyone, model), model, deviation)
    assert pytest.approx(expected, rel=1e-5, abs=1e-6) == made.reshape(-1, model.inputs).T


def test_without_noise_it_still_ends_in_numbers_that_fit() -> None:
    """Bins add up to the constant, so x xᵀ is singular; numpy's pseudo-inverse is the yardstick."""
    model = model_of("number")
    everyone = rows.people(model, 500)
    x = everyone.design.dense()
    made = least_squares(sums(everyone, model), model, 0.0)
    best = x @ np.linalg.lstsq(x, everyone.targets[:, 0])[0]
    assert x @ made == pytest.approx(best, abs=1e-4)
    assert np.isfinite(least_squares(np.zeros(model.dimension), model, 0.0)).all()


def test_a_direction_that_noise_made_negative_counts_as_empty() -> None:
    model, deviation = model_of(), 3.0
    penalty = 2 * math.sqrt(model.inputs) * deviation
    triangle, right = np.diag([-2 * penalty] * model.inputs), np.arange(model.inputs, dtype=float)
    opened = np.concatenate([triangle[np.triu_indices(model.inputs)], right])
    assert least_squares(opened, model, deviation) == pytest.approx(right / penalty)


def test_noise_that_makes_the_products_indefinite_ends_in_small_weights() -> None:
    model = model_of()
    noise = np.random.default_rng(1).normal(0, 1_000, model.dimension)
    made = least_squares(sums(rows.people(model, 50), model) + noise, model, 1_000.0)
    assert np.isfinite(made).all()
    assert length(made) < 3
