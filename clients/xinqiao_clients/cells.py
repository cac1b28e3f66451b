"""Columns of cells read as numbers, days or numbers with check digits, many at a time.

A column is coded: each differing cell is read once, and what is found of it is found of all its rows.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xinqiao_governance.check_digits import is_identity_number
from xinqiao_governance.contract import DigitCheck
from xinqiao_governance.days import day_number
from xinqiao_governance.errors import DataInvalid

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]

# float() alone would also take "nan", "inf", "1_000" and full-width digits.
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

_PART = 100_000
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECKS = np.array([ord(letter) for letter in "10X98765432"], dtype=np.uint32)
_PROVINCES = [code for code in range(100) if is_identity_number(f"{code:02}0000800101000")]
_CREDIT_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
_CREDIT_VALUES = np.full(128, -1)
_CREDIT_VALUES[[ord(letter) for letter in "0123456789ABCDEFGHJKLMNPQRTUWXY"]] = range(31)
_CARD_LENGTHS = range(13, 20)  # ISO/IEC 7812-1: at most 19
_DAY_DIGITS = 10 ** np.arange(7, -1, -1)


@dataclass(frozen=True)
class Coded:
    """A column of text: `codes` (rows,) point into `distinct`, -1 where a cell is missing."""

    codes: NDArray[np.int64]
    distinct: Sequence[str]

    @classmethod
    def of(cls, cells: "pd.Series[Any]") -> "Coded":
        """Code a column of text cells."""
        codes, distinct = pd.factorize(cells)
        return cls(codes.astype(np.int64), distinct.tolist())

    @property
    def present(self) -> Flags:
        """Where a cell is not missing: (rows,)."""
        return self.codes >= 0

    def spread(self, found: NDArray[Any], missing: object) -> NDArray[Any]:
        """Return what was found of the distinct cells for all rows, `missing` where there is none."""
        return np.append(found, np.array([missing], dtype=found.dtype))[self.codes]


def text_cells(column: str, cells: Sequence[str | None]) -> "pd.Series[Any]":
    """Return a column of text.

    Raises:
        DataInvalid: a cell is no valid text.
    """
    try:
        return pd.Series(list(cells), dtype="str")
    except UnicodeEncodeError:  # it holds the cell
        pass
    raise DataInvalid("store_text_invalid", column=column)


def numbers_of(cells: Sequence[str]) -> Numbers:
    """Return the cells' numbers; NaN for a cell that is no finite number."""
    found = np.fromiter(map(_number, cells), np.float64, len(cells))
    found[np.isinf(found)] = math.nan
    return found


def days_of(cells: Sequence[str]) -> Numbers:
    """Return the cells' days since 1970-01-01; NaN for a cell that is no day."""
    days = (day_number(cell) for cell in cells)
    return np.fromiter((math.nan if day is None else day for day in days), np.float64, len(cells))


def matching(pattern: str, cells: Sequence[str]) -> Flags | None:
    r"""Say which cells match `pattern` as a whole; None where RE2 takes not the pattern or a cell is no text.

    RE2 takes time in proportion to the cell, whatever the pattern: Python's own engine can take for ever.
    It knows no look-around and no back-references; its \d, \w and \s are ASCII.
    """
    import pyarrow
    from pyarrow.compute import match_substring_regex

    try:
        found = match_substring_regex(pyarrow.array(cells, pyarrow.string()), rf"\A(?:{pattern})\z")
    except (pyarrow.ArrowInvalid, UnicodeEncodeError):  # both quote what they were given
        return None
    return np.array(found.to_pylist(), dtype=np.bool_)


def agreeing(check: DigitCheck, cells: Sequence[str]) -> Flags:
    """Say which cells agree with their check digit (see `governance/check_digits.py` for the sources)."""
    match check:
        case "identity_number":
            return ~np.isnan(births_of(cells))
        case "bank_card":
            return _by_length(cells, dict.fromkeys(_CARD_LENGTHS, _luhn), False)
        case "credit_code":
            return _by_length(cells, {18: _credit}, False)


def births_of(cells: Sequence[str]) -> Numbers:
    """Return the days of birth in identity numbers; NaN for a cell that is none."""
    return _by_length(cells, {18: _births, 15: _old_births}, math.nan)


def _number(cell: str) -> float:
    digits = cell.strip()
    return float(digits) if NUMBER.fullmatch(digits) else math.nan


def _by_length(cells: Sequence[str], readers: Any, otherwise: float | bool) -> NDArray[Any]:
    """Let the reader of its length judge each cell; it is given letters of the shape (cells, length)."""
    found = np.full(len(cells), otherwise)
    lengths = np.fromiter(map(len, cells), np.int64, len(cells))
    for length, read in readers.items():
        places = np.flatnonzero(lengths == length)
        for part in np.split(places, range(_PART, len(places), _PART)):
            texts = np.array([cells[place] for place in part], dtype=f"U{length}")
            found[part] = read(texts.view(np.uint32).reshape(len(part), length))
    return found


def _digits(letters: NDArray[np.uint32]) -> tuple[NDArray[np.int64], Flags]:
    digits = letters.astype(np.int64) - ord("0")
    holds: Flags = np.all((digits >= 0) & (digits <= 9), axis=1)
    return digits, holds


def _births(letters: NDArray[np.uint32]) -> Numbers:
    digits, holds = _digits(letters[:, :17])
    last = np.where(letters[:, 17] == ord("x"), ord("X"), letters[:, 17])
    holds &= np.isin(digits[:, 0] * 10 + digits[:, 1], _PROVINCES)
    holds &= _ID_CHECKS[digits @ _ID_WEIGHTS % 11] == last
    return _births_where(holds, digits[:, 6:14] @ _DAY_DIGITS)


def _old_births(letters: NDArray[np.uint32]) -> Numbers:
    digits, holds = _digits(letters)
    holds &= np.isin(digits[:, 0] * 10 + digits[:, 1], _PROVINCES)
    return _births_where(holds, 19_000_000 + digits[:, 6:12] @ _DAY_DIGITS[2:])


def _births_where(holds: Flags, dates: NDArray[np.int64]) -> Numbers:
    """Return the days that eight digits write, NaN where the rest does not hold."""
    written, places = np.unique(np.where(holds, dates, 0), return_inverse=True)
    return days_of([f"{digits:08}" for digits in written])[places]


def _luhn(letters: NDArray[np.uint32]) -> Flags:
    digits, holds = _digits(letters)
    doubled = digits[:, -2::-2] * 2
    total = digits[:, ::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    passes: Flags = holds & (total % 10 == 0)
    return passes


def _credit(letters: NDArray[np.uint32]) -> Flags:
    values = np.where(letters < 128, _CREDIT_VALUES[np.minimum(letters, 127)], -1)
    wanted = (31 - values[:, :17] @ _CREDIT_WEIGHTS % 31) % 31
    agrees: Flags = np.all(values >= 0, axis=1) & (wanted == values[:, 17])
    return agrees
