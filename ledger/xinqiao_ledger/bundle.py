"""The bundle: the evidence of one job, one event or one period in one canonical text file, without slack.

Each line is a canonical JSON array [tag, ...], in this order:

    ["xinqiao-bundle", 1, {"suite", "origin", "scope"}]
    ["checkpoint", signed note with its cosignatures]
    ["order", signed order]           of a job only
    ["entry", index, event]           ascending by index
    ["proof", [hash, ...]]            `tree.verify_subset`
    ["receipt", signed job receipt]   of a job only, ascending by node
    ["card", model card]              of a job only
    ["anchor", anchor record]         at most one
    ["end", SHA-256 over all bytes before this line]

The scope says what the evidence is about, and with it which lines there are:

    {"job": order's digest}           every event that names the job, and its signers' journals meanwhile
    {"event": leaf hash}              that one event
    {"from": s, "to": s}              what is dated in [from, to), Unix seconds, and what bounds it (`period`)

The reader refuses every byte that the writer would not write. The suite is the log's; who knows the log's key
from elsewhere knows it, and the verifier goes by that, not by the file.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from xinqiao_governance.canonical import Json, digest, dumps, loads
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_governance.order import Order
from xinqiao_governance.parse import hex_bytes, integer, mapping, text, texts
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import JobReceipt
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.event import Event
from xinqiao_ledger.log import Log
from xinqiao_ledger.period import LATE_S, SKEW_S
from xinqiao_ledger.suite import SHA256_ED25519, SUITES, Suite, tree_hash
from xinqiao_ledger.tree import HASH_BYTES

_START, _END = b'["xinqiao-bundle",', b'["end",'
_END_LINE_BYTES = len(dumps(["end", "0" * 64])) + 1

_Rows = Mapping[str, Sequence[Sequence[Json]]]


@dataclass(frozen=True, kw_only=True)
class Bundle(ABC):
    """What every bundle holds, parsed and of the right form; nothing is proven yet."""

    checkpoint: SignedCheckpoint
    entries: Mapping[int, Event]
    proof: tuple[bytes, ...]
    anchor: AnchorRecord | None = None
    suite: Suite = SHA256_ED25519

    @abstractmethod
    def scope(self) -> dict[str, Json]:
        """Return what the evidence is about, as the header says it."""

    @property
    def events(self) -> list[Event]:
        """The events in the log's order."""
        return [self.entries[index] for index in sorted(self.entries)]

    def encode(self) -> bytes:
        """Return the file's bytes."""
        data = b"".join(dumps(row) + b"\n" for row in self._rows())
        return data + _end_line(data)

    @staticmethod
    def decode(data: bytes) -> "Bundle":
        """Parse the file's bytes; what comes is of the class of its scope.

        Raises:
            WireInvalid: it is no such file, its end is gone, a byte was changed, or is one that the writer
                would not have written.
        """
        body, end = data[:-_END_LINE_BYTES], data[-_END_LINE_BYTES:]
        if not data.startswith(_START):
            raise WireInvalid("bundle_foreign")
        if end != _end_line(body):
            raise WireInvalid("bundle_changed" if end.startswith(_END) else "bundle_cut")
        bundle = _parse(_read_rows(body))
        if bundle.encode() != data:
            raise WireInvalid("bundle_not_canonical")
        return bundle

    def _rows(self) -> list[list[Json]]:
        origin = self.checkpoint.checkpoint.origin
        head: Json = {"suite": self.suite.name, "origin": origin, "scope": self.scope()}
        rows: list[list[Json]] = [["xinqiao-bundle", 1, head], ["checkpoint", str(self.checkpoint)]]
        rows += self._ordered()
        rows += [["entry", index, self.entries[index].to_json()] for index in sorted(self.entries)]
        rows += [["proof", [node.hex() for node in self.proof]]]
        rows += self._signed()
        rows += [] if self.anchor is None else [["anchor", self.anchor.to_json()]]
        return rows

    def _ordered(self) -> list[list[Json]]:
        """Return the rows of this scope alone that stand before the entries."""
        return []

    def _signed(self) -> list[list[Json]]:
        """Return those that stand after them."""
        return []


