"""Health in its many disguises: check-ups, laboratories, medicines, bills, leave, injuries, mental state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from classifier_sets.third.base import (
    HOSPITALS,
    C,
    Person,
    Sheet,
    as_json,
    full_width,
    gaps,
    grouped,
    mask,
    mask_name,
    quoted,
    rare,
    serial,
    some,
    spaced,
    zeros_lost,
)


def if_ill(way: Callable[[Person], object], other: object = None) -> Callable[[Person], object]:
    """Write `way` for those who are ill, `other` for the rest."""
    return lambda p: way(p) if p.ill else other


def phq(p: Person) -> int:
    """Return a score of PHQ-9: 0 to 27, higher for who is ill."""
    return min(27, max(0, int(p.rng.gauss(9 if p.ill else 4, 4))))


def due_day(p: Person) -> date:
    """Return a day within nine months."""
    return date(2026, 7, 1) + timedelta(days=p.n(0, 270))


SHEETS_B = (
    Sheet(
        "checkup_units_headers",
        240,
        (
            C("体检号", "medical_record_no", lambda p: f"TJ2026{p.digits(6)}"),
            C("受检者", "person_name", lambda p: p.name),
            C("血压mmHg", "health", lambda p: f"{p.sbp}/{p.dbp}", "unit"),
            C("心率(次/分)", "health", lambda p: p.pulse, "unit"),
            C("身高cm", "health", lambda p: p.height, "unit"),
            C("体重kg", "health", lambda p: p.weight, "unit"),
            C("BMI", "health", lambda p: f"{p.bmi:.1f}", "disguised"),
            C("空腹mmol/L", "health", lambda p: p.glucose, "unit disguised"),
            C("体检日期", "event_date", lambda p: p.day(2026)),
        ),
    ),
    Sheet(
        "lab_items_english",
        200,
        (
            C("pid", "medical_record_no", lambda p: f"P{p.digits(8)}", "english"),
            C("ALT", "health", lambda p: p.alt, "abbreviated disguised"),
            C("CREA", "health", lambda p: p.creatinine, "abbreviated disguised"),
            C("UA", "health", lambda p: p.urate, "abbreviated disguised"),
            C("TG", "health", lambda p: p.tg, "abbreviated disguised"),
            C("CHOL", "health", lambda p: p.tc, "abbreviated disguised"),
            C("WBC", "health", lambda p: p.wbc, "abbreviated disguised"),
            C("HGB", "health", lambda p: p.hb, "abbreviated disguised"),
            C("PLT", "health", lambda p: p.platelets, "abbreviated disguised"),
            C("rpt_time", "event_time", lambda p: p.day(2026, "%Y-%m-%d 10:%d:00"), "decoy"),
        ),
    ),
    Sheet(
        "lab_items_pinyin",
        130,
        (
            C("XM", "person_name", lambda p: p.name, "pinyin"),
            C("NL", "age", lambda p: p.age, "pinyin"),
            C("XB", "gender", lambda p: p.sex, "pinyin"),
            C("SSY", "health", lambda p: p.sbp, "pinyin disguised"),
            C("SZY", "health", lambda p: p.dbp, "pinyin disguised"),
            C("XT", "health", lambda p: p.glucose, "pinyin disguised"),
            C("NS", "health", lambda p: p.urate, "pinyin disguised"),
            C("TJJL", "health", lambda p: p.disease if p.ill else "未见明显异常", "pinyin disguised"),
        ),
    ),
    Sheet(
        "lab_no_header",
        100,
        (
            C("", "person_name", lambda p: p.name, "no_header"),
            C("", "gender", lambda p: p.sex, "no_header"),
            C("", "age", lambda p: f"{p.age}岁", "no_header"),
            C("", "health", lambda p: f"{p.sbp}/{p.dbp}", "no_header disguised"),
            C("", "health", lambda p: p.glucose, "no_header disguised"),
            C("", "health", lambda p: if_ill(lambda q: q.disease, "正常")(p), "no_header disguised"),
        ),
    ),
    Sheet(
        "checkup_codes",
        160,
        (
            C("字段1", "employee_no", lambda p: p.no, "no_header"),
            C("字段2", "health", lambda p: p.sbp, "no_header disguised"),
            C("字段3", "health", lambda p: p.dbp, "no_header disguised"),
            C(
                "字段4",
                "health",
                lambda p: p.pick(("0.6", "0.8", "1.0", "1.0", "1.2", "4.8", "5.0")),
                "no_header disguised",
            ),
            C("字段5", "health", lambda p: f"{p.hb}↓" if p.hb < 120 else str(p.hb), "no_header disguised"),
            C(
                "字段6",
                "health",
                lambda p: p.pick(("HBsAg(-)", "HBsAg(-)", "HBsAg(-)", "HBsAg(+)")),
                "no_header disguised",
            ),
        ),
    ),
    # One row an item, as a laboratory system writes it.
    Sheet(
        "lis_results_long",
        380,
        (
            C("BARCODE", "record_no", lambda p: p.digits(12), "decoy"),
            C("PATNAME", "person_name", lambda p: p.name, "english"),
            C("ITEM", "category", lambda p: ("ALT", "GLU", "UA", "CREA")[p.i % 4], "decoy"),
            C("RESULT", "health", lambda p: (p.alt, p.glucose, p.urate, p.creatinine)[p.i % 4], "disguised"),
            C("REF", "category", lambda p: ("9-50", "3.9-6.1", "208-428", "57-97")[p.i % 4], "decoy"),
            C("UNIT", "unit_of_measure", lambda p: ("U/L", "mmol/L", "μmol/L", "μmol/L")[p.i % 4], "decoy"),
            C("FLAG", "health", lambda p: p.pick(("N", "N", "N", "H", "L")), "disguised codes"),
        ),
    ),
    Sheet(
        "chronic_disease_ledger",
        90,
        (
            C("建档人", "person_name", lambda p: mask_name(p.name), "masked"),
            C("手机", "mobile", lambda p: mask(p.mobile, 3, 4), "masked"),
            C("病种", "health", lambda p: p.disease),
            C("用药", "health", lambda p: p.medicine, "disguised"),
            C("用法", "health", lambda p: p.dose, "disguised"),
            C(
                "控制情况",
                "health",
                lambda p: p.pick(("良好", "一般", "不佳", "血压偏高", "未规律服药")),
                "disguised",
            ),
            C("随访方式", "category", lambda p: p.pick(("电话", "门诊", "入户")), "decoy"),
        ),
    ),
    Sheet(
        "pharmacy_dispense",
        210,
        (
            C("处方号", "record_no", lambda p: f"CF{p.digits(10)}", "decoy"),
            C("领药人", "person_name", lambda p: p.name),
            C("品名", "health", lambda p: p.medicine, "disguised"),
            C("剂量", "health", lambda p: p.dose, "disguised"),
            C("窗口", "venue", lambda p: p.pick(("1号窗", "2号窗")), "decoy"),
            C("自费", "health", lambda p: f"{p.own_share / 10:.2f}", "disguised"),
        ),
    ),
    # The other side: the stock of the clinic tells of nobody.
    Sheet(
        "clinic_stock",
        90,
        (
            C("药品名称", "product", lambda p: p.medicine, "decoy"),
            C(
                "规格",
                "product",
                lambda p: p.pick(("10mg×14片", "0.5g×20片", "20mg×7片", "0.3g×24粒")),
                "decoy",
            ),
            C("库存", "quantity", lambda p: p.n(0, 600), "decoy"),
            C("进价", "price", lambda p: p.num(3, 120), "decoy"),
            C(
                "生产批号",
                "record_no",
                lambda p: f"{p.n(2023, 2026)}{p.n(1, 12):02d}{p.n(1, 28):02d}",
                "decoy",
            ),
            C("有效期至", "event_date", lambda p: f"{p.n(2026, 2028)}-{p.n(1, 12):02d}", "decoy"),
            C(
                "生产企业",
                "organisation",
                lambda p: p.pick(("华北制药", "齐鲁制药", "石药集团", "扬子江药业")),
            ),
        ),
    ),
    Sheet(
        "medical_claims",
        230,
        (
            C("报案号", "record_no", lambda p: f"BA26{p.digits(9)}", "decoy"),
            C("被保险人", "person_name", lambda p: p.name),
            C("证件号", "id_card", lambda p: p.id_card),
            C("总额", "health", lambda p: f"{p.bill:.2f}", "disguised"),
            C("统筹支付", "health", lambda p: f"{p.bill - p.own_share:.2f}", "disguised"),
            C("自付", "health", lambda p: f"{p.own_share:.2f}", "disguised"),
            C("出院诊断", "health", lambda p: p.disease),
            C("就诊医院", "organisation", lambda p: p.pick(HOSPITALS)),
        ),
    ),
    Sheet(
        "medical_claims_en",
        140,
        (
            C("claim_id", "record_no", lambda p: f"CL-{p.digits(8)}", "decoy"),
            C("member", "person_name", lambda p: p.name, "english"),
            C(
                "icd10",
                "health",
                lambda p: p.pick(
                    ("I10.x00", "E11.900", "I25.103", "I63.900", "M51.202", "E04.101", "J42.x00")
                ),
                "codes disguised",
            ),
            C("hosp_days", "health", lambda p: p.n(1, 28), "english disguised"),
            C("tot_amt", "health", grouped(lambda p: p.bill), "english disguised"),
            C("reimb_amt", "health", grouped(lambda p: p.bill - p.own_share), "english disguised"),
            C("pay_to", "bank_card", lambda p: p.bank_card, "english"),
        ),
    ),
    Sheet(
        "mutual_aid_medical",
        85,
        (
            C("会员", "person_name", lambda p: p.name),
            C(
                "重疾名称",
                "health",
                lambda p: p.pick(("恶性肿瘤", "急性心肌梗死", "脑卒中后遗症", "终末期肾病", "良性脑肿瘤")),
            ),
            C(
                "确诊",
                "health",
                serial(lambda p: date(2025, 1, 1) + timedelta(days=p.n(0, 480))),
                "excel disguised",
            ),
            C("医疗支出(万)", "health", lambda p: f"{p.bill * 12 / 10000:.2f}", "unit disguised"),
            C("互助金", "health", lambda p: p.pick((10000, 20000, 30000)), "disguised"),
            C("经办分会", "organisation", lambda p: p.pick(("机电分会", "综采分会", "机关分会"))),
        ),
    ),
    Sheet(
        "sick_leave_register",
        150,
        (
            C("工号", "employee_no", lambda p: p.no),
            C("请假人", "person_name", lambda p: p.name),
            C("病休天数", "health", lambda p: p.sick_days, "disguised"),
            C("诊断证明", "health", if_ill(lambda p: p.disease, "上呼吸道感染"), "disguised"),
            C("开具医院", "organisation", lambda p: p.pick(HOSPITALS)),
            C("审批", "status", lambda p: p.pick(("已批", "已批", "待批"))),
        ),
    ),
    Sheet(
        "absence_types_en",
        260,
        (
            C("EmpNo", "employee_no", lambda p: p.no, "english"),
            C("AL_days", "leave", lambda p: p.n(0, 15), "english"),
            C("SL_days", "health", lambda p: p.sick_days, "english disguised"),
            C(
                "MedPeriodEnd",
                "health",
                lambda p: p.day(2026) if p.sick_days > 20 else None,
                "english disguised",
            ),
            C("OT_hrs", "overtime", lambda p: p.overtime_hours, "english"),
            C("Dept", "department", lambda p: p.dept, "english"),
        ),
    ),
    Sheet(
        "womens_committee_register",
        110,
        (
            C("女工姓名", "person_name", lambda p: p.name),
            C("预产期", "health", lambda p: due_day(p).strftime("%Y.%m.%d"), "disguised"),
            C("孕周", "health", lambda p: f"{p.n(6, 39)}+{p.n(0, 6)}", "disguised"),
            C("胎次", "health", lambda p: p.pick((1, 1, 2, 3)), "disguised"),
            C("产检情况", "health", lambda p: p.pick(("正常", "妊娠期糖尿病", "胎盘低置", "正常", "贫血"))),
            C("所在班组", "team", lambda p: p.pick(("化验班", "机关", "洗选班", "食堂"))),
        ),
    ),
    Sheet(
        "two_cancers_screening",
        165,
        (
            C("条码", "record_no", lambda p: p.digits(10), "decoy"),
            C("姓名", "person_name", lambda p: p.name),
            C(
                "TCT",
                "health",
                lambda p: p.pick(("NILM", "NILM", "NILM", "ASC-US", "LSIL")),
                "abbreviated disguised",
            ),
            C("HPV分型", "health", lambda p: p.pick(("阴性", "阴性", "阴性", "52", "16", "58")), "disguised"),
            C("乳腺", "health", lambda p: f"BI-RADS {p.pick(('1', '2', '2', '3', '4A'))}类", "disguised"),
            C("末次月经", "health", lambda p: p.day(2026, "%m-%d"), "disguised"),
        ),
    ),
    Sheet(
        "dust_exposure_followup",
        125,
        (
            C("姓名", "person_name", lambda p: p.name),
            C("接尘工龄", "years_of_service", lambda p: p.years),
            C("胸片", "health", lambda p: p.pick(("0/0", "0/0", "0/1", "1/1", "1/2")), "disguised"),
            C("FVC%", "health", lambda p: p.n(62, 112), "unit disguised"),
            C("FEV1/FVC", "health", lambda p: p.num(58, 92, 1), "disguised"),
            C(
                "结论",
                "health",
                lambda p: p.pick(("未见异常", "尘肺观察对象", "尘肺壹期", "复查")),
                "disguised",
            ),
        ),
    ),
    Sheet(
        "hearing_booth",
        95,
        (
            C("ID", "employee_no", lambda p: f"D{p.no[3:]}", "english"),
            C("L500", "health", lambda p: p.n(5, 8 + p.age), "abbreviated disguised"),
            C("L4000", "health", lambda p: p.n(10, 16 + p.age), "abbreviated disguised"),
            C("R500", "health", lambda p: p.n(5, 8 + p.age), "abbreviated disguised"),
            C("R4000", "health", lambda p: p.n(10, 16 + p.age), "abbreviated disguised"),
            C("双耳高频均值dB", "health", lambda p: p.num(12, 52, 1), "unit disguised"),
        ),
    ),
    Sheet(
        "injury_ledger",
        105,
        (
            C("伤者", "person_name", lambda p: p.name),
            C(
                "受伤部位",
                "health",
                lambda p: p.pick(("左手食指", "右足", "腰部", "头部", "右膝", "左前臂")),
                "disguised",
            ),
            C(
                "伤情",
                "health",
                lambda p: p.pick(("骨折", "挫伤", "撕脱伤", "轻微擦伤", "韧带损伤")),
                "disguised",
            ),
            C(
                "等级鉴定",
                "health",
                lambda p: p.pick(("十级", "九级", "未达级", "八级", "未达级")),
                "disguised",
            ),
            C("停工留薪(天)", "health", lambda p: p.pick((7, 15, 30, 60, 90)), "unit disguised"),
            C(
                "事发地点",
                "venue",
                lambda p: p.pick(("3201工作面", "皮带走廊", "检修车间", "煤仓上口")),
                "decoy",
            ),
            C(
                "事故类别",
                "category",
                lambda p: p.pick(("机械伤害", "物体打击", "高处坠落", "车辆伤害")),
                "decoy",
            ),
        ),
    ),
    Sheet(
        "disability_archive",
        70,
        (
            C("姓名", "person_name", lambda p: p.name),
            C("出生", "birth_date", lambda p: p.born.strftime("%Y年%m月%d日")),
            C(
                "类别",
                "health",
                lambda p: p.pick(("肢体", "视力", "听力", "言语", "精神", "智力", "多重")),
                "disguised",
            ),
            C("等级", "health", lambda p: p.pick(("一级", "二级", "三级", "四级")), "disguised"),
            C(
                "部位描述",
                "health",
                lambda p: p.pick(("左下肢缺失", "右眼失明", "双耳极重度", "右手三指缺失", "脊柱侧弯")),
                "disguised",
            ),
            C("安置岗位", "post", lambda p: p.pick(("门卫", "档案整理", "保洁", "话务"))),
        ),
    ),
    Sheet(
        "psychological_scales",
        215,
        (
            C("uid", "employee_no", lambda p: p.no, "english"),
            C("PHQ9", "health", phq, "abbreviated disguised"),
            C("GAD7", "health", lambda p: min(21, max(0, phq(p) - 2)), "abbreviated disguised"),
            C("SCL90_total", "health", lambda p: p.n(92, 240), "abbreviated disguised"),
            C("PSQI", "health", lambda p: p.n(1, 17), "abbreviated disguised"),
            C("risk", "health", lambda p: p.pick(("低", "低", "低", "中", "高")), "disguised"),
            C("submit_dt", "event_date", lambda p: p.day(2026, "%Y%m%d"), "decoy"),
        ),
    ),
    Sheet(
        "counselling_notes",
        120,
        (
            C("档案号", "record_no", lambda p: f"XL-{p.i:04d}", "decoy"),
            C("来访", "person_name", lambda p: mask_name(p.name), "masked"),
            C(
                "主诉",
                "health",
                lambda p: p.pick(
                    (
                        "入睡困难三月余",
                        "情绪低落, 兴趣减退",
                        "反复担心、心慌",
                        "工作压力大头痛",
                        "丧亲后持续哀伤",
                    )
                ),
                "disguised",
            ),
            C(
                "初评",
                "health",
                lambda p: p.pick(("轻度抑郁", "焦虑状态", "适应不良", "睡眠障碍", "未达诊断标准")),
                "disguised",
            ),
            C("咨询室", "venue", lambda p: p.pick(("心灵驿站1", "心灵驿站2")), "decoy"),
            C("自伤意念", "health", lambda p: p.pick(("无", "无", "无", "偶有")), "disguised"),
        ),
    ),
    Sheet(
        "blood_donors",
        130,
        (
            C("献血者", "person_name", lambda p: p.name),
            C("型", "health", lambda p: p.pick(("A", "B", "O", "AB", "O", "A")), "disguised"),
            C("Rh(D)", "health", lambda p: "+" if p.i % 40 else "-", "abbreviated disguised"),
            C("转氨酶", "health", lambda p: p.alt, "disguised"),
            C("采血点", "venue", lambda p: p.pick(("职工文化宫广场", "总医院采血屋"))),
        ),
    ),
    Sheet(
        "emergency_cards",
        155,
        (
            C("name", "person_name", lambda p: p.name, "english"),
            C("blood", "health", lambda p: p.pick(("A型", "B型", "O型", "AB型")), "english"),
            C(
                "allergy",
                "health",
                some(lambda p: p.pick(("青霉素", "头孢类", "海鲜", "磺胺")), 0.2, "无"),
                "english",
            ),
            C("hist", "health", if_ill(lambda p: p.disease, "无"), "english abbreviated"),
            C("ice_tel", "mobile", lambda p: p.mobile, "english abbreviated"),
            C("ice_name", "family", lambda p: p.spouse, "english disguised"),
        ),
    ),
    Sheet(
        "canteen_diet",
        115,
        (
            C("就餐人", "person_name", lambda p: p.name),
            C(
                "忌口",
                "health",
                lambda p: p.pick(("低盐(高血压)", "糖尿病餐", "低嘌呤(痛风)", "海鲜过敏", "术后流食")),
                "disguised",
            ),
            C("送餐点", "venue", lambda p: p.pick(("井口", "机关楼", "地面车间"))),
        ),
    ),
    Sheet(
        "vaccination",
        185,
        (
            C("接种者", "person_name", lambda p: p.name),
            C(
                "接种疫苗",
                "health",
                lambda p: p.pick(("流感疫苗", "23价肺炎疫苗", "乙肝疫苗", "带状疱疹疫苗")),
            ),
            C("针次", "health", lambda p: f"第{p.n(1, 3)}针", "disguised"),
            C(
                "禁忌",
                "health",
                some(lambda p: p.pick(("发热", "妊娠", "免疫缺陷", "鸡蛋过敏")), 0.1, "无"),
                "disguised",
            ),
            C("疫苗批号", "record_no", lambda p: f"20260{p.n(1, 6)}{p.n(100, 999)}", "decoy"),
        ),
    ),
    Sheet(
        "fitness_tests",
        145,
        (
            C("号码布", "record_no", lambda p: f"{p.i:03d}", "decoy"),
            C("队员", "person_name", lambda p: p.name),
            C("静息心率", "health", lambda p: p.pulse),
            C("体脂%", "health", lambda p: p.num(12, 34, 1), "unit disguised"),
            C("肺活量", "health", lambda p: p.n(1900, 4900)),
            C(
                "伤病史",
                "health",
                some(lambda p: p.pick(("半月板损伤", "跟腱炎", "腰肌劳损", "踝扭伤")), 0.3, "无"),
            ),
            C(
                "报名项目",
                "activity_participation",
                lambda p: p.pick(("羽毛球", "乒乓球", "健步走", "篮球", "拔河")),
            ),
        ),
    ),
    Sheet(
        "wearables",
        260,
        (
            C("dev_sn", "device_id", lambda p: p.imei(), "english"),
            C("hr_avg", "health", lambda p: p.pulse, "english abbreviated"),
            C("spo2", "health", lambda p: p.n(91, 99), "english abbreviated"),
            C("slp_min", "health", lambda p: p.n(210, 540), "english abbreviated disguised"),
            C("stress_idx", "health", lambda p: p.n(12, 94), "english disguised"),
            C("ts", "event_time", lambda p: p.day(2026, "%Y-%m-%d 23:59:%d"), "decoy"),
        ),
    ),
    Sheet(
        "checkup_joined",
        100,
        (
            C(
                "汇总",
                "personal_mix",
                lambda p: (
                    f"{p.name}|{p.sex}|{p.age}|BP {p.sbp}/{p.dbp}|GLU {p.glucose}|{p.disease if p.ill else '无'}"
                ),
                "concatenated disguised",
            ),
            C("套餐", "product", lambda p: p.pick(("A套餐(男)", "B套餐(女)", "C套餐(接害)")), "decoy"),
            C("分检医院", "organisation", lambda p: p.pick(HOSPITALS)),
        ),
    ),
    Sheet(
        "checkup_json",
        120,
        (
            C("rid", "record_no", lambda p: p.i + 10000, "decoy"),
            C(
                "data",
                "health",
                lambda p: as_json(SBP=p.sbp, DBP=p.dbp, GLU=p.glucose, TG=p.tg),
                "json disguised",
            ),
            C("person", "personal_mix", lambda p: as_json(name=p.name, tel=p.mobile), "json"),
            C("ver", "category", lambda p: "v2.1", "decoy"),
        ),
    ),
    Sheet(
        "remarks_rare_illness",
        270,
        (
            C("班次", "category", lambda p: p.pick(("早班", "中班", "夜班")), "decoy"),
            C(
                "交接内容",
                "text_personal",
                rare(
                    lambda p: f"{p.name}血压{p.sbp}/{p.dbp}, 头晕, 已送{HOSPITALS[0]}, 家属电话{p.mobile}",
                    lambda p: p.pick(
                        (
                            "皮带机托辊更换2个",
                            "瓦斯浓度正常",
                            "水泵运行正常, 水位1.2米",
                            "支架压力正常",
                            "交接清楚, 无遗留",
                        )
                    ),
                ),
                "rare",
            ),
            C("设备编号", "record_no", lambda p: f"SB-{p.n(1, 80):03d}", "decoy"),
        ),
    ),
    Sheet(
        "duty_log_rare_mobile_masked",
        350,
        (
            C("时段", "event_time", lambda p: f"{p.n(0, 23):02d}:{p.pick(('00', '30'))}", "decoy"),
            C(
                "内容",
                "text_personal",
                rare(
                    lambda p: f"职工{p.name}夜间腹痛, 疑胆囊炎, 联系{p.mobile}接诊",
                    lambda p: p.pick(
                        (
                            "巡查宿舍楼无异常",
                            "三楼水管漏水已报修",
                            "大门登记正常",
                            "空调滤网清洗",
                            "垃圾清运完毕",
                        )
                    ),
                ),
                "rare",
            ),
            C("楼栋", "venue", lambda p: f"{p.n(1, 12)}号楼", "decoy"),
        ),
    ),
    Sheet(
        "health_lying_headers",
        92,
        (
            C("配件名称", "health", lambda p: p.disease, "lying_header disguised"),
            C("规格型号", "health", lambda p: p.medicine, "lying_header disguised"),
            C("编号", "person_name", lambda p: p.name, "lying_header"),
            C("尺寸", "health", lambda p: f"{p.sbp}/{p.dbp}mmHg", "lying_header disguised"),
            C("库位", "venue", lambda p: f"A{p.n(1, 9)}-{p.n(1, 40):02d}", "decoy"),
        ),
    ),
    Sheet(
        "health_excel_ruined",
        118,
        (
            C("人员", "person_name", spaced(lambda p: p.name), "excel"),
            C("病案号", "medical_record_no", zeros_lost(lambda p: f"{p.n(1, 99999):08d}"), "excel"),
            C("舒张", "health", full_width(lambda p: p.dbp), "excel disguised"),
            C("收缩", "health", full_width(lambda p: p.sbp), "excel disguised"),
            C("血脂四项", "health", quoted(lambda p: f"{p.tc}/{p.tg}"), "excel disguised"),
            C(
                "来院日",
                "event_date",
                serial(lambda p: date(2026, 1, 1) + timedelta(days=p.n(1, 170))),
                "excel decoy",
            ),
        ),
    ),
    Sheet(
        "hospital_visits_of_staff",
        78,
        (
            C("看望对象", "person_name", lambda p: p.name),
            C("病因", "health", lambda p: p.pick(("骨折手术", "心脏搭桥", "剖宫产", "肿瘤化疗", "肺炎"))),
            C(
                "床位",
                "health",
                lambda p: f"{p.pick(('骨科', '心内科', '产科', '肿瘤科', '呼吸科'))}{p.n(1, 60)}床",
                "disguised",
            ),
            C("看望日期", "event_date", lambda p: p.day(2026, "%m月%d日")),
            C("家属电话", "mobile", lambda p: p.mobile),
        ),
    ),
    Sheet(
        "eyes_and_teeth",
        82,
        (
            C("驾驶员", "person_name", lambda p: p.name),
            C("左", "health", lambda p: p.pick(("4.6", "4.8", "4.9", "5.0", "5.1")), "abbreviated disguised"),
            C("右", "health", lambda p: p.pick(("4.6", "4.8", "4.9", "5.0", "5.1")), "abbreviated disguised"),
            C("色觉", "health", lambda p: p.pick(("正常", "正常", "正常", "红绿色弱")), "disguised"),
            C("准驾", "certificate", lambda p: p.pick(("A1", "A2", "B2", "C1"))),
        ),
    ),
    Sheet(
        "drug_and_alcohol_tests",
        190,
        (
            C("测试序", "record_no", lambda p: p.i, "decoy"),
            C("入井人员", "person_name", lambda p: p.name),
            C("酒精mg/100ml", "health", some(lambda p: p.n(5, 30), 0.03, 0), "unit disguised"),
            C("体温", "health", lambda p: p.num(35.8, 37.4, 1), "disguised"),
            C("井口", "venue", lambda p: p.pick(("主井", "副井", "风井"))),
            C("时间", "event_time", lambda p: f"{p.n(5, 22):02d}:{p.n(0, 59):02d}"),
        ),
    ),
    Sheet(
        "smoking_and_habits",
        170,
        (
            C("问卷号", "record_no", lambda p: f"Q{p.i:05d}", "decoy"),
            C("吸烟(支/日)", "health", lambda p: p.pick((0, 0, 5, 10, 20)), "unit disguised"),
            C("饮酒", "health", lambda p: p.pick(("不饮", "偶尔", "每周1-2次", "每日")), "disguised"),
            C("慢病", "health", if_ill(lambda p: p.disease, "无")),
            C("失眠频率", "health", lambda p: p.pick(("从不", "偶尔", "经常"))),
            C("工龄段", "years_of_service", lambda p: f"{p.years // 10 * 10}-{p.years // 10 * 10 + 9}年"),
        ),
    ),
    Sheet(
        "sanatorium_list",
        88,
        (
            C("疗养员", "person_name", lambda p: p.name),
            C("疗养地", "region", lambda p: p.pick(("北戴河", "青岛", "黄山", "五台山"))),
            C("既往", "health", if_ill(lambda p: p.disease, "体健"), "disguised"),
            C("随身药", "health", if_ill(lambda p: p.medicine), "disguised"),
            C("同行家属", "family", gaps(lambda p: p.spouse, 0.4)),
            C("批次", "category", lambda p: f"第{p.n(1, 4)}批", "decoy"),
        ),
    ),
    Sheet(
        "occupational_conclusions",
        165,
        (
            C("工号", "employee_no", lambda p: p.no[2:]),
            C("岗别", "post", lambda p: p.post),
            C(
                "主检意见",
                "health",
                lambda p: p.pick(("可从事原岗位", "复查", "疑似职业病", "职业禁忌证", "其他疾患")),
                "disguised",
            ),
            C(
                "异常项",
                "health",
                gaps(
                    lambda p: p.pick(
                        ("ALT升高", "双耳高频听阈提高", "心电图ST-T改变", "尿潜血+", "肺纹理增粗")
                    ),
                    0.5,
                ),
                "disguised",
            ),
            C("年度", "event_date", lambda p: p.pick((2025, 2026)), "decoy"),
        ),
    ),
)
