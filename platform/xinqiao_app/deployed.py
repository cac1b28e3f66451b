"""The deployed way on one machine: a real SuperLink process, and our ServerApp attached to it."""

import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.keeper import healthy
from xinqiao_app.offline import flowers_environment
from xinqiao_app.until_eof import running
from xinqiao_clients.flower import trusting
from xinqiao_governance.errors import NodeUnavailable, UsageInvalid
from xinqiao_ledger.files import io_errors
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.tls import ServerFiles, authority_pem, issue

if TYPE_CHECKING:
    from flwr.serverapp import ServerApp

_HOST = "127.0.0.1"
_EVERYWHERE = "0.0.0.0"  # noqa: S104  # asked for by the operator
_START_S = 60.0
_LOOK_S = 0.05


@dataclass(frozen=True)
class SuperLinkProcess:
    """A running SuperLink: its address ("host:port"), its process and the file of what it says."""

    address: str
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def require_running(self) -> None:
        """Raise NodeUnavailable if it has ended."""
        if self.process.poll() is not None:
            raise NodeUnavailable("superlink_ended", path=str(self.log))


@contextmanager
def start_superlink(
    directory: Path,
    operator: SigningKey,
    *,
    port: int | None = None,
    everywhere: bool = False,
    names: Sequence[str] = (),
    database: bool = False,
) -> Iterator[SuperLinkProcess]:
    """Run Flower's SuperLink with its log in `directory`; end it with the block.

    It listens to this machine alone, or `everywhere` on its addresses, and shows a certificate of the
    operator's for `names` and this machine.
    Only nodes whose keys were admitted (`admit`) may speak to it. It keeps them, and messages under way, in
    memory alone, or with `database` in a file of `directory`, which takes three times the CPU. Without `port`
    a free one is taken. The SuperLink does not outlive this process, however that ends.

    Raises:
        UsageInvalid: the port is taken, or a name that no certificate can hold.
        NodeUnavailable: the SuperLink did not start.
        StoreDamaged: the directory cannot be written.
    """
    host = _EVERYWHERE if everywhere else _HOST
    port = _free_port(host, port)
    with io_errors(directory):
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        files = _issued(operator, directory, names)
    log = directory / "superlink.log"
    environment = flowers_environment(directory / "flower")
    with running(_command(directory, host, port, files, database=database), environment, log) as process:
        address = f"{_HOST}:{port}"
        _wait_until_ready(process, address, trusting(authority_pem(operator)), log)
        yield SuperLinkProcess(address, process, log)


def wait_for_superlink(
    address: str, trust: ssl.SSLContext, patience_s: float, waiting: Callable[[], None]
) -> None:
    """Wait until the SuperLink answers at `address` ("host:port"); call `waiting` if it does not at once.

    Raises:
        NodeUnavailable: none answered within `patience_s` seconds.
    """
    if healthy(address, trust):
        return
    waiting()
    deadline = time.monotonic() + patience_s
    while not healthy(address, trust):
        if time.monotonic() > deadline:
            raise NodeUnavailable("superlink_unreachable", address=address)
        time.sleep(_LOOK_S)


def run_server_app(server: "ServerApp", superlink: str, trust: ssl.SSLContext) -> None:
    """Run `server` in this process as one run of the SuperLink at `superlink` ("host:port").

    Raises:
        NodeUnavailable: the SuperLink cannot be reached.
        XinqiaoError: whatever the server's job raised.
    """
    from xinqiao_app.superlink_run import attached

    with attached(superlink, trust) as (grid, context):
        server(grid, context)


def _issued(operator: SigningKey, directory: Path, names: Sequence[str]) -> ServerFiles:
    try:
        return issue(operator, directory, names, datetime.now(UTC))
    except ValueError as error:
        raise UsageInvalid("superlink_name_invalid") from error


def _command(directory: Path, host: str, port: int, files: ServerFiles, *, database: bool) -> list[str]:
    return [
        *(sys.executable, "-m", "xinqiao_app.until_eof", "xinqiao_app.superlink_server:main"),
        *("--host", host, "--port", str(port)),
        *("--ssl-ca-certfile", str(files.authority)),
        *("--ssl-certfile", str(files.certificate), "--ssl-keyfile", str(files.key)),
        "--enable-supernode-auth",
        *(("--database", str(directory / "superlink.db")) if database else ()),
        *("--isolation", "process"),  # it starts no process: our own takes the run's task
        "--disable-runtime-dependency-installation",
    ]


def _free_port(host: str, port: int | None) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port or 0))
        except OSError as error:
            raise UsageInvalid("port_taken", port=port or 0) from error
        return int(probe.getsockname()[1])


def _wait_until_ready(
    process: "subprocess.Popen[bytes]", address: str, trust: ssl.SSLContext, log: Path
) -> None:
    deadline = time.monotonic() + _START_S
    while not healthy(address, trust):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NodeUnavailable("superlink_not_started", path=str(log))
        time.sleep(_LOOK_S)
