"""Both databases that a centre's log can be kept in."""

from collections.abc import Iterator

import pytest

from simulators import postgres


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres.server(tmp_path_factory.mktemp("postgres")) as url:
        yield url
