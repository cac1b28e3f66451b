"""One order of a real centre: what a job earned is kept, and its evidence is whole."""

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.enterprise import Enterprise, found
from xinqiao_app import operate
from xinqiao_app.progress import Progress
from xinqiao_clients.home import PERIOD
from xinqiao_governance.errors import NodeUnavailable, StoreDamaged
from xinqiao_governance.wire import AnswerFrame, ReceiptAnswer
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.bundle import Bundle
from xinqiao_ledger.chain_config import ChainConfig
from xinqiao_ledger.embedded import make_key
from xinqiao_ledger.outbox import open_outbox
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Ask

pytestmark = pytest.mark.slow

EVENTS = 100
WRITER = f"""
import sys
from pathlib import Path
from xinqiao_ledger.event import Kind
from xinqiao_platform.centre import Centre
centre = Centre(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
for _ in range({EVENTS}):
    centre.record(kind=Kind.CHECKPOINT, action="race")
centre.close()
"""


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    made = found(tmp_path / "enterprise")
    yield made
    made.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


def run(
    enterprise: Enterprise, out: Path, change: Callable[[str, bytes], bytes | None] | None = None
) -> AnchorRecord:
    channel = enterprise.channel(change=change)
    order = enterprise.order(answers=4)
    record = operate._job(enterprise.centre, channel, order, out, Progress("en", io.StringIO()))
    assert record is not None
    return record


def test_a_superlink_that_is_lost_for_a_moment_ends_the_run_and_the_same_order_goes_on(
    enterprise: Enterprise, out: Path
) -> None:
    """What carries the messages may come back: the job stays open, and the step that was open is void."""
    steps = 0

    def lost_once(_address: str, ask: Ask) -> Ask:
        nonlocal steps
        steps += ask.parameters is not None
        if steps == 2:
            steps += 1
            raise NodeUnavailable("superlink_unreachable", address="127.0.0.1:1")
        return ask

    order = enterprise.order(answers=4)
    channel = enterprise.channel(change_ask=lost_once)
    with pytest.raises(NodeUnavailable, match="superlink_unreachable"):
        operate._job(enterprise.centre, channel, order, out, Progress("en", io.StringIO()))
    assert list(out.iterdir()) == []
    shown = io.StringIO()
    operate._job(enterprise.centre, enterprise.channel(), order, out, Progress("en", shown))
    assert "4/4  good  4" in shown.getvalue()
    card = json.loads((out / "card.json").read_bytes())
    assert (card["privacy"]["steps"], card["privacy"]["void_steps"]) == (3, 1)
    jobs = [site.home.book.job(order.body.digest) for site in enterprise.sites]
    assert [(job.state, job.sealed_key) for job in jobs if job is not None] == [("closed", None)] * 4


def test_a_department_that_refuses_is_left_out_and_the_others_go_on(
    enterprise: Enterprise, out: Path
) -> None:
    """Three of four approve: the fourth is named with its reason, and spends nothing."""
    shown = io.StringIO()
    order = enterprise.order(answers=4, approve=False)
    for site in enterprise.sites[1:]:
        site.home.approve(order, "steward")
    operate._job(enterprise.centre, enterprise.channel(), order, out, Progress("en", shown))
    refusing = enterprise.sites[0]
    (line,) = [line for line in shown.getvalue().splitlines() if "approve" in line]
    assert refusing.id.hex()[:12] in line
    assert "4/4  good  3" in shown.getvalue()
    spent = [site.home.book.spent("staff", PERIOD).epsilon_micro for site in enterprise.sites]
    assert spent == [0, *[order.body.epsilon_micro] * 3]
    assert len(Bundle.decode((out / "evidence.bundle").read_bytes()).receipts) == 3


def test_departments_that_come_online_late_are_waited_for(enterprise: Enterprise, out: Path) -> None:
    channel = enterprise.channel()
    looks = [["1"], ["1", "2"], channel.members()]
    channel.members = lambda: looks.pop(0) if len(looks) > 1 else looks[0]  # type: ignore[method-assign]
    shown = io.StringIO()
    order = enterprise.order(answers=4)
    operate._job(enterprise.centre, channel, order, out, Progress("en", shown))
    assert "4/4  good  4" in shown.getvalue()


