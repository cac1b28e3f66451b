"""Wire types: exact fields, exact types, no slack, and no place where a value of a person could ride."""

import dataclasses
import hashlib
import re
import typing
from collections.abc import Callable

import pytest

from simulators import wires
from xinqiao_governance import wire
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.order import Order
from xinqiao_governance.wire import (
    AnswerFrame,
    Ask,
    AskFrame,
    Exchange,
    Hello,
    MaskedVector,
    Refusal,
    SealedFrame,
    Verdict,
)

FRAMES = [*wires.ASK_FRAMES, *wires.ANSWER_FRAMES]


def names(frames: list[AskFrame | AnswerFrame]) -> list[str]:
    return [f"{number}-{type(frame).__name__}" for number, frame in enumerate(frames)]


def head(frame: AskFrame | AnswerFrame) -> tuple[dict[str, Json], bytes]:
    line, _, payload = frame.encode().partition(b"\n")
    value = loads(line)
    assert isinstance(value, dict)
    return value, payload


def objects_in(value: Json, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The paths of every object inside `value`."""
    found = [path] if isinstance(value, dict) else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += objects_in(item, (*path, key))
    return found


def at(value: Json, path: tuple[object, ...]) -> dict[str, Json]:
    for key in path:
        value = value[key]  # type: ignore[index,call-overload]
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("frame", FRAMES, ids=names(FRAMES))
def test_frames_come_back_as_they_were(frame: AskFrame | AnswerFrame) -> None:
    again = type(frame).decode(frame.encode())
    assert again == frame
    assert again.encode() == frame.encode()


@pytest.mark.parametrize("frame", FRAMES, ids=names(FRAMES))
def test_no_object_takes_a_field_more_or_less(frame: AskFrame | AnswerFrame) -> None:
    value, payload = head(frame)
    for path in objects_in(value):
        if {"receipts", "events"} & set(path):
            continue  # the ledger's own types: its tests
        for name in [*at(value, path), None]:
            changed = loads(dumps(value))
            if name is None:
                at(changed, path)["rows"] = [1]
            else:
                del at(changed, path)[name]
            with pytest.raises(WireInvalid):
                type(frame).decode(dumps(changed) + b"\n" + payload)


@pytest.mark.parametrize("frame", FRAMES, ids=names(FRAMES))
def test_a_boolean_is_never_a_number(frame: AskFrame | AnswerFrame) -> None:
    """`true` equals 1 in Python: one value would have two forms, and the digest would not tell them apart."""
    value, payload = head(frame)
    for path in objects_in(value):
        for name, item in at(value, path).items():
            if type(item) is not int or {"receipts", "events"} & set(path):
                continue
            changed = loads(dumps(value))
            at(changed, path)[name] = True
            with pytest.raises(WireInvalid):
                type(frame).decode(dumps(changed) + b"\n" + payload)


@pytest.mark.parametrize("frame", FRAMES, ids=names(FRAMES))
def test_only_a_vector_has_a_payload(frame: AskFrame | AnswerFrame) -> None:
    if isinstance(frame, AnswerFrame) and isinstance(frame.answer, MaskedVector):
        return
    with pytest.raises(WireInvalid):
        type(frame).decode(frame.encode() + b"rows")


@pytest.mark.parametrize("words", [b"", b"123", b"12345"])
def test_a_vector_is_whole_words(words: bytes) -> None:
    with pytest.raises(WireInvalid):
        AnswerFrame.decode(AnswerFrame(MaskedVector(wires.C, words)).encode())


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"{}", b"{}\n", b"[]\n", b"null\n", b'{"ask":"hello"}\n', b"\xff\n"]
)
def test_garbage_is_no_frame(data: bytes) -> None:
    for kind in (AskFrame, AnswerFrame):
        with pytest.raises(WireInvalid):
            kind.decode(data)


@pytest.mark.parametrize("ask", wires.ASKS, ids=lambda ask: ask.KIND)
def test_an_ask_is_read_with_its_own_receipts(ask: Ask) -> None:
    """The ask's part is read once for all departments, the receipts each time."""
    for receipts in ((), ({"owed": 1},), ({"owed": 2}, {"a": ',"receipts":[]}'})):
        frame = AskFrame.decode(AskFrame(ask, receipts).encode())
        assert (frame.ask, frame.receipts) == (ask, receipts)


def test_receipts_that_could_not_be_read_are_not_written() -> None:
    """An ask ends where its receipts start: a field of that name inside them would start them again."""
    first = AskFrame(Hello(bytes(16)), ({"receipts": []},))
    assert AskFrame.decode(first.encode()) == first
    for inside in ({"a": 1, "receipts": []}, {"a": [{"b": {"c": 1, "receipts": []}}]}):
        with pytest.raises(WireInvalid):
            AskFrame(Hello(bytes(16)), (inside,)).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b',"receipts":[', b', "receipts":['),
        lambda data: data.replace(b',"receipts":[', b',"more":1,"receipts":['),
        lambda data: data.replace(b',"receipts":[', b',"receipts":[],"receipts":['),
        lambda data: data[:-2] + b',"z":1}\n',
        lambda data: data[:-2] + b" }\n",
        lambda data: data[:-1],
        lambda data: data[:-2] + b"xy",
        lambda data: data + b"payload",
        lambda data: data + data[-2:],
        lambda data: b" " + data,
        lambda data: data.replace(b',"receipts":[]', b',"receipts":{}'),
        lambda data: data.replace(b',"receipts":[]', b',"receipts":[1]'),
        lambda data: data.replace(b',"receipts":[]', b""),
    ],
)
def test_an_ask_frame_has_one_form(change: Callable[[bytes], bytes]) -> None:
    data = AskFrame(Hello(bytes(16))).encode()
    AskFrame.decode(data)
    for _ in range(2):
        with pytest.raises(WireInvalid):
            AskFrame.decode(change(data))


