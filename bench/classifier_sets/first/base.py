"""Vocabulary, invented people and the mess that clerks and Excel make of cells (helpers of half.py).

All names, numbers and addresses are drawn by a seeded generator; none belongs to a real person.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from classifier_sets.labelled import LabelledColumn, LabelledTable

Cell = str | None

CORE = [
    "person_name",
    "id_card",
    "passport",
    "travel_permit",
    "mobile",
    "landline",
    "email",
    "wechat",
    "qq",
    "social_account",
    "home_address",
    "bank_card",
    "social_security_no",
    "housing_fund_no",
    "plate_number",
    "employee_no",
    "birth_date",
    "pay",
    "health",
    "medical_record_no",
    "biometric",
    "religion",
    "political_status",
    "marital_status",
    "family",
    "hardship",
    "discipline",
    "location_track",
    "device_id",
    "ip_address",
    "credential",
    "personal_mix",
    "text_personal",
]
SENSITIVE = [
    "gender",
    "age",
    "ethnicity",
    "native_place",
    "education",
    "school",
    "major",
    "department",
    "team",
    "post",
    "job_level",
    "years_of_service",
    "join_date",
    "training_score",
    "course_record",
    "certificate",
    "activity_participation",
    "points",
    "attendance",
    "overtime",
    "leave",
    "satisfaction",
    "appraisal",
    "skill",
    "interest",
    "work_place",
    "need_category",
    "text_opinion",
]
PUBLIC = [
    "organisation",
    "activity_title",
    "course_title",
    "product",
    "order_no",
    "record_no",
    "lecture_title",
    "venue",
    "region",
    "category",
    "status",
    "url",
    "policy_title",
    "head_count",
    "price",
    "quantity",
    "event_date",
    "event_time",
    "hotline",
    "credit_code",
    "postcode",
    "unit_of_measure",
    "boolean_flag",
    "percentage",
    "title_other",
]
TIER = {
    **dict.fromkeys(CORE, "core"),
    **dict.fromkeys(SENSITIVE, "sensitive"),
    **dict.fromkeys(PUBLIC, "public"),
}
TRAITS = [
    "renamed",
    "masked",
    "mangled",
    "json",
    "concatenated",
    "rare",
    "no_header",
    "lying_header",
    "pinyin",
    "english",
    "decoy",
    "plain",
]

# code, province, city, district, dialling code, postcode, plate
REGIONS = [
    tuple(line.split())
    for line in """110101 北京市 北京市 东城区 010 100010 京A
