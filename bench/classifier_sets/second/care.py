"""Health, hardship, family, dormitory and travel tables."""

import json

from classifier_sets.labelled import LabelledTable
from classifier_sets.second.gen import (
    DEPTS,
    DIAGNOSES,
    HARDSHIPS,
    ORGS,
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

DRUGS = (
    "氨氯地平 5mg qd",
    "二甲双胍缓释片 0.5g bid",
    "阿托伐他汀 20mg 睡前",
    "奥美拉唑肠溶胶囊",
    "布洛芬缓释胶囊",
    "舍曲林 50mg",
    "硝苯地平控释片",
    "胰岛素12U早8U晚",
    "左甲状腺素钠片",
)
GOODS = (
    "复方丹参片 60片",
    "藿香正气水 10支",
    "创可贴 100贴",
    "阿莫西林胶囊 0.25g*24",
    "碘伏消毒液 500ml",
    "板蓝根颗粒 20袋",
    "布洛芬片 0.1g*100",
    "医用棉签",
    "云南白药气雾剂",
    "速效救心丸 60粒",
)


def checkup(g: Gen) -> LabelledTable:
    """The hospital's export, items as columns with units in the cells."""
    s = Sheet(g, "2024年度职工体检结果导出_中心医院", 240)
    s.add("体检编号", "medical_record_no", lambda p: f"TJ2405{p.i + 1:05d}", "", 0)
    s.add("姓名", "person_name", lambda p: p.name, "", 0)
    s.add("身高/体重", "health", lambda p: f"{g.num(152, 188)}cm/{g.num(45, 98)}kg", "concatenated")
    s.add(
        "血压",
        "health",
        lambda p: f"{g.num(105, 168)}/{g.num(62, 105)}" + g.pick(("", "", "mmHg", " mmHg")),
        "mangled",
    )
    s.add(
        "GLU", "health", lambda p: g.dec(3.9, 9.9) + g.pick(("", " mmol/L", "↑")), "renamed english mangled"
    )
    s.add("ALT(U/L)", "health", lambda p: g.num(9, 120), "renamed english")
    s.add(
        "心电图",
        "health",
        lambda p: g.pick(("窦性心律", "窦性心动过缓", "ST-T改变", "偶发室早", "正常心电图", "拒检")),
    )
    s.add("B超", "health", lambda p: g.pick(("脂肪肝", "未见异常", "胆囊息肉4mm", "右肾囊肿", "甲状腺结节")))
    s.add(
        "总检结论",
        "health",
        lambda p: "\n".join(f"{k + 1}.{g.pick(DIAGNOSES)}" for k in range(g.r.randint(1, 4))),
        "mangled",
        0.02,
    )
    s.add("体检套餐", "product", lambda p: g.pick(("男职工A套餐", "女职工B套餐", "接害岗位套餐")), "decoy")
    s.add("体检日期", "event_date", lambda p: serial(g.day(2024, 2024)), "mangled decoy")
    s.add("部门", "department", lambda p: p.dept)
    return s.done()


def women_screening(g: Gen) -> LabelledTable:
    """Screening of women workers; the clerk abbreviated everything."""
    s = Sheet(g, "女工两癌筛查汇总(各分会)", 112)
    s.add("女工姓名", "person_name", lambda p: g.name("女"))
    s.add("年令", "age", lambda p: f"{p.age}周岁" if g.chance(0.5) else full(str(p.age)), "mangled renamed")
    s.add(
        "TCT",
        "health",
        lambda p: g.pick(("NILM", "ASC-US", "LSIL", "未见上皮内病变", "炎症")),
        "renamed english",
    )
    s.add("HPV", "health", lambda p: g.pick(("阴性", "阴性", "阴性", "16型阳性", "52型(+)")), "english")
    s.add(
        "乳",
        "health",
        lambda p: g.pick(("BI-RADS 1类", "BI-RADS 2类", "BI-RADS 3类 复查", "乳腺增生", "未见异常")),
        "renamed",
    )
    s.add(
        "F7",
        "health",
        lambda p: g.pick(("孕12周,缓检", "哺乳期", "已绝经", "子宫肌瘤", "宫颈炎", "生理期改期")),
        "no_header",
    )
    s.add("婚育情况", "marital_status", lambda p: g.pick(("已婚已育", "已婚未育", "未婚", "离异")))
    s.add("联系电话", "mobile", lambda p: full(p.mobile) if g.chance(0.3) else p.mobile, "mangled")
    s.add("是否怀孕", "health", lambda p: g.pick(("否", "否", "否", "是", "")), "renamed")
    s.add(
        "检查医院",
        "organisation",
        lambda p: g.pick(("市妇幼保健院", "矿务局总医院", "市第二人民医院")),
        "decoy",
    )
    s.add(
        "宣教讲座",
        "lecture_title",
        lambda p: g.pick(("乳腺癌早发现早治疗", "更年期保健知识讲座", "宫颈癌疫苗科普")),
        "decoy",
    )
    return s.done()


def dust(g: Gen) -> LabelledTable:
    """Occupational health check-up of workers exposed to dust and noise."""
    s = Sheet(g, "职业健康监护档案(接尘接噪)", 130)
    s.add("col_a", "person_name", lambda p: p.name, "renamed no_header", 0)
    s.add("col_b", "id_card", lambda p: p.id_card.lower(), "renamed no_header", 0)
    s.add("接害工龄", "years_of_service", lambda p: f"{p.years}年{g.num(0, 11)}月", "mangled")
    s.add(
        "危害因素", "category", lambda p: g.pick(("矽尘", "煤尘", "噪声", "高温", "电焊烟尘", "煤尘、噪声"))
    )
    s.add(
        "col_f",
        "health",
        lambda p: g.pick(("双肺纹理增多", "0/1", "矽肺壹期", "未见异常", "双耳语频28dB", "胸膜增厚")),
        "renamed no_header",
    )
    s.add("肺功能FVC%", "health", lambda p: g.num(68, 112) + "%", "mangled")
    s.add(
        "处理意见",
        "health",
        lambda p: g.pick(("可继续原岗位", "调离粉尘岗位", "复查电测听", "职业禁忌证", "疑似职业病,建议诊断")),
        "renamed",
    )
    s.add("工种", "post", lambda p: p.post)
    s.add(
        "作业场所",
        "work_place",
        lambda p: g.pick(("破碎车间", "2305掘进头", "焊接厂房", "空压机房", "球磨机平台")),
    )
    s.add("检测设备编号", "record_no", lambda p: "DL" + g.digits(16), "decoy")
    s.add("复查日期", "event_date", lambda p: g.date(g.day(2024, 2025)), "mangled")
    return s.done()


def mutual_aid(g: Gen) -> LabelledTable:
    """Claims of the workers' mutual insurance."""
    s = Sheet(g, "职工互助保障理赔登记", 74)
    s.add("赔案号", "record_no", lambda p: "HZ2024" + g.digits(12), "decoy", 0)
    s.add("被保障人", "person_name", lambda p: p.name, "renamed", 0)
    s.add("ID NO.", "id_card", lambda p: lost(p.id_card), "mangled english")
    s.add(
        "出险原因",
        "health",
        lambda p: g.pick(DIAGNOSES + ("急性心肌梗死", "胃癌根治术后", "右胫骨骨折")),
        "renamed",
    )
    s.add(
        "住院号",
        "medical_record_no",
        lambda p: "00" + g.digits(6) if g.chance(0.5) else g.digits(6) + ".0",
        "mangled",
    )
    s.add("保障期间", "event_date", lambda p: "2024-01-01至2024-12-31")
    s.add(
        "保障计划",
        "product",
        lambda p: g.pick(("住院医疗互助保障", "女职工特殊疾病", "重大疾病计划")),
        "decoy",
    )
    s.add(
        "收款信息", "personal_mix", lambda p: f"户名:{p.name};开户行:{p.bank};账号:{p.card}", "concatenated"
    )
    s.add(
        "接口报文",
        "personal_mix",
        lambda p: f"<REQ><NAME>{p.name}</NAME><CERT>{p.id_card}</CERT><DIAG>{g.pick(DIAGNOSES)}</DIAG></REQ>",
        "json",
        0.2,
    )
    s.add("基层工会", "organisation", lambda p: p.org + "工会")
    s.rare(
        "审核备注",
        "text_personal",
        lambda p: g.pick(("材料齐全", "缺发票原件", "缺出院小结", "发票模糊", "同意赔付")),
        lambda p: f"家属{g.name()}来电{p.mobile}催办,患者化疗中",
    )
    return s.done()


def reimbursement(g: Gen) -> LabelledTable:
    """Slips for medicine of the staff clinic."""
    s = Sheet(g, "menzhen_chufang.csv", 190)
    s.add("djh", "record_no", lambda p: "CF" + g.digits(9), "pinyin renamed", 0)
    s.add("hzxm", "person_name", lambda p: mask_name(p.name), "pinyin renamed masked", 0)
    s.add("zd", "health", lambda p: g.pick(DIAGNOSES), "pinyin renamed")
    s.add("yp", "health", lambda p: g.pick(DRUGS), "pinyin renamed")
    s.add("blh", "medical_record_no", lambda p: f"MZ{g.digits(8)}", "pinyin renamed")
    s.add("xb", "gender", lambda p: p.sex, "pinyin renamed")
    s.add("nl", "age", lambda p: f"{p.age}岁", "pinyin renamed mangled")
    s.add(
        "gms",
        "health",
        lambda p: g.pick(("青霉素过敏", "无", "无", "否认", "头孢过敏", "磺胺")),
        "pinyin renamed",
    )
    s.add("ks", "department", lambda p: p.dept, "pinyin renamed")
    s.add("ysxm", "person_name", lambda p: g.name(), "pinyin renamed")
    return s.done()


def drug_catalogue(g: Gen) -> LabelledTable:
    """What the clinic has on the shelf: nothing of a person."""
    s = Sheet(g, "医务室药品目录及价格", 85)
    s.add("药品编码", "record_no", lambda p: "690" + g.digits(10), "decoy", 0)
    s.add("药品名称", "product", lambda p: g.pick(GOODS), "decoy", 0)
    s.add(
        "适应症",
        "title_other",
        lambda p: g.pick(("用于高血压", "用于2型糖尿病", "感冒发热", "外伤消毒", "胃酸过多", "冠心病心绞痛")),
        "decoy",
    )
    s.add("单位", "unit_of_measure", lambda p: g.pick(("盒", "瓶", "支", "包")))
    s.add("零售价", "price", lambda p: "￥" + g.dec(2, 180), "decoy")
    s.add("批准文号", "record_no", lambda p: "国药准字" + g.pick("HZ") + g.digits(8), "decoy")
    s.add("有效期至", "event_date", lambda p: g.date(g.day(2025, 2027)), "mangled")
    s.add(
        "生产企业", "organisation", lambda p: g.pick(("康泽制药有限公司", "滨海药业股份", "天和堂中药饮片厂"))
    )
    s.add("是否处方药", "boolean_flag", lambda p: g.pick(("是", "否", "Y", "N")))
    return s.done()


def clinic_assets(g: Gen) -> LabelledTable:
    """Equipment of the clinic and the gym."""
    s = Sheet(g, "卫生所及健身房设备台账", 44)
    s.add("病房设备编号", "record_no", lambda p: "1" + g.digits(10), "decoy", 0)
    s.add(
        "设备名称",
        "product",
        lambda p: g.pick(("电子血压计", "血糖仪", "心电图机", "跑步机", "输液架", "AED除颤仪")),
        "decoy",
    )
    s.add("血压计型号", "product", lambda p: g.pick(("YE-660D", "HEM-7136", "XJ11D", "BP-3A")), "decoy")
    s.add("资产原值", "price", lambda p: f"{g.num(2, 68)},{g.digits(3)}.00", "decoy mangled")
    s.add("厂家售后电话", "hotline", lambda p: "400-" + g.digits(3) + "-" + g.digits(4), "decoy")
    s.add("启用年月", "event_date", lambda p: f"{g.day(2015, 2023):%Y.%m}", "mangled")
    s.add("使用科室", "department", lambda p: g.pick(("医务室", "工会", "后勤服务公司", "行政科")))
    s.add("保管人", "person_name", lambda p: p.name)
    return s.done()


def eap(g: Gen) -> LabelledTable:
    """Counselling bookings."""
    s = Sheet(g, "EAP心理咨询预约", 53)
    s.add("来访者代号", "record_no", lambda p: f"V{g.digits(4)}", "")
    s.add(
        "昵称/手机号",
        "personal_mix",
        lambda p: f"{p.name[0]}{'先生' if p.sex == '男' else '女士'} {p.mobile}",
        "concatenated",
    )
    s.add("性别", "gender", lambda p: p.sex)
    s.add(
        "咨询类别",
        "need_category",
        lambda p: g.pick(("职场压力", "亲子关系", "睡眠", "婚姻情感", "情绪管理")),
    )
    s.add(
        "咨询师评估",
        "health",
        lambda p: g.pick(
            ("中度焦虑", "抑郁状态,建议就医", "适应障碍", "一般心理问题", "PHQ-9 14分", "睡眠障碍")
        ),
    )
    s.add("SAS标准分", "health", lambda p: g.num(32, 74), "renamed")
    s.add("时段", "event_time", lambda p: f"{g.clock(8, 11)}-{g.clock(14, 18)}")
    s.add("服务评价", "satisfaction", lambda p: g.pick(("非常满意", "满意", "一般", "5星", "4星")))
    s.rare(
        "来访备注",
        "text_personal",
        lambda p: g.pick(("准时到", "迟到10分钟", "改期一次", "首次来访", "续约")),
        lambda p: f"{p.name}近期有自伤念头,已通知其爱人",
    )
    return s.done()


def blood(g: Gen) -> LabelledTable:
    """Blood donation; one form, ten ways to fill it."""
    s = Sheet(g, "无偿献血报名(接龙导出)", 69)
    s.add(
        "接龙内容",
        "personal_mix",
        lambda p: f"{p.i + 1}. {p.name} {p.dept} {g.pick(('A', 'B', 'O', 'AB'))}型 {p.mobile}",
        "concatenated",
        0,
    )
    s.add("血型", "health", lambda p: g.pick(("A型", "B", "O型RH+", "ab", "不清楚")), "mangled")
    s.add("字段3", "id_card", lambda p: p.id_card, "renamed no_header")
    s.add("体重kg", "health", lambda p: g.num(48, 92))
    s.add(
        "是否参加过",
        "activity_participation",
        lambda p: g.pick(("首次参加", "参加过2次", "往年已参加", "未参加")),
    )
    s.add("活动", "activity_title", lambda p: "热血华曜·春季无偿献血", "", 0)
    s.add("积分奖励", "points", lambda p: g.pick(("10分", "20分", "30分")))
    s.add("意见", "text_opinion", lambda p: g.opinion(), "", 0.04)
    s.add("提交时间", "event_time", lambda p: g.stamp(), "")
    return s.done()


def sick_leave(g: Gen) -> LabelledTable:
    """Leave requests from OA, reasons in free text."""
    s = Sheet(g, "OA_请休假流程_Q1", 220)
    s.add("申请人", "personal_mix", lambda p: p.name + f"({p.emp})", "concatenated", 0)
    s.add(
        "假别",
        "leave",
        lambda p: g.pick(("年休假", "病假", "事假", "婚假", "产假", "丧假", "探亲假", "陪产假")),
    )
    s.add(
        "事由",
        "health",
        lambda p: g.pick(
            (
                "腰椎间盘突出住院",
                "急性阑尾炎手术",
                "孕期不适保胎",
                "高血压头晕",
                "骨折后康复",
                "流感发烧39度",
                "看牙",
                "做胃镜",
            )
        ),
        "renamed",
    )
    s.add("休假起始", "leave", lambda p: g.date(g.day(2024, 2024), "slash") + " 08:00", "mangled")
    s.add("天数", "leave", lambda p: f"{g.r.randint(1, 30) / 2}")
    s.add(
        "外出地点及联系方式",
        "personal_mix",
        lambda p: f"{p.native} {p.address[3:]} {p.mobile}",
        "concatenated",
    )
    s.add(
        "表单数据",
        "personal_mix",
        lambda p: json.dumps(
            {"field_1": p.name, "field_2": p.mobile, "field_3": g.pick(DIAGNOSES)}, ensure_ascii=False
        ),
        "json",
    )
    s.add("所在部门", "department", lambda p: p.dept)
    s.add("代班人", "person_name", lambda p: g.name(), "renamed")
    s.add("剩余年假", "leave", lambda p: g.pick(("3.5天", "10", "0", "5天", "十五天")), "mangled")
    return s.done()


def matchmaking(g: Gen) -> LabelledTable:
    """Registration of singles for a social evening."""
    s = Sheet(g, "“缘聚华曜”单身青年联谊报名表", 82, (1988, 2000))
    s.add(
        "抖音/快手号",
        "social_account",
        lambda p: g.pick(("dy", "ks_", "DY")) + p.wechat[-5:] + g.digits(4),
        "",
        0.04,
    )
    s.add("真实姓名", "person_name", lambda p: p.name)
    s.add("微信", "wechat", lambda p: p.wechat if g.chance(0.7) else "同手机", "mangled")
    s.add(
        "自我介绍",
        "text_personal",
        lambda p: (
            f"我叫{p.name},{str(p.birth.year)[2:]}年的,在{p.dept}上班,父母都是退休工人,加我微信{p.wechat}"
        ),
        "concatenated",
    )
    s.add("婚史", "marital_status", lambda p: g.pick(("未婚", "未婚", "未婚", "离异无孩", "离异带一女")))
    s.add("税前年收入", "pay", lambda p: g.pick(("8-10万", "10~15万", "15万以上", "7万左右")), "mangled")
    s.add(
        "兴趣爱好",
        "interest",
        lambda p: g.pick(("健身,做饭", "剧本杀", "爬山/摄影", "羽毛球", "看书", "撸猫", "钓鱼")),
    )
    s.add("单位", "organisation", lambda p: p.org)
    s.add("报名情况", "activity_participation", lambda p: g.pick(("已报名", "候补", "已确认参加", "取消")))
    s.add("毕业院校", "school", lambda p: p.school)
    return s.done()


def children(g: Gen) -> LabelledTable:
    """Children: summer camp and aid for students."""
    s = Sheet(g, "金秋助学+暑期托管报名", 60)
    s.add("学生姓名", "family", lambda p: p.name[0] + g.name()[1:])
    s.add("与职工关系", "family", lambda p: g.pick(("父子", "父女", "母子", "母女", "祖孙")))
    s.add("家长", "person_name", lambda p: p.name)
    s.add("家长信息", "personal_mix", lambda p: f"{p.name}|{p.dept}|{p.mobile}", "concatenated", 0)
    s.add("录取院校", "school", lambda p: p.school)
    s.add(
        "孩子过敏/疾病史", "health", lambda p: g.pick(("无", "无", "海鲜过敏", "哮喘", "癫痫史", "花粉过敏"))
    )
    s.add("家庭困难说明", "hardship", lambda p: g.pick(HARDSHIPS))
    s.add("银行账号", "bank_card", lambda p: sci(p.card) if g.chance(0.4) else lost(p.card), "mangled")
    s.add("餐标", "price", lambda p: g.pick(("15元", "20元", "18.0")), "decoy")
    s.add("是否独生子女", "family", lambda p: g.pick("是否"), "renamed")
    return s.done()


def dormitory(g: Gen) -> LabelledTable:
    """Dormitory check-in, cleaned by nobody."""
    s = Sheet(g, "青年公寓入住登记(前台)", 150)
    s.add("楼栋", "title_other", lambda p: g.pick(("1#", "2号楼", "３号楼", "青A")), "mangled")
    s.add("床位费", "price", lambda p: g.pick(("80", "80元/月", "120.00", "免")), "decoy mangled")
    s.add("入住人", "person_name", lambda p: p.name, "renamed", 0)
    s.add("证件号/手机号", "personal_mix", lambda p: f"{p.id_card}/{p.mobile}", "concatenated")
    s.add(
        "紧急联系人",
        "family",
        lambda p: f"{g.name()}({g.pick(('父亲', '配偶', '母亲', '哥哥'))})",
        "concatenated",
    )
    s.add("紧急电话", "mobile", lambda p: g.mobile() + g.pick(("", "", "\n", ".0")), "mangled")
    s.add(
        "车牌",
        "plate_number",
        lambda p: p.plate if g.chance(0.7) else grouped(p.plate, (2,), "·"),
        "mangled",
        0.6,
    )
    s.add("入住日", "event_date", lambda p: serial(g.day(2022, 2024)), "mangled")
    s.add("单位", "department", lambda p: p.dept)
    s.add(
        "备注2",
        "health",
        lambda p: g.pick(("孕妇 安排一楼", "腿部残疾", "过敏性鼻炎 怕潮", "哮喘 避尘", "腰伤 要下铺")),
        "renamed",
        0.6,
    )
    s.add("报修类别", "need_category", lambda p: g.pick(("水管漏水", "灯不亮", "空调", "网络", "门锁")))
    s.rare(
        "前台留言",
        "text_personal",
        lambda p: g.pick(("钥匙已交", "已打扫", "欠押金", "晚归登记", "热水器坏")),
        lambda p: f"快递放前台,{p.name}{mask(p.mobile, 3, 4)}自取,身份证{p.id_card}",
    )
    return s.done()


def trip(g: Gen) -> LabelledTable:
    """Recuperation trip incl. one group abroad."""
    s = Sheet(g, "疗休养名单 旅行社要的", 48)
    s.add("中文姓名", "person_name", lambda p: p.name)
    s.add(
        "NAME",
        "person_name",
        lambda p: g.pick(("WANG", "LI", "ZHANG", "ZHAO")) + "/" + g.pick(("WEI", "XIULAN", "JUN", "HAIFENG")),
        "english",
    )
    s.add("护照号", "passport", lambda p: g.pick("EG") + g.digits(8))
    s.add("有效证件", "travel_permit", lambda p: "C" + g.digits(8), "renamed", 0.4)
    s.add(
        "港澳证",
        "travel_permit",
        lambda p: "C" + g.pick("ABCDEFG") + mask(g.digits(7), 2, 2),
        "masked renamed",
        0.3,
    )
    s.add(
        "台胞/回乡",
        "travel_permit",
        lambda p: g.pick("HM") + g.digits(8) + g.pick(("", "00")),
        "renamed",
        0.6,
    )
    s.add("签发日", "event_date", lambda p: g.date(g.day(2016, 2023)), "mangled")
    s.add(
        "饮食禁忌",
        "religion",
        lambda p: g.pick(("清真(穆斯林)", "无", "无", "佛教吃素", "无", "回族清真,信仰伊斯兰教")),
        "renamed",
    )
    s.add("房型", "category", lambda p: g.pick(("双标", "大床", "拼房")))
    s.add("报价", "price", lambda p: g.pick(("2,680.00", "3,980", "5280元")), "decoy mangled")
    return s.done()


def bus(g: Gen) -> LabelledTable:
    """Commuter bus seats and private cars."""
    s = Sheet(g, "通勤车及私家车登记表", 110)
    s.add("车号", "plate_number", lambda p: mask(p.plate, 3, 2), "masked renamed")
    s.add("列1", "plate_number", lambda p: p.plate, "no_header")
    s.add("列2", "person_name", lambda p: p.name, "no_header", 0)
    s.add("列3", "mobile", lambda p: mask(p.mobile, 3, 4), "no_header masked")
    s.add("乘车点", "venue", lambda p: g.pick(("新华道口", "矿医院门口", "东货场", "体育馆站")))
    s.add("线路", "title_other", lambda p: g.pick(("1号线", "2号线", "夜班专线")))
    s.add("发车", "event_time", lambda p: g.pick(("6:40", "07:10", "16:30", "23:20")))
    s.add("车辆品牌", "product", lambda p: g.pick(("长城哈弗", "大众朗逸", "比亚迪秦", "五菱宏光")), "decoy")
    s.add("停车证编号", "record_no", lambda p: f"T{g.digits(4)}")
    s.add("部门", "department", lambda p: p.dept)
    s.add("满意度", "satisfaction", lambda p: g.pick(("5", "4", "3", "5分", "很好")))
    return s.done()


def visitors(g: Gen) -> LabelledTable:
    """The guard's visitors' book, typed."""
    s = Sheet(g, "二号门岗来访登记", 200)
    s.add("日期", "event_date", lambda p: f"{g.num(1, 12)}.{g.num(1, 28)}", "mangled")
    s.add("来访人", "person_name", lambda p: p.name, "renamed")
    s.add("证件号码(后4位)", "id_card", lambda p: p.id_card[-4:], "masked")
    s.add("被访人及电话", "personal_mix", lambda p: f"{g.name()} {g.landline()}", "concatenated")
    s.add("体温", "health", lambda p: g.dec(35.8, 37.4, 1) + g.pick(("", "℃", "°C")), "mangled")
    s.add(
        "车牌号码", "plate_number", lambda p: p.plate.lower() if g.chance(0.3) else p.plate, "mangled", 0.55
    )
    s.add("进", "event_time", lambda p: g.clock(7, 12))
    s.add("出", "event_time", lambda p: g.clock(12, 19).replace(":", "."), "mangled")
    s.add(
        "扫码",
        "personal_mix",
        lambda p: f"xm:{p.name};sfz:{mask(p.id_card, 6, 4)};dh:{p.mobile}",
        "json masked",
        0.4,
    )
    s.add("值班保安", "person_name", lambda p: g.name(), "renamed")
    return s.done()


def petitions(g: Gen) -> LabelledTable:
    """Letters and visits."""
    s = Sheet(g, "信访诉求台账(工会窗口)", 98)
    s.add("编号", "record_no", lambda p: f"XF{p.i + 1:04d}")
    s.add("来访人情况", "personal_mix", lambda p: f"{p.name},{p.sex},{p.id_card},{p.org}", "concatenated", 0)
    s.add(
        "反映内容",
        "text_personal",
        lambda p: (
            f"{p.name}反映其{g.pick(('工伤待遇未落实', '内退工资偏低', '住房补贴未发', '被违规调岗'))},"
            f"要求答复,电话{p.mobile}"
        ),
        "concatenated",
        0,
    )
    s.add(
        "诉求类别",
        "need_category",
        lambda p: g.pick(("劳动报酬", "社会保险", "住房", "岗位调整", "历史遗留", "工伤")),
    )
    s.add("涉及单位", "organisation", lambda p: g.pick(ORGS))
    s.add("回访评价", "satisfaction", lambda p: g.pick(("满意", "基本满意", "不满意", "未接通")))
    s.add(
        "政策依据",
        "policy_title",
        lambda p: g.pick(
            ("《信访工作条例》", "《工伤保险条例》", "集团〔2019〕47号文", "《劳动合同法》第四十条")
        ),
    )
    s.add("户籍/现住", "home_address", lambda p: f"户籍:{p.native} 现住:{p.address}", "concatenated")
    return s.done()


def birthdays(g: Gen) -> LabelledTable:
    """Birthday cake vouchers."""
    s = Sheet(g, "生日蛋糕券领取(1-6月)", 165)
    s.add("所属分会", "department", lambda p: p.dept)
    s.add("寿星", "person_name", lambda p: p.name, "renamed", 0)
    s.add("日子", "birth_date", lambda p: f"{p.birth.month}月{p.birth.day}日", "renamed mangled")
    s.add(
        "生日", "birth_date", lambda p: serial(p.birth) if g.chance(0.7) else p.birth.isoformat(), "mangled"
    )
    s.add("券号", "record_no", lambda p: f"62{g.digits(14)}", "decoy", 0)
    s.add("面值", "price", lambda p: g.pick(("200", "300元", "200.00")), "mangled")
    s.add("签领", "person_name", lambda p: p.name if g.chance(0.7) else g.name() + "代", "renamed")
    s.add(
        "短信通知",
        "personal_mix",
        lambda p: f"【工会】{p.name}您好,祝{p.birth.month}月{p.birth.day}日生日快乐!已发至{p.mobile}",
        "concatenated",
    )
    s.add(
        "口味建议",
        "text_opinion",
        lambda p: g.pick(("少糖", "希望换一家店", "水果多一点", "能换成米面油吗", "不要奶油")),
        "",
        0.04,
    )
    return s.done()


def disabled(g: Gen) -> LabelledTable:
    """Work injuries and disability."""
    s = Sheet(g, "工伤及伤残职工情况", 39)
    s.add("职工", "person_name", lambda p: p.name, "renamed", 0)
    s.add("是否残疾", "health", lambda p: g.pick("是是否"), "renamed")
    s.add("伤残等级", "health", lambda p: g.pick(("七级", "八级", "九级", "十级", "四级")))
    s.add("残疾证号", "id_card", lambda p: p.id_card + g.num(1, 6) + g.num(1, 4), "renamed")
    s.add(
        "受伤部位",
        "health",
        lambda p: g.pick(("左手食指末节缺失", "右眼", "腰椎压缩性骨折", "右小腿", "听力")),
    )
    s.add("一次性伤残补助金", "pay", lambda p: f"{g.num(3, 14)},{g.digits(3)}.{g.digits(2)}", "mangled")
    s.add("工伤认定书号", "record_no", lambda p: f"冀伤险认决字〔2023〕{g.digits(8)}号", "decoy")
    s.add("事故日期", "event_date", lambda p: g.date(g.day(2015, 2023), "cn"))
    s.add("工作岗位", "post", lambda p: p.post)
    s.add(
        "安全培训记录",
        "course_record",
        lambda p: g.pick(("已完成三级教育", "复训合格", "未复训", "已修:安全用电")),
    )
    return s.done()


def wearables(g: Gen) -> LabelledTable:
    """A step contest's export with what the app sends along."""
    s = Sheet(g, "健步走小程序后台导出.csv", 310)
    s.add("openid", "wechat", lambda p: "oX" + g.b64(26).replace("+", "_").replace("/", "-"), "english", 0)
    s.add("weibo_uid", "social_account", lambda p: g.pick("1567") + g.digits(9), "english", 0.4)
    s.add("hr_avg", "health", lambda p: f"{g.num(58, 118)}bpm", "english renamed")
    s.add("gps", "location_track", lambda p: f"{g.dec(114.2, 118.9, 6)},{g.dec(36.8, 39.9, 6)}", "english")
    s.add(
        "track",
        "location_track",
        lambda p: json.dumps([[g.dec(114, 118, 4), g.dec(37, 39, 4), g.clock()] for _ in range(3)]),
        "json english",
    )
    s.add("dev", "device_id", lambda p: g.imei() + (".0" if g.chance(0.3) else ""), "english renamed mangled")
    s.add(
        "raw",
        "personal_mix",
        lambda p: f"name={p.name}&mobile={p.mobile}&empNo={p.emp}&w={g.num(45, 90)}",
        "json renamed",
        0.4,
    )
    s.add("team_name", "team", lambda p: p.team, "english")
    s.add("score", "points", lambda p: g.num(0, 3000) + ".0", "english mangled")
    s.add(
        "act", "activity_title", lambda p: g.pick(("“健步迎新”百日健走", "女职工春季踏青")), "english renamed"
    )
    s.add(
        "phone_brand",
        "product",
        lambda p: g.pick(("HUAWEI Mate 60", "vivo X90", "iPhone 13", "OPPO A96", "红米Note12")),
        "decoy english",
    )
    return s.done()


def widows(g: Gen) -> LabelledTable:
    """Minimal list that somebody mailed: headers wrong by intention."""
    s = Sheet(g, "备用名单(勿外传).xlsx", 28)
    s.add("商品编码", "id_card", lambda p: p.id_card, "lying_header", 0)
    s.add("规格", "mobile", lambda p: p.mobile, "lying_header")
    s.add("品名", "person_name", lambda p: p.name, "lying_header", 0)
    s.add("产地", "home_address", lambda p: p.address, "lying_header")
    s.add("质量", "hardship", lambda p: g.pick(HARDSHIPS), "lying_header")
    s.add("货架", "department", lambda p: g.pick(DEPTS), "lying_header")
    s.add("颜色", "health", lambda p: g.pick(DIAGNOSES), "lying_header")
    s.add("供应商", "email", lambda p: p.email, "lying_header")
    s.add("发货仓", "ethnicity", lambda p: p.ethnic, "lying_header")
    s.add("库位", "education", lambda p: p.edu, "lying_header")
    return s.done()


TABLES = (
    checkup,
    women_screening,
    dust,
    mutual_aid,
    reimbursement,
    drug_catalogue,
    clinic_assets,
    eap,
    blood,
    sick_leave,
    matchmaking,
    children,
    dormitory,
    trip,
    bus,
    visitors,
    petitions,
    birthdays,
    disabled,
    wearables,
    widows,
)
