"""Core data is read only while the log has the intent or can be expected to get it; other data goes on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulators.enterprise import (
    CAP,
    CONTRACT,
    NOW,
    Enterprise,
    HandCentre,
    Site,
    dataset,
    found,
    reason_of,
    run_job,
    table,
    tell,
)
from xinqiao_clients.book import Book
from xinqiao_clients.bridge import BRIDGE_EVENTS, BRIDGE_S, Waiting, in_reach, may_read
from xinqiao_clients.chunks import ColumnData
from xinqiao_clients.local_use import allowed_use
from xinqiao_clients.node import DataNode
from xinqiao_clients.published import Published, published
from xinqiao_clients.status import status
from xinqiao_clients.store import Store, Version
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.errors import Denied
from xinqiao_governance.order import Spend
from xinqiao_governance.wire import AnswerFrame, AskFrame, Hello, MaskedVector, Proposal, StepAsk, Verdict
from xinqiao_ledger.event import Event, Kind
from xinqiao_platform.channel import Ask
from xinqiao_platform.jobs import JobResult

NODE = bytes([0x11] * 32)


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    enterprise = found(tmp_path, 3, cap=Spend(1_000_000_000, 10_000_000))
    yield enterprise
    enterprise.close()


def told(site: Site) -> None:
    """The log takes all that waits, and says so."""
    tell(site, Hello(bytes(16)))
    assert site.home.book.waiting().events == 0


def out_of_reach(enterprise: Enterprise) -> None:
    """Every department has an event that the log did not take, and more time passes than may."""
    for site in enterprise.sites:
        site.log = None  # nobody collects journals any more
        site.home.confirm(bytes([9] * 32), "far", "steward")
    enterprise.now[0] += BRIDGE_S + 1


def lower_tiers(site: Site) -> None:
    """Two people of the department say that its table holds nothing of the core tier."""
    columns = tuple(replace(column, tier=Tier.SENSITIVE) for column in dataset().columns)
    known = replace(dataset(site.home.settings.name), columns=columns)
    for person in ("steward", "second"):
        site.home.adopt(known, CONTRACT, site.home.store.write(known, table(3)), CAP, person)


# ---- the rule ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waiting", "holds"),
    [
        (Waiting(0, None, NOW), True),
        (Waiting(1, NOW, NOW), True),
        (Waiting(BRIDGE_EVENTS, NOW - BRIDGE_S, NOW), True),
        (Waiting(1, NOW - BRIDGE_S - 1, NOW), False),
        (Waiting(BRIDGE_EVENTS + 1, NOW, NOW), False),
    ],
)
def test_a_weekend_and_a_day_or_a_thousand_events(waiting: Waiting, holds: bool) -> None:
    assert in_reach(Tier.CORE, waiting) is holds
    assert in_reach(Tier.SENSITIVE, waiting)
    assert in_reach(Tier.PUBLIC, waiting)


def test_a_job_reads_core_data_once_the_log_has_its_intent() -> None:
    assert may_read(Tier.CORE, logged=True)
    assert not may_read(Tier.CORE, logged=False)
    assert may_read(Tier.SENSITIVE, logged=False)


def test_the_book_counts_from_the_oldest_event_that_waits(tmp_path: Path) -> None:
    now = [NOW]
    book = Book(tmp_path / "book.sqlite", NODE, lambda: now[0])
    assert book.waiting() == Waiting(0, None, NOW)
    for _ in range(3):
        record(book)
        now[0] += 10
    assert book.waiting() == Waiting(3, NOW, NOW + 30)
    book.receipted(b"receipt", 2)
    assert book.waiting() == Waiting(1, NOW + 20, NOW + 30)
    book.close()


# ---- the journal's time --------------------------------------------------------------------------------


def record(book: Book) -> Event:
    with book.transaction() as writing:
        return writing.record(kind=Kind.CONFIRM, actor="00", role="r", action="a")


def test_a_clock_that_is_set_back_turns_no_journal_back(tmp_path: Path) -> None:
    now = [NOW]
    book = Book(tmp_path / "book.sqlite", NODE, lambda: now[0])
    record(book)
    now[0] = NOW - 10 * BRIDGE_S
    assert record(book).time == NOW
    assert book.waiting().now == NOW
    now[0] = NOW + 5
    assert record(book).time == NOW + 5
    book.close()


def test_a_clock_that_is_set_back_lengthens_no_bridge(tmp_path: Path) -> None:
    now = [NOW]
    book = Book(tmp_path / "book.sqlite", NODE, lambda: now[0])
    record(book)
    now[0] = NOW + BRIDGE_S + 1
    record(book)
    assert not book.waiting().in_bounds
    now[0] = NOW
    assert not book.waiting().in_bounds
    book.close()


# ---- steps ---------------------------------------------------------------------------------------------


class Watched(Store):
    """A store that notes whether the log had receipted the intent when rows were read."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.home.path / "store", site.home.keys)
        self._book = site.home.book
        self.seen: list[bool] = []

    def read(self, version: Version, names: list[str]) -> dict[str, ColumnData]:
        intents = [logged for event, logged in self._book.journal() if event.kind is Kind.INTENT]
        self.seen.append(intents[-1:] == [True])
        return super().read(version, names)


