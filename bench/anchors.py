"""`make bench-anchors`: what an anchor costs, and what appends feel of it while the chain is up and down.

One run measures: gas and seconds an anchor on the embedded chain and on anvil; how long one of many producers
waits for its append with no anchoring process, with one and its chain up, and with one and its chain down, in
alternation; how soon all is anchored once the chain is back; and how many anchors a day of a million events
takes. The anchoring process here looks each second and anchors at every look, far more often than the
product's schedule allows. Events are synthetic.
"""

import argparse
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from log_rate import PRODUCERS, events
from machine import RESULTS, machine, machine_line, spread, write
from xinqiao_ledger.anchor import Anchor
from xinqiao_ledger.chain import address_of, deploy, open_anchor, open_embedded, open_evm
from xinqiao_ledger.chain_config import CHAIN_FOLDER
from xinqiao_ledger.embedded import make_key
from xinqiao_ledger.outbox import Schedule
from xinqiao_ledger.rpc import Node
from xinqiao_platform.centre import Centre

ANCHORS, ROUNDS, EACH = 20, 5, 60
EVENTS_A_DAY = 1_000_000
_DAY_S = 86_400
_DRAIN_LIMIT_S = 120.0
_PLACE = Path(__file__).resolve().parents[1] / "var" / "anvil" / "node_modules" / "@foundry-rs"

# The anchoring process: due at every look, which is each second.
_ANCHORING = """
import sys, time
from pathlib import Path
from xinqiao_governance.errors import NodeUnavailable
from xinqiao_ledger.chain import open_anchor
from xinqiao_ledger.outbox import Outbox, Schedule
from xinqiao_platform.centre import Centre
path = Path(sys.argv[1])
log = Centre(path).log
schedule = Schedule(every_s=0, least_s=0, a_day=1_000_000)
outbox = Outbox(path / "anchors.sqlite", log, lambda s: open_anchor(path, patience_s=s), schedule=schedule)
print("ready", flush=True)
while True:
    try:
        outbox.look()
    except NodeUnavailable:
        pass
    time.sleep(1)
"""

Figures = dict[str, Any]


