"""A job at the centre: void steps, members that vanish, and liars who hurt nobody but themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from simulators.enterprise import NOW, Enterprise, found, run_job
from xinqiao_clients.home import PERIOD
from xinqiao_governance.errors import JobFailed
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import (
    AnswerFrame,
    AskFrame,
    Closing,
    ClosingAsk,
    MaskedVector,
    ReceiptAnswer,
    Refusal,
    StepAsk,
    StepStatement,
    Verdict,
)
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.signing import SigningKey
from xinqiao_models.plans import plan_of
from xinqiao_platform import jobs as jobs_module
from xinqiao_platform.channel import Ask

WIDE = Spend(1_000_000_000, 10_000_000)
LIAR = "1"  # its address


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")), 4, cap=WIDE)
    yield enterprise
    enterprise.close()


@pytest.fixture
def enterprise(shared: Enterprise) -> Enterprise:
    shared.now[0] = NOW
    return shared


def frame_of(answer: bytes) -> AnswerFrame:
    return AnswerFrame.decode(answer)


def centre_events(enterprise: Enterprise, order: Signed[Order]) -> list[Event]:
    leaves = enterprise.centre.log.entries_of_job(order.body.digest.hex()).values()
    centre = enterprise.centre.operator.fingerprint.hex()
    return [event for event in map(Event.decode, leaves) if event.node == centre]


def node_kinds(enterprise: Enterprise, number: int, order: Signed[Order]) -> list[Kind]:
    events = enterprise.sites[number].home.book.events()
    return [event.kind for event in events if event.job == order.body.digest.hex()]


@dataclass
class Losing:
    """Loses one department's vectors of some steps, or of all from one on."""

    address: str
    lost: range
    seen: int = 0

    def __call__(self, address: str, answer: bytes) -> bytes | None:
        if address != self.address or not isinstance(frame_of(answer).answer, MaskedVector):
            return answer
        self.seen += 1
        return None if self.seen in self.lost else answer


class Statements:
    """Keeps the statements that went out, one a step."""

    def __init__(self) -> None:
        self.seen: dict[int, StepStatement] = {}

    def __call__(self, address: str, ask: Ask) -> Ask:
        inner = AskFrame.decode(ask.wire).ask
        if isinstance(inner, StepAsk):
            known = self.seen.setdefault(inner.statement.body.step, inner.statement.body)
            assert known == inner.statement.body
        return ask


