"""The gate: every numbered check refuses on its own; nothing here reads a row or spends."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import pytest

from simulators.enterprise import CONTRACT, MODEL, NOW, PURPOSE, dataset
from xinqiao_clients.gate import Standing, decide, needed_columns
from xinqiao_governance.catalogue import Column, Dataset, NationalGrade, Tier
from xinqiao_governance.errors import DataInvalid, Denied
from xinqiao_governance.messages import MESSAGES
from xinqiao_governance.model_spec import (
    MICRO,
    CategoryFeature,
    ClassLabel,
    Label,
    ModelSpec,
    NumberLabel,
    NumericFeature,
    ThresholdLabel,
)
from xinqiao_governance.order import Order, Output, Spend
from xinqiao_governance.policy import Policy
from xinqiao_governance.signed import Signed
from xinqiao_ledger.signing import SigningKey
from xinqiao_models.noise import MAX_VARIANCE
from xinqiao_platform.centre import Centre
from xinqiao_platform.ordering import write_order

NODES = tuple(sorted(SigningKey.generate().fingerprint for _ in range(4)))
US = NODES[1]


@dataclass
class Desk:
    """An operator's desk and what the department at the other side knows."""

    centre: Centre
    standing: Standing

    def order(self, *, model: ModelSpec = MODEL, **changes: object) -> Signed[Order]:
        """A good order with fields changed after its plan was made, and signed as it then is."""
        signed = write_order(
            self.centre,
            model=model,
            people=dict.fromkeys(NODES, 1_000),
            spend=Spend(1_000_000, 10_000),
            purpose=PURPOSE,
            legal_basis="staff_consent",
            answers=4,
        )
        return self.centre.operator.seal(replace(signed.body, **changes))

    def decide(
        self, order: Signed[Order], *, approved: bool = True, now: int = NOW, **standing: object
    ) -> str:
        decision = decide(order, replace(self.standing, **standing), approved=approved, now=now)
        assert decision.allowed == (decision.reason == "allowed")
        assert decision.reason in MESSAGES
        return decision.reason


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    centre = Centre(Path(tmp_path_factory.mktemp("centre")), clock=lambda: NOW)
    folder = resources.files("xinqiao_clients").joinpath("policy")
    texts = [folder.joinpath(name).read_text("utf-8") for name in ("default.cedar", "default.cedarschema")]
    standing = Standing(
        node=US,
        operator=centre.operator.fingerprint,
        peers=frozenset(NODES),
        dataset=dataset(),
        policy=Policy(*texts),
        contract=CONTRACT,
        contract_holds=True,
        minimum_members=3,
        alarmed=False,
    )
    return Desk(centre, standing)


def test_a_good_order_is_allowed(desk: Desk) -> None:
    assert desk.decide(desk.order()) == "allowed"


# ---- 1. signed, for now, for us ---------------------------------------------------------------------


def test_an_order_of_another_operator_is_refused(desk: Desk) -> None:
    assert desk.decide(SigningKey.generate().seal(desk.order().body)) == "order_unsigned"


def test_the_operators_key_beside_a_strangers_signature_is_refused(desk: Desk) -> None:
    order = desk.order()
    stranger = SigningKey.generate().seal(order.body)
    assert desk.decide(replace(stranger, key=order.key)) == "order_unsigned"
    assert desk.decide(replace(order, signature=bytes(64))) == "order_unsigned"


def test_a_signature_for_another_body_is_refused(desk: Desk) -> None:
    order = desk.order()
    assert desk.decide(replace(order, body=replace(order.body, answers=5))) == "order_unsigned"


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (NOW - 301, "order_expired"),
        (NOW - 300, "allowed"),
        (NOW + 24 * 3600 - 1, "allowed"),
        (NOW + 24 * 3600, "order_expired"),
    ],
)
def test_an_order_holds_for_its_time_only(desk: Desk, now: int, reason: str) -> None:
    assert desk.decide(desk.order(), now=now) == reason


def test_an_order_for_others_is_refused(desk: Desk) -> None:
    stranger = SigningKey.generate().fingerprint
    assert desk.decide(desk.order(), node=stranger, peers={*NODES, stranger}) == "order_not_for_us"


# ---- 2. confirmed members, and enough ---------------------------------------------------------------


@pytest.mark.parametrize("unknown", [0, 2, 3])
def test_one_unconfirmed_department_is_enough_to_refuse(desk: Desk, unknown: int) -> None:
    assert desk.decide(desk.order(), peers=frozenset(NODES) - {NODES[unknown]}) == "members_unconfirmed"


