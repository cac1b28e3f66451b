"""What the cells of a column are, one by one: their kinds, and personal data that stands inside them."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from xinqiao_governance.canonical import require_shallow
from xinqiao_governance.check_digits import is_credit_code, is_date, is_identity_number, passes_luhn
from xinqiao_governance.classify.vocabulary import (
    AMBIGUOUS,
    CLINIC_WORDS,
    CLOSED,
    COMPOUND_SURNAMES,
    GIVEN,
    HEALTH_WORDS,
    LIFE_WORDS,
    OF_SOMEBODY,
    PAY_WORDS,
    POSTS,
    SURNAMES,
)
from xinqiao_governance.errors import WireInvalid

_INVISIBLE = re.compile("[\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad]")
_GAPS = re.compile(r"[\s\-‐-―_.·/]+")
EMPTY = frozenset(
    (
        "",
        "-",
        "--",
        "/",
        "\\",
        "无",
        "none",
        "null",
        "nan",
        "n/a",
        "na",
        "暂无",
        "nil",
        "#n/a",
        "空",
        "未填",
        "—",
        "——",
        "?",
        "？",
        "不详",
        "略",
        "#ref!",
        "无。",
    )
)

_HAN = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{2})")
_MOBILE_CORE = r"1(?:3\d|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}"
_MOBILE = re.compile(rf"(?:\+?86|0086)?({_MOBILE_CORE})")
_LANDLINE = re.compile(r"\(?(0(?:10|2\d|[3-9]\d{2}))\)?[-\s]?\d{7,8}(?:(?:[-转#x]|ext\.?)\s?\d{1,6})?")
_HOTLINE = re.compile(r"(?:400|800)[-\s]?\d{3,4}[-\s]?\d{3,4}|9[56]\d{3,4}|12[3-9]\d{2}|1[12]\d")
_STAR = r"[*＊●•xX×#]"
_MASKED: Mapping[str, re.Pattern[str]] = {
    "mobile": re.compile(rf"1[3-9]\d{_STAR}{{3,6}}\d{{2,4}}|1[3-9]\d{_STAR}{{8}}|{_STAR}{{7}}\d{{4}}"),
    "id_card": re.compile(
        rf"\d{{1,10}}{_STAR}{{4,16}}[\dXx]{{1,6}}|\d{{6}}{_STAR}{{6,12}}|{_STAR}{{10,17}}[\dX]{{1,6}}"
    ),
    "person_name": re.compile(
        r"[\u4e00-\u9fff][*＊某○×xX]{1,2}[\u4e00-\u9fff]?|[*＊][\u4e00-\u9fff]{1,2}|[\u4e00-\u9fff](?:某某|某)"
    ),
    "email": re.compile(r"[\w.*]*\*+[\w.*]*@[\w*-]+\.[a-z.]{2,}", re.I),
    "bank_card": re.compile(
        r"\d{4,6}[\s]?\*{2,}[\s*]*\d{3,4}|\*{4}[\s]?\*{4}[\s]?\*{4}[\s]?\d{3,4}|\*{2,4}\d{4}|尾号\s?\d{4}"
    ),
    "plate_number": re.compile(r"[\u4e00-\u9fff][A-Z][·]?[A-Z\d]*\*+[A-Z\d]*"),
    "birth_date": re.compile(
        r"(?:19|20)\d\d[-/年.]?[*X]{1,2}[-/月.]?[*X]{0,2}日?|\*{2,4}[-/年]\d\d?[-/月]\d\d?日?"
    ),
}
_EMAIL = re.compile(r"[a-z0-9][\w.+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.I)
_URL = re.compile(r"(?:https?|ftp)://\S+|www\.\S+|/(?:[\w-]+/)+[\w.-]+", re.I)
_IP = re.compile(
    r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?::\d{2,5})?|(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{1,4}",
    re.I,
)
_MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}", re.I)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s-]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警]"
)
_PASSPORT = re.compile(r"(?:[EGDSP]\d{8}|E[A-HJ-NP-Z]\d{7}|1[45]\d{7})", re.I)
_PERMIT = re.compile(r"[HMCW]\d{8}(?:\d{2})?")
_DATE = re.compile(
    r"((?:19|20)\d{2})\s?[-/.年]\s?(\d{1,2})(?:\s?[-/.月]\s?(\d{1,2})\s?日?|月?)?(?:[\sT]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?Z?"
)
_MIDNIGHT = re.compile(r"[\sT]0?0:00(?::00(?:\.0+)?)?Z?$")
_SLASHED = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]((?:19|20)\d{2})")
_TIME = re.compile(r"(?:上午|下午|晚上)?\d{1,2}[:：]\d{2}(?::\d{2})?(?:\s?[-~至—]\s?\d{1,2}:\d{2})?")
_PERCENT = re.compile(r"[+-]?\d+(?:\.\d+)?\s?%")
_MEASURED = re.compile(
    r"[¥￥$€]\s?[+-]?\d[\d,]*(?:\.\d+)?|\([¥￥$€]?\d[\d,]*\.\d+\)|\d[\d,]*(?:\.\d+)?\s?[元万千百]+/[\u4e00-\u9fff]{1,2}|"
    r"[¥￥$约]?\s?[+-]?\d[\d,]*(?:\.\d+)?\s?(?:[元块万千百]+|rmb|cny|kg|公斤|斤|克|g|吨|米|m|cm|km|公里|㎡|平米|个|件|台|套|次|天|日|小时|h|分钟|分|人|本|岁|周岁|年|个月|月|场|门|节|页|升|l|ml|步|名|学时|课时|度|票|份|人次|期)",
    re.I,
)
_PRESSURE = re.compile(r"(?:[89]\d|1\d{2}|2[0-3]\d)\s?/\s?(?:[4-9]\d|1[0-3]\d)(?:\s?mmhg)?", re.I)
_COORDINATES = re.compile(
    r"[([]?\s?-?(?:1[0-3]\d|[7-9]\d|[1-5]\d)\.\d{3,}\s?[,，;\s]\s?-?(?:1[0-3]\d|[7-9]\d|[1-5]\d)\.\d{3,}\s?[)\]]?"
)
_HASH = re.compile(
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|\$2[aby]\$\d\d\$\S{40,}|\$argon2\S+|\$[156]\$\S+|\{?ssha\}?\S{20,}|sha\d+\$\S+|pbkdf2\S+|md5:\S+)",
    re.I,
)
_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*|sk-\w{16,}|Bearer\s\S+|ghp_\w+")
_UUID = re.compile(r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?", re.I)
_WXID = re.compile(r"wxid_\w{6,}|o[A-Za-z0-9_-]{27}")
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9\-_/.#]*")
_LATIN_NAME = re.compile(
    r"[A-Z][a-z]+(?:\s[A-Z][a-z]+){1,2}|[A-Z]{2,}\s[A-Z]{2,}(?:\s[A-Z]{2,})?|[A-Z][a-z]+,\s?[A-Z][a-z]+"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{2,6})?")
_ADDRESS = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}(?:省|自治区|市|区|县|镇|乡|街道|村))?[\u4e00-\u9fffA-Za-z0-9]{0,14}?(?:路|街|道|巷|弄|胡同|小区|社区|家园|花园|新村|公寓|苑|里|村|屯|宿舍|家属院|大院)[\u4e00-\u9fffA-Za-z0-9]{0,8}?\d+[-\d]*\s?(?:号|栋|幢|单元|楼|室|户|组|-)"
)
_ROOM = r"\d{2,4}\s?(?:室|号|户|房)?"
_ROOMS = re.compile(rf"\d+\s?(?:栋|幢|号楼|座|#)[-\s]?(?:\d+\s?(?:单元|门)[-\s]?(?:{_ROOM})?|{_ROOM})")
_ORGANISATION = re.compile(
    r".{2,}(?:公司|集团|厂|局|医院|大学|学院|银行|研究院|研究所|中心|协会|商行|商店|合作社|事务所|出版社|委员会|工会|超市|支行|分行)"
)
_TITLED = re.compile(r"《[^》]+》(?:[,;、]?《[^》]+》)*(?:第[\d一二三四五六七八九十百]+[条章款项号])*")
_UNIT = re.compile(
    r".{1,}(?:部|科|处|室|车间|班|组|队|工段|办|支部|站|所|中心|分厂|工区|段|矿|委|委员会|部门|项目部|分会|班组)"
)
_PAIRS = re.compile(r"[\"']?([A-Za-z_\u4e00-\u9fff]{1,16})[\"']?\s?[=:：]\s?[\"']?([^\"'&;,，；|}\n<>]+)")
_TAGS = re.compile(r"<([A-Za-z_\u4e00-\u9fff]+)>([^<]*)</")

_IN_MOBILE = re.compile(rf"(?<![\d.])(?:\+?86[-\s]?)?({_MOBILE_CORE})(?!\d)")
_ELEVEN = re.compile(r"(?<!\d)\d{11}(?!\d)")
_IN_SPACED_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[-\s]\d{4}[-\s]\d{4}(?!\d)")
_IN_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])\d{6}[-\s]?\d{4}[-\s]?\d{4}[-\s]?\d{3}[\dXx](?![\dA-Za-z])|(?<!\d)\d{15}(?!\d)"
)
_IN_CARD = re.compile(
    r"(?<![\dA-Za-z])(?:62|4|5|35|3[47]|60|9)\d{2}[\s-]?\d{4}[\s-]?\d{4}[\s-]?\d{3,4}(?:[\s-]?\d{1,3})?(?![\dA-Za-z])"
)
_IN_MASKED = re.compile(r"(?<!\d)1[3-9]\d[*＊]{4}\d{4}|\d{6}[*＊]{6,8}\d{3,4}[Xx]?|尾号\s?\d{4}")
_IN_WECHAT = re.compile(
    r"wxid_\w{6,}|(?:微信|vx|wx|weixin|qq|q号|加我)\s?(?:号)?\s?[:：是]?\s?[a-z]?[\w-]{5,}", re.I
)
_IN_HOME = re.compile(r"(?:家住|住在|住址|家庭地址|地址是|搬到|现住)[^，。；\n]{0,20}?[路街号栋室村巷小区]")
_TITLES = "师傅|同志|同事|主任|经理|女士|先生|班长|组长|书记|老师|科长|处长|队长|大姐|大哥|总|工程师|工(?=[\\W]|$)|主席|部长|厂长|医生"
_IN_NAMED = re.compile(
    rf"(?:姓名|联系人|患者|员工|职工|本人|我是|我叫|名叫|叫做|家属|配偶|徒弟|同事|领导|报告人|经办|签字|联系|慰问|转|父亲|母亲|妻子|丈夫|儿子|女儿|爱人|孩子)\s?[:：是为叫]?\s?([\u4e00-\u9fff]{{2,3}})(?=[\W\d的因]|$|{_TITLES})"
)
_IN_TITLED = re.compile(rf"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{{2,3}})(?:{_TITLES})")
_IN_FIRST = re.compile(r"^([\u4e00-\u9fff]{2,3})[,:;(，、]")
_IN_KIN = re.compile(
    r"(?:弟弟|哥哥|姐姐|妹妹|儿子|女儿|配偶|妻子|丈夫|父亲|母亲|岳父|岳母|爱人|表弟|表哥|堂弟)([\u4e00-\u9fff]{2})"
)
_STOP = re.compile(r"[，,。；;！!？?][^\W\d]")
_SENTENCE = re.compile(r"[。！？!?\n；;]")

# Keys of JSON, XML or name=value that name something core; `read_header` is asked for each.
_LONG, _SHORT = 18, 24
_QUESTION = 12
_LONGEST, _OVERLAP = 400, 60
_LEAST_LONG, _FEW, _LEAST_ROWS = 12, 0.05, 10


@dataclass
class Evidence:
    """What was seen in a column's filled cells: `kinds` counts them, `inside` those with personal data inside.

    `shares` of kinds are of `filled`. `examples` never leave this module.
    """

    filled: int = 0
    distinct: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    inside: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    telling: Counter[str] = field(default_factory=Counter)  # of `closed`, words that mean one thing anywhere
    moments: int = 0  # cells with a day and its time, which is not midnight as programs write it
    years: list[int] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    lengths: Counter[int] = field(default_factory=Counter)
    long_texts: int = 0
    sentences: int = 0  # of the long texts, those with a stop or a comma between words
    keys: Counter[str] = field(default_factory=Counter)
    decimals: int = 0
    serial: bool = False
    topics: Counter[str] = field(default_factory=Counter)  # short cells with a word of health, life, a clinic
    counted_addresses: int = 0  # web addresses with eleven digits that are no mobile's
    named_first: int = 0  # cells that begin like a name, as scans of a person's papers are called

    @property
    def outliers(self) -> bool:
        """Say whether a few cells are far longer than the rest: something else may have been written there."""
        if not self.lengths:
            return False
        usual = median(self.lengths.elements())
        long = sum(count for length, count in self.lengths.items() if length >= max(_LEAST_LONG, 3 * usual))
        return 0 < long <= _FEW * self.filled

    @property
    def counts_up(self) -> bool:
        """Say whether the numbers are 1, 2, 3 and so on with few left out, as rows are counted."""
        if len(self.numbers) < _LEAST_ROWS or len(self.numbers) < 0.9 * self.distinct:
            return False
        if self.distinct < min(0.9 * self.filled, _MOST / 2):
            return False
        return min(self.numbers) in (0, 1) and max(self.numbers) <= 1.2 * self.filled + 1

    def share(self, *kinds: str) -> float:
        """Return the part of the filled cells that are of one of `kinds`."""
        return sum(self.kinds[kind] for kind in kinds) / self.filled if self.filled else 0.0

    def inside_share(self) -> float:
        """Return the part of the filled cells with personal data inside."""
        return self.inside["any"] / self.filled if self.filled else 0.0

    def closed_share(self, semantic: str) -> float:
        """Return the part of the filled cells that are words of one closed list."""
        return self.closed[semantic] / self.filled if self.filled else 0.0


def plain(cell: str) -> str:
    """Return a cell as a reader sees it: compatibility forms, spaces and invisible letters undone."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", cell))
    return text.strip().lstrip("'`\u2018\u2019").strip()


