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


class StatementChecker:
    """Checks the statements of one job against the order that this department allowed.

    `peers` holds the fingerprints that this department's steward confirmed, its own included.
    """

    def __init__(
        self,
        order: Signed[Order],
        plan: SumPlan,
        node: bytes,
        peers: AbstractSet[bytes],
        minimum_members: int,
    ) -> None:
        self._order = order
        self._plan = plan
        self._node = node
        self._peers = peers
        self._least = max(minimum_members, order.body.collusion + 2)
        self._known: set[Signed[JobKey]] = set()  # job keys whose signatures were checked before
        self._roster: tuple[Signed[JobKey], ...] = ()  # the last one that passed checks 2 and 3

    def check(
        self, signed: Signed[StepStatement], parameters: NDArray[np.float64] | None
    ) -> NDArray[np.float64]:
        """Return the parameters if everything holds.

        Raises:
            ProtocolViolated: a check fails; the code says which.
        """
        statement, order = signed.body, self._order.body
        # 1. The operator signed it, for this order.
        if statement.order != order.digest:
            raise ProtocolViolated("statement_other_order")
        signed_by(signed, fingerprint(self._order.key), "statement_unsigned")
        # 2, 3. The roster holds, or is to the byte the last one that did: nothing else that they ask changes.
        if statement.roster != self._roster or not statement.roster:
            self._check_roster(statement)
            self._roster = statement.roster
        # 4. Scale, noise and sampling rate are the order's; noise is re-sized for this roster, no smaller.
        noise = (statement.scale, statement.variance, statement.share_variance)
        if noise != (self._plan.scale, self._plan.variance, self._plan.share_variance(len(statement.roster))):
            raise ProtocolViolated("statement_noise_changed")
        if statement.sampling_micro != self._plan.sampling_micro:
            raise ProtocolViolated("statement_sampling_changed")
        # 5. The parameters beside it are the ones it names.
        if parameters is None or parameters.shape != (order.model.parameters,):
            raise ProtocolViolated("statement_parameters_differ")
        if parameters_digest(parameters) != statement.parameters:
            raise ProtocolViolated("statement_parameters_differ")
        return parameters

    def _check_roster(self, statement: StepStatement) -> None:
        # 2. The members are a part of the order's, this department among them, and enough.
        nodes, ordered = statement.nodes, set(self._order.body.nodes)
        if list(nodes) != sorted(set(nodes)) or not set(nodes) <= ordered or self._node not in nodes:
            raise ProtocolViolated("statement_roster_invalid")
        if len(nodes) < self._least:
            raise ProtocolViolated("members_too_few")
        # 3. Each member's job key is signed by the identity that our steward confirmed.
        for entry in statement.roster:
            self._check_job_key(entry)

    def _check_job_key(self, entry: Signed[JobKey]) -> None:
        if entry in self._known:
            return
        if entry.body.node not in self._peers:
            raise ProtocolViolated("members_unconfirmed")
        if entry.body.order != self._order.body.digest:
            raise ProtocolViolated("job_key_unsigned")
        signed_by(entry, entry.body.node, "job_key_unsigned")
        self._known.add(entry)


def signed_by(signed: Signed[T], signer: bytes, code: str) -> None:
    """Prove that the holder of the fingerprint `signer` signed this.

    Raises:
        ProtocolViolated: with `code`, if it is not so.
    """
    try:
        check(signed, signer)
    except ProofError as error:
        raise ProtocolViolated(code) from error
