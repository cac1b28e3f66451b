"""Real processes that do not want to end, in place of a SuperLink and of an agent: they end all the same."""

import http.server
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from simulators.tls import server_context
from xinqiao_app import carry, deployed, until_eof
from xinqiao_app.enterprise import Site
from xinqiao_app.offline import flowers_environment
from xinqiao_clients.flower import trusting
from xinqiao_governance.errors import NodeUnavailable
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.tls import authority_pem

# A healthy server with a child of its own; who of the two hears SIGTERM, its arguments say.
PROGRAM = """
import http.server, signal, ssl, subprocess, sys
deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
if "server" in sys.argv:
    exec(deaf)
wait = "; print(flush=True); import signal; signal.pause()"
child = subprocess.Popen(
    [sys.executable, "-c", (deaf if "child" in sys.argv else "pass") + wait], stdout=subprocess.PIPE
)
child.stdout.readline()
print(child.pid, flush=True)

class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Healthy)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(sys.argv[2], sys.argv[3])
server.socket = tls.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""
BOUND_S = 20.0
OPERATOR = SigningKey.generate()
TRUST = trusting(authority_pem(OPERATOR))
pytestmark = pytest.mark.slow


def alive(pid: int) -> bool:
    try:
        state = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    """Say whether a process ended, soon; if it did not, end it."""
    deadline = time.monotonic() + BOUND_S
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    if alive(pid):
        os.kill(pid, signal.SIGKILL)
        return False
    return True


@pytest.mark.parametrize("deaf", ["server", "child"])
def test_a_superlink_that_will_not_end_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaf: str
) -> None:
    monkeypatch.setattr(until_eof, "STOP_S", 0.3)
    monkeypatch.setattr(
        deployed,
        "_command",
        lambda _folder, _host, port, files, **_: [
            *(sys.executable, "-c", PROGRAM, str(port), str(files.certificate), str(files.key), deaf),
        ],
    )
    with deployed.start_superlink(tmp_path, OPERATOR) as superlink:
        child = int((tmp_path / "superlink.log").read_text().split()[0])
        os.kill(child, 0)
    assert [gone(pid) for pid in (superlink.pid, child)] == [True, True]


class Other(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_another_server_at_the_address_is_no_superlink(tmp_path: Path) -> None:
    waits: list[None] = []
    with http.server.HTTPServer(("127.0.0.1", 0), Other) as server:
        server.socket = server_context(OPERATOR, tmp_path).wrap_socket(server.socket, server_side=True)
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            with pytest.raises(NodeUnavailable, match="superlink_unreachable"):
                deployed.wait_for_superlink(
                    f"127.0.0.1:{server.server_port}", TRUST, 0.3, lambda: waits.append(None)
                )
        finally:
            server.shutdown()
            serving.join()
    assert len(waits) == 1


def test_an_agent_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = carry.subprocess.Popen
    agents = []

    def deaf(_command: list[str], **settings: object) -> object:
        agents.append(started([sys.executable, "-c", "import time; time.sleep(600)"], **settings))
        return agents[-1]

    monkeypatch.setattr(carry.subprocess, "Popen", deaf)
    monkeypatch.setattr(carry, "_STOP_S", 0.3)
    site = cast(Site, SimpleNamespace(id="hr", home=SimpleNamespace(path=tmp_path), passphrase="words"))
    with carry.agent(site, "127.0.0.1:1"):
        assert agents[0].poll() is None
    assert gone(agents[0].pid)


def test_the_environment_opens_no_other_way_into_a_superlink(monkeypatch: pytest.MonkeyPatch) -> None:
    other = ("FORWARDED_ALLOW_IPS", "FLWR_INTERNAL_GRPC_CONTROL_API", "FLWR_DATABASE")
    for name in (*other, "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "*")
    environment = flowers_environment(Path("flower"))
    assert "*" not in environment.values()
    assert environment["FLWR_TELEMETRY_ENABLED"] == "0"
    assert "PATH" in environment
