"""A witness: it cosigns a log's checkpoint only if that extends everything it cosigned before.

Its state is one row, the newest (size, root), in its own file. The row moves durably *before* the
cosignature leaves, so that no crash makes a witness sign two histories.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from xinqiao_governance.errors import ProofError, StoreDamaged
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, cosign
from xinqiao_ledger.sqlite import Sqlite
from xinqiao_ledger.suite import NoteKey, suite_of
from xinqiao_ledger.tree import verify_consistency

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS heads (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL)"
)


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
        self._origin = origin
        self._clock = clock
        self._database = Sqlite(path, _SCHEMA)

    @property
    def public(self) -> bytes:
        """The witness's public key: 32 bytes, or 64 under SM2."""
        return self._key.public

    @property
    def size(self) -> int:
        """Size of the newest checkpoint that it cosigned; 0 before the first."""
        return self._head().size

    def cosign(self, checkpoint: str, old_size: int, consistency: Sequence[bytes]) -> str:
        """Return the cosignature line for the signed note `checkpoint`; the log appends it to the note.

        `consistency` proves that the checkpoint extends the tree of `old_size`, which must be `size`.

        Raises:
            WireInvalid: the note is malformed.
            ProofError: not signed by the log; another origin; another old size than its own (in the field
                `size`); a smaller tree; another root under one size; or a proof that does not hold.
        """
        signed = SignedCheckpoint.parse(checkpoint)
        signed.verify_log(self._log_key)
        new = signed.checkpoint
        with self._database.transaction():
            self._check_extends(new, old_size, consistency)
            row = (new.origin, new.size, new.root)
            self._database.run("INSERT OR REPLACE INTO heads VALUES (?, ?, ?)", *row)
        return cosign(new, self.name, self._key, int(self._clock()))

    def close(self) -> None:
        """Close the state file."""
        self._database.close()

    def _check_extends(self, new: Checkpoint, old_size: int, consistency: Sequence[bytes]) -> None:
        head = self._head()
        if new.origin != self._origin:
            raise ProofError("witness_origin_differs", origin=self._origin)
        if old_size != head.size:
            raise ProofError("witness_size_differs", size=head.size)
        if new.size < head.size:
            raise ProofError("witness_rollback", size=head.size)
        if new.size == head.size and new.root != head.root:
            raise ProofError("witness_split_view", size=head.size)
        verify_consistency(head.size, head.root, new.size, new.root, consistency, self._hasher)

    def _head(self) -> Checkpoint:
        rows = self._database.run("SELECT size, root FROM heads WHERE origin = ?", self._origin)
        if not rows:
            return Checkpoint(self._origin, 0, self._hasher(b""))
        size, root = rows[0]
        if not isinstance(size, int) or not isinstance(root, bytes):
            raise StoreDamaged("witness_state_damaged")
        return Checkpoint(self._origin, size, root)
