"""A job's evidence and its witnesses: what is said of a head that lacks some, and what an alarm stops."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import Enterprise, found
from simulators.witnesses import liar
from xinqiao_app.evidence import cosign_and_anchor, tell_cosigning
from xinqiao_governance.errors import ProofError
from xinqiao_governance.messages import say
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.cosigning import cosign
from xinqiao_platform.departments import Departments
from xinqiao_platform.witnesses import OutsideWitness, Witnesses


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    enterprise = found(tmp_path, 3)
    yield enterprise
    enterprise.close()


def met(enterprise: Enterprise) -> Departments:
    nodes = tuple(site.home.identity.fingerprint for site in enterprise.sites)
    return Departments(enterprise.centre, enterprise.channel(), nodes, timeout_s=30.0)


def listed(enterprise: Enterprise, url: str) -> None:
    witness = OutsideWitness("union", SigningKey.generate().public, url)
    Witnesses((witness,), needed=4).save(enterprise.centre.path)


class NoChain:
    """A chain that nothing may reach."""

    chain_id, contract = 1, "0x"

    def publish(self, size: int, root: bytes) -> AnchorRecord:
        raise AssertionError("a head that an alarm stopped was anchored")


def test_a_head_that_lacks_witnesses_is_said_to(
    enterprise: Enterprise, caplog: pytest.LogCaptureFixture
) -> None:
    with liar((500, "", b"")) as (url, _):
        listed(enterprise, url)
        head = cosign(enterprise.centre, met(enterprise))
    with caplog.at_level(logging.WARNING):
        tell_cosigning(head)
    said = [say(record.msg, "en", **record.args) for record in caplog.records]  # type: ignore[arg-type]
    assert said == [
        "Witness union refused to cosign (500).",
        "3 of 4 witnesses cosigned the log's head, 4 needed. The head is kept.",
    ]


def test_of_a_head_that_has_all_nothing_is_said(
    enterprise: Enterprise, caplog: pytest.LogCaptureFixture
) -> None:
    head = cosign(enterprise.centre, met(enterprise))
    with caplog.at_level(logging.WARNING):
        tell_cosigning(head)
        tell_cosigning(replace(head, needed=3))
    assert caplog.records == []


def test_a_head_that_an_alarm_stopped_is_not_anchored(enterprise: Enterprise) -> None:
    with liar((422, "", b"")) as (url, _):
        listed(enterprise, url)
        with pytest.raises(ProofError, match="witness_contradicts"):
            cosign_and_anchor(enterprise.centre, met(enterprise), NoChain())  # type: ignore[arg-type]
