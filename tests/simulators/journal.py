"""A real log that grows by synthetic events."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from simulators.ledger import ORIGIN, Node, hexed
from xinqiao_ledger.event import Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey


class Journal:
    """A log with one writer, in a file of `folder`; opened again it is the same."""

    def __init__(self, folder: Path, name: str = "log") -> None:
        self._key = SigningKey.generate()
        self._path = folder / f"{name}.sqlite"
        self._writer = Node(name)
        self.log = self.open()

    def open(self) -> Log:
        """Open the log as another process would."""
        return Log(self._path, self._key, ORIGIN)

    def cut(self, size: int) -> None:
        """Put the log back to its first `size` entries, with all that it signed."""
        self.log.close()
        with closing(sqlite3.connect(self._path)) as database, database:
            database.execute("DELETE FROM entry WHERE idx >= ?", (size,))
            database.execute("DELETE FROM checkpoints")
        self.log = self.open()

    def grow(self, entries: int = 1, kind: Kind = Kind.IMPORT) -> int:
        """Add so many events of a kind; return the log's size."""
        digests = ("job", "output_digest", "card_digest") if kind is Kind.PUBLISH else ()
        fields: dict[str, Any] = {name: hexed(name) for name in digests}
        self.log.append([self._writer.write(kind, **fields).leaf for _ in range(entries)])
        return self.log.size
