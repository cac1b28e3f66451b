"""How good a yes/no score is: AUC, log loss, calibration, ROC. Exact, with ties, for arrays in memory."""

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid

Labels = NDArray[np.float32] | NDArray[np.float64]
Scores = NDArray[np.float64]


def auc(labels: Labels, scores: Scores) -> float:
    """Return the chance that a random positive scores above a random negative, a tie counting one half.

    The Mann-Whitney statistic by mid-ranks (Hanley, McNeil 1982): exact, O(n log n). Shapes (rows,).

    Raises:
        DataInvalid: unequal lengths, a number that is not finite, or one class only.
    """
    _check(labels, scores)
    _, group, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    middle_ranks = np.cumsum(sizes) - (sizes - 1) / 2
    positives = labels > 0.5
    count = int(positives.sum())
    rank_sum = float(middle_ranks[group][positives].sum())
    return (rank_sum - count * (count + 1) / 2) / (count * (len(labels) - count))


def log_loss(labels: Labels, probabilities: Scores) -> float:
    """Return the mean negative log likelihood in nats; probabilities 0 and 1 are moved inside by one epsilon.

    Raises:
        DataInvalid: see `auc`.
    """
    _check(labels, probabilities)
    epsilon = float(np.finfo(np.float64).eps)
    inside = np.clip(probabilities, epsilon, 1 - epsilon)
    return float(-np.where(labels > 0.5, np.log(inside), np.log1p(-inside)).mean())


def calibration(labels: Labels, probabilities: Scores, bins: int = 10) -> list[tuple[float, float, int]]:
    """Return (mean predicted, observed rate, people) of `bins` equal parts of [0, 1], empty ones left out.

    Raises:
        DataInvalid: see `auc`.
    """
    _check(labels, probabilities)
    place = np.clip((probabilities * bins).astype(np.intp), 0, bins - 1)
    rows = []
    for index in range(bins):
        here = place == index
        if here.any():
            rows.append((float(probabilities[here].mean()), float(labels[here].mean()), int(here.sum())))
    return rows


def roc_points(labels: Labels, scores: Scores, limit: int = 200) -> list[tuple[float, float]]:
    """Return at most `limit` (false, true) positive rates from (0, 0) to (1, 1), evenly thinned.

    Raises:
        DataInvalid: see `auc`.
    """
    _check(labels, scores)
    order = np.argsort(-scores, kind="stable")
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    hits = np.cumsum(labels[order] > 0.5)[last_of_tie]
    misses = np.flatnonzero(last_of_tie) + 1 - hits
    true_rate = np.concatenate([[0.0], hits / hits[-1]])
    false_rate = np.concatenate([[0.0], misses / misses[-1]])
    kept = np.unique(np.linspace(0, len(true_rate) - 1, min(limit, len(true_rate))).round().astype(np.intp))
    return [(float(false_rate[index]), float(true_rate[index])) for index in kept]


def _check(labels: Labels, scores: Scores) -> None:
    if labels.shape != scores.shape or labels.ndim != 1 or not np.isfinite(scores).all():
        raise DataInvalid("scores_invalid", rows=len(labels))
    if not 0 < int((labels > 0.5).sum()) < len(labels):
        raise DataInvalid("one_class_only", rows=len(labels))
