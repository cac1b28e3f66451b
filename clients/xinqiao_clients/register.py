"""The register of backups: which there are, in the book, with a proof that these keys wrote it.

Its entries are readable, so that whoever looks after the machine sees without a passphrase which backup is
behind. The proof binds them to the event that last changed which backups there are: a register that was
edited, or an earlier one put back, proves nothing, and neither does a missing one once an event says that
there were backups. Nothing is rotated and nobody deleted then, until a steward begins a new one on purpose.

It has the digest of what was written last in each place, too. Where something else lies, the copy of before
is elsewhere, with keys that nobody renews: that backup stays an open duty.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from xinqiao_clients.book import Book, RegisterRow, Transaction
from xinqiao_clients.home import Home
from xinqiao_clients.keys import EPOCH_BYTES
from xinqiao_clients.manifest import DIGEST_BYTES
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, VersionOther, WireInvalid
from xinqiao_governance.parse import (
    fields_of,
    hex_bytes,
    integer,
    mapping,
    objects,
    text,
    texts,
    versioned_fields,
)
from xinqiao_ledger.event import Kind
from xinqiao_ledger.files import io_errors, version_errors

FORMER = "backups.json"  # where homes of before kept it, without a proof
_VERSION, _WITHOUT_DIGESTS, _FORMER_VERSION = 3, 2, 1
_NO_EPOCH, _NO_VERSION = bytes(EPOCH_BYTES), bytes(DIGEST_BYTES)
_MOST_BYTES = 1 << 17  # more than a key file or a mark has
_FIELDS = ("folder", "keys", "epoch", "time", "version")


@dataclass(frozen=True)
class Backup:
    """A registered backup: absolute paths; and of its last writing the store's key, time and table's digest.

    With the time 0 it never was whole.
    """

    folder: Path
    keys: Path
    epoch: bytes = _NO_EPOCH
    time: int = 0
    version: bytes = _NO_VERSION

    @property
    def mark(self) -> Path:
        """The file by which the folder is known."""
        return self.folder / "backup.json"

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "folder": str(self.folder),
            "keys": str(self.keys),
            "epoch": self.epoch.hex(),
            "time": self.time,
            "version": self.version.hex(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "Backup":
        """Parse the canonical form; WireInvalid for anything else."""
        # registers of before had no digests
        body = fields_of({"version": _NO_VERSION.hex(), **mapping(value)}, *_FIELDS)
        for name in ("folder", "keys"):
            if not is_path(text(body, name)):
                raise WireInvalid("wire_field_invalid", field=name)
        return cls(
            Path(text(body, "folder")),
            Path(text(body, "keys")),
            hex_bytes(body, "epoch", length=EPOCH_BYTES),
            integer(body, "time", at_least=0),
            hex_bytes(body, "version", length=DIGEST_BYTES),
        )


@dataclass(frozen=True)
class Register:
    """Every backup that is known.

    `begun` is when a steward began a new register in the place of a lost one (Unix seconds): which backups
    that one knew is an open question from then on; 0 where there is none. `written` has, by path, the digests
    (SHA-256, in hex) of which one lies there: of more than one only while it is being written.
    """

    backups: tuple[Backup, ...] = ()
    begun: int = 0
    written: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        found: list[Json] = [backup.to_json() for backup in self.backups]
        written: dict[str, Json] = {path: list(digests) for path, digests in self.written.items()}
        return dumps({"v": _VERSION, "begun": self.begun, "backups": found, "written": written})

    @classmethod
    def decode(cls, data: bytes) -> "Register":
        """Parse the canonical bytes; WireInvalid or VersionOther for anything else."""
        value = mapping(loads(data))
        if value.get("v") == _WITHOUT_DIGESTS:
            value = {**value, "v": _VERSION}
        body = versioned_fields(value, _VERSION, "v", "begun", "backups", "written")
        backups = tuple(Backup.from_json(entry) for entry in objects(body, "backups"))
        written = mapping(body["written"])
        return cls(
            backups, integer(body, "begun", at_least=0), {path: texts(written, path) for path in written}
        )

    def with_(self, backup: Backup) -> "Register":
        """Return the register with this backup in the place of the one in the same folder."""
        others = tuple(known for known in self.backups if known.folder != backup.folder)
        return replace(self, backups=(*others, backup))

    def without(self, backup: Backup) -> "Register":
        """Return the register without this backup."""
        kept = tuple(known for known in self.backups if known != backup)
        paths = {str(path) for known in kept for path in (known.keys, known.mark)}
        written = {path: digests for path, digests in self.written.items() if path in paths}
        return replace(self, backups=kept, written=written)

    def expecting(self, path: Path, *contents: bytes) -> "Register":
        """Return the register where one of these may be at `path` from now on, too."""
        digests = (*self.written.get(str(path), ()), *map(_digest, contents))
        return replace(self, written={**self.written, str(path): tuple(dict.fromkeys(digests))})

    def holding(self, path: Path, content: bytes) -> "Register":
        """Return the register where this and nothing else is at `path`."""
        return replace(self, written={**self.written, str(path): (_digest(content),)})

    def knows(self, path: Path) -> bool | None:
        """Say whether what lies at `path` is what was written there; None where no file is in reach."""
        try:
            if not path.is_file():
                return None
            with path.open("rb") as file:
                found = _digest(file.read(_MOST_BYTES))
        except OSError:
            return None
        known = self.written.get(str(path))  # nothing is known of what another register knew
        return known is None or found in known

    def holds(self, path: Path, content: bytes) -> bool:
        """Say whether this was written to `path` last, and whole, wherever that is now."""
        return self.written.get(str(path)) == (_digest(content),)

    def is_changed(self, backup: Backup) -> bool:
        """Say whether something else lies in a place of this backup: it, or a copy, is elsewhere then."""
        return False in (self.knows(backup.keys), self.knows(backup.mark))


def is_path(text_: str) -> bool:
    """Say whether a path can be written down and shown: it may be no UTF-8, or hold control codes."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text_)


