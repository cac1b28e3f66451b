"""Wire types: everything that the centre and a department ever say to each other.

A frame is one line of canonical JSON, a line feed, and a payload (empty but for a masked vector, whose
words follow as little-endian uint32). *Asks* go to a department, *answers* leave it; `clients` hands
answers to the door, and nothing else. An answer travels under its department's signature, bound to the very
ask (`SealedFrame`). No type here carries rows, free text, or a value of a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, TypeAlias

from xinqiao_governance.canonical import Json, digest, dumps, loads, rewrite
from xinqiao_governance.catalogue import published_from_json
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.order import Order
from xinqiao_governance.parse import (
    code,
    fields_of,
    hex_bytes,
    integer,
    integers,
    note_key,
    objects,
    text,
    texts,
    versioned_fields,
)
from xinqiao_governance.signed import Signable, Signed

WORD_BYTES = 4
NONCE_BYTES = 16
KEY_BYTES = 32
SIGNATURE_BYTES = 64
HASH_BYTES = 32
RECONCILED_AT_ONCE = 5_000
"""Events that one `Reconciliation` speaks of at most."""


# ---- what is signed ------------------------------------------------------------------------------


@dataclass(frozen=True)
class JobKey(Signable):
    """A department's X25519 public key for one job, signed by its identity."""

    DOMAIN: ClassVar[str] = "job-key"
    order: bytes
    node: bytes
    x25519: bytes

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"order": self.order.hex(), "node": self.node.hex(), "x25519": self.x25519.hex()}

    @classmethod
    def from_json(cls, value: Json) -> "JobKey":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "order", "node", "x25519")
        return cls(*(hex_bytes(body, name, length=32) for name in ("order", "node", "x25519")))


@dataclass(frozen=True)
class StepStatement(Signable):
    """Everything the members of one step must agree on. Masks are derived from its digest.

    Attributes:
        order: the order's digest.
        step: from 1; a number that a node has burned never opens again.
        roster: the members' signed job keys, ascending by node.
        parameters: digest of the parameters that the step starts from.
        scale, variance: of the sum, as in the order (integer units, squared integer units).
        share_variance: each member's part of the noise, in squared integer units.
        sampling_micro: the chance with which each member draws each of its people, as in the order.
    """

    DOMAIN: ClassVar[str] = "step-statement"
    order: bytes
    step: int
    roster: tuple[Signed[JobKey], ...]
    parameters: bytes
    scale: int
    variance: int
    share_variance: int
    sampling_micro: int

    @property
    def nodes(self) -> tuple[bytes, ...]:
        """Fingerprints of the members, in the roster's order."""
        return tuple(entry.body.node for entry in self.roster)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "v": 2,
            "order": self.order.hex(),
            "step": self.step,
            "roster": [entry.to_json() for entry in self.roster],
            "parameters": self.parameters.hex(),
            "scale": self.scale,
            "variance": self.variance,
            "share_variance": self.share_variance,
            "sampling_micro": self.sampling_micro,
        }

    @classmethod
    def from_json(cls, value: Json) -> "StepStatement":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = versioned_fields(value, 2, *_STATEMENT_FIELDS)
        return cls(
            order=hex_bytes(body, "order", length=32),
            step=integer(body, "step", at_least=1),
            roster=tuple(_member(rewrite(item)) for item in objects(body, "roster")),
            parameters=hex_bytes(body, "parameters", length=32),
            scale=integer(body, "scale", at_least=1),
            variance=integer(body, "variance", at_least=1),
            share_variance=integer(body, "share_variance", at_least=1),
            sampling_micro=integer(body, "sampling_micro", at_least=1),
        )


@lru_cache(maxsize=4_096)  # every step of a job names the same members
def _member(signed_key: bytes) -> Signed[JobKey]:
    return Signed.parse(loads(signed_key), JobKey)


