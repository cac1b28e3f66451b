"""The command `xinqiao`: a small parser, one module a group of commands, one border for errors.

This file imports nothing heavy, so `xinqiao audit verify` runs with the extra `audit` alone.
"""

import argparse
import importlib
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

from xinqiao_app.border import flush_stdout, foreign_errors, settle_stdout, silence_stdout
from xinqiao_app.commands.parser import Parser
from xinqiao_app.offline import OFFLINE
from xinqiao_governance.errors import XinqiaoError
from xinqiao_governance.messages import Language, explain, language_of, say

_GROUPS = ("demo", "node", "contract", "policy", "keys", "job", "audit", "witness", "doctor")
_LOGGERS = ("xinqiao_app", "xinqiao_clients")
_INTERRUPTED = 130
_CLOSED_PIPE = 141
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")
"""Departments' products are small: threads of one product mostly wait for each other, at twice the CPU."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code. Every expected error becomes one sentence on stderr."""
    language = chosen_language()
    os.environ.update(OFFLINE)
    os.environ.setdefault(*_ONE_THREAD)
    signal.signal(signal.SIGTERM, _interrupt)
    _speak(language)
    try:
        return _run(arguments, language)
    except KeyboardInterrupt:
        _complain(say("interrupted", language))
        return _INTERRUPTED
    except XinqiaoError as error:
        _complain(explain(error, language))
        return error.exit_code
    except BrokenPipeError:
        silence_stdout()
        return _CLOSED_PIPE


def chosen_language() -> Language:
    """Return the language of the locale, as POSIX orders the variables."""
    return language_of(
        os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    )


def build_parser(language: Language) -> argparse.ArgumentParser:
    """Return the whole parser, its help in `language`."""
    parser = Parser(language=language, prog="xinqiao", description=say("cli_about", language))
    group = parser.commands("group", "cli", lambda _name: None)
    for name in _GROUPS:
        importlib.import_module(f"xinqiao_app.commands.{name}").add_arguments(group(name), language)
    return parser


def _run(arguments: Sequence[str] | None, language: Language) -> int:
    _tolerate_narrow_terminals()
    try:
        with foreign_errors():
            code = _carry_out(arguments, language)
            flush_stdout()
            return code
    finally:
        settle_stdout()


def _carry_out(arguments: Sequence[str] | None, language: Language) -> int:
    try:
        options = build_parser(language).parse_args(arguments)
        return int(options.run(options, language))
    except SystemExit as end:  # how argparse ends after a help text
        return int(end.code or 0)


def _tolerate_narrow_terminals() -> None:
    """Print "?" for what a terminal's encoding lacks; a sentence is worth more than a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


class _Speaker(logging.Handler):
    """Says in the reader's language what the product logs: a code, and its fields as the one argument."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    def emit(self, record: logging.LogRecord) -> None:
        fields = record.args if isinstance(record.args, Mapping) else {}
        text = {name: str(value) for name, value in fields.items()}
        _complain(say(record.msg, self._language, **text))


def _speak(language: Language) -> None:
    for name in _LOGGERS:
        logging.getLogger(name).handlers = [_Speaker(language)]


def _complain(sentence: str) -> None:
    with suppress(BrokenPipeError):  # nobody listens: the exit code still tells
        print(sentence, file=sys.stderr, flush=True)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
