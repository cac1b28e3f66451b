"""`main` owns its process: it sets variables and signal handlers. Put them back after each test."""

import os
import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _own_process() -> Iterator[None]:
    variables = dict(os.environ)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    os.environ.clear()
    os.environ.update(variables)
