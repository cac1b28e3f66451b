"""Putting a backup back into a home that kept its book: the key file, the table, or both."""

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from xinqiao_clients import subjects
from xinqiao_clients.backup import Mark, bring_up, copy_version
from xinqiao_clients.home import KEY_FILE, Home, Settings, read_settings, require_databases
from xinqiao_clients.key_ages import is_newest, require_one_age
from xinqiao_clients.key_file import RESTORE, KeyFile
from xinqiao_clients.providers import KeyProvider
from xinqiao_clients.register import registered
from xinqiao_clients.store import Store, Version
from xinqiao_governance.errors import StoreDamaged, UsageInvalid
from xinqiao_ledger.files import io_errors, sync_folder


def restore(
    path: Path,
    folder: Path | None,
    opener: str | KeyProvider,
    *,
    keys: Path | None = None,
    steward: str | None = None,
    clock: Callable[[], int] | None = None,
) -> Home:
    """Put the adopted version from `folder`, and the key file from `keys`, back; return the home, open.

    Where the home's own store has the adopted version and `keys` open it, the key file is all that was lost,
    and `folder` is not asked. A copy from before the last rotation is put back for who does this alone:
    somebody may have been taken out since. Nothing is put back before every byte was found to be what the
    book uses.

    Raises:
        UsageInvalid: as `require_restorable`; or the table is gone, too, and no folder was given; or the
            backup is of another home, or of a version that the book does not use.
        Denied: the passphrase does not open the key file.
        StoreDamaged: the backup is torn, damaged or under a key that was destroyed; or the book is older than
            the copy of the keys; or there is no table, and the copy is not the newest key file.
    """
    settings = require_restorable(path, folder, keys)
    known = None if steward is None else subjects.known_as(steward)
    opened = KeyFile.open(keys or path / KEY_FILE, opener, known)
    with (
        closing(Home(path, settings, opened, clock or (lambda: 0))) as home,
        # A copy of the keys may be older than the book: it is put back on purpose, and rotated at once. But a
        # book that is older than the copy has forgotten what was spent.
        home.importing(older_keys=keys is not None),
        home.store.alone(),
    ):
        if keys is not None and (path / KEY_FILE).exists():  # since this began
            raise UsageInvalid("key_file_exists", path=str(path / KEY_FILE))
        if keys is None or not _reads_its_table(home):
            _put_table_back(home, folder)
        if keys is not None:
            _put_keys_back(home)
    return _opened_again(path, opener, steward, clock, rotating=keys is not None)


def require_restorable(path: Path, folder: Path | None, keys: Path | None) -> Settings:
    """Refuse a home into which nothing can be put back, before anybody types a passphrase for it.

    Raises:
        UsageInvalid: there is nothing to put back from; there is no home or no book at `path`; it has a key
            file already; or the copy lies in the home itself.
        StoreDamaged: book or witness are empty, or the witness is gone.
    """
    if folder is None and keys is None:
        raise UsageInvalid("restore_what")
    settings = read_settings(path)
    if not (path / "book.sqlite").exists():
        raise UsageInvalid("restore_needs_book", path=str(path))
    require_databases(path)
    if keys is not None and (path / KEY_FILE).exists():
        raise UsageInvalid("key_file_exists", path=str(path / KEY_FILE))
    if keys is not None and path.resolve() in Path(os.path.realpath(keys)).parents:
        # as a draft, which is taken away
        raise UsageInvalid("restore_keys_inside", path=str(keys))
    return settings


def _opened_again(
    path: Path,
    opener: str | KeyProvider,
    steward: str | None,
    clock: Callable[[], int] | None,
    *,
    rotating: bool,
) -> Home:
    """Open the home, and finish the rotation with which a key file was put back; else note what was done."""
    with ExitStack() as undo:
        home = Home.open(path, opener, clock, steward=steward)
        undo.callback(home.close)
        if rotating:
            with home.importing(), home.store.alone():
                registered(home)
                home.finish_rotation()
                bring_up(home)
        else:
            home.note(home.key_file.steward, RESTORE)
        undo.pop_all()
    return home


def _reads_its_table(home: Home) -> bool:
    """Say whether the home's own store has all that the book uses, under these keys.

    Without a table nothing shows that whoever keeps the copy may still open the home: the copy is to be the
    newest, and older ones are StoreDamaged.
    """
    if home.book.adopted() is None:
        require_one_age(home.keys, home.book)
        return True
    try:
        _read_all(home.store, home, home.version)
    except StoreDamaged:
        return False
    return True


def _put_keys_back(home: Home) -> None:
    """Make the copy the home's key file; of one from before a rotation only the slot of who does this stays.

    Somebody may have been taken out since. Who else is to come back is added anew.
    """
    file = home.key_file
    with home.book.transaction() as book:
        home.tell_of_key(book)  # of a rotation that was under way when the copy was made
        home.acting(book, file.steward)  # the journal will say who
        newest = is_newest(home.keys, book)
    file.put_back(home.path / KEY_FILE, alone=not newest)


def _put_table_back(home: Home, folder: Path | None) -> None:
    version = home.version
    if folder is None:
        raise UsageInvalid("restore_needs_table")
    mark = Mark.read(folder)
    if mark.node != home.identity.fingerprint:
        raise UsageInvalid("backup_foreign", path=str(folder))
    if mark.version != version.digest:
        raise UsageInvalid("backup_outdated", path=str(folder))
    if not mark.whole:
        raise StoreDamaged("backup_torn", path=str(folder))
    _read_all(Store(folder, home.keys), home, version)
    target = home.store.folder(version)
    draft = target.parent / f".restored-{version.folder}"
    with io_errors(target):
        shutil.rmtree(draft, ignore_errors=True)
        copy_version(Store(folder, home.keys), version, draft)
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
        sync_folder(target.parent)
    _read_all(home.store, home, version)


def _read_all(store: Store, home: Home, version: Version) -> None:
    for column in home.dataset.columns:
        store.read(version, [column.name])
