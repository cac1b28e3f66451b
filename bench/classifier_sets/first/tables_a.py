"""Tables of the first half, part a: rosters, pay, health, hardship, Party and discipline. All synthetic."""

from __future__ import annotations

from random import Random

from classifier_sets.first.base import (
    BANK,
    COAL,
    GRID,
    METRO,
    OIL,
    RAIL,
    SHIP,
    STEEL,
    Cell,
    Person,
    Sheet,
    cut15,
    day,
    digits,
    id_card,
    mask,
    mixed,
    mobile,
    name,
    scientific,
    serial,
    split,
    wide,
)
from classifier_sets.first.texts import GRAVE, ILLS, KIN, opinion, poverty, seeded
from classifier_sets.labelled import LabelledTable


def roster_plain(r: Random) -> LabelledTable:
    s = Sheet("在岗职工花名册", r, 260, COAL)
    s.add("序号", "record_no", s.serials())
    s.add("姓名", "person_name", lambda p: p.name, sloppy=0.05)
    s.add("性别", "gender", lambda p: p.gender)
    s.add("身份证号码", "id_card", lambda p: p.id_card, gap=0.02)
    s.add("出生年月", "birth_date", lambda p: p.born.strftime("%Y-%m"), gap=0.03)
    s.add("民族", "ethnicity", lambda p: r.choice((p.ethnic, p.ethnic[:-1])), sloppy=0.04)
    s.add(
        "籍贯",
        "native_place",
        lambda p: p.region[1].replace("省", "") + p.region[2].replace("市", ""),
        gap=0.1,
    )
    s.add("部门", "department", lambda p: p.department)
    s.add("岗位", "post", lambda p: p.post, gap=0.05)
    s.add("参加工作时间", "join_date", lambda p: p.joined.strftime("%Y.%m"))
    s.add("文化程度", "education", lambda p: p.education, gap=0.08)
    s.add("政治面貌", "political_status", lambda p: p.politics, gap=0.06)
    s.add("联系电话", "mobile", lambda p: p.mobile, gap=0.1, sloppy=0.05)
    return s.done()


def roster_pinyin(r: Random) -> LabelledTable:
    s = Sheet("zgxx_export_2023", r, 180, STEEL)
    s.add("gonghao", "employee_no", lambda p: p.number, "pinyin")
    s.add("xingming", "person_name", lambda p: p.name, "pinyin", sloppy=0.1)
    s.add("xingbie", "gender", lambda p: p.gender, "pinyin")
    s.add("shenfenzheng", "id_card", lambda p: p.id_card.lower() if r.random() < 0.5 else p.id_card, "pinyin")
    s.add("shoujihao", "mobile", lambda p: p.mobile, "pinyin", gap=0.12)
    s.add("jiatingzhuzhi", "home_address", lambda p: p.address, "pinyin", gap=0.2)
    s.add("minzu", "ethnicity", lambda p: p.ethnic, "pinyin")
    s.add("xueli", "education", lambda p: p.education, "pinyin", gap=0.05)
    s.add("biyexuexiao", "school", lambda p: p.school, "pinyin", gap=0.2)
    s.add("zhuanye", "major", lambda p: p.major, "pinyin", gap=0.3)
    s.add("hunyin", "marital_status", lambda p: p.marital, "pinyin", gap=0.15)
    s.add("gangwei", "post", lambda p: p.post, "pinyin")
    s.add("ruzhishijian", "join_date", lambda p: p.joined.isoformat(), "pinyin")
    return s.done()


def roster_initials(r: Random) -> LabelledTable:
    s = Sheet("RS_JBXX", r, 150, RAIL, blank="NULL")
    s.add("XM", "person_name", lambda p: p.name, "renamed", "pinyin")
    s.add("XB", "gender", lambda p: "1" if p.male else "2", "renamed", "pinyin")
    s.add("SFZH", "id_card", lambda p: p.id_card, "renamed", "pinyin", gap=0.03)
    s.add("CSRQ", "birth_date", lambda p: p.born.strftime("%Y%m%d"), "renamed", "pinyin")
    s.add("LXFS", "mobile", lambda p: p.mobile, "renamed", "pinyin", gap=0.3)
    s.add("JTZZ", "home_address", lambda p: p.address, "renamed", "pinyin", gap=0.4)
    s.add("ZZMM", "political_status", lambda p: p.politics, "renamed", "pinyin")
    s.add("BMMC", "department", lambda p: p.department, "renamed", "pinyin")
    s.add("YHKH", "bank_card", lambda p: p.bank, "renamed", "pinyin", gap=0.1)
    s.add("DZYX", "email", lambda p: p.email, "renamed", "pinyin", gap=0.5)
    s.add("BYYX", "school", lambda p: p.school, "renamed", "pinyin", gap=0.3)
    s.add("CJGZSJ", "join_date", lambda p: p.joined.strftime("%Y%m%d"), "renamed", "pinyin")
    return s.done()


