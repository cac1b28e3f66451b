"""Check digits: made-up numbers that pass, and the same ones with one digit changed."""

import random

import pytest

from xinqiao_governance.check_digits import is_credit_code, is_date, is_identity_number, passes_luhn

IDENTITY = "110101199003070134"  # made up; its check follows GB 11643
CREDIT = "91350100M000100Y43"  # the standard's own example, GB 32100-2015


def with_check(body: str) -> str:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


def test_an_identity_number_holds_by_its_check_province_and_date() -> None:
    good = with_check("11010119900307013")
    assert is_identity_number(good)
    assert is_identity_number(with_check("11010119900307007").lower())
    for bad in (
        good[:-1] + ("1" if good[-1] != "1" else "2"),
        good[:-1],
        "99" + good[2:],
        with_check("11010119900231013"),
    ):
        assert not is_identity_number(bad)


def test_one_in_eleven_of_random_checks_holds() -> None:
    draw = random.Random(5)
    numbers = [f"11010119900307{draw.randrange(10_000):04d}" for _ in range(4_000)]
    assert 0.06 < sum(map(is_identity_number, numbers)) / len(numbers) < 0.12


def test_the_old_form_has_fifteen_digits_and_a_date() -> None:
    assert is_identity_number("110101900307013")
    assert not is_identity_number("110101901307013")


@pytest.mark.parametrize(
    "text", ["", "1", "１１０１０１", "abc", "1101011990030701\n3", "11010119900307013x1"]
)
def test_other_text_is_no_identity_number(text: str) -> None:
    assert not is_identity_number(text)


def test_luhn_holds_for_the_known_example_and_fails_for_any_other_digit() -> None:
    assert passes_luhn("79927398713")  # ISO/IEC 7812-1's worked example
    for digit in "012456789":
        assert not passes_luhn("7992739871" + digit)


def test_a_credit_code_holds_by_its_last_character() -> None:
    assert is_credit_code(CREDIT)
    assert not is_credit_code(CREDIT[:-1] + "4")
    assert not is_credit_code(CREDIT[:-2] + "I3")
    assert not is_credit_code("")


def test_a_date_is_a_day_of_two_centuries() -> None:
    assert is_date("20240229")
    for text in ("20230229", "18991231", "21000101", "20241301"):
        assert not is_date(text)
