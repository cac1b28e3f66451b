"""`main` owns its process: variables, signal handlers, loggers. Put them back after each test."""

import logging
import os
import signal
from collections.abc import Iterator

import pytest

from xinqiao_app.cli import _LOGGERS


@pytest.fixture(autouse=True)
def _own_process() -> Iterator[None]:
    variables = dict(os.environ)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    loggers = {name: logging.getLogger(name) for name in _LOGGERS}
    speakers = {name: list(logger.handlers) for name, logger in loggers.items()}
    yield
    for name, logger in loggers.items():
        logger.handlers = speakers[name]
    for number, handler in handlers.items():
        signal.signal(number, handler)
    os.environ.clear()
    os.environ.update(variables)
