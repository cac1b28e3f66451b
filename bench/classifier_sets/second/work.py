"""Training, activities, opinions, procurement, catalogues: mostly sensitive and public."""

import json
from urllib.parse import quote

from classifier_sets.labelled import LabelledTable
from classifier_sets.second.gen import DEPTS, PROVINCES, SUBJECTS, Gen, Sheet, full, mask, mask_name, serial

COURSES = (
    "煤矿安全规程解读",
    "班组长能力提升",
    "电工安全技术复训",
    "公文写作",
    "Excel高效办公",
    "新员工入职教育",
    "特种设备管理",
    "网络安全意识",
    "应急救护员取证班",
    "焊接机器人操作",
    "保密教育",
    "消防“四个能力”",
    "财务共享系统实操",
    "党的二十大精神宣讲",
)
LECTURES = (
    "高血压的自我管理",
    "职场压力与情绪调适",
    "糖尿病饮食误区",
    "反诈骗:守住你的银行卡",
    "个人信息保护法十问",
    "家庭教育促进法讲座",
    "颈椎病预防与办公操",
    "如何看懂工资条",
    "女性健康大讲堂",
    "身份证遗失怎么办",
)
ACTS = (
    "“中铸杯”职工篮球赛",
    "三八节插花",
    "迎新春书法笔会",
    "青年突击队授旗",
    "职工运动会",
    "读书月演讲比赛",
    "六一亲子开放日",
    "钳工技能比武",
    "家属协管安全行",
    "退役军人座谈会",
    "中秋游园",
    "趣味拔河赛",
)
VENUES = (
    "文体中心",
    "办公楼305会议室",
    "职工书屋",
    "俱乐部大礼堂",
    "培训中心二教室",
    "三号厂房门前广场",
    "线上(腾讯会议)",
    "足球场",
    "党员活动室",
)
POLICIES = (
    "《职工疗休养管理办法》",
    "关于做好夏季防暑降温工作的通知",
    "《困难职工帮扶资金使用细则》",
    "《集体合同》(2024版)",
    "华曜工〔2024〕12号",
    "女职工权益保护专项合同",
    "《职工代表大会实施细则(试行)》",
    "关于规范身份证复印件管理的规定",
)
GOODS = (
    "五常大米10kg",
    "菜籽油5L",
    "大枣礼盒",
    "毛巾套装",
    "保温杯 500ml",
    "防暑茶包",
    "劳保手套(打)",
    "乒乓球拍",
    "A4复印纸",
    "电影票兑换券",
    "洗衣液3kg",
    "核桃2kg",
    "扶贫苹果一箱",
)


def exam(g: Gen) -> LabelledTable:
    """Scores of the learning platform."""
    s = Sheet(g, "exam_result_export(1).csv", 280)
    s.add("user_code", "employee_no", lambda p: p.emp.lstrip("0") + ".0", "english mangled renamed", 0)
    s.add("real_name", "person_name", lambda p: p.name, "english", 0)
    s.add("dept_path", "department", lambda p: f"华曜集团/{p.dept}/{p.team}", "english concatenated")
    s.add("paper", "course_title", lambda p: g.pick(COURSES), "english renamed")
    s.add(
        "score",
        "training_score",
        lambda p: g.pick(("缺考", "85.0", "92.0", "76.5", "60", "９８", "100.0")),
        "english mangled",
    )
    s.add(
        "pass_flag", "training_score", lambda p: g.pick(("及格", "及格", "不及格", "优秀")), "english renamed"
    )
    s.add(
        "finish_progress",
        "course_record",
        lambda p: g.pick(("已完成", "已学80%", "未开始学习", "学习中 12/20课时")),
        "english",
    )
    s.add("cert_no", "certificate", lambda p: f"证书编号:PX{g.digits(8)} 合格证", "english")
    s.add("start_ts", "event_time", lambda p: "17" + g.num(10, 34) + g.digits(9), "english decoy")
    s.add("ip", "ip_address", lambda p: g.ip(), "english")
    s.add(
        "user_info",
        "personal_mix",
        lambda p: json.dumps(
            {"姓名": p.name, "手机": mask(p.mobile, 3, 4), "证件": p.id_card}, ensure_ascii=False
        ),
        "json masked english",
        0.3,
    )
    s.add("credit_pts", "points", lambda p: g.pick(("2学分", "0.5学分", "4学分")), "english mangled")
    return s.done()


