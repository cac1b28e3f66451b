"""The embedded default: one process drives Flower's ServerApp and every ClientApp, without a network."""

import threading
import time
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from flwr.app import Context, Error, Message, RecordDict
from flwr.clientapp import ClientApp
from flwr.common.constant import SUPERLINK_NODE_ID, ErrorCode
from flwr.serverapp import Grid, ServerApp
from flwr.supercore.run import Run
from flwr.supercore.task_identity import TaskIdentity

_RUN_ID = 1
_GRACE_S = 5.0


class InProcessGrid(Grid):
    """A Flower grid whose nodes are ClientApps of this process; messages run on a small thread pool.

    As with Flower's SuperLink, a node does one thing at a time, a message past its time to live is not
    started, and whatever goes wrong at a node comes back as an error reply.
    """

    def __init__(self, clients: Mapping[int, ClientApp], *, workers: int = 2) -> None:
        self._clients = dict(clients)
        self._busy = {node_id: threading.Lock() for node_id in clients}
        self._contexts = {node_id: _context(node_id) for node_id in clients}
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="department")
        self._running: dict[str, tuple[Message, Future[Message]]] = {}
        self._run = Run.create_empty(_RUN_ID)

    def set_run(self, run: Run) -> None:
        """Set the run this grid operates in."""
        self._run = run

    @property
    def run(self) -> Run:
        """Run information."""
        return self._run

    def create_message(
        self,
        content: RecordDict,
        message_type: str,
        dst_node_id: int,
        group_id: str,
        ttl: float | None = None,
    ) -> Message:
        """Return a new message."""
        return Message(content, dst_node_id, message_type, ttl=ttl, group_id=group_id)

    def get_node_ids(self) -> Iterable[int]:
        """Return the ids of all nodes."""
        return list(self._clients)

    def push_messages(self, messages: Iterable[Message]) -> Iterable[str]:
        """Hand each message to its node and return the ids given to the messages, in order."""
        return [self._push(message) for message in messages]

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        """Return the replies that are ready; each reply is returned once."""
        ready = [key for key in message_ids if key in self._running and self._running[key][1].done()]
        return [_reply(*self._running.pop(key)) for key in ready]

    def send_and_receive(
        self, messages: Iterable[Message], *, timeout: float | None = None
    ) -> Iterable[Message]:
        """Push the messages and return the replies that came within `timeout` seconds."""
        message_ids = list(self.push_messages(messages))
        wait([self._running[key][1] for key in message_ids], timeout)
        return self.pull_messages(message_ids)

    def close(self) -> None:
        """Drop what has not started and give running nodes a few seconds to end."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        wait([future for _, future in self._running.values() if not future.done()], _GRACE_S)

    def _push(self, message: Message) -> str:
        message_id = str(uuid.uuid4())
        message.metadata.__dict__["_message_id"] = message_id  # Flower's own grids set it in this way
        self._running[message_id] = (message, self._pool.submit(self._answer, message))
        return message_id

    def _answer(self, message: Message) -> Message:
        node_id = message.metadata.dst_node_id
        if time.time() > message.metadata.created_at + message.metadata.ttl:
            return _error(message, ErrorCode.MESSAGE_UNAVAILABLE)
        if not self._busy[node_id].acquire(blocking=False):
            return _error(message, ErrorCode.NODE_UNAVAILABLE)
        try:
            return self._clients[node_id](message, self._contexts[node_id])
        finally:
            self._busy[node_id].release()


def run_embedded(server: ServerApp, clients: Mapping[int, ClientApp]) -> None:
    """Run `server` against `clients` (node id -> app) in this process.

    Raises:
        XinqiaoError: whatever the server's job raised.
    """
    TaskIdentity.run_id, TaskIdentity.task_id, TaskIdentity.node_id = _RUN_ID, _RUN_ID, SUPERLINK_NODE_ID
    grid = InProcessGrid(clients)
    try:
        server(grid, _context(SUPERLINK_NODE_ID))
    finally:
        grid.close()


def _context(node_id: int) -> Context:
    return Context(run_id=_RUN_ID, node_id=node_id, node_config={}, state=RecordDict(), run_config={})


def _reply(message: Message, answer: Future[Message]) -> Message:
    if answer.cancelled() or answer.exception() is not None:
        return _error(message, ErrorCode.CLIENT_APP_RAISED_EXCEPTION)
    return answer.result()


def _error(message: Message, code: int) -> Message:
    # No reason: an exception's text may quote a person's data.
    return Message(Error(code), reply_to=message)
