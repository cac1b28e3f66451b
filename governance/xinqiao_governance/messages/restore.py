"""Sentences of the area "restore": reconciling journals with the log, and a log that is behind."""

MESSAGES: dict[str, tuple[str, str]] = {
    "log_behind": (
        "日志落后于它自己以前说过的内容（{told_by} 表明它曾有至少 {size} 条），因此不再签名，也不接收事件。"
        "请用 xinqiao audit refill 从各部门补齐；无法补齐时用 xinqiao audit epoch 开始新的一期。",
        "The log lacks what it once said ({told_by} shows that it had {size} entries or more), so it signs "
        "and takes nothing. Fill it again from the departments with xinqiao audit refill, or, where that "
        "cannot be whole, open a new epoch with xinqiao audit epoch.",
    ),
    "log_lacks_anchored": (
        "链的节点表明本日志曾有 {size} 条，而本日志没有这一日志头，因此本次不开始，也不签名。"
        "如果日志是从备份恢复的，请用 xinqiao audit refill 补齐，或用 xinqiao audit epoch 开始新的一期；"
        "如果节点说谎，请改用别的节点。",
        "The chain at its address says that this log once had {size} entries, and the log does not hold that "
        "head. Nothing is begun or signed now. If the log was restored, fill it again with xinqiao audit "
        "refill, or open a new epoch with xinqiao audit epoch; if the node lies, use another.",
    ),
    "log_head_damaged": (
        "文件 {path} 已损坏；它记载日志签署过的最新规模，请勿删除，先查明原因。"
        "若无法复原，请用 xinqiao audit epoch 开始新的一期，损坏的文件会一并保留。",
        "The file {path} is damaged. It says how far the log had signed: find out why, and do not delete it. "
        "Where it cannot be brought back, open a new epoch with xinqiao audit epoch, which keeps it.",
    ),
    "log_head_other": (
        "log.head 属于日志 {origin}，而此处的日志是 {expected}：另一期日志的规模不能说明这一期。"
        "若上次 xinqiao audit epoch 中断，请再次运行它；否则先查明原因。",
        "log.head is of the log {origin}, and the log here is {expected}: one says nothing of the other. "
        "If xinqiao audit epoch was interrupted, run it again; else find out why first.",
    ),
    "centre_in_use": (
        "此中心（{path}）的另一条命令正在运行；请等它结束或先停止它，再试一次。",
        "Another command of this centre ({path}) is running. Wait for it or stop it, and try again.",
    ),
    "log_origin_invalid": (
        "文件 {path} 中没有合法的日志名称。",
        "The file {path} holds no valid name of a log.",
    ),
    "reconcile_unsigned": (
        "对账请求没有本部门认可的运营方签名，或不是发给本部门的。",
        "What was to be reconciled is not signed by the operator that this department knows, or not for it.",
    ),
    "reconcile_out_of_step": (
        "对账请求与本部门目前的进度不符；请重新发起。",
        "What was to be reconciled does not follow what was reconciled last; ask anew.",
    ),
    "reconcile_outdated": (
        "对账用的检查点比本部门已知的日志更旧；请重新发起。",
        "The checkpoint to reconcile with is older than what this department knows of the log; ask anew.",
    ),
    "journal_not_in_log": (
        "日志中没有本部门的事件，或在该处有另一条内容。",
        "The log does not hold an event of this department, or has another in its place.",
    ),
    "receipt_broken": (
        "日志违背了它自己签发的回执。",
        "The log broke a receipt that it had signed.",
    ),
    "history_rewritten": (
        "日志的新检查点不是本部门见过的历史的延续。",
        "The log's new checkpoint does not extend the history that this department saw.",
    ),
    "journal_behind_log": (
        "日志里有以本部门名义写入、而本部门日志中没有的事件：本部门的数据可能是从旧备份恢复的。",
        "The log holds events in this department's name that its journal lacks: this data node may have been "
        "restored from an old backup.",
    ),
    "log_alarm": (
        "本部门与日志对账时发现矛盾；管理员确认之前不再处理核心隐私。",
        "This department's journal and the log contradict each other; until the steward acknowledges it, no "
        "core data is used.",
    ),
    "alarm_unknown": (
        "没有编号为 {id} 的未确认警报。",
        "There is no alarm {id} that waits to be acknowledged.",
    ),
    "alarm_none": ("没有警报。", "There is no alarm."),
    "alarm_line": (
        "警报 {id}（{time}）：{what}（事件 {seq}）{state}",
        "Alarm {id} ({time}): {what} (event {seq}) {state}",
    ),
    "alarm_waits": ("，待确认", "- waits to be acknowledged"),
    "alarm_acknowledged": ("，已确认", "- acknowledged"),
    "alarm_evidence": (
        "请妥善保存作为证据：xinqiao node alarm --json 的全部输出，"
        "其中有日志签名的回执和运营方签名的对账请求。",
        "Keep as evidence: all that xinqiao node alarm --json prints. It holds the receipt that the log "
        "signed and the reconciliation that the operator signed.",
    ),
    "cli_node_alarm": (
        "列出本部门与日志之间的矛盾，或确认其中一条",
        "list contradictions between this department and the log, or acknowledge one",
    ),
    "cli_alarm_acknowledge": ("已查看并确认的警报编号", "the alarm that you looked into"),
    "status_reconciled": (
        "对账：{time} 对到第 {seq} 条事件（日志规模 {size}）{overdue}",
        "Reconciled with the log: up to event {seq} at {time} (log of {size} entries){overdue}",
    ),
    "status_never_reconciled": ("对账：尚未与日志对账{overdue}", "Reconciled with the log: never{overdue}"),
    "status_overdue": ("，已逾期：请联系运营方", ": overdue, ask the operator why"),
    "cli_audit_refill": (
        "从备份恢复之后，用各部门的日志和回执补齐中心的日志",
        "after a restore, fill the centre's log again from the departments' journals and receipts",
    ),
    "cli_audit_epoch": (
        "无法补齐时，以新名称开始新的一期日志，并签署指向旧日志的指针",
        "where a refill cannot be whole, begin a new log under a new name with a signed pointer to the old",
    ),
    "refill_done": (
        "日志已补齐：补入 {filled} 条，共 {size} 条，与所有已知的检查点一致。可以继续使用。",
        "The log is whole again: {filled} entries put back, {size} in all, with the root of every checkpoint "
        "that is known. It can be used again.",
    ),
    "refill_missing": (
        "日志仍不完整：还缺 {count} 条（索引 {indices}）。没有写入任何内容。",
        "The log is still not whole: {count} entries are missing (indices {indices}). Nothing was written.",
    ),
    "refill_differs": (
        "条目已齐，但规模 {size} 处的根与已知的检查点不同。没有写入任何内容，日志保持关闭；"
        "只能用 xinqiao audit epoch 开始新的一期。",
        "All entries are there, but the root at {size} is not that of the checkpoint that is known. Nothing "
        "was written and the log stays shut. The only way on is a new epoch: xinqiao audit epoch.",
    ),
    "refill_contradicts": (
        "索引 {index} 处的事件不是日志在回执中签署的那一条，或与其节点的前一条不衔接。"
        "没有写入任何内容，日志保持关闭；只能用 xinqiao audit epoch 开始新的一期。",
        "At index {index} stands another event than the log signed in a receipt, or one that does not follow "
        "its node's event before. Nothing was written and the log stays shut. The only way on is a new "
        "epoch: xinqiao audit epoch.",
    ),
    "refill_absent": (
        "未联系上的部门（缺失的事件可能属于它们）：{names}",
        "Departments that were not there (what is missing may be theirs): {names}",
    ),
    "epoch_not_needed": (
        "日志是完整的，无须开始新的一期。",
        "The log is whole: there is no reason for a new epoch.",
    ),
    "epoch_reason_invalid": (
        "理由须为 1 至 200 个可见字符。",
        "The reason has 1 to 200 printable characters.",
    ),
    "epoch_opened": (
        "新一期日志 {origin} 已经开始；旧日志（{old_origin}，已知规模 {size}）已移入 epochs 文件夹，只读。"
        "请把指针文件 {path} 交给每个部门的管理员和审计员。",
        "The log {origin} has begun. The old one ({old_origin}, known to have had {size} entries) was moved "
        "to the folder epochs, read-only. Give the pointer, {path}, to every department's steward and to "
        "the auditors.",
    ),
    "epoch_chain": (
        "旧日志的合约设置 chain.json 已随它移走：新日志改用内置链锚定，"
        "须用 xinqiao audit chain deploy 部署新合约。",
        "The old log's contract went with it (chain.json): until a contract is deployed anew with xinqiao "
        "audit chain deploy, the new log is anchored on the embedded chain alone.",
    ),
    "epoch_accepted": ("本部门已经使用日志 {origin}。", "This department uses the log {origin} already."),
    "epoch_other_log": (
        "指针来自日志 {old}，而本部门使用的是 {origin}。",
        "The pointer is from the log {old}, and this department uses {origin}.",
    ),
    "epoch_shown": (
        "运营方以新日志 {origin} 取代 {old}。理由：{reason}。"
        "他出示的旧日志规模为 {size}，承认它至少曾有 {known} 条。",
        "The operator puts the log {origin} in the place of {old}. Reason: {reason}. The checkpoint that he "
        "shows has {size} entries, and he admits that there were {known} or more.",
    ),
    "epoch_seen": (
        "本部门见过的最新检查点规模为 {seen}，按回执日志至少曾有 {receipted} 条。",
        "The newest checkpoint that this department saw has {seen} entries, and by its receipts the log had "
        "{receipted} or more.",
    ),
    "epoch_admits_less": (
        "注意：指针承认的少于本部门所知。请保存本部门的账本作为证据，并先向运营方问明原因。",
        "Beware: the pointer admits less than this department knows. Keep the book as evidence, and ask the "
        "operator first.",
    ),
    "epoch_how_to_accept": (
        "核对无误后，加上 --accept 接受。",
        "If you compared it and agree, call again with --accept.",
    ),
    "epoch_done": (
        "已接受。今后使用日志 {origin}；本部门的日志将从头重新发送。",
        "Accepted. From now on the log is {origin}; this department's journal is sent again from its start.",
    ),
    "cli_epoch_reason": ("为什么无法补齐", "why the log cannot be made whole"),
    "cli_epoch_database": (
        "存放新日志 PostgreSQL 地址的文件（权限 0600）；不给则存于文件",
        "file (mode 0600) with the URL of the new log's PostgreSQL database; without it, the log is a file",
    ),
    "cli_node_epoch": (
        "查看并接受运营方开始的新一期日志",
        "look at a new epoch of the log that the operator opened, and accept it",
    ),
    "cli_epoch_pointer": ("运营方给出的指针文件", "the pointer that the operator gave you"),
    "cli_epoch_accept": ("接受", "accept it"),
    "refill_own": (
        "缺失的事件也可能是中心自己的：中心的副本（{path}）不含它们。",
        "What is missing may also be the centre's own: its copy ({path}) lacks them.",
    ),
}
