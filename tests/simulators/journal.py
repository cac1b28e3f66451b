"""A real log that grows by synthetic events."""

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

    def grow(self, entries: int = 1, kind: Kind = Kind.IMPORT) -> int:
        """Add so many events of a kind; return the log's size."""
        digests = ("job", "output_digest", "card_digest") if kind is Kind.PUBLISH else ()
        fields: dict[str, Any] = {name: hexed(name) for name in digests}
        self.log.append([self._writer.write(kind, **fields).leaf for _ in range(entries)])
        return self.log.size
