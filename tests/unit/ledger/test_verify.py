import json
import random
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from simulators.changes import caught, caught_at_once, closed_again, one_changed
from simulators.ledger import (
    CONTRACT,
    MODEL,
    SPEND,
    Enterprise,
    Node,
    Plan,
    Row,
    close_rows,
    edit,
    hexed,
    impostor,
    renamed,
    row,
    rows_of,
)
from simulators.wires import ORDER
from xinqiao_governance.canonical import dumps
from xinqiao_governance.card import ordered_facts, ordered_privacy
from xinqiao_governance.errors import ProofError, UsageInvalid, WireInvalid
from xinqiao_governance.messages import MESSAGES
from xinqiao_governance.order import Spend
from xinqiao_ledger.bundle import Bundle, card_digest
from xinqiao_ledger.checkpoint import SignedCheckpoint, cosign, sign
from xinqiao_ledger.checks.job import _check_order
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.report import Finding, Report, Status, Subject, Verdict
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.tree import Tree, leaf_hash
from xinqiao_ledger.trust import Trust, TrustedChain, TrustedKey
from xinqiao_ledger.verify import verify

FULL_COURSE = Plan().course


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = Enterprise(tmp_path_factory.mktemp("honest"))
    enterprise.run()
    yield enterprise
    enterprise.close()


@pytest.fixture(scope="module")
def bundle(honest: Enterprise) -> bytes:
    return honest.bundle()


@pytest.fixture(scope="module")
def trust(honest: Enterprise) -> Trust:
    return honest.trust()


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Callable[[Plan], Enterprise]]:
    """Run a job by plan."""
    made: list[Enterprise] = []

    def run(plan: Plan) -> Enterprise:
        made.append(Enterprise(tmp_path, plan))
        made[-1].run()
        return made[-1]

    yield run
    for enterprise in made:
        enterprise.close()


def failed(report: Report) -> dict[int, str]:
    """The failed checks with their reasons, after looking that the verdict says so."""
    found = {f.number: f.code for f in report.findings if f.status is Status.FAIL}
    assert (report.verdict, report.exit_code) == (Verdict.FAIL, 1)
    return found


def unchecked(report: Report) -> dict[int, str]:
    return {f.number: f.code for f in report.findings if f.status is Status.NOT_CHECKED}


def failures_of(enterprise: Enterprise) -> dict[int, str]:
    return failed(verify(enterprise.bundle(), enterprise.trust()))


# ---- the honest control ----------------------------------------------------------------------------


def test_an_honest_bundle_passes(bundle: bytes, trust: Trust) -> None:
    report = verify(bundle, trust)
    assert [finding.number for finding in report.findings] == list(range(1, 12))
    assert unchecked(report) == {10: "audit_anchor_offline_operator"}
    assert (report.verdict, report.exit_code) == (Verdict.PASS, 0)


def test_without_a_trust_file_nothing_is_proven(bundle: bytes, honest: Enterprise) -> None:
    report = verify(bundle)
    assert list(unchecked(report)) == [2, 5, 9, 10]
    assert (report.verdict, report.exit_code) == (Verdict.NOT_PROVEN, 3)
    shown = "\n".join(report.lines("en"))
    told = {key["value"]: key for key in report.to_json("en")["fingerprints"]}
    for node in (honest.operator, *honest.departments):
        assert node.key.fingerprint.hex(" ", 2) in shown
        assert {"value": node.id}.items() <= told[node.id].items()
    for line in SignedCheckpoint.parse(honest.note).lines:  # an id of 4 bytes is none that people may compare
        assert line.name in shown
        assert line.key_id.hex() not in shown + json.dumps(report.to_json("en"))


def test_other_jobs_and_interrupted_steps_in_between_do_no_harm(tmp_path: Path) -> None:
    enterprise = Enterprise(tmp_path, Plan(steps=(1, 3)))
    for node in enterprise.departments:
        node.write(Kind.DECISION, job=enterprise.job, decision="refuse", reason="needs_approval")
        node.write(Kind.DECISION, job=hexed("another job"), decision="refuse")
        node.write(Kind.APPROVE, job=enterprise.job)
        enterprise.append([])
    early = [event for node in enterprise.departments for event in node.journal]
    enterprise.append([enterprise.operator.write(Kind.ORDER, job=enterprise.job)])
    enterprise.append(early)
    for member, node in enumerate(enterprise.departments):
        enterprise.append(enterprise._course(member, node))
    enterprise.append(enterprise._steps())
    enterprise.publish()
    assert verify(enterprise.bundle(), enterprise.trust()).verdict is Verdict.PASS
    enterprise.close()


