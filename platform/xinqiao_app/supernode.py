"""Flower's own SuperNode as a process beside the department's node: it carries messages, and no more."""

import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from xinqiao_app.keeper import LOOK_S, START_S, healthy
from xinqiao_app.offline import flowers_environment
from xinqiao_app.until_eof import running
from xinqiao_clients.flower import Link
from xinqiao_governance.errors import NodeUnavailable
from xinqiao_ledger.files import create_file, io_errors

_HOST = "127.0.0.1"


@dataclass(frozen=True)
class SuperNode:
    """A SuperNode that is kept running: where it gives out its tasks ("host:port"), and for which secret."""

    address: str
    secret: bytes
    process: "subprocess.Popen[bytes]"
    log: Path

    def when_ended(self, act: Callable[[], None]) -> None:
        """Call `act` when nothing keeps it running any more, from a thread of its own."""

        def wait() -> None:
            self.process.wait()
            act()

        threading.Thread(target=wait, daemon=True).start()

    def require_alive(self) -> None:
        """Raise NodeUnavailable if nothing keeps it running any more."""
        if self.process.poll() is not None:
            raise NodeUnavailable("supernode_ended", path=str(self.log))


@contextmanager
def start_supernode(directory: Path, link: Link) -> Iterator[SuperNode]:
    """Run `flower-supernode` for `link`, with its log in `directory`; end it with the block.

    Ending by itself, it is started again, under the same address and secret, after 1, 2, 4 … 30 seconds.

    It gives its tasks to processes of this machine that know a secret made for this one run. The transport
    key and the secret lie in files only while it starts. It does not outlive this process.

    Raises:
        NodeUnavailable: it did not start.
        StoreDamaged: the directory cannot be written.
    """
    log, keys = directory / "supernode.log", directory / "keys"
    port, secret = _free_port(), secrets.token_bytes(32)
    with io_errors(directory):
        shutil.rmtree(keys, ignore_errors=True)  # of a start that was killed
        keys.mkdir(parents=True, mode=0o700)
    try:
        environment = flowers_environment(directory / "flower")
        address = f"{_HOST}:{port}"
        keeper = (sys.executable, "-m", "xinqiao_app.until_eof", "xinqiao_app.keeper:main")
        command = [*keeper, str(keys), str(log), address, *_command(keys, link, port, secret)]
        with running(command, environment, log) as process:
            supernode = SuperNode(address, secret, process, log)
            _wait_until_ready(supernode, keys)
            yield supernode
    finally:
        shutil.rmtree(keys, ignore_errors=True)


def _command(keys: Path, link: Link, port: int, secret: bytes) -> list[str]:
    with io_errors(keys):
        create_file(keys / "authority.pem", link.authority.encode("ascii"))
        create_file(keys / "transport", _openssh(link.key))
        create_file(keys / "secret", secret)
    return [
        *(sys.executable, "-m", "xinqiao_app.until_eof", "flwr.supernode.cli:flower_supernode"),
        *("--superlink", link.superlink, "--root-certificates", str(keys / "authority.pem")),
        *("--auth-supernode-private-key", str(keys / "transport")),
        *("--isolation", "process"),  # it starts no process, so no code of the centre's runs here
        *("--host", _HOST, "--port", str(port)),
        *("--superexec-auth-secret-file", str(keys / "secret")),
    ]


def _openssh(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(supernode: SuperNode, keys: Path) -> None:
    """Wait until it serves and its keys are removed."""
    deadline = time.monotonic() + START_S
    while keys.exists() or not healthy(supernode.address):
        supernode.require_alive()
        if time.monotonic() > deadline:
            raise NodeUnavailable("supernode_not_started", path=str(supernode.log))
        time.sleep(LOOK_S)
    supernode.require_alive()  # not another who took the port
