"""Sentences of the area "chain": proofs of blocks, nodes of a chain, the outbox of anchors."""

MESSAGES: dict[str, tuple[str, str]] = {
    "anchor_proof_missing": (
        "锚定记录不含区块 {block} 的证明；请改用您信任的节点核对（--rpc）。",
        "The anchor's record holds no proof of block {block}; ask a node that you trust instead (--rpc).",
    ),
    "anchor_block_differs": (
        "锚定记录所说的区块 {block} 与所给的不同，或该区块已不在链上。",
        "Block {block} of the anchor's record is not the one given, or is no longer in the chain.",
    ),
    "anchor_proof_broken": (
        "区块证明在“{step}”一步不成立。",
        'The proof of the block does not hold at "{step}".',
    ),
    "anchor_event_missing": (
        "该交易没有锚定大小为 {size} 的这个日志头。",
        "The transaction did not anchor this head of size {size}.",
    ),
    "anchor_rpc_address": (
        "节点地址应以 http:// 或 https:// 开头。",
        "The address of a node starts with http:// or https://.",
    ),
    "anchor_rpc_failed": (
        "节点 {host} 未能及时给出可用的回答（{reason}）。",
        "The node {host} gave no usable answer in time ({reason}).",
    ),
    "anchor_rpc_malformed": (
        "节点的回答不符合以太坊 JSON-RPC 的格式。",
        "The node's answer is not in the form of Ethereum's JSON-RPC.",
    ),
    "anchor_rpc_other_chain": (
        "该节点所在的链不是锚定所在的链 {chain_id}。",
        "The node belongs to another chain than {chain_id}, on which the anchor is said to stand.",
    ),
    "anchor_rpc_unknown": (
        "该节点不认识区块 {block} 中的锚定交易。",
        "The node does not know the anchor's transaction in block {block}.",
    ),
}
