"""Dumps of systems, logs, mail and message exports, and sheets that nobody admits to having made."""

import base64
import hashlib
import json
from urllib.parse import quote

from classifier_sets.labelled import LabelledTable
from classifier_sets.second.gen import (
    DEPTS,
    DIAGNOSES,
    DISCIPLINES,
    ORGS,
    PROVINCES,
    Gen,
    Sheet,
    full,
    grouped,
    lost,
    mask,
    sci,
    serial,
)


def sys_user(g: Gen) -> LabelledTable:
    """User table of a self-made portal."""
    s = Sheet(g, "sys_user.sql.csv", 160)
    s.add("uid", "record_no", lambda p: str(p.i + 1), "english", 0)
    s.add("login_pwd", "credential", lambda p: hashlib.md5(g.digits(8).encode()).hexdigest(), "english", 0)
    s.add("salt_pw2", "credential", lambda p: "$2a$10$" + g.b64(53).replace("+", "."), "english renamed")
    s.add(
        "init",
        "credential",
        lambda p: g.pick(("Abc@123456", "Hy" + g.digits(6), "123456", "P@ssw0rd" + g.digits(2))),
        "english renamed",
        0.3,
    )
    s.add("nm", "person_name", lambda p: p.name, "english renamed", 0)
    s.add("info", "personal_mix", lambda p: f"{p.name},{p.mobile},{p.email}", "concatenated english renamed")
    s.add("unit", "organisation", lambda p: g.pick(ORGS), "english")
    s.add(
        "role_desc",
        "post",
        lambda p: g.pick(("工会干事", "分会主席", "系统管理员", "班组长")),
        "english renamed",
    )
    s.add("is_lock", "boolean_flag", lambda p: g.pick(("0", "1", "0", "0")), "english renamed")
    s.add("last_login_ip", "ip_address", lambda p: g.ip(), "english")
    s.add("ctime", "event_time", lambda p: g.stamp(), "english renamed")
    return s.done()


def wifi(g: Gen) -> LabelledTable:
    """Log of the Wi-Fi controller."""
    s = Sheet(g, "AC_station_log_0512.txt", 330)
    s.add("F1", "event_time", lambda p: f"2024-05-12T{g.clock()}:{g.num(10, 59)}+08:00", "no_header", 0)
    s.add("F2", "device_id", lambda p: g.mac("-"), "no_header", 0)
    s.add("F3", "ip_address", lambda p: g.ip(), "no_header")
    s.add("F4", "mobile", lambda p: p.mobile, "no_header", 0.3)
    s.add("F5", "title_other", lambda p: g.pick(("HY-Staff", "HY-Guest", "Dorm-5G")), "no_header", 0)
    s.add("F6", "venue", lambda p: g.pick(("青年公寓3F", "食堂大厅", "井口候罐室", "办公楼B座")), "no_header")
    s.add(
        "F7", "product", lambda p: g.pick(("HUAWEI-P50", "iPhone", "Redmi-K60", "DESKTOP")), "no_header decoy"
    )
    s.add(
        "F8",
        "personal_mix",
        lambda p: f"user={p.name}&phone={p.mobile}&idcard={p.id_card}",
        "no_header json",
        0.5,
    )
    s.add("F9", "status", lambda p: g.pick(("AUTH_OK", "AUTH_FAIL", "ROAM", "LEAVE")), "no_header")
    return s.done()


def mdm(g: Gen) -> LabelledTable:
    """Explosion-proof phones handed out."""
    s = Sheet(g, "防爆手机及平板发放台账", 96)
    s.add("手机品牌", "product", lambda p: g.pick(("华为", "小米", "优尚丰", "中兴")), "decoy")
    s.add("手机型号", "product", lambda p: g.pick(("KTW280", "Mate 50 防爆版", "S1E", "KT179R")), "decoy")
    s.add("串码", "device_id", lambda p: sci(g.imei()) if g.chance(0.3) else g.imei(), "mangled renamed")
    s.add("MAC", "device_id", lambda p: g.mac().upper(), "english")
    s.add("领用人/电话", "personal_mix", lambda p: f"{p.name}\n{p.mobile}", "concatenated mangled")
    s.add("领用部门", "department", lambda p: p.dept)
    s.add("短号", "landline", lambda p: "6" + p.mobile[-4:] + "(短号)", "renamed")
    s.add(
        "二维码内容",
        "personal_mix",
        lambda p: f"http://mdm.local/bind?imei={g.imei()}&user={quote(p.name)}&tel={p.mobile}",
        "json renamed",
    )
    s.add("采购价", "price", lambda p: g.pick(("3,999.00", "2599", "4280.00")), "decoy")
    s.add("发放日期", "event_date", lambda p: serial(g.day(2022, 2024)), "mangled")
    s.add(
        "使用反馈",
        "text_opinion",
        lambda p: g.pick(("电池不耐用", "屏幕小", "信号差", "下井信号还行", "无")),
        "",
        0.04,
    )
    return s.done()


