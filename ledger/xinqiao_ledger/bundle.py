"""The bundle: all evidence of one job in one canonical text file, without slack.

Each line is a canonical JSON array [tag, ...], in this order:

    ["xinqiao-bundle", 1, {"suite", "origin", "scope": {"job"}}]
    ["checkpoint", signed note with its cosignatures]
    ["order", signed order]
    ["entry", index, event]           ascending by index
    ["proof", [hash, ...]]            `tree.verify_subset`
    ["receipt", signed job receipt]   ascending by node
    ["card", model card]
    ["anchor", anchor record]         at most one
    ["end", SHA-256 over all bytes before this line]

The reader refuses every byte that the writer would not write. The suite is fixed, not chosen by the file.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

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
from xinqiao_ledger.tree import HASH_BYTES

SUITE = "sha256-ed25519"
_END_LINE_BYTES = len(dumps(["end", "0" * 64])) + 1

_Rows = Mapping[str, Sequence[Sequence[Json]]]


@dataclass(frozen=True)
class Bundle:
    """The evidence of one job, parsed and of the right form; nothing is proven yet."""

    checkpoint: SignedCheckpoint
    order: Signed[Order]
    entries: Mapping[int, Event]
    proof: tuple[bytes, ...]
    receipts: tuple[Signed[JobReceipt], ...]
    card: Mapping[str, Json]
    anchor: AnchorRecord | None

    @property
    def job(self) -> str:
        """The order's digest in hex: what the evidence is about."""
        return self.order.body.digest.hex()

    def encode(self) -> bytes:
        """Return the file's bytes."""
        data = b"".join(dumps(row) + b"\n" for row in self._rows())
        return data + _end_line(data)

    @classmethod
    def decode(cls, data: bytes) -> "Bundle":
        """Parse the file's bytes.

        Raises:
            WireInvalid: a byte was changed, or is one that the writer would not have written.
        """
        body, end = data[:-_END_LINE_BYTES], data[-_END_LINE_BYTES:]
        if end != _end_line(body):
            raise WireInvalid("bundle_changed")
        bundle = cls._parse(_read_rows(body))
        if bundle.encode() != data:
            raise WireInvalid("bundle_not_canonical")
        return bundle

    def _rows(self) -> list[list[Json]]:
        origin = self.checkpoint.checkpoint.origin
        receipts = sorted(self.receipts, key=lambda receipt: receipt.body.node)
        head: Json = {"suite": SUITE, "origin": origin, "scope": {"job": self.job}}
        rows: list[list[Json]] = [
            ["xinqiao-bundle", 1, head],
            ["checkpoint", str(self.checkpoint)],
            ["order", self.order.to_json()],
        ]
        rows += [["entry", index, self.entries[index].to_json()] for index in sorted(self.entries)]
        rows += [["proof", [node.hex() for node in self.proof]]]
        rows += [["receipt", receipt.to_json()] for receipt in receipts]
        rows += [["card", self.card]]
        rows += [] if self.anchor is None else [["anchor", self.anchor.to_json()]]
        return rows

    @classmethod
    def _parse(cls, rows: _Rows) -> "Bundle":
        """Read the rows by tag; that order, number and header are right shows when they are written again."""
        anchors = rows.get("anchor")
        return cls(
            checkpoint=SignedCheckpoint.parse(text({"checkpoint": _one(rows, "checkpoint")}, "checkpoint")),
            order=Signed.parse(_one(rows, "order"), Order),
            entries=dict(_entry(row) for row in rows.get("entry", ())),
            proof=_hashes(_one(rows, "proof")),
            receipts=tuple(Signed.parse(_cell(row), JobReceipt) for row in rows.get("receipt", ())),
            card=mapping(_one(rows, "card")),
            anchor=AnchorRecord.from_json(mapping(_one(rows, "anchor"))) if anchors else None,
        )


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
    signed = SignedCheckpoint.parse(checkpoint)
    entries = _select(log, order.body.digest.hex(), [receipt.body for receipt in receipts])
    if max(entries, default=-1) >= signed.checkpoint.size:
        raise ProofError("bundle_past_checkpoint", size=signed.checkpoint.size)
    proof = log.prove_subset(sorted(entries), signed.checkpoint.size)
    bundle = Bundle(signed, order, entries, tuple(proof), tuple(receipts), card, anchor)
    return bundle.encode()


def card_digest(card: Mapping[str, Json]) -> str:
    """Name a model card in hex: the publish event carries it, so that the card cannot change unseen."""
    return digest("card", dumps(card)).hex()


def _select(log: Log, job: str, receipts: Sequence[JobReceipt]) -> dict[int, Event]:
    """Events of the job, and what its signers did in between: a journal shows gaps only when it is whole."""
    entries = _decoded(log.entries_of_job(job))
    for receipt in receipts:
        node = receipt.node.hex()
        first = min((event.seq for event in entries.values() if event.node == node), default=1)
        entries |= _decoded(log.entries_of_node(node, first, receipt.journal_seq))
    return entries


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
