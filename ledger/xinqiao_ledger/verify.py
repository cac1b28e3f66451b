"""Verify a bundle offline, with the standard library and `cryptography` only.

A key counts only if the trust file names it; a key that came inside the bundle proves nothing. The checks:

1.  Form: every byte is what the writer would write, and the closing digest holds.
2.  The trusted log signed the checkpoint.
3.  Every entry stands in the tree under the checkpoint's root.
4.  Each department's journal is gapless from its first event of this job to the head, both in its receipt.
5.  The trusted operator signed the order, and every department in it, by its trusted key, a job receipt.
6.  Order before data: the order is logged first; each department allowed it, reserved exactly its ε and δ,
    logged the intent, released under rising step numbers at most T times, and closed with an outcome. It may
    have missed steps in between. The operator logged each step once; in a good one as many departments
    released as its roster had, at least t + 2; no release answers a step that is not logged.
7.  All members answered the same statement in each step: no camps.
8.  The model card is the one that was published and that every receipt names, as is its model; it says what
    the order says, and each department recorded a completed job.
9.  Enough trusted witnesses cosigned the checkpoint.
10. The anchor agrees with the checkpoint. Offline that is all it can show, so it never reads PASS.

Without a trust file 2, 5 and 9 read NOT CHECKED. So do 4 and 5 while a department of the order signed no
receipt, and whatever depends on who keeps a thing: witnesses and chains that the operator keeps are no
independent evidence.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xinqiao_governance.card import CARD_VERSION, ordered_facts, ordered_privacy
from xinqiao_governance.errors import Field, ProofError, XinqiaoError
from xinqiao_governance.parse import mapping, require_version, text
from xinqiao_governance.wire import JobReceipt
from xinqiao_ledger.bundle import Bundle, card_digest
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.report import Finding, Report, Status
from xinqiao_ledger.signing import check, fingerprint
from xinqiao_ledger.tree import verify_subset
from xinqiao_ledger.trust import Trust

# A department's course, one letter an event: refusals, then allow, reserve, intent, releases, outcome.
_COURSE = re.compile(r"n*yrix*o")
_COURSE_SO_FAR = re.compile(r"n*(y(r(i(x*o?)?)?)?)?")
_LETTERS = {Kind.RESERVE: "r", Kind.INTENT: "i", Kind.RELEASE: "x", Kind.OUTCOME: "o"}


def verify(data: bytes, trust: Trust | None = None) -> Report:
    """Run every check on the bundle's bytes and report what holds, what fails and what was not checked."""
    try:
        bundle = Bundle.decode(data)  # 1
    except XinqiaoError as error:
        rest = (Finding(number, Status.NOT_CHECKED, "audit_form_broken") for number, _ in _CHECKS)
        return Report((Finding(1, Status.FAIL, error.code, error.fields), *rest))
    case = _Case(bundle, trust)
    findings = [Finding(1, Status.PASS), *(_find(number, step, case) for number, step in _CHECKS)]
    return Report(tuple(findings), () if trust else _fingerprints(bundle))


@dataclass(frozen=True)
class _Case:
    """A bundle and the keys to judge it by."""

    bundle: Bundle
    trust: Trust | None

    @property
    def trusted(self) -> Trust:
        if self.trust is None:
            raise _NotChecked("audit_no_trust")
        return self.trust

    @property
    def members(self) -> list[str]:
        return [node.hex() for node in self.bundle.order.body.nodes]

    @property
    def receipts(self) -> dict[str, JobReceipt]:
        """The job receipts by department; each is a member's, and its only one."""
        found = {receipt.body.node.hex(): receipt.body for receipt in self.bundle.receipts}
        if not set(found) <= set(self.members) or len(found) != len(self.bundle.receipts):
            raise ProofError("audit_receipts_differ", members=len(self.members))
        return found

    @property
    def events(self) -> list[tuple[int, Event]]:
        """The events of this job with their indices, ascending."""
        entries = sorted(self.bundle.entries.items())
        return [(index, event) for index, event in entries if event.job == self.bundle.job]

    def of_node(self, node: str) -> list[Event]:
        """All events of a node, whatever they are about, ascending."""
        return [event for _, event in sorted(self.bundle.entries.items()) if event.node == node]

    def of_operator(self, kind: Kind) -> tuple[int, Event]:
        """The operator's one event of this kind."""
        found = [(index, event) for index, event in self.events if event.kind is kind]
        operator = fingerprint(self.bundle.order.key).hex()
        if len(found) != 1 or found[0][1].node != operator:
            raise ProofError("audit_event_not_single", kind=kind.value)
        return found[0]


class _NotChecked(Exception):
    """Raised by a check that cannot be made with what there is."""

    def __init__(self, code: str, **fields: Field) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


_Check = Callable[[_Case], None]


def _find(number: int, step: _Check, case: _Case) -> Finding:
    try:
        step(case)
    except XinqiaoError as error:
        return Finding(number, Status.FAIL, error.code, error.fields)
    except _NotChecked as reason:
        return Finding(number, Status.NOT_CHECKED, reason.code, reason.fields)
    return Finding(number, Status.PASS)


