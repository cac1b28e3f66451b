"""The gate: one order in, one decision out, by numbered steps. It reads no row and spends nothing.

1. The order is signed by the operator this department knows, for now, and names this department.
2. Every department in it was confirmed by this department's own steward, and they are enough.
3. The plan's noise is proven here to give the ε and δ that the order states.
4. The department's table has every semantic that the model needs, confirmed by a person, general by its
   national grade (GB/T 43697), each feature in exactly the bins that its catalogue publishes; its contract
   holds, and promises a label in every row.
5. Policy allows tier × purpose × role × output for every column that is read.

The budget is the last step and belongs to the book: it is checked where it is charged.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from xinqiao_clients.contract_text import parse_contract
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.contract import Contract
from xinqiao_governance.decision import Decision, Obligations
from xinqiao_governance.errors import Denied, ProofError, XinqiaoError
from xinqiao_governance.model_spec import CategoryFeature, ClassLabel, Family, Label, ModelSpec
from xinqiao_governance.order import Order, Output
from xinqiao_governance.policy import Policy, Request
from xinqiao_governance.signed import Signed
from xinqiao_ledger.signing import check
from xinqiao_models.plans import plan_of
from xinqiao_models.sums import check_plan


@dataclass(frozen=True)
class Standing:
    """What the department knows when it decides.

    Attributes:
        node: its own fingerprint; `peers` holds those of the confirmed departments, itself included.
        operator: the fingerprint of the operator that the steward confirmed.
        contract: the text of the contract that the table was imported under.
        minimum_members: fewer departments than this and its own sum would be too exposed.
        alarmed: the log contradicted this department, and the steward has not looked into it yet.
    """

    node: bytes
    operator: bytes
    peers: AbstractSet[bytes]
    dataset: Dataset
    policy: Policy
    contract: str
    contract_holds: bool
    minimum_members: int
    alarmed: bool


def decide(signed: Signed[Order], standing: Standing, *, approved: bool, now: int) -> Decision:
    """Decide on an order, in words that the centre and the log may hear.

    What nobody confirmed is not published, and no order finds out whether it is there.
    """
    decision = judge(signed, standing, approved=approved, now=now)
    return Decision.refuse(_UNTOLD[decision.reason]) if decision.reason in _UNTOLD else decision


def judge(signed: Signed[Order], standing: Standing, *, approved: bool, now: int) -> Decision:
    """Decide on an order, in words for the department's own steward.

    Errors are refusals: what cannot be checked is not allowed.
    """
    order = signed.body
    try:
        _known_and_current(signed, standing, now)
        _members(order, standing)
        check_plan(plan_of(order), epsilon_micro=order.epsilon_micro, delta_nano=order.delta_nano)
        columns = needed_columns(order.model, standing.dataset)
        if not standing.contract_holds:
            raise Denied("contract_failed_gate")
        if order.model.family is not Family.HISTOGRAM:  # which counts missing numbers, too
            _label_promised(order.model.label, columns[-1], parse_contract(standing.contract))
        return _policy(order, columns, standing, approved=approved, now=now)
    except XinqiaoError as error:
        return Decision.refuse(error.code)


_UNTOLD = {"column_unconfirmed": "catalogue_semantic_unknown"}


def needed_columns(model: ModelSpec, dataset: Dataset) -> tuple[Column, ...]:
    """Return the department's columns for the model's semantics, the label's last.

    Raises:
        DataInvalid: a semantic that the dataset does not have.
        Denied: a column that nobody confirmed, or that is important or core to the state, the person's own
            among them; one of another kind than the model needs; no published bins, or other ones.
    """
    _usable(dataset.column(dataset.person))
    kinds = [feature.kind for feature in model.features] + [model.label.kind]
    columns = []
    for semantic, kind in zip(model.semantics, kinds, strict=True):
        column = _usable(dataset.by_semantic(semantic))
        if column.kind != kind:
            raise Denied("semantic_kind_differs", semantic=semantic)
        columns.append(column)
    _published_bins(model, columns)
    return tuple(columns)


def _usable(column: Column) -> Column:
    """Return a column that a person confirmed and whose data are general by their national grade.

    What is important or core to the state does not leave by an order, not even as a sum (Data Security Law,
    article 21; GB/T 43697-2024, 6.1).
    """
    if not column.is_confirmed:
        raise Denied("column_unconfirmed", semantic=column.semantic)
    if column.national_grade != "一般数据":
        raise Denied("national_grade_kept", semantic=column.semantic)
    return column


def _published_bins(model: ModelSpec, columns: Sequence[Column]) -> None:
    """Bins made for the occasion could single out one person's value: only published ones are used."""
    for feature, column in zip(model.features, columns, strict=False):  # the label, last, has a threshold
        if column.bins is None:
            raise Denied("bins_unpublished", semantic=column.semantic)
        if feature != column.bins:
            raise Denied("bins_differ", semantic=column.semantic)
    _published_classes(model.label, columns[-1])


