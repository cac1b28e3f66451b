"""Of very many cells a part is read, and what few of them hold is found all the same."""

import pytest

from xinqiao_governance.classify import classify
from xinqiao_governance.classify.cells import read_cells

ROWS = 20_000
QUIET = [f"第{n}窗口的菜有点凉" for n in range(ROWS)]


def test_the_cells_that_are_read_do_not_grow_with_the_rows() -> None:
    few, many = read_cells(QUIET[:6_000]), read_cells(QUIET)
    assert many.distinct < 5_000
    assert abs(many.filled - ROWS) < 0.05 * ROWS
    assert abs(few.filled - 6_000) < 300


@pytest.mark.parametrize("rhythm", [100, 97, 64])
def test_one_cell_of_a_hundred_is_found_in_any_rhythm(rhythm: int) -> None:
    cells = [f"本人高血压，需照顾{n}" if n % rhythm == 1 else cell for n, cell in enumerate(QUIET)]
    (proposal,) = classify([("备注", cells)])
    assert proposal.semantic == "text_personal"
    assert 0.5 / rhythm < read_cells(cells).inside_share() < 2 / rhythm


@pytest.mark.parametrize(
    "cell", ["联系我13812345678", "wxid_abc12345", "110101199003074514 ", "a@example.com", "138****5678"]
)
@pytest.mark.parametrize("place", [7, 11_111, 19_999])
def test_one_number_or_address_of_a_person_is_found_among_thousands(cell: str, place: int) -> None:
    cells = [*QUIET[:place], cell, *QUIET[place:]]
    assert len(read_cells(cells).kinds) + len(read_cells(cells).inside) > len(read_cells(QUIET).kinds)


def test_what_is_frequent_is_read_whatever_else_there_is() -> None:
    evidence = read_cells([*QUIET, *(["中共党员"] * ROWS)])
    assert 0.45 < evidence.closed_share("political_status") < 0.55
