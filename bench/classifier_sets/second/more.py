"""Talent files, attendance, clubs, posts: mostly sensitive columns beside plain personal ones."""

import json

from classifier_sets.labelled import LabelledTable
from classifier_sets.second.gen import DEPTS, DIAGNOSES, Gen, Sheet, full, mask, serial


def talent(g: Gen) -> LabelledTable:
    """Inventory of skills."""
    s = Sheet(g, "技能人才信息库(2024.6)", 172)
    s.add("姓名", "person_name", lambda p: p.name)
    s.add("手机号码", "mobile", lambda p: p.mobile)
    s.add("身份证号", "id_card", lambda p: p.id_card)
    s.add("bm", "department", lambda p: p.dept, "pinyin renamed")
    s.add("工种(岗位)", "post", lambda p: p.post)
    s.add(
        "技能等级",
        "job_level",
        lambda p: g.pick(("高级工", "三级/高级工", "技师", "二级", "中级工(四级)")),
        "mangled",
    )
    s.add(
        "持证情况",
        "certificate",
        lambda p: "\n".join(g.r.sample(("电工证", "焊工证", "叉车证N1", "高处作业证", "Q2起重证"), 2)),
        "mangled",
    )
    s.add(
        "绝活/特长",
        "skill",
        lambda p: g.pick(("听音辨障", "盲装电机", "氩弧焊打底", "液压故障诊断", "无人机巡检", "变频器维修")),
        "renamed",
    )
    s.add(
        "本工种年限",
        "years_of_service",
        lambda p: g.pick((f"{p.years}年", f"{p.years}.0", f"{p.years}余年")),
        "mangled",
    )
    s.add("最高学历", "education", lambda p: p.edu)
    s.add("第一学历院校", "school", lambda p: p.school)
    s.add("所学", "major", lambda p: p.major, "renamed")
    s.add(
        "近三年考核",
        "appraisal",
        lambda p: "/".join(g.pick(("优秀", "称职", "称职")) for _ in range(3)),
        "concatenated",
    )
    return s.done()


def short_roster(g: Gen) -> LabelledTable:
    """A tidy roster, for once."""
    s = Sheet(g, "机关人员名册(打印版)", 84)
    s.add("姓名", "person_name", lambda p: p.name)
    s.add("性别", "gender", lambda p: p.sex)
    s.add("民族", "ethnicity", lambda p: p.ethnic)
    s.add("出生年月", "birth_date", lambda p: f"{p.birth:%Y-%m}")
    s.add("政治面貌", "political_status", lambda p: p.party)
    s.add("籍贯", "native_place", lambda p: p.native)
    s.add("参加工作时间", "join_date", lambda p: f"{p.join:%Y-%m}")
    s.add("职务", "post", lambda p: p.post)
    s.add("职级", "job_level", lambda p: p.level)
    s.add("办公电话", "landline", lambda p: g.landline())
    s.add("手机", "mobile", lambda p: p.mobile)
    s.add("电子邮箱", "email", lambda p: p.email)
    s.add("婚姻状况", "marital_status", lambda p: p.marital)
    return s.done()


def cadres(g: Gen) -> LabelledTable:
    """Young people recommended for promotion."""
    s = Sheet(g, "青年骨干推荐表汇总_各单位", 61, (1986, 1999))
    s.add("推荐人选", "person_name", lambda p: p.name, "renamed", 0)
    s.add(
        "nl",
        "age",
        lambda p: g.pick((f"{p.age}", f"{p.age}周岁", full(str(p.age)) + "岁")),
        "pinyin renamed mangled",
    )
    s.add("家庭电话", "landline", lambda p: g.landline())
    s.add("家庭住址", "home_address", lambda p: p.address)
    s.add("毕业于", "school", lambda p: f"{g.num(2008, 2022)}年毕业于{p.school}", "renamed")
    s.add("zy", "major", lambda p: p.major, "pinyin renamed")
    s.add("现任", "post", lambda p: p.dept + p.post, "renamed concatenated")
    s.add("任现职级时间", "job_level", lambda p: f"{p.level}({g.num(2016, 2023)}年起)", "concatenated")
    s.add(
        "近年考核结果",
        "appraisal",
        lambda p: g.pick(("22年优秀,23年称职", "连续称职", "23年:优秀")),
        "mangled",
    )
    s.add(
        "推荐理由",
        "text_opinion",
        lambda p: g.pick(
            (
                "踏实肯干,有闯劲",
                "善于协调,群众基础好",
                "技术过硬,攻关成果多",
                "敢管敢抓,作风硬朗",
                "文字功底好",
            )
        ),
    )
    s.add(
        "培训经历",
        "course_record",
        lambda p: g.pick(("已完成中青班", "参加党校春季班结业", "已修:领导力(线上)", "未参训")),
        "",
    )
    s.add("爱好", "interest", lambda p: g.pick(("篮球", "写作", "跑马拉松", "围棋", "声乐")))
    return s.done()


