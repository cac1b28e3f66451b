"""`xinqiao job status`: how far a job has come, once or until it ends, from any terminal of the centre."""

import argparse
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import read_as
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.messages import Language, say, say_reason

if TYPE_CHECKING:
    from xinqiao_governance.order import Order
    from xinqiao_platform.job_status import JobStatus

_LOOK_S = 0.5


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the command."""
    parser.add_argument("order", type=Path, help=say("cli_order_file", language))
    parser.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
    parser.add_argument("--watch", action="store_true", help=say("cli_watch", language))
    parser.add_argument("--json", action="store_true", help=say("cli_json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Print the status; with `--watch` again whenever it changes, until the job is over."""
    from xinqiao_app.directory import shown_names
    from xinqiao_governance.order import Order
    from xinqiao_governance.signed import Signed

    order = read_as(options.order, lambda value: Signed.parse(value, Order)).body
    names = shown_names(options.centre)
    for status in course(options.centre, order, watch=options.watch):
        if options.json:
            print(json.dumps(status.to_json()), flush=True)
        else:
            print("\n".join(lines(status, names, language)), flush=True)
    return 0


def lines(status: "JobStatus", names: Mapping[bytes, str], language: Language) -> list[str]:
    """Return the status for a person: one sentence, and one for each department that is not there."""
    from xinqiao_app.progress import short

    def name(node: bytes) -> str:
        return names.get(node, short(node))

    facts = {"step": status.step, "answers": status.answers, "good": status.good, "void": status.void}
    reason = say_reason(status.failed, language) if status.failed else ""
    sentence = say(f"job_status_{status.state}", language, **facts, joined=status.joined, reason=reason)
    away = [
        say("job_status_away", language, department=name(node), step=since)
        for node, since in sorted(status.away.items())
    ]
    left = [say("job_status_left", language, department=name(node)) for node in status.left]
    return [sentence, *(f"  {line}" for line in away + left)]


def course(centre: Path, order: "Order", *, watch: bool) -> Iterator["JobStatus"]:
    """Yield the status now; with `watch` each that differs from the one before, to the job's end."""
    from xinqiao_platform.job_status import status_of

    status = status_of(centre, order)
    yield status
    while watch and not status.over:
        time.sleep(_LOOK_S)
        before, status = status, status_of(centre, order)
        if status != before:
            yield status
