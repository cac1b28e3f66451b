"""Sentences of the area "anchor"."""

MESSAGES: dict[str, tuple[str, str]] = {
    "anchor_head_invalid": (
        "不能锚定：日志大小 {size} 不在允许范围内，或根不是 32 字节（现为 {root_bytes} 字节）。",
        "Cannot anchor: the log size {size} is out of range, or its root has {root_bytes} bytes, not 32.",
    ),
    "anchor_size_shrinks": (
        "拒绝锚定：日志大小 {size} 小于链上最新的 {latest}，日志可能被截短。",
        "Refused to anchor: size {size} is below {latest}, the chain's latest; the log may have been cut.",
    ),
    "anchor_root_differs": (
        "拒绝锚定：链上已有大小为 {size} 的另一个根，日志的历史可能被改动。",
        "Refused to anchor: the chain holds another root for size {size}; the log may have been rewritten.",
    ),
    "anchor_refused": (
        "锚定合约拒绝了这笔交易。",
        "The anchor contract refused the transaction.",
    ),
    "anchor_chain_inconsistent": (
        "链上大小为 {size} 的锚定与其收据不一致。",
        "The anchor of size {size} on the chain does not agree with its receipt.",
    ),
    "anchor_writer_foreign": (
        "锚定合约 {contract} 由另一把密钥写入，此处的密钥无权锚定。",
        "The anchor contract {contract} obeys another key; the key kept here may not anchor.",
    ),
    "anchor_key_damaged": (
        "链的写入密钥 {path} 缺失或已损坏。",
        "The key of the chain's writer, {path}, is missing or damaged.",
    ),
    "anchor_key_exposed": (
        "链的写入密钥 {path} 可被其他用户读取；请改为仅本人可读写（chmod 600）。",
        "Others may read the key of the chain's writer, {path}; make it private (chmod 600).",
    ),
    "anchor_in_use": (
        "链目录 {path} 正被另一个进程使用。",
        "Another process is using the chain in {path}.",
    ),
    "anchor_chain_failed": (
        "无法读写 {where} 中的链：{reason}。",
        "The chain in {where} cannot be read or written: {reason}.",
    ),
}