@dataclass(frozen=True)
class JobReceipt(Signable):
    """A department's word on a finished job: model, card, and its own journal from the job's first event on.

    `journal_first` is the sequence number of the first event that names the job, `journal_seq` and
    `journal_head` number and hash of its last: between them nothing can be left out.
    """

    DOMAIN: ClassVar[str] = "job-receipt"
    node: bytes
    job: bytes
    journal_first: int
    journal_seq: int
    journal_head: bytes
    model_digest: bytes
    card_digest: bytes

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "node": self.node.hex(),
            "job": self.job.hex(),
            "journal_first": self.journal_first,
            "journal_seq": self.journal_seq,
            "journal_head": self.journal_head.hex(),
            "model_digest": self.model_digest.hex(),
            "card_digest": self.card_digest.hex(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "JobReceipt":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, *_RECEIPT_FIELDS)
        return cls(
            node=hex_bytes(body, "node", length=32),
            job=hex_bytes(body, "job", length=32),
            journal_first=integer(body, "journal_first", at_least=1),
            journal_seq=integer(body, "journal_seq", at_least=1),
            journal_head=hex_bytes(body, "journal_head", length=32),
            model_digest=hex_bytes(body, "model_digest", length=32),
            card_digest=hex_bytes(body, "card_digest", length=32),
        )


_STATEMENT_FIELDS = (
    "v",
    "order",
    "step",
    "roster",
    "parameters",
    "scale",
    "variance",
    "share_variance",
    "sampling_micro",
)


_RECEIPT_FIELDS = (
    "node",
    "job",
    "journal_first",
    "journal_seq",
    "journal_head",
    "model_digest",
    "card_digest",
)


@dataclass(frozen=True)
class Closing(Signable):
    """The operator's word that a job is over: with a model and its card, or with a reason why there is none.

    `failed` is a reason code, empty for a good end; a failed job has zeros for model and card.
    """

    DOMAIN: ClassVar[str] = "closing"
    order: bytes
    model_digest: bytes
    card_digest: bytes
    failed: str

    def __post_init__(self) -> None:
        if self.failed and (any(self.model_digest) or any(self.card_digest)):
            raise WireInvalid("wire_field_invalid", field="failed")

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "order": self.order.hex(),
            "model_digest": self.model_digest.hex(),
            "card_digest": self.card_digest.hex(),
            "failed": self.failed,
        }

    @classmethod
    def from_json(cls, value: Json) -> "Closing":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "order", "model_digest", "card_digest", "failed")
        return cls(
            order=hex_bytes(body, "order", length=32),
            model_digest=hex_bytes(body, "model_digest", length=32),
            card_digest=hex_bytes(body, "card_digest", length=32),
            failed="" if body["failed"] == "" else code(body, "failed"),
        )


@dataclass(frozen=True)
class Reconciliation(Signable):
    """The operator's word to one department on where its events stand in the log.

    Attributes:
        node: the department.
        checkpoint: a note that the log signed after the department introduced itself.
        known_size, seen_size, after_seq: what the introduction said: the largest log it knows of, the newest
            checkpoint it saw, and the last of its events that it has found in the log.
        consistency: proof that the checkpoint extends the one that it saw.
        indices: of its next events in the log, `RECONCILED_AT_ONCE` of them or all that there are.
        proof: one proof that they stand there.
    """

    DOMAIN: ClassVar[str] = "reconciliation"
    node: bytes
    checkpoint: str
    known_size: int
    seen_size: int
    after_seq: int
    consistency: tuple[bytes, ...]
    indices: tuple[int, ...]
    proof: tuple[bytes, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "v": 1,
            "node": self.node.hex(),
            "checkpoint": self.checkpoint,
            "known_size": self.known_size,
            "seen_size": self.seen_size,
            "after_seq": self.after_seq,
            "consistency": [item.hex() for item in self.consistency],
            "indices": list(self.indices),
            "proof": [item.hex() for item in self.proof],
        }

    @classmethod
    def from_json(cls, value: Json) -> "Reconciliation":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = versioned_fields(value, 1, *_RECONCILIATION_FIELDS)
        indices = integers(body, "indices")
        if len(indices) > RECONCILED_AT_ONCE:
            raise WireInvalid("wire_field_invalid", field="indices")
        return cls(
            node=hex_bytes(body, "node", length=32),
            checkpoint=text(body, "checkpoint"),
            known_size=integer(body, "known_size", at_least=0),
            seen_size=integer(body, "seen_size", at_least=0),
            after_seq=integer(body, "after_seq", at_least=0),
            consistency=_hashes(body, "consistency"),
            indices=indices,
            proof=_hashes(body, "proof"),
        )


