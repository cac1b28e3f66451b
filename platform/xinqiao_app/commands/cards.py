"""Cards: the small public files by which centre, departments and witnesses become known to one another.

Each is signed by the key that it names. Whoever compares that key's fingerprint with its owner, in person,
then knows that the rest of the card is the owner's, too, whichever way the file came.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

from xinqiao_app.commands.arguments import deliver, read_as
from xinqiao_governance.canonical import Json, dumps
from xinqiao_governance.errors import ProofError, UsageInvalid, WireInvalid
from xinqiao_governance.parse import fields_of, hex_bytes, text
from xinqiao_governance.signed import Signable, Signed
from xinqiao_ledger.checkpoint import is_key_name
from xinqiao_ledger.signing import SigningKey, check, fingerprint
from xinqiao_platform.tls import is_authority_of, is_transport_key

_KEY_BYTES = 32


@dataclass(frozen=True)
class CentreCard(Signable):
    """The centre: the operator's and the log's public keys (32 bytes each), and the log's name.

    `authority` is the certificate (PEM) that the SuperLink's must come from, made by the operator's own key.
    """

    DOMAIN: ClassVar[str] = "centre-card"
    operator: bytes
    log_key: bytes
    log_origin: str
    authority: str

    @property
    def fingerprint(self) -> bytes:
        """The operator's fingerprint, which stewards compare in person: 32 bytes."""
        return fingerprint(self.operator)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "operator": self.operator.hex(),
            "log_key": self.log_key.hex(),
            "log_origin": self.log_origin,
            "authority": self.authority,
        }

    @classmethod
    def from_json(cls, value: Json) -> "CentreCard":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "operator", "log_key", "log_origin", "authority")
        card = cls(
            operator=hex_bytes(body, "operator", length=_KEY_BYTES),
            log_key=hex_bytes(body, "log_key", length=_KEY_BYTES),
            log_origin=text(body, "log_origin"),
            authority=text(body, "authority"),
        )
        if not is_authority_of(card.operator, card.authority):
            raise WireInvalid("wire_field_invalid", field="authority")
        return card


@dataclass(frozen=True)
class DepartmentCard(Signable):
    """A department: its name, its public key (32 bytes), and the key that a SuperLink knows it by (PEM)."""

    DOMAIN: ClassVar[str] = "department-card"
    name: str
    key: bytes
    transport: str

    @property
    def fingerprint(self) -> bytes:
        """The department's fingerprint: 32 bytes."""
        return fingerprint(self.key)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"name": self.name, "key": self.key.hex(), "transport": self.transport}

    @classmethod
    def from_json(cls, value: Json) -> "DepartmentCard":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "name", "key", "transport")
        if not is_transport_key(text(body, "transport")):
            raise WireInvalid("wire_field_invalid", field="transport")
        return cls(
            name=text(body, "name"),
            key=hex_bytes(body, "key", length=_KEY_BYTES),
            transport=text(body, "transport"),
        )


@dataclass(frozen=True)
class WitnessCard(Signable):
    """A witness that is no department: its name in notes, its public key (32 bytes), who keeps it."""

    DOMAIN: ClassVar[str] = "witness-card"
    name: str
    key: bytes
    who: str

    @property
    def fingerprint(self) -> bytes:
        """The witness's fingerprint: 32 bytes."""
        return fingerprint(self.key)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"name": self.name, "key": self.key.hex(), "who": self.who}

    @classmethod
    def from_json(cls, value: Json) -> "WitnessCard":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "name", "key", "who")
        if not is_key_name(text(body, "name")):
            raise WireInvalid("wire_field_invalid", field="name")
        return cls(text(body, "name"), hex_bytes(body, "key", length=_KEY_BYTES), text(body, "who"))


Card = TypeVar("Card", CentreCard, DepartmentCard, WitnessCard)


def write_card(card: Card, owner: SigningKey, out: Path | None) -> None:
    """Write the card with its owner's signature to `out`, or to standard output.

    Raises:
        StoreDamaged: `out` cannot be written.
    """
    deliver(dumps(owner.seal(card).to_json()).decode(), out)


def read_card(path: Path, kind: type[Card]) -> Card:
    """Return the card in a file, as its owner signed it.

    Raises:
        UsageInvalid: no readable card, or not signed by the key that it names.
    """
    signed = read_as(path, lambda value: Signed.parse(value, kind))
    try:
        return check(signed, signed.body.fingerprint)
    except ProofError as error:
        raise UsageInvalid("card_unsigned", path=str(path)) from error
