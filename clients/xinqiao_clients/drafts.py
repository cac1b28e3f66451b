"""First drafts of a catalogue and a contract, from a table and what the classifier made of it.

A draft confirms nothing: every column waits for a person. The contract says what the cells are, number or
text, and whose row it is; anything more is for people to add.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.cells import NUMBER
from xinqiao_clients.sources import Cell, Table
from xinqiao_governance.catalogue import Column, Dataset, Kind, Tier
from xinqiao_governance.classify import UNKNOWN, Proposal
from xinqiao_governance.contract import Contract
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.semantics import SEMANTICS, Family

IDENTIFIERS = ("employee_no", "id_card")
"""Semantics by which a row says whose it is, the better first."""
_IDENTIFYING = (Family.IDENTITY, Family.CONTACT, Family.ACCOUNT)
_MOST_DIGITS = 15


@dataclass(frozen=True)
class Wish:
    """What the steward says of a table that comes without a catalogue; None or () is left as it was."""

    dataset: str
    owner: str
    person: str | None = None
    purposes: tuple[str, ...] = ()


def draft_catalogue(
    table: Table,
    proposals: Sequence[Proposal],
    wish: Wish,
    last: Adopted | None,
    contract: Contract | None = None,
) -> Dataset:
    """Return a catalogue of `table`: columns that were there before as they are, new ones as proposed.

    Raises:
        UsageInvalid: nothing tells which column says whose row it is.
        DataInvalid: no column of this name, or a name that repeats.
    """
    known = {column.name: column for column in last.dataset.columns} if last else {}
    person = wish.person or (last.dataset.person if last else contract.person if contract else None)
    person = person or _person(proposals)
    columns = tuple(
        known.get(proposal.column) or _column(proposal, cells, person, contract)
        for proposal, cells in zip(proposals, table.columns, strict=True)
    )
    return Dataset(
        dataset_id=wish.dataset,
        title=last.dataset.title if last else wish.dataset,
        columns=columns,
        person=person,
        purposes=wish.purposes or (last.dataset.purposes if last else ()),
        owner=last.dataset.owner if last else wish.owner,
    )


def draft_contract(dataset: Dataset, last: str | None = None) -> str:
    """Return a contract (YAML) for the columns of `dataset`; the rules of the contract `last` go on.

    A column that `last` promises and the table lacks stays promised: the import will say so.
    """
    body: dict[str, object] = yaml.safe_load(last) if last else {"dataset": dataset.dataset_id, "columns": {}}
    rules = body["columns"]
    if not isinstance(rules, dict):  # a contract that was adopted has them
        raise TypeError("no columns")
    for column in dataset.columns:
        missing = "forbidden" if column.name == dataset.person else "allowed"
        type_ = "number" if column.kind == "number" else "text"
        rules.setdefault(column.name, {"type": type_, "missing": missing})
    body.setdefault("person", dataset.person)
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False)


def _column(proposal: Proposal, cells: Sequence[Cell], person: str, contract: Contract | None) -> Column:
    """Return a new column; the one that says whose row it is is core, whatever its numbers look like."""
    tier = Tier.CORE if proposal.column == person else proposal.tier
    return Column(proposal.column, proposal.semantic, _kind(proposal, cells, person, contract), tier)


def _person(proposals: Sequence[Proposal]) -> str:
    for semantic in IDENTIFIERS:
        found = [proposal.column for proposal in proposals if proposal.semantic == semantic]
        if len(found) == 1:
            return found[0]
    raise UsageInvalid("person_column_needed")


def _kind(proposal: Proposal, cells: Sequence[Cell], person: str, contract: Contract | None) -> Kind:
    if proposal.column == person:
        return "identifier"
    if contract is not None:
        return "number" if contract.rule(proposal.column).is_number else "text"
    if proposal.semantic != UNKNOWN and SEMANTICS[proposal.semantic].family in _IDENTIFYING:
        return "identifier"
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    return "number" if filled and all(map(_is_number, filled)) else "text"


def _is_number(cell: str) -> bool:
    """Say whether a cell is a number, and not a code of digits such as 007 or a very long one."""
    digits = cell.lstrip("+-")
    is_code = digits.isdigit() and (len(digits) > _MOST_DIGITS or (len(digits) > 1 and digits[0] == "0"))
    return not is_code and NUMBER.fullmatch(cell) is not None
