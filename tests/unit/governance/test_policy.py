"""The department's policy: silence means no, errors mean no, and a forbid always wins."""

import itertools
import json
import re
import subprocess
import sys
from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.decision import Obligations
from xinqiao_governance.errors import Denied, UsageInvalid
from xinqiao_governance.messages import MESSAGES
from xinqiao_governance.order import Output
from xinqiao_governance.policy import REQUEST_FIELDS, ROLES, Policy, Request
from xinqiao_governance.policy_table import differing, read_table
from xinqiao_governance.purposes import BASES, PURPOSES, Side, Wall

FOLDER = resources.files("xinqiao_clients").joinpath("policy")
POLICIES = FOLDER.joinpath("default.cedar").read_text("utf-8")
SCHEMA = FOLDER.joinpath("default.cedarschema").read_text("utf-8")
ROWS = read_table(json.loads(FOLDER.joinpath("table.json").read_text("utf-8")), "table.json")
POLICY = Policy(POLICIES, SCHEMA)
GOOD = Request(
    role="operator",
    output=Output.MASKED_SUM,
    tier=Tier.CORE,
    purpose="career_development",
    legal_basis="staff_consent",
    declared=True,
    approved=True,
    own=False,
    inside=False,
    people=500,
    home=Wall.CARE,
    now=1_000,
    grant=1_001,
)
RULES = dict(re.findall(r'@id\("([\w-]+)"\)\n(.*?;)\n', POLICIES, re.S))
requests = st.builds(
    Request,
    role=st.sampled_from([*ROLES, "stranger"]),
    output=st.sampled_from(Output),
    tier=st.sampled_from(Tier),
    purpose=st.one_of(st.sampled_from([*PURPOSES, "advertising", ""]), st.text()),
    legal_basis=st.sampled_from([*BASES, "none"]),
    declared=st.booleans(),
    approved=st.booleans(),
    own=st.booleans(),
    inside=st.booleans(),
    people=st.one_of(st.sampled_from([-1, 0, 19, 20, 499, 500]), st.integers(-(1 << 70), 1 << 70)),
    home=st.sampled_from(Wall),
    now=st.integers(0, 1 << 40),
    grant=st.one_of(st.none(), st.integers(0, 1 << 40)),
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


def rule(text: str, name: str = "added", reason: str = "purpose_forbidden") -> str:
    return f'\n@id("{name}")\n@reason("{reason}")\n{text}'


# ---- the written table --------------------------------------------------------------------------------


def test_every_row_of_the_table_is_answered_as_it_says() -> None:
    assert [(row.label, said) for _, row, said in differing(POLICY, ROWS)] == []
    assert len(ROWS) > 200


@pytest.mark.parametrize("name", RULES)
def test_without_a_rule_the_table_differs(name: str) -> None:
    """Permit and forbid alike: each of them decides at least one row."""
    text = f'@id("{name}")\n{RULES[name]}\n'
    assert POLICIES.count(text) == 1
    assert differing(Policy(POLICIES.replace(text, ""), SCHEMA), ROWS)


@pytest.mark.parametrize(
    "note", sorted(set(re.findall(r"^@(?:minimum_group|mask)\(.*\)$", POLICIES, re.MULTILINE)))
)
def test_without_an_obligation_the_table_differs(note: str) -> None:
    for part in range(POLICIES.count(f"{note}\n")):
        pieces = POLICIES.split(f"{note}\n")
        text = f"{note}\n".join(pieces[: part + 1]) + f"{note}\n".join(pieces[part + 1 :])
        assert differing(Policy(text, SCHEMA), ROWS)


def test_the_scan_for_rules_sees_all_of_them() -> None:
    assert list(RULES) == [rule.id for rule in POLICY.rules]
    assert len(RULES) == POLICIES.count("@id(")


def test_every_rule_has_its_sentence() -> None:
    assert {rule.reason for rule in POLICY.rules} <= MESSAGES.keys()


# ---- each rule speaks ----------------------------------------------------------------------------------


def test_the_good_request_is_allowed_with_its_obligation() -> None:
    decision = POLICY.decide(GOOD)
    assert (decision.allowed, decision.obligations) == (True, Obligations(minimum_group=500))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"output": Output.RAW_EXPORT}, "raw_export_forbidden"),
        ({"purpose": "performance_appraisal"}, "purpose_forbidden"),
        ({"purpose": "dismissal", "declared": False}, "purpose_never"),
        ({"purpose": "opinion_scoring", "home": Wall.NONE}, "purpose_never"),
        ({"home": Wall.APPRAISAL}, "purpose_forbidden"),
        ({"declared": False}, "purpose_undeclared"),
        ({"people": 499}, "group_too_small"),
        ({"approved": False}, "approval_missing"),
        ({"grant": None}, "grant_missing"),
        ({"grant": 1_000}, "grant_expired"),
        ({"role": "auditor"}, "policy_silent"),
        ({"role": "stranger"}, "request_field_invalid"),
        ({"output": Output.RAW_VIEW}, "outside_department"),
        ({"output": Output.LOCAL_RESULT}, "outside_department"),
        ({"purpose": "advertising"}, "purpose_unknown"),
        ({"purpose": 'x" || true || "'}, "purpose_unknown"),
        ({"legal_basis": "curiosity"}, "basis_unknown"),
        ({"legal_basis": "hr_management"}, "basis_unfit"),
    ],
)
def test_each_refusal_says_why(change: dict[str, object], reason: str) -> None:
    decision = POLICY.decide(replace(GOOD, **change))
    assert (decision.allowed, decision.reason) == (False, reason)
    assert reason in MESSAGES


