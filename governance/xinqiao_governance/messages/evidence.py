"""Sentences of the area "evidence": events and periods as evidence, dates, export, log, lineage."""

MESSAGES: dict[str, tuple[str, str]] = {
    # Scopes
    "audit_not_of_event": ("不适用于单条事件", "does not apply to an event"),
    "audit_not_of_period": ("不适用于时段", "does not apply to a period"),
    "audit_fingerprint_writer": (
        "所示事件的书写者指纹：{value}（请与您另外得到的比对）",
        "fingerprint of a writer of these events: {value} (compare with what you got elsewhere)",
    ),
    "audit_period_gap": (
        "时段内的条目不连续",
        "the entries of the period are not contiguous",
    ),
    "audit_period_start": (
        "条目 {index} 不足以界定时段的开始：应为日志首条，或运营方早于该时段的事件",
        "entry {index} does not bound the period's start: it is neither the log's first nor the operator's, "
        "dated before the period",
    ),
    "audit_period_end": (
        "条目 {index} 不足以界定时段的结束：应为检查点下的末条，或运营方足够晚的事件",
        "entry {index} does not bound the period's end: it is neither the last under the checkpoint nor the "
        "operator's, dated late enough",
    ),
    # Time
    "audit_check_11": ("日期与日志次序相符", "The dates fit the log's order"),
    "audit_after_cosignatures": (
        "条目 {index} 的日期晚于全部见证人的联署时间",
        "entry {index} is dated after all witnesses had cosigned",
    ),
    "audit_time_backwards": (
        "条目 {index}：节点 {node} 的时钟倒退了",
        "entry {index}: the clock of node {node} ran backwards",
    ),
    "audit_time_before_order": (
        "条目 {index}：节点 {node} 的日期早于订单的签署",
        "entry {index}: node {node} dated it before the order was written",
    ),
    "audit_time_ahead": (
        "条目 {index}：节点 {node} 的日期晚于其后入日志的运营方事件",
        "entry {index}: node {node} dated it after an event of the operator that was logged later",
    ),
    "audit_time_late": (
        "条目 {index}：节点 {node} 的日期比此前入日志的运营方事件早三天以上，属倒填日期或迟报",
        "entry {index}: node {node} dated it more than three days before an event of the operator that was "
        "logged earlier: back-dated, or told too late",
    ),
    # The anchor, confirmed
    "audit_confirmed_kept_by_operator": (
        "链上确有此锚定；但由运营方保管：不是独立证据",
        "the chain has this anchor; but it is kept by the operator: no independent evidence",
    ),
    "audit_chain_unknown": (
        "链上确有此锚定；但信任文件没有指定该链与合约",
        "the chain has this anchor; but the trust file names no chain and contract",
    ),
}
