import errno
import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from simulators.disks import FailingDisk
from simulators.ledger import ORIGIN, Node
from xinqiao_governance.errors import NodeUnavailable, ProofError, StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_governance.signed import Signed
from xinqiao_ledger import event, files, signing
from xinqiao_ledger import log as logs
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.database import Row, Value, open_database
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.high_water import HighWater
from xinqiao_ledger.log import Log
from xinqiao_ledger.receipt import LogReceipt, verify
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.signing import verify as verify_signature
from xinqiao_ledger.tree import EMPTY_ROOT, Tree, leaf_hash, verify_consistency, verify_inclusion

Where = Path | str
VECTORS = Path(__file__).parents[2] / "vectors"
KEY = SigningKey.generate()


@pytest.fixture
def log(where: Where) -> Iterator[Log]:
    log = Log(where, KEY, ORIGIN)
    yield log
    log.close()


def leaves_of(node: Node, count: int) -> list[bytes]:
    return [node.write(Kind.CONFIRM).leaf for _ in range(count)]


def reopened(where: Where) -> Log:
    return Log(where, KEY, ORIGIN)


def tamper(where: Where, sql: str, *values: Value) -> None:
    """Change the rows behind the log's back."""
    with closing(open_database(where, "")) as database, database.transaction():
        database.run(sql, *values)


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


def test_two_histories_of_one_node_are_refused_and_kept_as_evidence(log: Log, where: Where) -> None:
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
    again = reopened(where)
    assert again.forks() == [forked.leaf]
    again.close()


def test_forks_of_one_node_are_bounded(log: Log) -> None:
    """The first under each number is kept, a hundred in all: tries cost the log no room."""
    node = Node("forger")
    journal = [node.write(Kind.CONFIRM) for _ in range(105)]
    log.append([event.leaf for event in journal])
    for written in [*journal, *journal[:3]]:
        for later in (1, 2):
            with pytest.raises(ProofError, match="journal_forked"):
                log.append([replace(written, time=written.time + later).leaf])
    assert log.forks() == [replace(written, time=written.time + 1).leaf for written in journal[:100]]


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


def test_a_reopened_log_goes_on(log: Log, where: Where) -> None:
    node = Node("a")
    log.append(leaves_of(node, 7))
    note = log.checkpoint()
    log.close()
    again = reopened(where)
    assert again.checkpoint() == note
    assert again.append(leaves_of(node, 1)) == [7]
    again.close()


def test_two_processes_may_write(log: Log, where: Where) -> None:
    beside = reopened(where)
    a, b, c = leaves_of(Node("a"), 2), leaves_of(Node("b"), 2), leaves_of(Node("c"), 1)
    log.append(a)
    assert beside.append(b) == [2, 3]
    assert log.append(c) == [4]
    beside.append([])
    assert log.root() == beside.root() == Tree(map(leaf_hash, a + b + c)).root()
    beside.close()


def test_another_process_that_goes_on_with_a_journal_is_noticed(log: Log, where: Where) -> None:
    """The heads of journals stand in memory: they hold only while nobody else writes."""
    with closing(Log(where, log._key, ORIGIN)) as other:
        first, second, third, fourth = leaves_of(Node("a"), 4)
        assert log.append([first]) == [0]
        assert other.append([second]) == [1]
        assert log.append([third]) == [2]
        with pytest.raises(ProofError, match="journal_gap"):
            other.append(leaves_of(Node("a"), 5)[4:])
        assert other.append([second, third, fourth]) == [1, 2, 3]
        assert log.append([fourth]) == [3]
        assert log.root() == other.root()


def test_reading_what_another_process_wrote_keeps_no_old_head(log: Log, where: Where) -> None:
    with closing(Log(where, log._key, ORIGIN)) as other:
        node = Node("a")
        first, second, third = leaves_of(node, 3)
        log.append([first])
        other.append([second])
        assert list(log.entries_of_node(node.id, 2, 2).values()) == [second]
        assert log.append([third]) == [2]