def course_list(g: Gen) -> LabelledTable:
    """Catalogue of courses and lectures."""
    s = Sheet(g, "2024培训项目计划表", 66)
    s.add("项目编号", "record_no", lambda p: f"1{g.digits(10)}", "decoy", 0)
    s.add("课程名称", "course_title", lambda p: g.pick(COURSES))
    s.add("健康讲座名称", "lecture_title", lambda p: g.pick(LECTURES), "decoy")
    s.add("承办部门", "department", lambda p: p.dept)
    s.add("计划人数", "head_count", lambda p: f"{g.num(15, 300)}人", "mangled")
    s.add("经费预算(元)", "price", lambda p: f"{g.num(1, 60)},{g.digits(3)}.00", "mangled decoy")
    s.add("地点", "venue", lambda p: g.pick(VENUES))
    s.add(
        "备注",
        "text_opinion",
        lambda p: g.pick(
            ("希望安排在检修之后", "学员反映课时偏少", "建议增加实操", "与安监部合办更好", "去年效果不错")
        ),
        "",
        0.04,
    )
    return s.done()


def trainers(g: Gen) -> LabelledTable:
    """In-house trainers and what they get."""
    s = Sheet(g, "内训师库及课酬", 45)
    s.add("讲师", "person_name", lambda p: p.name + g.pick(("", "老师", "(外聘)")), "renamed", 0)
    s.add("主讲课程", "course_title", lambda p: g.pick(COURSES))
    s.add(
        "擅长领域",
        "skill",
        lambda p: g.pick(("电气控制", "PLC编程", "心理疏导", "公文写作", "液压系统", "应急救援")),
    )
    s.add("职称", "job_level", lambda p: p.level)
    s.add(
        "资格证书",
        "certificate",
        lambda p: g.pick(("企业培训师二级", "注册安全工程师", "高级技师证", "心理咨询师三级")),
    )
    s.add(
        "课酬(税后)",
        "pay",
        lambda p: g.pick(("800元/半天", "1,200.00", "1500", "2,000元")),
        "mangled renamed",
    )
    s.add("收款账户", "personal_mix", lambda p: f"{p.name} {p.bank} {p.card}", "concatenated")
    s.add("学员打分", "satisfaction", lambda p: g.dec(3.8, 5, 1) + "分", "mangled")
    s.add("毕业院校及专业", "school", lambda p: p.school + " " + p.major, "concatenated")
    s.add("邮箱服务商", "title_other", lambda p: g.pick(("网易163", "QQ邮箱", "企业邮", "139邮箱")), "decoy")
    s.add(
        "电邮", "email", lambda p: mask(p.email.split("@")[0], 2, 1) + "@" + p.email.split("@")[1], "masked"
    )
    return s.done()


def skill_contest(g: Gen) -> LabelledTable:
    """Entries of a skill contest."""
    s = Sheet(g, "职业技能竞赛报名汇总(含选手信息)", 125)
    s.add(
        "参赛工种", "skill", lambda p: g.pick(("钳工", "焊工", "电工", "起重工", "化学检验员", "采煤机司机"))
    )
    s.add("选手", "person_name", lambda p: p.name, "renamed", 0)
    s.add("参赛号", "record_no", lambda p: f"{g.pick('ABCD')}{p.i + 1:03d}", "", 0)
    s.add("理论成绩", "training_score", lambda p: g.dec(45, 98, 1))
    s.add("实操成绩", "training_score", lambda p: full(g.num(50, 99)), "mangled")
    s.add("名次", "training_score", lambda p: f"第{p.i + 1}名", "renamed")
    s.add(
        "身份证件",
        "id_card",
        lambda p: mask(p.id_card, 3, 4) if g.chance(0.6) else mask(p.id_card, 6, 2),
        "masked",
    )
    s.add("推荐单位", "organisation", lambda p: p.org)
    s.add("技能等级证书", "certificate", lambda p: g.pick(("高级工", "技师", "高级技师", "中级工")) + "证书")
    s.add("师傅", "person_name", lambda p: g.name(), "renamed")
    s.add(
        "入职年限",
        "years_of_service",
        lambda p: g.pick((f"{p.years}", f"{p.years}年", f"{p.years}.0")),
        "mangled",
    )
    return s.done()


def activity_plan(g: Gen) -> LabelledTable:
    """Plan of activities with budgets."""
    s = Sheet(g, "工会年度活动计划与预算", 52)
    s.add("序号", "record_no", lambda p: str(p.i + 1), "", 0)
    s.add("拟参加人数", "head_count", lambda p: g.pick(("约200", "60人", "全体", "80-100", "150")), "mangled")
    s.add("预算", "price", lambda p: f"{g.num(2, 90)},000.00", "mangled decoy")
    s.add("日期", "event_date", lambda p: g.date(g.day(2024, 2024)), "mangled")
    s.add("开始时间", "event_time", lambda p: g.clock(8, 19))
    s.add("完成率", "percentage", lambda p: g.pick(("100%", "0.8", "60%", "50.0%")), "mangled")
    s.add("负责人", "person_name", lambda p: p.name)
    s.add("是否线上", "boolean_flag", lambda p: g.pick(("是", "否", "√", "×")))
    return s.done()