def test_a_grant_is_expired_in_its_very_second() -> None:
    answers = {now: POLICY.decide(replace(GOOD, now=now, grant=1_000)).reason for now in (998, 999, 1_000)}
    assert answers == {998: "allowed", 999: "allowed", 1_000: "grant_expired"}


def test_approval_is_asked_for_core_only() -> None:
    for tier in Tier:
        assert POLICY.decide(replace(GOOD, tier=tier, approved=False)).allowed == (tier is not Tier.CORE)


# ---- what is not as it should be means no ----------------------------------------------------------------

WRONG = [
    "",
    "root",
    'Role::"operator"',
    "x\x00",
    None,
    True,
    0,
    1.5,
    b"core",
    [],
    {},
    (),
    1 << 63,
    -(1 << 64),
]


@pytest.mark.parametrize("field", [name for name in REQUEST_FIELDS if name != "grant"])
def test_a_missing_field_means_no(field: str) -> None:
    for asked in (GOOD.to_json(), replace(GOOD, output=Output.RELEASED_STATISTIC, grant=None).to_json()):
        assert POLICY.decide_on(asked).allowed
        del asked[field]
        assert not POLICY.decide_on(asked).allowed


@pytest.mark.parametrize("field", REQUEST_FIELDS)
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_field_of_another_type_or_name_means_no(field: str, value: object) -> None:
    good_too = (type(value) is type(getattr(GOOD, field))) and field in (
        "declared",
        "approved",
        "own",
        "inside",
    )
    if good_too or (field in ("now",) and value == 0 and type(value) is int):
        return
    assert not POLICY.decide_on({**GOOD.to_json(), field: value}).allowed
    assert not POLICY.decide(replace(GOOD, **{field: value})).allowed or (field, value) == ("grant", None)


@pytest.mark.parametrize("asked", [None, [], "", 7, {}, {**GOOD.to_json(), "sudo": True}, {1: 2}])
def test_what_is_no_request_means_no(asked: object) -> None:
    assert POLICY.decide_on(asked).reason == "request_field_invalid"


def test_all_that_is_wrong_is_named_at_once() -> None:
    def named(asked: object) -> list[str]:
        with pytest.raises(Denied, match="request_field_invalid") as caught:
            Request.from_mapping(asked)
        return str(caught.value.fields["field"]).split(", ")

    every = [name for name in REQUEST_FIELDS if name != "grant"]
    assert named({}) == every
    good = GOOD.to_json()
    for left in every:
        assert named({left: good[left]}) == [name for name in every if name != left]
    spoilt = {**good, "tier": "secret", "own": 1, "purpose": "x", "grant": None, "sudo": 1, "s\x1bu": 1}
    assert named(spoilt) == ["tier", "purpose", "own", "sudo", "su", "grant"]
    assert len(named({**good, **{f"x{n}": 1 for n in range(10_000)}})) < 20
    with pytest.raises(Denied, match="request_field_invalid") as caught:
        replace(GOOD, role="root", people=True, home="both").require_known()  # type: ignore[arg-type]
    assert caught.value.fields == {"field": "role, people, home"}


@pytest.mark.parametrize(
    "role", ["Operator", "OPERATOR", "ｏｐｅｒａｔｏｒ", "operator ", "operator\u200b", "opеrator"]
)
@pytest.mark.parametrize("field", ["role", "purpose", "legal_basis", "tier", "output", "home"])
def test_a_word_in_other_letters_is_another_word(role: str, field: str) -> None:
    word = str(GOOD.to_json()[field])
    other = {
        "Operator": word.capitalize(),
        "OPERATOR": word.upper(),
        "ｏｐｅｒａｔｏｒ": "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in word),
        "opеrator": word.replace("e", "е").replace("a", "а").replace("o", "о"),  # Cyrillic
    }.get(role, word + role[-1])
    assert other != word
    assert POLICY.decide_on(GOOD.to_json()).allowed
    assert not POLICY.decide_on({**GOOD.to_json(), field: other}).allowed


