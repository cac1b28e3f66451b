"""A job at the centre: void steps, members that vanish, and liars who hurt nobody but themselves."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from simulators import wires
from simulators.enterprise import (
    NOW,
    DirectChannel,
    Enterprise,
    bundle_of,
    found,
    run_job,
    trust_of,
)
from xinqiao_clients.home import PERIOD
from xinqiao_governance.errors import JobFailed
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import (
    AnswerFrame,
    AskFrame,
    Closing,
    ClosingAsk,
    Hello,
    MaskedVector,
    ReceiptAnswer,
    Refusal,
    StepAsk,
    StepStatement,
    Verdict,
)
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.report import Status
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.verify import verify
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


def offline(channel: DirectChannel, addresses: set[str], steps: range) -> DirectChannel:
    """Take departments off the net from the first of these steps on, and bring them back after the last."""
    inner = channel._change_ask

    def change_ask(address: str, ask: Ask) -> Ask | None:
        asked = AskFrame.decode(ask.wire).ask
        if isinstance(asked, StepAsk):
            gone = asked.statement.body.step in steps
            channel.away = channel.away | addresses if gone else channel.away - addresses
        return inner(address, ask)

    channel._change_ask = change_ask
    return channel


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
    """One step later it is looked for and takes part again, under the job key that it made at first."""
    order, statements = enterprise.order(answers=5), Statements()
    channel = enterprise.channel(change=Losing(LIAR, range(2, 3)), change_ask=statements)
    result, watcher, _ = run_job(enterprise, order, channel)
    assert (result.steps, result.void_steps, watcher.voids) == (4, 1, [2])
    assert [step for step, _ in result.snapshots] == [1, 3, 4, 5]  # nothing of step 2 was opened
    assert [len(statements.seen[step].roster) for step in range(1, 6)] == [4, 4, 3, 4, 4]
    assert statements.seen[4].roster == statements.seen[1].roster
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
    assert counted == [4, 5, 5, 5]  # each node counts its own answers, void or good
    assert result.card["privacy"]["void_steps"] == 1  # type: ignore[call-overload,index]
    assert result.card["privacy"]["epsilon_micro"] == order.body.epsilon_micro  # type: ignore[call-overload,index]


def test_too_few_members_end_the_job_and_the_budget_stays_charged(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    before = [site.home.book.spent("staff", PERIOD) for site in enterprise.sites]
    channel = offline(enterprise.channel(), {"1", "2"}, range(1, 9))
    with pytest.raises(JobFailed) as caught:
        run_job(enterprise, order, channel)
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
    """Half must be good, and as soon as that cannot be any more, nobody is asked again."""
    monkeypatch.setattr(jobs_module.Departments, "drop", lambda *_: None)
    order, statements = enterprise.order(answers=5), Statements()
    channel = enterprise.channel(change=Losing(LIAR, range(1, 4)), change_ask=statements)
    with pytest.raises(JobFailed) as caught:
        run_job(enterprise, order, channel)
    assert (caught.value.code, caught.value.fields) == ("too_many_void_steps", {"good": 2, "answers": 5})
    assert list(statements.seen) == [1, 2, 3]
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
def test_a_lie_about_a_vector_voids_one_step_and_costs_the_liar_its_place_for_a_while(
    enterprise: Enterprise, name: str
) -> None:
    order, lie = enterprise.order(answers=4), VECTOR_LIES[name]
    result, watcher, refused = run_job(enterprise, order, enterprise.channel(change=lying(lie, MaskedVector)))
    assert (refused, watcher.voids, result.steps, result.void_steps) == ((), [1, 3], 2, 2)
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
    two_lost = offline(enterprise.channel(change_ask=watch), {"1", "2"}, range(1, 9))
    with pytest.raises(JobFailed):
        run_job(enterprise, order, two_lost)
    assert [closing.failed for closing in asked] == ["too_few_members"] * 4


# ---- members that leave and come back ------------------------------------------------------------------


def rosters(statements: Statements) -> list[int]:
    return [len(statements.seen[step].roster) for step in sorted(statements.seen)]


def test_a_lost_message_is_asked_for_again_and_costs_no_step(enterprise: Enterprise) -> None:
    """The statement again, to the byte: it is answered with the bytes that were lost."""
    order, statements = enterprise.order(answers=4), Statements()
    channel = enterprise.channel(change=Losing(LIAR, range(2, 4)), change_ask=statements)
    result, watcher, _ = run_job(enterprise, order, channel, tries=3)
    assert (watcher.voids, result.steps, rosters(statements)) == ([], 4, [4] * 4)
    words = [
        frame.answer.words
        for address, _, answer in channel.transcript
        if address == LIAR and isinstance((frame := wires.unseal(answer)).answer, MaskedVector)
    ]
    assert len(words) == 6
    assert words[1] == words[2] == words[3]  # two were lost on the way
    assert len({*words}) == 4
    assert node_kinds(enterprise, 0, order).count(Kind.RELEASE) == 4


def test_who_is_offline_or_said_no_is_not_asked_again(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    channel = offline(enterprise.channel(), {LIAR}, range(2, 9))
    asked: list[set[str]] = []
    inner = channel.ask

    def ask(asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
        if any(isinstance(AskFrame.decode(one.wire).ask, StepAsk) for one in asks.values()):
            asked.append(set(asks))
        return inner(asks, timeout_s=timeout_s)

    channel.ask = ask  # type: ignore[method-assign]
    run_job(enterprise, order, channel, tries=3)
    everyone = {"1", "2", "3", "4"}
    assert asked == [everyone, everyone, everyone - {LIAR}, everyone - {LIAR}]
    asked.clear()
    refusing = lying(lambda frame: replace(frame, answer=Refusal("made_up_reason")).encode(), MaskedVector)
    channel = enterprise.channel(change=refusing)
    inner = channel.ask
    channel.ask = ask  # type: ignore[method-assign]
    run_job(enterprise, enterprise.order(answers=2), channel, tries=3)
    assert asked == [everyone, everyone - {LIAR}]


def test_who_is_away_is_taken_in_again_when_it_is_back(enterprise: Enterprise) -> None:
    order, statements = enterprise.order(answers=8), Statements()
    channel = offline(enterprise.channel(change_ask=statements), {LIAR}, range(2, 6))
    result, watcher, _ = run_job(enterprise, order, channel)
    assert (watcher.voids, result.steps) == ([2], 7)
    assert rosters(statements) == [4, 4, 3, 3, 3, 3, 4, 4]  # back online after step 6 was asked
    assert result.card["departments_stayed"] == 4
    assert {receipt.body.node for receipt in result.receipts} == {site.id for site in enterprise.sites}
    assert node_kinds(enterprise, 0, order).count(Kind.RELEASE) == 3


def test_a_restarted_agent_is_known_by_its_key_at_another_address(enterprise: Enterprise) -> None:
    order, statements = enterprise.order(answers=6), Statements()
    channel = offline(enterprise.channel(change_ask=statements), {LIAR}, range(2, 3))
    inner = channel._change_ask

    def move(address: str, ask: Ask) -> Ask | None:
        if 3 in statements.seen and LIAR in channel._nodes:
            channel.move(LIAR, "restarted")
        return inner(address, ask)

    channel._change_ask = move
    result, watcher, _ = run_job(enterprise, order, channel)
    assert (watcher.voids, result.steps) == ([2], 5)
    assert rosters(statements) == [4, 4, 3, 4, 4, 4]
    assert len(result.receipts) == 4


def test_nobody_takes_the_place_of_one_that_is_away(enterprise: Enterprise) -> None:
    """A stranger, and a relay that says again what the missing department once answered."""
    order, statements = enterprise.order(answers=6), Statements()
    channel = offline(enterprise.channel(change_ask=statements), {LIAR}, range(2, 9))
    absent = enterprise.sites[0]
    stranger = SigningKey.generate()
    answer = enterprise.channel().ask

    class Crowded(DirectChannel):
        def members(self) -> list[str]:
            return [*channel.members(), "8", "9"]

        def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
            said = channel.ask(asks, timeout_s=timeout_s)
            if "8" in asks:
                frame = replace(wires.unseal(answer({"2": asks["8"]}, timeout_s=1.0)["2"]), events=())
                said["8"] = wires.seal(stranger, asks["8"].wire, frame.encode())
            if "9" in asks:
                said["9"] = heard[0]
            return said

    heard = list(answer({LIAR: Ask(AskFrame(Hello(bytes(16))).encode())}, timeout_s=1.0).values())
    result, watcher, _ = run_job(enterprise, order, Crowded({}))
    assert (watcher.voids, rosters(statements)) == ([2], [4, 4, 3, 3, 3, 3])
    assert absent.id not in {receipt.body.node for receipt in result.receipts}


def test_a_flapping_department_cannot_void_every_step(enterprise: Enterprise) -> None:
    """Each time it fails it waits twice as long: in 16 steps it spoils 1, 3, 6, 11 and no more."""
    order = enterprise.order(answers=16)
    result, watcher, _ = run_job(enterprise, order, enterprise.channel(change=Losing(LIAR, range(1, 99))))
    assert (watcher.voids, result.steps) == ([1, 3, 6, 11], 12)


def test_looking_for_who_is_away_is_rare_where_an_address_keeps_silent(enterprise: Enterprise) -> None:
    """Its node is still listed, as with a SuperLink that has not noticed yet: each look costs a timeout."""
    looks: list[float] = []
    channel = enterprise.channel(change=lambda a, answer: answer if a != LIAR or started() else None)

    def started() -> bool:
        return not any(isinstance(AskFrame.decode(ask.wire).ask, StepAsk) for _, ask, _ in channel.transcript)

    class Slow(DirectChannel):
        def members(self) -> Sequence[str]:
            return channel.members()

        def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
            if set(asks) == {LIAR} and b'"hello"' in asks[LIAR].wire:
                looks.append(timeout_s)
            return channel.ask(asks, timeout_s=timeout_s)

    order = enterprise.order(answers=40)
    result, watcher, _ = run_job(enterprise, order, Slow({}))
    assert (watcher.voids, result.steps) == ([1], 39)
    assert looks == [jobs_module.FIND_TIMEOUT_S] * 5  # before steps 3, 5, 9, 17, 33


def test_looking_costs_nothing_while_nobody_is_away(enterprise: Enterprise) -> None:
    asked: list[str] = []
    channel = enterprise.channel()
    members = channel.members

    def counted() -> Sequence[str]:
        asked.append("members")
        return members()

    channel.members = counted  # type: ignore[method-assign]
    run_job(enterprise, enterprise.order(answers=4), channel)
    assert asked == ["members"]  # when they were met
    hellos = [ask for _, ask, _ in channel.transcript if isinstance(AskFrame.decode(ask.wire).ask, Hello)]
    assert len(hellos) == 4


def test_too_few_members_wait_a_while_for_others(enterprise: Enterprise) -> None:
    """Two of four vanish at once and are back a moment later: the job goes on with all of them."""
    order, statements = enterprise.order(answers=6), Statements()
    channel = offline(enterprise.channel(change_ask=statements), {"1", "2"}, range(2, 3))
    looks: list[int] = []
    members = channel.members

    def back_soon() -> Sequence[str]:
        looks.append(1)
        if len(looks) == 4:
            channel.away = set()
        return members()

    channel.members = back_soon  # type: ignore[method-assign]
    result, watcher, _ = run_job(enterprise, order, channel, patience_s=30.0)
    assert (watcher.voids, result.steps, rosters(statements)) == ([2], 5, [4] * 6)


def test_a_department_that_wants_more_members_keeps_its_place(tmp_path: Path) -> None:
    """Four departments that each want four: one misses a step, three refuse to be so few, then all go on."""
    strict = found(tmp_path, 4, minimum_members=4, cap=WIDE)
    order, statements = strict.order(answers=8), Statements()
    channel = offline(strict.channel(change_ask=statements), {LIAR}, range(2, 3))
    result, watcher, _ = run_job(strict, order, channel, patience_s=30.0)
    assert (watcher.voids, rosters(statements)) == ([2, 3], [4, 4, 3, 4, 4, 4, 4, 4])
    assert result.card["departments_stayed"] == 4
    hellos = [a for a, ask, _ in channel.transcript if isinstance(AskFrame.decode(ask.wire).ask, Hello)]
    assert sorted(hellos) == ["1", "1", "2", "3", "4"]  # only one of them had to come back
    strict.close()


def test_a_department_that_left_for_good_is_not_looked_for(enterprise: Enterprise) -> None:
    order, statements = enterprise.order(answers=6), Statements()
    leaver = enterprise.sites[0]
    channel = enterprise.channel(change_ask=statements)
    inner = channel._change_ask

    def leave(address: str, ask: Ask) -> Ask | None:
        sent = inner(address, ask)
        job = leaver.home.book.job(order.body.digest)
        if 2 in statements.seen and job is not None and job.state == "open":
            leaver.node.leave(order.body.digest, "steward")
        return sent

    channel._change_ask = leave
    result, watcher, _ = run_job(enterprise, order, channel)
    assert (watcher.voids, rosters(statements)) == ([2], [4, 4, 3, 3, 3, 3])
    assert leaver.id not in {receipt.body.node for receipt in result.receipts}
    outcome = [e for e in leaver.home.book.events() if e.job == order.body.digest.hex()][-1]
    assert (outcome.kind, outcome.reason, outcome.role) == (Kind.OUTCOME, "left", "steward")


def test_the_evidence_of_a_job_with_returners_and_void_steps_is_proven(tmp_path: Path) -> None:
    enterprise = found(tmp_path, 4)
    order = enterprise.order(answers=6)
    channel = offline(enterprise.channel(), {LIAR}, range(2, 4))
    result, watcher, _ = run_job(enterprise, order, channel)
    assert (watcher.voids, result.steps) == ([2], 5)
    report = verify(bundle_of(enterprise, result), trust_of(enterprise))
    assert [f for f in report.findings if f.status is Status.FAIL] == []
    assert {f.number for f in report.findings if f.status is Status.NOT_CHECKED} == {9, 10}
    enterprise.close()
