"""Evidence that is asked for later: from what the centre keeps, in another process than the job's."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.enterprise import NOW, Enterprise, found, run_job, trust_of
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.wire import AskFrame, Proposal
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.bundle import Bundle, EventBundle, JobBundle, PeriodBundle
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.outbox import anchored_at, open_outbox
from xinqiao_ledger.period import LATE_S
from xinqiao_ledger.report import Status, Verdict
from xinqiao_ledger.verify import verify
from xinqiao_platform import exports
from xinqiao_platform.centre import Centre
from xinqiao_platform.checkpoint import JobFolder
from xinqiao_platform.departments import Departments

DAY = 86_400


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    """One finished job, whose head was cosigned and anchored."""
    enterprise = found(tmp_path_factory.mktemp("exports"))
    order = enterprise.order(answers=4)
    run_job(enterprise, order)
    centre = enterprise.centre
    centre.log.keep_cosigned(centre.log.checkpoint())
    anchor(centre, centre.log.size)
    yield enterprise
    enterprise.close()


def anchor(centre: Centre, size: int) -> AnchorRecord:
    """Anchor the head of this size on the embedded chain."""
    with closing(open_outbox(centre.path, centre.log)) as outbox:
        return outbox.publish(size, centre.log.root(size))


@pytest.fixture
def centre(enterprise: Enterprise) -> Iterator[Centre]:
    """The centre as another process opens it, long after the job."""
    centre = Centre(enterprise.centre.path)
    yield centre
    centre.close()


def events(centre: Centre) -> list[Event]:
    return [Event.decode(leaf) for leaf in centre.log.entries(0, centre.log.size)]


def job_of(centre: Centre) -> str:
    return next(event.job for event in events(centre) if event.kind is Kind.PUBLISH and event.job)


def test_a_job_is_exported_after_its_process_is_gone(enterprise: Enterprise, centre: Centre) -> None:
    data = exports.export_job(centre, exports.find_job(centre, job_of(centre)[:12]))
    bundle = Bundle.decode(data)
    assert isinstance(bundle, JobBundle)
    assert len(bundle.receipts) == 4
    assert bundle.anchor is not None
    assert bundle.anchor == anchored_at(centre.path, bundle.checkpoint.checkpoint.size)
    assert verify(data, trust_of(enterprise)).verdict is Verdict.PASS


def test_every_event_can_be_exported(enterprise: Enterprise, centre: Centre) -> None:
    for index, event in enumerate(events(centre)):
        assert exports.find_event(centre, event.hash.hex()[:20].upper()) == index
        data = exports.export_event(centre, index)
        bundle = Bundle.decode(data)
        assert isinstance(bundle, EventBundle)
        assert bundle.event == event
        assert verify(data, trust_of(enterprise)).verdict is Verdict.PASS


def test_a_period_is_exported(enterprise: Enterprise, centre: Centre) -> None:
    data = exports.export_period(centre, NOW - 10, NOW + 10)
    bundle = Bundle.decode(data)
    assert isinstance(bundle, PeriodBundle)
    assert len(bundle.entries) == centre.log.size
    report = verify(data, trust_of(enterprise))
    assert report.verdict is Verdict.NOT_PROVEN  # no daily round came after it yet
    said = {f.number: f.code for f in report.findings if f.status is not Status.PASS}
    assert said.pop(4) == "audit_period_open"
    assert said.keys() == {5, 6, 7, 8, 9, 10}


def test_a_period_that_a_later_round_bounds_is_proven(tmp_path: Path) -> None:
    """A charge whose answer was lost, told after four days, is no fault of anybody's."""
    with closing(found(tmp_path, 3)) as enterprise:
        centre, now = enterprise.centre, enterprise.now
        members = [site.id for site in enterprise.sites]
        order = enterprise.order()
        enterprise.sites[0].node.answer(AskFrame(Proposal(order)).encode(), None)  # the answer is lost
        now[0] += LATE_S + DAY
        centre.record(kind=Kind.CHECKPOINT, action="round", members=2)
        Departments(centre, enterprise.channel(), members, timeout_s=1.0).reconcile(timeout_s=1.0)
        centre.log.keep_cosigned(centre.log.checkpoint())
        data = exports.export_period(centre, NOW, NOW + DAY)
        assert verify(data, trust_of(enterprise)).verdict is Verdict.PASS
        whole = exports.export_period(centre, NOW, NOW + 9 * DAY)
        assert Kind.RESERVE in {event.kind for event in Bundle.decode(whole).events}
        assert verify(whole, trust_of(enterprise)).findings[10].status is Status.PASS


