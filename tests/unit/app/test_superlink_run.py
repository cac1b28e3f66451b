"""The centre's grid before departments of all kinds: light, behind a SuperNode, switching, and hostile."""

import time
from typing import Any

import pytest
from flwr.app import ConfigRecord, Message, RecordDict
from flwr.app.message import make_message, remove_content_from_message
from flwr.app.metadata import Metadata
from flwr.common.serde import message_to_proto
from flwr.proto.message_pb2 import (
    ConfirmMessageReceivedRequest,
    ConfirmMessageReceivedResponse,
    ObjectTree,
    PullObjectRequest,
    PullObjectResponse,
    PushObjectRequest,
    PushObjectResponse,
)
from flwr.proto.runtime_pb2 import (
    PullAppMessagesRequest,
    PullAppMessagesResponse,
    PushAppMessagesRequest,
    PushAppMessagesResponse,
)
from flwr.supercore.inflatable.inflatable_object import get_all_nested_objects, get_object_tree
from flwr.supercore.run import Run

from simulators.tls import link
from xinqiao_app.superlink_run import _BoundedGrid
from xinqiao_clients.flower import trusting
from xinqiao_ledger.signing import SigningKey

NODE = 11


class SuperLink:
    """A SuperLink's interface for the run; the test says what departments reply."""

    def __init__(self) -> None:
        self.pushed: list[str] = []
        self.pulled: list[str] = []
        self.objects: dict[str, bytes] = {}
        self._heads: list[tuple[Any, ObjectTree]] = []

    def reply_whole(self, reply: Message) -> None:
        self._heads.append((message_to_proto(reply), ObjectTree(object_id=reply.object_id)))

    def reply_in_pieces(self, reply: Message, tree: ObjectTree | None = None) -> None:
        head = message_to_proto(remove_content_from_message(reply))
        self._heads.append((head, get_object_tree(reply) if tree is None else tree))

    def PushMessages(self, request: PushAppMessagesRequest) -> PushAppMessagesResponse:
        ids = [message.metadata.message_id for message in request.messages_list]
        return PushAppMessagesResponse(message_ids=ids, session_id="session of " + ids[0])

    def PushObject(self, request: PushObjectRequest) -> PushObjectResponse:
        assert request.session_id == "session of " + request.object_id
        self.pushed.append(request.object_id)
        return PushObjectResponse(stored=True)

    def PullMessages(self, request: PullAppMessagesRequest) -> PullAppMessagesResponse:
        heads, self._heads = self._heads, []
        return PullAppMessagesResponse(
            messages_list=[head for head, _ in heads], message_object_trees=[tree for _, tree in heads]
        )

    def PullObject(self, request: PullObjectRequest) -> PullObjectResponse:
        self.pulled.append(request.object_id)
        content = self.objects.get(request.object_id, b"")
        return PullObjectResponse(object_found=True, object_available=bool(content), object_content=content)

    def ConfirmMessageReceived(
        self, request: ConfirmMessageReceivedRequest
    ) -> ConfirmMessageReceivedResponse:
        return ConfirmMessageReceivedResponse()


@pytest.fixture
def superlink() -> SuperLink:
    return SuperLink()


@pytest.fixture
def grid(superlink: SuperLink) -> _BoundedGrid:
    trust = trusting(link("127.0.0.1:9", SigningKey.generate()).authority)
    grid = _BoundedGrid("127.0.0.1:9", trust, token="token")
    grid.set_run(Run.create_empty(1))
    grid._client = superlink  # type: ignore[assignment]
    return grid


def ask(grid: _BoundedGrid, number: int) -> Message:
    content = RecordDict({"wire": ConfigRecord({"wire": b"ask %d" % number})})
    message = make_message(Metadata(1, "", 1, NODE, "", "", time.time(), 60.0, "query"), content)
    assert list(grid.push_messages([message])) == [message.metadata.message_id]
    return message


def reply(to: Message) -> Message:
    answer = Message(RecordDict({"wire": ConfigRecord({"wire": b"answer"})}), reply_to=to)
    answer.metadata.__dict__["_message_id"] = answer.object_id
    return answer


def pull(grid: _BoundedGrid, asked: Message) -> list[Message]:
    return list(grid.pull_messages([asked.metadata.message_id]))


def test_a_department_that_switches_to_a_supernode_is_heard_again(
    superlink: SuperLink, grid: _BoundedGrid
) -> None:
    first = ask(grid, 1)
    superlink.reply_whole(reply(first))
    assert pull(grid, first)
    second = ask(grid, 2)  # it answers whole, so the message's object is not stored
    assert superlink.pushed == [first.metadata.message_id]
    assert pull(grid, second) == []  # behind a SuperNode now, which waits for that object
    third = ask(grid, 3)
    asked = [message.metadata.message_id for message in (first, second, third)]
    assert superlink.pushed == asked
    superlink.reply_whole(reply(third))  # and it switches back
    assert pull(grid, third)
    ask(grid, 4)
    assert superlink.pushed == asked


def test_a_reply_in_pieces_is_put_together_over_several_looks(
    superlink: SuperLink, grid: _BoundedGrid
) -> None:
    asked = ask(grid, 1)
    answer = reply(asked)
    superlink.reply_in_pieces(answer)
    pieces = {key: part.deflate() for key, part in get_all_nested_objects(answer).items()}
    for object_id, content in pieces.items():
        assert pull(grid, asked) == []
        superlink.objects[object_id] = content
    (came,) = pull(grid, asked)
    assert came.content["wire"]["wire"] == b"answer"
    available = [object_id for object_id in pieces if superlink.pulled.count(object_id) > 2]
    assert available == []  # once in vain, once with success: what is here is not fetched again


def test_a_reply_of_countless_pieces_is_silence(superlink: SuperLink, grid: _BoundedGrid) -> None:
    asked = ask(grid, 1)
    answer = reply(asked)
    many = [ObjectTree(object_id=f"{number}") for number in range(10_000)]
    superlink.reply_in_pieces(answer, ObjectTree(object_id=answer.object_id, children=many))
    assert pull(grid, asked) == []
    assert superlink.pulled == []


def test_a_piece_that_is_named_often_is_fetched_once(superlink: SuperLink, grid: _BoundedGrid) -> None:
    asked = ask(grid, 1)
    answer = reply(asked)
    superlink.objects["same"] = b"no object"
    same = [ObjectTree(object_id="same") for _ in range(10)]
    superlink.reply_in_pieces(answer, ObjectTree(object_id=answer.object_id, children=same))
    assert pull(grid, asked) == []
    assert superlink.pulled == ["same", answer.object_id]


def test_no_piece_is_fetched_once_the_ask_is_over(superlink: SuperLink, grid: _BoundedGrid) -> None:
    asked = ask(grid, 1)
    superlink.reply_in_pieces(reply(asked))
    grid._until = 0.0
    assert pull(grid, asked) == []
    assert superlink.pulled == []