def test_seven_invented_departments_around_a_real_one_are_refused(desk: Desk) -> None:
    invented = [SigningKey.generate().fingerprint for _ in range(7)]
    order = write_order(
        desk.centre,
        model=MODEL,
        people=dict.fromkeys([US, *invented], 1_000),
        spend=Spend(1_000_000, 10_000),
        purpose=PURPOSE,
        legal_basis="staff_consent",
        answers=4,
    )
    assert desk.decide(order) == "members_unconfirmed"
    assert desk.decide(order, peers={US, *invented}) == "allowed"  # their number alone was not the reason


def test_too_few_members_are_refused(desk: Desk) -> None:
    assert desk.decide(desk.order(), minimum_members=5) == "members_too_few"
    two = desk.order(departments=desk.order().body.departments[:2])
    assert desk.decide(two, minimum_members=2) == "members_too_few"  # t + 2 = 3 whatever the minimum says


# ---- 3. the plan is proven here ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda order: {"variance": order.variance - order.variance // 100}, "plan_epsilon_exceeded"),
        (lambda _: {"variance": 1}, "plan_epsilon_exceeded"),
        (lambda order: {"epsilon_micro": order.epsilon_micro // 2}, "plan_epsilon_exceeded"),
        (lambda order: {"delta_nano": order.delta_nano // 10}, "plan_epsilon_exceeded"),
        (lambda order: {"answers": order.answers + 1}, "plan_epsilon_exceeded"),
        (lambda order: {"clip_micro": 2 * order.clip_micro}, "plan_epsilon_exceeded"),
        (lambda order: {"scale": 2 * order.scale}, "plan_epsilon_exceeded"),
        (lambda _: {"homes": 2}, "plan_epsilon_exceeded"),
        (lambda _: {"variance": 10_000, "sampling_micro": 999_999}, "plan_epsilon_exceeded"),
        (lambda _: {"scale": 1}, "plan_rounding_too_coarse"),
        (lambda _: {"collusion": 0}, "plan_collusion_too_low"),
        (lambda _: {"collusion": 3}, "members_too_few"),
        (lambda _: {"epsilon_micro": 500_000_000}, "plan_privacy_invalid"),
        (lambda _: {"variance": 1 << 62}, "plan_would_wrap"),
        (lambda _: {"variance": 2 * MAX_VARIANCE + 1}, "plan_noise_out_of_range"),  # two honest at the least
        (lambda _: {"answers": (1 << 32) + 1}, "plan_field_invalid"),
    ],
)
def test_a_plan_that_gives_more_away_is_refused(
    desk: Desk, change: Callable[[Order], dict[str, object]], reason: str
) -> None:
    assert desk.decide(desk.order(**change(desk.order().body))) == reason


@pytest.mark.parametrize("answers", [1 << 20, 1 << 32])
@pytest.mark.parametrize("clip", [1, 1 << 40])
@pytest.mark.parametrize("scale", [1, 1 << 31])
@pytest.mark.parametrize("variance", [1, 1 << 62])
def test_figures_at_their_limits_are_refused_and_never_crash(
    desk: Desk, answers: int, clip: int, scale: int, variance: int
) -> None:
    order = desk.order(answers=answers, clip_micro=clip, scale=scale, variance=variance)
    assert desk.decide(order).startswith("plan_")


# ---- 4. the table -----------------------------------------------------------------------------------


def test_a_table_that_does_not_hold_its_contract_is_refused(desk: Desk) -> None:
    assert desk.decide(desk.order(), contract_holds=False) == "contract_failed_gate"


def model_for(semantic: str) -> ModelSpec:
    return replace(MODEL, features=(*MODEL.features[:1], CategoryFeature(semantic, ("A", "B"))))


def test_an_unknown_semantic_is_refused(desk: Desk) -> None:
    assert desk.decide(desk.order(model=model_for("salary"))) == "catalogue_semantic_unknown"


def test_the_departments_own_column_names_are_no_semantics(desk: Desk) -> None:
    renamed = replace(
        dataset(), columns=(*dataset().columns[:3], replace(dataset().columns[3], name="gehalt"))
    )
    contract = CONTRACT.replace("  pay:", "  gehalt:")
    assert desk.decide(desk.order(), dataset=renamed, contract=contract) == "allowed"
    model = replace(MODEL, label=ThresholdLabel("gehalt", 1))
    assert desk.decide(desk.order(model=model), dataset=renamed) == "catalogue_semantic_unknown"


def test_the_person_id_is_never_a_feature(desk: Desk) -> None:
    assert desk.decide(desk.order(model=model_for("person"))) == "semantic_kind_differs"


def test_a_semantic_of_another_kind_is_refused() -> None:
    text_as_number = replace(MODEL, label=ThresholdLabel("grade", 1), features=MODEL.features[:1])
    with pytest.raises(Denied) as caught:
        needed_columns(text_as_number, dataset())
    assert caught.value.code == "semantic_kind_differs"
    with pytest.raises(DataInvalid):
        needed_columns(model_for("nothing"), dataset())


@pytest.mark.parametrize("place", [0, 1], ids=["number", "text"])
def test_published_bins_are_the_only_ones(desk: Desk, place: int) -> None:
    """Edges around one value, or a list of one category, would be made to look at few people."""
    others = [NumericFeature("age", (30_000_000, 30_000_001)), CategoryFeature("grade", ("B", "A"))]
    features = list(MODEL.features)
    features[place] = others[place]
    assert desk.decide(desk.order(model=replace(MODEL, features=tuple(features)))) == "bins_differ"


@pytest.mark.parametrize("place", [0, 1], ids=["number", "text"])
def test_a_feature_without_published_bins_is_refused(desk: Desk, place: int) -> None:
    columns = list(dataset().columns)
    columns[1 + place] = replace(columns[1 + place], bins=None)
    silent = replace(dataset(), columns=tuple(columns))
    assert desk.decide(desk.order(), dataset=silent) == "bins_unpublished"


def test_the_threshold_of_the_label_is_no_bin(desk: Desk) -> None:
    """The label's column publishes none: its threshold is the operator's question, under the order's ε."""
    assert dataset().by_semantic(MODEL.label.semantic).bins is None
    model = replace(MODEL, label=ThresholdLabel(MODEL.label.semantic, 1))
    assert desk.decide(desk.order(model=model)) == "allowed"


def class_desk(rule: str, published: tuple[str, ...] = ("north", "south")) -> dict[str, object]:
    """A table whose text column "unit" could be a label, under a contract with this rule for it."""
    bins = CategoryFeature("unit", published)
    unit = Column("unit", "unit", "text", Tier.CORE, bins=bins, confirmed_by="steward")
    return {
        "dataset": replace(dataset(), columns=(*dataset().columns, unit)),
        "contract": CONTRACT + f"  unit: {rule}\n",
    }


LISTED = class_desk("{type: text, values: [north, south]}")
NORTH_SOUTH = ClassLabel("unit", ("north", "south"), (MICRO, MICRO))


def test_a_class_label_is_read_from_a_text_column(desk: Desk) -> None:
    assert desk.decide(desk.order(model=replace(MODEL, label=NORTH_SOUTH)), **LISTED) == "allowed"


def test_more_classes_than_the_contract_lists_do_no_harm(desk: Desk) -> None:
    published = ("west", "south", "north")
    label = ClassLabel("unit", published, (MICRO,) * 3)
    listed = class_desk("{type: text, values: [north, south]}", published)
    assert desk.decide(desk.order(model=replace(MODEL, label=label)), **listed) == "allowed"


@pytest.mark.parametrize(
    "label",
    [
        ClassLabel("pay", ("north", "south"), (MICRO, MICRO)),
        ClassLabel("person", ("north", "south"), (MICRO, MICRO)),
        ThresholdLabel("unit", 1),
        NumberLabel("unit", 0, 1),
        NumberLabel("person", 0, 1),
    ],
)
def test_a_label_of_another_kind_than_its_column_is_refused(desk: Desk, label: Label) -> None:
    order = desk.order(model=replace(MODEL, label=label))
    assert desk.decide(order, **LISTED) == "semantic_kind_differs"


@pytest.mark.parametrize("rule", ["{type: text}", "{type: text, values: [north, south, west]}"])
def test_a_class_that_the_model_may_not_know_is_refused_before_it_costs(desk: Desk, rule: str) -> None:
    order = desk.order(model=replace(MODEL, label=NORTH_SOUTH))
    assert desk.decide(order, **class_desk(rule)) == "label_classes_differ"


@pytest.mark.parametrize("label", [MODEL.label, NumberLabel("pay", 0, MICRO)])
def test_a_number_label_that_may_be_missing_is_refused_before_it_costs(desk: Desk, label: Label) -> None:
    order = desk.order(model=replace(MODEL, label=label))
    allowing = CONTRACT.replace("pay: {type: number}", "pay: {type: number, missing: allowed}")
    assert allowing != CONTRACT
    assert desk.decide(order) == "allowed"
    assert desk.decide(order, contract=allowing) == "label_may_be_missing"


def test_guessed_classes_tell_nothing(desk: Desk) -> None:
    """Only what the catalogue publishes is compared: what values the contract promises stays in."""
    rule = "{type: text, values: [north, south]}"
    for guess in (("north", "south", "east"), ("north", "west"), ("south", "north")):
        label = ClassLabel("unit", guess, (MICRO,) * len(guess))
        assert desk.decide(desk.order(model=replace(MODEL, label=label)), **class_desk(rule)) == "bins_differ"


def test_a_class_label_that_may_be_missing_is_refused_before_it_costs(desk: Desk) -> None:
    order = desk.order(model=replace(MODEL, label=NORTH_SOUTH))
    rule = "{type: text, missing: allowed, values: [north, south]}"
    assert desk.decide(order, **class_desk(rule)) == "label_may_be_missing"


@pytest.mark.parametrize(
    ("contract", "reason"),
    [
        ("synthetic contract", "contract_field_invalid"),
        ("a: [SENTINEL", "contract_not_yaml"),
        (CONTRACT.replace("  pay: {type: number}\n", ""), "contract_column_unknown"),
    ],
)
def test_a_contract_that_promises_nothing_is_refused(desk: Desk, contract: str, reason: str) -> None:
    assert desk.decide(desk.order(), contract=contract) == reason


# ---- 5. policy --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"purpose": "performance_appraisal"}, "purpose_forbidden"),
        ({"purpose": "staff_care"}, "purpose_undeclared"),
        ({"purpose": "discipline_inspection", "legal_basis": "party_discipline"}, "purpose_forbidden"),
        ({"purpose": "dismissal"}, "purpose_never"),
        ({"purpose": "opinion_scoring"}, "purpose_never"),
        ({"purpose": "advertising"}, "purpose_unknown"),
        ({"legal_basis": "curiosity"}, "basis_unknown"),
        ({"legal_basis": "hr_management"}, "basis_unfit"),
        ({"output": Output.RAW_EXPORT}, "raw_export_forbidden"),
        ({"output": Output.RAW_VIEW}, "outside_department"),
        ({"output": Output.RELEASED_STATISTIC}, "output_has_no_wire"),
        ({"output": Output.LOCAL_RESULT}, "outside_department"),
    ],
)
def test_purpose_and_output_are_decided_by_policy(desk: Desk, change: dict[str, object], reason: str) -> None:
    assert desk.decide(desk.order(**change)) == reason


