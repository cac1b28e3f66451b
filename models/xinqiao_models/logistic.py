"""Logistic regression on a design matrix: scores and the pieces of its gradient in closed form."""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float32] | NDArray[np.float64]


def sigmoid(logits: Vector) -> Vector:
    """Return 1 / (1 + exp(-logits)) entry by entry, without overflow at either end."""
    half: Vector = 0.5 * np.tanh(0.5 * logits)
    return 0.5 + half


def scores(design: Matrix, parameters: Vector) -> Vector:
    """Return each row's probability of a 1, shape (rows,); design (rows, d), parameters (d,)."""
    return sigmoid(design @ parameters)


def residuals(design: Matrix, labels: Vector, parameters: Vector) -> Vector:
    """Return score - label, shape (rows,); the loss of row i has the gradient residuals[i] · design[i]."""
    return scores(design, parameters) - labels