def read_cells(cells: Iterable[str | None]) -> Evidence:
    """Look at the cells of a column; equal ones once.

    Of very many different ones the frequent and a part spread over the rest are read, with the weight of all,
    and those in which a number or address of a person may stand: what is in one cell of a hundred is found.
    """
    counted = Counter(cells)
    counted.pop(None, None)
    evidence = Evidence()
    merged: Counter[str] = Counter()
    for cell, times in _chosen(counted):
        merged[plain(cell)] += times
    for text, times in merged.items():
        if text.lower() in EMPTY:
            continue
        _add(evidence, text, times)
    evidence.serial = _is_serial(merged)
    return evidence


_MOST, _FREQUENT, _MOST_STRIKING = 4_000, 1_000, 200
_MIX, _MIXED = 2_654_435_761, 1 << 32  # a multiplicative hash, so that no rhythm of the rows is followed
_STRIKING = re.compile(
    r"1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)|\d{6}[-\s]?\d{8}[-\s]?\d{3}[\dXx](?!\d)|\d{4}\s?\d{4}\s?\d{4}\s?\d{4}|@|[*＊]{3}|wxid_"
)


def _chosen(counted: Mapping[str | None, int]) -> Iterator[tuple[str, int]]:
    """Yield the cells to read with their weights."""
    cells = [(cell, times) for cell, times in counted.items() if cell is not None]
    if len(cells) <= _MOST:
        yield from cells
        return
    often = sum(times for _, times in cells) / _FREQUENT
    rare = [(cell, times) for cell, times in cells if times < often]
    yield from ((cell, times) for cell, times in cells if times >= often)
    step, striking = -(-len(rare) // _MOST), 0
    for place, (cell, times) in enumerate(rare):
        if place * _MIX % _MIXED * step < _MIXED:
            yield cell, times * step
        elif striking < _MOST_STRIKING and _STRIKING.search(cell):
            striking += 1
            yield cell, times


def _add(evidence: Evidence, text: str, times: int) -> None:
    kind = kind_of(text, evidence)
    evidence.filled += times
    evidence.distinct += 1
    evidence.kinds[kind] += times
    if kind == "timestamp" or (kind == "date" and ":" in text and not _MIDNIGHT.search(text)):
        evidence.moments += times
    evidence.lengths[len(text)] += times
    low = text.lower()
    for semantic, words in CLOSED.items():
        if low in words:
            evidence.closed[semantic] += times
            evidence.telling[semantic] += times * (low not in AMBIGUOUS)
    if is_post(text):
        evidence.closed["post"] += times
        evidence.telling["post"] += times
    if kind in _TEXTS:
        _add_inside(evidence, text, times)
        evidence.named_first += times * (_looks_like_name(text[:2]) or _looks_like_name(text[:3]))
        if len(text) <= _SHORT and low not in CLOSED["leave"]:
            evidence.topics["health"] += times * bool(HEALTH_WORDS.search(text))
            evidence.topics["private_life"] += times * bool(LIFE_WORDS.search(text))
            evidence.topics["clinic"] += times * bool(CLINIC_WORDS.search(text))
        if len(text) >= _LONG and kind != "url":
            evidence.long_texts += times
            evidence.sentences += times * bool(_STOP.search(text))


def is_post(text: str) -> bool:
    """Say whether a cell is a trade or an office, and not somebody's name with one behind it."""
    found = POSTS.fullmatch(text)
    return found is not None and not (found[1] and _looks_like_name(found[1]))


_TEXTS = frozenset(
    ("text", "name", "word", "address", "organisation", "unit", "code", "structured", "url", "number_in_text")
)


def kind_of(text: str, evidence: Evidence) -> str:
    """Return the kind of one whole cell; numbers and years are added to `evidence`."""
    if len(text) > _LONGEST:  # no number, name or address is; and patterns take long over long nonsense
        return _kind_of_structured(text, evidence) if text[:1] in "{[<" or _is_pairs(text) else "text"
    digits = _GAPS.sub("", text).removeprefix("+")
    if digits.isascii() and digits[:-1].isdigit() and (digits[-1:].isdigit() or digits[-1:] in "xX"):
        return _kind_of_digits(text, digits, evidence)
    if "*" in text or "●" in text or "某" in text or "xxx" in text.lower() or "尾号" in text or "××" in text:
        for kind, pattern in _MASKED.items():
            if pattern.fullmatch(_spaceless(text)) or pattern.fullmatch(text):
                return f"masked_{kind}"
    if _HAN.search(text) is None:
        return _kind_of_latin(text, evidence)
    return _kind_of_chinese(text, evidence)


def _spaceless(text: str) -> str:
    return re.sub(r"[\s\-]+", "", text)


def _kind_of_digits(text: str, digits: str, evidence: Evidence) -> str:
    length = len(digits)
    match = _DATE.fullmatch(text)
    if match and (match[3] or "." not in text):
        evidence.years.append(int(match[1]))
        return "date"
    slashed = _SLASHED.fullmatch(text)
    if slashed:
        evidence.years.append(int(slashed[1]))
        return "date"
    if _PRESSURE.fullmatch(text):
        return "pressure"
    if "." in text or (text[:1] in "+-" and length < 10):
        whole, _, fraction = text.partition(".")
        if fraction and set(fraction) == {"0"} and whole.isdigit():
            return _kind_of_digits(whole, whole, evidence)
        if _NUMBER.fullmatch(text):
            evidence.numbers.append(float(text.replace(",", "")))
            evidence.decimals += 1
            return "decimal"
        if _IP.fullmatch(text):
            return "ip_address"
        match = _COORDINATES.fullmatch(text)
        return "location" if match else "code"
    if is_identity_number(digits):
        return "id_card"
    if _MOBILE.fullmatch(digits):
        return "mobile"
    if length == 12 and digits[0] == "0" and _MOBILE.fullmatch(digits[1:]):
        return "mobile"
    if _LANDLINE.fullmatch(text) and length >= 10:
        return "landline"
    if _HOTLINE.fullmatch(text) and "-" in text:
        return "hotline"
    if not digits.isdigit():
        return "id_like" if length == 18 and is_date_inside(digits) else "code"
    return _kind_of_plain_digits(text, digits, length, evidence)


def is_date_inside(digits: str) -> bool:
    """Say whether the birth date of an identity number would be a day."""
    return digits[6:14].isdigit() and is_date(digits[6:14])


def _kind_of_plain_digits(text: str, digits: str, length: int, evidence: Evidence) -> str:
    if length in (18, 17) and is_date_inside(digits) and digits[0] in "12345678":
        return "id_like"
    if 16 <= length <= 19:
        card = digits[:2] in _CARD_HEADS and passes_luhn(digits)
        return "bank_card" if card else "long_number"
    if length == 15 and passes_luhn(digits) and digits[:2] in _IMEI_HEADS:
        return "imei"
    if length == 14 and is_date(digits[:8]) and digits[8:10] < "24":
        evidence.years.append(int(digits[:4]))
        return "timestamp"
    if length == 13 and "12" <= digits[:2] <= "19":
        return "timestamp"
    if length == 10 and "12" <= digits[:2] <= "18":
        return "seconds"
    if length == 8 and is_date(digits):
        evidence.years.append(int(digits[:4]))
        return "date"
    if _HOTLINE.fullmatch(text) and length >= 5 and (digits[:3] in ("400", "800") or length == 5):
        return "hotline" if length == 10 or digits[:2] in ("95", "96", "12") else "integer"
    if "-" in text or "/" in text or " " in text or "_" in text:
        return "code"
    evidence.numbers.append(float(digits))
    if length > 6 and digits[0] == "0":
        return "code"
    return "integer"


_CARD_HEADS = frozenset(
    [
        "62",
        "60",
        "40",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "35",
        "36",
        "37",
        "34",
        "95",
        "94",
        "90",
        "98",
        "99",
        "68",
        "69",
        "64",
        "65",
        "56",
        "58",
        "81",
    ]
)
_IMEI_HEADS = frozenset(["35", "86", "01", "99", "86"])


def _kind_of_latin(text: str, evidence: Evidence) -> str:
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        return _kind_of_scientific(scientific)
    for kind, pattern in _LATIN:
        if pattern.fullmatch(text):
            return kind
    if _IP_FIRST.match(text):
        return "ip_address"
    if _PLACE.match(text):
        return "location"
    if _is_joined(text):
        return "joined"
    upper = text.upper()
    if is_credit_code(upper):
        return "credit_code"
    if _NUMBER.fullmatch(text):
        evidence.numbers.append(float(text.replace(",", "")))
        return "decimal"
    match = _DATE.fullmatch(text)
    if match:
        evidence.years.append(int(match[1]))
        return "date"
    if _MEASURED.fullmatch(text):
        return "measured"
    if text[:1] in "{[<" or _is_pairs(text):
        return _kind_of_structured(text, evidence)
    if _LATIN_NAME.fullmatch(text) and _is_pinyin_name(text):
        return "latin_name"
    if _CODE.fullmatch(text):
        return "code"
    return "word" if len(text) <= _LONG and " " not in text else "text"


_IP_FIRST = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}\d{1,3}(?![\d.])")
_PLACE = re.compile(r"(?:POINT|LINESTRING)\s?\(|-?\d{1,3}\.\d{3,}\s?[°NSEW]", re.I)

