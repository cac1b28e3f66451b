"""Durable SQLite for the log and the witnesses: WAL, synchronous=FULL, one writer at a time, our errors."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xinqiao_governance.errors import NodeUnavailable, StoreDamaged, XinqiaoError
from xinqiao_ledger.database import Row, Value

_BUSY_TIMEOUT_S = 30.0


class Sqlite:
    """One SQLite file behind one connection that threads may share.

    Raises:
        StoreDamaged: the file is not a database, or not ours.
        NodeUnavailable: the file cannot be opened, another process holds it too long, or the disk is full.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise self._translate(error) from error
        try:
            self._prepare(schema)
        except BaseException:
            self.close()
            raise

    def run(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement and return its rows; inside `transaction` it commits with the rest."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise self._translate(error) from error

    def add(self, table: str, rows: Sequence[Sequence[Value]]) -> None:
        """Add whole rows to a table, inside `transaction`."""
        if not rows:
            return
        places = ", ".join("?" * len(rows[0]))
        with self._lock:
            try:
                insert = f"INSERT INTO {table} VALUES ({places})"  # noqa: S608  # a name of our own
                self._connection.executemany(insert, rows)
            except sqlite3.Error as error:
                raise self._translate(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit the block durably as one, or nothing of it: also when the block raises."""
        with self._lock:
            try:  # around BEGIN, too: an interrupt just behind it must not leave the connection inside
                self.run("BEGIN IMMEDIATE")
                yield
                self.run("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self.run("ROLLBACK")

    def has_table(self, name: str) -> bool:
        """Say whether there is a table of this name."""
        return bool(self.run("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name))

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        with self._lock:
            self._connection.close()

    def _prepare(self, schema: str) -> None:
        self.run("PRAGMA journal_mode=WAL")
        self.run("PRAGMA synchronous=FULL")
        for statement in schema.split(";"):
            self.run(statement)

    def _translate(self, error: sqlite3.Error) -> XinqiaoError:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return NodeUnavailable("disk_full")
        fields = {"path": str(self.path), "reason": getattr(error, "sqlite_errorname", type(error).__name__)}
        kind = NodeUnavailable if isinstance(error, sqlite3.OperationalError) else StoreDamaged
        return kind("io_failed", **fields)
