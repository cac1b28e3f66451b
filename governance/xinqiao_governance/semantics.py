"""What a column can mean: the semantics that departments share, each with the tier it has of itself.

The tiers follow the three classes of the platform (core-private 核心隐私, business-sensitive 业务敏感, public
公开共享). What PIPL article 28 or GB/T 35273-2020, annex B call sensitive personal information, and whatever
reaches or identifies a person by itself, is core; what describes people at work is sensitive; what is about
things, offers and organisations is public. A tier is a proposal until a steward confirms it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.model_spec import MICRO, CategoryFeature, Feature, NumericFeature


class Family(StrEnum):
    """Semantics of one family share their reason: what they tell about a person."""

    IDENTITY = "identity"
    CONTACT = "contact"
    ACCOUNT = "account"
    PAY = "pay"
    HEALTH = "health"
    PRIVATE_LIFE = "private_life"
    TRACE = "trace"
    MIXED = "mixed"
    WORK = "work"
    TAKING_PART = "taking_part"
    OPINION = "opinion"
    THING = "thing"


@dataclass(frozen=True)
class Semantic:
    """One meaning: its shared name, family, tier, and its name for readers of Chinese and English."""

    name: str
    family: Family
    tier: Tier
    zh: str
    en: str

    @property
    def can_be_feature(self) -> bool:
        """Say whether people share its values: what is almost each person's own is no feature of a model."""
        return self.family not in _OWN


_OWN = (Family.IDENTITY, Family.CONTACT, Family.ACCOUNT, Family.TRACE, Family.MIXED)


def _rows(family: Family, tier: Tier, table: str) -> list[Semantic]:
    rows = (line.split("|") for line in table.strip().splitlines())
    return [Semantic(*(name, family, tier, zh, en)) for name, zh, en in rows]


_ALL = (
    *_rows(
        Family.IDENTITY,
        Tier.CORE,
        """
person_name|姓名|person's name
id_card|居民身份证号|resident identity card number
passport|护照号|passport number
travel_permit|往来港澳台通行证号|travel permit number
employee_no|员工编号|employee number
birth_date|出生日期|date of birth
biometric|生物识别信息|biometric data
credential|口令或密钥|password or token
""",
    ),
    *_rows(
        Family.CONTACT,
        Tier.CORE,
        """
mobile|手机号|mobile number
landline|个人固定电话|personal landline
email|个人电子邮箱|personal e-mail address
wechat|微信号|WeChat id
qq|QQ号|QQ number
social_account|社交账号|social media account
home_address|家庭住址|home address
plate_number|车牌号|vehicle plate
""",
    ),
    *_rows(
        Family.ACCOUNT,
        Tier.CORE,
        """
bank_card|银行卡号|bank card number
social_security_no|社会保障号|social security number
housing_fund_no|公积金账号|housing fund account
""",
    ),
    *_rows(Family.PAY, Tier.CORE, "pay|薪酬|pay"),
    *_rows(
        Family.HEALTH,
        Tier.CORE,
        """
health|健康状况|health
medical_record_no|病历号|medical record number
""",
    ),
    *_rows(
        Family.PRIVATE_LIFE,
        Tier.CORE,
        """
religion|宗教信仰|religion
political_status|政治面貌|political status
marital_status|婚姻状况|marital status
family|家庭成员|family members
hardship|困难情况|hardship
discipline|奖惩处分|discipline
""",
    ),
    *_rows(
        Family.TRACE,
        Tier.CORE,
        """
location_track|行踪轨迹|location track
device_id|设备标识|device identifier
ip_address|IP地址|IP address
""",
    ),
    *_rows(
        Family.MIXED,
        Tier.CORE,
        """
personal_mix|混合的个人信息|several kinds of personal data in a cell
text_personal|含个人信息的文本|free text with personal data
""",
    ),
    *_rows(
        Family.WORK,
        Tier.SENSITIVE,
        """
gender|性别|gender
age|年龄|age
ethnicity|民族|ethnicity
native_place|籍贯|native place
education|学历|education
school|毕业院校|school
major|专业|major
department|部门|department
team|班组|team
post|岗位|post
job_level|职级|job level
years_of_service|工龄|years of service
join_date|入职日期|date of joining
attendance|出勤|attendance
overtime|加班|overtime
leave|休假|leave
appraisal|考核结果|appraisal
skill|技能|skill
certificate|证书|certificate
work_place|工作地点|place of work
""",
    ),
    *_rows(
        Family.TAKING_PART,
        Tier.SENSITIVE,
        """
training_score|培训成绩|training score
course_record|学习记录|learning record
activity_participation|活动参与|taking part in activities
points|积分|points
interest|兴趣爱好|interests
""",
    ),
    *_rows(
        Family.OPINION,
        Tier.SENSITIVE,
        """
satisfaction|满意度|satisfaction
need_category|诉求类别|category of a request
text_opinion|意见文本|free text of opinion
""",
    ),
    *_rows(
        Family.THING,
        Tier.PUBLIC,
        """
organisation|单位名称|organisation
activity_title|活动名称|title of an activity
course_title|课程名称|title of a course
lecture_title|讲座名称|title of a lecture
policy_title|制度文件名称|title of a policy
title_other|名称|name of a thing
product|产品|product
order_no|订单号|order number
record_no|编号|serial number
venue|场地|venue
region|地区|region
category|类别|category
status|状态|status
url|网址|web address
head_count|人数|head-count
price|价格|price
quantity|数量|quantity
event_date|日期|date
event_time|时间|time
hotline|公开电话|public phone line
credit_code|统一社会信用代码|unified social credit code
postcode|邮政编码|postcode
unit_of_measure|计量单位|unit of measure
boolean_flag|是否|yes or no
percentage|百分比|percentage
""",
    ),
)

SEMANTICS: Mapping[str, Semantic] = MappingProxyType({semantic.name: semantic for semantic in _ALL})


def _years(semantic: str, *edges: int) -> NumericFeature:
    return NumericFeature(semantic, tuple(edge * MICRO for edge in edges))


# Only what describes people at work: for what tells of private life, a person has to state bins.
_PUBLIC_BINS: tuple[Feature, ...] = (
    # The five-year groups of the National Bureau of Statistics' population census.
    _years("age", 20, 25, 30, 35, 40, 45, 50, 55, 60),
    # Where years of service change what is due: paid leave (State Council order 514 of 2007, article 3: 1,
    # 10, 20) and sick leave (Ministry of Labour notice 479 of 1994, article 3: 5, 10, 15, 20).
    _years("years_of_service", 1, 5, 10, 15, 20),
    # GB/T 2261.1-2003, as personnel files write it.
    CategoryFeature("gender", ("男", "女")),
    # The levels of GB/T 4658-2006 from the lowest; each name in common use is a bin of its own.
    CategoryFeature(
        "education",
        (
            *("小学", "初中", "高中", "中专", "中技", "技校", "职高"),
            *("大专", "专科", "大学专科", "高职", "本科", "大学本科"),
            *("研究生", "硕士", "硕士研究生", "博士", "博士研究生"),
        ),
    ),
)

PUBLIC_BINS: Mapping[str, Feature] = MappingProxyType({bins.semantic: bins for bins in _PUBLIC_BINS})
"""Bins that are public knowledge, by semantic: the same in every department, and never from its data."""
