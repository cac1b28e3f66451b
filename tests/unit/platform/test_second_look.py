"""Guards of the centre and the wire that no other test would miss."""

from pathlib import Path

import pytest

from simulators import wires
from simulators.enterprise import found, run_job
from xinqiao_governance.canonical import MAX_DEPTH, require_shallow
from xinqiao_governance.errors import JobFailed, WireInvalid
from xinqiao_governance.wire import AnswerFrame, Closing, Refusal
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Ask, Proven


@pytest.mark.parametrize("kind", [Kind.ORDER, Kind.STEP, Kind.PUBLISH])
def test_a_department_writes_no_event_of_the_centre(tmp_path: Path, kind: Kind) -> None:
    """One such event would make the evidence of everybody's job contradict itself."""
    centre, key = Centre(tmp_path / "centre"), SigningKey.generate()
    event = Event(
        kind=kind,
        node=key.fingerprint.hex(),
        seq=1,
        prev=GENESIS,
        time=1,
        actor="00",
        role="service",
        action="lie",
        job="00" * 32,
        output_digest="00" * 32,
    )
    frame, ask = AnswerFrame(Refusal("no"), (event.to_json(),)), Ask(b"ask")
    with pytest.raises(WireInvalid):
        centre.take([Proven(wires.seal(key, ask.wire, frame.encode()), ask)])
    assert centre.log.size == 0
    centre.close()


def test_an_order_proposed_again_is_logged_once(tmp_path: Path) -> None:
    enterprise = found(tmp_path)
    order = enterprise.order(answers=4, approve=False)
    for _ in range(2):
        with pytest.raises(JobFailed):
            run_job(enterprise, order, enterprise.channel())
    leaves = enterprise.centre.log.entries_of_job(order.body.digest.hex()).values()
    assert [Event.decode(leaf).kind for leaf in leaves].count(Kind.ORDER) == 1
    enterprise.close()


@pytest.mark.parametrize("digests", [(b"\1" * 32, bytes(32)), (bytes(32), b"\1" * 32)])
def test_a_failed_job_closes_without_model_and_card(digests: tuple[bytes, bytes]) -> None:
    with pytest.raises(WireInvalid):
        Closing(bytes(32), *digests, "too_few_members")


def test_deep_nesting_is_refused_before_any_parser_sees_it() -> None:
    require_shallow(b"[" * MAX_DEPTH)
    require_shallow(b'["' + b"[" * 500 + b'"]')
    with pytest.raises(WireInvalid):
        require_shallow(b"[" * (MAX_DEPTH + 1))
