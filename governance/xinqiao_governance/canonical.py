"""Canonical JSON and domain-separated digests: one value has one byte string, on every machine.

The form is the integer-only subset of RFC 8785 (JSON Canonicalization Scheme): UTF-8, keys sorted by
code point, no spaces, no floats. Numbers are integers in stated units (micro, nano, seconds), so no two
machines can print them differently.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from xinqiao_governance.errors import WireInvalid

Json: TypeAlias = bool | int | str | Sequence["Json"] | Mapping[str, "Json"] | None

_INTEGER_LIMIT = 1 << 63


def dumps(value: Json) -> bytes:
    """Return the one canonical byte string of `value`.

    Raises:
        WireInvalid: a float, a key that is not text, an integer past 63 bits, or an unpaired surrogate.
    """
    try:
        _check(value)
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8")
    except (ValueError, TypeError, RecursionError) as error:
        raise WireInvalid("wire_not_canonical") from error


def loads(data: bytes) -> Json:
    """Parse canonical JSON; bytes that `dumps` would not write are refused, so nothing hides in slack.

    Raises:
        WireInvalid: not JSON, or not in canonical form.
    """
    try:
        value: Json = json.loads(data.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise WireInvalid("wire_not_canonical") from error
    if dumps(value) != data:
        raise WireInvalid("wire_not_canonical")
    return value


def digest(domain: str, data: bytes) -> bytes:
    """SHA-256 of `data` under a domain label: 32 bytes. Digests of two domains never collide by design."""
    label = b"xinqiao/" + domain.encode("ascii")
    return hashlib.sha256(len(label).to_bytes(2, "big") + label + data).digest()


def _no_float(text: str) -> Json:
    raise ValueError(text)


def _check(value: Json) -> None:
    """Refuse what JSON would print in more than one way, or silently turn into something else."""
    match value:
        case str() | bool() | None:
            return
        case int():
            if not -_INTEGER_LIMIT < value < _INTEGER_LIMIT:
                raise WireInvalid("wire_not_canonical")
        case list() | tuple():
            for item in value:
                _check(item)
        case Mapping():
            for key, item in value.items():
                if not isinstance(key, str):
                    raise WireInvalid("wire_not_canonical")
                _check(item)
        case _:
            raise WireInvalid("wire_not_canonical")
