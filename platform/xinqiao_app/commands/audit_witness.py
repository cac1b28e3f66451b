"""`xinqiao audit witness`: which witnesses the centre asks, and how far each of them cosigned."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from xinqiao_app.commands.arguments import count
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

_ASK_S = 10.0


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands."""
    add = parser.commands("witness_command", "cli_audit_witness", lambda _name: parser.get_default("run"))

    def command(name: str) -> argparse.ArgumentParser:
        sub = add(name)
        sub.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
        sub.add_argument("--json", action="store_true", help=say("cli_json", language))
        return sub

    new = command("add")
    new.add_argument("--card", type=Path, required=True, help=say("cli_witness_card_file", language))
    new.add_argument("--url", required=True, help=say("cli_witness_url", language))
    command("remove").add_argument("name", help=say("cli_witness_listed", language))
    command("need").add_argument("number", type=count, help=say("cli_witness_number", language))
    command("status")


def run(options: argparse.Namespace, language: Language) -> int:
    """Carry the chosen command out."""
    if not (options.centre / "log.pem").exists():  # opening it would make it
        raise UsageInvalid("centre_missing", path=str(options.centre))
    return _COMMANDS[options.witness_command](options, language)


def _add(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_app.commands.cards import WitnessCard, read_card
    from xinqiao_app.directory import known
    from xinqiao_ledger.signing import grouped
    from xinqiao_platform.centre import Centre
    from xinqiao_platform.cosigning import cosign_kept
    from xinqiao_platform.witnesses import COSIGNED, OutsideWitness, Witnesses

    card = read_card(options.card, WitnessCard)
    if any(card.key in (one.key, one.witness_key) or card.name == one.name for one in known(options.centre)):
        raise UsageInvalid("witness_known", name=card.name)  # it would count twice
    witness = OutsideWitness(card.name, card.key, options.url)
    Witnesses.load(options.centre).with_witness(witness).save(options.centre)
    told: dict[str, str | int] = {"name": card.name, "fingerprint": card.fingerprint.hex()}
    # Said before it is asked: whatever comes of that, it is added.
    page = sys.stderr if options.json else sys.stdout
    added = say("witness_added", language, name=card.name, fingerprint=grouped(card.fingerprint))
    print(added, file=page, flush=True)
    with closing(Centre(options.centre)) as centre:
        word = cosign_kept(centre, witness, timeout_s=_ASK_S)
    if options.json:
        said = {"said": word.code if word else None, "size": word.size if word else 0}
        print(json.dumps(told | said, ensure_ascii=False))
        return 0
    print(
        say(word.code, language, name=card.name, size=word.size) if word else say("witness_no_head", language)
    )
    if word is None or word.code != COSIGNED:
        print(say("witness_asked_later", language))
    return 0


def _remove(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_platform.witnesses import Witnesses

    Witnesses.load(options.centre).without(options.name).save(options.centre)
    return _say(options, language, "witness_removed", name=options.name)


def _need(options: argparse.Namespace, language: Language) -> int:
    from dataclasses import replace

    from xinqiao_app.directory import known
    from xinqiao_platform.witnesses import Witnesses

    witnesses = replace(Witnesses.load(options.centre), needed=options.number)
    witnesses.save(options.centre)
    of = len(witnesses.outside) + len(known(options.centre))
    if options.number > of:
        print(say("witness_need_unmeetable", language, needed=options.number, of=of), file=sys.stderr)
    return _say(options, language, "witness_need_set", needed=options.number, of=of)


def _status(options: argparse.Namespace, language: Language) -> int:
    """Show every witness; exit 1 if one knows of another history, or the newest head lacks cosignatures."""
    from xinqiao_app.witness_status import witness_status
    from xinqiao_platform.centre import Centre

    with closing(Centre(options.centre)) as centre:
        found = witness_status(centre)
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(found.lines(language)))
    return 1 if found.alarms or not found.is_met else 0


def _say(options: argparse.Namespace, language: Language, code: str, **fields: str | int) -> int:
    print(json.dumps(fields, ensure_ascii=False) if options.json else say(code, language, **fields))
    return 0


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "add": _add,
    "remove": _remove,
    "need": _need,
    "status": _status,
}
