"""A file's bytes, read once and whole; text in the encodings that offices use."""

import codecs
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from xinqiao_governance.errors import DataInvalid
from xinqiao_ledger.files import system_reason

_MAX_BYTES = 1 << 30
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HAN = re.compile("[\u4e00-\u9fff]{2}")  # one alone may be by chance


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
        raise DataInvalid("io_failed", path=str(path), reason=system_reason(error)) from error
    settled = _state(before) == _state(after) and len(data) == after.st_size
    if stat.S_ISREG(before.st_mode) and not settled:  # a pipe is read once, by whoever has its end
        raise DataInvalid("source_changed", path=str(path))
    return data


def decode(data: bytes, path: Path) -> str:
    """Return a table's text: UTF-8, GB18030, or UTF-16 that says so by its mark.

    Raises:
        DataInvalid: it is none of them, or lines of UTF-8 stand among others.
    """
    marked = data.startswith(_UTF16_MARKS)
    text = _decoded(data, "utf-16" if marked else "utf-8-sig")
    if text is None and not marked:
        _require_one_encoding(data, path)
        text = _decoded(data, "gb18030")
    if text is not None:
        return text
    raise DataInvalid("csv_encoding_unknown", path=str(path))


def _require_one_encoding(data: bytes, path: Path) -> None:
    """Refuse lines of UTF-8 among others: as GB18030 they may be read as other letters without an error."""
    for row, line in enumerate(data.splitlines(), start=1):
        if not line.isascii() and _HAN.search(_decoded(line, "utf-8") or ""):
            raise DataInvalid("csv_encoding_mixed", path=str(path), row=row)


def _decoded(data: bytes, encoding: str) -> str | None:
    """Return None for bytes of another encoding; the error itself would hold them all."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _state(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns
