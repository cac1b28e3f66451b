"""The accuracy benchmarks compare like with like: one split, one law of noise, tables of the runs."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulators import rows
from xinqiao_governance.errors import DataInvalid
from xinqiao_models.families import person_sums
from xinqiao_models.noise import DiscreteGaussian
from xinqiao_models.optimiser import advance, average, start
from xinqiao_models.reference import gaussian_epsilon
from xinqiao_models.sums import masked_share, open_sum

BENCH = Path(__file__).parents[2] / "bench"
MODULES = (
    "accuracy",
    "dropouts",
    "joining",
    "local_noise",
    "lost_points",
    "meter",
    "plain_loop",
    "results_file",
    "richer",
    "run",
    "sets",
    "trials",
    "trusted_centre",
)
COUNT = 1500


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(BENCH))
    import trials

    yield trials
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def loaded(trials: ModuleType) -> Any:
    """Synthetic people in three departments, two rows a person."""
    return trials.from_frame(_set(), _frame())


def _frame() -> pd.DataFrame:
    table = pd.DataFrame(rows.columns(COUNT, "yes"))
    return table.assign(
        outcome=(table["outcome"] > 0).map({True: "yes", False: "no"}),
        who=np.arange(COUNT) // 2,
        site=np.where(np.arange(COUNT) % 4 < 2, 1.0, np.arange(COUNT) // 2 % 3 + 1.0),
    )


def _set() -> Any:
    from sets import Grouped, RealSet

    label = rows.ThresholdLabel("outcome", 500_000)
    grouped = Grouped(("site",), ("1", "2"))
    return RealSet(
        "synthetic",
        ("none", "none"),
        COUNT,
        "record",
        label,
        rows.FEATURES,
        grouped,
        positive="yes",
        people="who",
    )


def test_every_row_is_held_out_once_and_no_person_is_on_both_sides(trials: ModuleType, loaded: Any) -> None:
    who = _frame()["who"].to_numpy()
    for fold in range(5):
        assert not set(who[loaded.fold == fold]) & set(who[loaded.fold != fold])
    assert sum(len(trials.trial(loaded, run, 3).held_out["age"]) for run in range(5)) == COUNT
    assert np.bincount(loaded.fold).min() > COUNT / 6


def test_departments_are_the_sets_own_where_it_has_as_many(trials: ModuleType, loaded: Any) -> None:
    own, dealt = trials.trial(loaded, 0, 3), trials.trial(loaded, 0, 5)
    site = _frame()["site"].to_numpy()
    training, held_out = site[loaded.fold != 0], site[loaded.fold == 0]
    for number, (home, away) in enumerate(zip(own.parts.homes, own.held_out_homes, strict=True), start=1):
        assert set(training[home]) == set(held_out[away]) == {float(number)}
    assert len(dealt.parts.homes) == 5
    assert not dealt.held_out_homes
    assert sorted(np.concatenate(dealt.parts.homes)) == list(range(len(training)))


def test_the_array_arm_opens_what_the_protocol_opens(
    trials: ModuleType, loaded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same sums by department, rounding, number of shares and scale; noise is fixed to compare them."""
    monkeypatch.setattr(DiscreteGaussian, "draw", lambda _self, count: np.full(count, 3, dtype=np.int64))
    cut = trials.trial(loaded, 0, 3)
    plan = cut.plan(1.0)
    parameters = rows.parameters(cut.spec)
    everybody = cut.people
    homes = [rows.only(everybody, home.tolist()) for home in cut.parts.homes]
    sums = [person_sums(home, cut.spec).clipped_sum(parameters, plan.clip) for home in homes]
    by_home = trials.home_sums(cut)(parameters, plan.clip)
    assert by_home.tolist() == [one.tolist() for one in sums]
    unmasked = np.zeros(plan.dimension, dtype=np.uint32)
    protocol = open_sum([masked_share(one, plan, 3, unmasked) for one in sums], plan)
    assert trials.opened(by_home, plan).tolist() == protocol.tolist()


def test_the_array_arm_carries_the_noise_of_all_shares(trials: ModuleType, loaded: Any) -> None:
    plan = trials.trial(loaded, 0, 3).plan(1.0)
    drawn = np.concatenate([trials.opened(np.zeros((3, plan.dimension)), plan) for _ in range(400)])
    assert drawn.std() == pytest.approx(trials.carried_deviation(plan), rel=0.05)
    assert trials.carried_deviation(plan) > np.sqrt(plan.variance) / plan.scale * 1.2  # t = 1 of three