def _check_log_signature(case: _Case) -> None:  # 2
    trust, signed = case.trusted, case.bundle.checkpoint
    if signed.checkpoint.origin != trust.origin:
        raise ProofError("audit_origin_differs", origin=trust.origin)
    signed.verify_log(trust.log_key)


def _check_entries(case: _Case) -> None:  # 3
    head = case.bundle.checkpoint.checkpoint
    leaves = {index: event.leaf for index, event in case.bundle.entries.items()}
    verify_subset(leaves, head.size, head.root, case.bundle.proof)


def _check_journals(case: _Case) -> None:  # 4
    receipts = case.receipts
    for node in case.members:
        journal = case.of_node(node)
        if node in receipts:
            _check_chain(journal)
            _check_ends(journal, receipts[node], case.bundle.job)
        else:
            _check_order(journal)
    for index, event in case.bundle.entries.items():
        if event.job != case.bundle.job and event.node not in receipts:
            raise ProofError("audit_entry_foreign", index=index)
    _all_signed(case)


def _check_ends(journal: Sequence[Event], receipt: JobReceipt, job: str) -> None:
    """A journal is cut neither at its start nor at its end: the department signed for both."""
    node = receipt.node.hex()
    if not journal or journal[0].job != job or journal[0].seq != receipt.journal_first:
        raise ProofError("audit_journal_start", node=node)
    if (journal[-1].seq, journal[-1].hash) != (receipt.journal_seq, receipt.journal_head):
        raise ProofError("audit_journal_head", node=node)


def _all_signed(case: _Case) -> None:
    """A department that left or refused signed nothing: what is shown of it may be all, or not."""
    missing = len(case.members) - len(case.receipts)
    if missing:
        raise _NotChecked("audit_receipts_missing", missing=missing, members=len(case.members))


def _check_chain(journal: Sequence[Event]) -> None:
    for before, after in pairwise(journal):
        if after.seq != before.seq + 1 or after.prev != before.hash.hex():
            raise ProofError("journal_gap", node=after.node, seq=after.seq)


def _check_order(journal: Sequence[Event]) -> None:
    """Of a department that signed no receipt, what is not the job's may be absent: only order can be seen."""
    for before, after in pairwise(journal):
        linked = after.seq > before.seq + 1 or after.prev == before.hash.hex()
        if after.seq <= before.seq or not linked:
            raise ProofError("journal_gap", node=after.node, seq=after.seq)


def _check_signatures(case: _Case) -> None:  # 5
    trust, bundle = case.trusted, case.bundle
    check(bundle.order, fingerprint(trust.operator))
    for receipt in bundle.receipts:
        node = receipt.body.node
        if trust.department(node) is None:
            raise ProofError("audit_department_unknown", node=node.hex())
        check(receipt, node)
        if receipt.body.job != bundle.order.body.digest:
            raise ProofError("audit_receipt_of_other_job", node=node.hex())
    _all_signed(case)


def _check_order_before_data(case: _Case) -> None:  # 6
    ordered_at, _ = case.of_operator(Kind.ORDER)
    courses: dict[str, list[tuple[int, Event]]] = {node: [] for node in case.members}
    for index, event in case.events:
        if not _letter(event):
            continue
        if event.node not in courses:
            raise ProofError("audit_member_unknown", node=event.node)
        if index < ordered_at:
            raise ProofError("audit_before_order", index=index)
        courses[event.node].append((index, event))
    for node, course in courses.items():
        _check_course(case, node, [event for _, event in course])
    _check_steps(case)


def _check_course(case: _Case, node: str, course: Sequence[Event]) -> None:
    order = case.bundle.order.body
    letters = "".join(map(_letter, course))
    if not (_COURSE if node in case.receipts else _COURSE_SO_FAR).fullmatch(letters):
        raise ProofError("audit_course_broken", node=node)
    if any(event.spend != order.spend for event in course if event.kind is Kind.RESERVE):
        raise ProofError("audit_spend_differs", node=node)
    steps = [event.step or 0 for event in course if event.kind is Kind.RELEASE]
    if any(after <= before for before, after in pairwise(steps)):
        raise ProofError("audit_step_twice", node=node)
    if len(steps) > order.answers:
        raise ProofError("audit_too_many_answers", node=node, answers=order.answers)


def _letter(event: Event) -> str:
    if event.kind is Kind.DECISION:
        return "y" if event.decision == "allow" else "n"
    return _LETTERS.get(event.kind, "")


def _check_statements(case: _Case) -> None:  # 7
    steps: defaultdict[int, set[str]] = defaultdict(set)
    for _, event in case.events:
        if event.step is not None and event.statement is not None:
            steps[event.step].add(event.statement)
    for step, statements in steps.items():
        if len(statements) > 1:
            raise ProofError("audit_camps", step=step)
    if len(set().union(*steps.values())) != len(steps):
        raise ProofError("audit_statement_reused")


