"""Sentences of the daily round."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli_audit_round": (
        "每日一次：收取各部门的日志、由其核对、请见证人联署并锚定",
        "once a day: collect departments' journals, have them compared, cosigned and anchored",
    ),
    "round_taken": (
        "收到 {count} 个新事件；日志共 {size} 条",
        "{count} new events came; the log has {size} entries",
    ),
    "round_found": (
        "{count} 个部门在日志中逐条找到了自己的事件",
        "{count} departments found their own events in the log, one by one",
    ),
    "round_contradicted": (
        "警报：{name} 的记录与日志矛盾——{reason}",
        "ALARM: what {name} knows contradicts the log: {reason}",
    ),
    "round_refused": (
        "{name} 本次未能核对——{reason}",
        "{name} could not compare this time: {reason}",
    ),
    "round_cosigned": (
        "检查点已有 {found}/{of} 个见证人联署（需要 {needed} 个）",
        "{found} of {of} witnesses cosigned the checkpoint ({needed} needed)",
    ),
    "round_cosigned_few": (
        "检查点的联署不足：{found}/{of}，需要 {needed} 个",
        "too few witnesses cosigned the checkpoint: {found} of {of}, {needed} needed",
    ),
    "round_absent": (
        "未连接：{names}；其事件将在下次收取",
        "not there: {names}; their events come with the next round",
    ),
    "round_anchored": (
        "检查点已锚定在第 {block} 块",
        "the checkpoint is anchored in block {block}",
    ),
}
