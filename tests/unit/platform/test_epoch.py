"""A new epoch: the old log stays as it was, the new one points to it, stewards accept it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators import postgres
from simulators.enterprise import PASSPHRASE, bundle_of, run_job, trust_of
from simulators.restores import Tampered, cut
from xinqiao_clients.epoch import accept, compare
from xinqiao_clients.home import Home
from xinqiao_clients.node import DataNode
from xinqiao_governance.errors import ProofError, UsageInvalid, WireInvalid
from xinqiao_ledger.epoch import EpochPointer, LogEpoch, next_origin
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.fsck import fsck
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.verify import verify
from xinqiao_platform.centre import LOG_ORIGIN, log_origin, log_place
from xinqiao_platform.epoch import kept_folder, open_epoch

NEW = f"{LOG_ORIGIN}/2"


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tampered]:
    url = None
    if request.param == "postgres":
        url = postgres.new_database(request.getfixturevalue("postgres_server"))
    world = Tampered(tmp_path, url)
    lose(world)
    yield world
    world.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Tampered]:
    """The same in a file alone."""
    world = Tampered(tmp_path)
    lose(world)
    yield world
    world.close()


def lose(world: Tampered) -> None:
    """Lose the log's end, of the centre's own events too, and its copy of them."""
    world.settle()
    size = world.centre.log.size
    world.write(0)
    world.grow(2)
    world.settle()
    world.tamper(cut(size), head=False)
    (world.folder / "journal").unlink()


def begin(world: Tampered) -> EpochPointer:
    world.centre.close()
    try:
        return open_epoch(world.folder, "disk lost", clock=lambda: 1_800_000_000)
    finally:
        world.restart()


def take_over(world: Tampered, site: int, pointer: EpochPointer) -> None:
    """A steward accepts and starts the agent again."""
    accept(world.sites[site].home, pointer, "steward")
    world.sites[site] = world.enterprise.reopen(world.sites[site])


# ---- the centre ---------------------------------------------------------------------------------------


def test_the_new_log_begins_with_the_pointer_and_the_old_one_stays(world: Tampered) -> None:
    old_size = world.centre.log.size
    head = (world.folder / "log.head").read_text()
    pointer = begin(world)
    epoch = pointer.verify(
        world.centre.operator.fingerprint, world.centre.log.public, world.centre.log.note_public
    )
    assert (epoch.old_origin, epoch.origin, epoch.note) == (LOG_ORIGIN, NEW, head)
    assert epoch.known_size == epoch.old_head.size > old_size
    assert world.centre.log.origin == NEW
    (leaf,) = world.centre.log.entries(0, 9)
    first = Event.decode(leaf)
    assert (first.kind, first.output_digest) == (Kind.EPOCH, epoch.digest.hex())
    kept = world.folder / "epochs" / LOG_ORIGIN.replace("/", "_")
    assert EpochPointer.decode((kept / "pointer.json").read_bytes()) == pointer
    old = log_place(kept)
    assert fsck(old).size == old_size
    assert all(file.stat().st_mode & 0o222 == 0 for file in kept.glob("log.*"))


def test_a_log_that_is_whole_is_not_left_behind(tmp_path: Path) -> None:
    world = Tampered(tmp_path)
    world.settle()
    with pytest.raises(UsageInvalid, match="epoch_not_needed"):
        begin(world)
    assert log_origin(world.folder) == LOG_ORIGIN
    world.close()


def test_a_second_epoch_counts_on(small: Tampered) -> None:
    first = begin(small)
    for site in range(3):
        take_over(small, site, first)
    lose(small)
    assert begin(small).operator.body.origin == f"{LOG_ORIGIN}/3"
    assert next_origin("log") == "log/2"
    assert next_origin("a/b/9") == "a/b/10"


def test_no_epoch_begins_while_another_process_has_the_log_open(small: Tampered) -> None:
    with pytest.raises(UsageInvalid, match="centre_in_use"):
        open_epoch(small.folder, "disk lost")
    assert log_origin(small.folder) == LOG_ORIGIN
    assert not list((small.folder / "epochs").glob("*"))


@pytest.mark.parametrize("name", ["log.head", "log.behind"])
def test_a_damaged_head_is_a_reason_and_is_kept(small: Tampered, name: str) -> None:
    small.centre.close()
    (small.folder / name).write_bytes(b"garbage")
    epoch = open_epoch(small.folder, "disk lost").operator.body
    assert (epoch.note == "") is (name == "log.head")
    assert epoch.known_size > 0
    assert (kept_folder(small.folder, LOG_ORIGIN) / name).read_bytes() == b"garbage"
    small.restart()
    small.grow()
    small.centre.log.checkpoint()


KILLED = """
import os, sys
from pathlib import Path
from xinqiao_platform.epoch import open_epoch
left = int(sys.argv[2])
def count(event, arguments):
    global left
    counted = event in ("os.rename", "os.mkdir", "os.link", "os.chmod")
    if counted and str(arguments[0]).startswith(sys.argv[1]):
        left -= 1
        if left == 0:
            os._exit(9)
