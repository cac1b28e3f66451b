"""Adopting another policy: by two stewards, as events, and never one without its floor."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from simulators.enterprise import Enterprise, found, tell
from xinqiao_clients.home import Home
from xinqiao_clients.policies import approve, propose
from xinqiao_clients.policy_files import check, default_policy, read_policy
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, XinqiaoError
from xinqiao_governance.wire import Proposal, Refusal, Verdict
from xinqiao_ledger.event import Kind

DEFAULT = default_policy().text
STRICTER = DEFAULT + (
    '\n@id("forbid-operator")\n@reason("purpose_forbidden")\n'
    'forbid (principal == Role::"operator", action, resource);\n'
)


@pytest.fixture
def enterprise(tmp_path: Path) -> Enterprise:
    return found(tmp_path)


@pytest.fixture
def home(enterprise: Enterprise) -> Home:
    return enterprise.sites[0].home


def adopt(home: Home, text: str = STRICTER) -> str:
    digest = propose(home, text, "Li").digest.hex()
    assert approve(home, digest, "Wang").digest.hex() == digest
    return digest


def test_a_department_begins_with_the_policy_of_the_program(home: Home) -> None:
    assert home.policy.digest == default_policy().digest


def test_two_stewards_adopt_and_both_steps_are_events(home: Home) -> None:
    before = home.policy.digest.hex()
    digest = adopt(home)
    assert home.policy.digest.hex() == digest != before
    proposed, adopted = home.book.events()[-2:]
    assert {proposed.kind, adopted.kind} == {Kind.POLICY}
    assert (proposed.action, adopted.action) == ("propose_policy", "adopt_policy")
    assert {(event.policy_digest, event.output_digest) for event in (proposed, adopted)} == {(before, digest)}
    assert proposed.actor != adopted.actor


def test_a_proposal_alone_changes_nothing(home: Home) -> None:
    before = home.policy.digest
    propose(home, STRICTER, "Li")
    assert home.policy.digest == before


@pytest.mark.parametrize("name", ["Li", " Li ", "LI", "Ｌi", "L\u200bi"])
def test_who_proposed_cannot_approve(home: Home, name: str) -> None:
    digest, before = propose(home, STRICTER, "Li").digest.hex(), home.policy.digest
    with pytest.raises(UsageInvalid, match="policy_one_steward"):
        approve(home, digest, name)
    assert home.policy.digest == before


def test_only_the_digest_that_waits_is_approved(home: Home) -> None:
    first = propose(home, STRICTER, "Li").digest.hex()
    propose(home, DEFAULT + "\n", "Li")
    for digest in (first, "", first[:8], "00" * 32):
        with pytest.raises(UsageInvalid, match="policy_proposal_missing"):
            approve(home, digest, "Wang")
    adopted = adopt(home)
    with pytest.raises(UsageInvalid, match="policy_proposal_missing"):
        approve(home, adopted, "Zhao")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace('Action::"raw_export"', 'Action::"raw_view"', 1), "policy_floor_missing"),
        (lambda text: text.replace("context.people < 500", "context.people < 5"), "policy_floor_missing"),
        (lambda text: text.replace('"permit_view_own"', '"no_such_sentence"'), "policy_reason_unknown"),
        (lambda text: text.replace('"permit_view_own"', '"bins_differ"'), "policy_reason_unknown"),
        (lambda text: text.replace('"permit_view_own"', '"allowed"'), "policy_reason_unknown"),
        (lambda text: text.replace('"permit_view_own"', '"grant_missing"'), "policy_reason_unknown"),
        (lambda text: text + "permit", "policy_invalid"),
        (lambda _: "", "policy_floor_missing"),
    ],
)
def test_what_no_department_may_adopt(home: Home, change: Callable[[str], str], code: str) -> None:
    assert change(DEFAULT) != DEFAULT
    with pytest.raises(UsageInvalid) as caught:
        propose(home, change(DEFAULT), "Li")
    assert caught.value.code == code


def test_answers_that_never_change_are_asked_of_every_policy() -> None:
    """A forbid in front of the floor's gives another reason: the table's `always` rows see it."""
    earlier = '@id("a")\n@reason("not_own")\nforbid (principal, action == Action::"raw_export", resource);\n'
    with pytest.raises(UsageInvalid, match="policy_always_broken"):
        check(earlier + DEFAULT)


def test_a_running_node_decides_by_what_was_adopted_last(enterprise: Enterprise) -> None:
    """Another process adopts: the node of an open home sees it at the next decision."""
    site = enterprise.sites[0]
    other = Home.open(site.home.path, site.passphrase, clock=lambda: enterprise.now[0])
    try:
        digest = adopt(other)
    finally:
        other.close()
    verdict = tell(site, Proposal(enterprise.order()))
    assert isinstance(verdict, Verdict)
    assert verdict.reason == "purpose_forbidden"
    assert site.home.book.events()[-1].policy_digest == digest


def test_without_an_adopted_policy_everything_is_refused(enterprise: Enterprise) -> None:
    """As in a home that an earlier program made; two stewards mend it."""
    site = enterprise.sites[0]
    with sqlite3.connect(site.home.path / "book.sqlite") as db:
        db.execute("DELETE FROM policy")
    with pytest.raises(UsageInvalid, match="policy_unadopted"):
        _ = site.home.policy
    verdict = tell(site, Proposal(enterprise.order()))
    assert isinstance(verdict, Verdict | Refusal)
    assert verdict.reason == "policy_unadopted"
    adopt(site.home, DEFAULT)
    allowed = tell(site, Proposal(enterprise.order()))
    assert isinstance(allowed, Verdict)
    assert allowed.reason == "allowed"


def test_a_policy_that_these_keys_did_not_seal_is_not_read(home: Home) -> None:
    with sqlite3.connect(home.path / "book.sqlite") as db:
        db.execute("UPDATE policy SET sealed = ?", (b"x" * 100,))
    with pytest.raises(StoreDamaged):
        _ = home.policy


def test_one_who_can_write_the_book_adopts_no_proposal(home: Home) -> None:
    propose(home, STRICTER, "Li")
    with sqlite3.connect(home.path / "book.sqlite") as db:
        db.execute("UPDATE policy SET sealed = (SELECT sealed FROM policy_proposal)")
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        _ = home.policy
    adopt(home, DEFAULT)  # two stewards mend it
    assert home.policy.text == DEFAULT


def test_a_policy_that_was_in_use_before_is_not_put_back(enterprise: Enterprise) -> None:
    site = enterprise.sites[0]
    path = site.home.path / "book.sqlite"
    rows = []
    for text in (STRICTER, DEFAULT + "\n", STRICTER):
        with sqlite3.connect(path) as db:
            rows += db.execute("SELECT sealed FROM policy").fetchone()
        adopt(site.home, text)
    for earlier in rows:
        with sqlite3.connect(path) as db:
            db.execute("UPDATE policy SET sealed = ?", (earlier,))
        verdict = tell(site, Proposal(enterprise.order()))
        assert isinstance(verdict, Verdict)
        assert verdict.reason == "key_unwrap_failed"


def test_what_is_approved_is_what_is_read(home: Home) -> None:
    """The book's digest is in the clear: what waits opens under that digest only, and is compared with it."""
    other = propose(home, DEFAULT + "\n", "Li").digest
    with sqlite3.connect(home.path / "book.sqlite") as db:
        (sealed,) = db.execute("SELECT sealed FROM policy_proposal").fetchone()
    shown, before = propose(home, STRICTER, "Li").digest, home.policy.digest
    resealed = home.keys.wrap(
        f"policy-proposal/{shown.hex()}", home.keys.unwrap(f"policy-proposal/{other.hex()}", sealed)
    )
    for swapped, code in ((sealed, "key_unwrap_failed"), (resealed, "policy_proposal_missing")):
        with sqlite3.connect(home.path / "book.sqlite") as db:
            db.execute("UPDATE policy_proposal SET sealed = ?", (swapped,))
        with pytest.raises(XinqiaoError, match=code):
            approve(home, shown.hex(), "Wang")
    assert home.policy.digest == before


def test_a_policy_without_a_newer_programs_floor_is_in_use_no_more(home: Home) -> None:
    weak = read_policy(DEFAULT.replace("context.people < 500", "context.people < 5"))
    with home.book.transaction() as book:
        home.use_policy(book, weak, adopted_in=0)
    with pytest.raises(UsageInvalid, match="policy_floor_missing"):
        _ = home.policy


def test_a_job_keeps_the_policy_that_it_was_decided_under(enterprise: Enterprise) -> None:
    site = enterprise.sites[0]
    order = enterprise.order()
    tell(site, Proposal(order))
    before = site.home.policy.digest.hex()
    adopt(site.home)
    site.node.leave(order.body.digest, "steward")
    outcome = site.home.book.events()[-1]
    assert (outcome.kind, outcome.policy_digest) == (Kind.OUTCOME, before)
