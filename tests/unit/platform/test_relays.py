"""Who carries a department's messages can drop them, no more: what it changes is as if it never came."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from simulators import wires
from simulators.enterprise import DirectChannel, Enterprise, Site, found, run_job
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_governance.order import Spend
from xinqiao_governance.wire import AnswerFrame, AskFrame, Hello, MaskedVector, Refusal, SealedFrame
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.channel import Ask, Proven
from xinqiao_platform.departments import Departments

VICTIM, OTHER = "1", "2"  # addresses
STRANGER = SigningKey.generate()


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    folder = Path(tmp_path_factory.mktemp("enterprise"))
    enterprise = found(folder, 4, cap=Spend(1_000_000_000, 10_000_000))
    yield enterprise
    enterprise.close()


@dataclass(frozen=True)
class Moment:
    """What a relay holds when it hands over the victim's answer to a step."""

    ask: bytes
    answer: bytes
    before: bytes  # the victim's answer to the step before
    others: bytes  # another department's answer to this step
    victim: Site

    @property
    def frame(self) -> AnswerFrame:
        return wires.unseal(self.answer)

    def under_its_seal(self, frame: AnswerFrame) -> bytes:
        """Another frame under the seal that the victim put on its own."""
        return replace(SealedFrame.decode(self.answer), frame=frame.encode()).encode()

    def next_event(self) -> Event:
        """An event that would fit the victim's journal, but for who wrote it."""
        last = Event.from_json(self.frame.events[-1])
        return event(last.node, last.seq + 1, last.hash.hex())


Tamper = Callable[[Moment], bytes]


def event(node: str, seq: int = 1, prev: str = GENESIS) -> Event:
    return Event(
        kind=Kind.CONFIRM, node=node, seq=seq, prev=prev, time=7, actor="ab", role="steward", action="slipped"
    )


@dataclass
class Relay:
    """A channel that lets one vector of the victim's, its second, be tampered with."""

    enterprise: Enterprise
    tamper: Tamper
    inner: DirectChannel = field(init=False)
    vectors: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inner = self.enterprise.channel()

    def members(self) -> Sequence[str]:
        return self.inner.members()

    def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
        answers = self.inner.ask(asks, timeout_s=timeout_s)
        if VICTIM in answers and isinstance(wires.unseal(answers[VICTIM]).answer, MaskedVector):
            self.vectors.append(answers[VICTIM])
            if len(self.vectors) == 2:
                answers[VICTIM] = self.tamper(self._moment(asks, answers))
        return answers

    def _moment(self, asks: Mapping[str, Ask], answers: Mapping[str, bytes]) -> Moment:
        victim = self.enterprise.sites[0]
        return Moment(asks[VICTIM].wire, answers[VICTIM], self.vectors[0], answers[OTHER], victim)


def with_words(moment: Moment) -> bytes:
    answer = moment.frame.answer
    assert isinstance(answer, MaskedVector)
    changed = bytes([answer.words[0] ^ 1]) + answer.words[1:]
    return moment.under_its_seal(replace(moment.frame, answer=replace(answer, words=changed)))


def with_event(moment: Moment) -> bytes:
    events = (*moment.frame.events, moment.next_event().to_json())
    return moment.under_its_seal(replace(moment.frame, events=events))


def borrowed(moment: Moment) -> bytes:
    """Signed by a stranger, the victim's key named beside it."""
    mine = SealedFrame.decode(wires.seal(STRANGER, moment.ask, moment.frame.encode()))
    return replace(mine, key=moment.victim.home.identity.public).encode()


def with_a_journal(moment: Moment) -> bytes:
    """A stranger that adds events of its own, well signed and well formed."""
    frame = AnswerFrame(Refusal("no"), (event(STRANGER.fingerprint.hex()).to_json(),))
    return wires.seal(STRANGER, moment.ask, frame.encode())


