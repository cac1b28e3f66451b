"""What a stored version says about itself: a manifest of its columns, with their data keys.

It is canonical JSON and only ever written sealed under the store's newest key: that wraps the data keys, and
column names and row counts are the department's own. Sealed anew it keeps its digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xinqiao_clients.chunks import ColumnIdentity, Kind
from xinqiao_clients.suites import Suite, declared_suite
from xinqiao_governance.canonical import Json, digest, dumps, loads
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.parse import fields_of, hex_bytes, integer, objects, text, versioned_fields

DIGEST_BYTES = 32
_FORM = 3  # in the second, text was a JSON list
_FIELDS = ("v", "dataset", "version", "catalogue", "rows", "suite", "columns")
_KINDS: Mapping[str, Kind] = {"number": "number", "text": "text"}


@dataclass(frozen=True)
class StoredColumn:
    """One column file: the data keys of its chunks, one after the other, and SHA-256 of the file."""

    name: str
    kind: Kind
    keys: bytes = field(repr=False)
    sha256: bytes

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "name": self.name,
            "kind": self.kind,
            "keys": self.keys.hex(),
            "sha256": self.sha256.hex(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "StoredColumn":
        """Parse the canonical form; WireInvalid for anything else."""
        body = fields_of(value, "name", "kind", "keys", "sha256")
        if text(body, "kind") not in _KINDS:
            raise WireInvalid("wire_field_invalid", field="kind")
        return cls(
            name=text(body, "name"),
            kind=_KINDS[text(body, "kind")],
            keys=hex_bytes(body, "keys", length=len(text(body, "keys")) // 2),
            sha256=hex_bytes(body, "sha256", length=DIGEST_BYTES),
        )


@dataclass(frozen=True)
class Manifest:
    """One version of a dataset: `version` names its folder, digests have 32 bytes.

    `suite` is the cipher of all its chunks.
    """

    dataset_id: str
    version: str
    catalogue_digest: bytes
    rows: int
    suite: Suite
    columns: tuple[StoredColumn, ...]

    @property
    def digest(self) -> bytes:
        """Digest of the canonical form; it holds random keys, so it tells nothing about the data."""
        return digest("store-manifest", self.encode())

    def identity(self, column: StoredColumn) -> ColumnIdentity:
        """Return what is bound into every chunk of `column`."""
        return ColumnIdentity(self.dataset_id, self.version, column.name, column.kind, self.rows, self.suite)

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return dumps(
            {
                "v": _FORM,
                "dataset": self.dataset_id,
                "version": self.version,
                "catalogue": self.catalogue_digest.hex(),
                "rows": self.rows,
                "suite": self.suite.name,
                "columns": [column.to_json() for column in self.columns],
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> "Manifest":
        """Parse the canonical bytes.

        Raises:
            VersionOther: another version wrote them.
            WireInvalid: they are not a manifest.
            StoreDamaged: they declare a suite that is not known.
        """
        body = versioned_fields(loads(data), _FORM, *_FIELDS)
        return cls(
            dataset_id=text(body, "dataset"),
            version=text(body, "version"),
            catalogue_digest=hex_bytes(body, "catalogue", length=DIGEST_BYTES),
            rows=integer(body, "rows", at_least=0),
            suite=declared_suite(text(body, "suite")),
            columns=tuple(StoredColumn.from_json(column) for column in objects(body, "columns")),
        )
