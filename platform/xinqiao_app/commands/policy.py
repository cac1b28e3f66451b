"""`xinqiao policy`: who may use what for what; checked, tried, explained and changed by two stewards."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import moment, read_as, read_text
from xinqiao_app.commands.opening import add_opening, add_steward, opened
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say
from xinqiao_governance.parse import mapping

if TYPE_CHECKING:
    from xinqiao_clients.home import Home
    from xinqiao_governance.grant import Grant
    from xinqiao_governance.policy import Policy

_SHOWN = 16


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands."""
    add = parser.commands("command", "cli_policy", _COMMANDS.__getitem__)

    def command(name: str, *, home: bool = True) -> argparse.ArgumentParser:
        sub = add(name)
        about = say("cli_home" if home else "cli_policy_in_use", language)
        sub.add_argument("--home", type=Path, required=home, help=about)
        add_opening(sub, language)
        sub.add_argument("--json", action="store_true", help=say("cli_json", language))
        return sub

    def acting(name: str) -> argparse.ArgumentParser:
        sub = command(name)
        add_steward(sub, language)
        return sub

    check = add("check")
    check.add_argument("file", type=Path, help=say("cli_policy_file", language))
    check.add_argument("--json", action="store_true", help=say("cli_json", language))
    explain = command("explain", home=False)
    explain.add_argument("request", nargs="?", type=Path, help=say("cli_policy_request", language))
    explain.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help=say("cli_policy_set", language)
    )
    explain.add_argument("--policy", type=Path, help=say("cli_policy_file_or_own", language))
    test = command("test", home=False)
    test.add_argument("--policy", type=Path, help=say("cli_policy_file_or_own", language))
    test.add_argument("--rows", type=Path, help=say("cli_policy_rows", language))
    command("show").add_argument("--proposed", action="store_true", help=say("cli_policy_proposed", language))
    propose = acting("propose")
    propose.add_argument("file", nargs="?", type=Path, help=say("cli_policy_file_or_own", language))
    acting("approve").add_argument("digest", help=say("cli_policy_digest", language))
    grant = acting("grant")
    grant.add_argument("--role", required=True, help=say("cli_grant_role", language))
    grant.add_argument("--output", required=True, help=say("cli_grant_output", language))
    grant.add_argument("--purpose", required=True, help=say("cli_purpose", language))
    grant.add_argument("--tier", required=True, choices=_TIERS, help=say("cli_grant_tier", language))
    grant.add_argument("--until", required=True, metavar="DATE", help=say("cli_grant_until", language))
    acting("revoke").add_argument("digest", help=say("cli_grant_digest", language))
    command("grants")


_TIERS = ("public", "sensitive", "core")


