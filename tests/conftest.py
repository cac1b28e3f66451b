"""What holds for every test."""

import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from xdist.scheduler import LoadGroupScheduling

# A shell starts its background jobs with SIGINT ignored, and every child process inherits that: nobody could
# test Ctrl-C there.
_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
if _ignored and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


# What a day is depends on the machine's zone: tests that mean another set it, and none takes the builder's.
os.environ["TZ"] = "UTC"
time.tzset()

# How long an example takes says how busy the machine is, not whether the program is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

_under_way: set[str] = set()


def pytest_runtest_logstart(nodeid: str) -> None:
    _under_way.add(nodeid)


def pytest_runtest_logfinish(nodeid: str) -> None:
    _under_way.discard(nodeid)


def pytest_keyboard_interrupt() -> None:
    """Name what was interrupted, by Ctrl-C or by a bound of the Makefile."""
    print("", *(f"interrupted in {nodeid}" for nodeid in sorted(_under_way)), sep="\n", flush=True)


# Files whose tests look at what one expensive run left: one worker runs them all, so the run happens once.
# pytest-xdist's own mark `xdist_group` does nothing with pytest 9.2 (pytest-xdist #1386): it relied on
# changing node ids, which are now fixed.
TOGETHER = {
    "tests/flow/test_curious_centre.py": "curious centre",
    "tests/flow/test_demo_run.py": "demo",
    "tests/flow/test_demo_sentinels.py": "demo",
    "tests/flow/test_walkthrough.py": "walkthrough",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadGroupScheduling | None":
    """Keep the files of `TOGETHER` together under `--dist loadgroup`."""
    from xdist.scheduler import LoadGroupScheduling

    class Groups(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return TOGETHER.get(nodeid.partition("::")[0], nodeid)

    return Groups(config, log) if config.getvalue("dist") == "loadgroup" else None


def _loopback_only(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse a test every address beyond this machine; Unix sockets and the loopback stay open."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if not (host.startswith("127.") or host in ("::1", "localhost", "")):
        raise RuntimeError(f"a test tried to reach {host}")


sys.addaudithook(_loopback_only)
