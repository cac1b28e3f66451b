"""Staff sheets as clerks of four departments might keep them: made up, and each under headers of its own."""

import random
from datetime import date, timedelta
from pathlib import Path

from simulators.workbooks import workbook

HEADERS = {
    "north": (
        "工号",
        "姓名",
        "性别",
        "年龄",
        "学历",
        "身份证号",
        "手机号",
        "入职日期",
        "月工资",
        "培训成绩",
        "意见建议",
    ),
    "south": (
        "员工编号",
        "员工姓名",
        "男女",
        "周岁",
        "最高学历",
        "身份证",
        "联系电话",
        "入职时间",
        "应发工资",
        "考试成绩",
        "留言",
    ),
    "east": (
        "职工号",
        "姓名",
        "性别",
        "年龄",
        "文化程度",
        "身份证号码",
        "手机",
        "入司日期",
        "薪酬",
        "培训得分",
        "诉求内容",
    ),
    "west": (
        "工号",
        "姓名",
        "性别",
        "年龄(岁)",
        "学历层次",
        "公民身份号码",
        "移动电话",
        "入职日期",
        "工资",
        "成绩",
        "建议",
    ),
}
"""What each calls the same eleven columns: number, name, gender, age, education, identity card, mobile, date
of joining, pay, training score, text."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_EXCEL_EPOCH = date(1899, 12, 30)


def staff_sheet(path: Path, department: str, people: int) -> Path:
    """Write a sheet of `people` made-up people, its dates as mangled as Excel leaves them."""
    draw = random.Random(department)
    rows = [_row(department, number, draw) for number in range(1, people + 1)]
    return workbook(path, (HEADERS[department], *rows))


def _row(department: str, number: int, draw: random.Random) -> list[object]:
    born = date(1966, 1, 1) + timedelta(days=draw.randrange(14_000))
    joined = date(2004, 1, 1) + timedelta(days=draw.randrange(8_000))
    mobile, age = f"13{draw.randrange(10**9):09}", 2026 - born.year
    return [
        f"{department[0].upper()}{number:05}",
        draw.choice("王李张刘陈杨赵黄周吴") + draw.choice(("伟", "芳", "敏", "静", "建国", "秀英")),
        draw.choice("男女"),
        age,
        draw.choice(("高中", "大专", "本科", "硕士")),
        _identity_number(born, draw.randrange(1_000)),
        mobile,
        draw.choice((joined, f"{joined:%Y/%m/%d}", (joined - _EXCEL_EPOCH).days)),
        round(4_000 + 90 * age + draw.gauss(0, 900), 2),
        draw.randrange(50, 100),
        draw.choice(("希望增加夜班补贴", "食堂可以再好一些", f"请回电 {mobile}，想了解内部转岗")),
    ]


def _identity_number(born: date, order: int) -> str:
    """Return a number with a check digit of ISO 7064 MOD 11-2, as GB 11643-1999 asks."""
    digits = f"110101{born:%Y%m%d}{order:03}"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]
