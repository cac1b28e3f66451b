"""The data node: what a department answers to each ask.

The order of things is the promise. A proposal passes the gate; then, in one transaction, the spend is
reserved and the decision, the reserve and the intent are in the journal; only after that, and for core data
only after the log's receipt for the intent, is a row read. Where columns are graded anew or another policy is
adopted, the gate decides again before the next step. A step is burned with its statement's digest before a
keystream is drawn, and its vector is kept and its release recorded before the bytes go to the door. Every
answer, a refusal too, is signed for the very bytes that were asked.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from numpy.typing import NDArray

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.book import Burn, Ground, Job, Transaction, event_json
from xinqiao_clients.bridge import in_reach, may_read
from xinqiao_clients.door import Door
from xinqiao_clients.gate import Standing, decide
from xinqiao_clients.home import Home
from xinqiao_clients.people import load_people
from xinqiao_clients.reconcile import PART, journal_part, receipted_size, reconcile
from xinqiao_clients.standing import standing_of
from xinqiao_clients.step import StatementChecker, signed_by
from xinqiao_clients.subjects import Actor
from xinqiao_governance.canonical import Json, digest, dumps, loads, rewrite
from xinqiao_governance.decision import Decision
from xinqiao_governance.errors import (
    DataInvalid,
    ProofError,
    ProtocolViolated,
    UsageInvalid,
    WireInvalid,
    XinqiaoError,
)
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import (
    Answer,
    AnswerFrame,
    Ask,
    AskFrame,
    Closing,
    ClosingAsk,
    CosignAsk,
    Cosignature,
    Hello,
    Introduction,
    JobKey,
    JobReceipt,
    JournalAsk,
    JournalPart,
    MaskedVector,
    Proposal,
    ReceiptAnswer,
    ReconcileAsk,
    Refusal,
    StepAsk,
    StepStatement,
    Verdict,
)
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.receipt import verify as verify_receipt
from xinqiao_ledger.tree import leaf_hash
from xinqiao_models.families import PersonSums, sampled_sum
from xinqiao_models.masks import MaskMaker
from xinqiao_models.plans import plan_of
from xinqiao_models.sums import SumPlan, masked_share

_PASSING = {"contract_failed_gate", "log_alarm"}
"""Refusals that a steward or the next import takes away: a job that meets one stays open."""
LEFT = "left"
"""The reason of a job that the department's steward left."""
_NOTHING_PUBLISHED: Mapping[str, Json] = {"v": 1, "columns": []}


@dataclass(frozen=True)
class _Decided:
    """A decision, what of the book it stands on, and what its events say of data and policy."""

    decision: Decision
    ground: Ground
    adopted: Adopted | None
    data: Mapping[str, Any]


@dataclass
class _OpenJob:
    """An open job in memory. It holds nothing that the book and the store could not give again."""

    job: Job
    signed: Signed[Order]
    plan: SumPlan
    checker: StatementChecker
    masks: MaskMaker
    intent: Event
    facts: Mapping[str, Any]
    people: PersonSums | None = None
    ground: tuple[Ground, int] | None = None  # what it was last found to be allowed on, and on which day

    @property
    def order(self) -> Order:
        """The order, whose signature the gate checked."""
        return self.signed.body


