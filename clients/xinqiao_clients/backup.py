"""Backups: encrypted tables in one place, the key file in another; the book has a register of both.

    <folder>/backup.json                     whose it is, of which version, under which key of the store
    <folder>/<dataset>/<version>/…           the adopted version as it stands in the store
    <file>                                   a copy of the key file

The folder may be copied anywhere: without a key file it opens to nobody, and after a rotation only by a newer
one. So what has to be found again and replaced are the copies of the key file alone. Every rotation, and with
it every deletion of a person, brings the registered backups up to the present state; one that cannot be
reached stays *behind*, an open duty, until it is brought up or its steward says that it was destroyed.

The book is not in a backup. What was spent and which steps were answered since would be forgotten with an
older one; so a home without its book is not restored, and a version that the book no longer uses is not put
back.
"""

import os
import secrets
import shutil
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from xinqiao_clients.home import KEY_FILE, Home
from xinqiao_clients.key_file import draft_of, write_key_file
from xinqiao_clients.keys import EPOCH_BYTES
from xinqiao_clients.register import (
    Backup,
    Register,
    backups,
    behind,
    change,
    is_path,
    outdated_copies,
    registered,
    renew,
)
from xinqiao_clients.store import MANIFEST, Store, Version
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, VersionOther, WireInvalid
from xinqiao_governance.parse import hex_bytes, integer, mapping, versioned_fields
from xinqiao_ledger.files import TEMPORARY, io_errors, replace_file, sync_folder, version_errors

_VERSION = 2
_ID_BYTES = 16


@dataclass(frozen=True)
class Mark:
    """What a backup's folder says of itself: whose (fingerprint), which version (digest), which epoch.

    `id` is drawn at each writing, so no two are alike; `whole` is false while it is being written.
    """

    node: bytes
    version: bytes
    epoch: bytes
    whole: bool
    id: bytes = field(default_factory=lambda: secrets.token_bytes(_ID_BYTES))

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return dumps(
            {
                "v": _VERSION,
                "id": self.id.hex(),
                "node": self.node.hex(),
                "version": self.version.hex(),
                "epoch": self.epoch.hex(),
                "whole": int(self.whole),
            }
        )

    @classmethod
    def read(cls, folder: Path) -> "Mark":
        """Read the mark of a backup. Raises StoreDamaged or VersionOther."""
        path = Backup(folder, folder).mark
        with io_errors(path):
            data = path.read_bytes()
        try:
            value = mapping(loads(data))
            if value.get("v") == 1:  # it had no id
                value = {**value, "v": _VERSION, "id": bytes(_ID_BYTES).hex()}
            with version_errors(path):
                body = versioned_fields(value, _VERSION, "v", "id", "node", "version", "epoch", "whole")
            return cls(
                id=hex_bytes(body, "id", length=_ID_BYTES),
                node=hex_bytes(body, "node", length=32),
                version=hex_bytes(body, "version", length=32),
                epoch=hex_bytes(body, "epoch", length=EPOCH_BYTES),
                whole=integer(body, "whole") == 1,
            )
        except VersionOther:
            raise
        except WireInvalid as error:
            raise StoreDamaged("backup_torn", path=str(folder)) from error


def back_up(home: Home, folder: Path, keys: Path, steward: str) -> Backup:
    """Write or renew a backup of the adopted version in `folder`, and of the key file at `keys`.

    Raises:
        UsageInvalid: nothing was imported; the places lie in each other or in the home, or hold something
            else; the backup that is registered there is not there; the home's keys are in no file.
        StoreDamaged: the register is lost or damaged; or a disk fails, and what was written is not whole:
            the register knows of it.
    """
    home.key_file  # noqa: B018  # keys in memory alone have no copy
    place = Backup(_real(folder), _real(keys))
    with home.importing(), home.store.alone():
        _check_places(home, place)
        home.finish_rotation()
        home.adopted  # noqa: B018  # without a table there is nothing to keep
        # Before it exists: a backup that nobody knows of is worse than none.
        known = {backup.folder: backup for backup in backups(home)}
        place = replace(known.get(place.folder, place), epoch=Backup(folder, keys).epoch)
        change(home, steward, "backup", lambda register: register.with_(place))
        _write_table(home, place)
        _write_keys(home, place)
        return _renewed(home, place)


