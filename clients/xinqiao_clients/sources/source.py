"""Where a table comes from: a file, or a database by its URL; and which part of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xinqiao_clients.sources.csv_file import read_csv_table
from xinqiao_clients.sources.table import Table
from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.parse import fields_of, text

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True)
class Source:
    """`place` is a path or a URL, which may hold a password; `part` a sheet, a table or a SELECT."""

    place: str
    part: str | None = None

    def __repr__(self) -> str:
        return "Source(…)"

    @property
    def is_database(self) -> bool:
        """Say whether it is a database."""
        return _URL.match(self.place) is not None

    @property
    def kind(self) -> str:
        """What a file is by its name: "csv" for all that is nothing else here."""
        return Path(self.place).suffix.lower().removeprefix(".")

    def settled(self) -> "Source":
        """Return the same source from whichever folder it is read."""
        return self if self.is_database else Source(str(Path(self.place).absolute()), self.part)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form, for the department's own disk, sealed."""
        return {"place": self.place, "part": self.part}

    @classmethod
    def from_json(cls, value: Json) -> "Source":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "place", "part")
        return cls(text(body, "place"), None if body["part"] is None else text(body, "part"))


def read_table(source: Source) -> Table:
    """Read the table that lies at `source` now.

    Raises:
        DataInvalid: it cannot be reached or read, or is no table; the error quotes no cell and no password.
        UsageInvalid: a part was named that such a source does not have, or a library is missing.
    """
    if source.is_database:
        from xinqiao_clients.sources.sql import read_sql_table

        return read_sql_table(source.place, source.part)
    path = Path(source.place)
    if source.kind in ("xlsx", "xlsm", "xls"):
        from xinqiao_clients.sources.excel import read_excel_table

        return read_excel_table(path, source.part)
    if source.part is not None:
        raise UsageInvalid("source_part_unknown", path=source.place)
    return _READERS.get(source.kind, read_csv_table)(path)


def _read_parquet(path: Path) -> Table:
    from xinqiao_clients.sources.parquet import read_parquet_table

    return read_parquet_table(path)


_READERS: dict[str, Callable[[Path], Table]] = {"parquet": _read_parquet, "pq": _read_parquet}
