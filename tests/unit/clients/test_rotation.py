"""Rotating the store's key: nothing is lost, the old key opens nothing, and a kill leaves one or both."""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
from simulators.kills import run_script
from simulators.stewards import Remembered
from xinqiao_clients.backup import back_up
from xinqiao_clients.deletion import delete_person
from xinqiao_clients.home import Home, Settings
from xinqiao_clients.journal import journal
from xinqiao_clients.key_file import KeyFile
from xinqiao_clients.register import behind
from xinqiao_clients.rotation import add_steward, remove_steward, rotate
from xinqiao_clients.store import Store
from xinqiao_governance.errors import Denied, StoreDamaged, UsageInvalid
from xinqiao_ledger.event import Kind
from xinqiao_ledger.files import locked

SETTINGS = Settings("dept", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)
UNREAD = CONTRACT.replace("staff", "another", 1)  # never checked: Great Expectations takes seconds to load
OTHER = "the passphrase of 王芳"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "home"
    home = Home.create(path, SETTINGS, PASSPHRASE, lambda: NOW, steward="李梅")
    home.adopt(dataset(), UNREAD, home.store.write(dataset(), table(1)), CAP, "李梅")
    home.close()
    return path


@pytest.fixture(scope="module")
def steward(template: Path) -> Remembered:
    return Remembered(template / "keys.json", PASSPHRASE)


@pytest.fixture
def home(template: Path, steward: Remembered, tmp_path: Path) -> Iterator[Home]:
    shutil.copytree(template, tmp_path / "home")
    home = Home.open(tmp_path / "home", steward, lambda: NOW)
    yield home
    home.close()


def ages(home: Home) -> list[float]:
    with home.reading() as adopted:
        return list(home.store.read(adopted.version, ["age"])["age"])


def columns(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.store.folder(home.version).glob("*.xqc")}


def manifest(home: Home) -> Path:
    return home.store.folder(home.version) / "manifest"


def test_a_rotation_rewrites_no_column_and_keeps_the_digest(home: Home) -> None:
    before, version, epoch = columns(home), home.version, home.keys.store.epoch
    assert rotate(home, "李梅") == ()
    assert (columns(home), home.version) == (before, version)
    assert home.keys.store.epoch != epoch
    assert ages(home) == list(table(1)["age"])
    assert home.contract_holds()


def test_the_old_manifest_opens_under_no_key_that_is_left(
    home: Home, steward: Remembered, tmp_path: Path
) -> None:
    """What somebody copied out of the store before is nobody's afterwards."""
    shutil.copytree(home.path / "store", tmp_path / "copy")
    rotate(home, "李梅")
    again = Home.open(home.path, steward, lambda: NOW)
    for keys in (home.keys, again.keys):
        with pytest.raises(StoreDamaged, match="key_epoch_gone"):
            Store(tmp_path / "copy", keys).read(home.version, ["age"])
    again.close()


def test_another_process_reads_and_imports_after_a_rotation(home: Home, steward: Remembered) -> None:
    other = Home.open(home.path, steward, lambda: NOW)
    rotate(home, "李梅")
    assert ages(other) == list(table(1)["age"])
    rotate(home, "李梅")
    with other.importing():
        other.adopt(dataset(), CONTRACT, other.store.write(dataset(), table(2)), CAP, "李梅")
    assert ages(home) == list(table(2)["age"])
    other.close()


def test_a_table_written_under_a_key_that_went_meanwhile_is_not_adopted(
    home: Home, steward: Remembered
) -> None:
    """Adopted, it would be lost with the key, and the one before would have been swept for it."""
    other = Home.open(home.path, steward, lambda: NOW)
    version = other.store.write(dataset(), table(2))
    manifest = other.store.folder(version) / "manifest"
    stale = manifest.read_bytes()
    rotate(home, "李梅")
    manifest.parent.mkdir(exist_ok=True)
    manifest.write_bytes(stale)
    with pytest.raises(StoreDamaged, match="key_epoch_gone"):
        other.adopt(dataset(), CONTRACT, version, CAP, "李梅")
    assert ages(home) == list(table(1)["age"])
    other.close()


def test_a_damaged_manifest_keeps_the_old_key(home: Home) -> None:
    path = manifest(home)
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        rotate(home, "李梅")
    assert not home.key_file.rotating
    home.key_file.begin_rotation()  # damaged after it began
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        home.tidy()
    assert home.key_file.rotating
    path.write_bytes(good)
    home.tidy()
    assert not home.key_file.rotating
    assert ages(home) == list(table(1)["age"])


