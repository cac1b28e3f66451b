"""A parser that speaks the reader's language: help, and one clear sentence for each mistake."""

import argparse
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NoReturn

from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

# argparse knows its mistakes by their English text alone; a text that is not here still gets a sentence.
_MISTAKES = (
    (re.compile(r"the following arguments are required: (?P<names>.+)"), "usage_missing"),
    (
        re.compile(r"argument (?P<name>.+?): invalid choice: .* \(choose from (?P<choices>.+)\)"),
        "usage_choice",
    ),
    (re.compile(r"argument (?P<name>.+?): expected .+"), "usage_value_missing"),
    (re.compile(r"argument (?P<name>.+?): invalid .+ value: .+"), "usage_value_invalid"),
)


_OPTION = re.compile(r"(--[a-z][a-z-]*)(=.*)?", re.DOTALL)


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` in `language`; its sub-parsers are too. No complaint repeats a value.

    `stray` is the sentence for a value that belongs to no option.

    Raises:
        UsageInvalid: from `parse_args`, for whatever does not fit.
    """

    def __init__(self, *, language: Language, **settings: Any) -> None:
        formatter = partial(_Formatter, say("usage_prefix", language))
        super().__init__(**settings, formatter_class=formatter, add_help=False, allow_abbrev=False)
        self._language = language
        self.stray = "usage_stray"
        self._positionals.title = say("usage_positionals", language)
        self._optionals.title = say("usage_options", language)
        self.add_argument("-h", "--help", action="help", help=say("usage_help", language))

    def commands(self, target: str, area: str, run: Callable[[str], Any]) -> Callable[[str], "Parser"]:
        """Return what adds a command by name; its help is the sentence "<area>_<name>".

        `target` is where the chosen name is put, `run(name)` what carries the command out.
        """
        group = self.add_subparsers(
            dest=target,
            required=True,
            metavar=say("usage_command", self._language),
            title=say("usage_commands", self._language),
        )

        def add(name: str) -> "Parser":
            about = say(f"{area}_{name}", self._language)
            command = group.add_parser(name, language=self._language, help=about, description=about)
            command.set_defaults(run=run(name))
            return command

        return add

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Refuse what is left over, here and not in the parser above: this one's help says what there is."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            options = [option[1] for option in map(_OPTION.fullmatch, left) if option]
            if options:
                raise UsageInvalid("usage_unknown", program=self.prog, names=" ".join(options))
            raise UsageInvalid(self.stray, program=self.prog)
        return found, left

    def error(self, message: str) -> NoReturn:
        """Turn argparse's complaint into ours."""
        raise _mistake(message, self.prog)


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prefix: str, *settings: Any, **named: Any) -> None:
        super().__init__(*settings, **named)
        self._prefix = prefix

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, self._prefix if prefix is None else prefix)


def _mistake(message: str, program: str) -> UsageInvalid:
    for pattern, code in _MISTAKES:
        found = pattern.fullmatch(message)
        if found:
            return UsageInvalid(code, program=program, **found.groupdict())
    return UsageInvalid("usage_invalid", program=program)
