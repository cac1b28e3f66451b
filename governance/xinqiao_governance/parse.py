"""Strict readers for canonical JSON: exact fields and types. Failures name the field, never its value."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import DataInvalid, VersionOther, WireInvalid

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ED25519_KEY_BYTES, _SM2_KEY_BYTES = 32, 64
# Control, direction and other invisible letters, halves of letters, and what is no letter yet.
_UNSEEN = {"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"}
# Letters and marks by their category, and still nothing to see: fillers, blanks, joiners, variants.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_MAX_LABEL = 200  # as in a ledger event: what an order names must fit into the journal


def mapping(value: Json) -> Mapping[str, Json]:
    """Return `value` as an object.

    Raises:
        WireInvalid: it is something else.
    """
    if not isinstance(value, (dict, Mapping)):  # a plain object first: asking an abstract class is slow
        raise WireInvalid("wire_field_invalid", field="{}")
    return value


def fields_of(value: Json, *names: str) -> Mapping[str, Json]:
    """Return `value` as an object with exactly the fields `names`.

    Raises:
        WireInvalid: not an object, a field missing, or one too many.
    """
    body = mapping(value)
    for name in names:
        if name not in body:
            raise WireInvalid("wire_field_invalid", field=name)
    for name in body:
        if name not in names:
            raise WireInvalid("wire_field_invalid", field=name)
    return body


def text(body: Mapping[str, Json], name: str) -> str:
    """Return the field as text; see `integer` for errors."""
    value = body.get(name)
    if not isinstance(value, str):
        raise WireInvalid("wire_field_invalid", field=name)
    return value


def label(body: Mapping[str, Json], name: str) -> str:
    """Return the field as printable text of 1 to 200 characters; see `integer` for errors."""
    value = text(body, name)
    if not is_label(value):
        raise WireInvalid("wire_field_invalid", field=name)
    return value


def is_label(value: str) -> bool:
    """Say whether a text is printable and of 1 to 200 characters, so that it cannot fake a line of ours."""
    return 0 < len(value) <= _MAX_LABEL and value.isprintable()


def is_clear(name: str) -> bool:
    """Say whether every letter of a name can be seen, and there is one: else two names may look the same."""
    return bool(name.strip()) and is_visible(name)


def is_visible(text: str) -> bool:
    """Say whether every letter of a text can be seen, or is a space."""
    if text.isascii():  # the quick answer for most
        return text.isprintable()
    return _BLANK.search(text) is None and _UNSEEN.isdisjoint(map(unicodedata.category, text))


def require_clear(names: Iterable[str]) -> None:
    """Refuse names of columns that are not clear; the error gives the place, never the name.

    Raises:
        DataInvalid: there is one.
    """
    for place, name in enumerate(names, start=1):
        if not is_clear(name):
            raise DataInvalid("column_name_unclear", place=place)


def code(body: Mapping[str, Json], name: str) -> str:
    """Return the field as a reason code (a-z, 0-9, _), so that no other text rides in its place.

    See `integer` for errors.
    """
    value = text(body, name)
    if not _CODE.fullmatch(value):
        raise WireInvalid("wire_field_invalid", field=name)
    return value


def integer(body: Mapping[str, Json], name: str, *, at_least: int | None = None) -> int:
    """Return the field as an integer (a boolean is not one).

    Raises:
        WireInvalid: missing, of another type, or below `at_least`.
    """
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise WireInvalid("wire_field_invalid", field=name)
    if at_least is not None and value < at_least:
        raise WireInvalid("wire_field_invalid", field=name)
    return value


def require_version(body: Mapping[str, Json], version: int) -> None:
    """Refuse a field "v" that is not `version`, of integer type: `True == 1` in Python.

    Raises:
        VersionOther: it is another.
        WireInvalid: it is of another type, or missing.
    """
    if integer(body, "v") != version:
        raise VersionOther("version_other")


def versioned_fields(value: Json, version: int, *names: str) -> Mapping[str, Json]:
    """Return `value` as an object of this version with exactly the fields `names`, "v" among them.

    The version comes first: what another version wrote is not broken for having other fields.

    Raises:
        VersionOther: it is of another version.
        WireInvalid: not an object, a field missing, or one too many.
    """
    require_version(mapping(value), version)
    return fields_of(value, *names)


def hex_bytes(body: Mapping[str, Json], name: str, *, length: int) -> bytes:
    """Return a field of lower-case hexadecimal digits as exactly `length` bytes; see `integer` for errors."""
    value = text(body, name)
    try:
        raw = bytes.fromhex(value)
    except ValueError as error:
        raise WireInvalid("wire_field_invalid", field=name) from error
    if len(raw) != length or raw.hex() != value:
        raise WireInvalid("wire_field_invalid", field=name)
    return raw


def objects(body: Mapping[str, Json], name: str) -> Sequence[Mapping[str, Json]]:
    """Return the field as a list of objects; see `integer` for errors."""
    return [mapping(item) for item in _sequence(body, name)]


def integers(body: Mapping[str, Json], name: str) -> tuple[int, ...]:
    """Return the field as a list of integers; see `integer` for errors."""
    return tuple(integer({name: item}, name) for item in _sequence(body, name))


def texts(body: Mapping[str, Json], name: str) -> tuple[str, ...]:
    """Return the field as a list of texts; see `integer` for errors."""
    return tuple(text({name: item}, name) for item in _sequence(body, name))


def _sequence(body: Mapping[str, Json], name: str) -> Sequence[Json]:
    value = body.get(name)
    if not isinstance(value, list | tuple):
        raise WireInvalid("wire_field_invalid", field=name)
    return value


def note_key(body: Mapping[str, Json], name: str) -> bytes:
    """Return a public key of a log or a witness: 32 bytes (Ed25519) or 64 (SM2).

    Raises:
        WireInvalid: it is missing or not lower-case hex of either length.
    """
    sm2 = len(text(body, name)) == 2 * _SM2_KEY_BYTES
    return hex_bytes(body, name, length=_SM2_KEY_BYTES if sm2 else _ED25519_KEY_BYTES)
