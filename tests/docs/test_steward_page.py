"""docs/WALKTHROUGH-STEWARD.md, run as it stands in both languages: every command says what is shown."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"WALKTHROUGH-STEWARD.md": "C.UTF-8", "WALKTHROUGH-STEWARD.zh-CN.md": "zh_CN.UTF-8"}
END = "=== the end of a block ==="
_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[tuple[str, str]]:
    """Each block of commands with what the page shows below it."""
    found: list[tuple[str, str]] = []
    for kind, text in _BLOCK.findall((DOCS / page).read_text("utf-8")):
        found = [*found, (text, "")] if kind == "sh" else [*found[:-1], (found[-1][0], text)]
    return found


def shown(text: str) -> re.Pattern[str]:
    """A pattern of what is shown: `…` stands for what differs each time."""
    return re.compile(".*".join(map(re.escape, text.split("…"))))


def test_both_pages_have_the_same_commands() -> None:
    english, chinese = ([commands for commands, _ in blocks(page)] for page in PAGES)
    assert len(english) == 9
    assert english == chinese


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=pytest.mark.heavy if "zh" in page else ()) for page in PAGES]
)
def test_every_command_says_what_the_page_shows(page: str, tmp_path: Path) -> None:
    parts = blocks(page)
    script = "\n".join(f"{commands}\necho '{END}'" for commands, _ in parts)
    done = subprocess.run(
        ["bash", "-c", f"set -eu\nset -o pipefail\n{script}"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LC_ALL": PAGES[page],
            "COLUMNS": "80",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    *said, _rest = done.stdout.split(f"{END}\n")
    for (commands, text), output in zip(parts, said, strict=True):
        assert shown(text).fullmatch(output), f"{commands}\nsaid:\n{output}"
    store = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert not [data for data in store if "希望增加夜班补贴".encode() in data]
