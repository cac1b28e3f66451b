"""Does an anchor stand in a block? Offline from the block's hash, or by asking a node; standard library only.

`verify_block_proof` starts from a hash that the auditor brings: header → receiptsRoot → receipt → event.
`confirm_by_rpc` asks a node that the auditor trusts. Neither believes anything of the record beforehand.

Sources: Ethereum Yellow Paper, 4.4 (block header), 4.4.1 (receipt), appendices B (RLP), C (hex-prefix
encoding), D (Merkle-Patricia trie); EIP-2718 (typed receipts); Ethereum JSON-RPC API (execution-apis).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from xinqiao_governance.errors import ProofError
from xinqiao_ledger.anchor import AnchorRecord, seconds_of
from xinqiao_ledger.keccak import keccak256
from xinqiao_ledger.rpc import Node

Rlp = bytes | list["Rlp"]

ANCHORED = keccak256(b"Anchored(uint256,uint256,bytes32)")
"""The first topic of AnchorLog's event; the others are its index and size, its data is the root."""

_HEADER_FIELDS = 15  # before London; later forks append
_RECEIPTS_ROOT, _NUMBER, _TIMESTAMP = 5, 8, 11
_RECEIPT_FIELDS = 4
_LOG_FIELDS = 3
_EVENT_TOPICS = 3
_MAX_DEPTH = 8
_QUANTITY = re.compile(r"0x(?:0|[1-9a-f][0-9a-f]{0,63})")
_DATA = re.compile(r"0x(?:[0-9a-fA-F]{2})*")


def verify_block_proof(record: AnchorRecord, block_hash: str) -> None:
    """Prove that the block of this hash ("0x" and 64 digits) holds the anchor that `record` tells of.

    Proven are contract, size, root, number, time and hash of the block. A header names neither chain nor
    transaction: whoever brings the hash vouches for the chain, and `tx_hash` stays a hint where to look.

    Raises:
        ProofError: the record has no proof, or a step of it does not hold.
    """
    if record.proof is None:
        raise ProofError("anchor_proof_missing", block=record.block_number)
    if record.block_hash != block_hash.lower():
        raise ProofError("anchor_block_differs", block=record.block_number)
    header = _header(record.proof.header, bytes.fromhex(record.block_hash[2:]))
    if _number(header[_NUMBER]) != record.block_number:
        raise ProofError("anchor_proof_broken", step="number")
    if seconds_of(_number(header[_TIMESTAMP])) != record.block_time:
        raise ProofError("anchor_proof_broken", step="timestamp")
    receipt = _walk(_octets(header[_RECEIPTS_ROOT]), _index_key(record.proof.index), record.proof.nodes)
    if not any(_is_the_anchor(log, record) for log in _logs(receipt)):
        raise ProofError("anchor_event_missing", size=record.size)


def confirm_by_rpc(record: AnchorRecord, url: str, *, timeout_s: float = 10.0) -> None:
    """Ask the node at `url` (http or https) whether its chain holds the anchor that `record` tells of.

    Follows no redirect, uses no proxy, reads at most 4 MiB an answer. No wait is longer than `timeout_s`,
    which all answers share. Every field but `keeper` and `proof` is confirmed.

    Raises:
        UsageInvalid: the address is of another kind.
        NodeUnavailable: the node did not answer in time, or not as a node does.
        ProofError: the node's chain is another, or does not hold this anchor.
    """
    node = Node(url, timeout_s)
    if _quantity(node.ask("eth_chainId")) != record.chain_id:
        raise ProofError("anchor_rpc_other_chain", chain_id=record.chain_id)
    receipt = node.ask("eth_getTransactionReceipt", record.tx_hash)
    if receipt is None:
        raise ProofError("anchor_rpc_unknown", block=record.block_number)
    block = node.ask("eth_getBlockByNumber", hex(record.block_number), False)
    if block is None:
        raise ProofError("anchor_rpc_unknown", block=record.block_number)
    _check_place(record, _object(receipt), _object(block))
    logs = [_raw_log(log) for log in _array(_object(receipt).get("logs"))]
    if not any(_is_the_anchor(log, record) for log in logs):
        raise ProofError("anchor_event_missing", size=record.size)


def _check_place(record: AnchorRecord, receipt: Mapping[str, Any], block: Mapping[str, Any]) -> None:
    """The transaction succeeded in that very block, which is the chain's block of that number."""
    found = (
        _quantity(receipt.get("status")),
        _data(receipt.get("transactionHash")).hex(),
        _data(receipt.get("blockHash")).hex(),
        _data(block.get("hash")).hex(),
        _quantity(receipt.get("blockNumber")),
        seconds_of(_quantity(block.get("timestamp"))),
    )
    block_hash = record.block_hash[2:]
    if found != (1, record.tx_hash[2:], block_hash, block_hash, record.block_number, record.block_time):
        raise ProofError("anchor_block_differs", block=record.block_number)


def _header(encoded: bytes, block_hash: bytes) -> list[Rlp]:
    if keccak256(encoded) != block_hash:
        raise ProofError("anchor_proof_broken", step="header")
    header = _list(_decode(encoded))
    if len(header) < _HEADER_FIELDS:
        raise ProofError("anchor_proof_broken", step="header")
    return header


def _logs(receipt: bytes) -> list[Rlp]:
    """Return the logs of a successful receipt; a typed one carries its type in front (EIP-2718)."""
    fields = _list(_decode(receipt[1:] if receipt[:1] < b"\x80" else receipt))
    if len(fields) != _RECEIPT_FIELDS or fields[0] != b"\x01":
        raise ProofError("anchor_proof_broken", step="receipt")
    return _list(fields[3])


