"""A job whose process is killed: at every point it goes on, exact to the budget and the log."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulators.enterprise import DirectChannel, Enterprise, bundle_of, found, run_job, trust_of
from xinqiao_clients.home import PERIOD
from xinqiao_governance.errors import JobFailed, NodeUnavailable, StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import AskFrame, ClosingAsk, StepAsk
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.report import Status
from xinqiao_ledger.verify import verify
from xinqiao_models.plans import plan_of
from xinqiao_models.training import Training
from xinqiao_platform.absences import Absences
from xinqiao_platform.channel import Ask
from xinqiao_platform.checkpoint import Course, JobFolder, Joined
from xinqiao_platform.departments import Departments
from xinqiao_platform.jobs import Job, JobResult

WIDE = Spend(1_000_000_000, 10_000_000)
ANSWERS = 3


class Killed(BaseException):
    """Where a test lets the centre's process end; no product code can catch it."""


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")), 3, cap=WIDE)
    yield enterprise
    enterprise.close()


class Killer:
    """Ends the process just before or just after the n-th thing that a job does outside its own memory."""

    def __init__(self, point: int | None) -> None:
        self.point = point
        self.count = 0

    def wrap(self, act: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*arguments: object, **named: object) -> object:
            self._pass()
            done = act(*arguments, **named)
            self._pass()
            return done

        return wrapped

    def _pass(self) -> None:
        self.count += 1
        if self.count == self.point:
            raise Killed


def run_until(
    enterprise: Enterprise,
    order: Signed[Order],
    monkeypatch: pytest.MonkeyPatch,
    point: int | None,
    channel: DirectChannel | None = None,
) -> tuple[JobResult | None, int]:
    """Run a job with a process that is killed at `point`; return its result, if any, and how far it came."""
    killer, channel = Killer(point), channel or enterprise.channel()
    with monkeypatch.context() as patch:
        patch.setattr(channel, "ask", killer.wrap(channel.ask))
        patch.setattr(enterprise.centre, "record", killer.wrap(enterprise.centre.record))
        patch.setattr(JobFolder, "_write", killer.wrap(JobFolder._write))
        try:
            return run_job(enterprise, order, channel)[0], killer.count
        except Killed:
            return None, killer.count


def steps_of(enterprise: Enterprise, order: Signed[Order]) -> list[tuple[int | None, str | None]]:
    leaves = enterprise.centre.log.entries_of_job(order.body.digest.hex()).values()
    events = map(Event.decode, leaves)
    return [(event.step, event.reason) for event in events if event.kind is Kind.STEP]


def require_exact(
    enterprise: Enterprise, order: Signed[Order], before: list[Spend], result: JobResult
) -> None:
    """One charge, every answer counted, evidence that is proven."""
    spent = [site.home.book.spent("staff", PERIOD) for site in enterprise.sites]
    assert spent == [spend + order.body.spend for spend in before]
    assert result.steps + result.void_steps == order.body.answers
    assert [step for step, _ in steps_of(enterprise, order)] == list(range(1, order.body.answers + 1))
    report = verify(bundle_of(enterprise, result), trust_of(enterprise))
    assert [f for f in report.findings if f.status is Status.FAIL] == []
    assert {f.number for f in report.findings if f.status is Status.NOT_CHECKED} == {9, 10}


def spends(enterprise: Enterprise) -> list[Spend]:
    return [site.home.book.spent("staff", PERIOD) for site in enterprise.sites]