def test_the_journal_says_what_was_done_and_by_whom_and_nothing_of_the_other(home: Home) -> None:
    before = home.book.count_events()
    rotate(home, "李梅")
    add_steward(home, "王芳", OTHER, "李梅")
    remove_steward(home, "王芳", "李梅")
    entries = journal(home, before + 1)
    assert [(one.event.kind, one.event.action, one.name) for one in entries] == [
        (Kind.KEYS, action, "李梅") for action in ("rotate", "add_steward", "remove_steward")
    ]
    assert not any("王芳" in str(one.event) for one in entries)
    assert ": changed the keys; a new key for the store" in entries[0].line("en")


@pytest.mark.parametrize("name", ["Li Mei", "ＬＩ ＭＥＩ", "li mei", "LiMei", "Lı Mei"])
def test_nobody_has_a_name_that_looks_like_another_stewards(home: Home, name: str) -> None:
    add_steward(home, "LI  MEI", OTHER, "李梅")
    before = home.book.count_events(), home.key_file.stewards
    if name == "Lı Mei":  # without its dot it is another letter, and looks so
        add_steward(home, name, OTHER, "李梅")
        return
    with pytest.raises(UsageInvalid, match="steward_alike"):
        add_steward(home, name, OTHER, "李梅")
    assert (home.book.count_events(), home.key_file.stewards) == before


def test_nobody_waits_while_a_passphrase_is_stretched(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def stretched(passphrase: str, salt: bytes) -> bytes:
        for name in ("import.lock", "store/lock"):
            with locked(home.path / name, fcntl.LOCK_EX | fcntl.LOCK_NB):
                tried.append(name)
        return bytes(32)

    tried: list[str] = []
    monkeypatch.setattr("xinqiao_clients.providers._stretch", stretched)
    add_steward(home, "王芳", OTHER, "李梅")
    assert tried == ["import.lock", "store/lock"]


def test_two_at_once_wait_for_each_other(home: Home, steward: Remembered, tmp_path: Path) -> None:
    back_up(home, tmp_path / "backup", tmp_path / "safe.json", "李梅")
    ids = [str(id_) for id_ in table(1)["id"][:6]]

    def act(number: int) -> None:
        with closing(Home.open(home.path, steward, lambda: NOW)) as other:
            delete_person(other, ids[number], "李梅") if number % 2 else rotate(other, "李梅")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(act, range(6)))
    with home.reading() as adopted:
        left = set(home.store.read(adopted.version, ["id"])["id"])
    assert left == set(table(1)["id"]) - {ids[1], ids[3], ids[5]}
    assert (behind(home), home.key_file.rotating) == ((), False)
    assert (tmp_path / "safe.json").read_bytes() == (home.path / "keys.json").read_bytes()


