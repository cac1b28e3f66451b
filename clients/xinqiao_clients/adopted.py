"""What jobs use: one version of the table, with the catalogue, contract and period of its import.

The book keeps it as one sealed value, so that it changes as a whole or not at all, and so that neither the
department's own column names nor its row count can be read without the passphrase.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from xinqiao_clients.store import Version
from xinqiao_governance.budget import LIFETIME
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.catalogue import Dataset
from xinqiao_governance.parse import fields_of, integer, mapping, require_version, text

_FIELDS = ("v", "number", "dataset", "contract", "version")
_ADDED: Mapping[int, tuple[str, ...]] = {1: (), 2: ("period",), 3: ("period", "fresh_until")}


@dataclass(frozen=True)
class Adopted:
    """An adopted version; `number` counts a home's imports from 1, `contract` is the YAML text.

    `period` says on whose budget its people are looked at; `fresh_until` is the last day (days since
    1970-01-01) on which its newest rows are as new as the contract promises, None where it promises nothing.
    """

    number: int
    dataset: Dataset
    contract: str
    version: Version
    period: str = LIFETIME
    fresh_until: int | None = None

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return dumps(
            {
                "v": 3,
                "number": self.number,
                "dataset": self.dataset.to_json(),
                "contract": self.contract,
                "version": self.version.to_json(),
                "period": self.period,
                "fresh_until": self.fresh_until,
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> "Adopted":
        """Parse the canonical bytes. The first form knew no periods, the second no freshness.

        Raises:
            VersionOther: another version of the program wrote them, and not in an earlier form.
            WireInvalid: they are not an adopted version.
        """
        body = mapping(loads(data))
        form = integer(body, "v")
        if form not in _ADDED:
            require_version(body, 3)
        fields_of(body, *_FIELDS, *_ADDED[form])
        dated = form > 2 and body["fresh_until"] is not None
        return cls(
            number=integer(body, "number", at_least=1),
            dataset=Dataset.from_json(body["dataset"]),
            contract=text(body, "contract"),
            version=Version.from_json(body["version"]),
            period=text(body, "period") if form > 1 else LIFETIME,
            fresh_until=integer(body, "fresh_until") if dated else None,
        )
