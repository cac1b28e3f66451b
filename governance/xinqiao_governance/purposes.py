"""Purposes and legal bases that policy knows, and the wall between care and appraisal.

Each purpose stands on one side. Its IRI is a term of the Data Privacy Vocabulary (DPV, https://w3id.org/dpv,
purposes taxonomy of version 2, of a W3C community group); `exact` says whether the term means just this, or
is only the nearest, mostly broader one. Clauses are those of the Personal Information Protection Law (PIPL)
and the laws beside it; whether a basis really holds in a case is for counsel to say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xinqiao_governance.errors import DataInvalid

_DPV = "https://w3id.org/dpv#"


class Side(StrEnum):
    """Where a purpose stands: at either side of the wall, beside it, or outside what is ever allowed."""

    CARE = "care"
    APPRAISAL = "appraisal"
    NEUTRAL = "neutral"
    NEVER = "never"


class Wall(StrEnum):
    """On which side of the wall a dataset was collected."""

    CARE = "care"
    APPRAISAL = "appraisal"
    NONE = "none"


@dataclass(frozen=True)
class Purpose:
    """What data may be asked for. `dpv` is a term's IRI; `name` its name in Chinese and English."""

    id: str
    side: Side
    dpv: str
    exact: bool
    name: tuple[str, str]


@dataclass(frozen=True)
class Basis:
    """Why a purpose may be lawful: for the purposes of `side` only; `clause` says by which law."""

    id: str
    side: Side
    clause: tuple[str, str]
    name: tuple[str, str]


def _purpose(id_: str, side: Side, term: str, zh: str, en: str, *, exact: bool = False) -> Purpose:
    return Purpose(id_, side, _DPV + term, exact, (zh, en))


PURPOSES: Mapping[str, Purpose] = {
    purpose.id: purpose
    for purpose in (
        _purpose("career_development", Side.CARE, "HumanResourceManagement", "职业发展", "career"),
        _purpose("needs_analysis", Side.CARE, "ServiceOptimisation", "需求分析", "analysis of needs"),
        _purpose("staff_care", Side.CARE, "ServiceProvision", "职工关怀", "staff care"),
        _purpose("cultural_activity", Side.CARE, "ServiceProvision", "文化活动", "cultural activity"),
        _purpose(
            "performance_appraisal",
            Side.APPRAISAL,
            "PersonnelManagement",
            "绩效考核",
            "performance appraisal",
        ),
        _purpose(
            "discipline_inspection",
            Side.APPRAISAL,
            "OrganisationComplianceManagement",
            "纪律检查",
            "discipline inspection",
        ),
        _purpose("audit", Side.NEUTRAL, "LegalCompliance", "审计", "audit"),
        _purpose("rights_request", Side.NEUTRAL, "LegalCompliance", "个人行使权利", "a person's own rights"),
        _purpose("security", Side.NEUTRAL, "EnforceSecurity", "安全保障", "security", exact=True),
        _purpose("operations", Side.NEUTRAL, "RecordManagement", "数据运维", "keeping the records"),
        _purpose("dismissal", Side.NEVER, "PersonnelManagement", "辞退", "dismissal"),
        _purpose("opinion_scoring", Side.NEVER, "Purpose", "观点评分", "scoring of opinions"),
    )
}

BASES: Mapping[str, Basis] = {
    basis.id: basis
    for basis in (
        Basis(
            "staff_consent",
            Side.CARE,
            ("《个人信息保护法》第十三条第一款第一项", "PIPL article 13(1), item 1"),
            ("职工同意", "consent of the staff"),
        ),
        Basis(
            "union_duty",
            Side.CARE,
            (
                "《个人信息保护法》第十三条第一款第三项，《工会法》第六条",
                "PIPL article 13(1), item 3, with article 6 of the Trade Union Law",
            ),
            ("工会法定职责", "statutory duty of the trade union"),
        ),
        Basis(
            "hr_management",
            Side.APPRAISAL,
            ("《个人信息保护法》第十三条第一款第二项", "PIPL article 13(1), item 2"),
            ("依法实施人力资源管理", "lawful human-resource management"),
        ),
        Basis(
            "party_discipline",
            Side.APPRAISAL,
            (
                "《个人信息保护法》第十三条第一款第三项，《监察法》；党内法规本身不是该条所称法律",
                "PIPL article 13(1), item 3, with the Supervision Law; Party rules alone are no law",
            ),
            ("纪律检查职责", "duty of discipline inspection"),
        ),
        Basis(
            "legal_obligation",
            Side.NEUTRAL,
            (
                "《个人信息保护法》第十三条第一款第三项；第四十四至五十条（权利）、第五十一条（安全）、"
                "第五十四条（审计）",
                "PIPL article 13(1), item 3; articles 44 to 50 (rights), 51 (security), 54 (audit)",
            ),
            ("法定义务", "obligation under the law"),
        ),
    )
}


def wall_of(purposes: Iterable[str]) -> Wall:
    """Return the side on which a dataset with these declared purposes was collected.

    Raises:
        DataInvalid: a purpose is not known or never allowed, or they stand on both sides of the wall.
    """
    sides = {_declarable(purpose).side for purpose in purposes}
    if {Side.CARE, Side.APPRAISAL} <= sides:
        raise DataInvalid("catalogue_purposes_walled")
    if Side.CARE in sides:
        return Wall.CARE
    return Wall.APPRAISAL if Side.APPRAISAL in sides else Wall.NONE


def _declarable(name: str) -> Purpose:
    purpose = PURPOSES.get(name)
    if purpose is None or purpose.side is Side.NEVER:
        raise DataInvalid("catalogue_purpose_unknown", known=", ".join(known_purposes()))
    return purpose


def known_purposes() -> tuple[str, ...]:
    """Return the purposes that a dataset may declare."""
    return tuple(purpose.id for purpose in PURPOSES.values() if purpose.side is not Side.NEVER)
