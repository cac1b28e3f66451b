"""Durable files: a file or folder appears whole or not at all, and foreign I/O errors become ours."""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xinqiao_governance.errors import StoreDamaged, UsageInvalid, VersionOther

_FULL = {errno.ENOSPC, errno.EDQUOT}
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}
TEMPORARY = ".tmp-"


@contextmanager
def io_errors(path: Path) -> Iterator[None]:
    """Turn an operating-system error into one clear sentence about `path`.

    Raises:
        StoreDamaged: `disk_full`, or `io_failed` with the system's code.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreDamaged("disk_full") from error
        raise StoreDamaged("io_failed", path=str(path), reason=system_reason(error)) from error


def system_reason(error: OSError) -> str:
    """Return the system's code, such as ENOENT: `messages` has words for it, the system's own are English."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


@contextmanager
def version_errors(path: Path) -> Iterator[None]:
    """Name the file at `path` where another version wrote what is read from it.

    Raises:
        VersionOther: `version_other_file`.
    """
    try:
        yield
    except VersionOther as error:
        raise VersionOther("version_other_file", path=str(path)) from error


def temporary_beside(path: Path) -> Path:
    """Return an unused name in the same folder, so that a rename to `path` stays on one file system."""
    return path.with_name(TEMPORARY + secrets.token_hex(8))


def write_synced(path: Path, data: bytes | bytearray) -> None:
    """Create `path` (mode 0600), write `data` and flush it to the disk; an existing file is an OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)  # nobody shall take half of it for the whole
        raise


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a crash leaves the old content or the new; raises OSError."""
    temporary = temporary_beside(path)
    try:
        write_synced(temporary, data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def create_file(path: Path, data: bytes) -> None:
    """Like `replace_file`, but never over an existing file: that raises FileExistsError."""
    temporary = temporary_beside(path)
    try:
        write_synced(temporary, data)
        _link(temporary, path, data)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _link(temporary: Path, path: Path, data: bytes) -> None:
    """Unlike a rename, a link refuses a name that is taken; some file systems (FAT) have none."""
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        write_synced(path, data)


def read_private(path: Path) -> bytes:
    """Return a file's bytes; raises OSError, and UsageInvalid where others than its owner may read it."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise UsageInvalid("key_file_readable", path=str(path))
        return file.read()


@contextmanager
def locked(path: Path, how: int) -> Iterator[None]:
    """Hold the lock file at `path`; the system lets go of it when the process dies. Raises OSError.

    `how` is fcntl's LOCK_SH or LOCK_EX; with LOCK_NB a lock that another holds is a BlockingIOError.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Flush a folder's own entries (names and renames) to the disk; raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