def face_gate(g: Gen) -> LabelledTable:
    """Face recognition gate."""
    s = Sheet(g, "renlian_zhaji.csv", 120)
    s.add("feature", "biometric", lambda p: g.b64(88), "english renamed")
    s.add(
        "rlsj",
        "biometric",
        lambda p: "[" + ",".join(g.dec(-1, 1, 4) for _ in range(12)) + ",...]",
        "pinyin renamed",
    )
    s.add("zhiwen", "biometric", lambda p: "FPT1:" + g.hexa(48).upper(), "pinyin")
    s.add("renyuan", "person_name", lambda p: p.name, "pinyin renamed", 0)
    s.add("zp", "personal_mix", lambda p: f"{p.name}_{p.id_card}.jpg", "pinyin renamed concatenated")
    s.add("gh", "employee_no", lambda p: p.emp + "\t", "pinyin renamed mangled")
    s.add("zhajihao", "record_no", lambda p: g.pick(("ZJ01", "ZJ02", "ZJ11")), "pinyin")
    s.add("fangxiang", "category", lambda p: g.pick(("进", "出")), "pinyin")
    s.add("kaoqin", "attendance", lambda p: g.pick(("正常", "迟到", "早退", "缺勤")), "pinyin")
    s.add("banci", "team", lambda p: p.team, "pinyin")
    return s.done()


def courier(g: Gen) -> LabelledTable:
    """Parcels at the reception."""
    s = Sheet(g, "快递代收登记(传达室)", 145)
    s.add("运单号", "order_no", lambda p: g.pick(("SF", "YT", "JD", "7731")) + g.digits(12), "decoy", 0)
    s.add("手机号", "order_no", lambda p: f"KD{g.digits(9)}-{g.num(1, 9)}", "lying_header decoy")
    s.add("取件码", "record_no", lambda p: f"{g.num(1, 9)}-{g.num(1, 4)}-{g.digits(4)}")
    s.add("收件人", "person_name", lambda p: p.name[0] + "**" if g.chance(0.5) else p.name, "masked")
    s.add("单号2", "mobile", lambda p: p.mobile, "lying_header")
    s.add(
        "电话",
        "mobile",
        lambda p: g.pick(
            (mask(p.mobile, 3, 4), p.mobile[:3] + "xxxx" + p.mobile[-4:], "***" + p.mobile[-4:])
        ),
        "masked",
    )
    s.add("科室", "department", lambda p: p.dept)
    s.add(
        "面单",
        "personal_mix",
        lambda p: json.dumps(
            {"to": {"n": p.name, "m": mask(p.mobile, 3, 4), "a": p.address}}, ensure_ascii=False
        ),
        "json masked renamed",
    )
    s.add("件数", "quantity", lambda p: g.num(1, 5) + g.pick(("", "件", "箱")), "mangled")
    s.add("到付", "price", lambda p: g.pick(("0", "12.00", "8元")), "mangled")
    s.rare(
        "备注",
        "text_personal",
        lambda p: g.pick(("放一楼", "易碎", "冷藏", "破损", "拒收")),
        lambda p: f"送到{p.address},先打{p.mobile}",
        "",
        0.7,
    )
    return s.done()


def sms(g: Gen) -> LabelledTable:
    """What the message platform sent."""
    s = Sheet(g, "短信平台发送明细.csv", 260)
    s.add("号码", "mobile", lambda p: "86" + p.mobile, "mangled", 0)
    s.add(
        "短信内容",
        "text_personal",
        lambda p: g.pick(
            (
                f"【华曜工会】{p.name}同志,您申请的困难补助已审核通过",
                f"【工资】{p.name},本月实发{p.wage * 0.8:.2f}元",
                f"【体检】{p.name}您好,报告显示{g.pick(DIAGNOSES)},请及时复查",
                f"验证码{g.digits(6)},{p.name}您正在登录",
            )
        ),
        "concatenated",
        0,
    )
    s.add(
        "模板名称",
        "title_other",
        lambda p: g.pick(("工资发放提醒", "体检报告通知", "生日祝福", "登录验证码")),
        "decoy",
    )
    s.add("通道号", "hotline", lambda p: "10690" + g.digits(7), "decoy")
    s.add(
        "参数",
        "personal_mix",
        lambda p: json.dumps(
            {"p1": p.name, "p2": f"{p.wage * 0.8:.2f}", "p3": p.card[-4:]}, ensure_ascii=False
        ),
        "json renamed",
    )
    s.add("条数", "quantity", lambda p: g.num(1, 3))
    s.add("发送人部门", "department", lambda p: g.pick(("党群工作部", "人力资源部", "工会办公室")))
    s.add("回执时间戳", "event_time", lambda p: f"17{g.num(10, 20)}{g.digits(9)}", "decoy")
    s.add(
        "职工回复",
        "text_opinion",
        lambda p: g.pick(("收到", "谢谢工会", "退订", "什么时候能领", "已阅", "福利怎么比去年少")),
        "",
        0.04,
    )
    return s.done()