_LATIN = (
    ("email", _EMAIL),
    ("url", _URL),
    ("ip_address", _IP),
    ("mac", _MAC),
    ("time", _TIME),
    ("percent", _PERCENT),
    ("pressure", _PRESSURE),
    ("location", _COORDINATES),
    ("uuid", _UUID),
    ("hash", _HASH),
    ("hash", _TOKEN),
    ("wechat", _WXID),
    ("landline", _LANDLINE),
    ("hotline", _HOTLINE),
    ("passport", _PASSPORT),
    ("permit", _PERMIT),
)


def _kind_of_scientific(match: re.Match[str]) -> str:
    exponent = int(match[3])
    if exponent == 10 and match[1] == "1" and (match[2] or "0")[0] in "3456789":
        return "scientific_mobile"
    if exponent == 17:
        return "scientific_id"
    return "scientific_long" if exponent in (14, 15, 16, 18) else "decimal"


def _kind_of_chinese(text: str, evidence: Evidence) -> str:
    match = _DATE.fullmatch(text)
    if match:
        evidence.years.append(int(match[1]))
        return "date"
    if _IP_FIRST.match(text):
        return "ip_address"
    if _PLATE.fullmatch(text.upper()):
        return "plate_number"
    if _MEASURED.fullmatch(text):
        return "measured"
    if _TIME.fullmatch(text):
        return "time"
    if _TITLED.fullmatch(text):
        return "titled"
    if _is_pairs(text) or text[:1] in "{[<":
        return _kind_of_structured(text, evidence)
    if _names_in(text):
        return "name"
    if _is_joined(text):
        return "joined"
    if _ADDRESS.search(text) or _ROOMS.fullmatch(text):
        return "address"
    if _ORGANISATION.fullmatch(text) and len(text) <= 30:
        return "organisation"
    if _UNIT.fullmatch(text) and len(text) <= 16:
        return "unit"
    return "word" if len(text) <= 12 else "text"


