"""Grading: more than proposed takes one person, less takes two; changed data asks again."""

import itertools
from dataclasses import replace

import pytest

from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.classify import Proposal
from xinqiao_governance.errors import DataInvalid, Denied, WireInvalid
from xinqiao_governance.grading import (
    Grade,
    Request,
    Statement,
    confirm,
    is_same_person,
    regrade,
)
from xinqiao_governance.model_spec import CategoryFeature, NumericFeature

NOTHING = ("unknown", Tier.CORE, "review")


def proposal(
    semantic: str = "training_score", tier: Tier = Tier.SENSITIVE, state: str = "auto", column: str = "c"
) -> Proposal:
    return Proposal(column, semantic, tier, state, 900, "classify_unknown")  # type: ignore[arg-type]


def proposed(semantic: str = "training_score", tier: Tier = Tier.SENSITIVE, state: str = "auto") -> Grade:
    return Grade("c", Statement(semantic, tier), (), proposal(semantic, tier, state))


def said(tier: Tier, semantic: str = "training_score") -> Statement:
    return Statement(semantic, tier)


# ---- confirming


def test_what_is_proposed_or_more_takes_one_person() -> None:
    for tier in (Tier.SENSITIVE, Tier.CORE):
        grade = confirm(proposed(), said(tier), "li")
        assert (grade.said.tier, grade.confirmed_by, grade.request) == (tier, ("li",), None)


def test_less_than_proposed_takes_two() -> None:
    waits = confirm(proposed(), said(Tier.PUBLIC), "li")
    assert waits.confirmed_by == ()
    assert waits.request == Request(said(Tier.PUBLIC), "li")
    assert waits.applied(column()).effective_tier is Tier.CORE
    done = confirm(waits, said(Tier.PUBLIC), "wang")
    assert (done.said.tier, done.confirmed_by, done.request) == (Tier.PUBLIC, ("li", "wang"), None)


def test_unknown_is_core_and_takes_two_to_lower() -> None:
    waits = confirm(proposed(*NOTHING), said(Tier.SENSITIVE), "li")
    assert waits.request is not None
    assert confirm(proposed(*NOTHING), said(Tier.CORE), "li").confirmed_by == ("li",)
    with pytest.raises(DataInvalid, match="grade_unknown"):
        confirm(proposed(*NOTHING), Statement("unknown", Tier.CORE), "li")


def test_less_than_was_confirmed_takes_two() -> None:
    raised = confirm(proposed(), said(Tier.CORE), "li")
    waits = confirm(raised, said(Tier.SENSITIVE), "li")
    assert (waits.said.tier, waits.confirmed_by) == (Tier.CORE, ("li",))  # it stands meanwhile
    assert confirm(waits, said(Tier.SENSITIVE), "wang").said.tier is Tier.SENSITIVE


def test_less_than_its_own_meaning_takes_two() -> None:
    """A meaning that the catalogue of all departments calls core is not lowered by renaming."""
    public = proposed("title_other", Tier.PUBLIC)
    assert confirm(public, Statement("id_card", Tier.PUBLIC), "li").request is not None
    assert confirm(public, Statement("id_card", Tier.CORE), "li").confirmed_by == ("li",)


@pytest.mark.parametrize("again", ["li", "LI", " li ", "l\u200bi", "ｌｉ", "L I", "li\u00a0"])
def test_one_person_is_never_two(again: str) -> None:
    waits = confirm(proposed(), said(Tier.PUBLIC), "li")
    with pytest.raises(Denied, match="lowering_same_person"):
        confirm(waits, said(Tier.PUBLIC), again)
    assert is_same_person("li", again)
    assert not is_same_person("li", "wang")


def test_two_who_ask_for_different_things_agree_on_nothing() -> None:
    waits = confirm(proposed("pay", Tier.CORE), Statement("pay", Tier.PUBLIC), "li")
    other = confirm(waits, Statement("pay", Tier.SENSITIVE), "wang")
    assert other.confirmed_by == ()
    assert other.request == Request(Statement("pay", Tier.SENSITIVE), "wang")
    named = confirm(waits, Statement("price", Tier.PUBLIC), "wang")
    assert named.confirmed_by == ()


def test_confirming_more_drops_a_lowering_that_waits() -> None:
    waits = confirm(proposed(), said(Tier.PUBLIC), "li")
    firm = confirm(waits, said(Tier.SENSITIVE), "wang")
    assert (firm.confirmed_by, firm.request) == (("wang",), None)
    assert confirm(firm, said(Tier.PUBLIC), "wang").confirmed_by == ("wang",)