def test_a_centre_that_withholds_receipts_gets_no_step_on_core_data(enterprise: Enterprise) -> None:
    hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
    site.log = None  # it takes the events and says nothing of them
    site.home.store = store = Watched(site)
    hand.propose()
    for step in (1, 2):
        assert reason_of(hand.ask(site, hand.statement(step))) == "intent_not_logged"
        assert site.home.book.burn(hand.order.body.digest, step) is None  # the number is not used up
    assert store.seen == []
    site = enterprise.sites[0] = enterprise.reopen(site)  # killed and started again, it knows no more
    site.log = None
    assert reason_of(hand.ask(site, hand.statement(1))) == "intent_not_logged"
    site.home.store = store = Watched(site)
    site.log = enterprise.centre.log
    told(site)
    assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)
    assert store.seen
    assert all(store.seen)


def test_other_data_is_read_without_the_receipt(enterprise: Enterprise) -> None:
    site = enterprise.sites[0]
    lower_tiers(site)
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    site.log = None
    hand.propose()
    assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)


def test_the_receipt_comes_with_the_first_step(enterprise: Enterprise) -> None:
    """By the centre's own code: every department reads rows only after the log's word on the intent."""
    stores = []
    for site in enterprise.sites:
        site.home.store = Watched(site)
        stores.append(site.home.store)
    result, _, refused = run_job(enterprise, enterprise.order(answers=3))
    assert (result.void_steps, refused) == (0, ())
    assert all(all(store.seen) and store.seen for store in stores)


@pytest.mark.parametrize("lost", ["ask", "answer"])
def test_a_first_step_that_is_lost_and_asked_again_brings_the_receipt_again(
    enterprise: Enterprise, lost: str
) -> None:
    """Lost on either way: the second asking is no different from the first."""
    gone: set[str] = set()

    def once(address: str) -> bool:
        first = address not in gone
        gone.add(address)
        return first

    def lose_ask(address: str, ask: Ask) -> Ask | None:
        step = isinstance(AskFrame.decode(ask.wire).ask, StepAsk)
        return None if step and once(address) else ask

    def lose_answer(address: str, answer: bytes) -> bytes | None:
        step = isinstance(AnswerFrame.decode(answer).answer, MaskedVector)
        return None if step and once(address) else answer

    channel = enterprise.channel(**({"change_ask": lose_ask} if lost == "ask" else {"change": lose_answer}))
    result, _, _ = run_job(enterprise, enterprise.order(answers=3), channel, tries=3)
    assert gone == {"1", "2", "3"}
    assert result.void_steps == 0


def test_a_restarted_node_reads_what_the_log_knew_before(enterprise: Enterprise) -> None:
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    hand.propose()
    told(enterprise.sites[0])
    site = enterprise.sites[0] = enterprise.reopen(enterprise.sites[0])
    assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)


# ---- new jobs ------------------------------------------------------------------------------------------


def propose(site: Site, hand: HandCentre) -> Verdict:
    verdict = tell(site, Proposal(hand.order))
    assert isinstance(verdict, Verdict)
    return verdict


def test_no_job_begins_on_core_data_while_the_log_takes_nothing(enterprise: Enterprise) -> None:
    site = enterprise.sites[0]
    told(site)
    out_of_reach(enterprise)
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    before = site.home.book.count_events()
    for _ in range(3):
        assert propose(site, hand) == Verdict(hand.order.body.digest, "log_out_of_reach", None)
    assert site.home.book.count_events() == before  # a journal that is full is not filled by refusals
    assert site.home.book.job(hand.order.body.digest) is None
    assert not site.home.book.charged(hand.order.body.digest)
    site.log = enterprise.centre.log
    told(site)
    assert propose(site, hand).reason == "allowed"


