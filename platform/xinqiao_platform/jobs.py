"""A job at the centre, from the signed order to the receipts. It sees sums of members and nothing else.

The job speaks to departments through a `Channel`; what carries the messages (Flower, in process or
deployed) is not its business. A step that misses a member is void: nothing of it opens, and the next one has
a smaller roster, re-sized shares and fresh masks. Good or void, a step uses up one of the T answers that the
order bought of each node. Who missed a step may come back later, with the same job key.

The process may be killed at any point: the same order run again goes on from its last step (`checkpoint`).
The step that was open then is void, because nobody can say who answered it.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import strictest
from xinqiao_governance.errors import (
    JobFailed,
    NodeUnavailable,
    ProtocolViolated,
    StoreDamaged,
    UsageInvalid,
    XinqiaoError,
)
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import (
    WORD_BYTES,
    Answer,
    Closing,
    ClosingAsk,
    JobKey,
    JobReceipt,
    MaskedVector,
    Proposal,
    ReceiptAnswer,
    Refusal,
    StepAsk,
    StepStatement,
    Verdict,
)
from xinqiao_ledger.bundle import card_digest
from xinqiao_ledger.event import Event, Kind
from xinqiao_models.masks import check_public
from xinqiao_models.model import Model
from xinqiao_models.parameters import parameters_digest
from xinqiao_models.plans import plan_of
from xinqiao_models.sums import SumPlan, open_sum
from xinqiao_models.training import Training
from xinqiao_platform.absences import Absences
from xinqiao_platform.centre import Centre
from xinqiao_platform.checkpoint import GOOD, VOID, Course, JobFolder, Joined
from xinqiao_platform.departments import Departments, holds
from xinqiao_platform.registry import model_card

DECIDE_TIMEOUT_S = 60.0
STEP_TIMEOUT_S = 30.0
AGAIN_TIMEOUT_S = 3.0
FAREWELL_TIMEOUT_S = 3.0
FIND_TIMEOUT_S = 2.0
PATIENCE_S = 20.0
TRIES = 3
_LOOK_S = 0.2
ALLOWED = "allowed"
STOPPED = "stopped"
# Said by a department that takes no further part in this job, whatever is asked.
_FOR_GOOD = frozenset({"job_left", "job_unknown", "order_expired", "answers_used_up"})


class Watcher(Protocol):
    """Whoever watches a job live. Everything shown here is public to the centre already."""

    def decided(self, node: bytes, reason: str) -> None:
        """A department answered the proposal."""

    def stepped(self, step: int, answers: int, *, members: int, void: bool) -> None:
        """A step is over."""


@dataclass(frozen=True)
class JobResult:
    """A finished job: the model, its card, and what proves it.

    `snapshots` holds the parameters that the model would have had after each good step, as (step, array); of
    a job that was resumed, only those since.
    """

    order: Signed[Order]
    model: Model
    card: Mapping[str, Json]
    receipts: tuple[Signed[JobReceipt], ...]
    steps: int
    void_steps: int
    snapshots: tuple[tuple[int, NDArray[np.float64]], ...]


@dataclass(frozen=True)
class Refused:
    """A department that did not join, and its reason code ("no_answer" where it said nothing)."""

    node: bytes
    reason: str


class Job:
    """One run of one order among the departments that were met.

    Where members are too few, it waits `patience_s` seconds for others to come back before it gives up. A
    step's statement is sent up to `tries` times to a member that is online and silent, which has `step_s`
    seconds for its answer, and less when it is asked again.
    """

    def __init__(
        self,
        centre: Centre,
        departments: Departments,
        signed: Signed[Order],
        watcher: Watcher,
        *,
        patience_s: float = PATIENCE_S,
        tries: int = TRIES,
        step_s: float = STEP_TIMEOUT_S,
    ) -> None:
        self._centre = centre
        self._departments = departments
        self._signed = signed
        self._order = signed.body
        self._watcher = watcher
        self._patience_s = patience_s
        self._tries = tries
        self._step_s = step_s
        self._plan: SumPlan = plan_of(signed.body)
        self._folder = JobFolder(centre.path, signed.body.digest)
        self._training = Training(signed.body.model, self._plan)
        self._course = Course(self._training.to_bytes())
        self._least = signed.body.collusion + 2
        self._joined = Joined({}, {})

    def propose(self) -> tuple[Refused, ...]:
        """Ask every department of the order to decide; those that allow it stay, the others are returned.

        A job that was begun before goes on with those that joined it, and asks nobody.

        Raises:
            JobFailed: it failed before. Departments are told again: the end may not have reached all.
        """
        self._require_not_failed()
        joined = self._folder.joined()
        if joined is not None:
            self._join(joined)
            return ()
        order = self._order
        if not self._centre.has_logged(Kind.ORDER, order.digest):  # the same order may be proposed again
            self._record(Kind.ORDER, "propose", purpose=order.purpose, legal_basis=order.legal_basis)
        asks = {node: Proposal(self._signed) for node in self._departments}
        answers = self._departments.ask(asks, timeout_s=DECIDE_TIMEOUT_S)
        keys, refused = {}, []
        for node in order.nodes:
            verdict = self._verdict(node, answers.get(node))
            reason = verdict if isinstance(verdict, str) else ALLOWED
            self._watcher.decided(node, reason)
            if isinstance(verdict, str):
                refused.append(Refused(node, verdict))
            else:
                keys[node] = verdict
        self._join(Joined(keys, self._published_tiers(keys)))
        return tuple(refused)

    def train(self) -> JobResult:
        """Train with those that stayed, through to the published model and the signed receipts.

        Raises:
            JobFailed: too few departments joined or stayed, or half of the steps can no longer be good. What
                was reserved stays charged.
            KeyboardInterrupt: the operator stopped it; departments were told.
            NodeUnavailable, StoreDamaged: the messages or the disk failed; the job can be run again.
        """
        if self._joined.keys:
            self._folder.keep_joined(self._joined)
        try:
            snapshots = self._steps()
        except (NodeUnavailable, StoreDamaged):
            raise
        except XinqiaoError as error:
            self._fail(error.code, self._joined.keys)
            raise
        except KeyboardInterrupt:
            self._fail(STOPPED, self._joined.keys)
            raise
        return self._publish(snapshots)

    def stop(self) -> int:
        """End a job whose process is gone, at every department that is there; return how many were told.

        Raises:
            UsageInvalid: its model is published.
        """
        if self._folder.card() is not None:
            raise UsageInvalid("job_published")
        self._course = self._kept_course() or self._course
        return len(self._fail(STOPPED, self._order.nodes))

    def _kept_course(self) -> Course | None:
        """Return how far the job came: a damaged checkpoint must not keep a job from being stopped."""
        try:
            return self._folder.course()
        except StoreDamaged as error:
            if error.code != "checkpoint_damaged":
                raise
            return None

    def _require_not_failed(self) -> None:
        course = self._folder.course()
        if course is not None and course.failed:
            self._course = course
            self._fail(course.failed, self._order.nodes)
            raise JobFailed("job_failed_before", reason=course.failed)

    def _join(self, joined: Joined) -> None:
        """Go on with those that joined; who has not been met is away until it is found."""
        self._joined = joined
        for node in self._order.nodes:
            if node not in joined.keys:
                self._departments.drop(node)

    def _verdict(self, node: bytes, answer: Answer | None) -> Signed[JobKey] | str:
        """Return the job key of a department that allowed the order, else the reason code of its answer."""
        if isinstance(answer, Refusal):
            return answer.reason
        if not isinstance(answer, Verdict):
            return "no_answer"
        if answer.reason != ALLOWED:
            return answer.reason
        key = answer.job_key
        if (
            key is None
            or (key.body.order, key.body.node) != (self._order.digest, node)
            or not holds(key, node)
        ):
            return "job_key_unsigned"
        try:
            check_public(key.body.x25519)
        except ProtocolViolated as error:
            return error.code
        return key

    # ---- steps -------------------------------------------------------------------------------------

    def _steps(self) -> list[tuple[int, NDArray[np.float64]]]:
        self._resume()
        answers, training, snapshots = self._order.answers, self._training, []
        for step in range(self._course.step + 1, answers + 1):
            self._gather(step)
            void = self._step(step)
            if not void:
                snapshots.append((step, training.model))
            self._watcher.stepped(step, answers, members=len(self._departments), void=void)
            self._enough_good()
        self._enough_good()
        return snapshots

    def _resume(self) -> None:
        """Go on from the checkpoint, if there is one; the step that was open when it was written is void.

        Raises:
            JobFailed: the log knows of steps that the checkpoint does not.
        """
        logged = self._logged_steps()
        course = self._folder.course()
        if max(logged, default=0) > (course.step if course else 0):
            raise JobFailed("checkpoint_behind", logged=max(logged))
        if course is not None and not course.outcome and course.step in logged:
            raise JobFailed("checkpoint_behind", logged=course.step)  # how it ended was not kept
        if course is not None:
            self._take_up(course)
            if course.step and course.step not in logged:
                self._log_step()
        self._absent_at_first()

    def _take_up(self, course: Course) -> None:
        self._course = course
        self._training.restore(course.training)
        if course.step and not course.outcome:
            self._end_step(None)
        if self._training.steps + self._training.void_steps != self._course.step:
            raise StoreDamaged("checkpoint_damaged", path="course")

    def _absent_at_first(self) -> None:
        """Whoever is away stays away, though it was met; whoever was not met is looked for."""
        for node in self._joined.keys:
            if node in self._absences.away:
                self._departments.drop(node)
            elif node not in self._departments:
                self._absences.away[node] = self._course.step + 1

    def _step(self, step: int) -> bool:
        """Run one step and take its sum; say whether it was void. Who did not answer leaves the roster."""
        parameters = self._training.parameters
        statement = self._statement(step, parameters)
        self._keep(step=step, statement=statement.digest, members=len(statement.roster), outcome="")
        ask = StepAsk(self._centre.operator.seal(statement))
        answers = self._answers(statement.nodes, ask, parameters)
        vectors = {node: self._vector(statement, answers.get(node)) for node in statement.nodes}
        for node, vector in vectors.items():
            if vector is None:
                self._miss(node, step, answers.get(node))
        present = [vector for vector in vectors.values() if vector is not None]
        void = len(present) < len(vectors)
        self._end_step(None if void else open_sum(present, self._plan))
        self._log_step()
        return void

    def _answers(
        self, nodes: Sequence[bytes], ask: StepAsk, parameters: NDArray[np.float64]
    ) -> dict[bytes, Answer]:
        """Ask for a step, and who is silent again for the very same: it has one message to give for it.

        So a lost message costs some seconds, not the step.
        """
        answers: dict[bytes, Answer] = {}
        silent, timeout_s = list(nodes), self._step_s
        for _ in range(self._tries):
            asks = dict.fromkeys(silent, ask)
            answers |= self._departments.ask(asks, timeout_s=timeout_s, parameters=parameters)
            silent = [node for node in nodes if node not in answers]
            silent = self._departments.online(silent) if silent else []
            if not silent:
                break
            timeout_s = min(AGAIN_TIMEOUT_S, self._step_s)
        return answers

    def _end_step(self, opened: NDArray[np.float64] | None) -> None:
        """Take what a step gave, None if it is void, and keep that before the log says so."""
        self._training.take(opened)
        self._keep(training=self._training.to_bytes(), outcome=VOID if opened is None else GOOD)

    def _log_step(self) -> None:
        course = self._course
        self._record(
            Kind.STEP,
            "train",
            step=course.step,
            statement=course.statement.hex(),
            reason=course.outcome,
            members=course.members,
        )

    def _logged_steps(self) -> set[int]:
        events = map(Event.decode, self._centre.log.entries_of_job(self._order.digest.hex()).values())
        return {event.step or 0 for event in events if event.kind is Kind.STEP}

    def _keep(self, **changes: Any) -> None:
        self._course = replace(self._course, **changes)
        self._folder.keep_course(self._course)

    def _vector(self, statement: StepStatement, answer: Answer | None) -> NDArray[np.uint32] | None:
        if not isinstance(answer, MaskedVector) or answer.statement != statement.digest:
            return None
        if len(answer.words) != WORD_BYTES * self._plan.dimension:
            return None
        return np.frombuffer(answer.words, dtype="<u4").astype(np.uint32)

    def _statement(self, step: int, parameters: NDArray[np.float64]) -> StepStatement:
        roster = tuple(self._joined.keys[node] for node in self._departments)
        return StepStatement(
            order=self._order.digest,
            step=step,
            roster=roster,
            parameters=parameters_digest(parameters),
            scale=self._plan.scale,
            variance=self._plan.variance,
            share_variance=self._plan.share_variance(len(roster)),
            sampling_micro=self._plan.sampling_micro,
        )

    # ---- who takes part ----------------------------------------------------------------------------

    @property
    def _absences(self) -> Absences:
        return self._course.absences

    def _miss(self, node: bytes, step: int, answer: Answer | None) -> None:
        """Count a member out that gave no vector, unless it only wants more members beside it."""
        reason = answer.reason if isinstance(answer, Refusal) else ""
        if reason == "members_too_few":
            self._least = max(self._least, self._course.members + 1)
            return
        self._departments.drop(node)
        self._absences.miss(node, step)
        if reason in _FOR_GOOD:
            self._absences.leave(node)

    def _gather(self, step: int) -> None:
        """Take back who may return and is reachable. Too few members wait a while for anybody at all."""
        self._take_back(self._absences.due(step))
        deadline = time.monotonic() + self._patience_s
        while len(self._departments) < self._least:
            if not self._absences.hoped_for() or time.monotonic() >= deadline:
                raise JobFailed("too_few_members", members=len(self._departments), least=self._least)
            if not self._take_back(self._absences.hoped_for()):
                time.sleep(_LOOK_S)

    def _take_back(self, nodes: Collection[bytes]) -> bool:
        found = self._departments.find(nodes, timeout_s=FIND_TIMEOUT_S)
        for node in found:
            self._absences.back(node)
        return bool(found)

    def _enough_good(self) -> None:
        """Give up as soon as half of the answers can no longer be good: nobody works for nothing."""
        answers = self._order.answers
        possible = answers - self._training.void_steps
        if 2 * possible < answers:
            raise JobFailed("too_many_void_steps", good=possible, answers=answers)

    # ---- the end -----------------------------------------------------------------------------------

    def _publish(self, snapshots: Sequence[tuple[int, NDArray[np.float64]]]) -> JobResult:
        training = self._training
        model = Model(self._order.model, training.model)
        card = self._card(model)
        named = card_digest(card)
        self._folder.keep_order(self._signed)
        if not self._centre.has_logged(Kind.PUBLISH, self._order.digest):
            self._record(Kind.PUBLISH, "publish", output_digest=model.digest.hex(), card_digest=named)
        closing = Closing(self._order.digest, model.digest, bytes.fromhex(named), "")
        receipts = self._close(closing, self._joined.keys)
        self._folder.keep_receipts(receipts)
        return JobResult(
            order=self._signed,
            model=model,
            card=card,
            receipts=receipts,
            steps=training.steps,
            void_steps=training.void_steps,
            snapshots=tuple(snapshots),
        )

    def _card(self, model: Model) -> Mapping[str, Json]:
        """Return the card, the same however often the job is resumed: departments sign for it."""
        kept = self._folder.card()
        if kept is not None:
            if kept.get("model_digest") != model.digest.hex():
                raise StoreDamaged("checkpoint_damaged", path="card")
            return kept
        card = model_card(
            self._signed,
            model,
            steps=self._training.steps,
            void_steps=self._training.void_steps,
            joined=len(self._joined.keys),
            stayed=len(self._departments),
            tiers=dict(self._joined.tiers),
        )
        self._folder.keep_card(card)
        return card

    def _published_tiers(self, nodes: Collection[bytes]) -> dict[str, str]:
        """Return the strictest tier that any department that joined published, by semantic."""
        published = [self._departments[node].tiers() for node in nodes]
        return {
            semantic: strictest(tiers[semantic] for tiers in published if semantic in tiers).value
            for semantic in self._order.model.semantics
        }

    def _fail(self, reason: str, nodes: Collection[bytes]) -> tuple[Signed[JobReceipt], ...]:
        """Keep why the job ended and tell departments; a reason that was kept before stands."""
        if not self._course.failed and nodes:
            self._keep(failed=reason)
        failed = self._course.failed or reason
        return self._close(Closing(self._order.digest, bytes(32), bytes(32), failed), nodes)

    def _close(self, closing: Closing, nodes: Collection[bytes]) -> tuple[Signed[JobReceipt], ...]:
        """Tell departments that the job is over; return the receipts that hold.

        Those that left, or do not answer at first, are told once more, briefly: they may be back, and their
        keys go with the job.
        """
        ask = ClosingAsk(self._centre.operator.seal(closing))
        known = [node for node in nodes if self._departments.knows(node)]
        there = [node for node in known if node in self._departments]
        answers = self._departments.ask(dict.fromkeys(there, ask), timeout_s=DECIDE_TIMEOUT_S)
        rest = [node for node in known if node not in answers]
        answers |= self._departments.ask(dict.fromkeys(rest, ask), timeout_s=FAREWELL_TIMEOUT_S)
        return tuple(
            answer.receipt
            for node, answer in sorted(answers.items())
            if isinstance(answer, ReceiptAnswer) and _receipt_holds(node, answer.receipt, closing)
        )

    def _record(self, kind: Kind, action: str, **fields: Any) -> None:
        self._centre.record(kind=kind, action=action, job=self._order.digest.hex(), **fields)


def _receipt_holds(node: bytes, receipt: Signed[JobReceipt], closing: Closing) -> bool:
    body = receipt.body
    said = (body.node, body.job, body.model_digest, body.card_digest)
    return said == (node, closing.order, closing.model_digest, closing.card_digest) and holds(receipt, node)
