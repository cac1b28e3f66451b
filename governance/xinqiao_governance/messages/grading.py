"""Sentences of the area "grading": what columns are, who confirmed it, what waits."""

MESSAGES: dict[str, tuple[str, str]] = {
    "grade_reason_none": (
        "分类器没有建议，请人工判断。",
        "The classifier proposes nothing; a person has to look.",
    ),
    "grade_unknown": (
        "列 {column} 的语义未知；请用 --semantic 指明。",
        "Nobody said what the column {column} means; name it with --semantic.",
    ),
    "lowering_same_person": (
        "列 {column} 的降级需要两个不同的人，您已经申请过；请由另一人确认。",
        "Lowering the column {column} takes two different people, and you asked for it before; another must "
        "confirm it.",
    ),
    "column_unconfirmed": (
        "语义 {semantic} 所在的列尚未经人确认，不能使用。",
        "Nobody has confirmed the column that means {semantic}; it is not used.",
    ),
    "journal_action_confirm_column": ("确认了一列的分级", "confirmed a column's tier"),
    "journal_action_request_lowering": (
        "申请降低一列的分级，待另一人确认",
        "asked to lower a column's tier; another person must confirm",
    ),
    "journal_action_lower_column": (
        "作为第二人确认降低一列的分级",
        "confirmed, as the second person, that a column's tier is lowered",
    ),
    "journal_action_regrade_column": (
        "数据变化后一列恢复为未确认",
        "put a column back to unconfirmed, because its data changed",
    ),
    "status_unconfirmed": (
        "{count} 列尚未经人确认，按核心隐私处理，不能使用；见 xinqiao node catalogue。",
        "{count} columns wait for a person, are handled as core and not used; see xinqiao node catalogue.",
    ),
    "status_lowerings": (
        "{count} 项降级申请等待第二人确认。",
        "{count} requests to lower a tier wait for a second person.",
    ),
    "dataset_other": (
        "这个数据节点的数据集是 {dataset}。",
        "The dataset of this data node is {dataset}.",
    ),
    "semantic_invalid": (
        "语义须为 1 至 200 个可显示的字符。",
        "A semantic has 1 to 200 printable characters.",
    ),
    "semantic_without_tier": (
        "语义 {semantic} 不在共享词汇中，须用 --tier 同时指明分级。",
        "The semantic {semantic} is not in the shared vocabulary; give its tier, too, with --tier.",
    ),
    "grade_tier_core": ("核心隐私", "core"),
    "grade_tier_sensitive": ("业务敏感", "sensitive"),
    "grade_tier_public": ("公开共享", "public"),
    "journal_column": ("{semantic}（{tier}）", "{semantic} ({tier})"),
}
