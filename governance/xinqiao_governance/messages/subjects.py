"""Sentences about people in a department's journal, and about core data while the log cannot be reached."""

MESSAGES: dict[str, tuple[str, str]] = {
    "subject_name_invalid": (
        "姓名须为 1 到 200 个可显示的字符。",
        "A person's name has 1 to 200 printable characters.",
    ),
    "subject_unknown": (
        "账本中没有以此姓名保存的密钥。",
        "The book holds no key under this name.",
    ),
    "log_out_of_reach": (
        "存证日志太久没有取走本部门的日志事件，核心隐私暂停使用；请运行节点代理，待存证方取走事件后再试。",
        "The log has not taken this department's events for too long, so core data is not read; run the "
        "node's agent until the log has taken them, and try again.",
    ),
    "intent_not_logged": (
        "存证日志尚未对本任务的使用意图给出回执，核心隐私不读取。",
        "The log has given no receipt for the intent of this job, so core data is not read.",
    ),
    "status_bridge": (
        "最早的一条自 {since} 起等待；若到 {until} 仍无回执，或等待超过 {most} 条，核心隐私将停止使用",
        "The oldest waits since {since}; without a receipt by {until}, or with more than {most} waiting, "
        "core data will no longer be read",
    ),
    "status_bridge_ended": (
        "核心隐私已停止使用：日志事件自 {since} 起等待，期限 {until}，最多 {most} 条；请运行节点代理",
        "Core data is not read now: events wait since {since}, the limit was {until} or {most} events; run "
        "the node's agent",
    ),
    "cli_node_journal": (
        "查看本部门自己的日志：谁、何时、对什么数据、为什么、结果如何",
        "show the department's own journal: who did what, when, on which data, what for, and how it went",
    ),
    "cli_node_forget": (
        "销毁一个人的密钥：旧事件中的姓名从此无法打开，化名无法关联；所有证明仍然成立",
        "destroy a person's key: names in old events never open again, pseudonyms cannot be linked, and "
        "every proof still holds",
    ),
    "cli_since": ("从这个序号开始（默认 1）", "start at this sequence number (by default 1)"),
    "cli_limit": (
        "最多显示多少条（默认每页 50 条；JSON 默认全部）",
        "show at most so many events (by default 50 a page; with --json all)",
    ),
    "cli_steward": (
        "操作人的姓名：须以其本人的口令或令牌打开，加密后写入日志（默认为口令的主人）",
        "whoever does this: opened by that person's own passphrase or token, and written into the journal "
        "sealed (by default whoever's passphrase it is)",
    ),
    "cli_forget_name": ("要遗忘的人的姓名", "name of the person to forget"),
    "node_forgotten": (
        "密钥已销毁：旧事件中的姓名无法再打开。",
        "The key is destroyed: the name in old events cannot be opened any more.",
    ),
    "node_forgotten_steward": (
        "此人仍是管理员：密钥文件中还有其姓名，下次操作会以新的密钥写入日志。请先运行 "
        "xinqiao keys remove-steward，再遗忘。",
        "This person still is a steward: the name stands in the key file, and their next act enters the "
        "journal under a new key. Run xinqiao keys remove-steward first, then forget again.",
    ),
    "node_forgotten_pages": (
        "另一个进程仍占用账本的旧页；请在它结束后再运行一次本命令。",
        "Another process still holds old pages of the book; run this command again when it has ended.",
    ),
    "journal_empty": ("没有更多日志事件。", "There are no further events."),
    "journal_more": ("后面还有：--since {since}", "There is more: --since {since}"),
    "journal_erased": ("（已遗忘）", "(erased)"),
    "journal_service": ("节点", "the node"),
    "journal_waiting": ("等待存证回执", "waits for the log"),
    "journal_dataset": ("数据集 {name}", "dataset {name}"),
    "journal_purpose": ("用途 {name}", "purpose {name}"),
    "journal_period": ("周期 {name}", "period {name}"),
    "journal_job": ("任务 {job}", "job {job}"),
    "journal_step": ("第 {step} 步", "step {step}"),
    "journal_spend": ("预算 ε {epsilon}", "budget ε {epsilon}"),
    "journal_allow": ("同意", "allowed"),
    "journal_refuse": ("拒绝", "refused"),
    "journal_kind_import": ("导入数据表", "imported a table"),
    "journal_kind_confirm": ("确认了一个部门", "confirmed a department"),
    "journal_kind_approve": ("批准订单", "approved an order"),
    "journal_kind_decision": ("审查请求", "decided on a request"),
    "journal_kind_reserve": ("预留隐私预算", "reserved privacy budget"),
    "journal_kind_intent": ("即将使用数据", "is about to use data"),
    "journal_kind_release": ("送出一个加噪掩码向量", "released a masked, noised vector"),
    "journal_kind_outcome": ("任务结束", "ended the job"),
    "journal_kind_epoch": ("接受了日志的新一期", "accepted a new epoch of the log"),
    "journal_kind_grant": ("给予授权", "gave a grant"),
    "journal_kind_revoke": ("撤销授权", "revoked a grant"),
    "journal_kind_policy": ("更改策略的一步", "took a step to change the policy"),
    "journal_kind_erase": ("遗忘了一个人", "forgot a person"),
    "journal_reason_completed": ("已完成", "completed"),
    "journal_reason_ended": ("已结束", "over"),
    "journal_reason_left": ("管理员退出", "the steward left"),
}