sys.addaudithook(count)
open_epoch(Path(sys.argv[1]), "disk lost", clock=lambda: 1_800_000_000)
"""


def test_killed_anywhere_the_same_call_goes_on(small: Tampered) -> None:
    """Never is there an open log under the old name, or a second pointer for one end."""
    small.centre.close()
    pointers = set()
    for kill in range(1, 60):
        run = [sys.executable, "-c", KILLED, str(small.folder), str(kill)]
        ended = subprocess.run(run, check=False, timeout=120, env={**os.environ})
        pointers |= {file.read_bytes() for file in (small.folder / "epochs").glob("pointer.draft")}
        if ended.returncode == 0:
            break
        assert ended.returncode == 9
        marked = (small.folder / "log.behind").exists() or log_origin(small.folder) == NEW
        assert marked
    assert ended.returncode == 0
    assert kill > 5
    assert len(pointers) == 1
    small.restart()
    assert [Event.decode(leaf).kind for leaf in small.centre.log.entries(0, 9)] == [Kind.EPOCH]


# ---- the departments ----------------------------------------------------------------------------------


def test_departments_that_accept_send_their_whole_journals_and_go_on(world: Tampered) -> None:
    pointer = begin(world)
    for site in range(3):
        take_over(world, site, pointer)
        assert [e.kind for e in world.sites[site].home.book.pending()][-1] is Kind.EPOCH
    world.settle()
    for site in world.sites:
        events = site.home.book.events()
        assert world.centre.log.head(site.id.hex()) == (len(events), events[-1].hash)
        assert site.home.book.pending() == []
        assert site.home.book.reconciled().seq == len(events)
        assert site.home.book.alarms() == []
    assert cosigners(world) == {site.id for site in world.sites}


def test_a_job_of_the_new_epoch_verifies_and_an_old_trust_file_is_told_why_not(small: Tampered) -> None:
    old = trust_of(small.enterprise)
    pointer = begin(small)
    for site in range(3):
        take_over(small, site, pointer)
    result, _, _ = run_job(small.enterprise, small.enterprise.order(answers=4))
    bundle = bundle_of(small.enterprise, result)
    assert verify(bundle, replace(old, origin=NEW)).verdict == "PASS"
    report = verify(bundle, old)
    assert report.verdict == "FAIL"
    assert any("new epoch" in line for line in report.lines("en"))


def test_who_has_not_accepted_keeps_to_the_old_log(small: Tampered) -> None:
    """It takes no receipt of the new one, and cosigns nothing of it."""
    begin(small)
    small.write(1)
    small.meet()
    small.receipt()
    assert small.sites[1].home.book.pending()
    assert cosigners(small) == set()


def test_the_steward_sees_both_sides_before_accepting(small: Tampered) -> None:
    pointer = begin(small)
    found = compare(small.sites[0].home, pointer)
    assert found.seen_size == found.epoch.known_size
    assert not found.admits_less
    for language in ("zh", "en"):
        assert any(str(found.seen_size) in line for line in found.lines(language))
    less = small.centre.operator.seal(replace(found.epoch, note="", known_size=0))
    told = compare(small.sites[0].home, EpochPointer(less, small.centre.log_key.seal(less.body)))
    assert told.admits_less
    assert len(told.lines("en")) == 3


def test_a_pointer_that_one_of_the_two_did_not_sign_is_refused(small: Tampered) -> None:
    pointer = begin(small)
    home, body = small.sites[0].home, pointer.operator.body
    other = replace(body, reason="another")
    stranger = SigningKey.generate()
    for forged in (
        EpochPointer(stranger.seal(body), pointer.log),
        EpochPointer(pointer.operator, stranger.seal(body)),
        EpochPointer(pointer.operator, small.centre.log_key.seal(other)),
        EpochPointer(small.centre.operator.seal(other), pointer.log),
    ):
        with pytest.raises(ProofError):
            accept(home, forged, "steward")
    assert EpochPointer.decode(pointer.encode()) == pointer
    for origin in ("xinqiao.log/elsewhere", LOG_ORIGIN, f"{LOG_ORIGIN}/3"):
        with pytest.raises(WireInvalid):
            LogEpoch.from_json({**body.to_json(), "origin": origin})


def test_a_pointer_is_accepted_once_and_for_its_own_log(small: Tampered) -> None:
    pointer = begin(small)
    take_over(small, 0, pointer)
    with pytest.raises(UsageInvalid, match="epoch_accepted"):
        accept(small.sites[0].home, pointer, "steward")
    second = replace(pointer.operator.body, old_origin=NEW, origin=f"{LOG_ORIGIN}/3", note="")
    ahead = EpochPointer(small.centre.operator.seal(second), small.centre.log_key.seal(second))
    with pytest.raises(UsageInvalid, match="epoch_other_log"):
        accept(small.sites[1].home, ahead, "steward")


def test_killed_between_book_and_settings_accepting_again_finishes(small: Tampered) -> None:
    pointer = begin(small)
    home = small.sites[0].home
    settings = (home.path / "node.json").read_bytes()
    take_over(small, 0, pointer)
    events = len(home_events(small, 0))
    small.sites[0].home.close()
    (home.path / "node.json").write_bytes(settings)
    again = Home.open(home.path, PASSPHRASE, clock=lambda: small.enterprise.now[0])
    small.sites[0] = replace(small.sites[0], home=again, node=DataNode(again))
    take_over(small, 0, pointer)
    assert len(home_events(small, 0)) == events
    assert small.sites[0].home.settings.log_origin == NEW


def test_killed_while_accepting_the_steward_is_shown_the_same_again(small: Tampered) -> None:
    pointer = begin(small)
    home = small.sites[0].home
    settings = (home.path / "node.json").read_bytes()
    less = replace(pointer.operator.body, note="", known_size=0)
    told = EpochPointer(small.centre.operator.seal(less), small.centre.log_key.seal(less))
    before = compare(home, told)
    assert before.admits_less
    assert min(before.seen_size, before.receipted_size) > 0
    accept(home, told, "steward")
    (home.path / "node.json").write_bytes(settings)
    small.sites[0] = small.enterprise.reopen(small.sites[0])
    assert compare(small.sites[0].home, told) == before


def test_what_the_old_log_signed_stays_in_the_book(small: Tampered) -> None:
    import sqlite3

    before = small.sites[0].home.book.last_receipt()
    note = small.sites[0].home.witness.note
    take_over(small, 0, begin(small))
    book = sqlite3.connect(small.sites[0].home.path / "book.sqlite")
    assert book.execute("SELECT origin, note FROM left_log").fetchone() == (LOG_ORIGIN, note)
    rows = book.execute("SELECT origin, receipt FROM left_receipt ORDER BY last_seq DESC LIMIT 1")
    assert rows.fetchone() == (LOG_ORIGIN, before)


def cosigners(world: Tampered) -> set[bytes]:
    words = world.meet().cosign(world.centre.log.checkpoint(), timeout_s=1.0)
    return {node for node, word in words.items() if word.line}


def home_events(world: Tampered, site: int) -> list[Event]:
    return world.sites[site].home.book.events()
