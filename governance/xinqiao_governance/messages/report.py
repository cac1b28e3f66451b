"""Sentences of the area "report"."""

MESSAGES: dict[str, tuple[str, str]] = {
    "public_source_changed": (
        "公开数据文件缺少列 {column}：其版本与本演示不符。",
        "The public data file has no column {column}: its version does not fit this demo.",
    ),
    "scores_invalid": (
        "无法评分：标签与分值数量不一致，或分值不是有限数（{rows} 行）。",
        "Cannot score: labels and scores differ in number, or a score is not finite ({rows} rows).",
    ),
    "one_class_only": (
        "无法评分：{rows} 行中只有一类标签。",
        "Cannot score: the {rows} rows hold one class only.",
    ),
    "snapshots_invalid": (
        "参数快照文件缺失、损坏，或与模型维度不符。",
        "The file of parameter snapshots is missing, damaged, or of another model's dimension.",
    ),
    "yardstick_not_converged": (
        "对照模型在 {steps} 步内未收敛。",
        "The yardstick model did not converge within {steps} steps.",
    ),
    "yardsticks_usage": (
        "用法：python -m xinqiao_app.yardsticks 参数快照.npz",
        "Usage: python -m xinqiao_app.yardsticks SNAPSHOTS.npz",
    ),
}
