"""Sentences of jobs at the centre, and of the command line that starts them."""

MESSAGES: dict[str, tuple[str, str]] = {
    "no_answer": ("没有回答。", "No answer."),
    "bins_unpublished": (
        "本部门的数据目录没有为语义 {semantic} 公布分箱或类别，模型不能使用它。",
        "The department's catalogue publishes no bins for the semantic {semantic}: no model may use it.",
    ),
    "job_refused": (
        "部门 {department} 拒绝了订单（{reason}），任务未开始。",
        "The department {department} refused the order ({reason}); the job did not start.",
    ),
    "too_few_members": (
        "只剩 {members} 个部门，至少需要 {least} 个；任务结束，已预留的预算照计。",
        "Only {members} departments are left of the {least} needed; "
        "the job ends and its budget stays charged.",
    ),
    "too_many_void_steps": (
        "{answers} 步中最多只能有 {good} 步有效，不足一半；任务结束，已预留的预算照计。",
        "At most {good} of {answers} steps can be good, under half; the job ends, its budget stays charged.",
    ),
    "departments_missing": (
        "只有 {present} 个部门在线，等待超时。",
        "Only {present} departments came online in time.",
    ),
    "conversation_lost": (
        "与各部门的连接在任务完成前中断。",
        "The connection to the departments was lost before the job was done.",
    ),
    "job_centre_created": (
        "中心的名片请交给每个部门和审计员；运营方指纹当面核对：{fingerprint}",
        "Give the centre's card to every department and auditor; "
        "compare the operator's fingerprint in person: {fingerprint}",
    ),
    "job_cost": (
        "这份订单将使每个参加部门花费 ε {epsilon}、δ {delta}：{answers} 步，{parameters} 个参数，"
        "约 {people} 人，每步约有 {drawn} 人参加，合计的噪声标准差为裁剪范数的 {noise} 倍。",
        "This order would cost each department ε {epsilon}, δ {delta}: {answers} steps, "
        "{parameters} parameters, about {people} people, of whom {drawn} in a step; "
        "each opened sum carries noise of {noise} times the clipping norm.",
    ),
    "job_ordered": (
        "订单 {order} 已签名。涉及核心隐私时，各部门管理员须先批准。",
        "Order {order} is signed. Where core data is involved, each department's steward approves it first.",
    ),
    "job_done": ("任务完成，结果在 {path}。", "The job is done; its results are in {path}."),
    "job_anchored": (
        "日志已锚定在链 {chain}，合约 {contract}。",
        "The log is anchored on the chain {chain}, contract {contract}.",
    ),
    "superlink_running": (
        "SuperLink 正在 {address} 运行；按 Ctrl-C 结束。",
        "The SuperLink is running at {address}; Ctrl-C ends it.",
    ),
    "superlink_ending": ("SuperLink 正在结束。", "The SuperLink is ending."),
    "job_folder_taken": (
        "{path} 已有一项任务的结果，未作改动；请换一个 --out。",
        "The results of a job are in {path} already and were left alone; choose another --out.",
    ),
    "centre_missing": (
        "{path} 没有中心；请先运行 xinqiao job init。",
        "There is no centre at {path}; run xinqiao job init first.",
    ),
    "department_twice": (
        "部门 {name} 在订单中出现了两次。",
        "The department {name} stands twice in the order.",
    ),
    "address_invalid": (
        "地址应写成“主机:端口”，例如 127.0.0.1:9092。",
        "An address is written as host:port, for example 127.0.0.1:9092.",
    ),
    "count_invalid": ("需要一个正整数。", "A whole number above zero is needed."),
    "every_invalid": ("最多每 {count} 小时读取一次。", "At most every {count} hours."),
    "number_invalid": (
        "需要一个大于零、最多 {places} 位小数的数。",
        "A number above zero with at most {places} decimal places is needed.",
    ),
    "json_invalid": (
        "{path} 不是有效的 JSON 文件，或其中有小数（只用整数）。",
        "{path} is not a valid JSON file, or holds a decimal number (whole numbers only).",
    ),
    "file_field_invalid": (
        "{path} 中的字段 {field} 缺失、多余或类型不对。",
        "In {path} the field {field} is missing, unexpected or of the wrong type.",
    ),
    "text_invalid": ("{path} 不是 UTF-8 文字。", "{path} is not UTF-8 text."),
    "cli_about": (
        "心桥：联邦学习与隐私保护数据中台。模型流动，记录不出部门。",
        "Xinqiao: federated learning and privacy-preserving data. Models travel, records stay.",
    ),
    "cli_demo": (
        "八个部门共同训练一个模型，并给出可离线核验的证据",
        "eight departments train one model together and prove it",
    ),
    "cli_node": ("部门数据节点：管理员的操作", "a department's data node: what its steward does"),
    "cli_job": ("中心：运营方下订单、运行任务", "the centre: the operator's orders and jobs"),
    "cli_audit": ("审计：离线核验证据", "the auditor: verify evidence offline"),
    "cli_doctor": ("检查本机是否具备所需条件", "is everything here that this machine needs?"),
    "cli_demo_deployed": (
        "用真实进程运行：Flower SuperLink 和每部门一个代理进程",
        "run as real processes: Flower's SuperLink and one agent a department",
    ),
    "cli_demo_out": ("输出目录（默认 var/demo）", "folder for the results (default var/demo)"),
    "cli_demo_port": ("SuperLink 端口（默认任选空闲端口）", "port of the SuperLink (default: a free one)"),
    "cli_json": ("以 JSON 输出", "print JSON"),
    "cli_home": ("数据节点目录", "the data node's folder"),
    "cli_passphrase": (
        "存放口令的文件（否则从管道或键盘读取）",
        "file that holds the passphrase (else it is read from a pipe or the keyboard)",
    ),
    "cli_node_init": ("建立新的数据节点", "make a new data node"),
    "cli_node_import": (
        "从 CSV、Excel、Parquet 或数据库读表，分类、检查并加密存入",
        "read a table from CSV, Excel, Parquet or a database, grade and check it, and store it encrypted",
    ),
    "cli_node_identity": ("输出本部门的名片和指纹", "print the department's card and fingerprint"),
    "cli_node_confirm": (
        "确认列的语义和分级；或核对指纹后确认另一个部门",
        "confirm what columns are; or another department after comparing its fingerprint",
    ),
    "cli_node_approve": ("批准一份涉及核心隐私的订单", "approve an order that needs core data"),
    "cli_node_status": ("查看预算、任务和送出的字节数", "show budget, jobs and what left"),
    "cli_node_run": ("运行部门代理，回答中心的请求", "run the department's agent"),
    "cli_node_supernode": (
        "经 Flower 自带的 SuperNode 回答中心的请求",
        "answer the centre through Flower's own SuperNode",
    ),
    "cli_node_name": ("部门名称", "the department's name"),
    "cli_centre_card": ("中心的名片文件 centre.json", "the centre's card, centre.json"),
    "cli_minimum_members": (
        "至少多少个已确认部门时才参加（默认 4）",
        "take part only among at least so many confirmed departments (default 4)",
    ),
    "cli_data": (
        "CSV、Excel（.xlsx）或 Parquet 文件，或数据库地址；密码最好放在 ~/.pgpass，命令行上其他用户看得到",
        "a CSV, Excel (.xlsx) or Parquet file, or a database's URL; a password is better in ~/.pgpass, "
        "because other users can see a command line",
    ),
    "cli_catalogue": (
        "手工编写的数据目录（JSON）；不给则由分类器提出，逐列待人确认",
        "a catalogue made by hand (JSON); without one the classifier proposes, and every column waits for a "
        "person",
    ),
    "cli_contract": (
        "数据契约（YAML）；不给则沿用现有的，或按数据类型起草",
        "the data contract (YAML); without one that in use goes on, or the data's types make one",
    ),
    "cli_epsilon_cap": ("该时期隐私预算 ε 的上限", "cap on ε for the period's people"),
    "cli_delta_cap": ("该时期隐私预算 δ 的上限", "cap on δ for the period's people"),
    "cli_card": ("对方部门的名片文件", "the other department's card"),
    "cli_fingerprint": (
        "对方当面或电话告知的指纹",
        "the fingerprint that the other steward told you in person or by telephone",
    ),
    "cli_order_file": ("订单文件", "the order file"),
    "cli_superlink": ("SuperLink 地址（主机:端口）", "address of the SuperLink (host:port)"),
    "cli_until_eof": ("标准输入关闭时结束", "end when standard input closes"),
    "cli_job_init": ("建立中心的密钥和日志，输出名片", "make the centre's keys and log, and print its card"),
    "cli_job_cost": ("下订单之前，先看隐私代价和噪声", "say what an order would cost before anyone is asked"),
    "cli_job_order": ("写出并签名一份订单", "write and sign an order"),
    "cli_job_superlink": (
        "在本机运行 Flower SuperLink，直到 Ctrl-C",
        "run Flower's SuperLink on this machine until Ctrl-C",
    ),
    "cli_superlink_database": (
        "将 SuperLink 的状态存入数据库文件（默认只在内存中；每步更慢）",
        "keep the SuperLink's state in a database file (by default in memory alone; steps take longer)",
    ),
    "cli_superlink_network": (
        "在本机的所有地址上监听，供其他机器连接；默认仅限本机",
        "listen at all addresses of this machine, for others to reach; by default for itself alone",
    ),
    "cli_superlink_name": (
        "各部门连接时所用的主机名或 IP 地址，可多次给出",
        "host name or IP address that departments call it by; may be given several times",
    ),
    "cli_superlink_port": ("SuperLink 的端口", "the SuperLink's port"),
    "cli_superlink_dir": (
        "存放 SuperLink 日志（及 --database 时的数据库）的目录",
        "folder for the SuperLink's log (and database, with --database)",
    ),
    "cli_answers": (
        "每个部门回答多少步（默认由人数、维度和 ε 决定）",
        "steps that each department answers (default: from head-count, dimension and ε)",
    ),
    "cli_sample_rate": (
        "每一步各部门让每人以多大机会参加，且不告诉任何人是谁（默认 1：全体参加）",
        "chance with which each person is in a step; nobody learns who is (default 1: everybody)",
    ),
    "cli_out": ("写入此文件（默认输出到屏幕）", "write to this file (default: standard output)"),
    "cli_job_run": ("通过 SuperLink 运行一份订单", "run an order over a SuperLink"),
    "cli_job_forks": (
        "列出与日志相矛盾的事件：写出它们的部门签署了两段历史",
        "list events that contradict the log: their writers have two histories",
    ),
    "job_forks": ("与日志相矛盾的事件：{count} 条。", "Events that contradict the log: {count}."),
    "cli_centre": ("中心目录", "the centre's folder"),
    "cli_model": ("模型说明（JSON）", "the model's specification (JSON)"),
    "cli_epsilon": ("订单的 ε", "the order's ε"),
    "cli_delta": ("订单的 δ（默认 1e-5）", "the order's δ (default 1e-5)"),
    "cli_collusion": (
        "容忍多少个部门串通（默认 1）",
        "how many colluding departments are tolerated (default 1)",
    ),
    "cli_departments": ("参加部门数", "number of departments"),
    "cli_people": ("名义总人数", "nominal head-count of all departments"),
    "cli_department": (
        "部门名片和名义人数（可重复）",
        "a department's card and nominal head-count (repeatable)",
    ),
    "cli_purpose": ("用途", "the purpose"),
    "cli_legal_basis": ("合法性基础", "the legal basis"),
    "cli_job_out": ("输出目录", "folder for the results"),
    "cli_audit_verify": (
        "离线核验证据文件；仅当证据成立时返回 0",
        "verify a bundle offline; exits 0 only if it is proven",
    ),
    "cli_audit_bundle": ("证据文件", "the bundle"),
    "cli_audit_fsck": (
        "从数据行重新核验整个日志：事件、链接、树、检查点",
        "check a whole log from its rows: events, chains, tree, checkpoints",
    ),
    "cli_audit_log_file": (
        "日志：文件（log.sqlite），或 PostgreSQL 地址（postgresql://…）",
        "the log: a file (log.sqlite), or a PostgreSQL URL (postgresql://…)",
    ),
    "cli_audit_trust": (
        "写出信任文件：由审计员当面得到的名片，以及他对由谁保管的判断",
        "write a trust file from cards that the auditor was given in person",
    ),
    "cli_audit_department": (
        "部门名片，以及其见证由谁保管：operator 或 independent（可重复）",
        "a department's card and who keeps its witness: operator or independent (repeatable)",
    ),
    "cli_audit_trust_chain": (
        "链编号、合约地址，以及链由谁保管：operator 或 independent",
        "chain id, contract address, and who keeps the chain: operator or independent",
    ),
    "cli_audit_needed": (
        "至少需要多少个见证（默认过半数）",
        "how many witnesses must have cosigned (default: more than half)",
    ),
    "cli_audit_trust_file": (
        "信任文件（须来自证据以外的渠道）",
        "the trust file (it must come from elsewhere than the evidence)",
    ),
    "audit_trust_written": (
        "信任文件已写出。运营方指纹请当面核对：{fingerprint}",
        "The trust file is written. Compare the operator's fingerprint in person: {fingerprint}",
    ),
    "doctor_python": ("Python {version}（需要 3.11 以上）", "Python {version} (3.11 or newer is needed)"),
    "doctor_disk": ("磁盘剩余 {free_mb} MB", "{free_mb} MB of disk left"),
    "doctor_durable": ("磁盘可以可靠写入", "files here can be flushed to the disk"),
    "doctor_not_durable": (
        "当前目录无法可靠写入：{reason}",
        "files here cannot be flushed to the disk: {reason}",
    ),
    "doctor_extra": ("附加组件 {extra} 已安装", "the extra {extra} is installed"),
    "doctor_optional_missing": (
        "可选组件 {extra} 未安装，不影响使用；仅用于：{use}",
        "the optional extra {extra} is not installed, and need not be; it is for {use}",
    ),
    "doctor_use_postgres": ("把日志存放在 PostgreSQL 中", "a log in PostgreSQL"),
    "doctor_use_sm": ("国密 SM2、SM3 的日志", "a log under China's SM2 and SM3"),
    "doctor_use_hsm": ("用智能卡或加密机保管管理员的密钥", "stewards' keys in a smart card or HSM"),
    "doctor_extra_missing": (
        "附加组件 {extra} 未安装，缺少：{modules}",
        "the extra {extra} is not installed; missing: {modules}",
    ),
}
