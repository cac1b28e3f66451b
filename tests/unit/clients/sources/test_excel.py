"""Excel: what a clerk sees is what is read; what nobody can see, or what bites, is refused in plain words."""

import datetime
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulators.workbooks import HEADER, ROWS, bomb, edited, with_parts, workbook
from xinqiao_clients.sources import Source, Table, read_table
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.messages import LANGUAGES, explain

SHEET = "xl/worksheets/sheet1.xml"


def read(path: Path, sheet: str | None = None) -> Table:
    return read_table(Source(str(path), sheet))


def refusal(path: Path, sheet: str | None = None) -> str:
    """Return the code of the refusal, which quotes nothing of the file."""
    with pytest.raises(DataInvalid) as caught:
        read(path, sheet)
    said = "".join(traceback.format_exception(caught.value))
    said += "".join(explain(caught.value, language) for language in LANGUAGES)
    assert "SENTINEL" not in said
    return caught.value.code


def rows_of(table: Table) -> list[tuple[str | None, ...]]:
    return list(zip(*table.columns, strict=True))


def test_a_sheet_of_texts_is_read_as_it_is(tmp_path: Path) -> None:
    table = read(workbook(tmp_path / "a.xlsx"))
    assert table.header == HEADER
    assert rows_of(table) == list(ROWS)
    table.require_names()
    table.require_whole()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        ("", None),
        (" x ", " x "),
        (7, "7"),
        (7.0, "7"),
        (0.1 + 0.2, "0.3"),
        (-2.5, "-2.5"),
        (True, "TRUE"),
        (13912345678, "13912345678"),
        (123456789012345, "123456789012345"),
        (datetime.date(2020, 1, 31), "2020-01-31"),
        (datetime.datetime(2020, 1, 31, 8, 30), "2020-01-31 08:30:00"),  # noqa: DTZ001
        (datetime.time(8, 30), "08:30:00"),
    ],
)
def test_a_cell_is_what_a_clerk_sees(tmp_path: Path, value: object, shown: str | None) -> None:
    table = read(workbook(tmp_path / "a.xlsx", [("a", "b"), (value, "end")]))
    assert table.columns == ((shown,), ("end",))


def test_a_number_shown_with_leading_zeros_keeps_them(tmp_path: Path) -> None:
    def padded(book: Any) -> None:
        book.active["A2"].number_format = "000000"

    assert read(workbook(tmp_path / "a.xlsx", [("工号",), (123,)], padded)).columns == (("000123",),)


@pytest.mark.parametrize("id_card", [110101199001011234, 1.10101199001011e17])
def test_an_id_whose_digits_excel_lost_is_shown_so_and_not_imported(tmp_path: Path, id_card: float) -> None:
    table = read(workbook(tmp_path / "a.xlsx", [("name", "id"), ("x", id_card)]))
    assert table.columns[1] == ("1.10101E+17",)
    with pytest.raises(DataInvalid, match="source_digits_lost") as caught:
        table.require_whole()
    assert caught.value.fields["place"] == 2


def test_empty_rows_and_columns_at_the_end_are_left_away_and_short_rows_filled(tmp_path: Path) -> None:
    rows = [("a", "b", None), ("1", None, None), (None, "2", None), (None, None, None)]
    assert read(workbook(tmp_path / "a.xlsx", rows)).columns == (("1", None), (None, "2"))


def test_a_sheet_that_claims_to_be_endless_is_as_long_as_it_is(tmp_path: Path) -> None:
    path = edited(workbook(tmp_path / "a.xlsx"), r'<dimension ref="[^"]+"', '<dimension ref="A1:XFD1048576"')
    assert rows_of(read(path)) == list(ROWS)


@pytest.mark.slow
def test_a_row_number_beyond_every_sheet_is_refused(tmp_path: Path) -> None:
    path = edited(workbook(tmp_path / "a.xlsx"), r'<row r="3"', '<row r="99999999999"')
    assert refusal(path) in ("source_too_large", "excel_invalid")


# ---- formulas


