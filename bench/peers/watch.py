"""Runs a command and measures all processes that come of it: wall, CPU, peak memory.

A simulator starts processes of its own, which may leave their parent. All inherit a mark in their
environment; by it they are found in /proc, several times a second. Memory is the proportional set size,
which counts what processes share once; CPU is what each process had used when it was last seen.
"""

import os
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MARK = "XINQIAO_BENCH_MARK"
_INTERVAL_S = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")
_ISOLATED = ("unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


@dataclass(frozen=True)
class Watched:
    """What a command cost and printed; `printed` is None if it failed or took too long, `said` its errors."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    printed: str | None
    said: str


@cache
def isolation() -> Sequence[str]:
    """Return what starts a command with no network but the loopback; nothing where that is denied."""
    try:
        done = subprocess.run([*_ISOLATED, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return ()
    return _ISOLATED if done.returncode == 0 else ()


def watch(command: Sequence[str], told: str, *, timeout_s: float, env: Mapping[str, str]) -> Watched:
    """Run `command`, with `told` as its input, and measure it; whatever it leaves behind is ended."""
    mark = uuid.uuid4().hex
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [*isolation(), *command],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=errors,
            text=True,
            env={**env, _MARK: mark},
        )
        with suppress(BrokenPipeError):
            process.stdin.write(told)
            process.stdin.close()
        tree = _Tree(mark)
        while process.poll() is None and time.perf_counter() - start < timeout_s:
            tree.look()
            time.sleep(_INTERVAL_S)
        wall_s = time.perf_counter() - start
        tree.look()
        in_time = process.poll() == 0
        tree.end()
        process.wait()
        for file in (out, errors):
            file.seek(0)
        printed, said = out.read(), errors.read()
    return Watched(wall_s, tree.cpu_s, tree.peak_mib, printed if in_time else None, said)


class _Tree:
    """The processes that carry a mark."""

    def __init__(self, mark: str) -> None:
        self._mark = f"{_MARK}={mark}".encode()
        self._others: set[tuple[int, str]] = set()
        self._seen: dict[tuple[int, str], float] = {}
        self.peak_mib = 0.0

    @property
    def cpu_s(self) -> float:
        """User and system seconds of all processes."""
        return sum(self._seen.values())

    def look(self) -> None:
        """Take a sample."""
        together = 0.0
        for pid in self._own():
            together += _pss_mib(pid)
        self.peak_mib = max(self.peak_mib, together)

    def end(self) -> None:
        """Kill whatever is left, and wait until it is dead."""
        killed = self._own()
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in killed:
            while not _dead(pid):
                time.sleep(_INTERVAL_S / 10)

    def _own(self) -> list[int]:
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and self._is_own(folder):
                found.append(int(folder.name))
        return found

    def _is_own(self, folder: Path) -> bool:
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            key = int(folder.name), fields[19]  # a pid may come again, with another start
            if key in self._others:
                return False
            if key not in self._seen and self._mark not in (folder / "environ").read_bytes().split(b"\0"):
                self._note_other(key, folder)
                return False
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return False
        self._seen[key] = (int(fields[11]) + int(fields[12])) / _TICKS
        return True

    def _note_other(self, key: tuple[int, str], folder: Path) -> None:
        """Forget a process that has nothing of ours: not one that is about to become another program."""
        if (folder / "environ").read_bytes():
            self._others.add(key)


def _dead(pid: int) -> bool:
    """Say whether a process is gone, or dead with its parent yet to take note."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return True


def _pss_mib(pid: int) -> float:
    try:
        for line in (Path("/proc") / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0  # it has just ended
    return 0.0
