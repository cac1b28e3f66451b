"""Durable SQLite for the log and the witnesses: WAL, synchronous=FULL, one writer at a time, our errors."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from xinqiao_governance.errors import NodeUnavailable, StoreDamaged, XinqiaoError

Value: TypeAlias = int | str | bytes

_BUSY_TIMEOUT_S = 30.0


class Database:
    """One SQLite file behind one connection that threads may share.

    Raises:
        StoreDamaged: the file is not a database, or not ours.
        NodeUnavailable: the file cannot be opened, another process holds it too long, or the disk is full.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._ours():
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
        try:
            self._prepare(schema)
        except BaseException:
            self._connection.close()
            raise

    def read(self, sql: str, *values: Value) -> list[tuple[Value, ...]]:
        """Return all rows of a query."""
        with self._lock, self._ours():
            return self._connection.execute(sql, values).fetchall()

    def write(self, sql: str, *values: Value) -> None:
        """Run one statement; inside `transaction` it commits with the rest."""
        with self._lock, self._ours():
            self._connection.execute(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit the block durably as one, or nothing of it: also when the block raises."""
        with self._lock:
            self.write("BEGIN IMMEDIATE")
            try:
                yield
                self.write("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self.write("ROLLBACK")

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        with self._lock:
            self._connection.close()

    def _prepare(self, schema: str) -> None:
        self.write("PRAGMA journal_mode=WAL")
        self.write("PRAGMA synchronous=FULL")
        with self._ours():
            self._connection.executescript(schema)

    @contextmanager
    def _ours(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._translate(error) from error

    def _translate(self, error: sqlite3.Error) -> XinqiaoError:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return NodeUnavailable("disk_full")
        fields = {"path": str(self.path), "reason": getattr(error, "sqlite_errorname", type(error).__name__)}
        kind = NodeUnavailable if isinstance(error, sqlite3.OperationalError) else StoreDamaged
        return kind("io_failed", **fields)
