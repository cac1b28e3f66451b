"""What a column's header says it holds: the head of the compound decides, as a reader's eye does."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.classify.lexicon import EN, INITIALS, NOISE, PINYIN, SOFT_HEADS, VAGUE, ZH
from xinqiao_governance.semantics import SEMANTICS, Family

# Certainties in thousandths.
_WHOLE, _HEAD, _INHERITED, _MOSTLY, _INITIALS_ONLY, _BESIDE_CORE, _INSIDE = 950, 850, 800, 720, 700, 650, 600
_LONGEST_WORD, _LONGEST_RUN, _LEAST_PINYIN, _LONGEST_HEADER = 12, 4, 5, 200

_BRACKETS = re.compile(r"[(\[{<【《「][^)\]}>】》」]*[)\]}>】》」]")
_MEANINGLESS = re.compile(
    r"(?:unnamed|列|字段|栏|column|columns|col|field|f|c|v|q|x|var|value|values|info|data|attr|item|misc|extra|ext|tmp|other|备用|扩展|数据|信息|题|第.题)?[\s_:.-]*(?:[0-9]+|[a-z])?"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TOKEN = re.compile(r"[a-z]+")
# Identifiers of a kind, or how it is used, tell nothing of the person whom the identifier names.
_KIND_OF_IDENTIFIER = frozenset(
    [
        "类型",
        "类别",
        "种类",
        "性质",
        "状态",
        "时间",
        "日期",
        "次数",
        "数量",
        "量",
        "type",
        "status",
        "date",
        "time",
        "count",
        "category",
    ]
)
_IDENTIFYING = frozenset((Family.IDENTITY, Family.CONTACT, Family.ACCOUNT, Family.TRACE))


@dataclass(frozen=True)
class Hint:
    """What a header points to; `certainty` in thousandths. `semantic` is None where it says nothing."""

    semantic: str | None = None
    certainty: int = 0


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    word: str
    semantic: str


def read_header(header: str) -> Hint:
    """Return what `header` points to, in Chinese, English, pinyin or initials."""
    plain = unicodedata.normalize("NFKC", header[:_LONGEST_HEADER]).strip()
    without = _BRACKETS.sub("", plain).strip() or plain
    if _MEANINGLESS.fullmatch(without.lower()):
        return Hint()
    return _read_chinese(without.lower()) if _HAN.search(without) else _read_latin(without)


def _read_chinese(text: str) -> Hint:
    text = re.sub(r"[\s_\-:/、,.*#?!\"'0-9]+", "", text) or text
    if text in ZH:
        return Hint(ZH[text], _WHOLE)
    for noise in NOISE:
        rest = text.removeprefix(noise).removesuffix(noise)
        if rest != text and rest in ZH and rest not in VAGUE:
            return Hint(ZH[rest], _WHOLE)
    hits = list(_hits(text, ZH))
    asked = text.removeprefix("是否")
    if asked != text:
        return _flag(hits)
    return _choose(hits, len(text))


def _flag(hits: Sequence[_Hit]) -> Hint:
    """A yes or no about something private is private."""
    for hit in reversed(hits):
        if SEMANTICS[hit.semantic].tier is Tier.CORE:
            return Hint(hit.semantic, _INHERITED)
    return Hint("boolean_flag", _HEAD)


def _read_latin(text: str) -> Hint:
    tokens = _TOKEN.findall(_CAMEL.sub("_", text).lower())
    joined = "_".join(tokens)
    run = "".join(tokens)
    for table, certainty in ((EN, _WHOLE), (PINYIN, _WHOLE), (INITIALS, _INITIALS_ONLY)):
        for name in (joined, run):
            if name in table:
                return Hint(table[name], certainty)
    found = _choose(list(_runs(tokens)), len(tokens))
    if found.semantic is not None:
        return found
    return _choose([hit for hit in _hits(run, PINYIN) if len(hit.word) >= _LEAST_PINYIN], len(run))


def _hits(text: str, words: Mapping[str, str]) -> Iterator[_Hit]:
    """Yield the longest word that ends at each place, in order, none inside a longer one before it."""
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - _LONGEST_WORD * 2), end - 1):
            word = text[start:end]
            if word in words:
                yield _Hit(start, end, word, words[word])
                break


def _runs(tokens: Sequence[str]) -> Iterator[_Hit]:
    for end in range(1, len(tokens) + 1):
        for start in range(max(0, end - _LONGEST_RUN), end):
            word = "_".join(tokens[start:end])
            semantic = EN.get(word) or (PINYIN.get(word) if end - start == 1 else None)
            if semantic:
                yield _Hit(start, end, word, semantic)
                break


def _choose(hits: Sequence[_Hit], length: int) -> Hint:
    """Return what the last word says, or what stands before it where that one is soft."""
    if not hits:
        return Hint()
    head = hits[-1]
    before = next((hit for hit in reversed(hits[:-1]) if hit.end <= head.start), None)
    at_end = head.end == length
    if before is not None and head.word in SOFT_HEADS:
        return _inherit(before, head)
    if head.word in VAGUE and (before is not None or head.start > 0):
        return _number_of(before)
    if at_end:
        return Hint(head.semantic, _BESIDE_CORE if _beside_core(hits, head) else _HEAD)
    return Hint(head.semantic, _MOSTLY if 2 * (head.end - head.start) >= length else _INSIDE)


def _beside_core(hits: Sequence[_Hit], head: _Hit) -> bool:
    """Say whether a head that is no person's stands behind a word that is."""
    if SEMANTICS[head.semantic].tier is Tier.CORE:
        return False
    return any(SEMANTICS[hit.semantic].tier is Tier.CORE for hit in hits if hit.end <= head.start)


def _number_of(before: _Hit | None) -> Hint:
    """Whose number it is, says what stands before; a person's is core."""
    if before is None:
        return Hint("record_no", _INSIDE)
    if before.semantic in ("person_name", "family"):
        return Hint("employee_no", _HEAD)
    core = SEMANTICS[before.semantic].tier is Tier.CORE
    return Hint(before.semantic if core else "record_no", _HEAD)


def _inherit(before: _Hit, head: _Hit) -> Hint:
    semantic = SEMANTICS[before.semantic]
    of_kind = semantic.family in _IDENTIFYING and head.word in _KIND_OF_IDENTIFIER
    if of_kind or semantic.tier is Tier.PUBLIC:
        return Hint(head.semantic, _HEAD)
    return Hint(before.semantic, _INHERITED)