def activity_signup(g: Gen) -> LabelledTable:
    """Sign-up of a sports meet; insurance needs the identity number."""
    s = Sheet(g, "运动会报名(各队长交来的合在一起)", 185)
    s.add("队名", "team", lambda p: p.dept[:2] + g.pick(("猛虎队", "飞跃队", "一队", "联队")))
    s.add("mingzi", "person_name", lambda p: p.name, "pinyin", 0)
    s.add(
        "上保险用",
        "id_card",
        lambda p: g.pick(
            (
                p.id_card,
                "'" + p.id_card,
                p.id_card[:6] + " " + p.id_card[6:],
                full(p.id_card),
                p.id_card + " ",
            )
        ),
        "renamed mangled",
    )
    s.add("nianling", "age", lambda p: g.pick((f"{p.age}", f"{p.age}岁", f"{p.age}.0")), "pinyin mangled")
    s.add("参赛情况", "activity_participation", lambda p: g.pick(("参加", "参加", "弃权", "替补", "未到")))
    s.add("名次积分", "points", lambda p: g.pick(("积7分", "5分", "3分", "1分", "0")), "")
    s.add(
        "tel", "mobile", lambda p: p.mobile[:3] + " " + p.mobile[3:7] + " " + p.mobile[7:], "mangled english"
    )
    s.add("dui_zhang", "person_name", lambda p: g.name(), "pinyin renamed")
    s.add("bumen", "department", lambda p: p.dept, "pinyin")
    s.rare(
        "beizhu",
        "text_personal",
        lambda p: g.pick(("能跑接力", "第一次参加", "只报一项", "要号码布", "夜班勿排上午")),
        lambda p: f"{p.name}心脏搭过桥,不能跑,家属电话{g.mobile()}",
        "pinyin",
        0.6,
    )
    return s.done()


def volunteers(g: Gen) -> LabelledTable:
    """Volunteers' hours."""
    s = Sheet(g, "志愿服务时长公示", 104)
    s.add("志愿者", "person_name", lambda p: mask_name(p.name), "masked renamed", 0)
    s.add("时长(小时)", "points", lambda p: g.dec(1, 60, 1) + "积分", "mangled renamed")
    s.add("星级", "appraisal", lambda p: g.pick(("一星", "二星", "三星", "未评")))
    s.add("服务日期", "event_date", lambda p: serial(g.day(2024, 2024)), "mangled decoy")
    s.add("联系手机", "mobile", lambda p: "尾号" + p.mobile[-4:], "masked")
    s.add("本次参加", "activity_participation", lambda p: g.pick(("已签到", "请假", "缺席", "已签到")))
    s.add("专业特长", "skill", lambda p: g.pick(("理发", "家电维修", "急救", "书法", "摄影", "心理疏导")))
    return s.done()


def suggestion_box(g: Gen) -> LabelledTable:
    """Rationalisation proposals; free text, many words that sound personal."""
    s = Sheet(g, "合理化建议征集_2024", 176)
    s.add("建议编号", "record_no", lambda p: f"JY{g.digits(6)}", "", 0)
    s.add(
        "建议类别",
        "need_category",
        lambda p: g.pick(("安全生产", "后勤服务", "薪酬福利", "节能降耗", "文化生活")),
    )
    s.add("建议内容", "text_opinion", lambda p: g.opinion(), "", 0)
    s.add(
        "现状描述",
        "text_opinion",
        lambda p: (
            g.pick(
                (
                    "手机号变更后系统里改不了,希望能自助修改",
                    "身份证复印件交了三次,建议各部门共享",
                    "体检项目太少,建议加胃镜",
                    "工资条上的项目看不懂,应该有说明",
                    "银行卡补贴到账慢",
                    "药品种类不全",
                    "住址证明开起来太麻烦",
                    "看病报销要跑三趟",
                )
            )
            + g.pick(("", "。", "!", ",谢谢"))
        ),
        "decoy",
    )
    s.rare(
        "补充说明",
        "text_personal",
        lambda p: g.opinion(),
        lambda p: g.opinion() + f"如需了解请打{p.mobile},{p.name}",
        "",
        0.4,
    )
    s.add("提出人", "person_name", lambda p: p.name if g.chance(0.6) else "匿名", "renamed")
    s.add("所属班组", "team", lambda p: p.team)
    s.add("评审得分", "points", lambda p: g.num(40, 98) + "分", "mangled")
    s.add("预计效益(万元)", "price", lambda p: g.dec(0.5, 120, 1), "decoy")
    s.add("提出日期", "event_date", lambda p: g.date(g.day(2024, 2024)), "mangled")
    return s.done()


