"""The departments that the centre can reach: who sits at which address, and what they add to the log.

Every answer may bring journal events; they go into the log before the answer counts, and the log's receipts
ride on the next ask. A department whose answer does not parse or whose journal does not fit is taken as
absent: it can hurt its own part of a job and nothing else.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_governance.parse import objects, text
from xinqiao_governance.signed import Signable, Signed
from xinqiao_governance.wire import (
    NONCE_BYTES,
    Answer,
    AnswerFrame,
    AskFrame,
    CosignAsk,
    Cosignature,
    Hello,
    Introduction,
    IntroductionAnswer,
    JobKey,
)
from xinqiao_governance.wire import Ask as WireAsk
from xinqiao_ledger.checkpoint import SignatureLine, SignedCheckpoint
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import check, fingerprint
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Ask, Channel

T = TypeVar("T", bound=Signable)


@dataclass
class Member:
    """One department at the other end: its address, what it said of itself."""

    address: str
    introduction: Signed[Introduction]
    job_key: Signed[JobKey] | None = None
    owed: list[Mapping[str, Json]] = field(default_factory=list)

    @property
    def node(self) -> bytes:
        """The department's fingerprint."""
        return fingerprint(self.introduction.key)

    def tiers(self) -> dict[str, Tier]:
        """Return the published tier of each semantic."""
        columns = objects(self.introduction.body.catalogue, "columns")
        return {text(column, "semantic"): Tier(text(column, "tier")) for column in columns}


class Departments(Mapping[bytes, Member]):
    """The departments of `nodes` that answered a hello, by fingerprint, ascending."""

    def __init__(self, centre: Centre, channel: Channel, nodes: Sequence[bytes], *, timeout_s: float) -> None:
        self._centre = centre
        self._channel = channel
        self._members: dict[bytes, Member] = {}
        self._dropped: dict[bytes, Member] = {}
        hellos = {address: Hello(secrets.token_bytes(NONCE_BYTES)) for address in channel.members()}
        asks = {address: Ask(AskFrame(hello).encode()) for address, hello in hellos.items()}
        for address, data in channel.ask(asks, timeout_s=timeout_s).items():
            self._welcome(address, data, hellos[address].nonce, nodes)

    def __getitem__(self, node: bytes) -> Member:
        return self._members[node] if node in self._members else self._dropped[node]

    def __contains__(self, node: object) -> bool:
        return node in self._members

    def __iter__(self) -> Iterator[bytes]:
        return iter(sorted(self._members))

    def __len__(self) -> int:
        return len(self._members)

    def drop(self, node: bytes) -> None:
        """Count a department out; it can still be asked by name."""
        if node in self._members:
            self._dropped[node] = self._members.pop(node)

    def ask(
        self,
        asks: Mapping[bytes, WireAsk],
        *,
        timeout_s: float,
        parameters: NDArray[np.float64] | None = None,
    ) -> dict[bytes, Answer]:
        """Ask members by fingerprint and return what they answered in time; the rest are absent.

        Raises:
            NodeUnavailable: whatever carries the messages cannot be reached itself.
        """
        outgoing = {self[node].address: self._outgoing(node, ask, parameters) for node, ask in asks.items()}
        incoming = self._channel.ask(outgoing, timeout_s=timeout_s)
        frames = {node: _parsed(incoming.get(self[node].address)) for node in asks}
        heard = {node: frame for node, frame in frames.items() if frame is not None}
        taken = self._take({node: frame.events for node, frame in heard.items()})
        return {node: heard[node].answer for node in taken}

    def cosign(self, checkpoint: str, *, timeout_s: float) -> list[str]:
        """Ask every member to witness the newest checkpoint of the log; return the cosignature lines.

        Each is asked from the size it introduced itself with, so one that was never asked before, or long
        ago, is given the proof it needs.
        """
        log = self._centre.log
        asks = {
            node: CosignAsk(checkpoint, old, tuple(log.consistency(old, log.size)))
            for node in self
            if (old := self[node].introduction.body.witness_size) <= log.size
        }
        answers = self.ask(asks, timeout_s=timeout_s)
        return [
            answer.line
            for node, answer in sorted(answers.items())
            if isinstance(answer, Cosignature)
            and _cosigned(checkpoint, answer.line, self[node].introduction.key)
        ]

    def _outgoing(self, node: bytes, ask: WireAsk, parameters: NDArray[np.float64] | None) -> Ask:
        owed, self[node].owed = self[node].owed, []
        return Ask(AskFrame(ask, tuple(owed)).encode(), parameters)

    def _welcome(self, address: str, data: bytes, nonce: bytes, nodes: Sequence[bytes]) -> None:
        """Take in a department that proves its key by signing this hello's nonce."""
        frame = _parsed(data)
        if frame is None or not isinstance(frame.answer, IntroductionAnswer):
            return
        introduction = frame.answer.introduction
        node = fingerprint(introduction.key)
        if node not in nodes or node in self._members:
            return
        if introduction.body.nonce != nonce or not holds(introduction, node):
            return
        self._members[node] = Member(address, introduction)
        self._take({node: frame.events})

    def _take(self, events: Mapping[bytes, Sequence[Mapping[str, Json]]]) -> list[bytes]:
        """Put events into the log, together if they all fit, else one department at a time."""
        try:
            self._owe(self._centre.take(events))
            return list(events)
        except (WireInvalid, ProofError):
            return [node for node, own in events.items() if len(events) > 1 and self._take({node: own})]

    def _owe(self, receipts: Mapping[bytes, Signed[LogReceipt]]) -> None:
        for node, receipt in receipts.items():
            self[node].owed.append(receipt.to_json())


def holds(signed: Signed[T], signer: bytes) -> bool:
    """Say whether the holder of the fingerprint `signer` signed this."""
    try:
        check(signed, signer)
    except ProofError:
        return False
    return True


def _cosigned(checkpoint: str, line: str, public: bytes) -> bool:
    """Say whether `line` is one line that cosigns the checkpoint under the witness's own key."""
    try:
        name = SignatureLine.parse(line.removesuffix("\n")).name
        SignedCheckpoint.parse(checkpoint + line).verify_cosignature(name, public)
    except (WireInvalid, ProofError):
        return False
    return True


def _parsed(data: bytes | None) -> AnswerFrame | None:
    """Return the frame, or None for silence and for what is not a frame."""
    if data is None:
        return None
    try:
        return AnswerFrame.decode(data)
    except WireInvalid:
        return None
