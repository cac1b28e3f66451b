"""The encrypted store: what it gives back, every attack it must notice, and what a crash leaves behind."""

import errno
import os
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from simulators.disks import FailingDisk
from xinqiao_clients.chunks import CHUNK_ROWS, ColumnData, ColumnIdentity, open_column, seal_column
from xinqiao_clients.keys import Keys
from xinqiao_clients.manifest import Manifest
from xinqiao_clients.store import Store, Version
from xinqiao_clients.suites import AES_256_GCM, SM4_GCM, Suite
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.errors import DataInvalid, StoreDamaged, WireInvalid
from xinqiao_ledger import files

SUITES = (AES_256_GCM, SM4_GCM)
KEYS = Keys(bytes(range(32)))
KEY = bytes(range(32)) + bytes(range(32, 64))  # of two chunks
DATASET = Dataset(
    "staff",
    "Staff",
    (
        Column("id_SENTINEL", "person_id", "identifier", Tier.CORE),
        Column("age", "age", "number", Tier.SENSITIVE),
        Column("pay", "income", "number", Tier.CORE),
        Column("note", "note", "text", Tier.CORE),
    ),
    "id_SENTINEL",
    ("career",),
    "hr",
)


def objects(*cells: str | None) -> ColumnData:
    return np.array(cells, dtype=np.object_)


def some_columns(rows: int = 3, age: float = 30.0) -> dict[str, ColumnData]:
    return {
        "id_SENTINEL": objects(*(f"人员SENTINEL-{row}" for row in range(rows))),
        "age": np.full(rows, float(age)),
        "pay": np.array([np.nan, *np.arange(1.0, rows)]),
        "note": objects(None, *('诉求SENTINEL\n\x00"' for _ in range(rows - 1))),
    }


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", KEYS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store" / "staff"


