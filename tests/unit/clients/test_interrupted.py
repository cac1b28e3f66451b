"""Commands on keys that are stopped at every step: nothing is lost, and the next one finishes."""

import errno
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
from simulators.kills import run_script
from simulators.stewards import Remembered
from xinqiao_clients.backup import back_up
from xinqiao_clients.deletion import delete_person
from xinqiao_clients.home import KEY_FILE, Home, Settings
from xinqiao_clients.key_file import KeyFile, read_epoch
from xinqiao_clients.register import behind, outdated_copies
from xinqiao_clients.restoring import restore
from xinqiao_clients.rotation import add_steward, remove_steward, rotate
from xinqiao_clients.store import Store
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, XinqiaoError

SETTINGS = Settings("dept", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)
UNREAD = CONTRACT.replace("staff", "another", 1)  # never checked: Great Expectations takes seconds to load
PERSON = str(table(1)["id"][3])
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
EVENTS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "shutil.rmtree"}


@dataclass
class Faults:
    """Fails the `left`-th change of the disk below `root`, and with `all_after` every one after it."""

    root: str = ""
    left: int = 0
    code: int = 0
    all_after: bool = False
    hit: bool = False

    def arm(self, root: Path, left: int, code: int, *, all_after: bool) -> None:
        self.root, self.left, self.code, self.all_after, self.hit = str(root), left, code, all_after, False

    def disarm(self) -> None:
        self.root = ""

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.root or event not in EVENTS or not str(arguments[0]).startswith(self.root):
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITES):
            return
        self.left -= 1
        if self.left == 0 or (self.all_after and self.left < 0):
            self.hit = True
            raise OSError(self.code, "injected")


FAULTS = Faults()


@pytest.fixture(scope="module", autouse=True)
def hooked() -> None:
    sys.addaudithook(FAULTS.audit)  # none is ever taken away again; it sleeps while no root is set


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home and its backup, which the register finds beside any copy of both by its relative place."""
    root = tmp_path_factory.mktemp("template")
    with closing(Home.create(root / "home", SETTINGS, PASSPHRASE, lambda: NOW)) as home:
        home.adopt(dataset(), UNREAD, home.store.write(dataset(), table(1)), CAP, "s")
        add_steward(home, "王芳", PASSPHRASE, "s")
    return root


@pytest.fixture(scope="module")
def steward(template: Path) -> Remembered:
    return Remembered(template / "home" / KEY_FILE, PASSPHRASE)


def opened(path: Path, steward: Remembered) -> Home:
    return Home.open(path / "home", steward, lambda: NOW)


def prepare(template: Path, path: Path, steward: Remembered) -> None:
    shutil.copytree(template, path)
    with closing(opened(path, steward)) as home:
        back_up(home, path / "backup", path / "safe.json", "s")


def rotates(path: Path, steward: Remembered) -> None:
    with closing(opened(path, steward)) as home:
        rotate(home, "s")


def deletes(path: Path, steward: Remembered) -> None:
    with closing(opened(path, steward)) as home:
        delete_person(home, PERSON, "s")


def backs_up(path: Path, steward: Remembered) -> None:
    with closing(opened(path, steward)) as home:
        back_up(home, path / "backup", path / "safe.json", "s")


def backs_up_elsewhere(path: Path, steward: Remembered) -> None:
    with closing(opened(path, steward)) as home:
        back_up(home, path / "second", path / "second.json", "s")


def restores(path: Path, steward: Remembered) -> None:
    keys = None if (path / "home" / KEY_FILE).exists() else path / "safe.json"
    restore(path / "home", path / "backup", steward, keys=keys, clock=lambda: NOW).close()


def restores_the_keys(path: Path, steward: Remembered) -> None:
    restore(path / "home", None, steward, keys=path / "safe.json", clock=lambda: NOW).close()


def adds(path: Path, steward: Remembered) -> None:
    with closing(opened(path, steward)) as home:
        add_steward(home, "赵敏", PASSPHRASE, "s")


def removes(path: Path, steward: Remembered) -> None:
    with closing(opened(path, steward)) as home:
        remove_steward(home, "王芳", "s")


def lose_nothing(path: Path, steward: Remembered) -> None:
    pass


def lose_all(path: Path, steward: Remembered) -> None:
    shutil.rmtree(path / "home" / "store")
    (path / "home" / KEY_FILE).unlink()


def lose_the_keys(path: Path, steward: Remembered) -> None:
    """With a table that is newer than the backup's."""
    with closing(opened(path, steward)) as home, home.importing():
        home.adopt(dataset(), UNREAD, home.store.write(dataset(), table(1)), CAP, "s")
    (path / "home" / KEY_FILE).unlink()


Act = Callable[[Path, Remembered], None]
COMMANDS: dict[str, tuple[Act, Act]] = {
    "rotate": (rotates, lose_nothing),
    "delete": (deletes, lose_nothing),
    "backup": (backs_up, lose_nothing),
    "first backup": (backs_up_elsewhere, lose_nothing),
    "restore": (restores, lose_all),
    "restore keys": (restores_the_keys, lose_the_keys),
    "add": (adds, lose_nothing),
    "remove": (removes, lose_nothing),
}


