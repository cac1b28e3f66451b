"""Tables of the first half, part b: training, activities, canteen, union life, systems, purchase."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from classifier_sets.first.base import (
    BANK,
    COAL,
    GRID,
    METRO,
    OIL,
    RAIL,
    REGIONS,
    SHIP,
    STEEL,
    Sheet,
    credit_code,
    day,
    digits,
    hexes,
    imei,
    mac,
    mask,
    moment,
    name,
    outer_ip,
)
from classifier_sets.first.texts import appeal, opinion, seeded
from classifier_sets.labelled import LabelledTable

COURSES = (
    "煤矿安全规程解读",
    "高压电工复审",
    "班组长能力提升",
    "EXCEL数据处理",
    "公文写作",
    "消防器材实操",
    "新员工入职教育",
    "习惯性违章案例分析",
    "职业健康防护",
    "心肺复苏CPR",
    "财务报销新规",
    "焊接工艺评定",
    "党务工作实务",
    "乘务应急处置",
)
LECTURES = (
    "高血压的日常管理",
    "女性乳腺健康讲座",
    "尘肺病防治知识",
    "职场减压与睡眠",
    "糖尿病人的饮食",
    "颈椎病自我康复",
    "更年期保健",
    "青少年近视防控家长课堂",
    "艾滋病预防宣传",
    "婚姻家庭法律讲座",
)
VENUES = (
    "职工活动中心篮球馆",
    "文体楼301",
    "第二会议室",
    "职工书屋",
    "室外田径场",
    "科技楼报告厅",
    "A座12层1206",
    "矿俱乐部",
)
ACTIVITIES = (
    "职工篮球联赛",
    "“三八”插花活动",
    "青年岗位能手大赛",
    "元宵猜灯谜",
    "春季健步走",
    "单身青年联谊会",
    "读书分享会",
    "安全生产知识竞赛",
    "亲子采摘",
    "职工书画展",
    "五四主题团日",
    "拔河比赛",
    "金婚职工祝福会",
    "消夏晚会",
)


def service_line(r: Random) -> str:
    return r.choice(
        (
            f"400-{r.randint(600, 899)}-{digits(r, 4)}",
            f"800{digits(r, 7)}",
            "12333",
            "95588",
            "12351",
            "96300",
            f"400{digits(r, 7)}",
            "95598",
        )
    )


def training_scores(r: Random) -> LabelledTable:
    s = Sheet("安全培训成绩单", r, 210, COAL)
    s.add("姓名", "person_name", lambda p: p.name, sloppy=0.06)
    s.add("单位", "department", lambda p: p.department)
    s.add("工种", "post", lambda p: p.post)
    s.add(
        "理论",
        "training_score",
        lambda p: r.choice((str(r.randint(40, 100)), str(r.randint(60, 100)), "缺考")),
        "renamed",
    )
    s.add("实操成绩", "training_score", s.floats(55, 100, "{:.1f}"), gap=0.1)
    s.add("总评", "training_score", s.pick("合格", "合格", "优秀", "不合格", "补考"), "renamed")
    s.add("课程", "course_title", s.pick(*COURSES))
    s.add("学时", "course_record", s.pick("8", "16", "24学时", "32"))
    s.add(
        "监考意见",
        "text_personal",
        seeded(
            r,
            s.people,
            [
                r.choice((None, None, None, "秩序良好", "迟到10分钟", "设备断电重考", "无异常"))
                for _ in s.people
            ],
        ),
        "rare",
        "renamed",
    )
    return s.done()


def training_signin(r: Random) -> LabelledTable:
    s = Sheet("培训签到-扫码导出", r, 120, METRO)
    s.add(
        "提交者", "personal_mix", lambda p: f"{p.name}/{p.mobile}/{p.department}", "concatenated", "renamed"
    )
    s.add("提交时间", "event_time", s.times(2025, 2025, "%Y/%m/%d %H:%M:%S"))
    s.add("填写ID", "record_no", s.each(lambda: str(r.randrange(10**12, 2 * 10**12))), "decoy")
    s.add("培训名称", "course_title", s.pick(*COURSES[:4]))
    s.add("到课情况", "attendance", s.pick("已到", "已到", "迟到", "请假", "缺勤"))
    s.add(
        "IP", "ip_address", s.each(lambda: f"10.{r.randint(0, 60)}.{r.randint(0, 255)}.{r.randint(1, 254)}")
    )
    s.add("设备信息", "device_id", s.each(lambda: imei(r)), "renamed", gap=0.2)
    s.add("课程评价", "text_opinion", s.each(lambda: opinion(r, "training")), gap=0.3)
    s.add("打分", "satisfaction", s.pick("5", "4", "3", "5分", "★★★★★"))
    return s.done()


def certificates(r: Random) -> LabelledTable:
    s = Sheet("特种作业持证台账", r, 145, OIL)
    s.add("持证人", "person_name", lambda p: p.name)
    s.add(
        "证书名称",
        "certificate",
        s.pick("低压电工作业证", "压力容器操作证R1", "熔化焊接与热切割", "注册安全工程师", "危化品押运证"),
    )
    s.add(
        "证书编号", "id_card", lambda p: "T" + p.id_card if r.random() < 0.15 else p.id_card, "lying_header"
    )
    s.add("技能等级", "skill", s.pick("初级工", "中级工", "高级工", "技师", "高级技师"))
    s.add("发证机关", "organisation", s.pick("省应急管理厅", "市市场监督管理局", "人社局职业技能鉴定中心"))
    s.add("特长", "skill", s.pick("CAD制图", "氩弧焊", "英语六级", "无人机驾驶", "PLC编程"), gap=0.5)
    s.add(
        "证书照片", "url", s.each(lambda: f"/file/cert/{r.randint(2019, 2025)}/{hexes(r, 32)}.png"), "decoy"
    )
    s.add("cert_holder_tel", "mobile", lambda p: p.mobile, "english", gap=0.3)
    return s.done()


def course_list(r: Random) -> LabelledTable:
    s = Sheet("2025年培训课程目录", r, 64, GRID)
    s.add("课程编号", "record_no", s.each(lambda: f"PX-{r.randint(2023, 2025)}-{digits(r, 4)}"))
    s.add(
        "课程名称",
        "course_title",
        lambda p: r.choice(COURSES) + r.choice(("", "（第二期）", "进阶", "-线上版")),
    )
    s.add("课时", "quantity", s.pick("4", "8", "16", "24"))
    s.add("适用对象", "category", s.pick("全员", "班组长", "新员工", "特种作业人员", "党务干部"))
    s.add("授课方式", "category", s.pick("面授", "直播", "混合"))
    s.add("费用(元/人)", "price", s.pick("0", "280", "1200.00", "3,600", "免费"))
    s.add("计划人数", "head_count", s.ints(15, 120))
    s.add("开课日期", "event_date", s.days(2025, 2025))
    s.add("教室", "venue", s.pick(*VENUES))
    s.add("课件链接", "url", s.each(lambda: f"https://learn.jlgrid.cn/c/{digits(r, 11)}"), "decoy")
    return s.done()


def lecture_list(r: Random) -> LabelledTable:
    s = Sheet("健康大讲堂安排", r, 40, STEEL)
    s.add("讲座主题", "lecture_title", s.pick(*LECTURES), "decoy")
    s.add("疾病科普栏目", "lecture_title", s.pick(*LECTURES), "decoy", gap=0.2)
    s.add("主办", "organisation", s.pick("宏峪钢铁工会", "职工医院", "市疾控中心"), "renamed")
    s.add("地点", "venue", s.pick(*VENUES))
    s.add("时间", "event_time", s.times(2025, 2025, "%m月%d日 %H:%M"))
    s.add("预约电话", "hotline", s.each(lambda: service_line(r)), "decoy")
    s.add("限额", "head_count", s.ints(30, 200, "{}人"))
    s.add("主讲人", "person_name", lambda p: p.name + r.choice(("", "主任医师", "教授", " 老师")), "renamed")
    s.add("听众反馈", "text_opinion", s.each(lambda: opinion(r, "training")), gap=0.5)
    return s.done()


def activity_signup(r: Random) -> LabelledTable:
    s = Sheet("接龙导出_羽毛球赛报名", r, 78, RAIL)
    s.add(
        "接龙内容",
        "personal_mix",
        lambda p: r.choice(
            (
                f"{p.name} {p.department} {p.mobile} 男双",
                f"{p.department}-{p.name}-{p.mobile[-4:]}-混双",
                f"{p.name}，{p.mobile}",
                f"姓名:{p.name} 电话:{p.mobile} 衣服{r.choice(('L', 'XL', '2XL'))}",
            )
        ),
        "concatenated",
        "renamed",
    )
    s.add(
        "群昵称",
        "social_account",
        lambda p: r.choice(
            (
                f"{p.department}{p.name}",
                f"{p.latin}",
                "风轻云淡",
                "一米阳光",
                f"A{p.surname}师傅",
                f"{p.name[-1:]}宝妈",
            )
        ),
    )
    s.add("参赛项目", "activity_participation", s.pick("男双", "混双", "女单", "男单"))
    s.add("衣服尺码", "category", s.pick("M", "L", "XL", "2XL", "XXXL"), "decoy")
    s.add("往届是否参加", "activity_participation", s.pick("是", "否", "第一次"))
    s.add(
        "备注2",
        "text_personal",
        seeded(
            r,
            s.people,
            [
                r.choice((None, None, "自带球拍", "只打下午场", "替补", "可兼裁判", "需班车"))
                for _ in s.people
            ],
            0.02,
        ),
        "rare",
        "renamed",
    )
    s.add("提交时间", "event_time", s.times(2025, 2025, "%m-%d %H:%M"))
    return s.done()


def activity_plan(r: Random) -> LabelledTable:
    s = Sheet("全年文体活动计划", r, 46, BANK)
    s.add("月份", "event_date", s.merged([f"{m}月" for m in range(1, 13)]))
    s.add("活动名称", "activity_title", s.pick(*ACTIVITIES))
    s.add("承办分会", "organisation", s.pick("机关分会", "仓储分会", "运输分会", "冷链分会"))
    s.add("活动地点", "venue", s.pick(*VENUES))
    s.add("预算", "price", s.pick("5000", "1.2万", "8,000元", "20000.00"))
    s.add("参与人数", "head_count", s.ints(20, 400))
    s.add("奖品", "product", s.pick("保温杯", "运动手环", "蓝牙耳机", "毛巾礼盒", "加湿器"))
    s.add("数量", "quantity", s.ints(5, 200))
    s.add("单位", "unit_of_measure", s.pick("个", "套", "盒", "条"), "decoy")
    s.add("完成情况", "status", s.pick("已完成", "筹备中", "延期", "取消"))
    return s.done()


def sports(r: Random) -> LabelledTable:
    s = Sheet("职工运动会成绩册", r, 95, STEEL)
    s.add("号码布", "record_no", s.ints(1001, 1999), "decoy")
    s.add("运动员", "person_name", lambda p: p.name, "renamed")
    s.add("代表队", "team", s.pick("炼铁队", "轧钢联队", "机关队", "焦化队"))
    s.add("项目", "activity_participation", s.pick("100米", "跳绳", "铅球", "4×100接力", "立定跳远"))
    s.add("组别", "category", s.pick("男子甲组", "女子乙组", "中年组"), "decoy")
    s.add("年龄段", "age", s.pick("35岁以下", "36-45", "46~55", "55以上"))
    s.add("心率(赛后)", "health", s.ints(88, 176), gap=0.2)
    s.add("裁判意见", "text_opinion", s.each(lambda: opinion(r, "activity")), gap=0.6)
    return s.done()


def canteen_menu(r: Random) -> LabelledTable:
    s = Sheet("一食堂菜谱价格公示", r, 90, OIL)
    s.add(
        "菜品",
        "product",
        s.pick(
            "红烧肉", "西红柿炒蛋", "老醋花生", "麻婆豆腐", "夫妻肺片", "东坡肘子", "张飞牛肉", "宫保鸡丁"
        ),
        "decoy",
    )
    s.add("单价", "price", s.pick("2.5", "6.00", "8元", "12", "3.5元/份"))
    s.add("菜品编码", "record_no", s.each(lambda: f"1{digits(r, 10)}"), "decoy")
    s.add("热量(kcal)", "quantity", s.ints(80, 900), "decoy")
    s.add("档口", "venue", s.pick("一楼1号窗", "二楼面食", "清真窗口", "小炒"))
    s.add("餐别", "category", s.pick("早", "中", "晚", "夜宵"))
    s.add("供应日", "event_date", s.days(2025, 2025, "%m/%d"))
    s.add("是否特价", "boolean_flag", s.pick("0", "1", "0"))
    return s.done()


def canteen_log(r: Random) -> LabelledTable:
    s = Sheet("一卡通消费流水", r, 320, SHIP)
    s.add("流水号", "order_no", s.each(lambda: f"20250{r.randint(1, 9)}{digits(r, 12)}"), "decoy")
    s.add("卡户", "person_name", lambda p: p.name, "renamed")
    s.add("人员编号", "employee_no", lambda p: p.number)
    s.add("交易额", "price", s.floats(1, 25))
    s.add(
        "交易时间戳",
        "event_time",
        s.each(lambda: str(int(moment(r, 2025, 2025).timestamp() * 1000))),
        "decoy",
    )
    s.add("POS机号", "record_no", s.ints(1, 40, "POS{:03d}"), "decoy")
    s.add("餐厅", "venue", s.pick("一食堂", "二食堂", "码头餐厅"))
    s.add(
        "留言",
        "text_personal",
        seeded(r, s.people, s.each(lambda: opinion(r, "canteen") if r.random() < 0.5 else None)),
        "rare",
    )
    s.add("类型", "category", s.pick("消费", "充值", "补助", "退款"))
    return s.done()


def library_loans(r: Random) -> LabelledTable:
    s = Sheet("职工书屋借阅记录", r, 160, GRID)
    s.add("借阅人", "person_name", lambda p: p.name, gap=0.02)
    s.add(
        "书名",
        "title_other",
        s.pick("平凡的世界", "李时珍传", "张居正大传", "三体", "周恩来选集", "电力系统分析", "活着"),
        "decoy",
    )
    s.add("ISBN", "record_no", s.each(lambda: f"9787{digits(r, 9)}"), "decoy")
    s.add("借出", "event_date", s.days(2024, 2025, "%y.%m.%d"), "renamed")
    s.add("电话", "mobile", lambda p: "*" * 7 + p.mobile[-4:], "masked", gap=0.3)
    s.add("读者偏好", "interest", s.pick("历史", "科幻", "专业技术", "育儿", "小说"), gap=0.3)
    s.add("读者积分", "points", s.ints(5, 300, "{}分"))
    s.add(
        "读后感",
        "text_opinion",
        s.pick(
            "写得真好，看哭了",
            "内容太旧",
            "适合带孩子一起看",
            "翻译不行",
            "推荐给班组同事",
            "印刷有缺页",
            "值得再读一遍",
        ),
        gap=0.6,
    )
    return s.done()


def forum_posts(r: Random) -> LabelledTable:
    s = Sheet("内网论坛帖子备份", r, 230, METRO)
    s.add("tid", "record_no", s.each(lambda: digits(r, 7)), "decoy")
    s.add(
        "author",
        "social_account",
        lambda p: r.choice((p.latin, p.latin + digits(r, 2), "老司机" + digits(r, 2), "潜水员")),
        "english",
    )
    s.add(
        "subject",
        "title_other",
        s.pick("关于班车", "吐槽一下食堂", "求购二手车", "年终奖啥时候发", "失物招领"),
        "english",
    )
    s.add(
        "content", "text_personal", seeded(r, s.people, s.each(lambda: opinion(r)), 0.015), "rare", "english"
    )
    s.add("reply_cnt", "quantity", s.ints(0, 120), "english")
    s.add("board", "category", s.pick("生活", "技术", "工会之家"), "english")
    s.add(
        "client_ip",
        "ip_address",
        s.each(lambda: f"172.16.{r.randint(0, 255)}.{r.randint(1, 254)}"),
        "english",
    )
    s.add(
        "post_time",
        "event_time",
        s.each(lambda: str(int(moment(r, 2024, 2025).timestamp()))),
        "english",
        "decoy",
    )
    return s.done()


def suggestions(r: Random) -> LabelledTable:
    s = Sheet("合理化建议信箱", r, 190, SHIP)
    s.add("建议内容", "text_opinion", s.each(lambda: opinion(r)))
    s.add("分类", "need_category", s.pick("后勤", "安全", "薪酬福利", "信息化", "文体"))
    s.add("承办部门", "department", lambda p: p.department)
    s.add(
        "答复",
        "text_opinion",
        s.pick(
            "已转后勤处理",
            "已采纳，列入三季度计划",
            "经研究暂不具备条件",
            "感谢您的关注，正在招标",
            "已整改完毕，欢迎监督",
        ),
        gap=0.2,
    )
    s.add(
        "补充说明",
        "text_personal",
        seeded(r, s.people, s.each(lambda: opinion(r) if r.random() < 0.4 else None)),
        "rare",
    )
    s.add("满意度评价", "satisfaction", s.pick("满意", "非常满意", "一般", "不满意"), gap=0.4)
    s.add("提交渠道", "category", s.pick("意见箱", "APP", "微信", "职代会"))
    return s.done()


def survey(r: Random) -> LabelledTable:
    s = Sheet("职工思想动态问卷_原始数据", r, 280, COAL)
    s.add("Q1", "gender", s.pick("A.男", "B.女"), "renamed")
    s.add("Q2_年龄段", "age", s.pick("A.25岁以下", "B.26-35岁", "C.36-45岁", "D.46岁以上"))
    s.add("Q3", "education", s.pick("高中及以下", "大专", "本科", "研究生"), "renamed")
    s.add("Q4", "satisfaction", s.pick("非常满意", "比较满意", "一般", "不太满意", "很不满意"), "renamed")
    s.add(
        "Q5",
        "need_category",
        lambda p: "┋".join(r.sample(("薪酬", "培训", "食堂", "住房", "子女入学", "健康"), 2)),
        "renamed",
    )
    s.add("Q6.其他(请注明)", "text_opinion", s.each(lambda: opinion(r)), gap=0.6)
    s.add(
        "Q7",
        "text_personal",
        seeded(r, s.people, s.each(lambda: opinion(r, "union", "safety", "dorm"))),
        "rare",
        "renamed",
    )
    s.add("所用时间", "quantity", s.ints(41, 900, "{}秒"))
    s.add(
        "来自IP",
        "ip_address",
        s.each(lambda: f"{outer_ip(r)}({r.choice(REGIONS)[2]})"),
    )
    s.add("提交答卷时间", "event_time", s.times(2025, 2025, "%Y/%m/%d %H:%M:%S"))
    s.add("来源", "category", s.pick("微信", "手机提交", "链接"))
    return s.done()


def hotline_records(r: Random) -> LabelledTable:
    s = Sheet("12351职工服务热线工单", r, 175, RAIL)
    s.add("工单编号", "record_no", s.each(lambda: f"GD{day(r, 2024, 2025):%Y%m%d}{digits(r, 4)}"))
    s.add(
        "来电号码",
        "mobile",
        lambda p: r.choice((p.mobile, "0" + p.mobile, p.landline.replace("-", ""), p.mobile)),
    )
    s.add("来电内容", "text_personal", lambda p: appeal(r, p) if r.random() < 0.7 else opinion(r))
    s.add("诉求分类", "need_category", s.pick("劳动报酬", "社会保险", "工伤", "困难帮扶", "咨询"))
    s.add("归属单位", "department", lambda p: p.department)
    s.add("受理时间", "event_time", s.times(2024, 2025))
    s.add("座席", "employee_no", s.pick("06000121", "06000133", "06000207", "06000256"), "renamed")
    s.add("转办电话", "hotline", s.each(lambda: service_line(r)), "decoy")
    s.add("回访满意", "satisfaction", s.pick("满意", "基本满意", "不满意", "未接通"), gap=0.3)
    return s.done()


def purchase(r: Random) -> LabelledTable:
    s = Sheet("物资采购订单明细", r, 260, STEEL)
    s.add("订单号", "order_no", s.each(lambda: digits(r, 18)), "decoy")
    s.add("物料编码", "record_no", s.each(lambda: f"1{digits(r, 10)}"), "decoy")
    s.add(
        "物料描述",
        "product",
        s.pick("轴承6205-2RS", "安全帽 ABS黄色", "电焊条J422", "工业手套", "LED灯管18W", "防尘口罩KN95"),
    )
    s.add("手机品牌", "product", s.pick("华为", "小米", "荣耀", "OPPO"), "decoy", gap=0.6)
    s.add("数量", "quantity", s.ints(1, 5000))
    s.add("计量单位", "unit_of_measure", s.pick("个", "件", "KG", "双", "箱"))
    s.add("含税单价", "price", s.floats(1.2, 3500, "{:,.2f}"))
    s.add(
        "供应商", "organisation", s.pick("恒力五金有限公司", "永安劳保用品厂", "华阳轴承贸易公司", "明辉照明")
    )
    s.add("供应商税号", "credit_code", s.each(lambda: credit_code(r)))
    s.add("税率", "percentage", s.pick("13%", "9%", "6%", "0.13"))
    s.add(
        "行备注",
        "text_personal",
        seeded(
            r,
            s.people,
            [
                r.choice((None, None, None, "急件", "分批到货", "送到三号库", "带合格证", "替代旧型号"))
                for _ in s.people
            ],
        ),
        "rare",
    )
    return s.done()


def clinic_stock(r: Random) -> LabelledTable:
    s = Sheet("医务室药品及器械目录", r, 110, OIL, blank="—")
    s.add(
        "药品目录",
        "product",
        s.pick("布洛芬缓释胶囊", "藿香正气水", "硝酸甘油片", "阿莫西林胶囊", "创可贴", "碘伏"),
        "decoy",
    )
    s.add("批准文号", "record_no", s.each(lambda: f"国药准字{r.choice('HZ')}{digits(r, 8)}"), "decoy")
    s.add("适应症", "category", s.pick("感冒发热", "中暑", "心绞痛", "细菌感染", "外伤"), "decoy")
    s.add("库存", "quantity", s.ints(0, 300))
    s.add("零售价", "price", s.floats(2, 80))
    s.add("病房设备编号", "record_no", s.each(lambda: f"BF-{digits(r, 6)}"), "decoy", gap=0.5)
    s.add("血糖仪条码", "record_no", s.each(lambda: f"69{digits(r, 11)}"), "decoy", gap=0.3)
    s.add("生产企业", "organisation", s.pick("康泰制药", "华北制药厂", "德济堂药业"))
    s.add("有效期至", "event_date", s.days(2025, 2028, "%Y-%m"))
    return s.done()


def room_booking(r: Random) -> LabelledTable:
    s = Sheet("会议室预约台账", r, 150, METRO)
    s.add("会议室", "venue", s.pick(*VENUES))
    s.add(
        "会议主题",
        "title_other",
        s.pick("周例会", "职代会筹备会", "退休人员座谈", "离婚法律咨询专场", "薪酬改革宣讲"),
        "decoy",
    )
    s.add("预约部门", "department", lambda p: p.department)
    s.add(
        "预约人",
        "person_name",
        lambda p: f"{p.surname}工" if r.random() < 0.3 else p.name,
        "renamed",
        gap=0.1,
    )
    s.add("预约人座机", "landline", lambda p: p.landline, gap=0.3)
    s.add("起止", "event_time", s.pick("08:30-10:00", "14:00~16:30", "全天", "9点-11点"), "renamed")
    s.add("参会人数", "head_count", s.ints(3, 120))
    s.add(
        "备注",
        "text_personal",
        seeded(
            r,
            s.people,
            [
                r.choice((None, None, "需茶水", "摆台签", "提前半小时开门", "会后加班，请留灯", "横幅自备"))
                for _ in s.people
            ],
            0.013,
        ),
        "rare",
    )
    return s.done()


def welfare_prices(r: Random) -> LabelledTable:
    s = Sheet("节日福利供应商报价", r, 72, GRID)
    s.add("品名", "product", s.pick("五常大米5kg", "菜籽油5L", "坚果礼盒", "海鲜卡", "纯牛奶*12", "月饼礼盒"))
    s.add("条形码", "record_no", s.each(lambda: f"69{digits(r, 11)}"), "decoy")
    s.add("报价", "price", s.pick("59.9", "128.00", "¥268", "99元"))
    s.add("折扣", "percentage", s.pick("85折", "0.9", "92%", "无"), "renamed")
    s.add("起订量", "quantity", s.ints(10, 500))
    s.add("供货商", "organisation", s.pick("惠民超市", "粮油集团", "鲜达电商"))
    s.add("客服热线", "hotline", s.each(lambda: service_line(r)), "decoy")
    s.add("产地", "region", lambda p: p.region[1])
    s.add("工资卡合作银行", "organisation", s.pick("建设银行", "邮储银行", "招商银行"), "decoy", gap=0.3)
    s.add("商品码", "record_no", s.each(lambda: f"622{digits(r, 13)}"), "decoy")
    return s.done()


def welfare_delivery(r: Random) -> LabelledTable:
    s = Sheet("福利商城收货信息", r, 140, BANK)
    s.add(
        "收货信息",
        "personal_mix",
        lambda p: r.choice(
            (
                f"{p.name}，{p.mobile}，{p.address}",
                f"{p.address}\n{p.name} 收\n{p.mobile}",
                f"收货人: {p.name}\n手机号码: {p.mobile}\n详细地址: {p.address}",
            )
        ),
        "concatenated",
        "mangled",
    )
    s.add("物流单号", "order_no", s.each(lambda: r.choice(("SF", "YT", "JDX")) + digits(r, 13)), "decoy")
    s.add("礼品", "product", s.pick("粽子礼盒", "蚕丝被", "电饭煲", "洗衣液"))
    s.add("兑换积分", "points", s.ints(100, 3000))
    s.add("收件地区", "region", lambda p: f"{p.region[1]}/{p.region[2]}/{p.region[3]}", "decoy")
    s.add("邮政编码", "postcode", lambda p: p.region[5])
    s.add("签收", "status", s.pick("已签收", "派送中", "退回", "代收点"))
    s.add(
        "买家留言",
        "text_personal",
        seeded(
            r,
            s.people,
            [
                r.choice((None, None, "周末送", "放门卫", "不要辣味", "换个大号", "发票开单位抬头"))
                for _ in s.people
            ],
            0.015,
        ),
        "rare",
    )
    s.add("物流公司", "organisation", s.pick("顺丰", "圆通", "京东", "邮政"))
    return s.done()


def org_register(r: Random) -> LabelledTable:
    s = Sheet("基层工会组织登记", r, 66, OIL)
    s.add("工会名称", "organisation", lambda p: f"{s.firm.name}{p.department}工会委员会")
    s.add("统一社会信用代码", "credit_code", s.each(lambda: credit_code(r)))
    s.add("会员数", "head_count", s.ints(25, 1800))
    s.add("女会员占比", "percentage", s.floats(2, 60, "{:.1f}%"))
    s.add("成立日期", "event_date", s.days(1985, 2020))
    s.add("办公地点", "venue", s.pick("办公楼二层", "职工之家", "生产指挥中心4楼"), "decoy")
    s.add("服务电话", "hotline", s.each(lambda: service_line(r)), "decoy")
    s.add("主席", "person_name", lambda p: p.name, "renamed", gap=0.05)
    s.add("邮箱服务商", "organisation", s.pick("网易", "腾讯", "阿里云", "新浪"), "decoy")
    s.add("所在地", "region", lambda p: p.native)
    return s.done()


def policies(r: Random) -> LabelledTable:
    s = Sheet("制度文件汇编目录", r, 52, METRO)
    s.add(
        "文件名称",
        "policy_title",
        s.pick(
            "《职工疗休养管理办法》",
            "《女职工劳动保护特别规定》",
            "《困难职工帮扶实施细则》",
            "《工资支付管理规定》",
            "《病假管理办法》(修订)",
            "《离婚、丧葬假规定》",
        ),
        "decoy",
    )
    s.add("文号", "record_no", s.each(lambda: f"临港工〔{r.randint(2018, 2025)}〕{r.randint(1, 99)}号"))
    s.add("发布日期", "event_date", s.days(2018, 2025))
    s.add("发布单位", "organisation", s.pick("集团工会", "人力资源部", "集团党委", "团委"))
    s.add("效力", "status", s.pick("有效", "废止", "修订中"))
    s.add("下载", "url", s.each(lambda: f"http://10.8.0.15/doc/{digits(r, 18)}.pdf"), "decoy")
    s.add("密级", "category", s.pick("内部", "公开", "秘密"))
    return s.done()


def attendance(r: Random) -> LabelledTable:
    s = Sheet("2025-04考勤月报", r, 155, SHIP)
    s.add("考勤号", "employee_no", lambda p: p.number)
    s.add("人员", "person_name", lambda p: p.name, "renamed", sloppy=0.08)
    s.add("应出勤", "attendance", ["22"] * s.rows)
    s.add("实出勤", "attendance", s.pick("22", "21", "20.5", "18", "22天"))
    s.add("迟到(次)", "attendance", s.pick("0", "0", "1", "3"))
    s.add("加班时数", "overtime", s.floats(0, 50, "{:.1f}h"), gap=0.3)
    s.add("年假余", "leave", s.pick("5", "0", "10天", "7.5"), "renamed")
    s.add("首次打卡", "attendance", s.pick("07:52", "08:01", "未打卡", "07:30:11"), "renamed")
    s.add(
        "打卡地点",
        "location_track",
        s.each(lambda: f"{r.uniform(121.40, 121.60):.6f},{r.uniform(31.10, 31.40):.6f}"),
        "renamed",
    )
    s.add("手机MAC", "device_id", s.each(lambda: mac(r, r.choice((":", "-")))), gap=0.2)
    s.add("班次", "category", s.pick("常白", "四班三倒", "两班倒"))
    return s.done()


def overtime(r: Random) -> LabelledTable:
    s = Sheet("jiaban_qingjia_2025", r, 98, GRID)
    s.add("xm", "person_name", lambda p: p.name, "pinyin", "renamed")
    s.add("jiabanshichang", "overtime", s.pick("2", "4.5", "8小时", "3h"), "pinyin")
    s.add("qjlx", "leave", s.pick("年假", "事假", "病假", "调休"), "pinyin", "renamed")
    s.add("bumen", "department", lambda p: p.department, "pinyin")
    s.add("banzu", "team", s.pick("运维一班", "运维二班", "检修班", "急修班"), "pinyin")
    s.add(
        "qjyy",
        "text_personal",
        seeded(
            r,
            s.people,
            s.pick(
                "家中有事", "办理房产手续", "参加婚礼", "搬家", "孩子开家长会", "调休", "探亲", "驾照换证"
            ),
            0.02,
        ),
        "pinyin",
        "renamed",
        "rare",
    )
    s.add("lianxidianhua", "mobile", lambda p: p.mobile, "pinyin", gap=0.2)
    s.add("shenpizt", "status", s.pick("已审", "未审"), "pinyin", "renamed")
    s.add(
        "gongzuodidian", "work_place", s.pick("城东变电站", "220kV塔山站", "抢修基地", "本部大楼"), "pinyin"
    )
    return s.done()


def points_mall(r: Random) -> LabelledTable:
    s = Sheet("积分商城兑换", r, 130, METRO)
    s.add("兑换单号", "order_no", s.each(lambda: str(r.randrange(10**17, 9 * 10**17))), "decoy")
    s.add("user_name", "person_name", lambda p: mask(p.name, 0, 1), "masked", "english")
    s.add("user_tel", "mobile", lambda p: mask(p.mobile, 3, 4), "masked", "english")
    s.add("goods", "product", s.pick("洗车券", "电影票2张", "保温壶", "图书卡50元"), "english")
    s.add("points_used", "points", s.ints(50, 4000), "english")
    s.add("balance", "points", s.ints(0, 9000), "english", "renamed")
    s.add("qty", "quantity", s.ints(1, 4), "english", "renamed")
    s.add("created_at", "event_time", s.times(2025, 2025), "english")
    s.add("delivered", "boolean_flag", s.pick("true", "false"), "english")
    s.add("comment", "text_opinion", s.each(lambda: opinion(r, "activity", "system")), "english", gap=0.6)
    return s.done()


def skills_contest(r: Random) -> LabelledTable:
    s = Sheet("技能大赛选手信息", r, 82, SHIP)
    s.add("参赛编号", "record_no", s.serials(1, "JN{:03d}"))
    s.add(
        "选手",
        "personal_mix",
        lambda p: f"{p.name}（{p.gender}，{p.born.year}年生，{p.mobile}）",
        "concatenated",
        "renamed",
    )
    s.add("技术等级", "skill", s.pick("高级工/三级", "技师/二级", "中级工/四级"))
    s.add("学历/专业", "education", lambda p: f"{p.education}/{p.major}", "concatenated")
    s.add("从业年限", "years_of_service", s.ints(1, 30, "{}年"))
    s.add("理论分", "training_score", s.ints(50, 100))
    s.add("奖金", "pay", s.pick("5000", "3000", "1,000", "500元"), gap=0.5)
    s.add("教练", "person_name", s.each(lambda: name(r)), "renamed", gap=0.3)
    return s.done()


def congress(r: Random) -> LabelledTable:
    s = Sheet("职代会提案征集", r, 88, RAIL)
    s.add("提案号", "record_no", s.serials(1, "TA-{:03d}"))
    s.add(
        "案由",
        "title_other",
        s.pick("关于改善乘务员公寓条件的提案", "关于提高夜班津贴的提案", "关于优化体检项目的提案"),
        "decoy",
    )
    s.add("提案内容", "text_opinion", s.each(lambda: opinion(r, "union", "dorm", "safety")))
    s.add(
        "提案人及附议人",
        "person_name",
        lambda p: "、".join([p.name, *[name(r) for _ in range(r.randint(1, 3))]]),
        "concatenated",
    )
    s.add("代表团", "team", s.pick("机务代表团", "工务代表团", "客运代表团"))
    s.add("立案", "status", s.pick("立案", "并案", "不予立案"))
    s.add("主办", "department", lambda p: p.department, "renamed")
    s.add("涉及金额", "price", s.pick("1.5万", "30000", "无", "12万元"), "decoy", gap=0.4)
    s.add("办结率", "percentage", s.pick("100%", "80%", "0", "50%"))
    return s.done()


def matchmaking(r: Random) -> LabelledTable:
    s = Sheet("单身青年联谊报名表", r, 76, OIL, born=(1988, 2002), men=0.5)
    s.add(
        "昵称",
        "social_account",
        lambda p: r.choice(("小鱼", "大熊", "阿宁", "石油小伙", "安静的猫")) + r.choice(("", digits(r, 2))),
    )
    s.add("性别", "gender", lambda p: p.gender)
    s.add("年龄", "age", lambda p: str(p.age))
    s.add("婚史", "marital_status", s.pick("未婚", "未婚", "离异未育", "短婚未育"), "renamed")
    s.add(
        "自我介绍",
        "personal_mix",
        lambda p: (
            f"{p.born.year}年，{r.randint(158, 186)}cm，{p.education}，"
            f"{p.post}，{p.region[2]}人，微信{p.wechat}"
        ),
        "concatenated",
    )
    s.add("兴趣", "interest", s.pick("爬山", "做饭", "看剧", "健身撸铁", "摄影,旅行"))
    s.add("qq号", "qq", lambda p: p.qq, gap=0.4)
    s.add("wxh", "wechat", lambda p: p.wechat, "renamed", "pinyin", gap=0.1)
    s.add("职业", "post", lambda p: p.post)
    s.add(
        "期望",
        "text_opinion",
        s.pick("有责任心就行", "三观合", "希望也是倒班的，能理解", "本地优先", "不抽烟"),
        "renamed",
        gap=0.3,
    )
    return s.done()


def blood(r: Random) -> LabelledTable:
    s = Sheet("无偿献血登记", r, 84, RAIL)
    s.add("献血者", "person_name", lambda p: p.name)
    s.add("血型", "health", s.pick("A", "B", "O", "AB", "A型", "O型Rh阴性"))
    s.add("血压", "health", lambda p: f"{r.randint(98, 145)}/{r.randint(60, 95)}mmHg")
    s.add("身份证后四位", "id_card", lambda p: p.id_card[-4:], "masked")
    s.add("手机后4位", "mobile", lambda p: p.mobile[-4:], "masked")
    s.add("未献原因", "health", s.pick("转氨酶高", "血红蛋白低", "感冒服药", "经期"), gap=0.6)
    s.add("采血点", "venue", s.pick("机务段广场", "流动献血车3号", "中心血站"))
    s.add("参加次数", "activity_participation", s.ints(1, 12))
    return s.done()


def bus_routes(r: Random) -> LabelledTable:
    s = Sheet("通勤班车线路时刻", r, 48, COAL)
    s.add("线路", "title_other", s.pick("1号线", "2号线(矿南)", "夜班专线", "机关线"))
    s.add("站点", "venue", s.pick("矿南小区", "火车站", "东风里", "市医院", "选煤厂门口"))
    s.add("发车", "event_time", s.pick("06:40", "7:15", "15:30", "23:05"), "renamed")
    s.add("核定载客", "head_count", s.pick("49", "53人", "33"))
    s.add("票价", "price", s.pick("0", "1元", "2.00", "免费"))
    s.add("车型", "product", s.pick("宇通ZK6119", "金龙XMQ6127", "中通LCK6120"), "decoy")
    s.add("里程", "quantity", s.floats(3, 40, "{:.1f}km"))
    s.add("报修热线", "hotline", s.each(lambda: service_line(r)), "decoy")
    s.add("停车场编号", "record_no", s.ints(1, 30, "京P{:04d}"), "decoy")
    return s.done()


TABLES_B: tuple[Callable[[Random], LabelledTable], ...] = (
    training_scores,
    training_signin,
    certificates,
    course_list,
    lecture_list,
    activity_signup,
    activity_plan,
    sports,
    canteen_menu,
    canteen_log,
    library_loans,
    forum_posts,
    suggestions,
    survey,
    hotline_records,
    purchase,
    clinic_stock,
    room_booking,
    welfare_prices,
    welfare_delivery,
    org_register,
    policies,
    attendance,
    overtime,
    points_mall,
    skills_contest,
    congress,
    matchmaking,
    blood,
    bus_routes,
)
