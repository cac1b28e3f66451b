"""Leave to use rows for a result that stays: by the policy that the department adopted."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simulators.enterprise import MODEL, Enterprise, found
from xinqiao_clients.local_use import allowed_use
from xinqiao_clients.policies import approve, propose
from xinqiao_clients.policy_files import default_policy
from xinqiao_clients.published import Published
from xinqiao_governance.errors import Denied
from xinqiao_ledger.event import Kind


def masked(text: str) -> str:
    reason = '@reason("permit_result_steward")'
    return text.replace(reason, f'{reason}\n@mask("identifiers")')


def closed(text: str) -> str:
    rule = 'forbid (principal == Role::"steward", action, resource);'
    return f'{text}\n@id("closed")\n@reason("not_own")\n{rule}\n'


@pytest.fixture
def enterprise(tmp_path: Path) -> Enterprise:
    return found(tmp_path)


def use(enterprise: Enterprise) -> list[str]:
    home = enterprise.sites[0].home
    model = Published(enterprise.order().body, MODEL, np.zeros(MODEL.parameters), b"synthetic model")
    with allowed_use(home, model, "local_layer", "Li") as (_, columns):
        return [column.name for column in columns]


def test_the_first_policy_lets_the_steward(enterprise: Enterprise) -> None:
    assert use(enterprise)


@pytest.mark.parametrize(("change", "reason"), [(masked, "obligation_unmet"), (closed, "not_own")])
def test_an_adopted_policy_binds_the_steward_too(
    enterprise: Enterprise, change: Callable[[str], str], reason: str
) -> None:
    """Rows come back by their own names, so a policy that wants them masked gets none."""
    home = enterprise.sites[0].home
    approve(home, propose(home, change(default_policy().text), "Li").digest.hex(), "Wang")
    with pytest.raises(Denied, match=reason):
        use(enterprise)
    last = home.book.events()[-1]
    assert (last.kind, last.decision, last.reason) == (Kind.DECISION, "refuse", reason)
    assert last.policy_digest == home.policy.digest.hex()
