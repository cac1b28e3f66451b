"""The classifier: what headers and cells lead to, and what neither may ever do."""

import random
from collections.abc import Sequence

import pytest

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.classify import UNKNOWN, Proposal, classify
from xinqiao_governance.messages import LANGUAGES, say

ROWS = 60
DRAW = random.Random(20261122)
SENTINEL = "SENTINEL-4711"


def one(header: str, cells: Sequence[str | None]) -> Proposal:
    (proposal,) = classify([(header, cells)])
    return proposal


def identity() -> str:
    born = f"{DRAW.randrange(1960, 2000)}{DRAW.randrange(1, 13):02d}{DRAW.randrange(1, 29):02d}"
    body = f"110101{born}{DRAW.randrange(1000):03d}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


def mobile() -> str:
    return f"13{DRAW.randrange(10**9):09d}"


IDS = [identity() for _ in range(ROWS)]
MOBILES = [mobile() for _ in range(ROWS)]
NAMES = [
    a + b for a in "王李张刘陈杨" for b in ("伟", "芳", "秀英", "建国", "丽", "军", "静", "磊", "洋", "敏")
]
MONEY = [f"{DRAW.uniform(3_000, 20_000):.2f}" for _ in range(ROWS)]
ORDERS = [f"2024{DRAW.randrange(10**14):014d}" for _ in range(ROWS)]


@pytest.mark.parametrize("header", ["身份证号", "sfzh", "col_a", "", "部门编号", "id_no"])
def test_identity_numbers_are_core_under_any_header(header: str) -> None:
    proposal = one(header, IDS)
    assert (proposal.semantic, proposal.tier, proposal.state) == ("id_card", Tier.CORE, "auto")


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: f"'{cell}",
        lambda cell: f"{cell[:3]}-{cell[3:7]}-{cell[7:]}",
        lambda cell: f"+86 {cell}",
        lambda cell: f"{cell}.0",
        lambda cell: cell.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        lambda cell: f"{cell[:3]}****{cell[7:]}",
        lambda cell: f"1.{cell[1:6]}E+10",
    ],
)
def test_a_mobile_number_is_known_whatever_a_spreadsheet_or_a_clerk_made_of_it(change: object) -> None:
    proposal = one("字段7", [change(cell) for cell in MOBILES])  # type: ignore[operator]
    assert (proposal.semantic, proposal.state) == ("mobile", "auto")


@pytest.mark.parametrize(
    ("header", "cells", "semantic"),
    [
        ("手机品牌", ["华为", "小米", "苹果"] * 20, "product"),
        ("订单号", ORDERS, "order_no"),
        ("健康讲座名称", ["高血压的防治", "春季养生"] * 30, "lecture_title"),
        ("银行名称", ["工商银行", "建设银行"] * 30, "organisation"),
        ("身份证类型", ["居民身份证", "护照"] * 30, "category"),
        ("服务热线", ["400-810-1234", "95588"] * 30, "hotline"),
    ],
)
def test_what_only_sounds_personal_is_not_core(header: str, cells: list[str], semantic: str) -> None:
    proposal = one(header, cells)
    assert (proposal.semantic, proposal.state) == (semantic, "auto")
    assert proposal.tier is not Tier.CORE


@pytest.mark.parametrize(
    ("header", "cells", "semantic"),
    [
        ("姓名", NAMES, "person_name"),
        ("gz_sf", MONEY, "pay"),
        ("SALARY_NET", MONEY, "pay"),
        ("jiankangzhuangkuang", ["良好", "一般"] * 30, "health"),
        ("既往病史", ["高血压", "无", "糖尿病"] * 20, "health"),
        ("邮箱", [f"{n}@example.com" for n in range(ROWS)], "email"),
        ("备注2", NAMES, "person_name"),
        ("qq", [str(4_972_526_945 + 7_919 * n) for n in range(ROWS)], "qq"),
        ("", ["中共党员", "群众", "共青团员"] * 20, "political_status"),
    ],
)
def test_core_is_found(header: str, cells: list[str], semantic: str) -> None:
    proposal = one(header, cells)
    assert (proposal.semantic, proposal.tier, proposal.state) == (semantic, Tier.CORE, "auto")


