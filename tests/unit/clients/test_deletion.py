"""Deleting a person: no key that is left opens to them, and what was spent on them stays spent."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from simulators.enterprise import (
    CAP,
    CONTRACT,
    NOW,
    PASSPHRASE,
    Enterprise,
    HandCentre,
    dataset,
    found,
    reason_of,
    table,
)
from simulators.kills import run_script
from simulators.stewards import Remembered
from xinqiao_clients import deletion
from xinqiao_clients.backup import back_up
from xinqiao_clients.chunks import ColumnData
from xinqiao_clients.deletion import Deletion, delete_person
from xinqiao_clients.home import KEY_FILE, Home, Settings
from xinqiao_clients.journal import journal
from xinqiao_clients.key_file import KeyFile
from xinqiao_clients.register import Backup, behind
from xinqiao_clients.rotation import rotate
from xinqiao_clients.store import Store, Version
from xinqiao_governance.errors import DataInvalid, StoreDamaged, UsageInvalid
from xinqiao_governance.order import Spend
from xinqiao_ledger.event import Kind

SETTINGS = Settings("dept", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)
PERSON = "SENTINEL-7"


def people() -> dict[str, ColumnData]:
    """A synthetic table of 60 rows, two of them one person's."""
    rows = dict(table(1))
    rows["id"][[7, 9]] = PERSON
    return rows


HOLDS = CONTRACT.replace(", unique: true", "")
UNREAD = CONTRACT.replace("staff", "another", 1)  # never checked: Great Expectations takes seconds to load


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "home"
    home = Home.create(path, SETTINGS, PASSPHRASE, lambda: NOW)
    load(home)
    home.close()
    return path


def load(home: Home, contract: str = UNREAD) -> None:
    home.adopt(dataset(), contract, home.store.write(dataset(), people()), CAP, "s")


@pytest.fixture(scope="module")
def steward(template: Path) -> Remembered:
    return Remembered(template / KEY_FILE, PASSPHRASE)


@pytest.fixture
def home(template: Path, steward: Remembered, tmp_path: Path) -> Iterator[Home]:
    shutil.copytree(template, tmp_path / "home")
    home = Home.open(tmp_path / "home", steward, lambda: NOW)
    yield home
    home.close()


def ids(home: Home) -> list[str]:
    with home.reading() as adopted:
        return list(home.store.read(adopted.version, ["id"])["id"])


def held(home: Home) -> dict[str, ColumnData]:
    return home.store.read(home.version, ["id", "age", "grade", "pay"])


def test_the_persons_rows_go_and_all_others_stay_as_they_were(home: Home) -> None:
    before = held(home)
    old = home.adopted
    assert delete_person(home, PERSON, "s") == Deletion(2, False, False, True, ())
    kept = np.array([id_ != PERSON for id_ in before["id"]])
    for name, data in held(home).items():
        np.testing.assert_array_equal(data, before[name][kept])
    assert (home.adopted.number, home.adopted.period) == (old.number, old.period)
    assert home.version.digest != old.version.digest
    (version,) = (home.path / "store" / "staff").iterdir()
    assert version.name == home.version.folder


@pytest.mark.parametrize("spelling", [PERSON.lower(), f" {PERSON} ", "ＳＥＮＴＩＮＥＬ-7"])
def test_all_ways_to_write_an_id_are_one_person(home: Home, spelling: str) -> None:
    assert delete_person(home, spelling, "s").rows == 2


def test_nobody_of_that_id_changes_nothing(home: Home) -> None:
    version, epoch, events = home.version, home.keys.store.epoch, home.book.count_events()
    with pytest.raises(UsageInvalid, match="person_unknown") as caught:
        delete_person(home, "SENTINEL-8", "s")
    assert "SENTINEL" not in str(caught.value)
    assert (home.version, home.keys.store.epoch, home.book.count_events()) == (version, epoch, events)


def test_what_was_spent_stays_spent_and_nobody_gets_a_fresh_budget(home: Home) -> None:
    spend = Spend(CAP.epsilon_micro // 2, CAP.delta_nano // 2)
    with home.book.transaction() as book:
        assert book.reserve(bytes(32), "staff", home.period, spend)
    accounts = home.book.accounts()
    delete_person(home, PERSON, "s")
    assert home.book.accounts() == accounts
    version = home.store.write(dataset(), people())
    with pytest.raises(DataInvalid, match="people_in_two_periods"):
        home.adopt(dataset(), UNREAD, version, CAP, "s", period="2026Q4")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "holds"), [("", True), ("rows: {min: 58}\n", True), ("rows: {min: 59}\n", False)]
)
def test_a_table_that_holds_its_contract_no_more_is_used_by_no_job(
    home: Home, more: str, holds: bool
) -> None:
    """The right to be deleted does not wait for the contract, and the contract is not set aside for it."""
    load(home, HOLDS + more)
    assert home.contract_holds()
    assert delete_person(home, PERSON, "s").contract_holds == holds
    assert home.contract_holds() == holds
    assert PERSON not in ids(home)


