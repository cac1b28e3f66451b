"""An anchor keeps heads of the log (size, root) where its keeper cannot quietly take them back.

This file says what an anchor is and imports nothing heavy: the verifier reads `AnchorRecord` offline.
The chains behind it are opened in `chain.py`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_governance.parse import fields_of, hex_bytes, integer, mapping, text, texts

Keeper = Literal["operator", "independent"]

ROOT_BYTES = 32
_SIZE_LIMIT = 1 << 63  # sizes travel in canonical JSON
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_HASH = re.compile(r"0x[0-9a-f]{64}")
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_MAX_HEADER_BYTES = 4096
_MAX_NODE_BYTES = 65536  # a leaf holds a transaction's whole receipt
_MAX_NODES = 16
_YEAR_2200_S = 7_258_118_400


@dataclass(frozen=True)
class BlockProof:
    """What leads from a block's hash to the anchor's receipt in it; `block_proof.py` follows it.

    `header` is the block's header in RLP, `index` the place of the transaction in the block, `nodes` lead
    from the header's receiptsRoot to the transaction's receipt.

    Raises:
        WireInvalid: a field is empty or larger than any honest one.
    """

    header: bytes
    index: int
    nodes: tuple[bytes, ...]

    def __post_init__(self) -> None:
        in_form = {
            "header": 1 <= len(self.header) <= _MAX_HEADER_BYTES,
            "index": 0 <= self.index < 1 << 32,
            "nodes": 1 <= len(self.nodes) <= _MAX_NODES
            and all(1 <= len(node) <= _MAX_NODE_BYTES for node in self.nodes),
        }
        _expect_all(in_form)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "header": self.header.hex(),
            "index": self.index,
            "nodes": [node.hex() for node in self.nodes],
        }

    @classmethod
    def from_json(cls, value: Json) -> "BlockProof":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown, of the wrong type or out of its form.
        """
        body = fields_of(value, *cls.__dataclass_fields__)
        return cls(
            header=_octets("header", text(body, "header")),
            index=integer(body, "index"),
            nodes=tuple(_octets("nodes", node) for node in texts(body, "nodes")),
        )


@dataclass(frozen=True)
class AnchorRecord:
    """Where one head of the log stands on a chain.

    `contract` is a checksummed address, `tx_hash` and `block_hash` are 0x and 64 lower-case digits,
    `block_time` is in seconds since 1970 by the clock of the chain, `root` has 32 bytes. `keeper` says who
    could rewrite the chain: a chain kept by the operator is no independent evidence. `proof` is absent where
    the chain's header cannot be rebuilt from what its node tells; then only a node can confirm the anchor.

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
    proof: BlockProof | None = None

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
        _expect_all(in_form)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form; without a proof the field is left out."""
        proof: dict[str, Json] = {} if self.proof is None else {"proof": self.proof.to_json()}
        return proof | {
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
        whole = mapping(value)
        proof = BlockProof.from_json(whole["proof"]) if "proof" in whole else None
        plain = {name: field for name, field in whole.items() if name != "proof"}
        body = fields_of(plain, *cls.__dataclass_fields__.keys() - {"proof"})
        return cls(
            chain_id=integer(body, "chain_id"),
            contract=text(body, "contract"),
            tx_hash=text(body, "tx_hash"),
            block_number=integer(body, "block_number"),
            block_hash=text(body, "block_hash"),
            block_time=integer(body, "block_time"),
            size=integer(body, "size"),
            root=hex_bytes(body, "root", length=ROOT_BYTES),
            keeper=keeper_of(text(body, "keeper")),
            proof=proof,
        )


@dataclass(frozen=True)
class Draft:
    """A signed transaction that would anchor a head: sent however often, it stands on the chain once.

    `nonce` is the writer's number for it, `raw` its bytes.
    """

    size: int
    root: bytes
    nonce: int
    tx_hash: str
    raw: bytes


class Anchor(Protocol):
    """An append-only series of heads on a chain, written by one account.

    Each method raises NodeUnavailable where the chain's node does not answer (it may later), StoreDamaged
    where an embedded chain cannot be read or written, and ProofError where the chain contradicts itself.
    """

    chain_id: int
    contract: str

    def publish(self, size: int, root: bytes) -> AnchorRecord:
        """Anchor a head of the log: `size` entries under the 32-byte `root`.

        Asking again for the latest head returns its record and writes nothing.

        Raises:
            ProofError: the head is no head, is smaller than the latest, or has its size and another root.
            UsageInvalid: the writer's account cannot pay.
        """
        ...

    def draft(self, size: int, root: bytes) -> Draft:
        """Sign, but do not send, what would anchor this head; raises UsageInvalid as `publish`."""
        ...

    def dearer(self, draft: Draft) -> Draft | None:
        """Sign the same under the same number for more, where the chain asks more than the draft pays.

        The chain takes one of the two at most. None: it need not, the number is used, or what nodes want for
        a replacement is more than may be paid.

        Raises:
            NodeUnavailable: `anchor_fee_capped`, the chain asks more than may be paid.
            UsageInvalid: as `publish`.
        """
        ...

    def deliver(self, draft: Draft) -> AnchorRecord | None:
        """Send a draft, unless it stands on the chain already, and return where it stands.

        None: it never can, because another transaction of the writer has its number.

        Raises:
            ProofError: the contract refused it.
        """
        ...

    def find(self, tx_hash: str) -> AnchorRecord | None:
        """Return where a transaction's anchor stands now; None if the chain has no such transaction."""
        ...

    def at(self, size: int) -> AnchorRecord | None:
        """Return where the head of this size stands, by its event; None if the node has no such event."""
        ...

    def latest(self) -> AnchorRecord | None:
        """Read the latest head back from the chain; None before the first."""
        ...

    def heads_from(self, size: int) -> Sequence[tuple[int, bytes]]:
        """Return the heads (size, root) of at least this size, ascending, as the contract has them."""
        ...

    def require_contract(self) -> None:
        """Require that the code at the contract's address is AnchorLog's, under our writer.

        Raises:
            ProofError: `anchor_contract_gone`.
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


def is_address(value: str) -> bool:
    """Say whether this is the form of a contract's address: 0x and 40 hexadecimal digits."""
    return _ADDRESS.fullmatch(value) is not None


def seconds_of(timestamp: int) -> int:
    """Return a block's time in seconds: FISCO BCOS writes milliseconds, every other EVM chain seconds.

    What would lie beyond the year 2200 is taken for milliseconds. Source: FISCO BCOS 3.x, "Blockchain
    JSON-RPC": `timestamp` of getBlockByNumber is in milliseconds; Ethereum Yellow Paper, 4.4: seconds.
    """
    return timestamp // 1000 if timestamp >= _YEAR_2200_S else timestamp


def _expect_all(in_form: Mapping[str, object]) -> None:
    for field, holds in in_form.items():
        if not holds:
            raise WireInvalid("wire_field_invalid", field=field)


def _octets(field: str, digits: str) -> bytes:
    if not _HEX.fullmatch(digits):
        raise WireInvalid("wire_field_invalid", field=field)
    return bytes.fromhex(digits)


def keeper_of(value: str) -> Keeper:
    """Return a keeper by its name.

    Raises:
        WireInvalid: it is none.
    """
    if value == "operator":
        return "operator"
    if value == "independent":
        return "independent"
    raise WireInvalid("wire_field_invalid", field="keeper")
