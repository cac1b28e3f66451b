"""Periods and years of a book, exact across processes, kills, clocks set back and books of the first form."""

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulators.kills import run_script
from xinqiao_clients import book as books
from xinqiao_clients.book import Book
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import StoreDamaged, VersionOther
from xinqiao_governance.order import Spend
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import SigningKey

NODE = bytes(32)
CAP, YEAR_CAP = Spend(1_000, 1_000), Spend(600, 1_000)


def second(year: int, month: int = 6) -> int:
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp())


@dataclass
class Desk:
    """A book and the clock that it reads."""

    path: Path
    now: int

    def __post_init__(self) -> None:
        self.book = Book(self.path, NODE, lambda: self.now)

    def cap(self, *periods: str, year: Spend | None = None) -> None:
        with self.book.transaction() as writing:
            for period in periods:
                writing.set_cap("staff", period, CAP)
                writing.enter_period("staff", period)
            if year is not None:
                writing.set_year_cap("staff", year)

    def enter(self, period: str) -> None:
        with self.book.transaction() as writing:
            writing.enter_period("staff", period)

    def reserve(self, request: str, period: str, epsilon: int) -> bool:
        with self.book.transaction() as writing:
            return writing.reserve(request.encode(), "staff", period, Spend(epsilon, 1))

    def spent(self, period: str) -> int:
        return self.book.spent("staff", period).epsilon_micro


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "book.sqlite", second(2026))
    yield desk
    desk.book.close()


# ---- periods -----------------------------------------------------------------------------------------


def test_each_period_has_its_own_cap_and_spends(desk: Desk) -> None:
    desk.cap("2026Q3")
    assert desk.reserve("1", "2026Q3", 1_000)
    assert not desk.reserve("2", "2026Q3", 1)
    desk.cap("2026Q4")
    assert desk.reserve("2", "2026Q4", 999)
    assert (desk.spent("2026Q3"), desk.spent("2026Q4")) == (1_000, 999)
    accounts = {account.period: account for account in desk.book.accounts()}
    assert list(accounts) == ["2026Q3", "2026Q4"]
    assert [account.open for account in accounts.values()] == [False, True]
    assert [account.left.epsilon_micro for account in accounts.values()] == [0, 1]


def test_only_the_open_period_is_charged(desk: Desk) -> None:
    """Whoever still names another one gets nothing, instead of the wrong people's budget."""
    desk.cap("lifetime", "2026Q4")
    assert not desk.reserve("1", "lifetime", 1)
    assert desk.reserve("1", "2026Q4", 1)
    desk.enter("lifetime")
    assert not desk.reserve("2", "2026Q4", 1)
    assert desk.reserve("2", "lifetime", 1)


def test_a_request_is_charged_once_and_for_one_thing(desk: Desk) -> None:
    desk.cap("2026Q3")
    assert desk.reserve("1", "2026Q3", 10)
    assert desk.reserve("1", "2026Q3", 10)
    assert desk.book.charged(b"1")
    assert not desk.book.charged(b"2")
    assert not desk.reserve("1", "2026Q3", 11)
    desk.cap("2026Q4")
    assert not desk.reserve("1", "2026Q4", 10)  # other people: the charge of before does not pay for them
    assert (desk.spent("2026Q3"), desk.spent("2026Q4")) == (10, 0)


def test_a_new_book_has_no_account(desk: Desk) -> None:
    assert desk.book.accounts() == ()
    assert desk.book.open_period("staff") == "lifetime"
    assert desk.book.year_cap("staff") is None


# ---- years -------------------------------------------------------------------------------------------


def test_a_yearly_cap_adds_all_periods_and_begins_anew_each_year(desk: Desk) -> None:
    desk.cap("2026Q3", year=YEAR_CAP)
    assert desk.reserve("1", "2026Q3", 400)
    desk.cap("2026Q4")
    assert not desk.reserve("2", "2026Q4", 201)
    assert desk.reserve("2", "2026Q4", 200)
    assert not desk.reserve("3", "2026Q4", 1)
    desk.now = second(2027, 1)
    assert desk.reserve("3", "2026Q4", 600)
    assert not desk.reserve("4", "2026Q4", 1)
    desk.now = second(2028, 1)
    assert not desk.reserve("4", "2026Q4", 201)  # the period's own cap never begins anew
    assert desk.reserve("4", "2026Q4", 200)


def test_the_yearly_cap_holds_delta_too(desk: Desk) -> None:
    desk.cap("2026", year=Spend(1_000, 2))
    assert [desk.reserve(str(number), "2026", 1) for number in range(3)] == [True, True, False]


def test_a_clock_set_back_does_not_open_a_year_again(desk: Desk) -> None:
    desk.cap("p", year=YEAR_CAP)
    desk.now = second(2027)
    assert desk.reserve("1", "p", 600)
    desk.now = second(2026)
    assert not desk.reserve("2", "p", 1)
    assert desk.book.accounts()[0].year == 2027


