"""A job at the centre, from the signed order to the receipts. It sees sums of members and nothing else.

The job speaks to departments through a `Channel`; what carries the messages (Flower, in process or
deployed) is not its business. A step that misses a member is void: nothing of it opens, and the next one has
a smaller roster, re-sized shares and fresh masks. Good or void, a step uses up one of the T answers that the
order bought of each node.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import strictest
from xinqiao_governance.errors import JobFailed, ProtocolViolated, XinqiaoError
from xinqiao_governance.model_spec import MICRO
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import (
    WORD_BYTES,
    Answer,
    Closing,
    ClosingAsk,
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
from xinqiao_ledger.event import Kind
from xinqiao_models.masks import check_public
from xinqiao_models.optimiser import AdamState, advance, average, default_hyperparameters, skip, start
from xinqiao_models.parameters import parameters_digest
from xinqiao_models.plans import plan_of
from xinqiao_models.sums import SumPlan, open_sum
from xinqiao_platform.centre import Centre
from xinqiao_platform.departments import Departments, holds
from xinqiao_platform.registry import Model, model_card

DECIDE_TIMEOUT_S = 60.0
STEP_TIMEOUT_S = 30.0
FAREWELL_TIMEOUT_S = 3.0
ALLOWED = "allowed"


class Watcher(Protocol):
    """Whoever watches a job live. Everything shown here is public to the centre already."""

    def decided(self, node: bytes, reason: str) -> None:
        """A department answered the proposal."""

    def stepped(self, step: int, answers: int, *, members: int, void: bool) -> None:
        """A step is over."""


@dataclass(frozen=True)
class JobResult:
    """A finished job: the model, its card, and what proves it.

    `snapshots` holds the parameters that the model would have had after each good step, as (step, array).
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
    """One run of one order among the departments that were met."""

    def __init__(
        self, centre: Centre, departments: Departments, signed: Signed[Order], watcher: Watcher
    ) -> None:
        self._centre = centre
        self._departments = departments
        self._signed = signed
        self._order = signed.body
        self._watcher = watcher
        self._plan: SumPlan = plan_of(signed.body)
        self._joined: tuple[bytes, ...] = ()
        self._tiers: dict[str, str] = {}

    def propose(self) -> tuple[Refused, ...]:
        """Ask every department of the order to decide; those that allow it stay, the others are returned."""
        order = self._order
        if not self._centre.has_logged(Kind.ORDER, order.digest):  # the same order may be proposed again
            self._record(Kind.ORDER, "propose", purpose=order.purpose, legal_basis=order.legal_basis)
        asks = {node: Proposal(self._signed) for node in self._departments}
        answers = self._departments.ask(asks, timeout_s=DECIDE_TIMEOUT_S)
        refused = []
        for node in order.nodes:
            reason = self._verdict(node, answers.get(node))
            self._watcher.decided(node, reason)
            if reason != ALLOWED:
                refused.append(Refused(node, reason))
                self._departments.drop(node)
        self._joined = tuple(self._departments)
        self._tiers = self._published_tiers()
        return tuple(refused)

    def train(self) -> JobResult:
        """Train with those that stayed, through to the published model and the signed receipts.

        Raises:
            JobFailed: too few departments joined or stayed, or under half of the steps were good. What was
                reserved stays charged.
        """
        epsilon = self._order.epsilon_micro / MICRO
        chosen = default_hyperparameters(self._plan.people, self._plan.dimension, epsilon)
        training = _Training(self._plan, chosen.learning_rate)
        try:
            self._steps(training)
        except XinqiaoError as error:
            self._close(Closing(self._order.digest, bytes(32), bytes(32), error.code))
            raise
        return self._publish(training)

    def _verdict(self, node: bytes, answer: Answer | None) -> str:
        """Return the reason code of an answer to the proposal; an allowed member's job key is kept."""
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
        self._departments[node].job_key = key
        return ALLOWED

    # ---- steps -------------------------------------------------------------------------------------

    def _steps(self, training: "_Training") -> None:
        answers = self._order.answers
        for step in range(1, answers + 1):
            self._enough()
            vectors = self._step(step, training.parameters)
            training.take(step, vectors)
            self._watcher.stepped(step, answers, members=len(self._departments), void=vectors is None)
        if 2 * training.steps < answers:
            raise JobFailed("too_many_void_steps", good=training.steps, answers=answers)

    def _step(self, step: int, parameters: NDArray[np.float64]) -> list[NDArray[np.uint32]] | None:
        """Run one step; None where it is void. Who did not answer leaves the roster."""
        statement = self._statement(step, parameters)
        ask = StepAsk(self._centre.operator.seal(statement))
        answers = self._departments.ask(
            dict.fromkeys(statement.nodes, ask), timeout_s=STEP_TIMEOUT_S, parameters=parameters
        )
        vectors = {node: self._vector(statement, answers.get(node)) for node in statement.nodes}
        missing = [node for node, vector in vectors.items() if vector is None]
        self._record(
            Kind.STEP,
            "train",
            step=step,
            statement=statement.digest.hex(),
            reason="void" if missing else "good",
        )
        for node in missing:
            self._departments.drop(node)
        return None if missing else [vector for vector in vectors.values() if vector is not None]

    def _vector(self, statement: StepStatement, answer: Answer | None) -> NDArray[np.uint32] | None:
        if not isinstance(answer, MaskedVector) or answer.statement != statement.digest:
            return None
        if len(answer.words) != WORD_BYTES * self._plan.dimension:
            return None
        return np.frombuffer(answer.words, dtype="<u4").astype(np.uint32)

    def _statement(self, step: int, parameters: NDArray[np.float64]) -> StepStatement:
        keys = (member.job_key for member in self._departments.values())
        roster = tuple(key for key in keys if key is not None)
        return StepStatement(
            order=self._order.digest,
            step=step,
            roster=roster,
            parameters=parameters_digest(parameters),
            scale=self._plan.scale,
            variance=self._plan.variance,
            share_variance=self._plan.share_variance(len(roster)),
        )

    def _enough(self) -> None:
        least = self._order.collusion + 2
        if len(self._departments) < least:
            raise JobFailed("too_few_members", members=len(self._departments), least=least)

    # ---- the end -----------------------------------------------------------------------------------

    def _publish(self, training: "_Training") -> JobResult:
        model = Model(self._order.model, training.average)
        card = model_card(
            self._signed,
            model,
            steps=training.steps,
            void_steps=training.void_steps,
            joined=len(self._joined),
            stayed=len(self._departments),
            tiers=self._tiers,
        )
        named = card_digest(card)
        self._record(Kind.PUBLISH, "publish", output_digest=model.digest.hex(), card_digest=named)
        closing = Closing(self._order.digest, model.digest, bytes.fromhex(named), "")
        return JobResult(
            order=self._signed,
            model=model,
            card=card,
            receipts=self._close(closing),
            steps=training.steps,
            void_steps=training.void_steps,
            snapshots=tuple(training.snapshots),
        )

    def _published_tiers(self) -> dict[str, str]:
        """Return the strictest tier that any department that joined published, by semantic."""
        published = [member.tiers() for member in self._departments.values()]
        return {
            semantic: strictest(tiers[semantic] for tiers in published if semantic in tiers).value
            for semantic in self._order.model.semantics
        }

    def _close(self, closing: Closing) -> tuple[Signed[JobReceipt], ...]:
        """Tell all that joined that the job is over; return the receipts that hold.

        Those that left are told too, briefly: they may be back, and their keys go with the job.
        """
        ask = ClosingAsk(self._centre.operator.seal(closing))
        left = [node for node in self._joined if node not in self._departments]
        answers = self._departments.ask(dict.fromkeys(self._departments, ask), timeout_s=DECIDE_TIMEOUT_S)
        answers |= self._departments.ask(dict.fromkeys(left, ask), timeout_s=FAREWELL_TIMEOUT_S)
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


class _Training:
    """The optimiser's side of a job: parameters, the opened sums, and what was good or void."""

    def __init__(self, plan: SumPlan, learning_rate: float) -> None:
        self._plan = plan
        self._rate = learning_rate
        self._state: AdamState = start(plan.dimension, plan.answers)
        self.snapshots: list[tuple[int, NDArray[np.float64]]] = []

    @property
    def parameters(self) -> NDArray[np.float64]:
        """Where the next step starts, shape (dimension,)."""
        return self._state.parameters

    @property
    def steps(self) -> int:
        """Good steps so far."""
        return self._state.steps

    @property
    def void_steps(self) -> int:
        """Steps so far that missed a member."""
        return self._state.used - self._state.steps

    @property
    def average(self) -> NDArray[np.float64]:
        """The tail average: the model if the job ended now, shape (dimension,)."""
        return average(self._state)

    def take(self, step: int, vectors: list[NDArray[np.uint32]] | None) -> None:
        """Open a good step's sum and descend; only count a void one."""
        if vectors is None:
            self._state = skip(self._state)
            return
        mean = open_sum(vectors, self._plan) / self._plan.people
        self._state = advance(self._state, mean, self._rate)
        self.snapshots.append((step, self.average))
