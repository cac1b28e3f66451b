"""What of policy comes with the program: rules, schema, and the written table of requests."""

import json
from functools import cache
from importlib import resources

from xinqiao_governance.policy import Policy
from xinqiao_governance.policy_table import Row, read_table


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


def _read(name: str) -> str:
    return resources.files("xinqiao_clients").joinpath("policy", name).read_text("utf-8")
