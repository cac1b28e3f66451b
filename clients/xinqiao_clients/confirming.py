"""A steward's word on columns: one confirmed as said, or all that the classifier is sure of."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.home import Home
from xinqiao_governance.catalogue import Column, NationalGrade, Tier
from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_governance.grading import Grade, Statement, confirm
from xinqiao_governance.model_spec import CategoryFeature, Feature, NumericFeature, feature_by_hand
from xinqiao_governance.parse import is_clear, is_label
from xinqiao_governance.semantics import PUBLIC_BINS, SEMANTICS

Bins = Feature | tuple[str, ...] | Literal["shared", "none"]
"""Bins as a person states them: whole, typed one by one, the shared vocabulary's, or none at all."""


def confirm_column(
    home: Home,
    dataset: str,
    column: str,
    steward: str,
    *,
    semantic: str | None = None,
    tier: Tier | None = None,
    national_grade: NationalGrade | None = None,
    bins: Bins | None = None,
) -> Grade:
    """Note what the steward says of a column; what is left out is as it is proposed, or was confirmed.

    With a new meaning a column gets the bins that the shared vocabulary has for it, unless `bins` says more.

    Returns how the column stands then: confirmed, or with a lowering that waits for a second person.

    Raises:
        UsageInvalid: another dataset, or nothing was imported; a meaning that needs a tier, is no label, or
            has no shared bins, though they were asked for.
        DataInvalid: no such column; its meaning is unknown, or that of another confirmed column; bins of
            another meaning, or of another kind than the column.
        WireInvalid: what was typed makes no bins.
        Denied: the steward asked for this very lowering before.
    """

    def change(adopted: Adopted) -> list[Grade]:
        _require_dataset(adopted, dataset)
        if not is_clear(column) and all(grade.column != column for grade in adopted.grades):
            raise UsageInvalid("confirm_name_unclear")  # which no sentence can show
        grade = adopted.grade(column)
        said = _said(grade.floor, semantic, tier, national_grade)
        said = replace(said, bins=_bins(adopted.catalogue.column(column), grade, said, bins))
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
                bins = _bins(adopted.catalogue.columns[place], grade, grade.floor, None)
                grades[place] = confirm(grade, replace(grade.floor, bins=bins), steward)
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


def _bins(column: Column, grade: Grade, said: Statement, wish: Bins | None) -> Feature | None:
    """Return the bins that `column` has once it means what is `said`."""
    meant = replace(column, bins=None, semantic=said.semantic)
    if wish is None:
        return _unasked(meant, grade)
    if wish == "none":
        return None
    bins = _stated(meant, wish)
    if not meant.fits(bins):
        raise DataInvalid("catalogue_bins_differ", column=column.name)
    return bins


def _unasked(meant: Column, grade: Grade) -> Feature | None:
    """Bins as they are, if it meant the same before; else the shared ones, if they fit."""
    stand = grade.said.bins
    if meant.semantic == grade.said.semantic and (grade.confirmed_by or stand is not None):
        return stand
    shared = PUBLIC_BINS.get(meant.semantic)
    return shared if shared is not None and meant.fits(shared) else None


def _stated(meant: Column, wish: Feature | tuple[str, ...] | Literal["shared"]) -> Feature:
    if isinstance(wish, NumericFeature | CategoryFeature):
        return wish
    if wish == "shared":
        if meant.semantic not in PUBLIC_BINS:
            raise UsageInvalid("bins_not_shared", semantic=meant.semantic)
        return PUBLIC_BINS[meant.semantic]
    return feature_by_hand(meant.semantic, "number" if meant.kind == "number" else "text", wish)


def _with(grades: Sequence[Grade], changed: Grade) -> list[Grade]:
    return [changed if grade.column == changed.column else grade for grade in grades]
