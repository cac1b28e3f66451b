"""What a log asks of a witness over HTTP (C2SP tlog-witness): `add-checkpoint`, and the newest checkpoint.

    old 20852014
    base64(hash)            zero to 63 lines: that the checkpoint extends the tree of the old size
    <empty line>
    signed note

The parser takes exactly what the writer writes.
"""

from dataclasses import dataclass
from hashlib import sha256

from xinqiao_governance.errors import WireInvalid
from xinqiao_ledger.checkpoint import parse_hashes, parse_number, write_hashes

PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
MAX_BYTES = 1 << 18  # of a request and of an answer; a note of 16 post-quantum signatures is half of it


@dataclass(frozen=True)
class AddCheckpoint:
    """A signed note, and the proof (hashes of 32 bytes) that it extends the tree of `old_size`."""

    old_size: int
    consistency: tuple[bytes, ...]
    note: str

    def encode(self) -> bytes:
        """Return the request's body."""
        return f"old {self.old_size}\n{write_hashes(self.consistency)}\n{self.note}".encode()

    @classmethod
    def decode(cls, body: bytes) -> "AddCheckpoint":
        """Parse a request's body; the note is parsed by whoever judges it.

        Raises:
            WireInvalid: the writer would not have written it so.
        """
        try:
            head, empty, note = body.decode().partition("\n\n")
        except UnicodeDecodeError as error:
            raise WireInvalid("checkpoint_malformed") from error
        if not empty:
            raise WireInvalid("checkpoint_malformed")
        old, *hashes = head.split("\n")
        return cls(parse_number(old, "old "), parse_hashes(hashes), note)


def monitoring_path(origin: str) -> str:
    """Return where a witness shows the newest checkpoint of the log `origin` that it cosigned."""
    return f"/{sha256(origin.encode()).hexdigest()}/checkpoint"