def hr_english(r: Random) -> LabelledTable:
    s = Sheet("HR_MASTER_DUMP", r, 220, METRO)
    s.add("EMP_ID", "employee_no", lambda p: p.number, "english")
    s.add("FULL_NAME", "person_name", lambda p: p.name, "english")
    s.add("NATIONAL_ID", "id_card", lambda p: p.id_card, "english", gap=0.01)
    s.add("GENDER", "gender", lambda p: "M" if p.male else "F", "english")
    s.add("DOB", "birth_date", lambda p: p.born.strftime("%d/%m/%Y"), "english")
    s.add(
        "emp_mobile", "mobile", lambda p: r.choice((p.mobile, "+86" + p.mobile, "86-" + p.mobile)), "english"
    )
    s.add("WORK_EMAIL", "email", lambda p: p.email, "english", gap=0.2)
    s.add(
        "MARITAL_STATUS",
        "marital_status",
        lambda p: {"已婚": "Married", "未婚": "Single", "离异": "Divorced", "丧偶": "Widowed"}[p.marital],
        "english",
    )
    s.add("DEPT_NAME", "department", lambda p: p.department, "english")
    s.add("JOB_GRADE", "job_level", s.pick("P4", "P5", "P6", "P7", "M1", "M2", "S3"), "english")
    s.add("HIRE_DATE", "join_date", lambda p: p.joined.isoformat() + " 00:00:00", "english")
    s.add(
        "YOS",
        "years_of_service",
        lambda p: f"{(2025 - p.joined.year) + r.randrange(10) / 10}",
        "english",
        "renamed",
    )
    s.add("BASE_SALARY", "pay", lambda p: f"{p.wage:.2f}", "english")
    s.add("IS_ACTIVE", "boolean_flag", s.pick("Y", "Y", "Y", "N"), "english")
    s.add("LAST_UPD_TS", "event_time", s.times(2024, 2025), "english")
    return s.done()


def payroll_plain(r: Random) -> LabelledTable:
    s = Sheet("2025年3月工资发放表", r, 141, COAL)
    last = s.rows - 1

    def total(cells: list[str]) -> list[Cell]:
        return [*cells[:last], f"{sum(float(c) for c in cells[:last]):.2f}"]

    base = [f"{p.wage * 0.6:.2f}" for p in s.people]
    shift = s.floats(0, 1800)
    tax = [f"{max(0.0, (p.wage - 6000) * 0.03):.2f}" for p in s.people]
    net = [f"{float(a) + float(b) - float(c):.2f}" for a, b, c in zip(base, shift, tax, strict=True)]
    s.add("工号", "employee_no", [*[p.number for p in s.people[:last]], "合计"])
    s.add("姓名", "person_name", [*[p.name for p in s.people[:last]], None])
    s.add("区队", "team", [*s.pick("生产一班", "生产二班", "检修班", "准备班")[:last], None])
    s.add("岗位工资", "pay", total(base))
    s.add("井下津贴", "pay", total(shift))
    s.add("个人所得税", "pay", total(tax))
    s.add("实发工资", "pay", total(net))
    s.add("银行账号", "bank_card", [*[p.bank for p in s.people[:last]], None])
    s.add(
        "开户行",
        "organisation",
        [*s.pick("工商银行矿区支行", "建设银行东风路支行", "农业银行营业部")[:last], None],
        "decoy",
    )
    return s.done()


def payroll_initials(r: Random) -> LabelledTable:
    s = Sheet("gz202411", r, 96, GRID)
    s.add("ygbh", "employee_no", lambda p: p.number, "renamed", "pinyin")
    s.add("xm", "person_name", lambda p: p.name, "renamed", "pinyin")
    s.add("gz_jb", "pay", lambda p: f"{p.wage * 0.5:.2f}", "renamed", "pinyin")
    s.add("jxgz", "pay", lambda p: f"{p.wage * 0.35:.2f}", "renamed", "pinyin", gap=0.04)
    s.add("yebanfei", "pay", lambda p: str(r.randrange(0, 1200, 40)), "pinyin", gap=0.5)
    s.add("gjj_gr", "pay", lambda p: f"{p.wage * 0.12:.2f}", "renamed", "pinyin")
    s.add("gz_sf", "pay", lambda p: f"{p.wage * 0.8:.2f}", "renamed", "pinyin")
    s.add("cqts", "attendance", s.ints(15, 23), "renamed", "pinyin")
    s.add(
        "bz",
        "text_personal",
        seeded(
            r,
            s.people,
            [
                r.choice(
                    (
                        None,
                        None,
                        None,
                        "补发上月",
                        "试用期",
                        "扣迟到1次",
                        "见附件",
                        "按新标准",
                        "调岗，下月生效",
                    )
                )
                for _ in s.people
            ],
            0.02,
        ),
        "rare",
        "renamed",
        "pinyin",
    )
    return s.done()


def payroll_english(r: Random) -> LabelledTable:
    s = Sheet("payslip_fy25_q1", r, 120, BANK)
    s.add("Staff Name", "person_name", lambda p: p.latin.title(), "english")
    s.add("Dept", "department", lambda p: p.department, "english")
    s.add("Basic Pay", "pay", lambda p: f"{p.wage * 0.7:,.2f}", "english", "mangled")
    s.add("OT Pay", "pay", lambda p: f"{r.uniform(0, 3000):,.2f}", "english", gap=0.4)
    s.add("Hsg Fund (EE)", "pay", lambda p: f"¥{p.wage * 0.12:,.2f}", "english", "mangled")
    s.add("IIT", "pay", lambda p: f"({p.wage * 0.03:,.2f})", "english", "renamed", "mangled")
    s.add("SALARY_NET", "pay", lambda p: f"{p.wage * 0.85:,.2f}", "english", "mangled")
    s.add("Bank A/C", "bank_card", lambda p: split(p.bank, " ", 4, 4, 4, 4), "english", "mangled")
    s.add("OT Hours", "overtime", s.floats(0, 60, "{:.1f}"), "english", gap=0.3)
    s.add(
        "Slip Template", "title_other", s.pick("Monthly_A4", "Bonus_A5", "Monthly_A4_v2"), "english", "decoy"
    )
    return s.done()


