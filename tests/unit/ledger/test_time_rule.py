"""Check 11 and the half of check 9 that is about time: which dates the log's order does not allow."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulators.ledger import NOW, Enterprise, Node, hexed
from xinqiao_governance.order import Spend
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.period import LATE_S, SKEW_S
from xinqiao_ledger.report import Status, Verdict
from xinqiao_ledger.verify import verify

T = 1_700_000_000
DAY = 86_400


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    enterprise = Enterprise(tmp_path)
    yield enterprise
    enterprise.close()


def mark(enterprise: Enterprise, time: int) -> None:
    """An event of the operator's own."""
    enterprise.append([enterprise.operator.write(Kind.ORDER, time=time, job=hexed("any", time))])


def charge(node: Node, time: int) -> Event:
    return node.write(Kind.RESERVE, time=time, job=hexed("job"), spend=Spend(1, 1))


def release(node: Node, time: int) -> Event:
    digest = hexed("digest")
    return node.write(
        Kind.RELEASE, time=time, job=hexed("job"), step=1, statement=digest, output_digest=digest
    )


def step(enterprise: Enterprise, time: int, reason: str = "good") -> None:
    """The operator logs the step that `release` answers."""
    fields = {"job": hexed("job"), "step": 1, "statement": hexed("digest"), "members": 3}
    enterprise.append([enterprise.operator.write(Kind.STEP, time=time, reason=reason, **fields)])


def told(enterprise: Enterprise) -> tuple[Verdict, str]:
    """The verdict on the whole log as a period, and what check 11 says."""
    report = verify(enterprise.period_bundle(1, 2_000_000_000), enterprise.trust())
    finding = report.findings[10]
    failed = [found.number for found in report.findings if found.status is Status.FAIL]
    assert failed == ([11] if finding.code else [])
    return report.verdict, finding.code


HONEST = (Verdict.PASS, "")


def test_a_clock_that_runs_backwards_fails(enterprise: Enterprise) -> None:
    node = enterprise.departments[0]
    enterprise.append([node.write(Kind.CONFIRM, time=T), node.write(Kind.CONFIRM, time=T - SKEW_S)])
    assert told(enterprise) == HONEST
    enterprise.append([node.write(Kind.CONFIRM, time=T - SKEW_S - 1)])
    assert told(enterprise) == (Verdict.FAIL, "audit_time_backwards")


def test_small_steps_backwards_do_not_add_up(enterprise: Enterprise) -> None:
    node = enterprise.departments[0]
    enterprise.append([node.write(Kind.CONFIRM, time=T - step * 200) for step in range(3)])
    assert told(enterprise) == (Verdict.FAIL, "audit_time_backwards")


def test_the_operators_own_clock_runs_forwards_too(enterprise: Enterprise) -> None:
    mark(enterprise, T)
    mark(enterprise, T - SKEW_S - 1)
    assert told(enterprise)[0] is Verdict.FAIL


def test_a_back_dated_release_of_a_good_step_fails(enterprise: Enterprise) -> None:
    first, second, _ = enterprise.departments
    mark(enterprise, T)
    enterprise.append([release(first, T - LATE_S)])
    step(enterprise, T)
    assert told(enterprise) == HONEST
    enterprise.append([release(second, T - LATE_S - 1)])
    assert told(enterprise) == (Verdict.FAIL, "audit_time_late")


@pytest.mark.parametrize("late", [charge, release])
@pytest.mark.parametrize("reason", [None, "void"])
def test_what_opened_nothing_may_be_told_late(
    enterprise: Enterprise, late: Callable[[Node, int], Event], reason: str | None
) -> None:
    """Its answer was lost, and the department was away over a holiday."""
    mark(enterprise, T)
    if reason:
        step(enterprise, T, reason)
    enterprise.append([late(enterprise.departments[0], T - 4 * DAY)])
    assert told(enterprise) == HONEST


def test_a_charge_told_late_is_honest_beside_a_good_step(enterprise: Enterprise) -> None:
    step(enterprise, T)
    enterprise.append([charge(enterprise.departments[0], T - 4 * DAY)])
    assert told(enterprise) == HONEST


def test_only_the_operators_word_makes_a_step_good(enterprise: Enterprise) -> None:
    first, second, _ = enterprise.departments
    mark(enterprise, T)
    said = {"job": hexed("job"), "step": 1, "statement": hexed("digest"), "reason": "good"}
    enterprise.append([first.write(Kind.STEP, time=T, **said), release(second, T - 4 * DAY)])
    assert told(enterprise) == HONEST


def test_a_later_mark_with_an_earlier_date_excuses_nothing(enterprise: Enterprise) -> None:
    mark(enterprise, T)
    mark(enterprise, T - SKEW_S)
    enterprise.append([release(enterprise.departments[0], T - LATE_S - 1)])
    step(enterprise, T)
    assert told(enterprise) == (Verdict.FAIL, "audit_time_late")


