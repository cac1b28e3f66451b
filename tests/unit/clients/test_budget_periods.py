"""Periods of a home: own people, own budget, nobody in two; killed anywhere, opened whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
from simulators.kills import run_script
from xinqiao_clients.adopted import Adopted
from xinqiao_clients.home import Home, Settings
from xinqiao_clients.intake import require_disjoint, seal, tags_of, unseal
from xinqiao_clients.keys import Keys
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import DataInvalid, StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_governance.order import Spend
from xinqiao_ledger.event import Kind

SETTINGS = Settings("dept", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)
MORE = Spend(10 * CAP.epsilon_micro, 10 * CAP.delta_nano)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose period 2026Q3 holds the people of seed 1."""
    home = Home.create(Path(tmp_path_factory.mktemp("template")) / "home", SETTINGS, PASSPHRASE, lambda: NOW)
    load(home, 1, "2026Q3")
    home.close()
    return home


@pytest.fixture
def home(template: Home, tmp_path: Path) -> Iterator[Home]:
    shutil.copytree(template.path, tmp_path / "home")
    with opened(template, tmp_path / "home") as home:
        yield home


@contextmanager
def opened(template: Home, path: Path) -> Iterator[Home]:
    home = Home(path, SETTINGS, template.keys, lambda: NOW)
    try:
        yield home
    finally:
        home.close()


def load(
    home: Home,
    seed: int,
    period: str | None,
    *,
    people: int = 60,
    cap: Spend = CAP,
    year: Spend | None = None,
) -> int:
    """Import the people of a seed, who are nobody of another."""
    return put(home, table(seed, people), period, cap=cap, year=year)


def put(
    home: Home,
    columns: dict[str, NDArray],
    period: str | None,
    *,
    cap: Spend = CAP,
    year: Spend | None = None,
) -> int:
    with home.importing():
        version = home.store.write(dataset(), columns)
        return home.adopt(dataset(), CONTRACT, version, cap, "steward", period=period, year_cap=year)


def with_person(columns: dict[str, NDArray], id_: str) -> dict[str, NDArray]:
    ids = columns["id"].copy()
    ids[0] = id_
    return {**columns, "id": ids}


def reserve(home: Home, request: bytes, period: str, spend: Spend = CAP) -> bool:
    with home.book.transaction() as book:
        return book.reserve(request, "staff", period, spend)


# ---- a new period ------------------------------------------------------------------------------------


def test_a_new_period_has_its_own_cap_and_its_people_alone_are_used(home: Home) -> None:
    assert reserve(home, b"1", home.period)
    assert not reserve(home, b"2", home.period)
    assert load(home, 2, "2026Q4", cap=MORE) == 2
    assert (home.period, home.version.rows) == ("2026Q4", 60)
    assert home.book.cap("staff", "2026Q4") == MORE
    assert home.book.cap("staff", "2026Q3") == CAP
    assert reserve(home, b"2", home.period)
    assert not reserve(home, b"3", "2026Q3", Spend(1, 1))
    event = [event for event in home.book.events() if event.kind is Kind.IMPORT][-1]
    assert (event.reason, event.spend) == ("2026Q4", MORE)


def test_without_a_name_an_import_stays_in_the_open_period(home: Home) -> None:
    assert load(home, 1, None, people=70) == 2
    assert home.period == "2026Q3"


def test_a_home_whose_steward_names_no_period_has_one_for_life(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, lambda: NOW)
    load(home, 1, None)
    assert home.period == home.book.open_period("staff") == "lifetime"
    assert [event.reason for event in home.book.events()] == [None]
    home.close()


def test_a_period_can_be_entered_again_with_what_is_left_of_it(home: Home) -> None:
    assert reserve(home, b"1", "2026Q3", Spend(CAP.epsilon_micro - 5, 1))
    load(home, 2, "2026Q4")
    load(home, 1, "2026Q3")
    assert not reserve(home, b"2", home.period, Spend(6, 1))
    assert reserve(home, b"2", home.period, Spend(5, 1))


@pytest.mark.parametrize("name", ["", "2026 Q4", "../up", "x" * 33])
def test_a_bad_name_changes_nothing(home: Home, name: str) -> None:
    before = home.adopted
    with pytest.raises(UsageInvalid, match="period_invalid"):
        load(home, 2, name)
    assert home.adopted == before


# ---- nobody in two periods ---------------------------------------------------------------------------


