"""`xinqiao audit log`: who did what, when, by which right, as the log has it, for people or programs."""

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import add_suite, count, moment, read_trust, require_file, shown
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import MESSAGES, Language, say

if TYPE_CHECKING:
    from xinqiao_ledger.event import Event, Kind
    from xinqiao_ledger.reader import Reader, Wanted
    from xinqiao_ledger.suite import Suite

_WIDTHS = (8, 12, 25, 16, 10, 8)
"""Index, event's id, time, who, kind, job. What there is to say of it comes last, and is never cut."""


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the command."""
    add_source(parser, language)
    parser.add_argument("--job", metavar="ID", help=say("cli_export_job", language))
    parser.add_argument("--node", metavar="NODE", help=say("cli_log_node", language))
    parser.add_argument("--kind", metavar="KIND", help=say("cli_log_kind", language))
    parser.add_argument("--dataset", metavar="ID", help=say("cli_log_dataset", language))
    parser.add_argument("--purpose", help=say("cli_log_purpose", language))
    parser.add_argument("--decision", choices=("allow", "refuse"), help=say("cli_log_decision", language))
    parser.add_argument("--from", dest="since", metavar="DATE", help=say("cli_export_from", language))
    parser.add_argument("--to", dest="until", metavar="DATE", help=say("cli_export_to", language))
    parser.add_argument("--limit", type=count, metavar="N", help=say("cli_log_limit", language))
    parser.add_argument("--tail", type=count, metavar="N", help=say("cli_log_tail", language))
    parser.add_argument("--json", action="store_true", help=say("cli_json_lines", language))


def add_source(parser: Parser, language: Language) -> None:
    """Describe where the log is."""
    parser.add_argument("log", nargs="?", help=say("cli_audit_log_source", language))
    parser.add_argument("--centre", type=Path, help=say("cli_centre", language))
    parser.add_argument("--trust", type=Path, help=say("cli_log_trust", language))
    add_suite(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Print the entries that fit, oldest first."""
    from xinqiao_ledger.suite import tree_hash

    names = names_of(options, language)
    with reading(options) as reader:
        entries = _entries(reader, options, names)
        if options.json:
            for index, event in entries:
                line = {
                    "index": index,
                    "hash": tree_hash(event, reader.suite).hex(),
                    "event": event.to_json(),
                }
                print(json.dumps(line, ensure_ascii=False))
            return 0
        found = _print_table(entries, reader.suite, names, language)
        print(say("log_found", language, count=found, size=reader.size), file=sys.stderr)
    return 0


def _entries(
    reader: "Reader", options: argparse.Namespace, names: Mapping[str, str]
) -> Iterable[tuple[int, "Event"]]:
    wanted = _wanted(reader, options, names)
    if options.tail is None:
        return reader.find(wanted, limit=options.limit)
    if options.limit is not None:
        raise UsageInvalid("log_limit_or_tail")
    return reversed(list(reader.find(wanted, limit=options.tail, newest_first=True)))


def _wanted(reader: "Reader", options: argparse.Namespace, names: Mapping[str, str]) -> "Wanted":
    from xinqiao_ledger.ids import the_only
    from xinqiao_ledger.reader import Wanted

    return Wanted(
        job=None if options.job is None else the_only(reader.jobs, options.job),
        node=None if options.node is None else node_of(reader, options.node, names),
        kinds=() if options.kind is None else (_kind(options.kind),),
        dataset=options.dataset,
        purpose=options.purpose,
        decision=options.decision,
        since=None if options.since is None else moment(options.since),
        until=None if options.until is None else moment(options.until),
    )


def _kind(name: str) -> "Kind":
    from xinqiao_ledger.event import Kind

    try:
        return Kind(name)
    except ValueError as error:
        choices = ", ".join(Kind)
        raise UsageInvalid(
            "usage_choice", name="--kind", choices=choices, program="xinqiao audit log"
        ) from error


# ---- where the log is, and who is who ----------------------------------------------------------------


@contextmanager
def reading(options: argparse.Namespace) -> "Iterator[Reader]":
    """Open the log of a centre, or in a file, or at a URL, for reading.

    Raises:
        UsageInvalid: none or both are named, or there is no such thing.
    """
    from xinqiao_ledger.reader import Reader
    from xinqiao_ledger.suite import SUITES
    from xinqiao_platform.centre import suite_at

    if (options.log is None) == (options.centre is None):
        raise UsageInvalid("log_one_source")
    trust = read_trust(options.trust) if options.trust else None
    place = _place_of(options.centre) if options.centre is not None else _place(options.log)
    suite = SUITES[options.suite] if options.centre is None else suite_at(options.centre)
    origin, key = (trust.origin, trust.log_key) if trust else (None, None)
    reader = Reader(place, origin=origin, log_key=key, suite=suite)
    try:
        yield reader
    finally:
        reader.close()


