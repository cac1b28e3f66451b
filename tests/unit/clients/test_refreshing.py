"""A schedule belongs to one import: what a person imports ends it, and a kill in the middle does not."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import CAP, NOW
from unit.clients.test_adopting import SETTINGS
from xinqiao_clients import refreshing
from xinqiao_clients.adopted import Adopted
from xinqiao_clients.drafts import Wish
from xinqiao_clients.home import Home
from xinqiao_clients.inventory import inventory
from xinqiao_clients.loading import Budget, Given, load
from xinqiao_clients.refreshing import Begun, Schedule, refresh, remember, schedule_of, stop
from xinqiao_clients.sources import Source, read_table
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, VersionOther, WireInvalid
from xinqiao_governance.messages import LANGUAGES

GIVEN = Given(Wish("staff", "north", "工号"))


def write(path: Path, people: int) -> Source:
    lines = (f"{number:03},{20 + number % 40}" for number in range(people))
    path.write_text("\n".join(["工号,年龄", *lines]) + "\n", "utf-8")
    return Source(str(path))


def load_by_hand(home: Home, source: Source) -> Adopted:
    return load(home, read_table(source), GIVEN, Budget(CAP), "li")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home that reads `old.csv` every day."""
    home = Home.create(tmp_path / "home", SETTINGS, None, lambda: NOW)
    source = write(tmp_path / "old.csv", 30)
    table = read_table(source)
    remember(home, source, 24, table, load_by_hand(home, source), no_header=False)
    yield home
    home.close()


def rows_then(home: Home) -> tuple[int, int]:
    return home.adopted.number, home.adopted.version.rows


def test_it_goes_on_with_the_imports_that_it_makes_itself(home: Home, tmp_path: Path) -> None:
    for number, people in ((2, 31), (3, 32)):
        write(tmp_path / "old.csv", people)
        state, schedule, adopted = refresh(home, "li", now=True)
        assert (state, schedule.number, adopted.number) == ("imported", number, number)
        assert refresh(home, "li", now=True)[0] == "unchanged"
    assert rows_then(home) == (3, 32)


@pytest.mark.parametrize("people", [30, 31])
def test_an_import_by_hand_ends_it_and_the_old_source_is_not_read_again(
    home: Home, tmp_path: Path, people: int
) -> None:
    load_by_hand(home, write(tmp_path / "new.csv", 40))
    write(tmp_path / "old.csv", people)
    for now in (False, True):
        with pytest.raises(UsageInvalid, match="refresh_overtaken"):
            refresh(home, "li", now=now)
    assert rows_then(home) == (2, 40)
    shown = inventory(home)
    assert shown.to_json()["schedule"]["ended"] is True  # type: ignore[index,call-overload]
    for language in LANGUAGES:
        assert "2026" not in shown.lines(language)[-1]  # no next reading is promised
    source = write(tmp_path / "new.csv", 41)
    remember(home, source, 24, read_table(source), load_by_hand(home, source), no_header=False)
    assert refresh(home, "li", now=True)[0] == "unchanged"
    assert inventory(home).to_json()["schedule"]["ended"] is False  # type: ignore[index,call-overload]


def test_an_import_by_hand_while_it_reads_is_not_replaced(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = refreshing._read

    def slow(schedule: Schedule, adopted: Adopted) -> object:
        table = read(schedule, adopted)
        load_by_hand(home, write(tmp_path / "new.csv", 40))
        return table

    write(tmp_path / "old.csv", 31)
    monkeypatch.setattr(refreshing, "_read", slow)
    with pytest.raises(UsageInvalid, match="refresh_overtaken"):
        refresh(home, "li", now=True)
    assert rows_then(home) == (2, 40)


def killed_in(home: Home, function: str, calls: int) -> None:
    """Refresh in a child that is killed when it calls that function of `refreshing` for that time."""
    child = os.fork()
    if child == 0:
        real, count = getattr(refreshing, function), 0

        def die(*arguments: object) -> object:
            nonlocal count
            count += 1
            if count == calls:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments)

        setattr(refreshing, function, die)
        refresh(home, "li", now=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def test_killed_after_the_import_it_goes_on_and_imports_nothing_twice(home: Home, tmp_path: Path) -> None:
    write(tmp_path / "old.csv", 31)
    killed_in(home, "_keep", 2)
    assert rows_then(home) == (2, 31)
    schedule = schedule_of(home)
    assert schedule is not None
    assert schedule.belongs_to(home.adopted)
    assert refresh(home, "li", now=True)[0] == "unchanged"
    assert rows_then(home) == (2, 31)
    write(tmp_path / "old.csv", 32)
    assert refresh(home, "li", now=True)[0] == "imported"


def test_killed_before_the_import_it_is_made_later(home: Home, tmp_path: Path) -> None:
    write(tmp_path / "old.csv", 31)
    killed_in(home, "_keep", 1)
    assert rows_then(home) == (1, 30)
    assert refresh(home, "li", now=True)[0] == "imported"
    assert rows_then(home) == (2, 31)


def test_killed_before_the_import_one_by_hand_still_ends_it(home: Home, tmp_path: Path) -> None:
    schedule = schedule_of(home)
    assert schedule is not None
    refreshing._keep(home, replace(schedule, begun=Begun(b"\1" * 32, b"\2" * 32)))  # written, never adopted
    load_by_hand(home, write(tmp_path / "new.csv", 40))
    with pytest.raises(UsageInvalid, match="refresh_overtaken"):
        refresh(home, "li", now=True)


def test_what_was_begun_is_kept_where_the_end_of_it_is_unknown(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit whose flush failed may turn out to stand."""

    def stands(*_: object, **__: object) -> int:
        raise StoreDamaged("book_unusable")

    write(tmp_path / "old.csv", 31)
    monkeypatch.setattr(Home, "adopt", stands)
    with pytest.raises(StoreDamaged):
        refresh(home, "li", now=True)
    schedule = schedule_of(home)
    assert schedule is not None
    assert schedule.begun is not None
    assert schedule.failed == "book_unusable"
    adopted = replace(home.adopted, number=2, version=replace(home.version, digest=schedule.begun.version))
    settled = schedule.settled(adopted)
    assert settled.belongs_to(adopted)
    assert (settled.seen, settled.failed, settled.begun) == (schedule.begun.table, "", None)


def test_the_first_form_belongs_to_no_import(home: Home) -> None:
    schedule = schedule_of(home)
    assert schedule is not None
    body = {name: value for name, value in schedule.to_json().items() if name not in ("number", "begun")}
    first = dumps({**body, "v": 1})
    assert not Schedule.from_json(loads(first)).belongs_to(home.adopted)
    refreshing.replace_file(home.path / "refresh", home.keys.wrap("refresh", first))
    with pytest.raises(UsageInvalid, match="refresh_overtaken"):
        refresh(home, "li", now=True)
    assert stop(home)
    assert not stop(home)


def test_what_is_kept_reads_back_and_nothing_else_does() -> None:
    schedule = Schedule(Source("a.csv"), 24, False, 7, b"\1" * 32, 3, "x", Begun(b"\2" * 32, b"\3" * 32))
    body = schedule.to_json()
    assert Schedule.from_json(loads(dumps(body))) == schedule
    for wrong in ({"number": 0}, {"number": None}, {"begun": {}}, {"begun": 1}, {"v": 1}, {"v": True}):
        with pytest.raises(WireInvalid):
            Schedule.from_json({**body, **wrong})  # type: ignore[dict-item]
    for version in (0, 3):
        with pytest.raises(VersionOther):
            Schedule.from_json({"v": version})