def _published_classes(label: Label, column: Column) -> None:
    """Guessed classes would find out which values there are."""
    if not isinstance(label, ClassLabel):
        return
    if not isinstance(column.bins, CategoryFeature):
        raise Denied("bins_unpublished", semantic=column.semantic)
    if column.bins.values != label.values:
        raise Denied("bins_differ", semantic=column.semantic)


def _label_promised(label: Label, column: Column, contract: Contract) -> None:
    """A row without a label, or of no class, would end a charged job: the contract must rule it out."""
    rule = contract.rule(column.name)
    if rule.missing_allowed:
        raise Denied("label_may_be_missing", semantic=column.semantic)
    if isinstance(label, ClassLabel) and (rule.values is None or not set(rule.values) <= set(label.values)):
        raise Denied("label_classes_differ", semantic=column.semantic)


def _known_and_current(signed: Signed[Order], standing: Standing, now: int) -> None:
    try:
        check(signed, standing.operator)
    except ProofError as error:
        raise Denied("order_unsigned") from error
    if not signed.body.created - 300 <= now < signed.body.expires:
        raise Denied("order_expired")
    if standing.node not in signed.body.nodes:
        raise Denied("order_not_for_us")


def _members(order: Order, standing: Standing) -> None:
    if any(node not in standing.peers for node in order.nodes):
        raise Denied("members_unconfirmed")
    if len(order.nodes) < max(standing.minimum_members, order.collusion + 2):
        raise Denied("members_too_few")


def _policy(
    order: Order, columns: tuple[Column, ...], standing: Standing, *, approved: bool, now: int
) -> Decision:
    """Ask for each tier that is read; rows are grouped by person, so the identifier is read too.

    The order is the grant: who signed it and until when it holds is checked before.
    """
    person = standing.dataset.column(standing.dataset.person)
    tiers = {column.effective_tier for column in (*columns, person)}
    if standing.alarmed and Tier.CORE in tiers:
        return Decision.refuse("log_alarm")
    obligations = Obligations()
    for tier in sorted(tiers):
        request = Request(
            role="operator",
            output=Output(order.output),
            tier=tier,
            purpose=order.purpose,
            legal_basis=order.legal_basis,
            declared=order.purpose in standing.dataset.purposes,
            approved=approved,
            own=False,
            inside=False,  # what is ordered leaves the department
            people=order.drawn,  # in one sum: few drawn of many hide in few
            home=standing.dataset.wall,
            now=now,
            grant=order.expires,
        )
        decision = standing.policy.decide(request)
        if not decision.allowed:
            return decision
        obligations |= decision.obligations
    if order.drawn < obligations.minimum_group:
        return Decision.refuse("group_too_small")
    if obligations.mask:
        return Decision.refuse("obligation_unmet")
    if order.output is not Output.MASKED_SUM:
        return Decision.refuse("output_has_no_wire")
    return Decision.allow(obligations)