def payroll_excel(r: Random) -> LabelledTable:
    s = Sheet("劳务派遣人员工资(另存为)", r, 110, STEEL)
    s.add(
        "姓名", "person_name", lambda p: p.name if len(p.name) > 2 else f"{p.name[0]}　{p.name[1]}", "mangled"
    )
    s.add("身份证号", "id_card", lambda p: mixed(r, p.id_card, scientific, scientific, cut15, str), "mangled")
    s.add("卡号", "bank_card", lambda p: scientific(p.bank), "mangled")
    s.add("电话", "mobile", lambda p: p.mobile + ".0", "mangled", gap=0.1)
    s.add("入职日期", "join_date", lambda p: serial(p.joined), "mangled")
    s.add("出生日期", "birth_date", lambda p: serial(p.born), "mangled")
    s.add("工号", "employee_no", lambda p: p.number.lstrip("S0"), "mangled")
    s.add("应发", "pay", lambda p: f"{p.wage:.10f}".rstrip("0") + "0000000001", "mangled", "renamed")
    s.add("代扣餐费", "pay", lambda p: f"{r.uniform(50, 400):.1f}元", gap=0.2)
    s.add(
        "派遣公司", "organisation", s.merged(("鑫源劳务服务有限公司", "恒达人力资源公司", "众合外包服务公司"))
    )
    s.add("工资项目名称", "title_other", s.pick("月度工资", "加班工资", "高温津贴", "年终奖"), "decoy")
    return s.done()


def checkup_plain(r: Random) -> LabelledTable:
    s = Sheet("2025年度职工健康体检结果汇总", r, 200, OIL)
    s.add("体检编号", "medical_record_no", lambda p: f"TJ2025{digits(r, 6)}")
    s.add("姓名", "person_name", lambda p: p.name)
    s.add("性别", "gender", lambda p: p.gender)
    s.add("年龄", "age", lambda p: f"{p.age}岁" if r.random() < 0.2 else str(p.age))
    s.add("收缩压/舒张压", "health", lambda p: f"{r.randint(100, 170)}/{r.randint(60, 105)}", gap=0.02)
    s.add("空腹血糖", "health", lambda p: f"{r.uniform(4.1, 9.8):.2f}", gap=0.03)
    s.add("BMI", "health", lambda p: f"{r.uniform(18, 33):.1f}")
    s.add(
        "B超所见",
        "health",
        lambda p: r.choice(
            (
                "未见异常",
                "脂肪肝（轻度）",
                "胆囊息肉4mm",
                "肝囊肿",
                "前列腺增生",
                "甲状腺结节TI-RADS 3类",
                "未见明显异常",
            )
        ),
    )
    s.add("主检结论", "health", lambda p: "；".join(r.sample(ILLS, r.randint(1, 3))), gap=0.15)
    s.add("体检机构", "organisation", s.pick("市第二人民医院体检中心", "康宁体检", "职工总医院"), "decoy")
    s.add("血压计型号", "product", s.pick("HEM-7136", "HEM-1020", "BPBIO320"), "decoy")
    return s.done()


def checkup_lab(r: Random) -> LabelledTable:
    s = Sheet("LIS_RESULT", r, 160, OIL)
    s.add("PAT_ID", "medical_record_no", lambda p: f"00{digits(r, 8)}", "english", "renamed")
    s.add("PAT_NAME", "person_name", lambda p: mask(p.name, 1, 0), "english", "masked")
    s.add("ALT", "health", lambda p: f"{r.randint(8, 120)} U/L", "english", "renamed")
    s.add("GLU", "health", lambda p: f"{r.uniform(3.8, 12):.2f}", "english", "renamed", gap=0.05)
    s.add(
        "TG",
        "health",
        lambda p: f"{r.uniform(0.5, 5):.2f}{'↑' if r.random() < 0.3 else ''}",
        "english",
        "renamed",
    )
    s.add(
        "HBsAg", "health", lambda p: r.choice(("阴性(-)", "阴性(-)", "阴性", "阳性(+)")), "english", "renamed"
    )
    s.add("DIAG", "health", lambda p: r.choice(ILLS), "english", "renamed", gap=0.5)
    s.add("UNIT", "unit_of_measure", s.pick("mmol/L", "U/L", "g/L", "μmol/L"), "english")
    s.add("INSTR_SN", "record_no", s.each(lambda: f"BC{digits(r, 9)}"), "english", "decoy")
    s.add("RPT_TIME", "event_time", s.times(2025, 2025), "english")
    return s.done()


