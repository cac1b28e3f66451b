"""The contract's reader: what it accepts, and every mistake it must not let pass in silence."""

import copy
from typing import Any

import pytest

from xinqiao_governance.contract import ColumnRule, Contract, HomeDepartment
from xinqiao_governance.contract_rules import AtMost, Before, BirthAgrees, RequiredWhen, Total, UniqueTogether
from xinqiao_governance.days import days_of
from xinqiao_governance.errors import DataInvalid

FULL: dict[str, Any] = {
    "dataset": "staff",
    "person": "id",
    "department": {"column": "dept", "equals": "sales"},
    "columns": {
        "id": {"type": "text", "pattern": "[0-9]+"},
        "dept": {"type": "text", "missing": "forbidden"},
        "age": {"type": "integer", "missing": "allowed", "min": 16, "max": 99.5},
        "gender": {"type": "text", "values": ["F", "M"], "unique": False},
    },
    "rows": {"min": 50},
}


def changed(path: str, value: object) -> dict[str, Any]:
    body = copy.deepcopy(FULL)
    *parents, last = path.split(".")
    place = body
    for step in parents:
        place = place[step]
    place[last] = value
    return body


def test_the_whole_form_is_read() -> None:
    contract = Contract.from_mapping(FULL)
    assert contract.department == HomeDepartment("dept", "sales")
    assert contract.min_rows == 50
    assert contract.rule("id") == ColumnRule("id", "text", pattern="[0-9]+")
    assert contract.rule("age") == ColumnRule(
        "age", "integer", missing_allowed=True, minimum=16, maximum=99.5
    )
    assert contract.rule("gender").values == ("F", "M")


def test_the_shortest_form_forbids_missing_cells_and_empty_tables() -> None:
    contract = Contract.from_mapping({"dataset": "d", "person": "id", "columns": {"id": {"type": "text"}}})
    assert contract.department is None
    assert contract.min_rows == 1
    assert not contract.rule("id").missing_allowed


@pytest.mark.parametrize("path", ["row", "department.name", "columns.age.minimum", "rows.most"])
def test_an_unknown_key_is_an_error_that_names_its_place(path: str) -> None:
    with pytest.raises(DataInvalid) as caught:
        Contract.from_mapping(changed(path, 1))
    assert (caught.value.code, caught.value.fields) == ("contract_key_unknown", {"key": path})


@pytest.mark.parametrize("key", ["dataset", "person", "columns"])
def test_a_missing_key_is_an_error(key: str) -> None:
    body = {name: value for name, value in FULL.items() if name != key}
    with pytest.raises(DataInvalid) as caught:
        Contract.from_mapping(body)
    assert (caught.value.code, caught.value.fields) == ("contract_key_missing", {"key": key})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("dataset", 7),
        ("dataset", ""),
        ("columns", ["id"]),
        ("columns", {1: {"type": "text"}}),
        ("rows.min", 0),
        ("rows.min", True),
        ("rows.min", 1.5),
        ("department.equals", None),
        ("columns.age", None),
        ("columns.age.type", "float"),
        ("columns.age.missing", True),  # YAML's `yes`
        ("columns.age.min", "16"),
        ("columns.age.min", True),
        ("columns.age.min", float("nan")),
        ("columns.age.max", float("inf")),
        ("columns.age.max", 10**400),
        ("columns.age.max", 15),
        ("columns.age.values", ["1"]),
        ("columns.age.pattern", "1"),
        ("columns.gender.min", 1),
        ("columns.gender.max", 1),
        ("columns.gender.values", []),
        ("columns.gender.values", "F"),
        ("columns.gender.values", ["F", 1]),
        ("columns.gender.unique", "yes"),
        ("columns.gender.pattern", "["),
        ("columns.gender.pattern", 1),
    ],
)
def test_a_value_that_does_not_fit_its_key_is_an_error_that_names_its_place(path: str, value: object) -> None:
    with pytest.raises(DataInvalid) as caught:
        Contract.from_mapping(changed(path, value))
    assert (caught.value.code, caught.value.fields) == ("contract_field_invalid", {"key": path})


