"""The families by one name each: what is summed, where training starts, what a model says."""

import numpy as np
import pytest

from simulators import rows
from xinqiao_governance.model_spec import Family
from xinqiao_models.families import first_parameters, outputs, person_sums, predict
from xinqiao_models.gradients import LinearGradients
from xinqiao_models.moments import Moments
from xinqiao_models.network import NetworkGradients

KINDS = {Family.LINEAR: LinearGradients, Family.NETWORK: NetworkGradients, Family.MOMENTS: Moments}


@pytest.mark.parametrize("family", rows.PREDICTING)
@pytest.mark.parametrize("label", list(rows.LABELS))
def test_each_family_sums_its_own_vector_from_its_first_parameters(family: Family, label: str) -> None:
    model = rows.spec(label, family)
    first = first_parameters(model)
    assert first.shape == (model.parameters,)
    assert first.any() == (family is Family.NETWORK)
    sums = person_sums(rows.people(model, 50), model)
    assert isinstance(sums, KINDS[family])
    assert sums.clipped_sum(first, 1.0).shape == (model.dimension,)


@pytest.mark.parametrize("label", list(rows.LABELS))
def test_outputs_of_weights_are_the_dense_product(label: str) -> None:
    model = rows.spec(label)
    made, theta = rows.people(model, 50).design, rows.parameters(model)
    expected = made.dense() @ theta.reshape(-1, model.inputs).T
    assert outputs(made, theta, model) == pytest.approx(expected)
    assert outputs(made, theta, rows.spec(label, Family.MOMENTS)) == pytest.approx(expected)


@pytest.mark.parametrize("family", rows.PREDICTING)
def test_what_a_model_says_is_a_probability_or_a_place_between_the_bounds(family: Family) -> None:
    for label in rows.LABELS:
        model = rows.spec(label, family)
        theta = rows.parameters(model, 3.0)
        said = predict(rows.people(model, 200).design, theta, model)
        assert said.shape == (200, model.label.outputs)
        assert said.min() >= (-1 if label == "number" else 0)
        assert said.max() <= 1
        if label == "class":
            assert said.sum(axis=1) == pytest.approx(np.ones(200))


def test_least_squares_that_says_nothing_of_a_row_says_all_classes_alike() -> None:
    model = rows.spec("class", Family.MOMENTS)
    said = predict(rows.people(model, 5).design, np.full(model.parameters, -1.0), model)
    assert said == pytest.approx(np.full((5, 3), 1 / 3))
