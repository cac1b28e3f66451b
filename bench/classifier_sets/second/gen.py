"""Helpers of the second half: invented people, numbers with right check digits, clerks' and Excel's mess."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from classifier_sets.labelled import LabelledColumn, LabelledTable


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


CORE = words("""
person_name id_card passport travel_permit mobile landline email wechat qq social_account
home_address bank_card social_security_no housing_fund_no plate_number employee_no birth_date pay
health medical_record_no biometric religion political_status marital_status family hardship
discipline location_track device_id ip_address credential personal_mix text_personal
""")
SENSITIVE = words("""
gender age ethnicity native_place education school major department team post job_level
years_of_service join_date training_score course_record certificate activity_participation points
attendance overtime leave satisfaction appraisal skill interest work_place need_category
text_opinion
""")
PUBLIC = words("""
organisation activity_title course_title product order_no record_no lecture_title venue region
category status url policy_title head_count price quantity event_date event_time hotline credit_code
postcode unit_of_measure boolean_flag percentage title_other
""")
TIER = dict.fromkeys(CORE, "core") | dict.fromkeys(SENSITIVE, "sensitive") | dict.fromkeys(PUBLIC, "public")
TRAITS = words("""
renamed masked mangled json concatenated rare no_header lying_header pinyin english decoy plain
""")

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁"
    "任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴"
)
GIVEN_M = "伟强磊军洋勇杰涛超明刚平辉鹏飞波斌宇浩凯健俊帆旭宁龙林建国志文海峰永新福生德金成庆东亮"
GIVEN_F = "芳娜敏静丽艳娟霞秀玲桂英梅莉燕红云洁雪琳慧婷颖倩欣怡佳蕾薇丹凤兰春月琴萍瑶菲晓雅淑珍"
RARE_NAMES = (
    "欧阳明远",
    "司马静雯",
    "上官雨桐",
    "阿依古丽·买买提",
    "扎西多吉",
    "巴特尔",
    "古丽娜尔·艾山",
    "乌兰图雅",
    "艾力·吐尔逊",
    "诸葛海生",
    "达娃卓玛",
    "慕容晓岚",
)
REGIONS = words("""
110105 110108 120103 130102 130203 130402 140105 140202 150203 210102 210302 220102 230103 230602
310115 320102 320505 330106 340104 350203 360103 370102 370303 410102 410303 420106 420202 430104
440305 450102 460106 500103 510104 510302 520102 530102 610113 620102 630102 640104 650104
""")
PLACES = (
    "河北唐山",
    "山西大同",
    "辽宁鞍山",
    "山东淄博",
    "河南洛阳",
    "四川自贡",
    "湖北黄石",
    "陕西西安",
    "江苏徐州",
    "安徽淮南",
    "黑龙江大庆",
    "湖南株洲",
    "甘肃兰州",
    "云南昆明",
    "广西南宁",
    "内蒙古包头",
    "新疆克拉玛依",
    "重庆万州",
    "江西萍乡",
    "贵州遵义",
)
PROVINCES = (
    "河北省",
    "山西省",
    "辽宁省",
    "山东省",
    "河南省",
    "四川省",
    "湖北省",
    "陕西省",
    "江苏省",
    "安徽省",
    "黑龙江省",
    "湖南省",
    "甘肃省",
    "云南省",
    "广西壮族自治区",
    "内蒙古自治区",
    "重庆市",
    "江西省",
)
DEPTS = (
    "机电部",
    "综采一队",
    "综采二队",
    "通风区",
    "运输区",
    "党群工作部",
    "人力资源部",
    "财务资产部",
    "安全监察部",
    "物资供应中心",
    "检修车间",
    "调度室",
    "信息中心",
    "后勤服务公司",
    "化验室",
    "生产技术科",
    "保卫科",
    "工会办公室",
    "企管法规部",
    "营销部",
    "焊接车间",
    "热动分场",
    "输变电工区",
    "总装事业部",
)
TEAMS = (
    "一班",
    "二班",
    "三班",
    "甲班",
    "乙班",
    "丙班",
    "丁班",
    "电气班",
    "钳工班",
    "掘进三组",
    "皮带维护组",
    "起重班",
    "仪表班",
    "锅炉运行值",
    "焊工二组",
    "白班组",
)
POSTS = (
    "钳工",
    "电工",
    "采煤机司机",
    "维修工",
    "班长",
    "技术员",
    "安全员",
    "会计",
    "出纳",
    "科员",
    "副科长",
    "调度员",
    "焊工",
    "行车工",
    "库管员",
    "驾驶员",
    "化验员",
    "厨师",
    "值班长",
    "工程师",
    "专责",
    "政工干事",
)
LEVELS = (
    "初级",
    "中级",
    "高级",
    "助理工程师",
    "工程师",
    "高级工程师",
    "技师",
    "高级技师",
    "正科级",
    "副科级",
    "副处级",
    "一般职员",
)
EDUS = ("大专", "本科", "硕士研究生", "中专", "高中", "技校", "初中", "大学本科", "大学", "研究生", "职高")
SCHOOLS = (
    "太原理工大学",
    "中国矿业大学",
    "河北工程大学",
    "辽宁工程技术大学",
    "西安科技大学",
    "华北电力大学",
    "东北电力大学",
    "沈阳工业大学",
    "燕山大学",
    "市第二技工学校",
    "矿务局技校",
    "中央党校函授学院",
    "国家开放大学",
    "河南理工大学",
)
MAJORS = (
    "采矿工程",
    "机械设计制造及其自动化",
    "电气工程",
    "会计学",
    "安全工程",
    "热能与动力工程",
    "行政管理",
    "机电一体化",
    "焊接技术",
    "计算机应用",
    "汉语言文学",
    "经济管理",
    "测控技术与仪器",
)
ETHNICS = ("汉族",) * 12 + ("满族", "回族", "蒙古族", "壮族", "维吾尔族", "土家族", "苗族", "藏族")
PARTY = (
    ("群众",) * 4
    + ("中共党员",) * 4
    + ("共青团员", "中共预备党员", "入党积极分子", "民盟盟员", "九三学社社员")
)
MARITAL = ("已婚",) * 5 + ("未婚", "未婚", "离异", "丧偶")
ORGS = (
    "华曜能源集团北岭矿业有限公司",
    "中铸重工(滨海)有限责任公司",
    "远炬电力检修分公司",
    "岭东铁路物流有限公司",
    "华曜集团洗选中心",
    "云栈水电开发有限公司",
    "海澜船舶配套有限公司",
    "正柏钢铁股份有限公司",
    "广泰油田技术服务公司",
    "中铸重工铸造分公司",
    "华曜能源集团物业分公司",
    "三江口港务有限公司",
)
BANKS = ("工商银行", "农业银行", "建设银行", "中国银行", "招商银行", "邮储银行", "交通银行")
BINS = {
    "工商银行": ("622202", 19),
    "农业银行": ("622848", 19),
    "建设银行": ("621700", 19),
    "中国银行": ("621661", 19),
    "招商银行": ("622588", 16),
    "邮储银行": ("621799", 19),
    "交通银行": ("622260", 17),
}
STREETS = (
    "矿工路",
    "建设南大街",
    "和平里",
    "钢铁大道",
    "工人新村",
    "铁西三街",
    "光明东路",
    "劳动路",
    "红旗街",
    "北环路",
)
ESTATES = (
    "阳光小区",
    "矿务局家属院",
    "锦绣花园",
    "电厂生活区",
    "金茂府",
    "钢城佳苑",
    "铁路二宿舍",
    "翡翠湾",
    "惠民小区",
)
MOBILE_HEADS = words("""
133 135 136 137 138 139 150 151 152 155 156 157 158 159 176 177 178 180 181 182 183 185 186 187 188
189 191 198 199
""")
DIAGNOSES = (
    "高血压2级",
    "2型糖尿病",
    "腰椎间盘突出",
    "脂肪肝(中度)",
    "甲状腺结节TI-RADS 3类",
    "窦性心动过缓",
    "胆囊息肉",
    "双耳高频听力下降",
    "颈椎病",
    "慢性胃炎",
    "高尿酸血症",
    "左肺上叶小结节,建议3月复查",
    "乳腺增生",
    "子宫肌瘤",
    "血脂偏高",
    "屈光不正",
    "幽门螺杆菌阳性",
    "肾结石(右)",
    "未见明显异常",
    "冠心病",
    "早期矽肺待查",
    "焦虑状态",
)
HARDSHIPS = (
    "本人患尿毒症长期透析",
    "配偶下岗无收入,两孩上学",
    "独子白血病,自费药负担重",
    "父母瘫痪在床,需人照料",
    "遭遇车祸,肇事方无力赔偿",
    "丧偶,独自抚养未成年子女",
    "家中老房因洪水倒塌",
    "本人肺癌术后化疗",
    "妻子患精神分裂症,无业",
    "女儿先天性心脏病手术欠债",
    "单亲家庭,低保边缘",
    "因病致贫",
    "父亲肝癌去世,欠医疗费约8万",
    "工伤后收入减少,房贷断供",
)
DISCIPLINES = (
    "党内警告",
    "行政记过",
    "违章指挥,扣罚并通报",
    "酒驾被行政拘留,记大过",
    "诫勉谈话",
    "留党察看一年",
    "旷工3天,警告处分",
    "私用公车,责令检查",
    "赌博被治安处罚",
    "撤销副科长职务",
    "严重警告",
    "打架斗殴,记过",
)
SUBJECTS = (
    "食堂晚餐",
    "三号宿舍楼的热水",
    "通勤班车",
    "井口更衣室",
    "夜班餐",
    "劳保手套",
    "职工书屋",
    "文体馆的场地",
    "车间通风",
    "体检项目",
    "停车位",
    "绩效考核办法",
    "培训安排",
    "年休假审批",
    "羽毛球馆灯光",
    "单身公寓的网络",
    "工会福利发放",
    "洗衣房",
    "安全帽",
    "母婴室",
    "带薪疗养名额",
    "技能比武的奖励",
    "工资条查询",
    "手机报销平台",
    "班前会",
)
PROBLEMS = (
    "时间太短",
    "经常没有人管",
    "不够用",
    "质量不如去年",
    "流程太长",
    "老是坏",
    "希望再多一些",
    "分配不透明",
    "通知得太晚",
    "离得太远",
    "排队超过二十分钟",
    "冬天特别冷",
    "改了以后好多了",
    "还可以",
    "总体满意",
    "标准不一",
    "一线职工基本轮不上",
    "味道一般",
)
WISHES = (
    "请领导重视",
    "建议每月检查一次",
    "能不能延长到九点",
    "希望尽快解决",
    "建议学习兄弟单位的做法",
    "谢谢工会",
    "建议公开结果",
    "最好由班组自己管",
    "哪怕先试点也行",
    "不要再拖了",
    "望答复",
    "可以搞个投票",
    "多听一线的意见",
    "请安排专人",
    "不再赘述",
)


@dataclass(frozen=True)
class Person:
    """An invented employee; `i` is the row."""

    i: int
    name: str
    sex: str
    birth: dt.date
    id_card: str
    mobile: str
    email: str
    wechat: str
    qq: str
    address: str
    bank: str
    card: str
    emp: str
    dept: str
    team: str
    post: str
    level: str
    edu: str
    school: str
    major: str
    ethnic: str
    native: str
    party: str
    marital: str
    wage: float
    plate: str
    join: dt.date
    org: str
    social: str
    fund: str
    age: int
    years: int


Cell = Callable[[Person], str | None]


def luhn(body: str) -> str:
    """The check digit that makes `body` + digit pass Luhn."""
    total = 0
    for k, ch in enumerate(reversed(body)):
        d = int(ch) * (2 if k % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str(-total % 10)


def id_check(body: str) -> str:
    """GB 11643: the eighteenth character."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_check(body: str) -> str:
    """GB 32100: the eighteenth character."""
    return CREDIT[-sum(CREDIT.index(c) * pow(3, k, 31) for k, c in enumerate(body)) % 31]


