"""CSV as offices write it: encodings, delimiters, and what is no table."""

import traceback
from pathlib import Path

import pytest

from xinqiao_clients.sources import Source, Table, read_table
from xinqiao_governance.errors import DataInvalid

TABLE = Table(("工号", "姓名"), (("007", "008"), ("张三", "李,四")))


def _read(folder: Path, data: bytes) -> Table:
    path = folder / "staff.csv"
    path.write_bytes(data)
    return read_table(Source(str(path)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "工号|姓名\n007|张三\n008|李,四\n".replace("|", delimiter)
    assert _read(tmp_path, text.encode(encoding)) == TABLE


def test_a_comma_inside_quotes_delimits_nothing(tmp_path: Path) -> None:
    assert _read(tmp_path, '工号,姓名\n007,张三\n008,"李,四"\n'.encode()) == TABLE


def test_semicolons_in_cells_leave_the_comma_what_delimits(tmp_path: Path) -> None:
    table = _read(tmp_path, "工号,工种\n1,车工;钳工\n2,焊工;铆工\n".encode())
    assert table.header == ("工号", "工种")


def test_decimal_commas_leave_the_semicolon_what_delimits(tmp_path: Path) -> None:
    assert _read(tmp_path, b"a;b\n1,5;2,5\n").columns == (("1,5",), ("2,5",))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "source_empty"),
        (b"\n\n", "source_empty"),
        (b"a,b\n1,SENTINEL\0\n", "csv_zero_letters"),
        ("a,b\n1,SENTINEL\n".encode("utf-16-le"), "csv_zero_letters"),
        ("工号,姓名\n1,王芳\n".encode() + "2,赵敏\n".encode("gb18030"), "csv_encoding_mixed"),
        ("工号,姓名\n1,王芳\n".encode("gb18030") + "2,欧阳敏\n".encode(), "csv_encoding_mixed"),
        ("某公司2026年花名册\n工号,姓名\n1,王芳\n".encode(), "source_title_row"),
        ("工号,姓名\n1,SENTINEL\n制表人：SENTINEL\n".encode(), "csv_not_a_table"),
    ],
)
def test_what_is_no_table_is_refused_without_a_cell(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(DataInvalid) as caught:
        _read(tmp_path, data)
    assert caught.value.code == code
    assert "SENTINEL" not in str(caught.value)
    assert "SENTINEL" not in "".join(map(str, caught.value.fields.values()))
    assert caught.value.__context__ is None or "SENTINEL" not in traceback.format_exception_only(caught.value)
