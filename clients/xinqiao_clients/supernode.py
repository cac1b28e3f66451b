"""The department's node behind Flower's own SuperNode, for a department that runs one.

The SuperNode (process isolation) carries messages and starts nothing; whoever takes a message's task answers
it. Here that is us, so the app bundle that the centre's run brings is neither installed nor imported: a
SuperNode that starts ClientApps itself runs whatever code the centre sends. It hands on a message's head as
it came, so the ask is read from there; replies it takes only object by object.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import TypeVar

import httpx
from flwr.app import Context, Error, Message, RecordDict
from flwr.app.message import remove_content_from_message
from flwr.common.constant import ErrorCode, SubStatus
from flwr.common.serde import message_to_proto
from flwr.proto.message_pb2 import (
    ConfirmMessageReceivedRequest,
    ConfirmMessageReceivedResponse,
    PullObjectRequest,
    PullObjectResponse,
    PushObjectRequest,
    PushObjectResponse,
)
from flwr.proto.message_pb2 import Message as MessageProto
from flwr.proto.node_pb2 import Node
from flwr.proto.runtime_pb2 import (
    AcquireTaskRequest,
    AcquireTaskResponse,
    PullAppMessagesRequest,
    PullAppMessagesResponse,
    PullTaskInputRequest,
    PullTaskInputResponse,
    PushAppMessagesRequest,
    PushAppMessagesResponse,
    PushTaskOutputRequest,
    PushTaskOutputResponse,
    SendTaskHeartbeatRequest,
    SendTaskHeartbeatResponse,
)
from flwr.supercore.auth import create_superexec_auth_metadata, derive_auth_secret
from flwr.supercore.constant import TASK_TOKEN_HEADER, TaskType
from flwr.supercore.inflatable.inflatable_object import get_all_nested_objects, get_object_tree

from xinqiao_clients.flower import (
    Answers,
    Calls,
    Door,
    Protobuf,
    Response,
    client_app,
    read_message,
    reply_of,
)
from xinqiao_governance.errors import WireInvalid

_ACQUIRE = "/flwr.proto.Runtime/AcquireTask"
_LOOK_S = 0.2  # a SuperNode itself asks the SuperLink every three seconds
_RETRY_S = 1.0
_TRIES, _TRY_S = 100, 0.1

_log = logging.getLogger(__name__)
T = TypeVar("T")


def answer_tasks(node: Answers, door: Door, supernode: str, secret: bytes, stop: threading.Event) -> None:
    """Answer what the SuperNode at `supernode` ("host:port", this machine) carries until `stop` is set.

    `secret` is what the SuperNode gives its tasks out for. A SuperNode that is away is asked again. A task
    under way when `stop` is set is done first.
    """
    app, is_lost = client_app(node), False
    with (
        closing(Calls(door, f"http://{supernode}/v1/runtime/")) as calls,
        ThreadPoolExecutor(1, "answer") as thread,
    ):
        tasks = _Tasks(calls, derive_auth_secret(secret))
        while not stop.is_set():
            try:
                task = tasks.take()
                if task is None:
                    stop.wait(_LOOK_S)
                    continue
                is_lost = (
                    False  # by a message: one that the SuperLink refuses serves tasks, too, until it ends
                )
                answer = thread.submit(app, task.message, task.context())
                task.give(reply_of(task.message, answer, task.beat))
            except WireInvalid as error:
                _log.warning(error.code)
            except httpx.HTTPError as error:
                if not is_lost:
                    _log.warning("supernode_lost", {"address": supernode, "reason": type(error).__name__})
                is_lost = True
                stop.wait(_RETRY_S)


class _Tasks:
    """The SuperNode's tasks, one message each; raises httpx.HTTPError."""

    def __init__(self, calls: Calls, secret: bytes) -> None:
        self._calls = calls
        self._secret = secret

    def take(self) -> "_Task | None":
        """Take the next task and read its message; None if there is none.

        Raises:
            WireInvalid: the message did not come whole. Where its head came, the centre hears of an error.
        """
        request = AcquireTaskRequest(supported_task_types=[TaskType.CLIENT_APP])
        signed = create_superexec_auth_metadata(auth_secret=self._secret, method=_ACQUIRE, request=request)
        taken = self._calls.call("acquire-task", request, AcquireTaskResponse, signed)
        return _Task(self._calls, taken.token) if taken.token else None


class _Task:
    """A message that the SuperNode brought, and the way back; raises httpx.HTTPError."""

    def __init__(self, calls: Calls, token: str) -> None:
        self._calls = calls
        self._token = token
        started = self._call("pull-task-input", PullTaskInputRequest(), PullTaskInputResponse)
        self._node = Node(node_id=started.context.node_id)
        self.message = read_message(self._until_there(self._head))
        try:
            self._until_there(self._own_object)
        except WireInvalid:  # a SuperNode brings nothing more until there is a reply
            self.give(Message(Error(ErrorCode.CLIENT_APP_RAISED_EXCEPTION), reply_to=self.message))
            raise
        run_id, message_id = self.message.metadata.run_id, self.message.metadata.message_id
        received = ConfirmMessageReceivedRequest(node=self._node, run_id=run_id, message_object_id=message_id)
        self._call("confirm-message-received", received, ConfirmMessageReceivedResponse)

    def context(self) -> Context:
        """Return what Flower hands a ClientApp beside the message; ours reads none of it."""
        run_id, node_id = self.message.metadata.run_id, self._node.node_id
        return Context(run_id=run_id, node_id=node_id, node_config={}, state=RecordDict(), run_config={})

    def beat(self) -> None:
        """Say that the task is being done; if that is lost, the next call says why."""
        with suppress(httpx.HTTPError):
            self._call("send-task-heartbeat", SendTaskHeartbeatRequest(), SendTaskHeartbeatResponse)

    def give(self, reply: Message) -> None:
        """Push the reply and end the task."""
        reply.metadata.__dict__["_message_id"] = reply.object_id  # as Flower's own runtime does
        request = PushAppMessagesRequest(
            messages_list=[message_to_proto(remove_content_from_message(reply))],
            message_object_trees=[get_object_tree(reply)],
        )
        stored = self._call("push-messages", request, PushAppMessagesResponse)
        for object_id, part in get_all_nested_objects(reply).items():
            content = PushObjectRequest(
                node=self._node,
                run_id=reply.metadata.run_id,
                object_id=object_id,
                object_content=part.deflate(),
                session_id=stored.session_id,
            )
            self._call("push-object", content, PushObjectResponse)
        done = PushTaskOutputRequest(sub_status=SubStatus.COMPLETED)
        self._call("push-task-output", done, PushTaskOutputResponse)

    def _until_there(self, fetch: Callable[[], T | None]) -> T:
        """Return what the SuperNode, which gives a task out before it has all of it, soon has."""
        for _ in range(_TRIES):
            found = fetch()
            if found is not None:
                return found
            time.sleep(_TRY_S)
        raise WireInvalid("flower_message_invalid")

    def _head(self) -> MessageProto | None:
        pulled = self._call("pull-messages", PullAppMessagesRequest(), PullAppMessagesResponse)
        return pulled.messages_list[0] if pulled.messages_list else None

    def _own_object(self) -> bytes | None:
        metadata = self.message.metadata
        request = PullObjectRequest(node=self._node, run_id=metadata.run_id, object_id=metadata.message_id)
        return self._call("pull-object", request, PullObjectResponse).object_content or None

    def _call(self, path: str, request: Protobuf, kind: type[Response]) -> Response:
        return self._calls.call(path, request, kind, {TASK_TOKEN_HEADER: self._token})
