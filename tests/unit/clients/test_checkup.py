"""Each finding appears where it is due, and none at a sound home; what is damaged does not end the look."""

import re
import shlex
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
from simulators.machines import MadeUp, machine
from simulators.stewards import Remembered
from unit.clients.test_confirming import proposals
from xinqiao_app.cli import build_parser
from xinqiao_clients.access import give
from xinqiao_clients.backup import back_up
from xinqiao_clients.checkup import Checkup, Finding, check_up
from xinqiao_clients.checkup.books import _counted
from xinqiao_clients.checkup.look import PARTS
from xinqiao_clients.confirming import confirm_column
from xinqiao_clients.home import KEY_FILE, Home, Settings, one_agent
from xinqiao_clients.policies import approve, propose
from xinqiao_clients.policy_files import default_policy
from xinqiao_clients.refreshing import refresh, remember
from xinqiao_clients.register import Backup, Register, _proof, backups, change, registered
from xinqiao_clients.rotation import add_steward, rotate
from xinqiao_clients.sources import Source, read_table
from xinqiao_governance.catalogue import Dataset, Tier
from xinqiao_governance.days import DAY_S
from xinqiao_governance.errors import Denied, UsageInvalid, VersionOther, XinqiaoError
from xinqiao_governance.messages import LANGUAGES, MESSAGES, say
from xinqiao_governance.order import Output, Spend

SETTINGS = Settings("工会", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)
DISKS = {"home": 1, "backup": 2, "keys.copy": 3}


@dataclass
class Case:
    """A home on a made-up machine, and the time that the look is taken at."""

    root: Path
    steward: Remembered
    machine: MadeUp
    now: int = NOW
    later: list[int] = field(default_factory=lambda: [NOW])

    @property
    def path(self) -> Path:
        return self.root / "home"

    @contextmanager
    def home(self) -> Iterator[Home]:
        with closing(Home.open(self.path, self.steward, lambda: self.later[0])) as home:
            yield home

    def look(self, *, opened: bool = True) -> Checkup:
        return check_up(self.path, self.steward if opened else None, lambda: self.now, self.machine)

    def sql(self, statement: str) -> None:
        with closing(sqlite3.connect(self.path / "book.sqlite")) as db, db:
            db.execute(statement)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound home: two stewards, a confirmed table, a backup on another disk and the keys on a third."""
    root = tmp_path_factory.mktemp("template")
    with closing(Home.create(root / "home", SETTINGS, PASSPHRASE, lambda: NOW, steward="李梅")) as home:
        add_steward(home, "王芳", PASSPHRASE, "李梅")
        home.adopt(dataset(), CONTRACT, home.store.write(dataset(), table(1)), CAP, "李梅")
        back_up(home, root / "backup", root / "keys.copy", "李梅")
    return root


@pytest.fixture(scope="module")
def steward(template: Path) -> Remembered:
    return Remembered(template / "home" / KEY_FILE, PASSPHRASE)


@pytest.fixture
def case(template: Path, steward: Remembered, tmp_path: Path) -> Case:
    """A copy of the sound home; its register names the template's own backup, which no test changes."""
    shutil.copytree(template / "home", tmp_path / "home")
    return Case(tmp_path, steward, machine(tmp_path / "linux", disks=DISKS))


def codes(found: Checkup) -> set[str]:
    """The codes of all that is wrong; every finding reads in both languages, and its commands exist."""
    wrong = (*found.of("unsafe"), *found.of("to_do"))
    for finding in wrong:
        require_readable(finding)
        require_typed(finding)
    return {finding.code for finding in wrong}


def require_readable(finding: Finding) -> None:
    for language in LANGUAGES:
        assert say(f"checkup_{finding.code}", language, **finding.fields)
        assert say(f"checkup_{finding.code}_do", language)


def require_typed(finding: Finding) -> None:
    assert finding.commands
    for command in finding.commands:
        words = shlex.split(command)
        assert words[0] in ("xinqiao", "chmod", "mv", "rm", "ls", "df", "sudo")
        if words[0] == "xinqiao":
            filled = ["public" if word == "TIER" else word for word in words[1:]]
            filled = ["host:1" if word == "HOST:PORT" else word for word in filled]
            assert build_parser("en").parse_args(filled).home is not None


# ---- sound -----------------------------------------------------------------------------------------------


def test_a_sound_home_is_sound(case: Case) -> None:
    for opened in (True, False):
        assert codes(case.look(opened=opened)) == set()


