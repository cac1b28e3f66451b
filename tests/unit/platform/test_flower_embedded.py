"""The channel over the in-process grid: real Flower apps and messages, nodes that misbehave on request."""

import threading
import time
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Message, RecordDict
from flwr.clientapp import ClientApp
from numpy.typing import NDArray

from xinqiao_app import grid as in_process
from xinqiao_app.grid import InProcessGrid, run_embedded
from xinqiao_clients.flower import client_app
from xinqiao_governance.errors import JobFailed, WireInvalid
from xinqiao_platform import flower as channel_over
from xinqiao_platform.channel import Ask, Channel
from xinqiao_platform.flower import server_app

FAST_S = 5.0
SECRET = "张三 13800138000"


class Node:
    """A pretend department: echoes, or does what `act` says."""

    def __init__(self, act: Callable[[bytes], bytes] = lambda wire: b"echo " + wire) -> None:
        self.act = act
        self.parameters: list[NDArray[np.float64] | None] = []
        self.wires: list[bytes] = []

    def answer(self, wire: bytes, parameters: NDArray[np.float64] | None) -> bytes:
        self.wires.append(wire)
        self.parameters.append(parameters)
        return self.act(wire)


def fail(_: bytes) -> bytes:
    raise ValueError(SECRET)


def apps(nodes: Mapping[int, Node]) -> dict[int, ClientApp]:
    return {node_id: client_app(node) for node_id, node in nodes.items()}


def run(nodes: Mapping[int, Node], job: Callable[[Channel], None]) -> None:
    run_embedded(server_app(job), apps(nodes))


def ask_all(channel: Channel, wire: bytes = b"hello", timeout_s: float = FAST_S) -> dict[str, bytes]:
    return channel.ask({address: Ask(wire) for address in channel.members()}, timeout_s=timeout_s)


def test_every_node_answers_its_own_wire() -> None:
    seen: dict[str, bytes] = {}

    def job(channel: Channel) -> None:
        assert channel.members() == ["11", "12", "13"]
        asks = {address: Ask(address.encode()) for address in channel.members()}
        seen.update(channel.ask(asks, timeout_s=FAST_S))

    run({11: Node(), 12: Node(), 13: Node()}, job)
    assert seen == {"11": b"echo 11", "12": b"echo 12", "13": b"echo 13"}


def test_asking_nobody_is_answered_by_nobody() -> None:
    run({11: Node()}, lambda channel: pytest.fail("asked") if channel.ask({}, timeout_s=FAST_S) else None)


def test_parameters_arrive_bit_for_bit() -> None:
    parameters = np.array([0.1, -0.0, 5e-324, np.inf, np.nan, 1 / 3], dtype=np.float64)
    node = Node()
    run({11: node}, lambda channel: check_one(channel.ask({"11": Ask(b"w", parameters)}, timeout_s=FAST_S)))
    arrived = node.parameters[0]
    assert arrived is not None
    assert arrived.dtype == np.float64
    assert arrived.tobytes() == parameters.tobytes()


def check_one(answers: Mapping[str, bytes]) -> None:
    assert list(answers) == ["11"]


def test_a_node_that_fails_is_absent_and_the_job_goes_on() -> None:
    rounds: list[set[str]] = []

    def job(channel: Channel) -> None:
        rounds.extend(set(ask_all(channel)) for _ in range(3))

    run({11: Node(), 12: Node(fail), 13: Node()}, job)
    assert rounds == [{"11", "13"}] * 3


def test_a_failure_says_nothing_of_its_text() -> None:
    grid = InProcessGrid(apps({11: Node(fail)}))
    run_embedded(server_app(lambda channel: None), {})  # gives Flower's messages their identity
    (reply,) = grid.send_and_receive([flower_message(11)], timeout=FAST_S)
    grid.close()
    assert reply.has_error()
    assert SECRET not in repr(reply)


def test_a_late_node_is_absent_and_costs_no_more_than_the_bound() -> None:
    free = threading.Event()
    late = Node(lambda wire: b"late" if free.wait(FAST_S) else b"")
    seen: list[set[str]] = []

    def job(channel: Channel) -> None:
        start = time.monotonic()
        seen.append(set(ask_all(channel, timeout_s=0.6)))
        seen.append(set(ask_all(channel, b"again", timeout_s=0.6)))  # 12 is busy still, the others are not
        assert time.monotonic() - start < 3.0
        free.set()

    run({11: Node(), 12: late, 13: Node()}, job)
    assert seen == [{"11", "13"}, {"11", "13"}]
    assert late.wires == [b"hello"]  # one thing at a time: the second message never reached the busy node