def wjx(g: Gen) -> LabelledTable:
    """Export of an on-line questionnaire."""
    s = Sheet(g, "232984471_按文本_职工需求调查_318_318", 318)
    s.add("提交答卷时间", "event_time", lambda p: g.stamp(), "", 0)
    s.add("所用时间", "quantity", lambda p: f"{g.num(30, 600)}秒", "mangled")
    s.add(
        "来自IP", "ip_address", lambda p: f"{g.ip()}({g.pick(('河北-唐山', '山西-大同', '北京'))})", "mangled"
    )
    s.add("1、您的性别：", "gender", lambda p: p.sex)
    s.add("2、您的年龄段：", "age", lambda p: g.pick(("25岁以下", "26~35岁", "36~45岁", "46岁以上")))
    s.add("3、您的岗位性质：", "post", lambda p: g.pick(("一线操作", "管理", "技术", "后勤辅助")))
    s.add(
        "4、您对食堂的满意度：",
        "satisfaction",
        lambda p: g.pick(("非常满意", "满意", "一般", "不满意", "(跳过)")),
    )
    s.add(
        "5、您最希望工会解决的问题",
        "need_category",
        lambda p: "┋".join(
            g.r.sample(("住房", "子女就学", "通勤", "文体活动", "婚恋", "看病"), g.r.randint(1, 3))
        ),
        "concatenated",
    )
    s.add(
        "6、您的兴趣：",
        "interest",
        lambda p: "┋".join(g.r.sample(("跑步", "摄影", "阅读", "广场舞", "垂钓", "电竞"), 2)),
    )
    s.rare(
        "7、其他意见：",
        "text_personal",
        lambda p: g.pick((g.opinion(), "无", "没有", "(空)")),
        lambda p: f"我父亲脑出血住院,请帮忙联系医院,{p.mobile}",
        "",
        0.3,
    )
    s.add("8、意见或建议", "text_opinion", lambda p: g.opinion(), "", 0.04)
    s.add(
        "9、手机号（抽奖用）",
        "mobile",
        lambda p: p.mobile + g.pick(("", "", "。", "(微信同号)")),
        "mangled",
        0.5,
    )
    return s.done()


def satisfaction(g: Gen) -> LabelledTable:
    """Anonymous canteen survey."""
    s = Sheet(g, "食堂满意度匿名问卷", 140)
    s.add("A1", "satisfaction", lambda p: g.pick(("很满意", "满意", "一般", "较差")), "no_header renamed")
    s.add("A2_ms", "satisfaction", lambda p: g.pick(("5分", "4分", "3分", "1分")), "renamed")
    s.add("单价", "price", lambda p: g.pick(("12", "8.5元", "￥6", "3.00")), "mangled")
    s.add("意见", "text_opinion", lambda p: g.opinion())
    s.add(
        "想说的话",
        "text_opinion",
        lambda p: g.pick(
            (
                "打饭大姐态度好",
                "师傅手艺进步了",
                "价格涨了工资没涨",
                "电话订餐老占线",
                "希望有低糖餐",
                "给高血压人群少放盐",
            )
        ),
        "decoy",
    )
    return s.done()


def forum(g: Gen) -> LabelledTable:
    """Forum posts, HTML and all."""
    s = Sheet(g, "bbs_posts_dump", 240)
    s.add("tid", "record_no", lambda p: g.num(10000, 99999), "english renamed", 0)
    s.add(
        "subject",
        "title_other",
        lambda p: g.pick(SUBJECTS) + g.pick(("怎么样了?", "反馈帖", "[灌水]", "集中讨论")),
        "english",
    )
    s.rare(
        "message",
        "text_personal",
        lambda p: "<p>" + g.opinion() + "</p>",
        lambda p: f"<p>求老乡群,加我QQ{p.qq},我是{p.dept}的{p.name}</p>",
        "english",
        0.02,
    )
    s.add("useip", "ip_address", lambda p: g.ip() + g.pick(("", ":443", "")), "english renamed")
    s.add("dateline", "event_time", lambda p: "17" + g.num(10, 34) + g.digits(6), "english decoy renamed")
    s.add("forum", "category", lambda p: g.pick(("职工之声", "二手市场", "健康园地", "文学")), "english")
    s.add("views", "quantity", lambda p: g.num(3, 9000), "english")
    s.add("link", "url", lambda p: f"http://bbs.huayao.local/thread-{g.num(1000, 99999)}-1-1.html", "english")
    s.add("reply_text", "text_opinion", lambda p: g.opinion(), "english")
    s.add(
        "profile",
        "personal_mix",
        lambda p: f"realname={quote(p.name)}&qq={p.qq}&mobile={p.mobile}&birth={p.birth}",
        "json english",
        0.5,
    )
    s.add("floor_pts", "points", lambda p: f"+{g.num(0, 30)}", "english renamed")
    return s.done()


