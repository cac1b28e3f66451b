"""Grants of a department, and what its node knows of a request by itself.

A grant is kept in the book, sealed; giving it and revoking it are events, and the last of these counts. When
it ends is compared with the node's time at each decision (`Book.time`), so it is expired in that very second.
"""

from collections.abc import Mapping
from typing import Any

from xinqiao_clients.home import Home
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.catalogue import Dataset, Tier
from xinqiao_governance.errors import StoreDamaged, UsageInvalid
from xinqiao_governance.grant import Grant, latest
from xinqiao_governance.order import Output
from xinqiao_governance.policy import Policy, Request
from xinqiao_governance.purposes import BASES
from xinqiao_ledger.event import Kind

_SHOWN = 16


def give(
    home: Home, steward: str, *, role: str, output: Output, purpose: str, tier: Tier, expires: int
) -> Grant:
    """Give a grant on the department's dataset until the second `expires`, and record it.

    Raises:
        UsageInvalid: policy would allow nothing with it, or nothing was imported yet.
    """
    dataset, now = home.dataset, home.book.time()
    with home.book.transaction() as book:
        by = home.acting(book, steward)
        grant = Grant(role, output, purpose, tier, dataset.dataset_id, expires, by.pseudonym(home.clock()))
        grant.require_meant(now)
        if not _can_allow(home.policy, grant, dataset, now):
            raise UsageInvalid("grant_useless")
        book.record(kind=Kind.GRANT, by=by, action=output.value, decision="allow", **_facts(grant))
        book.put_grant(grant.digest, home.keys.wrap(_label(grant.digest), dumps(grant.to_json())))
    return grant


def revoke(home: Home, digest: str, steward: str) -> Grant:
    """Take back the grant whose digest (hex) begins with `digest`, and record it.

    Raises:
        UsageInvalid: there is none, or several.
    """
    with home.book.transaction() as book:
        found = [grant for grant in _opened(home, book.grants())[0] if grant.digest.hex().startswith(digest)]
        if len(found) != 1 or not digest:
            raise UsageInvalid("grant_unknown", digest=digest[:_SHOWN])
        by, grant = home.acting(book, steward), found[0]
        book.record(kind=Kind.REVOKE, by=by, action=grant.output.value, decision="refuse", **_facts(grant))
        book.remove_grant(grant.digest)
    return grant


def grants(home: Home) -> tuple[Grant, ...]:
    """Return every grant that was not revoked, expired ones too, by when it ends.

    A row that these keys did not seal, or that came back after it was revoked, is none.
    """
    return tuple(sorted(_opened(home, home.book.grants())[0], key=lambda grant: grant.expires))


def damaged_grants(home: Home) -> int:
    """Return how many rows of the book look like grants and are none."""
    return _opened(home, home.book.grants())[1]


def known_facts(home: Home, asked: Mapping[str, Json]) -> dict[str, Json]:
    """Return a request with what the node knows put in, whatever it said: wall, declared, grant, time.

    Raises:
        UsageInvalid: nothing was imported yet.
        DataInvalid: the dataset's declared purposes stand on both sides of the wall.
    """
    dataset = home.dataset
    known: dict[str, Json] = {
        **{name: value for name, value in asked.items() if name != "grant"},
        "home": dataset.wall.value,
        "declared": asked.get("purpose") in dataset.purposes,
        "now": home.book.time(),
    }
    if asked.get("output") == Output.MASKED_SUM.value:  # whose grant is its order, which is not here
        return {**known, "grant": asked["grant"]} if "grant" in asked else known
    end = latest(grants(home), asked, dataset.dataset_id)
    return known if end is None else {**known, "grant": end}


def _can_allow(policy: Policy, grant: Grant, dataset: Dataset, now: int) -> bool:
    """Say whether policy allows any request on this dataset that such a grant is for."""
    requests = (
        Request(
            role=grant.role,
            output=grant.output,
            tier=grant.tier,
            purpose=grant.purpose,
            legal_basis=basis,
            declared=grant.purpose in dataset.purposes,
            approved=True,
            own=own,
            inside=True,
            people=1,
            home=dataset.wall,
            now=now,
            grant=grant.expires,
        )
        for basis in BASES
        for own in (False, True)
    )
    return any(policy.decide(request).allowed for request in requests)


def _facts(grant: Grant) -> dict[str, Any]:
    return {
        "dataset": grant.dataset,
        "tier": grant.tier.value,
        "purpose": grant.purpose,
        "output_digest": grant.digest.hex(),
    }


def _opened(home: Home, rows: Mapping[bytes, bytes]) -> tuple[list[Grant], int]:
    """Return the grants among the rows, and how many rows are none."""
    found, damaged = [], 0
    for digest, sealed in rows.items():
        try:
            grant = Grant.from_json(loads(home.keys.unwrap(_label(digest), sealed)))
        except StoreDamaged:
            damaged += 1
            continue
        if home.book.is_granted(digest):
            found.append(grant)
        else:
            damaged += 1
    return found, damaged


def _label(digest: bytes) -> str:
    return f"grant/{digest.hex()}"