def occupational(r: Random) -> LabelledTable:
    s = Sheet("接害岗位职业健康监护一人一档", r, 130, COAL)
    s.add("档案号", "medical_record_no", lambda p: f"ZJ-{p.born.year}-{digits(r, 4)}")
    s.add("受检者", "person_name", lambda p: p.name, "renamed")
    s.add("证件号", "id_card", lambda p: mask(p.id_card, 6, 4), "masked")
    s.add("接害因素", "category", s.pick("煤尘", "噪声", "矽尘", "噪声、煤尘", "高温", "一氧化碳"), "decoy")
    s.add("接害工龄", "years_of_service", s.ints(1, 33, "{}年"))
    s.add(
        "电测听",
        "health",
        lambda p: r.choice(
            ("双耳听力正常", "双耳高频平均听阈45dB", "左耳语频35dB", "高频听力下降，建议复查")
        ),
        gap=0.05,
    )
    s.add(
        "胸片",
        "health",
        lambda p: r.choice(("心肺膈未见异常", "两肺纹理增粗", "尘肺样改变，建议诊断", "0/1")),
        "renamed",
    )
    s.add(
        "结论",
        "health",
        lambda p: r.choice(("目前未见异常", "疑似职业病", "职业禁忌证", "复查", "其他疾病或异常")),
        "renamed",
    )
    s.add(
        "处理意见",
        "health",
        lambda p: r.choice(
            ("调离粉尘岗位", "可继续从事原岗位", "一个月内复查肺功能", "高血压，不宜高处作业")
        ),
        "renamed",
        gap=0.1,
    )
    s.add("班组", "team", s.pick("掘一班", "掘二班", "综采班", "机修班"))
    return s.done()


def sick_leave(r: Random) -> LabelledTable:
    s = Sheet("病事假台账", r, 90, RAIL)
    s.add("员工编码", "employee_no", lambda p: p.number.lstrip("0"), "mangled")
    s.add("员工", "person_name", lambda p: p.name, "renamed")
    s.add("假别", "leave", s.pick("病假", "事假", "年休假", "工伤假", "产假", "陪护假"))
    s.add(
        "天数",
        "leave",
        lambda p: r.choice(("{}天", "{}", "{}.0", "{}日")).format(r.randint(1, 60)),
        "renamed",
    )
    s.add("病因", "health", lambda p: r.choice(ILLS + GRAVE) + r.choice(("", "", "术后", "复发")), gap=0.4)
    s.add(
        "诊断医院",
        "organisation",
        s.pick("铁路中心医院", "省人民医院", "市中医院", "职工医院"),
        "decoy",
        gap=0.4,
    )
    s.add("住院号", "medical_record_no", lambda p: digits(r, 8) + ".0", "mangled", gap=0.5)
    s.add("起", "event_date", s.days(2024, 2025, "%Y/%m/%d"), "renamed")
    s.add(
        "备注",
        "text_personal",
        seeded(
            r,
            s.people,
            [
                r.choice((None, None, "材料齐", "缺诊断证明", "已销假", "续假", "假条后补", "原件存段办"))
                for _ in s.people
            ],
        ),
        "rare",
    )
    return s.done()


def hardship_form(r: Random) -> LabelledTable:
    s = Sheet("困难职工建档立卡申请", r, 85, STEEL, blank="无")
    s.add("申请人", "person_name", lambda p: p.name)
    s.add("身份证", "id_card", lambda p: split(p.id_card, r.choice((" ", "-")), 6, 8), "mangled")
    s.add("家庭人口", "family", lambda p: f"{r.randint(1, 6)}人")
    s.add(
        "困难类型", "hardship", lambda p: r.choice(("低保户", "低保边缘户", "意外致困", "因病致困", "单亲"))
    )
    s.add("情况说明", "hardship", lambda p: poverty(r, p), "renamed")
    s.add(
        "住房情况",
        "hardship",
        lambda p: r.choice(("租房", "自有住房58平", "与父母同住", "公租房", "无房，借住亲戚家")),
        "renamed",
    )
    s.add("配偶", "family", lambda p: name(r) if p.marital == "已婚" else None, "renamed")
    s.add("现住址", "home_address", lambda p: p.address, gap=0.05)
    s.add("申请补助项目", "need_category", s.pick("生活救助", "医疗救助", "助学救助", "住房救助"))
    return s.done()


def hardship_notice(r: Random) -> LabelledTable:
    s = Sheet("送温暖慰问对象公示", r, 74, GRID)
    s.add(
        "姓名", "person_name", lambda p: mask(p.name, 1, 1) if len(p.name) > 2 else p.name[0] + "某", "masked"
    )
    s.add("身份证号", "id_card", lambda p: r.choice((mask(p.id_card, 6, 4), mask(p.id_card, 4, 4))), "masked")
    s.add("联系电话", "mobile", lambda p: mask(p.mobile, 3, 4), "masked")
    s.add("收款账户", "bank_card", lambda p: r.choice((f"尾号{p.bank[-4:]}", mask(p.bank, 4, 4))), "masked")
    s.add("住址", "home_address", lambda p: f"{p.region[2]}{p.region[3]}****", "masked", gap=0.1)
    s.add("单位", "department", lambda p: p.department)
    s.add("致困原因", "hardship", lambda p: poverty(r, p))
    return s.done()


