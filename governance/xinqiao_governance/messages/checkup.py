"""Sentences of `xinqiao node doctor`: what is unsafe and why it matters, and what to do.

A finding's code is "checkup_<code>"; "checkup_<code>_do" stands before the commands to type.
"""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli_node_doctor": (
        "检查本部门现在有哪些不安全之处、该怎么办；不需要口令，给出口令则查得更细",
        "say what is unsafe here now, and what to do; it needs no passphrase, and sees more with one",
    ),
    "cli_doctor_passphrase": (
        "含有口令的文件；给出后还检查须打开才能看到的部分",
        "file with a passphrase; with it, what only an open home shows is looked at, too",
    ),
    # ---- the whole
    "checkup_head": (
        "{name}：不安全 {unsafe} 项，待办 {to_do} 项。",
        "{name}: {unsafe} unsafe, {to_do} to do.",
    ),
    "checkup_sound": (
        "{name}：没有发现不安全之处，也没有待办。",
        "{name}: nothing unsafe was found, and nothing is left to do.",
    ),
    "checkup_unsafe": ("不安全", "Unsafe"),
    "checkup_to_do": ("待办", "To do"),
    "checkup_fine": ("没有问题：{parts}。", "In order: {parts}."),
    "checkup_unseen": (
        "没有检查：{parts}。",
        "Not looked at: {parts}.",
    ),
    "checkup_unseen_do": (
        "有的部分要打开数据节点才能看到。请加上口令再查一次：",
        "Some parts show only in an open home. Look again with a passphrase:",
    ),
    "checkup_fill": (
        "命令中的大写英文词请换成实际内容。",
        "In the commands, words in capitals stand for your own.",
    ),
    # ---- parts
    "checkup_part_files": ("文件权限", "file permissions"),
    "checkup_part_leftovers": ("残留文件", "leftovers"),
    "checkup_part_disk": ("磁盘", "disk"),
    "checkup_part_memory": ("交换区与内存转储", "swap and core dumps"),
    "checkup_part_keys": ("管理员", "stewards"),
    "checkup_part_rotation": ("密钥更换", "key rotation"),
    "checkup_part_ages": ("密钥文件与账本是否同一时刻", "whether key file and book are of one moment"),
    "checkup_part_register": ("备份登记是否为本节点所写", "whether the register of backups is this node's"),
    "checkup_part_backups": ("备份的存放", "where backups lie"),
    "checkup_part_copies": ("备份是否最新", "how old backups are"),
    "checkup_part_clock": ("时钟", "clock"),
    "checkup_part_log": ("与存证日志对账", "the log"),
    "checkup_part_policy": ("策略", "policy"),
    "checkup_part_grants": ("授权", "grants"),
    "checkup_part_columns": ("各列的确认", "confirmed columns"),
    "checkup_part_table": ("数据表与数据契约", "table and contract"),
    "checkup_part_schedule": ("定期读取", "scheduled reading"),
    "checkup_part_budget": ("隐私预算", "privacy budget"),
    # ---- files
    "checkup_home_open": (
        "本机其他用户能进入数据节点的文件夹，账本等文件可以被他们读走。",
        "Other users of this machine can enter the home, and read the book and more.",
    ),
    "checkup_home_open_do": ("请改为只有本用户可以访问：", "Keep it to its owner:"),
    "checkup_secrets_open": (
        "这些文件其他用户也有权限：{names}。复制走密钥文件的人，可以慢慢试口令。",
        "Others have rights on these files: {names}. Who copies the key file can try passphrases at leisure.",
    ),
    "checkup_secrets_open_do": ("请改为只有本用户可以访问：", "Keep them to their owner:"),
    "checkup_files_foreign": (
        "这些文件属于本机的另一个用户：{names}。其主人可以读取或替换它们。",
        "These files belong to another user of this machine, who can read or replace them: {names}.",
    ),
    "checkup_files_foreign_do": (
        "请查明原因，再收归数据节点的用户：",
        "Find out why, and give them back to the user of the home:",
    ),
    "checkup_parent_foreign": (
        "上级文件夹 {folder} 属于本机的另一个用户，此人能把整个数据节点换成别的。",
        "The folder {folder} above the home belongs to another user of this machine, who could put another "
        "home in its place.",
    ),
    "checkup_parent_foreign_do": (
        "请把它交给 root，或把数据节点移到别处：",
        "Give it to root, or move the home elsewhere:",
    ),
    "checkup_parent_open": (
        "其他用户可以改动上级文件夹 {folder}，能把整个数据节点换成别的。",
        "Others may change the folder {folder} above the home, and could put another home in its place.",
    ),
    "checkup_parent_open_do": ("请收回他人的写权限：", "Take away their right to write:"),
    "checkup_key_draft_left": (
        "密钥文件旁留有未写完的草稿 keys.json.new，其中可能有本应销毁的旧密钥。",
        "A draft lies beside the key file (keys.json.new). It may hold a key that was to be destroyed.",
    ),
    "checkup_key_draft_left_do": ("更换一次密钥，草稿随之清除：", "A new key takes the draft away:"),
    "checkup_supernode_keys_left": (
        "没有代理在运行，但传输密钥以明文留在 supernode/keys；拿到它的人可以冒充本部门连接中心。",
        "No agent runs, yet transport keys lie in supernode/keys in the clear. Who takes them can connect to "
        "the centre as this department.",
    ),
    "checkup_supernode_keys_left_do": (
        "请删除；下次启动时会重新生成：",
        "Delete them; the next start makes them again:",
    ),
    # ---- machine
    "checkup_disk_in_memory": (
        "数据节点放在内存文件系统（{kind}）上：一断电，账本和密钥就没有了，且无法找回。",
        "The home lies in memory ({kind}): when the machine goes down, its book and keys are gone for good.",
    ),
    "checkup_disk_in_memory_do": (
        "请先停止代理，再移到本机磁盘：",
        "Stop the agent, and move the home to a local disk:",
    ),
    "checkup_disk_remote": (
        "数据节点放在网络文件系统（{kind}）上：文件锁不可靠，账本可能损坏或重复记账。",
        "The home lies on a network file system ({kind}): locks do not hold there, and the book may break or "
        "count wrongly.",
    ),
    "checkup_disk_remote_do": (
        "请先停止代理，再移到本机磁盘：",
        "Stop the agent, and move the home to a local disk:",
    ),
    "checkup_disk_low": (
        "磁盘只剩 {free_mb} MB（宜在 {least_mb} MB 以上）：写满后不能导入，也不能再参加任务。",
        "Only {free_mb} MB of disk is left (below {least_mb} MB): when it is full, imports and jobs stop.",
    ),
    "checkup_disk_low_do": ("请腾出空间，再看一次：", "Make room, and look again:"),
    "checkup_swap_open": (
        "内存会换出到未见加密的 {names}：打开的密钥可能写到磁盘上，关机后仍在。",
        "Memory is swapped to {names}, which cannot be seen to be encrypted: open keys may be written there, "
        "and stay when the machine is off.",
    ),
    "checkup_swap_open_do": (
        "请管理员关闭交换区，或改用加密的交换区：",
        "Have swapping turned off, or the swap encrypted:",
    ),
    "checkup_cores_dumped": (
        "程序崩溃时，系统会把内存写成文件，其中可能有密钥和数据。",
        "If a program crashes, the system writes its memory to a file; keys and data may be in it.",
    ),
    "checkup_cores_dumped_do": (
        "请管理员关闭（并写入 /etc/sysctl.d，重启后仍有效）：",
        "Have it turned off, and keep that in /etc/sysctl.d for the next start:",
    ),
    # ---- keys and backups
    "checkup_one_steward": (
        "只有一位管理员：降级和更换策略须两人办理，现在办不了；忘记口令，数据就再也打不开。",
        "There is one steward only. Lowering a tier or changing the policy takes two, and if this "
        "passphrase is "
        "forgotten, nobody opens the data again.",
    ),
    "checkup_one_steward_do": ("请再添加一位：", "Add another:"),
    "checkup_rotation_open": (
        "更换密钥中途停下，旧密钥还在：被取消的管理员或已删除的人员的旧数据仍可能被打开。",
        "A new key was begun and not finished, and the old one is still there: it opens what a removed "
        "steward "
        "or a deleted person was to be safe from.",
    ),
    "checkup_rotation_open_do": ("请把它做完：", "Finish it:"),
    "checkup_key_file_older": (
        "密钥文件比账本旧：有人放回了旧的一份，它打不开之后写入的任何内容。",
        "The key file is older than the book: an old copy was put back, and opens nothing written since.",
    ),
    "checkup_key_file_older_do": (
        "请放回最新的密钥文件；若没有，请把它移开，再从备份恢复"
        "（数据表打不开时，再用 --from 给出备份的文件夹）：",
        "Put the newest key file back; if there is none, move this one away and restore a backup's (if it "
        "does not open the table, with the backup's folder as --from):",
    ),
    "checkup_book_older": (
        "账本比密钥文件旧：有人放回了旧的一份，其后花费的预算、删除和登记的备份都不在其中。",
        "The book is older than the key file: an old copy was put back, and knows nothing of the budget "
        "spent, the people deleted and the backups made since.",
    ),
    "checkup_book_older_do": (
        "请放回最新的账本，任何备份都不含账本；若没有，请新建数据节点：",
        "Put the newest book back; no backup holds one. If there is none, make a new home:",
    ),
    "checkup_book_former": (
        "账本属于旧版本，尚未升级；本命令不改动任何内容，所以没有查看账本。",
        "The book is of an earlier form. This command changes nothing, so it did not look at it.",
    ),
    "checkup_book_former_do": (
        "任何一条使用账本的命令都会将其升级，例如：",
        "Every command that uses the book brings it up to date, for one:",
    ),
    "checkup_backup_behind": (
        "备份 {folder} 仍用旧密钥（密钥副本 {keys}）：其中可能还有已删除的人员，被取消的管理员也可能打开它。",
        "The backup {folder} is still under an old key (copy: {keys}). It may hold people who were "
        "deleted, and "
        "open to a steward who was taken out.",
    ),
    "checkup_backup_behind_do": (
        "请接上存放它的介质后更新；如已销毁，请用第二条命令声明。密钥文件刚被放回过的，请先带口令再查一次：",
        "Bring it within reach and renew it; if it is destroyed, say so with the second command. If the key "
        "file was put back, first look again with a passphrase:",
    ),
    "checkup_backup_stewards": (
        "备份 {folder} 的密钥副本 {keys} 早于最近一次添加管理员：新管理员用它打不开。",
        "The copy of the keys of the backup {folder}, {keys}, was written before a steward was added, who "
        "cannot open it.",
    ),
    "checkup_backup_stewards_do": ("请接上存放它的介质后更新：", "Bring it within reach and renew it:"),
    "checkup_backup_changed": (
        "备份 {folder} 或密钥副本 {keys} 的原处已不是节点所写的内容：那份备份可能在别处，其密钥不会更新。",
        "What lies at {folder} or {keys} is not what the node wrote there: that backup may be elsewhere, "
        "with keys that are never renewed.",
    ),
    "checkup_backup_changed_do": (
        "请把它接回原处；或找到并销毁，清空原处，再声明：",
        "Bring it back; or find and destroy it, clear the place, and say so:",
    ),
    "checkup_backup_beside_keys": (
        "备份 {folder} 和密钥副本 {keys} 在同一处：谁拿到这块磁盘，谁就可以慢慢试口令。",
        "The backup {folder} and its copy of the keys, {keys}, lie together: who gets this disk can try "
        "passphrases at leisure.",
    ),
    "checkup_backup_beside_keys_do": (
        "请另做一份，两者放在不同磁盘；再销毁这一份并声明：",
        "Make another, on two disks; then destroy this one and say so:",
    ),
    "checkup_backup_same_disk": (
        "备份 {folder} 与数据节点在同一块磁盘：磁盘一坏，两者同时丢失。",
        "The backup {folder} is on the home's own disk: if that fails, both are lost.",
    ),
    "checkup_backup_same_disk_do": ("请在另一块磁盘上再做一份：", "Make another on another disk:"),
    "checkup_register_new": (
        "备份登记于 {when} 重新建立：此前的备份若未列出，不会随之更新，其中可能还有已删除的人员。",
        "The register of backups was begun anew on {when}: an earlier backup that it does not list is never "
        "renewed, and may hold people who were deleted.",
    ),
    "checkup_register_new_do": (
        "请找到并销毁未列出的备份，再声明：",
        "Find and destroy what is not listed, then say so:",
    ),
    "checkup_backup_none": (
        "没有备份：磁盘一坏，数据表和密钥都会丢失。",
        "There is no backup: if the disk fails, table and keys are lost.",
    ),
    "checkup_backup_none_do": (
        "请备份；密钥副本放在另一处：",
        "Make one, with the copy of the keys in another place:",
    ),
    "checkup_backup_old": (
        "备份 {folder} 写于 {when}，其中不是现在的数据表：用它恢复不了现在的数据。",
        "The backup {folder} was written at {when} and does not hold the present table: it does not bring "
        "that back.",
    ),
    "checkup_backup_old_do": ("请更新：", "Renew it:"),
    # ---- book
    "checkup_clock_behind": (
        "本机时钟是 {when}，而账本已记到 {newest}：时钟偏慢时，到期的授权还会有效。",
        "This machine's clock says {when}, and the book was written at {newest}: while the clock is behind, "
        "grants that have ended count as valid.",
    ),
    "checkup_clock_behind_do": (
        "请校准时钟；若现在是准的，说明以前偏快过，过了那一时刻即可：",
        "Set the clock; if it is right, it ran ahead before, and this passes:",
    ),
    "checkup_alarm_open": (
        "存证日志与本部门的记录有 {count} 处矛盾待核实：{why}核实之前，暂停使用核心隐私。",
        "The log contradicts this department's own record, and nobody has looked into it (open alarms: "
        "{count}). {why} Until then core data is not used.",
    ),
    "checkup_alarm_open_do": (
        "请保存证据（第一条命令），向运营方和审计核实，再确认：",
        "Keep the evidence (first command), ask operator and auditor, then acknowledge:",
    ),
    "checkup_log_out_of_reach": (
        "有 {events} 条记录迟迟没有送达存证日志：核心隐私已停止使用。",
        "{events} events wait for the log, too many or too long: core data is no longer used.",
    ),
    "checkup_log_out_of_reach_do": ("请让代理保持运行：", "Let the agent run:"),
    "checkup_reconcile_overdue": (
        "已超过两天没有与存证日志对账：它若丢了本部门的记录，现在发现不了。",
        "The journal was not compared with the log for more than two days: if the log lost events, nobody "
        "would notice.",
    ),
    "checkup_reconcile_overdue_do": (
        "请让代理保持运行；若一直在运行，请联系运营方：",
        "Let the agent run; if it does, ask the operator:",
    ),
    "checkup_policy_missing": (
        "尚未采用策略，一切请求都会被拒绝。",
        "No policy is in use: everything is refused.",
    ),
    "checkup_policy_missing_do": (
        "请一位管理员提出，另一位批准：",
        "One steward proposes it, another approves:",
    ),
    "checkup_policy_unreadable": (
        "现用策略无法读取，一切请求都会被拒绝。",
        "The policy in use cannot be read: everything is refused.",
    ),
    "checkup_policy_unreadable_do": (
        "请一位管理员重新提出，另一位批准：",
        "One steward proposes one again, another approves:",
    ),
    "checkup_policy_waits": (
        "一份新策略（{digest}）等待另一位管理员批准；批准之前，旧策略仍然有效。",
        "A new policy ({digest}) waits for another steward; until then the old one holds.",
    ),
    "checkup_policy_waits_do": (
        "由另一位管理员查看改动，同意的话再批准：",
        "Another steward sees what it changes, and approves it or not:",
    ),
    "checkup_grant_over": (
        "授权 {digest} 已于 {when} 到期，不再有效，但仍留在账本中。",
        "The grant {digest} ended {when}. It is worth nothing, but still in the book.",
    ),
    "checkup_grant_over_do": ("请收回：", "Take it back:"),
    "checkup_grant_ends": (
        "授权 {digest} 将于 {when} 到期，到期后即不能使用。",
        "The grant {digest} ends {when}; from that second on it is refused.",
    ),
    "checkup_grant_ends_do": ("确有需要的，请重新授权：", "If it is still needed, give it again:"),
    "checkup_grant_long": (
        "授权 {digest} 允许查看原始数据直到 {when}，超过 90 天：时间越长，越难说清是否仍有必要。",
        "The grant {digest} lets somebody see rows until {when}, for more than 90 days: nobody can say "
        "that it "
        "will be needed for so long.",
    ),
    "checkup_grant_long_do": ("请收回，改为较短的期限：", "Take it back, and give it for a shorter time:"),
    "checkup_columns_unconfirmed": (
        "有 {count} 列尚未经人确认：按核心隐私处理，任何任务都不能使用。",
        "{count} column(s) wait for a person: they are handled as core, and no job uses them.",
    ),
    "checkup_columns_unconfirmed_do": ("请查看并逐列确认：", "See which, and confirm them:"),
    "checkup_columns_unconfirmed_named": (
        "有 {count} 列尚未经人确认（{names}）：按核心隐私处理，任何任务都不能使用。",
        "{count} column(s) wait for a person ({names}): they are handled as core, and no job uses them.",
    ),
    "checkup_columns_unconfirmed_named_do": ("请查看并逐列确认：", "See what is proposed, and confirm them:"),
    "checkup_lowering_waits": (
        "有 {count} 项降级申请等待第二人确认；在此之前仍按较高分级处理。",
        "{count} request(s) to lower a tier wait for a second person; until then the higher tier holds.",
    ),
    "checkup_lowering_waits_do": (
        "请另一位管理员核对；同意的，用同样的内容确认：",
        "Another steward looks, and confirms in the same words:",
    ),
    "checkup_lowering_waits_named": (
        "有 {count} 项降级申请等待第二人确认（{names}）；在此之前仍按较高分级处理。",
        "{count} request(s) to lower a tier wait for a second person ({names}); until then the higher tier "
        "holds.",
    ),
    "checkup_lowering_waits_named_do": (
        "请另一位管理员核对；同意的，用同样的内容确认：",
        "Another steward looks, and confirms in the same words:",
    ),
    "checkup_budget_low": (
        "隐私预算快用完了：共 ε {cap}，只剩 {left}；用完后，一切任务都会被拒绝。",
        "The privacy budget is nearly spent: ε {left} of {cap} is left, and then every job is refused.",
    ),
    "checkup_budget_low_do": (
        "预算不能提高。批准之前，请先看每份订单的花费：",
        "It cannot be raised. See what each order costs before you approve:",
    ),
    "checkup_budget_period_low": (
        "周期 {period} 的隐私预算快用完了：共 ε {cap}，只剩 {left}；用完后，一切任务都会被拒绝。",
        "The budget of the period {period} is nearly spent: ε {left} of {cap} is left, and then every job is "
        "refused.",
    ),
    "checkup_budget_period_low_do": (
        "预算不能提高。批准之前，请先看每份订单的花费：",
        "It cannot be raised. See what each order costs before you approve:",
    ),
    "checkup_budget_year_low": (
        "{year} 年的隐私预算快用完了：共 ε {cap}，只剩 {left}；用完后，今年的任务都会被拒绝。",
        "The budget of the year {year} is nearly spent: ε {left} of {cap} is left, and then every job of "
        "this year is refused.",
    ),
    "checkup_budget_year_low_do": (
        "预算不能提高。批准之前，请先看每份订单的花费：",
        "It cannot be raised. See what each order costs before you approve:",
    ),
    # ---- table
    "checkup_table_gone": (
        "现用的数据表不在原处，或已被换成别的版本：任务无法使用它。",
        "The table in use is not in its place, or another version is: no job can use it.",
    ),
    "checkup_table_gone_do": ("请恢复，或重新导入：", "Put it back, or import it again:"),
    "checkup_contract_broken": (
        "数据表不符合其数据契约（例如删除人员之后）：任务暂不使用它。",
        "The table does not hold its contract, perhaps since a person was deleted: no job uses it.",
    ),
    "checkup_contract_broken_do": ("请重新导入：", "Import it again:"),
    "checkup_table_old": (
        "数据已过时：按数据契约只到 {day} 为止，任务暂不使用它。",
        "The data is too old: by its contract it was fresh until {day}, and no job uses it.",
    ),
    "checkup_table_old_do": ("请导入新的数据：", "Import newer data:"),
    "checkup_refresh_failed": (
        "{when} 定期读取失败，仍在使用旧数据。原因：{why}",
        "Reading the source failed on {when}, and the old data is still in use: {why}",
    ),
    "checkup_refresh_failed_do": (
        "请修好来源后再读一次；不再需要的，用第二条命令停止：",
        "Mend the source and read it again; if it is needed no more, stop it with the second command:",
    ),
    "checkup_refresh_overtaken": (
        "之后又手工导入过数据，定期读取已不再进行。",
        "Somebody imported by hand since, so the source is read no more on its schedule.",
    ),
    "checkup_refresh_overtaken_do": (
        "如仍需要，导入时再用 --every 指定；否则停止：",
        "Import with --every again if it is still needed; else end it:",
    ),
    "checkup_refresh_overdue": (
        "定期读取本应在 {when} 进行，至今没有：现用的数据可能已经过时。",
        "The source was to be read on {when}, and was not: the data in use may be out of date.",
    ),
    "checkup_refresh_overdue_do": (
        "请运行，并交给系统的定时任务；不再需要的，用第二条命令停止：",
        "Run it, and let the machine's scheduler do so; if it is needed no more, stop it with the second:",
    ),
    # ---- damage
    "checkup_version_other": (
        "有文件由另一版本的程序写成，这一部分没有检查：{why}",
        "Another version of the program wrote a file, and it was not looked at: {why}",
    ),
    "checkup_version_other_do": ("请换用那个版本再查一次：", "Look again with that version:"),
    "checkup_damaged_files": (
        "数据节点的文件夹无法读取：{why}",
        "The home's folder cannot be read: {why}",
    ),
    "checkup_damaged_files_do": (
        "请换成它所属的用户运行，或检查磁盘：",
        "Run this as the user whom it belongs to, or have the disk checked:",
    ),
    "checkup_damaged_keys": (
        "密钥文件丢失或已损坏，没有它，数据打不开：{why}",
        "The key file is lost or damaged, and without it the data does not open: {why}",
    ),
    "checkup_damaged_keys_do": (
        "请从备份的密钥副本恢复；若数据表也不在了，请再用 --from 给出备份的文件夹：",
        "Put it back from a backup's copy of the keys; if the table is gone, too, give the backup's folder "
        "with --from as well:",
    ),
    "checkup_damaged_home": (
        "部门自己的身份、见证或策略用这把密钥打不开：已丢失、损坏或被换过。{why}",
        "The department's own identity, witness file or policy does not open under these keys: it is lost, "
        "damaged or another's. {why}",
    ),
    "checkup_damaged_home_do": (
        "请先停用代理并检查磁盘；确已丢失的，只能另建节点：",
        "Stop the agent and have the disk checked; if it is lost, only a new home helps:",
    ),
    "checkup_damaged_book": (
        "账本无法读取，花费过多少预算无从得知，节点不能再用：{why}",
        "The book cannot be read: what was spent is not known, and the node cannot be used. {why}",
    ),
    "checkup_damaged_book_do": (
        "请先停用代理并检查磁盘；不要放回旧账本，那会忘掉已花的预算。确已丢失的，另建节点：",
        "Stop the agent and have the disk checked. Put no older book in its place: it would forget what was "
        "spent. If it is lost, make a new home:",
    ),
    "checkup_damaged_backups": (
        "备份登记不可用：在重新建立之前，不能更换密钥，也不能删除任何人。{why}",
        "The register of backups is of no use: before a new one is begun no key is changed and nobody "
        "deleted. {why}",
    ),
    "checkup_damaged_backups_do": (
        "请重新建立登记，在新的位置备份，并销毁旧备份：",
        "Begin a new one, make a backup in a new place, and destroy the old ones:",
    ),
    "checkup_damaged_table": (
        "数据表已损坏，或不属于这把密钥：{why}",
        "The table is damaged, or not of these keys: {why}",
    ),
    "checkup_damaged_table_do": ("请从备份恢复：", "Put it back from a backup:"),
    "checkup_damaged_schedule": (
        "定期读取的设置已损坏，来源不会再被读取：{why}",
        "The schedule is damaged, and the source is read no more: {why}",
    ),
    "checkup_damaged_schedule_do": (
        "请停止它，再用 --every 重新导入：",
        "Stop it, and import again with --every:",
    ),
}