def test_asks_are_no_answers_and_answers_no_asks() -> None:
    for frame in wires.ASK_FRAMES:
        with pytest.raises(WireInvalid):
            AnswerFrame.decode(frame.encode())
    for answer in wires.ANSWER_FRAMES:
        with pytest.raises(WireInvalid):
            AskFrame.decode(answer.encode())


@pytest.mark.parametrize("text", ["", "张三", "P-1042", "no such code", "a" * 65, "a\n", "1a"])
def test_a_reason_is_a_code_and_carries_no_other_text(text: str) -> None:
    for answer in (Refusal(text), Verdict(wires.A, text, None)):
        with pytest.raises(WireInvalid):
            AnswerFrame.decode(AnswerFrame(answer).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"columns": "none"},
        {"columns": [{**wires.COLUMN, "tier": "secret"}]},
        {"columns": [{**wires.COLUMN, "kind": "rows"}]},
        {"columns": [{**wires.COLUMN, "count": 12}]},
        {"columns": [{**wires.COLUMN, "bins": {"kind": "values"}}]},
        {"columns": [{**wires.COLUMN, "semantic": ""}]},
        {"columns": [wires.COLUMN, wires.COLUMN]},
        {"rows": []},
    ],
)
def test_an_introduction_holds_a_published_catalogue_and_nothing_else(change: dict[str, Json]) -> None:
    introduction = wire.Introduction({**wires.CATALOGUE, **change}, 0, 0, 0, 0)
    with pytest.raises(WireInvalid):
        wire.Introduction.from_json(introduction.to_json())


def test_one_reconciliation_holds_no_more_events_than_agreed() -> None:
    most = dataclasses.replace(wires.RECONCILIATION, indices=tuple(range(wire.RECONCILED_AT_ONCE)))
    assert wire.Reconciliation.from_json(most.to_json()) == most
    more = dataclasses.replace(most, indices=(*most.indices, wire.RECONCILED_AT_ONCE))
    with pytest.raises(WireInvalid):
        wire.Reconciliation.from_json(more.to_json())


def test_what_is_signed_has_a_domain_of_its_own() -> None:
    kinds = (Order, wire.JobKey, wire.StepStatement, wire.JobReceipt, wire.Closing, Exchange)
    kinds += (wire.Reconciliation, wire.JournalRequest)
    domains = [kind.DOMAIN for kind in kinds]
    assert len(set(domains)) == len(domains)


# ---- what a department signs ------------------------------------------------------------------------


