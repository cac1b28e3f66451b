"""The local layer's arithmetic: ridge, mixture, folds, honest cross-validation, determinism."""

import subprocess
import sys

import numpy as np
import pytest

from xinqiao_governance.errors import DataInvalid
from xinqiao_models import local, metrics, stacking
from xinqiao_models.local import FOLDS, LEAST_OF_A_CLASS, PARTS, Rows, fold_of, learn

pytest.importorskip("sklearn")
pytestmark = pytest.mark.filterwarnings("error")


def _people(seed: int = 0, rows: int = 600, shift: float = 0.0) -> tuple[Rows, np.ndarray]:
    """Labels follow a shared rule plus, with `shift`, something that only this department has."""
    draw = np.random.default_rng(seed)
    number, place = draw.normal(size=rows), draw.integers(0, 3, rows)
    odds = 1.5 * number + shift * (place == 1)
    labels = (draw.random(rows) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    design = np.column_stack(
        [np.ones(rows), np.eye(4)[np.searchsorted([-1, 0, 1], number)], np.eye(3)[place]]
    )
    raw = np.column_stack([number, place])
    return Rows(design, raw, 1.5 * number, (False, True)), labels


def test_importing_it_loads_no_heavy_library() -> None:
    heavy = "('sklearn', 'scipy.optimize')"
    code = f"import sys, xinqiao_models.local; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("seed", range(3))
def test_ridge_agrees_with_scikit_learn(seed: int) -> None:
    from sklearn.linear_model import LogisticRegression

    rows, labels = _people(seed)
    bins = rows.design[:, 1:]
    penalty = np.append(0.0, np.full(bins.shape[1], 10.0))
    mine = stacking.ridge_logistic(rows.design, labels, penalty)
    theirs = LogisticRegression(C=0.1, tol=1e-10, max_iter=10_000).fit(bins, labels)
    np.testing.assert_allclose(rows.design @ mine, theirs.decision_function(bins), atol=1e-5)


def test_a_bin_that_tells_all_does_not_run_away() -> None:
    inputs = np.eye(2)[np.repeat([0, 1], 50)]
    weights = stacking.ridge_logistic(inputs, np.repeat([0.0, 1.0], 50), np.full(2, 1.0))
    assert -10 < weights[0] < -1 < 1 < weights[1] < 10


def test_ridge_that_does_not_converge_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stacking, "_NEWTON_STEPS", 1)
    rows, labels = _people()
    with pytest.raises(DataInvalid, match="local_not_converged"):
        stacking.ridge_logistic(rows.design, labels, np.ones(rows.design.shape[1]))


def test_the_mixture_drops_noise_and_never_subtracts() -> None:
    draw = np.random.default_rng(3)
    truth = draw.normal(size=4_000)
    labels = (draw.random(4_000) < 1 / (1 + np.exp(-truth))).astype(np.float64)
    found = stacking.mixture(np.column_stack([truth, draw.normal(size=4_000), -truth]), labels)
    assert (found.weights >= 0).all()
    assert found.weights[0] == pytest.approx(1, abs=0.15)
    assert found.weights[1] < 0.1
    assert found.weights[2] == 0


def test_the_mixture_is_where_no_neighbour_is_better() -> None:
    """The slow way: the same loss, written out, is nowhere lower round the result."""
    rows, labels = _people(5)
    odds = np.column_stack([rows.shared, rows.raw])
    found = stacking.mixture(odds, labels)
    at = np.append(found.weights, found.constant)

    def loss(weights: np.ndarray) -> float:
        chances = 1 / (1 + np.exp(-(odds @ weights[:-1] + weights[-1])))
        likelihood = np.where(labels == 1, chances, 1 - chances)
        return float(-np.log(likelihood).mean() + 1e-3 * ((weights[:-1] - 1 / 3) ** 2).sum())

    for place in range(4):
        for move in (-0.02, 0.02):
            near = at.copy()
            near[place] = near[place] + move if place == 3 else max(near[place] + move, 0)
            assert loss(near) >= loss(at) - 1e-7


def test_log_odds_and_probabilities_are_inverse_and_bounded() -> None:
    odds = np.linspace(-14, 14, 29)
    np.testing.assert_allclose(stacking.log_odds(stacking.probabilities(odds)), odds, rtol=1e-6)
    assert np.abs(stacking.log_odds(np.array([0.0, 1.0]))).max() <= 15 + 1e-6


