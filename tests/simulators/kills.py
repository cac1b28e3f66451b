"""Processes that die by SIGKILL at their n-th point, for n = 1, 2, …, each on its own copy of one start."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

TESTS = Path(__file__).parents[1]
_MOST_POINTS = 1_000


class Points:
    """Kills this process at the `left`-th point that it reaches."""

    def __init__(self, left: int) -> None:
        self._left = left

    def reach(self, *_: object) -> None:
        """Pass a point, or die at it; whatever arguments a callback brings."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def kill_at_each(start: Path, copies: Path, act: Callable[[Path, Points], None]) -> NoReturn:
    """Act on copies of `start` (a file or folder), named 1, 2, … in `copies`, each in a child of its own that
    dies a point later than the one before; exit as the first that lives.
    """
    for left in range(1, _MOST_POINTS):
        copy = copies / f"{left}{start.suffix}"
        (shutil.copytree if start.is_dir() else shutil.copy)(start, copy)
        child = os.fork()
        if child == 0:
            act(copy, Points(left))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:  # it lived, or another signal ended it
            sys.exit(os.waitstatus_to_exitcode(status))
    sys.exit(f"still killed after {_MOST_POINTS} points")


def run_script(script: str, *arguments: Path, timeout_s: float = 300.0) -> None:
    """Run a script that may import the simulators, in a process without pytest's threads: it must exit 0."""
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    paths = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
    subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, check=True, timeout=timeout_s)
