"""Sentences of the area "contract": what is promised, drafted, checked and found."""

MESSAGES: dict[str, tuple[str, str]] = {
    "contract_too_long": (
        "数据契约 {path} 超过 {count} 个字符。",
        "The contract {path} is longer than {count} characters.",
    ),
    "contract_pattern_refused": (
        "列 {column} 的格式（pattern）不能使用：不支持环视和反向引用，重复最多 1000 次；或该列含有非法文字。",
        "The pattern of the column {column} cannot be used: no look-around, no back-references, at most "
        "1,000 repetitions; or the column holds what is no valid text.",
    ),
    "cli_contract_draft": (
        "由一张表提出数据契约草案，供数据管理员修改",
        "propose a data contract from a table, for the steward to edit",
    ),
    "cli_contract_check": (
        "按数据契约核对一张表：0 符合，1 不符合，2 无法核对",
        "check a table against a contract: exit 0 kept, 1 not kept, 2 could not check",
    ),
    "cli_contract_file": (
        "CSV、Excel 或 Parquet 文件，或数据库地址（URL）",
        "a CSV, Excel or Parquet file, or the URL of a database",
    ),
    "cli_contract_person": (
        "哪一列写明每行属于谁（默认：第一个逐行不同、没有缺失的列）",
        "the column that says whose row it is (default: the first that differs in every row)",
    ),
    "cli_contract_dataset": (
        "数据集编号（默认：取自文件名）",
        "the dataset's id (default: made of the file's name)",
    ),
    "cli_contract_out": (
        "草案写入此文件，不覆盖已有文件",
        "write the draft here; a file that exists is kept",
    ),
    "cli_contract_html": (
        "另写一份网页，供数据管理员查看；只有数字，没有单元格内容",
        "also write a page for the steward: numbers, and no cell",
    ),
    "draft_not_kept": (
        "草案未写出：该表不符合由它提出的草案（{checks}），这是程序的错误。",
        "No draft was written: the table does not keep the draft made of it ({checks}), a mistake of "
        "the program.",
    ),
    "draft_person_invalid": (
        "列 {column} 不存在，或有缺失，不能说明每行属于谁。",
        "The column {column} is not there, or has missing cells: it cannot say whose row each is.",
    ),
    "draft_person_needed": (
        "没有哪一列逐行不同且没有缺失；请用 --person 指明哪一列写明每行属于谁。",
        "No column differs in every row with none missing; name with --person the one that says whose row it "
        "is.",
    ),
    "draft_written": (
        "草案已写入 {path}：{columns} 列，{rules} 条跨列规则，人员列为 {person}。"
        "该表符合此草案；请逐条查看注释后再使用。",
        "The draft is in {path}: {columns} columns, {rules} rules across columns, person column {person}. "
        "The table keeps it. Read the comments before you use it.",
    ),
    "draft_head": (
        "数据契约草案：由现有数据提出，须由人确认。\n"
        "界限都向外取整，不是任何人的实际数值；请改为业务本身的界限。删去偶然成立的条目。",
        "Draft of a data contract: proposed from the data there are, to be confirmed by a person.\n"
        "Bounds are rounded outwards and are nobody's value; put those that the matter itself has.\n"
        "Remove what holds by chance only.",
    ),
    "draft_person": ("这一列写明每行属于谁；请确认。", "This column says whose row it is; make sure of it."),
    "draft_range": (
        "界限已向外取整；请改为业务规定的最小值和最大值。",
        "Rounded outwards; put the least and the most that the rules of the matter allow.",
    ),
    "draft_values": (
        "只列出多人持有的取值；请补上尚未出现但允许的取值。",
        "Only values that many people have are listed; add those that may come and did not yet.",
    ),
    "draft_unique": (
        "目前没有重复；若只是偶然，请删去 unique。",
        "Nothing repeats now; remove `unique` if that is chance.",
    ),
    "draft_check": (
        "所有单元格都符合校验位；请确认这确实是该种号码。",
        "All cells agree with their check digit; make sure that they are such numbers.",
    ),
    "draft_newest": (
        "如要求数据及时更新，可加：newest: within 31 days",
        "To ask for fresh data, add: newest: within 31 days",
    ),
    "draft_empty": (
        "这一列全部缺失；请确认是否需要它。",
        "All cells are missing; make sure that you need the column.",
    ),
    "draft_few": (
        "有内容的人太少，没有提出界限，以免透露某个人的情况；请自行填写。",
        "Too few people have a cell here, so no bound is proposed that would give one of them away; write "
        "your own.",
    ),
    "draft_rules": (
        "以下规则对目前每一行都成立；请删去只是偶然成立的。",
        "These hold for every row now; remove those that hold by chance.",
    ),
    "contract_page_title": ("数据契约核对结果", "Check of a data contract"),
    "contract_page_note": (
        "仅供本部门数据管理员查看。中心只知道符合或不符合。本页只有数字，没有任何单元格的内容。",
        "For the department's steward alone. The centre hears only whether the contract is kept. This page "
        "holds numbers and the content of no cell.",
    ),
    "contract_kept": (
        "数据符合契约：{checks} 项检查全部通过（未通过 {failed} 项）。",
        "The data keep the contract: all {checks} checks passed ({failed} failed).",
    ),
    "contract_not_kept": (
        "数据不符合契约：{checks} 项检查中有 {failed} 项未通过。",
        "The data do not keep the contract: {failed} of {checks} checks failed.",
    ),
    "contract_column": ("列", "Column"),
    "contract_promise": ("约定", "Promise"),
    "contract_result": ("结果", "Result"),
    "contract_found_title": ("数字", "Numbers"),
    "contract_whole": ("整张表", "whole table"),
    "contract_passed": ("通过", "passed"),
    "contract_failed_word": ("未通过", "failed"),
    "contract_found": ("{rows} 行中有 {failing} 处不符", "{failing} of {rows} rows fail"),
    "contract_found_allowed": (
        "{rows} 行中有 {failing} 处不符，允许 {allowed} 处",
        "{failing} of {rows} rows fail, {allowed} may",
    ),
    "contract_found_rows": ("共 {rows} 行", "{rows} rows"),
    "contract_found_fresh": ("够新", "new enough"),
    "contract_found_old": ("没有足够新的数据", "nothing is new enough"),
    "contract_found_broken": ("无法核对，按未通过处理", "could not be checked, which counts as failed"),
    "contract_check_rows": ("行数", "number of rows"),
    "contract_check_type": ("内容合乎类型", "cells of its type"),
    "contract_check_missing": ("没有缺失", "nothing missing"),
    "contract_check_integer": ("整数", "whole numbers"),
    "contract_check_range": ("在界限之内", "within its bounds"),
    "contract_check_newest": ("数据及时", "fresh data"),
    "contract_check_values": ("在取值清单之内", "one of its values"),
    "contract_check_pattern": ("符合格式", "matches its pattern"),
    "contract_check_length": ("长度", "length"),
    "contract_check_check": ("校验位正确", "check digit"),
    "contract_check_unique": ("不重复", "nothing repeats"),
    "contract_check_at_most": ("前者不大于后者", "the first is at most the second"),
    "contract_check_before": ("前者早于后者", "the first is before the second"),
    "contract_check_total": ("合计相符", "the total adds up"),
    "contract_check_birth": ("出生日期与身份证号一致", "day of birth agrees with the identity number"),
    "contract_check_required": ("按条件必须填写", "required under its condition"),
    "contract_check_unique_together": ("几列合起来不重复", "nothing repeats in these columns together"),
}