def test_folds_keep_a_person_together_and_classes_even() -> None:
    draw = np.random.default_rng(1)
    people = np.unique(draw.integers(0, 300, 900), return_inverse=True)[1]
    labels = (people % 4 == 0).astype(np.float64)
    fold = fold_of(people, labels)
    assert all(len(set(fold[people == person])) == 1 for person in range(people.max() + 1))
    positive = [len(set(people[(fold == number) & (labels == 1)])) for number in range(FOLDS)]
    assert max(positive) - min(positive) <= 1
    assert set(fold.tolist()) == set(range(FOLDS))


def test_no_fold_is_scored_by_a_fit_that_saw_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, labels = _people(rows=200)
    marked = Rows(np.column_stack([rows.design, np.arange(200.0)]), rows.raw, rows.shared, rows.categorical)
    fold = fold_of(np.arange(200), labels)

    def spy(seen: Rows, _labels: np.ndarray) -> dict[str, local.Scorer]:
        marks = set(seen.design[:, -1])

        def scorer(others: Rows) -> np.ndarray:
            assert not marks & set(others.design[:, -1])
            return others.shared

        return dict.fromkeys(PARTS, scorer)

    monkeypatch.setattr(local, "fit_parts", spy)
    np.testing.assert_array_equal(local.out_of_fold(marked, labels, fold)[:, 0], rows.shared)


@pytest.mark.slow
def test_cross_validation_does_not_credit_the_layer_with_labels_that_are_noise() -> None:
    """With labels drawn by coin there is nothing to learn: weights fitted to all rows would claim a gain."""
    rows, _ = _people(rows=1_000)
    coin = np.random.default_rng(4).integers(0, 2, 1_000).astype(np.float64)
    with local.one_thread("node"):
        _, found = learn(rows, coin, fold_of(np.arange(1_000), coin))
    assert abs(found.layer - 0.5) < 0.06


@pytest.mark.slow
def test_it_learns_what_only_this_department_has_and_keeps_what_all_share() -> None:
    rows, labels = _people(7, 1_500, shift=2.0)
    others, truth = _people(8, 4_000, shift=2.0)
    with local.one_thread("node"):
        mixed, found = learn(rows, labels, fold_of(np.arange(len(labels)), labels))
        parts = local.fit_parts(rows, labels)
        odds = mixed.of(local.said(parts, others))
    assert metrics.auc(truth, odds) > metrics.auc(truth, others.shared) + 0.02
    assert found.layer > found.shared
    assert found.layer == pytest.approx(metrics.auc(truth, odds), abs=0.03)
    assert metrics.auc(truth, odds) >= metrics.auc(truth, parts[found.best_own](others)) - 0.003


@pytest.mark.slow
def test_the_same_rows_give_the_same_layer() -> None:
    rows, labels = _people(9, 300)
    with local.one_thread("node"):
        first, again = (learn(rows, labels, fold_of(np.arange(300), labels)) for _ in range(2))
    np.testing.assert_array_equal(first[0].weights, again[0].weights)
    assert first[1] == again[1]


def test_missing_numbers_and_unseen_categories_are_scored() -> None:
    rows, labels = _people(11, 300)
    raw = rows.raw.copy()
    raw[::7, 0] = np.nan
    gone = Rows(rows.design, raw, rows.shared, rows.categorical)
    unseen = Rows(rows.design[:2], np.array([[np.nan, 2.0], [0.0, 5.0]]), rows.shared[:2], rows.categorical)
    with local.one_thread("node"):
        assert np.isfinite(local.said(local.fit_parts(gone, labels), unseen)).all()


def test_too_few_of_a_class_is_refused() -> None:
    rows, _ = _people(rows=200)
    labels = np.zeros(200)
    labels[: LEAST_OF_A_CLASS - 1] = 1
    for rare in (labels, 1 - labels):
        with pytest.raises(DataInvalid, match="local_people_few"):
            learn(rows, rare, fold_of(np.arange(200), rare))


def test_fits_keep_to_one_thread() -> None:
    information = pytest.importorskip("threadpoolctl").threadpool_info
    with local.one_thread("node"):
        assert {library["num_threads"] for library in information()} == {1}
