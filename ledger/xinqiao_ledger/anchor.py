"""An anchor keeps heads of the log (size, root) where its keeper cannot quietly take them back.

This file says what an anchor is and imports nothing heavy: the verifier reads `AnchorRecord` offline.
The chains behind it are opened in `chain.py`.
"""

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_governance.parse import fields_of, hex_bytes, integer, text

Keeper = Literal["operator", "independent"]

ROOT_BYTES = 32
_SIZE_LIMIT = 1 << 63  # sizes travel in canonical JSON
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_HASH = re.compile(r"0x[0-9a-f]{64}")


@dataclass(frozen=True)
class AnchorRecord:
    """Where one head of the log stands on a chain.

    `contract` is a checksummed address, `tx_hash` and `block_hash` are 0x and 64 lower-case digits,
    `block_time` is in seconds since 1970 by the clock of the chain, `root` has 32 bytes. `keeper` says who
    could rewrite the chain: a chain kept by the operator is no independent evidence.

    Raises:
        WireInvalid: a field is out of its form.
    """

    chain_id: int
    contract: str
    tx_hash: str
    block_number: int
    block_hash: str
    block_time: int
    size: int
    root: bytes
    keeper: Keeper

    def __post_init__(self) -> None:
        in_form = {
            "chain_id": self.chain_id >= 1,
            "contract": _ADDRESS.fullmatch(self.contract),
            "tx_hash": _HASH.fullmatch(self.tx_hash),
            "block_number": self.block_number >= 0,
            "block_hash": _HASH.fullmatch(self.block_hash),
            "block_time": self.block_time >= 0,
            "size": self.size >= 1,
            "root": len(self.root) == ROOT_BYTES,
            "keeper": self.keeper in ("operator", "independent"),
        }
        for field, holds in in_form.items():
            if not holds:
                raise WireInvalid("wire_field_invalid", field=field)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "chain_id": self.chain_id,
            "contract": self.contract,
            "tx_hash": self.tx_hash,
            "block_number": self.block_number,
            "block_hash": self.block_hash,
            "block_time": self.block_time,
            "size": self.size,
            "root": self.root.hex(),
            "keeper": self.keeper,
        }

    @classmethod
    def from_json(cls, value: Json) -> "AnchorRecord":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown, of the wrong type or out of its form.
        """
        body = fields_of(value, *cls.__dataclass_fields__)
        return cls(
            chain_id=integer(body, "chain_id"),
            contract=text(body, "contract"),
            tx_hash=text(body, "tx_hash"),
            block_number=integer(body, "block_number"),
            block_hash=text(body, "block_hash"),
            block_time=integer(body, "block_time"),
            size=integer(body, "size"),
            root=hex_bytes(body, "root", length=ROOT_BYTES),
            keeper=_keeper(text(body, "keeper")),
        )


class Anchor(Protocol):
    """An append-only series of heads on a chain, written by one account."""

    chain_id: int
    contract: str

    def publish(self, size: int, root: bytes) -> AnchorRecord:
        """Anchor a head of the log: `size` entries under the 32-byte `root`.

        Asking again for the latest head returns its record and writes nothing.

        Raises:
            ProofError: the head is no head, is smaller than the latest, or has its size and another root.
            StoreDamaged: the chain could not be read or written; the latest head is as before.
        """
        ...

    def latest(self) -> AnchorRecord | None:
        """Read the latest head back from the chain; None before the first.

        Raises:
            ProofError: the chain's contract and its receipts disagree.
            StoreDamaged: the chain could not be read.
        """
        ...

    def close(self) -> None:
        """Let go of the chain; what was published stays."""
        ...


def check_head(size: int, root: bytes) -> None:
    """Refuse what cannot be a head of a log.

    Raises:
        ProofError: a size below one or past 63 bits, or a root that has not 32 bytes.
    """
    if not 1 <= size < _SIZE_LIMIT or len(root) != ROOT_BYTES:
        raise ProofError("anchor_head_invalid", size=size, root_bytes=len(root))


def check_repeats(latest: AnchorRecord, size: int, root: bytes) -> None:
    """Require that a head no larger than the `latest` is the latest.

    Raises:
        ProofError: the log shrank, or one size has two roots: its history was changed.
    """
    if size < latest.size:
        raise ProofError("anchor_size_shrinks", size=size, latest=latest.size)
    if root != latest.root:
        raise ProofError("anchor_root_differs", size=size)


def _keeper(value: str) -> Keeper:
    if value == "operator":
        return "operator"
    if value == "independent":
        return "independent"
    raise WireInvalid("wire_field_invalid", field="keeper")
