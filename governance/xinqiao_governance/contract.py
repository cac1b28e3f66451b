"""A data contract: what a department promises about one table, in our own YAML shape, as a typed object.

The mapping comes from a YAML file that a person wrote, so it is read strictly: an unknown key is a spelling
mistake that would otherwise switch a check off in silence.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from xinqiao_governance.errors import DataInvalid

ColumnType = Literal["number", "integer", "text"]

_TYPES: Mapping[str, ColumnType] = {"number": "number", "integer": "integer", "text": "text"}
_MISSING = {"allowed": True, "forbidden": False}
_NUMBER_KEYS = {"min", "max"}
_TEXT_KEYS = {"values", "pattern"}

_Body: TypeAlias = Mapping[str, object]
_T = TypeVar("_T")


@dataclass(frozen=True)
class ColumnRule:
    """What holds for one column. Bounds are inclusive; `pattern` must match a whole cell."""

    name: str
    type: ColumnType
    missing_allowed: bool = False
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] | None = None
    unique: bool = False
    pattern: str | None = None

    @classmethod
    def from_mapping(cls, name: str, value: object) -> "ColumnRule":
        """Read one entry of `columns`.

        Raises:
            DataInvalid: an unknown key, or a value that does not fit its key.
        """
        place = f"columns.{name}"
        body = _keys(
            value, place, required={"type"}, optional={"missing", "unique"} | _NUMBER_KEYS | _TEXT_KEYS
        )
        rule = cls(
            name=name,
            type=_choice(body, "type", place, _TYPES),
            missing_allowed=_choice(body, "missing", place, _MISSING) if "missing" in body else False,
            minimum=_optional_number(body, "min", place),
            maximum=_optional_number(body, "max", place),
            values=_optional_values(body, "values", place),
            unique=_optional_flag(body, "unique", place),
            pattern=_optional_pattern(body, "pattern", place),
        )
        rule._refuse_nonsense(body, place)
        return rule

    def _refuse_nonsense(self, body: _Body, place: str) -> None:
        for key in sorted(body.keys() & (_NUMBER_KEYS if self.type == "text" else _TEXT_KEYS)):
            raise _invalid(f"{place}.{key}")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise _invalid(f"{place}.max")


@dataclass(frozen=True)
class HomeDepartment:
    """The column that names the home department, and the one value every row has there."""

    column: str
    equals: str


@dataclass(frozen=True)
class Contract:
    """The promises about one table: its columns, whose rows they are, and the least number of rows."""

    dataset_id: str
    person: str
    columns: tuple[ColumnRule, ...]
    department: HomeDepartment | None = None
    min_rows: int = 1

    def __post_init__(self) -> None:
        person = self.rule(self.person)
        if person.type != "text" or person.missing_allowed:
            raise _invalid("person")
        if self.department is not None and self.rule(self.department.column).type != "text":
            raise _invalid("department.column")

    def rule(self, column: str) -> ColumnRule:
        """Return the rule for `column`.

        Raises:
            DataInvalid: the contract has none.
        """
        for rule in self.columns:
            if rule.name == column:
                return rule
        raise DataInvalid("contract_column_unknown", column=column)

    @classmethod
    def from_mapping(cls, value: object) -> "Contract":
        """Read a contract from the mapping that its YAML holds.

        Raises:
            DataInvalid: a key is unknown or missing, or a value does not fit its key.
        """
        body = _keys(value, "", required={"dataset", "person", "columns"}, optional={"department", "rows"})
        columns = _mapping(body["columns"], "columns")
        return cls(
            dataset_id=_text(body, "dataset", ""),
            person=_text(body, "person", ""),
            columns=tuple(ColumnRule.from_mapping(name, rule) for name, rule in columns.items()),
            department=_department(body["department"]) if "department" in body else None,
            min_rows=_min_rows(body["rows"]) if "rows" in body else 1,
        )


def _department(value: object) -> HomeDepartment:
    body = _keys(value, "department", required={"column", "equals"}, optional=set())
    return HomeDepartment(_text(body, "column", "department"), _text(body, "equals", "department"))


def _min_rows(value: object) -> int:
    minimum = _keys(value, "rows", required={"min"}, optional=set())["min"]
    if isinstance(minimum, bool) or not isinstance(minimum, int) or minimum < 1:
        raise _invalid("rows.min")
    return minimum


def _keys(value: object, place: str, *, required: set[str], optional: set[str]) -> _Body:
    body = _mapping(value, place or "{}")
    for key in sorted(body.keys() - required - optional):
        raise DataInvalid("contract_key_unknown", key=_join(place, key))
    for key in sorted(required - body.keys()):
        raise DataInvalid("contract_key_missing", key=_join(place, key))
    return body


def _mapping(value: object, place: str) -> _Body:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise _invalid(place)
    return value


def _text(body: _Body, key: str, place: str) -> str:
    value = body[key]
    if not isinstance(value, str) or not value:
        raise _invalid(_join(place, key))
    return value


def _choice(body: _Body, key: str, place: str, choices: Mapping[str, _T]) -> _T:
    word = _text(body, key, place)
    if word not in choices:
        raise _invalid(_join(place, key))
    return choices[word]


def _optional_number(body: _Body, key: str, place: str) -> float | None:
    if key not in body:
        return None
    value = body[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise _invalid(_join(place, key))
    return float(value)


def _optional_flag(body: _Body, key: str, place: str) -> bool:
    value = body.get(key, False)
    if not isinstance(value, bool):
        raise _invalid(_join(place, key))
    return value


def _optional_values(body: _Body, key: str, place: str) -> tuple[str, ...] | None:
    if key not in body:
        return None
    values = body[key]
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise _invalid(_join(place, key))
    return tuple(values)


def _optional_pattern(body: _Body, key: str, place: str) -> str | None:
    if key not in body:
        return None
    pattern = _text(body, key, place)
    try:
        re.compile(pattern)
    except re.error as error:
        raise _invalid(_join(place, key)) from error
    return pattern


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _invalid(key: str) -> DataInvalid:
    return DataInvalid("contract_field_invalid", key=key)