def test_arms_trained_together_descend_as_the_product_does(trials: ModuleType, loaded: Any) -> None:
    cut = trials.trial(loaded, 0, 3)
    plan = cut.plan(1.0, 30)
    still = trials.continuous_arm(cut, clip=plan.clip, rate=0.07, deviation=0.0)
    other = trials.continuous_arm(cut, clip=plan.clip / 3, rate=0.02, deviation=0.0)
    sums = person_sums(cut.people, cut.spec)
    for arm, model in zip([still, other], trials.together(cut, [still, other], 30), strict=True):
        state = start(np.zeros(cut.spec.parameters), 30)
        for _ in range(30):
            state = advance(state, sums.clipped_sum(state.parameters, arm.clip) / cut.nominal, arm.rate)
        assert np.abs(average(state) - model).max() < 1e-4


def test_the_arm_of_shares_carries_their_noise(trials: ModuleType, loaded: Any) -> None:
    cut = trials.trial(loaded, 0, 3)
    plan = cut.plan(1.0)
    arm = trials.shares_arm(cut, plan)
    drawn = np.concatenate([arm.noise() for _ in range(400)])
    assert drawn.std() == pytest.approx(trials.carried_deviation(plan), rel=0.05)


def test_the_local_arm_has_the_least_noise_for_its_epsilon(trials: ModuleType) -> None:
    multiplier = trials.analytic_multiplier(1.0, 100)
    assert gaussian_epsilon(multiplier, 100, 1e-5) <= 1.0 < gaussian_epsilon(0.999 * multiplier, 100, 1e-5)