_RECONCILIATION_FIELDS = (
    "v",
    "node",
    "checkpoint",
    "known_size",
    "seen_size",
    "after_seq",
    "consistency",
    "indices",
    "proof",
)


@dataclass(frozen=True)
class JournalRequest(Signable):
    """The operator's request for a department's journal after an event: to fill a restored log again."""

    DOMAIN: ClassVar[str] = "journal-request"
    node: bytes
    after_seq: int

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"v": 1, "node": self.node.hex(), "after_seq": self.after_seq}

    @classmethod
    def from_json(cls, value: Json) -> "JournalRequest":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = versioned_fields(value, 1, "v", "node", "after_seq")
        return cls(hex_bytes(body, "node", length=32), integer(body, "after_seq", at_least=0))


# ---- asks: centre → department -------------------------------------------------------------------


@dataclass(frozen=True)
class Hello:
    """Who is there? The answer is an `Introduction`; 16 random bytes make each hello unlike any before."""

    KIND: ClassVar[str] = "hello"
    nonce: bytes

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"nonce": self.nonce.hex()}

    @classmethod
    def from_json(cls, value: Json) -> "Hello":
        """Parse the canonical form; WireInvalid where it is not one."""
        return cls(hex_bytes(fields_of(value, "nonce"), "nonce", length=NONCE_BYTES))


@dataclass(frozen=True)
class Proposal:
    """Will you take part in this order? The answer is a `Verdict`."""

    KIND: ClassVar[str] = "proposal"
    order: Signed[Order]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"order": self.order.to_json()}

    @classmethod
    def from_json(cls, value: Json) -> "Proposal":
        """Parse the canonical form; WireInvalid where it is not one."""
        return cls(Signed.parse(fields_of(value, "order")["order"], Order))


@dataclass(frozen=True)
class StepAsk:
    """Answer this step. The parameters travel beside it as one flat array; the answer is a `MaskedVector`."""

    KIND: ClassVar[str] = "step"
    statement: Signed[StepStatement]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"statement": self.statement.to_json()}

    @classmethod
    def from_json(cls, value: Json) -> "StepAsk":
        """Parse the canonical form; WireInvalid where it is not one."""
        return cls(Signed.parse(fields_of(value, "statement")["statement"], StepStatement))


@dataclass(frozen=True)
class ClosingAsk:
    """Close this job and sign a `JobReceipt`."""

    KIND: ClassVar[str] = "closing"
    closing: Signed[Closing]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"closing": self.closing.to_json()}

    @classmethod
    def from_json(cls, value: Json) -> "ClosingAsk":
        """Parse the canonical form; WireInvalid where it is not one."""
        return cls(Signed.parse(fields_of(value, "closing")["closing"], Closing))


@dataclass(frozen=True)
class CosignAsk:
    """Witness this checkpoint: the hashes prove that it extends the one of `old_size` leaves."""

    KIND: ClassVar[str] = "cosign"
    checkpoint: str
    old_size: int
    consistency: tuple[bytes, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "checkpoint": self.checkpoint,
            "old_size": self.old_size,
            "consistency": [node.hex() for node in self.consistency],
        }

    @classmethod
    def from_json(cls, value: Json) -> "CosignAsk":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "checkpoint", "old_size", "consistency")
        old_size = integer(body, "old_size", at_least=0)
        return cls(text(body, "checkpoint"), old_size, _hashes(body, "consistency"))


@dataclass(frozen=True)
class ReconcileAsk:
    """Compare your journal and receipts with the log; the answer is a `Reconciled`."""

    KIND: ClassVar[str] = "reconcile"
    reconciliation: Signed[Reconciliation]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"reconciliation": self.reconciliation.to_json()}

    @classmethod
    def from_json(cls, value: Json) -> "ReconcileAsk":
        """Parse the canonical form; WireInvalid where it is not one."""
        return cls(Signed.parse(fields_of(value, "reconciliation")["reconciliation"], Reconciliation))


