"""The door: the one place where bytes leave the department.

Four things hold here. Only an `AnswerFrame` passes (a wire type; its events parse as ledger events), and
what passes is parsed again before it goes, so nothing rides along. It goes under the department's signature,
bound to the bytes that were asked, so whoever carries it can change nothing in it. Every frame is tallied by
kind, which is what the steward sees as "what left". And in a guarded process no socket opens but inside a
`passage`, none of gRPC's own at all. Code that calls the operating system past the interpreter (ctypes,
another C extension) is not held.
"""

import _posixsubprocess  # noqa: F401  # loaded, so that `guard_process` finds it
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NoReturn

from xinqiao_governance.canonical import rewrite
from xinqiao_governance.errors import ProtocolViolated
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import Answer, AnswerFrame, Exchange, JournalPart, SealedFrame
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.event import Event
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import SigningKey

Tally = Callable[[Mapping[str, int]], None]

_inside: ContextVar[bool] = ContextVar("xinqiao_door_passage", default=False)
_WAYS_OUT = frozenset(
    [
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
        # A process of its own would not be guarded.
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
    ]
)
# Flower loads gRPC, whose sockets are its own C code's; and starting a process by the bare C function, as
# multiprocessing does, raises no audit event. The agent needs neither, in a passage or out of it.
_GRPC = "grpc._cython.cygrpc"
_UNSEEN = (
    (_GRPC, "Channel"),
    (_GRPC, "Server"),
    (_GRPC, "AioChannel"),
    (_GRPC, "AioServer"),
    ("_posixsubprocess", "fork_exec"),
    ("subprocess", "_fork_exec"),
)


class Door:
    """Lets answers out and counts them. `tally` durably adds bytes by kind."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def release(self, frame: AnswerFrame, ask: bytes, identity: SigningKey) -> bytes:
        """Return `frame` as the signed answer to the bytes of `ask`, tallied: what a transport may carry.

        Raises:
            ProtocolViolated: something that is not a wire type tries to pass.
            WireInvalid: an event in it is not a ledger event, or what the log is to have signed is neither a
                receipt nor a checkpoint.
        """
        if type(frame) is not AnswerFrame:
            raise ProtocolViolated("door_refused")
        data = frame.encode()
        again = AnswerFrame.decode(data)
        if again != frame:
            raise ProtocolViolated("door_refused")
        leaves = [Event.decode(rewrite(event)).leaf for event in again.events]
        _require_log_words(again.answer)
        signed = identity.seal(Exchange.of(ask, data))
        sealed = SealedFrame(signed.key, signed.signature, data).encode()
        events_size = sum(map(len, leaves))
        events = {"events": events_size} if leaves else {}
        self._tally({frame.answer.KIND: len(sealed) - events_size, **events})
        return sealed

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Allow this thread the network while the block runs: connecting, polling, sending released bytes."""
        token = _inside.set(True)
        try:
            yield
        finally:
            _inside.reset(token)


def guard_process() -> None:
    """From now on refuse this process every socket and every new process outside a passage. It stays so.

    Python's audit hooks see each connect, send-to, bind, name look-up and process start of the interpreter's
    own layer, whoever calls it. Two ways raise no event and are taken away, in passages too: gRPC's channels
    and servers, and the C function by which multiprocessing starts a process. If gRPC is not loaded yet, it
    cannot be loaded any more. What ctypes or another C extension does is not seen.
    """
    sys.addaudithook(_refuse_outside)
    if _GRPC not in sys.modules:
        sys.modules.update(dict.fromkeys(("grpc", _GRPC)))  # type: ignore[arg-type]  # None: no import
    for module, name in _UNSEEN:
        if sys.modules.get(module) is not None:
            setattr(sys.modules[module], name, _refuser(f"{module}.{name}"))


def _require_log_words(answer: Answer) -> None:
    """Let a journal's part bring nothing but what a log can have signed."""
    if isinstance(answer, JournalPart):
        for receipt in answer.receipts:
            Signed.parse(receipt, LogReceipt)
        if answer.checkpoint:
            SignedCheckpoint.parse(answer.checkpoint)


def _refuse_outside(event: str, _args: tuple[object, ...]) -> None:
    if event in _WAYS_OUT and not _inside.get():
        raise ProtocolViolated("door_network_refused", event=event)


def _refuser(event: str) -> Callable[..., NoReturn]:
    def refuse(*_args: object, **_fields: object) -> NoReturn:
        raise ProtocolViolated("door_network_refused", event=event)

    return refuse
