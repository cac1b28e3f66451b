"""Drafts: what a table becomes when nobody described it, and how little that claims."""

from dataclasses import replace

import pytest

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.contract_text import parse_contract
from xinqiao_clients.drafts import Wish, draft_catalogue, draft_contract
from xinqiao_clients.loading import propose
from xinqiao_clients.sources import Table
from xinqiao_clients.store import Version
from xinqiao_governance.catalogue import Dataset, Tier
from xinqiao_governance.classify import Proposal
from xinqiao_governance.contract import ColumnRule
from xinqiao_governance.errors import DataInvalid, UsageInvalid

WISH = Wish("staff", "north", person="id")


def drafted(cells: list[str | None], semantic: str = "unknown") -> Dataset:
    table = Table(("id", "x"), (tuple(str(n) for n in range(len(cells))), tuple(cells)))
    return draft_catalogue(table, (proposal("id"), proposal("x", semantic)), WISH, None)


def proposal(column: str, semantic: str = "unknown", tier: Tier = Tier.CORE) -> Proposal:
    return Proposal(column, semantic, tier, "review", 0, "classify_unknown")


def adopted(dataset: Dataset, contract: str = "") -> Adopted:
    return Adopted(1, dataset, contract, Version("staff", "a", bytes(32), 1, dataset.digest))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5", None, " 3 "], "number"),
        (["-1", "+0.5", "0", "1e3"], "number"),
        (["007", "8"], "text"),
        (["123456789012345"], "number"),
        (["1234567890123456"], "text"),
        (["１２"], "text"),
        (["nan"], "text"),
        (["1", "x"], "text"),
        ([None, ""], "text"),
        ([], "text"),
    ],
)
def test_numbers_are_numbers_and_codes_are_not(cells: list[str | None], kind: str) -> None:
    assert drafted(cells).column("x").kind == kind


def test_what_identifies_is_no_number() -> None:
    assert drafted(["13912345678"], "mobile").column("x").kind == "identifier"
    assert drafted(["30"], "age").column("x").kind == "number"


def test_a_draft_confirms_nothing_and_the_person_column_is_core() -> None:
    table = Table(("id", "x"), (("1",), ("2",)))
    proposals = (proposal("id", "record_no", Tier.PUBLIC), proposal("x", "price", Tier.PUBLIC))
    dataset = draft_catalogue(table, proposals, WISH, None)
    assert not any(column.is_confirmed for column in dataset.columns)
    assert [column.tier for column in dataset.columns] == [Tier.CORE, Tier.PUBLIC]
    assert {column.national_grade for column in dataset.columns} == {"一般数据"}


def test_whose_rows_they_are_is_proposed_or_asked() -> None:
    table = Table(("a", "b"), (("1",), ("2",)))
    wish = replace(WISH, person=None)
    for semantics, person in ((("employee_no", "id_card"), "a"), (("pay", "id_card"), "b")):
        proposals = tuple(proposal(name, said) for name, said in zip("ab", semantics, strict=True))
        assert draft_catalogue(table, proposals, wish, None).person == person
    for semantics in (("pay", "age"), ("employee_no", "employee_no")):
        proposals = tuple(proposal(name, said) for name, said in zip("ab", semantics, strict=True))
        with pytest.raises(UsageInvalid, match="person_column_needed"):
            draft_catalogue(table, proposals, wish, None)
    with pytest.raises(DataInvalid, match="catalogue_column_unknown"):
        draft_catalogue(table, (proposal("a"), proposal("b")), replace(WISH, person="c"), None)


def test_columns_that_were_there_stay_what_they_are() -> None:
    before = drafted(["1", "2"])
    table = Table(("id", "x", "y"), (("1",), ("now a word",), ("3",)))
    proposals = (proposal("id"), proposal("x", "pay"), proposal("y"))
    again = draft_catalogue(table, proposals, replace(WISH, person=None), adopted(before))
    assert again.columns[:2] == before.columns
    assert again.column("y").kind == "number"


def test_a_contract_says_what_the_cells_are() -> None:
    contract = parse_contract(draft_contract(drafted(["1"])))
    assert contract.columns == (ColumnRule("id", "text"), ColumnRule("x", "number", missing_allowed=True))
    assert (contract.person, contract.dataset_id) == ("id", "staff")


def test_the_contract_in_use_goes_on_and_gains_new_columns() -> None:
    old = "dataset: staff\nperson: id\nrows: {min: 7}\ncolumns:\n  id: {type: text, unique: true}\n"
    contract = parse_contract(draft_contract(drafted(["1"]), old))
    assert contract.min_rows == 7
    assert contract.columns == (
        ColumnRule("id", "text", unique=True),
        ColumnRule("x", "number", missing_allowed=True),
    )


def test_proposals_carry_the_tables_own_names() -> None:
    assert [found.column for found in propose(Table(("工号", "工资"), (("007",), ("1",))))] == [
        "工号",
        "工资",
    ]
