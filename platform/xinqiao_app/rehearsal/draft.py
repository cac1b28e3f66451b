"""What a rehearsal learns from a table: bins and label, drafted from the data or taken from a contract.

Without a contract, bins and ranges are read from the very table that is trained on. That is not private: a
real order takes them from catalogues, which departments publish before anyone asks. It is said in a warning.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from xinqiao_app.rehearsal.notes import Note, left_out
from xinqiao_app.rehearsal.tables import Numbers, Table, Texts
from xinqiao_governance.contract import ColumnRule, Contract
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import (
    MICRO,
    CategoryFeature,
    ClassLabel,
    Family,
    Feature,
    Label,
    ModelSpec,
    NumberLabel,
    NumericFeature,
    ThresholdLabel,
    pairs,
)
from xinqiao_governance.parse import is_label

Shape = Literal["linear", "pairs", "network", "moments"]
SHAPES: tuple[Shape, ...] = get_args(Shape)

_BINS = 10
_FEW_NUMBERS = 20
_MOST_CATEGORIES = 60
_MOST_CLASSES = 20
_RARE_PARTS, _RARE_ROWS = 1_000, 5
_ROW_NUMBER_SPAN = 10
_MOST_NAME = 200
_MOST_MICRO = 1 << 53  # beyond it a float64 holds no millionths of its own
_HIDDEN = 16


@dataclass(frozen=True)
class Draft:
    """The model to rehearse, with `rules` for the columns it reads, and what the reader must know."""

    spec: ModelSpec
    rules: Mapping[str, ColumnRule]
    notes: tuple[Note, ...]


@dataclass
class _Findings:
    """What is found on the way: features, and the columns left out by the code of the reason."""

    features: list[Feature] = field(default_factory=list)
    skipped: dict[str, list[str]] = field(default_factory=dict)
    read_from_data: bool = False

    def skip(self, name: str, reason: str) -> None:
        self.skipped.setdefault(f"rehearse_warn_{reason}", []).append(name)

    def notes(self) -> tuple[Note, ...]:
        said = [Note("rehearse_warn_from_data")] if self.read_from_data else []
        for code, names in self.skipped.items():
            said += left_out(names, code)
        return tuple(said)


def draft(table: Table, label: str, shape: Shape, contract: Contract | None, never: Iterable[str]) -> Draft:
    """Return the draft for a table whose rows all have a label; columns in `never` are no features.

    Raises:
        DataInvalid: no column is left to learn from, or the label cannot be one.
    """
    found = _Findings(read_from_data=contract is None)
    rules = {} if contract is None else {rule.name: rule for rule in contract.columns}
    target = _label(table, label, rules.get(label), found)
    apart = {label, *never} | (set() if contract is None else {contract.person})
    for name in table.columns:
        if name not in apart:
            _add_feature(table, name, rules.get(name), contract is not None, found)
    if not found.features:
        raise DataInvalid("rehearse_no_features")
    spec = _spec(tuple(found.features), target, shape)
    kept = {feature.semantic: _feature_rule(feature, rules) for feature in spec.features}
    return Draft(spec, {**kept, label: _label_rule(target)}, found.notes())


# ---- features ------------------------------------------------------------------------------------


def _add_feature(table: Table, name: str, rule: ColumnRule | None, bound: bool, found: _Findings) -> None:
    if not 0 < len(name) <= _MOST_NAME or not name.isprintable():
        return found.skip(name or '""', "unnamed")
    if bound:
        feature = None if rule is None else _promised(rule)
        return found.skip(name, "without_range") if feature is None else found.features.append(feature)
    if table.is_numeric(name):
        return _add_number(name, table.numbers(name), found)
    return _add_text(name, table.texts(name), found)


def _promised(rule: ColumnRule) -> Feature | None:
    """Return the bins that a contract's rule gives; None where it gives none."""
    if rule.type == "text":
        return None if rule.values is None else CategoryFeature(rule.name, rule.values)
    if not rule.is_number or rule.minimum is None or rule.maximum is None:
        return None
    span = rule.maximum - rule.minimum
    whole = rule.type == "integer" and span <= _FEW_NUMBERS
    parts = math.floor(span) + 1 if whole else _BINS
    width = 1.0 if whole else span / _BINS
    edges = _edges((rule.minimum + place * width for place in range(1, parts)), rule.minimum)
    return NumericFeature(rule.name, edges) if edges else None


def _add_number(name: str, column: Numbers, found: _Findings) -> None:
    numbers = column[~np.isnan(column)]
    distinct = np.unique(numbers)
    if len(distinct) < 2 and len(numbers) == len(column):
        return found.skip(name, "constant")
    if _is_row_number(numbers, distinct):
        return found.skip(name, "row_number")
    if len(distinct) <= _FEW_NUMBERS:
        cuts = (distinct[:-1] + distinct[1:]) / 2
    else:
        cuts = np.quantile(numbers, np.arange(1, _BINS) / _BINS)
    edges = _edges(cuts.tolist(), float(distinct[0]))
    if not edges:
        return found.skip(name, "without_bins")
    return found.features.append(NumericFeature(name, edges))


