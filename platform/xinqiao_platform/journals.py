"""Departments' journals with the log's receipts on them: what a restored log is filled again from.

No event is taken into the log here, so it works where the log itself cannot be opened.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field

from xinqiao_governance.canonical import rewrite
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import AskFrame, Introduction, JournalAsk, JournalPart, JournalRequest
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.event import Event
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import SigningKey, check, fingerprint
from xinqiao_ledger.suite import Suite, suite_of, tree_hash
from xinqiao_platform.channel import Ask, Channel, Proven, hello, proven_answer


@dataclass
class Journals:
    """What departments gave: events by the hash of their leaf in the log, and what the log signed of them.

    `places` holds the leaf hash at each index that a receipt names; at those of `twice` the log signed more
    than one. `met` are the departments that gave theirs whole.
    """

    log: "LogName"
    events: dict[bytes, Event] = field(default_factory=dict)
    places: dict[int, bytes] = field(default_factory=dict)
    twice: set[int] = field(default_factory=set)
    notes: list[SignedCheckpoint] = field(default_factory=list)
    met: set[bytes] = field(default_factory=set)

    def add(self, receipts: Collection[LogReceipt], notes: Collection[SignedCheckpoint]) -> None:
        """Take in what the log signed."""
        for receipt in receipts:
            for index, item in receipt.entries:
                if self.places.setdefault(index, item) != item:
                    self.twice.add(index)
        self.notes += notes


@dataclass(frozen=True)
class LogName:
    """Which log it is: its origin, the key of its receipts (32 bytes) and that of its checkpoints."""

    origin: str
    public: bytes
    note_public: bytes

    @property
    def suite(self) -> Suite:
        """The suite of its tree."""
        return suite_of(self.note_public)

    def receipts(self, part: JournalPart) -> list[LogReceipt]:
        """Return the receipts in a part that this log itself signed; the rest proves nothing."""
        found = []
        for receipt in part.receipts:
            with suppress(WireInvalid, ProofError):
                found.append(check(Signed.parse(receipt, LogReceipt), fingerprint(self.public)))
        return [receipt for receipt in found if receipt.origin == self.origin]

    def notes(self, part: JournalPart) -> list[SignedCheckpoint]:
        """Return the checkpoint in a part, if this log itself signed it."""
        with suppress(WireInvalid, ProofError):
            note = SignedCheckpoint.parse(part.checkpoint)
            note.verify_log(self.note_public)
            return [note] if note.checkpoint.origin == self.origin else []
        return []


def gather(
    channel: Channel, operator: SigningKey, log: LogName, nodes: Collection[bytes], *, timeout_s: float
) -> Journals:
    """Ask the departments `nodes` that are there for their whole journals.

    Raises:
        NodeUnavailable: whatever carries the messages cannot be reached itself.
    """
    journals = Journals(log)
    open_ = dict.fromkeys(_introduced(channel, nodes, timeout_s), 0)
    while open_:
        asks = {address: journal_ask(operator, node, seq) for (address, node), seq in open_.items()}
        answers = channel.ask(asks, timeout_s=timeout_s)
        for address, node in list(open_):
            seq = open_.pop((address, node))
            proven = proven_answer(answers.get(address), asks[address])
            end = None if proven is None or proven.node != node else _take(journals, proven, seq)
            if end is not None and not end.over:
                open_[address, node] = end.seq
    return journals


def journal_ask(operator: SigningKey, node: bytes, after_seq: int) -> Ask:
    """Return the operator's request for a department's journal after a number."""
    return Ask(AskFrame(JournalAsk(operator.seal(JournalRequest(node, after_seq)))).encode())


@dataclass(frozen=True)
class _End:
    seq: int
    over: bool


def _introduced(channel: Channel, nodes: Collection[bytes], timeout_s: float) -> list[tuple[str, bytes]]:
    """Return address and fingerprint of the departments that answer a hello, each once."""
    asks = {address: hello() for address in channel.members()}
    found: dict[bytes, str] = {}
    for address, data in channel.ask(asks, timeout_s=timeout_s).items():
        proven = proven_answer(data, asks[address])
        if proven is not None and proven.node in nodes and isinstance(proven.answer, Introduction):
            found.setdefault(proven.node, address)
    return [(address, node) for node, address in found.items()]


def _take(journals: Journals, proven: Proven, after_seq: int) -> _End | None:
    """Take in one part; return how far the journal is known now, or None where it makes no sense."""
    part = proven.answer
    if not isinstance(part, JournalPart) or part.after_seq != after_seq:
        return None
    try:
        events = [Event.decode(rewrite(event)) for event in proven.events]
    except WireInvalid:
        return None
    expected = list(range(after_seq + 1, after_seq + 1 + len(events)))
    if [event.seq for event in events] != expected or any(e.node != proven.node.hex() for e in events):
        return None
    log = journals.log
    journals.events |= {tree_hash(event, log.suite): event for event in events}
    journals.add(log.receipts(part), log.notes(part))
    end = after_seq + len(events)
    if end >= part.last_seq:
        journals.met.add(proven.node)
    return _End(end, over=end >= part.last_seq or not events)