def outlook(g: Gen) -> LabelledTable:
    """Contacts exported from a mail client."""
    s = Sheet(g, "contacts_outlook.CSV", 175)
    s.add("First Name", "person_name", lambda p: p.name, "english")
    s.add(
        "E-mail Address",
        "email",
        lambda p: g.pick((p.email, f"{p.name}<{p.email}>", p.email + ";", "mailto:" + p.email)),
        "english mangled",
    )
    s.add("E-mail 2", "email", lambda p: p.email[0] + "***@" + p.email.split("@")[1], "english masked", 0.4)
    s.add(
        "Business Phone",
        "landline",
        lambda p: "(" + g.landline().replace("-", ")") + "-" + g.num(801, 899),
        "english mangled",
    )
    s.add("Mobile Phone", "mobile", lambda p: grouped("+86" + p.mobile, (3, 3, 4), "-"), "english mangled")
    s.add("Home Street", "home_address", lambda p: p.address, "english", 0.5)
    s.add(
        "Birthday",
        "birth_date",
        lambda p: g.pick(("0/0/00", f"{p.birth.month}/{p.birth.day}/{p.birth.year}")),
        "english mangled",
    )
    s.add("Spouse", "family", lambda p: g.name(), "english", 0.6)
    s.add("Company", "organisation", lambda p: p.org, "english")
    s.add("Department", "department", lambda p: p.dept, "english")
    s.add("Job Title", "post", lambda p: p.post, "english")
    s.add("Web Page", "url", lambda p: "http://www.huayao-energy.com.cn", "english", 0.5)
    s.rare(
        "Notes",
        "text_personal",
        lambda p: g.pick(("新年发贺卡", "2019培训认识", "工会口", "")),
        lambda p: f"身份证{p.id_card} 报销打{p.card}",
        "english",
        0.6,
    )
    return s.done()


def pbx(g: Gen) -> LabelledTable:
    """Call records of the telephone exchange."""
    s = Sheet(g, "CDR_202405", 300)
    s.add("calling", "landline", lambda p: g.landline().replace("-", ""), "english renamed", 0)
    s.add("called", "mobile", lambda p: g.pick(("9", "0", "")) + p.mobile, "english renamed mangled")
    s.add("trunk_id", "record_no", lambda p: "1" + g.digits(10), "english decoy")
    s.add("dur", "quantity", lambda p: f"{g.num(1, 1200)}s", "english renamed mangled")
    s.add(
        "begin",
        "event_time",
        lambda p: g.stamp().replace("-", "").replace(":", "").replace(" ", ""),
        "english renamed decoy",
    )
    s.add("fee", "price", lambda p: g.dec(0.1, 15), "english decoy")
    s.add("dept", "department", lambda p: p.dept, "english")
    s.add("dest_region", "region", lambda p: g.pick(PROVINCES), "english")
    s.add("owner", "person_name", lambda p: p.name, "english renamed", 0.2)
    s.add(
        "release_cause",
        "status",
        lambda p: g.pick(("16 Normal", "17 Busy", "19 NoAnswer")),
        "english renamed",
    )
    return s.done()


def nginx(g: Gen) -> LabelledTable:
    """Access log of the mobile portal, split at blanks."""
    s = Sheet(g, "access_log_split", 220)
    s.add("Unnamed: 0", "ip_address", lambda p: g.ip(), "no_header", 0)
    s.add("Unnamed: 1", "event_time", lambda p: f"[{g.num(10, 28)}/May/2024:{g.clock()}:07", "no_header", 0)
    s.add(
        "Unnamed: 2",
        "personal_mix",
        lambda p: f"GET /ehr/q?xm={quote(p.name)}&sfzh={p.id_card}&sjh={p.mobile}",
        "no_header json",
        0,
    )
    s.add("Unnamed: 3", "status", lambda p: g.pick(("200", "302", "404", "500")), "no_header")
    s.add(
        "Unnamed: 4",
        "url",
        lambda p: g.pick(("https://m.huayao.local/index", "https://m.huayao.local/act/list", "-")),
        "no_header",
        0,
    )
    s.add(
        "Unnamed: 5",
        "credential",
        lambda p: f"JSESSIONID={g.hexa(32).upper()}; access_token={g.hexa(40)}",
        "no_header json",
    )
    s.add(
        "Unnamed: 6",
        "title_other",
        lambda p: g.pick(
            ("Mozilla/5.0 (Linux; Android 12)", "MicroMessenger/8.0.47", "Mozilla/5.0 (iPhone; CPU)")
        ),
        "no_header",
        0,
    )
    s.add(
        "Unnamed: 7",
        "location_track",
        lambda p: f"lng={g.dec(114, 118, 6)}&lat={g.dec(37, 39, 6)}",
        "no_header json",
        0.5,
    )
    s.add("Unnamed: 8", "organisation", lambda p: g.pick(ORGS), "no_header")
    return s.done()


