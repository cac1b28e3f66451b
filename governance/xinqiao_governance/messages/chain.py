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
        "写入账户的另一笔交易先于对合约 {contract} 的锚定；请稍后再试。",
        "Another transaction of the writer came before the anchor to {contract}; try again later.",
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
    "anchor_postponed": (
        "日志头尚未锚定，证据先行写出；稍后由 xinqiao audit anchor 补上。原因：{reason}",
        "The log's head is not anchored yet and the evidence goes out without; xinqiao audit anchor sends it "
        "later. Reason: {reason}",
    ),
    "cli_audit_chain": ("锚定所用的链", "the chain that carries the anchors"),
    "cli_audit_chain_deploy": (
        "在节点背后的链上部署锚定合约，并写出 chain.json",
        "deploy the anchor contract to the chain behind a node, and write chain.json",
    ),
    "cli_audit_chain_status": (
        "比对发件箱、日志与链；有警报、或链无法访问时返回非零",
        "compare outbox, log and chain; exits other than 0 on an alarm, or if the chain cannot be asked",
    ),
    "cli_audit_anchor": (
        "把日志最新的头锚定到链上；加 --every 则持续按日程锚定",
        "anchor the log's newest head; with --every, go on doing so as it falls due",
    ),
    "cli_chain_rpc": ("节点的地址（http:// 或 https://）", "the node's address (http:// or https://)"),
    "cli_audit_kept_by": (
        "链由谁保管：operator（默认）或 independent",
        "who keeps the chain: operator (the default) or independent",
    ),
    "cli_chain_most": (
        "每单位 gas 最多付多少 wei；写入 chain.json 的 max_gas_price_wei",
        "the most wei that is paid for a unit of gas; it goes into chain.json as max_gas_price_wei",
    ),
    "cli_audit_every": (
        "每隔多少秒看一次是否该锚定；按 Ctrl-C 结束",
        "look every so many seconds whether a head is due; Ctrl-C ends it",
    ),
    "anchor_writer": (
        "链的写入账户：{address}（密钥保存在 {path}）",
        "The writer's account on the chain: {address} (its key is in {path})",
    ),
    "anchor_deployed": (
        "锚定合约已部署在链 {chain} 的 {contract}，由 {keeper} 保管。",
        "The anchor contract stands on chain {chain} at {contract}; kept by: {keeper}.",
    ),
    "anchor_sent": (
        "已锚定：大小 {size}，区块 {block}，交易 {transaction}",
        "Anchored: size {size}, block {block}, transaction {transaction}",
    ),
    "anchor_log_empty": ("日志为空，没有可锚定的内容。", "The log is empty: there is nothing to anchor."),
    "anchor_none_yet": ("尚无锚定。", "Nothing is anchored yet."),
    "anchor_waiting": (
        "尚未锚定的日志条目：{count}",
        "Entries of the log that no anchor covers: {count}",
    ),
    "anchor_under_way": (
        "已签名、尚未确认的交易：{transaction}",
        "Signed and not confirmed yet: transaction {transaction}",
    ),
    "anchor_fee_capped": (
        "警报：链要求的 gas 价格高于所允许的 {most} wei（chain.json 中的 max_gas_price_wei）。锚定在等待；"
        "请调高上限，或等价格回落。",
        "Alarm: the chain asks more for gas than the {most} wei that may be paid (max_gas_price_wei in "
        "chain.json). Anchors wait: raise that limit, or wait until the price falls.",
    ),
    "anchor_unpaid": (
        "警报：写入账户 {address} 付不起替换滞留交易所需的费用。锚定在等待；请充值，或等价格回落。",
        "Alarm: the writer's account {address} cannot pay for the dearer transaction that would replace the "
        "one that waits. Anchors wait: fund it, or wait until the price falls.",
    ),
    "anchor_deploy_capped": (
        "链要求的 gas 价格高于所允许的 {most} wei，合约没有部署。"
        "请用 --max-gas-price 调高上限，或等价格回落。",
        "The chain asks more for gas than the {most} wei that may be paid; no contract is deployed. "
        "Raise the limit with --max-gas-price, or wait until the price falls.",
    ),
    "anchor_alarm_line": ("编号 {id}，{time}：{text}（{state}）", "No. {id}, {time}: {text} ({state})"),
    "anchor_alarm_waits": ("待确认", "waits to be acknowledged"),
    "anchor_alarm_seen": ("{name} 已确认", "acknowledged by {name}"),
    "anchor_alarm_nameless": (
        "确认警报需同时给出编号和姓名（可打印的文字，最多 200 个字符）：--acknowledge ID --by NAME",
        "To acknowledge an alarm give its number and your name, printable and of at most 200 characters: "
        "--acknowledge ID --by NAME",
    ),
    "cli_chain_acknowledge": ("确认已查明这条警报", "note that somebody looked into this alarm"),
    "cli_chain_by": ("由谁确认", "who acknowledges it"),
    "anchor_no_alarms": ("没有警报。", "No alarms."),
}