@given(request=requests)
def test_reading_what_was_written_gives_the_same_answer(request: Request) -> None:
    assert POLICY.decide_on(request.to_json()).allowed == POLICY.decide(request).allowed


def test_a_request_of_no_known_names_says_which_field() -> None:
    with pytest.raises(Denied) as caught:
        Request.from_mapping({**GOOD.to_json(), "tier": "secret"})
    assert caught.value.fields == {"field": "tier"}


# ---- properties ---------------------------------------------------------------------------------------


@given(request=requests)
def test_a_stricter_tier_never_allows_more(request: Request) -> None:
    allowed = [POLICY.decide(replace(request, tier=tier)).allowed for tier in sorted(Tier)]
    assert allowed == sorted(allowed, reverse=True)


@given(request=requests)
def test_a_stricter_tier_never_obliges_to_less(request: Request) -> None:
    answers = [POLICY.decide(replace(request, tier=tier)) for tier in sorted(Tier)]
    allowed = [answer.obligations for answer in answers if answer.allowed]
    assert all(later | earlier == later for earlier, later in itertools.pairwise(allowed))


@given(request=requests, forbid=forbids)
@settings(max_examples=50, deadline=None)
def test_adding_a_forbid_never_allows(request: Request, forbid: str) -> None:
    """Not even one that fails while it is evaluated: Cedar skips it, so an error means no."""
    stricter = Policy(POLICIES + rule(forbid), SCHEMA)
    if stricter.decide(request).allowed:
        assert POLICY.decide(request).allowed


@given(request=requests)
def test_whatever_permits_are_added_the_floor_holds(request: Request) -> None:
    everything = Policy(POLICIES + rule("permit (principal, action, resource);"), SCHEMA)
    everything.require_floor(POLICY)
    if not everything.decide(request).allowed:
        return
    purpose = PURPOSES[request.purpose]
    assert request.output is not Output.RAW_EXPORT
    assert purpose.side is not Side.NEVER
    assert BASES[request.legal_basis].side is purpose.side
    assert {purpose.side.value, request.home.value} != {"care", "appraisal"}
    assert not (purpose.side is Side.APPRAISAL and request.tier is Tier.CORE)
    assert request.inside or request.output not in (Output.LOCAL_RESULT, Output.RAW_VIEW)


def test_a_role_that_nobody_knows_is_refused_even_by_a_policy_that_allows_everybody() -> None:
    """Cedar does not ask whether an entity exists."""
    everybody = Policy(rule("permit (principal, action, resource);"), SCHEMA)
    assert everybody.decide(GOOD).allowed
    assert not everybody.decide(replace(GOOD, role="stranger")).allowed


def test_a_policy_that_fails_to_evaluate_means_no() -> None:
    failing = "forbid (principal, action, resource) when { context.people + 9223372036854775807 > 0 };"
    assert Policy(POLICIES + rule(failing), SCHEMA).decide(GOOD).reason == "policy_failed"


def test_without_policies_everything_is_refused() -> None:
    policy = Policy(rule("forbid (principal, action, resource) when { false };"), SCHEMA)
    for role, output, tier in itertools.product(ROLES, Output, Tier):
        assert policy.decide(replace(GOOD, role=role, output=output, tier=tier)).reason == "policy_silent"


# ---- what does not load -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policies", "code"),
    [
        ("permit (principal, action, resource)", "policy_invalid"),
        (rule("permit (principal, action, resource) when { context.nobody };"), "policy_invalid"),
        (rule('permit (principal == Person::"x", action, resource);'), "policy_invalid"),
        (rule('permit (principal == Role::"root", action, resource);'), "policy_invalid"),
        (rule("permit (principal, action, resource) when { context.grant > 1 };"), "policy_invalid"),
        (rule("permit (principal == ?principal, action, resource);"), "policy_invalid"),
        ("permit (principal, action, resource);", "policy_rule_unnamed"),
        ('@id("x") forbid (principal, action, resource);', "policy_rule_unnamed"),
        ('@id("x") permit (principal, action, resource);', "policy_rule_unnamed"),
        (rule("permit (principal, action, resource);") * 2, "policy_rule_twice"),
        (
            rule('permit (principal, action, resource) when { context.purpose == "staff_car" };'),
            "policy_word_unknown",
        ),
        (rule('@mask("x") forbid (principal, action, resource);'), "policy_note_unknown"),
        (rule('@minimum_group("-5") permit (principal, action, resource);'), "policy_note_unknown"),
        (rule('@minimum_grupe("5") permit (principal, action, resource);'), "policy_note_unknown"),
        (
            rule(f'@minimum_group("{"9" * 5_000}") permit (principal, action, resource);'),
            "policy_note_unknown",
        ),
        (rule("permit (principal, action, resource); // \u202e"), "policy_letters_unclear"),
        (rule("permit (principal, action, resource); // \x1b[2J"), "policy_letters_unclear"),
        ('@id("a\\u{1b}[2J") @reason("b") permit (principal, action, resource);', "policy_rule_unnamed"),
        ('@id("a") @reason("b\\u{1b}[2J") permit (principal, action, resource);', "policy_rule_unnamed"),
        (
            rule('forbid (principal, action, resource) when { context.purpose like "staf_care" };'),
            "policy_word_unknown",
        ),
    ],
)
def test_a_policy_that_does_not_fit_is_not_loaded(policies: str, code: str) -> None:
    with pytest.raises(UsageInvalid) as caught:
        Policy(policies, SCHEMA)
    assert caught.value.code == code


