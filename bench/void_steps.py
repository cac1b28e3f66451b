"""How many steps are void where messages get lost, by departments and loss: `python bench/void_steps.py`.

Only the roster's rule runs here (`xinqiao_platform.absences`, the same object that a job uses), no
cryptography. A message is lost with the same chance, on its own, whatever it is; an exchange is two messages.
Three rules are compared on the same losses:

    asked once    one exchange a member; a member that is missing makes the step void and leaves the roster
                  for a while; when its time is up it is asked hello and, if it answers, comes back
    as built      the same, but who is silent is asked up to three times for the very same bytes
    rescue        two rounds (self-masks, a signed set of survivors: Bonawitz et al. 2017): up to a tenth of
                  the roster may be missing in the first, and two thirds of it must answer in the second.
                  Nobody leaves. Noise shares must then be sized for the survivors, which costs noise when
                  nobody is missing: `noise_deviation` says how much more deviation the sum carries.
                  Simulated with one try a round, and with three ("rescue, asked again").

The result goes to results/void_steps.json and results/void_steps.svg.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, stdev

import numpy as np

from figure import standalone
from xinqiao_app.svg import Axis, Series, lines
from xinqiao_platform.absences import Absences
from xinqiao_platform.jobs import TRIES

RESULTS = Path(__file__).resolve().parent / "results"
DEPARTMENTS = (8, 20, 60, 100)
LOSSES = (0.0, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05)
ANSWERS = 200
COLLUSION = 1
RUNS = 20
LIMIT = 0.1
_PATIENCE_LOOKS = 10  # a job waits 20 s for members if it has too few, 2 s a look
_SPARE = 0.1  # the part of a roster that a rescue can do without
_QUORUM = 2 / 3  # the part of a roster that must answer a rescue's second round

_STYLE = """
svg { font: 11px sans-serif; background: #fff; } text { fill: #333; }
.grid { stroke: #ddd; } .line { fill: none; stroke-width: 2; stroke: var(--c); } .disc { fill: var(--c); }
.n8 { --c: #0b6; } .n20 { --c: #06c; } .n60 { --c: #c60; } .n100 { --c: #b03; }
.key { --c: #555; } .once { stroke-dasharray: 7 3; } .rescue { stroke-dasharray: 2 3; }
"""


@dataclass(frozen=True)
class Course:
    """One simulated job: shares of its steps that were void, of departments in a good step's sum, and
    whether it failed for too many void steps or too few members.
    """

    void: float
    present: float
    failed: bool


class Losses:
    """Exchanges that get lost, independently; the seed belongs to the simulation and to nothing else."""

    def __init__(self, loss: float, seed: int) -> None:
        self._chance = 1.0 - (1.0 - loss) ** 2
        self._random = np.random.default_rng(seed)

    def missing(self, count: int) -> np.ndarray:
        """Say of each of `count` exchanges whether it was lost."""
        return self._random.random(count) < self._chance

    def left_out(self, count: int, tries: int) -> int:
        """Return how many of `count` are still silent after `tries` exchanges."""
        for _ in range(tries):
            count = int(self.missing(count).sum())
        return count


class _Roster:
    """Who takes part in a simulated job by the product's rule, and how it looks for who is away."""

    def __init__(self, departments: int, losses: Losses) -> None:
        self._all = [number.to_bytes(32, "big") for number in range(departments)]
        self._absences = Absences()
        self._losses = losses
        self._looks = 0
        self._silent: dict[bytes, tuple[int, int]] = {}  # hellos unanswered in a row, next look worth one

    def gather(self, step: int) -> list[bytes]:
        """Return the members of a step, after a look for those that may be back."""
        self._look(list(self._absences.due(step)))
        for _ in range(_PATIENCE_LOOKS):
            if len(self._present()) >= COLLUSION + 2:
                break
            self._look(list(self._absences.hoped_for()))
        return self._present()

    def miss(self, node: bytes, step: int) -> None:
        """Count a member out."""
        self._absences.miss(node, step)

    def _present(self) -> list[bytes]:
        return [node for node in self._all if node not in self._absences.away]

    def _look(self, nodes: list[bytes]) -> None:
        if not nodes:
            return
        self._looks += 1
        asked = [node for node in nodes if self._silent.get(node, (0, 0))[1] <= self._looks]
        for node, lost in zip(asked, self._losses.missing(len(asked)), strict=True):
            count = self._silent.get(node, (0, 0))[0] + 1 if lost else 0
            self._silent[node] = count, self._looks + (1 << count)
            if not lost:
                self._absences.back(node)


def as_built(departments: int, losses: Losses, tries: int = TRIES) -> Course:
    """Run a job by the rule as it is, a silent member asked up to `tries` times in a step."""
    roster, good, void, present = _Roster(departments, losses), 0, 0, 0
    for step in range(1, ANSWERS + 1):
        members = roster.gather(step)
        missing = np.ones(len(members), dtype=bool)
        for _ in range(tries):
            missing[missing] = losses.missing(int(missing.sum()))
        for node, lost in zip(members, missing, strict=True):
            if lost:
                roster.miss(node, step)
        if len(members) < COLLUSION + 2 or 2 * (ANSWERS - void) < ANSWERS:
            return Course(1.0 - good / ANSWERS, present / (departments * ANSWERS), failed=True)
        void, good = (void + 1, good) if missing.any() else (void, good + 1)
        present += 0 if missing.any() else len(members)
    return Course(void / ANSWERS, present / (departments * ANSWERS), failed=2 * good < ANSWERS)


def asked_once(departments: int, losses: Losses) -> Course:
    """Run a job in which nobody is asked again."""
    return as_built(departments, losses, tries=1)


def rescue(departments: int, losses: Losses, tries: int = 1) -> Course:
    """Run a job with a second round, a silent member asked up to `tries` times in each; nobody leaves."""
    good, present = 0, 0
    for _ in range(ANSWERS):
        first = departments - losses.left_out(departments, tries)
        second = first - losses.left_out(first, tries)
        opened = departments - first <= spare(departments) and second >= math.ceil(_QUORUM * departments)
        good, present = good + opened, present + opened * first
    return Course(1.0 - good / ANSWERS, present / (departments * ANSWERS), failed=2 * good < ANSWERS)


def rescue_again(departments: int, losses: Losses) -> Course:
    """Run a job with both: a second round, and as many tries as built."""
    return rescue(departments, losses, TRIES)


def spare(departments: int) -> int:
    """Members of a full roster that a rescue can do without."""
    return max(1, int(_SPARE * departments))


def noise_deviation(departments: int) -> float:
    """Return how much more deviation a full roster's sum carries if shares are sized for the survivors."""
    needed = departments - spare(departments) - COLLUSION
    return math.sqrt((departments - COLLUSION) / needed)


RULES: Mapping[str, Callable[[int, Losses], Course]] = {
    "asked once": asked_once,
    "as built": as_built,
    "rescue": rescue,
    "rescue, asked again": rescue_again,
}


def simulate(runs: int) -> Iterator[dict[str, object]]:
    """Yield one row a rule, number of departments and loss: means over `runs` jobs."""
    for name, rule in RULES.items():
        for departments in DEPARTMENTS:
            for loss in LOSSES:
                courses = [rule(departments, Losses(loss, seed)) for seed in range(runs)]
                yield {
                    "rule": name,
                    "departments": departments,
                    "loss": loss,
                    "void": round(mean(course.void for course in courses), 4),
                    "void_sd": round(stdev(course.void for course in courses), 4),
                    "present": round(mean(course.present for course in courses), 4),
                    "failed": round(mean(asdict(course)["failed"] for course in courses), 4),
                }


def plot(rows: list[dict[str, object]]) -> str:
    """Return the picture: good steps over loss, a colour a number of departments, a dash a rule."""
    dashes = {"as built": "", "asked once": " once", "rescue": " rescue"}
    drawn = [
        Series(f"{count}, {rule}", _points(rows, rule, count), f"n{count}{dash}", marked=not dash)
        for rule, dash in dashes.items()
        for count in DEPARTMENTS
    ]
    title = "Good steps by loss of single messages"
    described = "A colour a number of departments; full lines: as built; dashes: asked once; dots: rescue."
    picture = lines(title, described, Axis("lost messages, %", 0, 5), Axis("good steps, %", 0, 100), drawn)
    colours = [(f"n{count}", f"{count} departments") for count in DEPARTMENTS]
    kinds = [("key", "as built"), ("key once", "asked once"), ("key rescue", "two-round rescue")]
    return standalone(picture, _STYLE, [*colours, *kinds])


def _points(rows: list[dict[str, object]], rule: str, departments: int) -> list[tuple[float, float]]:
    return [
        (100 * float(str(row["loss"])), 100 - 100 * float(str(row["void"])))
        for row in rows
        if (row["rule"], row["departments"]) == (rule, departments)
    ]


def first_loss_over(rows: list[dict[str, object]], rule: str, departments: int) -> float | None:
    """Return the least simulated loss at which more than a tenth of the steps are void."""
    over = (
        float(str(row["loss"]))
        for row in rows
        if (row["rule"], row["departments"]) == (rule, departments) and float(str(row["void"])) > LIMIT
    )
    return min(over, default=None)


def main() -> int:
    """Simulate, print the table of limits, write both files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    rows = list(simulate(options.runs))
    limits = {
        rule: {str(count): first_loss_over(rows, rule, count) for count in DEPARTMENTS} for rule in RULES
    }
    noise = {str(count): round(noise_deviation(count), 4) for count in DEPARTMENTS}
    found = {
        "answers": ANSWERS,
        "collusion": COLLUSION,
        "runs": options.runs,
        "more_than_a_tenth_void_from_loss": limits,
        "rescue_noise_deviation": noise,
        "rows": rows,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "void_steps.json").write_text(json.dumps(found, indent=1) + "\n")
    (options.out / "void_steps.svg").write_text(plot(rows), encoding="utf-8")
    for rule, by_count in limits.items():
        for count, loss in by_count.items():
            said = "never, up to 5 %" if loss is None else f"from {100 * loss:g} % loss"
            print(f"{rule:12} {count:>3} departments: more than a tenth void {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