def org_check(body: str) -> str:
    """GB 11714: the ninth character of an organisation code."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    left = 11 - sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11
    return {10: "X", 11: "0"}.get(left, str(left))


def full(text: str) -> str:
    """Full-width digits."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


def serial(day: dt.date) -> str:
    """A date as Excel's serial number."""
    return str((day - dt.date(1899, 12, 30)).days)


def sci(digits: str) -> str:
    """A long number as Excel shows it; what ends in X stays as it is."""
    return digits if not digits.isdigit() else f"{float(digits):.5E}"


def lost(digits: str) -> str:
    """A long number after Excel kept fifteen digits of it."""
    return digits if not digits.isdigit() else digits[:15] + "0" * (len(digits) - 15)


def grouped(text: str, sizes: tuple[int, ...], sep: str = " ") -> str:
    """Text cut in groups of the sizes given; the last takes the rest."""
    out: list[str] = []
    for size in sizes:
        out.append(text[:size])
        text = text[size:]
    return sep.join([*out, text] if text else out)


def mask(text: str, head: int, tail: int, star: str = "*") -> str:
    """Text with its middle starred."""
    return text[:head] + star * max(1, len(text) - head - tail) + (text[-tail:] if tail else "")


def mask_name(name: str) -> str:
    """张* or 张*明."""
    return name[0] + "*" * (len(name) - 1) if len(name) < 3 else name[0] + "*" + name[-1]


