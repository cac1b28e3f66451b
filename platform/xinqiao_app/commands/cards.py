"""Cards: the small public files by which centre and departments become known to one another."""

from dataclasses import dataclass

from xinqiao_governance.canonical import Json
from xinqiao_governance.parse import fields_of, hex_bytes, text
from xinqiao_ledger.signing import fingerprint

_KEY_BYTES = 32


@dataclass(frozen=True)
class CentreCard:
    """The centre: the operator's and the log's public keys (32 bytes each), and the log's name."""

    operator: bytes
    log_key: bytes
    log_origin: str

    @property
    def fingerprint(self) -> bytes:
        """The operator's fingerprint, which stewards compare in person: 32 bytes."""
        return fingerprint(self.operator)

    def to_json(self) -> dict[str, Json]:
        """Return the file's content."""
        return {
            "operator": self.operator.hex(),
            "log_key": self.log_key.hex(),
            "log_origin": self.log_origin,
        }

    @classmethod
    def from_json(cls, value: Json) -> "CentreCard":
        """Parse the file's content; WireInvalid where it is not one."""
        body = fields_of(value, "operator", "log_key", "log_origin")
        return cls(
            operator=hex_bytes(body, "operator", length=_KEY_BYTES),
            log_key=hex_bytes(body, "log_key", length=_KEY_BYTES),
            log_origin=text(body, "log_origin"),
        )


@dataclass(frozen=True)
class DepartmentCard:
    """A department: its name and its public key (32 bytes)."""

    name: str
    key: bytes

    @property
    def fingerprint(self) -> bytes:
        """The department's fingerprint: 32 bytes."""
        return fingerprint(self.key)

    def to_json(self) -> dict[str, Json]:
        """Return the file's content."""
        return {"name": self.name, "key": self.key.hex()}

    @classmethod
    def from_json(cls, value: Json) -> "DepartmentCard":
        """Parse the file's content; WireInvalid where it is not one."""
        body = fields_of(value, "name", "key")
        return cls(text(body, "name"), hex_bytes(body, "key", length=_KEY_BYTES))
