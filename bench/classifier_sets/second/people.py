"""Rosters, payrolls, Party and discipline tables."""

import datetime as dt
import json

from classifier_sets.labelled import LabelledTable
from classifier_sets.second.gen import (
    DEPTS,
    DISCIPLINES,
    HARDSHIPS,
    LEVELS,
    ORGS,
    TEAMS,
    Gen,
    Sheet,
    full,
    grouped,
    lost,
    mask,
    mask_name,
    sci,
    serial,
)

EPOCH = dt.datetime(1970, 1, 1)


def sap_dump(g: Gen) -> LabelledTable:
    """SE16 list of personnel infotypes."""
    s = Sheet(g, "SAP_PA0002_PA0006_20240331.csv", 210)
    s.add("PERNR", "employee_no", lambda p: p.emp, "renamed", 0)
    s.add("NACHN_VORNA", "person_name", lambda p: p.name, "renamed", 0)
    s.add("GBDAT", "birth_date", lambda p: f"{p.birth:%Y%m%d}", "renamed")
    s.add("GESCH", "gender", lambda p: p.sex, "renamed")
    s.add("RACKY_TXT", "ethnicity", lambda p: p.ethnic, "renamed")
    s.add("ICNUM", "id_card", lambda p: p.id_card, "renamed", 0.03)
    s.add("STRAS", "home_address", lambda p: p.address, "renamed", 0.2)
    s.add("ORGEH_TXT", "department", lambda p: p.dept, "renamed")
    s.add("PLANS_TXT", "post", lambda p: p.post, "renamed")
    s.add("BANKN", "bank_card", lambda p: p.card, "renamed")
    s.add("AEDTM", "event_date", lambda p: f"{g.day(2019, 2023):%Y%m%d}", "renamed")
    return s.done()


def old_roster(g: Gen) -> LabelledTable:
    """An .xls of 2003 that has been copied from year to year."""
    s = Sheet(g, "综采二队花名册(最新)(改2)最终版.xls", 132)
    s.add("序", "record_no", lambda p: f"{p.i + 1}.0", "mangled", 0)
    s.merged("部 门", "department", DEPTS)
    s.add(
        "姓    名",
        "person_name",
        lambda p: p.name[0] + "  " + p.name[1] if len(p.name) == 2 else p.name,
        "mangled",
        0,
    )
    s.add("性\n别", "gender", lambda p: p.sex)
    s.add(
        "出生\n年月",
        "birth_date",
        lambda p: serial(p.birth) if g.chance(0.6) else f"{p.birth:%Y.%m}",
        "mangled",
    )
    s.add("身份证号码", "id_card", lambda p: sci(p.id_card) if g.chance(0.5) else lost(p.id_card), "mangled")
    s.add(
        "参加工\n作时间",
        "join_date",
        lambda p: serial(p.join) if g.chance(0.5) else f"{p.join:%Y.%m}",
        "mangled",
    )
    s.add("文化程度", "education", lambda p: p.edu)
    s.add("毕业学校", "school", lambda p: p.school, "", 0.04)
    s.add("政治面貌", "political_status", lambda p: p.party)
    s.add("职  务", "post", lambda p: p.post)
    s.add(
        "联系方式",
        "mobile",
        lambda p: p.mobile + ".0" if g.chance(0.7) else grouped(p.mobile, (3, 4)),
        "mangled",
    )
    return s.done()


def union_members(g: Gen) -> LabelledTable:
    """Import template of the members' register."""
    s = Sheet(g, "工会会员实名制导入模板", 260)
    s.add("*会员姓名", "person_name", lambda p: p.name)
    s.add("*证件类型", "category", lambda p: "居民身份证", "decoy", 0)
    s.add("*证件号码", "id_card", lambda p: "'" + p.id_card, "mangled", 0)
    s.add("*性别(1男2女)", "gender", lambda p: "1" if p.sex == "男" else "2")
    s.add("*民族", "ethnicity", lambda p: p.ethnic)
    s.add("*出生日期", "birth_date", lambda p: p.birth.isoformat())
    s.add("*移动电话", "mobile", lambda p: p.mobile)
    s.add("工会组织统一社会信用代码", "credit_code", lambda p: g.credit("81"))
    s.add("*工会小组", "team", lambda p: p.team)
    s.add("户籍所在地", "home_address", lambda p: p.address, "", 0.04)
    s.add("是否本年新入会", "boolean_flag", lambda p: g.pick("是否否否否"))
    s.add("学历", "education", lambda p: p.edu)
    s.add("技术等级", "job_level", lambda p: p.level, "", 0.04)
    return s.done()