def oa_forms(g: Gen) -> LabelledTable:
    """Workflow engine: form data as text."""
    s = Sheet(g, "ACT_HI_FORM_EXPORT", 150)
    s.add("PROC_INST_ID_", "record_no", lambda p: g.num(100000, 999999), "english renamed", 0)
    s.add(
        "FORM_JSON",
        "personal_mix",
        lambda p: json.dumps(
            {
                "applicant": {"name": p.name, "no": p.emp},
                "bank": {"card": p.card, "bank": p.bank},
                "tel": p.mobile,
            },
            ensure_ascii=False,
        ),
        "json english",
    )
    s.add(
        "FORM_XML",
        "personal_mix",
        lambda p: (
            f'<form><f k="姓名">{p.name}</f><f k="身份证">{p.id_card}</f>'
            f'<f k="病情">{g.pick(DIAGNOSES)}</f></form>'
        ),
        "json english",
        0.4,
    )
    s.add(
        "BUSI_KEY",
        "activity_title",
        lambda p: g.pick(("职工疗休养报名", "羽毛球赛报名", "读书分享会", "趣味运动会")),
        "english renamed",
    )
    s.add(
        "VARS",
        "family",
        lambda p: json.dumps({"spouse": g.name(), "child": [p.name[0] + "小宝"]}, ensure_ascii=False),
        "json renamed",
        0.3,
    )
    s.add("ASSIGNEE_", "employee_no", lambda p: p.emp, "english renamed")
    s.add(
        "B64",
        "personal_mix",
        lambda p: base64.b64encode(f"{p.name}|{p.id_card}|{p.mobile}".encode()).decode(),
        "renamed mangled concatenated",
        0.3,
    )
    s.add(
        "ACT_NAME_",
        "status",
        lambda p: g.pick(("部门审批", "工会审核", "已归档", "退回发起人")),
        "english renamed",
    )
    s.add("START_TIME_", "event_time", lambda p: g.stamp() + ".000", "english")
    s.add("DEPT_NAME_", "department", lambda p: p.dept, "english")
    s.add(
        "COMMENT_",
        "text_opinion",
        lambda p: g.pick(("同意,请抓紧办理", "情况不清,退回", "按制度办", "额度偏高,建议核减", "请补充说明")),
        "english",
    )
    return s.done()


def wechat_chain(g: Gen) -> LabelledTable:
    """A chat exported with all its noise."""
    s = Sheet(g, "微信群聊天记录导出(分会干部群)", 210)
    s.add("时间", "event_time", lambda p: g.stamp(), "", 0)
    s.add("发言人", "personal_mix", lambda p: f"{p.dept[:2]}-{p.name}{p.mobile}", "concatenated renamed", 0)
    s.add("wxid", "wechat", lambda p: p.wechat, "english", 0)
    s.rare(
        "内容",
        "text_personal",
        lambda p: g.pick(("收到", "[图片]", "1", "辛苦了", g.opinion(), "几点开会?", "[强]")),
        lambda p: g.pick((f"我的身份证{p.id_card}", f"{p.name}家孩子住院了,卡号{p.card},大家帮一把")),
        "",
        0.02,
    )
    s.add("消息类型", "category", lambda p: g.pick(("文本", "图片", "语音", "系统")))
    s.add(
        "群名", "title_other", lambda p: g.pick(("分会干部工作群", "体检报告领取群", "工资咨询群")), "decoy"
    )
    s.add(
        "接龙", "activity_participation", lambda p: g.pick(("参加", "+1", "不参加", "带家属参加", "请假")), ""
    )
    s.add("头衔", "post", lambda p: g.pick(("分会主席", "组长", "委员", "干事")), "renamed")
    s.add(
        "文件",
        "policy_title",
        lambda p: g.pick(("福利发放通知.docx", "2024年工会工作要点.pdf", "安全生产月方案.doc")),
        "",
        0.04,
    )
    s.add("备注名", "person_name", lambda p: p.name + g.pick(("", "(机电)", "-工会")), "renamed")
    return s.done()


def vcards(g: Gen) -> LabelledTable:
    """One column was enough for the man who made it; the others came later."""
    s = Sheet(g, "通讯录备份(vcf转)", 88)
    s.add(
        "列1",
        "personal_mix",
        lambda p: f"BEGIN:VCARD\nFN:{p.name}\nTEL;CELL:{p.mobile}\nEND:VCARD",
        "no_header json mangled",
        0,
    )
    s.add(
        "列2",
        "personal_mix",
        lambda p: f"姓名：{p.name}，身份证：{p.id_card}，住{p.address}",
        "no_header concatenated",
    )
    s.add("列3", "email", lambda p: p.email, "no_header")
    s.add("列4", "department", lambda p: p.dept, "no_header")
    s.add("列5", "qq", lambda p: f"{p.qq}@qq" if g.chance(0.2) else "QQ:" + p.qq, "no_header mangled")
    s.add("列6", "marital_status", lambda p: p.marital, "no_header")
    s.add("列7", "ethnicity", lambda p: p.ethnic, "no_header")
    s.add("列8", "education", lambda p: p.edu, "no_header")
    s.add("列9", "political_status", lambda p: p.party, "no_header")
    s.add("列10", "school", lambda p: p.school, "no_header")
    return s.done()


