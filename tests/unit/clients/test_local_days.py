"""Today is the department's own day: east of Greenwich it begins before UTC's, west of it later."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulators.enterprise import CAP
from unit.clients.test_adopting import SETTINGS
from xinqiao_clients.drafts import Wish
from xinqiao_clients.home import Home
from xinqiao_clients.loading import Budget, Given, load
from xinqiao_clients.local_days import local_day
from xinqiao_clients.sources import Table
from xinqiao_governance.days import day_number
from xinqiao_governance.errors import DataInvalid

CHINA, UTC, PACIFIC = "CST-8", "UTC0", "PST8PDT,M3.2.0,M11.1.0"
LATE = 1_795_390_200  # 2026-11-22 23:30 UTC
CONTRACT = """\
dataset: staff
person: id
columns:
  id: {type: text}
  seen: {type: date, max: today, newest: within 1 day}
"""
Zone = Callable[[str], None]


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    def set_zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    with monkeypatch.context():
        yield set_zone
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "second", "day"),
    [
        (UTC, LATE, "2026-11-22"),
        (UTC, LATE + 1_800, "2026-11-23"),
        (CHINA, LATE, "2026-11-23"),
        (CHINA, LATE - 7 * 3_600 - 1_800, "2026-11-23"),  # midnight there
        (CHINA, LATE - 7 * 3_600 - 1_801, "2026-11-22"),
        (PACIFIC, LATE + 8 * 3_600, "2026-11-22"),
        (PACIFIC, 1_793_516_399, "2026-10-31"),  # clocks go back on the day that begins then
        (PACIFIC, 1_793_516_400 + 90_000 - 1, "2026-11-01"),  # of 25 hours
        (PACIFIC, 1_793_516_400 + 90_000, "2026-11-02"),
    ],
)
def test_a_day_is_where_the_machine_is(zone: Zone, name: str, second: int, day: str) -> None:
    zone(name)
    assert local_day(second) == day_number(day)


@pytest.mark.parametrize(("name", "today"), [(CHINA, 23), (UTC, 22), (PACIFIC, 22)])
def test_rows_of_today_are_taken_and_age_at_local_midnight(
    zone: Zone, tmp_path: Path, name: str, today: int
) -> None:
    zone(name)
    now = [LATE]
    home = Home.create(tmp_path / "home", SETTINGS, None, lambda: now[0])

    def take(day: int) -> None:
        table = Table(("id", "seen"), (("1", "2"), (f"2026-11-{day}", f"2026-11-{day}")))
        load(home, table, Given(Wish("staff", "north", "id"), contract=CONTRACT), Budget(CAP), "li")

    with pytest.raises(DataInvalid, match="contract_failed"):
        take(today + 1)
    with pytest.raises(DataInvalid, match="contract_failed"):
        take(today - 2)
    take(today - 1)
    take(today)
    last = day_number(f"2026-11-{today + 1}")
    assert home.adopted.fresh_until == last
    there = time.localtime(LATE)
    until_midnight = 86_400 - there.tm_hour * 3_600 - there.tm_min * 60 - there.tm_sec
    now[0] = LATE + until_midnight + 86_400 - 1
    assert home.contract_holds()
    now[0] += 1
    assert not home.contract_holds()
    home.close()
