"""The deployed way on one machine: a real SuperLink process, and our ServerApp attached to it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.offline import OFFLINE
from xinqiao_app.until_eof import STOP_S
from xinqiao_governance.errors import NodeUnavailable, UsageInvalid

if TYPE_CHECKING:
    from flwr.serverapp import ServerApp

_HOST = "127.0.0.1"
_START_S = 60.0
_LOOK_S = 0.05


@dataclass(frozen=True)
class SuperLinkProcess:
    """A running SuperLink: its address ("host:port") and its process id."""

    address: str
    pid: int


@contextmanager
def start_superlink(directory: Path, port: int | None = None) -> Iterator[SuperLinkProcess]:
    """Run Flower's SuperLink on the loopback with its database and log in `directory`; end it with the block.

    Without `port` a free one is taken. The SuperLink does not outlive this process, however that ends.

    Raises:
        UsageInvalid: the port is taken.
        NodeUnavailable: the SuperLink did not start.
    """
    directory.mkdir(parents=True, exist_ok=True)
    port = _free_port(port)
    log = directory / "superlink.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            _command(directory, port),
            env=os.environ | OFFLINE | {"FLWR_HOME": str(directory / "flower")},
            stdin=subprocess.PIPE,  # nothing is written: it closes when this process is gone
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that ending its process group ends its children too
        )
    try:
        address = f"{_HOST}:{port}"
        _wait_until_ready(process, address, log)
        yield SuperLinkProcess(address, process.pid)
    finally:
        _end(process)


def wait_for_superlink(address: str, patience_s: float, waiting: Callable[[], None]) -> None:
    """Wait until a SuperLink answers at `address` ("host:port"); call `waiting` if none does at once.

    Raises:
        NodeUnavailable: none answered within `patience_s` seconds.
    """
    if _healthy(address):
        return
    waiting()
    deadline = time.monotonic() + patience_s
    while not _healthy(address):
        if time.monotonic() > deadline:
            raise NodeUnavailable("superlink_unreachable", address=address)
        time.sleep(_LOOK_S)


def run_server_app(server: "ServerApp", superlink: str) -> None:
    """Run `server` in this process as one run of the SuperLink at `superlink` ("host:port").

    Raises:
        NodeUnavailable: the SuperLink cannot be reached.
        XinqiaoError: whatever the server's job raised.
    """
    from xinqiao_app.superlink_run import attached

    with attached(superlink) as (grid, context):
        server(grid, context)


def _command(directory: Path, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "xinqiao_app.until_eof", "flower-superlink"),
        *("--host", _HOST, "--port", str(port)),
        *("--database", str(directory / "superlink.db")),
        *("--isolation", "process"),  # it starts no process: our own takes the run's task
        "--disable-runtime-dependency-installation",
        "--insecure",  # on the loopback; TLS comes with distributed deployments
    ]


def _free_port(port: int | None) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port or 0))
        except OSError as error:
            raise UsageInvalid("port_taken", port=port or 0) from error
        return int(probe.getsockname()[1])


def _wait_until_ready(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while not _healthy(address):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NodeUnavailable("superlink_not_started", path=str(log))
        time.sleep(_LOOK_S)


def _healthy(address: str) -> bool:
    connection = http.client.HTTPConnection(address, timeout=1)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process group: politely, then not; also what is left of it when its leader is gone."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
    with suppress(ProcessLookupError):  # nobody is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