@pytest.mark.slow
def test_killed_at_any_point_the_same_order_goes_on(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after every message, log entry and file; at most the one step that was open is void."""
    _, points = run_until(enterprise, enterprise.order(answers=ANSWERS), monkeypatch, None)
    assert points > 30
    voids = []
    for point in range(1, points + 1):
        before, order = spends(enterprise), enterprise.order(answers=ANSWERS)
        killed, _ = run_until(enterprise, order, monkeypatch, point)
        assert killed is None
        result, _, _ = run_job(enterprise, order)
        require_exact(enterprise, order, before, result)
        voids.append(result.void_steps)
    assert set(voids) == {0, 1}


@pytest.mark.slow
def test_killed_again_and_again_it_ends_all_the_same(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run is killed a little later than the last; half of the steps must still be good."""
    before, order, result = spends(enterprise), enterprise.order(answers=8), None
    for point in (5, 14, 17, 20, 26, 60):
        result, _ = run_until(enterprise, order, monkeypatch, point)
        if result is not None:
            break
    assert result is not None
    assert 0 < result.void_steps <= 4
    require_exact(enterprise, order, before, result)


def killed_at_step(enterprise: Enterprise, order: Signed[Order], step: int, *, after: bool) -> None:
    """Kill the centre when a step is asked, or when all have answered it."""

    def kill(_address: str, ask: Ask) -> Ask:
        asked = AskFrame.decode(ask.wire).ask
        if isinstance(asked, StepAsk) and asked.statement.body.step == step:
            kill.seen += 1  # type: ignore[attr-defined]
            if kill.seen == (len(enterprise.sites) if after else 1):  # type: ignore[attr-defined]
                raise Killed
        return ask

    kill.seen = 0  # type: ignore[attr-defined]
    with pytest.raises(Killed):
        run_job(enterprise, order, enterprise.channel(change_ask=kill))


def test_the_step_that_was_open_is_void_and_the_training_goes_on(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 3, after=True)
    result, watcher, refused = run_job(enterprise, order)
    assert (refused, watcher.decisions) == ((), {})  # nobody is asked to decide again
    assert (result.steps, result.void_steps) == (3, 1)
    assert steps_of(enterprise, order) == [(1, "good"), (2, "good"), (3, "void"), (4, "good")]
    assert [step for step, _ in result.snapshots] == [4]


def test_no_department_is_asked_anything_new_for_a_step_number(enterprise: Enterprise) -> None:
    order, numbers = enterprise.order(answers=4), []

    def note(_address: str, ask: Ask) -> Ask:
        asked = AskFrame.decode(ask.wire).ask
        if isinstance(asked, StepAsk):
            numbers.append(asked.statement.body.step)
        return ask

    killed_at_step(enterprise, order, 2, after=False)
    run_job(enterprise, order, enterprise.channel(change_ask=note))
    assert set(numbers) == {3, 4}


def test_a_killed_job_is_resumed_with_who_is_there_and_the_others_come_back(enterprise: Enterprise) -> None:
    four = found(enterprise.root / "four", 4, cap=WIDE)
    order = four.order(answers=6)
    killed_at_step(four, order, 2, after=False)
    channel = four.channel()
    channel.away = {"1"}
    seen: list[int] = []

    def back(_address: str, ask: Ask) -> Ask:
        asked = AskFrame.decode(ask.wire).ask
        if isinstance(asked, StepAsk):
            seen.append(len(asked.statement.body.roster))
            if asked.statement.body.step == 4:
                channel.away = set()
        return ask

    channel._change_ask = back
    result, watcher, _ = run_job(four, order, channel)
    assert (watcher.voids, result.steps, result.void_steps) == ([], 5, 1)
    assert seen == [3] * 6 + [4] * 8
    assert result.card["departments_joined"] == result.card["departments_stayed"] == 4
    assert verify(bundle_of(four, result), trust_of(four)).exit_code in (0, 3)
    four.close()


def test_a_card_that_was_published_stays_the_same_whoever_is_there_later(enterprise: Enterprise) -> None:
    """It says how many stayed to the end; departments sign its digest, each at its own time."""
    four = found(enterprise.root / "again", 4, cap=WIDE)
    order = four.order(answers=ANSWERS)

    def kill(_address: str, ask: Ask) -> Ask:
        if isinstance(AskFrame.decode(ask.wire).ask, ClosingAsk):
            raise Killed
        return ask

    with pytest.raises(Killed):
        run_job(four, order, four.channel(change_ask=kill))
    channel = four.channel()
    channel.away = {"1"}
    result, _, _ = run_job(four, order, channel)
    assert result.card["departments_stayed"] == 4
    assert len(result.receipts) == 3
    assert len(run_job(four, order)[0].receipts) == 4
    assert [
        f for f in verify(bundle_of(four, result), trust_of(four)).findings if f.status is Status.FAIL
    ] == []
    four.close()


def test_the_same_model_as_without_a_kill(enterprise: Enterprise) -> None:
    """What was trained is kept to the last bit: the state after two steps is the state after two steps."""
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 3, after=False)
    course = JobFolder(enterprise.centre.path, order.body.digest).course()
    assert course is not None
    training = Training(order.body.model, plan_of(order.body))
    training.restore(course.training)
    assert (training.steps, training.void_steps, course.step, course.outcome) == (2, 0, 3, "")
    assert training.to_bytes() == course.training
    asked: list[np.ndarray] = []

    def note(_address: str, ask: Ask) -> Ask:
        if ask.parameters is not None:
            asked.append(ask.parameters)
        return ask

    run_job(enterprise, order, enterprise.channel(change_ask=note))
    np.testing.assert_array_equal(asked[0], training.parameters)  # a void step moves nothing