def test_what_is_spent_before_a_clock_is_set_back_counts_where_the_book_is(desk: Desk) -> None:
    desk.cap("p", year=YEAR_CAP)
    desk.now = second(2027)
    assert desk.reserve("1", "p", 1)
    desk.now = second(2026)
    assert desk.reserve("2", "p", 599)
    desk.now = second(2027)
    assert not desk.reserve("3", "p", 1)


def test_accounts_are_read_at_one_moment_and_never_inside_a_writing(desk: Desk) -> None:
    desk.cap("p")
    assert len(desk.book.accounts()) == 1
    assert not desk.book._db.in_transaction
    assert desk.reserve("1", "p", 1)


# ---- a book of the first form ------------------------------------------------------------------------


def first_form(path: Path) -> None:
    """A book as programs before periods wrote it, with one cap and one spend."""
    db = sqlite3.connect(path)
    db.executescript(books._SCHEMA)
    db.execute("INSERT INTO cap VALUES ('staff', 'lifetime', 1000, 1000)")
    db.execute("INSERT INTO spend VALUES (x'01', 'staff', 'lifetime', 400, 1)")
    db.commit()
    db.close()


def test_a_book_of_the_first_form_keeps_its_spends_and_learns_years(tmp_path: Path) -> None:
    first_form(tmp_path / "book.sqlite")
    book = Book(tmp_path / "book.sqlite", NODE, lambda: second(2026), create=False)
    assert book.spent("staff", "lifetime") == Spend(400, 1)
    assert book.open_period("staff") == "lifetime"
    with book.transaction() as writing:
        assert writing.reserve(b"\1", "staff", "lifetime", Spend(400, 1))  # charged then, not again
        writing.set_year_cap("staff", YEAR_CAP)
        assert not writing.reserve(b"\2", "staff", "lifetime", Spend(201, 1))  # it counts in every year
        assert writing.reserve(b"\2", "staff", "lifetime", Spend(200, 1))
        assert writing.intakes("staff") == {}
    book.close()


def test_a_book_of_the_first_form_learns_which_events_its_receipts_cover(tmp_path: Path) -> None:
    first_form(tmp_path / "book.sqlite")
    receipts = [receipt_of(range(2)), receipt_of(range(7, 10))]
    with closing(sqlite3.connect(tmp_path / "book.sqlite")) as db, db:
        db.executemany("INSERT INTO log_receipt(receipt) VALUES (?)", [(receipt,) for receipt in receipts])
    book = Book(tmp_path / "book.sqlite", NODE, lambda: second(2026), create=False)
    assert book.receipts(0, 9) == [(2, receipts[0]), (5, receipts[1])]
    assert book.receipts(2, 3) == [(5, receipts[1])]
    assert book.receipts(0, 1) == [(2, receipts[0])]
    assert book.receipts(5, 9) == []
    book.close()


def receipt_of(indices: range) -> bytes:
    """A receipt on entries of these indices."""
    entries = tuple((index, bytes(32)) for index in indices)
    return dumps(SigningKey.generate().seal(LogReceipt("log", entries)).to_json())


def test_a_book_killed_while_it_is_brought_up_is_of_one_form_or_the_other(tmp_path: Path) -> None:
    script = """
        import os, signal, sys
        from pathlib import Path
        from xinqiao_clients import book as books

        left = int(sys.argv[2])
        def killing(statements):
            global left
            for statement in statements:
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
                yield statement
        books._FORMS = [killing(statements) for statements in books._FORMS]
        books.Book(Path(sys.argv[1]), bytes(32), lambda: 0, create=False)
    """
    for left in range(sum(map(len, books._FORMS))):
        path = tmp_path / f"{left}.sqlite"
        first_form(path)
        command = [sys.executable, "-c", textwrap.dedent(script), str(path), str(left)]
        assert subprocess.run(command, check=False, timeout=60).returncode == -9
        book = Book(path, NODE, lambda: 0, create=False)
        assert book.spent("staff", "lifetime") == Spend(400, 1)
        assert book.accounts()[0].left == Spend(600, 999)
        book.close()


@pytest.mark.parametrize("lost", ["year_cap", "open_period", "intake", "subject"])
def test_a_book_that_lost_a_table_is_refused(desk: Desk, lost: str) -> None:
    desk.book._db.execute(f"DROP TABLE {lost}")
    with pytest.raises(StoreDamaged, match="book_unusable"):
        Book(desk.path, NODE, lambda: 0, create=False)


def test_a_book_of_a_later_program_is_refused(desk: Desk) -> None:
    desk.book._db.execute(f"PRAGMA user_version = {len(books._FORMS) + 1}")
    with pytest.raises(VersionOther) as caught:
        Book(desk.path, NODE, lambda: 0, create=False)
    assert caught.value.fields == {"path": str(desk.path)}


