import errno
import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from simulators.disks import FailingDisk
from simulators.ledger import ORIGIN, Node
from xinqiao_governance.errors import NodeUnavailable, ProofError, StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_governance.signed import Signed
from xinqiao_ledger import event, files, signing
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.receipt import LogReceipt, verify
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.signing import verify as verify_signature
from xinqiao_ledger.tree import EMPTY_ROOT, Tree, leaf_hash, verify_consistency, verify_inclusion

VECTORS = Path(__file__).parents[2] / "vectors"
KEY = SigningKey.generate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    log = Log(path, KEY, ORIGIN)
    yield log
    log.close()


def leaves_of(node: Node, count: int) -> list[bytes]:
    return [node.write(Kind.CONFIRM).leaf for _ in range(count)]


def reopened(path: Path) -> Log:
    return Log(path, KEY, ORIGIN)


def test_entries_are_kept_in_order_under_the_tree_of_their_bytes(log: Log) -> None:
    a, b = leaves_of(Node("a"), 5), leaves_of(Node("b"), 4)
    assert log.root() == EMPTY_ROOT
    assert log.append(a) == [0, 1, 2, 3, 4]
    assert log.append(b) == [5, 6, 7, 8]
    assert log.size == 9
    assert log.entries(0, 100) == a + b
    assert log.entries(4, 6) == [a[4], b[0]]
    assert log.root() == Tree(map(leaf_hash, a + b)).root()
    verify_inclusion(b[0], 5, 9, log.root(), log.inclusion(5, 9))
    verify_consistency(5, log.root(5), 9, log.root(), log.consistency(5, 9))


def test_the_same_event_again_keeps_its_index(log: Log) -> None:
    leaves = leaves_of(Node("a"), 4)
    log.append(leaves[:2])
    assert log.append(leaves) == [0, 1, 2, 3]
    assert log.append([leaves[1], leaves[1]]) == [1, 1]
    assert log.size == 4


def test_two_histories_of_one_node_are_refused_and_kept_as_evidence(log: Log, path: Path) -> None:
    node = Node("a")
    log.append(leaves_of(node, 2))
    other = node.journal.pop()
    forked = node.write(Kind.IMPORT)
    with pytest.raises(ProofError, match="journal_forked"):
        log.append([*leaves_of(Node("b"), 1), forked.leaf])
    assert log.size == 2
    assert log.entries(1, 2) == [other.leaf]
    assert log.forks() == [forked.leaf]
    log.close()
    again = reopened(path)
    assert again.forks() == [forked.leaf]
    again.close()


def test_a_fork_inside_one_batch_is_caught(log: Log) -> None:
    node = Node("a")
    first = node.write(Kind.CONFIRM)
    node.journal.clear()
    second = node.write(Kind.IMPORT)
    with pytest.raises(ProofError, match="journal_forked"):
        log.append([first.leaf, second.leaf])
    assert log.size == 0


def test_gaps_and_wrong_previous_hashes_are_refused_and_nothing_is_added(log: Log) -> None:
    node, other = Node("a"), Node("b")
    leaves = leaves_of(node, 3)
    with pytest.raises(ProofError, match="journal_gap"):
        log.append([leaves[0], leaves[2]])
    with pytest.raises(ProofError, match="journal_gap"):
        log.append([leaves[1]])
    log.append(leaves[:1])
    stranger = other.write(Kind.IMPORT)
    node.journal = [stranger]
    with pytest.raises(ProofError, match="journal_gap"):
        log.append([node.write(Kind.CONFIRM).leaf])
    assert log.size == 1


def test_leaves_that_are_no_events_are_refused(log: Log) -> None:
    for leaf in (b"", b"{}", b"[1]", Node("a").write(Kind.CONFIRM).leaf + b" "):
        with pytest.raises(WireInvalid):
            log.append([leaf])
    assert log.append([]) == []


def test_a_reopened_log_goes_on(log: Log, path: Path) -> None:
    node = Node("a")
    log.append(leaves_of(node, 7))
    note = log.checkpoint()
    log.close()
    again = reopened(path)
    assert again.checkpoint() == note
    assert again.append(leaves_of(node, 1)) == [7]
    again.close()