def test_a_formula_is_read_by_the_result_that_excel_kept(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [("a", "b"), (1, "=A2+1")])
    assert refusal(path) == "excel_formula"
    edited(path, r"<f>A2\+1</f><v\s*/>|<f>A2\+1</f><v></v>", "<f>A2+1</f><v>2</v>")
    assert read(path).columns == (("1",), ("2",))


def test_a_formula_whose_result_is_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [("a", "b"), (1, '=IF(A2,"",1)'), (2, "x")])
    assert refusal(path) == "excel_formula"
    edited(path, r'<c r="B2"[^>]*>.*?</c>', '<c r="B2" t="str"><f>IF(A2,"",1)</f><v></v></c>')
    assert read(path).columns == (("1", "2"), (None, "x"))


def test_a_formula_that_reaches_out_is_only_text_to_us(tmp_path: Path) -> None:
    formula = '=WEBSERVICE("http://127.0.0.1:9/?"&A2)'
    assert refusal(workbook(tmp_path / "a.xlsx", [("a", "b"), ("SENTINEL", formula)])) == "excel_formula"


# ---- what a clerk does not see


def test_merged_cells_are_refused_by_their_place(tmp_path: Path) -> None:
    def merge(book: Any) -> None:
        book.active.merge_cells("A1:B1")

    assert refusal(workbook(tmp_path / "a.xlsx", [("SENTINEL", None), ("1", "2")], merge)) == "excel_merged"


def hide_row(book: Any) -> None:
    book.active.row_dimensions[2].hidden = True


def hide_column(book: Any) -> None:
    book.active.column_dimensions["B"].hidden = True


@pytest.mark.parametrize("hide", [hide_row, hide_column])
def test_hidden_rows_and_columns_are_refused(tmp_path: Path, hide: Callable[[Any], None]) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", change=hide)) == "excel_hidden"


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_of(path: Path, rows: str, before: str = "", head: str = "") -> Path:
    """Write a workbook whose sheet has this XML."""
    text = f'{head}<x:worksheet xmlns:x="{NAMESPACE}">{before}<x:sheetData>{rows}</x:sheetData></x:worksheet>'
    return with_parts(workbook(path), {SHEET: text.encode()})


def row(number: int, *cells: str, more: str = "") -> str:
    texts = (f'<x:c r="{cell}" t="inlineStr"><x:is><x:t>v</x:t></x:is></x:c>' for cell in cells)
    return f'<x:row r="{number}" {more}>{"".join(texts)}</x:row>'


def test_a_plain_sheet_of_another_hand_is_read(tmp_path: Path) -> None:
    table = read(sheet_of(tmp_path / "a.xlsx", row(1, "A1", "B1") + row(3, "B3")))
    assert rows_of(table) == [(None, None), (None, "v")]


@pytest.mark.parametrize(
    ("rows", "before"),
    [
        (row(1, "A1") + row(2, "A2", more='hidden = "1"'), ""),
        (row(1, "A1") + row(2, "A2", more='hidden="&#49;"'), ""),
        (row(1, "A1") + row(2, "A2", more="hidden='true'"), ""),
        (row(1, "A1") + row(2, "A2", more='ht="0"'), ""),
        (row(1, "A1"), '<x:cols><x:col min="1" max="1" hidden=" true "/></x:cols>'),
        (row(1, "A1"), '<x:cols><x:col min="1" max="1" width="0.0"/></x:cols>'),
        (row(1, "A1"), '<x:sheetFormatPr zeroHeight="1"/>'),
    ],
)
def test_whatever_way_a_file_says_that_it_hides(tmp_path: Path, rows: str, before: str) -> None:
    assert refusal(sheet_of(tmp_path / "a.xlsx", rows, before)) == "excel_hidden"


@pytest.mark.parametrize(
    "rows",
    [
        row(2, "A2") + row(1, "A1"),
        row(1, "A1") + row(1, "A1"),
        row(1, "B1", "A1"),
        row(1, "A1", "A1"),
        row(1, "Z1", "AA1", "AB1", "AA1"),
    ],
)
def test_rows_and_cells_in_disorder_are_refused(tmp_path: Path, rows: str) -> None:
    assert refusal(sheet_of(tmp_path / "a.xlsx", rows)) == "excel_disordered"


