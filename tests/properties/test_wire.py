"""Codecs: what is written is read back, and no byte can change without being noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators import wires
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.order import Order
from xinqiao_governance.wire import AnswerFrame, AskFrame, MaskedVector, StepAsk

FRAMES = [*wires.ASK_FRAMES, *wires.ANSWER_FRAMES]
integers = st.integers(-(1 << 63) + 1, (1 << 63) - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_json_comes_back(value: object) -> None:
    data = dumps(value)  # type: ignore[arg-type]
    assert loads(data) == value
    assert dumps(loads(data)) == data


@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")))
def test_whatever_parses_is_canonical(data: bytes) -> None:
    try:
        value = loads(data)
    except WireInvalid:
        return
    assert dumps(value) == data


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: type(frame).__name__)
def test_any_changed_byte_fails_or_changes_the_value(frame: AskFrame | AnswerFrame) -> None:
    data = frame.encode()
    for place in range(len(data)):
        for flip in (0x01, 0x20, 0x80):
            changed = data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :]
            try:
                again = type(frame).decode(changed)
            except WireInvalid:
                continue
            assert again != frame
            assert again.encode() == changed


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: type(frame).__name__)
def test_any_shortened_frame_fails_or_changes_the_value(frame: AskFrame | AnswerFrame) -> None:
    data = frame.encode()
    for size in range(len(data)):
        try:
            again = type(frame).decode(data[:size])
        except WireInvalid:
            continue
        assert again != frame


def test_any_changed_byte_of_a_statement_changes_its_digest() -> None:
    """Masks hang on the digest: two members told the least different things share no keystream."""
    ask = next(frame for frame in wires.ASK_FRAMES if isinstance(frame.ask, StepAsk))
    data = ask.encode()
    start, end = data.index(b'"body":{"order"'), data.index(b',"key":"04', data.index(b'"v":2'))
    for place in range(start, end):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        try:
            again = AskFrame.decode(changed).ask
        except WireInvalid:
            continue
        assert isinstance(again, StepAsk)
        assert again.statement.body.digest != wires.STATEMENT.digest


@given(st.binary(min_size=4, max_size=64).filter(lambda words: len(words) % 4 == 0))
def test_a_vector_of_any_words_comes_back(words: bytes) -> None:
    """Line feeds among the words too."""
    frame = AnswerFrame(MaskedVector(wires.A, words))
    assert AnswerFrame.decode(frame.encode()) == frame


_FIGURES = ("collusion", "homes", "answers", "scale", "variance", "epsilon_micro", "sampling_micro")


@given(st.fixed_dictionaries(dict.fromkeys(_FIGURES, integers)))
def test_figures_of_an_order_come_back_or_fail(figures: dict[str, int]) -> None:
    value = {**wires.ORDER.to_json(), **figures}
    try:
        order = Order.from_json(value)
    except WireInvalid:
        return
    assert order.to_json() == value