def test_a_set_of_other_size_than_listed_is_refused(
    trials: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from sets import CPS1988

    with pytest.raises(DataInvalid):
        trials.load(replace(CPS1988, rows=CPS1988.rows - 1), Path())


def test_credit_without_its_files_is_skipped_with_the_reason(trials: ModuleType, tmp_path: Path) -> None:
    import accuracy

    loaded, skipped = accuracy.load_all(tmp_path)
    assert skipped == {"credit": "io_failed"}
    assert len(loaded) == 6


def test_lost_points_of_a_small_set_and_resuming(trials: ModuleType, loaded: Any, tmp_path: Path) -> None:
    import lost_points
    from results_file import Findings

    lost_points.RUNS["arrays"] = 1
    found = Findings(tmp_path, "lost", [loaded], {})
    lost_points.measure([loaded], found, ("arrays",))
    written = json.loads((tmp_path / "lost.json").read_text())
    assert len(written["runs"]) == 3
    assert "| synthetic | 1500 | record |" in (tmp_path / "lost.md").read_text("utf-8")
    assert ">synthetic</text>" in (tmp_path / "lost.svg").read_text("utf-8")
    again = Findings(tmp_path, "lost", [loaded], {}, resume=True)
    lost_points.measure([loaded], again, ("arrays",))
    assert again.rows == written["runs"]


def _lost(name: str, run: int, epsilon: float) -> dict[str, Any]:
    cell = {"arm": "arrays", "set": name, "run": run, "epsilon": epsilon}
    return {**cell, "auc": 0.79, "converged_auc": 0.8, "lost": 1.0}


def test_points_are_judged_once_every_set_has_all_its_runs(
    trials: ModuleType, loaded: Any, tmp_path: Path
) -> None:
    import lost_points
    from results_file import Findings

    lost_points.RUNS["arrays"] = 2
    found = Findings(tmp_path, "lost", [loaded], {})
    for epsilon in lost_points.LOST_EPSILONS:
        found.add(_lost("synthetic", 0, epsilon))
    lost_points.conclude(found)
    page = (tmp_path / "lost.md").read_text("utf-8")
    assert "partial: 0 of 1 sets complete" in page
    assert "goal, mean" not in page
    assert "±" not in page.split("|---")[1]
    for epsilon in lost_points.LOST_EPSILONS:
        found.add(_lost("synthetic", 1, epsilon))
    lost_points.conclude(found)
    page = (tmp_path / "lost.md").read_text("utf-8")
    assert "goal, mean" in page
    assert "partial" not in page


def test_rows_of_a_set_that_is_not_loaded_stay_in_the_table(
    trials: ModuleType, loaded: Any, tmp_path: Path
) -> None:
    import lost_points
    from results_file import Findings

    found = Findings(tmp_path, "lost", [loaded], {})
    found.add(_lost("synthetic", 0, 1.0))
    lost_points.conclude(found)
    again = Findings(tmp_path, "lost", [], {"credit": "io_failed"}, resume=True)
    lost_points.conclude(again)
    page = (tmp_path / "lost.md").read_text("utf-8")
    assert "| synthetic | 1500 | record |" in page
    assert "0 of 2 sets complete" in page
    assert "credit (io_failed: its files are missing, CREDIT=FOLDER)" in page
    (call,) = json.loads((tmp_path / "lost.json").read_text())["calls"]
    assert call["runs"] == 1
    assert call["commit"]


def test_vanishing_departments_say_that_they_were_not_measured(trials: ModuleType, tmp_path: Path) -> None:
    import dropouts
    from results_file import Findings

    dropouts.measure([], Findings(tmp_path, "drop", [], {"credit": "io_failed"}))
    assert "not measured: credit (io_failed: its files are missing" in (tmp_path / "drop.md").read_text(
        "utf-8"
    )


def test_a_missed_goal_against_a_trusted_centre_is_named(trials: ModuleType, tmp_path: Path) -> None:
    import trusted_centre
    from results_file import Findings

    trusted_centre.TRUSTED_RUNS = 1
    found = Findings(tmp_path, "centre", [], {})
    for name, more in (("gss_wages", 0.05), ("credit", 0.2)):
        for arm in trusted_centre.ARMS:
            lost = 0.5 + (more if arm == "shares" else 0)
            found.add({"set": name, "run": 0, "arm": arm, "multiplier": 60.0, "lost": lost})
    trusted_centre.conclude(found)
    page = (tmp_path / "centre.md").read_text("utf-8")
    assert "met, +0.050 (1 run)" in page
    assert "**missed**, +0.200 (1 run)" in page


def test_local_noise_is_tuned_and_compared(trials: ModuleType, loaded: Any, tmp_path: Path) -> None:
    import local_noise
    from results_file import Findings

    local_noise.GRID = local_noise.GRID[:2]
    cut = trials.trial(loaded, 0, 3)
    lost = local_noise.tried([cut], (3, 1.0))
    better = [min(lost) - 1, max(lost)]
    chosen = local_noise.choose({(3, 1.0): lost, (3, 1.1): better, (3, 0.9): better, (3, 9.0): better[::-1]})
    settings = chosen[(3, 1.0)]
    assert settings == local_noise.GRID[0]
    both = list(local_noise.compare(loaded, 0, {(3, 1.0): settings, (5, 4.0): settings}))
    assert [row["arm"] for row in both] == [*["shares", "local"] * 2, *["local_rule"] * 2]
    found = Findings(tmp_path, "local", [loaded], {})
    cell = {"set": "synthetic", "departments": 8, "epsilon": 1.0, "run": 0}
    chosen = {"rate": settings.rate, "clip_share": settings.clip_share, "answers": settings.answers}
    found.add({**cell, "arm": "shares", "lost": 0.5})
    found.add({**cell, "arm": "local", "lost": 1.0, **chosen})
    found.add({**cell, "arm": "local_rule", "lost": 1.2, **chosen})
    local_noise.conclude(found)
    summary = json.loads((tmp_path / "local.json").read_text())["summary"]
    assert (summary["judged"], summary["met"], summary["least_ratio"]) == (1, 1, 2.0)


def test_arms_of_the_trusted_centre_have_ever_less_noise(trials: ModuleType, loaded: Any) -> None:
    import trusted_centre

    noise = list(trusted_centre.deviations(trials.trial(loaded, 0, 3).plan(1.0)).values())
    assert noise[0] == noise[1] > noise[2] > noise[3] > 0


@pytest.mark.slow
@pytest.mark.flow
def test_protocol_and_local_layer_on_a_small_set(trials: ModuleType, loaded: Any) -> None:
    cut = trials.trial(loaded, 0, 3)
    trained = trials.protocol(cut, 4.0, answers=4)
    assert (trained.steps, trained.void_steps) == (4, 0)
    assert 0 < cut.auc(trained.parameters) < 1

    from joining import departments_of

    figures = list(departments_of(cut, trained.parameters, ["one", "two", "three"]))
    assert [row["people"] for row in figures] == [len(away) for away in cut.held_out_homes]
    assert all(row["gain"] == pytest.approx(100 * (row["layer"] - row["alone"])) for row in figures)


def test_the_share_of_the_way_is_that_of_the_means_over_the_same_runs(trials: ModuleType) -> None:
    import richer

    ends = [
        {"arm": "none", "set": "a", "run": run, "logistic_auc": 0.8, "boosting_auc": 0.9 + run / 50}
        for run in (-1, 0, 1, 20)
    ]
    private = [
        {"arm": "arrays", "set": "a", "run": run, "epsilon": 4.0, "linear": 0.79, "pairs": 0.84 + run / 50}
        for run in (-1, 0, 1)
    ]
    (told,) = richer.summary_of([*ends, *private], "a")
    assert told["share_of_the_way"] == {"linear": -0.1, "pairs": 0.4}
    assert told["pairs"] == {"mean": 0.84, "sd": 0.02, "runs": 3}
    assert told["boosting_auc"]["mean"] == 0.9


def test_both_models_see_the_same_rows_and_learn_by_the_products_training(
    trials: ModuleType, loaded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import richer

    monkeypatch.setattr(richer, "DEPARTMENTS", 3)
    learned = richer.both(loaded, 0, 8.0, "arrays")
    assert learned.keys() == {"linear", "pairs"}
    assert min(learned.values()) > 0.6
