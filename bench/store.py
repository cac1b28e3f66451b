"""`make bench-store`: how fast tables are sealed and opened beside the raw ciphers; what a new key costs.

Everything is measured in one run: each cipher alone in pieces of several sizes, SHA-256 alone, flushes to the
disk; columns sealed and opened in memory; a table written to the disk and read back; the data keys of 1,000
column files sealed anew, in 20 versions of 50 columns and, as the worst case, in 1,000 versions; a person
deleted.
Rates are millions of bytes of the table a second. Tables are synthetic.
"""

import argparse
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from machine import RESULTS, machine, machine_line, write
from xinqiao_clients.chunks import CHUNK_ROWS, ColumnIdentity, open_column, seal_column
from xinqiao_clients.deletion import delete_person
from xinqiao_clients.home import Home, Settings
from xinqiao_clients.key_file import KeyFile
from xinqiao_clients.keys import Keys
from xinqiao_clients.rotation import rotate
from xinqiao_clients.store import Store
from xinqiao_clients.suites import AES_256_GCM, SM4_GCM, Suite
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.order import Spend

SUITES = (AES_256_GCM, SM4_GCM)
PIECES_KIB = (64, 128, 256, 512, 1024, 2048)
ROWS, COLUMNS, RUNS = 1_000_000, 12, 3
_MB = 1e6

# Of another dataset, so that a deletion finds it unkept before Great Expectations is loaded.
UNCHECKED = "dataset: another\nperson: id\ncolumns: {id: {type: text}}\n"

Figures = dict[str, Any]


