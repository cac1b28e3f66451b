"""SQL databases by their SQLAlchemy URL, read in one read-only transaction. The one front door of SQLAlchemy.

Databases are known one by one, because each has its own way to be read only. A URL may hold a password, and a
database's errors may quote cells: neither is ever shown.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_clients.sources.table import Cells, Table
from xinqiao_governance.errors import DataInvalid, UsageInvalid

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine, Executable

_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "sqlite": "sqlite+pysqlite"}
_QUERY = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)
_BATCH = 10_000
_WAIT_S = 15
_LONGEST_S = 1_800  # a statement that takes longer waits for a lock, or for nothing


def read_sql_table(url: str, part: str | None) -> Table:
    """Read a table or view by its name ("schema.table" where there is a schema), or what a SELECT gives.

    Raises:
        UsageInvalid: the URL is none, or of a database that is not known here; nothing was named to read; the
            query is more than one SELECT.
        DataInvalid: the database cannot be reached, or refuses.
    """
    import sqlalchemy as sa

    parsed = _parsed(url)
    if not part:
        raise UsageInvalid("sql_table_missing")
    statement = _statement(part)
    engine = _engine(parsed)
    cells = Cells()
    try:
        with _reading(engine) as connection:
            found = connection.execution_options(stream_results=True).execute(statement)
            cells.add([str(name) for name in found.keys()])  # noqa: SIM118  # a result, no mapping
            for rows in found.partitions(_BATCH):
                for row in rows:
                    cells.add(row)
    except (sa.exc.SQLAlchemyError, OSError, UnicodeError) as error:
        raise DataInvalid("sql_failed", where=_shown(parsed), reason=type(error).__name__) from None
    finally:
        engine.dispose()
    return cells.table()


def shown(url: str) -> str:
    """Return what may be said of a URL that is one. Raises UsageInvalid where it is none."""
    return _shown(_parsed(url))


def _parsed(url: str) -> "URL":
    import sqlalchemy as sa

    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # which quote the URL
        raise UsageInvalid("sql_url_invalid") from None
    driver = parsed.drivername
    if driver.partition("+")[0] not in _DRIVERS or driver not in {*_DRIVERS, *_DRIVERS.values()}:
        raise UsageInvalid("sql_database_unknown")
    return parsed.set(drivername=_DRIVERS[driver.partition("+")[0]])


def _statement(part: str) -> "Executable":
    """Return what reads `part`: one statement, which a read-only transaction then cannot be led out of."""
    import sqlalchemy as sa

    if _QUERY.match(part):
        query = part.strip().removesuffix(";")
        if ";" in query:
            raise UsageInvalid("sql_one_select")
        return sa.text(query.replace(":", r"\:"))
    schema, _, name = part.rpartition(".")
    table = sa.table(name, schema=schema or None)
    return sa.select(sa.literal_column("*")).select_from(table)


def _engine(url: "URL") -> "Engine":
    import sqlalchemy as sa

    try:
        if url.get_backend_name() == "sqlite":
            return sa.create_engine("sqlite+pysqlite://", creator=lambda: _sqlite(url), poolclass=sa.NullPool)
        options = {"connect_timeout": _WAIT_S, "options": f"-c statement_timeout={_LONGEST_S * 1_000}"}
        return sa.create_engine(url, poolclass=sa.NullPool, connect_args=options, hide_parameters=True)
    except ModuleNotFoundError:
        raise UsageInvalid("extra_missing", extra="postgres") from None
    except (sa.exc.ArgumentError, TypeError, ValueError):
        raise UsageInvalid("sql_url_invalid") from None


def _sqlite(url: "URL") -> object:
    """Open the file read-only; what is not there is not made."""
    import sqlite3

    place = Path(url.database or "").absolute()
    connection = sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True, timeout=_WAIT_S)
    connection.execute("PRAGMA query_only = ON")
    return connection


@contextmanager
def _reading(engine: "Engine") -> Iterator["Connection"]:
    """Open one transaction that sees one state of the data, writes nothing, and is rolled back."""
    options = (
        {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        if engine.dialect.name == "postgresql"
        else {}
    )
    with engine.connect() as plain:
        connection = plain.execution_options(**options)
        try:
            yield connection
        finally:
            connection.rollback()


def _shown(url: "URL") -> str:
    """Return what may be said of a URL: no user, no password, no option."""
    return f"{url.get_backend_name()}://{url.host or ''}/{Path(url.database or '').name}"