@dataclass(frozen=True, kw_only=True)
class JobBundle(Bundle):
    """The evidence of one finished job."""

    order: Signed[Order]
    receipts: tuple[Signed[JobReceipt], ...]
    card: Mapping[str, Json]

    @property
    def job(self) -> str:
        """The order's digest in hex: what the evidence is about."""
        return self.order.body.digest.hex()

    def scope(self) -> dict[str, Json]:
        """Return the header's scope."""
        return {"job": self.job}

    def _ordered(self) -> list[list[Json]]:
        return [["order", self.order.to_json()]]

    def _signed(self) -> list[list[Json]]:
        receipts = sorted(self.receipts, key=lambda receipt: receipt.body.node)
        rows: list[list[Json]] = [["receipt", receipt.to_json()] for receipt in receipts]
        return [*rows, ["card", self.card]]


@dataclass(frozen=True, kw_only=True)
class EventBundle(Bundle):
    """The evidence that one event stands in the log.

    Raises:
        WireInvalid: there is another number of events than one.
    """

    def __post_init__(self) -> None:
        if len(self.entries) != 1:
            raise WireInvalid("wire_field_invalid", field="entry")

    @property
    def event(self) -> Event:
        """The one event."""
        return self.events[0]

    def scope(self) -> dict[str, Json]:
        """Return the header's scope."""
        return {"event": tree_hash(self.event, self.suite).hex()}


@dataclass(frozen=True, kw_only=True)
class PeriodBundle(Bundle):
    """The evidence of what is dated in [`since`, `until`), Unix seconds.

    Raises:
        WireInvalid: that is no time, or there is no event.
    """

    since: int
    until: int

    def __post_init__(self) -> None:
        if not 0 <= self.since < self.until or not self.entries:
            raise WireInvalid("wire_field_invalid", field="scope")

    def scope(self) -> dict[str, Json]:
        """Return the header's scope."""
        return {"from": self.since, "to": self.until}


def _parse(rows: _Rows) -> Bundle:
    """Read the rows by tag; that order, number and header are right shows when they are written again."""
    anchors, head = rows.get("anchor"), _header(rows)
    common: dict[str, Any] = {
        "suite": _suite(head),
        "checkpoint": SignedCheckpoint.parse(text({"checkpoint": _one(rows, "checkpoint")}, "checkpoint")),
        "entries": dict(_entry(row) for row in rows.get("entry", ())),
        "proof": _hashes(_one(rows, "proof")),
        "anchor": AnchorRecord.from_json(mapping(_one(rows, "anchor"))) if anchors else None,
    }
    scope = mapping(head.get("scope"))
    if "event" in scope:
        return EventBundle(**common)
    if "from" in scope:
        since, until = integer(scope, "from", at_least=0), integer(scope, "to", at_least=0)
        return PeriodBundle(**common, since=since, until=until)
    return JobBundle(
        **common,
        order=Signed.parse(_one(rows, "order"), Order),
        receipts=tuple(Signed.parse(_cell(row), JobReceipt) for row in rows.get("receipt", ())),
        card=mapping(_one(rows, "card")),
    )


def _header(rows: _Rows) -> Mapping[str, Json]:
    head = rows.get("xinqiao-bundle", ())
    if len(head) != 1 or len(head[0]) != 2:
        raise WireInvalid("bundle_not_canonical")
    return mapping(head[0][1])


def _suite(head: Mapping[str, Json]) -> Suite:
    suite = SUITES.get(text(head, "suite"))
    if suite is None:
        raise WireInvalid("wire_field_invalid", field="suite")
    return suite


def export(
    log: Log,
    *,
    checkpoint: str,
    order: Signed[Order],
    receipts: Sequence[Signed[JobReceipt]],
    card: Mapping[str, Json],
    anchor: AnchorRecord | None = None,
) -> bytes:
    """Return the bundle of one finished job: every event that names it, and each signer's journal meanwhile.

    `checkpoint` is a note of `log`, with its cosignatures, that covers the job to its publication.

    Raises:
        ProofError: an event lies past the checkpoint.
        WireInvalid: the note is malformed, or a piece is not of its form.
    """
    entries = job_entries(log, order.body.digest.hex(), [receipt.body for receipt in receipts])
    proven = _proven(log, checkpoint, entries, anchor)
    return JobBundle(**proven, order=order, receipts=tuple(receipts), card=card).encode()