def procurement(g: Gen) -> LabelledTable:
    """Purchase of holiday gifts."""
    s = Sheet(g, "节日慰问品采购明细", 115)
    s.add("订单号", "order_no", lambda p: f"2024{g.digits(14)}", "decoy", 0)
    s.add("身份证号", "order_no", lambda p: f"DD2024{g.digits(12)}", "decoy lying_header", 0)
    s.add("规格单位", "unit_of_measure", lambda p: g.pick(("箱", "袋", "桶", "套", "条")))
    s.add("数量", "quantity", lambda p: f"{g.num(5, 1200)}{g.pick(('', '', '份'))}", "mangled")
    s.add("总金额", "price", lambda p: f"{g.num(1, 300)},{g.digits(3)}.{g.digits(2)}", "mangled decoy")
    s.add("纳税人识别号", "credit_code", lambda p: g.credit(), "decoy")
    s.add("供货省份", "region", lambda p: g.pick(PROVINCES))
    s.add("收货人", "personal_mix", lambda p: f"{p.name} {p.mobile} {p.address}", "concatenated")
    s.add("到货日期", "event_date", lambda p: g.date(g.day(2024, 2024)), "mangled")
    return s.done()


def mall(g: Gen) -> LabelledTable:
    """Orders of the on-line mall, JSON in a column."""
    s = Sheet(g, "t_order_2024", 290)
    s.add("order_sn", "order_no", lambda p: f"1{g.digits(17)}", "english decoy", 0)
    s.add("pay_serial", "order_no", lambda p: f"4200{g.digits(12)}", "english decoy")
    s.add("goods", "product", lambda p: g.pick(GOODS), "english")
    s.add(
        "receiver",
        "personal_mix",
        lambda p: json.dumps(
            {"consignee": p.name, "phone": p.mobile, "detail": p.address}, ensure_ascii=False
        ),
        "json english",
    )
    s.add(
        "ext",
        "personal_mix",
        lambda p: f"<ext><xm>{p.name}</xm><sj>{p.mobile}</sj><gh>{p.emp}</gh></ext>",
        "json renamed",
        0.5,
    )
    s.add("amount", "price", lambda p: g.dec(9, 600), "english decoy")
    s.add("create_time", "event_time", lambda p: "17" + g.num(10, 34) + g.digits(9), "english decoy")
    s.add("sku", "record_no", lambda p: "69" + g.digits(11), "english decoy")
    s.add(
        "post_code",
        "postcode",
        lambda p: g.pick(("063000", "037003", "114001", "255000")).lstrip("0"),
        "english mangled",
    )
    s.add("order_status", "status", lambda p: g.pick(("已签收", "待发货", "退款中", "已完成")), "english")
    s.add(
        "cfg",
        "title_other",
        lambda p: json.dumps({"template": "spring", "skin": g.pick("AB"), "ver": "2.1"}),
        "decoy renamed",
    )
    s.add(
        "buyer_comment",
        "text_opinion",
        lambda p: g.pick(("包装好", "大米不错", "发货慢", "苹果个头小", "客服电话打不通", "五星好评")),
        "english",
        0.5,
    )
    return s.done()


def suppliers(g: Gen) -> LabelledTable:
    """Suppliers with a contact person."""
    s = Sheet(g, "合格供方名录(工会福利类)", 57)
    s.add("统一社会信用代码", "credit_code", lambda p: g.credit(), "decoy")
    s.add("信用代码(旧表)", "credit_code", lambda p: "'" + g.credit() + " ", "mangled")
    s.add("联系人", "person_name", lambda p: p.name + g.pick(("", "经理", "")), "")
    s.add("联系人电话", "mobile", lambda p: p.mobile + g.pick(("", "/" + g.landline())), "mangled")
    s.add("客服热线", "hotline", lambda p: g.pick(("400", "800")) + g.digits(7), "decoy")
    s.add("所在地区", "region", lambda p: g.pick(PROVINCES))
    s.add("邮编", "postcode", lambda p: g.num(100000, 830000))
    s.add("官网", "url", lambda p: f"www.{g.pick(('hengda', 'ruitong', 'jiafeng'))}{g.num(1, 99)}.com")
    s.add("年度评价", "satisfaction", lambda p: g.pick(("满意", "一般", "不满意", "较满意")))
    s.add("合同金额", "price", lambda p: f"{g.dec(1, 80)}万元", "mangled decoy")
    return s.done()


