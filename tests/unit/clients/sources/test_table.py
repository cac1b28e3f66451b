"""One table, whatever it came from; and files that change under the reader's eyes."""

import os
import threading
from pathlib import Path

import pytest

from simulators.workbooks import workbook
from xinqiao_clients.sources import Source, Table, read_table
from xinqiao_clients.sources.files import read_file
from xinqiao_clients.sources.table import Cells
from xinqiao_governance.errors import DataInvalid, UsageInvalid, WireInvalid

TEXT = "工号,姓名\n007,张三\n008,\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "staff.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_csv_becomes_a_header_and_columns(path: Path) -> None:
    table = read_table(Source(str(path)))
    assert table == Table(("工号", "姓名"), (("007", "008"), ("张三", None)))
    assert table.rows == 2
    assert table.column("姓名") == ("张三", None)


@pytest.mark.parametrize(
    ("header", "code", "fields"),
    [
        ("SENTINEL,", "source_header_empty", {"place": 2}),
        ("a, ,b", "source_header_empty", {"place": 2}),
        ("SENTINEL,b,SENTINEL", "source_header_twice", {"place": 3, "first": 1}),
    ],
)
def test_a_header_names_every_column_differently(
    path: Path, header: str, code: str, fields: dict[str, int]
) -> None:
    path.write_text(f"{header}\n")
    with pytest.raises(DataInvalid) as caught:
        read_table(Source(str(path))).require_names()
    assert (caught.value.code, caught.value.fields) == (code, fields)


@pytest.mark.parametrize(
    ("wrapped", "name"),
    [
        ("参加工作\n时间", "参加工作时间"),
        ("应发\r\n 工资", "应发工资"),
        ("base\npay", "base pay"),
        ("金额\n(元)", "金额 (元)"),
        ("\n工号\n", "工号"),
        ("姓  名", "姓  名"),
        (f"a{' ' * 32_000}b", f"a{' ' * 32_000}b"),
    ],
)
def test_a_name_that_was_wrapped_stands_on_one_line(path: Path, wrapped: str, name: str) -> None:
    path.write_text(f'"{wrapped}",b\n1,2\n', "utf-8")
    assert read_table(Source(str(path))).header == (name, "b")
    sheet = workbook(path.with_suffix(".xlsx"), [(wrapped, "b"), ("1", "2")])
    assert read_table(Source(str(sheet))).header == (name, "b")


def test_digests_differ_where_tables_do(path: Path) -> None:
    tables = [
        Table(("a", "b"), (("1", "2"), ("3", "4"))),
        Table(("a", "b"), (("1", "2"), ("3", None))),
        Table(("a", "b"), (("1", "2"), (None, "3"))),
        Table(("a", "b"), (("12", None), ("3", "4"))),
        Table(("a", "bb"), (("1", "2"), ("3", "4"))),
        Table(("a",), (("1", "2"),)),
        Table(("a",), ((),)),
    ]
    assert len({table.digest for table in tables}) == len(tables)
    assert read_table(Source(str(path))).digest == read_table(Source(str(path))).digest


def test_a_file_that_changes_while_it_is_read_is_refused(path: Path) -> None:
    def written_to(path: Path) -> bytes:
        data = path.read_bytes()
        with path.open("ab") as file:
            file.write(b"009,SENTINEL\n")
        return data

    def replaced(path: Path) -> bytes:
        data = path.read_bytes()
        other = path.with_name("other")
        other.write_bytes(data)
        other.replace(path)
        return data

    for read in (written_to, replaced, lambda path: path.read_bytes()[:-1]):
        with pytest.raises(DataInvalid, match="source_changed"):
            read_file(path, read)
    assert read_file(path)


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(TEXT, encoding="utf-8"))
    writer.start()
    assert read_table(Source(str(pipe))).rows == 2
    writer.join()


def test_too_many_columns_are_refused(path: Path) -> None:
    path.write_text(",".join("a" * n for n in range(1, 1_002)) + "\n")
    with pytest.raises(DataInvalid, match="source_too_wide"):
        read_table(Source(str(path)))


def test_one_long_text_in_every_row_does_not_fill_the_memory() -> None:
    text, cells = "x" * (1 << 20), Cells()
    with pytest.raises(DataInvalid, match="source_too_large"):
        for _ in range(1_000):
            cells.add([text])


def test_a_file_of_one_table_has_no_parts(path: Path) -> None:
    with pytest.raises(UsageInvalid, match="source_part_unknown"):
        read_table(Source(str(path), "one"))


def test_a_source_comes_back_from_its_canonical_form(path: Path) -> None:
    for source in (Source("a.csv"), Source("sqlite:///x", "t")):
        assert Source.from_json(source.to_json()) == source
    with pytest.raises(WireInvalid):
        Source.from_json({"place": "a"})
    assert Source("a.csv").settled().place == str(Path("a.csv").absolute())
    assert Source("sqlite:///x").settled() == Source("sqlite:///x")