# ---- a checkpoint that is not what was written -------------------------------------------------------


def course_file(enterprise: Enterprise, order: Signed[Order]) -> Path:
    return enterprise.centre.path / "jobs" / order.body.digest.hex() / "course"


@pytest.mark.parametrize("name", ["joined", "course", "card"])
def test_a_changed_byte_of_a_checkpoint_is_noticed(enterprise: Enterprise, name: str) -> None:
    order = enterprise.order(answers=ANSWERS)
    run_job(enterprise, order)
    path = course_file(enterprise, order).with_name(name)
    data = path.read_bytes()
    for place in (0, 40, len(data) - 1):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(StoreDamaged) as caught:
            run_job(enterprise, order)
        assert caught.value.code == "checkpoint_damaged"
    path.write_bytes(data)
    assert run_job(enterprise, order)[0].card == run_job(enterprise, order)[0].card


def test_a_lost_checkpoint_ends_the_job_with_a_reason(enterprise: Enterprise) -> None:
    """The log knows better: without it the optimiser would begin anew and the card would count wrongly."""
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 3, after=False)
    course_file(enterprise, order).unlink()
    with pytest.raises(JobFailed) as caught:
        run_job(enterprise, order)
    assert (caught.value.code, caught.value.fields) == ("checkpoint_behind", {"logged": 2})
    states = [site.home.book.job(order.body.digest) for site in enterprise.sites]
    assert [(job.state, job.sealed_key) for job in states if job] == [("failed", None)] * 3
    with pytest.raises(JobFailed, match="job_failed_before"):
        run_job(enterprise, order)


def test_an_older_checkpoint_put_back_asks_no_department_twice(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 2, after=False)
    old = course_file(enterprise, order).read_bytes()
    killed_at_step(enterprise, order, 4, after=False)
    course_file(enterprise, order).write_bytes(old)
    released = [site.home.book.count_events() for site in enterprise.sites]
    with pytest.raises(JobFailed, match="checkpoint_behind"):
        run_job(enterprise, order)
    assert [site.home.book.count_events() for site in enterprise.sites] == [n + 1 for n in released]


def rewrite(enterprise: Enterprise, order: Signed[Order], change: Callable[[Course], Course]) -> None:
    path = course_file(enterprise, order)
    course = change(Course.decode(path.read_bytes()[32:]))
    path.write_bytes(hashlib.sha256(course.encode()).digest() + course.encode())


def test_parameters_put_into_a_checkpoint_gain_no_answer_more(enterprise: Enterprise) -> None:
    """A centre may ask with any parameters it likes; each step is one answer, under its own statement."""
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 2, after=False)
    other = Training(order.body.model, plan_of(order.body))
    other.take(np.full(order.body.model.dimension, 100.0))
    rewrite(enterprise, order, lambda course: replace(course, training=other.to_bytes()))
    result, _, _ = run_job(enterprise, order)
    assert (result.steps, result.void_steps) == (3, 1)
    job = order.body.digest.hex()
    for site in enterprise.sites:
        events = [e for e in site.home.book.events() if e.job == job and e.kind is Kind.RELEASE]
        assert [event.step for event in events] == [1, 3, 4]


def test_a_checkpoint_set_back_by_its_keeper_is_refused_by_the_log(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 3, after=False)
    fresh = Training(order.body.model, plan_of(order.body)).to_bytes()
    rewrite(enterprise, order, lambda _: Course(fresh))
    with pytest.raises(JobFailed, match="checkpoint_behind"):
        run_job(enterprise, order)