class Anvil:
    """anvil on one port; stopped it keeps its state, started again it goes on."""

    def __init__(self, program: str, folder: Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._address = ("127.0.0.1", port)
        self._command = [program, "--quiet", "--port", str(port), "--state", str(folder / "anvil.json")]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            with suppress(OSError), socket.create_connection(self._address, timeout=1):
                return
            time.sleep(0.05)
        raise SystemExit("anvil did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def fund(self, address: str) -> None:
        Node(self.url, 30).ask("anvil_setBalance", address, hex(10**21))


def an_anchor(anchor: Anchor) -> Figures:
    """Return gas and seconds of anchors one after the other."""
    seconds, records = [], []
    for size in range(2**63 - ANCHORS, 2**63):  # the dearest: few zero bytes
        start = time.perf_counter()
        records.append(anchor.publish(size, sha256(str(size).encode()).digest()))
        seconds.append(time.perf_counter() - start)
    w3 = anchor._link.w3  # type: ignore[attr-defined]  # the record does not tell the gas
    gas = [w3.eth.get_transaction_receipt(record.tx_hash)["gasUsed"] for record in records]
    return {
        "gas_first": gas[0],
        "gas_later": max(gas[1:]),
        "s_median": statistics.median(seconds),
        "s": seconds,
    }


class Producers:
    """Many producers of one event at a time; each append waits for the disk."""

    def __init__(self, centre: Centre) -> None:
        self._log = centre.log
        self._journals = [events(f"producer {number}") for number in range(PRODUCERS)]

    def run(self, each: int) -> Figures:
        """Return median and 99th percentile of an append's wait in milliseconds."""
        waits: list[float] = []
        threads = [
            threading.Thread(target=self._produce, args=(list(islice(journal, each)), waits))
            for journal in self._journals
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        steps = statistics.quantiles(waits, n=100)
        return {"p50_ms": 1000 * steps[49], "p99_ms": 1000 * steps[98]}

    def _produce(self, leaves: Sequence[bytes], waits: list[float]) -> None:
        own = []
        for leaf in leaves:
            start = time.perf_counter()
            self._log.append([leaf])
            own.append(time.perf_counter() - start)
        waits.extend(own)


@contextmanager
def anchoring(path: Path) -> Iterator[None]:
    """Run the anchoring process of the centre at `path`."""
    process = subprocess.Popen([sys.executable, "-c", _ANCHORING, str(path)], stdout=subprocess.PIPE)
    try:
        if process.stdout is None or process.stdout.readline() != b"ready\n":
            raise SystemExit("the anchoring process did not start")
        yield
    finally:
        process.kill()
        process.wait()


def appends(path: Path, anvil: Anvil) -> Figures:
    """Return an append's wait without an anchoring process, and with its chain up and down, in turns."""
    found: Figures = {"alone": [], "chain up": [], "chain down": []}
    drained = []
    with closing(Centre(path)) as centre:
        producers = Producers(centre)
        producers.run(EACH)  # warms up
        for _ in range(ROUNDS):
            found["alone"].append(producers.run(EACH))
            with anchoring(path):
                _wait_until_anchored(path, centre.log.size)
                found["chain up"].append(producers.run(EACH))
                anvil.stop()
                found["chain down"].append(producers.run(EACH))
                anvil.start()
                drained.append(_wait_until_anchored(path, centre.log.size))
    return {"rounds": found, "drained_s": drained}


def _wait_until_anchored(path: Path, size: int) -> float:
    """Return after how many seconds the chain has a head of at least this size."""
    start = time.perf_counter()
    while time.perf_counter() - start < _DRAIN_LIMIT_S:
        with closing(open_anchor(path)) as anchor:
            latest = anchor.latest()
        if latest is not None and latest.size >= size:
            return time.perf_counter() - start
        time.sleep(0.2)
    raise SystemExit("not anchored in time")


def anchors_a_day(schedule: Schedule) -> int:
    """Return how many anchors a simulated day takes: a million events, a publication each minute."""
    sent: list[int] = []
    covered = 0.0
    for second in range(_DAY_S):
        grown = int((second * EVENTS_A_DAY / _DAY_S) - covered)
        if schedule.is_due(sent, second + 10**9, grown, lambda at=second: at % 60 == 0):
            sent.append(second + 10**9)
            covered += grown
    return len(sent)


def measure(folder: Path, program: str | None) -> Figures:
    """Measure everything; what needs anvil only where it is installed."""
    told = machine("web3", "py-evm")
    figures: Figures = {"machine": told, "a_day": anchors_a_day(Schedule())}
    with closing(open_embedded(folder / "embedded")) as anchor:
        figures["embedded"] = an_anchor(anchor)
    if program is None:
        print("anvil is not measured: make anvil", file=sys.stderr)
        return figures
    anvil = Anvil(program, folder)
    try:
        key = secrets.token_bytes(32)
        anvil.fund(address_of(key))
        with closing(open_evm(deploy(anvil.url, key, "operator"), key)) as anchor:
            figures["anvil"] = an_anchor(anchor)
        path = folder / "centre"
        Centre(path).close()
        key = make_key(path / CHAIN_FOLDER)
        anvil.fund(address_of(key))
        deploy(anvil.url, key, "operator").write(path)
        figures["appends"] = appends(path, anvil)
    finally:
        anvil.stop()
    return figures


def table_of(figures: Mapping[str, Any]) -> str:
    """Return the figures as a short page of Markdown."""
    chains = [name for name in ("embedded", "anvil") if name in figures]
    rows = [
        ("gas, first / most of the later ones", lambda of: f"{of['gas_first']:,} / {of['gas_later']:,}"),
        ("seconds, median (least – most)", lambda of: spread(of["s"], 2)),
    ]
    lines = [
        f"| an anchor, {ANCHORS} in a row | {' | '.join(chains)} |",
        "|---" * (1 + len(chains)) + "|",
        *(f"| {title} | {' | '.join(show(figures[name]) for name in chains)} |" for title, show in rows),
        "",
        f"A simulated day of {EVENTS_A_DAY:,} events takes {figures['a_day']} anchors (at most 144).",
    ]
    if "appends" in figures:
        lines += _append_lines(figures["appends"])
    return "\n".join([*lines, "", machine_line(figures["machine"])]) + "\n"


def _append_lines(told: Mapping[str, Any]) -> list[str]:
    rounds = told["rounds"]
    up, down = ([turn["p99_ms"] for turn in rounds[name]] for name in ("chain up", "chain down"))
    change = 100 * (statistics.median(down) / statistics.median(up) - 1)
    pairs = [100 * (after / before - 1) for before, after in zip(up, down, strict=True)]
    return [
        "",
        f"| {PRODUCERS} producers, SQLite, {len(up)} rounds | p50, ms | p99, ms |",
        "|---|---|---|",
        *(
            f"| {name} | {_spread_of(turns, 'p50_ms')} | {_spread_of(turns, 'p99_ms')} |"
            for name, turns in rounds.items()
        ),
        "",
        f"p99 with the chain down against up: {change:+.1f} % (medians); by rounds {_signed(pairs)} %.",
        f"Drained {spread(told['drained_s'], 1)} s after the chain was back.",
    ]


def _spread_of(turns: Sequence[Mapping[str, float]], name: str) -> str:
    return spread([turn[name] for turn in turns], 1)


def _signed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:+.0f}" for value in values)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="what anchors cost")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for anchors.json and anchors.md")
    options = parser.parse_args(arguments)
    program = shutil.which("anvil") or next(map(str, _PLACE.glob("anvil-*/bin/anvil")), None)
    with tempfile.TemporaryDirectory(prefix="xinqiao-bench-") as name:
        figures = measure(Path(name), program)
    write(options.out, "anchors", figures, table_of(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
