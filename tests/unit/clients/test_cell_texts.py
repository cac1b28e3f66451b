"""Cells of text as bytes: whatever text comes back as it was, and what is no text is refused in silence."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from xinqiao_clients.cell_texts import decode_texts, encode_texts

TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])))


def objects(*cells: object) -> NDArray[np.object_]:
    found = np.empty(len(cells), dtype=np.object_)
    found[:] = cells
    return found


def there_and_back(cells: NDArray[np.object_]) -> NDArray[np.object_]:
    data = encode_texts(cells)
    assert data is not None
    back = decode_texts(bytearray(data), len(cells))
    assert (back.dtype, back.shape) == (np.object_, cells.shape)
    return back


@given(st.lists(TEXTS))
def test_any_text_comes_back(cells: list[str | None]) -> None:
    assert there_and_back(objects(*cells)).tolist() == cells


@given(st.lists(st.sampled_from(["男", "女", "", None, "a\0b"]), max_size=300))
def test_texts_that_repeat_come_back(cells: list[str | None]) -> None:
    assert there_and_back(objects(*cells)).tolist() == cells


@pytest.mark.parametrize("count", [7, 8, 9, 8191, 8193, 70_000])
def test_many_cells_come_back(count: int) -> None:
    for cells in ([f"p{n}" for n in range(count)], [None if n % 3 else f"组{n % 7}" for n in range(count)]):
        assert there_and_back(objects(*cells)).tolist() == cells


def test_a_part_of_a_column_is_encoded_as_itself() -> None:
    whole = objects("a", None, "c", "d", None)
    assert there_and_back(whole[1:4]).tolist() == [None, "c", "d"]


@pytest.mark.parametrize(
    "cell",
    [
        1,
        1.5,
        True,
        float("nan"),
        pd.NA,
        pd.NaT,
        b"x",
        "\ud800",
        ["a"],
        ("a",),
        {"a": 1},
        object(),
        10**400,
        np.datetime64("NaT"),
    ],
)
@pytest.mark.parametrize("others", [(), ("a", None), (None, None)])
def test_what_is_no_text_is_refused(cell: object, others: tuple[object, ...]) -> None:
    assert encode_texts(objects(cell, *others)) is None
    assert encode_texts(objects(*others, cell)) is None


@pytest.mark.heavy
def test_over_two_gibibytes_in_a_chunk_are_refused() -> None:
    one = "x" * (1 << 26)
    assert encode_texts(objects(*([one] * 33))) is None


def test_bytes_that_are_not_so_many_cells_are_refused() -> None:
    data = encode_texts(objects("工号", "b", None))
    assert data is not None
    for wrong in (b"", data[:-1], data[:5], b"\xff" * len(data), data[:17] + b"\xff" * 7):
        with pytest.raises(ValueError):  # Arrow's own is one
            decode_texts(wrong, 3)
    with pytest.raises(ValueError):
        decode_texts(data, 30)
