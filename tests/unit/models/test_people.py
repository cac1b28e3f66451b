"""People: rows that would break a bound are refused before anything is added up."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators import rows
from xinqiao_governance.errors import DataInvalid
from xinqiao_models import people as people_module
from xinqiao_models.features import Design
from xinqiao_models.people import People, starts_of

EVERYONE = rows.people(rows.spec(), 20)


def refused(design: Design, targets: NDArray[np.float64], starts: object) -> str:
    with pytest.raises(DataInvalid) as caught:
        People(design, targets, np.array(starts, dtype=np.intp))
    return caught.value.code


@pytest.mark.parametrize("value", [np.nan, np.inf, 1.5, -1.000001])
def test_targets_beyond_one_are_refused(value: float) -> None:
    targets = EVERYONE.targets.copy()
    targets[3, 0] = value
    assert refused(EVERYONE.design, targets, EVERYONE.starts) == "gradient_rows_invalid"


@pytest.mark.parametrize("targets", [np.zeros((19, 1)), np.zeros(20), np.zeros((20, 1, 1))])
def test_targets_of_another_shape_are_refused(targets: NDArray[np.float64]) -> None:
    assert refused(EVERYONE.design, targets, EVERYONE.starts) == "gradient_rows_invalid"


@pytest.mark.parametrize("scale", [0.0, -1.0, 2.0, 0.25, 0.3, np.nan, np.inf])
def test_other_scales_than_one_and_a_half_are_refused(scale: float) -> None:
    scales = EVERYONE.design.scales.copy()
    scales[2] = scale
    design = replace(EVERYONE.design, scales=scales)
    assert refused(design, EVERYONE.targets, EVERYONE.starts) == "gradient_rows_invalid"


@pytest.mark.parametrize("count", [0, 5, 7])
def test_one_scale_a_block(count: int) -> None:
    design = replace(EVERYONE.design, scales=np.ones(count))
    assert refused(design, EVERYONE.targets, EVERYONE.starts) == "gradient_rows_invalid"


@pytest.mark.parametrize("value", [-1, 10_000, "the next block's", "the block's before"])
def test_positions_out_of_their_columns_or_twice_in_one_are_refused(value: object) -> None:
    """A column met twice would hold an entry of 2: the row would be longer than its norm says."""
    positions = EVERYONE.design.positions.copy()
    copied = {"the next block's": positions[4, 3], "the block's before": positions[4, 1]}
    positions[4, 2] = copied.get(value, value)
    design = replace(EVERYONE.design, positions=positions)
    assert refused(design, EVERYONE.targets, EVERYONE.starts) == "gradient_rows_invalid"


@pytest.mark.parametrize(("block", "position"), [(0, -1), (-1, EVERYONE.design.inputs)])
def test_positions_that_ascend_beyond_the_columns_are_refused(block: int, position: int) -> None:
    positions = EVERYONE.design.positions.copy()
    positions[4, block] = position
    design = replace(EVERYONE.design, positions=positions)
    assert refused(design, EVERYONE.targets, EVERYONE.starts) == "gradient_rows_invalid"


@pytest.mark.parametrize("starts", [[], [1], [0, 0], [0, 5, 3], [0, 20], [[0]], [-1, 0]])
def test_starts_that_do_not_cut_the_rows_are_refused(starts: list[int]) -> None:
    assert refused(EVERYONE.design, EVERYONE.targets, starts) == "gradient_rows_invalid"


def test_more_rows_than_stay_exact_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_module, "ROW_LIMIT", 19)
    assert refused(EVERYONE.design, EVERYONE.targets, EVERYONE.starts) == "gradient_rows_too_many"


def test_what_is_known_of_people_is_repeated_for_their_rows() -> None:
    panel = People(EVERYONE.design, EVERYONE.targets, np.array([0, 3, 4]))
    assert panel.rows_of.tolist() == [3, 1, 16]
    assert panel.to_rows(np.array([7, 8, 9])).tolist() == [7] * 3 + [8] + [9] * 16


def test_starts_of_ids() -> None:
    assert starts_of(np.array(["b", "b", "a", "c", "c"])).tolist() == [0, 2, 3]
    assert starts_of(np.array([], dtype=np.int64)).tolist() == []
    with pytest.raises(DataInvalid):
        starts_of(np.array(["a", "b", "a"]))
