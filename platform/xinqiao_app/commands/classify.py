"""`xinqiao node classify`: what the columns of an unknown table seem to be; it stores nothing."""

import argparse
import json
import shutil
from typing import TYPE_CHECKING

from xinqiao_app.commands.columns import table as aligned
from xinqiao_governance.canonical import Json
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_governance.classify import Proposal


def add_arguments(parser: argparse.ArgumentParser, language: Language) -> None:
    """Describe the command."""
    parser.add_argument("file", metavar="FILE", help=say("cli_classify_file", language))
    parser.add_argument("--part", metavar="NAME", help=say("cli_classify_part", language))
    parser.add_argument("--json", action="store_true", help=say("cli_json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Print a proposal for each column, in the table's own order."""
    from xinqiao_clients.sources import Source, read_table
    from xinqiao_governance.classify import classify

    table = read_table(Source(options.file, options.part))
    proposals = classify(zip(table.header, table.columns, strict=True))
    if options.json:
        found = [plain(proposal, language) for proposal in proposals]
        print(json.dumps(found, ensure_ascii=False, indent=1))
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
