"""The departments that the centre can reach: who sits at which address, and what they add to the log.

An answer counts only under the signature of the department that was asked, for the very bytes of this ask;
anything else, whoever sent it, is as if nothing came. Every answer may bring journal events; they go into the
log before the answer counts, and the log's receipts ride on the next ask. A department whose answer does not
parse or whose journal does not fit is taken as absent. Receipts are told until an answer shows what still
waits: without one a department reads no core data. It can void a step, and with false events of its own
spoil the proof of the job; the finding then names it.
"""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    RECONCILED_AT_ONCE,
    Answer,
    AskFrame,
    CosignAsk,
    Cosignature,
    Hello,
    Introduction,
    JournalPart,
    ReconcileAsk,
    Reconciled,
    Reconciliation,
    Refusal,
)
from xinqiao_governance.wire import Ask as WireAsk
from xinqiao_ledger.checkpoint import SignatureLine, SignedCheckpoint
from xinqiao_ledger.signing import check
from xinqiao_ledger.suite import SHA256_ED25519, suite_of
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Ask, Channel, Proven, hello, proven_answer
from xinqiao_platform.journals import LogName, journal_ask
from xinqiao_platform.witnesses import (
    AHEAD,
    CONTRADICTS,
    COSIGNED,
    FORGED,
    MOVED,
    REFUSED,
    SILENT,
    Word,
    cosignature_in,
)

T = TypeVar("T", bound=Signable)

_PARTS = 100
"""So many parts of its journal a department may bring at one time: nobody keeps a round going without end."""

_OTHER_HISTORY = ("witness_split_view", "proof_consistency_failed")


@dataclass
class Member:
    """One department at the other end: its address, its public key (32 bytes), what it said of itself."""

    address: str
    key: bytes
    introduction: Introduction
    owed: tuple[Mapping[str, Json], ...] = ()

    def tiers(self) -> dict[str, Tier]:
        """Return the published tier of each semantic."""
        columns = objects(self.introduction.catalogue, "columns")
        return {text(column, "semantic"): Tier(text(column, "tier")) for column in columns}


