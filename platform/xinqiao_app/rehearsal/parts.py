"""Whose row it is, and which department holds it: the split that a rehearsal's seed sets."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xinqiao_app.rehearsal.tables import Table, Texts
from xinqiao_governance.errors import DataInvalid, UsageInvalid

Unit = Literal["person", "record"]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Parts:
    """A table cut into departments.

    `person`, shape (rows,), says whose each row is; without a person column every row is its own. `homes`
    holds the row numbers of each department.
    """

    person: Texts
    homes: tuple[Rows, ...]
    unit: Unit

    def people(self, home: Rows) -> int:
        """Return how many people a department has."""
        return len(set(self.person[home]))


def cut(table: Table, person: str | None, department: str | None, departments: int, seed: int) -> Parts:
    """Cut a table by the column `department`, or deal its people to `departments` departments.

    The seed decides who goes where and in which order, nothing else. Every row of a person goes to one home.

    Raises:
        DataInvalid: a row without a person, people in two departments, or fewer people than departments.
    """
    owner = _row_numbers(len(table)) if person is None else table.texts(person)
    missing = sum(cell is None or not cell.strip() for cell in owner)
    if missing:
        raise DataInvalid("person_id_missing", count=missing)
    order = np.random.default_rng(seed).permutation(len(table))
    home = _dealt(owner, order, departments) if department is None else _named(owner, table.texts(department))
    homes = tuple(order[home[order] == place] for place in range(int(home.max()) + 1))
    return Parts(owner, homes, "record" if person is None else "person")


def require_members(departments: int, collusion: int, away: int) -> None:
    """Refuse too few departments for t colluders, or so many away that too few stay.

    Raises:
        UsageInvalid: with how many are needed.
    """
    least = collusion + 2
    if departments < least:
        raise UsageInvalid("rehearse_departments_few", departments=departments, least=least)
    if departments - away < least:
        raise UsageInvalid("rehearse_drop_many", away=away, departments=departments, least=least)


def _row_numbers(rows: int) -> Texts:
    numbers = np.empty(rows, dtype=np.object_)
    numbers[:] = [str(row) for row in range(1, rows + 1)]
    return numbers


def _dealt(owner: Texts, order: Rows, departments: int) -> Rows:
    """Deal people, in the order in which they first come up, to parts of equal size."""
    people = {id_: place for place, id_ in enumerate(dict.fromkeys(owner[order]))}
    if len(people) < departments:
        raise DataInvalid("rehearse_people_few", people=len(people), departments=departments)
    return np.array([people[id_] * departments // len(people) for id_ in owner], dtype=np.intp)


def _named(owner: Texts, names: Texts) -> Rows:
    """Return each row's department, numbered in the order of the names."""
    place = {name: number for number, name in enumerate(sorted(set(names)))}
    home_of: dict[str, set[str]] = {}
    for id_, name in zip(owner, names, strict=True):
        home_of.setdefault(id_, set()).add(name)
    in_two = sum(len(homes) > 1 for homes in home_of.values())
    if in_two:
        raise DataInvalid("person_in_two_departments", count=in_two)
    return np.array([place[name] for name in names], dtype=np.intp)
