"""A command that ends with whoever started it, and ends at all: really killed, looked at by process id."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BOUND_S = 20.0
# The command itself: a child of its own, and no will to end on SIGTERM where `sys.argv` says so.
COMMAND = """
import signal, subprocess, sys, time
from xinqiao_app import until_eof
until_eof.STOP_S = 0.5

def main():
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True);"
    work = (deaf if "deaf child" in sys.argv else "print(flush=True);") + "import time; time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-c", work], stdout=subprocess.PIPE)
    child.stdout.readline()
    print(child.pid, flush=True)
    time.sleep(600)

until_eof.main(["__main__:main", *sys.argv[1:]])
"""
# Whoever starts it: says the command's pid and the child's, then does nothing until he is killed.
STARTER = """
import subprocess, sys, time
command = subprocess.Popen(
    [sys.executable, "-c", sys.argv[1], "command", *sys.argv[2:]],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
)
print(command.pid, command.stdout.readline().decode(), flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    try:
        state = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.fixture(params=["obedient", "stubborn", "deaf child"])
def started(request: pytest.FixtureRequest) -> Iterator[tuple["subprocess.Popen[bytes]", list[int]]]:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, COMMAND, request.param], stdout=subprocess.PIPE
    )
    assert starter.stdout is not None
    pids = [int(pid) for pid in starter.stdout.readline().split()]
    try:
        yield starter, pids
    finally:
        starter.kill()
        starter.communicate()
        for pid in pids:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


def test_it_ends_with_its_children_when_its_starter_is_killed(
    started: tuple["subprocess.Popen[bytes]", list[int]],
) -> None:
    starter, pids = started
    assert len(pids) == 2
    assert all(alive(pid) for pid in pids)
    starter.kill()
    starter.wait()
    deadline = time.monotonic() + BOUND_S
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in pids if alive(pid)] == []


def test_it_runs_an_entry_point_by_its_name_and_with_its_arguments() -> None:
    reader, writer = os.pipe()
    done = subprocess.run(
        [sys.executable, "-m", "xinqiao_app.until_eof", "xinqiao_app.superlink_server:main", "--help"],
        stdin=reader,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,
    )
    os.close(reader)
    os.close(writer)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: ")
    assert "--database" in done.stdout