class DataNode:
    """One department's node. `answer` is the only way in, the door the only way out."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._book = home.book
        self.door = Door(home.book.add_tally)
        self._turn = threading.Lock()
        self._open: dict[bytes, _OpenJob] = {}
        self._end_expired()

    @property
    def fingerprint(self) -> bytes:
        """The department's identity as others name it: 32 bytes."""
        return self._home.identity.fingerprint

    def answer(self, wire: bytes, parameters: NDArray[np.float64] | None) -> bytes:
        """Answer one ask; whatever cannot be answered becomes a refusal with its reason code.

        `parameters` is the flat array that came beside the ask, or None. The result has passed the door.
        """
        with self._turn:
            try:
                frame = AskFrame.decode(wire)
                self._keep_receipts(frame.receipts)
                answer = self._dispatch(frame.ask, parameters)
            except XinqiaoError as error:
                answer = Refusal(error.code)
            events = event_json(self._events_beside(answer).values())
            return self.door.release(AnswerFrame(answer, events), wire, self._home.identity)

    def _dispatch(self, ask: Ask, parameters: NDArray[np.float64] | None) -> Answer:
        match ask:
            case Hello():
                return self._introduce()
            case Proposal():
                return self._decide(ask.order)
            case StepAsk():
                return self._step(ask.statement, parameters)
            case ClosingAsk():
                return self._close(ask.closing)
            case CosignAsk():
                return self._cosign(ask)
            case ReconcileAsk():
                return reconcile(self._home, ask.reconciliation)
            case JournalAsk():
                return journal_part(self._home, ask.request)

    def _introduce(self) -> Introduction:
        position, seen = self._book.reconciled(), self._home.witness.size
        return Introduction(
            self._published(),
            witness_size=seen,
            seen_size=seen,
            receipted_size=receipted_size(self._book.last_receipt()),
            reconciled_seq=position.seq if position else 0,
        )

    def _cosign(self, ask: CosignAsk) -> Cosignature:
        """Cosign what extends all that this department saw; two roots of one size are kept as an alarm.

        A proof that fails raises none: nobody signed it, so whoever carries messages could have bent it.
        """
        witness = self._home.witness
        try:
            line = witness.cosign(ask.checkpoint, ask.old_size, ask.consistency)
        except ProofError as error:
            if error.code == "witness_split_view":
                said = dumps({"checkpoint": ask.checkpoint})
                with self._book.transaction() as book:
                    book.raise_alarm(witness.origin, "history_rewritten", 0, None, said, witness.note)
            raise
        return Cosignature(line, witness.public)

    def _events_beside(self, answer: Answer) -> dict[int, bytes]:
        """Return what of the journal goes along: what the log lacks, or what is asked to be given again."""
        if isinstance(answer, JournalPart):
            return self._book.leaves(answer.after_seq, PART)
        return self._book.pending_leaves()

    def _published(self) -> Mapping[str, Json]:
        """Return the catalogue; before the first import there is nothing in it."""
        try:
            return self._home.dataset.published()
        except UsageInvalid:
            return _NOTHING_PUBLISHED

    def _keep_receipts(self, receipts: tuple[Mapping[str, Json], ...]) -> None:
        """Keep the log's word on our pending events; one for events that are not pending is an old repeat."""
        settings, hasher = self._home.settings, self._home.log_suite.hasher
        for value in receipts:
            receipt = Signed.parse(value, LogReceipt)
            taken = self._book.pending_leaves(len(receipt.body.entries))
            leaves = list(taken.values())
            if not taken or [item for _, item in receipt.body.entries] != [
                leaf_hash(leaf, hasher) for leaf in leaves
            ]:
                continue
            key = settings.log_key
            verify_receipt(receipt, origin=settings.log_origin, log_key=key, leaves=leaves, hasher=hasher)
            self._book.receipted(rewrite(value), max(taken))

    # ---- the gate ----------------------------------------------------------------------------------

    def _decide(self, signed: Signed[Order]) -> Verdict:
        order = signed.body
        # First: what anybody can make leaves no trace in the journal.
        signed_by(signed, self._home.settings.operator, "order_unsigned")
        if self._book.time() >= order.expires:
            self._expire(order.digest)
        known = _admitted(self._book.job(order.digest))
        if known is not None:
            return self._standing_verdict(known)
        with self._home.store.shared():  # no import changes the data between the decision and the reserve
            verdict = None
            while verdict is None:
                decided = self._decided(signed)
                verdict = (
                    self._admit(signed, decided, decided.adopted)
                    if decided.decision.allowed and decided.adopted is not None
                    else self._refuse(signed, decided)
                )
            return verdict

    def _decided(self, signed: Signed[Order]) -> _Decided:
        """Decide, and say on what. The ground is read first: who uses the decision sees what came after."""
        ground, adopted = self._book.ground(), None
        try:
            adopted = self._home.adopted
            decision = self._decision(signed)
        except XinqiaoError as error:  # nothing was imported yet, or the store is damaged
            decision = Decision.refuse(error.code)
        return _Decided(decision, ground, adopted, self._data_now())

    def _decision(self, signed: Signed[Order]) -> Decision:
        approved = self._home.approved(signed.body.digest)
        return decide(signed, self._standing(), approved=approved, now=self._book.time())

    def _admit(self, signed: Signed[Order], decided: _Decided, adopted: Adopted) -> Verdict | None:
        """Reserve and record in one transaction; over budget, nothing but the refusal is written.

        Another process may have decided meanwhile: what it decided stands. None where grades, policy or alarm
        are others than those that were decided on: nothing is written then.
        """
        order = signed.body
        private = X25519PrivateKey.generate()
        sealed = self._home.keys.wrap(_key_label(order.digest), private.private_bytes_raw())
        facts = self._facts(order, decided.data)
        dataset, version = adopted.dataset, adopted.version.digest
        with self._book.transaction() as book:
            if book.ground() != decided.ground:
                return None
            known = _admitted(book.job(order.digest))
            reachable = in_reach(dataset.tier, book.waiting())
            reserved = (
                known is None
                and reachable
                and book.reserve(order.digest, dataset.dataset_id, adopted.period, order.spend)
            )
            if reserved:
                book.record(kind=Kind.DECISION, **facts, decision="allow", reason="allowed")
                book.record(kind=Kind.RESERVE, **facts, spend=order.spend)
                book.record(kind=Kind.INTENT, **facts)
                book.put_job(order.digest, dumps(signed.to_json()), "open", version, sealed)
        if known is not None:
            return self._standing_verdict(known)
        if not reachable:  # not recorded: a journal that is full takes no more
            return Verdict(order.digest, "log_out_of_reach", None)
        if not reserved:
            return self._refuse(signed, replace(decided, decision=Decision.refuse("budget_exceeded")))
        return self._allowed(order.digest, private)

    def _refuse(self, signed: Signed[Order], decided: _Decided) -> Verdict:
        """Record the refusal, unless it is the very one that the journal has: replays do not fill it."""
        order, reason = signed.body, decided.decision.reason
        version = decided.adopted.version.digest if decided.adopted else b""
        with self._book.transaction() as book:
            known = book.job(order.digest)
            if _admitted(known) is None and not _refused_before(book, known, version, reason):
                facts = self._facts(order, decided.data)
                book.record(kind=Kind.DECISION, **facts, decision="refuse", reason=reason)
                book.put_job(order.digest, dumps(signed.to_json()), "refused", version)
        admitted = _admitted(known)
        return Verdict(order.digest, reason, None) if admitted is None else self._standing_verdict(admitted)

    def _standing_verdict(self, job: Job) -> Verdict:
        """Say again what was decided: the same key for an open job, none for one that is over."""
        if job.state == "open":
            return self._allowed(job.digest, self._private_key(job))
        return Verdict(job.digest, "job_over", None)

    def _allowed(self, order: bytes, private: X25519PrivateKey) -> Verdict:
        key = JobKey(order, self.fingerprint, private.public_key().public_bytes_raw())
        return Verdict(order, "allowed", self._home.identity.seal(key))

    def _standing(self) -> Standing:
        return standing_of(self._home)

    # ---- steps -------------------------------------------------------------------------------------

    def _step(self, signed: Signed[StepStatement], parameters: NDArray[np.float64] | None) -> MaskedVector:
        statement = signed.body
        job = self._opened(statement.order)
        burned = self._book.burn(statement.order, statement.step)
        if burned is not None:
            return _same_again(burned, statement.digest)
        parameters = job.checker.check(signed, parameters)
        with self._home.reading() as adopted:  # an import waits until the vector is kept
            _require_same_data(job, adopted)
            self._require_still_allowed(job)
            while not self._burn(job, statement):
                self._require_still_allowed(job)
            total = sampled_sum(self._people(job), parameters, job.plan)
            mask = job.masks.mask(_others(statement, self.fingerprint), statement.digest, job.plan.dimension)
            vector = masked_share(total, job.plan, len(statement.roster), mask)
            words = vector.astype("<u4").tobytes()
            self._keep(job, statement, words)
        return MaskedVector(statement.digest, words)

    def _opened(self, digest_: bytes) -> _OpenJob:
        """Return the open job of an order that is still in force."""
        if not self._book.is_open(digest_):
            self._open.pop(digest_, None)  # another process may have closed it
            raise ProtocolViolated(self._why_over(self._book.job(digest_)))
        opened = self._open.get(digest_) or self._open_again(digest_)
        if self._book.time() >= opened.order.expires:
            self._expire(digest_)
            raise ProtocolViolated("order_expired")
        return opened

    def _why_over(self, job: Job | None) -> str:
        """Return why a job takes no more steps: a department that ended it itself says so."""
        if job is None or job.state != "failed" or job.receipt is not None:
            return "job_unknown"
        with self._book.transaction() as book:
            outcome = book.last_event(job.digest, Kind.OUTCOME)
        return "job_left" if outcome.reason == LEFT else outcome.reason or "order_expired"

    def _open_again(self, digest_: bytes) -> _OpenJob:
        job = self._book.job(digest_)
        if job is None or job.state != "open":
            raise ProtocolViolated("job_unknown")
        signed = Signed.parse(loads(job.signed_order), Order)
        plan = plan_of(signed.body)
        least, intent = self._home.settings.minimum_members, self._intent(job)
        opened = self._open[digest_] = _OpenJob(
            job=job,
            signed=signed,
            plan=plan,
            checker=StatementChecker(signed, plan, self.fingerprint, self._peers(), least),
            masks=MaskMaker(self._private_key(job), self.fingerprint),
            intent=intent,
            facts=self._facts(signed.body, _data_of(intent)),
        )
        return opened

    def _require_still_allowed(self, job: _OpenJob) -> None:
        """Decide again where columns are graded anew, another policy holds, an alarm came, or a day passed.

        Alarm and day are in the ground, so a step is answered alike with and without a restart; whether the
        table still lies in its place is asked only then, because a job's people are in memory. A job ends
        by what a person decided: policy, grades, peers, catalogue. What passes refuses the step alone: a
        fault of the store, an alarm, a contract that does not hold today.
        """
        ground = self._book.ground(), self._home.today
        if job.ground == ground:
            return
        decision = self._decision(job.signed)
        if not decision.allowed:
            if decision.reason not in _PASSING:
                self._expire(job.order.digest, decision.reason)
            raise ProtocolViolated(decision.reason)
        job.ground = ground

    def _burn(self, job: _OpenJob, statement: StepStatement) -> bool:
        """Use the step number up, durably, before any keystream exists; for core data, once the log knows.

        False where the job was found to be allowed on another ground than there is now.
        """
        tier = self._home.dataset.tier
        with self._book.transaction() as book:
            _require_open(book, statement.order)
            if job.ground is None or book.ground() != job.ground[0]:
                return False
            if not may_read(tier, logged=book.is_receipted(job.intent.seq)):
                raise ProtocolViolated("intent_not_logged")
            answers, highest = book.answers(statement.order)
            if answers >= job.order.answers:
                raise ProtocolViolated("answers_used_up")
            if statement.step <= highest:
                raise ProtocolViolated("step_burned")
            book.burn(statement.order, statement.step, statement.digest)
        return True

    def _people(self, job: _OpenJob) -> PersonSums:
        """Return the people of the job, of the very version of the data that it was decided for."""
        if job.people is None:
            job.people = load_people(self._home, job.order.model, job.job.version)
        return job.people

    def _keep(self, job: _OpenJob, statement: StepStatement, words: bytes) -> None:
        with self._book.transaction() as book:
            _require_open(book, statement.order)
            book.keep_vector(statement.order, statement.step, words)
            book.record(
                kind=Kind.RELEASE,
                **job.facts,
                step=statement.step,
                statement=statement.digest.hex(),
                output_digest=digest("masked-vector", words).hex(),
            )

    # ---- the end of a job --------------------------------------------------------------------------

    def _close(self, signed: Signed[Closing]) -> ReceiptAnswer:
        closing = signed.body
        job = self._book.job(closing.order)
        if job is None or job.state == "refused":
            raise ProtocolViolated("job_unknown")
        signed_by(signed, self._home.settings.operator, "closing_unsigned")
        receipt = self._write_closing(closing)
        self._let_go(closing.order)
        return ReceiptAnswer(Signed.parse(loads(receipt), JobReceipt))

    def _write_closing(self, closing: Closing) -> bytes:
        """Record the outcome, destroy the job's key and sign the receipt, once and in one transaction.

        A job that the department ended itself has its outcome: the receipt then names no model and no card.
        """
        with self._book.transaction() as book:
            job = _admitted(book.job(closing.order))
            if job is None:
                raise ProtocolViolated("job_unknown")
            if job.receipt is not None:
                return job.receipt
            model, card = bytes(32), bytes(32)
            if job.state == "open":
                model, card = closing.model_digest, closing.card_digest
                self._end(book, job, failed=closing.failed, model=model)
            outcome = book.last_event(job.digest)
            receipt = JobReceipt(
                node=self.fingerprint,
                job=job.digest,
                journal_first=book.first_event(job.digest),
                journal_seq=outcome.seq,
                journal_head=outcome.hash,
                model_digest=model,
                card_digest=card,
            )
            signed = dumps(self._home.identity.seal(receipt).to_json())
            book.put_receipt(job.digest, signed)
        return signed

    def _end(self, book: Transaction, job: Job, *, failed: str, model: bytes, **who: Actor) -> None:
        """Record the outcome of an open job and destroy its key and its last vector."""
        intent = book.last_event(job.digest, Kind.INTENT)  # the order may be of a version that is not read
        book.record(
            kind=Kind.OUTCOME,
            **{"by": self._home.service} | _asked_of(intent) | _data_of(intent) | who,
            reason=failed or "completed",
            output_digest=model.hex(),
        )
        book.put_job(job.digest, job.signed_order, "failed" if failed else "closed", job.version)

    def leave(self, order: bytes, steward: str) -> None:
        """Take this department out of the open job of an order (digest): no further step is answered.

        What was reserved stays charged, and what was released stays in the sums that opened.

        Raises:
            UsageInvalid: there is no such open job here.
        """
        with self._turn, self._book.transaction() as book:
            job = book.job(order)
            if job is None or job.state != "open":
                raise UsageInvalid("job_not_open")
            self._end(book, job, failed=LEFT, model=bytes(32), by=self._home.acting(book, steward))
        self._let_go(order)

    def _end_expired(self) -> None:
        """End every open job that can do no more: its order expired, or cannot be read by this version."""
        now = self._book.time()
        for job in self._book.jobs():
            if job.state != "open":
                continue
            try:
                order = Signed.parse(loads(job.signed_order), Order).body
            except WireInvalid as error:
                self._expire(job.digest, error.code)
                continue
            if now >= order.expires:
                self._expire(job.digest)

    def _expire(self, digest_: bytes, reason: str = "order_expired") -> None:
        """End a job that can do no more, if it is still open; the operator may ask for a receipt later."""
        with self._book.transaction() as book:
            job = book.job(digest_)
            if job is None or job.state != "open":
                return
            self._end(book, job, failed=reason, model=bytes(32))
        self._let_go(digest_)

    def _let_go(self, digest_: bytes) -> None:
        """Leave nothing of a job's key or vector, in memory or in the book's files."""
        self._open.pop(digest_, None)
        self._book.scrub()

    # ---- small things --------------------------------------------------------------------------------

    def _peers(self) -> frozenset[bytes]:
        return frozenset(self._book.peers()) | {self.fingerprint}

    def _private_key(self, job: Job) -> X25519PrivateKey:
        raw = self._home.keys.unwrap(_key_label(job.digest), job.sealed_key or b"")
        return X25519PrivateKey.from_private_bytes(raw)

    def _facts(self, order: Order, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what every event of a job says: who, on which data, for what, under which policy."""
        return {
            "by": self._home.service,
            "action": order.output.value,
            "columns": order.model.semantics,
            "purpose": order.purpose,
            "legal_basis": order.legal_basis,
            "job": order.digest.hex(),
            **data,
        }

    def _data_now(self) -> dict[str, Any]:
        """Return what a decision is made on; no data where nothing was imported yet."""
        policy = {"policy_digest": self._home.policy_digest}
        try:
            adopted = self._home.adopted
        except UsageInvalid:
            return policy
        return {
            **policy,
            "dataset": adopted.dataset.dataset_id,
            "dataset_digest": adopted.version.digest.hex(),
            "tier": adopted.dataset.tier.value,
        }

    def _intent(self, job: Job) -> Event:
        """Return the intent of an admitted job: what it was decided on, whatever was imported since."""
        with self._book.transaction() as book:
            return book.last_event(job.digest, Kind.INTENT)


def _admitted(job: Job | None) -> Job | None:
    """Return a job that passed the gate, open or over; None for one that was refused or never proposed."""
    return None if job is None or job.state == "refused" else job


def _asked_of(event: Event) -> dict[str, Any]:
    return {
        "action": event.action,
        "columns": event.columns,
        "purpose": event.purpose,
        "legal_basis": event.legal_basis,
        "job": event.job,
    }


def _data_of(event: Event) -> dict[str, Any]:
    """Return the data and the policy that a job was decided on: whatever was adopted since."""
    return {
        "policy_digest": event.policy_digest,
        "dataset": event.dataset,
        "dataset_digest": event.dataset_digest,
        "tier": event.tier,
    }


def _refused_before(book: Transaction, job: Job | None, version: bytes, reason: str) -> bool:
    """Say whether the last thing that the journal tells of the job is this refusal, on the same data."""
    if job is None or job.version != version:
        return False
    last = book.last_event(job.digest)
    return (last.decision, last.reason) == ("refuse", reason)


def _require_same_data(job: _OpenJob, adopted: Adopted) -> None:
    """Let go of people whom an import replaced: who was removed is not trained on any more."""
    if adopted.version.digest != job.job.version:
        job.people = None
        raise DataInvalid("data_changed")


def _require_open(book: Transaction, digest_: bytes) -> None:
    if not book.is_open(digest_):
        raise ProtocolViolated("job_unknown")


def _same_again(burned: Burn, statement: bytes) -> MaskedVector:
    """Answer a step a second time: the stored bytes for the same statement, nothing for any other."""
    if burned.statement != statement or burned.vector is None:
        raise ProtocolViolated("step_burned")
    return MaskedVector(statement, burned.vector)


def _others(statement: StepStatement, own: bytes) -> dict[bytes, bytes]:
    """Return the other members' X25519 public keys."""
    return {entry.body.node: entry.body.x25519 for entry in statement.roster if entry.body.node != own}


def _key_label(job: bytes) -> str:
    return f"job-key:{job.hex()}"
