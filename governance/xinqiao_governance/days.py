"""Days as people write them, and as numbers that can be compared: days since 1970-01-01, as Unix counts.

No clock and no zone: whoever asks about "today" brings the day.
"""

import re

DAY_S = 86_400
FIRST_YEAR, LAST_YEAR = 1900, 2099

_FORMS = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
    r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?"
)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day_number(text: str) -> int | None:
    """Return the day that `text` writes, a time of day left aside; None where it writes none.

    Year first, as in ISO 8601 and in Chinese: 2023-01-31, 20230131, 2023/1/31, 2023.1.31, 2023年1月31日.
    Forms that begin with day or month are read in two ways in two countries, so they are not read.
    """
    found = _FORMS.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    return days_of(year, month, day) if _exists(year, month, day) else None


def days_of(year: int, month: int, day: int) -> int:
    """Return the day number of a date that exists (proleptic Gregorian calendar)."""
    shifted = year - (month < 3)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400 + day_of_year - 719_468


def _exists(year: int, month: int, day: int) -> bool:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return False
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _MONTH_DAYS[month - 1] + leap
