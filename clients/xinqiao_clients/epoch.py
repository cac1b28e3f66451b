"""A new epoch of the log, as a department's steward sees it: compare first, then accept.

Accepting sends the whole journal to the new log. What the old log signed stays in the book: it is the
evidence of what that log promised.
"""

from dataclasses import dataclass, replace

from xinqiao_clients.home import Home
from xinqiao_clients.reconcile import receipted_size
from xinqiao_governance.canonical import Json, dumps
from xinqiao_governance.errors import ProofError, UsageInvalid
from xinqiao_governance.messages import Language, say
from xinqiao_ledger.epoch import EpochPointer, LogEpoch
from xinqiao_ledger.event import Kind
from xinqiao_ledger.files import io_errors, replace_file


@dataclass(frozen=True)
class Comparison:
    """What the operator says of the old log, and what this department knows of it."""

    epoch: LogEpoch
    seen_size: int
    receipted_size: int

    @property
    def admits_less(self) -> bool:
        """Whether the department knows of more than the operator admits."""
        return self.epoch.known_size < max(self.seen_size, self.receipted_size)

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {
            **self.epoch.to_json(),
            "seen_size": self.seen_size,
            "receipted_size": self.receipted_size,
            "admits_less": self.admits_less,
        }

    def lines(self, language: Language) -> list[str]:
        """Return lines for a person."""
        epoch = self.epoch
        shown = say(
            "epoch_shown",
            language,
            origin=epoch.origin,
            old=epoch.old_origin,
            reason=epoch.reason,
            size=epoch.old_head.size,
            known=epoch.known_size,
        )
        own = say("epoch_seen", language, seen=self.seen_size, receipted=self.receipted_size)
        return [shown, own, *([say("epoch_admits_less", language)] if self.admits_less else [])]


def compare(home: Home, pointer: EpochPointer) -> Comparison:
    """Return what the steward should compare.

    Raises:
        UsageInvalid: it was accepted already, or is of another log.
        ProofError: operator or log did not sign it; or its head is not the one that this department saw.
    """
    settings = home.settings
    epoch = pointer.verify(settings.operator, settings.log_key, settings.note_key)
    if settings.log_origin == epoch.origin:
        raise UsageInvalid("epoch_accepted", origin=epoch.origin)
    if settings.log_origin != epoch.old_origin:
        raise UsageInvalid("epoch_other_log", old=epoch.old_origin, origin=settings.log_origin)
    seen = home.witness.head
    if epoch.note and seen.size == epoch.old_head.size and seen.root != epoch.old_head.root:
        raise ProofError("history_rewritten")
    receipt = (
        home.book.left_receipt(epoch.old_origin) or home.book.last_receipt()
    )  # left, if killed in `accept`
    return Comparison(epoch, seen.size, receipted_size(receipt))


def accept(home: Home, pointer: EpochPointer, steward: str) -> None:
    """Believe the new log from now on; open the home again to use it. Killed in between, accept it again.

    Raises:
        UsageInvalid, ProofError: as `compare`.
        StoreDamaged: the disk fails.
    """
    epoch = compare(home, pointer).epoch
    with home.book.transaction() as book:
        if book.leave_log(epoch.old_origin, pointer.encode(), home.witness.note or ""):
            by = home.acting(book, steward)
            book.record(kind=Kind.EPOCH, by=by, action="accept", output_digest=epoch.digest.hex())
    settings = replace(home.settings, log_origin=epoch.origin)
    with io_errors(home.path):
        replace_file(home.path / "node.json", dumps(settings.to_json()))
