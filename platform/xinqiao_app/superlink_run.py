"""One run of a SuperLink, carried out by this process instead of one that Flower would start.

The SuperLink runs in process isolation: it starts nothing and hands a run's task to whoever acquires it. Here
that is us, so the job keeps its ledger connection, its state and its live progress in one process.
"""

import io
import logging
import ssl
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TypeVar

import httpx
from flwr.app import Context, Message
from flwr.common.constant import SUPERLINK_NODE_ID, SubStatus
from flwr.common.serde import context_from_proto, message_from_proto, message_to_proto, run_from_proto
from flwr.proto.control_pb2 import RegisterNodeRequest, StartRunRequest
from flwr.proto.fab_pb2 import Fab
from flwr.proto.message_pb2 import (
    ConfirmMessageReceivedRequest,
    ObjectTree,
    PullObjectRequest,
    PushObjectRequest,
)
from flwr.proto.message_pb2 import Message as MessageProto
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
from flwr.supercore.inflatable.inflatable_object import iterate_object_tree
from flwr.supercore.inflatable.inflatable_utils import inflate_object_from_contents
from flwr.supercore.interceptors import RuntimeVersionHttpInterceptor
from flwr.supercore.protobuf.client import ProtobufClient
from flwr.supercore.retry import RetryInvoker
from flwr.supercore.retry.retry_invoker import constant
from flwr.supercore.runtime import RuntimeHttpClient
from flwr.supercore.task_identity import TaskIdentity
from flwr.superlink.grid import HttpGrid

from xinqiao_governance.errors import NodeUnavailable, WireInvalid

_CALL_S = 10.0
_TRIES, _TRIES_S, _RETRY_S = 3, 5.0, 0.2
_KNOWN_ALREADY = 412
_MOST_PIECES = 16  # an answer of ours has five
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

    A stock SuperNode hands on the head of a message as it came, but only after it fetched the message's own
    object; and it sends a reply object by object. So that object is stored for every node that did not answer
    its last message whole, and such a reply is fetched piece by piece, over as many pulls as it takes.
    """

    def __init__(self, superlink: str, trust: ssl.SSLContext, token: str) -> None:
        super().__init__(superlink, token=token)
        self._trust = trust
        self._retry_invoker = _bounded_retries()
        self._answer_whole: set[int] = set()
        self._held: dict[int, tuple[Message, str]] = {}  # by node: what waits without its object, its session
        self._arriving: dict[str, _Arriving] = {}  # by the message that the reply is to
        self._until = 0.0  # when the ask under way ends

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
        self._until = time.monotonic() + max((message.metadata.ttl for message in pushed), default=0.0)
        with _reachable(self._addr):
            self._push_held()
            stored = self._runtime_client.PushMessages(request)
            for message in pushed:
                if message.metadata.dst_node_id in self._answer_whole:
                    self._held[message.metadata.dst_node_id] = message, stored.session_id
                else:
                    self._push_own_object(message, stored.session_id)
        return list(stored.message_ids)

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        """Return the replies that are here; never waits for one."""
        asked = set(message_ids)
        self._arriving = {asking: reply for asking, reply in self._arriving.items() if asking in asked}
        with _reachable(self._addr):
            replies = self._whole(asked - self._arriving.keys())
            for asking, reply in list(self._arriving.items()):
                if self._fetch(reply):
                    del self._arriving[asking]
                    with suppress(WireInvalid):
                        replies.append(_inflated(reply.message_id, reply.contents))
        return replies

    def _whole(self, asking: Iterable[str]) -> list[Message]:
        """Return the replies that came whole; note those that come in pieces."""
        response = self._runtime_client.PullMessages(PullAppMessagesRequest(message_ids=asking))
        replies = []
        for head, tree in zip(response.messages_list, response.message_object_trees, strict=True):
            with suppress(WireInvalid):
                if tree.children:
                    self._arriving[head.metadata.reply_to_message_id] = _Arriving(tree)
                    continue
                if head.HasField("content"):
                    self._answer_whole.add(head.metadata.src_node_id)
                    self._held.pop(head.metadata.src_node_id, None)
                replies.append(_from_head(head))
        return replies

    def _push_own_object(self, message: Message, session_id: str) -> None:
        request = PushObjectRequest(
            node=self.node,
            run_id=self.run.run_id,
            object_id=message.metadata.message_id,
            object_content=message.deflate(),
            session_id=session_id,
        )
        self._runtime_client.PushObject(request)

    def _push_held(self) -> None:
        """Store late what a silent node waits for, should it be behind a SuperNode now."""
        for node, (message, session_id) in self._held.items():
            self._answer_whole.discard(node)
            self._push_own_object(message, session_id)
        self._held.clear()

    def _fetch(self, reply: "_Arriving") -> bool:
        """Fetch what is still missing of a reply, while its ask lasts; False as long as something is."""
        for object_id in reply.missing():
            if time.monotonic() >= self._until:
                return False
            request = PullObjectRequest(node=self.node, run_id=self.run.run_id, object_id=object_id)
            pulled = self._runtime_client.PullObject(request)
            if not pulled.object_available:
                return False
            reply.contents[object_id] = pulled.object_content
        received = ConfirmMessageReceivedRequest(
            node=self.node, run_id=self.run.run_id, message_object_id=reply.message_id
        )
        self._runtime_client.ConfirmMessageReceived(received)
        return True

    def _connect(self) -> None:
        super()._connect()
        _direct(self._runtime_client, self._trust)


class _Arriving:
    """A reply that comes in pieces, and those that are here."""

    def __init__(self, tree: ObjectTree) -> None:
        """Note what `tree` names.

        Raises:
            WireInvalid: more pieces than an answer has; whoever sent it is silent.
        """
        named = list(islice(iterate_object_tree(tree), _MOST_PIECES + 1))
        if len(named) > _MOST_PIECES:
            raise WireInvalid("flower_message_invalid")
        self.message_id = tree.object_id
        self.contents: dict[str, bytes] = {}
        self._ids = tuple(dict.fromkeys(piece.object_id for piece in named))

    def missing(self) -> list[str]:
        """Return the ids of the pieces that are not here."""
        return [object_id for object_id in self._ids if object_id not in self.contents]


def _from_head(head: MessageProto) -> Message:
    """Return a reply that came whole.

    Raises:
        WireInvalid: it is no Flower message; whoever sent it is silent.
    """
    try:
        return message_from_proto(head)
    except Exception as error:  # Flower's reader fails in many ways on bytes that nobody should send
        raise WireInvalid("flower_message_invalid") from error


def _inflated(message_id: str, contents: dict[str, bytes]) -> Message:
    """Return a reply that came in pieces. Raises as `_from_head`."""
    try:
        reply = inflate_object_from_contents(message_id, contents)
    except Exception as error:  # as above
        raise WireInvalid("flower_message_invalid") from error
    if not isinstance(reply, Message):
        raise WireInvalid("flower_message_invalid")
    return reply


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
