"""The contract's reader: what it accepts, and every mistake it must not let pass in silence."""

import copy
from typing import Any

import pytest

from xinqiao_governance.contract import ColumnRule, Contract, HomeDepartment
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
