"""`xinqiao audit`: verify a bundle offline."""

import argparse
import json
from pathlib import Path

from xinqiao_app.commands.arguments import read_bytes
from xinqiao_governance.messages import Language, say


def add_arguments(parser: argparse.ArgumentParser, language: Language) -> None:
    """Describe the commands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    about = say("cli_audit_verify", language)
    verify = commands.add_parser("verify", help=about, description=about)
    verify.add_argument("bundle", type=Path, help=say("cli_audit_bundle", language))
    verify.add_argument("--trust", type=Path, help=say("cli_audit_trust", language))
    verify.add_argument("--json", action="store_true", help=say("cli_json", language))
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_ledger.trust import Trust
    from xinqiao_ledger.verify import verify

    trust = Trust.decode(read_bytes(options.trust)) if options.trust else None
    report = verify(read_bytes(options.bundle), trust)
    if options.json:
        print(json.dumps(report.to_json(language), ensure_ascii=False, indent=1))
    else:
        print("\n".join(report.lines(language)))
    return report.exit_code