def titles(g: Gen) -> LabelledTable:
    """Applications for professional titles."""
    s = Sheet(g, "职称评审申报一览", 77)
    s.add("申报人", "person_name", lambda p: p.name, "renamed")
    s.add("身份证号码", "id_card", lambda p: p.id_card)
    s.add(
        "SQJB",
        "job_level",
        lambda p: g.pick(("高级工程师", "工程师", "高级政工师", "助理工程师")),
        "pinyin renamed",
    )
    s.add("XKZY", "major", lambda p: p.major, "pinyin renamed")
    s.add("ZGXL", "education", lambda p: p.edu, "pinyin renamed")
    s.add("BYSJ_XX", "school", lambda p: p.school, "pinyin renamed")
    s.add(
        "继续教育学时",
        "course_record",
        lambda p: g.pick(("90学时", "已完成72学时", "不足", "120.0学时")),
        "mangled",
    )
    s.add("水平能力测试", "training_score", lambda p: g.pick(("76", "81分", "66.0", "免试", "92")), "mangled")
    s.add(
        "外语/计算机证书",
        "certificate",
        lambda p: g.pick(("职称计算机3个模块合格证", "CET-6", "免", "PETS-3证书")),
    )
    s.add("民主评议", "appraisal", lambda p: g.pick(("优秀", "良好", "合格")))
    s.add("电子邮箱", "email", lambda p: p.email)
    s.add(
        "参加工作年月",
        "join_date",
        lambda p: g.pick((f"{p.join:%Y.%m}", f"{p.join:%Y年%m月}", serial(p.join))),
        "mangled",
    )
    return s.done()


def month_attendance(g: Gen) -> LabelledTable:
    """Month's attendance, days in columns."""
    s = Sheet(g, "4月考勤汇总表(纸质录入)", 118)
    s.add("工号", "employee_no", lambda p: p.emp)
    s.add("姓名", "person_name", lambda p: p.name)
    s.add("所在班", "team", lambda p: p.team, "renamed")
    for day in ("1日", "2日", "3日"):
        s.add(day, "attendance", lambda p: g.pick(("√", "√", "√", "×", "病", "年", "公出", "迟")), "renamed")
    s.add("出勤天数", "attendance", lambda p: g.pick(("22", "21.5天", "２０", "19.0", "22天")), "mangled")
    s.add("旷工", "attendance", lambda p: g.pick(("0", "0.0", "-", "1天")), "mangled")
    s.add("平时加班h", "overtime", lambda p: g.pick(("12", "8.5h", "0", "二十四", "36.0")), "mangled")
    s.add("节假日加班", "overtime", lambda p: g.pick(("清明8h", "无", "8小时", "清明16h")))
    s.add("休假", "leave", lambda p: g.pick(("年假3天", "事假1天", "调休", "无", "护理假5天")))
    s.add("迟到早退", "attendance", lambda p: g.pick(("迟到1次", "早退1次", "无", "迟到2次")))
    return s.done()


def clubs(g: Gen) -> LabelledTable:
    """Members of the clubs for sport and art."""
    s = Sheet(g, "文体协会会员(摄影、球类、书画)", 138)
    s.add("huiyuan", "person_name", lambda p: p.name, "pinyin renamed", 0)
    s.add("微信号", "wechat", lambda p: p.wechat)
    s.add("QQ号", "qq", lambda p: p.qq)
    s.add("联系电话", "mobile", lambda p: p.mobile)
    s.add(
        "aihao1",
        "interest",
        lambda p: g.pick(("摄影", "乒乓球", "书法", "国画", "羽毛球", "太极拳")),
        "pinyin renamed",
    )
    s.add("第二爱好", "interest", lambda p: g.pick(("无", "象棋", "朗诵", "合唱", "垂钓", "烘焙")))
    s.add(
        "水平",
        "skill",
        lambda p: g.pick(("国家二级运动员", "书法五级", "业余3.5", "能独立拍摄", "初学", "可执裁")),
        "renamed",
    )
    s.add(
        "裁判/教练证",
        "certificate",
        lambda p: g.pick(("二级裁判证", "无", "健身教练证", "国家三级社体指导员证")),
    )
    s.add(
        "本年参加活动",
        "activity_participation",
        lambda p: g.pick(("参加3次", "未参加", "参加健步走、棋赛", "参加1次,请假1次")),
    )
    s.add("活跃积分", "points", lambda p: g.pick(("120分", "85.0", "60", "１５０", "0")), "mangled")
    s.add("xb/nl", "age", lambda p: f"{p.age}岁", "pinyin renamed")
    s.add("意见征集", "text_opinion", lambda p: g.opinion())
    return s.done()


