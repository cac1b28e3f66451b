"""What is let go as less than core with nobody looking: only what is shown to be harmless."""

import random
from collections.abc import Sequence

import pytest

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.classify import Proposal, classify

ROWS = 60
DRAW = random.Random(20261123)
NAMES = [
    a + b for a in "王李张刘陈杨" for b in ("伟", "芳", "秀英", "建国", "丽", "军", "静", "磊", "洋", "敏")
]
MONEY = [f"{DRAW.uniform(3_000, 20_000):.2f}" for _ in range(ROWS)]
DAYS = [
    f"{DRAW.randrange(2015, 2025)}-{DRAW.randrange(1, 13):02d}-{DRAW.randrange(1, 29):02d}"
    for _ in range(ROWS)
]
BIRTHS = [
    f"{DRAW.randrange(1965, 2000)}-{DRAW.randrange(1, 13):02d}-{DRAW.randrange(1, 29):02d}"
    for _ in range(ROWS)
]
PEOPLE = ("姓名", NAMES)
PAID = ("实发工资", MONEY)
THINGS = ("商品名称", ["雨衣", "安全带", "手套"] * 20)

Column = tuple[str, Sequence[str]]


def first(*table: Column) -> Proposal:
    return classify(table)[0]


def waits(proposal: Proposal) -> bool:
    """Say whether the column is core until somebody has looked."""
    return proposal.tier is Tier.CORE or proposal.state == "review"


@pytest.mark.parametrize(
    "header", ["金额", "标准", "合计", "发放金额", "amount", "TOTAL_AMT", "jine", "je", "会费"]
)
def test_an_amount_of_nothing_in_particular_waits_unless_it_stands_among_things(header: str) -> None:
    assert waits(first((header, MONEY)))
    assert waits(first((header, MONEY), PEOPLE))
    assert waits(first((header, MONEY), ("岗位", ["钳工", "电工", "焊工"] * 20)))
    assert waits(first((header, MONEY), PEOPLE, THINGS))
    assert not waits(first((header, MONEY), THINGS))


@pytest.mark.parametrize("header", ["单价", "采购金额", "库存数量"])
def test_even_a_plain_price_waits_beside_pay(header: str) -> None:
    assert not waits(first((header, MONEY), THINGS))
    proposal = first((header, MONEY), THINGS, PEOPLE, PAID)
    assert (proposal.state, proposal.reason) == ("review", "classify_vague_of_people")


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("类别", ["甲类", "乙类", "丙类"] * 20),
        ("结果", ["阳性", "阴性"] * 30),
        ("result", ["A", "B"] * 30),
        ("拟核辅日期", DAYS),
        ("编号", [f"K{n * 37 % 9973:05d}" for n in range(ROWS)]),
        ("编号", ["1", "2", "3"] * 20),
        ("是否特保", ["是", "否"] * 30),
        ("dd", ["甲楼", "乙楼"] * 30),
        ("qkzt", ["乙", "丁"] * 30),
    ],
)
def test_a_header_that_leaves_something_open_waits_in_a_table_about_people(
    header: str, cells: list[str]
) -> None:
    assert waits(first((header, cells), PEOPLE))


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("活动类别", ["文体", "志愿", "培训"] * 20),
        ("年度", ["2023", "2024", "2025"] * 20),
        ("提交时间", DAYS),
        ("兑换单号", [f"4{n * 7919 % 10**8:017d}" for n in range(ROWS)]),
        ("序号", [str(n + 1) for n in range(ROWS)]),
        ("编号", [str(n + 1) for n in range(ROWS)]),
        ("编号", [str(n + 1) for n in range(20_000)]),
        ("审批情况", ["已通过", "待审核", "驳回"] * 20),
        ("复核节点时间", [f"{day} 08:30:00" for day in DAYS]),
        ("评价", ["非常满意", "满意", "一般"] * 20),
        ("依据", ["《工会经费收支管理办法》", "《劳动纪律管理规定》第12条"] * 30),
    ],
)
def test_what_is_understood_or_shown_by_its_cells_does_not_wait(header: str, cells: list[str]) -> None:
    assert not waits(first((header, cells), PEOPLE))


@pytest.mark.parametrize(
    "words", [["是", "否"], ["正常", "正常"], ["合格", "不合格"], ["优", "良"], ["高", "低"]]
)
def test_words_that_may_be_findings_wait_under_no_header(words: list[str]) -> None:
    assert waits(first(("", words * 30)))


