"""Departments at the centre: who is taken in, whose events are taken, whose cosignature counts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators import wires
from simulators.enterprise import Enterprise, Site, found
from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.errors import StoreDamaged
from xinqiao_governance.wire import (
    AnswerFrame,
    AskFrame,
    Cosignature,
    Hello,
    Introduction,
    Refusal,
    SealedFrame,
)
from xinqiao_ledger.checkpoint import SignedCheckpoint, cosign
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.departments import Departments

Change = Callable[[str, bytes], bytes | None]
LIAR = "1"


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")), 3)
    yield enterprise
    enterprise.close()


def meet(
    enterprise: Enterprise,
    change: Change | None = None,
    nodes: list[bytes] | None = None,
    relay: Change | None = None,
) -> Departments:
    wanted = [site.id for site in enterprise.sites] if nodes is None else nodes
    channel = enterprise.channel(change=change, relay=relay)
    return Departments(enterprise.centre, channel, wanted, timeout_s=1.0)


def liar_says(lie: Callable[[AnswerFrame], bytes | None]) -> Change:
    return lambda address, answer: lie(AnswerFrame.decode(answer)) if address == LIAR else answer


def others(enterprise: Enterprise) -> list[bytes]:
    return sorted(site.id for site in enterprise.sites[1:])


def test_those_that_prove_their_key_are_met(enterprise: Enterprise) -> None:
    met = meet(enterprise)
    assert list(met) == sorted(site.id for site in enterprise.sites)
    assert met[enterprise.sites[0].id].tiers()["pay"] is Tier.CORE


def test_an_introduction_is_not_replayed(enterprise: Enterprise) -> None:
    """Whoever once heard a department introduce itself could otherwise take its seat."""
    heard: dict[str, bytes] = {}
    meet(enterprise, relay=lambda address, answer: heard.setdefault(address, answer))
    assert list(meet(enterprise, relay=lambda address, _: heard[address])) == []


def test_who_was_not_asked_for_is_not_met(enterprise: Enterprise) -> None:
    assert list(meet(enterprise, nodes=[enterprise.sites[1].id])) == [enterprise.sites[1].id]


@pytest.mark.parametrize(
    "lie",
    [
        lambda _: None,
        lambda _: b"garbage",
        lambda frame: frame.encode()[:-1],
        lambda frame: replace(frame, answer=Refusal("no")).encode(),
    ],
)
def test_who_does_not_introduce_itself_is_not_met(
    enterprise: Enterprise, lie: Callable[[AnswerFrame], bytes | None]
) -> None:
    assert list(meet(enterprise, liar_says(lie))) == others(enterprise)


def test_who_answers_with_anothers_introduction_is_not_met(enterprise: Enterprise) -> None:
    """Its own signature cannot make it another, nor another's key without that one's signature."""

    def stranger(address: str, answer: bytes) -> bytes:
        sealed = SealedFrame.decode(answer)
        mine = SealedFrame.decode(wires.seal(SigningKey.generate(), b"", sealed.frame))
        borrowed = replace(mine, key=sealed.key)
        return {"1": mine, "2": borrowed}.get(address, sealed).encode()

    assert list(meet(enterprise, relay=stranger)) == [enterprise.sites[2].id]


@pytest.mark.parametrize(
    "change",
    [
        {"columns": "none"},
        {"columns": [{"semantic": "pay"}]},
        {"columns": [{"semantic": "pay", "kind": "number", "tier": "secret", "unit": "", "bins": None}]},
    ],
)
def test_a_catalogue_that_is_none_hurts_only_its_department(
    enterprise: Enterprise, change: dict[str, Json]
) -> None:
    """A tier nobody knows would otherwise end everybody's job when the card is written."""
    liar = enterprise.sites[0]
    catalogue = {**liar.home.dataset.published(), **change}
    frame = AnswerFrame(Introduction(catalogue, 0, 0, 0, 0))
    assert list(meet(enterprise, liar_says(lambda _: frame.encode()))) == others(enterprise)


def test_one_department_counts_once(enterprise: Enterprise) -> None:
    channel = enterprise.channel()
    first = channel._nodes[LIAR]
    channel._nodes = dict.fromkeys(channel._nodes, first)  # all addresses lead to one
    met = Departments(enterprise.centre, channel, [site.id for site in enterprise.sites], timeout_s=1.0)
    assert list(met) == [first.fingerprint]
    assert met[first.fingerprint].address == LIAR  # the first: nobody takes its place later


# ---- events -----------------------------------------------------------------------------------------


def other_event(site: Site, **changes: object) -> dict[str, Json]:
    last = site.home.book.events()[-1]
    return {**replace(last, **changes).to_json()}


def hello(met: Departments) -> list[bytes]:
    return sorted(met.ask(dict.fromkeys(met, Hello(bytes(16))), timeout_s=1.0))


def with_events(make: Callable[[tuple[object, ...]], tuple[object, ...]]) -> Callable[[AnswerFrame], bytes]:
    return lambda frame: replace(frame, events=make(frame.events)).encode()  # type: ignore[arg-type]


def test_events_reach_the_log_and_receipts_come_back(enterprise: Enterprise) -> None:
    site = enterprise.sites[2]
    site.home.confirm(bytes(32), "somebody", "steward")
    met = meet(enterprise)
    hello(met)
    hello(met)
    assert site.home.book.pending() == []
    assert enterprise.centre.log.head(site.id.hex()) == (
        len(site.home.book.events()),
        site.home.book.events()[-1].hash,
    )


