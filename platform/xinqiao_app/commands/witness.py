"""`xinqiao witness`: a witness that somebody outside the operator keeps; needs the extra `audit` alone."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import port
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import Field, UsageInvalid
from xinqiao_governance.messages import Language, say
from xinqiao_ledger.files import system_reason

if TYPE_CHECKING:
    from xinqiao_ledger.witness import Witness
    from xinqiao_ledger.witness_server import Tell, WitnessServer


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands."""
    add = parser.commands("command", "cli_witness", _COMMANDS.__getitem__)

    def command(name: str) -> argparse.ArgumentParser:
        sub = add(name)
        sub.add_argument("--home", type=Path, required=True, help=say("cli_witness_home", language))
        return sub

    create = command("create")
    create.add_argument("--name", required=True, help=say("cli_witness_name", language))
    create.add_argument("--centre", type=Path, required=True, help=say("cli_centre_card", language))
    create.add_argument("--who", help=say("cli_witness_who", language))
    create.add_argument("--json", action="store_true", help=say("cli_json", language))
    serve = command("serve")
    serve.add_argument("--host", default="127.0.0.1", help=say("cli_witness_host", language))
    serve.add_argument("--port", type=port, default=0, help=say("cli_witness_port", language))
    command("card").add_argument("--out", type=Path, help=say("cli_out", language))


def _create(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_app.commands.cards import CentreCard, read_card
    from xinqiao_ledger.signing import fingerprint, grouped
    from xinqiao_ledger.witness_home import WitnessSettings, create_witness

    centre = read_card(options.centre, CentreCard)
    settings = WitnessSettings(options.name, options.who or options.name, centre.log_origin, centre.note_key)
    own = fingerprint(create_witness(options.home, settings))
    if options.json:
        print(json.dumps({"operator": centre.fingerprint.hex(), "fingerprint": own.hex()}))
    else:
        shown = {"operator": grouped(centre.fingerprint), "fingerprint": grouped(own)}
        print(say("witness_created", language, **shown))
    return 0


def _card(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_app.commands.cards import WitnessCard, write_card
    from xinqiao_ledger.signing import grouped
    from xinqiao_ledger.witness_home import load_key, read_settings

    settings = read_settings(options.home)
    key = load_key(options.home)
    card = WitnessCard(settings.name, key.public, settings.who)
    write_card(card, key, options.out)
    print(say("witness_fingerprint", language, fingerprint=grouped(card.fingerprint)), file=sys.stderr)
    return 0


def _serve(options: argparse.Namespace, language: Language) -> int:
    """Answer until Ctrl-C or SIGTERM; a cosignature that is under way is then on disk, or was never made."""
    from xinqiao_ledger.witness_home import open_witness

    def tell(code: str, /, **fields: Field) -> None:
        with suppress(OSError):  # who asked must have the answer, whoever reads this
            print(say(code, language, **fields), file=sys.stderr, flush=True)

    witness = open_witness(options.home)
    try:
        with _bound(witness, options, tell) as server:
            stop = threading.Event()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
            threading.Thread(target=_serve_until, args=(server, stop), daemon=True).start()
            tell("witness_serving", name=witness.name, host=options.host, port=server.port)
            stop.wait()
            server.shutdown()
    finally:
        witness.close()
    tell("witness_stopped")
    return 0


def _bound(witness: "Witness", options: argparse.Namespace, tell: "Tell") -> "WitnessServer":
    from xinqiao_ledger.witness_server import WitnessServer

    try:
        return WitnessServer(witness, options.host, options.port, tell)
    except OSError as error:
        reason = system_reason(error)
        raise UsageInvalid("witness_address_invalid", host=options.host, reason=reason) from error


def _serve_until(server: "WitnessServer", stop: threading.Event) -> None:
    try:
        server.serve_forever()
    finally:
        stop.set()


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "create": _create,
    "serve": _serve,
    "card": _card,
}
