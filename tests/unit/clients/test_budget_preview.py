"""A preview says what the gate and the budget would say, and leaves no trace of itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import CAP, CONTRACT, NOW, Enterprise, HandCentre, dataset, found, table
from xinqiao_clients.home import Home
from xinqiao_clients.preview import Cost, cost_of, preview
from xinqiao_clients.store import Store
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import LANGUAGES, say_reason
from xinqiao_governance.model_spec import (
    MICRO,
    ClassLabel,
    Cross,
    Family,
    Label,
    ModelSpec,
    NumberLabel,
    NumericFeature,
)
from xinqiao_governance.order import Order, Output, Spend
from xinqiao_governance.signed import Signed
from xinqiao_ledger.signing import SigningKey

PART = Spend(400_000, 4_000)


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")))
    yield enterprise
    enterprise.close()


@pytest.fixture(autouse=True)
def at_the_beginning(enterprise: Enterprise) -> None:
    enterprise.now[0] = NOW


@pytest.fixture(scope="module")
def home(enterprise: Enterprise) -> Home:
    return enterprise.sites[0].home


def steps(home: Home, order: Signed[Order]) -> str:
    """One letter a step: passed, refused, unreached."""
    return "".join(state[0] for state in preview(home, order).states().values())


def test_a_good_order_passes_every_step(enterprise: Enterprise, home: Home) -> None:
    order = enterprise.order(spend=PART)
    seen = preview(home, order)
    assert steps(home, order) == "pppppp"
    assert seen.verdict == "allowed"
    assert seen.cost == Cost(PART, home.book.accounts()[0], charged=False)
    assert "this costs ε 0.4 of the 2 left" in "\n".join(seen.lines("en"))
    assert "将花费 ε 0.4，剩余 ε 2（" in "\n".join(seen.lines("zh"))
    plain = seen.to_json()
    assert plain["steps"] == dict.fromkeys("123456", "passed")
    assert plain["cost"] == {
        "spend": PART.to_json(),
        "remaining": CAP.to_json(),
        "period": "lifetime",
        "charged": False,
        "covered": True,
    }


@pytest.mark.parametrize(
    ("change", "seen", "verdict"),
    [
        (lambda e: SigningKey.generate().seal(e.order().body), "ruuuup", "order_unsigned"),
        (lambda e: e.order(sites=e.sites[1:]), "ruuuup", "order_not_for_us"),
        (lambda e: e.order(sites=e.sites[:3], collusion=1), "pppppp", "allowed"),
        (
            lambda e: e.centre.operator.seal(replace(e.order().body, variance=1)),
            "ppruup",
            "plan_epsilon_exceeded",
        ),
        (lambda e: e.order(purpose="discipline_inspection"), "pppprp", "purpose_forbidden"),
        (lambda e: e.order(approve=False), "pppprp", "approval_missing"),
        (lambda e: e.order(output=Output.RAW_EXPORT), "pppprp", "raw_export_forbidden"),
        (lambda e: e.order(spend=Spend(2_000_001, 10_000)), "pppppr", "budget_exceeded"),
    ],
)
def test_the_step_that_refuses_is_named(
    enterprise: Enterprise, home: Home, change: object, seen: str, verdict: str
) -> None:
    order = change(enterprise)
    assert (steps(home, order), preview(home, order).verdict) == (seen, verdict)
    for language in LANGUAGES:
        assert all(preview(home, order).lines(language))


def test_an_expired_order_fails_the_first_step(enterprise: Enterprise, home: Home) -> None:
    order = enterprise.order()
    enterprise.now[0] = order.body.expires
    assert (steps(home, order), preview(home, order).verdict) == ("ruuuup", "order_expired")


def test_a_clock_that_is_set_back_revives_no_order(tmp_path: Path) -> None:
    enterprise = found(tmp_path / "enterprise", 3)
    home, order = enterprise.sites[0].home, enterprise.order()
    enterprise.now[0] = order.body.expires
    home.note("steward", "rotate")  # the journal heard of that time
    enterprise.now[0] -= 100
    assert preview(home, order).verdict == "order_expired"
    enterprise.close()


def test_an_unconfirmed_department_fails_the_second_step(enterprise: Enterprise, home: Home) -> None:
    order = enterprise.order()
    stranger = replace(order.body.departments[0], node=SigningKey.generate().fingerprint)
    departments = sorted((*order.body.departments, stranger), key=lambda department: department.node)
    signed = enterprise.centre.operator.seal(replace(order.body, departments=tuple(departments)))
    assert (steps(home, signed), preview(home, signed).verdict) == ("pruuup", "members_unconfirmed")


def test_over_budget_is_said_even_where_another_step_refuses(enterprise: Enterprise, home: Home) -> None:
    order = enterprise.order(spend=Spend(2_000_001, 10_000), purpose="discipline_inspection")
    assert (steps(home, order), preview(home, order).verdict) == ("pppprr", "purpose_forbidden")
    assert "Over budget: this costs ε 2.000001, and 2 is left" in cost_of(home, order.body).line("en")


def test_a_preview_reads_no_row_charges_nothing_and_records_nothing(
    enterprise: Enterprise, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = enterprise.order(spend=PART)

    def refuse(*_: object) -> None:
        pytest.fail("a row was read")

    def state() -> object:
        return [tuple(home.book._db.iterdump()), home.book.count_events(), home.book.tally()]

    before = state()
    monkeypatch.setattr(Store, "read", refuse)
    for language in LANGUAGES:
        preview(home, order).lines(language)
    preview(home, order).to_json()
    assert state() == before
    assert home.book.job(order.body.digest) is None


@pytest.mark.slow
def test_what_was_charged_is_not_asked_for_again(tmp_path: Path) -> None:
    enterprise = found(tmp_path, cap=Spend(1_500_000, 20_000))
    home = enterprise.sites[0].home
    order = enterprise.order()
    hand = HandCentre(enterprise, order)
    hand.propose()
    seen = preview(home, order)
    assert (seen.verdict, seen.cost.charged, seen.cost.covered) == ("allowed", True, True)
    assert "charged already" in "\n".join(seen.lines("en"))
    assert home.book.accounts()[0].left == Spend(500_000, 10_000)
    assert preview(home, enterprise.order()).verdict == "budget_exceeded"

    enterprise.now[0] = order.body.expires
    assert preview(home, order).verdict == "job_over"
    assert steps(home, order) == "uuuuup"
    forged = SigningKey.generate().seal(order.body)
    assert preview(home, forged).verdict == "order_unsigned"
    enterprise.close()


@pytest.mark.slow
def test_the_tighter_cap_is_the_one_that_is_shown(tmp_path: Path) -> None:
    enterprise = found(tmp_path)
    home = enterprise.sites[0].home
    year = Spend(700_000, 20_000)
    version = home.store.write(dataset("dept-0"), table(50))
    home.adopt(dataset("dept-0"), CONTRACT, version, CAP, "steward", period="2026Q4", year_cap=year)
    cost = cost_of(home, enterprise.order(spend=PART).body)
    assert "this costs ε 0.4 of the 0.7 left" in cost.line("en")
    assert "period 2026Q4" in cost.line("en")
    assert not cost_of(home, enterprise.order().body).covered
    enterprise.close()


def test_before_an_import_there_is_nothing_to_preview(
    enterprise: Enterprise, home: Home, tmp_path: Path
) -> None:
    empty = Home.create(tmp_path / "home", home.settings, "a passphrase")
    order = enterprise.order()
    with pytest.raises(UsageInvalid, match="dataset_missing"):
        preview(empty, order)
    cost = cost_of(empty, order.body)
    assert not cost.covered
    assert "no table was imported" in cost.line("en")
    assert cost.to_json()["remaining"] is None
    empty.close()


@pytest.mark.slow
def test_an_order_is_charged_to_the_people_that_it_reads_or_not_at_all(tmp_path: Path) -> None:
    enterprise = found(tmp_path)
    for number, site in enumerate(enterprise.sites):
        home = site.home
        version = home.store.write(home.dataset, table(50 + number))
        home.adopt(home.dataset, home.adopted.contract, version, CAP, "steward", period="2026Q4")
    order = enterprise.order()
    reasons = HandCentre(enterprise, order).propose()
    for site in enterprise.sites:
        book = site.home.book
        charged = order.body.spend if reasons[site.id] == "allowed" else Spend(0, 0)
        assert book.spent("staff", "2026Q4") == charged
        assert book.spent("staff", "lifetime") == Spend(0, 0)
    enterprise.close()


def test_it_says_in_plain_words_what_is_asked(enterprise: Enterprise, home: Home) -> None:
    drawn = enterprise.order(spend=PART, sampling_micro=62_500)
    seen = preview(home, drawn)
    english, chinese = ("\n".join(seen.lines(language)) for language in ("en", "zh"))
    for said in (
        "To be learned: whether pay is above 100; model: linear\n",
        "draws each person with a chance of 6.25 %, and tells nobody whom; a sum holds about 250 people",
        "even if up to t = 1 departments pool what they know",
        "It may be asked until 2027-01-16 08:00 UTC",
    ):
        assert said in english
    for said in (
        "pay 是否大于 100",
        "线性",
        "6.25% 的机会被抽中",
        "约含 250 人",
        "t = 1 个部门",
        "2027-01-16 08:00 UTC",
    ):
        assert said in chinese
    assert "Everybody is in every step" in "\n".join(preview(home, enterprise.order()).lines("en"))
    plain = seen.to_json()
    told = {name: plain[name] for name in ("family", "crosses", "collusion", "sampling_micro", "expires")}
    assert told == {
        "family": "linear",
        "crosses": 0,
        "collusion": 1,
        "sampling_micro": 62_500,
        "expires": drawn.body.expires,
    }


def test_no_fact_of_an_order_is_left_out(enterprise: Enterprise, home: Home) -> None:
    """The whole of it, so that no line and no field can go unseen."""
    order = enterprise.order(spend=PART, sampling_micro=250_000, answers=40, approve=False)
    body, seen = order.body, preview(home, order)
    assert seen.lines("en") == [
        f"Order {body.digest.hex()[:16]}, purpose career_development",
        "It asks 4 departments (nominally 4000 people) for at most 40 answers, reading age, grade, pay",
        "To be learned: whether pay is above 100; model: linear",
        "In every step your node draws each person with a chance of 25 %, and tells nobody whom; a sum "
        "holds about 1000 people of all departments",
        "ε holds for the people of the others even if up to t = 1 departments pool what they know",
        "It may be asked until 2027-01-16 08:00 UTC",
        "1. Signed by the operator you know, in force, and for you: yes",
        "2. Every department was confirmed, and they are enough: yes",
        "3. The noise is proven to give the stated ε and δ: yes",
        "4. Your table has what the model needs, in published bins, and holds its contract: yes",
        "5. Policy allows purpose, tier and output, approved where that is needed: no",
        "6. The budget covers it: yes",
        seen.cost.line("en"),
        "As things stand, the answer is: " + say_reason("approval_missing", "en"),
    ]
    chinese = seen.lines("zh")
    facts = [body.digest.hex()[:16], "4000", "pay", "25%", "t = 1", "2027-01-16 08:00 UTC"]
    assert [fact in line for fact, line in zip(facts, chinese, strict=False)] == [True] * len(facts)
    assert [line.rpartition("：")[2] for line in chinese[6:12]] == ["通过"] * 4 + ["不通过", "通过"]
    assert chinese[12:] == [
        seen.cost.line("zh"),
        "按目前情况的答复：" + say_reason("approval_missing", "zh"),
    ]
    assert seen.to_json() == {
        "order": body.digest.hex(),
        "purpose": "career_development",
        "output": "masked_sum",
        "legal_basis": "staff_consent",
        "semantics": ["age", "grade", "pay"],
        "departments": 4,
        "people": 4_000,
        "answers": 40,
        "label": body.model.label.to_json(),
        "family": "linear",
        "crosses": 0,
        "collusion": 1,
        "sampling_micro": 250_000,
        "people_drawn": 1_000,
        "expires": body.expires,
        "steps": {**dict.fromkeys("12346", "passed"), "5": "refused"},
        "cost": seen.cost.to_json(),
        "verdict": "approval_missing",
    }


def test_fewer_than_one_person_drawn_is_said_in_words(enterprise: Enterprise, home: Home) -> None:
    body = replace(enterprise.order().body, sampling_micro=100)
    lines = preview(home, enterprise.centre.operator.seal(body)).lines
    assert "a sum holds about fewer than 1 people" in "\n".join(lines("en"))
    assert "约含 不到 1 人" in "\n".join(lines("zh"))


@pytest.mark.parametrize(
    ("label", "family", "english", "chinese"),
    [
        (
            ClassLabel("grade", ("A", "B"), (MICRO, MICRO)),
            Family.NETWORK,
            "which of these grade is: A, B; model: a network with one hidden layer, pairs of columns: 1",
            "grade 属于以下哪一类：A, B；模型：一层神经网络，含 1 组两列组合",
        ),
        (
            NumberLabel("pay", -1_500_000, 100 * MICRO),
            Family.MOMENTS,
            "the number pay, between -1.5 and 100; model: least squares from one sum, pairs of columns: 1",
            "pay 的数值，在 -1.5 与 100 之间；模型：一步完成的最小二乘，含 1 组两列组合",
        ),
    ],
)
def test_every_label_and_family_has_its_words(
    enterprise: Enterprise, home: Home, label: Label, family: Family, english: str, chinese: str
) -> None:
    features = (NumericFeature("age", (30 * MICRO,)), NumericFeature("size", (2 * MICRO,)))
    hidden = 4 if family is Family.NETWORK else 0
    model = ModelSpec("m", features, label, (Cross("age", "size", 2),), family, hidden)
    order = enterprise.centre.operator.seal(replace(enterprise.order().body, model=model))
    assert english in "\n".join(preview(home, order).lines("en"))
    assert chinese in "\n".join(preview(home, order).lines("zh"))


def test_an_order_past_all_calendars_is_still_shown(enterprise: Enterprise, home: Home) -> None:
    body = replace(enterprise.order().body, expires=(1 << 62))
    assert str(1 << 62) in "\n".join(preview(home, enterprise.centre.operator.seal(body)).lines("en"))