def ranking(g: Gen) -> LabelledTable:
    """The points shop."""
    s = Sheet(g, "member_points_rank.csv", 226)
    s.add("employee_no", "employee_no", lambda p: p.emp, "english", 0)
    s.add("Total_Pts", "points", lambda p: f"{g.num(0, 9)},{g.digits(3)}", "english mangled")
    s.add("pts_month", "points", lambda p: g.num(0, 400) + ".0", "english mangled")
    s.add("lvl", "points", lambda p: g.pick(("银牌 1200分", "金牌 3000分", "铜牌 300分")), "english renamed")
    s.add(
        "act_joined",
        "activity_participation",
        lambda p: g.pick(("已参加", "报名未参加", "已签到", "未报名")),
        "english",
    )
    s.add(
        "hobby_tag",
        "interest",
        lambda p: json.dumps(g.r.sample(("跑步", "读书", "电影", "亲子", "露营"), 2), ensure_ascii=False),
        "english renamed",
    )
    s.add("gender", "gender", lambda p: "M" if p.sex == "男" else "F", "english")
    s.add("age", "age", lambda p: f"{p.age}.0", "english mangled")
    s.add("native", "native_place", lambda p: p.native, "english")
    s.add("section", "team", lambda p: p.team, "english")
    s.add("rate_star", "satisfaction", lambda p: g.pick(("5星", "4星", "满意", "3星")), "english renamed")
    s.add("feedback", "text_opinion", lambda p: g.opinion(), "english")
    return s.done()


def named_survey(g: Gen) -> LabelledTable:
    """Survey of satisfaction with names."""
    s = Sheet(g, "职代会满意度测评(实名回收)", 96)
    s.add("代表姓名", "person_name", lambda p: p.name)
    s.add("代表团", "team", lambda p: g.pick(("第一代表团", "机关代表团", "矿井代表团", "女职工代表组")))
    s.add("Q1薪酬", "satisfaction", lambda p: g.pick(("满意", "基本满意", "不满意", "4", "３")), "mangled")
    s.add("Q2后勤", "satisfaction", lambda p: g.pick(("满意", "较满意", "一般", "5分")), "mangled")
    s.add("Q3工会", "satisfaction", lambda p: g.pick(("☑满意 □一般", "□满意 ☑一般", "☑满意")), "mangled")
    s.add(
        "关注的问题",
        "need_category",
        lambda p: g.pick(("收入分配", "劳动保护", "食堂住宿", "职业发展", "子女入学")),
    )
    s.add(
        "提案方向",
        "need_category",
        lambda p: g.pick(("薪酬激励类", "民生实事类", "安全环保类", "企业文化类")),
        "renamed",
    )
    s.add("具体意见", "text_opinion", lambda p: g.opinion())
    s.add("对公司的建议", "text_opinion", lambda p: g.opinion())
    s.add("现岗位", "post", lambda p: p.post)
    s.add(
        "工作年限",
        "years_of_service",
        lambda p: g.pick((f"{p.years}年", str(p.years), "10年以上", "3~5年")),
        "mangled",
    )
    s.add("办公地点", "work_place", lambda p: g.pick(("主楼12层", "北岭矿区", "滨海二厂", "外派项目部")))
    return s.done()


