"""The catalogue of a department: what each column means, how sensitive it is and what it may serve.

Two forms exist. The department keeps the whole (`Dataset.to_json`); only `Dataset.published` may leave:
meanings, kinds, tiers, units and public bins, never the department's own names, values or counts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

from xinqiao_governance.canonical import Json, digest, dumps
from xinqiao_governance.errors import DataInvalid, WireInvalid
from xinqiao_governance.model_spec import CategoryFeature, Feature, NumericFeature, feature_from_json
from xinqiao_governance.parse import fields_of, label, objects, text, texts, versioned_fields
from xinqiao_governance.purposes import Wall, wall_of

Kind = Literal["number", "text", "identifier"]
NationalGrade = Literal["一般数据", "重要数据", "核心数据"]

_DATASET_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_BINS_OF_KIND: Mapping[Kind, type[NumericFeature] | type[CategoryFeature]] = {
    "number": NumericFeature,
    "text": CategoryFeature,
}


def require_dataset_id(value: str) -> str:
    """Return `value` if it may name a dataset, and so a folder: ASCII `a-z 0-9 _ -`, at most 64.

    Raises:
        DataInvalid: it may not.
    """
    if not _DATASET_ID.fullmatch(value):
        raise DataInvalid("catalogue_id_invalid")
    return value


class Tier(StrEnum):
    """How closely a column is held; ordered by strictness: PUBLIC < SENSITIVE < CORE."""

    PUBLIC = "public"
    SENSITIVE = "sensitive"
    CORE = "core"

    @property
    def rank(self) -> int:
        """Position in the order, 0 for the least strict."""
        return list(Tier).index(self)

    # Text compares by alphabet, which would call "core" the laxest tier: all four are overridden.
    def __lt__(self, other: str) -> bool:
        return self.rank < Tier(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Tier(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Tier(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Tier(other).rank


def strictest(tiers: Iterable[Tier]) -> Tier:
    """Return the strictest of `tiers`; of none at all, CORE, because silence means no."""
    return max(tiers, default=Tier.CORE)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `semantic` is the name that departments share, `name` the department's own. `national_grade` is the
    grade of GB/T 43697-2024; it is stated by people and never follows from `tier`.
    """

    name: str
    semantic: str
    kind: Kind
    tier: Tier
    unit: str = ""
    bins: Feature | None = None
    national_grade: NationalGrade = "一般数据"
    confirmed_by: str | None = None

    def __post_init__(self) -> None:
        if not self.name or not self.semantic or self.confirmed_by == "":
            raise DataInvalid("catalogue_name_empty", column=self.name or self.semantic)
        if self.bins is not None and not self.fits(self.bins):
            raise DataInvalid("catalogue_bins_differ", column=self.name)

    @property
    def is_confirmed(self) -> bool:
        """Say whether a person stands for what is said of the column."""
        return self.confirmed_by is not None

    @property
    def effective_tier(self) -> Tier:
        """The tier that counts: a column that no person confirmed is handled as core."""
        return self.tier if self.is_confirmed else Tier.CORE

    def fits(self, bins: Feature) -> bool:
        """Say whether `bins` are of this column's semantic and kind."""
        return type(bins) is _BINS_OF_KIND.get(self.kind) and bins.semantic == self.semantic

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "name": self.name,
            "semantic": self.semantic,
            "kind": self.kind,
            "tier": self.tier.value,
            "unit": self.unit,
            "bins": None if self.bins is None else self.bins.to_json(),
            "national_grade": self.national_grade,
            "confirmed_by": self.confirmed_by,
        }

    @classmethod
    def from_json(cls, value: Json) -> "Column":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown or of the wrong type.
            DataInvalid: the bins are not of this column's semantic and kind.
        """
        body = fields_of(value, *_COLUMN_FIELDS)
        return cls(
            name=text(body, "name"),
            semantic=text(body, "semantic"),
            kind=_kind(text(body, "kind")),
            tier=tier_of(text(body, "tier")),
            unit=text(body, "unit"),
            bins=None if body["bins"] is None else feature_from_json(body["bins"]),
            national_grade=national_grade(text(body, "national_grade")),
            confirmed_by=None if body["confirmed_by"] is None else text(body, "confirmed_by"),
        )

    def published(self) -> dict[str, Json]:
        """Return what may leave: no own name, no person who confirmed, no grade."""
        return {
            "semantic": self.semantic,
            "kind": self.kind,
            "tier": self.effective_tier.value,
            "unit": self.unit,
            "bins": None if self.bins is None else self.bins.to_json(),
        }


_COLUMN_FIELDS = ("name", "semantic", "kind", "tier", "unit", "bins", "national_grade", "confirmed_by")


@dataclass(frozen=True)
class Dataset:
    """One table of a department. `person` is the column that says whose row it is.

    Of confirmed columns no two mean the same; of what is only proposed, several may.
    """

    dataset_id: str
    title: str
    columns: tuple[Column, ...]
    person: str
    purposes: tuple[str, ...]
    owner: str

    def __post_init__(self) -> None:
        require_dataset_id(self.dataset_id)
        self._refuse_repeats([column.name for column in self.columns])
        self._refuse_repeats([column.semantic for column in self.columns if column.is_confirmed])
        if self.column(self.person).kind != "identifier":
            raise DataInvalid("catalogue_person_invalid", dataset=self.dataset_id, column=self.person)

    @property
    def tier(self) -> Tier:
        """A table takes its strictest column's effective tier."""
        return strictest(column.effective_tier for column in self.columns)

    @property
    def wall(self) -> Wall:
        """On which side of the wall it was collected, as its declared purposes say.

        Raises:
            DataInvalid: a purpose is unknown or never allowed, or they stand on both sides.
        """
        return wall_of(self.purposes)

    @property
    def digest(self) -> bytes:
        """Digest of the canonical form: 32 bytes."""
        return digest("catalogue", dumps(self.to_json()))

    def column(self, name: str) -> Column:
        """Return the column with the department's own `name`.

        Raises:
            DataInvalid: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise DataInvalid("catalogue_column_unknown", dataset=self.dataset_id, column=name)

    def by_semantic(self, semantic: str) -> Column:
        """Return the column that means `semantic`: a confirmed one, of which there is one at most, if it can.

        Raises:
            DataInvalid: there is none.
        """
        found = [column for column in self.columns if column.semantic == semantic]
        for column in sorted(found, key=lambda column: not column.is_confirmed):
            return column
        raise DataInvalid("catalogue_semantic_unknown", dataset=self.dataset_id, semantic=semantic)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form, for the department's own disk only."""
        return {
            "v": 1,
            "dataset_id": self.dataset_id,
            "title": self.title,
            "columns": [column.to_json() for column in self.columns],
            "person": self.person,
            "purposes": list(self.purposes),
            "owner": self.owner,
        }

    @classmethod
    def from_json(cls, value: Json) -> "Dataset":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown or of the wrong type.
            DataInvalid: columns that repeat, or no such person column.
        """
        body = versioned_fields(
            value, 1, "v", "dataset_id", "title", "columns", "person", "purposes", "owner"
        )
        return cls(
            dataset_id=text(body, "dataset_id"),
            title=text(body, "title"),
            columns=tuple(Column.from_json(column) for column in objects(body, "columns")),
            person=text(body, "person"),
            purposes=texts(body, "purposes"),
            owner=text(body, "owner"),
        )

    def published(self) -> dict[str, Json]:
        """Return what may leave the department, sorted so that the table's own order stays home too.

        What nobody confirmed is a guess about the department's data, and stays.
        """
        confirmed = [column for column in self.columns if column.is_confirmed]
        columns = sorted(confirmed, key=lambda column: column.semantic)
        return {"v": 1, "columns": [column.published() for column in columns]}

    def _refuse_repeats(self, names: list[str]) -> None:
        for name in names:
            if names.count(name) > 1:
                raise DataInvalid("catalogue_column_twice", dataset=self.dataset_id, column=name)


def published_from_json(value: Json) -> Mapping[str, Json]:
    """Return `value` if it has the form of `Dataset.published` and not a field more.

    Raises:
        WireInvalid: it has another.
    """
    body = versioned_fields(value, 1, "v", "columns")
    columns = [_published_column(item) for item in objects(body, "columns")]
    if columns != sorted(set(columns)):
        raise WireInvalid("wire_field_invalid", field="columns")
    return body


def _published_column(value: Mapping[str, Json]) -> str:
    """Check one column and return its semantic."""
    body = fields_of(value, "semantic", "kind", "tier", "unit", "bins")
    _kind(text(body, "kind"))
    tier_of(text(body, "tier"))
    text(body, "unit")
    if body["bins"] is not None:
        feature_from_json(body["bins"])
    return label(body, "semantic")


def _kind(value: str) -> Kind:
    for kind in get_args(Kind):
        if value == kind:
            return kind  # type: ignore[no-any-return]  # one of Kind's own members
    raise WireInvalid("wire_field_invalid", field="kind")


def tier_of(value: str) -> Tier:
    """Return the tier of this name; WireInvalid where there is none."""
    try:
        return Tier(value)
    except ValueError as error:
        raise WireInvalid("wire_field_invalid", field="tier") from error


def national_grade(value: str) -> NationalGrade:
    """Return the grade of GB/T 43697-2024 of this name; WireInvalid where there is none."""
    for grade in get_args(NationalGrade):
        if value == grade:
            return grade  # type: ignore[no-any-return]  # one of NationalGrade's own members
    raise WireInvalid("wire_field_invalid", field="national_grade")