@pytest.mark.parametrize(
    ("purposes", "reason"),
    [
        (("performance_appraisal",), "appraisal_on_core"),
        (("operations",), "purpose_undeclared"),
        (("career_development", "performance_appraisal"), "catalogue_purposes_walled"),
        (("career_development", "unheard_of"), "catalogue_purpose_unknown"),
    ],
)
def test_what_the_dataset_declares_says_where_it_stands(
    desk: Desk, purposes: tuple[str, ...], reason: str
) -> None:
    purpose = "career_development" if reason == "purpose_undeclared" else "performance_appraisal"
    basis = "staff_consent" if reason == "purpose_undeclared" else "hr_management"
    order = desk.order(purpose=purpose, legal_basis=basis)
    assert desk.decide(order, dataset=replace(dataset(), purposes=purposes)) == reason


def test_a_small_group_is_refused(desk: Desk) -> None:
    """Fewer people can only be asked for with the same noise: the plan still proves its ε."""
    departments = tuple(replace(d, people=124) for d in desk.order().body.departments)
    assert desk.decide(desk.order(departments=departments)) == "group_too_small"


@pytest.mark.parametrize(
    ("people", "rate", "reason"),
    [
        (125, MICRO, "allowed"),
        (125, 999_000, "group_too_small"),
        (1_000, 125_000, "allowed"),
        (1_000, 124_999, "group_too_small"),
        (1_000, 100, "group_too_small"),
    ],
)
def test_a_group_is_as_small_as_one_sum(desk: Desk, people: int, rate: int, reason: str) -> None:
    """Of four departments: who is not drawn hides nobody. The noise is that of a full order, so it proves."""
    order = desk.order()
    departments = tuple(replace(d, people=people) for d in order.body.departments)
    assert desk.decide(desk.order(departments=departments, sampling_micro=rate)) == reason


