"""What the verifier found: one finding a check, one verdict, in words for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import Field
from xinqiao_governance.messages import Language, say
from xinqiao_ledger.signing import grouped

# Checks that must pass before the whole may read PASS; 9 and 10 depend on who keeps witnesses and chain.
_NEEDED: Mapping[str, tuple[int, ...]] = {
    "job": (*range(1, 9), 11),
    "event": (1, 2, 3),
    "period": (1, 2, 3, 4, 11),
}
_MAX_FIELD = 80


class Status(StrEnum):
    """What one check came to."""

    PASS = "PASS"  # noqa: S105 (a verdict, not a password)
    FAIL = "FAIL"
    NOT_CHECKED = "NOT CHECKED"


class Verdict(StrEnum):
    """What the evidence as a whole came to."""

    PASS = "PASS"  # noqa: S105 (a verdict, not a password)
    FAIL = "FAIL"
    NOT_PROVEN = "NOT PROVEN"


_EXIT_CODES: Mapping[Verdict, int] = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.NOT_PROVEN: 3}


@dataclass(frozen=True)
class Finding:
    """One check: its number, what it came to, and why if it did not pass (`code` names a sentence)."""

    number: int
    status: Status
    code: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)

    def line(self, language: Language) -> str:
        """Return one line for a person."""
        title, detail = say(f"audit_check_{self.number}", language), self.detail(language)
        return f"{self.status:<11} {self.number:>2}  {title}" + (f" — {detail}" if detail else "")

    def detail(self, language: Language) -> str:
        """Return why the check did not pass; nothing if it did."""
        return say(self.code, language, **_clean(self.fields)) if self.code else ""


@dataclass(frozen=True)
class Subject:
    """What was examined: the file by its SHA-256 in hex, and what its evidence is about.

    `scope` is the bundle's ("job", "event", or "from" and "to"); `entries` of the log `origin`, whose head
    has `size`. Of a file whose form is broken nothing but the SHA-256 is known.
    """

    file: str
    scope: Mapping[str, Json] = field(default_factory=dict)
    origin: str = ""
    entries: int = 0
    size: int = 0

    def lines(self, language: Language) -> list[str]:
        """Return it for a person."""
        told = [say("audit_subject_file", language, digest=self.file)]
        if not self.scope:
            return told
        name = "period" if "from" in self.scope else next(iter(self.scope))
        fields: dict[str, Field] = {
            key: moment(value) if isinstance(value, int) else str(value) for key, value in self.scope.items()
        }
        shape: dict[str, Field] = {
            "entries": self.entries,
            "size": self.size,
            "origin": _printable(self.origin),
        }
        return [*told, say(f"audit_subject_{name}", language, **fields, **shape)]

    def to_json(self) -> dict[str, Json]:
        """Return it as plain data."""
        return {
            "file_sha256": self.file,
            "about": dict(self.scope),
            "log": self.origin,
            "entries": self.entries,
            "size": self.size,
        }


@dataclass(frozen=True)
class Keys:
    """What stands for keys where no trust file names them.

    `fingerprints`, each of an "operator", a "department" or a "writer" (32 bytes), can be compared with what
    the reader was told; `signers` are the names under the checkpoint, whose keys the file does not hold.
    """

    fingerprints: tuple[tuple[str, bytes], ...] = ()
    signers: tuple[str, ...] = ()

    def lines(self, language: Language) -> list[str]:
        """Return them for a person, the fingerprints whole."""
        told = [
            say(f"audit_fingerprint_{owner}", language, value=grouped(value))
            for owner, value in self.fingerprints
        ]
        names = ", ".join(map(_printable, self.signers))
        return [*told, say("audit_signers", language, names=names)] if self.signers else told

    def to_json(self) -> dict[str, Json]:
        """Return them as plain data."""
        told: list[Json] = [{"of": owner, "value": value.hex()} for owner, value in self.fingerprints]
        return {"fingerprints": told, "signers": list(map(_printable, self.signers))}


@dataclass(frozen=True)
class Report:
    """All findings, in order; and what stands for keys where there is no trust file.

    `scope` says what the bundle is about: "job", "event" or "period".
    """

    findings: tuple[Finding, ...]
    subject: Subject
    keys: Keys = Keys()
    scope: str = "job"

    @property
    def verdict(self) -> Verdict:
        """FAIL if a check failed; PASS if none did and all passed that the scope needs; else NOT PROVEN."""
        status = {finding.number: finding.status for finding in self.findings}
        if Status.FAIL in status.values():
            return Verdict.FAIL
        proven = all(status.get(number) is Status.PASS for number in _NEEDED[self.scope])
        return Verdict.PASS if proven else Verdict.NOT_PROVEN

    @property
    def exit_code(self) -> int:
        """0 for PASS, 1 for FAIL, 3 for NOT PROVEN."""
        return _EXIT_CODES[self.verdict]

    def to_json(self, language: Language) -> dict[str, Json]:
        """Return the whole report as plain data, its sentences in `language`."""
        return {
            "verdict": self.verdict.value,
            "scope": self.scope,
            **self.subject.to_json(),
            "checks": [
                {
                    "number": finding.number,
                    "name": say(f"audit_check_{finding.number}", language),
                    "status": finding.status.value,
                    "detail": finding.detail(language),
                }
                for finding in self.findings
            ],
            **self.keys.to_json(),
        }

    def lines(self, language: Language) -> list[str]:
        """Return the whole report for a person, line by line."""
        found = [finding.line(language) for finding in self.findings]
        return [
            *self.subject.lines(language),
            *found,
            *self.keys.lines(language),
            say(f"audit_verdict_{self.verdict.name.lower()}", language),
        ]


def moment(second: int) -> str:
    """Return a Unix second as local time with its offset; the number where no calendar reaches it."""
    try:
        return datetime.fromtimestamp(second).astimezone().isoformat(" ")
    except (ValueError, OverflowError, OSError):
        return str(second)


def _clean(fields: Mapping[str, Field]) -> dict[str, Field]:
    return {name: _printable(value) if isinstance(value, str) else value for name, value in fields.items()}


def _printable(value: str) -> str:
    """Keep a hostile bundle from writing control codes to the reader's terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in value[:_MAX_FIELD])
