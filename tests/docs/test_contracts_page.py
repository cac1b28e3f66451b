"""docs/CONTRACTS.md: its commands exist, its contract is one, and both languages have the same."""

import re
import shlex
from pathlib import Path

from xinqiao_app.cli import build_parser
from xinqiao_clients.contract_text import load_yaml, parse_contract
from xinqiao_governance.contract import ColumnRule, Contract

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("CONTRACTS.md", "CONTRACTS.zh-CN.md")


def block(page: str, kind: str) -> str:
    found = re.findall(rf"^```{kind}\n(.*?)^```", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return found[0]


def test_every_command_is_one_that_exists_and_both_pages_have_the_same() -> None:
    commands = [block(page, "console").splitlines() for page in PAGES]
    assert commands[0] == commands[1]
    for line in commands[0]:
        build_parser("en").parse_args(shlex.split(line)[1:])


def test_the_contract_shows_every_promise() -> None:
    contracts = [parse_contract(block(page, "yaml")) for page in PAGES]
    assert contracts[0] == contracts[1]
    plain = ColumnRule("x", "text")
    for name in set(ColumnRule.__dataclass_fields__) - {"name", "type"}:
        assert any(getattr(rule, name) != getattr(plain, name) for rule in contracts[0].columns), name
    assert len({type(rule) for rule in contracts[0].rules}) == 6
    assert contracts[0] != Contract.from_mapping(
        load_yaml(block(PAGES[0], "yaml").replace("max: 100000", "max: 9999"))
    )