def test_a_job_runs_to_a_model_a_card_and_receipts(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    result, watcher, refused = run_job(enterprise, order)
    assert (refused, watcher.voids, result.steps, result.void_steps) == ((), [], 4, 0)
    assert set(watcher.decisions.values()) == {"allowed"}
    assert {receipt.body.node for receipt in result.receipts} == {site.id for site in enterprise.sites}
    assert np.isfinite(result.model.parameters).all()
    kinds = [event.kind for event in centre_events(enterprise, order)]
    assert kinds == [Kind.ORDER, *[Kind.STEP] * 4, Kind.PUBLISH]
    for number in range(4):
        expected = [Kind.APPROVE, Kind.DECISION, Kind.RESERVE, Kind.INTENT, *[Kind.RELEASE] * 4, Kind.OUTCOME]
        assert node_kinds(enterprise, number, order) == expected


def test_a_lost_answer_voids_the_step_and_the_next_roster_is_smaller(enterprise: Enterprise) -> None:
    order, statements = enterprise.order(answers=5), Statements()
    channel = enterprise.channel(change=Losing(LIAR, range(2, 3)), change_ask=statements)
    result, watcher, _ = run_job(enterprise, order, channel)
    assert (result.steps, result.void_steps, watcher.voids) == (4, 1, [2])
    assert [step for step, _ in result.snapshots] == [1, 3, 4, 5]  # nothing of step 2 was opened
    assert [len(statements.seen[step].roster) for step in range(1, 6)] == [4, 4, 3, 3, 3]
    plan = plan_of(order.body)
    assert [statements.seen[step].share_variance for step in (2, 3)] == [
        plan.share_variance(4),
        plan.share_variance(3),
    ]
    assert plan.share_variance(3) > plan.share_variance(4)
    # A void step leaves the parameters where they were; only the roster and its noise differ.
    assert statements.seen[3].parameters == statements.seen[2].parameters
    reasons = [event.reason for event in centre_events(enterprise, order) if event.kind is Kind.STEP]
    assert reasons == ["good", "void", "good", "good", "good"]
    counted = [node_kinds(enterprise, number, order).count(Kind.RELEASE) for number in range(4)]
    assert counted == [2, 5, 5, 5]  # each node counts its own answers, void or good
    assert result.card["privacy"]["void_steps"] == 1  # type: ignore[call-overload,index]
    assert result.card["privacy"]["epsilon_micro"] == order.body.epsilon_micro  # type: ignore[call-overload,index]


def test_too_few_members_end_the_job_and_the_budget_stays_charged(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    before = [site.home.book.spent("staff", PERIOD) for site in enterprise.sites]
    losses = [Losing("1", range(1, 9)), Losing("2", range(1, 9))]

    def lose(address: str, answer: bytes) -> bytes | None:
        kept: bytes | None = answer
        for loss in losses:
            kept = loss(address, kept) if kept is not None else None
        return kept

    with pytest.raises(JobFailed) as caught:
        run_job(enterprise, order, enterprise.channel(change=lose))
    assert (caught.value.code, caught.value.fields) == ("too_few_members", {"members": 2, "least": 3})
    after = [site.home.book.spent("staff", PERIOD) for site in enterprise.sites]
    assert after == [spent + order.body.spend for spent in before]
    assert Kind.PUBLISH not in [event.kind for event in centre_events(enterprise, order)]
    for number in (2, 3):
        job = enterprise.sites[number].home.book.job(order.body.digest)
        assert job is not None
        assert (job.state, job.sealed_key) == ("failed", None)


def test_under_half_good_steps_the_job_fails_with_a_reason(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member that comes back each time would void step after step; half of them must be good."""
    monkeypatch.setattr(jobs_module.Departments, "drop", lambda *_: None)
    order = enterprise.order(answers=5)
    with pytest.raises(JobFailed) as caught:
        run_job(enterprise, order, enterprise.channel(change=Losing(LIAR, range(1, 4))))
    assert (caught.value.code, caught.value.fields) == ("too_many_void_steps", {"good": 2, "answers": 5})
    just_enough = enterprise.order(answers=4)
    result, _, _ = run_job(enterprise, just_enough, enterprise.channel(change=Losing(LIAR, range(1, 3))))
    assert (result.steps, result.void_steps) == (2, 2)


def test_a_department_that_never_answers_is_left_out(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    silent = enterprise.channel(change=lambda address, answer: None if address == LIAR else answer)
    result, watcher, refused = run_job(enterprise, order, silent)
    assert [refusal.reason for refusal in refused] == ["no_answer"]
    assert watcher.decisions[enterprise.sites[0].id] == "no_answer"
    assert (result.steps, result.void_steps) == (4, 0)


# ---- liars ------------------------------------------------------------------------------------------

Lie = Callable[[AnswerFrame], bytes]


def lying(lie: Lie, kind: type) -> Callable[[str, bytes], bytes]:
    """The liar's answers of one kind are changed; its other answers and all others' are honest."""

    def change(address: str, answer: bytes) -> bytes:
        frame = frame_of(answer)
        return lie(frame) if address == LIAR and isinstance(frame.answer, kind) else answer

    return change


def answer_with(**changes: object) -> Lie:
    return lambda frame: replace(frame, answer=replace(frame.answer, **changes)).encode()


VECTOR_LIES: dict[str, Lie] = {
    "garbage": lambda _: b"garbage",
    "empty": lambda _: b"",
    "truncated": lambda frame: frame.encode()[:-4],
    "long": lambda frame: frame.encode() + bytes(4),
    "odd": lambda frame: frame.encode() + b"x",
    "other statement": answer_with(statement=bytes(32)),
    "refusal": lambda frame: replace(frame, answer=Refusal("made_up_reason")).encode(),
    "a verdict": lambda frame: replace(frame, answer=Verdict(bytes(32), "allowed", None)).encode(),
    "deep": lambda _: b"[" * 100_000,
    "no events": lambda frame: frame.encode().replace(b'"events":[', b'"events":[1,'),
    "events of another": lambda frame: frame.encode().replace(b'"node":"', b'"node":"00', 1),
}


@pytest.mark.parametrize("name", VECTOR_LIES)
def test_a_lie_about_a_vector_voids_one_step_and_costs_the_liar_its_place(
    enterprise: Enterprise, name: str
) -> None:
    order, lie = enterprise.order(answers=4), VECTOR_LIES[name]
    result, watcher, refused = run_job(enterprise, order, enterprise.channel(change=lying(lie, MaskedVector)))
    assert (refused, watcher.voids, result.steps, result.void_steps) == ((), [1], 3, 1)
    assert result.card["departments_joined"] == 4
    assert result.card["departments_stayed"] == 3
    # The one that left is told that the job is over, too: its key goes, and it signs for its journal.
    nodes = {receipt.body.node for receipt in result.receipts}
    assert nodes == {site.id for site in enterprise.sites}
    states = {site.home.book.job(order.body.digest).state for site in enterprise.sites}
    assert states == {"closed"}


def forged_key(frame: AnswerFrame) -> bytes:
    verdict = frame.answer
    assert isinstance(verdict, Verdict)
    assert verdict.job_key is not None
    forged = SigningKey.generate().seal(verdict.job_key.body)
    return replace(frame, answer=replace(verdict, job_key=forged)).encode()


def of_another_order(enterprise: Enterprise) -> Lie:
    def lie(frame: AnswerFrame) -> bytes:
        verdict = frame.answer
        assert isinstance(verdict, Verdict)
        assert verdict.job_key is not None
        other = enterprise.sites[0].home.identity.seal(replace(verdict.job_key.body, order=bytes(32)))
        return replace(frame, answer=replace(verdict, job_key=other)).encode()

    return lie


def weak_key(enterprise: Enterprise) -> Lie:
    def lie(frame: AnswerFrame) -> bytes:
        verdict = frame.answer
        assert isinstance(verdict, Verdict)
        assert verdict.job_key is not None
        weak = enterprise.sites[0].home.identity.seal(replace(verdict.job_key.body, x25519=bytes(32)))
        return replace(frame, answer=replace(verdict, job_key=weak)).encode()

    return lie


def check_left_out(enterprise: Enterprise, lie: Lie, reason: str) -> None:
    order = enterprise.order(answers=4)
    result, _, refused = run_job(enterprise, order, enterprise.channel(change=lying(lie, Verdict)))
    assert [(refusal.node, refusal.reason) for refusal in refused] == [(enterprise.sites[0].id, reason)]
    assert (result.steps, result.void_steps) == (4, 0)


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        (answer_with(job_key=None), "job_key_unsigned"),
        (forged_key, "job_key_unsigned"),
        (answer_with(reason="made_up_reason"), "made_up_reason"),
        (answer_with(reason="张三 is ill"), "no_answer"),
        (answer_with(reason="\x1b[2J"), "no_answer"),
        (lambda frame: replace(frame, answer=Refusal("made_up_reason")).encode(), "made_up_reason"),
        (lambda _: b"", "no_answer"),
    ],
)
def test_a_lie_about_a_verdict_leaves_the_liar_out(enterprise: Enterprise, lie: Lie, reason: str) -> None:
    check_left_out(enterprise, lie, reason)


def test_a_job_key_of_another_order_leaves_the_liar_out(enterprise: Enterprise) -> None:
    check_left_out(enterprise, of_another_order(enterprise), "job_key_unsigned")


def test_a_job_key_of_small_order_leaves_the_liar_out_before_all_others_must_refuse(
    enterprise: Enterprise,
) -> None:
    """Signed by its holder, it would make every honest member refuse every step."""
    check_left_out(enterprise, weak_key(enterprise), "mask_key_invalid")


def test_one_department_cannot_answer_with_anothers_key(enterprise: Enterprise) -> None:
    seen: list[tuple[str, Verdict]] = []

    def steal(address: str, answer: bytes) -> bytes:
        frame = frame_of(answer)
        if not isinstance(frame.answer, Verdict):
            return answer
        seen.append((address, frame.answer))
        return replace(frame, answer=seen[0][1]).encode() if len(seen) == 2 else answer

    order = enterprise.order(answers=4)
    result, _, refused = run_job(enterprise, order, enterprise.channel(change=steal))
    thief = enterprise.sites[int(seen[1][0]) - 1]
    assert [(refusal.node, refusal.reason) for refusal in refused] == [(thief.id, "job_key_unsigned")]
    assert result.steps == 4


@pytest.mark.parametrize("field", ["node", "job", "model_digest"])
def test_a_receipt_that_says_something_else_is_left_out(enterprise: Enterprise, field: str) -> None:
    liar = enterprise.sites[0]

    def lie(frame: AnswerFrame) -> bytes:
        assert isinstance(frame.answer, ReceiptAnswer)
        body = replace(frame.answer.receipt.body, **{field: bytes(32)})
        return replace(frame, answer=ReceiptAnswer(liar.home.identity.seal(body))).encode()

    order = enterprise.order(answers=4)
    result, _, _ = run_job(enterprise, order, enterprise.channel(change=lying(lie, ReceiptAnswer)))
    nodes = {receipt.body.node for receipt in result.receipts}
    assert nodes == {site.id for site in enterprise.sites[1:]}


def test_a_forged_receipt_is_left_out(enterprise: Enterprise) -> None:
    def lie(frame: AnswerFrame) -> bytes:
        assert isinstance(frame.answer, ReceiptAnswer)
        forged = SigningKey.generate().seal(frame.answer.receipt.body)
        return replace(frame, answer=ReceiptAnswer(forged)).encode()

    order = enterprise.order(answers=4)
    result, _, _ = run_job(enterprise, order, enterprise.channel(change=lying(lie, ReceiptAnswer)))
    assert len(result.receipts) == 3


def test_a_failed_job_tells_its_members_why(enterprise: Enterprise) -> None:
    asked: list[Closing] = []

    def watch(address: str, ask: Ask) -> Ask:
        inner = AskFrame.decode(ask.wire).ask
        if isinstance(inner, ClosingAsk):
            asked.append(inner.closing.body)
        return ask

    order = enterprise.order(answers=4, approve=False)
    with pytest.raises(JobFailed):
        run_job(enterprise, order, enterprise.channel(change_ask=watch))
    assert asked == []  # nobody had joined
    order = enterprise.order(answers=4)
    two_lost = enterprise.channel(
        change=lambda address, answer: None if address in "12" and b"masked" in answer[:60] else answer,
        change_ask=watch,
    )
    with pytest.raises(JobFailed):
        run_job(enterprise, order, two_lost)
    assert [closing.failed for closing in asked] == ["too_few_members"] * 4
