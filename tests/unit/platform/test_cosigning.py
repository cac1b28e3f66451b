"""A head and its witnesses: departments and outside ones together, k of n, and alarms that stop it."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulators.enterprise import NOW, Enterprise, found
from simulators.witnesses import history, liar, note_of, serving
from xinqiao_governance.errors import ProofError, StoreDamaged
from xinqiao_governance.wire import AnswerFrame, Cosignature, Introduction, Refusal
from xinqiao_ledger.add_checkpoint import SIZE_TYPE
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.event import Kind
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.witness import Witness
from xinqiao_platform.centre import LOG_ORIGIN, Centre
from xinqiao_platform.cosigning import Head, cosign
from xinqiao_platform.departments import Departments
from xinqiao_platform.witnesses import OutsideWitness, Witnesses

BOUND_S = 30.0


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    enterprise = found(tmp_path, 3)
    yield enterprise
    enterprise.close()


def outside(stack: ExitStack, enterprise: Enterprise, *names: str) -> list[Witness]:
    """Serve witnesses of the centre's log and list them there."""
    centre, listed, witnesses = enterprise.centre, Witnesses.load(enterprise.centre.path), []
    for name in names:
        path = centre.path.parent / f"{name}.sqlite"
        witness = Witness(path, SigningKey.generate(), centre.log_key.public, LOG_ORIGIN, name=name)
        url = stack.enter_context(serving(stack.enter_context(closing(witness))))
        listed = listed.with_witness(OutsideWitness(name, witness.public, url))
        witnesses.append(witness)
    listed.save(centre.path)
    return witnesses


def listed(centre: Centre, url: str, name: str = "liar") -> None:
    witness = OutsideWitness(name, SigningKey.generate().public, url)
    Witnesses.load(centre.path).with_witness(witness).save(centre.path)


def met(enterprise: Enterprise, nodes: tuple[bytes, ...] | None = None, **lies: Any) -> Departments:
    wanted = nodes or tuple(site.home.identity.fingerprint for site in enterprise.sites)
    return Departments(enterprise.centre, enterprise.channel(**lies), wanted, timeout_s=BOUND_S)


def grow(centre: Centre, number: int = 1) -> None:
    for _ in range(number):
        centre.record(kind=Kind.ORDER, action="propose", job="ab" * 32)


def cosigned(enterprise: Enterprise, departments: Departments | None = None) -> Head:
    return cosign(enterprise.centre, departments, timeout_s=BOUND_S)


def test_departments_and_outside_witnesses_cosign_one_note_that_the_log_keeps(
    enterprise: Enterprise,
) -> None:
    with ExitStack() as stack:
        witnesses = outside(stack, enterprise, "union", "audit-office")
        head = cosigned(enterprise, met(enterprise))
    assert (head.found, len(head.words), head.needed, head.is_cosigned) == (5, 5, 2, True)
    signed = SignedCheckpoint.parse(head.note)
    signed.verify_log(enterprise.centre.log_key.public)
    for witness in witnesses:
        signed.verify_cosignature(witness.name, witness.public)
    for site in enterprise.sites:
        signed.verify_cosignature(site.home.settings.name, site.home.identity.public)
    assert enterprise.centre.log.cosigned(head.size) == head.note


def test_a_head_is_cosigned_without_a_job_and_without_departments(enterprise: Enterprise) -> None:
    grow(enterprise.centre)
    alone = cosigned(enterprise)
    assert (alone.found, alone.needed, alone.is_cosigned) == (0, 1, False)
    with ExitStack() as stack:
        outside(stack, enterprise, "a", "b", "c")
        for _ in range(2):
            head = cosigned(enterprise)
            assert (head.found, head.needed, head.is_cosigned) == (3, 2, True)
            grow(enterprise.centre, 3)


def test_too_few_are_kept_and_said(enterprise: Enterprise) -> None:
    replace(Witnesses(), needed=4).save(enterprise.centre.path)
    stranger = SigningKey.generate().fingerprint
    nodes = (*(site.home.identity.fingerprint for site in enterprise.sites), stranger)
    head = cosigned(enterprise, met(enterprise, nodes))
    assert (head.found, len(head.words), head.needed, head.is_cosigned) == (3, 4, 4, False)
    assert head.words[stranger.hex()].code == "witness_silent"
    assert enterprise.centre.log.cosigned() == head.note


def test_a_majority_counts_the_departments_that_were_asked_for(enterprise: Enterprise) -> None:
    nodes = (
        *(site.home.identity.fingerprint for site in enterprise.sites),
        *(bytes([n]) * 32 for n in range(4)),
    )
    head = cosigned(enterprise, met(enterprise, nodes))
    assert (head.found, head.needed, head.is_cosigned) == (3, 4, False)


def test_names_are_shown_where_they_are_known(enterprise: Enterprise) -> None:
    first = enterprise.sites[0]
    head = cosign(
        enterprise.centre,
        met(enterprise),
        names={first.home.identity.fingerprint: "north"},
        timeout_s=BOUND_S,
    )
    assert set(head.words) == {
        "north",
        *(site.home.identity.fingerprint.hex() for site in enterprise.sites[1:]),
    }


def test_a_forged_cosignature_is_dropped_and_the_others_count(enterprise: Enterprise) -> None:
    with ExitStack() as stack:
        (witness,) = outside(stack, enterprise, "union")
        url, _ = stack.enter_context(liar((200, "", b"\xe2\x80\x94 liar AAAAAAAAAAA=\n")))
        listed(enterprise.centre, url)
        head = cosigned(enterprise)
    assert {name: word.code for name, word in head.words.items()} == {
        "union": "witness_cosigned",
        "liar": "witness_forged",
    }
    assert len(SignedCheckpoint.parse(head.note).lines) == 2
    SignedCheckpoint.parse(head.note).verify_cosignature("union", witness.public)


