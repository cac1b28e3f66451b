"""Which chain a centre anchors on: `chain.json` in its folder, or the embedded one where there is none.

    {"chain_id": 31337, "contract": "0x…", "kept_by": "operator", "max_gas_price_wei": 1000000000000,
     "rpc": "http://127.0.0.1:8545"}

The most that is paid for a unit of gas may be left out. The address may hold a key of the node's keeper, so
the file is its owner's alone, as is the writer's key.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from xinqiao_governance.canonical import Json, require_shallow
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_governance.parse import fields_of, integer, mapping, text
from xinqiao_ledger.anchor import Keeper, is_address, keeper_of
from xinqiao_ledger.files import create_file, io_errors, read_private

CONFIG = "chain.json"
CHAIN_FOLDER = "chain"
MAX_GAS_PRICE_WEI = 10**12
"""A node that lies about the price cannot empty the account at one go."""


@dataclass(frozen=True)
class ChainConfig:
    """A node's address, the chain it must be of, the contract there, who keeps it, what gas may cost."""

    rpc: str
    chain_id: int
    contract: str
    kept_by: Keeper
    max_gas_price_wei: int = MAX_GAS_PRICE_WEI

    @classmethod
    def read(cls, centre: Path) -> "ChainConfig | None":
        """Read the centre's file; None where there is none.

        Raises:
            StoreDamaged: it is not in its form, or cannot be read.
            UsageInvalid: others may read it.
        """
        path = centre / CONFIG
        with io_errors(path):
            if not path.exists():
                return None
            data = read_private(path)
        try:
            require_shallow(data)
            return cls._from_json(json.loads(data))  # a person may have changed the address by hand
        except (ValueError, WireInvalid) as error:
            raise StoreDamaged("anchor_config_damaged", path=str(path)) from error

    def write(self, centre: Path) -> None:
        """Write the centre's file, once.

        Raises:
            UsageInvalid: there is one.
        """
        path = centre / CONFIG
        with io_errors(path):
            try:
                create_file(path, json.dumps(asdict(self), indent=1).encode() + b"\n")
            except FileExistsError as error:
                raise UsageInvalid("anchor_chain_chosen", path=str(path)) from error

    @classmethod
    def _from_json(cls, value: Json) -> "ChainConfig":
        optional = {"max_gas_price_wei": MAX_GAS_PRICE_WEI}
        body = fields_of(optional | dict(mapping(value)), *cls.__dataclass_fields__)
        config = cls(
            rpc=text(body, "rpc"),
            chain_id=integer(body, "chain_id", at_least=1),
            contract=text(body, "contract"),
            kept_by=keeper_of(text(body, "kept_by")),
            max_gas_price_wei=integer(body, "max_gas_price_wei", at_least=1),
        )
        if not is_address(config.contract) or not is_rpc(config.rpc):
            raise WireInvalid("wire_field_invalid", field="contract")
        return config


def is_rpc(address: str) -> bool:
    """Say whether this is the address of a node: http or https, and a host."""
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