def test_departments_that_never_come_are_waited_for_no_longer_than_the_bound(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operate, "_HELLO_S", 0.3)
    start = time.monotonic()
    operate.wait_for(enterprise.channel(), 5)
    assert 0.3 <= time.monotonic() - start < 5.0


def test_two_commands_at_one_centre_write_one_journal(tmp_path: Path) -> None:
    """Really two processes, each adding events as fast as it can: no number is given twice."""
    Centre(tmp_path).close()
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()  # both start at once
    assert [writer.wait(60) for writer in writers] == [0, 0]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.close()
    centre = Centre(tmp_path)
    head = centre.log.head(centre.operator.fingerprint.hex())
    centre.close()
    assert head is not None
    assert head[0] == 2 * EVENTS


def test_a_closing_answer_that_is_late_costs_neither_model_nor_evidence(
    enterprise: Enterprise, out: Path
) -> None:
    """The late department's last events come when it is met anew, before the checkpoint."""
    late = enterprise.sites[0]

    def lose(address: str, answer: bytes) -> bytes | None:
        is_receipt = isinstance(AnswerFrame.decode(answer).answer, ReceiptAnswer)
        return None if address == "1" and is_receipt else answer

    record = run(enterprise, out, lose)
    bundle = Bundle.decode((out / "evidence.bundle").read_bytes())
    assert record.size == enterprise.centre.log.size
    assert late.home.book.pending() == []
    assert len(bundle.receipts) == 3


def test_a_log_that_lacks_what_was_anchored_starts_no_job(enterprise: Enterprise, out: Path) -> None:
    """Put back with all that lies beside it, and nobody told: the chain still knows."""
    record = run(enterprise, out)
    place = enterprise.centre.path
    enterprise.centre.close()
    for file in ("log.sqlite", "log.sqlite-wal", "log.sqlite-shm", "log.head", "anchors.sqlite"):
        (place / file).unlink(missing_ok=True)
    enterprise.centre = Centre(place, clock=lambda: enterprise.now[0])
    with pytest.raises(StoreDamaged, match="log_behind") as caught:
        run(enterprise, out.with_name("again"))
    assert record is not None
    assert caught.value.fields == {"told_by": "anchor", "size": record.size}


def test_a_chain_that_is_down_costs_no_evidence_and_gets_the_head_later(
    enterprise: Enterprise, out: Path
) -> None:
    """The bundle goes out without an anchor, the operator is told why, and the head stays due."""
    path = enterprise.centre.path
    make_key(path / "chain")
    ChainConfig("http://127.0.0.1:1", 31337, "0x" + "5B" * 20, "operator").write(path)
    shown = io.StringIO()
    order, channel = enterprise.order(answers=4), enterprise.channel()
    assert operate._job(enterprise.centre, channel, order, out, Progress("en", shown)) is None
    assert "is not anchored yet" in shown.getvalue()
    bundle = Bundle.decode((out / "evidence.bundle").read_bytes())
    assert bundle.anchor is None
    assert not (out / "anchor.json").exists()
    (path / "chain.json").unlink()
    (path / "chain" / "writer.key").unlink()
    with closing(open_outbox(path, enterprise.centre.log)) as outbox:
        record = outbox.look()
    assert record is not None
    head = bundle.checkpoint.checkpoint
    assert (record.size, record.root) == (head.size, head.root)


def test_settings_of_a_chain_that_cannot_be_used_cost_nothing(enterprise: Enterprise, out: Path) -> None:
    (enterprise.centre.path / "chain.json").write_text("{}")
    (enterprise.centre.path / "chain.json").chmod(0o600)
    with pytest.raises(StoreDamaged, match="anchor_config_damaged"):
        run(enterprise, out)
    assert not any(site.home.book.spent("staff", PERIOD).epsilon_micro for site in enterprise.sites)
