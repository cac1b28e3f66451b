"""`make bench-peers`: the demo's job beside Flower and NVFLARE on the same data, side by side in one run.

Every program trains the demo's logistic model (the same public bins) on the same eight departments' people
at ε = 1, δ = 1e-5, and is scored on the same held-out people. Ours: the embedded job, as `xinqiao demo` runs
it. Peers: stock Flower (in process, and its Ray simulation) and NVFLARE's simulator, with Opacus in each
client at the whole ε, which is what they offer against a curious server; settings from `tune.py`. Programs
take turns, each run a process tree of its own in a network namespace with only the loopback (where the
machine allows it), one thread of linear algebra. Peers live in environments of their own, because their pins
collide; they are made in a scratch folder on first use, which is not measured.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

import numpy as np

from machine import RESULTS, machine, machine_line, spread, write
from meter import Meter
from peers.watch import Watched, isolation, watch
from xinqiao_app.demo import SPEND
from xinqiao_app.enterprise import Enterprise
from xinqiao_app.public_data import DEPARTMENTS, People, career_spec, load_people, split
from xinqiao_clients.home import Home
from xinqiao_governance.model_spec import MICRO
from xinqiao_models.defaults import plan_for
from xinqiao_models.families import outputs
from xinqiao_models.features import design, targets
from xinqiao_models.metrics import auc

BENCH = Path(__file__).resolve().parent
HERE = BENCH / "peers"
SCRATCH = BENCH.parent / "var" / "bench-peers"
OURS = "ours, embedded"
_QUIET = {
    "FLWR_TELEMETRY_ENABLED": "0",
    "FLWR_DISABLE_UPDATE_CHECK": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "GX_ANALYTICS_ENABLED": "False",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
Figures = dict[str, Any]


class RunFailed(Exception):
    """A program ended badly or not in time."""


@dataclass(frozen=True)
class Peer:
    """A program of a peer: its environment's requirements, its script, what the script is told."""

    environment: str
    script: str
    arguments: tuple[str, ...] = ()


PEERS: Mapping[str, Peer] = {
    "Flower 1.41, in process": Peer("flower", "flower_job.py", ("in-process",)),
    "Flower 1.41, Ray simulation": Peer("flower", "flower_job.py", ("ray",)),
    "NVFLARE 2.9, simulator": Peer("nvflare", "nvflare_job.py"),
}


class Job:
    """The people, the founded departments of ours, and the peers' copy of the same arrays."""

    def __init__(self, root: Path, training: People, held_out: People, settings: Mapping[str, Any]) -> None:
        self.root = root
        self._held_out = held_out
        (root / "peer").mkdir()
        _write_arrays(root / "peer" / "data.npz", training)
        (root / "peer" / "settings.json").write_text(json.dumps(dict(settings)))
        meter = Meter()
        enterprise = Enterprise.found(root / "enterprise", training)
        enterprise.close()
        self.founding = asdict(meter.read())
        self._passphrases = {site.id: site.passphrase for site in enterprise.sites}
        people = enterprise.people
        plan = plan_for(career_spec(), spend=SPEND, members=len(people), people=sum(people.values()))
        told = {
            "passphrases": self._passphrases,
            "people": {node.hex(): count for node, count in people.items()},
            "spend": SPEND.to_json(),
            "answers": plan.answers,
        }
        self._told = json.dumps(told)

    def ours(self, timeout_s: float) -> Figures:
        """Run our job on a copy of the founded departments: each run has the whole budget."""
        folder = self.root / "run"
        shutil.copytree(self.root / "enterprise", folder)
        try:
            script = str(BENCH / "embedded_job.py")
            command = [sys.executable, script, str(folder)]
            ran = watch(command, self._told, timeout_s=timeout_s, env={**os.environ, **_QUIET})
            bytes_up = sum(
                sum(Home.open(folder / "departments" / name, passphrase).book.tally().values())
                for name, passphrase in self._passphrases.items()
            )
        finally:
            shutil.rmtree(folder)
        return self._scored(ran, bytes_up)

    def peer(self, peer: Peer, python: Path, timeout_s: float) -> Figures:
        """Run a peer's job."""
        folder = self.root / "run"
        shutil.copytree(self.root / "peer", folder)
        try:
            command = [str(python), str(HERE / peer.script), str(folder), *peer.arguments]
            env = {**os.environ, **_QUIET, "PYTHONPATH": str(HERE), "HOME": str(folder)}
            return self._scored(watch(command, "", timeout_s=timeout_s, env=env))
        finally:
            shutil.rmtree(folder)

    def _scored(self, ran: Watched, bytes_up: int | None = None) -> Figures:
        if ran.printed is None:
            raise RunFailed(ran.said[-2_000:])
        said = json.loads(ran.printed.strip().splitlines()[-1])
        columns, spec = self._held_out.columns(), career_spec()
        out = outputs(design(columns, spec), np.array(said["parameters"], dtype=np.float64), spec)
        return {
            "wall_s": ran.wall_s,
            "cpu_s": ran.cpu_s,
            "peak_mib": ran.peak_mib,
            "bytes_up": said["bytes_up"] if bytes_up is None else bytes_up,
            "auc": auc(targets(columns, spec)[:, 0], out[:, 0]),
        }


