"""Leave to look at the department's own rows for a result that stays: policy first, and an entry before it.

The journal goes to the log with the next answer, so it says who looked at what and for which purpose, and
not how it went: the outcome of a fit would be a fact about the people. The events carry an id of their own,
not the order's, whose course was closed with its outcome; the model's digest tells which order it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.book import Ground
from xinqiao_clients.bridge import in_reach
from xinqiao_clients.gate import needed_columns
from xinqiao_clients.home import Home
from xinqiao_clients.published import Published
from xinqiao_governance.canonical import digest
from xinqiao_governance.catalogue import Column, Tier
from xinqiao_governance.decision import Decision
from xinqiao_governance.errors import Denied
from xinqiao_governance.order import Output
from xinqiao_governance.policy import Request
from xinqiao_ledger.event import Kind

_ROLE = "steward"
_OUT_OF_REACH = "log_out_of_reach"


@contextmanager
def allowed_use(
    home: Home, model: Published, action: str, steward: str
) -> Iterator[tuple[Adopted, tuple[Column, ...]]]:
    """Yield the adopted table and the columns that `model` reads, while the journal has the intent.

    Nothing is charged, because nothing of it leaves the department.

    Raises:
        Denied: the policy does not allow a steward this local result; contract or bins do not hold; the data
            is core, and too much of the journal waits for the log.
        DataInvalid, UsageInvalid: there is no table, or it lacks a semantic.
    """
    with home.reading():
        found = None
        while found is None:  # grades or policy changed in between
            found = _decided(home, model, action, steward)
        yield found


def _decided(
    home: Home, model: Published, action: str, steward: str
) -> tuple[Adopted, tuple[Column, ...]] | None:
    """Decide and record it; None where that would tell of another ground than was decided on."""
    ground, adopted = home.book.ground(), home.adopted
    columns = needed_columns(model.spec, adopted.dataset)
    facts = _facts(home, model, adopted, action)
    decision = _decide(home, model, adopted, columns)
    recorded = _record_decision(home, ground, facts, decision, adopted.dataset.tier, steward)
    return (adopted, columns) if recorded else None


def _record_decision(
    home: Home, ground: Ground, facts: dict[str, Any], decision: Decision, tier: Tier, steward: str
) -> bool:
    with home.book.transaction() as book:
        if book.ground() != ground:
            return False
        if not in_reach(tier, book.waiting()):  # not recorded: a journal that is full takes no more
            raise Denied(_OUT_OF_REACH)
        facts = {**facts, "by": home.acting(book, steward)}
        said = "allow" if decision.allowed else "refuse"
        book.record(kind=Kind.DECISION, **facts, decision=said, reason=decision.reason)
        if decision.allowed:
            book.record(kind=Kind.INTENT, **facts)
            # At once: when it ended would tell whoever reads the journal how it went.
            book.record(kind=Kind.OUTCOME, **facts, reason="ended")
    if not decision.allowed:
        raise Denied(decision.reason)
    return True


def _decide(home: Home, model: Published, adopted: Adopted, columns: tuple[Column, ...]) -> Decision:
    """Ask for every tier that is read, the person id's too, as the gate does for the order itself."""
    if not home.contract_holds():
        return Decision.refuse("contract_failed_gate")
    order, dataset = model.order, adopted.dataset
    approved = home.approved(order.digest)
    tiers = {column.effective_tier for column in (*columns, dataset.column(dataset.person))}
    if home.book.alarmed() and Tier.CORE in tiers:
        return Decision.refuse("log_alarm")
    for tier in sorted(tiers):
        request = Request(
            role=_ROLE,
            output=Output.LOCAL_RESULT,
            tier=tier,
            purpose=order.purpose,
            legal_basis=order.legal_basis,
            declared=order.purpose in dataset.purposes,
            approved=approved,
            own=False,
            inside=True,
            people=1,  # each result is about one person
            home=dataset.wall,
            now=home.book.time(),
        )
        decision = home.policy.decide(request)
        if not decision.allowed:
            return decision
        if decision.obligations.mask:  # rows go back to the steward by their own names
            return Decision.refuse("obligation_unmet")
    return Decision.allow()


def _facts(home: Home, model: Published, adopted: Adopted, action: str) -> dict[str, Any]:
    order = model.order
    return {
        "action": action,
        "columns": model.spec.semantics,
        "purpose": order.purpose,
        "legal_basis": order.legal_basis,
        "job": digest("local-layer", order.digest).hex(),
        "policy_digest": home.policy.digest.hex(),
        "dataset": adopted.dataset.dataset_id,
        "dataset_digest": adopted.version.digest.hex(),
        "tier": adopted.dataset.tier.value,
        "output_digest": model.digest.hex(),
    }
