"""Reading a log without its key: filters, order, and what does not stand in the tree."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from simulators.ledger import Node, hexed
from xinqiao_governance.errors import ProofError, StoreDamaged, UsageInvalid
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.ids import the_only
from xinqiao_ledger.log import Log
from xinqiao_ledger.reader import Reader, Wanted
from xinqiao_ledger.signing import SigningKey

START = 1_700_000_000
KEY = SigningKey.generate()


@pytest.fixture
def events(where: Path | str) -> list[Event]:
    """A log with 2,100 entries, more than a page."""
    nodes = [Node("a"), Node("b")]
    written = []
    for number in range(2_100):
        kind = Kind.DECISION if number % 3 else Kind.CONFIRM
        fields: dict[str, Any] = {}
        if kind is Kind.DECISION:
            fields = {"decision": "allow" if number % 2 else "refuse", "purpose": f"用途 {number % 5}"}
            fields["job"] = hexed("job", number // 100)
        written.append(nodes[number % 2].write(kind, time=START + number // 2, dataset="staff", **fields))
    log = Log(where, KEY, "test.log/1")
    log.append([event.leaf for event in written])
    log.checkpoint()
    log.close()
    return written


@pytest.fixture
def reader(where: Path | str, events: list[Event]) -> Iterator[Reader]:
    reader = Reader(where, origin="test.log/1", log_key=KEY.public)
    yield reader
    reader.close()


FILTERS: list[tuple[dict[str, Any], Callable[[int, Event], bool]]] = [
    ({}, lambda n, event: True),
    ({"kinds": (Kind.CONFIRM,)}, lambda n, event: event.kind is Kind.CONFIRM),
    ({"kinds": (Kind.CONFIRM, Kind.DECISION)}, lambda n, event: True),
    ({"job": hexed("job", 7)}, lambda n, event: event.job == hexed("job", 7)),
    ({"decision": "refuse"}, lambda n, event: event.decision == "refuse"),
    ({"purpose": "用途 3"}, lambda n, event: event.purpose == "用途 3"),
    ({"purpose": "nothing"}, lambda n, event: False),
    ({"dataset": "staff", "decision": "allow"}, lambda n, event: event.decision == "allow"),
    ({"dataset": "sta"}, lambda n, event: False),
    ({"since": START + 700}, lambda n, event: event.time >= START + 700),
    ({"until": START + 700}, lambda n, event: event.time < START + 700),
    ({"since": START + 5, "until": START + 7}, lambda n, event: START + 5 <= event.time < START + 7),
    ({"since": START + 9_000}, lambda n, event: False),
]


def test_what_fits_comes_in_order_from_either_end(reader: Reader, events: list[Event]) -> None:
    for wanted, fits in FILTERS:
        expected = [(n, event) for n, event in enumerate(events) if fits(n, event)]
        assert list(reader.find(Wanted(**wanted))) == expected
        assert list(reader.find(Wanted(**wanted), newest_first=True)) == expected[::-1]
        assert list(reader.find(Wanted(**wanted), limit=3)) == expected[:3]


def test_a_writer_is_found_by_its_fingerprint_or_its_start(reader: Reader, events: list[Event]) -> None:
    node = events[0].node
    assert the_only(reader.nodes, node[:16]) == node
    assert the_only(reader.jobs, hexed("job", 7)[:16]) == hexed("job", 7)
    found = list(reader.find(Wanted(node=node)))
    assert found == [(n, event) for n, event in enumerate(events) if event.node == node]
    with pytest.raises(UsageInvalid, match="id_unknown"):
        the_only(reader.nodes, hexed("nobody"))


def test_a_log_finds_marks_hashes_and_jobs_in_either_database(where: Path | str, events: list[Event]) -> None:
    log, node = Log(where, KEY, "test.log/1"), events[0].node
    assert log.last_before(node, START + 10, len(events)) == 18
    assert log.last_before(node, START, len(events)) is None
    assert log.first_from(node, START + 10, len(events)) == 20
    assert log.first_from(node, START + 10, 20) is None
    assert log.indices_of_hash(events[7].hash, events[7].hash) == [7]
    assert log.indices_of_hash(bytes(32), bytes(32)) == []
    job = hexed("job", 3)
    assert log.jobs(bytes.fromhex(job), bytes.fromhex(job)) == [job]
    log.close()


def test_the_same_text_in_another_field_does_not_fit(tmp_path: Path) -> None:
    node = Node("a")
    said = node.write(Kind.CONFIRM, reason='x","dataset":"staff')
    log = Log(tmp_path / "log.sqlite", KEY, "test.log/1")
    log.append([said.leaf])
    log.close()
    with closing(Reader(tmp_path / "log.sqlite")) as reader:
        assert list(reader.find(Wanted(dataset="staff"))) == []


def damaged(tmp_path: Path, *statements: str) -> Path:
    path, node = tmp_path / "log.sqlite", Node("a")
    log = Log(path, KEY, "test.log/1")
    log.append([node.write(Kind.CONFIRM).leaf for _ in range(5)])
    log.checkpoint()
    log.close()
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET leaf = replace(leaf, 'steward', 'auditor') WHERE idx = 3",
        "UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE idx = 2) WHERE idx = 3",
    ],
)
def test_an_entry_that_is_not_the_trees_is_not_shown(tmp_path: Path, statement: str) -> None:
    with closing(Reader(damaged(tmp_path, statement))) as reader:
        assert len(list(reader.find(Wanted(), limit=3))) == 3
        with pytest.raises(StoreDamaged, match="log_entry_damaged"):
            list(reader.find(Wanted()))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entry WHERE idx = 4",
        "DELETE FROM entry WHERE idx = 2",
        "UPDATE entry SET hash = zeroblob(32) WHERE idx = 3",
        "UPDATE entry SET hash = 'x' WHERE idx = 3",
    ],
)
def test_a_log_that_its_checkpoint_does_not_fit_is_not_read(tmp_path: Path, statement: str) -> None:
    with pytest.raises(StoreDamaged):
        Reader(damaged(tmp_path, statement))


def test_a_log_of_another_name_or_key_is_not_read(tmp_path: Path) -> None:
    path = damaged(tmp_path)
    Reader(path, origin="test.log/1", log_key=KEY.public).close()
    with pytest.raises(StoreDamaged, match="log_rolled_back"):
        Reader(path, origin="test.log/2")
    with pytest.raises(ProofError, match="checkpoint_unsigned"):
        Reader(path, log_key=SigningKey.generate().public)
