"""Which day it is where the department is: the one place that asks the machine's zone for it.

A contract speaks of days as people write them into a table, so "today" is theirs: by UTC a row of this
morning would lie in the future in China until eight o'clock, and data would grow old eight hours late.
"""

import time

from xinqiao_governance.days import days_of


def local_day(second: int) -> int:
    """Return the day of a Unix second in the machine's zone, in days since 1970-01-01."""
    there = time.localtime(second)
    return days_of(there.tm_year, there.tm_mon, there.tm_mday)
