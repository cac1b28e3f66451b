"""One order of a real centre: what a job earned is kept, and its evidence is whole."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulators.enterprise import Enterprise, found
from xinqiao_app import operate
from xinqiao_app.progress import Progress
from xinqiao_clients.home import PERIOD
from xinqiao_governance.errors import StoreDamaged
from xinqiao_governance.wire import AnswerFrame, ReceiptAnswer
from xinqiao_ledger.anchor import Anchor, AnchorRecord
from xinqiao_ledger.bundle import Bundle

pytestmark = pytest.mark.slow


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
    return operate._job(enterprise.centre, channel, order, out, Progress("en", io.StringIO()))


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


def test_an_anchor_that_fails_leaves_model_and_card(
    enterprise: Enterprise, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> AnchorRecord:
        raise StoreDamaged("disk_full")

    class Broken:
        publish = fail

        def close(self) -> None:
            """It holds nothing."""

    monkeypatch.setattr(operate, "open_embedded", lambda _path: Broken())
    with pytest.raises(StoreDamaged):
        run(enterprise, out)
    assert {path.name for path in out.iterdir()} == {"model.json", "card.json"}


def test_an_anchor_that_cannot_be_opened_costs_nothing(
    enterprise: Enterprise, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path) -> Anchor:
        raise StoreDamaged("disk_full")

    monkeypatch.setattr(operate, "open_embedded", fail)
    with pytest.raises(StoreDamaged):
        run(enterprise, out)
    assert not any(site.home.book.spent("staff", PERIOD).epsilon_micro for site in enterprise.sites)
