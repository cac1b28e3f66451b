"""SQL databases: read in one read-only transaction; no password and no cell in any word."""

import sqlite3
import time
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators import postgres
from xinqiao_clients.sources import Source, Table, read_table, sql
from xinqiao_governance.errors import DataInvalid, XinqiaoError
from xinqiao_governance.messages import LANGUAGES, explain

SCHEMA = """
CREATE TABLE staff(id TEXT, age INTEGER, pay REAL);
INSERT INTO staff VALUES ('007', 30, 1.5), ('008', NULL, 100.0);
CREATE VIEW young AS SELECT id FROM staff WHERE age < 40;
"""


@pytest.fixture
def lite(tmp_path: Path) -> str:
    path = tmp_path / "staff.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(SCHEMA)
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture
def post(server: str) -> str:
    import psycopg

    url = postgres.new_database(server)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(SCHEMA.replace("REAL", "DOUBLE PRECISION"))
    return url


@pytest.fixture(params=["lite", "post"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


def read(url: str, part: str | None) -> Table:
    return read_table(Source(url, part))


def refusal(url: str, part: str | None) -> str:
    with pytest.raises(XinqiaoError) as caught:
        read(url, part)
    said = "".join(traceback.format_exception(caught.value))
    said += "".join(explain(caught.value, language) for language in LANGUAGES)
    assert "SENTINEL" not in said
    return caught.value.code


def test_a_table_a_view_and_a_query_are_read(url: str) -> None:
    table = read(url, "staff")
    assert table.header == ("id", "age", "pay")
    assert table.columns == (("007", "008"), ("30", None), ("1.5", "100"))
    assert read(url, "young").columns == (("007",),)
    assert read(url, "SELECT id FROM staff WHERE id LIKE '%8' ;").columns == (("008",),)
    assert read(url, "with x as (select ':a' as a) select a from x").columns == ((":a",),)


def test_a_name_is_a_name_and_no_statement(url: str) -> None:
    assert refusal(url, 'staff"; DROP TABLE staff; --') == "sql_failed"
    assert read(url, "staff").rows == 2


WRITES = [
    "SELECT 1; DELETE FROM staff",
    "SELECT 1; COMMIT; DROP TABLE staff",
    "DELETE FROM staff",
    "WITH gone AS (SELECT 1) DELETE FROM staff",
    "WITH gone AS (DELETE FROM staff RETURNING id) SELECT * FROM gone",
    "SELECT * INTO copied FROM staff",
]


@pytest.mark.parametrize("query", WRITES)
def test_nothing_is_written(url: str, query: str) -> None:
    assert refusal(url, query) == ("sql_one_select" if ";" in query else "sql_failed")
    assert read(url, "staff").rows == 2
    assert refusal(url, "copied") == "sql_failed"


def test_a_statement_that_does_not_end_is_ended(post: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "_LONGEST_S", 1)
    begun = time.monotonic()
    assert refusal(post, "SELECT pg_sleep(60)") == "sql_failed"
    assert time.monotonic() - begun < 30


def test_a_function_that_writes_is_refused_by_postgresql(post: str) -> None:
    import psycopg

    with psycopg.connect(post, autocommit=True) as db:
        db.execute("CREATE SEQUENCE numbers")
        db.execute(
            "CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM staff; SELECT 1'", prepare=False
        )
    for query in (
        "SELECT nextval('numbers')",
        "SELECT wipe()",
        "SELECT set_config('transaction_read_only', 'off', false), wipe()",
    ):
        assert refusal(post, query) == "sql_failed"
    assert read(post, "staff").rows == 2


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert refusal(f"sqlite:///{tmp_path / 'none.db'}", "staff") == "sql_failed"
    assert not list(tmp_path.iterdir())
    assert refusal("sqlite://", "staff") == "sql_failed"
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"SENTINEL" * 1000)
    assert refusal(f"sqlite:///{noise}", "staff") == "sql_failed"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://user:SENTINEL@127.0.0.1:1/db?sslpassword=SENTINEL", "sql_failed"),
        ("postgresql://user:SENTINEL@127.0.0.1:1/db?SENTINEL=1", "sql_failed"),
        ("postgresql://user:SENTINEL@127.0.0.1:port/db", "sql_url_invalid"),
        ("postgresql+psycopg://user:SENTINEL@127.0.0.1:1/db", "sql_failed"),
        ("mysql://user:SENTINEL@127.0.0.1/db", "sql_database_unknown"),
        ("postgresql+asyncpg://user:SENTINEL@127.0.0.1/db", "sql_database_unknown"),
        ("SENTINEL://x", "sql_database_unknown"),
    ],
)
def test_no_password_is_ever_said(url: str, code: str) -> None:
    assert refusal(url, "staff") == code
    assert "SENTINEL" not in repr(Source(url, "SENTINEL"))


def test_something_must_be_named(lite: str) -> None:
    assert refusal(lite, None) == refusal(lite, "") == "sql_table_missing"


def test_an_error_of_the_database_quotes_no_cell(url: str) -> None:
    assert refusal(url, "SELECT CAST('SENTINEL' AS INTEGER) / 0, abs(-9223372036854775808) FROM staff") == (
        "sql_failed"
    )


def test_values_of_no_cell_are_named_by_their_place_and_the_rest_is_read(lite: str) -> None:
    table = read(lite, "SELECT id, x'53454e54494e454c' AS blob FROM staff")
    assert table.columns == (("007", "008"), (None, None))
    assert table.unreadable == {1: 2}
    with pytest.raises(DataInvalid, match="source_cell_kind") as caught:
        table.require_whole()
    assert caught.value.fields == {"place": 2, "row": 2}
