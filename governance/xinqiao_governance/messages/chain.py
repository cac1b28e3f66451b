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
        "地址 {contract} 上没有本写入账户的锚定合约：链被替换或回滚。",
        "No anchor contract of our writer stands at {contract}: the chain was replaced or rolled back.",
    ),
    "anchor_config_damaged": (
        "链的配置 {path} 已损坏，或格式不对。",
        "The chain's settings in {path} are damaged or not in their form.",
    ),
    "anchor_chain_chosen": (
        "{path} 已指定锚定所用的链；要换一条，请先移走该文件。",
        "{path} names a chain already; to choose another, move that file away first.",
    ),
    "anchor_head_passed": (
        "链上已有比 {size} 更大的日志头；这一个不再锚定。",
        "The chain holds a larger head than {size} already; this one is not anchored any more.",
    ),
    "anchor_day_used": (
        "24 小时内已锚定 {count} 次，达到上限；稍后再锚定。",
        "{count} anchors within 24 hours are the most that is allowed; it waits.",
    ),
    "anchor_lost": (
        "警报：链丢失了大小为 {size} 的锚定（回滚或分叉）；最新的日志头会重新锚定。",
        "Alarm: the chain lost the anchor of size {size} (rollback or fork); the newest head goes again.",
    ),
    "anchor_foreign_head": (
        "警报：链上大小为 {size} 的日志头不是本日志的：日志的历史或链的写入密钥已不可信。暂停锚定。",
        "Alarm: the chain's head of size {size} is not this log's: the log's history or the writer's key "
        "is not ours. Nothing more is anchored.",
    ),
    "anchor_outbox_damaged": (
        "锚定发件箱（anchors.sqlite）已损坏。",
        "The outbox of anchors (anchors.sqlite) is damaged.",
    ),
}