# ---- many processes, and kills -----------------------------------------------------------------------

_SPENDER = """
    import sys
    from pathlib import Path
    from xinqiao_clients.book import Book
    from xinqiao_governance.order import Spend

    book, granted = Book(Path(sys.argv[1]), bytes(32), lambda: int(sys.argv[3]), create=False), 0
    for number in range(40):
        own, shared = f"{sys.argv[2]}-{number}".encode(), f"shared-{number % 10}".encode()
        for request in (own, shared):
            for period in ("2026Q3", "2026Q4"):
                with book.transaction() as writing:
                    said = writing.reserve(request, "staff", period, Spend(7, 0))
                    granted += said and period == "2026Q4" and request == own
                    if said and period == "2026Q3":
                        sys.exit("a closed period was charged")
    print(granted)
"""


def spend_in_eight_processes(path: Path, now: int) -> int:
    command = [sys.executable, "-c", textwrap.dedent(_SPENDER), str(path)]
    spenders = [
        subprocess.Popen([*command, str(worker), str(now)], stdout=subprocess.PIPE, text=True)
        for worker in range(8)
    ]
    granted = sum(int(spender.communicate(timeout=120)[0]) for spender in spenders)
    assert [spender.returncode for spender in spenders] == [0] * 8
    return granted


@pytest.mark.slow
def test_eight_processes_spend_exactly_the_year_then_exactly_the_period(desk: Desk) -> None:
    desk.cap("2026Q3", "2026Q4", year=YEAR_CAP)
    assert desk.reserve("before", "2026Q4", 3)
    own = spend_in_eight_processes(desk.path, second(2026))
    rows = desk.book._db.execute(
        "SELECT COUNT(*) FROM spend WHERE CAST(request AS TEXT) LIKE 'shared-%'"
    ).fetchone()[0]
    assert rows <= 10
    assert desk.spent("2026Q4") == 3 + 7 * (own + rows)
    assert 600 - 7 < desk.spent("2026Q4") <= 600
    spend_in_eight_processes(desk.path, second(2027))  # some requests are the same again: charged once
    assert 1_000 - 7 < desk.spent("2026Q4") <= 1_000
    assert desk.spent("2026Q3") == 0


@pytest.mark.slow
def test_eight_processes_bring_one_book_up_together(tmp_path: Path) -> None:
    path = tmp_path / "book.sqlite"
    first_form(path)
    script = (
        "import sys; from pathlib import Path; from xinqiao_clients.book import Book;"
        "print(Book(Path(sys.argv[1]), bytes(32), lambda: 0, create=False).spent('staff', 'lifetime'))"
    )
    command = [sys.executable, "-c", script, str(path)]
    openers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    said = {opener.communicate(timeout=120)[0].strip() for opener in openers}
    assert said == {"Spend(epsilon_micro=400, delta_nano=1)"}


_ADMITTED = """
    import sys
    from pathlib import Path
    from simulators.kills import kill_at_each
    from xinqiao_clients.book import Book
    from xinqiao_governance.order import Spend
    from xinqiao_ledger.event import Kind

    def admit(path, points):
        book = Book(path, bytes(32), lambda: 0, create=False)
        book._db.set_trace_callback(points.reach)
        with book.transaction() as writing:
            assert writing.reserve(b"order", "staff", "2026Q4", Spend(400, 1))
            points.reach()
            fields = {"actor": "00", "role": "r", "action": "a", "job": "ab" * 32, "spend": Spend(400, 1)}
            writing.record(kind=Kind.RESERVE, **fields)
            points.reach()
            writing.put_job(b"order", b"signed", "open", b"version", b"key")
            points.reach()
        points.reach()

    kill_at_each(Path(sys.argv[1]), Path(sys.argv[2]), admit)
"""


@pytest.mark.slow
def test_kill_9_between_any_two_statements_charges_wholly_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    desk.cap("2026Q3", "2026Q4", year=YEAR_CAP)
    desk.book.scrub()  # all of it is in the one file
    killed = tmp_path / "killed"
    killed.mkdir()
    run_script(_ADMITTED, desk.path, killed)
    paths = sorted(killed.glob("*.sqlite"), key=lambda path: int(path.stem))
    charged = []
    for path in paths:
        again = Desk(path, second(1970))
        spent = again.spent("2026Q4")
        assert (spent, again.book.count_events(), len(again.book.jobs())) in ((0, 0, 0), (400, 1, 1))
        charged.append(spent > 0)
        assert again.reserve("order", "2026Q4", 400)  # asked again, it is charged once
        assert again.spent("2026Q4") == 400
        assert not again.reserve("another", "2026Q4", 201)  # the year's 600
        assert again.reserve("another", "2026Q4", 200)
        again.book.close()
    assert len(paths) > 12
    assert charged == sorted(charged)
    assert (charged[0], charged[-1]) == (False, True)
