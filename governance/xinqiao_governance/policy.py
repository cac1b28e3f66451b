"""Policy: tier × purpose × role × output, decided by Cedar. Silence, errors and unknown entities mean no.

Cedar skips a policy that fails to evaluate, a forbid too; so an answer counts as "allow" only if it is
Allow *and* no policy failed *and* both entities are known (Cedar itself does not ask whether they exist).
"""

import json
from dataclasses import dataclass

import cedarpy

from xinqiao_governance.canonical import digest
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.decision import Decision
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.order import Output

ROLES = ("operator", "steward", "auditor", "privacy_officer", "cadre", "employee", "service")


@dataclass(frozen=True)
class Request:
    """One question to the policy: may `role` have `output` of a column of `tier`, in this context?"""

    role: str
    output: Output
    tier: Tier
    purpose: str
    legal_basis: str
    declared: bool
    approved: bool
    people: int

    def to_cedar(self) -> dict[str, object]:
        """Return Cedar's form of the request; ids are structured, so no text can break out of its quotes."""
        return {
            "principal": {"type": "Role", "id": self.role},
            "action": {"type": "Action", "id": self.output.value},
            "resource": {"type": "Tier", "id": self.tier.value},
            "context": {
                "purpose": self.purpose,
                "legal_basis": self.legal_basis,
                "declared": self.declared,
                "approved": self.approved,
                "people": self.people,
            },
        }


class Policy:
    """A validated set of Cedar policies with its digest (32 bytes over schema and policies)."""

    def __init__(self, policies: str, schema: str) -> None:
        """Parse and validate.

        Raises:
            UsageInvalid: the text does not parse, does not fit the schema, or a rule lacks an id, or a
                forbid lacks its reason.
        """
        try:
            self._schema = cedarpy.Schema.from_str(schema)
            self._policies = cedarpy.PolicySet.from_str(policies)
            rules = json.loads(cedarpy.policies_to_json_str(policies))["staticPolicies"]
        except ValueError as error:
            raise UsageInvalid("policy_invalid") from error
        if not cedarpy.validate_policies(policies, schema).validation_passed:
            raise UsageInvalid("policy_invalid")
        self._reasons = {name: _reason(rule) for name, rule in rules.items()}
        self._entities = cedarpy.Entities.from_json_str(json.dumps(_entities()))
        self.digest = digest("policy", f"{len(schema)}\n{schema}{policies}".encode())

    def decide(self, request: Request) -> Decision:
        """Return the decision; a refusal names the first forbid that spoke, or `policy_silent`."""
        if request.role not in ROLES:
            return Decision.refuse("policy_silent")
        result = cedarpy.is_authorized(request.to_cedar(), self._policies, self._entities, self._schema)
        if result.diagnostics.errors:
            return Decision.refuse("policy_failed")
        if result.allowed:
            return Decision.allow()
        forbids = [self._reasons[name] for name in sorted(result.diagnostics.reasons, key=_position)]
        return Decision.refuse(forbids[0] if forbids else "policy_silent")


def _entities() -> list[dict[str, object]]:
    known = [("Role", role) for role in ROLES] + [("Tier", tier.value) for tier in Tier]
    return [{"uid": {"type": kind, "id": name}, "attrs": {}, "parents": []} for kind, name in known]


def _reason(rule: dict[str, dict[str, str] | str]) -> str:
    notes = rule.get("annotations", {})
    if not isinstance(notes, dict) or "id" not in notes:
        raise UsageInvalid("policy_rule_unnamed")
    if rule["effect"] == "forbid" and "reason" not in notes:
        raise UsageInvalid("policy_rule_unnamed")
    return notes.get("reason", "allowed")


def _position(name: str) -> int:
    return int(name.removeprefix("policy"))
