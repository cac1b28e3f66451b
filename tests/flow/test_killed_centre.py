"""A whole enterprise in one real process that dies by SIGKILL, again and again, at random moments."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simulators.enterprise import NOW, Enterprise, Site, found, reopened, trust_of
from xinqiao_clients.home import PERIOD
from xinqiao_governance.canonical import dumps
from xinqiao_governance.order import Spend
from xinqiao_ledger.event import Kind
from xinqiao_ledger.report import Status
from xinqiao_ledger.verify import verify

pytestmark = [pytest.mark.flow, pytest.mark.slow]
TESTS = Path(__file__).resolve().parent.parent
ANSWERS, KILLS, LATEST_S = 40, 6, 0.8

# Everything dies together: the centre, the grid and every department are one process.
_RUN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from simulators.enterprise import Silent, bundle_of, reopened
from xinqiao_app.grid import run_embedded
from xinqiao_clients.flower import client_app
from xinqiao_governance.canonical import loads
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_platform.departments import Departments
from xinqiao_platform.flower import server_app
from xinqiao_platform.jobs import Job

root = Path(sys.argv[2])
enterprise = reopened(root)
order = Signed.parse(loads((root / "order.json").read_bytes()), Order)
print("ready", flush=True)

def conversation(channel):
    departments = Departments(enterprise.centre, channel, order.body.nodes, timeout_s=30.0)
    job = Job(enterprise.centre, departments, order, Silent())
    job.propose()
    result = job.train()
    (root / "evidence.bundle").write_bytes(bundle_of(enterprise, result))
    print(result.steps, result.void_steps, len(result.receipts), flush=True)

clients = {number: client_app(site.node) for number, site in enumerate(enterprise.sites, 1)}
run_embedded(server_app(conversation), clients)
enterprise.close()
"""


def run(root: Path, delay_s: float | None) -> list[str] | None:
    """Run the job; None if it was killed `delay_s` seconds after it was ready, else what it printed."""
    command = [sys.executable, "-c", _RUN, str(TESTS), str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        if delay_s is not None:
            time.sleep(delay_s)
            process.kill()
        said, wrong = process.communicate(timeout=120)
    if process.returncode == -signal.SIGKILL:
        return None
    assert process.returncode == 0, wrong
    return said.split()


def releases(site: Site) -> list[int | None]:
    return [event.step for event in site.home.book.events() if event.kind is Kind.RELEASE]


@pytest.mark.heavy
def test_a_job_whose_process_is_killed_at_random_moments_ends_exactly(tmp_path: Path) -> None:
    root = tmp_path / "enterprise"
    made = found(root, 3, cap=Spend(10_000_000, 100_000))
    order = made.order(answers=ANSWERS)
    (root / "order.json").write_bytes(dumps(order.to_json()))
    made.close()
    delays = [random.uniform(0.0, LATEST_S) for _ in range(KILLS)]
    said = next((said for delay in [*delays, None] if (said := run(root, delay)) is not None), None)
    assert said is not None
    steps, voids, receipts = map(int, said)
    assert (steps + voids, receipts) == (ANSWERS, 3), delays
    assert voids <= KILLS, delays
    require_exact(reopened(root), root, order.body.spend, delays)


def require_exact(enterprise: Enterprise, root: Path, spend: Spend, delays: list[float]) -> None:
    """One charge, no step answered twice or past T, and evidence in which nothing fails."""
    for site in enterprise.sites:
        assert site.home.book.spent("staff", PERIOD) == spend, delays
        answered = releases(site)
        assert answered == sorted(set(answered)), delays
        assert len(answered) <= ANSWERS, delays
    report = verify((root / "evidence.bundle").read_bytes(), trust_of(enterprise))
    assert [finding for finding in report.findings if finding.status is Status.FAIL] == [], delays
    assert enterprise.now == [NOW]
    enterprise.close()