def test_an_exchange_comes_back_and_takes_no_field_more_or_less() -> None:
    exchange = Exchange.of(b"ask", b"frame")
    value = exchange.to_json()
    assert Exchange.from_json(value) == exchange
    for changed in ({**value, "rows": 1}, {"ask": value["ask"]}, {**value, "frame": "00"}):
        with pytest.raises(WireInvalid):
            Exchange.from_json(changed)


def test_no_two_exchanges_have_one_digest() -> None:
    """Neither do an ask and a frame change places, nor does a byte move from one to the other."""
    pairs = [(b"ab", b"cd"), (b"cd", b"ab"), (b"abc", b"d"), (b"ab", b"ce"), (b"", b"abcd"), (b"abcd", b"")]
    assert len({Exchange.of(*pair).digest for pair in pairs}) == len(pairs)
    same = Exchange.of(b"same", b"same")
    assert same.ask != same.frame


def test_the_exchange_is_as_it_was_when_this_was_written() -> None:
    """SHA-256 over the labels, by hand: departments and centres of two versions must agree."""

    def labelled(domain: bytes, data: bytes) -> bytes:
        label = b"xinqiao/" + domain
        return hashlib.sha256(len(label).to_bytes(2, "big") + label + data).digest()

    ask, frame = wires.ASK_FRAMES[0].encode(), wires.ANSWER_FRAMES[3].encode()
    digests = labelled(b"ask-frame", ask).hex(), labelled(b"answer-frame", frame).hex()
    body = b'{"ask":"%b","frame":"%b"}' % tuple(value.encode() for value in digests)
    assert Exchange.of(ask, frame).digest == labelled(b"exchange", body)


def test_a_sealed_frame_comes_back_to_the_byte() -> None:
    for frame in wires.ANSWER_FRAMES:
        sealed = SealedFrame(wires.KEY, wires.SIGNATURE, frame.encode())
        assert SealedFrame.decode(sealed.encode()) == sealed
        assert sealed.encode() == wires.KEY + wires.SIGNATURE + frame.encode()
        assert sealed.exchange(b"ask").body == Exchange.of(b"ask", frame.encode())


@pytest.mark.parametrize("size", [0, 1, 32, 95, 96])
def test_a_seal_without_a_frame_is_none(size: int) -> None:
    with pytest.raises(WireInvalid):
        SealedFrame.decode(bytes(size))


def test_a_seal_costs_96_bytes() -> None:
    """With the head, a step's answer stays far below 1.1 × 4 × parameters + 2 KB."""
    frame = AnswerFrame(MaskedVector(wires.C, bytes(4 * 1_000))).encode()
    sealed = SealedFrame(wires.KEY, wires.SIGNATURE, frame).encode()
    assert len(sealed) == 96 + len(frame)
    assert len(sealed) - 4 * 1_000 < 512


def test_nothing_on_the_wire_asks_for_a_seed_or_for_less_noise() -> None:
    """An order or statement may name the noise, and each node compares it; nothing else about chance."""
    forbidden = re.compile(r"seed|random|nonoise|sampler|mask|debug|test|override|unsafe|skip")
    kinds = [wires.ORDER, wires.STATEMENT, wires.RECONCILIATION, *wires.ASKS]
    fields = [field.name for kind in kinds for field in dataclasses.fields(kind)]
    assert [name for name in fields if forbidden.search(name)] == []
    assert {name for name in fields if "variance" in name} == {"variance", "share_variance"}


def test_answers_that_leave_have_no_free_place() -> None:
    """A digest, a number, a published catalogue, something signed, a code, a note line, masked words."""
    known = {
        "catalogue",
        "witness_size",
        "order",
        "reason",
        "job_key",
        "statement",
        "words",
        "receipt",
        "line",
        "key",
        # Numbers of the log and of the journal; what the log signed itself. The door parses the latter.
        "seen_size",
        "receipted_size",
        "reconciled_seq",
        "seq",
        "after_seq",
        "last_seq",
        "receipts",
        "checkpoint",
    }
    kinds = typing.get_args(wire.Answer)
    assert {field.name for kind in kinds for field in dataclasses.fields(kind)} == known
