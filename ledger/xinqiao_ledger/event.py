"""One event of one node's journal: who did what, when, by which right and at which cost.

A leaf of the log is the canonical JSON of one event. Sequence and previous hash chain the events of a
node, so a lost tail or a rewritten middle shows. Names and digests only: no event holds a cell's value, and
a person's name only sealed under that person's own key.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.order import Spend
from xinqiao_governance.parse import fields_of, integer, mapping, require_version, text, texts
from xinqiao_ledger.tree import leaf_hash

GENESIS = "0" * 64
_MAX_TEXT = 200
_MAX_COLUMNS = 1_000


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
    GRANT = "grant"
    REVOKE = "revoke"
    POLICY = "policy"
    ERASE = "erase"
    KEYS = "keys"
    CHECKPOINT = "checkpoint"
    EPOCH = "epoch"


# Without these the verifier could not judge the event, so nobody can write it.
_NEEDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ORDER: ("job",),
    Kind.DECISION: ("decision",),
    Kind.RESERVE: ("job", "spend"),
    Kind.INTENT: ("job",),
    Kind.RELEASE: ("job", "step", "statement", "output_digest"),
    Kind.OUTCOME: ("job",),
    Kind.PUBLISH: ("job", "output_digest"),
    Kind.EPOCH: ("output_digest",),
    Kind.GRANT: ("output_digest",),
    Kind.REVOKE: ("output_digest",),
    Kind.POLICY: ("output_digest",),
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
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PSEUDONYM = re.compile(r"[0-9a-f]{1,64}")
_SEALED_BYTES = 2_048
_SEALED = re.compile(rf"(?:[0-9a-f]{{2}}){{1,{_SEALED_BYTES}}}")
_TEXTS = ("role", "action", "dataset", "tier", "purpose", "legal_basis", "reason")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event. Digests, fingerprints, pseudonyms, ciphertext are lower-case hex; None: not applicable.

    Version 2 is an event with a `sealed` field, version 1 one without.

    `node` is the fingerprint of the writer, `seq` counts its events from 1, `prev` is the hash of the one
    before (`GENESIS` for the first), `time` is in Unix seconds, `actor` a pseudonym. `job` is the order's
    digest, `statement` the step statement's, `members` the size of its roster, `output_digest` the masked
    vector's or the model's, `card_digest` the model card's. `sealed` (at most 4,096 digits) is what only the
    writer can open: the name of the person who acted.

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
    sealed: str | None = None

    def __post_init__(self) -> None:
        for name in _DIGESTS:
            value = getattr(self, name)
            _expect(name, value is None or _DIGEST.fullmatch(value) is not None)
        for name in _TEXTS:
            value = getattr(self, name)
            _expect(name, value is None or _is_text(value))
        for name in _NEEDS.get(self.kind, ()):
            _expect(name, getattr(self, name) is not None)
        columns = self.columns or ()
        _expect("actor", _PSEUDONYM.fullmatch(self.actor) is not None)
        _expect("sealed", self.sealed is None or _SEALED.fullmatch(self.sealed) is not None)
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

    @property
    def header(self) -> "Header":
        """Return what a log keeps beside the leaf."""
        return Header(self.node, self.seq, self.prev, self.job, self.kind.value, self.time)

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return self.leaf

    @classmethod
    def decode(cls, data: bytes) -> "Event":
        """Parse canonical bytes.

        Raises:
            WireInvalid: not canonical, or not an event.
        """
        return _decode_known(data) if len(data) <= _REMEMBERED_BYTES else _decode(data)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form; absent fields stay absent."""
        plain: dict[str, Json] = {"v": _version(self.sealed is not None)}
        for name in _FIELDS:
            value = getattr(self, name)
            if value is not None:
                plain[name] = value if type(value) is str else _plain(value)
        return plain

    @classmethod
    def from_json(cls, value: Json) -> "Event":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown, of the wrong type or form.
        """
        body = mapping(value)
        require_version(body, _version("sealed" in body))
        for name in body:
            _expect(name, name in _NAMES)
        for name in _ALWAYS:
            _expect(name, name in body)
        values: dict[str, Any] = {name: _READ[name](body, name) for name in body if name != "v"}
        return cls(**values)


def _version(sealed: bool) -> int:
    return 2 if sealed else 1


_REMEMBERED_BYTES = 4_096
"""Larger events are rare, and nobody may fill the memory of another with them."""


@lru_cache(maxsize=1_024)  # door, centre and log each parse the same bytes; what it keeps cannot change
def _decode_known(data: bytes) -> Event:
    return _decode(data)


def _decode(data: bytes) -> Event:
    event = _matched(data) or Event.from_json(loads(data))
    event.__dict__["leaf"] = data  # proven to be the canonical bytes
    return event


class Header(NamedTuple):
    """What a log keeps of an event beside its leaf, and what joins it to its node's event before."""

    node: str
    seq: int
    prev: str
    job: str | None
    kind: str
    time: int


