"""The checks before a step: each one refuses on its own, with its own code."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.enterprise import MODEL, NOW, PURPOSE
from xinqiao_clients.step import StatementChecker
from xinqiao_governance.errors import ProtocolViolated
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import JobKey, StepStatement
from xinqiao_ledger.signing import SigningKey
from xinqiao_models.parameters import parameters_digest
from xinqiao_models.plans import plan_of
from xinqiao_platform.centre import Centre
from xinqiao_platform.ordering import write_order

KEYS = sorted((SigningKey.generate() for _ in range(5)), key=lambda key: key.fingerprint)
OURS = KEYS[1]
ZEROS = np.zeros(MODEL.dimension)


@dataclass
class Case:
    """A job as one department sees it, and the honest statement of its first step."""

    operator: SigningKey
    order: Signed[Order]
    peers: frozenset[bytes] = frozenset(key.fingerprint for key in KEYS)
    minimum: int = 3
    keys: list[Signed[JobKey]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys = [self.job_key(key) for key in KEYS]

    def job_key(self, key: SigningKey, order: bytes | None = None) -> Signed[JobKey]:
        return key.seal(JobKey(order or self.order.body.digest, key.fingerprint, bytes([9] * 32)))

    def statement(self, members: int = 5, **changes: object) -> StepStatement:
        plan = plan_of(self.order.body)
        honest = StepStatement(
            order=self.order.body.digest,
            step=1,
            roster=tuple(self.keys[:members]),
            parameters=parameters_digest(ZEROS),
            scale=plan.scale,
            variance=plan.variance,
            share_variance=plan.share_variance(max(members, 3)),
            sampling_micro=plan.sampling_micro,
        )
        return replace(honest, **changes)

    def check(self, statement: StepStatement, parameters: NDArray[np.float64] | None = ZEROS) -> str:
        return self.check_signed(self.operator.seal(statement), parameters)

    def check_signed(
        self, signed: Signed[StepStatement], parameters: NDArray[np.float64] | None = ZEROS
    ) -> str:
        plan = plan_of(self.order.body)
        checker = StatementChecker(self.order, plan, OURS.fingerprint, self.peers, self.minimum)
        try:
            checked = checker.check(signed, parameters)
        except ProtocolViolated as error:
            return error.code
        assert checked is parameters
        return "good"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[SigningKey, Signed[Order]]:
    centre = Centre(Path(tmp_path_factory.mktemp("centre")), clock=lambda: NOW)
    people = {key.fingerprint: 1_000 for key in KEYS}
    order = write_order(
        centre,
        model=MODEL,
        people=people,
        spend=Spend(1_000_000, 10_000),
        purpose=PURPOSE,
        legal_basis="staff_consent",
        answers=4,
    )
    return centre.operator, order


@pytest.fixture
def case(written: tuple[SigningKey, Signed[Order]]) -> Case:
    return Case(*written)


@pytest.mark.parametrize("members", [3, 4, 5])
def test_an_honest_statement_holds_for_every_roster(case: Case, members: int) -> None:
    assert case.check(case.statement(members)) == "good"


def test_a_statement_for_another_order_is_refused(case: Case) -> None:
    assert case.check(case.statement(order=bytes(32))) == "statement_other_order"


def test_a_statement_of_a_stranger_is_refused(case: Case) -> None:
    statement = case.statement()
    stranger = SigningKey.generate().seal(statement)
    honest = case.operator.seal(statement)
    assert case.check_signed(stranger) == "statement_unsigned"
    assert case.check_signed(replace(stranger, key=honest.key)) == "statement_unsigned"
    assert case.check_signed(replace(honest, signature=bytes(64))) == "statement_unsigned"
    assert case.check_signed(replace(honest, body=replace(statement, step=2))) == "statement_unsigned"


def test_a_member_is_no_operator(case: Case) -> None:
    assert case.check_signed(KEYS[0].seal(case.statement())) == "statement_unsigned"


@pytest.mark.parametrize(
    "places", [[1, 0, 2], [0, 1, 1, 2], [1, 1, 1], [0, 2, 3], [4, 3, 2, 1, 0], []], ids=str
)
def test_a_roster_unsorted_doubled_or_without_us_is_refused(case: Case, places: list[int]) -> None:
    roster = tuple(case.keys[place] for place in places)
    assert case.check(case.statement(roster=roster)) == "statement_roster_invalid"


def test_a_member_that_the_order_does_not_name_is_refused(case: Case) -> None:
    stranger = SigningKey.generate()
    case.peers |= {stranger.fingerprint}
    roster = sorted([*case.keys, case.job_key(stranger)], key=lambda entry: entry.body.node)
    assert case.check(case.statement(roster=tuple(roster))) == "statement_roster_invalid"


def test_a_roster_that_held_once_speaks_for_no_other(case: Case) -> None:
    """A checker remembers a roster that passed: each change of it is checked as if it were the first."""
    plan = plan_of(case.order.body)
    checker = StatementChecker(case.order, plan, OURS.fingerprint, case.peers, case.minimum)
    honest = case.statement()
    checker.check(case.operator.seal(honest), ZEROS)
    first, *others = honest.roster
    stranger = SigningKey.generate()
    changed = {
        "job_key_unsigned": [
            replace(first, signature=bytes(64)),
            replace(first, key=KEYS[2].public),
            replace(first, body=replace(first.body, x25519=bytes([8] * 32))),
            case.job_key(KEYS[0], order=bytes(32)),
        ],
        "statement_roster_invalid": [others[0], case.job_key(stranger)],
    }
    for code, entries in changed.items():
        for entry in entries:
            for _ in range(2):  # what was refused is not remembered as good
                statement = replace(honest, roster=(entry, *others))
                with pytest.raises(ProtocolViolated, match=code):
                    checker.check(case.operator.seal(statement), ZEROS)
    checker.check(case.operator.seal(replace(honest, step=2)), ZEROS)


@pytest.mark.parametrize(("members", "minimum"), [(2, 2), (2, 3), (4, 5)])
def test_too_few_members_are_refused(case: Case, members: int, minimum: int) -> None:
    case.minimum = minimum
    assert case.check(case.statement(members)) == "members_too_few"


def test_a_member_that_our_steward_never_confirmed_is_refused(case: Case) -> None:
    """Although the order names it: the order's signature adds nobody."""
    case.peers -= {KEYS[4].fingerprint}
    assert case.check(case.statement(5)) == "members_unconfirmed"
    assert case.check(case.statement(4)) == "good"


