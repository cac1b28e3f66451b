"""`xinqiao node journal` and `xinqiao node forget`: who is in the department's journal, and who no more."""

import argparse
import json
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import count
from xinqiao_app.commands.opening import opened
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    pass


_PAGE = 50
_ALL = -1


def add_journal_arguments(command: argparse.ArgumentParser, language: Language) -> None:
    """Describe `journal`."""
    command.add_argument("--since", type=count, default=1, metavar="SEQ", help=say("cli_since", language))
    command.add_argument("--limit", type=count, metavar="N", help=say("cli_limit", language))
    command.add_argument("--json", action="store_true", help=say("cli_json", language))


def add_forget_arguments(command: argparse.ArgumentParser, language: Language) -> None:
    """Describe `forget`."""
    command.add_argument("--name", required=True, help=say("cli_forget_name", language))
    command.add_argument("--json", action="store_true", help=say("cli_json", language))


def show(options: argparse.Namespace, language: Language) -> int:
    """Print the journal: a page for people, all of it for programs."""
    from xinqiao_clients.journal import journal

    limit = options.limit or (_ALL if options.json else _PAGE)
    with opened(options, language) as home:
        entries = journal(home, options.since, limit)
        last = home.book.count_events()
    if options.json:
        print(json.dumps([entry.to_json() for entry in entries], ensure_ascii=False, indent=1))
        return 0
    lines = [entry.line(language) for entry in entries] or [say("journal_empty", language)]
    if entries and entries[-1].event.seq < last:
        lines.append(say("journal_more", language, since=entries[-1].event.seq + 1))
    print("\n".join(lines))
    return 0


def forget(options: argparse.Namespace, language: Language) -> int:
    """Destroy a person's key; 1 where old pages of the book are still held."""
    with opened(options, language) as home:
        gone, steward = home.forget(options.name, options.steward), home.is_steward(options.name)
    if options.json:
        print(json.dumps({"forgotten": True, "old_pages_erased": gone, "still_a_steward": steward}))
    else:
        codes = ["node_forgotten"]
        codes += [] if gone else ["node_forgotten_pages"]
        codes += ["node_forgotten_steward"] if steward else []
        print("\n".join(say(code, language) for code in codes))
    return 0 if gone else 1
