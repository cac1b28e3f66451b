"""The department's own journal as its steward reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.enterprise import Enterprise, HandCentre, Site, found, tell
from xinqiao_clients.access import give, revoke
from xinqiao_clients.journal import Entry, journal
from xinqiao_clients.policies import propose
from xinqiao_clients.policy_files import default_policy
from xinqiao_clients.rotation import rotate
from xinqiao_governance.canonical import dumps
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.errors import StoreDamaged
from xinqiao_governance.messages import LANGUAGES, MESSAGES
from xinqiao_governance.order import Output
from xinqiao_governance.wire import MaskedVector
from xinqiao_ledger.event import Event, Kind

NAME, OTHER = "李梅", "王芳"


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    """One job from approval to closing, grant and policy, a refused order, and a person who is forgotten."""
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")), 3)
    site = enterprise.sites[0]
    order = enterprise.order(answers=2)
    site.home.approve(order, NAME)
    site.home.approve(order, OTHER)
    rotate(site.home, NAME)
    hand = HandCentre(enterprise, order)
    hand.propose()
    assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)
    tell(site, hand.closing())
    _govern(site, enterprise.now[0])
    HandCentre(enterprise, enterprise.order(answers=2, approve=False)).propose()
    site.log = None
    site.home.forget(OTHER, NAME)
    yield enterprise
    enterprise.close()


def _govern(site: Site, now: int) -> None:
    """A grant given and taken back, and a policy proposed."""
    what = {"role": "cadre", "output": Output.LOCAL_RESULT, "tier": Tier.SENSITIVE}
    grant = give(site.home, NAME, **what, purpose="career_development", expires=now + 1)
    revoke(site.home, grant.digest.hex(), NAME)
    propose(site.home, default_policy().text, NAME)


@pytest.fixture
def site(enterprise: Enterprise) -> Site:
    return enterprise.sites[0]


def last(site: Site, kind: Kind) -> Entry:
    return [entry for entry in journal(site.home) if entry.event.kind is kind][-1]


def test_every_event_is_there_with_whoever_can_still_be_named(site: Site) -> None:
    entries = journal(site.home)
    assert [entry.event for entry in entries] == site.home.book.events()
    approvals = [entry for entry in entries if entry.event.kind is Kind.APPROVE]
    assert [(entry.name, entry.erased) for entry in approvals] == [
        ("steward", False),
        (NAME, False),
        (None, True),
    ]
    assert (last(site, Kind.ERASE).name, last(site, Kind.INTENT).name) == (NAME, None)
    assert [entry.logged for entry in entries] == [True] * (len(entries) - 1) + [False]


def test_a_part_begins_where_it_is_asked_to(site: Site) -> None:
    assert [entry.event.seq for entry in journal(site.home, 3, 2)] == [3, 4]
    assert journal(site.home, 1_000) == []


def test_a_line_says_who_what_for_and_how_it_went(site: Site) -> None:
    reserve, refused = last(site, Kind.RESERVE), last(site, Kind.DECISION)
    assert (
        "the node: reserved privacy budget; dataset staff; purpose career_development; job "
        in reserve.line("en")
    )
    assert reserve.line("en").endswith("budget ε 1")
    assert refused.line("en").endswith("refused; " + MESSAGES["approval_missing"][1])
    assert refused.line("zh").endswith("拒绝; " + MESSAGES["approval_missing"][0])
    assert last(site, Kind.OUTCOME).line("en").endswith("completed")
    assert "step 1" in last(site, Kind.RELEASE).line("en")
    assert last(site, Kind.ERASE).line("en").endswith(f"{NAME}: forgot a person; waits for the log")
    approvals = [entry for entry in journal(site.home) if entry.event.kind is Kind.APPROVE]
    assert "（已遗忘）: 批准订单" in approvals[-1].line("zh")


def test_every_kind_a_department_writes_reads_in_both_languages(site: Site) -> None:
    kinds = {entry.event.kind for entry in journal(site.home)}
    assert kinds == set(Kind) - {Kind.ORDER, Kind.STEP, Kind.PUBLISH, Kind.EPOCH, Kind.CHECKPOINT}
    assert {f"journal_kind_{kind}" for kind in kinds | {Kind.EPOCH}} <= MESSAGES.keys()
    for entry in journal(site.home):
        for language in LANGUAGES:
            assert "\n" not in entry.line(language)
            assert entry.line(language).startswith(f"{entry.event.seq}  ")


def test_programs_get_the_event_and_what_only_we_know(site: Site) -> None:
    entry = last(site, Kind.ERASE)
    plain = entry.to_json()
    assert plain == {**entry.event.to_json(), "name": NAME, "erased": False, "logged": False}
    assert dumps(plain)


def test_an_event_of_before_names_were_sealed_shows_its_pseudonym() -> None:
    old = Event(
        kind=Kind.CONFIRM,
        node="11" * 32,
        seq=1,
        prev="0" * 64,
        time=7,
        actor="ab",
        role="steward",
        action="a",
    )
    entry = Entry(old, None, True)
    assert not entry.erased
    assert "  ab: confirmed a department" in entry.line("en")


def test_a_name_that_stands_in_another_event_is_said_to_be_damage(tmp_path: Path) -> None:
    enterprise = found(tmp_path, 1)
    try:
        home = enterprise.sites[0].home
        home.confirm(bytes(32), "a", NAME)
        sealed = home.book.events()[-1].sealed
        with home.book.transaction() as book:
            actor = home.acting(book, NAME).pseudonym(enterprise.now[0])
            book.record(kind=Kind.CONFIRM, actor=actor, role="steward", action="a", sealed=sealed)
        with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
            journal(home)
    finally:
        enterprise.close()
