"""Tables of the first half, part c: dumps, headless sheets, lying headers, masked exports, statistics.

All synthetic.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from urllib.parse import urlencode

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
    bank_card,
    base64s,
    credit_code,
    cut15,
    digits,
    hexes,
    imei,
    mac,
    mask,
    mask_mail,
    mobile,
    moment,
    name,
    outer_ip,
    scientific,
    serial,
    split,
    wide,
)
from classifier_sets.first.tables_b import ACTIVITIES, COURSES, LECTURES, VENUES, service_line
from classifier_sets.first.texts import GRAVE, ILLS, KIN, leak, opinion, poverty, seeded
from classifier_sets.labelled import LabelledTable

Make = Callable[[Person], Cell]


def dumps(value: object, tight: bool = True) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":") if tight else None)


# ---- lying headers ----


def lying_shifted(r: Random) -> LabelledTable:
    """The clerk pasted the body one column to the left of its headings."""
    s = Sheet("新员工信息(错列)", r, 84, GRID)
    s.add("序号", "person_name", lambda p: p.name, "lying_header")
    s.add("姓名", "department", lambda p: p.department, "lying_header")
    s.add("部门", "post", lambda p: p.post, "lying_header")
    s.add("岗位", "id_card", lambda p: p.id_card, "lying_header")
    s.add("身份证号", "mobile", lambda p: p.mobile, "lying_header")
    s.add("手机号", "education", lambda p: p.education, "lying_header")
    s.add("学历", "school", lambda p: p.school, "lying_header", gap=0.1)
    s.add("毕业院校", "major", lambda p: p.major, "lying_header", gap=0.1)
    s.add("入职时间", "political_status", lambda p: p.politics, "lying_header")
    return s.done()


def lying_reused(r: Random) -> LabelledTable:
    """An old template reused for something else; nobody changed the headings."""
    s = Sheet("劳保采购(沿用花名册模板)", r, 130, STEEL)
    s.add("身份证号", "order_no", s.each(lambda: digits(r, 18)), "lying_header", "decoy")
    s.add(
        "姓名",
        "product",
        s.pick("防砸劳保鞋", "焊工手套", "防护眼镜", "雨衣", "安全带"),
        "lying_header",
        "decoy",
    )
    s.add("家庭住址", "venue", s.pick(*VENUES), "lying_header", "decoy")
    s.add("手机号", "record_no", s.each(lambda: f"1{r.choice('012')}{digits(r, 9)}"), "lying_header", "decoy")
    s.add("开户行", "organisation", s.pick("鑫达劳保用品有限公司", "安泰防护厂", "宏远商贸"), "lying_header")
    s.add("备注", "price", s.each(lambda: f"{r.uniform(5, 600):,.2f}元"), "lying_header")
    s.add("部门编号", "mobile", s.each(lambda: mobile(r)), "lying_header")
    s.add(
        "邮箱", "url", s.each(lambda: f"http://sc.hyst.com.cn/item/{digits(r, 8)}"), "lying_header", "decoy"
    )
    s.add("性别", "unit_of_measure", s.pick("双", "副", "件", "条"), "lying_header")
    return s.done()


def lying_codes(r: Random) -> LabelledTable:
    s = Sheet("ITEM_MASTER_2", r, 105, OIL, blank="-")
    s.add("物资编码", "bank_card", lambda p: p.bank, "lying_header")
    s.add("设备编号", "id_card", lambda p: p.id_card, "lying_header")
    s.add("单价", "email", lambda p: p.email, "lying_header", gap=0.2)
    s.add("供应商", "person_name", lambda p: p.name, "lying_header")
    s.add("规格型号", "home_address", lambda p: p.address, "lying_header", gap=0.1)
    s.add("订单号", "plate_number", lambda p: p.plate, "lying_header", gap=0.3)
    s.add("库存数量", "health", lambda p: r.choice(ILLS), "lying_header", gap=0.3)
    s.add("课程名称", "mobile", lambda p: mask(p.mobile, 3, 4), "lying_header", "masked")
    s.add("邮编", "qq", lambda p: "QQ:" + p.qq, "lying_header", gap=0.2)
    s.add("车间", "event_time", s.times(2024, 2025), "lying_header")
    s.add("工资", "satisfaction", s.pick("满意", "不满意", "比较满意", "一般"), "lying_header")
    s.add("疾病", "interest", s.pick("钓鱼", "下象棋", "广场舞", "跑步", "看电影"), "lying_header")
    return s.done()


# ---- no headings ----


def headless_mix(r: Random) -> LabelledTable:
    s = Sheet("Sheet1", r, 72, COAL)
    s.add("Unnamed: 0", "record_no", s.serials(0), "no_header")
    s.add(
        "Unnamed: 1",
        "personal_mix",
        lambda p: f"{p.name}/{p.mobile}/{p.department}",
        "no_header",
        "concatenated",
    )
    s.add("Unnamed: 2", "home_address", lambda p: p.address, "no_header", gap=0.2)
    s.add(
        "Unnamed: 3", "bank_card", lambda p: split(p.bank, " ", 4, 4, 4, 4), "no_header", "mangled", gap=0.1
    )
    s.add("Unnamed: 4", "post", lambda p: p.post, "no_header")
    s.add("Unnamed: 5", "marital_status", lambda p: p.marital, "no_header", gap=0.2)
    s.add(
        "Unnamed: 6",
        "text_personal",
        seeded(r, s.people, s.each(lambda: opinion(r))),
        "no_header",
        "rare",
        gap=0.0,
    )
    s.add("Unnamed: 7", "text_opinion", s.each(lambda: opinion(r, "dorm")), "no_header", gap=0.5)
    s.add("Unnamed: 8", "school", lambda p: p.school, "no_header")
    return s.done()


def headless_fields(r: Random) -> LabelledTable:
    s = Sheet("导入临时表", r, 140, RAIL)
    s.add("F1", "person_name", lambda p: mask(p.name, 1, 0), "no_header", "masked")
    s.add("F2", "mobile", lambda p: mask(p.mobile, 3, 4), "no_header", "masked")
    s.add("F3", "id_card", lambda p: mask(p.id_card, 6, 4), "no_header", "masked")
    s.add("F4", "native_place", lambda p: p.native + "人", "no_header")
    s.add("F5", "ethnicity", lambda p: p.ethnic, "no_header")
    s.add("F6", "appraisal", s.pick("优秀", "称职", "基本称职", "不称职", "称职"), "no_header")
    s.add(
        "F7",
        "plate_number",
        lambda p: r.choice((p.plate, p.plate[:2] + "·" + p.plate[2:])),
        "no_header",
        gap=0.4,
    )
    s.add("F8", "activity_title", s.pick(*ACTIVITIES), "no_header")
    s.add("F9", "event_time", s.times(2024, 2025), "no_header")
    s.add(
        "F10", "url", s.each(lambda: f"https://oa.blrail.com/attach?id={hexes(r, 32)}"), "no_header", "decoy"
    )
    return s.done()


def headless_columns(r: Random) -> LabelledTable:
    s = Sheet("列1-列10", r, 63, SHIP)
    s.add("列1", "course_title", s.pick(*COURSES), "no_header")
    s.add("列2", "person_name", lambda p: p.name, "no_header", sloppy=0.2)
    s.add("列3", "mobile", lambda p: split(p.mobile, r.choice(("-", " ")), 3, 4), "no_header", "mangled")
    s.add("列4", "team", s.pick("涂装一班", "涂装二班", "焊工三班", "起重班", "管子工班"), "no_header")
    s.add("列5", "satisfaction", s.pick("非常满意", "满意", "一般", "不满意"), "no_header")
    s.add("列6", "health", lambda p: "、".join(r.sample(ILLS, r.randint(1, 2))), "no_header", gap=0.4)
    s.add("列7", "family", lambda p: f"{r.choice(KIN)}{name(r)}", "no_header", gap=0.2)
    s.add(
        "列8", "leave", s.pick("年休假3天", "病假半天", "事假1天", "产假", "婚假10天"), "no_header", gap=0.2
    )
    s.add(
        "列9",
        "skill",
        s.pick("CO2气保焊", "氩弧焊", "高级起重工", "叉车驾驶", "钳工技师"),
        "no_header",
        gap=0.1,
    )
    s.add(
        "列10",
        "need_category",
        s.pick("住房困难", "子女入学", "法律援助", "就医协调", "岗位调整"),
        "no_header",
    )
    return s.done()


# ---- json, key=value, xml ----


def form_dump(r: Random) -> LabelledTable:
    s = Sheet("form_submit_backup", r, 115, METRO)
    s.add("id", "record_no", s.serials(830011), "english")
    s.add(
        "form_data",
        "personal_mix",
        lambda p: dumps(
            {
                "name": p.name,
                "mobile": p.mobile,
                "dept": p.department,
                "idNo": p.id_card if r.random() < 0.5 else "",
            }
        ),
        "json",
        "english",
    )
    s.add(
        "ext_info",
        "personal_mix",
        lambda p: dumps(
            {
                "家庭住址": p.address,
                "紧急联系人": {"姓名": name(r), "关系": r.choice(KIN), "电话": mobile(r)},
            },
            False,
        ),
        "json",
        "english",
    )
    s.add(
        "wx_auth",
        "wechat",
        lambda p: dumps(
            {"openid": "o" + base64s(r, 27).replace("/", "_").replace("+", "-"), "wxid": p.wechat}
        ),
        "json",
        "renamed",
    )
    s.add(
        "loc",
        "location_track",
        lambda p: dumps(
            {
                "lng": round(r.uniform(113.8, 114.2), 6),
                "lat": round(r.uniform(22.5, 22.8), 6),
                "t": moment(r, 2025, 2025).isoformat(),
            }
        ),
        "json",
        "renamed",
    )
    s.add(
        "answers",
        "personal_mix",
        lambda p: dumps(
            [
                {"q": "您的姓名", "a": p.name},
                {"q": "工号", "a": p.number},
                {"q": "出生日期", "a": p.born.isoformat()},
                {"q": "建议", "a": opinion(r, "system")},
            ]
        ),
        "json",
        "english",
    )
    s.add("created", "event_time", s.times(2025, 2025), "english")
    s.add(
        "form_title", "title_other", s.pick("健康申报表", "困难职工摸底表", "疗休养报名"), "decoy", "english"
    )
    return s.done()


def oa_dump(r: Random) -> LabelledTable:
    s = Sheet("OA流程实例变量", r, 90, BANK)
    s.add("实例ID", "record_no", s.each(lambda: str(r.randrange(10**10, 2 * 10**10))), "decoy")
    s.add("流程名称", "title_other", s.pick("病假申请", "困难补助申请", "用印申请", "婚育登记"), "decoy")
    s.add(
        "变量",
        "personal_mix",
        lambda p: dumps(
            {"applicant": p.name, "amount": r.choice((1000, 3000)), "reason": poverty(r, p), "card": p.bank}
        ),
        "json",
        "renamed",
    )
    s.add(
        "表单快照",
        "personal_mix",
        lambda p: f"<form><xm>{p.name}</xm><sfz>{p.id_card}</sfz><bm>{p.department}</bm></form>",
        "json",
    )
    s.add(
        "请求参数",
        "personal_mix",
        lambda p: urlencode({"empName": p.name, "tel": p.mobile, "days": r.randint(1, 9)}),
        "json",
    )
    s.add(
        "附加",
        "health",
        lambda p: dumps({"假别": "病假", "诊断": r.choice(ILLS), "天数": r.randint(1, 30)}),
        "json",
        "renamed",
        gap=0.4,
    )
    s.add("抄送", "email", lambda p: ";".join([p.email, f"{p.latin}@tongzhou56.com"]), "renamed", gap=0.3)
    s.add("当前节点", "status", s.pick("部门审批", "HR复核", "归档", "驳回"))
    s.add(
        "审批意见",
        "text_opinion",
        s.pick("同意", "情况属实，同意上报", "材料不全，请补充", "请人事核实天数", "按制度办理", "阅"),
        gap=0.2,
    )
    return s.done()


def api_log(r: Random) -> LabelledTable:
    s = Sheet("gateway_access_log", r, 200, METRO)
    s.add(
        "ts",
        "event_time",
        s.each(lambda: str(int(moment(r, 2025, 2025).timestamp() * 1000))),
        "decoy",
        "renamed",
    )
    s.add(
        "uri",
        "url",
        s.pick("/api/v1/user/mobile", "/api/pay/template", "/health/check", "/api/idcard/types"),
        "decoy",
        "english",
    )
    s.add(
        "query",
        "personal_mix",
        lambda p: f"name={p.latin}&mobile={p.mobile}&dept={r.randint(10, 99)}",
        "json",
        "english",
    )
    s.add(
        "req_body",
        "personal_mix",
        lambda p: dumps({"data": {"xm": p.name, "zjhm": p.id_card}, "v": 2}),
        "json",
        "english",
        gap=0.3,
    )
    s.add(
        "resp",
        "pay",
        lambda p: dumps(
            {"code": 0, "data": {"month": "2025-03", "netPay": p.wage, "tax": round(p.wage * 0.03, 2)}}
        ),
        "json",
        "renamed",
    )
    s.add(
        "hdr_auth",
        "credential",
        lambda p: f"Bearer eyJhbGciOiJIUzI1NiJ9.{base64s(r, 40)}.{base64s(r, 43)}",
        "renamed",
    )
    s.add(
        "x_forwarded_for",
        "ip_address",
        s.each(lambda: f"{outer_ip(r)}, 10.1.0.{r.randint(2, 9)}"),
        "renamed",
    )
    s.add(
        "ua",
        "device_id",
        lambda p: f"imei={imei(r)};mac={mac(r)};os=Android {r.randint(9, 14)}",
        "json",
        "renamed",
    )
    s.add("status", "status", s.pick("200", "200", "401", "500"), "english")
    return s.done()


def audit_log(r: Random) -> LabelledTable:
    s = Sheet("审计日志_key_value", r, 165, GRID)
    s.add("日志号", "record_no", s.serials(70021334))
    s.add(
        "操作详情",
        "personal_mix",
        lambda p: f"action=update;user={p.number};name={p.name};oldMobile={mobile(r)};newMobile={p.mobile}",
        "json",
    )
    s.add("变更前", "bank_card", lambda p: dumps({"bankCardNo": bank_card(r)}), "json", "renamed", gap=0.3)
    s.add("变更后", "bank_card", lambda p: f"bankCardNo={p.bank}", "json", "renamed", gap=0.3)
    s.add(
        "登录信息",
        "personal_mix",
        lambda p: f"ip=10.3.{r.randint(0, 99)}.{r.randint(1, 254)}|user={p.latin}|mac={mac(r)}",
        "json",
    )
    s.add("操作人", "personal_mix", lambda p: f"{p.name}({p.number})", "concatenated", "renamed")
    s.add("模块", "category", s.pick("薪酬管理", "身份证类型字典", "体检预约", "权限"), "decoy")
    s.add("时间", "event_time", s.times(2025, 2025))
    return s.done()


def hr_sync_xml(r: Random) -> LabelledTable:
    s = Sheet("MQ_HR_SYNC", r, 78, OIL)
    s.add("msg_id", "record_no", s.each(lambda: hexes(r, 32)), "decoy", "english")
    s.add(
        "payload",
        "personal_mix",
        lambda p: (
            f'<emp id="{p.number}"><name>{p.name}</name><tel>{p.mobile}</tel>'
            f"<born>{p.born:%Y%m%d}</born></emp>"
        ),
        "json",
        "english",
    )
    s.add("edu", "education", lambda p: p.education, "english", "renamed")
    s.add(
        "kin",
        "family",
        lambda p: dumps([{"rel": r.choice(KIN), "name": name(r)} for _ in range(r.randint(1, 3))]),
        "json",
        "renamed",
    )
    s.add(
        "dj",
        "political_status",
        lambda p: dumps({"zzmm": p.politics, "zb": "第二党支部"}),
        "json",
        "renamed",
        "pinyin",
    )
    s.add(
        "acct",
        "personal_mix",
        lambda p: f"户名:{p.name}|卡号:{p.bank}|开户行:工商银行",
        "json",
        "concatenated",
        "renamed",
    )
    s.add(
        "contact_json",
        "personal_mix",
        lambda p: dumps({"email": p.email, "qq": p.qq, "phone": p.mobile}, False),
        "json",
        "english",
    )
    s.add("topic", "category", s.pick("hr.emp.update", "hr.emp.create", "hr.org.update"), "english")
    return s.done()


def wechat_export(r: Random) -> LabelledTable:
    s = Sheet("微信聊天记录导出_工会群", r, 240, STEEL)
    s.add("StrTime", "event_time", s.times(2025, 2025), "english")
    s.add("talker", "wechat", lambda p: p.wechat, "renamed")
    s.add(
        "NickName",
        "social_account",
        lambda p: r.choice(("阳光总在", p.latin, "钢厂老" + p.surname, "平安是福", "Mr." + p.latin[:3])),
        "english",
    )
    s.add(
        "Remark",
        "person_name",
        lambda p: r.choice((p.name, p.department + p.name, p.name + "（新）")),
        "renamed",
        "english",
        gap=0.2,
    )
    s.add(
        "StrContent",
        "text_personal",
        seeded(
            r,
            s.people,
            s.each(
                lambda: r.choice(
                    (
                        opinion(r, "activity", "canteen", "bus"),
                        "收到",
                        "收到[强]",
                        "好的，谢谢",
                        "几点开始？",
                        "@所有人 明天停水",
                        "[图片]",
                        "+1",
                    )
                )
            ),
            0.015,
        ),
        "rare",
        "renamed",
    )
    s.add(
        "raw_xml",
        "personal_mix",
        lambda p: (
            f'<msg username="{p.wechat}" nickname="{p.name}" province="{p.region[1]}" '
            f'sex="{1 if p.male else 2}" mobile="{p.mobile}"/>'
        ),
        "json",
        "english",
        gap=0.5,
    )
    s.add("Type", "category", s.pick("1", "3", "34", "49"), "english")
    return s.done()


# ---- systems, gates, devices ----


def accounts(r: Random) -> LabelledTable:
    s = Sheet("sys_user", r, 150, BANK, blank="\\N")
    s.add("real_name", "person_name", lambda p: p.name, "english")
    s.add(
        "pwd",
        "credential",
        lambda p: r.choice((hexes(r, 32), "$2a$10$" + base64s(r, 53).replace("+", ".").replace("=", "."))),
        "renamed",
    )
    s.add(
        "初始密码",
        "credential",
        lambda p: r.choice(
            (f"{p.latin.title()}@{p.born.year}", f"Tz{digits(r, 6)}!", "123456", p.id_card[-6:])
        ),
    )
    s.add("email_masked", "email", lambda p: mask_mail(p.email), "masked", "english")
    s.add("phonenumber", "mobile", lambda p: p.mobile + ".0", "mangled", "english", gap=0.2)
    s.add(
        "last_ip",
        "ip_address",
        lambda p: r.choice(
            (f"192.168.{r.randint(0, 9)}.{r.randint(1, 254)}", f"fe80::{hexes(r, 4)}:{hexes(r, 4)}")
        ),
        "renamed",
    )
    s.add("avatar", "url", s.each(lambda: f"/profile/avatar/2025/{hexes(r, 32)}.jpeg"), "decoy", "english")
    s.add("role_name", "category", s.pick("普通用户", "部门管理员", "审计员"), "english")
    return s.done()


def gate_log(r: Random) -> LabelledTable:
    s = Sheet("门禁通行记录", r, 300, SHIP)
    s.add("人员", "person_name", lambda p: f"{p.name[0]}*{p.name[2:]}", "masked", "renamed")
    s.add(
        "轨迹",
        "location_track",
        lambda p: (
            f"{moment(r, 2025, 2025):%m-%d %H:%M} "
            + "→".join(r.sample(("北门", "涂装车间", "1号船坞", "食堂", "东门", "设计楼"), 3))
        ),
    )
    s.add("人脸特征", "biometric", lambda p: base64s(r, 64) + "==", gap=0.1)
    s.add("体温", "health", lambda p: f"{r.uniform(36.0, 37.6):.1f}℃")
    s.add("闸机", "venue", s.pick("北门1#", "北门2#", "东门人行", "车行道闸"), "decoy")
    s.add("通行时间", "event_time", s.times(2025, 2025))
    s.add("单位/部门", "department", lambda p: p.department)
    return s.done()


def biometrics(r: Random) -> LabelledTable:
    s = Sheet("指静脉与人脸注册库", r, 66, COAL)
    s.add("yggh", "employee_no", lambda p: p.number, "renamed", "pinyin")
    s.add("FP_TEMPLATE", "biometric", lambda p: "Rk1S" + base64s(r, 88), "english", "renamed")
    s.add(
        "人脸向量",
        "biometric",
        lambda p: "[" + ",".join(f"{r.uniform(-1, 1):.4f}" for _ in range(16)) + ",...]",
    )
    s.add("声纹", "biometric", lambda p: f"vp_{hexes(r, 40)}", gap=0.4)
    s.add("zhiwen", "biometric", lambda p: base64s(r, 60) + "=", "pinyin", "renamed", gap=0.2)
    s.add("采集质量", "percentage", s.ints(55, 100, "{}%"))
    s.add("采集机型号", "product", s.pick("ZK-X10", "HK-K1T671", "DS-F9"), "decoy")
    s.add("采集点", "venue", s.pick("人事大厅", "井口更衣室", "培训楼"))
    s.add("班别", "team", s.pick("早班一组", "中班二组", "夜班三组"))
    return s.done()


def vehicles(r: Random) -> LabelledTable:
    s = Sheet("职工车辆通行证", r, 125, METRO)
    s.add("通行证号", "record_no", s.serials(1, "LG-{:04d}"))
    s.add(
        "车主信息",
        "personal_mix",
        lambda p: r.choice(
            (f"{p.name} {p.mobile} {p.plate}", f"车主：{p.name}；车牌：{p.plate}；电话：{p.mobile}")
        ),
        "concatenated",
    )
    s.add(
        "车号",
        "plate_number",
        lambda p: r.choice(
            (p.plate, p.plate.lower(), p.plate[:2] + " " + p.plate[2:], p.plate[:2] + "·" + p.plate[2:])
        ),
        "mangled",
    )
    s.add("cph", "plate_number", lambda p: mask(p.plate, 3, 2), "masked", "renamed", "pinyin")
    s.add("品牌车型", "product", s.pick("大众朗逸", "比亚迪秦PLUS", "丰田卡罗拉", "五菱宏光"), "decoy")
    s.add("颜色", "category", s.pick("白", "黑", "银灰", "红"), "decoy")
    s.add("停车区域", "venue", s.pick("P1", "P2地下", "北区露天"))
    s.add("工作地点", "work_place", s.pick("车辆段", "控制中心", "本部大厦", "培训基地"))
    s.add("dept_nm", "department", lambda p: p.department, "english", "renamed")
    return s.done()


def devices(r: Random) -> LabelledTable:
    s = Sheet("移动终端MDM清单", r, 92, GRID)
    s.add("终端使用人", "person_name", lambda p: p.name, "renamed")
    s.add("IMEI1", "device_id", s.each(lambda: imei(r)))
    s.add("串号", "device_id", s.each(lambda: scientific(imei(r))), "mangled", "renamed")
    s.add("WIFI地址", "device_id", s.each(lambda: mac(r, r.choice((":", "-", "")))), "renamed")
    s.add("手机型号", "product", s.pick("HUAWEI Mate60", "Redmi K70", "vivo Y100", "iPhone 13"), "decoy")
    s.add("电话卡", "mobile", lambda p: mixed_phone(r, p), "mangled", "renamed")
    s.add("操作系统", "product", s.pick("HarmonyOS 4.0", "Android 13", "iOS 17.2"), "decoy")
    s.add(
        "lastlocation",
        "location_track",
        s.each(lambda: f"{r.uniform(28, 29):.5f}N {r.uniform(112, 113):.5f}E"),
        "english",
        "renamed",
        gap=0.3,
    )
    s.add("所在班组", "team", s.pick("配电一班", "配电二班", "急修班", "计量班"))
    s.add("驻点", "work_place", s.pick("城西供电所", "塔山站", "本部"), "renamed")
    return s.done()


def mixed_phone(r: Random, p: Person) -> str:
    return r.choice(
        (
            p.mobile,
            p.mobile + ".0",
            wide(p.mobile),
            scientific(p.mobile),
            f"{int(p.mobile):,}",
            "'" + p.mobile,
        )
    )


def patrol(r: Random) -> LabelledTable:
    s = Sheet("巡线人员轨迹点", r, 350, GRID)
    s.add("gh", "employee_no", lambda p: p.number, "pinyin", "renamed")
    s.add(
        "经纬度",
        "location_track",
        s.each(lambda: f"{r.uniform(112.9, 113.1):.6f},{r.uniform(28.1, 28.3):.6f}"),
    )
    s.add("gps_time", "event_time", s.times(2025, 2025), "english")
    s.add(
        "wz",
        "location_track",
        s.each(lambda: f"POINT({r.uniform(112.9, 113.1):.5f} {r.uniform(28.1, 28.3):.5f})"),
        "pinyin",
        "renamed",
        gap=0.3,
    )
    s.add(
        "缺陷描述",
        "text_personal",
        seeded(
            r,
            s.people,
            s.pick(
                "绝缘子破损",
                "树障距离不足",
                "正常",
                "杆号牌缺失",
                "拉线松动",
                "鸟窝",
                "塔基积水",
                "警示牌被遮挡",
                "导线异物",
            ),
        ),
        "rare",
        "renamed",
    )
    s.add("线路名", "title_other", s.pick("110kV塔西线", "10kV矿南线", "35kV东澜线"))
    s.add("杆塔号", "record_no", s.ints(1, 220, "#{:03d}"), "decoy")
    return s.done()


def social_staff(r: Random) -> LabelledTable:
    s = Sheet("网评员与新媒体账号备案", r, 60, OIL)
    s.add("账号主人", "person_name", lambda p: p.name, "renamed")
    s.add(
        "抖音号",
        "social_account",
        lambda p: r.choice((f"dy{digits(r, 9)}", p.latin + digits(r, 3), f"{p.latin}_shihua")),
    )
    s.add(
        "微博昵称",
        "social_account",
        lambda p: r.choice(("@海边的", "@石化", "@老")) + p.surname + digits(r, 2),
        gap=0.3,
    )
    s.add("kuaishou", "social_account", lambda p: f"ks_{digits(r, 8)}", "pinyin", gap=0.4)
    s.add("qq", "qq", lambda p: p.qq + ".0" if r.random() < 0.4 else p.qq, "mangled")
    s.add("QQ_NO", "qq", lambda p: mask(p.qq, 2, 2), "masked", "english", gap=0.3)
    s.add("V信", "wechat", lambda p: mask(p.wechat, 3, 2), "masked", "renamed", gap=0.2)
    s.add("擅长", "skill", s.pick("短视频剪辑", "新闻写作", "摄影", "海报设计", "直播"), "renamed")
    s.add("年度任务完成", "appraisal", s.pick("达标", "未达标", "超额", "优秀"))
    return s.done()


# ---- masked and mangled exports ----


def bi_masked(r: Random) -> LabelledTable:
    s = Sheet("BI脱敏明细", r, 180, STEEL)
    s.add("cust", "person_name", lambda p: mask(p.name, 1, 0), "masked", "renamed")
    s.add("联系方式", "mobile", lambda p: mask(p.mobile, 3, 4), "masked")
    s.add("证件", "id_card", lambda p: mask(p.id_card, 3, 4), "masked", "renamed")
    s.add("邮件", "email", lambda p: mask_mail(p.email), "masked")
    s.add("卡", "bank_card", lambda p: f"**** **** **** {p.bank[-4:]}", "masked", "renamed")
    s.add("座机", "landline", lambda p: p.landline[:-4] + "****", "masked", gap=0.3)
    s.add(
        "地址",
        "home_address",
        lambda p: f"{p.native}{p.region[3]}{r.choice(STREETS_SHOWN)}***号",
        "masked",
    )
    s.add("生日", "birth_date", lambda p: f"{p.born.year}-**-**", "masked")
    s.add("岗级", "job_level", s.pick("G6", "G7", "G8", "G9", "G10"))
    s.add("工龄段", "years_of_service", s.pick("0-5年", "5-10年", "10-20年", "20年以上"))
    s.add("学历层次", "education", lambda p: p.education)
    return s.done()


STREETS_SHOWN = ("建设路", "铁西街", "胜利街", "滨河大道")


def ticket_masked(r: Random) -> LabelledTable:
    s = Sheet("疗休养订票名单", r, 58, COAL)
    s.add(
        "旅客",
        "person_name",
        lambda p: p.name[0] + "*" + (p.name[-1] if len(p.name) > 2 else ""),
        "masked",
        "renamed",
    )
    s.add("证件号(脱敏)", "id_card", lambda p: mask(p.id_card, 10, 2), "masked")
    s.add(
        "回乡证/通行证",
        "travel_permit",
        lambda p: mask(r.choice("HM") + digits(r, 8), 3, 2),
        "masked",
        gap=0.6,
    )
    s.add("出票单号", "order_no", s.each(lambda: f"E{digits(r, 9)}"), "decoy")
    s.add("疗养地", "region", s.pick("北戴河", "青岛", "庐山", "桂林"))
    s.add("单位名称", "department", lambda p: p.department)
    s.add("票价", "price", s.pick("324.5", "553", "¥128.0"))
    s.add("随行家属", "family", lambda p: f"{r.choice(KIN)} {name(r)}", gap=0.4)
    s.add("需求", "need_category", s.pick("下铺", "清真餐", "轮椅", "无", "靠窗"), gap=0.3)
    return s.done()


def excel_wreck(r: Random) -> LabelledTable:
    s = Sheet("通讯录(从wps粘贴)", r, 100, SHIP)
    s.add(
        "姓  名",
        "person_name",
        lambda p: r.choice((p.name, " ".join(p.name), p.name + "\n", "\u3000" + p.name)),
        "mangled",
    )
    s.add("手 机\n号 码", "mobile", lambda p: mixed_phone(r, p), "mangled")
    s.add(
        "办公电话",
        "landline",
        lambda p: r.choice(
            (
                p.landline,
                p.landline.replace("-", "").lstrip("0"),
                f"({p.landline[:-7].rstrip('-')}){p.landline[-7:]}",
            )
        ),
        "mangled",
        gap=0.3,
    )
    s.add(
        "身份证",
        "id_card",
        lambda p: r.choice(
            (wide(p.id_card), p.id_card[:6] + " " + p.id_card[6:], "'" + p.id_card, cut15(p.id_card))
        ),
        "mangled",
    )
    s.add(
        "生日",
        "birth_date",
        lambda p: r.choice(
            (serial(p.born), f"{p.born:%Y.%m.%d}", f"{p.born.month}月{p.born.day}日", f"{p.born:%d-%b-%y}")
        ),
        "mangled",
    )
    s.add(
        "工号",
        "employee_no",
        lambda p: r.choice((p.number, p.number.replace("-", ""), p.number.lower())),
        "mangled",
    )
    s.add(
        "Email",
        "email",
        lambda p: r.choice((p.email, p.email.replace("@", "＠"), "mailto:" + p.email, p.email.upper())),
        "mangled",
        gap=0.2,
    )
    s.add(
        "部 门",
        "department",
        lambda p: r.choice((p.department, p.department + " ", p.department.replace("部", "部\n"))),
        "mangled",
    )
    s.add(
        "年 龄",
        "age",
        lambda p: r.choice((f"{p.age}.0", wide(str(p.age)), f"{p.age}周岁", str(p.age))),
        "mangled",
    )
    s.add(
        "进厂日期",
        "join_date",
        lambda p: r.choice((serial(p.joined), f"{p.joined:%Y.%m}", f"{p.joined.year}年")),
        "mangled",
    )
    return s.done()


# ---- concatenated ----


def contacts_joined(r: Random) -> LabelledTable:
    s = Sheet("各班组联系人汇总", r, 56, OIL)
    s.add(
        "联系人/电话",
        "personal_mix",
        lambda p: f"{p.name}{r.choice(('/', ' ', '：', '-', ''))}{p.mobile}",
        "concatenated",
    )
    s.add(
        "info",
        "personal_mix",
        lambda p: f"姓名：{p.name}，身份证：{p.id_card}，性别：{p.gender}",
        "concatenated",
        "renamed",
    )
    s.add(
        "字段7",
        "personal_mix",
        lambda p: f"{p.number}|{p.name}|{p.post}|{p.wage:.0f}",
        "concatenated",
        "renamed",
    )
    s.add(
        "家属信息",
        "personal_mix",
        lambda p: f"{r.choice(KIN)} {name(r)} {r.randint(5, 80)}岁 {mobile(r)}",
        "concatenated",
        gap=0.3,
    )
    s.add("收款信息", "personal_mix", lambda p: f"{p.name}\n{p.bank}\n建设银行", "concatenated", "mangled")
    s.add(
        "col_a",
        "personal_mix",
        lambda p: f"{p.surname}师傅，{p.born.year}年生，住{p.address}",
        "concatenated",
        "renamed",
    )
    s.add(
        "班组/岗位",
        "team",
        lambda p: f"{r.choice(('甲班', '乙班', '丙班', '丁班'))}/{p.post}",
        "concatenated",
    )
    s.add(
        "课程+成绩",
        "training_score",
        lambda p: f"{r.choice(COURSES)}：{r.randint(55, 100)}分",
        "concatenated",
        gap=0.2,
    )
    s.add("民族籍贯", "native_place", lambda p: f"{p.native}", "renamed")
    s.add(
        "诉求(类别-紧急程度)",
        "need_category",
        lambda p: r.choice(("住房", "调岗", "子女入学", "医疗")) + "-" + r.choice(("高", "中", "低")),
        "concatenated",
    )
    return s.done()


def dormitory(r: Random) -> LabelledTable:
    s = Sheet("单身宿舍入住登记", r, 135, COAL)
    s.add("房间", "venue", s.each(lambda: f"{r.randint(1, 5)}号楼{r.randint(1, 6)}{r.randint(1, 20):02d}"))
    s.add(
        "住宿人员",
        "person_name",
        lambda p: "，".join([p.name, name(r)]) if r.random() < 0.4 else p.name,
        "concatenated",
        "renamed",
    )
    s.add(
        "联络",
        "mobile",
        lambda p: r.choice((p.mobile, f"{p.mobile}、{mobile(r)}", split(p.mobile, " ", 3, 4))),
        "mangled",
        "renamed",
    )
    s.add("户籍", "native_place", lambda p: p.native, "renamed")
    s.add("入住日", "event_date", s.days(2022, 2025))
    s.add(
        "检查记录",
        "text_personal",
        seeded(
            r,
            s.people,
            s.pick(
                "卫生合格",
                "私拉电线，已整改",
                "空调滤网脏",
                "门锁损坏待修",
                "合格",
                "无人",
                "违规使用电炉",
                "窗户玻璃裂",
            ),
        ),
        "rare",
        "renamed",
    )
    s.add("意见", "text_opinion", s.each(lambda: opinion(r, "dorm")), gap=0.5)
    return s.done()


# ---- rare ----


def rare_equipment(r: Random) -> LabelledTable:
    s = Sheet("文体器材台账", r, 200, BANK)
    s.add("器材", "product", s.pick("乒乓球台", "跑步机", "羽毛球拍", "动感单车", "血压计", "按摩椅"))
    s.add("资产编号", "record_no", s.each(lambda: f"6217{digits(r, 12)}"), "decoy")
    s.add("存放", "venue", s.pick(*VENUES))
    s.add(
        "使用说明",
        "text_personal",
        seeded(
            r,
            s.people,
            s.pick(
                "先登记后使用",
                "限重120kg",
                "用后归位",
                "每周消毒",
                "故障停用",
                "只限职工使用",
                "插电前检查线路",
            ),
        ),
        "rare",
        "renamed",
    )
    s.add(
        "维保记录",
        "text_personal",
        seeded(
            r,
            s.people,
            s.pick("更换皮带", "加润滑油", "显示屏不亮，已返厂", "正常", "换电池", "紧固螺丝", "待报废"),
        ),
        "rare",
    )
    s.add("保修热线", "hotline", s.each(lambda: service_line(r)), "decoy")
    s.add("借用班组", "team", s.pick("仓储一组", "配送二组", "客服三组", "冷链班"), gap=0.4)
    s.add("使用满意", "satisfaction", s.pick("满意", "一般", "很好", "不好用"), gap=0.3)
    return s.done()


def misfilled(r: Random, s: Sheet, cells: Sequence[Cell], make: Make) -> list[Cell]:
    """One cell in a hundred was filled in by somebody who took the column for another."""
    done = list(cells)
    for i in r.sample(range(len(done)), max(1, len(done) // 100)):
        done[i] = make(s.people[i])
    return done


def rare_misfilled(r: Random) -> LabelledTable:
    s = Sheet("公共服务电话及投诉渠道填报", r, 220, RAIL)
    s.add("监督电话", "mobile", misfilled(r, s, s.each(lambda: service_line(r)), lambda p: p.mobile), "rare")
    s.add(
        "公文流水号", "id_card", misfilled(r, s, s.serials(1, "北陇办字{:05d}"), lambda p: p.id_card), "rare"
    )
    s.add(
        "单位邮箱/网址",
        "email",
        misfilled(
            r,
            s,
            s.each(lambda: f"http://www.blrail.com/dw/{r.randint(1, 99)}"),
            lambda p: f"{p.latin}{p.born.year}@163.com",
        ),
        "rare",
    )
    s.add(
        "值班地点",
        "home_address",
        misfilled(r, s, s.pick("车站一楼", "调度楼203", "综合楼大厅"), lambda p: p.address),
        "rare",
    )
    s.add(
        "处理说明",
        "text_personal",
        seeded(r, s.people, s.each(lambda: opinion(r, "bus", "safety", "system"))),
        "rare",
    )
    s.add("投诉内容", "text_personal", seeded(r, s.people, s.each(lambda: opinion(r))), "rare")
    s.add("投诉类别", "need_category", s.pick("服务态度", "班车", "食堂", "考勤系统", "劳保"))
    s.add("责任部门", "department", lambda p: p.department)
    s.add("整改评价", "satisfaction", s.pick("满意", "基本满意", "不满意"), gap=0.2)
    return s.done()


def rare_lms(r: Random) -> LabelledTable:
    s = Sheet("lms_course_record", r, 260, METRO)
    s.add("course", "course_title", s.pick(*COURSES), "english")
    s.add("study_minutes", "course_record", s.ints(1, 900), "english")
    s.add("exam_score", "training_score", s.ints(30, 100), "english", gap=0.2)
    s.add(
        "cert_name",
        "certificate",
        s.pick("行车调度上岗证", "电客车司机证", "站务员合格证", "急救员证"),
        "english",
        gap=0.4,
    )
    s.add(
        "feedback",
        "text_personal",
        seeded(r, s.people, s.each(lambda: opinion(r, "training"))),
        "english",
        "rare",
    )
    s.add("rating", "satisfaction", s.pick("1", "3", "4", "5", "5"), "english")
    s.add("team_name", "team", s.pick("乘务一队", "乘务二队", "检修组", "票务组"), "english")
    s.add("job_title", "post", lambda p: p.post, "english")
    s.add("finish_flag", "boolean_flag", s.pick("Y", "N"), "english")
    return s.done()


# ---- de-identified, business-sensitive ----


def training_needs(r: Random) -> LabelledTable:
    s = Sheet("培训需求调研(匿名)", r, 170, STEEL)
    s.add("所在单位", "department", lambda p: p.department)
    s.add("班 组", "team", s.pick("甲班", "乙班", "丙班", "点检班", "化验班"))
    s.add("岗位序列", "post", s.pick("操作序列", "技术序列", "管理序列", "炼钢工", "化验员"), gap=0.1)
    s.add("最高学历", "education", lambda p: p.education)
    s.add("所学专业", "major", lambda p: p.major, gap=0.2)
    s.add("工作年限", "years_of_service", s.pick("3年以下", "3-5年", "10年以上", "25", "8年"))
    s.add("希望培训方向", "need_category", s.pick("设备维护", "安全法规", "办公软件", "职称英语", "沟通管理"))
    s.add("已参加课程", "course_record", lambda p: "、".join(r.sample(COURSES, 2)), gap=0.2)
    s.add(
        "现有证书", "certificate", s.pick("低压电工证", "焊工证", "起重机Q2证", "中级职称证", "无"), gap=0.3
    )
    s.add("建议", "text_opinion", s.each(lambda: opinion(r, "training")), gap=0.3)
    s.add("总体评价", "satisfaction", s.pick("很满意", "满意", "一般", "差"))
    s.page_headings(60)
    return s.done()


def talent_pool(r: Random) -> LabelledTable:
    s = Sheet("青年人才库_去标识", r, 92, SHIP, born=(1990, 2002))
    s.add("学历学位", "education", s.pick("本科/学士", "研究生/硕士", "博士", "大专"))
    s.add("毕业学校", "school", lambda p: p.school)
    s.add("zy", "major", lambda p: p.major, "renamed", "pinyin")
    s.add(
        "zyjn",
        "skill",
        s.pick("焊接工艺", "三维建模", "项目管理PMP", "英语CET6", "Python"),
        "renamed",
        "pinyin",
    )
    s.add("职称", "job_level", s.pick("助理工程师", "工程师", "高级工程师", "技术员"))
    s.add("任现职年限", "years_of_service", s.pick("1", "2年", "3.5", "5年以上"))
    s.add("近三年考核", "appraisal", s.pick("优/良/优", "A/B/A", "良/良/良", "优秀、称职、称职"))
    s.add("民 族", "ethnicity", lambda p: p.ethnic)
    s.add("生源地", "native_place", lambda p: p.region[1], "renamed")
    s.add("性 别", "gender", s.pick("男", "女", "男 ", "男性"))
    s.add("年齢", "age", s.ints(23, 36), "renamed")
    s.add("意向岗位", "post", lambda p: p.post)
    return s.done()


def survey_english(r: Random) -> LabelledTable:
    s = Sheet("engagement_survey_raw", r, 210, BANK)
    s.add("resp_id", "record_no", s.serials(50001), "english")
    s.add("sex", "gender", s.pick("Male", "Female", "female", "Prefer not to say"), "english")
    s.add("age_band", "age", s.pick("18-25", "26-35", "36-45", "46-55", "56+"), "english")
    s.add("tenure", "years_of_service", s.pick("<1 yr", "1-3 yrs", "3-5 yrs", "10+ yrs"), "english")
    s.add(
        "bu",
        "department",
        s.pick("Warehouse", "Transport", "IT", "Customer Service", "HR"),
        "english",
        "renamed",
    )
    s.add("edu_level", "education", s.pick("High School", "College", "Bachelor", "Master"), "english")
    s.add("overall_sat", "satisfaction", s.ints(1, 10), "english", "renamed")
    s.add(
        "what_to_improve",
        "text_opinion",
        s.pick(
            "Shuttle bus is always late",
            "More training please",
            "canteen food too salty",
            "none",
            "Too many approval steps",
            "Better shift planning",
            "air-con in the warehouse",
            "N/A",
            "Managers should listen more",
        ),
        "english",
        gap=0.2,
    )
    s.add(
        "hobby",
        "interest",
        s.pick("running", "basketball", "reading", "cooking", "gaming"),
        "english",
        gap=0.2,
    )
    s.add("ot_hours_wk", "overtime", s.ints(0, 25), "english", "renamed")
    s.add("channel", "category", s.pick("QR", "email", "paper"), "english")
    return s.done()


def clubs(r: Random) -> LabelledTable:
    s = Sheet("文体协会会员活动积分", r, 115, GRID)
    s.add("协会", "organisation", s.pick("摄影协会", "羽毛球协会", "书法协会", "骑行俱乐部"))
    s.add("兴趣方向", "interest", s.pick("风光摄影", "人像", "双打", "行书", "长途骑行", "篆刻"))
    s.add("参加活动次数", "activity_participation", s.ints(0, 40, "{}次"))
    s.add("最近一次参加", "activity_participation", s.pick(*ACTIVITIES), gap=0.2)
    s.add("当前积分", "points", s.ints(0, 2000))
    s.add("所属班组", "team", s.pick("运维一班", "检修班", "调控班", "营业班"))
    s.add("岗位类别", "post", lambda p: p.post)
    s.add("工作所在地", "work_place", s.pick("本部", "城东供电所", "塔山变电站", "仓储基地"))
    s.add("留言板", "text_opinion", s.each(lambda: opinion(r, "activity")), gap=0.4)
    s.add("出勤率", "attendance", s.ints(40, 100, "{}%"))
    return s.done()


def mentoring(r: Random) -> LabelledTable:
    s = Sheet("师带徒结对考核(不含姓名)", r, 74, RAIL)
    s.add("师傅等级", "skill", s.pick("首席技师", "高级技师", "技师", "高级工"), "renamed")
    s.add("徒弟岗位", "post", lambda p: p.post)
    s.add("车间", "department", s.pick("运用车间", "检修车间", "设备车间", "桥隧车间"))
    s.add(
        "带徒课题", "course_title", s.pick("受电弓检调", "道岔整治", "轴温报警处置", "接触网检修"), "renamed"
    )
    s.add("月度打卡", "attendance", s.pick("20/22", "22/22", "18/21", "缺2天"))
    s.add("阶段成绩", "training_score", s.pick("88", "92.5", "良", "优", "75分"))
    s.add("出师鉴定", "appraisal", s.pick("出师", "延期", "优秀徒弟", "未通过"))
    s.add("双方建议", "text_opinion", s.each(lambda: opinion(r, "youth", "training")), gap=0.3)
    s.add("结对日期", "event_date", s.days(2024, 2025, "%Y年%m月"))
    s.add("kqqk", "attendance", s.pick("全勤", "迟到1次", "请假3天", "旷工0"), "renamed", "pinyin")
    return s.done()


def shift_stats(r: Random) -> LabelledTable:
    s = Sheet("工时统计-各班次人员(编码已删)", r, 148, COAL)
    s.add("队组", "team", s.pick("综采一班", "综采二班", "掘进班", "机电班"))
    s.add("作业地点", "work_place", s.pick("3102工作面", "南翼运输巷", "井口", "中央变电所"))
    s.add("岗级档", "job_level", s.pick("7岗3档", "8岗1档", "9岗2档"))
    s.add("入井数", "attendance", s.ints(8, 26, "{}个"), "renamed")
    s.add("加点", "overtime", s.pick("0", "2h", "4小时", "8.0", "12"), "renamed")
    s.add("延时工时", "overtime", s.floats(0, 36, "{:.1f}"), gap=0.2)
    s.add("休假类别", "leave", s.pick("轮休", "年休", "探亲假", "事假"), gap=0.3)
    s.add("入矿年份", "join_date", s.ints(1995, 2024, "{}年"), "renamed")
    s.add("工种名称", "post", lambda p: p.post)
    s.add("打卡状态", "attendance", s.pick("正常", "缺卡", "补卡", "迟到"))
    s.add("说明事项", "text_opinion", s.each(lambda: opinion(r, "safety", "union")), gap=0.5)
    return s.done()


def lms_pinyin(r: Random) -> LabelledTable:
    s = Sheet("PXJL_TJ", r, 105, OIL)
    s.add("pxcj", "training_score", s.ints(45, 100), "pinyin", "renamed")
    s.add("kechengmingcheng", "course_title", s.pick(*COURSES), "pinyin")
    s.add("xueshi", "course_record", s.pick("4", "8", "16学时"), "pinyin")
    s.add(
        "zhengshu",
        "certificate",
        s.pick("压力管道作业证", "消防设施操作员", "化工自动化仪表证"),
        "pinyin",
        gap=0.4,
    )
    s.add("jinengdengji", "skill", s.pick("初级", "中级工", "高级工", "技师"), "pinyin")
    s.add("manyidu", "satisfaction", s.pick("满意", "较满意", "一般"), "pinyin")
    s.add("jifen", "points", s.ints(0, 600), "pinyin")
    s.add("yijian", "text_opinion", s.each(lambda: opinion(r, "training", "youth")), "pinyin", gap=0.3)
    s.add("gongling", "years_of_service", s.ints(0, 38), "pinyin")
    s.add("zhiji", "job_level", s.pick("主办", "主管", "副科", "正科"), "pinyin")
    s.add("jiguan", "native_place", lambda p: p.native, "pinyin")
    return s.done()


def exit_interview(r: Random) -> LabelledTable:
    s = Sheet("离职面谈与留任意见", r, 68, BANK)
    s.add("工号", "employee_no", lambda p: mask(p.number, 2, 2), "masked")
    s.add("一级部门", "department", lambda p: p.department)
    s.add("离职前岗位", "post", lambda p: p.post)
    s.add("在司时长", "years_of_service", s.pick("8个月", "2年3个月", "5年", "11年"), "renamed")
    s.add("对上级评价", "satisfaction", s.pick("3分", "4分", "5分", "1分"), "renamed")
    s.add("对公司建议", "text_opinion", s.each(lambda: opinion(r, "youth", "union", "system")))
    s.add(
        "面谈纪要",
        "text_personal",
        lambda p: r.choice(
            (
                f"{p.name}表示因{r.choice(KIN)}{r.choice(GRAVE)}需回{p.city}照顾",
                f"该员月薪{p.wage:.0f}，对方公司开{p.wage * 1.4:.0f}，{p.surname}某决定离开",
                f"与主管{name(r)}不和，本人手机{p.mobile}保持联系",
                leak(r, p),
            )
        ),
    )
    s.add("补偿金", "pay", lambda p: f"{p.wage * r.randint(1, 9):,.2f}", "mangled", gap=0.4)
    s.add("能力标签", "skill", s.pick("SQL", "仓储规划", "英语流利", "驾照A2"), "renamed", gap=0.2)
    s.add("末次考核", "appraisal", s.pick("B", "C", "A", "D"), "renamed")
    return s.done()


def service_requests(r: Random) -> LabelledTable:
    s = Sheet("职工服务中心诉求受理(公开版)", r, 180, METRO)
    s.add("受理号", "record_no", s.serials(20250001))
    s.add(
        "诉求事项",
        "need_category",
        s.pick("法律咨询", "住房公积金咨询", "子女托管", "心理疏导", "工伤认定咨询", "困难帮扶咨询"),
        "decoy",
    )
    s.add("诉求描述", "text_opinion", s.each(lambda: opinion(r)))
    s.add("诉求人群", "category", s.pick("一线职工", "女职工", "农民工", "劳务派遣工"))
    s.add("XQFL", "need_category", s.pick("生活类", "权益类", "发展类", "健康类"), "renamed", "pinyin")
    s.add("承办处室", "department", s.pick("权益保障部", "女工部", "法务部", "生活保障处"))
    s.add(
        "答复意见",
        "text_opinion",
        s.pick("已电话答复", "已转法务部", "建议走劳动仲裁", "政策不支持，已解释", "下月启动"),
        gap=0.1,
    )
    s.add("热线", "hotline", s.each(lambda: service_line(r)), "decoy")
    s.add("评分", "satisfaction", s.pick("5", "4", "3", "未评"), gap=0.2)
    s.add(
        "跟帖", "text_personal", seeded(r, s.people, s.each(lambda: opinion(r))), "rare", "renamed", gap=0.0
    )
    return s.done()


def competency(r: Random) -> LabelledTable:
    s = Sheet("competency_matrix_v3", r, 95, METRO)
    s.add("unit", "department", lambda p: p.department, "english", "renamed")
    s.add("crew", "team", s.pick("A crew", "B crew", "Night crew", "Depot crew"), "english", "renamed")
    s.add("position", "post", s.pick("Train Driver", "Dispatcher", "Station Agent", "Technician"), "english")
    s.add("grade", "job_level", s.pick("L3", "L4", "L5", "L6 (acting)"), "english")
    s.add(
        "major_subject",
        "major",
        s.pick("Electrical Eng.", "Logistics", "Accounting", "Mech. Eng."),
        "english",
    )
    s.add("alma_mater", "school", lambda p: p.school, "english", "renamed", gap=0.2)
    s.add("skill_set", "skill", s.pick("PLC, CAD", "welding", "SAP MM", "first aid; forklift"), "english")
    s.add(
        "licences",
        "certificate",
        s.pick("Forklift N1", "LV Electrician", "Train Driver Cert.", "PMP"),
        "english",
        gap=0.4,
    )
    s.add("last_review", "appraisal", s.pick("Exceeds", "Meets", "Below", "Meets+"), "english", "renamed")
    s.add("site", "work_place", s.pick("Depot 2", "OCC", "HQ Tower", "East Station"), "english", "renamed")
    s.add("joined", "join_date", lambda p: p.joined.strftime("%b %Y"), "english")
    s.add("courses_done", "course_record", s.ints(0, 14, "{} of 14"), "english")
    return s.done()


def league_points(r: Random) -> LabelledTable:
    s = Sheet("团员青年学习积分(按班组导出)", r, 108, SHIP, born=(1995, 2003))
    s.add("BZ", "team", s.pick("涂装一班", "管子二班", "电工班", "起重班"), "renamed", "pinyin")
    s.add("jf", "points", s.ints(0, 880, "{}分"), "renamed", "pinyin")
    s.add("已学课程", "course_record", lambda p: "；".join(r.sample(COURSES, r.randint(1, 3))))
    s.add(
        "活动参与",
        "activity_participation",
        lambda p: "|".join(r.sample(ACTIVITIES, 2)),
        "concatenated",
        gap=0.2,
    )
    s.add("爱好标签", "interest", s.pick("#篮球#电竞", "#露营", "#美食#手账", "#骑行"), gap=0.2)
    s.add("mz", "ethnicity", lambda p: p.ethnic, "renamed", "pinyin")
    s.add("nl", "age", lambda p: str(p.age), "renamed", "pinyin")
    s.add("考勤异常次数", "attendance", s.pick("0", "1.0", "2.0", "０", "3次"), "mangled")
    s.add("请假时长", "leave", s.pick("0.5天", "４小时", "1.0", "2d", "1 天"), "mangled")
    s.add("成绩", "training_score", s.pick("85.0", "９０", "77分", "六十", "92.50000000001"), "mangled")
    s.add("想说的话", "text_opinion", s.each(lambda: opinion(r, "youth", "activity")), "renamed", gap=0.3)
    return s.done()


def headless_stats(r: Random) -> LabelledTable:
    s = Sheet("复制粘贴_未命名", r, 86, STEEL)
    s.add("列A", "department", lambda p: p.department, "no_header")
    s.add("列B", "post", lambda p: p.post, "no_header")
    s.add("列C", "education", lambda p: p.education, "no_header", gap=0.1)
    s.add("列D", "major", lambda p: p.major, "no_header", gap=0.1)
    s.add(
        "列E",
        "course_record",
        lambda p: r.choice(COURSES) + r.choice(("已学完", "学习中60%", "未开始", "补学")),
        "no_header",
    )
    s.add(
        "列F",
        "certificate",
        s.pick("低压电工作业证", "焊工合格证", "起重机械Q1证", "急救员证"),
        "no_header",
        gap=0.2,
    )
    s.add("列G", "text_opinion", s.each(lambda: opinion(r, "canteen", "bus")), "no_header", gap=0.2)
    s.add("列H", "years_of_service", s.ints(1, 36, "工龄{}年"), "no_header")
    s.add("列I", "gender", s.pick("男", "女", "男 ", "女　"), "no_header", "mangled")
    s.add("列J", "overtime", s.pick("加班2小时", "加班4h", "夜班加点3小时", "节假日加班1天"), "no_header")
    return s.done()


def lying_stats(r: Random) -> LabelledTable:
    s = Sheet("旧模板套用-班组调查", r, 77, RAIL)
    s.add("身份证号", "team", s.pick("探伤一组", "线路三班", "信号二组", "焊轨班"), "lying_header")
    s.add("家庭成员", "training_score", s.pick("86分", "补考62分", "95分", "78.5分"), "lying_header")
    s.add("手机号码", "text_opinion", s.each(lambda: opinion(r, "safety", "dorm")), "lying_header")
    s.add("疾病史", "skill", s.pick("道岔维修", "焊轨", "钢轨探伤II级", "接触网作业车驾驶"), "lying_header")
    s.add("实发工资", "leave", s.pick("年休5天", "病假2天", "未休", "探亲假20天"), "lying_header")
    s.add("银行卡", "ethnicity", lambda p: p.ethnic, "lying_header")
    s.add("序列号", "person_name", lambda p: p.name, "lying_header")
    s.add("数量", "id_card", lambda p: mask(p.id_card, 6, 4), "lying_header", "masked")
    s.add(
        "宗教信仰",
        "activity_participation",
        s.pick("参加拔河", "未参加", "参加2次", "报名未到"),
        "lying_header",
    )
    return s.done()


def key_posts(r: Random) -> LabelledTable:
    s = Sheet("关键岗位廉政与证照核查", r, 66, OIL)
    s.add("核查对象", "person_name", lambda p: p.name, "renamed")
    s.add(
        "cfqk",
        "discipline",
        lambda p: r.choice(
            ("无", "2021年警告处分", "诫勉谈话", "醉驾，拘役1个月", "赌博，行政罚款500元", "党内警告")
        ),
        "renamed",
        "pinyin",
    )
    s.add(
        "奖惩记录",
        "discipline",
        lambda p: r.choice(("无处分", "记大过一次", "通报批评", "因脱岗降级", "撤职", "留党察看一年")),
        "renamed",
        gap=0.3,
    )
    s.add("hzhm", "passport", lambda p: "E" + digits(r, 8), "renamed", "pinyin", gap=0.4)
    s.add(
        "PASSPORT",
        "passport",
        lambda p: " E" + r.choice("ABCDEFGH") + digits(r, 7),
        "english",
        "mangled",
        gap=0.5,
    )
    s.add("公积金号(后四位可见)", "housing_fund_no", lambda p: mask(p.fund, 0, 4), "masked")
    s.add("个人社保编号", "social_security_no", lambda p: f"{int(p.social):,}", "mangled")
    s.add(
        "亲属经商办企业",
        "family",
        lambda p: r.choice(
            (None, f"配偶{name(r)}开设餐馆", f"弟弟{name(r)}持股贸易公司", f"儿子{name(r)}经营汽修店")
        ),
        "renamed",
    )
    s.add("岗位风险等级", "category", s.pick("高", "中", "低"))
    s.add("现职级", "job_level", s.pick("正科", "副处", "主管", "高级主管"))
    s.add("所在处室", "department", lambda p: p.department)
    s.add(
        "核查依据",
        "policy_title",
        s.pick("《廉洁从业若干规定》", "《领导干部报告个人有关事项规定》", "《证照管理办法》"),
        "decoy",
    )
    return s.done()


def notices(r: Random) -> LabelledTable:
    s = Sheet("公众号推文与活动预告", r, 64, BANK)
    s.add("tuiwen_biaoti", "activity_title", s.pick(*ACTIVITIES), "pinyin")
    s.add("备注1", "lecture_title", s.pick(*LECTURES), "renamed", "decoy", gap=0.3)
    s.add("员工姓名", "activity_title", s.pick(*ACTIVITIES), "lying_header", "decoy")
    s.add("诊断结果", "lecture_title", s.pick(*LECTURES), "lying_header", "decoy")
    s.add("联系手机", "hotline", s.each(lambda: service_line(r)), "lying_header", "decoy")
    s.add("协办商家代码", "credit_code", s.each(lambda: credit_code(r)), "renamed")
    s.add("身份证", "credit_code", s.each(lambda: credit_code(r)), "lying_header", "decoy")
    s.add(
        "处分决定",
        "policy_title",
        s.pick("《职工文体协会章程》", "《疗休养管理办法》", "《工会经费收支管理办法》"),
        "lying_header",
        "decoy",
    )
    s.add("yb", "postcode", lambda p: p.region[5], "renamed", "pinyin")
    s.add("阅读量", "quantity", s.pick("1.2万", "356", "2,018", "10万+"))
    s.add("读者留言精选", "text_opinion", s.each(lambda: opinion(r, "activity", "canteen")), gap=0.3)
    s.add("栏目编辑部门", "department", lambda p: p.department)
    return s.done()


TABLES_C: tuple[Callable[[Random], LabelledTable], ...] = (
    lying_shifted,
    lying_reused,
    lying_codes,
    headless_mix,
    headless_fields,
    headless_columns,
    form_dump,
    oa_dump,
    api_log,
    audit_log,
    hr_sync_xml,
    wechat_export,
    accounts,
    gate_log,
    biometrics,
    vehicles,
    devices,
    patrol,
    social_staff,
    bi_masked,
    ticket_masked,
    excel_wreck,
    contacts_joined,
    dormitory,
    rare_equipment,
    rare_misfilled,
    rare_lms,
    training_needs,
    talent_pool,
    survey_english,
    clubs,
    mentoring,
    shift_stats,
    lms_pinyin,
    exit_interview,
    service_requests,
    competency,
    league_points,
    headless_stats,
    lying_stats,
    key_posts,
    notices,
)
