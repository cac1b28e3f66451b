"""A local layer: a department's own correction on top of the shared model, as arithmetic on arrays.

Five parts give log odds: the shared model; a ridge logistic model and boosted trees on the department's own
people; and both again with the shared log odds as a further input. What mixes them is a logistic model with
weights that are not negative, fitted to what each part says of people whom it was not fitted to (stacked
generalisation: Wolpert 1992; the bound on the weights: Breiman 1996). The shared model has seen the same
people, but one person moves it by no more than its ε allows, so it counts as one that has not.

Every setting below comes from general knowledge of tables with a few thousand people, or was compared by
cross-validation inside the training part of the demo's public table; none was chosen on held-out people.

Fits run inside `one_thread`, which also loads what they need: importing this file does not.
Nothing here draws a random number: the same rows in the same order give the same layer. This is no private
mechanism. What it makes must stay where its rows are.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_governance.model_spec import CategoryFeature, ModelSpec
from xinqiao_models.features import Column, bins
from xinqiao_models.metrics import auc
from xinqiao_models.stacking import Matrix, Mixture, Vector, mixture, ridge_logistic

PARTS = ("shared", "own_linear", "own_trees", "corrected_linear", "corrected_trees")
OWN = ("own_linear", "own_trees")
FOLDS = 5
LEAST_OF_A_CLASS = 25
"""Fewer people of a class would leave a fold with hardly any."""

_RIDGE = 10.0
_LEARNING_RATE, _LEAVES, _TREES = 0.1, 6, 75
_MOST_CATEGORIES = 255


@dataclass(frozen=True, eq=False)
class Rows:
    """What a department knows of some people, one row each record.

    `design`, shape (rows, inputs): a one, then the features' bins. `raw`, shape (rows, features): numbers
    unbinned (NaN is missing), categories by their place; `categorical` says which. `shared`, shape (rows,):
    the shared model's log odds.
    """

    design: Matrix
    raw: Matrix
    shared: Vector
    categorical: tuple[bool, ...]

    def take(self, chosen: NDArray[np.generic]) -> "Rows":
        """Return some rows, by index or by mask."""
        return Rows(self.design[chosen], self.raw[chosen], self.shared[chosen], self.categorical)


Scorer: TypeAlias = Callable[[Rows], Vector]
"""Rows -> log odds, shape (rows,)."""


@dataclass(frozen=True)
class Found:
    """AUC in cross-validation, each row scored by fits, and by weights, that did not see its person.

    `layer`: of the mixture; `own`: of the department's own best model, `best_own` of `OWN`; `shared`: of the
    shared model alone.
    """

    layer: float
    own: float
    shared: float
    best_own: str


def fold_of(people: NDArray[np.intp], labels: Vector) -> NDArray[np.intp]:
    """Return each row's fold, 0 … FOLDS - 1: all rows of a person in one, the classes spread evenly.

    `people`, shape (rows,), numbers each row's person from 0 in an order that tells nothing of them (that of
    a hash of their ids); it decides who goes where.
    """
    count = int(people.max()) + 1
    rows_of = np.bincount(people, minlength=count)
    share = np.bincount(people, weights=labels, minlength=count) / np.maximum(rows_of, 1)
    fold = np.empty(count, dtype=np.intp)
    fold[np.lexsort((np.arange(count), share > 0.5))] = np.arange(count) % FOLDS
    return fold[people]


def learn(rows: Rows, labels: Vector, fold: NDArray[np.intp]) -> tuple[Mixture, Found]:
    """Return the mixture for a department's own rows, and what cross-validation says of it.

    `labels`, shape (rows,), are 0 or 1; `fold` is from `fold_of`.

    Raises:
        DataInvalid: too few people of a class.
    """
    require_both_classes(labels)
    odds = out_of_fold(rows, labels, fold)
    mixed = np.empty(len(labels))
    for number in range(FOLDS):
        here = fold == number
        mixed[here] = mixture(odds[~here], labels[~here]).of(odds[here])
    by_part = {name: auc(labels, odds[:, place]) for place, name in enumerate(PARTS)}
    best_own = max(OWN, key=by_part.__getitem__)
    return mixture(odds, labels), Found(auc(labels, mixed), by_part[best_own], by_part["shared"], best_own)


def out_of_fold(rows: Rows, labels: Vector, fold: NDArray[np.intp]) -> Matrix:
    """Return what each part says of rows that it was not fitted to: log odds, shape (rows, parts)."""
    odds = np.empty((len(labels), len(PARTS)))
    for number in range(FOLDS):
        here = fold == number
        parts = fit_parts(rows.take(~here), labels[~here])
        odds[here] = said(parts, rows.take(here))
    return odds


def fit_parts(rows: Rows, labels: Vector) -> Mapping[str, Scorer]:
    """Return every part of `PARTS` fitted to `rows`. The layer is these, mixed."""
    return {
        "shared": lambda others: others.shared,
        "own_linear": _linear(rows, labels, corrected=False),
        "own_trees": _trees(rows, labels, corrected=False),
        "corrected_linear": _linear(rows, labels, corrected=True),
        "corrected_trees": _trees(rows, labels, corrected=True),
    }


def said(parts: Mapping[str, Scorer], rows: Rows) -> Matrix:
    """Return the log odds of all parts, shape (rows, parts)."""
    return np.column_stack([parts[name](rows) for name in PARTS])


def raw_inputs(columns: Mapping[str, Column], spec: ModelSpec) -> Matrix:
    """Return unbinned numbers and category numbers, shape (rows, features), for `Rows.raw`."""
    return np.column_stack(
        [
            bins(columns[feature.semantic], feature).astype(np.float64)
            if isinstance(feature, CategoryFeature)
            else columns[feature.semantic].astype(np.float64)
            for feature in spec.features
        ]
    )


def categorical(spec: ModelSpec) -> tuple[bool, ...]:
    """Say of each feature whether it is a category, for `Rows.categorical`.

    One of more categories than trees can tell apart goes by the order of its public list, as a number does.
    """
    return tuple(
        isinstance(feature, CategoryFeature) and feature.width <= _MOST_CATEGORIES
        for feature in spec.features
    )


def require_both_classes(labels: Vector) -> None:
    """Refuse labels of which either class is rare.

    Raises:
        DataInvalid: fewer than `LEAST_OF_A_CLASS` rows of one.
    """
    positive = int((labels > 0.5).sum())
    if min(positive, len(labels) - positive) < LEAST_OF_A_CLASS:
        raise DataInvalid("local_people_few", least=LEAST_OF_A_CLASS)


@contextmanager
def one_thread(extra: str) -> Iterator[None]:
    """Keep linear algebra and trees to one thread: fits this small lose more by waiting than they gain.

    Raises:
        UsageInvalid: scikit-learn, of the extra `extra`, is not installed.
    """
    try:
        import sklearn.ensemble  # noqa: F401 (the limit reaches only what is loaded)
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise UsageInvalid("extra_missing", extra=extra) from error
    with threadpool_limits(limits=1):
        yield


def libraries() -> str:
    """Return the versions of what fits the parts: others may fit other parts to the same rows."""
    import scipy
    import sklearn

    return f"numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}"


def _linear(rows: Rows, labels: Vector, *, corrected: bool) -> Scorer:
    """Ridge on the bins alone: the constant and the shared log odds, which carry the level, are free."""
    free = 1 + int(corrected)
    penalty = np.append(np.zeros(free), np.full(rows.design.shape[1] - 1, _RIDGE))
    weights = ridge_logistic(_linear_inputs(rows, corrected=corrected), labels, penalty)
    return lambda others: np.asarray(_linear_inputs(others, corrected=corrected) @ weights)


def _linear_inputs(rows: Rows, *, corrected: bool) -> Matrix:
    bins = rows.design[:, 1:]
    free = [np.ones(len(bins))] + ([rows.shared] if corrected else [])
    return np.column_stack([*free, bins])


def _trees(rows: Rows, labels: Vector, *, corrected: bool) -> Scorer:
    """Histogram gradient boosting; without early stopping nothing in it is random."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=_LEARNING_RATE,
        max_leaf_nodes=_LEAVES,
        max_iter=_TREES,
        early_stopping=False,
        categorical_features=[*rows.categorical, *([False] if corrected else [])],
    ).fit(_tree_inputs(rows, corrected=corrected), labels)
    return lambda others: np.asarray(
        model.decision_function(_tree_inputs(others, corrected=corrected)), dtype=np.float64
    )


def _tree_inputs(rows: Rows, *, corrected: bool) -> Matrix:
    return np.column_stack([rows.raw, rows.shared]) if corrected else rows.raw
