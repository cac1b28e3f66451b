"""The same source, read again on a schedule. A source that is gone or has other columns changes nothing.

Where the source lies and when it was last read stand in one file of the home, sealed: a URL may hold a
password. A schedule belongs to one import, and goes on with those that it makes itself: what a person imports
in between ends it, for else it would go back to a source that they left. A reading notes what it is about to
adopt before it does, so that one that is killed in between neither ends the schedule nor imports twice.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.drafts import Wish
from xinqiao_clients.home import Home
from xinqiao_clients.loading import Budget, Given, take_in
from xinqiao_clients.sources import Source, Table, read_table
from xinqiao_clients.store import Version
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import DataInvalid, UsageInvalid, XinqiaoError
from xinqiao_governance.parse import fields_of, hex_bytes, integer, mapping, require_version, text
from xinqiao_ledger.files import io_errors, replace_file, version_errors

_FILE = "refresh"
_LABEL = "refresh"
_FORM = 2
_FIELDS = ("v", "source", "hours", "no_header", "looked", "seen", "failed")
_ADDED = ("number", "begun")
_HOUR_S = 3_600
_DIGEST_BYTES = 32

State = Literal["not_due", "unchanged", "imported"]


@dataclass(frozen=True)
class Begun:
    """What a reading was about to adopt: digests (32 bytes) of the written version, and of its table."""

    version: bytes
    table: bytes

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"version": self.version.hex(), "table": self.table.hex()}

    @classmethod
    def from_json(cls, value: Json) -> "Begun":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "version", "table")
        version, table = (hex_bytes(body, name, length=_DIGEST_BYTES) for name in ("version", "table"))
        return cls(version, table)


@dataclass(frozen=True)
class Schedule:
    """Read `source` every `hours` hours.

    Attributes:
        no_header: the source names no columns.
        looked: when it was last read or tried, Unix seconds.
        seen: the digest of the table that was imported last (32 bytes).
        number: the import that it belongs to; 0 where nobody noted it.
        failed: the code of the last reading's error, or empty.
        begun: what the last reading was about to adopt, if its end was not noted.
    """

    source: Source
    hours: int
    no_header: bool
    looked: int
    seen: bytes
    number: int
    failed: str = ""
    begun: Begun | None = None

    @property
    def due(self) -> int:
        """When it is to be read next, Unix seconds."""
        return self.looked + self.hours * _HOUR_S

    def belongs_to(self, adopted: Adopted) -> bool:
        """Say whether what is in use was imported by it, or with it, and by nobody else since."""
        return self.number == adopted.number

    def settled(self, adopted: Adopted) -> "Schedule":
        """Return the schedule as it stands if the reading that was begun did adopt its version."""
        if self.begun is None or self.begun.version != adopted.version.digest:
            return self
        return replace(self, seen=self.begun.table, number=adopted.number, failed="", begun=None)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form, for the department's own disk and under its keys only."""
        return {
            "v": _FORM,
            "source": self.source.to_json(),
            "hours": self.hours,
            "no_header": int(self.no_header),
            "looked": self.looked,
            "seen": self.seen.hex(),
            "failed": self.failed,
            "number": self.number,
            "begun": None if self.begun is None else self.begun.to_json(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "Schedule":
        """Parse the canonical form; the first one knew no import, so it belongs to none.

        Raises:
            VersionOther: another version of the program wrote it, and not in an earlier form.
            WireInvalid: it is no schedule.
        """
        body = mapping(value)
        bound = integer(body, "v") != 1
        if bound:
            require_version(body, _FORM)
        fields_of(body, *_FIELDS, *(_ADDED if bound else ()))
        begun = body.get("begun")
        return cls(
            source=Source.from_json(body["source"]),
            hours=integer(body, "hours", at_least=1),
            no_header=bool(integer(body, "no_header", at_least=0)),
            looked=integer(body, "looked", at_least=0),
            seen=hex_bytes(body, "seen", length=_DIGEST_BYTES),
            number=integer(body, "number", at_least=1) if bound else 0,
            failed=text(body, "failed"),
            begun=None if begun is None else Begun.from_json(begun),
        )


def schedule_of(home: Home) -> Schedule | None:
    """Return the schedule of a home, if it has one; whether it still counts says `belongs_to`.

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
        schedule = Schedule.from_json(loads(home.keys.unwrap(_LABEL, sealed)))
    return schedule if schedule.begun is None else schedule.settled(home.adopted)


def remember(
    home: Home, source: Source, hours: int, table: Table, adopted: Adopted, *, no_header: bool
) -> Schedule:
    """Keep where the table of the import `adopted` came from, to read it again every `hours` hours."""
    schedule = Schedule(source.settled(), hours, no_header, home.clock(), table.digest, adopted.number)
    with home.importing():  # a reading may be at work that began before
        _keep(home, schedule)
    return schedule


def stop(home: Home) -> bool:
    """Forget the schedule; False where there was none."""
    path = _path(home)
    with home.importing(any_age=True), io_errors(path):
        there = path.exists()
        path.unlink(missing_ok=True)
    return there


def refresh(home: Home, steward: str, *, now: bool = False) -> tuple[State, Schedule, Adopted]:
    """Read the source again if it is due (with `now` in any case), and import it if it changed.

    Raises:
        UsageInvalid: nothing is scheduled, or a person imported since, which ended it.
        XinqiaoError: the source is gone, has other columns, or does not hold its contract: what was adopted
            stays in use, and the schedule keeps the error's code.
    """
    schedule = _standing(home)
    if not now and home.clock() < schedule.due:
        return "not_due", schedule, home.adopted
    try:
        table = _read(schedule, home.adopted)
    except XinqiaoError as error:
        with home.importing():
            _note_failure(home, _unchanged(home, schedule), error)
        raise
    with home.importing():  # while it was read, a person may have imported, or another reading ended
        schedule = _unchanged(home, schedule)
        done = replace(schedule, looked=home.clock(), seen=table.digest, failed="", begun=None)
        if table.digest == schedule.seen:
            _keep(home, done)
            return "unchanged", done, home.adopted
        try:
            adopted = _take_in(home, table, schedule, steward)
        except XinqiaoError as error:
            # Not `schedule`: a commit whose flush failed may turn out to stand after a restart.
            _note_failure(home, _standing(home), error)
            raise
        done = replace(done, number=adopted.number)
        _keep(home, done)
    return "imported", done, adopted


def _standing(home: Home) -> Schedule:
    schedule = schedule_of(home)
    if schedule is None:
        raise UsageInvalid("refresh_none")
    if not schedule.belongs_to(home.adopted):
        raise UsageInvalid("refresh_overtaken")
    return schedule


def _unchanged(home: Home, schedule: Schedule) -> Schedule:
    if _standing(home) != schedule:
        raise UsageInvalid("refresh_overtaken")
    return schedule


def _note_failure(home: Home, schedule: Schedule, error: XinqiaoError) -> None:
    _keep(home, replace(schedule, looked=home.clock(), failed=error.code))


def _read(schedule: Schedule, adopted: Adopted) -> Table:
    table = read_table(schedule.source)
    if schedule.no_header:
        table = table.without_header()
    wanted = {column.name for column in adopted.catalogue.columns}
    if set(table.header) != wanted or len(table.header) != len(wanted):
        raise DataInvalid("refresh_columns_changed", count=len(wanted ^ set(table.header)))
    return table


def _take_in(home: Home, table: Table, schedule: Schedule, steward: str) -> Adopted:
    dataset = home.dataset
    cap = home.book.cap(dataset.dataset_id, home.period)
    if cap is None:  # whoever adopted a table gave it one
        raise UsageInvalid("dataset_missing", path=str(home.path))
    given = Given(Wish(dataset.dataset_id, dataset.owner), contract=home.adopted.contract)

    def begin(version: Version) -> None:
        _keep(home, replace(schedule, begun=Begun(version.digest, table.digest)))

    return take_in(home, table, given, Budget(cap), steward, before=begin)


def _keep(home: Home, schedule: Schedule) -> None:
    path = _path(home)
    with io_errors(path):
        replace_file(path, home.keys.wrap(_LABEL, dumps(schedule.to_json())))


def _path(home: Home) -> Path:
    return home.path / _FILE