_NOTE = re.compile(r"[(\[【].*?[)\]】]$|\d+$")
_LIST = re.compile(r"[、,;/|\s]+")
_PARTS = re.compile(r"[|/;,\t]|\s{1,}|--|_")


def _names_in(text: str) -> bool:
    """Say whether the cell is a name, a name with a note behind it, or a list of names."""
    bare = _NOTE.sub("", text).strip()
    parts = [part for part in _LIST.split(bare) if part]
    named = [part for part in parts if _looks_like_name(part)]
    kin = [part for part in parts if part in CLOSED["family"]]
    return bool(named) and len(named) + len(kin) == len(parts) <= 12


def _is_joined(text: str) -> bool:
    """Say whether several things about a person stand in the cell, kept apart by some sign."""
    parts = [part for part in _PARTS.split(text) if part]
    if not 2 <= len(parts) <= 12:
        return False
    kinds = [kind_of(part, Evidence()) if part.isascii() else "" for part in parts]
    telling = sum(kind in _PERSONAL for kind in kinds)
    named = sum(_looks_like_name(part) for part in parts)
    return telling + named >= 2 or (
        telling + named == 1 and len(parts) >= 3 and named == 1 and any(part.isdigit() for part in parts)
    )


_PERSONAL = frozenset(
    [
        "id_card",
        "mobile",
        "email",
        "bank_card",
        "plate_number",
        "ip_address",
        "mac",
        "imei",
        "masked_mobile",
        "masked_id_card",
        "masked_email",
        "masked_bank_card",
        "passport",
        "permit",
        "wechat",
        "scientific_mobile",
        "scientific_id",
    ]
)


