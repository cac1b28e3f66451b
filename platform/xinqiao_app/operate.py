"""One order of a real centre over a real SuperLink, from the signed file to model, card and evidence."""

from pathlib import Path

from xinqiao_app.deployed import run_server_app
from xinqiao_app.evidence import bundle_of, cosign_and_anchor
from xinqiao_app.progress import Progress
from xinqiao_clients.files import io_errors, replace_file
from xinqiao_governance.canonical import dumps
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_ledger.chain import open_embedded
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Channel
from xinqiao_platform.departments import Departments
from xinqiao_platform.flower import server_app
from xinqiao_platform.jobs import Job

_HELLO_S = 60.0


def run_order(centre_path: Path, order: Signed[Order], superlink: str, out: Path, progress: Progress) -> None:
    """Run `order` against the SuperLink at `superlink` ("host:port"); write model, card and bundle to `out`.

    Departments that refuse are shown with their reason; the others go on while they are enough.

    Raises:
        JobFailed: too few departments joined or stayed.
        NodeUnavailable: the SuperLink cannot be reached.
    """
    centre = Centre(centre_path)
    try:
        run_server_app(server_app(lambda channel: _job(centre, channel, order, out, progress)), superlink)
    finally:
        centre.close()


def _job(centre: Centre, channel: Channel, order: Signed[Order], out: Path, progress: Progress) -> None:
    departments = Departments(centre, channel, order.body.nodes, timeout_s=_HELLO_S)
    job = Job(centre, departments, order, progress)
    job.propose()
    result = job.train()
    anchor = open_embedded(centre.path / "chain")
    try:
        head, record = cosign_and_anchor(centre, departments, anchor)
    finally:
        anchor.close()
    with io_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        replace_file(out / "model.json", result.model.encode())
        replace_file(out / "card.json", dumps(result.card))
        replace_file(out / "evidence.bundle", bundle_of(centre, result, head, record))