@pytest.mark.slow
def test_a_table_that_was_never_found_to_hold_its_contract_is_not_by_a_deletion(home: Home) -> None:
    load(home, HOLDS)
    with home.book.transaction() as book:
        home.swap_version(book, home.version, home.service, "erase", holds=False)
    assert not delete_person(home, PERSON, "s").contract_holds
    assert not home.contract_holds()


def test_the_event_says_that_it_was_done_and_not_to_whom(home: Home) -> None:
    delete_person(home, PERSON, "王芳")
    entry = journal(home)[-1]
    event = entry.event
    assert (event.kind, event.action, entry.name) == (Kind.ERASE, "delete_person", "王芳")
    assert (event.dataset, event.dataset_digest) == ("staff", home.version.digest.hex())
    assert "SENTINEL" not in str(event)
    assert event.output_digest is None


def test_the_persons_key_for_old_names_goes_too(home: Home) -> None:
    for name in ("王芳", PERSON):
        home.confirm(bytes([7] * 32), "south", name)
    assert delete_person(home, PERSON, "s", name="王芳").forgotten
    assert [entry.name for entry in journal(home) if entry.event.kind is Kind.CONFIRM] == [None, None]


def test_who_is_in_no_table_but_acted_is_forgotten(home: Home) -> None:
    home.confirm(bytes([7] * 32), "south", "王芳")
    done = delete_person(home, "no-such-id", "s", name="王芳")
    assert (done.rows, done.forgotten) == (0, True)


def test_copies_of_the_store_open_under_no_key_of_the_node(
    home: Home, steward: Remembered, tmp_path: Path
) -> None:
    old = home.version
    shutil.copytree(home.path / "store", tmp_path / "store")
    delete_person(home, PERSON, "s")
    again = Home.open(home.path, steward, lambda: NOW)
    for keys in (home.keys, again.keys):
        with pytest.raises(StoreDamaged, match="key_epoch_gone"):
            Store(tmp_path / "store", keys).read(old, ["id"])
    again.close()


def test_what_is_not_guaranteed_an_old_key_file_with_an_old_copy_of_the_store(
    home: Home, tmp_path: Path
) -> None:
    """Whoever kept both, and the passphrase, has the person: nothing that the node does reaches them."""
    old = home.version
    shutil.copytree(home.path / "store", tmp_path / "store")
    shutil.copy(home.path / KEY_FILE, tmp_path / KEY_FILE)
    delete_person(home, PERSON, "s")
    keys = KeyFile.open(tmp_path / KEY_FILE, PASSPHRASE)
    assert PERSON in Store(tmp_path / "store", keys).read(old, ["id"])["id"]
    with pytest.raises(StoreDamaged, match="key_epoch_gone"):  # and nothing that was written since
        Store(home.path / "store", keys).read(home.version, ["id"])


def test_a_version_that_a_crash_left_beside_goes_too(home: Home) -> None:
    stray = home.store.write(dataset(), people())
    delete_person(home, PERSON, "s")
    assert not home.store.folder(stray).exists()


class StubbornStore(Store):
    """A store on a disk that removes nothing."""

    def sweep(self, keep: Version) -> None:
        assert self.holds(keep)


def test_what_cannot_be_removed_is_lost_with_the_old_key(home: Home) -> None:
    old, home.store = home.version, StubbornStore(home.path / "store", home.keys)
    delete_person(home, PERSON, "s")
    assert (home.store.folder(old) / "manifest").exists()
    with pytest.raises(StoreDamaged, match="key_epoch_gone"):
        home.store.read(old, ["id"])
    assert PERSON not in ids(home)


def test_a_running_job_goes_on_with_nobody_of_before(tmp_path: Path) -> None:
    enterprise: Enterprise = found(tmp_path, 3)
    hand, site = HandCentre(enterprise, enterprise.order()), enterprise.sites[0]
    hand.propose()
    hand.ask(site, hand.statement(1))
    delete_person(site.home, str(table(0)["id"][3]), "s")
    assert reason_of(hand.ask(site, hand.statement(2))) == "data_changed"
    enterprise.close()


# ---- backups -------------------------------------------------------------------------------------------


def opened_rows(folder: Path, home: Home) -> list[str]:
    return list(Store(folder, home.keys).read(home.version, ["id"])["id"])