def library_books(g: Gen) -> LabelledTable:
    """The catalogue of the workers' reading room."""
    s = Sheet(g, "职工书屋馆藏", 300)
    s.add("ISBN", "record_no", lambda p: "9787" + g.digits(9), "decoy", 0)
    s.add(
        "题名",
        "title_other",
        lambda p: g.pick(
            (
                "平凡的世界",
                "钢铁是怎样炼成的",
                "高血压防治手册",
                "婚姻家庭法律指南",
                "电工手册",
                "个人所得税一本通",
            )
        ),
        "decoy",
    )
    s.add("条码", "record_no", lambda p: f"1{g.digits(10)}", "decoy")
    s.add("可借", "boolean_flag", lambda p: g.pick(("Y", "N", "可借", "不可借")))
    s.add("入藏日期", "event_date", lambda p: serial(g.day(2012, 2023)), "mangled decoy")
    return s.done()


def library_loans(g: Gen) -> LabelledTable:
    """Loans: who reads what."""
    s = Sheet(g, "借阅流水", 350)
    s.add("读者工号", "employee_no", lambda p: p.emp, "renamed", 0)
    s.add("读者", "person_name", lambda p: p.name, "", 0)
    s.add("读者单位", "department", lambda p: p.dept)
    s.add(
        "书名",
        "title_other",
        lambda p: g.pick(("三体", "糖尿病饮食", "白鹿原", "劳动合同法释义", "焊接工艺学", "育儿百科")),
        "decoy",
    )
    s.add("阅读积分", "points", lambda p: g.num(0, 500))
    s.add(
        "读者码",
        "personal_mix",
        lambda p: f"<r><n>{p.name}</n><g>{p.emp}</g><t>{mask(p.mobile, 3, 4)}</t></r>",
        "json masked renamed",
    )
    s.add("偏好", "interest", lambda p: g.pick(("科幻", "历史", "技术类", "养生", "小说")))
    s.rare(
        "催还记录",
        "text_personal",
        lambda p: g.pick(("已短信提醒", "已还", "未联系上", "免催")),
        lambda p: f"打{p.mobile}是其妻子接,说本人在ICU",
        "",
        0.5,
    )
    return s.done()


def meeting_rooms(g: Gen) -> LabelledTable:
    """Rooms to book."""
    s = Sheet(g, "会议室及文体场馆一览", 34)
    s.add("场馆编码", "record_no", lambda p: "CG-" + g.digits(11), "decoy")
    s.add("容纳人数", "head_count", lambda p: g.num(8, 600))
    s.add(
        "预约电话",
        "hotline",
        lambda p: g.pick(("内线 8866", "12351", "96110", "400-" + g.digits(7))),
        "decoy",
    )
    s.add("开放时间", "event_time", lambda p: g.pick(("8:00-22:00", "18:00-21:30", "全天")))
    s.add("管理部门", "department", lambda p: p.dept)
    s.add("预约网址", "url", lambda p: f"https://yy.zhongzhu.cn/room?id={g.num(1, 99)}")
    s.add("设备", "product", lambda p: g.pick(("投影仪", "LED屏", "音响一套", "视频会议终端")))
    s.add("使用反馈", "text_opinion", lambda p: g.opinion())
    return s.done()


def policies(g: Gen) -> LabelledTable:
    """Documents of the union."""
    s = Sheet(g, "制度文件清单(OA公开目录)", 78)
    s.add("文件标题", "policy_title", lambda p: g.pick(POLICIES), "", 0)
    s.add("发文部门", "department", lambda p: g.pick(DEPTS))
    s.add(
        "身份证类型", "category", lambda p: g.pick(("居民身份证", "临时身份证", "港澳台居民居住证")), "decoy"
    )
    s.add("生效日期", "event_date", lambda p: g.date(g.day(2018, 2024)), "mangled")
    s.add("附件MD5", "record_no", lambda p: g.hexa(32), "decoy")
    s.add("附件链接", "url", lambda p: f"http://oa.huayao.local/f/{g.hexa(8)}.pdf")
    s.add("是否有效", "boolean_flag", lambda p: g.pick(("有效", "废止", "有效")))
    s.add("咨询热线", "hotline", lambda p: g.pick(("12333", "12351", "12345", "12329")), "decoy")
    s.add("页数", "quantity", lambda p: g.num(1, 46) + "页", "mangled")
    s.add("适用地区", "region", lambda p: g.pick(PROVINCES + ("全集团",)))
    return s.done()


