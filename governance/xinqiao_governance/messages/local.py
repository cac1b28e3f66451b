"""Sentences of the local layer: a department's own correction of a shared model, which stays there."""

MESSAGES: dict[str, tuple[str, str]] = {
    "local_job_unknown": (
        "没有以 {order} 开头的已完成任务，或不止一个；编号见 xinqiao node status --json。",
        "This department finished no job, or several, whose order begins with {order}; "
        "see xinqiao node status --json.",
    ),
    "local_model_foreign": (
        "这不是任务 {order} 发布的模型：摘要与本部门签署的任务回执不符。",
        "This is not the model that job {order} published: its digest is not the one in this department's "
        "own job receipt.",
    ),
    "local_label_unsupported": (
        "本地层目前只适用于“是/否”标签；模型 {model} 的标签不是。",
        "A local layer needs a yes/no label; that of the model {model} is none.",
    ),
    "local_people_few": (
        "人数太少：“是”与“否”两类各需至少 {least} 行，才能拟合本地层。",
        "Too few people: a local layer needs at least {least} rows of each class, yes and no.",
    ),
    "local_not_converged": (
        "本地层的线性部分在 {steps} 步内未收敛。",
        "The linear part of the local layer did not converge within {steps} steps.",
    ),
    "local_layer_missing": (
        "任务 {order} 还没有本地层；请先运行 xinqiao node local fit。",
        "There is no local layer for job {order} yet; run xinqiao node local fit first.",
    ),
    "local_layer_outdated": (
        "任务 {order} 的本地层是用另一版数据或另一版程序库拟合的；请重新运行 xinqiao node local fit。",
        "The local layer for job {order} was fitted to another version of the data, or by other versions of "
        "the libraries; run xinqiao node local fit again.",
    ),
    "local_fitted": (
        "在本部门人员上交叉验证的 AUC：加本地层 {layer}；本部门自己最好的模型（{own_name}）{own}；"
        "只用共享模型 {shared}。",
        "AUC in cross-validation on the department's own people: with the local layer {layer}; its own best "
        "model ({own_name}) {own}; the shared model alone {shared}.",
    ),
    "local_gains": (
        "与自己最好的模型相比 {over_own} 个百分点，与只用共享模型相比 {over_shared} 个百分点。",
        "That is {over_own} points against its own best model, {over_shared} points against the shared model "
        "alone.",
    ),
    "local_kept": (
        "本地层已加密存放在部门内，不离开部门，因此不花预算（ε = 0）。",
        "The layer is kept encrypted in the department. It does not leave, so it costs no budget (ε = 0).",
    ),
    "local_scored": (
        "已为 {rows} 行评分，写入 {path}；该文件只有其所有者可读，请勿带出部门。",
        "Scored {rows} rows into {path}; only its owner may read that file. Do not take it out of the "
        "department.",
    ),
    "local_part_own_linear": ("逻辑回归", "logistic"),
    "local_part_own_trees": ("梯度提升", "boosting"),
    "cli_node_local": (
        "本地层：在部门内修正共享模型，不离开部门",
        "the local layer: correct a shared model for this department, inside it",
    ),
    "cli_node_local_fit": ("用本部门的数据拟合本地层", "fit the layer to the department's own data"),
    "local_no_bins": (
        "模型 {model} 给不出分箱：它不是直方图，或噪声之下已看不出人数。",
        "The model {model} gives no bins: it is no histogram, or noise left nobody in it.",
    ),
    "cli_node_local_bins": (
        "由本部门回执证明的直方图算出分箱，供抄入目录",
        "make a histogram's bins, proven by your own receipt, to copy into a catalogue",
    ),
    "cli_node_local_score": ("用本地层为 CSV 中的人员评分", "score the people of a CSV file with the layer"),
    "cli_local_model": ("中心发布的模型文件 model.json", "the published model, model.json"),
    "cli_local_order": (
        "发布该模型的订单编号，或能认出它的开头",
        "digest of the order that published the model, or enough of its start",
    ),
    "cli_local_in": (
        "CSV 文件：人员编号和各特征列，用部门自己的列名",
        "CSV file: the person id and the features, by the department's own column names",
    ),
    "cli_local_out": ("写入评分的 CSV 文件", "CSV file to write the scores to"),
}
