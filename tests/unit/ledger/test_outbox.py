"""The outbox: when a head is due, that none is lost or doubled, and what either side lost or invented."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import rlp

from simulators.evm_nodes import Anvil, running_anvil
from simulators.journal import Journal
from simulators.ledger import ORIGIN
from unit.ledger.test_anchor import refusal
from unit.ledger.test_evm import Account
from xinqiao_governance.errors import NodeUnavailable, ProofError, StoreDamaged, UsageInvalid
from xinqiao_governance.messages import LANGUAGES, say
from xinqiao_ledger.anchor import Anchor, AnchorRecord, Draft
from xinqiao_ledger.block_proof import confirm_by_rpc
from xinqiao_ledger.chain import address_of, deploy, open_anchor, open_embedded
from xinqiao_ledger.embedded import make_key, read_key
from xinqiao_ledger.event import Kind
from xinqiao_ledger.keccak import keccak256
from xinqiao_ledger.log import Log
from xinqiao_ledger.outbox import Outbox, Schedule, anchored_at, open_outbox
from xinqiao_ledger.signing import SigningKey

START = 1_800_000_000
ANY_TIME = Schedule(every_s=0, least_s=0)
"""Whatever is new is due."""


class TestSchedule:
    schedule = Schedule()

    @pytest.mark.parametrize(
        ("age", "grown", "published", "due"),
        [
            (None, 0, False, False),
            (None, 1, False, True),  # never anchored yet
            (599, 50_000, True, False),
            (600, 1, True, True),
            (600, 10_000, False, True),
            (600, 9_999, False, False),
            (3_599, 1, False, False),
            (3_600, 1, False, True),
            (100_000, 0, True, False),
        ],
    )
    def test_time_count_and_kind(self, age: int | None, grown: int, published: bool, due: bool) -> None:
        sent = [] if age is None else [START - age]
        assert self.schedule.is_due(sent, START, grown, lambda: published) is due

    def test_no_more_than_a_day_s_share(self) -> None:
        sent = [START - 600 * number for number in range(1, 144)]
        assert self.schedule.allows(sent, START)
        assert not self.schedule.allows([*sent, START - 86_399], START)
        assert not self.schedule.is_due([*sent, START - 86_399], START, 10_000, lambda: True)
        assert self.schedule.allows([*sent, START - 86_400], START)

    def test_a_clock_that_was_set_back_does_not_stop_it(self) -> None:
        assert self.schedule.is_due([START + 10_000], START, 1, lambda: False)

    @pytest.mark.parametrize("seed", range(2))
    def test_a_million_events_a_day_cost_at_most_144_anchors(self, seed: int) -> None:
        """Bursts of events, publications among them, jobs that ask at once; looked at each second."""
        chance, sent, most = random.Random(seed), [], 0
        grown, published = 0, False
        for now in range(START, START + 2 * 86_400):
            burst = chance.random() < 0.01
            grown += chance.randrange(2_400) if burst else 0  # 1.04 million a day
            published = published or (burst and chance.random() < 0.5)
            asked = chance.random() < 0.001 and self.schedule.allows(sent, now)
            if asked or self.schedule.is_due(sent, now, grown, lambda new=published: new):
                sent = [time for time in sent if time > now - 86_400] + [now]
                grown, published = 0, False
            most = max(most, len(sent))
        assert 100 < most <= 144


class Clock:
    def __init__(self) -> None:
        self.now = float(START)

    def __call__(self) -> float:
        return self.now


class Desk:
    """A centre's log, its chain, and the outbox between them."""

    def __init__(self, folder: Path, open_chain: Callable[[float], Anchor], schedule: Schedule) -> None:
        self._path = folder / "anchors.sqlite"
        self._schedule = schedule
        self.journal = Journal(folder)
        self.open_chain = open_chain
        self.clock = Clock()
        self.outbox = self.open()

    def open(self, journal: Journal | None = None) -> Outbox:
        """Open the outbox as another process would."""
        log = (journal or self.journal).open()
        chain = lambda patience_s: self.open_chain(patience_s)  # noqa: E731  # looked up anew each time
        return Outbox(self._path, log, chain, schedule=self._schedule, clock=self.clock)

    def on_chain(self) -> list[tuple[int, bytes]]:
        with closing(self.open_chain(60)) as anchor:
            return list(anchor.heads_from(0))

    def alarms(self) -> list[tuple[str, Any]]:
        told = self.outbox.alarms()
        for alarm in told:
            assert all(say(alarm.code, language, **alarm.fields) for language in LANGUAGES)
        return [(alarm.code, alarm.fields.get("size")) for alarm in told]

    def close(self) -> None:
        self.outbox.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path, lambda _: open_embedded(tmp_path / "chain"), ANY_TIME)) as desk:
        yield desk


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path, lambda _: open_embedded(tmp_path / "chain"), Schedule())) as desk:
        yield desk


@pytest.fixture(scope="module")
def node() -> Iterator[Anvil]:
    with running_anvil() as node:
        yield node


