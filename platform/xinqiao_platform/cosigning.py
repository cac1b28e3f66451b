"""Having the log's head witnessed: by the departments that can be reached, and by witnesses outside."""

import queue
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from xinqiao_governance.errors import ProofError
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_platform.centre import Centre
from xinqiao_platform.departments import Departments
from xinqiao_platform.witnesses import (
    AHEAD,
    COSIGNED,
    MOVED,
    SILENT,
    OutsideWitness,
    Witnesses,
    Word,
    ask_to_cosign,
    proof_of,
)

COSIGN_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Head:
    """A head of the log: the note with its cosignatures, size, root (32 bytes), what each witness said to it.

    `needed` is how many the centre wants; what an auditor wants stands in his trust file.
    """

    note: str
    size: int
    root: bytes
    words: Mapping[str, Word]
    needed: int

    @property
    def found(self) -> int:
        """How many witnesses cosigned."""
        return sum(word.code == COSIGNED for word in self.words.values())

    @property
    def is_cosigned(self) -> bool:
        """Say whether enough did."""
        return self.found >= self.needed


def cosign(
    centre: Centre,
    departments: Departments | None = None,
    *,
    names: Mapping[bytes, str] | None = None,
    timeout_s: float = COSIGN_TIMEOUT_S,
) -> Head:
    """Sign the present head of the log, have every witness asked at the same time, and keep what they signed.

    Without `departments` only outside witnesses are asked. `names` shows departments by their fingerprint.

    Raises:
        ProofError: a witness knows of another history of this log (`witness_ahead`, `witness_contradicts`).
            Nothing is kept then.
        StoreDamaged: it showed the log's own word for that (`log_behind`): the log goes on no more.
    """
    witnesses = Witnesses.load(centre.path)
    note = centre.log.checkpoint()
    outside = _Asking(centre, witnesses, note, timeout_s)
    said = departments.cosign(note, timeout_s=timeout_s) if departments is not None else {}
    words = {(names or {}).get(node, node.hex()): word for node, word in said.items()} | outside.words()
    words = {name: _settled(centre, word) for name, word in words.items()}
    for name, word in words.items():
        _require_one_history(centre, witnesses, name, word, timeout_s)
    lines = dict.fromkeys(word.line for word in words.values() if word.line)
    cosigned = note + "".join(lines)
    centre.log.keep_cosigned(cosigned)
    head = SignedCheckpoint.parse(note).checkpoint
    return Head(cosigned, head.size, head.root, words, needed_of(witnesses, len(said)))


def cosign_kept(centre: Centre, witness: OutsideWitness, *, timeout_s: float) -> Word | None:
    """Have one witness cosign the newest head that the log kept; None while it kept none. Signs nothing.

    Raises:
        ProofError, StoreDamaged: as `cosign`.
    """
    note = centre.log.cosigned()
    if note is None:
        return None
    word = _settled(centre, ask_to_cosign(witness, note, centre.log, timeout_s=timeout_s))
    _require_one_history(centre, Witnesses((witness,)), witness.name, word, timeout_s)
    if word.line:
        centre.log.keep_cosigned(note + word.line)
    return word


def needed_of(witnesses: Witnesses, departments: int) -> int:
    """Return how many witnesses a head needs: as the operator set it, else more than half the departments."""
    return witnesses.needed or (departments or len(witnesses.outside)) // 2 + 1


def _require_one_history(
    centre: Centre, witnesses: Witnesses, name: str, word: Word, timeout_s: float
) -> None:
    if word.is_alarm:
        _require_holds(centre, witnesses, name, timeout_s)
        raise ProofError(word.code, name=name, size=word.size)


def _require_holds(centre: Centre, witnesses: Witnesses, name: str, timeout_s: float) -> None:
    """Hold the log against what an outside witness can show; that it shows nothing takes no alarm back."""
    for witness in witnesses.outside:
        known = proof_of(witness, centre.log, timeout_s=timeout_s) if witness.name == name else None
        if known is not None:
            centre.log.require_holds(known, name)


def _settled(centre: Centre, word: Word) -> Word:
    """Return the word as it is now: a witness may know a head that another process signed meanwhile."""
    known = word.code == AHEAD and word.size <= centre.log.current_size()
    return replace(word, code=MOVED) if known else word


class _Asking:
    """Outside witnesses that are being asked, each by a thread that nobody waits for beyond the deadline."""

    def __init__(self, centre: Centre, witnesses: Witnesses, note: str, timeout_s: float) -> None:
        self._until = time.monotonic() + timeout_s
        self._asked = witnesses.outside
        self._answers: queue.SimpleQueue[tuple[str, Word]] = queue.SimpleQueue()

        def ask(witness: OutsideWitness) -> None:
            word = ask_to_cosign(witness, note, centre.log, timeout_s=timeout_s)
            self._answers.put((witness.name, word))

        for witness in self._asked:
            threading.Thread(target=ask, args=(witness,), daemon=True).start()

    def words(self) -> dict[str, Word]:
        """Return what each said in time; who did not is silent."""
        found: dict[str, Word] = {}
        while len(found) < len(self._asked):
            try:
                name, word = self._answers.get(timeout=max(0.0, self._until - time.monotonic()))
            except queue.Empty:
                break
            found[name] = word
        return {witness.name: found.get(witness.name, Word(SILENT)) for witness in self._asked}
