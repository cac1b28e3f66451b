"""A log put back from an older copy is filled again whole, or stays shut."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators import postgres
from simulators.restores import Tampered, cut, put
from xinqiao_governance.errors import StoreDamaged, UsageInvalid
from xinqiao_ledger.checkpoint import Checkpoint
from xinqiao_ledger.event import Event
from xinqiao_ledger.fsck import fsck
from xinqiao_ledger.high_water import Behind, HighWater
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_platform.centre import JournalCopy, log_place
from xinqiao_platform.epoch import open_epoch
from xinqiao_platform.journals import Journals, LogName, gather
from xinqiao_platform.refill import Refilled, refill


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tampered]:
    url = None
    if request.param == "postgres":
        url = postgres.new_database(request.getfixturevalue("postgres_server"))
    world = Tampered(tmp_path, url)
    world.settle()
    yield world
    world.close()


def journals(world: Tampered, sites: Collection[int] = (0, 1, 2)) -> Journals:
    centre = world.centre
    nodes = [world.sites[site].id for site in sites]
    name = LogName(centre.log.origin, centre.log.public, centre.log.note_public)
    return gather(world.enterprise.channel(), centre.operator, name, nodes, timeout_s=1.0)


def fill(world: Tampered, sites: Collection[int] = (0, 1, 2), anchored: Checkpoint | None = None) -> Refilled:
    given = journals(world, sites)
    world.centre.close()
    try:
        return refill(world.folder, given, anchored)
    finally:
        world.restart()


def lived(world: Tampered) -> tuple[int, int, bytes]:
    """Let all write and a checkpoint be taken, then a tail that none covers; sizes before and after, root."""
    size = world.centre.log.size
    for site in range(3):
        world.write(site)
        world.grow()
        world.receipt()
    world.centre.log.checkpoint()
    world.write(1)
    world.grow()
    world.receipt()
    return size, world.centre.log.size, world.centre.log.root()


def indices(refilled: Refilled) -> set[int]:
    return {n for first, last in refilled.missing for n in range(first, last + 1)}


def behind(world: Tampered) -> bool:
    try:
        world.centre.log.require_current()
    except StoreDamaged:
        return True
    return False


def test_a_restored_log_is_filled_again_to_the_last_receipt(world: Tampered) -> None:
    old, size, root = lived(world)
    world.tamper(cut(old), head=False)
    assert behind(world)
    refilled = fill(world)
    assert (refilled.whole, refilled.size, refilled.filled) == (True, size, size - old)
    assert world.centre.log.root() == root
    assert not behind(world)
    assert fsck(log_place(world.folder)).count == 0
    world.write(0)
    assert len(world.reconcile().reconciled) == 3
    assert all(site.home.book.alarms() == [] for site in world.sites)


def test_an_empty_database_is_filled_from_nothing(world: Tampered) -> None:
    _, size, root = lived(world)
    world.tamper(cut(0), head=False)
    assert fill(world).filled == size
    assert world.centre.log.root() == root


def test_without_a_department_it_stays_shut_and_says_what_is_missing(world: Tampered) -> None:
    old, _, _ = lived(world)
    lost = set(world.centre.log.entries_of_node(world.sites[2].id.hex(), 4, 99))
    world.tamper(cut(old), head=False)
    assert behind(world)
    given = journals(world, sites=(0, 1))
    world.centre.close()
    refilled = refill(world.folder, given)
    assert HighWater(world.folder).behind() is not None
    world.restart()
    assert indices(refilled) == lost
    assert (refilled.whole, refilled.filled) == (False, 0)
    assert world.centre.log.size == old
    assert behind(world)
    assert fill(world).whole  # once the department is back


def test_without_the_centres_own_copy_it_stays_shut(world: Tampered) -> None:
    old, _, _ = lived(world)
    own = set(world.centre.log.entries_of_node(world.centre.operator.fingerprint.hex(), 1, 99))
    world.tamper(cut(old), head=False)
    (world.folder / "journal").unlink()
    assert indices(fill(world)) == own
    assert behind(world)


def test_entries_that_came_in_between_are_not_covered_up(world: Tampered) -> None:
    """Somebody put another event where one was lost: whole in number, and not the history that was signed."""
    old, _, _ = lived(world)
    own = world.centre.log.entries_of_node(world.centre.operator.fingerprint.hex(), 1, 1)
    ((_, leaf),) = own.items()
    stranger = replace(Event.decode(leaf), job="cd" * 32)
    world.tamper(cut(old), head=False)
    world.tamper(put(old, stranger), head=False)
    refilled = fill(world)
    assert not refilled.whole
    assert refilled.differs is not None
    assert behind(world)


def test_what_a_receipt_names_is_not_covered_up_by_what_came_in_between(world: Tampered) -> None:
    """A tail that no head covers is lost; the log goes on in its place before its department is met."""
    old = world.centre.log.size
    for _ in range(3):
        world.write(0)
    world.receipt()
    world.tamper(cut(old), head=False)
    away = world.sites.pop(0)
    world.write(0)
    world.receipt()
    world.sites.insert(0, away)
    went_on = world.centre.log.size
    refilled = fill(world)
    assert (refilled.whole, refilled.filled, refilled.contradicts) == (False, 0, old)
    assert behind(world)
    assert world.centre.log.size == went_on
    world.centre.close()
    open_epoch(world.folder, "contradicted")
    world.restart()


def test_a_log_that_signed_two_events_for_one_index_is_not_filled(world: Tampered) -> None:
    lived(world)
    given = journals(world)
    given.add([LogReceipt(world.centre.log.origin, ((3, bytes(32)),))], [])
    world.centre.close()
    assert refill(world.folder, given).contradicts == 3
    world.restart()
    assert behind(world)


def test_a_node_whose_events_do_not_follow_each_other_leaves_the_log_shut(world: Tampered) -> None:
    """No head and no receipt tells of the centre's own: its events must still follow each other."""
    old = world.centre.log.size
    world.grow(3)
    event = Event.decode(world.centre.log.entries(old + 1, old + 2)[0])
    world.tamper(put(old + 1, replace(event, prev="cd" * 32)), head=False)
    refilled = fill(world)
    assert (refilled.whole, refilled.contradicts) == (False, old + 1)
    assert behind(world)


