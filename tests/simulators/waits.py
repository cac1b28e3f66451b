"""Waiting for what another thread or process will show."""

import time
from collections.abc import Callable

BOUND_S = 60.0
_LOOK_S = 0.02


def wait_until(seen: Callable[[], bool]) -> None:
    """Look until something is seen; longer than `BOUND_S` is a failed test."""
    deadline = time.monotonic() + BOUND_S
    while not seen():
        assert time.monotonic() < deadline, f"waited beyond {BOUND_S:g} s"
        time.sleep(_LOOK_S)
