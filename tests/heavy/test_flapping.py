"""Ten departments of which two come and go all the time: killed, or held still and let go on, mid-step.

Measured on two busy cores: 131 seconds.
"""

import random
import secrets
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulators.exact import require_exact
from simulators.works import Service, Works, works

pytestmark = pytest.mark.heavy
DEPARTMENTS, FLAPPING, ANSWERS = 10, 2, 16
FLAPS = 12  # of each: then it stays, so that the job's end is not up to the draw
UP_S, DOWN_S = (1.0, 6.0), (0.5, 6.0)
BOUND_S = 900.0
SEED = secrets.randbits(32)


@dataclass
class Flapping:
    """One agent that is killed or held still every few seconds, a set number of times."""

    agent: Service
    draw: random.Random
    left: int = FLAPS
    held: bool = False
    turn_at: float = 0.0

    def turn(self) -> None:
        """Do what is due."""
        if time.monotonic() < self.turn_at:
            return
        if self.held:
            self.agent.send(signal.SIGCONT)
            self.held = False
        elif self.left and self.agent.running():
            self.left -= 1
            self.held = self.draw.random() < 0.5
            if self.held:
                self.agent.send(signal.SIGSTOP)
            else:
                self.agent.kill()
        self.turn_at = time.monotonic() + self.draw.uniform(*(DOWN_S if self.held else UP_S))


def run_through(running: Works) -> None:
    """One job while a fifth of the departments flap; it ends with a model or with a plain reason."""
    draw = random.Random(SEED)
    flapping = [Flapping(agent, draw) for agent in list(running.agents.values())[:FLAPPING]]
    run = running.run(*running.order(answers=ANSWERS))
    deadline = time.monotonic() + BOUND_S
    while not run.ended():
        assert time.monotonic() < deadline, run.service.said()
        running.tend()
        if run.course() is not None:  # from the first step on
            for agent in flapping:
                agent.turn()
        time.sleep(0.05)
    for agent in flapping:
        agent.agent.send(signal.SIGCONT)
    print(f"seed {SEED}: {[FLAPS - agent.left for agent in flapping]} flaps\n{run.service.said()}")
    assert run.service.process is not None
    assert "Traceback" not in run.service.said()
    if run.service.process.returncode == 0:
        running.judged(run)
    else:
        assert run.reason.endswith("."), run.service.said()


def test_a_fifth_of_ten_departments_flaps_and_the_job_ends_with_every_figure_exact(tmp_path: Path) -> None:
    with works(tmp_path, DEPARTMENTS) as running:
        running.wait_until_up()
        run_through(running)
        running.wait_for(lambda: all(agent.running() for agent in running.agents.values()), 60.0, "agents")
        calm = running.result(running.run(*running.order(answers=4)))
        print(calm.verdict)
    require_exact(running, delivered=True)
    assert all("Traceback" not in service.said() for service in running.services)
    assert running.left_over() == []