@pytest.mark.parametrize("words", [["非常满意", "不满意"], ["初中", "大专"], ["已办结", "办理中"]])
def test_words_of_one_meaning_do_not(words: list[str]) -> None:
    assert not waits(first(("", words * 30)))


@pytest.mark.parametrize("header", ["诉求内容", "说明", "comment"])
def test_free_text_is_read_however_short(header: str) -> None:
    proposal = first((header, ["食堂太贵", "班车晚点", "调岗"] * 20))
    assert (proposal.state, proposal.reason) == ("review", "classify_free_text")


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("民族", ["汉族", "满族"] * 30),
        ("", ["汉族", "回族"] * 30),
        ("户籍", ["山东", "河北"] * 30),
        ("户籍地区", ["山东", "河北"] * 30),
        ("户口性质", ["非农业", "农业"] * 30),
    ],
)
def test_origin_is_confirmed_by_a_person(header: str, cells: list[str]) -> None:
    proposal = first((header, cells))
    assert proposal.tier is not Tier.PUBLIC
    assert waits(proposal)


@pytest.mark.parametrize(
    "header",
    [
        "胆红素等级",
        "肾功级别",
        "疫苗次数",
        "理疗天数",
        "psych_level",
        "diagnostic_code",
        "车改补贴标准",
        "岗薪标准",
        "annuity_rate",
        "wage_type",
        "低保类别",
        "违章次数",
        "xueya_dj",
    ],
)
def test_a_letter_of_body_pay_or_private_life_lets_no_header_go(header: str) -> None:
    for cells in (["1", "2", "3"] * 20, ["甲", "乙"] * 30, MONEY):
        assert waits(first((header, cells), THINGS))


def test_dates_beside_people_that_may_be_births_wait() -> None:
    assert first(("日期", BIRTHS), PEOPLE).reason == "classify_like_births"
    assert not waits(first(("日期", DAYS), PEOPLE))
    assert not waits(first(("日期", BIRTHS), THINGS))


@pytest.mark.parametrize("header", ["岗位补", "夜餐补", "安全奖", "车补", "综合扣款", "Hsg Fund (EE)"])
def test_endings_of_pay_are_pay(header: str) -> None:
    proposal = first((header, [f"¥{cell}" for cell in MONEY]))
    assert (proposal.semantic, proposal.state) == ("pay", "auto")


def test_names_all_the_way_down_are_no_products() -> None:
    assert first(("品名", NAMES)).semantic == "person_name"
    assert waits(first(("品名", [*NAMES[:36], *(f"{n}号螺栓" for n in range(24))])))


def test_a_score_of_nothing_in_particular_waits_beside_findings() -> None:
    scores = [str(n % 90) for n in range(ROWS)]
    assert waits(first(("总分", scores), PEOPLE, ("主诉", ["失眠", "焦虑"] * 30)))
    assert not waits(first(("总分", scores), PEOPLE, ("工种", ["钳工", "电工"] * 30)))


@pytest.mark.parametrize("header", ["岗位", "部门", "技能"])
@pytest.mark.parametrize(
    "rare", ["高血压", "离异", "6217001234567890123", "0412-6723001", "7b8e3f0c9d1a4e5f8b6c7d8e9f0a1b2c"]
)
def test_one_cell_that_may_be_somebodys_keeps_a_column_of_words(header: str, rare: str) -> None:
    for cells in (["钳工", "电工", "焊工"] * 33, ["机电设备维修中心二工段", "动力设备维修中心一工段"] * 50):
        assert waits(first((header, [*cells, rare])))


def test_places_of_people_that_look_like_addresses_wait() -> None:
    homes = [f"和平路{n}号楼{n % 5 + 1}单元{n}01室" for n in range(1, ROWS + 1)]
    assert waits(first(("地点", homes), PEOPLE))
    assert not waits(first(("地点", homes), THINGS))


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("岗位补差标准级别", [f"{n}.5" for n in range(ROWS)]),
        ("岗级", ["1.45", "1.60", "1.15"] * 20),
        ("供应商", [f"9000{n:05d}" for n in range(ROWS)]),
        ("岗位", [str(n * 20) for n in range(20, 20 + ROWS)]),
    ],
)
def test_amounts_and_numbers_are_no_words(header: str, cells: list[str]) -> None:
    assert waits(first((header, cells), PEOPLE))