def seconds(work: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Return median wall and processor seconds."""
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def rates(size: int, work: Callable[[], object], runs: int = RUNS) -> Figures:
    """Return MB a second of wall and of processor time."""
    wall, cpu = seconds(work, runs)
    return {"wall": size / wall / _MB, "cpu": size / cpu / _MB}


def raw(suite: Suite, piece: int, total: int = 1 << 26) -> Figures:
    """Return the cipher alone, in pieces of so many bytes."""
    key, nonce, data, plain = bytes(suite.key_bytes), bytes(12), secrets.token_bytes(piece), bytearray(piece)
    sealed = bytearray(piece + 16)
    suite.seal(key, nonce, b"", data, memoryview(sealed))
    turns, view = range(max(1, total // piece)), memoryview(bytearray(piece + 16))

    def opened() -> None:
        for _ in turns:
            suite.open(key, nonce, b"", sealed, memoryview(plain))

    return {
        "sealed": rates(piece * len(turns), lambda: [suite.seal(key, nonce, b"", data, view) for _ in turns]),
        "opened": rates(piece * len(turns), opened),
    }


def columns(suite: Suite) -> Figures:
    """Return columns of numbers and of text in memory: encoded, sealed in chunks, opened, decoded."""
    random = np.random.default_rng(1)
    numbers = random.normal(size=4 * ROWS)
    words = np.array([f"甲乙丙{number % 1000}" for number in range(ROWS)], dtype=object)
    found = {}
    for kind, data in (("number", numbers), ("text", words)):
        identity = ColumnIdentity("staff", "v", "c", kind, len(data), suite)  # type: ignore[arg-type]
        keys = identity.draw_keys()
        sealed = seal_column(identity, keys, data)
        size = len(data) * 8 if kind == "number" else sum(len(word.encode()) for word in data)
        found[kind] = {
            "sealed": rates(size, lambda i=identity, k=keys, d=data: seal_column(i, k, d)),
            "opened": rates(size, lambda i=identity, k=keys, s=sealed: open_column(i, k, s)),
        }
    return found


def catalogue(columns_: int) -> Dataset:
    """Return the catalogue of a table with a person and so many columns of numbers."""
    numbers = [Column(f"c{place}", f"c{place}", "number", Tier.CORE) for place in range(columns_)]
    person = Column("id", "person", "identifier", Tier.CORE)
    return Dataset("staff", "synthetic staff", (person, *numbers), "id", ("career_development",), "hr")


def table(rows: int, columns_: int) -> Mapping[str, Any]:
    """Return that table."""
    random = np.random.default_rng(1)
    ids = np.array([f"p{row}" for row in range(rows)], dtype=object)
    return {"id": ids, **{f"c{place}": random.normal(size=rows) for place in range(columns_)}}


def on_disk(folder: Path, suite: Suite) -> Figures:
    """Return a table written and flushed, and its columns of numbers read back."""
    store, known = Store(folder, Keys.draw(), suite), catalogue(COLUMNS)
    held = table(ROWS, COLUMNS)
    versions = []
    wall, _ = seconds(lambda: versions.append(store.write(known, held)), 3)
    size = sum(path.stat().st_size for path in store.folder(versions[0]).iterdir())
    names = [column.name for column in known.columns[1:]]
    read = rates(8 * ROWS * COLUMNS, lambda: store.read(versions[-1], names))
    return {"written_wall": size / wall / _MB, "read": read}


def resealed(folder: Path, versions: int, columns_: int) -> Figures:
    """Return what a new key costs for so many versions of so many column files each."""
    keys = KeyFile.create(folder / "keys.json", "a passphrase of the benchmark")
    assert keys.file is not None
    store, known, rows = Store(folder / "store", keys), catalogue(columns_ - 1), table(10, columns_ - 1)
    for _ in range(versions):
        store.write(known, rows)
    walls = []
    for _ in range(3):
        start = time.perf_counter()
        keys.file.begin_rotation()
        keys.store.refresh()
        if store.reseal() != versions:
            raise SystemExit("not every manifest was sealed anew")
        keys.file.end_rotation()
        keys.store.refresh()
        walls.append(time.perf_counter() - start)
    return {"files": versions * columns_, "manifests": versions, "wall_s": statistics.median(walls)}


def care(folder: Path) -> Figures:
    """Return a rotation and a deletion in a home of 100,000 rows, without the contract's own checks."""
    settings = Settings("dept", bytes(32), bytes(32), "xinqiao.log/bench", 3)
    home = Home.create(folder / "home", settings, "a passphrase of the benchmark")
    known = catalogue(COLUMNS)
    version = home.store.write(known, table(100_000, COLUMNS))
    home.adopt(known, UNCHECKED, version, Spend(1, 1), "steward")
    rotated, _ = seconds(lambda: rotate(home, "steward"), 3)
    people = iter(range(100))
    deleted, _ = seconds(lambda: delete_person(home, f"p{next(people)}", "steward"), 3)
    home.close()
    return {"rows": 100_000, "columns": COLUMNS + 1, "rotated_s": rotated, "deleted_s": deleted}


def flushes_per_s(folder: Path) -> float:
    """Return how many appends of 4 KiB the disk takes a second, each flushed."""
    with (folder / "flush").open("wb") as file:
        start = time.perf_counter()
        for _ in range(200):
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
    return 200 / (time.perf_counter() - start)


def measure(folder: Path) -> Figures:
    """Measure everything."""
    told, data = machine(), secrets.token_bytes(1 << 26)
    for name in ("one", "many", "home", *(suite.name for suite in SUITES)):
        (folder / name).mkdir()
    return {
        "machine": told,
        "chunk_kib": 8 * CHUNK_ROWS // 1024,
        "flushes_per_s": flushes_per_s(folder),
        "sha256": rates(len(data), lambda: sha256(data).digest()),
        "raw": {suite.name: {str(kib): raw(suite, kib << 10) for kib in PIECES_KIB} for suite in SUITES},
        "columns": {suite.name: columns(suite) for suite in SUITES},
        "disk": {suite.name: on_disk(folder / suite.name / "store", suite) for suite in SUITES},
        "resealed": [resealed(folder / "one", 20, 50), resealed(folder / "many", 1_000, 1)],
        "care": care(folder / "home"),
    }


def table_of(figures: Figures) -> str:
    """Return the figures as a short page of Markdown."""
    chunk = str(figures["chunk_kib"])
    rows = []
    for name in (suite.name for suite in SUITES):
        alone, held, disk = figures["raw"][name][chunk], figures["columns"][name], figures["disk"][name]
        rows += [
            f"| {name} | {_both(alone['sealed'])} | {_both(held['number']['sealed'])} "
            f"| {_both(held['text']['sealed'])} | {disk['written_wall']:,.0f} |",
            f"| {name}, opened | {_both(alone['opened'])} | {_both(held['number']['opened'])} "
            f"| {_both(held['text']['opened'])} | {disk['read']['wall']:,.0f} |",
        ]
    pieces = [f"{kib} KiB {_cpu(figures, kib)}" for kib in PIECES_KIB]
    many = [
        f"| {of['files']:,} column files in {of['manifests']:,} versions | {of['wall_s']:.2f} |"
        for of in figures["resealed"]
    ]
    kept = figures["care"]
    lines = [
        f"MB a second of wall time (of processor time). Chunks of {chunk} KiB of numbers; SHA-256 alone "
        f"{_both(figures['sha256'])}; {figures['flushes_per_s']:,.0f} flushes a second.",
        "",
        "| suite | the cipher alone | columns of numbers | columns of text | a table on the disk |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"AES alone by the size of a piece, MB a second of processor time, sealed: {'; '.join(pieces)}.",
        "",
        "| a new key for the store, with the key file | s |",
        "|---|---|",
        *many,
        f"| `keys rotate`: {kept['rows']:,} rows, {kept['columns']} columns | {kept['rotated_s']:.2f} |",
        f"| `keys delete-person` of the same, contract not counted | {kept['deleted_s']:.2f} |",
        "",
        machine_line(figures["machine"]),
    ]
    return "\n".join(lines) + "\n"


def _both(of: Mapping[str, float]) -> str:
    return f"{of['wall']:,.0f} ({of['cpu']:,.0f})"


def _cpu(figures: Figures, kib: int) -> str:
    return f"{figures['raw'][AES_256_GCM.name][str(kib)]['sealed']['cpu']:,.0f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--folder", type=Path, help="where the disk to measure is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        figures = measure(Path(folder))
    write(options.out, "store", figures, table_of(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
