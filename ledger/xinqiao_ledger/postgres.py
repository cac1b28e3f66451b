"""PostgreSQL for the log: one writer at a time by an advisory lock, durable commits, our errors.

The one front door to psycopg, an extra. A connection that was lost is made again by the next call. Whether
the commit that it was lost in happened, the log finds out: sending again is safe there.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from xinqiao_governance.errors import NodeUnavailable, StoreDamaged, UsageInvalid, XinqiaoError
from xinqiao_ledger.database import Row, Value

try:
    import psycopg
except ImportError as error:
    raise UsageInvalid("postgres_missing") from error

_SEQUENCER = 0x78696E7169616F  # "xinqiao": the advisory lock that one writer of a database holds
_CONNECT_S = 10
_BUSY_TIMEOUT_MS = 30_000
_TYPES: Mapping[type, str] = {int: "int8", str: "text", bytes: "bytea"}
_FEW = 8  # from so many rows on, COPY costs less than statements


class Postgres:
    """One PostgreSQL database, by its URL, behind one connection that threads may share.

    Raises:
        StoreDamaged: the server does not keep on its disk what it commits.
        NodeUnavailable: it cannot be reached, another process holds the log too long, or its disk is full.
    """

    def __init__(self, url: str, schema: str) -> None:
        self._url = url
        self._lock = threading.RLock()
        self._connection: psycopg.Connection[Row] | None = None
        with ExitStack() as opened:
            opened.callback(self.close)
            with self.transaction():
                self._require_durable()
                for statement in filter(str.strip, _typed(schema).split(";")):
                    self.run(statement)
            opened.pop_all()

    def run(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement and return its rows; inside `transaction` it commits with the rest."""
        with self._lock, self._errors():
            cursor = self._connected().execute(_placed(sql), values)
            return cursor.fetchall() if cursor.description else []

    def add(self, table: str, rows: Sequence[Sequence[Value]]) -> None:
        """Add whole rows to a table, inside `transaction`."""
        if not rows:
            return
        with self._lock, self._errors(), self._connected().cursor() as cursor:
            if len(rows) < _FEW:
                places = ", ".join(["%s"] * len(rows[0]))
                insert = f"INSERT INTO {table} VALUES ({places})"  # noqa: S608  # a name of our own
                cursor.executemany(insert, rows)
                return
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:  # text doubles the bytes
                copy.set_types([_TYPES[type(value)] for value in rows[0]])
                for row in rows:
                    copy.write_row(row)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit the block durably as one, or nothing of it: also when the block raises."""
        with self._lock, self._errors(), self._connected().transaction():
            self.run("SELECT pg_advisory_xact_lock(?)", _SEQUENCER)
            yield

    def close(self) -> None:
        """Close the connection; the object is of no use afterwards."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    def _connected(self) -> "psycopg.Connection[Row]":
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=_CONNECT_S)
            self._connection.execute("SET synchronous_commit = on")
            # Each statement sees what was committed before it; a snapshot from before the lock is stale.
            self._connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            self._connection.execute(f"SET lock_timeout = {_BUSY_TIMEOUT_MS}")
        return self._connection

    def _require_durable(self) -> None:
        for setting in ("fsync", "full_page_writes"):
            if self.run(f"SHOW {setting}") != [("on",)]:
                raise StoreDamaged("postgres_not_durable", setting=setting)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise _translated(error) from error


def _translated(error: "psycopg.Error") -> XinqiaoError:
    """Name the error by PostgreSQL's own code: its text may quote a row, or the password in the URL."""
    if isinstance(error, psycopg.errors.DiskFull):
        return NodeUnavailable("disk_full")
    reason = error.sqlstate or type(error).__name__
    kind = NodeUnavailable if isinstance(error, psycopg.OperationalError) else StoreDamaged
    return kind("postgres_failed", reason=reason)


def _typed(schema: str) -> str:
    return schema.replace("INTEGER", "BIGINT").replace("BLOB", "BYTEA")


def _placed(sql: str) -> Any:
    return sql.replace("?", "%s")
