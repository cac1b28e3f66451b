"""What a steward sees of the department's book: budget, jobs, confirmed departments, and what left."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xinqiao_clients.book import Book
from xinqiao_clients.home import PERIOD, read_settings, require_databases
from xinqiao_governance.canonical import Json, loads
from xinqiao_governance.messages import Language, say
from xinqiao_governance.model_spec import MICRO
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed


@dataclass(frozen=True)
class JobLine:
    """One order that was ever proposed."""

    digest: str
    purpose: str
    state: str

    def line(self, language: Language) -> str:
        """Return a line for a person."""
        state = say(f"job_state_{self.state}", language)
        return say("status_job", language, order=self.digest[:16], purpose=self.purpose, state=state)


@dataclass(frozen=True)
class Status:
    """The book in plain figures. Without a dataset, cap and spent are zero."""

    name: str
    cap: Spend
    spent: Spend
    peers: tuple[str, ...]
    jobs: tuple[JobLine, ...]
    left: Mapping[str, int]
    events: int
    pending: int

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {
            "name": self.name,
            "cap": self.cap.to_json(),
            "spent": self.spent.to_json(),
            "peers": list(self.peers),
            "jobs": [{"order": j.digest, "purpose": j.purpose, "state": j.state} for j in self.jobs],
            "left": dict(self.left),
            "events": self.events,
            "pending_events": self.pending,
        }

    def lines(self, language: Language) -> list[str]:
        """Return lines for a person."""
        spent, cap = self.spent.epsilon_micro / MICRO, self.cap.epsilon_micro / MICRO
        left = ", ".join(f"{say(f'report_kind_{kind}', language)} {size}" for kind, size in self.left.items())
        return [
            say("status_budget", language, name=self.name, spent=f"{spent:g}", cap=f"{cap:g}"),
            say("status_peers", language, count=len(self.peers), names=", ".join(self.peers) or "-"),
            say("status_left", language, left=left or "-"),
            say("status_events", language, events=self.events, pending=self.pending),
            *(job.line(language) for job in self.jobs),
        ]


def status(home: Path) -> Status:
    """Read the status of the home at `home`.

    Raises:
        UsageInvalid: there is no home.
        StoreDamaged: the book is missing or damaged.
    """
    settings = read_settings(home)
    require_databases(home)
    book = Book(home / "book.sqlite", bytes(32), lambda: 0, create=False)
    try:
        dataset = book.capped_dataset() or ""
        return Status(
            name=settings.name,
            cap=book.cap(dataset, PERIOD) or Spend(0, 0),
            spent=book.spent(dataset, PERIOD),
            peers=tuple(sorted(book.peers().values())),
            jobs=tuple(_line(job.signed_order, job.state) for job in book.jobs()),
            left=book.tally(),
            events=book.count_events(),
            pending=book.count_pending(),
        )
    finally:
        book.close()


def _line(signed_order: bytes, state: str) -> JobLine:
    order = Signed.parse(loads(signed_order), Order).body
    return JobLine(order.digest.hex(), order.purpose, state)
