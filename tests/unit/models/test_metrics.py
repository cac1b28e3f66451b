"""Each metric beside a slow, obviously right version and beside scikit-learn."""

import math

import numpy as np
import pytest

from xinqiao_governance.errors import DataInvalid
from xinqiao_models import metrics

reference = pytest.importorskip("sklearn.metrics")


def _case(seed: int, rows: int, distinct: int):
    draw = np.random.default_rng(seed)
    labels = (draw.random(rows) < 0.4).astype(np.float64)
    labels[:2] = (0.0, 1.0)
    return labels, draw.integers(1, distinct + 1, rows) / (distinct + 1)


CASES = [
    (seed, rows, distinct)
    for seed in range(4)
    for rows, distinct in ((2, 1), (30, 3), (200, 7), (300, 10**6))
]


def _pairwise_auc(labels, scores) -> float:
    won = [
        1.0 if positive > negative else 0.5 if positive == negative else 0.0
        for positive in scores[labels == 1]
        for negative in scores[labels == 0]
    ]
    return sum(won) / len(won)


@pytest.mark.parametrize("case", CASES)
def test_auc_is_the_share_of_pairs_ranked_rightly(case):
    labels, scores = _case(*case)
    assert metrics.auc(labels, scores) == pytest.approx(_pairwise_auc(labels, scores), abs=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_auc_and_log_loss_agree_with_scikit_learn(case):
    labels, scores = _case(*case)
    assert metrics.auc(labels, scores) == pytest.approx(reference.roc_auc_score(labels, scores), abs=1e-12)
    assert metrics.log_loss(labels, scores) == pytest.approx(reference.log_loss(labels, scores), abs=1e-12)


def test_log_loss_of_a_sure_mistake_is_large_and_finite():
    loss = metrics.log_loss(np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    assert math.isfinite(loss)
    assert loss > 30


@pytest.mark.parametrize("case", CASES)
def test_calibration_counts_everyone_once(case):
    labels, scores = _case(*case)
    rows = metrics.calibration(labels, scores)
    assert sum(people for _, _, people in rows) == len(labels)
    assert sum(observed * people for _, observed, people in rows) == pytest.approx(labels.sum())
    assert sum(predicted * people for predicted, _, people in rows) == pytest.approx(scores.sum())


def test_calibration_puts_both_ends_into_the_outer_groups():
    rows = metrics.calibration(np.array([0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.05]))
    assert rows == [(0.025, 0.5, 2), (1.0, 1.0, 1)]


@pytest.mark.parametrize("case", CASES)
def test_whole_roc_curve_is_the_thresholds_one_by_one(case):
    labels, scores = _case(*case)
    slow = [(0.0, 0.0)]
    for threshold in sorted(set(scores), reverse=True):
        above = scores >= threshold
        slow.append((above[labels == 0].mean(), above[labels == 1].mean()))
    np.testing.assert_allclose(metrics.roc_points(labels, scores, limit=10**6), slow)


def test_area_under_the_roc_curve_is_the_auc():
    labels, scores = _case(1, 300, 12)
    false_rate, true_rate = np.array(metrics.roc_points(labels, scores, limit=10**6)).T
    assert np.trapezoid(true_rate, false_rate) == pytest.approx(metrics.auc(labels, scores), abs=1e-12)


def test_thinned_roc_curve_keeps_its_ends_and_its_limit():
    labels, scores = _case(2, 5_000, 10**6)
    curve = metrics.roc_points(labels, scores, limit=200)
    assert len(curve) <= 200
    assert (curve[0], curve[-1]) == ((0.0, 0.0), (1.0, 1.0))


@pytest.mark.parametrize("metric", [metrics.auc, metrics.log_loss, metrics.calibration, metrics.roc_points])
@pytest.mark.parametrize(
    ("labels", "scores", "code"),
    [
        ([1.0, 1.0], [0.1, 0.2], "one_class_only"),
        ([0.0, 0.0], [0.1, 0.2], "one_class_only"),
        ([], [], "one_class_only"),
        ([0.0, 1.0], [0.1], "scores_invalid"),
        ([0.0, 1.0], [0.1, float("nan")], "scores_invalid"),
        ([0.0, 1.0], [0.1, float("inf")], "scores_invalid"),
        ([[0.0, 1.0]], [[0.1, 0.2]], "scores_invalid"),
    ],
)
def test_what_cannot_be_scored_is_refused(metric, labels, scores, code):
    with pytest.raises(DataInvalid) as caught:
        metric(np.array(labels), np.array(scores))
    assert caught.value.code == code
