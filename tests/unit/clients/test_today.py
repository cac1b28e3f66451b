"""What day it is where the department is."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.enterprise import PASSPHRASE
from unit.clients.test_adopting import SETTINGS
from xinqiao_clients.home import Home
from xinqiao_clients.today import local_date, local_day, local_time
from xinqiao_governance.days import days_of

MIDNIGHT = days_of(2026, 3, 1) * 86_400
SEVEN_IN_BEIJING = MIDNIGHT - 3_600


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "day", "shown"),
    [
        ("CST-8", days_of(2026, 3, 1), "2026-03-01 07:00"),
        ("UTC", days_of(2026, 2, 28), "2026-02-28 23:00"),
        ("EST5", days_of(2026, 2, 28), "2026-02-28 18:00"),
    ],
)
def test_a_day_begins_at_midnight_here(at: Callable[[str], None], zone: str, day: int, shown: str) -> None:
    at(zone)
    assert local_day(SEVEN_IN_BEIJING) == day
    assert local_time(SEVEN_IN_BEIJING) == shown
    assert local_date(day) == shown[:10]


def test_midnight_is_the_first_moment_of_the_day(at: Callable[[str], None]) -> None:
    at("CST-8")
    first = MIDNIGHT - 8 * 3_600
    assert (local_day(first - 1), local_day(first)) == (days_of(2026, 2, 28), days_of(2026, 3, 1))


def test_a_homes_today_is_the_departments(at: Callable[[str], None], tmp_path: Path) -> None:
    at("CST-8")
    with closing(Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, lambda: SEVEN_IN_BEIJING)) as home:
        assert home.today == days_of(2026, 3, 1)