110105 北京市 北京市 朝阳区 010 100020 京A
120103 天津市 天津市 河西区 022 300202 津A
130203 河北省 唐山市 路北区 0315 063000 冀B
130402 河北省 邯郸市 邯山区 0310 056001 冀D
140106 山西省 太原市 迎泽区 0351 030001 晋A
140202 山西省 大同市 平城区 0352 037006 晋B
150203 内蒙古自治区 包头市 昆都仑区 0472 014010 蒙B
210102 辽宁省 沈阳市 和平区 024 110001 辽A
210403 辽宁省 抚顺市 东洲区 024 113003 辽D
220102 吉林省 长春市 南关区 0431 130022 吉A
230103 黑龙江省 哈尔滨市 南岗区 0451 150006 黑A
230602 黑龙江省 大庆市 萨尔图区 0459 163001 黑E
310104 上海市 上海市 徐汇区 021 200030 沪A
310115 上海市 上海市 浦东新区 021 200120 沪A
320102 江苏省 南京市 玄武区 025 210018 苏A
320311 江苏省 徐州市 泉山区 0516 221006 苏C
330106 浙江省 杭州市 西湖区 0571 310013 浙A
340403 安徽省 淮南市 田家庵区 0554 232001 皖D
350203 福建省 厦门市 思明区 0592 361001 闽D
360102 江西省 南昌市 东湖区 0791 330006 赣A
370102 山东省 济南市 历下区 0531 250014 鲁A
370202 山东省 青岛市 市南区 0532 266001 鲁B
410105 河南省 郑州市 金水区 0371 450003 豫A
410402 河南省 平顶山市 新华区 0375 467002 豫D
420106 湖北省 武汉市 武昌区 027 430061 鄂A
430102 湖南省 长沙市 芙蓉区 0731 410011 湘A
440106 广东省 广州市 天河区 020 510630 粤A
440305 广东省 深圳市 南山区 0755 518052 粤B
450102 广西壮族自治区 南宁市 兴宁区 0771 530012 桂A
500103 重庆市 重庆市 渝中区 023 400010 渝A
510104 四川省 成都市 锦江区 028 610021 川A
510402 四川省 攀枝花市 东区 0812 617067 川D
520102 贵州省 贵阳市 南明区 0851 550002 贵A
530102 云南省 昆明市 五华区 0871 650032 云A
610103 陕西省 西安市 碑林区 029 710001 陕A
610802 陕西省 榆林市 榆阳区 0912 719000 陕K
620102 甘肃省 兰州市 城关区 0931 730030 甘A
640104 宁夏回族自治区 银川市 兴庆区 0951 750001 宁A
650102 新疆维吾尔自治区 乌鲁木齐市 天山区 0991 830002 新A""".splitlines()
]

SURNAMES = [
    tuple(w.split(":"))
    for w in [
        "王:wang",
        "李:li",
        "张:zhang",
        "刘:liu",
        "陈:chen",
        "杨:yang",
        "赵:zhao",
        "黄:huang",
        "周:zhou",
        "吴:wu",
        "徐:xu",
        "孙:sun",
        "胡:hu",
        "朱:zhu",
        "高:gao",
        "林:lin",
        "何:he",
        "郭:guo",
        "马:ma",
        "罗:luo",
        "梁:liang",
        "宋:song",
        "郑:zheng",
        "谢:xie",
        "韩:han",
        "唐:tang",
        "冯:feng",
        "于:yu",
        "董:dong",
        "萧:xiao",
        "程:cheng",
        "曹:cao",
        "袁:yuan",
        "邓:deng",
        "许:xu",
        "傅:fu",
        "沈:shen",
        "曾:zeng",
        "彭:peng",
        "吕:lv",
        "苏:su",
        "卢:lu",
        "蒋:jiang",
        "蔡:cai",
        "贾:jia",
        "丁:ding",
        "魏:wei",
        "薛:xue",
        "叶:ye",
        "阎:yan",
        "余:yu",
        "潘:pan",
        "杜:du",
        "戴:dai",
        "夏:xia",
        "钟:zhong",
        "汪:wang",
        "田:tian",
        "任:ren",
        "姜:jiang",
        "范:fan",
        "方:fang",
        "石:shi",
        "姚:yao",
        "谭:tan",
        "廖:liao",
        "邹:zou",
        "熊:xiong",
        "金:jin",
        "陆:lu",
        "郝:hao",
        "孔:kong",
        "白:bai",
        "崔:cui",
        "康:kang",
        "毛:mao",
        "邱:qiu",
        "秦:qin",
        "江:jiang",
        "史:shi",
        "顾:gu",
        "侯:hou",
        "邵:shao",
        "孟:meng",
        "龙:long",
        "万:wan",
        "段:duan",
        "雷:lei",
        "钱:qian",
        "汤:tang",
        "尹:yin",
        "黎:li",
        "易:yi",
        "常:chang",
        "武:wu",
        "乔:qiao",
        "贺:he",
        "赖:lai",
        "龚:gong",
        "文:wen",
        "欧阳:ouyang",
        "上官:shangguan",
        "司马:sima",
    ]
]
GIVEN_M = [
    tuple(w.split(":"))
    for w in [
        "伟:wei",
        "强:qiang",
        "磊:lei",
        "军:jun",
        "勇:yong",
        "杰:jie",
        "涛:tao",
        "明:ming",
        "超:chao",
        "刚:gang",
        "平:ping",
        "辉:hui",
        "鹏:peng",
        "华:hua",
        "飞:fei",
        "鑫:xin",
        "波:bo",
        "斌:bin",
        "宇:yu",
        "浩:hao",
        "凯:kai",
        "健:jian",
        "俊:jun",
        "帆:fan",
        "建:jian",
        "国:guo",
        "志:zhi",
        "文:wen",
        "德:de",
        "宏:hong",
        "海:hai",
        "振:zhen",
        "庆:qing",
        "永:yong",
        "新:xin",
        "立:li",
        "东:dong",
        "春:chun",
        "林:lin",
        "山:shan",
    ]
]
GIVEN_F = [
    tuple(w.split(":"))
    for w in [
        "芳:fang",
        "娜:na",
        "敏:min",
        "静:jing",
        "丽:li",
        "艳:yan",
        "娟:juan",
        "霞:xia",
        "燕:yan",
        "玲:ling",
        "桂:gui",
        "英:ying",
        "红:hong",
        "梅:mei",
        "琴:qin",
        "云:yun",
        "洁:jie",
        "雪:xue",
        "莉:li",
        "萍:ping",
        "婷:ting",
        "慧:hui",
        "颖:ying",
        "琳:lin",
        "倩:qian",
        "欣:xin",
        "雅:ya",
        "佳:jia",
        "秀:xiu",
        "兰:lan",
        "凤:feng",
        "玉:yu",
        "晓:xiao",
        "淑:shu",
        "秋:qiu",
        "月:yue",
        "珍:zhen",
        "彩:cai",
        "蕾:lei",
        "妍:yan",
    ]
]
MINORITY = [
    ("买买提·艾力", "maimaitiaili", "维吾尔族"),
    ("阿依古丽·吐尔逊", "ayiguli", "维吾尔族"),
    ("扎西次仁", "zhaxiciren", "藏族"),
    ("巴特尔", "bateer", "蒙古族"),
    ("其木格", "qimuge", "蒙古族"),
    ("马哈买", "mahamai", "回族"),
    ("金哲浩", "jinzhehao", "朝鲜族"),
]


@dataclass(frozen=True)
class Firm:
    name: str
    domain: str
    departments: tuple[str, ...]
    posts: tuple[str, ...]
    number: str  # the style of employee numbers


COAL = Firm(
    "华川煤业",
    "hcmy.com.cn",
    (
        "综采一队",
        "综采二队",
        "掘进三队",
        "机电部",
        "通风部",
        "运输区",
        "调度室",
        "选煤厂",
        "安监处",
        "党群工作部",
        "人力资源部",
        "物资供应中心",
        "财务部",
        "救护队",
    ),
    (
        "采煤机司机",
        "支护工",
        "掘进机司机",
        "机电维修工",
        "瓦斯检查工",
        "皮带司机",
        "调度员",
        "安检员",
        "干事",
        "区长",
        "技术员",
        "会计",
    ),
    "HC######",
)
GRID = Firm(
    "江岭电网",
    "jlgrid.cn",
    (
        "输电运检中心",
        "变电检修中心",
        "配电部",
        "营销部",
        "调控中心",
        "信通公司",
        "物资公司",
        "党委组织部",
        "工会办公室",
        "财务资产部",
        "安全监察部",
        "供电所(城东)",
        "供电所(城西)",
    ),
    (
        "线路工",
        "变电值班员",
        "继电保护员",
        "抄表员",
        "客户经理",
        "调控员",
        "专责",
        "主任",
        "班长",
        "信息运维",
    ),
    "2#######",
)
RAIL = Firm(
    "北陇铁路局",
    "blrail.com",
    (
        "机务段",
        "车辆段",
        "工务段",
        "电务段",
        "客运段",
        "供电段",
        "车务段",
        "房建段",
        "劳卫部",
        "团委",
        "宣传部",
        "办公室",
    ),
    (
        "火车司机",
        "列检员",
        "线路工",
        "信号工",
        "列车员",
        "接触网工",
        "值班站长",
        "干事",
        "党支部书记",
        "乘务长",
    ),
    "06######",
)
STEEL = Firm(
    "宏峪钢铁",
    "hyst.com.cn",
    (
        "炼铁厂",
        "炼钢厂",
        "热轧厂",
        "冷轧厂",
        "焦化厂",
        "能源动力部",
        "设备管理部",
        "质检中心",
        "物流公司",
        "审计部",
        "纪委",
        "企业文化部",
    ),
    ("炉前工", "炼钢工", "轧钢工", "行车工", "炼焦工", "化验员", "点检员", "天车工", "高级主管", "作业长"),
    "S#####",
)
OIL = Firm(
    "海泰石化",
    "haitaipc.com",
    (
        "炼油一部",
        "炼油二部",
        "烯烃部",
        "储运部",
        "检维修中心",
        "化验中心",
        "消防支队",
        "HSE部",
        "党委宣传部",
        "人事处",
        "销售分公司",
        "油品码头",
    ),
    ("外操", "内操", "班长", "仪表工", "分析工", "消防员", "工艺工程师", "设备员", "副主任", "文员"),
    "80######",
)
METRO = Firm(
    "临港轨道",
    "lgmetro.cn",
    (
        "运营一中心",
        "运营二中心",
        "车辆中心",
        "通号中心",
        "工电中心",
        "票务部",
        "乘务部",
        "站务部",
        "综合部",
        "党群部",
        "法务部",
        "培训中心",
    ),
    (
        "电客车司机",
        "值班员",
        "站务员",
        "检修工",
        "行车调度",
        "票务管理员",
        "安检督导",
        "主管",
        "经理",
        "培训师",
    ),
    "M0#####",
)
SHIP = Firm(
    "东澜造船",
    "donglan-ship.com",
    (
        "船体部",
        "涂装部",
        "舾装部",
        "机电部",
        "轮机部",
        "质保部",
        "设计所",
        "生产计划部",
        "安环部",
        "纪检室",
        "女工委员会",
        "后勤服务中心",
    ),
    ("电焊工", "装配工", "起重工", "涂装工", "管工", "电工", "船体设计师", "质检员", "项目经理", "厨师"),
    "DL-####",
)
BANK = Firm(
    "同舟物流",
    "tongzhou56.com",
    (
        "仓储部",
        "运输部",
        "客服中心",
        "信息技术部",
        "市场部",
        "人事行政部",
        "财务共享中心",
        "海外事业部",
        "工会",
        "采购部",
        "内控合规部",
        "冷链分公司",
    ),
    ("叉车司机", "货车司机", "客服专员", "程序员", "会计", "采购员", "仓管员", "分拣员", "主管", "区域经理"),
    "TZ0####",
)
FIRMS = (COAL, GRID, RAIL, STEEL, OIL, METRO, SHIP, BANK)

SCHOOLS = (
    "中国矿业大学",
    "华北电力大学",
    "西南交通大学",
    "北京科技大学",
    "大连理工大学",
    "兰州交通大学",
    "河南理工大学",
    "太原理工大学",
    "山东科技大学",
    "江苏科技大学",
    "长沙理工大学",
    "石家庄铁道大学",
    "市第一技工学校",
    "省电力职业技术学院",
    "铁路机械学校",
    "国家开放大学",
    "冶金工业职工大学",
    "市第三中学",
    "中央党校函授学院",
    "石油化工职业学院",
)
MAJORS = (
    "采矿工程",
    "机电一体化",
    "电气工程及其自动化",
    "会计学",
    "法学",
    "计算机科学与技术",
    "安全工程",
    "汉语言文学",
    "铁道机车",
    "化学工程与工艺",
    "船舶与海洋工程",
    "行政管理",
    "材料成型",
    "工商管理",
    "焊接技术",
    "物流管理",
    "通信工程",
)
STREETS = (
    "建设路",
    "解放大街",
    "矿工路",
    "人民西路",
    "铁西街",
    "中山北路",
    "胜利街",
    "文化路",
    "滨河大道",
    "新华路",
    "幸福巷",
    "和平里",
    "光明路",
    "团结街",
    "工农路",
)
ESTATES = (
    "阳光花园",
    "矿南小区",
    "铁路新村",
    "锦绣家园",
    "电力家属院",
    "书香苑",
    "和谐佳苑",
    "滨江一号",
    "翠湖名邸",
    "钢城嘉园",
    "东风里",
    "幸福苑",
)
MOBILE_HEADS = [
    "130",
    "131",
    "132",
    "133",
    "134",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "153",
    "155",
    "156",
    "157",
    "158",
    "159",
    "166",
    "173",
    "175",
    "176",
    "177",
    "178",
    "180",
    "181",
    "182",
    "183",
    "184",
    "185",
    "186",
    "187",
    "188",
    "189",
    "191",
    "198",
    "199",
]
CARD_HEADS = (
    ("622202", 19),
    ("621226", 19),
    ("621700", 19),
    ("622848", 19),
    ("621661", 19),
    ("622588", 16),
    ("621483", 16),
    ("622260", 17),
    ("621799", 19),
    ("622622", 16),
    ("622908", 18),
    ("621098", 19),
)
ETHNIC = ("汉族",) * 40 + ("回族", "满族", "蒙古族", "壮族", "土家族", "苗族", "朝鲜族", "藏族", "维吾尔族")
EDUCATION = (
    "初中",
    "高中",
    "中专",
    "技校",
    "大专",
    "大专",
    "大学本科",
    "大学本科",
    "大学本科",
    "硕士研究生",
    "博士研究生",
)
POLITICS = (
    "中共党员",
    "中共党员",
    "群众",
    "群众",
    "群众",
    "共青团员",
    "中共预备党员",
    "民盟盟员",
    "九三学社社员",
)


def digits(r: Random, count: int) -> str:
    return "".join(r.choice(string.digits) for _ in range(count))


def day(r: Random, first: int, last: int) -> date:
    """A day from the beginning of one year to the end of another."""
    start = date(first, 1, 1)
    return start + timedelta(days=r.randrange((date(last, 12, 31) - start).days + 1))


def moment(r: Random, first: int, last: int, early: int = 6, late: int = 22) -> datetime:
    at = day(r, first, last)
    return datetime(at.year, at.month, at.day, r.randint(early, late), r.randrange(60), r.randrange(60))


def id_check(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


def id_card(r: Random, region: str, born: date, male: bool) -> str:
    order = r.randrange(1, 400) * 2 + (1 if male else 0)
    body = f"{region}{born:%Y%m%d}{order:03d}"
    return body + id_check(body)


def luhn(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def bank_card(r: Random) -> str:
    head, length = r.choice(CARD_HEADS)
    body = head + digits(r, length - len(head) - 1)
    return body + luhn(body)


def imei(r: Random) -> str:
    body = r.choice(("86", "35")) + digits(r, 12)
    return body + luhn(body)


def mac(r: Random, joint: str = ":") -> str:
    return joint.join(f"{r.randrange(256):02X}" for _ in range(6))


def credit_code(r: Random) -> str:
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    stem = "MA" + "".join(r.choice(letters) for _ in range(6)) if r.random() < 0.5 else digits(r, 8)
    value = sum(
        (int(c) if c.isdigit() else ord(c) - 55) * w
        for c, w in zip(stem, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    last = 11 - value % 11
    body = (
        r.choice(("91", "91", "91", "52", "12", "81"))
        + r.choice(REGIONS)[0]
        + stem
        + ("X" if last == 10 else "0" if last == 11 else str(last))
    )
    total = sum(letters.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + letters[-total % 31]


def mobile(r: Random) -> str:
    return r.choice(MOBILE_HEADS) + digits(r, 8)


def outer_ip(r: Random) -> str:
    return f"{r.randint(11, 223)}.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}"


def hexes(r: Random, count: int) -> str:
    return "".join(r.choice("0123456789abcdef") for _ in range(count))


def base64s(r: Random, count: int) -> str:
    return "".join(r.choice(string.ascii_letters + string.digits + "+/") for _ in range(count))


def given(r: Random, male: bool) -> tuple[str, str]:
    pool = GIVEN_M if male else GIVEN_F
    parts = [r.choice(pool) for _ in range(1 if r.random() < 0.25 else 2)]
    return "".join(p[0] for p in parts), "".join(p[1] for p in parts)


def name(r: Random) -> str:
    return r.choice(SURNAMES[:60])[0] + given(r, r.random() < 0.5)[0]


@dataclass(frozen=True)
class Person:
    name: str
    surname: str
    latin: str
    short: str
    male: bool
    born: date
    region: tuple[str, ...]
    id_card: str
    mobile: str
    landline: str
    email: str
    wechat: str
    qq: str
    address: str
    bank: str
    social: str
    fund: str
    plate: str
    number: str
    department: str
    post: str
    joined: date
    ethnic: str
    education: str
    school: str
    major: str
    politics: str
    marital: str
    wage: float

    @property
    def gender(self) -> str:
        return "男" if self.male else "女"

    @property
    def age(self) -> int:
        return 2025 - self.born.year

    @property
    def native(self) -> str:
        return self.region[2] if self.region[1] == self.region[2] else self.region[1] + self.region[2]

    @property
    def city(self) -> str:
        return self.region[2]


def address(r: Random, region: tuple[str, ...]) -> str:
    place = "" if region[1] == region[2] else region[1]
    where = f"{r.randint(1, 32)}号楼{r.randint(1, 6)}单元{r.randint(1, 18)}0{r.randint(1, 4)}"
    if r.random() < 0.3:
        where = f"{r.randint(1, 32)}-{r.randint(1, 6)}-{r.randint(1, 18)}0{r.randint(1, 4)}"
    street = f"{r.choice(STREETS)}{r.randint(1, 399)}号" if r.random() < 0.7 else ""
    return f"{place}{region[2]}{region[3]}{street}{r.choice(ESTATES)}{where}"


def person(r: Random, firm: Firm, born_from: int = 1965, born_to: int = 2002, men: float = 0.66) -> Person:
    male = r.random() < men
    surname, surname_latin = r.choice(SURNAMES)
    given_name, given_latin = given(r, male)
    full, latin, ethnic = surname + given_name, surname_latin + given_latin, r.choice(ETHNIC)
    if r.random() < 0.012:
        full, latin, ethnic = r.choice(MINORITY)
        surname = full[0]
    region = r.choice(REGIONS)
    born = day(r, born_from, born_to)
    joined = date(min(2024, born.year + r.randint(18, 28)), r.randint(1, 12), r.randint(1, 28))
    phone = mobile(r)
    qq = r.choice("123456789") + digits(r, r.randint(6, 9))
    wechat = r.choice(
        (
            f"wxid_{hexes(r, 12)}{digits(r, 2)}",
            f"{latin}{born.year}",
            f"{latin}_{digits(r, 3)}",
            phone,
            latin + digits(r, 4),
        )
    )
    email = r.choice(
        (
            f"{latin}@{firm.domain}",
            f"{qq}@qq.com",
            f"{latin}{digits(r, 3)}@163.com",
            f"{phone}@139.com",
            f"{latin}.{born.year}@126.com",
        )
    )
    return Person(
        full,
        surname,
        latin,
        surname_latin[0] + given_latin[0],
        male,
        born,
        region,
        id_card(r, region[0], born, male),
        phone,
        f"{region[4]}-{r.choice('2345678')}{digits(r, 7 if len(region[4]) == 3 else 6)}",
        email,
        wechat,
        qq,
        address(r, region),
        bank_card(r),
        region[0][:4] + digits(r, 8),
        "0" + region[0][:3] + digits(r, 8),
        region[6]
        + "".join(
            r.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789" if i < 2 else string.digits) for i in range(5)
        ),
        "".join(r.choice(string.digits) if c == "#" else c for c in firm.number),
        r.choice(firm.departments),
        r.choice(firm.posts),
        joined,
        ethnic,
        r.choice(EDUCATION),
        r.choice(SCHOOLS),
        r.choice(MAJORS),
        r.choice(POLITICS if born.year < 1997 else ("共青团员", "群众", "中共党员")),
        r.choice(
            ("已婚", "已婚", "已婚", "已婚", "离异", "丧偶")
            if born.year < 1990
            else ("未婚", "已婚", "未婚", "离异")
        ),
        round(r.triangular(3600, 21000, 7200), 2),
    )


# ---- what Excel does ----


def scientific(text: str) -> str:
    return f"{int(text):.5E}" if text.isdigit() else text


def cut15(text: str) -> str:
    """Excel keeps fifteen digits of a number and writes zeros for the rest."""
    return text[:15] + "0" * (len(text) - 15) if text.isdigit() else text


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


def serial(at: date) -> str:
    return str((at - date(1899, 12, 30)).days)


def split(text: str, joint: str, *sizes: int) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    parts.append(text[start:])
    return joint.join(p for p in parts if p)


def mixed(r: Random, text: str, *ways: Callable[[str], str]) -> str:
    return r.choice(ways)(text)


# ---- masks ----


def mask(text: str, head: int, tail: int, star: str = "*") -> str:
    return text[:head] + star * max(1, len(text) - head - tail) + (text[-tail:] if tail else "")


def mask_mail(text: str) -> str:
    user, host = text.split("@")
    return f"{user[:1]}***@{host}" if len(user) < 5 else f"{user[:2]}****{user[-1]}@{host}"


# ---- a sheet ----

Source = Callable[[Person], Cell] | Sequence[Cell]


class Sheet:
    """Columns gathered for one table; the tier follows from the semantic."""

    def __init__(
        self,
        title: str,
        r: Random,
        rows: int,
        firm: Firm = COAL,
        born: tuple[int, int] = (1965, 2002),
        men: float = 0.66,
        blank: Cell = None,
    ) -> None:
        self.title, self.r, self.rows, self.firm = title, r, rows, firm
        self.blank = blank  # what this hand writes where nothing is known
        self.people = [person(r, firm, *born, men) for _ in range(rows)]
        self.columns: list[LabelledColumn] = []
        # tables typed by hand have stray spaces, dumps of systems have none
        self.untidy = 0.0 if title.isascii() else r.choice((0.0, 0.0, 0.02, 0.08))

    def add(
        self,
        header: str,
        semantic: str,
        source: Source,
        *traits: str,
        gap: float | None = None,
        sloppy: float | None = None,
    ) -> None:
        """A column; where nothing is said of gaps and stray spaces, this sheet's hand decides.

        A rare leak is never wiped out by a gap.
        """
        cells = [source(p) for p in self.people] if callable(source) else list(source)
        if gap is None:
            settled = "rare" in traits or semantic == "record_no"
            gap = 0.0 if settled else self.r.choice((0.0, 0.0, 0.0, 0.02, 0.06))
        spaces = self.untidy if sloppy is None else sloppy
        for i, cell in enumerate(cells):
            if cell is not None and spaces and self.r.random() < spaces:
                cells[i] = self.r.choice((cell + " ", " " + cell, cell + "\u3000", cell + "\t", cell + "  "))
            if gap and self.r.random() < gap:
                cells[i] = self.blank
        self.columns.append(
            LabelledColumn(header, tuple(cells), semantic, TIER[semantic], traits or ("plain",))
        )

    def page_headings(self, every: int) -> None:
        """The heading again at each page break, as in a sheet pasted from a printed form."""
        for at, column in enumerate(self.columns):
            cells = list(column.cells)
            cells[every::every] = [column.header] * len(cells[every::every])
            self.columns[at] = replace(column, cells=tuple(cells))

    def done(self) -> LabelledTable:
        return LabelledTable(self.title, tuple(self.columns))

    def pick(self, *words: str) -> list[str]:
        return [self.r.choice(words) for _ in range(self.rows)]

    def each(self, make: Callable[[], Cell]) -> list[Cell]:
        return [make() for _ in range(self.rows)]

    def serials(self, start: int = 1, form: str = "{}") -> list[str]:
        return [form.format(start + i) for i in range(self.rows)]

    def ints(self, low: int, high: int, form: str = "{}") -> list[str]:
        return [form.format(self.r.randint(low, high)) for _ in range(self.rows)]

    def floats(self, low: float, high: float, form: str = "{:.2f}") -> list[str]:
        return [form.format(self.r.uniform(low, high)) for _ in range(self.rows)]

    def days(self, first: int, last: int, form: str = "%Y-%m-%d") -> list[str]:
        return [day(self.r, first, last).strftime(form) for _ in range(self.rows)]

    def times(self, first: int, last: int, form: str = "%Y-%m-%d %H:%M:%S") -> list[str]:
        return [moment(self.r, first, last).strftime(form) for _ in range(self.rows)]

    def merged(self, words: Sequence[str]) -> list[Cell]:
        """A merged column as a reader finds it: the word in the first row of a block, nothing below."""
        cells: list[Cell] = []
        at = 0
        while len(cells) < self.rows:
            cells.extend([words[at % len(words)], *[None] * self.r.randint(1, 7)])
            at += 1
        return cells[: self.rows]
