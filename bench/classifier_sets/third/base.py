"""Invented people, the writing habits of spreadsheets, and the form in which a table is told.

Everything is synthetic: surnames, given-name characters, region codes, card and number prefixes are common
knowledge, all else is drawn.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from classifier_sets.labelled import LabelledColumn, LabelledTable
from xinqiao_governance.semantics import SEMANTICS

T = TypeVar("T")
TODAY = date(2026, 6, 30)

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金"
_DOUBLE = ("欧阳", "上官", "司马", "诸葛", "慕容", "皇甫")
_MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆建国志文海峰庆林东亮永兵龙"
_FEMALE = "芳娜敏静丽艳娟霞秀兰桂英梅玲红玉萍燕琳雪慧莹洁倩颖婷薇欣怡佳美蓉菊"
_PINYIN = (
    "wang",
    "li",
    "zhang",
    "liu",
    "chen",
    "yang",
    "zhao",
    "huang",
    "zhou",
    "wu",
    "xu",
    "sun",
    "hu",
    "gao",
)
REGIONS = (
    ("140202", "山西省", "大同市", "平城区"),
    ("140303", "山西省", "阳泉市", "矿区"),
    ("130203", "河北省", "唐山市", "路北区"),
    ("210211", "辽宁省", "大连市", "甘井子区"),
    ("230603", "黑龙江省", "大庆市", "龙凤区"),
    ("320312", "江苏省", "徐州市", "铜山区"),
    ("340403", "安徽省", "淮南市", "田家庵区"),
    ("370502", "山东省", "东营市", "东营区"),
    ("410403", "河南省", "平顶山市", "卫东区"),
    ("420204", "湖北省", "黄石市", "下陆区"),
    ("510402", "四川省", "攀枝花市", "东区"),
    ("520201", "贵州省", "六盘水市", "钟山区"),
    ("610112", "陕西省", "西安市", "未央区"),
    ("620302", "甘肃省", "金昌市", "金川区"),
    ("650203", "新疆维吾尔自治区", "克拉玛依市", "克拉玛依区"),
)
_ROADS = (
    "矿务局路",
    "建设路",
    "新华街",
    "解放路",
    "人民南路",
    "和平街",
    "文化路",
    "钢城大道",
    "工农街",
    "向阳路",
)
_ESTATES = ("矿工新村", "向阳小区", "锦绣花园", "职工家属院", "阳光里", "南苑小区", "幸福家园", "铁路新村")
_MOBILE_PREFIXES = (
    "134",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "176",
    "182",
    "186",
    "187",
    "189",
    "199",
)
_BINS = (
    ("622202", 19),
    ("621226", 19),
    ("621700", 19),
    ("622848", 19),
    ("621661", 19),
    ("622588", 16),
    ("622622", 16),
)
BANKS = ("工商银行", "建设银行", "农业银行", "中国银行", "邮储银行", "交通银行", "招商银行")
DEPTS = (
    (
        "综采一队",
        "综采二队",
        "掘进三队",
        "机电队",
        "运输队",
        "通风区",
        "洗煤厂",
        "调度室",
        "地测科",
        "后勤服务中心",
    ),
    (
        "炼铁厂",
        "炼钢厂",
        "轧钢车间",
        "动力厂",
        "检修中心",
        "质检部",
        "物流部",
        "设备处",
        "财务部",
        "人力资源部",
    ),
    (
        "采油一厂",
        "钻井公司",
        "集输大队",
        "测井站",
        "物资供应处",
        "井下作业部",
        "信息中心",
        "离退休管理处",
        "保卫部",
        "工会",
    ),
    (
        "变电运维班",
        "输电检修班",
        "营销部",
        "调控中心",
        "配电二班",
        "电缆班",
        "安监部",
        "党建部",
        "物资公司",
        "培训中心",
    ),
)
POSTS = (
    "采煤工",
    "电工",
    "焊工",
    "调度员",
    "会计",
    "安全员",
    "技术员",
    "值班员",
    "司机",
    "仓管员",
    "班长",
    "队长",
    "化验员",
    "文员",
    "厨师",
    "护士",
    "巡检工",
    "钳工",
)
LEVELS = ("一级", "二级", "三级", "四级", "五级", "六级", "七级", "八级")
EDUCATION = ("初中", "高中", "中专", "大专", "大专", "本科", "本科", "硕士研究生")
SCHOOLS = (
    "太原理工大学",
    "中国矿业大学",
    "河北工业大学",
    "东北石油大学",
    "西安科技大学",
    "山西工程职业学院",
    "大同煤炭职业技术学院",
    "安徽理工大学",
    "辽宁科技大学",
    "华北电力大学",
)
MAJORS = (
    "采矿工程",
    "机电一体化",
    "会计学",
    "安全工程",
    "石油工程",
    "电气工程及其自动化",
    "冶金工程",
    "行政管理",
    "计算机应用",
    "护理",
)
PARTY = ("中共党员", "群众", "群众", "共青团员", "群众", "中共党员", "中共预备党员", "九三学社社员")
ETHNIC = ("汉族",) * 18 + ("回族", "满族", "蒙古族", "维吾尔族", "苗族")
DISEASES = (
    "高血压",
    "2型糖尿病",
    "冠心病",
    "脑梗死",
    "慢性支气管炎",
    "腰椎间盘突出症",
    "甲状腺结节",
    "脂肪肝",
    "慢性胃炎",
    "尘肺病壹期",
    "噪声聋",
    "痛风",
    "乳腺增生",
    "胆囊结石",
    "抑郁状态",
    "颈椎病",
)
MEDICINES = (
    "硝苯地平缓释片",
    "二甲双胍片",
    "阿司匹林肠溶片",
    "阿托伐他汀钙片",
    "沙美特罗替卡松粉吸入剂",
    "布洛芬缓释胶囊",
    "左甲状腺素钠片",
    "多烯磷脂酰胆碱胶囊",
    "奥美拉唑肠溶胶囊",
    "汉防己甲素片",
    "甲钴胺片",
    "非布司他片",
    "乳癖消片",
    "熊去氧胆酸胶囊",
    "舍曲林片",
    "塞来昔布胶囊",
)
DOSES = (
    "10mg qd",
    "0.5g bid",
    "100mg qn",
    "20mg qn",
    "1吸 bid",
    "0.3g prn",
    "50μg qd",
    "2粒 tid",
    "20mg qd",
    "60mg tid",
    "0.5mg tid",
    "40mg qd",
    "4片 tid",
    "250mg bid",
    "50mg qd",
    "0.2g bid",
)
HOSPITALS = ("矿务局总医院", "市第一人民医院", "职工医院", "省肿瘤医院", "市中医院", "厂区卫生所")


def luhn(body: str) -> str:
    """Return `body` with its check digit by Luhn's rule."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def id_number(region: str, born: date, order: int) -> str:
    """Return an 18-place identity number with its check place (GB 11643)."""
    body = f"{region}{born:%Y%m%d}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def credit_code(rng: Random) -> str:
    """Return an 18-place unified credit code with its check place (GB 32100)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91" + rng.choice(REGIONS)[0] + "".join(rng.choice(letters) for _ in range(9))
    total = sum(letters.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return body + letters[-total % 31]


def digits(rng: Random, count: int) -> str:
    """Return `count` digits, the first not 0."""
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def a_name(rng: Random, male: bool) -> str:
    """Return a Chinese name."""
    surname = rng.choice(_DOUBLE) if rng.random() < 0.02 else rng.choice(_SURNAMES)
    given = _MALE if male else _FEMALE
    return surname + "".join(rng.choice(given) for _ in range(1 if rng.random() < 0.25 else 2))


def a_mobile(rng: Random) -> str:
    """Return a mobile number of eleven digits."""
    return rng.choice(_MOBILE_PREFIXES) + "".join(str(rng.randint(0, 9)) for _ in range(8))


class Person:
    """One invented person and the row that tells of them; amounts are in yuan, lab values in usual units."""

    def __init__(self, rng: Random, index: int) -> None:
        """Draw the person; `index` is the row's number from 1."""
        self.rng = rng
        self.i = index
        self.male = rng.random() < 0.68
        self.sex = "男" if self.male else "女"
        self.name = a_name(rng, self.male)
        self.region = rng.choice(REGIONS)
        self.dept = ""
        self.born = TODAY - timedelta(days=rng.randint(22 * 365, 60 * 365))
        self.age = (TODAY - self.born).days // 365
        self.id_card = id_number(self.region[0], self.born, rng.randint(1, 498) * 2 + (1 if self.male else 0))
        self.mobile = a_mobile(rng)
        self.home_phone = f"0{rng.choice((351, 352, 353, 315, 546, 516, 554))}-{digits(rng, 7)}"
        self.pinyin = (
            rng.choice(_PINYIN) + rng.choice("abcdefghjklmnpqrstwxyz") + rng.choice("abcdefghjklmnpqrstwxyz")
        )
        self.qq = digits(rng, rng.choice((8, 9, 10)))
        self.email = rng.choice(
            (
                f"{self.qq}@qq.com",
                f"{self.pinyin}{self.born:%y%m}@163.com",
                f"{self.pinyin}_{digits(rng, 3)}@126.com",
            )
        )
        self.wechat = rng.choice(
            (
                f"wxid_{rng.getrandbits(60):x}",
                f"{self.pinyin}{self.born:%Y}",
                f"{self.pinyin}-{digits(rng, 4)}",
            )
        )
        self.road, self.estate = rng.choice(_ROADS), rng.choice(_ESTATES)
        self.address = (
            f"{self.region[1]}{self.region[2]}{self.region[3]}{self.road}{rng.randint(1, 260)}号{self.estate}"
            f"{rng.randint(1, 30)}号楼{rng.randint(1, 4)}单元{rng.randint(1, 18)}0{rng.randint(1, 4)}"
        )
        prefix, length = rng.choice(_BINS)
        self.bank_card = luhn(prefix + "".join(str(rng.randint(0, 9)) for _ in range(length - 7)))
        self.bank = rng.choice(BANKS)
        self.plate = self.region_plate()
        self.no = f"{rng.randint(0, 39999):08d}"
        self.level_no = min(7, max(0, int((self.age - 22) / 6 + rng.gauss(0, 1))))
        self.level = LEVELS[self.level_no]
        self.years = max(0, self.age - rng.randint(19, 25))
        self.joined = date(TODAY.year - self.years, rng.randint(1, 6), rng.randint(1, 28))
        self.education = rng.choice(EDUCATION)
        self.post = rng.choice(POSTS)
        self.party = rng.choice(PARTY)
        self.ethnic = rng.choice(ETHNIC)
        self.married = rng.random() < min(0.92, (self.age - 20) / 15)
        self.days, self.heat_days = rng.randint(14, 26), rng.randint(0, 22)
        self.rate = rng.choice((120, 150, 160, 180, 200))
        self.spouse = a_name(rng, not self.male)
        self.child = self.name[0] + rng.choice(_MALE + _FEMALE) + rng.choice(_MALE + _FEMALE)
        self.child_born = self.born + timedelta(days=rng.randint(23 * 365, 33 * 365))
        self._pay()
        self._health()

    def region_plate(self) -> str:
        """Return a vehicle's plate of seven places."""
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
        return (
            self.rng.choice("晋冀辽黑苏皖鲁豫鄂川贵陕甘新")
            + self.rng.choice("ABCDEF")
            + "".join(self.rng.choice("0123456789" * 2 + letters) for _ in range(5))
        )

    def _pay(self) -> None:
        rng = self.rng
        self.base = 2400 + self.level_no * 380 + rng.randint(0, 12) * 20
        self.post_pay = 600 + self.level_no * 220
        self.seniority = self.years * rng.choice((20, 25, 30))
        self.bonus = round(max(300.0, rng.gauss(1800 + self.level_no * 260, 500)), 2)
        self.nights = rng.choice((0, 0, 0, 4, 6, 8, 10, 12))
        self.night_pay = self.nights * 18
        self.overtime_hours = rng.choice((0, 0, 8, 12, 16, 24))
        self.overtime_pay = round(self.base / 174 * 1.5 * self.overtime_hours, 2)
        self.gross = round(
            self.base + self.post_pay + self.seniority + self.bonus + self.night_pay + self.overtime_pay, 2
        )
        self.pension = round(self.gross * 0.08, 2)
        self.medical = round(self.gross * 0.02, 2)
        self.jobless = round(self.gross * 0.005, 2)
        self.fund = round(self.gross * 0.12)
        self.annuity = round(self.gross * 0.04, 2)
        self.taxable = max(0.0, self.gross - 5000 - self.pension - self.medical - self.jobless - self.fund)
        self.tax = round(self.taxable * 0.03, 2)
        self.dues = round(self.base * 0.005, 2)
        self.net = round(
            self.gross
            - self.pension
            - self.medical
            - self.jobless
            - self.fund
            - self.annuity
            - self.tax
            - self.dues,
            2,
        )

    def _health(self) -> None:
        rng = self.rng
        ill = rng.random() < 0.15 + (self.age - 22) / 90
        self.ill = ill
        self.kind = rng.randrange(len(DISEASES))
        self.disease = DISEASES[self.kind]
        self.medicine, self.dose = MEDICINES[self.kind], DOSES[self.kind]
        self.height = round(rng.gauss(172 if self.male else 160, 5.5), 1)
        self.bmi = max(17.0, rng.gauss(25.5 if ill else 23.4, 2.6))
        self.weight = round(self.bmi * (self.height / 100) ** 2, 1)
        self.sbp = int(rng.gauss(112 + self.age * 0.3 + ill * 14, 9))
        self.dbp = int(self.sbp * 0.63 + rng.gauss(2, 4))
        self.pulse = int(rng.gauss(74, 8))
        self.glucose = round(max(3.6, rng.gauss(5.2 + ill * 1.1, 0.6)), 2)
        self.tc = round(max(2.5, rng.gauss(4.6 + ill * 0.6, 0.7)), 2)
        self.tg = round(max(0.4, rng.gauss(1.4 + ill * 0.6, 0.5)), 2)
        self.urate = int(rng.gauss(380 if self.male else 300, 55))
        self.alt = int(max(6, rng.gauss(24 + ill * 12, 9)))
        self.creatinine = int(rng.gauss(78 if self.male else 62, 9))
        self.hb = int(rng.gauss(150 if self.male else 130, 10))
        self.wbc = round(max(2.8, rng.gauss(6.4, 1.4)), 2)
        self.platelets = int(max(80, rng.gauss(225, 45)))
        self.sick_days = rng.choice((0, 0, 1, 3)) if not ill else rng.choice((3, 5, 7, 14, 21, 30, 60))
        self.bill = round(rng.lognormvariate(8.3 if ill else 5.4, 0.8), 2)
        self.own_share = round(self.bill * rng.choice((0.15, 0.2, 0.3)), 2)

    # Drawing, so that a table's lambdas stay short.
    def pick(self, values: Sequence[T]) -> T:
        """Return one of `values`."""
        return self.rng.choice(values)

    def chance(self, share: float) -> bool:
        """Return true with this probability."""
        return self.rng.random() < share

    def n(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return self.rng.randint(low, high)

    def num(self, low: float, high: float, places: int = 2) -> str:
        """Return a number between, as text."""
        return f"{self.rng.uniform(low, high):.{places}f}"

    def imei(self) -> str:
        """Return a device number of 15 digits with its check digit."""
        return luhn("86" + digits(self.rng, 12))

    def day(self, year: int = 2026, form: str = "%Y-%m-%d") -> str:
        """Return a day of `year` as text."""
        return (date(year, 1, 1) + timedelta(days=self.rng.randint(0, 179))).strftime(form)

    def digits(self, count: int) -> str:
        """Return `count` digits."""
        return digits(self.rng, count)


@dataclass(frozen=True)
class C:
    """A column to be: header, semantic, how a cell is written, what makes it hard, the tier if not its own."""

    header: str
    semantic: str
    cell: Callable[[Person], object]
    trait: str = "plain"
    tier: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table to be: name, rows, columns, and the department's set of units."""

    name: str
    rows: int
    columns: tuple[C, ...]

    def build(self, rng: Random) -> LabelledTable:
        """Draw the people, then column by column their cells."""
        people = [Person(rng, index) for index in range(1, self.rows + 1)]
        units = rng.choice(DEPTS)
        for person in people:
            person.dept = rng.choice(units)
        columns = []
        for column in self.columns:
            cells = tuple(_text(column.cell(person)) for person in people)
            tier = column.tier or SEMANTICS[column.semantic].tier.value
            columns.append(
                LabelledColumn(column.header, cells, column.semantic, tier, tuple(column.trait.split()))
            )
        return LabelledTable(self.name, tuple(columns))


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


# Habits of spreadsheets: each takes a way of writing a cell and returns another.
Way = Callable[[Person], object]


def gaps(way: Way, share: float = 0.2) -> Way:
    """Leave a share of the cells empty."""
    return lambda p: None if p.chance(share) else way(p)


def some(way: Way, share: float, other: object = None) -> Way:
    """Write a share of the cells only, and `other` in the rest."""
    return lambda p: way(p) if p.chance(share) else other


def full_width(way: Way) -> Way:
    """Write digits, letters and signs in full width."""
    return lambda p: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in str(way(p)))