def dispatched(g: Gen) -> LabelledTable:
    """Agency workers; three agencies, three manners."""
    s = Sheet(g, "劳务派遣人员明细(三家合并)", 95)
    s.add(
        "姓名/性别/年龄",
        "personal_mix",
        lambda p: f"{p.name}/{p.sex}/{p.age}/{mask(p.mobile, 3, 4)}",
        "concatenated masked",
    )
    s.add(
        "证件",
        "id_card",
        lambda p: grouped(p.id_card, (6, 8)) if g.chance(0.5) else full(p.id_card),
        "mangled",
    )
    s.add("工种", "post", lambda p: p.post)
    s.add("用工单位", "department", lambda p: p.dept)
    s.add("进场日期", "join_date", lambda p: g.date(g.day(2021, 2024)), "mangled")
    s.add(
        "特种作业证",
        "certificate",
        lambda p: g.pick(("低压电工作业", "熔化焊接与热切割", "高处作业", "无")),
        "",
        0.04,
    )
    s.add("卡号", "bank_card", lambda p: grouped(p.card, (4, 4, 4, 4)), "mangled")
    s.add("开户行", "title_other", lambda p: f"{p.bank}{g.pick(('路北支行', '矿区支行', '营业部'))}", "decoy")
    s.add("日工资", "pay", lambda p: f"{g.num(180, 420)}元/天", "mangled")
    return s.done()


def graduates(g: Gen) -> LabelledTable:
    """This year's intake, headers by the student on placement."""
    s = Sheet(g, "2024xinrudaxuesheng.csv", 64, (1997, 2002))
    s.add("xuhao", "record_no", lambda p: str(p.i + 1), "pinyin", 0)
    s.add("xingming", "person_name", lambda p: p.name, "pinyin", 0)
    s.add("shenfenzheng", "id_card", lambda p: p.id_card, "pinyin", 0)
    s.add("byyx", "school", lambda p: p.school, "pinyin renamed")
    s.add("zhuanye", "major", lambda p: p.major, "pinyin")
    s.add("xueli", "education", lambda p: g.pick(("本科", "硕士", "博士", "大专")), "pinyin")
    s.add("shengyuandi", "native_place", lambda p: p.native, "pinyin")
    s.add("zzmm", "political_status", lambda p: p.party, "pinyin renamed")
    s.add("shoujihao", "mobile", lambda p: p.mobile, "pinyin")
    s.add("jiatingdizhi", "home_address", lambda p: p.address, "pinyin")
    s.add(
        "aihao",
        "interest",
        lambda p: g.pick(("篮球", "摄影", "羽毛球、跑步", "书法", "主持", "乒乓球", "吉他", "无")),
        "pinyin",
    )
    s.add("fenpeibumen", "department", lambda p: p.dept, "pinyin")
    return s.done()


def payroll_u8(g: Gen) -> LabelledTable:
    """Payroll of an old finance package."""
    s = Sheet(g, "WA_GZData_202403", 180)
    s.add("cPsn_Num", "employee_no", lambda p: p.emp.lstrip("0"), "renamed mangled english", 0)
    s.add("cPsn_Name", "person_name", lambda p: p.name, "english", 0)
    s.add("cDept_Name", "department", lambda p: p.dept, "english")
    s.add("iYear", "event_date", lambda p: "2024-03", "english", 0)
    s.add("JBGZ", "pay", lambda p: f"{round(p.wage * 0.4)}.0", "pinyin renamed mangled")
    s.add("GWJT", "pay", lambda p: g.pick(("300.0", "450.0", "600.0", "820.0")), "pinyin renamed mangled")
    s.add("JXGZ_SF", "pay", lambda p: f"{p.wage * 0.45:.2f}", "pinyin renamed")
    s.add("GJJ_GR", "pay", lambda p: f"-{p.wage * 0.12:.2f}", "pinyin renamed")
    s.add("SDS", "pay", lambda p: g.dec(0, 480) if g.chance(0.7) else "0.00", "pinyin renamed")
    s.add("gz_sf", "pay", lambda p: f"{p.wage * 0.81:,.2f}", "renamed mangled")
    s.add("cBankCode", "bank_card", lambda p: p.card, "renamed english")
    s.add("KQTS", "attendance", lambda p: g.pick(("21", "22", "20.5", "23", "18")), "pinyin renamed")
    return s.done()


