"""Numbers that carry a check digit or a date: what can be said of one without asking anybody.

Sources: GB 11643-1999 (identity number, ISO 7064 MOD 11-2), GB/T 2260 (province codes), ISO/IEC 7812-1
annex B (Luhn), GB 32100-2015 (unified social credit code, MOD 31).
"""

from xinqiao_governance.days import day_number

_PROVINCES = frozenset(
    "11,12,13,14,15,21,22,23,31,32,33,34,35,36,37,41,42,43,44,45,46,50,51,52,53,54,61,62,63,64,65,71,81,82,83".split(
        ","
    )
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CREDIT_LENGTH = 18
_ID_LENGTH, _OLD_ID_LENGTH, _DATE_LENGTH = 18, 15, 8


def is_identity_number(text: str) -> bool:
    """Say whether `text` is a resident identity number: 18 characters with their check, or the old 15."""
    if not text.isascii() or text[:2] not in _PROVINCES:
        return False
    if len(text) == _OLD_ID_LENGTH and text.isdigit():
        return is_date(f"19{text[6:12]}")
    if len(text) != _ID_LENGTH or not text[:17].isdigit() or not is_date(text[6:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, text[:17], strict=True))
    return _ID_CHECKS[total % 11] == text[17].upper()


def is_date(digits: str) -> bool:
    """Say whether eight digits are a day between 1900 and 2099, as YYYYMMDD."""
    return len(digits) == _DATE_LENGTH and day_number(digits) is not None


def passes_luhn(digits: str) -> bool:
    """Say whether a number of ASCII digits passes the Luhn check, as one in ten does by chance."""
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    own = [int(digit) for digit in reversed(digits)]
    return (sum(own[0::2]) + sum(doubled[digit] for digit in own[1::2])) % 10 == 0


def is_credit_code(text: str) -> bool:
    """Say whether `text` is a unified social credit code with its check character."""
    if len(text) != _CREDIT_LENGTH or any(letter not in _CREDIT_ALPHABET for letter in text):
        return False
    values = [_CREDIT_ALPHABET.index(letter) for letter in text]
    total = sum(weight * value for weight, value in zip(_CREDIT_WEIGHTS, values, strict=False))
    return (31 - total % 31) % 31 == values[17]