def export_event(log: Log, index: int, *, checkpoint: str, anchor: AnchorRecord | None = None) -> bytes:
    """Return the bundle of the entry at `index`; see `export`."""
    entries = _decoded(dict(enumerate(log.entries(index, index + 1), start=index)))
    return EventBundle(**_proven(log, checkpoint, entries, anchor)).encode()


def export_period(
    log: Log,
    since: int,
    until: int,
    *,
    operator: str,
    checkpoint: str,
    anchor: AnchorRecord | None = None,
) -> bytes:
    """Return the bundle of what is dated in [`since`, `until`), and of the operator's events that bound it.

    `operator` is the fingerprint (hex) whose events are the marks; see `period` and `export`.
    """
    size = SignedCheckpoint.parse(checkpoint).checkpoint.size
    start = log.last_before(operator, since - SKEW_S, size)
    end = log.first_from(operator, until + LATE_S, size)
    first, last = start or 0, size if end is None else end + 1
    entries = _decoded(dict(enumerate(log.entries(first, last), start=first)))
    proven = _proven(log, checkpoint, entries, anchor)
    return PeriodBundle(**proven, since=since, until=until).encode()


def job_entries(log: Log, job: str, receipts: Sequence[JobReceipt]) -> dict[int, Event]:
    """Events of the job, and what its signers did in between: a journal shows gaps only when it is whole."""
    entries = _decoded(log.entries_of_job(job))
    for receipt in receipts:
        node = receipt.node.hex()
        first = min((event.seq for event in entries.values() if event.node == node), default=1)
        entries |= _decoded(log.entries_of_node(node, first, receipt.journal_seq))
    return entries


def card_digest(card: Mapping[str, Json]) -> str:
    """Name a model card in hex: the publish event carries it, so that the card cannot change unseen."""
    return digest("card", dumps(card)).hex()


def _proven(
    log: Log, checkpoint: str, entries: dict[int, Event], anchor: AnchorRecord | None
) -> dict[str, Any]:
    """Return what every bundle holds of these entries: the note, and the proof that they stand under it."""
    signed = SignedCheckpoint.parse(checkpoint)
    size = signed.checkpoint.size
    if max(entries, default=-1) >= size:
        raise ProofError("bundle_past_checkpoint", size=size)
    proof = tuple(log.prove_subset(sorted(entries), size))
    pieces: dict[str, Any] = {"checkpoint": signed, "entries": entries, "proof": proof, "anchor": anchor}
    return {**pieces, "suite": log.suite}


def _decoded(leaves: Mapping[int, bytes]) -> dict[int, Event]:
    return {index: Event.decode(leaf) for index, leaf in leaves.items()}


def _end_line(body: bytes) -> bytes:
    return dumps(["end", sha256(body).hexdigest()]) + b"\n"


def _read_rows(body: bytes) -> _Rows:
    rows: defaultdict[str, list[Sequence[Json]]] = defaultdict(list)
    for line in body.split(b"\n")[:-1]:
        row = _load(line)
        if not isinstance(row, list) or not row or not isinstance(row[0], str):
            raise WireInvalid("bundle_not_canonical")
        rows[row[0]].append(row[1:])
    return rows


def _load(line: bytes) -> Json:
    try:
        return loads(line)
    except RecursionError as error:  # nested deeper than the writer of canonical JSON goes
        raise WireInvalid("wire_not_canonical") from error


def _one(rows: _Rows, tag: str) -> Json:
    """Return the one cell of the one row with this tag."""
    found = rows.get(tag, ())
    if len(found) != 1:
        raise WireInvalid("wire_field_invalid", field=tag)
    return _cell(found[0])


def _cell(row: Sequence[Json]) -> Json:
    if len(row) != 1:
        raise WireInvalid("bundle_not_canonical")
    return row[0]


def _entry(row: Sequence[Json]) -> tuple[int, Event]:
    if len(row) != 2:
        raise WireInvalid("bundle_not_canonical")
    return integer({"entry": row[0]}, "entry", at_least=0), Event.from_json(row[1])


def _hashes(value: Json) -> tuple[bytes, ...]:
    hashes = texts({"proof": value}, "proof")
    return tuple(hex_bytes({"proof": item}, "proof", length=HASH_BYTES) for item in hashes)
