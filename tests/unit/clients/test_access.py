"""Grants: given, ended in their very second, revoked; and what the node says of a request by itself."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import Enterprise, dataset, found, tell
from xinqiao_clients.access import damaged_grants, give, grants, known_facts, revoke
from xinqiao_clients.home import Home
from xinqiao_governance.canonical import dumps
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.errors import DataInvalid, UsageInvalid, XinqiaoError
from xinqiao_governance.grant import latest
from xinqiao_governance.messages import MESSAGES
from xinqiao_governance.order import Output, Spend
from xinqiao_governance.wire import Proposal, Refusal, Verdict
from xinqiao_ledger.event import Kind

ASKED = {
    "role": "cadre",
    "output": "local_result",
    "tier": "sensitive",
    "purpose": "career_development",
    "legal_basis": "union_duty",
    "approved": False,
    "own": False,
    "inside": True,
    "people": 1,
}
GRANT = {
    "role": "cadre",
    "output": Output.LOCAL_RESULT,
    "purpose": "career_development",
    "tier": Tier.SENSITIVE,
}


@pytest.fixture
def enterprise(tmp_path: Path) -> Enterprise:
    return found(tmp_path)


@pytest.fixture
def home(enterprise: Enterprise) -> Home:
    return enterprise.sites[0].home


def decided(site: Home, **change: object) -> str:
    return site.policy.decide_on(known_facts(site, {**ASKED, **change})).reason


def test_a_grant_is_expired_in_its_very_second(enterprise: Enterprise, home: Home) -> None:
    assert decided(home) == "grant_missing"
    give(home, "Li", **GRANT, expires=enterprise.now[0] + 10)
    assert decided(home) == "allowed"
    enterprise.now[0] += 9
    assert decided(home) == "allowed"
    enterprise.now[0] += 1
    assert decided(home) == "grant_expired"


def test_a_clock_that_is_set_back_makes_no_grant_valid_again(enterprise: Enterprise, home: Home) -> None:
    give(home, "Li", **GRANT, expires=enterprise.now[0] + 10)
    enterprise.now[0] += 10
    home.note("Li", "rotate")  # whatever the journal heard of then
    enterprise.now[0] -= 5
    assert decided(home) == "grant_expired"
    with pytest.raises(UsageInvalid, match="grant_past"):  # it would be over as it is given
        give(home, "Li", **GRANT, expires=enterprise.now[0] + 4)


def written(home: Home, statement: str, *values: object) -> list[tuple[object, ...]]:
    """What who can write the book does without its keys."""
    with sqlite3.connect(home.path / "book.sqlite") as db:
        return db.execute(statement, values).fetchall()


def test_a_grant_that_was_edited_or_put_back_is_none(enterprise: Enterprise, home: Home) -> None:
    short = give(home, "Li", **GRANT, expires=enterprise.now[0] + 1)
    long = give(home, "Li", **GRANT, expires=enterprise.now[0] + 99)
    ((kept,),) = written(home, "SELECT sealed FROM access_grant WHERE digest = ?", long.digest)
    revoke(home, long.digest.hex(), "Wang")
    enterprise.now[0] += 1
    assert (decided(home), damaged_grants(home)) == ("grant_expired", 0)
    written(home, "UPDATE access_grant SET sealed = ?", kept)  # under the other's digest
    assert (decided(home), damaged_grants(home)) == ("grant_missing", 1)
    written(home, "UPDATE access_grant SET digest = ?", long.digest)  # as it stood before it was revoked
    assert (decided(home), damaged_grants(home)) == ("grant_missing", 1)
    plain = dumps(replace(short, expires=enterprise.now[0] + 99).to_json())
    written(home, "UPDATE access_grant SET digest = ?, sealed = ?", short.digest, plain)
    assert (decided(home), grants(home), damaged_grants(home)) == ("grant_missing", (), 1)


def test_an_approval_that_nobody_gave_is_damage(enterprise: Enterprise, home: Home) -> None:
    site = enterprise.sites[0]
    order, other = enterprise.order(approve=False), enterprise.order()
    ((sealed,),) = written(home, "SELECT sealed FROM approval WHERE digest = ?", other.body.digest)

    def reason() -> str:
        verdict = tell(site, Proposal(order))
        assert isinstance(verdict, Verdict)
        return verdict.reason

    damage = "key_unwrap_failed"
    for row, said in ((None, "approval_missing"), (b"x" * 60, damage), (sealed, damage)):
        written(home, "INSERT OR REPLACE INTO approval VALUES (?, 'Li', ?)", order.body.digest, row)
        assert reason() == said
    home.approve(order, "Li")
    assert reason() == "allowed"


DAMAGE = (
    *("NULL", "x''", "x'00'", "7", "'text'", "1.5", "substr(sealed, 1, 20)", "zeroblob(100000)"),
    *("substr(sealed, 1, length(sealed) - 1)", "sealed || x'00'", "CAST(sealed AS TEXT)"),
)


@pytest.mark.parametrize("table", ["policy", "access_grant", "approval"])
def test_whatever_is_damaged_in_the_book_is_refused_in_a_sentence(
    enterprise: Enterprise, home: Home, table: str
) -> None:
    give(home, "Li", **GRANT, expires=enterprise.now[0] + 10)
    order = enterprise.order()

    def reason() -> str:
        if table == "access_grant":
            try:
                return decided(home)
            except XinqiaoError as error:
                return error.code
        verdict = tell(enterprise.sites[0], Proposal(order))
        assert isinstance(verdict, Verdict | Refusal)
        return verdict.reason

    ((kept,),) = written(home, f"SELECT sealed FROM {table}")
    written(home, f"CREATE TABLE anew AS SELECT * FROM {table}")  # which has no types: anything may stand
    written(home, f"DROP TABLE {table}")
    written(home, f"ALTER TABLE anew RENAME TO {table}")
    for value in DAMAGE:
        written(home, f"UPDATE {table} SET sealed = ?", kept)
        written(home, f"UPDATE {table} SET sealed = {value}")
        said = reason()
        assert said in MESSAGES, value
        assert said != "allowed", value
    written(home, f"UPDATE {table} SET sealed = ?", kept)
    assert reason() == "allowed"


def test_a_revoked_grant_is_none(enterprise: Enterprise, home: Home) -> None:
    grant = give(home, "Li", **GRANT, expires=enterprise.now[0] + 10)
    revoke(home, grant.digest.hex()[:12], "Wang")
    assert (decided(home), grants(home)) == ("grant_missing", ())
    given, revoked = home.book.events()[-2:]
    assert (given.kind, revoked.kind) == (Kind.GRANT, Kind.REVOKE)
    assert {event.output_digest for event in (given, revoked)} == {grant.digest.hex()}
    assert (given.purpose, given.tier, given.dataset) == ("career_development", "sensitive", "staff")


@pytest.mark.parametrize(
    "change",
    [
        {"role": "steward"},
        {"output": Output.RAW_VIEW},
        {"purpose": "staff_care"},
        {"tier": Tier.PUBLIC},
        {"dataset": "pay"},
    ],
)
def test_a_grant_is_for_just_what_it_names(
    enterprise: Enterprise, home: Home, change: dict[str, object]
) -> None:
    grant = give(home, "Li", **GRANT, expires=enterprise.now[0] + 10)
    assert latest([grant], ASKED, "staff") == grant.expires
    assert latest([replace(grant, **change)], ASKED, "staff") is None


def test_the_longest_of_several_counts(enterprise: Enterprise, home: Home) -> None:
    for seconds in (5, 20, 10):
        give(home, "Li", **GRANT, expires=enterprise.now[0] + seconds)
    enterprise.now[0] += 19
    assert decided(home) == "allowed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"role": "root"}, "grant_role_invalid"),
        ({"output": Output.RAW_EXPORT}, "grant_output_invalid"),
        ({"output": Output.MASKED_SUM}, "grant_output_invalid"),
        ({"purpose": "opinion_scoring"}, "grant_purpose_invalid"),
        ({"purpose": "SENTINEL"}, "grant_purpose_invalid"),
        ({"expires": 0}, "grant_past"),
        ({"tier": Tier.CORE}, "grant_useless"),
        ({"role": "auditor"}, "grant_useless"),
        ({"purpose": "performance_appraisal"}, "grant_useless"),  # the other side of the wall
        ({"purpose": "staff_care"}, "grant_useless"),  # not declared
    ],
)
def test_a_grant_that_could_never_be_used_is_not_given(
    enterprise: Enterprise, home: Home, change: dict[str, object], code: str
) -> None:
    events = home.book.count_events()
    with pytest.raises(UsageInvalid) as caught:
        give(home, "Li", **{**GRANT, "expires": enterprise.now[0] + 10, **change})
    assert caught.value.code == code
    assert (home.book.count_events(), grants(home)) == (events, ())


def test_a_grant_that_would_end_now_is_not_given(enterprise: Enterprise, home: Home) -> None:
    with pytest.raises(UsageInvalid, match="grant_past"):
        give(home, "Li", **GRANT, expires=enterprise.now[0])


@pytest.mark.parametrize("digest", ["", "00", "zz"])
def test_an_unknown_grant_is_not_revoked(enterprise: Enterprise, home: Home, digest: str) -> None:
    give(home, "Li", **GRANT, expires=enterprise.now[0] + 10)
    if digest and grants(home)[0].digest.hex().startswith(digest):
        return
    with pytest.raises(UsageInvalid, match="grant_unknown"):
        revoke(home, digest, "Li")


def test_nobody_brings_his_own_wall_time_declaration_or_grant(enterprise: Enterprise, home: Home) -> None:
    claimed = {"home": "none", "declared": True, "now": 0, "grant": 1 << 60}
    assert decided(home, **claimed) == "grant_missing"
    assert decided(home, **claimed, purpose="staff_care") == "purpose_undeclared"
    appraisal = {"purpose": "performance_appraisal", "legal_basis": "hr_management"}
    assert decided(home, **claimed, **appraisal) == "purpose_forbidden"
    give(home, "Li", **GRANT, expires=enterprise.now[0] + 1)
    enterprise.now[0] += 1
    assert decided(home, **claimed) == "grant_expired"


def test_a_request_from_outside_gets_no_local_result(enterprise: Enterprise, home: Home) -> None:
    give(home, "Li", **GRANT, expires=enterprise.now[0] + 10)
    for role in ("cadre", "employee", "steward", "service"):
        assert decided(home, role=role, inside=False, own=True) == "outside_department"


def test_purposes_of_both_sides_are_no_catalogue(home: Home) -> None:
    walled = replace(dataset(), purposes=("staff_care", "discipline_inspection"))
    with pytest.raises(DataInvalid, match="catalogue_purposes_walled"):
        home.adopt(walled, "synthetic contract", home.version, Spend(1, 1), "Li")
