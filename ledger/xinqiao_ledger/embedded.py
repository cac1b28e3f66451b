"""The folder of the embedded chain: a lock, the writer's key, and the store that holds the blocks.

Nothing here knows what a block is; `chain.py` puts py-evm on top. A block is one transaction of the store,
so a crash leaves the old head or the new one, never half a block.
"""

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from xinqiao_governance.errors import StoreDamaged, UsageInvalid
from xinqiao_ledger.files import create_file

_KEY_BYTES = 32
_OTHERS_MAY_READ = 0o077
_SCHEMA = "CREATE TABLE IF NOT EXISTS entry (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"


class ChainStore:
    """A mapping of bytes to bytes in SQLite; py-evm writes its headers, bodies and state nodes here."""

    def __init__(self, path: Path) -> None:
        # The anchor serialises its callers, so another thread than the opener may use the connection.
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(_SCHEMA)
        except sqlite3.Error:
            self._connection.close()
            raise

    @property
    def is_empty(self) -> bool:
        """True before the chain's first block."""
        return self._connection.execute("SELECT 1 FROM entry LIMIT 1").fetchone() is None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make every write inside durable together, or none of them."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # SQLite has already rolled back by itself after some failures, a full disk among them.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __getitem__(self, key: bytes) -> bytes:
        row = self._connection.execute("SELECT value FROM entry WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        value: bytes = row[0]
        return value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO entry VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        self._connection.execute("DELETE FROM entry WHERE key = ?", (key,))

    def __contains__(self, key: bytes) -> bool:
        return self._connection.execute("SELECT 1 FROM entry WHERE key = ?", (key,)).fetchone() is not None


class ChainFolder:
    """The folder of one embedded chain, held by one process at a time.

    Raises:
        UsageInvalid: `anchor_in_use`, or `anchor_key_exposed`.
        StoreDamaged: `anchor_key_damaged`: the blocks are there and their writer's key is not.
        OSError, sqlite3.Error: the folder or a file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.callback(os.close, _lock(path))
            self.store = ChainStore(path / "chain.sqlite")
            opened.callback(self.store.close)
            self.key = _key(path / "writer.key", may_create=self.store.is_empty)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Close the store, then let the next process in."""
        self._opened.close()


def _lock(folder: Path) -> int:
    """Return a descriptor whose lock the kernel drops when the process ends, however it ends."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise UsageInvalid("anchor_in_use", path=str(folder)) from error
    return descriptor


def make_key(folder: Path) -> bytes:
    """Return the writer's key of a chain's folder; the first time, make both."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _key(folder / "writer.key", may_create=True)


def read_key(folder: Path) -> bytes:
    """Return the writer's key of a chain's folder.

    Raises:
        StoreDamaged: there is none.
        UsageInvalid: others may read it.
    """
    return _key(folder / "writer.key", may_create=False)


def _key(path: Path, *, may_create: bool) -> bytes:
    """Return the bytes of the key file; whoever signs with them finds out whether they are a key."""
    if may_create and not path.exists():
        create_file(path, secrets.token_bytes(_KEY_BYTES))  # the first block never outlives its writer's key
    if not path.exists():
        raise StoreDamaged("anchor_key_damaged", path=str(path))
    if path.stat().st_mode & _OTHERS_MAY_READ:
        raise UsageInvalid("anchor_key_exposed", path=str(path))
    return path.read_bytes()
