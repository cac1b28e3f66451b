"""Who keeps a SuperNode running: really started again, its keys in files only meanwhile."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulators.waits import wait_until

pytestmark = pytest.mark.slow
BOUND_S = 30.0
KEEPER = """
import sys
from xinqiao_app import keeper, until_eof
keeper.PAUSE_FIRST_S = float(sys.argv.pop(1))
until_eof.main(["xinqiao_app.keeper:main", *sys.argv[1:]])
"""
# A SuperNode: reads its key, serves its health, and ends by itself when its key was removed, twice.
CHILD = """
import http.server, os, sys, time
from pathlib import Path
keys, starts, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
key = (keys / "transport").read_text()
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", port), Health)
server.timeout = 0.05
with starts.open("a") as told:
    print(key, oct(keys.stat().st_mode & 0o777), file=told)
count = len(starts.read_text().splitlines())
while keys.exists() or count == 3:
    server.handle_request()
"""


@contextmanager
def kept(folder: Path, child: str, pause_s: float) -> Iterator["subprocess.Popen[bytes]"]:
    """Keep `child` running; it does not outlive the block."""
    keys, starts = folder / "keys", folder / "starts"
    keys.mkdir(mode=0o700)
    (keys / "transport").write_text("key")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    keeper = [sys.executable, "-c", KEEPER, str(pause_s), str(keys), str(folder / "log"), f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*keeper, sys.executable, "-c", child, str(keys), str(starts), str(port)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()  # it ends whom it started
        process.communicate(timeout=BOUND_S)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def test_one_that_ends_twice_is_started_again_and_a_stop_ends_it(tmp_path: Path) -> None:
    with kept(tmp_path, CHILD, pause_s=0.01) as keeper:
        wait_until(lambda: len(lines(tmp_path / "starts")) == 3)
        wait_until(lambda: not (tmp_path / "keys").exists())
        assert lines(tmp_path / "starts") == ["key 0o700"] * 3
        assert keeper.poll() is None
        keeper.send_signal(signal.SIGTERM)
        assert keeper.wait(BOUND_S) == 128 + signal.SIGTERM
    assert not (tmp_path / "keys").exists()


def test_a_stop_ends_a_long_pause(tmp_path: Path) -> None:
    with kept(tmp_path, CHILD, pause_s=600.0) as keeper:
        wait_until(lambda: len(lines(tmp_path / "starts")) == 1 and not (tmp_path / "keys").exists())
        keeper.send_signal(signal.SIGTERM)
        assert keeper.wait(BOUND_S) == 128 + signal.SIGTERM


def test_one_that_never_served_is_not_started_again(tmp_path: Path) -> None:
    with kept(tmp_path, "raise SystemExit(3)", pause_s=0.01) as keeper:
        assert keeper.wait(BOUND_S) == 1