def test_what_a_department_does_alone_may_be_told_late(enterprise: Enterprise) -> None:
    mark(enterprise, T)
    node = enterprise.departments[0]
    alone = (Kind.IMPORT, Kind.CONFIRM, Kind.APPROVE)
    enterprise.append([node.write(kind, time=T - 90 * DAY) for kind in alone])
    local = {"job": hexed("local")}
    enterprise.append(
        [
            node.write(Kind.DECISION, time=T - 80 * DAY, decision="allow", **local),
            node.write(Kind.INTENT, time=T - 80 * DAY, **local),
            node.write(Kind.OUTCOME, time=T - 80 * DAY, **local),
        ]
    )
    assert told(enterprise) == HONEST


def test_a_new_epoch_is_told_of_the_past_and_of_nothing_late_afterwards(enterprise: Enterprise) -> None:
    node, pointer = enterprise.departments[0], {"output_digest": hexed("epoch")}
    enterprise.append([enterprise.operator.write(Kind.EPOCH, time=T, **pointer)])
    past = [charge(node, T - 90 * DAY), release(node, T - 90 * DAY)]
    enterprise.append([*past, node.write(Kind.EPOCH, time=T, **pointer)])
    assert told(enterprise) == HONEST
    mark(enterprise, T + 9 * DAY)
    enterprise.append([release(node, T + DAY)])
    step(enterprise, T + 9 * DAY)
    assert told(enterprise) == (Verdict.FAIL, "audit_time_late")


def test_a_departments_word_on_an_epoch_excuses_no_back_dated_release(enterprise: Enterprise) -> None:
    node = enterprise.departments[0]
    mark(enterprise, T)
    enterprise.append([release(node, T - 90 * DAY)])
    step(enterprise, T)
    enterprise.append([node.write(Kind.EPOCH, time=T, output_digest=hexed("epoch"))])
    assert told(enterprise) == (Verdict.FAIL, "audit_time_late")


def test_a_post_dated_event_fails(enterprise: Enterprise) -> None:
    node = enterprise.departments[0]
    enterprise.append([node.write(Kind.CONFIRM, time=T + SKEW_S)])
    mark(enterprise, T)
    assert told(enterprise) == HONEST
    enterprise.append([node.write(Kind.CONFIRM, time=T + DAY)])
    mark(enterprise, T + DAY - SKEW_S - 1)
    assert told(enterprise) == (Verdict.FAIL, "audit_time_ahead")


def test_an_event_dated_after_all_cosignatures_fails_for_every_scope(enterprise: Enterprise) -> None:
    node = enterprise.departments[0]
    enterprise.append([node.write(Kind.CONFIRM, time=NOW + SKEW_S)])
    trust = enterprise.trust()
    assert verify(enterprise.event_bundle(0), trust).verdict is Verdict.PASS
    enterprise.append([node.write(Kind.CONFIRM, time=NOW + SKEW_S + 1)])
    for data in (enterprise.event_bundle(1), enterprise.period_bundle(1, NOW - LATE_S)):
        report = verify(data, trust)
        failed = {f.number: f.code for f in report.findings if f.status is Status.FAIL}
        assert failed == {9: "audit_after_cosignatures"}


def test_the_operators_witnesses_bound_the_time_all_the_same(tmp_path: Path) -> None:
    from simulators.ledger import Plan

    enterprise = Enterprise(tmp_path, Plan(witnesses_kept_by="operator"))
    enterprise.append([enterprise.departments[0].write(Kind.CONFIRM, time=NOW + DAY)])
    report = verify(enterprise.event_bundle(0), enterprise.trust())
    assert report.findings[8].code == "audit_after_cosignatures"
    enterprise.close()


def test_an_event_of_a_job_dated_before_its_order_fails(enterprise: Enterprise) -> None:
    node = enterprise.departments[0]
    written = enterprise.order.body.created
    early = node.write(Kind.APPROVE, time=written - SKEW_S - 1, job=enterprise.job, decision="allow")
    enterprise.append([early])
    report = verify(enterprise.run(), enterprise.trust())
    failed = {f.number: f.code for f in report.findings if f.status is Status.FAIL}
    assert failed == {11: "audit_time_before_order"}


def test_an_approval_days_before_the_job_is_honest(enterprise: Enterprise) -> None:
    node = enterprise.departments[0]
    written = enterprise.order.body.created
    enterprise.append([node.write(Kind.APPROVE, time=written - SKEW_S, job=enterprise.job, decision="allow")])
    assert verify(enterprise.run(), enterprise.trust()).verdict is Verdict.PASS


def test_a_back_dated_release_of_a_job_fails(tmp_path: Path) -> None:
    """Four days after its order the job runs; one department dates what it did to the day of the order."""
    enterprise = Enterprise(tmp_path)
    start, late = enterprise.order.body.created, 4 * DAY
    enterprise.now = NOW + 9 * DAY
    honest = enterprise.departments[1:]
    for node in (enterprise.operator, *honest):
        node.write(Kind.IMPORT, time=start + late)
        enterprise.append(node.journal[-1:])
        own = node.write

        def later(kind: Kind, own: Callable[..., Event] = own, **fields: object) -> Event:
            return own(kind, time=start + late, **fields)

        node.write = later  # type: ignore[method-assign, assignment]
    report = verify(enterprise.run(), enterprise.trust())
    failed = {f.number: f.code for f in report.findings if f.status is Status.FAIL}
    assert failed == {11: "audit_time_late"}
    enterprise.close()