def spaced(way: Way) -> Way:
    """Leave stray spaces around and inside."""
    return lambda p: p.pick((" ", "", "\u3000", "\t")) + str(way(p)) + p.pick((" ", "", "  ", "\u00a0"))


def quoted(way: Way) -> Way:
    """Keep the apostrophe by which a spreadsheet marks text."""
    return lambda p: "'" + str(way(p))


def scientific(way: Way) -> Way:
    """Show a long number as a spreadsheet does: 1.40E+17."""
    return lambda p: f"{float(str(way(p)).replace('X', '0')):.5E}"


def zeros_lost(way: Way) -> Way:
    """Drop leading zeros."""
    return lambda p: str(way(p)).lstrip("0") or "0"


def as_float(way: Way) -> Way:
    """Add the .0 that a numeric column gets on export."""
    return lambda p: f"{way(p)}.0"


def serial(way: Callable[[Person], date]) -> Way:
    """Write a date as a spreadsheet's day number."""
    return lambda p: (way(p) - date(1899, 12, 30)).days


def grouped(way: Callable[[Person], float]) -> Way:
    """Write an amount with thousands separators."""
    return lambda p: f"{way(p):,.2f}"


def dashed(text: str, *sizes: int) -> str:
    """Split `text` into groups of these sizes with spaces."""
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    return " ".join([*parts, text[start:]]).strip()


def mask(text: str, head: int, tail: int, sign: str = "*") -> str:
    """Cover the middle of `text`."""
    return text[:head] + sign * (len(text) - head - tail) + text[len(text) - tail :]


def mask_name(name: str) -> str:
    """Return the surname and stars."""
    return name[0] + "*" * (len(name) - 1)


def as_json(**fields: object) -> str:
    """Return a JSON object on one line, characters kept."""
    return json.dumps(fields, ensure_ascii=False)


def rare(way: Callable[[Person], str], other: Callable[[Person], str], every: int = 90) -> Way:
    """Write `way` in each row whose number divided by `every` leaves 7, and `other` in all the rest."""
    return lambda p: way(p) if p.i % every == 7 else other(p)
