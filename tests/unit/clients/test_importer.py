"""Import: a wrong table gets one clear error that names a place and never a value; a right one is stored."""

import logging
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xinqiao_clients.importer import import_frame, read_contract, read_csv
from xinqiao_clients.keys import Keys
from xinqiao_clients.store import Store
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.contract import ColumnRule, Contract, HomeDepartment
from xinqiao_governance.errors import DataInvalid, XinqiaoError

CONTRACT = Contract(
    dataset_id="staff",
    person="id",
    department=HomeDepartment("部门", "销售"),
    columns=(
        ColumnRule("id", "text"),
        ColumnRule("部门", "text"),
        ColumnRule("age", "integer", missing_allowed=True, minimum=16),
        ColumnRule("pay", "number", missing_allowed=True),
    ),
)
TODAY = 20_700
DATASET = Dataset(
    "staff",
    "Staff",
    (
        Column("id", "person_id", "identifier", Tier.CORE),
        Column("部门", "department", "text", Tier.PUBLIC),
        Column("age", "age", "number", Tier.SENSITIVE),
        Column("pay", "income", "number", Tier.CORE),
    ),
    "id",
    ("career",),
    "hr",
)
GOOD = "id,pay,age,部门\n007,1.5,30,销售\n8,,,销售\n007,2e3, 31 ,销售\n"


def good_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["007", "8", "007"],
            "部门": ["销售"] * 3,
            "age": [30.0, np.nan, 31.0],
            "pay": [1.5, np.nan, 2e3],
        }
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.csv"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", Keys(bytes(32)))


# Reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_table_is_read_in_every_encoding(path: Path, encoding: str, newline: str) -> None:
    path.write_bytes(GOOD.replace("\n", newline).encode(encoding))
    frame = read_csv(path, CONTRACT)
    pd.testing.assert_frame_equal(frame, good_frame())


def test_quotes_commas_and_lines_inside_a_cell_are_kept(path: Path) -> None:
    path.write_text('id,pay,age,部门\n"a, ""b""\nc",1,20,销售\n\n\n', encoding="utf-8")
    assert read_csv(path, CONTRACT)["id"].tolist() == ['a, "b"\nc']


def test_a_header_alone_is_an_empty_table(path: Path) -> None:
    path.write_text("id,pay,age,部门\n", encoding="utf-8")
    frame = read_csv(path, CONTRACT)
    assert (len(frame), frame["pay"].dtype, frame["id"].dtype) == (0, np.float64, "str")


def test_text_that_looks_missing_is_text(path: Path) -> None:
    path.write_text("id,pay,age,部门\nNA,1,20,null\n", encoding="utf-8")
    frame = read_csv(path, CONTRACT)
    assert (frame["id"][0], frame["部门"][0]) == ("NA", "null")


@pytest.mark.parametrize(
    ("content", "code", "fields"),
    [
        ("", "source_empty", {}),
        ("id,pay,age,部门\nSENTINEL,1,20\n", "csv_not_a_table", {"row": 2}),
        ("id,pay,age,部门\n1,1,20,x\nSENTINEL,1,20,x,1\n", "csv_not_a_table", {"row": 3}),
        ("id,pay,age,部门\n1,1,20,x\n\n2,1,20,x\n", "csv_not_a_table", {"row": 3}),
        ('id,pay,age,部门\n1,1,20,x\n"SENTINEL,1,20,x\n', "csv_not_a_table", {"row": 3}),
        ('id,pay,age,部门\n"1"SENTINEL,1,20,x\n', "csv_not_a_table", {"row": 2}),
        ("id,pay,部门\nSENTINEL,1,x\n", "csv_column_missing", {"column": "age"}),
        ("SENTINEL,1,20,x\n", "csv_column_missing", {"column": "id"}),
        ("id,pay,age,部门,more\nSENTINEL,1,20,x,1\n", "csv_column_unknown", {"column": "more"}),
        ("id,pay,age,部门,age\nSENTINEL,1,20,x,1\n", "csv_column_twice", {"column": "age"}),
        ("id,pay,age,部门\n1,1,20,x\n2,SENTINEL,20,x\n", "csv_number_invalid", {"column": "pay", "row": 3}),
    ],
)
def test_a_wrong_file_is_one_error_that_names_its_place(
    path: Path, content: str, code: str, fields: dict[str, Any]
) -> None:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataInvalid) as caught:
        read_csv(path, CONTRACT)
    assert caught.value.code == code
    assert {name: value for name, value in caught.value.fields.items() if name != "path"} == fields
    assert "SENTINEL" not in "".join(traceback.format_exception(caught.value)).replace(
        "SENTINEL,1,20,x", "", 0
    )


