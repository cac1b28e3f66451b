"""Every sentence, in both languages; and every code in the product, found by reading its syntax trees."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from xinqiao_app import cli
from xinqiao_app.commands import (
    audit,
    audit_chain,
    audit_witness,
    contract,
    job,
    keys,
    local,
    node,
    policy,
    witness,
)
from xinqiao_governance import errors
from xinqiao_governance.errors import UsageInvalid, XinqiaoError
from xinqiao_governance.messages import (
    LANGUAGES,
    MESSAGES,
    _merge,
    explain,
    gaps,
    language_of,
    say,
    say_reason,
    system,
)

ROOT = Path(__file__).parents[3]
FOLDERS = ("governance", "ledger", "models", "clients", "platform")
SOURCES = [
    path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "messages" not in path.parts
]
ERRORS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, XinqiaoError)
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
INTERNATIONAL = {"AUC"}


@dataclass(frozen=True)
class Use:
    """A place that names a code as a literal. `fields` is None where the call adds some by `**`."""

    place: str
    code: str
    fields: frozenset[str] | None


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path, ast.parse(path.read_text("utf-8"))


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def uses() -> list[Use]:
    """Return where an error is made, a sentence said or a refusal given."""
    found = []
    for path, tree in trees():
        for call in (part for part in ast.walk(tree) if isinstance(part, ast.Call) and part.args):
            first = call.args[0]
            if called(call) not in ERRORS | {"say", "tell", "refuse", "Refusal"}:
                continue
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                names = [keyword.arg for keyword in call.keywords]
                fields = None if None in names else frozenset(n for n in names if n is not None)
                found.append(Use(f"{path.relative_to(ROOT)}:{call.lineno}", first.value, fields))
    return found


def literals() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return every text literal of the product, and a pattern for every code that is put together."""
    texts, patterns = set(), []
    for _, tree in trees():
        for part in ast.walk(tree):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                texts.add(part.value)
            if isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
                pieces = (re.escape(p.value) if isinstance(p, ast.Constant) else "\\w+" for p in part.values)
                patterns.append(re.compile("".join(pieces)))
            if (
                isinstance(part, ast.Call)
                and called(part) == "word"
                and isinstance(part.args[0], ast.Constant)
            ):
                patterns.append(re.compile(f"{part.args[0].value}_.+"))
    return texts, patterns


def policy_reasons() -> set[str]:
    policies = (ROOT / "clients").rglob("*.cedar")
    return {
        reason for path in policies for reason in re.findall(r'@reason\("(\w+)"\)', path.read_text("utf-8"))
    }


def command_helps() -> set[str]:
    """The parser builds these from the names of groups and commands."""
    groups = {
        "node": node,
        "node_local": local,
        "contract": contract,
        "keys": keys,
        "job": job,
        "policy": policy,
        "audit": audit,
        "audit_chain": audit_chain,
        "audit_witness": audit_witness,
        "witness": witness,
    }
    own = {f"cli_{group}" for group in cli._GROUPS}
    return own | {f"cli_{group}_{name}" for group, module in groups.items() for name in module._COMMANDS}


USES = uses()


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_code_reads_in_both_languages(code: str) -> None:
    zh, en = MESSAGES[code]
    assert zh.strip()
    assert en.strip()
    assert zh == zh.strip()
    assert CHINESE.search(zh) or zh in INTERNATIONAL, "the Chinese sentence has no Chinese"
    assert not CHINESE.search(en), "the English sentence has Chinese"
    assert gaps(code)[0] == gaps(code)[1]
    fields: dict[str, str | int] = {name: f"<{name}>" for name in gaps(code)[0]}
    for language in LANGUAGES:
        said = say(code, language, **fields)
        assert "{" not in said
        assert all(str(value) in said for value in fields.values())


def test_the_scan_sees_the_product() -> None:
    assert len(SOURCES) > 60
    assert len(USES) > 150


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.place} {use.code}")
def test_a_used_code_exists_with_exactly_its_fields(use: Use) -> None:
    assert use.code in MESSAGES
    if use.fields is not None:
        assert use.fields == gaps(use.code)[0]


def test_every_code_is_used() -> None:
    texts, patterns = literals()
    idle = [
        code
        for code in MESSAGES.keys() - texts - policy_reasons() - command_helps() - system.MESSAGES.keys()
        if not any(pattern.fullmatch(code) for pattern in patterns)
    ]
    assert idle == []


def test_every_reason_of_a_policy_has_its_sentence() -> None:
    assert policy_reasons()
    assert policy_reasons() <= MESSAGES.keys()
    assert all(gaps(reason) == (set(), set()) for reason in policy_reasons())


def test_a_code_that_stands_twice_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="twice"):
        _merge({"a": ("甲", "a")}, {"a": ("乙", "b")})


def test_an_error_is_explained_in_the_reader_s_language() -> None:
    error = UsageInvalid("port_taken", port=80)
    assert explain(error, "en") == "Port 80 is taken. Choose another port or stop the program that holds it."
    assert "80" in explain(error, "zh")
    assert CHINESE.search(explain(error, "zh"))


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh_CN.UTF-8", "zh"),
        ("ZH_TW", "zh"),
        ("zh", "zh"),
        ("en_GB.UTF-8", "en"),
        ("C", "en"),
        ("de_DE", "en"),
        ("", "en"),
    ],
)
def test_language_of_a_locale(locale: str, language: str) -> None:
    assert language_of(locale) == language


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("ENOENT", "没有这个文件或目录", "there is no such file or folder"),
        ("SQLITE_READONLY_DBMOVED", "数据库只读（SQLITE_READONLY）", "it is read-only (SQLITE_READONLY)"),
        ("ConnectionRefusedError", "连接被拒绝", "the connection was refused"),
        ("EXDEV", "EXDEV", "EXDEV"),
    ],
)
def test_a_system_s_reason_reads_in_the_reader_s_language(reason: str, zh: str, en: str) -> None:
    error = UsageInvalid("io_failed", path="x", reason=reason)
    assert explain(error, "zh") == f"无法读写文件 x：{zh}。"
    assert explain(error, "en") == f"Cannot read or write x: {en}."


class TestSayReason:
    """A reason came from another department: it may lack its fields, be unknown, or be hostile."""

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("code", sorted(MESSAGES))
    def test_every_code_reads_without_its_fields(self, code: str, language: "str") -> None:
        assert "{" not in say_reason(code, "zh" if language == "zh" else "en")

    def test_an_unknown_code_is_shown(self) -> None:
        assert say_reason("newer_than_us", "en") == "newer_than_us"

    def test_a_hostile_code_is_cut_and_cleaned(self) -> None:
        said = say_reason("\x1b[2J{0.__class__}" + "x" * 10_000, "en")
        assert "\x1b" not in said
        assert len(said) < 100


def test_a_budget_that_was_never_cut_reads_in_both_languages() -> None:
    amounts = {"name": "north", "spent": "1", "cap": "2", "remaining": "1"}
    for code in ("status_budget_open", "status_budget"):
        zh, en = (say(code, language, period="lifetime", **amounts) for language in LANGUAGES)
        assert "全期" in zh
        assert "lifetime" not in zh
        assert "lifetime" in en
        assert "2026Q4" in say(code, "zh", period="2026Q4", **amounts)
    both = say("people_in_two_periods", "zh", count=1, other="lifetime", period="2026Q4")
    assert "全期" in both
    assert "lifetime" not in both
