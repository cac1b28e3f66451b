"""`xinqiao audit chain` and `xinqiao audit anchor`: where the log's heads are anchored, and how that goes."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from xinqiao_app.commands.arguments import count
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import NodeUnavailable, ProofError, UsageInvalid, XinqiaoError
from xinqiao_governance.messages import Language, explain, say

if TYPE_CHECKING:
    from xinqiao_ledger.anchor import AnchorRecord
    from xinqiao_ledger.outbox import Outbox


def add_arguments(command: Callable[[str], Parser], language: Language) -> None:
    """Describe the commands."""
    chain = command("chain").commands("chain_command", "cli_audit_chain", _COMMANDS.__getitem__)
    deploy, status, anchor = chain("deploy"), chain("status"), command("anchor")
    for parser in (deploy, status, anchor):
        parser.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
        parser.add_argument("--json", action="store_true", help=say("cli_json", language))
    deploy.add_argument("--rpc", required=True, help=say("cli_chain_rpc", language))
    deploy.add_argument(
        "--kept-by",
        choices=("operator", "independent"),
        default="operator",
        help=say("cli_audit_kept_by", language),
    )
    deploy.add_argument("--max-gas-price", type=count, metavar="WEI", help=say("cli_chain_most", language))
    status.add_argument(
        "--acknowledge", type=count, metavar="ID", help=say("cli_chain_acknowledge", language)
    )
    status.add_argument("--by", metavar="NAME", help=say("cli_chain_by", language))
    anchor.add_argument("--every", type=count, metavar="SECONDS", help=say("cli_audit_every", language))


def _deploy(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_ledger.chain import address_of, deploy
    from xinqiao_ledger.chain_config import CHAIN_FOLDER, CONFIG, MAX_GAS_PRICE_WEI, ChainConfig
    from xinqiao_ledger.embedded import make_key
    from xinqiao_ledger.files import io_errors

    _require_centre(options.centre)
    if ChainConfig.read(options.centre) is not None:
        raise UsageInvalid("anchor_chain_chosen", path=str(options.centre / CONFIG))
    folder = options.centre / CHAIN_FOLDER
    with io_errors(folder):
        key = make_key(folder)
    address = address_of(key)
    print(say("anchor_writer", language, address=address, path=str(folder)), file=sys.stderr)
    most = options.max_gas_price or MAX_GAS_PRICE_WEI
    config = deploy(options.rpc, key, options.kept_by, most_wei=most)
    config.write(options.centre)
    if options.json:
        told = {"chain_id": config.chain_id, "contract": config.contract, "kept_by": config.kept_by}
        print(json.dumps(told | {"writer": address}))
    else:
        place = {"contract": config.contract, "keeper": config.kept_by}
        print(say("anchor_deployed", language, chain=config.chain_id, **place))
    return 0


def _status(options: argparse.Namespace, language: Language) -> int:
    """Compare both sides now; exit 1 on an alarm that waits, or where the chain cannot be asked."""
    if (options.acknowledge is None) != (options.by is None):
        raise UsageInvalid("anchor_alarm_nameless")
    with _outbox(options.centre) as outbox:
        if options.acknowledge is not None:
            outbox.acknowledge(options.acknowledge, options.by)
        problem = _problem(outbox)
        told = _told(outbox, problem, language)
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(told, language)))
    waits = any(alarm["acknowledged"] is None for alarm in told["alarms"])
    return 1 if waits or problem else 0


def _problem(outbox: "Outbox") -> XinqiaoError | None:
    """Return what keeps the chain from being compared, or is wrong with it."""
    try:
        outbox.reconcile()
    except XinqiaoError as error:
        return error
    return None


def _told(outbox: "Outbox", problem: XinqiaoError | None, language: Language) -> dict[str, Any]:
    latest, draft = outbox.latest(), outbox.draft()
    return {
        "anchored": latest.to_json() if latest else None,
        "waiting": outbox.waiting(),
        "under_way": draft.tx_hash if draft else None,
        "problem": explain(problem, language) if problem else None,
        "alarms": [
            {
                "id": alarm.number,
                "time": alarm.time,
                "code": alarm.code,
                "text": say(alarm.code, language, **alarm.fields),
                "acknowledged": alarm.acknowledged,
            }
            for alarm in outbox.alarms()
        ],
    }


def _lines(told: Mapping[str, Any], language: Language) -> Iterator[str]:
    latest = told["anchored"]
    yield _sent(latest, language) if latest else say("anchor_none_yet", language)
    yield say("anchor_waiting", language, count=told["waiting"])
    if told["under_way"]:
        yield say("anchor_under_way", language, transaction=told["under_way"])
    if told["problem"]:
        yield told["problem"]
    for alarm in told["alarms"]:
        seen = datetime.fromtimestamp(alarm["time"], UTC).isoformat(timespec="seconds")
        by = alarm["acknowledged"]
        state = (
            say("anchor_alarm_waits", language) if by is None else say("anchor_alarm_seen", language, name=by)
        )
        yield say("anchor_alarm_line", language, id=alarm["id"], time=seen, text=alarm["text"], state=state)
    if not told["alarms"]:
        yield say("anchor_no_alarms", language)


def _anchor(options: argparse.Namespace, language: Language) -> int:
    with _outbox(options.centre) as outbox:
        if options.every:
            _go_on(outbox, options.every, lambda record: _show(record, options, language), language)
        record = outbox.publish_newest()
    if record is None:
        print(say("anchor_log_empty", language))
    else:
        _show(record, options, language)
    return 0


def _go_on(
    outbox: "Outbox", every_s: int, show: "Callable[[AnchorRecord], None]", language: Language
) -> NoReturn:
    """Anchor what falls due until Ctrl-C; a chain that is down or wrong is named once, and asked again."""
    named = ""
    while True:
        try:
            record = outbox.look()
        except (NodeUnavailable, ProofError, UsageInvalid) as error:
            text = explain(error, language)
            if text != named:
                print(text, file=sys.stderr, flush=True)
            named = text
        else:
            named = ""
            if record is not None:
                show(record)
        time.sleep(every_s)


def _show(record: "AnchorRecord", options: argparse.Namespace, language: Language) -> None:
    told = record.to_json()
    print(json.dumps(told) if options.json else _sent(told, language), flush=True)


def _sent(told: Mapping[str, Any], language: Language) -> str:
    fields = {"size": told["size"], "block": told["block_number"], "transaction": told["tx_hash"]}
    return say("anchor_sent", language, **fields)


@contextmanager
def _outbox(path: Path) -> "Iterator[Outbox]":
    from xinqiao_ledger.outbox import open_outbox
    from xinqiao_platform.centre import Centre

    _require_centre(path)
    centre = Centre(path)
    try:
        outbox = open_outbox(path, centre.log)
        try:
            yield outbox
        finally:
            outbox.close()
    finally:
        centre.close()


def _require_centre(path: Path) -> None:
    """Refuse to make a new centre out of a mistyped name."""
    if not (path / "operator.pem").exists():
        raise UsageInvalid("centre_missing", path=str(path))


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "deploy": _deploy,
    "status": _status,
}
COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {"chain": _status, "anchor": _anchor}
