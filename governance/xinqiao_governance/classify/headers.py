"""What a column's header says it holds: the head of the compound decides, as a reader's eye does."""

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.classify.lexicon import (
    EN,
    GENERIC,
    HOUSEHOLD,
    INITIALS,
    MODIFIERS,
    MONEY,
    NOISE,
    PINYIN,
    SIGNS,
    SOFT_HEADS,
    THING_HEADS,
    VAGUE,
    ZH,
)
from xinqiao_governance.semantics import SEMANTICS, Family

# Certainties in thousandths.
_WHOLE, _HEAD, _INHERITED, _MOSTLY, _INITIALS_ONLY, _BESIDE_CORE, _INSIDE = 950, 850, 800, 720, 700, 650, 600
_LONGEST_WORD, _LONGEST_RUN, _LEAST_PINYIN, _LONGEST_HEADER = 12, 4, 5, 200

_BRACKETS = re.compile(r"[(\[{<【《「][^)\]}>】》」]*[)\]}>】》」]")
_MEANINGLESS = re.compile(
    r"(?:unnamed|列|字段|栏|column|columns|col|field|f|c|v|q|x|var|value|values|info|data|attr|item|misc|extra|ext|tmp|other|备用|扩展|数据|信息|题|第.题)?[\s_:.-]*(?:[0-9]+|[a-z])?"
)
_QUESTION = re.compile(r"(?:[Qq]|第)?[0-9]{1,3}题?\s?[._、:：,)-]\s?(?=\S{2})")  # Q2_年龄段
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
# What money is given for: 加班单价 is pay.
_EARNED_BY = frozenset(["overtime", "attendance", "leave", "appraisal", "post", "job_level", "skill"])


@dataclass(frozen=True)
class Hint:
    """What a header points to; `certainty` in thousandths. `semantic` is None where it says nothing.

    `known` says that each word of it is known, `named` that it names something in particular: 采购金额 is
    both, 合计金额 is known, 理赔单号 is named. `of_household` says that it speaks of where a person is
    registered, `of_money` that it ends in a word for money.
    """

    semantic: str | None = None
    certainty: int = 0
    known: bool = False
    named: bool = False
    of_household: bool = False
    of_money: bool = False

    @property
    def clear(self) -> bool:
        """Say whether the header leaves nothing open."""
        return self.known and self.named


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    word: str
    semantic: str


def read_header(header: str) -> Hint:
    """Return what `header` points to, in Chinese, English, pinyin or initials."""
    plain = unicodedata.normalize("NFKC", header[:_LONGEST_HEADER]).strip()
    without = _BRACKETS.sub("", _QUESTION.sub("", plain, count=1)).strip() or plain
    low = without.lower()
    if is_meaningless(low):
        return Hint()
    found = _read_chinese(low) if _HAN.search(without) else _read_latin(without)
    found = _signed(found, low)
    return replace(found, of_household=bool(HOUSEHOLD.search(low)), of_money=bool(MONEY.search(low)))


def is_meaningless(low: str) -> bool:
    """Say whether a header, in small letters, is what programs put in the place of a name: F1, Unnamed: 2."""
    return bool(_MEANINGLESS.fullmatch(low)) and not any(low in table for table in (ZH, EN, PINYIN, INITIALS))


def _signed(found: Hint, text: str) -> Hint:
    """Return what a header says that holds a letter or stem of private life beside what is known of it."""
    if found.certainty >= _WHOLE or (found.semantic and SEMANTICS[found.semantic].tier is Tier.CORE):
        return found
    if text.endswith(THING_HEADS):  # nobody's, unless beside people: 助听器型号, 薪资占比
        signed = any(sign.search(text) for sign in SIGNS.values())
        return replace(found, known=False, named=False) if signed else found
    for semantic, sign in SIGNS.items():
        seen = sign.search(text)
        if seen is not None:
            if found.semantic is None or (found.certainty < _HEAD and seen.end() == len(text)):
                return Hint(semantic, _MOSTLY)
            return replace(found, certainty=min(found.certainty, _BESIDE_CORE), known=False, named=False)
    return found


