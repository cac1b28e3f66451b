"""The agent against a SuperLink that misbehaves: where its bytes may go, and that it ends."""

import contextlib
import http.server
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.tls import link, server_context
from xinqiao_clients.flower import run_agent, trusting
from xinqiao_governance.errors import UsageInvalid
from xinqiao_ledger.signing import SigningKey

BOUND_S = 10.0
OPERATOR = SigningKey.generate()


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
    """Answers every request with `status`, `headers` and `body`, over TLS, and notes that it came."""

    def __init__(
        self, status: int, headers: dict[str, str], body: bytes = b"", *, operator: SigningKey = OPERATOR
    ) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        with tempfile.TemporaryDirectory() as folder:
            tls = server_context(operator, Path(folder))
        self.socket = tls.wrap_socket(self.socket, server_side=True)
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
    agent = threading.Thread(target=lambda: run_agent(Node(), door, link(address, OPERATOR), stop))
    agent.start()
    assert seen()
    stop.set()
    agent.join(BOUND_S)
    assert not agent.is_alive()
    return door


def test_bytes_do_not_follow_a_redirect() -> None:
    with (
        serving(Server(200, {})) as elsewhere,
        serving(Server(307, {"location": f"https://{elsewhere.address}/v1/fleet/activate-node"})) as link,
    ):
        run_until(link.address, lambda: link.asked.wait(BOUND_S))
        assert not elsewhere.asked.is_set()


def test_bytes_do_not_take_a_proxy_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Server(503, {})) as proxy, serving(Server(503, {})) as link:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
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


def test_a_superlink_of_another_operator_hears_nothing() -> None:
    with serving(Server(200, {}, operator=SigningKey.generate())) as stranger:
        door, stop = CountingDoor(), threading.Event()
        agent = threading.Thread(
            target=lambda: run_agent(Node(), door, link(stranger.address, OPERATOR), stop)
        )
        agent.start()
        while door.passages < 2:  # it tried, and tried again
            stop.wait(0.01)
        stop.set()
        agent.join(BOUND_S)
        assert not agent.is_alive()
        assert not stranger.asked.is_set()


@pytest.mark.parametrize("authority", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAA==\n"])
def test_without_an_authority_the_agent_trusts_nobody(authority: str) -> None:
    with pytest.raises(UsageInvalid, match="superlink_untrusted"):
        trusting(authority)


@pytest.mark.parametrize("address", ["", "9092", ":9092", "host:", "host:x", "[::1]:١"])
def test_an_address_is_host_and_port(address: str) -> None:
    with pytest.raises(UsageInvalid, match="address_invalid"):
        run_agent(Node(), CountingDoor(), link(address, OPERATOR), threading.Event())


@pytest.mark.parametrize("address", ["127.0.0.1:9092", "superlink.example:9092", "[2001:db8::1]:9092"])
def test_an_agent_that_is_stopped_before_it_began_sends_nothing(address: str) -> None:
    stop = threading.Event()
    stop.set()
    door = CountingDoor()
    run_agent(Node(), door, link(address, OPERATOR), stop)
    assert door.passages == 0