def handover(g: Gen) -> LabelledTable:
    """The sheet the last clerk left when he left."""
    s = Sheet(g, "交接_新建Microsoft Excel工作表(3)", 73)
    s.add(
        "字段1",
        "person_name",
        lambda p: full(p.name).replace("", " ").strip(),
        "renamed mangled no_header",
        0,
    )
    s.add(
        "字段2",
        "id_card",
        lambda p: g.pick((sci(p.id_card), "'" + p.id_card, grouped(p.id_card, (6, 4, 4), "-"))),
        "renamed mangled no_header",
    )
    s.add(
        "字段3",
        "bank_card",
        lambda p: g.pick((p.card, "'" + p.card, grouped(p.card, (4, 4, 4, 4), "-"), full(p.card))),
        "renamed mangled no_header",
    )
    s.add("字段4", "housing_fund_no", lambda p: "公积金" + p.fund, "renamed no_header")
    s.add("字段5", "social_security_no", lambda p: "社保号" + p.social + ";", "renamed mangled no_header")
    s.add("字段6", "job_level", lambda p: p.level, "renamed no_header")
    s.add(
        "备注2",
        "mobile",
        lambda p: g.pick((p.mobile, p.mobile + "换号了", "打不通" + p.mobile)),
        "renamed mangled",
        0.4,
    )
    s.add("备注3", "discipline", lambda p: g.pick(DISCIPLINES), "renamed", 0.6)
    s.add("xx", "leave", lambda p: g.pick(("年假已休5天", "产假中", "探亲假", "无假")), "renamed no_header")
    s.add("XL", "education", lambda p: p.edu, "pinyin renamed")
    s.add("gz", "post", lambda p: p.post, "pinyin renamed")
    s.rare("字段12", "mobile", lambda p: None, lambda p: p.mobile, "renamed no_header")
    return s.done()


def rare_sheet(g: Gen) -> LabelledTable:
    """Inventory sheets where somebody wrote one thing too much."""
    s = Sheet(g, "仓库劳保用品出入库(2号库)", 340)
    s.add("物料编码", "record_no", lambda p: "1" + g.digits(10), "decoy", 0)
    s.rare("去向", "text_personal", lambda p: g.pick(DEPTS), lambda p: f"{p.dept}{p.name}自提{p.mobile}")
    s.rare(
        "规格说明",
        "text_personal",
        lambda p: g.pick(("XL", "42码", "均码", "KN95", "12kV")),
        lambda p: f"特制:{p.name}左脚截肢,需定做",
    )
    s.rare("入库单号", "id_card", lambda p: f"RK{g.digits(8)}", lambda p: p.id_card, "lying_header", 0.02)
    s.rare("备用栏", "bank_card", lambda p: None, lambda p: p.card, "renamed", 0.9)
    s.rare(
        "退货原因",
        "text_personal",
        lambda p: g.pick(("尺码不符", "破损", "多发", "过期")),
        lambda p: f"{p.name}对乳胶过敏起疹",
        "",
        0.6,
    )
    s.add("数量", "quantity", lambda p: f"{g.num(1, 200)}{g.pick(('', '.0', '双', '顶'))}", "mangled")
    s.add("单位", "unit_of_measure", lambda p: g.pick(("双", "顶", "件", "副")))
    s.add("单价", "price", lambda p: g.dec(2, 260), "decoy")
    s.add("领用班组", "team", lambda p: p.team)
    s.add(
        "质量反映",
        "text_opinion",
        lambda p: g.pick(("手套太薄", "口罩闷", "还行", "帽带容易断", "靴子漏水", "比上批好")),
        "",
        0.04,
    )
    return s.done()


def rare_minutes(g: Gen) -> LabelledTable:
    """Minutes of team meetings."""
    s = Sheet(g, "班组民主生活会/座谈会记录汇总", 200)
    s.add("会议日期", "event_date", lambda p: g.date(g.day(2024, 2024)), "mangled")
    s.add(
        "会议议题",
        "title_other",
        lambda p: g.pick(("奖金分配办法", "病假管理规定讨论", "身份信息采集动员", "安全隐患排查")),
        "decoy",
    )
    s.add("到会人数", "head_count", lambda p: g.num(6, 40) + "人", "mangled")
    s.rare(
        "发言要点",
        "text_personal",
        lambda p: g.opinion(),
        lambda p: f"{p.name}说爱人{g.name()}得了乳腺癌,希望照顾班次",
        "",
        0.05,
    )
    s.rare(
        "领导答复",
        "text_personal",
        lambda p: g.pick(("会后落实", "已列入计划", "需上会研究", "向集团反映")),
        lambda p: f"由{g.name()}({g.mobile()})负责",
        "",
        0.2,
    )
    s.rare(
        "遗留问题",
        "text_personal",
        lambda p: g.opinion(),
        lambda p: f"{p.name}醉酒闹事被拘留五日,待处理",
        "",
        0.4,
    )
    s.rare(
        "附件说明",
        "text_personal",
        lambda p: g.pick(("签到表", "照片3张", "无", "录音")),
        lambda p: f"签到表含身份证{p.id_card}",
        "",
        0.5,
    )
    s.add("班组", "team", lambda p: p.team)
    s.add("建议归类", "need_category", lambda p: g.pick(("薪酬", "安全", "生活", "培训", "制度")))
    s.add("职工意见", "text_opinion", lambda p: g.opinion(), "", 0.04)
    s.add("会议评价", "satisfaction", lambda p: g.pick(("满意", "较满意", "一般")))
    return s.done()


