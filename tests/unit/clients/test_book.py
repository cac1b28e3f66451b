"""The book: budgets exact across processes and kills, steps burned once, a journal without gaps."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from xinqiao_clients.book import Book
from xinqiao_governance.errors import ProtocolViolated, StoreDamaged
from xinqiao_governance.order import Spend
from xinqiao_ledger.event import GENESIS, Kind

NODE = bytes(32)
CAP = Spend(1_000, 100)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    found = Book(tmp_path / "book.sqlite", NODE, lambda: 1_000)
    with found.transaction() as writing:
        writing.set_cap("staff", "lifetime", CAP)
    return found


def record(writing, **fields):
    return writing.record(kind=Kind.CONFIRM, actor="00" * 16, role="steward", action="confirm", **fields)


def reserve(book: Book, request: int, epsilon: int, delta: int = 1) -> bool:
    with book.transaction() as writing:
        return writing.reserve(request.to_bytes(32, "big"), "staff", "lifetime", Spend(epsilon, delta))


def test_budget_is_exact_to_the_last_millionth(book: Book) -> None:
    assert reserve(book, 1, 999)
    assert not reserve(book, 2, 2)
    assert reserve(book, 3, 1)
    assert not reserve(book, 4, 1)
    assert book.spent("staff", "lifetime") == Spend(1_000, 2)


def test_after_an_acknowledgement_another_contradiction_is_another_alarm(book: Book) -> None:
    def rewritten(said: bytes) -> list[int]:
        with book.transaction() as writing:
            writing.raise_alarm("log", "history_rewritten", 0, None, said)
        return [alarm.id for alarm in book.alarms() if alarm.acknowledged is None]

    assert rewritten(b"1") == rewritten(b"2") == [1]  # one waits: the steward must look in any case
    with book.transaction() as writing:
        writing.acknowledge(1, "aa" * 16)
    assert rewritten(b"1") == []  # the same words again
    assert rewritten(b"2") == [2]
    assert book.alarmed()


def test_delta_is_capped_like_epsilon(book: Book) -> None:
    assert reserve(book, 1, 1, delta=100)
    assert not reserve(book, 2, 1, delta=1)


def test_the_same_request_is_charged_once(book: Book) -> None:
    assert reserve(book, 1, 600)
    assert reserve(book, 1, 600)
    assert book.spent("staff", "lifetime") == Spend(600, 1)


def test_without_a_cap_nothing_may_be_spent(book: Book) -> None:
    with book.transaction() as writing:
        assert not writing.reserve(bytes(32), "other", "lifetime", Spend(1, 1))


def test_a_transaction_that_fails_leaves_nothing(book: Book) -> None:
    with pytest.raises(KeyError), book.transaction() as writing:
        record(writing)
        assert writing.reserve(bytes(32), "staff", "lifetime", Spend(1, 1))
        raise KeyError
    assert book.events() == []
    assert book.spent("staff", "lifetime") == Spend(0, 0)


class FailingCommit:
    """A connection whose commits fail, as where the last flush does."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __getattr__(self, name: str) -> object:
        return getattr(self._db, name)

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
        if sql == "COMMIT":
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
            raise error
        return self._db.execute(sql, *parameters)


def test_a_commit_that_fails_leaves_nothing_and_the_book_goes_on(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "_db", FailingCommit(book._db))
    with pytest.raises(StoreDamaged, match="book_unusable"), book.transaction() as writing:
        record(writing)
    monkeypatch.undo()
    assert book.events() == []
    with book.transaction() as writing:
        record(writing)
    assert book.count_events() == 1


def test_one_version_is_adopted_at_a_time(book: Book) -> None:
    assert book.adopted() is None
    for sealed in (b"first", b"second"):
        with book.transaction() as writing:
            writing.adopt(sealed)
            assert writing.adopted() == (sealed, 0)
    assert book.adopted() == (b"second", 0)


def test_which_event_changed_the_table_last(book: Book) -> None:
    table = {"dataset": "staff", "dataset_digest": "ab" * 32}
    changing = [
        {"kind": Kind.IMPORT, "action": "import", **table},
        {"kind": Kind.ERASE, "action": "delete_person", **table},
        {"kind": Kind.CONFIRM, "action": "confirm_column", **table, "dataset_digest": "cd" * 32},
    ]
    others = [
        {"kind": Kind.ERASE, "action": "erase"},
        {"kind": Kind.CONFIRM, "action": "confirm", "output_digest": "ab" * 32},
        {"kind": Kind.DECISION, "action": "gate", "decision": "allow", **table},
        {"kind": Kind.KEYS, "action": '"kind":"import","dataset_digest":"'},
    ]
    assert book.table_digest(1) is None
    for number, facts in enumerate(changing):
        with book.transaction() as writing:
            for fields in (facts, *others):
                writing.record(**{"actor": "ab", "role": "steward", **fields})
            newest = writing.adopted_in()
            assert newest == 1 + number * (1 + len(others))
            assert writing.table_digest(newest) == facts["dataset_digest"]
    assert book.table_digest(newest) == "cd" * 32
    assert book.table_digest(newest + 1) is None


