"""Key file and book of two moments: whichever is the older copy is named, and nothing is done with it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
from simulators.stewards import Remembered
from xinqiao_clients.backup import back_up
from xinqiao_clients.deletion import delete_person
from xinqiao_clients.home import KEY_FILE, Home, Settings
from xinqiao_clients.restoring import restore
from xinqiao_clients.rotation import rotate
from xinqiao_governance.errors import StoreDamaged

SETTINGS = Settings("dept", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)
BOOK = "book.sqlite"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "home"
    with closing(Home.create(path, SETTINGS, PASSPHRASE, lambda: NOW)) as home:
        home.adopt(dataset(), CONTRACT, home.store.write(dataset(), table(1)), CAP, "s")
    return path


@pytest.fixture(scope="module")
def steward(template: Path) -> Remembered:
    return Remembered(template / KEY_FILE, PASSPHRASE)


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def opened(path: Path, steward: Remembered) -> Iterator[Home]:
    with closing(Home.open(path, steward, lambda: NOW)) as home:
        yield home


def rotated(path: Path, steward: Remembered, times: int = 1) -> None:
    with closing(Home.open(path, steward, lambda: NOW)) as home:
        for _ in range(times):
            rotate(home, "s")


OLDER = [(KEY_FILE, "key_file_older"), (BOOK, "book_older")]


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(("name", "code"), OLDER)
def test_an_older_copy_of_either_is_named_and_not_used(
    path: Path, steward: Remembered, name: str, code: str, times: int
) -> None:
    old = (path / name).read_bytes()
    rotated(path, steward, times)
    new = (path / name).read_bytes()
    (path / name).write_bytes(old)
    with pytest.raises(StoreDamaged, match=code):
        Home.open(path, steward, lambda: NOW)
    (path / name).write_bytes(new)
    rotated(path, steward)


def test_both_of_one_moment_are_a_home(path: Path, steward: Remembered, tmp_path: Path) -> None:
    rotated(path, steward)
    shutil.copytree(path, tmp_path / "both")
    rotated(path, steward)
    rotated(tmp_path / "both", steward)


@pytest.mark.parametrize(("name", "code"), OLDER[:1])
def test_a_running_process_notices_before_it_changes_anything(
    opened: Home, steward: Remembered, name: str, code: str
) -> None:
    old = (opened.path / name).read_bytes()
    rotate(opened, "s")
    (opened.path / name).write_bytes(old)
    events = opened.book.count_events()
    for act in (lambda: rotate(opened, "s"), lambda: delete_person(opened, str(table(1)["id"][3]), "s")):
        with pytest.raises(StoreDamaged, match=code):
            act()
    assert opened.book.count_events() == events
    assert (opened.path / name).read_bytes() == old


def test_another_process_that_rotated_meanwhile_is_no_older_copy(opened: Home, steward: Remembered) -> None:
    rotated(opened.path, steward, 2)
    opened.require_one_age()
    rotate(opened, "s")


def test_a_rotation_that_was_killed_before_the_book_knew_is_finished(path: Path, steward: Remembered) -> None:
    with closing(Home.open(path, steward, lambda: NOW)) as home:
        home.key_file.begin_rotation()
    before = (path / KEY_FILE).read_bytes()
    with closing(Home.open(path, steward, lambda: NOW)) as home:
        home.note_newest_key()
    with closing(Home.open(path, steward, lambda: NOW)) as home:  # and after it knew
        assert home.key_file.rotating
        home.tidy()
        assert not home.key_file.rotating
    (path / KEY_FILE).write_bytes(before)  # both keys, the newest of them the book's: it is finished again
    rotated(path, steward)


def test_a_home_of_an_earlier_program_notes_its_key_when_it_is_opened(
    path: Path, steward: Remembered
) -> None:
    with closing(sqlite3.connect(path / BOOK)) as db, db:
        db.execute("DROP TABLE key_epochs")
        db.execute("DROP INDEX journal_table")
        db.execute("PRAGMA user_version = 6")
    Home.open(path, steward, lambda: NOW).close()
    old = (path / KEY_FILE).read_bytes()
    rotated(path, steward)
    (path / KEY_FILE).write_bytes(old)
    with pytest.raises(StoreDamaged, match="key_file_older"):
        Home.open(path, steward, lambda: NOW)


def test_who_sees_the_keys_as_they_were_does_not_call_an_old_one_the_newest(
    opened: Home, path: Path, steward: Remembered
) -> None:
    """Else the home would open no more: the newest key file would be taken for an older copy."""
    rotated(path, steward, 2)
    opened.note_newest_key()
    Home.open(path, steward, lambda: NOW).close()
    rotated(path, steward)


def test_names_that_these_keys_did_not_seal_are_damage(path: Path, steward: Remembered) -> None:
    with closing(sqlite3.connect(path / BOOK)) as db, db:
        db.execute("UPDATE key_epochs SET sealed = zeroblob(36)")
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        Home.open(path, steward, lambda: NOW)


def test_an_older_key_file_is_put_back_on_purpose_where_its_table_is_the_books(
    path: Path, steward: Remembered, tmp_path: Path
) -> None:
    """The newest key file is lost, and the backup was out of reach when it was made: nothing else is left."""
    folder, keys = tmp_path / "backup", tmp_path / "safe.json"
    with closing(Home.open(path, steward, lambda: NOW)) as home:
        back_up(home, folder, keys, "s")
        folder.rename(tmp_path / "away")
        keys.rename(tmp_path / "away.json")
        rotate(home, "s")
    (tmp_path / "away").rename(folder)
    (tmp_path / "away.json").rename(keys)
    lost = (path / KEY_FILE).read_bytes()
    (path / KEY_FILE).unlink()
    shutil.rmtree(path / "store")
    with closing(restore(path, folder, steward, keys=keys, clock=lambda: NOW)) as home:
        assert home.store.read(home.version, ["age"])["age"].size == 60
    (path / KEY_FILE).write_bytes(lost)
    with pytest.raises(StoreDamaged, match="key_file_older"):
        Home.open(path, steward, lambda: NOW)


def test_a_restore_that_fails_leaves_the_newest_key_file_the_right_one(
    path: Path, steward: Remembered, tmp_path: Path
) -> None:
    old = (path / KEY_FILE).read_bytes()
    rotated(path, steward)
    newest = (path / KEY_FILE).read_bytes()
    (path / KEY_FILE).unlink()
    (tmp_path / "old").write_bytes(old)
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreDamaged):
        restore(path, tmp_path / "empty", steward, keys=tmp_path / "old")
    assert not (path / KEY_FILE).exists()
    (path / KEY_FILE).write_bytes(newest)
    rotated(path, steward)


def told(home: Home, before: int) -> list[tuple[str, str]]:
    return [(event.action, event.role) for event in home.book.events(before + 1)]


def test_a_rotation_is_in_the_journal_once_whatever_ended_it(path: Path, steward: Remembered) -> None:
    with closing(Home.open(path, steward, lambda: NOW)) as home:
        before = home.book.count_events()
        rotate(home, "s")
        assert told(home, before) == [("rotate", "steward")]
        home.tidy()
        home.finish_rotation()
        assert told(home, before) == [("rotate", "steward")]
        home.key_file.begin_rotation()
    with closing(Home.open(path, steward, lambda: NOW)) as home:  # killed before the journal knew
        home.tidy()
        assert told(home, before) == [("rotate", "steward"), ("rotate", "service")]
        delete_person(home, str(table(1)["id"][3]), "s")
        assert told(home, before + 2) == [("delete_person", "steward")]


def test_what_a_killed_command_left_of_a_key_file_goes_with_the_next(opened: Home) -> None:
    draft = opened.path / f"{KEY_FILE}.new"
    draft.write_bytes(b"a key that must go")
    with opened.importing():
        assert not draft.exists()


def test_an_import_during_a_rotation_that_was_killed_tells_the_book_of_its_key(
    path: Path, steward: Remembered, tmp_path: Path
) -> None:
    shutil.copy(path / KEY_FILE, tmp_path / "older")
    with closing(Home.open(path, steward, lambda: NOW)) as home, home.importing(), home.store.alone():
        home.key_file.begin_rotation()  # and the process ends here
    with closing(Home.open(path, steward, lambda: NOW)) as home:
        home.adopt(dataset(), CONTRACT, home.store.write(dataset(), table(2)), CAP, "s")
    shutil.copy(tmp_path / "older", path / KEY_FILE)
    with pytest.raises(StoreDamaged, match="key_file_older"):
        Home.open(path, steward, lambda: NOW)
