"""The simulation of void steps: the product's own rule, and figures that can be worked out by hand."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(BENCH))
    import void_steps

    yield void_steps
    sys.modules.pop("void_steps", None)


def test_without_loss_every_step_is_good(bench: ModuleType) -> None:
    for rule in bench.RULES.values():
        assert rule(8, bench.Losses(0.0, 1)) == bench.Course(0.0, 1.0, failed=False)


def test_where_everything_is_lost_the_job_fails(bench: ModuleType) -> None:
    for rule in bench.RULES.values():
        course = rule(8, bench.Losses(1.0, 1))
        assert (course.void, course.failed) == (1.0, True)


def test_an_exchange_is_two_messages(bench: ModuleType) -> None:
    lost = bench.Losses(0.1, 1).missing(100_000).mean()
    assert abs(lost - 0.19) < 0.01


def test_one_department_that_flaps_waits_longer_each_time(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule is the job's own object: with one loser, voids come at 1, 3, 6, 11, 20, …"""

    class FirstIsLost(bench.Losses):  # type: ignore[name-defined,misc]
        def missing(self, count: int) -> object:
            lost = super().missing(count)
            lost[:] = False
            if count == 8:  # steps with everybody; hellos ask fewer
                lost[0] = True
            return lost

    monkeypatch.setattr(bench, "ANSWERS", 16)
    assert bench.asked_once(8, FirstIsLost(0.0, 1)).void == 4 / 16


def test_asking_again_and_rescue_lose_fewer_steps(bench: ModuleType) -> None:
    once, built, rescued = (
        bench.RULES[name](20, bench.Losses(0.01, 1)).void for name in ("asked once", "as built", "rescue")
    )
    assert once > 0.1 > rescued
    assert once > 0.1 > built


def test_a_rescue_costs_noise(bench: ModuleType) -> None:
    assert bench.noise_deviation(8) == pytest.approx((7 / 6) ** 0.5)
    assert bench.spare(100) == 10


def test_the_picture_stands_alone(bench: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "LOSSES", (0.0, 0.05))
    monkeypatch.setattr(bench, "ANSWERS", 20)
    rows = list(bench.simulate(2))
    picture = ElementTree.fromstring(bench.plot(rows))
    svg = "{http://www.w3.org/2000/svg}"
    assert len(picture.findall(f"{svg}svg/{svg}polyline")) == 3 * len(bench.DEPARTMENTS)
    texts = [text.text for text in picture.findall(f"{svg}text")]
    assert texts == [*(f"{count} departments" for count in bench.DEPARTMENTS), *texts[-3:]]
    assert bench.first_loss_over(rows, "asked once", 100) == 0.05
