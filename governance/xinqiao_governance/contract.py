"""A data contract: what a department promises about one table, in our own YAML shape, as a typed object.

The mapping comes from a YAML file that a person wrote, so it is read strictly: an unknown key is a spelling
mistake that would otherwise switch a check off in silence. Nothing in it is run: no expression, no code.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar, get_args

from xinqiao_governance.contract_rules import (
    AtMost,
    Before,
    BirthAgrees,
    RequiredWhen,
    TableRule,
    Total,
    UniqueTogether,
)
from xinqiao_governance.days import day_number
from xinqiao_governance.errors import DataInvalid

ColumnType = Literal["number", "integer", "text", "date"]
DigitCheck = Literal["identity_number", "bank_card", "credit_code"]

MAX_PATTERN = 200
_TYPES: Mapping[str, ColumnType] = {word: word for word in get_args(ColumnType)}
_CHECKS: Mapping[str, DigitCheck] = {word: word for word in get_args(DigitCheck)}
_MISSING: Mapping[str, bool] = {"allowed": True, "forbidden": False}
_COMMON_KEYS = {"missing", "unique"}
_KEYS_OF: Mapping[ColumnType, set[str]] = {
    "number": {"min", "max"},
    "integer": {"min", "max"},
    "text": {"values", "pattern", "length", "check"},
    "date": {"min", "max", "newest"},
}
_PLAIN_KEY = re.compile("[a-z_]{1,32}")
_NEWEST = re.compile(r"within ([0-9]{1,5}) days?")
_TODAY = "today"

_Body: TypeAlias = Mapping[str, object]
_T = TypeVar("_T")


@dataclass(frozen=True)
class ColumnRule:
    """What holds for one column. Bounds are inclusive; `pattern` must match a whole cell.

    Attributes:
        missing_share: at most so large a share of the cells is missing, where that is allowed at all.
        minimum, maximum: for dates, days since 1970-01-01.
        distinct_share: where `unique`, at least so large a share of the cells differ from each other.
        newest_days: the newest day up to the day of the check is at most so many days before it.
        no_future: no day is after the day of the check.
    """

    name: str
    type: ColumnType
    missing_allowed: bool = False
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] | None = None
    unique: bool = False
    pattern: str | None = None
    missing_share: float = 1.0
    distinct_share: float = 1.0
    min_length: int | None = None
    max_length: int | None = None
    check: DigitCheck | None = None
    newest_days: int | None = None
    no_future: bool = False

    @property
    def is_number(self) -> bool:
        """Say whether its cells are numbers; days are kept as the text that they were written in."""
        return self.type in ("number", "integer")

    @classmethod
    def from_mapping(cls, name: str, value: object) -> "ColumnRule":
        """Read one entry of `columns`.

        Raises:
            DataInvalid: an unknown key, or a value that does not fit its key.
        """
        place = f"columns.{name}"
        body = _keys(value, place, required={"type"}, optional=_COMMON_KEYS.union(*_KEYS_OF.values()))
        kind = _choice(body, "type", place, _TYPES)
        for key in sorted(body.keys() - {"type"} - _COMMON_KEYS - _KEYS_OF[kind]):
            raise _invalid(f"{place}.{key}")
        missing_allowed, missing_share = _missing(body, place)
        unique, distinct_share = _unique(body, place)
        no_future = kind == "date" and body.get("max") == _TODAY
        bound = _optional_day if kind == "date" else _optional_number
        lengths = _lengths(body, place)
        rule = cls(
            name=name,
            type=kind,
            missing_allowed=missing_allowed,
            missing_share=missing_share,
            minimum=bound(body, "min", place),
            maximum=None if no_future else bound(body, "max", place),
            values=_optional_values(body, "values", place),
            unique=unique,
            distinct_share=distinct_share,
            pattern=_optional_pattern(body, "pattern", place),
            min_length=lengths[0],
            max_length=lengths[1],
            check=_choice(body, "check", place, _CHECKS) if "check" in body else None,
            newest_days=_newest(body, place),
            no_future=no_future,
        )
        if rule.minimum is not None and rule.maximum is not None and rule.minimum > rule.maximum:
            raise _invalid(f"{place}.max")
        return rule


@dataclass(frozen=True)
class HomeDepartment:
    """The column that names the home department, and the one value every row has there."""

    column: str
    equals: str


@dataclass(frozen=True)
class Contract:
    """The promises about one table: its columns, whose rows, how many rows, and rules across columns."""

    dataset_id: str
    person: str
    columns: tuple[ColumnRule, ...]
    department: HomeDepartment | None = None
    min_rows: int = 1
    max_rows: int | None = None
    rules: tuple[TableRule, ...] = ()

    def __post_init__(self) -> None:
        person = self.rule(self.person)
        if person.type != "text" or person.missing_allowed:
            raise _invalid("person")
        if self.department is not None and self.rule(self.department.column).type != "text":
            raise _invalid("department.column")
        for place, rule in enumerate(self.rules):
            self._require_fit(rule, f"rules.{place}.{rule.id}")

    def rule(self, column: str) -> ColumnRule:
        """Return the rule for `column`.

        Raises:
            DataInvalid: the contract has none.
        """
        for rule in self.columns:
            if rule.name == column:
                return rule
        raise DataInvalid("contract_column_unknown", column=column)

    def _require_fit(self, rule: TableRule, place: str) -> None:
        """Refuse a rule whose columns are repeated, or not of the types that it compares."""
        if len(set(rule.columns)) < len(rule.columns):
            raise _invalid(place)
        types = tuple(self.rule(name).type for name in rule.columns)
        numbers = all(self.rule(name).is_number for name in rule.columns)
        match rule:
            case AtMost():
                fits = numbers or types == ("date", "date")
            case Before():
                fits = types == ("date", "date")
            case Total():
                fits = numbers
            case BirthAgrees():
                fits = types == ("date", "text")
            case RequiredWhen():
                fits = types[1] == "text" and self.rule(rule.columns[0]).missing_allowed
            case UniqueTogether():
                fits = True
        if not fits:
            raise _invalid(place)

    @classmethod
    def from_mapping(cls, value: object) -> "Contract":
        """Read a contract from the mapping that its YAML holds.

        Raises:
            DataInvalid: a key is unknown or missing, or a value does not fit its key.
        """
        body = _keys(
            value, "", required={"dataset", "person", "columns"}, optional={"department", "rows", "rules"}
        )
        columns = _mapping(body["columns"], "columns")
        min_rows, max_rows = _rows(body["rows"]) if "rows" in body else (1, None)
        return cls(
            dataset_id=_text(body, "dataset", ""),
            person=_text(body, "person", ""),
            columns=tuple(ColumnRule.from_mapping(name, rule) for name, rule in columns.items()),
            department=_department(body["department"]) if "department" in body else None,
            min_rows=min_rows,
            max_rows=max_rows,
            rules=_rules(body["rules"]) if "rules" in body else (),
        )


def _department(value: object) -> HomeDepartment:
    body = _keys(value, "department", required={"column", "equals"}, optional=set())
    return HomeDepartment(_text(body, "column", "department"), _text(body, "equals", "department"))


def _rows(value: object) -> tuple[int, int | None]:
    body = _bounds(value, "rows")
    least, most = _count(body, "min", "rows", 1), _count(body, "max", "rows", 1)
    if least is not None and most is not None and least > most:
        raise _invalid("rows.max")
    return least or 1, most


# ---- rules across columns ----------------------------------------------------------------------------


def _rules(value: object) -> tuple[TableRule, ...]:
    if not isinstance(value, list):
        raise _invalid("rules")
    return tuple(_rule(body, f"rules.{place}") for place, body in enumerate(value))


def _rule(value: object, place: str) -> TableRule:
    """Read one rule; the key that no other kind has says which it is."""
    body = _mapping(value, place)
    if "at_most" in body:
        return AtMost(_pair(_keys(body, place, required={"at_most"}, optional=set()), "at_most", place))
    if "before" in body:
        return Before(_pair(_keys(body, place, required={"before"}, optional=set()), "before", place))
    if "total" in body:
        body = _keys(body, place, required={"total", "parts"}, optional={"within"})
        within = _optional_number(body, "within", place) or 0.0
        if within < 0:
            raise _invalid(f"{place}.within")
        return Total((_text(body, "total", place), *_names(body, "parts", place)), within)
    if "birth" in body:
        body = _keys(body, place, required={"birth", "identity_number"}, optional=set())
        return BirthAgrees((_text(body, "birth", place), _text(body, "identity_number", place)))
    if "required" in body:
        return _required(_keys(body, place, required={"required", "when"}, optional=set()), place)
    body = _keys(body, place, required={"unique"}, optional=set())
    return UniqueTogether(_names(body, "unique", place))


def _required(body: _Body, place: str) -> RequiredWhen:
    inner = f"{place}.when"
    when = _keys(body["when"], inner, required={"column", "is"}, optional=set())
    values = _optional_values(when, "is", inner) or ()
    return RequiredWhen((_text(body, "required", place), _text(when, "column", inner)), values)


def _names(body: _Body, key: str, place: str) -> tuple[str, ...]:
    names = _optional_values(body, key, place) or ()
    if len(names) < 2 or not all(names):
        raise _invalid(_join(place, key))
    return names


def _pair(body: _Body, key: str, place: str) -> tuple[str, str]:
    names = _names(body, key, place)
    if len(names) != 2:
        raise _invalid(_join(place, key))
    return names[0], names[1]


# ---- values of keys ----------------------------------------------------------------------------------


def _missing(body: _Body, place: str) -> tuple[bool, float]:
    """Return whether cells may be missing, and at most how large a share."""
    if isinstance(body.get("missing"), Mapping):
        return True, _share(body["missing"], f"{place}.missing")
    return _choice(body, "missing", place, _MISSING) if "missing" in body else False, 1.0


def _unique(body: _Body, place: str) -> tuple[bool, float]:
    """Return whether cells must differ, and at least how large a share."""
    value = body.get("unique", False)
    if isinstance(value, Mapping):
        return True, _share(value, f"{place}.unique")
    if not isinstance(value, bool):
        raise _invalid(f"{place}.unique")
    return value, 1.0


def _share(value: object, place: str) -> float:
    share = _optional_number(_keys(value, place, required={"share"}, optional=set()), "share", place)
    if share is None or not 0 < share < 1:
        raise _invalid(f"{place}.share")
    return share


def _lengths(body: _Body, place: str) -> tuple[int | None, int | None]:
    if "length" not in body:
        return None, None
    place = f"{place}.length"
    bounds = _bounds(body["length"], place)
    least, most = _count(bounds, "min", place, 0), _count(bounds, "max", place, 1)
    if least is not None and most is not None and least > most:
        raise _invalid(f"{place}.max")
    return least, most


def _newest(body: _Body, place: str) -> int | None:
    if "newest" not in body:
        return None
    found = _NEWEST.fullmatch(_text(body, "newest", place))
    if found is None:
        raise _invalid(f"{place}.newest")
    return int(found[1])


def _bounds(value: object, place: str) -> _Body:
    body = _keys(value, place, required=set(), optional={"min", "max"})
    if not body:
        raise _invalid(place)
    return body


def _count(body: _Body, key: str, place: str, least: int) -> int | None:
    value = body.get(key)
    if key in body and (isinstance(value, bool) or not isinstance(value, int) or value < least):
        raise _invalid(_join(place, key))
    return value if isinstance(value, int) else None


def _optional_day(body: _Body, key: str, place: str) -> float | None:
    if key not in body:
        return None
    day = day_number(_text(body, key, place))
    if day is None:
        raise _invalid(_join(place, key))
    return float(day)


def _keys(value: object, place: str, *, required: set[str], optional: set[str]) -> _Body:
    body = _mapping(value, place or "{}")
    for key in sorted(body.keys() - required - optional):
        shown = key if _PLAIN_KEY.fullmatch(key) else "?"  # a list of people, given by mistake, is not quoted
        raise DataInvalid("contract_key_unknown", key=_join(place, shown))
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
    if len(pattern) > MAX_PATTERN:
        raise _invalid(_join(place, key))
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise _invalid(_join(place, key)) from error
    return pattern


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _invalid(key: str) -> DataInvalid:
    return DataInvalid("contract_field_invalid", key=key)
