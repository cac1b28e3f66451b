"""`xinqiao audit refill`: the way back after a centre's log was restored from a backup."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from xinqiao_app.commands.arguments import address
from xinqiao_governance.messages import Language, say


def add_arguments(command: Callable[[str], argparse.ArgumentParser], language: Language) -> None:
    """Describe the commands."""
    refill = command("refill")
    refill.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
    refill.add_argument("--superlink", type=address, required=True, help=say("cli_superlink", language))
    refill.add_argument("--json", action="store_true", help=say("cli_json", language))


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
        if refilled.missing:
            if absent:
                print(say("refill_absent", language, names=", ".join(absent)))
            print(say("refill_own", language, path=str(options.centre / "journal")))
    return 0 if refilled.whole else 1