def mutual_insurance(r: Random) -> LabelledTable:
    s = Sheet("职工互助保障理赔明细", r, 118, SHIP)
    s.add("理赔单号", "record_no", s.each(lambda: f"LP{r.randint(2023, 2025)}{digits(r, 10)}"))
    s.add("出险人", "person_name", lambda p: p.name, "renamed", sloppy=0.1)
    s.add("证件类型", "category", ["身份证"] * s.rows, "decoy")
    s.add("证件号码", "id_card", lambda p: "'" + p.id_card, "mangled")
    s.add("出险原因", "health", lambda p: r.choice(GRAVE + ILLS), "renamed")
    s.add(
        "用药",
        "health",
        lambda p: r.choice(
            ("阿司匹林肠溶片", "二甲双胍", "硝苯地平控释片", "化疗方案XELOX", "胰岛素", "甲磺酸伊马替尼")
        ),
        "renamed",
        gap=0.3,
    )
    s.add("收款卡号", "bank_card", lambda p: split(p.bank, r.choice((" ", "-")), 4, 4, 4, 4), "mangled")
    s.add("开户银行", "organisation", s.pick("中国银行", "工行", "农行船厂分理处", "招商银行"), "decoy")
    s.add("回访电话", "mobile", lambda p: wide(p.mobile), "mangled", gap=0.2)
    return s.done()


def union_dues(r: Random) -> LabelledTable:
    s = Sheet("工会会员会费收缴明细", r, 240, METRO)
    s.add("会员姓名", "person_name", lambda p: p.name)
    s.add("员工号", "employee_no", lambda p: p.number)
    s.add("计提基数", "pay", lambda p: f"{p.wage:.0f}", "renamed")
    s.add("代扣会费", "pay", lambda p: f"{p.wage * 0.005:.2f}")
    s.add("入会时间", "join_date", lambda p: p.joined.strftime("%Y-%m"), gap=0.2)
    s.add(
        "说明",
        "text_personal",
        seeded(
            r,
            s.people,
            [
                r.choice((None, None, None, None, "调出", "按季扣", "借调人员", "重复扣缴待退", "新会员"))
                for _ in s.people
            ],
        ),
        "rare",
        "renamed",
    )
    return s.done()


def party_roster(r: Random) -> LabelledTable:
    s = Sheet("党员信息采集表", r, 105, OIL)
    s.add("党员姓名", "person_name", lambda p: p.name)
    s.add("公民身份号码", "id_card", lambda p: p.id_card)
    s.add("党员类别", "political_status", s.pick("正式党员", "正式党员", "正式党员", "预备党员"))
    s.add("月缴党费", "pay", lambda p: f"{p.wage * 0.01:.1f}")
    s.add("固定电话", "landline", lambda p: p.landline, gap=0.5)
    s.add("民主评议", "appraisal", s.pick("优秀", "合格", "合格", "基本合格"))
    return s.done()


def discipline_ledger(r: Random) -> LabelledTable:
    s = Sheet("违规违纪处理登记", r, 64, STEEL)
    s.add("当事人", "person_name", lambda p: p.name, "renamed")
    s.add("单位/班组", "team", s.pick("炼钢甲班", "炼钢乙班", "热轧丙班", "天车班"))
    s.add(
        "事由",
        "discipline",
        lambda p: r.choice(
            (
                "酒后上岗",
                "脱岗2小时",
                "违规收受礼品",
                "打架斗殴",
                "酒驾被行政拘留15日",
                "虚报差旅费",
                "代打卡",
                "盗窃废铜",
                "旷工3天",
                "违规操办升学宴",
                "殴打同事致轻微伤",
                "泄露招标底价",
            )
        ),
        "renamed",
    )
    s.add(
        "处理结果",
        "discipline",
        lambda p: r.choice(
            (
                "警告",
                "记过",
                "党内严重警告",
                "留用察看一年",
                "解除劳动合同",
                "诫勉谈话",
                "扣罚当月绩效50%",
                "免职",
            )
        ),
    )
    s.add(
        "依据",
        "policy_title",
        s.pick("《员工奖惩办法》", "《中国共产党纪律处分条例》", "《劳动纪律管理规定》第12条"),
    )
    s.add("是否申诉", "boolean_flag", s.pick("否", "否", "是"))
    return s.done()


def women(r: Random) -> LabelledTable:
    s = Sheet("女职工四期保护登记", r, 70, METRO, born=(1980, 2000), men=0.0)
    s.add("姓名", "person_name", lambda p: p.name)
    s.add("手机", "mobile", lambda p: split(p.mobile, r.choice((" ", "-", "")), 3, 4), "mangled")
    s.add("期别", "health", lambda p: r.choice(("孕期", "产期", "哺乳期", "经期")), "renamed")
    s.add("孕周", "health", lambda p: f"{r.randint(5, 39)}周+{r.randint(0, 6)}", gap=0.5)
    s.add("预产期", "health", s.days(2025, 2025), gap=0.5)
    s.add("子女姓名", "family", lambda p: name(r), gap=0.4)
    s.add("孩子出生日期", "birth_date", s.days(2016, 2025), gap=0.4)
    s.add("婚否", "marital_status", s.pick("是", "已", "已婚", "否", "离"))
    s.add("年休余额", "leave", s.ints(0, 15))
    s.add("诉求", "need_category", s.pick("哺乳室", "错峰上班", "免夜班", "托育服务", "无"), gap=0.2)
    return s.done()


