"""Reading CSV files for a rehearsal: plain, gzipped, hostile."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from xinqiao_app.rehearsal.tables import read_table
from xinqiao_governance.errors import DataInvalid


def written(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("name", ["table.csv", "table.csv.gz"])
def test_plain_and_gzipped_read_the_same(tmp_path: Path, name: str) -> None:
    table = read_table(written(tmp_path, "a,b\n1,x\n,\n2.5,y\n", name))
    assert len(table) == 3
    assert table.numbers("a")[[0, 2]].tolist() == [1.0, 2.5]
    assert np.isnan(table.numbers("a")[1])
    assert table.texts("b").tolist() == ["x", None, "y"]
    assert table.is_numeric("a")
    assert not table.is_numeric("b")


def test_na_is_missing_among_numbers_and_itself_among_texts(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a,b\nNA,NA\n3,x\n"))
    assert np.isnan(table.numbers("a")[0])
    assert table.texts("b").tolist() == ["NA", "x"]


@pytest.mark.parametrize("cell", ["inf", "-inf", "1e999", "x"])
def test_what_is_no_finite_number_makes_no_number_column(tmp_path: Path, cell: str) -> None:
    table = read_table(written(tmp_path, f"a\n1\n{cell}\n"))
    assert not table.is_numeric("a")
    with pytest.raises(DataInvalid) as caught:
        table.numbers("a")
    assert (caught.value.code, caught.value.fields["row"]) == ("csv_number_invalid", 3)


def test_a_column_without_any_cell_is_no_number(tmp_path: Path) -> None:
    assert not read_table(written(tmp_path, "a,b\n,1\n,2\n")).is_numeric("a")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "rehearse_table_empty"),
        ("a,b\n", "rehearse_table_empty"),
        ("a,b\n1\n", "csv_not_a_table"),
        ('a,b\n1,"2\n', "csv_not_a_table"),
        ("a,a\n1,2\n", "csv_column_twice"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(DataInvalid) as caught:
        read_table(written(tmp_path, text))
    assert caught.value.code == code


def test_a_missing_or_cut_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataInvalid) as caught:
        read_table(tmp_path / "nowhere.csv")
    assert caught.value.code == "io_failed"
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(b"a\n" + b"1\n" * 1000)[:-20])
    with pytest.raises(DataInvalid) as caught:
        read_table(cut)
    assert caught.value.code == "rehearse_gzip_damaged"