class Departments(Mapping[bytes, Member]):
    """The departments of `nodes` that answered a hello, by fingerprint, ascending.

    Iteration shows those that are there; who was dropped is still known by name.

    Raises:
        StoreDamaged: the centre's log lacks what it said before (`log_behind`): nobody is asked for anything.
    """

    def __init__(self, centre: Centre, channel: Channel, nodes: Sequence[bytes], *, timeout_s: float) -> None:
        self._centre = centre
        self._channel = channel
        self._members: dict[bytes, Member] = {}
        self._dropped: dict[bytes, Member] = {}
        self._silence = _Silence()
        self._nodes = tuple(nodes)
        self._timeout_s = timeout_s
        centre.log.require_current()
        asks = {address: hello() for address in channel.members()}
        heard = {
            address: proven
            for address, data in channel.ask(asks, timeout_s=timeout_s).items()
            if (proven := proven_answer(data, asks[address])) is not None and proven.node in nodes
        }
        # All of them before the first event is taken: it would stand where the log lost another.
        for address, proven in self._borne_out(heard).items():
            self._welcome(address, proven)

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

    def knows(self, node: bytes) -> bool:
        """Say whether a department was ever met."""
        return node in self._members or node in self._dropped

    def online(self, nodes: Collection[bytes]) -> list[bytes]:
        """Return those of `nodes` whose address can be reached now.

        Raises:
            NodeUnavailable: whatever carries the messages cannot be reached itself.
        """
        addresses = set(self._channel.members())
        return [node for node in nodes if self[node].address in addresses]

    def find(self, nodes: Collection[bytes], *, timeout_s: float) -> list[bytes]:
        """Look for departments that are away; return those of `nodes` that are back, at whatever address.

        A restarted agent has another address, so every one that is online and nobody's is asked, too. One
        that keeps silent is asked more and more rarely: looking must not cost every step `timeout_s` seconds.
        Looking for nobody costs nothing.

        Raises:
            NodeUnavailable: whatever carries the messages cannot be reached itself.
        """
        if not nodes:
            return []
        taken = {member.address for member in self._members.values()}
        taken |= {member.address for node, member in self._dropped.items() if node not in nodes}
        asks = {address: hello() for address in self._silence.worth_asking(self._channel.members(), taken)}
        answers = self._channel.ask(asks, timeout_s=timeout_s) if asks else {}
        heard = {address: proven_answer(answers.get(address), ask) for address, ask in asks.items()}
        self._silence.heard(heard)
        sought = {address: proven for address, proven in heard.items() if proven and proven.node in nodes}
        known = self._borne_out(sought)
        return [proven.node for address, proven in known.items() if self._back(address, proven)]

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
        heard = self._hear(asks, timeout_s, parameters)
        return {proven.node: proven.answer for proven in self._take(heard)}

    def cosign(self, checkpoint: str, *, timeout_s: float) -> dict[bytes, Word]:
        """Ask every member to witness a checkpoint of the log; return what each department said to it.

        Each is asked from the size it introduced itself with, so one that was never asked before, or long
        ago, is given the proof it needs. One that says it knows another history has to show the log's own
        word for that, else it refused: no department stops a head by what it says.

        Raises:
            StoreDamaged: `log_behind`: one showed it.
            NodeUnavailable: whatever carries the messages cannot be reached itself.
        """
        size = SignedCheckpoint.parse(checkpoint).checkpoint.size  # the log may have grown since
        asks = {
            node: CosignAsk(checkpoint, old, tuple(self._centre.log.consistency(old, size)))
            for node in self
            if (old := self[node].introduction.witness_size) <= size
        }
        answers = self.ask(asks, timeout_s=timeout_s)
        words = {node: self._word(checkpoint, size, node, answers.get(node)) for node in asks}
        words |= {node: self._passed(node) for node in self if node not in asks}
        alarms = [node for node, word in words.items() if word.is_alarm]
        self._require_holds_shown({self[node].address: node for node in alarms})
        words |= dict.fromkeys(alarms, Word(REFUSED))
        return {node: words.get(node, Word(SILENT)) for node in sorted({*self._nodes, *words})}

    def _passed(self, node: bytes) -> Word:
        """Return the word of a department that cosigned more than the checkpoint, perhaps a newer one."""
        known = self[node].introduction.witness_size
        return Word(MOVED if known <= self._centre.log.current_size() else AHEAD, known)

    def _word(self, checkpoint: str, size: int, node: bytes, answer: Answer | None) -> Word:
        match answer:
            case None:
                return Word(SILENT)
            case Refusal(reason) if reason in _OTHER_HISTORY:  # our proofs hold: it cosigned something else
                return Word(CONTRADICTS, size)
            case Cosignature():
                line = _cosigned(checkpoint, answer, self[node].key)
                return Word(FORGED) if line is None else Word(COSIGNED, size, line)
            case _:
                return Word(REFUSED)

    def reconcile(self, *, timeout_s: float) -> "Reconciling":
        """Have every department find its own events in the log, under a checkpoint that is signed now.

        Raises:
            StoreDamaged: the log lacks what it said before (`log_behind`).
            NodeUnavailable: whatever carries the messages cannot be reached itself.
        """
        self._collect(timeout_s)
        note = self._centre.log.checkpoint()
        size = SignedCheckpoint.parse(note).checkpoint.size
        reached = {node: self[node].introduction.reconciled_seq for node in self}
        open_ = {node for node in reached if self._follows(node, size)}
        result = Reconciling(refused=dict.fromkeys(reached.keys() - open_, "reconcile_outdated"))
        while open_:
            asks = {node: self._reconciliation(node, note, reached[node]) for node in sorted(open_)}
            heard = self._hear(asks, timeout_s)
            self._take(heard)  # what a contradicted journal brings does not fit; its word counts all the same
            answers = {proven.node: proven.answer for proven in heard}
            for node, ask in asks.items():
                more = result.take(node, ask.reconciliation.body, answers.get(node))
                if isinstance(answers.get(node), Reconciled):
                    self._saw(node, note)
                if more:
                    reached[node] += RECONCILED_AT_ONCE
                else:
                    open_.remove(node)
        return result

    def _collect(self, timeout_s: float) -> None:
        """Take in all that the journals hold, part by part, and hand out the receipts."""
        for _ in range(_PARTS):
            size = self._centre.log.current_size()
            asks: dict[bytes, WireAsk] = {node: Hello(secrets.token_bytes(NONCE_BYTES)) for node in self}
            heard = {self[proven.node].address: proven for proven in self._hear(asks, timeout_s)}
            known = list(self._borne_out(heard).values())
            self._take(known)
            for proven in known:
                if isinstance(proven.answer, Introduction):
                    self[proven.node].introduction = proven.answer
            if size == self._centre.log.current_size():
                return

    def _follows(self, node: bytes, size: int) -> bool:
        """Say whether what a department says of itself fits a log of `size` entries; it may lie."""
        said, head = self[node].introduction, self._centre.log.head(node.hex())
        return said.known_size <= size and said.reconciled_seq <= (head[0] if head else 0)

    def _reconciliation(self, node: bytes, note: str, after_seq: int) -> ReconcileAsk:
        log, said = self._centre.log, self[node].introduction
        size = SignedCheckpoint.parse(note).checkpoint.size
        found = log.entries_of_node(node.hex(), after_seq + 1, after_seq + RECONCILED_AT_ONCE)
        indices = tuple(sorted(index for index in found if index < size))
        body = Reconciliation(
            node=node,
            checkpoint=note,
            known_size=said.known_size,
            seen_size=said.seen_size,
            after_seq=after_seq,
            consistency=tuple(log.consistency(said.seen_size, size)),
            indices=indices,
            proof=tuple(log.prove_subset(indices, size)) if indices else (),
        )
        return ReconcileAsk(self._centre.operator.seal(body))

    def _saw(self, node: bytes, note: str) -> None:
        """Note that a department has a newer checkpoint than it introduced itself with."""
        member = self[node]
        size = SignedCheckpoint.parse(note).checkpoint.size
        member.introduction = replace(member.introduction, witness_size=size, seen_size=size)

    def _borne_out(self, heard: Mapping[str, Proven]) -> dict[str, Proven]:
        """Return, by address, who knows of no larger log than there is; hold the log against the others.

        A department that cannot show the log's own word for what it says is as if it were not there: nobody
        can stop the centre by a number.

        Raises:
            StoreDamaged: `log_behind`.
        """
        size = self._centre.log.current_size()
        claims = {
            address: proven.node
            for address, proven in heard.items()
            if isinstance(proven.answer, Introduction) and proven.answer.known_size > size
        }
        self._require_holds_shown(claims)
        return {address: proven for address, proven in heard.items() if address not in claims}

    def _require_holds_shown(self, claims: Mapping[str, bytes]) -> None:
        """Hold the log against what it signed for departments (by address), all of them asked together.

        Raises:
            StoreDamaged: `log_behind`.
        """
        if not claims:
            return
        log, asks = self._centre.log, {}
        for address, node in claims.items():
            head = log.head(node.hex())
            asks[address] = journal_ask(self._centre.operator, node, head[0] if head else 0)
        answers = self._channel.ask(asks, timeout_s=self._timeout_s)
        name = LogName(log.origin, log.public, log.note_public)
        for address, node in claims.items():
            proven = proven_answer(answers.get(address), asks[address])
            if proven is None or proven.node != node or not isinstance(proven.answer, JournalPart):
                continue
            for receipt in name.receipts(proven.answer):
                log.require_holds(receipt, node.hex())
            for note in name.notes(proven.answer):
                log.require_holds(note.checkpoint, node.hex())

    def _hear(
        self,
        asks: Mapping[bytes, WireAsk],
        timeout_s: float,
        parameters: NDArray[np.float64] | None = None,
    ) -> list[Proven]:
        """Ask members by fingerprint; return what they signed in answer, their events not yet taken."""
        outgoing = {self[node].address: self._outgoing(node, ask, parameters) for node, ask in asks.items()}
        incoming = self._channel.ask(outgoing, timeout_s=timeout_s)
        heard = []
        for node in asks:
            address = self[node].address
            proven = proven_answer(incoming.get(address), outgoing[address])
            if proven is not None and proven.node == node:
                heard.append(proven)
        return heard

    def _outgoing(self, node: bytes, ask: WireAsk, parameters: NDArray[np.float64] | None) -> Ask:
        return Ask(AskFrame(ask, self[node].owed).encode(), parameters)

    def _welcome(self, address: str, proven: Proven) -> None:
        """Take in a department that introduces itself, once."""
        if isinstance(proven.answer, Introduction) and proven.node not in self._members:
            self._members[proven.node] = Member(address, proven.key, proven.answer)
            self._take([proven])

    def _back(self, address: str, proven: Proven) -> bool:
        """Take a department in again if it introduces itself and its journal fits; say whether it did."""
        node = proven.node
        if node in self._members or not isinstance(proven.answer, Introduction):
            return False
        owed = self._dropped[node].owed if node in self._dropped else ()
        self._dropped[node] = Member(address, proven.key, proven.answer, owed)
        if not self._take([proven]):
            return False
        self._members[node] = self._dropped.pop(node)
        return True

    def _take(self, answers: Sequence[Proven]) -> list[Proven]:
        """Put their events into the log, together if they all fit, else one department at a time.

        Returns the answers whose events are in.
        """
        try:
            receipts = self._centre.take(answers)
        except (WireInvalid, ProofError):
            return [own for own in answers if len(answers) > 1 and self._take([own])]
        for node in (proven.node for proven in answers):
            self[node].owed = (receipts[node].to_json(),) if node in receipts else ()
        return list(answers)


