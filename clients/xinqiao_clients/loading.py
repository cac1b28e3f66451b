"""From a source to an adopted, graded version: read, classify, check, write, adopt."""

from dataclasses import dataclass

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.contract_text import new_contract
from xinqiao_clients.drafts import Wish, draft_catalogue, draft_contract
from xinqiao_clients.home import Home
from xinqiao_clients.importer import frame_of, import_frame
from xinqiao_clients.sources import Table
from xinqiao_clients.sources.edges import require_no_foot, require_no_title
from xinqiao_governance.catalogue import Dataset
from xinqiao_governance.classify import Proposal, classify, first_row
from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_governance.order import Spend
from xinqiao_governance.parse import require_clear


@dataclass(frozen=True)
class Given:
    """What the steward brings beside the data: a catalogue and a contract, or neither, and words instead.

    `named` says that somebody looked, and the first row does name the columns.
    """

    wish: Wish
    catalogue: Dataset | None = None
    contract: str | None = None
    named: bool = False


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
        dataset_id = given.catalogue.dataset_id if given.catalogue else given.wish.dataset
        home.require_budget(dataset_id, budget.cap, period=budget.period, year_cap=budget.year_cap)
        last = _last(home)
        contract = None if given.contract is None else new_contract(given.contract)
        require_no_foot(table)
        if contract is None:
            require_no_title(table)
            table.require_names()
        require_clear(table.header)
        if given.catalogue is not None:
            require_clear(column.name for column in given.catalogue.columns)
        # With a contract, its names come first: a header that lacks them may be somebody's data.
        frame = None if contract is None else frame_of(table, contract)
        if not (given.named or given.catalogue or contract):
            require_header(table)
        proposals = propose(table)
        dataset = given.catalogue or draft_catalogue(table, proposals, given.wish, last, contract)
        text = given.contract or draft_contract(dataset, last.contract if last else None)
        contract = contract or new_contract(text)
        frame = frame_of(table, contract) if frame is None else frame
        version = import_frame(frame, dataset=dataset, contract=contract, store=home.store, today=home.today)
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


def require_header(table: Table) -> None:
    """Refuse a table whose first row does not plainly name its columns: names are shown, and cells are not.

    Raises:
        DataInvalid: it looks like a title or like somebody's data, or nothing tells.
    """
    require_no_title(table)
    found = first_row(table.header, table.columns)
    if found != "names":
        raise DataInvalid("source_no_header" if found == "data" else "source_header_unclear")


def propose(table: Table) -> tuple[Proposal, ...]:
    """Return what the classifier makes of each column, by the table's own names."""
    return classify(zip(table.header, table.columns, strict=True))


def _last(home: Home) -> Adopted | None:
    try:
        return home.adopted
    except UsageInvalid:  # the first import
        return None