TAMPERS: dict[str, Tamper] = {
    "a forged refusal": lambda m: m.under_its_seal(replace(m.frame, answer=Refusal("step_burned"))),
    "forged words": with_words,
    "a slipped-in event": with_event,
    "events taken out": lambda m: m.under_its_seal(replace(m.frame, events=())),
    "its answer to another step": lambda m: m.before,
    "its answer to another ask": lambda m: wires.seal(m.victim.home.identity, b"ask", m.frame.encode()),
    "another department's answer": lambda m: m.others,
    "cut short by a word": lambda m: m.answer[:-4],
    "cut short to its seal": lambda m: m.answer[:96],
    "nothing": lambda _: b"",
    "without its seal": lambda m: SealedFrame.decode(m.answer).frame,
    "with an empty signature": lambda m: replace(SealedFrame.decode(m.answer), signature=bytes(64)).encode(),
    "signed by a stranger": lambda m: wires.seal(STRANGER, m.ask, m.frame.encode()),
    "signed by a stranger in its name": borrowed,
    "a stranger with a journal": with_a_journal,
    "one byte more": lambda m: m.answer + b"\0",
}


@pytest.mark.parametrize("name", TAMPERS)
def test_what_a_relay_changes_is_absent_and_nothing_of_it_reaches_the_log(
    enterprise: Enterprise, name: str
) -> None:
    relay, order, victim = Relay(enterprise, TAMPERS[name]), enterprise.order(answers=4), enterprise.sites[0]
    result, watcher, refused = run_job(enterprise, order, relay)  # type: ignore[arg-type]
    assert (refused, watcher.voids, result.steps, result.void_steps) == ((), [2], 3, 1)
    log = enterprise.centre.log
    assert log.forks() == []
    assert log.head(STRANGER.fingerprint.hex()) is None
    # The victim's journal is whole: its own later events fit, and it signs for the job to the end.
    assert log.head(victim.id.hex()) == (victim.home.book.count_events(), victim.home.book.events()[-1].hash)
    assert victim.id in {receipt.body.node for receipt in result.receipts}


def test_a_forged_refusal_of_the_order_is_no_answer(enterprise: Enterprise) -> None:
    def forge(address: str, answer: bytes) -> bytes:
        frame = replace(wires.unseal(answer), answer=Refusal("purpose_forbidden"))
        forged = replace(SealedFrame.decode(answer), frame=frame.encode()).encode()
        return forged if address == VICTIM and b'"verdict"' in answer else answer

    order, victim = enterprise.order(answers=4), enterprise.sites[0]
    _, watcher, refused = run_job(enterprise, order, enterprise.channel(relay=forge))
    assert [(refusal.node, refusal.reason) for refusal in refused] == [(victim.id, "no_answer")]
    assert watcher.decisions[victim.id] == "no_answer"


@pytest.mark.parametrize("name", ["a slipped-in event", "events taken out"])
def test_an_introduction_with_other_events_is_not_met(enterprise: Enterprise, name: str) -> None:
    victim = enterprise.sites[0]
    victim.home.confirm(bytes([7] * 32), "somebody", "steward")
    log = enterprise.centre.log
    before = log.head(victim.id.hex())

    def change(address: str, answer: bytes) -> bytes:
        moment = Moment(b"", answer, b"", b"", victim)
        return TAMPERS[name](moment) if address == VICTIM else answer

    nodes = [site.id for site in enterprise.sites]
    met = Departments(enterprise.centre, enterprise.channel(relay=change), nodes, timeout_s=1.0)
    assert victim.id not in met
    assert len(met) == 3
    assert log.head(victim.id.hex()) == before
    assert log.forks() == []


def test_an_answer_said_again_to_the_same_ask_adds_nothing(enterprise: Enterprise) -> None:
    """Two asks of the same bytes cannot be told apart: what was true as an answer to one is to the other."""
    nodes = [site.id for site in enterprise.sites]
    met = Departments(enterprise.centre, enterprise.channel(), nodes, timeout_s=1.0)
    hello = dict.fromkeys(met, Hello(bytes(16)))
    met.ask(hello, timeout_s=1.0)  # what was owed is delivered: from here on all asks are the same bytes
    heard: dict[str, bytes] = {}
    met._channel = enterprise.channel(relay=lambda address, answer: heard.setdefault(address, answer))
    met.ask(hello, timeout_s=1.0)
    size = enterprise.centre.log.size
    met._channel = enterprise.channel(relay=lambda address, _: heard[address])
    assert set(met.ask(hello, timeout_s=1.0)) == set(nodes)
    assert enterprise.centre.log.size == size
    assert enterprise.centre.log.forks() == []


