"""How a department adopts another policy than the one it began with.

The book holds the policy in use, sealed under the home's keys, so nobody changes it by editing a file.
Another one is adopted by two stewards: one proposes it, another approves just that digest. Both are events.
"""

from xinqiao_clients import subjects
from xinqiao_clients.home import Home
from xinqiao_clients.policy_files import default_policy, default_rows, read_policy
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import MESSAGES, gaps
from xinqiao_governance.policy import Policy
from xinqiao_governance.policy_table import differing
from xinqiao_ledger.event import Kind


def check(text: str) -> Policy:
    """Return a policy that a department may adopt.

    Raises:
        UsageInvalid: it does not parse or fit the schema; a rule lacks id, reason or the reason's sentence; a
            rule of the floor is missing or changed; a request whose answer never changes is answered else.
    """
    policy = read_policy(text)
    for rule in policy.rules:
        if rule.reason not in MESSAGES or gaps(rule.reason) != (set(), set()):
            raise UsageInvalid("policy_reason_unknown", rule=rule.id)
    policy.require_floor(default_policy())
    broken = differing(policy, (row for row in default_rows() if row.always))
    if broken:
        raise UsageInvalid("policy_always_broken", count=len(broken))
    return policy


def propose(home: Home, text: str, steward: str) -> Policy:
    """Keep a policy for another steward to approve; an earlier proposal is dropped. Raises as `check`."""
    policy = check(text)
    proposer = subjects.tag(home.keys, subjects.known_as(steward))
    with home.book.transaction() as book:
        book.record(
            kind=Kind.POLICY,
            by=home.acting(book, steward),
            action="propose_policy",
            policy_digest=home.policy_digest,
            output_digest=policy.digest.hex(),
        )
        book.propose_policy(policy.digest, home.seal_policy(text), proposer)
    return policy


def approve(home: Home, digest: str, steward: str) -> Policy:
    """Put the proposed policy of this digest (hex) in use. Decisions made before keep their own digest.

    Raises:
        UsageInvalid: no such policy was proposed, or this steward proposed it; or as `check`.
    """
    approver = subjects.tag(home.keys, subjects.known_as(steward))
    with home.book.transaction() as book:
        proposal = book.proposed_policy()
        if proposal is None or proposal.digest.hex() != digest:
            raise UsageInvalid("policy_proposal_missing", digest=digest[:64])
        if proposal.proposer == approver:
            raise UsageInvalid("policy_one_steward")
        policy = check(home.open_policy(proposal.sealed))
        book.record(
            kind=Kind.POLICY,
            by=home.acting(book, steward),
            action="adopt_policy",
            policy_digest=home.policy_digest,
            output_digest=policy.digest.hex(),
        )
        book.use_policy(proposal.sealed)
    return policy
