"""Real Ethereum nodes, started on a free port of the loopback and ended by their process ids.

anvil's EVM is written in Rust (revm), ganache's in JavaScript (ethereumjs): two besides py-evm's.
"""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from simulators.waits import wait_until
from xinqiao_ledger.rpc import Node

PLACE = Path(__file__).parents[2] / "var"
CHAIN_ID = 31337
"""anvil's."""


def anvil_program() -> list[str]:
    """Return the program; skip the test where there is none."""
    found = shutil.which("anvil") or next(
        map(str, PLACE.glob("anvil/node_modules/@foundry-rs/*/bin/anvil")), None
    )
    if found is None:
        pytest.skip("anvil is not installed; make anvil")
    return [found, "--quiet"]


def ganache_program() -> list[str]:
    """Return the program; skip the test where there is none."""
    script = PLACE / "ganache" / "node_modules" / "ganache" / "dist" / "node" / "cli.js"
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None or not script.exists():
        pytest.skip("ganache is not installed; make ganache")
    return [node, str(script), "--logging.quiet"]


class EvmNode:
    """A running node with its address; what a test asks of it beside Ethereum's own calls is `ask`."""

    fund_method = "anvil_setBalance"

    def __init__(self, command: Sequence[str], port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [*command, "--port", str(self.port)]
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
        self.ask(self.fund_method, address, hex(wei))

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError("the node ended by itself")
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


class Anvil(EvmNode):
    """anvil with these options."""

    def __init__(self, *options: str, port: int | None = None) -> None:
        super().__init__([*anvil_program(), *options], port)


class Ganache(EvmNode):
    """ganache as it is."""

    fund_method = "evm_setAccountBalance"

    def __init__(self) -> None:
        super().__init__(ganache_program())


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