def payslip(g: Gen) -> LabelledTable:
    """A payslip sheet for printing, money as text."""
    s = Sheet(g, "3月工资条(群发)", 88)
    s.add(
        "工资条模板名称",
        "title_other",
        lambda p: g.pick(("一线岗位工资条V3", "机关管理岗工资条", "内退人员工资条")),
        "decoy",
        0,
    )
    s.add("姓名", "person_name", lambda p: p.name)
    s.add("岗位工资", "pay", lambda p: f"{p.wage * 0.42:,.2f}", "mangled")
    s.add("加班小时", "overtime", lambda p: g.num(0, 36))
    s.add("夜班津贴", "pay", lambda p: f"{g.r.randint(0, 15) * 30}元", "mangled")
    s.add("扣款合计", "pay", lambda p: f"({g.dec(300, 2100)})", "mangled")
    s.add("应发合计", "pay", lambda p: f"￥{p.wage:,.2f}", "mangled")
    s.add("实发", "pay", lambda p: f"{p.wage * 0.8:.2f}")
    s.add(
        "人民币大写",
        "pay",
        lambda p: (
            "".join(g.pick("壹贰叁肆伍陆柒捌玖") + u for u in ("仟", "佰", "拾", "元", "角"))
            + g.pick(("整", "柒分", "贰分"))
        ),
        "renamed",
    )
    s.add("工资项目名称", "title_other", lambda p: g.pick(("岗位工资+绩效", "计件工资", "年薪预发")), "decoy")
    s.add("发放批次号", "record_no", lambda p: f"2024031{g.num(1000000, 9999999)}", "decoy")
    return s.done()


def bank_batch(g: Gen) -> LabelledTable:
    """A batch for the bank: pipe file read without a header."""
    s = Sheet(g, "DF_ICBC_0405.txt", 230)
    s.add("", "record_no", lambda p: f"{p.i + 1:06d}", "no_header", 0)
    s.add("", "bank_card", lambda p: p.card, "no_header", 0)
    s.add("", "person_name", lambda p: p.name, "no_header", 0)
    s.add("", "id_card", lambda p: p.id_card, "no_header", 0.1)
    s.add("", "title_other", lambda p: p.bank + "股份有限公司", "no_header decoy", 0)
    s.add("", "event_date", lambda p: "20240405", "no_header", 0)
    s.add("", "category", lambda p: g.pick(("代发工资", "代发奖金", "代发补贴")), "no_header decoy", 0)
    s.add("", "mobile", lambda p: p.mobile, "no_header", 0.4)
    s.add("", "status", lambda p: g.pick(("成功", "成功", "成功", "失败:户名不符")), "no_header", 0)
    return s.done()


def tax(g: Gen) -> LabelledTable:
    """Special deductions for the income tax."""
    s = Sheet(g, "专项附加扣除信息采集", 140)
    s.add("工号", "employee_no", lambda p: p.emp)
    s.add("纳税人姓名", "person_name", lambda p: p.name)
    s.add("纳税人识别号", "id_card", lambda p: p.id_card, "renamed", 0)
    s.add("配偶姓名", "family", lambda p: g.name(), "", 0.04)
    s.add(
        "子女一",
        "family",
        lambda p: (
            f"{p.name[0]}{g.name()[1:]},{g.pick(('小学', '初中', '高中', '学前'))},{g.num(2006, 2019)}年生"
        ),
        "concatenated",
    )
    s.add(
        "赡养老人(被赡养人)", "family", lambda p: f"{g.pick(('父亲', '母亲'))}{g.name()}", "concatenated", 0.3
    )
    s.add("月扣除额", "pay", lambda p: g.pick(("1,000.00", "2,000.00", "1,500.00", "3,000.00")), "mangled")
    s.add("累计已缴税额", "pay", lambda p: g.dec(0, 6500))
    s.add("扣除比例", "percentage", lambda p: g.pick(("100%", "50%")))
    return s.done()


