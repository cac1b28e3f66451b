"""Words of headers: which semantic each points to, in Chinese, English, pinyin and initials.

Chinese and English compounds have their head last: 手机品牌 is a brand, `bank_name` a name. A *head* makes a
thing of what stands before it; a *soft head* says no more than what stands before it (奖金金额 is a bonus).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

_ZH = """
person_name 姓名 名字 员工姓名 职工姓名 联系人 经办人 申请人 负责人 讲师 授课人 主讲人 报名人 投稿人 填报人 收件人 收货人 户主 持卡人 领取人 签收人 审批人 班组长 紧急联系人 借阅人 借书人 借款人 受理人 处理人 办理人 登记人 参与人 参赛者 参赛人 获奖人 导师 师傅 徒弟 入住人 使用人 保管人 车主 驾驶员 司机 患者 本人 访客 来访人 来电人 反映人 提案人 提议人 发起人 组织者 志愿者 主持人 记录人 制表人 审核人 复核人 花名 曾用名 昵称 用户名 学员 会员 考生 人员 员工 职工 慰问对象 帮扶对象 受助人 被投诉人 投诉人 发件人 寄件人 收款人 付款人 发帖人 作者 户名 开户人 会长 队长 领队 教练 评委 责任人 联络人 对接人 采购员 验收人 值班人 值班员 组长 操作人 操作员 提案人 附议人 提案人及附议人 处理 名单 中奖人 获奖者 优胜者 宣讲人 辅导员 指导老师 教师 授课教师 讲师姓名 老师 主讲 主讲老师 报告人 值日 接待人 接访人 签名 签字 签收 经办 申请人姓名 来访者 求助人 求助者 咨询人 咨询者 当事人 病人 家长签字 发帖用户 用户 用户昵称 网名 微信昵称 群昵称 备注名 落款 抄送 收件 发件 班长 主管 直属领导 上级 汇报对象 师父 带教老师 带教 徒弟姓名 师傅姓名 候选人 被推荐人 推荐人 见证人 担保人 受益人 被保险人 投保人 死者 遗属姓名 户主姓名 业主 租户 承租人 乘车人 乘客 住户 取件人 预约人 借用人 领用人 管理员 专家 裁判 参会人员 参会人 与会人员 出席人员 缺席人员 请假人 代班人 考生姓名 学员姓名 会员姓名 党员姓名 团员姓名 员工姓名 职工 劳模 先进个人 联系人姓名
id_card 身份证 身份证号 身份证号码 居民身份证 公民身份号码 证件号 证件号码 身份号码 证件编号 身分证 身份证件号 身份证后四位 证件后四位 身份证号后六位 公民身份证 身份证件 二代身份证 子女身份证号 配偶身份证号 家属身份证号 本人身份证
passport 护照 护照号 护照号码 护照编号 因私护照 因公护照 旧护照号
travel_permit 通行证 港澳通行证 台胞证 回乡证 港澳台证件号 往来港澳通行证号 通行证号 通行证号码 台湾证 台胞证号 港澳证 港澳居民来往内地通行证 大陆通行证 往来台湾通行证
employee_no 工号 员工号 职工号 员工编号 职工编号 人员编号 人员编码 员工代码 职号 会员号 会员编号 会员证号 学号 工作证号 胸牌号 学员编号 用户编号 用户号 员工码 考勤号 座席 座席号 坐席 坐席工号 人事编号 人员id 员工id 职工id 用户id 人事代码 人力编号 hr编号 sap编号 sap号 员工卡号 工卡号 饭卡号 一卡通号 一卡通 借书证号 读者证号 会员卡号 工会会员号 党员编号 学籍号 准考证号 操作员编号 登录名 账户名 登录账号 oa账号 域账号 用户账号 登录id 人员标识 个人编号 档案编号 人事档案号 员工档案号 上岗证号 安全帽编号 矿灯号 定位卡号 通行卡号 门禁卡号 卡片号 读者号
birth_date 出生日期 生日 出生年月 出生 出生年月日 出生时间 出生年 出生年份 诞辰 生日(农历) 阳历生日 农历生日 出生月份 生辰
biometric 指纹 人脸 人脸特征 虹膜 声纹 掌纹 生物特征 面部特征 指静脉 人脸模板 指纹模板 人脸编码 人脸向量 人脸照片 照片 证件照 头像照片 指静脉 人脸图片 面部图像 手掌静脉 签名图片 声纹模板 指静脉模板 人脸底图 手写签名
credential 密码 口令 密钥 登录密码 初始密码 验证码 令牌 访问令牌 密码哈希 salt 盐值 私钥 公钥证书 动态码 校验码 密保 密保问题 密保答案 密码提示 支付密码 解锁码 wifi密码 初始口令 会话 cookie
mobile 手机 手机号 手机号码 联系电话 移动电话 电话 联系方式 电话号码 联系号码 手机电话 联络电话 本人电话 来电号码 主叫号码 家长电话 亲属电话 收货电话 来电电话 紧急联系电话 短号 手机后4位 手机尾号 预留手机 预留手机号 联系手机 手机1 手机2 备用电话 绑定手机 注册手机 注册手机号 微信手机 接收号码 短信号码 主叫 被叫 主叫号 被叫号码 来电 回拨号码 常用电话 家属电话 配偶电话 父母电话 子女电话 值班手机
landline 固话 固定电话 座机 家庭电话 宅电 办公电话 分机 住宅电话 家庭固话 宿舍电话 电话分机 分机号 内线 内线电话 办公室电话 小号
email 邮箱 电子邮箱 电子邮件 邮件地址 邮箱地址 个人邮箱 电邮 工作邮箱 企业邮箱 qq邮箱 收件邮箱 联系邮箱 邮件
wechat 微信 微信号 微信账号 微信昵称 微信名 v信 微信id 微信openid 绑定微信 微信联系 加微信
qq qq qq号 qq号码
social_account 微博 抖音号 社交账号 快手号 钉钉号 支付宝账号 小红书 小红书号 b站账号 微博账号 支付宝 openid
home_address 家庭住址 家庭地址 住址 现住址 居住地址 居住地 户籍地址 户口所在地 收货地址 通讯地址 通信地址 联系地址 邮寄地址 住所 详细地址 户籍所在地 户籍地 家庭详细地址 收件地址 送货地址 宿舍 寄送地址 地址 房产地址 现居住地 家庭居住地 常住地址 常住地 居住小区 家庭居住地址 小区 居住区域 居住情况 租住地址 来京地址 老家地址 老家 户口地址 户口 身份证地址 证件地址 邮递地址 快递地址 收件人地址 上车点(家) 家庭所在地
plate_number 车牌 车牌号 车牌号码 车号
bank_card 银行卡 银行卡号 银行账号 工资卡 工资卡号 卡号 账号 银行账户 收款账号 收款账户 开户账号 储蓄卡号 信用卡号 对公账号 帐号 银行帐号 工资账号 工资账户 银行卡后四位 卡号后四位 开户账户 发放账号 发放账户 代发账号 打款账号 打款账户 退款账户 账户 银行账户号 社保卡银行账号
social_security_no 社保号 社保卡号 社会保障号 社会保障卡号 医保号 医保卡号 社保编号 社保账号 医保编号 个人社保号 社保电脑号 社保个人编号 社会保险号 个人编号(社保) 养老保险号 养老保险编号 医疗保险号 医保电脑号 医保个人编号 参保号
housing_fund_no 公积金账号 公积金号 公积金卡号 公积金编号 个人公积金账号
pay 工资 薪酬 薪资 基本工资 岗位工资 绩效工资 奖金 津贴 补贴 应发 实发 应发工资 实发工资 月薪 年薪 收入 个税 个人所得税 扣款 年终奖 加班费 补助 补助金 公积金 社保 养老保险 医疗保险 失业保险 公积金扣款 社保扣款 应发合计 实发合计 应纳税 代扣 房补 餐补 交通补贴 住房补贴 高温补贴 高温津贴 夜班津贴 绩效奖金 月收入 年收入 人均收入 家庭收入 家庭月收入 家庭年收入 家庭人均收入 人均月收入 工资总额 税前 税后 到手 薪级工资 工龄工资 计件工资 提成 慰问金 救助金 助学金 帮扶金额 帮扶金 借款金额 年金 企业年金 全勤奖 薪级 绩效 缴费基数 社保基数 公积金基数 会费基数 应发数 实发数 发放额 扣税 五险一金 退休金 抚恤金 分红 报酬 课酬 讲课费 稿费 慰问金额 补助金额 救助金额 生活费 贷款 负债 存款 房贷 缺勤扣款 扣发 补发 养老金 夜班费 岗贴 养老金月额 计提基数 补偿金 经济补偿 经济补偿金 代扣会费 代扣餐费 养老个人 养老个人部分 医疗个人 失业个人 个人缴费 单位缴费 单位部分 个人部分 缴费额 缴费金额 缴存额 缴存基数 月缴存额 公积金个人 年功工资 技能津贴 职务津贴 师带徒津贴 保健津贴 井下津贴 特岗津贴 交通补助 通讯补贴 通讯费 伙食补助 误餐补助 取暖费 降温费 过节费 防暑降温费 独生子女费 书报费 安全奖 单项奖 月度奖 季度奖 年度奖 超额奖 利润奖 一次性奖金 应付工资 实付工资 税后收入 计税工资 专项附加扣除 专项扣除 累计收入 累计个税 扣税额 其他扣款 罚款 扣罚 水电扣款 房租扣款 工会会费扣款 个人应缴 补发工资 工资差额 月工资 日工资 时薪 小时工资 岗薪 底薪 保底工资 浮动工资 工资性收入 转移性收入 家庭支出 月支出 家庭年支出 人均可支配收入 救助标准 发放标准 领取金额 报销金额 理赔金额 赔付金额 医保支付 自费金额 自付 统筹支付 个人账户支付 护理费 薪水 奖励金额 奖励 劳务费 加班工资 值班费 出差补助 差旅补贴 年终 绩效分配 分配金额 总收入 房屋租金 房租 月供 欠款 债务
health 产假 产假天数 助听器 胰岛素泵 轮椅 压力得分 压力等级 压力指数 压力水平 压力测评 压力感受 压力来源 压力源 工作压力 心理压力 生活压力 倦怠 职业倦怠 倦怠得分 产检 产检次数 透析 透析次数 健康 健康状况 健康情况 疾病 病史 既往史 既往病史 诊断 诊断结果 体检 体检结果 体检结论 血压 血糖 血脂 身高 体重 血型 心率 脉搏 视力 听力 病情 病种 病名 过敏史 用药 服药 残疾 残疾等级 残疾类别 伤残 伤残等级 孕期 怀孕 孕周 预产期 症状 主诉 医嘱 处方 手术 检查结果 检查所见 检验结果 化验 胆固醇 甘油三酯 尿酸 转氨酶 肝功能 肾功能 血红蛋白 白细胞 心电图 b超 胸片 收缩压 舒张压 职业病 慢性病 重大疾病 大病 病假 病假天数 病假原因 患病 患病情况 病因 异常项 异常指标 异常结果 体检异常 bmi 体重指数 腰围 体温 心理测评 心理评估 抑郁 焦虑 睡眠 疾病名称 诊断名称 手术名称 药品用量 工伤 受伤部位 伤情 住院 住院原因 康复 病种名称 过敏 过敏原 用药情况 医学建议 空腹血糖 餐后血糖 总胆固醇 生育 孕产 哺乳 月经 末次月经 医疗费 医药费 复查 复查建议 疫苗 核酸 健康码 家族史 家族病史 吸烟 饮酒 尿蛋白 血尿酸 血常规 尿常规 总检结论 总检 肺功能 听阈 骨密度 心理 情绪 伤残情况 慢病 药物 医保报销 自付金额 门诊 科室诊断 忌口 饮食禁忌 病况 血氧 主检结论 检查结论 电测听 期别 四期 处方药 出险原因 未献原因 献血 健康评估 健康等级 风险等级评估 体检项目结果 尿检 尿蛋白 血红蛋白量 总蛋白 谷丙转氨酶 谷草转氨酶 糖化血红蛋白 低密度脂蛋白 高密度脂蛋白 乙肝表面抗原 表面抗原 颈动脉 甲状腺 眼底 裸眼视力 矫正视力 左眼 右眼 左耳 右耳 听力损失 粉尘 接害 危害因素 职业病危害 职业禁忌 岗前体检 离岗体检 心理量表 量表得分 抑郁得分 焦虑得分 压力测评 咨询主题 心理问题 来访主诉 就诊原因 就诊科室 就诊 就诊医院 入院诊断 出院诊断 住院天数 医嘱用药 常用药 长期用药 用药名称 药名 剂量 过敏药物 食物过敏 饮食忌口 忌口情况 残疾证号 残疾证 伤害部位 伤害程度 事故伤害 伤残鉴定 劳动能力鉴定 病假天数 病休 病休原因 长期病休 孕产期 末次 分娩 分娩日期 胎次 避孕 绝育 计生 计划生育 妇检 妇科检查 两癌筛查 乳腺检查 hpv hpv结果 核酸结果 疫苗接种 接种情况 体重kg 身高cm 腰臀比 体脂 体脂率 心率bpm 静息心率 睡眠时长 睡眠质量 血氧饱和度 舒张压值 异常描述 医生建议 复诊 康复情况 大病情况 重疾 患病名称 疾病类型 疾病种类 确诊 确诊时间 患者病情 家属病情 身体状况 身体情况 健康 身体
medical_record_no 病历号 病案号 门诊号 住院号 体检号 体检编号 就诊卡号 就诊号 病历编号 体检流水号 诊疗卡号 体检编码 体检条码 健康档案号 健康档案编号 门诊流水号 病人id 患者编号 患者id 样本号 检验号 住院流水号 登记号(门诊)
religion 宗教 宗教信仰 信仰 宗教情况 信教 信教情况 教派 是否信教 信仰情况 民族宗教
political_status 政治面貌 党派 政治身份 入党时间 入党日期 党员 是否党员 政面 团员 入团时间 党籍 党内职务 党费 转正日期 入党志愿 政治 入党 入党年月 党龄 党员类型 党员状态 预备党员 积极分子 党费基数 党费标准 月交党费 宗教党派 统战身份 民主党派 团龄 党员类别 转正 政治情况
marital_status 婚姻 婚姻状况 婚否 婚姻状态 是否已婚 婚姻情况 婚育 婚育状况 婚况 婚史 婚恋 婚恋状况 恋爱 恋爱状况 单身 是否单身 离异 感情状况 配偶有无
family 家庭成员 家属 配偶 父亲 母亲 子女 父母 亲属 家属姓名 配偶姓名 子女姓名 子女情况 家庭情况 与本人关系 亲属关系 家庭关系 关系 称谓 家长 家长姓名 孩子 孩子姓名 子女数 子女数量 子女人数 孩子年龄 子女年龄 家庭人口 赡养 赡养人口 独生子女 小孩 小孩姓名 爱人 监护人 直系亲属 家庭人口数 供养人口 子女学校 子女就读学校 二孩 生育情况 老人 接送人 婚姻家庭 父母职业 配偶单位 配偶工作单位 家属工作单位 家庭主要成员 社会关系 紧急联系人关系 亲子 宝宝 宝宝年龄 婴儿 儿童姓名 儿童 学生姓名 未成年子女 被赡养人 抚养人 抚养 遗属 供养亲属 直系 子女出生日期 子女就读 幼儿园 配偶情况
hardship 困难 困难原因 困难情况 致困原因 致贫原因 困难类型 困难类别 困难等级 特困 低保 申请理由 申请事由 帮扶原因 家庭困难 困难说明 困难职工 建档立卡 主要困难 帮扶需求 困难认定 救助原因 低保户 困难程度 救助类别 救助事由 求助原因 慰问原因 慰问事由 住房情况 住房困难 家庭经济情况 经济状况 家庭状况 收入来源 主要收入来源 劳动能力 就业状况 致困类型 困难分类 困难描述 低保证号 救助 救助类型 帮扶 帮扶情况 帮扶措施 贫困 贫困类型 受灾情况 家庭变故 申请原因 申请救助原因 困难补助原因 求助内容 慰问类别 慰问类型
discipline 处分 违纪 违纪情况 违规 处罚 惩处 奖惩 警告 犯罪记录 前科 违法 违章 诫勉 处分类型 处分原因 违纪事实 处理决定 问责 奖惩情况 违法记录 犯罪 信访举报 举报 线索 约谈 处理结果(纪检) 违规违纪 违纪类型 违纪行为 违规行为 违规内容 违规事实 处分结果 处理依据 处罚原因 处罚结果 考勤违纪 事故责任 责任认定 信访 信访内容 举报内容 被举报人 问题线索 廉政 通报 通报批评 警示 扣分原因 违章行为 违章内容 酒驾 吸毒 赌博 犯罪 刑事 行政处罚
location_track 通行地点 通行位置 门禁地点 门禁位置 进出位置 入住酒店 入住地点 入住宾馆 通行记录 门禁记录 轨迹 定位 经纬度 经度 纬度 位置 行踪 打卡地点 打卡位置 gps 坐标 签到位置 打卡坐标 进出记录 行程 签到定位 打卡经纬度 最后位置 出行轨迹 wz 刷卡地点 进出地点 通过地点 最后定位 打卡地址 定位地址 定位信息 实时位置 位置坐标 途经 出行轨迹 行驶轨迹 活动轨迹 基站 最后登录地 登录地 登录地点 所在位置
device_id imei mac mac地址 设备号 设备id 设备标识 手机串号 网卡地址 设备指纹 终端标识 设备序列号 idfa oaid 终端号 android_id 串号 wifi地址 无线地址 蓝牙地址 手机imei sn码 iccid sim卡号 meid 终端id 手机设备号 设备mac 登录设备
ip_address ip ip地址 登录ip 登录地址 来源ip 访问ip 客户端ip 来自ip 终端ip ip归属 ip属地 出口ip 填写ip 提交ip
gender 性别 男女
age 年龄 周岁 岁数 年龄段 虚岁 年齢 年龄层 龄 实足年龄 退休年龄 周龄 月龄
ethnicity 民族
native_place 户籍 户籍类型 户籍性质 户口性质 户口类型 户别 户籍地区 户籍类别 籍贯 出生地 祖籍 生源地 籍贯地 户籍省份 籍贯(省市) 生源 家乡 来自 祖籍地 户籍(省) 原籍
education 学历 文化程度 学位 最高学历 教育程度 学历层次 第一学历 学历学位
school 毕业院校 毕业学校 院校 学校 毕业学校 母校 就读院校 学校名称 院校名称
major 专业 所学专业 专业名称 专业方向 所学 所学专业名称 学科专业
department 部门 所在部门 所属部门 科室 处室 部门名称 单位部门 二级单位 所属单位 所在单位 工作单位 车间 分厂 基层单位 支部 党支部 工会小组 分工会 所属分会 分会 用人部门 隶属部门 工段 项目部 机构 支部名称 所在支部 所在党支部 组织关系 单位 部门编号 部门编码 部门代码 归属部门 申报部门 申请部门 报送单位 所属支部 直属单位 主办 主办部门 牵头部门 责任部门 责任单位 协办部门 配合部门 承办部门 承办人部门 转办部门 对口部门 使用部门 领用部门 申领部门 编报单位 填报单位 片区单位 基层工会 工会 隶属 矿 厂别 段 工区 站段 分公司 子公司 公司别
team 班组 班组名称 小组 班次组 所属班组 所在班组 队别 班别 队伍 队名 分队 组别 代表团 队组 生产组 值别 机组 攻关组 qc小组 创新团队 参赛队 代表队 队名称 战队
post 岗位 职务 职位 工种 岗位名称 现任职务 职务名称 工作岗位 职位名称 岗位类别 职业 岗位类型 工种名称 岗位序列 身份类别 用工形式 用工类型 人员类别 人员类型 用工性质  现岗位 原岗位 拟任岗位 岗位(工种) 从事工种 从事岗位 工种岗位 现职 任职 拟任职务 党内职务 工会职务 社会职务 兼职 角色岗位 班内职务 带班 岗别 工岗 作业岗位 顶岗 主岗 兼岗 徒弟岗位 师傅岗位
job_level 职级 级别 岗级 职称 职称等级 岗位等级 行政级别 岗位级别 专业技术职务 技术职称 职务级别 层级 职等 职称级别 薪档 干部级别 岗级档 档次 薪点 岗位层级 行政职务级别 聘任职级 资格等级 管理级别 专技等级
years_of_service 工龄 司龄 工作年限 从业年限 连续工龄 本企业工龄 入职年限 工作年数 服务年限 厂龄 工龄段 任现职年限 现岗位年限 本岗位年限 从事年限 任职年限 参保年限 缴费年限 会龄 团龄 教龄 井下工龄 在岗年限 在司时长 司龄(年) 本岗年限 带班年限 接害工龄 接尘工龄
join_date 入职日期 入职时间 参加工作时间 参加工作日期 进厂时间 入司日期 入司时间 入会时间 入会日期 报到日期 到岗日期 合同到期日 合同到期 合同起始 转正时间 离职日期 离职时间 退休日期 调入时间 合同终止日期 合同截止日期 合同期限 任职时间 任职日期 到岗时间 进厂日期 参工时间 入厂日期 上岗日期 入矿年份 入矿时间 入厂时间 入厂年份 进厂年份 入路时间 进矿时间 入局时间 调入日期
training_score 成绩 考试成绩 得分 分数 培训成绩 理论成绩 实操成绩 总分 笔试 笔试成绩 面试成绩 测验成绩 考核得分 考试分数 评分 平均分 结业成绩 补考成绩 综合成绩 总成绩 测评得分 是否合格 考试结果 技能成绩 实操 理论 最终得分 竞赛成绩 名次 排名 理论分 实操分 笔试分 面试分 得分率 成绩等级 合格与否 是否通过考试 补考 考核成绩 竞赛得分 决赛成绩 初赛成绩 测试成绩 测试得分 答题得分 答对题数 总评 总评成绩 平时成绩 期末成绩
course_record 学习记录 学习进度 学时 完成课程 学习时长 已修课程 培训记录 课时 完成率 学习次数 学分 培训学时 在线时长 学习天数 课程进度 完成进度 培训经历 学习课程 参训课程 完成学时 观看时长 借阅记录 学习情况 借阅次数 培训天数 学习状态 借阅书名
certificate 证书 证书名称 资格证书 职业资格 资格证 持证情况 证书编号 资质 特种作业证 上岗证 操作证 执业资格 证书号 职业资格证 技能证书 资格名称
activity_participation 参与情况 参加活动 活动参与 参与次数 参加次数 报名情况 签到 签到情况 是否参加 是否签到 活动次数 参与率 报名状态 参加情况 参与活动 参加人次 是否报名 签到时间 报名时间 参与时长 志愿时长 服务时长 活动记录 出席情况 签到状态 报名项目 参赛项目 志愿服务时长 参与状态 活动签到 报名活动 运动步数 步数
points 积分 学习积分 积分余额 工会积分 总积分 活动积分 文明积分 积分数
attendance 出勤 考勤 出勤天数 出勤率 缺勤 迟到 迟到次数 早退 旷工 上班时间 下班时间 打卡时间 上班打卡 下班打卡 考勤状态 出勤情况 应出勤 实出勤 缺勤天数 考勤结果 签到签退 刷卡时间 早退次数 应出勤天数 实出勤天数 旷工天数 出勤工时 工时 进门时间 出门时间 刷卡 值班 班次 轮班 倒班 月度打卡 入井数 入井次数 下井次数 出勤数 打卡次数 打卡记录 缺卡 缺卡次数 签卡 全勤 请假情况(考勤) 在岗 在岗情况 到岗 到岗情况 值班情况 排班 班制 轮班制 到课情况 打卡状态 下井班数 入井班数 出勤班数 高温天数 出车天数 应到 实到
overtime 加班 加班时长 加班小时 加班天数 加班时间 加班工时 延时加班 周末加班 节假日加班 加班次数 加班小时数 加点 加班时数 加班合计 超时 延时 平时加班 公休加班 法定加班
leave 休假 请假 请假类型 年假 请假天数 假期 休假天数 剩余年假 假别 请假类别 年休假 疗休养 事假 婚假 产假 事假天数 年假天数 假期余额 探亲假 休假类型 剩余天数 假期类型 年假余 假期天数 休假时间 请假时长 请假事由 休假事由 调休 剩余调休 补休 产假天数 陪产假 疗养 疗养批次
satisfaction 满意度 满意程度 满意 评价 满意度评分 是否满意 服务评价 评价等级 评价星级 星级 满意率 打分 满意情况 总体满意度
appraisal 考核 考核结果 考核等级 年度考核 绩效等级 绩效考核 评议 民主评议 民主评议结果 评优 考评 年度考核结果 绩效结果 评定等级 评定结果 考核等次 绩效评级 荣誉 荣誉称号 称号 先进 获奖 获奖情况 奖项 表彰 考核结论 测评结果 年度任务完成 出师鉴定 考核情况 年终考核 民主测评 任期考核 述职 述职评价 绩效得分 绩效分 绩效系数 考核系数 kpi 推优 评先 评先评优 拟评 任务完成 胜任情况 表现 日常表现 鉴定意见
skill 技能 技能等级 技术等级 特长 技能水平 掌握技能 专长 技能标签 技能名称 技术专长 外语水平 计算机水平 工种等级 技能差距 能力 擅长 师傅等级 技能鉴定等级 鉴定等级 技能证等级 操作技能 掌握程度 熟练度 熟练程度 能力等级 能力项 语言能力 英语水平 电脑水平 胜任力 工种技能 特殊技能
interest 兴趣 爱好 兴趣爱好 兴趣小组 兴趣标签 业余爱好 喜好 偏好 感兴趣 意向活动 报名意向 兴趣方向 社团 协会 俱乐部 意向 参与意愿 意愿 想参加 想参加的活动 想学 想学课程 希望开展的活动 倾向 运动爱好 喜欢的活动 阅读偏好
work_place 工作地点 工作地 办公地点 工作地址 办公室 工作区域 办公地址 驻地 工位 工作场所 作业地点 项目地点 所在地 办公位置
need_category 诉求类别 诉求类型 需求类别 需求类型 问题类别 问题类型 诉求分类 需求分类 问题分类 建议类别 建议类型 投诉类型 咨询类型 求助类别 来电类型 事项类别 诉求 需求 反映事项 诉求标签 咨询类别 投诉类别 工单类型 留言类别 希望培训方向 培训需求 诉求事项 服务需求 帮助需求 意愿类别 投诉事项 反映类别 建议分类 问题所属 咨询事项 需求方向 希望解决的问题类别
text_opinion 意见 建议 意见建议 反馈 反馈意见 留言 评论 问题描述 诉求内容 帖子内容 内容 正文 回复 回复内容 答复 答复内容 备注 说明 描述 心得 感想 感悟 情况说明 评语 建议内容 诉求描述 留言内容 投诉内容 咨询内容 处理意见 意见内容 帖子 发言 问题 工作总结 总结 心得体会 其他 其他说明 备注说明 评价内容 评价意见 摘要 事由 原因 通话内容 工单内容 通话摘要 记录 记事 办理意见 补充说明 开放题 文本 来电内容 反映内容 发帖内容 改进建议 期望 说明事项 留言板 主要意见 工作建议 对公司的建议 您的建议 希望 心声 心愿 微心愿 建议或意见 批注 点评 讲评 会议纪要 纪要 发言摘要 发言内容 讨论内容 回访意见 回访内容 整改意见 改善建议 离职原因 离职意见 感谢信 表扬信 吐槽 弹幕 动态 说说 帖文 朋友圈 评论内容 简介 个人简介 自我介绍 事迹 主要事迹 先进事迹 推荐理由 自我评价 工作经历 简历 个人总结
organisation 公司 公司名称 企业 企业名称 单位名称 供应商 供应商名称 厂家 厂商 生产厂家 机构名称 承办单位 主办单位 协办单位 集团 供货商 生产商 培训机构 医院 医院名称 体检机构 医疗机构 开户行 开户银行 银行 银行名称 出版社 服务商 运营商 乙方 甲方 承包商 中标单位 发证机关 发证单位 协会名称 开户银行名称 品牌商 合作单位 承建单位 施工单位 体检医院 承运商 物流公司 快递公司 收款单位 客户名称 快递 邮箱服务商 来源单位 用工单位 派遣公司 劳务公司 保险公司 承保公司 旅行社 酒店 疗养院名称 快递公司名称 物业公司 供方 报价单位 中标供应商 投标人 投标单位 培训单位 认证机构 颁发机构 颁证单位 鉴定机构 出版单位 书店 检测机构 体检中心
activity_title 活动 活动名称 活动主题 活动标题 赛事名称 竞赛名称 比赛名称 项目名称 会议名称 会议主题 议题 赛事 节目名称 节目 竞赛项目 活动项目 最近一次参加 比赛项目 主题活动 演出 节目名 联谊活动 沙龙 志愿活动 志愿项目 活动内容
course_title 课程 课程名称 培训名称 培训课程 培训项目 课程标题 课程主题 培训班名称 培训主题 培训内容 培训班 课程名 考试名称 试卷名称 课件名称 必修课 选修课 带徒课题 培训科目 科目 考试科目 学习内容 学习主题 培训课题 课题 教材 讲义 题库 题库名称 工种课程
lecture_title 讲座 讲座名称 讲座主题 报告题目 讲座题目 宣讲主题 健康讲座名称 健康讲座
policy_title 制度 制度名称 文件名称 文件标题 政策 政策名称 文号 规定 法规 文件 通知标题 条款 政策标题
title_other 名称 标题 主题 题目 书名 图书名称 物品名称 设备名称 物资名称 资产名称 模板 模板名称 栏目 版块 板块 菜名 菜品 奖品 礼品 项目 书目 目录 药品目录 标签 关键词 频道 栏目名称 词条 指标 指标名称 系统名称 图书 工资项目 工资项目名称 字段 字段名 表名 工程名称 福利名称 福利项目 套餐 套餐名称 档案名称 附件 附件名称 附件名 文件名 提案标题 提案名称 线路 线路名 线路名称 案由 模块 栏目名 专题 指标项 事项 事项名称 议案名称 规程名称 题名 刊名 报刊名称 期刊 剧目 曲目 电影 影片 菜谱 套餐名 字典项 参数 参数名 角色 角色名 权限名称 权限 菜单 接口 表名称 数据项 报表名称 荣誉名称 奖项名称 标段 标的 采购内容 采购项目 采购标的 工程
product 品牌 型号 产品 产品名称 商品 商品名称 规格 规格型号 手机品牌 手机型号 药品 药品名称 器材 车型 车辆类型 设备型号 设备 耗材 颜色 尺码 尺寸 材质 版本 操作系统 浏览器 食材 口味 配置 机型 产地 衣服尺码 物品 工器具 防护用品 劳保用品 品名 货品 器具 物料 物料名称 材料 材料名称 办公用品 用品 礼包 慰问品 福利品 电器 软件 尺码表 车辆 车辆品牌
order_no 订单号 订单编号 订单 单号 采购单号 流水号 交易流水号 快递单号 运单号 发票号 发票号码 合同编号 合同号 凭证号 交易号 物流单号 支付流水号 采购订单号 报销单号 支付单号 退款单号 入库单号 出库单号 快递编号 批次号 批号 订单流水号 交易单号 业务流水号 票号 公文流水号 公文号 发文号 收文号 快件号 运单 包裹号 小票号 交易编号 结算单号 申请单号 申请单编号 单据号 单据编号 报账单号 领料单号 出库单 入库单 派工单号 工单流水
record_no 编号 序号 行号 代码 编码 条码 条形码 记录号 工单号 工单编号 设备编号 资产编号 图书编号 案卷号 项目编号 课程编号 活动编号 课程代码 书号 isbn 问卷编号 题号 主键 索引 商品编码 物料编码 物料号 sku 产品编码 产品编号 模板编号 id 提案编号 帖子id 座位号 柜号 试卷编号 场次 期次 届次 文件编号 票据号 记录编号 诉求编号 会议编号 商品编号 储物柜号 页码 版本号 科目代码 科目编码 事项编号 来电编号 通知编号 号 答卷编号 设备sn 卡座号 车次 区域编码 行政区划代码 邮件编号 提案号 日志号 协议号 受理号 杆塔号 商品码 编目号 索书号 馆藏号 登记号 备案号 许可证号 资产号 设备号码 仓位号 货位号 箱号 房产编号 宗地号 地块号 桩号 线路编号 站点编号 隐患编号 问题编号 议案号 会议号 意见编号 咨询编号 批件号 公告编号 标段编号 招标编号 号码布 pos机号 报案号 测试序 联行号 排号 架号 层号 货架号 库位号 车位号 工位号 井号 炉号 炉次 罐号 泵号 机组号 变压器编号 表号 电表号 水表号 图号 图纸号 标准号 专利号 版号 刊号 期号 卷号 页次 站号 网点号 通道号 端口号 批文号
venue 地点 场地 会场 活动地点 会议地点 培训地点 举办地点 场馆 教室 会议室 场所 考场 比赛地点 上课地点 培训场地 存放地点 集合地点 领取地点 楼层 楼栋 楼宇 体检地点 考试地点 服务地点 场馆名称 出发地 目的地 举办地 活动场地 闸机 采集点 采血点 站点 存放 存放位置 房间 活动室 集合点 上车点 上车地点 停靠站 疗养院 基地 领奖地点 考点 考区 起点 终点 车站 门岗 岗亭 食堂名称 餐厅 档口 窗口 投递点 取件点 自提点 发放地点 举办场所 阵地 阵地名称 送餐点 咨询室 井口 库位 库房 仓库 仓位 展厅 展位 作业区 采区 工作面 站房 机房 停靠点 上车站 下车站 候车点 泊位 码头 站台 球馆 操场
region 地区 省份 省 城市 市 区县 区域 片区 大区 省市 行政区 所属区域 区 县 街道 地域 国家 城市名称 所在城市 所在地区 疗养地 属地 所属省份 行政区域 所在省 所在市 目的城市 出发城市 片 网格
category 类别 类型 种类 分类 性质 属性 类目 大类 小类 渠道 来源 来源渠道 方式 形式 证件类型 身份证类型 活动类型 课程类型 问卷类型 物品类别 支付方式 课程类别 活动类别 培训类型 培训方式 提案类别 发布渠道 业务类型 账户类型 卡类型 图书分类 参与方式 采购方式 培训形式 教学方式 设备类型 费用类型 项目类型 终端类型 客户端 学科 难度 题型 主办类型 优先级 紧急程度 星期 季节 季度 密级 天气 进出 手指 方向 板块分类 诉求人群 消息类型 题目类型 数据类型 变更类型 事件类型 隐患类别 隐患类型 风险等级 隐患等级 语言 币种 货币 税率类型 保管期限 版面 形式分类 采购类别 计价方式 送达方式 交付方式 检查类型 检查方式 等级 餐别 适用对象 适用范围 用途 险种 参赛组别 准驾 准驾车型 车种 票种 房型 席别 舱位 题材 体裁 文种 密别 发文类型 收文类型 采购类型 合同类型 结算类型 结算方式 运输方式 交货方式 包装方式 存储方式 计费方式 计量方式 专业类别(设备) 设备类别 资产类别 资产类型 工程类别 隐患分类 事故类别 事故类型 灾害类型 气象 天气情况 温度等级 防护等级 绝缘等级 批次 场次类型 直播类型 授课方式 授课形式 考核方式 考试方式 考试形式 出题类型
status 状态 审核状态 审批状态 处理状态 办理状态 发放状态 支付状态 进度 是否办结 办结情况 订单状态 课程状态 流程状态 任务状态 发布状态 设备状态 使用状态 办理进度 启用状态 是否启用 审批结果 审核结果 办理结果 处理结果 处理进度 环节 当前环节 工单状态 审核意见 活动状态 回访状态 回复状态 采纳情况 是否采纳 签收 签收情况 立案 状况 审批 审批情况 审核 效力 当前节点 节点 结果 办结 流转状态 反馈状态 发布情况 完成情况 整改情况 落实情况 核销状态 在库状态 设备状况 领取状态 缴费状态 使用情况 借还状态 检查状态 验收结果 验收情况
url 网址 链接 网站 url 链接地址 下载地址 官网 网页地址 图片地址 附件链接 附件地址 视频地址 图片链接 课程链接 报名链接 二维码
head_count 人数 参加人数 报名人数 员工人数 总人数 在岗人数 参与人数 限额 名额 定员 编制数 实到人数 应到人数 参会人数 会员数 职工人数 容量 女职工人数 男职工人数 人次 参训人数 党员人数 受益人数 班组人数 座位数 容纳人数 编制人数 职工总数 核定载客 载客 载客数 座位 参与班组数 覆盖人数 受众人数 女工人数 班组数 户数 家数 单位数
price 价格 单价 金额 费用 总价 预算 合计 总额 成本 票价 报价 中标价 采购金额 预算金额 报名费 押金 市场价 会员价 优惠价 会费 支付金额 订单金额 合同金额 实付金额 总金额 结算金额 费用标准 餐费 价税合计 含税价 不含税金额 租金 均价 经费 活动经费 批准金额 预算额 支出 支出金额 税额 标准 折扣价 零售价 起拍价 面值 采购价 进价 售价 定价 结算价 批发价 含税单价 折后价 赞助金额 预算数 决算 决算数 经费来源 总费用 场租 工本费 运费 快递费 打印费 书款 保证金 交易额 成交额 成交价 学费 书本费 运价 租价 门票价 暂估价 概算 结算额 采购总价 投标价 限价 控制价 到岸价
quantity 数量 库存 件数 次数 个数 份数 库存数量 采购数量 阅读量 点击量 浏览量 点赞数 评论数 转发数 时长 台数 数目 重量 面积 天数 小时数 课时数 点击数 阅读数 点赞 收藏数 下载次数 票数 得票数 频次 里程 用量 余量 库存量 播放量 页数 册数 场次数 期数 届数 访问量 长度 转发量 总量 支持数 权重 字数 有效期 起订量 水电读数 读数 耗时 用时 台账数 现有数量 需求数 需求数量 领用数量 发放数量 下单数量 采购数 剩余数量 剩余 损耗 净重 毛重 人均 学时数 播放时长 上线时长 字节 流量 重试次数 下载量 浏览次数 收藏 转发 热度 热量 班数 月数 台班 班次数 车次数 趟数 圈数 局数 组数 箱数 袋数 包数 吨数 发货量 收货量 产量 日产量 月产量 用电量 用水量 用气量 耗电量 耗水量 油耗 公里数 行驶里程 载重 容积 功率 电压 电流 转速 温度 湿度 压力 流量(水) 深度 高度 宽度 厚度 直径 跨度 音量 像素 分辨率 带宽 并发数 请求数 响应时间 处理时长 等待时长 停留时长 平均时长 题数 题量 正确数 错误数 报名数 预约数 名额数 缺口
event_date 日期 活动日期 举办日期 会议日期 培训日期 发布日期 创建日期 更新日期 提交日期 开始日期 结束日期 下单日期 采购日期 年份 月份 年度 年月 截止日期 到货日期 发放日期 申请日期 登记日期 签订日期 办理日期 受理日期 体检日期 开课日期 购买日期 报名截止 生产日期 到期日期 有效期至 检定日期 统计月份 所属期 归还日期 借阅日期 考试日期 出版日期 填表日期 期间 报送日期 工资月份 账期 周期 发证日期 领取日期 慰问日期 投诉日期 访谈日期 供应日 入住日 借出 归还 交付日 交货日期 竣工日 竣工日期 开工日 开工日期 开班日 开班日期 起租日 执行日期 生效日期 失效日期 结对日期 费款所属期 所属月份 所属年度 统计日期 统计年度 报表日期 数据日期 盘点日期 验收日期 投运日期 投产日期 采样日期 检测日期 送检日期 巡检日期 维修日期 保养日期 评审日期 开标日期 公示日期 刊发日期 会期 学年 财年 财政年度
event_time 时间 活动时间 会议时间 培训时间 发布时间 创建时间 更新时间 提交时间 开始时间 结束时间 下单时间 时刻 时间戳 登录时间 操作时间 审核时间 回复时间 开放时间 发送时间 上课时间 来电时间 受理时间 办结时间 提交答卷时间 申请时间 处理时间 支付时间 发货时间 发帖时间 时段 最后登录时间 最后登录 登记时间 通话时间 通话时长 借阅时间 归还时间 考试时间 接单时间 注册时间 修改时间 评论时间 完成时间 预约时间 入库时间 采集时间 起止 起止时间 时段安排 发车时间 到站时间 首班 末班 开馆时间 营业时间 供餐时间 打烊 最后更新 更新于 创建于 采集日期时间 采样时间 检测时间 抓拍时间 告警时间 上报时间
hotline 服务热线 热线 客服电话 热线电话 服务电话 总机 投诉电话 咨询电话 监督电话 举报电话 客服热线 售后电话 值班电话 400电话 报修电话 预约电话 单位电话 公司电话 供应商电话 订餐电话 咨询热线 联系热线 举报热线 厂家电话
credit_code 统一社会信用代码 信用代码 社会信用代码 组织机构代码 税号 纳税人识别号 统一信用代码 营业执照号 供应商税号
postcode 邮编 邮政编码
unit_of_measure 计量单位 数量单位 单位(计量) 包装单位
boolean_flag 是否 是否有效 是否删除 标志 是否完成 是否必填 是否公开 是否匿名 是否合格品 是否通过 是否缴费 是否领取 是否发放 启用 标识 是否推荐
percentage 百分比 占比 比例 率 同比 环比 增长率 合格率 及格率 覆盖率 完成比例 通过率 达成率 使用率 办结率 折扣 权重% 折扣率 税率 利率 参与度 到课率 出席率 升学率 转化率 点击率 毛利率 误差
"""

_EN = """
person_name name fullname full_name empname emp_name employee_name staff_name user_name username realname real_name contact_name member_name contact contact_person nickname surname lastname firstname last_name first_name cn_name student_name patient_name applicant handler owner_name manager_name receiver consignee trainer lecturer operator_name person displayname display_name author attendee participant guest visitor driver reporter submitter payee recipient requester instructor coach avatar_name fname lname given_name family_name surname_cn empname_cn chinese_name english_name pinyin_name nick username_cn checker approver assignee reviewer signer sender to_user from_user cc watchers handler_name dispatcher caller_name customer_name cust_name client_name pat_name candidate interviewer referrer beneficiary insured heir tenant resident_name passenger_name attendee_name participants attendee_list members teacher mentor mentee nachn vorna ename
id_card idcard id_card idno id_no idnumber id_number identity identity_no identity_card national_id nationalid ident cardid certno cert_no identitycard id_num citizen_id prc_id resident_id ssn_cn idcardno
passport passport passportno passport_no
travel_permit permit_no travel_permit hk_permit hkmacau_permit permit
employee_no emp_no empno employee_no employeeid employee_id empid emp_id staffno staff_no staffid staff_id worker_id userid user_id uid jobno job_no memberid member_id member_no emp_code employee_code person_id personid badge badge_no emp student_id user_code login loginname login_name account_name staff_code worker_no pernr sap_no emp_num empnum emplid eid hr_id cardholder_id attendance_no student_no agent_id agent oa_account ad_account created_by updated_by operator_id owner_id user_no usercode
birth_date birthday birth birthdate birth_date dob date_of_birth born birth_day gbdat
biometric fingerprint face_id faceid face_feature iris voiceprint face_embedding face_vector face_template palm feature_vec feature_vector
credential password passwd pwd token secret passphrase pass access_token pwd_hash password_hash refresh_token api_key otp hash_pwd session_token auth_token pin session salt private_key secret_key passhash hash pwdhash passwd_hash cookie jwt seed pin_code verify_code captcha sms_code
mobile mobile phone tel cell cellphone telephone mobile_no mobileno phone_no phoneno phone_number phonenumber contact_no contactno tel_no telno mobile_phone mobilephone contact_phone emergency_phone caller caller_id calling_no msisdn phonenum
landline landline home_phone homephone office_phone office_tel ext extension fixed_line work_phone
email email mail e_mail mailbox email_addr email_address mail_addr mailaddr
wechat wechat wx weixin wechat_id wxid wx_id wechatid talker wxname wx_name wx_nick remark_name wx_openid
qq qq qq_no qqno qq_id
social_account weibo openid open_id unionid social_account douyin alipay dingtalk social_id tiktok kuaishou xiaohongshu bilibili twitter facebook linkedin ks_id dy_id weibo_id zhihu
home_address address addr home_address homeaddress residence home_addr homeaddr domicile ship_addr shipping_address delivery_address dorm living_address street_address room_no dorm_room stras
plate_number plate plate_no plateno car_no carno license_plate vehicle_no vehicle_plate
bank_card bankcard bank_card card_no cardno card_number bank_account bankaccount account_no accountno acct acct_no bank_acct account_number iban bank_no payroll_account acctno bankcardno account
social_security_no ssn social_security social_security_no sscard ss_no social_insurance_no medical_insurance_no ssid ss_card si_no sino ss_number social_ins_no med_ins_no
housing_fund_no housing_fund_no hf_account fund_account housing_fund_account hfacct
pay salary wage wages pay bonus allowance income base_salary gross net net_pay gross_pay basic_pay payroll deduction tax compensation earnings commission subsidy stipend overtime_pay ot_pay housing_fund iit sal salary_net salary_gross take_home takehome basepay annual_income monthly_income household_income severance insurance_deduction pension social_insurance net_salary gross_salary payable benefit_amt remuneration reimbursement loan hsg_fund iit_amt fund_ee amt_paid pay_amt net_amt gross_amt base_pay shift_allowance night_allowance meal_allowance transport_allowance 13th_month annual_bonus incentive withholding taxable taxable_income withheld paycheck payslip total_pay comp ctc wage_hour hourly_rate hourly_wage garnishment union_dues_deduction meal_deduction pension_ee medical_ee unemployment_ee si_ee hf_ee betrg ansal bet01 bet02 bet03 payamt sal_amt allow allowance_amt award_amt fine_amt contrib contribution contributions ee_contrib er_contrib ytd ytd_amt reimb reimb_amt
health stress stress_level stress_score burnout burnout_score fatigue fatigue_score wellbeing wellbeing_score health sick_leave sick_days maternity_leave diagnosis disease illness medical blood_pressure bp glucose blood_sugar height weight bloodtype blood_type heart_rate vision bmi disability pregnancy pregnant allergy allergies symptom symptoms prescription medication checkup check_up injury cholesterol uric_acid systolic diastolic condition dx icd icd10 icd_code sick_reason mental mental_health temperature body_temp surgery vaccination medical_history drug dosage lab_result hba1c ecg sbp dbp waist triglyceride hr_bpm chronic phq9 disabled depression anxiety hearing alt ast glu tg tc hdl ldl hbsag wbc rbc hgb plt crea urea bun ua cea afp tsh hpv psa sds sas scl scl_90 scl90 phq gad gad7 mmpi hamd bpm spo2 bmi_value sleep_hours mood stress_score psych psych_score diag diag_name med_name drug_name treatment therapy med_history chief_complaint vitals lab test_result sickness ailment impairment handicap maternity menses lmp gestation rx vision_left vision_right hearing_loss audiogram xray ultrasound covid vaccine chol ldl_c hdl_c fbg ppg tbil dbil alb glb ggt alp ldh ck egfr fvc fev1 tct lct psqi sleep_min slp_min hr_avg hr_max stress_idx sl_days bp_sys bp_dia
medical_record_no medical_record_no mrn record_no_medical patient_id patient_no case_no admission_no clinic_no pat_id patid exam_no hc_no visit_id visit_no health_record_no specimen_no lab_no
religion religion faith belief
political_status political political_status party_member party politics party_status is_party_member league_member party_date cpc
marital_status marital marital_status marriage married marital_state famst
family spouse children child kids family father mother relative relation relationship dependents family_members next_of_kin wife husband son daughter parent kid_name kin guardian num_children child_count
hardship hardship poverty difficulty hardship_reason needy aid_reason hardship_type financial_difficulty
discipline discipline punishment penalty violation offence offense disciplinary warning criminal sanction misconduct violations
location_track location gps lat lon lng latitude longitude track position coordinates geo coord latlng trajectory checkin_location geohash lat_lng last_location lastlocation last_loc gps_lat gps_lng gps_lon coords wkt geom point geo_point bs_id cell_tower checkin_geo login_city last_seen_at_place address_last
device_id imei mac mac_addr mac_address device_id deviceid udid idfa imsi serial_device device_no android_id device_fingerprint device_uuid oaid device imei1 imei2 meid iccid imsi_no wifi_mac bt_mac bluetooth_mac terminal_id phone_sn device_sn device_mac
ip_address ip ip_address ipaddr ip_addr login_ip client_ip remote_addr src_ip source_ip last_ip x_forwarded_for forwarded_for last_login_ip reg_ip host_ip remote_ip peer_ip ipv4 ipv6
gender gender sex gesch
age age ages age_group age_band
ethnicity ethnicity ethnic nation nationality ethnic_group
native_place native_place birthplace hometown place_of_birth
education education degree edu edu_level education_level diploma edulevel highest_degree edu_bg
school school university college graduate_school alma_mater institute
major major speciality specialty field_of_study
department department dept deptname dept_name division unit org_unit section branch workshop department_name dept_code dept_id dept_no department_id orgname org_name business_unit deptcode party_branch bu dept_nm deptnm cost_center cost_centre orgunit team_dept company_code line_of_business div function orgeh
team team team_name crew group squad group_name shift_team
post post position job title job_title jobtitle occupation role post_name job_name position_name duty jobtype employment_type emp_type worker_type plans stell
job_level level grade rank job_level joblevel job_grade pay_grade_level title_level band seniority_level trfgr trfst
years_of_service seniority years_of_service tenure service_years working_years work_years yos years_in_service length_of_service service_len yrs_service years_worked years_exp experience_years work_exp
join_date join_date hire_date hiredate joindate entry_date onboard_date start_work_date joined contract_end contract_start contract_expiry retire_date leave_date termination_date on_board_date employment_date resign_date hired
training_score score exam_score examscore mark marks test_score total_score result_score training_score quiz_score theory_score practice_score final_score pass_fail exam_result avg_score
course_record learning_hours progress completed_courses study_hours learning_record credits credit_hours course_progress training_hours watch_time completion study_time hours_completed enrolled_course finished_courses courses_done modules_done lessons_done
certificate certificate cert certification qualification license cert_name certificate_no certificates qualifications licences licenses
activity_participation participation participated attended joined_activity signup signed_up checkin check_in registered enrolled attendance_event activity_count activities_joined volunteer_hours rsvp joined_count join_count sign_in
points points point bonus_points credit_points point_balance points_used points_earned points_left credits_left point_total
attendance attendance clock_in clock_out late absent absence clockin clockout late_count attendance_rate work_days attendance_days absence_days workdays punch_in punch_out shift work_hours absent_days punch punch_time
overtime overtime ot ot_hours overtime_hours othours ot_hours_wk ot_hrs extra_hours weekend_ot
leave leave leave_days leave_type vacation annual_leave pto leavetype leave_balance
satisfaction satisfaction rating stars satisfied nps csat satisfaction_score star overall_sat sat_score happiness engagement engagement_score enps recommend_score
appraisal appraisal performance performance_rating kpi evaluation review_result perf_level assessment perf_rating performance_grade kpi_score perf honors awards award honour
skill skill skills skill_level skillset competence competency skill_tags skill_gap
interest interest interests hobby hobbies preference preferences club
work_place work_place workplace office work_location worksite site office_location work_site workstation
need_category need_category request_type issue_type need_type demand_type complaint_type ticket_type topic request_category issue_category need
text_opinion comment comments feedback suggestion suggestions remark remarks note notes opinion content message description memo reply body text answer desc summary details free_text review question detail complaint advice response reason post_content what_to_improve improvements open_ended verbatim freetext answer_text q_text bio about about_me message_body msg mood_text other_text
organisation company vendor supplier organization organisation org corporation bank bank_name hospital agency manufacturer publisher provider company_name carrier vendor_name supplier_name employer maker organizer host
activity_title activity event activity_name event_name event_title activity_title competition activity_theme meeting_title
course_title course course_name course_title training_name class_name training training_course class lesson exam_name
lecture_title lecture lecture_name lecture_title seminar talk seminar_title webinar health_lecture
policy_title policy policy_title document_title regulation policy_name doc_title document clause
title_other name_of_thing item_name template template_name headline caption label tag tags keyword book book_title menu dish catalog catalogue item subject prize gift file_name filename file attachment module indicator metric_name dict_name column_name field_name asset_name book_name equipment_name subject_line
product product brand model sku_name product_name spec color size goods phone_brand phone_model device_model material os browser version variant flavor equipment vehicle_type maktx material_desc
order_no order_no orderno order_id orderid order_number invoice_no invoice transaction_id trans_id trade_no tracking_no waybill po_no contract_no serial_no bill_no txn_id batch_no txn batch payment_no flow_no voucher_no po_number express_no receipt_no trade_id ebeln belnr vbeln so_number doc_number
record_no id no number code seq sn index serial row_id rowid record_no record_id recordid ticket_id ticket_no asset_no asset_id item_no item_code sku barcode uuid guid key pk isbn course_id activity_id event_id product_code material_code room_code ticket course_code product_id question_id form_id log_id seq_no idx row survey_id post_id thread_id equipment_no device_code template_id template_code book_id proposal_id dish_code region_code area_code region_id seat_no locker_no case_id request_id trace_id werks hkont kostl matnr plant_code gl_account asset_tag bin_no rack_no lot_no msg_no thread_no build_no
venue venue place hall room meeting_room classroom building floor event_location locale gym meeting_place stadium venue_name exam_room
region region province city area district county country state zone
category category type kind class_type channel source method mode cls account_type card_type id_type device_type activity_type item_type payment_method course_type cert_type doc_type platform priority event_type language weekday subtype difficulty format quarter season role role_name user_role usertype user_type account_status retry_type sex_code_desc log_level level_name severity weather direction dict_type menu_type file_type mime content_type node module waers lgart abkrs persg persk plan_cd currency curr ccy doc_cat pay_method ship_method delivery_method
status status state approval_status order_status stage is_active active flag_status workflow_state process_status result
url url link website href homepage web_url download_url image_url photo_url pic_url avatar_url page_url uri avatar img image thumb path download_link attachment_url cover referer referrer_url callback_url endpoint
head_count headcount head_count attendees participants_count people_count capacity quota num_people seats staff_count participant_count num_participants employees_count member_count enrollment headcnt attendees_count
price balance price amount cost fee budget unit_price total total_price total_amount list_price sum unitprice dues expense rental amt order_amount budget_amount
quantity quantity qty count num stock inventory times views likes clicks duration volume hours minutes days length number_of view_count like_count page_count cnt stock_qty read_count click_count comment_count share_count votes vote_count kwh pages weight_kg copies retry retries cost_ms duration_ms latency elapsed size_bytes file_size points_needed copies_left balance_qty seconds rows bytes num_items attempts watch_count download_count moq menge order_qty on_hand reorder_point lead_time
event_date date day month year event_date created_date order_date start_date end_date publish_date due_date deadline period fiscal_year update_date date_created ymd biz_date stat_date yyyymm expiry expiry_date expire_date begda endda bldat budat gjahr monat cal_month cal_year submit_dt post_date posting_date doc_date value_date effective_date ship_date delivery_date period_end period_start
event_time time timestamp datetime created_at updated_at create_time update_time ts event_time start_time end_time created modified login_time last_login submit_time gmt_create gmt_modified createtime updatetime logtime log_time last_updated op_time
hotline hotline service_hotline service_phone customer_service customer_service_phone support_phone service_tel helpline company_phone vendor_phone support_line
credit_code credit_code uscc tax_no taxno tax_id org_code unified_credit_code social_credit_code business_license
postcode postcode zip zipcode zip_code postal_code postal
unit_of_measure unit_of_measure uom measure_unit measurement_unit meins base_unit
boolean_flag flag is_valid is_deleted deleted enabled valid is_public anonymous is_anonymous is_enabled yes_no is_active_flag boolean is_required finish_flag done_flag del_flag is_done is_open is_closed is_read is_top is_hot
percentage percentage percent ratio rate pct proportion share growth completion_rate pass_rate coverage
"""

_PINYIN = """
person_name xingming mingzi yuangongxingming lianxiren zhigongxingming
id_card shenfenzheng shenfenzhenghao shenfenzhenghaoma zhengjianhao zhengjianhaoma
passport huzhao huzhaohao
employee_no gonghao yuangonghao yuangongbianhao zhigonghao renyuanbianhao
birth_date chushengriqi shengri chushengnianyue
credential mima denglumima kouling
mobile shouji shoujihao shoujihaoma dianhua lianxidianhua lianxifangshi dianhuahaoma
landline guhua zuoji gudingdianhua jiatingdianhua
email youxiang dianziyouxiang youjian
wechat weixin weixinhao
qq qqhao
home_address dizhi jiatingzhuzhi zhuzhi jiatingdizhi xianzhuzhi shouhuodizhi hujidizhi
plate_number chepai chepaihao
bank_card yinhangka yinhangkahao yinhangzhanghao kahao zhanghao gongzika gongzikahao
social_security_no shebaohao shebaokahao yibaohao
housing_fund_no gongjijinzhanghao gongjijinhao
pay gongzi xinchou xinzi jiangjin jintie butie yingfa shifa yingfagongzi shifagongzi jibengongzi yuexin nianxin shouru geshui koukuan jixiao jixiaogongzi buzhu nianzhongjiang jiabanfei gangweigongzi weiwenjin yebanfei gongjijin geren shebao yanglao jiaban feiyong gongzihe gongzi_sf buchangjin butiefei
health jiankang jiankangzhuangkuang tijian tijianjieguo jibing bingshi zhenduan zhenduanjieguo xueya xuetang shengao tizhong xuexing canji canjidengji bingqing guomin guominshi
medical_record_no binglihao tijianhao menzhenhao
religion zongjiao zongjiaoxinyang xinyang
political_status zhengzhimianmao dangyuan rudangshijian
marital_status hunyin hunyinzhuangkuang hunfou
family peiou zinv fumu jiating jiatingchengyuan qinshu jiashu
hardship kunnan kunnanyuanyin kunnanqingkuang kunnanleixing zhipinyuanyin
discipline chufen weiji jiangcheng
location_track guiji dingwei jingdu weidu jingweidu dakadidian
ip_address ipdizhi dengluip
gender xingbie
age nianling
ethnicity minzu
native_place huji jiguan chushengdi
education xueli wenhuachengdu xuewei
school biyeyuanxiao xuexiao yuanxiao
major zhuanye suoxuezhuanye
department bumen suozaibumen danwei keshi chejian suoshubumen bumenmingcheng zhibu
team banzu banzumingcheng
post gangwei zhiwu zhiwei gongzhong gangweimingcheng
job_level zhiji zhicheng jibie gangji
years_of_service gongling siling gongzuonianxian
join_date ruzhiriqi ruzhishijian ruzhi canjiagongzuoshijian
training_score chengji kaoshichengji defen fenshu peixunchengji zongfen
course_record xueshi xuexishichang xuexijilu xuexijindu xuefen
certificate zhengshu zhengshumingcheng zigezheng
activity_participation canyu canyucishu qiandao baoming canjiahuodong canjia
points jifen xuexijifen
attendance chuqin kaoqin chuqintianshu chidao queqin kuanggong chidaocishu
overtime jiaban jiabanshichang jiabanxiaoshi
leave qingjia xiujia nianjia qingjialeixing qingjiatianshu
satisfaction manyidu pingjia
appraisal kaohe kaohejieguo niandukaohe kaohedengji
skill jineng techang jinengdengji
interest xingqu aihao xingquaihao
work_place gongzuodidian bangongdidian
need_category suqiuleibie xuqiuleixing suqiuleixing wentileixing suqiu
text_opinion yijian jianyi beizhu liuyan neirong fankui yijianjianyi pinglun shuoming miaoshu
organisation gongsi gongsimingcheng danweimingcheng gongyingshang qiye changjia yinhang yinhangmingcheng kaihuhang
activity_title huodong huodongmingcheng huodongzhuti
course_title kecheng kechengmingcheng peixunmingcheng peixunkecheng
lecture_title jiangzuo jiangzuomingcheng
policy_title zhidu wenjianmingcheng zhengce
title_other mingcheng biaoti zhuti shuming
product pinpai xinghao chanpin guige shangpin shoujipinpai shangpinmingcheng
order_no dingdanhao danhao liushuihao dingdanbianhao hetongbianhao kuaididanhao fapiaohao
record_no bianhao xuhao daima bianma
venue didian changdi huodongdidian huiyishi
region diqu shengfen chengshi quyu
category leibie leixing fenlei zhonglei
status zhuangtai shenpizt shenpizhuangtai shenhezhuangtai zhuangtaima
url wangzhi lianjie
head_count renshu canjiarenshu
price jiage jine danjia feiyong yusuan zongjia zongjine
quantity shuliang kucun cishu
event_date riqi huodongriqi nianfen yuefen
event_time shijian huodongshijian
hotline rexian fuwurexian kefudianhua
credit_code xinyongdaima shuihao
postcode youbian
boolean_flag shifou
percentage bili zhanbi
social_account kuaishou douyin weibo xiaohongshu zhifubao
"""

_INITIALS = """
person_name xm
id_card sfz sfzh sfzhm zjh zjhm sfzhao
passport hzh
employee_no gh ygh ygbh zgh rybh yggh zggh ygdm rydm gzzh ygid zgid
birth_date csrq csny sr
credential mm
mobile sjh sjhm sj lxdh lxfs dh dhhm yddh
landline gddh zj gh_tel
email yx dzyx
wechat wx wxh
home_address jtzz jtdz zz xzz dz shdz hjdz txdz
plate_number cph cp
bank_card yhk yhkh yhzh kh zh gzk gzkh
social_security_no sbh sbkh ybh
housing_fund_no gjjzh gjj_zh
pay gz xc xz jj jt bt yf sf yfgz sfgz jbgz gwgz jxgz gz_sf gz_yf nzj jbf gz_jb gz_hj jx_gz gs kk gjj_gr ylj ybj sbj gjj yl_gr yb_gr dk koukuan_je sfje yfje bz_je gw_gz
health jkzk tj tjjg jb bs zd zdjg xy xt sg tz xx cjdj gms ssy szy tjjl
medical_record_no blh tjh mzh zyh
religion zjxy
political_status zzmm rdsj rdrq
marital_status hyzk hf
family po zn jtcy qs
hardship kn knyy knlx knqk zpyy
discipline cf wj jc
gender xb
age nl
ethnicity mz
native_place jg csd
education xl whcd xw
school byyx byxx
major zy sxzy
department bm szbm ssbm dw ks cj bmmc
team bz_team bzmc
post gw zw gwmc
job_level zj_level zc gj
years_of_service gl sl gznx
join_date rzrq rzsj cjgzsj
training_score cj_score kscj pxcj zf df fs
course_record xs xxsc xf
certificate zs zsmc zgz
activity_participation cycs qd
points jf
attendance cq kq cqts cd kqqk kqjg dkcs cql
overtime jbsc jbxs
leave qj nj qjlx
satisfaction myd
appraisal kh_result khjg ndkh khdj
skill jn tc jndj zyjn jndj jnlx
interest ah xqah
text_opinion yj jy yjjy bz ly nr fk bzsm
organisation gs_name gsmc dwmc gys yh khh
activity_title hdmc hdzt
course_title kcmc pxmc
lecture_title jzmc
title_other mc bt
product pp xh_model gg
order_no ddh dd_no lsh ddbh htbh
record_no xh bh dm
venue dd
region dq sf_region
category lb lx fl
status zt
head_count rs
price jg_price je dj fy
quantity sl_qty kc
event_date rq hdrq nf yf_month
event_time sj_time
credit_code xydm sh tyshxydm
postcode yb
percentage bl zb
location_track wz dwdz dkdd jwd
need_category xqfl xqlx sqlx wtlx xqlb
"""

# What stands before a soft head says what the column means; alone it says what `_ZH` and `_EN` have for it.
SOFT_HEADS = frozenset(
    [
        "金额",
        "数额",
        "额",
        "合计",
        "总额",
        "小计",
        "标准",
        "基数",
        "情况",
        "结果",
        "说明",
        "描述",
        "内容",
        "原因",
        "理由",
        "等级",
        "级别",
        "程度",
        "结论",
        "明细",
        "信息",
        "数据",
        "数",
        "值",
        "量",
        "项目",
        "次数",
        "天数",
        "时长",
        "状况",
        "状态",
        "记录",
        "类型",
        "类别",
        "种类",
        "性质",
        "时间",
        "日期",
        "备注",
        "数值",
        "指标",
        "报告",
        "详情",
        "费用",
        "费",
        "amount",
        "amt",
        "total",
        "sum",
        "date",
        "time",
        "status",
        "result",
        "level",
        "reason",
        "desc",
        "description",
        "note",
        "notes",
        "detail",
        "details",
        "info",
        "value",
        "type",
        "category",
        "record",
        "days",
        "hours",
        "count",
        "history",
        "remark",
    ]
)
# Heads that say how a thing is written down and not what it is: an amount, a result, a type of anything.
_GENERIC = """
药品 药品名称 金额 数额 额 合计 总额 小计 总计 总金额 标准 费用 费 总费用 费用标准 支出 支出金额 会费 支付金额 实付金额 结算金额 批准金额 缴费 经费 成本
数值 值 数 量 总量 数量 次数 个数 件数 天数 小时数 时长 频次 用量 剂量 余量 指标 指标项 指标名称 参数 参数名 数据项 权重
类别 类型 种类 分类 性质 属性 类目 大类 小类 等级 级别 层级 档次 方式 形式 来源 方向 标签 关键词 项目 项目名称 事项 事项名称 名称 标题 主题
结果 处理结果 情况 状态 状况 进度 效力 环节 节点 意见 审核意见 标志 标识 是否
编号 号 编码 代码 记录号 记录编号 登记号 id 备案号 受理号
率 比例 占比 百分比 系数 得分 评分 分数 总分 平均分 最终得分 得分率 测评得分 测评成绩 测评结果 评定结果 评定等级 鉴定意见 表现 排名 名次 打分
amount amt sum total cost fee budget expense rental value quantity qty count num number days hours duration volume times length
id no code key record_no ticket_no item_code type kind class category cls method mode source channel subtype level grade rank band level_name
status state result stage flag label tag tags item indicator metric_name name_of_thing item_name percent percentage ratio rate pct proportion share
score scores total_score rating points point balance dues balance severity boolean season quarter period unit
jine feiyong zongjine shuliang cishu leibie leixing fenlei zhonglei mingcheng biaoti bianhao daima bianma zhuangtai bili zhanbi defen fenshu zongfen shifou
"""
# Words of when, which and how much, and of things, that leave a head as harmless as it was.
_MODIFIERS = """
开始 结束 起始 起 止 截止 截至 创建 新建 更新 修改 变更 提交 填写 填报 填表 报送 上报 审核 审批 复核 发布 公布 生效 失效 到期 有效 预计 预定 计划 实际 拟 应 实
已 未 待 最后 最近 最新 首次 末次 上次 下次 本次 本月 本年 本期 上期 上月 上年 下月 当前 当月 当年 近 累计 平均 总 合 共 最高 最低 最大 最小 年度 季度 月度 半年
每日 每月 每周 每年 年 月 日 周 时 分 秒 第 一 二 三 四 五 六 七 八 九 十 两 级 上 下 前 后 新 旧 原 现 主 副 正 主要 所属 所在 所 属 归属 归口 负责 主管 承办 主办 协办
牵头 责任 使用 领用 购买 购置 采购 入库 出库 在库 库存 盘点 借用 借出 借阅 归还 发货 收货 到货 下单 送货 配送 运输 安装 维护 维修 报修 检修 施工 生产 制造 供应 供货
验收 招标 投标 中标 评标 签订 签约 合同 订单 商品 设备 物资 图书 工单 流程 任务 系统 平台 网站 官网 栏目 频道 新闻 公告 通知 食堂 班车 车辆 仓库 会议 培训 课程 考试
活动 竞赛 比赛 赛事 讲座 场馆 场地 场次 线路 站点 问卷 题目 模块 菜单 字典 接口 日志 版本 附件 图片 视频 课件 下载 上传 开放 开课 开班 开工 竣工 完工 完成 举办 举行
举报 服务 咨询 预约 报名 签到 参赛 参加 参与 参会 参训 统计 导出 导入 显示 默认 必填 排序 提案 立案 办理 办结 受理 接收 回复 答复 转办 承接 移交 登记 录入 备案 存放
阶段 兑换 交易 航班 出票 停车 保管 采集 质量 成立 收件 寄件 离职 入职 在职 任职 调动 推文 消费 充值 机 POS 卡 存储 集合 出发 到达 发车 首 末 单 双 全 各 每 本 该 此 的 之 及 与 和 或 等 按 在 用 期 者 人 员 员工 职工 会员 学员 读者 用户 个人 您 我 名 称 数 量 额 率 号 值 元 万元
次 天 小时 分钟 个 件 台 套 份 公司 单位 集团 工会 分会 基层 总部 部门 车间 班组 岗位 技能 兴趣 爱好 能力 意向 希望 期望 从事 工作 业务 专业 学习 在线 线上 线下 公开
start end begin finish create created update updated modified last first next prev previous current new old total avg average max min is has by at on of to for the in per
with and or from main primary sub order item product goods sys system app web biz business plan planned actual expected year month week day monthly yearly annual daily weekly
event course class meeting train training exam book asset device dept team work file page form task flow node log menu role submit finish finished reg registered sign publish
released approve approved audit expire expiry due seq sort desc info cd nm ts dt ts flg upd crt tm ind my all cur src dst
午餐 早餐 晚餐 用餐 就餐 供餐 送餐 订餐 餐饮 菜品 门票 车票 机票 船票 住宿 客房 酒店 房型
座位 座次 班级 学期 教学 教材 师资 课堂 实操 理论 模拟 补考 阅卷 命题 题型 竞答 答题
投票 评选 评审 展览 展示 演出 排练 彩排 宣传 稿件 投稿 编辑 刊发 发稿 转发 阅读
播放 点播 直播 录像 摄像 海报 条幅 横幅 印刷 装订 复印 档案 归档 调阅 销毁 密封 盖章 用印
印章 签章 合规 法务 审计 内控 风控 预算 决算 核算 开票 发票 税务 付款 收款 结算 对账
汇款 询价 比价 议价 竞价 拍卖 租赁 出租 承租 保险 理赔件 折旧 残值 原值 净值 盘盈 盘亏 调拨
领料 退料 补货 缺货 保质 保质期 有效期 检定 校准 计量 巡检 点检 检查 抽查 抽检 整改 隐患 安全
消防 应急 演练 预案 环保 排放 能耗 用电 用水 用气 燃气 供热 供水 供电 电表 水表 气表 抄表
读数 停电 停水 土建 调试 试运行 图纸 设计 勘察 监理 分包 总包 工程 标段 进场 退场 交底 技术
工艺 工序 产线 产品 产量 班产 质检 合格 返工 返修 废品 不良 型号 规格 批次 材质 尺寸 重量
容量 功率 电压 频率 温度 湿度 噪声 粉尘浓度 采样 监测 监控 摄像头 传感器 网关 终端 服务器 主机
端口 域名 带宽 流量 备份 恢复 部署 上线 下线 迭代 需求 缺陷 用例 测试 代码 仓 分支 合并 构建
告警 请求 响应 缓存 队列 队伍 库位 货位 货架 箱 托盘 车位 车库 泊位 出场 里程 油耗 加油
充电 年检 保养 轮胎 行驶 路线 班次 车次 首班 末班 到站 道口 区间 公里 报警 值守 岗亭
门岗 通道 楼层 楼栋 单元 园区 厂区 井口 采区 工作面 巷道 码头 泊船 航次 港区 场站 变电站 线损
绿化 保洁服务 物业 报修件 维保 电梯 空调 锅炉 压力容器 特种设备 工具 量具 备件 耗材 劳保 防护
安全帽 工装 工鞋 手套 借书 还书 书目 期刊 报刊 杂志 文献 索引 知识 选项 答案 正确 错误 样卷
样本 抽样 权重 指标 口径 基准 目标 进度 里程碑 节点 批复 批文 请示 报告 函 令 简报 纪要 议程
议题 决议 表决 选票 议案 建议 议事 督办 催办 承诺 时限 超期 超时 剩余 剩 限 满 空 占用 空闲
可用 锁定 冻结 解冻 启用 停用 注销 撤销 作废 同步 迁移 清洗 校验 比对 去重 补录 抽取 加载
汇集 归集 分发 推送 送达 触达 打开 点击 曝光 转化 留存 活跃 新增 净增 增 减 增减 变动 异动
环比 同比 当期 同期 基期 期初 期末 上年末 结转 年末 年初 季末 月末 旬 上旬 中旬 下旬 周末
工作日 节假日 春节 国庆 中秋 端午 清明 元旦 五一 暑期 寒期 暑假 寒假 夏季 冬季 春季 秋季
往届 历届 本届 上届 下届 往年 历年 历次 历史 既有 现有 原有 初次 再次 次年 当日 当天 次日 首日 起止 终止 中止
暂停 延期 提前 推迟 限期 临期 期间 期内 周期 轮次 轮 届 批 段 总体 整体 综合 全部 部分 单次 拆分 组合 关联 对应
相关 有关 涉及 其中 其余 其它 其他 附 附加 额外 补充 临时 长期 短期 固定 常规 普通 重点 关键 基础 自定义 内部 外部 本级
同级 分部 省级 市级 县级 国家级 厂级 公司级 集团级 班组级 部门级 车间级 行业 全国 全省 全市 走访 回访 调研 座谈 汇报
征集 收集 汇总 整理 分派 派发 派单 接单 下达 传达 推进 落实 跟踪 跟进 反馈 测算 核定 核实 核对 核准 确认 退回 撤回
关闭 启动 立项 结项 申报 申领 申购 选择 选定 勾选 扫码 打印 邮寄 寄送 带队 组队 分组 抽签 计分 计时 计次 场景
页面 弹窗 图标 按钮 链接 正文 封面 字号 字体 颜色 尺码 款式 花色 包装 礼品 奖品 赠品 餐次 主食 水果 饮料 展位 舞台
灯光 音响 道具 服装 桌 椅 柜 架 水 电 气 暖 网 外派 派驻 派往 事发 发生 听众 观众 双方 对方
overall general remaining prior related internal external local regional national group batch round stage
phase session cover caption subtitle printed mailed selected chosen requested required optional attached shipped
returned opened closed started ended logged viewed clicked shared liked uploaded downloaded archived study learning learn watch watched
"""
# Whatever stands before them, they tell of a make, a label or a share and of nobody.
THING_HEADS = ("型号", "品牌", "厂家", "条码", "设备编号", "仪器编号", "占比", "覆盖率", "参与率")
# Where a person's household is registered tells of origin, whatever the kind or region in the cells.
HOUSEHOLD = re.compile("户籍|户口|户别|落户|huji|hukou|household_reg")
MONEY = re.compile("(?:费|酬|款|金额|额|元|薪|_amt|_amount|_fee|_pay|_diff)$")
# Letters and stems of body, illness, pay and private life. No header that holds one speaks of less, unless the
# whole of it is a word that is known to.
SIGNS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "health": re.compile(
            "[病症癌瘤炎孕妊尿肝肾肺胆胃肠血聋瘫]|药|诊|医嘱|疗(?!休?养)|残疾|伤残|致残|疫苗|过敏|心率|心电|脉搏|视力|听力|听阈|助听|轮椅|胰岛|彩超|超声|胸片|影像|体检|"
            "体重|身高|心理|抑郁|焦虑|睡眠|情绪|哺乳|月经|生育|流产|受伤|工伤|健康|化验|检验|抗体|抗原|肌酐|激素|康复|"
            "blood|hemo|haemo|cardi|pulmon|hepat|renal|diagn|clinic|patholog|surg(?:er|ic)|pregnan|matern|medic|disab|illness|sick|therap|psych|depress|"
            "anxiety|symptom|allerg|vaccin|dosage|health|injur|tijian|jiankang|xueya|xuetang|xuezhi|zhenduan|yaopin|canji|huaiyun|bingli|jibing|guomin"
        ),
        "pay": re.compile(
            "[薪酬俸]|工资|津贴|补贴|补助|奖金|所得|提成|分红|公积金|年金|养老|社保|医保|五险|扣款|扣发|扣缴|代扣|应发|实发|补发|抚恤|救助|慰问金|"
            "(?:补|贴|津|奖|扣)(?:金|费|款|额|数)?$|"
            "salar|wage|payroll|payslip|paid|bonus|allowan|deduct|stipend|subsid|compensat|pension|annuity|earning|income|commission|incentive|withh|reimburs|"
            "gongzi|xinchou|xinzi|jiangjin|jintie|butie|buzhu|gongjijin|nianjin|yanglao|shebao|yibao|koukuan|geshui|yingfa|shifa"
        ),
        "hardship": re.compile("贫困|困难|致困|低保|特困|孤寡|救济|poverty|hardship|kunnan"),
        "discipline": re.compile(
            "违纪|违规|违法|违章|处分|惩|刑|犯罪|罚|诫勉|举报|问责|disciplin|punish|penalt|violat|criminal"
        ),
        "family": re.compile("配偶|子女|父母|家属|亲属|婚|spouse|child|marri|famil"),
        "religion": re.compile("宗教|信仰|relig"),
    }
)
# Letters and units around the words; they say nothing.
NOISE = (
    "必填",
    "选填",
    "可选",
    "请填写",
    "您的",
    "我的",
    "员工",
    "职工",
    "本人",
    "个人",
    "当前",
    "最新",
    "元",
)
# A number of what? Without a word before them that is known, these say nothing of whose they are.
VAGUE = frozenset(
    ["编号", "号", "编码", "代码", "序列号", "id", "no", "code", "number", "num", "sn", "key", "uid", "nr"]
)


def _table(text: str) -> dict[str, str]:
    """Return the semantic of each word; of a word that stands twice, the first."""
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        semantic, *words = line.split()
        for word in words:
            found.setdefault(word, semantic)
    return found


ZH: Mapping[str, str] = MappingProxyType(_table(_ZH))
EN: Mapping[str, str] = MappingProxyType(_table(_EN))
PINYIN: Mapping[str, str] = MappingProxyType(_table(_PINYIN))
INITIALS: Mapping[str, str] = MappingProxyType(_table(_INITIALS))
GENERIC = frozenset(_GENERIC.split())
MODIFIERS = frozenset(_MODIFIERS.split())
