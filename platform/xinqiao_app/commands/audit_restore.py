"""`xinqiao audit refill` and `audit epoch`: the two ways on after a log was restored from a backup."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from xinqiao_app.commands.arguments import address, put, require_room
from xinqiao_governance.messages import Language, say


def add_arguments(command: Callable[[str], argparse.ArgumentParser], language: Language) -> None:
    """Describe the commands."""
    refill = command("refill")
    refill.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
    refill.add_argument("--superlink", type=address, required=True, help=say("cli_superlink", language))
    refill.add_argument("--json", action="store_true", help=say("cli_json", language))
    epoch = command("epoch")
    epoch.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
    epoch.add_argument("--reason", required=True, help=say("cli_epoch_reason", language))
    epoch.add_argument("--database", type=Path, help=say("cli_epoch_database", language))
    epoch.add_argument("--out", type=Path, required=True, help=say("cli_out", language))
    epoch.add_argument("--json", action="store_true", help=say("cli_json", language))


def run_refill(options: argparse.Namespace, language: Language) -> int:
    """Fill the log again; exit 1 if it is not whole."""
    from xinqiao_app.progress import Progress
    from xinqiao_app.restoring import refill_log

    report = refill_log(options.centre, options.superlink, Progress(language, sys.stderr))
    refilled, absent = report.refilled, report.absent
    if options.json:
        print(json.dumps({**refilled.to_json(), "absent": absent}, ensure_ascii=False, indent=1))
    else:
        print(refilled.line(language))
        if refilled.lacking and refilled.possible:
            if absent:
                print(say("refill_absent", language, names=", ".join(absent)))
            print(say("refill_own", language, path=str(options.centre / "journal")))
    return 0 if refilled.whole else 1


def run_epoch(options: argparse.Namespace, language: Language) -> int:
    """Open a new epoch and write the pointer to it."""
    from xinqiao_ledger.chain_config import CONFIG
    from xinqiao_platform.epoch import kept_folder, open_epoch

    require_room(options.out, b"")  # once the epoch is open, the same call is refused
    pointer = open_epoch(options.centre, options.reason, database=options.database)
    put(options.out, pointer.encode())
    epoch = pointer.operator.body
    undeployed = (kept_folder(options.centre, epoch.old_origin) / CONFIG).exists()
    if options.json:
        plain = {**epoch.to_json(), "contract_to_deploy": undeployed}
        print(json.dumps(plain, ensure_ascii=False, indent=1))
    else:
        fields = {"origin": epoch.origin, "old_origin": epoch.old_origin, "path": str(options.out)}
        print(say("epoch_opened", language, size=epoch.known_size, **fields))
        if undeployed:
            print(say("epoch_chain", language))
    return 0
