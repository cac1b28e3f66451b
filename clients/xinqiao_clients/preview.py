"""What an order asks and what it would cost, before it is approved or answered.

The gate itself decides, on what stands now. No row is read, nothing is charged, and nothing is recorded.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from xinqiao_clients.gate import judge
from xinqiao_clients.home import Home
from xinqiao_clients.standing import standing_of
from xinqiao_governance.budget import Account, delta, epsilon
from xinqiao_governance.canonical import Json
from xinqiao_governance.messages import Language, say, say_reason
from xinqiao_governance.model_spec import MICRO, ClassLabel, ModelSpec, NumberLabel, ThresholdLabel
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed

_GATE_STEPS = 5
_BUDGET_STEP = 6
_POLICY_STEP = 5  # a reason that no other step gives is a policy's own
_STEP_OF = {
    "order": 1,
    "members": 2,
    "plan": 3,
    "noise": 3,
    "catalogue": 4,
    "column": 4,
    "semantic": 4,
    "bins": 4,
    "label": 4,
    "contract": 4,
}
"""By the first word of the gate's reason code."""

State = Literal["passed", "refused", "unreached"]


@dataclass(frozen=True)
class Cost:
    """What an order would be charged to a department; `account` is None where it has no budget at all.

    `charged`: it was charged already, and asking again costs nothing.
    """

    spend: Spend
    account: Account | None
    charged: bool

    @property
    def covered(self) -> bool:
        """Say whether the budget lets the order pass."""
        return self.charged or (self.account is not None and self.account.covers(self.spend))

    def line(self, language: Language) -> str:
        """Return a line for a person."""
        if self.account is None:
            return say("cost_no_budget", language, epsilon=epsilon(self.spend))
        code = "cost_charged" if self.charged else "cost_covered" if self.covered else "cost_exceeded"
        return say(
            code,
            language,
            epsilon=epsilon(self.spend),
            delta=delta(self.spend),
            left=epsilon(self.account.left),
            delta_left=delta(self.account.left),
            period=self.account.period,
        )

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {
            "spend": self.spend.to_json(),
            "remaining": None if self.account is None else self.account.left.to_json(),
            "period": None if self.account is None else self.account.period,
            "charged": self.charged,
            "covered": self.covered,
        }


@dataclass(frozen=True)
class Preview:
    """An order as the department would decide on it now; `reason` is the gate's, "allowed" or why not.

    The steward may read more in it than the centre is told: that a column waits to be confirmed.
    """

    order: Order
    reason: str
    cost: Cost

    @property
    def verdict(self) -> str:
        """The reason code, of the gate or of the budget, that decides now."""
        return self.reason if self.reason != "allowed" or self.cost.covered else "budget_exceeded"

    def states(self) -> dict[int, State]:
        """Return how each numbered step ends; those behind a refusal are not reached, the budget is shown."""
        stop = _step_of(self.reason)
        gate: dict[int, State] = {
            number: "passed" if number < stop else "refused" if number == stop else "unreached"
            for number in range(1, _GATE_STEPS + 1)
        }
        return {**gate, _BUDGET_STEP: "passed" if self.cost.covered else "refused"}

    def lines(self, language: Language) -> list[str]:
        """Return lines for a person."""
        order = self.order
        return [
            say("preview_order", language, order=order.digest.hex()[:16], purpose=order.purpose),
            say(
                "preview_asks",
                language,
                answers=order.answers,
                departments=len(order.departments),
                people=order.people,
                semantics=", ".join(order.model.semantics),
            ),
            *_asked(order, language),
            *(self._step_line(number, state, language) for number, state in self.states().items()),
            self.cost.line(language),
            say("preview_verdict", language, verdict=say_reason(self.verdict, language)),
        ]

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {
            "order": self.order.digest.hex(),
            "purpose": self.order.purpose,
            "output": self.order.output.value,
            "legal_basis": self.order.legal_basis,
            "semantics": list(self.order.model.semantics),
            "departments": len(self.order.departments),
            "people": self.order.people,
            "answers": self.order.answers,
            "label": self.order.model.label.to_json(),
            "family": self.order.model.family.value,
            "crosses": len(self.order.model.crosses),
            "collusion": self.order.collusion,
            "sampling_micro": self.order.sampling_micro,
            "people_drawn": self.order.drawn,
            "expires": self.order.expires,
            "steps": {str(number): state for number, state in self.states().items()},
            "cost": self.cost.to_json(),
            "verdict": self.verdict,
        }

    def _step_line(self, number: int, state: State, language: Language) -> str:
        what, how = say(f"preview_step_{number}", language), say(f"preview_{state}", language)
        return say("preview_step", language, number=number, what=what, state=how)


