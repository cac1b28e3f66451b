"""Titles above a table and totals below it are no names and no people."""

import pytest

from xinqiao_clients.sources import Table
from xinqiao_clients.sources.edges import foot_row, require_no_foot, require_no_title
from xinqiao_governance.errors import DataInvalid

HEADER = ("工号", "姓名", "应发")
ROWS = [("1", "王芳", "9"), ("2", "赵敏", "8")]


@pytest.mark.parametrize(
    "last",
    [
        ("合计", None, "17"),
        ("合 计", None, "17"),
        (None, "总计：", "17"),
        ("Total", None, "17"),
        ("备注：SENTINEL", None, None),
        ("制表人：SENTINEL", None, None),
        ("制表：SENTINEL", None, "审核：SENTINEL"),
        ("负责人签字：", None, None),
        ("填报单位：SENTINEL", None, None),
        ("总人数：2", None, None),
        ("合计（2人）", None, "17"),
        ("本页合计", None, "17"),
        ("总合计", None, "17"),
        ("人数合计：", None, "17"),
        ("平均值", None, "8.5"),
        ("累计", None, "17"),
        ("Average", None, "8.5"),
        ("以下空白", None, None),
    ],
)
def test_a_foot_is_found_by_its_row(last: tuple[str | None, ...]) -> None:
    table = Table.of_rows(HEADER, [*ROWS, last])
    with pytest.raises(DataInvalid, match="source_foot_row") as caught:
        require_no_foot(table)
    assert caught.value.fields == {"row": 4}


@pytest.mark.parametrize("last", [("合计员", "王芳", "9"), ("3", "合计", "9"), ("备注：见附件", "王芳", "9")])
def test_a_record_is_no_foot(last: tuple[str | None, ...]) -> None:
    assert foot_row(Table.of_rows(HEADER, [*ROWS, last])) is None


def test_a_total_between_two_groups_is_found() -> None:
    table = Table.of_rows(HEADER, [*ROWS, ("小计", None, "17"), *ROWS * 5])
    assert foot_row(table) == 4
    assert foot_row(Table.of_rows(HEADER, [*ROWS, (None, "小计", "17"), *ROWS * 5])) == 4
    averages = [("平均", None, "8"), *ROWS * 5]
    assert foot_row(Table.of_rows(HEADER, averages)) is None  # a value of the column, where rows follow


def test_a_list_of_texts_has_no_foot() -> None:
    assert foot_row(Table.of_rows(["意见"], [["备注：路灯坏了"], ["合计"]])) is None


def test_a_title_over_more_columns_is_refused() -> None:
    with pytest.raises(DataInvalid, match="source_title_row"):
        require_no_title(Table.of_rows(["花名册", None, None], [HEADER, *ROWS]))


@pytest.mark.parametrize("header", [HEADER, ("工号", "姓名", None), (None, None, None)])
def test_names_are_no_title(header: tuple[str | None, ...]) -> None:
    require_no_title(Table.of_rows(header, ROWS))
