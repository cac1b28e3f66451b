"""`xinqiao contract`: propose a contract from a table, and check a table against one."""

import argparse
import json
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import add_header, add_part, column_name, put, source_of
from xinqiao_app.commands.parser import Parser
from xinqiao_clients.today import local_day
from xinqiao_governance.errors import DataInvalid, UsageInvalid, XinqiaoError
from xinqiao_governance.messages import Language, say
from xinqiao_governance.parse import require_clear
from xinqiao_ledger.files import create_file, io_errors

if TYPE_CHECKING:
    from xinqiao_clients.contracts import ContractReport
    from xinqiao_clients.sources import Table
    from xinqiao_governance.contract import Contract

_DATASET = "dataset"


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands."""
    add = parser.commands("command", "cli_contract", _COMMANDS.__getitem__)

    def command(name: str) -> argparse.ArgumentParser:
        sub = add(name)
        sub.add_argument("file", metavar="FILE", help=say("cli_contract_file", language))
        add_part(sub, language)
        sub.add_argument("--json", action="store_true", help=say("cli_json", language))
        return sub

    draft = command("draft")
    add_header(draft, language)
    draft.add_argument(
        "--person", type=column_name, metavar="COLUMN", help=say("cli_contract_person", language)
    )
    draft.add_argument("--dataset", metavar="ID", help=say("cli_contract_dataset", language))
    draft.add_argument("--out", type=Path, required=True, help=say("cli_contract_out", language))
    check = command("check")
    check.add_argument("--contract", type=Path, required=True, help=say("cli_contract", language))
    check.add_argument("--html", type=Path, metavar="PAGE", help=say("cli_contract_html", language))


def _draft(options: argparse.Namespace, language: Language) -> int:
    """Write a draft only if the table keeps it."""
    from xinqiao_clients.contract_draft import draft
    from xinqiao_clients.contract_text import parse_contract
    from xinqiao_clients.loading import require_header
    from xinqiao_clients.sources.edges import require_no_foot

    table, today = _table(options), local_day(int(time.time()))
    require_no_foot(table)
    if options.no_header:
        table = table.without_header()
    elif not options.header:
        require_header(table)
    drafted = draft(table, options.dataset or _dataset_id(options.file), options.person, today)
    text = drafted.text(language)
    report = _checked(parse_contract(text, path=str(options.out)), table, today)
    if not report.passed:
        raise DataInvalid("draft_not_kept", checks=", ".join(check.name for check in report.failed))
    _create(options.out, text)
    counts = {"columns": len(drafted.columns), "rules": len(drafted.rules)}
    if options.json:
        print(
            json.dumps({"contract": str(options.out), "passed": report.passed, **counts}, ensure_ascii=False)
        )
    else:
        print(say("draft_written", language, path=str(options.out), person=drafted.person, **counts))
    return 0


def _check(options: argparse.Namespace, language: Language) -> int:
    """Return 0 where the contract is kept, 1 where not, 2 where that could not be found out."""
    from xinqiao_app.contract_page import finding, render, verdict
    from xinqiao_clients.importer import read_contract

    try:
        contract, _ = read_contract(options.contract)
        report = _checked(contract, _table(options), local_day(int(time.time())))
    except XinqiaoError as error:
        raise UsageInvalid(error.code, **error.fields) from error  # exit code 2, where 1 is a broken promise
    if options.html is not None:
        put(options.html, render(report).encode())
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
        return 0 if report.passed else 1
    for check in report.checks:
        where = ", ".join(check.columns) or say("contract_whole", language)
        promise = say(f"contract_check_{check.id}", language)
        print("✓" if check.passed else "✗", where, "·", promise, "·", finding(check, language))
    print(verdict(report, language))
    return 0 if report.passed else 1


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {"draft": _draft, "check": _check}


def _create(out: Path, text: str) -> None:
    """Write a draft, whole or not at all; what a person edited, or a link, stays as it is."""
    with io_errors(out):
        try:
            create_file(out, text.encode())
        except FileExistsError:
            raise UsageInvalid("out_taken", path=str(out)) from None


def _checked(contract: "Contract", table: "Table", today: int) -> "ContractReport":
    from xinqiao_clients.contracts import check
    from xinqiao_clients.importer import text_frame

    require_clear(table.header)
    return check(contract, text_frame(table, contract), today)


def _table(options: argparse.Namespace) -> "Table":
    from xinqiao_clients.sources import read_table

    return read_table(source_of(options.file, options))


def _dataset_id(file: str) -> str:
    """Return a dataset's name made of the file's, as far as that has plain letters."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", Path(file).stem.lower()).strip("-_")
    return plain[:64] or _DATASET