def fund_export(g: Gen) -> LabelledTable:
    """Housing fund and social security from two web pages pasted together."""
    s = Sheet(g, "五险一金对账_粘贴版", 170)
    s.add("单位社会信用代码", "credit_code", lambda p: g.credit(), "decoy", 0.02)
    s.add("个人账号", "housing_fund_no", lambda p: p.fund + ("\t" if g.chance(0.4) else ""), "renamed")
    s.add("公积金账号", "housing_fund_no", lambda p: mask(p.fund, 4, 4), "masked")
    s.add("个人社保编号", "social_security_no", lambda p: p.social, "", 0)
    s.add("缴存人", "person_name", lambda p: mask_name(p.name), "masked renamed", 0)
    s.add("证件号", "id_card", lambda p: mask(p.id_card, 6, 4), "masked")
    s.add("缴存基数", "pay", lambda p: f"{p.wage:,.2f}", "mangled")
    s.add("单位比例", "percentage", lambda p: g.pick(("12%", "10%", "0.12")))
    s.add("月缴存额(个人)", "pay", lambda p: f"{p.wage * 0.12:.2f}")
    s.add("sbbh", "social_security_no", lambda p: p.social.lstrip("0") + ".0", "pinyin renamed mangled")
    return s.done()


def party_roster(g: Gen) -> LabelledTable:
    """Members of the Party branches."""
    s = Sheet(g, "党员信息采集表汇总(各支部报送)", 118)
    s.add("姓名", "person_name", lambda p: p.name)
    s.add("籍贯", "native_place", lambda p: p.native)
    s.add(
        "人员类别",
        "political_status",
        lambda p: g.pick(("正式党员", "正式党员", "正式党员", "预备党员")),
        "renamed",
    )
    s.add("公民身份号码", "id_card", lambda p: p.id_card + ("\n" if g.chance(0.15) else ""), "mangled")
    s.add("行政职务", "post", lambda p: p.post)
    s.add("家庭住址及电话", "personal_mix", lambda p: f"{p.address} 电话{p.mobile}", "concatenated")
    s.add("是否在册党员", "political_status", lambda p: g.pick("是是是否"), "renamed")
    s.add("宗教信仰", "religion", lambda p: g.pick(("无", "无", "无", "无", "无宗教信仰", "曾信佛教")))
    s.add("民主评议等次", "appraisal", lambda p: g.pick(("合格", "优秀", "合格", "基本合格")))
    s.add("奖惩情况", "discipline", lambda p: g.pick(DISCIPLINES) if g.chance(0.2) else "无", "renamed")
    s.add("三会一课出勤", "attendance", lambda p: f"{g.num(6, 12)}/12次", "mangled")
    s.add("学习强国积分", "points", lambda p: f"{g.num(900, 48000)}")
    return s.done()


def league(g: Gen) -> LabelledTable:
    """Youth league members, filled in by each branch secretary."""
    s = Sheet(g, "团员青年台账2024(各支部填)", 156, (1989, 2003))
    s.add("XM", "person_name", lambda p: p.name, "pinyin renamed", 0)
    s.add(
        "XB",
        "gender",
        lambda p: g.pick(("男", "M", "1")) if p.sex == "男" else g.pick(("女", "F", "2")),
        "pinyin renamed mangled",
    )
    s.add("CSRQ", "birth_date", lambda p: g.date(p.birth), "pinyin renamed mangled")
    s.add(
        "MZ",
        "ethnicity",
        lambda p: p.ethnic.removesuffix("族") if g.chance(0.4) else p.ethnic,
        "pinyin renamed",
    )
    s.add(
        "ZZMM",
        "political_status",
        lambda p: g.pick(("共青团员", "团员", "中共党员", "党员", "群众")),
        "pinyin renamed",
    )
    s.add("HYZK", "marital_status", lambda p: g.pick(("未", "已", "未婚", "已婚", "离")), "pinyin renamed")
    s.add("LXFS", "mobile", lambda p: p.mobile, "pinyin renamed")
    s.add("BM", "department", lambda p: p.dept, "pinyin renamed")
    s.add(
        "TC",
        "skill",
        lambda p: g.pick(("主持", "视频剪辑", "CAD制图", "写作", "无人机", "英语", "唱歌", "PPT")),
        "pinyin renamed",
    )
    s.add("QQ/微信", "qq", lambda p: p.qq, "", 0.04)
    s.add("青年文明号集体", "boolean_flag", lambda p: g.pick("是否"))
    return s.done()


