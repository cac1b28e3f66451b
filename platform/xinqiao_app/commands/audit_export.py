"""`xinqiao audit export`: the evidence of a job, an event or a period, from what the centre keeps."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import moment, require_centre, shown
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say, say_reason
from xinqiao_ledger.files import create_file, io_errors

if TYPE_CHECKING:
    from xinqiao_platform.centre import Centre
    from xinqiao_platform.fates import Fate

_SHORT = 16


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
    from xinqiao_platform.centre import Centre

    _require_one_scope(options)
    require_centre(options.centre)
    centre = Centre(options.centre)
    try:
        try:
            data = _bundle(centre, options)
        except UsageInvalid as error:
            if error.code != "export_no_result":
                raise
            return _tell_fate(centre, options, language)
    finally:
        centre.close()
    keep(options.out, data)
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


def keep(out: Path, data: bytes) -> None:
    """Write evidence; what another export wrote there is evidence, too, and is never replaced."""
    with io_errors(out):
        try:
            create_file(out, data)
        except FileExistsError:
            if not out.is_file() or out.read_bytes() != data:
                raise UsageInvalid("out_taken", path=str(out)) from None


def _require_one_scope(options: argparse.Namespace) -> None:
    given = [options.job, options.event, options.since or options.until]
    if len([scope for scope in given if scope is not None]) != 1:
        raise UsageInvalid("export_one_scope")
    if (options.since is None) != (options.until is None):
        raise UsageInvalid("export_both_dates")


def _tell_fate(centre: "Centre", options: argparse.Namespace, language: Language) -> int:
    """Say what became of a job without a result, and what gives evidence of that; nothing is written."""
    from xinqiao_platform.exports import find_job
    from xinqiao_platform.fates import fate_of

    job = find_job(centre, options.job)
    fate = fate_of(centre, job)
    if options.json:
        print(json.dumps({"job": job} | asdict(fate), ensure_ascii=False))
    else:
        print("\n".join(_fate_lines(fate, job, options.centre, language)), file=sys.stderr)
    return 2


def _fate_lines(fate: "Fate", job: str, centre: Path, language: Language) -> Iterator[str]:
    from xinqiao_app.directory import known

    names = {card.fingerprint.hex(): card.name for card in known(centre)}
    short = job[:_SHORT]
    yield say(f"export_fate_{fate.state}", language, job=short, steps=fate.steps)
    for code, told in (("export_fate_refusal", fate.refused), ("export_fate_end", fate.ended)):
        for said in told:
            name = f"{names.get(said.node, '')} [{said.node[:_SHORT]}]".strip()
            reason = say_reason(said.reason, language)
            yield "  " + say(code, language, name=name, why=reason, event=said.event[:_SHORT])
    scope = f"--from {shown(fate.first)} --to {shown(fate.last + 1)}"
    yield say("export_fate_evidence", language, scope=scope)


def _bundle(centre: "Centre", options: argparse.Namespace) -> bytes:
    from xinqiao_platform.exports import export_event, export_job, export_period, find_event, find_job

    if options.job is not None:
        return export_job(centre, find_job(centre, options.job))
    if options.event is not None:
        return export_event(centre, find_event(centre, options.event))
    return export_period(centre, moment(options.since), moment(options.until))
