"""Cells read many at a time, beside the same rules one cell at a time."""

import datetime
import random

import numpy as np
import pytest

from xinqiao_clients.cells import agreeing, births_of, days_of, numbers_of
from xinqiao_governance.check_digits import is_credit_code, is_identity_number, passes_luhn

SYNTHETIC = random.Random(7)


def identity_numbers(count: int) -> list[str]:
    """Synthetic ones, most with their right check character, and some with a letter changed."""
    cells = []
    for _ in range(count):
        day = datetime.date(1900, 1, 1) + datetime.timedelta(SYNTHETIC.randrange(60_000))
        body = f"{SYNTHETIC.randrange(10, 90)}0101{day:%Y%m%d}{SYNTHETIC.randrange(1000):03}"
        cells.append(body + next(c for c in "0123456789X" if is_identity_number("110101" + body[6:] + c)))
        cells.append(SYNTHETIC.choice(["", "泄", " "]) + changed(cells[-1]))
        cells.append(f"110101{day:%y%m%d}123")
    return [
        *cells,
        "",
        "X" * 18,
        "１１０１０１１９９００３０７００２X",
        "110101199002300001",
        "110101900230123",
    ]


def changed(cell: str) -> str:
    place = SYNTHETIC.randrange(len(cell))
    return cell[:place] + SYNTHETIC.choice("0123456789xXA泄") + cell[place + 1 :]


def test_identity_numbers_agree_with_the_rule_one_at_a_time() -> None:
    cells = identity_numbers(400)
    assert agreeing("identity_number", cells).tolist() == [is_identity_number(cell) for cell in cells]


def test_days_of_birth_are_those_in_the_number() -> None:
    for cell, day in zip(identity_numbers(100), births_of(identity_numbers(0) or [""]), strict=False):
        assert is_identity_number(cell) or np.isnan(day)
    found = births_of(["11010119900307002X", "110101900307123", "nothing"])
    wanted = (datetime.date(1990, 3, 7) - datetime.date(1970, 1, 1)).days
    assert found[:2].tolist() == [wanted, wanted]
    assert np.isnan(found[2])


def test_bank_cards_agree_with_luhn_at_the_lengths_that_there_are() -> None:
    cells = ["".join(SYNTHETIC.choices("0123456789", k=length)) for length in range(1, 25) for _ in range(60)]
    cells += [changed(cell) for cell in cells[-200:]]
    expected = [
        13 <= len(cell) <= 19 and cell.isascii() and cell.isdigit() and passes_luhn(cell) for cell in cells
    ]
    assert any(expected)
    assert agreeing("bank_card", cells).tolist() == expected


def test_credit_codes_agree_with_the_rule_one_at_a_time() -> None:
    cells = ["91350211M000100Y46"]
    for _ in range(300):
        body = "".join(SYNTHETIC.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=17))
        cells += [body + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXYI"]
        cells.append(changed(cells[-1]))
    assert agreeing("credit_code", cells).tolist() == [is_credit_code(cell) for cell in cells]


def test_days_are_those_of_the_calendar() -> None:
    first = datetime.date(1900, 1, 1)
    days = [first + datetime.timedelta(number) for number in range(73_049)]
    assert days[-1] == datetime.date(2099, 12, 31)
    unix = datetime.date(1970, 1, 1)
    assert days_of([day.isoformat() for day in days]).tolist() == [(day - unix).days for day in days]


@pytest.mark.parametrize(
    "cell",
    [
        "2023-02-29",
        "1900-02-29",
        "2023-13-01",
        "2023-00-10",
        "2023-1-1x",
        "23-01-01",
        "1899-12-31",
        "44927",
        "",
    ],
)
def test_what_is_no_day(cell: str) -> None:
    assert np.isnan(days_of([cell]))[0]


@pytest.mark.parametrize(
    "cell", ["2024-02-29", "20240229", "2024/2/29", "2024.02.29", "2024年2月29日", "2024-02-29 10:00"]
)
def test_ways_to_write_a_day(cell: str) -> None:
    assert days_of([cell])[0] == (datetime.date(2024, 2, 29) - datetime.date(1970, 1, 1)).days


def test_numbers_are_finite_and_plain() -> None:
    found = numbers_of(["1", " -2.5e3 ", "inf", "nan", "1e999", "1_000", "１", "=1", ""])
    assert found[:2].tolist() == [1.0, -2500.0]
    assert np.isnan(found[2:]).all()
