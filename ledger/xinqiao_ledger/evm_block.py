"""Makes the proof of an anchor's block from what a node tells; `block_proof.py` checks it.

Loaded by `chain.py` with web3; `rlp`, `trie` and `eth_bloom` come with py-evm. Sources as there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_ledger.anchor import AnchorRecord, BlockProof
from xinqiao_ledger.block_proof import verify_block_proof

_HEADER = (
    "parentHash",
    "sha3Uncles",
    "miner",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "extraData",
    "mixHash",
    "nonce",
    "baseFeePerGas",  # EIP-1559; from here on each fork's, where the block has them
    "withdrawalsRoot",  # EIP-4895
    "blobGasUsed",  # EIP-4844
    "excessBlobGas",
    "parentBeaconBlockRoot",  # EIP-4788
    "requestsHash",  # EIP-7685
)


def with_proof(
    record: AnchorRecord, index: int, header: bytes, receipts: Sequence[Mapping[str, Any]]
) -> AnchorRecord:
    """Return the record with its block's proof, or as it is where header and receipts do not make one.

    `index` is the transaction's place in the block, `receipts` are of all its transactions, in order. A chain
    whose blocks are hashed in another way (FISCO BCOS; Besu's sealed extraData) gives no proof.
    """
    try:
        proof = BlockProof(header, index, _path(index, receipts))
        proven = replace(record, proof=proof)
        verify_block_proof(proven, record.block_hash)
    except (ProofError, WireInvalid, KeyError):  # KeyError: a field that this chain's node does not tell
        return record
    return proven


def header_of(block: Mapping[str, Any]) -> bytes:
    """Return the header that a node's JSON tells of, in RLP; if it is the block's, its Keccak-256 shows."""
    import rlp

    # web3 gives the extraData of a proof-of-authority chain under a name of its own.
    fields = {"extraData": block.get("proofOfAuthorityData"), **block}
    values = [fields[name] for name in _HEADER if fields.get(name) is not None]
    encoded: bytes = rlp.encode([_plain(value) for value in values])
    return encoded


def _path(index: int, receipts: Sequence[Mapping[str, Any]]) -> tuple[bytes, ...]:
    """Return the nodes that lead to receipt `index` in the trie of a block's receipts."""
    import rlp
    from trie.hexary import HexaryTrie

    trie = HexaryTrie({})
    for number, receipt in enumerate(receipts):
        trie[rlp.encode(number)] = _receipt(receipt)
    nodes = trie.get_proof(rlp.encode(index))  # type: ignore[no-untyped-call]
    return tuple(rlp.encode(node) for node in nodes)


def _receipt(receipt: Mapping[str, Any]) -> bytes:
    """Return a receipt's bytes; a typed one has its type in front (EIP-2718)."""
    import rlp
    from eth_bloom.bloom import BloomFilter

    logs = [_log(log) for log in receipt["logs"]]
    bloom = BloomFilter()
    for address, topics, _ in logs:
        bloom.extend([address, *topics])
    body = [receipt["status"], receipt["cumulativeGasUsed"], int(bloom).to_bytes(256, "big"), logs]
    kind = int(receipt.get("type", 0))
    encoded: bytes = rlp.encode(body)
    return (bytes([kind]) if kind else b"") + encoded


def _log(log: Mapping[str, Any]) -> tuple[bytes, list[bytes], bytes]:
    return bytes.fromhex(log["address"][2:]), [bytes(topic) for topic in log["topics"]], bytes(log["data"])


def _plain(value: Any) -> bytes | int:
    """Return an address in its 20 bytes, other data and numbers as they are."""
    if isinstance(value, str):
        return bytes.fromhex(value.removeprefix("0x"))
    return value if isinstance(value, int) else bytes(value)
