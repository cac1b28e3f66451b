"""How a conversation is carried: the same ServerApp and ClientApps, in this process or as real processes."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from xinqiao_app.enterprise import Enterprise, Site
from xinqiao_app.grid import run_embedded
from xinqiao_clients.flower import client_app, public_pem, trusting
from xinqiao_clients.node import DataNode
from xinqiao_governance.errors import NodeUnavailable, UsageInvalid
from xinqiao_platform.channel import Channel
from xinqiao_platform.flower import server_app
from xinqiao_platform.tls import authority_pem

Conversation = Callable[[Channel], None]
_STOP_S = 20.0


def embedded(enterprise: Enterprise, conversation: Conversation) -> None:
    """Carry the conversation through an in-process Flower grid."""
    nodes = [DataNode(site.home) for site in enterprise.sites]
    clients = {number: client_app(node) for number, node in enumerate(nodes, start=1)}
    run_embedded(server_app(conversation, grid_waits=True), clients)


def deployed(out: Path, port: int | None) -> Callable[[Enterprise, Conversation], None]:
    """Return the way over a real SuperLink and one agent process a department, all on the loopback.

    Raises:
        UsageInvalid: the port is taken; the reader hears of it now, not after the departments are set up.
    """
    if port is not None:
        _require_free(port)

    def carry(enterprise: Enterprise, conversation: Conversation) -> None:
        # Seconds to load, and of no use to the embedded way.
        from xinqiao_app.deployed import run_server_app, start_superlink
        from xinqiao_app.superlink_run import admit

        with ExitStack() as running:
            operator = enterprise.centre.operator
            superlink = running.enter_context(start_superlink(out / "superlink", operator, port=port))
            trust = trusting(authority_pem(operator))
            keys = [public_pem(site.home.transport_key) for site in enterprise.sites]
            admit(superlink.address, trust, keys)
            for site in enterprise.sites:
                running.enter_context(agent(site, superlink.address))
            run_server_app(server_app(conversation), superlink.address, trust)

    return carry


def _require_free(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise UsageInvalid("port_taken", port=port) from error


@contextmanager
def agent(site: Site, superlink: str, command: str = "run") -> Iterator["subprocess.Popen[bytes]"]:
    """Run a department's agent, or its node behind a SuperNode (`command` "supernode").

    Its standard input brings the passphrase and, by closing, the end. So it never outlives this process,
    however that ends, and the passphrase stands in no argument, environment or file.

    Raises:
        NodeUnavailable: the agent ended before it read its passphrase; its log says why.
    """
    log_path = site.home.path / "agent.log"
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "xinqiao_app", "node", command, "--home", str(site.home.path)),
                *("--superlink", superlink, "--until-eof"),
            ],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        try:
            _hand_over(process, site.passphrase)
        except BrokenPipeError as error:
            raise NodeUnavailable("agent_ended", department=site.id, path=str(log_path)) from error
        yield process
    finally:
        _end(process)


def _hand_over(agent: "subprocess.Popen[bytes]", passphrase: str) -> None:
    if agent.stdin is not None:
        agent.stdin.write(passphrase.encode() + b"\n")
        agent.stdin.flush()


def _end(agent: "subprocess.Popen[bytes]") -> None:
    if agent.stdin is not None:
        with suppress(BrokenPipeError):  # it is gone, and what it did not read goes with it
            agent.stdin.close()
    try:
        agent.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        agent.kill()
        agent.wait()
