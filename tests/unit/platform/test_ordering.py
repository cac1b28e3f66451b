"""Writing an order: what cannot be proven cannot be written, and what is written every gate can prove."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.enterprise import MODEL, NOW, PURPOSE
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import ProtocolViolated, WireInvalid
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_ledger.signing import SigningKey, check
from xinqiao_models.plans import plan_of
from xinqiao_models.sums import check_plan
from xinqiao_platform.centre import Centre
from xinqiao_platform.ordering import nominal, write_order

NODES = [SigningKey.generate().fingerprint for _ in range(4)]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    centre = Centre(Path(tmp_path_factory.mktemp("centre")), clock=lambda: NOW)
    yield centre
    centre.close()


def write(centre: Centre, members: int = 4, spend: Spend | None = None, **fields: object) -> Signed[Order]:
    return write_order(
        centre,
        model=MODEL,
        people=dict.fromkeys(NODES[:members], 1_000),
        spend=spend or Spend(1_000_000, 10_000),
        purpose=PURPOSE,
        legal_basis="staff_consent",
        **fields,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("members", [3, 4])
@pytest.mark.parametrize("epsilon_micro", [100_000, 1_000_000, 8_000_000])
@pytest.mark.parametrize("collusion", [1, 2])
def test_every_order_is_signed_sorted_and_proven(
    centre: Centre, members: int, epsilon_micro: int, collusion: int
) -> None:
    if members < collusion + 2:
        with pytest.raises(ProtocolViolated):
            write(centre, members, collusion=collusion)
        return
    signed = write(centre, members, Spend(epsilon_micro, 10_000), collusion=collusion)
    order = check(signed, centre.operator.fingerprint)
    assert list(order.nodes) == sorted(NODES[:members])
    assert (order.created, order.expires) == (NOW, NOW + 24 * 3600)
    check_plan(plan_of(order), epsilon_micro=order.epsilon_micro, delta_nano=order.delta_nano)
    assert Signed.parse(loads(dumps(signed.to_json())), Order) == signed


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"spend": Spend(0, 10_000)}, WireInvalid),
        ({"members": 0}, WireInvalid),
        ({"spend": Spend(1_000_000, 0)}, ProtocolViolated),
        ({"spend": Spend(200_000_000, 10_000)}, ProtocolViolated),
        ({"collusion": 0}, ProtocolViolated),
        ({"collusion": 3}, ProtocolViolated),
        ({"members": 2}, ProtocolViolated),
        ({"valid_s": 0}, WireInvalid),
        ({"valid_s": -1}, WireInvalid),
    ],
)
def test_an_order_that_no_gate_could_allow_is_not_written(
    centre: Centre, fields: dict[str, object], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        write(centre, **fields)  # type: ignore[arg-type]


def test_two_orders_are_never_the_same(centre: Centre) -> None:
    assert write(centre).body.digest != write(centre).body.digest


@pytest.mark.parametrize(
    ("people", "rounded"),
    [(0, 10), (1, 10), (14, 10), (15, 20), (99, 100), (104, 100), (1_049, 1_000), (12_345, 12_000)],
)
def test_a_head_count_in_an_order_is_rounded(people: int, rounded: int) -> None:
    assert nominal(people) == rounded
