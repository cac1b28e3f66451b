"""Free text of the first half: opinions that name nobody, sentences that give somebody away."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from classifier_sets.first.base import Cell, Person, name

OPINIONS: dict[str, tuple[str, ...]] = {
    "canteen": (
        "糖尿病职工越来越多，希望设无糖低盐窗口",
        "充值机旁贴的400-866-2210报修电话没人接",
        "套餐从12.5元涨到15元，没有任何公示",
        "菜太咸了，建议少放盐",
        "早餐品种单一，希望增加豆浆油条以外的选择",
        "夜班餐送到工作面已经凉了，能不能配保温箱",
        "食堂价格比外面还贵",
        "面食窗口排队时间太长，中午休息只有一个小时",
        "希望增加清真窗口",
        "米饭有点硬",
        "周末食堂不开门，倒班的同事没地方吃饭",
        "新来的厨师手艺不错，点赞",
        "餐具有时候洗不干净，油乎乎的",
        "建议二楼增设小炒窗口，明码标价",
        "汤太淡，跟刷锅水一样",
        "红烧肉分量越来越少了",
        "刷卡机经常失灵，建议支持扫码",
    ),
    "dorm": (
        "2024年11月3日那次停电没有提前通知",
        "6号楼2单元漏水，维修的人来看过就没下文了",
        "宿舍热水供应不稳定，晚上十点以后就没有了",
        "楼道灯坏了半个月没人修",
        "希望每层增加两台洗衣机",
        "暖气不热，室温只有15度",
        "隔音太差，倒班白天没法睡觉",
        "网络太慢，建议引入两家运营商竞争",
        "公共卫生间异味较重，请加强保洁",
        "探亲房数量太少，节假日根本约不上",
        "建议宿舍区增设快递柜和电动车充电桩",
        "空调老化，制冷效果差，希望夏天前统一检修",
    ),
    "training": (
        "课程内容偏理论，建议多安排实操",
        "老师讲得很好，案例贴近现场",
        "培训时间总安排在休息日，占用大家休息",
        "线上课程卡顿，视频清晰度低",
        "考试题目与讲义不符",
        "希望多组织外出对标学习",
        "教材太旧了，还是2012年的版本",
        "建议把高压电工取证培训放到上半年",
        "课件能否共享到内网",
        "人太多了，后排听不清",
        "实训设备不足，五个人一台",
        "收获很大，希望以后多办",
    ),
    "activity": (
        "活动组织有序，奖品也实用",
        "建议增加亲子类活动",
        "健步走路线太短，没意思",
        "希望一线班组也能轮流参加，不要总是机关的人去",
        "比赛规则不清楚，裁判尺度不一",
        "羽毛球馆开放时间能不能延长到21点",
        "时间和检修冲突，我们班组一个都没去成",
        "单身青年联谊活动办得不错，下次可以联合兄弟单位",
        "读书分享会形式新颖",
        "建议采购流程提前，别等活动当天才发服装",
    ),
    "safety": (
        "3号皮带机头防护罩松动，存在隐患",
        "劳保鞋质量差，穿两个月就开胶",
        "防尘口罩发放不及时",
        "夏季高温岗位建议配发藿香正气水",
        "噪声大的岗位耳塞型号不合适，戴着疼",
        "厂区西门路口没有减速带，上下班车多人多",
        "应急演练走过场，建议双盲演练",
        "安全帽到期未更换",
        "吊装作业警戒区经常有人穿行",
        "更衣室到井口的路面结冰，请及时撒盐",
    ),
    "union": (
        "打12351热线三次都占线",
        "建议体检增加甲状腺彩超和肺部CT",
        "工资条项目太多看不懂，建议加注释",
        "银行卡换卡手续繁琐，跑了三趟",
        "家庭困难认定要开七个证明，能不能减",
        "工会会费使用情况应当按季度公开",
        "职代会提案答复太笼统，看不到落实时间表",
        "希望提高夜班津贴标准",
        "互助保险的报销流程太复杂，材料要交三遍",
        "困难帮扶标准应与当地低保标准挂钩",
        "年休假落实不到位，总说生产忙",
        "建议工会设立心理咨询室",
        "节日慰问品能不能改成自选",
        "希望公开评先评优的打分细则",
        "工资集体协商应当让一线代表多说话",
        "外包工也应纳入服务范围",
        "女职工哺乳室位置太偏，利用率低",
    ),
    "bus": (
        "通勤车早班总晚点十分钟",
        "建议增加火车站方向的班车",
        "7号线班车太挤，站着的人比坐着的多",
        "末班车时间太早，加班后只能打车",
        "司机师傅服务态度好，但车内空调不制冷",
        "站牌被施工围挡挡住了，找不到",
        "希望能在手机上看到班车实时位置",
    ),
    "youth": (
        "青年突击队任务重，希望在评优时给予倾斜",
        "导师带徒不能只签协议不教东西",
        "希望青年公寓租期能延长到五年",
        "年轻人晋升通道太窄，论资排辈",
        "建议设立青年创新基金",
        "团课形式可以再活泼一点",
        "希望多一些跨单位轮岗的机会",
    ),
    "system": (
        "企业邮箱容量从2G扩到10G吧，附件老是退回",
        "身份证读卡器坏了两周",
        "订单号202503110000458217查不到物流",
        "手机号换绑流程太复杂，验证码收不到",
        "OA系统登录太慢，首页要等一分钟",
        "报销单据上传总提示格式不对",
        "手机端看不到附件",
        "审批流程环节过多，一张单子走七个人",
        "希望合并几个APP，现在手机里装了九个",
        "打卡定位总是漂移",
        "系统升级能不能不要放在月底",
    ),
}
TAILS = (
    "，请领导考虑",
    "，谢谢！",
    "。希望尽快解决",
    "，已经反映过好几次了",
    "。仅供参考",
    "，大家意见都比较大",
    "。",
    "，望答复",
    "！！",
    "，辛苦了",
    "。总体还是满意的",
    "，建议列入明年计划",
    "，别的单位早就这么做了",
)
HEADS = (
    "",
    "",
    "",
    "",
    "建议：",
    "1.",
    "意见：",
    "总体不错，就是",
    "个人觉得",
    "还是那句话，",
    "匿名提一条：",
    "同上，另外",
)
SHORT = ("无", "没有", "暂无", "无意见", "挺好的", "满意", "/", "同意", "继续保持", "没啥说的", "好")


def opinion(r: Random, *topics: str) -> str:
    pool = OPINIONS[r.choice(topics or tuple(OPINIONS))]
    if r.random() < 0.07:
        return r.choice(SHORT)
    text = r.choice(HEADS) + r.choice(pool)
    if r.random() < 0.2:
        text += r.choice(("；", "。", "，还有")) + r.choice(pool)
    return text + (r.choice(TAILS) if r.random() < 0.5 else "")


ILLS = (
    "高血压",
    "2型糖尿病",
    "腰椎间盘突出",
    "冠心病",
    "尘肺一期",
    "甲状腺结节",
    "脂肪肝",
    "乳腺增生",
    "慢性胃炎",
    "噪声聋",
    "肺结节",
    "胆囊结石",
    "痛风",
    "抑郁症",
    "类风湿关节炎",
    "肾结石",
    "乙肝小三阳",
    "颈椎病",
    "白内障",
    "膝关节半月板损伤",
)
GRAVE = (
    "尿毒症",
    "急性白血病",
    "肺癌",
    "脑梗死",
    "乳腺癌",
    "肝硬化",
    "胃癌术后",
    "系统性红斑狼疮",
    "帕金森病",
    "再生障碍性贫血",
)
KIN = ("妻子", "丈夫", "父亲", "母亲", "儿子", "女儿", "岳父", "婆婆", "弟弟")


def leak(r: Random, p: Person) -> str:
    """A sentence that gives somebody away."""
    return r.choice(
        (
            f"有事请打{p.mobile}",
            f"联系人{p.name}，电话{p.mobile}",
            f"我是{p.department}{p.name}，请回电{p.mobile}",
            f"本人{p.name}，身份证{p.id_card}，申请补办",
            f"请把退款打到{p.bank}，户名{p.name}",
            f"{p.name}确诊{r.choice(ILLS)}，需要调岗",
            f"{p.surname}师傅的爱人查出{r.choice(GRAVE)}，正在{p.city}住院",
            f"家住{p.address}，{p.name}收",
            f"加我微信{p.wechat}",
            f"发到我邮箱{p.email}，{p.name}",
            f"{p.name}（工号{p.number}）上月夜班费少发了{r.randint(80, 900)}元",
            f"资料传QQ{p.qq}，找{p.name}",
            f"车牌{p.plate}占用消防通道，车主{p.name}",
            f"{p.name}去年因酒驾被行政拘留，不宜参评",
            f"我换号了，新号码{p.mobile[:3]} {p.mobile[3:7]} {p.mobile[7:]}",
            f"代{p.name}报名，她怀孕五个月，不参加跑步项目",
            f"{p.name}，{p.born.year}年{p.born.month}月生，{p.marital}，孩子在{p.city}上学",
            f"替班：{p.name}→{name(r)}，手机{p.mobile}",
        )
    )


def seeded(r: Random, people: Sequence[Person], cells: Sequence[Cell], share: float = 0.01) -> list[Cell]:
    """Hide a leak in about `share` of the cells, at least in one."""
    done = list(cells)
    spots = [i for i, c in enumerate(done) if c is not None] or list(range(len(done)))
    for i in r.sample(spots, max(1, round(len(done) * share))):
        old = done[i]
        text = leak(r, people[i])
        if old is None or len(old) < 5:
            done[i] = text
        else:
            done[i] = r.choice(
                (f"{old.rstrip('。，！ ')}。{text}", f"{text}。{old}", f"{old}（{text}）", text)
            )
    return done


def appeal(r: Random, p: Person) -> str:
    """A hotline or letter text with the caller in it."""
    matter = opinion(r, "canteen", "dorm", "union", "bus", "safety")
    return r.choice(
        (
            f"来电人{p.name}，{p.department}职工，反映：{matter}。回电{p.mobile}",
            f"{p.surname}先生（{mask4(p.mobile)}）来电称{matter}，要求书面答复，地址{p.address}",
            f"我叫{p.name}，在{p.department}干了{2025 - p.joined.year}年。{matter}。"
            f"我的手机是{p.mobile}，随时可以找我。",
            f"{p.name}反映其{r.choice(KIN)}患{r.choice(GRAVE)}，"
            f"自费部分已超{r.randint(3, 30)}万元，请求大病救助",
            f"{p.department}{p.name}（身份证号{p.id_card}）咨询医保关系转移，{matter}",
            f"职工{p.name}，工号{p.number}，反映{p.joined.year}年入职至今社保少缴，个人编号{p.social}",
            f"您好，{matter}。联系人：{p.name}  微信：{p.wechat}",
            f"匿名者称{name(r)}与班长{name(r)}打架，后被记过处分，{matter}",
        )
    )


def mask4(text: str) -> str:
    return text[:3] + "****" + text[-4:]


def poverty(r: Random, p: Person) -> str:
    kin = r.choice(KIN)
    return r.choice(
        (
            f"{kin}患{r.choice(GRAVE)}，长期住院，自付医药费{r.randint(3, 40)}万元",
            f"{r.choice(('单亲', '离异独自抚养'))}，孩子上{r.choice(('小学', '初中', '大学'))}",
            "家庭主要劳动力失业，仅靠本人工资生活",
            f"本人{r.choice(GRAVE)}，病休{r.randint(3, 30)}个月，收入锐减",
            f"{r.randint(6, 8)}月暴雨房屋倒塌，损失{r.randint(2, 15)}万",
            "两个子女同时上大学，学费负担重",
            f"{kin}肢体二级残疾，生活不能自理",
            "因公致残，家中有80岁老人需赡养",
            "低保边缘户",
            f"人均月收入{r.randint(400, 1100)}元，低于当地低保线1.5倍",
            "因病致困",
            "子女上学",
            f"{kin}车祸，肇事方无力赔偿，欠外债{r.randint(5, 30)}万",
        )
    )