def test_core_data_needs_this_departments_approval(desk: Desk) -> None:
    assert desk.decide(desk.order(), approved=False) == "approval_missing"


def _confirmed(table: Dataset, tier: Tier) -> Dataset:
    return replace(table, columns=tuple(replace(column, tier=tier) for column in table.columns))


def test_the_person_column_alone_makes_it_core(desk: Desk) -> None:
    """Rows are grouped by person, so the identifier is read although no model names it."""
    lowered = _confirmed(dataset(), Tier.SENSITIVE)
    assert desk.decide(desk.order(), approved=False, dataset=lowered) == "allowed"
    person = (replace(lowered.columns[0], tier=Tier.CORE), *lowered.columns[1:])
    only_person = replace(lowered, columns=person)
    assert desk.decide(desk.order(), approved=False, dataset=only_person) == "approval_missing"


@pytest.mark.parametrize("place", [0, 1, 3], ids=["person", "feature", "label"])
def test_a_column_that_nobody_confirmed_is_not_used(desk: Desk, place: int) -> None:
    public = _confirmed(dataset(), Tier.PUBLIC)
    columns = list(public.columns)
    columns[place] = replace(columns[place], confirmed_by=None)
    assert desk.decide(desk.order(), approved=False, dataset=public) == "allowed"
    unconfirmed = replace(public, columns=tuple(columns))
    assert desk.decide(desk.order(), approved=True, dataset=unconfirmed) == "catalogue_semantic_unknown"


