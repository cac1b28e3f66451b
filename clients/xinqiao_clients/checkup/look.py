"""The look itself: every part by itself, so that a damaged one is a finding and does not end it."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from xinqiao_clients.backup import REGISTER
from xinqiao_clients.book import Book
from xinqiao_clients.checkup import books, disk, inside
from xinqiao_clients.checkup.finding import Finding, Look, typed
from xinqiao_clients.checkup.machine import Machine
from xinqiao_clients.home import KEY_FILE, Home, read_settings, require_databases
from xinqiao_clients.key_file import KeyFile
from xinqiao_clients.keys import Keys
from xinqiao_clients.providers import KeyProvider
from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import StoreDamaged, VersionOther, WireInvalid, XinqiaoError
from xinqiao_ledger.files import io_errors

_ORDER = ("unsafe", "to_do", "fine")
_NOBODY = bytes(32)


@dataclass(frozen=True)
class Part:
    """One part of the look: what finds, of which source it reads, and what must be open for it."""

    name: str
    source: str
    needs: Literal["disk", "book", "home"]
    find: Callable[[Look], Iterable[Finding]]

    def is_open(self, look: Look) -> bool:
        """Say whether the part can be looked at."""
        opened = {"disk": True, "book": look.book is not None, "home": look.home is not None}
        return opened[self.needs]


PARTS = (
    Part("files", "files", "disk", disk.files),
    Part("leftovers", "files", "disk", disk.leftovers),
    Part("disk", "files", "disk", disk.place),
    Part("memory", "files", "disk", disk.memory),
    Part("keys", "keys", "disk", disk.keys),
    Part("rotation", "keys", "home", inside.rotation),
    Part("backups", "backups", "disk", disk.copies),
    Part("copies", "book", "book", books.stale_copies),
    Part("clock", "book", "book", books.clock),
    Part("log", "book", "book", books.log),
    Part("policy", "book", "book", books.policy),
    Part("grants", "book", "book", books.grants),
    Part("columns", "book", "book", books.columns),
    Part("table", "table", "home", inside.table),
    Part("schedule", "schedule", "home", inside.schedule),
    Part("budget", "book", "book", books.budget),
)


@dataclass(frozen=True)
class Checkup:
    """What was found, the unsafe first, and which parts nobody could look at."""

    name: str
    findings: tuple[Finding, ...]
    unseen: tuple[str, ...]

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
        look = _with_book(look, now, held, damaged)
        if opener is not None and look.book is not None:
            look = _with_home(look, opener, now, held, damaged)
        seen = [part for part in PARTS if part.is_open(look)]
        found = [finding for part in seen for finding in _found(part, look, damaged)]
    findings = sorted((*damaged.values(), *found), key=lambda finding: _ORDER.index(finding.severity))
    return Checkup(settings.name, tuple(findings), tuple(p.name for p in PARTS if p not in seen))


def _with_book(look: Look, now: Callable[[], int], held: ExitStack, damaged: dict[str, Finding]) -> Look:
    try:
        require_databases(look.path)
        book = Book(look.path / "book.sqlite", _NOBODY, now, create=False)
    except (StoreDamaged, WireInvalid) as error:
        damaged["book"] = _damaged("book", look, error)
        return look
    return replace(look, book=held.enter_context(closing(book)))


def _with_home(
    look: Look,
    opener: str | KeyProvider,
    now: Callable[[], int],
    held: ExitStack,
    damaged: dict[str, Finding],
) -> Look:
    source = "keys"
    try:
        keys: Keys = KeyFile.open(look.path / KEY_FILE, opener)
        source = "home"
        home = Home(look.path, read_settings(look.path), keys, now)
    except (StoreDamaged, WireInvalid) as error:
        damaged[source] = _damaged(source, look, error)
        return look
    return replace(look, home=held.enter_context(closing(home)))


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
    return Finding(f"damaged_{source}", "unsafe", fields, _repair(source, look))


def _repair(source: str, look: Look) -> tuple[str, ...]:
    """Return what mends a source; what no backup holds is only begun anew."""
    anew = typed("xinqiao", "node", "init", "--home", "DIR", "--name", "NAME", "--centre", "FILE")
    key_file, register = look.path / KEY_FILE, look.path / REGISTER
    repairs = {
        "files": (typed("ls", "-la", look.path),),
        "home": (anew,),
        "book": (anew,),
        "keys": (
            *([typed("mv", key_file, "DIR")] if key_file.exists() else []),
            look.command("keys restore", "--from", "DIR", "--keys", "FILE"),
        ),
        "backups": (
            typed("mv", register, "DIR"),
            look.command("keys backup", "--out", "DIR", "--keys", "FILE"),
        ),
        "table": (look.command("keys restore", "--from", "DIR"),),
        "schedule": (look.command("node refresh", "--stop"),),
    }
    return repairs[source]


def _now() -> int:
    return int(time.time())
