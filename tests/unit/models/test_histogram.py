"""Histograms over a public grid: one person's bound, and quantiles from exact and noised counts."""

from dataclasses import replace

import numpy as np
import pytest

from simulators import rows
from xinqiao_governance.errors import ProtocolViolated, WireInvalid
from xinqiao_governance.model_spec import MICRO, Family, ModelSpec, NumberLabel, ThresholdLabel
from xinqiao_governance.order import Spend
from xinqiao_models.defaults import plan_for
from xinqiao_models.families import person_sums
from xinqiao_models.features import design, targets
from xinqiao_models.histogram import HISTOGRAM_CLIP_MICRO, quantile_bins, rank_deviation
from xinqiao_models.people import People, starts_of
from xinqiao_models.training import Training

CLIP = HISTOGRAM_CLIP_MICRO / MICRO
SPEC = ModelSpec("pay", (), NumberLabel("pay", 0, 10 * MICRO), family=Family.HISTOGRAM, cells=5)


def counted(pay: list[float], ids: list[str], spec: ModelSpec = SPEC) -> np.ndarray:
    columns = {"pay": np.array(pay)}
    grouped = People(design(columns, spec), targets(columns, spec), starts_of(np.array(ids)))
    return person_sums(grouped, spec).clipped_sum(np.zeros(spec.parameters), CLIP)


def test_each_person_counts_once_in_the_cell_of_the_grid() -> None:
    assert SPEC.grid.edges_micro == (2 * MICRO, 4 * MICRO, 6 * MICRO, 8 * MICRO)
    counts = counted([1, 2, 3.5, -7, 99, np.nan, 10], list("abcdefg"))
    assert counts == pytest.approx([2, 2, 0, 0, 2, 1], abs=1e-8)


def test_all_of_a_persons_rows_share_one_count() -> None:
    assert counted([1, 1, 9, np.nan], list("aaaa")) == pytest.approx([0.5, 0, 0, 0, 0.25, 0.25], abs=1e-8)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 1_000])
def test_no_person_moves_the_sum_by_more_than_the_bound(count: int) -> None:
    """Exactly: with and without one more person, whoever else is there."""
    random = np.random.default_rng(count)
    pay = random.uniform(0, 10, 500).tolist()
    ids = [f"p{place:03}" for place in range(500)]
    added = counted([*pay, *[3.0] * count], [*ids, *["q"] * count]) - counted(pay, ids)
    assert 1 - 1e-5 < np.linalg.norm(added) <= 1.0


def test_parameters_or_a_clip_that_are_none_are_refused() -> None:
    everyone = People(np_design(), np.zeros((1, 1)), np.zeros(1, dtype=np.intp))
    sums = person_sums(everyone, SPEC)
    for parameters, clip in ((np.ones(6), CLIP), (np.zeros(5), CLIP), (np.zeros(6), 0.0)):
        with pytest.raises(ProtocolViolated):
            sums.clipped_sum(parameters, clip)
    assert np.linalg.norm(sums.clipped_sum(np.zeros(6), 0.5)) <= 0.5


def np_design():
    return design({"pay": np.array([5.0])}, SPEC)


@pytest.mark.parametrize(
    "change",
    [
        {"cells": 0},
        {"cells": 1},
        {"cells": 1_001},
        {"label": ThresholdLabel("pay", 0)},
        {"label": NumberLabel("pay", 0, 4)},
        {"features": rows.FEATURES},
        {"hidden": 3},
        {"family": Family.LINEAR},
        {"family": Family.MOMENTS},
    ],
)
def test_what_is_no_histogram_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(WireInvalid):
        replace(SPEC, **change)


def test_only_a_histogram_has_cells() -> None:
    with pytest.raises(WireInvalid):
        replace(rows.spec(), cells=5)
    with pytest.raises(WireInvalid):
        _ = rows.spec().grid


def test_by_hand_it_is_short_and_comes_back() -> None:
    label = {"kind": "number", "semantic": "pay", "low_micro": 0, "high_micro": 10 * MICRO}
    given = {"name": "pay", "family": "histogram", "cells": 5, "features": [], "label": label}
    assert ModelSpec.by_hand(given) == SPEC
    assert ModelSpec.from_json(SPEC.to_json()) == SPEC


# ---- quantiles ---------------------------------------------------------------------------------------


def test_quantiles_of_exact_counts_cut_the_people_evenly() -> None:
    spec = replace(SPEC, cells=1_000)
    pay = np.random.default_rng(1).beta(2, 5, 20_000) * 10
    found = quantile_bins(counted(pay.tolist(), [f"{n:05}" for n in range(20_000)], spec), spec, 10)
    assert found is not None
    assert found.semantic == "pay"
    edges = np.array(found.edges_micro) / MICRO
    assert edges == pytest.approx(np.quantile(pay, np.arange(1, 10) / 10), abs=0.01)


def test_edges_ascend_whatever_the_noise() -> None:
    random = np.random.default_rng(2)
    for _ in range(200):
        counts = random.normal(0, 30, 6) + np.array([0, 90, 0, 5, 0, 50])
        found = quantile_bins(counts, SPEC, 10)
        if found is None:
            continue
        edges = found.edges_micro
        assert list(edges) == sorted(set(edges))
        assert all(0 < edge < 10 * MICRO for edge in edges)


def test_missing_numbers_are_in_no_quantile() -> None:
    counts = np.array([10.0, 10.0, 10.0, 10.0, 10.0, 0.0])
    more = counts + np.array([0, 0, 0, 0, 0, 500.0])
    assert quantile_bins(counts, SPEC, 5) == quantile_bins(more, SPEC, 5) == SPEC.grid
    assert rank_deviation(counts, 1.0) == rank_deviation(more, 1.0) == pytest.approx(5**0.5 / 50)


def test_where_noise_left_nobody_there_are_no_quantiles() -> None:
    assert quantile_bins(np.full(6, -1.0), SPEC, 10) is None
    assert quantile_bins(np.zeros(6), SPEC, 10) is None
    assert rank_deviation(np.full(6, -1.0), 1.0) == np.inf
    assert quantile_bins(np.ones(rows.spec().parameters), rows.spec(), 10) is None


def test_a_job_is_one_answer_at_the_bound_of_one_person() -> None:
    plan = plan_for(SPEC, spend=Spend(MICRO, 10_000), members=4, people=400, answers=50)
    assert (plan.answers, plan.clip_micro, plan.dimension) == (1, HISTOGRAM_CLIP_MICRO, 6)
    training, opened = Training(SPEC, plan), np.arange(6.0)
    assert not training.parameters.any()
    training.take(opened)
    resumed = Training(SPEC, plan)
    resumed.restore(training.to_bytes())
    assert np.array_equal(resumed.model, opened)


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_noise_moves_ranks_by_less_than_is_said(quantile: float) -> None:
    """Two thousand noised copies of skewed counts: the spread of the rank is within the stated deviation."""
    random, counts = np.random.default_rng(3), np.array([900.0, 60, 20, 10, 10, 0])
    stated = rank_deviation(counts, 20.0)
    ranks = []
    for _ in range(2_000):
        noised = counts + random.normal(0, 20, 6)
        below = noised[:1].sum() - quantile * noised[:-1].sum()
        ranks.append(below / counts[:-1].sum())
    assert np.std(ranks) <= 1.05 * stated
