"""Sentences of policy: reasons, grants, adopting another policy, and what would have to change."""

MESSAGES: dict[str, tuple[str, str]] = {
    "request_field_invalid": (
        "请求的这些字段缺失、未知、类型不对或取值未知：{field}。读不懂即拒绝。",
        "These fields of the request are missing, unknown, of another type, or name what nobody knows: "
        "{field}. That means no.",
    ),
    "purpose_unknown": ("策略不认识这一用途。", "Policy does not know this purpose."),
    "basis_unknown": ("策略不认识这一法律依据。", "Policy does not know this legal basis."),
    "purpose_never": (
        "辞退与观点评分对任何人都不允许。",
        "Dismissal and the scoring of opinions are allowed to nobody.",
    ),
    "appraisal_on_core": ("考核类用途不得使用核心隐私。", "Appraisal never uses core data."),
    "basis_unfit": (
        "这一法律依据不适用于这一用途。",
        "This legal basis is none for this purpose.",
    ),
    "result_of_many": (
        "个人结果只关于一个人。",
        "A personal result is about one person.",
    ),
    "outside_department": (
        "只能在持有该记录的部门内部进行。",
        "This is only possible inside the department that holds the record.",
    ),
    "grant_missing": ("需要有效的授权，而没有授权。", "A valid grant is needed, and there is none."),
    "grant_expired": ("授权已到期。", "The grant has expired."),
    "not_own": ("只能查询本人的记录。", "This is only for a person's own record."),
    "obligation_unmet": (
        "策略附带了这里无法履行的义务（例如遮蔽标识）。",
        "The policy sets an obligation that cannot be kept here, such as masking identifiers.",
    ),
    "permit_sum": (
        "中心或服务可为关怀或考核用途取得掩码加噪的总和。",
        "The operator or a service may have a masked, noised sum for care or appraisal.",
    ),
    "permit_statistic": (
        "已发布的加噪统计可用于关怀或审计。",
        "A released, noised statistic may be seen for care or audit.",
    ),
    "permit_statistic_appraisal": (
        "中心与干部可为考核查看公开或敏感数据的已发布统计。",
        "The operator and cadres may see released statistics of public or sensitive data for appraisal.",
    ),
    "permit_result_own": (
        "本人，或代表本人的服务，可在部门内得到个人结果。",
        "A person, or a service on that person's behalf, may have a personal result inside the department.",
    ),
    "permit_result_steward": (
        "管理员可在部门内为关怀用途得到个人结果。",
        "A steward may have a personal result for care, inside the department.",
    ),
    "permit_result_cadre": (
        "干部凭授权可在部门内得到公开或敏感数据的个人结果，标识须遮蔽。",
        "A cadre with a grant may have a personal result from public or sensitive data inside the "
        "department, identifiers masked.",
    ),
    "permit_view_own": (
        "职工可查看本部门持有的本人数据。",
        "Employees may see what their department holds on them.",
    ),
    "permit_view": (
        "可在部门内为所列职责查看公开数据或本人的行。",
        "Public rows, or one's own, may be seen inside the department for the duties named.",
    ),
    "permit_view_masked": (
        "可在部门内为所列职责查看他人的行，标识须遮蔽。",
        "Other people's rows may be seen inside the department for the duties named, identifiers masked.",
    ),
    "permit_view_public": (
        "可在部门内为审计或运维查看公开数据。",
        "Public rows may be seen inside the department for audit or operations.",
    ),
    "catalogue_purposes_walled": (
        "一个数据集不能同时声明关怀类与考核类用途：两者之间有隔墙。请分成两个数据集。",
        "A dataset cannot declare purposes of care and of appraisal: a wall stands between them. "
        "Make two datasets.",
    ),
    "catalogue_purpose_unknown": (
        "目录声明了未知或从不允许的用途；可声明的用途：{known}。",
        "The catalogue declares a purpose that is unknown or never allowed; these may be declared: {known}.",
    ),
    "catalogue_wall_moved": (
        "数据集 {dataset} 此前申报的用途在墙的另一侧；同一份数据不能改变用途的一侧。",
        "The dataset {dataset} was declared on another side of the wall before; the same data cannot move.",
    ),
    "policy_rule_twice": ("策略中有两条规则同名。", "Two rules of the policy have the same @id."),
    "policy_too_long": (
        "策略过长：全文至多 {characters} 个字符，每条规则至多 {words} 个词和符号。",
        "The policy is too long: at most {characters} characters, and {words} words and signs in each rule.",
    ),
    "policy_word_unknown": (
        "策略提到了未知的用途、依据或类别：{word}。",
        "The policy names a purpose, legal basis or side that nobody knows: {word}.",
    ),
    "policy_note_unknown": (
        "规则 {rule} 带有无效的注解。",
        "The rule {rule} has a note that means nothing here.",
    ),
    "policy_letters_unclear": (
        "策略文本中有看不见的字符（控制符、零宽或改变书写方向的字符）：人看到的不一定是生效的内容。",
        "The policy holds letters that nobody sees (control letters, letters without width or that turn the "
        "direction of writing): what people read may not be what counts.",
    ),
    "policy_reason_unknown": (
        "规则 {rule} 的 @reason 不是程序自带策略中同类规则的理由。",
        "The @reason of the rule {rule} is none that a permit or forbid of the program's own policy has.",
    ),
    "policy_floor_missing": (
        "缺少或改动了必须原样保留的规则 {rule}。",
        "The rule {rule}, which every policy must hold unchanged, is missing or changed.",
    ),
    "policy_always_broken": (
        "该策略对必须始终成立的 {count} 项请求给出了不同的答复。",
        "The policy answers {count} requests differently whose answer must never change.",
    ),
    "policy_unadopted": (
        "本部门尚未采用任何策略，一律拒绝。请由一名管理员运行 xinqiao policy propose，再由另一名管理员运行 "
        "xinqiao policy approve。",
        "This department has adopted no policy, so everything is refused. Let one steward run xinqiao "
        "policy propose, and another xinqiao policy approve.",
    ),
    "policy_proposal_missing": (
        "没有摘要为 {digest} 的待批策略。",
        "No policy with the digest {digest} waits for approval.",
    ),
    "policy_one_steward": (
        "提议者不能批准自己的提议：需要另一名管理员。",
        "Who proposed a policy cannot approve it: another steward has to.",
    ),
    "policy_proposed": (
        "已提议策略 {digest}。另一名管理员须先用 xinqiao policy show --proposed 查看改动，"
        "再运行 xinqiao policy approve {digest}。",
        "Proposed the policy {digest}. Another steward has to see what it changes "
        "(xinqiao policy show --proposed), and to run xinqiao policy approve {digest}.",
    ),
    "policy_adopted": (
        "已采用策略 {digest}。此前作出的决定仍按当时的策略记录。",
        "Adopted the policy {digest}. Earlier decisions keep the policy that they were made under.",
    ),
    "policy_checked": (
        "策略有效：{rules} 条规则，底线规则齐全。摘要 {digest}。",
        "The policy is valid: {rules} rules, the floor is whole. Digest {digest}.",
    ),
    "policy_tested": (
        "{rows} 项请求的答复均与表一致。",
        "All {rows} requests of the table are answered as it says.",
    ),
    "policy_differs": (
        "第 {row} 行（{asked}）：表中为 {expected}，策略答复 {said}。",
        "Row {row} ({asked}): the table says {expected}, the policy {said}.",
    ),
    "policy_differ_count": (
        "{rows} 项请求中有 {count} 项与表不一致。",
        "{count} of {rows} requests are answered differently from the table.",
    ),
    "policy_table_invalid": (
        "文件 {path} 不是策略测试表：第 {row} 行不合格式。",
        "{path} is no table of requests: row {row} is not of its form.",
    ),
    "policy_fact_invalid": (
        "--set 须写成“字段=值”的形式。",
        "--set takes FIELD=VALUE.",
    ),
    "grant_output_invalid": (
        "只有部门内的个人结果（local_result）和原始数据查看（raw_view）需要授权；总和以订单期限为授权。",
        "Grants are for results inside the department (local_result) and raw views (raw_view); the grant "
        "of a sum is its order.",
    ),
    "grant_role_invalid": (
        "角色未知；可用：{known}。",
        "The role is unknown; there are: {known}.",
    ),
    "grant_useless": (
        "即使有此授权，策略也不允许本数据集上的任何请求。",
        "Even with this grant, policy would allow no request on this dataset.",
    ),
    "grant_past": ("授权的到期时间已经过去。", "The grant would end in the past."),
    "grant_purpose_invalid": (
        "用途未知或从不允许；可用：{known}。",
        "The purpose is unknown or never allowed; there are: {known}.",
    ),
    "grant_unknown": (
        "没有以 {digest} 开头的授权，或不止一个。",
        "No grant, or several, begins with {digest}.",
    ),
    "grant_given": ("已授权 {digest}，至 {expires}。", "Gave the grant {digest}, until {expires}."),
    "grant_revoked": ("已撤销授权 {digest}。", "Revoked the grant {digest}."),
    "grant_line": (
        "{digest}  {role}，{output}，{tier}，{purpose}，数据集 {dataset}，至 {expires}：{state}",
        "{digest}  {role}, {output}, {tier}, {purpose}, dataset {dataset}, until {expires}: {state}",
    ),
    "grant_state_valid": ("有效", "valid"),
    "grant_state_over": ("已到期", "expired"),
    "grant_damaged": (
        "账本中有 {count} 条授权记录被改动或已撤销，一律无效。",
        "{count} grants in the book were changed, or put back after they were revoked; they count as none.",
    ),
    "grant_none": ("没有授权。", "There are no grants."),
    "explain_allowed": ("允许。", "Allowed."),
    "explain_refused": ("拒绝：{reason}", "Refused: {reason}"),
    "explain_rule": ("规则 {rule}：{sentence}", "Rule {rule}: {sentence}"),
    "explain_group": (
        "义务：结果至少涵盖 {people} 人。",
        "Obligation: the result is over at least {people} people.",
    ),
    "explain_mask": ("义务：标识须遮蔽显示。", "Obligation: identifiers are shown masked."),
    "explain_ways": ("以下每一行各自即可使其被允许：", "It would be allowed so, each line by itself:"),
    "explain_and": ("；并且", "; and "),
    "explain_more": ("另有 {count} 种（见 --json）。", "And {count} more (see --json)."),
    "explain_never": (
        "没有任何改变能使这种输出为这一用途被允许。",
        "No change would allow this output for this purpose.",
    ),
    "explain_purpose": (
        "用途：{name}（{id}），{side}，{dpv}；适用的法律依据：{bases}。",
        "Purpose: {name} ({id}), {side}, {dpv}; legal bases that go with it: {bases}.",
    ),
    "explain_basis_none": ("无", "none"),
    "side_care": ("关怀类", "on the side of care"),
    "side_appraisal": ("考核类", "on the side of appraisal"),
    "side_neutral": ("中立", "on neither side of the wall"),
    "side_never": ("从不允许", "never allowed"),
    "way_grant": ("有一份此刻有效的授权", "with a grant that is valid now"),
    "way_approved": (
        "本部门管理员批准了这一请求",
        "with this department's steward's approval of this very request",
    ),
    "way_people": (
        "结果预计涵盖至少 {value} 人",
        "with at least {value} people expected in the result",
    ),
    "way_legal_basis": (
        "确实以“{value}”为法律依据",
        "where it really rests on this legal basis: {value}",
    ),
    "way_declared": (
        "数据集事先声明过这一用途",
        "only with a dataset that declares this purpose",
    ),
    "way_inside": (
        "只能在持有该记录的部门内部进行",
        "only inside the department that holds the record",
    ),
    "way_own_yes": ("只限本人的记录", "only for a person's own record"),
    "way_own_no": ("只限他人的记录", "only for the record of another person"),
    "way_tier": ("只限{value}的数据", "only for data of tier {value}"),
    "way_home": ("只限收集时{value}的数据", "only for data collected {value}"),
    "way_role": ("只限{value}", "only for {value}"),
    "wall_care": ("属关怀类", "for care"),
    "wall_appraisal": ("属考核类", "for appraisal"),
    "wall_none": ("不属任何一类", "for neither side of the wall"),
    "policy_tier_public": ("公开共享", "public"),
    "policy_tier_sensitive": ("业务敏感", "sensitive"),
    "policy_tier_core": ("核心隐私", "core"),
    "output_local_result": ("部门内的个人结果", "a personal result inside the department"),
    "output_raw_view": ("原始数据查看", "a raw view"),
    "role_operator": ("中心分析员", "the operator"),
    "role_steward": ("部门管理员", "a department's steward"),
    "role_auditor": ("审计员", "an auditor"),
    "role_privacy_officer": ("个人信息保护负责人", "a privacy officer"),
    "role_cadre": ("干部", "a cadre"),
    "role_employee": ("职工", "an employee"),
    "role_service": ("服务", "a service"),
    "cli_policy": ("策略：谁可以为什么用途用什么数据", "policy: who may use what for what"),
    "cli_policy_check": ("检查部门想采用的策略文件", "check a policy that a department wants to adopt"),
    "cli_policy_explain": (
        "说明请求为何被允许或拒绝，需要改变什么",
        "say why a request is allowed or refused, and what would have to change",
    ),
    "cli_policy_test": (
        "用请求表检验策略，列出不一致之处",
        "try a policy on a table of requests and print what differs",
    ),
    "cli_policy_show": ("显示本部门正在使用的策略", "print the policy that this department uses"),
    "cli_policy_proposed": (
        "显示等待批准的策略与正在使用的策略有何不同",
        "print what the policy that waits for approval changes",
    ),
    "policy_none_waits": ("没有等待批准的策略。", "No policy waits for approval."),
    "cli_policy_propose": ("提议采用另一份策略", "propose another policy"),
    "cli_policy_approve": ("由另一名管理员批准提议的策略", "approve, as another steward, what was proposed"),
    "cli_policy_grant": ("给予有期限的授权", "give a grant that ends"),
    "cli_policy_revoke": ("撤销授权", "revoke a grant"),
    "cli_policy_grants": ("列出授权", "list grants"),
    "cli_policy_file": ("策略文件（Cedar）", "policy file (Cedar)"),
    "cli_policy_file_or_own": (
        "策略文件（Cedar）；不给则为程序自带的策略",
        "policy file (Cedar); by default the one that comes with the program",
    ),
    "cli_policy_request": ("请求文件（JSON）", "file with the request (JSON)"),
    "cli_policy_set": ("补充或更改请求的一个字段，可多次使用", "set a field of the request; may be repeated"),
    "cli_policy_in_use": (
        "部门的数据目录：用它的策略，并由它补上声明、隔墙、授权与时间",
        "a department's home: its policy is asked, and it fills in what is declared, wall, grant and time",
    ),
    "cli_policy_rows": (
        "另一份请求表（JSON），加在自带的表之后",
        "more rows of requests (JSON), after our own",
    ),
    "cli_policy_digest": ("提议的策略的摘要", "digest of the policy that was proposed"),
    "cli_grant_digest": ("授权的摘要，或能认出它的开头", "digest of the grant, or enough of its start"),
    "cli_grant_role": ("给予哪个角色", "role that it is given to"),
    "cli_grant_output": ("local_result 或 raw_view", "local_result or raw_view"),
    "cli_grant_tier": ("数据分级", "tier of the data"),
    "cli_grant_until": (
        "到期时间：日期，或带时区的时刻；到期那一秒即失效",
        "when it ends: a day, or a moment with its offset; it is expired in that very second",
    ),
}
