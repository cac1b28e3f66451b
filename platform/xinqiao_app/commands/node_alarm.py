"""`xinqiao node alarm`: what the log and this department contradict each other in."""

import argparse
import json
import time
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import count
from xinqiao_app.commands.opening import opened
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    pass


def add_arguments(command: argparse.ArgumentParser, language: Language) -> None:
    """Describe the command."""
    command.add_argument(
        "--acknowledge", type=count, metavar="ID", help=say("cli_alarm_acknowledge", language)
    )
    command.add_argument("--json", action="store_true", help=say("cli_json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """List alarms with their evidence; with `--acknowledge`, note first that the steward looked into one."""
    from xinqiao_clients.alarms import acknowledge, state_of

    with opened(options, language) as home:
        if options.acknowledge is not None:
            acknowledge(home, options.acknowledge, options.steward)
        state = state_of(home.book, int(time.time()))
    if options.json:
        print(json.dumps(state.to_json()["alarms"], ensure_ascii=False, indent=1))
    else:
        print("\n".join(state.alarm_lines(language) or [say("alarm_none", language)]))
    return 0
