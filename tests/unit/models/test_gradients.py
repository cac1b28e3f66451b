"""Clipped sums against a loop over people, autograd and Opacus; and that the bound holds exactly."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid, ProtocolViolated
from xinqiao_models import gradients
from xinqiao_models.gradients import PersonGradients, clipped_sum, starts_of

Rows = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.intp]]
COLUMNS = 12


def people(rows: int, *, panel: bool, seed: int = 3) -> Rows:
    """Random one-hot-like rows; in a panel a person has one to five."""
    rng = np.random.default_rng(seed)
    design = (rng.random((rows, COLUMNS)) < 0.3).astype(np.float32)
    design[:, 0] = 1.0
    labels = (rng.random(rows) < 0.4).astype(np.float32)
    ids = np.repeat(np.arange(rows), rng.integers(1, 6, rows))[:rows] if panel else np.arange(rows)
    return design, labels, starts_of(ids)


def parameters(scale: float = 1.0) -> NDArray[np.float64]:
    return np.random.default_rng(4).normal(0, scale, COLUMNS)


def one_person(
    design: NDArray[np.float32], labels: NDArray[np.float32], theta: NDArray[np.float64]
) -> list[float]:
    """The gradient of one person's rows, one row and one column at a time."""
    gradient = [0.0] * design.shape[1]
    for row, label in zip(design.tolist(), labels.tolist(), strict=True):
        logit = math.fsum(x * t for x, t in zip(row, theta.tolist(), strict=True))
        residual = 1 / (1 + math.exp(-logit)) - label
        gradient = [g + residual * x for g, x in zip(gradient, row, strict=True)]
    return gradient


def loop(rows: Rows, theta: NDArray[np.float64], clip: float) -> NDArray[np.float64]:
    design, labels, starts = rows
    total = np.zeros(design.shape[1])
    for first, last in zip(starts, [*starts[1:], len(labels)], strict=True):
        gradient = np.array(one_person(design[first:last], labels[first:last], theta))
        total += gradient * min(1.0, clip / max(float(np.linalg.norm(gradient)), 1e-300))
    return total


@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("clip", [0.1, 1.0, 100.0])
def test_agrees_with_one_person_at_a_time(panel: bool, clip: float) -> None:
    rows = people(300, panel=panel)
    expected = loop(rows, parameters(), clip)
    assert clipped_sum(*rows, parameters(), clip) == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("clip", [0.001, 0.5, 2.0])
