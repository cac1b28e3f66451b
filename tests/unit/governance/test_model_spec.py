"""Model specifications: what cannot be one is refused; widths and counts are what the arrays will have."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest

from simulators import rows
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.model_spec import (
    MICRO,
    CategoryFeature,
    ClassLabel,
    Cross,
    Family,
    ModelSpec,
    NumberLabel,
    NumericFeature,
    ThresholdLabel,
    pairs,
)

Body = dict[str, Json]

ABOVE: Body = {"kind": "above", "semantic": "pay", "above_micro": 0, "weights_micro": [MICRO, 1]}
CLASS: Body = {"kind": "class", "semantic": "unit", "values": ["a", "b"], "weights_micro": [MICRO, 5]}
NUMBER: Body = {"kind": "number", "semantic": "pay", "low_micro": -5, "high_micro": 5}
AGE: Body = {"kind": "numeric", "semantic": "age", "edges_micro": [1, 2, 3]}
GRADE: Body = {"kind": "category", "semantic": "grade", "values": ["A", "B"]}
CROSS: Body = {"first": "age", "second": "grade", "groups": 2}
MODEL: Body = {
    "name": "m",
    "family": "linear",
    "hidden": 0,
    "cells": 0,
    "features": [AGE, GRADE],
    "crosses": [CROSS],
    "label": ABOVE,
}


UNSHOWABLE = ["", "B\n6. Budget: passed", "B\r", "\x1b[8m", "B\u202e", "\u2028", "B" * 201]


def refused(body: Json, parse: Callable[[Json], ModelSpec] = ModelSpec.from_json) -> None:
    with pytest.raises(WireInvalid):
        parse(body)


@pytest.mark.parametrize("family", rows.PREDICTING)
@pytest.mark.parametrize("label", list(rows.LABELS))
def test_a_model_survives_its_canonical_form(family: Family, label: str) -> None:
    model = rows.spec(label, family)
    assert ModelSpec.from_json(loads(dumps(model.to_json()))) == model


def test_a_model_as_written_here_is_one() -> None:
    for label in (ABOVE, CLASS, NUMBER):
        assert ModelSpec.from_json({**MODEL, "label": label}).to_json() == {**MODEL, "label": label}


@pytest.mark.parametrize("field", list(MODEL))
def test_every_field_must_be_there(field: str) -> None:
    refused({name: value for name, value in MODEL.items() if name != field})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seed", 1),
        ("name", ""),
        ("name", "x" * 201),
        ("name", "a\nb"),
        ("family", "boosting"),
        ("family", "LINEAR"),
        ("family", 1),
        ("family", None),
        ("cells", 5),
        ("cells", -1),
        ("cells", True),
        ("hidden", 1),
        ("hidden", -1),
        ("hidden", True),
        ("hidden", "0"),
        ("features", []),
        ("features", {}),
        ("features", [AGE, None]),
        ("crosses", [CROSS, CROSS]),
        ("crosses", [{**CROSS, "second": "height"}]),
        ("crosses", [{**CROSS, "second": "pay"}]),
        ("crosses", [{"first": "grade", "second": "age", "groups": 2}]),
        ("crosses", [{**CROSS, "second": "age"}]),
        ("crosses", [{**CROSS, "groups": 1}]),
        ("crosses", [{**CROSS, "groups": 1_000}]),
        ("crosses", [{**CROSS, "groups": True}]),
        ("crosses", [{**CROSS, "scale": 1}]),
        ("crosses", ["age"]),
        ("crosses", None),
        ("label", None),
        ("label", []),
    ],
)
def test_fields_out_of_form_are_refused(field: str, value: Json) -> None:
    refused({**MODEL, field: value})


@pytest.mark.parametrize("twice", [AGE, GRADE, {**GRADE, "semantic": "pay"}, {**AGE, "semantic": "grade"}])
def test_a_semantic_stands_once_the_labels_too(twice: Body) -> None:
    refused({**MODEL, "features": [AGE, GRADE, twice], "crosses": []})


@pytest.mark.parametrize("hidden", [0, 4_097, 2**62])
def test_a_network_has_hidden_units_and_not_too_many(hidden: int) -> None:
    refused({**MODEL, "family": "network", "hidden": hidden})
    assert ModelSpec.from_json({**MODEL, "family": "network", "hidden": 4_096}).hidden == 4_096
    refused({**MODEL, "family": "moments", "hidden": 1})


@pytest.mark.parametrize(
    "feature",
    [
        {**AGE, "edges_micro": []},
        {**AGE, "edges_micro": [1, 1]},
        {**AGE, "edges_micro": [2, 1]},
        {**AGE, "edges_micro": [1.5]},
        {**AGE, "edges_micro": [True]},
        {**AGE, "edges_micro": "12"},
        {**AGE, "edges_micro": list(range(1_000))},
        {**AGE, "semantic": ""},
        {**AGE, "values": ["A"]},
        {**AGE, "kind": "number"},
        {**AGE, "kind": []},
        {**GRADE, "values": []},
        {**GRADE, "values": ["A", "A"]},
        {**GRADE, "values": [1]},
        {**GRADE, "values": [None]},
        {**GRADE, "values": "AB"},
        {**GRADE, "values": [str(value) for value in range(1_000)]},
        *({**GRADE, "values": ["A", value]} for value in UNSHOWABLE),
    ],
)
def test_features_out_of_form_are_refused(feature: Body) -> None:
    refused({**MODEL, "features": [feature], "crosses": []})


@pytest.mark.parametrize(
    "label",
    [
        {**ABOVE, "kind": "below"},
        {**ABOVE, "kind": []},
        {**ABOVE, "kind": {}},
        {**ABOVE, "kind": None},
        {**ABOVE, "above_micro": 0.5},
        {**ABOVE, "above_micro": True},
        {**ABOVE, "semantic": "a\u0000"},
        {**ABOVE, "weights_micro": []},
        {**ABOVE, "weights_micro": [MICRO]},
        {**ABOVE, "weights_micro": [MICRO, MICRO, MICRO]},
        {**ABOVE, "weights_micro": [0, MICRO]},
        {**ABOVE, "weights_micro": [-1, MICRO]},
        {**ABOVE, "weights_micro": [MICRO + 1, MICRO]},
        {**ABOVE, "weights_micro": [MICRO, 2**62]},
        {**ABOVE, "weights_micro": [True, True]},
        {**ABOVE, "weights_micro": [0.5, 0.5]},
        {**ABOVE, "weights_micro": "11"},
        {**ABOVE, "values": ["a", "b"]},
        {**CLASS, "values": ["a"], "weights_micro": [MICRO]},
        {**CLASS, "values": ["a", "a"]},
        {**CLASS, "values": ["a", 1]},
        {**CLASS, "values": [str(n) for n in range(1_001)], "weights_micro": [1] * 1_001},
        *({**CLASS, "values": ["a", value]} for value in UNSHOWABLE),
        {**CLASS, "weights_micro": [MICRO]},
        {**CLASS, "weights_micro": [MICRO, MICRO + 1]},
        {**NUMBER, "low_micro": 5},
        {**NUMBER, "low_micro": 6},
        {**NUMBER, "low_micro": 2**62, "high_micro": 2**62 + 1},  # the same number once it is a float
        {**NUMBER, "high_micro": 1e9},
        {**NUMBER, "weights_micro": [MICRO]},
        {"kind": "number", "semantic": "pay"},
    ],
)
@pytest.mark.parametrize("parse", [ModelSpec.from_json, ModelSpec.by_hand])
def test_labels_out_of_form_are_refused(parse: Callable[[Json], ModelSpec], label: Body) -> None:
    refused({**MODEL, "label": label}, parse)


def test_too_many_features_and_crosses_are_refused_before_they_cost_time() -> None:
    names = [f"f{number:04}" for number in range(1_000)]
    features = tuple(NumericFeature(name, (0,)) for name in names)
    label = ThresholdLabel("pay", 0)
    with pytest.raises(WireInvalid):
        ModelSpec("m", features, label)
    crosses = tuple(Cross(first, second, 2) for first, second in combinations(names[:150], 2))
    with pytest.raises(WireInvalid):
        ModelSpec("m", features[:150], label, crosses)
    assert ModelSpec("m", features[:150], label, crosses[:10_000]).inputs == 1 + 150 * 3 + 10_000 * 9
    with pytest.raises(WireInvalid):
        ModelSpec("m", (), label)


def test_pairs_are_all_pairs_of_features_with_few_cells() -> None:
    number = NumericFeature("m", tuple(range(9)))
    many, most = (
        CategoryFeature(name, tuple(map(str, range(count)))) for name, count in (("z", 63), ("a", 64))
    )
    assert pairs((number, many, most)) == (Cross("m", "z", 3),)
    assert pairs((many, number)) == pairs((number, many))
    assert pairs((number,)) == ()


# ---- written by hand ------------------------------------------------------------------------------------


def test_by_hand_pairs_stand_for_every_pair_of_features() -> None:
    brief: Body = {"name": "m", "features": [AGE, GRADE], "label": ABOVE}
    assert ModelSpec.by_hand({**brief, "crosses": "pairs"}).crosses == (Cross("age", "grade", 3),)
    for crosses in ("all", "", ["pairs"]):
        refused({**brief, "crosses": crosses}, ModelSpec.by_hand)
    refused({**MODEL, "crosses": "pairs"})


def test_by_hand_the_usual_may_be_left_out() -> None:
    brief: Body = {"name": "m", "features": [AGE, GRADE]}
    yes = ModelSpec.by_hand({**brief, "label": {"kind": "above", "semantic": "pay", "above_micro": 0}})
    assert (yes.family, yes.hidden, yes.crosses) == (Family.LINEAR, 0, ())
    assert yes.label == ThresholdLabel("pay", 0, (MICRO, MICRO))
    classes = {"kind": "class", "semantic": "unit", "values": ["a", "b", "c"]}
    one = ModelSpec.by_hand({**brief, "label": classes})
    assert one.label == ClassLabel("unit", ("a", "b", "c"), (MICRO,) * 3)
    number = ModelSpec.by_hand({**brief, "label": NUMBER})
    assert number.label == NumberLabel("pay", -5, 5)


def test_by_hand_what_is_given_stands() -> None:
    for label in (ABOVE, CLASS, NUMBER):
        body: Body = {**MODEL, "label": label, "family": "network", "hidden": 3}
        assert ModelSpec.by_hand(body) == ModelSpec.from_json(body)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "model",
        {},
        {"name": "m", "features": [AGE]},
        {"name": "m", "features": [AGE], "label": {"kind": "class", "semantic": "unit"}},
        {"name": "m", "features": [AGE], "label": {"kind": "class", "semantic": "unit", "values": 3}},
        {**MODEL, "weights": [1]},
        {**MODEL, "hidden": None},
    ],
)
def test_by_hand_is_no_less_strict(body: Json) -> None:
    refused(body, ModelSpec.by_hand)


# ---- counts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outputs", [1, 3])
def test_counts_of_inputs_parameters_and_entries(outputs: int) -> None:
    label = rows.LABELS["class" if outputs == 3 else "yes"]
    model = replace(rows.spec(), label=label)
    # One, age 4 + 1, grade 3 + 1, years 3 + 1; age × grade (3 + 1)·4, age × years (2 + 1)·(2 + 1).
    assert model.inputs == 1 + 5 + 4 + 4 + 16 + 9
    assert model.parameters == model.dimension == outputs * 39
    network = replace(model, family=Family.NETWORK, hidden=4)
    assert network.parameters == network.dimension == 39 * 4 + outputs * (4 + 1)
    moments = replace(model, family=Family.MOMENTS)
    assert moments.parameters == outputs * 39
    assert moments.dimension == 39 * 40 // 2 + outputs * 39


def test_groups_never_exceed_the_bins_there_are() -> None:
    model = ModelSpec(
        "m",
        (NumericFeature("age", (1, 2)), CategoryFeature("grade", ("A", "B"))),
        ThresholdLabel("pay", 0),
        (Cross("age", "grade", 999),),
    )
    assert model.cross_width(model.crosses[0]) == (3 + 1) * (2 + 1)
    with pytest.raises(KeyError):
        model.feature("pay")


def test_least_squares_of_too_many_inputs_is_refused() -> None:
    """Their products stand in a square matrix at every department."""
    wide = {**AGE, "edges_micro": list(range(998))}
    body = {**MODEL, "features": [wide, GRADE], "crosses": []}
    ModelSpec.from_json(body)
    refused({**body, "family": "moments"})
