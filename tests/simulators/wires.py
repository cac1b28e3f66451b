"""One honest value of every wire type, made of fixed bytes: what codec tests start from.

`seal` and `unseal` stand for a department that signs what it likes, and for whoever carries its bytes.
"""

from dataclasses import replace

from xinqiao_governance.model_spec import MICRO, CategoryFeature, ModelSpec, NumericFeature, ThresholdLabel
from xinqiao_governance.order import Department, Order, Output
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import (
    Answer,
    AnswerFrame,
    Ask,
    AskFrame,
    Closing,
    ClosingAsk,
    CosignAsk,
    Cosignature,
    Exchange,
    Hello,
    Introduction,
    JobKey,
    JobReceipt,
    JournalAsk,
    JournalPart,
    JournalRequest,
    MaskedVector,
    Proposal,
    ReceiptAnswer,
    ReconcileAsk,
    Reconciled,
    Reconciliation,
    Refusal,
    SealedFrame,
    StepAsk,
    StepStatement,
    Verdict,
)
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import SigningKey

A, B, C = bytes([1] * 32), bytes([2] * 32), bytes([3] * 32)
KEY, SIGNATURE = bytes([4] * 32), bytes([5] * 64)

ORDER = Order(
    purpose="career_development",
    output=Output.MASKED_SUM,
    legal_basis="staff_consent",
    model=ModelSpec(
        "m",
        (NumericFeature("age", (30 * MICRO, 45 * MICRO)), CategoryFeature("grade", ("甲", "乙"))),
        ThresholdLabel("pay", 100 * MICRO),
    ),
    departments=(Department(A, 100), Department(B, 200), Department(C, 300)),
    epsilon_micro=MICRO,
    delta_nano=10_000,
    collusion=1,
    homes=1,
    answers=4,
    clip_micro=MICRO,
    scale=300,
    variance=10_000,
    sampling_micro=MICRO,
    created=1_000,
    expires=2_000,
    nonce=bytes(16),
)
SIGNED_ORDER = Signed(ORDER, KEY, SIGNATURE)
JOB_KEY = Signed(JobKey(ORDER.digest, A, B), KEY, SIGNATURE)
STATEMENT = StepStatement(ORDER.digest, 1, (JOB_KEY,), C, 300, 10_000, 5_000, MICRO)
RECEIPT = JobReceipt(A, ORDER.digest, 2, 9, B, C, A)
RECONCILIATION = Reconciliation(A, "note\n", 9, 7, 2, (B,), (3, 8), (C, A))
COLUMN = {"semantic": "age", "kind": "number", "tier": "sensitive", "unit": "years", "bins": None}
CATALOGUE = {"v": 1, "columns": [COLUMN, {**COLUMN, "semantic": "pay", "bins": None}]}

ASKS: tuple[Ask, ...] = (
    Hello(bytes(16)),
    Proposal(SIGNED_ORDER),
    StepAsk(Signed(STATEMENT, KEY, SIGNATURE)),
    ClosingAsk(Signed(Closing(ORDER.digest, C, A, ""), KEY, SIGNATURE)),
    ClosingAsk(Signed(Closing(ORDER.digest, bytes(32), bytes(32), "too_few_members"), KEY, SIGNATURE)),
    CosignAsk("note\n", 3, (A, B)),
    ReconcileAsk(Signed(RECONCILIATION, KEY, SIGNATURE)),
    JournalAsk(Signed(JournalRequest(A, 3), KEY, SIGNATURE)),
)
ANSWERS: tuple[Answer, ...] = (
    Introduction(CATALOGUE, 7, 8, 9, 2),
    Verdict(ORDER.digest, "allowed", JOB_KEY),
    Verdict(ORDER.digest, "budget_exceeded", None),
    MaskedVector(C, bytes(range(32))),
    Refusal("step_burned"),
    ReceiptAnswer(Signed(RECEIPT, KEY, SIGNATURE)),
    Cosignature("— name AAAA\n", b"k" * 32),
    Reconciled(5),
    JournalPart(3, 9, (Signed(LogReceipt("log", ((4, C),)), KEY, SIGNATURE).to_json(),), ""),
)
ASK_FRAMES = tuple(AskFrame(ask, ({"owed": 1},)) for ask in ASKS)
ANSWER_FRAMES = tuple(AnswerFrame(answer, ({"event": 1},)) for answer in ANSWERS)


def order(**changes: object) -> Order:
    """The order with some fields changed."""
    return replace(ORDER, **changes)


def seal(identity: SigningKey, ask: bytes, frame: bytes) -> bytes:
    """The bytes of a frame, or of anything else, signed by `identity` as its answer to the bytes of `ask`."""
    signed = identity.seal(Exchange.of(ask, frame))
    return SealedFrame(signed.key, signed.signature, frame).encode()


def unseal(answer: bytes) -> AnswerFrame:
    """The frame in an answer, whoever signed it."""
    return AnswerFrame.decode(SealedFrame.decode(answer).frame)