def id_decoys(g: Gen) -> LabelledTable:
    """Asset labels; long numbers of all sorts."""
    s = Sheet(g, "固定资产条码盘点", 240)
    s.add("资产编码", "record_no", lambda p: f"{g.num(1, 9)}{g.digits(17)}", "decoy", 0)
    s.add("资产卡片号", "record_no", lambda p: "6222" + g.digits(12), "decoy", 0)
    s.add("合同号", "record_no", lambda p: f"130{g.digits(3)}2023{g.digits(8)}", "decoy")
    s.add("发票号码", "order_no", lambda p: "2413" + g.digits(16), "decoy")
    s.add("电表户号", "record_no", lambda p: f"13{g.digits(8)}", "decoy")
    s.add("设备位号", "record_no", lambda p: f"SB-{g.num(1, 9)}.{g.num(0, 99)}.{g.num(0, 9)}", "decoy")
    s.add("使用部门", "department", lambda p: p.dept)
    s.add(
        "资产名称",
        "product",
        lambda p: g.pick(
            ("打印机", "身份证读卡器", "人脸识别闸机", "指纹考勤机", "体检仪", "手机信号屏蔽柜")
        ),
        "decoy",
    )
    s.add("原值", "price", lambda p: f"{g.num(1, 99)},{g.digits(3)}.{g.digits(2)}", "mangled decoy")
    s.add("责任人", "person_name", lambda p: p.name, "", 0.04)
    return s.done()


def lying_public(g: Gen) -> LabelledTable:
    """Headers were reused from another template; nothing private below most of them."""
    s = Sheet(g, "场馆开放统计(套用花名册模板)", 68)
    s.add(
        "姓名",
        "venue",
        lambda p: g.pick(("羽毛球馆", "健身房", "游泳馆", "乒乓球室", "职工书屋")),
        "lying_header decoy",
        0,
    )
    s.add("身份证号码", "record_no", lambda p: f"CG-2024-{g.digits(6)}", "lying_header decoy")
    s.add(
        "出生日期", "event_date", lambda p: f"2024年{g.num(1, 6)}月{g.num(1, 28)}日开放", "lying_header decoy"
    )
    s.add(
        "家庭住址",
        "product",
        lambda p: g.pick(("羽毛球拍", "哑铃", "跑步机", "瑜伽垫")),
        "lying_header decoy",
    )
    s.add("工资", "head_count", lambda p: g.num(5, 120) + "人次", "lying_header decoy")
    s.add("手机号", "hotline", lambda p: "400-" + g.digits(3) + "-" + g.digits(4), "lying_header decoy")
    s.add("疾病史", "text_opinion", lambda p: g.opinion(), "lying_header decoy")
    s.add("银行卡号", "price", lambda p: g.pick(("5元/次", "10元/次", "免费")), "lying_header decoy")
    s.add("政治面貌", "status", lambda p: g.pick(("开放", "维修中", "停用")), "lying_header decoy")
    s.add("邮箱", "url", lambda p: f"http://venue.huayao.local/{g.num(1, 99)}", "lying_header decoy")
    s.add("配偶", "department", lambda p: p.dept, "lying_header decoy")
    return s.done()


def transfer(g: Gen) -> LabelledTable:
    """Transfers and probation; two formats of one table joined."""
    s = Sheet(g, "人员调动及试用期转正台账", 108)
    s.add("人员编码", "employee_no", lambda p: p.emp.lstrip("0") if g.chance(0.5) else "'" + p.emp, "mangled")
    s.add("人员", "person_name", lambda p: f"{p.name}【{p.sex}】", "renamed")
    s.add("调出单位", "department", lambda p: p.dept)
    s.add("调入单位", "department", lambda p: g.pick(DEPTS))
    s.add("原岗级", "job_level", lambda p: g.pick(("8岗", "9级", "J12", "主办", "11.0")), "mangled")
    s.add("调动日期", "event_date", lambda p: g.date(g.day(2023, 2024)), "mangled")
    s.add(
        "入司日期",
        "join_date",
        lambda p: g.pick((serial(p.join), f"{p.join:%y.%m.%d}", p.join.isoformat())),
        "mangled",
    )
    s.add("转正考核", "appraisal", lambda p: g.pick(("合格", "优秀", "延长试用期1个月", "88分", "胜任")))
    s.add(
        "薪酬变动",
        "pay",
        lambda p: f"{g.num(4, 6)},{g.digits(3)}→{g.num(7, 9)},{g.digits(3)}",
        "concatenated mangled",
    )
    s.add(
        "取得证书", "certificate", lambda p: g.pick(("一级建造师", "注安", "驾驶证B2", "会计中级", "电工证"))
    )
    s.add("掌握技能", "skill", lambda p: g.pick(("CAD", "PLC编程", "焊接6G", "英语口语", "财务分析")))
    s.add("婚姻", "marital_status", lambda p: g.pick(("已", "未", "离", "已婚", "未婚")), "mangled")
    return s.done()


