"""The department's one front door to Flower: the node as a ClientApp, and the agent that serves it.

Stock SuperNodes start a process a message. The agent is one light process that speaks the SuperLink's Fleet
API (protobuf over HTTP) itself: it registers, sends heartbeats, pulls, answers and pushes. Only one thread
uses the network, always inside a passage of the door; the node answers on another, which has none.

A message travels whole, content inside the head: two requests an answer where Flower's own runtime, which
stores each record as an object of its own, makes twelve. What a stock SuperNode needs is in `supernode`.
"""

import base64
import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

import httpx
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from flwr.app import ArrayRecord, ConfigRecord, Context, Error, Message, RecordDict
from flwr.clientapp import ClientApp
from flwr.common.constant import HEARTBEAT_MIN_INTERVAL, TIMESTAMP_HEADER, ErrorCode
from flwr.common.serde import message_from_proto, message_to_proto
from flwr.proto import fleet_pb2, heartbeat_pb2
from flwr.proto.message_pb2 import Message as MessageProto
from flwr.proto.message_pb2 import ObjectTree
from flwr.proto.node_pb2 import Node
from flwr.supercore.constant import FLEET_HTTP_PUBLIC_KEY_HEADER, FLEET_HTTP_SIGNATURE_HEADER
from flwr.supercore.date import now
from flwr.supercore.primitives.asymmetric import public_key_to_bytes, sign_message
from flwr.supercore.protobuf.constants import PROTOBUF_MEDIA_TYPE
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from numpy.typing import NDArray

from xinqiao_governance.errors import UsageInvalid, WireInvalid, XinqiaoError

_WIRE, _PARAMETERS, _FLAT, _LITTLE_ENDIAN = "wire", "parameters", "flat", "little-endian"
_PROTOBUF = {"content-type": PROTOBUF_MEDIA_TYPE, "accept": PROTOBUF_MEDIA_TYPE}
_CALL_S = 10.0  # bound of one request
_HEARTBEAT_S = 8.0  # under the shortest interval Flower allows; twice that interval unheard is offline
_RECONNECT_S = 1.0
# A question to the SuperLink costs it some 14 ms, so a department asks in the rhythm in which it hears.
_PAUSE_FIRST_SHARE, _PAUSE_NEXT_SHARE = 0.9, 0.3
_PAUSE_LEAST_S, _PAUSE_MOST_S = 0.02, 1.0

_log = logging.getLogger(__name__)


class Protobuf(Protocol):
    """A message of Flower's interfaces."""

    def SerializeToString(self) -> bytes: ...  # noqa: N802, D102

    def ParseFromString(self, serialized: bytes) -> int: ...  # noqa: N802, D102


Response = TypeVar("Response", bound=Protobuf)


class Answers(Protocol):
    """A data node as the centre sees it."""

    def answer(self, wire: bytes, parameters: NDArray[np.float64] | None) -> bytes:
        """Answer one canonical wire with another; `parameters` has shape (dim,).

        Called from one thread at a time, not always the same.
        """
        ...


class Door(Protocol):
    """The one way out of a department, as far as the agent needs it."""

    def passage(self) -> AbstractContextManager[None]:
        """Return the context in which this thread may use the network."""
        ...


def client_app(node: Answers) -> ClientApp:
    """Return a Flower ClientApp that lets `node` answer train and query messages.

    Calling it raises WireInvalid for a message that is not laid out as the centre does it, and whatever
    `node.answer` raises.
    """
    app = ClientApp()

    @app.train()
    @app.query()
    def answer(message: Message, context: Context) -> Message:
        wire = node.answer(_wire(message.content), _parameters(message.content))
        return Message(RecordDict({_WIRE: ConfigRecord({_WIRE: wire})}), reply_to=message)

    return app


@dataclass(frozen=True)
class Link:
    """How a node reaches its SuperLink: "host:port", the authority it must show (PEM), and the node's key."""

    superlink: str
    authority: str
    key: EllipticCurvePrivateKey


def public_pem(key: EllipticCurvePrivateKey) -> str:
    """Return the public half of a node's transport key, as its card shows it."""
    return public_key_to_bytes(key.public_key()).decode("ascii")


