"""From a source to an adopted, graded version: read, classify, check, write, adopt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.contract_text import new_contract
from xinqiao_clients.drafts import Wish, draft_catalogue, draft_contract
from xinqiao_clients.home import Home
from xinqiao_clients.importer import frame_of, import_frame
from xinqiao_clients.sources import Table
from xinqiao_clients.store import Version
from xinqiao_governance.catalogue import Dataset
from xinqiao_governance.classify import Proposal, classify
from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_governance.order import Spend
from xinqiao_governance.parse import require_clear


@dataclass(frozen=True)
class Given:
    """What the steward brings beside the data: a catalogue and a contract, or neither, and words instead."""

    wish: Wish
    catalogue: Dataset | None = None
    contract: str | None = None


@dataclass(frozen=True)
class Budget:
    """What an import states of the budget; None is left as it stands."""

    cap: Spend
    period: str | None = None
    year_cap: Spend | None = None


def load(home: Home, table: Table, given: Given, budget: Budget, steward: str) -> Adopted:
    """Import `table` and return what is adopted then.

    Without a catalogue the classifier's proposals become one, of which no column is confirmed. Without a
    contract the one in use goes on, or the data's types make one.

    Raises:
        DataInvalid: the table, or what was given with it, does not hold together; nothing is adopted.
        UsageInvalid: the budget is raised; another dataset; nothing says whose rows they are.
        StoreDamaged: the disk fails.
    """
    with home.importing():
        return take_in(home, table, given, budget, steward)


def take_in(
    home: Home,
    table: Table,
    given: Given,
    budget: Budget,
    steward: str,
    *,
    before: Callable[[Version], None] | None = None,
) -> Adopted:
    """Import as `load` does, while the caller is importing; `before` hears which version is to be adopted.

    Raises as `load`, and whatever `before` does: nothing is adopted then.
    """
    dataset_id = given.catalogue.dataset_id if given.catalogue else given.wish.dataset
    home.require_budget(dataset_id, budget.cap, period=budget.period, year_cap=budget.year_cap)
    last = _last(home)
    contract = None if given.contract is None else new_contract(given.contract)
    if contract is None:
        table.require_names()
    require_clear(table.header)
    if given.catalogue is not None:
        require_clear(column.name for column in given.catalogue.columns)
    # With a contract, its names come first: a header that lacks them may be somebody's data.
    frame = None if contract is None else frame_of(table, contract)
    proposals = propose(table)
    dataset = given.catalogue or draft_catalogue(table, proposals, given.wish, last, contract)
    text = given.contract or draft_contract(dataset, last.contract if last else None)
    contract = contract or new_contract(text)
    frame = frame_of(table, contract) if frame is None else frame
    version = import_frame(frame, dataset=dataset, contract=contract, store=home.store, today=home.today)
    if before is not None:
        before(version)
    home.adopt(
        dataset,
        text,
        version,
        budget.cap,
        steward,
        period=budget.period,
        year_cap=budget.year_cap,
        proposals=proposals,
        stated=given.catalogue is not None,
    )
    return home.adopted


def propose(table: Table) -> tuple[Proposal, ...]:
    """Return what the classifier makes of each column, by the table's own names.

    Raises:
        DataInvalid: the first row is no header but somebody's data, as the classifier sees it.
    """
    proposals: Sequence[Proposal] = classify(list(zip(table.header, table.columns, strict=True)))
    if any(name and not proposal.column for name, proposal in zip(table.header, proposals, strict=True)):
        raise DataInvalid("source_no_header")
    return tuple(
        replace(proposal, column=name) for name, proposal in zip(table.header, proposals, strict=True)
    )


def _last(home: Home) -> Adopted | None:
    try:
        return home.adopted
    except UsageInvalid:  # the first import
        return None
