"""No income of the demo's people stands anywhere outside the stores: not in reports, logs or evidence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.conftest import DemoRun
from xinqiao_app.public_data import INCOME_COLUMN, load_people, split

pytestmark = [pytest.mark.flow, pytest.mark.slow]
FEWEST_DIGITS = 8


def telling_incomes() -> list[float]:
    """Incomes in the training tables with enough digits not to arise by chance."""
    training, _ = split(load_people())
    incomes = {float(value) for value in training.frame[INCOME_COLUMN]}
    return sorted(value for value in incomes if len(repr(value)) >= FEWEST_DIGITS and value % 1)


def outside(run: DemoRun) -> Iterator[tuple[str, bytes]]:
    """Everything that the demo left or printed, but the encrypted stores."""
    yield "stdout", run.stdout.encode()
    yield "stderr", run.stderr.encode()
    for path in sorted(run.out.rglob("*")):
        if path.is_file():
            yield path.relative_to(run.out).as_posix(), path.read_bytes()


def test_no_income_is_found_outside_or_inside_the_stores(demo: DemoRun) -> None:
    incomes = telling_incomes()
    assert len(incomes) > 50
    needles = {repr(value).encode() for value in incomes}
    for name, data in outside(demo):
        hits = [needle for needle in needles if needle in data]
        assert hits == [], f"{len(hits)} incomes in {name}"


def test_the_search_would_find_one(tmp_path: Path) -> None:
    value = telling_incomes()[0]
    (tmp_path / "report.html").write_text(f"<td>{value!r}</td>", "utf-8")
    found = dict(outside(DemoRun(tmp_path, 0, "", "")))
    assert repr(value).encode() in found["report.html"]
