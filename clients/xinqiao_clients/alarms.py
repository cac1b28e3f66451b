"""What a steward sees of reconciling: how far the journal was found in the log, and what contradicted it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from xinqiao_clients.book import Alarm, Book, Position
from xinqiao_clients.home import Home
from xinqiao_governance.canonical import Json, loads
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say
from xinqiao_ledger.event import Event

_OVERDUE_S = 2 * 86_400


@dataclass(frozen=True)
class ReconcileState:
    """How far the journal was found in the log, what contradicted it, and whether it waits too long."""

    position: Position | None
    alarms: tuple[Alarm, ...]
    overdue: bool

    def to_json(self) -> dict[str, Json]:
        """Return plain data, with the evidence of each alarm."""
        position = self.position
        return {
            "reconciled": None
            if position is None
            else {"seq": position.seq, "size": position.size, "time": position.time},
            "overdue": self.overdue,
            "alarms": [_alarm_json(alarm) for alarm in self.alarms],
        }

    def lines(self, language: Language) -> list[str]:
        """Return lines for a person."""
        late = say("status_overdue", language) if self.overdue else ""
        if self.position is None:
            first = say("status_never_reconciled", language, overdue=late)
        else:
            at = _shown(self.position.time)
            fields: dict[str, str | int] = {"seq": self.position.seq, "size": self.position.size}
            first = say("status_reconciled", language, time=at, overdue=late, **fields)
        return [first, *self.alarm_lines(language)]

    def alarm_lines(self, language: Language) -> list[str]:
        """Return a line for each alarm, and what to keep as evidence."""
        lines = [_alarm_line(alarm, language) for alarm in self.alarms]
        return [*lines, say("alarm_evidence", language)] if lines else []


def state_of(book: Book, now: int) -> ReconcileState:
    """Return what a steward should know, at the time `now` (Unix seconds)."""
    position = book.reconciled()
    waiting = book.leaves(position.seq if position else 0, 1)
    since = [Event.decode(leaf).time for leaf in waiting.values()]
    since += [position.time] if position else []
    overdue = bool(waiting) and now - max(since) > _OVERDUE_S
    return ReconcileState(position, tuple(book.alarms()), overdue)


def acknowledge(home: Home, alarm: int, steward: str) -> None:
    """Note that the steward looked into an alarm; core data is used again when none waits.

    Raises:
        UsageInvalid: there is no such alarm that waits.
    """
    with home.book.transaction() as book:
        if not book.acknowledge(alarm, home.acting(book, steward).pseudonym(home.clock())):
            raise UsageInvalid("alarm_unknown", id=alarm)


def _alarm_json(alarm: Alarm) -> dict[str, Json]:
    return {
        "id": alarm.id,
        "code": alarm.code,
        "seq": alarm.seq,
        "time": alarm.time,
        "receipt": None if alarm.receipt is None else loads(alarm.receipt),
        "seen": alarm.seen,
        "said": loads(alarm.said),
        "acknowledged": alarm.acknowledged,
    }


def _alarm_line(alarm: Alarm, language: Language) -> str:
    return say(
        "alarm_line",
        language,
        id=alarm.id,
        time=_shown(alarm.time),
        what=say(alarm.code, language),
        seq=alarm.seq,
        state=say("alarm_waits" if alarm.acknowledged is None else "alarm_acknowledged", language),
    )


def _shown(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M UTC")
