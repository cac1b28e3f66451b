"""How the centre asks departments, whatever carries the messages, and how it knows who answered."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_governance.wire import NONCE_BYTES, AnswerFrame, AskFrame, Hello, SealedFrame
from xinqiao_ledger.signing import check, fingerprint


@dataclass(frozen=True)
class Ask:
    """One question to one department.

    `wire` is a canonical wire type; `parameters` is the model as one flat float64 array, shape (dim,).
    """

    wire: bytes
    parameters: NDArray[np.float64] | None = None


class Proven:
    """A department's answer to `ask`: there is none whose signature was not checked when it was made.

    Attributes:
        node, key: who signed: the fingerprint and the Ed25519 key, 32 bytes each. Whether that is the
            department that was asked, the caller knows.
        answer, events: what it says, and the journal events (canonical JSON) that it adds to the log.

    Raises:
        WireInvalid: `data` is not a signed answer.
        ProofError: what was signed is another ask or another answer.
    """

    def __init__(self, data: bytes, ask: Ask) -> None:
        sealed = SealedFrame.decode(data)
        self.key: Final = sealed.key
        self.node: Final = fingerprint(sealed.key)
        check(sealed.exchange(ask.wire), self.node)
        frame = AnswerFrame.decode(sealed.frame)  # not a byte of it is read before
        self.answer: Final = frame.answer
        self.events: Final = frame.events


class Channel(Protocol):
    """Asks departments and gathers what they answered in time."""

    def members(self) -> Sequence[str]:
        """Return the addresses that can be reached now: opaque text, sorted.

        Raises:
            NodeUnavailable: whatever carries the messages cannot be reached itself.
        """
        ...

    def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
        """Ask each address and return the wires that came back within `timeout_s` seconds, by address.

        A department that failed, refused to answer or was late is absent from the result.

        Raises:
            NodeUnavailable: whatever carries the messages cannot be reached itself.
        """
        ...


def hello() -> Ask:
    """Return a hello unlike any before."""
    return Ask(AskFrame(Hello(secrets.token_bytes(NONCE_BYTES))).encode())


def proven_answer(data: bytes | None, ask: Ask) -> Proven | None:
    """Return what somebody signed as the answer to this ask; None for silence and for anything else."""
    if data is None:
        return None
    try:
        return Proven(data, ask)
    except (WireInvalid, ProofError):
        return None
