"""`xinqiao job`: what the operator at the centre does."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands import dataset, job_status, rehearse
from xinqiao_app.commands.arguments import (
    DELTA,
    EPSILON,
    RATE,
    add_suite,
    address,
    count,
    deliver,
    exact,
    port,
    read_as,
    require_centre,
)
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

_LOOK_S = 1.0

if TYPE_CHECKING:
    from xinqiao_app.commands.cards import DepartmentCard
    from xinqiao_app.deployed import SuperLinkProcess
    from xinqiao_ledger.signing import SigningKey


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands."""
    command = parser.commands("command", "cli_job", _COMMANDS.__getitem__)

    def centre(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--centre", type=Path, required=True, help=say("cli_centre", language))

    def out(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--out", type=Path, help=say("cli_out", language))

    def privacy(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--model", type=Path, required=True, help=say("cli_model", language))
        sub.add_argument("--epsilon", required=True, help=say("cli_epsilon", language))
        sub.add_argument("--delta", default="1e-5", help=say("cli_delta", language))
        sub.add_argument("--collusion", type=count, default=1, help=say("cli_collusion", language))
        sub.add_argument("--answers", type=count, help=say("cli_answers", language))
        sub.add_argument("--sample-rate", default="1", help=say("cli_sample_rate", language))

    init = command("init")
    centre(init)
    add_suite(init, language)
    out(init)
    cost = command("cost")
    privacy(cost)
    cost.add_argument("--departments", type=count, required=True, help=say("cli_departments", language))
    cost.add_argument("--people", type=count, required=True, help=say("cli_people", language))
    order = command("order")
    privacy(order)
    centre(order)
    order.add_argument(
        "--department",
        action="append",
        nargs=2,
        required=True,
        metavar=("CARD", "PEOPLE"),
        help=say("cli_department", language),
    )
    order.add_argument("--purpose", required=True, help=say("cli_purpose", language))
    order.add_argument("--legal-basis", required=True, help=say("cli_legal_basis", language))
    out(order)
    superlink = command("superlink")
    superlink.add_argument("--port", type=port, required=True, help=say("cli_superlink_port", language))
    superlink.add_argument("--network", action="store_true", help=say("cli_superlink_network", language))
    superlink.add_argument("--name", action="append", default=[], help=say("cli_superlink_name", language))
    superlink.add_argument("--database", action="store_true", help=say("cli_superlink_database", language))
    centre(superlink)
    superlink.add_argument("--dir", type=Path, required=True, help=say("cli_superlink_dir", language))
    run = command("run")
    run.add_argument("order", type=Path, help=say("cli_order_file", language))
    centre(run)
    run.add_argument("--superlink", type=address, required=True, help=say("cli_superlink", language))
    run.add_argument("--out", type=Path, required=True, help=say("cli_job_out", language))
    run.add_argument("--step-seconds", type=count, default=30, help=say("cli_step_seconds", language))
    stop = command("stop")
    stop.add_argument("order", type=Path, help=say("cli_order_file", language))
    centre(stop)
    stop.add_argument("--superlink", type=address, required=True, help=say("cli_superlink", language))
    job_status.add_arguments(command("status"), language)
    centre(command("forks"))
    dataset.add_published_arguments(command("catalogue"), language)
    rehearse.add_arguments(command("rehearse"), language)


def _init(options: argparse.Namespace, language: Language) -> int:
    """Make the centre's keys and log, and print the card that every department needs."""
    from xinqiao_app.commands.cards import CentreCard, write_card
    from xinqiao_ledger.signing import grouped
    from xinqiao_platform.centre import Centre
    from xinqiao_platform.tls import authority_pem

    if options.suite == "sm3-sm2":
        Centre.found_national(options.centre)
    centre = Centre(options.centre)
    card = CentreCard(
        centre.operator.public,
        centre.log_key.public,
        centre.log.origin,
        authority_pem(centre.operator),
        centre.log_sm2,
    )
    centre.close()
    write_card(card, centre.operator, options.out)
    print(say("job_centre_created", language, fingerprint=grouped(card.fingerprint)), file=sys.stderr)
    return 0


def _cost(options: argparse.Namespace, language: Language) -> int:
    """Say what an order would cost and how much noise its sums would carry, before anyone is asked."""
    from xinqiao_governance.model_spec import ModelSpec
    from xinqiao_governance.order import Spend
    from xinqiao_models.defaults import plan_for

    model = read_as(options.model, ModelSpec.by_hand)
    plan = plan_for(
        model,
        spend=Spend(exact(options.epsilon, EPSILON), exact(options.delta, DELTA)),
        members=options.departments,
        people=options.people,
        collusion=options.collusion,
        answers=options.answers,
        sampling_micro=exact(options.sample_rate, RATE),
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
            drawn=int(plan.drawn) or say("fewer_than_one", language),
        )
    )
    return 0


def _order(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_app.directory import remember
    from xinqiao_governance.model_spec import ModelSpec
    from xinqiao_governance.order import Spend
    from xinqiao_platform.centre import Centre
    from xinqiao_platform.ordering import write_order

    require_centre(options.centre)
    departments = _departments(options.department)
    model = read_as(options.model, ModelSpec.by_hand)
    spend = Spend(exact(options.epsilon, EPSILON), exact(options.delta, DELTA))
    centre = Centre(options.centre)
    try:
        order = write_order(
            centre,
            model=model,
            people={card.fingerprint: people for card, people in departments},
            spend=spend,
            purpose=options.purpose,
            legal_basis=options.legal_basis,
            collusion=options.collusion,
            answers=options.answers,
            sampling_micro=exact(options.sample_rate, RATE),
        )
    finally:
        centre.close()
    remember(options.centre, [card for card, _ in departments])
    deliver(dumps(order.to_json()).decode(), options.out)
    print(say("job_ordered", language, order=order.body.digest.hex()[:16]), file=sys.stderr)
    return 0


def _superlink(options: argparse.Namespace, language: Language) -> int:
    """Keep a SuperLink until Ctrl-C (or SIGTERM), which is how it is meant to end, or until it ends."""
    from xinqiao_app.deployed import start_superlink
    from xinqiao_ledger.signing import SigningKey

    require_centre(options.centre)
    operator = SigningKey.load(options.centre / "operator.pem")
    with start_superlink(
        options.dir,
        operator,
        port=options.port,
        everywhere=options.network,
        names=options.name,
        database=options.database,
    ) as superlink:
        print(say("superlink_running", language, address=superlink.address), file=sys.stderr, flush=True)
        try:
            _admit_known(options.centre, superlink, operator)
        except KeyboardInterrupt:
            print(say("superlink_ending", language), file=sys.stderr)
    return 0


def _admit_known(centre: Path, superlink: "SuperLinkProcess", operator: "SigningKey") -> None:
    """Let in every department whose card the operator has, and those whose card comes later.

    Raises:
        NodeUnavailable: the SuperLink has ended; whoever looks after this command starts it again.
    """
    from xinqiao_app.directory import known
    from xinqiao_app.superlink_run import admit
    from xinqiao_clients.flower import trusting
    from xinqiao_platform.tls import authority_pem

    trust, admitted = trusting(authority_pem(operator)), set[str]()
    while True:
        superlink.require_running()
        new = {card.transport for card in known(centre)} - admitted
        if new:
            admit(superlink.address, trust, sorted(new))
            admitted |= new
        time.sleep(_LOOK_S)


def _run(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_app.operate import run_order
    from xinqiao_app.progress import Progress
    from xinqiao_governance.order import Order
    from xinqiao_governance.signed import Signed

    require_centre(options.centre)
    order = read_as(options.order, lambda value: Signed.parse(value, Order))
    anchor = run_order(
        options.centre,
        order,
        options.superlink,
        options.out,
        Progress(language),
        step_s=options.step_seconds,
    )
    print(say("job_done", language, path=str(options.out)))
    if anchor is not None:
        print(say("job_anchored", language, chain=anchor.chain_id, contract=anchor.contract))
    return 0


def _stop(options: argparse.Namespace, language: Language) -> int:
    """Stop a job whose process is gone; one that is alive is stopped by Ctrl-C."""
    from xinqiao_app.operate import stop_order
    from xinqiao_app.progress import Progress
    from xinqiao_governance.order import Order
    from xinqiao_governance.signed import Signed

    require_centre(options.centre)
    order = read_as(options.order, lambda value: Signed.parse(value, Order))
    told = stop_order(options.centre, order, options.superlink, Progress(language))
    print(say("job_stop_told", language, count=told))
    return 0


def _status(options: argparse.Namespace, language: Language) -> int:
    require_centre(options.centre)
    return job_status.run(options, language)


def _forks(options: argparse.Namespace, language: Language) -> int:
    """Print the events that contradict the log, one a line, for the operator to look into."""
    from xinqiao_platform.centre import Centre

    require_centre(options.centre)
    centre = Centre(options.centre)
    try:
        forks = centre.log.forks()
    finally:
        centre.close()
    for leaf in forks:
        print(leaf.decode("utf-8"))
    print(say("job_forks", language, count=len(forks)), file=sys.stderr)
    return 1 if forks else 0


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "init": _init,
    "cost": _cost,
    "order": _order,
    "superlink": _superlink,
    "run": _run,
    "stop": _stop,
    "status": _status,
    "forks": _forks,
    "catalogue": dataset.published,
    "rehearse": rehearse.run,
}


def _departments(given: list[tuple[str, str]]) -> list[tuple["DepartmentCard", int]]:
    """Return each department's card and nominal head-count."""
    from xinqiao_app.commands.cards import DepartmentCard, read_card
    from xinqiao_platform.ordering import nominal

    cards: dict[bytes, tuple[DepartmentCard, int]] = {}
    for path, number in given:
        card = read_card(Path(path), DepartmentCard)
        if card.fingerprint in cards:
            raise UsageInvalid("department_twice", name=card.name)
        cards[card.fingerprint] = card, nominal(count(number))
    return list(cards.values())
