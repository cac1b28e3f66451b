import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.ledger import ORIGIN, Node
from xinqiao_governance.errors import ProofError, StoreDamaged, WireInvalid
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, sign
from xinqiao_ledger.event import Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.witness import Witness

NAME = "witness.example/w1"
LOG_KEY, KEY = SigningKey.generate(), SigningKey.generate()


def opened(folder: Path) -> Witness:
    return Witness(folder / "witness", KEY, LOG_KEY.public, ORIGIN, name=NAME, clock=lambda: 1_800_000_000.5)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    witness = opened(tmp_path)
    yield witness
    witness.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    log = history(tmp_path / "log", 8)
    yield log
    log.close()


def history(path: Path, count: int) -> Log:
    """A log of the same key with its own events: a second one is a second history."""
    log, node = Log(path, LOG_KEY, ORIGIN), Node("a")
    log.append([node.write(Kind.CONFIRM).leaf for _ in range(count)])
    return log


def note_of(log: Log, size: int) -> str:
    return sign(Checkpoint(ORIGIN, size, log.root(size)), LOG_KEY)


def test_a_growing_log_is_cosigned(witness: Witness, log: Log) -> None:
    for old, size in [(0, 3), (3, 3), (3, 8), (8, 8)]:
        note = note_of(log, size)
        line = witness.cosign(note, old, log.consistency(old, size))
        SignedCheckpoint.parse(note + line).verify_cosignature(NAME, KEY.public)
        assert witness.size == size


def test_what_it_follows_binds_it_as_what_it_cosigned(witness: Witness, log: Log, tmp_path: Path) -> None:
    witness.follow(note_of(log, 5), 0, [])
    assert (witness.size, witness.note) == (5, note_of(log, 5))
    other = history(tmp_path / "other", 9)
    for ask in (witness.follow, witness.cosign):
        with pytest.raises(ProofError, match="witness_split_view"):
            ask(note_of(other, 5), 5, [])
        with pytest.raises(ProofError, match="proof_consistency_failed"):
            ask(note_of(other, 9), 5, other.consistency(5, 9))
        with pytest.raises(ProofError, match="witness_size_differs"):
            ask(note_of(other, 9), 0, [])
    other.close()
    witness.cosign(note_of(log, 8), 5, log.consistency(5, 8))
    assert witness.size == 8


def test_a_rollback_is_refused(witness: Witness, log: Log) -> None:
    witness.cosign(note_of(log, 8), 0, [])
    with pytest.raises(ProofError, match="witness_rollback"):
        witness.cosign(note_of(log, 5), 8, [])
    with pytest.raises(ProofError, match="witness_size_differs") as caught:
        witness.cosign(note_of(log, 5), 0, [])
    assert caught.value.fields == {"size": 8}
    assert witness.size == 8


def test_a_split_view_is_refused(witness: Witness, log: Log, tmp_path: Path) -> None:
    witness.cosign(note_of(log, 5), 0, [])
    other = history(tmp_path / "other", 9)
    with pytest.raises(ProofError, match="witness_split_view"):
        witness.cosign(note_of(other, 5), 5, [])
    with pytest.raises(ProofError, match="proof_consistency_failed"):
        witness.cosign(note_of(other, 9), 5, other.consistency(5, 9))
    other.close()
    assert witness.size == 5


@pytest.mark.parametrize("old", [0, 2, 4, 8])
def test_a_wrong_old_size_is_told_the_right_one(witness: Witness, log: Log, old: int) -> None:
    witness.cosign(note_of(log, 3), 0, [])
    with pytest.raises(ProofError, match="witness_size_differs") as caught:
        witness.cosign(note_of(log, 8), old, log.consistency(old, 8))
    assert caught.value.fields == {"size": 3}


def test_failing_proofs_are_refused(witness: Witness, log: Log) -> None:
    witness.cosign(note_of(log, 3), 0, [])
    good = log.consistency(3, 8)
    for bad in ([], good[:-1], [*good, good[0]], good[::-1], [b"short", *good[1:]]):
        with pytest.raises(ProofError, match="proof_consistency_failed"):
            witness.cosign(note_of(log, 8), 3, bad)
    witness.cosign(note_of(log, 8), 3, good)
    with pytest.raises(ProofError, match="proof_consistency_failed"):
        witness.cosign(note_of(log, 8), 8, good)


