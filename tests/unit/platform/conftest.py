"""Both databases that a centre's log can be kept in."""

from collections.abc import Iterator

import pytest

from simulators import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url
