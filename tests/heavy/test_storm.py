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
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulators.exact import require_exact
from simulators.processes import Run, Service, Works, works
from xinqiao_ledger.report import Status, Verdict
from xinqiao_ledger.verify import verify

pytestmark = pytest.mark.heavy

KILLS = int(os.environ.get("XINQIAO_STORM_KILLS", "60"))
SEED = int(os.environ.get("XINQIAO_STORM_SEED") or secrets.randbits(32))
DEPARTMENTS, ANSWERS = 4, 12
FEWEST, MOST = 4, 28  # kills in one job, while there are any left
LONGEST_S = 8.0  # between two kills
JUST_STARTED, AT_ONCE_S = 0.25, 1.5  # how often the next victim is the one that has just come back, and how soon
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
    ends: Counter[str] = field(default_factory=Counter)
    last: Service | None = None

    def job(self) -> None:
        """Run one order through some kills, then let it end."""
        order, file = self.works.order(answers=ANSWERS)
        run = self.works.run(order, file)
        until = self.left - min(self.left, self.draw.randint(FEWEST, MOST))
        deadline = time.monotonic() + JOB_BOUND_S
        strike_at = time.monotonic() + self.draw.uniform(0.0, LONGEST_S)
        while not run.ended():
            assert time.monotonic() < deadline, f"{run.file.stem} waited beyond its bound: {run.reason}"
            self.works.tend()
            if self.left > until and time.monotonic() >= strike_at:
                strike_at = time.monotonic() + self.strike(run)
            time.sleep(_LOOK_S)
        self.ends[self.judged(run)] += 1
        print(f"{file.stem}: {run.reason} {dict(self.killed)} left {self.left}", flush=True)

    def strike(self, run: Run) -> float:
        """Kill one process, unless it is down already; return the seconds until the next kill."""
        again = self.last is not None and self.draw.random() < JUST_STARTED
        victim = self.last if again and self.last else self.draw.choice([run.service, *self.works.services])
        if not victim.running():
            return _LOOK_S
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
        self.last = victim
        return self.draw.uniform(0.0, AT_ONCE_S if self.draw.random() < JUST_STARTED else LONGEST_S)

    def judged(self, run: Run) -> str:
        """Return how a job ended: its verdict, or the plain reason."""
        assert "Traceback" not in run.service.said()
        assert run.service.process is not None
        if run.service.process.returncode:
            assert run.reason.endswith((".", ".)")), run.service.said()
            return run.reason
        report = verify((run.out / "evidence.bundle").read_bytes(), self.works.trust())
        failed = [finding for finding in report.findings if finding.status is Status.FAIL]
        assert failed == []
        if report.verdict is not Verdict.PASS:  # a department that was away at the end has not signed
            missing = {finding.code for finding in report.findings[:8] if finding.status is Status.NOT_CHECKED}
            assert missing == {"audit_receipts_missing"}
        return report.verdict.value


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
    print(f"killed {dict(storm.killed)}, {storm.newborn} newborn, ended {dict(storm.ends)}", flush=True)
    assert storm.killed.total() == KILLS
    assert storm.ends[Verdict.PASS.value] >= 1
    require_exact(running, delivered=True)
    for service in running.services:
        assert "Traceback" not in service.said()
    assert running.left_over() == []
