"""`main` owns its process: variables, signal handlers, loggers. Put them back after each test.

What a test writes is its owner's alone, as a passphrase has to be.
"""

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
    umask = os.umask(0o077)
    yield
    os.umask(umask)
    for name, logger in loggers.items():
        logger.handlers = speakers[name]
    for number, handler in handlers.items():
        signal.signal(number, handler)
    os.environ.clear()
    os.environ.update(variables)
