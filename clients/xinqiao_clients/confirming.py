"""A steward's word on columns: one confirmed as said, or all that the classifier is sure of."""

from collections.abc import Sequence
from dataclasses import replace

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.home import Home
from xinqiao_governance.catalogue import NationalGrade, Tier
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.grading import Grade, Statement, confirm
from xinqiao_governance.parse import is_label
from xinqiao_governance.semantics import SEMANTICS


def confirm_column(
    home: Home,
    dataset: str,
    column: str,
    steward: str,
    *,
    semantic: str | None = None,
    tier: Tier | None = None,
    national_grade: NationalGrade | None = None,
) -> Grade:
    """Note what the steward says of a column; what is left out is as it is proposed.

    Returns how the column stands then: confirmed, or with a lowering that waits for a second person.

    Raises:
        UsageInvalid: another dataset, or nothing was imported; a meaning that needs a tier, or is no label.
        DataInvalid: no such column; its meaning is unknown, or that of another confirmed column.
        Denied: the steward asked for this very lowering before.
    """

    def change(adopted: Adopted) -> list[Grade]:
        _require_dataset(adopted, dataset)
        grade = adopted.grade(column)
        said = _said(grade.floor, semantic, tier, national_grade)
        return _with(adopted.grades, confirm(grade, said, steward))

    return home.regrade(change, steward).grade(column)


def confirm_proposed(home: Home, dataset: str, steward: str) -> tuple[Grade, ...]:
    """Confirm every column that the classifier is sure of, the first of those that mean the same.

    Returns what was confirmed; what needs a person's look is left. Raises as `confirm_column`.
    """
    done: list[Grade] = []

    def change(adopted: Adopted) -> list[Grade]:
        _require_dataset(adopted, dataset)
        taken = {grade.said.semantic for grade in adopted.grades if grade.confirmed_by}
        grades = list(adopted.grades)
        for place, grade in enumerate(grades):
            if grade.is_proposed and grade.said.semantic not in taken:
                grades[place] = confirm(grade, grade.floor, steward)
                taken.add(grade.said.semantic)
                done.append(grades[place])
        return grades

    home.regrade(change, steward)
    return tuple(done)


def _require_dataset(adopted: Adopted, dataset: str) -> None:
    if adopted.catalogue.dataset_id != dataset:
        raise UsageInvalid("dataset_other", dataset=adopted.catalogue.dataset_id)


def _said(
    proposed: Statement, semantic: str | None, tier: Tier | None, national_grade: NationalGrade | None
) -> Statement:
    said = replace(proposed, national_grade=national_grade or proposed.national_grade)
    if semantic is None:
        return said if tier is None else replace(said, tier=tier)
    if not is_label(semantic):
        raise UsageInvalid("semantic_invalid")
    if tier is None:
        if semantic not in SEMANTICS:
            raise UsageInvalid("semantic_without_tier", semantic=semantic)
        tier = SEMANTICS[semantic].tier
    return replace(said, semantic=semantic, tier=tier)


def _with(grades: Sequence[Grade], changed: Grade) -> list[Grade]:
    return [changed if grade.column == changed.column else grade for grade in grades]
