"""One run of a SuperLink, carried out by this process instead of one that Flower would start.

The SuperLink runs in process isolation: it starts nothing and hands a run's task to whoever acquires it. Here
that is us, so the job keeps its ledger connection, its state and its live progress in one process.
"""

import io
import logging
import ssl
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import httpx
from flwr.app import Context, Message
from flwr.common.constant import SUPERLINK_NODE_ID, SubStatus
from flwr.common.serde import context_from_proto, message_from_proto, message_to_proto, run_from_proto
from flwr.proto.control_pb2 import RegisterNodeRequest, StartRunRequest
from flwr.proto.fab_pb2 import Fab
from flwr.proto.message_pb2 import ObjectTree
from flwr.proto.node_pb2 import NodeInfo
from flwr.proto.runtime_pb2 import (
    AcquireTaskRequest,
    PullAppMessagesRequest,
    PullTaskInputRequest,
    PushAppMessagesRequest,
    PushTaskOutputRequest,
    SendTaskHeartbeatRequest,
)
from flwr.serverapp import Grid
from flwr.supercore.constant import TaskType
from flwr.supercore.control import ControlHttpClient
from flwr.supercore.heartbeat import HeartbeatSender
from flwr.supercore.interceptors import RuntimeVersionHttpInterceptor
from flwr.supercore.protobuf.client import ProtobufClient
from flwr.supercore.retry import RetryInvoker
from flwr.supercore.retry.retry_invoker import constant
from flwr.supercore.runtime import RuntimeHttpClient
from flwr.supercore.task_identity import TaskIdentity
from flwr.superlink.grid import HttpGrid

from xinqiao_governance.errors import NodeUnavailable

_CALL_S = 10.0
_TRIES, _TRIES_S, _RETRY_S = 3, 5.0, 0.2
_KNOWN_ALREADY = 412
# Flower files each run under an app bundle. Ours is only that paper: nobody installs or imports it.
_PAPER = """\
[project]
name = "xinqiao"
version = "1"
[tool.flwr.app]
publisher = "xinqiao"
[tool.flwr.app.components]
serverapp = "xinqiao_platform.flower:server_app"
clientapp = "xinqiao_clients.flower:client_app"
"""

_log = logging.getLogger(__name__)
_Client = TypeVar("_Client", bound=ProtobufClient)


@contextmanager
def attached(superlink: str, trust: ssl.SSLContext) -> Iterator[tuple[Grid, Context]]:
    """Start a run at `superlink` ("host:port"), take its task and yield a grid and a context for a ServerApp.

    The run ends as completed, or as failed if the block raises.

    Raises:
        NodeUnavailable: the SuperLink cannot be reached or refuses.
    """
    with _reachable(superlink):
        grid = _BoundedGrid(
            superlink, trust, token=_take_task(superlink, trust, _start_run(superlink, trust))
        )
        context = grid.begin()
    heartbeat = HeartbeatSender(grid.beat)
    heartbeat.start()
    outcome = SubStatus.FAILED
    try:
        yield grid, context
        outcome = SubStatus.COMPLETED
    finally:
        heartbeat.stop()
        grid.end(outcome)
        grid.close()