def _looks_like_name(text: str) -> bool:
    """A surname and one or two letters, at least one of them common in given names."""
    if not _NAME.fullmatch(text):
        return False
    if "·" in text:
        return True
    if len(text) == 4 or text[:2] in COMPOUND_SURNAMES:
        return text[:2] in COMPOUND_SURNAMES
    return text[0] in SURNAMES and text not in _NO_NAMES and any(letter in GIVEN for letter in text[1:])


_SYLLABLE = r"(?:[zcs]h?|[bpmfdtnlgkhjqxrwy])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uan|uai|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|er|a|o|e|i|u|v)"
_PINYIN_NAME = re.compile(rf"{_SYLLABLE}(?:[\s,]+{_SYLLABLE}){{1}}(?:[\s'-]?{_SYLLABLE})?", re.I)


def _is_pinyin_name(text: str) -> bool:
    return bool(_PINYIN_NAME.fullmatch(text))


def _is_pairs(text: str) -> bool:
    return len(_PAIRS.findall(text)) >= 2


def _kind_of_structured(text: str, evidence: Evidence) -> str:
    for key in _keys(text):
        evidence.keys[key] += 1
    return "structured"


def _keys(text: str) -> Sequence[str]:
    """Return the names in a cell of JSON, XML or name=value."""
    if text[:1] in "{[":
        try:
            require_shallow(text.encode("utf-8", "replace"))  # the parser would end the process
            return tuple(_json_keys(json.loads(text), depth=3))
        except (ValueError, RecursionError, WireInvalid):
            pass
    found = _TAGS.findall(text) or _PAIRS.findall(text)
    return tuple(key for key, _ in found)


