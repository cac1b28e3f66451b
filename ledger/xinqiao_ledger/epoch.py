"""The pointer from a new log to the old one, where that cannot be made whole again.

The operator and the log sign it: whoever holds more of the old log than it admits can show so, for good.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_governance.parse import fields_of, integer, label, text, versioned_fields
from xinqiao_governance.signed import Signable, Signed
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, is_key_name
from xinqiao_ledger.signing import check, fingerprint
from xinqiao_ledger.tree import EMPTY_ROOT

_NUMBERED = re.compile(r"(.+)/([1-9][0-9]{0,5})")


@dataclass(frozen=True)
class LogEpoch(Signable):
    """The end of the log `old_origin` and the beginning of `origin`, at `time` (Unix seconds).

    `note` is the newest checkpoint of the old log that could be shown, empty if there is none. `known_size`
    is how large the old log is known to have been, by that note or by what told that it was behind.
    """

    DOMAIN: ClassVar[str] = "log-epoch"
    old_origin: str
    note: str
    known_size: int
    origin: str
    reason: str
    time: int

    def __post_init__(self) -> None:
        right = is_key_name(self.old_origin) and self.origin == next_origin(self.old_origin)
        if not right or self.old_head.origin != self.old_origin:
            raise WireInvalid("wire_field_invalid", field="origin")

    @property
    def old_head(self) -> Checkpoint:
        """The old log's head as this pointer tells it."""
        if not self.note:
            return Checkpoint(self.old_origin, 0, EMPTY_ROOT)  # by its size alone: its suite has another root
        return SignedCheckpoint.parse(self.note).checkpoint

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"v": 1, **{name: getattr(self, name) for name in _FIELDS}}

    @classmethod
    def from_json(cls, value: Json) -> "LogEpoch":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = versioned_fields(value, 1, "v", *_FIELDS)
        return cls(
            old_origin=text(body, "old_origin"),
            note=text(body, "note"),
            known_size=integer(body, "known_size", at_least=0),
            origin=text(body, "origin"),
            reason=label(body, "reason"),
            time=integer(body, "time", at_least=0),
        )


_FIELDS = ("old_origin", "note", "known_size", "origin", "reason", "time")


@dataclass(frozen=True)
class EpochPointer:
    """A `LogEpoch` under both signatures; not yet checked."""

    operator: Signed[LogEpoch]
    log: Signed[LogEpoch]

    def encode(self) -> bytes:
        """Return the bytes of a pointer's file."""
        return dumps({"operator": self.operator.to_json(), "log": self.log.to_json()})

    @classmethod
    def decode(cls, data: bytes) -> "EpochPointer":
        """Parse a pointer's file; WireInvalid where it is not one."""
        body = fields_of(loads(data), "operator", "log")
        return cls(Signed.parse(body["operator"], LogEpoch), Signed.parse(body["log"], LogEpoch))

    def verify(self, operator: bytes, log_key: bytes, note_key: bytes) -> LogEpoch:
        """Return the epoch that the operator of this fingerprint and the log with these keys signed.

        `log_key` (32 bytes) signs receipts, `note_key` checkpoints; under SHA-256 they are one.

        Raises:
            ProofError: one did not, or not the same; or the note in it is not the log's.
        """
        epoch = check(self.operator, operator)
        if check(self.log, fingerprint(log_key)) != epoch:
            raise ProofError("signature_invalid")
        if epoch.note:
            SignedCheckpoint.parse(epoch.note).verify_log(note_key)
        return epoch


def next_origin(origin: str) -> str:
    """Return the name of the log that comes after: a number counts the epochs, from 2."""
    found = _NUMBERED.fullmatch(origin)
    return f"{found[1]}/{int(found[2]) + 1}" if found else f"{origin}/2"