@pytest.fixture
def evm(tmp_path: Path, node: Anvil) -> Iterator[Desk]:
    account = Account(node)
    with closing(Desk(tmp_path, lambda patience_s: account.open(patience_s=patience_s), ANY_TIME)) as desk:
        yield desk


class TestNewestOnly:
    def test_an_empty_log_has_nothing_to_anchor(self, desk: Desk) -> None:
        assert desk.outbox.look() is None
        assert desk.outbox.publish_newest() is None

    def test_the_newest_head_goes_and_no_older_one(self, desk: Desk) -> None:
        for _ in range(3):
            desk.journal.grow(5)
        record = desk.outbox.look()
        assert record is not None
        assert desk.on_chain() == [(15, desk.journal.log.root(15))] == [(record.size, record.root)]
        assert desk.outbox.latest() == record
        assert desk.outbox.look() is None
        assert desk.outbox.waiting() == 0

    def test_it_is_signed_first(self, desk: Desk) -> None:
        desk.journal.grow()
        desk.outbox.look()
        assert desk.journal.log.checkpoint().split("\n")[1] == "1"

    def test_the_schedule_is_kept(self, timed: Desk) -> None:
        timed.journal.grow()
        assert timed.outbox.look() is not None
        timed.journal.grow(20)
        timed.clock.now += 3_599
        assert timed.outbox.look() is None
        assert timed.outbox.waiting() == 20
        timed.clock.now += 1
        assert timed.outbox.look() is not None
        timed.journal.grow(kind=Kind.PUBLISH)
        timed.clock.now += 599
        assert timed.outbox.look() is None
        timed.clock.now += 1
        assert timed.outbox.look() is not None
        assert [size for size, _ in timed.on_chain()] == [1, 21, 22]

    def test_the_schedule_outlives_the_process(self, timed: Desk) -> None:
        timed.journal.grow()
        timed.outbox.look()
        timed.journal.grow(kind=Kind.PUBLISH)
        with closing(timed.open()) as outbox:
            assert outbox.look() is None

    def test_a_job_gets_its_head_at_once(self, timed: Desk) -> None:
        for size in (1, 2):
            assert timed.journal.grow() == size
            record = timed.outbox.publish(size, timed.journal.log.root(size))
            assert timed.outbox.publish(size, timed.journal.log.root(size)) == record
        assert len(timed.on_chain()) == 2

    def test_a_job_s_head_that_was_passed_is_not_anchored(self, desk: Desk) -> None:
        desk.journal.grow(3)
        desk.outbox.look()
        with refusal(NodeUnavailable, "anchor_head_passed"):
            desk.outbox.publish(2, desk.journal.log.root(2))

    def test_jobs_are_held_to_the_day_s_share(self, tmp_path: Path) -> None:
        schedule = Schedule(a_day=2)
        with closing(Desk(tmp_path, lambda _: open_embedded(tmp_path / "chain"), schedule)) as desk:
            for _ in range(2):
                desk.journal.grow()
                desk.outbox.publish_newest()
            desk.journal.grow()
            with refusal(NodeUnavailable, "anchor_day_used"):
                desk.outbox.publish_newest()
            desk.clock.now += 86_400
            assert desk.outbox.look() is not None


class Interrupted:
    """A chain whose answer to a delivery is lost: before it was sent, or after."""

    def __init__(self, anchor: Anchor, *, sent: bool) -> None:
        self._anchor = anchor
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._anchor, name)

    def deliver(self, draft: Draft) -> AnchorRecord | None:
        if self._sent:
            self._anchor.deliver(draft)
        raise NodeUnavailable("anchor_receipt_late", host="127.0.0.1")


class TestCrash:
    @pytest.mark.parametrize("sent", [False, True])
    @pytest.mark.parametrize("kind", ["desk", "evm"])
    def test_between_sending_and_recording_neither_loses_nor_doubles(
        self, request: pytest.FixtureRequest, kind: str, sent: bool
    ) -> None:
        desk: Desk = request.getfixturevalue(kind)
        desk.journal.grow(4)
        honest = desk.open_chain
        desk.open_chain = lambda patience_s: Interrupted(honest(patience_s), sent=sent)  # type: ignore[assignment,return-value]
        with refusal(NodeUnavailable, "anchor_receipt_late"):
            desk.outbox.look()
        draft = desk.outbox.draft()
        assert draft is not None
        desk.journal.grow(4)
        desk.open_chain = honest
        with closing(desk.open()) as outbox:
            record = outbox.look()
            assert record is not None
            assert record.size == 8
            assert outbox.draft() is None
        assert [size for size, _ in desk.on_chain()] == [4, 8]
        with closing(desk.open_chain(60)) as anchor:
            assert anchor.find(draft.tx_hash) is not None

    def test_a_draft_whose_number_was_taken_is_let_go(self, desk: Desk) -> None:
        desk.journal.grow(4)
        honest = desk.open_chain
        desk.open_chain = lambda patience_s: Interrupted(honest(patience_s), sent=False)  # type: ignore[assignment,return-value]
        with pytest.raises(NodeUnavailable):
            desk.outbox.look()
        desk.open_chain = honest
        desk.journal.grow(2)
        with closing(honest(60)) as anchor:
            anchor.publish(6, desk.journal.log.root(6))
        desk.journal.grow()
        assert desk.outbox.look() is not None
        assert desk.outbox.draft() is None
        assert [size for size, _ in desk.on_chain()] == [6, 7]
        assert desk.alarms() == []

    def test_a_chain_that_is_down_keeps_what_is_due(self, desk: Desk) -> None:
        honest = desk.open_chain

        def down(_: float) -> Anchor:
            raise NodeUnavailable("anchor_rpc_failed", host="127.0.0.1", reason="ConnectionRefusedError")

        desk.open_chain = down
        for _ in range(3):
            desk.journal.grow(2)
            with refusal(NodeUnavailable, "anchor_rpc_failed"):
                desk.outbox.look()
        desk.open_chain = honest
        assert desk.outbox.look() is not None
        assert [size for size, _ in desk.on_chain()] == [6]

    def test_one_process_at_a_time_speaks_to_the_chain(self, desk: Desk) -> None:
        desk.journal.grow()
        with (
            closing(desk.open()) as other,
            other._chain(1),
            refusal(NodeUnavailable, "anchor_in_use"),
        ):
            desk.outbox.publish_newest(patience_s=0.1)
        assert desk.outbox.publish_newest() is not None

    def test_a_damaged_file_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "anchors.sqlite").write_bytes(b"no database" * 1000)
        with pytest.raises(StoreDamaged):
            open_outbox(tmp_path, Journal(tmp_path).log)


class TestBothSides:
    def test_a_head_that_the_outbox_forgot_is_adopted(self, desk: Desk, tmp_path: Path) -> None:
        desk.journal.grow(3)
        record = desk.outbox.look()
        desk.outbox.close()
        (tmp_path / "anchors.sqlite").unlink()
        desk.outbox = desk.open()
        desk.outbox.reconcile()
        assert desk.outbox.latest() == record
        assert desk.outbox.look() is None
        assert desk.alarms() == []

    @pytest.mark.parametrize("forgotten", [False, True])
    def test_a_log_that_was_rewritten_is_an_alarm(self, desk: Desk, tmp_path: Path, forgotten: bool) -> None:
        desk.journal.grow(3)
        desk.outbox.look()
        desk.outbox.close()
        if forgotten:
            (tmp_path / "anchors.sqlite").unlink()
        other = Journal(tmp_path, "rewritten")
        other.grow(5)
        desk.outbox = desk.open(other)
        for _ in range(2):
            with refusal(ProofError, "anchor_foreign_head"):
                desk.outbox.look()
        assert desk.alarms() == [("anchor_foreign_head", 3)]
        assert len(desk.on_chain()) == 1

    def test_no_head_is_signed_before_the_chain_was_compared(self, desk: Desk, tmp_path: Path) -> None:
        desk.journal.grow(3)
        desk.outbox.look()
        desk.outbox.close()
        other = Journal(tmp_path, "rewritten")
        other.grow(5)
        desk.outbox = desk.open(other)
        for send in (desk.outbox.publish_newest, desk.outbox.look):
            with refusal(ProofError, "anchor_foreign_head"):
                send()
        assert other.log.signed_at(5) is None

    def test_the_log_is_held_against_what_it_signed_for_an_anchor(self, desk: Desk) -> None:
        """A node's word is not needed for that; with it the outbox looks."""
        desk.journal.grow(3)
        desk.outbox.look()
        with closing(desk.open_chain(60)) as anchor:
            anchor.publish(4, bytes(32))
        with refusal(ProofError, "anchor_foreign_head"):  # the log holds all that it signed
            desk.outbox.reconcile()
        desk.outbox.close()
        desk.journal.cut(1)
        desk.outbox = desk.open()
        with refusal(StoreDamaged, "log_behind"):
            desk.outbox.reconcile()

    def test_an_anchor_on_another_chain_is_not_this_head_s(self, desk: Desk, tmp_path: Path) -> None:
        """After a new contract was deployed, its records alone go into evidence."""
        desk.journal.grow(3)
        record = desk.outbox.look()
        assert anchored_at(tmp_path, 3) == record
        desk.open_chain = lambda _: open_embedded(tmp_path / "new")
        desk.outbox.reconcile()
        assert anchored_at(tmp_path, 3) is None

    def test_a_log_that_was_cut_is_an_alarm(self, desk: Desk, tmp_path: Path) -> None:
        desk.journal.grow(3)
        desk.outbox.look()
        desk.outbox.close()
        other = Journal(tmp_path, "cut")
        desk.outbox = desk.open(other)
        with refusal(ProofError, "anchor_foreign_head"):
            desk.outbox.reconcile()
        assert desk.alarms() == [("anchor_foreign_head", 3)]

    def test_a_stolen_writer_key_is_an_alarm(self, desk: Desk) -> None:
        """Also where an honest head came after it."""
        desk.journal.grow(2)
        desk.outbox.look()
        desk.journal.grow(4)
        with closing(desk.open_chain(60)) as anchor:
            anchor.publish(4, bytes(32))
            anchor.publish(6, desk.journal.log.root(6))
        desk.journal.grow()
        with refusal(ProofError, "anchor_foreign_head"):
            desk.outbox.look()
        assert desk.alarms() == [("anchor_foreign_head", 4)]

    def test_a_rolled_back_chain_is_an_alarm_and_gets_the_newest_head(self, evm: Desk, node: Anvil) -> None:
        """Two anchors are lost: one alarm each; the log's newest head is sent, not those."""
        evm.journal.grow(2)
        evm.outbox.look()
        snapshot = node.ask("evm_snapshot")
        for _ in range(2):
            evm.journal.grow(2)
            evm.outbox.look()
        assert node.ask("evm_revert", snapshot) is True
        record = evm.outbox.look()
        assert record is not None
        assert record.size == 6
        assert evm.alarms() == [("anchor_lost", 6), ("anchor_lost", 4)]
        assert [size for size, _ in evm.on_chain()] == [2, 6]
        assert evm.outbox.look() is None

    def test_a_reorganised_block_renews_the_record(self, evm: Desk, node: Anvil) -> None:
        evm.journal.grow(2)
        snapshot = node.ask("evm_snapshot")
        first = evm.outbox.look()
        assert first is not None
        raw = node.ask("eth_getRawTransactionByHash", first.tx_hash)
        node.ask("evm_revert", snapshot)
        node.ask("evm_mine")
        node.ask("eth_sendRawTransaction", raw)
        evm.outbox.reconcile()
        renewed = evm.outbox.latest()
        assert renewed is not None
        assert (renewed.tx_hash, renewed.size) == (first.tx_hash, first.size)
        assert renewed.block_hash != first.block_hash
        assert evm.alarms() == []

    def test_a_reorganised_block_without_the_anchor_is_an_alarm(self, evm: Desk, node: Anvil) -> None:
        evm.journal.grow(2)
        evm.outbox.look()
        node.ask("anvil_reorg", 1, [])
        record = evm.outbox.look()
        assert record is not None
        assert evm.alarms() == [("anchor_lost", 2)]
        assert evm.on_chain() == [(2, evm.journal.log.root(2))]

    def test_a_swapped_contract_is_an_alarm(self, evm: Desk, node: Anvil) -> None:
        evm.journal.grow(2)
        record = evm.outbox.look()
        assert record is not None
        node.ask("anvil_setCode", record.contract, "0x00")
        evm.journal.grow(2)
        for _ in range(2):
            with refusal(ProofError, "anchor_contract_gone"):
                evm.outbox.look()
        assert evm.alarms() == [("anchor_contract_gone", None)]

    def test_an_old_transaction_that_the_node_forgot_is_no_loss(self, desk: Desk) -> None:
        class Forgetful(Interrupted):
            def find(self, tx_hash: str) -> None:
                """Pruned."""

        desk.journal.grow(2)
        record = desk.outbox.look()
        honest = desk.open_chain
        desk.open_chain = lambda patience_s: Forgetful(honest(patience_s), sent=True)  # type: ignore[assignment,return-value]
        desk.outbox.reconcile()
        assert desk.outbox.latest() == record
        assert desk.alarms() == []


GWEI = 10**9


class Market:
    """py-evm's chain where gas has a price: what pays less than `mined_wei` waits in the node."""

    def __init__(self, folder: Path) -> None:
        self.asked_wei = self.mined_wei = GWEI
        self.most_wei = 1_000 * GWEI
        self.sent: list[bytes] = []
        self.mined_when_asked: bytes | None = None
        self._chain = folder / "chain"
        self._before = folder / "chain before"

    def open(self, _: float = 60) -> Anchor:
        anchor: Any = open_embedded(self._chain)
        anchor._link = Priced(anchor._link, self)
        return anchor  # type: ignore[no-any-return]

    def mine(self, raw: bytes) -> None:
        with closing(open_embedded(self._chain)) as anchor:
            anchor._link.send(raw)  # type: ignore[attr-defined]

    def find(self, raw: bytes) -> AnchorRecord | None:
        with closing(self.open()) as anchor:
            return anchor.find("0x" + keccak256(raw).hex())

    def snapshot(self) -> None:
        shutil.copytree(self._chain, self._before)

    def revert(self) -> None:
        """Put the chain back, as a fork does before its other blocks."""
        shutil.rmtree(self._chain)
        self._before.rename(self._chain)


class Priced:
    """The embedded chain's link at a market's prices."""

    def __init__(self, link: Any, market: Market) -> None:
        self._link = link
        self._market = market
        self.most_wei = market.most_wei

    def __getattr__(self, name: str) -> Any:
        return getattr(self._link, name)

    def asked_wei(self) -> int:
        raw, self._market.mined_when_asked = self._market.mined_when_asked, None
        if raw is not None:
            self._link.send(raw)
        return self._market.asked_wei

    def send(self, raw: bytes) -> Any:
        self._market.sent.append(raw)
        if price_of(raw) < self._market.mined_wei:
            raise NodeUnavailable("anchor_receipt_late", host="127.0.0.1")
        return self._link.send(raw)


def price_of(raw: bytes) -> int:
    return int.from_bytes(rlp.decode(raw)[1])


def anchored_then_stuck(desk: Desk, market: Market) -> Draft:
    """Anchor three entries, then let the price rise above what the anchor of six pays."""
    desk.journal.grow(3)
    assert desk.outbox.look() is not None
    desk.journal.grow(3)
    market.mined_wei = 2 * GWEI
    with refusal(NodeUnavailable, "anchor_receipt_late"):
        desk.outbox.look()
    draft = desk.outbox.draft()
    assert draft is not None
    return draft


@pytest.fixture
def market(tmp_path: Path) -> Market:
    return Market(tmp_path)


@pytest.fixture
def stuck(tmp_path: Path, market: Market) -> Iterator[Desk]:
    """A desk whose anchor of three entries was sent just before the price rose above what it pays."""
    with closing(Desk(tmp_path, market.open, ANY_TIME)) as desk:
        desk.journal.grow(3)
        market.mined_wei = 2 * GWEI
        with refusal(NodeUnavailable, "anchor_receipt_late"):
            desk.outbox.look()
        yield desk


class TestRisenPrice:
    """A transaction that pays less than the chain asks by now."""

    def test_it_is_replaced_under_its_number_by_one_that_pays(self, stuck: Desk, market: Market) -> None:
        market.asked_wei = 2 * GWEI
        stuck.journal.grow()
        assert stuck.outbox.look() is not None
        old, new = (rlp.decode(raw) for raw in market.sent[:2])
        assert (old[0], old[3:6]) == (new[0], new[3:6])  # its number, the contract, the head
        assert price_of(market.sent[1]) == 2.5 * GWEI
        assert [size for size, _ in stuck.on_chain()] == [3, 4]
        assert stuck.outbox.draft() is None
        assert stuck.alarms() == []

    def test_it_pays_an_eighth_more_at_least(self, stuck: Desk, market: Market) -> None:
        """A node takes no replacement that pays just a little more."""
        old = price_of(market.sent[0])
        market.asked_wei = market.mined_wei = old + 1
        market.most_wei = old * 9 // 8
        stuck.outbox.reconcile()
        assert price_of(market.sent[-1]) == old * 9 // 8

    def test_where_no_node_takes_what_may_be_paid_it_goes_again(self, stuck: Desk, market: Market) -> None:
        """The chain asks no more than may be paid, so that is no alarm, and the draft may yet be mined."""
        old = price_of(market.sent[0])
        market.asked_wei, market.mined_wei = old + 1, old
        market.most_wei = old * 9 // 8 - 1
        stuck.outbox.reconcile()
        assert market.sent[0] == market.sent[1]
        assert stuck.on_chain() == [(3, stuck.journal.log.root(3))]
        assert stuck.alarms() == []

    def test_mined_while_it_is_being_replaced_it_costs_once(self, stuck: Desk, market: Market) -> None:
        """The replacement keeps its number, so that the chain takes no second one."""
        market.asked_wei = 2 * GWEI
        market.mined_when_asked = market.sent[0]
        stuck.outbox.reconcile()
        assert len(market.sent) == 1
        assert stuck.on_chain() == [(3, stuck.journal.log.root(3))]
        assert (stuck.outbox.draft(), stuck.alarms()) == (None, [])

    @pytest.mark.parametrize("mined", [0, 1])
    def test_whichever_is_mined_the_books_are_right(self, stuck: Desk, market: Market, mined: int) -> None:
        market.asked_wei, market.mined_wei = 2 * GWEI, 1_000 * GWEI
        with refusal(NodeUnavailable, "anchor_receipt_late"):
            stuck.outbox.look()
        assert len(market.sent) == 2
        market.mine(market.sent[mined])
        assert stuck.outbox.look() is None
        record = stuck.outbox.latest()
        assert record is not None
        assert record.tx_hash == "0x" + keccak256(market.sent[mined]).hex()
        assert stuck.on_chain() == [(3, stuck.journal.log.root(3))]
        assert (stuck.outbox.draft(), stuck.outbox.waiting(), stuck.alarms()) == (None, 0, [])

    def test_it_is_left_alone_while_it_pays_enough(self, stuck: Desk, market: Market) -> None:
        market.mined_wei = GWEI
        stuck.outbox.reconcile()
        assert market.sent[0] == market.sent[1]

    def test_a_killed_process_leaves_the_replacement_to_the_next(self, stuck: Desk, market: Market) -> None:
        market.asked_wei = 2 * GWEI
        stuck.open_chain = lambda patience_s: Interrupted(market.open(patience_s), sent=False)  # type: ignore[assignment,return-value]
        with refusal(NodeUnavailable, "anchor_receipt_late"):
            stuck.outbox.look()
        draft = stuck.outbox.draft()
        assert draft is not None
        assert price_of(draft.raw) == 2.5 * GWEI
        stuck.open_chain = market.open
        with closing(stuck.open()) as outbox:
            outbox.reconcile()
        assert stuck.on_chain() == [(3, stuck.journal.log.root(3))]

    def test_above_the_most_it_waits_with_an_alarm(self, stuck: Desk, market: Market) -> None:
        market.asked_wei = market.mined_wei = market.most_wei + 1
        for _ in range(2):
            with refusal(NodeUnavailable, "anchor_receipt_late"):
                stuck.outbox.look()
        assert stuck.alarms() == [("anchor_fee_capped", None)]
        assert len(set(market.sent)) == 1  # the same, again
        market.asked_wei = market.mined_wei = 2 * GWEI
        stuck.outbox.reconcile()
        assert stuck.on_chain() == [(3, stuck.journal.log.root(3))]

    def test_a_writer_that_cannot_pay_more_waits_with_one_alarm(self, stuck: Desk, market: Market) -> None:
        market.most_wei = 10**30
        for price in (10**19, 2 * 10**19):
            market.asked_wei = market.mined_wei = price
            with refusal(NodeUnavailable, "anchor_receipt_late"):
                stuck.outbox.reconcile()
        assert stuck.alarms() == [("anchor_unpaid", None)]
        assert len(set(market.sent)) == 1
        market.asked_wei = market.mined_wei = GWEI
        stuck.outbox.reconcile()
        assert stuck.on_chain() == [(3, stuck.journal.log.root(3))]

    @pytest.mark.parametrize("times", [1, 2_000])
    def test_it_hides_no_head_that_is_not_the_log_s(self, tmp_path: Path, market: Market, times: int) -> None:
        """The log was rewritten while a draft waits: for its block, or for a price that may be paid."""
        with closing(Desk(tmp_path, market.open, ANY_TIME)) as desk:
            draft = anchored_then_stuck(desk, market)
            market.asked_wei = market.mined_wei = times * GWEI
            desk.outbox.close()
            other = Journal(tmp_path, "rewritten")
            other.grow(7)
            desk.outbox = desk.open(other)
            with refusal(ProofError, "anchor_foreign_head"):
                desk.outbox.reconcile()
            assert desk.alarms() == [("anchor_foreign_head", 3)]
            assert (desk.outbox.draft(), len(market.sent)) == (draft, 2)  # it waits, unsent

    def test_it_hides_no_anchor_that_the_chain_lost(self, tmp_path: Path, market: Market) -> None:
        with closing(Desk(tmp_path, market.open, ANY_TIME)) as desk:
            desk.outbox.reconcile()
            market.snapshot()
            anchored_then_stuck(desk, market)
            market.revert()
            with refusal(NodeUnavailable, "anchor_receipt_late"):
                desk.outbox.look()
            assert desk.alarms() == [("anchor_lost", 3)]

    def test_after_a_fork_the_records_are_of_what_stands(
        self, stuck: Desk, market: Market, tmp_path: Path
    ) -> None:
        """The replacement was mined and five entries anchored; the other branch has the first instead."""
        market.asked_wei, market.mined_wei = 2 * GWEI, 1_000 * GWEI
        with refusal(NodeUnavailable, "anchor_receipt_late"):
            stuck.outbox.look()
        market.snapshot()
        market.mined_wei = GWEI
        stuck.journal.grow(2)
        assert stuck.outbox.look() is not None
        first, replacement, newest = market.sent[0], market.sent[1], market.sent[-1]
        assert anchored_at(tmp_path, 3) == market.find(replacement)
        market.revert()
        market.mine(first)
        market.mine(newest)
        stuck.outbox.reconcile()
        assert market.find(replacement) is None
        assert anchored_at(tmp_path, 3) == market.find(first)
        assert anchored_at(tmp_path, 5) == stuck.outbox.latest() == market.find(newest)
        assert stuck.alarms() == []

    def test_a_draft_of_a_log_that_was_cut_since_is_an_alarm(self, tmp_path: Path, market: Market) -> None:
        """What it anchors is compared, too, in the same look."""
        with closing(Desk(tmp_path, market.open, ANY_TIME)) as desk:
            anchored_then_stuck(desk, market)
            market.mined_wei = GWEI
            desk.outbox.close()
            desk.journal.cut(4)
            desk.outbox = desk.open()
            with refusal(StoreDamaged, "log_behind"):
                desk.outbox.reconcile()
            assert desk.alarms() == [("anchor_foreign_head", 6)]

    def test_a_fork_that_lost_an_older_anchor_alone_needs_no_new_one(
        self, tmp_path: Path, market: Market
    ) -> None:
        with closing(Desk(tmp_path, market.open, ANY_TIME)) as desk:
            desk.outbox.reconcile()
            market.snapshot()
            for _ in range(2):
                desk.journal.grow(3)
                assert desk.outbox.look() is not None
            market.revert()
            with closing(market.open()) as anchor:
                record = anchor.publish(6, desk.journal.log.root(6))
            assert desk.outbox.look() is None
            assert desk.outbox.latest() == record
            assert desk.alarms() == [("anchor_lost", 3)]

    def test_a_first_transaction_is_held_to_the_most_too(self, tmp_path: Path, market: Market) -> None:
        with closing(Desk(tmp_path, market.open, ANY_TIME)) as desk:
            desk.journal.grow()
            market.asked_wei = market.most_wei + 1
            with refusal(NodeUnavailable, "anchor_fee_capped"):
                desk.outbox.look()
            assert (market.sent, desk.alarms()) == ([], [("anchor_fee_capped", None)])


class TestAcknowledged:
    def alarmed(self, stuck: Desk, market: Market) -> None:
        market.asked_wei = market.mined_wei = market.most_wei + 1
        with refusal(NodeUnavailable, "anchor_receipt_late"):
            stuck.outbox.look()

    def test_it_is_kept_under_its_number(self, stuck: Desk, market: Market) -> None:
        self.alarmed(stuck, market)
        stuck.outbox.acknowledge(1, "王芳")
        assert [(alarm.number, alarm.acknowledged) for alarm in stuck.outbox.alarms()] == [(1, "王芳")]
        with refusal(UsageInvalid, "alarm_unknown"):
            stuck.outbox.acknowledge(1, "王芳")

    @pytest.mark.parametrize("name", ["", " ", "王芳\n", "\x1b[2J", "a\nb", "a" * 201])
    def test_by_a_name_that_can_be_shown(self, stuck: Desk, market: Market, name: str) -> None:
        self.alarmed(stuck, market)
        with refusal(UsageInvalid, "anchor_alarm_nameless"):
            stuck.outbox.acknowledge(1, name)
        assert [alarm.acknowledged for alarm in stuck.outbox.alarms()] == [None]

    def test_seen_again_it_is_another_alarm(self, stuck: Desk, market: Market) -> None:
        self.alarmed(stuck, market)
        stuck.outbox.acknowledge(1, "王芳")
        self.alarmed(stuck, market)
        told = [(alarm.number, alarm.acknowledged) for alarm in stuck.outbox.alarms()]
        assert told == [(1, "王芳"), (2, None)]


@pytest.mark.parametrize("mined", [0, 1])
def test_on_a_real_node_a_stuck_transaction_is_replaced(tmp_path: Path, mined: int) -> None:
    """The base fee rose above what was paid; then the node mines the one or the other, as a chain may."""
    with running_anvil() as node:
        account = Account(node)
        desk = Desk(tmp_path, lambda patience_s: account.open(patience_s=min(patience_s, 2)), ANY_TIME)
        with closing(desk):
            desk.journal.grow(3)
            node.ask("evm_setAutomine", False)
            drafts = [late(desk)]
            node.ask("anvil_setNextBlockBaseFeePerGas", hex(100 * GWEI))
            node.ask("evm_mine")
            drafts.append(late(desk))
            assert drafts[0].nonce == drafts[1].nonce
            assert price_of(drafts[1].raw) > 100 * GWEI > price_of(drafts[0].raw)
            assert node.ask("eth_getTransactionByHash", drafts[0].tx_hash) is None  # the node let it go
            if mined == 0:
                node.ask("anvil_dropTransaction", drafts[1].tx_hash)
                node.ask("anvil_setNextBlockBaseFeePerGas", hex(GWEI))
                node.ask("eth_sendRawTransaction", "0x" + drafts[0].raw.hex())
            node.ask("evm_mine")
            desk.outbox.reconcile()
            record = desk.outbox.latest()
            assert record is not None
            assert record.tx_hash == drafts[mined].tx_hash
            assert desk.on_chain() == [(3, desk.journal.log.root(3))]
            assert (desk.outbox.draft(), desk.outbox.waiting(), desk.alarms()) == (None, 0, [])


def test_on_a_real_node_a_fork_renews_the_record(tmp_path: Path) -> None:
    """The replacement was mined, then a fork mines the first: the same head, another transaction."""
    with running_anvil() as node:
        account = Account(node)
        desk = Desk(tmp_path, lambda patience_s: account.open(patience_s=min(patience_s, 2)), ANY_TIME)
        with closing(desk):
            desk.journal.grow(3)
            node.ask("evm_setAutomine", False)
            drafts = [late(desk)]
            node.ask("anvil_setNextBlockBaseFeePerGas", hex(100 * GWEI))
            node.ask("evm_mine")
            drafts.append(late(desk))
            before = node.ask("evm_snapshot")
            node.ask("evm_mine")
            desk.outbox.reconcile()
            assert tx_hash_of(desk) == drafts[1].tx_hash
            node.ask("evm_revert", before)
            node.ask("anvil_dropTransaction", drafts[1].tx_hash)
            node.ask("anvil_setNextBlockBaseFeePerGas", hex(GWEI))
            node.ask("eth_sendRawTransaction", "0x" + drafts[0].raw.hex())
            node.ask("evm_mine")
            desk.outbox.reconcile()
            assert tx_hash_of(desk) == drafts[0].tx_hash
            record = desk.outbox.latest()
            assert record is not None
            confirm_by_rpc(record, node.url)
            assert desk.alarms() == []


def test_on_a_real_node_a_draft_that_is_not_mined_hides_no_rollback(tmp_path: Path, node: Anvil) -> None:
    """Waiting for the draft uses up the time in which the node is asked."""
    account = Account(node)
    desk = Desk(tmp_path, lambda patience_s: account.open(patience_s=min(patience_s, 2)), ANY_TIME)
    with closing(desk):
        before = node.ask("evm_snapshot")
        desk.journal.grow(3)
        assert desk.outbox.look() is not None
        desk.journal.grow(3)
        node.ask("evm_setAutomine", False)
        try:
            late(desk)
            node.ask("evm_revert", before)
            late(desk)
        finally:
            node.ask("evm_setAutomine", True)
        assert desk.alarms() == [("anchor_lost", 3)]


def tx_hash_of(desk: Desk) -> str:
    """The transaction of the newest record."""
    record = desk.outbox.latest()
    assert record is not None
    return record.tx_hash


def late(desk: Desk) -> Draft:
    """Look while nothing is mined; return what waits then."""
    with pytest.raises(NodeUnavailable, match=r"anchor_(receipt_late|rpc_failed)"):
        desk.outbox.look()
    draft = desk.outbox.draft()
    assert draft is not None
    return draft


ANCHOR_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
from simulators.ledger import ORIGIN, Node
from xinqiao_ledger.chain import open_anchor
from xinqiao_ledger.event import Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.log import Log
from xinqiao_ledger.outbox import Outbox, Schedule
from xinqiao_ledger.signing import SigningKey

path = Path(sys.argv[1])
log = Log(path / "log.sqlite", SigningKey.load_or_create(path / "log.pem"), ORIGIN)
schedule = Schedule(every_s=0, least_s=0, a_day=10**6)
outbox = Outbox(path / "anchors.sqlite", log, lambda s: open_anchor(path, patience_s=s), schedule=schedule)
writer = Node(f"after {log.size}")
for _ in count():
    log.append([writer.write(Kind.IMPORT).leaf])
    print(outbox.look(), flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_it_neither_loses_nor_doubles_an_anchor(tmp_path: Path, node: Anvil) -> None:
    """A real process on a real node, killed at moments that nobody chose."""
    node.fund(address_of(make_key(tmp_path / "chain")))
    deploy(node.url, read_key(tmp_path / "chain"), "operator").write(tmp_path)
    command = [sys.executable, "-c", ANCHOR_FOR_EVER, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["tests", os.environ.get("PYTHONPATH", "")])}
    for _ in range(4):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None
            try:
                assert "AnchorRecord" in process.stdout.readline()
                time.sleep(random.uniform(0, 0.5))
            finally:
                process.kill()
    log = Log(tmp_path / "log.sqlite", SigningKey.load_or_create(tmp_path / "log.pem"), ORIGIN)
    with closing(log), closing(open_outbox(tmp_path, log)) as outbox:
        outbox.publish_newest()
        assert outbox.alarms() == []
        assert outbox.draft() is None
        with closing(sqlite3.connect(tmp_path / "anchors.sqlite")) as state:
            known = [size for (size,) in state.execute("SELECT size FROM anchored ORDER BY size")]
        with closing(open_anchor(tmp_path)) as anchor:
            heads = anchor.heads_from(0)
        assert [size for size, _ in heads] == known
        assert all(root == log.root(size) for size, root in heads)
        assert known[-1] == log.size


@pytest.mark.slow
def test_a_node_that_lost_its_last_block_in_a_power_cut(tmp_path: Path) -> None:
    """anvil keeps its state at intervals; killed, it comes back without its last blocks."""
    state = tmp_path / "state.json"
    with running_anvil("--state", str(state)) as node:
        account = Account(node)
        with closing(
            Desk(tmp_path, lambda patience_s: account.open(patience_s=patience_s), ANY_TIME)
        ) as desk:
            desk.journal.grow(2)
            desk.outbox.look()
            node.stop()
            with running_anvil("--state", str(state), port=node.port) as again:
                desk.journal.grow(2)
                assert desk.outbox.look() is not None
                again.kill()
            with running_anvil("--state", str(state), port=node.port):
                desk.journal.grow(2)
                record = desk.outbox.look()
                assert record is not None
                assert desk.alarms() == [("anchor_lost", 4)]
                assert [size for size, _ in desk.on_chain()] == [2, 6]
