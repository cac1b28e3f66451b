"""The order: what a centre asks of departments, and everything a department needs to decide.

An order is signed by the operator and named by its digest. Head-counts in it are nominal: public staffing
figures, never an exact count. Privacy is a pair (ε, δ) in integer micro- and nano-units.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.model_spec import MICRO, ModelSpec
from xinqiao_governance.parse import fields_of, hex_bytes, integer, label, objects, text, versioned_fields
from xinqiao_governance.signed import Signable


class Output(StrEnum):
    """What a request wants to take away. Policy decides on each; only a masked sum has a wire type."""

    MASKED_SUM = "masked_sum"
    RELEASED_STATISTIC = "released_statistic"
    LOCAL_RESULT = "local_result"
    RAW_VIEW = "raw_view"
    RAW_EXPORT = "raw_export"


@dataclass(frozen=True)
class Spend:
    """A privacy cost or cap: ε in millionths, δ in billionths (basic composition adds both)."""

    epsilon_micro: int
    delta_nano: int

    def __post_init__(self) -> None:
        if self.epsilon_micro < 0 or self.delta_nano < 0:
            raise WireInvalid("order_privacy_invalid")

    def __add__(self, other: "Spend") -> "Spend":
        return Spend(self.epsilon_micro + other.epsilon_micro, self.delta_nano + other.delta_nano)

    def within(self, cap: "Spend") -> bool:
        """Say whether both parts stay inside `cap`."""
        return self.epsilon_micro <= cap.epsilon_micro and self.delta_nano <= cap.delta_nano

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"epsilon_micro": self.epsilon_micro, "delta_nano": self.delta_nano}


@dataclass(frozen=True)
class Department:
    """A department in an order: the fingerprint of its identity and its nominal head-count."""

    node: bytes
    people: int


@dataclass(frozen=True)
class Order(Signable):
    """One private job. `answers` is T: the steps that each node may answer; noise is calibrated for all T.

    `sampling_micro` is the sampling rate q, in millionths: in each step every department draws each of its
    people with this chance, by itself and telling nobody whom. At 1,000,000 everybody is in every step.
    """

    DOMAIN: ClassVar[str] = "order"

    purpose: str
    output: Output
    legal_basis: str
    model: ModelSpec
    departments: tuple[Department, ...]
    epsilon_micro: int
    delta_nano: int
    collusion: int
    homes: int
    answers: int
    clip_micro: int
    scale: int
    variance: int
    sampling_micro: int
    created: int
    expires: int
    nonce: bytes
    unit: Literal["person"] = "person"

    def __post_init__(self) -> None:
        if not 0 < self.epsilon_micro <= 1_000_000_000 or not 0 < self.delta_nano < 1_000_000_000:
            raise WireInvalid("order_privacy_invalid")
        require_sampling(self.sampling_micro, self.model)
        nodes = [department.node for department in self.departments]
        if not nodes or nodes != sorted(set(nodes)):
            raise WireInvalid("order_departments_invalid")
        if self.expires <= self.created:
            raise WireInvalid("order_expiry_invalid")

    @property
    def spend(self) -> Spend:
        """What the order costs each department that takes part."""
        return Spend(self.epsilon_micro, self.delta_nano)

    @property
    def people(self) -> int:
        """Nominal head-count over all departments."""
        return sum(department.people for department in self.departments)

    @property
    def drawn(self) -> int:
        """People whom one sum is expected to hold, rounded down: the sampling rate of `people`."""
        return self.people * self.sampling_micro // MICRO

    @property
    def nodes(self) -> tuple[bytes, ...]:
        """Fingerprints of the departments, ascending."""
        return tuple(department.node for department in self.departments)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "v": 2,
            "purpose": self.purpose,
            "output": self.output.value,
            "legal_basis": self.legal_basis,
            "model": self.model.to_json(),
            "departments": [{"node": d.node.hex(), "people": d.people} for d in self.departments],
            "epsilon_micro": self.epsilon_micro,
            "delta_nano": self.delta_nano,
            "collusion": self.collusion,
            "homes": self.homes,
            "answers": self.answers,
            "clip_micro": self.clip_micro,
            "scale": self.scale,
            "variance": self.variance,
            "sampling_micro": self.sampling_micro,
            "created": self.created,
            "expires": self.expires,
            "nonce": self.nonce.hex(),
            "unit": self.unit,
        }

    @classmethod
    def from_json(cls, value: Json) -> "Order":
        """Parse the canonical form.

        Raises:
            WireInvalid: a field is missing, unknown, of the wrong type or out of range.
        """
        body = versioned_fields(value, 2, *_FIELDS)
        if body["unit"] != "person":
            raise WireInvalid("wire_field_invalid", field="unit")
        return cls(
            purpose=label(body, "purpose"),
            output=_output(text(body, "output")),
            legal_basis=label(body, "legal_basis"),
            model=ModelSpec.from_json(body["model"]),
            departments=tuple(_department(item) for item in objects(body, "departments")),
            epsilon_micro=integer(body, "epsilon_micro"),
            delta_nano=integer(body, "delta_nano"),
            collusion=integer(body, "collusion", at_least=0),
            homes=integer(body, "homes", at_least=1),
            answers=integer(body, "answers", at_least=1),
            clip_micro=integer(body, "clip_micro", at_least=1),
            scale=integer(body, "scale", at_least=1),
            variance=integer(body, "variance", at_least=1),
            sampling_micro=integer(body, "sampling_micro", at_least=1),
            created=integer(body, "created", at_least=0),
            expires=integer(body, "expires", at_least=0),
            nonce=hex_bytes(body, "nonce", length=16),
        )


def require_sampling(sampling_micro: int, model: ModelSpec) -> None:
    """Refuse a sampling rate that is none, or draws people for the only sum that a model has.

    Raises:
        WireInvalid: it is so.
    """
    everybody = sampling_micro == MICRO
    if not 1 <= sampling_micro <= MICRO or (model.family.from_one_sum and not everybody):
        raise WireInvalid("order_sampling_invalid")


_FIELDS = [
    "v",
    "purpose",
    "output",
    "legal_basis",
    "model",
    "departments",
    "epsilon_micro",
    "delta_nano",
    "collusion",
    "homes",
    "answers",
    "clip_micro",
    "scale",
    "variance",
    "sampling_micro",
    "created",
    "expires",
    "nonce",
    "unit",
]


def _output(name: str) -> Output:
    try:
        return Output(name)
    except ValueError as error:
        raise WireInvalid("wire_field_invalid", field="output") from error


def _department(value: Json) -> Department:
    body = fields_of(value, "node", "people")
    return Department(hex_bytes(body, "node", length=32), integer(body, "people", at_least=1))