class _BoundedGrid(HttpGrid):
    """Flower's grid with every wait bounded, messages that travel whole, and its errors turned into ours.

    Flower's own retries a lost SuperLink for ever, raises SIGINT on an expired token, and waits for minutes
    inside `pull_messages` when a node dies between a reply's head and its objects. What an agent sends whole
    is one request here too (see `xinqiao_clients.flower`).
    """

    def __init__(self, superlink: str, trust: ssl.SSLContext, token: str) -> None:
        super().__init__(superlink, token=token)
        self._trust = trust
        self._retry_invoker = _bounded_retries()

    def begin(self) -> Context:
        """Take the task's input, mark the run as running and return its context."""
        task = self._runtime_client.PullTaskInput(PullTaskInputRequest())
        TaskIdentity.task_id, TaskIdentity.run_id = task.task_id, task.run.run_id
        TaskIdentity.node_id = SUPERLINK_NODE_ID
        self.set_run(run_from_proto(task.run))
        return context_from_proto(task.context)

    def beat(self) -> bool:
        """Send one heartbeat of the task; False asks Flower's sender to try again soon."""
        try:
            return self._runtime_client.SendTaskHeartbeat(SendTaskHeartbeatRequest()).success
        except httpx.HTTPError:
            return False

    def end(self, outcome: str) -> None:
        """Tell the SuperLink how the run ended; if that fails, it ends by itself when heartbeats stop."""
        try:
            self._runtime_client.PushTaskOutput(PushTaskOutputRequest(sub_status=outcome))
        except httpx.HTTPError as error:
            _log.warning("run_end_unreported", {"reason": type(error).__name__})

    def get_nodes(self) -> Iterable[NodeInfo]:
        """Return the nodes that are online."""
        with _reachable(self._addr):
            return super().get_nodes()

    def push_messages(self, messages: Iterable[Message]) -> Iterable[str]:
        """Push the messages whole and return their ids, "" for one that was not stored."""
        pushed = list(messages)
        for message in pushed:
            message.metadata.__dict__["_message_id"] = message.object_id  # as Flower's own grid does
        request = PushAppMessagesRequest(
            messages_list=[message_to_proto(message) for message in pushed],
            message_object_trees=[ObjectTree(object_id=message.metadata.message_id) for message in pushed],
        )
        with _reachable(self._addr):
            return list(self._runtime_client.PushMessages(request).message_ids)

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        """Return the replies that are here; never waits for one."""
        request = PullAppMessagesRequest(message_ids=message_ids)
        with _reachable(self._addr):
            response = self._runtime_client.PullMessages(request)
        return [message_from_proto(reply) for reply in response.messages_list]

    def _connect(self) -> None:
        super()._connect()
        _direct(self._runtime_client, self._trust)


def _start_run(superlink: str, trust: ssl.SSLContext) -> int:
    """Start a run and return its id."""
    with _direct(ControlHttpClient(f"https://{superlink}", interceptors=[_version()]), trust) as control:
        return control.StartRun(StartRunRequest(fab=Fab(content=_paper()))).run_id


def _take_task(superlink: str, trust: ssl.SSLContext, run_id: int) -> str:
    """Acquire tasks until the run's own comes, and return its token.

    An older task is one whose centre died before it took it: held by nobody, it expires as failed.
    """
    request = AcquireTaskRequest(supported_task_types=[TaskType.SERVER_APP])
    with _direct(RuntimeHttpClient(f"https://{superlink}", interceptors=[_version()]), trust) as runtime:
        while True:
            response = runtime.AcquireTask(request)
            if not response.token:
                raise NodeUnavailable("superlink_task_taken", address=superlink)
            if response.task.run_id == run_id:
                return response.token


def admit(superlink: str, trust: ssl.SSLContext, keys: Iterable[str]) -> None:
    """Let nodes with these transport keys (PEM) speak to the SuperLink; one that is known stays so.

    Raises:
        NodeUnavailable: the SuperLink cannot be reached.
    """
    with (
        _reachable(superlink),
        _direct(ControlHttpClient(f"https://{superlink}", interceptors=[_version()]), trust) as control,
    ):
        for key in keys:
            try:
                control.RegisterNode(RegisterNodeRequest(public_key=key.encode("ascii")))
            except httpx.HTTPStatusError as error:
                if error.response.status_code != _KNOWN_ALREADY:
                    raise


def _paper() -> bytes:
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("pyproject.toml", _PAPER)
    return bundle.getvalue()


def _direct(client: _Client, trust: ssl.SSLContext) -> _Client:
    """Make `client` speak to the SuperLink itself: never through a proxy, never where a redirect points."""
    client._client.close()
    client._client = httpx.Client(verify=trust, timeout=_CALL_S, trust_env=False, follow_redirects=False)
    return client


def _version() -> RuntimeVersionHttpInterceptor:
    return RuntimeVersionHttpInterceptor(component_name="flwr-serverapp")


def _bounded_retries() -> RetryInvoker:
    return RetryInvoker(lambda: constant(_RETRY_S), httpx.TransportError, max_tries=_TRIES, max_time=_TRIES_S)


@contextmanager
def _reachable(superlink: str) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise NodeUnavailable("superlink_unreachable", address=superlink) from error
