"""Digests as people type them: in hexadecimal, and only as much of them as names one thing."""

from collections.abc import Callable, Sequence

from xinqiao_governance.errors import UsageInvalid

_DIGITS = 64


def the_only(find: Callable[[bytes, bytes], Sequence[str]], prefix: str) -> str:
    """Return the one name of what `find` has between the first and the last digest that begin with `prefix`.

    Raises:
        UsageInvalid: no hexadecimal digits, nothing begins so, or several things do.
    """
    found = find(*_span(prefix))
    if len(found) != 1:
        raise UsageInvalid("id_ambiguous" if found else "id_unknown", id=prefix, count=len(found))
    return found[0]


def _span(prefix: str) -> tuple[bytes, bytes]:
    digits = prefix.lower()
    if not digits or len(digits) > _DIGITS or set(digits) - set("0123456789abcdef"):
        raise UsageInvalid("id_not_hex")
    return bytes.fromhex(digits.ljust(_DIGITS, "0")), bytes.fromhex(digits.ljust(_DIGITS, "f"))
