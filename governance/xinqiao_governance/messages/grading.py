"""Sentences of the area "grading": what columns are, who confirmed it, what waits."""

MESSAGES: dict[str, tuple[str, str]] = {
    "grade_unknown": (
        "列 {column} 的语义未知；请用 --semantic 指明。",
        "Nobody said what the column {column} means; name it with --semantic.",
    ),
    "lowering_same_person": (
        "列 {column} 的降级需要两个不同的人，您已经申请过；请由另一人确认。",
        "Lowering the column {column} takes two different people, and you asked for it before; another must "
        "confirm it.",
    ),
    "national_grade_kept": (
        "语义 {semantic} 所在的列按 GB/T 43697 定为重要数据或核心数据，不因订单离开本部门。",
        "The column that means {semantic} is graded important or core under GB/T 43697; nothing of it leaves "
        "this department by an order.",
    ),
    "column_unconfirmed": (
        "语义 {semantic} 所在的列尚未经人确认，不能使用。",
        "Nobody has confirmed the column that means {semantic}; it is not used.",
    ),
    "journal_action_confirm_column": ("确认了一列的分级", "confirmed a column's tier"),
    "journal_action_request_lowering": (
        "申请降低一列的分级，待另一人确认",
        "asked to lower a column's tier; another person must confirm",
    ),
    "journal_action_lower_column": (
        "作为第二人确认降低一列的分级",
        "confirmed, as the second person, that a column's tier is lowered",
    ),
    "journal_action_decline_lowering": (
        "未同意降低一列的分级",
        "turned down that a column's tier is lowered",
    ),
    "journal_action_change_bins": ("更改了一列的公开分箱", "changed a column's public bins"),
    "journal_action_regrade_column": (
        "数据变化后一列恢复为未确认",
        "put a column back to unconfirmed, because its data changed",
    ),
    "status_unconfirmed": (
        "{count} 列尚未经人确认，按核心隐私处理，不能使用；见 xinqiao node catalogue。",
        "Columns that wait for a person: {count}. Each is handled as core and not used; see xinqiao node "
        "catalogue.",
    ),
    "status_lowerings": (
        "{count} 项降级申请等待第二人确认。",
        "Requests to lower a tier that wait for a second person: {count}.",
    ),
    "cli_node_catalogue": (
        "查看各列的语义、分级、确认人和待办；或输出可公开的目录",
        "show what columns are, who confirmed them and what waits; or give out what may be published",
    ),
    "cli_node_refresh": (
        "到期时重新读取导入时记录的来源（--every）；来源消失或列变化时旧版本继续使用",
        "read the source that an import recorded (--every) again when it is due; where it is gone or has "
        "other columns, the old version stays in use",
    ),
    "cli_job_catalogue": (
        "核对并查看一个部门公布的目录",
        "check and show what a department published of its catalogue",
    ),
    "cli_sheet": ("Excel 工作表的名称或序号", "the Excel sheet, by name or number"),
    "cli_table": ("数据库的表或视图名，或一条 SELECT", "the database's table or view, or one SELECT"),
    "cli_header": ("第一行是列名", "the first row names the columns"),
    "cli_no_header": (
        "第一行是数据，没有列名；各列按位置命名",
        "the first row is data, without names; columns are named by their places",
    ),
    "cli_dataset": ("没有数据目录时：数据集编号", "without a catalogue: the dataset's id"),
    "cli_person": (
        "没有数据目录时：标明是谁的记录的列",
        "without a catalogue: the column that says whose row it is",
    ),
    "cli_dataset_purpose": (
        "没有数据目录时：数据可用于的用途，可重复",
        "without a catalogue: a purpose that the data may serve; may be given again",
    ),
    "cli_every": (
        "记住来源，每隔这么多小时由 xinqiao node refresh 重新读取",
        "remember the source, for xinqiao node refresh to read again after so many hours",
    ),
    "cli_confirm_dataset": ("确认列时：数据集编号", "to confirm columns: the dataset's id"),
    "cli_confirm_column": ("要确认的列名", "the column to confirm"),
    "cli_confirm_all": (
        "确认分类器有把握的所有列；需人工判断的留下",
        "confirm every column that the classifier is sure of; what needs a person's look is left",
    ),
    "cli_confirm_semantic": ("该列的语义（默认按建议）", "what the column means (default: as proposed)"),
    "cli_confirm_tier": (
        "该列的分级（默认按建议）；低于建议或已确认的分级需要两个人",
        "the column's tier (default: as proposed); less than proposed or confirmed takes two people",
    ),
    "cli_confirm_grade": (
        "GB/T 43697 的数据级别：general 一般、important 重要、core 核心；与分级无关",
        "the grade of GB/T 43697: general, important or core data; it has nothing to do with the tier",
    ),
    "cli_confirm_bins": (
        "该列的公开分箱，由人写明：数字列写分界（--bins 0,5,10,20），文字列写类别（--bins 甲,乙,丙）；"
        "shared 为共享词汇中的分箱，none 为不公布。没有公开分箱的列，模型不能用作特征；各部门须写得一样。"
        "不从数据中读取：按最大值取的分界就是某一个人的值，目录一公布就泄露了",
        "the column's public bins, stated by you: edges of a number (--bins 0,5,10,20) or a text's "
        "categories (--bins A,B,C); shared: those of the shared vocabulary; none: publish none. Without "
        "public bins no model may use the column as a feature; all departments must state the same. They are "
        "never read from the data: an edge taken from the greatest value is one person's value, and "
        "publishing it would give it away",
    ),
    "cli_confirm_bins_file": (
        "分箱文件：xinqiao node local bins 的输出，或目录中 bins 一项",
        "a file with bins: what xinqiao node local bins prints, or the bins of a catalogue",
    ),
    "bins_no_number": (
        "语义 {semantic} 的分界须为数字，最多六位小数，以逗号分隔。",
        "The edges of {semantic} must be numbers of at most six decimal places, with commas between them.",
    ),
    "bins_not_shared": (
        "共享词汇中没有语义 {semantic} 的公开分箱；请用 --bins 写明。",
        "The shared vocabulary has no public bins for {semantic}; state them with --bins.",
    ),
    "bins_none": ("无公开分箱", "without public bins"),
    "bins_hint": (
        "没有公开分箱：可作标签；要作模型的特征，请用 --bins 写明",
        "no public bins: it may be a label; for a model's feature state some with --bins",
    ),
    "bins_edges": ("公开分箱的分界：{edges}", "public bins, by their edges: {edges}"),
    "bins_values": (
        "公开分箱的类别：{values}；其他写法算作“缺失或其他”",
        'public bins: {values}; any other spelling counts as "missing or other"',
    ),
    "cli_publish": (
        "输出带本部门签名的公开目录：只有语义、类型、分级、单位和公开分箱",
        "give out the catalogue that may leave, signed: semantics, kinds, tiers, units and public bins only",
    ),
    "cli_refresh_now": ("不论是否到期，立即读取", "read it now, due or not"),
    "cli_refresh_stop": ("不再定期读取", "read it no more"),
    "cli_published": ("部门公布的目录文件", "the file that a department published"),
    "confirm_unclear": (
        "请给出另一部门的名片和 --fingerprint，或 --dataset 与 --column（或 --all，此时不带其他说明）。",
        "Give another department's card and --fingerprint; or --dataset with --column, or with --all and "
        "nothing more.",
    ),
    "import_dataset_needed": (
        "没有数据目录时，请用 --dataset 给出数据集编号。",
        "Without a catalogue, give the dataset's id with --dataset.",
    ),
    "import_catalogue_says": (
        "数据目录已写明数据集、人员列、用途和列名；请去掉 --dataset、--person、--purpose、--no-header。",
        "The catalogue states dataset, person column, purposes and names; leave --dataset, --person, "
        "--purpose and --no-header out.",
    ),
    "cap_incomplete": (
        "预算上限须同时给出 ε 和 δ。",
        "A cap needs both ε and δ.",
    ),
    "cap_needed": (
        "首次导入或新周期须用 --epsilon-cap 和 --delta-cap 给出隐私预算上限。",
        "The first import, and a new period, need a cap on the budget: --epsilon-cap and --delta-cap.",
    ),
    "confirm_done": (
        "已确认：{column} 为 {semantic}，{tier}。",
        "Confirmed: {column} is {semantic}, {tier}.",
    ),
    "confirm_second": (
        "这是降级，尚未生效：须由另一人用同样的参数确认（另一位管理员由 xinqiao keys add-steward 添加）。",
        "This is a lowering and not in force yet: another person must confirm it with the same words "
        "(xinqiao keys add-steward lets a second steward in).",
    ),
    "confirm_nothing": (
        "没有分类器有把握而未确认的列；其余请逐列确认。",
        "Nothing waits that the classifier is sure of; confirm the rest column by column.",
    ),
    "catalogue_empty": ("还没有导入数据。", "Nothing was imported yet."),
    "catalogue_dataset": (
        "数据集 {dataset}，第 {number} 版（{digest}），{rows} 行，整表分级：{tier}",
        "Dataset {dataset}, version {number} ({digest}), {rows} rows, tier of the table: {tier}",
    ),
    "catalogue_column": (
        "列 {column}：{semantic}，{kind}，{tier}，{grade}；{by}",
        "{column}: {semantic}, {kind}, {tier}, {grade}; {by}",
    ),
    "catalogue_confirmed": ("由 {names} 确认", "confirmed by {names}"),
    "catalogue_unconfirmed": ("未确认，不能使用", "unconfirmed, and not used"),
    "catalogue_kind_number": ("数字", "number"),
    "catalogue_kind_text": ("文字", "text"),
    "catalogue_kind_identifier": ("标识", "identifier"),
    "catalogue_grade_general": ("一般数据", "general data"),
    "catalogue_grade_important": ("重要数据", "important data"),
    "catalogue_grade_core": ("核心数据", "core data (GB/T 43697)"),
    "catalogue_proposal": (
        "建议：{semantic}，{tier}，把握 {confidence}%。{reason}",
        "proposed: {semantic}, {tier}, confidence {confidence}%. {reason}",
    ),
    "catalogue_request": (
        "{name} 申请定为 {semantic}，{tier}，等待另一人确认",
        "{name} asked for {semantic}, {tier}; another person must confirm",
    ),
    "catalogue_schedule": (
        "来源 {source} 每 {hours} 小时读取一次，下次不早于 {due}",
        "The source {source} is read every {hours} hours, next not before {due}",
    ),
    "catalogue_schedule_overtaken": (
        "来源 {source} 不再自动读取：之后又手工导入过数据",
        "The source {source} is read no more: somebody imported by hand since",
    ),
    "catalogue_schedule_unreadable": (
        "定期读取的设置无法读取（已损坏，或由另一版本写入）；用 xinqiao node refresh --stop 结束，"
        "再以 --every 导入。",
        "The schedule cannot be read: it is damaged, or another version wrote it. End it with xinqiao node "
        "refresh --stop, and import with --every again.",
    ),
    "catalogue_schedule_failed": (
        "{when} 的读取失败，旧版本仍在使用；用 xinqiao node refresh --now 查看原因",
        "Reading it at {when} failed, and the old version is in use; xinqiao node refresh --now says why",
    ),
    "confirm_name_unclear": (
        "输入的列名为空，或含有看不见的字符；请照表中的列名输入。",
        "The column's name as typed is empty or holds letters that nobody sees; type it as the table has it.",
    ),
    "refresh_not_due": ("尚未到期，下次不早于 {due}。", "It is not due before {due}."),
    "refresh_unchanged": (
        "来源没有变化，第 {number} 版继续使用；下次不早于 {due}。",
        "The source is unchanged, and version {number} stays in use; next not before {due}.",
    ),
    "refresh_imported": (
        "来源已变化，导入为第 {number} 版；下次不早于 {due}。",
        "The source changed and was imported as version {number}; next not before {due}.",
    ),
    "refresh_stopped": ("不再定期读取。", "The source is read no more."),
    "published_written": (
        "已写入 {path}：{count} 种语义，带本部门签名；可以交给中心。",
        "Written to {path}: {count} semantics, signed by the department; the centre may have it.",
    ),
    "published_head": (
        "签名属实：部门 {name} 公布了 {count} 种语义。",
        "The signature holds: the department {name} publishes {count} semantics.",
    ),
    "published_column": (
        "语义 {semantic}：{kind}，{tier}，{bins}",
        "{semantic}: {kind}, {tier}, {bins}",
    ),
    "meaning_unknown": ("未知", "unknown"),
    "dataset_other": (
        "这个数据节点的数据集是 {dataset}。",
        "The dataset of this data node is {dataset}.",
    ),
    "semantic_invalid": (
        "语义须为 1 至 200 个可显示的字符。",
        "A semantic has 1 to 200 printable characters.",
    ),
    "semantic_without_tier": (
        "语义 {semantic} 不在共享词汇中，须用 --tier 同时指明分级。",
        "The semantic {semantic} is not in the shared vocabulary; give its tier, too, with --tier.",
    ),
    "grade_tier_core": ("核心隐私", "core"),
    "grade_tier_sensitive": ("业务敏感", "sensitive"),
    "grade_tier_public": ("公开共享", "public"),
    "journal_column": ("语义 {semantic}（{tier}）", "{semantic} ({tier})"),
}
