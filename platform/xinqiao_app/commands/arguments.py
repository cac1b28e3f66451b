"""Reading what people type: files, and decimal numbers that must be exact."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path

from xinqiao_governance.canonical import Json, dumps
from xinqiao_governance.errors import UsageInvalid, WireInvalid

EPSILON = 6
"""Decimal places of ε: millionths."""
DELTA = 9
"""Decimal places of δ: billionths."""


def exact(text: str, places: int) -> int:
    """Return the number `text` in units of 10^-places, exactly.

    Raises:
        UsageInvalid: no number, not above zero, or finer than the unit.
    """
    try:
        number = Decimal(text).scaleb(places)
    except InvalidOperation as error:
        raise UsageInvalid("number_invalid", places=places) from error
    if not number.is_finite() or number <= 0 or number != number.to_integral_value():
        raise UsageInvalid("number_invalid", places=places)
    return int(number)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; UsageInvalid where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageInvalid("io_failed", path=str(path), reason=error.strerror or "?") from error


def read_json(path: Path) -> Json:
    """Return a file's JSON, in any layout; UsageInvalid where it is none, or holds what no wire type may."""
    try:
        value: Json = json.loads(read_bytes(path))
        dumps(value)
    except (ValueError, WireInvalid) as error:
        raise UsageInvalid("json_invalid", path=str(path)) from error
    return value