@dataclass(frozen=True)
class JournalAsk:
    """Give your journal again; the answer is a `JournalPart`."""

    KIND: ClassVar[str] = "journal"
    request: Signed[JournalRequest]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"request": self.request.to_json()}

    @classmethod
    def from_json(cls, value: Json) -> "JournalAsk":
        """Parse the canonical form; WireInvalid where it is not one."""
        return cls(Signed.parse(fields_of(value, "request")["request"], JournalRequest))


# ---- answers: department → centre (only the door lets them out) ------------------------------------


@dataclass(frozen=True)
class Introduction:
    """Who a department is, and what it knows of the log. Its name is the key that the answer is signed with.

    Attributes:
        catalogue: semantics, types, tiers and public bins.
        witness_size: of the checkpoint that it last witnessed.
        seen_size: of the newest checkpoint whose note it kept.
        receipted_size: that the log must have by its receipts: one past the highest index in them.
        reconciled_seq: the last of its events that it has found in the log.
    """

    KIND: ClassVar[str] = "introduction"
    catalogue: Mapping[str, Json]
    witness_size: int
    seen_size: int
    receipted_size: int
    reconciled_seq: int

    @property
    def known_size(self) -> int:
        """The size of the largest log that it knows of."""
        return max(self.witness_size, self.seen_size, self.receipted_size)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        sizes: dict[str, Json] = {name: getattr(self, name) for name in _INTRODUCTION_SIZES}
        return {"v": 2, "catalogue": self.catalogue, **sizes}

    @classmethod
    def from_json(cls, value: Json) -> "Introduction":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = versioned_fields(value, 2, "v", "catalogue", *_INTRODUCTION_SIZES)
        sizes = [integer(body, name, at_least=0) for name in _INTRODUCTION_SIZES]
        return cls(published_from_json(body["catalogue"]), *sizes)


_INTRODUCTION_SIZES = ("witness_size", "seen_size", "receipted_size", "reconciled_seq")


@dataclass(frozen=True)
class Verdict:
    """A gate's final decision on an order; with a job key if it was allowed."""

    KIND: ClassVar[str] = "verdict"
    order: bytes
    reason: str
    job_key: Signed[JobKey] | None

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        key = None if self.job_key is None else self.job_key.to_json()
        return {"order": self.order.hex(), "reason": self.reason, "job_key": key}

    @classmethod
    def from_json(cls, value: Json) -> "Verdict":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "order", "reason", "job_key")
        key = None if body["job_key"] is None else Signed.parse(body["job_key"], JobKey)
        return cls(hex_bytes(body, "order", length=32), code(body, "reason"), key)


@dataclass(frozen=True)
class MaskedVector:
    """A department's one message of a step: `words` is the masked, noised integer vector."""

    KIND: ClassVar[str] = "masked_vector"
    statement: bytes
    words: bytes

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form; the words travel as the frame's payload."""
        return {"statement": self.statement.hex()}

    @classmethod
    def from_json(cls, value: Json, payload: bytes = b"") -> "MaskedVector":
        """Parse the canonical form; WireInvalid where it is not one."""
        if not payload or len(payload) % WORD_BYTES:
            raise WireInvalid("wire_field_invalid", field="payload")
        return cls(hex_bytes(fields_of(value, "statement"), "statement", length=32), payload)


@dataclass(frozen=True)
class Refusal:
    """No, with one reason code and nothing else: what a department says to an ask it does not answer."""

    KIND: ClassVar[str] = "refusal"
    reason: str

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"reason": self.reason}

    @classmethod
    def from_json(cls, value: Json) -> "Refusal":
        """Parse the canonical form; WireInvalid where it is not one."""
        return cls(code(fields_of(value, "reason"), "reason"))