def _json_keys(value: object, depth: int) -> Iterable[str]:
    if depth == 0:
        return
    if isinstance(value, dict):
        for key, held in value.items():
            yield str(key)
            yield from _json_keys(held, depth - 1)
    elif isinstance(value, list):
        for held in value[:8]:
            yield from _json_keys(held, depth - 1)
    elif isinstance(value, str) and len(value) <= _QUESTION:
        yield value


def _add_inside(evidence: Evidence, text: str, times: int) -> None:
    is_address = _URL.fullmatch(text) is not None and "?" not in text and "@" not in text
    look = _numbers_inside if is_address else _inside
    found = {kind for piece in _pieces(text) for kind in look(piece)}
    if is_address and "mobile" not in found and _ELEVEN.search(text):
        evidence.counted_addresses += times
    for kind in found:
        evidence.inside[kind] += times
    if found:
        evidence.inside["any"] += times


def _pieces(text: str) -> Iterator[str]:
    """Yield a long text in pieces that overlap, so that patterns take a time in proportion to its length."""
    for start in range(0, max(1, len(text) - _OVERLAP), _LONGEST - _OVERLAP):
        yield text[start : start + _LONGEST]


def _inside(text: str) -> Iterable[str]:
    """Yield the kinds of personal data that stand inside a text."""
    if any(letter.isdigit() for letter in text):
        yield from _numbers_inside(text)
    if "@" in text and _EMAIL.search(text):
        yield "email"
    if _PLATE.search(text):
        yield "plate_number"
    if _IN_WECHAT.search(text):
        yield "wechat"
    if len(text) < 4:
        return
    if _IN_HOME.search(text) or _ADDRESS.search(text):
        yield "home_address"
    if any(_looks_like_name(match[1]) for pattern in _IN_NAMES for match in pattern.finditer(text)):
        yield "person_name"
        if HEALTH_WORDS.search(text) or LIFE_WORDS.search(text) or PAY_WORDS.search(text):
            yield "told_of"  # what is told of one who is named, whatever the sentence is made like
    yield from _life_inside(text)


