"""A whole job over a log under SM3 and SM2: departments believe it, receipt by receipt, and cosign in SM2."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import NOW, PASSPHRASE, Enterprise, found, run_job, trust_of
from simulators.ledger import edit
from xinqiao_clients.home import Home, Settings
from xinqiao_governance.errors import ProofError, StoreDamaged, UsageInvalid
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.fsck import fsck
from xinqiao_ledger.lineage import Lineage
from xinqiao_ledger.period import LATE_S
from xinqiao_ledger.reader import Reader, Wanted
from xinqiao_ledger.report import Status, Verdict
from xinqiao_ledger.sm2 import Sm2Key, sm3
from xinqiao_ledger.suite import SM3_SM2, tree_hash
from xinqiao_ledger.trust import Trust, TrustedWitness
from xinqiao_ledger.verify import verify
from xinqiao_platform.centre import Centre
from xinqiao_platform.cosigning import cosign
from xinqiao_platform.departments import Departments
from xinqiao_platform.exports import export_event, export_job, export_period, find_event
from xinqiao_platform.jobs import JobResult


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Enterprise]:
    with closing(found(tmp_path, national=True)) as enterprise:
        yield enterprise


def test_a_job_runs_and_every_department_keeps_the_logs_receipts(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    run_job(enterprise, order)
    met = Departments(enterprise.centre, enterprise.channel(), order.body.nodes, timeout_s=1.0)
    met.cosign(enterprise.centre.log.checkpoint(), timeout_s=1.0)
    assert enterprise.centre.log.suite is SM3_SM2
    assert [site.home.book.waiting().events for site in enterprise.sites] == [0] * len(enterprise.sites)
    log = enterprise.centre.path / "log.sqlite"
    assert not fsck(log, log_key=enterprise.centre.note_key.public).count


def test_departments_cosign_with_sm2_keys_of_their_own(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
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


def evidence(enterprise: Enterprise) -> tuple[JobResult, Trust]:
    """A finished job whose head every department cosigned, and the trust file an auditor would write."""
    result, _, _ = run_job(enterprise, enterprise.order(answers=4))
    met = Departments(enterprise.centre, enterprise.channel(), result.order.body.nodes, timeout_s=1.0)
    cosign(enterprise.centre, met)
    witnesses = tuple(
        TrustedWitness(site.home.settings.name, site.home.witness.public, "independent")
        for site in enterprise.sites
    )
    plain = trust_of(enterprise)
    trust = replace(
        plain,
        log_key=enterprise.centre.note_key.public,
        witnesses=witnesses,
        witness_threshold=len(witnesses),
    )
    return result, trust


def status_of(data: bytes, trust: Trust | None) -> dict[int, str]:
    return {finding.number: finding.status.value for finding in verify(data, trust).findings}


def test_bundles_of_every_scope_verify_under_the_suite(enterprise: Enterprise) -> None:
    result, trust = evidence(enterprise)
    centre = enterprise.centre
    job = export_job(centre, result.order.body.digest.hex())
    assert verify(job, trust).verdict is Verdict.PASS
    assert status_of(job, trust)[9] == "PASS"
    event = export_event(centre, 3)
    found = centre.log.entries(3, 4)[0]
    assert find_event(centre, sm3(b"\x00" + found).hex()[:20]) == 3
    enterprise.now[0] += LATE_S + 60  # the departments see, later, that the log has grown by nothing
    cosign(centre, Departments(centre, enterprise.channel(), result.order.body.nodes, timeout_s=1.0))
    period = export_period(centre, NOW - 60, NOW + 60)
    for data in (event, period):
        assert verify(data, trust).verdict is Verdict.PASS
    assert status_of(event, None)[3] == "PASS"  # it agrees with itself


def test_a_bundle_cannot_choose_its_suite(enterprise: Enterprise) -> None:
    result, trust = evidence(enterprise)
    job = export_job(enterprise.centre, result.order.body.digest.hex())
    other = edit(job, lambda rows: rows[0][2].update(suite="sha256-ed25519"))
    report = verify(other, trust)
    assert [(f.number, f.code) for f in report.findings if f.status is Status.FAIL] == [
        (2, "audit_suite_differs")
    ]
    assert status_of(other, None)[3] == "FAIL"
    unknown = edit(job, lambda rows: rows[0][2].update(suite="md5-rsa"))
    assert status_of(unknown, trust)[1] == "FAIL"


def test_evidence_of_another_suite_does_not_pass_under_this_trust(
    enterprise: Enterprise, tmp_path: Path
) -> None:
    _, trust = evidence(enterprise)
    with closing(found(tmp_path / "other")) as other:
        result, plain = evidence(other)
        job = export_job(other.centre, result.order.body.digest.hex())
    assert verify(job, plain).verdict is Verdict.PASS
    assert status_of(job, replace(plain, log_key=trust.log_key))[2] == "FAIL"


def test_the_log_is_read_and_traced_under_the_suite(enterprise: Enterprise) -> None:
    result, trust = evidence(enterprise)
    place = enterprise.centre.path / "log.sqlite"
    with closing(Reader(place, origin=trust.origin, log_key=trust.log_key)) as reader:
        entries = list(reader.find(Wanted(job=result.order.body.digest.hex())))
        graph = Lineage.of(reader.find(Wanted()), suite=reader.suite)
    index, event = entries[0]
    assert tree_hash(event, SM3_SM2) == sm3(b"\x00" + event.leaf)
    edges = [edge for edge in graph.edges.values() if edge.entry == index]
    assert {edge.hash for edge in edges} == {tree_hash(event, SM3_SM2).hex()}
    with pytest.raises(StoreDamaged):
        Reader(place).close()  # another suite's hashes are not those that were signed
