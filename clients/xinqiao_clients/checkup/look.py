"""The look itself: every part by itself, so that a damaged one is a finding and does not end it."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from xinqiao_clients.book import Book
from xinqiao_clients.checkup import books, disk, inside
from xinqiao_clients.checkup.finding import Finding, Look, typed
from xinqiao_clients.checkup.machine import Machine
from xinqiao_clients.home import KEY_FILE, Home, read_settings
from xinqiao_clients.key_file import KeyFile, read_epoch, read_kinds
from xinqiao_clients.keys import Keys
from xinqiao_clients.providers import KeyProvider
from xinqiao_clients.register import listed, registered
from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import NodeUnavailable, StoreDamaged, VersionOther, WireInvalid, XinqiaoError
from xinqiao_ledger.files import io_errors

_ORDER = ("unsafe", "to_do", "fine")
_NOBODY = bytes(32)
_AGES = {"key_file_older": "keys", "book_older": "book"}  # an old copy put back → what mends it


@dataclass(frozen=True)
class Part:
    """One part of the look: what finds, what it blames where it cannot read on, and what must be open."""

    name: str
    source: str
    find: Callable[[Look], Iterable[Finding]]
    needs: tuple[str, ...] = ()

    def is_open(self, look: Look) -> bool:
        """Say whether the part can be looked at."""
        return all(getattr(look, need) is not None for need in self.needs)


PARTS = (
    Part("files", "files", disk.files),
    Part("leftovers", "files", disk.leftovers),
    Part("disk", "files", disk.place),
    Part("memory", "files", disk.memory),
    Part("keys", "keys", disk.keys, ("slots",)),
    Part("rotation", "keys", inside.rotation, ("home",)),
    Part("ages", "keys", inside.ages, ("home",)),
    Part("register", "backups", inside.register, ("home",)),
    Part("backups", "backups", disk.copies, ("epoch", "register")),
    Part("copies", "book", books.stale_copies, ("book", "register")),
    Part("clock", "book", books.clock, ("book",)),
    Part("log", "book", books.log, ("book",)),
    Part("policy", "home", books.policy, ("book",)),
    Part("grants", "book", inside.grants, ("home",)),
    Part("columns", "table", books.columns, ("book",)),
    Part("table", "table", inside.table, ("home",)),
    Part("schedule", "schedule", inside.schedule, ("home",)),
    Part("budget", "book", books.budget, ("book",)),
)


@dataclass(frozen=True)
class Checkup:
    """What was found, the unsafe first, and which parts nobody could look at; `opened` if keys were given."""

    name: str
    findings: tuple[Finding, ...]
    unseen: tuple[str, ...]
    opened: bool

    def of(self, severity: str) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {
            "name": self.name,
            "unsafe": len(self.of("unsafe")),
            "to_do": len(self.of("to_do")),
            "findings": [finding.to_json() for finding in self.findings],
            "unseen": list(self.unseen),
            "opened": self.opened,
        }


def check_up(
    path: Path,
    opener: str | KeyProvider | None = None,
    clock: Callable[[], int] | None = None,
    machine: Machine | None = None,
) -> Checkup:
    """Look at the home at `path`; what only its keys show, only where `opener` opens them.

    It changes nothing. Nothing of what it finds is a cell or a person's value; columns are named only where
    the home was opened.

    Raises:
        UsageInvalid: there is no home, or its settings cannot be read.
        VersionOther: another version wrote the settings.
        Denied, NodeUnavailable: the passphrase, the PIN or the token does not open the keys.
    """
    now = clock or _now
    settings = read_settings(path)
    damaged: dict[str, Finding] = {}
    with ExitStack() as held:
        look = Look(path, machine or Machine(), now())
        look = _read("keys", _with_slots, look, damaged)
        look = _read("book", lambda look: _with_book(look, now, held), look, damaged)
        keys = None if opener is None or look.slots is None else _opened(look, opener, damaged)
        if "keys" in damaged:
            look = replace(look, key_file=None)  # no copy is the worse for being another
        if keys is not None and look.book is not None:
            look = _read("home", lambda look: _with_home(look, keys, now, held), look, damaged)
            if any(finding.code in _AGES for finding in damaged.values()):
                look = replace(look, epoch=None)  # and nobody may say which backup is behind
        if look.book is not None:
            look = _read("backups", _with_register, look, damaged)
        seen = [part for part in PARTS if part.is_open(look)]
        found = [finding for part in seen for finding in _found(part, look, damaged)]
    findings = sorted((*damaged.values(), *found), key=lambda finding: _ORDER.index(finding.severity))
    unseen = tuple(part.name for part in PARTS if part not in seen)
    return Checkup(settings.name, tuple(findings), unseen, opener is not None)


def _read(source: str, read: Callable[[Look], Look], look: Look, damaged: dict[str, Finding]) -> Look:
    """Return what `read` makes of the look; where it cannot, the look as it was, and a finding."""
    try:
        with io_errors(look.path):
            return read(look)
    except (StoreDamaged, WireInvalid, NodeUnavailable) as error:
        damaged[source] = _damaged(source, look, error)
        return look


def _opened(look: Look, opener: str | KeyProvider, damaged: dict[str, Finding]) -> Keys | None:
    """Open the keys. A token that is not there, unlike a damaged file, ends the look: it can be put in."""
    try:
        return KeyFile.open(look.path / KEY_FILE, opener)
    except (StoreDamaged, WireInvalid) as error:
        damaged["keys"] = _damaged("keys", look, error)
        return None


def _with_slots(look: Look) -> Look:
    path = look.path / KEY_FILE
    return replace(look, slots=read_kinds(path), epoch=read_epoch(path), key_file=path.read_bytes())


def _with_register(look: Look) -> Look:
    """Read the register: proven where the home is open, else as it stands."""
    found = listed(look.path, look.open_book) if look.home is None else registered(look.home)
    return replace(look, register=found)


def _with_book(look: Look, now: Callable[[], int], held: ExitStack) -> Look:
    book = Book(look.path / "book.sqlite", _NOBODY, now, create=False, read_only=True)
    return replace(look, book=held.enter_context(closing(book)))


def _with_home(look: Look, keys: Keys, now: Callable[[], int], held: ExitStack) -> Look:
    home = Home(look.path, read_settings(look.path), keys, now, read_only=True)
    held.enter_context(closing(home)).require_one_age()
    return replace(look, home=home)


def _found(part: Part, look: Look, damaged: dict[str, Finding]) -> Iterator[Finding]:
    """Yield what a part finds; one that cannot be read becomes a finding on its source, told once."""
    try:
        with io_errors(look.path):
            found = tuple(part.find(look))
    except XinqiaoError as error:
        damaged.setdefault(part.source, _damaged(part.source, look, error))
        return
    yield from found or (Finding(f"part_{part.name}", "fine"),)


def _damaged(source: str, look: Look, error: XinqiaoError) -> Finding:
    fields = {"why": error.code, **error.fields}
    if isinstance(error, VersionOther):
        return Finding("version_other", "unsafe", fields, (look.command("node doctor"),))
    if error.code == "book_former":
        return Finding("book_former", "to_do", {}, (look.command("node status"),))
    if error.code in _AGES:
        return Finding(error.code, "unsafe", {}, _repair(_AGES[error.code], look))
    return Finding(f"damaged_{source}", "unsafe", fields, _repair(source, look))


def _repair(source: str, look: Look) -> tuple[str, ...]:
    """Return what mends a source; what no backup holds is only begun anew."""
    anew = typed("xinqiao", "node", "init", "--home", "DIR", "--name", "NAME", "--centre", "FILE")
    key_file = look.path / KEY_FILE
    repairs = {
        "files": (typed("ls", "-la", look.path),),
        "home": (anew,),
        "book": (anew,),
        "keys": (
            *([typed("mv", key_file, "DIR")] if key_file.exists() else []),
            look.command("keys restore", "--keys", "FILE"),
        ),
        "backups": (
            look.command("keys backup", "--new-register"),
            look.command("keys backup", "--out", "DIR", "--keys", "FILE"),
        ),
        "table": (look.command("keys restore", "--from", "DIR"),),
        "schedule": (look.command("node refresh", "--stop"),),
    }
    return repairs[source]


def _now() -> int:
    return int(time.time())
