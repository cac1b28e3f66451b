"""Sentences of the area "classify": what the columns of an unknown table seem to be."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli_node_classify": (
        "判断一张未知表各列的含义和级别（只提建议，不保存）",
        "propose what the columns of an unknown table mean and how sensitive they are; stores nothing",
    ),
    "cli_classify_file": (
        "CSV、Excel、Parquet 文件，或数据库地址",
        "a CSV, Excel or Parquet file, or a database's URL",
    ),
    "classify_head_column": ("列", "column"),
    "classify_head_semantic": ("含义", "meaning"),
    "classify_head_tier": ("级别", "tier"),
    "classify_head_state": ("状态", "state"),
    "classify_head_confidence": ("把握", "sure"),
    "classify_head_reason": ("理由", "reason"),
    "classify_summary": (
        "共 {columns} 列，其中 {review} 列需要人工查看；确认之前一律按核心隐私处理。",
        "{columns} columns, {review} of them to be looked at; until it is confirmed each is handled as core.",
    ),
    "classify_column_unnamed": ("第 {place} 列", "column {place}"),
    "classify_semantic_unknown": ("含义不明", "unknown"),
    "classify_auto": ("可直接确认", "ready to confirm"),
    "classify_review": ("待人工查看", "to be looked at"),
    "tier_core": ("核心隐私", "core"),
    "tier_sensitive": ("业务敏感", "sensitive"),
    "tier_public": ("公开共享", "public"),
    "classify_cells": ("单元格的内容说明了这一点", "the cells show it"),
    "classify_header": ("表头如此，内容不矛盾", "the header says so and the cells do not contradict it"),
    "classify_both": ("表头与内容一致", "header and cells agree"),
    "classify_inside": ("单元格内夹有个人信息", "personal data stands inside cells"),
    "classify_empty": ("没有内容可供核对", "no cell to hold against the header"),
    "classify_contradicted": ("表头与内容矛盾", "header and cells contradict each other"),
    "classify_like_names": ("许多单元格像姓名", "many cells look like names"),
    "classify_some_cells": ("部分单元格像个人信息", "some cells look like personal data"),
    "classify_free_text": ("自由文本，可能夹有个人信息", "free text, in which anything may stand"),
    "classify_vague": ("表头没有说明是什么的数值", "the header does not say of what these are the figures"),
    "classify_vague_of_people": (
        "同表中有人员信息，而表头没有说清是什么",
        "the table is about people, and the header does not say plainly what this is",
    ),
    "classify_like_the_rest": (
        "表头没有说明的数值，同表多列为薪酬或健康信息",
        "figures that the header does not name, in a table of pay or of findings",
    ),
    "classify_first_row_data": (
        "第一行像是数据而不是列名，各列按位置命名；若确是列名，请加 --header。",
        "The first row looks like data, not like names: columns are named by their places. If it names them, "
        "add --header.",
    ),
    "classify_first_row_empty": (
        "第一行是空的，各列按位置称呼；若列名在下面某一行，请先删去它上面的空行。",
        "The first row is empty: columns are called by their places. If a row below names them, delete the "
        "empty ones above it first.",
    ),
    "classify_first_row_unclear": (
        "看不出第一行是列名还是数据，暂按列名处理；若是数据，请加 --no-header。",
        "Nothing tells whether the first row names the columns or is data; it is taken for names. If it is "
        "data, add --no-header.",
    ),
    "classify_unreadable": (
        "含图片、嵌套数据等无法读取的单元格",
        "cells that cannot be read: pictures, nested data",
    ),
    "classify_origin": (
        "涉及民族或户籍，须由人确认",
        "it tells of ethnicity or household, which a person confirms",
    ),
    "classify_like_births": ("日期可能是出生日期", "the dates may be dates of birth"),
    "classify_unknown": ("表头和内容都看不出含义", "neither header nor cells tell what it is"),
}
