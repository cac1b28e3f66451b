"""What a job learns: public features and a label, named by semantics, never by a department's own columns.

Every bin edge and category is public: it stands in the signed order and in the nodes' catalogues. Numbers
are integers in micro-units of the semantic's own unit (25 years = 25_000_000), so that they have one
canonical form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from typing import ClassVar, Literal

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.parse import (
    fields_of,
    integer,
    integers,
    is_label,
    label,
    mapping,
    objects,
    text,
    texts,
)

MICRO = 1_000_000
_MAX_BINS = 1_000
_MAX_FEATURES = 999  # with the label, as many columns as a ledger event may name
_MAX_CROSSES = 10_000
_MAX_MOMENTS = 1_000  # inputs: their products are summed in a square matrix
_MAX_CLASSES = 1_000
_MAX_HIDDEN = 4_096
_MICRO_DIGITS = 18
_PAIR_GROUPS, _PAIR_CELLS = 3, 256

ColumnKind = Literal["number", "text"]


@dataclass(frozen=True)
class NumericFeature:
    """Bins of a number: `len(edges_micro) + 1` intervals, closed on the left, and one bin for "missing"."""

    semantic: str
    edges_micro: tuple[int, ...]

    kind: ClassVar[ColumnKind] = "number"

    def __post_init__(self) -> None:
        ordered = all(a < b for a, b in zip(self.edges_micro, self.edges_micro[1:], strict=False))
        if not 1 <= len(self.edges_micro) < _MAX_BINS or not ordered:
            raise WireInvalid("feature_invalid", semantic=self.semantic)

    @property
    def width(self) -> int:
        """Number of columns of the design: intervals plus "missing"."""
        return len(self.edges_micro) + 2

    def groups(self, most: int) -> int:
        """Number of bins when intervals are merged to at most `most` groups, "missing" apart."""
        return min(most, len(self.edges_micro) + 1) + 1

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"kind": "numeric", "semantic": self.semantic, "edges_micro": list(self.edges_micro)}


@dataclass(frozen=True)
class CategoryFeature:
    """A public list of categories and one bin for "missing or other"."""

    semantic: str
    values: tuple[str, ...]

    kind: ClassVar[ColumnKind] = "text"

    def __post_init__(self) -> None:
        if not 1 <= len(self.values) < _MAX_BINS or not _distinct_labels(self.values):
            raise WireInvalid("feature_invalid", semantic=self.semantic)

    @property
    def width(self) -> int:
        """Number of columns of the design: categories plus "missing or other"."""
        return len(self.values) + 1

    def groups(self, _most: int) -> int:
        """Number of bins in a cross: all of them."""
        return self.width

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"kind": "category", "semantic": self.semantic, "values": list(self.values)}


Feature = NumericFeature | CategoryFeature


@dataclass(frozen=True)
class Cross:
    """The product of two features' bins, each merged to at most `groups` runs of neighbours.

    A number's intervals are merged as evenly as they can be and "missing" stays apart; categories have no
    neighbours and stay as they are.
    """

    first: str
    second: str
    groups: int

    def __post_init__(self) -> None:
        if self.first >= self.second or not 2 <= self.groups < _MAX_BINS:
            raise WireInvalid("feature_invalid", semantic=self.second)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"first": self.first, "second": self.second, "groups": self.groups}


def pairs(features: Sequence[Feature]) -> tuple[Cross, ...]:
    """Return a cross of every two features, numbers merged to three groups, of at most 256 cells."""
    return tuple(
        Cross(min(first.semantic, second.semantic), max(first.semantic, second.semantic), _PAIR_GROUPS)
        for first, second in combinations(features, 2)
        if first.groups(_PAIR_GROUPS) * second.groups(_PAIR_GROUPS) <= _PAIR_CELLS
    )


@dataclass(frozen=True)
class ThresholdLabel:
    """A yes/no label: is the number named by `semantic` above the threshold?

    `weights_micro` weighs the loss of a "no" and of a "yes", in millionths.
    """

    semantic: str
    above_micro: int
    weights_micro: tuple[int, ...] = (MICRO, MICRO)

    kind: ClassVar[ColumnKind] = "number"
    outputs: ClassVar[int] = 1

    def __post_init__(self) -> None:
        _require_weights(self.weights_micro, classes=2)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "kind": "above",
            "semantic": self.semantic,
            "above_micro": self.above_micro,
            "weights_micro": list(self.weights_micro),
        }


@dataclass(frozen=True)
class ClassLabel:
    """Which of the public classes `values` is it? Each has an output and, in millionths, a weight."""

    semantic: str
    values: tuple[str, ...]
    weights_micro: tuple[int, ...]

    kind: ClassVar[ColumnKind] = "text"

    def __post_init__(self) -> None:
        if not 2 <= len(self.values) <= _MAX_CLASSES or not _distinct_labels(self.values):
            raise WireInvalid("wire_field_invalid", field="label.values")
        _require_weights(self.weights_micro, classes=len(self.values))

    @property
    def outputs(self) -> int:
        """One log odds for each class."""
        return len(self.values)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "kind": "class",
            "semantic": self.semantic,
            "values": list(self.values),
            "weights_micro": list(self.weights_micro),
        }


@dataclass(frozen=True)
class NumberLabel:
    """A number between two public bounds, in its own unit; what lies beyond counts as the bound."""

    semantic: str
    low_micro: int
    high_micro: int

    kind: ClassVar[ColumnKind] = "number"
    outputs: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if self.low_micro / MICRO >= self.high_micro / MICRO:  # as floats, for they are divided by
            raise WireInvalid("wire_field_invalid", field="label.high_micro")

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "kind": "number",
            "semantic": self.semantic,
            "low_micro": self.low_micro,
            "high_micro": self.high_micro,
        }


Label = ThresholdLabel | ClassLabel | NumberLabel


class Family(StrEnum):
    """How a model is made of its inputs (a leading one, the features' bins, the crosses' cells).

    LINEAR: weights on the inputs, by gradient steps. NETWORK: one hidden layer, by gradient steps. MOMENTS:
    weights on the inputs by least squares, from a single sum of products. HISTOGRAM: nothing is predicted;
    how many people have the label's number in each cell of a public grid, from a single sum.
    """

    LINEAR = "linear"
    NETWORK = "network"
    MOMENTS = "moments"
    HISTOGRAM = "histogram"

    @property
    def from_one_sum(self) -> bool:
        """Say whether a single answer is all that it takes."""
        return self in (Family.MOMENTS, Family.HISTOGRAM)


@dataclass(frozen=True)
class ModelSpec:
    """What is learned, from which public bins, in which form.

    `hidden` units in a network and `cells` in a histogram, else 0.
    """

    name: str
    features: tuple[Feature, ...]
    label: Label
    crosses: tuple[Cross, ...] = ()
    family: Family = Family.LINEAR
    hidden: int = 0
    cells: int = 0

    def __post_init__(self) -> None:
        least, most = (0, 0) if self.family is Family.HISTOGRAM else (1, _MAX_FEATURES)
        if not least <= len(self.features) <= most:
            raise WireInvalid("wire_field_invalid", field="features")
        if len(set(self.semantics)) != len(self.features) + 1:
            raise WireInvalid("feature_invalid", semantic=self.label.semantic)
        if len(self.crosses) > _MAX_CROSSES or not self._crosses_fit():
            raise WireInvalid("wire_field_invalid", field="crosses")
        if self.family is Family.MOMENTS and self.inputs > _MAX_MOMENTS:
            raise WireInvalid("wire_field_invalid", field="features")
        if (self.hidden > 0) != (self.family is Family.NETWORK) or not 0 <= self.hidden <= _MAX_HIDDEN:
            raise WireInvalid("wire_field_invalid", field="hidden")
        if not self._cells_fit():
            raise WireInvalid("wire_field_invalid", field="cells")

    def _cells_fit(self) -> bool:
        """A histogram's cells are of a number, and each has at least a millionth."""
        if self.family is not Family.HISTOGRAM:
            return self.cells == 0
        if not isinstance(self.label, NumberLabel) or not 2 <= self.cells <= _MAX_BINS:
            return False
        return self.cells <= self.label.high_micro - self.label.low_micro

    def _crosses_fit(self) -> bool:
        """Each pair at most once, and of features."""
        pairs = {(cross.first, cross.second) for cross in self.crosses}
        return len(pairs) == len(self.crosses) and {name for pair in pairs for name in pair} <= set(
            self._by_semantic
        )

    @cached_property
    def _by_semantic(self) -> Mapping[str, Feature]:
        return {feature.semantic: feature for feature in self.features}

    def feature(self, semantic: str) -> Feature:
        """Return the feature of this semantic; KeyError where there is none."""
        return self._by_semantic[semantic]

    def cross_width(self, cross: Cross) -> int:
        """Number of cells of a cross."""
        first, second = self.feature(cross.first), self.feature(cross.second)
        return first.groups(cross.groups) * second.groups(cross.groups)

    @cached_property
    def grid(self) -> NumericFeature:
        """The cells of a histogram, as even as millionths allow; what lies beyond a bound is in its cell.

        Raises:
            WireInvalid: this is no histogram of a number.
        """
        if not isinstance(self.label, NumberLabel):
            raise WireInvalid("wire_field_invalid", field="label.kind")
        low, span = self.label.low_micro, self.label.high_micro - self.label.low_micro
        edges = tuple(low + span * place // self.cells for place in range(1, self.cells))
        return NumericFeature(self.label.semantic, edges)

    @property
    def inputs(self) -> int:
        """Number of columns of the design: a one, every bin of every feature, every cell of every cross.

        Of a histogram, its cells and one for "missing".
        """
        if self.family is Family.HISTOGRAM:
            return self.grid.width
        return (
            1
            + sum(feature.width for feature in self.features)
            + sum(self.cross_width(cross) for cross in self.crosses)
        )

    @property
    def parameters(self) -> int:
        """Number of the model's parameters."""
        outputs = self.label.outputs
        if self.family is Family.NETWORK:
            return self.hidden * self.inputs + outputs * (self.hidden + 1)
        return outputs * self.inputs

    @property
    def dimension(self) -> int:
        """Entries of the vector that a department sums: the gradient, or the moments."""
        if self.family is Family.MOMENTS:
            return self.inputs * (self.inputs + 1) // 2 + self.label.outputs * self.inputs
        return self.parameters

    @property
    def semantics(self) -> tuple[str, ...]:
        """Every semantic the model reads, the label's last."""
        return (*(feature.semantic for feature in self.features), self.label.semantic)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "name": self.name,
            "family": self.family.value,
            "hidden": self.hidden,
            "cells": self.cells,
            "features": [feature.to_json() for feature in self.features],
            "crosses": [cross.to_json() for cross in self.crosses],
            "label": self.label.to_json(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "ModelSpec":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown or of the wrong type.
        """
        body = fields_of(value, "name", "family", "hidden", "cells", "features", "crosses", "label")
        return cls(
            name=label(body, "name"),
            features=tuple(feature_from_json(item) for item in objects(body, "features")),
            label=_label(body["label"]),
            crosses=tuple(_cross(item) for item in objects(body, "crosses")),
            family=_family(body),
            hidden=integer(body, "hidden", at_least=0),
            cells=integer(body, "cells", at_least=0),
        )

    @classmethod
    def by_hand(cls, value: Json) -> "ModelSpec":
        """Parse what a person wrote: all but name, features and label may be left out, class weights, too.

        "crosses" may be "pairs", for every pair of features (see `pairs`).

        Raises:
            WireInvalid: see `from_json`.
        """
        given = dict(mapping(value))
        usual: dict[str, Json] = {"family": Family.LINEAR.value, "hidden": 0, "cells": 0, "crosses": []}
        paired = given.get("crosses") == "pairs"
        written = {**given, "crosses": []} if paired else given
        spec = cls.from_json({**usual, **written, "label": _filled(given.get("label"))})
        return replace(spec, crosses=pairs(spec.features)) if paired else spec


def _filled(value: Json) -> dict[str, Json]:
    """Return a label as written by hand, with a weight of one for each class where none is given."""
    given = dict(mapping(value))
    if given.get("kind") == "above":
        given.setdefault("weights_micro", [MICRO, MICRO])
    elif given.get("kind") == "class":
        given.setdefault("weights_micro", [MICRO] * len(texts(given, "values")))
    return given


def _distinct_labels(values: Sequence[str]) -> bool:
    return len(set(values)) == len(values) and all(map(is_label, values))


def feature_from_json(value: Json) -> Feature:
    """Parse one feature.

    Raises:
        WireInvalid: an unknown kind, or a field that is missing, unknown or of the wrong type.
    """
    kind = mapping(value).get("kind")
    if kind == "numeric":
        body = fields_of(value, "kind", "semantic", "edges_micro")
        return NumericFeature(label(body, "semantic"), integers(body, "edges_micro"))
    if kind == "category":
        body = fields_of(value, "kind", "semantic", "values")
        return CategoryFeature(label(body, "semantic"), texts(body, "values"))
    raise WireInvalid("wire_field_invalid", field="kind")


def feature_by_hand(semantic: str, kind: ColumnKind, typed: Sequence[str]) -> Feature:
    """Return the bins that a person typed: edges of a number, or the names of categories.

    Raises:
        WireInvalid: an edge is no number or finer than a millionth; edges do not increase; a name twice, or
            none that can be shown.
    """
    if kind == "text":
        return CategoryFeature(semantic, tuple(typed))
    return NumericFeature(semantic, tuple(_micro(edge, semantic) for edge in typed))


def _micro(edge: str, semantic: str) -> int:
    """Return a decimal number in micro-units, exactly."""
    try:
        micro = Decimal(edge) * MICRO
    except DecimalException as error:
        raise WireInvalid("bins_no_number", semantic=semantic) from error
    if not micro.is_finite() or micro.adjusted() >= _MICRO_DIGITS or micro != micro.to_integral_value():
        raise WireInvalid("bins_no_number", semantic=semantic)
    return int(micro)


def _cross(value: Mapping[str, Json]) -> Cross:
    body = fields_of(value, "first", "second", "groups")
    return Cross(label(body, "first"), label(body, "second"), integer(body, "groups"))


def _label(value: Json) -> Label:
    kind = mapping(value).get("kind")
    if kind == "above":
        body = fields_of(value, "kind", "semantic", "above_micro", "weights_micro")
        return ThresholdLabel(
            label(body, "semantic"), integer(body, "above_micro"), integers(body, "weights_micro")
        )
    if kind == "class":
        body = fields_of(value, "kind", "semantic", "values", "weights_micro")
        return ClassLabel(label(body, "semantic"), texts(body, "values"), integers(body, "weights_micro"))
    if kind == "number":
        body = fields_of(value, "kind", "semantic", "low_micro", "high_micro")
        return NumberLabel(label(body, "semantic"), integer(body, "low_micro"), integer(body, "high_micro"))
    raise WireInvalid("wire_field_invalid", field="label.kind")


def _family(body: Mapping[str, Json]) -> Family:
    try:
        return Family(text(body, "family"))
    except ValueError as error:
        raise WireInvalid("wire_field_invalid", field="family") from error


def _require_weights(weights_micro: tuple[int, ...], *, classes: int) -> None:
    """No weight above one: a row's part of a sum is bounded by it."""
    if len(weights_micro) != classes or not all(1 <= weight <= MICRO for weight in weights_micro):
        raise WireInvalid("wire_field_invalid", field="label.weights_micro")