def discipline_cases(g: Gen) -> LabelledTable:
    """Cases of the discipline inspection office."""
    s = Sheet(g, "纪检案件台账(内部)", 42)
    s.add("案号", "record_no", lambda p: f"北岭纪立〔2023〕{p.i + 1}号")
    s.add(
        "被反映人",
        "person_name",
        lambda p: p.name[0] + "某" + ("某" if len(p.name) > 2 else ""),
        "masked renamed",
        0,
    )
    s.add("所在单位及职务", "post", lambda p: p.post, "")
    s.add(
        "主要问题",
        "discipline",
        lambda p: g.pick(
            (
                "违规收受礼金",
                "公车私用",
                "违规操办婚宴",
                "收受供应商购物卡",
                "酒后驾车",
                "虚报加班套取资金",
                "失职导致设备损坏",
            )
        ),
        "renamed",
        0,
    )
    s.add("处理结果", "discipline", lambda p: g.pick(DISCIPLINES))
    s.add("字段7", "discipline", lambda p: g.pick(DISCIPLINES) if g.chance(0.7) else "了结", "renamed", 0.3)
    s.add("立案日期", "event_date", lambda p: g.date(g.day(2022, 2023)), "mangled")
    s.rare(
        "承办意见",
        "text_personal",
        lambda p: g.pick(("建议了结", "建议立案", "材料已归档", "待补充谈话笔录", "同意")),
        lambda p: f"建议约谈{p.name}(电话{p.mobile})核实",
    )
    return s.done()


def appraisal(g: Gen) -> LabelledTable:
    """Year-end appraisal."""
    s = Sheet(g, "2023年度考核结果公示前核对", 144)
    s.add("单位", "department", lambda p: p.dept)
    s.add("被考核人", "person_name", lambda p: p.name, "renamed", 0)
    s.add("层级", "job_level", lambda p: p.level)
    s.add("民主测评得分", "appraisal", lambda p: g.dec(78, 99.5))
    s.add("考核等次", "appraisal", lambda p: g.pick(("称职", "称职", "优秀", "称职", "基本称职", "不定等次")))
    s.add("年度绩效奖(万元)", "pay", lambda p: g.dec(1.2, 9.8), "mangled")
    s.add("工龄", "years_of_service", lambda p: f"{p.years}年", "mangled")
    s.add("出勤率", "attendance", lambda p: g.pick(("100%", "98.6%", "99%", "95.2%")))
    s.add(
        "述职评语",
        "text_opinion",
        lambda p: g.pick(
            (
                "工作扎实,团结同志",
                "业务能力强,创新不足",
                "肯吃苦,沟通需加强",
                "能按时完成任务",
                "严格执行规程,带班有方",
            )
        ),
    )
    s.rare(
        "备注",
        "text_personal",
        lambda p: g.pick(("", "无", "同意", "复核")),
        lambda p: f"{p.name}因{g.pick(('抑郁症', '腰椎手术', '甲状腺癌'))}休假半年,不定等次",
        "",
        0.5,
    )
    return s.done()


def lying_roster(g: Gen) -> LabelledTable:
    """A roster whose columns slipped by one when pasted."""
    s = Sheet(g, "检修车间通讯录(错列)", 76)
    s.add("部门编号", "mobile", lambda p: p.mobile, "lying_header")
    s.add("姓名", "department", lambda p: p.dept, "lying_header")
    s.add("科室", "person_name", lambda p: p.name, "lying_header", 0)
    s.add("岗位", "id_card", lambda p: p.id_card, "lying_header")
    s.add("身份证号", "post", lambda p: p.post, "lying_header")
    s.add("手机", "team", lambda p: p.team, "lying_header")
    s.add("班组", "home_address", lambda p: p.address, "lying_header")
    s.add("家庭住址", "education", lambda p: p.edu, "lying_header")
    s.add("学历", "marital_status", lambda p: p.marital, "lying_header")
    s.add("婚姻", "major", lambda p: p.major, "lying_header")
    s.add("专业", "political_status", lambda p: p.party, "lying_header")
    s.add("邮箱", "join_date", lambda p: f"{p.join.isoformat()}入职", "lying_header")
    return s.done()


