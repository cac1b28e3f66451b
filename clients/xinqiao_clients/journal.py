"""The department's own journal as its steward reads it, with the names that can still be opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from xinqiao_clients.graded import ACTIONS
from xinqiao_clients.home import Home
from xinqiao_clients.subjects import Actor
from xinqiao_clients.today import local_time
from xinqiao_governance.budget import epsilon
from xinqiao_governance.canonical import Json
from xinqiao_governance.messages import MESSAGES, Language, say, say_reason
from xinqiao_ledger.event import Event, Kind

_SHOWN = 16


@dataclass(frozen=True)
class Entry:
    """An event of the journal.

    Attributes:
        event: what it says to everybody.
        name: whose it is, as only this department can tell; None for a service, an erased person, and events
            that were written before names were sealed.
        logged: whether the log receipted it.
    """

    event: Event
    name: str | None
    logged: bool

    @property
    def erased(self) -> bool:
        """Say whether a person did it whose key is destroyed."""
        return self.event.sealed is not None and self.name is None

    def to_json(self) -> dict[str, Json]:
        """Return the event, and what this department alone knows of it."""
        return {**self.event.to_json(), "name": self.name, "erased": self.erased, "logged": self.logged}

    def line(self, language: Language) -> str:
        """Return a line for a person."""
        event = self.event
        graded = event.kind is Kind.CONFIRM and event.action in ACTIONS
        code = f"journal_action_{event.action}" if graded else f"journal_kind_{event.kind.value}"
        what = say(code, language)
        details = [what, *_details(event, language)]
        if not self.logged:
            details.append(say("journal_waiting", language))
        return f"{event.seq}  {local_time(event.time)}  {self._who(language)}: {'; '.join(details)}"

    def _who(self, language: Language) -> str:
        if self.erased:
            return say("journal_erased", language)
        unnamed = say("journal_service", language) if self.event.role == "service" else self.event.actor
        return self.name or unnamed


def journal(home: Home, first: int = 1, limit: int = -1) -> list[Entry]:
    """Return the events from sequence number `first`, at most `limit` of them (all, if it is negative).

    Raises:
        StoreDamaged: the book is damaged, or a sealed name is not its own event's.
    """
    people = home.subjects()
    return [Entry(event, _name(event, people), logged) for event, logged in home.book.journal(first, limit)]


def _name(event: Event, people: Sequence[Actor]) -> str | None:
    if event.sealed is None:
        return None
    found = (person for person in people if person.pseudonym(event.time) == event.actor)
    person = next(found, None)
    return None if person is None else person.open(event)


def _details(event: Event, language: Language) -> list[str]:
    found = []
    if event.kind is Kind.KEYS and f"journal_keys_{event.action}" in MESSAGES:
        found.append(say(f"journal_keys_{event.action}", language))
    if event.dataset is not None:
        found.append(say("journal_dataset", language, name=event.dataset))
    if event.kind is Kind.CONFIRM and event.columns and event.tier is not None:
        tier = say(f"grade_tier_{event.tier}", language)
        found.append(say("journal_column", language, semantic=", ".join(event.columns), tier=tier))
    if event.purpose is not None:
        found.append(say("journal_purpose", language, name=event.purpose))
    if event.job is not None:
        found.append(say("journal_job", language, job=event.job[:_SHOWN]))
    if event.step is not None:
        found.append(say("journal_step", language, step=event.step))
    if event.spend is not None:
        found.append(say("journal_spend", language, epsilon=epsilon(event.spend)))
    return [*found, *_verdict(event, language)]


def _verdict(event: Event, language: Language) -> list[str]:
    """Return the decision and its reason in words; the reason of an import is its period."""
    found = [] if event.decision is None else [say(f"journal_{event.decision}", language)]
    if event.reason is None or event.decision == "allow":
        return found
    if event.kind is Kind.IMPORT:
        return [*found, say("journal_period", language, name=event.reason)]
    ending = f"journal_reason_{event.reason}"
    said = say(ending, language) if ending in MESSAGES else say_reason(event.reason, language)
    return [*found, said]