_NO_NAMES = frozenset(
    [
        "司机",
        "高级",
        "经理",
        "常务",
        "安全",
        "安全科",
        "水电",
        "平台",
        "后勤",
        "组织",
        "全体",
        "党委",
        "车间",
        "项目",
        "部门",
        "财务",
        "食堂",
        "各位",
        "相关",
        "应急",
        "路过",
        "温馨",
        "祝福会",
        "祝福",
        "成立",
        "成功",
        "方便",
        "高兴",
        "和谐",
        "关于",
        "关心",
        "关爱",
        "关注",
        "管理",
        "管家",
        "时代",
        "时间",
        "时光",
        "万能",
        "万一",
        "明明",
        "明确",
        "应该",
        "应对",
        "任何",
        "任务",
        "解决",
        "解释",
        "常年",
        "常常",
        "常规",
        "经常",
        "向上",
        "向导",
        "计划",
        "计算",
        "单独",
        "单位",
        "全部",
        "全面",
        "全员",
        "平时",
        "平均",
        "平安",
        "安排",
        "安装",
        "安静",
        "安心",
        "包括",
        "包容",
        "强调",
        "强烈",
        "强化",
        "白天",
        "白班",
        "黄金",
        "金婚",
        "金额",
        "石油",
        "方式",
        "方面",
        "方案",
        "程序",
        "过程",
        "高温",
        "高铁",
        "高新",
        "高空",
        "高压",
        "何时",
        "何处",
        "左右",
        "古典",
        "文化",
        "文体",
        "文明",
        "文艺",
        "成绩",
        "成本",
        "成年",
        "成员",
        "成长",
        "华北",
        "华东",
        "华南",
        "易燃",
        "易懂",
        "支持",
        "支付",
        "支部",
        "温度",
        "温暖",
        "水平",
        "米饭",
        "马上",
        "马路",
        "牛肉",
        "龙舟",
        "毛巾",
        "花费",
        "花园",
        "江边",
        "江苏",
        "河北",
        "梅花",
        "柳州",
        "海报",
    ]
)