def test_an_open_period_stands_under_the_newest_cosigned_head(tmp_path: Path) -> None:
    with closing(Centre(tmp_path)) as centre:
        for number in range(2):
            centre.record(kind=Kind.ORDER, action="propose", job=f"{number:064}")
            centre.log.keep_cosigned(centre.log.checkpoint())
        anchor(centre, 1)
        data = exports.export_period(centre, 1, 1 << 40)
        assert Bundle.decode(data).checkpoint.checkpoint.size == 2


@pytest.mark.parametrize("span", [(5, 5), (6, 5), (-1, 5)])
def test_no_period_is_refused(centre: Centre, span: tuple[int, int]) -> None:
    with pytest.raises(UsageInvalid, match="export_period_empty"):
        exports.export_period(centre, *span)


@pytest.mark.parametrize(
    ("prefix", "code"),
    [("", "id_not_hex"), ("xyz", "id_not_hex"), ("0" * 65, "id_not_hex"), ("0" * 60, "id_unknown")],
)
def test_an_id_that_names_nothing_is_refused(centre: Centre, prefix: str, code: str) -> None:
    for find in (exports.find_job, exports.find_event):
        with pytest.raises(UsageInvalid, match=code):
            find(centre, prefix)


def test_an_id_that_names_several_is_refused(centre: Centre) -> None:
    first = [event.hash.hex()[0] for event in events(centre)]
    digit = next(letter for letter in first if first.count(letter) > 1)
    with pytest.raises(UsageInvalid, match="id_ambiguous"):
        exports.find_event(centre, digit)


def test_what_no_witness_has_seen_yet_is_refused(tmp_path: Path) -> None:
    centre = Centre(tmp_path)
    centre.record(kind=Kind.ORDER, action="propose", job="ab" * 32)
    for make in (lambda: exports.export_event(centre, 0), lambda: exports.export_period(centre, 1, 2)):
        with pytest.raises(UsageInvalid, match="export_not_cosigned"):
            make()
    with pytest.raises(UsageInvalid, match="export_no_result"):
        exports.export_job(centre, exports.find_job(centre, "ab"))
    centre.log.keep_cosigned(centre.log.checkpoint())
    centre.record(kind=Kind.ORDER, action="propose", job="ac" * 32)
    assert isinstance(Bundle.decode(exports.export_event(centre, 0)), EventBundle)
    with pytest.raises(UsageInvalid, match="export_not_cosigned"):
        exports.export_event(centre, 1)
    assert anchored_at(centre.path, 1) is None
    centre.close()


def test_the_newest_anchored_head_is_taken_else_the_newest(tmp_path: Path) -> None:
    centre = Centre(tmp_path)
    sizes = []
    for number in range(3):
        centre.record(kind=Kind.ORDER, action="propose", job=f"{number:064}")
        centre.log.keep_cosigned(centre.log.checkpoint())
        sizes.append(centre.log.size)
    assert Bundle.decode(exports.export_event(centre, 0)).checkpoint.checkpoint.size == sizes[-1]
    record = anchor(centre, sizes[1])
    bundle = Bundle.decode(exports.export_event(centre, 0))
    assert (bundle.checkpoint.checkpoint.size, bundle.anchor) == (sizes[1], record)
    assert Bundle.decode(exports.export_event(centre, 2)).anchor is None
    centre.close()


def test_an_anchor_of_another_root_is_not_this_head_s(tmp_path: Path) -> None:
    centre = Centre(tmp_path)
    centre.record(kind=Kind.ORDER, action="propose", job="ab" * 32)
    centre.log.keep_cosigned(centre.log.checkpoint())
    with closing(open_outbox(centre.path, centre.log)) as outbox:
        outbox.publish(1, bytes(32))
    assert Bundle.decode(exports.export_event(centre, 0)).anchor is None
    centre.close()


def test_receipts_that_come_later_are_kept_beside_the_first(enterprise: Enterprise, centre: Centre) -> None:
    folder = JobFolder(centre.path, bytes.fromhex(job_of(centre)))
    kept = folder.receipts()
    folder.keep_receipts(kept[:1])
    assert folder.receipts() == kept
