"""Both databases that a log can be kept in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a new log is to be kept: a file, or the URL of an empty database."""
    if request.param == "sqlite":
        return tmp_path / "log.sqlite"
    return postgres.new_database(request.getfixturevalue("postgres_server"))
