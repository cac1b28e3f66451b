"""The department's encrypted store: columns in versions; a version appears whole or not at all.

Layout, below one root:

    <dataset>/current                  sealed pointer: number, folder and digest of the current manifest
    <dataset>/<version>/manifest       sealed: catalogue digest, columns, rows, wrapped keys, file hashes
    <dataset>/<version>/000.xqc …      one encrypted column each (see `chunks`)
    <dataset>/lock                     readers share it, a writer holds it alone

`<version>` is random. Every column has its own data key, wrapped under the node's keys. Column names and row
counts are the department's own, so they stand only inside sealed bytes. Plaintext never touches the disk.
A new version removes the one before it; that is a plain removal, so remnants on the disk stay as safe as the
node's keys, no safer.

What a reader detects (StoreDamaged): changed, swapped, truncated or missing files, other keys, and an old
version put in the place of the current one. What it cannot detect alone: a whole dataset folder, pointer
included, put back to an earlier state. `Version.number` grows with every write and `Version.digest` stands in
the import event, so comparing both with the journal shows that as well.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xinqiao_clients.chunks import ColumnData, ColumnIdentity, Kind, open_column, seal_column
from xinqiao_clients.files import TEMPORARY, io_errors, replace_file, sync_folder, write_synced
from xinqiao_clients.keys import KEY_BYTES, Keys
from xinqiao_clients.manifest import Manifest, Pointer, StoredColumn
from xinqiao_governance.catalogue import Column, Dataset, require_dataset_id
from xinqiao_governance.errors import DataInvalid, StoreDamaged

_POINTER = "current"
_MANIFEST = "manifest"
_LOCK = "lock"
_VERSION_BYTES = 16


@dataclass(frozen=True)
class Version:
    """One imported state of a dataset: `number` counts from 1; digests have 32 bytes."""

    dataset_id: str
    number: int
    digest: bytes
    rows: int
    catalogue_digest: bytes

    @classmethod
    def of(cls, manifest: Manifest) -> "Version":
        """Return what callers may know of `manifest`."""
        return cls(
            manifest.dataset_id, manifest.number, manifest.digest, manifest.rows, manifest.catalogue_digest
        )


class Store:
    """Datasets of one department below `root`, encrypted under `keys`. Several processes may share it."""

    def __init__(self, root: Path, keys: Keys) -> None:
        self._root = root
        self._keys = keys

    def write(self, dataset: Dataset, columns: Mapping[str, ColumnData]) -> Version:
        """Write `columns` (each of shape (rows,)) as the next version of `dataset`, and remove the last.

        Number columns are float64 (NaN = missing); text and identifier columns hold objects, str or None.

        Raises:
            DataInvalid: names, kinds or lengths are not the catalogue's.
            StoreDamaged: the disk is full or fails, or the current version cannot be trusted.
        """
        rows = _checked_rows(dataset, columns)
        folder = self._root / dataset.dataset_id
        with io_errors(folder):
            _make_folder(folder)
            with _locked(folder, fcntl.LOCK_EX):
                last = self._last(dataset.dataset_id)
                number = last.number + 1 if last else 1
                manifest = self._write_version(folder, number, rows, dataset, columns)
                _sweep(folder, keep=manifest.version)
        return Version.of(manifest)

    def current(self, dataset_id: str) -> Version:
        """Return the current version; reads no column.

        Raises:
            DataInvalid: no such dataset was ever written.
            StoreDamaged: pointer or manifest fail their checks.
        """
        with self._reading(dataset_id):
            return Version.of(self._manifest(dataset_id))

    def read(
        self, dataset_id: str, names: Sequence[str], expected: bytes | None = None
    ) -> dict[str, ColumnData]:
        """Decrypt the columns `names` of the current version; each of shape (rows,).

        `expected` is the digest of the version that it must be; it is compared under the lock.

        Raises:
            DataInvalid: no such dataset or column, or another version than the expected one.
            StoreDamaged: a byte differs, a file is missing or foreign, or the keys are others.
        """
        with self._reading(dataset_id):
            manifest = self._manifest(dataset_id)
            if expected is not None and manifest.digest != expected:
                raise DataInvalid("data_changed")
            return {name: self._read_column(manifest, name) for name in names}

    @contextmanager
    def _reading(self, dataset_id: str) -> Iterator[None]:
        folder = self._root / require_dataset_id(dataset_id)
        if not folder.is_dir():
            raise DataInvalid("store_dataset_unknown", dataset=dataset_id)
        with io_errors(folder), _locked(folder, fcntl.LOCK_SH):
            yield

    def _last(self, dataset_id: str) -> Pointer | None:
        path = self._root / dataset_id / _POINTER
        if not path.exists():
            return None
        return Pointer.decode(self._keys.unwrap(_pointer_label(dataset_id), path.read_bytes()))

    def _manifest(self, dataset_id: str) -> Manifest:
        pointer = self._last(dataset_id)
        if pointer is None:
            raise DataInvalid("store_dataset_unknown", dataset=dataset_id)
        sealed = (self._root / dataset_id / pointer.version / _MANIFEST).read_bytes()
        manifest = Manifest.decode(self._keys.unwrap(_manifest_label(dataset_id), sealed))
        if manifest.digest != pointer.digest:
            raise StoreDamaged("store_version_replaced", dataset=dataset_id)
        return manifest

    def _write_version(
        self, folder: Path, number: int, rows: int, dataset: Dataset, columns: Mapping[str, ColumnData]
    ) -> Manifest:
        version = secrets.token_hex(_VERSION_BYTES)
        path = folder / version
        try:
            path.mkdir(mode=0o700)
            stored = [
                self._write_column(path / _file_name(place), identity, columns[identity.column])
                for place, identity in enumerate(_identities(dataset, version, rows))
            ]
            manifest = Manifest(dataset.dataset_id, version, number, dataset.digest, rows, tuple(stored))
            self._commit(folder, manifest)
        except BaseException:
            last = self._last(dataset.dataset_id)
            if last is None or last.version != version:  # the last flush may fail after the pointer moved
                shutil.rmtree(path, ignore_errors=True)
            raise
        return manifest

    def _write_column(self, path: Path, identity: ColumnIdentity, data: ColumnData) -> StoredColumn:
        key = secrets.token_bytes(KEY_BYTES)
        sealed = seal_column(identity, key, data)
        write_synced(path, sealed)
        wrapped = self._keys.wrap(_column_label(identity), key)
        return StoredColumn(identity.column, identity.kind, wrapped, hashlib.sha256(sealed).digest())

    def _commit(self, folder: Path, manifest: Manifest) -> None:
        """Put the manifest on the disk, then the pointer: replacing it is the one moment of change."""
        path = folder / manifest.version
        write_synced(
            path / _MANIFEST, self._keys.wrap(_manifest_label(manifest.dataset_id), manifest.encode())
        )
        sync_folder(path)
        sync_folder(folder)
        pointer = Pointer(manifest.number, manifest.version, manifest.digest)
        replace_file(
            folder / _POINTER, self._keys.wrap(_pointer_label(manifest.dataset_id), pointer.encode())
        )

    def _read_column(self, manifest: Manifest, name: str) -> ColumnData:
        place = _place(manifest, name)
        column = manifest.columns[place]
        sealed = (self._root / manifest.dataset_id / manifest.version / _file_name(place)).read_bytes()
        if hashlib.sha256(sealed).digest() != column.sha256:
            raise StoreDamaged("store_column_damaged", dataset=manifest.dataset_id, column=name)
        identity = manifest.identity(column)
        key = self._keys.unwrap(_column_label(identity), column.wrapped_key)
        return open_column(identity, key, sealed)


def _identities(dataset: Dataset, version: str, rows: int) -> Iterator[ColumnIdentity]:
    for column in dataset.columns:
        yield ColumnIdentity(dataset.dataset_id, version, column.name, _stored_kind(column), rows)


def _stored_kind(column: Column) -> Kind:
    return "number" if column.kind == "number" else "text"


def _checked_rows(dataset: Dataset, columns: Mapping[str, ColumnData]) -> int:
    """Return the common length of `columns` after comparing them with the catalogue."""
    if columns.keys() != {column.name for column in dataset.columns}:
        raise DataInvalid("store_columns_differ", dataset=dataset.dataset_id)
    rows = len(columns[dataset.person])
    for column in dataset.columns:
        wanted = np.dtype(np.float64 if _stored_kind(column) == "number" else np.object_)
        data = columns[column.name]
        if data.shape != (rows,) or data.dtype != wanted:
            raise DataInvalid("store_column_shape", dataset=dataset.dataset_id, column=column.name)
    return rows


def _place(manifest: Manifest, name: str) -> int:
    for place, column in enumerate(manifest.columns):
        if column.name == name:
            return place
    raise DataInvalid("catalogue_column_unknown", dataset=manifest.dataset_id, column=name)


def _make_folder(folder: Path) -> None:
    for path in (folder.parent, folder):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(path.parent)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    """Hold the dataset's lock; the system lets go of it when the process dies."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _sweep(folder: Path, keep: str) -> None:
    """Remove every version but `keep`, and whatever a crash left behind.

    What cannot be removed now is swept by the next write; it is never read.
    """
    for path in folder.iterdir():
        if path.is_dir() and path.name != keep:
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(TEMPORARY):
            path.unlink(missing_ok=True)


def _file_name(place: int) -> str:
    return f"{place:03}.xqc"


def _pointer_label(dataset_id: str) -> str:
    return f"store/{dataset_id}/current"


def _manifest_label(dataset_id: str) -> str:
    return f"store/{dataset_id}/manifest"


def _column_label(identity: ColumnIdentity) -> str:
    return f"store/{identity.dataset_id}/{identity.version}/column/{identity.column}"
