"""`xinqiao audit export`: the evidence of a job, an event or a period, from what the centre keeps."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import moment, require_centre, shown
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_platform.centre import Centre


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the command."""
    parser.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
    parser.add_argument("--job", metavar="ID", help=say("cli_export_job", language))
    parser.add_argument("--event", metavar="ID", help=say("cli_export_event", language))
    parser.add_argument("--from", dest="since", metavar="DATE", help=say("cli_export_from", language))
    parser.add_argument("--to", dest="until", metavar="DATE", help=say("cli_export_to", language))
    parser.add_argument("--out", type=Path, required=True, help=say("cli_export_out", language))
    parser.add_argument("--json", action="store_true", help=say("cli_json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Write the bundle and say what it holds."""
    from xinqiao_ledger.bundle import Bundle
    from xinqiao_ledger.files import io_errors, replace_file
    from xinqiao_platform.centre import Centre

    _require_one_scope(options)
    require_centre(options.centre)
    centre = Centre(options.centre)
    try:
        data = _bundle(centre, options)
    finally:
        centre.close()
    with io_errors(options.out):
        replace_file(options.out, data)
    bundle = Bundle.decode(data)
    facts: dict[str, int | str] = {
        "path": str(options.out),
        "entries": len(bundle.entries),
        "size": bundle.checkpoint.checkpoint.size,
        "bytes": len(data),
    }
    if options.json:
        print(json.dumps({"scope": bundle.scope(), "anchored": bundle.anchor is not None, **facts}))
        return 0
    if options.since is not None:
        since, until = shown(moment(options.since)), shown(moment(options.until))
        print(say("export_period", language, since=since, until=until), file=sys.stderr)
    print(say("export_written", language, **facts))
    return 0


def _require_one_scope(options: argparse.Namespace) -> None:
    given = [options.job, options.event, options.since or options.until]
    if len([scope for scope in given if scope is not None]) != 1:
        raise UsageInvalid("export_one_scope")
    if (options.since is None) != (options.until is None):
        raise UsageInvalid("export_both_dates")


def _bundle(centre: "Centre", options: argparse.Namespace) -> bytes:
    from xinqiao_platform.exports import export_event, export_job, export_period, find_event, find_job

    if options.job is not None:
        return export_job(centre, find_job(centre, options.job))
    if options.event is not None:
        return export_event(centre, find_event(centre, options.event))
    return export_period(centre, moment(options.since), moment(options.until))
