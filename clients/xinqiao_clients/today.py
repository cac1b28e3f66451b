"""Days as people of this machine's zone count them: what is "today" in a contract, and on their screens."""

import time

from xinqiao_governance.days import DAY_S, days_of


def local_day(seconds: int) -> int:
    """Return the day of a moment (Unix seconds) in this machine's zone, in days since 1970-01-01.

    Where it is 7 in the morning in Beijing, it is still the day before in UTC, and rows of today lie ahead.
    """
    moment = time.localtime(seconds)
    return days_of(moment.tm_year, moment.tm_mon, moment.tm_mday)


def local_time(seconds: int) -> str:
    """Return a moment (Unix seconds) as people of this machine's zone write it."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def local_date(day: int) -> str:
    """Return a day (days since 1970-01-01) as people write it."""
    return time.strftime("%Y-%m-%d", time.gmtime(day * DAY_S))
