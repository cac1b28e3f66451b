"""One column as one encrypted file: a header, then chunks of 65,536 rows, each sealed on its own.

Layout: `XQC` + suite id (1 byte), then for each chunk its sealed length (4 bytes, big-endian) and the
sealed bytes, tag last. Numbers are little-endian float64 (NaN = missing); text is a UTF-8 JSON list
(null = missing).

A data key seals one column of one version, once, so the chunk's index is a nonce that never repeats. The
associated data bind suite, column identity, kind, chunk index, chunk count and row count: a chunk opens in
its own place or not at all. What a file does show is its length, and so roughly how many rows it has.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

import numpy as np
from Crypto.Cipher import AES
from numpy.typing import NDArray

from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import DataInvalid, StoreDamaged

ColumnData: TypeAlias = NDArray[np.float64] | NDArray[np.object_]
Kind = Literal["number", "text"]

CHUNK_ROWS = 65_536
SUITE_AES_256_GCM = 1
_MAGIC = b"XQC"
_HEADER_BYTES = len(_MAGIC) + 1
_LENGTH_BYTES = 4
_NONCE_BYTES = 12
_TAG_BYTES = 16


@dataclass(frozen=True)
class ColumnIdentity:
    """Which column a file holds; every field is bound into every chunk."""

    dataset_id: str
    version: str
    column: str
    kind: Kind
    rows: int

    @property
    def chunks(self) -> int:
        """Number of chunks: rows / CHUNK_ROWS, rounded up."""
        return -(-self.rows // CHUNK_ROWS)

    def associated(self, suite: int, chunk: int) -> bytes:
        """Return the associated data of chunk `chunk`."""
        place = [suite, chunk, self.chunks, self.rows]
        return dumps(["store-chunk", self.dataset_id, self.version, self.column, self.kind, *place])


def seal_column(identity: ColumnIdentity, key: bytes, data: ColumnData) -> bytes:
    """Encrypt `data` (shape (rows,), float64 or object of str | None) under a fresh 32-byte `key`.

    Raises:
        DataInvalid: a cell of a text column is neither text nor None.
    """
    parts = [_MAGIC, bytes([SUITE_AES_256_GCM])]
    for chunk in range(identity.chunks):
        rows = data[chunk * CHUNK_ROWS : (chunk + 1) * CHUNK_ROWS]
        cipher = _cipher(identity, key, SUITE_AES_256_GCM, chunk)
        ciphertext, tag = cipher.encrypt_and_digest(_encode(identity, rows))
        parts += [(len(ciphertext) + _TAG_BYTES).to_bytes(_LENGTH_BYTES, "big"), ciphertext, tag]
    return b"".join(parts)


def open_column(identity: ColumnIdentity, key: bytes, sealed: bytes) -> ColumnData:
    """Decrypt what `seal_column` made; shape (rows,).

    Raises:
        StoreDamaged: one bit differs, a chunk is missing, moved or foreign, or the key is another.
    """
    if sealed[: len(_MAGIC)] != _MAGIC or len(sealed) < _HEADER_BYTES:
        raise _damaged(identity)
    suite = sealed[len(_MAGIC)]
    if suite != SUITE_AES_256_GCM:
        raise StoreDamaged("store_suite_unknown", suite=suite)
    frames = enumerate(_frames(identity, sealed))
    data = _joined(identity, [_open_chunk(identity, key, suite, index, frame) for index, frame in frames])
    if data.shape != (identity.rows,):  # chunks that were cut off at the end leave no other trace
        raise _damaged(identity)
    return data


def _frames(identity: ColumnIdentity, sealed: bytes) -> Iterator[bytes]:
    start = _HEADER_BYTES
    while start < len(sealed):
        body = start + _LENGTH_BYTES
        end = body + int.from_bytes(sealed[start:body], "big")
        if end > len(sealed) or end - body < _TAG_BYTES:
            raise _damaged(identity)
        yield sealed[body:end]
        start = end


def _open_chunk(identity: ColumnIdentity, key: bytes, suite: int, index: int, frame: bytes) -> ColumnData:
    cipher = _cipher(identity, key, suite, index)
    try:
        plain = cipher.decrypt_and_verify(frame[:-_TAG_BYTES], frame[-_TAG_BYTES:])
    except ValueError:
        raise _damaged(identity) from None
    return _decode(identity, plain)


def _cipher(identity: ColumnIdentity, key: bytes, suite: int, chunk: int) -> Any:
    cipher = AES.new(key, AES.MODE_GCM, nonce=chunk.to_bytes(_NONCE_BYTES, "big"))
    cipher.update(identity.associated(suite, chunk))
    return cipher


def _encode(identity: ColumnIdentity, rows: ColumnData) -> bytes:
    if identity.kind == "number":
        return rows.astype("<f8").tobytes()
    encoded = _encode_text(rows.tolist())
    if encoded is None:
        raise DataInvalid("store_text_invalid", column=identity.column)
    return encoded


def _encode_text(cells: list[object]) -> bytes | None:
    """Return None for a cell that is no text; an error raised here would hold the cell."""
    if not all(cell is None or isinstance(cell, str) for cell in cells):
        return None
    try:
        return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return None


def _decode(identity: ColumnIdentity, plain: bytes) -> ColumnData:
    if identity.kind == "number":
        return np.frombuffer(plain, dtype="<f8").astype(np.float64)
    cells = json.loads(plain)
    data = np.empty(len(cells), dtype=np.object_)
    data[:] = cells
    return data


def _joined(identity: ColumnIdentity, chunks: list[ColumnData]) -> ColumnData:
    empty = np.empty(0, dtype=np.float64 if identity.kind == "number" else np.object_)
    return cast(ColumnData, np.concatenate([empty, *chunks]))


def _damaged(identity: ColumnIdentity) -> StoreDamaged:
    return StoreDamaged("store_column_damaged", dataset=identity.dataset_id, column=identity.column)
