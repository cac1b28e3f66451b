"""What careless or unlucky users do to the real command: one sentence, a non-zero exit, nothing lost.

Signals and full disks go to real processes; afterwards the departments' books are opened and read.
"""

import ctypes
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from flow.conftest import PLAIN
from xinqiao_clients.book import Book
from xinqiao_clients.status import status
from xinqiao_ledger.event import GENESIS, Kind
from xinqiao_ledger.tree import leaf_hash
from xinqiao_platform.centre import Centre

pytestmark = [pytest.mark.flow, pytest.mark.slow]

COMMAND = [sys.executable, "-m", "xinqiao_app"]
CHINESE = {"LANG": "zh_CN.UTF-8"}
INTERRUPTED = 130
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
ANSWERS = 200
GONE_S = 20.0  # each process has 5 s to end politely, on a machine that may be slow


def one_sentence(stderr: str) -> str:
    """Return what was said; it is one line and no traceback."""
    lines = stderr.strip().splitlines()
    assert len(lines) == 1, stderr
    return lines[0]


def run(*arguments: str, timeout_s: float = 200, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | PLAIN | more,
        timeout=timeout_s,
        check=False,
    )


@contextmanager
def started(*arguments: str, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """Start the command in a session of its own, so that a signal reaches it and nobody else.

    Whatever the test finds, neither the command nor a process below it outlives the block.
    """
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | PLAIN | more,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        left = {process.pid, *descendants(process.pid)} if process.poll() is None else set()
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate()


def wait_for_line(process: "subprocess.Popen[str]", text: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(f"ended without {text!r}: {process.stderr.read() if process.stderr else ''}")


def descendants(pid: int) -> set[int]:
    """Return the process ids below `pid`, at any depth."""
    try:
        below = (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text().split()
    except FileNotFoundError:
        return set()
    children = {int(child) for child in below}
    return children.union(*(descendants(child) for child in children))


def alive(pid: int) -> bool:
    try:
        state = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def homes(out: Path) -> Sequence[Path]:
    return [path.parent for path in sorted((out / "departments").glob("*/node.json"))]


def check_book(home: Path) -> int:
    """Check that a department's records are whole; return how many vectors were released.

    The journal has no gap, every release follows its reserve, and what was reserved is spent.
    """
    book = Book(home / "book.sqlite", bytes(32), lambda: 0)
    events = book.events()
    book.close()
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        assert (event.seq, event.prev) == (number, previous)
        previous = leaf_hash(event.encode()).hex()
    kinds = [event.kind for event in events]
    releases = kinds.count(Kind.RELEASE)
    reserved = kinds.count(Kind.RESERVE)
    assert releases == 0 or reserved == 1
    assert status(home).spent.epsilon_micro == reserved * 1_000_000
    return releases


def nothing_half_written(out: Path) -> bool:
    return not list(out.rglob(".tmp-*")) and not (out / "summary.json").exists()


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGINT, id="ctrl-c", marks=pytest.mark.heavy),
        pytest.param(signal.SIGTERM, id="terminate", marks=pytest.mark.heavy),
    ],
)
def test_an_embedded_demo_that_is_interrupted_keeps_its_books(tmp_path: Path, number: signal.Signals) -> None:
    out = tmp_path / "out"
    with started("demo", "--out", str(out)) as process:
        wait_for_line(process, f"20/{ANSWERS}")
        process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
        assert process.returncode == INTERRUPTED
        assert one_sentence(stderr).startswith("Interrupted.")
        assert len(homes(out)) == 8
        assert all(20 <= check_book(home) < ANSWERS for home in homes(out))
        assert nothing_half_written(out)


@pytest.mark.heavy
def test_a_deployed_demo_that_is_interrupted_ends_every_process(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with started("demo", "--deployed", "--out", str(out), **CHINESE) as process:
        wait_for_line(process, f"20/{ANSWERS}")
        below = descendants(process.pid)
        assert len(below) >= 9, "eight agents and a SuperLink"
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=90)
        assert process.returncode == INTERRUPTED
        assert one_sentence(stderr).startswith("已中断")
        assert [pid for pid in below if alive(pid)] == []
        assert len(homes(out)) == 8
        assert all(20 <= check_book(home) < ANSWERS for home in homes(out))
        assert nothing_half_written(out)


