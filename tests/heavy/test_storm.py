"""Real processes killed at random, again and again: every job ends, and every figure stays exact.

SuperLink, `xinqiao job run` and the departments' agents run as their commands. A seed, printed at the start,
draws who is killed and when; the machine's own timing is not in it. XINQIAO_STORM_KILLS says how many kills
(`make storm`: 200), XINQIAO_STORM_SEED repeats a draw.
"""

import os
import random
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulators.exact import require_exact
from simulators.works import Run, Service, Works, works
from xinqiao_ledger.report import Verdict

pytestmark = pytest.mark.heavy

KILLS = int(os.environ.get("XINQIAO_STORM_KILLS", "60"))
SEED = int(os.environ.get("XINQIAO_STORM_SEED") or secrets.randbits(32))
DEPARTMENTS, ANSWERS = 4, 16
FEWEST, MOST = 4, 28  # kills in one job, while there are any left
LONGEST_S, AT_ONCE_S = 8.0, 1.5  # between two kills; after a process came back
STEPS_AHEAD = 3
NEWBORN_S = 2.0
JOB_BOUND_S = 900.0
_LOOK_S = 0.05


@dataclass
class Storm:
    """Kills one process after another and keeps account of it."""

    works: Works
    draw: random.Random
    left: int
    killed: Counter[str] = field(default_factory=Counter)
    newborn: int = 0  # killed within two seconds of their start
    stepping: int = 0  # killed while a step was open
    ends: Counter[str] = field(default_factory=Counter)

    def job(self) -> None:
        """Run one order through some kills, then let it end."""
        run = self.works.run(*self.works.order(answers=ANSWERS))
        until = self.left - min(self.left, self.draw.randint(FEWEST, MOST))
        deadline = time.monotonic() + JOB_BOUND_S
        now_is_the_time = self.moment(0)
        while not run.ended():
            assert time.monotonic() < deadline, f"{run.file.stem} waited beyond its bound: {run.reason}"
            self.works.tend()
            at = run.course()
            step = at.step if at else 0
            if self.left > until and now_is_the_time(step):
                victim = self.draw.choice([run.service, *self.works.services])
                self.stepping += self.strike(victim, run) and at is not None and not at.outcome
                now_is_the_time = self.moment(step)
            time.sleep(_LOOK_S)
        self.ends[self.judged(run)] += 1
        print(f"{run.file.stem}: {run.reason} {dict(self.killed)} left {self.left}", flush=True)

    def moment(self, step: int) -> Callable[[int], bool]:
        """Draw when the next kill comes: after a time short or long, or some steps further on."""
        kind, now = self.draw.randrange(5), time.monotonic()
        after = now + self.draw.uniform(0.0, AT_ONCE_S if kind == 0 else LONGEST_S)
        ahead = self.draw.randint(1, STEPS_AHEAD)
        if kind < 4:
            return lambda _: time.monotonic() >= after
        return lambda at: at >= min(step + ahead, ANSWERS)

    def strike(self, victim: Service, run: Run) -> bool:
        """Kill a process, unless it is down already; say whether that was so."""
        if not victim.running():
            return False
        name = "job" if victim is run.service else victim.name
        inner = self.works.inner_superlink() if victim is self.works.superlink else None
        if inner is not None and self.draw.random() < 0.5:
            name = "SuperLink itself"  # the command that keeps it must notice
            os.kill(inner, signal.SIGKILL)
        else:
            victim.kill()
        self.left -= 1
        self.killed[name] += 1
        self.newborn += time.monotonic() - victim.started_at < NEWBORN_S
        return True

    def judged(self, run: Run) -> str:
        """Return how a job ended: its verdict, or the plain reason."""
        assert run.service.process is not None
        if not run.service.process.returncode:
            return self.works.judged(run).verdict.value
        assert "Traceback" not in run.service.said()
        assert run.reason.endswith((".", ".)")), run.service.said()
        return run.reason


def test_random_kills_end_in_a_result_or_a_plain_reason_and_all_figures_are_exact(tmp_path: Path) -> None:
    print(f"seed {SEED}, {KILLS} kills", flush=True)
    with works(tmp_path, DEPARTMENTS) as running:
        storm = Storm(running, random.Random(SEED), KILLS)
        while storm.left:
            storm.job()
        running.end()
        require_exact(running, delivered=False)
        running.tend()
        storm.job()  # nobody is killed any more: what was owed is delivered
    moments = f"{storm.newborn} newborn, {storm.stepping} in an open step"
    print(f"killed {dict(storm.killed)}, {moments}; ended {dict(storm.ends)}", flush=True)
    assert storm.killed.total() == KILLS
    assert storm.ends[Verdict.PASS.value] >= 1
    require_exact(running, delivered=True)
    for service in running.services:
        assert "Traceback" not in service.said()
    assert running.left_over() == []
