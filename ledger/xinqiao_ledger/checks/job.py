"""Checks 4 to 8: the journals, signatures, course, statements and model of one job."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from xinqiao_governance.card import CARD_VERSION, ordered_facts, ordered_privacy
from xinqiao_governance.errors import ProofError
from xinqiao_governance.parse import mapping, require_version, text
from xinqiao_governance.wire import JobReceipt
from xinqiao_ledger.bundle import JobBundle, card_digest
from xinqiao_ledger.checks.case import Case, NotChecked, check_chain
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.signing import check, fingerprint

# A department's course, one letter an event: refusals, then allow, reserve, intent, releases, outcome.
_COURSE = re.compile(r"n*yrix*o")
_COURSE_SO_FAR = re.compile(r"n*(y(r(i(x*o?)?)?)?)?")
_LETTERS = {Kind.RESERVE: "r", Kind.INTENT: "i", Kind.RELEASE: "x", Kind.OUTCOME: "o"}


@dataclass(frozen=True)
class JobCase(Case):
    """The evidence of a job and the keys to judge it by."""

    bundle: JobBundle

    @property
    def operator(self) -> str:
        """The fingerprint of whoever signed the order; check 5 says whether it is the trusted operator."""
        return fingerprint(self.bundle.order.key).hex()

    @property
    def members(self) -> list[str]:
        """The departments of the order, by fingerprint."""
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
        if len(found) != 1 or found[0][1].node != self.operator:
            raise ProofError("audit_event_not_single", kind=kind.value)
        return found[0]


def check_journals(case: JobCase) -> None:  # 4
    """Require each journal to be gapless between what its department signed for."""
    receipts = case.receipts
    for node in case.members:
        journal = case.of_node(node)
        if node in receipts:
            check_chain(journal)
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


def _all_signed(case: JobCase) -> None:
    """A department that left or refused signed nothing: what is shown of it may be all, or not."""
    missing = len(case.members) - len(case.receipts)
    if missing:
        raise NotChecked("audit_receipts_missing", missing=missing, members=len(case.members))


def _check_order(journal: Sequence[Event]) -> None:
    """Of a department that signed no receipt, what is not the job's may be absent: only order can be seen."""
    for before, after in pairwise(journal):
        linked = after.seq > before.seq + 1 or after.prev == before.hash.hex()
        if after.seq <= before.seq or not linked:
            raise ProofError("journal_gap", node=after.node, seq=after.seq)


def check_signatures(case: JobCase) -> None:  # 5
    """Require the operator's order, and each department's receipt by its trusted key."""
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


def check_order_before_data(case: JobCase) -> None:  # 6
    """Require order, decision, charge and intent before each release, and no answer too many."""
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


def _check_course(case: JobCase, node: str, course: Sequence[Event]) -> None:
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


def check_statements(case: JobCase) -> None:  # 7
    """Require one statement for all members of a step."""
    steps: defaultdict[int, set[str]] = defaultdict(set)
    for _, event in case.events:
        if event.step is not None and event.statement is not None:
            steps[event.step].add(event.statement)
    for step, statements in steps.items():
        if len(statements) > 1:
            raise ProofError("audit_camps", step=step)
    if len(set().union(*steps.values())) != len(steps):
        raise ProofError("audit_statement_reused")


def check_model(case: JobCase) -> None:  # 8
    """Require card, publication, receipts and outcomes to name one model."""
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


def _check_card(case: JobCase) -> None:
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


def _check_steps(case: JobCase) -> None:
    """Every release answers a step that the operator logged, and in a good one the whole roster released."""
    logged = [event for _, event in case.events if event.kind is Kind.STEP and event.node == case.operator]
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