def test_the_tally_adds_up_by_kind(book: Book) -> None:
    for kind, size in (("events", 3), ("events", 4), ("verdict", 5)):
        book.add_tally({kind: size})
    assert book.tally() == {"events": 7, "verdict": 5}


def test_the_journal_is_chained_and_numbered(book: Book) -> None:
    with book.transaction() as writing:
        first, second = record(writing), record(writing)
    with book.transaction() as writing:
        third = record(writing)
    assert [event.seq for event in book.events()] == [1, 2, 3]
    assert [first.prev, second.prev, third.prev] == [GENESIS, first.hash.hex(), second.hash.hex()]


def test_receipted_events_are_no_longer_pending(book: Book) -> None:
    with book.transaction() as writing:
        record(writing), record(writing), record(writing)
    book.receipted(b"receipt", 2)
    assert [event.seq for event in book.pending()] == [3]


def test_a_receipt_goes_with_the_next_transaction_that_stands(book: Book, tmp_path: Path) -> None:
    with book.transaction() as writing:
        record(writing), record(writing)
    book.receipted(b"receipt", 1)
    with pytest.raises(ValueError), book.transaction() as writing:
        record(writing)
        raise ValueError
    with sqlite3.connect(tmp_path / "book.sqlite") as other:
        pending = "SELECT seq FROM journal WHERE receipted = 0"
        assert [seq for (seq,) in other.execute(pending)] == [
            1,
            2,
        ]  # if it were lost now, both are sent again
        for _ in range(2):
            with book.transaction() as writing:
                record(writing)
        assert [seq for (seq,) in other.execute(pending)] == [2, 3, 4]
        assert other.execute("SELECT receipt FROM log_receipt").fetchall() == [(b"receipt",)]
    other.close()


def test_a_vector_is_kept_for_the_step_burned_last_alone(book: Book) -> None:
    with book.transaction() as writing:
        writing.burn(b"job", 1, b"statement")
        writing.burn(b"job", 2, b"statement")
    for step in (1, 3):
        with pytest.raises(ProtocolViolated, match="step_burned"), book.transaction() as writing:
            writing.keep_vector(b"job", step, b"vector")
    assert [burn.vector for step in (1, 2) if (burn := book.burn(b"job", step))] == [None, None]


def test_a_step_burns_once(book: Book) -> None:
    with book.transaction() as writing:
        writing.burn(b"job", 1, b"statement")
    with pytest.raises(StoreDamaged), book.transaction() as writing:
        writing.burn(b"job", 1, b"another")
    burned = book.burn(b"job", 1)
    assert burned is not None
    assert (burned.statement, burned.vector) == (b"statement", None)


def test_older_vectors_are_let_go(book: Book) -> None:
    for step in (1, 2):
        with book.transaction() as writing:
            writing.burn(b"job", step, b"statement")
            writing.keep_vector(b"job", step, b"vector")
    kept = [book.burn(b"job", step) for step in (1, 2)]
    assert [burn.vector for burn in kept if burn] == [None, b"vector"]


def test_a_book_that_was_lost_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "book.sqlite"
    for lost in (None, b""):
        if lost is not None:
            path.write_bytes(lost)
        with pytest.raises(StoreDamaged) as refused:
            Book(path, NODE, lambda: 0, create=False)
        assert refused.value.code == "book_unusable"
        assert lost is not None or not path.exists()


def test_what_was_destroyed_is_in_no_file_after_a_scrub(book: Book, tmp_path: Path) -> None:
    key, vector = os.urandom(92), os.urandom(5_000)
    with book.transaction() as writing:
        writing.put_job(b"job", b"order", "open", b"version", key)
        writing.burn(b"job", 1, b"statement")
        writing.keep_vector(b"job", 1, vector)
    book.scrub()
    with book.transaction() as writing:
        writing.put_job(b"job", b"order", "closed", b"version")
    book.scrub()
    data = b"".join(path.read_bytes() for path in tmp_path.glob("book.sqlite*"))
    for secret in (key, vector):
        assert secret[-64:] not in data


