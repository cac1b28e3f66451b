"""Sentences about keys: who opens a home, rotation, backups, and deleting a person."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli_keys": ("密钥、管理员、备份与个人数据删除", "keys, stewards, backups, and deleting a person"),
    "cli_keys_show": (
        "查看谁能打开密钥，有哪些备份",
        "show who can open the keys, and which backups there are",
    ),
    "cli_keys_rotate": (
        "更换数据存储的密钥：重新封装全部数据密钥，不改写数据，随后销毁旧密钥",
        "give the store a new key: data keys are sealed anew, no data is rewritten, the old key is destroyed",
    ),
    "cli_keys_add-steward": (
        "让另一位管理员用自己的口令或令牌打开密钥",
        "let one more steward open the keys, with a passphrase or a token of their own",
    ),
    "cli_keys_remove-steward": (
        "取消一位管理员，并更换数据存储的密钥",
        "take a steward out, and give the store a new key",
    ),
    "cli_keys_delete-person": (
        "把一个人从数据表及所有已登记的备份中删除，并销毁旧密钥",
        "delete a person from the table and from every registered backup, and destroy the old keys",
    ),
    "cli_keys_backup": (
        "备份加密的数据表；密钥文件的副本放在别处",
        "back up the encrypted table, and a copy of the key file in another place",
    ),
    "cli_keys_restore": (
        "把备份放回账本仍在的数据节点",
        "put a backup back into a home that still has its book",
    ),
    "cli_pkcs11": (
        "用 PKCS#11 令牌打开：厂商程序库的路径；口令即令牌的 PIN",
        "open with a PKCS#11 token: path of the vendor's library; the passphrase is then the token's PIN",
    ),
    "cli_first_steward": (
        "第一位管理员的姓名，口令归其所有（默认 steward）",
        "name of the first steward, whose passphrase this is (by default steward)",
    ),
    "cli_store_suite": (
        "加密数据表的套件（默认 aes-256-gcm）",
        "cipher suite of the tables (by default aes-256-gcm)",
    ),
    "cli_keys_name": ("管理员的姓名", "name of the steward"),
    "cli_keys_new_passphrase": (
        "含有新管理员口令（或令牌 PIN）的文件",
        "file with the new steward's passphrase (or the token's PIN)",
    ),
    "cli_keys_new_pkcs11": (
        "由 PKCS#11 令牌为其生成并保管私钥：厂商程序库的路径",
        "have a PKCS#11 token make and keep this steward's private key: path of the vendor's library",
    ),
    "cli_keys_token": ("令牌的标签", "label of the token"),
    "cli_keys_person_file": (
        "含有要删除的人的人员标识的文件，只有一行；不给出时从标准输入读取，排在口令之后",
        "file with the id of the person to delete, on one line; without it the id is read from standard "
        "input, after the passphrase",
    ),
    "cli_keys_person_name": (
        "此人作为操作人时用的姓名，如有，一并遗忘",
        "name under which this person acted, if so: it is forgotten, too",
    ),
    "cli_keys_out": ("存放加密数据表的文件夹", "folder for the encrypted table"),
    "cli_keys_copy": (
        "密钥文件副本的位置，须在该文件夹之外",
        "where the copy of the key file goes: outside that folder",
    ),
    "cli_keys_destroyed": (
        "声明此文件夹的备份及其密钥副本已经销毁",
        "declare that the backup in this folder and its copy of the keys are destroyed",
    ),
    "cli_keys_new_register": (
        "备份登记丢失、损坏或属于旧版本时，重新建立登记；仍能读到的备份一律记为待更新",
        "begin a new register of backups where the old one is lost, damaged or an earlier version's; what "
        "it still tells is taken over, each backup as one to renew",
    ),
    "cli_keys_others_destroyed": (
        "声明未列入新登记的备份均已销毁",
        "declare that every backup that a new register does not list is destroyed",
    ),
    "cli_keys_from": (
        "备份所在的文件夹；仅密钥文件丢失时不需要",
        "folder of the backup; not needed where the key file alone was lost",
    ),
    "cli_keys_from_copy": (
        "密钥文件的副本，用于密钥文件已丢失的情况",
        "copy of the key file, where the home lost its own",
    ),
    "keys_new_passphrase": ("新管理员的口令：", "Passphrase of the new steward: "),
    "keys_new_pin": ("新管理员令牌的 PIN：", "PIN of the new steward's token: "),
    "keys_steward_passphrase": ("管理员 {name}：口令", "Steward {name}: by a passphrase"),
    "keys_steward_pkcs11": ("管理员 {name}：PKCS#11 令牌", "Steward {name}: by a PKCS#11 token"),
    "keys_backup": ("备份 {folder}：与当前密钥一致", "Backup {folder}: under the present key"),
    "keys_behind": (
        "待办：备份 {folder} 及其密钥副本 {keys} 仍用旧密钥，或原处已不是节点所写的内容。"
        "请把原来的备份接回原处，再次运行 xinqiao keys backup；"
        "若已销毁，请运行 xinqiao keys backup --destroyed。",
        "Open duty: the backup {folder} with its copy of the keys, {keys}, is under an older key, or "
        "something else lies in its place. Bring the very backup back there and run xinqiao keys backup for "
        "it again, or, if it is destroyed, say so with xinqiao keys backup --destroyed.",
    ),
    "keys_copy_outdated": (
        "待办：备份 {folder} 的密钥副本 {keys} 早于最近一次添加管理员，新管理员用它打不开。"
        "请接回原处，再次运行 xinqiao keys backup。",
        "Open duty: the copy of the keys of the backup {folder}, {keys}, was written before a steward was "
        "added, who cannot open it. Bring it back there and run xinqiao keys backup for it again.",
    ),
    "keys_register_new": (
        "待办：备份登记于 {when} 重新建立。此前的备份若未列出，不会随之更新：请找到并销毁，再运行 "
        "xinqiao keys backup --others-destroyed。",
        "Open duty: the register of backups was begun anew on {when}. An earlier backup that it does not "
        "list is never renewed: find and destroy it, then run xinqiao keys backup --others-destroyed.",
    ),
    "keys_others_destroyed": (
        "已写入日志：没有未列出的备份。",
        "The journal says so: there is no backup that is not listed.",
    ),
    "keys_rotated": (
        "密钥已更换，旧密钥已销毁。",
        "The store has a new key; the old one is destroyed.",
    ),
    "keys_added": (
        "已添加。现在有 {count} 位管理员能打开密钥。",
        "Added. There are now {count} stewards who can open the keys.",
    ),
    "keys_removed": (
        "已取消，密钥已更换。",
        "Taken out; the store has a new key.",
    ),
    "keys_deleted": (
        "已删除此人的 {rows} 行数据；旧密钥已销毁，已花费的隐私预算不变。",
        "Deleted {rows} rows of this person. The old keys are destroyed; what was spent stays spent.",
    ),
    "keys_contract_open": (
        "删除后的数据表不再符合其数据契约（或此前未核验）：下次导入之前，任务不会使用它。",
        "Without this person the table does not hold its contract, or was never found to: no job uses it "
        "before the next import.",
    ),
    "keys_backed_up": (
        "已备份到 {folder}；密钥副本在 {keys}。请分开保管。",
        "Backed up to {folder}; the copy of the keys is {keys}. Keep them apart.",
    ),
    "keys_given_up": (
        "已从登记中移除，并写入日志。",
        "Taken off the register; the journal says so.",
    ),
    "keys_restored": (
        "已恢复。数据表有 {rows} 行，能打开密钥的管理员：{names}。",
        "Restored. The table has {rows} rows; stewards who can open the keys: {names}.",
    ),
    "keys_restored_alone": (
        "现在只有 {name} 能打开密钥。若副本早于最近一次更换密钥，其他管理员不予保留：其中可能有人已被取消。"
        "请用 xinqiao keys add-steward 重新添加。",
        "Now {name} alone can open the keys. Of a copy from before the last rotation nobody else is kept: "
        "somebody may have been taken out since. Add others anew with xinqiao keys add-steward.",
    ),
    "keys_unregistered": (
        "待办：{path} 没有登记，节点不会更新它：旧密钥仍能打开其中的内容。请将其销毁。",
        "Open duty: {path} is not registered, so the node never renews it, and its old keys open it. "
        "Destroy it.",
    ),
    "keys_in_memory": (
        "此数据节点的密钥只在内存中，没有密钥文件。",
        "The keys of this node are in memory alone; there is no key file.",
    ),
    "key_epoch_gone": (
        "无法打开 {label}：它所用的密钥已经销毁，或属于别的数据节点。",
        "Cannot open the sealed {label}: its key was destroyed, or is another node's.",
    ),
    "key_file_older": (
        "密钥文件比账本旧：有人放回了旧的一份。请放回最新的密钥文件；若没有，请把它移开，"
        "再用 xinqiao keys restore --keys 从备份恢复。",
        "The key file is older than the book: an old copy was put back. Put the newest back; if there is "
        "none, move this one away and run xinqiao keys restore with --keys.",
    ),
    "book_older": (
        "账本比密钥文件旧：有人放回了旧的一份，其后花费的预算和删除的人员都不在其中。请放回最新的账本。",
        "The book is older than the key file: an old copy was put back, which knows nothing of the budget "
        "spent and the people deleted since. Put the newest back.",
    ),
    "book_former": (
        "账本属于旧版本，尚未升级。",
        "The book is of an earlier form and was not brought up to date.",
    ),
    "passphrase_wrong_slot": ("口令错误。", "The passphrase is wrong."),
    "steward_unknown": (
        "密钥文件 {path} 中没有这位管理员，或其用的不是这种方式（口令或令牌）。",
        "The key file {path} has no such steward, or none who opens it in this way (passphrase or token).",
    ),
    "steward_unknown_name": (
        "没有以此姓名登记的管理员。",
        "No steward is known by this name.",
    ),
    "steward_known": (
        "这位管理员已经能打开密钥；要更换口令，请先取消再添加。",
        "This steward can open the keys already. To change a passphrase, take the steward out and add again.",
    ),
    "steward_alike": (
        "已有一位管理员，其姓名与此仅有大小写、全角半角或空格之别，难以分辨。请换一个写法。",
        "There is a steward whose name differs from this in letter case, width or spaces alone, and nobody "
        "could tell the two apart. Choose another.",
    ),
    "steward_last": (
        "这是最后一位能打开密钥的管理员，不能取消。",
        "This is the last steward who can open the keys, and stays.",
    ),
    "steward_removed": (
        "打开密钥文件 {path} 的管理员已被取消。",
        "The steward who opened the key file {path} was taken out since.",
    ),
    "steward_needed": (
        "密钥文件中有多个令牌，请用 --steward 指明是谁。",
        "The key file knows several tokens: say with --steward whose.",
    ),
    "stewards_many": ("最多只能有 {most} 位管理员。", "There can be at most {most} stewards."),
    "token_unnamed": ("请用 --token 指明令牌。", "Name the token with --token."),
    "token_pin_wrong": (
        "令牌 {token} 不接受此 PIN，或已锁定。",
        "The token {token} does not take this PIN, or is locked.",
    ),
    "token_unusable": (
        "令牌 {token} 无法使用（{reason}）。",
        "The token {token} cannot be used ({reason}).",
    ),
    "token_key_differs": (
        "令牌 {token} 中的密钥不是密钥文件所登记的那一个。",
        "The key in the token {token} is not the one that the key file names.",
    ),
    "store_suite_differs": (
        "数据集 {dataset} 的列 {column} 所用的加密套件与其清单声明的不同，已拒绝读取。",
        "The column {column} of {dataset} is under another cipher suite than its manifest declares, and is "
        "not read.",
    ),
    "person_unknown": (
        "数据表中没有此人，账本也没有此人的密钥。",
        "The table does not hold such a person, and the book holds no key of theirs.",
    ),
    "keys_person_prompt": ("要删除的人的人员标识：", "Id of the person to delete: "),
    "passphrase_file_open": (
        "注意：{path} 中有口令，而本机其他用户可以读取或替换它。请运行 chmod go= {path}，并更换口令。",
        "Take care: others on this machine may read or replace {path}, which holds a passphrase. Run chmod "
        "go= {path}, and change the passphrase.",
    ),
    "table_missing": (
        "数据表不在原处，没有更换密钥：备份中可能是仅存的一份，仍用现有密钥。"
        "请先用 xinqiao keys restore 恢复，或重新导入。",
        "The table is not in its place, and no key was changed: a backup may hold the only copy, under the "
        "present key. Put it back with xinqiao keys restore, or import it again.",
    ),
    "person_typed": (
        "人员标识不能写在命令行上：他人看得到，也会留在历史记录中。请放在文件中用 --person-file 给出，"
        "或从标准输入给出，并清除历史记录。用法见 {program} --help。",
        "An id is not typed on the command line: others see it, and it stays in the history, from which you "
        "should clear it. Give it with --person-file or on standard input. See {program} --help.",
    ),
    "person_lines": (
        "人员标识必须是一行，且不能为空。没有删除任何人。",
        "The id must be one line, and not empty. Nobody was deleted.",
    ),
    "person_unreadable": (
        "无法读取含有人员标识的文件，或其不是 UTF-8 文本。没有删除任何人。",
        "The file with the id cannot be read, or is no UTF-8 text. Nobody was deleted.",
    ),
    "backup_what": (
        "请同时给出 --out 和 --keys，或只给出 --destroyed、--new-register、--others-destroyed 之一。",
        "Give --out and --keys together, or one of --destroyed, --new-register and --others-destroyed alone.",
    ),
    "backups_missing": (
        "账本中的备份登记不见了：不更换密钥，也不删除任何人，否则旧备份会被遗漏。请恢复账本；"
        "若无法恢复，请运行 xinqiao keys backup --new-register。",
        "The book has lost its register of backups: nothing is rotated and nobody deleted, or a backup would "
        "be left out. Put the right book back; if there is none, run xinqiao keys backup --new-register.",
    ),
    "backups_unproven": (
        "账本中的备份登记已损坏、被改动，或被换回了旧的一份：不更换密钥，也不删除任何人，否则旧备份会被遗漏。"
        "请恢复账本；若无法恢复，请运行 xinqiao keys backup --new-register。",
        "The register of backups in the book is damaged, was changed, or is an earlier one put back: nothing "
        "is rotated and nobody deleted, or a backup would be left out. Put the right book back; if there is "
        "none, run xinqiao keys backup --new-register.",
    ),
    "backups_former": (
        "备份登记（backups.json）属于旧版本，没有封存。请核对其内容，"
        "再用 xinqiao keys backup --new-register 接收。",
        "The register of backups (backups.json) is an earlier version's and proves nothing. Look through it, "
        "then take it over with xinqiao keys backup --new-register.",
    ),
    "register_whole": (
        "备份登记完好，没有什么可重建或声明的。",
        "The register of backups is whole: there is nothing to begin anew or to declare.",
    ),
    "backup_inside_home": (
        "备份不能放在数据节点自己的文件夹内。",
        "A backup does not go into the home's own folder.",
    ),
    "backup_keys_beside": (
        "密钥副本不能放在备份文件夹内：两者合在一起，谁都可以尝试口令。",
        "The copy of the keys does not go into the backup's folder: who finds both can try passphrases.",
    ),
    "backup_file_exists": (
        "{path} 已存在，且不是已登记的密钥副本。",
        "{path} exists and is not a registered copy of the keys.",
    ),
    "backup_folder_used": (
        "{path} 不是空文件夹，也不是已登记的备份。",
        "{path} is not an empty folder, nor a registered backup.",
    ),
    "backup_keys_moved": (
        "此备份的密钥副本登记在 {path}。请沿用原处；或先销毁整个备份，并用 --destroyed 声明。",
        "The copy of the keys of this backup is registered at {path}. Keep to it, or destroy the backup "
        "first and say so with --destroyed.",
    ),
    "backup_not_there": (
        "{path} 处没有节点所写的那份备份：它可能在别处，仍能打开。请把它接回原处；或找到并销毁，清空原处，"
        "再用 --destroyed {folder} 声明。",
        "What the node wrote to {path} is not there: it may be elsewhere, and open. Bring it back; or find "
        "and destroy it, clear the place, and say so with --destroyed {folder}.",
    ),
    "backup_still_there": (
        "{path} 仍然存在，请先将其销毁。",
        "{path} is still there: destroy it first.",
    ),
    "backup_unknown": ("{path} 不是已登记的备份。", "{path} is not a registered backup."),
    "backup_torn": (
        "{path} 中的备份不完整或已损坏。",
        "The backup in {path} is not whole, or damaged.",
    ),
    "backup_foreign": (
        "{path} 中的备份属于另一个数据节点。",
        "The backup in {path} is another node's.",
    ),
    "backup_outdated": (
        "{path} 中的备份不是账本现用的版本，未恢复：它可能含有已删除的人。请重新导入数据表。",
        "The backup in {path} is not of the version that the book uses, and is not put back: it may hold "
        "people who were deleted. Import the table again.",
    ),
    "path_unwritable": (
        "路径 {path} 中有不是 UTF-8 的字符或控制字符，无法登记。请换一个名称。",
        "The path {path} has characters that are no UTF-8, or control codes, and cannot be written down. "
        "Choose another name.",
    ),
    "restore_what": (
        "请用 --from 给出备份的文件夹，用 --keys 给出密钥副本，或两者都给出。",
        "Give the backup's folder with --from, the copy of the keys with --keys, or both.",
    ),
    "restore_keys_inside": (
        "{path} 就在数据节点的文件夹内，恢复时会被清除。请先把它移到别处。",
        "{path} lies in the home itself, where a restore clears up. Move it elsewhere first.",
    ),
    "restore_needs_table": (
        "数据表也不在原处，或用这份密钥打不开，未恢复。请再用 --from 给出备份的文件夹。",
        "The table is not in its place either, or these keys do not open it, and nothing was put back. Give "
        "the backup's folder with --from as well.",
    ),
    "restore_needs_book": (
        "{path} 没有账本：花费了多少、答复过什么都无从得知，因此不能恢复。请新建数据节点。",
        "{path} has no book: what was spent and answered is not known, so nothing is restored. Make a new "
        "home.",
    ),
    "journal_kind_keys": ("管理密钥", "changed the keys"),
    "journal_keys_rotate": ("更换密钥", "a new key for the store"),
    "journal_keys_add_steward": ("添加管理员", "a steward was added"),
    "journal_keys_remove_steward": ("取消管理员", "a steward was taken out"),
    "journal_keys_backup": ("备份", "a backup was written"),
    "journal_keys_backup_destroyed": ("备份已销毁", "a backup was declared destroyed"),
    "journal_keys_backup_register": ("重新建立备份登记", "a new register of backups was begun"),
    "journal_keys_restore": ("恢复备份", "a backup was put back"),
}
