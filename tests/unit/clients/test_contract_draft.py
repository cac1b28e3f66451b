"""Drafts: the table keeps its own, and nobody's value stands in it."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao_clients.contract_draft import Draft, draft, outwards
from xinqiao_clients.contract_text import parse_contract
from xinqiao_clients.contracts import check
from xinqiao_clients.importer import text_frame
from xinqiao_clients.sources import Table
from xinqiao_governance.contract import Contract
from xinqiao_governance.contract_rules import AtMost, Before, BirthAgrees, RequiredWhen, Total, UniqueTogether
from xinqiao_governance.days import days_of
from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_governance.messages import LANGUAGES

TODAY = days_of(2026, 11, 22)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def table_of(**columns: list[Any]) -> Table:
    return Table(tuple(columns), tuple(tuple(cells) for cells in columns.values()))


def drafted(table: Table, person: str | None = None) -> tuple[Draft, Contract]:
    found = draft(table, "staff", person or ("id" if "id" in table.header else None), TODAY)
    texts = [parse_contract(found.text(language)) for language in LANGUAGES]
    assert texts[0] == texts[1]
    return found, texts[0]


def identity_number(random_: random.Random, birth: str) -> str:
    body = f"110101{birth.replace('-', '')}{random_.randrange(1000):03}"
    return body + "10X98765432"[sum(w * int(c) for w, c in zip(_WEIGHTS, body, strict=True)) % 11]


def staff(people: int = 120) -> Table:
    """Synthetic staff, one row each."""
    random_ = random.Random(3)
    births = [
        f"{random_.randrange(1962, 2001)}-{random_.randrange(1, 13):02}-{random_.randrange(1, 29):02}"
        for _ in range(people)
    ]
    left = [random_.random() < 0.3 for _ in range(people)]
    base = [random_.randrange(3_123, 9_877) for _ in range(people)]
    bonus = [random_.randrange(111, 4_999) for _ in range(people)]
    hired = [random_.randrange(1985, 2020) for _ in range(people)]
    return table_of(
        工号=[f"{number:05}" for number in range(people)],
        身份证号=[identity_number(random_, birth) for birth in births],
        出生日期=births,
        手机=[f"139{random_.randrange(10**8):08}" for _ in range(people)],
        状态=["离职" if each else "在职" for each in left],
        入职=[f"{year}-03-07" for year in hired],
        离职=[
            f"{year + random_.randrange(1, 7)}/4/5" if each else None
            for year, each in zip(hired, left, strict=True)
        ],
        基本=[str(each) for each in base],
        奖金=[str(each) for each in bonus],
        应发=[str(a + b) for a, b in zip(base, bonus, strict=True)],
    )


def test_what_a_table_shows_is_proposed() -> None:
    _, contract = drafted(staff())
    assert contract.person == "身份证号"
    assert {rule.name: rule.type for rule in contract.columns} == {
        **dict.fromkeys(("工号", "身份证号", "手机", "状态"), "text"),
        **dict.fromkeys(("出生日期", "入职", "离职"), "date"),
        **dict.fromkeys(("基本", "奖金", "应发"), "integer"),
    }
    assert contract.rule("身份证号").check == "identity_number"
    assert contract.rule("工号").unique
    assert contract.rule("状态").values == ("在职", "离职")
    assert contract.rule("离职").missing_allowed
    assert not contract.rule("入职").missing_allowed
    assert contract.rule("入职").no_future
    assert BirthAgrees(("出生日期", "身份证号")) in contract.rules
    assert Before(("入职", "离职")) in contract.rules
    assert Total(("应发", "基本", "奖金"), 0.01) in contract.rules
    assert RequiredWhen(("离职", "状态"), ("离职",)) in contract.rules
    assert AtMost(("基本", "应发")) in contract.rules


@pytest.mark.slow
def test_a_table_keeps_its_own_draft() -> None:
    table = staff()
    _, contract = drafted(table)
    assert check(contract, text_frame(table, contract), TODAY).failed == ()


def test_nobodys_value_stands_in_a_draft() -> None:
    """No cell of a column that tells people apart, however it is written."""
    table = staff()
    found, _ = drafted(table)
    for language in LANGUAGES:
        text = found.text(language)
        for name in ("工号", "身份证号", "手机", "出生日期", "入职", "离职", "基本", "奖金", "应发"):
            cells = {cell for cell in table.column(name) if cell is not None}
            said = text.replace(name, "").replace(",", " ").replace("}", " ").split()
            assert not cells & set(said)


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
@settings(max_examples=300)
def test_a_bound_is_outside_and_no_extreme(one: float, other: float) -> None:
    low, high = sorted((Decimal(repr(one)), Decimal(repr(other))))
    least, most = outwards(low, high)
    assert least <= low <= high <= most
    assert least < low or low == 0
    assert most > high or high == 0
    assert least >= 0 or low < 0


@pytest.mark.parametrize(
    ("low", "high", "bounds"),
    [
        ("3123", "58930", ("0", "60000")),
        ("1958", "2003", ("1950", "2010")),
        ("1", "7", ("0", "8")),
        ("5", "5", ("4", "6")),
        ("0", "0", ("0", "0")),
        ("0.031", "0.97", ("0", "1")),
        ("-40", "-3.5", ("-50", "0")),
    ],
)
def test_bounds_are_coarse(low: str, high: str, bounds: tuple[str, str]) -> None:
    assert outwards(Decimal(low), Decimal(high)) == tuple(map(Decimal, bounds))


def test_a_rare_value_is_never_listed() -> None:
    rows = 100
    common = ["在职"] * 60 + ["退休"] * 31
    for last, listed in (("退休", True), ("停职", False), ("=1+1", False), ("x" * 21, False)):
        found, contract = drafted(table_of(id=[f"p{n}" for n in range(rows)], 状态=[*common, *[last] * 9]))
        assert (contract.rule("状态").values is not None) == listed
        assert listed or last not in found.text("zh")


def test_rows_that_are_counted_are_nobody() -> None:
    """What one employee has in twelve rows is not what twelve people have."""
    rows = 120
    people = [f"E{n:04}" for n in range(rows - 12)] + ["E9999"] * 12
    counted = [str(n + 1) for n in range(rows)]
    cells = ["正常"] * (rows - 12) + ["SENTINEL"] * 12
    found = draft(table_of(序号=counted, 工号=people, 结果=cells), "staff", None, TODAY)
    assert found.person == "工号"
    assert "SENTINEL" not in found.text("zh")
    with pytest.raises(UsageInvalid, match="draft_person_needed"):
        draft(table_of(序号=counted, 结果=cells), "staff", None, TODAY)


def test_values_are_counted_in_people_not_in_rows() -> None:
    table = table_of(id=[f"p{n % 12}" for n in range(120)], t=["A" if n % 12 else "B" for n in range(120)])
    assert drafted(table, "id")[1].rule("t").values is None


def test_few_people_give_no_bound() -> None:
    cells = ["71", *[None] * 40]
    contract = drafted(table_of(id=[f"p{n}" for n in range(41)], n=cells))[1]
    assert (contract.rule("n").minimum, contract.rule("n").maximum) == (None, None)


def test_months_of_one_person_are_unique_together() -> None:
    rows = [(f"p{n}", f"2026-{month:02}-01") for n in range(20) for month in range(1, 4)]
    table = table_of(id=[row[0] for row in rows], month=[row[1] for row in rows])
    assert drafted(table, "id")[1].rules == (UniqueTogether(("id", "month")),)


def test_numbers_that_name_things_stay_text() -> None:
    table = table_of(id=[f"p{n}" for n in range(30)], code=[f"{n:03}" for n in range(30)])
    assert drafted(table)[1].rule("code").type == "text"


@pytest.mark.parametrize(
    "name",
    [
        "a b",
        "on",
        "1",
        "<<",
        "# x",
        "a: b",
        'q"\\',
        "a b: {type: text}",
        "x\u3000y",
        "是",
        "a-b",
        "{",
        "\ue863",
    ],
)
def test_any_name_of_a_column_is_quoted_as_it_must(name: str) -> None:
    contract = drafted(table_of(**{"id": [f"p{n}" for n in range(30)], name: ["x"] * 30}))[1]
    assert [rule.name for rule in contract.columns] == ["id", name]


def test_a_table_without_a_column_of_people_is_refused() -> None:
    with pytest.raises(UsageInvalid, match="draft_person_needed"):
        draft(table_of(a=["x", "x"]), "d", None, TODAY)
    for person in ("nowhere", "a"):
        with pytest.raises(UsageInvalid, match="draft_person_invalid"):
            draft(table_of(a=["x", None]), "d", person, TODAY)


def test_what_is_no_text_is_an_error_without_it() -> None:
    with pytest.raises(DataInvalid) as caught:
        draft(table_of(a=["SENTINEL\ud800"]), "d", None, TODAY)
    assert (caught.value.code, caught.value.fields) == ("store_text_invalid", {"column": "a"})
    assert caught.value.__context__ is None


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**6), 10**6).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.dates().map(str),
    st.sampled_from(["A", "B", "=1", "007", "", " ", "是", "inf"]),
)


@pytest.mark.slow
@given(st.lists(st.tuples(CELLS, CELLS, st.integers(0, 3).map(str)), min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_table_keeps_its_own_draft(rows: list[tuple[str | None, ...]]) -> None:
    columns = [tuple(cell or None for cell in column) for column in zip(*rows, strict=True)]
    table = Table(("a", "b", "c", "id"), (*columns, tuple(f"p{n}" for n in range(len(rows)))))
    _, contract = drafted(table, "id")
    assert check(contract, text_frame(table, contract), TODAY).failed == ()


@pytest.mark.parametrize("cell", ["=1+1", "+86", "@SUM", "-", "x" * 21, "a\tb"])
def test_formulas_and_long_texts_are_no_vocabulary_however_many_hold_them(cell: str) -> None:
    table = table_of(id=[f"p{n}" for n in range(60)], t=["A"] * 30 + [cell] * 30)
    found, contract = drafted(table)
    assert contract.rule("t").values is None
    assert cell not in found.text("zh").split()
