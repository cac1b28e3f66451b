"""What a contract promises across columns: one small type for each kind of rule.

A row that lacks one of the compared cells is not judged; whether a cell may be missing is said elsewhere.
"""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True)
class AtMost:
    """The first column's number or day is at most the second's."""

    id: ClassVar[str] = "at_most"
    columns: tuple[str, str]


@dataclass(frozen=True)
class Before:
    """The first column's day is before the second's."""

    id: ClassVar[str] = "before"
    columns: tuple[str, str]


@dataclass(frozen=True)
class Total:
    """The first column is the sum of the others, within a tolerance."""

    id: ClassVar[str] = "total"
    columns: tuple[str, ...]
    within: float = 0.0


@dataclass(frozen=True)
class BirthAgrees:
    """The first column's day is the day of birth in the second's identity number."""

    id: ClassVar[str] = "birth"
    columns: tuple[str, str]


@dataclass(frozen=True)
class RequiredWhen:
    """The first column is not missing where the second holds one of `values`."""

    id: ClassVar[str] = "required"
    columns: tuple[str, str]
    values: tuple[str, ...]


@dataclass(frozen=True)
class UniqueTogether:
    """No two rows have the same cells in all of these columns."""

    id: ClassVar[str] = "unique_together"
    columns: tuple[str, ...]


TableRule: TypeAlias = AtMost | Before | Total | BirthAgrees | RequiredWhen | UniqueTogether
