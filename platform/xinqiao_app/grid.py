"""The embedded default: one process drives Flower's ServerApp and every ClientApp, without a network."""

import threading
import time
import uuid
from collections import deque
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
_LONG_S = 0.02
_PULL_S = 0.05  # each look takes the interpreter from a department that is at work


class InProcessGrid(Grid):
    """A Flower grid whose nodes are ClientApps of this process; messages run on a small thread pool.

    As with Flower's SuperLink, a node does one thing at a time, a message past its time to live is not
    started, and whatever goes wrong at a node comes back as an error reply. One thread answers message after
    message; others join it only where answers take long, since handing the interpreter from thread to thread
    costs as much as a short answer does.
    """

    def __init__(self, clients: Mapping[int, ClientApp], *, workers: int = 2) -> None:
        self._clients = dict(clients)
        self._busy = {node_id: threading.Lock() for node_id in clients}
        self._contexts = {node_id: _context(node_id) for node_id in clients}
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="department")
        self._running: dict[str, tuple[Message, Future[Message]]] = {}
        self._waiting: deque[tuple[Message, Future[Message]]] = deque()
        self._at_work = 0  # threads that look for waiting messages
        self._turn = threading.Lock()  # for the two before
        self._long = False  # the last answer
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
        message_ids = [self._expect(message) for message in messages]
        for _ in range(self._workers if self._long else 1):
            self._put_to_work()
        return message_ids

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        """Return the replies that are ready, after waiting a little for all; each is returned once."""
        asked = [key for key in message_ids if key in self._running]
        answers = [self._running[key][1] for key in asked]
        before = sum(answer.done() for answer in answers)
        looked = wait(answers, _PULL_S)
        if looked.not_done and len(looked.done) == before:
            self._put_to_work()
        ready = [key for key in asked if self._running[key][1].done()]
        return [_reply(*self._running.pop(key)) for key in ready]

    def send_and_receive(
        self, messages: Iterable[Message], *, timeout: float | None = None
    ) -> Iterable[Message]:
        """Push the messages and return the replies that came within `timeout` seconds."""
        message_ids, replies = list(self.push_messages(messages)), list[Message]()
        start = time.monotonic()
        while any(key in self._running for key in message_ids):
            replies += self.pull_messages(message_ids)
            if timeout is not None and time.monotonic() - start >= timeout:
                break
        return replies

    def close(self) -> None:
        """Drop what has not started and give running nodes a few seconds to end."""
        self._waiting.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)
        for _, future in self._running.values():
            future.cancel()
        wait([future for _, future in self._running.values() if not future.done()], _GRACE_S)

    def _expect(self, message: Message) -> str:
        message_id = str(uuid.uuid4())
        message.metadata.__dict__["_message_id"] = message_id  # Flower's own grids set it in this way
        self._running[message_id] = message, Future()
        self._waiting.append(self._running[message_id])
        return message_id

    def _put_to_work(self) -> None:
        """Have one more thread answer what waits, if there is one."""
        with self._turn:
            if not self._waiting or self._at_work == self._workers:
                return
            self._at_work += 1
        self._pool.submit(self._answer_waiting)

    def _answer_waiting(self) -> None:
        while (expected := self._next()) is not None:
            self._fulfil(*expected)

    def _next(self) -> tuple[Message, "Future[Message]"] | None:
        with self._turn:
            if self._waiting:
                return self._waiting.popleft()
            self._at_work -= 1
            return None

    def _fulfil(self, message: Message, answer: "Future[Message]") -> None:
        if not answer.set_running_or_notify_cancel():
            return
        start = time.perf_counter()
        try:
            answer.set_result(self._answer(message))
        except BaseException as error:  # noqa: BLE001  # as an executor does: it comes back as an error reply
            answer.set_exception(error)
        self._long = time.perf_counter() - start > _LONG_S

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
