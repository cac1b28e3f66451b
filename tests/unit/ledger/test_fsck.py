"""A log is checked whole from its rows: what holds passes, and every damage is named."""

import multiprocessing
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.ledger import ORIGIN, Node
from xinqiao_governance.errors import NodeUnavailable, ProofError, StoreDamaged
from xinqiao_ledger import fsck as checks
from xinqiao_ledger.database import Value, open_database
from xinqiao_ledger.event import Kind
from xinqiao_ledger.fsck import Checked, fsck
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey

KEY = SigningKey.generate()
Where = Path | str


@pytest.fixture
def log(where: Where) -> Iterator[Log]:
    """Three nodes' events by turns, and checkpoints at 6 and 12."""
    with closing(Log(where, KEY, ORIGIN)) as log:
        nodes = [Node(name) for name in "abc"]
        for turn in range(4):
            for node in nodes:
                log.append([node.write(Kind.CONFIRM).leaf])
            if turn in (1, 3):
                log.checkpoint()
        yield log


def checked(where: Where) -> Checked:
    return fsck(where, origin=ORIGIN, log_key=KEY.public)


def tamper(where: Where, sql: str, *values: Value) -> None:
    with closing(open_database(where, "")) as database, database.transaction():
        database.run(sql, *values)


def test_a_log_that_holds(log: Log, where: Where) -> None:
    found = checked(where)
    assert found == Checked(12, log.root(), 2, (), 0, checked_against=KEY.public)
    assert "docs/RESTORE" not in "\n".join(found.lines("en"))


def test_whether_and_by_which_key_signatures_were_checked_is_said(log: Log, where: Where) -> None:
    """With a key, but only where the entries hold: otherwise nobody looked at the checkpoints."""
    for found, against in ((checked(where), KEY.public), (fsck(where), None)):
        assert found.to_json("en")["signatures_checked"] is (against is not None)
        assert found.to_json("en")["log_key"] == (against and against.hex())
        assert (KEY.public.hex(" ", 2) in found.lines("en")[1]) is (against is not None)
    tamper(where, "DELETE FROM entry WHERE idx = 5")
    assert checked(where).to_json("en")["signatures_checked"] is False
    assert any("was not checked" in line for line in checked(where).lines("en"))


def test_a_log_whose_end_is_gone_says_so_and_what_to_do(log: Log, where: Where) -> None:
    tamper(where, "DELETE FROM entry WHERE idx >= 7")
    found = checked(where)
    assert [(item.code, item.fields) for item in found.damages] == [
        ("fsck_end_lost", {"size": 12, "found": 7})
    ]
    assert "docs/RESTORE" in found.lines("en")[-1]


def test_who_claims_a_longer_log_must_have_signed_it(log: Log, where: Where, tmp_path: Path) -> None:
    stranger = SigningKey.generate()
    with closing(Log(tmp_path / "other.sqlite", stranger, ORIGIN)) as other:
        node = Node("d")
        other.append([node.write(Kind.IMPORT).leaf for _ in range(20)])
        note = other.checkpoint()
    with closing(open_database(where, "")) as database, database.transaction():
        database.run("UPDATE checkpoints SET size = 20, note = ? WHERE size = 12", note)
    assert [item.code for item in checked(where).damages] == ["fsck_checkpoint_differs"]


