"""One event of one node's journal: who did what, when, by which right and at which cost.

A leaf of the log is the canonical JSON of one event. Sequence and previous hash chain the events of a
node, so a lost tail or a rewritten middle shows. Names and digests only: no event holds a cell's value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Literal, TypeVar

from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.order import Spend
from xinqiao_governance.parse import fields_of, integer, mapping, require_version, text, texts
from xinqiao_ledger.tree import leaf_hash

GENESIS = "0" * 64
_MAX_TEXT = 200
_MAX_COLUMNS = 1_000

T = TypeVar("T")


class Kind(StrEnum):
    """What happened."""

    ORDER = "order"
    DECISION = "decision"
    RESERVE = "reserve"
    INTENT = "intent"
    RELEASE = "release"
    OUTCOME = "outcome"
    STEP = "step"
    PUBLISH = "publish"
    IMPORT = "import"
    CONFIRM = "confirm"
    APPROVE = "approve"
    CHECKPOINT = "checkpoint"


# Without these the verifier could not judge the event, so nobody can write it.
_NEEDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ORDER: ("job",),
    Kind.DECISION: ("decision",),
    Kind.RESERVE: ("job", "spend"),
    Kind.INTENT: ("job",),
    Kind.RELEASE: ("job", "step", "statement", "output_digest"),
    Kind.OUTCOME: ("job",),
    Kind.PUBLISH: ("job", "output_digest"),
}
_DIGESTS = (
    "node",
    "prev",
    "dataset_digest",
    "job",
    "statement",
    "policy_digest",
    "output_digest",
    "card_digest",
)
_HEX = frozenset("0123456789abcdef")
_TEXTS = ("role", "action", "dataset", "tier", "purpose", "legal_basis", "reason")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event, version 1. Digests, fingerprints and pseudonyms are lower-case hex; None: not applicable.

    `node` is the fingerprint of the writer, `seq` counts its events from 1, `prev` is the hash of the one
    before (`GENESIS` for the first), `time` is in Unix seconds, `actor` a pseudonym. `job` is the order's
    digest, `statement` the step statement's, `members` the size of its roster, `output_digest` the masked
    vector's or the model's, `card_digest` the model card's.

    Raises:
        WireInvalid: a value is of the wrong form, or one that its kind needs is absent.
    """

    kind: Kind
    node: str
    seq: int
    prev: str
    time: int
    actor: str
    role: str
    action: str
    dataset: str | None = None
    dataset_digest: str | None = None
    tier: str | None = None
    columns: tuple[str, ...] | None = None
    purpose: str | None = None
    legal_basis: str | None = None
    job: str | None = None
    step: int | None = None
    statement: str | None = None
    members: int | None = None
    decision: Literal["allow", "refuse"] | None = None
    reason: str | None = None
    policy_digest: str | None = None
    spend: Spend | None = None
    output_digest: str | None = None
    card_digest: str | None = None

    def __post_init__(self) -> None:
        for name in _DIGESTS:
            _expect(name, _absent_or(getattr(self, name), _is_digest))
        for name in _TEXTS:
            _expect(name, _absent_or(getattr(self, name), _is_text))
        for name in _NEEDS.get(self.kind, ()):
            _expect(name, getattr(self, name) is not None)
        columns = self.columns or ()
        _expect("actor", 0 < len(self.actor) <= 64 and _is_hex(self.actor))
        _expect("columns", len(columns) <= _MAX_COLUMNS and all(map(_is_text, columns)))
        _expect("decision", self.decision in (None, "allow", "refuse"))
        _expect("seq", self.seq >= 1)
        _expect("prev", (self.seq == 1) == (self.prev == GENESIS))
        _expect("time", self.time >= 0)
        _expect("step", self.step is None or self.step >= 0)
        _expect("members", self.members is None or self.members >= 0)

    @cached_property
    def leaf(self) -> bytes:
        """The event's canonical bytes, as they stand in the tree."""
        return dumps(self.to_json())

    @cached_property
    def hash(self) -> bytes:
        """RFC 6962 leaf hash: 32 bytes; in hex, the next event's `prev`."""
        return leaf_hash(self.leaf)

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return self.leaf

    @classmethod
    def decode(cls, data: bytes) -> "Event":
        """Parse canonical bytes.

        Raises:
            WireInvalid: not canonical, or not an event.
        """
        return cls.from_json(loads(data))

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form; absent fields stay absent."""
        values = ((name, getattr(self, name)) for name in _FIELDS)
        return {"v": 1} | {name: _plain(value) for name, value in values if value is not None}

    @classmethod
    def from_json(cls, value: Json) -> "Event":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown, of the wrong type or form.
        """
        body = mapping(value)
        for name in body:
            _expect(name, name in _NAMES)
        require_version(body, 1)
        return cls(
            kind=_kind(body, "kind"),
            node=text(body, "node"),
            seq=integer(body, "seq"),
            prev=text(body, "prev"),
            time=integer(body, "time"),
            actor=text(body, "actor"),
            role=text(body, "role"),
            action=text(body, "action"),
            dataset=_optional(body, "dataset", text),
            dataset_digest=_optional(body, "dataset_digest", text),
            tier=_optional(body, "tier", text),
            columns=_optional(body, "columns", texts),
            purpose=_optional(body, "purpose", text),
            legal_basis=_optional(body, "legal_basis", text),
            job=_optional(body, "job", text),
            step=_optional(body, "step", integer),
            statement=_optional(body, "statement", text),
            members=_optional(body, "members", integer),
            decision=_optional(body, "decision", _decision),
            reason=_optional(body, "reason", text),
            policy_digest=_optional(body, "policy_digest", text),
            spend=_optional(body, "spend", _spend),
            output_digest=_optional(body, "output_digest", text),
            card_digest=_optional(body, "card_digest", text),
        )


_FIELDS = tuple(field.name for field in fields(Event))
_NAMES = {"v", *_FIELDS}


def _plain(value: object) -> Json:
    match value:
        case Spend():
            return value.to_json()
        case tuple():
            return [str(item) for item in value]
        case int():
            return value
        case _:
            return str(value)


def _optional(body: Mapping[str, Json], name: str, read: Callable[[Mapping[str, Json], str], T]) -> T | None:
    return read(body, name) if name in body else None


def _kind(body: Mapping[str, Json], name: str) -> Kind:
    try:
        return Kind(text(body, name))
    except ValueError as error:
        raise WireInvalid("wire_field_invalid", field=name) from error


def _decision(body: Mapping[str, Json], name: str) -> Literal["allow", "refuse"]:
    match text(body, name):
        case "allow":
            return "allow"
        case "refuse":
            return "refuse"
        case _:
            raise WireInvalid("wire_field_invalid", field=name)


def _spend(body: Mapping[str, Json], name: str) -> Spend:
    spend = fields_of(body[name], "epsilon_micro", "delta_nano")
    return Spend(integer(spend, "epsilon_micro", at_least=0), integer(spend, "delta_nano", at_least=0))


def _absent_or(value: str | None, is_valid: Callable[[str], bool]) -> bool:
    return value is None or is_valid(value)


def _is_digest(value: str) -> bool:
    return len(value) == 64 and _is_hex(value)


def _is_hex(value: str) -> bool:
    return _HEX.issuperset(value)


def _is_text(value: str) -> bool:
    return 0 < len(value) <= _MAX_TEXT and value.isprintable()


def _expect(field: str, holds: bool) -> None:
    if not holds:
        raise WireInvalid("wire_field_invalid", field=field)
