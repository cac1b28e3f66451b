"""The two suites of a log: which hash its tree has, and which signatures stand under its notes.

A log's identity declares its suite: its key has 32 bytes (Ed25519, the tree over SHA-256) or 64 (SM2 of
GM/T 0003, the tree over SM3 of GM/T 0004). Readers bring that key from elsewhere, so no proof can choose.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from xinqiao_governance.errors import ProofError
from xinqiao_ledger import sm2
from xinqiao_ledger.event import Event
from xinqiao_ledger.signing import verify
from xinqiao_ledger.tree import Hash, leaf_hash, sha256


class NoteKey(Protocol):
    """A private key that signs notes: `SigningKey` or `Sm2Key`."""

    public: bytes

    def sign(self, message: bytes) -> bytes:
        """Return the signature of `message`: 64 bytes."""
        ...


@dataclass(frozen=True)
class Suite:
    """A hash, a signature, and the types of signature lines (C2SP signed-note) that name them."""

    name: str
    hasher: Hash
    verify: Callable[[bytes, bytes, bytes], None]
    log_line: bytes
    cosignature_line: bytes


SHA256_ED25519 = Suite("sha256-ed25519", sha256, verify, b"\x01", b"\x04")
# C2SP gives types without a number of their own 0xff and a name.
SM3_SM2 = Suite(
    "sm3-sm2", sm2.sm3, sm2.verify, b"\xffxinqiao/sm2-sm3/v1", b"\xffxinqiao/sm2-sm3-cosignature/v1"
)
SUITES = {suite.name: suite for suite in (SHA256_ED25519, SM3_SM2)}
_BY_KEY_BYTES = {32: SHA256_ED25519, sm2.KEY_BYTES: SM3_SM2}


@lru_cache(maxsize=1_024)
def suite_of(public: bytes) -> Suite:
    """Return the suite that a public key declares.

    Raises:
        ProofError: no key of either.
    """
    if len(public) not in _BY_KEY_BYTES:
        raise ProofError("signature_invalid")
    return _BY_KEY_BYTES[len(public)]


def tree_hash(event: Event, suite: Suite) -> bytes:
    """Return the hash under which an event stands in the tree of a log of this suite: 32 bytes."""
    return event.hash if suite is SHA256_ED25519 else leaf_hash(event.leaf, suite.hasher)
