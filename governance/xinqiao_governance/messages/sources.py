"""Sentences of the area "sources": tables from files and databases, and why one cannot be read."""

MESSAGES: dict[str, tuple[str, str]] = {
    "source_file_large": (
        "{path} 超过 {count} MiB，无法一次读入；请导出为多个较小的文件，或放入数据库。",
        "{path} is larger than {count} MiB and cannot be read at once; export smaller files, or use a "
        "database.",
    ),
    "source_changed": (
        "{path} 在读取时被改动，未导入；请关闭正在写入它的程序后重试。",
        "{path} was changed while it was read; nothing was imported. Close what writes it, and try again.",
    ),
    "source_empty": ("表中没有任何内容。", "There is nothing in the table."),
    "source_header_empty": (
        "第 {place} 列没有列名；表的第一行必须写明每一列的名称。",
        "Column {place} has no name; the first row of a table must name every column.",
    ),
    "column_name_unclear": (
        "第 {place} 列的列名为空，或含有看不见的字符（控制符、换行、零宽或改变书写方向的字符）；请改名。",
        "The name of column {place} is empty, or holds what nobody sees: control letters, line breaks, "
        "letters without width or that turn the direction of writing. Give it another name.",
    ),
    "contract_name_unclear": (
        "数据契约中有看不见的字符（控制符、零宽或改变书写方向的字符），或有空的名称；请改正。",
        "The contract holds letters that nobody sees (control letters, letters without width or that turn "
        "the direction of writing), or a name that is empty. Mend it.",
    ),
    "source_header_twice": (
        "第 {place} 列与第 {first} 列同名；每一列的名称必须不同。",
        "Column {place} has the same name as column {first}; every column needs a name of its own.",
    ),
    "source_no_header": (
        "表的第一行像是数据而不是列名；若确实没有列名，请加 --no-header，各列将按位置命名；"
        "若确是列名，请加 --header。",
        "The first row of the table looks like data, not like names; if there are no names, add --no-header, "
        "and columns are named by their places; if they are names, add --header.",
    ),
    "source_header_unclear": (
        "看不出表的第一行是列名还是数据；是列名请加 --header，是数据请加 --no-header，各列将按位置命名。",
        "Nothing tells whether the first row of the table names its columns or is data: add --header if it "
        "names them, or --no-header, and columns are named by their places.",
    ),
    "source_title_row": (
        "第一行只填了一格，像是标题或说明而不是列名；请删去列名以上的各行后重试。",
        "The first row fills a single cell: it looks like a title or a note, not like names. Delete the rows "
        "above the names of the columns, and try again.",
    ),
    "source_foot_row": (
        "第 {row} 行像是合计、备注或制表信息，而不是一条记录；请删去后再导入。",
        "Row {row} looks like a total or a note, not like a record; delete it before you import.",
    ),
    "person_column_needed": (
        "无法判断哪一列标明是谁的记录；请用 --person 指明。",
        "Nothing tells which column says whose row it is; name it with --person.",
    ),
    "refresh_none": (
        "没有定期刷新的来源；导入时用 --every 指定。",
        "No source is read on a schedule; give one with --every when you import.",
    ),
    "refresh_overtaken": (
        "定期读取之后又手工导入过数据，来源不再自动读取；如仍需要，导入时再用 --every 指定，"
        "否则用 xinqiao node refresh --stop 停止。",
        "Somebody imported by hand since this schedule was given, so its source is read no more. Import with "
        "--every again, or end it with xinqiao node refresh --stop.",
    ),
    "refresh_columns_changed": (
        "来源的列与现用版本不同（{count} 列），未导入，旧版本继续使用；请手工重新导入并确认。",
        "The source has other columns than the version in use ({count} differ); nothing was imported, and "
        "the old version stays in use. Import it by hand, and confirm.",
    ),
    "source_cell_kind": (
        "第 {place} 列第 {row} 行不是文字、数字、日期或是否值（例如图片或嵌套数据），无法读取。",
        "Column {place} holds in row {row} what is no text, number, date or truth value (a picture or nested "
        "data, for example) and cannot be read.",
    ),
    "source_digits_lost": (
        "第 {place} 列含超过 {digits} 位的数字，末尾数位已丢失，不同的人可能变成同一编号；"
        "请在来源中把该列改为文本后重新导出。",
        "Column {place} holds numbers of more than {digits} digits, and the last ones are lost: different "
        "people may have become one. Make the column text at its source and export it again.",
    ),
    "source_too_wide": (
        "表的列数超过 {count}。",
        "The table has more than {count} columns.",
    ),
    "source_too_large": (
        "表的行、单元格或文字超过 {count} 个，无法一次读入。",
        "The table has more than {count} rows, cells or letters and cannot be read at once.",
    ),
    "source_part_unknown": (
        "{path} 不分工作表或数据表；请去掉 --sheet 或 --table。",
        "{path} has no sheets or tables to choose from; leave --sheet and --table out.",
    ),
    "source_part_differs": (
        "--sheet 用于 Excel 文件，--table 用于数据库，两者不能同时使用。",
        "--sheet is for Excel files and --table for databases; they do not go together.",
    ),
    "excel_invalid": (
        "{path} 不是完好的 Excel 工作簿（.xlsx）。",
        "{path} is not an intact Excel workbook (.xlsx).",
    ),
    "excel_old_or_sealed": (
        "{path} 是旧版 .xls 文件，或设有密码；请在 Excel 中另存为不带密码的 .xlsx。",
        "{path} is an old .xls file, or has a password; save it in Excel as .xlsx without one.",
    ),
    "excel_too_large": (
        "{path} 解压后超过 {count} MiB 或部件过多，未读取。",
        "{path} unpacks to more than {count} MiB or has too many parts, and is not read.",
    ),
    "excel_foreign_parts": (
        "{path} 含有宏、外部链接、数据连接或嵌入对象，未读取；请把需要的工作表另存为普通 .xlsx。",
        "{path} holds macros, outside links, data connections or embedded objects and is not read; save the "
        "sheet that you need as a plain .xlsx.",
    ),
    "excel_sheet_choose": (
        "工作簿有 {count} 个可见工作表；请用 --sheet 指定名称或序号。",
        "The workbook has {count} visible sheets; choose one with --sheet, by name or number.",
    ),
    "excel_sheet_missing": (
        "工作簿中没有工作表 {sheet}。",
        "The workbook has no sheet {sheet}.",
    ),
    "excel_sheet_hidden": (
        "工作表 {sheet} 是隐藏的；请先在 Excel 中取消隐藏，确认其中的内容。",
        "The sheet {sheet} is hidden; show it in Excel first, and see what is in it.",
    ),
    "excel_disordered": (
        "工作表第 {row} 行附近的行或单元格次序颠倒或重复，未读取；请在 Excel 中打开并另存。",
        "Near row {row} the sheet's rows or cells stand in disorder or twice, and it is not read; open it in "
        "Excel and save it again.",
    ),
    "excel_merged": (
        "工作表中有合并单元格（{cells}）；请取消合并，并在每一行填写完整。",
        "The sheet has merged cells ({cells}); unmerge them, and fill in every row.",
    ),
    "excel_hidden": (
        "工作表中有隐藏或被筛选掉的行列；请全部显示后再导入，以免导入看不见的数据。",
        "The sheet has rows or columns that are hidden or filtered out; show all of them first, so that "
        "nothing unseen is imported.",
    ),
    "excel_formula": (
        "第 {place} 列第 {row} 行是公式，且文件中没有它的计算结果；请在 Excel 中打开并保存，或粘贴为数值。",
        "Column {place} holds in row {row} a formula whose result is not in the file; open and save it in "
        "Excel, or paste values.",
    ),
    "parquet_invalid": (
        "{path} 不是完好的 Parquet 文件。",
        "{path} is not an intact Parquet file.",
    ),
    "parquet_encrypted": (
        "{path} 是加密的 Parquet 文件，无法读取；请先由其保管人解密。",
        "{path} is an encrypted Parquet file and cannot be read; whoever keeps it must decrypt it first.",
    ),
    "sql_url_invalid": (
        "数据库地址不合法，应形如 postgresql://用户@主机/库 或 sqlite:///文件路径。",
        "The address of the database is not valid; it reads like postgresql://user@host/database or "
        "sqlite:///path/of/file.",
    ),
    "sql_database_unknown": (
        "目前只支持 PostgreSQL 和 SQLite 数据库，因为只确认了它们的只读方式。",
        "Only PostgreSQL and SQLite are supported, because only their ways to be read-only are known here.",
    ),
    "sql_table_missing": (
        "请用 --table 指定数据表的名称，或一条 SELECT 查询。",
        "Name a table with --table, or give it one SELECT.",
    ),
    "sql_one_select": (
        "只允许一条 SELECT 查询，且其中不得有分号。",
        "Only one SELECT is allowed, and no semicolon in it.",
    ),
    "sql_failed": (
        "数据库 {where} 无法连接，或拒绝了只读查询（{reason}）；错误原文可能含数据，未显示。",
        "The database {where} cannot be reached, or refused a read-only query ({reason}); its own words may "
        "quote data and are not shown.",
    ),
}
