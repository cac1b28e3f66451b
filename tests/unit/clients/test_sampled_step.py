"""Steps over drawn people: a real node draws by the order's rate, afresh each step, and tells nobody."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.enterprise import Enterprise, HandCentre, found, run_job
from xinqiao_governance.model_spec import MICRO
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import MaskedVector
from xinqiao_models.plans import plan_of
from xinqiao_models.sums import open_sum

SPEND = Spend(4_000_000, 1_000)
ROOM = Spend(100_000_000, 900_000)


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    made = found(Path(tmp_path_factory.mktemp("enterprise")), 4, people=150, cap=ROOM)
    yield made
    made.close()


def hand_for(enterprise: Enterprise, rate: int) -> HandCentre:
    hand = HandCentre(enterprise, order(enterprise, rate))
    hand.propose()
    return hand


def order(enterprise: Enterprise, rate: int) -> Signed[Order]:
    """An order of enough nominal people for a sum that is expected to hold 500."""
    people = max(1_000, -(-125 * MICRO // rate))
    return enterprise.order(spend=SPEND, answers=3, people=people, sampling_micro=rate)


def opened(hand: HandCentre, step: int) -> NDArray[np.float64]:
    """The sum of a step at zero parameters, in units of the gradient."""
    statement = hand.statement(step)
    vectors = [hand.vector(site, statement) for site in hand.enterprise.sites]
    return open_sum(vectors, plan_of(hand.order.body))


def test_the_rate_says_how_many_are_in_a_sum(enterprise: Enterprise) -> None:
    """600 people: the young are nearly all below the threshold, so each adds half a unit in their bin."""
    everybody = np.abs(opened(hand_for(enterprise, 900_000), 1)).max()
    nobody = np.abs(opened(hand_for(enterprise, 1), 1)).max()
    assert everybody > 30
    assert nobody < 12


def test_a_step_asked_again_is_not_drawn_again(enterprise: Enterprise) -> None:
    hand = hand_for(enterprise, 500_000)
    site, statement = enterprise.sites[0], hand.statement(1)
    assert np.array_equal(hand.vector(site, statement), hand.vector(site, statement))


def test_a_statement_with_another_rate_is_refused_and_burns_nothing(enterprise: Enterprise) -> None:
    hand, site = hand_for(enterprise, 500_000), enterprise.sites[0]
    for rate in (499_999, 500_001, 1, MICRO):
        assert not isinstance(hand.ask(site, hand.statement(sampling_micro=rate)), MaskedVector)
    assert site.home.book.burn(hand.order.body.digest, 1) is None
    assert isinstance(hand.ask(site, hand.statement()), MaskedVector)


def test_an_order_with_the_noise_of_a_lower_rate_is_refused(enterprise: Enterprise) -> None:
    low = order(enterprise, 100_000).body
    for rate in (100_001, 500_000, MICRO):
        signed = enterprise.centre.operator.seal(replace(low, sampling_micro=rate))
        for site in enterprise.sites:
            site.home.approve(signed, "steward")
        hand = HandCentre(enterprise, signed)
        assert set(hand.propose().values()) == {"plan_epsilon_exceeded"}


def test_a_whole_job_over_drawn_people(enterprise: Enterprise) -> None:
    result, _, refused = run_job(enterprise, order(enterprise, 250_000))
    assert refused == ()
    assert (result.steps, result.void_steps) == (3, 0)
    privacy = result.card["privacy"]
    assert isinstance(privacy, dict)
    assert privacy["sampling_micro"] == 250_000
    assert "drew each of its people" in str(privacy["sampling"])
    assert "Mironov, Talwar, Zhang 2019" in str(privacy["accounting"])


def test_nothing_that_is_kept_or_sent_says_who_or_how_many_were_drawn(enterprise: Enterprise) -> None:
    """The journal of a job over drawn people has the events and fields of one over everybody."""

    def shape(rate: int) -> list[tuple[str, ...]]:
        signed = order(enterprise, rate)
        run_job(enterprise, signed)
        job = signed.body.digest.hex()
        site = enterprise.sites[0]
        events = (event.to_json() for event in site.home.book.events() if event.job == job)
        return [tuple(sorted(name for name, value in event.items() if value)) for event in events]

    assert shape(300_000) == shape(MICRO)
