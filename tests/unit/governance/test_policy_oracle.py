"""The policy against an oracle that another hand wrote from the same text, without Cedar."""

import sys
from pathlib import Path

import pytest

from unit.governance.test_policy import POLICY

ROOT = Path(__file__).parents[3]
REQUESTS = 20_000
ORACLE = ROOT / "tests" / "oracles" / "policy_oracle.py"


def test_policy_and_oracle_answer_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make bench-policy` asks many more."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    monkeypatch.delitem(sys.modules, "policy", raising=False)
    from policy import agreement, load_oracle

    found = agreement(POLICY, load_oracle(ORACLE), REQUESTS)
    assert found["first_different"] == []
    assert 0 < found["allowed"] < found["requests"] == REQUESTS