def leave_plan(g: Gen) -> LabelledTable:
    """Plan of the annual leave."""
    s = Sheet(g, "nianxiujia_jihua", 127)
    s.add("xingming", "person_name", lambda p: p.name, "pinyin", 0)
    s.add("bumen", "department", lambda p: p.dept, "pinyin")
    s.add("gongling", "years_of_service", lambda p: g.pick((str(p.years), f"{p.years}年")), "pinyin mangled")
    s.add("yingxiu", "leave", lambda p: g.pick(("应休5天", "应休10天", "应休15天")), "pinyin renamed")
    s.add("yixiu", "leave", lambda p: g.pick(("已休3天", "已休0天", "已休10天")), "pinyin renamed")
    s.add("jiabie", "leave", lambda p: g.pick(("年休", "探亲", "疗休养假", "育儿假")), "pinyin")
    s.add("rugongsi", "join_date", lambda p: g.date(p.join), "pinyin renamed mangled")
    s.add("chuqin", "attendance", lambda p: g.pick(("全勤", "缺勤1天", "全勤", "迟到1次")), "pinyin")
    s.add("gangwei", "post", lambda p: p.post, "pinyin")
    s.add("zhiji", "job_level", lambda p: p.level, "pinyin")
    s.add("dianhua", "mobile", lambda p: p.mobile, "pinyin")
    s.add("jiguan", "native_place", lambda p: p.native, "pinyin")
    return s.done()


def bidding(g: Gen) -> LabelledTable:
    """Competition for posts."""
    s = Sheet(g, "岗位竞聘报名及得分", 69)
    s.add("应聘人员", "person_name", lambda p: p.name, "renamed", 0)
    s.add("竞聘岗位", "post", lambda p: p.dept + p.post)
    s.add("出生日期", "birth_date", lambda p: p.birth.isoformat())
    s.add("政治面貌", "political_status", lambda p: p.party)
    s.add("现单位部门", "department", lambda p: g.pick(DEPTS))
    s.add("笔试", "training_score", lambda p: g.pick(("78.5", "82分", "缺考", "69.0")), "mangled renamed")
    s.add("面试", "training_score", lambda p: g.dec(70, 95, 2) + "分", "mangled renamed")
    s.add("民主测评", "appraisal", lambda p: g.pick(("优秀率92%", "称职", "优秀", "较好")))
    s.add("学历/学位", "education", lambda p: p.edu + g.pick(("/学士", "", "/硕士")))
    s.add("毕业院校", "school", lambda p: p.school)
    s.add("户籍省市(籍贯)", "native_place", lambda p: p.native)
    s.add("现月薪", "pay", lambda p: f"{p.wage:.2f}")
    s.add(
        "评委意见",
        "text_opinion",
        lambda p: g.pick(
            ("思路清楚", "对岗位认识不足", "表达流利,经验偏少", "综合素质好", "建议锻炼一年再用")
        ),
    )
    return s.done()


def mentors(g: Gen) -> LabelledTable:
    """Master and apprentice contracts."""
    s = Sheet(g, "师带徒协议登记(含考核)", 52)
    s.add("师傅姓名", "person_name", lambda p: p.name)
    s.add("徒弟姓名", "person_name", lambda p: g.name())
    s.add("师傅电话", "mobile", lambda p: p.mobile)
    s.add(
        "传授技能",
        "skill",
        lambda p: g.pick(("皮带接头硫化", "高压柜检修", "数控编程", "锅炉燃烧调整", "瓦斯检测")),
    )
    s.add("带徒补贴", "pay", lambda p: g.pick(("200元/月", "300.00", "400")))
    s.add("出师考核", "training_score", lambda p: g.pick(("86", "合格", "91.0", "不及格", "优")), "mangled")
    s.add("班组", "team", lambda p: p.team)
    s.add("车间", "department", lambda p: p.dept)
    s.add("作业区域", "work_place", lambda p: g.pick(("主厂房0米", "配电室", "304盘区", "球磨车间")))
    s.add("徒弟学历", "education", lambda p: p.edu)
    s.add("师徒年龄", "age", lambda p: f"{p.age}/{g.num(20, 30)}", "concatenated")
    s.add(
        "学习进度", "course_record", lambda p: g.pick(("已完成第一阶段", "已学3/8模块", "全部结业", "未开始"))
    )
    return s.done()


def women(g: Gen) -> LabelledTable:
    """A short list of the women workers' committee."""
    s = Sheet(g, "女职工基本情况简表", 109)
    s.add("姓名", "person_name", lambda p: g.name("女"))
    s.add("年龄", "age", lambda p: str(p.age))
    s.add("民族", "ethnicity", lambda p: p.ethnic)
    s.add("婚姻状况", "marital_status", lambda p: p.marital)
    s.add("子女情况", "family", lambda p: g.pick(("一子7岁", "一女", "无", "两女,大女儿上初中", "儿子2岁")))
    s.add("孕产哺乳期", "health", lambda p: g.pick(("无", "无", "无", "孕期", "哺乳期", "产假中")))
    s.add("学历", "education", lambda p: p.edu)
    s.add("岗位", "post", lambda p: p.post)
    s.add("班组", "team", lambda p: p.team)
    s.add("特长", "skill", lambda p: g.pick(("插花", "主持", "茶艺", "公文写作", "舞蹈", "会计电算化")))
    s.add("参加巾帼活动", "activity_participation", lambda p: g.pick(("参加", "未参加", "参加2次", "请假")))
    s.add(
        "需求", "need_category", lambda p: g.pick(("母婴室", "心理咨询", "子女托管", "技能培训", "体检项目"))
    )
    return s.done()


