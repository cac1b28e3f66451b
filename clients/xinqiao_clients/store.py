"""The department's encrypted store: columns in versions, each in a folder of its own that never changes.

Layout, below one root:

    <dataset>/<version>/manifest       sealed: catalogue digest, rows, suite, columns, data keys, file hashes
    <dataset>/<version>/000.xqc …      one encrypted column each (see `chunks`)
    lock                               readers share it; who adopts and sweeps holds it alone

`<version>` is random. Every chunk has its own data key. They stand in the manifest, which alone is sealed
under the store's newest key and is all that a rotation writes; column names and row counts, the department's
own, stand there too. Plaintext never touches the disk.

The store does not know which version is adopted: the book alone says that, by folder and digest. A new
version is written beside the adopted one; what is not adopted is swept once the book has changed. That is a
plain removal: remnants on the disk stay as safe as the key that their manifest was sealed under, and are
nobody's once a rotation has destroyed it.

What a reader detects (StoreDamaged): changed, swapped, truncated or missing files, other keys or suites, and
any other version, an earlier one too, put in the place of the adopted one.
"""

import fcntl
import hashlib
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xinqiao_clients.chunks import ColumnData, ColumnIdentity, Kind, open_column, seal_column
from xinqiao_clients.keys import EPOCH_BYTES, Keys
from xinqiao_clients.manifest import DIGEST_BYTES, Manifest, StoredColumn
from xinqiao_clients.suites import AES_256_GCM, Suite
from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import Column, Dataset
from xinqiao_governance.errors import DataInvalid, StoreDamaged
from xinqiao_governance.parse import fields_of, hex_bytes, integer, text
from xinqiao_ledger.files import (
    TEMPORARY,
    io_errors,
    locked,
    replace_file,
    sync_folder,
    version_errors,
    write_synced,
)

MANIFEST = "manifest"
_LOCK = "lock"
_VERSION_BYTES = 16


