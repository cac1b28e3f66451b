"""A model and its card: one canonical file, named by its digest; a file that is none is refused."""

from dataclasses import replace

import numpy as np
import pytest

from simulators import wires
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import WireInvalid
from xinqiao_models.model import Model
from xinqiao_platform.registry import model_card

SPEC = wires.ORDER.model
MODEL = Model(SPEC, np.linspace(-1.0, 1.0, SPEC.dimension))


def body() -> dict[str, Json]:
    value = loads(MODEL.encode())
    assert isinstance(value, dict)
    return value


def test_a_model_comes_back_bit_for_bit() -> None:
    again = Model.from_json(loads(MODEL.encode()))
    assert again.spec == SPEC
    assert again.parameters.tobytes() == MODEL.parameters.tobytes()
    assert again.digest == MODEL.digest


def test_the_digest_covers_parameters_and_specification() -> None:
    moved = MODEL.parameters.copy()
    moved[0] = np.nextafter(moved[0], 2.0)
    assert Model(SPEC, moved).digest != MODEL.digest
    assert Model(replace(SPEC, name="other"), MODEL.parameters).digest != MODEL.digest


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "zz",
        "0",
        "00" * 8,
        "00" * 8 * (SPEC.dimension + 1),
        "FF" * 8 * SPEC.dimension,
        np.full(SPEC.dimension, np.nan).tobytes().hex(),
        np.full(SPEC.dimension, np.inf).tobytes().hex(),
        7,
    ],
)
def test_parameters_that_are_none_are_refused(parameters: Json) -> None:
    with pytest.raises(WireInvalid):
        Model.from_json({**body(), "parameters_f64le": parameters})


@pytest.mark.parametrize("change", [{"v": 1}, {"v": True}, {"spec": {}}, {"rows": []}])
def test_a_file_that_is_no_model_is_refused(change: dict[str, Json]) -> None:
    with pytest.raises(WireInvalid):
        Model.from_json({**body(), **change})


def test_the_card_says_what_it_cost_and_is_canonical() -> None:
    order = wires.order(answers=4)
    signed = replace(wires.SIGNED_ORDER, body=order)
    card = model_card(signed, MODEL, joined=4, stayed=3, steps=3, void_steps=1, tiers={"age": "core"})
    assert loads(dumps(card)) == card
    privacy = card["privacy"]
    assert isinstance(privacy, dict)
    stated = {
        name: privacy[name] for name in ("epsilon_micro", "delta_nano", "steps", "void_steps", "answers")
    }
    assert stated == {
        "epsilon_micro": order.epsilon_micro,
        "delta_nano": order.delta_nano,
        "steps": 3,
        "void_steps": 1,
        "answers": 4,
    }
    assert card["model_digest"] == MODEL.digest.hex()
    assert card["order"] == order.digest.hex()
    assert card["people_nominal"] == order.people