DONE_BEFORE = {
    ("delete", "person_unknown"),
    ("restore", "key_epoch_gone"),
    ("restore", "backup_torn"),
    ("restore keys", "key_file_exists"),
    ("add", "steward_known"),
    ("remove", "steward_unknown_name"),
}
# How often the journal may say what was done: a note that comes first, or last, comes with each call.
TOLD = {
    "delete": ("delete_person", {1}),
    "restore": ("restore", {1, 2}),
    "restore keys": ("restore", {1}),
    "add": ("add_steward", {2, 3}),
    "remove": ("remove_steward", {1}),
}


def require_whole(path: Path, steward: Remembered, command: str, old: bytes) -> None:
    """After one more call of the command the home is as if nothing had ever failed."""
    try:
        COMMANDS[command][0](path, steward)
    except (UsageInvalid, StoreDamaged) as error:  # the call that failed had done it, before it failed
        if (command, error.code) not in DONE_BEFORE:
            raise
        if command != "add":
            rotates(path, steward)
    with closing(opened(path, steward)) as home:
        home.tidy()
        for backup in (*behind(home), *outdated_copies(home)):  # of a command that did not renew them
            back_up(home, backup.folder, backup.keys, "s")
        assert not home.key_file.rotating
        ids = list(home.store.read(home.version, ["id"])["id"])
        assert len(ids) == (59 if command == "delete" else 60)
        assert (PERSON in ids) == (command != "delete")
        places = ["backup", "second"] if command == "first backup" else ["backup"]
        for place in places:
            keys = "safe.json" if place == "backup" else "second.json"
            assert (path / keys).read_bytes() == (home.path / KEY_FILE).read_bytes()
            copy = Store(path / place, KeyFile.open(path / keys, steward))
            assert list(copy.read(home.version, ["id"])["id"]) == ids
        assert behind(home) == ()
        if command in TOLD:
            action, times = TOLD[command]
            assert [event.action for event in home.book.events()].count(action) in times
        names = [one.name for one in home.key_file.stewards]
        assert ("赵敏" in names, "王芳" in names) == (command == "add", command != "remove")
        if command in ("rotate", "delete", "restore keys", "remove"):
            assert old not in home.keys.store.epochs
        (version,) = (home.path / "store" / "staff").iterdir()
        assert version.name == home.version.folder
    assert [name for name in path.rglob("*") if name.match(".tmp-*") or name.match("*.new")] == []
    assert list(path.rglob(".restored*")) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "all_after"),
    [
        pytest.param(errno.ENOSPC, False, id="full once"),
        pytest.param(errno.EACCES, True, id="forbidden", marks=pytest.mark.heavy),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_that_fails_at_any_step_loses_nothing(
    template: Path, steward: Remembered, tmp_path: Path, command: str, code: int, *, all_after: bool
) -> None:
    act, before = COMMANDS[command]
    for left in range(1, 500):
        path = tmp_path / str(left)
        prepare(template, path, steward)
        old = read_epoch(path / "home" / KEY_FILE)
        before(path, steward)
        FAULTS.arm(path, left, code, all_after=all_after)
        try:
            act(path, steward)
        except XinqiaoError:
            pass
        finally:
            FAULTS.disarm()
        if not FAULTS.hit:
            break
        require_whole(path, steward, command, old)
        shutil.rmtree(path)
    assert left > 5


_KILLED = """
    import os, shutil, signal, sys
    from pathlib import Path
    from simulators.enterprise import PASSPHRASE
    from simulators.kills import Points
    from simulators.stewards import Remembered
    from unit.clients.test_interrupted import COMMANDS

    EVENTS = {"os.rename", "os.remove", "os.rmdir", "os.link", "shutil.rmtree"}

    def act(points):
        fsync = os.fsync
        os.fsync = lambda handle: (points.reach(), fsync(handle))
        sys.addaudithook(lambda event, _: event in EVENTS and points.reach())
        COMMANDS[command](place, steward)
        os._exit(0)

    start, killed, place, key_file = map(Path, sys.argv[1:5])
    command = sys.argv[5]
    COMMANDS = {name: command[0] for name, command in COMMANDS.items()}
    steward, status = Remembered(key_file, PASSPHRASE), -signal.SIGKILL
    while status == -signal.SIGKILL:
        shutil.copytree(start, place)
        left = len(list(killed.iterdir())) + 1
        child = os.fork()
        if child == 0:
            act(Points(left))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        place.rename(killed / str(left))
    sys.exit(status)
"""


@pytest.mark.heavy
@pytest.mark.parametrize("command", COMMANDS)
def test_kill_9_at_any_step_loses_nothing(
    template: Path, steward: Remembered, tmp_path: Path, command: str
) -> None:
    """The register has the backup's places as absolute paths: each copy stands there in its turn."""
    place, start, killed = tmp_path / "place", tmp_path / "start", tmp_path / "killed"
    killed.mkdir()
    prepare(template, place, steward)
    old = read_epoch(place / "home" / KEY_FILE)
    COMMANDS[command][1](place, steward)
    place.rename(start)
    run_script(_KILLED, start, killed, place, template / "home" / KEY_FILE, Path(command))
    copies = sorted(killed.iterdir())
    assert len(copies) > 5
    for path in copies:
        path.rename(place)
        require_whole(place, steward, command, old)
        shutil.rmtree(place)