@pytest.mark.parametrize("id_", ["p1-0", "P1-0", "ｐ１-0"])
def test_one_person_of_an_earlier_period_is_enough_to_refuse(home: Home, id_: str) -> None:
    """However the id is written."""
    before, events = home.adopted, home.book.count_events()
    with pytest.raises(DataInvalid, match="people_in_two_periods") as refused:
        put(home, with_person(table(2), id_), "2026Q4", cap=MORE)
    assert refused.value.fields == {"period": "2026Q4", "other": "2026Q3", "count": 1}
    assert (home.adopted, home.book.count_events()) == (before, events)
    assert home.book.cap("staff", "2026Q4") is None
    assert home.book.open_period("staff") == "2026Q3"
    assert home.contract_holds()
    assert len(list((home.path / "store" / "staff").iterdir())) == 1


def test_a_person_who_was_taken_out_still_belongs_to_his_period(home: Home) -> None:
    """What was spent on an earlier version was spent on him."""
    columns = table(1)
    put(home, {name: data[1:] for name, data in columns.items()}, "2026Q3")
    with pytest.raises(DataInvalid, match="people_in_two_periods"):
        put(home, with_person(table(2), "p1-0"), "2026Q4")


def test_a_later_period_keeps_its_people_from_an_earlier_one_too(home: Home) -> None:
    load(home, 2, "2026Q4")
    with pytest.raises(DataInvalid, match="people_in_two_periods"):
        put(home, with_person(table(1), "p2-3"), "2026Q3")
    load(home, 1, "2026Q3")


def test_every_earlier_period_is_asked(home: Home) -> None:
    load(home, 2, "2026Q4")
    with pytest.raises(DataInvalid, match="people_in_two_periods"):
        put(home, with_person(table(3), "p1-0"), "2027Q1")
    assert load(home, 3, "2027Q1") == 3


def test_a_period_of_an_earlier_program_does_not_know_its_people(home: Home) -> None:
    """Its earlier versions are gone: what they held cannot be proven, not by the last one either."""
    with home.book.transaction() as book:
        book._db.execute("DELETE FROM intake")
    load(home, 1, "2026Q3", people=50)
    with pytest.raises(UsageInvalid, match="period_unproven"):
        load(home, 2, "2026Q4")
    assert home.period == "2026Q3"


def test_tags_show_no_id_and_open_for_their_own_period_only(home: Home) -> None:
    load(home, 2, "2026Q4")
    with home.book.transaction() as book:
        sealed = book.intakes("staff")
    tags = unseal(home.keys, "staff", "2026Q3", sealed["2026Q3"])
    assert len(tags) == 60
    files = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    assert b"p1-0" not in files
    assert not any(tag in files for tag in tags)
    with pytest.raises(StoreDamaged):
        unseal(home.keys, "staff", "2026Q4", sealed["2026Q3"])
    with home.book.transaction() as book:
        book.put_intake("staff", "2026Q3", sealed["2026Q4"])
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        load(home, 3, "2027Q1")


def test_tags_are_the_homes_own() -> None:
    keys, others = Keys(bytes(32)), Keys(bytes([1] * 32))
    assert tags_of(keys, ["a", "b", "a"]) == tags_of(keys, ["B", "a"])
    assert not tags_of(keys, ["a", "b"]) & tags_of(others, ["a", "b"])
    assert unseal(keys, "staff", "p", seal(keys, "staff", "p", tags_of(keys, "abc"))) == tags_of(keys, "abc")
    require_disjoint(tags_of(keys, "abc"), "q", {"p": tags_of(keys, "def")})


def test_tags_of_a_wrong_length_are_damage() -> None:
    keys = Keys(bytes(32))
    with pytest.raises(StoreDamaged):
        unseal(keys, "staff", "p", keys.wrap("intake/staff/p", b"x" * 17))


# ---- caps --------------------------------------------------------------------------------------------


def test_no_cap_of_any_period_is_ever_raised(home: Home) -> None:
    load(home, 2, "2026Q4", year=CAP)
    for period in ("2026Q3", "2026Q4", None):
        with pytest.raises(UsageInvalid, match="cap_raised"):
            load(home, 1, period, cap=MORE)
    with pytest.raises(UsageInvalid, match="cap_raised"):
        load(home, 3, "2027Q1", year=MORE)
    assert home.book.year_cap("staff") == CAP
    load(home, 3, "2027Q1")  # a yearly cap stays where none is given
    assert home.book.year_cap("staff") == CAP
    load(home, 3, "2027Q1", year=Spend(1, 1))
    assert home.book.year_cap("staff") == Spend(1, 1)
    assert not reserve(home, b"1", home.period, Spend(2, 1))


