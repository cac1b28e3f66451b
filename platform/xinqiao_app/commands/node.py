"""`xinqiao node`: what a department's steward does."""

import argparse
import json
import signal
import sys
import threading
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import DELTA, EPSILON, exact, read_bytes, read_json
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_clients.home import Home

_STEWARD = "steward"


def add_arguments(parser: argparse.ArgumentParser, language: Language) -> None:
    """Describe the commands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str) -> argparse.ArgumentParser:
        about = say(f"cli_node_{name}", language)
        sub = commands.add_parser(name, help=about, description=about)
        sub.add_argument("--home", type=Path, required=True, help=say("cli_home", language))
        sub.set_defaults(run=globals()[f"_{name}"])
        return sub

    def opened(name: str) -> argparse.ArgumentParser:
        sub = command(name)
        sub.add_argument("--passphrase-file", type=Path, help=say("cli_passphrase", language))
        return sub

    init = opened("init")
    init.add_argument("--name", required=True, help=say("cli_node_name", language))
    init.add_argument("--centre", type=Path, required=True, help=say("cli_centre_card", language))
    init.add_argument("--minimum-members", type=int, default=4, help=say("cli_minimum_members", language))
    load = opened("import")
    load.add_argument("--data", type=Path, required=True, help=say("cli_data", language))
    load.add_argument("--catalogue", type=Path, required=True, help=say("cli_catalogue", language))
    load.add_argument("--contract", type=Path, required=True, help=say("cli_contract", language))
    load.add_argument("--epsilon-cap", required=True, help=say("cli_epsilon_cap", language))
    load.add_argument("--delta-cap", required=True, help=say("cli_delta_cap", language))
    opened("identity")
    confirm = opened("confirm")
    confirm.add_argument("card", type=Path, help=say("cli_card", language))
    confirm.add_argument("--fingerprint", required=True, help=say("cli_fingerprint", language))
    approve = opened("approve")
    approve.add_argument("order", type=Path, help=say("cli_order_file", language))
    command("status").add_argument("--json", action="store_true", help=say("cli_json", language))
    run = opened("run")
    run.add_argument("--superlink", required=True, help=say("cli_superlink", language))
    run.add_argument("--until-eof", action="store_true", help=say("cli_until_eof", language))


def _init(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.home import Home, Settings
    from xinqiao_governance.parse import fields_of, hex_bytes, text

    card = fields_of(read_json(options.centre), "operator", "log_key", "log_origin")
    settings = Settings(
        name=options.name,
        operator=hex_bytes(card, "operator", length=32),
        log_key=hex_bytes(card, "log_key", length=32),
        log_origin=text(card, "log_origin"),
        minimum_members=options.minimum_members,
    )
    home = Home.create(options.home, settings, _passphrase(options, language))
    print(say("node_created", language, fingerprint=home.identity.fingerprint.hex()))
    home.close()
    return 0


def _import(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.importer import import_frame, read_contract, read_csv
    from xinqiao_governance.catalogue import Dataset
    from xinqiao_governance.order import Spend

    cap = Spend(exact(options.epsilon_cap, EPSILON), exact(options.delta_cap, DELTA))
    dataset = Dataset.from_json(read_json(options.catalogue))
    contract = read_contract(options.contract)
    frame = read_csv(options.data, contract)
    home = _open(options, language)
    version = import_frame(frame, dataset=dataset, contract=contract, store=home.store)
    home.adopt(dataset, read_bytes(options.contract).decode("utf-8"), version, cap, _STEWARD)
    print(
        say("node_imported", language, rows=version.rows, columns=len(dataset.columns), number=version.number)
    )
    home.close()
    return 0


def _identity(options: argparse.Namespace, language: Language) -> int:
    home = _open(options, language)
    print(json.dumps({"name": home.settings.name, "key": home.identity.public.hex()}, ensure_ascii=False))
    print(say("node_fingerprint", language, fingerprint=home.identity.fingerprint.hex()), file=sys.stderr)
    home.close()
    return 0


def _confirm(options: argparse.Namespace, language: Language) -> int:
    """Confirm only what the steward typed: the card brings the key, a person brings the fingerprint."""
    from xinqiao_governance.parse import fields_of, hex_bytes, text
    from xinqiao_ledger.signing import fingerprint

    card = fields_of(read_json(options.card), "name", "key")
    node = fingerprint(hex_bytes(card, "key", length=32))
    if node.hex() != options.fingerprint.strip().lower():
        raise UsageInvalid("fingerprint_differs", name=text(card, "name"))
    home = _open(options, language)
    home.confirm(node, text(card, "name"), _STEWARD)
    print(say("node_confirmed", language, name=text(card, "name")))
    home.close()
    return 0


def _approve(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_governance.order import Order
    from xinqiao_governance.signed import Signed
    from xinqiao_ledger.signing import check

    order = Signed.parse(read_json(options.order), Order)
    home = _open(options, language)
    check(order, home.settings.operator)
    home.approve(order, _STEWARD)
    print(say("node_approved", language, order=order.body.digest.hex()[:16], purpose=order.body.purpose))
    home.close()
    return 0


def _status(options: argparse.Namespace, language: Language) -> int:
    """Show what the book says; it needs no passphrase, because it holds no one's data."""
    from xinqiao_clients.status import status

    found = status(options.home)
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(found.lines(language)))
    return 0


def _run(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.door import guard_process
    from xinqiao_clients.flower import run_agent
    from xinqiao_clients.node import DataNode

    home = _open(options, language)
    node = DataNode(home)
    guard_process()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if options.until_eof:
        threading.Thread(target=_stop_at_eof, args=(stop,), daemon=True).start()
    try:
        run_agent(node, node.door, superlink=options.superlink, stop=stop)
    finally:
        home.close()
    return 0


def _stop_at_eof(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


def _open(options: argparse.Namespace, language: Language) -> "Home":
    from xinqiao_clients.home import Home, read_settings

    read_settings(options.home)  # before anyone types a passphrase for nothing
    return Home.open(options.home, _passphrase(options, language))


def _passphrase(options: argparse.Namespace, language: Language) -> str:
    """Read the passphrase from a file, a pipe or the keyboard: never from an argument or the environment."""
    if options.passphrase_file:
        return read_bytes(options.passphrase_file).decode("utf-8").rstrip("\n")
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass(say("node_passphrase_prompt", language))