def model_workers(g: Gen) -> LabelledTable:
    """Model workers and innovation studios."""
    s = Sheet(g, "劳模及创新工作室基本情况", 46)
    s.add("领军人", "person_name", lambda p: p.name, "renamed", 0)
    s.add(
        "荣誉称号",
        "certificate",
        lambda p: g.pick(("省劳动模范荣誉证书", "五一劳动奖章", "市劳动模范证书", "集团工匠证书")),
    )
    s.add(
        "事迹简介",
        "text_personal",
        lambda p: (
            f"{p.name},{p.party},{p.birth.year}年{p.birth.month}月生,{p.native}人,现任{p.dept}{p.post}。"
        ),
        "concatenated",
    )
    s.add("领军人工龄", "years_of_service", lambda p: f"{p.years}年", "mangled")
    s.add("所学专业", "major", lambda p: p.major)
    s.add("文化程度", "education", lambda p: p.edu)
    s.add("成员数", "head_count", lambda p: g.num(5, 32))
    s.add("补助经费", "price", lambda p: g.pick(("50,000.00", "3万元", "20000")), "mangled decoy")
    s.add("成果转化率", "percentage", lambda p: g.pick(("85%", "0.6", "72.5%")), "mangled")
    s.add("劳模津贴(月)", "pay", lambda p: g.pick(("500元", "300", "800.0")), "mangled")
    s.add("所在省份", "region", lambda p: g.pick(PROVINCES))
    return s.done()


def minority(g: Gen) -> LabelledTable:
    """Ethnic and religious affairs: care in festivals."""
    s = Sheet(g, "少数民族职工节日慰问名册", 40)
    s.add(
        "minzu", "ethnicity", lambda p: g.pick(("回族", "满", "蒙", "维吾尔", "藏族", "哈萨克族")), "pinyin"
    )
    s.add("xm", "person_name", lambda p: p.name, "pinyin renamed", 0)
    s.add(
        "zjxy", "religion", lambda p: g.pick(("伊斯兰教", "无", "藏传佛教", "无", "基督教")), "pinyin renamed"
    )
    s.add("信教", "religion", lambda p: g.pick(("是 伊斯兰", "否", "佛教徒", "否", "天主教")), "renamed")
    s.add(
        "jiguan",
        "native_place",
        lambda p: g.pick(("宁夏吴忠", "新疆喀什", "内蒙古通辽", "青海西宁", "辽宁新宾")),
        "pinyin",
    )
    s.add("lxdh", "mobile", lambda p: p.mobile + ".0", "pinyin renamed mangled")
    s.add(
        "jtqk",
        "family",
        lambda p: f"妻{g.name('女')},{g.pick(('一子', '一女', '两女'))}",
        "pinyin renamed concatenated",
    )
    s.add("节日", "title_other", lambda p: g.pick(("开斋节", "古尔邦节", "那达慕", "藏历新年")))
    s.add("慰问品", "product", lambda p: g.pick(("牛肉5kg", "奶茶礼盒", "羊肉", "干果")))
    s.add("ffrq", "event_date", lambda p: g.date(g.day(2024, 2024)), "pinyin renamed mangled")
    s.add(
        "gzdd",
        "work_place",
        lambda p: g.pick(("选煤厂", "3号井", "热电厂集控室", "物资库")),
        "pinyin renamed",
    )
    return s.done()


def emergency(g: Gen) -> LabelledTable:
    """A rescue team's emergency card list, all in text."""
    s = Sheet(g, "救护队应急联络卡", 32)
    s.add("队员", "person_name", lambda p: p.name, "renamed", 0)
    s.add(
        "血型/药物过敏",
        "health",
        lambda p: f"{g.pick('ABO')}型/{g.pick(('无', '青霉素', '磺胺'))}",
        "concatenated",
    )
    s.add("第一联系人", "family", lambda p: f"{g.pick(('妻', '父', '母', '兄'))} {g.name()}", "concatenated")
    s.add("联系人手机", "mobile", lambda p: grouped(g.mobile(), (3, 4), " "), "mangled")
    s.add("家", "home_address", lambda p: p.address.replace("号", "號"), "renamed")
    s.add(
        "家(旧)", "home_address", lambda p: p.address[:6] + "******" + p.address[-4:], "masked renamed", 0.3
    )
    s.add("小队", "team", lambda p: g.pick(("一小队", "二小队", "直属小队")))
    s.add("值勤状态", "attendance", lambda p: g.pick(("在岗", "备勤", "休班", "外出")))
    s.add("体能考核", "training_score", lambda p: g.pick(("优秀", "91.5分", "合格", "88")), "mangled")
    s.add("呼吸器编号", "record_no", lambda p: "HX" + g.digits(15), "decoy")
    s.add("队龄", "years_of_service", lambda p: full(str(g.r.randint(1, 20))) + "年", "mangled")
    s.add("救援证", "certificate", lambda p: g.pick(("矿山救护工证", "潜水证", "AHA急救证")))
    return s.done()


