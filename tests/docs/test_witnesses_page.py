"""docs/WITNESSES.md: its commands exist, in both languages the same; its table names every file."""

import re
import shlex
from pathlib import Path

import pytest

from xinqiao_app.cli import build_parser
from xinqiao_ledger.witness_home import WitnessSettings, create_witness

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("WITNESSES.md", "WITNESSES.zh-CN.md")


def commands(page: str) -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_every_command_is_one_that_exists_and_both_pages_have_the_same() -> None:
    assert commands(PAGES[0]) == commands(PAGES[1])
    assert len(commands(PAGES[0])) >= 8
    for line in commands(PAGES[0]):
        build_parser("en").parse_args(shlex.split(line)[1:])


@pytest.mark.parametrize("page", [*PAGES, "DATA_MODEL.md"])
def test_every_file_of_a_witness_is_named(page: str, tmp_path: Path) -> None:
    create_witness(tmp_path / "w", WitnessSettings("w", "w", "test.log/1", bytes(32)))
    text = (DOCS / page).read_text("utf-8")
    assert all(f"| `{path.name}` |" in text for path in (tmp_path / "w").iterdir())
