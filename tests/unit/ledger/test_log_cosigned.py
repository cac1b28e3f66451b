"""The log keeps its cosigned notes: its own only, all signers of a size together, newest first."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.ledger import ORIGIN, Node
from xinqiao_governance.errors import ProofError, StoreDamaged, WireInvalid
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, cosign, sign
from xinqiao_ledger.database import open_database
from xinqiao_ledger.event import Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey

Where = Path | str
KEY, FIRST, SECOND = (SigningKey.generate() for _ in range(3))


@pytest.fixture
def log(where: Where) -> Iterator[Log]:
    log = Log(where, KEY, ORIGIN)
    grow(log, Node("a"), 5)
    yield log
    log.close()


def grow(log: Log, node: Node, count: int) -> None:
    log.append([node.write(Kind.CONFIRM).leaf for _ in range(count)])


def line(note: str, name: str, key: SigningKey, time: int = 1_800_000_000) -> str:
    return cosign(SignedCheckpoint.parse(note).checkpoint, name, key, time)


def test_a_log_without_cosigned_notes_has_none(log: Log) -> None:
    log.checkpoint()
    assert log.cosigned() is None
    assert log.cosigned_notes() == []


def test_signers_of_one_size_are_kept_together(log: Log, where: Where) -> None:
    note = log.checkpoint()
    first, second = line(note, "w1", FIRST), line(note, "w2", SECOND)
    log.keep_cosigned(note + first)
    log.keep_cosigned(note + second)
    assert log.cosigned() == note + first + second
    with closing(Log(where, KEY, ORIGIN)) as again:
        assert again.cosigned(5) == note + first + second


def test_of_one_signer_the_last_line_is_kept(log: Log) -> None:
    note = log.checkpoint()
    for time in range(1_800_000_000, 1_800_000_300):  # more than a note may have lines
        log.keep_cosigned(note + line(note, "w1", FIRST, time))
    assert log.cosigned() == note + line(note, "w1", FIRST, 1_800_000_299)


def test_a_name_alone_makes_no_signer(log: Log) -> None:
    note = log.checkpoint()
    both = line(note, "w1", FIRST) + line(note, "w1", SECOND)
    log.keep_cosigned(note + both)
    assert log.cosigned() == note + both


def test_the_newest_that_covers_is_returned(log: Log) -> None:
    older = log.checkpoint()
    grow(log, Node("b"), 3)
    newer = log.checkpoint()
    log.keep_cosigned(newer + line(newer, "w1", FIRST))
    log.keep_cosigned(older + line(older, "w1", FIRST))
    grow(log, Node("c"), 1)
    newest = newer + line(newer, "w1", FIRST)
    assert log.cosigned(5) == log.cosigned(8) == newest
    assert log.cosigned(9) is None
    assert log.cosigned_notes() == [newest, older + line(older, "w1", FIRST)]


def test_only_what_this_log_signed_is_kept(log: Log) -> None:
    head = Checkpoint(ORIGIN, 5, log.root())
    foreign = Checkpoint("log.example/other", 5, log.root())
    forged = log.checkpoint().replace("\n5\n", "\n4\n")
    for note in (sign(head, SigningKey.generate()), sign(foreign, KEY), forged):
        with pytest.raises(ProofError):
            log.keep_cosigned(note)
    with pytest.raises(WireInvalid):
        log.keep_cosigned("")
    assert log.cosigned() is None


@pytest.mark.parametrize("size", [4, 5, 6])
def test_a_note_of_another_history_under_the_same_key_is_refused(log: Log, size: int) -> None:
    with pytest.raises(StoreDamaged, match="log_rolled_back"):
        log.keep_cosigned(sign(Checkpoint(ORIGIN, size, bytes(32)), KEY))
    assert log.cosigned() is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cosigned SET note = replace(note, 'a', 'b')",
        "UPDATE cosigned SET note = 'text'",
        "UPDATE cosigned SET size = 4",
        "UPDATE cosigned SET note = replace(note, 'log.example', 'log.other')",
    ],
)
def test_a_kept_note_that_was_changed_is_found_when_it_is_read(log: Log, where: Where, sql: str) -> None:
    note = log.checkpoint()
    log.keep_cosigned(note + line(note, "w1", FIRST))
    with closing(open_database(where, "")) as database, database.transaction():
        database.run(sql)
    with pytest.raises(StoreDamaged):
        log.cosigned()


def test_a_note_of_entries_that_are_gone_is_found_when_it_is_read(log: Log, where: Where) -> None:
    log.keep_cosigned(log.checkpoint())
    with closing(open_database(where, "")) as database, database.transaction():
        database.run("DELETE FROM checkpoints")
        database.run("DELETE FROM entry WHERE idx >= 3")
    with closing(Log(where, KEY, ORIGIN)) as again, pytest.raises(StoreDamaged, match="log_rolled_back"):
        again.cosigned()


def test_notes_of_a_log_that_another_process_grew_are_kept(log: Log, where: Where) -> None:
    with closing(Log(where, KEY, ORIGIN)) as beside:
        grow(beside, Node("b"), 2)
        note = beside.checkpoint()
    log.keep_cosigned(note)
    assert log.cosigned(7) == note


def test_a_note_that_another_process_kept_is_read(log: Log, where: Where) -> None:
    with closing(Log(where, KEY, ORIGIN)) as beside:
        grow(beside, Node("b"), 2)
        beside.keep_cosigned(note := beside.checkpoint())
    assert log.cosigned(7) == note


def test_too_many_signers_are_refused_and_what_was_kept_stays(log: Log) -> None:
    note = log.checkpoint()
    most = note + "".join(line(note, f"w{n}", FIRST) for n in range(4_095))
    log.keep_cosigned(most)
    with pytest.raises(WireInvalid):
        log.keep_cosigned(note + line(note, "w4095", FIRST))
    assert log.cosigned() == most
