"""Pay in its many disguises: payrolls, allowances, deductions, contributions, bonuses, pensions."""

from __future__ import annotations

from classifier_sets.third.base import (
    C,
    Sheet,
    as_float,
    as_json,
    dashed,
    full_width,
    gaps,
    grouped,
    mask,
    mask_name,
    quoted,
    rare,
    scientific,
    serial,
    some,
    spaced,
    zeros_lost,
)

SHEETS_A = (
    # A payroll of an HR system, English field names.
    Sheet(
        "payroll_export_en",
        220,
        (
            C("pernr", "employee_no", lambda p: p.no, "english"),
            C("ename", "person_name", lambda p: p.name, "english"),
            C("orgeh_txt", "department", lambda p: p.dept, "english"),
            C("base_sal", "pay", lambda p: f"{p.base}.00", "english disguised"),
            C("post_allow", "pay", lambda p: f"{p.post_pay}.00", "english disguised"),
            C("senior_amt", "pay", lambda p: f"{p.seniority}.00", "english disguised"),
            C("bet_ot", "pay", lambda p: f"{p.overtime_pay:.2f}", "abbreviated disguised"),
            C("betrg", "pay", lambda p: f"{p.gross:.2f}", "abbreviated disguised"),
            C("waers", "unit_of_measure", lambda p: "CNY", "decoy"),
            C("abkrs", "category", lambda p: p.pick(("01", "01", "02", "03")), "decoy codes"),
        ),
    ),
    # The same month in wage types: one row an item.
    Sheet(
        "wage_types_long",
        300,
        (
            C("PERNR", "employee_no", lambda p: p.no, "english"),
            C("LGART", "category", lambda p: p.pick(("1000", "1010", "2003", "3115", "/559")), "codes decoy"),
            C(
                "ANZHL",
                "pay",
                lambda p: f"{p.pick((p.base, p.post_pay, p.seniority, p.fund))}.00",
                "lying_header disguised",
            ),
            C("BEGDA", "event_date", lambda p: p.pick(("20260101", "20260201", "20260301")), "decoy"),
        ),
    ),
    # A workshop's bonus sheet, pinyin initials.
    Sheet(
        "workshop_bonus_pinyin",
        88,
        (
            C("XH", "record_no", lambda p: p.i, "pinyin"),
            C("GH", "employee_no", zeros_lost(lambda p: p.no), "pinyin excel"),
            C("XM", "person_name", lambda p: p.name, "pinyin"),
            C("BZ", "team", lambda p: p.pick(("甲班", "乙班", "丙班", "丁班")), "pinyin"),
            C("GWGZ", "pay", lambda p: p.base + p.post_pay, "pinyin disguised"),
            C("JXJ", "pay", lambda p: f"{p.bonus:.1f}", "pinyin disguised"),
            C("YBF", "pay", lambda p: p.night_pay, "pinyin disguised"),
            C("KK", "pay", some(lambda p: p.pick((50, 100, 200)), 0.1, 0), "pinyin disguised"),
            C("SFJE", "pay", lambda p: f"{p.net:.2f}", "pinyin disguised"),
        ),
    ),
    # A sheet whose amounts have no header.
    Sheet(
        "payroll_no_header",
        140,
        (
            C("", "record_no", lambda p: p.i, "no_header"),
            C("", "person_name", lambda p: p.name, "no_header"),
            C("", "bank_card", lambda p: p.bank_card, "no_header"),
            C("", "pay", lambda p: f"{p.net:.2f}", "no_header disguised"),
            C("", "organisation", lambda p: p.bank, "no_header"),
        ),
    ),
    Sheet(
        "payslip_letters",
        180,
        (
            C("A01", "employee_no", lambda p: p.no, "codes"),
            C("A02", "person_name", lambda p: p.name, "codes"),
            C("B01", "pay", lambda p: p.base, "codes disguised"),
            C("B02", "pay", lambda p: p.post_pay, "codes disguised"),
            C("B07", "pay", lambda p: f"{p.bonus:.2f}", "codes disguised"),
            C("D03", "pay", lambda p: f"{p.pension:.2f}", "codes disguised"),
            C("D09", "pay", lambda p: f"{p.tax:.2f}", "codes disguised"),
            C("Z99", "pay", lambda p: f"{p.net:.2f}", "codes disguised"),
        ),
    ),
    # Contributions to the five insurances and the fund.
    Sheet(
        "contributions_month",
        260,
        (
            C("姓名", "person_name", spaced(lambda p: p.name), "excel"),
            C("社会保障号码", "social_security_no", quoted(lambda p: p.id_card), "excel"),
            C("缴费基数", "pay", lambda p: int(p.gross), "disguised"),
            C("个人8%", "pay", lambda p: f"{p.pension:.2f}", "disguised unit"),
            C("个人2%", "pay", lambda p: f"{p.medical:.2f}", "disguised unit"),
            C("个人0.5%", "pay", lambda p: f"{p.jobless:.2f}", "disguised unit"),
            C("单位16%", "pay", lambda p: f"{p.gross * 0.16:.2f}", "disguised unit"),
            C("险种", "category", lambda p: "企业职工基本养老保险", "decoy"),
            C("费款所属期", "event_date", lambda p: "202605", "decoy"),
        ),
    ),
    Sheet(
        "housing_fund_file",
        200,
        (
            C("个人账号", "housing_fund_no", lambda p: "0352" + f"{int(p.no) * 37 % 10**8:08d}", "plain"),
            C("职工姓名", "person_name", lambda p: p.name),
            C("证件号码", "id_card", lambda p: p.id_card),
            C("缴存基数", "pay", lambda p: f"{p.gross:.0f}", "disguised"),
            C("单位月缴存额", "pay", lambda p: p.fund, "disguised"),
            C("个人月缴存额", "pay", lambda p: p.fund, "disguised"),
            C("缴存比例", "percentage", lambda p: "12%", "decoy"),
            C("账户余额", "pay", lambda p: f"{p.fund * 2 * 12 * (p.years * 0.6 + 1):.2f}", "disguised"),
            C("账户状态", "status", lambda p: p.pick(("正常", "正常", "正常", "封存")), "decoy"),
        ),
    ),
    Sheet(
        "annuity_plan",
        150,
        (
            C("EMP_ID", "employee_no", lambda p: p.no, "english"),
            C("cert_no", "id_card", lambda p: mask(p.id_card, 6, 4), "english masked"),
            C("ee_contrib", "pay", lambda p: f"{p.annuity:.2f}", "english disguised"),
            C("er_contrib", "pay", lambda p: f"{p.annuity * 2:.2f}", "english disguised"),
            C("acct_bal", "pay", lambda p: f"{p.annuity * 36 * (p.years + 1) / 2:.2f}", "english disguised"),
            C("plan_cd", "category", lambda p: p.pick(("NJ-A", "NJ-B")), "decoy codes"),
        ),
    ),
    Sheet(
        "heat_allowance",
        96,
        (
            C("序号", "record_no", lambda p: p.i),
            C("工号", "employee_no", lambda p: p.no[2:], "excel"),
            C("姓 名", "person_name", lambda p: p.name, "excel"),
            C("高温天数", "attendance", lambda p: p.heat_days),
            C("标准", "pay", lambda p: 12 if p.level_no < 4 else 16, "disguised"),
            C("小计", "pay", lambda p: p.heat_days * (12 if p.level_no < 4 else 16), "disguised"),
            C("签字", "boolean_flag", lambda p: None if p.chance(0.3) else "√", "decoy"),
        ),
    ),
    Sheet(
        "mess_subsidy",
        240,
        (
            C("人员", "person_name", lambda p: p.name),
            C("下井班数", "attendance", lambda p: p.days),
            C("班中餐补(元)", "pay", lambda p: p.days * 15, "unit disguised"),
            C("充值", "pay", lambda p: p.pick((300, 330, 360, 390)), "disguised"),
            C("餐厅", "venue", lambda p: p.pick(("一食堂", "二食堂", "井口食堂")), "decoy"),
        ),
    ),
    # The year-end award with words in the column of amounts.
    Sheet(
        "year_end_award",
        75,
        (
            C("Name", "person_name", lambda p: p.name, "english"),
            C("兑现系数", "pay", lambda p: p.num(0.6, 1.8, 2), "disguised"),
            C("应兑现", "pay", lambda p: f"{p.bonus * 12:,.2f}", "disguised excel"),
            C("预支", "pay", lambda p: f"{p.bonus * 6:,.2f}", "disguised excel"),
            C("补发", "pay", lambda p: f"￥{p.bonus * 6:,.2f}", "disguised excel"),
            C("考核等次", "appraisal", lambda p: p.pick(("优秀", "称职", "称职", "称职", "基本称职"))),
        ),
    ),
    Sheet(
        "deductions_month",
        130,
        (
            C("ygbh", "employee_no", lambda p: f"YG{p.no[3:]}", "pinyin"),
            C("ygxm", "person_name", lambda p: p.name, "pinyin"),
            C("shuidian", "pay", lambda p: p.num(20, 260), "pinyin disguised"),
            C("ghhf", "pay", lambda p: f"{p.dues:.2f}", "pinyin disguised"),
            C("grsds", "pay", lambda p: f"{p.tax:.2f}", "pinyin disguised"),
            C("nianjin", "pay", lambda p: f"{p.annuity:.2f}", "pinyin disguised"),
            C("kk_hj", "pay", lambda p: f"{p.tax + p.annuity + p.dues:.2f}", "pinyin disguised"),
            C("jzrq", "event_date", lambda p: "2026/5/31", "decoy"),
        ),
    ),
    Sheet(
        "retiree_pensions",
        320,
        (
            C("姓名", "person_name", lambda p: p.name),
            C("出生年月", "birth_date", lambda p: f"{p.born.year - 30}.{p.born.month:02d}"),
            C(
                "基础养老金",
                "pay",
                lambda p: f"{1400 + p.years * 25 + p.n(0, 300)}.{p.n(0, 99):02d}",
                "disguised",
            ),
            C("过渡性", "pay", gaps(lambda p: p.num(120, 980)), "disguised"),
            C("统筹外", "pay", lambda p: p.pick((180, 220, 260, 300)), "disguised"),
            C("调待增加", "pay", lambda p: p.num(60, 210), "disguised"),
            C("发放银行", "organisation", lambda p: p.bank, "decoy"),
            C("账号", "bank_card", lambda p: p.bank_card),
        ),
    ),
    # What is over from a card, with Excel's scientific notation.
    Sheet(
        "bank_transfer_batch",
        190,
        (
            C("收款账号", "bank_card", scientific(lambda p: p.bank_card), "excel"),
            C("收款户名", "person_name", lambda p: p.name),
            C("金额(元)", "pay", lambda p: f"{p.net:.2f}", "unit disguised"),
            C("用途", "category", lambda p: "工资", "decoy"),
            C("收款行联行号", "record_no", lambda p: f"1024{p.digits(8)}", "decoy"),
            C("批次号", "record_no", lambda p: "PC2026060001", "decoy"),
        ),
    ),
    Sheet(
        "bank_transfer_lying",
        110,
        (
            C("商户号", "bank_card", lambda p: p.bank_card, "lying_header"),
            C("商品", "person_name", lambda p: p.name, "lying_header"),
            C("单价", "pay", lambda p: f"{p.net:.2f}", "lying_header disguised"),
            C("附言", "category", lambda p: p.pick(("6月工资", "6月奖金")), "decoy"),
        ),
    ),
    # Amounts with everything in one cell.
    Sheet(
        "payslip_joined",
        120,
        (
            C(
                "工资条",
                "personal_mix",
                lambda p: f"{p.name}/应发{p.gross:.2f}/扣款{p.tax + p.pension:.2f}/实发{p.net:.2f}",
                "concatenated disguised",
            ),
            C("月份", "event_date", lambda p: "2026年6月", "decoy"),
            C("单位", "department", lambda p: p.dept),
        ),
    ),
    Sheet(
        "payslip_json",
        100,
        (
            C("id", "record_no", lambda p: p.i, "decoy"),
            C(
                "payload",
                "personal_mix",
                lambda p: as_json(gh=p.no, xm=p.name, yf=p.gross, sf=p.net),
                "json disguised",
            ),
            C("sent_at", "event_time", lambda p: p.day(2026, "%Y-%m-%dT08:%M:00"), "decoy"),
            C("channel", "category", lambda p: p.pick(("sms", "app", "mail")), "decoy"),
        ),
    ),
    Sheet(
        "labour_dispatch_settlement",
        160,
        (
            C(
                "派遣单位",
                "organisation",
                lambda p: p.pick(("鑫源人力资源有限公司", "恒通劳务公司", "蓝海外包服务有限公司")),
            ),
            C("人员姓名", "person_name", lambda p: p.name),
            C("身份证号码", "id_card", full_width(lambda p: p.id_card), "excel"),
            C("出勤", "attendance", lambda p: p.days),
            C("日工价", "pay", lambda p: p.rate, "disguised"),
            C("应结", "pay", grouped(lambda p: p.days * p.rate), "disguised excel"),
        ),
    ),
    # The pay band of each person, in words and codes.
    Sheet(
        "pay_grades",
        150,
        (
            C("员工", "person_name", lambda p: p.name),
            C("薪级", "pay", lambda p: f"{p.level_no + 3}岗{p.n(1, 9)}档", "disguised"),
            C("档差", "pay", lambda p: p.pick((80, 120, 160)), "disguised"),
            C("岗级系数", "pay", lambda p: f"{1 + p.level_no * 0.15:.2f}", "disguised"),
            C("执行日期", "event_date", lambda p: p.pick(("2026-01-01", "2026-04-01")), "decoy"),
            C(
                "文件依据",
                "policy_title",
                lambda p: p.pick(("关于调整岗位工资标准的通知", "薪酬管理办法")),
                "decoy",
            ),
        ),
    ),
    Sheet(
        "special_posts_allowance",
        68,
        (
            C("职工", "person_name", lambda p: mask_name(p.name), "masked"),
            C("工种", "post", lambda p: p.post),
            C("入井津贴", "pay", lambda p: p.days * 40, "disguised"),
            C("保健费", "pay", lambda p: p.days * 8, "disguised"),
            C("师带徒", "pay", some(lambda p: 200, 0.15, 0), "disguised"),
            C("职称补", "pay", lambda p: p.pick((0, 0, 100, 200, 300)), "disguised"),
            C("月计", "pay", lambda p: p.days * 48, "disguised"),
        ),
    ),
    # Reimbursed study: the grant per person, and the things beside it.
    Sheet(
        "skill_award",
        92,
        (
            C("获奖人", "person_name", lambda p: p.name),
            C("工种等级", "skill", lambda p: p.pick(("高级工", "技师", "高级技师", "中级工"))),
            C(
                "证书名称",
                "certificate",
                lambda p: p.pick(("电工职业资格证书", "焊工操作证", "注册安全工程师", "二级建造师")),
            ),
            C("月补(税前)", "pay", lambda p: p.pick((200, 500, 800, 1000)), "disguised unit"),
            C("一次性", "pay", lambda p: p.pick((1000, 2000, 3000, 5000)), "disguised"),
        ),
    ),
    Sheet(
        "tax_special_deductions",
        145,
        (
            C("纳税人姓名", "person_name", lambda p: p.name),
            C("纳税人识别号", "id_card", lambda p: p.id_card, "disguised"),
            C("累计收入额", "pay", lambda p: f"{p.gross * 5:.2f}", "disguised"),
            C("子女教育", "pay", some(lambda p: p.pick((5000, 10000)), 0.4, 0), "disguised"),
            C("赡养老人", "pay", some(lambda p: p.pick((5000, 7500, 15000)), 0.6, 0), "disguised"),
            C("住房贷款利息", "pay", some(lambda p: 5000, 0.4, 0), "disguised"),
            C("应补(退)税额", "pay", lambda p: f"{p.tax - 20:.2f}", "disguised"),
        ),
    ),
    Sheet(
        "loan_from_fund",
        84,
        (
            C("借款人", "person_name", lambda p: p.name),
            C("配偶", "family", lambda p: p.spouse, "disguised"),
            C("联系手机", "mobile", lambda p: dashed(p.mobile, 3, 4), "excel"),
            C("税后月入", "pay", lambda p: f"{p.net:.0f}", "disguised"),
            C("家庭月收入(万)", "pay", lambda p: f"{p.net * 1.7 / 10000:.2f}", "disguised unit"),
            C("利率", "percentage", lambda p: p.pick(("2.60%", "2.85%", "3.10%")), "decoy"),
        ),
    ),
    # A list that the finance shared service keeps, one code a person.
    Sheet(
        "fssc_accruals",
        230,
        (
            C("VENDOR", "employee_no", lambda p: f"9{p.no}", "english disguised"),
            C("NAME1", "person_name", lambda p: p.name, "english"),
            C(
                "HKONT",
                "record_no",
                lambda p: p.pick(("2211010100", "2211020300", "2211050000")),
                "decoy codes",
            ),
            C("SGTXT", "category", lambda p: p.pick(("计提6月工资", "计提6月奖金", "计提6月年金")), "decoy"),
            C("DMBTR", "pay", lambda p: f"{p.gross:.2f}", "english disguised"),
            C("BLDAT", "event_date", lambda p: "30.06.2026", "decoy"),
            C("GJAHR", "event_date", lambda p: "2026", "decoy"),
        ),
    ),
    Sheet(
        "hourly_piecework",
        175,
        (
            C("牌号", "employee_no", lambda p: p.no[-5:], "disguised"),
            C("名字", "person_name", lambda p: p.name),
            C("加班(h)", "overtime", lambda p: p.overtime_hours, "unit"),
            C("时薪", "pay", lambda p: f"{p.base / 174:.2f}", "disguised"),
            C("计件所得", "pay", lambda p: f"{p.base * 1.1:.1f}", "disguised"),
            C("质量扣", "pay", some(lambda p: -p.n(1, 12) * 10, 0.2, 0), "disguised"),
        ),
    ),
    # Pay as bands and words, as a survey writes it.
    Sheet(
        "income_bands",
        210,
        (
            C("编号", "employee_no", lambda p: p.no),
            C("收入水平", "pay", lambda p: band(p.net), "disguised"),
            C("家庭人均(元/月)", "pay", lambda p: f"{int(p.net / (2 + p.married))}", "disguised unit"),
            C("是否住宿", "boolean_flag", lambda p: p.pick(("是", "否")), "decoy"),
            C("性别", "gender", lambda p: p.sex),
            C("年龄段", "age", lambda p: f"{p.age // 10 * 10}-{p.age // 10 * 10 + 9}岁"),
        ),
    ),
    Sheet(
        "payroll_excel_ruined",
        135,
        (
            C("人员编号", "employee_no", as_float(lambda p: int(p.no)), "excel"),
            C("人员名称", "person_name", spaced(lambda p: p.name), "excel"),
            C("身份证", "id_card", scientific(lambda p: p.id_card), "excel"),
            C("入厂时间", "join_date", serial(lambda p: p.joined), "excel"),
            C("本期收入", "pay", full_width(lambda p: f"{p.gross:.2f}"), "excel disguised"),
            C("个税", "pay", quoted(lambda p: f"{p.tax:.2f}"), "excel disguised"),
            C("到账", "pay", lambda p: f"{p.net:,.2f}元", "excel disguised"),
        ),
    ),
    Sheet(
        "payroll_unnamed",
        105,
        (
            C("Unnamed: 0", "record_no", lambda p: p.i - 1, "no_header"),
            C("Unnamed: 1", "person_name", lambda p: p.name, "no_header"),
            C("Unnamed: 2", "post", lambda p: p.post, "no_header"),
            C("Unnamed: 3", "pay", as_float(lambda p: p.base), "no_header disguised"),
            C("Unnamed: 4", "pay", lambda p: f"{p.bonus:.2f}", "no_header disguised"),
            C("Unnamed: 5", "pay", lambda p: f"{p.base + p.bonus:.2f}", "no_header disguised"),
        ),
    ),
    Sheet(
        "back_pay",
        72,
        (
            C("名单", "person_name", lambda p: p.name),
            C("原标准", "pay", lambda p: p.base, "disguised"),
            C("新标准", "pay", lambda p: p.base + 200, "disguised"),
            C("补差", "pay", lambda p: 200 * (p.i % 5 + 1), "disguised"),
            C("月数", "quantity", lambda p: p.i % 5 + 1, "decoy"),
        ),
    ),
    Sheet(
        "labour_model_allowance",
        61,
        (
            C("劳模姓名", "person_name", lambda p: p.name),
            C(
                "荣誉称号",
                "appraisal",
                lambda p: p.pick(("全国劳动模范", "省部级劳动模范", "集团公司劳动模范")),
            ),
            C("月荣誉津贴", "pay", lambda p: p.pick((300, 600, 800)), "disguised"),
            C("联系方式", "mobile", lambda p: p.mobile),
        ),
    ),
    Sheet(
        "party_dues",
        118,
        (
            C(
                "党支部",
                "organisation",
                lambda p: p.pick(("机关第一党支部", "综采队党支部", "机电队党支部", "洗煤厂党支部")),
            ),
            C("党员", "person_name", lambda p: p.name),
            C("交纳基数", "pay", lambda p: f"{p.net:.2f}", "disguised"),
            C("月应交", "pay", lambda p: f"{p.net * 0.01:.2f}", "disguised"),
        ),
    ),
    Sheet(
        "severance_estimate",
        77,
        (
            C("EmpCode", "employee_no", lambda p: f"E{p.no[2:]}", "english"),
            C("HireDt", "join_date", lambda p: p.joined.strftime("%d/%m/%Y"), "english"),
            C("AvgMthEarn", "pay", lambda p: f"{p.gross:.2f}", "english disguised"),
            C("N", "years_of_service", lambda p: p.years, "abbreviated"),
            C("CompAmt", "pay", lambda p: f"{p.gross * p.years:.2f}", "english disguised"),
        ),
    ),
    # Free text in which one row of ninety tells of somebody's pay.
    Sheet(
        "payroll_questions",
        280,
        (
            C("工单号", "order_no", lambda p: f"WO2026{p.digits(8)}", "decoy"),
            C("问题类别", "need_category", lambda p: p.pick(("薪酬", "社保", "公积金", "考勤"))),
            C(
                "问题描述",
                "text_personal",
                rare(
                    lambda p: f"{p.name}(工号{p.no})反映6月实发{p.net:.2f}元, 少发夜班费{p.night_pay}元",
                    lambda p: p.pick(
                        (
                            "年金缴费比例如何调整",
                            "公积金提取需要哪些材料",
                            "夜班津贴的标准在哪里查",
                            "社保转移手续怎么办",
                            "工资条看不到明细",
                        )
                    ),
                ),
                "rare",
            ),
            C("处理状态", "status", lambda p: p.pick(("已办结", "处理中", "待受理"))),
        ),
    ),
    Sheet(
        "shift_leader_ledger",
        64,
        (
            C("列1", "person_name", lambda p: p.name, "no_header"),
            C("列2", "team", lambda p: p.pick(("早班", "中班", "夜班")), "no_header"),
            C("列3", "pay", lambda p: p.days * p.rate, "no_header disguised"),
            C("列4", "pay", lambda p: p.rate, "no_header disguised"),
            C("列5", "mobile", lambda p: p.mobile, "no_header"),
        ),
    ),
    Sheet(
        "hr_master_pay_part",
        400,
        (
            C("PA0008_ANSAL", "pay", lambda p: f"{p.base * 13:.2f}", "english disguised"),
            C("TRFGR", "job_level", lambda p: f"G{p.level_no + 3:02d}", "codes"),
            C("PA0002_GBDAT", "birth_date", lambda p: p.born.strftime("%Y%m%d"), "english"),
            C("PA0002_NACHN", "person_name", lambda p: p.name, "english"),
            C("PA0009_BANKN", "bank_card", lambda p: p.bank_card, "english"),
            C("PA0105_USRID", "mobile", lambda p: p.mobile, "english disguised"),
            C("WERKS", "record_no", lambda p: p.pick(("1010", "1020", "2030")), "decoy codes"),
        ),
    ),
    Sheet(
        "driver_trips_pay",
        99,
        (
            C("driver", "person_name", lambda p: p.name, "english"),
            C("days", "attendance", lambda p: p.days, "english"),
            C("allow_amt", "pay", lambda p: p.days * 30, "english disguised"),
            C("safe_award", "pay", lambda p: p.pick((0, 200, 300)), "english disguised"),
            C("fine", "pay", some(lambda p: p.pick((50, 200)), 0.1, 0), "english disguised"),
        ),
    ),
    Sheet(
        "relocation_and_housing",
        83,
        (
            C("申领人", "person_name", lambda p: p.name),
            C("原籍", "native_place", lambda p: f"{p.region[1]}{p.region[2]}"),
            C("安家费", "pay", lambda p: p.pick((30000, 50000, 80000, 120000)), "disguised"),
            C("租房补(月)", "pay", lambda p: p.pick((500, 800, 1200)), "disguised unit"),
            C("学位", "education", lambda p: p.pick(("硕士研究生", "博士研究生", "本科"))),
        ),
    ),
    Sheet(
        "transport_allowance_app",
        170,
        (
            C("user_id", "employee_no", lambda p: p.no, "english"),
            C("cal_month", "event_date", lambda p: p.pick(("2026-04", "2026-05", "2026-06")), "decoy"),
            C("fld_17", "pay", lambda p: p.pick((150, 300, 450, 600)), "codes disguised"),
            C("fld_18", "pay", lambda p: f"{p.net:.2f}", "codes disguised"),
            C("fld_19", "bank_card", lambda p: mask(p.bank_card, 6, 4), "codes masked"),
            C("fld_20", "status", lambda p: p.pick(("PAID", "PAID", "HOLD")), "decoy"),
        ),
    ),
    Sheet(
        "executive_pay_wan",
        60,
        (
            C("姓名", "person_name", lambda p: p.name),
            C(
                "职务",
                "post",
                lambda p: p.pick(("总经理", "副总经理", "总会计师", "总工程师", "董事", "监事")),
            ),
            C("税前报酬(万元)", "pay", lambda p: f"{p.gross * 60 / 10000:.2f}", "unit"),
            C("任期激励", "pay", lambda p: f"{p.gross * 12 / 10000:.2f}", "disguised"),
            C("中长期", "pay", gaps(lambda p: f"{p.gross * 8 / 10000:.2f}", 0.5), "disguised"),
        ),
    ),
    Sheet(
        "apprentice_stipend",
        74,
        (
            C("实习生", "person_name", lambda p: p.name),
            C(
                "就读院校",
                "school",
                lambda p: p.pick(("大同煤炭职业技术学院", "山西工程职业学院", "太原理工大学")),
            ),
            C("所学", "major", lambda p: p.pick(("采矿工程", "机电一体化", "电气自动化")), "disguised"),
            C("生活补助", "pay", lambda p: p.pick((1200, 1500, 1800)), "disguised"),
            C("考勤", "attendance", lambda p: f"{p.days}天"),
            C("实发", "pay", lambda p: f"{p.days * 60 + 300}", "disguised"),
        ),
    ),
    Sheet(
        "welfare_goods",
        200,
        (
            C("所属分会", "organisation", lambda p: p.pick(("机关工会分会", "综采工会分会", "选煤工会分会"))),
            C("会员姓名", "person_name", lambda p: p.name),
            C(
                "节日慰问品",
                "product",
                lambda p: p.pick(("大米10kg", "食用油5L", "粽子礼盒", "月饼礼盒")),
                "decoy",
            ),
            C("数量", "quantity", lambda p: p.n(1, 3), "decoy"),
            C("会费", "pay", lambda p: f"{p.dues:.2f}", "disguised"),
        ),
    ),
)


def band(amount: float) -> str:
    """Return the band of a monthly amount in yuan, as a questionnaire words it."""
    for top in (3000, 5000, 8000):
        if amount < top:
            return f"{top}元以下"
    return "8000元以上"