def test_the_national_grade_sinks_only_by_two_and_never_moves_the_tier() -> None:
    important = replace(said(Tier.SENSITIVE), national_grade="重要数据")
    firm = confirm(proposed(), important, "li")
    assert (firm.said.national_grade, firm.said.tier, firm.confirmed_by) == (
        "重要数据",
        Tier.SENSITIVE,
        ("li",),
    )
    waits = confirm(firm, said(Tier.SENSITIVE), "li")
    assert waits.said == important
    assert confirm(waits, said(Tier.SENSITIVE), "wang").said.national_grade == "一般数据"
    assert confirm(firm, replace(important, tier=Tier.CORE), "li").said.national_grade == "重要数据"


def test_no_order_of_words_lowers_by_one_person() -> None:
    """All courses of four words by one person under several spellings: the tier never sinks."""
    words = [Statement(name, tier) for name in ("pay", "price") for tier in Tier]
    for course in itertools.product(words, repeat=3):
        grade = proposed("pay", Tier.CORE)
        for number, word in enumerate(course):
            try:
                grade = confirm(grade, word, ("li", "LI", "l i")[number])
            except Denied:
                continue
        assert grade.said.tier is Tier.CORE


# ---- importing again


def column(semantic: str = "training_score", tier: Tier = Tier.SENSITIVE, by: str | None = None) -> Column:
    return Column("c", semantic, "text", tier, confirmed_by=by)


def catalogue(given: Column) -> Dataset:
    person = Column("id", "employee_no", "identifier", Tier.CORE, confirmed_by="li")
    return Dataset("staff", "staff", (person, given), "id", (), "hr")


def again(
    last: Grade | None, now: Proposal | None, given: Column | None = None, by: str | None = None
) -> Grade:
    before = () if last is None else (last,)
    proposals = () if now is None else (now,)
    return regrade(catalogue(given or column()), before, proposals, stated_by=by)[1]


def test_a_new_column_waits_for_a_person() -> None:
    grade = again(None, proposal())
    assert (grade.confirmed_by, grade.said) == ((), said(Tier.SENSITIVE))
    assert grade.is_proposed
    assert not replace(grade, proposal=proposal(*NOTHING)).is_proposed


def test_a_decision_stands_while_the_data_says_the_same() -> None:
    for grade in (
        confirm(proposed(), said(Tier.SENSITIVE), "li"),
        confirm(confirm(proposed(), said(Tier.PUBLIC), "li"), said(Tier.PUBLIC), "wang"),
    ):
        assert again(grade, grade.proposal) == grade
        lower = again(grade, proposal("title_other", Tier.PUBLIC))
        assert (lower.confirmed_by, lower.said) == (grade.confirmed_by, grade.said)


@pytest.mark.parametrize(
    "now", [("text_personal", Tier.CORE, "auto"), NOTHING, ("id_card", Tier.CORE, "review")]
)
def test_what_is_now_stricter_falls_back_to_unconfirmed(now: tuple[str, Tier, str]) -> None:
    """Free text into which somebody wrote personal data, for one."""
    firm = confirm(proposed("text_opinion", Tier.SENSITIVE), said(Tier.SENSITIVE, "text_opinion"), "li")
    fallen = again(firm, proposal(*now))
    assert fallen.confirmed_by == ()
    assert fallen.floor.tier is Tier.CORE
    assert fallen.applied(column("text_opinion")).effective_tier is Tier.CORE
    waits = confirm(fallen, said(Tier.SENSITIVE, "text_opinion"), "li")
    assert waits.confirmed_by == ()


def test_a_lowering_that_two_agreed_on_falls_when_the_classifier_sees_something_else() -> None:
    lowered = confirm(confirm(proposed(*NOTHING), said(Tier.PUBLIC), "li"), said(Tier.PUBLIC), "wang")
    assert again(lowered, proposal(*NOTHING)).confirmed_by == ("li", "wang")
    assert again(lowered, proposal("id_card", Tier.CORE)).confirmed_by == ()


def test_a_request_does_not_outlive_the_data_it_was_made_for() -> None:
    waits = confirm(proposed(), said(Tier.PUBLIC), "li")
    assert again(waits, waits.proposal).request == waits.request
    assert again(waits, proposal("mobile", Tier.CORE)).request is None


def test_a_tier_once_known_never_sinks_by_itself() -> None:
    core = again(Grade("c", Statement("mobile", Tier.CORE), (), proposal("mobile", Tier.CORE)), proposal())
    assert core.said == Statement("training_score", Tier.CORE)


# ---- a catalogue brought by hand


