"""Subjects: sealed names and pseudonyms, which a destroyed key makes nobody's; every proof still holds."""

import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import (
    CAP,
    CONTRACT,
    Enterprise,
    bundle_of,
    dataset,
    found,
    run_job,
    table,
    trust_of,
)
from simulators.kills import run_script
from xinqiao_clients import subjects
from xinqiao_clients.book import _FORMS, _SCHEMA, Book
from xinqiao_clients.home import Home, Settings
from xinqiao_clients.journal import journal
from xinqiao_clients.keys import Keys
from xinqiao_clients.local_layer import fit
from xinqiao_governance.errors import StoreDamaged, UsageInvalid
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.fsck import fsck
from xinqiao_ledger.report import Status
from xinqiao_ledger.verify import verify
from xinqiao_models import local

PASSPHRASE = "correct horse battery staple"
SETTINGS = Settings("north", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)
NAME = "李梅 of the synthetic staff"
OTHER = "王芳"
QUARTER_S = 7_889_400
START = 1_800_000_000 // QUARTER_S * QUARTER_S + 86_400


@pytest.fixture
def now() -> list[int]:
    return [START]


@pytest.fixture
def home(tmp_path: Path, now: list[int]) -> Iterator[Home]:
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, clock=lambda: now[0])
    yield home
    home.close()


def act(home: Home, name: str = NAME) -> Event:
    """A person confirms a department; the event."""
    home.confirm(bytes([7] * 32), "south", name)
    return home.book.events()[-1]


def key_of(home: Home, name: str = NAME) -> bytes:
    tag = subjects.tag(home.keys, name)
    return home.keys.unwrap(f"subject/{tag.hex()}", home.book.subjects()[tag])[:32]


def files(home: Home) -> bytes:
    return b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())


# ---- pseudonyms --------------------------------------------------------------------------------------


def test_a_person_has_one_pseudonym_a_quarter_and_another_in_the_next(home: Home, now: list[int]) -> None:
    first, again, other = act(home), act(home), act(home, OTHER)
    now[0] += QUARTER_S
    later = act(home)
    assert first.actor == again.actor
    assert len({first.actor, other.actor, later.actor}) == 3
    assert len(first.actor) == 32
    assert [entry.name for entry in journal(home)] == [NAME, NAME, OTHER, NAME]


def test_two_ways_to_type_a_name_are_one_person(home: Home) -> None:
    assert act(home, "Jose\u0301").actor == act(home, " Jos\u00e9 ").actor
    assert len(home.book.subjects()) == 1


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "two\nlines",
        "a\u202eb",
        "x" * 201,
        *(f"王{unseen}芳" for unseen in "\u200b\u034f\u115f\u1160\u180b\u2800\u3164\ufe0f\uffa0\U000e0100"),
    ],
)
def test_what_is_no_name_acts_in_nothing(home: Home, name: str) -> None:
    with pytest.raises(UsageInvalid, match="subject_name_invalid"):
        act(home, name)
    assert (home.book.count_events(), home.book.subjects(), home.book.peers()) == (0, {}, {})


def test_a_person_is_known_again_by_another_process(home: Home, now: list[int]) -> None:
    first = act(home)
    again = Home.open(home.path, PASSPHRASE, clock=lambda: now[0])
    assert act(again).actor == first.actor
    again.close()


def test_two_homes_give_one_person_two_pseudonyms(home: Home, tmp_path: Path) -> None:
    other = Home.create(tmp_path / "other", SETTINGS, PASSPHRASE, clock=home.clock)
    assert act(other).actor != act(home).actor
    other.close()


# ---- sealed names ------------------------------------------------------------------------------------


def test_the_sealed_field_shows_neither_the_name_nor_how_long_it_is(home: Home) -> None:
    short, long = act(home, "王"), act(home, "a name of just fifty-two letters, or close to that.")
    assert short.sealed is not None
    assert long.sealed is not None
    assert len(short.sealed) == len(long.sealed) == 2 * (12 + 64 + 16)
    assert act(home, "王").sealed != short.sealed  # a fresh nonce: equal names are not equal bytes
    assert NAME.encode() not in act(home).leaf


def test_the_longest_name_fits(home: Home) -> None:
    name = "\U00020000" * 200
    act(home, name)
    assert journal(home)[-1].name == name


def test_a_sealed_name_opens_in_its_own_event_only(home: Home) -> None:
    first, second = act(home), act(home)
    (actor,) = home.subjects()
    assert actor.open(first) == actor.open(second) == NAME
    node = "ab" * 32
    for moved in (replace(second, sealed=first.sealed), replace(first, node=node)):
        with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
            actor.open(moved)


def test_every_flipped_bit_of_a_sealed_name_is_seen(home: Home) -> None:
    event = act(home)
    (actor,) = home.subjects()
    sealed = bytes.fromhex(event.sealed or "")
    for place in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[place] ^= 1 << place % 8
        with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
            actor.open(replace(event, sealed=flipped.hex()))


