"""The benchmark measures what it says: equal work on both sides, honest meters, plain arithmetic."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from xinqiao_app.public_data import DEPARTMENTS, load_people, split
from xinqiao_models.gradients import PersonGradients
from xinqiao_models.optimiser import advance, average, start

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(BENCH))
    import run

    yield run
    for name in ("run", "plain_loop", "meter"):
        sys.modules.pop(name, None)


def random_rows(people: int, dimension: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of 0 and 1, one or two a person; nothing private, so a fixed seed is fine."""
    random = np.random.default_rng(seed)
    counts = random.integers(1, 3, people)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
    rows = int(counts.sum())
    design = random.integers(0, 2, (rows, dimension)).astype(np.float32)
    return design, random.integers(0, 2, rows).astype(np.float32), starts


def test_the_plain_loop_is_the_job_without_privacy(bench: ModuleType) -> None:
    """The departments' own sums, added, step by step: bit for bit what the pooled loop computes."""
    parts = [random_rows(people, 6, seed) for seed, people in enumerate((40, 25, 60))]
    offsets = np.cumsum([0, *(len(labels) for _, labels, _ in parts[:-1])])
    pooled = bench.Rows(
        np.concatenate([design for design, _, _ in parts]),
        np.concatenate([labels for _, labels, _ in parts]),
        np.concatenate([starts + offset for (_, _, starts), offset in zip(parts, offsets, strict=True)]),
    )
    settings = bench.Settings(answers=30, clip=0.7, learning_rate=0.1, people=125)

    departments = [PersonGradients(*part) for part in parts]
    state = start(6, settings.answers)
    for _ in range(settings.answers):
        total = sum((d.clipped_sum(state.parameters, settings.clip) for d in departments), np.zeros(6))
        state = advance(state, total / settings.people, settings.learning_rate)

    from plain_loop import train

    assert train(pooled, settings).tolist() == average(state).tolist()


def test_rows_and_settings_survive_the_file(bench: ModuleType, tmp_path: Path) -> None:
    from plain_loop import load

    design, labels, starts = random_rows(5, 3)
    settings = bench.Settings(answers=3, clip=1.0, learning_rate=0.05, people=5)
    bench.save(tmp_path / "rows.npz", bench.Rows(design, labels, starts), settings)
    rows, again = load(tmp_path / "rows.npz")
    assert again == settings
    assert rows.design.tolist() == design.tolist()
    assert rows.labels.tolist() == labels.tolist()
    assert rows.starts.tolist() == starts.tolist()


def test_medians_are_compared_and_divided_by_every_answer(bench: ModuleType) -> None:
    def run(training: float, later: float = 0.0) -> dict[str, dict[str, float]]:
        return {"training": {"cpu_s": training}, "after_first_step": {"cpu_s": later}}

    embedded = [run(9.0, 8.0), run(5.0, 4.0), run(6.0, 5.0)]
    plain = [run(2.0), run(100.0), run(1.0)]
    assert bench.beyond(embedded, plain, 1000) == {
        "embedded_cpu_s": 6.0,
        "plain_cpu_s": 2.0,
        "ratio": 3.0,
        "cpu_ms_per_node_step": 4.0,
        "cpu_ms_per_node_step_after_first": 3.0,
    }


def test_cpu_counts_work_and_not_sleep(bench: ModuleType) -> None:
    import time

    from meter import Meter

    meter = Meter()
    time.sleep(0.2)
    asleep = meter.read()
    assert asleep.wall_s >= 0.2
    assert asleep.cpu_s < 0.1

    meter = Meter()
    while meter.read().cpu_s < 0.05:
        sum(range(1000))
    assert meter.read().cpu_s >= 0.05


def test_peak_memory_is_the_process_own(tmp_path: Path) -> None:
    """A child of a process that holds much must not report what its parent held (as ru_maxrss would)."""
    held = np.ones(40_000_000)  # 305 MiB
    command = [sys.executable, "-c", "from meter import peak_mib; print(peak_mib())"]
    done = subprocess.run(command, cwd=BENCH, capture_output=True, check=True, text=True)
    assert held.sum() > 0
    assert 3 < float(done.stdout) < 100


@pytest.mark.slow
@pytest.mark.flow
def test_a_short_bench_runs_whole(bench: ModuleType) -> None:
    training, held_out = split(load_people())
    few = type(training)(training.frame.groupby("department").head(150).reset_index(drop=True))
    figures = bench.measure(few, held_out, runs=1, answers=6)
    assert figures["job"]["departments"] == len(DEPARTMENTS)
    (embedded,), (plain,) = figures["embedded"], figures["plain"]
    assert embedded["steps"] == plain["steps"] == 6
    assert embedded["void_steps"] == 0
    assert embedded["training"]["cpu_s"] > plain["training"]["cpu_s"] > 0
    for run in (embedded, plain):
        assert run["whole_cpu_s"] > run["training"]["cpu_s"]
        assert run["peak_mib"] > 20
        assert 0 < run["auc"] < 1
    table = bench.table_of(figures)
    assert f"{figures['beyond_plain_loop']['ratio']:.2f}" in table
    assert json.loads(json.dumps(figures)) == figures
