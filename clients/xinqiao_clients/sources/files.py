"""A file's bytes, read once and whole; text in the encodings that offices use."""

import os
from collections.abc import Callable
from pathlib import Path

from xinqiao_governance.errors import DataInvalid

_MAX_BYTES = 1 << 30


def read_file(path: Path, read: Callable[[Path], bytes] = Path.read_bytes) -> bytes:
    """Return a file's bytes, which `read` reads; a file that changes meanwhile is refused.

    Raises:
        DataInvalid: it cannot be read, is larger than 1 GiB, or was changed while it was read.
    """
    try:
        before = path.stat()
        if before.st_size > _MAX_BYTES:
            raise DataInvalid("source_file_large", path=str(path), count=_MAX_BYTES >> 20)
        data = read(path)
        after = path.stat()
    except OSError as error:
        raise DataInvalid("io_failed", path=str(path), reason=error.strerror or "?") from error
    if _state(before) != _state(after) or (after.st_size and len(data) != after.st_size):
        raise DataInvalid("source_changed", path=str(path))
    return data


def decode(data: bytes, path: Path) -> str:
    """Return a table's text, UTF-8 or GB18030; DataInvalid where it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        text = _decoded(data, encoding)
        if text is not None:
            return text
    raise DataInvalid("csv_encoding_unknown", path=str(path))


def _decoded(data: bytes, encoding: str) -> str | None:
    """Return None for bytes of another encoding; the error itself would hold them all."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _state(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns
