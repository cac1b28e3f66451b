"""Departments compare their journals with the log: what was cut, moved or rewritten shows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulators import postgres
from simulators.enterprise import HandCentre, Site, reason_of, tell
from simulators.restores import Tampered, cut, put, swap, take_out
from xinqiao_clients.alarms import state_of
from xinqiao_clients.local_use import allowed_use
from xinqiao_clients.published import Published
from xinqiao_governance.canonical import loads
from xinqiao_governance.errors import Denied, StoreDamaged
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import (
    AnswerFrame,
    AskFrame,
    CosignAsk,
    Cosignature,
    Hello,
    Introduction,
    JournalAsk,
    JournalPart,
    JournalRequest,
    ReconcileAsk,
    Reconciled,
    Reconciliation,
)
from xinqiao_ledger.checkpoint import Checkpoint, sign
from xinqiao_ledger.event import Event
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.receipt import verify as verify_receipt
from xinqiao_ledger.signing import SigningKey, check
from xinqiao_ledger.tree import Tree, leaf_hash
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Ask
from xinqiao_platform.departments import Departments

DAY = 86_400


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tampered]:
    url = None
    if request.param == "postgres":
        url = postgres.new_database(request.getfixturevalue("postgres_server"))
    world = Tampered(tmp_path, url)
    world.settle()
    yield world
    world.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Tampered]:
    """The same in a file alone, where the database is of no concern."""
    world = Tampered(tmp_path)
    world.settle()
    yield world
    world.close()


def alarms(world: Tampered) -> list[list[tuple[str, int]]]:
    return [[(alarm.code, alarm.seq) for alarm in site.home.book.alarms()] for site in world.sites]


def index_of(world: Tampered, event: Event) -> int:
    (index,) = world.centre.log.entries_of_node(event.node, event.seq, event.seq)
    return index


# ---- controls: honest logs raise no alarm --------------------------------------------------------------


def test_every_department_finds_its_events(world: Tampered) -> None:
    events = [world.write(site) for site in range(3)]
    found = world.reconcile()
    assert found.reconciled == {site.id: event.seq for site, event in zip(world.sites, events, strict=True)}
    assert (found.contradicted, found.refused) == ({}, {})
    assert [site.home.book.reconciled().seq for site in world.sites] == [event.seq for event in events]


def test_an_honest_restart_raises_no_alarm(world: Tampered) -> None:
    world.write(1)
    world.receipt()
    world.restart()
    world.grow()
    assert set(world.reconcile().reconciled) == {site.id for site in world.sites}
    assert alarms(world) == [[], [], []]


def test_receipts_lost_in_a_crash_raise_no_alarm(small: Tampered) -> None:
    """The events are in the log, and no receipt of them reached the department."""
    small.write(0)
    small.meet()
    small.sites[0] = small.enterprise.reopen(small.sites[0])
    found = small.reconcile()
    assert found.reconciled[small.sites[0].id] == 4
    assert alarms(small) == [[], [], []]


def test_a_department_that_comes_late_is_reconciled_then(small: Tampered) -> None:
    """The log went on for a long time without it."""
    late = small.enterprise.sites.pop(0)
    for _ in range(3):
        small.grow(3)
        small.settle()
    small.enterprise.sites.insert(0, late)
    small.write(0)
    assert small.reconcile().reconciled[late.id] == 4
    assert alarms(small) == [[], [], []]


def test_an_ask_that_comes_late_or_again_or_changed_raises_no_alarm(small: Tampered) -> None:
    """Whoever carries messages may keep and bend them; only what the operator signed for now may accuse."""
    asks: list[bytes] = []

    def keep(_address: str, ask: Ask) -> Ask | None:
        if isinstance(AskFrame.decode(ask.wire).ask, ReconcileAsk):
            asks.append(ask.wire)
            return None
        return ask

    small.meet(change_ask=keep).reconcile(timeout_s=1.0)  # nothing arrives
    kept = [AskFrame.decode(wire).ask for wire in asks]
    small.write(0)
    small.receipt()
    site = small.sites[0]
    mine = next(ask for ask in kept if ask.reconciliation.body.node == site.id)
    assert reason_of(tell(site, mine)) == "reconcile_outdated"  # it does not cover a receipt that came since
    small.settle()
    assert reason_of(tell(site, mine)) == "reconcile_out_of_step"
    body = mine.reconciliation.body
    bent = ReconcileAsk(replace(mine.reconciliation, body=replace(body, indices=(7,))))
    assert reason_of(tell(site, bent)) == "reconcile_unsigned"
    stranger = ReconcileAsk(SigningKey.generate().seal(body))
    assert reason_of(tell(site, stranger)) == "reconcile_unsigned"
    other = ReconcileAsk(small.centre.operator.seal(replace(body, node=small.sites[1].id)))
    assert reason_of(tell(site, other)) == "reconcile_unsigned"
    assert alarms(small) == [[], [], []]


def test_more_events_than_one_ask_holds_are_asked_for_until_done(
    small: Tampered, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("xinqiao_platform.departments", "xinqiao_clients.reconcile"):
        monkeypatch.setattr(f"{name}.RECONCILED_AT_ONCE", 2)
    for _ in range(5):
        small.write(0)
    assert small.reconcile().reconciled[small.sites[0].id] == 8
    assert small.sites[0].home.book.reconciled().seq == 8


# ---- attacks ------------------------------------------------------------------------------------------


def test_a_tail_cut_before_any_checkpoint_puts_the_log_behind(world: Tampered) -> None:
    size = world.centre.log.size
    world.write(0)
    world.receipt()
    world.tamper(cut(size))
    assert world.centre.log.checkpoint()  # by itself it cannot know
    with pytest.raises(StoreDamaged, match="log_behind") as caught:
        world.meet()
    assert caught.value.fields == {"told_by": world.sites[0].id.hex(), "size": size + 1}


def test_a_tail_cut_and_grown_over_is_found_by_who_wrote_it(world: Tampered) -> None:
    size = world.centre.log.size
    event = world.write(0)
    world.receipt()
    world.tamper(cut(size))
    world.grow(3)
    found = world.reconcile()
    assert found.contradicted == {world.sites[0].id: "journal_not_in_log"}
    assert len(found.reconciled) == 2
    assert alarms(world) == [[("journal_not_in_log", event.seq)], [], []]


def test_who_has_new_events_that_no_longer_fit_is_heard_all_the_same(small: Tampered) -> None:
    size = small.centre.log.size
    event = small.write(0)
    small.receipt()
    small.tamper(cut(size))
    small.grow(3)
    small.write(0)
    assert small.reconcile().contradicted == {small.sites[0].id: "journal_not_in_log"}
    assert alarms(small)[0] == [("journal_not_in_log", event.seq)]


def test_a_deleted_row_and_those_that_moved_up_are_found(world: Tampered) -> None:
    first, second = world.write(0), world.write(1)
    world.receipt()
    world.tamper(take_out(index_of(world, first)))
    world.grow(3)
    found = world.reconcile()
    assert found.contradicted == {
        world.sites[0].id: "journal_not_in_log",
        world.sites[1].id: "receipt_broken",
    }
    assert alarms(world) == [[("journal_not_in_log", first.seq)], [("receipt_broken", second.seq)], []]


def test_swapped_rows_are_found(world: Tampered) -> None:
    first, second = world.write(0), world.write(1)
    world.receipt()
    world.tamper(swap(index_of(world, first), index_of(world, second)))
    found = world.reconcile()
    assert set(found.contradicted.values()) == {"receipt_broken"}
    assert set(found.contradicted) == {world.sites[0].id, world.sites[1].id}


def test_another_leaf_in_an_events_place_is_found(world: Tampered) -> None:
    """Sequence and index are right, so only the leaf's own hash tells."""
    event = world.write(0)
    world.receipt()
    world.tamper(put(index_of(world, event), replace(event, time=event.time + 1)))
    assert world.reconcile().contradicted == {world.sites[0].id: "journal_not_in_log"}


def test_a_history_rewritten_and_signed_again_is_refused_by_reconcile_and_witness(world: Tampered) -> None:
    """The centre changes an event of its own, long covered: no department's row moves."""
    world.grow()
    world.settle()
    met = world.meet()
    assert said(met, world) == ["witness_cosigned"] * 3
    own = world.centre.operator.fingerprint.hex()
    ((index, leaf),) = world.centre.log.entries_of_node(own, 1, 1).items()
    world.tamper(put(index, replace(Event.decode(leaf), job="cd" * 32)))
    found = world.reconcile()
    assert set(found.contradicted.values()) == {"history_rewritten"}
    assert len(found.contradicted) == 3
    with pytest.raises(StoreDamaged, match="log_behind"):  # they show what the log signed
        said(world.meet(), world)
    with pytest.raises(StoreDamaged, match="log_behind"):
        world.grow(2)


def other_history(world: Tampered, size: int) -> tuple[Tree, str]:
    """Another tree of `size` entries, and its head under the log's true key."""
    tree = Tree([leaf_hash(b"%d" % index) for index in range(size)])
    return tree, sign(Checkpoint(world.centre.log.origin, size, tree.root()), world.centre.note_key)


def reconcile_by_hand(world: Tampered, tree: Tree, note: str, size: int) -> str | None:
    """Ask a department to follow another tree from the size that it says it saw; return why it does not."""
    site, seen = world.sites[0], world.sites[0].home.witness.size
    after = site.home.book.reconciled().seq
    proof = tuple(tree.consistency(seen, size))
    body = Reconciliation(site.id, note, seen, seen, after, proof, indices=(), proof=())
    return reason_of(tell(site, ReconcileAsk(world.centre.operator.seal(body))))


def test_no_cosigning_leads_a_department_that_reconciled_into_another_history(small: Tampered) -> None:
    """It cosigned nothing yet, and what it reconciled under binds it all the same."""
    site = small.sites[0]
    site.log = None
    seen, note = site.home.witness.size, site.home.witness.note
    introduction = tell(site, Hello(bytes(16)))
    assert isinstance(introduction, Introduction)
    assert introduction.witness_size == introduction.seen_size == seen > 0
    tree, fork = other_history(small, seen + 3)
    for old, code in ((0, "witness_size_differs"), (seen, "proof_consistency_failed")):
        ask = CosignAsk(fork, old, tuple(tree.consistency(old, seen + 3)))
        assert reason_of(tell(site, ask)) == code
    assert (site.home.witness.size, site.home.witness.note) == (seen, note)
    assert reconcile_by_hand(small, tree, fork, seen + 3) == "history_rewritten"
    (alarm,) = site.home.book.alarms()
    assert alarm.seen == note
    assert fork in str(loads(alarm.said)["body"]["checkpoint"])
    assert site.home.witness.note == note


def test_two_roots_of_one_size_are_an_alarm_with_both_notes(small: Tampered) -> None:
    site = small.sites[0]
    seen, note = site.home.witness.size, site.home.witness.note
    _, fork = other_history(small, seen)
    assert reason_of(tell(site, CosignAsk(fork, seen, ()))) == "witness_split_view"
    (alarm,) = site.home.book.alarms()
    assert (alarm.code, alarm.seen, loads(alarm.said)) == ("history_rewritten", note, {"checkpoint": fork})
    assert site.home.witness.note == note


def test_killed_between_witness_and_book_the_next_round_goes_on(small: Tampered) -> None:
    """The department holds to the checkpoint; that its events are in there it finds again."""
    event = small.write(0)
    small.receipt()
    site, log = small.sites[0], small.centre.log
    old, note = site.home.witness.size, log.checkpoint()
    site.home.witness.follow(note, old, log.consistency(old, log.size))
    small.sites[0] = small.enterprise.reopen(site)
    for _ in range(2):  # also where nothing grew
        assert small.reconcile().reconciled[site.id] == event.seq
    assert small.sites[0].home.book.alarms() == []


def test_a_lost_answer_leaves_the_next_round_whole(small: Tampered) -> None:
    """The department went on and the centre does not know it; it is told at the next hello."""
    small.grow()

    def lose(_address: str, data: bytes) -> bytes | None:
        return None if isinstance(AnswerFrame.decode(data).answer, Reconciled | Cosignature) else data

    met = small.meet(change=lose)
    assert met.reconcile(timeout_s=1.0).reconciled == {}
    met.cosign(small.centre.log.checkpoint(), timeout_s=1.0)
    small.grow()
    met = small.meet()
    assert len(met.reconcile(timeout_s=1.0).reconciled) == 3
    assert said(met, small) == ["witness_cosigned"] * 3
    assert [site.home.book.alarms() for site in small.sites] == [[], [], []]


def said(met: Departments, world: Tampered) -> list[str]:
    """What each department says to the log's present head."""
    words = met.cosign(world.centre.log.checkpoint(), timeout_s=1.0)
    return [word.code for word in words.values()]


def test_a_checkpoint_smaller_than_what_a_department_said_is_an_alarm(small: Tampered) -> None:
    """A centre that is told of a larger log and signs a smaller one contradicts itself."""
    old = small.centre.log.checkpoint()
    small.write(0)
    small.receipt()
    site = small.sites[0]
    introduction = tell(site, Hello(bytes(16)))
    assert isinstance(introduction, Introduction)
    body = Reconciliation(
        node=site.id,
        checkpoint=old,
        known_size=introduction.known_size,
        seen_size=introduction.seen_size,
        after_seq=introduction.reconciled_seq,
        consistency=(),
        indices=(),
        proof=(),
    )
    assert reason_of(tell(site, ReconcileAsk(small.centre.operator.seal(body)))) == "receipt_broken"


def test_two_events_do_not_share_a_place(small: Tampered) -> None:
    """Neither has a receipt, so only the order of places shows that one of them is not there."""
    site = small.sites[0]
    for _ in range(2):
        small.write(0)
    small.meet()  # in the log; their receipt is on its way
    small.meet(change_ask=lambda _address, _ask: None)
    introduction = tell_only(site)
    log = small.centre.log
    note = log.checkpoint()
    index = max(log.entries_of_node(site.id.hex(), 5, 5))
    body = Reconciliation(
        node=site.id,
        checkpoint=note,
        known_size=introduction.known_size,
        seen_size=introduction.seen_size,
        after_seq=introduction.reconciled_seq,
        consistency=tuple(log.consistency(introduction.seen_size, log.size)),
        indices=(index, index),
        proof=tuple(log.prove_subset([index], log.size)),
    )
    site.log = None
    assert reason_of(tell(site, ReconcileAsk(small.centre.operator.seal(body)))) == "journal_not_in_log"


def tell_only(site: Site) -> Introduction:
    """The introduction of a department whose events stay with it."""
    site.log = None
    introduction = tell(site, Hello(bytes(16)))
    assert isinstance(introduction, Introduction)
    return introduction


def test_a_journal_is_given_to_the_operator_alone_and_by_whom_he_asked(small: Tampered) -> None:
    site, operator = small.sites[0], small.centre.operator
    request = JournalRequest(site.id, 0)
    assert isinstance(tell(site, JournalAsk(operator.seal(request))), JournalPart)
    for refused in (
        SigningKey.generate().seal(request),
        operator.seal(JournalRequest(small.sites[1].id, 0)),
        replace(operator.seal(request), body=JournalRequest(site.id, 1)),
    ):
        assert reason_of(tell(site, JournalAsk(refused))) == "reconcile_unsigned"


def test_a_head_on_the_chain_that_the_log_lacks_puts_it_behind(small: Tampered) -> None:
    log = small.centre.log
    log.require_holds(Checkpoint(log.origin, log.size, log.root()), "anchor")
    for size, root in ((log.size + 1, log.root()), (log.size, bytes(32))):
        with pytest.raises(StoreDamaged, match="log_behind") as caught:
            log.require_holds(Checkpoint(log.origin, size, root), "anchor")
        assert caught.value.fields == {"told_by": "anchor", "size": size}
        with pytest.raises(StoreDamaged, match="log_behind"):
            small.grow()
        (small.folder / "log.behind").unlink()


def test_a_data_node_put_back_to_an_old_copy_is_told_so(small: Tampered, tmp_path: Path) -> None:
    """Its next event would fork its journal; until now only the log could tell, and nobody asked it."""
    site = small.sites[0]
    site.home.close()
    old = (site.home.path / "book.sqlite").read_bytes()
    small.sites[0] = small.enterprise.reopen(site)
    small.write(0)
    small.settle()
    small.sites[0].home.close()
    for beside in site.home.path.glob("book.sqlite-*"):
        beside.unlink()
    (site.home.path / "book.sqlite").write_bytes(old)
    small.sites[0] = small.enterprise.reopen(site)
    assert small.reconcile().contradicted == {small.sites[0].id: "journal_behind_log"}


# ---- what an alarm does -------------------------------------------------------------------------------


def alarmed(world: Tampered) -> None:
    size = world.centre.log.size
    world.write(0)
    world.receipt()
    world.tamper(cut(size))
    world.grow(2)
    world.reconcile()


def test_an_alarm_keeps_what_the_log_and_the_operator_signed(small: Tampered) -> None:
    alarmed(small)
    site = small.sites[0]
    (alarm,) = site.home.book.alarms()
    receipt = Signed.parse(loads(alarm.receipt), LogReceipt)
    leaves = [event.leaf for event in site.home.book.events()[alarm.seq - 1 :]]
    settings = site.home.settings
    verify_receipt(receipt, origin=settings.log_origin, log_key=settings.log_key, leaves=leaves)
    said = check(Signed.parse(loads(alarm.said), Reconciliation), settings.operator)
    assert said.node == site.id


def test_an_alarm_stops_core_work_until_the_steward_acknowledges_it(small: Tampered) -> None:
    alarmed(small)
    for site in small.sites:
        site.log = None  # which is of no concern here
    reasons = HandCentre(small.enterprise, small.enterprise.order()).propose()
    assert [reasons[site.id] for site in small.sites] == ["log_alarm", "allowed", "allowed"]
    book = small.sites[0].home.book
    (alarm,) = book.alarms()
    with book.transaction() as writing:
        assert writing.acknowledge(alarm.id, "aa" * 16)
        assert not writing.acknowledge(alarm.id, "aa" * 16)
    assert (
        HandCentre(small.enterprise, small.enterprise.order(answers=3)).propose()[small.sites[0].id]
        == "allowed"
    )


def test_the_same_contradiction_is_one_alarm(small: Tampered) -> None:
    alarmed(small)
    with small.sites[0].home.book.transaction() as writing:
        writing.acknowledge(1, "aa" * 16)
    assert small.reconcile().contradicted == {small.sites[0].id: "journal_not_in_log"}
    (alarm,) = small.sites[0].home.book.alarms()
    assert alarm.acknowledged is not None


def test_who_waits_for_more_than_two_days_is_overdue(small: Tampered) -> None:
    now = small.enterprise.now[0]
    book = small.sites[0].home.book
    assert not state_of(book, now + 9 * DAY).overdue  # nothing waits
    small.write(0)
    assert not state_of(book, now + 2 * DAY).overdue
    assert state_of(book, now + 2 * DAY + 1).overdue


# ---- the centre that is behind ------------------------------------------------------------------------


def test_a_whole_database_put_back_is_known_by_the_head_beside_it(world: Tampered) -> None:
    size = world.centre.log.size
    world.grow(2)
    world.centre.log.checkpoint()
    world.tamper(cut(size), head=False)
    for refused in (
        world.centre.log.checkpoint,
        world.grow,
        lambda: world.meet(),
        lambda: world.enterprise.order() and world.grow(),
    ):
        with pytest.raises(StoreDamaged, match="log_behind"):
            refused()
    world.restart()
    (world.folder / "log.head").unlink()  # the mark stays
    with pytest.raises(StoreDamaged, match="log_behind"):
        world.centre.log.checkpoint()
    assert world.centre.log.size == size  # and reading is allowed


def test_a_database_put_back_with_its_head_is_known_by_a_witness(world: Tampered) -> None:
    size = world.centre.log.size
    world.grow(2)
    world.meet().cosign(world.centre.log.checkpoint(), timeout_s=1.0)
    world.tamper(cut(size))
    with pytest.raises(StoreDamaged, match="log_behind") as caught:
        world.meet()
    assert caught.value.fields["size"] == size + 2


def test_no_event_is_taken_before_it_is_known_that_the_log_is_behind(world: Tampered) -> None:
    """It would stand in the place of an entry that a refill could still bring back."""
    size = world.centre.log.size
    world.grow(2)
    world.sites[2].home.witness.cosign(
        world.centre.log.checkpoint(),
        world.sites[2].home.witness.size,
        world.centre.log.consistency(world.sites[2].home.witness.size, size + 2),
    )
    world.tamper(cut(size))
    world.write(0)
    with pytest.raises(StoreDamaged, match="log_behind"):
        world.meet()
    assert world.centre.log.size == size


def test_a_department_that_claims_a_larger_log_and_shows_nothing_is_not_met(small: Tampered) -> None:
    """A number alone would let one liar stop everybody's work."""
    liar = small.sites[0]

    def lie(address: str, data: bytes) -> bytes | None:
        frame = AnswerFrame.decode(data)
        if address == "1" and isinstance(frame.answer, Introduction):
            return replace(frame, answer=replace(frame.answer, witness_size=10**9)).encode()
        return data

    assert liar.id not in set(small.meet(change=lie))
    assert small.centre.log.checkpoint()


@pytest.mark.parametrize(
    ("claim", "is_refused"),
    [({"reconciled_seq": 2**63 - 1}, True), ({"reconciled_seq": 5}, True), ({"seen_size": 10**9}, False)],
    ids=str,
)
def test_what_a_department_says_of_itself_hurts_nobody_else(
    small: Tampered, claim: dict[str, int], is_refused: bool
) -> None:
    """It speaks the truth when it is met and lies when it is asked again.

    Of a size that it cannot show nothing is taken: it is held to what it said before.
    """
    hellos: list[str] = []

    def lie(address: str, data: bytes) -> bytes:
        frame = AnswerFrame.decode(data)
        if address != "1" or not isinstance(frame.answer, Introduction):
            return data
        hellos.append(address)
        return data if len(hellos) == 1 else replace(frame, answer=replace(frame.answer, **claim)).encode()

    found = small.meet(change=lie).reconcile(timeout_s=1.0)
    liar = small.sites[0].id
    assert set(found.reconciled) == {site.id for site in small.sites} - ({liar} if is_refused else set())
    assert found.refused == ({liar: "reconcile_outdated"} if is_refused else {})


def test_those_that_claim_a_larger_log_are_asked_together(small: Tampered) -> None:
    """One after another they could hold a round up as long as there are departments."""

    def lie(_: str, data: bytes) -> bytes:
        frame = AnswerFrame.decode(data)
        if not isinstance(frame.answer, Introduction):
            return data
        return replace(frame, answer=replace(frame.answer, seen_size=10**9)).encode()

    channel, rounds = small.enterprise.channel(change=lie), []
    ask = channel.ask

    def counted(asks: Mapping[str, Ask], *, timeout_s: float) -> Mapping[str, bytes]:
        rounds.append(len(asks))
        return ask(asks, timeout_s=timeout_s)

    channel.ask = counted  # type: ignore[method-assign]
    nodes = [site.id for site in small.sites]
    assert list(Departments(small.centre, channel, nodes, timeout_s=1.0)) == []
    assert rounds == [len(nodes), len(nodes)]


def test_local_use_of_core_data_waits_for_the_steward_too(small: Tampered) -> None:
    alarmed(small)
    site = small.sites[0]
    order = small.enterprise.order(answers=4).body
    model = Published(order, order.model, np.zeros(order.model.parameters), b"a model")
    with pytest.raises(Denied, match="log_alarm"), allowed_use(site.home, model, "fit", "steward"):
        pass


def test_two_centres_on_one_log_do_not_mistrust_each_other(small: Tampered) -> None:
    """What the other process appended is read before a department's word is doubted."""
    beside = Centre(small.folder)
    small.write(0)
    small.settle()
    mine, small.enterprise.centre = small.enterprise.centre, beside
    assert len(small.reconcile().reconciled) == 3
    small.enterprise.centre = mine
    beside.close()


def test_a_reconciled_answer_is_the_one_that_was_asked_for(small: Tampered) -> None:
    def lie(_address: str, data: bytes) -> bytes:
        frame = AnswerFrame.decode(data)
        return (
            replace(frame, answer=Reconciled(99)).encode() if isinstance(frame.answer, Reconciled) else data
        )

    assert small.meet(change=lie).reconcile(timeout_s=1.0).reconciled == {}
