"""The register of backups: none drops out of it, and without it nothing is rotated and nobody deleted."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
from simulators.stewards import Remembered
from xinqiao_clients.backup import back_up, give_up
from xinqiao_clients.deletion import delete_person
from xinqiao_clients.home import KEY_FILE, Home, Settings
from xinqiao_clients.register import (
    FORMER,
    Backup,
    Register,
    _proof,
    backups,
    begin_anew,
    behind,
    declare_others_destroyed,
    listed,
    outdated_copies,
    registered,
)
from xinqiao_clients.rotation import remove_steward, rotate
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, VersionOther
from xinqiao_governance.parse import mapping, objects
from xinqiao_ledger.event import Kind

SETTINGS = Settings("dept", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)


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
def home(template: Path, steward: Remembered, tmp_path: Path) -> Iterator[Home]:
    shutil.copytree(template, tmp_path / "home")
    with closing(Home.open(tmp_path / "home", steward, lambda: NOW)) as home:
        yield home


def sql(home: Home, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(home.path / "book.sqlite")) as db, db:
        db.execute(statement, values)


def two_backups(home: Home, folder: Path) -> None:
    for name in ("one", "two"):
        back_up(home, folder / name, folder / f"{name}.json", "s")


def lose(home: Home) -> None:
    sql(home, "DELETE FROM backup_register")


def damage(home: Home) -> None:
    sql(home, "UPDATE backup_register SET entries = x'7b7d'")


def drop_one(home: Home) -> None:
    entries = home.book.register().entries or b""
    one = dumps(backups(home)[0].to_json())
    assert one + b"," in entries
    sql(home, "UPDATE backup_register SET entries = ?", entries.replace(one + b",", b""))


def call_one_renewed(home: Home) -> None:
    entries = home.book.register().entries or b""
    sql(home, "UPDATE backup_register SET entries = ?", entries.replace(b'"time":', b'"time":9'))


def make_anew(home: Home) -> None:
    """An empty register in a table of another form, which a proof may lack."""
    sql(home, "DROP TABLE backup_register")
    sql(home, "CREATE TABLE backup_register(id INTEGER PRIMARY KEY, entries, proof)")
    sql(home, "INSERT INTO backup_register VALUES (1, ?, NULL)", Register().encode())


def make_of_text(home: Home) -> None:
    make_anew(home)
    sql(home, "UPDATE backup_register SET entries = '{}', proof = 'x'")


HARMS = [
    (make_anew, "backups_unproven"),
    (make_of_text, "backups_unproven"),
    (lose, "backups_missing"),
    (damage, "backups_unproven"),
    (drop_one, "backups_unproven"),
    (call_one_renewed, "backups_unproven"),
]


@pytest.mark.parametrize(("harm", "code"), HARMS)
@pytest.mark.parametrize(
    "act",
    [
        lambda home: rotate(home, "s"),
        lambda home: remove_steward(home, "nobody", "s"),
        lambda home: delete_person(home, str(table(1)["id"][3]), "s"),
        lambda home: back_up(home, home.path.parent / "x", home.path.parent / "y", "s"),
        lambda home: give_up(home, home.path.parent / "one", "s"),
    ],
    ids=["rotate", "remove", "delete", "back up", "give up"],
)
def test_without_its_register_nothing_is_begun(
    home: Home, tmp_path: Path, harm: Callable[[Home], None], code: str, act: Callable[[Home], object]
) -> None:
    two_backups(home, tmp_path)
    harm(home)
    before = (home.version, (home.path / KEY_FILE).read_bytes(), home.book.count_events())
    with pytest.raises(StoreDamaged, match=code):
        act(home)
    assert (home.version, (home.path / KEY_FILE).read_bytes(), home.book.count_events()) == before
    assert not home.key_file.rotating


def test_an_earlier_register_put_back_drops_no_backup(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "one", tmp_path / "one.json", "s")
    early = home.book.register()
    back_up(home, tmp_path / "two", tmp_path / "two.json", "s")
    sql(home, "UPDATE backup_register SET entries = ?, proof = ?", early.entries, early.proof)
    with pytest.raises(StoreDamaged, match="backups_unproven"):
        rotate(home, "s")


def test_a_register_of_before_is_read_and_proven(home: Home, tmp_path: Path) -> None:
    """It did not have the digest of what was written."""
    two_backups(home, tmp_path)
    now, row = backups(home), home.book.register()
    body = mapping(loads(row.entries or b""))
    entries: list[Json] = [
        {name: field for name, field in entry.items() if name != "version"}
        for entry in objects(body, "backups")
    ]
    former = dumps({**body, "v": 2, "backups": entries})
    with home.book.transaction() as book:
        book.put_register(former, _proof(home, former, row.changed_in))
    assert backups(home) == tuple(replace(one, version=bytes(32)) for one in now)
    assert (behind(home), outdated_copies(home)) == ((), ())
    assert rotate(home, "s") == ()
    assert [one.version for one in backups(home)] == [home.version.digest] * 2


def test_a_home_that_never_had_a_backup_needs_no_register(home: Home) -> None:
    assert rotate(home, "s") == ()
    assert backups(home) == ()
    with pytest.raises(UsageInvalid, match="register_whole"):
        begin_anew(home, "s")


def test_a_register_that_is_whole_is_not_begun_anew(home: Home, tmp_path: Path) -> None:
    two_backups(home, tmp_path)
    for refused in (begin_anew, declare_others_destroyed):
        with pytest.raises(UsageInvalid, match="register_whole"):
            refused(home, "s")
    assert len(backups(home)) == 2


@pytest.mark.parametrize(("harm", "left"), [(lose, 0), (damage, 0), (drop_one, 1), (call_one_renewed, 2)])
def test_a_new_register_takes_over_what_can_be_read_and_leaves_a_question(
    home: Home, tmp_path: Path, harm: Callable[[Home], None], left: int
) -> None:
    two_backups(home, tmp_path)
    harm(home)
    assert begin_anew(home, "s").begun == NOW
    assert len(behind(home)) == len(backups(home)) == left
    event = home.book.events()[-1]
    assert (event.kind, event.action) == (Kind.KEYS, "backup_register")
    assert rotate(home, "s") == ()  # what it took over could be renewed
    declare_others_destroyed(home, "s")
    assert registered(home).begun == 0
    assert len(backups(home)) == left


def former(home: Home, folder: Path, version: int = 1) -> None:
    """Make of a home one of the version that kept the register in a file."""
    entries = [backup.to_json() for backup in backups(home)]
    (home.path / FORMER).write_bytes(dumps({"v": version, "backups": entries}))
    lose(home)


def test_the_register_of_an_earlier_version_is_named_and_taken_over_on_purpose(
    home: Home, tmp_path: Path
) -> None:
    two_backups(home, tmp_path)
    former(home, tmp_path)
    for asked in (lambda: rotate(home, "s"), lambda: listed(home.path, home.book)):
        with pytest.raises(StoreDamaged, match="backups_former"):
            asked()
    assert begin_anew(home, "s").backups == (
        Backup(tmp_path / "one", tmp_path / "one.json", time=NOW),
        Backup(tmp_path / "two", tmp_path / "two.json", time=NOW),
    )
    assert not (home.path / FORMER).exists()
    assert rotate(home, "s") == ()


def test_the_register_of_a_later_version_is_left_to_that_version(home: Home, tmp_path: Path) -> None:
    two_backups(home, tmp_path)
    former(home, tmp_path, version=9)
    with pytest.raises(VersionOther):
        begin_anew(home, "s")
    assert (home.path / FORMER).exists()


def test_a_file_beside_the_book_names_no_backup(home: Home, tmp_path: Path) -> None:
    """An edited file of the former version changes nothing once the book has the register."""
    two_backups(home, tmp_path)
    (home.path / FORMER).write_bytes(dumps({"v": 1, "backups": []}))
    assert len(backups(home)) == 2
