"""Sentences of the area "store": catalogue, contract, keys, encrypted store, import."""

MESSAGES: dict[str, tuple[str, str]] = {
    "catalogue_id_invalid": (
        "数据集编号只能用小写字母、数字、“-”和“_”，以字母或数字开头，最长 64 个字符。",
        "A dataset id has lower-case letters, digits, '-' and '_', begins with a letter or digit, and is at "
        "most 64 characters long.",
    ),
    "catalogue_name_empty": (
        "数据目录中有列缺少名称、语义或确认人（{column}）。",
        "A column of the catalogue lacks its name, its semantic or the person who confirmed it ({column}).",
    ),
    "catalogue_bins_differ": (
        "列 {column} 的公开分箱与该列的语义或类型不符。",
        "The public bins of the column {column} do not fit its semantic or kind.",
    ),
    "catalogue_column_twice": (
        "数据集 {dataset} 的目录中，名称或语义 {column} 出现了两次。",
        "In the catalogue of {dataset} the name or semantic {column} stands twice.",
    ),
    "catalogue_person_invalid": (
        "数据集 {dataset} 的人员列 {column} 必须是标识列。",
        "The person column {column} of {dataset} must be of the kind identifier.",
    ),
    "catalogue_column_unknown": (
        "数据集 {dataset} 没有列 {column}。",
        "The dataset {dataset} has no column {column}.",
    ),
    "catalogue_semantic_unknown": (
        "数据集 {dataset} 没有语义为 {semantic} 的列。",
        "The dataset {dataset} has no column that means {semantic}.",
    ),
    "contract_not_yaml": (
        "数据契约 {path} 不是合法的 YAML，或有重复的键。",
        "The contract {path} is not valid YAML, or gives a key twice.",
    ),
    "contract_key_unknown": (
        "数据契约中有未知的键 {key}，请检查拼写。",
        "The contract has an unknown key {key}; check its spelling.",
    ),
    "contract_key_missing": (
        "数据契约缺少键 {key}。",
        "The contract lacks the key {key}.",
    ),
    "contract_field_invalid": (
        "数据契约中 {key} 的值不合法。",
        "The value of {key} in the contract is not valid.",
    ),
    "contract_column_unknown": (
        "数据契约提到的列 {column} 不在其列清单中。",
        "The contract refers to the column {column}, which is not in its list of columns.",
    ),
    "contract_catalogue_differ": (
        "数据契约与数据集 {dataset} 的目录不一致：列 {column}。",
        "The contract and the catalogue of {dataset} do not agree on the column {column}.",
    ),
    "contract_check_broken": (
        "数据契约的检查 {check} 无法在该列的数据上运行。",
        "The contract's check {check} cannot run on what the column holds.",
    ),
    "contract_failed": (
        "数据不符合契约，未导入。未通过的检查：{checks}。",
        "The data do not keep the contract; nothing was imported. Checks that failed: {checks}.",
    ),
    "passphrase_empty": (
        "口令不能为空。",
        "The passphrase must not be empty.",
    ),
    "passphrase_wrong": (
        "口令无法打开密钥文件 {path}：口令错误，或文件被改动。",
        "The passphrase does not open the key file {path}: it is wrong, or the file was changed.",
    ),
    "key_file_damaged": (
        "{path} 不是完好的密钥文件，请从备份恢复。",
        "{path} is not an intact key file; restore it from its backup.",
    ),
    "key_unwrap_failed": (
        "无法打开加密内容 {label}：密钥不同，或内容被改动。",
        "Cannot open the sealed {label}: the keys are others, or its bytes were changed.",
    ),
    "store_columns_differ": (
        "要写入的列与数据集 {dataset} 的目录不一致。",
        "The columns to write are not those of the catalogue of {dataset}.",
    ),
    "store_column_shape": (
        "数据集 {dataset} 的列 {column} 长度或类型不对。",
        "The column {column} of {dataset} has a wrong length or type.",
    ),
    "store_text_invalid": (
        "列 {column} 中有不是合法文字的单元格。",
        "The column {column} has a cell that is not valid text.",
    ),
    "store_column_damaged": (
        "数据集 {dataset} 的列 {column} 未通过完整性检查，已拒绝读取。",
        "The column {column} of {dataset} fails its integrity check and is not read.",
    ),
    "store_version_replaced": (
        "数据集 {dataset} 现用的版本缺失，或被换成了另一个版本，已拒绝读取。",
        "The version of {dataset} in use is missing or was replaced by another one, and is not read.",
    ),
    "import_overtaken": (
        "另一次导入先完成；本次没有采用，请重新导入。",
        "Another import came first; this one was not adopted. Import again.",
    ),
    "store_suite_unknown": (
        "不认识加密套件 {suite}。",
        "The cipher suite {suite} is not known.",
    ),
    "csv_encoding_unknown": (
        "{path} 既不是 UTF-8，也不是 GB18030，也不是带标记的 UTF-16 编码。",
        "{path} is neither UTF-8, nor GB18030, nor UTF-16 with its mark.",
    ),
    "csv_encoding_mixed": (
        "{path} 混用了两种编码（第 {row} 行是 UTF-8，其他行不是）；请统一另存为 UTF-8。",
        "{path} mixes two encodings (line {row} is UTF-8, and others are not); save all of it as UTF-8.",
    ),
    "csv_zero_letters": (
        "{path} 含有零字节，不是普通文本；请另存为 UTF-8 编码的 CSV。",
        "{path} holds zero bytes and is no plain text; save it as CSV in UTF-8.",
    ),
    "csv_not_a_table": (
        "{path} 第 {row} 行不符合表格格式（列数与表头不同，或引号不配对）。",
        "Row {row} of {path} does not fit a table (not as many cells as the header, or an open quote).",
    ),
    "csv_column_missing": (
        "缺少列 {column}。",
        "The column {column} is missing.",
    ),
    "csv_column_twice": (
        "列 {column} 出现了两次。",
        "The column {column} stands twice.",
    ),
    "csv_column_unknown": (
        "列 {column} 不在数据契约中。",
        "The column {column} is not in the contract.",
    ),
    "csv_number_invalid": (
        "列 {column} 第 {row} 行不是数字。",
        "The column {column} has no number in row {row}.",
    ),
    "column_type_wrong": (
        "列 {column} 的类型与契约不符，或含有无穷大。",
        "The column {column} is not of its contract's type, or holds an infinity.",
    ),
    "person_id_missing": (
        "有 {count} 行没有人员标识。",
        "{count} rows have no person id.",
    ),
    "person_id_unclear": (
        "有 {count} 个人员标识带有多余空格、全角或不可见字符，或仅大小写不同，同一个人可能被算作两人。",
        "{count} person ids have stray spaces, full-width or invisible characters, or differ only in letter "
        "case: one person could count as two.",
    ),
    "person_in_two_departments": (
        "有 {count} 人出现在两个或更多部门中。",
        "{count} people stand in two departments or more.",
    ),
    "department_foreign": (
        "列 {column} 有 {count} 行属于别的部门。",
        "In the column {column}, {count} rows belong to another department.",
    ),
    "label_may_be_missing": (
        "数据契约允许语义 {semantic} 缺失；标签列必须每行都有值。",
        "The contract allows {semantic} to be missing; a label must stand in every row.",
    ),
    "label_classes_differ": (
        "数据契约没有把语义 {semantic} 的取值限定在模型的类别之内。",
        "The contract does not limit the values of {semantic} to the model's classes.",
    ),
    "label_missing": (
        "有 {count} 行没有标签值；缺失的标签不能算作“否”。",
        '{count} rows have no label; a missing label must not count as "no".',
    ),
}
