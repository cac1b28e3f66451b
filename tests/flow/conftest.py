"""One run of the demo, as its user starts it, for every test that looks at what it leaves."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PLAIN = {"LANG": "C.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "PYTHONWARNINGS": ""}


@dataclass(frozen=True)
class DemoRun:
    """The folder that a demo wrote, its exit code and what it printed."""

    out: Path
    status: int
    stdout: str
    stderr: str


def note_run(name: str, request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> None:
    """Fail if another worker made this expensive run already, though `--dist loadgroup` should prevent it."""
    if request.config.getoption("loadgroup", default=False):
        (factory.getbasetemp().parent / f"{name}-ran").touch(exist_ok=False)


@pytest.fixture(scope="session")
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """Run `xinqiao demo` once; files whose tests use it stand in `TOGETHER` of tests/conftest.py."""
    note_run("demo", request, tmp_path_factory)
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [sys.executable, "-m", "xinqiao_app", "demo", "--out", str(out)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | PLAIN, timeout=900, check=False
    )
    return DemoRun(out, done.returncode, done.stdout, done.stderr)
