"""`xinqiao audit`: verify a bundle offline, and write the trust file that this takes."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import count, deliver, read_bytes
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_ledger.anchor import Keeper
    from xinqiao_ledger.trust import Trust


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands."""
    command = parser.commands("command", "cli_audit", _COMMANDS.__getitem__)
    verify = command("verify")
    verify.add_argument("bundle", type=Path, help=say("cli_audit_bundle", language))
    verify.add_argument("--trust", type=Path, help=say("cli_audit_trust_file", language))
    verify.add_argument("--json", action="store_true", help=say("cli_json", language))
    trust = command("trust")
    trust.add_argument("--centre", type=Path, required=True, help=say("cli_centre_card", language))
    trust.add_argument(
        "--department",
        action="append",
        nargs=2,
        required=True,
        metavar=("CARD", "KEPT_BY"),
        help=say("cli_audit_department", language),
    )
    trust.add_argument(
        "--chain",
        nargs=3,
        metavar=("CHAIN_ID", "CONTRACT", "KEPT_BY"),
        help=say("cli_audit_chain", language),
    )
    trust.add_argument("--witnesses-needed", type=count, help=say("cli_audit_needed", language))
    trust.add_argument("--out", type=Path, help=say("cli_out", language))


def _verify(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_ledger.verify import verify

    trust = _read_trust(options.trust) if options.trust else None
    report = verify(read_bytes(options.bundle), trust)
    if options.json:
        print(json.dumps(report.to_json(language), ensure_ascii=False, indent=1))
    else:
        print("\n".join(report.lines(language)))
    return report.exit_code


def _read_trust(path: Path) -> "Trust":
    from xinqiao_ledger.files import version_errors
    from xinqiao_ledger.trust import Trust

    with version_errors(path):
        return Trust.decode(read_bytes(path))


def _trust(options: argparse.Namespace, language: Language) -> int:
    """Write what the auditor believes: cards he was given in person, and who keeps what, as he judges."""
    from xinqiao_app.commands.cards import CentreCard, DepartmentCard, read_card
    from xinqiao_governance.errors import WireInvalid
    from xinqiao_ledger.trust import Trust, TrustedChain, TrustedKey, TrustedWitness

    centre = read_card(options.centre, CentreCard)
    cards = [(read_card(Path(card), DepartmentCard), keeper) for card, keeper in options.department]
    chain = options.chain and TrustedChain(
        count(options.chain[0]), options.chain[1], _keeper(options.chain[2])
    )
    try:
        trust = Trust(
            origin=centre.log_origin,
            log_key=centre.log_key,
            operator=centre.operator,
            departments=tuple(TrustedKey(card.name, card.key) for card, _ in cards),
            witnesses=tuple(TrustedWitness(card.name, card.key, _keeper(keeper)) for card, keeper in cards),
            witness_threshold=options.witnesses_needed or len(cards) // 2 + 1,
            chain=chain or None,
        )
    except WireInvalid as error:
        raise UsageInvalid("trust_invalid", **error.fields) from error
    deliver(trust.encode().decode().rstrip("\n"), options.out)
    print(say("audit_trust_written", language, fingerprint=centre.fingerprint.hex()), file=sys.stderr)
    return 0


def _keeper(text: str) -> "Keeper":
    match text:
        case "operator":
            return "operator"
        case "independent":
            return "independent"
        case _:
            raise UsageInvalid(
                "usage_choice", name="KEPT_BY", choices="operator, independent", program="xinqiao audit trust"
            )


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {"verify": _verify, "trust": _trust}