class Gen:
    """All invention; one seeded generator."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)

    def pick(self, items: "tuple[str, ...] | list[str] | str") -> str:
        return self.r.choice(items)

    def digits(self, n: int) -> str:
        return "".join(self.r.choice("0123456789") for _ in range(n))

    def hexa(self, n: int) -> str:
        return "".join(self.r.choice("0123456789abcdef") for _ in range(n))

    def b64(self, n: int) -> str:
        chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        return "".join(self.r.choice(chars) for _ in range(n))

    def chance(self, p: float) -> bool:
        return self.r.random() < p

    def num(self, lo: int, hi: int) -> str:
        return str(self.r.randint(lo, hi))

    def dec(self, lo: float, hi: float, places: int = 2) -> str:
        return f"{self.r.uniform(lo, hi):.{places}f}"

    def name(self, sex: str = "") -> str:
        if self.chance(0.012):
            return self.pick(RARE_NAMES)
        pool = GIVEN_M if (sex or self.pick("男女")) == "男" else GIVEN_F
        return self.pick(SURNAMES) + self.pick(pool) + (self.pick(pool) if self.chance(0.62) else "")

    def mobile(self) -> str:
        return self.pick(MOBILE_HEADS) + self.digits(8)

    def landline(self) -> str:
        return self.pick(("0311-8", "0351-6", "024-8", "0411-3", "029-8", "0371-6")) + self.digits(7)

    def day(self, lo: int, hi: int) -> dt.date:
        return dt.date(lo, 1, 1) + dt.timedelta(days=self.r.randrange((hi - lo + 1) * 365))

    def id_card(self, birth: dt.date, sex: str) -> str:
        body = self.pick(REGIONS) + birth.strftime("%Y%m%d") + self.digits(2)
        body += self.pick("13579" if sex == "男" else "02468")
        return body + id_check(body)

    def any_id(self) -> str:
        return self.id_card(self.day(1962, 2002), self.pick("男女"))

    def card(self, bank: str) -> str:
        head, size = BINS[bank]
        body = head + self.digits(size - 1 - len(head))
        return body + luhn(body)

    def imei(self) -> str:
        body = self.pick(("86", "35")) + self.digits(12)
        return body + luhn(body)

    def mac(self, sep: str = ":") -> str:
        return sep.join(self.hexa(2) for _ in range(6))

    def credit(self, head: str = "91") -> str:
        org = self.digits(8)
        body = head + self.pick(REGIONS) + org + org_check(org)
        return body + credit_check(body)

    def ip(self) -> str:
        return (
            f"{self.pick(('10.12', '10.88', '192.168', '172.16', '111.63', '218.26'))}.{self.num(0, 255)}."
            f"{self.num(2, 254)}"
        )

    def address(self) -> str:
        city = self.pick(
            (
                "唐山市路北区",
                "大同市云冈区",
                "鞍山市铁东区",
                "淄博市张店区",
                "洛阳市涧西区",
                "西安市未央区",
                "黄石市下陆区",
                "大庆市萨尔图区",
                "徐州市贾汪区",
                "包头市昆都仑区",
            )
        )
        return (
            f"{city}{self.pick(STREETS)}{self.num(1, 260)}号{self.pick(ESTATES)}{self.num(1, 38)}"
            f"{self.pick(('号楼', '-', '栋', '#'))}{self.num(1, 5)}{self.pick(('单元', '-'))}"
            f"{self.num(101, 1804)}"
        )

    def plate(self) -> str:
        head = self.pick("冀晋辽鲁豫川鄂陕苏") + self.pick("ABCDEFGH")
        if self.chance(0.15):
            return head + "D" + self.digits(5)
        return head + "".join(
            self.pick("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ" if k < 2 else "0123456789") for k in range(5)
        )

    def clock(self, lo: int = 0, hi: int = 23) -> str:
        return f"{self.r.randint(lo, hi):02d}:{self.r.randint(0, 59):02d}"

    def stamp(self, year: int = 2024) -> str:
        return f"{self.day(year, year):%Y-%m-%d} {self.clock(6, 22)}:{self.r.randint(0, 59):02d}"

    def date(self, day: dt.date, style: str = "mix") -> str:
        """A date as clerks write it; `mix` draws the style per cell."""
        kind = self.pick(("iso", "slash", "dot", "cn", "flat", "serial")) if style == "mix" else style
        if kind == "slash":
            return f"{day.year}/{day.month}/{day.day}"
        if kind == "dot":
            return f"{day.year}.{day.month:02d}.{day.day:02d}"
        if kind == "cn":
            return f"{day.year}年{day.month}月{day.day}日"
        if kind == "flat":
            return f"{day:%Y%m%d}"
        if kind == "serial":
            return serial(day)
        return day.isoformat()

    def opinion(self) -> str:
        text = self.pick(SUBJECTS) + self.pick(PROBLEMS)
        if self.chance(0.3):
            text += self.pick((",", ";", ",而且")) + self.pick(SUBJECTS) + self.pick(PROBLEMS)
        if self.chance(0.7):
            text += self.pick((",", "。", "，", " ")) + self.pick(WISHES)
        return text + self.pick(("", "", "。", "!", "！", "。。。"))

    def person(self, i: int, born: tuple[int, int] = (1964, 2002)) -> Person:
        sex = "男" if self.chance(0.66) else "女"
        birth = self.day(*born)
        join = birth + dt.timedelta(days=self.r.randint(18 * 365 + 60, 25 * 365))
        join = min(join, dt.date(2024, 8, 1))
        bank = self.pick(BANKS)
        mobile, qq = self.mobile(), self.pick("123456789") + self.digits(self.r.randint(6, 9))
        letters = "".join(self.pick("abcdefghijlmnopqrstwxyz") for _ in range(self.r.randint(4, 9)))
        email = self.pick(
            (
                f"{qq}@qq.com",
                f"{letters}{self.num(1, 99)}@163.com",
                f"{letters}@huayao-energy.com.cn",
                f"{mobile}@139.com",
                f"{letters}_{self.num(1970, 2001)}@126.com",
                f"{letters}@zhongzhu-hi.cn",
            )
        )
        wechat = self.pick(
            (f"wxid_{self.hexa(14)}", f"{letters}{self.num(10, 9999)}", f"{letters}_{self.num(1, 99)}")
        )
        return Person(
            i,
            self.name(sex),
            sex,
            birth,
            self.id_card(birth, sex),
            mobile,
            email,
            wechat,
            qq,
            self.address(),
            bank,
            self.card(bank),
            self.pick(("00", "10", "32")) + self.digits(6),
            self.pick(DEPTS),
            self.pick(TEAMS),
            self.pick(POSTS),
            self.pick(LEVELS),
            self.pick(EDUS),
            self.pick(SCHOOLS),
            self.pick(MAJORS),
            self.pick(ETHNICS),
            self.pick(PLACES),
            self.pick(PARTY),
            self.pick(MARITAL),
            round(self.r.gauss(7800, 1900) + 0.37 * self.r.randint(0, 99), 2),
            self.plate(),
            join,
            self.pick(ORGS),
            self.digits(10),
            self.pick(("0311", "8010", "2003")) + self.digits(8),
            2024 - birth.year,
            max(0, 2024 - join.year),
        )


class Sheet:
    """A table that grows column by column."""

    def __init__(self, g: Gen, name: str, rows: int, born: tuple[int, int] = (1964, 2002)) -> None:
        self.g, self.name, self.rows = g, name, rows
        self.people = [g.person(i, born) for i in range(rows)]
        self.columns: list[LabelledColumn] = []

    def add(self, header: str, semantic: str, fn: Cell, traits: str = "", miss: float | None = None) -> None:
        """A column of fn(person). No traits: plain, and tidy."""
        g = self.g
        words = tuple(traits.split()) or ("plain",)
        hard = bool(traits)
        if miss is None:
            miss = g.r.choice((0, 0, 0.01, 0.03, 0.06, 0.12, 0.25, 0.45) if hard else (0, 0, 0, 0.02, 0.04))
        blank = g.r.choice((None, None, None, "/", "-", "")) if hard else None
        trail = g.r.choice((0, 0, 0.04, 0.2)) if hard else 0
        cells: list[str | None] = []
        for p in self.people:
            cell = fn(p)
            if miss and g.chance(miss):
                cell = blank if g.chance(0.3) else None
            if cell and trail and g.chance(trail):
                cell += g.r.choice((" ", "  ", "\t", "\u3000"))
            cells.append(cell)
        if not any(cells):
            cells[0] = fn(self.people[0])
        self.columns.append(LabelledColumn(header, tuple(cells), semantic, TIER[semantic], words))

    def rare(
        self, header: str, semantic: str, base: Cell, hit: Cell, traits: str = "", miss: float = 0.3
    ) -> None:
        """A column of base(person), with hit(person) in about one cell of a hundred, at least one."""
        g = self.g
        hits = set(g.r.sample(range(self.rows), max(1, round(self.rows / 100))))
        cells = tuple(hit(p) if p.i in hits else (None if g.chance(miss) else base(p)) for p in self.people)
        words = ("rare", *traits.split())
        self.columns.append(LabelledColumn(header, cells, semantic, TIER[semantic], words))

    def merged(self, header: str, semantic: str, values: tuple[str, ...], traits: str = "") -> None:
        """What merged cells leave behind: the value in the first row of a block only."""
        cells: list[str | None] = []
        while len(cells) < self.rows:
            cells += [self.g.pick(values)] + [None] * self.g.r.randint(0, 6)
        words = tuple(traits.split()) or ("plain",)
        self.columns.append(
            LabelledColumn(header, tuple(cells[: self.rows]), semantic, TIER[semantic], words)
        )

    def done(self) -> LabelledTable:
        return LabelledTable(self.name, tuple(self.columns))
