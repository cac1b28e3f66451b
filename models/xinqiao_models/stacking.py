"""Logistic models of two kinds: with a ridge, and of several models' log odds with weights not below zero."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid

Vector: TypeAlias = NDArray[np.float64]
Matrix: TypeAlias = NDArray[np.float64]

_PULL = 1e-3
_NEWTON_STEPS = 100
_GRADIENT_NORM = 1e-8
_LARGEST_ODDS = 15.0


@dataclass(frozen=True, eq=False)
class Mixture:
    """How much each part counts: `weights`, shape (parts,), none below zero, and a constant."""

    weights: Vector
    constant: float

    def of(self, odds: Matrix) -> Vector:
        """Return the mixed log odds, shape (rows,), of the parts' log odds, shape (rows, parts)."""
        mixed: Vector = odds @ self.weights + self.constant
        return mixed


def mixture(odds: Matrix, labels: Vector) -> Mixture:
    """Return the weights, none below zero, that predict `labels` best from the parts' log odds.

    The mean log loss, and a slight pull to equal weights, because parts that say nearly the same leave their
    own weights open.
    """
    from scipy.optimize import minimize

    count = odds.shape[1]
    equal = np.append(np.full(count, 1 / count), 0.0)
    pull = np.append(np.full(count, _PULL), 0.0)
    inputs = np.column_stack([odds, np.ones(len(odds))])

    def loss(weights: Vector) -> tuple[float, Vector]:
        mixed, away = inputs @ weights, weights - equal
        slope = inputs.T @ (probabilities(mixed) - labels) / len(labels) + 2 * pull * away
        return float((np.logaddexp(0.0, mixed) - labels * mixed).mean() + pull @ away**2), slope

    bounds = [(0.0, None)] * count + [(None, None)]
    found = minimize(loss, equal, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Mixture(np.asarray(found[:-1], dtype=np.float64), float(found[-1]))


def ridge_logistic(inputs: Matrix, labels: Vector, penalty: Vector) -> Vector:
    """Return the weights, shape (inputs,), of least log loss plus penalty · weights² / 2, by Newton's method.

    Raises:
        DataInvalid: no convergence.
    """
    weights = np.zeros(inputs.shape[1])
    for _ in range(_NEWTON_STEPS):
        expected = probabilities(inputs @ weights)
        slope = inputs.T @ (expected - labels) + penalty * weights
        if np.linalg.norm(slope) < _GRADIENT_NORM * len(labels):
            return weights
        curve = inputs.T @ (inputs * (expected * (1 - expected))[:, None]) + np.diag(penalty)
        step: Vector = np.linalg.lstsq(curve, slope, rcond=1e-12)[0].astype(np.float64)
        weights = _descended(inputs, labels, penalty, weights, step)
    raise DataInvalid("local_not_converged", steps=_NEWTON_STEPS)


def log_odds(chances: Vector) -> Vector:
    """Return the log odds of probabilities, shape (rows,), kept to what a few thousand people can tell."""
    least = 1 / (1 + np.exp(_LARGEST_ODDS))
    kept = np.clip(chances, least, 1 - least)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)


def probabilities(odds: Vector) -> Vector:
    """Return the probabilities of log odds, shape (rows,)."""
    return np.asarray(np.exp(-np.logaddexp(0.0, -odds)), dtype=np.float64)


def _descended(inputs: Matrix, labels: Vector, penalty: Vector, weights: Vector, step: Vector) -> Vector:
    """Return the next weights: the full Newton step, halved while the loss would rise."""

    def loss(at: Vector) -> float:
        odds = inputs @ at
        return float((np.logaddexp(0.0, odds) - labels * odds).sum() + penalty @ at**2 / 2)

    size, before = 1.0, loss(weights)
    while size > 1e-6 and loss(weights - size * step) > before:
        size /= 2
    return weights - size * step
