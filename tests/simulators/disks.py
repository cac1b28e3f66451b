"""A disk that fails on request: put `FailingDisk.fsync` in the place of `os.fsync`."""

import os


class FailingDisk:
    """Counts flushes and fails the one asked for: before it nothing, after it everything is on the disk."""

    def __init__(self, failing: int, code: int) -> None:
        self.calls = 0
        self._failing = failing
        self._code = code
        self._fsync = os.fsync

    def fsync(self, handle: int) -> None:
        self.calls += 1
        if self.calls == self._failing:
            raise OSError(self._code, os.strerror(self._code))
        self._fsync(handle)