def test_whoever_brings_a_catalogue_stands_for_it_whatever_name_it_claims() -> None:
    grade = again(None, proposal(), column(by="the director"), by="li")
    assert grade.confirmed_by == ("li",)
    assert again(None, proposal(), column(), by="li").confirmed_by == ()


def test_nobody_confirms_what_is_unknown_in_a_catalogue() -> None:
    grade = again(None, proposal(*NOTHING), column("unknown", Tier.PUBLIC, by="li"), by="li")
    assert grade.confirmed_by == ()


def test_a_catalogue_by_hand_lowers_only_with_two() -> None:
    given = column("training_score", Tier.PUBLIC, by="boss")
    sure = proposal("mobile", Tier.CORE)
    first = again(None, sure, given, by="li")
    assert (first.confirmed_by, first.said.tier) == ((), Tier.CORE)
    assert again(first, sure, given, by="LI ") == first
    assert again(first, sure, given, by="wang").confirmed_by == ("li", "wang")
    firm = confirm(proposed(), said(Tier.SENSITIVE), "li")
    kept = again(firm, firm.proposal, given, by="li")
    assert (kept.confirmed_by, kept.said.tier) == (("li",), Tier.SENSITIVE)
    assert kept.request == Request(said(Tier.PUBLIC), "li")


def test_the_same_catalogue_again_does_not_hide_what_the_data_became() -> None:
    firm = again(None, proposal(), column(by="li"), by="li")
    fallen = again(firm, proposal(*NOTHING), column(by="li"), by="li")
    assert (fallen.confirmed_by, fallen.request) == ((), Request(said(Tier.SENSITIVE), "li"))


def test_what_a_catalogue_no_longer_confirms_is_unconfirmed() -> None:
    firm = confirm(proposed(), said(Tier.CORE), "li")
    grade = again(firm, firm.proposal, column("training_score", Tier.PUBLIC), by="li")
    assert (grade.confirmed_by, grade.said.tier) == ((), Tier.CORE)


def test_bins_are_of_a_meaning() -> None:
    binned = replace(column("grade"), bins=CategoryFeature("grade", ("A", "B")))
    grade = Grade.of(binned)
    assert grade.applied(binned).bins == binned.bins
    assert confirm(grade, said(Tier.SENSITIVE, "job_level"), "li").applied(binned).bins is None


# ---- the canonical form


@pytest.mark.parametrize(
    "grade",
    [
        proposed(),
        Grade.of(column(by="li")),
        confirm(proposed(), said(Tier.PUBLIC), "li"),
        Grade(
            "c", said(Tier.CORE), ("li", "wang"), replace(proposal(), shape={"numbers": 4, "magnitude": -1})
        ),
    ],
)
def test_a_grade_comes_back_from_its_canonical_form(grade: Grade) -> None:
    plain = loads(dumps(grade.to_json()))
    assert Grade.from_json(plain) == grade
    with pytest.raises(WireInvalid):
        Grade.from_json({**grade.to_json(), "extra": 1})


def test_a_state_that_is_none_is_refused() -> None:
    body = loads(dumps(proposed().to_json()).replace(b'"auto"', b'"sure"'))
    with pytest.raises(WireInvalid):
        Grade.from_json(body)


# ---- public bins


def test_bins_of_another_meaning_or_kind_do_not_count() -> None:
    edges = NumericFeature("training_score", (60,))
    grade = Grade("c", replace(said(Tier.SENSITIVE), bins=edges), ("li",))
    assert grade.applied(replace(column(), kind="number")).bins == edges
    assert grade.applied(column()).bins is None  # text now
    assert replace(grade, said=replace(grade.said, semantic="points")).applied(column()).bins is None


def test_bins_go_with_the_meaning_that_nobody_confirmed() -> None:
    listed = CategoryFeature("training_score", ("A",))
    bare = replace(proposed(), said=replace(said(Tier.SENSITIVE), bins=listed))
    for name, left in (("training_score", listed), ("unknown", listed), ("points", None)):
        (grade,) = regrade(
            catalogue(column()),
            [bare],
            [proposal(name, state="review", column="c")],
            stated_by=None,
        )[1:]
        assert grade.said.bins == left


# ---- one floor for words and files


def test_what_a_classifier_does_not_know_takes_two_in_a_catalogue_by_hand_too() -> None:
    """Else one person's file would do what one person's word cannot."""
    given = column("training_score", Tier.SENSITIVE, by="li")
    first = again(None, proposal(*NOTHING), given, by="li")
    assert (first.confirmed_by, first.said.tier) == ((), Tier.CORE)
    assert first.request == Request(said(Tier.SENSITIVE), "li")
    assert again(first, proposal(*NOTHING), given, by="wang").confirmed_by == ("li", "wang")