def test_opened_every_part_is_looked_at_and_else_it_is_said_which_are_not(case: Case) -> None:
    found = case.look()
    assert [finding.code for finding in found.of("fine")] == [f"part_{part.name}" for part in PARTS]
    assert found.unseen == ()
    assert case.look(opened=False).unseen == ("rotation", "ages", "register", "grants", "table", "schedule")


def test_every_part_and_every_finding_has_its_sentence() -> None:
    parts = {f"checkup_part_{part.name}" for part in PARTS}
    frame = {"head", "sound", "unsafe", "to_do", "fine", "unseen", "unseen_do", "fill"}
    told = {
        f"checkup_{code}{end}"
        for code in (*STATES, *COLUMNS, *DAMAGES, "version_other")
        for end in ("", "_do")
    }
    known = {code for code in MESSAGES if code.startswith("checkup_")}
    assert known == parts | told | {f"checkup_{name}" for name in frame}


def test_a_new_home_without_a_table_is_asked_for_nothing_but_a_second_steward(tmp_path: Path) -> None:
    Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, lambda: NOW).close()
    found = check_up(tmp_path / "home", PASSPHRASE, lambda: NOW, machine(tmp_path / "linux"))
    assert codes(found) == {"one_steward"}


def no_change(case: Case) -> None:
    pass


def lose_the_locks(case: Case) -> None:
    (case.path / "agent.lock").unlink()
    (case.path / "supernode" / "keys").mkdir(parents=True)  # whether an agent uses them is asked
    shutil.rmtree(case.path / "store")


def leave_a_log_of_writes(case: Case) -> None:
    """What a killed process leaves beside its book."""
    with case.home() as home:
        home.note("李梅", "rotate")
        log = (case.path / "book.sqlite-wal").read_bytes()
    assert log
    (case.path / "book.sqlite-wal").write_bytes(log)


def put_back_a_home_of_before(case: Case) -> None:
    case.sql("DROP TABLE key_epochs")
    case.sql("DROP INDEX journal_table")
    case.sql("PRAGMA user_version = 6")


@pytest.mark.parametrize(
    "harm", [no_change, lose_the_locks, leave_a_log_of_writes, put_back_a_home_of_before]
)
def test_a_look_changes_nothing(case: Case, harm: Callable[[Case], None]) -> None:
    """But for the empty files that SQLite puts beside a database to read it."""

    def content() -> dict[str, bytes]:
        files = (path for path in case.path.rglob("*") if path.is_file() and path.suffix != ".sqlite-shm")
        return {
            str(path): data for path in files if (data := path.read_bytes()) or path.suffix != ".sqlite-wal"
        }

    harm(case)
    before = content()
    case.look()
    case.look(opened=False)
    assert content() == before


