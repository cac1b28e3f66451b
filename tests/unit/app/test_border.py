"""What cannot be printed is neither a traceback nor a verdict."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.ledger import Enterprise


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("border")
    with closing(Enterprise(folder)) as enterprise:
        (folder / "evidence.bundle").write_bytes(enterprise.run())
        (folder / "trust.json").write_bytes(enterprise.trust().encode())
    return folder


def run(folder: Path, *arguments: str, to: str) -> tuple[int, str]:
    """Run the command with standard output to the file `to`, buffered as Python does it by itself."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path(to).open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "xinqiao_app", *arguments],
            cwd=folder,
            env=environment | {"LC_ALL": "C.UTF-8"},
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    return done.returncode, done.stderr


@pytest.mark.parametrize("form", [[], ["--json"]])
@pytest.mark.parametrize("command", [["verify", "evidence.bundle"], ["fsck", "log.sqlite"]])
def test_a_verdict_that_a_full_disk_swallows_is_none(
    folder: Path, command: list[str], form: list[str]
) -> None:
    code, said = run(folder, "audit", *command, "--trust", "trust.json", *form, to="/dev/full")
    assert (code, said.count("\n")) == (2, 1)
    assert "The disk is full." in said


def test_another_command_says_it_in_one_sentence(folder: Path) -> None:
    code, said = run(folder, "--help", to="/dev/full")
    assert (code, said) == (
        1,
        "The disk is full. The operation did not complete and left no half-written file.\n",
    )


def test_a_closed_standard_output_leaves_the_exit_code(folder: Path) -> None:
    line = f"{sys.executable} -m xinqiao_app audit verify evidence.bundle --trust trust.json >&-"
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, stderr=subprocess.PIPE, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