def test_a_thousand_events_end_the_bridge_too(enterprise: Enterprise) -> None:
    hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
    told(site)
    site.log = None
    by_hand(site, BRIDGE_EVENTS)
    assert propose(site, hand).reason == "allowed"  # to the last one
    other = HandCentre(enterprise, enterprise.order(answers=4))
    assert propose(site, other).reason == "log_out_of_reach"
    site.log = enterprise.centre.log
    told(site)  # one answer brings them all, the intent too
    assert propose(site, other).reason == "allowed"


def by_hand(site: Site, count: int) -> None:
    with site.home.book.transaction() as book:
        for _ in range(count - book.waiting().events):
            book.record(kind=Kind.CONFIRM, actor="00", role="r", action="a")


def test_a_job_on_other_data_begins_all_the_same(enterprise: Enterprise) -> None:
    site = enterprise.sites[0]
    lower_tiers(site)
    out_of_reach(enterprise)
    assert propose(site, HandCentre(enterprise, enterprise.order(answers=4))).reason == "allowed"


def test_what_was_admitted_before_is_said_again(enterprise: Enterprise) -> None:
    hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
    verdict = propose(site, hand)
    site.log = None
    by_hand(site, BRIDGE_EVENTS + 1)
    assert not site.home.book.waiting().in_bounds
    assert propose(site, hand) == verdict


def test_an_honest_centre_brings_the_log_into_reach_by_its_hello(enterprise: Enterprise) -> None:
    """Where jobs run rarely, what waited for weeks is taken when the next one begins."""
    for site in enterprise.sites:
        site.home.confirm(bytes([9] * 32), "far", "steward")
    enterprise.now[0] += 10 * BRIDGE_S
    result, _, refused = run_job(enterprise, enterprise.order(answers=2))
    assert (result.void_steps, refused) == (0, ())


# ---- local use -----------------------------------------------------------------------------------------


@pytest.fixture
def ended(enterprise: Enterprise) -> tuple[Enterprise, JobResult]:
    return enterprise, run_job(enterprise, enterprise.order(answers=2))[0]


def used(site: Site, model: Published) -> np.ndarray:
    with allowed_use(site.home, model, "local_score", "steward") as (adopted, columns):
        return np.asarray(site.home.store.read(adopted.version, [columns[0].name])[columns[0].name])


def test_local_use_goes_on_over_a_weekend_and_not_for_ever(ended: tuple[Enterprise, JobResult]) -> None:
    enterprise, result = ended
    site = enterprise.sites[0]
    model = published(site.home.book, result.order.body.digest, result.model.encode())
    told(site)
    site.log = None
    assert len(used(site, model)) == 60
    enterprise.now[0] += BRIDGE_S
    assert len(used(site, model)) == 60
    enterprise.now[0] += 1
    before = site.home.book.count_events()
    for _ in range(2):
        with pytest.raises(Denied, match="log_out_of_reach"):
            used(site, model)
    assert site.home.book.count_events() == before
    site.log = enterprise.centre.log
    told(site)
    assert len(used(site, model)) == 60


# ---- what the steward sees -----------------------------------------------------------------------------


def test_status_says_since_when_and_until_when(enterprise: Enterprise) -> None:
    site = enterprise.sites[0]
    told(site)
    quiet = status(site.home.path, site.home.clock)
    assert (quiet.waiting.since, quiet.to_json()["core_until"]) == (None, None)
    site.log = None
    site.home.confirm(bytes([9] * 32), "far", "steward")
    since = enterprise.now[0]
    seen = status(site.home.path, site.home.clock)
    assert (seen.waiting.since, seen.waiting.until) == (since, since + BRIDGE_S)
    assert len(seen.lines("en")) == len(quiet.lines("en")) + 1
    assert any("will no longer be read" in line for line in seen.lines("en"))
    enterprise.now[0] += BRIDGE_S + 1
    late = status(site.home.path, site.home.clock)
    assert late.to_json()["core_in_reach"] is False
    assert any("Core data is not read now" in line for line in late.lines("en"))
    assert any("核心隐私已停止使用" in line for line in late.lines("zh"))


def test_a_second_process_knows_what_the_first_was_told(enterprise: Enterprise) -> None:
    hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
    hand.propose()
    other = Site(site.home, DataNode(site.home), site.log)
    assert isinstance(hand.ask(other, hand.statement(1)), MaskedVector)