def environment(name: str, scratch: Path) -> Path:
    """Return the Python of a peer's own environment, made on first use and after its requirements change.

    Raises:
        RunFailed: it cannot be installed.
    """
    wanted = HERE / f"requirements-{name}.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    folder = scratch / name
    python, ready = folder / "bin" / "python", folder / "ready"
    if ready.is_file() and ready.read_text() == digest:
        return python
    print(f"making the environment of {name} in {folder} (once)", file=sys.stderr)
    venv.create(folder, with_pip=True, clear=True)
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        str(wanted),
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RunFailed(done.stderr[-2_000:])
    ready.write_text(digest)
    return python


def measure(
    training: People,
    held_out: People,
    settings: Mapping[str, Any],
    turns: Mapping[str, int],
    *,
    scratch: Path,
    timeout_s: float,
) -> Figures:
    """Return every figure: in each round every program that has turns left runs once."""
    told = machine("torch", "opacus")
    failed: dict[str, str] = {}
    pythons: dict[str, Path] = {}

    def prepare(name: str) -> None:
        pythons[name] = environment(PEERS[name].environment, scratch)

    for name in turns:
        if name in PEERS:
            _attempt(failed, name, partial(prepare, name))
    runs: dict[str, list[Figures]] = {name: [] for name in turns if name not in failed}
    with tempfile.TemporaryDirectory(prefix="xinqiao-peers-") as root:
        job = Job(Path(root), training, held_out, settings)

        def once(name: str) -> None:
            run = job.ours(timeout_s) if name == OURS else job.peer(PEERS[name], pythons[name], timeout_s)
            runs[name].append(run)
            print(f"{name}: {run}", file=sys.stderr, flush=True)

        for turn in range(max(turns.values())):
            for name in runs:
                if turn < turns[name] and name not in failed:
                    _attempt(failed, name, partial(once, name))
    return {
        "machine": told,
        "only_loopback": bool(isolation()),
        "people": len(training),
        "epsilon": SPEND.epsilon_micro / MICRO,
        "peer_settings": dict(settings),
        "founding": job.founding,
        "runs": {name: own for name, own in runs.items() if own},
        "failed": failed,
    }


def _attempt(failed: dict[str, str], name: str, step: Callable[[], None]) -> None:
    """Run a step of a program; a program that fails once is left out, and the page says so."""
    try:
        step()
    except RunFailed as error:
        failed[name] = str(error)
        print(f"{name} failed: {error}", file=sys.stderr, flush=True)


