"""The benchmarks beside Opacus and the peers measure what they say, at a small size."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

BENCH = Path(__file__).parents[2] / "bench"
PEERS = BENCH / "peers"
NAMES = (
    "clipping",
    "compute_bound",
    "machine",
    "meter",
    "plain_loop",
    "embedded_job",
    "local_dp",
    "tune",
    "peers",
)


@pytest.fixture(autouse=True)
def on_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(PEERS))
    monkeypatch.syspath_prepend(str(BENCH))
    yield
    for name in [each for each in sys.modules if each.split(".")[0] in NAMES]:
        sys.modules.pop(name)


def bench(name: str) -> ModuleType:
    return importlib.import_module(name)


def settings(**changed: object) -> dict[str, object]:
    usual = {"rounds": 2, "batches": 3, "optimiser": "sgd", "rate": 1.0, "clip": 0.5, "noise_multiplier": 0.0}
    return {**usual, **changed}


# ---- clipping against Opacus ------------------------------------------------------------------------------


def run_script(script: Path, *arguments: str) -> None:
    """In a process of its own, as `make` does: Opacus warns, and sets threads, for a whole process."""
    subprocess.run([sys.executable, str(script), *arguments], check=True, capture_output=True, timeout=300)


@pytest.mark.heavy
def test_clipping_compares_equal_sums_and_every_way(tmp_path: Path) -> None:
    pytest.importorskip("opacus", reason="Opacus is not installed")
    run_script(
        BENCH / "clipping.py", "--counts", "40", "--rounds", "1", "--least-cpu-s", "0", "--out", str(tmp_path)
    )
    figures = json.loads((tmp_path / "clipping.json").read_text())
    assert [case["shape"] for case in figures["cases"]] == ["20-64-8", "88-16-1"]
    for case in figures["cases"]:
        assert set(case["farthest_from_ours"]) == {"hooks", "functorch", "ew", "ghost"}
        assert max(case["farthest_from_ours"].values()) <= 1e-5
        assert case["times_ghost"]["ghost"] == 1.0
        assert all(speed > 0 for speeds in case["samples_per_cpu_s"].values() for speed in speeds)
    assert "| 20-64-8 | 40 | ours |" in (tmp_path / "clipping.md").read_text()


# ---- the embedded job where the mathematics is the work ---------------------------------------------------


def test_synthetic_people_fit_the_demos_contract() -> None:
    import yaml

    from xinqiao_app.enterprise import catalogue, contract_text
    from xinqiao_clients.importer import check_frame
    from xinqiao_governance.contract import Contract

    frame = bench("compute_bound").synthetic("sales", 200, seed=5)
    contract = Contract.from_mapping(yaml.safe_load(contract_text("sales")))
    check_frame(frame, dataset=catalogue("sales"), contract=contract, today=20_700)
    assert 0.2 < (frame["realrinc"] > 20_000).mean() < 0.8


@pytest.mark.heavy
def test_a_small_compute_bound_job_runs_whole(tmp_path: Path) -> None:
    small = ("--people", "600", "--hidden", "2", "--answers", "4", "--runs", "1")
    run_script(BENCH / "compute_bound.py", *small, "--out", str(tmp_path))
    figures = json.loads((tmp_path / "compute_bound.json").read_text())
    assert figures["job"]["parameters"] == 16 * 2 + 3
    (embedded,), (plain,) = figures["embedded"], figures["plain"]
    assert figures["ratio"] == embedded["training"]["cpu_s"] / plain["training"]["cpu_s"] > 1
    assert set(figures["where"]["plain"]) == {"prepare the sums", "clipped sums", "optimiser"}
    assert set(figures["where"]["plain"]) < set(figures["where"]["embedded"])


# ---- peers ---------------------------------------------------------------------------------------------


def test_a_department_of_a_peer_trains_as_the_tuning_does() -> None:
    """All of its people in one batch, no noise: Opacus and the tuning take the same steps."""
    pytest.importorskip("opacus", reason="Opacus is not installed")
    local_dp, tune = bench("local_dp"), bench("tune")
    random = np.random.default_rng(3)
    inputs, wanted = random.integers(0, 2, (60, 7)).astype(float), random.integers(0, 2, 60).astype(float)
    start = random.normal(0, 1, 7)
    for optimiser, rate in (("sgd", 0.7), ("adam", 0.1)):
        job = local_dp.Settings(**settings(batches=1, optimiser=optimiser, rate=rate))
        theirs = local_dp.Department(inputs.astype(np.float32), wanted.astype(np.float32)).train(
            start.astype(np.float32), job
        )
        ours = tune.epoch(start, inputs, wanted, job, random)
        assert theirs == pytest.approx(ours, abs=2e-5)


def test_the_noise_of_a_peer_is_for_all_rounds() -> None:
    pytest.importorskip("opacus", reason="Opacus is not installed")
    local_dp = bench("local_dp")
    few, many = (local_dp.noise_for(1.0, 1e-5, rounds, 5) for rounds in (2, 8))
    assert 1.3 * few < many < 2.2 * few


def test_the_fewest_steps_win_among_equals() -> None:
    tune, local_dp = bench("tune"), bench("local_dp")
    tried = [
        (0.8500, local_dp.Settings(**settings(rounds=40))),
        (0.8497, local_dp.Settings(**settings(rounds=15))),
        (0.8400, local_dp.Settings(**settings(rounds=5))),
    ]
    assert tune.chosen(tried).rounds == 15


def ended(pid: int) -> bool:
    """Gone, or dead and waiting for the system to take note."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_all_processes_of_a_command_are_measured_and_ended(tmp_path: Path) -> None:
    """A grandchild that leaves its session is counted, and does not outlive the measurement."""
    watch = bench("peers.watch")
    child = tmp_path / "child.py"
    child.write_text(
        "import os, sys, time\n"
        "os.setsid()\n"
        "held = bytearray(60_000_000)\n"
        "while time.process_time() < 0.7: sum(range(1000))\n"
        "print(os.getpid(), flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, {str(child)!r}], stdout=subprocess.PIPE, text=True)\n"
        "print(child.stdout.readline().strip())\n"
    )
    watched = watch.watch([sys.executable, "-c", parent], "", timeout_s=120, env=dict(os.environ))
    assert watched.printed is not None, watched.said
    assert watched.cpu_s >= 0.6
    assert watched.peak_mib > 55
    assert ended(int(watched.printed))


