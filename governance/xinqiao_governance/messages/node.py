"""Sentences of a department's node: why its gate or its door said no, and what its steward reads."""

MESSAGES: dict[str, tuple[str, str]] = {
    "allowed": ("同意参加。", "Allowed."),
    "order_unsigned": (
        "订单没有本部门认可的运营方签名。",
        "The order is not signed by the operator that this department knows.",
    ),
    "order_expired": (
        "订单已过期，或创建时间在未来。",
        "The order has expired, or was created in the future.",
    ),
    "order_not_for_us": ("订单的部门名单中没有本部门。", "This department is not in the order."),
    "members_unconfirmed": (
        "名单中有部门未经本部门管理员核对指纹。",
        "A department in the list was never confirmed by this department's steward.",
    ),
    "members_too_few": (
        "参加的部门太少，本部门的合计会过于暴露。",
        "Too few departments take part; this department's sum would be too exposed.",
    ),
    "contract_failed_gate": (
        "本部门的数据表目前不符合其数据契约。",
        "The department's table does not hold its data contract now.",
    ),
    "semantic_kind_differs": (
        "语义 {semantic} 在本部门的类型与模型所需不同。",
        "The semantic {semantic} is of another kind here than the model needs.",
    ),
    "output_has_no_wire": (
        "这种输出不能离开部门：没有承载它的传输类型。",
        "This output cannot leave a department: no wire type carries it.",
    ),
    "policy_silent": (
        "没有任何规则允许此请求；未允许即拒绝。",
        "No rule allows this request; silence means no.",
    ),
    "policy_failed": ("策略求值出错；出错即拒绝。", "A policy failed to evaluate; an error means no."),
    "raw_export_forbidden": ("原始数据不得导出。", "Raw data is never exported."),
    "purpose_forbidden": (
        "关怀类数据不用于考核与纪律，考核类数据也不用于关怀。",
        "Data collected for care never serve appraisal or discipline, nor the other way round.",
    ),
    "purpose_undeclared": (
        "该数据集没有声明这一用途。",
        "The dataset does not declare this purpose.",
    ),
    "group_too_small": (
        "人数低于最小群体要求。",
        "The group is smaller than the least that may be counted.",
    ),
    "approval_missing": (
        "涉及核心隐私，需要本部门管理员先批准这份订单。",
        "Core data is involved: this department's steward must approve this order first.",
    ),
    "budget_exceeded": (
        "隐私预算不足：剩余额度不够支付这份订单。",
        "The privacy budget does not cover this order.",
    ),
    "job_over": ("这份订单的任务已经结束。", "The job of this order is over."),
    "job_unknown": ("本部门没有进行中的该任务。", "This department has no such open job."),
    "statement_other_order": ("步骤声明属于另一份订单。", "The step statement belongs to another order."),
    "statement_unsigned": (
        "步骤声明没有运营方的有效签名。",
        "The step statement is not signed by the operator.",
    ),
    "closing_unsigned": (
        "结束通知没有运营方的有效签名。",
        "The closing is not signed by the operator.",
    ),
    "statement_roster_invalid": (
        "步骤名单不合法：重复、未排序、超出订单或缺少本部门。",
        "The step's roster is not valid: repeated, unsorted, beyond the order, or without this department.",
    ),
    "statement_noise_changed": (
        "步骤声明的噪声或比例与订单不一致。",
        "The step statement changes the noise or the scale of the order.",
    ),
    "statement_sampling_changed": (
        "步骤声明的抽样比例与订单不一致。",
        "The step statement changes the sampling rate of the order.",
    ),
    "job_key_unsigned": (
        "有成员的任务密钥没有其身份的有效签名。",
        "A member's job key is not signed by its identity.",
    ),
    "statement_parameters_differ": (
        "随步骤而来的参数与步骤声明不符。",
        "The parameters that came with the step are not the ones it names.",
    ),
    "data_changed": (
        "数据表在任务期间已更换版本，本任务不再继续。",
        "The table has a newer version than this job was decided for; the job does not go on.",
    ),
    "answers_used_up": (
        "订单购买的回答次数已经用完。",
        "The answers that the order bought are used up.",
    ),
    "step_burned": (
        "该步骤编号已经使用，不会再生成第二个向量。",
        "This step number was used; no second vector is ever made for it.",
    ),
    "door_refused": ("只有规定的传输类型可以离开部门。", "Only a wire type may leave the department."),
    "door_network_refused": (
        "门外的网络访问（{event}）被阻止。",
        "Network access outside the door ({event}) was blocked.",
    ),
    "book_unusable": (
        "账本 {path} 无法写入或已损坏。",
        "The book {path} cannot be written or is damaged.",
    ),
    "home_exists": ("{path} 已有数据节点。", "There is a data node at {path} already."),
    "home_missing": ("{path} 没有数据节点。", "There is no data node at {path}."),
    "home_damaged": (
        "数据节点的文件缺失或无法读取：{path}。",
        "A file of the data node is missing or cannot be read: {path}.",
    ),
    "dataset_differs": (
        "这个数据节点已有数据集 {dataset}；另一个数据集会得到新的预算，请为它另建节点。",
        "This data node holds the dataset {dataset}; another, with a fresh budget, needs a node of its own.",
    ),
    "cap_raised": (
        "数据集 {dataset} 的预算上限只能降低，不能提高。",
        "The budget cap of the dataset {dataset} may be lowered, never raised.",
    ),
    "period_invalid": (
        "周期名称须为 1 至 32 个英文字母、数字、点或横线，例如 2026Q4。",
        "A period's name has 1 to 32 letters, digits, points or dashes, for example 2026Q4.",
    ),
    "people_in_two_periods": (
        "有 {count} 人已属于周期 {other}，不能再归入周期 {period}：同一人不得有两份预算。",
        "{count} people belong to the period {other} and cannot join {period}: nobody has two budgets.",
    ),
    "period_unproven": (
        "周期 {other} 由旧版本程序开始，无法证明其人员与新周期不重叠；请为新数据另建节点。",
        "The period {other} was begun by an earlier program, and nothing can prove that a new one shares "
        "nobody with it; new data needs a node of its own.",
    ),
    "year_cap_incomplete": (
        "年度上限须同时给出 ε 和 δ。",
        "A cap a year needs both ε and δ.",
    ),
    "cli_period": (
        "数据所属周期，例如 2026Q4；各周期人员不得重叠，预算各自独立（默认为当前周期）",
        "the data's period, for example 2026Q4; periods share nobody, and each has its own budget "
        "(default: the one in use)",
    ),
    "cli_epsilon_year": ("所有周期合计的年度 ε 上限", "cap on ε a calendar year, all periods together"),
    "cli_delta_year": ("所有周期合计的年度 δ 上限", "cap on δ a calendar year, all periods together"),
    "cli_node_preview": (
        "批准前查看订单的内容和代价；不读数据，不扣预算，不留记录",
        "show what an order asks and costs; reads no data, charges and records nothing",
    ),
    "cost_covered": (
        "预算：这份订单将花费 ε {epsilon}，剩余 ε {left}（δ {delta}，剩余 {delta_left}；周期 {period}）。",
        "Budget: this costs ε {epsilon} of the {left} left (δ {delta} of {delta_left}; period {period}).",
    ),
    "cost_exceeded": (
        "预算不足：这份订单要花费 ε {epsilon}，只剩 {left}（δ {delta}，剩余 {delta_left}；周期 {period}）。",
        "Over budget: this costs ε {epsilon}, and {left} is left "
        "(δ {delta}, and {delta_left} is left; period {period}).",
    ),
    "cost_charged": (
        "预算：这份订单的 ε {epsilon}（δ {delta}）已经扣除，再次提出不再扣；"
        "剩余 ε {left}（δ {delta_left}；周期 {period}）。",
        "Budget: this order's ε {epsilon} (δ {delta}) was charged already, and asking again costs nothing; "
        "{left} is left (δ {delta_left}; period {period}).",
    ),
    "cost_no_budget": (
        "预算：这份订单要花费 ε {epsilon}，但尚未导入数据，没有预算。",
        "Budget: this costs ε {epsilon}, and there is no budget, because no table was imported.",
    ),
    "person_column_differs": (
        "本数据集的人员编号在 {column} 列；换用另一列会使同一些人得到新的预算。",
        "People of this dataset are known by the column {column}; by another, the same people would get a "
        "fresh budget.",
    ),
    "preview_order": ("订单 {order}，用途 {purpose}", "Order {order}, purpose {purpose}"),
    "preview_asks": (
        "要求：{departments} 个部门（名义人数 {people}）最多回答 {answers} 次，读取 {semantics}",
        "It asks {departments} departments (nominally {people} people) for at most {answers} answers, "
        "reading {semantics}",
    ),
    "preview_learns": (
        "要学习：{label}；模型：{family}{crosses}",
        "To be learned: {label}; model: {family}{crosses}",
    ),
    "preview_label_above": ("{semantic} 是否大于 {above}", "whether {semantic} is above {above}"),
    "preview_label_class": (
        "{semantic} 属于以下哪一类：{values}",
        "which of these {semantic} is: {values}",
    ),
    "preview_label_number": (
        "{semantic} 的数值，在 {low} 与 {high} 之间",
        "the number {semantic}, between {low} and {high}",
    ),
    "preview_label_spread": (
        "{semantic} 的数值怎样分布，从 {low} 到 {high} 分 {cells} 格",
        "how the number {semantic} is spread from {low} to {high}, in {cells} cells",
    ),
    "preview_family_histogram": ("一步完成的直方图", "a histogram from one sum"),
    "preview_family_linear": ("线性", "linear"),
    "preview_family_network": ("一层神经网络", "a network with one hidden layer"),
    "preview_family_moments": ("一步完成的最小二乘", "least squares from one sum"),
    "preview_crosses": ("，含 {count} 组两列组合", ", pairs of columns: {count}"),
    "preview_everybody": ("每一步都有全体人员参加", "Everybody is in every step"),
    "preview_drawn": (
        "每一步，本部门每人各有 {rate}% 的机会被抽中，抽中了谁不告诉任何人；每次合计约含 {people} 人",
        "In every step your node draws each person with a chance of {rate} %, and tells nobody whom; "
        "a sum holds about {people} people of all departments",
    ),
    "fewer_than_one": ("不到 1", "fewer than 1"),
    "preview_collusion": (
        "即使有多达 t = {t} 个部门与中心合谋，ε 对其余部门的人员依然成立",
        "ε holds for the people of the others even if up to t = {t} departments pool what they know",
    ),
    "preview_expires": ("有效期至 {expires}", "It may be asked until {expires}"),
    "preview_step": ("第 {number} 步，{what}：{state}", "{number}. {what}: {state}"),
    "preview_step_1": (
        "由本部门认可的运营方签名、在有效期内、名单含本部门",
        "Signed by the operator you know, in force, and for you",
    ),
    "preview_step_2": ("各部门均经核对，且数量足够", "Every department was confirmed, and they are enough"),
    "preview_step_3": ("噪声足以保证所写的 ε 和 δ", "The noise is proven to give the stated ε and δ"),
    "preview_step_4": (
        "数据表具备所需语义和公布的分箱，并符合契约",
        "Your table has what the model needs, in published bins, and holds its contract",
    ),
    "preview_step_5": (
        "策略允许这一用途、级别和输出，需要时已批准",
        "Policy allows purpose, tier and output, approved where that is needed",
    ),
    "preview_step_6": ("预算足够", "The budget covers it"),
    "preview_passed": ("通过", "yes"),
    "preview_refused": ("不通过", "no"),
    "preview_unreached": ("未检查", "not reached"),
    "preview_verdict": ("按目前情况的答复：{verdict}", "As things stand, the answer is: {verdict}"),
    "dataset_missing": ("{path} 尚未导入数据表。", "No table was imported at {path} yet."),
    "node_created": (
        "数据节点已建立。指纹（请当面告知其他部门管理员）：{fingerprint}",
        "Data node created. Fingerprint (tell it to the other stewards in person): {fingerprint}",
    ),
    "node_imported": (
        "已导入并加密：{rows} 行，{columns} 列，版本 {number}。",
        "Imported and encrypted: {rows} rows, {columns} columns, version {number}.",
    ),
    "node_fingerprint": ("指纹：{fingerprint}", "Fingerprint: {fingerprint}"),
    "node_confirmed": ("已确认部门 {name}。", "Confirmed the department {name}."),
    "node_approved": (
        "已批准订单 {order}（用途 {purpose}）。",
        "Approved the order {order} (purpose {purpose}).",
    ),
    "node_passphrase_prompt": ("口令：", "Passphrase: "),
    "node_passphrase_again": ("再次输入口令：", "The passphrase once more: "),
    "passphrase_differs": ("两次输入的口令不同。", "The two passphrases differ."),
    "node_name_invalid": (
        "部门名称不能为空，也不能含有空格、加号或不可见字符。",
        "A department's name must not be empty and has no space, plus sign or invisible character.",
    ),
    "node_members_invalid": (
        "最少部门数不能低于 {least}。",
        "The least number of departments cannot be below {least}.",
    ),
    "node_operator": (
        "本部门听从的运营方指纹（请与运营方当面核对）：{fingerprint}",
        "Fingerprint of the operator it obeys (compare it with the operator in person): {fingerprint}",
    ),
    "node_running": (
        "{name} 的代理正在运行；按 Ctrl-C 结束。",
        "The agent of {name} is running; Ctrl-C ends it.",
    ),
    "agent_running": (
        "{path} 的代理已在运行；一个数据节点同时只能有一个代理。",
        "An agent of {path} is running already; a data node has one agent at a time.",
    ),
    "fingerprint_own": (
        "这是本部门自己的名片，无须确认。",
        "This is the department's own card; there is nothing to confirm.",
    ),
    "card_unsigned": (
        "{path} 中的名片未由其所列密钥签名，或签名后被改动。请直接向对方重新索取。",
        "The card in {path} is not signed by the key that it names, or was changed since. "
        "Ask its owner for it again.",
    ),
    "fingerprint_differs": (
        "{name} 的名片与您输入的指纹不符；未确认。",
        "The card of {name} does not match the fingerprint you typed; nothing was confirmed.",
    ),
    "status_no_budget": (
        "{name}：尚未导入数据，没有隐私预算",
        "{name}: no privacy budget, because no table was imported",
    ),
    "status_budget_open": (
        "{name}：当前周期 {period}，隐私预算 ε 已用 {spent}，上限 {cap}，剩余 {remaining}",
        "{name}: privacy budget ε {spent} spent of {cap}, {remaining} left (period {period}, in use)",
    ),
    "status_budget": (
        "{name}：周期 {period}，隐私预算 ε 已用 {spent}，上限 {cap}，剩余 {remaining}",
        "{name}: privacy budget ε {spent} spent of {cap}, {remaining} left (period {period})",
    ),
    "status_year": (
        "{name}：{year} 年所有周期合计，隐私预算 ε 已用 {spent}，上限 {cap}，剩余 {remaining}",
        "{name}: privacy budget ε {spent} spent of {cap}, {remaining} left (all periods, year {year})",
    ),
    "status_peers": ("已确认的部门 {count} 个：{names}", "Confirmed departments, {count}: {names}"),
    "status_left": ("离开本部门的字节：{left}", "Bytes that left: {left}"),
    "status_events": (
        "日志事件 {events} 条，其中 {pending} 条等待存证回执",
        "Journal: {events} events, {pending} of them waiting for the log's receipt",
    ),
    "status_job": ("订单 {order}：{purpose}，{state}", "Order {order}: {purpose}, {state}"),
    "status_job_unreadable": (
        "订单 {order}：本版本的心桥无法读取，{state}",
        "Order {order}: this version of Xinqiao cannot read it, {state}",
    ),
    "job_state_open": ("进行中", "open"),
    "job_state_closed": ("已完成", "closed"),
    "job_state_failed": ("未完成", "failed"),
    "job_state_refused": ("已拒绝", "refused"),
    "bins_differ": (
        "语义 {semantic} 的分箱或类别与本部门数据目录公布的不同。",
        "The bins of the semantic {semantic} are not those that the department's catalogue publishes.",
    ),
}
