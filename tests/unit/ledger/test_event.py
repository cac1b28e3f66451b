import json
from dataclasses import replace

import pytest

from simulators.ledger import SPEND, Node, hexed
from xinqiao_governance.canonical import Json, dumps
from xinqiao_governance.errors import WireInvalid
from xinqiao_ledger.event import GENESIS, Event, Kind, _matched
from xinqiao_ledger.tree import leaf_hash

FULL = Event(
    kind=Kind.RELEASE,
    node=hexed("node"),
    seq=2,
    prev=hexed("prev"),
    time=1_800_000_000,
    actor="ab" * 8,
    role="steward",
    action="应答一步",
    dataset="staff",
    dataset_digest=hexed("dataset"),
    tier="core",
    columns=("age", "income"),
    purpose="career-development",
    legal_basis="consent",
    job=hexed("job"),
    step=1,
    statement=hexed("statement"),
    decision="allow",
    reason="allowed",
    policy_digest=hexed("policy"),
    spend=SPEND,
    output_digest=hexed("vector"),
    card_digest=hexed("card"),
)


SEALED = replace(FULL, kind=Kind.APPROVE, sealed="00ff" * 46)


def changed(**fields: object) -> bytes:
    """The full event's bytes with some fields replaced; None takes a field away."""
    body = FULL.to_json() | fields
    return dumps({name: value for name, value in body.items() if value is not None})


def test_an_event_survives_its_bytes() -> None:
    assert Event.decode(FULL.encode()) == FULL
    assert FULL.leaf == FULL.encode() == dumps(Event.decode(FULL.encode()).to_json())
    assert FULL.hash == leaf_hash(FULL.leaf)


def test_a_plain_event_is_read_at_once_and_any_other_the_long_way() -> None:
    assert _matched(FULL.leaf) == FULL
    first = Node("n").write(Kind.CONFIRM)
    assert _matched(first.leaf) == first
    assert _matched(SEALED.leaf) == SEALED
    for odd in (
        replace(FULL, reason='"quoted"'),
        replace(FULL, reason="back\\slash"),
        replace(FULL, step=10**18),
    ):
        assert _matched(odd.leaf) is None
        assert Event.decode(odd.leaf) == odd


@pytest.mark.parametrize(
    "fields",
    [
        {"seq": 0},
        {"seq": 1},
        {"prev": GENESIS},
        {"statement": None},
        {"output_digest": None},
        {"columns": ["a"] * 1_001},
        {"columns": ["a", ""]},
        {"reason": "a\u202eb"},
        {"reason": "x" * 201},
        {"role": ""},
        {"step": True},
        {"v": 2},
        {"more": 1},
    ],
)
def test_reading_at_once_lets_nothing_by_that_the_long_way_refuses(fields: dict[str, object]) -> None:
    data = changed(**fields)
    assert _matched(data) is None
    with pytest.raises(WireInvalid):
        Event.decode(data)


def test_only_an_event_with_a_sealed_field_is_of_the_second_version() -> None:
    assert FULL.to_json()["v"] == 1
    assert SEALED.to_json()["v"] == 2
    assert Event.decode(SEALED.leaf) == Event.from_json(SEALED.to_json()) == SEALED
    assert Event.decode(dumps({**SEALED.to_json(), "reason": '"'})).sealed == SEALED.sealed  # the long way
    longest = replace(SEALED, sealed="ab" * 2_048)
    assert Event.decode(longest.leaf) == longest


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 1},
        {"v": 3},
        {"v": True},
        {"sealed": None},
        {"sealed": ""},
        {"sealed": "abc"},
        {"sealed": "AB"},
        {"sealed": "no hex"},
        {"sealed": "ab\n"},
        {"sealed": "ab" * 2_049},
        {"sealed": 7},
        {"sealed": ["ab"]},
    ],
)
@pytest.mark.parametrize("reason", ["allowed", '"quoted"'])  # read at once, and the long way
def test_a_sealed_field_of_another_form_or_version_is_refused(fields: dict[str, Json], reason: str) -> None:
    body = SEALED.to_json() | {"reason": reason} | fields
    data = dumps({name: value for name, value in body.items() if value is not None})
    assert _matched(data) is None
    with pytest.raises(WireInvalid):
        Event.decode(data)
    if "v" not in fields and isinstance(fields["sealed"], str):
        with pytest.raises(WireInvalid):
            replace(SEALED, sealed=fields["sealed"])


def test_what_does_not_apply_is_absent() -> None:
    event = Node("n").write(Kind.CONFIRM)
    assert set(json.loads(event.leaf)) == {
        *("v", "kind", "node", "seq", "prev", "time", "actor", "role", "action")
    }


def test_the_first_event_follows_nothing() -> None:
    first, second = Node("n"), Node("m")
    assert first.write(Kind.CONFIRM).prev == GENESIS
    second.write(Kind.CONFIRM)
    assert second.write(Kind.CONFIRM).prev == second.journal[0].hash.hex()


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2},
        {"v": True},
        {"kind": "destroy"},
        {"node": "AB" * 32},
        {"node": "ab"},
        {"seq": 0},
        {"seq": 1},
        {"prev": GENESIS},
        {"time": -1},
        {"time": None},
        {"actor": ""},
        {"actor": "Zhang San"},
        {"role": ""},
        {"action": "two\nlines"},
        {"action": "x" * 201},
        {"columns": ["age", 3]},
        {"columns": "age"},
        {"columns": [""]},
        {"decision": "maybe"},
        {"spend": {"epsilon_micro": 1}},
        {"spend": {"epsilon_micro": -1, "delta_nano": 0}},
        {"spend": {"epsilon_micro": 1, "delta_nano": 1, "extra": 1}},
        {"step": -1},
        {"step": "1"},
        {"statement": None},
        {"output_digest": None},
        {"job": None},
        {"surname": "Zhang"},
    ],
)
def test_malformed_events_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(WireInvalid):
        Event.decode(changed(**fields))


def test_an_event_is_checked_when_it_is_made_too() -> None:
    with pytest.raises(WireInvalid):
        replace(FULL, decision="maybe")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", FULL.leaf + b"\n", b" " + FULL.leaf, FULL.leaf.replace(b'"v":1', b'"v":1.0')],
)
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(WireInvalid):
        Event.decode(data)


@pytest.mark.parametrize(
    ("kind", "needed"),
    [("order", "job"), ("decision", "decision"), ("reserve", "spend"), ("intent", "job"), ("outcome", "job")]
    + [("release", name) for name in ("job", "step", "statement", "output_digest")]
    + [("publish", "output_digest")],
)
def test_an_event_holds_what_its_kind_needs(kind: str, needed: str) -> None:
    Event.decode(changed(kind=kind))
    with pytest.raises(WireInvalid) as caught:
        Event.decode(changed(kind=kind, **{needed: None}))
    assert caught.value.fields["field"] == needed