def _is_the_anchor(log: Rlp, record: AnchorRecord) -> bool:
    """Say whether a log [address, topics, data] is AnchorLog's event with the record's size and root."""
    fields = _list(log)
    if len(fields) != _LOG_FIELDS:
        raise ProofError("anchor_proof_broken", step="log")
    address, topics, data = fields
    if not isinstance(topics, list) or len(topics) != _EVENT_TOPICS:
        return False
    event, _, size = topics
    told = (bytes.fromhex(record.contract[2:]), record.size.to_bytes(32, "big"), record.root)
    return event == ANCHORED and (address, size, data) == told


def _walk(root: bytes, path: str, nodes: Sequence[bytes]) -> bytes:
    """Return what the trie under `root` holds at `path`, hex digits. Every node is used.

    Receipts are longer than 32 bytes and no key is another's start, so nodes inside nodes and values in
    branches, which tries may have elsewhere, are refused.
    """
    expected: Rlp = root
    for node in nodes[:-1]:
        expected, path = _child(_opened(node, expected), path)
    leaf = _opened(nodes[-1], expected)
    if len(leaf) != 2 or _hex_prefix(leaf[0]) != (True, path):
        raise ProofError("anchor_proof_broken", step="trie")
    return _octets(leaf[1])


def _opened(node: bytes, expected: Rlp) -> list[Rlp]:
    if keccak256(node) != expected:
        raise ProofError("anchor_proof_broken", step="trie")
    return _list(_decode(node))


def _child(node: list[Rlp], path: str) -> tuple[Rlp, str]:
    """Return the hash of the next node and the rest of the path."""
    if len(node) == 17 and path:
        return node[int(path[0], 16)], path[1:]
    if len(node) == 2:
        is_leaf, digits = _hex_prefix(node[0])
        if not is_leaf and digits and path.startswith(digits):
            return node[1], path[len(digits) :]
    raise ProofError("anchor_proof_broken", step="trie")


def _hex_prefix(item: Rlp) -> tuple[bool, str]:
    """Return whether a node is a leaf, and its part of the path (Yellow Paper, appendix C)."""
    digits = _octets(item).hex()
    if digits[:1] in ("1", "3"):
        return digits[0] == "3", digits[1:]
    if digits[:2] in ("00", "20"):
        return digits[0] == "2", digits[2:]
    raise ProofError("anchor_proof_broken", step="trie")


def _index_key(index: int) -> str:
    """Return the key of a transaction's receipt: its index in RLP."""
    data = index.to_bytes((index.bit_length() + 7) // 8, "big")
    return (data if len(data) == 1 and data < b"\x80" else bytes([0x80 + len(data)]) + data).hex()


def _decode(data: bytes) -> Rlp:
    """Decode RLP; every byte must be needed, and each length in its one shortest form."""
    item, end = _item(data, 0, _MAX_DEPTH)
    if end != len(data):
        raise ProofError("anchor_proof_broken", step="rlp")
    return item


def _item(data: bytes, at: int, depth: int) -> tuple[Rlp, int]:
    """Return the item that starts at `at`, and where it ends."""
    if at >= len(data) or not depth:
        raise ProofError("anchor_proof_broken", step="rlp")
    first = data[at]
    if first < 0x80:
        return data[at : at + 1], at + 1
    is_list = first >= 0xC0
    start, end = _span(data, at, first - (0xC0 if is_list else 0x80))
    if is_list:
        return _items(data, start, end, depth - 1), end
    if end - start == 1 and data[start] < 0x80:
        raise ProofError("anchor_proof_broken", step="rlp")  # it would have stood for itself
    return data[start:end], end


def _span(data: bytes, at: int, told: int) -> tuple[int, int]:
    """Return start and end of a payload; past 55 bytes its length stands in the next few bytes."""
    start, length = at + 1, told
    if told > 55:
        start += told - 55
        digits = data[at + 1 : start]
        length = int.from_bytes(digits, "big")
        if not digits or digits[0] == 0 or length <= 55:
            raise ProofError("anchor_proof_broken", step="rlp")
    if start + length > len(data):
        raise ProofError("anchor_proof_broken", step="rlp")
    return start, start + length


def _items(data: bytes, start: int, end: int, depth: int) -> list[Rlp]:
    found: list[Rlp] = []
    while start < end:
        item, start = _item(data, start, depth)
        found.append(item)
    if start != end:
        raise ProofError("anchor_proof_broken", step="rlp")
    return found


def _list(item: Rlp) -> list[Rlp]:
    if not isinstance(item, list):
        raise ProofError("anchor_proof_broken", step="rlp")
    return item


def _octets(item: Rlp) -> bytes:
    if not isinstance(item, bytes):
        raise ProofError("anchor_proof_broken", step="rlp")
    return item


def _number(item: Rlp) -> int:
    data = _octets(item)
    if data[:1] == b"\x00" or len(data) > 8:
        raise ProofError("anchor_proof_broken", step="rlp")
    return int.from_bytes(data, "big")


def _raw_log(log: Any) -> Rlp:
    fields = _object(log)
    topics: list[Rlp] = [_data(topic) for topic in _array(fields.get("topics"))]
    return [_data(fields.get("address")), topics, _data(fields.get("data"))]


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ProofError("anchor_rpc_malformed")
    return value


def _array(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ProofError("anchor_rpc_malformed")
    return value


def _quantity(value: Any) -> int:
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise ProofError("anchor_rpc_malformed")
    return int(value, 16)


def _data(value: Any) -> bytes:
    if not isinstance(value, str) or not _DATA.fullmatch(value):
        raise ProofError("anchor_rpc_malformed")
    return bytes.fromhex(value[2:])
