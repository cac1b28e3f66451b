"""The benchmark measures what it says: equal work on both sides, honest meters, plain arithmetic."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from simulators import rows
from xinqiao_app.public_data import DEPARTMENTS, load_people, split
from xinqiao_governance.order import Spend
from xinqiao_models.defaults import learning_rate, plan_for, ridge
from xinqiao_models.families import person_sums
from xinqiao_models.optimiser import advance, average, start

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(BENCH))
    import run

    yield run
    for name in ("run", "plain_loop", "meter"):
        sys.modules.pop(name, None)


def test_the_plain_loop_is_the_job_without_privacy(bench: ModuleType) -> None:
    """The departments' own sums, added, step by step: bit for bit what the pooled loop computes."""
    spec = rows.spec()
    pooled = rows.people(spec, 125, panel=True)
    plan = plan_for(spec, spend=Spend(1_000_000, 10_000), members=3, people=125, answers=30)

    departments = [person_sums(rows.only(pooled, range(first, len(pooled), 3)), spec) for first in range(3)]
    state = start(np.zeros(spec.parameters), plan.answers)
    for _ in range(plan.answers):
        parts = [department.clipped_sum(state.parameters, plan.clip) for department in departments]
        slope = sum(parts) / plan.people + ridge(spec, plan) * state.parameters
        state = advance(state, slope, learning_rate(spec, plan))

    from plain_loop import train

    assert train(pooled, spec, plan).tolist() == average(state).tolist()


def test_people_and_plan_survive_the_file(bench: ModuleType, tmp_path: Path) -> None:
    from plain_loop import load

    spec = rows.spec("class")
    people = rows.people(spec, 5, panel=True)
    plan = plan_for(spec, spend=Spend(1_000_000, 10_000), members=3, people=5, answers=3)
    bench.save(tmp_path / "rows.npz", people, spec, plan)
    again, *public = load(tmp_path / "rows.npz")
    assert public == [spec, plan]
    assert again.design.dense().tolist() == people.design.dense().tolist()
    assert again.targets.tolist() == people.targets.tolist()
    assert again.starts.tolist() == people.starts.tolist()


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
