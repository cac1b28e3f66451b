"""An import is adopted whole or not at all: killed, on a full disk, beside others, and beside readers."""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulators.enterprise import CAP, CONTRACT, MODEL, NOW, PASSPHRASE, dataset, table
from simulators.kills import run_script
from unit.clients.test_book import FailingCommit
from xinqiao_clients.adopted import Adopted
from xinqiao_clients.confirming import confirm_column
from xinqiao_clients.home import PERIOD, Home, Settings
from xinqiao_clients.people import load_people
from xinqiao_clients.store import Version
from xinqiao_governance.canonical import digest, dumps, loads
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.errors import DataInvalid, StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_governance.order import Spend
from xinqiao_governance.parse import mapping
from xinqiao_ledger.event import Kind
from xinqiao_ledger.files import locked

SETTINGS = Settings("dept", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)
LOWER = Spend(CAP.epsilon_micro - 1, CAP.delta_nano)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one import, of 60 people; the slow part of opening one is the passphrase."""
    home = Home.create(Path(tmp_path_factory.mktemp("template")) / "home", SETTINGS, PASSPHRASE, lambda: NOW)
    load(home, 60)
    home.close()
    return home


@pytest.fixture
def home(template: Home, tmp_path: Path) -> Iterator[Home]:
    with opened(template, tmp_path / "home") as home:
        yield home


@contextmanager
def opened(template: Home, path: Path) -> Iterator[Home]:
    """Open the home at `path`, first copied from the template if there is none."""
    if not path.exists():
        shutil.copytree(template.path, path)
    home = Home(path, SETTINGS, template.keys, lambda: NOW)
    try:
        yield home
    finally:
        home.close()


def load(home: Home, people: int, contract: str = CONTRACT, cap: Spend = CAP) -> int:
    """Import a table that its number of people tells from all others."""
    with home.importing():
        return home.adopt(dataset(), contract, home.store.write(dataset(), table(1, people)), cap, "steward")


def people_in(home: Home, version: bytes | None = None) -> int:
    return len(load_people(home, MODEL, version)._people)


def versions(home: Home) -> set[str]:
    return {path.name for path in (home.path / "store" / "staff").iterdir()}


def imports(home: Home) -> list[str | None]:
    return [event.dataset_digest for event in home.book.events() if event.kind is Kind.IMPORT]


def assert_works(home: Home) -> None:
    """What is adopted can be used, and everything that the book says of it belongs together."""
    adopted = home.adopted
    assert home.contract_holds()
    assert people_in(home, adopted.version.digest) == adopted.version.rows
    assert len(imports(home)) == adopted.number
    assert imports(home)[-1] == adopted.version.digest.hex()


# ---- what an import leaves ----------------------------------------------------------------------------


def test_an_import_replaces_everything_together(home: Home) -> None:
    wider = replace(dataset(), purposes=("career_development", "staff_care"))
    version = home.store.write(wider, table(1, 70))
    assert home.version.rows == 60  # written is not adopted
    assert home.adopt(wider, CONTRACT + "# another", version, LOWER, "steward") == 2
    assert home.adopted == Adopted(2, wider, CONTRACT + "# another", version)
    assert (home.dataset, home.version) == (wider, version)
    assert home.book.cap("staff", PERIOD) == LOWER
    assert versions(home) == {version.folder}
    assert_works(home)


def test_another_process_sees_it_at_once(home: Home, template: Home) -> None:
    with opened(template, home.path) as agent:
        assert load(home, 70) == 2
        assert agent.version == home.version
        assert_works(agent)


def test_no_name_number_or_rule_of_the_department_is_readable_in_the_book(home: Home) -> None:
    telling = replace(dataset(), title="SENTINEL title")
    version = home.store.write(telling, table(1, 60))
    home.adopt(telling, CONTRACT + "# SENTINEL", version, CAP, "steward")
    files = [path for path in home.path.rglob("*") if path.is_file()]
    assert home.path / "book.sqlite" in files
    assert not [path for path in files if b"SENTINEL" in path.read_bytes()]
    assert not [path for path in files if version.folder.encode() in path.read_bytes()]


def test_an_adopted_version_comes_back_from_its_canonical_form(home: Home) -> None:
    adopted = home.adopted
    assert Adopted.decode(adopted.encode()) == adopted
    with pytest.raises(WireInvalid):
        Adopted.decode(adopted.encode().replace(b'"v":1', b'"v":2'))


def test_before_the_first_import_there_is_nothing(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE)
    home.tidy()
    for ask in (lambda: home.version, lambda: home.dataset, home.contract_holds):
        with pytest.raises(UsageInvalid, match="dataset_missing"):
            ask()
    home.close()


# ---- refused, or the disk full -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset_id", "cap", "code"),
    [("staff", Spend(CAP.epsilon_micro + 1, 1), "cap_raised"), ("other", CAP, "dataset_differs")],
)
def test_a_refused_import_leaves_nothing_of_itself(
    home: Home, dataset_id: str, cap: Spend, code: str
) -> None:
    before, other = home.adopted, replace(dataset(), dataset_id=dataset_id)
    version = home.store.write(other, table(1, 70))
    with pytest.raises(UsageInvalid, match=code):
        home.adopt(other, CONTRACT, version, cap, "steward")
    assert home.adopted == before
    assert not home.store.holds(version)
    assert home.book.cap("other", PERIOD) is None
    assert_works(home)


def test_a_refused_import_of_what_is_adopted_removes_nothing(home: Home) -> None:
    with pytest.raises(UsageInvalid, match="cap_raised"):
        home.adopt(dataset(), CONTRACT, home.version, Spend(CAP.epsilon_micro + 1, 1), "steward")
    assert_works(home)


def test_a_book_on_a_full_disk_leaves_the_old_version_and_gives_the_space_back(home: Home) -> None:
    """SQLite's own page limit stands in for the full disk: the same error on the same path."""
    before, folders = home.adopted, versions(home)
    pages = home.book._db.execute("PRAGMA page_count").fetchone()[0]
    home.book._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreDamaged, match="disk_full"):
        load(home, 70, contract=CONTRACT + "#" + "x" * 200_000)
    assert (home.adopted, versions(home)) == (before, folders)
    assert_works(home)
    home.book._db.execute("PRAGMA max_page_count = 1000000")
    assert load(home, 80, contract=CONTRACT + "#" + "x" * 200_000) == 2
    assert_works(home)