def test_a_word_that_nobody_knows_is_shown_without_what_a_terminal_obeys() -> None:
    with pytest.raises(UsageInvalid, match="policy_word_unknown") as caught:
        Policy(
            rule('permit (principal, action, resource) when { context.purpose == "x\\u{1b}[2J" };'), SCHEMA
        )
    assert caught.value.fields == {"word": "x[2J"}


def test_a_schema_that_does_not_parse_is_not_loaded() -> None:
    with pytest.raises(UsageInvalid):
        Policy(POLICIES, "entity;")


@pytest.mark.parametrize("name", [rule.id for rule in POLICY.rules if rule.floor])
def test_a_policy_without_a_rule_of_the_floor_is_refused(name: str) -> None:
    text = f'@id("{name}")\n{RULES[name]}\n'
    for other in ("", text.replace(";", " when { context.people != 77777 };"), text.replace("@floor\n", "")):
        with pytest.raises(UsageInvalid, match="policy_floor_missing"):
            Policy(POLICIES.replace(text, other), SCHEMA).require_floor(POLICY)


def test_the_digest_names_schema_and_policies() -> None:
    assert Policy(POLICIES + "\n", SCHEMA).digest != POLICY.digest
    assert Policy(POLICIES, SCHEMA + "\n").digest != POLICY.digest
    assert Policy(POLICIES, SCHEMA).digest == POLICY.digest


def deep(inside: str) -> str:
    return f'@id("deep")\n@reason("not_own")\nforbid (principal, action, resource) when {{ {inside} }};\n'


@pytest.mark.parametrize(
    "text",
    [
        deep("!(" * 3_000 + "true" + ")" * 3_000),
        deep(" || ".join(["context.own"] * 3_000)),
        deep("if true then true else " * 3_000 + "true"),
        deep('"a;b" == "c" && // ;\n' * 3_000 + "true"),
        "// " + "x" * 200_000,
    ],
)
def test_what_would_exhaust_the_stack_is_not_parsed(text: str) -> None:
    """Cedar's parser would end the process by a signal."""
    with pytest.raises(UsageInvalid, match="policy_too_long"):
        Policy(POLICIES + text, SCHEMA)


@pytest.mark.parametrize(
    "inside",
    [
        "!(" * 120 + "true" + ")" * 120,
        " || ".join(["true"] * 120),
        "context has grant" + " && true" * 110,
        "if true then true else " * 70 + "true",
        "[" * 150 + "1" + "]" * 150 + " == [1]",
    ],
)
def test_the_deepest_rule_that_is_read_leaves_the_process_alive(inside: str) -> None:
    script = (
        "import sys; from xinqiao_governance.policy import Policy\n"
        "from xinqiao_governance.errors import UsageInvalid\n"
        "try:\n    Policy(sys.argv[1], sys.argv[2])\n"
        "except UsageInvalid as error:\n    assert error.code == 'policy_invalid', error.code\n"
    )
    subprocess.run([sys.executable, "-c", script, deep(inside), SCHEMA], check=True, timeout=60)


def test_only_these_conditions_may_go_by_two_stewards() -> None:
    """What the design states without condition stands; that a cadre or a view needs a grant is our choice."""
    free = {rule.id for rule in POLICY.rules if rule.effect == "forbid" and not rule.floor}
    assert free == {"forbid-cadre-result-without-grant", "forbid-core-view-without-grant"}


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        (rule.id, word)
        for rule in POLICY.rules
        if rule.effect == "permit"
        for words in re.findall(r"\[([^\]]*)\]", RULES[rule.id])
        for word in words.split(", ")
    ],
)
def test_each_word_of_a_permit_is_seen_by_a_row(rule: str, word: str) -> None:
    text = RULES[rule]
    without = re.sub(rf"(?<=\[){re.escape(word)}, |, {re.escape(word)}(?=[,\]])", "", text, count=1)
    assert without != text
    assert differing(Policy(POLICIES.replace(text, without), SCHEMA), ROWS)
