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
    "audit_period_open": (
        "时段的结束尚未界定：检查点下没有时段结束三天以后的运营方事件，独立见证人的联署也不够晚；"
        "请在时段结束三天后做一次每日巡检，再以新的检查点重新导出",
        "nothing bounds the period's end yet: under this checkpoint there is no event of the operator dated "
        "three days after it, and independent witnesses did not cosign so late; export again under a newer "
        "head, after a daily round three days after the period or later",
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
        "条目 {index}：节点 {node} 在有效步骤中发布的日期比此前入日志的运营方事件早三天以上，属倒填日期",
        "entry {index}: node {node} dated its release of a good step more than three days before an event of "
        "the operator that was logged earlier: back-dated",
    ),
    # Export
    "cli_audit_export": (
        "导出一项任务、一条事件或一个时段的证据文件",
        "write the evidence of a job, an event or a period",
    ),
    "cli_export_job": (
        "任务：订单摘要（十六进制）或其开头",
        "a job: its order's digest in hex, or how it begins",
    ),
    "cli_export_event": (
        "事件：叶哈希（十六进制）或其开头，见 xinqiao audit log",
        "an event: its leaf hash in hex, or how it begins; see xinqiao audit log",
    ),
    "cli_export_from": (
        "时段开始：YYYY-MM-DD（本地零点）或 RFC 3339 时刻",
        "start of a period: YYYY-MM-DD (local midnight) or a moment as RFC 3339 writes it",
    ),
    "cli_export_to": ("时段结束，不含在内；写法相同", "its end, not included; written the same"),
    "cli_export_out": ("写入的证据文件", "the evidence file to write"),
    "export_one_scope": (
        "请恰好指定一项：--job、--event，或 --from 与 --to。",
        "Give exactly one of these: --job, --event, or --from with --to.",
    ),
    "export_both_dates": ("时段需要同时给出 --from 与 --to。", "A period takes both --from and --to."),
    "export_period_empty": ("时段的结束不晚于开始。", "The period does not end after it starts."),
    "date_invalid": (
        "不是日期：请写 YYYY-MM-DD，或带时区的时刻，如 2026-11-22T08:00:00+08:00。",
        "That is no date: write YYYY-MM-DD, or a moment with its offset, as 2026-11-22T08:00:00+08:00.",
    ),
    "id_not_hex": (
        "标识应为一至六十四位十六进制数字。",
        "An id is one to sixty-four hexadecimal digits.",
    ),
    "id_unknown": ("日志中没有以 {id} 开头的标识。", "The log has no id that begins with {id}."),
    "id_ambiguous": (
        "以 {id} 开头的标识有 {count} 个，请多写几位。",
        "{count} ids begin with {id}: give more digits.",
    ),
    "export_no_result": (
        "任务 {job} 没有保存的结果：尚未完成、已失败，或由早先版本完成（请用当时的证据文件）。",
        "No result of job {job} is kept: it is not finished, it failed, or an earlier version ran it "
        "(use the evidence file of that time).",
    ),
    "export_fate_published": (
        "任务 {job} 已发布模型（步骤到第 {steps} 步），但中心没有保存其结果；请用当时的证据文件。",
        "Job {job} published a model (steps up to {steps}), but the centre keeps no result of it: use the "
        "evidence file of that time.",
    ),
    "export_fate_stopped": (
        "任务 {job} 没有结果：据日志，它在第 {steps} 步之后被运营方停止。",
        "Job {job} has no result: by the log, the operator stopped it after step {steps}.",
    ),
    "export_fate_failed": (
        "任务 {job} 没有结果：据日志，它在第 {steps} 步之后失败。",
        "Job {job} has no result: by the log, it failed after step {steps}.",
    ),
    "export_fate_refused": (
        "任务 {job} 没有结果：据日志，它被拒绝，没有进行任何一步（步数 {steps}）。",
        "Job {job} has no result: by the log, it was refused and no step was made (steps: {steps}).",
    ),
    "export_fate_open": (
        "任务 {job} 没有结果：据日志，它尚未结束（最近的步骤：{steps}）。",
        "Job {job} has no result: by the log, it has not ended (latest step: {steps}).",
    ),
    "export_fate_refusal": (
        "{name} 拒绝：{why} 证据：--event {event}",
        "{name} refused: {why} Evidence: --event {event}",
    ),
    "export_fate_end": (
        "{name} 结束任务：{why} 证据：--event {event}",
        "{name} closed it: {why} Evidence: --event {event}",
    ),
    "export_fate_evidence": (
        "整个经过的证据：xinqiao audit export {scope}",
        "Evidence of the whole course: xinqiao audit export {scope}",
    ),
    "export_not_cosigned": (
        "还没有经见证人联署、且至少含 {size} 条的检查点；请先让各部门联署。",
        "No checkpoint with at least {size} entries has been cosigned yet: have it cosigned first.",
    ),
    "export_period": ("时段：{since} 至 {until}（不含）", "Period: {since} to {until} (not included)"),
    "export_written": (
        "已写入 {path}：{entries} 条，检查点含 {size} 条，{bytes} 字节。",
        "Written to {path}. Entries: {entries}; under a checkpoint of {size}; bytes: {bytes}.",
    ),
    # Log
    "cli_audit_log": (
        "查看日志：谁在何时依据什么做了什么",
        "read the log: who did what, when, by which right",
    ),
    "cli_audit_log_source": (
        "日志文件或 PostgreSQL 地址（或用 --centre）",
        "the log's file or PostgreSQL URL (or --centre)",
    ),
    "cli_log_trust": (
        "信任文件：核验日志的签名，并按名称显示部门",
        "trust file: the log's signature is checked, and departments go by name",
    ),
    "cli_log_node": ("书写者：名称、指纹或其开头", "its writer: a name, a fingerprint, or how that begins"),
    "cli_log_kind": ("事件种类，如 import、intent", "a kind of event, as import or intent"),
    "cli_log_dataset": ("数据集标识", "a dataset's id"),
    "cli_log_purpose": ("用途", "a purpose"),
    "cli_log_decision": ("决定：allow 或 refuse", "a decision: allow or refuse"),
    "cli_log_limit": ("至多列出最早的 N 条", "show at most the first N"),
    "cli_log_tail": ("只列出最后 N 条", "show the last N only"),
    "cli_json_lines": ("每行一个 JSON 对象", "one JSON object a line"),
    "log_limit_or_tail": ("--limit 与 --tail 请只用其一。", "Give --limit or --tail, not both."),
    "log_one_source": (
        "请恰好指定一处日志：日志文件、PostgreSQL 地址，或 --centre。",
        "Name exactly one log: its file, its PostgreSQL URL, or --centre.",
    ),
    "log_found": (
        "列出 {count} 条；日志共 {size} 条，所列各条均在树中。",
        "Shown: {count} of {size} entries; each stands in the tree.",
    ),
    "log_operator": ("运营方", "operator"),
    "log_column_1": ("序号", "index"),
    "log_column_2": ("标识", "id"),
    "log_column_3": ("时间", "time"),
    "log_column_4": ("书写者", "writer"),
    "log_column_5": ("种类", "kind"),
    "log_column_6": ("任务", "job"),
    "log_column_7": ("内容", "about"),
    "log_step": ("第 {step} 步", "step {step}"),
    "log_decision_allow": ("允许", "allow"),
    "log_decision_refuse": ("拒绝", "refuse"),
    "log_kind_order": ("订单", "order"),
    "log_kind_decision": ("决定", "decision"),
    "log_kind_reserve": ("预留预算", "reserve"),
    "log_kind_intent": ("意向", "intent"),
    "log_kind_release": ("发布", "release"),
    "log_kind_outcome": ("结果", "outcome"),
    "log_kind_step": ("步骤", "step"),
    "log_kind_publish": ("发布模型", "publish"),
    "log_kind_import": ("导入", "import"),
    "log_kind_confirm": ("确认", "confirm"),
    "log_kind_approve": ("批准", "approve"),
    "log_kind_grant": ("授权", "grant"),
    "log_kind_revoke": ("撤销授权", "revoke"),
    "log_kind_policy": ("策略", "policy"),
    "log_kind_erase": ("遗忘", "erase"),
    "log_kind_keys": ("密钥", "keys"),
    "log_kind_epoch": ("新的一期", "epoch"),
    "log_kind_checkpoint": ("检查点", "checkpoint"),
    # Lineage
    "cli_audit_lineage": (
        "追溯：一列用到了哪里，一个结果从何而来",
        "trace: what became of a column, what a figure came of",
    ),
    "cli_lineage_column": ("一列的语义名：它用到了哪里", "a column's semantic: what became of it"),
    "cli_lineage_node": (
        "只看一个部门：名称、指纹或其开头",
        "of one department: a name, a fingerprint, or its start",
    ),
    "cli_lineage_output": (
        "模型或统计结果的摘要：它从何而来",
        "a model's or a figure's digest: what it came of",
    ),
    "cli_lineage_json": ("输出图数据：nodes 与 edges", "print graph data: nodes and edges"),
    "lineage_one_start": (
        "请恰好指定一项：--column、--output 或 --job。",
        "Give exactly one of these: --column, --output or --job.",
    ),
    "lineage_nothing": ("日志中没有与此有关的事件。", "The log has no event about that."),
    "lineage_job": ("任务", "job"),
    "lineage_operator": ("运营方", "operator"),
    "lineage_department": ("部门", "department"),
    "lineage_dataset": ("数据", "data"),
    "lineage_column": ("列", "columns"),
    "lineage_approval": ("批准", "approval"),
    "lineage_decision": ("决定", "decision"),
    "lineage_spend": ("预算", "spend"),
    "lineage_steps": ("步骤", "steps"),
    "lineage_counted": ("有效 {good}，作废 {void}", "{good} good, {void} void"),
    "lineage_output": ("结果", "output"),
    "lineage_card": ("模型卡", "card"),
    "lineage_local": ("部门内部使用", "used inside"),
    # The printable report and the chain
    "cli_verify_html": ("另写一份可打印的报告（HTML）", "also write a report to print, as HTML"),
    "cli_verify_block_hash": (
        "您从别处得到的区块哈希（0x 与 64 位）：据此离线核验锚定",
        "a block's hash that you got elsewhere (0x and 64 digits): proves the anchor offline",
    ),
    "cli_verify_rpc": (
        "您信任的链节点地址（http 或 https）：向其查询锚定",
        "a chain node that you trust (http or https): it is asked for the anchor",
    ),
    "block_hash_invalid": (
        "区块哈希应为 0x 加 64 位十六进制数字。",
        "A block's hash is 0x and 64 hexadecimal digits.",
    ),
    # The anchor, confirmed
    "audit_confirmed_kept_by_operator": (
        "所查询的链上确有此锚定；但该链由运营方保管：不是独立证据",
        "the chain that was asked has this anchor; but it is kept by the operator: no independent evidence",
    ),
    "audit_chain_unknown": (
        "所查询的链上确有此锚定；但没有信任文件指定该链与合约：任何人都能自建合约写入",
        "the chain that was asked has this anchor; but no trust file names chain and contract: anybody can "
        "write it into a contract of his own",
    ),
}