@pytest.mark.parametrize("seed", range(4))
def test_a_person_moves_the_sum_by_their_own_part_exactly_and_within_the_bound(
    panel: bool, clip: float, seed: int
) -> None:
    """Bit for bit: no rounding in others' parts, also where the row count passes a power of two."""
    design, labels, starts = people(513, panel=panel, seed=seed)
    theta = parameters(2.0)
    everyone = clipped_sum(design, labels, starts, theta, clip)
    for person in (0, len(starts) // 2, len(starts) - 1):
        first = int(starts[person])
        last = int(starts[person + 1]) if person + 1 < len(starts) else len(labels)
        own = clipped_sum(design[first:last], labels[first:last], np.zeros(1, dtype=np.intp), theta, clip)
        kept = np.r_[0:first, last : len(labels)]
        left = starts[starts != first].copy()
        left[left > first] -= last - first
        others = clipped_sum(design[kept], labels[kept], left, theta, clip)
        assert np.array_equal(everyone - others, own)
        assert math.sqrt(math.fsum(float(x) ** 2 for x in own)) <= clip


def test_two_rows_of_one_person_are_clipped_together() -> None:
    design, labels = np.ones((2, 3), dtype=np.float32), np.ones(2, dtype=np.float32)
    together = clipped_sum(design, labels, np.array([0]), np.zeros(3), 0.5)
    apart = clipped_sum(design, labels, np.array([0, 1]), np.zeros(3), 0.5)
    assert np.linalg.norm(together) == pytest.approx(0.5, rel=1e-5)
    assert np.linalg.norm(apart) == pytest.approx(1.0, rel=1e-5)


def test_a_person_with_very_many_rows_stays_within_the_bound() -> None:
    rows = 200_000
    design, labels = np.ones((rows, 2), dtype=np.float32), np.ones(rows, dtype=np.float32)
    for clip in (1e-6, 1e-3, 1.0):
        total = clipped_sum(design, labels, np.array([0]), np.zeros(2), clip)
        assert np.linalg.norm(total) <= clip


@pytest.mark.parametrize("theta", np.linspace(0.3, 1.2, 10))
def test_cutting_to_the_grid_never_lifts_a_person_above_the_bound(theta: float) -> None:
    """Rows that pull both ways: cutting the smaller side by more lengthens the difference."""
    rows = 20_000
    design, labels = np.ones((rows, 1), dtype=np.float32), (np.arange(rows) % 5 < 2).astype(np.float32)
    total = clipped_sum(design, labels, np.array([0]), np.array([theta]), 1e-3)
    assert 0 < abs(total[0]) <= 1e-3


def test_a_clipped_person_ends_a_hair_inside_the_bound() -> None:
    design, labels = np.ones((1, 4), dtype=np.float32), np.ones(1, dtype=np.float32)
    length = np.linalg.norm(clipped_sum(design, labels, np.array([0]), np.zeros(4), 0.5))
    assert 0.5 * (1 - 1.1e-6) < length < 0.5 * (1 - 0.9e-6)


def test_a_person_without_gradient_or_room_adds_nothing() -> None:
    design, labels = np.ones((20_000, 1), dtype=np.float32), np.ones(20_000, dtype=np.float32)
    assert clipped_sum(design, labels, np.array([0]), np.array([100.0]), 1e-6).tolist() == [0.0]


def test_parameters_are_rounded_to_the_grid_on_which_logits_are_exact() -> None:
    rows, theta = people(3_000, panel=False), np.rint(parameters() * 1e3) / 1024
    near = clipped_sum(*rows, theta + 1e-10, 1.0)
    assert np.array_equal(near, clipped_sum(*rows, theta, 1.0))


def test_nobody_adds_nothing() -> None:
    nothing = np.zeros((0, 4), dtype=np.float32), np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.intp)
    assert clipped_sum(*nothing, np.zeros(4), 1.0).tolist() == [0.0] * 4


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("clip", [0.3, 1.0])
def test_agrees_with_autograd_and_opacus(clip: float) -> None:
    import torch
    from opacus import GradSampleModule

    design, labels, starts = people(200, panel=False)
    theta = parameters()
    linear = torch.nn.Linear(COLUMNS, 1, bias=False)
    linear.weight.data = torch.tensor(theta[None, :], dtype=torch.float32)
    x, y = torch.tensor(design), torch.tensor(labels)[:, None]

    def per_person(module: torch.nn.Module) -> torch.Tensor:
        return torch.nn.functional.binary_cross_entropy_with_logits(module(x), y, reduction="sum")

    autograd = [
        torch.autograd.grad(
            torch.nn.functional.binary_cross_entropy_with_logits(linear(x[i : i + 1]), y[i : i + 1]),
            linear.weight,
        )[0].flatten()
        for i in range(len(x))
    ]
    module = GradSampleModule(linear, loss_reduction="sum")
    per_person(module).backward()
    samples = linear.weight.grad_sample.reshape(len(x), COLUMNS)
    for oracle in (torch.stack(autograd), samples):
        factors = torch.clamp(clip / oracle.norm(dim=1, keepdim=True), max=1.0)
        expected = (oracle * factors).sum(dim=0).numpy()
        assert clipped_sum(design, labels, starts, theta, clip) == pytest.approx(expected, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("design", np.nan),
        ("design", 2.0),
        ("design", 0.5),
        ("design", -1.0),
        ("labels", np.nan),
        ("labels", 0.5),
    ],
)
def test_rows_that_are_not_zero_or_one_are_refused(name: str, value: float) -> None:
    design, labels, starts = people(20, panel=False)
    {"design": design[3], "labels": labels}[name][1] = value
    with pytest.raises(DataInvalid) as refused:
        PersonGradients(design, labels, starts)
    assert refused.value.code == "gradient_rows_invalid"


@pytest.mark.parametrize("starts", [[], [1], [0, 0], [0, 5, 3], [0, 20], [[0]]])
def test_starts_that_do_not_cut_the_rows_are_refused(starts: list[int]) -> None:
    design, labels, _ = people(20, panel=False)
    with pytest.raises(DataInvalid) as refused:
        PersonGradients(design, labels, np.array(starts, dtype=np.intp))
    assert refused.value.code == "gradient_rows_invalid"


def test_more_rows_than_stay_exact_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradients, "ROW_LIMIT", 19)
    with pytest.raises(DataInvalid) as refused:
        PersonGradients(*people(20, panel=False))
    assert refused.value.code == "gradient_rows_too_many"


@pytest.mark.parametrize(
    "theta",
    [
        np.full(COLUMNS, np.nan),
        np.full(COLUMNS, np.inf),
        np.full(COLUMNS, 1e308),
        np.full(COLUMNS, 2.0**17),
        np.zeros(COLUMNS + 1),
        np.zeros((1, COLUMNS)),
    ],
)
def test_hostile_parameters_are_refused(theta: NDArray[np.float64]) -> None:
    with pytest.raises(ProtocolViolated) as refused:
        clipped_sum(*people(20, panel=False), theta, 1.0)
    assert refused.value.code == "parameters_invalid"


@pytest.mark.parametrize("theta", [np.full(COLUMNS, 80_000.0), np.full(COLUMNS, -80_000.0)])
def test_extreme_parameters_give_finite_sums(theta: NDArray[np.float64]) -> None:
    assert np.isfinite(clipped_sum(*people(20, panel=True), theta, 1.0)).all()


@pytest.mark.parametrize("clip", [0.0, -1.0, np.nan, np.inf])
def test_a_clip_that_bounds_nothing_is_refused(clip: float) -> None:
    with pytest.raises(ProtocolViolated) as refused:
        clipped_sum(*people(20, panel=False), parameters(), clip)
    assert refused.value.code == "gradient_clip_invalid"


def test_starts_of_ids() -> None:
    assert starts_of(np.array(["b", "b", "a", "c", "c"])).tolist() == [0, 2, 3]
    assert starts_of(np.array([], dtype=np.int64)).tolist() == []
    with pytest.raises(DataInvalid):
        starts_of(np.array(["a", "b", "a"]))
