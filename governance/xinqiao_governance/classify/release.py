"""What may count as less than core with nobody looking: only what is shown to be harmless.

That a rule knows nothing bad of a column is no reason to let it go. One of these is: its cells are words or
forms that can hold nothing personal; or its header is understood word for word and names something in
particular; or nothing in its table is about people, and something is about things. All else is core until a
person has looked.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.classify.cells import Evidence
from xinqiao_governance.classify.decide import ENOUGH, Verdict
from xinqiao_governance.classify.headers import Hint
from xinqiao_governance.semantics import SEMANTICS, Family


@dataclass(frozen=True)
class Column:
    """What header and cells say, and what was made of both."""

    hint: Hint
    evidence: Evidence
    verdict: Verdict


@dataclass(frozen=True)
class _Company:
    """What else a table holds: rows about people, their pay, health or private life; named things."""

    people: bool
    hidden: bool
    things: bool
    told: Mapping[Family, int]  # how many columns are surely of a family that is hidden


def hold_back(columns: Sequence[Column]) -> list[Verdict]:
    """Return the verdicts on one table's columns; what is not shown to be harmless waits for a person."""
    company = _company(columns)
    return [_held_back(column, company) for column in columns]


def _held_back(column: Column, company: _Company) -> Verdict:
    verdict = column.verdict
    if verdict.state == "review":
        return _like_the_rest(column, company) or verdict
    if verdict.tier is Tier.CORE:
        return verdict
    reason = _why_held(column, company)
    if reason is None:
        return verdict
    return replace(verdict, confidence=min(verdict.confidence, ENOUGH - 50), reason=reason)


_HIDDEN = frozenset((Family.PAY, Family.HEALTH, Family.PRIVATE_LIFE))
# What is said of one person at a time; a department or an activity has a row of its own in tables of things.
_OF_A_PERSON = frozenset(
    [
        "gender",
        "age",
        "ethnicity",
        "native_place",
        "education",
        "school",
        "major",
        "post",
        "job_level",
        "years_of_service",
        "join_date",
        "attendance",
        "overtime",
        "leave",
        "appraisal",
    ]
)
_NAMED_THINGS = frozenset(
    [
        "organisation",
        "activity_title",
        "course_title",
        "lecture_title",
        "policy_title",
        "title_other",
        "product",
        "order_no",
        "venue",
        "region",
    ]
)


def _company(columns: Sequence[Column]) -> _Company:
    found = [SEMANTICS[c.verdict.semantic] for c in columns if c.verdict.semantic in SEMANTICS]
    sure = [c.verdict.semantic for c in columns if c.verdict.state == "auto"]
    return _Company(
        told=Counter(SEMANTICS[name].family for name in sure if name in SEMANTICS),
        people=any(semantic.tier is Tier.CORE or semantic.name in _OF_A_PERSON for semantic in found),
        hidden=any(semantic.family in _HIDDEN for semantic in found),
        things=any(
            column.hint.clear and column.verdict.state == "auto" and column.verdict.semantic in _NAMED_THINGS
            for column in columns
        ),
    )


_MANY_TOLD, _FIGURES, _LEAST_AMOUNTS = 2, 0.9, 5


def _like_the_rest(column: Column, company: _Company) -> Verdict | None:
    """Figures that nobody named, beside columns of pay or of findings, are like those."""
    hint, evidence = column.hint, column.evidence
    figures = evidence.share("integer", "decimal", "measured")
    if evidence.serial or figures < _FIGURES or evidence.distinct < _LEAST_AMOUNTS:
        return None
    pay, health = company.told[Family.PAY], company.told[Family.HEALTH]
    if pay >= _MANY_TOLD and pay > health and hint.semantic in (None, "price"):
        return Verdict("pay", ENOUGH + 20, "classify_like_the_rest")
    if health >= _MANY_TOLD and health > pay and hint.semantic in (None, "price", "quantity", "status"):
        return Verdict("health", ENOUGH + 20, "classify_like_the_rest")
    return None


