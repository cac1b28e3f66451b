"""Witnesses outside the enterprise: which ones the centre asks, and how it asks them.

They answer over HTTP (C2SP tlog-witness). What an answer is worth its signature says, so plain HTTP will do
where nobody but the operator's own people could hold messages up; a wrong size is then their only lie.
"""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from xinqiao_governance.canonical import Json, require_shallow
from xinqiao_governance.errors import ProofError, StoreDamaged, UsageInvalid, VersionOther, WireInvalid
from xinqiao_governance.parse import fields_of, hex_bytes, integer, objects, text, versioned_fields
from xinqiao_ledger.add_checkpoint import MAX_BYTES, PATH, SIZE_TYPE, AddCheckpoint, monitoring_path
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, is_key_name, parse_number
from xinqiao_ledger.files import io_errors, replace_file, version_errors
from xinqiao_ledger.log import Log

_FILE = "witnesses.json"
_KEY_BYTES = 32
_ATTEMPTS = 3

AHEAD, CONTRADICTS = "witness_ahead", "witness_contradicts"
COSIGNED, MOVED, SILENT, REFUSED, FORGED = (
    "witness_cosigned",
    "witness_moved",
    "witness_silent",
    "witness_refused",
    "witness_forged",
)


@dataclass(frozen=True)
class Word:
    """What one witness said to a head: a sentence's code, the size it spoke of, its line if it cosigned.

    Where it refused, `size` is the HTTP status that it answered with.
    """

    code: str
    size: int = 0
    line: str = ""

    @property
    def is_alarm(self) -> bool:
        """Say whether the witness knows of another history: the log was rolled back, or has two faces."""
        return self.code in (AHEAD, CONTRADICTS)


@dataclass(frozen=True)
class OutsideWitness:
    """A witness that is no department: its name, its Ed25519 public key (32 bytes), where it answers.

    Raises:
        UsageInvalid: a name that cannot name a key in a note, or no http or https URL.
    """

    name: str
    key: bytes
    url: str

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise UsageInvalid("witness_name_invalid")
        _address(self.url)

    def to_json(self) -> dict[str, Json]:
        """Return the file's form."""
        return {"name": self.name, "key": self.key.hex(), "url": self.url}

    @classmethod
    def from_json(cls, value: Json) -> "OutsideWitness":
        """Parse the file's form; WireInvalid where it is none."""
        body = fields_of(value, "name", "key", "url")
        return cls(text(body, "name"), hex_bytes(body, "key", length=_KEY_BYTES), text(body, "url"))


@dataclass(frozen=True)
class Witnesses:
    """The outside witnesses of a centre, and how many witnesses a head needs (None: most departments)."""

    outside: tuple[OutsideWitness, ...] = ()
    needed: int | None = None

    def with_witness(self, witness: OutsideWitness) -> "Witnesses":
        """Return them with one more; UsageInvalid where its name or its key is there already."""
        if any(witness.name == known.name or witness.key == known.key for known in self.outside):
            raise UsageInvalid("witness_known", name=witness.name)
        return replace(self, outside=(*self.outside, witness))

    def without(self, name: str) -> "Witnesses":
        """Return them without the one of this name; UsageInvalid where there is none."""
        rest = tuple(witness for witness in self.outside if witness.name != name)
        if len(rest) == len(self.outside):
            raise UsageInvalid("witness_unknown", name=name)
        return replace(self, outside=rest)

    def save(self, centre: Path) -> None:
        """Write them into the centre's folder, whole or not at all; StoreDamaged where that fails."""
        rows: Json = [witness.to_json() for witness in self.outside]
        value = {"v": 1, "witnesses_needed": self.needed, "witnesses": rows}
        with io_errors(centre / _FILE):
            replace_file(centre / _FILE, json.dumps(value, ensure_ascii=False, indent=1).encode())

    @classmethod
    def load(cls, centre: Path) -> "Witnesses":
        """Read those of the centre at `centre`.

        Raises:
            VersionOther: another version wrote the file.
            StoreDamaged: it is damaged.
        """
        path = centre / _FILE
        if not path.exists():
            return cls()
        try:
            with io_errors(path), version_errors(path):
                data = path.read_bytes()
                require_shallow(data)
                return cls._parse(json.loads(data))
        except VersionOther:
            raise
        except (ValueError, WireInvalid, UsageInvalid) as error:
            raise StoreDamaged("witnesses_damaged", path=str(path)) from error

    @classmethod
    def _parse(cls, value: Json) -> "Witnesses":
        body = versioned_fields(value, 1, "v", "witnesses_needed", "witnesses")
        needed = body["witnesses_needed"]
        found = cls(needed=None if needed is None else integer(body, "witnesses_needed", at_least=1))
        for row in objects(body, "witnesses"):
            found = found.with_witness(OutsideWitness.from_json(row))
        return found