def branch_stats(g: Gen) -> LabelledTable:
    """Quarterly statistics of the branches: only totals."""
    s = Sheet(g, "工会基层组织统计季报", 62)
    s.add(
        "行政区划代码",
        "region",
        lambda p: g.pick(("130203", "140202", "210302", "370303", "410305")),
        "decoy",
    )
    s.add("会员数", "head_count", lambda p: f"{g.num(1, 9)},{g.digits(3)}", "mangled")
    s.add("困难职工数", "head_count", lambda p: g.num(0, 60), "decoy")
    s.add("女职工体检人数", "head_count", lambda p: g.num(20, 800), "decoy")
    s.add("少数民族占比", "percentage", lambda p: g.dec(0, 12, 1) + "%", "decoy")
    s.add("人均工资增长率", "percentage", lambda p: g.dec(1, 9, 1) + "%", "decoy")
    s.add("工会经费收入(万元)", "price", lambda p: g.dec(3, 400), "decoy")
    s.add("统计时点", "event_date", lambda p: g.pick(("2024-03-31", "2024-06-30", "45382")), "mangled")
    s.add("上报状态", "status", lambda p: g.pick(("已上报", "退回修改", "未报")))
    s.add("问题与建议", "text_opinion", lambda p: g.opinion(), "", 0.04)
    return s.done()


def overtime(g: Gen) -> LabelledTable:
    """Overtime sheet of a workshop."""
    s = Sheet(g, "jiaban_shenqing_5yue", 134)
    s.add("gonghao", "employee_no", lambda p: p.emp.lstrip("0"), "pinyin mangled", 0)
    s.add("xm", "person_name", lambda p: p.name, "pinyin renamed", 0)
    s.add("jbsj", "overtime", lambda p: f"{g.clock(17, 18)}至{g.clock(20, 23)}加班", "pinyin renamed")
    s.add(
        "jiaban_xiaoshi",
        "overtime",
        lambda p: g.pick(("2", "2.5h", "3小时", "4.0", "一个班")),
        "pinyin mangled",
    )
    s.add("yuanyin", "category", lambda p: g.pick(("设备抢修", "月底盘库", "大修", "迎检")), "pinyin")
    s.add(
        "gongzuodidian",
        "work_place",
        lambda p: g.pick(("3#炉平台", "铸造车间", "220kV北岭站", "选煤厂")),
        "pinyin",
    )
    s.add("gangwei", "post", lambda p: p.post, "pinyin")
    s.add("banzu", "team", lambda p: p.team, "pinyin")
    s.add("tiaoxiu", "leave", lambda p: g.pick(("已调休1天", "未休", "调休0.5天", "折算")), "pinyin")
    s.add("jbf", "pay", lambda p: g.dec(60, 900) + "元", "pinyin renamed mangled", 0.05)
    s.add("shenpi", "status", lambda p: g.pick(("tongyi", "同意", "退回")), "pinyin")
    return s.done()


def timecard(g: Gen) -> LabelledTable:
    """DingTalk punches."""
    s = Sheet(g, "考勤打卡明细_20240401-0430", 270)
    s.add(
        "钉钉UserId",
        "social_account",
        lambda p: "manager" + g.digits(4) if g.chance(0.05) else g.digits(18),
        "english",
        0,
    )
    s.add("姓名", "person_name", lambda p: p.name, "", 0)
    s.add("考勤组", "team", lambda p: g.pick(("机关长白班", "四班三倒甲", "弹性组")))
    s.add("打卡结果", "attendance", lambda p: g.pick(("正常", "迟到12分钟", "缺卡", "早退", "外勤", "正常")))
    s.add("上班1打卡", "attendance", lambda p: g.clock(7, 8), "renamed")
    s.add(
        "打卡地址",
        "location_track",
        lambda p: (
            f"{p.address[:6]}{g.pick(('华曜大厦', '北岭矿东门', '物资库'))}附近({g.dec(114, 118, 5)},"
            f"{g.dec(36, 39, 5)})"
        ),
        "concatenated",
    )
    s.add("打卡设备", "device_id", lambda p: g.hexa(16).upper(), "renamed")
    s.add("device_mac", "device_id", lambda p: g.mac(g.pick(":-")), "english renamed")
    s.add("加班时长", "overtime", lambda p: g.pick(("0", "1.5小时", "2", "0.5小时")), "mangled")
    s.add("请假", "leave", lambda p: g.pick(("", "年假1天", "事假4小时", "调休", "")))
    s.add(
        "扩展",
        "personal_mix",
        lambda p: "{'uid':'" + p.emp + "','xm':'" + p.name + "','imei':'" + g.imei() + "'}",
        "json renamed",
        0.4,
    )
    s.add(
        "异常说明",
        "text_opinion",
        lambda p: g.pick(("忘打卡", "班车晚点", "外出办事", "手机没电", "系统卡")),
        "decoy",
        0.6,
    )
    s.add("部门", "department", lambda p: p.dept)
    return s.done()


