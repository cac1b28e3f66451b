"""What jobs use: one version of the table, with the catalogue, contract and period of its import.

The book keeps it as one sealed value, so that it changes as a whole or not at all, and so that neither the
department's own column names nor its row count can be read without the passphrase.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xinqiao_clients.store import Version
from xinqiao_governance.budget import LIFETIME
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.catalogue import Dataset
from xinqiao_governance.errors import DataInvalid, WireInvalid
from xinqiao_governance.grading import Grade
from xinqiao_governance.parse import fields_of, integer, mapping, objects, require_version, text

_FORM = 6
_FIELDS = ("v", "number", "dataset", "contract", "version")
_ADDED: Mapping[int, tuple[str, ...]] = {
    1: (),
    2: ("period",),
    3: ("period", "grades", "past", "fresh_until"),
    4: ("period", "grades", "past", "fresh_until"),
    5: ("period", "grades", "past", "fresh_until"),
    _FORM: ("period", "grades", "past", "fresh_until", "holds"),
}
_GRADED, _SHAPED, _CHECKED = 3, 5, 6


@dataclass(frozen=True)
class Adopted:
    """An adopted version; `number` counts a home's imports from 1, `contract` is the YAML text.

    `catalogue` is the one of the import, to which the version in the store is bound; `grades` say how each of
    its columns stands now, by their order. `past` has the grades of columns that earlier imports had: one
    that is left out and comes back is no new one. `period` says on whose budget its people are looked at;
    `fresh_until` is the last day (days since 1970-01-01) on which its newest rows are as new as the contract
    promises, None where it promises nothing. `holds` says whether the version was found to hold the
    contract; None in a row of before that stood here, of which the book says it elsewhere.
    """

    number: int
    catalogue: Dataset
    contract: str
    version: Version
    period: str = LIFETIME
    grades: tuple[Grade, ...] = ()
    past: tuple[Grade, ...] = ()
    fresh_until: int | None = None
    holds: bool | None = True

    def __post_init__(self) -> None:
        if not self.grades:  # as every catalogue stood before there were any
            object.__setattr__(self, "grades", tuple(Grade.of(column) for column in self.catalogue.columns))
        if [grade.column for grade in self.grades] != [column.name for column in self.catalogue.columns]:
            raise WireInvalid("wire_field_invalid", field="grades")

    @cached_property
    def dataset(self) -> Dataset:
        """The catalogue as it counts: with what people decided since the import.

        Raises:
            DataInvalid: two confirmed columns mean the same.
        """
        pairs = zip(self.grades, self.catalogue.columns, strict=True)
        return replace(self.catalogue, columns=tuple(grade.applied(column) for grade, column in pairs))

    def grade(self, column: str) -> Grade:
        """Return how the column with the department's own name `column` stands.

        Raises:
            DataInvalid: there is none.
        """
        for grade in self.grades:
            if grade.column == column:
                return grade
        raise DataInvalid("catalogue_column_unknown", dataset=self.catalogue.dataset_id, column=column)

    def graded(self, grades: Sequence[Grade]) -> "Adopted":
        """Return the same version under other grades. Raises as `dataset`."""
        changed = replace(self, grades=tuple(grades))
        _ = changed.dataset
        return changed

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return dumps(
            {
                "v": _FORM,
                "number": self.number,
                "dataset": self.catalogue.to_json(),
                "contract": self.contract,
                "version": self.version.to_json(),
                "period": self.period,
                "grades": [grade.to_json() for grade in self.grades],
                "past": [grade.to_json() for grade in self.past],
                "fresh_until": self.fresh_until,
                "holds": int(bool(self.holds)),
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> "Adopted":
        """Parse the canonical bytes.

        The first form knew no periods, the second no grades and no freshness; in the third, what was said of
        a column had no bins: those of its catalogue counted, if they were of that meaning. Until the
        fourth, nobody noted what the data looked like; until the fifth, whether it holds its contract.

        Raises:
            VersionOther: another version of the program wrote them, and not in an earlier form.
            WireInvalid: they are not an adopted version.
        """
        body = mapping(loads(data))
        form = integer(body, "v")
        if form not in _ADDED:
            require_version(body, _FORM)
        fields_of(body, *_FIELDS, *_ADDED[form])
        dated = form >= _GRADED and body["fresh_until"] is not None
        catalogue = Dataset.from_json(body["dataset"])
        if form == _GRADED:
            body = {**body, **_with_bins(body, catalogue)}
        if _GRADED <= form < _SHAPED:
            body = {**body, **_with_shapes(body)}
        return cls(
            number=integer(body, "number", at_least=1),
            catalogue=catalogue,
            contract=text(body, "contract"),
            version=Version.from_json(body["version"]),
            period=text(body, "period") if form > 1 else LIFETIME,
            grades=_grades(body, "grades") if form >= _GRADED else (),
            past=_grades(body, "past") if form >= _GRADED else (),
            fresh_until=integer(body, "fresh_until") if dated else None,
            holds=integer(body, "holds") == 1 if form >= _CHECKED else None,
        )


def _grades(body: Mapping[str, Json], name: str) -> tuple[Grade, ...]:
    return tuple(Grade.from_json(grade) for grade in objects(body, name))


def _with_bins(body: Mapping[str, Json], catalogue: Dataset) -> dict[str, Json]:
    """Return the grades of the third form as the fourth has them."""
    known = {column.name: column.bins for column in catalogue.columns}

    def said(value: Json, column: str) -> Json:
        bins = known.get(column)
        fits = bins is not None and bins.semantic == mapping(value).get("semantic")
        return {**mapping(value), "bins": bins.to_json() if bins is not None and fits else None}

    def graded(grade: Mapping[str, Json]) -> Json:
        column, waits = text(grade, "column"), grade.get("request")
        if waits is not None:
            waits = {**mapping(waits), "said": said(mapping(waits).get("said"), column)}
        return {**grade, "said": said(grade.get("said"), column), "request": waits}

    return {name: [graded(grade) for grade in objects(body, name)] for name in ("grades", "past")}


def _with_shapes(body: Mapping[str, Json]) -> dict[str, Json]:
    """Return grades of the third or fourth form as the fifth has them: their data can be of any shape."""

    def graded(grade: Mapping[str, Json]) -> Json:
        proposal = grade.get("proposal")
        if proposal is None:
            return grade
        kept = {name: value for name, value in mapping(proposal).items() if name != "fields"}
        return {**grade, "proposal": {**kept, "shape": {}}}

    return {name: [graded(grade) for grade in objects(body, name)] for name in ("grades", "past")}
