"""How a department adopts another policy than the one it began with.

The book holds the policy in use, sealed under the home's keys for the event that adopted it, so nobody
changes it by editing a file. Another one is adopted by two stewards: one proposes it, another approves just
that digest. Both are events. What waits is sealed for its digest, with the proposer's name.
"""

from difflib import unified_diff

from xinqiao_clients import subjects
from xinqiao_clients.book import Proposal
from xinqiao_clients.home import Home
from xinqiao_clients.policy_files import check
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.grading import is_same_person
from xinqiao_governance.parse import fields_of, text
from xinqiao_governance.policy import Policy
from xinqiao_ledger.event import Kind


def propose(home: Home, policy_text: str, steward: str) -> Policy:
    """Keep a policy for another steward to approve; an earlier proposal is dropped. Raises as `check`."""
    policy, proposer = check(policy_text), subjects.known_as(steward)
    with home.book.transaction() as book:
        book.record(
            kind=Kind.POLICY,
            by=home.acting(book, steward),
            action="propose_policy",
            policy_digest=home.policy_digest,
            output_digest=policy.digest.hex(),
        )
        said = dumps({"policy": policy.text, "proposer": proposer})
        book.propose_policy(policy.digest, home.keys.wrap(_label(policy.digest), said))
    return policy


def approve(home: Home, digest: str, steward: str) -> Policy:
    """Put the proposed policy of this digest (hex) in use. Decisions made before keep their own digest.

    Raises:
        UsageInvalid: no such policy was proposed, or this steward proposed it; or as `check`.
        StoreDamaged: what waits is not what these keys sealed under this digest.
    """
    with home.book.transaction() as book:
        proposal = book.proposed_policy()
        if proposal is None or proposal.digest.hex() != digest:
            raise UsageInvalid("policy_proposal_missing", digest=digest[:64])
        policy, proposer = _opened(home, proposal)
        if policy.digest != proposal.digest:  # another program proposed it, under another schema
            raise UsageInvalid("policy_proposal_missing", digest=digest[:64])
        if is_same_person(proposer, steward):
            raise UsageInvalid("policy_one_steward")
        adopted = book.record(
            kind=Kind.POLICY,
            by=home.acting(book, steward),
            action="adopt_policy",
            policy_digest=home.policy_digest,
            output_digest=policy.digest.hex(),
        )
        home.use_policy(book, policy, adopted.seq)
    return policy


def proposed(home: Home) -> tuple[Policy, str]:
    """Return the policy that waits for another steward, and who proposed it.

    Raises:
        UsageInvalid: none waits; or as `check`.
        StoreDamaged: what waits is not what these keys sealed under its digest.
    """
    proposal = home.book.proposed_policy()
    if proposal is None:
        raise UsageInvalid("policy_none_waits")
    return _opened(home, proposal)


def changes(old: Policy, new: Policy) -> str:
    """Return what `new` says else than `old`, line by line, as `diff -u` shows it."""
    before, after = old.text.splitlines(), new.text.splitlines()
    return "\n".join(unified_diff(before, after, old.digest.hex(), new.digest.hex(), lineterm=""))


def _opened(home: Home, proposal: Proposal) -> tuple[Policy, str]:
    """Return the policy that waits, and who proposed it."""
    body = fields_of(loads(home.keys.unwrap(_label(proposal.digest), proposal.sealed)), "policy", "proposer")
    return check(text(body, "policy")), text(body, "proposer")


def _label(digest: bytes) -> str:
    return f"policy-proposal/{digest.hex()}"
