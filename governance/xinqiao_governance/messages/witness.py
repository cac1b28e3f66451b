"""Sentences of the area "witness": witnesses outside the enterprise, and what the centre hears from them."""

MESSAGES: dict[str, tuple[str, str]] = {
    # The witness's own commands
    "cli_witness": ("见证人：由运营方以外的人在自己的机器上运行", "a witness: kept outside the operator"),
    "cli_witness_create": ("建立见证人的目录和密钥", "make a witness's folder and key"),
    "cli_witness_serve": ("运行见证人，回答中心的请求", "run the witness and answer the centre"),
    "cli_witness_card": ("输出见证人的名片", "print the witness's card"),
    "cli_witness_home": ("见证人的目录（仅其主人可读）", "the witness's folder, its owner's alone"),
    "cli_witness_name": (
        "见证人的名称，例如 union.example/witness",
        "the witness's name, such as union.example/witness",
    ),
    "cli_witness_who": (
        "由谁保管（写在名片上；默认与名称相同）",
        "who keeps it, as its card says (default: its name)",
    ),
    "cli_witness_host": (
        "监听的地址（默认 127.0.0.1，只限本机）",
        "address to listen at (default 127.0.0.1: this machine alone)",
    ),
    "cli_witness_port": ("端口（默认任选空闲端口）", "port (default: a free one)"),
    "witness_name_invalid": (
        "见证人的名称不能为空，不能含空格或加号。",
        "A witness's name must not be empty, nor hold a space or a plus sign.",
    ),
    "witness_home_exists": (
        "{path} 中已有内容，未作改动。",
        "There is something at {path} already; nothing was changed.",
    ),
    "witness_home_missing": ("{path} 中没有见证人。", "There is no witness at {path}."),
    "witness_home_readable": (
        "他人可以访问见证人的目录 {path}：请改为 0700 权限，其中的文件改为 0600。",
        "Others can reach into the witness's folder {path}. Set its mode to 0700, its files' to 0600.",
    ),
    "witness_state_lost": (
        "见证人上次联署的记录 {path} 不见了：重新开始可能会联署另一份历史。请恢复该文件，或另建新的见证人。",
        "What the witness last cosigned, {path}, is gone: starting afresh it could cosign another history. "
        "Bring the file back, or create a new witness.",
    ),
    "witness_created": (
        "见证人已建立。请当面与中心核对运营方指纹 {operator}，并告知审计方您的指纹 {fingerprint}。",
        "The witness is made. Compare the operator's fingerprint {operator} with the centre in person, "
        "and tell auditors yours: {fingerprint}",
    ),
    "witness_fingerprint": ("见证人的指纹：{fingerprint}", "The witness's fingerprint: {fingerprint}"),
    "witness_serving": (
        "见证人 {name} 正在 {host}:{port} 运行。按 Ctrl-C 结束。",
        "The witness {name} answers at {host}:{port}. Ctrl-C ends it.",
    ),
    "witness_address_invalid": (
        "不能在 {host} 上监听：{reason}。请检查地址和端口。",
        "Cannot listen at {host}: {reason}. Check address and port.",
    ),
    "witness_stopped": ("见证人已停止。", "The witness has stopped."),
    "witness_cosigned_head": ("已联署 {size} 条处的检查点。", "Cosigned the checkpoint over {size} entries."),
    "witness_failed": (
        "一个请求未能处理（{reason}）。",
        "A request could not be served ({reason}).",
    ),
    # What a witness said to the centre
    "witness_cosigned": (
        "见证人 {name} 已联署到 {size} 条。",
        "Witness {name} cosigned up to {size} entries.",
    ),
    "witness_silent": ("见证人 {name} 没有回答。", "Witness {name} did not answer."),
    "witness_moved": (
        "见证人 {name} 已联署更新的检查点（{size} 条）。",
        "Witness {name} has cosigned a newer checkpoint meanwhile ({size} entries).",
    ),
    "witness_refused": ("见证人 {name} 拒绝联署（{size}）。", "Witness {name} refused to cosign ({size})."),
    "witness_forged": (
        "见证人 {name} 的回答未通过核验，未采用。",
        "What witness {name} answered does not verify; it was dropped.",
    ),
    "witness_ahead": (
        "警报：见证人 {name} 联署过 {size} 条，而本日志没有那么多：日志被回退，或另有一份历史。未联署。",
        "ALARM: witness {name} cosigned {size} entries of this log, which has fewer: it was rolled back, "
        "or there is a second history. The head does not count as cosigned.",
    ),
    "witness_contradicts": (
        "警报：见证人 {name} 联署过的历史与本日志不符（{size} 条处）：日志被改写，或另有一份历史。未联署。",
        "ALARM: witness {name} cosigned another history of this log (asked at {size} entries): it was "
        "rewritten, or there are two. The head does not count as cosigned.",
    ),
    "witnesses_few": (
        "{of} 个见证人中有 {found} 个联署了日志的检查点，应有 {needed} 个。检查点已保留。",
        "{found} of {of} witnesses cosigned the log's head, {needed} needed. The head is kept.",
    ),
    # The centre's list
    "cli_audit_witness": ("中心的见证人", "the centre's witnesses"),
    "cli_audit_witness_add": ("添加一个外部见证人", "add a witness outside the enterprise"),
    "cli_audit_witness_remove": ("移除一个外部见证人", "remove a witness outside the enterprise"),
    "cli_audit_witness_need": (
        "设定中心要求的联署数（默认：多数部门）",
        "set how many cosignatures the centre wants (default: most departments)",
    ),
    "cli_audit_witness_status": (
        "查看每个见证人联署到哪里、能否联系上（不改变任何内容）",
        "show how far each witness cosigned and whether it answers (changes nothing)",
    ),
    "cli_witness_card_file": ("见证人的名片文件", "the witness's card"),
    "cli_witness_url": (
        "见证人的网址，例如 https://union.example/witness",
        "where it answers, such as https://union.example/witness",
    ),
    "cli_witness_listed": ("见证人的名称", "the witness's name"),
    "cli_witness_number": ("联署数", "how many"),
    "cli_audit_trust_witness": (
        "不是部门的见证人：名片及由谁保管（operator 或 independent，可重复）",
        "a witness that is no department: its card and who keeps it, operator or independent (repeatable)",
    ),
    "witness_known": (
        "名称或密钥与已知的见证人或部门相同：{name}。",
        "A witness or department of this name or key is known already: {name}.",
    ),
    "witness_unknown": ("没有名为 {name} 的外部见证人。", "There is no outside witness named {name}."),
    "witness_url_invalid": (
        "网址须以 http:// 或 https:// 开头，不带用户名和查询部分。",
        "The URL must begin with http:// or https://, without a user name or a query.",
    ),
    "witnesses_damaged": ("文件 {path} 已损坏。", "The file {path} is damaged."),
    "witness_added": (
        "已添加见证人 {name}。指纹：{fingerprint}",
        "Added witness {name}. Fingerprint: {fingerprint}",
    ),
    "witness_no_head": (
        "日志尚无保留的检查点可供联署。",
        "The log has kept no head yet that it could cosign.",
    ),
    "witness_asked_later": (
        "下一个任务结束时或下一次 xinqiao audit round 会再请它联署。",
        "The next job, or the next xinqiao audit round, asks it again.",
    ),
    "witness_need_unmeetable": (
        "警告：要求 {needed} 个联署，而中心只知道 {of} 个见证人：目前没有检查点能满足要求。",
        "Warning: {needed} cosignatures are wanted and the centre knows {of} witnesses: no head can meet "
        "that as it is.",
    ),
    "witness_status_unmet": (
        "最新的检查点联署不足；下一个任务或 xinqiao audit round 会再请见证人联署。",
        "The newest head has too few cosignatures; the next job, or xinqiao audit round, asks again.",
    ),
    "witness_status_nobody": (
        "中心不知道任何见证人：部门随 xinqiao job order 登记，外部见证人用 xinqiao audit witness add 添加。",
        "The centre knows no witness: departments come with xinqiao job order, others with "
        "xinqiao audit witness add.",
    ),
    "witness_removed": ("已移除见证人 {name}。", "Removed witness {name}."),
    "witness_need_set": ("检查点须有 {needed} 个联署。", "A head now needs {needed} cosignatures."),
    "witness_status_log": ("日志：{size} 条。", "The log has {size} entries."),
    "witness_status_policy": (
        "中心的要求：{of} 个见证人中的 {needed} 个。",
        "The centre wants {needed} of {of} witnesses.",
    ),
    "witness_status_head": (
        "最新保留的联署检查点：{size} 条，{found} 个联署。",
        "Newest cosigned head: {size} entries, {found} cosignatures.",
    ),
    "witness_status_no_head": ("尚无联署的检查点。", "No cosigned head is kept yet."),
    "witness_status_row": (
        "{name} [{fingerprint}]：联署到 {size} 条（{when}），落后 {behind} 条",
        "{name} [{fingerprint}]: cosigned {size} entries ({when}), {behind} behind",
    ),
    "witness_status_never": (
        "{name} [{fingerprint}]：从未联署",
        "{name} [{fingerprint}]: never cosigned",
    ),
    "witness_reachable": ("可联系，见证到 {size} 条", "answers; it holds {size} entries"),
    "proof_file_malformed": ("证明文件的格式不正确。", "The proof file is malformed."),
}