def border(g: Gen) -> LabelledTable:
    """Documents for travel abroad, kept in the safe."""
    s = Sheet(g, "因私出国(境)证件集中保管台账", 71)
    s.add("姓名", "person_name", lambda p: p.name)
    s.add("身份证号", "id_card", lambda p: p.id_card)
    s.add("护照号码", "passport", lambda p: "E" + g.pick("ABCDEFGHJK") + g.digits(7))
    s.add("往来港澳通行证号", "travel_permit", lambda p: "C" + g.pick("ABCDEFGHJ") + g.digits(7))
    s.add("大陆居民往来台湾通行证", "travel_permit", lambda p: "L" + g.digits(8))
    s.add("hz", "passport", lambda p: mask("E" + g.digits(8), 3, 2), "pinyin renamed masked", 0.4)
    s.add(
        "ZJHM2",
        "travel_permit",
        lambda p: g.pick(("C", "c", "Ｃ")) + g.digits(4) + g.pick((" ", "", "-")) + g.digits(4),
        "pinyin renamed mangled",
        0.3,
    )
    s.add("职务", "post", lambda p: p.post)
    s.add("职级层次", "job_level", lambda p: p.level)
    s.add("所在处室", "department", lambda p: p.dept)
    s.add("交存日期", "event_date", lambda p: g.date(g.day(2020, 2024)), "mangled")
    s.add("领用状态", "status", lambda p: g.pick(("在库", "借出", "已注销")))
    return s.done()


def base_card(g: Gen) -> LabelledTable:
    """The standard card of a worker, for once as it was meant."""
    s = Sheet(g, "职工基础信息登记卡(标准表)", 155)
    s.add("职工编号", "employee_no", lambda p: p.emp)
    s.add("职工姓名", "person_name", lambda p: p.name)
    s.add("公民身份号码", "id_card", lambda p: p.id_card)
    s.add("社会保险个人编号", "social_security_no", lambda p: p.social)
    s.add("住房公积金账号", "housing_fund_no", lambda p: p.fund)
    s.add("工资卡号", "bank_card", lambda p: p.card)
    s.add("现居住地址", "home_address", lambda p: p.address)
    s.add("QQ", "qq", lambda p: p.qq)
    s.add("私家车牌号", "plate_number", lambda p: p.plate)
    s.add("所属班组", "team", lambda p: p.team)
    s.add("岗位名称", "post", lambda p: p.post)
    s.add("入职日期", "join_date", lambda p: p.join.isoformat())
    s.add("学历", "education", lambda p: p.edu)
    return s.done()


def hospital_visits(g: Gen) -> LabelledTable:
    """Visits to workers in hospital."""
    s = Sheet(g, "住院职工慰问登记", 49)
    s.add("住院职工", "person_name", lambda p: p.name)
    s.add("病历号", "medical_record_no", lambda p: "ZY" + g.digits(8))
    s.add("诊断", "health", lambda p: g.pick(DIAGNOSES))
    s.add(
        "用药情况",
        "health",
        lambda p: g.pick(("头孢曲松静滴", "口服阿司匹林", "胰岛素泵", "化疗第2周期", "术后镇痛")),
    )
    s.add("家属姓名", "family", lambda p: g.name())
    s.add("家属电话", "mobile", lambda p: g.mobile())
    s.add("职工年龄", "age", lambda p: str(p.age))
    s.add("工种", "post", lambda p: p.post)
    s.add("所在班组", "team", lambda p: p.team)
    s.add(
        "慰问意见",
        "text_opinion",
        lambda p: g.pick(("感谢工会关心", "希望早日返岗", "建议提高慰问标准", "很温暖", "流程可再简化")),
    )
    s.add("慰问日期", "event_date", lambda p: g.day(2024, 2024).isoformat())
    return s.done()


TABLES = (
    border,
    base_card,
    hospital_visits,
    talent,
    short_roster,
    cadres,
    titles,
    month_attendance,
    clubs,
    ranking,
    named_survey,
    leave_plan,
    bidding,
    mentors,
    women,
)
