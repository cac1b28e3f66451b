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
    # The report's page
    "report_title": ("联合训练报告", "Report on one federated training"),
    "report_product": ("心桥", "Xinqiao"),
    "report_switch": ("语言", "Language"),
    "report_missing": (
        "本节没有数据：这次运行没有写入。",
        "No data for this part: this run did not write any.",
    ),
    "report_department": ("部门", "Department"),
    "report_people": ("人数", "People"),
    # Headline
    "report_headline": (
        "{departments} 个部门、{people} 人的记录留在各自部门，共同训练出一个模型。",
        "{departments} departments trained one model together "
        "on {people} people; every record stayed where it was.",
    ),
    "report_headline_privacy": (
        "隐私保证：ε = {epsilon}，δ = {delta}，保护单位是{unit}；任意 {t} 个部门串通也不减弱。",
        "Privacy guarantee: ε = {epsilon}, δ = {delta}, the unit "
        "is {unit}; it holds even if {t} of the departments collude.",
    ),
    "report_headline_accuracy": (
        "在未被任何部门导入的人员上，AUC 为 {federated}；同一模型集中数据、"
        "不加隐私保护为 {pooled}，相差 {points} 个百分点。",
        "On people that nobody imported its AUC is {federated}; "
        "the same model on pooled data without privacy "
        "reaches {pooled}, a difference of {points} points.",
    ),
    "report_headline_others": (
        "集中数据的梯度提升为 {boosting}，单个部门独自最好为 {single}。",
        "Gradient boosting on pooled data reaches {boosting}, the best single department alone {single}.",
    ),
    "report_unit_person": ("每一个人", "the person"),
    "report_tile_departments": ("部门", "Departments"),
    "report_tile_people": ("训练人数", "People in training"),
    "report_tile_epsilon": ("隐私预算 ε", "Privacy budget ε"),
    "report_tile_auc": ("联合模型 AUC", "Federated AUC"),
    "report_tile_steps": ("完成步数", "Steps done"),
    "report_tile_steps_note": ("共 {answers} 步，作废 {void} 步", "of {answers}, {void} void"),
    "report_tile_proof": ("证据核验", "Proof"),
    # Accuracy
    "report_accuracy": ("准确度", "Accuracy"),
    "report_accuracy_note": (
        "AUC 是随机一对“是”与“否”排对次序的机会：0.5 等于猜测，"
        "1 等于全对。所有数值都在同一批未被导入的公开数据上计算。",
        "AUC is the chance that a random pair, one yes and one "
        "no, is ranked rightly: 0.5 is guessing, 1 is perfect. "
        "Every figure is measured on the same public people, imported by nobody.",
    ),
    "report_model": ("模型", "Model"),
    "report_federated": ("联合训练（有隐私保护）", "Federated, private"),
    "report_pooled_non_private": ("同一模型，集中数据、无隐私", "Same model, pooled, no privacy"),
    "report_pooled_boosting": ("梯度提升，集中数据、无隐私", "Gradient boosting, pooled, no privacy"),
    "report_best_single_department": ("单个部门独自最好", "Best single department alone"),
    "report_difference": ("与联合训练之差（百分点）", "Difference from federated (points)"),
    "report_by_step": ("逐步准确度", "Accuracy by step"),
    "report_by_step_note": (
        "纵轴不从零开始；低于纵轴的前几步未画出。",
        "The axis does not start at zero; early steps below it are not drawn.",
    ),
    "report_axis_step": ("训练步", "Step"),
    "report_axis_auc": ("AUC", "AUC"),
    "report_by_step_description": (
        "联合模型从第 {first} 步到第 {last} 步，AUC 由 {low} 到 {high}。",
        "From step {first} to step {last} the federated AUC goes from {low} to {high}.",
    ),
    "report_roc": ("ROC 曲线", "ROC curve"),
    "report_roc_description": (
        "真阳率随假阳率变化的曲线；对角线为随机猜测。",
        "True positive rate against false positive rate; the diagonal is guessing.",
    ),
    "report_axis_false": ("假阳率", "False positive rate"),
    "report_axis_true": ("真阳率", "True positive rate"),
    "report_guessing": ("随机猜测", "Guessing"),
    "report_calibration": ("校准", "Calibration"),
    "report_calibration_description": (
        "预测概率与实际比例，按十组；对角线为完全准确。",
        "Predicted probability against observed share in ten groups; the diagonal is exact.",
    ),
    "report_axis_predicted": ("预测概率", "Predicted probability"),
    "report_axis_observed": ("实际比例", "Observed share"),
    "report_exact": ("完全准确", "Exact"),
    # By department
    "report_by_department": (
        "逐部门：加入联合训练是否值得",
        "Department by department: does joining pay?",
    ),
    "report_by_department_note": (
        "每个部门都在本部门未被导入的人群上评分。"
        "“独自”取该部门自己的逻辑回归与梯度提升中，在本部门训练人员上交叉验证所选的一个，"
        "且不加隐私保护。“加本地层”是部门在共享模型之上自行拟合的修正，"
        "它不离开部门，因此不花预算。每个部门只有数百至一千多人参加评分，"
        "零点几个百分点的差别可能出于偶然。",
        "Each department is scored on its own people whom nobody "
        "imported. “Alone” is, of its own logistic model and its own "
        "gradient boosting, without privacy, the one that "
        "cross-validation on its own training people prefers. "
        "“With local layer” is the department's own correction on top of "
        "the shared model; it never leaves and so costs no budget. "
        "With some hundred people to score in each department, a few tenths of a point may be chance.",
    ),
    "report_gain": (
        "加入有收益的部门（{count}）：{names}。",
        "Joining pays for ({count}): {names}.",
    ),
    "report_no_gain": (
        "加入没有收益的部门（{count}）：{names}。在这些部门自己的人群上，自有模型更准或同样准。",
        "Joining does not pay for ({count}): {names}. On "
        "their own people their own model is better or as good.",
    ),
    "report_gain_spread": (
        "与独自相比，平均 {mean} 个百分点，最少 {least}，最多 {most}。",
        "Against alone: {mean} points on average, {least} at least, {most} at most.",
    ),
    "demo_joining": (
        "加上各部门自己的本地层（不离开部门，ε = 0）：与自有模型相比平均 {mean} 个百分点，"
        "最少 {least}；仍不如自有模型的部门 {count} 个：{names}",
        "With each department's own local layer (it stays there, ε = 0): {mean} points on average against "
        "its own model, {least} at least; own models still better in {count}: {names}",
    ),
    "report_alone": ("独自", "Alone"),
    "report_together": ("共享模型", "Shared model"),
    "report_with_local_layer": ("加本地层", "With local layer"),
    "report_joined": ("加入之后", "After joining"),
    "report_change": ("差（百分点）", "Change (points)"),
    "report_dumbbell_description": (
        "每行一个部门：圆环为独自训练，圆点为加入之后。",
        "One row a department: the ring is alone, the disc is after joining.",
    ),
    "report_dumbbell_note": (
        "右侧数字：加入之后减独自，百分点。",
        "Numbers on the right: after joining less alone, in points.",
    ),
    # What stayed and what left
    "report_left": ("留下的与送出的", "What stayed and what left"),
    "report_left_note": (
        "记录以加密列留在部门。送出的只有下列几类消息；"
        "关于人的内容只以加噪并掩码的整数向量离开，中心只能看到总和。",
        "Records stay in the department as encrypted columns. "
        "Only the kinds of message below leave; what is learned "
        "about people leaves only as masked, noised integer "
        "vectors, of which the centre sees nothing but the sum.",
    ),
    "report_kept_rows": ("留下：行", "Kept: rows"),
    "report_kept_columns": ("留下：列", "Kept: columns"),
    "report_kept_bytes": ("留下：加密字节", "Kept: encrypted bytes"),
    "report_rows_private": ("不公开", "not told"),
    "report_left_total": ("送出合计", "Left in total"),
    "report_left_plot": ("各部门送出的字节数", "Bytes that left, by department"),
    "report_left_description": (
        "每行一个部门，各段为消息种类。",
        "One row a department, one segment a kind of message.",
    ),
    "report_axis_bytes": ("送出（{unit}）", "Left ({unit})"),
    "report_kind_introduction": ("身份与目录", "Introduction"),
    "report_kind_verdict": ("闸口决定", "Gate's decision"),
    "report_kind_masked_vector": ("掩码加噪向量", "Masked, noised vectors"),
    "report_kind_refusal": ("拒绝", "Refusal"),
    "report_kind_job_receipt": ("任务回执", "Job receipt"),
    "report_kind_cosignature": ("见证签名", "Cosignature"),
    "report_kind_reconciled": ("对账结果", "Reconciled"),
    "report_kind_journal_part": ("补发的日志", "Journal given again"),
    "report_kind_events": ("日志事件", "Log events"),
    # Budget
    "report_budget": ("隐私预算", "Privacy budget"),
    "report_budget_note": (
        "预算由部门自己保管，读取数据之前先预留；中途崩溃也按已花费计。",
        "The department keeps its own budget and reserves before it reads any data; a crash counts as spent.",
    ),
    "report_budget_reference": (
        "供参照，连续噪声的 ε：PRV 核算 {prv}，解析高斯 {gaussian}。实际扣除的是整数噪声的可证上界。",
        "For reference, ε for continuous noise: PRV accountant "
        "{prv}, analytic Gaussian {gaussian}. What is charged is "
        "the proven bound for integer noise.",
    ),
    "report_epsilon_cap": ("ε 上限", "ε cap"),
    "report_epsilon_spent": ("ε 已花", "ε spent"),
    "report_epsilon_left": ("ε 剩余", "ε left"),
    "report_delta_cap": ("δ 上限", "δ cap"),
    "report_delta_spent": ("δ 已花", "δ spent"),
    "report_delta_left": ("δ 剩余", "δ left"),
    "report_budget_plot": ("各部门已花与剩余的 ε", "ε spent and left, by department"),
    "report_budget_description": (
        "每行一个部门：深色为已花，浅色为剩余。",
        "One row a department: dark is spent, light is left.",
    ),
    "report_spent": ("已花", "Spent"),
    "report_rest": ("剩余", "Left"),
    # Refusals
    "report_refused": ("被拒绝的请求", "Refused requests"),
    "report_refused_none": ("没有请求被拒绝。", "No request was refused."),
    "report_request": ("请求", "Request"),
    "report_reason": ("原因", "Reason"),
    "report_reason_code": ("原因代码", "Reason code"),
    # Ledger
    "report_ledger": ("日志与证据", "Ledger and proof"),
    "report_verdict_PASS": ("通过", "PASS"),
    "report_verdict_FAIL": ("未通过", "FAIL"),
    "report_verdict_NOT CHECKED": ("未核验", "NOT CHECKED"),
    "report_verdict_NOT PROVEN": ("未证实", "NOT PROVEN"),
    "report_events": ("事件数", "Events"),
    "report_root": ("树根", "Root"),
    "report_anchored_size": ("已锚定的条数", "Entries anchored"),
    "report_chain": ("链", "Chain"),
    "report_verdict": ("核验结论", "Verdict"),
    "report_number": ("编号", "No."),
    "report_check": ("核验项", "Check"),
    "report_status": ("结果", "Result"),
    "report_detail": ("说明", "Detail"),
    # Timings
    "report_seconds": ("用时", "Time"),
    "report_stage": ("阶段", "Stage"),
    "report_seconds_column": ("秒", "Seconds"),
    "report_engine_embedded": (
        "运行方式：嵌入式，所有部门在同一台机器的同一个进程中。",
        "Engine: embedded; every department ran in one process on one machine.",
    ),
    "report_engine_deployed": (
        "运行方式：部署式，每个部门一个进程，经本机回环网络通信。",
        "Engine: deployed; one process a department, over the loopback network.",
    ),
    "report_source": ("数据来源：{source}", "Data: {source}"),
    # Limits
    "report_limits": ("它不能防什么", "What this does not protect against"),
    "report_limit_poison": (
        "不诚实的部门可以送出错误的向量，毒化总和；别的部门和中心都看不出来。",
        "A lying department can send a wrong vector and poison "
        "the sum; neither the others nor the centre can tell.",
    ),
    "report_limit_collusion": (
        "超过 {t} 个部门把各自的噪声交给中心，剩下的噪声就小于所述的 ε 所需。",
        "If more than {t} departments hand their noise to the "
        "centre, what is left is less than the stated ε needs.",
    ),
    "report_limit_machine": (
        "部门自己的机器若被攻破，那里的数据就不再受保护。",
        "If a department's own machine is broken into, the data there is protected no longer.",
    ),
    "report_limit_group": (
        "差分隐私保护个人，不隐藏群体规律：模型仍会反映各类人群的总体情况。",
        "Differential privacy protects a person, not facts "
        "about groups: the model still shows how groups fare.",
    ),
    "report_limit_denial": (
        "中心可以停止服务或拖延；这看得见，但无法阻止。",
        "The centre can stop or delay the service; that is visible but cannot be prevented.",
    ),
    "report_limit_traffic": (
        "消息的时间、大小和哪些部门参加并不隐藏。",
        "When messages pass, how large they are and which departments take part is not hidden.",
    ),
    "report_limit_one_machine": (
        "演示在一台机器上运行：链与见证人由运营方自己保管，不构成独立证据。",
        "The demo runs on one machine: chain and witnesses "
        "are kept by the operator: no independent evidence.",
    ),
    "report_limit_yardstick": (
        "准确度由公开数据另行计算，因此不花预算；真实部署中的评估须另行计费。",
        "Accuracy was measured apart, on public data, and so "
        "costs no budget; in real use evaluation is charged too.",
    ),
}