def preview(home: Home, signed: Signed[Order]) -> Preview:
    """Return what the department would answer to a proposal of this order now.

    Raises:
        UsageInvalid: nothing was imported yet.
        StoreDamaged: book or store are damaged.
    """
    order = signed.body
    approved = home.approved(order.digest)
    reason = judge(signed, standing_of(home), approved=approved, now=home.book.time()).reason
    if reason != "order_unsigned":
        reason = _decided_before(home, order) or reason
    return Preview(order, reason, cost_of(home, order))


def cost_of(home: Home, order: Order) -> Cost:
    """Return what the order would be charged, and to what."""
    account = next((account for account in home.book.accounts() if account.open), None)
    return Cost(order.spend, account, home.book.charged(order.digest))


def _asked(order: Order, language: Language) -> list[str]:
    """Return lines on what is learned, who is in a step, against whom ε holds, and until when."""
    model = order.model
    full = order.sampling_micro == MICRO
    return [
        say(
            "preview_learns",
            language,
            label=_label(model, language),
            family=say(f"preview_family_{model.family}", language),
            crosses=say("preview_crosses", language, count=len(model.crosses)) if model.crosses else "",
        ),
        say("preview_everybody", language) if full else _drawn(order, language),
        say("preview_collusion", language, t=order.collusion),
        say("preview_expires", language, expires=_moment(order.expires)),
    ]


def _drawn(order: Order, language: Language) -> str:
    people = order.drawn or say("fewer_than_one", language)
    return say("preview_drawn", language, rate=_decimal(100 * order.sampling_micro), people=people)


def _label(model: ModelSpec, language: Language) -> str:
    match label := model.label:
        case ThresholdLabel():
            above = _decimal(label.above_micro)
            return say("preview_label_above", language, semantic=label.semantic, above=above)
        case ClassLabel():
            return say(
                "preview_label_class", language, semantic=label.semantic, values=", ".join(label.values)
            )
        case NumberLabel():
            low, high = _decimal(label.low_micro), _decimal(label.high_micro)
            code = "preview_label_spread" if model.cells else "preview_label_number"
            told = {"semantic": label.semantic, "low": low, "high": high}
            return say(code, language, **told, cells=model.cells)


def _decimal(micro: int) -> str:
    """Return millionths as an exact decimal."""
    return format(Decimal(micro).scaleb(-6).normalize(), "f")


def _moment(seconds: int) -> str:
    """Return a Unix time as date and time, UTC; one past all calendars as it stands."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def _decided_before(home: Home, order: Order) -> str | None:
    """Return what stands for an order that was admitted once; None for one that is decided anew."""
    job = home.book.job(order.digest)
    if job is None or job.state == "refused":
        return None
    return "allowed" if job.state == "open" and home.book.time() < order.expires else "job_over"


def _step_of(reason: str) -> int:
    """Return the step that gives a reason; none does for a job that is over, and all pass where all allow."""
    match reason:
        case "allowed":
            return _GATE_STEPS + 1
        case "job_over":
            return 0
        case _:
            return _STEP_OF.get(reason.partition("_")[0], _POLICY_STEP)