def version_folder(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def manifest_of(place: Path) -> Manifest:
    return Manifest.decode(KEYS.store.open("store/staff/manifest", (place / "manifest").read_bytes()))


def ages(store: Store, version: Version) -> list[float]:
    return list(store.read(version, ["age"])["age"])


def assert_same(read: dict[str, ColumnData], written: dict[str, ColumnData]) -> None:
    assert read.keys() == written.keys()
    for name, data in read.items():
        assert data.dtype == written[name].dtype
        np.testing.assert_array_equal(data, written[name])


# What it gives back


@pytest.mark.parametrize("rows", [1, 3, CHUNK_ROWS, CHUNK_ROWS + 1])
def test_what_is_written_is_read(store: Store, rows: int) -> None:
    columns = some_columns(rows)
    version = store.write(DATASET, columns)
    assert_same(store.read(version, list(columns)), columns)
    assert (version.rows, version.catalogue_digest) == (rows, DATASET.digest)
    assert store.holds(version)


def test_columns_come_in_the_order_asked_for_and_no_others(store: Store) -> None:
    version = store.write(DATASET, some_columns())
    assert list(store.read(version, ["pay", "age"])) == ["pay", "age"]


def test_odd_numbers_keep_every_bit(store: Store) -> None:
    odd = np.array([-0.0, np.inf, 5e-324, 1.7976931348623157e308, np.nan])
    version = store.write(DATASET, some_columns(5) | {"pay": odd})
    assert store.read(version, ["pay"])["pay"].tobytes() == odd.tobytes()


def test_an_empty_column_round_trips() -> None:
    for kind in ("number", "text"):
        identity = ColumnIdentity("d", "v", "c", kind, 0)
        empty: ColumnData = np.empty(0, dtype=np.float64 if kind == "number" else np.object_)
        assert open_column(identity, b"", seal_column(identity, b"", empty)).dtype == empty.dtype


def test_every_write_stands_beside_the_others(store: Store) -> None:
    first = store.write(DATASET, some_columns(age=30))
    second = store.write(DATASET, some_columns(age=40))
    assert first.digest != second.digest
    assert (ages(store, first), ages(store, second)) == ([30] * 3, [40] * 3)


def test_a_sweep_leaves_exactly_the_version_to_keep(store: Store, folder: Path) -> None:
    old, kept, new = (store.write(DATASET, some_columns(age=age)) for age in (30, 40, 50))
    other = store.write(replace(DATASET, dataset_id="other"), some_columns())
    (folder / "debris").mkdir()
    store.sweep(kept)
    assert [store.holds(version) for version in (old, kept, new, other)] == [False, True, False, False]
    assert list(folder.parent.glob("*/*")) == [folder / kept.folder]
    assert ages(store, kept) == [40] * 3


def test_a_sweep_never_leaves_nothing(store: Store, folder: Path) -> None:
    """Where the version to keep is not in its place, the others may be all that the department has."""
    version = store.write(DATASET, some_columns())
    store.sweep(replace(version, digest=bytes(32)))
    store.sweep(replace(version, folder="none"))
    assert store.holds(version)


def test_a_discarded_version_is_gone_and_no_other(store: Store) -> None:
    first, second = (store.write(DATASET, some_columns()) for _ in range(2))
    store.discard(second)
    assert (store.holds(first), store.holds(second)) == (True, False)


def test_a_version_comes_back_from_its_canonical_form(store: Store) -> None:
    version = store.write(DATASET, some_columns())
    assert Version.from_json(version.to_json()) == version
    for name in version.to_json():
        with pytest.raises(WireInvalid):
            Version.from_json(version.to_json() | {name: -1})


def test_unknown_columns_and_odd_dataset_names_are_data_errors(store: Store) -> None:
    version = store.write(DATASET, some_columns())
    with pytest.raises(DataInvalid, match="catalogue_column_unknown"):
        store.read(version, ["height"])
    with pytest.raises(DataInvalid, match="catalogue_id_invalid"):
        replace(DATASET, dataset_id="../staff")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"extra": np.zeros(3)}, "store_columns_differ"),
        ({"age": np.zeros(2)}, "store_column_shape"),
        ({"age": np.zeros((3, 1))}, "store_column_shape"),
        ({"age": np.zeros(3, dtype=np.float32)}, "store_column_shape"),
        ({"age": objects("1", "2", "3")}, "store_column_shape"),
        ({"note": np.zeros(3)}, "store_column_shape"),
        ({"note": np.array([1, "SENTINEL", None], dtype=np.object_)}, "store_text_invalid"),
        ({"note": objects("SENTINEL\ud800", None, None)}, "store_text_invalid"),
    ],
)
def test_columns_that_are_not_the_catalogues_are_refused_and_leave_nothing(
    store: Store, folder: Path, change: dict[str, ColumnData], code: str
) -> None:
    with pytest.raises(DataInvalid, match=code) as caught:
        store.write(DATASET, some_columns() | change)
    assert "SENTINEL" not in str(caught.value)
    assert caught.value.__context__ is None
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_missing_column_is_refused(store: Store) -> None:
    columns = some_columns()
    del columns["pay"]
    with pytest.raises(DataInvalid, match="store_columns_differ"):
        store.write(DATASET, columns)


# What must not show


def test_no_plaintext_name_or_key_is_in_any_file(store: Store, tmp_path: Path) -> None:
    secret = 7_204_411.125
    store.write(DATASET, some_columns() | {"pay": np.full(3, secret)})
    needles = [b"SENTINEL", "人员".encode(), "诉求".encode(), b"person_id", b"catalogue"]
    needles += [np.float64(secret).tobytes(), str(secret).encode(), bytes(range(32)), KEYS.derive("wrap")]
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(found) == len(DATASET.columns) + 1
    for path in found:
        data = path.read_bytes()
        assert "SENTINEL" not in str(path.relative_to(tmp_path))
        assert not [needle for needle in needles if needle in data]