# ---- witnesses, anchor and who keeps them -----------------------------------------------------------


def test_witnesses_kept_by_the_operator_are_no_independent_evidence(
    job: Callable[[Plan], Enterprise],
) -> None:
    enterprise = job(Plan(witnesses_kept_by="operator"))
    report = verify(enterprise.bundle(), enterprise.trust())
    assert unchecked(report) == {9: "audit_kept_by_operator", 10: "audit_anchor_offline_operator"}
    assert report.verdict is Verdict.PASS
    assert "kept by the operator: no independent evidence" in "\n".join(report.lines("en"))


def test_one_independent_witness_is_not_two(bundle: bytes, trust: Trust) -> None:
    own = replace(trust.witnesses[0], kept_by="operator")
    mixed = replace(trust, witnesses=(own, trust.witnesses[1]))
    assert unchecked(verify(bundle, mixed))[9] == "audit_kept_by_operator"


def test_too_few_cosignatures_fail(honest: Enterprise, trust: Trust) -> None:
    bare = honest.log.checkpoint()
    one = honest.note[: honest.note.rindex("\u2014")]
    for note in (bare, one):
        assert failed(verify(honest.bundle(checkpoint=note), trust)) == {9: "audit_witnesses_few"}
    twice = one + one[one.rindex("\u2014") :]
    assert failed(verify(honest.bundle(checkpoint=twice), trust)) == {9: "audit_witnesses_few"}


@pytest.mark.parametrize("kept_by", ["operator", "independent"])
def test_a_forged_cosignature_fails_whoever_keeps_the_witness(
    honest: Enterprise, trust: Trust, kept_by: str
) -> None:
    note, name = honest.log.checkpoint(), trust.witnesses[0].name
    head = SignedCheckpoint.parse(note).checkpoint
    forged = SignedCheckpoint.parse(note + cosign(head, name, SigningKey.generate(), 5)).lines[1]
    labelled = replace(forged, key_id=SignedCheckpoint.parse(honest.note).lines[1].key_id)
    kept = replace(trust, witnesses=tuple(replace(w, kept_by=kept_by) for w in trust.witnesses))
    cosigned = honest.note
    by_a_stranger = verify(honest.bundle(checkpoint=cosigned + str(forged)), kept)
    assert by_a_stranger.verdict is Verdict.PASS
    too_few = verify(honest.bundle(checkpoint=note + str(forged)), kept)
    assert (too_few.verdict is Verdict.FAIL) is (kept_by == "independent")
    assert failed(verify(honest.bundle(checkpoint=honest.note + str(labelled)), kept)) == {
        9: "signature_invalid"
    }


def test_a_trust_file_that_asks_for_no_witness_reads_not_checked(bundle: bytes, trust: Trust) -> None:
    report = verify(bundle, replace(trust, witness_threshold=0))
    assert unchecked(report)[9] == "audit_no_witnesses"


def test_the_anchor_never_reads_pass_offline(honest: Enterprise, bundle: bytes, trust: Trust) -> None:
    anchor = replace(honest.anchor(), keeper="independent")
    chain = TrustedChain(31337, CONTRACT.lower(), "independent")
    cases = [
        (None, trust, "audit_no_anchor"),
        (honest.anchor(), replace(trust, chain=None), "audit_anchor_claimed_operator"),
        (anchor, trust, "audit_anchor_offline_operator"),
        (anchor, replace(trust, chain=None), "audit_anchor_claimed"),
        (anchor, replace(trust, chain=chain), "audit_anchor_offline"),
    ]
    for record, keys, code in cases:
        assert unchecked(verify(honest.bundle(anchor=record), keys)) == {10: code}