@pytest.mark.parametrize(
    ("reply", "code"),
    [((409, SIZE_TYPE, b"1000\n"), "witness_ahead"), ((422, "", b""), "witness_contradicts")],
)
def test_one_alarm_stops_the_head_by_name(
    enterprise: Enterprise, reply: tuple[int, str, bytes], code: str
) -> None:
    with liar(reply) as (url, _):
        listed(enterprise.centre, url, "union")
        with pytest.raises(ProofError, match=code) as caught:
            cosigned(enterprise, met(enterprise))
    assert caught.value.fields["name"] == "union"
    assert enterprise.centre.log.cosigned() is None


def rolled_back(enterprise: Enterprise, aside: Path) -> Iterator[Centre]:
    """The centre as it was before its log grew: a copy of its folder that was put back."""
    centre = enterprise.centre
    centre.close()
    shutil.copytree(centre.path, aside)
    with closing(Centre(centre.path, clock=lambda: NOW)) as grown:
        enterprise.centre = grown
        grow(grown, 5)
        yield grown
    shutil.rmtree(centre.path)
    aside.rename(centre.path)
    with closing(Centre(centre.path, clock=lambda: NOW)) as back:
        enterprise.centre = back
        yield back


def test_a_log_that_was_put_back_and_grew_again_is_found_out(enterprise: Enterprise, tmp_path: Path) -> None:
    """Longer than what the witness saw, but no extension of it; it shows the log's own word."""
    with ExitStack() as stack:
        outside(stack, enterprise, "union")
        states = rolled_back(enterprise, tmp_path / "aside")
        next(states)
        assert cosigned(enterprise).found == 1
        back = next(states)
        for number in range(9):
            back.record(kind=Kind.ORDER, action="propose", job=f"{number:064}")
        with pytest.raises(StoreDamaged, match="log_behind") as caught:
            cosigned(enterprise)
        assert caught.value.fields == {"told_by": "union", "size": 5}
        with pytest.raises(StoreDamaged, match="log_behind"):
            back.log.checkpoint()


def test_a_department_that_saw_another_history_raises_the_alarm(
    enterprise: Enterprise, tmp_path: Path
) -> None:
    """Somebody with the log's key showed it another view, no longer than the present one is."""
    centre, site = enterprise.centre, enterprise.sites[0]
    grow(centre, 5)
    with closing(history(tmp_path / "other", centre.log_key, 3, LOG_ORIGIN)) as other:
        note = note_of(other, centre.log_key, 3)
        site.home.witness.cosign(note, 0, [])
    with pytest.raises(StoreDamaged, match="log_behind") as caught:
        cosigned(enterprise, met(enterprise))
    assert caught.value.fields == {"told_by": site.id.hex(), "size": 3}
    assert centre.log.cosigned() is None


@pytest.mark.parametrize("reason", ["witness_split_view", "proof_consistency_failed"])
def test_a_department_that_shows_no_other_history_refused_and_the_others_go_on(
    enterprise: Enterprise, reason: str
) -> None:
    """One word of one department must not keep the log from being witnessed and anchored."""
    grow(enterprise.centre, 2)
    liar_id = enterprise.sites[0].id

    def refuse(address: str, answer: bytes) -> bytes:
        frame = AnswerFrame.decode(answer)
        said = isinstance(frame.answer, Cosignature) and address == "1"
        return replace(frame, answer=Refusal(reason)).encode() if said else answer

    departments = met(enterprise, change=refuse)
    head = cosigned(enterprise, departments)
    assert head.words[liar_id.hex()].code == "witness_refused"
    assert (head.found, head.is_cosigned) == (2, True)
    enterprise.centre.log.require_current()


def test_a_department_s_number_stops_no_head(enterprise: Enterprise) -> None:
    """Honest when it is met, and then it knows of a log that never was."""
    hellos = 0

    def boast(address: str, answer: bytes) -> bytes:
        nonlocal hellos
        frame = AnswerFrame.decode(answer)
        if not isinstance(frame.answer, Introduction) or address != "1":
            return answer
        hellos += 1
        number = 10**12 if hellos > 1 else frame.answer.witness_size
        return replace(frame, answer=replace(frame.answer, witness_size=number)).encode()

    departments = met(enterprise, change=boast)
    departments.reconcile(timeout_s=BOUND_S)
    head = cosigned(enterprise, departments)
    assert hellos > 1
    assert (head.found, head.is_cosigned) == (3, True)  # it is asked from what it said before


def test_a_size_that_a_department_cannot_show_is_a_refusal(enterprise: Enterprise) -> None:
    departments = met(enterprise)
    member = departments[enterprise.sites[0].id]
    member.introduction = replace(member.introduction, witness_size=10**12)
    head = cosigned(enterprise, departments)
    assert head.words[enterprise.sites[0].id.hex()].code == "witness_refused"
    assert (head.found, head.is_cosigned) == (2, True)


def test_a_head_that_another_process_signed_meanwhile_is_no_alarm(enterprise: Enterprise) -> None:
    """The witness knows more than this process has read of the log: it looks before it cries."""
    centre = enterprise.centre

    def grow_beside() -> None:
        with closing(Centre(centre.path, clock=lambda: NOW)) as beside:
            grow(beside, 2)

    with liar((409, SIZE_TYPE, b"2\n"), meanwhile=grow_beside) as (url, _):
        listed(centre, url, "union")
        head = cosigned(enterprise)
    assert (head.size, head.words["union"].code, head.found) == (0, "witness_moved", 0)