def test_whatever_a_part_does_the_book_stays_as_it_is(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with case.home() as home:
        events = home.book.count_events()
    monkeypatch.setattr(
        "xinqiao_clients.checkup.inside.schedule_of", lambda home: home.note("李梅", "rotate")
    )
    assert codes(case.look()) == {"damaged_schedule"}
    with case.home() as home:
        assert home.book.count_events() == events


# ---- each finding ----------------------------------------------------------------------------------------


def open_home(case: Case) -> None:
    case.path.chmod(0o750)


def open_secrets(case: Case) -> None:
    (case.path / "identity").chmod(0o644)
    (case.path / KEY_FILE).chmod(0o640)


def open_parent(case: Case) -> None:
    case.root.chmod(0o777)


def give_the_key_file_away(case: Case) -> None:
    case.machine = replace(case.machine, owners={KEY_FILE: 12_345})


def give_the_book_away(case: Case) -> None:
    case.machine = replace(case.machine, owners={"book.sqlite": 12_345})


def give_the_parent_away(case: Case) -> None:
    case.machine = replace(case.machine, owners={case.root.name: 12_345})


def leave_a_key_draft(case: Case) -> None:
    (case.path / f"{KEY_FILE}.new").touch(mode=0o600)


def leave_supernode_keys(case: Case) -> None:
    (case.path / "supernode" / "keys").mkdir(parents=True, mode=0o700)


def lie_in_memory(case: Case) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\ntmpfs {case.root} tmpfs rw 0 0\n"
    case.machine = machine(case.root / "linux", disks=DISKS, mounts=mounts)


def lie_on_a_network(case: Case) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nnas:/x {case.path} nfs4 rw 0 0\n"
    case.machine = machine(case.root / "linux", disks=DISKS, mounts=mounts)


def fill_the_disk(case: Case) -> None:
    case.machine = replace(case.machine, free=499_999_999)


def swap(case: Case) -> None:
    case.machine = machine(case.root / "linux", disks=DISKS, swaps=("/swapfile",))


def dump_cores(case: Case) -> None:
    case.machine = machine(case.root / "linux", disks=DISKS, core_limit="unlimited")


def take_a_steward_out(case: Case) -> None:
    with case.home() as home:
        home.key_file.begin_rotation(without="王芳")
        home.finish_rotation()
        know_no_backup(home)


def know_no_backup(home: Home) -> None:
    change(home, "李梅", "backup_destroyed", lambda _: Register())


def begin_a_rotation(case: Case) -> None:
    with case.home() as home:
        home.key_file.begin_rotation()


def put_an_old_key_file_back(case: Case) -> None:
    forget_the_backup(case)
    old = (case.path / KEY_FILE).read_bytes()
    with case.home() as home:
        rotate(home, "李梅")
    (case.path / KEY_FILE).write_bytes(old)


def put_an_old_book_back(case: Case) -> None:
    forget_the_backup(case)
    old = (case.path / "book.sqlite").read_bytes()
    with case.home() as home:
        rotate(home, "李梅")
    (case.path / "book.sqlite").write_bytes(old)


def put_back_a_book_of_before(case: Case) -> None:
    case.sql("PRAGMA user_version = 6")


def lose_sight_of_the_backup(case: Case) -> None:
    with case.home() as home:
        (known,) = backups(home)
        folder, keys = known.folder.with_name("unplugged"), known.keys.with_name("unplugged.copy")
        away = Register((replace(known, folder=folder, keys=keys),))
        change(home, "李梅", "backup", lambda _: away)
        rotate(home, "李梅")


def change_the_copy_of_the_keys(case: Case) -> None:
    forget_the_backup(case)
    with case.home() as home:
        back_up(home, case.root / "backup", case.root / "keys.copy", "李梅")
    (case.root / "keys.copy").write_bytes(b"another")


def keep_keys_by_the_backup(case: Case) -> None:
    case.machine = replace(case.machine, disks=DISKS | {"keys.copy": 2})


def back_up_on_the_own_disk(case: Case) -> None:
    case.machine = replace(case.machine, disks=DISKS | {"backup": 1})


def forget_the_backup(case: Case) -> None:
    with case.home() as home:
        know_no_backup(home)


def begin_a_register_anew(case: Case) -> None:
    with case.home() as home:
        change(home, "李梅", "backup_register", lambda register: replace(register, begun=NOW))


def import_again(case: Case) -> None:
    """In the second of the backup, as where a clock was set back."""
    with case.home() as home:
        home.adopt(dataset(), CONTRACT, home.store.write(dataset(), table(2)), CAP, "李梅")


def add_a_steward_while_the_copy_is_away(case: Case) -> None:
    forget_the_backup(case)
    keys = case.root / "keys.copy"
    with case.home() as home:
        back_up(home, case.root / "backup", keys, "李梅")
        keys.rename(case.root / "away")
        add_steward(home, "赵敏", PASSPHRASE, "李梅")
    (case.root / "away").rename(keys)


def set_the_clock_back(case: Case) -> None:
    case.now = NOW - 601


def raise_an_alarm(case: Case) -> None:
    with case.home() as home, home.book.transaction() as book:
        book.raise_alarm(SETTINGS.log_origin, "journal_not_in_log", 1, None, b"{}")


def hear_nothing_of_the_log(case: Case) -> None:
    case.now = NOW + 3 * DAY_S + 1


def not_reconcile(case: Case) -> None:
    case.now = NOW + 2 * DAY_S + 1


def lose_the_policy(case: Case) -> None:
    case.sql("DELETE FROM policy")


def keep_a_foreign_policy(case: Case) -> None:
    with case.home() as home, home.book.transaction() as book:
        book.use_policy(bytes(64))


def propose_a_policy(case: Case) -> None:
    with case.home() as home:
        propose(home, default_policy().text + "\n", "李梅")


def grant(case: Case, days: int, output: Output = Output.RAW_VIEW) -> None:
    who, purpose = ("steward", "operations") if output is Output.RAW_VIEW else ("cadre", "career_development")
    what = {"role": who, "output": output, "purpose": purpose, "tier": Tier.SENSITIVE}
    with case.home() as home:
        give(home, "李梅", **what, expires=NOW + days * DAY_S)  # type: ignore[arg-type]


def let_a_grant_end(case: Case) -> None:
    grant(case, 1)
    case.now = NOW + DAY_S


def let_a_grant_end_soon(case: Case) -> None:
    grant(case, 7)


def grant_for_long(case: Case) -> None:
    grant(case, 91)


def unconfirmed() -> Dataset:
    columns = tuple(replace(column, confirmed_by=None) for column in dataset().columns)
    return replace(dataset(), columns=columns)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Remembered]:
    """A home whose columns nobody confirmed, but for one that somebody asked to lower."""
    path = tmp_path_factory.mktemp("fresh") / "home"
    with closing(Home.create(path, SETTINGS, PASSPHRASE, lambda: NOW, steward="李梅")) as home:
        version = home.store.write(unconfirmed(), table(1))
        home.adopt(unconfirmed(), CONTRACT, version, CAP, "李梅", proposals=proposals(), stated=False)
        confirm_column(home, "staff", "pay", "李梅", tier=Tier.PUBLIC)
    return path, Remembered(path / KEY_FILE, PASSPHRASE)


