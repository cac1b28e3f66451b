"""Things that somebody signs: a canonical body, the signer's public key, an Ed25519 signature.

The signature is over the body's domain-separated digest. This module only carries it: keys and checks
live in `xinqiao_ledger.signing`. A key that arrives with a body proves nothing by itself; the reader must
already know whose it is.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Generic, Self, TypeVar

from xinqiao_governance.canonical import Json, digest, dumps
from xinqiao_governance.parse import fields_of, hex_bytes


class Signable(ABC):
    """A body with one canonical form and one digest."""

    DOMAIN: ClassVar[str]

    @abstractmethod
    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""

    @classmethod
    @abstractmethod
    def from_json(cls, value: Json) -> Self:
        """Parse the canonical form; WireInvalid where it is not one."""

    @cached_property  # a step asks for it several times a department; bodies never change
    def digest(self) -> bytes:
        """SHA-256 of the canonical form under this type's domain: 32 bytes."""
        return digest(self.DOMAIN, dumps(self.to_json()))


T = TypeVar("T", bound=Signable)


@dataclass(frozen=True)
class Signed(Generic[T]):
    """A body with the key (32 bytes) and the signature (64 bytes) that came with it; not yet checked."""

    body: T
    key: bytes
    signature: bytes

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"body": self.body.to_json(), "key": self.key.hex(), "signature": self.signature.hex()}

    @classmethod
    def parse(cls, value: Json, kind: type[T]) -> "Signed[T]":
        """Parse the canonical form of a signed `kind`.

        Raises:
            WireInvalid: a field is missing, unknown or of the wrong type.
        """
        outer = fields_of(value, "body", "key", "signature")
        return cls(
            kind.from_json(outer["body"]),
            hex_bytes(outer, "key", length=32),
            hex_bytes(outer, "signature", length=64),
        )