def young_headless(r: Random) -> LabelledTable:
    s = Sheet("团员名单-无表头", r, 66, BANK, born=(1996, 2003))
    s.add("", "person_name", lambda p: p.name, "no_header")
    s.add("", "gender", lambda p: p.gender, "no_header")
    s.add("", "id_card", lambda p: p.id_card, "no_header", gap=0.1)
    s.add("", "mobile", lambda p: p.mobile, "no_header", gap=0.1)
    s.add("", "political_status", s.pick("共青团员", "团员", "群众", "中共党员", "预备党员"), "no_header")
    s.add("", "department", lambda p: p.department, "no_header")
    s.add("", "education", lambda p: p.education, "no_header")
    s.add("", "email", lambda p: p.email, "no_header", gap=0.3)
    s.add(
        "", "interest", s.pick("篮球", "摄影", "书法、朗诵", "吉他", "乒乓球", "写作"), "no_header", gap=0.3
    )
    return s.done()


def retirees(r: Random) -> LabelledTable:
    s = Sheet("离退休人员社会化管理移交", r, 170, COAL, born=(1938, 1968), blank="/")
    s.add("姓名", "person_name", lambda p: p.name)
    s.add(
        "身份证号码(15/18位)",
        "id_card",
        lambda p: p.id_card if r.random() < 0.8 else p.id_card[:6] + p.id_card[8:17],
    )
    s.add("社会保障号", "social_security_no", lambda p: p.social)
    s.add("养老金月额", "pay", lambda p: f"{r.uniform(2600, 6800):.2f}")
    s.add(
        "居住地址",
        "home_address",
        lambda p: r.choice(
            (
                p.address,
                p.address[len(p.city) :],
                f"矿区{r.randint(1, 40)}栋{r.randint(1, 6)}0{r.randint(1, 4)}",
            )
        ),
    )
    s.add(
        "宅电",
        "landline",
        lambda p: p.landline.split("-")[1] if r.random() < 0.5 else p.landline,
        "renamed",
        gap=0.4,
    )
    s.add(
        "子女联系方式",
        "personal_mix",
        lambda p: f"{r.choice(('儿子', '女儿'))}{name(r)} {mobile(r)}",
        "concatenated",
        gap=0.3,
    )
    s.add(
        "健康状况", "health", lambda p: r.choice(("良好", "一般", "失能", "半失能", r.choice(ILLS), "卧床"))
    )
    s.add("原单位", "department", lambda p: p.department)
    s.add("移交街道", "region", s.pick("矿山街道", "新华街道", "东风街道", "湖滨街道"))
    s.add("邮编", "postcode", lambda p: p.region[5].lstrip("0"), "mangled")
    return s.done()


def family_visits(r: Random) -> LabelledTable:
    s = Sheet("走访慰问记录2025春节", r, 60, GRID)
    s.add("慰问对象", "person_name", lambda p: p.name + r.choice(("", "同志", "师傅", "（遗属）")), "renamed")
    s.add("与职工关系", "family", lambda p: r.choice(KIN))
    s.add("走访地址", "home_address", lambda p: p.address, gap=0.1)
    s.add("家庭情况", "hardship", lambda p: poverty(r, p))
    s.add(
        "走访内容",
        "text_personal",
        lambda p: (
            f"走访{p.name}家，{poverty(r, p)}，"
            f"送上慰问金{r.choice((1000, 2000))}元，其{r.choice(KIN)}{name(r)}在家"
        ),
    )
    s.add("慰问品", "product", s.pick("米面油一套", "棉被", "牛奶2箱", "大米10kg", "慰问金"))
    s.add("带队领导职务", "post", s.pick("工会主席", "党委副书记", "副总经理", "部门主任"), "renamed")
    s.add("走访日期", "event_date", s.ints(3, 24, "1月{}日"))
    s.add(
        "照片",
        "url",
        s.each(lambda: f"http://ghnet.jlgrid.cn/upload/{r.randint(202501, 202502)}/{digits(r, 13)}.jpg"),
        "decoy",
    )
    return s.done()


def summer_care(r: Random) -> LabelledTable:
    s = Sheet("职工子女暑期托管班报名", r, 58, SHIP, born=(1978, 1992))
    s.add("孩子姓名", "family", lambda p: p.surname + name(r)[-1])
    s.add("孩子身份证", "id_card", lambda p: id_card(r, p.region[0], day(r, 2013, 2018), r.random() < 0.5))
    s.add("过敏史", "health", s.pick("无", "花生过敏", "青霉素过敏", "哮喘", "无", "鸡蛋"), gap=0.2)
    s.add("家长", "person_name", lambda p: p.name)
    s.add(
        "紧急电话", "mobile", lambda p: f"{p.mobile}/{mobile(r)}" if r.random() < 0.3 else p.mobile, "mangled"
    )
    s.add("与孩子关系", "family", s.pick("父子", "父女", "母子", "母女", "祖孙"))
    s.add(
        "接送人",
        "family",
        lambda p: f"{r.choice(('奶奶', '爷爷', '妈妈', '姥姥'))} {name(r)}",
        "concatenated",
        gap=0.2,
    )
    s.add("午餐需求", "need_category", s.pick("普餐", "清真", "不吃辣", "自带"), gap=0.3)
    s.add("意见建议", "text_opinion", s.each(lambda: opinion(r, "activity", "canteen")), gap=0.5)
    return s.done()


