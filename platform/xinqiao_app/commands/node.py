"""`xinqiao node`: what a department's steward does."""

import argparse
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands import classify, dataset, journal, local, node_alarm, node_doctor, node_epoch
from xinqiao_app.commands.arguments import address, count, read_as
from xinqiao_app.commands.opening import (
    FIRST_STEWARD,
    add_opening,
    add_steward,
    forbid_core_dumps,
    new_passphrase,
    opened,
)
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_clients.flower import Link
    from xinqiao_clients.home import Home, Settings
    from xinqiao_clients.node import DataNode

_SUITES = ("aes-256-gcm", "sm4-gcm")  # of `suites`, which brings the libraries
_LEAST_MEMBERS = 3  # two others at least: one who knows his own share must not see a department alone


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands."""
    add = parser.commands("command", "cli_node", _COMMANDS.__getitem__)

    def command(name: str) -> argparse.ArgumentParser:
        sub = add(name)
        sub.add_argument("--home", type=Path, required=True, help=say("cli_home", language))
        return sub

    def reading(name: str) -> argparse.ArgumentParser:
        sub = command(name)
        add_opening(sub, language)
        return sub

    def acting(name: str) -> argparse.ArgumentParser:
        sub = reading(name)
        add_steward(sub, language)
        return sub

    init = command("init")
    init.add_argument("--passphrase-file", type=Path, help=say("cli_passphrase", language))
    init.add_argument(
        "--steward", default=FIRST_STEWARD, metavar="NAME", help=say("cli_first_steward", language)
    )
    init.add_argument("--suite", default=_SUITES[0], choices=_SUITES, help=say("cli_store_suite", language))
    init.add_argument("--name", required=True, help=say("cli_node_name", language))
    init.add_argument("--centre", type=Path, required=True, help=say("cli_centre_card", language))
    init.add_argument("--minimum-members", type=count, default=4, help=say("cli_minimum_members", language))
    dataset.add_import_arguments(acting("import"), language)
    dataset.add_catalogue_arguments(reading("catalogue"), language)
    dataset.add_refresh_arguments(acting("refresh"), language)
    reading("identity").add_argument("--out", type=Path, help=say("cli_out", language))
    confirm = acting("confirm")
    confirm.add_argument("card", type=Path, nargs="?", help=say("cli_card", language))
    confirm.add_argument("--fingerprint", help=say("cli_fingerprint", language))
    dataset.add_confirm_arguments(confirm, language)
    for name in ("preview", "approve", "leave"):
        on_order = reading(name) if name == "preview" else acting(name)
        on_order.add_argument("order", type=Path, help=say("cli_order_file", language))
        if name == "preview":
            on_order.add_argument("--json", action="store_true", help=say("cli_json", language))
    command("status").add_argument("--json", action="store_true", help=say("cli_json", language))
    node_doctor.add_arguments(command("doctor"), language)
    journal.add_journal_arguments(reading("journal"), language)
    journal.add_forget_arguments(acting("forget"), language)
    node_alarm.add_arguments(acting("alarm"), language)
    node_epoch.add_arguments(acting("epoch"), language)
    classify.add_arguments(add("classify"), language)
    local.add_arguments(add("local"), language)
    for name in ("run", "supernode"):
        run = reading(name)
        run.add_argument("--superlink", type=address, required=True, help=say("cli_superlink", language))
        run.add_argument("--until-eof", action="store_true", help=say("cli_until_eof", language))


def _init(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_app.commands.cards import CentreCard, read_card
    from xinqiao_clients.home import Settings
    from xinqiao_ledger.checkpoint import is_key_name
    from xinqiao_ledger.signing import grouped

    if not is_key_name(options.name):
        raise UsageInvalid("node_name_invalid")
    if options.minimum_members < _LEAST_MEMBERS:
        raise UsageInvalid("node_members_invalid", least=_LEAST_MEMBERS)
    centre = read_card(options.centre, CentreCard)
    settings = Settings(
        name=options.name,
        operator=centre.fingerprint,
        log_key=centre.log_key,
        log_origin=centre.log_origin,
        minimum_members=options.minimum_members,
        authority=centre.authority,
        log_sm2=centre.log_sm2,
        store_suite=options.suite,
    )
    passphrase = partial(new_passphrase, options.passphrase_file, language)
    node = _create(options.home, settings, passphrase, options.steward)
    print(say("node_operator", language, fingerprint=grouped(centre.fingerprint)))
    print(say("node_created", language, fingerprint=grouped(node)))
    return 0


def _create(path: Path, settings: "Settings", passphrase: Callable[[], str], steward: str) -> bytes:
    """Make a home beside `path` and move it there when it is whole; return the fingerprint."""
    from xinqiao_clients.home import Home
    from xinqiao_ledger.files import io_errors, temporary_beside

    with io_errors(path):
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise UsageInvalid("home_exists", path=str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = temporary_beside(path.absolute())
        try:
            forbid_core_dumps()
            home = Home.create(draft, settings, passphrase(), steward=steward)
            home.close()
            draft.rename(path)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return home.identity.fingerprint


def _identity(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_app.commands.cards import card_of, write_card
    from xinqiao_ledger.signing import grouped

    with opened(options, language) as home:
        card = card_of(home)
        write_card(card, home.identity, options.out)
    print(say("node_fingerprint", language, fingerprint=grouped(card.fingerprint)), file=sys.stderr)
    return 0


def _confirm(options: argparse.Namespace, language: Language) -> int:
    """Confirm a department, or columns of the department's own."""
    if options.card is None and options.fingerprint is None:
        return dataset.confirm(options, language)
    columns = (options.dataset, options.column, options.semantic, options.tier, options.national_grade)
    if options.card is None or options.fingerprint is None or options.all or any(columns):
        raise UsageInvalid("confirm_unclear")
    return _confirm_department(options, language)


