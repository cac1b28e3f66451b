"""The deployed way for real: a SuperLink process, an agent process a department, the job in this process."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP384R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flwr.proto import fleet_pb2
from flwr.proto.node_pb2 import Node
from flwr.supercore.auth import derive_auth_secret
from numpy.typing import NDArray

from simulators.tls import link
from simulators.waits import wait_until
from xinqiao_app.deployed import SuperLinkProcess, run_server_app, start_superlink
from xinqiao_app.superlink_run import admit
from xinqiao_app.supernode import start_supernode
from xinqiao_clients.flower import Calls, _Fleet, public_pem, run_agent, trusting
from xinqiao_clients.supernode import _Tasks, answer_tasks
from xinqiao_governance.errors import NodeUnavailable, UsageInvalid
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.channel import Ask, Channel
from xinqiao_platform.flower import server_app
from xinqiao_platform.tls import authority_pem

pytestmark = [pytest.mark.flow, pytest.mark.slow]


class Echo:
    def __init__(self) -> None:
        self.asked = 0

    def answer(self, wire: bytes, parameters: NDArray[np.float64] | None) -> bytes:
        self.asked += 1
        return wire


class OpenDoor:
    def passage(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()


ROUNDS, DIMENSION = 10, 1_000
BOUND_S = 60.0
TIMEOUT_S, SHORT_S = 30.0, 4.0  # the short one lets a live agent answer on a busy machine
PARAMETERS = np.linspace(-1.0, 1.0, DIMENSION)
# A whole department process under the real door: any connect outside a passage is refused. It echoes the
# wire and its own pid; "fail" fails, "slow" is late; SIGTERM sets `stop`.
AGENT = """
import os, resource, signal, sys, threading, time
from pathlib import Path
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from xinqiao_clients.door import Door, guard_process
from xinqiao_clients.flower import Link, run_agent

class Node:
    def answer(self, wire, parameters):
        if wire == b"fail":
            raise ValueError("sentinel-7391")
        if wire == b"slow":
            time.sleep(9)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        body = b"" if parameters is None else parameters.tobytes()
        return b"%d %d " % (os.getpid(), peak) + wire + body