def test_files_and_folders_are_the_owners_alone(store: Store, folder: Path) -> None:
    with store.alone():
        store.write(DATASET, some_columns())
    for path in [folder.parent, *folder.parent.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0


def test_equal_columns_of_one_version_are_sealed_under_different_keys(store: Store, folder: Path) -> None:
    store.write(DATASET, some_columns() | {"age": np.ones(3), "pay": np.ones(3)})
    place = version_folder(folder)
    assert (place / "001.xqc").read_bytes() != (place / "002.xqc").read_bytes()


# Attacks on one column file, below the hashes of the manifest


IDENTITY = ColumnIdentity("d", "v", "c", "number", 2 * CHUNK_ROWS)
DATA = np.arange(2.0 * CHUNK_ROWS)
FRAME = 4 + 8 * CHUNK_ROWS + 16


def sealed_two_chunks() -> bytes:
    return seal_column(IDENTITY, KEY, DATA)


def test_the_chunk_format_is_aes_gcm_spelled_out() -> None:
    frame = sealed_two_chunks()[4 + FRAME :]
    cipher = AES.new(KEY[32:], AES.MODE_GCM, nonce=(1).to_bytes(12, "big"))
    cipher.update(dumps(["store-chunk", "d", "v", "c", "number", 1, 1, 2, 2 * CHUNK_ROWS]))
    plain = cipher.decrypt_and_verify(frame[4:-16], frame[-16:])
    assert plain == struct.pack(f"<{CHUNK_ROWS}d", *DATA[CHUNK_ROWS:])


def test_the_associated_data_name_the_suite() -> None:
    other = replace(IDENTITY, suite=SM4_GCM)
    assert other.associated(1) == dumps(["store-chunk", "d", "v", "c", "number", 2, 1, 2, 2 * CHUNK_ROWS])


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_a_chunk_of_fewer_rows_than_its_place_has_is_refused(suite: Suite) -> None:
    """Even from somebody who holds the key and seals it for that very place."""
    identity = ColumnIdentity("d", "v", "c", "number", 2, suite)
    key = identity.draw_keys()
    for rows in (0, 1, 3):
        sealed = bytearray(8 * rows + 16)
        plain = np.ones(rows).tobytes()
        suite.seal(key, bytes(12), identity.associated(0), plain, memoryview(sealed))
        frame = len(sealed).to_bytes(4, "big") + sealed
        with pytest.raises(StoreDamaged, match="store_column_damaged"):
            open_column(identity, key, b"XQC" + bytes([suite.id]) + frame)


def test_a_text_chunk_is_a_column_of_arrow() -> None:
    identity = ColumnIdentity("d", "v", "c", "text", 2)
    sealed = seal_column(identity, KEY[:32], objects("诉求", None))
    cipher = AES.new(KEY[:32], AES.MODE_GCM, nonce=bytes(12))
    cipher.update(identity.associated(0))
    plain = cipher.decrypt_and_verify(sealed[8:-16], sealed[-16:])
    offsets, present, letters = plain[:12], plain[12:13], plain[13:]
    assert np.frombuffer(offsets, dtype="<i4").tolist() == [0, 6, 6]
    assert (present[0] & 0b11, letters.decode()) == (0b01, "诉求")


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_a_flipped_bit_in_any_place_is_noticed(suite: Suite) -> None:
    identity = ColumnIdentity("d", "v", "c", "number", 2, suite)
    keys = identity.draw_keys()
    sealed = seal_column(identity, keys, np.ones(2))
    for bit in range(8 * len(sealed)):
        bad = bytearray(sealed)
        bad[bit // 8] ^= 1 << bit % 8
        with pytest.raises(StoreDamaged):
            open_column(identity, keys, bytes(bad))


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_a_file_cut_at_any_place_is_noticed(suite: Suite) -> None:
    identity = ColumnIdentity("d", "v", "c", "number", 2, suite)
    keys = identity.draw_keys()
    sealed = seal_column(identity, keys, np.ones(2))
    for length in range(len(sealed)):
        with pytest.raises(StoreDamaged):
            open_column(identity, keys, sealed[:length])


def rearranged(sealed: bytes, *frames: int) -> bytes:
    body = [sealed[4 + place * FRAME : 4 + (place + 1) * FRAME] for place in frames]
    return sealed[:4] + b"".join(body)


@pytest.mark.parametrize("frames", [(1, 0), (0,), (0, 0), (0, 1, 1), ()])
def test_chunks_swapped_dropped_or_repeated_are_noticed(frames: tuple[int, ...]) -> None:
    with pytest.raises(StoreDamaged, match="store_column_damaged"):
        open_column(IDENTITY, KEY, rearranged(sealed_two_chunks(), *frames))


@pytest.mark.parametrize(
    "other",
    [
        ColumnIdentity("e", "v", "c", "number", 2 * CHUNK_ROWS),
        ColumnIdentity("d", "w", "c", "number", 2 * CHUNK_ROWS),
        ColumnIdentity("d", "v", "x", "number", 2 * CHUNK_ROWS),
        ColumnIdentity("d", "v", "c", "text", 2 * CHUNK_ROWS),
        ColumnIdentity("d", "v", "c", "number", 2 * CHUNK_ROWS - 1),
    ],
    ids=["dataset", "version", "column", "kind", "rows"],
)
def test_a_chunk_opens_only_as_what_it_was_sealed_as(other: ColumnIdentity) -> None:
    with pytest.raises(StoreDamaged, match="store_column_damaged"):
        open_column(other, KEY, sealed_two_chunks())


@pytest.mark.parametrize("keys", [b"\1" * 64, KEY[32:] + KEY[:32], KEY[:32], KEY + KEY], ids=len)
def test_other_keys_open_nothing_of_a_file(keys: bytes) -> None:
    with pytest.raises(StoreDamaged, match="store_column_damaged"):
        open_column(IDENTITY, keys, sealed_two_chunks())


def test_each_chunk_is_sealed_under_its_own_key() -> None:
    other = seal_column(IDENTITY, KEY[:32] + bytes(32), DATA)
    sealed = sealed_two_chunks()
    assert (sealed[: 4 + FRAME] == other[: 4 + FRAME], sealed == other) == (True, False)


# Suites


def test_aes_chunks_open_by_another_library() -> None:
    frame = sealed_two_chunks()[8 : 4 + FRAME]
    plain = AESGCM(KEY[:32]).decrypt(bytes(12), frame, IDENTITY.associated(0))
    assert plain == DATA[:CHUNK_ROWS].tobytes()


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    """The vector of RFC 8998, A.1."""
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    sealed = bytearray(80)
    SM4_GCM.seal(key, nonce, associated, plain, memoryview(sealed))
    assert sealed[:64].hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert sealed[64:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    opened = bytearray(64)
    SM4_GCM.open(key, nonce, associated, sealed, memoryview(opened))
    assert bytes(opened) == plain


@pytest.mark.parametrize("rows", [1, CHUNK_ROWS + 1])
def test_a_store_under_sm4_gives_back_what_it_was_given(tmp_path: Path, rows: int) -> None:
    columns = some_columns(rows)
    version = Store(tmp_path / "store", KEYS, SM4_GCM).write(DATASET, columns)
    assert_same(Store(tmp_path / "store", KEYS).read(version, list(columns)), columns)


def test_a_header_that_says_another_suite_is_refused_and_chooses_nothing(store: Store, folder: Path) -> None:
    version = store.write(DATASET, some_columns())
    path = version_folder(folder) / "001.xqc"
    for suite in (b"\2", b"\7"):
        sealed = path.read_bytes()[:3] + suite + path.read_bytes()[4:]
        manifest, column = manifest_of(version_folder(folder)), 1
        stored = manifest.columns[column]
        with pytest.raises(StoreDamaged, match="store_suite_differs"):
            open_column(manifest.identity(stored), stored.keys, sealed)
    path.write_bytes(sealed)
    with pytest.raises(StoreDamaged, match="store_column_damaged"):  # its hash differs, too
        store.read(version, ["age"])


def test_a_manifest_that_declares_another_suite_is_refused(store: Store, folder: Path) -> None:
    """Whoever did it holds the keys."""
    version = store.write(DATASET, some_columns())
    place = version_folder(folder)
    for name, code in (("sm4-gcm", "store_version_replaced"), ("none", "store_suite_unknown")):
        body = loads(manifest_of(place).encode()) | {"suite": name}
        (place / "manifest").write_bytes(KEYS.store.seal("store/staff/manifest", dumps(body)))
        with pytest.raises(StoreDamaged, match=code):
            store.read(version, ["age"])


def test_a_chunk_under_one_suite_does_not_open_as_the_other() -> None:
    identity = replace(IDENTITY, rows=2)
    sealed = seal_column(identity, KEY[:32], np.ones(2))
    other = replace(identity, suite=SM4_GCM)
    with pytest.raises(StoreDamaged, match="store_column_damaged"):
        open_column(other, KEY[:16], b"XQC\2" + sealed[4:])


# Attacks on the folder


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["manifest", "001.xqc"])
@pytest.mark.parametrize("harm", [flip, Path.unlink, lambda path: os.truncate(path, 40)])
def test_a_file_changed_removed_or_cut_is_noticed(
    store: Store, folder: Path, name: str, harm: Callable[[Path], None]
) -> None:
    version = store.write(DATASET, some_columns())
    harm(version_folder(folder) / name)
    with pytest.raises(StoreDamaged):
        store.read(version, ["age"])


def test_a_changed_manifest_is_said_and_a_missing_one_is_not_held(store: Store, folder: Path) -> None:
    version = store.write(DATASET, some_columns())
    flip(version_folder(folder) / "manifest")
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        store.holds(version)
    (version_folder(folder) / "manifest").unlink()
    assert not store.holds(version)


def test_two_columns_swapped_on_the_disk_are_noticed(store: Store, folder: Path) -> None:
    version = store.write(DATASET, some_columns())
    place = version_folder(folder)
    (place / "001.xqc").rename(place / "spare")
    (place / "002.xqc").rename(place / "001.xqc")
    (place / "spare").rename(place / "002.xqc")
    for name in ("age", "pay"):
        with pytest.raises(StoreDamaged, match="store_column_damaged"):
            store.read(version, [name])


def test_a_column_sealed_anew_under_its_own_key_is_noticed(store: Store, folder: Path) -> None:
    """Only the manifest's file hashes show this one: whoever did it holds the keys."""
    version = store.write(DATASET, some_columns())
    place = version_folder(folder)
    manifest = manifest_of(place)
    assert manifest.digest == version.digest
    column = manifest.columns[1]
    (place / "001.xqc").write_bytes(seal_column(manifest.identity(column), column.keys, np.full(3, 99.0)))
    with pytest.raises(StoreDamaged, match="store_column_damaged"):
        store.read(version, ["age"])


def test_other_keys_open_nothing(store: Store, tmp_path: Path) -> None:
    version = store.write(DATASET, some_columns())
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        Store(tmp_path / "store", Keys(bytes(32))).read(version, ["age"])


def test_an_old_version_in_the_place_of_a_new_one_is_noticed(store: Store, folder: Path) -> None:
    old = store.write(DATASET, some_columns(age=30))
    new = store.write(DATASET, some_columns(age=40))
    shutil.rmtree(folder / new.folder)
    (folder / old.folder).rename(folder / new.folder)
    assert not store.holds(new)
    with pytest.raises(StoreDamaged, match="store_version_replaced"):
        store.read(new, ["age"])


def test_a_folder_put_back_whole_is_noticed(store: Store, folder: Path, tmp_path: Path) -> None:
    store.write(DATASET, some_columns())
    shutil.copytree(folder, tmp_path / "back-up")
    second = store.write(DATASET, some_columns())
    shutil.rmtree(folder)
    (tmp_path / "back-up").rename(folder)
    assert not store.holds(second)
    with pytest.raises(StoreDamaged, match="store_version_replaced"):
        store.read(second, ["age"])


def test_another_datasets_folder_in_this_ones_place_is_noticed(store: Store, folder: Path) -> None:
    version = store.write(DATASET, some_columns())
    folder.rename(folder.parent / "other")
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        store.holds(replace(version, dataset_id="other"))


# Crashes and full disks


FLUSHES = 9  # folders made: 2; columns: 4; manifest, its folder, the dataset's folder


def test_the_number_of_flushes_is_known(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = FailingDisk(0, 0)
    store.write(DATASET, some_columns())
    monkeypatch.setattr(files.os, "fsync", disk.fsync)
    store.write(DATASET, some_columns())
    assert disk.calls == FLUSHES


@pytest.mark.parametrize("failing", range(1, FLUSHES + 1))
def test_a_full_disk_at_any_flush_leaves_what_was_there(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    version = store.write(DATASET, some_columns(age=30))
    monkeypatch.setattr(files.os, "fsync", FailingDisk(failing, errno.ENOSPC).fsync)
    with pytest.raises(StoreDamaged, match="disk_full"):
        store.write(DATASET, some_columns(age=40))
    monkeypatch.undo()
    assert list(folder.iterdir()) == [folder / version.folder]
    assert ages(store, version) == [30] * 3


def test_another_disk_error_names_its_reason(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.os, "fsync", FailingDisk(1, errno.EIO).fsync)
    with pytest.raises(StoreDamaged) as caught:
        store.write(DATASET, some_columns())
    assert caught.value.code == "io_failed"
    assert caught.value.fields["reason"] == "EIO"