def test_an_anchor_that_disagrees_fails(honest: Enterprise, trust: Trust) -> None:
    anchor = honest.anchor()
    for changed in ({"root": bytes(32)}, {"size": anchor.size - 1}):
        record = replace(anchor, **changed)
        assert failed(verify(honest.bundle(anchor=record), trust)) == {10: "audit_anchor_differs"}
    for changed in ({"chain_id": 1}, {"contract": "0x" + "00" * 20}):
        record = replace(anchor, **changed)
        assert failed(verify(honest.bundle(anchor=record), trust)) == {10: "audit_chain_differs"}


# ---- the record is changed -------------------------------------------------------------------------


def test_a_changed_body_fails_with_and_without_a_right_closing_digest(bundle: bytes, trust: Trust) -> None:
    open_end = bundle.replace(b'"role":"steward"', b'"role":"auditor"', 1)
    assert failed(verify(open_end, trust)) == {1: "bundle_changed"}
    closed = edit(bundle, lambda rows: row(rows, "entry")[2].update(role="auditor"))
    assert failed(verify(closed, trust))[3] == "proof_subset_failed"


def test_a_changed_leaf_under_a_rebuilt_tree_fails(honest: Enterprise, bundle: bytes, trust: Trust) -> None:
    """The whole tree is rebuilt over the changed event: the checkpoint's signature gives it away."""
    leaves = honest.log.entries(0, honest.log.size)
    rows = rows_of(bundle)
    index, event = row(rows, "entry", 5)[1:]
    event["role"] = "auditor"
    leaves[index] = Event.from_json(event).leaf
    tree = Tree(map(leaf_hash, leaves))
    wanted = [line[1] for line in rows if line[0] == "entry"]
    row(rows, "proof")[1] = [node.hex() for node in tree.prove_subset(wanted, len(leaves))]
    signed = SignedCheckpoint.parse(honest.note)
    head = replace(signed.checkpoint, root=tree.root())
    row(rows, "checkpoint")[1] = str(replace(signed, checkpoint=head))
    found = failed(verify(close_rows(rows), trust))
    assert 3 not in found
    assert found[2] == found[9] == "signature_invalid"
    assert found[4] == "journal_gap"


def test_deleted_renumbered_and_swapped_rows_fail(bundle: bytes, trust: Trust) -> None:
    def swap(rows: list[Row]) -> None:
        first, second = row(rows, "entry", 2), row(rows, "entry", 3)
        first[2], second[2] = second[2], first[2]

    changes: list[Callable[[list[Row]], Any]] = [
        lambda rows: rows.remove(row(rows, "entry", 4)),
        lambda rows: row(rows, "entry").__setitem__(1, 0),
        lambda rows: row(rows, "entry", -1).__setitem__(1, 10_000),
        lambda rows: row(rows, "proof")[1].pop(),
        lambda rows: row(rows, "proof")[1].append("00" * 32),
        swap,
    ]
    for change in changes:
        failed(verify(edit(bundle, change), trust))


def test_a_receipt_left_out_is_never_proven(honest: Enterprise, trust: Trust) -> None:
    report = verify(honest.bundle(receipts=honest.receipts()[1:]), trust)
    unchecked = {f.number: f.code for f in report.findings if f.status is Status.NOT_CHECKED}
    assert report.verdict is Verdict.NOT_PROVEN
    assert unchecked[4] == unchecked[5] == "audit_receipts_missing"


def test_a_journal_whose_start_is_hidden_fails(honest: Enterprise, trust: Trust) -> None:
    """A refusal before the allowed proposal belongs to the job too; the department signed where it began."""
    first, *rest = honest.receipts()
    earlier = replace(first.body, journal_first=first.body.journal_first + 1)
    signed = honest.departments[0].key.seal(earlier)
    assert failed(verify(honest.bundle(receipts=[signed, *rest]), trust))[4] == "audit_journal_start"


def without(honest: Enterprise, dropped: Callable[[Event], bool]) -> bytes:
    """The bundle without some events, with a proof that holds for the rest: only the journals can tell."""
    bundle = Bundle.decode(honest.bundle())
    kept = {index: event for index, event in bundle.entries.items() if not dropped(event)}
    proof = honest.log.prove_subset(list(kept), honest.log.size)
    return replace(bundle, entries=kept, proof=tuple(proof)).encode()