key = load_pem_private_key(Path(sys.argv[3]).read_bytes(), None)
link = Link(sys.argv[1], Path(sys.argv[2]).read_text(), key)
guard_process()
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
run_agent(Node(), Door(lambda kind, size: None), link, stop)
"""


OPERATOR = SigningKey.generate()
TRUST = trusting(authority_pem(OPERATOR))


@contextlib.contextmanager
def agents(superlink: str, count: int, log: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    authority = log.with_name("authority.pem")
    authority.write_text(authority_pem(OPERATOR))
    keys = [generate_private_key(SECP384R1()) for _ in range(count)]
    admit(superlink, TRUST, [public_pem(key) for key in keys])
    with log.open("ab") as output:
        started = [
            subprocess.Popen(
                [sys.executable, "-c", AGENT, superlink, str(authority), str(saved(key, log.parent))],
                stdout=output,
                stderr=output,
            )
            for key in keys
        ]
    try:
        yield started
    finally:
        for process in started:
            if process.poll() is None:
                process.terminate()
        for process in started:
            process.wait(15)


@pytest.fixture
def superlink(tmp_path: Path) -> Iterator[SuperLinkProcess]:
    with start_superlink(tmp_path / "link", OPERATOR) as process:
        yield process
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def saved(key: EllipticCurvePrivateKey, folder: Path) -> Path:
    path = folder / f"{secrets.token_hex(4)}.key"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def wait_for(channel: Channel, count: int, bound_s: float = 30.0) -> list[str]:
    deadline = time.monotonic() + bound_s
    while len(channel.members()) != count:
        assert time.monotonic() < deadline, f"{len(channel.members())} of {count} members"
        time.sleep(0.05)
    return list(channel.members())


@pytest.mark.heavy
def test_ten_rounds_then_a_killed_agent_is_absent(superlink: SuperLinkProcess, tmp_path: Path) -> None:
    figures: dict[str, float] = {}

    def job(channel: Channel) -> None:
        members = wait_for(channel, 3)
        start = time.monotonic()
        for number in range(ROUNDS):
            wire = b"round %d " % number
            answers = channel.ask({m: Ask(wire, PARAMETERS) for m in members}, timeout_s=TIMEOUT_S)
            assert sorted(answers) == members
            assert all(answer.endswith(wire + PARAMETERS.tobytes()) for answer in answers.values())
        figures["seconds a round"] = (time.monotonic() - start) / ROUNDS
        figures["MiB an agent"] = max(int(answer.split()[1]) for answer in answers.values()) / 1024
        killed = int(answers[members[0]].split()[0])
        os.kill(killed, signal.SIGKILL)
        asked = time.monotonic()
        left = channel.ask({m: Ask(b"after") for m in members}, timeout_s=SHORT_S)
        figures["seconds with one killed"] = time.monotonic() - asked
        assert sorted(left) == members[1:]
        assert figures["seconds with one killed"] < 2 * SHORT_S
        again = channel.ask({m: Ask(b"again") for m in members[1:]}, timeout_s=TIMEOUT_S)
        assert sorted(again) == members[1:]
        wait_for(channel, 2)  # Flower forgets it when its heartbeats have been missed

    with agents(superlink.address, 3, tmp_path / "agents.log") as processes:
        run_server_app(server_app(job), superlink.address, TRUST)
    assert [process.returncode for process in processes].count(0) == 2
    print(figures)
    assert figures["seconds a round"] < SHORT_S


def test_failing_and_late_agents_are_absent_and_say_nothing(
    superlink: SuperLinkProcess, tmp_path: Path
) -> None:
    def job(channel: Channel) -> None:
        first, second = wait_for(channel, 2)
        assert channel.ask({}, timeout_s=TIMEOUT_S) == {}
        assert list(channel.ask({first: Ask(b"fail"), second: Ask(b"ok")}, timeout_s=TIMEOUT_S)) == [second]
        start = time.monotonic()
        assert list(channel.ask({first: Ask(b"slow"), second: Ask(b"ok")}, timeout_s=SHORT_S)) == [second]
        assert time.monotonic() - start < 2 * SHORT_S
        assert list(channel.ask({first: Ask(b"back")}, timeout_s=TIMEOUT_S)) == [first]

    log = tmp_path / "agents.log"
    with agents(superlink.address, 2, log):
        run_server_app(server_app(job), superlink.address, TRUST)
    said = log.read_bytes() + b"".join(p.read_bytes() for p in (tmp_path / "link").iterdir() if p.is_file())
    assert b"sentinel-7391" not in said


def test_agents_serve_a_second_run_and_a_superlink_that_came_back(tmp_path: Path) -> None:
    def job(channel: Channel) -> None:
        (member,) = wait_for(channel, 1)
        assert list(channel.ask({member: Ask(b"hello")}, timeout_s=TIMEOUT_S)) == [member]

    with start_superlink(tmp_path / "link", OPERATOR, database=True) as first:
        port = int(first.address.rpartition(":")[2])
        with agents(first.address, 1, tmp_path / "agents.log"):
            run_server_app(server_app(job), first.address, TRUST)
            run_server_app(server_app(job), first.address, TRUST)
            os.kill(first.pid, signal.SIGKILL)
            os.waitpid(first.pid, 0)
            with start_superlink(tmp_path / "link", OPERATOR, port=port, database=True) as second:
                run_server_app(server_app(job), second.address, TRUST)


def test_who_was_not_admitted_hears_nothing_and_is_told_so(
    superlink: SuperLinkProcess, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor can it let itself in: registering is for the operator. Once he did, it comes by itself."""
    nodes, links = [Echo(), Echo()], [link(superlink.address, OPERATOR) for _ in range(2)]

    def said() -> set[tuple[str, object]]:
        told = [(record.msg, record.args) for record in caplog.records if "xinqiao_clients" in record.name]
        return {(code, args.get("status")) for code, args in told if isinstance(args, dict)}

    def job(channel: Channel) -> None:
        (member,) = wait_for(channel, 1)
        wait_until(lambda: said() == {("superlink_unknown_node", 412), ("supernode_lost", None)})
        assert wait_for(channel, 1) == [member]
        assert list(channel.ask({member: Ask(b"hello")}, timeout_s=TIMEOUT_S)) == [member]
        assert [node.asked for node in nodes] == [0, 0]
        admit(superlink.address, TRUST, [public_pem(way.key) for way in links])
        members = wait_for(channel, 3, BOUND_S)
        answers = channel.ask({name: Ask(b"hello") for name in members}, timeout_s=TIMEOUT_S)
        assert sorted(answers) == sorted(members)
        assert [node.asked for node in nodes] == [1, 1]
        with contextlib.closing(Calls(OpenDoor(), f"http://{supernode.address}/v1/runtime/")) as calls:
            with pytest.raises(httpx.HTTPStatusError):  # another program of this machine, without the secret
                _Tasks(calls, secrets.token_bytes(32)).take()
            assert _Tasks(calls, derive_auth_secret(supernode.secret)).take() is None

    stop = threading.Event()
    with (
        agents(superlink.address, 1, tmp_path / "agents.log"),
        start_supernode(tmp_path / "supernode", links[1]) as supernode,
    ):
        task = (supernode.address, supernode.secret, stop)
        strangers = [
            threading.Thread(target=run_agent, args=(nodes[0], OpenDoor(), links[0], stop)),
            threading.Thread(target=answer_tasks, args=(nodes[1], OpenDoor(), *task)),
        ]
        for stranger in strangers:
            stranger.start()
        try:
            run_server_app(server_app(job), superlink.address, TRUST)
        finally:
            stop.set()
            for stranger in strangers:
                stranger.join(BOUND_S)


