"""A written table of requests and the answers that are expected; trying a policy on it.

The form is JSON: `requests` names whole requests, and each row takes one `from` there, with the fields in
`change` put in and those in `without` left out. `expect` is "allowed" or the reason; `obligations` are those
of an allowed one. A row with `always` holds under every policy that a department may adopt.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xinqiao_governance.canonical import Json
from xinqiao_governance.decision import Decision
from xinqiao_governance.errors import UsageInvalid, WireInvalid
from xinqiao_governance.parse import fields_of, integer, mapping, objects, require_version, text, texts
from xinqiao_governance.policy import Policy


@dataclass(frozen=True)
class Row:
    """One request, and the reason and obligations that are expected; `label` says which row it is."""

    label: str
    asked: Mapping[str, Json]
    expect: str
    obligations: Mapping[str, Json]
    always: bool

    def holds(self, said: Decision) -> bool:
        """Say whether this decision is what the row expects."""
        return (said.reason, said.obligations.to_json()) == (self.expect, dict(self.obligations))


def read_table(value: Json, path: str) -> tuple[Row, ...]:
    """Return the rows of a table; `path` is for the message.

    Raises:
        UsageInvalid: a row is not of the form above.
    """
    rows: list[Row] = []
    try:
        body = fields_of(value, "v", "requests", "rows")
        require_version(body, 1)
        requests = mapping(body["requests"])
        for item in objects(body, "rows"):
            rows.append(_row(item, requests))  # a mistake names its row by what came before
    except WireInvalid as error:
        raise UsageInvalid("policy_table_invalid", path=path, row=len(rows) + 1) from error
    return tuple(rows)


def differing(policy: Policy, rows: Iterable[Row]) -> list[tuple[int, Row, Decision]]:
    """Return the rows, by number from 1, that the policy answers in another way, and how."""
    answers = ((number, row, policy.decide_on(row.asked)) for number, row in enumerate(rows, 1))
    return [(number, row, said) for number, row, said in answers if not row.holds(said)]


def _row(item: Mapping[str, Json], requests: Mapping[str, Json]) -> Row:
    plain: dict[str, Json] = {"change": {}, "without": [], "obligations": {}, "always": 0, **item}
    body = fields_of(plain, "from", "change", "without", "expect", "obligations", "always")
    name, change, without = text(body, "from"), mapping(body["change"]), texts(body, "without")
    asked = {**mapping(requests.get(name)), **change}
    for field in without:
        asked.pop(field, None)
    told = [name, *(f"{field} = {value}" for field, value in change.items()), *(f"- {f}" for f in without)]
    return Row(
        label=", ".join(told),
        asked=asked,
        expect=text(body, "expect"),
        obligations=mapping(body["obligations"]),
        always=integer(body, "always") == 1,
    )