def table_of(figures: Figures) -> str:
    """Return the figures as a short page of Markdown."""
    runs = figures["runs"]
    own = _medians(runs[OURS]) if OURS in runs else None
    settings, founding = figures["peer_settings"], figures["founding"]
    lines = [
        f"The demo's job: {len(DEPARTMENTS)} departments, {figures['people']} people, "
        f"{career_spec().dimension} parameters, ε = {figures['epsilon']:g}, δ = 1e-5; whole process trees, "
        "programs in turn, median (least – most)",
        "",
        "| | runs | wall, s | CPU, s | peak memory, MiB | KiB up | AUC, mean ± sd | our wall as a share |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, each in runs.items():
        middle = _medians(each)
        share = "" if own is None or name == OURS else f"1/{middle['wall_s'] / own['wall_s']:.1f}"
        wall, cpu, peak = (spread([run[key] for run in each], 1) for key in ("wall_s", "cpu_s", "peak_mib"))
        scores = [run["auc"] for run in each]
        deviation = f" ± {stdev(scores):.4f}" if len(scores) > 1 else ""
        lines.append(
            f"| {name} | {len(each)} | {wall} | {cpu} | {peak} | {middle['bytes_up'] / 1024:.0f} "
            f"| {mean(scores):.4f}{deviation} | {share} |"
        )
    lines += [
        "",
        *(
            f"{name} did not run: {reason.strip().splitlines()[-1]}"
            for name, reason in figures["failed"].items()
        ),
        "Ours starts with departments that hold their data; setting all eight up (keys, contracts, encrypted "
        f"stores) took {founding['wall_s']:.1f} s wall, {founding['cpu_s']:.1f} s CPU, once. "
        "Peers read one plain array file. Ours trains 200 steps with noise in the sum and a proof of what "
        "was done; in a peer each department adds the noise for the whole ε by itself: "
        f"{settings['rounds']} rounds of one local epoch in {settings['batches']} batches, "
        f"{settings['optimiser']} at {settings['rate']:g}, clip {settings['clip']:g}, noise multiplier "
        f"{settings['noise_multiplier']:.2f}, chosen by `bench/peers/tune.py` from a grid of "
        f"{_batches_tried()} batches. KiB up: ours is everything "
        "that left a department; the peers' count the model arrays alone.",
        "",
        "Network: "
        + ("the loopback alone." if figures["only_loopback"] else "not confined on this machine."),
        machine_line(figures["machine"]),
    ]
    return "\n".join(lines) + "\n"


def _batches_tried() -> str:
    """Return what the committed tuning had tried, which `peers/tune.py` may have outgrown since."""
    tuning = json.loads((RESULTS / "peers_tuning.json").read_text())
    return ", ".join(map(str, sorted({row["batches"] for row in tuning["screened"]})))


def _medians(runs: Sequence[Figures]) -> dict[str, float]:
    return {key: float(median(run[key] for run in runs)) for key in runs[0]}


def _write_arrays(path: Path, training: People) -> None:
    places = {department.id: place for place, department in enumerate(DEPARTMENTS)}
    columns, spec = training.columns(), career_spec()
    np.savez(
        path,
        allow_pickle=False,
        inputs=design(columns, spec).dense().astype(np.int8),
        wanted=targets(columns, spec)[:, 0].astype(np.int8),
        home=np.array([places[name] for name in training.department]),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="The demo's job beside Flower and NVFLARE")
    parser.add_argument("--runs", type=int, default=3, help="of ours and of Flower in process")
    parser.add_argument("--ray-runs", type=int, default=2, help="of Flower's Ray simulation")
    parser.add_argument("--nvflare-runs", type=int, default=2)
    parser.add_argument("--timeout-s", type=float, default=1_200, help="of one run")
    parser.add_argument(
        "--scratch", type=Path, default=SCRATCH, help="where the peers' environments are made"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for peers.json and peers.md")
    options = parser.parse_args(arguments)
    counts = (options.runs, options.runs, options.ray_runs, options.nvflare_runs)
    turns = {name: count for name, count in zip((OURS, *PEERS), counts, strict=True) if count}
    training, held_out = split(load_people())
    settings = json.loads((HERE / "settings.json").read_text())
    scratch, timeout_s = options.scratch.resolve(), options.timeout_s
    figures = measure(training, held_out, settings, turns, scratch=scratch, timeout_s=timeout_s)
    write(options.out, "peers", figures, table_of(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