def test_a_cut_tail_a_cut_head_and_a_gap_fail(honest: Enterprise, trust: Trust) -> None:
    node = honest.departments[1].id
    for kind in Plan().course:
        cut = without(honest, lambda event, kind=kind: event.node == node and event.kind is kind)
        found = failed(verify(cut, trust))
        assert 3 not in found
        assert 4 in found or kind is Kind.DECISION
        assert 6 in found or kind is Kind.RELEASE
    missing = without(honest, lambda event: event.node == node)
    assert failed(verify(missing, trust))[4] == "audit_journal_start"


def test_a_tail_after_the_signed_head_fails(honest: Enterprise, tmp_path: Path) -> None:
    enterprise = Enterprise(tmp_path)
    enterprise.run()
    receipts = enterprise.receipts()
    node = enterprise.departments[0]
    enterprise.append([node.write(Kind.CONFIRM, job=enterprise.job)])
    report = verify(enterprise.bundle(receipts=receipts), enterprise.trust())
    assert failed(report) == {4: "audit_journal_head"}
    enterprise.close()


def test_an_entry_that_has_no_part_in_the_job_fails(honest: Enterprise, trust: Trust) -> None:
    bundle = Bundle.decode(honest.bundle())
    stranger = Node("x").write(Kind.CONFIRM)
    more = replace(bundle, entries={**bundle.entries, 0: stranger})
    assert failed(verify(more.encode(), trust))[4] == "audit_entry_foreign"
    own_import = Event.decode(honest.log.entries(0, 1)[0])
    entries = {**bundle.entries, 0: own_import}
    proof = honest.log.prove_subset(list(entries), honest.log.size)
    early = replace(bundle, entries=entries, proof=tuple(proof))
    assert failed(verify(early.encode(), trust)) == {4: "audit_journal_start"}


# ---- the job went wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (Plan(statement=lambda member, step: hexed(member > 1, step)), {7: "audit_camps"}),
        (Plan(statement=lambda member, step: hexed("one for all")), {7: "audit_statement_reused"}),
        (Plan(steps=(1, 2, 2)), {6: "audit_step_twice"}),
        (Plan(steps=(1, 3, 2)), {6: "audit_step_twice"}),
        (Plan(steps=(1, 2, 3, 4)), {6: "audit_too_many_answers"}),
        (Plan(answers=2), {6: "audit_too_many_answers"}),
        (Plan(decision="refuse"), {6: "audit_course_broken"}),
        (Plan(spend=Spend(SPEND.epsilon_micro - 1, SPEND.delta_nano)), {6: "audit_spend_differs"}),
        (Plan(spend=Spend(SPEND.epsilon_micro, SPEND.delta_nano + 1)), {6: "audit_spend_differs"}),
        (Plan(order_first=False), {6: "audit_before_order"}),
        (Plan(published=sha256(b"another model").digest()), {8: "audit_model_differs"}),
        (Plan(outcome="too_many_void_steps"), {8: "audit_outcome_differs"}),
        (Plan(steps=(), logged=()), {6: "audit_steps_differ"}),
        (Plan(steps=(), logged=(1, 2, 3)), {6: "audit_step_without_members"}),
        (Plan(logged=(1, 2)), {6: "audit_steps_differ"}),
        (Plan(logged=(1, 1, 2, 3)), {6: "audit_steps_differ"}),
        (Plan(members=None), {6: "audit_step_without_members"}),
        (Plan(members=4), {6: "audit_step_without_members"}),
        (Plan(members=2), {6: "audit_step_without_members"}),
        (Plan(members=2, released=(0, 2)), {6: "audit_step_without_members"}),
        (Plan(members=3, released=(0, 2)), {6: "audit_step_without_members"}),
    ],
)
def test_a_job_that_went_wrong_fails(
    job: Callable[[Plan], Enterprise], plan: Plan, found: dict[int, str]
) -> None:
    assert failures_of(job(plan)) == found


@pytest.mark.parametrize("kind", FULL_COURSE)
def test_a_course_with_a_station_missing_fails(job: Callable[[Plan], Enterprise], kind: Kind) -> None:
    enterprise = job(Plan(course=tuple(other for other in FULL_COURSE if other is not kind)))
    found = {6: "audit_step_without_members" if kind is Kind.RELEASE else "audit_course_broken"}
    if kind is Kind.OUTCOME:
        found |= {8: "audit_outcome_differs"}
    assert failures_of(enterprise) == found