def test_a_size_that_was_only_told_is_compared_and_not_counted_up(world: Tampered) -> None:
    size = world.centre.log.size
    HighWater(world.folder).fall_behind(Behind("anchor", 10**12))
    refilled = fill(world)
    assert refilled.missing == ((size, 10**12 - 1),)
    assert refilled.lacking == 10**12 - size


def test_of_many_gaps_the_first_hundred_are_listed(tmp_path: Path) -> None:
    world = Tampered(tmp_path)
    world.settle()
    size = world.centre.log.size
    given = journals(world)
    (leaf,) = world.centre.log.entries(0, 1)
    JournalCopy(world.folder).follow(dict.fromkeys(range(size + 1, size + 400, 2), leaf))
    world.centre.close()
    refilled = refill(world.folder, given)
    assert (len(refilled.missing), refilled.whole) == (100, False)
    world.close()


def test_nobody_else_has_the_log_meanwhile(world: Tampered) -> None:
    with pytest.raises(UsageInvalid, match="centre_in_use"):
        refill(world.folder, journals(world))


def test_the_chains_head_must_be_reached_and_be_the_same(world: Tampered) -> None:
    old, size, root = lived(world)
    world.tamper(cut(old))
    origin = world.centre.log.origin
    assert fill(world, anchored=Checkpoint(origin, size + 1, root)).missing == ((size, size),)
    assert fill(world, anchored=Checkpoint(origin, size, bytes(32))).differs == size
    assert fill(world, anchored=Checkpoint(origin, size, root)).whole


def test_a_log_that_its_own_checkpoint_contradicts_is_filled_again(world: Tampered) -> None:
    """Rows alone were lost, so the centre does not open at all; a refill needs no open centre."""
    from xinqiao_ledger.database import open_database
    from xinqiao_ledger.log import SCHEMA

    old, size, root = lived(world)
    given = journals(world)
    world.centre.close()
    database = open_database(log_place(world.folder), SCHEMA)
    database.run("DELETE FROM entry WHERE idx >= ?", old)
    database.close()
    with pytest.raises(StoreDamaged, match="log_rolled_back"):
        world.restart()
    assert refill(world.folder, given).whole
    world.restart()
    assert (world.centre.log.size, world.centre.log.root()) == (size, root)


def test_a_receipt_of_another_log_puts_nothing_back(world: Tampered) -> None:
    lived(world)
    given = gather(
        world.enterprise.channel(),
        world.centre.operator,
        LogName(world.centre.log.origin, bytes(32), bytes(32)),
        [site.id for site in world.sites],
        timeout_s=1.0,
    )
    assert given.places == {}
    assert given.notes == []


def test_who_gives_a_journal_that_makes_no_sense_counts_as_absent(world: Tampered) -> None:
    from xinqiao_governance.wire import AnswerFrame, JournalPart

    def lie(address: str, data: bytes) -> bytes:
        frame = AnswerFrame.decode(data)
        if address != "1" or not isinstance(frame.answer, JournalPart):
            return data
        return replace(frame, events=frame.events[::-1]).encode()

    centre = world.centre
    name = LogName(centre.log.origin, centre.log.public, centre.log.note_public)
    nodes = [site.id for site in world.sites]
    given = gather(world.enterprise.channel(change=lie), centre.operator, name, nodes, timeout_s=1.0)
    assert given.met == set(nodes[1:])


def test_the_centres_copy_survives_a_torn_line_and_a_lost_one(tmp_path: Path) -> None:
    world = Tampered(tmp_path)
    world.settle()
    world.grow(3)
    copy = world.folder / "journal"
    data = copy.read_bytes()
    copy.write_bytes(data[: len(data) - 20])  # killed while it wrote
    world.grow()

    own = world.centre.operator.fingerprint.hex()
    assert {
        n: e.leaf for n, e in JournalCopy(world.folder).read().items()
    } == world.centre.log.entries_of_node(own, 1, 99)
    world.close()
