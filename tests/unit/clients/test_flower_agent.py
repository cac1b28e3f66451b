"""The agent against a SuperLink that misbehaves: where its bytes may go, and that it ends."""

import contextlib
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import numpy as np
import pytest
from numpy.typing import NDArray

from xinqiao_clients.flower import run_agent
from xinqiao_governance.errors import UsageInvalid

BOUND_S = 10.0


class Node:
    def answer(self, wire: bytes, parameters: NDArray[np.float64] | None) -> bytes:
        return wire


class CountingDoor:
    def __init__(self) -> None:
        self.passages = 0

    def passage(self) -> AbstractContextManager[None]:
        self.passages += 1
        return contextlib.nullcontext()


class Server(http.server.ThreadingHTTPServer):
    """Answers every request with `status`, `headers` and `body`, and notes that it came."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = (status, headers, body)
        self.asked = threading.Event()
        self.address = f"127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        status, headers, body = self.server.answer
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(status)
        for name, value in (headers | {"content-length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.server.asked.set()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run_until(address: str, seen: Callable[[], bool]) -> CountingDoor:
    """Run an agent until `seen`, then stop it; it must end within its bound."""
    door, stop = CountingDoor(), threading.Event()
    agent = threading.Thread(target=lambda: run_agent(Node(), door, superlink=address, stop=stop))
    agent.start()
    assert seen()
    stop.set()
    agent.join(BOUND_S)
    assert not agent.is_alive()
    return door


def test_bytes_do_not_follow_a_redirect() -> None:
    with (
        serving(Server(200, {})) as elsewhere,
        serving(Server(307, {"location": f"http://{elsewhere.address}/v1/fleet/register-node"})) as link,
    ):
        run_until(link.address, lambda: link.asked.wait(BOUND_S))
        assert not elsewhere.asked.is_set()


def test_bytes_do_not_take_a_proxy_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Server(503, {})) as proxy, serving(Server(503, {})) as link:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.address}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        run_until(link.address, lambda: link.asked.wait(BOUND_S))
        assert not proxy.asked.is_set()


def test_every_call_is_under_the_door() -> None:
    with serving(Server(503, {})) as link:
        assert run_until(link.address, lambda: link.asked.wait(BOUND_S)).passages >= 1


@pytest.mark.parametrize(("status", "body"), [(200, b"\xff\xff\xff not protobuf"), (500, b""), (401, b"")])
def test_a_superlink_that_talks_nonsense_is_asked_again_and_the_agent_still_ends(
    status: int, body: bytes
) -> None:
    with serving(Server(status, {}, body)) as link:

        def asked_twice() -> bool:
            first = link.asked.wait(BOUND_S)
            link.asked.clear()
            return first and link.asked.wait(BOUND_S)

        run_until(link.address, asked_twice)


@pytest.mark.parametrize(
    "address", ["10.0.0.7:9092", "superlink.example:9092", "0.0.0.0:9092", "[2001:db8::1]:9092", ""]
)
def test_beyond_the_loopback_the_agent_refuses_to_speak_without_tls(address: str) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(UsageInvalid, match="superlink_needs_tls"):
        run_agent(Node(), CountingDoor(), superlink=address, stop=stop)


@pytest.mark.parametrize("address", ["127.0.0.1:9092", "localhost:9092", "[::1]:9092"])
def test_the_loopback_is_fine(address: str) -> None:
    stop = threading.Event()
    stop.set()
    door = CountingDoor()
    run_agent(Node(), door, superlink=address, stop=stop)
    assert door.passages == 0  # stopped before it began: nothing was sent