def check_killed(process: "subprocess.Popen[str]", below: set[int]) -> None:
    """Kill -9 the command, which runs no clean-up; all below it end because their standard input closes."""
    process.kill()
    process.communicate(timeout=60)
    try:
        deadline = time.monotonic() + GONE_S
        while any(alive(pid) for pid in below) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert [pid for pid in below if alive(pid)] == []
    finally:
        for pid in below:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.heavy
def test_nothing_outlives_a_deployed_demo_that_is_killed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with started("demo", "--deployed", "--out", str(out)) as process:
        wait_for_line(process, f"20/{ANSWERS}")
        below = descendants(process.pid)
        assert len(below) >= 9, "eight agents and a SuperLink"
        check_killed(process, below)
        assert all(check_book(home) >= 20 for home in homes(out))


def test_a_superlink_does_not_outlive_its_command_that_is_killed(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = str(unused.getsockname()[1])
    Centre(tmp_path / "centre").close()
    command = ("job", "superlink", "--centre", str(tmp_path / "centre"), "--dir", str(tmp_path))
    with started(*command, "--port", port) as process:
        assert process.stderr is not None
        assert "is running" in process.stderr.readline()
        below = descendants(process.pid)
        assert below
        check_killed(process, below)
    socket.create_server(("127.0.0.1", int(port))).close()


@pytest.mark.parametrize(("more", "text"), [({}, "is taken"), (CHINESE, "已被占用")], ids=["en", "zh"])
def test_a_taken_port(tmp_path: Path, more: dict[str, str], text: str) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        done = run("demo", "--deployed", "--port", port, "--out", str(tmp_path / "out"), **more)
    assert done.returncode == 2
    said = one_sentence(done.stderr)
    assert port in said
    assert text in said
    assert not (tmp_path / "out").exists(), "a port is looked at before anything is written"


@pytest.fixture(params=["3m", "9m"])
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file system that fills while departments are set up, or while the job runs."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={request.param}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    out = small_disk / "out"
    done = run("demo", "--out", str(out), timeout_s=300)
    assert done.returncode == 1
    # A department that cannot write while the job runs falls silent, and the centre hears no more than that.
    assert re.search(r"The disk is full|No answer", one_sentence(done.stderr))
    for home in homes(out):
        check_book(home)
    assert nothing_half_written(out)


def test_a_limit_on_file_size_reads_like_a_full_disk(tmp_path: Path) -> None:
    """What a user without root meets: the system refuses to let a file grow (EFBIG)."""
    done = subprocess.run(
        [*COMMAND, "job", "init", "--centre", str(tmp_path / "centre")],
        capture_output=True,
        text=True,
        env=os.environ | PLAIN,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert done.returncode == 1
    assert "Cannot read or write" in one_sentence(done.stderr)
    assert done.stdout == ""


def test_a_reader_who_goes_away_is_no_error_to_speak_of(tmp_path: Path) -> None:
    script = f"{' '.join(COMMAND)} doctor | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | PLAIN,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith("✓")


def test_a_closed_stdout_is_quiet(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*COMMAND, "doctor"],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=os.environ | PLAIN,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 141
    assert done.stderr == b""


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = run("demo", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "left alone" in one_sentence(done.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("more", [{}, CHINESE], ids=["en", "zh"])
def test_no_permission_to_write(tmp_path: Path, more: dict[str, str]) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    done = subprocess.run(
        [*COMMAND, "job", "init", "--centre", str(folder / "centre")],
        capture_output=True,
        text=True,
        env=os.environ | PLAIN | more,
        timeout=60,
        check=False,
        preexec_fn=_obey_permissions,
    )
    if done.returncode == 0:
        pytest.skip("this user may write everywhere and cannot give that up")
    assert done.returncode == 1
    assert ("没有权限" if more else "permission denied") in one_sentence(done.stderr)
    assert list(folder.iterdir()) == []


def _obey_permissions() -> None:
    """Give up root's right to write where the mode forbids it (CAP_DAC_OVERRIDE); others never had it."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)