def test_a_job_key_of_another_order_is_refused(case: Case) -> None:
    case.keys[0] = case.job_key(KEYS[0], order=bytes(32))
    assert case.check(case.statement()) == "job_key_unsigned"


def test_a_forged_job_key_is_refused(case: Case) -> None:
    """The centre knows no identity's key: a key of its own in a member's name does not pass."""
    real = case.keys[0]
    forged = case.operator.seal(replace(real.body, x25519=bytes([7] * 32)))
    for entry in (forged, replace(forged, key=real.key), replace(real, body=forged.body)):
        case.keys[0] = entry
        assert case.check(case.statement()) == "job_key_unsigned"


def test_a_job_key_checked_once_does_not_open_the_way_for_another(case: Case) -> None:
    plan = plan_of(case.order.body)
    checker = StatementChecker(case.order, plan, OURS.fingerprint, case.peers, 3)
    checker.check(case.operator.seal(case.statement()), ZEROS)
    body = replace(case.keys[0].body, x25519=bytes([7] * 32))
    case.keys[0] = replace(case.keys[0], body=body)
    with pytest.raises(ProtocolViolated) as caught:
        checker.check(case.operator.seal(case.statement()), ZEROS)
    assert caught.value.code == "job_key_unsigned"


@pytest.mark.parametrize("name", ["scale", "variance", "share_variance"])
@pytest.mark.parametrize("change", [-1, 1])
def test_noise_and_scale_are_the_orders(case: Case, name: str, change: int) -> None:
    honest = case.statement()
    statement = replace(honest, **{name: getattr(honest, name) + change})
    assert case.check(statement) == "statement_noise_changed"


@pytest.mark.parametrize("change", [-1, -999_999])
def test_the_sampling_rate_is_the_orders(case: Case, change: int) -> None:
    """Noise was calibrated for the order's rate: no statement may name another."""
    statement = case.statement(sampling_micro=case.order.body.sampling_micro + change)
    assert case.check(statement) == "statement_sampling_changed"


def test_a_smaller_roster_needs_larger_shares(case: Case) -> None:
    """The shares of five, told to three, would leave the sum short of its noise."""
    plan = plan_of(case.order.body)
    assert case.check(case.statement(3, share_variance=plan.share_variance(5))) == "statement_noise_changed"


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        np.ones(MODEL.dimension),
        np.zeros(MODEL.dimension + 1),
        np.zeros(MODEL.dimension - 1),
        np.zeros((1, MODEL.dimension)),
        np.zeros(0),
        np.full(MODEL.dimension, np.nan),
    ],
    ids=["none", "other", "long", "short", "folded", "empty", "nan"],
)
def test_parameters_are_the_ones_that_the_statement_names(
    case: Case, parameters: NDArray[np.float64] | None
) -> None:
    assert case.check(case.statement(), parameters) == "statement_parameters_differ"


def test_parameters_of_another_shape_are_refused_even_if_named(case: Case) -> None:
    long = np.zeros(MODEL.dimension + 1)
    assert (
        case.check(case.statement(parameters=parameters_digest(long)), long) == "statement_parameters_differ"
    )
    folded = ZEROS.reshape(1, -1)
    assert case.check(case.statement(), folded) == "statement_parameters_differ"


def test_the_least_bit_of_a_parameter_counts(case: Case) -> None:
    changed = ZEROS.copy()
    changed[3] = -0.0
    assert case.check(case.statement(), changed) == "statement_parameters_differ"