@pytest.mark.parametrize("first", range(4))
def test_a_course_with_two_stations_swapped_fails(job: Callable[[Plan], Enterprise], first: int) -> None:
    course = list(FULL_COURSE)
    course[first], course[first + 1] = course[first + 1], course[first]
    assert failures_of(job(Plan(course=tuple(course)))) == {6: "audit_course_broken"}


@pytest.mark.parametrize("kind", FULL_COURSE)
def test_a_stranger_that_took_part_fails(tmp_path: Path, kind: Kind) -> None:
    enterprise, stranger = Enterprise(tmp_path), Node("stranger")
    enterprise.run()
    course = enterprise._course(0, stranger)
    event = next(event for event in course if event.kind is kind)
    first = replace(event, seq=1, prev=GENESIS)
    enterprise.append([first])
    assert failures_of(enterprise) == {6: "audit_member_unknown"}
    enterprise.close()


def test_the_order_and_its_publication_are_the_operators_own_and_single(tmp_path: Path) -> None:
    enterprise = Enterprise(tmp_path)
    enterprise.run()
    enterprise.append([enterprise.operator.write(Kind.ORDER, job=enterprise.job)])
    enterprise.publish()
    found = failures_of(enterprise)
    assert found == {6: "audit_event_not_single", 8: "audit_event_not_single"}
    enterprise.close()


def test_events_in_the_operators_name_by_another_node_fail(tmp_path: Path) -> None:
    enterprise = Enterprise(tmp_path)
    enterprise.operator.id = Node("clerk").id
    enterprise.run()
    assert failures_of(enterprise) == {6: "audit_event_not_single", 8: "audit_event_not_single"}
    enterprise.close()


def test_a_card_that_was_not_published_fails(honest: Enterprise, bundle: bytes, trust: Trust) -> None:
    changed = edit(bundle, lambda rows: row(rows, "card")[1].update(epsilon_micro=1))
    assert failed(verify(changed, trust)) == {8: "audit_card_differs"}
    foreign = edit(bundle, lambda rows: row(rows, "card")[1].update(model_digest="00" * 32))
    assert failed(verify(foreign, trust)) == {8: "audit_model_differs"}
    empty = edit(bundle, lambda rows: row(rows, "card")[1].clear())
    assert failed(verify(empty, trust)) == {8: "wire_field_invalid"}


def test_a_card_that_the_log_does_not_name_fails(job: Callable[[Plan], Enterprise]) -> None:
    assert failures_of(job(Plan(log_card=False))) == {8: "audit_card_differs"}


@pytest.mark.parametrize("field", sorted(ordered_facts(ORDER)))
def test_a_card_that_lies_fails_though_everybody_named_it(tmp_path: Path, field: str) -> None:
    enterprise = Enterprise(tmp_path)
    enterprise.card = {**enterprise.card, field: 9}
    enterprise.run()
    code = "version_other" if field == "v" else "audit_card_says_otherwise"
    assert failures_of(enterprise) == {8: code}
    enterprise.close()


@pytest.mark.parametrize("field", [*sorted(ordered_privacy(ORDER)), "steps", "void_steps"])
def test_a_card_that_lies_about_privacy_fails(tmp_path: Path, field: str) -> None:
    enterprise = Enterprise(tmp_path)
    privacy = enterprise.card["privacy"]
    assert isinstance(privacy, dict)
    enterprise.card = {**enterprise.card, "privacy": {**privacy, field: 9}}
    enterprise.run()
    assert failures_of(enterprise) == {8: "audit_card_says_otherwise"}
    enterprise.close()


def test_a_second_card_for_the_model_needs_every_department(tmp_path: Path) -> None:
    """The operator alone may publish twice; the receipts name one card."""
    enterprise = Enterprise(tmp_path)
    bundle = Bundle.decode(enterprise.run())
    other = {**enterprise.card, "limits": ["none"]}
    named = {"output_digest": MODEL.hex(), "card_digest": card_digest(other)}
    again = enterprise.operator.write(Kind.PUBLISH, job=enterprise.job, **named)
    enterprise.append([again])
    kept = {index: event for index, event in bundle.entries.items() if event.kind is not Kind.PUBLISH}
    kept[enterprise.log.size - 1] = again
    forged = replace(
        bundle,
        checkpoint=SignedCheckpoint.parse(enterprise.cosigned()),
        entries=kept,
        proof=tuple(enterprise.log.prove_subset(sorted(kept), enterprise.log.size)),
        card=other,
        anchor=None,
    )
    assert failed(verify(forged.encode(), enterprise.trust())) == {8: "audit_card_differs"}
    enterprise.close()


