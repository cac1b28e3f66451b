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
    "anchor_receipt_late": (
        "节点 {host} 未能及时把交易写入区块；稍后会继续查询同一笔交易。",
        "The node {host} put the transaction into no block in time; the same one is looked up again later.",
    ),
    "anchor_node_refused": (
        "节点 {host} 拒绝了请求：{reason}",
        "The node {host} refused: {reason}",
    ),
    "anchor_other_chain": (
        "节点 {host} 属于链 {found}，而不是所配置的链 {wanted}。",
        "The node {host} belongs to chain {found}, not to {wanted} as configured.",
    ),
    "anchor_no_balance": (
        "写入账户 {address} 余额不足：该交易最多需要 {wei} wei。请先充值。",
        "The writer's account {address} cannot pay: the transaction may cost {wei} wei. Fund it first.",
    ),
    "anchor_out_of_gas": (
        "锚定交易的 gas 不足，未被写入。",
        "The anchor's transaction ran out of gas and wrote nothing.",
    ),
    "anchor_overtaken": (
        "写入账户的另一笔交易抢先一步；请稍后再试。",
        "Another transaction of the writer came first; try again later.",
    ),
    "anchor_contract_gone": (
        "地址 {contract} 上不是锚定合约：链被替换或回滚。",
        "No anchor contract stands at {contract}: the chain was replaced or rolled back.",
    ),
    "anchor_config_damaged": (
        "链的配置 {path} 已损坏，或格式不对。",
        "The chain's settings in {path} are damaged or not in their form.",
    ),
    "anchor_chain_chosen": (
        "{path} 已指定锚定所用的链；要换一条，请先移走该文件。",
        "{path} names a chain already; to choose another, move that file away first.",
    ),
}
