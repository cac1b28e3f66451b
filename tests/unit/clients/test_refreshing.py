"""A source read again on a schedule: killed anywhere, it neither ends the schedule nor goes back unseen."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.enterprise import CAP, NOW, PASSPHRASE
from unit.clients.test_adopting import SETTINGS
from xinqiao_clients import refreshing
from xinqiao_clients.drafts import Wish
from xinqiao_clients.home import Home
from xinqiao_clients.inventory import inventory
from xinqiao_clients.loading import Budget, Given, load
from xinqiao_clients.refreshing import by_hand, refresh, remember, schedule_of, stop
from xinqiao_clients.sources import Source, read_table
from xinqiao_governance.errors import DataInvalid, StoreDamaged, UsageInvalid
from xinqiao_governance.messages import LANGUAGES

ROWS = ["工号,年龄", *(f"E{n:04d},{20 + n % 40}" for n in range(60))]


class Killed(BaseException):
    """The process ends here: nothing catches it, and nothing after it runs."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, lambda: NOW)
    take(home, source(tmp_path, 60), every=24)
    yield home
    home.close()


def source(folder: Path, rows: int) -> Source:
    path = folder / "staff.csv"
    path.write_text("\n".join(ROWS[: rows + 1]), "utf-8")
    return Source(str(path))


def take(home: Home, source: Source, *, every: int | None = None) -> int:
    """Import by hand, as the command does."""
    table = read_table(source)
    with by_hand(home):
        wish = Wish("staff", "hr", person="工号")
        number = load(home, table, Given(wish), Budget(CAP), "li").number
        if every is not None:
            remember(home, source, every, table, no_header=False)
    return number


def kill(home: Home, monkeypatch: pytest.MonkeyPatch, *, after_the_import: bool) -> None:
    def stop(*given: object, **named: object) -> object:
        if after_the_import:
            load(*given, **named)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(refreshing, "load", stop)
        with pytest.raises(Killed):
            refresh(home, "li", now=True)


def test_killed_before_the_import_it_is_done_at_once_the_next_time(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source(tmp_path, 50)
    kill(home, monkeypatch, after_the_import=False)
    state, schedule, adopted = refresh(home, "li")  # due, though it was looked at this very moment
    assert (state, adopted.number, schedule.number, adopted.version.rows) == ("imported", 2, 2, 50)


def test_killed_after_the_import_it_is_not_done_twice(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source(tmp_path, 50)
    kill(home, monkeypatch, after_the_import=True)
    state, schedule, adopted = refresh(home, "li", now=True)
    assert (state, adopted.number, schedule.number) == ("unchanged", 2, 2)


@pytest.mark.parametrize("after_the_import", [False, True])
def test_killed_and_then_by_hand_it_is_overtaken(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after_the_import: bool
) -> None:
    source(tmp_path, 50)
    kill(home, monkeypatch, after_the_import=after_the_import)
    (tmp_path / "other").mkdir()
    number = take(home, source(tmp_path / "other", 40))
    with pytest.raises(UsageInvalid, match="refresh_overtaken"):
        refresh(home, "li", now=True)
    assert home.adopted.number == number
    assert home.version.rows == 40


def test_killed_and_then_failed_the_table_is_still_read(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source(tmp_path, 50)
    kill(home, monkeypatch, after_the_import=False)
    kept = (tmp_path / "staff.csv").rename(tmp_path / "away.csv")
    with pytest.raises(DataInvalid):
        refresh(home, "li", now=True)
    kept.rename(tmp_path / "staff.csv")
    assert refresh(home, "li", now=True)[0] == "imported"


def test_a_damaged_schedule_is_in_nobodys_way(home: Home, tmp_path: Path) -> None:
    (home.path / "refresh").write_bytes(b"{}")
    assert take(home, source(tmp_path, 40), every=1) == 2
    found = schedule_of(home)
    assert found is not None
    assert found.number == 2


def test_a_schedule_that_is_stopped_meanwhile_stays_stopped(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = threading.Thread(target=stop, args=(home,))

    def slow(*given: object, **named: object) -> object:
        stopping.start()
        stopping.join(0.3)
        return load(*given, **named)  # type: ignore[arg-type]

    source(tmp_path, 50)
    monkeypatch.setattr(refreshing, "load", slow)
    assert refresh(home, "li", now=True)[0] == "imported"
    stopping.join(30)
    assert not stopping.is_alive()
    assert schedule_of(home) is None


def test_a_clock_that_was_ahead_once_does_not_end_a_schedule(tmp_path: Path) -> None:
    now = [NOW]
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, lambda: now[0])
    take(home, source(tmp_path, 60), every=24)
    now[0] += 10 * 365 * 86_400
    assert refresh(home, "li")[0] == "unchanged"
    now[0] = NOW + 3_600
    assert refresh(home, "li")[0] == "unchanged"
    assert refresh(home, "li")[0] == "not_due"
    home.close()


def test_an_import_that_stands_though_it_failed_is_the_schedules_own(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*given: object, **named: object) -> object:
        load(*given, **named)  # type: ignore[arg-type]
        raise StoreDamaged("store_io", path="x", detail="x")  # tidying up after it

    source(tmp_path, 50)
    with monkeypatch.context() as patched:
        patched.setattr(refreshing, "load", fails)
        with pytest.raises(StoreDamaged):
            refresh(home, "li", now=True)
    assert home.version.rows == 50
    source(tmp_path, 40)
    assert refresh(home, "li", now=True)[0] == "imported"


def test_a_column_given_twice_is_said(home: Home, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text("工号,年龄,年龄\nE1,30,30\n", "utf-8")
    with pytest.raises(DataInvalid, match="source_header_twice"):
        refresh(home, "li", now=True)


def test_a_schedule_that_cannot_be_read_hides_no_catalogue(home: Home) -> None:
    (home.path / "refresh").write_bytes(b"{}")
    found = inventory(home)
    assert found.to_json()["schedule"] == {"unreadable": True}
    for language in LANGUAGES:
        assert "60" in found.lines(language)[0]
        assert "--stop" in found.lines(language)[-1]


def test_data_that_grew_too_old_stays_so_when_the_clock_is_set_back(tmp_path: Path) -> None:
    now = [NOW]
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, lambda: now[0])
    now[0] += 5 * 86_400
    late = home.today
    home.note("li", "rotate")
    now[0] -= 4 * 86_400
    assert home.today == late
    home.close()