# ---- signatures ------------------------------------------------------------------------------------


def test_foreign_receipts_fail(honest: Enterprise, trust: Trust) -> None:
    first, *rest = honest.receipts()
    other_model = replace(first.body, model_digest=bytes(32))
    other_job = replace(first.body, job=bytes(32))
    own = honest.departments[0].key
    cases = [
        ([impostor(first), *rest], 5, "signer_differs"),
        ([renamed(first), *rest], 5, "audit_department_unknown"),
        ([replace(first, signature=bytes(64)), *rest], 5, "signature_invalid"),
        ([replace(first, body=other_model), *rest], 5, "signature_invalid"),
        ([own.seal(other_model), *rest], 8, "audit_model_differs"),
        ([own.seal(other_job), *rest], 5, "audit_receipt_of_other_job"),
        ([first, first, *rest], 4, "audit_receipts_differ"),
    ]
    for receipts, number, code in cases:
        assert failed(verify(honest.bundle(receipts=receipts), trust))[number] == code


def test_an_order_that_the_operator_did_not_sign_fails(honest: Enterprise, trust: Trust) -> None:
    order = honest.order
    assert failed(verify(honest.bundle(order=replace(order, signature=bytes(64))), trust)) == {
        5: "signature_invalid"
    }
    foreign = SigningKey.generate().seal(order.body)
    assert failed(verify(honest.bundle(order=foreign), trust))[5] == "signer_differs"


def test_another_order_than_the_logged_one_fails(honest: Enterprise, bundle: bytes, trust: Trust) -> None:
    weaker = honest.operator.key.seal(replace(honest.order.body, epsilon_micro=1))
    forged = replace(Bundle.decode(bundle), order=weaker)
    assert {4, 6, 8} <= failed(verify(forged.encode(), trust)).keys()


def test_a_log_signature_by_another_key_or_for_another_origin_fails(honest: Enterprise, trust: Trust) -> None:
    head = SignedCheckpoint.parse(honest.note).checkpoint
    forged = sign(head, SigningKey.generate()) + "".join(
        str(line) for line in SignedCheckpoint.parse(honest.note).lines[1:]
    )
    assert failed(verify(honest.bundle(checkpoint=forged), trust)) == {2: "checkpoint_unsigned"}
    elsewhere = replace(trust, origin="log.example/other")
    assert failed(verify(honest.bundle(), elsewhere)) == {2: "audit_origin_differs"}


def test_a_department_that_the_trust_file_does_not_name_fails(bundle: bytes, trust: Trust) -> None:
    fewer = replace(trust, departments=trust.departments[1:])
    assert failed(verify(bundle, fewer)) == {5: "audit_department_unknown"}
    unknown = TrustedKey("another", SigningKey.generate().public)
    swapped = replace(trust, departments=(unknown, *trust.departments[1:]))
    assert failed(verify(bundle, swapped)) == {5: "audit_department_unknown"}


def test_a_bundle_forged_whole_with_fresh_keys_never_passes(tmp_path: Path, trust: Trust) -> None:
    forger = Enterprise(tmp_path)
    forged = forger.run()
    assert {2, 5, 9} <= failed(verify(forged, trust)).keys()
    assert verify(forged).verdict is Verdict.NOT_PROVEN
    forger.close()


# ---- every byte, every value -----------------------------------------------------------------------


def test_two_thousand_random_one_byte_changes_all_fail(bundle: bytes, trust: Trust) -> None:
    dice = random.Random(20261122)
    for _ in range(2_000):
        changed = bytearray(bundle)
        changed[dice.randrange(len(bundle))] ^= dice.randrange(1, 256)
        report = verify(bytes(changed), trust)
        assert failed(report) == {1: "bundle_changed"}


