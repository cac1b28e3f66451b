"""One order of a real centre over a real SuperLink, from the signed file to model, card and evidence."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from xinqiao_app.deployed import run_server_app, wait_for_superlink
from xinqiao_app.directory import shown_names
from xinqiao_app.evidence import MODEL, evidence_of, require_anchored, write_model
from xinqiao_app.progress import Progress
from xinqiao_clients.flower import trusting
from xinqiao_governance.canonical import digest, dumps
from xinqiao_governance.errors import NodeUnavailable, UsageInvalid, XinqiaoError
from xinqiao_governance.messages import explain
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.files import io_errors, replace_file
from xinqiao_ledger.outbox import Outbox, open_outbox
from xinqiao_ledger.signing import SigningKey, check
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Channel
from xinqiao_platform.checkpoint import JobFolder
from xinqiao_platform.departments import Departments
from xinqiao_platform.flower import server_app
from xinqiao_platform.jobs import STEP_TIMEOUT_S, Job
from xinqiao_platform.tls import authority_pem

_PATIENCE_S = 60.0
_HELLO_S = 60.0
_FAREWELL_S = 10.0
_LOOK_S = 0.2
_ANCHOR_S = 20.0
EVIDENCE = "evidence.bundle"

T = TypeVar("T")


def run_order(
    centre_path: Path,
    order: Signed[Order],
    superlink: str,
    out: Path,
    progress: Progress,
    *,
    patience_s: float = _PATIENCE_S,
    step_s: float = STEP_TIMEOUT_S,
) -> AnchorRecord | None:
    """Run `order` against the SuperLink at `superlink` ("host:port"); write model, card and bundle to `out`.

    Departments that refuse are shown with their reason; the others go on while they are enough. Returns
    where the log's head was anchored; None where the chain did not take it in time. A SuperLink that is not
    up yet is waited for, `patience_s` seconds, and a department's answer to a step `step_s` seconds. An order
    that was run before goes on from its last step.

    Raises:
        UsageInvalid: `out` holds the results of a job already; another centre signed the order; another
            process runs it.
        JobFailed: too few departments joined or stayed, or the operator stopped it.
        NodeUnavailable: the SuperLink cannot be reached. The order can be run again.
    """
    _make_room(out, JobFolder(centre_path, order.body.digest))
    progress.names = shown_names(centre_path)
    return _converse(
        centre_path,
        order,
        superlink,
        progress,
        lambda centre, channel: _job(centre, channel, order, out, progress, step_s=step_s),
        patience_s,
    )


def stop_order(
    centre_path: Path,
    order: Signed[Order],
    superlink: str,
    progress: Progress,
    *,
    patience_s: float = _PATIENCE_S,
) -> int:
    """Stop the job of `order`, whose process is gone; return how many departments confirmed its end.

    Raises:
        UsageInvalid: its model is published; another centre signed the order; its process is alive.
        NodeUnavailable: the SuperLink cannot be reached.
    """

    def stop(centre: Centre, channel: Channel) -> int:
        departments = Departments(centre, channel, order.body.nodes, timeout_s=_FAREWELL_S)
        return Job(centre, departments, order, progress).stop()

    return _converse(centre_path, order, superlink, progress, stop, patience_s)


def _converse(
    centre_path: Path,
    order: Signed[Order],
    superlink: str,
    progress: Progress,
    conversation: Callable[[Centre, Channel], T],
    patience_s: float,
) -> T:
    """Hold one conversation with the departments as the only process that is at this order."""
    centre = Centre(centre_path)
    try:
        check(order, centre.operator.fingerprint)
        with JobFolder(centre_path, order.body.digest).alone():
            return talk(
                centre.operator,
                superlink,
                progress,
                lambda channel: conversation(centre, channel),
                patience_s,
            )
    finally:
        centre.close()


def talk(
    operator: SigningKey,
    superlink: str,
    progress: Progress,
    conversation: Callable[[Channel], T],
    patience_s: float = _PATIENCE_S,
) -> T:
    """Hold one conversation with the departments over the SuperLink of this operator.

    Raises:
        NodeUnavailable: it cannot be reached, or was lost.
    """
    said: list[T] = []
    trust = trusting(authority_pem(operator))
    wait_for_superlink(
        superlink,
        trust,
        patience_s,
        lambda: progress.tell("superlink_awaited", address=superlink, seconds=f"{patience_s:g}"),
    )
    run_server_app(server_app(lambda channel: said.append(conversation(channel))), superlink, trust)
    if not said:
        raise NodeUnavailable("conversation_lost")
    return said[0]


def _make_room(out: Path, job: JobFolder) -> None:
    """Refuse before anything is spent, not when the results are to be written."""
    with io_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        if (out / MODEL).exists() and not _left_unfinished(out, job):
            raise UsageInvalid("job_folder_taken", path=str(out))


def _left_unfinished(out: Path, job: JobFolder) -> bool:
    """Say whether `out` holds the model of this very job, whose process ended before its evidence."""
    card = None if (out / EVIDENCE).exists() else job.card()
    return card is not None and card.get("model_digest") == digest("model", (out / MODEL).read_bytes()).hex()


def wait_for(channel: Channel, departments: int) -> None:
    """Wait until as many nodes are online as the order names, or until the late ones have had their time."""
    deadline = time.monotonic() + _HELLO_S
    while len(channel.members()) < departments and time.monotonic() < deadline:
        time.sleep(_LOOK_S)


def _job(
    centre: Centre,
    channel: Channel,
    order: Signed[Order],
    out: Path,
    progress: Progress,
    *,
    step_s: float = STEP_TIMEOUT_S,
) -> AnchorRecord | None:
    wait_for(channel, len(order.body.nodes))
    outbox = open_outbox(centre.path, centre.log)  # settings that cannot be used must not cost a job
    try:
        require_anchored(centre, outbox, patience_s=_ANCHOR_S)
        departments = Departments(centre, channel, order.body.nodes, timeout_s=_HELLO_S)
        job = Job(centre, departments, order, progress, step_s=step_s)
        job.propose()
        result = job.train()
        write_model(out, result)
        bundle, record = evidence_of(
            centre, channel, result, lambda size, root: anchored_soon(outbox, size, root, progress)
        )
    finally:
        outbox.close()
    with io_errors(out):
        if record is not None:
            place = dumps({"chain_id": record.chain_id, "contract": record.contract})
            replace_file(out / "anchor.json", place)
        replace_file(out / EVIDENCE, bundle)  # last: with it the job is done
    return record


def anchored_soon(outbox: Outbox, size: int, root: bytes, progress: Progress) -> AnchorRecord | None:
    """Anchor the head if the chain answers soon: evidence does not wait for a chain, and it stays due."""
    try:
        return outbox.publish(size, root, patience_s=_ANCHOR_S)
    except XinqiaoError as error:
        progress.tell("anchor_postponed", reason=explain(error, progress.language))
        return None
