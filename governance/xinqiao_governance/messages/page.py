"""Sentences of the verifier's printable report."""

MESSAGES: dict[str, tuple[str, str]] = {
    "page_product": ("心桥 Xinqiao", "Xinqiao"),
    "page_title": ("证据核验报告", "Verification of evidence"),
    "page_file": ("证据文件", "evidence file"),
    "page_file_digest": ("其 SHA-256", "its SHA-256"),
    "page_log": ("日志", "log"),
    "page_entries": ("条目", "entries"),
    "page_entries_of": (
        "文件含 {entries} 条，日志共 {size} 条",
        "{entries} in the file, of {size} in the log",
    ),
    "page_trust": ("信任文件（SHA-256）", "trust file (SHA-256)"),
    "page_no_trust": ("未提供", "none was given"),
    "page_when": ("核验时间（本机时钟）", "verified (this machine's clock)"),
    "page_scope_job": (
        "本证据关于一项任务，其订单摘要为 {job}。",
        "This evidence is about one job, whose order has the digest {job}.",
    ),
    "page_scope_event": (
        "本证据关于日志中的一条事件，其叶哈希为 {event}。",
        "This evidence is about one event of the log, whose leaf hash is {event}.",
    ),
    "page_scope_period": (
        "本证据关于一个时段：{since} 起，至 {until}（不含）。",
        "This evidence is about a period: from {since} to {until} (not included).",
    ),
    "page_scope_none": (
        "文件格式不成立：无法得知其内容。",
        "The file's form is broken: what it is about cannot be told.",
    ),
    "page_said_only": (
        "下文只是文件中所写的内容，并未证实。",
        "What follows below the checks is only what the file says: it is not proven.",
    ),
    "page_checks": ("逐项核验", "The checks"),
    "page_checks_broken": (
        "因格式不成立，第 2 至 11 项未能核验。",
        "Because the form is broken, checks 2 to 11 were not made.",
    ),
    "page_check_number": ("编号", "no."),
    "page_check_what": ("核验内容", "what was checked"),
    "page_check_result": ("结果", "result"),
    "page_order": ("订单", "The order"),
    "page_purpose": ("用途", "purpose"),
    "page_legal_basis": ("法律依据", "legal basis"),
    "page_model": ("模型", "model"),
    "page_columns": ("使用的列", "columns used"),
    "page_privacy": ("隐私预算（每个部门）", "privacy budget, each department"),
    "page_unit": ("保护单位", "unit of protection"),
    "page_unit_person": ("个人；每人至多在 {homes} 个部门", "a person, in at most {homes} department(s)"),
    "page_collusion": ("可容忍的串通部门数 t", "departments that may collude, t"),
    "page_answers": ("每个部门至多回答次数 T", "answers of a department at most, T"),
    "page_people": ("名义人数", "nominal head-count"),
    "page_written": ("订单签署时间", "order written"),
    "page_departments": ("参与部门", "Who took part"),
    "page_department": ("部门", "department"),
    "page_decided": ("决定", "decision"),
    "page_charged": ("预留预算", "charged"),
    "page_released": ("发布次数", "releases"),
    "page_ended": ("结果", "outcome"),
    "page_signed": ("已签回执", "receipt signed"),
    "page_reason_allowed": ("允许", "allowed"),
    "page_reason_completed": ("完成", "completed"),
    "page_yes": ("是", "yes"),
    "page_no": ("否", "no"),
    "page_event": ("该事件", "The event"),
    "page_index": ("日志序号", "index in the log"),
    "page_writer": ("书写者", "writer"),
    "page_dated": ("日期", "dated"),
    "page_kind": ("种类", "kind"),
    "page_job": ("任务", "job"),
    "page_count": ("条数", "events"),
    "page_counts": ("该时段的事件", "Events of the period"),
    "page_period_note": (
        "日期在该时段内的有 {inside} 条；连同界定时段的前后条目，共示 {all} 条，在日志中连续。",
        "{inside} events are dated in the period. With what bounds it on both sides "
        "{all} are shown, contiguous "
        "in the log.",
    ),
    "page_list": ("日志条目", "Entries of the log"),
    "page_more": ("另有 {count} 条，见证据文件。", "{count} more are in the evidence file."),
    "page_timeline": ("时间线", "Timeline"),
    "page_timeline_about": (
        "{writers} 个书写者的 {events} 条事件，按其自报日期排列",
        "{events} events of {writers} writers by their own dates",
    ),
    "page_timeline_note": (
        "按书写者自报的日期（本地时间），{start} 至 {end}；更早的标在左缘，红色为拒绝或作废。",
        "By the writers' own dates in local time, {start} to {end}; what is earlier "
        "stands at the left edge. Red: "
        "refused or void.",
    ),
    "page_timeline_empty": ("没有可画的事件。", "There is no event to draw."),
    "page_keys": ("密钥", "Keys"),
    "page_keys_trusted": (
        "本报告依据信任文件中的这些密钥；信任文件应另行取得，而不是与证据一同取得。",
        "This report rests on these keys of the trust file, which has to come from "
        "elsewhere than the evidence.",
    ),
    "page_keys_compare": (
        "未提供信任文件。请将下列指纹逐字与您从别处（当面或电话）得到的比对：",
        "No trust file was given. Compare these fingerprints, whole, with what you were "
        "told elsewhere, in person or by telephone:",
    ),
    "page_key_log": ("日志 {name} 的公钥", "public key of the log {name}"),
    "page_key_operator": ("运营方指纹", "fingerprint of the operator"),
    "page_key_witness": ("见证人 {name} 指纹", "fingerprint of the witness {name}"),
    "page_advice": ("如何处理", "What to do"),
    "page_advice_broken": (
        "请原样保留此文件及其 SHA-256，再索取一次并比较两者。传输损坏不是造假的证据，也不是清白的证据。",
        "Keep this file as it is, with its SHA-256; ask for it once more and compare both. A file damaged on "
        "its way is no sign of forgery, nor of the contrary.",
    ),
    "page_limits": ("本证据不能证明什么", "What this does not prove"),
    "page_limit_job_1": (
        "导入的数据是否真实；部门写下的事件是否属实：诚实的日志也可以记录虚假的事件。",
        "That the imported data was true, or that what a department wrote down is what "
        "it did: a truthful log can "
        "hold a false event.",
    ),
    "page_limit_job_2": (
        "模型参数确由所开启的总和算得：证据只以摘要绑定模型。",
        "That the model's parameters came from the sums that opened: the evidence binds "
        "the model by its digest.",
    ),
    "page_limit_job_3": (
        "部门没有在日志之外使用数据。",
        "That nobody used data past the log, inside a department.",
    ),
    "page_limit_job_4": (
        "日期的准确时刻：时间规则只能界定它们（见核验 11）。",
        "The exact time of anything: the time rule only bounds dates (check 11).",
    ),
    "page_limit_job_5": (
        "标为“由运营方保管”的见证人或链能防住运营方：只有独立者才能。",
        "That witnesses or a chain marked as kept by the operator bind the operator: "
        "only independent ones do.",
    ),
    "page_limit_event_1": (
        "事件属实：只证明日志收录了它。",
        "That the event is true: only that the log holds it.",
    ),
    "page_limit_event_2": (
        "由所述部门写下：部门的签名在任务回执中，见该任务的证据。",
        "That the department named wrote it: departments sign job receipts, which are in the job's evidence.",
    ),
    "page_limit_event_3": (
        "前后没有别的事件；这要看任务或时段的证据。",
        "That nothing came before or after it: the evidence of a job or a period shows that.",
    ),
    "page_limit_event_4": (
        "它的日期：只证明不晚于见证人的联署（见核验 9）。",
        "Its date: only that it is not later than the witnesses' cosignatures (check 9).",
    ),
    "page_limit_period_1": (
        "事件属实，也不证明由所述部门写下：部门的签名在任务回执中。",
        "That the events are true, or that the departments named wrote them: departments sign job receipts.",
    ),
    "page_limit_period_2": (
        "运营方的时钟准确：只证明没有条目的日期晚于见证人的联署。",
        "That the operator's clock was right: only that no entry is dated after the witnesses' cosignatures.",
    ),
    "page_limit_period_3": (
        "有效步骤的发布以外之事（应答丢失的预留与发布、导入、确认、批准、内部使用）已及时上报：可能见于更晚的时段。",
        "That departments told at once of more than their releases of good steps: charges and releases whose "
        "answer was lost, imports, confirmations, approvals and local use may stand in a later period.",
    ),
    "page_limit_period_4": (
        "标为“由运营方保管”的见证人或链能防住运营方。",
        "That witnesses or a chain marked as kept by the operator bind the operator.",
    ),
}
