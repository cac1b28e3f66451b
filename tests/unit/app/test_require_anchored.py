"""What a chain says that the log had: by what it is held for good, and what stops one start alone."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from simulators.restores import Tampered, cut
from xinqiao_app.evidence import require_anchored
from xinqiao_governance.errors import StoreDamaged
from xinqiao_governance.messages import LANGUAGES, explain
from xinqiao_ledger.anchor import Anchor
from xinqiao_ledger.chain import open_embedded
from xinqiao_ledger.chain_config import ChainConfig
from xinqiao_ledger.outbox import Outbox


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Tampered]:
    """A centre that anchors by somebody's node."""
    with closing(Tampered(tmp_path)) as world:
        ChainConfig("http://127.0.0.1:1", 31337, "0x" + "5B" * 20, "independent").write(world.folder)
        world.grow(3)
        yield world


class Lying:
    """A chain behind a node that invents a head."""

    def __init__(self, anchor: Anchor) -> None:
        self._anchor = anchor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._anchor, name)

    def heads_from(self, _size: int) -> Sequence[tuple[int, bytes]]:
        return [(10**12, bytes(32))]


def outbox_of(world: Tampered, *, lying: bool = False) -> Outbox:
    def open_chain(_: float) -> Anchor:
        honest = open_embedded(world.folder.parent / "elsewhere")
        return Lying(honest) if lying else honest  # type: ignore[return-value]

    return Outbox(world.folder / "anchors.sqlite", world.centre.log, open_chain)


def check(world: Tampered, *, lying: bool = False) -> None:
    with closing(outbox_of(world, lying=lying)) as outbox:
        require_anchored(world.centre, outbox, patience_s=30)


def anchored(world: Tampered) -> int:
    with closing(outbox_of(world)) as outbox:
        record = outbox.publish_newest()
    assert record is not None
    return record.size


@pytest.mark.parametrize("sent", [False, True])
def test_a_node_that_lies_stops_one_start_and_no_more(world: Tampered, sent: bool) -> None:
    if sent:
        anchored(world)
    with pytest.raises(StoreDamaged, match="log_lacks_anchored") as caught:
        check(world, lying=True)
    assert all("1000000000000" in explain(caught.value, language) for language in LANGUAGES)
    world.restart()
    world.grow()
    world.centre.log.checkpoint()
    check(world)


def test_what_the_log_signed_for_an_anchor_puts_it_behind_for_good(world: Tampered) -> None:
    size = anchored(world)
    world.tamper(cut(size - 2))
    with pytest.raises(StoreDamaged, match="log_behind") as caught:
        check(world)
    assert caught.value.fields == {"told_by": "anchor", "size": size}
    world.restart()
    with pytest.raises(StoreDamaged, match="log_behind"):
        world.centre.log.checkpoint()


def test_a_restore_of_all_that_the_centre_keeps_still_starts_nothing(world: Tampered) -> None:
    """The outbox came back with the log: only the chain knows, and it is right."""
    size = anchored(world)
    (world.folder / "anchors.sqlite").unlink()
    world.tamper(cut(size - 2))
    for _ in range(2):
        with pytest.raises(StoreDamaged, match="log_lacks_anchored"):
            check(world)
    world.centre.log.require_current()
