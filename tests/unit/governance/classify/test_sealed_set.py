"""The sealed set of the classifier's benchmark is measured, never read."""

import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parents[4] / "bench" / "classifier.py"


def test_no_column_of_the_sealed_set_is_listed() -> None:
    asked = subprocess.run(
        [sys.executable, str(BENCHMARK), "--sets", "first", "second", "--wrong"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 2
    assert "sealed" in asked.stderr
    assert not asked.stdout