@pytest.mark.parametrize("value", [None, 1, "text", [], [("dataset", 1)]])
def test_anything_but_a_mapping_is_refused(value: object) -> None:
    with pytest.raises(DataInvalid, match="contract_field_invalid"):
        Contract.from_mapping(value)


@pytest.mark.parametrize("path", ["person", "department.column"])
def test_person_and_department_are_columns_of_the_contract(path: str) -> None:
    with pytest.raises(DataInvalid, match="contract_column_unknown"):
        Contract.from_mapping(changed(path, "elsewhere"))


@pytest.mark.parametrize(
    ("path", "value"),
    [("person", "age"), ("department.column", "age"), ("columns.id.missing", "allowed")],
)
def test_person_and_department_are_text_and_the_person_is_never_missing(path: str, value: str) -> None:
    with pytest.raises(DataInvalid, match="contract_field_invalid"):
        Contract.from_mapping(changed(path, value))


# ---- days, shares, lengths, check digits and rules ----------------------------------------------------

WIDE: dict[str, Any] = {
    "dataset": "staff",
    "person": "id",
    "rows": {"min": 5, "max": 9},
    "columns": {
        "id": {"type": "text", "unique": {"share": 0.9}},
        "card": {
            "type": "text",
            "missing": "allowed",
            "check": "identity_number",
            "length": {"min": 15, "max": 18},
        },
        "state": {"type": "text", "values": ["on", "off"]},
        "born": {"type": "date", "min": "1950-01-01", "max": "2010年12月31日"},
        "hired": {"type": "date", "max": "today", "newest": "within 31 days", "missing": {"share": 0.05}},
        "base": {"type": "number"},
        "bonus": {"type": "integer"},
        "pay": {"type": "number"},
    },
    "rules": [
        {"at_most": ["base", "pay"]},
        {"before": ["born", "hired"]},
        {"total": "pay", "parts": ["base", "bonus"], "within": 0.01},
        {"birth": "born", "identity_number": "card"},
        {"required": "card", "when": {"column": "state", "is": ["on"]}},
        {"unique": ["id", "hired"]},
    ],
}


def with_rule(rule: object) -> dict[str, Any]:
    return {**WIDE, "rules": [rule]}


def with_key(column: str, **keys: object) -> dict[str, Any]:
    return {**WIDE, "columns": {**WIDE["columns"], column: WIDE["columns"][column] | keys}}