def test_after_a_commit_in_doubt_both_versions_stay(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last flush failed: after a power cut the book may say either."""
    before = home.adopted
    monkeypatch.setattr(home.book, "_db", FailingCommit(home.book._db))
    with pytest.raises(StoreDamaged, match="book_unusable"):
        load(home, 70)
    monkeypatch.undo()
    assert (home.adopted, len(versions(home))) == (before, 2)
    assert_works(home)
    assert load(home, 80) == 2
    assert len(versions(home)) == 1


def test_a_sweep_that_fails_is_finished_later(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinqiao_clients.store.shutil.rmtree", lambda *_args, **_fields: None)
    assert load(home, 70) == 2
    monkeypatch.undo()
    assert len(versions(home)) == 2
    assert_works(home)
    home.tidy()
    assert versions(home) == {home.version.folder}
    assert_works(home)


# ---- killed ------------------------------------------------------------------------------------------

_KILLED = """
    import os, sys
    from pathlib import Path
    from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
    from simulators.kills import kill_at_each
    from xinqiao_clients.home import Home

    EVENTS = {"open", "os.mkdir", "os.remove", "os.rmdir", "os.scandir", "os.listdir", "fcntl.flock"}

    def load(path, points):
        home, fsync = Home(path, opened.settings, opened.keys, lambda: NOW), os.fsync
        os.fsync = lambda handle: (points.reach(), fsync(handle))
        home.book._db.set_trace_callback(points.reach)
        sys.addaudithook(lambda event, _: event in EVENTS and points.reach())
        with home.importing():
            version = home.store.write(dataset(), table(1, 70))
            home.adopt(dataset(), CONTRACT, version, CAP, "steward")
        points.reach()

    template, target = Path(sys.argv[1]), Path(sys.argv[2])
    opened = Home.open(template, PASSPHRASE)
    opened.close()
    kill_at_each(template, target, load)
"""


@pytest.mark.heavy
def test_kill_9_at_any_point_leaves_the_old_version_or_the_new(template: Home, tmp_path: Path) -> None:
    """Killed before every flush, every statement of the book, and every file or folder that it touches."""
    run_script(_KILLED, template.path, tmp_path)
    seen = []
    for left in range(1, 1 + len(list(tmp_path.iterdir()))):
        with opened(template, tmp_path / str(left)) as home:
            assert (home.version.rows, home.adopted.number) in ((60, 1), (70, 2))
            seen.append((home.adopted.number, len(versions(home))))
            assert_works(home)
            home.tidy()
            assert versions(home) == {home.version.folder}
            assert_works(home)
            assert load(home, 80) == seen[-1][0] + 1
            assert versions(home) == {home.version.folder}
            assert_works(home)
    assert seen == sorted(seen, key=lambda found: found[0])  # once adopted, always adopted
    assert {(1, 1), (1, 2), (2, 2), (2, 1)} == set(seen)  # killed before, in and after both gaps
    assert seen[-1] == (2, 1)


# ---- beside others -----------------------------------------------------------------------------------


def test_an_import_keeps_others_out_until_it_is_done(home: Home) -> None:
    with home.importing():
        with pytest.raises(BlockingIOError), try_lock(home.path / "import.lock"):
            pass
        home.store.write(dataset(), table(1, 70))
        home.tidy()  # leaves the running import's version alone
        assert len(versions(home)) == 2


def test_imports_at_once_come_one_after_the_other(home: Home, template: Home) -> None:
    def load_three(first: int) -> list[int]:
        with opened(template, home.path) as own:
            return [load(own, people) for people in range(first, first + 3)]

    with ThreadPoolExecutor(2) as pool:
        numbers = list(pool.map(load_three, (70, 80)))
    assert sorted(numbers[0] + numbers[1]) == [2, 3, 4, 5, 6, 7]
    assert versions(home) == {home.version.folder}
    assert_works(home)


@pytest.mark.parametrize("purposes", [("performance_appraisal",), ("operations",), ()])
def test_the_same_rows_are_not_declared_for_the_other_side_of_the_wall(
    home: Home, purposes: tuple[str, ...]
) -> None:
    before, events = home.adopted, home.book.count_events()
    moved = replace(dataset(), purposes=purposes)
    written = home.store.write(moved, table(1, 60))
    with pytest.raises(UsageInvalid, match="catalogue_wall_moved"):
        home.adopt(moved, CONTRACT, written, CAP, "steward")
    assert (home.adopted, home.book.count_events()) == (before, events)
    wider = replace(dataset(), purposes=(*dataset().purposes, "staff_care"))
    home.adopt(wider, CONTRACT, home.store.write(wider, table(1, 60)), CAP, "steward")
    assert home.dataset.purposes == wider.purposes


def test_a_version_that_another_import_swept_is_not_adopted(home: Home) -> None:
    """Whoever imports without waiting for the others comes too late, and changes nothing."""
    first, second = (home.store.write(dataset(), table(1, people)) for people in (70, 80))
    assert home.adopt(dataset(), CONTRACT, first, CAP, "steward") == 2
    with pytest.raises(DataInvalid, match="import_overtaken"):
        home.adopt(dataset(), CONTRACT, second, CAP, "steward")
    assert home.version == first
    assert_works(home)


def test_what_is_being_read_is_not_swept(home: Home) -> None:
    lock = home.path / "store" / "lock"
    with home.reading(), pytest.raises(BlockingIOError), try_lock(lock):
        pass
    with try_lock(lock):
        pass


def test_a_reader_never_stands_between_adopting_and_sweeping(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []

    def watched(keep: Version) -> None:
        with pytest.raises(BlockingIOError), try_lock(home.path / "store" / "lock", fcntl.LOCK_SH):
            pass
        kept.append(keep.rows)

    monkeypatch.setattr(home.store, "sweep", watched)
    load(home, 70)
    assert kept == [70]


def test_readers_see_whole_versions_during_imports(home: Home, template: Home) -> None:
    def load_ten() -> None:
        with opened(template, home.path) as own:
            for people in range(70, 80):
                load(own, people)

    with ThreadPoolExecutor(1) as pool:
        importer = pool.submit(load_ten)
        while not importer.done():
            assert people_in(home) >= 60
            assert home.contract_holds()
        importer.result()
    assert (home.version.rows, home.adopted.number) == (79, 11)


def test_a_job_gets_the_version_that_it_was_decided_for_or_none(home: Home) -> None:
    before = home.version.digest
    assert people_in(home, before) == 60
    load(home, 60)
    with pytest.raises(DataInvalid, match="data_changed"):
        load_people(home, MODEL, before)


@contextmanager
def try_lock(path: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    with locked(path, how | fcntl.LOCK_NB):
        yield


# ---- tampered and rolled back ------------------------------------------------------------------------


def test_an_earlier_store_put_back_is_noticed(home: Home, tmp_path: Path) -> None:
    store = home.path / "store"
    shutil.copytree(store, tmp_path / "kept")
    load(home, 70)
    shutil.rmtree(store)
    shutil.copytree(tmp_path / "kept", store)
    assert not home.contract_holds()
    with pytest.raises(StoreDamaged, match="store_version_replaced"):
        load_people(home, MODEL)
    home.tidy()  # removes nothing where the adopted version is not
    assert len(versions(home)) == 1


def test_an_earlier_version_in_the_adopted_ones_folder_is_noticed(home: Home, tmp_path: Path) -> None:
    folder = home.path / "store" / "staff"
    shutil.copytree(folder / home.version.folder, tmp_path / "kept")
    load(home, 70)
    shutil.rmtree(folder / home.version.folder)
    shutil.copytree(tmp_path / "kept", folder / home.version.folder)
    assert not home.contract_holds()
    with pytest.raises(StoreDamaged, match="store_version_replaced"):
        load_people(home, MODEL)


def test_an_earlier_record_put_back_does_not_hold_the_contract(home: Home, tmp_path: Path) -> None:
    """Record and folder are both real, but the book adopted another version since."""
    store, record = home.path / "store", row(home)
    shutil.copytree(store, tmp_path / "kept")
    load(home, 70)
    put_record(home, record)
    shutil.rmtree(store)
    shutil.copytree(tmp_path / "kept", store)
    for ask in (lambda: home.version, home.contract_holds):
        with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
            ask()
    put_record(home, unbound(home, record, 1))  # nor one of a program that sealed it to no event
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        home.contract_holds()


def test_a_grade_that_was_raised_is_not_lowered_by_the_record_of_before(home: Home) -> None:
    column = next(grade.column for grade in home.adopted.grades if grade.said.tier is not Tier.CORE)
    record, before = row(home), home.adopted.grade(column)
    raised = replace(before, said=replace(before.said, tier=Tier.CORE))
    assert raised != before
    home.regrade(
        lambda adopted: [raised if grade.column == column else grade for grade in adopted.grades], "s"
    )
    now = home.adopted
    assert now.grade(column) == raised
    put_record(home, record)
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        _ = home.adopted
    home.close()


def test_a_lowering_that_was_turned_down_waits_no_more_by_the_record_of_before(home: Home) -> None:
    confirm_column(home, "staff", "pay", "甲", tier=Tier.SENSITIVE)
    record = row(home)
    grade = confirm_column(home, "staff", "pay", "丙", tier=Tier.CORE)
    assert (grade.request, grade.said.tier) == (None, Tier.CORE)
    event = home.book.events()[-1]
    assert (event.action, event.columns, event.tier) == ("decline_lowering", ("pay",), "sensitive")
    put_record(home, record)
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        confirm_column(home, "staff", "pay", "乙", tier=Tier.SENSITIVE)


def test_a_grading_that_changes_nothing_is_no_event_and_no_damage(home: Home) -> None:
    adopted, events = home.adopted, home.book.count_events()
    home.regrade(lambda adopted: adopted.grades, "s")
    assert (home.adopted, home.book.count_events()) == (adopted, events)


def test_a_record_of_an_earlier_program_stands_for_the_table_of_the_last_import(home: Home) -> None:
    adopted = home.adopted
    put_record(home, unbound(home, row(home), 1))
    assert home.adopted == replace(adopted, holds=None)
    assert not home.contract_holds()
    note = adopted.version.digest, digest("contract", CONTRACT.encode())
    sql(home, "INSERT INTO verified VALUES (?, ?)", *note)  # as that program wrote it
    assert home.contract_holds()
    home.regrade(lambda adopted: adopted.grades, "s")  # sealed as this one does, with what it found
    sql(home, "DELETE FROM verified")
    assert home.adopted == adopted
    assert home.contract_holds()
    load(home, 70)
    assert home.version.rows == 70


def test_a_table_that_breaks_its_contract_holds_it_by_no_word_of_the_book(home: Home) -> None:
    record = row(home)
    with home.book.transaction() as book:
        home.swap_version(book, home.version, home.service, "erase", holds=False)
    sql(
        home,
        "INSERT INTO verified VALUES (?, ?)",
        home.version.digest,
        digest("contract", CONTRACT.encode()),
    )
    assert not home.contract_holds()
    put_record(home, record)
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        home.contract_holds()


def test_a_catalogue_of_another_import_does_not_hold(home: Home) -> None:
    """Only a holder of the keys could write it; the version tells them apart."""
    adopted = home.adopted
    changed = replace(adopted, catalogue=replace(adopted.catalogue, purposes=("discipline",)))
    put_record(home, home.keys.wrap("adopted/1", changed.encode()))
    assert not home.contract_holds()
    put_record(home, home.keys.wrap("adopted/1", adopted.encode()))
    assert home.contract_holds()


def test_a_changed_record_is_one_clear_error(home: Home) -> None:
    put_record(home, b"\xff" * 100)
    for ask in (lambda: home.version, lambda: home.dataset, home.contract_holds, home.tidy):
        with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
            ask()
    assert len(versions(home)) == 1


def sql(home: Home, statement: str, *values: object) -> tuple[Any, ...]:
    with closing(sqlite3.connect(home.path / "book.sqlite")) as db, db:
        return tuple(db.execute(statement, values).fetchone() or ())


def row(home: Home) -> bytes:
    return sql(home, "SELECT sealed FROM adopted")[0]


def unbound(home: Home, sealed: bytes, changed_in: int) -> bytes:
    """The record as programs of before wrote and sealed it."""
    body = mapping(loads(home.keys.unwrap(f"adopted/{changed_in}", sealed)))
    former = {name: value for name, value in body.items() if name != "holds"}
    return home.keys.wrap("adopted", dumps({**former, "v": 5}))


def put_record(home: Home, sealed: bytes) -> None:
    with home.book.transaction() as book:
        book.adopt(sealed)
