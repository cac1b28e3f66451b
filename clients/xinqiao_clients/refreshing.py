"""The same source, read again on a schedule. A source that is gone or has other columns changes nothing.

Where the source lies and when it was last read stand in one file of the home, sealed: a URL may hold a
password. A schedule belongs to one import. What somebody imports by hand overtakes it: no source comes back
by itself over what a person put in its place.
"""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.drafts import Wish
from xinqiao_clients.home import REFRESH_LOCK, Home
from xinqiao_clients.loading import Budget, Given, load
from xinqiao_clients.sources import Source, Table, read_table
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import DataInvalid, StoreDamaged, UsageInvalid, VersionOther, XinqiaoError
from xinqiao_governance.parse import hex_bytes, integer, text, versioned_fields
from xinqiao_ledger.files import io_errors, locked, replace_file, version_errors

_FORM = 2
_FILE = "refresh"
_LABEL = "refresh"
_HOUR_S = 3_600
_DIGEST_BYTES = 32
_NOTHING_SEEN = bytes(_DIGEST_BYTES)

State = Literal["not_due", "unchanged", "imported"]


@dataclass(frozen=True)
class Schedule:
    """Read `source` every `hours` hours.

    Attributes:
        no_header: the source names no columns.
        number: the import that it belongs to; one more while that is under way.
        looked: when it was last read or tried, Unix seconds.
        seen: the digest of the table that was imported last (32 bytes).
        failed: the code of the last reading's error, or empty.
    """

    source: Source
    hours: int
    no_header: bool
    number: int
    looked: int
    seen: bytes
    failed: str = ""

    @property
    def due(self) -> int:
        """When it is to be read next, Unix seconds."""
        return self.looked + self.hours * _HOUR_S

    def is_due(self, now: int) -> bool:
        """Say whether to read at `now`; where the last reading lies ahead, the clock was wrong then."""
        return now >= self.due or now < self.looked

    def is_overtaken(self, adopted: Adopted) -> bool:
        """Say whether somebody imported by hand since: the source is read no more."""
        return self.number < adopted.number

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form, for the department's own disk and under its keys only."""
        return {
            "v": _FORM,
            "source": self.source.to_json(),
            "hours": self.hours,
            "no_header": int(self.no_header),
            "number": self.number,
            "looked": self.looked,
            "seen": self.seen.hex(),
            "failed": self.failed,
        }

    @classmethod
    def from_json(cls, value: Json) -> "Schedule":
        """Parse the canonical form; WireInvalid where it is not one."""
        names = ("v", "source", "hours", "no_header", "number", "looked", "seen", "failed")
        body = versioned_fields(value, _FORM, *names)
        return cls(
            source=Source.from_json(body["source"]),
            hours=integer(body, "hours", at_least=1),
            no_header=bool(integer(body, "no_header", at_least=0)),
            number=integer(body, "number", at_least=1),
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
    """Keep where the table in use was just imported from, to read it again every `hours` hours."""
    number = home.adopted.number
    schedule = Schedule(source.settled(), hours, no_header, number, home.clock(), table.digest)
    _keep(home, schedule)
    return schedule


@contextmanager
def by_hand(home: Home) -> Iterator[None]:
    """Keep refreshes out while a steward imports. A refresh that was killed before counts as not begun.

    Raises:
        StoreDamaged: the home cannot be locked.
    """
    with _turn(home):
        with suppress(StoreDamaged, VersionOther, UsageInvalid):  # unreadable, or nothing was imported yet
            schedule = schedule_of(home)
            if schedule is not None and schedule.number > home.adopted.number:
                _keep(home, _not_begun(schedule, home.adopted.number))
        yield


def stop(home: Home) -> bool:
    """Forget the schedule; False where there was none."""
    path = _path(home)
    with _turn(home), io_errors(path):  # else a refresh under way would write it back
        there = path.exists()
        path.unlink(missing_ok=True)
    return there


def refresh(home: Home, steward: str, *, now: bool = False) -> tuple[State, Schedule, Adopted]:
    """Read the source again if it is due (with `now` in any case), and import it if it changed.

    Raises:
        UsageInvalid: nothing is scheduled, or somebody imported by hand since.
        XinqiaoError: the source is gone, has other columns, or does not hold its contract: what was adopted
            stays in use, and the schedule keeps the error's code.
    """
    with _turn(home):
        schedule, adopted = schedule_of(home), home.adopted
        if schedule is None:
            raise UsageInvalid("refresh_none")
        if schedule.is_overtaken(adopted):
            raise UsageInvalid("refresh_overtaken")
        if schedule.number > adopted.number:
            schedule = _not_begun(schedule, adopted.number)
        if not now and not schedule.is_due(home.clock()):
            return "not_due", schedule, adopted
        tried = done = replace(schedule, looked=home.clock(), failed="")
        try:
            table = _read(schedule, adopted)
            changed = table.digest != schedule.seen
            done = replace(tried, seen=table.digest, number=adopted.number + changed)
            if changed:
                _keep(
                    home, done
                )  # before: whoever is killed right after it finds his own import, and goes on
                adopted = _load(home, table, steward)
        except XinqiaoError as error:
            _keep(home, replace(done if _may_stand(home, done) else tried, failed=error.code))
            raise
        _keep(home, done)
        return ("imported" if changed else "unchanged"), done, adopted


def _may_stand(home: Home, done: Schedule) -> bool:
    """Say whether an import that failed was adopted all the same, as far as the book tells."""
    try:
        return home.adopted.number == done.number
    except XinqiaoError:
        return True  # as after a kill: the next call sees


@contextmanager
def _turn(home: Home) -> Iterator[None]:
    """Wait until nobody else refreshes or imports by hand."""
    with ExitStack() as held:
        with io_errors(home.path):
            held.enter_context(locked(home.path / REFRESH_LOCK, fcntl.LOCK_EX))
        yield


def _not_begun(schedule: Schedule, number: int) -> Schedule:
    """Return the schedule as it stood before a refresh that was killed: due at once."""
    return replace(schedule, number=number, looked=0, seen=_NOTHING_SEEN)


def _read(schedule: Schedule, adopted: Adopted) -> Table:
    table = read_table(schedule.source)
    if schedule.no_header:
        table = table.without_header()
    table.require_names()
    wanted = {column.name for column in adopted.catalogue.columns}
    if set(table.header) != wanted:
        raise DataInvalid("refresh_columns_changed", count=len(wanted ^ set(table.header)))
    return table


def _load(home: Home, table: Table, steward: str) -> Adopted:
    dataset = home.dataset
    cap = home.book.cap(dataset.dataset_id, home.period)
    if cap is None:  # whoever adopted a table gave it one
        raise UsageInvalid("dataset_missing", path=str(home.path))
    wish = Wish(dataset.dataset_id, dataset.owner)
    return load(home, table, Given(wish, contract=home.adopted.contract, named=True), Budget(cap), steward)


def _keep(home: Home, schedule: Schedule) -> None:
    path = _path(home)
    with io_errors(path):
        replace_file(path, home.keys.wrap(_LABEL, dumps(schedule.to_json())))


def _path(home: Home) -> Path:
    return home.path / _FILE