def _check_model(case: _Case) -> None:  # 8
    card, receipts = case.bundle.card, case.receipts.values()
    require_version(card, CARD_VERSION)
    _, published = case.of_operator(Kind.PUBLISH)
    model = text(card, "model_digest")
    if {published.output_digest, *(receipt.model_digest.hex() for receipt in receipts)} != {model}:
        raise ProofError("audit_model_differs")
    if {published.card_digest, *(receipt.card_digest.hex() for receipt in receipts)} != {card_digest(card)}:
        raise ProofError("audit_card_differs")
    _check_card(case)
    for node in case.receipts:
        outcome = [event for event in case.of_node(node) if event.kind is Kind.OUTCOME][-1:]
        if [(event.reason, event.output_digest) for event in outcome] != [("completed", model)]:
            raise ProofError("audit_outcome_differs", node=node)


def _check_card(case: _Case) -> None:
    """The card says what the order says, and counts the steps that the log holds."""
    card, order = case.bundle.card, case.bundle.order.body
    privacy = mapping(card.get("privacy"))
    wanted = (ordered_facts(order), card), (ordered_privacy(order), privacy)
    for facts, said in wanted:
        for field, value in facts.items():
            if said.get(field) != value:
                raise ProofError("audit_card_says_otherwise", field=field)
    counted = {"steps": "good", "void_steps": "void"}
    for field, reason in counted.items():
        found = sum(event.kind is Kind.STEP and event.reason == reason for _, event in case.events)
        if privacy.get(field) != found:
            raise ProofError("audit_card_says_otherwise", field=field)


def _check_steps(case: _Case) -> None:
    """Every release answers a step that the operator logged, and in a good one the whole roster released."""
    operator = fingerprint(case.bundle.order.key).hex()
    logged = [event for _, event in case.events if event.kind is Kind.STEP and event.node == operator]
    released: defaultdict[int | None, set[str]] = defaultdict(set)
    for _, event in case.events:
        if event.kind is Kind.RELEASE:
            released[event.step].add(event.node)
    least = case.bundle.order.body.collusion + 2
    for step in logged:
        if step.reason == "good" and not least <= len(released[step.step]) == step.members:
            raise ProofError("audit_step_without_members", step=step.step or 0, least=least)
    numbers = {step.step for step in logged}
    good = any(step.reason == "good" for step in logged)
    if len(numbers) < len(logged) or not set(released) <= numbers or not good:
        raise ProofError("audit_steps_differ")


def _check_witnesses(case: _Case) -> None:  # 9
    trust, signed = case.trusted, case.bundle.checkpoint
    cosigned = [witness for witness in trust.witnesses if signed.names(witness.name, witness.key)]
    for witness in cosigned:
        signed.verify_cosignature(witness.name, witness.key)
    if not trust.witness_threshold:
        raise _NotChecked("audit_no_witnesses")
    if all(witness.kept_by == "operator" for witness in trust.witnesses):
        raise _NotChecked("audit_kept_by_operator")  # as many as there are, they prove nothing against him
    if len(cosigned) < trust.witness_threshold:
        raise ProofError("audit_witnesses_few", found=len(cosigned), needed=trust.witness_threshold)
    independent = [witness for witness in cosigned if witness.kept_by == "independent"]
    if len(independent) < trust.witness_threshold:
        raise _NotChecked("audit_kept_by_operator")


def _check_anchor(case: _Case) -> None:  # 10
    anchor, head = case.bundle.anchor, case.bundle.checkpoint.checkpoint
    if anchor is None:
        raise _NotChecked("audit_no_anchor")
    if (anchor.size, anchor.root) != (head.size, head.root):
        raise ProofError("audit_anchor_differs", size=anchor.size)
    chain = case.trust.chain if case.trust else None
    if chain is not None and not chain.holds(anchor):
        raise ProofError("audit_chain_differs", chain_id=chain.chain_id)
    if "operator" in (anchor.keeper, chain.kept_by if chain else ""):
        raise _NotChecked("audit_kept_by_operator")
    raise _NotChecked("audit_anchor_offline")


_CHECKS: tuple[tuple[int, _Check], ...] = (
    (2, _check_log_signature),
    (3, _check_entries),
    (4, _check_journals),
    (5, _check_signatures),
    (6, _check_order_before_data),
    (7, _check_statements),
    (8, _check_model),
    (9, _check_witnesses),
    (10, _check_anchor),
)


def _fingerprints(bundle: Bundle) -> tuple[tuple[str, str], ...]:
    keys = [f"{line.name} {line.key_id.hex()}" for line in bundle.checkpoint.lines]
    departments = [fingerprint(receipt.key).hex() for receipt in bundle.receipts]
    return (
        *(("audit_fingerprint_signature", key) for key in keys),
        ("audit_fingerprint_operator", fingerprint(bundle.order.key).hex()),
        *(("audit_fingerprint_department", department) for department in departments),
    )
