"""`xinqiao audit`: verify a bundle or a whole log offline, and write the trust file that this takes."""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.border import flush_stdout, foreign_errors
from xinqiao_app.commands import (
    audit_chain,
    audit_export,
    audit_lineage,
    audit_log,
    audit_restore,
    audit_round,
    audit_witness,
)
from xinqiao_app.commands.arguments import (
    add_suite,
    count,
    deliver,
    put,
    read_bytes,
    read_trust,
    require_file,
)
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid, XinqiaoError
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_ledger.anchor import AnchorRecord, Keeper
    from xinqiao_ledger.checks.case import Confirm

_BLOCK_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_RPC_TIMEOUT_S = 10.0


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands."""
    command = parser.commands("command", "cli_audit", _COMMANDS.__getitem__)
    verify = command("verify")
    verify.add_argument("bundle", type=Path, help=say("cli_audit_bundle", language))
    verify.add_argument("--trust", type=Path, help=say("cli_audit_trust_file", language))
    verify.add_argument("--block-hash", metavar="HASH", help=say("cli_verify_block_hash", language))
    verify.add_argument("--rpc", metavar="URL", help=say("cli_verify_rpc", language))
    verify.add_argument("--html", type=Path, metavar="OUT", help=say("cli_verify_html", language))
    verify.add_argument("--json", action="store_true", help=say("cli_json", language))
    fsck = command("fsck")
    fsck.add_argument("log", help=say("cli_audit_log_file", language))
    fsck.add_argument("--trust", type=Path, help=say("cli_audit_trust_file", language))
    add_suite(fsck, language)
    fsck.add_argument("--json", action="store_true", help=say("cli_json", language))
    audit_restore.add_arguments(command, language)
    audit_round.add_arguments(command("round"), language)
    audit_export.add_arguments(command("export"), language)
    audit_log.add_arguments(command("log"), language)
    audit_lineage.add_arguments(command("lineage"), language)
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
        "--witness",
        action="append",
        nargs=2,
        default=[],
        metavar=("CARD", "KEPT_BY"),
        help=say("cli_audit_trust_witness", language),
    )
    trust.add_argument(
        "--chain",
        nargs=3,
        metavar=("CHAIN_ID", "CONTRACT", "KEPT_BY"),
        help=say("cli_audit_trust_chain", language),
    )
    trust.add_argument("--witnesses-needed", type=count, help=say("cli_audit_needed", language))
    trust.add_argument("--out", type=Path, help=say("cli_out", language))
    audit_witness.add_arguments(command("witness"), language)
    audit_chain.add_arguments(command, language)


def _verify(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_ledger.page import START, Page
    from xinqiao_ledger.verify import examine

    data = read_bytes(options.bundle)
    trust = read_trust(options.trust) if options.trust else None
    bundle, report = examine(data, trust, _confirm(options))
    if options.json:
        print(json.dumps(report.to_json(language), ensure_ascii=False, indent=1))
    else:
        print("\n".join(report.lines(language)))
    flush_stdout()
    if options.html is not None:
        page = Page(options.bundle.name, data, bundle, report, trust, language, int(time.time()))
        put(options.html, page.render().encode(), beginning=START.encode())
    return report.exit_code


def _no_verdict(
    run: Callable[[argparse.Namespace, Language], int],
) -> Callable[[argparse.Namespace, Language], int]:
    """Keep exit code 1 for what was found false: whatever kept a command from telling ends it with 2."""

    def guarded(options: argparse.Namespace, language: Language) -> int:
        try:
            with foreign_errors():
                code = run(options, language)
                flush_stdout()
                return code
        except XinqiaoError as error:
            raise UsageInvalid(error.code, **error.fields) from error

    return guarded


def _confirm(options: argparse.Namespace) -> "Confirm | None":
    """Return what asks for the anchor: the block that the auditor brought, and the node that he trusts."""
    from xinqiao_ledger.block_proof import confirm_by_rpc, verify_block_proof

    if options.block_hash is None and options.rpc is None:
        return None
    if options.block_hash is not None and not _BLOCK_HASH.fullmatch(options.block_hash):
        raise UsageInvalid("block_hash_invalid")

    def confirm(record: "AnchorRecord") -> None:
        if options.block_hash is not None:
            verify_block_proof(record, options.block_hash)
        if options.rpc is not None:
            confirm_by_rpc(record, options.rpc, timeout_s=_RPC_TIMEOUT_S)

    return confirm


def _fsck(options: argparse.Namespace, language: Language) -> int:
    """Check a log from its rows alone; exit 1 if anything does not hold."""
    from xinqiao_ledger.database import POSTGRES
    from xinqiao_ledger.fsck import fsck
    from xinqiao_ledger.suite import SUITES

    if not options.log.startswith(POSTGRES):
        require_file(Path(options.log))  # SQLite would make it
    trust = read_trust(options.trust) if options.trust else None
    found = fsck(
        options.log,
        origin=trust.origin if trust else None,
        log_key=trust.log_key if trust else None,
        suite=SUITES[options.suite],
        workers=os.cpu_count() or 1,
        progress=_row_counter(language),
    )
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


def _trust(options: argparse.Namespace, language: Language) -> int:
    """Write what the auditor believes: cards he was given in person, and who keeps what, as he judges."""
    from xinqiao_app.commands.cards import CentreCard, DepartmentCard, WitnessCard, read_card
    from xinqiao_governance.errors import WireInvalid
    from xinqiao_ledger.signing import grouped
    from xinqiao_ledger.trust import Trust, TrustedChain, TrustedKey, TrustedWitness

    centre = read_card(options.centre, CentreCard)
    cards = [(read_card(Path(card), DepartmentCard), keeper) for card, keeper in options.department]
    others = [(read_card(Path(card), WitnessCard), keeper) for card, keeper in options.witness]
    witnesses = [TrustedWitness(card.name, card.witness_key, _keeper(keeper)) for card, keeper in cards]
    witnesses += [TrustedWitness(card.name, card.key, _keeper(keeper)) for card, keeper in others]
    chain = options.chain and TrustedChain(
        count(options.chain[0]), options.chain[1], _keeper(options.chain[2])
    )
    try:
        trust = Trust(
            origin=centre.log_origin,
            log_key=centre.note_key,
            operator=centre.operator,
            departments=tuple(TrustedKey(card.name, card.key) for card, _ in cards),
            witnesses=tuple(witnesses),
            witness_threshold=options.witnesses_needed or len(witnesses) // 2 + 1,
            chain=chain or None,
        )
    except WireInvalid as error:
        raise UsageInvalid("trust_invalid", **error.fields) from error
    deliver(trust.encode().decode().rstrip("\n"), options.out)
    print(say("audit_trust_written", language, fingerprint=grouped(centre.fingerprint)), file=sys.stderr)
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
    "verify": _no_verdict(_verify),
    "fsck": _no_verdict(_fsck),
    "export": audit_export.run,
    "log": audit_log.run,
    "lineage": audit_lineage.run,
    "trust": _trust,
    "round": audit_round.run,
    "refill": audit_restore.run_refill,
    "epoch": audit_restore.run_epoch,
    "witness": audit_witness.run,
    **audit_chain.COMMANDS,
}
