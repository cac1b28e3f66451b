"""The same source, read again on a schedule. A source that is gone or has other columns changes nothing.

Where the source lies and when it was last read stand in one file of the home, sealed: a URL may hold a
password.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.drafts import Wish
from xinqiao_clients.home import Home
from xinqiao_clients.loading import Budget, Given, load
from xinqiao_clients.sources import Source, Table, read_table
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import DataInvalid, UsageInvalid, XinqiaoError
from xinqiao_governance.parse import hex_bytes, integer, text, versioned_fields
from xinqiao_ledger.files import io_errors, replace_file, version_errors

_FILE = "refresh"
_LABEL = "refresh"
_HOUR_S = 3_600
_DIGEST_BYTES = 32

State = Literal["not_due", "unchanged", "imported"]


@dataclass(frozen=True)
class Schedule:
    """Read `source` every `hours` hours.

    Attributes:
        no_header: the source names no columns.
        looked: when it was last read or tried, Unix seconds.
        seen: the digest of the table that was imported last (32 bytes).
        failed: the code of the last reading's error, or empty.
    """

    source: Source
    hours: int
    no_header: bool
    looked: int
    seen: bytes
    failed: str = ""

    @property
    def due(self) -> int:
        """When it is to be read next, Unix seconds."""
        return self.looked + self.hours * _HOUR_S

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form, for the department's own disk and under its keys only."""
        return {
            "v": 1,
            "source": self.source.to_json(),
            "hours": self.hours,
            "no_header": int(self.no_header),
            "looked": self.looked,
            "seen": self.seen.hex(),
            "failed": self.failed,
        }

    @classmethod
    def from_json(cls, value: Json) -> "Schedule":
        """Parse the canonical form; WireInvalid where it is not one."""
        names = ("v", "source", "hours", "no_header", "looked", "seen", "failed")
        body = versioned_fields(value, 1, *names)
        return cls(
            source=Source.from_json(body["source"]),
            hours=integer(body, "hours", at_least=1),
            no_header=bool(integer(body, "no_header", at_least=0)),
            looked=integer(body, "looked", at_least=0),
            seen=hex_bytes(body, "seen", length=_DIGEST_BYTES),
            failed=text(body, "failed"),
        )


def schedule_of(home: Home) -> Schedule | None:
    """Return the schedule of a home, if it has one.

    Raises:
        StoreDamaged: it was changed, or sealed under other keys.
        VersionOther: another version wrote it.
    """
    path = _path(home)
    if not path.exists():
        return None
    with io_errors(path):
        sealed = path.read_bytes()
    with version_errors(path):
        return Schedule.from_json(loads(home.keys.unwrap(_LABEL, sealed)))


def remember(home: Home, source: Source, hours: int, table: Table, *, no_header: bool) -> Schedule:
    """Keep where a table that was just imported came from, to read it again every `hours` hours."""
    schedule = Schedule(source.settled(), hours, no_header, home.clock(), table.digest)
    _keep(home, schedule)
    return schedule


def stop(home: Home) -> bool:
    """Forget the schedule; False where there was none."""
    path = _path(home)
    with io_errors(path):
        there = path.exists()
        path.unlink(missing_ok=True)
    return there


def refresh(home: Home, steward: str, *, now: bool = False) -> tuple[State, Schedule, Adopted]:
    """Read the source again if it is due (with `now` in any case), and import it if it changed.

    Raises:
        UsageInvalid: nothing is scheduled.
        XinqiaoError: the source is gone, has other columns, or does not hold its contract: what was adopted
            stays in use, and the schedule keeps the error's code.
    """
    schedule = schedule_of(home)
    if schedule is None:
        raise UsageInvalid("refresh_none")
    if not now and home.clock() < schedule.due:
        return "not_due", schedule, home.adopted
    tried = replace(schedule, looked=home.clock(), failed="")
    try:
        table = _read(schedule, home.adopted)
        changed = table.digest != schedule.seen
        adopted = _load(home, table, steward) if changed else home.adopted
    except XinqiaoError as error:
        _keep(home, replace(tried, failed=error.code))
        raise
    done = replace(tried, seen=table.digest)
    _keep(home, done)
    return ("imported" if changed else "unchanged"), done, adopted


def _read(schedule: Schedule, adopted: Adopted) -> Table:
    table = read_table(schedule.source)
    if schedule.no_header:
        table = table.without_header()
    wanted = {column.name for column in adopted.catalogue.columns}
    if set(table.header) != wanted or len(table.header) != len(wanted):
        raise DataInvalid("refresh_columns_changed", count=len(wanted ^ set(table.header)))
    return table


def _load(home: Home, table: Table, steward: str) -> Adopted:
    dataset = home.dataset
    cap = home.book.cap(dataset.dataset_id, home.period)
    if cap is None:  # whoever adopted a table gave it one
        raise UsageInvalid("dataset_missing", path=str(home.path))
    wish = Wish(dataset.dataset_id, dataset.owner)
    return load(home, table, Given(wish, contract=home.adopted.contract), Budget(cap), steward)


def _keep(home: Home, schedule: Schedule) -> None:
    path = _path(home)
    with io_errors(path):
        replace_file(path, home.keys.wrap(_LABEL, dumps(schedule.to_json())))


def _path(home: Home) -> Path:
    return home.path / _FILE