def test_a_checkpoint_whose_counts_disagree_is_damaged(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 3, after=False)
    rewrite(enterprise, order, lambda course: replace(course, step=4))
    with pytest.raises(StoreDamaged, match="checkpoint_damaged"):
        run_job(enterprise, order)


# ---- stopping ---------------------------------------------------------------------------------------


def interrupted(enterprise: Enterprise, order: Signed[Order], error: BaseException) -> None:
    def stop(_address: str, ask: Ask) -> Ask:
        asked = AskFrame.decode(ask.wire).ask
        if isinstance(asked, StepAsk) and asked.statement.body.step == 2:
            raise error
        return ask

    run_job(enterprise, order, enterprise.channel(change_ask=stop))


def states(enterprise: Enterprise, order: Signed[Order]) -> list[tuple[str, bytes | None]]:
    jobs = [site.home.book.job(order.body.digest) for site in enterprise.sites]
    return [(job.state, job.sealed_key) for job in jobs if job is not None]


def test_ctrl_c_ends_the_job_at_every_department(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    with pytest.raises(KeyboardInterrupt):
        interrupted(enterprise, order, KeyboardInterrupt())
    assert states(enterprise, order) == [("failed", None)] * 3
    for site in enterprise.sites:
        assert [e for e in site.home.book.events() if e.job == order.body.digest.hex()][
            -1
        ].reason == "stopped"
    with pytest.raises(JobFailed) as caught:
        run_job(enterprise, order)
    assert (caught.value.code, caught.value.fields) == ("job_failed_before", {"reason": "stopped"})


def stop(enterprise: Enterprise, order: Signed[Order], channel: DirectChannel | None = None) -> int:
    nodes = order.body.nodes
    departments = Departments(enterprise.centre, channel or enterprise.channel(), nodes, timeout_s=1.0)
    return Job(enterprise.centre, departments, order, None).stop()  # type: ignore[arg-type]


def test_a_job_whose_process_is_gone_is_stopped(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 2, after=True)
    channel = enterprise.channel()
    channel.away = {"1"}
    assert stop(enterprise, order, channel) == 2
    assert sorted(states(enterprise, order))[:2] == [("failed", None)] * 2
    assert stop(enterprise, order) == 3  # again, when the third is there
    assert states(enterprise, order) == [("failed", None)] * 3
    with pytest.raises(JobFailed, match="job_failed_before"):
        run_job(enterprise, order)


def test_a_job_with_a_damaged_checkpoint_can_still_be_stopped(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 2, after=True)
    course_file(enterprise, order).write_bytes(b"damaged")
    assert stop(enterprise, order) == 3


def test_a_published_job_is_not_stopped(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=ANSWERS)
    result, _, _ = run_job(enterprise, order)
    with pytest.raises(UsageInvalid, match="job_published"):
        stop(enterprise, order)
    again, _, _ = run_job(enterprise, order)  # and run again it says again what it published
    assert (again.card, again.receipts) == (result.card, result.receipts)
    assert again.model.encode() == result.model.encode()


def test_lost_messages_leave_the_job_open(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    with pytest.raises(NodeUnavailable):
        interrupted(enterprise, order, NodeUnavailable("superlink_unreachable", address="127.0.0.1:1"))
    assert {state for state, _ in states(enterprise, order)} == {"open"}
    assert run_job(enterprise, order)[0].void_steps == 1


def test_an_end_that_did_not_reach_all_is_told_again(enterprise: Enterprise) -> None:
    """Killed while it told departments that the job failed: the next run tells them and says why."""
    order, told = enterprise.order(answers=4), []

    def kill(address: str, ask: Ask) -> Ask:
        asked = AskFrame.decode(ask.wire).ask
        if isinstance(asked, StepAsk) and asked.statement.body.step == 2:
            raise KeyboardInterrupt
        if isinstance(asked, ClosingAsk):
            told.append(address)
        if len(told) == 2:
            raise Killed
        return ask

    with pytest.raises(Killed):
        run_job(enterprise, order, enterprise.channel(change_ask=kill))
    assert sorted(state for state, _ in states(enterprise, order)) == ["failed", "open", "open"]
    with pytest.raises(JobFailed, match="job_failed_before"):
        run_job(enterprise, order)
    assert states(enterprise, order) == [("failed", None)] * 3


def test_two_processes_do_not_run_one_job(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path, bytes(32))
    with (
        folder.alone(),
        pytest.raises(UsageInvalid, match="job_running"),
        JobFolder(tmp_path, bytes(32)).alone(),
    ):
        pass
    with folder.alone():
        pass


# ---- files ------------------------------------------------------------------------------------------


def test_nothing_kept_is_none(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path, bytes(32))
    assert (folder.joined(), folder.course(), folder.card()) == (None, None, None)


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path, bytes(32))
    absences = Absences()
    absences.miss(bytes([7] * 32), 3)
    course = Course(b"state\nwith\nlines", 3, bytes([1] * 32), 5, "void", "", absences)
    folder.keep_course(course)
    assert folder.course() == course
    folder.keep_joined(Joined({}, {"pay": "core"}))
    assert folder.joined() == Joined({}, {"pay": "core"})


def test_what_a_statement_rests_on_is_flushed_before_it_goes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File and folder: after a power cut no step number may be asked under a second statement."""
    flushed: list[int] = []

    def note(handle: int) -> None:
        flushed.append(os.fstat(handle).st_ino)

    monkeypatch.setattr(os, "fsync", note)
    folder = JobFolder(tmp_path, bytes(32))
    folder.keep_course(Course(b"state", step=1, members=3))  # open: its statement goes out next
    (course,) = tmp_path.rglob("course")
    order, jobs = course.parent, course.parent.parent
    assert flushed == [path.stat().st_ino for path in (jobs, tmp_path, course, order)]
    folder.keep_course(Course(b"state", step=1, members=3, outcome="good"))
    assert len(flushed) == 4  # the log, which is flushed, comes next and tells


def test_a_disk_that_fails_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("in the way")
    with pytest.raises(StoreDamaged, match="io_failed"):
        JobFolder(tmp_path, bytes(32)).keep_course(Course(b""))


@pytest.mark.parametrize(
    "value", [{"misses": {}}, {"misses": {"zz": 1}, "away": {}}, {"misses": {}, "away": []}]
)
def test_absences_that_are_none_are_refused(value: dict[str, object]) -> None:
    with pytest.raises(WireInvalid):
        Absences.from_json(value)  # type: ignore[arg-type]


# ---- the roster's rule ------------------------------------------------------------------------------


def test_each_miss_doubles_the_wait() -> None:
    absences, node, waits = Absences(), bytes(32), []
    step = 1
    for _ in range(5):
        absences.miss(node, step)
        waited = 0
        while node not in absences.due(step + 1 + waited):
            waited += 1
        waits.append(waited)
        step += 1 + waited
        absences.back(node)
    assert waits == [1, 2, 4, 8, 16]


@pytest.mark.parametrize("answers", [1, 7, 64, 200, 1_000])
def test_one_member_voids_no_more_steps_than_the_docstring_says(answers: int) -> None:
    absences, node, voids = Absences(), bytes(32), 0
    for step in range(1, answers + 1):
        if node in absences.away and node not in absences.due(step):
            continue
        absences.back(node)
        absences.miss(node, step)
        voids += 1
    assert voids <= 1 + np.log2(answers + 1)


def test_who_left_for_good_is_never_due() -> None:
    absences = Absences()
    absences.miss(bytes(32), 1)
    absences.leave(bytes(32))
    assert (list(absences.due(1 << 40)), list(absences.hoped_for())) == ([], [])


def test_a_step_whose_end_was_not_kept_but_logged_ends_the_job(enterprise: Enterprise) -> None:
    """After a power cut: to call it void would contradict the log, and the card would fail its check."""
    order = enterprise.order(answers=4)
    killed_at_step(enterprise, order, 3, after=False)
    rewrite(enterprise, order, lambda course: replace(course, step=2, outcome=""))
    with pytest.raises(JobFailed, match="checkpoint_behind"):
        run_job(enterprise, order)