_HARMLESS_FORMS = {
    "url": ("url",),
    "credit_code": ("credit_code",),
    "hotline": ("hotline",),
    "event_time": ("time", "timestamp"),
    "organisation": ("organisation",),
    "school": ("organisation",),
    "department": ("unit", "organisation"),
    "team": ("unit",),
    "record_no": ("uuid",),
    "policy_title": ("titled",),
    "title_other": ("titled",),
}
# Whatever stands before such a head, a document's number or a brand is nobody's own.
_BY_HEAD = frozenset(
    ["order_no", "product", "activity_title", "course_title", "lecture_title", "policy_title", "post"]
)
_ALWAYS_READ = {"text_opinion": "classify_free_text", "ethnicity": "classify_origin"}
_MEASURED = frozenset({"price", "quantity", "percentage"})
_NUMBERED = _MEASURED | {"head_count"}
# What beside people may be a medicine or an illness, though the header speaks of goods, of leave or of needs.
_GOODS = frozenset(
    [
        "product",
        "title_other",
        "category",
        "certificate",
        "interest",
        "organisation",
        "leave",
        "skill",
    ]
)
_PLACES_OF_CARE = frozenset(("organisation", "venue", "department", "category", "title_other"))
# Times, points and grades of a person; money under such a header is what the person got.
_COUNTED = frozenset(
    ["attendance", "overtime", "leave", "course_record", "points", "appraisal", "activity_participation"]
)
_LEAST_MONEY, _HALF = 20, 0.5
_LEAST_AGREED, _SOME_ADDRESSES, _SOME_ILLNESSES = 0.8, 0.2, 0.15


def _why_held(column: Column, company: _Company) -> str | None:
    """Return the code of why a person has to look; None where the column is shown to be harmless."""
    semantic, hint, evidence = column.verdict.semantic, column.hint, column.evidence
    if semantic in _ALWAYS_READ:
        return _ALWAYS_READ[semantic]
    if hint.of_household:
        return "classify_origin"
    if (company.people or semantic == "region") and _is_close_to_people(semantic, evidence):
        return "classify_some_cells"
    if _is_told(semantic, evidence):
        return None
    if company.people and semantic in ("event_date", "event_time") and _may_be_births(evidence):
        return "classify_like_births"
    if hint.semantic is None:
        return "classify_vague"
    if (hint.of_money and semantic not in _NUMBERED) or (semantic in _COUNTED and _like_money(evidence)):
        return "classify_contradicted"
    if semantic in _MEASURED:
        if semantic == "percentage" and not hint.clear and evidence.share("percent") < _HALF:
            return "classify_vague"  # a rate of so much an hour, as well
        return _why_figures_held(semantic, hint, company)
    if hint.clear or (hint.named and semantic in _BY_HEAD):
        return None
    if SEMANTICS[semantic].tier is Tier.PUBLIC:
        return "classify_vague_of_people" if company.people or not company.things else None
    # What is not understood beside people may be of their minds or bodies: PHQ-9 得分.
    return "classify_vague_of_people" if company.hidden or (company.people and not hint.known) else None


def _like_money(evidence: Evidence) -> bool:
    """Say whether most cells are amounts with odd cents, as hours, points and marks are not."""
    odd = sum(1 for number in evidence.numbers if 2 * number % 1)
    return 2 * odd >= max(1, len(evidence.numbers)) and median(evidence.numbers) >= _LEAST_MONEY


def _is_close_to_people(semantic: str, evidence: Evidence) -> bool:
    """Say whether the cells hold what beside people is theirs: addresses, medicines, illnesses."""
    if evidence.share("address") >= _SOME_ADDRESSES:
        return True
    if semantic in _PLACES_OF_CARE and evidence.topics["clinic"] >= _SOME_ILLNESSES * evidence.filled:
        return True
    least = _SOME_ILLNESSES * evidence.filled
    return evidence.telling["health"] >= least or (semantic in _GOODS and evidence.topics["health"] >= least)


def _why_figures_held(semantic: str, hint: Hint, company: _Company) -> str | None:
    """Figures are pay or findings as well as prices and stocks; what stands beside them decides."""
    understood = hint.known if semantic == "quantity" else hint.clear
    if company.hidden or (company.people and not understood):
        return "classify_vague_of_people"
    return None if company.things else "classify_vague"


def _is_told(semantic: str, evidence: Evidence) -> bool:
    """Say whether the cells themselves are words or forms that can be nothing else."""
    if evidence.closed_share(semantic) >= _LEAST_AGREED and 2 * evidence.telling[semantic] >= evidence.filled:
        return True
    if semantic in ("event_date", "event_time") and evidence.moments >= _LEAST_AGREED * evidence.filled:
        return True
    if semantic == "record_no" and evidence.counts_up:
        return True
    forms = _HARMLESS_FORMS.get(semantic, ())
    return bool(forms) and evidence.share(*forms) >= _LEAST_AGREED


_LAST_BIRTHS = 2005


def _may_be_births(evidence: Evidence) -> bool:
    return bool(evidence.years) and median(evidence.years) < _LAST_BIRTHS
