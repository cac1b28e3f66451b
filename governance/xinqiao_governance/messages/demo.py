"""Sentences of the demo: its stages and its closing table."""

MESSAGES: dict[str, tuple[str, str]] = {
    "demo_stage_people": ("读取公开数据并划分部门", "Reading the public data and its departments"),
    "demo_stage_departments": (
        "建立八个部门：校验、加密入库、互相核对指纹",
        "Setting up eight departments: checked, encrypted, fingerprints confirmed",
    ),
    "demo_stage_orders": (
        "运营方签发订单，各部门管理员批准",
        "The operator signs orders, stewards approve them",
    ),
    "demo_stage_connect": ("等待各部门上线", "Waiting for the departments"),
    "demo_stage_job": (
        "联合训练（有效/作废步骤，在场部门数）",
        "Training together (good or void steps, members)",
    ),
    "demo_stage_refusals": ("提出三个必须被拒绝的请求", "Asking three things that must be refused"),
    "demo_stage_evidence": ("见证、上链、导出证据", "Cosigning, anchoring, exporting the evidence"),
    "demo_stage_proof": ("审计员离线核验证据", "The auditor verifies the evidence offline"),
    "demo_stage_yardsticks": (
        "另一进程用公开数据计算对照成绩",
        "Scoring beside yardsticks, in a process of its own",
    ),
    "demo_stage_summary": ("汇总结果，写出报告", "Summing up, with other accountants' ε beside ours"),
    "demo_people": (
        "{training} 人参加训练；另外 {held_out} 人未被任何部门导入，只用来评分",
        "{training} people train; {held_out} more are imported by nobody and only score",
    ),
    "demo_decided": ("{department}的决定：{reason}", "{department}: {reason}"),
    "demo_good": ("有效", "good"),
    "demo_void": ("作废", "void"),
    "demo_table_left": ("每个部门留下什么、送出什么：", "What each department kept, and what left it:"),
    "demo_row_department": (
        "{department}：留下 {rows} 人的全部记录；送出 {bytes} 字节（{kinds}）；ε 已用 {spent}，剩余 {left}",
        "{department}: kept all records of {rows} people; {bytes} bytes left ({kinds}); "
        "ε {spent} spent, {left} left",
    ),
    "demo_table_accuracy": (
        "在未被任何部门导入的人员上的准确度（AUC）：",
        "Accuracy on people whom nobody imported (AUC):",
    ),
    "demo_auc_federated": ("联合训练的模型，ε = 1", "the federated model at ε = 1"),
    "demo_auc_pooled_non_private": (
        "同一模型，数据汇总、不设隐私保护",
        "the same model on pooled data, without privacy",
    ),
    "demo_auc_pooled_boosting": (
        "梯度提升，数据汇总、不设隐私保护",
        "boosting on pooled data, without privacy",
    ),
    "demo_auc_best_single_department": (
        "单个部门独自能达到的最好成绩",
        "the best that one department reaches alone",
    ),
    "demo_losing": (
        "在 {count} 个部门自己的人身上，自有模型仍优于联合模型：{names}",
        "On their own people, {count} departments' own models still beat the federated one: {names}",
    ),
    "demo_table_refused": ("被拒绝的请求：", "Requests that were refused:"),
    "demo_request_over_budget": ("超出预算的订单", "an order over the budget"),
    "demo_request_appraisal": ("用于绩效考核的订单", "an order for performance appraisal"),
    "demo_request_raw_income": ("导出收入原始数据", "a raw export of incomes"),
    "demo_table_proof": ("证据核验：", "The proof:"),
    "demo_files": (
        "报告、模型、证据和信任文件在 {path}",
        "Report, model, evidence and trust file are in {path}",
    ),
    "demo_folder_taken": (
        "{path} 不是演示生成的目录，未作改动；请换一个 --out。",
        "{path} was not made by the demo and was left alone; choose another --out.",
    ),
    "demo_not_refused": (
        "部门 {department} 没有按规定拒绝请求 {request}。",
        "The department {department} did not refuse the request {request} as it must.",
    ),
    "port_without_deployed": (
        "--port 只与 --deployed 一起使用。",
        "--port is for --deployed only.",
    ),
    "agent_ended": (
        "部门 {department} 的代理未能启动，原因见 {path}。",
        "The agent of the department {department} did not start; {path} says why.",
    ),
    "yardsticks_failed": (
        "对照计算失败（退出状态 {status}）。",
        "Scoring the yardsticks failed (status {status}).",
    ),
}
