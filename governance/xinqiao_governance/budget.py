"""A department's privacy budget: what one more look may cost, decided from what its book says.

The people of a dataset are cut into periods, each with a cap for as long as the dataset lives; a person
belongs to one period. A yearly cap, where the steward set one, adds the spends of all periods in a calendar
year (UTC). All amounts are (ε, δ) pairs that add up (basic composition: Dwork, Roth 2014, theorem 3.16).
"""

import re
from dataclasses import dataclass

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.order import Spend

LIFETIME = "lifetime"
"""The period of a dataset that was never cut into any."""

_PERIOD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_DAY_S = 86_400
_EPSILON_PLACES, _DELTA_PLACES = 6, 9


@dataclass(frozen=True)
class Limit:
    """One cap, and what counts against it."""

    cap: Spend
    spent: Spend

    @property
    def left(self) -> Spend:
        """What the cap still gives; nothing where it was lowered below what is spent."""
        return Spend(
            max(0, self.cap.epsilon_micro - self.spent.epsilon_micro),
            max(0, self.cap.delta_nano - self.spent.delta_nano),
        )

    def covers(self, spend: Spend) -> bool:
        """Say whether `spend` may be added."""
        return (self.spent + spend).within(self.cap)

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {"cap": self.cap.to_json(), "spent": self.spent.to_json(), "remaining": self.left.to_json()}


@dataclass(frozen=True)
class Account:
    """The budget of a dataset's period as it stands.

    Attributes:
        open: the period is the one whose people jobs use now; nothing is charged to another.
        lifetime: the period's own cap, and all that was ever spent on its people.
        year: the calendar year (UTC) that the book is in.
        yearly: the dataset's cap a year, and what all its periods spent in this one; None without a cap.
    """

    period: str
    open: bool
    lifetime: Limit
    year: int
    yearly: Limit | None

    @property
    def left(self) -> Spend:
        """The most that one more order may cost."""
        lefts = [limit.left for limit in self._limits]
        return Spend(min(left.epsilon_micro for left in lefts), min(left.delta_nano for left in lefts))

    def covers(self, spend: Spend) -> bool:
        """Say whether `spend` may be charged: the period is open and every cap holds it."""
        return self.open and all(limit.covers(spend) for limit in self._limits)

    @property
    def _limits(self) -> list[Limit]:
        return [self.lifetime] if self.yearly is None else [self.lifetime, self.yearly]


def present_year(now: int, begun: int | None) -> int:
    """Return the year that counts at Unix second `now`, where `begun` is the latest that was charged.

    A clock that was set back does not open an earlier year again.
    """
    year = year_of(now)
    return year if begun is None else max(year, begun)


def year_of(now: int) -> int:
    """Return the calendar year (UTC) of the Unix second `now`, 1970 or later."""
    day = max(0, now) // _DAY_S
    year = 1970 + day // 366  # never too late: no year is longer
    while day >= _first_day(year + 1):
        year += 1
    return year


def require_period(name: str) -> None:
    """Refuse what is no name of a period.

    Raises:
        UsageInvalid: it is not 1 to 32 letters, digits, points and dashes, a letter or digit first.
    """
    if not _PERIOD.fullmatch(name):
        raise UsageInvalid("period_invalid")


def require_not_raised(dataset: str, standing: Spend | None, wanted: Spend) -> None:
    """Refuse a cap above the one that stands.

    Raises:
        UsageInvalid: ε or δ is larger.
    """
    if standing is not None and not wanted.within(standing):
        raise UsageInvalid("cap_raised", dataset=dataset)


def epsilon(spend: Spend) -> str:
    """Return ε as an exact decimal."""
    return _decimal(spend.epsilon_micro, _EPSILON_PLACES)


def delta(spend: Spend) -> str:
    """Return δ as an exact decimal."""
    return _decimal(spend.delta_nano, _DELTA_PLACES)


def _decimal(units: int, places: int) -> str:
    whole, part = divmod(units, 10**places)
    return f"{whole}.{part:0{places}}".rstrip("0").rstrip(".")


def _first_day(year: int) -> int:
    """Return the first day of a year, counted from 1 January 1970."""
    before = year - 1
    leap_days = before // 4 - before // 100 + before // 400
    return 365 * (year - 1970) + leap_days - 477  # 477 leap days up to 1969
