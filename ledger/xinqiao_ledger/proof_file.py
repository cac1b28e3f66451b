"""One entry's proof in one text file, as C2SP tlog-proof has it: `c2sp.org/tlog-proof@v1`.

    c2sp.org/tlog-proof@v1
    extra base64            at most one line; nothing vouches for it
    index 73894
    base64(hash)            the inclusion path, the leaf's sibling first
    <empty line>
    signed note             the checkpoint with its cosignatures

The parser takes exactly what the writer writes. The entry itself travels beside the file.
"""

from dataclasses import dataclass

from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_ledger.checkpoint import (
    SignedCheckpoint,
    parse_extra,
    parse_hashes,
    parse_number,
    write_extra,
    write_hashes,
)
from xinqiao_ledger.log import Log
from xinqiao_ledger.suite import suite_of
from xinqiao_ledger.tree import verify_inclusion
from xinqiao_ledger.trust import Trust

_HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class ProofFile:
    """The place of one entry in a log: index, inclusion path (hashes of 32 bytes), cosigned checkpoint.

    Nothing is proven before `verify`; `extra` is not even then.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: SignedCheckpoint
    extra: bytes | None = None

    def encode(self) -> bytes:
        """Return the file's bytes."""
        extra = "" if self.extra is None else write_extra(self.extra)
        head = f"{_HEADER}\n{extra}index {self.index}\n{write_hashes(self.path)}"
        return f"{head}\n{self.checkpoint}".encode()

    @classmethod
    def decode(cls, data: bytes) -> "ProofFile":
        """Parse the file's bytes.

        Raises:
            WireInvalid: the writer would not have written it so.
        """
        try:
            head, _, note = data.decode().partition("\n\n")
        except UnicodeDecodeError as error:
            raise WireInvalid("proof_file_malformed") from error
        lines = head.split("\n")
        extra = parse_extra(lines.pop(1)) if lines[1:] and lines[1].startswith("extra ") else None
        if lines[0] != _HEADER or len(lines) < 2:
            raise WireInvalid("proof_file_malformed")
        index, path = parse_number(lines[1], "index "), parse_hashes(lines[2:])
        return cls(index, path, SignedCheckpoint.parse(note), extra)

    def verify(self, leaf: bytes, trust: Trust) -> None:
        """Prove that `leaf` (an event's canonical bytes) stands in the trusted log, cosigned as trust asks.

        Raises:
            ProofError: another origin, no signature of the log, too few cosignatures or one that does not
                hold, or another leaf.
        """
        head = self.checkpoint.checkpoint
        if head.origin != trust.origin:
            raise ProofError("checkpoint_unsigned", name=trust.origin)
        self.checkpoint.verify_log(trust.log_key)
        cosigned = [item for item in trust.witnesses if self.checkpoint.names(item.name, item.key)]
        for witness in cosigned:
            self.checkpoint.verify_cosignature(witness.name, witness.key)
        if len(cosigned) < trust.witness_threshold:
            raise ProofError("audit_witnesses_few", found=len(cosigned), needed=trust.witness_threshold)
        hasher = suite_of(trust.log_key).hasher
        verify_inclusion(leaf, self.index, head.size, head.root, self.path, hasher)


def prove(log: Log, index: int, note: str, extra: bytes | None = None) -> ProofFile:
    """Return the proof of the entry at `index` under `note`, a checkpoint of `log` with its cosignatures.

    Raises:
        ProofError: the checkpoint does not cover the entry, or is past the log's end.
        WireInvalid: the note is malformed.
    """
    signed = SignedCheckpoint.parse(note)
    return ProofFile(index, tuple(log.inclusion(index, signed.checkpoint.size)), signed, extra)