def test_two_processes_may_write(log: Log, path: Path) -> None:
    beside = reopened(path)
    a, b, c = leaves_of(Node("a"), 2), leaves_of(Node("b"), 2), leaves_of(Node("c"), 1)
    log.append(a)
    assert beside.append(b) == [2, 3]
    assert log.append(c) == [4]
    beside.append([])
    assert log.root() == beside.root() == Tree(map(leaf_hash, a + b + c)).root()
    beside.close()


def test_another_process_that_goes_on_with_a_journal_is_noticed(log: Log, path: Path) -> None:
    """The heads of journals stand in memory: they hold only while nobody else writes."""
    with closing(Log(path, log._key, ORIGIN)) as other:
        first, second, third, fourth = leaves_of(Node("a"), 4)
        assert log.append([first]) == [0]
        assert other.append([second]) == [1]
        assert log.append([third]) == [2]
        with pytest.raises(ProofError, match="journal_gap"):
            other.append(leaves_of(Node("a"), 5)[4:])
        assert other.append([second, third, fourth]) == [1, 2, 3]
        assert log.append([fourth]) == [3]
        assert log.root() == other.root()


def test_an_interrupt_just_after_the_commit_leaves_a_log_that_goes_on(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person's Ctrl-C falls there most often: in the flush to the disk."""
    node = Node("a")
    log.append(leaves_of(node, 2))
    run, leaves = log._database.run, leaves_of(node, 2)

    def interrupted(sql: str, *values: int | str | bytes) -> object:
        rows = run(sql, *values)
        if sql == "COMMIT":
            raise KeyboardInterrupt
        return rows

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(log._database, "run", interrupted)
        log.append(leaves)
    assert log.append([*leaves, *leaves_of(node, 1)]) == [2, 3, 4]
    assert log.root() == Tree(map(leaf_hash, log.entries(0, 9))).root()


def test_an_event_that_was_there_and_is_gone_is_found(log: Log, path: Path) -> None:
    leaves = leaves_of(Node("a"), 3)
    log.append(leaves)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM entries WHERE idx = 1")
    with pytest.raises(StoreDamaged, match="log_entry_damaged"):
        log.append([leaves[1]])


def test_nobody_fills_the_memory_with_large_events_or_messages() -> None:
    columns = tuple(f"列{number:04}" * 20 for number in range(100))
    leaf = Node("a").write(Kind.IMPORT, columns=columns).leaf
    kept = event._decode_known.cache_info().currsize
    assert Event.decode(leaf) == Event.decode(leaf)
    assert event._decode_known.cache_info().currsize == kept
    message, kept = b"x" * 33, signing._verify_known.cache_info().currsize
    verify_signature(KEY.public, message, KEY.sign(message))
    assert signing._verify_known.cache_info().currsize == kept


def test_a_batch_may_bring_one_event_twice(log: Log) -> None:
    first, second = leaves_of(Node("a"), 2)
    assert log.append([first, second, first, second]) == [0, 1, 0, 1]
    assert log.entries(0, 9) == [first, second]


def test_threads_may_write(log: Log) -> None:
    nodes = [Node(str(n)) for n in range(8)]
    threads = [threading.Thread(target=log.append, args=(leaves_of(node, 20),)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.size == 160
    assert log.root() == Tree(map(leaf_hash, log.entries(0, 160))).root()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM entries WHERE idx = 4",
        "DELETE FROM entries WHERE idx >= 3",
        "UPDATE entries SET leaf = CAST(replace(leaf, 'steward', 'auditor') AS BLOB) WHERE idx = 2",
        "UPDATE checkpoints SET note = replace(note, '/xinqiao', '/other')",
    ],
)
def test_a_store_that_was_rolled_back_or_rewritten_does_not_open(log: Log, path: Path, damage: str) -> None:
    log.append(leaves_of(Node("a"), 5))
    log.checkpoint()
    log.close()
    database = sqlite3.connect(path)
    database.execute(damage)
    database.commit()
    database.close()
    with pytest.raises((StoreDamaged, ProofError)):
        reopened(path)


def test_a_leaf_that_is_no_longer_bytes_is_found(log: Log, path: Path) -> None:
    log.append(leaves_of(Node("a"), 2))
    log.close()
    database = sqlite3.connect(path)
    database.execute("UPDATE entries SET leaf = 'text' WHERE idx = 1")
    database.commit()
    database.close()
    with pytest.raises(StoreDamaged, match="log_entry_damaged"):
        reopened(path)


def test_a_hole_is_found_before_any_checkpoint(log: Log, path: Path) -> None:
    log.append(leaves_of(Node("a"), 5))
    log.close()
    database = sqlite3.connect(path)
    database.execute("DELETE FROM entries WHERE idx = 2")
    database.commit()
    database.close()
    with pytest.raises(StoreDamaged, match="log_entry_damaged"):
        reopened(path)


def test_a_log_opens_only_under_its_own_key_and_origin(log: Log, path: Path) -> None:
    log.append(leaves_of(Node("a"), 1))
    log.checkpoint()
    with pytest.raises(ProofError):
        Log(path, SigningKey.generate(), ORIGIN)
    with pytest.raises(StoreDamaged):
        Log(path, KEY, "log.example/other")


def test_foreign_errors_become_ours(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database" * 100)
    with pytest.raises(StoreDamaged):
        reopened(tmp_path / "text")
    with pytest.raises(NodeUnavailable):
        reopened(tmp_path / "absent" / "log.sqlite")


def test_a_full_disk_loses_nothing_that_was_there(log: Log) -> None:
    node = Node("a")
    log.append(leaves_of(node, 3))
    pages = log._database.run("PRAGMA page_count")[0][0]
    log._database.run(f"PRAGMA max_page_count = {pages}")
    more = leaves_of(node, 500)
    with pytest.raises(NodeUnavailable, match="disk_full"):
        log.append(more)
    assert log.size == 3
    log._database.run("PRAGMA max_page_count = 1000000")
    assert log.append(more)[-1] == 502


KILLED = """
import os, sys
from pathlib import Path
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.sqlite import Database

leaves = sys.stdin.buffer.read().split(b"\\n")
log = Log(Path(sys.argv[1]), SigningKey.load(Path(sys.argv[2])), "log.example/xinqiao")
log.append(leaves[:5])
run_many = Database.run_many
def die_in_the_middle(self, sql, rows):
    run_many(self, sql, rows[:3])
    os._exit(9)
Database.run_many = die_in_the_middle
log.append(leaves[5:])
"""


def test_a_process_that_dies_in_a_batch_leaves_whole_batches(path: Path, tmp_path: Path) -> None:
    key = SigningKey.create(tmp_path / "log.key")
    leaves = leaves_of(Node("a"), 10)
    command = [sys.executable, "-c", KILLED, str(path), str(tmp_path / "log.key")]
    assert subprocess.run(command, input=b"\n".join(leaves), check=False).returncode == 9
    log = Log(path, key, ORIGIN)
    assert log.entries(0, 100) == leaves[:5]
    assert log.append(leaves) == list(range(10))
    log.close()


def test_golden_checkpoints_of_every_size(tmp_path: Path) -> None:
    vectors = json.loads((VECTORS / "checkpoints.json").read_text())
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vectors["seed"]))
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key").touch(mode=0o600)
    (tmp_path / "key").write_bytes(pem)
    log = Log(tmp_path / "log", SigningKey.load(tmp_path / "key"), vectors["origin"])
    notes = [log.checkpoint()]
    for leaf in vectors["leaves"]:
        log.append([leaf.encode()])
        notes.append(log.checkpoint())
    assert notes == vectors["notes"]
    log.close()