def _confirm_department(options: argparse.Namespace, language: Language) -> int:
    """Confirm only what the steward typed: the card brings the key, a person brings the fingerprint."""
    from xinqiao_app.commands.cards import DepartmentCard, read_card

    card = read_card(options.card, DepartmentCard)
    if card.fingerprint.hex() != "".join(options.fingerprint.split()).lower():
        raise UsageInvalid("fingerprint_differs", name=card.name)
    with opened(options, language) as home:
        if card.fingerprint == home.identity.fingerprint:
            raise UsageInvalid("fingerprint_own")
        home.confirm(card.fingerprint, card.name, options.steward)
    print(say("node_confirmed", language, name=card.name))
    return 0


def _preview(options: argparse.Namespace, language: Language) -> int:
    """Show what an order asks and costs, as the gate sees it now."""
    from xinqiao_clients.preview import preview
    from xinqiao_governance.order import Order
    from xinqiao_governance.signed import Signed

    order = read_as(options.order, lambda value: Signed.parse(value, Order))
    with opened(options, language) as home:
        found = preview(home, order)
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(found.lines(language)))
    return 0


def _approve(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.preview import cost_of
    from xinqiao_governance.order import Order
    from xinqiao_governance.signed import Signed
    from xinqiao_ledger.signing import check

    order = read_as(options.order, lambda value: Signed.parse(value, Order))
    with opened(options, language) as home:
        check(order, home.settings.operator)
        print(cost_of(home, order.body).line(language), flush=True)
        home.approve(order, options.steward)
    print(say("node_approved", language, order=order.body.digest.hex()[:16], purpose=order.body.purpose))
    return 0


def _leave(options: argparse.Namespace, language: Language) -> int:
    """Leave a job; the department's running agent finds it over at the next step."""
    from xinqiao_clients.node import DataNode
    from xinqiao_governance.order import Order
    from xinqiao_governance.signed import Signed

    order = read_as(options.order, lambda value: Signed.parse(value, Order)).body.digest
    with opened(options, language) as home:
        DataNode(home).leave(order, options.steward)
    print(say("node_left_job", language, order=order.hex()[:16]))
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
    """Answer the centre until Ctrl-C or SIGTERM, which end the agent after the message it is answering."""
    from xinqiao_clients.flower import run_agent

    with _answering(options, language) as home:
        node, stop = _guarded(home, options, language)
        run_agent(node, node.door, _link(home, options), stop)
    return 0


def _supernode(options: argparse.Namespace, language: Language) -> int:
    """Answer the centre through Flower's own SuperNode, until Ctrl-C, SIGTERM or the SuperNode's end."""
    from xinqiao_app.supernode import start_supernode
    from xinqiao_clients.supernode import answer_tasks

    with (
        _answering(options, language) as home,
        start_supernode(home.path / "supernode", _link(home, options)) as supernode,
    ):
        node, stop = _guarded(home, options, language)
        supernode.when_ended(stop.set)
        answer_tasks(node, node.door, supernode.address, supernode.secret, stop)
        supernode.require_alive()
    return 0


@contextmanager
def _answering(options: argparse.Namespace, language: Language) -> Iterator["Home"]:
    """Open the home as its only agent."""
    from xinqiao_clients.home import one_agent, read_settings

    read_settings(options.home)
    with one_agent(options.home), opened(options, language) as home:
        home.tidy()
        yield home


def _link(home: "Home", options: argparse.Namespace) -> "Link":
    from xinqiao_clients.flower import Link

    return Link(options.superlink, home.settings.authority, home.transport_key)


def _guarded(
    home: "Home", options: argparse.Namespace, language: Language
) -> "tuple[DataNode, threading.Event]":
    """Guard this process; return the node, and what is set when it shall stop answering."""
    from xinqiao_clients.door import guard_process
    from xinqiao_clients.node import DataNode

    node = DataNode(home)
    guard_process()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if options.until_eof:
        threading.Thread(target=_stop_at_eof, args=(stop,), daemon=True).start()
    print(say("node_running", language, name=home.settings.name), file=sys.stderr, flush=True)
    return node, stop


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "init": _init,
    "import": dataset.load,
    "catalogue": dataset.catalogue,
    "refresh": dataset.refresh,
    "identity": _identity,
    "confirm": _confirm,
    "preview": _preview,
    "approve": _approve,
    "leave": _leave,
    "status": _status,
    "doctor": node_doctor.run,
    "journal": journal.show,
    "forget": journal.forget,
    "alarm": node_alarm.run,
    "epoch": node_epoch.run,
    "run": _run,
    "supernode": _supernode,
    "local": local.run,
    "classify": classify.run,
}


def _stop_at_eof(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1 << 16):  # sys.stdin's own lock would outlive this thread
        pass
    stop.set()