@dataclass(frozen=True)
class ReceiptAnswer:
    """A signed job receipt."""

    KIND: ClassVar[str] = "job_receipt"
    receipt: Signed[JobReceipt]

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"receipt": self.receipt.to_json()}

    @classmethod
    def from_json(cls, value: Json) -> "ReceiptAnswer":
        """Parse the canonical form; WireInvalid where it is not one."""
        return cls(Signed.parse(fields_of(value, "receipt")["receipt"], JobReceipt))


@dataclass(frozen=True)
class Cosignature:
    """A witness's signature line on a checkpoint, and the key it made it with: 32 bytes, or 64 under SM2."""

    KIND: ClassVar[str] = "cosignature"
    line: str
    key: bytes

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"line": self.line, "key": self.key.hex()}

    @classmethod
    def from_json(cls, value: Json) -> "Cosignature":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "line", "key")
        return cls(text(body, "line"), note_key(body, "key"))


@dataclass(frozen=True)
class Reconciled:
    """A department found its events up to `seq` where the log's receipts put them."""

    KIND: ClassVar[str] = "reconciled"
    seq: int

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"seq": self.seq}

    @classmethod
    def from_json(cls, value: Json) -> "Reconciled":
        """Parse the canonical form; WireInvalid where it is not one."""
        return cls(integer(fields_of(value, "seq"), "seq", at_least=0))


@dataclass(frozen=True)
class JournalPart:
    """A part of a department's journal. The events after `after_seq` ride in the frame, as events always do.

    `last_seq` is the journal's end. `receipts` are the log's own on these events (canonical JSON) and
    `checkpoint` is the newest note of the log that the department keeps, empty where it keeps none.
    """

    KIND: ClassVar[str] = "journal_part"
    after_seq: int
    last_seq: int
    receipts: tuple[Mapping[str, Json], ...]
    checkpoint: str

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "after_seq": self.after_seq,
            "last_seq": self.last_seq,
            "receipts": list(self.receipts),
            "checkpoint": self.checkpoint,
        }

    @classmethod
    def from_json(cls, value: Json) -> "JournalPart":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "after_seq", "last_seq", "receipts", "checkpoint")
        ends = [integer(body, name, at_least=0) for name in ("after_seq", "last_seq")]
        return cls(ends[0], ends[1], tuple(objects(body, "receipts")), text(body, "checkpoint"))


Ask: TypeAlias = Hello | Proposal | StepAsk | ClosingAsk | CosignAsk | ReconcileAsk | JournalAsk
Answer: TypeAlias = (
    Introduction | Verdict | MaskedVector | Refusal | ReceiptAnswer | Cosignature | Reconciled | JournalPart
)

_RECEIPTS = b',"receipts":'  # in no string, where quotes are escaped
_ASKS = {
    kind.KIND: kind for kind in (Hello, Proposal, StepAsk, ClosingAsk, CosignAsk, ReconcileAsk, JournalAsk)
}
_ANSWERS = {
    kind.KIND: kind
    for kind in (Introduction, Verdict, Refusal, ReceiptAnswer, Cosignature, Reconciled, JournalPart)
}


# ---- frames ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskFrame:
    """An ask with the log receipts (canonical JSON) that are due to the department."""

    ask: Ask
    receipts: tuple[Mapping[str, Json], ...] = ()

    def encode(self) -> bytes:
        """Return the frame's bytes; WireInvalid for receipts in which `decode` would not find their start."""
        owed = dumps(list(self.receipts))
        if _RECEIPTS in owed:
            raise WireInvalid("wire_not_canonical")
        return _ask_and_body(self.ask) + _RECEIPTS + owed + b"}\n"

    @classmethod
    def decode(cls, data: bytes) -> "AskFrame":
        """Parse a frame; WireInvalid where it is not one."""
        ask, _, receipts = data.rpartition(_RECEIPTS)
        if not receipts.endswith(b"}\n"):
            raise WireInvalid("wire_not_canonical")
        owed = objects({"receipts": loads(receipts[:-2])}, "receipts")
        return cls(_read_ask(ask + b"}"), tuple(owed))


