"""One column as one encrypted file: a header, then chunks of 65,536 rows, each sealed under its own key.

Layout: `XQC` + suite id (1 byte), then for each chunk its sealed length (4 bytes, big-endian) and the
sealed bytes, tag last. Numbers are little-endian float64 (NaN = missing). Text is laid out as a column
of Arrow (`cell_texts.py`).

A data key seals one chunk of one column of one version, once; the nonce is the chunk's index. The associated
data bind suite, column identity, kind, chunk index, chunk count and row count: a chunk opens in its own place
or not at all. The suite is the identity's; a header that says another is refused. What a file does show is
its length, and so roughly how many rows it has.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xinqiao_clients.cell_texts import decode_texts, encode_texts
from xinqiao_clients.suites import AES_256_GCM, TAG_BYTES, Buffer, Suite
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import DataInvalid, StoreDamaged

ColumnData: TypeAlias = NDArray[np.float64] | NDArray[np.object_]
Kind = Literal["number", "text"]

CHUNK_ROWS = 65_536  # half a mebibyte of numbers: measured best, `bench/store.py`
_MAGIC = b"XQC"
_HEADER_BYTES = len(_MAGIC) + 1
_LENGTH_BYTES = 4
_NONCE_BYTES = 12
_NUMBER_BYTES = 8


@dataclass(frozen=True)
class ColumnIdentity:
    """Which column a file holds, and under which suite; every field is bound into every chunk."""

    dataset_id: str
    version: str
    column: str
    kind: Kind
    rows: int
    suite: Suite = AES_256_GCM

    @property
    def chunks(self) -> int:
        """Number of chunks: rows / CHUNK_ROWS, rounded up."""
        return -(-self.rows // CHUNK_ROWS)

    @property
    def key_bytes(self) -> int:
        """Length of the data keys of all chunks, one after the other."""
        return self.chunks * self.suite.key_bytes

    def draw_keys(self) -> bytes:
        """Return new data keys, one a chunk."""
        return secrets.token_bytes(self.key_bytes)

    def associated(self, chunk: int) -> bytes:
        """Return the associated data of chunk `chunk`."""
        place = [self.suite.id, chunk, self.chunks, self.rows]
        return dumps(["store-chunk", self.dataset_id, self.version, self.column, self.kind, *place])


def seal_column(identity: ColumnIdentity, keys: bytes, data: ColumnData) -> bytearray:
    """Encrypt `data` (shape (rows,), float64 or object of str | None) under fresh data keys.

    Raises:
        DataInvalid: a cell of a text column is neither text nor None.
    """
    starts = range(0, identity.rows, CHUNK_ROWS)
    plains = [_encode(identity, data[start : start + CHUNK_ROWS]) for start in starts]
    file = bytearray(_HEADER_BYTES + sum(_LENGTH_BYTES + len(plain) + TAG_BYTES for plain in plains))
    file[:_HEADER_BYTES] = _MAGIC + bytes([identity.suite.id])
    view, start = memoryview(file), _HEADER_BYTES
    for chunk, plain in enumerate(plains):
        body, end = start + _LENGTH_BYTES, start + _LENGTH_BYTES + len(plain) + TAG_BYTES
        view[start:body] = (end - body).to_bytes(_LENGTH_BYTES, "big")
        key = _key(identity, keys, chunk)
        identity.suite.seal(key, _nonce(chunk), identity.associated(chunk), plain, view[body:end])
        start = end
    return file


def open_column(identity: ColumnIdentity, keys: bytes, sealed: bytes | bytearray) -> ColumnData:
    """Decrypt what `seal_column` made; shape (rows,).

    Raises:
        StoreDamaged: one bit differs, a chunk is missing, moved or foreign, a key or the suite is another.
    """
    if sealed[: len(_MAGIC)] != _MAGIC or len(sealed) < _HEADER_BYTES or len(keys) != identity.key_bytes:
        raise _damaged(identity)
    if sealed[len(_MAGIC)] != identity.suite.id:
        raise StoreDamaged("store_suite_differs", dataset=identity.dataset_id, column=identity.column)
    frames = list(_frames(identity, sealed))
    if len(frames) != identity.chunks:  # chunks that were cut off at the end leave no other trace
        raise _damaged(identity)
    return (
        _open_numbers(identity, keys, frames)
        if identity.kind == "number"
        else _open_text(identity, keys, frames)
    )


def _frames(identity: ColumnIdentity, sealed: bytes | bytearray) -> Iterator[memoryview]:
    start, view = _HEADER_BYTES, memoryview(sealed)
    while start < len(sealed):
        body = start + _LENGTH_BYTES
        end = body + int.from_bytes(view[start:body], "big")
        if end > len(sealed) or end - body < TAG_BYTES:
            raise _damaged(identity)
        yield view[body:end]
        start = end


def _open_numbers(identity: ColumnIdentity, keys: bytes, frames: list[memoryview]) -> NDArray[np.float64]:
    """Decrypt into the array itself: a copy of each chunk would cost a third of the time."""
    data = np.empty(identity.rows, dtype="<f8")
    plain = data.view(np.uint8).data
    for chunk, frame in enumerate(frames):
        first = _NUMBER_BYTES * CHUNK_ROWS * chunk
        _open_chunk(identity, keys, chunk, frame, plain[first : first + _NUMBER_BYTES * CHUNK_ROWS])
    return data.astype(np.float64, copy=False)


def _open_text(identity: ColumnIdentity, keys: bytes, frames: list[memoryview]) -> NDArray[np.object_]:
    data = np.empty(identity.rows, dtype=np.object_)
    for chunk, frame in enumerate(frames):
        plain = bytearray(len(frame) - TAG_BYTES)
        _open_chunk(identity, keys, chunk, frame, memoryview(plain))
        cells = data[CHUNK_ROWS * chunk : CHUNK_ROWS * (chunk + 1)]
        try:
            cells[:] = decode_texts(plain, len(cells))
        except ValueError:
            raise _damaged(identity) from None
    return data


def _open_chunk(
    identity: ColumnIdentity, keys: bytes, chunk: int, frame: memoryview, plain: memoryview
) -> None:
    key = _key(identity, keys, chunk)
    try:
        identity.suite.open(key, _nonce(chunk), identity.associated(chunk), frame, plain)
    except ValueError:
        raise _damaged(identity) from None


def _key(identity: ColumnIdentity, keys: bytes, chunk: int) -> bytes:
    size = identity.suite.key_bytes
    return keys[chunk * size : (chunk + 1) * size]


def _nonce(chunk: int) -> bytes:
    return chunk.to_bytes(_NONCE_BYTES, "big")


def _encode(identity: ColumnIdentity, rows: ColumnData) -> Buffer:
    if identity.kind == "number":
        return np.ascontiguousarray(rows, dtype="<f8").view(np.uint8).data
    encoded = encode_texts(rows.astype(np.object_, copy=False))
    if encoded is None:
        raise DataInvalid("store_text_invalid", column=identity.column)
    return encoded


def _damaged(identity: ColumnIdentity) -> StoreDamaged:
    return StoreDamaged("store_column_damaged", dataset=identity.dataset_id, column=identity.column)
