"""Cells of text as bytes, and back, in the layout of an Arrow column of strings.

Of n cells: n + 1 offsets (little-endian int32), a bit for each cell that says whether it is there (least
significant bit first), and the texts in UTF-8, one after the other. Arrow walks the cells in compiled code;
as a JSON list they took several times as long as their cipher.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

_OFFSET_BYTES = 4
_SAMPLE = 8192  # cells that tell whether texts repeat


def encode_texts(cells: NDArray[np.object_]) -> bytes | None:
    """Return cells of str or None as bytes; None where one is neither, is no Unicode, or they are over 2 GiB.

    An error raised here would hold the cell.
    """
    import pyarrow as pa  # where no text is read or written, it is not needed

    try:
        texts = pa.array(cells, from_pandas=False)
    except (pa.ArrowException, ArithmeticError, AttributeError, TypeError, ValueError):  # to guess a type
        return None
    if pa.types.is_null(texts.type):
        texts = texts.cast(pa.string())
    if not isinstance(texts, pa.StringArray):
        return None
    present, offsets, letters = texts.buffers()
    offsets_size, present_size = _sizes(len(cells))
    return b"".join(
        (
            memoryview(offsets)[:offsets_size],
            b"\xff" * present_size if present is None else memoryview(present)[:present_size],
            b"" if letters is None else memoryview(letters),
        )
    )


def decode_texts(data: bytes | bytearray, count: int) -> NDArray[np.object_]:
    """Return the cells that `encode_texts` made bytes of; shape (count,).

    Raises:
        ValueError: they are not so many cells.
    """
    import pyarrow as pa

    offsets_size, present_size = _sizes(count)
    if len(data) < offsets_size + present_size:
        raise ValueError("too short")
    buffer = pa.py_buffer(data)
    texts = pa.StringArray.from_buffers(
        count,
        buffer.slice(0, offsets_size),
        buffer.slice(offsets_size + present_size),
        buffer.slice(offsets_size, present_size),
    )
    texts.validate(full=True)
    repeated = len(texts[:_SAMPLE].unique()) < min(count, _SAMPLE) / 2
    found: NDArray[np.object_] = _shared(texts) if repeated else texts.to_numpy(zero_copy_only=False)
    return found


def _shared(texts: "pa.StringArray") -> NDArray[np.object_]:
    """Return the cells, each distinct text made once: to make texts is what takes the time."""
    coded = texts.dictionary_encode()
    distinct = np.append(coded.dictionary.to_numpy(zero_copy_only=False), np.array([None], dtype=np.object_))
    found: NDArray[np.object_] = distinct[coded.indices.fill_null(len(distinct) - 1).to_numpy()]
    return found


def _sizes(count: int) -> tuple[int, int]:
    """Return how many bytes the offsets and the bits of so many cells take."""
    return _OFFSET_BYTES * (count + 1), -(-count // 8)