@pytest.mark.parametrize(
    "cell", ["nan", "NaN", "inf", "-inf", "1_000", "１２", "0x10", "1e999", "1,5", "--1", "e5", "."]
)
def test_what_python_would_take_for_a_number_but_a_table_does_not_mean(path: Path, cell: str) -> None:
    path.write_text(f'id,pay,age,部门\n1,"{cell}",20,x\n', encoding="utf-8")
    with pytest.raises(DataInvalid) as caught:
        read_csv(path, CONTRACT)
    assert (caught.value.code, caught.value.fields) == ("csv_number_invalid", {"column": "pay", "row": 2})


@pytest.mark.parametrize("cell", ["0", "-1", "+2", "3.", ".5", "1e3", "1.5E-3", "007"])
def test_plain_decimals_are_numbers(path: Path, cell: str) -> None:
    path.write_text(f"id,pay,age,部门\n1,{cell},20,x\n", encoding="utf-8")
    assert read_csv(path, CONTRACT)["pay"][0] == float(cell)


def test_a_missing_file_and_an_unknown_encoding_are_one_clear_error(path: Path) -> None:
    with pytest.raises(DataInvalid, match="io_failed"):
        read_csv(path, CONTRACT)
    path.write_bytes(b"id,\xff\xff SENTINEL")
    with pytest.raises(DataInvalid, match="csv_encoding_unknown") as caught:
        read_csv(path, CONTRACT)
    assert caught.value.__context__ is None


def test_a_contract_is_read_from_yaml(path: Path) -> None:
    path.write_text(
        "dataset: staff\nperson: 工号\ncolumns:\n  工号: {type: text, unique: true}\n", encoding="utf-8"
    )
    assert read_contract(path)[0] == Contract("staff", "工号", (ColumnRule("工号", "text", unique=True),))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("dataset: a\ndataset: b\n", "contract_not_yaml"),
        ("columns: {a: {type: text, type: number}}", "contract_not_yaml"),
        ("? [a]\n: 1\n", "contract_not_yaml"),
        ("a: [SENTINEL", "contract_not_yaml"),
        ("!!python/object/apply:os.getcwd []", "contract_not_yaml"),
        ("", "contract_field_invalid"),
        ("id,age\n1,SENTINEL\n", "contract_field_invalid"),
    ],
)
def test_what_is_no_contract_is_refused(path: Path, content: str, code: str) -> None:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataInvalid, match=code) as caught:
        read_contract(path)
    assert "SENTINEL" not in "".join(traceback.format_exception(caught.value))


# Checks that need no library: they come before it, so it is never loaded here


def written(store: Store) -> list[Path]:
    return list(store._root.glob("*/*"))


def refused(frame: pd.DataFrame, store: Store, **changes: Any) -> DataInvalid:
    arguments: dict[str, Any] = {
        "dataset": DATASET,
        "contract": CONTRACT,
        "store": store,
        "today": TODAY,
    } | changes
    with pytest.raises(DataInvalid) as caught:
        import_frame(frame, **arguments)
    assert written(store) == []
    assert "SENTINEL" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("blank", ["", "  ", None, np.nan, "\u3000"])
def test_a_person_without_an_id_is_counted(store: Store, blank: Any) -> None:
    frame = good_frame().assign(id=["SENTINEL", blank, blank])
    error = refused(frame, store)
    assert (error.code, error.fields) == ("person_id_missing", {"count": 2})


@pytest.mark.parametrize("twin", ["007 ", " 007", "００７", "007\u00a0"])
def test_one_person_written_in_two_ways_is_refused(store: Store, twin: str) -> None:
    error = refused(good_frame().assign(id=["007", "8", twin]), store)
    assert (error.code, error.fields) == ("person_id_unclear", {"count": 1})


@pytest.mark.parametrize("letter", ["\u200b", "\u00ad", "\u2060", "\ufeff", "\x00", "\x7f"])
def test_an_invisible_character_in_an_id_is_refused(store: Store, letter: str) -> None:
    error = refused(good_frame().assign(id=["007", "8", f"00{letter}7"]), store)
    assert (error.code, error.fields) == ("person_id_unclear", {"count": 1})


@pytest.mark.parametrize(("one", "other"), [("ab7", "AB7"), ("straße", "STRASSE"), ("Σ", "ς")])
def test_one_person_in_two_letter_cases_is_refused(store: Store, one: str, other: str) -> None:
    error = refused(good_frame().assign(id=[one, "8", other]), store)
    assert (error.code, error.fields) == ("person_id_unclear", {"count": 1})


@pytest.mark.slow
def test_ids_in_upper_case_are_people_like_others(store: Store) -> None:
    frame = good_frame().assign(id=["AB7", "b8", "AB7"])
    assert import_frame(frame, dataset=DATASET, contract=CONTRACT, store=store, today=TODAY).rows == 3


@pytest.mark.parametrize("other", ["SENTINEL", None])
def test_a_person_in_two_departments_is_counted(store: Store, other: str | None) -> None:
    error = refused(good_frame().assign(部门=["销售", "销售", other]), store)
    assert (error.code, error.fields) == ("person_in_two_departments", {"count": 1})


