"""The order: what cannot be an order is refused before anybody decides on it."""

import dataclasses
from dataclasses import replace

import pytest

from simulators import wires
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.model_spec import Family
from xinqiao_governance.order import Department, Order, Spend
from xinqiao_governance.signed import Signed


def with_field(name: str, value: Json) -> dict[str, Json]:
    return {**wires.ORDER.to_json(), name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 1),
        ("v", True),
        ("unit", "record"),
        ("purpose", ""),
        ("purpose", "x" * 201),
        ("purpose", "a\nb"),
        ("legal_basis", ""),
        ("legal_basis", "\u202e"),
        ("output", "everything"),
        ("epsilon_micro", 0),
        ("epsilon_micro", -1),
        ("epsilon_micro", 1_000_000_001),
        ("delta_nano", 0),
        ("delta_nano", 1_000_000_000),
        ("collusion", -1),
        ("homes", 0),
        ("answers", 0),
        ("clip_micro", 0),
        ("scale", 0),
        ("variance", 0),
        ("sampling_micro", 0),
        ("sampling_micro", 1_000_001),
        ("sampling_micro", 0.5),
        ("created", -1),
        ("expires", 1_000),
        ("nonce", "00"),
        ("nonce", "GG" * 16),
        ("nonce", "AB" * 16),
        ("departments", []),
        ("departments", [{"node": "00" * 32, "people": 0}]),
        ("departments", [{"node": "00" * 32, "people": 1}, {"node": "00" * 32, "people": 1}]),
        ("departments", [{"node": "01" * 32, "people": 1}, {"node": "00" * 32, "people": 1}]),
        ("departments", [{"node": "00" * 31, "people": 1}]),
        ("seed", 1),
    ],
)
def test_an_order_out_of_form_is_no_order(name: str, value: Json) -> None:
    with pytest.raises(WireInvalid):
        Order.from_json(with_field(name, value))


@pytest.mark.parametrize("semantic", ["", "x" * 201, "a\u0000"])
def test_what_the_journal_could_not_hold_is_no_order(semantic: str) -> None:
    """Otherwise a refusal could not be logged."""
    model = loads(dumps(wires.ORDER.model.to_json()))
    assert isinstance(model, dict)
    with pytest.raises(WireInvalid):
        Order.from_json(with_field("model", {**model, "name": semantic}))
    label = {"kind": "above", "semantic": semantic, "above_micro": 1}
    with pytest.raises(WireInvalid):
        Order.from_json(with_field("model", {**model, "label": label}))
    for feature in model["features"]:
        with pytest.raises(WireInvalid):
            Order.from_json(with_field("model", {**model, "features": [{**feature, "semantic": semantic}]}))


def test_a_model_has_no_more_columns_than_an_event() -> None:
    model = wires.ORDER.model.to_json()
    features = [{"kind": "category", "semantic": f"s{n}", "values": ["a"]} for n in range(1_000)]
    with pytest.raises(WireInvalid):
        Order.from_json(with_field("model", {**model, "features": features}))
    Order.from_json(with_field("model", {**model, "features": features[:-1]}))


def test_the_only_sum_of_a_model_is_over_everybody() -> None:
    moments = replace(wires.ORDER.model, family=Family.MOMENTS)
    wires.order(model=moments)
    with pytest.raises(WireInvalid):
        wires.order(model=moments, sampling_micro=999_999)


def test_the_digest_covers_every_field() -> None:
    other = wires.order(purpose="needs_analysis").digest
    assert wires.ORDER.digest != other
    changed = {
        "epsilon_micro": 2,
        "delta_nano": 3,
        "collusion": 2,
        "homes": 2,
        "answers": 5,
        "clip_micro": 1,
        "scale": 1,
        "variance": 1,
        "sampling_micro": 1,
        "created": 1,
        "expires": 3_000,
        "nonce": bytes([1] * 16),
        "legal_basis": "union_duty",
        "departments": (Department(wires.A, 1),),
    }
    digests = {wires.order(**{name: value}).digest for name, value in changed.items()}
    assert len(digests | {wires.ORDER.digest, other}) == len(changed) + 2
    left = {field.name for field in dataclasses.fields(Order)} - changed.keys()
    assert left == {"purpose", "output", "model", "unit"}


def test_a_spend_is_never_negative_and_both_parts_count() -> None:
    for epsilon, delta in ((-1, 0), (0, -1)):
        with pytest.raises(WireInvalid):
            Spend(epsilon, delta)
    cap = Spend(10, 10)
    assert Spend(10, 10).within(cap)
    assert not Spend(11, 1).within(cap)
    assert not Spend(1, 11).within(cap)
    assert Spend(4, 5) + Spend(6, 5) == cap


@pytest.mark.parametrize(("name", "value"), [("key", "00"), ("signature", "00" * 63), ("algorithm", "none")])
def test_a_signed_body_has_exactly_its_key_and_signature(name: str, value: str) -> None:
    with pytest.raises(WireInvalid):
        Signed.parse({**wires.SIGNED_ORDER.to_json(), name: value}, Order)
    assert Signed.parse(wires.SIGNED_ORDER.to_json(), Order) == wires.SIGNED_ORDER


def test_an_order_of_another_version_is_told_from_a_broken_one() -> None:
    """Its fields may be others: the version is looked at first."""
    older = {name: value for name, value in wires.ORDER.to_json().items() if name != "sampling_micro"}
    with pytest.raises(WireInvalid, match="version_other"):
        Order.from_json({**older, "v": 1})
    with pytest.raises(WireInvalid, match="wire_field_invalid"):
        Order.from_json(older)
