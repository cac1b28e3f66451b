"""`xinqiao audit`: verify a bundle or a whole log offline, and write the trust file that this takes."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands import audit_chain
from xinqiao_app.commands.arguments import count, deliver, read_bytes, require_file
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
    fsck = command("fsck")
    fsck.add_argument("log", help=say("cli_audit_log", language))
    fsck.add_argument("--trust", type=Path, help=say("cli_audit_trust_file", language))
    fsck.add_argument("--json", action="store_true", help=say("cli_json", language))
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
        help=say("cli_audit_trust_chain", language),
    )
    trust.add_argument("--witnesses-needed", type=count, help=say("cli_audit_needed", language))
    trust.add_argument("--out", type=Path, help=say("cli_out", language))
    audit_chain.add_arguments(command, language)


def _verify(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_ledger.verify import verify

    trust = _read_trust(options.trust) if options.trust else None
    report = verify(read_bytes(options.bundle), trust)
    if options.json:
        print(json.dumps(report.to_json(language), ensure_ascii=False, indent=1))
    else:
        print("\n".join(report.lines(language)))
    return report.exit_code


def _fsck(options: argparse.Namespace, language: Language) -> int:
    """Check a log from its rows alone; exit 1 if anything does not hold."""
    from xinqiao_ledger.database import POSTGRES
    from xinqiao_ledger.fsck import fsck

    if not options.log.startswith(POSTGRES):
        require_file(Path(options.log))  # SQLite would make it
    trust = _read_trust(options.trust) if options.trust else None
    found = fsck(
        options.log,
        origin=trust.origin if trust else None,
        log_key=trust.log_key if trust else None,
        workers=os.cpu_count() or 1,
        progress=_row_counter(language),
    )
    if trust is None:
        print(say("fsck_unsigned", language), file=sys.stderr)
    if options.json:
        print(json.dumps(found.to_json(language), ensure_ascii=False, indent=1))
    else:
        print("\n".join(found.lines(language)))
    return 1 if found.count else 0


def _row_counter(language: Language) -> Callable[[int, int], None]:
    """Return what shows on standard error how far the reading came, where a person looks at it."""

    def show(done: int, size: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == size else "\r"
            print(say("fsck_progress", language, done=done, size=size), end=end, file=sys.stderr, flush=True)

    return show


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


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "verify": _verify,
    "fsck": _fsck,
    "trust": _trust,
    **audit_chain.COMMANDS,
}