def header(leaf: bytes) -> Header:
    """Parse canonical bytes as `Event.decode` does, without making the event: for who reads very many.

    Raises:
        WireInvalid: not canonical, or not an event.
    """
    found = _found(leaf)
    if found is None:
        return Event.from_json(loads(leaf)).header
    node, seq, prev, job, kind, time = found.group(*_HEADER)
    return Header(node, int(seq), prev, job, kind, int(time))


_FIELDS = tuple(field.name for field in fields(Event))
_NAMES = {"v", *_FIELDS}
_ALWAYS = tuple(field.name for field in fields(Event) if field.default is MISSING)


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


def _is_text(value: str) -> bool:
    return 0 < len(value) <= _MAX_TEXT and value.isprintable()


def _expect(field: str, holds: bool) -> None:
    if not holds:
        raise WireInvalid("wire_field_invalid", field=field)


_INTEGERS = ("seq", "time", "step", "members")
_READ: Mapping[str, Callable[[Mapping[str, Json], str], object]] = {
    **dict.fromkeys(_FIELDS, text),
    **dict.fromkeys(_INTEGERS, integer),
    "kind": _kind,
    "columns": texts,
    "decision": _decision,
    "spend": _spend,
}


# ---- reading at once -------------------------------------------------------------------------------
#
# One expression holds the canonical form of all events whose texts need no escapes: the fields in their
# order, each of its form. It reads a leaf several times faster than parsing, writing again and comparing
# do. What it does not match goes the long way, which also says what is wrong.

_HEX, _COUNT = r'"([0-9a-f]{64})"', r"(0|[1-9][0-9]{0,17})"
_PLAIN = r'"[^"\\\x00-\x1f\x7f]{1,200}"'
_FORMS: Mapping[str, str] = {
    **dict.fromkeys(_DIGESTS, _HEX),
    **dict.fromkeys(_TEXTS, _PLAIN.replace("[", "([", 1).replace("}", "})")),
    **dict.fromkeys(_INTEGERS, _COUNT),
    "kind": f'"({"|".join(Kind)})"',
    "actor": r'"([0-9a-f]{1,64})"',
    "sealed": rf'"(?P<sealed>{_SEALED.pattern})"',
    "columns": rf"\[((?:{_PLAIN}(?:,{_PLAIN})*)?)\]",
    "decision": '"(allow|refuse)"',
    "spend": r'(\{"delta_nano":(?:0|[1-9][0-9]{0,17}),"epsilon_micro":(?:0|[1-9][0-9]{0,17})\})',
}
_NAMES_IN_ORDER = tuple(sorted(_FIELDS))
_LEAF = re.compile(
    r"\{"
    + "".join(
        f'"{name}":{_FORMS[name]},' if name in _ALWAYS else f'(?:"{name}":{_FORMS[name]},)?+'
        for name in _NAMES_IN_ORDER
    )
    + r'"v":(?(sealed)2|1)\}'
)


def _found(data: bytes) -> re.Match[str] | None:
    """Return the fields of a leaf in the order of their names; None where it has to be read the long way."""
    try:
        leaf = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    found = _LEAF.fullmatch(leaf)
    if found is None or not (leaf.isascii() or leaf.isprintable()):
        return None
    kind, prev, seq, columns = found.group(*_JUDGED)
    if (seq == "1") != (prev == GENESIS) or seq == "0" or (columns or "").count(",") >= _MAX_COLUMNS:
        return None
    for place in _NEEDED.get(kind, ()):
        if found[place] is None:
            return None
    return found


def _matched(data: bytes) -> Event | None:
    found = _found(data)
    if found is None:
        return None
    values: dict[str, Any] = dict(zip(_NAMES_IN_ORDER, found.groups(), strict=True))
    for name, take in _TAKEN:
        if values[name] is not None:
            values[name] = take(values[name])
    event = object.__new__(Event)
    object.__setattr__(event, "__dict__", values)
    return event


def _places(*names: str) -> tuple[int, ...]:
    return tuple(_NAMES_IN_ORDER.index(name) + 1 for name in names)


def _columns_of(inside: str) -> tuple[str, ...]:
    return tuple(inside[1:-1].split('","')) if inside else ()


def _spend_of(canonical: str) -> Spend:
    return _spend({"spend": loads(canonical.encode())}, "spend")


_JUDGED, _HEADER = _places("kind", "prev", "seq", "columns"), _places(*Header._fields)
_NEEDED = {kind.value: _places(*names) for kind, names in _NEEDS.items()}
_TAKEN: tuple[tuple[str, Callable[[str], Any]], ...] = (
    *((name, int) for name in _INTEGERS),
    ("kind", {kind.value: kind for kind in Kind}.__getitem__),
    ("columns", _columns_of),
    ("spend", _spend_of),
)