def trusting(authority: str) -> ssl.SSLContext:
    """Return a TLS context that trusts `authority` (PEM) and nobody else.

    Raises:
        UsageInvalid: it is no certificate.
    """
    try:
        certificate = load_pem_x509_certificate(authority.encode("ascii"))  # Python would trust all in it
        # As PEM, at whose end Python looks for one known error: it takes none that another library left.
        context = ssl.create_default_context(cadata=certificate.public_bytes(Encoding.PEM).decode())
    except (ssl.SSLError, ValueError) as error:
        raise UsageInvalid("superlink_untrusted") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def run_agent(node: Answers, door: Door, link: Link, stop: threading.Event) -> None:
    """Serve `node` to the SuperLink of `link` until `stop` is set.

    A SuperLink that is away, or does not know the node yet, is asked again. A message under way when `stop`
    is set is answered first.

    Raises:
        UsageInvalid: the address is none, or the link has no authority.
    """
    app, standing = client_app(node), _Standing(link.superlink)
    with _Fleet(door, link) as fleet, ThreadPoolExecutor(1, "answer") as thread:
        while not stop.is_set():
            try:
                fleet.stay()
                _serve(fleet, standing, lambda *ask: thread.submit(app, *ask), stop)
                fleet.leave()
            except httpx.HTTPError as error:
                standing.lost(error)
                fleet.lost(error)
                stop.wait(_RECONNECT_S)


class _Standing:
    """Says once that the SuperLink is lost, and once that it is back."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._is_lost = False

    def lost(self, error: httpx.HTTPError) -> None:
        """Note that a call failed."""
        if not self._is_lost:
            self._say(error)
        self._is_lost = True

    def _say(self, error: httpx.HTTPError) -> None:
        if isinstance(error, httpx.HTTPStatusError):
            status = error.response.status_code
            _log.warning("superlink_unknown_node", {"address": self._address, "status": status})
        else:
            _log.warning("superlink_lost", {"address": self._address, "reason": type(error).__name__})

    def back(self) -> None:
        """Note that the node is online."""
        if self._is_lost:
            _log.warning("superlink_joined", {"address": self._address})
        self._is_lost = False


class Calls:
    """Calls of one of Flower's interfaces: each bounded and under the door; raises httpx.HTTPError.

    Not Flower's own client: that follows redirects and proxies named in the environment, which would take
    bytes of a department to hosts nobody approved.
    """

    def __init__(self, door: Door, url: str, trust: ssl.SSLContext | None = None) -> None:
        self._door = door
        self._http = httpx.Client(
            base_url=url,
            verify=trust or False,
            timeout=_CALL_S,
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self, path: str, request: Protobuf, kind: type[Response], headers: Mapping[str, str]
    ) -> Response:
        """Return the answer to one request."""
        with self._door.passage():
            response = self._http.post(
                path, content=request.SerializeToString(), headers={**_PROTOBUF, **headers}
            )
        response.raise_for_status()
        parsed = kind()
        try:
            parsed.ParseFromString(response.content)
        except DecodeError as error:
            raise httpx.RemoteProtocolError("not protobuf") from error
        return parsed


class _Fleet:
    """One node's calls to the Fleet API, each signed; raises httpx.HTTPError."""

    def __init__(self, door: Door, link: Link) -> None:
        self._private_key = link.key
        self._public_key = public_pem(link.key).encode("ascii")
        self._calls = Calls(door, f"https://{_checked(link.superlink)}/v1/fleet/", trusting(link.authority))
        self._node = Node()
        self._beat_at = 0.0

    def __enter__(self) -> "_Fleet":
        return self

    def __exit__(self, *_: object) -> None:
        self._calls.close()

    @property
    def node_id(self) -> int:
        """Flower's id of this node."""
        return self._node.node_id

    def stay(self) -> None:
        """Come online, or send a heartbeat if one is due."""
        if not self.node_id:
            self._join()
        elif time.monotonic() - self._beat_at >= _HEARTBEAT_S:
            self._beat()

    def lost(self, error: httpx.HTTPError) -> None:
        """Note that a call failed: who was refused comes online anew, who heard nothing still is."""
        if isinstance(error, httpx.HTTPStatusError):
            self._node = Node()

    def _join(self) -> None:
        """Bring the node online; the operator has made its key known to the SuperLink."""
        activate = fleet_pb2.ActivateNodeRequest(
            public_key=self._public_key, heartbeat_interval=HEARTBEAT_MIN_INTERVAL
        )
        response = self._call("activate-node", activate, fleet_pb2.ActivateNodeResponse)
        self._node = Node(node_id=response.node_id)
        self._beat_at = time.monotonic()

    def leave(self) -> None:
        """Take the node offline."""
        deactivate = fleet_pb2.DeactivateNodeRequest(node_id=self.node_id)
        self._call("deactivate-node", deactivate, fleet_pb2.DeactivateNodeResponse)

    def _beat(self) -> None:
        """Send a heartbeat; if it is lost, the next call says why."""
        request = heartbeat_pb2.SendNodeHeartbeatRequest(
            node=self._node, heartbeat_interval=HEARTBEAT_MIN_INTERVAL
        )
        self._beat_at = time.monotonic()
        with suppress(httpx.HTTPError):
            self._call("send-node-heartbeat", request, heartbeat_pb2.SendNodeHeartbeatResponse)

    def receive(self) -> Message | None:
        """Return the next message, or None if there is none.

        Raises:
            WireInvalid: it is no Flower message.
        """
        request = fleet_pb2.PullMessagesRequest(node=self._node)
        response = self._call("pull-messages", request, fleet_pb2.PullMessagesResponse)
        return read_message(response.messages_list[0]) if response.messages_list else None

    def send(self, reply: Message) -> None:
        """Push a reply."""
        reply.metadata.__dict__["_message_id"] = reply.object_id  # as Flower's own runtime does
        request = fleet_pb2.PushMessagesRequest(
            node=self._node,
            messages_list=[message_to_proto(reply)],
            message_object_trees=[ObjectTree(object_id=reply.metadata.message_id)],
        )
        self._call("push-messages", request, fleet_pb2.PushMessagesResponse)

    def _call(self, path: str, request: Protobuf, kind: type[Response]) -> Response:
        timestamp = now().isoformat()
        signature = sign_message(self._private_key, timestamp.encode("ascii"))
        headers = {
            TIMESTAMP_HEADER: timestamp,
            FLEET_HTTP_PUBLIC_KEY_HEADER: base64.b64encode(self._public_key).decode("ascii"),
            FLEET_HTTP_SIGNATURE_HEADER: base64.b64encode(signature).decode("ascii"),
        }
        return self._calls.call(path, request, kind, headers)