@dataclass(frozen=True)
class AnswerFrame:
    """An answer with the journal events (canonical JSON) that the department adds to the log.

    It leaves as the last part of a `SealedFrame`.
    """

    answer: Answer
    events: tuple[Mapping[str, Json], ...] = ()

    def encode(self) -> bytes:
        """Return the frame's bytes."""
        payload = self.answer.words if isinstance(self.answer, MaskedVector) else b""
        head: dict[str, Json] = {
            "answer": self.answer.KIND,
            "body": self.answer.to_json(),
            "events": list(self.events),
        }
        return _frame(head, payload)

    @classmethod
    def decode(cls, data: bytes) -> "AnswerFrame":
        """Parse a frame; WireInvalid where it is not one."""
        head, payload = _unframe(data)
        outer = fields_of(head, "answer", "body", "events")
        return cls(_answer(text(outer, "answer"), outer["body"], payload), tuple(objects(outer, "events")))


@dataclass(frozen=True)
class Exchange(Signable):
    """An ask and the frame that answers it, each by the digest of its bytes: what a department signs.

    It never travels. Who asked makes it again of the bytes it sent and the bytes it got, so an answer to
    another ask, or one with a byte changed, is not signed.
    """

    DOMAIN: ClassVar[str] = "exchange"
    ask: bytes
    frame: bytes

    @classmethod
    def of(cls, ask: bytes, frame: bytes) -> "Exchange":
        """Return the exchange of the bytes of an ask, whether they parse or not, and of an answer's frame."""
        return cls(digest("ask-frame", ask), digest("answer-frame", frame))

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"ask": self.ask.hex(), "frame": self.frame.hex()}

    @classmethod
    def from_json(cls, value: Json) -> "Exchange":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "ask", "frame")
        return cls(hex_bytes(body, "ask", length=32), hex_bytes(body, "frame", length=32))


@dataclass(frozen=True)
class SealedFrame:
    """An answer as it leaves the department: Ed25519 key, signature of the `Exchange`, the frame's bytes."""

    key: bytes
    signature: bytes
    frame: bytes

    def encode(self) -> bytes:
        """Return the bytes that travel."""
        return self.key + self.signature + self.frame

    @classmethod
    def decode(cls, data: bytes) -> "SealedFrame":
        """Split the bytes; WireInvalid where there is no frame. Nothing is checked or parsed by this."""
        seal = KEY_BYTES + SIGNATURE_BYTES
        if len(data) <= seal:
            raise WireInvalid("wire_not_canonical")
        return cls(data[:KEY_BYTES], data[KEY_BYTES:seal], data[seal:])

    def exchange(self, ask: bytes) -> Signed[Exchange]:
        """Return what must have been signed if this answers the bytes of `ask`; not yet checked."""
        return Signed(Exchange.of(ask, self.frame), self.key, self.signature)


def _answer(kind: str, body: Json, payload: bytes) -> Answer:
    if kind == MaskedVector.KIND:
        return MaskedVector.from_json(body, payload)
    if kind not in _ANSWERS or payload:
        raise WireInvalid("wire_field_invalid", field="answer")
    return _ANSWERS[kind].from_json(body)


@lru_cache(maxsize=2)  # one ask goes to every department, only receipts differ
def _ask_and_body(ask: Ask) -> bytes:
    return dumps({"ask": ask.KIND, "body": ask.to_json()})[:-1]


@lru_cache(maxsize=2)  # and where departments share a process, one reading does for all
def _read_ask(data: bytes) -> Ask:
    outer = fields_of(loads(data), "ask", "body")
    kind = _ASKS.get(text(outer, "ask"))
    if kind is None:
        raise WireInvalid("wire_field_invalid", field="ask")
    return kind.from_json(outer["body"])


def _hashes(body: Mapping[str, Json], name: str) -> tuple[bytes, ...]:
    return tuple(hex_bytes({name: item}, name, length=HASH_BYTES) for item in texts(body, name))


def _frame(head: Mapping[str, Json], payload: bytes = b"") -> bytes:
    return dumps(head) + b"\n" + payload


def _unframe(data: bytes) -> tuple[Json, bytes]:
    head, newline, payload = data.partition(b"\n")
    if not newline:
        raise WireInvalid("wire_not_canonical")
    return loads(head), payload