def test_a_row_of_the_subjects_opens_under_its_own_tag_only(home: Home) -> None:
    act(home), act(home, OTHER)
    rows = home.book.subjects()
    (one, sealed), (two, _) = rows.items()
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        subjects.unseal(home.keys, two, sealed)
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        subjects.unseal(Keys.draw(), one, sealed)


def test_whoever_shows_an_actor_shows_no_name(home: Home) -> None:
    act(home)
    assert NAME not in repr(home.subjects())


def test_a_service_has_no_name_and_stays_as_it_was(home: Home) -> None:
    with home.book.transaction() as book:
        event = book.record(kind=Kind.CONFIRM, by=home.service, action="confirm")
    assert (event.role, event.sealed) == ("service", None)
    assert b'"v":1}' in event.leaf
    assert home.book.subjects() == {}


def test_a_subject_goes_with_the_event_that_needed_it(home: Home) -> None:
    """What is rolled back leaves no key behind."""
    with pytest.raises(RuntimeError), home.book.transaction() as book:
        home.acting(book, NAME)
        raise RuntimeError
    assert home.book.subjects() == {}


# ---- erasure -----------------------------------------------------------------------------------------


def test_a_forgotten_person_is_in_no_file_and_cannot_be_linked(home: Home, now: list[int]) -> None:
    first = act(home)
    key, row = key_of(home), home.book.subjects()[subjects.tag(home.keys, NAME)]
    now[0] += QUARTER_S
    second = act(home)
    assert row in files(home)
    assert home.forget(NAME, OTHER)
    kept = files(home)
    for secret in (row, key, key.hex().encode(), NAME.encode(), subjects.tag(home.keys, NAME)):
        assert secret not in kept
    assert [entry.erased for entry in journal(home)] == [True, True, False]
    # The holder of every key that is left, and of the name, finds no way to either pseudonym or seal.
    tag = subjects.tag(home.keys, NAME)
    for root in (home.keys, Keys(home.keys.derive("service")), Keys(tag), *(a.keys for a in home.subjects())):
        tried = subjects.Actor(root, "steward", NAME)
        assert {tried.pseudonym(event.time) for event in (first, second)}.isdisjoint(
            {first.actor, second.actor}
        )
        for event in (first, second):
            with pytest.raises(StoreDamaged):
                tried.open(event)


def test_the_event_says_who_forgot_and_nothing_of_whom(home: Home) -> None:
    forgotten = act(home)
    home.forget(NAME, OTHER)
    entry = journal(home)[-1]
    event = entry.event
    assert (event.kind, event.role, event.action, entry.name) == (Kind.ERASE, "steward", "erase", OTHER)
    assert event.actor != forgotten.actor
    said = {name for name, value in vars(event).items() if value is not None and name not in {"leaf", "hash"}}
    assert said == {"kind", "node", "seq", "prev", "time", "actor", "role", "action", "sealed"}


def test_people_may_forget_themselves_and_come_back_as_others(home: Home) -> None:
    before = act(home)
    home.forget(NAME, NAME)
    assert home.book.subjects() == {}
    assert [entry.erased for entry in journal(home)] == [True, True]
    after = act(home)
    assert after.actor != before.actor
    assert [entry.name for entry in journal(home)] == [None, None, NAME]


def test_nobody_is_forgotten_who_is_not_known(home: Home) -> None:
    act(home)
    with pytest.raises(UsageInvalid, match="subject_unknown"):
        home.forget(OTHER, OTHER)
    assert (len(home.book.subjects()), home.book.count_events()) == (1, 1)


def test_old_pages_that_another_reader_holds_are_said_and_go_with_the_next_call(home: Home) -> None:
    act(home)
    row = home.book.subjects()[subjects.tag(home.keys, NAME)]
    home.book._db.execute("PRAGMA busy_timeout = 50")
    reader = sqlite3.connect(home.path / "book.sqlite")
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM subject").fetchone()
    assert not home.forget(NAME, OTHER)
    reader.close()
    with pytest.raises(UsageInvalid, match="subject_unknown"):
        home.forget(NAME, OTHER)
    assert row not in files(home)


@pytest.mark.slow
def test_kill_9_while_forgetting_leaves_a_whole_person_or_none(home: Home, tmp_path: Path) -> None:
    act(home)
    row = home.book.subjects()[subjects.tag(home.keys, NAME)]
    home.close()
    script = """
        import shutil, sys
        from pathlib import Path
        from simulators.kills import kill_at_each
        from xinqiao_clients.home import Home

        def forget(path, points):
            home = Home.open(path, "correct horse battery staple", clock=lambda: 0)
            home.book._db.set_trace_callback(points.reach)
            home.forget("李梅 of the synthetic staff", "other")
            points.reach()

        kill_at_each(Path(sys.argv[1]), Path(sys.argv[2]), forget)
    """
    target = tmp_path / "killed"
    target.mkdir()
    run_script(script, home.path, target)
    seen = set()
    for path in sorted(target.iterdir()):
        killed = Home(path, home.settings, home.keys, home.clock)
        known, events = len(killed.book.subjects()), killed.book.events()
        erased = [event.kind for event in events].count(Kind.ERASE)
        killed.tidy()  # as an agent that starts does
        assert (row in files(killed)) == (erased == 0)
        killed.close()
        seen.add((known, len(events), erased))
    assert seen == {(1, 1, 0), (1, 2, 1)}


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")), 3, people=400)
    yield enterprise
    enterprise.close()


