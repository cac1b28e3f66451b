"""A first row that is data must not become names; names are not taken for data."""

from collections.abc import Sequence

import pytest

from xinqiao_governance.classify import first_row

ROWS = 30
PEOPLE = [f"{a}{b}" for a in "王李张刘陈杨" for b in ("伟", "芳", "秀英", "建国", "丽")]
IDS = [f"E{n:04d}" for n in range(ROWS)]
PAY = [f"{3000 + 97 * n}" for n in range(ROWS)]
ILL = ["高血压", "糖尿病", "无"] * 10
UNITS = ["一车间", "二车间", "三车间"] * 10
NOTES = [f"第{n}批次说明" for n in range(ROWS)]

Row = Sequence[str]


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (["姓名", "工资"], [PEOPLE, PAY]),
        (["甲", "乙"], [PEOPLE, PAY]),  # unknown words, one of them over figures
        (["XM", "GZ"], [PEOPLE, PAY]),
        (["F1", "F2"], [PEOPLE, PAY]),
        (["Unnamed: 0", "Unnamed: 1"], [PEOPLE, PEOPLE]),
        (["姓名", *(f"{n}月" for n in range(1, 13))], [PEOPLE, *[PAY] * 12]),
        (["姓名", "2023", "2024"], [PEOPLE, PAY, PAY]),
        (["姓名", "45292", "45293", "45294"], [PEOPLE, PAY, PAY, PAY]),
        (["工号", "2026-01-01", "2026-01-02"], [IDS, ["8"] * ROWS, ["8"] * ROWS]),
        (["项目", "甲", "乙"], [NOTES, PAY, PAY]),
        (["", "", ""], [PEOPLE, PAY, UNITS]),
        (["随便", "什么"], [[], []]),  # nothing below it
        (["单价", "高度", "周期"], [PAY, PAY, PAY]),
    ],
)
def test_names(row: Row, columns: Sequence[Row]) -> None:
    assert first_row(row, columns) == "names"


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (["王伟", "3500"], [PEOPLE, PAY]),
        (["买买提", "3500", "二车间"], [PEOPLE, PAY, UNITS]),
        (["肖战", "高血压"], [PEOPLE, ILL]),
        (["zhangwei", "一车间"], [["liming", "wangfang"] * 15, UNITS]),
        (["李师长", "无", "3500"], [PEOPLE, ILL, PAY]),
        (["糖尿病", "一车间"], [ILL, UNITS]),
        (["13812345678", "说明"], [["13912345678"] * ROWS, NOTES]),
        (["党员", "男"], [["党员", "群众"] * 15, ["男", "女"] * 15]),
        (["张三", "工资", "100"], [PEOPLE, ["工资", "奖金"] * 15, PAY]),
        (["110105199003078515", "备注"], [NOTES, NOTES]),
    ],
)
def test_data(row: Row, columns: Sequence[Row]) -> None:
    assert first_row(row, columns) == "data"


@pytest.mark.parametrize(
    ("row", "columns"), [(["买买提", "阿依古丽"], [PEOPLE, PEOPLE]), (["甲", "乙"], [NOTES, UNITS])]
)
def test_where_nothing_tells_it_is_unclear(row: Row, columns: Sequence[Row]) -> None:
    assert first_row(row, columns) == "unclear"


def test_a_word_for_nothing_over_figures_is_a_cell() -> None:
    assert first_row(["买买提", "无"], [PEOPLE, PAY]) != "names"