def _read_chinese(text: str) -> Hint:
    text = re.sub(r"[\s_\-:/、,.*#?!+\"'0-9]+", "", text) or text
    if text in ZH:
        return Hint(ZH[text], _WHOLE, known=True, named=text not in GENERIC)
    for noise in NOISE:
        rest = text.removeprefix(noise).removesuffix(noise)
        if rest != text and rest in ZH and rest not in VAGUE:
            return Hint(ZH[rest], _WHOLE, known=True, named=rest not in GENERIC)
    hits = list(_hits(text, ZH))
    known = _all_known(text, "", (ZH, MODIFIERS))
    asked = text.removeprefix("是否")
    if asked != text:
        return _flag(hits, known)
    return _choose(hits, len(text), known)


def _all_known(parts: Sequence[str], joint: str, tables: Sequence[Container[str]]) -> bool:
    """Say whether `parts`, put together by `joint`, are words of `tables` with nothing between them."""
    reached = {0}
    for end in range(1, len(parts) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end):
            if start in reached and any(joint.join(parts[start:end]) in table for table in tables):
                reached.add(end)
                break
    return len(parts) in reached


def _flag(hits: Sequence[_Hit], known: bool) -> Hint:
    """A yes or no about something private is private."""
    for hit in reversed(hits):
        if SEMANTICS[hit.semantic].tier is Tier.CORE:
            return Hint(hit.semantic, _INHERITED, known, named=True)
    return Hint("boolean_flag", _HEAD, known, named=True)


def _read_latin(text: str) -> Hint:
    tokens = _TOKEN.findall(_CAMEL.sub("_", text).lower())
    joined = "_".join(tokens)
    run = "".join(tokens)
    for table, certainty in ((EN, _WHOLE), (PINYIN, _WHOLE), (INITIALS, _INITIALS_ONLY)):
        for name in (joined, run):
            if name in table:
                sure = table is not INITIALS
                return Hint(table[name], certainty, known=True, named=sure and not _is_generic(name, tokens))
    found = _choose(list(_runs(tokens)), len(tokens), _all_known(tokens, "_", (EN, PINYIN, MODIFIERS)))
    if found.semantic is not None:
        return found
    hits = [hit for hit in _hits(run, PINYIN) if len(hit.word) >= _LEAST_PINYIN]
    return _choose(hits, len(run), _all_known(run, "", (PINYIN,)))


def _is_generic(name: str, tokens: Sequence[str]) -> bool:
    """Say whether a header could stand over anything: total, amount, total_amount."""
    return name in GENERIC or all(word in GENERIC for word in tokens)


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


def _choose(hits: Sequence[_Hit], length: int, known: bool) -> Hint:
    """Return what the last word says, or what stands before it where that one is soft."""
    if not hits:
        return Hint()
    head = hits[-1]
    before = next((hit for hit in reversed(hits[:-1]) if hit.end <= head.start), None)
    named = head.word not in GENERIC or (before is not None and before.word not in GENERIC)
    found = _of_head(hits, head, before, length)
    return replace(found, known=known, named=named)


def _of_head(hits: Sequence[_Hit], head: _Hit, before: _Hit | None, length: int) -> Hint:
    at_end = head.end == length
    if before is not None and head.word in SOFT_HEADS:
        return _inherit(before, head)
    if head.word in VAGUE and (before is not None or head.start > 0):
        return _number_of(before)
    if head.semantic == "price" and any(hit.semantic in _EARNED_BY for hit in hits[:-1]):
        return Hint("pay", _INHERITED)
    if at_end:
        return Hint(head.semantic, _BESIDE_CORE if _beside_core(hits, head) else _HEAD)
    return Hint(head.semantic, _MOSTLY if 2 * (head.end - head.start) >= length else _INSIDE)


def _beside_core(hits: Sequence[_Hit], head: _Hit) -> bool:
    """Say whether a head that is no person's stands behind a word that is."""
    if SEMANTICS[head.semantic].tier is Tier.CORE:
        return False
    before = [SEMANTICS[hit.semantic] for hit in hits if hit.end <= head.start]
    if head.word.endswith(THING_HEADS):
        return any(semantic.family is Family.PAY for semantic in before)  # what part of it is pay, is pay
    return any(semantic.tier is Tier.CORE for semantic in before)


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
