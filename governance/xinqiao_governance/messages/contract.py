"""Sentences of the area "contract": what is promised, drafted, checked and found."""

MESSAGES: dict[str, tuple[str, str]] = {
    "contract_too_long": (
        "数据契约 {path} 超过 {count} 个字符。",
        "The contract {path} is longer than {count} characters.",
    ),
    "contract_pattern_refused": (
        "列 {column} 的格式（pattern）不能使用：不支持环视和反向引用，重复次数最多 1000；或该列含有非法文字。",
        "The pattern of the column {column} cannot be used: no look-around, no back-references, at most 1,000 "
        "repetitions; or the column holds what is no valid text.",
    ),
}