# ---- log receipts ----------------------------------------------------------------------------------


def test_a_receipt_proves_what_the_log_took(log: Log) -> None:
    leaves = leaves_of(Node("a"), 3)
    receipt = log.receipt(log.append(leaves))
    verify(receipt, origin=ORIGIN, log_key=log.public, leaves=leaves)
    assert Signed.parse(receipt.to_json(), LogReceipt) == receipt


def test_a_receipt_proves_nothing_else(log: Log) -> None:
    leaves = leaves_of(Node("a"), 3)
    receipt = log.receipt(log.append(leaves))
    foreign = SigningKey.generate().seal(receipt.body)
    tampered = Signed(LogReceipt(ORIGIN, receipt.body.entries[:2]), receipt.key, receipt.signature)
    cases = [
        (receipt, ORIGIN, leaves[::-1]),
        (receipt, ORIGIN, leaves[:2]),
        (receipt, "log.example/other", leaves),
        (foreign, ORIGIN, leaves),
        (tampered, ORIGIN, leaves[:2]),
    ]
    for signed, origin, sent in cases:
        with pytest.raises(ProofError):
            verify(signed, origin=origin, log_key=log.public, leaves=sent)
    with pytest.raises(ProofError):
        log.receipt([3])


def test_malformed_receipts_are_refused() -> None:
    good = LogReceipt(ORIGIN, ((0, bytes(32)),)).to_json()
    bad = [
        {"v": 2},
        {"v": True},
        {"entries": [{"index": -1, "leaf_hash": "00" * 32}]},
        {"entries": [{"index": 1}]},
    ]
    for change in bad:
        with pytest.raises(WireInvalid):
            LogReceipt.from_json({**good, **change})


