"""`xinqiao node classify`: what the columns of an unknown table seem to be; it stores nothing."""

import argparse
import json
import shutil
import sys
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import add_header, add_part, source_of
from xinqiao_app.commands.columns import table as aligned
from xinqiao_governance.canonical import Json
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_governance.classify import Proposal


def add_arguments(parser: argparse.ArgumentParser, language: Language) -> None:
    """Describe the command."""
    parser.add_argument("file", metavar="FILE", help=say("cli_classify_file", language))
    add_part(parser, language)
    add_header(parser, language)
    parser.add_argument("--json", action="store_true", help=say("cli_json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Print a proposal for each column, in the table's own order."""
    from xinqiao_clients.sources import read_table
    from xinqiao_clients.sources.edges import foot_row, require_no_title
    from xinqiao_governance.classify import Proposal, classify, first_row

    table = read_table(source_of(options.file, options))
    if not options.header:
        if not options.no_header:
            require_no_title(table)
        found = "data" if options.no_header else first_row(table.header, table.columns)
        if found == "data":
            table = table.without_header()
        if not any(table.header):
            print(say("classify_first_row_empty", language), file=sys.stderr)
        elif found != "names" and not options.no_header:
            print(say(f"classify_first_row_{found}", language), file=sys.stderr)
    proposed = enumerate(classify(zip(table.header, table.columns, strict=True)))
    proposals = tuple(
        Proposal.unreadable(proposal.column) if place in table.unreadable else proposal
        for place, proposal in proposed
    )
    foot = foot_row(table)
    if foot is not None:
        print(say("source_foot_row", language, row=foot), file=sys.stderr)
    if options.json:
        plainly = [plain(proposal, language) for proposal in proposals]
        print(json.dumps(plainly, ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(proposals, language, shutil.get_terminal_size().columns)))
    return 0


def plain(proposal: "Proposal", language: Language) -> dict[str, Json]:
    """Return a proposal as plain data: the reason as a sentence for people, and its code for programs."""
    return {
        "column": proposal.column,
        "semantic": proposal.semantic,
        "tier": proposal.tier.value,
        "state": proposal.state,
        "confidence": proposal.confidence,
        "reason": say(proposal.reason, language),
        "reason_code": proposal.reason,
    }


def lines(proposals: "tuple[Proposal, ...]", language: Language, width: int) -> list[str]:
    """Return the proposals for a person: a table of at most `width` columns, and how many to look at."""
    head = [say(f"classify_head_{name}", language) for name in _HEAD]
    rows = [_row(place, proposal, language) for place, proposal in enumerate(proposals, start=1)]
    review = sum(proposal.state == "review" for proposal in proposals)
    summary = say("classify_summary", language, columns=len(proposals), review=review)
    return [*aligned([head, *rows], width), "", summary]


_HEAD = ("column", "semantic", "tier", "state", "confidence", "reason")


def _row(place: int, proposal: "Proposal", language: Language) -> list[str]:
    from xinqiao_governance.semantics import SEMANTICS

    known = SEMANTICS.get(proposal.semantic)
    return [
        proposal.column or say("classify_column_unnamed", language, place=place),
        say("classify_semantic_unknown", language)
        if known is None
        else known.zh
        if language == "zh"
        else known.en,
        say(f"tier_{proposal.tier}", language),
        say(f"classify_{proposal.state}", language),
        f"{proposal.confidence // 10}%",
        say(proposal.reason, language),
    ]
