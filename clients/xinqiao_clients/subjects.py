"""Subjects: the people whose names the journal would hold, each with a key that alone links them.

Pseudonyms and sealed names come from that key, never from the home's: with the key destroyed, nobody can open
the name in an old event or tell which pseudonyms were one person's, the holder of the home's keys included;
the events stay what they are, byte for byte, and so does every proof.
"""

import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, final

from xinqiao_clients.keys import KEY_BYTES, Keys
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.parse import fields_of, is_label, text
from xinqiao_ledger.event import Event

# Printable by Python's word, and yet seen by nobody: ignorable code points of Unicode, blanks among symbols.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0100-\U000e01ef]"
)
_QUARTER_S = 7_889_400
_BLOCK_BYTES = 64  # a sealed name is as long as its block, not as the name


@final
@dataclass(frozen=True)
class Actor:
    """Who acts in an event: a person, or a service, which has no name to seal."""

    keys: Keys
    role: str
    name: str | None = field(default=None, repr=False)

    def marks(self, node: str, seq: int, time: int) -> dict[str, Any]:
        """Return what an event of this actor says of who acted: pseudonym, role, a person's name sealed."""
        shown = {"actor": self.pseudonym(time), "role": self.role}
        if self.name is None:
            return shown
        content = dumps({"name": self.name})
        padded = content.ljust(-(-len(content) // _BLOCK_BYTES) * _BLOCK_BYTES, b"\0")
        return {**shown, "sealed": self.keys.wrap(_place(node, seq), padded).hex()}

    def pseudonym(self, time: int) -> str:
        """Return the pseudonym for the quarter of `time` (Unix seconds): 32 hex digits of HMAC-SHA256."""
        quarter = str(time // _QUARTER_S).encode()
        return hmac.new(self._pseudonym_key, quarter, sha256).hexdigest()[:32]

    @cached_property
    def _pseudonym_key(self) -> bytes:
        return self.keys.derive("pseudonym")

    def open(self, event: Event) -> str:
        """Return the name that is sealed in an event of this actor's.

        Raises:
            StoreDamaged: it was changed, or sealed for another event or under another key.
        """
        sealed = bytes.fromhex(event.sealed or "")
        content = loads(self.keys.unwrap(_place(event.node, event.seq), sealed).rstrip(b"\0"))
        return text(fields_of(content, "name"), "name")


def service(keys: Keys) -> Actor:
    """Return the node itself as an actor; the home's keys are enough to link it, for it is no person."""
    return Actor(Keys(keys.derive("service")), "service")


def person(name: str) -> tuple[Actor, bytes]:
    """Return a steward of this name with a new random key, and the key itself (32 bytes)."""
    key = secrets.token_bytes(KEY_BYTES)
    return Actor(Keys(key), "steward", name), key


def tag(keys: Keys, name: str) -> bytes:
    """Return the tag (32 bytes) that finds a person's key; without the home's keys it tells no name."""
    return hmac.digest(keys.derive("subject-tag"), name.encode(), sha256)


def seal(keys: Keys, tag_: bytes, actor: Actor, key: bytes) -> bytes:
    """Wrap a person's key and name under the home's keys; it opens under this tag only."""
    return keys.wrap(_row(tag_), key + (actor.name or "").encode())


def unseal(keys: Keys, tag_: bytes, sealed: bytes) -> Actor:
    """Open what `seal` made.

    Raises:
        StoreDamaged: other keys, another tag or changed bytes.
    """
    content = keys.unwrap(_row(tag_), sealed)
    return Actor(Keys(content[:KEY_BYTES]), "steward", content[KEY_BYTES:].decode())


def known_as(name: str) -> str:
    """Return a name as it is kept: two ways to type the same characters are one person (Unicode NFC).

    Raises:
        UsageInvalid: empty, longer than 200 characters, or not printable.
    """
    kept = unicodedata.normalize("NFC", name).strip()
    if not is_label(kept):
        raise UsageInvalid("subject_name_invalid")
    return kept


def new_name(name: str) -> str:
    """Return a name that somebody is to be known by from now on, as it is kept.

    Raises:
        UsageInvalid: as `known_as`, or with letters that nobody sees.
    """
    kept = known_as(name)
    if _INVISIBLE.search(kept):
        raise UsageInvalid("subject_name_invalid")
    return kept


def look_of(name: str) -> str:
    """Return what names have in common that differ in letter case, width or spaces alone."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(folded.split())


def _place(node: str, seq: int) -> str:
    return f"event/{node}/{seq}"


def _row(tag_: bytes) -> str:
    return f"subject/{tag_.hex()}"