@pytest.mark.parametrize("scope", ["job", "event", "period"])
def test_random_changes_under_a_right_closing_digest_fail_or_change_nothing_that_is_proven(
    honest: Enterprise, trust: Trust, scope: str
) -> None:
    """A sample; `tests/heavy/test_bundle_changes.py` makes ten thousand of each."""
    bundles = {
        "job": honest.bundle,
        "event": lambda: honest.event_bundle(6),
        "period": lambda: honest.period_bundle(1, 1_900_000_000),
    }
    data, dice = bundles[scope](), random.Random(20261123)
    for _ in range(150):
        assert caught_at_once(one_changed(data, dice), trust)
        assert caught(data, closed_again(data, dice), trust)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every text and number in a JSON value."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from places(item, (*path, number))
    else:
        yield path


def altered(value: Any) -> Any:
    """Another value of the same type and length; digits stay digits, so that it mostly still parses."""
    if isinstance(value, int):
        return value + 1
    letters = [letter for letter in value if letter in string.hexdigits]
    if not letters:
        return value + "x"
    at = value.index(letters[len(letters) // 2])
    return value[:at] + ("1" if value[at] != "1" else "2") + value[at + 1 :]


@pytest.mark.slow
def test_every_single_value_counts_even_under_a_right_closing_digest(bundle: bytes, trust: Trust) -> None:
    """All but the anchor's transaction and block: offline nobody can check those, and the check says so."""
    unbound = {"tx_hash", "block_number", "block_hash", "block_time"}
    tried = 0
    for path in places(rows_of(bundle)):
        if path[-1] in unbound:
            continue
        rows = rows_of(bundle)
        holder: Any = rows
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = altered(holder[path[-1]])
        assert verify(close_rows(rows), trust).verdict is Verdict.FAIL, path
        tried += 1
    assert tried > 300


# ---- the report ------------------------------------------------------------------------------------


def test_a_broken_form_stops_everything(trust: Trust) -> None:
    report = verify(b"not a bundle", trust)
    assert failed(report) == {1: "bundle_foreign"}
    assert list(unchecked(report)) == list(range(2, 12))


def test_a_bundle_that_was_cut_says_so(bundle: bytes, trust: Trust) -> None:
    assert failed(verify(bundle[:-1], trust)) == {1: "bundle_cut"}
    assert failed(verify(bundle[: len(bundle) // 2], trust)) == {1: "bundle_cut"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_says_of_what_it_speaks(
    bundle: bytes, trust: Trust, honest: Enterprise, language: Any
) -> None:
    report = verify(bundle, trust)
    shown, plain = "\n".join(report.lines(language)[:2]), report.to_json(language)
    for told in (sha256(bundle).hexdigest(), honest.job):
        assert told in shown
        assert told in dumps(plain).decode()
    assert plain["entries"] == len(Bundle.decode(bundle).entries)
    assert verify(bundle[:-1]).lines(language)[0].endswith(sha256(bundle[:-1]).hexdigest())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_finding_reads_in_both_languages(bundle: bytes, trust: Trust, language: Any) -> None:
    for report in (verify(bundle, trust), verify(bundle), verify(b"", trust)):
        lines = report.lines(language)
        assert all(lines)
        assert sum(line.startswith(report.findings[0].status.value) for line in lines) >= 1
    for number in range(1, 12):
        assert f"audit_check_{number}" in MESSAGES


def test_a_hostile_name_cannot_write_to_the_readers_terminal() -> None:
    finding = Finding(1, Status.FAIL, "wire_field_invalid", {"field": "\x1b[2J" + "x" * 500})
    line = finding.line("en")
    assert "\x1b" not in line
    assert len(line) < 250


@pytest.mark.parametrize(
    ("scope", "needed"),
    [("job", {1, 2, 3, 4, 5, 6, 7, 8, 11}), ("event", {1, 2, 3}), ("period", {1, 2, 3, 4, 11})],
)
def test_a_verdict_needs_every_check_of_its_scope(scope: str, needed: set[int]) -> None:
    passed = tuple(Finding(number, Status.PASS) for number in range(1, 12))
    assert Report(passed, Subject("00" * 32), scope=scope).verdict is Verdict.PASS
    for number in range(1, 12):
        rest = tuple(finding for finding in passed if finding.number != number)
        open_ = (*rest, Finding(number, Status.NOT_CHECKED))
        expected = Verdict.NOT_PROVEN if number in needed else Verdict.PASS
        assert (
            Report(rest, Subject("00" * 32), scope=scope).verdict
            is Report(open_, Subject("00" * 32), scope=scope).verdict
            is expected
        )
        assert (
            Report((*rest, Finding(number, Status.FAIL)), Subject("00" * 32), scope=scope).verdict
            is Verdict.FAIL
        )


# ---- the trust file --------------------------------------------------------------------------------


def test_evidence_of_another_version_is_not_called_forged(bundle: bytes, trust: Trust) -> None:
    def older(rows: list[Row]) -> None:
        order = row(rows, "order")[1]["body"]
        order["v"] = 1
        del order["sampling_micro"]

    first, *rest = verify(edit(bundle, older), trust).findings
    assert (first.status, first.code) == (Status.FAIL, "version_other")
    assert {finding.status for finding in rest} == {Status.NOT_CHECKED}


def test_a_trust_file_survives_its_bytes(trust: Trust) -> None:
    assert Trust.decode(trust.encode()) == trust
    assert Trust.decode(replace(trust, chain=None).encode()).chain is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"{", b"\xff"),
        (b'"v": 1', b'"v": ' + b"[" * 5000),
        (b'"v": 1', b'"v": 1.0'),
        (b'"v": 1', b'"v": true'),
        (b'"v": 1', b'"v": 1, "v": 1'),
        (b'"v": 1', b'"v": 1, "extra": 1'),
        (b'"witness_threshold": 2', b'"witness_threshold": 3'),
        (b'"witness_threshold": 2', b'"witness_threshold": -1'),
        (b'"kept_by": "independent"', b'"kept_by": "auditor"'),
        (b"witness.example/w1", b"witness.example/w0"),
        (b"witness.example/w1", b"witness example"),
        (b"department 1", b"department 0"),
        (b'"operator": "', b'"operator": "00'),
    ],
)
def test_malformed_trust_files_are_refused(trust: Trust, old: bytes, new: bytes) -> None:
    data = trust.encode().replace(old, new)
    assert data != trust.encode()
    with pytest.raises(UsageInvalid, match="trust_invalid"):
        Trust.decode(data)


def test_one_key_cannot_stand_for_two(trust: Trust) -> None:
    for group in ("witnesses", "departments"):
        first = getattr(trust, group)[0]
        with pytest.raises(WireInvalid):
            replace(trust, **{group: (first, replace(first, name="another"))}, witness_threshold=1)


def test_the_verifier_needs_the_standard_library_and_cryptography_only() -> None:
    code = (
        "import sys, xinqiao_ledger.verify\n"
        "roots = {name.split('.')[0] for name in sys.modules}\n"
        "known = set(sys.stdlib_module_names) | {'__main__', 'cryptography', '_cffi_backend'}\n"
        "print(*sorted(roots - known - {'xinqiao_governance', 'xinqiao_ledger'}))\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True, text=True)
    assert {name for name in ran.stdout.split() if not name.startswith("_")} == set()


def journal(count: int) -> list[Event]:
    events: list[Event] = []
    for number in range(1, count + 1):
        prev = events[-1].hash.hex() if events else GENESIS
        events.append(
            Event(
                kind=Kind.CONFIRM,
                node="ab" * 32,
                seq=number,
                prev=prev,
                time=0,
                actor="0a",
                role="r",
                action="a",
            )
        )
    return events


def test_of_a_department_without_a_receipt_foreign_events_may_be_absent() -> None:
    first, second, _, fourth = journal(4)
    _check_order([first, second, fourth])


@pytest.mark.parametrize("places", [(1, 0), (0, 0), (0, 3, 2)])
def test_its_events_are_in_order_all_the_same(places: tuple[int, ...]) -> None:
    events = journal(4)
    with pytest.raises(ProofError, match="journal_gap"):
        _check_order([events[place] for place in places])


def test_two_of_its_events_that_are_neighbours_are_linked() -> None:
    first, second = journal(2)
    with pytest.raises(ProofError, match="journal_gap"):
        _check_order([first, replace(second, prev="cd" * 32)])


def test_steps_that_a_department_wrote_are_no_steps(job: Callable[[Plan], Enterprise]) -> None:
    assert failures_of(job(Plan(steps_by_operator=False)))[6] == "audit_steps_differ"