def ask_to_cosign(witness: OutsideWitness, note: str, log: Log, *, timeout_s: float) -> Word:
    """Ask for a cosignature on `note`, a checkpoint of `log`; again from the size that the witness names.

    `timeout_s` bounds each wait for the network, not their sum.
    """
    size, old = SignedCheckpoint.parse(note).checkpoint.size, 0
    for _ in range(_ATTEMPTS):
        body = AddCheckpoint(old, tuple(log.consistency(old, size)), note).encode()
        answer = _request(witness.url, "POST", PATH, body, timeout_s)
        if answer is None:
            return Word(SILENT)
        if answer.status != HTTPStatus.CONFLICT:
            return _judge(witness, note, answer)
        named = answer.size()
        if old == size > 0 and named in (
            None,
            size,
        ):  # C2SP v1.0.0 said so of another root, before it was 422
            return Word(CONTRADICTS, size)
        if named is None:
            return Word(REFUSED, answer.status)
        if named > size:
            return Word(AHEAD, named)
        old = named
    return Word(MOVED, old)


def newest_of(witness: OutsideWitness, log: Log, *, timeout_s: float) -> Word:
    """Ask for the newest checkpoint that the witness cosigned; nothing changes by it."""
    answer = _request(witness.url, "GET", monitoring_path(log.origin), b"", timeout_s)
    if answer is None:
        return Word(SILENT)
    if answer.status == HTTPStatus.NOT_FOUND:
        return Word(COSIGNED, 0)
    if answer.status != HTTPStatus.OK:
        return Word(REFUSED, answer.status)
    head = _shown(witness, log, answer)
    if head is None:
        return Word(FORGED)
    if head.size > log.current_size():
        return Word(AHEAD, head.size)
    if log.root(head.size) != head.root:
        return Word(CONTRADICTS, head.size)
    return Word(COSIGNED, head.size)


def proof_of(witness: OutsideWitness, log: Log, *, timeout_s: float) -> Checkpoint | None:
    """Return the newest checkpoint that the witness can show: `log` itself signed it. None without one."""
    answer = _request(witness.url, "GET", monitoring_path(log.origin), b"", timeout_s)
    return _shown(witness, log, answer) if answer is not None and answer.status == HTTPStatus.OK else None


def cosignature_in(note: str, lines: str, name: str, key: bytes) -> str | None:
    """Return the line in `lines` that cosigns `note` under this witness's name and key; None without one.

    Lines of other keys are left out, as C2SP says.
    """
    try:
        return SignedCheckpoint.parse(note + lines).cosignature(name, key)[0]
    except (WireInvalid, ProofError):
        return None


@dataclass(frozen=True)
class _Answer:
    status: int
    kind: str
    body: bytes

    def size(self) -> int | None:
        """Return the size that a 409 names; None where it names none."""
        try:
            if self.kind != SIZE_TYPE or not self.body.endswith(b"\n"):
                return None
            return parse_number(self.body[:-1].decode())
        except (UnicodeDecodeError, WireInvalid):
            return None


def _shown(witness: OutsideWitness, log: Log, answer: _Answer) -> Checkpoint | None:
    """Return the checkpoint in an answer if it is this log's, and the log and the witness signed it."""
    try:
        signed = SignedCheckpoint.parse(answer.body.decode())
        signed.verify_log(log.note_public)
        signed.verify_cosignature(witness.name, witness.key)
    except (UnicodeDecodeError, WireInvalid, ProofError):
        return None
    return signed.checkpoint if signed.checkpoint.origin == log.origin else None


def _judge(witness: OutsideWitness, note: str, answer: _Answer) -> Word:
    size = SignedCheckpoint.parse(note).checkpoint.size
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:  # our proofs hold: what it cosigned is not ours
        return Word(CONTRADICTS, size)
    if answer.status != HTTPStatus.OK:
        return Word(REFUSED, answer.status)
    line = cosignature_in(note, answer.body.decode(errors="replace"), witness.name, witness.key)
    return Word(FORGED) if line is None else Word(COSIGNED, size, line)


def _request(url: str, method: str, path: str, body: bytes, timeout_s: float) -> _Answer | None:
    """Send one request; None where no answer comes. No proxy is asked and no redirection followed."""
    kind, host, port, prefix = _address(url)
    connection = kind(host, port, timeout=timeout_s)
    try:
        headers: Mapping[str, str] = {"Content-Type": "text/plain; charset=utf-8"} if body else {}
        connection.request(method, prefix + path, body or None, dict(headers))
        response = connection.getresponse()
        data = response.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            return None
        return _Answer(response.status, response.getheader("Content-Type", ""), data)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _address(url: str) -> tuple[type[http.client.HTTPConnection], str, int | None, str]:
    """Return how to connect, host, port and path of a witness's URL; UsageInvalid where it is none."""
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    try:
        parts = urlsplit(url)
        plain = url.isascii() and url.isprintable() and " " not in url
        bare = not (parts.query or parts.fragment or "@" in parts.netloc)
        if plain and bare and parts.scheme in kinds and parts.hostname:
            return kinds[parts.scheme], parts.hostname, parts.port, parts.path.rstrip("/")
    except ValueError:
        pass
    raise UsageInvalid("witness_url_invalid")
