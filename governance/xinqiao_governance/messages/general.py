"""Sentences that every part uses."""

MESSAGES: dict[str, tuple[str, str]] = {
    "wire_not_canonical": (
        "收到的数据不是规范格式，已拒绝。",
        "The bytes received are not in canonical form and were refused.",
    ),
    "interrupted": (
        "已中断。已写入的事件与预算记录完整保留，可以安全地重新运行。",
        "Interrupted. Every event and budget record already written is kept; it is safe to run again.",
    ),
    "out_taken": (
        "{path} 处已有其他内容，未作改动；请换一个文件名，或先将其移走。",
        "There is something else at {path}; it was not touched. Name another file, or move that one away.",
    ),
    "disk_full": (
        "磁盘空间不足，操作未完成；未留下半成品文件。",
        "The disk is full. The operation did not complete and left no half-written file.",
    ),
    "io_failed": (
        "无法读写文件 {path}：{reason}。",
        "Cannot read or write {path}: {reason}.",
    ),
    "port_taken": (
        "端口 {port} 已被占用，请换一个端口或结束占用它的程序。",
        "Port {port} is taken. Choose another port or stop the program that holds it.",
    ),
    "port_invalid": ("端口必须在 1 与 65535 之间。", "A port lies between 1 and 65535."),
    "extra_missing": (
        "此命令需要附加组件 {extra}；请在本项目的克隆中运行：pip install '.[{extra}]'。",
        "This command needs the extra {extra}; in a clone of this project: pip install '.[{extra}]'.",
    ),
    "version_other": (
        "由另一版本的心桥写成，本版本不能读取；请用写成它的那个版本。",
        "Written by another version of Xinqiao, and this one cannot read it; use the version that wrote it.",
    ),
    "version_other_file": (
        "文件 {path} 由另一版本的心桥写成，本版本不能读取；请用写成它的那个版本。",
        "Another version of Xinqiao wrote {path}, and this one cannot read it; use the version that did.",
    ),
    "wire_field_invalid": (
        "字段 {field} 缺失、多余或类型不对。",
        "The field {field} is missing, unexpected or of the wrong type.",
    ),
    "feature_invalid": (
        "特征 {semantic} 的公开分箱不合法：边界须递增，取值不得重复，且每个语义只用一次。",
        "The public bins of {semantic} are not valid: edges must increase, values be distinct, "
        "each semantic used once.",
    ),
    "order_privacy_invalid": (
        "隐私参数不合法：ε 与 δ 必须大于零（ε 不超过 1000，δ 小于 1）。",
        "The privacy parameters are not valid: ε and δ must be above zero (ε at most 1000, δ below 1).",
    ),
    "order_sampling_invalid": (
        "抽样比例不合法：须大于 0、不超过 1；一步完成的（moments、histogram）只能取 1。",
        "The sampling rate is not valid: above 0, at most 1, and 1 for one sum alone (moments, histogram).",
    ),
    "order_departments_invalid": (
        "订单的部门名单为空、重复或未按指纹排序。",
        "The order's departments are missing, repeated or not sorted by fingerprint.",
    ),
    "order_expiry_invalid": (
        "订单的有效期必须晚于创建时间。",
        "The order must expire after it was created.",
    ),
    "policy_invalid": (
        "策略文件无法解析，或与其模式不符；在修正之前一律拒绝。",
        "The policy does not parse or does not fit its schema; everything is refused until it is mended.",
    ),
    "policy_rule_unnamed": (
        "策略中有规则缺少 @id，或禁止规则缺少 @reason。",
        "A rule of the policy lacks its @id or its @reason.",
    ),
    "usage_prefix": ("用法：", "usage: "),
    "usage_positionals": ("参数", "arguments"),
    "usage_options": ("选项", "options"),
    "usage_command": ("子命令", "COMMAND"),
    "usage_commands": ("命令", "commands"),
    "usage_help": ("显示这份说明并退出", "show this help and exit"),
    "usage_missing": (
        "缺少参数：{names}。用法见 {program} --help。",
        "Missing: {names}. See {program} --help.",
    ),
    "usage_unknown": (
        "不认识的参数：{names}。用法见 {program} --help。",
        "Not known here: {names}. See {program} --help.",
    ),
    "usage_stray": (
        "有多余的内容，不属于任何选项。用法见 {program} --help。",
        "Something was typed that belongs to no option. See {program} --help.",
    ),
    "usage_choice": (
        "{name} 只能取：{choices}。用法见 {program} --help。",
        "{name} must be one of: {choices}. See {program} --help.",
    ),
    "usage_value_missing": (
        "{name} 后面缺少内容。用法见 {program} --help。",
        "{name} needs a value after it. See {program} --help.",
    ),
    "usage_value_invalid": (
        "{name} 的内容不对，需要整数。用法见 {program} --help。",
        "The value of {name} does not fit; a whole number is needed. See {program} --help.",
    ),
    "usage_invalid": (
        "命令的写法不对。用法见 {program} --help。",
        "The command is not well formed. See {program} --help.",
    ),
}
