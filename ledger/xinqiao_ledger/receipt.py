"""The log receipt: the log's signed word that it took these leaves, before any checkpoint covers them.

A department keeps it: a log that later shows another leaf at that index, or none, is caught by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import ProofError
from xinqiao_governance.parse import fields_of, hex_bytes, integer, objects, text, versioned_fields
from xinqiao_governance.signed import Signable, Signed
from xinqiao_ledger.signing import check, fingerprint
from xinqiao_ledger.tree import HASH_BYTES, Hash, leaf_hash, sha256


@dataclass(frozen=True)
class LogReceipt(Signable):
    """The log's origin and, for each leaf taken, its index and leaf hash (32 bytes)."""

    DOMAIN: ClassVar[str] = "log-receipt"

    origin: str
    entries: tuple[tuple[int, bytes], ...]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        entries: list[Json] = [{"index": index, "leaf_hash": item.hex()} for index, item in self.entries]
        return {"v": 1, "origin": self.origin, "entries": entries}

    @classmethod
    def from_json(cls, value: Json) -> "LogReceipt":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown or of the wrong type.
        """
        body = versioned_fields(value, 1, "v", "origin", "entries")
        return cls(text(body, "origin"), tuple(_entry(item) for item in objects(body, "entries")))


def verify(
    receipt: Signed[LogReceipt],
    *,
    origin: str,
    log_key: bytes,
    leaves: Sequence[bytes],
    hasher: Hash = sha256,
) -> None:
    """Prove that the log `origin` with receipt key `log_key` took exactly `leaves`, in that order.

    `hasher` is that of the log's suite.

    Raises:
        ProofError: another key or origin, a bad signature, or other leaves.
    """
    body = check(receipt, fingerprint(log_key))
    hashes = [item for _, item in body.entries]
    if body.origin != origin or hashes != [leaf_hash(leaf, hasher) for leaf in leaves]:
        raise ProofError("log_receipt_differs")


def _entry(value: Json) -> tuple[int, bytes]:
    body = fields_of(value, "index", "leaf_hash")
    return integer(body, "index", at_least=0), hex_bytes(body, "leaf_hash", length=HASH_BYTES)