@pytest.mark.parametrize("other", ["SENTINEL", None, "销售 "])
def test_a_row_of_another_department_is_counted(store: Store, other: str | None) -> None:
    error = refused(good_frame().assign(部门=["销售", other, "销售"]), store)
    assert (error.code, error.fields) == ("department_foreign", {"column": "部门", "count": 1})


@pytest.mark.parametrize(
    "values",
    [[1.0, np.inf, 2.0], [1.0, -np.inf, 2.0], ["1", "2", "SENTINEL"], [True, False, True], [None, "x", 1]],
)
def test_a_number_column_holds_finite_numbers(store: Store, values: list[Any]) -> None:
    error = refused(good_frame().assign(pay=values), store)
    assert (error.code, error.fields) == ("column_type_wrong", {"column": "pay"})


@pytest.mark.parametrize("values", [[1, 2, 3], ["a", 2.5, None]])
def test_a_text_column_holds_text(store: Store, values: list[Any]) -> None:
    error = refused(good_frame().assign(id=pd.Series(values, dtype=object)), store)
    assert (error.code, error.fields) == ("column_type_wrong", {"column": "id"})


def test_the_columns_are_exactly_the_contracts(store: Store) -> None:
    assert refused(good_frame().drop(columns="pay"), store).code == "csv_column_missing"
    assert refused(good_frame().assign(more=1.0), store).code == "csv_column_unknown"
    doubled = pd.concat([good_frame(), good_frame()[["pay"]]], axis=1)
    assert refused(doubled, store).code == "csv_column_twice"


@pytest.mark.parametrize(
    "contract",
    [
        Contract("other", "id", CONTRACT.columns),
        Contract("staff", "部门", CONTRACT.columns),
        Contract("staff", "id", CONTRACT.columns[:-1]),
        Contract("staff", "id", (*CONTRACT.columns, ColumnRule("more", "text"))),
        Contract("staff", "id", (*CONTRACT.columns[:-1], ColumnRule("pay", "text"))),
    ],
    ids=["dataset", "person", "column missing", "column more", "kind"],
)
def test_a_contract_of_another_table_is_refused(store: Store, contract: Contract) -> None:
    assert refused(good_frame(), store, contract=contract).code == "contract_catalogue_differ"


# Whole imports


@pytest.mark.slow
def test_a_good_table_is_stored_as_it_is(path: Path, store: Store) -> None:
    path.write_text(GOOD, encoding="utf-8")
    version = import_frame(
        read_csv(path, CONTRACT), dataset=DATASET, contract=CONTRACT, store=store, today=TODAY
    )
    assert version.rows == 3
    columns = store.read(version, ["id", "age"])
    assert columns["id"].tolist() == ["007", "8", "007"]
    np.testing.assert_array_equal(columns["age"], [30, np.nan, 31])


@pytest.mark.slow
@pytest.mark.parametrize("frame", [good_frame().astype({"id": object}), good_frame().convert_dtypes()])
def test_pandas_other_types_are_stored_alike(store: Store, frame: pd.DataFrame) -> None:
    frame.loc[1, "部门"] = "销售"
    version = import_frame(frame, dataset=DATASET, contract=CONTRACT, store=store, today=TODAY)
    columns = store.read(version, ["部门", "pay"])
    assert columns["部门"].tolist() == ["销售"] * 3
    np.testing.assert_array_equal(columns["pay"], [1.5, np.nan, 2000])


@pytest.mark.slow
def test_missing_text_is_stored_as_none(store: Store) -> None:
    contract = Contract(
        "staff", "id", (*CONTRACT.columns[:1], ColumnRule("部门", "text", True), *CONTRACT.columns[2:])
    )
    version = import_frame(
        good_frame().assign(部门=["a", None, np.nan]),
        dataset=DATASET,
        contract=contract,
        store=store,
        today=TODAY,
    )
    assert store.read(version, ["部门"])["部门"].tolist() == ["a", None, None]


@pytest.mark.slow
def test_a_broken_contract_stores_nothing_and_tells_no_value(
    store: Store, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        error = refused(good_frame().assign(age=[7.25, np.nan, 31.0]), store)
    assert (error.code, error.fields) == ("contract_failed", {"checks": "age:integer, age:range"})
    assert "7.25" not in "".join(
        ["".join(traceback.format_exception(error)), caplog.text, *capfd.readouterr()]
    )


@pytest.mark.slow
def test_a_refused_import_leaves_the_version_before_it(store: Store) -> None:
    first = import_frame(good_frame(), dataset=DATASET, contract=CONTRACT, store=store, today=TODAY)
    with pytest.raises(XinqiaoError, match="contract_failed"):
        import_frame(
            good_frame().assign(age=1.0), dataset=DATASET, contract=CONTRACT, store=store, today=TODAY
        )
    assert [path.name for path in written(store)] == [first.folder]
