"""What a piece of work costs this process: CPU and wall seconds, and its peak memory."""

import resource
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system, all threads) and wall seconds."""

    cpu_s: float
    wall_s: float


class Meter:
    """Measures this process from the moment it is made."""

    def __init__(self) -> None:
        self._cpu_s, self._wall_s = cpu_s(), time.perf_counter()

    def read(self) -> Cost:
        """Return what was spent since."""
        return Cost(cpu_s() - self._cpu_s, time.perf_counter() - self._wall_s)


def cpu_s() -> float:
    """Return the CPU seconds of this process, user and system, since it was started."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_mib(process: int | str = "self") -> float:
    """Return the most memory that a process (its id; by default this one) ever had resident, in MiB.

    Not `ru_maxrss`: that starts at what the *parent* held when it started this process.
    """
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "VmHWM":
            return int(value.split()[0]) / 1024
    raise RuntimeError("the kernel does not say VmHWM")