def test_an_answer_to_an_ask_that_was_changed_on_the_way_does_not_count(enterprise: Enterprise) -> None:
    """The department answers what it got and signs that: it is no answer to what was sent."""
    victim = enterprise.sites[0]
    nodes = [site.id for site in enterprise.sites]
    met = Departments(enterprise.centre, enterprise.channel(), nodes, timeout_s=1.0)
    met.ask(dict.fromkeys(met, Hello(bytes(16))), timeout_s=1.0)
    victim.home.confirm(bytes([8] * 32), "somebody", "steward")
    size = enterprise.centre.log.size

    def change(address: str, ask: Ask) -> Ask:
        return Ask(AskFrame(Hello(bytes([1] * 16))).encode()) if address == VICTIM else ask

    met._channel = enterprise.channel(change_ask=change)
    assert set(met.ask(dict.fromkeys(met, Hello(bytes(16))), timeout_s=1.0)) == set(nodes) - {victim.id}
    assert enterprise.centre.log.size == size


# ---- proven answers ---------------------------------------------------------------------------------


def test_every_kind_of_answer_is_proven_by_the_department_that_signed(enterprise: Enterprise) -> None:
    key, ask = SigningKey.generate(), Ask(b"whatever was asked")
    for frame in wires.ANSWER_FRAMES:
        proven = Proven(wires.seal(key, ask.wire, frame.encode()), ask)
        assert (proven.node, proven.key) == (key.fingerprint, key.public)
        assert (proven.answer, proven.events) == (frame.answer, frame.events)


def test_no_changed_byte_is_proven() -> None:
    """Of the key, the signature, the head and the payload; nor a byte of the ask."""
    key, wire = SigningKey.generate(), AskFrame(Hello(bytes(16))).encode()
    data = wires.seal(key, wire, wires.ANSWER_FRAMES[3].encode())
    Proven(data, Ask(wire))
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises((ProofError, WireInvalid)):
            Proven(changed, Ask(wire))
    for place in range(len(wire)):
        other = wire[:place] + bytes([wire[place] ^ 1]) + wire[place + 1 :]
        with pytest.raises(ProofError):
            Proven(data, Ask(other))


def test_what_is_signed_and_no_frame_is_not_proven() -> None:
    key, ask = SigningKey.generate(), Ask(b"ask")
    for frame in (b"garbage", b"{}\n", wires.ASK_FRAMES[0].encode(), wires.ANSWER_FRAMES[4].encode() + b"x"):
        with pytest.raises(WireInvalid):
            Proven(wires.seal(key, ask.wire, frame), ask)


def test_nothing_is_parsed_before_its_signature_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    monkeypatch.setattr(AnswerFrame, "decode", parsed.append)
    with pytest.raises(ProofError):
        Proven(wires.seal(STRANGER, b"another ask", wires.ANSWER_FRAMES[0].encode()), Ask(b"ask"))
    assert parsed == []


def test_a_signature_of_another_kind_proves_no_answer(enterprise: Enterprise) -> None:
    """A job receipt or a job key, signed by the same identity, never doubles as the seal of an answer."""
    key, frame = SigningKey.generate(), wires.ANSWER_FRAMES[4].encode()
    for body in (wires.RECEIPT, wires.JOB_KEY.body, wires.STATEMENT, wires.ORDER):
        signed = key.seal(body)  # type: ignore[type-var]
        with pytest.raises(ProofError):
            Proven(SealedFrame(signed.key, signed.signature, frame).encode(), Ask(b"ask"))