def test_a_stranger_lets_itself_in_neither_as_itself_nor_as_another(
    superlink: SuperLinkProcess, tmp_path: Path
) -> None:
    """A light agent never asks to be registered, so this plays one that does."""
    stranger = link(superlink.address, OPERATOR)
    request = fleet_pb2.RegisterNodeFleetRequest(public_key=public_pem(stranger.key).encode("ascii"))

    def job(channel: Channel) -> None:
        (member,) = wait_for(channel, 1)
        with _Fleet(OpenDoor(), stranger) as fleet:
            with pytest.raises(httpx.HTTPStatusError):
                fleet._call("register-node", request, fleet_pb2.RegisterNodeFleetResponse)
            with pytest.raises(httpx.HTTPStatusError):
                fleet.stay()
            fleet._node = Node(node_id=int(member))
            with pytest.raises(httpx.HTTPStatusError):
                fleet.receive()
        assert list(channel.members()) == [member]

    with agents(superlink.address, 1, tmp_path / "agents.log"):
        run_server_app(server_app(job), superlink.address, TRUST)


def test_a_superlink_that_another_operator_runs_is_none(superlink: SuperLinkProcess) -> None:
    stranger = trusting(authority_pem(SigningKey.generate()))
    with pytest.raises(NodeUnavailable, match="superlink_unreachable"):
        run_server_app(server_app(lambda channel: None), superlink.address, stranger)


def test_a_superlink_that_dies_ends_the_job_with_a_reason(tmp_path: Path) -> None:
    with start_superlink(tmp_path / "link", OPERATOR) as superlink:

        def job(channel: Channel) -> None:
            os.kill(superlink.pid, signal.SIGKILL)
            channel.members()

        start = time.monotonic()
        with pytest.raises(NodeUnavailable, match="superlink_unreachable"):
            run_server_app(server_app(job), superlink.address, TRUST)
        assert time.monotonic() - start < 30.0


def test_no_superlink_is_a_clear_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(NodeUnavailable, match="superlink_unreachable"):
        run_server_app(server_app(lambda channel: None), address, TRUST)


def test_a_taken_port_is_a_clear_error(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with (
            pytest.raises(UsageInvalid, match=f"port_taken.*{port}"),
            start_superlink(tmp_path, OPERATOR, port=port),
        ):
            pytest.fail("started")


def test_a_superlink_that_cannot_start_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "superlink.db").mkdir()
    start = time.monotonic()
    with (
        pytest.raises(NodeUnavailable, match="superlink_not_started"),
        start_superlink(tmp_path, OPERATOR, database=True),
    ):
        pytest.fail("started")
    assert time.monotonic() - start < 30.0  # its end is noticed, not waited for
