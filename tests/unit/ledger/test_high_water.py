"""What is kept beside a log's database: the newest head it signed, and the mark of a log that lacks it."""

from pathlib import Path

import pytest

from simulators.ledger import Node
from xinqiao_governance.errors import ProofError, StoreDamaged
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, sign
from xinqiao_ledger.event import Kind
from xinqiao_ledger.high_water import Behind, HighWater
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey

KEY = SigningKey.generate()
ORIGIN = "log.example/high"


def log_at(where: Path | str, folder: Path) -> Log:
    return Log(where, KEY, ORIGIN, high_water=HighWater(folder))


def grow(log: Log, node: Node, entries: int) -> None:
    log.append([node.write(Kind.IMPORT).leaf for _ in range(entries)])


def head_of(folder: Path) -> Checkpoint:
    note = HighWater(folder).head()
    assert note is not None
    return note.checkpoint


def test_the_head_is_on_disk_when_a_checkpoint_leaves_and_only_rises(
    where: Path | str, tmp_path: Path
) -> None:
    log, node = log_at(where, tmp_path), Node("n")
    for size in (2, 5, 9):
        grow(log, node, size - log.size)
        note = log.checkpoint()
        assert HighWater(tmp_path).head() == SignedCheckpoint.parse(note)
        assert head_of(tmp_path).size == size
    HighWater(tmp_path).rise(sign(Checkpoint(ORIGIN, 3, bytes(32)), KEY))
    assert head_of(tmp_path).size == 9
    log.close()


def test_a_head_that_was_lost_is_kept_again_with_the_next_checkpoint(
    where: Path | str, tmp_path: Path
) -> None:
    log = log_at(where, tmp_path)
    grow(log, Node("n"), 2)
    log.checkpoint()
    (tmp_path / "log.head").unlink()
    log.checkpoint()
    assert head_of(tmp_path).size == 2
    log.close()


def test_a_log_that_lacks_its_head_is_read_and_signs_and_takes_nothing(tmp_path: Path) -> None:
    log, node = log_at(tmp_path / "one.sqlite", tmp_path), Node("n")
    grow(log, node, 3)
    log.checkpoint()
    log.close()
    older = log_at(tmp_path / "two.sqlite", tmp_path)
    assert HighWater(tmp_path).behind() == Behind("log.head", 3)
    for refused in (older.checkpoint, lambda: older.append([Node("m").write(Kind.IMPORT).leaf])):
        with pytest.raises(StoreDamaged, match="log_behind"):
            refused()
    assert older.entries(0, 9) == []
    older.close()


def test_a_database_that_is_exchanged_while_it_is_open_signs_nothing_new(tmp_path: Path) -> None:
    """Two logs under one key and one head: the second to sign finds the first one's."""
    one, two = log_at(tmp_path / "one.sqlite", tmp_path), log_at(tmp_path / "two.sqlite", tmp_path)
    grow(one, Node("n"), 3)
    grow(two, Node("m"), 3)
    one.checkpoint()
    with pytest.raises(StoreDamaged, match="log_behind"):
        two.checkpoint()
    one.close()
    two.close()


def test_the_first_mark_stands_until_it_is_lifted(tmp_path: Path) -> None:
    water = HighWater(tmp_path)
    water.require_current()
    water.fall_behind(Behind("anchor", 7))
    water.fall_behind(Behind("somebody", 9))
    with pytest.raises(StoreDamaged) as caught:
        HighWater(tmp_path).require_current()
    assert caught.value.fields == {"told_by": "anchor", "size": 7}
    water.lift()
    water.lift()
    HighWater(tmp_path).require_current()


@pytest.mark.parametrize("name", ["log.head", "log.behind"])
@pytest.mark.parametrize("data", [b"", b"garbage", b"\xff", b"{}"])
def test_what_was_damaged_by_hand_is_named(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(StoreDamaged, match="log_head_damaged"):
        log_at(tmp_path / "log.sqlite", tmp_path).checkpoint()


def test_the_head_of_another_log_is_neither_used_nor_written_over(tmp_path: Path) -> None:
    other = sign(Checkpoint(f"{ORIGIN}/2", 9, bytes(32)), KEY)
    (tmp_path / "log.head").write_text(other)
    with pytest.raises(StoreDamaged, match="log_head_other"):
        log_at(tmp_path / "log.sqlite", tmp_path)
    with pytest.raises(StoreDamaged, match="log_head_other"):
        HighWater(tmp_path).rise(sign(Checkpoint(ORIGIN, 12, bytes(32)), KEY))
    assert (tmp_path / "log.head").read_text() == other


def test_a_head_that_the_log_did_not_sign_says_nothing_of_it(tmp_path: Path) -> None:
    note = sign(Checkpoint(ORIGIN, 9, bytes(32)), SigningKey.generate())
    (tmp_path / "log.head").write_text(note)
    with pytest.raises(ProofError):
        log_at(tmp_path / "log.sqlite", tmp_path)
