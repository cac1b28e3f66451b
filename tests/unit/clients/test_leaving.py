"""A steward leaves a job: no further step is answered, the key goes, the charge stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.enterprise import Enterprise, HandCentre, Site, found, reason_of, tell
from xinqiao_clients.home import PERIOD
from xinqiao_clients.journal import journal
from xinqiao_clients.node import DataNode
from xinqiao_clients.status import status
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.order import Spend
from xinqiao_governance.wire import MaskedVector, Proposal, ReceiptAnswer, Verdict
from xinqiao_ledger.event import Kind


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    folder = Path(tmp_path_factory.mktemp("enterprise"))
    enterprise = found(folder, 3, cap=Spend(1_000_000_000, 10_000_000))
    yield enterprise
    enterprise.close()


@pytest.fixture
def hand(enterprise: Enterprise) -> HandCentre:
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    hand.propose()
    return hand


def leave(site: Site, hand: HandCentre) -> None:
    site.node.leave(hand.order.body.digest, "steward")


def test_no_further_step_is_answered_and_the_reason_is_said(hand: HandCentre) -> None:
    site, statement = hand.enterprise.sites[0], hand.statement(1)
    before = site.home.book.spent("staff", PERIOD)
    assert isinstance(hand.ask(site, statement), MaskedVector)
    leave(site, hand)
    for asked in (statement, hand.statement(2)):  # not even what was answered before is sent again
        assert reason_of(hand.ask(site, asked)) == "job_left"
    job = site.home.book.job(hand.order.body.digest)
    assert job is not None
    assert (job.state, job.sealed_key) == ("failed", None)
    burned = site.home.book.burn(job.digest, 1)
    assert burned is not None
    assert burned.vector is None
    assert site.home.book.spent("staff", PERIOD) == before


def test_the_journal_says_that_the_steward_left(hand: HandCentre) -> None:
    site = hand.enterprise.sites[0]
    leave(site, hand)
    entry = journal(site.home)[-1]
    outcome = entry.event
    assert (outcome.kind, outcome.reason, outcome.role) == (Kind.OUTCOME, "left", "steward")
    assert entry.name == "steward"
    assert outcome.job == hand.order.body.digest.hex()


def test_it_is_left_once_and_not_joined_again(hand: HandCentre) -> None:
    site = hand.enterprise.sites[0]
    leave(site, hand)
    with pytest.raises(UsageInvalid, match="job_not_open"):
        leave(site, hand)
    verdict = tell(site, Proposal(hand.order))
    assert isinstance(verdict, Verdict)
    assert (verdict.reason, verdict.job_key) == ("job_over", None)


def test_a_job_that_is_not_open_here_cannot_be_left(enterprise: Enterprise) -> None:
    hand = HandCentre(enterprise, enterprise.order(answers=4, approve=False))
    site = enterprise.sites[0]
    with pytest.raises(UsageInvalid, match="job_not_open"):
        leave(site, hand)
    hand.propose()  # refused: nobody approved
    with pytest.raises(UsageInvalid, match="job_not_open"):
        leave(site, hand)


def test_a_closing_later_gets_a_receipt_without_a_model(hand: HandCentre) -> None:
    site = hand.enterprise.sites[0]
    leave(site, hand)
    answer = tell(site, hand.enterprise.closing(hand.order.body.digest, bytes([1] * 32), ""))
    assert isinstance(answer, ReceiptAnswer)
    body = answer.receipt.body
    assert (body.model_digest, body.card_digest) == (bytes(32), bytes(32))
    assert body.journal_head == site.home.book.events()[-1].hash


def test_another_process_leaves_for_a_running_agent(hand: HandCentre) -> None:
    """The steward's command opens the same home beside the agent; the agent holds the job in memory."""
    site = hand.enterprise.sites[1]
    assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)
    with site.home.book.transaction() as book:  # as `leave` of another process does
        job = book.job(hand.order.body.digest)
        assert job is not None
        site.node._end(book, job, failed="left", model=bytes(32))
    assert reason_of(hand.ask(site, hand.statement(2))) == "job_left"


def test_what_a_steward_does_after_leaving_does_not_change_why(hand: HandCentre) -> None:
    site = hand.enterprise.sites[0]
    leave(site, hand)
    site.home.approve(hand.order, "steward")
    assert reason_of(hand.ask(site, hand.statement(1))) == "job_left"


def test_a_job_of_another_version_is_listed_and_ended_and_stops_nothing(hand: HandCentre) -> None:
    """What this version cannot read it cannot answer: the next start ends it and destroys its key."""
    site, digest = hand.enterprise.sites[0], hand.order.body.digest
    older = {name: value for name, value in hand.order.body.to_json().items() if name != "sampling_micro"}
    signed = dumps({**hand.order.to_json(), "body": {**older, "v": 1}})
    with site.home.book.transaction() as book:
        job = book.job(digest)
        assert job is not None
        book.put_job(digest, signed, "open", job.version, job.sealed_key)
    listed = next(job for job in status(site.home.path).jobs if job.digest == digest.hex())
    assert (listed.purpose, listed.state) == (None, "open")
    assert listed.line("en") == f"Order {listed.digest[:16]}: this version of Xinqiao cannot read it, open"
    site.node = DataNode(site.home)
    ended = site.home.book.job(digest)
    assert ended is not None
    assert (ended.state, ended.sealed_key) == ("failed", None)
    outcome = site.home.book.events()[-1]
    assert (outcome.kind, outcome.reason, outcome.job) == (Kind.OUTCOME, "version_other", digest.hex())
    assert outcome.purpose == hand.order.body.purpose
    assert reason_of(hand.ask(site, hand.statement(1))) == "version_other"
    receipt = tell(site, hand.enterprise.closing(digest, bytes(32), "job_failed"))
    assert isinstance(receipt, ReceiptAnswer)
