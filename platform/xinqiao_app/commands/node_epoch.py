"""`xinqiao node epoch`: look at a new epoch of the log, and accept it."""

import argparse
import json
from pathlib import Path

from xinqiao_app.commands.arguments import read_bytes
from xinqiao_app.commands.opening import opened
from xinqiao_governance.messages import Language, say


def add_arguments(command: argparse.ArgumentParser, language: Language) -> None:
    """Describe the command."""
    command.add_argument("--pointer", type=Path, required=True, help=say("cli_epoch_pointer", language))
    command.add_argument("--accept", action="store_true", help=say("cli_epoch_accept", language))
    command.add_argument("--json", action="store_true", help=say("cli_json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Show what the operator says and what this department knows; with `--accept`, believe the new log."""
    from xinqiao_clients.epoch import accept, compare
    from xinqiao_clients.home import one_agent, read_settings
    from xinqiao_ledger.epoch import EpochPointer

    pointer = EpochPointer.decode(read_bytes(options.pointer))
    read_settings(options.home)
    with one_agent(options.home), opened(options, language) as home:
        found = compare(home, pointer)
        if options.accept:
            accept(home, pointer, options.steward)
    if options.json:
        print(json.dumps({**found.to_json(), "accepted": options.accept}, ensure_ascii=False, indent=1))
        return 0
    last = ("epoch_done", found.epoch.origin) if options.accept else ("epoch_how_to_accept", "")
    print("\n".join([*found.lines(language), say(last[0], language, origin=last[1])]))
    return 0
