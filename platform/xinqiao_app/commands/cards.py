"""Cards: the small public files by which centre, departments and witnesses become known to one another.

Each is signed by the key that it names. Whoever compares that key's fingerprint with its owner, in person,
then knows that the rest of the card is the owner's, too, whichever way the file came.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from xinqiao_app.commands.arguments import deliver, read_as
from xinqiao_governance.canonical import Json, dumps
from xinqiao_governance.errors import ProofError, UsageInvalid, WireInvalid
from xinqiao_governance.parse import fields_of, hex_bytes, mapping, text
from xinqiao_governance.signed import Signable, Signed
from xinqiao_ledger.checkpoint import is_key_name
from xinqiao_ledger.signing import SigningKey, check, fingerprint
from xinqiao_platform.tls import is_authority_of, is_transport_key

if TYPE_CHECKING:
    from xinqiao_clients.home import Home

_KEY_BYTES, _SM2_KEY_BYTES = 32, 64


@dataclass(frozen=True)
class CentreCard(Signable):
    """The centre: the operator's and the log's public keys (32 bytes each), and the log's name.

    `authority` is the certificate (PEM) that the SuperLink's must come from, made by the operator's own key.
    A log under SM3 and SM2 has `log_sm2` (64 bytes) as the key of its checkpoints.
    """

    DOMAIN: ClassVar[str] = "centre-card"
    operator: bytes
    log_key: bytes
    log_origin: str
    authority: str
    log_sm2: bytes = b""

    @property
    def note_key(self) -> bytes:
        """The key of the log's checkpoints."""
        return self.log_sm2 or self.log_key

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
            **_sm2("log_sm2", self.log_sm2),
        }

    @classmethod
    def from_json(cls, value: Json) -> "CentreCard":
        """Parse the canonical form; WireInvalid where it is not one."""
        body, log_sm2 = _without_sm2(value, "log_sm2")
        body = fields_of(body, "operator", "log_key", "log_origin", "authority")
        card = cls(
            operator=hex_bytes(body, "operator", length=_KEY_BYTES),
            log_key=hex_bytes(body, "log_key", length=_KEY_BYTES),
            log_origin=text(body, "log_origin"),
            authority=text(body, "authority"),
            log_sm2=log_sm2,
        )
        if not is_authority_of(card.operator, card.authority):
            raise WireInvalid("wire_field_invalid", field="authority")
        return card


@dataclass(frozen=True)
class DepartmentCard(Signable):
    """A department: its name, its public key (32 bytes), and the key that a SuperLink knows it by (PEM).

    As a witness of a log under SM3 and SM2 it has `witness_sm2` (64 bytes).
    """

    DOMAIN: ClassVar[str] = "department-card"
    name: str
    key: bytes
    transport: str
    witness_sm2: bytes = b""

    @property
    def witness_key(self) -> bytes:
        """The key of its cosignatures."""
        return self.witness_sm2 or self.key

    @property
    def fingerprint(self) -> bytes:
        """The department's fingerprint: 32 bytes."""
        return fingerprint(self.key)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        plain: dict[str, Json] = {"name": self.name, "key": self.key.hex(), "transport": self.transport}
        return {**plain, **_sm2("witness_sm2", self.witness_sm2)}

    @classmethod
    def from_json(cls, value: Json) -> "DepartmentCard":
        """Parse the canonical form; WireInvalid where it is not one."""
        body, witness_sm2 = _without_sm2(value, "witness_sm2")
        body = fields_of(body, "name", "key", "transport")
        if not is_transport_key(text(body, "transport")):
            raise WireInvalid("wire_field_invalid", field="transport")
        return cls(
            name=text(body, "name"),
            key=hex_bytes(body, "key", length=_KEY_BYTES),
            transport=text(body, "transport"),
            witness_sm2=witness_sm2,
        )


def card_of(home: "Home") -> DepartmentCard:
    """Return the card of the department with this home."""
    from xinqiao_clients.flower import public_pem

    witness_sm2 = home.witness.public if home.settings.log_sm2 else b""
    return DepartmentCard(
        home.settings.name, home.identity.public, public_pem(home.transport_key), witness_sm2
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


def _sm2(name: str, key: bytes) -> dict[str, Json]:
    """Return what a card adds for an SM2 key; cards without one are as they always were."""
    return {name: key.hex()} if key else {}


def _without_sm2(value: Json, name: str) -> tuple[Json, bytes]:
    body = dict(mapping(value))
    found = body.pop(name, None)
    return body, b"" if found is None else hex_bytes({name: found}, name, length=_SM2_KEY_BYTES)


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