def listed(home: Path, book: Book) -> Register:
    """Return the register of the home at this path as it stands: it needs no keys, and proves nothing.

    Raises:
        StoreDamaged: it is missing or damaged, or an earlier version's file.
        VersionOther: a later version wrote it.
    """
    return _parsed(home, book.register())


def registered(home: Home, book: Book | Transaction | None = None) -> Register:
    """Return the register, which these keys wrote after the last event that changed it.

    Raises:
        StoreDamaged: as `listed`; or it is not what these keys wrote.
        VersionOther: a later version wrote it.
    """
    row = (book or home.book).register()
    if row.entries is not None:
        try:
            home.keys.unwrap(_label(row.entries, row.changed_in), row.proof or b"")
        except StoreDamaged as error:
            raise StoreDamaged("backups_unproven") from error
    return _parsed(home.path, row)


def backups(home: Home) -> tuple[Backup, ...]:
    """Return every backup that is known. Raises as `registered`."""
    return registered(home).backups


def behind(home: Home) -> tuple[Backup, ...]:
    """Return the backups that an older key of the store may still open: each an open duty.

    They were not renewed, or something else lies in their place. Raises as `registered`.
    """
    register, epoch = registered(home), home.keys.store.epoch
    return tuple(one for one in register.backups if one.epoch != epoch or register.is_changed(one))


def outdated_copies(home: Home) -> tuple[Backup, ...]:
    """Return the backups of which the copy of the key file does not know the stewards of today.

    Those that are `behind` are none of them. Raises as `registered`; StoreDamaged if the key file is gone.
    """
    register, late, path = registered(home), behind(home), home.key_file.path
    with io_errors(path):
        data = path.read_bytes()
    return tuple(one for one in register.backups if one not in late and not register.holds(one.keys, data))


def change(home: Home, steward: str, action: str, altered: Callable[[Register], Register]) -> None:
    """Change which backups there are, with the event that says so. Raises as `registered`."""
    with home.book.transaction() as book:
        _put(home, book, steward, action, altered(registered(home, book)))


def renew(home: Home, altered: Callable[[Register], Register]) -> None:
    """Note how the backups that are known stand now. Raises as `registered`."""
    with home.book.transaction() as book:
        entries = altered(registered(home, book)).encode()
        book.put_register(entries, _proof(home, entries, book.register().changed_in))


def begin_anew(home: Home, steward: str) -> Register:
    """Begin a new register where the one before is lost, damaged or an earlier version's; return it.

    What can still be read of that one is taken over, every backup as one that is behind.

    Raises:
        UsageInvalid: the register is whole: nothing is dropped from it in this way.
        VersionOther: a later version wrote it.
    """
    with home.importing(), home.store.alone():
        try:
            registered(home)
        except StoreDamaged:
            found = Register(_salvaged(home), max(1, home.clock()))
            with home.book.transaction() as book:
                _put(home, book, steward, "backup_register", found)
            if found.backups:  # else it may be read by somebody who knows more
                with io_errors(home.path / FORMER):
                    (home.path / FORMER).unlink(missing_ok=True)
            return found
    raise UsageInvalid("register_whole")


def declare_others_destroyed(home: Home, steward: str) -> None:
    """Close the question that a new register leaves: no backup is left that it does not list.

    Raises:
        UsageInvalid: no new register was begun.
    """
    with home.importing(), home.store.alone():
        if not registered(home).begun:
            raise UsageInvalid("register_whole")
        change(home, steward, "backup_destroyed", lambda register: replace(register, begun=0))


def _put(home: Home, book: Transaction, steward: str, action: str, register: Register) -> None:
    event = book.record(kind=Kind.KEYS, by=home.acting(book, steward), action=action)
    entries = register.encode()
    book.put_register(entries, _proof(home, entries, event.seq))


def _parsed(home: Path, row: RegisterRow) -> Register:
    if row.entries is None:
        if (home / FORMER).exists():
            raise StoreDamaged("backups_former")
        if row.changed_in:
            raise StoreDamaged("backups_missing")
        return Register()
    try:
        with version_errors(home / "book.sqlite"):
            return Register.decode(row.entries)
    except VersionOther:
        raise
    except WireInvalid as error:
        raise StoreDamaged("backups_unproven") from error


def _salvaged(home: Home) -> tuple[Backup, ...]:
    """Return what can be read of a register that proves nothing: paths, and no claim that any is renewed."""
    entries, path = home.book.register().entries, home.path / FORMER
    try:
        if entries is not None:
            found = Register.decode(entries).backups
        elif path.exists():
            with io_errors(path), version_errors(path):
                body = versioned_fields(loads(path.read_bytes()), _FORMER_VERSION, "v", "backups")
            found = tuple(Backup.from_json(entry) for entry in objects(body, "backups"))
        else:
            found = ()
    except VersionOther:
        raise
    except WireInvalid:
        return ()
    return tuple(Backup(backup.folder, backup.keys, time=max(1, backup.time)) for backup in found)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _label(entries: bytes, changed_in: int) -> str:
    return f"backups/{changed_in}/{sha256(entries).hexdigest()}"


def _proof(home: Home, entries: bytes, changed_in: int) -> bytes:
    return home.keys.wrap(_label(entries, changed_in), b"")
