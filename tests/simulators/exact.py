"""What must hold on the disk of an enterprise whatever was killed, read with nothing running."""

import sqlite3
from collections import Counter
from itertools import pairwise
from pathlib import Path

from simulators.works import Works
from xinqiao_clients.home import PERIOD, Home
from xinqiao_governance.canonical import loads
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.log import Log
from xinqiao_platform.centre import Centre

Steps = dict[tuple[str, int], str]


def require_exact(works: Works, *, delivered: bool) -> None:
    """Budgets, journals, log and burned steps agree. With `delivered` every journal is whole in the log."""
    centre = Centre(works.centre)  # it checks its last checkpoint as it opens
    try:
        _require_log(centre)
        asked = _logged_steps(centre)
        statements: Steps = {}
        for name in works.names:
            with works.home(name) as home:
                events = home.book.events()
                _require_chain(events, home.identity.fingerprint.hex())
                _require_delivered(centre.log, home, events, whole=delivered)
                _require_budget(home, events, works.cap)
                _require_one_vector_a_step(home, events, statements)
                _require_witness(centre.log, works.home_path(name))
        for key, statement in asked.items():
            assert statements.get(key, statement) == statement, f"another statement than was logged: {key}"
    finally:
        centre.close()


def _rows(path: Path, query: str) -> list[tuple]:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def _require_chain(events: list[Event], node: str) -> None:
    assert [event.seq for event in events] == list(range(1, len(events) + 1)), node
    assert {event.node for event in events} <= {node}
    assert [event.prev for event in events[:1]] in ([], [GENESIS])
    assert all(after.prev == before.hash.hex() for before, after in pairwise(events)), node


def _require_log(centre: Centre) -> None:
    log = centre.log
    assert log.forks() == []
    operator = centre.operator.fingerprint.hex()
    head = log.head(operator)
    if head is not None:
        leaves = log.entries_of_node(operator, 1, head[0])
        _require_chain([Event.decode(leaf) for _, leaf in sorted(leaves.items())], operator)
    for (note,) in _rows(centre.path / "log.sqlite", "SELECT note FROM checkpoints"):
        signed = SignedCheckpoint.parse(note)
        signed.verify_log(log.public)
        assert signed.checkpoint.root == log.root(signed.checkpoint.size)


def _logged_steps(centre: Centre) -> Steps:
    """Return each logged step's statement; a step logged twice is a failed test."""
    found: Steps = {}
    for leaf in centre.log.entries(0, centre.log.size):
        event = Event.decode(leaf)
        if event.kind is Kind.STEP:
            key = (event.job or "", event.step or 0)
            assert key not in found, f"logged twice: {key}"
            found[key] = event.statement or ""
    return found


def _require_delivered(log: Log, home: Home, events: list[Event], *, whole: bool) -> None:
    """The log holds the journal from its start; what it lacks is what the department still owes."""
    node = home.identity.fingerprint.hex()
    held = sorted(log.entries_of_node(node, 1, len(events) + 1).items())
    assert [leaf for _, leaf in held] == [event.leaf for event in events[: len(held)]], node
    owed = {event.seq for event in home.book.pending(len(events) + 1)}
    assert set(range(len(held) + 1, len(events) + 1)) <= owed, node
    assert len(held) == len(events) or not whole, f"{node} owes {len(events) - len(held)} events"


def _require_budget(home: Home, events: list[Event], cap: Spend) -> None:
    """What is spent is what the journal reserved, each order once, and within the cap."""
    reserved = [event for event in events if event.kind is Kind.RESERVE]
    assert max(Counter(event.job for event in reserved).values(), default=1) == 1, "an order charged twice"
    spends = [event.spend for event in reserved if event.spend is not None]
    total = Spend(sum(s.epsilon_micro for s in spends), sum(s.delta_nano for s in spends))
    assert home.book.spent("staff", PERIOD) == total
    assert total.epsilon_micro <= cap.epsilon_micro
    assert total.delta_nano <= cap.delta_nano
    charged = {row[0].hex() for row in _rows(home.path / "book.sqlite", "SELECT request FROM spend")}
    assert charged == {event.job for event in reserved}


def _require_one_vector_a_step(home: Home, events: list[Event], statements: Steps) -> None:
    """Each release is of a burned step, under its statement, and the only one; no step has two statements."""
    path = home.path / "book.sqlite"
    burned = {(row[0].hex(), row[1]): row[2].hex() for row in _rows(path, "SELECT * FROM burn")}
    answers = {
        row[0].hex(): Signed.parse(loads(row[1]), Order).body.answers
        for row in _rows(path, "SELECT digest, signed_order FROM job")
    }
    for job, count in Counter(job for job, _ in burned).items():
        assert count <= answers[job], "more answers than ordered"
    released = [
        ((event.job or "", event.step or 0), event.statement)
        for event in events
        if event.kind is Kind.RELEASE
    ]
    assert len(released) == len(dict(released)), "two vectors for one step"
    assert all(burned[key] == statement for key, statement in released)
    for key, statement in burned.items():
        assert statements.setdefault(key, statement) == statement, f"two statements for one step: {key}"


def _require_witness(log: Log, home: Path) -> None:
    for size, root in _rows(home / "witness.sqlite", "SELECT size, root FROM heads"):
        assert log.root(size) == root
