"""The form of a labelled set of columns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LabelledColumn:
    """A column with its truth: semantic and tier; `traits` say what makes it hard."""

    header: str
    cells: tuple[str | None, ...]
    semantic: str
    tier: str
    traits: tuple[str, ...]


@dataclass(frozen=True)
class LabelledTable:
    """Columns of one length."""

    name: str
    columns: tuple[LabelledColumn, ...]
