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
POSTS = ["钳工", "组长", "会计"] * 10
SCORES = [str(60 + n) for n in range(ROWS)]
DAYS = [f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in range(ROWS)]
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
        (["部门", "岗位", "人数"], [UNITS, POSTS, SCORES]),
        (["姓名", "2023", "2024"], [PEOPLE, SCORES, SCORES]),
        (["姓名", "1月", "2月"], [PEOPLE, PAY, PAY]),
        (["姓名", "部门", "岗位"], [[*PEOPLE, "姓名"], [*UNITS, "部门"], [*POSTS, "岗位"]]),  # once a page
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
        # A word that headers use weighs less than a name, and nothing where it stands below itself.
        (["周涛", "班长"], [PEOPLE, POSTS]),
        (["班长", "工会"], [POSTS, UNITS]),
        (["周涛", "工会"], [PEOPLE, UNITS]),
        (["周涛", "体检"], [PEOPLE, ["住院", "手术", "复查"] * 10]),
        (["工会", "王伟", "班长", "女"], [UNITS, PEOPLE, POSTS, ["男", "女"] * 15]),
        (["住院", "甲"], [["住院", "手术", "复查"] * 10, NOTES]),
        # Two figures that follow each other are no series of names.
        (["王伟", "85", "86"], [PEOPLE, SCORES, SCORES]),
        (["85", "86"], [SCORES, SCORES]),
        (["王伟", "2024-03-01", "2024-03-02"], [PEOPLE, DAYS, DAYS]),
    ],
)
def test_data(row: Row, columns: Sequence[Row]) -> None:
    assert first_row(row, columns) == "data"


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (["买买提", "阿依古丽"], [PEOPLE, PEOPLE]),
        (["甲", "乙"], [NOTES, UNITS]),
        (["周涛", "办公室", "体检"], [PEOPLE, UNITS, NOTES]),
        (["希望增加培训课程"], [[f"第{n}次反映食堂的菜价" for n in range(ROWS)]]),
        (["住院照顾他"], [NOTES]),
    ],
)
def test_where_nothing_tells_it_is_unclear(row: Row, columns: Sequence[Row]) -> None:
    assert first_row(row, columns) == "unclear"


def test_a_word_for_nothing_over_figures_is_a_cell() -> None:
    assert first_row(["买买提", "无"], [PEOPLE, PAY]) != "names"


def test_a_number_without_end_is_no_series() -> None:
    assert first_row(["1" * 100_000, "1" * 99_999 + "2"], [NOTES, NOTES]) != "names"