def scholarship(r: Random) -> LabelledTable:
    s = Sheet("金秋助学审核", r, 62, COAL)
    s.add("学生", "family", lambda p: p.surname + name(r)[-1], "renamed")
    s.add("父/母姓名", "person_name", lambda p: p.name)
    s.add("学费（年）", "price", s.pick("4800", "5200元", "6,600", "12000"))
    s.add("贫困成因", "hardship", lambda p: poverty(r, p))
    s.add("家长工资收入", "pay", lambda p: f"{p.wage * 0.4:.0f}元/月")
    s.add(
        "账号",
        "bank_card",
        lambda p: p.bank + "\n" if r.random() < 0.2 else split(p.bank, "\n", 10),
        "mangled",
    )
    s.add("户口所在地", "home_address", lambda p: p.address, "renamed", gap=0.2)
    s.add("审核结果", "status", s.pick("通过", "通过", "退回补件", "不符合"))
    return s.done()


def overseas(r: Random) -> LabelledTable:
    s = Sheet("海外项目外派人员证照", r, 68, BANK)
    s.add("姓名(拼音)", "person_name", lambda p: p.latin.upper())
    s.add(
        "护照号",
        "passport",
        lambda p: (
            r.choice(("E", "G", "EA", "EB", "EJ", "PE")).ljust(2, r.choice("0123456789")) + digits(r, 7)
        ),
    )
    s.add("外派国家", "work_place", s.pick("印尼", "老挝", "沙特", "塞尔维亚", "哈萨克斯坦"))
    s.add(
        "疫苗/体检",
        "health",
        s.pick("黄热病已接种", "体检合格", "乙肝抗体阳性", "需复查肝功"),
        "renamed",
        gap=0.2,
    )
    s.add("紧急联系人", "personal_mix", lambda p: f"{r.choice(KIN)}：{name(r)}，{mobile(r)}", "concatenated")
    s.add("境外津贴(USD/天)", "pay", s.pick("60", "75", "90", "110.0"))
    s.add("航班订单号", "order_no", s.each(lambda: digits(r, 18)), "decoy")
    s.add("微信", "wechat", lambda p: p.wechat, gap=0.2)
    return s.done()


def permits(r: Random) -> LabelledTable:
    s = Sheet("因私出国境证件集中保管", r, 88, GRID)
    s.add("保管序号", "record_no", s.serials(101))
    s.add("持证人", "person_name", lambda p: mask(p.name, 1, 0), "masked")
    s.add("普通护照", "passport", lambda p: "E" + r.choice("ABCDE0123456789") + digits(r, 7), gap=0.2)
    s.add("港澳通行证", "travel_permit", lambda p: "C" + r.choice("ABCD0123456789") + digits(r, 7), gap=0.3)
    s.add("台湾证", "travel_permit", lambda p: "L" + digits(r, 8), "renamed", gap=0.6)
    s.add(
        "PASSPORT_NO_OLD", "passport", lambda p: mask("G" + digits(r, 8), 2, 3), "masked", "english", gap=0.6
    )
    s.add("txz_hm", "travel_permit", lambda p: "C" + digits(r, 8), "renamed", "pinyin", gap=0.4)
    s.add("职级", "job_level", s.pick("三级职员", "四级职员", "五级职员", "副处", "正科"))
    return s.done()


def funds(r: Random) -> LabelledTable:
    s = Sheet("五险一金增减员", r, 132, BANK)
    s.add("人员", "person_name", lambda p: p.name, "renamed")
    s.add("社保电脑号", "social_security_no", lambda p: p.social[2:], "renamed")
    s.add("个人公积金账号", "housing_fund_no", lambda p: p.fund)
    s.add("缴费基数", "pay", lambda p: f"{round(p.wage, -1):.0f}")
    s.add("养老个人部分", "pay", lambda p: f"{p.wage * 0.08:.2f}")
    s.add("SI_NO", "social_security_no", lambda p: p.social, "english", "renamed", gap=0.3)
    s.add(
        "gjjzh",
        "housing_fund_no",
        lambda p: p.fund.lstrip("0") + ".0",
        "renamed",
        "pinyin",
        "mangled",
        gap=0.3,
    )
    s.add("增/减", "category", s.pick("增", "减", "增"))
    s.add("缴存比例", "percentage", s.pick("12%", "12%", "8%", "5%"))
    s.add("经办机构", "organisation", s.pick("市社保中心", "区社保分局", "住房公积金管理中心"), "decoy")
    s.page_headings(40)
    return s.done()


def united_front(r: Random) -> LabelledTable:
    s = Sheet("统战对象情况摸底", r, 60, STEEL)
    s.add("姓名", "person_name", lambda p: p.name)
    s.add(
        "信教情况",
        "religion",
        s.pick("无", "无", "伊斯兰教", "佛教", "基督教", "天主教", "不信教"),
        "renamed",
    )
    s.add("zjxy", "religion", s.pick("无宗教信仰", "伊斯兰教", "佛教", "道教"), "renamed", "pinyin")
    s.add("党派", "political_status", s.pick("民革", "民盟", "九三学社", "无党派", "农工党", "致公党"))
    s.add(
        "海外关系",
        "family",
        lambda p: r.choice((None, f"姐姐{name(r)}在加拿大", "叔父定居香港", f"女儿{name(r)}留学德国")),
        "renamed",
    )
    s.add("民族", "ethnicity", lambda p: p.ethnic)
    s.add("老家", "native_place", lambda p: p.native, "renamed")
    s.add("RELIGION_CD", "religion", s.pick("00-none", "01-Buddhism", "03-Islam", "05-Protestant"), "english")
    s.add("联系部门", "department", lambda p: p.department)
    return s.done()


