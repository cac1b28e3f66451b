"""`xinqiao job`: what the operator at the centre does."""

import argparse
import json
import sys
from pathlib import Path

from xinqiao_app.commands.arguments import DELTA, EPSILON, exact, read_json
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say


def add_arguments(parser: argparse.ArgumentParser, language: Language) -> None:
    """Describe the commands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str) -> argparse.ArgumentParser:
        about = say(f"cli_job_{name}", language)
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(run=globals()[f"_{name}"])
        return sub

    def privacy(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--model", type=Path, required=True, help=say("cli_model", language))
        sub.add_argument("--epsilon", required=True, help=say("cli_epsilon", language))
        sub.add_argument("--delta", default="1e-5", help=say("cli_delta", language))
        sub.add_argument("--collusion", type=int, default=1, help=say("cli_collusion", language))

    init = command("init")
    init.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
    cost = command("cost")
    privacy(cost)
    cost.add_argument("--departments", type=int, required=True, help=say("cli_departments", language))
    cost.add_argument("--people", type=int, required=True, help=say("cli_people", language))
    order = command("order")
    privacy(order)
    order.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
    order.add_argument(
        "--department",
        action="append",
        nargs=2,
        required=True,
        metavar=("CARD", "PEOPLE"),
        help=say("cli_department", language),
    )
    order.add_argument("--purpose", required=True, help=say("cli_purpose", language))
    order.add_argument("--legal-basis", default="staff_consent", help=say("cli_legal_basis", language))
    run = command("run")
    run.add_argument("order", type=Path, help=say("cli_order_file", language))
    run.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))
    run.add_argument("--superlink", required=True, help=say("cli_superlink", language))
    run.add_argument("--out", type=Path, required=True, help=say("cli_job_out", language))


def _init(options: argparse.Namespace, language: Language) -> int:
    """Make the centre's keys and log, and print the card that every department needs."""
    from xinqiao_platform.centre import LOG_ORIGIN, Centre

    centre = Centre(options.centre)
    card = {
        "operator": centre.operator.fingerprint.hex(),
        "log_key": centre.log_key.public.hex(),
        "log_origin": LOG_ORIGIN,
    }
    print(json.dumps(card, indent=1))
    print(say("job_centre_created", language), file=sys.stderr)
    centre.close()
    return 0


def _cost(options: argparse.Namespace, language: Language) -> int:
    """Say what an order would cost and how much noise its sums would carry, before anyone is asked."""
    from xinqiao_governance.model_spec import MICRO, ModelSpec
    from xinqiao_models.optimiser import default_hyperparameters
    from xinqiao_models.sums import make_plan

    model = ModelSpec.from_json(read_json(options.model))
    epsilon, delta = exact(options.epsilon, EPSILON), exact(options.delta, DELTA)
    chosen = default_hyperparameters(options.people, model.dimension, epsilon / MICRO)
    plan = make_plan(
        dimension=model.dimension,
        clip_micro=chosen.clip_micro,
        epsilon_micro=epsilon,
        delta_nano=delta,
        answers=chosen.answers,
        collusion=options.collusion,
        members=options.departments,
        people=options.people,
    )
    print(
        say(
            "job_cost",
            language,
            epsilon=options.epsilon,
            delta=options.delta,
            answers=plan.answers,
            parameters=plan.dimension,
            noise=f"{plan.noise_multiplier:.2f}",
            people=plan.people,
        )
    )
    return 0


def _order(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_governance.model_spec import ModelSpec
    from xinqiao_governance.order import Spend
    from xinqiao_platform.centre import Centre
    from xinqiao_platform.ordering import nominal, write_order

    people = {_node(Path(card)): nominal(_count(count)) for card, count in options.department}
    model = ModelSpec.from_json(read_json(options.model))
    spend = Spend(exact(options.epsilon, EPSILON), exact(options.delta, DELTA))
    centre = Centre(options.centre)
    order = write_order(
        centre,
        model=model,
        people=people,
        spend=spend,
        purpose=options.purpose,
        legal_basis=options.legal_basis,
        collusion=options.collusion,
    )
    print(dumps(order.to_json()).decode())
    print(say("job_ordered", language, order=order.body.digest.hex()[:16]), file=sys.stderr)
    centre.close()
    return 0


def _run(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_app.operate import run_order
    from xinqiao_app.progress import Progress
    from xinqiao_governance.order import Order
    from xinqiao_governance.signed import Signed

    order = Signed.parse(read_json(options.order), Order)
    run_order(options.centre, order, options.superlink, options.out, Progress(language))
    print(say("job_done", language, path=str(options.out)))
    return 0


def _node(card: Path) -> bytes:
    from xinqiao_governance.parse import fields_of, hex_bytes
    from xinqiao_ledger.signing import fingerprint

    return fingerprint(hex_bytes(fields_of(read_json(card), "name", "key"), "key", length=32))


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise UsageInvalid("people_invalid")
    return int(text)