def test_no_order_finds_out_what_nobody_confirmed(desk: Desk) -> None:
    """The centre is answered as if the column were not there; the steward is told that it waits."""
    columns = list(dataset().columns)
    columns[1] = replace(columns[1], confirmed_by=None)
    there = desk.decide(desk.order(), approved=True, dataset=replace(dataset(), columns=tuple(columns)))
    missing = replace(dataset(), columns=(columns[0], *columns[2:]))
    assert there == desk.decide(desk.order(), approved=True, dataset=missing)


@pytest.mark.parametrize("grade", ["重要数据", "核心数据"])
@pytest.mark.parametrize("place", [0, 1, 3], ids=["person", "feature", "label"])
def test_what_is_important_or_core_to_the_state_is_read_for_no_order(
    desk: Desk, place: int, grade: NationalGrade
) -> None:
    public = _confirmed(dataset(), Tier.PUBLIC)
    columns = list(public.columns)
    columns[place] = replace(columns[place], national_grade=grade)
    kept = replace(public, columns=tuple(columns))
    assert desk.decide(desk.order(), approved=True, dataset=kept) == "national_grade_kept"


class Generous(Policy):
    """A steward's policy that allows whatever is asked."""

    def __init__(self) -> None:
        schema = (
            resources.files("xinqiao_clients").joinpath("policy", "default.cedarschema").read_text("utf-8")
        )
        text = '@id("all") @reason("permit_sum") permit (principal, action, resource);'
        super().__init__(text, schema)


class Obliging(Policy):
    """A steward's policy that allows a sum on an obligation."""

    def __init__(self, obligation: str) -> None:
        folder = resources.files("xinqiao_clients").joinpath("policy")
        text = folder.joinpath("default.cedar").read_text("utf-8")
        schema = folder.joinpath("default.cedarschema").read_text("utf-8")
        super().__init__(text.replace('@minimum_group("500")', obligation), schema)


@pytest.mark.parametrize(
    ("obligation", "reason"),
    [
        ('@minimum_group("4000")', "allowed"),
        ('@minimum_group("4001")', "group_too_small"),
        ('@mask("identifiers")', "obligation_unmet"),
    ],
)
def test_an_obligation_that_is_not_kept_refuses(desk: Desk, obligation: str, reason: str) -> None:
    assert desk.decide(desk.order(), policy=Obliging(obligation)) == reason


@pytest.mark.parametrize("output", [output for output in Output if output is not Output.MASKED_SUM])
def test_even_the_most_generous_policy_lets_only_a_masked_sum_leave(desk: Desk, output: Output) -> None:
    assert desk.decide(desk.order(output=output), policy=Generous()) == "output_has_no_wire"
    assert desk.decide(desk.order(), policy=Generous()) == "allowed"
