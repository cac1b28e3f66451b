"""The node behind a SuperNode, whose interface for tasks is Flower's own: what is asked and what leaves."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from hashlib import sha256

import numpy as np
import pytest
import uvicorn
from flwr.app import ConfigRecord, Context, Message, RecordDict
from flwr.app.message import make_message
from flwr.app.metadata import Metadata
from flwr.common.constant import Status
from flwr.supercore.constant import TaskType
from flwr.supercore.fab import Fab
from flwr.supercore.inflatable.inflatable_object import get_object_tree, iterate_object_tree
from flwr.supercore.inflatable.inflatable_utils import inflate_object_from_contents
from flwr.supercore.object_store import ObjectStoreFactory
from flwr.supercore.run import Run
from flwr.supernode.main import create_app
from flwr.supernode.nodestate import NodeState, NodeStateFactory
from numpy.typing import NDArray

import xinqiao_clients.supernode as behind
from simulators.waits import wait_until
from xinqiao_clients.supernode import answer_tasks

pytestmark = pytest.mark.slow
BUNDLE = b"no bundle: whoever unpacks this fails"
SECRET, RUN, NODE, BOUND_S = b"a secret of this run", 7, 11, 20.0


class Node:
    def answer(self, wire: bytes, parameters: NDArray[np.float64] | None) -> bytes:
        if wire == b"fail":
            raise ValueError("sentinel-7391")
        return b"answer to " + wire


class CountingDoor:
    def __init__(self) -> None:
        self.passages = 0

    def passage(self) -> AbstractContextManager[None]:
        self.passages += 1
        return contextlib.nullcontext()


class SuperNode:
    """What a stock SuperNode keeps and serves; the test plays the part that speaks to the SuperLink."""

    def __init__(self, address: str, state: NodeState) -> None:
        self.address = address
        self.state = state
        state.set_node_id(NODE)
        run = Run.create_empty(RUN)
        run.fab_hash = state.store_fab(Fab(sha256(BUNDLE).hexdigest(), BUNDLE, {}))
        state.store_run(run)
        state.set_run_series_context(run.series_id, Context(RUN, NODE, {}, RecordDict(), {}))

    def give_out(self, wire: bytes) -> Message:
        """Make a task for a message, as a SuperNode does: before it has the message."""
        assert self.state.create_task(task_type=TaskType.CLIENT_APP, run_id=RUN, fab_hash="") is not None
        metadata = Metadata(RUN, "", 1, NODE, "", "", time.time(), 60.0, "query")
        message = make_message(metadata, RecordDict({"wire": ConfigRecord({"wire": wire})}))
        message.metadata.__dict__["_message_id"] = message.object_id
        return message

    def bring_head(self, message: Message) -> None:
        """Have the message, as the SuperLink's answer brings it."""
        tree = get_object_tree(message)
        del tree.children[:]
        self.state.object_store.preregister(RUN, tree)
        self.state.store_message(message)

    def bring_object(self, message: Message) -> None:
        """Have the message's own object, which it fetches then."""
        self.state.object_store.put(message.object_id, message.deflate())

    def reply(self) -> Message:
        """Wait for a reply and put it together."""
        wait_until(lambda: any(task.status.status == Status.FINISHED for task in self.state.get_tasks()))
        (head,) = self.state.get_messages_legacy(is_reply=True)
        message_id = head.metadata.message_id
        pieces = iterate_object_tree(self.state.object_store.get_object_tree(message_id))
        contents = {piece.object_id: self.state.object_store.get(piece.object_id) for piece in pieces}
        reply = inflate_object_from_contents(message_id, contents)
        assert isinstance(reply, Message)
        return reply


@contextlib.contextmanager
def serving(port: int = 0) -> Iterator[SuperNode]:
    factory = NodeStateFactory(ObjectStoreFactory())
    with socket.create_server(("127.0.0.1", port)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(factory, SECRET), log_level="critical", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield SuperNode(f"127.0.0.1:{listener.getsockname()[1]}", factory.state())
        server.should_exit = True
        thread.join(BOUND_S)


@pytest.fixture
def supernode() -> Iterator[SuperNode]:
    with serving() as supernode:
        yield supernode


@contextlib.contextmanager
def answering(address: str, secret: bytes = SECRET) -> Iterator[CountingDoor]:
    door, stop = CountingDoor(), threading.Event()
    thread = threading.Thread(target=answer_tasks, args=(Node(), door, address, secret, stop))
    thread.start()
    try:
        yield door
    finally:
        stop.set()
        thread.join(BOUND_S)
        assert not thread.is_alive()


def test_a_message_is_answered_once_it_is_there_and_no_bundle_is_opened(supernode: SuperNode) -> None:
    with answering(supernode.address) as door:
        message = supernode.give_out(b"hello")
        asked = door.passages
        wait_until(lambda: door.passages > asked + 3)  # the task is taken, its message looked for in vain
        supernode.bring_head(message)
        asked = door.passages
        wait_until(lambda: door.passages > asked + 3)  # and its object
        supernode.bring_object(message)
        reply = supernode.reply()
    assert reply.content["wire"]["wire"] == b"answer to hello"
    assert reply.metadata.reply_to_message_id == message.object_id
    assert door.passages > 8  # each call is under the door
    assert message.object_id not in supernode.state.object_store  # what was read is not kept


def test_a_failure_goes_back_without_a_word(supernode: SuperNode, caplog: pytest.LogCaptureFixture) -> None:
    with answering(supernode.address):
        message = supernode.give_out(b"fail")
        supernode.bring_head(message)
        supernode.bring_object(message)
        reply = supernode.reply()
    assert reply.has_error()
    assert not reply.error.reason
    assert "sentinel" not in caplog.text


def test_a_message_that_does_not_come_whole_gets_an_error(
    supernode: SuperNode, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A SuperNode brings nothing more as long as a message has no reply."""
    monkeypatch.setattr(behind, "_TRIES", 3)
    with answering(supernode.address):
        supernode.bring_head(supernode.give_out(b"its object never comes"))
        assert supernode.reply().has_error()
    assert [record.msg for record in caplog.records if "supernode" in record.name] == [
        "flower_message_invalid"
    ]


def test_a_lost_supernode_is_said_once_until_a_message_came(caplog: pytest.LogCaptureFixture) -> None:
    """One that the SuperLink refuses serves tasks, too, again and again until it ends: that is no news."""

    def said() -> list[str]:
        return [record.msg for record in caplog.records if "supernode" in record.name]

    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with answering(f"127.0.0.1:{port}") as door:
        wait_until(lambda: door.passages == 3)
        with serving(port):
            asked = door.passages
            wait_until(lambda: door.passages > asked + 3)
        asked = door.passages
        wait_until(lambda: door.passages > asked + 2)
        assert said() == ["supernode_lost"]
        with serving(port) as supernode:
            message = supernode.give_out(b"hello")
            supernode.bring_head(message)
            supernode.bring_object(message)
            supernode.reply()
        wait_until(lambda: len(said()) == 2)
    assert said() == ["supernode_lost"] * 2


def test_without_the_secret_no_task_is_taken(supernode: SuperNode) -> None:
    supernode.bring_head(supernode.give_out(b"hello"))
    with answering(supernode.address, b"another") as door:
        wait_until(lambda: door.passages >= 2)
    (task,) = supernode.state.get_tasks()
    assert task.status.status == Status.PENDING
