"""Sentences of rehearsals: what an ε costs on a public or own table, before anyone asks for it."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli_job_rehearse": (
        "用公开或自有表格预演一份订单：在任何部门被询问之前，先看 ε 的代价",
        "rehearse an order on a public or own table: what an ε costs before anyone is asked",
    ),
    "cli_rehearse_data": ("训练用的 CSV 文件（可用 gzip 压缩）", "CSV file to train on (may be gzipped)"),
    "cli_rehearse_test": (
        "评分用的 CSV 文件，任何部门都不导入",
        "CSV file to score on; no department imports it",
    ),
    "cli_rehearse_contract": (
        "数据契约；分箱只取自其中的范围和取值（缺省时从表格中读取，不具隐私保护）",
        "data contract: bins come from its ranges and values alone (default: from the table, not private)",
    ),
    "cli_rehearse_label": ("要预测的列", "the column to predict"),
    "cli_rehearse_department": ("写明所属部门的列", "the column that names each row's department"),
    "cli_rehearse_departments": (
        "没有部门列时，把人员分给多少个部门",
        "without such a column: how many departments the people are dealt to",
    ),
    "cli_rehearse_person": (
        "写明每行属于谁的列（缺省时只保护单行记录）",
        "the column that says whose each row is (default: single records are protected)",
    ),
    "cli_rehearse_delta": ("订单的 δ", "the order's δ"),
    "cli_rehearse_t": (
        "容忍多少个部门串通（默认 1）",
        "how many colluding departments are tolerated (default 1)",
    ),
    "cli_rehearse_seed": (
        "只决定人员怎样分给部门和排列顺序，不影响噪声（默认 0）",
        "sets who goes to which department, and the order, never noise (default 0)",
    ),
    "cli_rehearse_noise": (
        "shares：真实协议；local：各部门独自加足噪声；pooled：可信中心只加一次；none：不加噪声（后三种仅供比较）",
        "shares: the real protocol; local: each department adds all noise; "
        "pooled: a trusted centre adds it once; none: no noise (the last three for comparison only)",
    ),
    "cli_rehearse_drop": (
        "有多大比例的部门在随机步骤离开、之后返回，例如 0.1",
        "share of the departments that vanish at random steps and come back, for example 0.1",
    ),
    "cli_rehearse_model": (
        "linear：线性；pairs：加上两两组合；network：一层神经网络；moments：一步完成的最小二乘",
        "linear; pairs: with pairs of columns; network: one hidden layer; moments: least squares in one step",
    ),
    "rehearse_stage_tables": ("读取表格，划分部门", "Reading the tables, cutting them into departments"),
    "rehearse_stage_check": ("按契约核对全部数据", "Checking all rows against the contract"),
    "rehearse_stage_found": (
        "建立各部门：加密入库、互相核对指纹",
        "Setting up the departments: encrypted, fingerprints confirmed",
    ),
    "rehearse_stage_job": (
        "联合训练（有效/作废步骤，在场部门数）",
        "Training together (good or void steps, members)",
    ),
    "rehearse_stage_compare": ("用数组计算对照成绩", "Training for comparison, by arrays alone"),
    "rehearse_stage_scores": ("在测试数据上评分", "Scoring on the test rows"),
    "rehearse_took": ("用时 {seconds} 秒", "took {seconds} s"),
    "rehearse_founded": (
        "已建立 {count}/{departments} 个部门",
        "{count} of {departments} departments are ready",
    ),
    "rehearse_head": (
        "{noise}：{departments} 个部门，{people} 个单位（按{unit}保护），ε = {epsilon}，δ = {delta}",
        "{noise}: {departments} departments, {people} units of privacy (per {unit}), "
        "ε = {epsilon}, δ = {delta}",
    ),
    "rehearse_noise_shares": ("真实协议", "The real protocol"),
    "rehearse_noise_local": ("对照：各部门独自加足噪声", "Comparison: full noise in each department"),
    "rehearse_noise_pooled": ("对照：可信中心加一次噪声", "Comparison: a trusted centre adds noise once"),
    "rehearse_noise_none": ("对照：不加噪声", "Comparison: no noise"),
    "rehearse_unit_person": ("人", "person"),
    "rehearse_unit_record": ("记录", "record"),
    "rehearse_score_auc": ("AUC", "AUC"),
    "rehearse_score_accuracy": ("准确率", "accuracy"),
    "rehearse_score_macro_f1": ("宏平均 F1", "macro-F1"),
    "rehearse_score_r2": ("决定系数 R²", "R²"),
    "rehearse_steps": (
        "{answers} 步中有效 {steps} 步、作废 {void} 步；共用时 {seconds} 秒",
        "{steps} good and {void} void steps of {answers}; {seconds} s in all",
    ),
    "rehearse_warn_sampled": (
        "每一步只抽取部分人员，每人被抽中的机会为 {rate}",
        "each person was in a step with a chance of {rate}, not everybody in every step",
    ),
    "rehearse_bytes": ("离开各部门的全部字节：{bytes}", "bytes that left all departments: {bytes}"),
    "rehearse_warning": ("注意：{text}", "Note: {text}"),
    "rehearse_warn_from_data": (
        "不具隐私保护：取值范围读自数据（not private: ranges were read from the data）",
        "not private: ranges were read from the data",
    ),
    "rehearse_warn_per_record": (
        "未给出人员列：ε 只保护单行记录，一个人若有多行，保护随之减弱。",
        "No person column was given: ε protects a single record, and a person with several rows less.",
    ),
    "rehearse_warn_local": (
        "仅供比较：各部门独自加足噪声，用数组计算，未运行协议。",
        "For comparison only: each department adds all noise alone; by arrays, without the protocol.",
    ),
    "rehearse_warn_pooled": (
        "仅供比较：假定有一个看得到全部数据的可信中心，用数组计算，未运行协议。",
        "For comparison only: a trusted centre that sees all data; by arrays, without the protocol.",
    ),
    "rehearse_warn_none": (
        "仅供比较：没有加噪声，结果不具任何隐私保护。",
        "For comparison only: no noise was added, so nothing about the result is private.",
    ),
    "rehearse_warn_unlabelled": (
        "有 {count} 行训练数据缺少标签，未使用。",
        "{count} training rows have no label and were left out.",
    ),
    "rehearse_warn_test_unlabelled": (
        "有 {count} 行测试数据缺少标签，未评分。",
        "{count} test rows have no label and were not scored.",
    ),
    "rehearse_warn_homeless": (
        "有 {count} 行训练数据没有写明部门，未使用。",
        "{count} training rows name no department and were left out.",
    ),
    "rehearse_warn_constant": (
        "只有一个取值的列未使用：{columns}。",
        "Columns with a single value were left out: {columns}.",
    ),
    "rehearse_warn_row_number": (
        "看起来只是行号的列未使用：{columns}。",
        "Columns that look like row numbers were left out: {columns}.",
    ),
    "rehearse_warn_many_values": (
        "取值过多的文字列未使用：{columns}。",
        "Text columns with too many values were left out: {columns}.",
    ),
    "rehearse_warn_without_bins": (
        "数值过大或差别过小、无法分箱的列未使用：{columns}。",
        "Columns whose numbers are too large or too close for bins were left out: {columns}.",
    ),
    "rehearse_warn_without_range": (
        "契约没有给出范围或取值的列未使用：{columns}。",
        "Columns for which the contract gives neither range nor values were left out: {columns}.",
    ),
    "rehearse_warn_unnamed": (
        "没有可用名称的列未使用：{columns}。",
        "Columns without a usable name were left out: {columns}.",
    ),
    "rehearse_departments_unclear": (
        "请给出 --department（部门列）或 --departments（部门数），二者取一。",
        "Give either --department (a column) or --departments (a number).",
    ),
    "rehearse_departments_few": (
        "只有 {departments} 个部门，至少需要 {least} 个（t + 2）。",
        "There are only {departments} departments of the {least} (t + 2) needed.",
    ),
    "rehearse_people_few": (
        "{people} 人不够分给 {departments} 个部门。",
        "{people} people are not enough for {departments} departments.",
    ),
    "rehearse_drop_many": (
        "{departments} 个部门中有 {away} 个离开，剩下的不足 {least} 个；请减小 --drop。",
        "With {away} of {departments} departments away fewer than {least} are left; lower --drop.",
    ),
    "rehearse_drop_without_shares": (
        "--drop 只与 --noise shares 一起使用。",
        "--drop is for --noise shares only.",
    ),
    "rehearse_share_invalid": (
        "需要一个大于等于 0、小于 1 的数。",
        "A number from 0 to under 1 is needed.",
    ),
    "rehearse_table_empty": ("{path} 中没有数据行。", "There is no row of data in {path}."),
    "rehearse_gzip_damaged": ("{path} 不是完整的 gzip 文件。", "{path} is not a whole gzip file."),
    "rehearse_column_unknown": ("{path} 中没有列 {column}。", "There is no column {column} in {path}."),
    "rehearse_column_two_roles": (
        "列 {column} 被用于两个用途。",
        "The column {column} was given two roles.",
    ),
    "rehearse_test_column_missing": (
        "测试文件 {path} 缺少列 {column}。",
        "The test file {path} lacks the column {column}.",
    ),
    "rehearse_without_labels": (
        "{path} 的列 {column} 没有任何值。",
        "The column {column} of {path} holds no value at all.",
    ),
    "rehearse_no_features": (
        "没有可以用来学习的列。",
        "No column is left to learn from.",
    ),
    "rehearse_label_constant": (
        "标签列 {column} 只有一个取值。",
        "The label {column} has a single value.",
    ),
    "rehearse_label_many": (
        "标签列 {column} 有 {count} 个不同的文字，最多 {limit} 个。",
        "The label {column} has {count} different texts; {limit} is the most.",
    ),
    "rehearse_label_out_of_reach": (
        "标签列 {column} 的数值过大，或差别小于百万分之一。",
        "The numbers of the label {column} are too large, or closer than a millionth.",
    ),
}
