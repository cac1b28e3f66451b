"""The department's policy: silence means no, errors mean no, and a forbid always wins."""

import itertools
from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import MESSAGES
from xinqiao_governance.order import Output
from xinqiao_governance.policy import ROLES, Policy, Request

FOLDER = resources.files("xinqiao_clients").joinpath("policy")
POLICIES = FOLDER.joinpath("default.cedar").read_text("utf-8")
SCHEMA = FOLDER.joinpath("default.cedarschema").read_text("utf-8")
POLICY = Policy(POLICIES, SCHEMA)
GOOD = Request(
    role="operator",
    output=Output.MASKED_SUM,
    tier=Tier.CORE,
    purpose="career_development",
    legal_basis="staff_consent",
    declared=True,
    approved=True,
    people=500,
)
PURPOSES = ("career_development", "performance_appraisal", "advertising", "")
requests = st.builds(
    Request,
    role=st.sampled_from([*ROLES, "stranger"]),
    output=st.sampled_from(Output),
    tier=st.sampled_from(Tier),
    purpose=st.one_of(st.sampled_from(PURPOSES), st.text()),
    legal_basis=st.sampled_from(["staff_consent", "union_duty", "none"]),
    declared=st.booleans(),
    approved=st.booleans(),
    people=st.integers(0, 1 << 40),
)
forbids = st.sampled_from(
    [
        "forbid (principal, action, resource);",
        'forbid (principal == Role::"operator", action, resource);',
        'forbid (principal, action == Action::"masked_sum", resource);',
        'forbid (principal, action, resource == Tier::"core");',
        'forbid (principal, action, resource) when { context.purpose == "career_development" };',
        "forbid (principal, action, resource) unless { context.people > 1000 };",
        "forbid (principal, action, resource) when { context.people + 9223372036854775807 > 0 };",
    ]
)


def test_the_good_request_is_allowed() -> None:
    assert POLICY.decide(GOOD).allowed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"output": Output.RAW_EXPORT}, "raw_export_forbidden"),
        ({"purpose": "performance_appraisal"}, "purpose_forbidden"),
        ({"purpose": "dismissal", "declared": False}, "purpose_forbidden"),
        ({"declared": False}, "purpose_undeclared"),
        ({"people": 499}, "group_too_small"),
        ({"approved": False}, "approval_missing"),
        ({"role": "auditor"}, "policy_silent"),
        ({"role": "stranger"}, "policy_silent"),
        ({"output": Output.RAW_VIEW}, "policy_silent"),
        ({"output": Output.RELEASED_STATISTIC}, "policy_silent"),
        ({"purpose": "advertising"}, "policy_silent"),
        ({"purpose": 'x" || true || "'}, "policy_silent"),
        ({"legal_basis": "curiosity"}, "policy_silent"),
    ],
)
def test_each_rule_speaks(change: dict[str, object], reason: str) -> None:
    decision = POLICY.decide(replace(GOOD, **change))
    assert (decision.allowed, decision.reason) == (False, reason)
    assert reason in MESSAGES


def test_approval_is_asked_for_core_only() -> None:
    for tier in Tier:
        assert POLICY.decide(replace(GOOD, tier=tier, approved=False)).allowed == (tier is not Tier.CORE)


@given(request=requests)
def test_a_stricter_tier_never_allows_more(request: Request) -> None:
    allowed = [POLICY.decide(replace(request, tier=tier)).allowed for tier in sorted(Tier)]
    assert allowed == sorted(allowed, reverse=True)


@given(request=requests, forbid=forbids)
@settings(max_examples=50)
def test_adding_a_forbid_never_allows(request: Request, forbid: str) -> None:
    """Not even one that fails while it is evaluated: Cedar skips it, so an error means no."""
    stricter = Policy(POLICIES + f'\n@id("added")\n@reason("purpose_forbidden")\n{forbid}', SCHEMA)
    if stricter.decide(request).allowed:
        assert POLICY.decide(request).allowed


@given(request=requests)
def test_raw_data_and_forbidden_purposes_are_never_allowed(request: Request) -> None:
    for change in ({"output": Output.RAW_EXPORT}, {"purpose": "discipline"}):
        assert not POLICY.decide(replace(request, **change)).allowed


def test_a_role_that_nobody_knows_is_refused_even_by_a_policy_that_allows_everybody() -> None:
    """Cedar does not ask whether an entity exists."""
    everybody = Policy('@id("all") permit (principal, action, resource);', SCHEMA)
    assert everybody.decide(GOOD).allowed
    assert everybody.decide(replace(GOOD, role="stranger")).reason == "policy_silent"


def test_a_policy_that_fails_to_evaluate_means_no() -> None:
    failing = '@id("f")\n@reason("purpose_forbidden")\nforbid (principal, action, resource) '
    policy = Policy(POLICIES + failing + "when { context.people + 9223372036854775807 > 0 };", SCHEMA)
    assert policy.decide(GOOD).reason == "policy_failed"


def test_without_policies_everything_is_refused() -> None:
    only_forbid = (
        '@id("f")\n@reason("purpose_forbidden")\nforbid (principal, action, resource) when { false };'
    )
    policy = Policy(only_forbid, SCHEMA)
    for role, output, tier in itertools.product(ROLES, Output, Tier):
        assert policy.decide(replace(GOOD, role=role, output=output, tier=tier)).reason == "policy_silent"


@pytest.mark.parametrize(
    ("policies", "code"),
    [
        ("permit (principal, action, resource)", "policy_invalid"),
        ('@id("x") permit (principal, action, resource) when { context.nobody };', "policy_invalid"),
        ('@id("x") permit (principal == Person::"x", action, resource);', "policy_invalid"),
        ("permit (principal, action, resource);", "policy_rule_unnamed"),
        ('@id("x") forbid (principal, action, resource);', "policy_rule_unnamed"),
    ],
)
def test_a_policy_that_does_not_fit_is_not_loaded(policies: str, code: str) -> None:
    with pytest.raises(UsageInvalid) as caught:
        Policy(policies, SCHEMA)
    assert caught.value.code == code


def test_a_schema_that_does_not_parse_is_not_loaded() -> None:
    with pytest.raises(UsageInvalid):
        Policy(POLICIES, "entity;")


def test_every_reason_of_the_default_policy_has_its_sentence() -> None:
    reasons = {line.split('"')[1] for line in POLICIES.splitlines() if line.startswith("@reason")}
    assert len(reasons) == 5
    assert reasons <= MESSAGES.keys()


def test_the_digest_names_schema_and_policies() -> None:
    assert Policy(POLICIES + "\n", SCHEMA).digest != POLICY.digest
    assert Policy(POLICIES, SCHEMA + "\n").digest != POLICY.digest
    assert Policy(POLICIES, SCHEMA).digest == POLICY.digest