@dataclass
class Reconciling:
    """What a round of reconciling brought, by department.

    `reconciled` holds the last event that each found in the log, `contradicted` the code of what each found
    wrong and keeps as an alarm, `refused` a reason to ask another time. Who is in none was silent.
    """

    reconciled: dict[bytes, int] = field(default_factory=dict)
    contradicted: dict[bytes, str] = field(default_factory=dict)
    refused: dict[bytes, str] = field(default_factory=dict)

    def take(self, node: bytes, asked: Reconciliation, answer: Answer | None) -> bool:
        """Take in one answer; say whether there may be more to reconcile."""
        match answer:
            case Reconciled() if answer.seq == asked.after_seq + len(asked.indices):
                self.reconciled[node] = answer.seq
                return len(asked.indices) == RECONCILED_AT_ONCE
            case Refusal() if answer.reason in CONTRADICTIONS:
                self.contradicted[node] = answer.reason
            case Refusal():
                self.refused[node] = answer.reason
        return False


CONTRADICTIONS = ("journal_not_in_log", "receipt_broken", "history_rewritten", "journal_behind_log")
"""Codes under which a department keeps an alarm."""


class _Silence:
    """Addresses that left hellos unanswered: after the k-th in a row, 2^k - 1 looks pass one by."""

    def __init__(self) -> None:
        self._looks = 0
        self._unanswered: dict[str, int] = {}
        self._next: dict[str, int] = {}

    def worth_asking(self, online: Sequence[str], taken: Collection[str]) -> list[str]:
        """Return the addresses to ask in this look."""
        self._looks += 1
        return [a for a in online if a not in taken and self._next.get(a, 0) <= self._looks]

    def heard(self, answers: Mapping[str, Proven | None]) -> None:
        """Note who answered this look and who did not."""
        for address, answer in answers.items():
            count = 0 if answer else min(self._unanswered.get(address, 0) + 1, 40)
            self._unanswered[address] = count
            self._next[address] = self._looks + (1 << count)


def holds(signed: Signed[T], signer: bytes) -> bool:
    """Say whether the holder of the fingerprint `signer` signed this."""
    try:
        check(signed, signer)
    except ProofError:
        return False
    return True


def _cosigned(checkpoint: str, answer: Cosignature, identity: bytes) -> str | None:
    """Return the answer's line if it is one line that cosigns the checkpoint under the department's key.

    An SM2 key is another than its identity: that it is the department's stands in the answer it signed.
    """
    if suite_of(answer.key) is SHA256_ED25519 and answer.key != identity:
        return None
    try:
        name = SignatureLine.parse(answer.line.removesuffix("\n")).name
    except WireInvalid:
        return None
    return cosignature_in(checkpoint, answer.line, name, answer.key)
