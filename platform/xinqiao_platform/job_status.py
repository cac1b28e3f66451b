"""How far a job has come, read from what its process keeps for a restart: beside it or after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xinqiao_governance.canonical import Json
from xinqiao_governance.order import Order
from xinqiao_models.plans import plan_of
from xinqiao_models.training import Training
from xinqiao_platform.checkpoint import Course, JobFolder

NOT_RUN, TRAINING, PUBLISHED, FAILED = "not_run", "training", "published", "failed"


@dataclass(frozen=True)
class JobStatus:
    """One job at one moment.

    `step` of `answers` was asked last, `good` and `void` steps are over. Of the `joined` departments, `away`
    may be back from the step beside their fingerprint, and `left` will not. `failed` is the reason
    of a job that ended without a model, else empty.
    """

    order: bytes
    answers: int
    state: str = NOT_RUN
    step: int = 0
    good: int = 0
    void: int = 0
    joined: int = 0
    away: Mapping[bytes, int] = field(default_factory=dict)
    left: tuple[bytes, ...] = ()
    failed: str = ""

    @property
    def over(self) -> bool:
        """Nothing of it will change."""
        return self.state in (PUBLISHED, FAILED)

    def to_json(self) -> dict[str, Json]:
        """Return it for programs."""
        return {
            "order": self.order.hex(),
            "state": self.state,
            "step": self.step,
            "answers": self.answers,
            "good": self.good,
            "void": self.void,
            "joined": self.joined,
            "away": {node.hex(): step for node, step in self.away.items()},
            "left": [node.hex() for node in self.left],
            "failed": self.failed,
        }


def status_of(centre: Path, order: Order) -> JobStatus:
    """Return how far the job of `order` has come at the centre in this folder.

    Raises:
        StoreDamaged: what was kept of it was changed, or cannot be read.
    """
    folder = JobFolder(centre, order.digest)
    joined, course = folder.joined(), folder.course()
    if joined is None and course is None:
        return JobStatus(order.digest, order.answers)
    keys = {} if joined is None else joined.keys
    if course is None:
        return JobStatus(order.digest, order.answers, TRAINING, joined=len(keys))
    training = Training(order.model, plan_of(order))
    training.restore(course.training)
    hoped = set(course.absences.hoped_for())
    return JobStatus(
        order=order.digest,
        answers=order.answers,
        state=_state(folder, course),
        step=course.step,
        good=training.steps,
        void=training.void_steps,
        joined=len(keys),
        away={node: since for node, since in course.absences.away.items() if node in hoped},
        left=tuple(sorted(set(course.absences.away) - hoped)),
        failed=course.failed,
    )


def _state(folder: JobFolder, course: Course) -> str:
    if course.failed:
        return FAILED
    return TRAINING if folder.card() is None else PUBLISHED