def hr_english(g: Gen) -> LabelledTable:
    """The export of a foreign HR product in a joint venture."""
    s = Sheet(g, "WD_Worker_Report.xlsx", 205)
    s.add("Worker_ID", "employee_no", lambda p: p.emp, "english", 0)
    s.add("Legal Name", "person_name", lambda p: p.name, "english", 0)
    s.add(
        "emp_mobile",
        "mobile",
        lambda p: "+86 " + p.mobile if g.chance(0.5) else "0086" + p.mobile,
        "english mangled",
    )
    s.add("work_mail", "email", lambda p: p.email, "english")
    s.add("DOB", "birth_date", lambda p: f"{p.birth:%m/%d/%Y}", "english mangled")
    s.add("SALARY_NET", "pay", lambda p: f"{p.wage * 0.8:,.2f} CNY", "english mangled")
    s.add(
        "Job Family",
        "post",
        lambda p: g.pick(("Maintenance", "Finance", "HSE", "Logistics", "Administration")),
        "english",
    )
    s.add("Cost Center", "record_no", lambda p: "CC" + g.digits(6), "english")
    s.add("Hire Date", "join_date", lambda p: f"{p.join:%d-%b-%y}", "english mangled")
    s.add("Supervisory Org", "department", lambda p: p.dept, "english")
    s.add(
        "Marital", "marital_status", lambda p: g.pick(("Married", "Single", "Divorced", "Married")), "english"
    )
    s.add("Passport", "passport", lambda p: "E" + g.pick("ABCDEFGH") + g.digits(7), "english", 0.6)
    return s.done()


def hardship(g: Gen) -> LabelledTable:
    """Files of workers in need."""
    s = Sheet(g, "困难职工建档立卡(秋季)", 58)
    s.add("职工姓名", "person_name", lambda p: p.name)
    s.add(
        "困难类型", "hardship", lambda p: g.pick(("深度困难", "相对困难", "意外致困", "低保户", "因病致困"))
    )
    s.add("致困原因", "hardship", lambda p: g.pick(HARDSHIPS), "", 0)
    s.add(
        "详细情况",
        "text_personal",
        lambda p: f"{p.name},{p.age}岁,{g.pick(HARDSHIPS)},爱人{g.name()}在家务农,联系电话{p.mobile}。",
        "concatenated",
        0,
    )
    s.add(
        "家庭成员",
        "family",
        lambda p: f"妻:{g.name('女')};长子:{p.name[0]}{g.name()[1:]}(在读)",
        "concatenated",
    )
    s.add("人均月收入(元)", "pay", lambda p: g.num(420, 1800))
    s.add("健康", "health", lambda p: g.pick(("良好", "残疾三级", "重病", "慢性病", "一般")), "renamed")
    s.add("填表日期", "event_date", lambda p: g.date(g.day(2024, 2024), "cn"))
    return s.done()


def shift(g: Gen) -> LabelledTable:
    """Shift rota typed by the team clerk."""
    s = Sheet(g, "5月份排班(乙班)", 36)
    s.add("班组", "team", lambda p: g.pick(TEAMS))
    s.add("跟班领导", "person_name", lambda p: p.name, "renamed")
    s.add("值班电话", "hotline", lambda p: g.pick(("内线2119", "8012", "8120", "6633")), "decoy")
    s.add(
        "人员",
        "person_name",
        lambda p: "、".join(g.name() for _ in range(g.r.randint(2, 6))),
        "renamed concatenated",
    )
    s.add("出勤", "attendance", lambda p: g.pick(("√", "√", "√", "×", "△", "病", "休")))
    s.add("工分", "points", lambda p: g.dec(8, 15, 1))
    s.add(
        "作业地点",
        "work_place",
        lambda p: g.pick(("2305工作面", "主井皮带", "地面变电所", "西翼回风巷", "选煤厂三层")),
    )
    s.rare(
        "交接班记录",
        "text_personal",
        lambda p: g.pick(("设备正常", "皮带跑偏已调", "更换托辊2个", "无异常", "瓦斯0.12%正常")),
        lambda p: f"{p.name}{g.pick(('血压高头晕升井', '手指挤伤送医院'))},已告知家属{p.mobile}",
        "",
        0.1,
    )
    return s.done()