def bring_up(home: Home) -> tuple[Backup, ...]:
    """Bring every backup to the present state; return those of which a part could not be reached.

    So are copies of the key file that do not know the stewards of today; `outdated_copies` says which are
    left. Call it while importing, with the store alone. What is not there is not made anew: a medium that is
    not mounted looks the same. Where the home's own table is gone, the last one may be in a backup, under the
    keys beside it: they stay as they are. Raises as `registered`: ask that before anything else is done.
    """
    left = behind(home)
    try:
        home.require_table()
    except StoreDamaged:
        pass
    else:
        left = tuple(backup for backup in left if not _brought_up(home, backup))
    for backup in outdated_copies(home):
        if registered(home).knows(backup.keys):
            with suppress(StoreDamaged):  # it stays a duty
                _write_keys(home, backup)
    return left


def give_up(home: Home, folder: Path, steward: str) -> None:
    """Take a backup off the register: its steward says that its copies, of the key file first, are destroyed.

    Raises:
        UsageInvalid: there is none in this folder, or it can be seen to be still there.
    """
    with home.importing(), home.store.alone():
        known, place = backups(home), _real(folder)
        gone = [backup for backup in known if backup.folder == place]
        if not gone:
            raise UsageInvalid("backup_unknown", path=str(folder))
        used = {backup.keys for backup in known if backup not in gone}
        for path in (gone[0].folder, gone[0].keys, draft_of(gone[0].keys)):
            if os.path.lexists(path) and path not in used:
                raise UsageInvalid("backup_still_there", path=str(path))
        change(home, steward, "backup_destroyed", lambda register: register.without(gone[0]))


def _check_places(home: Home, place: Backup) -> None:
    """Refuse a place where keys and tables would lie together, or where something else would be lost."""
    register, inside = registered(home), home.path.resolve()
    for path in map(str, (place.folder, place.keys)):
        if not is_path(path):
            shown = os.fsencode(path).decode("utf-8", "replace")
            raise UsageInvalid("path_unwritable", path="".join(one if is_path(one) else "�" for one in shown))
    if inside in (place.folder, *place.folder.parents) or inside in place.keys.parents:
        raise UsageInvalid("backup_inside_home")
    folders = (place.folder, *(backup.folder for backup in register.backups))
    if any(folder in (place.keys, *place.keys.parents) for folder in folders):
        raise UsageInvalid("backup_keys_beside")
    for backup in register.backups:  # a copy of the keys that nobody knows of would be renewed by nobody
        if backup.folder == place.folder and backup.keys != place.keys:
            raise UsageInvalid("backup_keys_moved", path=str(backup.keys))
        if backup.folder == place.folder:
            _require_there(register, backup)
        elif backup.folder in place.folder.parents:  # what is not of that backup is removed from there
            raise UsageInvalid("backup_folder_used", path=str(place.folder))
    _require_free(register, place)
    if place.folder.exists() and place.folder not in (backup.folder for backup in register.backups):
        with io_errors(place.folder):
            if not place.folder.is_dir() or any(place.folder.iterdir()):
                raise UsageInvalid("backup_folder_used", path=str(place.folder))


def _require_free(register: Register, place: Backup) -> None:
    """Refuse places of which one would be in another's way, a draft of a copy of the keys included."""
    copies = [backup.keys for backup in register.backups]
    known = {_name(path) for copy in copies for path in (copy, draft_of(copy))}
    ours = (place.keys, draft_of(place.keys))
    if not {*known, *map(_name, ours)}.isdisjoint(map(_name, (place.folder, *place.folder.parents))):
        raise UsageInvalid("backup_folder_used", path=str(place.folder))
    if place.keys in copies:  # what lies beside it is what a killed call left
        return
    folders = [folder for backup in register.backups for folder in (backup.folder, *backup.folder.parents)]
    known |= set(map(_name, folders))
    for path in ours:
        if os.path.lexists(path) or _name(path) in known:
            raise UsageInvalid("backup_file_exists", path=str(path))


def _name(path: Path) -> str:
    """A path as a medium may take it that tells no letter case, as most removable ones."""
    return unicodedata.normalize("NFC", str(path)).casefold()


def _real(path: Path) -> Path:
    """Where links lead; `Path.resolve` raises RuntimeError of links in a circle, which writing will name."""
    return Path(os.path.realpath(path))


def _require_there(register: Register, backup: Backup) -> None:
    """Refuse a new backup in the place of an old one that is elsewhere: nobody would know of it then."""
    for path in (backup.keys, backup.mark):
        known = register.knows(path)
        if known is False or (known is None and (backup.time or os.path.lexists(path))):
            raise UsageInvalid("backup_not_there", path=str(path), folder=str(backup.folder))


def _brought_up(home: Home, backup: Backup) -> bool:
    """Renew what can be reached, the copy of the keys first: it alone makes an old table readable."""
    register = registered(home)
    keys, table = register.knows(backup.keys), register.knows(backup.mark)
    try:
        if keys:
            _write_keys(home, backup)
        if not table or Mark.read(backup.folder).node != home.identity.fingerprint:
            return False
        _write_table(home, backup)
    except (StoreDamaged, VersionOther):
        return False
    if keys:
        _renewed(home, backup)
    return bool(keys)


def _renewed(home: Home, backup: Backup) -> Backup:
    """Note that a backup was written whole: when, under which key, and of which version."""
    now, version = max(1, home.clock()), home.version.digest
    backup = replace(backup, epoch=home.keys.store.epoch, time=now, version=version)
    renew(home, lambda register: register.with_(backup))
    return backup


def _write_keys(home: Home, place: Backup) -> None:
    """Put the key file in the place of its copy, through whatever link leads to that."""
    target = _real(place.keys)
    if target != place.keys and os.path.lexists(draft_of(target)):  # nobody was asked whose it is
        raise StoreDamaged("backup_file_exists", path=str(draft_of(target)))
    with io_errors(home.path):
        data = (home.path / KEY_FILE).read_bytes()
    renew(home, lambda register: register.expecting(place.keys, data))
    with io_errors(place.keys):
        write_key_file(target, data)
    renew(home, lambda register: register.holding(place.keys, data))


def _write_table(home: Home, place: Backup) -> None:
    """Make the folder a copy of the adopted version and of no other."""
    version = home.version
    mark = Mark(home.identity.fingerprint, version.digest, home.keys.store.epoch, whole=False)
    whole = replace(mark, whole=True).encode()
    target = place.folder / version.dataset_id / version.folder
    with io_errors(place.folder):
        missing_from(home.store, version, target)  # before the mark says that it is not whole
    renew(home, lambda register: register.expecting(place.mark, mark.encode(), whole))
    with io_errors(place.folder):
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in place.folder.glob(f"{TEMPORARY}*"):  # by a call that was killed
            left.unlink()
        replace_file(place.mark, mark.encode())
        for link in (target.parent, target):
            if link.is_symlink():  # what it leads to is no part of the backup
                link.unlink()
        copy_version(home.store, version, target)
        for other in target.parent.iterdir():
            if other != target:
                _remove(other)
        replace_file(place.mark, whole)
    renew(home, lambda register: register.holding(place.mark, whole))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def copy_version(store: Store, version: Version, target: Path) -> None:
    """Copy what is not there yet, file by file, each whole or not at all. Raises as `missing_from`."""
    source, names = store.folder(version), missing_from(store, version, target)
    for folder in (target.parent, target):
        folder.mkdir(mode=0o700, exist_ok=True)
    for name in names:
        replace_file(target / name, (source / name).read_bytes())
    for extra in target.iterdir():
        if extra.name not in (*store.digests(version), MANIFEST):
            _remove(extra)
    for path in (target.parent, target.parent.parent):
        sync_folder(path)


def missing_from(store: Store, version: Version, target: Path) -> list[str]:
    """Return the names of the files that a copy of a version lacks: a good column is never replaced.

    Raises:
        OSError: the disk fails.
        StoreDamaged: the version is not in its place, or a column is good neither there nor in the copy.
    """
    wanted, missing = {**store.digests(version), MANIFEST: None}, []
    for name, digest in wanted.items():
        found, copied = _digest(store.folder(version) / name), _digest(target / name)
        if copied is None or copied != (digest or found):
            missing.append(name)
            if found is None or found != (digest or found):
                raise StoreDamaged("store_version_replaced", dataset=version.dataset_id)
    return missing


def _digest(path: Path) -> bytes | None:
    return sha256(path.read_bytes()).digest() if path.exists() else None