def test_events_and_pending_ones_are_counted(book: Book) -> None:
    with book.transaction() as writing:
        record(writing), record(writing), record(writing)
    book.receipted(b"receipt", 2)
    assert (book.count_events(), book.waiting().events) == (3, 1)


def test_a_transaction_sees_what_stands_now(book: Book) -> None:
    with book.transaction() as writing:
        assert writing.job(b"job") is None
        writing.put_job(b"job", b"order", "open", b"version", b"key")
        held = writing.job(b"job")
        assert held is not None
        assert (held.state, held.sealed_key) == ("open", b"key")
        assert (writing.capped_dataset(), writing.cap("staff", "lifetime")) == ("staff", CAP)


def test_a_damaged_file_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "book.sqlite"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreDamaged) as refused:
        Book(path, NODE, lambda: 0)
    assert refused.value.code == "book_unusable"


def test_a_full_disk_loses_nothing_and_says_so(book: Book, tmp_path: Path) -> None:
    """SQLite's own page limit stands in for a full disk: the same error on the same path."""
    assert reserve(book, 1, 10)
    pages = book._db.execute("PRAGMA page_count").fetchone()[0]
    book._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreDamaged) as refused:
        for _ in range(1_000):
            with book.transaction() as writing:
                record(writing, reason="x" * 200)
    assert refused.value.code == "disk_full"
    book.close()
    again = Book(tmp_path / "book.sqlite", NODE, lambda: 0)
    assert again.spent("staff", "lifetime") == Spend(10, 1)
    numbers = [event.seq for event in again.events()]
    assert numbers == list(range(1, len(numbers) + 1))


_SPENDER = """
    import sys
    from pathlib import Path
    from xinqiao_clients.book import Book
    from xinqiao_governance.order import Spend

    book, granted = Book(Path(sys.argv[1]), bytes(32), lambda: 0), 0
    for number in range(40):
        with book.transaction() as writing:
            request = f"{sys.argv[2]}-{number}".encode()
            granted += writing.reserve(request, "staff", "lifetime", Spend(7, 0))
    print(granted)
"""


@pytest.mark.slow
def test_eight_processes_spend_exactly_the_cap(book: Book, tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(_SPENDER), str(tmp_path / "book.sqlite")]
    spenders = [
        subprocess.Popen([*command, str(worker)], stdout=subprocess.PIPE, text=True) for worker in range(8)
    ]
    granted = sum(int(spender.communicate(timeout=120)[0]) for spender in spenders)
    assert granted == CAP.epsilon_micro // 7
    assert book.spent("staff", "lifetime") == Spend(granted * 7, 0)


_VICTIM = """
    import sys
    from pathlib import Path
    from xinqiao_clients.book import Book
    from xinqiao_governance.order import Spend
    from xinqiao_ledger.event import Kind

    book = Book(Path(sys.argv[1]), bytes(32), lambda: 0)
    for number in range(int(sys.argv[2]), 10**6):
        with book.transaction() as writing:
            writing.reserve(number.to_bytes(32, "big"), "staff", "lifetime", Spend(1, 0))
            writing.record(kind=Kind.CONFIRM, actor="00", role="r", action="a", reason=str(number))
        print(number, flush=True)
"""


@pytest.mark.slow
def test_kill_9_between_any_two_statements_keeps_spend_and_journal_together(tmp_path: Path) -> None:
    path = tmp_path / "book.sqlite"
    book = Book(path, NODE, lambda: 0)
    with book.transaction() as writing:
        writing.set_cap("staff", "lifetime", Spend(10**9, 0))
    acknowledged = -1
    for _ in range(6):
        victim = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(_VICTIM), str(path), str(acknowledged + 2)],
            stdout=subprocess.PIPE,
        )
        assert victim.stdout is not None
        for _ in range(1 + os.urandom(1)[0] % 20):
            acknowledged = int(victim.stdout.readline())
        os.kill(victim.pid, signal.SIGKILL)
        unread, _ = victim.communicate()  # it may have been ahead of us
        acknowledged = max([acknowledged, *map(int, unread.split())])
        spent = book.spent("staff", "lifetime").epsilon_micro
        events = book.events()
        assert spent == len(events)
        assert int(events[-1].reason or -1) >= acknowledged
        assert [event.seq for event in events] == list(range(1, len(events) + 1))


def test_statements_are_on_disk_when_the_call_returns(book: Book) -> None:
    assert book._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert book._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert sqlite3.threadsafety >= 1
