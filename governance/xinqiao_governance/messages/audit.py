"""Sentences of the area "audit": keys, log, witnesses, bundles and what the verifier finds."""

MESSAGES: dict[str, tuple[str, str]] = {
    # Keys and signatures
    "signature_invalid": ("签名不成立。", "The signature does not hold."),
    "signer_differs": (
        "签名者不是预期的那一方。",
        "The signer is not the one that was expected.",
    ),
    "key_file_exists": (
        "密钥文件 {path} 已存在，不会覆盖。",
        "The key file {path} exists already and is never overwritten.",
    ),
    "key_file_readable": (
        "密钥文件 {path} 可被他人读取，请改为 0600 权限。",
        "Others can read the key file {path}. Set its mode to 0600.",
    ),
    "key_file_invalid": (
        "文件 {path} 中没有 Ed25519 私钥。",
        "The file {path} holds no Ed25519 private key.",
    ),
    # Tree and checkpoint
    "proof_inclusion_failed": ("包含证明不成立。", "The inclusion proof does not hold."),
    "proof_consistency_failed": (
        "一致性证明不成立：历史可能被改写。",
        "The consistency proof does not hold: history may have been rewritten.",
    ),
    "proof_subset_failed": (
        "有条目不在该树根之下。",
        "An entry does not stand under this root.",
    ),
    "proof_out_of_range": (
        "所要的条目或大小超出日志范围（现有 {size} 条）。",
        "The entry or size asked for is outside the log, which has {size} entries.",
    ),
    "checkpoint_malformed": (
        "检查点的文本格式不正确。",
        "The checkpoint's text is malformed.",
    ),
    "checkpoint_unsigned": (
        "检查点上没有 {name} 的签名。",
        "The checkpoint carries no signature of {name}.",
    ),
    # Log
    "journal_gap": (
        "节点 {node} 的第 {seq} 条事件与前一条不衔接。",
        "Event {seq} of node {node} does not follow the one before.",
    ),
    "journal_forked": (
        "节点 {node} 以序号 {seq} 写了两条不同的事件；证据已保留。",
        "Node {node} wrote two different events numbered {seq}; the evidence is kept.",
    ),
    "log_rolled_back": (
        "日志（{size} 条）与已签署的检查点（{signed_size} 条）不符：数据被回退或改写。",
        "The log ({size} entries) contradicts its signed checkpoint ({signed_size} entries): "
        "it was rolled back or rewritten.",
    ),
    "log_in_two_places": (
        "{path} 中既有 log.sqlite 又有 log.url：同一密钥不能有两份日志。请先停用其一。",
        "{path} holds log.sqlite and log.url: one key cannot have two logs. Put one of them away first.",
    ),
    "cli_suite": (
        "日志的密码套件：sha256-ed25519（默认）或国密 sm3-sm2；建立后不能更改",
        "the log's suite: sha256-ed25519 (default) or the national sm3-sm2; fixed once the log is made",
    ),
    "log_suite_fixed": (
        "{path} 中已有日志，其密码套件不能更改：请为国密日志建立新的中心。",
        "{path} has a log, whose suite cannot change: found a new centre for a log under SM3 and SM2.",
    ),
    "sm2_missing": (
        "此日志使用国密套件（SM3、SM2），但缺少 GmSSL：请在本项目的克隆中运行 pip install '.[sm]'。",
        "This log is under SM3 and SM2, but GmSSL is not installed: in a clone, run pip install '.[sm]'.",
    ),
    "postgres_missing": (
        "日志在 PostgreSQL 中，但缺少其客户端：请在本项目的克隆中运行 pip install '.[postgres]'。",
        "The log is in PostgreSQL, whose client is not installed: in a clone, run pip install '.[postgres]'.",
    ),
    "postgres_not_durable": (
        "PostgreSQL 的 {setting} 未开启：断电会丢失已提交的事件。请开启后再使用。",
        "PostgreSQL has {setting} off: a power cut would lose committed events. Turn it on first.",
    ),
    "postgres_failed": (
        "PostgreSQL 出错（{reason}），未写入任何内容；请查看数据库服务器的日志。",
        "PostgreSQL failed ({reason}); nothing was written. See the database server's own log.",
    ),
    "fsck_entry_differs": (
        "第 {index} 条：内容不是规范的事件，或与其旁存的哈希、字段不符。",
        "Entry {index} holds no canonical event, or not the one that its hash and columns name.",
    ),
    "fsck_entries_lost": (
        "缺少第 {first} 至 {last} 条。",
        "Entries {first} to {last} are gone.",
    ),
    "fsck_holds": (
        "日志完好：{size} 条，{checkpoints} 个检查点，树根 {root}。",
        "The log holds. Entries: {size}; checkpoints: {checkpoints}; root: {root}",
    ),
    "fsck_damaged": (
        "日志有 {count} 处不成立（共 {size} 条，{checkpoints} 个检查点）。",
        "The log does not hold. Faults: {count}; entries: {size}; checkpoints: {checkpoints}.",
    ),
    "fsck_more": ("……另有 {count} 处未列出", "… and {count} more that are not listed"),
    "fsck_unsigned": (
        "检查点由谁签署，未核验：核验需要 --trust、至少一个检查点，且条目本身成立。",
        "Who signed the checkpoints was not checked: that takes --trust, a checkpoint and entries that hold.",
    ),
    "fsck_signed": (
        "检查点的签名已对照信任文件中的日志公钥核验：{key}",
        "The checkpoints' signatures were checked against the log's key in the trust file: {key}",
    ),
    "fsck_end_lost": (
        "日志末尾缺失：{size} 条时的检查点仍在，但只剩 {found} 条。",
        "The log's end is gone: there is a checkpoint of {size} entries, and {found} are left.",
    ),
    "fsck_advice": (
        "请原样保留此日志，与各部门的日志和见证人最后见证的检查点对照。"
        "运营方的恢复办法见 docs/RESTORE.zh-CN.md。",
        "Keep this log as it is, and compare it with the departments' journals and the last checkpoint of "
        "each witness. How an operator restores his log: docs/RESTORE.md.",
    ),
    "fsck_unreadable": (
        "无法检查 {path}：{reason}。它不是完整的日志：文件被截断、被覆盖，或本来就是别的文件，因此没有结论。"
        "请原样保留，并另取完整的副本；运营方的恢复办法见 docs/RESTORE.zh-CN.md。",
        "{path} could not be checked: {reason}. It is no whole log: it was cut, overwritten, or is another "
        "file, so there is no verdict. Keep it as it is and get a whole copy; how an operator restores his "
        "log: docs/RESTORE.md.",
    ),
    "fsck_reader_lost": (
        "检查未完成，没有结论：一个读取进程被系统终止（可能是内存不足）。请重新运行。",
        "The check did not end, so there is no verdict: the system ended one of its reading processes "
        "(perhaps there was too little memory). Run it again.",
    ),
    "fsck_progress": ("已读 {done} / {size} 条", "{done} of {size} entries read"),
    "fsck_checkpoint_differs": (
        "第 {size} 条处的检查点与日志内容不符，或不是由该日志签署。",
        "The checkpoint at size {size} is not of these entries, or not signed by this log.",
    ),
    "fsck_cosigned_differs": (
        "规模 {size} 处带见证签名的检查点与日志内容不符，或不是由该日志签署。",
        "The cosigned checkpoint at size {size} is not of these entries, or not signed by this log.",
    ),
    "fsck_entry_outside": (
        "索引 {index} 处有一条不属于日志的条目。",
        "A row stands at index {index}, outside the log.",
    ),
    "fsck_forks": (
        "另有 {count} 处分叉：是节点自相矛盾的证据，不是日志的损坏。",
        "Forks: {count}. They are evidence against a node, and no damage of the log.",
    ),
    "log_entry_damaged": ("日志条目已损坏。", "An entry of the log is damaged."),
    "log_receipt_differs": (
        "日志回执与提交的事件不符。",
        "The log receipt does not match the events that were sent.",
    ),
    # Witness
    "witness_origin_differs": (
        "见证人只见证日志 {origin}。",
        "The witness serves the log {origin} only.",
    ),
    "witness_size_differs": (
        "见证人上次见证的大小是 {size}，请从该处给出一致性证明。",
        "The witness last saw {size} entries; prove consistency from there.",
    ),
    "witness_rollback": (
        "检查点比见证人已见证的 {size} 条更小，已拒绝。",
        "The checkpoint is smaller than the {size} entries the witness has seen; refused.",
    ),
    "witness_split_view": (
        "同样 {size} 条却有另一个树根：日志向不同的人展示不同的历史。",
        "Another root under the same {size} entries: the log shows different histories to different people.",
    ),
    "witness_state_damaged": ("见证人的状态文件已损坏。", "The witness's state file is damaged."),
    # Bundle and trust file
    "bundle_changed": (
        "证据文件被改动：结尾摘要不符。",
        "The evidence file was changed: its closing digest does not match.",
    ),
    "bundle_foreign": (
        "这不是本系统的证据文件",
        "this is no evidence file of Xinqiao",
    ),
    "bundle_cut": (
        "证据文件不完整：结尾缺失或已损坏，请重新取得整个文件",
        "the evidence file is not whole: its end is missing or damaged; get the whole file again",
    ),
    "bundle_not_canonical": (
        "证据文件不是规范格式。",
        "The evidence file is not in canonical form.",
    ),
    "bundle_past_checkpoint": (
        "有事件不在该检查点（{size} 条）之内，请先生成新的检查点。",
        "An event lies past this checkpoint ({size} entries); make a new checkpoint first.",
    ),
    "trust_invalid": (
        "信任文件不正确：字段 {field}。",
        "The trust file is not valid: field {field}.",
    ),
    # The checks
    "audit_check_1": ("格式规范，结尾摘要相符", "Form is canonical, closing digest holds"),
    "audit_check_2": ("日志签署了检查点", "The log signed the checkpoint"),
    "audit_check_3": ("每条事件都在树中", "Every entry is in the tree"),
    "audit_check_4": (
        "没有遗漏：各日志首尾之间连续",
        "Nothing is left out: journals are gapless from end to end",
    ),
    "audit_check_5": (
        "运营方签署了订单，各部门签署了任务回执",
        "The operator signed the order, every department its job receipt",
    ),
    "audit_check_6": (
        "先有订单、许可与预算，后有数据使用，次数不超限",
        "Order, decision and budget came before data; no answer too many",
    ),
    "audit_check_7": (
        "每一步各部门收到同一份步骤声明",
        "All departments answered the same statement in each step",
    ),
    "audit_check_8": (
        "模型卡与已发布的模型一致",
        "The card belongs to the published model",
    ),
    "audit_check_9": (
        "足够的见证人联署，且没有条目的日期更晚",
        "Enough witnesses cosigned, and no entry is dated later",
    ),
    "audit_check_10": ("链上锚定一致", "The anchor agrees"),
    # Why a check failed or was not made
    "audit_form_broken": ("格式已不成立，未继续检查", "not looked at, because the form is broken"),
    "audit_no_trust": (
        "未提供信任文件；证据自带的密钥不能证明自己",
        "no trust file was given; keys inside the evidence prove nothing",
    ),
    "audit_suite_differs": (
        "受信任日志的密码套件是 {suite}，而证据用的是另一种",
        "the trusted log is under {suite}, and the evidence is not",
    ),
    "audit_origin_differs": (
        "检查点不属于受信任的日志 {origin}；如果日志已开始新的一期，请向运营方索取新的中心名片并重写信任文件",
        "the checkpoint is not of the trusted log {origin}; if a new epoch of the log was opened, ask for "
        "the centre's new card and write the trust file anew",
    ),
    "audit_outcome_differs": (
        "部门 {node} 自己的日志没有记录该模型的完成",
        "the department {node} did not itself record a completed job of this model",
    ),
    "audit_card_says_otherwise": (
        "模型卡的 {field} 与订单或日志不符",
        "the model card's {field} is not what the order or the log says",
    ),
    "audit_step_without_members": (
        "第 {step} 步记为有效，但有发布记录的部门不足 {least} 个，或与名单人数不符",
        "step {step} is logged as good, but fewer than {least} departments released in it, "
        "or not as many as its roster had",
    ),
    "audit_steps_differ": (
        "运营方记录的步骤与各部门的发布记录不符，或没有任何有效步骤",
        "the steps that the operator logged are not those that departments answered, or none was good",
    ),
    "audit_receipts_missing": (
        "订单中的 {members} 个部门有 {missing} 个没有签署回执；关于它们的记录可能不完整",
        "{missing} of the order's {members} departments signed no receipt; "
        "what is shown of them may not be all",
    ),
    "audit_receipts_differ": (
        "任务回执有重复，或不属于订单中的 {members} 个部门",
        "a job receipt comes twice, or from none of the {members} departments in the order",
    ),
    "audit_journal_start": (
        "节点 {node} 的日志缺少本任务的开头",
        "the journal of node {node} lacks the start of this job",
    ),
    "audit_journal_head": (
        "节点 {node} 的日志末条与其签署的不同",
        "the journal of node {node} does not end where the node signed",
    ),
    "audit_entry_foreign": (
        "条目 {index} 与本任务无关",
        "entry {index} has no part in this job",
    ),
    "audit_department_unknown": (
        "信任文件中没有节点 {node}",
        "the trust file does not know node {node}",
    ),
    "audit_receipt_of_other_job": (
        "节点 {node} 的回执属于另一个任务",
        "the receipt of node {node} is for another job",
    ),
    "audit_event_not_single": (
        "运营方的 {kind} 事件应当恰有一条",
        "there must be exactly one event {kind}, by the operator",
    ),
    "audit_member_unknown": (
        "节点 {node} 不在订单中，却参与了任务",
        "node {node} took part but is not in the order",
    ),
    "audit_before_order": (
        "条目 {index} 早于订单",
        "entry {index} comes before the order",
    ),
    "audit_course_broken": (
        "节点 {node} 的许可、预留、意向、发布、结果次序不对",
        "node {node}: decision, reserve, intent, releases and outcome are not in their order",
    ),
    "audit_spend_differs": (
        "节点 {node} 预留的预算与订单不同",
        "node {node} reserved another spend than the order's",
    ),
    "audit_step_twice": (
        "节点 {node} 的步骤编号没有递增",
        "the step numbers of node {node} do not rise",
    ),
    "audit_too_many_answers": (
        "节点 {node} 的回答超过了 {answers} 次",
        "node {node} answered more than {answers} times",
    ),
    "audit_camps": (
        "第 {step} 步出现了两份不同的步骤声明",
        "in step {step} members were told different things",
    ),
    "audit_statement_reused": (
        "同一份步骤声明用于两个步骤",
        "one statement served two steps",
    ),
    "audit_model_differs": (
        "模型卡、回执与发布事件所指的模型不同",
        "card, receipts and publish event name different models",
    ),
    "audit_card_differs": (
        "模型卡不是发布时的那一张",
        "the card is not the one that was published",
    ),
    "audit_witnesses_few": (
        "需要 {needed} 个见证人，只有 {found} 个",
        "{needed} witnesses are needed, {found} cosigned",
    ),
    "audit_no_witnesses": (
        "信任文件没有要求见证人",
        "the trust file asks for no witness",
    ),
    "audit_kept_by_operator": (
        "由运营方保管：不是独立证据",
        "kept by the operator: no independent evidence",
    ),
    "audit_no_anchor": (
        "文件中没有锚定：没有任何链为此检查点作证",
        "the file holds no anchor: no chain vouches for this checkpoint",
    ),
    "audit_anchor_differs": (
        "锚定的是另一个检查点（{size} 条）",
        "the anchor is of another checkpoint ({size} entries)",
    ),
    "audit_chain_differs": (
        "锚定不在受信任的链 {chain_id} 的合约上",
        "the anchor is not on the trusted contract of chain {chain_id}",
    ),
    "audit_anchor_offline": (
        "文件中的锚定记录与此检查点一致；未向链查询，因此链上是否确有此锚定并未证实"
        "（可用 --rpc 或 --block-hash）",
        "the anchor's record is of this checkpoint; whether a chain holds it was not asked and is not shown "
        "(--rpc or --block-hash)",
    ),
    "audit_anchor_offline_operator": (
        "文件中的锚定记录与此检查点一致；未向链查询，因此链上是否确有此锚定并未证实。链由运营方保管：不是独立证据",
        "the anchor's record is of this checkpoint; whether a chain holds it was not asked and is not shown. "
        "The chain is kept by the operator: no independent evidence",
    ),
    "audit_anchor_claimed": (
        "文件中的锚定记录与此检查点一致；未向链查询，因此链上是否确有此锚定并未证实。"
        "记录自称链由他人保管，但没有信任文件说明应看哪条链、由谁保管",
        "the anchor's record is of this checkpoint; whether a chain holds it was not asked and is not shown. "
        "The record itself says that others keep the chain; no trust file says which chain counts "
        "and who keeps it",
    ),
    "audit_anchor_claimed_operator": (
        "文件中的锚定记录与此检查点一致；未向链查询，因此链上是否确有此锚定并未证实，"
        "也没有信任文件说明应看哪条链。记录写明链由运营方保管：不是独立证据",
        "the anchor's record is of this checkpoint; whether a chain holds it was not asked and is not shown, "
        "and no trust file says which chain counts. By the record it is kept by the operator: no "
        "independent evidence",
    ),
    # What was examined
    "audit_subject_file": ("文件 SHA-256：{digest}", "file, SHA-256: {digest}"),
    "audit_subject_job": (
        "所证：任务 {job}；含日志 {origin} 共 {size} 条中的 {entries} 条",
        "evidence of job {job}: {entries} of the {size} entries of the log {origin}",
    ),
    "audit_subject_event": (
        "所证：事件 {event}；含日志 {origin} 共 {size} 条中的 {entries} 条",
        "evidence of event {event}: {entries} of the {size} entries of the log {origin}",
    ),
    "audit_subject_period": (
        "所证：{from} 至 {to}（不含）；含日志 {origin} 共 {size} 条中的 {entries} 条",
        "evidence of what is dated from {from} until before {to}: "
        "{entries} of the {size} entries of the log {origin}",
    ),
    # What the reader compares, and the verdict
    "audit_signers": (
        "检查点以这些名义签署：{names}。其密钥不在文件中，属于谁只有信任文件能说明。",
        "The checkpoint is signed in the name of {names}. These keys are not in the file: only a trust file "
        "says whose they are.",
    ),
    "audit_fingerprint_operator": (
        "运营方密钥指纹：{value}（请与您另外得到的比对）",
        "fingerprint of the operator's key: {value} (compare with what you got elsewhere)",
    ),
    "audit_fingerprint_department": (
        "部门密钥指纹：{value}（请与您另外得到的比对）",
        "fingerprint of a department's key: {value} (compare with what you got elsewhere)",
    ),
    "audit_verdict_pass": (
        "结论：PASS，证据成立。",
        "Verdict: PASS, the evidence holds.",
    ),
    "audit_verdict_fail": (
        "结论：FAIL，证据不成立。",
        "Verdict: FAIL, the evidence does not hold.",
    ),
    "audit_verdict_not_proven": (
        "结论：NOT PROVEN，没有发现矛盾，但尚未证实。",
        "Verdict: NOT PROVEN, nothing contradicts it, but it is not proven.",
    ),
}
