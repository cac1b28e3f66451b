"""What a job learns: public features and a label, named by semantics, never by a department's own columns.

Every bin edge and category is public: it stands in the signed order and in the nodes' catalogues. Numbers
are integers in micro-units of the semantic's own unit (25 years = 25_000_000), so that they have one
canonical form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.parse import fields_of, integer, integers, label, mapping, objects, texts

MICRO = 1_000_000
_MAX_BINS = 1_000
_MAX_FEATURES = 999  # with the label, as many columns as a ledger event may name


@dataclass(frozen=True)
class NumericFeature:
    """Bins of a number: `len(edges_micro) + 1` intervals, closed on the left, and one bin for "missing"."""

    semantic: str
    edges_micro: tuple[int, ...]

    def __post_init__(self) -> None:
        ordered = all(a < b for a, b in zip(self.edges_micro, self.edges_micro[1:], strict=False))
        if not 1 <= len(self.edges_micro) < _MAX_BINS or not ordered:
            raise WireInvalid("feature_invalid", semantic=self.semantic)

    @property
    def width(self) -> int:
        """Number of columns of the design: intervals plus "missing"."""
        return len(self.edges_micro) + 2

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"kind": "numeric", "semantic": self.semantic, "edges_micro": list(self.edges_micro)}


@dataclass(frozen=True)
class CategoryFeature:
    """A public list of categories and one bin for "missing or other"."""

    semantic: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.values) < _MAX_BINS or len(set(self.values)) != len(self.values):
            raise WireInvalid("feature_invalid", semantic=self.semantic)

    @property
    def width(self) -> int:
        """Number of columns of the design: categories plus "missing or other"."""
        return len(self.values) + 1

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"kind": "category", "semantic": self.semantic, "values": list(self.values)}


Feature = NumericFeature | CategoryFeature


@dataclass(frozen=True)
class ThresholdLabel:
    """A yes/no label: is the number named by `semantic` above the threshold?"""

    semantic: str
    above_micro: int

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"kind": "above", "semantic": self.semantic, "above_micro": self.above_micro}


@dataclass(frozen=True)
class ModelSpec:
    """A logistic additive model over public bins; the design has a leading column of ones."""

    name: str
    features: tuple[Feature, ...]
    label: ThresholdLabel
    family: Literal["logistic-bins"] = "logistic-bins"

    def __post_init__(self) -> None:
        if len(set(self.semantics)) != len(self.features) + 1:
            raise WireInvalid("feature_invalid", semantic=self.label.semantic)

    @property
    def dimension(self) -> int:
        """Number of parameters: the intercept and every bin of every feature."""
        return 1 + sum(feature.width for feature in self.features)

    @property
    def semantics(self) -> tuple[str, ...]:
        """Every semantic the model reads, the label's last."""
        return (*(feature.semantic for feature in self.features), self.label.semantic)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "name": self.name,
            "family": self.family,
            "features": [feature.to_json() for feature in self.features],
            "label": self.label.to_json(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "ModelSpec":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown or of the wrong type.
        """
        body = fields_of(value, "name", "family", "features", "label")
        if body["family"] != "logistic-bins":
            raise WireInvalid("wire_field_invalid", field="family")
        above = fields_of(body["label"], "kind", "semantic", "above_micro")
        if above["kind"] != "above":
            raise WireInvalid("wire_field_invalid", field="label.kind")
        return cls(
            name=label(body, "name"),
            features=_features(objects(body, "features")),
            label=ThresholdLabel(label(above, "semantic"), integer(above, "above_micro")),
        )


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


def _features(values: Sequence[Mapping[str, Json]]) -> tuple[Feature, ...]:
    if not 1 <= len(values) <= _MAX_FEATURES:
        raise WireInvalid("wire_field_invalid", field="features")
    return tuple(feature_from_json(value) for value in values)
