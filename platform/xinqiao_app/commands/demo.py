"""`xinqiao demo`."""

import argparse
from pathlib import Path

from xinqiao_app.commands.arguments import port
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the command."""
    parser.add_argument("--deployed", action="store_true", help=say("cli_demo_deployed", language))
    parser.add_argument("--out", type=Path, default=Path("var/demo"), help=say("cli_demo_out", language))
    parser.add_argument("--port", type=port, help=say("cli_demo_port", language))
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_app.carry import deployed, embedded
    from xinqiao_app.demo import run_demo
    from xinqiao_app.progress import Progress

    if options.port is not None and not options.deployed:
        raise UsageInvalid("port_without_deployed")
    out = options.out.resolve()  # once: a folder of an earlier run is moved, and with it what "." means
    carry = deployed(out, options.port) if options.deployed else embedded
    engine = "deployed" if options.deployed else "embedded"
    return run_demo(out, carry, engine, Progress(language))