_IN_NAMES = (_IN_NAMED, _IN_TITLED, _IN_FIRST, _IN_KIN)


def _numbers_inside(text: str) -> Iterable[str]:
    if _IN_MOBILE.search(text) or _IN_SPACED_MOBILE.search(text):
        yield "mobile"
    if any(is_identity_number(re.sub(r"[-\s]", "", match[0])) for match in _IN_IDENTITY.finditer(text)):
        yield "id_card"
    if any(passes_luhn(re.sub(r"[-\s]", "", match[0])) for match in _IN_CARD.finditer(text)):
        yield "bank_card"
    if _IN_MASKED.search(text):
        yield "masked"
    if PAY_WORDS.search(text):
        yield "pay"


def _life_inside(text: str) -> Iterable[str]:
    """A disease or a hardship counts where the same sentence speaks of somebody."""
    if not (HEALTH_WORDS.search(text) or LIFE_WORDS.search(text)):
        return
    for sentence in _SENTENCE.split(text):
        if OF_SOMEBODY.search(sentence):
            if HEALTH_WORDS.search(sentence):
                yield "health"
            if LIFE_WORDS.search(sentence):
                yield "private_life"


def _is_serial(texts: Iterable[str]) -> bool:
    """Say whether numbers of one length share most of their digits, as what a counter gives does."""
    numbers = [text for text in texts if text.isdigit()]
    if len(numbers) < 5:
        return False
    heads = Counter(number[:-4] for number in numbers if len(number) > 6)
    return bool(heads) and heads.most_common(1)[0][1] >= 0.6 * len(numbers)
