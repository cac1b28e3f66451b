"""The daily round: who brings what, who finds what wrong, what is cosigned and anchored."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.enterprise import Enterprise, found
from simulators.restores import Tampered, cut, swap
from xinqiao_app.commands.cards import DepartmentCard
from xinqiao_app.directory import remember
from xinqiao_app.progress import Progress
from xinqiao_app.rounds import Round, _round
from xinqiao_clients.flower import public_pem
from xinqiao_governance.errors import StoreDamaged
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.outbox import anchored_at, open_outbox
from xinqiao_platform.witnesses import Witnesses


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    with closing(found(tmp_path, 3)) as enterprise:
        remember(enterprise.centre.path, [card(enterprise, number) for number in range(3)])
        yield enterprise


def card(enterprise: Enterprise, number: int) -> DepartmentCard:
    home = enterprise.sites[number].home
    return DepartmentCard(home.settings.name, home.identity.public, public_pem(home.transport_key))


def a_round(enterprise: Enterprise, **lies: object) -> Round:
    centre = enterprise.centre
    with closing(open_outbox(centre.path, centre.log)) as outbox:
        return _round(centre, enterprise.channel(**lies), outbox, Progress("en"))


def test_a_day_without_a_job_brings_every_journal_into_a_cosigned_and_anchored_log(
    enterprise: Enterprise,
) -> None:
    waiting = sum(site.home.book.waiting().events for site in enterprise.sites)
    assert waiting
    made = a_round(enterprise)
    assert (made.is_well, made.taken, len(made.found), made.absent) == (True, waiting, 3, ())
    log = enterprise.centre.log
    assert made.anchor == anchored_at(enterprise.centre.path, log.size)
    kept = log.cosigned(log.size)
    assert kept is not None
    signed = SignedCheckpoint.parse(kept)
    for site in enterprise.sites:
        signed.verify_cosignature(site.home.settings.name, site.home.witness.public)
        reconciled = site.home.book.reconciled()
        assert reconciled is not None
        assert reconciled.seq == site.home.book.count_events()
    assert [site.home.book.waiting().events for site in enterprise.sites] == [0, 0, 0]


def test_the_round_leaves_a_mark_of_its_time(enterprise: Enterprise) -> None:
    made = a_round(enterprise)
    last = Event.decode(enterprise.centre.log.entries(made.size - 1, made.size)[0])
    assert (last.kind, last.action, last.members) == (Kind.CHECKPOINT, "round", 3)
    assert last.node == enterprise.centre.operator.fingerprint.hex()


def test_who_is_away_is_named_and_comes_tomorrow(enterprise: Enterprise) -> None:
    a_round(enterprise)
    made = a_round(enterprise, relay=lambda address, data: None if address == "3" else data)
    assert (made.is_well, len(made.found), len(made.absent)) == (True, 2, 1)
    assert made.absent[0].startswith("dept-2")
    assert a_round(enterprise).absent == ()


def test_a_department_that_finds_the_log_wrong_raises_an_alarm(tmp_path: Path) -> None:
    world = Tampered(tmp_path)
    enterprise = world.enterprise
    remember(enterprise.centre.path, [card(enterprise, number) for number in range(3)])
    first, second = world.write(0), world.write(1)
    world.receipt()
    places = [next(iter(world.centre.log.entries_of_node(e.node, e.seq, e.seq))) for e in (first, second)]
    world.tamper(swap(*places))
    made = a_round(enterprise)
    assert not made.is_well
    assert list(made.contradicted.values()) == ["receipt_broken"] * 2
    assert "ALARM" in "\n".join(made.lines("en"))
    assert "警报" in "\n".join(made.lines("zh"))
    enterprise.close()


def test_a_log_that_lacks_what_was_anchored_signs_and_records_nothing(tmp_path: Path) -> None:
    """Put back with the head beside it, and no department there that knows more."""
    with closing(Tampered(tmp_path)) as world:
        world.settle()
        size = world.centre.log.size
        world.grow(3)
        with closing(open_outbox(world.folder, world.centre.log)) as outbox:
            assert outbox.publish_newest() is not None
        world.tamper(cut(size))
        remember(world.folder, [])
        with pytest.raises(StoreDamaged, match="log_behind") as caught:
            a_round(world.enterprise, relay=lambda address, data: None)
        assert caught.value.fields == {"told_by": "anchor", "size": size + 3}
        assert world.centre.log.size == size
        assert world.centre.log.signed_at(size) is None


def test_too_few_cosignatures_ask_for_a_person(enterprise: Enterprise) -> None:
    Witnesses(needed=4).save(enterprise.centre.path)
    made = a_round(enterprise)
    assert not made.is_well
    assert "too few witnesses" in "\n".join(made.lines("en"))
    assert made.to_json()["cosignatures"] == 3


def test_a_chain_that_is_down_is_said_and_the_rest_is_done(enterprise: Enterprise) -> None:
    from xinqiao_ledger.chain_config import ChainConfig
    from xinqiao_ledger.embedded import make_key

    path = enterprise.centre.path
    make_key(path / "chain")
    ChainConfig("http://127.0.0.1:1", 31337, "0x" + "5B" * 20, "operator").write(path)
    made = a_round(enterprise)
    assert (made.is_well, made.anchor, len(made.found), made.head.found) == (False, None, 3, 3)