def test_an_interrupt_just_after_the_commit_leaves_a_log_that_goes_on(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person's Ctrl-C falls there most often: in the flush to the disk."""
    node = Node("a")
    log.append(leaves_of(node, 2))
    transaction, leaves = log._database.transaction, leaves_of(node, 2)

    @contextmanager
    def interrupted() -> Iterator[None]:
        with transaction():
            yield
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(log._database, "transaction", interrupted)
        log.append(leaves)
    assert log.append([*leaves, *leaves_of(node, 1)]) == [2, 3, 4]
    assert log.root() == Tree(map(leaf_hash, log.entries(0, 9))).root()


def test_an_interrupt_just_behind_the_begin_leaves_a_log_that_goes_on(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection would stay inside a transaction, and every later append fail, whoever's it is."""
    run, leaves = log._database.run, leaves_of(Node("a"), 1)

    def interrupted(sql: str, *values: Value) -> list[Row]:
        rows = run(sql, *values)
        if sql.startswith(("BEGIN", "SELECT pg_advisory")):
            raise KeyboardInterrupt
        return rows

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(log._database, "run", interrupted)
        log.append(leaves)
    assert log.append(leaves) == [0]


def test_an_interrupt_while_the_tree_grows_leaves_a_log_that_goes_on(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a tree would have another root, and that root would be signed."""
    node = Node("a")
    log.append(leaves_of(node, 2))
    leaves, tree = leaves_of(node, 2), log._tree

    def interrupted(hashes: Iterable[bytes]) -> None:
        tree._levels[0] += b"".join(hashes)
        raise KeyboardInterrupt

    monkeypatch.setattr(tree, "extend", interrupted)
    with pytest.raises(KeyboardInterrupt):
        log.append(leaves)
    assert log.root() == Tree(map(leaf_hash, log.entries(0, 9))).root()
    assert log.append(leaves_of(node, 1)) == [4]


class BusyWater(HighWater):
    """Has another process grow the log and sign it, just when it is asked for the newest head."""

    def __init__(self, path: Path, grow: Callable[[], object]) -> None:
        super().__init__(path)
        self.other = threading.Thread(target=grow)

    def head(self) -> SignedCheckpoint | None:
        if threading.current_thread() is threading.main_thread():
            self.other.start()
            self.other.join(0.3)
        return super().head()


def test_a_log_that_opens_while_another_process_signs_is_not_behind(
    log: Log, where: Where, tmp_path: Path
) -> None:
    log.append(leaves_of(Node("a"), 1))
    with closing(Log(where, KEY, ORIGIN, high_water=HighWater(tmp_path))) as beside:
        beside.checkpoint()

        def grow() -> None:
            beside.append(leaves_of(Node("b"), 1))
            beside.checkpoint()

        water = BusyWater(tmp_path, grow)
        with closing(Log(where, KEY, ORIGIN, high_water=water)) as again:
            water.other.join()
            again.require_current()
            assert again.current_size() == 2


def test_an_event_that_was_there_and_is_gone_is_found(log: Log, where: Where) -> None:
    leaves = leaves_of(Node("a"), 3)
    log.append(leaves)
    tamper(where, "DELETE FROM entry WHERE idx = 1")
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


class Callers:
    """Threads of one name. A failed test leaves them behind: who is never woken must not hold up the rest."""

    def __init__(self, name: str = "caller") -> None:
        self._name = name

    def append(self, log: Log, leaves: Sequence[bytes]) -> Future[list[int]]:
        """Append in a new thread."""
        future: Future[list[int]] = Future()

        def call() -> None:
            try:
                future.set_result(log.append(leaves))
            except BaseException as error:  # noqa: BLE001  # for who asks
                future.set_exception(error)

        threading.Thread(target=call, name=self._name, daemon=True).start()
        return future


class Held:
    """Holds a log's transactions until told, so that what comes meanwhile waits."""

    def __init__(self, log: Log, fails: int = 0, in_second: Callable[[], object] = lambda: None) -> None:
        self._fails, self._in_second = fails, in_second  # by number
        self.count, self._go, self._log = 0, threading.Event(), log
        self._transaction = log._database.transaction
        log._database.transaction = self  # type: ignore[method-assign]

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.count += 1
        if self.count == 2:
            self._in_second()
        if self.count == self._fails:
            raise NodeUnavailable("disk_full")
        with self._transaction():
            assert self._go.wait(30)
            yield

    def go_when(self, waiting: int) -> None:
        """Let go once so many batches wait."""
        deadline = time.monotonic() + 30
        while len(self._log._waiting) < waiting and time.monotonic() < deadline:
            time.sleep(0.001)
        self._go.set()


def test_what_waits_is_committed_together(log: Log) -> None:
    held, nodes = Held(log), [Node(str(n)) for n in range(9)]
    threads = Callers()
    first = threads.append(log, leaves_of(nodes[0], 2))
    while not held.count:
        time.sleep(0.001)
    others = [threads.append(log, leaves_of(node, 3)) for node in nodes[1:]]
    held.go_when(len(others))
    found = [future.result(30) for future in (first, *others)]
    assert held.count == 2
    assert sorted(index for indices in found for index in indices) == list(range(26))
    assert found[0] == [0, 1]
    assert log.root() == Tree(map(leaf_hash, log.entries(0, 26))).root()


def test_a_batch_is_not_refused_for_what_came_beside_it(log: Log) -> None:
    """A gap, a fork and a repeat in one commit: each caller hears of its own alone."""
    held, forger, other = Held(log), Node("forger"), Node("other")
    gap = leaves_of(Node("gap"), 2)[1:]
    kept = forger.write(Kind.CONFIRM)
    forger.journal.clear()
    forked = forger.write(Kind.IMPORT)
    threads = Callers()
    first = threads.append(log, [kept.leaf])
    while not held.count:
        time.sleep(0.001)
    refused = [threads.append(log, leaves) for leaves in (gap, [forked.leaf])]
    taken = threads.append(log, leaves_of(other, 2))
    again = threads.append(log, [kept.leaf])
    held.go_when(4)
    assert [first.result(30), sorted(taken.result(30)), again.result(30)] == [[0], [1, 2], [0]]
    for future, code in zip(refused, ("journal_gap", "journal_forked"), strict=True):
        with pytest.raises(ProofError, match=code):
            future.result(30)
    assert (log.size, log.forks()) == (3, [forked.leaf])


def test_who_waits_behind_a_commit_that_fails_tries_again_itself(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, failing = log._database, threading.Event()
    add = database.add

    def fails_once(table: str, rows: Sequence[Sequence[Value]]) -> None:
        if not failing.is_set():
            failing.set()
            deadline = time.monotonic() + 30
            while not log._waiting and time.monotonic() < deadline:
                time.sleep(0.001)
            raise NodeUnavailable("disk_full")
        add(table, rows)

    monkeypatch.setattr(database, "add", fails_once)
    threads = Callers()
    first = threads.append(log, leaves_of(Node("a"), 1))
    assert failing.wait(30)
    second = threads.append(log, leaves_of(Node("b"), 1))
    with pytest.raises(NodeUnavailable, match="disk_full"):
        first.result(30)
    assert second.result(30) == [0]
    assert log.size == 1


def in_turn(log: Log, held: Held, threads: Callers, *batches: list[bytes]) -> list[Future[list[int]]]:
    """Append the first, and have the rest wait behind it in this order."""
    futures = [threads.append(log, batches[0])]
    while not held.count:
        time.sleep(0.001)
    for place, leaves in enumerate(batches[1:], start=1):
        futures.append(threads.append(log, leaves))
        while len(log._waiting) < place:
            time.sleep(0.001)
    held.go_when(len(batches) - 1)
    return futures


def test_who_commits_for_others_is_not_refused_for_them(log: Log) -> None:
    held = Held(log)
    good, gap = leaves_of(Node("good"), 1), leaves_of(Node("gap"), 2)[1:]
    threads = Callers()
    first, second, third = in_turn(log, held, threads, leaves_of(Node("a"), 1), good, gap)
    assert [first.result(30), second.result(30)] == [[0], [1]]
    with pytest.raises(ProofError, match="journal_gap"):
        third.result(30)
    assert held.count == 2


def test_who_was_in_a_commit_that_failed_tries_again_itself(log: Log) -> None:
    held = Held(log, fails=2)
    threads = Callers()
    batches = [leaves_of(Node(name), 1) for name in "abc"]
    first, second, third = in_turn(log, held, threads, *batches)
    with pytest.raises(NodeUnavailable, match="disk_full"):
        second.result(30)
    assert [first.result(30), third.result(30)] == [[0], [1]]


class InterruptedTurn(logs._Turn):
    """Raises what Ctrl-C raises where the thread of this name waits."""

    def wait(self) -> None:
        if threading.current_thread().name.startswith("interrupted"):
            raise KeyboardInterrupt
        super().wait()


class LateTurn(logs._Turn):
    """Holds the thread of this name until told, and interrupts it then."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def wait(self) -> None:
        if threading.current_thread().name.startswith("interrupted"):
            assert self.go.wait(30)
            raise KeyboardInterrupt
        super().wait()


def test_who_is_interrupted_while_waiting_holds_up_nobody(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = logs._Batch
    monkeypatch.setattr(logs, "_Batch", lambda events: batch(events, turn=InterruptedTurn()))
    held = Held(log)
    threads, interrupted = Callers(), Callers("interrupted")
    first = threads.append(log, leaves_of(Node("a"), 1))
    while not held.count:
        time.sleep(0.001)
    with pytest.raises(KeyboardInterrupt):
        interrupted.append(log, leaves_of(Node("b"), 1)).result(30)
    third = threads.append(log, leaves_of(Node("c"), 1))
    held.go_when(1)
    assert [first.result(30), third.result(30)] == [[0], [1]]
    assert log.append(leaves_of(Node("d"), 1)) == [2]


@pytest.mark.parametrize("fails", [0, 2], ids=["it holds", "it fails"])
def test_who_is_interrupted_while_another_commits_for_him_holds_up_nobody(
    log: Log, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    batch, late = logs._Batch, LateTurn()
    threads, interrupted = Callers(), Callers("interrupted")

    def leave() -> None:
        late.go.set()
        assert isinstance(gone.exception(30), KeyboardInterrupt)

    held = Held(log, fails, in_second=leave)
    batches = [leaves_of(Node(name), 1) for name in "abcd"]
    first = threads.append(log, batches[0])
    while not held.count:
        time.sleep(0.001)
    second = threads.append(log, batches[1])
    while len(log._waiting) < 1:
        time.sleep(0.001)
    monkeypatch.setattr(logs, "_Batch", lambda events: batch(events, turn=late))
    gone = interrupted.append(log, batches[2])
    while len(log._waiting) < 2:
        time.sleep(0.001)
    monkeypatch.setattr(logs, "_Batch", batch)
    fourth = threads.append(log, batches[3])
    held.go_when(3)
    assert first.result(30) == [0]
    if fails:
        with pytest.raises(NodeUnavailable, match="disk_full"):
            second.result(30)
    assert fourth.result(30) == [1 if fails else 3]
    assert log.append(leaves_of(Node("e"), 1)) == [2 if fails else 4]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM entry WHERE idx = 4",
        "DELETE FROM entry WHERE idx >= 3",
        "UPDATE entry SET hash = (SELECT e.hash FROM entry AS e WHERE e.idx = 3) WHERE idx = 2",
        "UPDATE checkpoints SET note = replace(note, '/xinqiao', '/other')",
        "UPDATE checkpoints SET note = replace(note, '5', '4')",
    ],
)
def test_a_store_that_was_rolled_back_or_rewritten_does_not_open(log: Log, where: Where, damage: str) -> None:
    log.append(leaves_of(Node("a"), 5))
    log.checkpoint()
    log.close()
    tamper(where, damage)
    with pytest.raises((StoreDamaged, ProofError, WireInvalid)):
        reopened(where)


def test_a_leaf_that_was_changed_is_found_when_it_is_read(log: Log, where: Where) -> None:
    node = Node("a")
    leaves = leaves_of(node, 5)
    log.append(leaves)
    log.close()
    tamper(where, "UPDATE entry SET leaf = ? WHERE idx = 2", leaves[2].replace(b"steward", b"auditor"))
    with closing(reopened(where)) as again:
        assert again.entries(0, 2) == leaves[:2]
        for read in (lambda: again.entries(0, 5), lambda: again.entries_of_node(node.id, 3, 3)):
            with pytest.raises(StoreDamaged, match="log_entry_damaged"):
                read()


def test_rows_that_stand_in_each_others_place_are_found_when_they_are_read(log: Log, where: Where) -> None:
    leaves = leaves_of(Node("a"), 5)
    log.append(leaves)
    tamper(where, "UPDATE entry SET leaf = ? WHERE idx = 2", leaves[3])
    with pytest.raises(StoreDamaged, match="log_entry_damaged"):
        log.entries(2, 3)


def test_a_hole_is_found_before_any_checkpoint(log: Log, where: Where) -> None:
    log.append(leaves_of(Node("a"), 5))
    log.close()
    tamper(where, "DELETE FROM entry WHERE idx = 2")
    with pytest.raises(StoreDamaged, match="log_entry_damaged"):
        reopened(where)


def test_a_log_whose_tail_is_cut_while_it_is_open_goes_on_no_more(log: Log, where: Where) -> None:
    leaves = leaves_of(Node("a"), 5)
    log.append(leaves[:4])
    tamper(where, "DELETE FROM entry WHERE idx = 3")
    with pytest.raises(StoreDamaged, match="log_rolled_back"):
        log.append(leaves[4:])
    with pytest.raises(StoreDamaged, match="log_rolled_back"):
        log.checkpoint()


def test_no_size_is_signed_twice(log: Log, where: Where) -> None:
    """Put back to an earlier copy and gone on from there, it would sign a second history."""
    leaves = leaves_of(Node("a"), 3)
    log.append(leaves)
    note = log.checkpoint()
    beside = reopened(where)
    assert beside.checkpoint() == note
    tamper(where, "DELETE FROM entry WHERE idx = 2")
    log.close()
    beside._start_over()
    with pytest.raises(StoreDamaged, match="log_rolled_back"):
        beside.checkpoint()
    beside.append(leaves_of(Node("b"), 1))
    with pytest.raises(StoreDamaged, match="log_rolled_back"):
        beside.checkpoint()
    beside.close()


def test_a_log_of_the_first_form_is_taken_over(log: Log, tmp_path: Path) -> None:
    """It kept leaves alone."""
    leaves = leaves_of(Node("a"), 3)
    log.append(leaves)
    note = log.checkpoint()
    with closing(sqlite3.connect(tmp_path / "first.sqlite")) as first, first:
        first.execute(
            "CREATE TABLE entries (idx INTEGER PRIMARY KEY, node TEXT NOT NULL, seq INTEGER NOT NULL, "
            "job TEXT NOT NULL, leaf BLOB NOT NULL, UNIQUE (node, seq))"
        )
        first.execute("CREATE INDEX entries_by_job ON entries (job)")
        first.execute("CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL)")
        rows = [(index, "n", index, "", leaf) for index, leaf in enumerate(leaves)]
        first.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", rows)
        first.execute("INSERT INTO checkpoints VALUES (3, ?)", (note,))
    for _ in range(2):
        with closing(reopened(tmp_path / "first.sqlite")) as again:
            assert again.entries(0, 9) == leaves
            assert again.checkpoint() == note
            assert again.append(leaves) == [0, 1, 2]


def test_a_log_opens_only_under_its_own_key_and_origin(log: Log, where: Where) -> None:
    log.append(leaves_of(Node("a"), 1))
    log.checkpoint()
    with pytest.raises(ProofError):
        Log(where, SigningKey.generate(), ORIGIN)
    with pytest.raises(StoreDamaged):
        Log(where, KEY, "log.example/other")


def test_foreign_errors_become_ours(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database" * 100)
    with pytest.raises(StoreDamaged):
        reopened(tmp_path / "text")
    with pytest.raises(NodeUnavailable):
        reopened(tmp_path / "absent" / "log.sqlite")


def test_a_full_disk_loses_nothing_that_was_there(tmp_path: Path) -> None:
    log, node = Log(tmp_path / "log.sqlite", KEY, ORIGIN), Node("a")
    log.append(leaves_of(node, 3))
    pages = log._database.run("PRAGMA page_count")[0][0]
    log._database.run(f"PRAGMA max_page_count = {pages}")
    more = leaves_of(node, 500)
    with pytest.raises(NodeUnavailable, match="disk_full"):
        log.append(more)
    assert log.size == 3
    log._database.run("PRAGMA max_page_count = 1000000")
    assert log.append(more)[-1] == 502
    log.close()


KILLED = """
import os, sys
from pathlib import Path
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey

leaves = sys.stdin.buffer.read().split(b"\\n")
log = Log(sys.argv[1], SigningKey.load(Path(sys.argv[2])), "log.example/xinqiao")
log.append(leaves[:5])
database = type(log._database)
add = database.add
def die_in_the_middle(self, table, rows):
    add(self, table, rows[:3])
    os._exit(9)
database.add = die_in_the_middle
log.append(leaves[5:])
"""


def test_a_process_that_dies_in_a_batch_leaves_whole_batches(where: Where, tmp_path: Path) -> None:
    key = SigningKey.create(tmp_path / "log.key")
    leaves = leaves_of(Node("a"), 10)
    command = [sys.executable, "-c", KILLED, str(where), str(tmp_path / "log.key")]
    assert subprocess.run(command, input=b"\n".join(leaves), check=False).returncode == 9
    log = Log(where, key, ORIGIN)
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


def test_a_signature_that_held_once_proves_nothing_else(where: Where) -> None:
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