@pytest.mark.parametrize("proposal_", [None, proposal("price", Tier.PUBLIC)], ids=["unasked", "fooled"])
def test_a_catalogue_by_hand_is_not_below_its_own_meanings_tier(proposal_: Proposal | None) -> None:
    grade = again(None, proposal_, column("pay", Tier.PUBLIC, by="li"), by="li")
    assert (grade.confirmed_by, grade.said.tier) == ((), Tier.CORE)
    assert confirm(grade, Statement("pay", Tier.PUBLIC), "wang").confirmed_by == ("li", "wang")


def test_a_national_grade_that_waits_to_be_confirmed_is_not_lost() -> None:
    important = replace(column(), national_grade="重要数据")
    grade = again(proposed(), proposal(), important, by="li")
    assert (grade.confirmed_by, grade.said.national_grade) == ((), "重要数据")
    assert confirm(grade, said(Tier.SENSITIVE), "li").request is not None


# ---- data of another shape


SCORES = {"numbers": 4, "length": 2, "distinct": 2, "magnitude": 4}
WAGES = {"numbers": 4, "length": 4, "distinct": 2, "magnitude": 7}
NEAR = {**SCORES, "magnitude": 5}
FAR = {**SCORES, "magnitude": 6}


def shaped(shape: dict[str, int], *words: object) -> Proposal:
    return replace(proposal(*(words or NOTHING)), shape=shape)  # type: ignore[arg-type]


def agreed(first: Proposal) -> Grade:
    grade = Grade("c", Statement(first.semantic, first.tier), (), first)
    return confirm(confirm(grade, said(Tier.SENSITIVE), "li"), said(Tier.SENSITIVE), "wang")


def test_what_two_lowered_falls_when_the_data_is_no_longer_what_they_saw() -> None:
    lowered = agreed(shaped(SCORES))
    assert again(lowered, shaped(NEAR)).confirmed_by == ("li", "wang")
    fallen = again(lowered, shaped(WAGES))
    assert fallen.confirmed_by == ()
    assert fallen.applied(column()).effective_tier is Tier.CORE
    assert confirm(fallen, said(Tier.SENSITIVE), "li").confirmed_by == ()  # it takes two again


def test_what_two_lowered_against_a_sure_classifier_falls_alike() -> None:
    lowered = agreed(shaped(SCORES, "pay", Tier.CORE, "auto"))
    assert lowered.confirmed_by == ("li", "wang")
    assert again(lowered, shaped(WAGES, "pay", Tier.CORE, "auto")).confirmed_by == ()


def test_data_cannot_change_into_something_else_step_by_step() -> None:
    lowered = agreed(shaped(SCORES))
    halfway = again(lowered, shaped(NEAR))
    assert halfway.confirmed_by
    assert again(halfway, shaped(FAR)).confirmed_by == ()


def test_what_one_person_judged_below_core_is_asked_again() -> None:
    unsure = shaped(SCORES, "price", Tier.PUBLIC, "review")
    firm = confirm(Grade("c", Statement("price", Tier.PUBLIC), (), unsure), said(Tier.SENSITIVE), "li")
    assert firm.confirmed_by == ("li",)
    assert again(firm, shaped(WAGES, "price", Tier.PUBLIC, "review")).confirmed_by == ()


def test_what_the_classifier_is_sure_of_or_people_call_core_does_not_fall_by_its_shape() -> None:
    sure = shaped(SCORES, "training_score", Tier.SENSITIVE, "auto")
    firm = confirm(Grade("c", said(Tier.SENSITIVE), (), sure), said(Tier.SENSITIVE), "li")
    assert again(firm, replace(sure, shape=WAGES)).confirmed_by == ("li",)
    core = confirm(Grade("c", Statement("unknown", Tier.CORE), (), shaped(SCORES)), said(Tier.CORE), "li")
    assert again(core, shaped(WAGES)).confirmed_by == ("li",)


def test_a_request_does_not_outlive_the_shape_it_was_made_for() -> None:
    waits = confirm(Grade("c", Statement("unknown", Tier.CORE), (), shaped(SCORES)), said(Tier.PUBLIC), "li")
    assert again(waits, shaped(NEAR)).request is not None
    assert again(waits, shaped(WAGES)).request is None


def test_a_shape_that_nobody_noted_is_noted_now() -> None:
    old = agreed(proposal(*NOTHING))
    noted = again(old, shaped(SCORES))
    assert noted.confirmed_by
    assert again(noted, shaped(WAGES)).confirmed_by == ()