def test_every_proof_holds_before_and_after_somebody_is_forgotten(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bundles of before, of after, and the log; of a person who approved orders and used data locally."""
    monkeypatch.setattr(local, "_TREES", 8)
    order = enterprise.order(answers=2, approve=False)
    for site in enterprise.sites:
        site.home.approve(order, NAME)
    result = run_job(enterprise, order)[0]
    home = enterprise.sites[0].home
    fit(home, order.body.digest, result.model.encode(), NAME)
    kinds = {entry.event.kind for entry in journal(home) if entry.name == NAME}
    assert kinds == {Kind.APPROVE, Kind.DECISION, Kind.INTENT, Kind.OUTCOME}
    before = bundle_of(enterprise, result)
    for site in enterprise.sites:
        assert site.home.forget(NAME, OTHER)
    later = run_job(enterprise, enterprise.order(answers=2))[0]  # its journals bring the erasures to the log
    assert enterprise.centre.log.entries_of_job(order.body.digest.hex(), Kind.APPROVE)
    trust = trust_of(enterprise)
    for data in (before, bundle_of(enterprise, result), bundle_of(enterprise, later)):
        report = verify(data, trust)
        assert [finding for finding in report.findings if finding.status is Status.FAIL] == []
        assert all(finding.status is Status.PASS for finding in report.findings[:8])
        assert NAME.encode() not in data
    assert [entry.name for entry in journal(home) if entry.event.job == order.body.digest.hex()] == [None] * 7
    enterprise.centre.log.checkpoint()
    log = enterprise.centre.log
    assert fsck(enterprise.centre.path / "log.sqlite", origin=log.origin, log_key=trust.log_key).damages == ()


def test_an_import_by_a_person_is_sealed_too(home: Home) -> None:
    home.adopt(dataset(), CONTRACT, home.store.write(dataset(), table(1)), CAP, NAME)
    assert [(entry.event.kind, entry.name) for entry in journal(home)] == [(Kind.IMPORT, NAME)]


# ---- books of before ---------------------------------------------------------------------------------


def test_a_book_of_the_second_form_keeps_its_events_and_learns_subjects(tmp_path: Path) -> None:
    path, old = tmp_path / "book.sqlite", Event(
        kind=Kind.CONFIRM, node="11" * 32, seq=1, prev="0" * 64, time=7, actor="ab", role="r", action="a"
    )  # fmt: skip
    db = sqlite3.connect(path)
    db.executescript(_SCHEMA)
    for statement in _FORMS[0]:
        db.execute(statement)
    db.execute("INSERT INTO journal VALUES (1, ?, 0)", (old.leaf,))
    db.commit()
    db.close()
    book = Book(path, bytes([0x11] * 32), lambda: 8, create=False)
    actor, key = subjects.person(NAME)
    with book.transaction() as writing:
        writing.put_subject(b"tag", key)
        event = writing.record(kind=Kind.CONFIRM, by=actor, action="a")
    assert (event.seq, event.prev, event.time) == (2, old.hash.hex(), 8)
    assert book.events() == [old, event]
    assert book.subjects() == {b"tag": key}
    book.close()


def test_pages_that_were_split_and_joined_keep_nothing_of_a_removed_row(tmp_path: Path) -> None:
    book = Book(tmp_path / "book.sqlite", bytes(32), lambda: 0)
    rows = {secrets.token_bytes(32): secrets.token_bytes(60 + 2 * number) for number in range(100)}
    with book.transaction() as writing:
        for tag, sealed in rows.items():
            writing.put_subject(tag, sealed)
    for tag, sealed in list(rows.items())[::2]:
        with book.transaction() as writing:
            writing.remove_subject(tag)
            writing.put_subject(secrets.token_bytes(32), sealed[::-1])
        assert book.scrub()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    found_ = [any(sealed[n : n + 24] in kept for n in range(0, 60, 12)) for sealed in rows.values()]
    assert found_ == [False, True] * 50
    book.close()


def test_whose_name_was_taken_once_acts_and_is_forgotten(home: Home) -> None:
    """A name with a variation selector is a person's; such names were taken before they were refused."""
    name = "葛\U000e0100城"
    tag = subjects.tag(home.keys, name)
    with home.book.transaction() as book:
        actor, key = subjects.person(name)
        book.put_subject(tag, subjects.seal(home.keys, tag, actor, key))
    home.confirm(bytes([7] * 32), "south", name)
    assert home.forget(name, "steward")
    assert tag not in home.book.subjects()
