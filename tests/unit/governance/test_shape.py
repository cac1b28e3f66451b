"""Shapes: they tell kinds of data apart, stand for no person, and cost the same for any table."""

import random

import pytest

from xinqiao_governance.classify.shape import is_alike, shape_of

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def scores(draw: random.Random, count: int) -> list[str]:
    return [str(draw.randint(40, 100)) for _ in range(count)]


def wages(draw: random.Random, count: int) -> list[str]:
    return [f"{draw.uniform(4000, 22000):.2f}" for _ in range(count)]


def codes(draw: random.Random, count: int) -> list[str]:
    return [f"A{draw.randint(1, 9)}" for _ in range(count)]


def names(draw: random.Random, count: int) -> list[str]:
    return ["".join(draw.choices("赵钱孙李伟芳娜敏", k=3)) for _ in range(count)]


def remarks(draw: random.Random, count: int) -> list[str]:
    return [
        "".join(draw.choices("食堂饭菜加班宿舍热水希望改善", k=draw.randint(15, 60))) for _ in range(count)
    ]


def mail(draw: random.Random, count: int) -> list[str]:
    return ["".join(draw.choices(_LETTERS, k=8)) + "@example.com" for _ in range(count)]


KINDS = (scores, wages, codes, names, remarks, mail)


@pytest.mark.parametrize("kind", KINDS)
def test_other_people_and_more_of_them_have_a_shape_that_is_alike(kind) -> None:
    draw = random.Random(5)
    first = shape_of(kind(draw, 300))
    assert all(is_alike(first, shape_of(kind(draw, count))) for count in (200, 400, 5000) for _ in range(5))


@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_data_is_not_alike(kind) -> None:
    draw = random.Random(6)
    first = shape_of(kind(draw, 300))
    others = [other for other in KINDS if other is not kind]
    assert not any(is_alike(first, shape_of(other(draw, 300))) for other in others)


def test_nothing_written_has_no_shape_and_is_alike_to_nothing_written_alone() -> None:
    assert shape_of([]) == shape_of([None, "", "  "]) == {}
    assert is_alike({}, {})
    assert not is_alike({}, shape_of(["1"]))


@pytest.mark.parametrize("cell", ["1e999", "-0", "0", "1,234.50", "9" * 400, "١٢", "nan"])
def test_any_cell_has_a_shape(cell: str) -> None:
    assert all(isinstance(step, int) for step in shape_of([cell]).values())


def test_a_shape_stands_for_no_person() -> None:
    """One person's cell, however far from the others', moves nothing."""
    cells = wages(random.Random(7), 400)
    assert shape_of([*cells[:-1], "987654321"]) == shape_of(cells)


def test_a_long_table_is_looked_at_evenly() -> None:
    half = [*scores(random.Random(8), 100_000), *remarks(random.Random(8), 100_000)]
    assert shape_of(half)["numbers"] == 2
