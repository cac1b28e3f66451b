"""Budgets: what a period and a year still give, exact to the last unit; calendar years beside an oracle."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from xinqiao_governance.budget import (
    Account,
    Limit,
    delta,
    epsilon,
    present_year,
    require_not_raised,
    require_period,
    year_of,
)
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.order import Spend

LIMIT = Limit(Spend(1_000, 100), Spend(900, 10))
ACCOUNT = Account("2026Q4", open=True, lifetime=LIMIT, year=2026, yearly=None)


def test_a_limit_covers_to_the_last_unit_of_both_parts() -> None:
    assert LIMIT.left == Spend(100, 90)
    assert LIMIT.covers(Spend(100, 90))
    assert not LIMIT.covers(Spend(101, 0))
    assert not LIMIT.covers(Spend(0, 91))


def test_a_cap_lowered_below_what_is_spent_leaves_nothing() -> None:
    lowered = replace(LIMIT, cap=Spend(5, 100))
    assert lowered.left == Spend(0, 90)
    assert not lowered.covers(Spend(0, 1))


def test_a_closed_period_pays_for_nothing() -> None:
    assert ACCOUNT.covers(Spend(1, 1))
    assert not replace(ACCOUNT, open=False).covers(Spend(1, 1))


def test_the_tighter_of_period_and_year_decides_in_each_part() -> None:
    both = replace(ACCOUNT, yearly=Limit(Spend(500, 50), Spend(450, 0)))
    assert both.left == Spend(50, 50)
    assert both.covers(Spend(50, 50))
    assert not both.covers(Spend(51, 0))
    assert not both.covers(Spend(0, 51))


def test_a_cap_may_be_set_and_lowered_but_not_raised() -> None:
    standing = Spend(10, 10)
    for wanted in (Spend(10, 10), Spend(9, 0)):
        require_not_raised("staff", standing, wanted)
    require_not_raised("staff", None, Spend(10**9, 10**9))
    for wanted in (Spend(11, 0), Spend(0, 11)):
        with pytest.raises(UsageInvalid, match="cap_raised"):
            require_not_raised("staff", standing, wanted)


@pytest.mark.parametrize("name", ["2026Q4", "lifetime", "a", "2026-10.intake", "x" * 32])
def test_names_of_periods(name: str) -> None:
    require_period(name)


@pytest.mark.parametrize("name", ["", " ", "2026 Q4", "../x", ".x", "-x", "第四季度", "x" * 33, "a\n", "a/b"])
def test_what_is_no_name_of_a_period(name: str) -> None:
    with pytest.raises(UsageInvalid, match="period_invalid"):
        require_period(name)


@pytest.mark.parametrize(
    "year", [1970, 1971, 1972, 1973, 1999, 2000, 2001, 2026, 2028, 2100, 2101, 2400, 9998]
)
def test_years_turn_where_the_calendar_turns_them(year: int) -> None:
    begins = datetime(year, 1, 1, tzinfo=UTC)
    for moment in (begins, begins + timedelta(seconds=1), datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)):
        assert year_of(int(moment.timestamp())) == moment.year


def test_every_day_of_two_centuries_has_its_year() -> None:
    day = datetime(1970, 1, 1, tzinfo=UTC)
    for number in range(365 * 200):
        assert year_of(number * 86_400) == (day + timedelta(days=number)).year


def test_a_clock_that_was_set_back_opens_no_earlier_year() -> None:
    in_2026 = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp())
    assert present_year(in_2026, None) == 2026
    assert present_year(in_2026, 2025) == 2026
    assert present_year(in_2026, 2027) == 2027
    assert present_year(-1, None) == 1970


@pytest.mark.parametrize(
    ("spend", "written"),
    [
        (Spend(0, 0), ("0", "0")),
        (Spend(1, 1), ("0.000001", "0.000000001")),
        (Spend(400_000, 10_000), ("0.4", "0.00001")),
        (Spend(1_234_567_891, 999_999_999), ("1234.567891", "0.999999999")),
        (Spend(10_000_000, 0), ("10", "0")),
    ],
)
def test_amounts_are_written_exactly(spend: Spend, written: tuple[str, str]) -> None:
    assert (epsilon(spend), delta(spend)) == written
