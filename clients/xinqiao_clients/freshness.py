"""Until when a table is fresh: found once, when it is adopted, so that later no row is read to know it."""

from collections.abc import Iterable

from xinqiao_governance.contract import Contract
from xinqiao_governance.days import day_number


def dated_columns(contract: Contract) -> list[str]:
    """Return the columns for which `contract` promises how old their newest day is at most."""
    return [rule.name for rule in contract.columns if rule.newest_days is not None]


def fresh_until(contract: Contract, column: str, cells: Iterable[object], today: int) -> int:
    """Return the last day on which `column` keeps that promise; all days count from 1970-01-01.

    A day after `today` is a slip or a plan: it makes nothing fresh. Without any day the table never was.
    """
    days = (day_number(cell) for cell in set(cells) if isinstance(cell, str))
    newest = max((day for day in days if day is not None and day <= today), default=None)
    return -1 if newest is None else newest + (contract.rule(column).newest_days or 0)