def test_a_command_that_takes_too_long_is_ended_and_has_no_result() -> None:
    watch = bench("peers.watch")
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    watched = watch.watch(sleeper, "", timeout_s=0.5, env=dict(os.environ))
    assert watched.printed is None
    assert watched.wall_s < 60


def test_a_measured_command_has_no_network_but_the_loopback() -> None:
    watch = bench("peers.watch")
    if not watch.isolation():
        pytest.skip("network namespaces are denied here")
    lists = [sys.executable, "-c", "import socket; print([name for _, name in socket.if_nameindex()])"]
    assert watch.watch(lists, "", timeout_s=60, env=dict(os.environ)).printed == "['lo']\n"


@pytest.mark.heavy
def test_flower_in_process_trains_in_this_environment(tmp_path: Path) -> None:
    if find_spec("opacus") is None or find_spec("flwr") is None:
        pytest.skip("Flower or Opacus is not installed")
    random = np.random.default_rng(1)
    home = np.repeat([0, 1, 2], 40)
    inputs = random.integers(0, 2, (120, 5)).astype(np.int8)
    np.savez(tmp_path / "data.npz", inputs=inputs, wanted=inputs[:, 0], home=home)
    (tmp_path / "settings.json").write_text(json.dumps(settings(rate=2.0)))
    done = subprocess.run(
        [sys.executable, str(PEERS / "flower_job.py"), str(tmp_path), "in-process"],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "FLWR_TELEMETRY_ENABLED": "0", "FLWR_DISABLE_UPDATE_CHECK": "1"},
    )
    said = json.loads(done.stdout.strip().splitlines()[-1])
    weights = said["parameters"]
    assert len(weights) == 5
    assert weights[0] == max(weights) > 0
