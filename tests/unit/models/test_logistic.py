"""Scores and residuals against the definitions."""

import math

import numpy as np
import pytest

from xinqiao_models.logistic import residuals, scores, sigmoid


def test_sigmoid_is_its_definition() -> None:
    logits = np.linspace(-30, 30, 121)
    assert sigmoid(logits) == pytest.approx([1 / (1 + math.exp(-x)) for x in logits], abs=1e-15)


def test_sigmoid_does_not_overflow() -> None:
    assert sigmoid(np.array([-1e6, 0.0, 1e6])).tolist() == [0.0, 0.5, 1.0]


def test_residuals_are_the_derivative_of_the_loss() -> None:
    rng = np.random.default_rng(1)
    design, parameters = rng.random((5, 3)), rng.normal(size=3)
    labels = np.array([0.0, 1.0, 1.0, 0.0, 1.0])

    def loss(theta: np.ndarray) -> float:
        p = scores(design, theta)
        return float(-(labels * np.log(p) + (1 - labels) * np.log(1 - p)).sum())

    gradient = residuals(design, labels, parameters) @ design
    for column in range(3):
        step = np.zeros(3)
        step[column] = 1e-6
        slope = (loss(parameters + step) - loss(parameters - step)) / 2e-6
        assert gradient[column] == pytest.approx(slope, rel=1e-6)