@pytest.mark.parametrize(
    "rare",
    [
        "联系我13812345678",
        "本人高血压，需照顾",
        "身份证" + IDS[0],
        "姓名：王建国",
        "工资8500元太低",
        "加我微信号wxid_abc12345",
        "我上周做了CT还没出结果",
    ],
)
def test_one_cell_of_a_hundred_raises_a_text(rare: str) -> None:
    quiet = one("备注", ["食堂不错"] * 99)
    raised = one("备注", ["食堂不错"] * 99 + [rare])
    assert quiet.tier is Tier.SENSITIVE
    assert (raised.semantic, raised.tier) == ("text_personal", Tier.CORE)


@pytest.mark.parametrize(
    "cell",
    [
        '{{"name":"{n}","mobile":"{m}"}}',
        "{n}/{m}/机电部",
        "姓名={n}&手机={m}",
        "<员工><姓名>{n}</姓名><手机>{m}</手机></员工>",
    ],
)
def test_several_things_in_a_cell_are_core(cell: str) -> None:
    proposal = one("info", [cell.format(n=n, m=m) for n, m in zip(NAMES, MOBILES, strict=True)])
    assert (proposal.tier, proposal.state) == (Tier.CORE, "auto")


def test_a_header_that_lies_is_not_believed() -> None:
    assert one("订购日期", MOBILES).tier is Tier.CORE
    assert one("身份证号", ORDERS).state == "review"
    assert one("年龄", MONEY).state == "review"


@pytest.mark.parametrize("cells", [[], [None] * 9, ["", " ", "无", "-"]])
def test_an_empty_column_is_never_let_go(cells: list[str | None]) -> None:
    for header in ("部门", "", "姓名", "price"):
        proposal = one(header, cells)
        assert proposal.tier is Tier.CORE or proposal.state == "review"


def test_what_is_unknown_is_core_and_for_a_person_to_see() -> None:
    proposal = one("zzqx", ["甲乙", "丙丁", "戊己"] * 10)
    assert (proposal.semantic, proposal.tier, proposal.state) == (UNKNOWN, Tier.CORE, "review")


def test_free_text_is_read_by_a_person_before_it_counts_as_less() -> None:
    texts = [f"建议第{n}食堂增加素菜，并延长晚间供餐时间以方便倒班的人" for n in range(ROWS)]
    assert one("意见建议", texts).state == "review"


def test_no_proposal_holds_a_cell() -> None:
    table = [
        ("备注", [SENTINEL, f"{SENTINEL} 13812345678"] * 9),
        ("姓名", [SENTINEL] * 9),
        ("", [f'{{"k":"{SENTINEL}"}}'] * 9),
    ]
    for proposal in classify(table):
        assert SENTINEL not in str(proposal)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "\x00",
        "{" * 5_000,
        "[" * 100_000,
        "=" * 9_999,
        "1" * 10_000,
        "9" * 400 + "E+99",
        "a=b&" * 5_000,
        "\ud800",
        "（" * 999,
        "<a>" * 3_000,
    ],
)
def test_hostile_cells_do_no_harm(cell: str) -> None:
    for header in ("姓名", cell[:200], "备注"):
        assert one(header, [cell, cell + "x", None]).tier in Tier


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_reads(language: str) -> None:
    reasons = {
        p.reason
        for cells in (MOBILES, ORDERS, NAMES, [], ["无人"] * 9)
        for p in classify([("备注", cells), ("年龄", cells), ("zz", cells)])
    }
    for reason in reasons:
        assert say(reason, "zh" if language == "zh" else "en")