def test_a_file_that_is_no_whole_log_gives_no_verdict(tmp_path: Path) -> None:
    whole = tmp_path / "whole.sqlite"
    with closing(Log(whole, KEY, ORIGIN)) as log:
        node = Node("a")
        log.append([node.write(Kind.CONFIRM).leaf for _ in range(200)])
    data = whole.read_bytes()
    for name, left in (("half", data[: len(data) // 2]), ("text", b"name,pay\n" * 200), ("empty", b"")):
        path = tmp_path / name
        path.write_bytes(left)
        with pytest.raises(StoreDamaged, match="fsck_unreadable"):
            fsck(path)


def test_a_reader_that_the_system_ended_gives_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_SPAN", 1)
    with closing(Log(tmp_path / "log.sqlite", KEY, ORIGIN)) as log:
        node = Node("a")
        log.append([node.write(Kind.CONFIRM).leaf for _ in range(400)])

    def end_readers(_done: int, _size: int) -> None:
        for reader in multiprocessing.active_children():
            reader.kill()

    with pytest.raises(NodeUnavailable, match="fsck_reader_lost"):
        fsck(tmp_path / "log.sqlite", workers=2, progress=end_readers)


def test_an_empty_log_holds(where: Where) -> None:
    Log(where, KEY, ORIGIN).close()
    assert checked(where).count == 0


@pytest.mark.parametrize(
    ("damage", "codes"),
    [
        ("DELETE FROM entry WHERE idx = 5", {"fsck_entries_lost", "journal_gap"}),
        ("DELETE FROM entry WHERE idx BETWEEN 0 AND 2", {"fsck_entries_lost", "journal_gap"}),
        ("DELETE FROM entry WHERE idx >= 11", {"fsck_end_lost"}),
        ("UPDATE entry SET idx = 20 WHERE idx = 11", {"fsck_entries_lost"}),
        ("UPDATE entry SET time = time + 1 WHERE idx = 5", {"fsck_entry_differs"}),
        ("UPDATE entry SET kind = 'import' WHERE idx = 5", {"fsck_entry_differs"}),
        ("UPDATE entry SET seq = 9 WHERE idx = 5", {"fsck_entry_differs"}),
        ("UPDATE entry SET job = node WHERE idx = 5", {"fsck_entry_differs"}),
        (
            "UPDATE entry SET hash = (SELECT e.hash FROM entry AS e WHERE e.idx = 6) WHERE idx = 5",
            {"fsck_entry_differs"},
        ),
        (
            "UPDATE entry SET leaf = (SELECT e.leaf FROM entry AS e WHERE e.idx = 6) WHERE idx = 5",
            {"fsck_entry_differs", "journal_gap"},
        ),
        ("UPDATE checkpoints SET size = 5 WHERE size = 6", {"fsck_checkpoint_differs"}),
        ("UPDATE checkpoints SET note = replace(note, 'a', 'b') WHERE size = 6", {"fsck_checkpoint_differs"}),
    ],
)
def test_every_damage_is_named(log: Log, where: Where, damage: str, codes: set[str]) -> None:
    tamper(where, damage)
    found = checked(where)
    assert {item.code for item in found.damages} == codes
    assert found.count == len(found.damages)


def test_a_history_rewritten_whole_is_not_the_one_that_was_signed(
    log: Log, where: Where, tmp_path: Path
) -> None:
    with closing(Log(tmp_path / "other.sqlite", KEY, ORIGIN)) as other:
        node = Node("d")
        other.append([node.write(Kind.IMPORT).leaf for _ in range(12)])
        forged = open_database(tmp_path / "other.sqlite", "")
        with closing(forged), closing(open_database(where, "")) as database, database.transaction():
            database.run("DELETE FROM entry")
            database.add("entry", forged.run("SELECT * FROM entry ORDER BY idx"))
    assert [item.code for item in checked(where).damages] == ["fsck_checkpoint_differs"] * 2


def test_a_log_that_grows_while_it_is_checked_holds(
    log: Log, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_SPAN", 5)
    node = Node("late")

    def grow(_done: int, _size: int) -> None:
        log.append([node.write(Kind.CONFIRM).leaf])
        log.checkpoint()

    found = fsck(where, origin=ORIGIN, log_key=KEY.public, progress=grow)
    assert (found.size, found.checkpoints, found.damages) == (12, 2, ())
    assert log.size == 15


def test_a_checkpoint_of_another_log_is_found(log: Log, where: Where) -> None:
    assert fsck(where).count == 0
    stranger = SigningKey.generate().public
    assert fsck(where, log_key=stranger).count == 2
    assert fsck(where, origin="log.example/other", log_key=KEY.public).count == 2


def test_a_node_that_signed_two_histories_is_named(log: Log, where: Where) -> None:
    forger = Node("forger")
    log.append([forger.write(Kind.CONFIRM).leaf])
    forger.journal.clear()
    with pytest.raises(ProofError, match="journal_forked"):
        log.append([forger.write(Kind.IMPORT).leaf])
    found = checked(where)
    [fork] = found.forks
    assert (fork.code, fork.fields) == ("journal_forked", {"node": forger.id, "seq": 1})
    assert found.count == 0  # it tells against the node: the log holds
    assert len(found.lines("en")) == 4
    assert found.to_json("en")["forks"]


@pytest.mark.parametrize(
    "damage", ["note = 'garbage'", "size = 5", "note = (SELECT note FROM checkpoints WHERE size = 6)"]
)
def test_a_cosigned_note_that_is_damaged_is_named(log: Log, where: Where, damage: str) -> None:
    log.keep_cosigned(log.checkpoint())
    assert checked(where).count == 0
    tamper(where, f"UPDATE cosigned SET {damage}")  # of this test
    assert [item.code for item in checked(where).damages] == ["fsck_cosigned_differs"]


def test_a_row_before_the_first_is_named(log: Log, where: Where) -> None:
    columns = "node, 99, job, kind, time, hash, leaf FROM entry WHERE idx = 0"
    tamper(where, f"INSERT INTO entry SELECT -5, {columns}")  # of this test
    [damage] = checked(where).damages
    assert (damage.code, damage.fields) == ("fsck_entry_outside", {"index": -5})


def test_many_damages_are_counted_and_a_hundred_listed(where: Where) -> None:
    with closing(Log(where, KEY, ORIGIN)) as log:
        node = Node("a")
        log.append([node.write(Kind.CONFIRM).leaf for _ in range(120)])
    tamper(where, "UPDATE entry SET time = 0")
    found = checked(where)
    assert (found.count, len(found.damages)) == (120, 100)


@pytest.mark.parametrize("workers", [1, 2])
def test_spans_join(log: Log, where: Where, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    """A long log is read in spans; a gap between two of them shows as one inside does."""
    monkeypatch.setattr(checks, "_SPAN", 5)
    told: list[tuple[int, int]] = []
    found = fsck(where, workers=workers, progress=lambda done, size: told.append((done, size)))
    assert found == Checked(12, log.root(), 2, (), 0)
    assert told == [(5, 12), (10, 12), (12, 12)]
    tamper(where, "DELETE FROM entry WHERE idx = 9")  # the last of a span
    assert {item.code for item in fsck(where).damages} == {"fsck_entries_lost"}
    tamper(where, "UPDATE entry SET leaf = (SELECT e.leaf FROM entry AS e WHERE e.idx = 7) WHERE idx = 4")
    assert {item.code for item in fsck(where, workers=workers).damages} == {
        "fsck_entry_differs",
        "fsck_entries_lost",
        "journal_gap",
    }