# ---- keys in files ---------------------------------------------------------------------------------


def test_a_signature_that_held_once_proves_nothing_else(path: Path) -> None:
    """What held is remembered, by key, message and signature; what did not is checked again and refused."""
    key = SigningKey.generate()
    signature = key.sign(b"message")
    verify_signature(key.public, b"message", signature)
    changed = bytes([signature[0] ^ 1]) + signature[1:]
    for public, message, signed in (
        (key.public, b"another", signature),
        (key.public, b"message", changed),
        (SigningKey.generate().public, b"message", signature),
    ):
        for _ in range(2):
            with pytest.raises(ProofError, match="signature_invalid"):
                verify_signature(public, message, signed)


def test_a_key_file_is_private_and_written_once(tmp_path: Path) -> None:
    path = tmp_path / "node.key"
    key = SigningKey.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load_or_create(path).public == key.public
    with pytest.raises(UsageInvalid, match="key_file_exists"):
        SigningKey.create(path)
    assert SigningKey.load(path).public == key.public
    assert os.listdir(tmp_path) == ["node.key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "node.key"
    SigningKey.create(path)
    path.chmod(0o640)
    with pytest.raises(UsageInvalid, match="key_file_readable"):
        SigningKey.load(path)


def test_bad_key_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "node.key"
    path.touch(mode=0o600)
    with pytest.raises(StoreDamaged, match="key_file_invalid"):
        SigningKey.load(path)
    with pytest.raises(StoreDamaged, match="io_failed"):
        SigningKey.load(tmp_path / "absent")
    with pytest.raises(StoreDamaged, match="io_failed"):
        SigningKey.create(tmp_path / "absent" / "node.key")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_key_on_a_full_disk_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(files.os, "fsync", FailingDisk(1, code).fsync)
    with pytest.raises(StoreDamaged, match="disk_full"):
        SigningKey.create(tmp_path / "node.key")
    assert os.listdir(tmp_path) == []


def test_a_key_shows_its_fingerprint_and_nothing_else() -> None:
    assert repr(KEY) == f"SigningKey({KEY.fingerprint.hex()})"


def test_events_of_a_job_and_of_a_node_are_found(log: Log) -> None:
    node, job = Node("a"), "ab" * 32
    events = [node.write(Kind.CONFIRM), node.write(Kind.ORDER, job=job), node.write(Kind.CONFIRM)]
    log.append([event.leaf for event in events])
    assert {i: Event.decode(leaf) for i, leaf in log.entries_of_job(job).items()} == {1: events[1]}
    assert list(log.entries_of_node(node.id, 2, 9)) == [1, 2]
