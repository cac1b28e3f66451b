"""What the log needs of a database, whichever one it is.

Statements are written once, in the part of SQL that SQLite and PostgreSQL share: "?" for values, INTEGER for
64-bit integers, BLOB for bytes.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeAlias

Value: TypeAlias = int | str | bytes
Row: TypeAlias = tuple[Value, ...]

POSTGRES = ("postgresql://", "postgres://")


class Database(Protocol):
    """One database behind one connection that threads may share. Whatever fails raises an error of ours."""

    def run(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement and return its rows; inside `transaction` it commits with the rest."""
        ...

    def add(self, table: str, rows: Sequence[Sequence[Value]]) -> None:
        """Add whole rows to a table, inside `transaction`."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Commit the block durably as one, or nothing of it: also when the block raises.

        One process at a time is inside: who comes later sees all that was committed before.
        """
        ...

    def close(self) -> None:
        """Close the connection; the object is of no use afterwards."""
        ...


def open_database(where: Path | str, schema: str) -> Database:
    """Open the file `where`, or the PostgreSQL database whose URL it is, and make what `schema` lacks there.

    Raises:
        StoreDamaged: it is no database, not ours, or does not keep what it commits.
        NodeUnavailable: it cannot be reached, another process holds it too long, or the disk is full.
        UsageInvalid: PostgreSQL's client is not installed.
    """
    if isinstance(where, str) and where.startswith(POSTGRES):
        from xinqiao_ledger.postgres import Postgres  # an extra, slow to load

        return Postgres(where, schema)
    from xinqiao_ledger.sqlite import Sqlite

    return Sqlite(Path(where), schema)
