"""One order of a real centre over a real SuperLink, from the signed file to model, card and evidence."""

import time
from pathlib import Path

from xinqiao_app.deployed import run_server_app, wait_for_superlink
from xinqiao_app.evidence import MODEL, evidence_of, write_model
from xinqiao_app.names import shown_names
from xinqiao_app.progress import Progress
from xinqiao_clients.files import io_errors, replace_file
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import NodeUnavailable, UsageInvalid
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.chain import open_embedded
from xinqiao_ledger.signing import check
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Channel
from xinqiao_platform.departments import Departments
from xinqiao_platform.flower import server_app
from xinqiao_platform.jobs import Job

_PATIENCE_S = 60.0
_HELLO_S = 60.0
_LOOK_S = 0.2


def run_order(
    centre_path: Path,
    order: Signed[Order],
    superlink: str,
    out: Path,
    progress: Progress,
    *,
    patience_s: float = _PATIENCE_S,
) -> AnchorRecord:
    """Run `order` against the SuperLink at `superlink` ("host:port"); write model, card and bundle to `out`.

    Departments that refuse are shown with their reason; the others go on while they are enough. Returns
    where the log's head was anchored. A SuperLink that is not up yet is waited for, `patience_s` seconds.

    Raises:
        UsageInvalid: `out` holds the results of a job already; another centre signed the order.
        JobFailed: too few departments joined or stayed.
        NodeUnavailable: the SuperLink cannot be reached.
    """
    _make_room(out)
    progress.names = shown_names(centre_path)
    anchored: list[AnchorRecord] = []
    centre = Centre(centre_path)
    try:
        check(order, centre.operator.fingerprint)
        wait_for_superlink(
            superlink,
            patience_s,
            lambda: progress.tell("superlink_awaited", address=superlink, seconds=f"{patience_s:g}"),
        )
        server = server_app(lambda channel: anchored.append(_job(centre, channel, order, out, progress)))
        run_server_app(server, superlink)
    finally:
        centre.close()
    if not anchored:
        raise NodeUnavailable("conversation_lost")
    return anchored[0]


def _make_room(out: Path) -> None:
    """Refuse before anything is spent, not when the results are to be written."""
    with io_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        if (out / MODEL).exists():
            raise UsageInvalid("job_folder_taken", path=str(out))


def _wait_for(channel: Channel, departments: int) -> None:
    """Wait until as many nodes are online as the order names, or until the late ones have had their time."""
    deadline = time.monotonic() + _HELLO_S
    while len(channel.members()) < departments and time.monotonic() < deadline:
        time.sleep(_LOOK_S)


def _job(
    centre: Centre, channel: Channel, order: Signed[Order], out: Path, progress: Progress
) -> AnchorRecord:
    _wait_for(channel, len(order.body.nodes))
    anchor = open_embedded(centre.path / "chain")  # one that cannot be opened must not cost a job
    try:
        departments = Departments(centre, channel, order.body.nodes, timeout_s=_HELLO_S)
        job = Job(centre, departments, order, progress)
        job.propose()
        result = job.train()
        write_model(out, result)
        bundle, record = evidence_of(centre, channel, result, anchor)
    finally:
        anchor.close()
    with io_errors(out):
        replace_file(out / "evidence.bundle", bundle)
        replace_file(out / "anchor.json", dumps({"chain_id": record.chain_id, "contract": record.contract}))
    return record