def _place_of(centre: Path) -> Path | str:
    from xinqiao_platform.centre import log_place

    if not any((centre / name).exists() for name in ("log.sqlite", "log.url")):
        raise UsageInvalid("centre_missing", path=str(centre))
    place = log_place(centre)
    if isinstance(place, Path):
        require_file(place)
    return place


def _place(log: str) -> Path | str:
    from xinqiao_ledger.database import POSTGRES

    if log.startswith(POSTGRES):
        return log
    require_file(Path(log))  # SQLite would make it
    return Path(log)


def names_of(options: argparse.Namespace, language: Language) -> dict[str, str]:
    """Return the names, by fingerprint in hex, that the centre or the trust file knows."""
    from xinqiao_ledger.signing import fingerprint

    names: dict[str, str] = {}
    if options.centre is not None:
        from xinqiao_app.directory import known
        from xinqiao_platform.centre import JournalCopy

        names = {card.fingerprint.hex(): card.name for card in known(options.centre)}
        # The centre's own journal names its writer, without the key that only the operator may open.
        names[JournalCopy(options.centre).writer()] = say("log_operator", language)
    if options.trust is not None:
        trust = read_trust(options.trust)
        names |= {fingerprint(entry.key).hex(): entry.name for entry in trust.departments}
        names[fingerprint(trust.operator).hex()] = say("log_operator", language)
    return names


def node_of(reader: "Reader", text: str, names: Mapping[str, str]) -> str:
    """Return the fingerprint of the one node that has this name, or whose fingerprint begins so.

    Raises:
        UsageInvalid: none, or several.
    """
    from xinqiao_ledger.ids import the_only

    named = [node for node, name in names.items() if name == text]
    return named[0] if len(named) == 1 else the_only(reader.nodes, text)


# ---- the table ---------------------------------------------------------------------------------------


def _print_table(
    entries: Iterable[tuple[int, "Event"]], suite: "Suite", names: Mapping[str, str], language: Language
) -> int:
    found = 0
    for index, event in entries:
        if not found:
            print(_line([say(f"log_column_{n}", language) for n in range(1, len(_WIDTHS) + 2)]))
        found += 1
        print(_line(_cells(index, event, suite, names, language)))
    return found


def _cells(
    index: int, event: "Event", suite: "Suite", names: Mapping[str, str], language: Language
) -> list[str]:
    from xinqiao_ledger.suite import tree_hash

    return [
        str(index),
        tree_hash(event, suite).hex()[:12],
        shown(event.time),
        names.get(event.node, event.node[:12]),
        word("log_kind", event.kind.value, language),
        (event.job or "")[:8],
        about(event, language),
    ]


def about(event: "Event", language: Language) -> str:
    """Return what there is to say of an event, briefly: step, decision and reason, spend, data, purpose."""
    step = "" if event.step is None else say("log_step", language, step=event.step)
    spend = "" if event.spend is None else f"ε {event.spend.epsilon_micro / 1_000_000:g}"
    decision = "" if event.decision is None else word("log_decision", event.decision, language)
    said = (step, decision, event.reason, spend, event.dataset, event.tier, event.purpose)
    return " ".join(part for part in said if part)


def word(area: str, value: str, language: Language) -> str:
    """Return the word for a value in the reader's language; the value itself where there is none."""
    code = f"{area}_{value}"
    return say(code, language) if code in MESSAGES else value


def _line(cells: Sequence[str]) -> str:
    fixed = (fitted(cell, width) for cell, width in zip(cells[:-1], _WIDTHS, strict=True))
    return " ".join([*fixed, printable(cells[-1])]).rstrip()


def printable(text: str) -> str:
    """Return what no terminal obeys."""
    return "".join(letter for letter in text if letter.isprintable())


def fitted(text: str, width: int) -> str:
    """Return `text` in exactly so many columns, cut or filled with spaces. A Chinese letter takes two."""
    shown = printable(text)
    if width_of(shown) > width:
        while width_of(shown) > width - 1:
            shown = shown[:-1]
        shown += "…"
    return shown + " " * (width - width_of(shown))


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes. A Chinese letter takes two."""
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