def test_a_registered_backup_loses_the_person_too(home: Home, tmp_path: Path) -> None:
    folder, copy = tmp_path / "backup", tmp_path / "elsewhere" / KEY_FILE
    copy.parent.mkdir()
    back_up(home, folder, copy, "s")
    assert PERSON in opened_rows(folder, home)
    old = {path.name: path.read_bytes() for path in folder.rglob("*.xqc")}
    assert delete_person(home, PERSON, "s").behind == ()
    assert opened_rows(folder, home) == ids(home)
    assert not old.items() & {path.name: path.read_bytes() for path in folder.rglob("*.xqc")}.items()
    assert copy.read_bytes() == (home.path / KEY_FILE).read_bytes()


def test_a_deletion_that_was_killed_before_its_backups_is_finished_by_the_next_call(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backup"
    back_up(home, folder, tmp_path / "copy", "s")

    def killed(_: Home) -> tuple[Backup, ...]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(deletion, "bring_up", killed)
        with pytest.raises(KeyboardInterrupt):
            delete_person(home, PERSON, "s")
    home.tidy()
    assert len(behind(home)) == 1
    assert delete_person(home, PERSON, "s") == Deletion(0, False, False, True, ())
    assert opened_rows(folder, home) == ids(home)
    with pytest.raises(UsageInvalid, match="person_unknown"):
        delete_person(home, PERSON, "s")


def test_the_key_goes_however_the_id_was_typed(home: Home) -> None:
    home.confirm(bytes([7] * 32), "south", PERSON)
    assert delete_person(home, PERSON.lower(), "s").forgotten


def test_a_backup_out_of_reach_is_an_open_duty_until_it_is_brought_up(
    home: Home, steward: Remembered, tmp_path: Path
) -> None:
    folder, copy, away = tmp_path / "backup", tmp_path / "copy", tmp_path / "away"
    back_up(home, folder, copy, "s")
    old = home.version
    folder.rename(away)
    done = delete_person(home, PERSON, "s")
    assert [backup.folder for backup in done.behind] == [folder]
    assert not folder.exists()
    for keys in (home.keys, KeyFile.open(copy, steward)):  # the copy of the keys was within reach
        with pytest.raises(StoreDamaged, match="key_epoch_gone"):
            Store(away, keys).holds(old)
    away.rename(folder)
    back_up(home, folder, copy, "s")
    assert PERSON not in opened_rows(folder, home)
    assert rotate(home, "s") == ()


# ---- killed --------------------------------------------------------------------------------------------

_KILLED = """
    import os, sys
    from pathlib import Path
    from simulators.enterprise import NOW, PASSPHRASE
    from simulators.kills import kill_at_each
    from simulators.stewards import Remembered
    from xinqiao_clients import importer
    from xinqiao_clients.deletion import delete_person
    from xinqiao_clients.home import Home

    EVENTS = {"os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}

    def act(path, points):
        home, fsync = Home.open(path / "home", steward, lambda: NOW), os.fsync
        os.fsync = lambda handle: (points.reach(), fsync(handle))
        home.book._db.set_trace_callback(points.reach)
        sys.addaudithook(lambda event, _: event in EVENTS and points.reach())
        delete_person(home, "SENTINEL-7", "s")
        points.reach()

    template, target = Path(sys.argv[1]), Path(sys.argv[2])
    steward = Remembered(template / "home" / "keys.json", PASSPHRASE)
    kill_at_each(template, target, act)
"""


@pytest.mark.slow
def test_kill_9_at_any_point_leaves_the_person_whole_or_gone_for_good(
    template: Path, steward: Remembered, tmp_path: Path
) -> None:
    (tmp_path / "start").mkdir()
    (tmp_path / "killed").mkdir()
    shutil.copytree(template, tmp_path / "start" / "home")
    home = Home.open(tmp_path / "start" / "home", steward, lambda: NOW)
    old = home.version
    home.close()
    run_script(_KILLED, tmp_path / "start", tmp_path / "killed")
    seen = set()
    for path in sorted((tmp_path / "killed").iterdir()):
        home = Home.open(path / "home", steward, lambda: NOW)
        there = PERSON in ids(home)
        erased = [event.kind for event in home.book.events()].count(Kind.ERASE)
        assert (there, erased) in ((True, 0), (False, 1))
        home.tidy()
        assert not home.key_file.rotating
        assert (PERSON in ids(home)) == there
        if not there:
            with pytest.raises(StoreDamaged, match="key_epoch_gone"):
                Store(tmp_path / "start" / "home" / "store", home.keys).read(old, ["id"])
            with pytest.raises(UsageInvalid, match="person_unknown"):
                delete_person(home, PERSON, "s")
        else:
            assert delete_person(home, PERSON, "s").rows == 2
        home.close()
        seen.add(there)
    assert seen == {True, False}
