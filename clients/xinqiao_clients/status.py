"""What a steward sees of the department's book: budgets, jobs, confirmed departments, and what left."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from xinqiao_clients.alarms import ReconcileState, state_of
from xinqiao_clients.book import Book, Job
from xinqiao_clients.bridge import BRIDGE_EVENTS, Waiting
from xinqiao_clients.home import PERIOD, read_settings, require_databases
from xinqiao_clients.today import local_time
from xinqiao_governance.budget import Account, Limit, epsilon
from xinqiao_governance.canonical import Json, loads
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.messages import Language, say
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed

_NOTHING = Spend(0, 0)


@dataclass(frozen=True)
class JobLine:
    """One order that was ever proposed; `purpose` is None where this version cannot read it."""

    digest: str
    purpose: str | None
    state: str

    def line(self, language: Language) -> str:
        """Return a line for a person."""
        state = say(f"job_state_{self.state}", language)
        if self.purpose is None:
            return say("status_job_unreadable", language, order=self.digest[:16], state=state)
        return say("status_job", language, order=self.digest[:16], purpose=self.purpose, state=state)


@dataclass(frozen=True)
class Status:
    """The book in plain figures; `accounts` holds the budget of each period, by name.

    `unconfirmed` columns wait for a person, `requests` to lower one for a second person.
    """

    name: str
    accounts: tuple[Account, ...]
    peers: tuple[str, ...]
    jobs: tuple[JobLine, ...]
    left: Mapping[str, int]
    events: int
    waiting: Waiting
    reconciling: ReconcileState
    unconfirmed: int = 0
    requests: int = 0

    @property
    def cap(self) -> Spend:
        """The cap of the open period; zero without a dataset."""
        return self._open.lifetime.cap if self._open else _NOTHING

    @property
    def spent(self) -> Spend:
        """What the open period spent."""
        return self._open.lifetime.spent if self._open else _NOTHING

    @property
    def period(self) -> str:
        """The period whose people jobs use now."""
        return self._open.period if self._open else PERIOD

    def to_json(self) -> dict[str, Json]:
        """Return plain data. `left` is bytes that left; what a budget still gives is `remaining`."""
        return {
            "name": self.name,
            "period": self.period,
            "cap": self.cap.to_json(),
            "spent": self.spent.to_json(),
            "periods": [
                {"period": account.period, "open": account.open, **account.lifetime.to_json()}
                for account in self.accounts
            ],
            "year": _year_json(self._open),
            "peers": list(self.peers),
            "jobs": [{"order": j.digest, "purpose": j.purpose, "state": j.state} for j in self.jobs],
            "left": dict(self.left),
            "events": self.events,
            "pending_events": self.waiting.events,
            "pending_since": self.waiting.since,
            "core_until": self.waiting.until,
            "core_in_reach": self.waiting.in_bounds,
            "unconfirmed_columns": self.unconfirmed,
            "lowerings_waiting": self.requests,
            **self.reconciling.to_json(),
        }

    def lines(self, language: Language) -> list[str]:
        """Return lines for a person."""
        left = ", ".join(f"{say(f'report_kind_{kind}', language)} {size}" for kind, size in self.left.items())
        return [
            *self._budget_lines(language),
            *self._grading_lines(language),
            say("status_peers", language, count=len(self.peers), names=", ".join(self.peers) or "-"),
            say("status_left", language, left=left or "-"),
            say("status_events", language, events=self.events, pending=self.waiting.events),
            *self._bridge_lines(language),
            *self.reconciling.lines(language),
            *(job.line(language) for job in self.jobs),
        ]

    def _grading_lines(self, language: Language) -> list[str]:
        waiting = {"status_unconfirmed": self.unconfirmed, "status_lowerings": self.requests}
        return [say(code, language, count=count) for code, count in waiting.items() if count]

    def _bridge_lines(self, language: Language) -> list[str]:
        since, until = self.waiting.since, self.waiting.until
        if since is None or until is None:
            return []
        code = "status_bridge" if self.waiting.in_bounds else "status_bridge_ended"
        when = {"since": local_time(since), "until": local_time(until)}
        return [say(code, language, **when, most=BRIDGE_EVENTS)]

    @property
    def _open(self) -> Account | None:
        return next((account for account in self.accounts if account.open), None)

    def _budget_lines(self, language: Language) -> list[str]:
        if not self.accounts:
            return [say("status_no_budget", language, name=self.name)]
        lines = [
            say(
                "status_budget_open" if account.open else "status_budget",
                language,
                name=self.name,
                period=account.period,
                **_amounts(account.lifetime),
            )
            for account in self.accounts
        ]
        yearly = self.accounts[0].yearly
        if yearly is not None:
            year = str(self.accounts[0].year)
            lines.append(say("status_year", language, name=self.name, year=year, **_amounts(yearly)))
        return lines


def status(home: Path, clock: Callable[[], int] | None = None) -> Status:
    """Read the status of the home at `home`, for the year that `clock` (Unix seconds) says.

    Raises:
        UsageInvalid: there is no home.
        StoreDamaged: the book is missing or damaged.
    """
    settings = read_settings(home)
    require_databases(home)
    book = Book(home / "book.sqlite", bytes(32), clock or _now, create=False)
    try:
        unconfirmed, requests = book.grading()
        return Status(
            name=settings.name,
            accounts=book.accounts(),
            peers=tuple(sorted(book.peers().values())),
            jobs=tuple(_line(job) for job in book.jobs()),
            left=book.tally(),
            events=book.count_events(),
            waiting=book.waiting(),
            reconciling=state_of(book, (clock or _now)()),
            unconfirmed=unconfirmed,
            requests=requests,
        )
    finally:
        book.close()


def _amounts(limit: Limit) -> dict[str, str]:
    return {"spent": epsilon(limit.spent), "cap": epsilon(limit.cap), "remaining": epsilon(limit.left)}


def _year_json(account: Account | None) -> Json:
    if account is None or account.yearly is None:
        return None
    return {"year": account.year, **account.yearly.to_json()}


def _line(job: Job) -> JobLine:
    try:
        purpose = Signed.parse(loads(job.signed_order), Order).body.purpose
    except WireInvalid:
        purpose = None
    return JobLine(job.digest.hex(), purpose, job.state)


def _now() -> int:
    return int(time.time())
