"""Yardsticks: how good the federated model is beside models that may do what it may not.

Everything is fitted and scored on the public source file, in a process of its own, never from a department's
store. `python -m xinqiao_app.yardsticks SNAPSHOTS.npz` prints one JSON object. The file holds `steps`, shape
(n,), and `parameters`, shape (n, dimension), float64; the last snapshot is the published model.
"""

import json
import os
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xinqiao_app.public_data import DEPARTMENTS, People, career_spec, load_people, public_order, split
from xinqiao_governance.errors import DataInvalid, UsageInvalid, XinqiaoError
from xinqiao_governance.messages import explain, language_of
from xinqiao_governance.model_spec import CategoryFeature, ModelSpec
from xinqiao_models import features, local, metrics

Vector: TypeAlias = NDArray[np.float64]

GRADIENT_NORM = 1e-6
_NEWTON_STEPS = 100
_FOLDS = 3


@dataclass(frozen=True)
class Snapshots:
    """The federated parameters after some steps: `steps` (n,), `parameters` (n, dimension)."""

    steps: NDArray[np.int64]
    parameters: Vector


@dataclass(frozen=True)
class Part:
    """Some people: `design` (rows, dimension), `raw` (rows, features), `labels` and `order` (rows,)."""

    design: Vector
    raw: Vector
    labels: Vector
    department: NDArray[np.object_]
    order: NDArray[np.intp]

    @classmethod
    def of(cls, people: People, spec: ModelSpec) -> "Part":
        """Return the arrays of `people`; `order` is the public hash order that cuts the folds."""
        columns = people.columns()
        return cls(
            design=features.design(columns, spec).dense(),
            raw=local.raw_inputs(columns, spec),
            labels=features.targets(columns, spec)[:, 0],
            department=people.department,
            order=public_order(people.ids),
        )

    def rows(self, index: NDArray[np.intp]) -> "Part":
        """Return some rows; the order of `index` is their new hash order."""
        return Part(
            self.design[index],
            self.raw[index],
            self.labels[index],
            self.department[index],
            np.arange(len(index)),
        )

    def home(self, department: str) -> "Part":
        """Return one department's people, in public hash order."""
        return self.rows(self.order[self.department[self.order] == department])


Scorer: TypeAlias = Callable[[Part], Vector]
"""People -> log odds, shape (rows,)."""
Fit: TypeAlias = Callable[[Part], Scorer]


@dataclass(frozen=True)
class Boosting:
    """Settings of scikit-learn's histogram gradient boosting; without early stopping nothing is random."""

    learning_rate: float
    leaves: int
    trees: int


POOLED_BOOSTING = (Boosting(0.1, 8, 200), Boosting(0.1, 16, 150), Boosting(0.1, 31, 100))
"""Tried for the pooled people by cross-validation."""


def score(snapshots: Snapshots, training: People, held_out: People, spec: ModelSpec) -> dict[str, Any]:
    """Return every yardstick on the held-out people: `auc`, `auc_by_step`, `roc`, `calibration`.

    Raises:
        DataInvalid: snapshots of another model's dimension, or people of one class only.
        UsageInvalid: the extra `demo` is not installed.
    """
    if snapshots.parameters.shape != (len(snapshots.steps), spec.parameters) or not len(snapshots.steps):
        raise DataInvalid("snapshots_invalid")
    with local.one_thread("demo"):
        return _table(snapshots, Part.of(training, spec), Part.of(held_out, spec), spec)


def _table(snapshots: Snapshots, train: Part, test: Part, spec: ModelSpec) -> dict[str, Any]:
    federated, pooled = _linear(snapshots.parameters[-1]), fit_logistic(train)
    by_department, best = _departments(train, test, federated, spec)
    shown = {"federated": federated, "pooled_non_private": pooled}
    return {
        "auc": {
            "federated": _auc(federated, test),
            "pooled_non_private": _auc(pooled, test),
            "pooled_boosting": _auc(_tuned_boosting(train, spec), test),
            "best_single_department": best,
            "by_department": by_department,
        },
        "auc_by_step": [
            [int(step), _auc(_linear(parameters), test)]
            for step, parameters in zip(snapshots.steps, snapshots.parameters, strict=True)
        ],
        "roc": {name: metrics.roc_points(test.labels, scorer(test)) for name, scorer in shown.items()},
        "calibration": {
            name: metrics.calibration(test.labels, _sigmoid(scorer(test))) for name, scorer in shown.items()
        },
    }


def fit_logistic(part: Part) -> Scorer:
    """Return the same logistic model without privacy, by Newton's method to a gradient norm below 1e-6.

    The one-hot blocks are collinear by design, so each Newton step is the minimum-norm one. The gradient is
    that of the plain mean loss: no ridge enters it.

    Raises:
        DataInvalid: no convergence.
    """
    return _linear(newton(part.design, part.labels))


def newton(design: Vector, labels: Vector) -> Vector:
    """Return the parameters, shape (dimension,), of the converged fit; see `fit_logistic`."""
    parameters = np.zeros(design.shape[1])
    for _ in range(_NEWTON_STEPS):
        probabilities = _sigmoid(design @ parameters)
        gradient = design.T @ (probabilities - labels) / len(labels)
        if np.linalg.norm(gradient) < GRADIENT_NORM:
            return parameters
        weights = probabilities * (1 - probabilities)
        hessian = design.T @ (design * weights[:, None]) / len(labels)
        step: Vector = np.linalg.lstsq(hessian, gradient, rcond=1e-10)[0].astype(np.float64)
        parameters = _descend(design, labels, parameters, step)
    raise DataInvalid("yardstick_not_converged", steps=_NEWTON_STEPS)


