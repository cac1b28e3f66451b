"""A promise of fresh data ends with its day: the gate hears it at the next order, and reads no row for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulators.enterprise import CAP, MODEL, NOW, Enterprise, HandCentre, dataset, found, table
from xinqiao_clients.adopted import Adopted
from xinqiao_clients.freshness import fresh_until
from xinqiao_clients.standing import standing_of
from xinqiao_governance.canonical import dumps
from xinqiao_governance.catalogue import Column, Tier
from xinqiao_governance.contract import ColumnRule, Contract
from xinqiao_governance.days import DAY_S, day_number
from xinqiao_governance.errors import WireInvalid

TODAY = NOW // DAY_S
CONTRACT = """\
dataset: staff
person: id
columns:
  id: {type: text, unique: true}
  age: {type: number}
  grade: {type: text, missing: allowed}
  pay: {type: number}
  seen: {type: date, missing: allowed, newest: within 30 days}
"""
SEEN = Column("seen", "seen", "text", Tier.CORE, confirmed_by="steward")


def day(number: int) -> str:
    return str(np.datetime64(number, "D"))


def adopt(enterprise: Enterprise, newest: int, contract: str = CONTRACT) -> None:
    """Every department imports a table whose newest row is of the day `newest`; one lies ahead."""
    for seed, site in enumerate(enterprise.sites):
        name = site.home.settings.name
        known = replace(dataset(name), columns=(*dataset(name).columns, SEEN))
        rows = table(seed)
        cells = [day(newest), None, "no day", day(newest - 400), day(TODAY + 300)] * (len(rows["id"]) // 5)
        rows["seen"] = np.array(cells, dtype=object)
        site.home.adopt(known, contract, site.home.store.write(known, rows), CAP, "steward")


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    enterprise = found(tmp_path, 3, model=MODEL)
    yield enterprise
    enterprise.close()


def reasons(enterprise: Enterprise) -> set[str]:
    return set(HandCentre(enterprise, enterprise.order()).propose().values())


def test_a_table_that_grows_old_is_refused_at_the_next_order(enterprise: Enterprise) -> None:
    adopt(enterprise, TODAY - 10)
    assert reasons(enterprise) == {"allowed"}
    enterprise.now[0] += 20 * DAY_S  # the last day
    assert all(site.home.contract_holds() for site in enterprise.sites)
    enterprise.now[0] += DAY_S
    assert reasons(enterprise) == {"contract_failed_gate"}
    adopt(enterprise, TODAY + 21)
    assert reasons(enterprise) == {"allowed"}


def test_the_gate_reads_no_row_to_know_it(enterprise: Enterprise) -> None:
    adopt(enterprise, TODAY - 10)
    site = enterprise.sites[0]
    for column in site.home.path.glob("store/*/*/*.xqc"):
        column.write_bytes(b"")
    assert standing_of(site.home).contract_holds
    enterprise.now[0] += 21 * DAY_S
    assert not standing_of(site.home).contract_holds


def test_it_is_known_after_a_restart(enterprise: Enterprise) -> None:
    adopt(enterprise, TODAY - 30)
    site = enterprise.reopen(enterprise.sites[0])
    assert site.home.contract_holds()
    enterprise.now[0] += DAY_S
    assert not site.home.contract_holds()
    enterprise.sites[0] = site


def test_what_was_old_when_it_came_never_holds(enterprise: Enterprise) -> None:
    adopt(enterprise, TODAY - 31)
    assert not enterprise.sites[0].home.contract_holds()


def test_the_strictest_promise_counts(enterprise: Enterprise) -> None:
    adopt(enterprise, TODAY - 10, CONTRACT.replace("within 30 days", "within 9 days"))
    assert not enterprise.sites[0].home.contract_holds()


def test_a_contract_without_such_a_promise_never_ends(enterprise: Enterprise) -> None:
    assert enterprise.sites[0].home.adopted.fresh_until is None
    enterprise.now[0] += 10_000 * DAY_S
    assert enterprise.sites[0].home.contract_holds()


def test_no_day_is_fresh_where_there_is_none() -> None:
    contract = Contract("d", "id", (ColumnRule("id", "text"), ColumnRule("seen", "date", newest_days=30)))
    assert fresh_until(contract, "seen", [], TODAY) < 0
    assert fresh_until(contract, "seen", [None, "x", day(TODAY + 1)], TODAY) < 0
    assert fresh_until(contract, "seen", [day(TODAY - 3), day(TODAY - 9)], TODAY) == TODAY + 27
    assert day_number(day(TODAY)) == TODAY


def test_the_day_is_sealed_with_what_was_adopted_and_earlier_forms_have_none(enterprise: Enterprise) -> None:
    adopt(enterprise, TODAY - 10)
    home = enterprise.sites[0].home
    assert Adopted.decode(home.adopted.encode()) == home.adopted
    body = {
        "v": 2,
        "number": 1,
        "dataset": home.dataset.to_json(),
        "contract": CONTRACT,
        "version": home.version.to_json(),
        "period": "lifetime",
    }
    assert Adopted.decode(dumps(body)).fresh_until is None
    for wrong in ({**body, "fresh_until": 1}, {**body, "v": 3}, {**body, "v": 3, "fresh_until": "x"}):
        with pytest.raises(WireInvalid):
            Adopted.decode(dumps(wrong))
