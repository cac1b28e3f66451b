"""A witness: it cosigns a log's checkpoint only if that extends everything it cosigned before.

Its state is the newest (size, root), in its own file. That moves durably *before* the cosignature leaves, so
that no crash makes a witness sign two histories. What is checked, and in which order, is C2SP tlog-witness's.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from xinqiao_governance.errors import ProofError, StoreDamaged
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, cosign
from xinqiao_ledger.sqlite import Sqlite
from xinqiao_ledger.suite import NoteKey, suite_of
from xinqiao_ledger.tree import verify_consistency

_SCHEMA = """
CREATE TABLE IF NOT EXISTS heads (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS notes (origin TEXT PRIMARY KEY, note TEXT NOT NULL, time INTEGER NOT NULL);
"""


class Witness:
    """The witness `name` of the log `origin` with note key `log_key`; state in the file `path`.

    `log_key` declares the log's suite; the witness's own `key` may be of another.
    """

    def __init__(
        self,
        path: Path,
        key: NoteKey,
        log_key: bytes,
        origin: str,
        *,
        name: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self._key = key
        self._log_key = log_key
        self._hasher = suite_of(log_key).hasher
        self.origin = origin
        self._clock = clock
        self._database = Sqlite(path, _SCHEMA)

    @property
    def public(self) -> bytes:
        """The witness's public key: 32 bytes, or 64 under SM2."""
        return self._key.public

    @property
    def size(self) -> int:
        """Size of the newest checkpoint that it holds to; 0 before the first."""
        return self.head.size

    @property
    def head(self) -> Checkpoint:
        """The newest checkpoint that it holds to; the empty log's before the first."""
        rows = self._database.run("SELECT size, root FROM heads WHERE origin = ?", self.origin)
        if not rows:
            return Checkpoint(self.origin, 0, self._hasher(b""))
        size, root = rows[0]
        if not isinstance(size, int) or not isinstance(root, bytes):
            raise StoreDamaged("witness_state_damaged")
        return Checkpoint(self.origin, size, root)

    @property
    def note(self) -> str | None:
        """That checkpoint as the log signed it; None before the first, or where none was kept."""
        shown = self._shown()
        return shown[0] if shown else None

    def cosign(self, checkpoint: str, old_size: int, consistency: Sequence[bytes]) -> str:
        """Return the cosignature line for the signed note `checkpoint`; the log appends it to the note.

        `consistency` proves that the checkpoint extends the tree of `old_size`, which must be `size`.

        Raises:
            WireInvalid: the note is malformed.
            ProofError: not signed by the log; another origin; another old size than its own (in the field
                `size`); a smaller tree; another root under one size; or a proof that does not hold.
        """
        new, time = self._advance(checkpoint, old_size, consistency)
        return cosign(new, self.name, self._key, time)

    def follow(self, checkpoint: str, old_size: int, consistency: Sequence[bytes]) -> None:
        """Hold to a checkpoint from now on, as `cosign` does, and give no cosignature.

        Raises:
            WireInvalid, ProofError: as `cosign`.
        """
        self._advance(checkpoint, old_size, consistency)

    def newest(self) -> str | None:
        """Return the newest checkpoint that it holds to, with the log's signature and its own; None before.

        The cosignature is made again, over the very time that the checkpoint was taken at.
        """
        shown = self._shown()
        if shown is None:
            return None
        note, time = shown
        return note + cosign(SignedCheckpoint.parse(note).checkpoint, self.name, self._key, time)

    def close(self) -> None:
        """Close the state file."""
        self._database.close()

    def _advance(
        self, checkpoint: str, old_size: int, consistency: Sequence[bytes]
    ) -> tuple[Checkpoint, int]:
        """Check a checkpoint and hold to it, durably; return it and when that was, in Unix seconds."""
        signed = SignedCheckpoint.parse(checkpoint)
        new = signed.checkpoint
        if new.origin != self.origin:
            raise ProofError("witness_origin_differs", origin=self.origin)
        signed.verify_log(self._log_key)
        with self._database.transaction():
            self._check_extends(new, old_size, consistency)
            time = int(self._clock())  # in here: as of this second nothing larger was cosigned
            note = str(signed.of_log(self._log_key))
            row, shown = (new.origin, new.size, new.root), (new.origin, note, time)
            self._database.run("INSERT OR REPLACE INTO heads VALUES (?, ?, ?)", *row)
            self._database.run("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", *shown)
        return new, time

    def _shown(self) -> tuple[str, int] | None:
        rows = self._database.run("SELECT note, time FROM notes WHERE origin = ?", self.origin)
        return (str(rows[0][0]), int(rows[0][1])) if rows else None

    def _check_extends(self, new: Checkpoint, old_size: int, consistency: Sequence[bytes]) -> None:
        head = self.head
        if new.size < old_size:
            raise ProofError("witness_rollback", size=head.size)
        if old_size != head.size:
            raise ProofError("witness_size_differs", size=head.size)
        if new.size == head.size and new.root != head.root:
            raise ProofError("witness_split_view", size=head.size)
        verify_consistency(head.size, head.root, new.size, new.root, consistency, self._hasher)
