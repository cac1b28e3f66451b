"""anvil: a real Ethereum node, started on a free port of the loopback and ended by its process id."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from simulators.waits import wait_until
from xinqiao_ledger.rpc import Node

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "var" / "anvil" / "node_modules" / "@foundry-rs"
CHAIN_ID = 31337


def anvil_program() -> str:
    """Return the program; skip the test where there is none."""
    found = shutil.which("anvil") or next(map(str, PLACE.glob("anvil-*/bin/anvil")), None)
    if found is None:
        pytest.skip("anvil is not installed; make anvil")
    return found


class Anvil:
    """A running node with its address; what a test asks of it beside Ethereum's own calls is `ask`."""

    def __init__(self, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [anvil_program(), "--port", str(self.port), "--quiet", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(self._answers)
        except BaseException:
            self.kill()
            raise

    def ask(self, method: str, *parameters: Any) -> Any:
        return Node(self.url, 30).ask(method, *parameters)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it politely: it writes its state."""
        self._process.terminate()
        self._process.wait()

    def fund(self, address: str, wei: int = 10**18) -> None:
        self.ask("anvil_setBalance", address, hex(wei))

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError("anvil ended by itself")
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


@contextmanager
def running_anvil(*options: str, port: int | None = None) -> Iterator[Anvil]:
    """Run a node until the end of the block."""
    node = Anvil(*options, port=port)
    try:
        yield node
    finally:
        node.kill()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port