def test_keys_in_memory_alone_have_nothing_to_rotate(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", SETTINGS, None, lambda: NOW)
    with pytest.raises(UsageInvalid, match="keys_in_memory"):
        rotate(home, "李梅")
    assert home.steward is None
    home.close()


def killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def actions(home: Home, first: int) -> list[tuple[str, str | None]]:
    return [(one.event.action, one.name) for one in journal(home, first)]


def test_nobody_gets_in_whom_the_journal_does_not_know(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = home.book.count_events() + 1
    for name in ("note", "key_file"):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            where = Home if name == "note" else KeyFile
            patched.setattr(where, name if name == "note" else "_write", killed)
            add_steward(home, "王芳", OTHER, "李梅")
        assert [one.name for one in home.key_file.stewards] == ["李梅"]
    assert actions(home, first) == [("add_steward", "李梅")]
    add_steward(home, "王芳", OTHER, "李梅")
    assert actions(home, first) == [("add_steward", "李梅")] * 2
    with pytest.raises(UsageInvalid, match="steward_known"):
        add_steward(home, "王芳", OTHER, "李梅")
    assert actions(home, first) == [("add_steward", "李梅")] * 2


def test_who_was_added_meanwhile_is_in_the_journal_once(
    home: Home, steward: Remembered, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, slot_for = home.book.count_events() + 1, KeyFile.slot_for

    def overtaken(file: KeyFile, name: str, opener: str) -> object:
        slot = slot_for(file, name, opener)
        monkeypatch.setattr(KeyFile, "slot_for", slot_for)
        with closing(Home.open(home.path, steward, lambda: NOW)) as other:
            add_steward(other, name, OTHER, "李梅")
        return slot

    monkeypatch.setattr(KeyFile, "slot_for", overtaken)
    with pytest.raises(UsageInvalid, match="steward_known"):
        add_steward(home, "王芳", OTHER, "李梅")
    assert actions(home, first) == [("add_steward", "李梅")]


def test_nobody_is_added_while_the_register_of_backups_is_lost(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "backup", tmp_path / "safe.json", "李梅")
    with closing(sqlite3.connect(home.path / "book.sqlite")) as db, db:
        db.execute("DELETE FROM backup_register")
    events = home.book.count_events()
    with pytest.raises(StoreDamaged, match="backups_missing"):
        add_steward(home, "王芳", OTHER, "李梅")
    assert (home.book.count_events(), len(home.key_file.stewards)) == (events, 1)


def test_who_was_taken_out_by_a_call_that_was_killed_is_in_the_journal(
    home: Home, steward: Remembered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_steward(home, "王芳", OTHER, "李梅")
    back_up(home, tmp_path / "backup", tmp_path / "safe.json", "李梅")
    first = home.book.count_events() + 1
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        finish = Home.finish_rotation
        patched.setattr(
            Home, "finish_rotation", lambda self: killed() if self.key_file.rotating else finish(self)
        )
        remove_steward(home, "王芳", "李梅")
    assert actions(home, first) == []
    with closing(Home.open(home.path, steward, lambda: NOW)) as other:
        with pytest.raises(UsageInvalid, match="steward_unknown_name"):
            remove_steward(other, "王芳", "李梅")
        assert actions(other, first) == [("remove_steward", "李梅")]
        assert (behind(other), other.key_file.rotating, other.key_file.begun) == ((), False, None)
        other.tidy()
        assert actions(other, first) == [("remove_steward", "李梅")]
    assert (tmp_path / "safe.json").read_bytes() == (home.path / "keys.json").read_bytes()


@pytest.mark.parametrize("then", ["import", "rotate", "add"])
def test_whatever_comes_after_a_removal_that_was_killed_tells_the_journal(
    home: Home, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_steward(home, "王芳", OTHER, "李梅")
    first = home.book.count_events() + 1
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        finish = Home.finish_rotation
        patched.setattr(
            Home, "finish_rotation", lambda self: killed() if self.key_file.rotating else finish(self)
        )
        remove_steward(home, "王芳", "李梅")
    if then == "import":
        with home.importing():
            home.adopt(dataset(), UNREAD, home.store.write(dataset(), table(2)), CAP, "李梅")
    elif then == "add":
        add_steward(home, "王芳", OTHER, "李梅")
    rotate(home, "李梅")
    after = {"import": ["import"], "rotate": [], "add": ["add_steward"]}[then]
    assert actions(home, first) == [(action, "李梅") for action in ("remove_steward", *after, "rotate")]


def test_who_cannot_act_begins_no_rotation(home: Home) -> None:
    with pytest.raises(UsageInvalid, match="subject_name_invalid"):
        rotate(home, "")
    assert not home.key_file.rotating


def test_a_removed_stewards_running_process_reads_no_more(home: Home) -> None:
    add_steward(home, "王芳", OTHER, "李梅")
    other = Home.open(home.path, OTHER, lambda: NOW, steward="王芳")
    assert other.steward == "王芳"
    assert ages(other) == ages(home)
    remove_steward(home, "王芳", "李梅")
    with pytest.raises(Denied, match="steward_removed"):
        ages(other)
    other.close()


_KILLED = """
    import os, sys
    from pathlib import Path
    from simulators.enterprise import NOW, PASSPHRASE
    from simulators.kills import kill_at_each
    from simulators.stewards import Remembered
    from xinqiao_clients.home import Home
    from xinqiao_clients.rotation import rotate

    EVENTS = {"os.rename", "os.remove", "os.rmdir", "os.link", "shutil.rmtree"}

    def act(path, points):
        home, fsync = Home.open(path, steward, lambda: NOW), os.fsync
        os.fsync = lambda handle: (points.reach(), fsync(handle))
        home.book._db.set_trace_callback(points.reach)
        sys.addaudithook(lambda event, _: event in EVENTS and points.reach())
        rotate(home, "李梅")
        points.reach()

    template, target = Path(sys.argv[1]), Path(sys.argv[2])
    steward = Remembered(template / "keys.json", PASSPHRASE)
    kill_at_each(template, target, act)
"""


@pytest.mark.slow
def test_kill_9_at_any_point_of_a_rotation_loses_nothing(
    template: Path, steward: Remembered, tmp_path: Path
) -> None:
    run_script(_KILLED, template, tmp_path)
    seen = set()
    epoch = Home.open(template, steward, lambda: NOW).keys.store.epoch
    for path in sorted(tmp_path.iterdir()):
        home = Home.open(path, steward, lambda: NOW)
        assert ages(home) == list(table(1)["age"])
        state = (home.key_file.rotating, manifest(home).read_bytes()[:8] == epoch)
        home.tidy()
        assert not home.key_file.rotating
        assert manifest(home).read_bytes()[:8] == home.keys.store.epoch
        rotate(home, "李梅")
        assert not list(path.rglob(".tmp-*")) + list(path.glob("*.new"))
        assert ages(home) == list(table(1)["age"])
        home.close()
        seen.add(state)
    assert seen == {(False, True), (True, True), (True, False), (False, False)}
