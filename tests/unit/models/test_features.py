"""Features: public bins, crosses and targets; a label that is missing is an error, never a "no"."""

import numpy as np
import pytest

from simulators import rows
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import (
    MICRO,
    CategoryFeature,
    ClassLabel,
    Cross,
    ModelSpec,
    NumberLabel,
    NumericFeature,
    ThresholdLabel,
)
from xinqiao_models.features import bins, block_scales, design, targets

AGE = NumericFeature("age", (30 * MICRO, 40 * MICRO))
GRADE = CategoryFeature("grade", ("A", "B"))
SPEC = ModelSpec("pay", (AGE,), ThresholdLabel("pay", 100 * MICRO))


def test_intervals_are_closed_on_the_left_and_missing_is_apart() -> None:
    ages = np.array([-np.inf, 29.999, 30.0, 39.0, 40.0, np.inf, np.nan])
    assert bins(ages, AGE).tolist() == [0, 0, 1, 1, 2, 2, 3]


def test_other_categories_and_missing_ones_share_the_last_bin() -> None:
    grades = np.array(["B", "A", "C", None, ""], dtype=object)
    assert bins(grades, GRADE).tolist() == [1, 0, 2, 2, 2]


def test_a_design_has_a_one_a_bin_of_each_feature_and_half_a_cell_of_each_cross() -> None:
    model = ModelSpec("m", (AGE, GRADE), ThresholdLabel("pay", 0), (Cross("age", "grade", 2),))
    table = {
        "age": np.array([20.0, 35.0, 50.0, np.nan]),
        "grade": np.array(["A", "B", None, "A"], dtype=object),
    }
    made = design(table, model)
    one, ages, grades, cells = np.split(made.dense(), np.cumsum([1, 4, 3]), axis=1)
    assert one.tolist() == [[1.0]] * 4
    assert ages.argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert grades.argmax(axis=1).tolist() == [0, 1, 2, 0]
    # Three intervals in two groups: {below 30, 30 to 40} and {40 and more}; missing stays apart.
    assert cells.shape == (4, 3 * 3)
    assert cells.argmax(axis=1).tolist() == [0 * 3 + 0, 0 * 3 + 1, 1 * 3 + 2, 2 * 3 + 0]
    assert cells.max(axis=1).tolist() == [0.5] * 4
    assert made.dense().sum(axis=1).tolist() == [3.5] * 4


@pytest.mark.parametrize("label", list(rows.LABELS))
def test_every_row_has_the_stated_width_and_norm(label: str) -> None:
    model = rows.spec(label)
    made = design(rows.columns(200, label), model)
    assert made.dense().shape == (200, model.inputs)
    assert np.linalg.norm(made.dense(), axis=1) == pytest.approx(made.row_norm)
    assert made.row_norm == pytest.approx(np.linalg.norm(block_scales(model)))
    assert (made.positions[:, 0] == 0).all()
    assert (np.diff(made.positions, axis=1) > 0).all()


@pytest.mark.parametrize("groups", [2, 3, 4, 10])
def test_a_number_is_merged_evenly_and_in_order(groups: int) -> None:
    feature = NumericFeature("age", tuple(range(1, 8)))  # eight intervals
    model = ModelSpec("m", (feature, GRADE), ThresholdLabel("pay", 0), (Cross("age", "grade", groups),))
    table = {"age": np.arange(8) / MICRO, "grade": np.array(["A"] * 8, dtype=object)}
    cell = design(table, model).positions[:, 3] - 1 - feature.width - GRADE.width
    merged = cell // GRADE.width
    assert merged[0] == 0
    assert merged[-1] == min(groups, 8) - 1
    assert set(np.diff(merged).tolist()) <= {0, 1}
    sizes = np.bincount(merged)
    assert sizes.max() - sizes.min() <= 1


def test_products_are_those_of_the_dense_matrix() -> None:
    model, random = rows.spec(), np.random.default_rng(1)
    made = design(rows.columns(100, "yes"), model)
    forward, back = random.normal(size=(model.inputs, 3)), random.normal(size=(100, 2))
    assert made.times(forward) == pytest.approx(made.dense() @ forward)
    assert made.transposed_times(back) == pytest.approx(made.dense().T @ back)
    chosen = np.array([5, 2, 2])
    assert made.rows(chosen).dense().tolist() == made.dense()[chosen].tolist()


def test_a_label_is_whether_the_number_is_above_the_threshold() -> None:
    pay = np.array([99.0, 100.0, 100.5])
    np.testing.assert_array_equal(targets({"pay": pay}, SPEC), [[0], [0], [1]])


def test_a_class_has_a_column_of_its_own() -> None:
    model = ModelSpec("m", (AGE,), ClassLabel("pay", ("low", "high"), (MICRO, MICRO)))
    pay = np.array(["high", "low", "high"], dtype=object)
    np.testing.assert_array_equal(targets({"pay": pay}, model), [[0, 1], [1, 0], [0, 1]])


def test_a_number_has_its_place_between_the_bounds_and_never_beyond() -> None:
    model = ModelSpec("m", (AGE,), NumberLabel("pay", 100_000, 700_000))
    pay = np.array([-np.inf, 0.1, 0.4, 0.7, 1e300])
    assert targets({"pay": pay}, model)[:, 0].tolist() == pytest.approx([-1, -1, 0, 1, 1])
    random = np.random.default_rng(5)
    for low, high in np.sort(random.integers(-(10**9), 10**9, (50, 2))).tolist():
        odd = ModelSpec("m", (AGE,), NumberLabel("pay", low, high + 1))
        numbers = np.concatenate([random.uniform(-2e3, 2e3, 50), [low / MICRO, (high + 1) / MICRO]])
        assert np.abs(targets({"pay": numbers}, odd)).max() <= 1


@pytest.mark.parametrize("label", [ThresholdLabel("pay", 0), NumberLabel("pay", 0, MICRO)])
def test_a_missing_label_is_counted_and_refused(label: ThresholdLabel | NumberLabel) -> None:
    with pytest.raises(DataInvalid) as caught:
        targets({"pay": np.array([1.0, np.nan, np.nan, 200.0])}, ModelSpec("m", (AGE,), label))
    assert (caught.value.code, caught.value.fields) == ("label_missing", {"count": 2})


def test_a_class_that_is_not_listed_is_counted_and_refused() -> None:
    model = ModelSpec("m", (AGE,), ClassLabel("pay", ("low", "high"), (MICRO, MICRO)))
    with pytest.raises(DataInvalid) as caught:
        targets({"pay": np.array(["low", None, "middle", "high"], dtype=object)}, model)
    assert (caught.value.code, caught.value.fields) == ("label_missing", {"count": 2})
