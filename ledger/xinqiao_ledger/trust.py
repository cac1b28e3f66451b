"""The trust file: the keys an auditor believes, brought from elsewhere, never out of the evidence itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xinqiao_governance.canonical import Json, dumps, require_shallow
from xinqiao_governance.errors import UsageInvalid, VersionOther, WireInvalid
from xinqiao_governance.parse import fields_of, hex_bytes, integer, note_key, objects, text, versioned_fields
from xinqiao_ledger.anchor import AnchorRecord, Keeper
from xinqiao_ledger.checkpoint import is_key_name
from xinqiao_ledger.signing import fingerprint

_KEY_BYTES = 32


@dataclass(frozen=True)
class TrustedKey:
    """A name and the Ed25519 public key (32 bytes) that goes with it."""

    name: str
    key: bytes


@dataclass(frozen=True)
class TrustedWitness:
    """A witness and who keeps it: one kept by the operator is no independent evidence.

    Its `key` has 32 bytes (Ed25519) or 64 (SM2).
    """

    name: str
    key: bytes
    kept_by: Keeper


@dataclass(frozen=True)
class TrustedChain:
    """The chain and contract that carry the anchors, and who keeps the chain."""

    chain_id: int
    contract: str
    kept_by: Keeper

    def holds(self, anchor: AnchorRecord) -> bool:
        """Say whether the record points to this contract on this chain; an address has no case."""
        here = (self.chain_id, self.contract.lower())
        return here == (anchor.chain_id, anchor.contract.lower())


@dataclass(frozen=True)
class Trust:
    """Everything that the verifier may rely on. At least `witness_threshold` witnesses must have cosigned.

    `log_key` is the key of the log's checkpoints; it declares the log's suite.
    """

    origin: str
    log_key: bytes
    operator: bytes
    departments: tuple[TrustedKey, ...]
    witnesses: tuple[TrustedWitness, ...]
    witness_threshold: int
    chain: TrustedChain | None

    def __post_init__(self) -> None:
        # A key that stands twice would count twice towards the threshold.
        for group in (self.departments, self.witnesses):
            _expect("key", len({entry.key for entry in group}) == len(group))
            _expect("name", len({entry.name for entry in group}) == len(group))
        _expect("name", all(is_key_name(witness.name) for witness in self.witnesses))
        _expect("witness_threshold", 0 <= self.witness_threshold <= len(self.witnesses))

    def department(self, node: bytes) -> TrustedKey | None:
        """Return the department whose key has the fingerprint `node`."""
        return next((entry for entry in self.departments if fingerprint(entry.key) == node), None)

    def encode(self) -> bytes:
        """Return the file's bytes: JSON, indented for the people who compare keys."""
        return (json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()

    @classmethod
    def decode(cls, data: bytes) -> "Trust":
        """Parse the file's bytes.

        Raises:
            VersionOther: another version wrote it.
            UsageInvalid: no JSON, a name twice, or a field missing, unknown or of the wrong form.
        """
        try:
            require_shallow(data)
            value: Json = json.loads(data.decode("utf-8"), object_pairs_hook=_each_name_once)
            dumps(value)
            return cls.from_json(value)
        except (ValueError, RecursionError) as error:
            raise UsageInvalid("trust_invalid", field="{}") from error
        except VersionOther:
            raise
        except WireInvalid as error:
            raise UsageInvalid("trust_invalid", field=error.fields.get("field", "{}")) from error

    def to_json(self) -> dict[str, Json]:
        """Return the file's content."""
        return {
            "v": 1,
            "log": {"origin": self.origin, "key": self.log_key.hex()},
            "operator": self.operator.hex(),
            "departments": [{"name": entry.name, "key": entry.key.hex()} for entry in self.departments],
            "witnesses": [_witness_json(witness) for witness in self.witnesses],
            "witness_threshold": self.witness_threshold,
            "chain": None if self.chain is None else _chain_json(self.chain),
        }

    @classmethod
    def from_json(cls, value: Json) -> "Trust":
        """Parse the file's content.

        Raises:
            WireInvalid: a field is missing, unknown or of the wrong form.
        """
        body = versioned_fields(
            value, 1, "v", "log", "operator", "departments", "witnesses", "witness_threshold", "chain"
        )
        log = fields_of(body["log"], "origin", "key")
        return cls(
            origin=text(log, "origin"),
            log_key=note_key(log, "key"),
            operator=hex_bytes(body, "operator", length=_KEY_BYTES),
            departments=tuple(_department(item) for item in objects(body, "departments")),
            witnesses=tuple(_witness(item) for item in objects(body, "witnesses")),
            witness_threshold=integer(body, "witness_threshold"),
            chain=None if body["chain"] is None else _chain(body["chain"]),
        )


def _department(value: Json) -> TrustedKey:
    body = fields_of(value, "name", "key")
    return TrustedKey(text(body, "name"), hex_bytes(body, "key", length=_KEY_BYTES))


def _witness(value: Json) -> TrustedWitness:
    body = fields_of(value, "name", "key", "kept_by")
    return TrustedWitness(text(body, "name"), note_key(body, "key"), _keeper(body))


def _witness_json(witness: TrustedWitness) -> dict[str, Json]:
    return {"name": witness.name, "key": witness.key.hex(), "kept_by": witness.kept_by}


def _chain(value: Json) -> TrustedChain:
    body = fields_of(value, "chain_id", "contract", "kept_by")
    return TrustedChain(integer(body, "chain_id", at_least=0), text(body, "contract"), _keeper(body))


def _chain_json(chain: TrustedChain) -> dict[str, Json]:
    return {"chain_id": chain.chain_id, "contract": chain.contract, "kept_by": chain.kept_by}


def _keeper(body: Mapping[str, Json]) -> Keeper:
    match text(body, "kept_by"):
        case "operator":
            return "operator"
        case "independent":
            return "independent"
        case _:
            raise WireInvalid("wire_field_invalid", field="kept_by")


def _each_name_once(pairs: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _expect(field: str, holds: bool) -> None:
    if not holds:
        raise WireInvalid("wire_field_invalid", field=field)