def retired(g: Gen) -> LabelledTable:
    """Visits to retired staff."""
    s = Sheet(g, "离退休人员走访登记", 92)
    s.add("老同志姓名", "person_name", lambda p: p.name)
    s.add("年龄", "age", lambda p: str(p.age + 22))
    s.add("退休前职级", "job_level", lambda p: g.pick(LEVELS))
    s.add("住  址", "home_address", lambda p: full(p.address), "mangled")
    s.add("宅电", "landline", lambda p: g.landline(), "", 0.04)
    s.add(
        "身体状况",
        "health",
        lambda p: g.pick(
            ("健康", "卧床", "脑梗后遗症", "糖尿病", "高血压,按时服药", "阿尔茨海默病早期", "听力差")
        ),
    )
    s.add(
        "子女联系方式",
        "personal_mix",
        lambda p: f"{g.pick(('长子', '女儿', '次女'))}{g.name()}{p.mobile}",
        "concatenated",
    )
    s.add("慰问品", "product", lambda p: g.pick(("米面油", "牛奶两箱", "被子", "水果")))
    s.add("老人诉求", "need_category", lambda p: g.pick(("医保报销", "暖气维修", "无", "养老金", "电梯加装")))
    return s.done()


def condolence(g: Gen) -> LabelledTable:
    """Condolence money list written in a hurry."""
    s = Sheet(g, "送温暖发放表 手写录入", 47)
    s.add(
        "Unnamed: 0", "record_no", lambda p: "①②③④⑤⑥⑦⑧⑨⑩"[p.i] if p.i < 10 else str(p.i + 1), "no_header", 0
    )
    s.add("Unnamed: 1", "person_name", lambda p: p.name + ("(代)" if g.chance(0.1) else ""), "no_header", 0)
    s.add("Unnamed: 2", "department", lambda p: p.dept, "no_header")
    s.add("Unnamed: 3", "hardship", lambda p: g.pick(HARDSHIPS), "no_header")
    s.add("Unnamed: 4", "bank_card", lambda p: grouped(p.card, (4, 4, 4, 4)), "no_header mangled")
    s.add("Unnamed: 5", "mobile", lambda p: grouped(p.mobile, (3, 4), "-"), "no_header mangled", 0.3)
    s.add("Unnamed: 6", "status", lambda p: g.pick(("已领", "未领", "已领", "代领")), "no_header")
    s.add("Unnamed: 7", "event_date", lambda p: "2024年1月2" + g.num(0, 9) + "日发放", "no_header")
    s.add("Unnamed: 8", "text_opinion", lambda p: g.opinion(), "no_header", 0.5)
    return s.done()


def audit_json(g: Gen) -> LabelledTable:
    """Change log of the HR system."""
    s = Sheet(g, "hr_audit_log", 300)
    s.add("log_id", "record_no", lambda p: str(7000000 + p.i * 3), "english", 0)
    s.add("op_user", "person_name", lambda p: p.name, "english")
    s.add(
        "ts",
        "event_time",
        lambda p: str(int((dt.datetime(2024, 3, 1) - EPOCH).total_seconds()) * 1000 + g.r.randrange(10**9)),
        "decoy renamed",
        0,
    )
    s.add(
        "before_val",
        "personal_mix",
        lambda p: json.dumps({"name": p.name, "idno": p.id_card, "tel": p.mobile}, ensure_ascii=False),
        "json english",
        0.3,
    )
    s.add(
        "after_val",
        "personal_mix",
        lambda p: json.dumps({"name": p.name, "idno": p.id_card, "tel": g.mobile(), "addr": p.address}),
        "json english",
    )
    s.add("remote_addr", "ip_address", lambda p: g.ip(), "english")
    s.add("tbl", "category", lambda p: g.pick(("T_EMP_BASE", "T_EMP_FAMILY", "T_EMP_EDU")), "renamed")
    s.add(
        "x_token",
        "credential",
        lambda p: "eyJhbGciOiJIUzI1NiJ9." + g.b64(40).replace("+", "-") + "." + g.b64(22),
        "english renamed",
    )
    s.add("result", "status", lambda p: g.pick(("SUCCESS", "SUCCESS", "FAIL")), "english")
    s.add("org_name", "organisation", lambda p: g.pick(ORGS), "english")
    return s.done()


TABLES = (
    sap_dump,
    old_roster,
    union_members,
    dispatched,
    graduates,
    payroll_u8,
    payslip,
    bank_batch,
    tax,
    fund_export,
    party_roster,
    league,
    discipline_cases,
    appraisal,
    lying_roster,
    hr_english,
    hardship,
    shift,
    retired,
    condolence,
    audit_json,
)