@dataclass(frozen=True)
class Version:
    """One written state of a dataset: `folder` is where it stands in the store; digests have 32 bytes."""

    dataset_id: str
    folder: str
    digest: bytes
    rows: int
    catalogue_digest: bytes

    @classmethod
    def of(cls, manifest: Manifest) -> "Version":
        """Return what callers may know of `manifest`."""
        return cls(
            manifest.dataset_id, manifest.version, manifest.digest, manifest.rows, manifest.catalogue_digest
        )

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "dataset": self.dataset_id,
            "folder": self.folder,
            "digest": self.digest.hex(),
            "rows": self.rows,
            "catalogue": self.catalogue_digest.hex(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "Version":
        """Parse the canonical form; WireInvalid for anything else."""
        body = fields_of(value, "dataset", "folder", "digest", "rows", "catalogue")
        return cls(
            dataset_id=text(body, "dataset"),
            folder=text(body, "folder"),
            digest=hex_bytes(body, "digest", length=DIGEST_BYTES),
            rows=integer(body, "rows", at_least=0),
            catalogue_digest=hex_bytes(body, "catalogue", length=DIGEST_BYTES),
        )


class Store:
    """Datasets of one department below `root`, encrypted under `keys`. Several processes may share it.

    `suite` is the cipher of what is written; what is read says its own.
    """

    def __init__(self, root: Path, keys: Keys, suite: Suite = AES_256_GCM) -> None:
        self._root = root
        self._keys = keys.store
        self._suite = suite
        self._lock = root / _LOCK
        self._made = False  # the folder of the lock, by this object

    def write(self, dataset: Dataset, columns: Mapping[str, ColumnData]) -> Version:
        """Write `columns` (each of shape (rows,)) as a new version of `dataset`, beside all others.

        It is whole on the disk when the call returns. Number columns are float64 (NaN = missing); text and
        identifier columns hold objects, str or None.

        Raises:
            DataInvalid: names, kinds or lengths are not the catalogue's; nothing of it stays.
            StoreDamaged: the disk is full or fails; nothing of it stays.
        """
        rows = _checked_rows(dataset, columns)
        folder = self._root / dataset.dataset_id
        with io_errors(folder):
            _make_folder(folder)
            return Version.of(self._write_version(folder, rows, dataset, columns))

    @property
    def is_there(self) -> bool:
        """Whether anything was ever written here; who only looks asks this before locking, which makes it."""
        return self._lock.exists()

    def holds(self, version: Version) -> bool:
        """Say whether this very version is in its place with all its files; reads no column.

        Raises:
            StoreDamaged: the manifest there is damaged or sealed under other keys, or the disk fails.
        """
        manifest = self._manifest(version)
        if manifest is None or manifest.digest != version.digest:
            return False
        folder = self.folder(version)
        return all((folder / _file_name(place)).is_file() for place in range(len(manifest.columns)))

    def digests(self, version: Version) -> dict[str, bytes]:
        """Return the SHA-256 that each column file of this very version has to have, by file name.

        Raises:
            StoreDamaged: it is not in its place, or its manifest is damaged or sealed under other keys.
        """
        manifest = self._manifest(version)
        if manifest is None or manifest.digest != version.digest:
            raise StoreDamaged("store_version_replaced", dataset=version.dataset_id)
        return {_file_name(place): column.sha256 for place, column in enumerate(manifest.columns)}

    def read(self, version: Version, names: Sequence[str]) -> dict[str, ColumnData]:
        """Decrypt the columns `names` of this very version; each of shape (rows,).

        Raises:
            DataInvalid: no such column.
            StoreDamaged: a byte differs, a file is missing or foreign, or the keys are others.
        """
        manifest = self._manifest(version)
        if manifest is None or manifest.digest != version.digest:
            raise StoreDamaged("store_version_replaced", dataset=version.dataset_id)
        return {name: self._read_column(manifest, name) for name in names}

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Let nobody sweep while the block runs: what the book calls adopted inside it stays readable.

        Raises:
            StoreDamaged: the disk fails.
        """
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep readers and other sweepers out while the block runs; never taken inside a book's transaction.

        Raises:
            StoreDamaged: the disk fails.
        """
        with self._locked(fcntl.LOCK_EX):
            yield

    def sweep(self, keep: Version) -> None:
        """Remove every version but `keep`, and whatever a crash left behind; do nothing where `keep` is not.

        What cannot be removed now is swept by the next; it is never read.
        """
        if not self.holds(keep):
            return
        with io_errors(self._root):
            for path in self._root.glob("*/*"):
                if path != self.folder(keep):
                    shutil.rmtree(path, ignore_errors=True)

    def discard(self, version: Version) -> None:
        """Remove a version that will not be adopted."""
        shutil.rmtree(self.folder(version), ignore_errors=True)

    def reseal(self, only: Version | None = None) -> int:
        """Seal every manifest under the newest key; return how many were under another. No column is read.

        With `only` no other version's is. Call it with the store alone. Killed in between, the rest is sealed
        by the next call.

        Raises:
            StoreDamaged: a manifest is damaged, or the disk fails: the key before must not be destroyed.
        """
        for left in self._root.glob(f"*/*/{TEMPORARY}*"):  # by a call that was killed
            left.unlink(missing_ok=True)
        paths = self._manifests() if only is None else [self.folder(only) / MANIFEST]
        stale = [path for path in paths if self._epoch(path) != self._keys.epoch]
        for path in stale:
            label = _manifest_label(path.parent.parent.name)
            with io_errors(path):
                replace_file(path, self._keys.seal(label, self._keys.open(label, path.read_bytes())))
        return len(stale)

    def refresh(self) -> None:
        """Take over what another process made of the keys. Raises as `StoreKeys.refresh`."""
        self._keys.refresh()

    def folder(self, version: Version) -> Path:
        """Return where a version stands."""
        return self._root / version.dataset_id / version.folder

    def _manifests(self) -> list[Path]:
        return sorted(self._root.glob(f"*/*/{MANIFEST}"))

    @staticmethod
    def _epoch(path: Path) -> bytes:
        with io_errors(path), path.open("rb") as file:
            return file.read(EPOCH_BYTES)

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        with io_errors(self._root):
            if not self._made:
                self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._made = True
            with locked(self._lock, how):
                self.refresh()
                yield

    def _manifest(self, version: Version) -> Manifest | None:
        """Return the manifest in the place of `version`, whichever it is; None where there is none."""
        path = self.folder(version) / MANIFEST
        with io_errors(path):
            if not path.exists():
                return None
            sealed = path.read_bytes()
        with version_errors(path):
            return Manifest.decode(self._keys.open(_manifest_label(version.dataset_id), sealed))

    def _write_version(
        self, folder: Path, rows: int, dataset: Dataset, columns: Mapping[str, ColumnData]
    ) -> Manifest:
        version = secrets.token_hex(_VERSION_BYTES)
        path = folder / version
        try:
            path.mkdir(mode=0o700)
            stored = [
                self._write_column(path / _file_name(place), identity, columns[identity.column])
                for place, identity in enumerate(_identities(dataset, version, rows, self._suite))
            ]
            manifest = Manifest(dataset.dataset_id, version, dataset.digest, rows, self._suite, tuple(stored))
            sealed = self._keys.seal(_manifest_label(manifest.dataset_id), manifest.encode())
            write_synced(path / MANIFEST, sealed)
            sync_folder(path)
            sync_folder(folder)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return manifest

    @staticmethod
    def _write_column(path: Path, identity: ColumnIdentity, data: ColumnData) -> StoredColumn:
        keys = identity.draw_keys()
        sealed = seal_column(identity, keys, data)
        write_synced(path, sealed)
        return StoredColumn(identity.column, identity.kind, keys, hashlib.sha256(sealed).digest())

    def _read_column(self, manifest: Manifest, name: str) -> ColumnData:
        place = _place(manifest, name)
        column = manifest.columns[place]
        path = self._root / manifest.dataset_id / manifest.version / _file_name(place)
        with io_errors(path):
            sealed = path.read_bytes()
        if hashlib.sha256(sealed).digest() != column.sha256:
            raise StoreDamaged("store_column_damaged", dataset=manifest.dataset_id, column=name)
        return open_column(manifest.identity(column), column.keys, sealed)


def _identities(dataset: Dataset, version: str, rows: int, suite: Suite) -> Iterator[ColumnIdentity]:
    for column in dataset.columns:
        yield ColumnIdentity(dataset.dataset_id, version, column.name, _stored_kind(column), rows, suite)


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


def _file_name(place: int) -> str:
    return f"{place:03}.xqc"


def _manifest_label(dataset_id: str) -> str:
    return f"store/{dataset_id}/manifest"