def test_medicines_are_goods_in_a_store_and_illness_beside_people() -> None:
    medicines = ["非布司他片", "甲钴胺胶囊", "沙美特罗吸入剂"] * 20
    assert waits(first(("品名", medicines), PEOPLE))
    assert not waits(first(("品名", medicines), ("库存数量", ["5", "7"] * 30)))
    assert not waits(first(("品名", ["瓷片", "刀片", "照片"] * 20), PEOPLE))


def test_a_bare_number_waits_where_nothing_tells_of_what_it_is() -> None:
    numbers = [f"D{n * 7919 % 99991:05d}" for n in range(ROWS)]
    assert waits(first(("ID", numbers), ("L500", ["40", "45", "50"] * 20)))
    assert not waits(first(("ID", numbers), THINGS))


FIGURES = [f"{DRAW.uniform(50, 900):.2f}" for _ in range(ROWS)]


def test_figures_nobody_named_beside_pay_are_pay() -> None:
    paid = (("应发工资", MONEY), PAID)
    assert first(("B07", FIGURES), PEOPLE, *paid).semantic == "pay"
    assert first(("B07", FIGURES), PEOPLE, *paid).state == "auto"
    for table in ((PEOPLE, PAID), (PEOPLE,)):
        assert first(("B07", FIGURES), *table).state == "review"
    others = (
        [str(n + 1) for n in range(ROWS)],
        [f"2026{n:05d}" for n in range(ROWS)],
        ["12", "13", "14"] * 20,
        [f"K{n * 37 % 89}x" for n in range(ROWS)],
    )
    for cells in others:
        assert first(("B07", cells), PEOPLE, *paid).semantic != "pay"


def test_figures_nobody_named_beside_findings_are_findings() -> None:
    found = (("血糖", FIGURES), ("尿酸", FIGURES))
    assert first(("F9", FIGURES), PEOPLE, *found).semantic == "health"
    assert first(("F9", FIGURES), PEOPLE, *found, ("应发工资", MONEY), PAID).state == "review"


