"""What is rehearsed on: training and test rows with a label, as columns by name, and the draft for them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xinqiao_app.rehearsal.draft import Draft, Shape, draft, whole_text
from xinqiao_app.rehearsal.notes import Note
from xinqiao_app.rehearsal.tables import Table, Texts, read_table
from xinqiao_governance.contract import Contract
from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_governance.model_spec import ModelSpec
from xinqiao_models.features import Column


@dataclass(frozen=True)
class Source:
    """Training and test rows that have a label; `columns` and `test` hold what the model reads, by name."""

    table: Table
    draft: Draft
    columns: dict[str, Column]
    test: dict[str, Column]
    notes: tuple[Note, ...]

    @property
    def spec(self) -> ModelSpec:
        """The model to rehearse."""
        return self.draft.spec


@dataclass(frozen=True)
class Files:
    """Where training and test rows stand, and which columns have a role."""

    data: Path
    test: Path
    label: str
    person: str | None
    department: str | None

    @property
    def never(self) -> tuple[str, ...]:
        """Columns that no model reads."""
        return tuple(name for name in (self.person, self.department) if name is not None)


def load(files: Files, contract: Contract | None, shape: Shape) -> Source:
    """Read both files and draft the model.

    Raises:
        UsageInvalid: a column that was named is not there, or has two roles.
        DataInvalid: a file is no table, or has no row with a label, or the test rows lack a column.
    """
    table, test = read_table(files.data), read_table(files.test)
    _require_named(files, table)
    if contract is not None:
        for rule in contract.columns:
            table.texts(rule.name)  # refuses a table without a promised column
    numeric = _reads_numbers(table, files.label, contract)
    table, notes = _labelled(table, files.label, numeric, "rehearse_warn_unlabelled", files.data)
    table, homeless = _with_department(table, files)
    drafted = draft(table, files.label, shape, contract, files.never)
    for name in drafted.spec.semantics:
        if name not in test:
            raise DataInvalid("rehearse_test_column_missing", path=str(files.test), column=name)
    test, untold = _labelled(test, files.label, numeric, "rehearse_warn_test_unlabelled", files.test)
    return Source(
        table=table,
        draft=drafted,
        columns=_columns(table, drafted.spec, numeric),
        test=_columns(test, drafted.spec, numeric),
        notes=(*drafted.notes, *notes, *homeless, *untold),
    )


def _require_named(files: Files, table: Table) -> None:
    roles = (files.label, *files.never)
    for name in roles:
        if name not in table:
            raise UsageInvalid("rehearse_column_unknown", column=name, path=str(files.data))
        if roles.count(name) > 1:
            raise UsageInvalid("rehearse_column_two_roles", column=name)


def _reads_numbers(table: Table, label: str, contract: Contract | None) -> bool:
    rules = {} if contract is None else {rule.name: rule for rule in contract.columns}
    return rules[label].is_number if label in rules else table.is_numeric(label)


def _labelled(table: Table, label: str, numeric: bool, code: str, path: Path) -> tuple[Table, list[Note]]:
    """Leave out the rows without a label."""
    if label not in table:
        raise DataInvalid("rehearse_test_column_missing", path=str(path), column=label)
    has = ~np.isnan(table.numbers(label)) if numeric else _present(table.texts(label))
    if not has.any():
        raise DataInvalid("rehearse_without_labels", path=str(path), column=label)
    return _kept(table, has, code)


def _with_department(table: Table, files: Files) -> tuple[Table, list[Note]]:
    """Leave out the rows whose department is not named."""
    if files.department is None:
        return table, []
    named = _present(table.texts(files.department))
    if not named.any():
        raise DataInvalid("rehearse_without_labels", path=str(files.data), column=files.department)
    return _kept(table, named, "rehearse_warn_homeless")


def _kept(table: Table, has: NDArray[np.bool_], code: str) -> tuple[Table, list[Note]]:
    without = int((~has).sum())
    return (table.rows(has), [Note(code, {"count": without})]) if without else (table, [])


def _present(cells: Texts) -> NDArray[np.bool_]:
    return np.array([cell is not None for cell in cells], dtype=np.bool_)


def _columns(table: Table, spec: ModelSpec, numeric_label: bool) -> dict[str, Column]:
    """Return the columns that the model reads; a class that is a whole number is read as text."""
    kinds = {feature.semantic: feature.kind for feature in spec.features}
    columns: dict[str, Column] = {
        name: table.numbers(name) if kind == "number" else table.texts(name) for name, kind in kinds.items()
    }
    name = spec.label.semantic
    if spec.label.kind == "number":
        columns[name] = table.numbers(name)
    elif numeric_label:
        columns[name] = np.array([_class_of(number) for number in table.numbers(name)], dtype=np.object_)
    else:
        columns[name] = table.texts(name)
    return columns


def _class_of(number: float) -> str:
    return whole_text(number) if number.is_integer() else str(number)
