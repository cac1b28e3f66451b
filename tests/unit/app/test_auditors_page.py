"""The auditors' page, run as it stands: both languages have the same commands, and each of them works."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.enterprise import found, run_job, trust_of
from xinqiao_platform import exports

DOCS = Path(__file__).parents[3] / "docs"
PAGES = ("AUDITORS.md", "AUDITORS.zh-CN.md")


def blocks(page: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_both_pages_have_the_same_commands_and_parts() -> None:
    english, chinese = ((DOCS / page).read_text("utf-8") for page in PAGES)
    assert blocks(PAGES[0]) == blocks(PAGES[1])
    for pattern in (r"^#+ ", r"^\| .* \|$", r"^- ", r"^\d\. "):
        assert len(re.findall(pattern, english, re.M)) == len(re.findall(pattern, chinese, re.M))


@pytest.mark.slow
def test_every_command_of_the_page_works(tmp_path: Path) -> None:
    """The demo itself has its own tests: a small job stands in for what it leaves."""
    make, *rest = blocks(PAGES[0])
    assert make == "xinqiao demo --out demo\n"
    enterprise = found(tmp_path / "demo")
    run_job(enterprise, enterprise.order(answers=4))
    centre = enterprise.centre
    centre.log.keep_cosigned(centre.log.checkpoint())
    job = next((centre.path / "jobs").iterdir()).name
    (tmp_path / "demo/evidence.bundle").write_bytes(exports.export_job(centre, job))
    (tmp_path / "demo/trust.json").write_bytes(trust_of(enterprise).encode())
    enterprise.close()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", "\n".join(["set -eu", "set -o pipefail", *rest])],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Verdict: PASS") == 3
    assert done.stdout.count("Verdict: NOT PROVEN") == 2
    assert "The log holds" in done.stdout
    assert (tmp_path / "report.html").stat().st_size > 5_000
