"""`xinqiao node classify`: what the columns of an unknown table seem to be; it stores nothing."""

import argparse
import json
from typing import TYPE_CHECKING

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
        print(json.dumps([proposal.to_json() for proposal in proposals], ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(proposals, language)))
    return 0


def lines(proposals: "tuple[Proposal, ...]", language: Language) -> list[str]:
    """Return the proposals for a person: what is held back first in words, then one line a column."""
    from xinqiao_governance.semantics import SEMANTICS

    shown = []
    for place, proposal in enumerate(proposals, start=1):
        semantic = SEMANTICS.get(proposal.semantic)
        named = proposal.semantic if semantic is None else (semantic.zh if language == "zh" else semantic.en)
        shown.append(
            say(
                "classify_line",
                language,
                column=proposal.column or say("classify_column_unnamed", language, place=place),
                semantic=named if semantic else say("classify_semantic_unknown", language),
                tier=say(f"tier_{proposal.tier}", language),
                state=say(f"classify_{proposal.state}", language),
                confidence=proposal.confidence // 10,
                reason=say(proposal.reason, language, **proposal.fields),
            )
        )
    review = sum(proposal.state == "review" for proposal in proposals)
    return [*shown, say("classify_summary", language, columns=len(proposals), review=review)]
