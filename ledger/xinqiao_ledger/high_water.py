"""The newest head that a log signed, kept outside its database, and the mark of a log that lacks it.

    log.head     the newest checkpoint, replaced whole before it leaves the process
    log.behind   only while the log is behind: who told so, and how large the log was

A database put back from an older copy looks whole by itself. What lies beside it, what departments keep and
what a chain keeps tell. A log that is behind signs and takes nothing: going on would give one size two roots.
"""

from dataclasses import dataclass
from pathlib import Path

from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import StoreDamaged, WireInvalid
from xinqiao_governance.parse import integer, text, versioned_fields
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint
from xinqiao_ledger.files import io_errors, replace_file


@dataclass(frozen=True)
class Behind:
    """Who told that the log lacks something ("log.head", "anchor", a department), and how large it was then.

    Where the log is that large, it has another history.
    """

    told_by: str
    size: int


class HighWater:
    """What is kept of a log in the folder `path`, beside its database.

    Every method raises StoreDamaged where the disk fails or a file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._head = path / "log.head"
        self._behind = path / "log.behind"

    def head(self) -> SignedCheckpoint | None:
        """Return the newest checkpoint that was signed; None before the first."""
        with io_errors(self._head):
            if not self._head.exists():
                return None
            data = self._head.read_bytes()
        try:
            return SignedCheckpoint.parse(data.decode("utf-8"))
        except (WireInvalid, UnicodeDecodeError) as error:
            raise StoreDamaged("log_head_damaged", path=str(self._head)) from error

    def rise(self, note: str) -> None:
        """Keep a signed checkpoint that is newer than the one kept, on disk before this returns.

        Raises:
            StoreDamaged: `log_head_other`, where the one kept is another log's.
        """
        new, kept = SignedCheckpoint.parse(note).checkpoint, self.head()
        if kept is not None:
            require_origin(kept.checkpoint, new.origin)
        if kept is None or kept.checkpoint.size < new.size:
            with io_errors(self._head):
                replace_file(self._head, note.encode())

    def behind(self) -> Behind | None:
        """Return what told that the log is behind; None where nothing did."""
        if not self._behind.exists():
            return None
        with io_errors(self._behind):
            data = self._behind.read_bytes()
        try:
            body = versioned_fields(loads(data), 1, "v", "told_by", "size")
            return Behind(text(body, "told_by"), integer(body, "size", at_least=0))
        except WireInvalid as error:
            raise StoreDamaged("log_head_damaged", path=str(self._behind)) from error

    def fall_behind(self, told: Behind) -> None:
        """Mark the log as behind; the first mark stands."""
        if self.behind() is None:
            with io_errors(self._behind):
                replace_file(self._behind, dumps({"v": 1, "told_by": told.told_by, "size": told.size}))

    def lift(self) -> None:
        """Take the mark away, once the log has all that it ever said."""
        with io_errors(self._behind):
            self._behind.unlink(missing_ok=True)

    def require_current(self) -> None:
        """Refuse to go on with a log that is behind.

        Raises:
            StoreDamaged: `log_behind`, with what told so and the two ways on.
        """
        told = self.behind()
        if told is not None:
            raise StoreDamaged("log_behind", told_by=told.told_by, size=told.size)


def require_origin(head: Checkpoint, origin: str) -> None:
    """Refuse a kept head of another log than `origin`: its size says nothing of this one.

    Raises:
        StoreDamaged: `log_head_other`.
    """
    if head.origin != origin:
        raise StoreDamaged("log_head_other", origin=head.origin, expected=origin)
