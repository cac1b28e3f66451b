"""How far each witness cosigned the log of a centre: from the notes that it keeps, and from those outside."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from xinqiao_app.directory import known
from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import ProofError
from xinqiao_governance.messages import Language, say
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.signing import fingerprint
from xinqiao_platform.centre import Centre
from xinqiao_platform.cosigning import needed_of
from xinqiao_platform.witnesses import COSIGNED, SILENT, Witnesses, Word, newest_of

_ASK_S = 10.0
_SHOWN = 16


@dataclass(frozen=True)
class WitnessState:
    """One witness: what the centre keeps of it (None before the first), and what it says itself.

    `says` is None for a department, which answers only while its agent runs.
    """

    name: str
    fingerprint: bytes
    cosigned: tuple[int, int] | None
    says: Word | None

    @property
    def is_alarm(self) -> bool:
        """Say whether it knows of another history."""
        return self.says is not None and self.says.is_alarm

    def to_json(self, size: int) -> dict[str, Json]:
        """Return it as plain data; `size` is the log's."""
        newest, time = self.cosigned or (0, None)
        return {
            "name": self.name,
            "kind": "department" if self.says is None else "outside",
            "fingerprint": self.fingerprint.hex(),
            "size": newest,
            "time": time,
            "behind": size - newest,
            "reachable": None if self.says is None else self.says.code != SILENT,
            "says": None if self.says is None else self.says.code,
            "says_size": None if self.says is None else self.says.size,
        }

    def line(self, size: int, language: Language) -> str:
        """Return it for a person."""
        shown = {"name": self.name, "fingerprint": self.fingerprint.hex()[:_SHOWN]}
        if self.cosigned is None:
            return say("witness_status_never", language, **shown)
        newest, time = self.cosigned
        when = datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M UTC")
        return say("witness_status_row", language, **shown, size=newest, when=when, behind=size - newest)


@dataclass(frozen=True)
class WitnessStatus:
    """All witnesses of a log of `size` entries; the newest head that was kept: its size and cosignatures."""

    size: int
    needed: int
    head: tuple[int, int] | None
    witnesses: tuple[WitnessState, ...]

    @property
    def alarms(self) -> tuple[WitnessState, ...]:
        """Those that know of another history."""
        return tuple(witness for witness in self.witnesses if witness.is_alarm)

    @property
    def is_met(self) -> bool:
        """Say whether the newest head has as many cosignatures as the centre wants; so has an empty log."""
        return self.size == 0 or (self.head is not None and self.head[1] >= self.needed)

    def to_json(self) -> dict[str, Json]:
        """Return it as plain data."""
        head: Json = None if self.head is None else {"size": self.head[0], "found": self.head[1]}
        rows: Json = [witness.to_json(self.size) for witness in self.witnesses]
        alarms: Json = [witness.name for witness in self.alarms]
        policy: Json = {"needed": self.needed, "of": len(self.witnesses), "met": self.is_met}
        return {"size": self.size, "policy": policy, "head": head, "witnesses": rows, "alarms": alarms}

    def lines(self, language: Language) -> list[str]:
        """Return it for a person, line by line."""
        head = say("witness_status_no_head", language)
        if self.head is not None:
            size, found = self.head
            head = say("witness_status_head", language, size=size, found=found)
        lines = [say("witness_status_log", language, size=self.size), self._policy(language), head]
        if self.witnesses and not self.is_met:
            lines.append(say("witness_status_unmet", language))
        for witness in self.witnesses:
            lines.append(f"  {witness.line(self.size, language)}")
            if witness.says is not None:
                code = "witness_reachable" if witness.says.code == COSIGNED else witness.says.code
                said = say(code, language, name=witness.name, size=witness.says.size)
                lines.append(f"    {said}")
        return lines

    def _policy(self, language: Language) -> str:
        if not self.witnesses:
            return say("witness_status_nobody", language)
        of = len(self.witnesses)
        code = "witness_status_policy" if self.needed <= of else "witness_need_unmeetable"
        return say(code, language, needed=self.needed, of=of)


def witness_status(centre: Centre, *, timeout_s: float = _ASK_S) -> WitnessStatus:
    """Return how far each witness cosigned; outside ones are asked now, which changes nothing.

    Raises:
        UsageInvalid, StoreDamaged: the centre's list of departments or of witnesses is damaged.
    """
    log, witnesses, departments = centre.log, Witnesses.load(centre.path), known(centre.path)
    notes = [SignedCheckpoint.parse(note) for note in log.cosigned_notes()]
    said = _ask(centre, witnesses, timeout_s)
    states = [
        WitnessState(card.name, card.fingerprint, _newest(notes, card.name, card.witness_key), None)
        for card in departments
    ]
    states += [
        WitnessState(one.name, fingerprint(one.key), _newest(notes, one.name, one.key), said[one.name])
        for one in witnesses.outside
    ]
    head = None
    if notes:
        size = notes[0].checkpoint.size
        head = size, sum(state.cosigned is not None and state.cosigned[0] == size for state in states)
    return WitnessStatus(log.size, needed_of(witnesses, len(departments)), head, tuple(states))


def _ask(centre: Centre, witnesses: Witnesses, timeout_s: float) -> dict[str, Word]:
    if not witnesses.outside:
        return {}
    with ThreadPoolExecutor(len(witnesses.outside)) as pool:
        words = pool.map(lambda one: newest_of(one, centre.log, timeout_s=timeout_s), witnesses.outside)
        return {one.name: word for one, word in zip(witnesses.outside, words, strict=True)}


def _newest(notes: Sequence[SignedCheckpoint], name: str, key: bytes) -> tuple[int, int] | None:
    """Return size and time of the newest note that the witness cosigned; what does not verify is none."""
    for signed in notes:
        if signed.names(name, key):
            try:
                return signed.checkpoint.size, signed.cosignature(name, key)[1]
            except ProofError:
                continue
    return None