def spend(case: Case, period: str = "lifetime") -> None:
    with case.home() as home, home.book.transaction() as book:
        if period != "lifetime":
            book.set_cap("staff", period, CAP)
            book.enter_period("staff", period)
        assert book.reserve(bytes(32), "staff", period, Spend(CAP.epsilon_micro, 1))


def spend_the_period(case: Case) -> None:
    spend(case, "2026Q4")


def spend_the_year(case: Case) -> None:
    with case.home() as home, home.book.transaction() as book:
        book.set_year_cap("staff", Spend(1_000_000, 20_000))
        assert book.reserve(bytes(32), "staff", "lifetime", Spend(900_001, 1))


def lose_the_table(case: Case) -> None:
    shutil.rmtree(case.path / "store" / "staff")


def break_the_contract(case: Case) -> None:
    with case.home() as home, home.book.transaction() as book:
        home.swap_version(book, home.version, home.service, "erase", holds=False)


def let_the_table_age(case: Case) -> None:
    with case.home() as home, home.book.transaction() as book:
        home._put_adopted(book, replace(home.adopted, fresh_until=NOW // DAY_S - 1))


def schedule(case: Case, home: Home) -> Path:
    data = case.root / "staff.csv"
    data.write_text("id,age,grade,pay\np1,30,A,100\n")
    source = Source(str(data))
    remember(home, source, 24, read_table(source), no_header=False)
    return data


def fail_to_read_the_source(case: Case) -> None:
    with case.home() as home:
        schedule(case, home).unlink()
        with pytest.raises(XinqiaoError):
            refresh(home, "李梅", now=True)


def import_over_the_schedule(case: Case) -> None:
    with case.home() as home:
        schedule(case, home)
        with home.book.transaction() as book:
            home._put_adopted(book, replace(home.adopted, number=home.adopted.number + 1))


def not_read_the_source(case: Case) -> None:
    with case.home() as home:
        schedule(case, home)
    case.now = NOW + 2 * DAY_S + 1


STATES: dict[str, Callable[[Case], None]] = {
    "home_open": open_home,
    "secrets_open": open_secrets,
    "parent_open": open_parent,
    "files_foreign": give_the_key_file_away,
    "parent_foreign": give_the_parent_away,
    "key_draft_left": leave_a_key_draft,
    "supernode_keys_left": leave_supernode_keys,
    "disk_in_memory": lie_in_memory,
    "disk_remote": lie_on_a_network,
    "disk_low": fill_the_disk,
    "swap_open": swap,
    "cores_dumped": dump_cores,
    "one_steward": take_a_steward_out,
    "rotation_open": begin_a_rotation,
    "key_file_older": put_an_old_key_file_back,
    "book_older": put_an_old_book_back,
    "book_former": put_back_a_book_of_before,
    "backup_behind": lose_sight_of_the_backup,
    "backup_changed": change_the_copy_of_the_keys,
    "backup_beside_keys": keep_keys_by_the_backup,
    "backup_same_disk": back_up_on_the_own_disk,
    "backup_none": forget_the_backup,
    "register_new": begin_a_register_anew,
    "backup_old": import_again,
    "backup_stewards": add_a_steward_while_the_copy_is_away,
    "clock_behind": set_the_clock_back,
    "alarm_open": raise_an_alarm,
    "log_out_of_reach": hear_nothing_of_the_log,
    "reconcile_overdue": not_reconcile,
    "policy_missing": lose_the_policy,
    "policy_unreadable": keep_a_foreign_policy,
    "policy_waits": propose_a_policy,
    "grant_over": let_a_grant_end,
    "grant_ends": let_a_grant_end_soon,
    "grant_long": grant_for_long,
    "budget_low": spend,
    "budget_period_low": spend_the_period,
    "budget_year_low": spend_the_year,
    "table_gone": lose_the_table,
    "contract_broken": break_the_contract,
    "table_old": let_the_table_age,
    "refresh_failed": fail_to_read_the_source,
    "refresh_overdue": not_read_the_source,
    "refresh_overtaken": import_over_the_schedule,
}
UNSAFE = {
    "home_open",
    "secrets_open",
    "parent_open",
    "files_foreign",
    "parent_foreign",
    "key_draft_left",
    "supernode_keys_left",
    "disk_in_memory",
    "disk_remote",
    "rotation_open",
    "key_file_older",
    "book_older",
    "backup_behind",
    "backup_changed",
    "backup_beside_keys",
    "clock_behind",
    "alarm_open",
    "grant_long",
    "table_gone",
}
INSIDE = {
    "rotation_open",
    "key_file_older",
    "book_older",
    "policy_unreadable",
    "grant_over",
    "grant_ends",
    "grant_long",
    "table_gone",
    "contract_broken",
    "table_old",
    "refresh_failed",
    "refresh_overdue",
    "refresh_overtaken",
}
BESIDE = {  # what stands with it in that state
    "one_steward": {"backup_none"},
    "rotation_open": {"backup_behind"},
    "key_file_older": {"backup_none"},
    "book_older": {"backup_none"},
    "refresh_overdue": {"reconcile_overdue"},
}
COLUMNS = [f"{code}{end}" for code in ("columns_unconfirmed", "lowering_waits") for end in ("", "_named")]


@pytest.mark.parametrize("code", STATES)
def test_a_state_is_found_and_nothing_else(case: Case, code: str) -> None:
    STATES[code](case)
    found = case.look()
    assert codes(found) == {code} | BESIDE.get(code, set())
    severity = "unsafe" if code in UNSAFE else "to_do"
    assert code in {finding.code for finding in found.of(severity)}
    assert (code in codes(case.look(opened=False))) is (code not in INSIDE)


@pytest.mark.parametrize("opened", [True, False])
def test_columns_are_named_only_to_who_opened_the_home(
    fresh: tuple[Path, Remembered], tmp_path: Path, *, opened: bool
) -> None:
    shutil.copytree(fresh[0], tmp_path / "home")
    found = Case(tmp_path, fresh[1], machine(tmp_path / "linux")).look(opened=opened)
    end = "_named" if opened else ""
    waiting = {f"columns_unconfirmed{end}", f"lowering_waits{end}"}
    assert codes(found) == waiting | {"one_steward", "backup_none"}
    fields = {finding.code: dict(finding.fields) for finding in found.of("to_do")}
    names = ({"names": "id, age, grade, pay"}, {"names": "pay"}) if opened else ({}, {})
    assert fields[f"columns_unconfirmed{end}"] == {"count": 4, **names[0]}
    assert fields[f"lowering_waits{end}"] == {"count": 1, **names[1]}


def test_the_unsafe_comes_first(case: Case) -> None:
    for state in (spend, raise_an_alarm, forget_the_backup, begin_a_rotation):
        state(case)
    order = [finding.severity for finding in case.look().findings]
    assert order == sorted(order, key=["unsafe", "to_do", "fine"].index)
    assert order.count("unsafe") == order.count("to_do") == 2


# ---- what is none ----------------------------------------------------------------------------------------


def test_a_home_above_which_all_may_write_under_the_sticky_bit_is_safe(case: Case) -> None:
    case.root.chmod(0o1777)
    assert codes(case.look()) == set()


@pytest.mark.parametrize("later", [0, 60])
def test_a_backup_of_which_a_register_of_before_lacks_the_version_is_judged_by_its_time(
    case: Case, later: int
) -> None:
    with case.home() as home:
        old = Register(tuple(replace(one, version=bytes(32)) for one in backups(home)))
        written = registered(home).written
        change(home, "李梅", "backup", lambda _: replace(old, written=written))
        case.now = case.later[0] = NOW + later
        if later:
            home.adopt(dataset(), CONTRACT, home.store.write(dataset(), table(2)), CAP, "李梅")
    assert codes(case.look()) == ({"backup_old"} if later else set())


def test_a_backup_that_never_was_whole_is_behind_and_of_no_age(case: Case) -> None:
    forget_the_backup(case)
    with case.home() as home:
        torn = Register((Backup(case.root / "backup", case.root / "keys.copy"),))
        change(home, "李梅", "backup", lambda _: torn)
    assert codes(case.look()) == {"backup_behind"}


def test_a_book_that_another_user_owns_is_named(case: Case) -> None:
    give_the_book_away(case)
    (found,) = case.look().of("unsafe")
    assert (found.code, found.fields) == ("files_foreign", {"names": "book.sqlite"})


def test_a_home_of_a_user_looked_at_by_root_is_that_users(case: Case) -> None:
    for path in (case.path, *case.path.rglob("*")):
        case.machine.owners[path.name] = 1_000
    case.machine.owners[case.root.name] = 0
    assert codes(case.look()) == set()
    case.machine.owners[case.root.name] = 1_000
    assert codes(case.look()) == set()


def test_a_home_reached_by_a_link_of_another_owner_is_its_users(case: Case) -> None:
    link = case.root / "link"
    link.symlink_to(case.path)
    for path in (case.path, *case.path.rglob("*"), case.root):
        case.machine.owners[path.name] = 1_000
    found = check_up(link, case.steward, lambda: case.now, case.machine)
    assert {finding.code for finding in found.findings if "foreign" in finding.code} == set()


def test_a_user_namespace_that_knows_no_root_is_no_finding(case: Case) -> None:
    case.machine.owners[case.root.name] = 65_534
    proc = case.machine.root / "proc"
    (proc / "sys/kernel/overflowuid").write_text("65534\n")
    (proc / "self/uid_map").write_text("         0       1000          1\n")
    assert codes(case.look()) == set()
    (proc / "self/uid_map").write_text("         0          0 4294967295\n")
    assert codes(case.look()) == {"parent_foreign"}


@pytest.mark.parametrize("path", ["/a\0b", "/a\nb", "/\x1b[2J"])
def test_a_register_with_a_path_that_is_none_is_damage(case: Case, path: str) -> None:
    torn = Register((Backup(Path(path), Path("/k")),)).encode()
    with closing(sqlite3.connect(case.path / "book.sqlite")) as db, db:
        db.execute("UPDATE backup_register SET entries = ?", (torn,))
    assert codes(case.look(opened=False)) == {"damaged_backups"}


def test_keys_of_a_supernode_that_starts_are_none_that_were_left(case: Case) -> None:
    leave_supernode_keys(case)
    with one_agent(case.path):
        assert codes(case.look()) == set()


@pytest.mark.parametrize(
    "state",
    [
        {"swaps": ("/dev/dm-1", "/dev/zram0"), "encrypted": ("dm-1",)},
        {"core_pattern": "|/bin/false", "core_limit": "unlimited"},
        {"core_pattern": "", "core_limit": "unlimited"},
        {"mounts": "/dev/sda1 / ext4 rw 0 0\ntmpfs /elsewhere tmpfs rw 0 0\n"},
        {"mounts": "tmpfs / tmpfs rw 0 0\n/dev/sda1 {root} ext4 rw 0 0\n"},
        {"mounts": "/dev/sda1 {root} ext4 rw 0 0\ntmpfs / tmpfs rw 0 0\nodd\n"},
        {"mounts": "rootfs / ramfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n"},
    ],
    ids=[
        "closed swaps",
        "cores to nobody",
        "no cores",
        "memory elsewhere",
        "deeper",
        "deeper first",
        "above",
    ],
)
def test_a_machine_that_keeps_memory_to_itself(case: Case, state: dict[str, object]) -> None:
    if "mounts" in state:
        state = {"mounts": str(state["mounts"]).format(root=case.root)}
    case.machine = machine(case.root / "linux", disks=DISKS, **state)  # type: ignore[arg-type]
    assert codes(case.look()) == set()


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"swaps": ("/dev/dm-1",)}, "swap_open"),
        ({"core_pattern": "|/usr/lib/systemd/systemd-coredump %p"}, "cores_dumped"),
        ({"mounts": "nas / fuse.sshfs rw 0 0\n"}, "disk_remote"),
    ],
)
def test_a_machine_that_does_not(case: Case, state: dict[str, object], code: str) -> None:
    case.machine = machine(case.root / "linux", disks=DISKS, **state)  # type: ignore[arg-type]
    assert codes(case.look()) == {code}


