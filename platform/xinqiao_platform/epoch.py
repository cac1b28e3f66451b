"""Open a new epoch of the log, where the old one cannot be made whole: a new name, and a signed pointer.

Everything of the old log moves, read-only, into `epochs/<its name>/`. Killed in between, the same call goes
on: the mark that shuts the old log is the last thing to move.
"""

import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from xinqiao_governance.errors import StoreDamaged, UsageInvalid
from xinqiao_governance.parse import is_label
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.epoch import EpochPointer, LogEpoch, next_origin
from xinqiao_ledger.event import Kind
from xinqiao_ledger.files import create_file, io_errors, read_private, replace_file
from xinqiao_ledger.high_water import Behind, HighWater
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.centre import Centre, log_origin, log_place, note_key, one_command

_DATABASES = ("log.sqlite", "anchors.sqlite")
_LOG_FILES = (
    *(name + end for name in _DATABASES for end in ("", "-wal", "-shm")),
    *("log.url", "journal", "chain", "chain.json"),  # a contract takes no smaller head than its last
)
_MARKS = ("log.head", "log.behind")


def open_epoch(
    path: Path, reason: str, *, database: Path | None = None, clock: Callable[[], float] = time.time
) -> EpochPointer:
    """Close the log of the centre at `path`, open the next under a new name; return the pointer to the old.

    `database` is a file (mode 0600) with the URL of the PostgreSQL database for the new log; without one it
    stands in a file. The new log's first event names the pointer's digest.

    What is kept of the old log's newest head may be damaged: it stays as it is, and the pointer shows none.

    Raises:
        UsageInvalid: the log is whole, so there is no reason; the reason cannot be printed; or another
            process has the centre open.
        StoreDamaged: the disk fails.
    """
    draft = path / "epochs" / "pointer.draft"
    with one_command(path):
        pointer = _leave(path, draft, reason, database, int(clock()))
    epoch = pointer.operator.body
    _begin(path, epoch)
    with io_errors(path):
        draft.rename(kept_folder(path, epoch.old_origin) / "pointer.json")
    return pointer


def kept_folder(path: Path, origin: str) -> Path:
    """Return where the centre at `path` keeps its old log `origin`."""
    return path / "epochs" / origin.replace("/", "_")


def _leave(path: Path, draft: Path, reason: str, database: Path | None, now: int) -> EpochPointer:
    """Sign the pointer and move everything of the old log."""
    with io_errors(path):
        draft.parent.mkdir(exist_ok=True)
        if not draft.exists():
            create_file(draft, _pointer(path, reason, now).encode())
        pointer = EpochPointer.decode(draft.read_bytes())
        epoch = pointer.operator.body
        kept = kept_folder(path, epoch.old_origin)
        kept.mkdir(exist_ok=True)
        if log_origin(path) == epoch.old_origin:
            _move(path, kept, _LOG_FILES)
            replace_file(path / "log.origin", f"{epoch.origin}\n".encode())
        if database is not None and not (path / "log.url").exists():
            create_file(path / "log.url", read_private(database))
        _move(path, kept, _MARKS)
    return pointer


def _pointer(path: Path, reason: str, now: int) -> EpochPointer:
    if not is_label(reason):
        raise UsageInvalid("epoch_reason_invalid")
    operator, key = SigningKey.load(path / "operator.pem"), SigningKey.load(path / "log.pem")
    _require_lost(path, key)
    origin = log_origin(path)
    head, told = _head(path, origin), _told(path)
    size = head.checkpoint.size if head else 0
    epoch = LogEpoch(
        old_origin=origin,
        note=str(head) if head else "",
        known_size=max(size, told.size if told else 0),
        origin=next_origin(origin),
        reason=reason,
        time=now,
    )
    return EpochPointer(operator.seal(epoch), key.seal(epoch))


def _head(path: Path, origin: str) -> SignedCheckpoint | None:
    """Return the newest head of the log `origin` that can be shown: its damage may be why the log ends."""
    with suppress(StoreDamaged):
        head = HighWater(path).head()
        return head if head is not None and head.checkpoint.origin == origin else None
    return None


def _told(path: Path) -> Behind | None:
    with suppress(StoreDamaged):
        return HighWater(path).behind()
    return None


def _require_lost(path: Path, key: SigningKey) -> None:
    """Refuse to leave a log behind that is whole: an epoch is no way to forget."""
    try:
        with closing(
            Log(log_place(path), key, log_origin(path), note_key(path, key), HighWater(path))
        ) as log:
            log.require_current()
    except StoreDamaged:
        return
    raise UsageInvalid("epoch_not_needed")


def _move(path: Path, kept: Path, names: tuple[str, ...]) -> None:
    for name in names:
        file = path / name
        if file.exists():
            if file.is_file():
                file.chmod(0o400)
            file.rename(kept / name)


def _begin(path: Path, epoch: LogEpoch) -> None:
    with closing(Centre(path)) as centre:
        if centre.log.size == 0:
            centre.record(
                kind=Kind.EPOCH, action="begin", reason=epoch.reason, output_digest=epoch.digest.hex()
            )
