"""Excel workbooks as clerks make them, and as nobody should."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEADER = ("工号", "姓名", "入职日期", "工资")
ROWS = (("007", "张三", "2020-01-31", "100"), ("008", "李四", "2021-02-28", "90.5"))


def workbook(
    path: Path,
    rows: Sequence[Sequence[object]] = (HEADER, *ROWS),
    change: Callable[[Any], object] = lambda _: None,
) -> Path:
    """Write `rows` to the first sheet of a new workbook after `change` has seen the workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    change(book)
    book.save(path)
    return path


def with_parts(path: Path, parts: dict[str, bytes]) -> Path:
    """Add parts to a workbook, or put others in the place of its own."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (kept | parts).items():
            archive.writestr(name, data)
    return path


def edited(path: Path, pattern: str, by: str, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """Replace what `pattern` finds in a part of a workbook; it must find something."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(part).decode()
    changed, count = re.subn(pattern, by, text)
    assert count, text
    return with_parts(path, {part: changed.encode()})


def bomb(path: Path, size: int) -> Path:
    """A workbook with a part that unpacks to `size` bytes of nothing."""
    workbook(path)
    data = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w") as part:
        for _ in range(size >> 20):
            part.write(bytes(1 << 20))
    path.write_bytes(data.getvalue())
    return path
