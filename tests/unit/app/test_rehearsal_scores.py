"""Scores on test rows, and training under other trust, against slow and obvious versions."""

import numpy as np
import pytest

from xinqiao_app.rehearsal import comparison
from xinqiao_app.rehearsal.scores import score
from xinqiao_governance.model_spec import (
    MICRO,
    CategoryFeature,
    ClassLabel,
    ModelSpec,
    NumberLabel,
    NumericFeature,
    ThresholdLabel,
)
from xinqiao_governance.order import Spend
from xinqiao_models.defaults import plan_for
from xinqiao_models.features import Column, design, targets
from xinqiao_models.people import People

X = NumericFeature("x", (MICRO,))
"""Two bins, below 1 and from 1, and "missing": with the constant, four inputs."""


def texts(*cells: str) -> Column:
    return np.array(cells, dtype=np.object_)


def test_yes_no() -> None:
    spec = ModelSpec("m", (X,), ThresholdLabel("y", MICRO // 2))
    columns = {"x": np.array([0.0, 0.0, 2.0, 2.0]), "y": np.array([0.0, 1.0, 1.0, 1.0])}
    scores = score(columns, np.array([0.0, -1.0, 1.0, 0.0]), spec)
    # Positives score low, high, high; the one negative low: a tie and two wins of three pairs.
    assert scores.auc == pytest.approx(2.5 / 3)
    assert scores.accuracy == 0.75
    assert scores.macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert not scores.of_number


def test_one_class_only_has_no_auc() -> None:
    spec = ModelSpec("m", (X,), ThresholdLabel("y", MICRO // 2))
    columns = {"x": np.array([0.0, 2.0]), "y": np.array([1.0, 1.0])}
    assert score(columns, np.array([0.0, -1.0, 1.0, 0.0]), spec).auc is None


def test_classes_and_one_that_training_never_saw() -> None:
    spec = ModelSpec(
        "m", (CategoryFeature("x", ("a", "b", "c")),), ClassLabel("y", ("A", "B"), (MICRO, MICRO))
    )
    # The output of A is 1 where x is a, that of B 1 where x is b.
    parameters = np.array([[0, 1, 0, 0, 0], [0, 0, 1, 0, 0]], dtype=np.float64).ravel()
    columns = {"x": texts("a", "b", "a", "b"), "y": texts("A", "B", "B", "new")}
    scores = score(columns, parameters, spec)
    assert scores.accuracy == 0.5
    assert scores.macro_f1 == pytest.approx((2 / 3 + 2 / 4 + 0) / 3)
    # A against the rest: a beats b, ties with a. B against the rest: b, a against a, b.
    assert scores.auc == pytest.approx(((0.5 + 1 + 1) / 3 + (1 + 0.5 + 0.5 + 0) / 4) / 2)


def test_an_unseen_category_scores_as_other() -> None:
    spec = ModelSpec("m", (CategoryFeature("x", ("a",)),), NumberLabel("y", 0, 10 * MICRO))
    columns = {"x": texts("a", "zzz", "b"), "y": np.array([10.0, 5.0, 5.0])}
    scores = score(columns, np.array([0.0, 1.0, 0.0]), spec)
    assert scores.r2 == pytest.approx(1.0)
    assert scores.of_number
    assert (scores.auc, scores.accuracy, scores.macro_f1) == (None, None, None)


class TestComparison:
    SPEC = ModelSpec("m", (X,), ThresholdLabel("y", MICRO // 2))

    def people(self, rows: int = 4_000) -> People:
        x = np.arange(rows) % 3.0
        columns: dict[str, Column] = {"x": x, "y": (x >= 1).astype(np.float64)}
        return People(design(columns, self.SPEC), targets(columns, self.SPEC), np.arange(rows))

    def trained(self, trust: comparison.Trust) -> comparison.Compared:
        plan = plan_for(self.SPEC, spend=Spend(MICRO, 10_000), members=60, people=4_000, answers=50)
        return comparison.train(self.people(), self.SPEC, plan, trust)

    def test_without_noise_two_runs_agree(self) -> None:
        first, second = self.trained("none"), self.trained("none")
        assert np.array_equal(first.parameters, second.parameters)
        assert first.steps == 50

    @pytest.mark.parametrize("trust", ["local", "pooled"])
    def test_noise_follows_no_seed(self, trust: comparison.Trust) -> None:
        runs = []
        for _ in range(2):
            np.random.seed(1)
            runs.append(self.trained(trust).parameters)
        assert not np.array_equal(*runs)

    def test_each_department_alone_carries_as_much_more_noise_as_there_are(self) -> None:
        plan = plan_for(self.SPEC, spend=Spend(MICRO, 10_000), members=60, people=4_000, answers=50)
        carried = {trust: comparison._carried(plan, trust) for trust in ("local", "pooled")}  # type: ignore[arg-type]
        assert carried == {"local": 60 * plan.variance, "pooled": plan.variance}