def test_equipment_has_no_telephones_serial_number() -> None:
    def luhn(body: str) -> str:
        digits = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(body)]
        return str(-sum(d // 10 + d % 10 for d in digits) % 10)

    bodies = [f"8612340{DRAW.randrange(10**7):07d}" for _ in range(ROWS)]
    assert first(("设备编号", [body + luhn(body) for body in bodies]), THINGS).semantic == "device_id"


@pytest.mark.parametrize("header", ["血压计型号", "血糖仪条码", "病房设备编号", "女会员占比"])
def test_a_make_a_label_or_a_share_is_nobodys(header: str) -> None:
    cells = ["12%", "30%", "45%"] * 20 if header.endswith("占比") else ["HEM-7136", "BPBIO320", "YX-102"] * 20
    assert not waits(first((header, cells), THINGS))


@pytest.mark.parametrize(
    ("cells", "semantic"),
    [
        (["瓦斯检查工", "调度员", "皮带司机", "机电队长"] * 15, "post"),
        (["羽毛球", "书法", "合唱"] * 20, "interest"),
        (["采矿工程", "会计学", "安全工程"] * 20, "major"),
        (["来电", "来访", "电子邮件"] * 20, "category"),
        ([str(n) for n in range(ROWS)], "record_no"),
    ],
)
def test_cells_of_one_meaning_need_no_header(cells: list[str], semantic: str) -> None:
    assert first(("", cells), PEOPLE).semantic == semantic
    assert not waits(first(("", cells), PEOPLE))


def test_a_surname_and_a_title_are_a_person() -> None:
    assert waits(first(("", ["李伟专员", "王建国管理员", "张静专员", "陈芳干事"] * 15)))


@pytest.mark.parametrize("header", ["课时费", "ot_amt", "shift_diff", "考勤酬金额", "培训费"])
def test_money_under_a_word_for_times_or_courses_waits(header: str) -> None:
    for table in ((PEOPLE,), (THINGS,), ()):
        assert waits(first((header, [str(n) for n in range(20, 20 + ROWS)]), *table))


@pytest.mark.parametrize("header", ["加班", "考勤", "积分", "学时"])
def test_odd_cents_under_a_word_for_times_wait(header: str) -> None:
    assert waits(first((header, FIGURES), PEOPLE))
    assert not waits(first((header, [f"{n / 2:.1f}" for n in range(ROWS)]), PEOPLE))


def test_a_rate_without_its_sign_waits_unless_it_says_of_what() -> None:
    rates = [f"{n}.5" for n in range(ROWS)]
    assert waits(first(("rate", rates), THINGS))
    assert not waits(first(("合格率", rates), THINGS))
    assert not waits(first(("rate", [f"{n}%" for n in range(ROWS)]), THINGS))


def test_a_region_has_no_house_numbers_and_a_certificate_tells_no_illness() -> None:
    assert waits(first(("地区", ["和平路3号院", "建设街12号"] * 30)))
    assert waits(first(("地点", [f"{n}号楼{n % 5 + 1}单元" for n in range(1, 31)] * 2), PEOPLE))
    assert waits(first(("证书", ["残疾证", "低压电工作业证"] * 30), PEOPLE))


MARKS = [str(n * 7 % 41) for n in range(ROWS)]
MOBILES = [f"1390371{n * 6113 % 10_000:04d}" for n in range(ROWS)]
ILLNESSES = ["腰椎手术", "抑郁症", "透析", "骨折", "化疗", "阑尾炎"] * 10


@pytest.mark.parametrize(
    "header",
    ["SDS总分", "SAS总分", "PHQ-9得分", "压力得分", "倦怠得分", "压力指数", "who5_score", "stress_level"],
)
def test_a_score_that_is_not_understood_waits_beside_people(header: str) -> None:
    assert waits(first((header, MARKS), PEOPLE))


@pytest.mark.parametrize("header", ["产检次数", "透析次数", "房产数量", "balance", "card_balance"])
def test_counts_that_are_not_understood_wait_beside_people(header: str) -> None:
    assert waits(first((header, MARKS), PEOPLE, ("医院名称", ["市第一人民医院", "职工总医院"] * 30)))


@pytest.mark.parametrize("header", ["加班单价", "技能金额", "工会金额", "total_amount"])
def test_money_for_what_a_person_does_is_no_price(header: str) -> None:
    assert waits(first((header, MARKS), PEOPLE, ("供应商", ["物资公司", "劳务公司"] * 30)))


@pytest.mark.parametrize("address", ["https://hr.example.cn/photo/{}.jpg", "/upload/photo/{}.png"])
def test_an_address_of_a_file_named_by_a_persons_number_is_personal(address: str) -> None:
    for numbers in (MOBILES, ["110101199003074258"] * ROWS):
        assert waits(first(("附件地址", [address.format(number) for number in numbers]), THINGS))
    assert not waits(first(("附件地址", [address.format(n) for n in range(ROWS)]), THINGS))
    pages = [str(n * 7_919_000_333 % 89_999_999_999 + 10_000_000_000) for n in range(1, ROWS)]
    assert not waits(first(("附件地址", [address.format(page) for page in [*pages, MOBILES[0]]]), THINGS))


def test_files_called_by_names_and_visits_to_the_sick_wait() -> None:
    assert waits(first(("附件名称", [f"{name}-劳动合同.pdf" for name in NAMES]), THINGS))
    assert waits(first(("文件名", [f"{name}身份证扫描件.jpg" for name in NAMES]), THINGS))
    visits = first(("活动内容", [f"看望因病住院职工{name}送上慰问金" for name in NAMES]), THINGS)
    assert (visits.tier, visits.reason) == (Tier.CORE, "classify_inside")
    assert waits(first(("活动名称", [*["登山活动"] * 59, "慰问肺癌职工王伟"]), THINGS))
    assert not waits(first(("活动名称", ["登山活动", "春节慰问", "读书会"] * 20), THINGS))


def test_births_with_a_midnight_behind_them_are_births_still() -> None:
    assert first(("日期", [f"{day} 00:00:00" for day in BIRTHS]), PEOPLE).reason == "classify_like_births"
    assert not waits(first(("日期", [f"{day} 08:15:00" for day in DAYS]), PEOPLE))


@pytest.mark.parametrize("header", ["值班电话", "单位电话", "服务热线"])
def test_mobiles_of_one_block_are_mobiles(header: str) -> None:
    assert waits(first((header, MOBILES), ("部门", ["财务部", "安全科"] * 30)))


@pytest.mark.parametrize("header", ["通行地点", "门禁地点", "入住酒店"])
def test_where_a_person_was_waits(header: str) -> None:
    assert waits(first((header, ["东门", "西门", "三号楼"] * 20), PEOPLE))


@pytest.mark.parametrize(
    "header", ["请假事由", "休假原因", "leave_type", "诉求类别", "培训需求", "课程名称", "讲座名称", "政策"]
)
def test_illnesses_beside_people_wait_whatever_the_header(header: str) -> None:
    assert waits(first((header, ILLNESSES), PEOPLE))


def test_a_reason_for_leave_may_be_an_illness() -> None:
    assert waits(first(("请假事由", ["腰椎手术休养", "化疗休养", "搬家"] * 20), PEOPLE))
    assert not waits(first(("请假事由", ["搬家", "探亲", "孩子入学"] * 20), PEOPLE))


def test_a_kind_of_leave_and_a_lecture_do_not() -> None:
    assert not waits(first(("请假类型", ["病假", "年假", "产假"] * 20), PEOPLE))
    assert not waits(first(("健康讲座名称", ["高血压的防治", "科学护腰", "合理膳食"] * 20), PEOPLE))


@pytest.mark.parametrize("rare", ["0", "1"])
def test_one_number_among_words_counts_nothing(rare: str) -> None:
    findings = [f"异常{a}{b}" for a in "甲乙丙丁戊己" for b in "子丑寅卯辰"]
    assert waits(first(("F7", [rare, *findings]), PEOPLE))
    assert waits(first(("HBsAg定量", ["0", "1", "2", "4"]), PEOPLE))
    assert waits(first(("F7", [*map(str, range(12)), *findings]), PEOPLE))
    assert not waits(first(("序号", [str(n) for n in range(1, ROWS)]), PEOPLE))


@pytest.mark.parametrize("header", ["诉求", "诉求事项", "培训需求", "类别", "场地", "topic", "demand_type"])
def test_a_kind_or_a_place_is_no_long_text(header: str) -> None:
    texts = [f"关于第{n}生产区域夜班人员反映的若干具体情况" for n in range(ROWS)]
    assert first((header, texts), THINGS).reason == "classify_free_text"


@pytest.mark.parametrize("header", ["活动内容", "议题", "提案名称", "附件名称", "公司"])
def test_a_title_is_no_sentence(header: str) -> None:
    texts = [f"第{n}生产区域夜班人员反映，饭菜送到时已经凉了" for n in range(ROWS)]
    assert first((header, texts), THINGS).reason == "classify_free_text"
    titles = [f"关于第{n}生产区域夜班人员送餐服务的实施办法" for n in range(ROWS)]
    assert first((header, titles), THINGS).reason != "classify_free_text"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("助听器型号", ["GN-300", "P50", "心动"]),
        ("轮椅型号", ["A1", "B2", "C3"]),
        ("薪资占比", ["30%", "12%", "41%"]),
        ("绩效占比", ["0.30", "0.12", "0.41"]),
        ("severity", ["mild", "moderate", "severe"]),
        ("exam_result", ["positive", "negative", "negative"]),
        ("科室", ["精神科", "妇产科", "血液科"]),
        ("医院名称", ["安定医院", "市第一医院", "职工医院"]),
        ("产假天数", ["128", "158", "98"]),
    ],
)
def test_what_points_to_an_illness_or_to_pay_waits_beside_people(header: str, cells: list[str]) -> None:
    assert waits(first((header, cells * 20), PEOPLE, ("单位名称", ["物资公司", "劳务公司"] * 30)))


def test_an_office_is_nobodys_name() -> None:
    offices = ["安全科", "安全科", "财务部", "炼钢车间", "检修工段", "化验室", "调度室"] * 10
    assert not waits(first(("部门", offices), PEOPLE))


@pytest.mark.parametrize("header", ["数量", "qty", "限额", "Q2_年龄段", "3、年龄", "nl", "走访次数"])
def test_an_ordinary_count_or_age_does_not_wait_beside_people(header: str) -> None:
    ages = [str(20 + n % 40) for n in range(ROWS)]
    assert not waits(first((header, ages), PEOPLE, THINGS))
