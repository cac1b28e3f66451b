"""One step at a department: what must hold before anything is computed, by numbered checks.

A statement is what all members of a step must agree on; the masks are derived from its digest, so members
who were told different things make vectors that never open. The checks here keep a lying centre from
getting a vector at too little noise or from too few members.
"""

from collections.abc import Set as AbstractSet
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import ProofError, ProtocolViolated
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signable, Signed
from xinqiao_governance.wire import JobKey, StepStatement
from xinqiao_ledger.signing import check, fingerprint
from xinqiao_models.parameters import parameters_digest
from xinqiao_models.sums import SumPlan

T = TypeVar("T", bound=Signable)


def check_statement(
    signed: Signed[StepStatement],
    *,
    order: Signed[Order],
    plan: SumPlan,
    node: bytes,
    peers: AbstractSet[bytes],
    minimum_members: int,
    parameters: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Check a statement against the order that this department allowed; return the parameters.

    Raises:
        ProtocolViolated: a check fails; the code says which.
    """
    statement = signed.body
    # 1. The operator signed it, for this order.
    if statement.order != order.body.digest:
        raise ProtocolViolated("statement_other_order")
    _signed_by(signed, fingerprint(order.key), "statement_unsigned")
    # 2. The members are a part of the order's, this department among them, and enough.
    nodes = statement.nodes
    if list(nodes) != sorted(set(nodes)) or not set(nodes) <= set(order.body.nodes) or node not in nodes:
        raise ProtocolViolated("statement_roster_invalid")
    if len(nodes) < max(minimum_members, order.body.collusion + 2):
        raise ProtocolViolated("members_too_few")
    # 3. Each member's job key is signed by the identity that our steward confirmed.
    for entry in statement.roster:
        _check_job_key(entry, statement.order, peers)
    # 4. Scale and noise are the order's, re-sized for this roster and no smaller.
    if (statement.scale, statement.variance) != (plan.scale, plan.variance):
        raise ProtocolViolated("statement_noise_changed")
    if statement.share_variance != plan.share_variance(len(nodes)):
        raise ProtocolViolated("statement_noise_changed")
    # 5. The parameters beside it are the ones it names.
    if parameters is None or parameters.shape != (plan.dimension,) or not np.isfinite(parameters).all():
        raise ProtocolViolated("statement_parameters_differ")
    if parameters_digest(parameters) != statement.parameters:
        raise ProtocolViolated("statement_parameters_differ")
    return parameters


def _check_job_key(entry: Signed[JobKey], order: bytes, peers: AbstractSet[bytes]) -> None:
    if entry.body.node not in peers:
        raise ProtocolViolated("members_unconfirmed")
    if entry.body.order != order:
        raise ProtocolViolated("job_key_unsigned")
    _signed_by(entry, entry.body.node, "job_key_unsigned")


def _signed_by(signed: Signed[T], signer: bytes, code: str) -> None:
    try:
        check(signed, signer)
    except ProofError as error:
        raise ProtocolViolated(code) from error