class _Pace:
    """How long to wait before asking again."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._usual_s = 0.0

    def heard(self) -> None:
        """Note that a message came."""
        self._usual_s = time.monotonic() - self._since

    def answered(self) -> None:
        """Note that waiting starts."""
        self._since = time.monotonic()

    def pause_s(self) -> float:
        """Return a little less than the usual wait at first, then a share of the time waited so far."""
        waited = time.monotonic() - self._since
        pause = max(_PAUSE_FIRST_SHARE * self._usual_s - waited, _PAUSE_NEXT_SHARE * waited)
        return min(max(pause, _PAUSE_LEAST_S), _PAUSE_MOST_S)


_Submit = Callable[[Message, Context], Future[Message]]


def _serve(fleet: _Fleet, standing: _Standing, submit: _Submit, stop: threading.Event) -> None:
    """Pull, answer and push until `stop` is set."""
    context = Context(run_id=0, node_id=fleet.node_id, node_config={}, state=RecordDict(), run_config={})
    pace = _Pace()
    while not stop.is_set():
        fleet.stay()
        message = _next(fleet)
        standing.back()
        if message is None:
            stop.wait(pace.pause_s())
        else:
            pace.heard()
            fleet.send(reply_of(message, submit(message, context), fleet.stay))
            pace.answered()


def _next(fleet: _Fleet) -> Message | None:
    try:
        return fleet.receive()
    except WireInvalid as error:
        _log.warning(error.code)
        return None


def read_message(head: MessageProto) -> Message:
    """Return a message that travelled whole.

    Raises:
        WireInvalid: it is no Flower message.
    """
    try:
        return message_from_proto(head)
    except Exception as error:  # Flower's reader fails in many ways on bytes that nobody should send
        raise WireInvalid("flower_message_invalid") from error


def reply_of(message: Message, answer: Future[Message], stay: Callable[[], None]) -> Message:
    """Return the reply to `message`, an error's if there is no answer; call `stay` while it takes long."""
    while not wait([answer], _HEARTBEAT_S).done:
        stay()
    error = answer.exception()
    if error is None:
        return answer.result()
    # Neither the reply nor the log quotes what is not ours: an exception's text may hold a person's data.
    _log.error("flower_message_unanswered", {"reason": type(error).__name__})
    if isinstance(error, XinqiaoError):
        _log.error(error.code, *([error.fields] if error.fields else []))
    return Message(Error(ErrorCode.CLIENT_APP_RAISED_EXCEPTION), reply_to=message)


def _wire(content: RecordDict) -> bytes:
    record = content.get(_WIRE)
    wire = record.get(_WIRE) if isinstance(record, ConfigRecord) else None
    if not isinstance(wire, bytes):
        raise WireInvalid("flower_message_invalid")
    return wire


def _parameters(content: RecordDict) -> NDArray[np.float64] | None:
    if _PARAMETERS not in content:
        return None
    record = content[_PARAMETERS]
    if not isinstance(record, ArrayRecord) or _FLAT not in record:
        raise WireInvalid("flower_message_invalid")
    flat = record[_FLAT]
    if (flat.dtype, flat.stype, flat.shape) != ("float64", _LITTLE_ENDIAN, (len(flat.data) // 8,)):
        raise WireInvalid("flower_message_invalid")
    if len(flat.data) % 8:
        raise WireInvalid("flower_message_invalid")
    return np.frombuffer(flat.data, dtype="<f8").astype(np.float64)


def _checked(address: str) -> str:
    host, _, port = address.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()):
        raise UsageInvalid("address_invalid")
    return address