def id15(g: Gen) -> LabelledTable:
    """A register scanned and read by OCR."""
    s = Sheet(g, "档案室OCR识别结果_未校对", 90)
    s.add("姓 名", "person_name", lambda p: " ".join(p.name), "mangled", 0)
    s.add(
        "身份证",
        "id_card",
        lambda p: p.id_card.replace("0", "O", 1) if g.chance(0.3) else p.id_card,
        "mangled",
    )
    s.add("旧证号", "id_card", lambda p: p.id_card[:6] + p.id_card[8:17], "renamed", 0.4)
    s.add("出 生", "birth_date", lambda p: f"{p.birth.year} 年 {p.birth.month} 月", "mangled")
    s.add("民 族", "ethnicity", lambda p: p.ethnic.replace("汉族", "汉 族"), "mangled")
    s.add("籍 贯", "native_place", lambda p: p.native[:2] + " " + p.native[2:], "mangled")
    s.add("参加工作", "join_date", lambda p: full(f"{p.join:%Y.%m}"), "mangled")
    s.add("学历学位", "education", lambda p: p.edu + g.pick(("", "学士", "")))
    s.add(
        "工资级别金额", "pay", lambda p: full(g.num(3800, 9600)) + "．" + full(g.digits(2)) + "元", "mangled"
    )
    s.add(
        "家庭成员及社会关系",
        "family",
        lambda p: f"父{p.name[0]}{g.name('男')[1:]} 务农 母{g.name('女')} 已故",
        "concatenated",
    )
    return s.done()


def meters(g: Gen) -> LabelledTable:
    """Energy of public rooms; wholly public."""
    s = Sheet(g, "活动场馆能耗月报", 120)
    s.add("表计编号", "record_no", lambda p: "1" + g.digits(10), "decoy", 0)
    s.add("能源类别", "category", lambda p: g.pick(("电", "水", "天然气", "蒸汽")))
    s.add("用量", "quantity", lambda p: f"{g.num(1, 60)},{g.digits(3)}", "mangled")
    s.add("计量单位", "unit_of_measure", lambda p: g.pick(("kWh", "m³", "吨", "GJ")))
    s.add("单价", "price", lambda p: g.dec(0.4, 6, 4))
    s.add("环比", "percentage", lambda p: f"{g.dec(-20, 30, 1)}%")
    s.add("抄表日", "event_date", lambda p: f"202405{g.num(10, 28)}", "decoy")
    s.add("管理单位", "department", lambda p: p.dept)
    s.add("异常标志", "boolean_flag", lambda p: g.pick(("0", "1", "N", "Y")))
    s.add("抄表员工号", "employee_no", lambda p: lost(p.emp).lstrip("0"), "mangled")
    return s.done()


def idle_days(g: Gen) -> LabelledTable:
    """Course records of one year per person."""
    s = Sheet(g, "员工培训档案(一人多行)", 190)
    s.add("员工", "personal_mix", lambda p: f"{p.emp}-{p.name}", "concatenated renamed", 0)
    s.add(
        "已修课程",
        "course_record",
        lambda p: g.pick(
            ("已完成:电工复训", "已结业《班组长能力提升》", "未完成:消防培训", "选修 公文写作(通过)")
        ),
    )
    s.add("学时累计", "course_record", lambda p: g.num(4, 120) + "学时", "mangled")
    s.add("考试分数", "training_score", lambda p: g.pick(("88.0", "95分", "补考62", "76", "缺考")), "mangled")
    s.add(
        "证书及有效期",
        "certificate",
        lambda p: f"低压电工证 至{g.date(g.day(2025, 2028), 'dot')}",
        "concatenated",
    )
    s.add("岗位", "post", lambda p: p.post)
    s.add("工作地", "work_place", lambda p: g.pick(("北岭矿", "滨海厂区", "云栈电站", "集团总部")))
    s.add("培训反馈", "text_opinion", lambda p: g.opinion(), "", 0.04)
    s.add("个人评价等级", "appraisal", lambda p: g.pick(("A", "B", "B+", "C", "优秀")), "mangled")
    s.add("加班参训", "overtime", lambda p: g.pick(("加班2小时", "无加班", "周六加班", "夜间加班3h")), "")
    return s.done()


TABLES = (
    sys_user,
    wifi,
    mdm,
    face_gate,
    courier,
    sms,
    outlook,
    pbx,
    nginx,
    oa_forms,
    wechat_chain,
    vcards,
    handover,
    rare_sheet,
    rare_minutes,
    id_decoys,
    lying_public,
    transfer,
    model_workers,
    minority,
    emergency,
    id15,
    meters,
    idle_days,
)