def test_only_its_own_log_is_cosigned(witness: Witness, log: Log) -> None:
    head = Checkpoint(ORIGIN, 3, log.root(3))
    with pytest.raises(ProofError, match="checkpoint_unsigned"):
        witness.cosign(sign(head, SigningKey.generate()), 0, [])
    with pytest.raises(ProofError, match="signature_invalid"):
        witness.cosign(note_of(log, 3).replace("\n3\n", "\n4\n"), 0, [])
    with pytest.raises(ProofError, match="witness_origin_differs"):
        witness.cosign(sign(Checkpoint("log.example/other", 3, log.root(3)), LOG_KEY), 0, [])
    with pytest.raises(WireInvalid):
        witness.cosign("", 0, [])
    assert witness.size == 0


def test_it_remembers_after_a_restart(witness: Witness, log: Log, tmp_path: Path) -> None:
    witness.cosign(note_of(log, 8), 0, [])
    witness.close()
    again = opened(tmp_path)
    assert again.size == 8
    with pytest.raises(ProofError, match="witness_rollback"):
        again.cosign(note_of(log, 3), 8, [])
    again.close()


def test_a_damaged_state_stops_it(witness: Witness, log: Log, tmp_path: Path) -> None:
    witness.cosign(note_of(log, 3), 0, [])
    witness.close()
    database = sqlite3.connect(tmp_path / "witness")
    database.execute("UPDATE heads SET root = 'text'")
    database.commit()
    database.close()
    again = opened(tmp_path)
    with pytest.raises(StoreDamaged, match="witness_state_damaged"):
        again.cosign(note_of(log, 8), 3, log.consistency(3, 8))
    again.close()


def test_two_processes_of_one_witness_share_one_head(witness: Witness, log: Log, tmp_path: Path) -> None:
    beside = opened(tmp_path)
    witness.cosign(note_of(log, 8), 0, [])
    with pytest.raises(ProofError, match="witness_size_differs"):
        beside.cosign(note_of(log, 5), 0, [])
    beside.close()


def test_its_time_is_taken_while_nobody_else_can_cosign(log: Log, tmp_path: Path) -> None:
    """A cosignature says: as of this second nothing larger was cosigned. So the head is held meanwhile."""

    def clock() -> float:
        beside = sqlite3.connect(tmp_path / "witness", timeout=0)
        with closing(beside), pytest.raises(sqlite3.OperationalError, match="locked"):
            beside.execute("BEGIN IMMEDIATE")
        return 1_800_000_000.0

    witness = Witness(tmp_path / "witness", KEY, LOG_KEY.public, ORIGIN, name=NAME, clock=clock)
    witness.cosign(note_of(log, 8), 0, [])
    witness.close()


def test_it_shows_the_newest_that_it_cosigned(witness: Witness, log: Log) -> None:
    assert witness.newest() is None
    for old, size in [(0, 3), (3, 8)]:
        note = note_of(log, size)
        line = witness.cosign(note + sign_beside(note), old, log.consistency(old, size))
        assert witness.newest() == note + line


def sign_beside(note: str) -> str:
    """A line of somebody whom the witness does not know."""
    return sign(SignedCheckpoint.parse(note).checkpoint, SigningKey.generate()).split("\n\n")[1]


KILLED = """
import os, sys
from pathlib import Path
from xinqiao_ledger import witness
from xinqiao_ledger.signing import SigningKey

witness.cosign = lambda *_: os._exit(9)
log_key, origin, path = bytes.fromhex(sys.argv[1]), "log.example/xinqiao", Path(sys.argv[2])
witness.Witness(path, SigningKey.generate(), log_key, origin, name="w").cosign(sys.stdin.read(), 0, [])
"""


def test_the_head_is_durable_before_the_cosignature_exists(log: Log, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, LOG_KEY.public.hex(), str(tmp_path / "witness")]
    died = subprocess.run(command, input=note_of(log, 8).encode(), check=False)
    assert died.returncode == 9
    again = opened(tmp_path)
    assert again.size == 8
    again.close()
