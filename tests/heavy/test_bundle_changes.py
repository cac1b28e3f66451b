"""Ten thousand random one-byte changes of a bundle of each scope: every one is caught by a named check."""

import os
import random
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.changes import caught, caught_at_once, closed_again, one_changed
from simulators.ledger import Enterprise

pytestmark = pytest.mark.heavy

CHANGES = 10_000


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    enterprise = Enterprise(tmp_path)
    enterprise.run()
    yield enterprise
    enterprise.close()


@pytest.fixture
def dice() -> random.Random:
    seed = int(os.environ.get("XINQIAO_SEED", secrets.randbelow(10**9)))
    print(f"XINQIAO_SEED={seed}")
    return random.Random(seed)


@pytest.mark.parametrize("scope", ["job", "event", "period"])
def test_ten_thousand_changes_are_caught(enterprise: Enterprise, dice: random.Random, scope: str) -> None:
    data = {
        "job": enterprise.bundle,
        "event": lambda: enterprise.event_bundle(6),
        "period": lambda: enterprise.period_bundle(1, 1_900_000_000),
    }[scope]()
    trust = enterprise.trust()
    for number in range(CHANGES):
        assert caught_at_once(one_changed(data, dice), trust), f"change {number}"
        assert caught(data, closed_again(data, dice), trust), f"change {number}, closed again"
