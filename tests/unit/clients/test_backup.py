"""Backups: what comes back, what does not, and what an older one must never give back."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
from simulators.kills import run_script
from simulators.stewards import Remembered
from xinqiao_clients import restoring
from xinqiao_clients.backup import back_up, give_up
from xinqiao_clients.deletion import delete_person
from xinqiao_clients.home import KEY_FILE, Home, Settings
from xinqiao_clients.key_file import Begun, KeyFile, draft_of, read_epoch
from xinqiao_clients.register import backups, begin_anew, behind, outdated_copies
from xinqiao_clients.restoring import restore
from xinqiao_clients.rotation import add_steward, remove_steward, rotate
from xinqiao_clients.store import Store
from xinqiao_governance.errors import Denied, StoreDamaged, UsageInvalid
from xinqiao_governance.order import Spend
from xinqiao_ledger.event import Kind

SETTINGS = Settings("dept", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)


@dataclass
class Case:
    """A home, and where its backup goes."""

    home: Home
    folder: Path
    keys: Path
    steward: Remembered

    def back_up(self) -> None:
        back_up(self.home, self.folder, self.keys, "s")

    def lose(self, *names: str) -> None:
        """Close the home and lose these of its files."""
        self.home.close()
        for name in names:
            path = self.home.path / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def restore(self, *, keys: bool = False) -> None:
        copy = self.keys if keys else None
        self.home = restore(self.home.path, self.folder, self.steward, keys=copy, clock=lambda: NOW)

    def ages(self) -> list[float]:
        with self.home.reading() as adopted:
            return list(self.home.store.read(adopted.version, ["age"])["age"])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "home"
    home = Home.create(path, SETTINGS, PASSPHRASE, lambda: NOW)
    load(home, 1)
    home.close()
    return path


def load(home: Home, seed: int) -> None:
    home.adopt(dataset(), CONTRACT, home.store.write(dataset(), table(seed)), CAP, "s")


@pytest.fixture(scope="module")
def steward(template: Path) -> Remembered:
    return Remembered(template / KEY_FILE, PASSPHRASE)


@pytest.fixture
def case(template: Path, steward: Remembered, tmp_path: Path) -> Iterator[Case]:
    shutil.copytree(template, tmp_path / "home")
    home = Home.open(tmp_path / "home", steward, lambda: NOW)
    case = Case(home, tmp_path / "backup", tmp_path / "safe.json", steward)
    yield case
    case.home.close()


# ---- writing -------------------------------------------------------------------------------------------


def test_a_backup_is_registered_and_recorded_and_holds_ciphertext_alone(case: Case) -> None:
    case.back_up()
    (known,) = backups(case.home)
    assert (known.folder, known.keys, known.epoch) == (case.folder, case.keys, case.home.keys.store.epoch)
    assert (known.version, known.time) == (case.home.version.digest, NOW)
    assert behind(case.home) == ()
    event = case.home.book.events()[-1]
    assert (event.kind, event.action) == (Kind.KEYS, "backup")
    store = case.home.store.folder(case.home.version)
    for path in case.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
        if path.name.endswith(".xqc") or path.name == "manifest":
            assert path.read_bytes() == (store / path.name).read_bytes()
    assert KEY_FILE not in {path.name for path in case.folder.rglob("*")}


def test_a_backup_is_renewed_in_its_place(case: Case) -> None:
    case.back_up()
    load(case.home, 2)
    case.back_up()
    (version,) = (case.folder / "staff").iterdir()
    assert version.name == case.home.version.folder
    assert len(backups(case.home)) == 1


def test_keys_do_not_lie_beside_the_tables_and_nothing_foreign_is_replaced(
    case: Case, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one").write_text("mine")
    (tmp_path / "letter").write_text("mine")
    for folder, keys, code in (
        (case.folder, case.folder / "keys", "backup_keys_beside"),
        (case.home.path / "backup", case.keys, "backup_inside_home"),
        (case.folder, case.home.path / "copy", "backup_inside_home"),
        (tmp_path / "photos", case.keys, "backup_folder_used"),
        (case.folder, tmp_path / "letter", "backup_file_exists"),
    ):
        with pytest.raises(UsageInvalid, match=code):
            back_up(case.home, folder, keys, "s")
    assert backups(case.home) == ()
    assert (tmp_path / "letter").read_text() == (tmp_path / "photos" / "one").read_text() == "mine"


def test_no_copy_of_the_keys_drops_out_of_the_register(case: Case, tmp_path: Path) -> None:
    case.back_up()
    with pytest.raises(UsageInvalid, match="backup_keys_moved"):
        back_up(case.home, case.folder, tmp_path / "another", "s")
    back_up(case.home, tmp_path / "second", case.keys, "s")  # one copy may serve two folders
    shutil.rmtree(case.folder)
    give_up(case.home, case.folder, "s")
    assert [known.keys for known in backups(case.home)] == [case.keys]


def test_a_copys_draft_takes_nothing_elses_place(case: Case, tmp_path: Path) -> None:
    case.back_up()
    own = draft_of(tmp_path / "mine.json")
    own.write_text("mine")
    registered = case.keys.read_bytes()
    for keys in (tmp_path / "mine.json", draft_of(case.keys)):
        with pytest.raises(UsageInvalid, match="backup_file_exists"):
            back_up(case.home, tmp_path / "b2", keys, "s")
    for folder, keys in (
        (tmp_path / "b2.new", tmp_path / "b2"),
        (draft_of(case.keys), tmp_path / "other.json"),
        (draft_of(case.keys), case.keys),
        (draft_of(case.keys) / "sub", case.keys),
        (case.keys / "sub", case.keys),
        (tmp_path / "b2.new" / "sub", tmp_path / "b2"),
    ):
        with pytest.raises(UsageInvalid, match="backup_folder_used"):
            back_up(case.home, folder, keys, "s")
    assert (own.read_text(), case.keys.read_bytes()) == ("mine", registered)
    assert len(backups(case.home)) == 1
    draft_of(case.keys).write_text("what a killed call left")
    case.back_up()
    assert not draft_of(case.keys).exists()


def test_no_copy_lies_where_another_would_write_its_draft(case: Case, tmp_path: Path) -> None:
    case.keys = tmp_path / "k.new"
    case.back_up()
    case.keys.rename(tmp_path / "away")
    for keys in (tmp_path / "k", tmp_path / "k.new.new"):
        with pytest.raises(UsageInvalid, match="backup_file_exists"):
            back_up(case.home, tmp_path / "b2", keys, "s")


def test_a_draft_is_not_written_where_a_backup_belongs_that_is_away(case: Case, tmp_path: Path) -> None:
    back_up(case.home, tmp_path / "f.new" / "in", tmp_path / "q.json", "s")
    shutil.rmtree(tmp_path / "f.new")
    with pytest.raises(UsageInvalid, match="backup_file_exists"):
        back_up(case.home, tmp_path / "b2", tmp_path / "f", "s")


def test_what_lies_where_a_link_leads_is_not_taken_away(case: Case, tmp_path: Path) -> None:
    case.back_up()
    moved = tmp_path / "usb" / "k"
    moved.parent.mkdir()
    case.keys.rename(moved)
    case.keys.symlink_to(moved)
    draft_of(moved).write_text("mine")
    assert [late.folder for late in rotate(case.home, "s")] == [case.folder]
    assert draft_of(moved).read_text() == "mine"
    draft_of(moved).unlink()
    assert rotate(case.home, "s") == ()


def test_what_differs_in_letter_case_alone_may_be_one_file(case: Case, tmp_path: Path) -> None:
    case.back_up()
    for keys in ("SAFE.json", "Safe.json.NEW"):
        with pytest.raises(UsageInvalid, match="backup_file_exists"):
            back_up(case.home, tmp_path / "b2", tmp_path / keys, "s")
    with pytest.raises(UsageInvalid, match="backup_folder_used"):
        back_up(case.home, tmp_path / "SAFE.JSON.new" / "b2", tmp_path / "k", "s")


@pytest.mark.parametrize("which", [0, 1])
def test_links_in_a_circle_are_one_clear_error(case: Case, tmp_path: Path, which: int) -> None:
    places = [tmp_path / "b", tmp_path / "k"]
    places[which].symlink_to(places[which])
    with pytest.raises((UsageInvalid, StoreDamaged)):
        back_up(case.home, *places, "s")
    with pytest.raises(UsageInvalid, match=r"backup_unknown|backup_still_there"):
        give_up(case.home, places[which], "s")


@pytest.mark.parametrize("name", ["备份".encode("gb18030"), b"a\nb", b"a\x1b[2Jb"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_name_that_is_no_text_is_refused_by_name(
    case: Case, tmp_path: Path, which: int, name: bytes
) -> None:
    places = [tmp_path / "b", tmp_path / "k"]
    places[which] = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    with pytest.raises(UsageInvalid, match="path_unwritable") as caught:
        back_up(case.home, *places, "s")
    assert str(caught.value.fields["path"]).encode()
    assert str(caught.value.fields["path"]).isprintable()
    assert backups(case.home) == ()


def test_who_is_added_opens_the_copies_of_the_keys_too(case: Case) -> None:
    case.back_up()
    assert add_steward(case.home, "王芳", "her passphrase", "s") == ()
    assert case.keys.read_bytes() == (case.home.path / KEY_FILE).read_bytes()
    assert (behind(case.home), outdated_copies(case.home)) == ((), ())
    case.lose(KEY_FILE)
    case.home = restore(case.home.path, None, "her passphrase", keys=case.keys, clock=lambda: NOW)
    assert case.home.steward == "王芳"


def test_a_copy_out_of_reach_does_not_know_who_was_added(case: Case, tmp_path: Path) -> None:
    case.back_up()
    case.keys.rename(tmp_path / "away")
    late = add_steward(case.home, "王芳", "her passphrase", "s")
    assert [one.folder for one in late] == [case.folder]
    assert (behind(case.home), outdated_copies(case.home)) == ((), late)
    (tmp_path / "away").rename(case.keys)
    assert outdated_copies(case.home) == late
    case.back_up()
    assert outdated_copies(case.home) == ()


def test_a_copy_that_cannot_be_written_is_told_and_the_steward_is_in(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.back_up()
    with monkeypatch.context() as patched:
        patched.setattr("xinqiao_clients.backup.write_key_file", full)
        late = add_steward(case.home, "王芳", "her passphrase", "s")
    assert [one.folder for one in late] == [case.folder]
    assert "王芳" in [one.name for one in case.home.key_file.stewards]
    assert outdated_copies(case.home) == late


def test_a_backup_that_is_behind_is_that_alone(case: Case, tmp_path: Path) -> None:
    case.back_up()
    case.keys.rename(tmp_path / "away")
    rotate(case.home, "s")
    add_steward(case.home, "王芳", "her passphrase", "s")
    assert [one.folder for one in behind(case.home)] == [case.folder]
    assert outdated_copies(case.home) == ()


def test_a_copy_that_was_killed_while_it_was_renewed_is_outdated(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.back_up()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("xinqiao_clients.backup.write_key_file", killed)
        add_steward(case.home, "王芳", "her passphrase", "s")
    assert [one.folder for one in outdated_copies(case.home)] == [case.folder]
    assert behind(case.home) == ()
    case.back_up()
    assert outdated_copies(case.home) == ()


def test_without_a_table_there_is_nothing_to_back_up(tmp_path: Path, case: Case) -> None:
    for secret, code in ((PASSPHRASE, "dataset_missing"), (None, "keys_in_memory")):
        home = Home.create(tmp_path / code, SETTINGS, secret, lambda: NOW)
        with pytest.raises(UsageInvalid, match=code):
            back_up(home, case.folder, case.keys, "s")
        home.close()


def test_a_rotation_renews_the_backup_and_rewrites_no_column_of_it(case: Case) -> None:
    case.back_up()
    before = {path: path.stat().st_ino for path in case.folder.rglob("*.xqc")}
    assert rotate(case.home, "s") == ()
    assert {path: path.stat().st_ino for path in case.folder.rglob("*.xqc")} == before
    assert behind(case.home) == ()
    case.lose("store")
    case.restore()
    assert case.ages() == list(table(1)["age"])


def test_a_backup_that_is_gone_stays_a_duty_until_somebody_says_so(case: Case) -> None:
    case.back_up()
    shutil.rmtree(case.folder)
    case.keys.unlink()
    assert [late.folder for late in rotate(case.home, "s")] == [case.folder]
    assert [late.folder for late in behind(case.home)] == [case.folder]
    with pytest.raises(UsageInvalid, match="backup_unknown"):
        give_up(case.home, case.folder / "x", "s")
    for path in (case.keys, case.folder):
        path.touch()
        with pytest.raises(UsageInvalid, match="backup_still_there"):
            give_up(case.home, case.folder, "s")
        path.unlink()
    give_up(case.home, case.folder, "s")
    assert behind(case.home) == ()
    assert case.home.book.events()[-1].action == "backup_destroyed"


def test_another_homes_backup_in_the_place_is_left_alone(case: Case, tmp_path: Path) -> None:
    other = Home.create(tmp_path / "other", SETTINGS, PASSPHRASE, lambda: NOW)
    load(other, 3)
    back_up(other, tmp_path / "theirs", tmp_path / "their-keys", "s")
    case.back_up()
    shutil.rmtree(case.folder)
    shutil.copytree(tmp_path / "theirs", case.folder)
    held = {path: path.read_bytes() for path in case.folder.rglob("*") if path.is_file()}
    assert [late.folder for late in rotate(case.home, "s")] == [case.folder]
    assert {path: path.read_bytes() for path in case.folder.rglob("*") if path.is_file()} == held
    with pytest.raises(UsageInvalid, match="backup_foreign"):
        restore(case.home.path, tmp_path / "theirs", case.steward)
    other.close()


# ---- elsewhere, or changed ------------------------------------------------------------------------------

PERSON = str(table(1)["id"][3])


def move_the_keys(case: Case, away: Path) -> None:
    case.keys.rename(away)
    case.keys.write_text("mine")


def move_the_folder(case: Case, away: Path) -> None:
    case.folder.rename(away)
    case.folder.mkdir()
    (case.folder / "backup.json").write_text("mine")


def put_the_other_in_its_place(case: Case, away: Path) -> None:
    back_up(case.home, away.with_name("second"), away.with_name("second.json"), "s")
    case.folder.rename(away)
    case.folder.symlink_to(away.with_name("second"))


def put_the_others_keys_in_their_place(case: Case, away: Path) -> None:
    case.keys.rename(away)
    add_steward(case.home, "王芳", "her passphrase", "s")  # the second copy is of another key file
    back_up(case.home, away.with_name("second"), away.with_name("second.json"), "s")
    shutil.copy(away.with_name("second.json"), case.keys)


MOVES = [move_the_keys, move_the_folder, put_the_other_in_its_place, put_the_others_keys_in_their_place]


@pytest.mark.parametrize("move", MOVES)
def test_a_backup_that_is_elsewhere_keeps_a_deletion_open_whatever_is_in_its_place(
    case: Case, tmp_path: Path, move: Callable[[Case, Path], None]
) -> None:
    case.back_up()
    move(case, tmp_path / "away")
    assert [late.folder for late in behind(case.home)] == [case.folder]
    for late in (delete_person(case.home, PERSON, "s").behind, rotate(case.home, "s"), behind(case.home)):
        assert [backup.folder for backup in late] == [case.folder]
    if move is put_the_other_in_its_place:  # a link is what it leads to
        with pytest.raises(UsageInvalid, match="backup_keys_moved"):
            case.back_up()
    else:
        with pytest.raises(UsageInvalid, match="backup_not_there"):
            case.back_up()
    with pytest.raises(UsageInvalid, match="backup_still_there"):
        give_up(case.home, case.folder, "s")


@pytest.mark.parametrize("move", MOVES[:2])
def test_what_is_brought_back_closes_the_duty(
    case: Case, tmp_path: Path, move: Callable[[Case, Path], None]
) -> None:
    case.back_up()
    move(case, tmp_path / "away")
    delete_person(case.home, PERSON, "s")
    place = case.keys if move is move_the_keys else case.folder
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    (tmp_path / "away").rename(place)
    case.back_up()
    assert behind(case.home) == ()
    assert rotate(case.home, "s") == ()


def test_something_else_in_the_place_of_the_keys_is_not_overwritten(case: Case, tmp_path: Path) -> None:
    case.back_up()
    move_the_keys(case, tmp_path / "away")
    rotate(case.home, "s")
    assert case.keys.read_text() == "mine"


def test_an_earlier_state_of_a_medium_that_was_put_back_is_a_duty_again(case: Case, tmp_path: Path) -> None:
    case.back_up()
    shutil.copytree(case.folder, tmp_path / "snapshot")
    shutil.copy(case.keys, tmp_path / "snapshot.json")
    assert delete_person(case.home, PERSON, "s").behind == ()
    shutil.rmtree(case.folder)
    shutil.copytree(tmp_path / "snapshot", case.folder)
    assert [late.folder for late in behind(case.home)] == [case.folder]
    shutil.copy(tmp_path / "snapshot.json", case.keys)
    assert [late.folder for late in rotate(case.home, "s")] == [case.folder]


def test_keys_that_were_moved_behind_a_link_are_renewed_where_they_are(case: Case, tmp_path: Path) -> None:
    case.back_up()
    case.keys.rename(tmp_path / "moved.json")
    case.keys.symlink_to(tmp_path / "moved.json")
    assert rotate(case.home, "s") == ()
    assert (tmp_path / "moved.json").read_bytes() == (case.home.path / KEY_FILE).read_bytes()


def test_a_backup_that_is_away_is_not_begun_anew_in_its_place(case: Case, tmp_path: Path) -> None:
    case.back_up()
    case.folder.rename(tmp_path / "away")
    with pytest.raises(UsageInvalid, match="backup_not_there"):
        case.back_up()
    assert not case.folder.exists()


def test_a_first_backup_that_failed_is_made_again(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    for failing in ("copy_version", "write_key_file"):
        with monkeypatch.context() as patch:
            patch.setattr(f"xinqiao_clients.backup.{failing}", full)
            with pytest.raises(StoreDamaged, match="disk_full"):
                case.back_up()
        assert [late.folder for late in behind(case.home)] == [case.folder]
    case.back_up()
    assert behind(case.home) == ()


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "full")


@pytest.mark.parametrize("failing", ["copy_version", "write_key_file", "replace_file"])
def test_a_disk_that_is_full_leaves_a_duty_that_the_next_rotation_closes(
    case: Case, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    case.back_up()
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(f"xinqiao_clients.backup.{failing}", full)
            assert [late.folder for late in rotate(case.home, "s")] == [case.folder]
    assert rotate(case.home, "s") == ()


def test_no_backup_lies_in_another_and_no_keys_beside_any_table(case: Case, tmp_path: Path) -> None:
    case.back_up()
    for folder, keys, code in (
        (case.folder / "staff" / "inner", tmp_path / "other.json", "backup_folder_used"),
        (tmp_path / "other", case.folder / "staff" / "other.json", "backup_keys_beside"),
        (tmp_path / "other", tmp_path / "other", "backup_keys_beside"),
    ):
        with pytest.raises(UsageInvalid, match=code):
            back_up(case.home, folder, keys, "s")
    assert len(backups(case.home)) == 1


def test_a_link_leads_no_backup_into_the_home(case: Case, tmp_path: Path) -> None:
    (case.home.path / "b").mkdir()
    (tmp_path / "link").symlink_to(case.home.path / "b")
    (tmp_path / "link.json").symlink_to(case.home.path / KEY_FILE)
    for folder, keys in ((tmp_path / "link", case.keys), (case.folder, tmp_path / "link.json")):
        with pytest.raises(UsageInvalid, match="backup_inside_home"):
            back_up(case.home, folder, keys, "s")


def test_a_link_in_a_backups_folder_is_replaced_and_not_followed(case: Case, tmp_path: Path) -> None:
    case.back_up()
    (tmp_path / "elsewhere" / "mine").mkdir(parents=True)
    shutil.rmtree(case.folder / "staff")
    (case.folder / "staff").symlink_to(tmp_path / "elsewhere")
    assert rotate(case.home, "s") == ()
    assert (tmp_path / "elsewhere" / "mine").exists()
    assert not (case.folder / "staff").is_symlink()


def lose_a_column(case: Case) -> None:
    (case.home.store.folder(case.home.version) / "001.xqc").unlink()


def spoil_a_column(case: Case) -> None:
    flip(case.home.store.folder(case.home.version) / "001.xqc")


@pytest.mark.parametrize("harm", [spoil_a_column, lose_a_column])
def test_a_column_that_is_damaged_replaces_no_good_copy(case: Case, harm: Callable[[Case], None]) -> None:
    case.back_up()
    before = column(case).read_bytes()
    harm(case)
    if harm is spoil_a_column:
        assert rotate(case.home, "s") == ()
    else:
        with pytest.raises(StoreDamaged, match="table_missing"):
            rotate(case.home, "s")
    case.back_up()
    assert column(case).read_bytes() == before
    case.home.close()
    case.restore()
    assert case.ages() == list(table(1)["age"])


def test_a_column_that_is_damaged_is_in_no_new_backup(case: Case) -> None:
    spoil_a_column(case)
    with pytest.raises(StoreDamaged, match="store_version_replaced"):
        case.back_up()


def test_a_table_that_is_gone_is_not_rotated_away_in_its_backup(case: Case) -> None:
    case.back_up()
    shutil.rmtree(case.home.path / "store" / "staff")
    events, epoch = case.home.book.count_events(), case.home.keys.store.epoch
    for act in (lambda: rotate(case.home, "s"), lambda: remove_steward(case.home, "王芳", "s")):
        with pytest.raises(StoreDamaged, match="table_missing"):
            act()
    with pytest.raises(StoreDamaged, match="store_version_replaced"):
        case.back_up()
    assert (case.home.book.count_events(), case.home.keys.store.epoch) == (events + 1, epoch)
    case.home.close()
    case.restore()
    assert case.ages() == list(table(1)["age"])


# ---- restoring -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [("store",), ("store", KEY_FILE), (KEY_FILE,)])
def test_what_was_lost_comes_back(case: Case, lost: tuple[str, ...]) -> None:
    case.back_up()
    version = case.home.version
    case.lose(*lost)
    case.restore(keys=KEY_FILE in lost)
    assert (case.home.version, case.ages()) == (version, list(table(1)["age"]))
    assert case.home.contract_holds()
    assert "restore" in [event.action for event in case.home.book.events()]


def test_a_restored_key_file_is_followed_by_a_new_key_of_the_store(case: Case) -> None:
    case.back_up()
    epoch = case.home.keys.store.epoch
    case.lose(KEY_FILE)
    case.restore(keys=True)
    assert case.home.keys.store.epoch != epoch
    assert behind(case.home) == ()


def test_a_home_on_a_fresh_folder_gets_its_table_and_keys_back(case: Case, tmp_path: Path) -> None:
    """Its book was kept by other means; keys and tables come from the backup."""
    case.back_up()
    case.home.close()
    fresh = tmp_path / "fresh"
    shutil.copytree(case.home.path, fresh, ignore=shutil.ignore_patterns("store", KEY_FILE))
    home = restore(fresh, case.folder, PASSPHRASE, keys=case.keys, clock=lambda: NOW)
    case.home = home
    assert case.ages() == list(table(1)["age"])


def test_a_restore_that_was_killed_before_its_rotation_is_rotated_by_the_next(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.back_up()
    case.lose(KEY_FILE)

    def killed(*_: object, **__: object) -> Home:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_opened_again", killed)
        with pytest.raises(KeyboardInterrupt):
            case.restore(keys=True)
    case.home = Home.open(case.home.path, case.steward, lambda: NOW)
    assert case.home.key_file.rotating
    case.home.tidy()
    assert read_epoch(case.keys) not in case.home.keys.store.epochs
    assert case.home.book.events()[-1].action == "restore"


def lost_the_keys_alone(case: Case) -> None:
    """A table was imported since the backup: it lies in the home, and under the key that the copy has."""
    case.back_up()
    load(case.home, 2)
    case.lose(KEY_FILE)


@pytest.mark.parametrize("named", [True, False], ids=["with the folder", "without"])
def test_a_lost_key_file_comes_back_where_the_table_is_newer_than_the_backup(case: Case, named: bool) -> None:
    lost_the_keys_alone(case)
    before = case.home.path / "store"
    columns = {path: path.read_bytes() for path in before.rglob("*.xqc")}
    folder = case.folder if named else None
    case.home = restore(case.home.path, folder, case.steward, keys=case.keys, clock=lambda: NOW)
    assert case.ages() == list(table(2)["age"])
    assert {path: path.read_bytes() for path in before.rglob("*.xqc")} == columns
    assert read_epoch(case.home.path / KEY_FILE) == case.home.keys.store.epoch
    assert behind(case.home) == ()
    assert [event.action for event in case.home.book.events()][-1:] == ["restore"]


def test_where_the_table_is_gone_too_its_folder_is_asked_for(case: Case) -> None:
    lost_the_keys_alone(case)
    shutil.rmtree(case.home.path / "store")
    with pytest.raises(UsageInvalid, match="restore_needs_table"):
        restore(case.home.path, None, case.steward, keys=case.keys)
    with pytest.raises(UsageInvalid, match="backup_outdated"):
        restore(case.home.path, case.folder, case.steward, keys=case.keys)
    assert not (case.home.path / KEY_FILE).exists()


def test_a_damaged_column_of_the_table_is_put_back_with_the_keys(case: Case) -> None:
    case.back_up()
    flip(next((case.home.path / "store").rglob("001.xqc")))
    case.lose(KEY_FILE)
    case.restore(keys=True)
    assert case.ages() == list(table(1)["age"])


def test_a_restore_is_of_something(case: Case) -> None:
    with pytest.raises(UsageInvalid, match="restore_what"):
        restore(case.home.path, None, case.steward)


def test_keys_come_back_to_a_home_without_a_table(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, lambda: NOW)
    home.close()
    (home.path / KEY_FILE).rename(tmp_path / "copy")
    restore(home.path, None, PASSPHRASE, keys=tmp_path / "copy", clock=lambda: NOW).close()
    Home.open(home.path, PASSPHRASE, lambda: NOW).close()


def test_who_was_taken_out_does_not_come_back_where_there_is_no_table(tmp_path: Path) -> None:
    copy = tmp_path / "kept"
    with closing(Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, lambda: NOW)) as home:
        add_steward(home, "王芳", "her passphrase", "steward")
        shutil.copy(home.path / KEY_FILE, copy)
        remove_steward(home, "王芳", "steward")
    newest = (home.path / KEY_FILE).read_bytes()
    (home.path / KEY_FILE).unlink()
    with pytest.raises(StoreDamaged, match="key_file_older"):
        restore(home.path, None, "her passphrase", keys=copy, clock=lambda: NOW)
    assert not (home.path / KEY_FILE).exists()
    copy.write_bytes(newest)
    restore(home.path, None, PASSPHRASE, keys=copy, clock=lambda: NOW).close()


@pytest.mark.parametrize("whole", [True, False], ids=["with the folder", "without"])
def test_a_restore_makes_no_older_book_a_good_one(case: Case, whole: bool) -> None:
    case.back_up()
    book = case.home.path / "book.sqlite"
    case.home.close()
    before = book.read_bytes()
    case.home = Home.open(case.home.path, case.steward, lambda: NOW)
    with case.home.book.transaction() as writing:
        writing.reserve(bytes(32), "staff", case.home.period, Spend(CAP.epsilon_micro, CAP.delta_nano))
    rotate(case.home, "s")
    case.home.close()
    book.write_bytes(before)
    with pytest.raises(StoreDamaged, match="book_older"):
        Home.open(case.home.path, case.steward, lambda: NOW)
    (case.home.path / KEY_FILE).unlink()
    folder = case.folder if whole else None
    with pytest.raises(StoreDamaged, match="book_older"):
        restore(case.home.path, folder, case.steward, keys=case.keys, clock=lambda: NOW)
    assert not (case.home.path / KEY_FILE).exists()


def older_than_a_removal(case: Case, tmp_path: Path) -> None:
    """王芳 is taken out while the backup is away; then the key file is lost, and the backup comes back."""
    add_steward(case.home, "王芳", "her passphrase", "s")
    case.back_up()
    case.folder.rename(tmp_path / "away")
    case.keys.rename(tmp_path / "away.json")
    remove_steward(case.home, "王芳", "s")
    (tmp_path / "away").rename(case.folder)
    (tmp_path / "away.json").rename(case.keys)


def test_who_was_taken_out_does_not_come_back_with_an_older_backup(case: Case, tmp_path: Path) -> None:
    older_than_a_removal(case, tmp_path)
    case.lose(KEY_FILE)
    case.restore(keys=True)
    assert [one.name for one in case.home.key_file.stewards] == ["steward"]
    assert case.ages() == list(table(1)["age"])
    with pytest.raises(Denied, match="passphrase_wrong"):
        Home.open(case.home.path, "her passphrase", lambda: NOW)


def test_a_newest_copy_keeps_all_who_can_open_it(case: Case) -> None:
    add_steward(case.home, "王芳", "her passphrase", "s")
    rotate(case.home, "s")
    case.back_up()
    case.lose(KEY_FILE)
    case.restore(keys=True)
    assert [one.name for one in case.home.key_file.stewards] == ["steward", "王芳"]


def test_a_restore_that_fails_at_the_end_leaves_the_newest_key_file_the_right_one(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older_than_a_removal(case, tmp_path)
    newest = (case.home.path / KEY_FILE).read_bytes()
    store = case.home.path / "store"
    shutil.copytree(store, tmp_path / "store")
    case.lose(KEY_FILE)
    with monkeypatch.context() as patched, pytest.raises(StoreDamaged, match="disk_full"):
        patched.setattr("xinqiao_clients.key_file.write_key_file", full)
        case.restore(keys=True)
    (case.home.path / KEY_FILE).write_bytes(newest)
    shutil.rmtree(store)
    shutil.copytree(tmp_path / "store", store)
    case.home = Home.open(case.home.path, case.steward, lambda: NOW)
    rotate(case.home, "s")


def test_of_two_restores_at_once_the_second_takes_nothing_away(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.back_up()
    case.lose(KEY_FILE)
    opens = KeyFile.open

    def overtaken(path: Path, *more: object) -> object:
        keys = opens(path, *more)
        monkeypatch.setattr(KeyFile, "open", opens)
        case.restore(keys=True)
        return keys

    monkeypatch.setattr(KeyFile, "open", overtaken)
    with pytest.raises(UsageInvalid, match="key_file_exists"):
        restore(case.home.path, case.folder, case.steward, keys=case.keys, clock=lambda: NOW)
    assert case.ages() == list(table(1)["age"])
    rotate(case.home, "s")


def test_a_copy_in_which_somebody_was_just_taken_out_tells_the_journal(case: Case) -> None:
    add_steward(case.home, "王芳", "her passphrase", "s")
    case.home.key_file.begin_rotation(Begun("s", "remove_steward"), without="王芳")  # and killed
    case.home.close()
    (case.home.path / KEY_FILE).rename(case.keys)
    case.home = restore(case.home.path, None, case.steward, keys=case.keys, clock=lambda: NOW)
    actions = [event.action for event in case.home.book.events()]
    assert actions[-2:] == ["remove_steward", "restore"]
    assert [one.name for one in case.home.key_file.stewards] == ["steward"]


def test_an_older_book_is_named_beside_a_key_file_that_was_just_put_back(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = case.home.path / "book.sqlite"
    case.home.close()
    before = book.read_bytes()
    case.home = Home.open(case.home.path, case.steward, lambda: NOW)
    rotate(case.home, "s")
    case.back_up()
    case.lose(KEY_FILE)

    def killed(*_: object, **__: object) -> Home:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(restoring, "_opened_again", killed)
        case.restore(keys=True)
    book.write_bytes(before)
    with pytest.raises(StoreDamaged, match="book_older"):
        Home.open(case.home.path, case.steward, lambda: NOW)


def test_a_copy_in_the_home_itself_is_not_cleared_away(case: Case) -> None:
    draft = draft_of(case.home.path / KEY_FILE)
    (case.home.path / KEY_FILE).rename(draft)
    content = draft.read_bytes()
    with pytest.raises(UsageInvalid, match="restore_keys_inside"):
        restore(case.home.path, None, case.steward, keys=draft, clock=lambda: NOW)
    assert draft.read_bytes() == content


def test_the_last_table_and_its_keys_are_left_alone_by_who_adds_a_steward(case: Case, tmp_path: Path) -> None:
    """A backup that was away when the key was changed, and now holds the only table."""
    case.back_up()
    for path, away in ((case.folder, "away"), (case.keys, "away.json")):
        path.rename(tmp_path / away)
    rotate(case.home, "s")
    for path, away in ((case.folder, "away"), (case.keys, "away.json")):
        (tmp_path / away).rename(path)
    case.lose("store")
    case.home = Home.open(case.home.path, case.steward, lambda: NOW)
    assert [one.folder for one in add_steward(case.home, "王芳", "her passphrase", "s")] == [case.folder]
    case.lose(KEY_FILE)
    case.restore(keys=True)
    assert case.ages() == list(table(1)["age"])


def test_a_key_that_the_last_table_needs_is_not_destroyed_by_who_adds_a_steward(case: Case) -> None:
    """The table is lost while a rotation is under way that was killed."""
    case.back_up()
    case.home.key_file.begin_rotation()
    case.lose("store")
    case.home = Home.open(case.home.path, case.steward, lambda: NOW)
    with pytest.raises(StoreDamaged, match="table_missing"):
        add_steward(case.home, "王芳", "her passphrase", "s")
    case.home.close()
    case.restore()
    assert case.ages() == list(table(1)["age"])


def test_who_is_added_is_told_of_a_backup_that_is_behind(case: Case, tmp_path: Path) -> None:
    case.back_up()
    case.keys.rename(tmp_path / "away")
    rotate(case.home, "s")
    assert [one.folder for one in add_steward(case.home, "王芳", "her passphrase", "s")] == [case.folder]
    (tmp_path / "away").rename(case.keys)
    assert add_steward(case.home, "赵敏", "his passphrase", "s") == ()
    assert case.keys.read_bytes() == (case.home.path / KEY_FILE).read_bytes()


def test_a_copy_with_two_keys_of_the_store_is_no_key_of_it_for_long(case: Case) -> None:
    """As one that was made while a rotation was under way."""
    case.home.key_file.begin_rotation()
    shutil.copy(case.home.path / KEY_FILE, case.keys)
    with case.home.importing(), case.home.store.alone():
        case.home.finish_rotation()
    case.lose(KEY_FILE)
    known = KeyFile.open(case.keys, case.steward).store.epochs
    case.home = restore(case.home.path, None, case.steward, keys=case.keys, clock=lambda: NOW)
    assert not set(known) & set(case.home.keys.store.epochs)
    assert case.home.book.events()[-1].action == "restore"


def test_keys_that_come_back_where_the_register_is_lost_keep_the_old_one_until_it_is_begun_anew(
    case: Case,
) -> None:
    case.back_up()
    case.lose(KEY_FILE)
    with closing(sqlite3.connect(case.home.path / "book.sqlite")) as db, db:
        db.execute("DELETE FROM backup_register")
    with pytest.raises(StoreDamaged, match="backups_missing"):
        case.restore(keys=True)
    case.home = Home.open(case.home.path, case.steward, lambda: NOW)
    assert case.home.key_file.rotating
    begin_anew(case.home, "s")
    rotate(case.home, "s")
    assert [event.action for event in case.home.book.events()[-3:]] == [
        "backup_register",
        "restore",
        "rotate",
    ]


def test_without_its_book_nothing_is_restored(case: Case) -> None:
    case.back_up()
    case.lose("store", "book.sqlite")
    with pytest.raises(UsageInvalid, match="restore_needs_book"):
        case.restore()
    assert not (case.home.path / "store").exists()


def test_a_wrong_passphrase_restores_nothing(case: Case) -> None:
    case.back_up()
    case.lose("store", KEY_FILE)
    with pytest.raises(Denied, match="passphrase_wrong"):
        restore(case.home.path, case.folder, "wrong", keys=case.keys)
    assert not (case.home.path / KEY_FILE).exists()


def test_a_key_file_is_never_overwritten(case: Case) -> None:
    case.back_up()
    with pytest.raises(UsageInvalid, match="key_file_exists"):
        restore(case.home.path, case.folder, case.steward, keys=case.keys)


def test_another_homes_key_file_is_not_put_in(case: Case, tmp_path: Path) -> None:
    case.back_up()
    KeyFile.create(tmp_path / "foreign", PASSPHRASE)
    case.lose(KEY_FILE)
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        restore(case.home.path, case.folder, PASSPHRASE, keys=tmp_path / "foreign")
    assert not (case.home.path / KEY_FILE).exists()


def column(case: Case) -> Path:
    return next(case.folder.rglob("001.xqc"))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    "harm",
    [
        lambda case: flip(column(case)),
        lambda case: column(case).unlink(),
        lambda case: column(case).write_bytes(column(case).read_bytes()[:40]),
        lambda case: flip(next(case.folder.rglob("manifest"))),
        lambda case: (case.folder / "backup.json").unlink(),
        lambda case: (case.folder / "backup.json").write_bytes(b"{}"),
    ],
    ids=["flipped", "missing", "cut", "manifest", "no mark", "bad mark"],
)
def test_a_torn_backup_replaces_nothing(case: Case, harm: Callable[[Case], object]) -> None:
    case.back_up()
    harm(case)
    case.home.close()
    with pytest.raises(StoreDamaged):
        case.restore()
    case.home = Home.open(case.home.path, case.steward, lambda: NOW)
    assert case.ages() == list(table(1)["age"])


# ---- older states ----------------------------------------------------------------------------------------


def older(case: Case, tmp_path: Path) -> tuple[Path, Path]:
    """Copies of the backup that the node does not know."""
    shutil.copytree(case.folder, tmp_path / "older")
    shutil.copy(case.keys, tmp_path / "older-keys")
    return tmp_path / "older", tmp_path / "older-keys"


def test_an_older_backup_gives_back_no_deleted_person(case: Case, tmp_path: Path) -> None:
    case.back_up()
    folder, keys = older(case, tmp_path)
    delete_person(case.home, str(table(1)["id"][3]), "s")
    case.lose("store")
    with pytest.raises(UsageInvalid, match="backup_outdated"):
        restore(case.home.path, folder, case.steward)
    (case.home.path / KEY_FILE).unlink()
    with pytest.raises(UsageInvalid, match="backup_outdated"):
        restore(case.home.path, folder, case.steward, keys=keys)
    assert not (case.home.path / KEY_FILE).exists()
    case.restore(keys=True)  # the backup that the node knows
    assert len(case.ages()) == 59


def test_an_older_backup_under_a_newer_key_file_opens_to_nobody(case: Case, tmp_path: Path) -> None:
    case.back_up()
    folder, _ = older(case, tmp_path)
    rotate(case.home, "s")
    case.lose("store")
    with pytest.raises(StoreDamaged, match="key_epoch_gone"):
        restore(case.home.path, folder, case.steward)


def test_a_restore_gives_back_no_spent_budget_and_no_burned_step(case: Case) -> None:
    case.back_up()
    with case.home.book.transaction() as book:
        book.reserve(bytes(32), "staff", case.home.period, Spend(CAP.epsilon_micro, CAP.delta_nano))
        book.put_job(bytes(32), b"{}", "open", case.home.version.digest, b"key")
        book.burn(bytes(32), 1, bytes(32))
    accounts, events = case.home.book.accounts(), case.home.book.count_events()
    case.lose("store", KEY_FILE)
    case.restore(keys=True)
    assert case.home.book.accounts() == accounts
    assert case.home.book.burn(bytes(32), 1) is not None
    assert case.home.book.count_events() > events
    assert not any(path.name.startswith("book") for path in case.folder.rglob("*"))


def test_who_was_taken_out_cannot_restore_with_what_is_kept(case: Case) -> None:
    add_steward(case.home, "王芳", "her passphrase", "s")
    case.back_up()
    remove_steward(case.home, "王芳", "s")
    case.lose(KEY_FILE)
    with pytest.raises(Denied, match="passphrase_wrong"):
        restore(case.home.path, case.folder, "her passphrase", keys=case.keys)
    case.restore(keys=True)


# ---- killed ----------------------------------------------------------------------------------------------

_KILLED = """
    import os, sys
    from pathlib import Path
    from simulators.enterprise import NOW, PASSPHRASE
    from simulators.kills import kill_at_each
    from simulators.stewards import Remembered
    from xinqiao_clients.backup import back_up
    from xinqiao_clients.home import Home
    from xinqiao_clients.rotation import rotate

    EVENTS = {"os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}

    def act(path, points):
        home, fsync = Home.open(path / "home", steward, lambda: NOW), os.fsync
        back_up(home, path / "backup", path / "safe.json", "s")
        os.fsync = lambda handle: (points.reach(), fsync(handle))
        home.book._db.set_trace_callback(points.reach)
        sys.addaudithook(lambda event, _: event in EVENTS and points.reach())
        rotate(home, "s")
        points.reach()

    template, target = Path(sys.argv[1]), Path(sys.argv[2])
    steward = Remembered(template / "home" / "keys.json", PASSPHRASE)
    kill_at_each(template, target, act)
"""


@pytest.mark.slow
def test_kill_9_while_a_backup_is_renewed_leaves_a_duty_or_a_whole_backup(
    template: Path, steward: Remembered, tmp_path: Path
) -> None:
    (tmp_path / "start").mkdir()
    (tmp_path / "killed").mkdir()
    shutil.copytree(template, tmp_path / "start" / "home")
    run_script(_KILLED, tmp_path / "start", tmp_path / "killed")
    seen = set()
    for path in sorted((tmp_path / "killed").iterdir()):
        home = Home.open(path / "home", steward, lambda: NOW)
        home.tidy()
        late = bool(behind(home))
        if late:
            assert back_up(home, path / "backup", path / "safe.json", "s")
        assert behind(home) == ()
        keys = KeyFile.open(path / "safe.json", steward)
        assert Store(path / "backup", keys).read(home.version, ["age"])["age"].size == 60
        home.close()
        seen.add(late)
    assert seen == {True, False}


def test_what_a_killed_renewal_left_beside_the_copy_is_still_there(case: Case) -> None:
    case.back_up()
    draft_of(case.keys).write_bytes(case.keys.read_bytes())
    shutil.rmtree(case.folder)
    case.keys.unlink()
    with pytest.raises(UsageInvalid, match="backup_still_there"):
        give_up(case.home, case.folder, "s")
    draft_of(case.keys).unlink()
    give_up(case.home, case.folder, "s")