def eap(r: Random) -> LabelledTable:
    s = Sheet("EAP心理咨询登记", r, 55, METRO)
    s.add(
        "来访者",
        "person_name",
        lambda p: p.surname + r.choice(("某", "女士", "先生", "**")),
        "masked",
        "renamed",
    )
    s.add(
        "主诉",
        "health",
        lambda p: r.choice(
            (
                "失眠两月余",
                "与配偶冲突后情绪低落",
                "工亡事故目击，闪回",
                "焦虑，心慌",
                "轻生念头，已转介",
                "产后抑郁倾向",
            )
        ),
        "renamed",
    )
    s.add("SDS", "health", s.ints(38, 76, "{}分"), "renamed")
    s.add("SCL-90", "health", s.ints(95, 290), "english", gap=0.3)
    s.add("用药情况", "health", s.pick("无", "舍曲林50mg qd", "艾司唑仑", "拒绝服药"), gap=0.3)
    s.add("婚姻", "marital_status", lambda p: p.marital)
    s.add("咨询时段", "event_time", s.pick("09:00-09:50", "10:00-10:50", "14:30-15:20"))
    s.add("咨询室", "venue", s.pick("心灵驿站1", "心灵驿站2", "线上"))
    s.add("满意度(1-5)", "satisfaction", s.ints(3, 5), gap=0.3)
    return s.done()


def medical_claim(r: Random) -> LabelledTable:
    s = Sheet("补充医疗报销-单据录入", r, 145, OIL)
    s.add("发票号", "record_no", s.each(lambda: digits(r, 20)), "decoy")
    s.add("患者", "person_name", lambda p: p.name, "renamed")
    s.add("关系", "family", s.pick("本人", "子女", "配偶", "本人"), "renamed")
    s.add("疾病名称", "health", lambda p: r.choice(ILLS))
    s.add(
        "处方药",
        "health",
        lambda p: "、".join(
            r.sample(("阿托伐他汀钙片", "氨氯地平", "奥美拉唑", "布洛芬缓释胶囊", "甲钴胺", "恩替卡韦"), 2)
        ),
        gap=0.2,
    )
    s.add("MZ号", "medical_record_no", lambda p: "MZ" + digits(r, 9), "renamed", gap=0.2)
    s.add("医保卡号", "social_security_no", lambda p: mask(p.social, 3, 3), "masked")
    s.add("就诊医院", "organisation", s.pick("石化医院", "市一院", "省肿瘤医院", "口腔门诊部"), "decoy")
    s.add("登记时间", "event_time", s.times(2025, 2025, "%Y/%m/%d %H:%M"))
    s.add(
        "经办备注",
        "text_personal",
        seeded(
            r,
            s.people,
            [
                r.choice((None, None, "票据齐全", "缺费用清单", "超年度限额", "跨年票据不予受理", "已退票"))
                for _ in s.people
            ],
            0.015,
        ),
        "rare",
    )
    return s.done()


def seniority_check(p: Person) -> str:
    return f"{2025 - p.joined.year}年{p.joined.month}个月"


def appraisal_sheet(r: Random) -> LabelledTable:
    s = Sheet("2024年度绩效考核汇总", r, 125, SHIP)
    s.add("工号", "employee_no", lambda p: p.number)
    s.add("被考核人", "person_name", lambda p: p.name)
    s.add("所在部门", "department", lambda p: p.department, sloppy=0.06)
    s.add("职务层级", "job_level", s.pick("主管", "高级主管", "一般员工", "副部长", "部长助理"))
    s.add("司龄", "years_of_service", seniority_check)
    s.add("考核得分", "appraisal", s.floats(68, 99, "{:.1f}"))
    s.add("考核等次", "appraisal", s.pick("A", "B", "B", "B", "C", "D", "优秀"))
    s.add("年终奖", "pay", lambda p: f"{p.wage * r.uniform(1, 4):.0f}", gap=0.03)
    s.add("绩效系数", "appraisal", s.pick("1.0", "1.2", "0.9", "1.05", "0.8"), "renamed")
    s.page_headings(45)
    return s.done()


TABLES_A = (
    roster_plain,
    roster_pinyin,
    roster_initials,
    hr_english,
    payroll_plain,
    payroll_initials,
    payroll_english,
    payroll_excel,
    checkup_plain,
    checkup_lab,
    occupational,
    sick_leave,
    hardship_form,
    hardship_notice,
    mutual_insurance,
    union_dues,
    party_roster,
    discipline_ledger,
    women,
    young_headless,
    retirees,
    family_visits,
    summer_care,
    scholarship,
    overseas,
    permits,
    funds,
    united_front,
    eap,
    medical_claim,
    appraisal_sheet,
)
