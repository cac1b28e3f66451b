"""Logs and their witnesses: histories under one key, witnesses behind HTTP, and servers that lie."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from simulators.ledger import ORIGIN, Node
from xinqiao_governance.errors import Field
from xinqiao_ledger.checkpoint import Checkpoint, sign
from xinqiao_ledger.event import Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.witness import Witness
from xinqiao_ledger.witness_server import WitnessServer

BOUND_S = 60.0
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()


def history(path: Path, key: SigningKey, count: int, origin: str = ORIGIN) -> Log:
    """A log of `key` with its own events: a second one under the same key is a second history."""
    log = Log(path, key, origin)
    grow(log, count)
    return log


def grow(log: Log, count: int) -> None:
    """Append so many events of a new node."""
    node = Node("a")
    log.append([node.write(Kind.CONFIRM).leaf for _ in range(count)])


def note_of(log: Log, key: SigningKey, size: int) -> str:
    """The log's checkpoint over its first `size` entries."""
    return sign(Checkpoint(log.origin, size, log.root(size)), key)


class Heard:
    """What a witness told its keeper."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def __call__(self, code: str, /, **fields: Field) -> None:
        self.codes.append(code)


@contextmanager
def serving(witness: Witness, heard: Heard | None = None, **limits: Any) -> Iterator[str]:
    """Serve the witness while the block runs; the URL."""
    with WitnessServer(witness, "127.0.0.1", 0, heard or Heard(), **limits) as server, running(server):
        yield f"http://127.0.0.1:{server.port}"


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """Run a server in a thread while the block runs."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(BOUND_S)


@contextmanager
def liar(
    *replies: tuple[int, str, bytes], meanwhile: Callable[[], None] = lambda: None
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A server that gives these replies (status, content type, body) in turn, the last for ever; first of
    all `meanwhile` happens.

    Yields its URL and what it was asked: method and path.
    """
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            status, kind, body = replies[min(len(asked), len(replies) - 1)]
            asked.append((self.command, self.path))
            meanwhile()
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # whoever asked need not read to the end

    with Server(("127.0.0.1", 0), Handler) as server, running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}", asked


@contextmanager
def served_process(home: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Run `xinqiao witness serve` while the block runs; the process and its URL."""
    command = [*DIES_WITH_US, sys.executable, "-m", "xinqiao_app", "witness", "serve", "--home", str(home)]
    environment = os.environ | {"LC_ALL": "C"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process, f"http://127.0.0.1:{_port(process)}"
        finally:
            process.kill()


def _port(process: "subprocess.Popen[str]") -> int:
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.search(r"answers at 127\.0\.0\.1:(\d+)\.", line)
    assert found, line + process.stderr.read()
    return int(found[1])


def exchange(url: str, data: bytes) -> bytes:
    """Send bytes to the host of `url` and read until it closes, however it does."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=BOUND_S) as connection:
        parts = []
        with suppress(ConnectionError):
            connection.sendall(data)
            while part := connection.recv(1 << 16):
                parts.append(part)
        return b"".join(parts)