def test_short_answers_are_given_by_one_thread_and_long_ones_by_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that take turns at the interpreter would cost more than they win."""
    monkeypatch.setattr(in_process, "_LONG_S", 0.2)  # as far apart as a busy machine asks for
    monkeypatch.setattr(in_process, "_PULL_S", FAST_S)
    threads: list[set[int]] = []

    def act(wire: bytes) -> bytes:
        threads[-1].add(threading.get_ident())
        time.sleep(0.25 if wire == b"long" else 0.0)
        return wire

    def job(channel: Channel) -> None:
        for wire in (b"short", b"short", b"long", b"long"):
            threads.append(set())
            assert len(ask_all(channel, wire)) == 3

    run({node_id: Node(act) for node_id in (11, 12, 13)}, job)
    assert [len(used) for used in threads] == [1, 1, 1, 2]


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_nodes_that_fail_in_any_way_keep_no_thread(error: type[BaseException]) -> None:
    def end(_: bytes) -> bytes:
        raise error(SECRET)

    seen: list[set[str]] = []

    def job(channel: Channel) -> None:
        seen.extend(set(ask_all(channel, timeout_s=FAST_S)) for _ in range(2))

    run({11: Node(end), 12: Node(end), 13: Node(end), 14: Node()}, job)
    assert seen == [{"14"}, {"14"}]


def test_over_a_grid_that_waits_itself_nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause in proportion to what a look took would take this grid's waiting for its cost."""
    free, heard = threading.Event(), []
    slow = Node(lambda wire: b"late" if free.wait(FAST_S) else b"")
    sleeps: list[float] = []
    monkeypatch.setattr(channel_over.time, "sleep", sleeps.append)

    def job(channel: Channel) -> None:
        threading.Timer(0.2, free.set).start()
        heard.append(ask_all(channel))

    run_embedded(server_app(job, grid_waits=True), apps({11: slow}))
    assert heard == [{"11": b"late"}]
    assert sleeps == []


def test_sending_and_receiving_looks_once_at_least_and_ends() -> None:
    run_embedded(server_app(lambda channel: None), {})
    free = threading.Event()
    grid = InProcessGrid(apps({11: Node(), 12: Node(lambda wire: b"x" if free.wait(FAST_S) else b"")}))
    assert len(list(grid.send_and_receive([flower_message(11), flower_message(12)], timeout=0.0))) <= 1
    free.set()
    assert len(list(grid.send_and_receive([flower_message(11)]))) == 1
    grid.close()
    assert list(grid.pull_messages(["gone"])) == []


def test_a_message_past_its_time_is_not_started() -> None:
    free = threading.Event()
    slow, idle = Node(lambda wire: b"x" if free.wait(FAST_S) else b""), Node()
    run_embedded(server_app(lambda channel: None), {})
    grid = InProcessGrid(apps({11: slow, 12: idle}), workers=1)
    ids = list(grid.push_messages([flower_message(11), flower_message(12, ttl_s=0.05)]))
    time.sleep(0.1)
    free.set()
    replies = {ids.index(reply.metadata.reply_to_message_id): reply for reply in wait_for_replies(grid, ids)}
    grid.close()
    assert replies[0].has_content()
    assert replies[1].has_error()
    assert idle.wires == []


def wait_for_replies(grid: InProcessGrid, ids: list[str]) -> list[Message]:
    replies: list[Message] = []
    deadline = time.monotonic() + FAST_S
    while len(replies) < len(ids) and time.monotonic() < deadline:
        replies.extend(grid.pull_messages(ids))
    return replies


def test_closing_waits_for_nobody_who_has_not_started() -> None:
    free = threading.Event()
    slow, idle = Node(lambda wire: b"x" if free.wait(FAST_S) else b""), Node()
    run_embedded(server_app(lambda channel: None), {})
    grid = InProcessGrid(apps({11: slow, 12: idle}), workers=1)
    grid.push_messages([flower_message(11), flower_message(12)])
    threading.Timer(0.1, free.set).start()
    start = time.monotonic()
    grid.close()
    assert time.monotonic() - start < FAST_S / 2
    assert idle.wires == []


