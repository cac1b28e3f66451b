"""A whole job over a log under SM3 and SM2: departments believe it, receipt by receipt, and cosign in SM2."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import PASSPHRASE, Enterprise, found, run_job
from xinqiao_clients.home import Home, Settings
from xinqiao_governance.errors import ProofError, UsageInvalid
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.fsck import fsck
from xinqiao_ledger.sm2 import Sm2Key
from xinqiao_ledger.suite import SM3_SM2
from xinqiao_platform.centre import Centre
from xinqiao_platform.departments import Departments


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    with closing(found(tmp_path, national=True)) as enterprise:
        yield enterprise


def test_a_job_runs_and_every_department_keeps_the_logs_receipts(enterprise: Enterprise) -> None:
    order = enterprise.order()
    run_job(enterprise, order)
    met = Departments(enterprise.centre, enterprise.channel(), order.body.nodes, timeout_s=1.0)
    met.cosign(enterprise.centre.log.checkpoint(), timeout_s=1.0)
    assert enterprise.centre.log.suite is SM3_SM2
    assert [site.home.book.count_pending() for site in enterprise.sites] == [0] * len(enterprise.sites)
    log = enterprise.centre.path / "log.sqlite"
    assert not fsck(log, log_key=enterprise.centre.note_key.public).count


def test_departments_cosign_with_sm2_keys_of_their_own(enterprise: Enterprise) -> None:
    order = enterprise.order()
    run_job(enterprise, order)
    met = Departments(enterprise.centre, enterprise.channel(), order.body.nodes, timeout_s=1.0)
    note = enterprise.centre.log.checkpoint()
    signed = SignedCheckpoint.parse(
        note + "".join(word.line for word in met.cosign(note, timeout_s=1.0).values())
    )
    signed.verify_log(enterprise.centre.note_key.public)
    for site in enterprise.sites:
        assert len(site.home.witness.public) == 64
        signed.verify_cosignature(site.home.settings.name, site.home.witness.public)
        with pytest.raises(ProofError, match="checkpoint_unsigned"):
            signed.verify_cosignature(site.home.settings.name, site.home.identity.public)


def test_a_home_keeps_its_witness_key_sealed(enterprise: Enterprise) -> None:
    site = enterprise.sites[0]
    known = site.home.witness.public
    assert known not in (site.home.path / "witness-sm2").read_bytes()
    site.home.close()
    with closing(Home.open(site.home.path, PASSPHRASE)) as again:
        assert again.witness.public == known
    enterprise.reopen(site)


def test_the_suite_of_a_log_cannot_change(enterprise: Enterprise, tmp_path: Path) -> None:
    Centre.found_national(enterprise.centre.path)  # is national already
    with closing(Centre(tmp_path / "other")):
        pass
    with pytest.raises(UsageInvalid, match="log_suite_fixed"):
        Centre.found_national(tmp_path / "other")


def test_settings_survive_their_file_with_and_without_the_key(enterprise: Enterprise) -> None:
    national = enterprise.sites[0].home.settings
    plain = replace(national, log_sm2=b"")
    for settings in (national, plain):
        assert Settings.from_json(settings.to_json()) == settings
    older = {name: value for name, value in plain.to_json().items() if name != "log_sm2"}
    assert Settings.from_json(older) == plain
    assert (national.note_key, plain.note_key) == (national.log_sm2, plain.log_key)
    assert len(Sm2Key.generate().public) == len(national.log_sm2)
