"""Measured work, each in a process of its own, on a copy of what it changes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def copy_of(folder: Path) -> Iterator[Path]:
    """Lend a copy of `folder`: each run has the whole budget and the same books."""
    copy = folder.with_name("run")
    shutil.copytree(folder, copy)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)


def measured(command: Sequence[str], told: str, *, timeout_s: float) -> dict[str, Any]:
    """Run a script with one thread of linear algebra, as `xinqiao` does, and return what it printed as JSON.

    `command` is the script and its arguments; `told` goes to its standard input.
    """
    done = subprocess.run(
        [sys.executable, *command],
        input=told,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=timeout_s,
        env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
    )
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed
