"""Putting a backup back into a home that kept its book: the key file, the table, or both."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from xinqiao_clients import subjects
from xinqiao_clients.backup import Mark, copy_version
from xinqiao_clients.home import KEY_FILE, Home, read_settings, require_databases
from xinqiao_clients.key_file import KeyFile
from xinqiao_clients.providers import KeyProvider
from xinqiao_clients.rotation import rotate
from xinqiao_clients.store import Store, Version
from xinqiao_governance.errors import StoreDamaged, UsageInvalid
from xinqiao_ledger.files import io_errors, sync_folder


def restore(
    path: Path,
    folder: Path,
    opener: str | KeyProvider,
    *,
    keys: Path | None = None,
    steward: str | None = None,
    clock: Callable[[], int] | None = None,
) -> Home:
    """Put the adopted version, and with `keys` the key file, back into the home at `path`; return it open.

    Nothing is put back before every byte of it was found to be what the book uses.

    Raises:
        UsageInvalid: there is no home or no book at `path`; it has a key file already; the backup is of
            another home, or of a version that the book does not use.
        Denied: the passphrase does not open the key file.
        StoreDamaged: the backup is torn, damaged or under a key that was destroyed.
    """
    settings = read_settings(path)
    if not (path / "book.sqlite").exists():
        raise UsageInvalid("restore_needs_book", path=str(path))
    require_databases(path)
    if keys is not None and (path / KEY_FILE).exists():
        raise UsageInvalid("key_file_exists", path=str(path / KEY_FILE))
    known = None if steward is None else subjects.known_as(steward)
    opened = KeyFile.open(keys or path / KEY_FILE, opener, known)
    with (
        closing(Home(path, settings, opened, clock or (lambda: 0))) as home,
        # A copy of the keys may be older than the book: it is put back on purpose, and rotated at once.
        home.importing(any_age=keys is not None),
        home.store.alone(),
    ):
        _put_back(home, folder)
        if keys is not None:
            if (path / KEY_FILE).exists():  # since this began
                raise UsageInvalid("key_file_exists", path=str(path / KEY_FILE))
            home.note_newest_key()
            home.key_file.put_back(path / KEY_FILE)
    return _opened_again(path, opener, steward, clock, rotating=keys is not None)


def _opened_again(
    path: Path,
    opener: str | KeyProvider,
    steward: str | None,
    clock: Callable[[], int] | None,
    *,
    rotating: bool,
) -> Home:
    """Open the home; a key file that lay outside is the reason for a new key of the store."""
    with ExitStack() as undo:
        home = Home.open(path, opener, clock, steward=steward)
        undo.callback(home.close)
        home.note(home.key_file.steward, "restore")
        if rotating:
            rotate(home, home.key_file.steward)
        undo.pop_all()
    return home


def _put_back(home: Home, folder: Path) -> None:
    mark, version = Mark.read(folder), home.version
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
