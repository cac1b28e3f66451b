"""Canonical JSON: one value, one byte string; whatever else is refused with one clear code."""

import hashlib

import pytest

from xinqiao_governance.canonical import MAX_DEPTH, Json, digest, dumps, loads, require_shallow
from xinqiao_governance.errors import WireInvalid

LIMIT = (1 << 63) - 1


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, b"null"),
        (True, b"true"),
        (LIMIT, b"9223372036854775807"),
        (-LIMIT, b"-9223372036854775807"),
        ("心桥\n", '"心桥\\n"'.encode()),
        ({"b": [1, 2], "a": {}}, b'{"a":{},"b":[1,2]}'),
        ({"\U0001f600": 1, "\uffff": 2}, '{"\uffff":2,"\U0001f600":1}'.encode()),
    ],
)
def test_golden_forms(value: Json, data: bytes) -> None:
    assert dumps(value) == data
    assert loads(data) == value


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        LIMIT + 1,
        -LIMIT - 1,
        "\ud800",
        {"\ud800": 1},
        {1: 2},
        {None: 1},
        b"x",
        {1, 2},
        object(),
    ],
)
def test_values_without_one_form_are_refused(value: object) -> None:
    with pytest.raises(WireInvalid):
        dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b"01",
        b"-0",
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b"\xff",
        b"\xef\xbb\xbf1",
        b"9223372036854775808",
        b"9" * 5_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"[1,]",
        b"'a'",
    ],
)
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(WireInvalid):
        loads(data)


def test_a_cycle_is_an_error_and_not_a_crash() -> None:
    cycle: list[Json] = []
    cycle.append(cycle)
    with pytest.raises(WireInvalid):
        dumps(cycle)


def test_digests_are_separated_by_domain_and_pinned() -> None:
    assert digest("a", b"bc") != digest("ab", b"c")
    spelled_out = (13).to_bytes(2, "big") + b"xinqiao/order" + b"{}"
    assert digest("order", b"{}") == hashlib.sha256(spelled_out).digest()


@pytest.mark.parametrize("text", ["[" * 80, '[\\"' * 80, "}" * 80 + "{" * 80])
def test_brackets_within_texts_are_no_depth(text: str) -> None:
    value: Json = [[text, {"a": text}] for _ in range(3)]
    assert loads(dumps(value)) == value


@pytest.mark.parametrize("text", ["", "]" * 80, '\\"]' * 80])
def test_what_is_nested_too_deep_is_refused_whatever_stands_in_texts(text: str) -> None:
    quoted = dumps(text)
    for depth in (MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1):
        data = b"[" * depth + quoted + b"]" * depth
        if depth <= MAX_DEPTH:
            require_shallow(data)
        else:
            with pytest.raises(WireInvalid):
                require_shallow(data)
