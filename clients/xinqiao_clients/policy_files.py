"""What of policy comes with the program: rules, schema, the written table of requests, and what they ask."""

import json
from functools import cache, lru_cache
from importlib import resources

from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.policy import Policy
from xinqiao_governance.policy_table import Row, differing, read_table


@cache
def default_policy() -> Policy:
    """Return the policy that a department begins with."""
    return read_policy(_read("default.cedar"))


@cache
def default_rows() -> tuple[Row, ...]:
    """Return the written table of requests."""
    return read_table(json.loads(_read("table.json")), "table.json")


def read_policy(text: str) -> Policy:
    """Return the policy of this text, under the program's own schema: requests are of its making.

    Raises:
        UsageInvalid: it does not parse, does not fit the schema, or a rule is not of its form.
    """
    return Policy(text, _read("default.cedarschema"))


@lru_cache(maxsize=4)  # each command and each node that opens asks again of the same text
def check(text: str) -> Policy:
    """Return a policy that a department may adopt.

    Raises:
        UsageInvalid: it does not parse or fit the schema; a rule lacks its id, or a reason that such
            rules have; a rule of the floor is missing or changed; a request whose answer never changes is
            answered else.
    """
    policy, default = read_policy(text), default_policy()
    reasons = {(rule.effect, rule.reason) for rule in default.rules}
    for rule in policy.rules:  # another sentence may say of a refusal what it is not: "allowed"
        if (rule.effect, rule.reason) not in reasons:
            raise UsageInvalid("policy_reason_unknown", rule=rule.id)
    policy.require_floor(default)
    broken = differing(policy, (row for row in default_rows() if row.always))
    if broken:
        raise UsageInvalid("policy_always_broken", count=len(broken))
    return policy


def _read(name: str) -> str:
    return resources.files("xinqiao_clients").joinpath("policy", name).read_text("utf-8")
