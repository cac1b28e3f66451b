"""What outputs mean, and residuals as the slope of each label's loss."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators import rows
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import MICRO, ClassLabel, NumberLabel, ThresholdLabel
from xinqiao_models.losses import predictions, require_targets, residuals, row_weights, sigmoid, softmax

YES, CLASSES, NUMBER = (rows.LABELS[name] for name in ("yes", "class", "number"))
TARGETS = {
    "yes": np.array([[0.0], [1.0], [1.0], [0.0]]),
    "class": np.eye(3)[[0, 2, 1, 1]],
    "number": np.array([[-1.0], [0.3], [1.0], [0.0]]),
}


def test_sigmoid_is_its_definition() -> None:
    logits = np.linspace(-30, 30, 121)
    assert sigmoid(logits) == pytest.approx([1 / (1 + math.exp(-x)) for x in logits], abs=1e-15)


def test_sigmoid_does_not_overflow() -> None:
    assert sigmoid(np.array([-1e6, 0.0, 1e6])).tolist() == [0.0, 0.5, 1.0]


def test_softmax_is_its_definition_and_does_not_overflow() -> None:
    logits = np.random.default_rng(1).normal(0, 5, (50, 4))
    expected = [[math.exp(x) / math.fsum(map(math.exp, row)) for x in row] for row in logits.tolist()]
    assert softmax(logits) == pytest.approx(np.array(expected), rel=1e-13)
    assert softmax(np.array([[1e6, 0.0, -1e6]])).tolist() == [[1.0, 0.0, 0.0]]


def loss(outputs: NDArray[np.float64], targets: NDArray[np.float64], name: str) -> float:
    """Each label's loss from its definition, class weights included."""
    label = rows.LABELS[name]
    total = 0.0
    for said, target in zip(outputs.tolist(), targets.tolist(), strict=True):
        if isinstance(label, NumberLabel):
            off = abs(said[0] - target[0])
            total += off * off / 2 if off <= 1 else off - 0.5
        elif isinstance(label, ClassLabel):
            place = target.index(1.0)
            log_total = math.log(math.fsum(map(math.exp, said)))
            total += label.weights_micro[place] / MICRO * (log_total - said[place])
        else:
            sign = 1 if target[0] else -1
            total += label.weights_micro[int(target[0])] / MICRO * math.log1p(math.exp(-sign * said[0]))
    return total


def slopes_of(outputs: NDArray[np.float64], targets: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    label = rows.LABELS[name]
    return residuals(outputs, targets, label, row_weights(targets, label)[:, None])


@pytest.mark.parametrize("name", list(rows.LABELS))
def test_residuals_are_the_derivative_of_the_loss(name: str) -> None:
    targets = TARGETS[name]
    outputs = np.random.default_rng(1).normal(0, 2, targets.shape)
    slopes = slopes_of(outputs, targets, name)
    for place in np.ndindex(outputs.shape):
        step = np.zeros_like(outputs)
        step[place] = 1e-6
        slope = (loss(outputs + step, targets, name) - loss(outputs - step, targets, name)) / 2e-6
        assert slopes[place] == pytest.approx(slope, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", list(rows.LABELS))
@pytest.mark.parametrize("size", [0.0, 1.0, 40.0, 1e6, 2.0**20])
def test_no_entry_of_a_residual_exceeds_one(name: str, size: float) -> None:
    targets = TARGETS[name]
    outputs = size * np.random.default_rng(2).choice([-1.0, 0.1, 1.0], targets.shape)
    slopes = slopes_of(outputs, targets, name)
    assert np.isfinite(slopes).all()
    assert np.abs(slopes).max() <= 1.0


@pytest.mark.parametrize("name", list(rows.LABELS))
def test_what_a_row_gives_does_not_depend_on_the_other_rows(name: str) -> None:
    """Bit for bit, at every place in the table: a vectorised function must not treat the last rows apart."""
    random = np.random.default_rng(3)
    targets = np.repeat(TARGETS[name], 64, axis=0)[:253]
    outputs = random.normal(0, 3, targets.shape)
    together = slopes_of(outputs, targets, name)
    for first in range(len(targets)):
        for last in (first + 1, min(first + 7, len(targets)), len(targets)):
            part = slice(first, last)
            alone = slopes_of(outputs[part].copy(), targets[part].copy(), name)
            assert np.array_equal(alone, together[part])


def test_the_weight_of_a_row_is_its_classs() -> None:
    assert row_weights(TARGETS["yes"], YES).tolist() == [0.25, 1.0, 1.0, 0.25]
    assert row_weights(TARGETS["class"], CLASSES).tolist() == [1.0, 0.2, 0.5, 0.5]
    assert row_weights(TARGETS["number"], NUMBER).tolist() == [1.0] * 4


def test_a_number_is_predicted_as_it_stands() -> None:
    outputs = np.array([[-3.0], [0.5]])
    assert predictions(outputs, NUMBER) is outputs


@pytest.mark.parametrize("name", list(rows.LABELS))
def test_targets_of_the_label_are_taken(name: str) -> None:
    require_targets(TARGETS[name], rows.LABELS[name])
    require_targets(TARGETS[name][:0], rows.LABELS[name])


@pytest.mark.parametrize(
    ("name", "targets"),
    [
        ("yes", [[0.5]]),
        ("yes", [[-1.0]]),
        ("yes", [[np.nan]]),
        ("yes", [[0.0, 1.0]]),
        ("yes", [0.0]),
        ("class", [[1.0, 1.0, 0.0]]),
        ("class", [[0.0, 0.0, 0.0]]),
        ("class", [[0.5, 0.5, 0.0]]),
        ("class", [[1.0, -1.0, 1.0]]),
        ("class", [[1.0, 0.0]]),
        ("class", [[1.0]]),
        ("number", [[0.5, 0.5]]),
        ("number", [0.5]),
    ],
)
def test_other_targets_are_refused(name: str, targets: list[object]) -> None:
    with pytest.raises(DataInvalid) as refused:
        require_targets(np.array(targets), rows.LABELS[name])
    assert refused.value.code == "gradient_rows_invalid"


def test_weights_of_a_label_without_any_are_one() -> None:
    plain = ThresholdLabel("outcome", 0)
    assert row_weights(TARGETS["yes"], plain).tolist() == [1.0] * 4