def test_receipts_are_told_until_an_answer_shows_that_they_came(enterprise: Enterprise) -> None:
    """A department reads no core data without them, so a lost message must not cost it a step."""
    met, lost = meet(enterprise), enterprise.sites[1]
    hello(met)
    hello(met)  # nothing waits, nothing is owed
    for site in enterprise.sites:
        site.home.confirm(bytes(32), "somebody", "steward")
    hello(met)
    met._channel = enterprise.channel(change_ask=lambda address, ask: None if address == "2" else ask)
    assert hello(met) == sorted(site.id for site in enterprise.sites if site is not lost)
    assert lost.home.book.waiting().events == 1
    channel = met._channel = enterprise.channel()
    hello(met)
    told = {address: len(AskFrame.decode(ask.wire).receipts) for address, ask, _ in channel.transcript}
    assert told == {"1": 0, "2": 1, "3": 0}
    assert all(site.home.book.waiting().events == 0 for site in enterprise.sites)


@pytest.mark.parametrize(
    "make",
    [
        lambda site, _: ({"rows": [1, 2, 3]},),
        lambda site, _: (other_event(site, node="00" * 32),),
        lambda site, _: (other_event(site, time=1),),
        lambda site, _: (other_event(site, seq=1_000),),
        lambda site, _: (other_event(site, prev="11" * 32),),
    ],
    ids=["no event", "of another", "forked", "with a gap", "on another past"],
)
def test_events_that_do_not_fit_make_their_department_absent_and_nobody_else(
    enterprise: Enterprise, make: Callable[[Site, object], tuple[object, ...]]
) -> None:
    met = meet(enterprise)
    hello(met)
    hello(met)
    liar, size = enterprise.sites[0], enterprise.centre.log.size
    for site in enterprise.sites[1:]:
        site.home.confirm(bytes(32), "somebody", "steward")
    met._channel = enterprise.channel(change=liar_says(with_events(lambda given: make(liar, given))))
    assert hello(met) == others(enterprise)
    assert enterprise.centre.log.size == size + 2  # the honest ones' events are in
    head = enterprise.centre.log.head(liar.id.hex())
    assert head is not None
    assert head[1] == liar.home.book.events()[-1].hash


def test_a_fork_is_kept_as_evidence(enterprise: Enterprise) -> None:
    liar = enterprise.sites[0]
    liar.home.confirm(bytes(32), "somebody", "steward")  # the log keeps one fork for each number
    met = meet(enterprise)
    hello(met)
    fork = other_event(liar, time=2)
    met._channel = enterprise.channel(change=liar_says(with_events(lambda _: (fork,))))
    hello(met)
    assert Event.from_json(fork).leaf in enterprise.centre.log.forks()


def test_a_full_disk_at_the_centre_is_not_blamed_on_the_departments(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(leaves: object) -> list[int]:
        raise StoreDamaged("disk_full")

    met = meet(enterprise)
    for site in enterprise.sites:
        site.home.confirm(bytes(32), "somebody", "steward")
    monkeypatch.setattr(enterprise.centre.log, "append", full)
    with pytest.raises(StoreDamaged):
        hello(met)


# ---- cosignatures -----------------------------------------------------------------------------------


def test_every_witness_cosigns(enterprise: Enterprise) -> None:
    met = meet(enterprise)
    note = enterprise.centre.log.checkpoint()
    lines = [word.line for word in met.cosign(note, timeout_s=1.0).values()]
    signed = SignedCheckpoint.parse(note + "".join(lines))
    for site in enterprise.sites:
        signed.verify_cosignature(site.home.settings.name, site.home.identity.public)


def test_witnesses_cosign_a_checkpoint_that_the_log_has_outgrown(enterprise: Enterprise) -> None:
    centre = enterprise.centre
    centre.record(kind=Kind.ORDER, action="propose", job="ab" * 32)
    meet(enterprise).cosign(centre.log.checkpoint(), timeout_s=1.0)
    met, note = meet(enterprise), centre.log.checkpoint()
    centre.record(kind=Kind.ORDER, action="propose", job="cd" * 32)
    assert all(word.line for word in met.cosign(note, timeout_s=1.0).values())


@pytest.mark.parametrize(
    "line",
    [
        "garbage",
        "",
        "— dept-0 AAAA\n",
        "\n\n— dept-0 AAAA\n",
        "{real}— dept-9 AAAAAAAAAA==\n",
        "{stranger}",
    ],
)
def test_a_cosignature_that_is_none_does_not_reach_the_note(enterprise: Enterprise, line: str) -> None:
    """One bad line would make the whole note, and everybody's evidence, unreadable."""
    met = meet(enterprise)
    note = enterprise.centre.log.checkpoint()
    checkpoint = SignedCheckpoint.parse(note).checkpoint
    own, other = enterprise.sites[0].home.identity, SigningKey.generate()
    real, stranger = cosign(checkpoint, "dept-0", own, 1), cosign(checkpoint, "dept-0", other, 1)
    key = (other if line == "{stranger}" else own).public
    text = line.format(real=real, stranger=stranger)

    def lie(frame: AnswerFrame) -> bytes:
        return replace(frame, answer=Cosignature(text, key)).encode()

    met._channel = enterprise.channel(change=liar_says(lie))
    words = met.cosign(note, timeout_s=1.0)
    lines = [word.line for word in words.values() if word.line]
    assert len(lines) == 2
    assert [word.code for word in words.values() if not word.line] == ["witness_forged"]
    SignedCheckpoint.parse(note + "".join(lines))
