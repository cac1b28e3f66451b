"""The measurement of growth: what it must measure, and pictures that stand alone."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

BENCH = Path(__file__).parents[2] / "bench"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(BENCH))
    import growth

    yield growth
    for name in ("growth", "run", "meter", "plain_loop"):
        sys.modules.pop(name, None)


def test_it_measures_what_was_promised(bench: ModuleType) -> None:
    rows = bench.rows_to_measure()
    assert (100, 10_000) in rows
    assert {count for count, _ in rows} == {8, 20, 60, 100, 300, 1_000}
    assert {size for _, size in rows} == {100, 1_000, 10_000, 100_000, 1_000_000}


@pytest.mark.parametrize("size", [100, 1_000, 10_000, 100_000, 1_000_000])
def test_models_are_about_as_large_as_they_say(bench: ModuleType, size: int) -> None:
    assert bench.spec(size).parameters == pytest.approx(size, rel=0.12)


def test_what_is_not_done_in_time_is_named(bench: ModuleType) -> None:
    rows = list(bench.measure_all(0))
    assert [row["left_out"] for row in rows] == ["out of time"] * len(bench.rows_to_measure())


@pytest.mark.parametrize("by", ["departments", "parameters"])
def test_the_picture_stands_alone(bench: ModuleType, by: str) -> None:
    rows = [
        {"departments": count, "parameters": size, "cpu_s": count * size / 1e6, "wall_s": count * size / 9e5}
        for count, size in [(8, 100), (20, 100), (1_000, 100), (8, 1_000), (8, 1_000_000), (100, 10_000)]
    ]
    drawn = ElementTree.fromstring(bench.plot([*rows, {"departments": 300, "parameters": 100}], by))
    lines = drawn.iter(f"{SVG}polyline")
    points = [line.get("points", "").split() for line in lines]
    assert [len(point) for point in points] == [3, 3, 2, 2]  # CPU and wall, then the legend
    texts = {text.text for text in drawn.iter(f"{SVG}text")}
    assert {by, "seconds a step", "CPU", "wall"} <= texts