def test_a_budget_is_refused_before_a_table_is_written(home: Home) -> None:
    load(home, 1, None, year=CAP)
    for settings, code in (
        ({"period": "2026 Q4"}, "period_invalid"),
        ({"year_cap": MORE}, "cap_raised"),
    ):
        with pytest.raises(UsageInvalid, match=code):
            home.require_budget("staff", CAP, **settings)
    with pytest.raises(UsageInvalid, match="cap_raised"):
        home.require_budget("staff", MORE)
    home.require_budget("staff", MORE, period="2026Q4")


# ---- forms, kills ------------------------------------------------------------------------------------


def test_what_an_earlier_program_adopted_belongs_to_the_lifetime(home: Home) -> None:
    adopted = home.adopted
    fields = {
        "v": 1,
        "number": 1,
        "dataset": adopted.dataset.to_json(),
        "contract": "contract",
        "version": adopted.version.to_json(),
    }
    assert Adopted.decode(dumps(fields)).period == "lifetime"
    for wrong in ({**fields, "period": "2026Q3"}, {**fields, "v": 2}, {**fields, "v": 3, "period": "x"}):
        with pytest.raises(WireInvalid):
            Adopted.decode(dumps(wrong))


_KILLED = """
    import sys
    from pathlib import Path
    from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
    from simulators.kills import kill_at_each
    from xinqiao_clients.home import Home

    def load(path, points):
        home = Home(path, opened.settings, opened.keys, lambda: NOW)
        version = home.store.write(dataset(), table(2, 70))
        home.book._db.set_trace_callback(points.reach)
        with home.importing():
            home.adopt(dataset(), CONTRACT, version, CAP, "steward", period="2026Q4", year_cap=CAP)
        points.reach()

    template, target = Path(sys.argv[1]), Path(sys.argv[2])
    opened = Home.open(template, PASSPHRASE)
    opened.close()
    kill_at_each(template, target, load)
"""


@pytest.mark.slow
def test_kill_9_between_any_two_statements_opens_a_period_wholly_or_not_at_all(
    template: Home, tmp_path: Path
) -> None:
    run_script(_KILLED, template.path, tmp_path)
    seen = []
    for left in range(1, 1 + len(list(tmp_path.iterdir()))):
        with opened(template, tmp_path / str(left)) as home:
            with home.book.transaction() as book:
                known = sorted(book.intakes("staff"))
            found = (home.period, home.book.open_period("staff"), home.version.rows, known)
            caps = (home.book.cap("staff", "2026Q4"), home.book.year_cap("staff"))
            if home.period == "2026Q3":
                assert (found, caps) == (("2026Q3", "2026Q3", 60, ["2026Q3"]), (None, None))
            else:
                assert (found, caps) == (("2026Q4", "2026Q4", 70, ["2026Q3", "2026Q4"]), (CAP, CAP))
            assert home.contract_holds()
            seen.append(home.period)
            assert load(home, 2, "2026Q4", people=71) == (2 if seen[-1] == "2026Q3" else 3)
    assert len(seen) > 10
    assert seen == sorted(seen)
    assert set(seen) == {"2026Q3", "2026Q4"}


def test_a_large_intake_is_quick() -> None:
    """100,000 ids in well under the patience of whoever waits for the book."""
    keys = Keys(bytes(32))
    people = tags_of(keys, np.arange(100_000).astype(str))
    assert len(people) == 100_000
    assert len(seal(keys, "staff", "p", people)) < 17 * 100_000


def test_another_person_column_is_no_way_to_a_fresh_budget(home: Home) -> None:
    """The same people under another of their numbers would not be known again."""
    columns = tuple(
        replace(column, kind="identifier", bins=None) if column.name == "grade" else column
        for column in dataset().columns
    )
    other = replace(dataset(), columns=columns, person="grade")
    people = {**table(3, 60), "grade": np.array([f"g{n}" for n in range(60)], dtype=object)}
    with home.importing():
        version = home.store.write(other, people)
        with pytest.raises(UsageInvalid, match="person_column_differs"):
            home.adopt(other, CONTRACT, version, CAP, "steward", period="2026Q4")
    assert home.period != "2026Q4"
