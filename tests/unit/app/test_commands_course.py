"""`xinqiao job stop` and `xinqiao node leave` on real folders."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.enterprise import PASSPHRASE, Enterprise, HandCentre, found, run_job
from xinqiao_app import operate
from xinqiao_app.cli import main
from xinqiao_app.evidence import MODEL
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import UsageInvalid
from xinqiao_platform.checkpoint import JobFolder

NOWHERE = "127.0.0.1:1"


@pytest.fixture
def enterprise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enterprise]:
    monkeypatch.setenv("LC_ALL", "C")
    enterprise = found(tmp_path, 3)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    yield enterprise
    enterprise.close()


def write_order(enterprise: Enterprise, hand: HandCentre) -> str:
    path = enterprise.root / "order.json"
    path.write_bytes(dumps(hand.order.to_json()))
    return str(path)


def test_the_steward_leaves_a_job(enterprise: Enterprise, capsys: pytest.CaptureFixture[str]) -> None:
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    hand.propose()
    site, order = enterprise.sites[0], write_order(enterprise, hand)
    command = ["node", "leave", order, "--home", str(site.home.path)]
    command += ["--passphrase-file", str(enterprise.root / "passphrase")]
    assert main(command) == 0
    assert hand.order.body.digest.hex()[:16] in capsys.readouterr().out
    job = site.home.book.job(hand.order.body.digest)
    assert job is not None
    assert (job.state, job.sealed_key) == ("failed", None)
    assert main(command) == 2
    assert "nothing to leave" in capsys.readouterr().err


def stop(enterprise: Enterprise, order: str, centre: str = "centre") -> int:
    folder = str(enterprise.root / centre)
    return main(["job", "stop", order, "--centre", folder, "--superlink", NOWHERE])


def test_a_job_that_is_running_is_not_stopped_from_beside(
    enterprise: Enterprise, capsys: pytest.CaptureFixture[str]
) -> None:
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    order = write_order(enterprise, hand)
    with JobFolder(enterprise.centre.path, hand.order.body.digest).alone():
        assert stop(enterprise, order) == 2
    assert "Ctrl-C stops it there" in capsys.readouterr().err


def test_no_centre_is_made_of_a_mistyped_name(
    enterprise: Enterprise, capsys: pytest.CaptureFixture[str]
) -> None:
    order = write_order(enterprise, HandCentre(enterprise, enterprise.order(answers=4)))
    assert stop(enterprise, order, "nowhere") == 2
    assert "no centre" in capsys.readouterr().err
    assert not (enterprise.root / "nowhere").exists()


def test_results_cut_short_are_made_again_and_others_are_left_alone(
    enterprise: Enterprise, tmp_path: Path
) -> None:
    """Killed between model and evidence, the same command goes on; any other order must not overwrite."""
    out, order = tmp_path / "out", enterprise.order(answers=2)
    result, _, _ = run_job(enterprise, order)
    folder = JobFolder(enterprise.centre.path, order.body.digest)
    operate._make_room(out, folder)
    (out / MODEL).write_bytes(result.model.encode())
    operate._make_room(out, folder)
    with pytest.raises(UsageInvalid, match="job_folder_taken"):
        operate._make_room(out, JobFolder(enterprise.centre.path, hashlib.sha256(b"another").digest()))
    (out / operate.EVIDENCE).write_bytes(b"done")
    with pytest.raises(UsageInvalid, match="job_folder_taken"):
        operate._make_room(out, folder)
    (out / operate.EVIDENCE).unlink()
    (out / MODEL).write_bytes(b"another model")
    with pytest.raises(UsageInvalid, match="job_folder_taken"):
        operate._make_room(out, folder)