def test_a_node_that_nobody_knows_is_absent() -> None:
    run(
        {11: Node()},
        lambda channel: check_one(channel.ask({"11": Ask(b"a"), "99": Ask(b"b")}, timeout_s=FAST_S)),
    )


def test_an_error_of_the_job_comes_out() -> None:
    def job(channel: Channel) -> None:
        raise JobFailed("too_few_members")

    with pytest.raises(JobFailed, match="too_few_members"):
        run({11: Node()}, job)


def test_nodes_see_real_flower_messages() -> None:
    kinds: list[tuple[type, str]] = []
    app = client_app(Node())

    spied = ClientApp()

    @spied.train()
    @spied.query()
    def answer(message: Message, context: Context) -> Message:
        kinds.append((type(message), message.metadata.message_type))
        return app(message, context)

    def job(channel: Channel) -> None:
        check_one(channel.ask({"11": Ask(b"q")}, timeout_s=FAST_S))
        check_one(channel.ask({"11": Ask(b"t", np.zeros(2))}, timeout_s=FAST_S))

    run_embedded(server_app(job), {11: spied})
    assert kinds == [(Message, "query"), (Message, "train")]


def wire_record(wire: object = b"w") -> ConfigRecord:
    return ConfigRecord({"wire": wire})  # type: ignore[dict-item]


HOSTILE = {
    "no wire": RecordDict(),
    "wire is text": RecordDict({"wire": wire_record("w")}),
    "wire is an array": RecordDict({"wire": ArrayRecord({"wire": Array(np.zeros(1))})}),
    "parameters are a config": RecordDict({"wire": wire_record(), "parameters": wire_record()}),
    "parameters have another name": RecordDict(
        {"wire": wire_record(), "parameters": ArrayRecord({"other": Array(np.zeros(1))})}
    ),
    "parameters are float32": RecordDict(
        {"wire": wire_record(), "parameters": ArrayRecord({"flat": Array(np.zeros(1, dtype=np.float32))})}
    ),
    "parameters are a matrix": RecordDict(
        {"wire": wire_record(), "parameters": ArrayRecord({"flat": Array(np.zeros((2, 2)))})}
    ),
    "parameters are pickled": RecordDict(
        {
            "wire": wire_record(),
            "parameters": ArrayRecord({"flat": Array("float64", (1,), "numpy.ndarray", b"\x80\x04N.")}),
        }
    ),
    "parameters are cut": RecordDict(
        {
            "wire": wire_record(),
            "parameters": ArrayRecord({"flat": Array("float64", (1,), "numpy.ndarray", b"\x93NUMPY")}),
        }
    ),
}


def flower_message(node_id: int, content: RecordDict | None = None, ttl_s: float = FAST_S) -> Message:
    return Message(content or RecordDict({"wire": wire_record()}), node_id, "query", ttl=ttl_s)


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_message_laid_out_otherwise_never_reaches_the_node(content: RecordDict) -> None:
    node = Node()
    run_embedded(server_app(lambda channel: None), {})
    message = Message(content, 11, "query", ttl=FAST_S)
    with pytest.raises(WireInvalid, match="flower_message_invalid"):
        client_app(node)(message, None)  # type: ignore[arg-type]
    assert node.wires == []


@pytest.mark.parametrize("content", [RecordDict(), RecordDict({"wire": wire_record("text")})])
def test_a_reply_laid_out_otherwise_is_absent(content: RecordDict) -> None:
    app = ClientApp()

    @app.query()
    def answer(message: Message, context: object) -> Message:
        return Message(content, reply_to=message)

    def job(channel: Channel) -> None:
        assert ask_all(channel) == {}

    run_embedded(server_app(job), {11: app})


def test_a_reply_in_anothers_name_is_absent() -> None:
    app = ClientApp()

    @app.query()
    def answer(message: Message, context: object) -> Message:
        reply = Message(RecordDict({"wire": wire_record()}), reply_to=message)
        reply.metadata.__dict__["_src_node_id"] = 12
        return reply

    run_embedded(server_app(lambda channel: check_empty(ask_all(channel))), {11: app})


def check_empty(answers: Mapping[str, bytes]) -> None:
    assert answers == {}
