"""PostgreSQL under the log: what a lost connection, a second writer and a careless server come to."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from simulators import postgres
from simulators.ledger import ORIGIN, Node
from xinqiao_governance.errors import NodeUnavailable, StoreDamaged
from xinqiao_ledger.database import open_database
from xinqiao_ledger.event import Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey

KEY = SigningKey.generate()


@pytest.fixture
def url(postgres_server: str) -> str:
    return postgres.new_database(postgres_server)


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    with closing(Log(url, KEY, ORIGIN)) as log:
        yield log


def end_connections(url: str) -> None:
    """Play a server that was started again."""
    with closing(open_database(url, "")) as database:
        database.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_lost_connection_is_made_again(log: Log, url: str) -> None:
    node = Node("a")
    first, second = (node.write(Kind.CONFIRM).leaf for _ in range(2))
    log.append([first])
    end_connections(url)
    with pytest.raises(NodeUnavailable, match="postgres_failed"):
        log.append([second])
    assert log.append([first, second]) == [0, 1]


def test_a_commit_whose_answer_was_lost_is_found_again(log: Log, url: str) -> None:
    """The rows are in, and nobody was told: sending again finds them."""
    node = Node("a")
    leaves = [node.write(Kind.CONFIRM).leaf for _ in range(2)]
    with closing(Log(url, KEY, ORIGIN)) as beside:
        beside.append(leaves)
    assert log.append(leaves) == [0, 1]
    assert log.size == 2


def test_one_writer_at_a_time(url: str) -> None:
    with closing(open_database(url, "")) as one, closing(open_database(url, "")) as two:
        entered = threading.Event()

        def enter() -> None:
            with two.transaction():
                entered.set()

        with one.transaction():
            thread = threading.Thread(target=enter)
            thread.start()
            assert not entered.wait(0.2)
        assert entered.wait(10)
        thread.join()


def test_who_holds_the_log_too_long_is_said(url: str) -> None:
    with closing(open_database(url, "")) as one, closing(open_database(url, "")) as two:
        two.run("SET lock_timeout = 100")
        with one.transaction(), pytest.raises(NodeUnavailable, match="postgres_failed"), two.transaction():
            pass


def test_commits_wait_for_the_disk_whatever_the_database_says(url: str) -> None:
    with closing(open_database(url, "")) as database:
        name = url.rpartition("?")[0].rpartition("/")[2]
        database.run(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with closing(open_database(url, "")) as database:
        assert database.run("SHOW synchronous_commit") == [("on",)]


def set_for_all(url: str, setting: str, value: str) -> None:
    """Change a server's setting, as its keeper would, and wait until it holds."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"ALTER SYSTEM SET {setting} = {value}")
        server.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + 10
        while server.execute(f"SHOW {setting}").fetchone() != (value,) and time.monotonic() < deadline:
            time.sleep(0.01)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_may_lose_a_commit_is_refused(url: str, setting: str) -> None:
    set_for_all(url, setting, "off")
    try:
        with pytest.raises(StoreDamaged, match="postgres_not_durable"):
            Log(url, KEY, ORIGIN)
    finally:
        set_for_all(url, setting, "on")
    Log(url, KEY, ORIGIN).close()


def test_nothing_of_the_url_is_in_an_error() -> None:
    with pytest.raises(NodeUnavailable) as caught:
        open_database("postgresql://clerk:secret@127.0.0.1:9/log", "")
    assert "secret" not in f"{caught.value!r} {caught.value.fields}"