def fit_boosting(part: Part, settings: Boosting, spec: ModelSpec) -> Scorer:
    """Return gradient boosting on the raw columns: the nine that the catalogue names, unbinned."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=settings.learning_rate,
        max_leaf_nodes=settings.leaves,
        max_iter=settings.trees,
        early_stopping=False,
        categorical_features=[isinstance(feature, CategoryFeature) for feature in spec.features],
    ).fit(part.raw, part.labels)
    return lambda people: np.asarray(model.decision_function(people.raw), dtype=np.float64)


def cross_validated(part: Part, fit: Fit) -> float:
    """Return the mean AUC over folds cut by the public hash order."""
    fold = np.empty(len(part.labels), dtype=np.intp)
    fold[part.order] = np.arange(len(part.labels)) % _FOLDS
    results = []
    for number in range(_FOLDS):
        scorer = fit(part.rows(np.flatnonzero(fold != number)))
        results.append(_auc(scorer, part.rows(np.flatnonzero(fold == number))))
    return float(np.mean(results))


def read_snapshots(path: Path) -> Snapshots:
    """Read the federated snapshots; nothing in the file is ever unpickled.

    Raises:
        DataInvalid: the file is missing, is not such an archive, or holds numbers that are not finite.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            steps = np.asarray(archive["steps"], dtype=np.int64)
            parameters = np.asarray(archive["parameters"], dtype=np.float64)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise DataInvalid("snapshots_invalid") from error
    if steps.ndim != 1 or parameters.ndim != 2 or not np.isfinite(parameters).all():
        raise DataInvalid("snapshots_invalid")
    return Snapshots(steps, parameters)


def main(arguments: Sequence[str]) -> int:
    """Run the command; return its exit code."""
    try:
        if len(arguments) != 1:
            raise UsageInvalid("yardsticks_usage")
        snapshots = read_snapshots(Path(arguments[0]))
        training, held_out = split(load_people())
        result = score(snapshots, training, held_out, career_spec())
    except XinqiaoError as error:
        language = language_of(os.environ.get("LC_ALL") or os.environ.get("LANG") or "")
        print(explain(error, language), file=sys.stderr)
        return error.exit_code
    print(json.dumps(result))
    return 0


def _departments(
    train: Part, test: Part, federated: Scorer, spec: ModelSpec
) -> tuple[dict[str, dict[str, float]], float]:
    """Return each department's own results on its own people, and the best that any reaches on everybody."""
    table, best = {}, 0.0
    for department in DEPARTMENTS:
        scorers = at_home(train.home(department.id), federated, spec)
        people = test.home(department.id)
        table[department.id] = {
            "alone": _auc(scorers.alone, people),
            "federated": _auc(federated, people),
            "with_local_layer": _auc(scorers.with_layer, people),
            "people": len(people.labels),
        }
        best = max(best, *(_auc(own, test) for own in scorers.own))
    return table, best


@dataclass(frozen=True)
class AtHome:
    """What a department makes by itself: models of its own, the better by cross-validation, and a layer."""

    own: tuple[Scorer, ...]
    alone: Scorer
    with_layer: Scorer


def at_home(part: Part, federated: Scorer, spec: ModelSpec) -> AtHome:
    """Fit one department's own models and its local layer, choosing by its own training people alone."""

    def rows(people: Part) -> local.Rows:
        return local.Rows(people.design, people.raw, federated(people), local.categorical(spec))

    mixture, found = local.learn(rows(part), part.labels, local.fold_of(part.order, part.labels))
    parts = local.fit_parts(rows(part), part.labels)
    own = {name: _of_rows(parts[name], rows) for name in local.OWN}
    return AtHome(
        own=tuple(own.values()),
        alone=own[found.best_own],
        with_layer=lambda people: mixture.of(local.said(parts, rows(people))),
    )


def _of_rows(scorer: local.Scorer, rows: Callable[[Part], local.Rows]) -> Scorer:
    return lambda people: scorer(rows(people))


def _tuned_boosting(train: Part, spec: ModelSpec) -> Scorer:
    def validated(settings: Boosting) -> float:
        return cross_validated(train, lambda part: fit_boosting(part, settings, spec))

    return fit_boosting(train, max(POOLED_BOOSTING, key=validated), spec)


def _descend(design: Vector, labels: Vector, parameters: Vector, step: Vector) -> Vector:
    """Return the next parameters: the full Newton step, halved while the loss would rise."""
    before = _loss(design, labels, parameters)
    size = 1.0
    while size > 1e-6 and _loss(design, labels, parameters - size * step) > before:
        size /= 2
    return parameters - size * step


def _loss(design: Vector, labels: Vector, parameters: Vector) -> float:
    odds = design @ parameters
    return float((np.logaddexp(0.0, odds) - labels * odds).mean())


def _linear(parameters: Vector) -> Scorer:
    return lambda part: np.asarray(part.design @ parameters, dtype=np.float64)


def _sigmoid(odds: Vector) -> Vector:
    return np.asarray(np.exp(-np.logaddexp(0.0, -odds)), dtype=np.float64)


def _auc(scorer: Scorer, part: Part) -> float:
    return metrics.auc(part.labels, scorer(part))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
