"""A SuperLink that is not there yet, goes, or never comes: who waits, for how long, and what is said once."""

import contextlib
import io
import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.cards import department_card
from simulators.enterprise import MODEL, SPEND
from simulators.tls import link
from simulators.waits import wait_until
from xinqiao_app import operate
from xinqiao_app.deployed import start_superlink
from xinqiao_app.directory import known, remember
from xinqiao_app.progress import Progress
from xinqiao_app.superlink_run import admit
from xinqiao_clients.flower import Link, public_pem, run_agent, trusting
from xinqiao_governance.errors import JobFailed, NodeUnavailable
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.centre import Centre
from xinqiao_platform.ordering import write_order
from xinqiao_platform.tls import authority_pem

pytestmark = [pytest.mark.flow, pytest.mark.slow]
BOUND_S = 60.0
NAMES = ("north", "south", "east", "west")


@dataclass(frozen=True)
class Desk:
    """An operator's folder with a signed order, and a port where nothing listens yet."""

    path: Path
    order: Signed[Order]
    operator: SigningKey
    port: int

    def run(self, progress: Progress, patience_s: float) -> None:
        operate.run_order(
            self.path / "centre",
            self.order,
            f"127.0.0.1:{self.port}",
            self.path / "out",
            progress,
            patience_s=patience_s,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    centre = Centre(tmp_path / "centre")
    cards = [department_card(name) for name in NAMES]
    order = write_order(
        centre,
        model=MODEL,
        people={card.fingerprint: 200 for card in cards},
        spend=SPEND,
        purpose="career_development",
        legal_basis="union_duty",
    )
    centre.close()
    remember(tmp_path / "centre", cards)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return Desk(tmp_path, order, centre.operator, unused.getsockname()[1])


def test_a_job_waits_for_a_superlink_that_comes_late(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is up the job goes on; no department is there, which ends it."""
    monkeypatch.setattr(operate, "_HELLO_S", 0.1)
    shown = io.StringIO()

    def come_late(running: contextlib.ExitStack) -> None:
        wait_until(lambda: "is not up yet" in shown.getvalue())
        running.enter_context(start_superlink(desk.path / "link", desk.operator, port=desk.port))

    with contextlib.ExitStack() as running, ThreadPoolExecutor(1) as pool:
        late = pool.submit(come_late, running)
        with pytest.raises(JobFailed, match="too_few_members"):
            desk.run(Progress("en", shown), BOUND_S)
        late.result()
    assert shown.getvalue().count("is not up yet") == 1
    for card in known(desk.path / "centre"):
        assert f"{card.name} ({card.fingerprint.hex()[:12]}…): No answer." in shown.getvalue()


@pytest.mark.parametrize(("language", "text"), [("en", "is not up yet"), ("zh", "尚未就绪")])
def test_a_superlink_that_never_comes_is_waited_for_no_longer_than_told(
    desk: Desk, language: str, text: str
) -> None:
    shown = io.StringIO()
    start = time.monotonic()
    with pytest.raises(NodeUnavailable, match="superlink_unreachable"):
        desk.run(Progress("zh" if language == "zh" else "en", shown), 1.0)
    assert 1.0 <= time.monotonic() - start < 10.0
    assert shown.getvalue().count(text) == 1
    assert not list((desk.path / "out").iterdir())


class Node:
    def answer(self, wire: bytes, parameters: NDArray[np.float64] | None) -> bytes:
        return wire


class OpenDoor:
    def passage(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext()


@contextlib.contextmanager
def agent(way: Link) -> Iterator[None]:
    stop = threading.Event()
    serving = threading.Thread(target=run_agent, args=(Node(), OpenDoor(), way, stop))
    serving.start()
    try:
        yield
    finally:
        stop.set()
        serving.join(BOUND_S)
        assert not serving.is_alive()


def test_an_agent_says_once_that_it_lost_the_superlink_and_once_that_it_is_back(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def said() -> list[str]:
        return [record.msg for record in caplog.records if record.name == "xinqiao_clients.flower"]

    caplog.set_level(logging.WARNING, "xinqiao_clients.flower")
    way = link(f"127.0.0.1:{desk.port}", desk.operator)
    trust = trusting(authority_pem(desk.operator))
    with agent(way):
        for number in (1, 3):
            wait_until(lambda lines=number: len(said()) == lines)
            time.sleep(2.5)  # two more tries
            with start_superlink(desk.path / f"link {number}", desk.operator, port=desk.port):
                admit(way.superlink, trust, [public_pem(way.key)])
                wait_until(lambda lines=number + 1: len(said()) == lines)
        wait_until(lambda: len(said()) == 5)
    assert said() == ["superlink_lost", "superlink_joined"] * 2 + ["superlink_lost"]
    address = f"127.0.0.1:{desk.port}"
    assert caplog.records[0].args == {"address": address, "reason": "ConnectError"}
    assert caplog.records[1].args == {"address": address}
