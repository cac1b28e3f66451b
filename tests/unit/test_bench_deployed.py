"""The measurement of a deployed step: it waits for departments no longer than it says."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(BENCH))
    import deployed_step

    yield deployed_step
    for name in ("deployed_step", "run", "meter", "plain_loop"):
        sys.modules.pop(name, None)


class Channel:
    def members(self) -> list[str]:
        return ["1", "2"]


def test_departments_that_never_come_end_it_in_one_sentence(bench: ModuleType) -> None:
    with pytest.raises(SystemExit, match="only 2 of 8 departments came online"):
        bench._gather(Channel(), patience_s=0.0)
