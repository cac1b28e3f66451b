"""Every sentence a person reads, in Chinese and English, by code.

Each area keeps its own module here with one dict `MESSAGES`: code -> (Chinese, English). Gaps are filled
by name with `str.format`; both languages of a code have the same gaps.
"""

import string
from typing import Literal

from xinqiao_governance.budget import LIFETIME
from xinqiao_governance.errors import Field, XinqiaoError
from xinqiao_governance.messages import (
    anchor,
    audit,
    chain,
    checkup,
    classify,
    contract,
    course,
    demo,
    engine,
    evidence,
    general,
    grading,
    job,
    keys,
    local,
    node,
    page,
    policy,
    rehearse,
    report,
    restore,
    rounds,
    sources,
    store,
    subjects,
    sums,
    system,
    witness,
)

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_MAX_CODE = 60
_PERIODS = {"period", "other"}
_LIFETIME = ("全期", "lifetime")


def _merge(*areas: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    merged: dict[str, tuple[str, str]] = {}
    for area in areas:
        twice = merged.keys() & area.keys()
        if twice:
            raise ValueError(f"message codes defined twice: {sorted(twice)}")
        merged |= area
    return merged


MESSAGES = _merge(
    general.MESSAGES,
    grading.MESSAGES,
    anchor.MESSAGES,
    local.MESSAGES,
    node.MESSAGES,
    job.MESSAGES,
    keys.MESSAGES,
    audit.MESSAGES,
    chain.MESSAGES,
    checkup.MESSAGES,
    classify.MESSAGES,
    contract.MESSAGES,
    course.MESSAGES,
    demo.MESSAGES,
    engine.MESSAGES,
    evidence.MESSAGES,
    page.MESSAGES,
    policy.MESSAGES,
    rehearse.MESSAGES,
    report.MESSAGES,
    rounds.MESSAGES,
    restore.MESSAGES,
    sources.MESSAGES,
    store.MESSAGES,
    subjects.MESSAGES,
    sums.MESSAGES,
    system.MESSAGES,
    witness.MESSAGES,
)


def say(code: str, language: Language, **fields: Field) -> str:
    """Return the sentence for `code` in `language`, its gaps filled from `fields`.

    A `reason` that is a system's code reads in that language, too, and so does the period of a budget that
    was never cut into any.

    Raises:
        KeyError: an unknown code or a missing field: a mistake in the program, caught by a test.
    """
    if "reason" in fields:
        fields["reason"] = _system(str(fields["reason"]), language)
    for name in _PERIODS & fields.keys():
        fields[name] = _period(fields[name], language)
    return MESSAGES[code][LANGUAGES.index(language)].format(**fields)


def say_reason(code: str, language: Language) -> str:
    """Return the sentence for a department's reason code; only the code travels, so gaps read "…".

    A code that this version does not know stands for itself, cut and without control characters: it came
    from another program, which may be newer or hostile.
    """
    if code not in MESSAGES:
        return "".join(letter for letter in code[:_MAX_CODE] if letter.isprintable())
    return MESSAGES[code][LANGUAGES.index(language)].format_map(dict.fromkeys(gaps(code)[0], "…"))


def explain(error: XinqiaoError, language: Language) -> str:
    """Return one clear sentence for `error`."""
    return say(error.code, language, **error.fields)


def gaps(code: str) -> tuple[set[str], set[str]]:
    """Return the names of the gaps in the Chinese and in the English sentence of `code`."""
    zh, en = MESSAGES[code]
    return _names(zh), _names(en)


def language_of(locale_name: str) -> Language:
    """Choose the language for a locale such as `zh_CN.UTF-8`; anything that is not Chinese reads English."""
    return "zh" if locale_name.lower().startswith("zh") else "en"


def _system(reason: str, language: Language) -> str:
    """Return the words for a system's code, those of its family for SQLite's longer ones; else itself."""
    for name in (reason, "_".join(reason.split("_")[:2])):
        code = f"system_{name.lower()}"
        if code in MESSAGES:
            return MESSAGES[code][LANGUAGES.index(language)]
    return reason


def _period(name: Field, language: Language) -> Field:
    return _LIFETIME[LANGUAGES.index(language)] if name == LIFETIME else name


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