def test_a_sheet_with_entities_is_not_read(tmp_path: Path) -> None:
    head = '<!DOCTYPE x [<!ENTITY a "SENTINEL">]>'
    assert refusal(sheet_of(tmp_path / "a.xlsx", row(1, "A1"), head=head)) == "excel_invalid"


def second_sheet(state: str) -> Callable[[Any], None]:
    def add(book: Any) -> None:
        sheet = book.create_sheet("二")
        sheet.append(["other"])
        sheet.append(["cell"])
        sheet.sheet_state = state

    return add


def test_of_several_visible_sheets_one_is_chosen_by_name_or_number(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", change=second_sheet("visible"))
    assert refusal(path) == "excel_sheet_choose"
    assert read(path, "二").header == read(path, "2").header == ("other",)
    for none in ("三", "3", "0", "-1"):
        assert refusal(path, none) == "excel_sheet_missing"


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_never_read(tmp_path: Path, state: str) -> None:
    path = workbook(tmp_path / "a.xlsx", change=second_sheet(state))
    assert read(path).header == HEADER
    assert refusal(path, "二") == refusal(path, "2") == "excel_sheet_hidden"


# ---- what bites


@pytest.mark.slow
def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 600 << 20)
    assert path.stat().st_size < 2 << 20
    assert refusal(path) == "excel_too_large"


def test_a_part_that_lies_about_its_size_is_no_way_round(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 2 << 20)
    data = bytearray(path.read_bytes())
    size = (2 << 20).to_bytes(4, "little")
    assert data.count(size) >= 1
    path.write_bytes(bytes(data).replace(size, (9).to_bytes(4, "little")))
    assert read(path).header == HEADER  # the part is not even looked at
    shared = with_parts(workbook(tmp_path / "b.xlsx"), {SHEET: b"<x>" + b" " * (1 << 20)})
    broken = bytes(shared.read_bytes()).replace((3 + (1 << 20)).to_bytes(4, "little"), bytes([9, 0, 0, 0]))
    shared.write_bytes(broken)
    assert refusal(shared) == "excel_invalid"


@pytest.mark.parametrize(
    "part",
    [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/connections.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/macrosheets/sheet1.xml",
    ],
)
def test_macros_links_and_objects_are_refused(tmp_path: Path, part: str) -> None:
    assert refusal(with_parts(workbook(tmp_path / "a.xlsx"), {part: b"SENTINEL"})) == "excel_foreign_parts"


def test_entities_do_not_unfold(tmp_path: Path) -> None:
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "SENTINEL">' for n in range(10)
    )
    with zipfile.ZipFile(workbook(tmp_path / "a.xlsx", [("a",), (1,)])) as archive:
        sheet = archive.read(SHEET).decode()
    body = sheet[sheet.index("<worksheet") :].replace("<v>1</v>", "<v>&l9;</v>")
    path = with_parts(tmp_path / "a.xlsx", {SHEET: f"<!DOCTYPE x [{laughs}]>{body}".encode()})
    assert refusal(path) == "excel_invalid"


def test_what_is_no_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    for content, code in [
        (b"id,name\n1,SENTINEL\n", "excel_invalid"),  # a CSV posing as a workbook
        (b"", "excel_invalid"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1SENTINEL", "excel_old_or_sealed"),
        (workbook(tmp_path / "b.xlsx").read_bytes()[:-200], "excel_invalid"),
    ]:
        path.write_bytes(content)
        assert refusal(path) == code
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    assert refusal(tmp_path / "old.xls") == "excel_old_or_sealed"
    assert refusal(tmp_path / "none.xlsx") == "io_failed"


def test_a_workbook_of_other_things_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("SENTINEL.txt", "SENTINEL")
    assert refusal(path) == "excel_invalid"
    assert refusal(workbook(tmp_path / "b.xlsx", [])) == "source_empty"