def _check(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.policy_files import check

    policy = check(read_text(options.file))
    rules, digest = len(policy.rules), policy.digest.hex()
    valid = say("policy_checked", language, rules=rules, digest=digest)
    _print(options, {"valid": True, "rules": rules, "digest": digest}, valid)
    return 0


def _explain(options: argparse.Namespace, language: Language) -> int:
    """Explain one request: 0 where it is allowed, 1 where it is refused."""
    from xinqiao_governance.explanation import explain_request
    from xinqiao_governance.policy import Request

    asked = dict(read_as(options.request, mapping)) if options.request else {}
    asked |= dict(_fact(text) for text in options.set)
    with _asked_policy(options, language) as (policy, home):
        if home is not None:
            from xinqiao_clients.access import known_facts

            asked = known_facts(home, asked)
        found = explain_request(policy, Request.from_mapping(asked))
    _print(options, found.to_json(), *found.lines(language))
    return 0 if found.decision.allowed else 1


def _test(options: argparse.Namespace, language: Language) -> int:
    """Try a policy on the written table: 0 where every row is answered as it says."""
    from xinqiao_clients.policy_files import default_rows
    from xinqiao_governance.policy_table import differing, read_table

    rows = default_rows()
    if options.rows:
        rows += read_as(options.rows, lambda value: read_table(value, str(options.rows)))
    with _asked_policy(options, language) as (policy, _home):
        found = differing(policy, rows)
    lines = [
        say("policy_differs", language, row=n, asked=row.label, expected=row.expect, said=said.reason)
        for n, row, said in found
    ]
    end = "policy_differ_count" if found else "policy_tested"
    count = {"count": len(found)} if found else {}
    differences = [
        {"row": n, "asked": row.label, "expected": row.expect, "said": said.reason} for n, row, said in found
    ]
    told = {"rows": len(rows), "differing": differences}
    _print(options, told, *lines, say(end, language, rows=len(rows), **count))
    return 1 if found else 0


def _show(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.policies import changes, proposed

    with opened(options, language) as home:
        policy = home.policy
        waiting, proposer = proposed(home) if options.proposed else (policy, "")
    said: dict[str, Json] = {"digest": waiting.digest.hex(), "policy": waiting.text}
    if options.proposed:
        said = {**said, "proposer": proposer, "in_use": policy.digest.hex()}
    _print(options, said, changes(policy, waiting) if options.proposed else policy.text.rstrip("\n"))
    return 0


def _propose(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.policies import propose
    from xinqiao_clients.policy_files import check, default_policy

    text = read_text(options.file) if options.file else default_policy().text
    check(text)  # before there are keys in memory, which a fault of the parser could take along
    with opened(options, language) as home:
        digest = propose(home, text, options.steward).digest.hex()
    _print(options, {"proposed": digest}, say("policy_proposed", language, digest=digest))
    return 0


def _approve(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.policies import approve

    with opened(options, language) as home:
        digest = approve(home, options.digest, options.steward).digest.hex()
    _print(options, {"adopted": digest}, say("policy_adopted", language, digest=digest))
    return 0


def _grant(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.access import give
    from xinqiao_governance.catalogue import Tier
    from xinqiao_governance.grant import Grant

    output = next((output for output in Grant.OUTPUTS if output == options.output), None)
    if output is None:
        raise UsageInvalid("grant_output_invalid")
    with opened(options, language) as home:
        grant = give(
            home,
            options.steward,
            role=options.role,
            output=output,
            purpose=options.purpose,
            tier=Tier(options.tier),
            expires=moment(options.until),
        )
    told = {"digest": grant.digest.hex()[:_SHOWN], "expires": _date(grant.expires)}
    _print(options, _grant_json(grant), say("grant_given", language, **told))
    return 0


def _revoke(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.access import revoke

    with opened(options, language) as home:
        grant = revoke(home, options.digest, options.steward)
    _print(options, _grant_json(grant), say("grant_revoked", language, digest=grant.digest.hex()[:_SHOWN]))
    return 0


def _grants(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.access import damaged_grants, grants

    with opened(options, language) as home:
        found, damaged, now = grants(home), damaged_grants(home), home.book.time()
    if damaged:
        print(say("grant_damaged", language, count=damaged), file=sys.stderr)
    lines = [_grant_line(grant, now, language) for grant in found] or [say("grant_none", language)]
    _print(options, [_grant_json(grant) for grant in found], *lines)
    return 0


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "check": _check,
    "explain": _explain,
    "test": _test,
    "show": _show,
    "propose": _propose,
    "approve": _approve,
    "grant": _grant,
    "revoke": _revoke,
    "grants": _grants,
}


@contextmanager
def _asked_policy(options: argparse.Namespace, language: Language) -> "Iterator[tuple[Policy, Home | None]]":
    """Yield the policy of a file, else of a home, else the program's own; and the home, if it is open."""
    from xinqiao_clients.policy_files import check, default_policy

    given = check(read_text(options.policy)) if options.policy else None
    if options.home is None:
        yield given or default_policy(), None
        return
    with opened(options, language) as home:
        yield given or home.policy, home


def _fact(text: str) -> tuple[str, Json]:
    """Return a field and its value: true, false, a whole number, or a name."""
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageInvalid("policy_fact_invalid")
    words: dict[str, Json] = {"true": True, "false": False}
    if value in words:
        return name, words[value]
    digits = value.removeprefix("-")
    return name, int(value) if digits.isascii() and digits.isdigit() and len(digits) < _SHOWN + 3 else value


def _grant_line(grant: "Grant", now: int, language: Language) -> str:
    return say(
        "grant_line",
        language,
        digest=grant.digest.hex()[:_SHOWN],
        role=say(f"role_{grant.role}", language),
        output=say(f"output_{grant.output.value}", language),
        tier=say(f"policy_tier_{grant.tier.value}", language),
        purpose=grant.purpose,
        dataset=grant.dataset,
        expires=_date(grant.expires),
        state=say("grant_state_valid" if grant.expires > now else "grant_state_over", language),
    )


def _grant_json(grant: "Grant") -> dict[str, Json]:
    return {"digest": grant.digest.hex(), **grant.to_json()}


def _date(second: int) -> str:
    from xinqiao_clients.today import local_time

    return local_time(second)


def _print(options: argparse.Namespace, value: object, *lines: str) -> None:
    """Print plain data for programs, or lines for people."""
    text = json.dumps(value, ensure_ascii=False, indent=1) if options.json else "\n".join(lines)
    print(text, file=sys.stdout)
