"""Explaining a decision: the ways it names are ways, the nevers have none, and nobody is taught to lie."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from unit.governance.test_policy import GOOD, POLICIES, POLICY, SCHEMA, requests, rule
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.errors import Denied
from xinqiao_governance.explanation import explain_request
from xinqiao_governance.messages import LANGUAGES, Language
from xinqiao_governance.order import Output
from xinqiao_governance.policy import Policy, Request
from xinqiao_governance.purposes import Wall

RESULT = replace(GOOD, role="cadre", output=Output.LOCAL_RESULT, tier=Tier.SENSITIVE, inside=True, people=1)


def ways(request: Request) -> set[frozenset[tuple[str, object]]]:
    return {frozenset(way) for way in explain_request(POLICY, request).ways}


def test_an_allowed_request_names_its_rules_and_obligations() -> None:
    found = explain_request(POLICY, GOOD)
    assert found.to_json() == {
        "allowed": True,
        "reason": "allowed",
        "rules": ["permit-sum"],
        "obligations": {"minimum_group": 500},
        "ways": [],
        "never": False,
    }
    assert "Obligation: the result is over at least 500 people." in found.lines("en")


@pytest.mark.parametrize(
    ("change", "way"),
    [
        ({"people": 3}, {("people", 500)}),
        ({"approved": False}, {("approved", True)}),
        ({"grant": None}, {("grant", 1_001)}),
        ({"grant": 1_000}, {("grant", 1_001)}),
        ({"declared": False}, {("declared", True)}),
        ({"legal_basis": "hr_management"}, {("legal_basis", "union_duty")}),
        ({"people": 3, "grant": None}, {("people", 500), ("grant", 1_001)}),
        ({"people": 3, "grant": None, "approved": False, "declared": False}, {("people", 500)}),
    ],
)
def test_what_is_lacking_is_what_is_named(change: dict[str, object], way: set[tuple[str, object]]) -> None:
    assert any(way <= found for found in ways(replace(GOOD, **change)))


def test_all_that_would_have_to_change_is_named_in_one_way() -> None:
    lacking = {
        "people": 3,
        "grant": None,
        "approved": False,
        "declared": False,
        "legal_basis": "hr_management",
    }
    (way,) = ways(replace(GOOD, **lacking))  # type: ignore[arg-type]
    assert {name for name, _ in way} == set(lacking)
    lines = explain_request(POLICY, replace(GOOD, **lacking)).lines("en")  # type: ignore[arg-type]
    told = lines[-1].lower()
    for word in ("500", "grant", "approv", "declare", "basis"):
        assert word in told


@pytest.mark.parametrize(
    "change",
    [
        {"output": Output.RAW_EXPORT},
        {"purpose": "opinion_scoring"},
        {"purpose": "dismissal", "home": Wall.NONE},
        {"purpose": "performance_appraisal", "output": Output.RAW_VIEW},
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_change_would_allow_is_said_as_such(change: dict[str, object], language: Language) -> None:
    found = explain_request(POLICY, replace(GOOD, **change))
    assert found.never
    assert found.ways == ()
    ends = {"en": "No change would allow", "zh": "没有任何改变"}
    assert found.lines(language)[-1].startswith(ends[language])


def test_a_purpose_or_an_output_is_never_changed() -> None:
    for change in ({"purpose": "audit", "legal_basis": "legal_obligation"}, {"role": "auditor"}):
        for way in explain_request(POLICY, replace(GOOD, **change)).ways:
            assert not {"purpose", "output"} & {name for name, _ in way}


def test_a_fact_is_told_as_a_limit_and_not_as_something_to_claim() -> None:
    outside = explain_request(POLICY, replace(RESULT, inside=False))
    assert "- only inside the department that holds the record" in outside.lines("en")
    others = explain_request(POLICY, replace(RESULT, role="employee"))
    assert "- only for a person's own record" in others.lines("en")


@given(request=requests)
@settings(max_examples=60, deadline=None)
def test_every_way_is_one_and_no_part_of_it_is_idle(request: Request) -> None:
    try:
        found = explain_request(POLICY, request)
    except Denied:
        assert not POLICY.decide(request).allowed
        return
    assert not (found.decision.allowed and found.ways)
    for way in found.ways:
        assert POLICY.decide(replace(request, **dict(way))).allowed
        for part in way:
            rest = dict(change for change in way if change != part)
            assert not POLICY.decide(replace(request, **rest)).allowed
    for language in LANGUAGES:
        assert all(found.lines(language))


def test_thresholds_are_those_of_the_policy_in_use() -> None:
    stricter = Policy(
        POLICIES + rule("forbid (principal, action, resource) unless { context.people > 2000 };"), SCHEMA
    )
    assert explain_request(stricter, GOOD).ways == ((("people", 2_001),),)
