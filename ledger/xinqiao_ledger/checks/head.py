"""Checks 2, 3, 9 and 10, of every bundle: the signed head of the log, what is under it, who vouches."""

from xinqiao_governance.errors import NodeUnavailable, ProofError
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.checks.case import Case, NotChecked
from xinqiao_ledger.period import SKEW_S
from xinqiao_ledger.suite import suite_of
from xinqiao_ledger.tree import verify_subset


def check_log_signature(case: Case) -> None:  # 2
    """Require the trusted log's signature on the checkpoint."""
    trust, signed = case.trusted, case.bundle.checkpoint
    if signed.checkpoint.origin != trust.origin:
        raise ProofError("audit_origin_differs", origin=trust.origin)
    if case.bundle.suite is not suite_of(trust.log_key):
        raise ProofError("audit_suite_differs", suite=suite_of(trust.log_key).name)
    signed.verify_log(trust.log_key)


def check_entries(case: Case) -> None:  # 3
    """Require every entry to stand in the tree, by the hash of the trusted log's suite."""
    suite = suite_of(case.trust.log_key) if case.trust else case.bundle.suite
    head = case.bundle.checkpoint.checkpoint
    leaves = {index: event.leaf for index, event in case.bundle.entries.items()}
    verify_subset(leaves, head.size, head.root, case.bundle.proof, suite.hasher)


def check_witnesses(case: Case) -> None:  # 9
    """Require enough trusted witnesses, and no entry of a later date than the last of them."""
    trust, signed = case.trusted, case.bundle.checkpoint
    cosigned = [witness for witness in trust.witnesses if signed.names(witness.name, witness.key)]
    times = [signed.verify_cosignature(witness.name, witness.key) for witness in cosigned]
    if times:
        _require_dated_before(case, max(times) + SKEW_S)
    if not trust.witness_threshold:
        raise NotChecked("audit_no_witnesses")
    if all(witness.kept_by == "operator" for witness in trust.witnesses):
        raise NotChecked("audit_kept_by_operator")  # as many as there are, they prove nothing against him
    if len(cosigned) < trust.witness_threshold:
        raise ProofError("audit_witnesses_few", found=len(cosigned), needed=trust.witness_threshold)
    independent = [witness for witness in cosigned if witness.kept_by == "independent"]
    if len(independent) < trust.witness_threshold:
        raise NotChecked("audit_kept_by_operator")


def cosigned_at(case: Case) -> int:
    """Return the latest time at which enough independent witnesses vouch for the head; 0 if too few do.

    Enough is what the trust file asks for, one at least. None of them signs a head smaller than its last.
    """
    trust, signed = case.trusted, case.bundle.checkpoint
    times = [
        signed.verify_cosignature(witness.name, witness.key)
        for witness in trust.witnesses
        if witness.kept_by == "independent" and signed.names(witness.name, witness.key)
    ]
    enough = max(trust.witness_threshold, 1)
    return sorted(times, reverse=True)[enough - 1] if len(times) >= enough else 0


def _require_dated_before(case: Case, latest: int) -> None:
    for index, event in case.bundle.entries.items():
        if event.time > latest:
            raise ProofError("audit_after_cosignatures", index=index)


def check_anchor(case: Case) -> None:  # 10
    """Require the anchor to agree; it passes where an independent chain was asked and has it."""
    anchor, head = case.bundle.anchor, case.bundle.checkpoint.checkpoint
    if anchor is None:
        raise NotChecked("audit_no_anchor")
    if (anchor.size, anchor.root) != (head.size, head.root):
        raise ProofError("audit_anchor_differs", size=anchor.size)
    chain = case.trust.chain if case.trust else None
    if chain is not None and not chain.holds(anchor):
        raise ProofError("audit_chain_differs", chain_id=chain.chain_id)
    confirmed = _confirmed(case, anchor)
    by_operator = "operator" in (anchor.keeper, chain.kept_by if chain else "")
    if not confirmed:
        if chain is None:  # who keeps it is the record's own word
            raise NotChecked("audit_anchor_claimed_operator" if by_operator else "audit_anchor_claimed")
        raise NotChecked("audit_anchor_offline_operator" if by_operator else "audit_anchor_offline")
    if by_operator:
        raise NotChecked("audit_confirmed_kept_by_operator")
    if chain is None:  # anybody can write this root into a contract of his own
        raise NotChecked("audit_chain_unknown")


def _confirmed(case: Case, anchor: AnchorRecord) -> bool:
    """Say whether a chain was asked and has the anchor; a chain that gives no answer contradicts nothing."""
    if case.confirm is None:
        return False
    try:
        case.confirm(anchor)
    except NodeUnavailable as error:
        raise NotChecked(error.code, **error.fields) from error
    except ProofError as error:
        if error.code == "anchor_proof_missing":
            raise NotChecked(error.code, **error.fields) from error
        raise
    return True
