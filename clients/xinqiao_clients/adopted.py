"""What jobs use: one version of the table with the catalogue and the contract that it was imported under.

The book keeps it as one sealed value, so that it changes as a whole or not at all, and so that neither the
department's own column names nor its row count can be read without the passphrase.
"""

from dataclasses import dataclass

from xinqiao_clients.store import Version
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.catalogue import Dataset
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.parse import fields_of, integer, text


@dataclass(frozen=True)
class Adopted:
    """An adopted version; `number` counts a home's imports from 1, `contract` is the YAML text."""

    number: int
    dataset: Dataset
    contract: str
    version: Version

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return dumps(
            {
                "v": 1,
                "number": self.number,
                "dataset": self.dataset.to_json(),
                "contract": self.contract,
                "version": self.version.to_json(),
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> "Adopted":
        """Parse the canonical bytes.

        Raises:
            WireInvalid: they are not an adopted version.
        """
        body = fields_of(loads(data), "v", "number", "dataset", "contract", "version")
        if integer(body, "v") != 1:
            raise WireInvalid("wire_field_invalid", field="v")
        return cls(
            number=integer(body, "number", at_least=1),
            dataset=Dataset.from_json(body["dataset"]),
            contract=text(body, "contract"),
            version=Version.from_json(body["version"]),
        )