def test_a_machine_that_says_nothing_is_no_finding(case: Case) -> None:
    case.machine = replace(case.machine, root=case.root / "no linux")
    assert codes(case.look()) == set()


def test_an_acknowledged_alarm_and_an_adopted_policy_wait_no_more(case: Case) -> None:
    raise_an_alarm(case)
    with case.home() as home:
        digest = propose(home, default_policy().text + "\n", "李梅").digest.hex()
        approve(home, digest, "王芳")
        with home.book.transaction() as book:
            assert book.acknowledge(1, "00" * 16)
    assert codes(case.look()) == set()


@pytest.mark.parametrize(("days", "output"), [(8, Output.RAW_VIEW), (200, Output.LOCAL_RESULT)])
def test_a_grant_of_due_length_is_none(case: Case, days: int, output: Output) -> None:
    grant(case, days, output)
    assert codes(case.look()) == set()


def test_a_tenth_of_the_budget_is_enough(case: Case) -> None:
    with case.home() as home, home.book.transaction() as book:
        assert book.reserve(bytes(32), "staff", "lifetime", Spend(CAP.epsilon_micro * 9 // 10, 1))
    assert codes(case.look()) == set()


def test_a_renewed_backup_is_of_the_present_table(case: Case) -> None:
    import_again(case)
    forget_the_backup(case)
    with case.home() as home:
        back_up(home, case.root / "backup", case.root / "keys.copy", "李梅")
    assert codes(case.look()) == set()


def test_a_backup_whose_medium_is_away_is_judged_by_its_place(case: Case) -> None:
    forget_the_backup(case)
    with case.home() as home:
        back_up(home, case.root / "a" / "backup", case.root / "keys.copy", "李梅")
        shutil.rmtree(case.root / "a")
        assert codes(case.look()) == set()
        back_up(home, case.root / "backup", case.root / "keys.copy", "李梅")
    shutil.rmtree(case.root / "backup")
    assert codes(case.look()) == {"backup_beside_keys"}


# ---- damage ----------------------------------------------------------------------------------------------


def spoil(name: str) -> Callable[[Case], None]:
    def damage(case: Case) -> None:
        (case.path / name).write_bytes(b"{}")

    return damage


def spoil_the_table(case: Case) -> None:
    manifest = next((case.path / "store").rglob("manifest"))
    manifest.write_bytes(manifest.read_bytes()[:-1])


def lose_the_lock(case: Case) -> None:
    leave_supernode_keys(case)
    (case.path / "agent.lock").unlink()
    (case.path / "agent.lock").mkdir()


def spoil_the_body(case: Case) -> None:
    """A key file that reads, and whose sealed part was changed."""
    path = case.path / KEY_FILE
    found = re.search(r'"sealed":"(..)\w+"(?=,"slots)', path.read_text())
    assert found
    other = "00" if found[1] != "00" else "11"
    path.write_text(f"{found.string[: found.start(1)]}{other}{found.string[found.end(1) :]}")


DAMAGES: dict[str, tuple[Callable[[Case], None], ...]] = {
    "damaged_files": (lose_the_lock,),
    "damaged_keys": (lambda case: (case.path / KEY_FILE).unlink(), spoil(KEY_FILE)),
    "damaged_home": (spoil("identity"), lambda case: (case.path / "witness.sqlite").unlink()),
    "damaged_book": (spoil("book.sqlite"), lambda case: (case.path / "book.sqlite").unlink()),
    "damaged_backups": (
        lambda case: case.sql("DELETE FROM backup_register"),
        lambda case: case.sql("UPDATE backup_register SET entries = x'00'"),
    ),
    "damaged_table": (spoil_the_table, lambda case: case.sql("UPDATE adopted SET sealed = x'00'")),
    "damaged_schedule": (spoil("refresh"),),
}
SEEN_OPENED = {"damaged_home", "damaged_table", "damaged_schedule"}
BLIND = {  # parts of which nobody may say then that they are in order
    "damaged_keys": {"keys", "rotation", "ages", "register", "backups", "grants", "table", "schedule"},
    "damaged_book": {"backups", "copies", "clock", "log", "policy", "grants", "columns", "budget"},
    "damaged_backups": {"backups", "copies"},
}
HARMS = [(code, harm) for code, harms in DAMAGES.items() for harm in harms]


@pytest.mark.parametrize(("code", "harm"), HARMS)
def test_damage_is_one_finding_and_the_rest_is_looked_at(
    case: Case, code: str, harm: Callable[[Case], None]
) -> None:
    open_home(case)
    harm(case)
    found = case.look()
    assert codes(found) == {code, "home_open"}
    assert code in {finding.code for finding in found.of("unsafe")}
    fine = {finding.code.removeprefix("part_") for finding in found.of("fine")}
    assert "memory" in fine
    assert not fine & BLIND.get(code, set())
    assert BLIND.get(code, set()) <= set(found.unseen)
    assert (code in codes(case.look(opened=False))) is (code not in SEEN_OPENED)


def test_a_register_that_these_keys_did_not_write_shows_only_to_who_opens_the_home(case: Case) -> None:
    case.sql("UPDATE backup_register SET proof = zeroblob(28)")
    assert codes(case.look()) == {"damaged_backups"}
    found = case.look(opened=False)
    assert codes(found) == set()
    assert "register" in found.unseen


def test_what_only_the_opening_shows_of_a_damaged_key_file(case: Case) -> None:
    spoil_the_body(case)
    found = case.look()
    assert codes(found) == {"damaged_keys"}
    assert found.unseen == ("rotation", "ages", "register", "grants", "table", "schedule")


@pytest.mark.parametrize("name", ["book.sqlite", "witness.sqlite"])
def test_a_lost_database_is_not_made_anew(case: Case, name: str) -> None:
    (case.path / name).unlink()
    case.look()
    assert not (case.path / name).exists()


def test_another_versions_file_is_left_to_that_version(case: Case) -> None:
    with case.home() as home, home.book.transaction() as book:
        row = book.register()
        entries = (row.entries or b"").replace(b'"v":3', b'"v":9')
        book.put_register(entries, _proof(home, entries, row.changed_in))
    assert codes(case.look()) == {"version_other"}


def test_a_policy_that_these_keys_did_not_seal_is_not_taken_for_a_damaged_book(case: Case) -> None:
    case.sql("UPDATE policy SET sealed = x'00'")
    assert codes(case.look()) == {"policy_unreadable"}


def test_names_that_do_not_open_are_not_taken_for_a_damaged_book(
    fresh: tuple[Path, Remembered], tmp_path: Path
) -> None:
    shutil.copytree(fresh[0], tmp_path / "home")
    case = Case(tmp_path, fresh[1], machine(tmp_path / "linux"))
    case.sql("UPDATE adopted SET sealed = x'00'")
    assert codes(case.look()) == {"damaged_table", "one_steward", "backup_none"}


def test_of_many_columns_the_first_are_named() -> None:
    names = [f"c{number}" for number in range(13)]
    assert _counted("columns_unconfirmed", 12, names[:12], ()).fields["names"] == ", ".join(names[:12])
    assert _counted("columns_unconfirmed", 13, names, ()).fields["names"] == ", ".join([*names[:12], "…"])


def test_where_there_is_no_home_there_is_nothing_to_look_at(case: Case, tmp_path: Path) -> None:
    with pytest.raises(UsageInvalid, match="home_missing"):
        check_up(tmp_path / "nowhere")
    (case.path / "node.json").write_text("{}")
    with pytest.raises(UsageInvalid, match="home_damaged"):
        case.look()
    (case.path / "node.json").write_text('{"v":9}')
    with pytest.raises(VersionOther):
        case.look()


def test_a_wrong_passphrase_is_no_finding(case: Case) -> None:
    with pytest.raises(Denied, match="passphrase_wrong"):
        check_up(case.path, "wrong", lambda: NOW, case.machine)


def test_plain_data_holds_what_a_program_needs(case: Case) -> None:
    open_home(case)
    found = case.look(opened=False).to_json()
    assert (found["name"], found["unsafe"], found["to_do"]) == ("工会", 1, 0)
    assert found["findings"][0] == {
        "code": "home_open",
        "severity": "unsafe",
        "fields": {},
        "commands": [f"chmod -R go= {case.path}"],
    }
    assert found["unseen"] == ["rotation", "ages", "register", "grants", "table", "schedule"]
