"""`xinqiao audit round`: once a day, whether or not there was a job."""

import argparse
import json
import sys
from pathlib import Path

from xinqiao_app.commands.arguments import address, require_centre
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.messages import Language, say


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the command."""
    parser.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
    parser.add_argument("--superlink", type=address, required=True, help=say("cli_superlink", language))
    parser.add_argument("--json", action="store_true", help=say("cli_json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Make one round; exit 1 if it asks for a person."""
    from xinqiao_app.progress import Progress
    from xinqiao_app.rounds import make_round

    require_centre(options.centre)
    found = make_round(options.centre, options.superlink, Progress(language, sys.stderr))
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(found.lines(language)))
    return 0 if found.is_well else 1