def test_every_promise_is_read() -> None:
    contract = Contract.from_mapping(WIDE)
    assert (contract.min_rows, contract.max_rows) == (5, 9)
    assert contract.rule("id") == ColumnRule("id", "text", unique=True, distinct_share=0.9)
    assert contract.rule("card") == ColumnRule(
        "card", "text", missing_allowed=True, check="identity_number", min_length=15, max_length=18
    )
    assert contract.rule("born") == ColumnRule(
        "born", "date", minimum=days_of(1950, 1, 1), maximum=days_of(2010, 12, 31)
    )
    assert contract.rule("hired") == ColumnRule(
        "hired", "date", missing_allowed=True, missing_share=0.05, no_future=True, newest_days=31
    )
    assert contract.rules == (
        AtMost(("base", "pay")),
        Before(("born", "hired")),
        Total(("pay", "base", "bonus"), 0.01),
        BirthAgrees(("born", "card")),
        RequiredWhen(("card", "state"), ("on",)),
        UniqueTogether(("id", "hired")),
    )


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (with_key("born", min="2023-02-30"), "columns.born.min"),
        (with_key("born", min="today"), "columns.born.min"),
        (with_key("born", min=1950), "columns.born.min"),
        (with_key("born", min="2011-01-01"), "columns.born.max"),
        (with_key("born", values=["1950-01-01"]), "columns.born.values"),
        (with_key("born", newest="31 days"), "columns.born.newest"),
        (with_key("born", newest=31), "columns.born.newest"),
        (with_key("base", newest="within 3 days"), "columns.base.newest"),
        (with_key("base", max="today"), "columns.base.max"),
        (with_key("base", check="bank_card"), "columns.base.check"),
        (with_key("card", check="luhn"), "columns.card.check"),
        (with_key("card", length={}), "columns.card.length"),
        (with_key("card", length={"min": -1}), "columns.card.length.min"),
        (with_key("card", length={"min": 3, "max": 2}), "columns.card.length.max"),
        (with_key("card", length=18), "columns.card.length"),
        (with_key("card", missing={"share": 1}), "columns.card.missing.share"),
        (with_key("card", missing={"share": float("nan")}), "columns.card.missing.share"),
        (with_key("card", unique={"share": 0}), "columns.card.unique.share"),
        (with_key("card", pattern="a" * 201), "columns.card.pattern"),
        (with_key("card", pattern="a{99999999999}"), "columns.card.pattern"),
        ({**WIDE, "rows": {}}, "rows"),
        ({**WIDE, "rows": {"min": 5, "max": 4}}, "rows.max"),
        ({**WIDE, "rules": {"at_most": ["base", "pay"]}}, "rules"),
        (with_rule("base <= pay"), "rules.0"),
        (with_rule({"at_most": ["base"]}), "rules.0.at_most"),
        (with_rule({"at_most": ["base", "bonus", "pay"]}), "rules.0.at_most"),
        (with_rule({"at_most": ["base", "base"]}), "rules.0.at_most"),
        (with_rule({"at_most": ["base", "born"]}), "rules.0.at_most"),
        (with_rule({"at_most": "base"}), "rules.0.at_most"),
        (with_rule({"before": ["base", "pay"]}), "rules.0.before"),
        (with_rule({"total": "pay", "parts": ["base"]}), "rules.0.parts"),
        (with_rule({"total": "pay", "parts": ["base", "pay"]}), "rules.0.total"),
        (with_rule({"total": "pay", "parts": ["base", "state"]}), "rules.0.total"),
        (with_rule({"total": "pay", "parts": ["base", "bonus"], "within": -1}), "rules.0.within"),
        (with_rule({"birth": "card", "identity_number": "born"}), "rules.0.birth"),
        (with_rule({"required": "state", "when": {"column": "id", "is": ["x"]}}), "rules.0.required"),
        (with_rule({"required": "card", "when": {"column": "pay", "is": ["1"]}}), "rules.0.required"),
        (with_rule({"required": "card", "when": {"column": "state", "is": []}}), "rules.0.when.is"),
        (with_rule({"unique": ["id"]}), "rules.0.unique"),
    ],
)
def test_a_promise_that_cannot_be_meant_is_an_error_that_names_its_place(body: object, key: str) -> None:
    with pytest.raises(DataInvalid) as caught:
        Contract.from_mapping(body)
    assert (caught.value.code, caught.value.fields) == ("contract_field_invalid", {"key": key})


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (with_key("card", missing={"part": 0.1}), "columns.card.missing.part"),
        (with_key("card", lenght={"max": 1}), "columns.card.lenght"),
        (with_key("card", length={"most": 1}), "columns.card.length.most"),
        (with_rule({"at_most": ["base", "pay"], "within": 1}), "rules.0.within"),
        (with_rule({"before": ["born", "hired"], "why": "x"}), "rules.0.why"),
        (with_rule({"run": "print(1)"}), "rules.0.run"),
        (
            with_rule({"required": "card", "when": {"column": "state", "is": ["on"], "not": []}}),
            "rules.0.when.not",
        ),
    ],
)
def test_an_unknown_key_of_a_promise_names_its_place(body: object, key: str) -> None:
    with pytest.raises(DataInvalid) as caught:
        Contract.from_mapping(body)
    assert (caught.value.code, caught.value.fields) == ("contract_key_unknown", {"key": key})


def test_a_rule_about_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(DataInvalid) as caught:
        Contract.from_mapping(with_rule({"unique": ["id", "nowhere"]}))
    assert (caught.value.code, caught.value.fields) == ("contract_column_unknown", {"column": "nowhere"})
