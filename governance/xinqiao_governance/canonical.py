"""Canonical JSON and domain-separated digests: one value has one byte string, on every machine.

The form is the integer-only subset of RFC 8785 (JSON Canonicalization Scheme): UTF-8, keys sorted by
code point, no spaces, no floats. Numbers are integers in stated units (micro, nano, seconds), so no two
machines can print them differently.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from xinqiao_governance.errors import WireInvalid

Json: TypeAlias = bool | int | str | Sequence["Json"] | Mapping[str, "Json"] | None

MAX_DEPTH = 64

_INTEGER_LIMIT = 1 << 63
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[][{}]', re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_BRACKETS = bytes(_STEPS)
_NO_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))


def dumps(value: Json) -> bytes:
    """Return the one canonical byte string of `value`.

    Raises:
        WireInvalid: a float, a key that is not text, an integer past 63 bits, or an unpaired surrogate.
    """
    try:
        _check(value)
        return rewrite(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise WireInvalid("wire_not_canonical") from error


def loads(data: bytes) -> Json:
    """Parse canonical JSON; bytes that `dumps` would not write are refused, so nothing hides in slack.

    Raises:
        WireInvalid: not JSON, nested too deep, or not in canonical form.
    """
    require_shallow(data)
    try:
        value: Json = _DECODER.decode(data.decode("utf-8"))
        written = rewrite(value)
    except (ValueError, RecursionError) as error:
        raise WireInvalid("wire_not_canonical") from error
    if written != data:
        raise WireInvalid("wire_not_canonical")
    return value


def rewrite(value: Json) -> bytes:
    """Return the canonical bytes of what `loads` gave: it holds nothing that `dumps` would refuse."""
    return _ENCODER.encode(value).encode("utf-8")


def require_shallow(data: bytes) -> None:
    """Refuse JSON that is nested more than `MAX_DEPTH` levels, before a parser sees it.

    Python's parser counts levels against the recursion limit, which a library may raise so far that deep
    nesting ends the process instead of raising.

    Raises:
        WireInvalid: nested too deep.
    """
    if data.count(b"[") + data.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _brackets(data):
        depth += _STEPS[bracket]
        if depth > MAX_DEPTH:
            raise WireInvalid("wire_not_canonical")


def _brackets(data: bytes) -> bytes:
    """Return the brackets that stand in no string, in order."""
    if b"\\" in data:
        return b"".join(token[0] for token in _STRING_OR_BRACKET.finditer(data) if token[0] in _BRACKETS)
    outside = data.split(b'"')[::2]  # without escapes every second part is a string
    return b"".join(outside).translate(None, _NO_BRACKETS)


def digest(domain: str, data: bytes) -> bytes:
    """SHA-256 of `data` under a domain label: 32 bytes. Digests of two domains never collide by design."""
    label = b"xinqiao/" + domain.encode("ascii")
    return hashlib.sha256(len(label).to_bytes(2, "big") + label + data).digest()


def _no_float(text: str) -> Json:
    raise ValueError(text)


def _bounded(text: str) -> int:
    number = int(text)
    if not -_INTEGER_LIMIT < number < _INTEGER_LIMIT:
        raise ValueError(text)
    return number


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)
_DECODER = json.JSONDecoder(parse_float=_no_float, parse_int=_bounded, parse_constant=_no_float)


def _check(value: Json) -> None:
    """Refuse what JSON would print in more than one way, or silently turn into something else."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise WireInvalid("wire_not_canonical")
            if not isinstance(item, str):  # most are text: no call for those
                _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            if not isinstance(item, str):
                _check(item)
    elif isinstance(value, int):
        if not -_INTEGER_LIMIT < value < _INTEGER_LIMIT:
            raise WireInvalid("wire_not_canonical")
    elif value is not None and not isinstance(value, str):
        raise WireInvalid("wire_not_canonical")
