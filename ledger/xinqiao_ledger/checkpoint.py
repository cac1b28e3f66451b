"""Checkpoints as the C2SP specifications have them: signed-note, tlog-checkpoint, tlog-cosignature v1.

A key's suite (`suite.py`) says which type of line it signs: SM2 stands under the types of its own.

    origin
    size
    base64(root)

    — origin base64(key id || signature)                     the log
    — witness base64(key id || time || signature)            one line a witness

The parser takes exactly what the writer writes: LF only, canonical base64, no extension lines.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_ledger.suite import NoteKey, suite_of
from xinqiao_ledger.tree import HASH_BYTES

_DASH = "\u2014 "
_KEY_ID_BYTES = 4
_TIME_BYTES = 8
_LIMIT = 1 << 63
_MAX_SIGNATURES = 4_096
_MAX_HASHES = 63


@dataclass(frozen=True)
class Checkpoint:
    """A log's tree at one moment: its origin, number of leaves, root (32 bytes).

    Raises:
        WireInvalid: an origin that cannot name a key, a negative or huge size, a root of another length.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        _expect(is_key_name(self.origin) and 0 <= self.size < _LIMIT and len(self.root) == HASH_BYTES)

    @property
    def body(self) -> str:
        """The note's text, which log and witnesses sign."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def parse(cls, body: str) -> "Checkpoint":
        """Parse the note's text.

        Raises:
            WireInvalid: the writer would not have written it so.
        """
        lines = body.split("\n")
        _expect(len(lines) == 4 and lines[3] == "")
        return cls(lines[0], _decimal(lines[1]), _unbase64(lines[2]))


@dataclass(frozen=True)
class SignatureLine:
    """One signature of a note: the key's name, its id (4 bytes) and what it signed with."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {_base64(self.key_id + self.signature)}\n"

    @classmethod
    def parse(cls, line: str) -> "SignatureLine":
        """Parse one line without its newline.

        Raises:
            WireInvalid: the writer would not have written it so.
        """
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        raw = _unbase64(encoded)
        _expect(line.startswith(_DASH) and is_key_name(name) and len(raw) > _KEY_ID_BYTES)
        return cls(name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint and the signatures that came with it: nothing is proven until a trusted key verifies."""

    checkpoint: Checkpoint
    lines: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        return self.checkpoint.body + "\n" + "".join(map(str, self.lines))

    @classmethod
    def parse(cls, note: str) -> "SignedCheckpoint":
        """Parse a signed note.

        Raises:
            WireInvalid: not the form above, no signature, or too many.
        """
        body, _, signatures = note.rpartition("\n\n")
        lines = signatures.split("\n")
        _expect(lines.pop() == "" and 1 <= len(lines) <= _MAX_SIGNATURES)
        return cls(Checkpoint.parse(body + "\n"), tuple(map(SignatureLine.parse, lines)))

    def verify_log(self, public: bytes) -> None:
        """Prove that the log with key `public` signed; other keys' lines are ignored, as C2SP says.

        Raises:
            ProofError: no line of this key, or one that does not hold.
        """
        suite = suite_of(public)
        for signature in self._signatures(self.checkpoint.origin, suite.log_line, public):
            suite.verify(public, self.checkpoint.body.encode(), signature)

    def verify_cosignature(self, name: str, public: bytes) -> int:
        """Prove that the witness `name` with key `public` cosigned; return when it last did, in Unix seconds.

        Raises:
            ProofError: no line of this key, or one that does not hold.
        """
        suite, times = suite_of(public), []
        for signature in self._signatures(name, suite.cosignature_line, public):
            time = int.from_bytes(signature[:_TIME_BYTES], "big")
            if not 0 < time < _LIMIT:
                raise ProofError("signature_invalid")
            suite.verify(public, _cosigned(self.checkpoint, time), signature[_TIME_BYTES:])
            times.append(time)
        return max(times)

    def of_log(self, public: bytes) -> "SignedCheckpoint":
        """Return it with the lines of the log with key `public` alone."""
        origin, kind = self.checkpoint.origin, suite_of(public).log_line
        named = key_id(origin, kind, public)
        found = self._signatures(origin, kind, public)
        return SignedCheckpoint(self.checkpoint, tuple(SignatureLine(origin, named, one) for one in found))

    def cosignature(self, name: str, public: bytes) -> tuple[str, int]:
        """Return the line, with its newline, and the Unix seconds of the witness `name` with key `public`.

        Of several the newest.

        Raises:
            ProofError: no line of this key, or one that does not hold.
        """
        time = self.verify_cosignature(name, public)
        kind = suite_of(public).cosignature_line
        newest = max(self._signatures(name, kind, public))  # each begins with its time
        return str(SignatureLine(name, key_id(name, kind, public), newest)), time

    def beside(self, earlier: "SignedCheckpoint") -> "SignedCheckpoint":
        """Return both notes' signatures under this checkpoint; of one signer's lines the last is taken.

        Raises:
            WireInvalid: another checkpoint, or more signatures than a note may have.
        """
        lines = {(line.name, line.key_id): line for line in (*earlier.lines, *self.lines)}
        _expect(earlier.checkpoint == self.checkpoint and len(lines) <= _MAX_SIGNATURES)
        return SignedCheckpoint(self.checkpoint, tuple(lines.values()))

    def names(self, name: str, public: bytes) -> bool:
        """Say whether a line claims to be the cosignature of the witness `name` with key `public`."""
        return bool(list(self._matching(name, suite_of(public).cosignature_line, public)))

    def _signatures(self, name: str, kind: bytes, public: bytes) -> list[bytes]:
        found = list(self._matching(name, kind, public))
        if not found:
            raise ProofError("checkpoint_unsigned", name=name)
        return found

    def _matching(self, name: str, kind: bytes, public: bytes) -> Iterator[bytes]:
        wanted = (name, key_id(name, kind, public))
        return (line.signature for line in self.lines if (line.name, line.key_id) == wanted)


def sign(checkpoint: Checkpoint, key: NoteKey) -> str:
    """Return `checkpoint` as a note signed by its log, under the origin as the key's name."""
    signature = key.sign(checkpoint.body.encode())
    label = key_id(checkpoint.origin, suite_of(key.public).log_line, key.public)
    line = SignatureLine(checkpoint.origin, label, signature)
    return str(SignedCheckpoint(checkpoint, (line,)))


def cosign(checkpoint: Checkpoint, name: str, key: NoteKey, time: int) -> str:
    """Return the witness's signature line with its newline: append it to the note. `time` in Unix seconds."""
    signature = time.to_bytes(_TIME_BYTES, "big") + key.sign(_cosigned(checkpoint, time))
    label = key_id(name, suite_of(key.public).cosignature_line, key.public)
    return str(SignatureLine(name, label, signature))


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    """C2SP signed-note: SHA-256(name || 0x0A || type || public key), first 4 bytes; a label, not a proof."""
    return sha256(name.encode() + b"\n" + kind + public).digest()[:_KEY_ID_BYTES]


def is_key_name(name: str) -> bool:
    """Say whether `name` may name a key in a note: printable, not empty, without space and plus."""
    return bool(name) and name.isprintable() and " " not in name and "+" not in name


def write_hashes(hashes: Iterable[bytes]) -> str:
    """Return a proof's hashes (32 bytes each) as C2SP has them: one line of base64 each."""
    return "".join(f"{_base64(item)}\n" for item in hashes)


def parse_hashes(lines: Iterable[str]) -> tuple[bytes, ...]:
    """Parse a proof's lines, without their newlines.

    Raises:
        WireInvalid: more hashes than any proof has, or one that the writer would not have written so.
    """
    hashes = tuple(map(_unbase64, lines))
    _expect(len(hashes) <= _MAX_HASHES and all(len(item) == HASH_BYTES for item in hashes))
    return hashes


def write_extra(data: bytes) -> str:
    """Return the line "extra base64" with its newline."""
    return f"extra {_base64(data)}\n"


def parse_extra(line: str) -> bytes:
    """Parse the line "extra base64", without its newline; WireInvalid where it is none."""
    _expect(line.startswith("extra "))
    return _unbase64(line.removeprefix("extra "))


def parse_number(line: str, before: str = "") -> int:
    """Parse the number that stands after `before` in a line without its newline; WireInvalid for no such."""
    _expect(line.startswith(before))
    return _decimal(line.removeprefix(before))


def _cosigned(checkpoint: Checkpoint, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{checkpoint.body}".encode()


def _decimal(text: str) -> int:
    _expect(text.isascii() and text.isdigit() and len(text) <= 19)
    value = int(text)
    _expect(str(value) == text)
    return value


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unbase64(text: str) -> bytes:
    """Decode; spare bits that are not zero are refused: base64 lets one value have several texts."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WireInvalid("checkpoint_malformed") from error
    _expect(_base64(raw) == text)
    return raw


def _expect(holds: bool) -> None:
    if not holds:
        raise WireInvalid("checkpoint_malformed")