def _is_row_number(numbers: Numbers, distinct: Numbers) -> bool:
    """Say whether these look like numbers given to rows: whole, none twice, and dense."""
    each_once = len(distinct) == len(numbers) > _FEW_NUMBERS
    return each_once and _whole(numbers) and float(np.ptp(numbers)) < _ROW_NUMBER_SPAN * len(numbers)


def _edges(cuts: Iterable[float], least: float) -> tuple[int, ...]:
    """Return cuts as ascending edges in millionths, none that leaves the first bin empty.

    Of a cut between two values the edge is rounded up: it belongs to the bin above it.
    """
    edges = {math.ceil(cut * MICRO) for cut in cuts if abs(cut) * MICRO < _MOST_MICRO}
    return tuple(sorted(edge for edge in edges if edge / MICRO > least))


def _add_text(name: str, column: Texts, found: _Findings) -> None:
    counts = Counter(cell for cell in column if cell is not None)
    rare = max(_RARE_ROWS, -(-len(column) // _RARE_PARTS))
    frequent = [value for value, times in counts.most_common() if times >= rare and is_label(value)]
    if len(counts) < 2 and counts.total() == len(column):
        return found.skip(name, "constant")
    if (
        not frequent
        or len(frequent) > _MOST_CATEGORIES
        or 2 * sum(map(counts.__getitem__, frequent)) < len(column)
    ):
        return found.skip(name, "many_values")
    return found.features.append(CategoryFeature(name, tuple(sorted(frequent))))


# ---- the label -----------------------------------------------------------------------------------


def _label(table: Table, name: str, rule: ColumnRule | None, found: _Findings) -> Label:
    numeric = table.is_numeric(name) if rule is None else rule.type != "text"
    if numeric:
        return _number_label(name, table.numbers(name), rule, found)
    given = rule.values if rule is not None else None
    found.read_from_data |= given is None
    return _class_label(name, given or tuple(sorted({str(cell) for cell in table.texts(name)})))


def _number_label(name: str, numbers: Numbers, rule: ColumnRule | None, found: _Findings) -> Label:
    distinct = np.unique(numbers)
    if len(distinct) < 2:
        raise DataInvalid("rehearse_label_constant", column=name)
    promised = rule is not None and (rule.minimum, rule.maximum) == (distinct[0], distinct[-1])
    if len(distinct) == 2:
        found.read_from_data |= not promised
        return _yes_no(name, float(distinct[0]), float(distinct[1]))
    if len(distinct) <= _FEW_NUMBERS and _whole(distinct):
        found.read_from_data |= not promised or len(distinct) <= distinct[-1] - distinct[0]
        return _class_label(name, tuple(whole_text(number) for number in distinct))
    low, high = float(distinct[0]), float(distinct[-1])
    if rule is not None and rule.minimum is not None and rule.maximum is not None:
        low, high = rule.minimum, rule.maximum
    else:
        found.read_from_data = True
    if max(abs(low), abs(high)) * MICRO >= _MOST_MICRO or low >= high:
        raise DataInvalid("rehearse_label_out_of_reach", column=name)
    return NumberLabel(name, math.floor(low * MICRO), math.ceil(high * MICRO))


def _yes_no(name: str, no: float, yes: float) -> ThresholdLabel:
    above = math.floor((no + yes) / 2 * MICRO)
    if not no <= above / MICRO < yes or abs(above) >= _MOST_MICRO:
        raise DataInvalid("rehearse_label_out_of_reach", column=name)
    return ThresholdLabel(name, above)


def _class_label(name: str, values: tuple[str, ...]) -> ClassLabel:
    if len(values) < 2:
        raise DataInvalid("rehearse_label_constant", column=name)
    if len(values) > _MOST_CLASSES:
        raise DataInvalid("rehearse_label_many", column=name, count=len(values), limit=_MOST_CLASSES)
    return ClassLabel(name, values, (MICRO,) * len(values))


def whole_text(number: float) -> str:
    """Return how a class that is a whole number is written, whether the file says 1 or 1.0."""
    return str(int(number))


def _whole(numbers: Numbers) -> bool:
    return bool((numbers == np.floor(numbers)).all())


# ---- model and contract ----------------------------------------------------------------------------


def _spec(features: tuple[Feature, ...], label: Label, shape: Shape) -> ModelSpec:
    family = {"network": Family.NETWORK, "moments": Family.MOMENTS}.get(shape, Family.LINEAR)
    return ModelSpec(
        name="rehearsal",
        features=features,
        label=label,
        crosses=pairs(features) if shape == "pairs" else (),
        family=family,
        hidden=_HIDDEN if family is Family.NETWORK else 0,
    )


def _feature_rule(feature: Feature, given: Mapping[str, ColumnRule]) -> ColumnRule:
    if feature.semantic in given:
        return given[feature.semantic]
    return ColumnRule(feature.semantic, feature.kind, missing_allowed=True)


def _label_rule(label: Label) -> ColumnRule:
    """Return what holds for a label: never missing, and of a known class."""
    values = label.values if isinstance(label, ClassLabel) else None
    return ColumnRule(label.semantic, label.kind, values=values)