def canteen(g: Gen) -> LabelledTable:
    """Card machine of the canteen."""
    s = Sheet(g, "XFJL202404", 400)
    s.add("XM_MASK", "person_name", lambda p: mask_name(p.name), "pinyin masked renamed", 0)
    s.add("XFJE", "price", lambda p: g.dec(3, 25), "pinyin renamed decoy")
    s.add("XFSJ", "event_time", lambda p: g.stamp(), "pinyin renamed")
    s.add("CK", "venue", lambda p: g.pick(("1号窗口", "面食档", "二楼自助", "清真")), "pinyin renamed")
    s.add("CAIPIN", "product", lambda p: g.pick(("套餐A", "牛肉面", "包子2个", "豆浆", "盖饭")), "pinyin")
    s.add("BMMC", "department", lambda p: p.dept, "pinyin renamed")
    s.add("ZDH", "record_no", lambda p: f"POS{g.num(1, 20):0>2}", "pinyin renamed")
    s.add("CB", "pay", lambda p: g.pick(("餐补15.00", "餐补20.00", "夜餐补8元")), "pinyin renamed")
    return s.done()


def hotline(g: Gen) -> LabelledTable:
    """12351-like hotline: caller numbers and transcripts."""
    s = Sheet(g, "职工服务热线工单", 155)
    s.add("工单号", "record_no", lambda p: f"1{g.digits(10)}", "decoy", 0)
    s.add("受理热线", "hotline", lambda p: g.pick(("12351", "0315-12351", "8008108888")), "decoy")
    s.add("主叫", "mobile", lambda p: "0" + p.mobile if g.chance(0.4) else p.mobile, "renamed mangled")
    s.add("来电人", "person_name", lambda p: p.name[0] + g.pick(("女士", "先生", "师傅")), "renamed masked")
    s.add("服务类型", "need_category", lambda p: g.pick(("法律咨询", "医疗互助", "帮扶救助", "投诉", "建议")))
    s.add(
        "通话内容",
        "text_personal",
        lambda p: f"来电人{p.name}咨询{g.pick(('工伤认定', '产假工资', '离婚后住房'))},回拨{p.mobile}",
        "concatenated",
        0,
    )
    s.add(
        "话务员意见",
        "text_opinion",
        lambda p: g.pick(
            (
                "已按口径答复",
                "建议转后勤处理",
                "诉求合理",
                "重复来电较多,建议公开答复",
                "情绪稳定后再跟进为宜",
            )
        ),
        "",
        0.04,
    )
    s.add("满意度评价", "satisfaction", lambda p: g.pick(("非常满意", "满意", "未评价", "不满意")))
    s.add("录音地址", "url", lambda p: f"/rec/2024/{g.hexa(10)}.wav")
    s.add("时长", "quantity", lambda p: f"{g.num(0, 15)}分{g.num(0, 59)}秒", "mangled")
    return s.done()


def dues(g: Gen) -> LabelledTable:
    """Union dues, deducted from the wage."""
    s = Sheet(g, "会费代扣清单(财务返回)", 215)
    s.add("", "record_no", lambda p: f"{p.i + 1}.0", "no_header mangled", 0)
    s.add("姓名", "person_name", lambda p: p.name + g.pick(("", " ", "\n")), "mangled", 0)
    s.add("缴费工资基数", "pay", lambda p: f"{p.wage:,.1f}", "mangled")
    s.add("扣款月份", "event_date", lambda p: g.pick(("202404", "2024年4月", "45383")), "mangled")
    s.add("工会小组", "team", lambda p: p.team)
    s.add("科目", "title_other", lambda p: g.pick(("会费收入", "拨缴经费收入")), "decoy")
    s.add("扣款银行", "title_other", lambda p: p.bank, "decoy")
    s.add("尾号", "bank_card", lambda p: p.card[-4:] + g.pick(("", "(工资卡)")), "masked renamed")
    s.add("到账状态", "status", lambda p: g.pick(("成功", "余额不足", "成功")))
    s.add("入会时间", "join_date", lambda p: g.date(p.join), "mangled")
    return s.done()


TABLES = (
    exam,
    course_list,
    trainers,
    skill_contest,
    activity_plan,
    activity_signup,
    volunteers,
    suggestion_box,
    wjx,
    satisfaction,
    forum,
    procurement,
    mall,
    suppliers,
    library_books,
    library_loans,
    meeting_rooms,
    policies,
    branch_stats,
    overtime,
    timecard,
    canteen,
    hotline,
    dues,
)
